use crate::value::{Bound, Interval, Number, NumberSet, Truth};

use super::{End, EndKind, Fractions, fraction};

/// The ends of an interval in half ticks: an even one is a tick, an odd one lies between two. So a lower end that does not
/// belong to the interval is one half above its tick, an upper one a half below.
///
/// ```text
/// [3, 5]   ─►  6, 10          (3, 5)   ─►  7, 9          (0, ∞)  ─►  1, far
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    pub(super) low: i64,
    pub(super) high: i64,
}

/// Where there is no end. What is known has less than a quarter of that.
const FAR: i64 = 1 << 61;

/// The most half ticks of a known end.
pub(super) const MOST: i64 = 1 << 58;

/// The bits of both parts of a threshold that ratios are held against.
pub(super) const THRESHOLD: u32 = 13;

/// The most half ticks of a ratio, and the most it is over: thresholds are held against it.
pub(super) const MOST_OF_RATIO: i64 = MOST >> (THRESHOLD + 2);

impl Ends {
    /// Every number.
    pub const EVERYTHING: Ends = Ends { low: -FAR, high: FAR };

    /// One number, in ticks.
    #[inline]
    pub fn tick(ticks: i64) -> Self {
        Ends { low: ticks * 2, high: ticks * 2 }
    }

    /// The numbers from one tick to another, or without an upper end.
    pub fn between(low: i64, high: Option<i64>) -> Self {
        Ends { low: low * 2, high: high.map_or(FAR, |high| high * 2) }
    }

    /// A set in ticks of `1 / per`, of which there are at most so many; `None` of one that does not fit.
    pub(super) fn of(set: &NumberSet, per: i64, most: i64) -> Option<Self> {
        let interval = only_interval(set)?;
        let ticks = |number: Number| {
            let (at, of) = fraction(number)?;
            let scaled = i128::from(at) * i128::from(per);
            let ticks = i64::try_from(scaled / i128::from(of)).ok()?;
            (scaled % i128::from(of) == 0 && ticks.abs() <= most).then_some(ticks * 2)
        };
        Some(Ends {
            low: match interval.low {
                Bound::Closed(number) => ticks(number)?,
                Bound::Open(number) => ticks(number)? + 1,
                Bound::Unbounded => -FAR,
            },
            high: match interval.high {
                Bound::Closed(number) => ticks(number)?,
                Bound::Open(number) => ticks(number)? - 1,
                Bound::Unbounded => FAR,
            },
        })
    }

    /// A set as ends over one number.
    pub(super) fn of_ratio(set: &NumberSet) -> Option<(Self, i64)> {
        let interval = only_interval(set)?;
        let per = |bound: Bound| bound.number().map_or(Some(1), |number| fraction(number).map(|(_, per)| per));
        let (low, high) = (per(interval.low)?, per(interval.high)?);
        // The ends of a multiple that is not known are 0 or none.
        let over = if low == high { low } else { low.checked_mul(high)? };
        let most = MOST_OF_RATIO / 2;
        (over < most).then_some(())?;
        Some((Ends::of(set, over, most)?, over))
    }

    /// Whole numbers one after the other, from the first to the last; `None` of another set.
    pub(super) fn of_run(set: &NumberSet, per: i64, most: i64) -> Option<Self> {
        let mut expected: Option<Number> = None;
        for interval in set.intervals() {
            let number = interval.single().filter(|number| number.is_whole())?;
            expected.is_none_or(|expected| expected == number).then_some(())?;
            expected = number.plus(Number::ONE).ok();
        }
        let hull = set.hull()?;
        Ends::of(&NumberSet::from_interval(hull), per, most)
    }

    /// A range as the whole numbers in it, of ticks of `1 / per`.
    pub(super) fn whole_only(self, per: i64) -> Ends {
        let (step, low, high) = (2 * per, self.low, self.high);
        let next = |at: i64| -((-at).div_euclid(step)) * step;
        Ends {
            low: if low <= -MOST { low } else { next(low) },
            high: if high >= MOST { high } else { high.div_euclid(step) * step },
        }
    }

    /// Times a whole number, where the ends that are known stay below a bound.
    pub(super) fn times_within(self, by: i64, most: i64) -> Option<Self> {
        let short = |end: i64| end.abs() >= MOST || end.checked_mul(by).is_some_and(|end| end.abs() < most);
        (short(self.low) && short(self.high)).then(|| self.times(by))
    }

    /// The numbers, of ticks of `1 / per`.
    pub fn set(self, per: i64) -> NumberSet {
        let number = |ticks: i64| Number::fraction(ticks.into(), per.into()).unwrap_or(Number::ZERO);
        let low = match self.low {
            low if low <= -MOST => Bound::Unbounded,
            low if low & 1 == 0 => Bound::Closed(number(low / 2)),
            low => Bound::Open(number((low - 1) / 2)),
        };
        let high = match self.high {
            high if high >= MOST => Bound::Unbounded,
            high if high & 1 == 0 => Bound::Closed(number(high / 2)),
            high => Bound::Open(number((high + 1) / 2)),
        };
        NumberSet::from_interval(Interval { low, high })
    }

