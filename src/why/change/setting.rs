//! A fact of a change, with the values it may still take, and the record with such facts.

use std::collections::BTreeSet;

use super::super::said::{self, Said};
use super::course::Edit;
use crate::catalog::{Catalog, Fact, FactId, FactKind, NumberKind};
use crate::eval::Held;
use crate::plan::{Part, Plan, Register, SlotSource, Step, Writer};
use crate::record::{Entry, Given, Record};
use crate::source::{Span, Spanned};
use crate::value::{Bound, Choices, Interval, Number, NumberSet, Reason, Truth};

/// The most numbers that are looked at between two.
const MOST_STEPS: usize = 20_000;
/// How often a stretch of numbers is halved.
const HALVES: u8 = 4;
/// Of what has a range no longer than this a tenth is a step, of all else one.
const FINE: Number = Number::whole(20);

/// One fact of a change.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    /// What is recorded of it; `None` where nothing is.
    pub(super) said: Option<Said>,
    /// What it may be.
    pub(super) to: To,
    halved: u8,
}

/// What a fact of a change may be.
#[derive(Debug, Clone)]
pub(super) enum To {
    /// A fact under `facts`, or in the visit of that place.
    Fact { fact: FactId, visit: Option<usize>, held: Held },
    /// A judgement.
    Judgement { name: String, truth: Truth },
    /// What is recorded of treatments.
    Treatment(Vec<Edit>),
}

impl Setting {
    pub(super) fn new(said: Option<Said>, to: To) -> Self {
        Setting { said, to, halved: 0 }
    }

    /// One value is left.
    pub(super) fn is_settled(&self) -> bool {
        match &self.to {
            To::Fact { held, .. } => held.is_settled(),
            To::Judgement { truth, .. } => truth.settled().is_some(),
            To::Treatment(edits) => edits.len() == 1,
        }
    }

    fn with(&self, to: To) -> Self {
        Setting { to, ..self.clone() }
    }

    /// The same for each value of its own; numbers by the thresholds they are held against, the nearest to what is
    /// recorded first. Nothing where that tells nothing apart.
    pub(super) fn parts(&self, record: &Record, catalog: &Catalog, plan: &Plan) -> Vec<Setting> {
        match &self.to {
            To::Judgement { name, truth } if truth.settled().is_none() => [Truth::NO, Truth::YES]
                .into_iter()
                .map(|truth| self.with(To::Judgement { name: name.clone(), truth }))
                .collect(),
            To::Treatment(edits) if edits.len() > 1 => {
                edits.iter().map(|edit| self.with(To::Treatment(vec![edit.clone()]))).collect()
            }
            To::Fact { fact, visit, held: Held::Choices(choices) } if choices.len() > 1 => {
                let Some(known) = catalog.fact(*fact) else { return Vec::new() };
                let of = |held| self.with(To::Fact { fact: *fact, visit: *visit, held: Held::Choices(held) });
                self.in_order(*choices, known, record).into_iter().map(of).collect()
            }
            To::Fact { fact, visit, held: Held::Number(set) } if set.single().is_none() => {
                let limit = self.limit(record, *fact);
                let mut cells = cells(set, &thresholds(plan, *fact, limit.as_ref()));
                if is_whole(catalog, *fact) {
                    cells = cells.iter().map(NumberSet::whole_only).filter(|cell| !cell.is_empty()).collect();
                }
                self.numbers(record, *fact, *visit, cells)
            }
            To::Judgement { .. } | To::Treatment(_) | To::Fact { .. } => Vec::new(),
        }
    }

