use super::super::interval::Cut;
use super::super::{Bound, Interval, Number, NumberError};
use super::{NumberSet, negated_bound};

/// The results of two intervals, and whether they are exactly those.
type Outcome = (Interval, bool);

impl NumberSet {
    /// Every `a + b`.
    #[inline]
    #[must_use]
    pub fn plus(&self, other: &NumberSet) -> NumberSet {
        if let Some(result) = self.both_short(other).and_then(|(left, right)| left.plus(right)) {
            return NumberSet::from(result);
        }
        self.long_plus(other)
    }

    #[cold]
    fn long_plus(&self, other: &NumberSet) -> NumberSet {
        self.combine(other, sum)
    }

    /// Every `a - b`.
    #[inline]
    #[must_use]
    pub fn minus(&self, other: &NumberSet) -> NumberSet {
        if let Some(result) = self.both_short(other).and_then(|(left, right)| left.minus(right)) {
            return NumberSet::from(result);
        }
        self.long_minus(other)
    }

    #[cold]
    fn long_minus(&self, other: &NumberSet) -> NumberSet {
        self.combine(&other.negated(), sum)
    }

    /// Every `a * b`.
    #[inline]
    #[must_use]
    pub fn times(&self, other: &NumberSet) -> NumberSet {
        if let Some(result) = self.both_short(other).and_then(|(left, right)| left.times(right)) {
            return NumberSet::from(result);
        }
        self.long_times(other)
    }

    #[cold]
    fn long_times(&self, other: &NumberSet) -> NumberSet {
        self.combine(other, product)
    }

    /// Every `a / b` with a `b` other than zero; empty when `b` can only be zero.
    #[inline]
    #[must_use]
    pub fn over(&self, other: &NumberSet) -> NumberSet {
        if let Some(result) = self.both_short(other).and_then(|(left, right)| left.over(right)) {
            return NumberSet::from(result);
        }
        self.long_over(other)
    }

    #[cold]
    fn long_over(&self, other: &NumberSet) -> NumberSet {
        self.combine(&other.reciprocal(), product)
    }

    /// Every `-a`.
    #[must_use]
    pub fn negated(&self) -> NumberSet {
        let pieces = self.intervals().iter().rev().map(|piece| mirrored(*piece)).collect();
        NumberSet::from_pieces(pieces, self.is_approximate())
    }

    /// Every smaller one of an `a` and a `b`.
    #[must_use]
    pub fn least_of(left: &NumberSet, right: &NumberSet) -> NumberSet {
        if let Some(result) = left.both_short(right).and_then(|(left, right)| left.least_of(right)) {
            return NumberSet::from(result);
        }
        left.combine(right, |left, right| {
            let low = if left.low_cut() <= right.low_cut() { left } else { right };
            let high = if left.high_cut() <= right.high_cut() { left } else { right };
            (Interval { low: low.low, high: high.high }, true)
        })
    }

    /// Every greater one of an `a` and a `b`.
    #[must_use]
    pub fn greatest_of(left: &NumberSet, right: &NumberSet) -> NumberSet {
        if let Some(result) = left.both_short(right).and_then(|(left, right)| left.greatest_of(right)) {
            return NumberSet::from(result);
        }
        left.combine(right, |left, right| {
            let low = if left.low_cut() >= right.low_cut() { left } else { right };
            let high = if left.high_cut() >= right.high_cut() { left } else { right };
            (Interval { low: low.low, high: high.high }, true)
        })
    }

    /// The union over all pairs of pieces. Without an allocation for one piece with one piece.
    fn combine(&self, other: &NumberSet, pair: impl Fn(Interval, Interval) -> Outcome) -> NumberSet {
        let mut approximate = self.is_approximate() || other.is_approximate();
        let (own, others) = (self.intervals(), other.intervals());
        if let ([left], [right]) = (&*own, &*others) {
            let (interval, exact) = pair(*left, *right);
            return NumberSet::one_of(interval, approximate || !exact);
        }
        let mut pieces = Vec::with_capacity(own.len() * others.len());
        for left in own.iter() {
            for right in others.iter() {
                let (interval, exact) = pair(*left, *right);
                approximate |= !exact;
                pieces.push(interval);
            }
        }
        NumberSet::from_pieces(pieces, approximate)
    }

    /// Every `1 / b` with a `b` other than zero.
    pub(super) fn reciprocal(&self) -> NumberSet {
        let mut approximate = self.is_approximate();
        let own = self.intervals();
        let mut pieces = Vec::with_capacity(own.len());
        // Of numbers on one side of zero the greatest have the lowest reciprocals.
        for side in [below_zero, above_zero] {
            for part in own.iter().rev().filter_map(|piece| side(*piece)) {
                let (inverse, exact) = inverted(part);
                approximate |= !exact;
                pieces.push(inverse);
            }
        }
        NumberSet::from_pieces(pieces, approximate)
    }
}

/// The numbers of an interval below zero.
fn below_zero(interval: Interval) -> Option<Interval> {
    Interval::between_cuts(interval.low_cut(), interval.high_cut().min(Cut::before(Number::ZERO)))
}

/// The numbers of an interval above zero.
fn above_zero(interval: Interval) -> Option<Interval> {
    Interval::between_cuts(interval.low_cut().max(Cut::after(Number::ZERO)), interval.high_cut())
}

