//! A course against the rows of `course adequate`.

use std::collections::BTreeSet;

use crate::model::{BlockId, BlockKind, CourseRule, FairTrialRow, Guideline, TherapyId};
use crate::syntax::tree::TrialLength;
use crate::value::{DateRange, Number, NumberSet, Period, Truth, Unit};

use super::dose::{self, Body};
use super::spell::{INTOLERANCE, Spell, Taken};
use super::stretch::{self, Timeline, at_floor, day_after};
use super::{CourseNeed, RowSeen};
use crate::record::Record;

/// A row of `course adequate` that is for a therapy.
#[derive(Debug, Clone, Copy)]
pub(super) struct TrialRow<'a> {
    block: BlockId,
    at: usize,
    row: &'a FairTrialRow,
}

/// What a row makes of a course.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) seen: RowSeen,
    /// All its cells hold.
    pub(super) holds: Truth,
    /// From when on it may be judged; `None` where the row asks for no time.
    pub(super) judged: Option<Judged>,
    /// What would settle the cells that are open.
    pub(super) needs: BTreeSet<CourseNeed>,
    /// What would settle from when on it may be judged.
    pub(super) judged_needs: BTreeSet<CourseNeed>,
    /// Its entries record doses that contradict each other.
    pub(super) doses_conflict: bool,
}

/// From when on a course may be judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    /// The day; `None` beyond the calendar.
    pub(super) on: Option<DateRange>,
    /// That day is still to come.
    pub(super) to_come: Truth,
}

/// The rows for a therapy, in order.
pub(super) fn rows(guideline: &Guideline, therapy: TherapyId) -> Vec<TrialRow<'_>> {
    let mut found = Vec::new();
    for (block, content) in (0..).map(BlockId).zip(&guideline.blocks) {
        if let BlockKind::Course(CourseRule::FairTrial(rows)) = &content.kind {
            let rows = rows.iter().enumerate().filter(|(_, row)| row.therapies.contains(&therapy));
            found.extend(rows.map(|(at, row)| TrialRow { block, at, row }));
        }
    }
    found
}

