//! The kinds of reply that a question can get, each with the record as it would then be.

use super::Target;
use super::scene::Scene;
use crate::catalog::{Fact, FactId, FactKind, NumberKind};
use crate::eval::CourseNeed;
use crate::plan::{NumberRegister, Part, Plan, Register, SlotSource, Step};
use crate::record::{Entry, Given, Outcome, Record, StopReason, Therapies, Therapy, Visit};
use crate::render::words;
use crate::source::Spanned;
use crate::value::{Bound, Choices, Date, DateRange, Interval, Number, NumberSet, Period, PeriodUnit, Reason, Truth};

/// The most ranges that the numbers of a fact are taken apart into.
const MOST_RANGES: usize = 8;

/// A kind of reply.
pub(super) struct Kind {
    /// What it is: `yes`, `below 20 U/L`.
    pub(super) label: String,
    /// The record with it.
    pub(super) record: Record,
    /// It is one of many: an example.
    pub(super) is_sample: bool,
}

/// The kinds of reply to a question; none where they cannot be told beforehand.
pub(super) fn kinds(scene: &Scene<'_>, target: Target) -> Vec<Kind> {
    match target {
        Target::AsOf | Target::BaselineDay | Target::UpperLimit(..) => Vec::new(),
        Target::Judgement(at) => judged(scene, at),
        Target::Undated(id) => scene.fact(id).map_or_else(Vec::new, |fact| of_fact(scene, id, fact, None)),
        Target::OnDay(id, day) => scene.fact(id).map_or_else(Vec::new, |fact| of_fact(scene, id, fact, Some(day))),
        Target::Treatments => {
            let mut record = scene.record.clone();
            let courses = record.therapies.take().map_or_else(Vec::new, |therapies| therapies.courses);
            let label = if courses.is_empty() { "none" } else { "no other" };
            record.therapies = Some(Therapies { complete: true, courses });
            vec![Kind { label: label.to_owned(), record, is_sample: false }]
        }
        Target::Course(at, need) => of_course(scene, at, need),
    }
}

fn judged(scene: &Scene<'_>, at: u32) -> Vec<Kind> {
    let name = Spanned::new(scene.judgement(at).to_owned(), scene.record.span);
    let with = |(label, truth): (&str, Truth)| {
        let mut record = scene.record.clone();
        record.judgements.retain(|(known, _)| known.value != name.value);
        record.judgements.push((name.clone(), truth));
        Kind { label: label.to_owned(), record, is_sample: false }
    };
    [("yes", Truth::YES), ("no", Truth::NO)].into_iter().map(with).collect()
}

fn of_course(scene: &Scene<'_>, at: usize, need: CourseNeed) -> Vec<Kind> {
    let with = |label: &str, change: &dyn Fn(&mut Therapy)| {
        let mut record = scene.record.clone();
        if let Some(entry) = record.therapies.as_mut().and_then(|all| all.courses.get_mut(at)) {
            change(entry);
        }
        Kind { label: label.to_owned(), record, is_sample: false }
    };
    match need {
        CourseNeed::Outcome => {
            let words = Outcome::WORDS.iter();
            words.map(|(word, outcome)| with(word, &|entry| entry.outcome = Some(*outcome))).collect()
        }
        CourseNeed::StoppedFor => {
            let words = StopReason::WORDS.iter();
            words.map(|(word, reason)| with(word, &|entry| entry.stopped_for = Some(*reason))).collect()
        }
        CourseNeed::DoseLimitedBy => {
            let words = Therapy::LIMITS.iter();
            words.map(|word| with(word, &|entry| entry.dose_limited_by = Some((*word).to_owned()))).collect()
        }
        CourseNeed::Adherence => [100, 50]
            .map(|share| with(&format!("{share} %"), &|entry| entry.adherence = Some(Number::whole(share))))
            .into(),
        CourseNeed::Taken
        | CourseNeed::Start
        | CourseNeed::Stop
        | CourseNeed::Dose
        | CourseNeed::Level
        | CourseNeed::Given
        | CourseNeed::Declined
        | CourseNeed::Fact(_) => Vec::new(),
    }
}

fn of_fact(scene: &Scene<'_>, id: FactId, fact: &Fact, day: Option<Date>) -> Vec<Kind> {
    let with = |label: String, given: Given, limit: Option<NumberSet>, is_sample: bool| {
        let record = recorded(scene, id, day, given, limit);
        Kind { label, record, is_sample }
    };
    match &fact.kind {
        FactKind::Choice { values, .. } => (0_u8..)
            .zip(values)
            .map(|(at, value)| {
                let label = if value.label == value.name {
                    value.name.clone()
                } else {
                    format!("{} ({})", value.name, value.label)
                };
                with(label, Given::Choices(Choices::only(at)), None, false)
            })
            .collect(),
        FactKind::Number(kind) => of_number(scene, id, kind, day)
            .into_iter()
            .map(|cell| with(cell.label, Given::Number(cell.values), cell.limit, cell.is_sample))
            .collect(),
        FactKind::Date => [(1, PeriodUnit::Month), (1, PeriodUnit::Year), (10, PeriodUnit::Year)]
            .into_iter()
            .filter_map(|(count, unit)| scene.record.as_of.minus(Period { count, unit }).ok())
            .map(|on| with(on.to_string(), Given::Date(DateRange::exact(on)), None, true))
            .collect(),
    }
}

/// A range of numbers.
struct Cell {
    label: String,
    values: NumberSet,
    limit: Option<NumberSet>,
    is_sample: bool,
}

