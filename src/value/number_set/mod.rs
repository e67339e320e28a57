use std::slice;

use super::interval::Cut;
use super::{Bound, Interval, Number};

mod arithmetic;
mod comparison;
mod function;
#[cfg(test)]
mod tests;

/// The numbers a fact could still be.
///
/// Operations give every result that some pair of members gives. Within the limits of pieces and of digits they
/// give no other; beyond them the set is wider than the truth, never narrower, and says so.
#[derive(Debug, Clone)]
pub struct NumberSet {
    pieces: Pieces,
    approximate: bool,
}

/// The usual sets, nothing and one interval, need no memory of their own.
#[derive(Debug, Clone)]
enum Pieces {
    Empty,
    One(Interval),
    /// At least two, in order, with a gap between each and the next.
    Many(Box<[Interval]>),
}

impl NumberSet {
    /// The most pieces a set keeps; beyond, neighbours with the smallest gaps become one.
    pub const PIECES: usize = 512;

    /// No number. Only a contradiction, or a function outside its domain, yields it.
    pub fn empty() -> Self {
        NumberSet { pieces: Pieces::Empty, approximate: false }
    }

    /// Every number.
    pub fn everything() -> Self {
        NumberSet::one(Interval { low: Bound::Unbounded, high: Bound::Unbounded })
    }

    /// One number.
    pub fn point(number: Number) -> Self {
        NumberSet::one(Interval::point(number))
    }

    /// The numbers from `low` to `high`, both included; none when `low` is above `high`.
    pub fn between(low: Number, high: Number) -> Self {
        NumberSet::from_interval(Interval { low: Bound::Closed(low), high: Bound::Closed(high) })
    }

    /// The numbers of an interval; none when its ends are the wrong way round.
    pub fn from_interval(interval: Interval) -> Self {
        if interval.low_cut() < interval.high_cut() { NumberSet::one(interval) } else { NumberSet::empty() }
    }

    /// The numbers of any of the intervals, which may be in any order and may overlap.
    pub fn from_intervals(intervals: impl IntoIterator<Item = Interval>) -> Self {
        NumberSet::from_pieces(intervals.into_iter().collect(), false)
    }

    /// Every number that is not in the set.
    #[must_use]
    pub fn complement(&self) -> NumberSet {
        let mut gaps = Vec::new();
        let mut low = Some(Bound::Unbounded);
        for interval in self.intervals() {
            if let (Some(low), Some(high)) = (low, beyond(interval.low)) {
                gaps.push(Interval { low, high });
            }
            low = beyond(interval.high);
        }
        gaps.extend(low.map(|low| Interval { low, high: Bound::Unbounded }));
        NumberSet::from_intervals(gaps)
    }

    fn one(interval: Interval) -> Self {
        NumberSet { pieces: Pieces::One(interval), approximate: false }
    }

    fn from_pieces(mut pieces: Vec<Interval>, approximate: bool) -> Self {
        pieces.retain(|piece| piece.low_cut() < piece.high_cut());
        pieces.sort_by_key(|piece| piece.low_cut());
        let mut pieces = join(&pieces, |left, right| right.low_cut() <= left.high_cut());
        let too_many = pieces.len() > NumberSet::PIECES;
        if too_many {
            pieces = close_smallest_gaps(&pieces);
        }
        let pieces = match *pieces.as_slice() {
            [] => Pieces::Empty,
            [piece] => Pieces::One(piece),
            _ => Pieces::Many(pieces.into_boxed_slice()),
        };
        NumberSet { pieces, approximate: approximate || too_many }
    }

    /// The pieces of the set: in order, none empty, with a gap between each and the next.
    pub fn intervals(&self) -> &[Interval] {
        match &self.pieces {
            Pieces::Empty => &[],
            Pieces::One(interval) => slice::from_ref(interval),
            Pieces::Many(intervals) => intervals,
        }
    }

    /// No number is possible.
    pub fn is_empty(&self) -> bool {
        matches!(self.pieces, Pieces::Empty)
    }

    /// The set may be wider than the truth: pieces were merged, digits ran out, or a function was enclosed.
    pub fn is_approximate(&self) -> bool {
        self.approximate
    }

    /// The same numbers, said to be perhaps wider than the truth.
    #[must_use]
    pub fn marked_approximate(mut self) -> Self {
        self.approximate = true;
        self
    }

    fn marked_if(mut self, approximate: bool) -> Self {
        self.approximate |= approximate;
        self
    }

    /// The one number left, if there is only one.
    pub fn single(&self) -> Option<Number> {
        match &self.pieces {
            Pieces::One(interval) => interval.single(),
            Pieces::Empty | Pieces::Many(_) => None,
        }
    }

    /// The smallest interval that holds the whole set.
    pub fn hull(&self) -> Option<Interval> {
        match self.intervals() {
            [] => None,
            [only] => Some(*only),
            [first, .., last] => Some(Interval { low: first.low, high: last.high }),
        }
    }

    /// The number is possible.
    pub fn contains(&self, number: Number) -> bool {
        self.intervals().iter().any(|interval| interval.contains(number))
    }

    /// Every number of the set, in order, when there are at most `limit` of them.
    pub fn finite_values(&self, limit: usize) -> Option<Vec<Number>> {
        if self.intervals().len() > limit {
            return None;
        }
        self.intervals().iter().map(|interval| interval.single()).collect()
    }

