use std::fmt;
use std::str::FromStr;

use super::{Date, DateError, first_of_month, parts, small};

/// The days a date could be: one, those of a month, those of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    /// The first possible day.
    pub earliest: Date,
    /// The last possible day; not before the first.
    pub latest: Date,
}

impl DateRange {
    /// One day.
    pub fn exact(date: Date) -> Self {
        DateRange { earliest: date, latest: date }
    }

    /// The day is known.
    pub fn is_exact(self) -> bool {
        self.earliest == self.latest
    }

    /// From the earlier first day to the later last one.
    #[must_use]
    pub fn hull(self, other: DateRange) -> Self {
        DateRange { earliest: self.earliest.min(other.earliest), latest: self.latest.max(other.latest) }
    }

    /// The day could be this one.
    pub fn contains(self, date: Date) -> bool {
        self.earliest <= date && date <= self.latest
    }
}

impl From<Date> for DateRange {
    fn from(date: Date) -> Self {
        DateRange::exact(date)
    }
}

impl FromStr for DateRange {
    type Err = DateError;

    /// `2024-03-05`, `2024-03` or `2024`.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let owned = || text.to_owned();
        match *parts(text).as_slice() {
            [Some(_), Some(_), Some(_)] => Ok(DateRange::exact(text.parse()?)),
            [Some(year), Some(month)] => {
                let earliest = first_of_month(year, small(month), owned)?;
                Ok(DateRange { earliest, latest: earliest.last_of_month() })
            }
            [Some(year)] => {
                let earliest = first_of_month(year, 1, owned)?;
                Ok(DateRange { earliest, latest: earliest.last_of_year() })
            }
            _ => Err(DateError::RangeForm { text: owned() }),
        }
    }
}

impl fmt::Display for DateRange {
    /// As written: `2024-03-05`, `2024-03`, `2024`; another range as `2024-03-05 to 2024-04-02`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DateRange { earliest, latest } = *self;
        let starts_month = earliest.day() == 1;
        if self.is_exact() {
            write!(formatter, "{earliest}")
        } else if starts_month && earliest.month() == 1 && latest == earliest.last_of_year() {
            write!(formatter, "{:04}", earliest.year())
        } else if starts_month && latest == earliest.last_of_month() {
            write!(formatter, "{:04}-{:02}", earliest.year(), earliest.month())
        } else {
            write!(formatter, "{earliest} to {latest}")
        }
    }
}
