//! Numbers as rules tell them apart, and as a person writes them.

use std::collections::BTreeSet;

use crate::catalog::{FactId, FactKind, NumberKind};
use crate::plan::{Part, Plan, Register, SlotSource, Step};
use crate::value::{Bound, Interval, Number, NumberSet};

/// The most numbers that are looked at between two.
const MOST_STEPS: usize = 20_000;
/// Of what has a range no longer than this a tenth is a step, of all else one.
const FINE: Number = Number::whole(20);
/// A number that need not be whole is written with so many digits, where it has more before the point.
const DIGITS: i128 = 100;

/// In which steps a person writes the numbers of a fact.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    /// So many to one.
    usual: i128,
    whole: bool,
}

impl Steps {
    pub(super) fn of(kind: &FactKind) -> Option<Steps> {
        let FactKind::Number(NumberKind { whole, range, .. }) = kind else { return None };
        let length = range.hull().and_then(|hull| hull.high.number()?.minus(hull.low.number()?).ok());
        let fine = !whole && length.is_some_and(|length| length <= FINE);
        Some(Steps { usual: if fine { 10 } else { 1 }, whole: *whole })
    }

    /// From the usual steps to the finest that are shown in full.
    fn each(self) -> impl Iterator<Item = i128> {
        let finer = [10, 100, 1_000].into_iter().filter(move |step| !self.whole && *step > self.usual);
        std::iter::once(self.usual).chain(finer)
    }

    /// A number of a set in the largest steps that have one there: the nearest to another, else the lowest.
    pub(super) fn written(self, set: &NumberSet, near: Option<Number>) -> Option<Number> {
        let mut stretches: Vec<Interval> = set.intervals().into_iter().collect();
        if let Some(near) = near {
            stretches.sort_by_key(|one| distance(&NumberSet::from_interval(*one), near));
        }
        stretches.into_iter().find_map(|one| self.of_stretch(one, near))
    }

    fn of_stretch(self, stretch: Interval, near: Option<Number>) -> Option<Number> {
        let is_below = |high: Number| near.is_some_and(|near| high <= near);
        let (end, down) = match (stretch.low.number(), stretch.high.number()) {
            (_, Some(high)) if is_below(high) => (high, true),
            (Some(low), _) => (low, false),
            (None, Some(high)) => (high, true),
            (None, None) => (near.unwrap_or(Number::ZERO), false),
        };
        self.each().find_map(|step| {
            let scaled = end.times(Number::fraction(step, 1).ok()?).ok()?;
            let (below, on) = (scaled.floor(), scaled.is_whole());
            let first = if down || on { below } else { below + 1 };
            let next = if down { first - 1 } else { first + 1 };
            let numbers = [first, next].into_iter().filter_map(|count| Number::fraction(count, step).ok());
            numbers.into_iter().find(|number| stretch.contains(*number))
        })
    }

    /// The numbers between two, from the first on.
    pub(super) fn between(self, from: Number, to: Number) -> Vec<Number> {
        let scaled = |number: Number| number.times(Number::fraction(self.usual, 1).ok()?).ok();
        let Some((low, high)) = scaled(from.min(to)).zip(scaled(from.max(to))) else { return Vec::new() };
        let counts = low.floor()..=high.floor();
        let counts: Vec<i128> =
            if from < to { counts.take(MOST_STEPS).collect() } else { counts.rev().take(MOST_STEPS).collect() };
        let numbers = counts.into_iter().filter_map(|count| Number::fraction(count, self.usual).ok());
        numbers.filter(|number| from.min(to) < *number && *number < from.max(to)).collect()
    }

    /// A number with few digits on the far side of another one.
    pub(super) fn rounder(self, number: Number, away_from: Number) -> Option<Number> {
        let mut step = 1;
        while !self.whole && self.usual == 1 && number.floor() / step >= DIGITS {
            step *= 10;
        }
        let up = i128::from(away_from < number);
        let round = Number::fraction((number.floor() / step + up) * step, 1).ok()?;
        (step > 1 && number.floor() % step != 0).then_some(round)
    }
}

/// The numbers that rules hold a part of a fact against, as numbers of what is asked: `of` says which.
pub(super) fn thresholds(plan: &Plan, fact: FactId, of: impl Fn(Part, Number) -> Option<Number>) -> BTreeSet<Number> {
    let mut found = BTreeSet::new();
    for slot in &plan.slots {
        let SlotSource::Fact { fact: own, part, .. } = slot.source else { continue };
        let (Register::Number(register), true) = (slot.register, own == fact) else { continue };
        for step in &plan.steps {
            let held_against: Vec<Number> = if let Some((tested, sets)) = step.cells() {
                let sets = sets.filter(|_| tested == register);
                let ends = sets.flat_map(|set| set.intervals()).flat_map(|one| [one.low, one.high]);
                ends.filter_map(Bound::number).collect()
            } else if let Step::Compare(left, _, right, _) = step {
                let other = [(left, right), (right, left)].into_iter().find(|(own, _)| **own == register);
                other.and_then(|(_, other)| plan.constant(*other)).into_iter().collect()
            } else {
                continue;
            };
            found.extend(held_against.into_iter().filter_map(|end| of(part, end)));
        }
    }
    found
}

/// A set cut below and above each threshold.
pub(super) fn cells(set: &NumberSet, thresholds: &BTreeSet<Number>) -> Vec<NumberSet> {
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
pub(super) fn distance(set: &NumberSet, from: Number) -> Number {
    if set.contains(from) {
        return Number::ZERO;
    }
    let ends = set.intervals().into_iter().flat_map(|one| [one.low, one.high]).filter_map(Bound::number);
    ends.map(|end| apart(end, from)).min().unwrap_or(Number::ZERO)
}

pub(super) fn apart(one: Number, other: Number) -> Number {
    let away = one.minus(other).unwrap_or(Number::ZERO);
    if away.sign() < 0 { away.negated() } else { away }
}
