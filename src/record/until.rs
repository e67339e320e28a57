use super::{Declined, Entry, Given, Record, Stop, Therapies, Therapy, Visit};
use crate::catalog::{Catalog, Derivation, Moment};
use crate::source::Span;
use crate::value::{Date, DateRange, Number, Period, PeriodUnit};

/// How much of a record is later than a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Visits.
    pub visits: usize,
    /// Facts that became known later.
    pub facts: usize,
    /// Courses that began later.
    pub courses: usize,
    /// Infusions and changes of dose that came later, in courses that are kept.
    pub doses: usize,
    /// Courses that ran on the day and were stopped later.
    pub stops: usize,
    /// Outcomes that were judged later.
    pub outcomes: usize,
    /// What was declined later.
    pub declined: usize,
}

impl LeftOut {
    /// Nothing was left out.
    pub fn is_nothing(self) -> bool {
        self == LeftOut::default()
    }

    /// `2 visits, 1 outcome`; empty where nothing was left out.
    pub fn in_words(self) -> String {
        let counts = [
            (self.visits, "visit"),
            (self.facts, "fact"),
            (self.courses, "course"),
            (self.doses, "dose"),
            (self.stops, "stop"),
            (self.outcomes, "outcome"),
            (self.declined, "refusal"),
        ];
        let words = |(count, word): (usize, &str)| match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            _ => Some(format!("{count} {word}s")),
        };
        counts.into_iter().filter_map(words).collect::<Vec<_>>().join(", ")
    }
}

/// The record as it was known on a day, and how much of it is later.
///
/// A course begun before and stopped later is running. What has no date of its own (a fact without `known_since`,
/// an adherence, a judgement) is kept; the outcome of a course that was still running needs one to be kept.
pub fn until(record: &Record, day: Date, catalog: &Catalog) -> (Record, LeftOut) {
    let mut left_out = LeftOut::default();
    let (born, undated) = person(record, day, catalog);
    let mut known = Record {
        as_of: day,
        as_of_given: true,
        is_cut_off: record.is_cut_off || day < record.as_of,
        born,
        undated: entries(&undated, day, record.as_of, &mut left_out.facts),
        visits: visits(record, day, &mut left_out),
        therapies: record.therapies.as_ref().map(|therapies| Therapies {
            complete: therapies.complete,
            courses: therapies
                .courses
                .iter()
                .filter_map(|course| course_until(course, day, record.as_of, &mut left_out))
                .collect(),
        }),
        ..record.clone()
    };
    if let Some(declined) = &mut known.declined {
        // Without a date it may have been declined later.
        let undated: Vec<Declined> = declined.extract_if(.., |one| one.date.is_none() && day < record.as_of).collect();
        let parts = |one: &Declined| one.parts.iter().map(|(part, _)| *part).collect();
        known.forgotten.declined.extend(undated.iter().filter(|one| !one.parts.is_empty()).map(parts));
        let before = declined.len();
        declined.retain(|one| one.date.is_none_or(|date| date <= day));
        left_out.declined = before - declined.len();
    }
    let later = later(record, day);
    let within = |span: Span, whole: &Span| whole.start <= span.start && span.end <= whole.end;
    known.notices.retain(|notice| !later.iter().any(|whole| within(notice.span, whole)));
    (known, left_out)
}

/// Where in the file stands what is left out as a whole.
fn later(record: &Record, day: Date) -> Vec<Span> {
    let visits = record.visits.iter().filter(|visit| visit.date > day).map(|visit| visit.span);
    let courses = record.therapies.iter().flat_map(|therapies| &therapies.courses);
    let courses = courses.filter(|course| begins_later(course, day)).map(|course| course.span);
    let declined = record.declined.iter().flatten().filter(|declined| declined.date.is_some_and(|date| date > day));
    visits.chain(courses).chain(declined.map(|declined| declined.drug.span)).collect()
}

fn begins_later(course: &Therapy, day: Date) -> bool {
    course.begins().is_some_and(|begins| begins > day)
}

