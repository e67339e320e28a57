use super::Number;

/// One end of an [`Interval`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The number itself belongs to the interval.
    Closed(Number),
    /// The number itself does not.
    Open(Number),
    /// No end.
    Unbounded,
}

impl Bound {
    /// The number at the end, if there is one.
    pub fn number(self) -> Option<Number> {
        match self {
            Bound::Closed(number) | Bound::Open(number) => Some(number),
            Bound::Unbounded => None,
        }
    }

    /// The number at the end belongs to the interval.
    pub fn is_closed(self) -> bool {
        matches!(self, Bound::Closed(_))
    }
}

/// All numbers between two ends; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The lower end.
    pub low: Bound,
    /// The upper end.
    pub high: Bound,
}

impl Interval {
    /// The interval that holds one number only.
    pub fn point(number: Number) -> Self {
        Interval { low: Bound::Closed(number), high: Bound::Closed(number) }
    }

    /// The one number in it, if there is only one.
    pub fn single(self) -> Option<Number> {
        match (self.low, self.high) {
            (Bound::Closed(low), Bound::Closed(high)) if low == high => Some(low),
            _ => None,
        }
    }

    /// The number lies between the ends.
    pub fn contains(self, number: Number) -> bool {
        self.low_cut() <= Cut::before(number) && Cut::after(number) <= self.high_cut()
    }

    /// The same ends with the same digits.
    pub(super) fn is_identical(self, other: Interval) -> bool {
        let same = |one: Bound, other: Bound| match (one, other) {
            (Bound::Closed(one), Bound::Closed(other)) | (Bound::Open(one), Bound::Open(other)) => {
                one.is_identical(other)
            }
            (Bound::Unbounded, Bound::Unbounded) => true,
            (Bound::Closed(_) | Bound::Open(_) | Bound::Unbounded, _) => false,
        };
        same(self.low, other.low) && same(self.high, other.high)
    }

    /// The cut at the lower end.
    pub(super) fn low_cut(self) -> Cut {
        match self.low {
            Bound::Closed(number) => Cut::before(number),
            Bound::Open(number) => Cut::after(number),
            Bound::Unbounded => Cut::Lowest,
        }
    }

    /// The cut at the upper end.
    pub(super) fn high_cut(self) -> Cut {
        match self.high {
            Bound::Closed(number) => Cut::after(number),
            Bound::Open(number) => Cut::before(number),
            Bound::Unbounded => Cut::Highest,
        }
    }

    /// The numbers between two cuts, if there are any.
    pub(super) fn between_cuts(low: Cut, high: Cut) -> Option<Self> {
        (low < high).then(|| Interval { low: low.as_low(), high: high.as_high() })
    }
}

/// A place between numbers where an interval may begin or end.
///
/// Every end, closed, open or missing, is such a place, and the places have one order. So *lower end below upper
/// end* means *not empty*, and equal places mean *they touch without a gap*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    /// Below all numbers.
    Lowest,
    /// Just before or just after a number.
    At(Number, Side),
    /// Above all numbers.
    Highest,
}

/// On which side of its number a [`Cut`] lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// Just below the number.
    Before,
    /// Just above it.
    After,
}

impl Cut {
    /// Just below a number.
    pub(super) fn before(number: Number) -> Self {
        Cut::At(number, Side::Before)
    }

    /// Just above a number.
    pub(super) fn after(number: Number) -> Self {
        Cut::At(number, Side::After)
    }

    fn as_low(self) -> Bound {
        match self {
            Cut::Lowest | Cut::Highest => Bound::Unbounded,
            Cut::At(number, Side::Before) => Bound::Closed(number),
            Cut::At(number, Side::After) => Bound::Open(number),
        }
    }

    fn as_high(self) -> Bound {
        match self {
            Cut::Lowest | Cut::Highest => Bound::Unbounded,
            Cut::At(number, Side::Before) => Bound::Open(number),
            Cut::At(number, Side::After) => Bound::Closed(number),
        }
    }
}