/// The ranges between the thresholds that a number is held against; where it is held against none by itself, some
/// numbers of its range.
fn of_number(scene: &Scene<'_>, id: FactId, kind: &NumberKind, day: Option<Date>) -> Vec<Cell> {
    let plan = &scene.subject.lowered.plan;
    let is = |wanted: &[Part]| {
        let wanted = wanted.to_vec();
        plan.slots.iter().filter_map(move |slot| match (slot.source, slot.register) {
            (SlotSource::Fact { fact, part, .. }, Register::Number(at)) if fact == id && wanted.contains(&part) => {
                Some(at)
            }
            _ => None,
        })
    };
    let unit = kind.unit.map_or("", crate::value::Unit::symbol);
    if kind.upper_limit && day.is_some() && is(&[Part::Multiple, Part::UpperLimit]).next().is_some() {
        let limit = Number::whole(100);
        let all = NumberSet::from_interval(Interval { low: Bound::Closed(Number::ZERO), high: Bound::Unbounded });
        let cut = cells(plan, is(&[Part::Multiple]), all);
        let (cut, is_sample) = if cut.len() > 1 {
            (cut, false)
        } else {
            (["0.5", "3", "30"].iter().filter_map(|times| times.parse().ok()).map(NumberSet::point).collect(), true)
        };
        let of = |cell: NumberSet| Cell {
            label: format!("{} x the upper limit", words::numbers(&cell)),
            values: cell.times(&NumberSet::point(limit)),
            limit: Some(NumberSet::point(limit)),
            is_sample,
        };
        return cut.into_iter().map(of).collect();
    }
    let cut = cells(plan, is(&[Part::Value]), kind.range.clone());
    let samples = if cut.len() > 1 { None } else { Some(samples(kind)) };
    let is_sample = samples.is_some();
    let of = |cell: NumberSet| {
        let values = if kind.whole { cell.whole_only() } else { cell };
        Cell { label: words::with_unit(&words::numbers(&values), unit), values, limit: None, is_sample }
    };
    samples.unwrap_or(cut).into_iter().map(of).filter(|cell| !cell.values.is_empty()).collect()
}

/// What lies between the thresholds that some registers are held against, from low to high.
fn cells(plan: &Plan, of: impl Iterator<Item = NumberRegister>, all: NumberSet) -> Vec<NumberSet> {
    let registers: Vec<NumberRegister> = of.collect();
    let mut cells = vec![all];
    let mut cut = |set: &NumberSet| {
        if cells.len() < MOST_RANGES {
            let halves = cells.iter().flat_map(|cell| [cell.intersection(set), cell.intersection(&set.complement())]);
            cells = halves.filter(|cell| !cell.is_empty()).collect();
        }
    };
    for step in &plan.steps {
        if let Some((read, sets)) = step.cells() {
            if registers.contains(&read) {
                sets.for_each(&mut cut);
            }
        } else if let Step::Compare(left, _, right, _) = step {
            let number = if registers.contains(left) { plan.constant(*right) } else { None };
            if let Some(number) = number.or_else(|| plan.constant(*left).filter(|_| registers.contains(right))) {
                cut(&NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Closed(number) }));
            }
        }
    }
    let stretches = cells.into_iter().flat_map(|cell| cell.intervals().to_vec());
    let mut stretches: Vec<Interval> = stretches.collect();
    stretches
        .sort_by(|one, other| one.low.number().partial_cmp(&other.low.number()).unwrap_or(std::cmp::Ordering::Equal));
    stretches.into_iter().map(NumberSet::from_interval).collect()
}

/// Some numbers of a range: its ends and two between them.
fn samples(kind: &NumberKind) -> Vec<NumberSet> {
    let range = kind.usual.as_ref().unwrap_or(&kind.range);
    let ends = range.hull().and_then(|hull| Some((hull.low.number()?, hull.high.number()?)));
    let Some((low, high)) = ends else { return Vec::new() };
    let at = |third: i64| {
        let width = high.minus(low).and_then(|width| width.times(Number::whole(third)));
        let number = width.and_then(|width| width.over(Number::whole(3))).and_then(|share| share.plus(low)).ok()?;
        let whole = i64::try_from(number.floor()).ok().map(Number::whole);
        // Nobody says 3.33 where 3 will do.
        let wide = high.minus(low).is_ok_and(|width| width >= Number::whole(3));
        if kind.whole || wide { whole } else { Some(number) }
    };
    (0..=3).filter_map(at).map(NumberSet::point).collect()
}

/// The record with a fact.
fn recorded(scene: &Scene<'_>, fact: FactId, day: Option<Date>, given: Given, limit: Option<NumberSet>) -> Record {
    let mut record = scene.record.clone();
    let span = record.span;
    let blank = |fact: FactId, given: Given, reason: Reason| Entry {
        fact,
        given,
        reason,
        known_since: None,
        upper_limit: None,
        scale: None,
        written: String::new(),
        span,
    };
    let entry = Entry { upper_limit: limit, ..blank(fact, given, Reason::Recorded) };
    let Some(day) = day else {
        record.undated.retain(|other| other.fact != fact);
        record.undated.push(entry);
        record.undated.sort_by_key(|entry| entry.fact);
        return record;
    };
    if record.visits.iter().all(|visit| visit.date != day) {
        let silent = scene.silent_facts().into_iter().map(|fact| blank(fact, Given::Missing, Reason::NotRecorded));
        let entries = silent.collect();
        record.visits.push(Visit { date: day, baseline: false, entries, span });
        record.visits.sort_by_key(|visit| visit.date);
    }
    if let Some(visit) = record.visits.iter_mut().find(|visit| visit.date == day) {
        visit.entries.retain(|other| other.fact != fact);
        visit.entries.push(entry);
    }
    record
}
