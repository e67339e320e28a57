use std::fmt;
use std::iter::{Chain, Copied};
use std::ops::Deref;
use std::{option, slice};

use super::interval::Cut;
use super::{Bound, Interval, Number};
use short::Short;

mod arithmetic;
mod comparison;
mod function;
mod short;
mod sums;
#[cfg(test)]
mod tests;

/// The numbers a fact could still be.
///
/// Operations give every result that some pair of members gives. Within the limits of pieces and of digits they
/// give no other; beyond them the set is wider than the truth, never narrower, and says so.
#[derive(Clone)]
pub struct NumberSet(Form);

/// The usual sets, nothing and one interval with short ends, need no memory of their own and no long fractions.
#[derive(Debug, Clone)]
enum Form {
    Short(Short),
    Long(Box<Long>),
}

#[derive(Debug, Clone)]
struct Long {
    /// At least one, in order, with a gap between each and the next.
    pieces: Box<[Interval]>,
    approximate: bool,
}

/// The pieces of a set, see [`NumberSet::intervals`].
#[derive(Debug)]
pub struct Intervals<'a>(Shown<'a>);

#[derive(Debug)]
enum Shown<'a> {
    One(Option<Interval>),
    Many(&'a [Interval]),
}

impl Deref for Intervals<'_> {
    type Target = [Interval];

    fn deref(&self) -> &[Interval] {
        match &self.0 {
            Shown::One(interval) => interval.as_slice(),
            Shown::Many(intervals) => intervals,
        }
    }
}

impl<'a> IntoIterator for Intervals<'a> {
    type Item = Interval;
    type IntoIter = Chain<option::IntoIter<Interval>, Copied<slice::Iter<'a, Interval>>>;

    fn into_iter(self) -> Self::IntoIter {
        let (one, many): (Option<Interval>, &[Interval]) = match self.0 {
            Shown::One(one) => (one, &[]),
            Shown::Many(many) => (None, many),
        };
        one.into_iter().chain(many.iter().copied())
    }
}

impl NumberSet {
    /// The most pieces a set keeps; beyond, neighbours with the smallest gaps become one.
    pub const PIECES: usize = 512;

    /// No number. Only a contradiction, or a function outside its domain, yields it.
    pub fn empty() -> Self {
        NumberSet(Form::Short(Short::EMPTY))
    }

    /// Every number.
    pub fn everything() -> Self {
        NumberSet(Form::Short(Short::EVERYTHING))
    }

    /// One number.
    pub fn point(number: Number) -> Self {
        Short::point(number).map_or_else(|| NumberSet::one(Interval::point(number)), NumberSet::from)
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
        NumberSet::one_of(interval, false)
    }

    fn one_of(interval: Interval, approximate: bool) -> Self {
        match Short::of(interval, approximate) {
            Some(short) => NumberSet::from(short),
            None => NumberSet(Form::Long(Box::new(Long { pieces: Box::new([interval]), approximate }))),
        }
    }

    fn from_pieces(mut pieces: Vec<Interval>, approximate: bool) -> Self {
        if !are_apart(&pieces) {
            pieces.retain(|piece| piece.low_cut() < piece.high_cut());
            pieces.sort_by_key(|piece| piece.low_cut());
            pieces = join(&pieces, |left, right| right.low_cut() <= left.high_cut());
        }
        let too_many = pieces.len() > NumberSet::PIECES;
        if too_many {
            pieces = close_smallest_gaps(&pieces);
        }
        let approximate = approximate || too_many;
        match *pieces.as_slice() {
            [] => NumberSet::empty().marked_if(approximate),
            [piece] => NumberSet::one_of(piece, approximate),
            _ => NumberSet(Form::Long(Box::new(Long { pieces: pieces.into(), approximate }))),
        }
    }

