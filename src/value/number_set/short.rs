//! The usual set: one interval whose ends are short whole numbers over one denominator.
//!
//! ```text
//! [7.5, 10)   ─►   low 75, high 100, over 10, upper end open
//! ```
//!
//! What does not fit is computed with the long fractions of [`Interval`]; every operation here says so by `None`.

use std::cmp::Ordering;
use std::num::NonZeroU32;

use super::super::{Bound, Interval, Number, Truth};

/// One interval, or no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Short {
    /// 0 without a lower end.
    low: i64,
    /// 0 without an upper end.
    high: i64,
    /// Of both ends.
    per: NonZeroU32,
    shape: Shape,
}

/// What the ends are, and how well the set is known: one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape(u8);

impl Shape {
    const CLOSED: Shape = Shape(0);
    const LOW_OPEN: Shape = Shape(1);
    const HIGH_OPEN: Shape = Shape(1 << 1);
    const NO_LOW: Shape = Shape(1 << 2);
    const NO_HIGH: Shape = Shape(1 << 3);
    const APPROXIMATE: Shape = Shape(1 << 4);
    const EMPTY: Shape = Shape(1 << 5);

    #[inline]
    const fn with(self, other: Shape) -> Shape {
        Shape(self.0 | other.0)
    }

    #[inline]
    const fn has(self, other: Shape) -> bool {
        self.0 & other.0 != 0
    }

    #[inline]
    fn only(self, other: Shape) -> Shape {
        Shape(self.0 & other.0)
    }

    #[inline]
    fn when(self, given: bool) -> Shape {
        if given { self } else { Shape::CLOSED }
    }
}

/// Either kind of each end.
const LOW: Shape = Shape::LOW_OPEN.with(Shape::NO_LOW);
const HIGH: Shape = Shape::HIGH_OPEN.with(Shape::NO_HIGH);

impl Short {
    /// No number.
    pub(super) const EMPTY: Short = Short { low: 0, high: 0, per: NonZeroU32::MIN, shape: Shape::EMPTY };
    /// Every number.
    pub(super) const EVERYTHING: Short =
        Short { low: 0, high: 0, per: NonZeroU32::MIN, shape: Shape::NO_LOW.with(Shape::NO_HIGH) };

    /// One number, where it is short enough.
    #[inline]
    pub(super) fn point(number: Number) -> Option<Short> {
        let (at, per) = number.short()?;
        Some(Short { low: at, high: at, per, shape: Shape::CLOSED })
    }

    /// An interval that is not empty, where its ends are short enough.
    pub(super) fn of(interval: Interval, approximate: bool) -> Option<Short> {
        let end = |bound: Bound| bound.number().map_or(Some((0, NonZeroU32::MIN)), Number::short);
        let (low, low_per) = end(interval.low)?;
        let (high, high_per) = end(interval.high)?;
        let (low, high, per) = over_one(low, low_per, high, high_per)?;
        let shape = Shape::LOW_OPEN
            .when(matches!(interval.low, Bound::Open(_)))
            .with(Shape::NO_LOW.when(interval.low == Bound::Unbounded))
            .with(Shape::HIGH_OPEN.when(matches!(interval.high, Bound::Open(_))))
            .with(Shape::NO_HIGH.when(interval.high == Bound::Unbounded))
            .with(Shape::APPROXIMATE.when(approximate));
        Some(Short { low, high, per, shape })
    }

    /// The interval; `None` of no number.
    pub(super) fn interval(self) -> Option<Interval> {
        if self.is_empty() {
            return None;
        }
        let bound = |at: i64, open: Shape, none: Shape| {
            if self.shape.has(none) {
                Bound::Unbounded
            } else if self.shape.has(open) {
                Bound::Open(Number::over_short(at, self.per))
            } else {
                Bound::Closed(Number::over_short(at, self.per))
            }
        };
        Some(Interval {
            low: bound(self.low, Shape::LOW_OPEN, Shape::NO_LOW),
            high: bound(self.high, Shape::HIGH_OPEN, Shape::NO_HIGH),
        })
    }