    /// The same for each half of its numbers.
    pub(super) fn halves(&self, record: &Record, catalog: &Catalog) -> Vec<Setting> {
        let To::Fact { fact, visit, held: Held::Number(set) } = &self.to else { return Vec::new() };
        let ends = set.hull().and_then(|hull| hull.low.number().zip(hull.high.number()));
        let Some((low, high)) = ends.filter(|(low, high)| low < high && self.halved < HALVES) else {
            return Vec::new();
        };
        let middle = low.plus(high).and_then(|sum| sum.over(Number::whole(2)));
        let Ok(middle) = middle else { return Vec::new() };
        let whole = is_whole(catalog, *fact);
        let middle = if whole { whole_below(middle).unwrap_or(middle) } else { middle };
        let up_to = NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Closed(middle) });
        let halves = [set.intersection(&up_to), set.intersection(&up_to.complement())];
        let mut settings =
            self.numbers(record, *fact, *visit, halves.into_iter().filter(|half| !half.is_empty()).collect());
        for setting in &mut settings {
            setting.halved += 1;
        }
        settings
    }

    /// The same with the ends of its numbers, and the middle: what hangs on a number steadily comes out at an end.
    pub(super) fn ends(&self, record: &Record, catalog: &Catalog) -> Vec<Setting> {
        let To::Fact { fact, visit, held: Held::Number(set) } = &self.to else { return Vec::new() };
        let (Some(hull), None) = (set.hull(), set.single()) else { return Vec::new() };
        let whole = is_whole(catalog, *fact);
        let low = hull.low.number().and_then(|low| written(set, Some(low), whole));
        let high = hull.high.number().and_then(|high| written(set, Some(high), whole));
        let middle = low.zip(high).and_then(|(low, high)| low.plus(high).ok()?.over(Number::whole(2)).ok());
        let middle = middle.and_then(|middle| if whole { whole_below(middle) } else { Some(middle) });
        let mut points: Vec<Number> = Vec::new();
        for point in [low, high, middle].into_iter().flatten() {
            if set.contains(point) && !points.contains(&point) {
                points.push(point);
            }
        }
        let now = self.number_now(record);
        points.retain(|point| Some(*point) != now);
        let of =
            |point| self.with(To::Fact { fact: *fact, visit: *visit, held: Held::Number(NumberSet::point(point)) });
        points.into_iter().map(of).collect()
    }

    /// The same with the numbers between what it is and what is recorded, the nearest to what it is first, as a person
    /// would write them; of what is not recorded those on the way to the far end of what it may be.
    pub(super) fn between(&self, record: &Record, catalog: &Catalog) -> Vec<Setting> {
        let To::Fact { fact, visit, held: Held::Number(set) } = &self.to else { return Vec::new() };
        let (Some(known), Some(now)) = (catalog.fact(*fact), set.single()) else { return Vec::new() };
        let FactKind::Number(kind) = &known.kind else { return Vec::new() };
        let scale = self.said.and_then(|said| said.entry(record)).and_then(|entry| entry.scale);
        let ends = numbers(kind, scale).hull().and_then(|hull| hull.low.number().zip(hull.high.number()));
        let Some((low, high)) = ends else { return Vec::new() };
        let far = if apart(low, now) < apart(high, now) { high } else { low };
        let toward = self.number_now(record).unwrap_or(far);
        let fine = !kind.whole && high.minus(low).is_ok_and(|length| length <= FINE);
        let grid: i128 = if fine { 10 } else { 1 };
        let Some(scaled) = Number::fraction(grid, 1).ok() else { return Vec::new() };
        let (Ok(from), Ok(to)) = (now.times(scaled), toward.times(scaled)) else { return Vec::new() };
        let steps: Vec<i128> = if from < to {
            (from.floor() + 1..=to.floor()).take(MOST_STEPS).collect()
        } else {
            (to.floor()..=from.floor()).rev().take(MOST_STEPS).collect()
        };
        let numbers = steps.into_iter().filter_map(|step| Number::fraction(step, grid).ok());
        let inside = |number: &Number| *number != now && *number != toward && low <= *number && *number <= high;
        let of =
            |point| self.with(To::Fact { fact: *fact, visit: *visit, held: Held::Number(NumberSet::point(point)) });
        numbers.filter(inside).map(of).collect()
    }

    fn numbers(&self, record: &Record, fact: FactId, visit: Option<usize>, cells: Vec<NumberSet>) -> Vec<Setting> {
        if cells.len() < 2 {
            return Vec::new();
        }
        let now = self.number_now(record);
        let mut cells = cells;
        if let Some(now) = now {
            cells.sort_by_key(|cell| distance(cell, now));
        }
        cells.into_iter().map(|set| self.with(To::Fact { fact, visit, held: Held::Number(set) })).collect()
    }

    /// Of what is recorded already nothing is tried. Then what may be taken for granted, `no`, the others, `not done`.
    fn in_order(&self, choices: Choices, fact: &Fact, record: &Record) -> Vec<Choices> {
        let now = self.choice_now(record);
        let not_done = fact.kind.position(FactKind::NOT_DONE).map(Choices::only);
        let no = fact.kind.position("no").map(Choices::only);
        let mut each: Vec<Choices> = choices.iter().map(Choices::only).filter(|one| Some(*one) != now).collect();
        each.sort_by_key(|one| {
            let presumed = fact.presume.is_some_and(|presumed| one.within(presumed));
            (Some(*one) == not_done, !presumed, Some(*one) != no)
        });
        each
    }

    fn choice_now(&self, record: &Record) -> Option<Choices> {
        match self.said?.entry(record)?.given {
            Given::Choices(now) => Some(now).filter(|now| now.len() == 1),
            Given::Number(_) | Given::Date(_) | Given::Missing => None,
        }
    }

    fn number_now(&self, record: &Record) -> Option<Number> {
        match &self.said?.entry(record)?.given {
            Given::Number(set) => set.single(),
            Given::Choices(_) | Given::Date(_) | Given::Missing => None,
        }
    }

    /// The upper limit of the entry, else the newest there is for the fact.
    fn limit(&self, record: &Record, fact: FactId) -> Option<NumberSet> {
        let own = self.said.and_then(|said| said.entry(record)).and_then(|entry| entry.upper_limit.clone());
        own.or_else(|| newest_limit(record, fact))
    }

    /// One value in the place of several: of numbers the nearest to what is recorded that a person would write; of choices
    /// all but what is recorded.
    pub(super) fn settled(&self, record: &Record, catalog: &Catalog) -> Setting {
        let To::Fact { fact, visit, held } = &self.to else { return self.clone() };
        let held = match held {
            Held::Number(set) => {
                let number = written(set, self.number_now(record), is_whole(catalog, *fact));
                number.map(|number| Held::Number(NumberSet::point(number)))
            }
            Held::Choices(choices) => self.choice_now(record).map(|now| Held::Choices(choices.without(now))),
            Held::Truth(_) => None,
        };
        let held = held.filter(|held| !held.is_empty());
        held.map_or_else(|| self.clone(), |held| self.with(To::Fact { fact: *fact, visit: *visit, held }))
    }
}

