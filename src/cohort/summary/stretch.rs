//! Numbers are counted by stretches that are the same for every cohort: a patient's own number is kept nowhere.

use crate::value::{Number, NumberSet};

/// The largest decade that is told apart.
const DECADES: u32 = 12;

/// The stretch a settled number lies in: `0`, `30 to below 40`, `0.3 to below 0.4`.
pub(super) fn of_set(set: &NumberSet) -> String {
    let low = set.hull().and_then(|hull| hull.low.number());
    low.map_or_else(|| "a number".to_owned(), of)
}

fn of(number: Number) -> String {
    if number.sign() == 0 {
        return "0".to_owned();
    }
    if number.sign() < 0 {
        let (low, high) = ends(number.negated());
        return format!("-{low} down to above -{high}");
    }
    let (low, high) = ends(number);
    format!("{low} to below {high}")
}

/// The ends of the stretch of a positive number: one digit, then nothing but zeros.
fn ends(number: Number) -> (String, String) {
    let ten = |power: u32| 10_i128.checked_pow(power).unwrap_or(i128::MAX);
    let whole = number.floor();
    if whole >= 1 {
        let power = (0..=DECADES).rev().find(|power| ten(*power) <= whole).unwrap_or(0);
        let digit = whole / ten(power);
        return if digit > 9 {
            (ten(DECADES + 1).to_string(), "any number".to_owned())
        } else {
            ((digit * ten(power)).to_string(), ((digit + 1) * ten(power)).to_string())
        };
    }
    for power in 1..=DECADES {
        let Ok(scaled) = number.times(Number::whole(i64::try_from(ten(power)).unwrap_or(i64::MAX))) else { break };
        let digit = scaled.floor();
        if digit >= 1 {
            return (decimal(digit, power), decimal(digit + 1, power));
        }
    }
    ("0".to_owned(), decimal(1, DECADES))
}

/// So many of the last of some decimals.
fn decimal(digit: i128, places: u32) -> String {
    if digit == 10 {
        return if places == 1 { "1".to_owned() } else { decimal(1, places - 1) };
    }
    let zeros = "0".repeat(places.saturating_sub(1) as usize);
    format!("0.{zeros}{digit}")
}

/// Where a stretch comes among others.
pub(super) fn order(stretch: &str) -> Option<Number> {
    stretch.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{of, order};
    use crate::value::Number;

    #[test]
    fn a_stretch_has_one_digit() {
        let told = |text: &str| of(text.parse().unwrap_or(Number::whole(0)));
        assert_eq!(told("0"), "0");
        assert_eq!(told("42.5"), "40 to below 50");
        assert_eq!(told("100"), "100 to below 200");
        assert_eq!(told("9.99"), "9 to below 10");
        assert_eq!(told("0.37"), "0.3 to below 0.4");
        assert_eq!(told("0.099"), "0.09 to below 0.1");
        assert_eq!(told("0.95"), "0.9 to below 1");
        assert_eq!(told("-12"), "-10 down to above -20");
        assert!(order("-10 down to above -20") < order("0.3 to below 0.4"));
        assert!(order("9 to below 10") < order("10 to below 20"));
    }
}
