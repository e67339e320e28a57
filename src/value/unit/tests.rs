use std::collections::BTreeMap;

use octofhir_ucum::{analyse, is_comparable};
use proptest::prelude::*;

use super::spelling::one_form;
use super::table::TABLE;
use super::{Quantity, Unit, UnitError, UnitKind};
use crate::value::{Number, NumberError};

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap_or_else(|error| unreachable!("{error}"))
}

fn number(text: &str) -> Number {
    text.parse().unwrap_or(Number::ZERO)
}

fn first_of(kind: UnitKind) -> Unit {
    Unit::all().find(|unit| unit.kind() == kind).unwrap_or_else(|| unit("1"))
}

/// Each code is one of UCUM, and each factor is that of UCUM to 24 digits.
#[test]
fn agrees_with_ucum() -> Result<(), Box<dyn std::error::Error>> {
    for (row, unit) in TABLE.iter().zip(Unit::all()) {
        let base = first_of(unit.kind());
        assert!(is_comparable(unit.ucum(), base.ucum())?, "{unit:?} and {base:?}");
        let (own, other) = (analyse(unit.ucum())?.factor, analyse(base.ucum())?.factor);
        let of = octofhir_ucum::Number::from_i64;
        let left = own.checked_mul(of(row.divisor)).ok_or("product")?;
        let right = other.checked_mul(of(row.factor)).ok_or("product")?;
        let apart = left.checked_sub(right).and_then(|rest| rest.checked_div(right)).ok_or("quotient")?;
        assert!(apart.to_f64().abs() < 1e-24, "{unit:?} is {} of {base:?}", own.to_f64() / other.to_f64());
    }
    Ok(())
}

#[test]
fn the_first_of_a_kind_is_what_factors_count_in() {
    for unit in Unit::all() {
        let base = first_of(unit.kind()).row();
        assert_eq!((base.factor, base.divisor), (1, 1), "{unit:?}");
    }
    assert!(u8::try_from(TABLE.len()).is_ok());
}

/// Each spelling, in every form, is that of one unit.
#[test]
fn spellings_are_of_one_unit() {
    let mut taken = BTreeMap::new();
    for unit in Unit::all() {
        let row = unit.row();
        for spelling in row.aliases.iter().chain([&row.symbol, &row.ucum]) {
            assert_eq!(Unit::parse(spelling), Ok(unit), "{spelling}");
            for form in [(*spelling).to_owned(), one_form(spelling)] {
                let before = taken.insert(form, unit);
                assert!(before.is_none_or(|before| before == unit), "{spelling}: {before:?} and {unit:?}");
            }
        }
    }
    assert!(Unit::spellings().any(|spelling| spelling == "IU/L"));
}

#[test]
fn variants_of_spelling() {
    for (symbol, variants) in [
        ("U/L", &["IU/L", "[IU]/L", "U/l", " U/L "][..]),
        ("ukat/L", &["µkat/L", "μkat/L", "microkat/L", "ukat/l"]),
        ("mIU/L", &["µIU/mL", "uIU/mL", "m[IU]/L"]),
        ("G/L", &["x10^9/L", "10^9/L", "10*9/L", "×10⁹/L"]),
        ("ug", &["mcg", "µg"]),
        ("ug/L", &["mcg/L"]),
        ("hours", &["hour", "h"]),
        ("days", &["day", "d"]),
        ("weeks", &["week", "wk", "wks"]),
        ("months", &["month", "mths"]),
        ("years", &["year", "a", "y", "yrs"]),
        ("points", &["point"]),
        ("mg/week", &["mg/wk", "mg per week"]),
        ("mg/m2/week", &["mg/m²/week"]),
        ("mL/min/{1.73_m2}", &["mL/min/1.73 m²", "ml/min/1.73m2"]),
        ("g/kg per cycle", &["g/kg/cycle"]),
        ("degC", &["°C", "Cel"]),
        ("pack-years", &["pack years"]),
    ] {
        for variant in variants {
            assert_eq!(Unit::parse(variant), Ok(unit(symbol)), "{variant}");
        }
    }
    for text in ["", "mgs/week", "MG", "u/l", "mg//day", "patient-years", "mg/dose/day"] {
        let message = Unit::parse(text).err().map(|error| error.to_string());
        assert_eq!(message, Some(format!("`{text}` is not a unit")));
    }
}

