use std::fmt;

/// A length of time as rules write it: `12 weeks`, `1 year`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: PeriodUnit,
}

/// What a [`Period`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodUnit {
    /// `days`.
    Day,
    /// `weeks`, of seven days.
    Week,
    /// `months`, of the calendar.
    Month,
    /// `years`, of the calendar.
    Year,
}

impl PeriodUnit {
    /// The word for one of them.
    pub fn word(self) -> &'static str {
        match self {
            PeriodUnit::Day => "day",
            PeriodUnit::Week => "week",
            PeriodUnit::Month => "month",
            PeriodUnit::Year => "year",
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = if self.count == 1 { "" } else { "s" };
        write!(formatter, "{} {}{ending}", self.count, self.unit.word())
    }
}
