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
