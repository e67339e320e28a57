use proptest::prelude::*;

use super::{Date, DateError, DateRange, Period, PeriodUnit};

fn any_date() -> impl Strategy<Value = Date> {
    (1900_i16..2100, 1_i8..=12, 1_i8..=31)
        .prop_filter_map("a day of the calendar", |(year, month, day)| Date::new(year, month, day).ok())
}

fn any_period() -> impl Strategy<Value = Period> {
    let units = vec![PeriodUnit::Day, PeriodUnit::Week, PeriodUnit::Month, PeriodUnit::Year];
    (0_u32..40, prop::sample::select(units)).prop_map(|(count, unit)| Period { count, unit })
}

fn months(count: u32) -> Period {
    Period { count, unit: PeriodUnit::Month }
}

#[test]
fn mistakes_are_named() {
    let mistake = |text: &str| text.parse::<Date>().err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(mistake("2025-02-30"), "`2025-02-30` is not a date: February 2025 has 28 days");
    assert_eq!(mistake("2024-02-30"), "`2024-02-30` is not a date: February 2024 has 29 days");
    assert_eq!(mistake("2024-04-00"), "`2024-04-00` is not a date: April 2024 has 30 days");
    assert_eq!(mistake("2025-13-01"), "`2025-13-01` is not a date: there is no month 13");
    assert_eq!(mistake("1849-12-31"), "`1849-12-31` is outside the years 1850 to 2200");
    for text in ["", "5.3.2024", "2024-3-5", "2024-03", "2024-03-05T10:00", "+024-03-05", "2024-03-05-01", "2024--5"] {
        assert!(matches!(text.parse::<Date>(), Err(DateError::Form { .. })), "{text}");
    }
    for text in ["", "24", "2024-3", "March 2024", "2024-03-05-01", "2024-"] {
        assert!(matches!(text.parse::<DateRange>(), Err(DateError::RangeForm { .. })), "{text}");
    }
    let wrong_month = "2024-00".parse::<DateRange>().err().map(|error| error.to_string());
    assert_eq!(wrong_month.as_deref(), Some("`2024-00` is not a date: there is no month 0"));
}

#[test]
fn imprecise_dates() -> Result<(), DateError> {
    for (text, earliest, latest) in [
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-03-05", "2024-03-05", "2024-03-05"),
    ] {
        let range: DateRange = text.parse()?;
        assert_eq!(range, DateRange { earliest: earliest.parse()?, latest: latest.parse()? });
        assert_eq!(range.to_string(), text);
        assert_eq!(range.is_exact(), text.len() == 10);
    }
    let other = DateRange { earliest: "2024-03-05".parse()?, latest: "2024-04-02".parse()? };
    assert_eq!(other.to_string(), "2024-03-05 to 2024-04-02");
    Ok(())
}

#[test]
fn calendar_months() -> Result<(), DateError> {
    let january: Date = "2023-01-31".parse()?;
    assert_eq!(january.plus(months(1))?.to_string(), "2023-02-28");
    assert_eq!(january.plus(months(13))?.to_string(), "2024-02-29");
    assert_eq!(january.minus(months(2))?.to_string(), "2022-11-30");
    let leap: Date = "2000-02-29".parse()?;
    let age = |text: &str| text.parse().map(|date: Date| date.completed_years_since(leap));
    assert_eq!(age("2018-02-27")?, 17);
    assert_eq!(age("2018-02-28")?, 18);
    assert_eq!(age("2020-02-28")?, 19);
    assert_eq!(age("2000-02-28")?, -1);
    let far = leap.plus(months(2_500)).map_err(|error| error.to_string());
    assert_eq!(far, Err("2500 months after `2000-02-29` is outside the years 1850 to 2200".to_owned()));
    assert!(leap.plus(months(u32::MAX)).is_err());
    assert_eq!(Period { count: 1, unit: PeriodUnit::Week }.to_string(), "1 week");
    assert_eq!(Period { count: 12, unit: PeriodUnit::Week }.to_string(), "12 weeks");
    Ok(())
}

proptest! {
    #[test]
    fn written_and_read(date in any_date()) {
        prop_assert_eq!(date.to_string().parse::<Date>(), Ok(date));
    }

    #[test]
    fn days_come_back(date in any_date(), count in 0_u32..20_000) {
        let later = date.plus(Period { count, unit: PeriodUnit::Day })?;
        prop_assert_eq!(later.days_since(date), i64::from(count));
        prop_assert_eq!(date.days_since(later), -i64::from(count));
        prop_assert_eq!(later.minus(Period { count, unit: PeriodUnit::Day }), Ok(date));
    }

    #[test]
    fn periods_keep_the_order(left in any_date(), right in any_date(), period in any_period()) {
        prop_assert!(left.max(right).plus(period)? >= left.min(right).plus(period)?);
    }

    /// A month, or a year, is completed exactly when the calendar has brought the day of that many.
    #[test]
    fn completed_is_plus_turned_round(earlier in any_date(), days in 0_u32..20_000) {
        let later = earlier.plus(Period { count: days, unit: PeriodUnit::Day })?;
        for (unit, completed) in [
            (PeriodUnit::Month, later.completed_months_since(earlier)),
            (PeriodUnit::Year, later.completed_years_since(earlier)),
        ] {
            let count = u32::try_from(completed).unwrap_or(u32::MAX);
            let after = |count| earlier.plus(Period { count, unit });
            prop_assert!(after(count)? <= later);
            prop_assert!(after(count + 1)? > later);
        }
    }
}