    /// Each end is at 0, or there is none.
    #[inline]
    pub(super) fn are_at_zero(self) -> bool {
        let at_zero = |end: i64| (-1..=1).contains(&end);
        (at_zero(self.low) || self.low <= -MOST) && (at_zero(self.high) || self.high >= MOST)
    }

    /// The one number, in ticks.
    #[inline]
    pub(super) fn point(self) -> Option<i64> {
        (self.low == self.high && self.low & 1 == 0).then_some(self.low / 2)
    }

    /// Every `a + b`, of one scale.
    #[inline]
    pub(super) fn plus(self, other: Ends) -> Ends {
        let open = |left: i64, right: i64| left & right & 1;
        Ends {
            low: (self.low + other.low - open(self.low, other.low)).max(-FAR),
            high: (self.high + other.high + open(self.high, other.high)).min(FAR),
        }
    }

    /// Every greater one of an `a` and a `b`.
    #[inline]
    pub(super) fn greatest_of(self, other: Ends) -> Ends {
        Ends { low: self.low.max(other.low), high: self.high.max(other.high) }
    }

    /// Every smaller one of an `a` and a `b`.
    #[inline]
    pub(super) fn least_of(self, other: Ends) -> Ends {
        Ends { low: self.low.min(other.low), high: self.high.min(other.high) }
    }

    /// Every number times a whole number; of the bounds of the scales the ends that are known stay below [`MOST`].
    #[inline]
    pub(super) fn times(self, by: i64) -> Ends {
        match by {
            1 => self,
            2.. => self.times_above_0(by),
            ..=0 => self.turned().times_above_0(by.saturating_neg()),
        }
    }

    /// The same of a whole number above 0.
    #[inline]
    pub(super) fn times_above_0(self, by: i64) -> Ends {
        let Ends { low, high } = self;
        let (low_open, high_open) = (low & 1, high & 1);
        Ends {
            low: if low <= -MOST { -FAR } else { (low - low_open) * by + low_open },
            high: if high >= MOST { FAR } else { (high + high_open) * by - high_open },
        }
    }

    /// Every number taken from 0.
    #[inline]
    pub(super) fn turned(self) -> Ends {
        Ends { low: -self.high, high: -self.low }
    }

    #[inline]
    pub(super) fn meets(self, other: Ends) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    #[inline]
    pub(super) fn lies_in(self, other: Ends) -> bool {
        self.low >= other.low && self.high <= other.high
    }

    /// The number lies in a range.
    #[inline]
    pub(super) fn is_within(self, range: Ends) -> Truth {
        Truth::possible(self.meets(range), !self.lies_in(range))
    }

    /// `a < b`
    #[inline]
    pub(super) fn is_below(self, other: Ends) -> Truth {
        Truth::possible(self.low >> 1 < (other.high + 1) >> 1, other.low <= self.high)
    }

    /// `a = b`
    #[inline]
    pub(super) fn equals(self, other: Ends) -> Truth {
        let same = self == other && self.point().is_some();
        Truth::possible(self.meets(other), !same)
    }
}

fn only_interval(set: &NumberSet) -> Option<Interval> {
    let mut intervals = set.intervals().into_iter();
    let only = intervals.next().filter(|_| !set.is_approximate())?;
    intervals.next().is_none().then_some(only)
}

impl Fractions {
    /// The ends of a range of a rule; `None` of several.
    pub(super) fn of(set: &NumberSet) -> Option<Self> {
        let interval = only_interval(set)?;
        let end = |bound: Bound| {
            let (kind, number) = match bound {
                Bound::Closed(number) => (EndKind::Closed, number),
                Bound::Open(number) => (EndKind::Open, number),
                Bound::Unbounded => (EndKind::Unbounded, Number::ZERO),
            };
            let (at, per) = fraction(number).filter(|(at, per)| at.abs() < 1 << THRESHOLD && *per < 1 << THRESHOLD)?;
            Some(End { at, per, kind })
        };
        Some(Fractions { low: end(interval.low)?, high: end(interval.high)? })
    }

    /// Whether a ratio lies in the range: its ends, each with the ends of the range brought to one scale.
    #[inline]
    pub(super) fn holds(self, ratio: Ends, over: i64) -> (bool, bool) {
        let (above, all_above) = match self.low.kind {
            EndKind::Unbounded => (true, true),
            kind @ (EndKind::Closed | EndKind::Open) => {
                let end = 2 * self.low.at * over + i64::from(kind == EndKind::Open);
                let ratio = ratio.times(self.low.per);
                (ratio.high >= end, ratio.low >= end)
            }
        };
        let (below, all_below) = match self.high.kind {
            EndKind::Unbounded => (true, true),
            kind @ (EndKind::Closed | EndKind::Open) => {
                let end = 2 * self.high.at * over - i64::from(kind == EndKind::Open);
                let ratio = ratio.times(self.high.per);
                (ratio.low <= end, ratio.high <= end)
            }
        };
        (above && below, all_above && all_below)
    }
}