impl TrialRow<'_> {
    /// It is of what is given on days of its own: it counts them, or judges after the last.
    pub(super) fn is_on_days(self) -> bool {
        let FairTrialRow { length, judged, .. } = self.row;
        matches!(length, Some(TrialLength::Occasions(_))) || judged.is_some_and(|after| after.from_last_dose)
    }

    /// The row for one course.
    pub(super) fn of(self, spells: &[&Spell<'_>], body: &Body, record: &Record) -> Tried {
        let TrialRow { block, at, row } = self;
        let timeline = Timeline::of(spells, row.dose, body, record.as_of);
        let reached = if row.dose.is_some() { timeline.reached() } else { Truth::YES };
        let length = match row.length {
            None => Truth::YES,
            Some(TrialLength::Time(period)) => timeline.lasts(period),
            Some(TrialLength::Occasions(least)) => self.occasions(spells, body, record, least),
        };
        let judged = self.judged(spells, &timeline, record);
        // The wait after the last dose is part of the trial.
        let waits = row.judged.is_some_and(|after| after.from_last_dose);
        let waited = judged.filter(|_| waits).map_or(Truth::YES, |judged| !judged.to_come);
        let seen = RowSeen {
            block,
            row: at,
            dose: reached,
            length: length & waited,
            adherence: row
                .adherence
                .map_or(Truth::YES, |least| adherence(spells).is_at_least(&NumberSet::point(least))),
            level: self.level(spells),
            stretch: timeline.longest(),
        };
        let holds = seen.dose & seen.length & seen.adherence & seen.level;
        let mut needs = self.needs(spells, &seen, body);
        let mut judged_needs = match judged {
            Some(Judged { to_come: Truth::EITHER, .. }) => self.judged_needs(spells, body),
            Some(_) | None => BTreeSet::new(),
        };
        let doses_conflict = timeline.conflicts();
        if doses_conflict && (seen.dose & seen.length) == Truth::EITHER {
            needs.insert(CourseNeed::Dose);
        }
        if doses_conflict && !waits && judged.is_some_and(|judged| judged.to_come == Truth::EITHER) {
            judged_needs.insert(CourseNeed::Dose);
        }
        Tried { seen, holds, judged, needs, judged_needs, doses_conflict }
    }

    /// Given so often, at a dose that was high enough.
    fn occasions(self, spells: &[&Spell<'_>], body: &Body, record: &Record, wanted: u32) -> Truth {
        let mut least = 0_u32;
        let mut most = Some(0_u32);
        for spell in spells {
            let [taken] = spell.of.as_slice() else {
                most = None;
                continue;
            };
            if taken.entry.given.is_empty() {
                most = None;
            }
            for (days, came) in taken.given(record) {
                let mut held = Truth::NEITHER;
                let mut day = days.earliest;
                while day <= days.latest && held != Truth::EITHER {
                    held = held.union(at_floor(spell, self.row.dose, body, day));
                    day = day_after(day);
                }
                let counts = held & came;
                least += u32::from(counts == Truth::YES);
                most = most.map(|most| most + u32::from(counts.can_be_yes()));
            }
        }
        Truth::possible(most.is_none_or(|most| most >= wanted), least < wanted)
    }

    fn level(self, spells: &[&Spell<'_>]) -> Truth {
        let Some(floor) = self.row.level else { return Truth::YES };
        let of = |taken: &Taken<'_>| {
            if taken.is_shared() {
                return None;
            }
            let (level, unit) = (taken.entry.level.as_ref()?.value, floor.unit?);
            let value = Unit::convert(level.value, level.unit?, unit).ok()?;
            Some(Truth::from(value >= floor.value))
        };
        let each = spells.iter().flat_map(|spell| &spell.of).map(|taken| of(taken).unwrap_or(Truth::EITHER));
        Truth::all(each)
    }

    fn judged(self, spells: &[&Spell<'_>], timeline: &Timeline, record: &Record) -> Option<Judged> {
        let after = self.row.judged?;
        let base = if after.from_last_dose { last_dose(spells, record)? } else { Self::began(spells, timeline)? };
        let due = |period: Period| {
            Some(DateRange { earliest: base.earliest.plus(period).ok()?, latest: base.latest.plus(period).ok()? })
        };
        let today = record.as_of;
        Some(match due(after.period) {
            Some(on) => Judged { on: Some(on), to_come: Truth::possible(today < on.latest, today >= on.earliest) },
            None => Judged { on: None, to_come: Truth::possible(true, base.earliest.plus(after.period).is_ok()) },
        })
    }

    /// The start of the last stretch at the floor, else of the course.
    fn began(spells: &[&Spell<'_>], timeline: &Timeline) -> Option<DateRange> {
        let course = super::state::first_day(spells);
        match timeline.last_began() {
            Some(stretch) if timeline.reached().can_be_no() => Some(DateRange {
                earliest: stretch.earliest.min(course?.earliest),
                latest: stretch.latest.max(course?.latest),
            }),
            Some(stretch) => Some(stretch),
            None => course,
        }
    }

    /// What the cells that are open look at and the record does not say.
    fn needs(self, spells: &[&Spell<'_>], seen: &RowSeen, body: &Body) -> BTreeSet<CourseNeed> {
        let mut needs = BTreeSet::new();
        let fails = [seen.dose, seen.length, seen.adherence, seen.level].contains(&Truth::NO);
        if fails {
            return needs;
        }
        let taken = || spells.iter().flat_map(|spell| &spell.of);
        if seen.adherence == Truth::EITHER {
            needs.insert(CourseNeed::Adherence);
        }
        if seen.level == Truth::EITHER {
            needs.insert(CourseNeed::Level);
        }
        if seen.dose == Truth::EITHER || seen.length == Truth::EITHER {
            needs.extend(taken().flat_map(|taken| self.dose_needs(taken, body)));
            if matches!(self.row.length, Some(TrialLength::Occasions(_))) && taken().any(Taken::days_are_vague) {
                needs.insert(CourseNeed::Given);
            }
        }
        if seen.length == Truth::EITHER && matches!(self.row.length, Some(TrialLength::Time(_))) {
            needs.extend(date_needs(spells));
        }
        needs
    }

    /// What the day of judgement hangs on and the record does not say.
    fn judged_needs(self, spells: &[&Spell<'_>], body: &Body) -> BTreeSet<CourseNeed> {
        let mut needs = date_needs(spells);
        let taken = || spells.iter().flat_map(|spell| &spell.of);
        match self.row.judged {
            Some(after) if after.from_last_dose => {
                needs.extend(taken().any(Taken::days_are_vague).then_some(CourseNeed::Given));
            }
            Some(_) | None => needs.extend(taken().flat_map(|taken| self.dose_needs(taken, body))),
        }
        needs
    }

    /// The highest tolerated dose will do.
    pub(super) fn asks_for_tolerance(self) -> bool {
        self.row.dose.is_some_and(|(_, or_highest_tolerated)| or_highest_tolerated)
    }

    /// What is missing to hold an entry's dose against the floor.
    fn dose_needs(self, taken: &Taken<'_>, body: &Body) -> BTreeSet<CourseNeed> {
        let mut needs = BTreeSet::new();
        let Some((floor, or_highest_tolerated)) = self.row.dose else { return needs };
        let limited = taken.limited_by;
        let days = std::iter::once(taken.start.latest)
            .chain(taken.entry.doses.iter().filter_map(|dose| dose.from).map(|from| from.latest))
            .chain(body.days().filter(|day| taken.start.latest <= *day));
        let mut open = false;
        // Since when a dose was taken is a part of the dose.
        if taken.entry.doses.iter().any(|dose| dose.from.is_some_and(|from| !from.is_exact())) {
            needs.insert(CourseNeed::Dose);
        }
        // The dose of drugs taken together is that of none of them.
        if taken.entry.parts.len() > 1 {
            open = true;
            needs.insert(CourseNeed::Dose);
        }
        for day in days {
            for dose in stretch::doses_on(taken.entry, day) {
                let Some(dose) = dose else {
                    open = true;
                    needs.insert(CourseNeed::Dose);
                    continue;
                };
                let held = dose::reaches(dose, factor(taken), floor, body, day);
                open |= held != Truth::YES;
                if held == Truth::EITHER {
                    let lacks: Vec<_> = body.lacks(dose::through(dose, floor), day).map(CourseNeed::Fact).collect();
                    if lacks.is_empty() {
                        needs.insert(CourseNeed::Dose);
                    }
                    needs.extend(lacks);
                }
            }
        }
        let intolerance = limited.contains(INTOLERANCE);
        if or_highest_tolerated && open && intolerance && limited.settled().is_none() {
            needs.insert(CourseNeed::DoseLimitedBy);
        }
        if or_highest_tolerated && intolerance && limited.settled().is_some() { BTreeSet::new() } else { needs }
    }
}

fn factor(taken: &Taken<'_>) -> Number {
    match taken.entry.parts.as_slice() {
        [(_, factor)] => *factor,
        _ => Number::ONE,
    }
}

/// How much was taken: of several entries, where least was.
pub(super) fn adherence(spells: &[&Spell<'_>]) -> NumberSet {
    let each = spells.iter().map(|spell| spell.adherence());
    each.reduce(|least, next| NumberSet::least_of(&least, &next)).unwrap_or_else(NumberSet::everything)
}

/// The first and last days that are not known exactly.
pub(super) fn date_needs(spells: &[&Spell<'_>]) -> BTreeSet<CourseNeed> {
    let taken = || spells.iter().flat_map(|spell| &spell.of);
    let start = taken().any(|taken| !taken.start_is_exact()).then_some(CourseNeed::Start);
    let stop = taken().any(|taken| !taken.last_is_exact()).then_some(CourseNeed::Stop);
    start.into_iter().chain(stop).collect()
}

/// The day of the last dose, of what is given on days of its own.
fn last_dose(spells: &[&Spell<'_>], record: &Record) -> Option<DateRange> {
    let each: Vec<DateRange> = spells.iter().map(|spell| spell.last_dose_on_days(record)).collect();
    Some(DateRange {
        earliest: each.iter().map(|day| day.earliest).max()?,
        latest: each.iter().map(|day| day.latest).max()?,
    })
}

impl Spell<'_> {
    /// The day of the last dose up to today: of the last infusion where there are any, else the last day.
    pub(super) fn last_dose(&self, record: &Record) -> DateRange {
        let end = self.last.unwrap_or(DateRange::exact(record.as_of));
        let [taken] = self.of.as_slice() else { return self.last_dose_of_all(end, record) };
        let given: Vec<(DateRange, Truth)> = taken.given(record).collect();
        let latest = given.iter().map(|(day, _)| day.latest).max();
        // What may still be to come does not say that it was given by now.
        let certain = given.iter().filter(|(_, came)| *came == Truth::YES).map(|(day, _)| day.earliest).max();
        match (certain, latest) {
            (Some(earliest), Some(latest)) => DateRange { earliest, latest },
            (None, Some(latest)) => DateRange { earliest: self.start.earliest.min(latest), latest },
            (_, None) => end,
        }
    }

    /// The same of what is given on days of its own: where they are not recorded, any day until the last, or until today
    /// while it runs.
    pub(super) fn last_dose_on_days(&self, record: &Record) -> DateRange {
        let day = self.last_dose(record);
        let uncounted = self.of.iter().any(|taken| taken.entry.given.is_empty());
        let earliest = if uncounted { day.earliest.min(self.start.earliest) } else { day.earliest };
        DateRange { earliest, ..day }
    }

    /// Of drugs taken together, on some day until the end: infusions need not have fallen on one day.
    fn last_dose_of_all(&self, end: DateRange, record: &Record) -> DateRange {
        let infusions = self.of.iter().any(|taken| taken.given(record).next().is_some());
        if infusions { DateRange { earliest: self.start.earliest.min(end.earliest), ..end } } else { end }
    }
}