/// Every value that the dictionary allows of a fact; of several scales those of the one it stands on.
pub(super) fn everything(fact: &Fact, scale: Option<Number>) -> Option<Held> {
    match &fact.kind {
        FactKind::Choice { values, .. } => Some(Held::Choices(Choices::all(values.len()))),
        FactKind::Number(kind) => Some(Held::Number(numbers(kind, scale))),
        FactKind::Date => None,
    }
}

fn numbers(kind: &NumberKind, scale: Option<Number>) -> NumberSet {
    let end = scale.or_else(|| kind.scales.first().copied());
    let range = end.map_or(kind.range.clone(), |end| {
        kind.range.intersection(&NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Closed(end) }))
    });
    if kind.whole { range.whole_only() } else { range }
}

fn newest_limit(record: &Record, fact: FactId) -> Option<NumberSet> {
    let entries = record.visits.iter().rev().flat_map(|visit| &visit.entries).chain(&record.undated);
    entries.filter(|entry| entry.fact == fact).find_map(|entry| entry.upper_limit.clone())
}

/// The numbers that rules hold a fact against.
fn thresholds(plan: &Plan, fact: FactId, limit: Option<&NumberSet>) -> BTreeSet<Number> {
    let limit = limit.and_then(NumberSet::single);
    let mut found = BTreeSet::new();
    for slot in &plan.slots {
        let SlotSource::Fact { fact: own, part, .. } = slot.source else { continue };
        let factor = match part {
            Part::Value | Part::OnScale(_) => Some(Number::ONE),
            Part::Multiple => limit,
            Part::UpperLimit | Part::ScaleLength | Part::Measured | Part::Recorded => None,
        };
        let (Some(factor), Register::Number(register), true) = (factor, slot.register, own == fact) else { continue };
        for step in &plan.steps {
            let mut sets: Vec<NumberSet> = Vec::new();
            if let Step::Within(of, set, _) = step
                && *of == register
            {
                sets.push(set.clone());
            } else if let Step::Points(of, bands, _) = step
                && *of == register
            {
                sets.extend(bands.iter().map(|(band, _)| band.clone()));
            } else if let Step::Classify(of, bands, _) = step
                && *of == register
            {
                sets.extend(bands.iter().map(|(band, _)| band.clone()));
            } else if let Step::Compare(left, _, right, _) = step {
                let other = [(left, right), (right, left)].into_iter().find(|(own, _)| **own == register);
                sets.extend(
                    other.and_then(|(_, other)| constant(plan, Register::Number(*other))).map(NumberSet::point),
                );
            }
            let ends = sets.iter().flat_map(|set| set.intervals()).flat_map(|one| [one.low, one.high]);
            found.extend(ends.filter_map(Bound::number).filter_map(|end| end.times(factor).ok()));
        }
    }
    found
}

