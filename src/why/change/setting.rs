//! A fact of a change, with the values it may still take.

use super::super::said::Said;
use super::applied::{known, newest};
use super::course::Edit;
use super::numbers::{Steps, apart, cells, distance, thresholds};
use crate::catalog::{Catalog, Fact, FactId, FactKind, NumberKind};
use crate::eval::Held;
use crate::plan::{Part, Plan};
use crate::record::{Given, Record};
use crate::value::{Bound, Choices, Interval, Number, NumberSet, Truth};

/// How often a stretch of numbers is halved.
const HALVES: u8 = 4;

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
    /// A fact under `facts`, or in the visit of that place; the one after the last is of the day of the record.
    Fact { fact: FactId, visit: Option<usize>, held: Held },
    /// The upper limit of a value that stands there without one.
    Limit { fact: FactId, visit: Option<usize>, limit: NumberSet },
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
            To::Limit { limit, .. } => limit.single().is_some(),
            To::Judgement { truth, .. } => truth.settled().is_some(),
            To::Treatment(edits) => edits.len() == 1,
        }
    }

    fn with(&self, to: To) -> Self {
        Setting { to, ..self.clone() }
    }

    /// The fact and the numbers that are left, where it is a number.
    fn number<'a>(&self, catalog: &'a Catalog) -> Option<(&'a Fact, &NumberSet)> {
        match &self.to {
            To::Fact { fact, held: Held::Number(set), .. } | To::Limit { fact, limit: set, .. } => {
                Some((catalog.fact(*fact)?, set))
            }
            To::Fact { .. } | To::Judgement { .. } | To::Treatment(_) => None,
        }
    }

    /// The same with other numbers.
    pub(super) fn with_number(&self, set: NumberSet) -> Self {
        match self.to {
            To::Fact { fact, visit, .. } => self.with(To::Fact { fact, visit, held: Held::Number(set) }),
            To::Limit { fact, visit, .. } => self.with(To::Limit { fact, visit, limit: set }),
            To::Judgement { .. } | To::Treatment(_) => self.clone(),
        }
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
            To::Fact { fact, held: Held::Number(set), .. } if set.single().is_none() => {
                let limit = self.limit(record, *fact).and_then(|limit| limit.single());
                let of = |part, end: Number| match part {
                    Part::Value | Part::OnScale(_) => Some(end),
                    Part::Multiple => end.times(limit?).ok(),
                    Part::UpperLimit | Part::ScaleLength | Part::Measured | Part::Recorded => None,
                };
                self.numbers(record, catalog, cells(set, &thresholds(plan, *fact, of)))
            }
            To::Limit { fact, limit, .. } if limit.single().is_none() => {
                let value = self.number_now(record);
                let of = |part, end: Number| match part {
                    Part::UpperLimit => Some(end),
                    Part::Multiple => value?.over(end).ok(),
                    Part::Value | Part::OnScale(_) | Part::ScaleLength | Part::Measured | Part::Recorded => None,
                };
                self.numbers(record, catalog, cells(limit, &thresholds(plan, *fact, of)))
            }
            To::Judgement { .. } | To::Treatment(_) | To::Fact { .. } | To::Limit { .. } => Vec::new(),
        }
    }

    /// The same for each half of its numbers.
    pub(super) fn halves(&self, record: &Record, catalog: &Catalog) -> Vec<Setting> {
        let Some((_, set)) = self.number(catalog) else { return Vec::new() };
        let ends = set.hull().and_then(|hull| hull.low.number().zip(hull.high.number()));
        let Some((low, high)) = ends.filter(|(low, high)| low < high && self.halved < HALVES) else {
            return Vec::new();
        };
        let Ok(middle) = low.halfway(high) else { return Vec::new() };
        let up_to = NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Closed(middle) });
        let halves = vec![set.intersection(&up_to), set.intersection(&up_to.complement())];
        let mut settings = self.numbers(record, catalog, halves);
        for setting in &mut settings {
            setting.halved += 1;
        }
        settings
    }

    /// The same with the ends of its numbers, and the middle: what hangs on a number steadily comes out at an end.
    pub(super) fn ends(&self, record: &Record, catalog: &Catalog) -> Vec<Setting> {
        let Some((fact, set)) = self.number(catalog) else { return Vec::new() };
        let (Some(steps), Some(hull), None) = (Steps::of(&fact.kind), set.hull(), set.single()) else {
            return Vec::new();
        };
        let ends = hull.low.number().zip(hull.high.number());
        let middle = ends.and_then(|(low, high)| low.halfway(high).ok());
        let mut points: Vec<Number> = Vec::new();
        for near in [hull.low.number(), hull.high.number(), middle].into_iter().flatten() {
            let side = if Some(near) == middle {
                set.intersection(&NumberSet::from_interval(Interval { low: Bound::Closed(near), high: hull.high }))
            } else {
                set.clone()
            };
            points.extend(steps.written(&side, Some(near)).filter(|point| !points.contains(point)));
        }
        let now = self.number_now(record);
        points.retain(|point| Some(*point) != now);
        points.into_iter().map(|point| self.with_number(NumberSet::point(point))).collect()
    }

    /// The numbers between what it is and what is recorded, the nearest to what it is first, as a person would write them;
    /// of what is not recorded those on the way to the far end of what it may be.
    pub(super) fn between(&self, record: &Record, catalog: &Catalog) -> Vec<Number> {
        let ends = self.single(catalog).zip(self.toward(record, catalog));
        ends.map(|((steps, now), toward)| steps.between(now, toward)).unwrap_or_default()
    }

    /// A rounder number, somewhat further from what is recorded.
    pub(super) fn rounder(&self, record: &Record, catalog: &Catalog) -> Option<Number> {
        let (steps, now) = self.single(catalog)?;
        steps.rounder(now, self.toward(record, catalog)?)
    }

    fn single(&self, catalog: &Catalog) -> Option<(Steps, Number)> {
        let (fact, set) = self.number(catalog)?;
        Some((Steps::of(&fact.kind)?, set.single()?))
    }

    fn toward(&self, record: &Record, catalog: &Catalog) -> Option<Number> {
        let (fact, set) = self.number(catalog)?;
        let FactKind::Number(kind) = &fact.kind else { return None };
        let far = || {
            let hull = numbers(kind, self.scale(record)).hull()?;
            let (low, high, now) = (hull.low.number()?, hull.high.number()?, set.single()?);
            Some(if apart(low, now) < apart(high, now) { high } else { low })
        };
        self.number_now(record).or_else(far)
    }

    fn numbers(&self, record: &Record, catalog: &Catalog, mut cells: Vec<NumberSet>) -> Vec<Setting> {
        let Some((fact, _)) = self.number(catalog) else { return Vec::new() };
        if matches!(&fact.kind, FactKind::Number(kind) if kind.whole) && !matches!(self.to, To::Limit { .. }) {
            cells = cells.iter().map(NumberSet::whole_only).collect();
        }
        cells.retain(|cell| !cell.is_empty());
        if cells.len() < 2 {
            return Vec::new();
        }
        if let Some(now) = self.number_now(record) {
            cells.sort_by_key(|cell| distance(cell, now));
        }
        cells.into_iter().map(|set| self.with_number(set)).collect()
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

    /// The number that is recorded; of an upper limit that of its value.
    fn number_now(&self, record: &Record) -> Option<Number> {
        let entry = match self.to {
            To::Limit { fact, visit, .. } => known(record, fact, visit),
            To::Fact { .. } | To::Judgement { .. } | To::Treatment(_) => self.said?.entry(record),
        };
        match &entry?.given {
            Given::Number(set) => set.single(),
            Given::Choices(_) | Given::Date(_) | Given::Missing => None,
        }
    }

    /// The upper limit of the entry, else the newest there is for the fact.
    pub(super) fn limit(&self, record: &Record, fact: FactId) -> Option<NumberSet> {
        let own = self.said.and_then(|said| said.entry(record)).and_then(|entry| entry.upper_limit.clone());
        own.or_else(|| newest(record, fact, |entry| entry.upper_limit.clone()))
    }

    /// The end of the scale of the entry, else the newest there is for the fact.
    pub(super) fn scale(&self, record: &Record) -> Option<Number> {
        let To::Fact { fact, .. } = self.to else { return None };
        match self.said.and_then(|said| said.entry(record)) {
            Some(entry) => entry.scale,
            None => newest(record, fact, |entry| entry.scale),
        }
    }

    /// One value in the place of several: of numbers the nearest to what is recorded that a person would write, `None`
    /// where there is none; of choices all but what is recorded.
    pub(super) fn settled(&self, record: &Record, catalog: &Catalog) -> Option<Setting> {
        if let Some((fact, set)) = self.number(catalog) {
            let number = Steps::of(&fact.kind)?.written(set, self.number_now(record))?;
            return Some(self.with_number(NumberSet::point(number)));
        }
        let To::Fact { fact, visit, held: Held::Choices(choices) } = self.to else { return Some(self.clone()) };
        let others = self.choice_now(record).map_or(choices, |now| choices.without(now));
        let held = Held::Choices(if others.is_empty() { choices } else { others });
        Some(self.with(To::Fact { fact, visit, held }))
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

/// Every upper limit that a value may have.
pub(super) fn every_limit(fact: &Fact) -> Option<NumberSet> {
    let FactKind::Number(kind) = &fact.kind else { return None };
    let positive = Interval { low: Bound::Open(Number::ZERO), high: Bound::Unbounded };
    Some(kind.range.intersection(&NumberSet::from_interval(positive)))
}

fn numbers(kind: &NumberKind, scale: Option<Number>) -> NumberSet {
    let end = scale.or_else(|| kind.scales.first().copied());
    let range = end.map_or(kind.range.clone(), |end| {
        kind.range.intersection(&NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Closed(end) }))
    });
    if kind.whole { range.whole_only() } else { range }
}
