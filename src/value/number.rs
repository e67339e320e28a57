use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use thiserror::Error;

/// An exact fraction of whole numbers: what every value and every threshold is compared as.
///
/// Decimals are read as text, so `1.3` is 13/10 and nothing else. Comparison is exact for any two numbers;
/// arithmetic says so when a result needs more than 127 bits.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    numerator: i128,
    /// Always positive.
    denominator: i128,
}

/// Why there is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NumberError {
    /// The text is not a decimal number.
    #[error("not a number")]
    NotANumber,
    /// A comma stands where the point should.
    #[error("a decimal point, not a comma")]
    Comma,
    /// More than 18 digits.
    #[error("more than 18 digits")]
    TooManyDigits,
    /// The result needs more digits than are computed with.
    #[error("too many digits to compute with exactly")]
    Overflow,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
}

impl Number {
    /// 0.
    pub const ZERO: Number = Number::whole(0);
    /// 1.
    pub const ONE: Number = Number::whole(1);
    /// The most digits a written number may have.
    pub const DIGITS: usize = 18;

    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Number { numerator: value as i128, denominator: 1 }
    }

    /// A fraction in lowest terms.
    pub fn fraction(numerator: i128, denominator: i128) -> Result<Self, NumberError> {
        if denominator == 0 {
            return Err(NumberError::DivisionByZero);
        }
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let part = |value: i128| i128::try_from(value.unsigned_abs() / divisor).map_err(|_| NumberError::Overflow);
        let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
        Ok(Number { numerator: sign * part(numerator)?, denominator: part(denominator)? })
    }

    /// The upper part of the fraction in lowest terms; its sign is the number's.
    pub fn numerator(self) -> i128 {
        self.reduced().numerator
    }

    /// The lower part of the fraction in lowest terms; positive.
    pub fn denominator(self) -> i128 {
        self.reduced().denominator
    }

    /// Both parts of the fraction in lowest terms.
    pub(super) fn parts(self) -> [i128; 2] {
        let Number { numerator, denominator } = self.reduced();
        [numerator, denominator]
    }

    /// Below, at or above zero: -1, 0 or 1.
    pub fn sign(self) -> i32 {
        match self.numerator.cmp(&0) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// A number without a fractional part.
    pub fn is_whole(self) -> bool {
        self.numerator % self.denominator == 0
    }

    /// The greatest whole number that is not above it.
    pub fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    /// `self + other`.
    pub fn plus(self, other: Number) -> Result<Number, NumberError> {
        self.combine(other, i128::checked_add)
    }

    /// `self - other`.
    pub fn minus(self, other: Number) -> Result<Number, NumberError> {
        self.combine(other, i128::checked_sub)
    }

    /// `self * other`.
    pub fn times(self, other: Number) -> Result<Number, NumberError> {
        let direct = |left: Number, right: Number| {
            Some(Number {
                numerator: multiply(left.numerator, right.numerator)?,
                denominator: multiply(left.denominator, right.denominator)?,
            })
        };
        if let Some(product) = direct(self, other) {
            return Ok(product);
        }
        // Crosswise in lowest terms: what cancels must not overflow.
        let left = Number::fraction(self.numerator, other.denominator)?;
        let right = Number::fraction(other.numerator, self.denominator)?;
        direct(left, right).ok_or(NumberError::Overflow)
    }

    /// `self / other`.
    pub fn over(self, other: Number) -> Result<Number, NumberError> {
        let sign = i128::from(other.sign());
        if sign == 0 {
            return Err(NumberError::DivisionByZero);
        }
        self.times(Number { numerator: sign * other.denominator, denominator: sign * other.numerator })
    }

    /// The number in the middle between two.
    pub fn halfway(self, other: Number) -> Result<Number, NumberError> {
        self.plus(other)?.over(Number::whole(2))
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(self) -> Number {
        Number { numerator: -self.numerator, denominator: self.denominator }
    }

    fn combine(self, other: Number, join: fn(i128, i128) -> Option<i128>) -> Result<Number, NumberError> {
        let direct = |left: Number, right: Number| {
            if left.denominator == right.denominator {
                return Some(Number { numerator: join(left.numerator, right.numerator)?, ..left });
            }
            let numerator =
                join(multiply(left.numerator, right.denominator)?, multiply(right.numerator, left.denominator)?)?;
            Some(Number { numerator, denominator: multiply(left.denominator, right.denominator)? })
        };
        direct(self, other)
            .or_else(|| {
                let (left, right) = (self.reduced(), other.reduced());
                let divisor =
                    greatest_common_divisor(left.denominator.unsigned_abs(), right.denominator.unsigned_abs());
                let divisor = i128::try_from(divisor).ok()?;
                let numerator = join(
                    multiply(left.numerator, right.denominator / divisor)?,
                    multiply(right.numerator, left.denominator / divisor)?,
                )?;
                let denominator = multiply(left.denominator / divisor, right.denominator)?;
                Some(Number { numerator, denominator }.reduced())
            })
            .ok_or(NumberError::Overflow)
    }

    /// The number as a short whole number over a short denominator, where it is one.
    pub(super) fn short(self) -> Option<(i64, NonZeroU32)> {
        let short = |number: Number| {
            let denominator = u32::try_from(number.denominator).ok().and_then(NonZeroU32::new)?;
            Some((i64::try_from(number.numerator).ok()?, denominator))
        };
        short(self).or_else(|| short(self.reduced()))
    }

    /// A short whole number over a short denominator.
    pub(super) fn over_short(numerator: i64, denominator: NonZeroU32) -> Number {
        Number { numerator: i128::from(numerator), denominator: i128::from(denominator.get()) }
    }

    /// The same number, written with the same digits.
    pub(super) fn is_identical(self, other: Number) -> bool {
        self.numerator == other.numerator && self.denominator == other.denominator
    }

    /// The same number in lowest terms: leaner to compute with.
    #[must_use]
    pub fn reduced(self) -> Number {
        if self.denominator == 1 {
            return self;
        }
        Number::fraction(self.numerator, self.denominator).unwrap_or(self)
    }

    /// The number as a decimal when it has an end within 30 places, else `None`.
    pub fn exact_decimal(self) -> Option<String> {
        let this = self.reduced();
        let mut places = 0_usize;
        let mut scale = 1_i128;
        while scale % this.denominator != 0 {
            places += 1;
            scale = scale.checked_mul(10).filter(|_| places <= 30)?;
        }
        let digits = this.numerator.checked_mul(scale / this.denominator)?;
        Some(decimal_text(digits, places))
    }

    /// The number to `places` decimals, halves away from zero, for display only.
    pub fn rounded(self, places: usize) -> String {
        let this = self.reduced();
        let places = places.min(30);
        let (numerator, denominator) = (this.numerator.unsigned_abs(), this.denominator.unsigned_abs());
        // Long division, one digit at a time and apart from the whole part, so that nothing can overflow.
        let mut whole = numerator / denominator;
        let mut part = 0_u128;
        let mut rest = numerator % denominator;
        for _ in 0..places {
            let (digit, remainder) = next_digit(rest, denominator);
            part = part * 10 + digit;
            rest = remainder;
        }
        part += u128::from(rest >= denominator - rest);
        if part == 10_u128.pow(u32::try_from(places).unwrap_or(0)) {
            (whole, part) = (whole + 1, 0);
        }
        let sign = if self.sign() < 0 && (whole, part) != (0, 0) { "-" } else { "" };
        if part == 0 {
            return format!("{sign}{whole}");
        }
        let part = format!("{part:0places$}");
        format!("{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

/// The next decimal digit of `rest / denominator` and what is left, without overflow.
fn next_digit(rest: u128, denominator: u128) -> (u128, u128) {
    let mut digit = 0;
    let mut left: u128 = 0;
    for _ in 0..10 {
        // left + rest, kept below the denominator.
        if left >= denominator - rest {
            left -= denominator - rest;
            digit += 1;
        } else {
            left += rest;
        }
    }
    (digit, left)
}

fn decimal_text(digits: i128, places: usize) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", digits.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

fn multiply(left: i128, right: i128) -> Option<i128> {
    match (i64::try_from(left), i64::try_from(right)) {
        (Ok(left), Ok(right)) => Some(i128::from(left) * i128::from(right)),
        // The lowest number of all has no negative.
        _ => left.checked_mul(right).filter(|product| *product != i128::MIN),
    }
}

fn greatest_common_divisor(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        // Short numbers are divided by one instruction of the processor, long ones by many.
        if let (Ok(mut left), Ok(mut right)) = (u64::try_from(left), u64::try_from(right)) {
            while right != 0 {
                (left, right) = (right, left % right);
            }
            return left.max(1).into();
        }
        (left, right) = (right, left % right);
    }
    left.max(1)
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        match (multiply(self.numerator, other.denominator), multiply(other.numerator, self.denominator)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => compare_by_parts(*self, *other),
        }
    }
}

/// Compares two fractions whose cross products do not fit: whole parts first, then the remainders turned over,
/// as in the expansion to a continued fraction.
fn compare_by_parts(mut left: Number, mut right: Number) -> Ordering {
    let mut turned = false;
    loop {
        let order = left.floor().cmp(&right.floor());
        if order != Ordering::Equal {
            return if turned { order.reverse() } else { order };
        }
        let rest = |number: Number| number.numerator.rem_euclid(number.denominator);
        let (left_rest, right_rest) = (rest(left), rest(right));
        if left_rest == 0 || right_rest == 0 {
            let order = (left_rest != 0).cmp(&(right_rest != 0));
            return if turned { order.reverse() } else { order };
        }
        left = Number { numerator: left.denominator, denominator: left_rest };
        right = Number { numerator: right.denominator, denominator: right_rest };
        turned = !turned;
    }
}

impl FromStr for Number {
    type Err = NumberError;

    /// A decimal as written in rules and records: an optional sign, digits, a point with digits after it. No
    /// exponent, no thousands marks, at most 18 digits.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let (sign, body) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, part) = body.split_once('.').unwrap_or((body, ""));
        let only_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !only_digits(whole) || (body.contains('.') && !only_digits(part)) {
            let comma = body.contains(',') && body.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
            return Err(if comma { NumberError::Comma } else { NumberError::NotANumber });
        }
        if whole.trim_start_matches('0').len() + part.len() > Number::DIGITS {
            return Err(NumberError::TooManyDigits);
        }
        let digits: i128 = format!("{whole}{part}").parse().map_err(|_| NumberError::TooManyDigits)?;
        Ok(Number { numerator: sign * digits, denominator: 10_i128.pow(u32::try_from(part.len()).unwrap_or(0)) })
    }
}

impl fmt::Display for Number {
    /// The exact decimal, or six places where it has no end.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.exact_decimal().unwrap_or_else(|| self.rounded(6)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Number, NumberError, compare_by_parts};

    fn small() -> impl Strategy<Value = (i128, i128)> {
        (-200_i128..=200, 1_i128..=60)
    }

    #[test]
    fn what_is_not_a_number() {
        for (text, error) in [
            ("", NumberError::NotANumber),
            ("1.", NumberError::NotANumber),
            (".5", NumberError::NotANumber),
            ("+1", NumberError::NotANumber),
            ("--1", NumberError::NotANumber),
            ("1e3", NumberError::NotANumber),
            ("1.2.3", NumberError::NotANumber),
            ("1,5", NumberError::Comma),
            ("1234567890123456789", NumberError::TooManyDigits),
            ("0.1234567890123456789", NumberError::TooManyDigits),
        ] {
            assert_eq!(text.parse::<Number>(), Err(error), "{text}");
        }
        assert_eq!(Number::fraction(1, 0), Err(NumberError::DivisionByZero));
        assert_eq!(Number::ONE.over(Number::ZERO), Err(NumberError::DivisionByZero));
        assert_eq!(Number::fraction(i128::MAX, 2).and_then(|half| half.times(half)), Err(NumberError::Overflow));
    }

    #[test]
    fn printed_and_rounded() -> Result<(), NumberError> {
        for (numerator, denominator, printed, rounded) in [
            (13, 10, "1.3", "1.3"),
            (-1, 8, "-0.125", "-0.13"),
            (2, 3, "0.666667", "0.67"),
            (5, 1000, "0.005", "0.01"),
            (-4, 1000, "-0.004", "0"),
            (100, 1, "100", "100"),
            (
                i128::MAX,
                3,
                "56713727820156410577229101238628035242.333333",
                "56713727820156410577229101238628035242.33",
            ),
        ] {
            let number = Number::fraction(numerator, denominator)?;
            assert_eq!((number.to_string().as_str(), number.rounded(2).as_str()), (printed, rounded));
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn parsed_and_printed(digits in -999_999_999_999_999_999_i64..=999_999_999_999_999_999, places in 0_u32..=17) {
            let number = Number::fraction(i128::from(digits), 10_i128.pow(places))?;
            prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number));
        }

        #[test]
        fn order_is_that_of_cross_products((a, b) in small(), (c, d) in small()) {
            let (left, right) = (Number::fraction(a, b)?, Number::fraction(c, d)?);
            prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
            prop_assert_eq!(compare_by_parts(left, right), (a * d).cmp(&(c * b)));
        }

        /// Beyond 127 bits the order is still that of the whole parts and then of what is left.
        #[test]
        fn order_of_long_fractions(whole in -5_i128..5, (a, b) in small(), (c, d) in small()) {
            let long = |numerator: i128, denominator: i128| {
                let scale = (i128::MAX >> 8) / denominator;
                Number { numerator: whole * denominator * scale + numerator * scale, denominator: denominator * scale }
            };
            prop_assert_eq!(long(a, b).cmp(&long(c, d)), (a * d).cmp(&(c * b)));
        }

        #[test]
        fn arithmetic_is_that_of_fractions((a, b) in small(), (c, d) in small()) {
            let (left, right) = (Number::fraction(a, b)?, Number::fraction(c, d)?);
            prop_assert_eq!(left.plus(right), Number::fraction(a * d + c * b, b * d));
            prop_assert_eq!(left.minus(right), Number::fraction(a * d - c * b, b * d));
            prop_assert_eq!(left.times(right), Number::fraction(a * c, b * d));
            prop_assert_eq!(left.over(right), Number::fraction(a * d, b * c));
            prop_assert_eq!(left.floor(), a.div_euclid(b));
            prop_assert_eq!(left.is_whole(), a % b == 0);
        }

        /// What cancels does not overflow.
        #[test]
        fn long_factors_cancel((a, b) in small(), factor in 1_i128..1 << 100) {
            let (number, long) = (Number::fraction(a, b)?, Number::fraction(factor, 7)?);
            prop_assert_eq!(number.times(long).and_then(|product| product.over(long)), Ok(number));
        }
    }
}