    /// Bytes that no other set has; the first is never the greatest there is.
    #[inline]
    pub(super) fn write_bytes(self, out: &mut Vec<u8>) {
        out.push(self.shape.0);
        out.extend(self.low.to_le_bytes());
        out.extend(self.high.to_le_bytes());
        out.extend(self.per.get().to_le_bytes());
    }

    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.shape.has(Shape::EMPTY)
    }

    #[inline]
    pub(super) fn is_approximate(self) -> bool {
        self.shape.has(Shape::APPROXIMATE)
    }

    #[inline]
    pub(super) fn marked_if(self, approximate: bool) -> Short {
        Short { shape: self.shape.with(Shape::APPROXIMATE.when(approximate)), ..self }
    }

    /// The one number.
    #[inline]
    pub(super) fn single(self) -> Option<Number> {
        self.is_point().then(|| Number::over_short(self.low, self.per))
    }

    /// Both ends are closed and the same.
    #[inline]
    fn is_point(self) -> bool {
        self.low == self.high && !self.shape.has(LOW.with(HIGH).with(Shape::EMPTY))
    }

    /// Every `a + b`.
    #[inline]
    pub(super) fn plus(self, other: Short) -> Option<Short> {
        let (left, right) = alike(self, other)?;
        Some(left.combined(right, left.low.checked_add(right.low)?, left.high.checked_add(right.high)?))
    }

    /// Every `a - b`.
    #[inline]
    pub(super) fn minus(self, other: Short) -> Option<Short> {
        self.plus(other.negated()?)
    }

    /// Every `-a`.
    #[inline]
    pub(super) fn negated(self) -> Option<Short> {
        let shape = Shape::LOW_OPEN
            .when(self.shape.has(Shape::HIGH_OPEN))
            .with(Shape::NO_LOW.when(self.shape.has(Shape::NO_HIGH)))
            .with(Shape::HIGH_OPEN.when(self.shape.has(Shape::LOW_OPEN)))
            .with(Shape::NO_HIGH.when(self.shape.has(Shape::NO_LOW)))
            .with(self.shape.only(Shape::APPROXIMATE.with(Shape::EMPTY)));
        Some(Short { low: self.high.checked_neg()?, high: self.low.checked_neg()?, per: self.per, shape })
    }

    /// Every `a * b`, where one of them is known.
    #[inline]
    pub(super) fn times(self, other: Short) -> Option<Short> {
        let (range, factor) = if other.is_point() { (self, other) } else { (other, self) };
        if !factor.is_point() || range.is_empty() {
            return None;
        }
        range.scaled(factor.low, i64::from(factor.per.get())).map(|set| set.marked_if(factor.is_approximate()))
    }

    /// Every `a / b`, where `b` is known and not 0.
    #[inline]
    pub(super) fn over(self, other: Short) -> Option<Short> {
        if !other.is_point() || other.low == 0 || self.is_empty() {
            return None;
        }
        let sign = other.low.signum();
        let set = self.scaled(sign * i64::from(other.per.get()), other.low.checked_abs()?);
        set.map(|set| set.marked_if(other.is_approximate()))
    }

    /// Times a fraction whose lower part is positive.
    #[inline]
    pub(super) fn scaled(self, by: i64, per: i64) -> Option<Short> {
        if by == 0 {
            return Some(Short { low: 0, high: 0, per: NonZeroU32::MIN, shape: self.shape.only(Shape::APPROXIMATE) });
        }
        let per = u32::try_from(i64::from(self.per.get()).checked_mul(per)?).ok().and_then(NonZeroU32::new)?;
        let turned = if by < 0 { self.negated()? } else { self };
        let by = by.checked_abs()?;
        Some(Short { low: turned.low.checked_mul(by)?, high: turned.high.checked_mul(by)?, per, shape: turned.shape })
    }

    /// Every smaller one of an `a` and a `b`.
    #[inline]
    pub(super) fn least_of(self, other: Short) -> Option<Short> {
        let (left, right) = alike(self, other)?;
        let low = if left.lows(right).is_le() { left } else { right };
        let high = if left.highs(right).is_le() { left } else { right };
        Some(left.between(right, low, high))
    }

    /// Every greater one of an `a` and a `b`.
    #[inline]
    pub(super) fn greatest_of(self, other: Short) -> Option<Short> {
        let (left, right) = alike(self, other)?;
        let low = if left.lows(right).is_ge() { left } else { right };
        let high = if left.highs(right).is_ge() { left } else { right };
        Some(left.between(right, low, high))
    }

    /// The numbers in both sets.
    #[inline]
    pub(super) fn intersection(self, other: Short) -> Option<Short> {
        let (left, right) = alike(self, other)?;
        if !left.meets(right) {
            return Some(Short::EMPTY.marked_if(left.is_approximate() || right.is_approximate()));
        }
        let low = if left.lows(right).is_ge() { left } else { right };
        let high = if left.highs(right).is_le() { left } else { right };
        Some(left.between(right, low, high))
    }

    /// Either set's numbers, where they are one interval.
    #[inline]
    pub(super) fn union(self, other: Short) -> Option<Short> {
        let (left, right) = alike(self, other)?;
        if !left.touches(right) {
            return None;
        }
        let low = if left.lows(right).is_le() { left } else { right };
        let high = if left.highs(right).is_ge() { left } else { right };
        Some(left.between(right, low, high))
    }

    /// From the lower end of one to the upper end of the other; both over the denominator of `self`.
    #[inline]
    fn between(self, other: Short, low: Short, high: Short) -> Short {
        let shape = low.shape.only(LOW).with(high.shape.only(HIGH));
        let shape = shape.with(self.shape.with(other.shape).only(Shape::APPROXIMATE));
        Short { low: low.low, high: high.high, per: self.per, shape }
    }

    /// New ends of two: open where either was, missing where either was.
    #[inline]
    fn combined(self, other: Short, low: i64, high: i64) -> Short {
        let mut shape = self.shape.with(other.shape);
        let mut ends = [(low, Shape::NO_LOW, Shape::LOW_OPEN), (high, Shape::NO_HIGH, Shape::HIGH_OPEN)];
        for (at, none, open) in &mut ends {
            if shape.has(*none) {
                *at = 0;
                shape = Shape(shape.0 & !open.0);
            }
        }
        let [(low, ..), (high, ..)] = ends;
        Short { low, high, per: self.per, shape }
    }

    /// The order of the lower ends.
    #[inline]
    fn lows(self, other: Short) -> Ordering {
        let none = |of: Short| of.shape.has(Shape::NO_LOW);
        match (none(self), none(other)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => compare((self.low, self.per), (other.low, other.per))
                .then(self.shape.has(Shape::LOW_OPEN).cmp(&other.shape.has(Shape::LOW_OPEN))),
        }
    }

    /// The order of the upper ends.
    #[inline]
    fn highs(self, other: Short) -> Ordering {
        let none = |of: Short| of.shape.has(Shape::NO_HIGH);
        match (none(self), none(other)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare((self.high, self.per), (other.high, other.per))
                .then(other.shape.has(Shape::HIGH_OPEN).cmp(&self.shape.has(Shape::HIGH_OPEN))),
        }
    }

    /// The lower end against the upper end of the other: before, at the same number, or after it.
    #[inline]
    fn low_to_high(self, other: Short) -> Ordering {
        if self.shape.has(Shape::NO_LOW) || other.shape.has(Shape::NO_HIGH) {
            return Ordering::Less;
        }
        compare((self.low, self.per), (other.high, other.per))
    }

    /// Some number here is at most some number there.
    #[inline]
    fn begins_before_end_of(self, other: Short) -> bool {
        match self.low_to_high(other) {
            Ordering::Less => true,
            Ordering::Equal => !self.shape.has(Shape::LOW_OPEN) && !other.shape.has(Shape::HIGH_OPEN),
            Ordering::Greater => false,
        }
    }

    /// Some number is in both; of none that is empty.
    #[inline]
    fn meets(self, other: Short) -> bool {
        self.begins_before_end_of(other) && other.begins_before_end_of(self)
    }

    /// They overlap, or one begins where the other ends without a gap.
    #[inline]
    fn touches(self, other: Short) -> bool {
        let joins = |low: Short, high: Short| match low.low_to_high(high) {
            Ordering::Less => true,
            Ordering::Equal => !low.shape.has(Shape::LOW_OPEN) || !high.shape.has(Shape::HIGH_OPEN),
            Ordering::Greater => false,
        };
        joins(self, other) && joins(other, self)
    }

    /// Every number here is there; of none that is empty.
    #[inline]
    pub(super) fn is_subset_of(self, other: Short) -> bool {
        other.lows(self).is_le() && self.highs(other).is_le()
    }

    /// `a` is one of the numbers of a range of a rule; of none that is empty.
    #[inline]
    pub(super) fn is_within(self, range: Short) -> Truth {
        if self.is_point() {
            let inside = self.is_subset_of(range);
            return Truth::possible(inside, !inside || range.is_approximate());
        }
        let all = !range.is_approximate() && self.is_subset_of(range);
        Truth::possible(self.meets(range), !all)
    }

    /// `a < b`; of none that is empty.
    #[inline]
    pub(super) fn is_below(self, other: Short) -> Truth {
        Truth::possible(self.low_to_high(other).is_lt(), other.begins_before_end_of(self))
    }

    /// `a = b`; of none that is empty.
    #[inline]
    pub(super) fn equals(self, other: Short) -> Truth {
        let same = self.is_point() && other.is_point() && self.low_to_high(other).is_eq();
        Truth::possible(self.meets(other), !same)
    }
}