#[test]
fn is_read_where_braces_mean_something_else() {
    for unit in Unit::all() {
        let plain = unit.plain();
        assert_eq!(Unit::parse(&plain), Ok(unit), "{plain}");
        assert!(!plain.contains(['{', '}', '[', ']', ',', '#', ':']), "{plain}");
    }
}

#[test]
fn converts_exactly() {
    for (value, from, expected, to) in [
        ("1", "ukat/L", "60", "U/L"),
        ("1000", "nkat/L", "60", "U/L"),
        ("1", "cm", "10", "mm"),
        ("1.2", "mg/dL", "12", "mg/L"),
        ("15", "mg/week", "15", "mg/week"),
        ("1", "g/day", "7000", "mg/week"),
        ("2", "g/kg", "2000", "mg/kg"),
        ("12", "weeks", "84", "days"),
        ("2", "years", "24", "months"),
        ("50", "%", "0.5", "1"),
        ("4500", "/uL", "4.5", "G/L"),
        ("2.5", "uIU/mL", "2.5", "mIU/L"),
    ] {
        assert_eq!(Unit::convert(number(value), unit(from), unit(to)), Ok(number(expected)), "{value} {from}");
    }
    let huge = Number::fraction(i128::MAX, 1).unwrap_or(Number::ZERO);
    let overflow = Unit::convert(huge, unit("kg"), unit("mg"));
    assert!(matches!(overflow, Err(UnitError::Conversion { error: NumberError::Overflow, .. })));
}

#[test]
fn different_things_are_not_compared() {
    for (left, right) in [
        ("mg/kg/day", "%/day"),
        ("mg/day", "mg/kg/day"),
        ("mL/min", "mL/min/{1.73_m2}"),
        ("months", "weeks"),
        ("years", "days"),
        ("mg/dL", "umol/L"),
        ("g per dose", "g in all"),
        ("g per dose", "g"),
        ("g/kg", "g/kg per cycle"),
        ("points", "1"),
        ("doses", "cycles"),
        ("U/mL", "IU/mL"),
    ] {
        let (left, right) = (unit(left), unit(right));
        assert_eq!(Unit::convert(Number::ONE, left, right), Err(UnitError::NotComparable { from: left, to: right }));
    }
    let message = Unit::convert(Number::ONE, unit("months"), unit("weeks")).err().map(|error| error.to_string());
    let expected = "`months` and `weeks` cannot be compared: a time by the calendar and a time of fixed length";
    assert_eq!(message.as_deref(), Some(expected));
}

#[test]
fn quantities() -> Result<(), UnitError> {
    for (text, printed) in [
        ("1450 U/L", "1450 U/L"),
        ("20 mg/week", "20 mg/week"),
        ("15mg", "15 mg"),
        ("1.30", "1.3"),
        ("-2 points", "-2 points"),
        ("1 weeks", "1 week"),
        ("1 s", "1 s"),
        ("1 ms", "1 ms"),
        ("80%", "80 %"),
        ("4.5 x10^9/L", "4.5 G/L"),
        ("2 g/kg per cycle", "2 g/kg per cycle"),
    ] {
        assert_eq!(Quantity::parse(text)?.to_string(), printed);
    }
    let mistake = |text: &str| Quantity::parse(text).err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(mistake("1,5 mg"), "`1,5`: a decimal point, not a comma");
    assert_eq!(mistake("mg"), "`mg`: not a number");
    assert_eq!(mistake("12-15 mg"), "`12-15`: not a number");
    assert_eq!(mistake("20 mgs/week"), "`mgs/week` is not a unit");
    assert_eq!(Quantity::parse("2 g")?.in_unit(unit("mg"))?.to_string(), "2000 mg");
    let bare = Quantity::parse("2")?;
    assert_eq!(bare.in_unit(unit("mg")), Err(UnitError::NoUnit { unit: unit("mg") }));
    Ok(())
}

proptest! {
    #[test]
    fn there_and_back(thousandths in -1_000_000_000_i64..1_000_000_000, from in 0..TABLE.len(), to in 0..TABLE.len()) {
        let nth = |position| Unit::all().nth(position).unwrap_or_else(|| unit("1"));
        let (from, to) = (nth(from), nth(to));
        let value = Number::whole(thousandths).over(Number::whole(1000))?;
        match Unit::convert(value, from, to) {
            Ok(other) => prop_assert_eq!(Unit::convert(other, to, from), Ok(value)),
            Err(error) => prop_assert_eq!(error, UnitError::NotComparable { from, to }),
        }
        let quantity = Quantity { value, unit: Some(from) };
        if from.symbol() != "1" {
            prop_assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity));
        }
    }
}