/// An age that was recorded on another day becomes the year of birth it tells of, where that is not recorded.
fn person(record: &Record, day: Date, catalog: &Catalog) -> (Option<DateRange>, Vec<Entry>) {
    let is_age = |entry: &Entry| {
        let derived = catalog.fact(entry.fact).and_then(|fact| fact.derived);
        day != record.as_of
            && matches!(derived, Some(Derivation::AgeAt(Moment::AsOf)))
            && matches!(entry.given, Given::Number(_))
    };
    let (ages, others): (Vec<Entry>, Vec<Entry>) = record.undated.iter().cloned().partition(is_age);
    let told = || ages.iter().find_map(|age| birth_of(age, record.as_of));
    (record.born.or_else(told), others)
}

/// The days on which somebody was born who has this age on that day.
fn birth_of(age: &Entry, as_of: Date) -> Option<DateRange> {
    let Given::Number(set) = &age.given else { return None };
    let hull = set.hull()?;
    let years = |number: Number| Some(Period { count: u32::try_from(number.floor()).ok()?, unit: PeriodUnit::Year });
    let one_day = Period { count: 1, unit: PeriodUnit::Day };
    let older = years(hull.high.number()?)?;
    let before = Period { count: older.count.checked_add(1)?, unit: PeriodUnit::Year };
    let earliest = as_of.minus(before).and_then(|birthday| birthday.plus(one_day)).ok()?;
    Some(DateRange { earliest, latest: as_of.minus(years(hull.low.number()?)?).ok()? })
}

fn entries(entries: &[Entry], day: Date, as_of: Date, left_out: &mut usize) -> Vec<Entry> {
    let known: Vec<Entry> = entries.iter().filter(|entry| is_known(entry, day, as_of)).cloned().collect();
    *left_out += entries.len() - known.len();
    known
}

fn is_known(entry: &Entry, day: Date, as_of: Date) -> bool {
    let happened = match entry.given {
        Given::Date(range) => is_surely_by(range, day, as_of),
        Given::Choices(_) | Given::Number(_) | Given::Missing => true,
    };
    happened && entry.known_since.is_none_or(|since| since <= day)
}

/// What is dated by the month or the year may have come after a day, unless the record says nothing of later days.
fn is_surely_by(range: DateRange, day: Date, as_of: Date) -> bool {
    range.latest <= day || day >= as_of
}

fn visits(record: &Record, day: Date, left_out: &mut LeftOut) -> Vec<Visit> {
    let (known, later): (Vec<&Visit>, Vec<&Visit>) = record.visits.iter().partition(|visit| visit.date <= day);
    left_out.visits = later.len();
    let mut entries = |visit: &Visit| entries(&visit.entries, day, record.as_of, &mut left_out.facts);
    let cut = |visit: &Visit| Visit { entries: entries(visit), ..visit.clone() };
    known.into_iter().map(cut).collect()
}

fn course_until(course: &Therapy, day: Date, as_of: Date, left_out: &mut LeftOut) -> Option<Therapy> {
    if begins_later(course, day) {
        left_out.courses += 1;
        return None;
    }
    let came = |range: &DateRange| range.earliest <= day;
    let mut known = course.clone();
    known.doses.retain(|dose| dose.from.as_ref().is_none_or(came));
    known.given.retain(came);
    left_out.doses += course.doses.len() - known.doses.len() + course.given.len() - known.given.len();
    if course.stop.day().is_some_and(|stop| !came(&stop)) {
        left_out.stops += 1;
        known.stop = Stop::Runs;
        known.stopped_for = None;
    }
    let surely = |range: &DateRange| is_surely_by(*range, day, as_of);
    let over = known.stop.day().map_or(day >= as_of, |stop| surely(&stop));
    known.stopped_for = known.stopped_for.filter(|_| over);
    let judged = course.outcome_on.as_ref().map_or(over, surely);
    if course.outcome.is_some() && !judged {
        // One without a date is that of the end.
        let on = course.outcome_on.or(course.stop.day());
        known.outcome_is_open = on.as_ref().map_or(course.stop == Stop::Unknown, came);
        left_out.outcomes += usize::from(!known.outcome_is_open);
        known.outcome = None;
        known.outcome_on = None;
    }
    Some(known)
}