fn constant(plan: &Plan, register: Register) -> Option<Number> {
    let Some(Writer::Step(at)) = plan.writer(register) else { return None };
    if let Some(Step::Constant(number, _)) = plan.steps.get(at as usize) { Some(*number) } else { None }
}

/// A set cut below and above each threshold.
fn cells(set: &NumberSet, thresholds: &BTreeSet<Number>) -> Vec<NumberSet> {
    let mut cells = Vec::new();
    let mut rest = set.clone();
    for threshold in thresholds {
        let below = NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Open(*threshold) });
        let at = NumberSet::point(*threshold);
        cells.push(rest.intersection(&below));
        cells.push(rest.intersection(&at));
        rest = rest.intersection(&below.union(&at).complement());
    }
    cells.push(rest);
    cells.retain(|cell| !cell.is_empty());
    cells
}

/// How far a set lies from a number.
fn distance(set: &NumberSet, from: Number) -> Number {
    if set.contains(from) {
        return Number::ZERO;
    }
    let ends = set.intervals().into_iter().flat_map(|one| [one.low, one.high]).filter_map(Bound::number);
    ends.map(|end| apart(end, from)).min().unwrap_or(Number::ZERO)
}

fn is_whole(catalog: &Catalog, fact: FactId) -> bool {
    catalog.fact(fact).is_some_and(|fact| matches!(&fact.kind, FactKind::Number(kind) if kind.whole))
}

fn apart(one: Number, other: Number) -> Number {
    let away = one.minus(other).unwrap_or(Number::ZERO);
    if away.sign() < 0 { away.negated() } else { away }
}

fn whole_below(number: Number) -> Option<Number> {
    i64::try_from(number.floor()).ok().map(Number::whole)
}

/// A number of a set that a person would write: the nearest to another one, with as few digits as may be.
fn written(set: &NumberSet, near: Option<Number>, whole: bool) -> Option<Number> {
    if let Some(only) = set.single() {
        return Some(only);
    }
    let nearest = match near {
        Some(near) => set.intervals().into_iter().min_by_key(|one| distance(&NumberSet::from_interval(*one), near))?,
        None => set.intervals().into_iter().next()?,
    };
    let from_above = near.zip(nearest.high.number()).is_some_and(|(near, high)| high <= near);
    let end = if from_above { nearest.high } else { nearest.low };
    match end {
        Bound::Closed(end) => return Some(end),
        Bound::Unbounded => return near.filter(|near| set.contains(*near)).or(Some(Number::ZERO)),
        Bound::Open(_) => {}
    }
    let end = end.number()?;
    let grids: &[i128] = if whole { &[1] } else { &[1, 2, 10, 100, 1_000, 10_000, 100_000] };
    grids.iter().find_map(|grid| {
        let scaled = end.times(Number::fraction(*grid, 1).ok()?).ok()?;
        let floor = scaled.floor();
        let next = if from_above { if scaled.is_whole() { floor - 1 } else { floor } } else { floor + 1 };
        Number::fraction(next, *grid).ok().filter(|number| nearest.contains(*number))
    })
}