    /// The pieces of the set: in order, none empty, with a gap between each and the next.
    pub fn intervals(&self) -> Intervals<'_> {
        Intervals(match &self.0 {
            Form::Short(short) => Shown::One(short.interval()),
            Form::Long(long) => Shown::Many(&long.pieces),
        })
    }

    /// No number is possible.
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Form::Short(short) if short.is_empty())
    }

    /// The set may be wider than the truth: pieces were merged, digits ran out, or a function was enclosed.
    pub fn is_approximate(&self) -> bool {
        match &self.0 {
            Form::Short(short) => short.is_approximate(),
            Form::Long(long) => long.approximate,
        }
    }

    /// The same numbers, said to be perhaps wider than the truth.
    #[must_use]
    pub fn marked_approximate(self) -> Self {
        self.marked_if(true)
    }

    fn marked_if(mut self, approximate: bool) -> Self {
        match &mut self.0 {
            Form::Short(short) => *short = short.marked_if(approximate),
            Form::Long(long) => long.approximate |= approximate,
        }
        self
    }

    /// Both sets in their short form.
    #[inline]
    fn both_short(&self, other: &NumberSet) -> Option<(Short, Short)> {
        match (&self.0, &other.0) {
            (Form::Short(left), Form::Short(right)) => Some((*left, *right)),
            (Form::Short(_) | Form::Long(_), _) => None,
        }
    }

    /// The same, neither of them empty.
    #[inline]
    fn both_filled(&self, other: &NumberSet) -> Option<(Short, Short)> {
        self.both_short(other).filter(|(left, right)| !left.is_empty() && !right.is_empty())
    }

    /// The one number left, if there is only one.
    pub fn single(&self) -> Option<Number> {
        match &self.0 {
            Form::Short(short) => short.single(),
            Form::Long(long) => match *long.pieces {
                [only] => only.single(),
                _ => None,
            },
        }
    }

    /// The smallest interval that holds the whole set.
    pub fn hull(&self) -> Option<Interval> {
        match *self.intervals() {
            [] => None,
            [only] => Some(only),
            [first, .., last] => Some(Interval { low: first.low, high: last.high }),
        }
    }

    /// The number is possible.
    pub fn contains(&self, number: Number) -> bool {
        let pieces = self.intervals();
        let first = pieces.partition_point(|piece| piece.high_cut() <= Cut::before(number));
        pieces.get(first).is_some_and(|piece| piece.contains(number))
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
        if let Some(union) = self.both_short(other).and_then(|(left, right)| left.union(right)) {
            return NumberSet::from(union);
        }
        let approximate = self.is_approximate() || other.is_approximate();
        if other.is_subset_of(self) {
            return self.clone().marked_if(approximate);
        }
        if self.is_subset_of(other) {
            return other.clone().marked_if(approximate);
        }
        let pieces = self.intervals().into_iter().chain(other.intervals()).collect();
        NumberSet::from_pieces(pieces, approximate)
    }

    /// The numbers in both sets.
    #[must_use]
    pub fn intersection(&self, other: &NumberSet) -> NumberSet {
        if let Some(both) = self.both_short(other).and_then(|(left, right)| left.intersection(right)) {
            return NumberSet::from(both);
        }
        let approximate = self.is_approximate() || other.is_approximate();
        NumberSet::from_pieces(overlaps(&self.intervals(), &other.intervals()).collect(), approximate)
    }

    /// Every number of `self` is in `other`.
    pub fn is_subset_of(&self, other: &NumberSet) -> bool {
        if let Some((own, others)) = self.both_filled(other) {
            return own.is_subset_of(others);
        }
        // The pieces of a set have gaps between them, so a piece lies within another set only within one of its: of those
        // that do not end before it, the first.
        let others = other.intervals();
        let mut others = others.iter().peekable();
        self.intervals().iter().all(|piece| {
            while others.next_if(|around| around.high_cut() < piece.high_cut()).is_some() {}
            others.peek().is_some_and(|around| around.low_cut() <= piece.low_cut())
        })
    }

    /// The set as that of a whole number: ends drawn in to the nearest whole number inside, pieces without one
    /// left out. A piece with several stays an interval.
    #[must_use]
    pub fn whole_only(&self) -> NumberSet {
        let pieces = self.intervals().into_iter().map(|piece| Interval {
            low: lowest_whole(piece.low),
            high: negated_bound(lowest_whole(negated_bound(piece.high))),
        });
        NumberSet::from_pieces(pieces.collect(), self.is_approximate())
    }
}

impl NumberSet {
    /// The same set, known as exactly, its ends with the same digits.
    pub fn is_identical(&self, other: &NumberSet) -> bool {
        if let Some((own, others)) = self.both_short(other) {
            return own == others;
        }
        let (own, others) = (self.intervals(), other.intervals());
        self.is_approximate() == other.is_approximate()
            && own.len() == others.len()
            && own.iter().zip(others.iter()).all(|(own, other)| own.is_identical(*other))
    }
}

impl NumberSet {
    /// Bytes that only identical sets have in common ([`NumberSet::is_identical`]).
    pub fn write_bytes(&self, out: &mut Vec<u8>) {
        match &self.0 {
            Form::Short(short) => short.write_bytes(out),
            Form::Long(long) => {
                out.extend([u8::MAX, u8::from(long.approximate)]);
                out.extend(long.pieces.len().to_le_bytes());
                for bound in long.pieces.iter().flat_map(|piece| [piece.low, piece.high]) {
                    let (kind, number) = match bound {
                        Bound::Closed(number) => (0, number),
                        Bound::Open(number) => (1, number),
                        Bound::Unbounded => (2, Number::ZERO),
                    };
                    out.push(kind);
                    out.extend(number.parts().into_iter().flat_map(i128::to_le_bytes));
                }
            }
        }
    }
}

/// What the pieces of two sets have in common, in order.
fn overlaps(own: &[Interval], others: &[Interval]) -> impl Iterator<Item = Interval> {
    let (mut own, mut others) = (own.iter().peekable(), others.iter().peekable());
    let pair = move || {
        let (left, right) = (*own.peek()?, *others.peek()?);
        // What ends first meets nothing further.
        if left.high_cut() < right.high_cut() {
            own.next()
        } else {
            others.next()
        };
        Some(Interval::between_cuts(left.low_cut().max(right.low_cut()), left.high_cut().min(right.high_cut())))
    };
    std::iter::from_fn(pair).flatten()
}

impl PartialEq for NumberSet {
    /// The same numbers, approximate or not.
    fn eq(&self, other: &Self) -> bool {
        *self.intervals() == *other.intervals()
    }
}

impl Eq for NumberSet {}

impl fmt::Debug for NumberSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("NumberSet");
        shown.field("intervals", &&*self.intervals()).field("approximate", &self.is_approximate()).finish()
    }
}

impl From<Short> for NumberSet {
    fn from(short: Short) -> Self {
        NumberSet(Form::Short(short))
    }
}

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

/// None is empty, and they are in order with a gap between each and the next.
fn are_apart(pieces: &[Interval]) -> bool {
    let mut end = Cut::Lowest;
    // A piece without a lower end is the first, if its upper end is above all that.
    pieces.iter().enumerate().all(|(at, piece)| {
        let (low, high) = (piece.low_cut(), piece.high_cut());
        let is_apart = (at == 0 || end < low) && low < high;
        end = high;
        is_apart
    })
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