fn mirrored(interval: Interval) -> Interval {
    Interval { low: negated_bound(interval.high), high: negated_bound(interval.low) }
}

fn sum(left: Interval, right: Interval) -> Outcome {
    let (low, low_exact) = sum_of_bounds(left.low, right.low);
    let (high, high_exact) = sum_of_bounds(left.high, right.high);
    (Interval { low, high }, low_exact && high_exact)
}

fn sum_of_bounds(left: Bound, right: Bound) -> (Bound, bool) {
    let (Some(left_number), Some(right_number)) = (left.number(), right.number()) else {
        return (Bound::Unbounded, true);
    };
    match left_number.plus(right_number) {
        Ok(number) if left.is_closed() && right.is_closed() => (Bound::Closed(number), true),
        Ok(number) => (Bound::Open(number), true),
        Err(_) => (Bound::Unbounded, false),
    }
}

/// The reciprocals of an interval without zero.
fn inverted(interval: Interval) -> Outcome {
    let (low, low_exact) = inverted_bound(interval.high);
    let (high, high_exact) = inverted_bound(interval.low);
    (Interval { low, high }, low_exact && high_exact)
}

fn inverted_bound(bound: Bound) -> (Bound, bool) {
    let inverse = |number| Number::ONE.over(number);
    let inverted = match bound {
        Bound::Unbounded => return (Bound::Open(Number::ZERO), true),
        Bound::Closed(number) => inverse(number).map(Bound::Closed),
        Bound::Open(number) => inverse(number).map(Bound::Open),
    };
    match inverted {
        Ok(bound) => (bound, true),
        Err(error) => (Bound::Unbounded, error == NumberError::DivisionByZero),
    }
}

/// The products lie between the least and the greatest product of two ends.
fn product(left: Interval, right: Interval) -> Outcome {
    if let (Some(left), Some(right)) = (left.single(), right.single())
        && let Ok(number) = left.times(right)
    {
        return (Interval::point(number), true);
    }
    let scaled = left.single().and_then(|by| scaled(right, by)).or_else(|| scaled(left, right.single()?));
    if let Some(scaled) = scaled {
        return (scaled, true);
    }
    let [left_low, left_high] = [End::new(left.low, -1), End::new(left.high, 1)];
    let [right_low, right_high] = [End::new(right.low, -1), End::new(right.high, 1)];
    let corners = [
        left_low.times(right_low),
        left_low.times(right_high),
        left_high.times(right_low),
        left_high.times(right_high),
    ];
    let low = corners.iter().fold(Cut::Highest, |low, corner| low.min(corner.low));
    let high = corners.iter().fold(Cut::Lowest, |high, corner| high.max(corner.high));
    let whole_line = Interval { low: Bound::Unbounded, high: Bound::Unbounded };
    let interval = Interval::between_cuts(low, high).unwrap_or(whole_line);
    (interval, corners.iter().all(|corner| corner.exact))
}

/// An interval times a number other than zero; `None` where that has too many digits.
fn scaled(interval: Interval, by: Number) -> Option<Interval> {
    let end = |bound: Bound| {
        Some(match bound {
            Bound::Closed(number) => Bound::Closed(by.times(number).ok()?),
            Bound::Open(number) => Bound::Open(by.times(number).ok()?),
            Bound::Unbounded => Bound::Unbounded,
        })
    };
    let (low, high) = (end(interval.low), end(interval.high));
    match by.sign() {
        0 => None,
        1 => Some(Interval { low: low?, high: high? }),
        _ => Some(Interval { low: high?, high: low? }),
    }
}

/// An end of an interval as a factor.
#[derive(Clone, Copy)]
struct End {
    bound: Bound,
    /// Of the number; of the direction where there is none.
    sign: i32,
}

/// A product of two ends: where an interval that has it as its lower, or as its upper, end begins and ends.
struct Corner {
    low: Cut,
    high: Cut,
    exact: bool,
}

impl End {
    fn new(bound: Bound, direction: i32) -> Self {
        End { bound, sign: bound.number().map_or(direction, Number::sign) }
    }

    fn times(self, other: End) -> Corner {
        // Zero times anything is zero, also times what has no end: it is zero that all those products have.
        if self.sign == 0 || other.sign == 0 {
            let reached = self.is_closed_zero() || other.is_closed_zero();
            return Corner::at(Number::ZERO, reached);
        }
        let sign = self.sign * other.sign;
        let (Some(left), Some(right)) = (self.bound.number(), other.bound.number()) else {
            let cut = if sign > 0 { Cut::Highest } else { Cut::Lowest };
            return Corner { low: cut, high: cut, exact: true };
        };
        match left.times(right) {
            Ok(number) => Corner::at(number, self.bound.is_closed() && other.bound.is_closed()),
            // Of a product with too many digits the sign alone is known.
            Err(_) if sign > 0 => Corner { low: Cut::after(Number::ZERO), high: Cut::Highest, exact: false },
            Err(_) => Corner { low: Cut::Lowest, high: Cut::before(Number::ZERO), exact: false },
        }
    }

    fn is_closed_zero(self) -> bool {
        self.sign == 0 && self.bound.is_closed()
    }
}

impl Corner {
    fn at(number: Number, reached: bool) -> Self {
        let (before, after) = (Cut::before(number), Cut::after(number));
        let (low, high) = if reached { (before, after) } else { (after, before) };
        Corner { low, high, exact: true }
    }
}