/// The order of two fractions.
#[inline]
fn compare((left, left_per): (i64, NonZeroU32), (right, right_per): (i64, NonZeroU32)) -> Ordering {
    if left_per == right_per {
        return left.cmp(&right);
    }
    let crosswise = |at: i64, per: NonZeroU32| i128::from(at) * i128::from(per.get());
    crosswise(left, right_per).cmp(&crosswise(right, left_per))
}

/// Two sets over one denominator; `None` of one that is empty.
#[inline]
fn alike(left: Short, right: Short) -> Option<(Short, Short)> {
    if left.shape.with(right.shape).has(Shape::EMPTY) {
        return None;
    }
    if left.per == right.per {
        return Some((left, right));
    }
    let per = common(left.per, right.per)?;
    let over = |set: Short| {
        let by = i64::from(per.get() / set.per.get());
        Some(Short { low: set.low.checked_mul(by)?, high: set.high.checked_mul(by)?, per, ..set })
    };
    Some((over(left)?, over(right)?))
}

/// Two fractions over one denominator.
fn over_one(left: i64, left_per: NonZeroU32, right: i64, right_per: NonZeroU32) -> Option<(i64, i64, NonZeroU32)> {
    let per = common(left_per, right_per)?;
    let over = |at: i64, own: NonZeroU32| at.checked_mul(i64::from(per.get() / own.get()));
    Some((over(left, left_per)?, over(right, right_per)?, per))
}

/// The least denominator of both.
fn common(left: NonZeroU32, right: NonZeroU32) -> Option<NonZeroU32> {
    if left == right || right.get() == 1 {
        return Some(left);
    }
    if left.get() == 1 {
        return Some(right);
    }
    let (mut divisor, mut rest) = (left.get(), right.get());
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    left.checked_mul(NonZeroU32::new(right.get() / divisor)?)
}
