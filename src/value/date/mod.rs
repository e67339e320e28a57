use std::fmt;
use std::str::FromStr;

use jiff::civil;
use thiserror::Error;

use super::Number;

mod period;
mod range;
#[cfg(test)]
mod tests;

pub use period::{Period, PeriodUnit};
pub use range::DateRange;

/// A day of the calendar, from the year 1850 to 2200.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// Why there is no date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DateError {
    /// The text does not have the form of a date.
    #[error("`{text}` is not a date: write year, month and day as in `2024-03-05`")]
    Form {
        /// The text as written.
        text: String,
    },
    /// The text does not have the form of a date, a month or a year.
    #[error("`{text}` is not a date: write it as in `2024-03-05`, `2024-03` or `2024`")]
    RangeForm {
        /// The text as written.
        text: String,
    },
    /// A month above 12, or 0.
    #[error("`{text}` is not a date: there is no month {month}")]
    NoSuchMonth {
        /// The text as written.
        text: String,
        /// The month as written.
        month: i8,
    },
    /// A day that the month does not have.
    #[error("`{text}` is not a date: {month} {year} has {days} days")]
    NoSuchDay {
        /// The text as written.
        text: String,
        /// The month's name.
        month: &'static str,
        /// The year.
        year: i16,
        /// How many days the month has in that year.
        days: i8,
    },
    /// A year before 1850 or after 2200.
    #[error("`{text}` is outside the years 1850 to 2200")]
    Year {
        /// The text as written.
        text: String,
    },
    /// A period leads out of the years 1850 to 2200.
    #[error("{period} {direction} `{date}` is outside the years 1850 to 2200")]
    OutOfReach {
        /// The day it was counted from.
        date: Date,
        /// The period that was too long.
        period: Period,
        /// `before` or `after`.
        direction: &'static str,
    },
}

const YEARS: std::ops::RangeInclusive<i16> = 1850..=2200;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Date {
    /// The day of a year, a month from 1 and a day from 1; an error when the calendar does not have it.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, DateError> {
        let text = || format!("{year:04}-{month:02}-{day:02}");
        let first = first_of_month(year, month, text)?;
        match civil::Date::new(year, month, day) {
            Ok(date) => Ok(Date(date)),
            Err(_) => Err(DateError::NoSuchDay {
                text: text(),
                month: month_name(month),
                year,
                days: first.0.days_in_month(),
            }),
        }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// How many days `earlier` lies before; negative when it lies after.
    pub fn days_since(self, earlier: Date) -> i64 {
        self.0.duration_since(earlier.0).as_hours() / 24
    }

    /// The day a period later. Months and years are those of the calendar: a month after 31 January is the last
    /// day of February. An error outside the years 1850 to 2200.
    pub fn plus(self, period: Period) -> Result<Date, DateError> {
        self.moved(period, 1).ok_or(DateError::OutOfReach { date: self, period, direction: "after" })
    }

    /// The day a period earlier, in the same way.
    pub fn minus(self, period: Period) -> Result<Date, DateError> {
        self.moved(period, -1).ok_or(DateError::OutOfReach { date: self, period, direction: "before" })
    }

    fn moved(self, period: Period, direction: i64) -> Option<Date> {
        let count = direction * i64::from(period.count);
        let span = jiff::Span::new();
        let span = match period.unit {
            PeriodUnit::Day => span.try_days(count),
            PeriodUnit::Week => span.try_weeks(count),
            PeriodUnit::Month => span.try_months(count),
            PeriodUnit::Year => span.try_years(count),
        };
        let date = self.0.checked_add(span.ok()?).ok()?;
        YEARS.contains(&date.year()).then_some(Date(date))
    }

    /// The greatest whole number of calendar years by which `earlier` may move and not pass this day: the age of
    /// someone born on `earlier`. Who is born on 29 February completes a year on 28 February of a common year.
    /// Negative when `earlier` lies after.
    pub fn completed_years_since(self, earlier: Date) -> i64 {
        self.completed_months_since(earlier).div_euclid(12)
    }

    /// The greatest whole number of calendar months by which `earlier` may move and not pass this day; negative
    /// when it lies after.
    pub fn completed_months_since(self, earlier: Date) -> i64 {
        let months = |date: Date| 12 * i64::from(date.year()) + i64::from(date.month());
        // A day that this month does not have counts as its last, as in `plus`.
        let due = earlier.day().min(self.0.days_in_month());
        months(self) - months(earlier) - i64::from(self.day() < due)
    }

    /// The exact number of calendar years since `earlier`: the completed ones, and of the year that runs the share
    /// of its days that have passed. An age of 45 and a day is above 45.
    pub fn years_since(self, earlier: Date) -> Number {
        self.units_since(earlier, self.completed_years_since(earlier), 12)
    }

    /// The exact number of calendar months since `earlier`, in the same way.
    pub fn months_since(self, earlier: Date) -> Number {
        self.units_since(earlier, self.completed_months_since(earlier), 1)
    }

    fn units_since(self, earlier: Date, completed: i64, months: i64) -> Number {
        let after = |units: i64| {
            let span = jiff::Span::new().try_months(units * months).ok()?;
            earlier.0.checked_add(span).ok().map(Date)
        };
        let share = after(completed).zip(after(completed + 1)).and_then(|(begun, full)| {
            Number::fraction(self.days_since(begun).into(), full.days_since(begun).into()).ok()
        });
        let completed = Number::whole(completed);
        share.and_then(|share| completed.plus(share).ok()).unwrap_or(completed)
    }

    /// Days since 1 January 1970; negative before.
    pub fn day_number(self) -> i64 {
        self.days_since(Date(civil::date(1970, 1, 1)))
    }

    fn last_of_month(self) -> Date {
        Date(self.0.last_of_month())
    }

    fn last_of_year(self) -> Date {
        Date(self.0.last_of_year())
    }
}

impl FromStr for Date {
    type Err = DateError;

    /// Four digits of the year, two of the month, two of the day: `2024-03-05`.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let form = || DateError::Form { text: text.to_owned() };
        match *parts(text).as_slice() {
            [Some(year), Some(month), Some(day)] => Date::new(year, small(month), small(day)),
            _ => Err(form()),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

/// The first day of a month, from 1 to 12; `text` is what was written.
fn first_of_month(year: i16, month: i8, text: impl Fn() -> String) -> Result<Date, DateError> {
    if !YEARS.contains(&year) {
        return Err(DateError::Year { text: text() });
    }
    civil::Date::new(year, month, 1).map(Date).map_err(|_| DateError::NoSuchMonth { text: text(), month })
}

fn month_name(month: i8) -> &'static str {
    let position = usize::try_from(month).ok().and_then(|month| month.checked_sub(1));
    position.and_then(|position| MONTHS.get(position)).copied().unwrap_or("the month")
}

/// The numbers of `2024-03-05` with four, two and two digits; `None` where there is no such number.
fn parts(text: &str) -> Vec<Option<i16>> {
    let widths = [4, 2, 2].into_iter().chain(std::iter::repeat(0));
    let number = |(part, width): (&str, usize)| {
        let right = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| right)
    };
    text.split('-').zip(widths).map(number).collect()
}

/// A number of two digits.
fn small(number: i16) -> i8 {
    i8::try_from(number).unwrap_or(i8::MAX)
}