/// The record with the facts of a change; what is not settled yet is left open.
pub(super) fn applied(record: &Record, catalog: &Catalog, settings: &[Setting]) -> Record {
    let mut changed = record.clone();
    for setting in settings {
        match &setting.to {
            To::Fact { fact, visit, held } => put(&mut changed, record, setting.said, *fact, *visit, held),
            To::Judgement { name, truth } => {
                match changed.judgements.iter_mut().find(|(known, _)| known.value == *name) {
                    Some((_, answered)) => *answered = *truth,
                    None => changed.judgements.push((Spanned::new(name.clone(), nowhere(record)), *truth)),
                }
            }
            To::Treatment(_) => {}
        }
    }
    let open = settings.iter().filter(|setting| matches!(setting.to, To::Treatment(_)) && !setting.is_settled());
    let forgotten: BTreeSet<Said> = open.filter_map(|setting| setting.said).collect();
    let edits: Vec<&Edit> = settings
        .iter()
        .filter_map(|setting| match &setting.to {
            To::Treatment(edits) if edits.len() == 1 => edits.first(),
            To::Treatment(_) | To::Fact { .. } | To::Judgement { .. } => None,
        })
        .collect();
    // In the places of the record as it is; what goes, goes at the end.
    for edit in &edits {
        edit.put(&mut changed);
    }
    let mut gone: Vec<Said> = edits.iter().filter_map(|edit| edit.removes()).collect();
    let mut changed = said::without(&changed, catalog, &forgotten);
    gone.sort_unstable();
    for said in gone.into_iter().rev() {
        let before = forgotten.iter().filter(|other| **other < said && same_list(**other, said)).count();
        remove(&mut changed, said, before);
    }
    changed
}

fn same_list(one: Said, other: Said) -> bool {
    matches!((one, other), (Said::Therapy(_), Said::Therapy(_)) | (Said::Declined(_), Said::Declined(_)))
}

/// Takes an entry of a treatment out, of whose list so many before it are gone already.
fn remove(record: &mut Record, said: Said, before: usize) {
    if let (Said::Therapy(at), Some(therapies)) = (said, &mut record.therapies) {
        if at - before < therapies.courses.len() {
            therapies.courses.remove(at - before);
        }
    } else if let (Said::Declined(at), Some(declined)) = (said, &mut record.declined)
        && at - before < declined.len()
    {
        declined.remove(at - before);
    }
}

fn put(changed: &mut Record, record: &Record, said: Option<Said>, fact: FactId, visit: Option<usize>, held: &Held) {
    let given = match held {
        Held::Choices(choices) => Given::Choices(*choices),
        Held::Number(set) => Given::Number(set.clone()),
        Held::Truth(_) => return,
    };
    let entry = if let Some(Said::Undated(at)) = said {
        changed.undated.get_mut(at)
    } else if let Some(Said::AtVisit(visit, at)) = said {
        changed.visits.get_mut(visit).and_then(|visit| visit.entries.get_mut(at))
    } else {
        None
    };
    if let Some(entry) = entry {
        *entry = Entry { given, reason: Reason::Recorded, written: String::new(), ..entry.clone() };
        return;
    }
    let entries = match visit {
        None => Some(&mut changed.undated),
        Some(visit) => changed.visits.get_mut(visit).map(|visit| &mut visit.entries),
    };
    let Some(entries) = entries else { return };
    let limit = if visit.is_some() { newest_limit(record, fact) } else { None };
    let new = Entry {
        fact,
        given,
        reason: Reason::Recorded,
        known_since: None,
        upper_limit: limit,
        scale: None,
        written: String::new(),
        span: nowhere(record),
    };
    // What is there says that it is not known.
    match entries.iter_mut().find(|entry| entry.fact == fact) {
        Some(entry) => {
            *entry = Entry {
                upper_limit: entry.upper_limit.clone().or(new.upper_limit),
                given: new.given,
                reason: new.reason,
                ..entry.clone()
            }
        }
        None => entries.push(new),
    }
}

fn nowhere(record: &Record) -> Span {
    Span { end: record.span.start, ..record.span }
}