    /// Either set's numbers.
    #[must_use]
    pub fn union(&self, other: &NumberSet) -> NumberSet {
        let approximate = self.approximate || other.approximate;
        if other.is_subset_of(self) {
            return self.clone().marked_if(approximate);
        }
        if self.is_subset_of(other) {
            return other.clone().marked_if(approximate);
        }
        NumberSet::from_pieces([self.intervals(), other.intervals()].concat(), approximate)
    }

    /// The numbers in both sets.
    #[must_use]
    pub fn intersection(&self, other: &NumberSet) -> NumberSet {
        let approximate = self.approximate || other.approximate;
        let common = |left: Interval, right: Interval| {
            Interval::between_cuts(left.low_cut().max(right.low_cut()), left.high_cut().min(right.high_cut()))
        };
        if let (Pieces::One(left), Pieces::One(right)) = (&self.pieces, &other.pieces) {
            return common(*left, *right).map_or_else(NumberSet::empty, NumberSet::one).marked_if(approximate);
        }
        let mut pieces = Vec::new();
        for left in self.intervals() {
            pieces.extend(other.intervals().iter().filter_map(|right| common(*left, *right)));
        }
        NumberSet::from_pieces(pieces, approximate)
    }

    /// Every number of `self` is in `other`.
    pub fn is_subset_of(&self, other: &NumberSet) -> bool {
        // The pieces of a set have gaps between them, so a piece lies within another set only within one of its.
        self.intervals().iter().all(|piece| {
            other
                .intervals()
                .iter()
                .any(|around| around.low_cut() <= piece.low_cut() && piece.high_cut() <= around.high_cut())
        })
    }

    /// The set as that of a whole number: ends drawn in to the nearest whole number inside, pieces without one
    /// left out. A piece with several stays an interval.
    #[must_use]
    pub fn whole_only(&self) -> NumberSet {
        let pieces = self.intervals().iter().map(|piece| Interval {
            low: lowest_whole(piece.low),
            high: negated_bound(lowest_whole(negated_bound(piece.high))),
        });
        NumberSet::from_pieces(pieces.collect(), self.approximate)
    }
}

impl NumberSet {
    /// The same set, known as exactly, its ends with the same digits.
    pub fn is_identical(&self, other: &NumberSet) -> bool {
        let (own, others) = (self.intervals(), other.intervals());
        self.approximate == other.approximate
            && own.len() == others.len()
            && own.iter().zip(others).all(|(own, other)| own.is_identical(*other))
    }
}

impl PartialEq for NumberSet {
    /// The same numbers, approximate or not.
    fn eq(&self, other: &Self) -> bool {
        self.intervals() == other.intervals()
    }
}

impl Eq for NumberSet {}

/// The bound of the mirrored interval.
fn negated_bound(bound: Bound) -> Bound {
    match bound {
        Bound::Closed(number) => Bound::Closed(number.negated()),
        Bound::Open(number) => Bound::Open(number.negated()),
        Bound::Unbounded => Bound::Unbounded,
    }
}

/// The first whole number at or after a lower end.
fn lowest_whole(low: Bound) -> Bound {
    let (number, inside) = match low {
        Bound::Closed(number) => (number, number.is_whole()),
        Bound::Open(number) => (number, false),
        Bound::Unbounded => return low,
    };
    if inside {
        return low;
    }
    // Only beside the greatest number that is computed with does this fail; there the end stays as it is.
    let next = number.floor().checked_add(1);
    next.and_then(|whole| Number::fraction(whole, 1).ok()).map_or(low, Bound::Closed)
}

/// Joins neighbours in an ordered list where `fits` says so of the piece so far and the next.
fn join(pieces: &[Interval], mut fits: impl FnMut(Interval, Interval) -> bool) -> Vec<Interval> {
    let mut joined: Vec<Interval> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if fits(*last, *piece) => {
                if last.high_cut() < piece.high_cut() {
                    last.high = piece.high;
                }
            }
            _ => joined.push(*piece),
        }
    }
    joined
}

/// As many pieces as a set may have, where the gaps that go are the smallest, the lower of equal ones first.
fn close_smallest_gaps(pieces: &[Interval]) -> Vec<Interval> {
    let starts = || pieces.iter().skip(1).map(|piece| piece.low_cut());
    let mut gaps: Vec<(bool, Number, Cut)> =
        pieces.iter().zip(starts()).map(|(piece, start)| gap(piece.high_cut(), start)).collect();
    gaps.sort_unstable();
    gaps.truncate(pieces.len().saturating_sub(NumberSet::PIECES));
    let mut closed: Vec<Cut> = gaps.into_iter().map(|(_, _, start)| start).collect();
    closed.sort_unstable();
    join(pieces, |_, next| closed.binary_search(&next.low_cut()).is_ok())
}

/// A gap for sorting: its width, those too wide to compute last, and where the next piece starts.
fn gap(end: Cut, start: Cut) -> (bool, Number, Cut) {
    let width = match (end, start) {
        (Cut::At(end, _), Cut::At(start, _)) => start.minus(end).ok(),
        _ => None,
    };
    (width.is_none(), width.unwrap_or(Number::ZERO), start)
}

/// Where what lies beyond an end begins; nothing lies beyond no end.
fn beyond(end: Bound) -> Option<Bound> {
    match end {
        Bound::Closed(number) => Some(Bound::Open(number)),
        Bound::Open(number) => Some(Bound::Closed(number)),
        Bound::Unbounded => None,
    }
}
