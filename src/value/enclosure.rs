use std::cell::RefCell;
use std::collections::HashMap;
use std::iter;

use astro_float::{BigFloat, Consts, RoundingMode, Sign, WORD_BIT_SIZE};

use super::{Bound, Number};

/// With how many digits a value without an exact fraction is enclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    /// At least 14 digits, but no more than 16 decimal places.
    Usual,
    /// At least 24 digits, but no more than 26 decimal places.
    High,
}

/// A function whose values are mostly not fractions. All rise with their argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Function {
    /// For numbers not below zero.
    SquareRoot,
    /// For numbers above zero.
    NaturalLogarithm,
    /// For every number.
    Exponential,
}

/// The ends between which a value lies: one closed number twice when it is exact, else open ends, because a value
/// that is not a fraction never meets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Enclosure {
    /// The lower end.
    pub(super) below: Bound,
    /// The upper end.
    pub(super) above: Bound,
}

impl Precision {
    fn digits(self) -> i32 {
        match self {
            Precision::Usual => 14,
            Precision::High => 24,
        }
    }

    fn most_places(self) -> i32 {
        self.digits() + 2
    }
}

impl Function {
    /// The lower end of the values as the argument falls without end, or to the end of the domain.
    pub(super) fn lowest(self) -> Bound {
        match self {
            Function::SquareRoot | Function::NaturalLogarithm => Bound::Unbounded,
            Function::Exponential => Bound::Open(Number::ZERO),
        }
    }

    /// The values have no lower end as the argument comes near this number.
    pub(super) fn is_endless_at(self, number: Number) -> bool {
        self == Function::NaturalLogarithm && number.sign() == 0
    }
}

impl Enclosure {
    fn point(number: Number) -> Self {
        Enclosure { below: Bound::Closed(number), above: Bound::Closed(number) }
    }

    /// The value itself, if it is a fraction.
    pub(super) fn exact(self) -> Option<Number> {
        match (self.below, self.above) {
            (Bound::Closed(below), Bound::Closed(above)) if below == above => Some(below),
            _ => None,
        }
    }
}

/// The binary digits computed with. Beside one, a logarithm loses as many as the argument has (127), and the
/// margin needs 200 good ones.
const WORKING_BITS: usize = 384;
/// How far, in binary digits of the value, the computed value is moved outward before it is cut to decimals.
const MARGIN_BITS: i32 = 200;
/// The rounding modes of `astro-float` concern halves only: each gives the nearest number, none a bound. Hence the
/// margin.
const NEAREST: RoundingMode = RoundingMode::ToEven;
/// Beyond this exponent a power of Euler's number is not worked out; it is above 10^29.
const GREATEST_EXPONENT: i64 = 69;

/// A function of a number, by its numerator and its denominator.
type Asked = (Function, [i128; 2], Precision);

/// How many enclosures are kept.
const KEPT: usize = 4096;

thread_local! {
    /// What was worked out before: the sums of a table of points are few, and come again and again.
    static KNOWN: RefCell<HashMap<Asked, Enclosure>> = RefCell::default();
}

/// The numbers around the value of a function; without ends where there is none.
pub(super) fn enclose(function: Function, number: Number, precision: Precision) -> Enclosure {
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= KEPT {
            known.clear();
        }
        *known.entry((function, number.parts(), precision)).or_insert_with(|| work_out(function, number, precision))
    })
}

fn work_out(function: Function, number: Number, precision: Precision) -> Enclosure {
    if let Some(value) = exact_value(function, number) {
        return Enclosure::point(value);
    }
    let out_of_reach = function == Function::Exponential
        && (number > Number::whole(GREATEST_EXPONENT) || number < Number::whole(-GREATEST_EXPONENT));
    if out_of_reach {
        return extreme_power(number, precision);
    }
    around(function, number, precision).unwrap_or(Enclosure { below: Bound::Unbounded, above: Bound::Unbounded })
}

/// By Lindemann and Weierstrass, only `ln 1` and `exp 0` are fractions of a fraction.
fn exact_value(function: Function, number: Number) -> Option<Number> {
    match function {
        Function::SquareRoot => {
            let root = |part: i128| {
                let root = part.checked_isqrt()?;
                (root * root == part).then_some(root)
            };
            Number::fraction(root(number.numerator())?, root(number.denominator())?).ok()
        }
        Function::NaturalLogarithm => (number == Number::ONE).then_some(Number::ZERO),
        Function::Exponential => (number.sign() == 0).then_some(Number::ONE),
    }
}

/// Bounds for a power of Euler's number that is greater, or smaller, than any result in medicine.
fn extreme_power(exponent: Number, precision: Precision) -> Enclosure {
    let power = |places: i32| 10_i128.pow(places.unsigned_abs());
    if exponent.sign() > 0 {
        let below = Number::fraction(power(29), 1).map_or(Bound::Unbounded, Bound::Open);
        return Enclosure { below, above: Bound::Unbounded };
    }
    let above = Number::fraction(1, power(precision.most_places()));
    Enclosure { below: Bound::Open(Number::ZERO), above: above.map_or(Bound::Unbounded, Bound::Open) }
}

thread_local! {
    /// Digits of Euler's number and the like, which take longer to work out than a function of them.
    static CONSTANTS: RefCell<Option<Consts>> = RefCell::new(Consts::new().ok());
}

fn with_constants(compute: impl FnOnce(&mut Consts) -> BigFloat) -> Option<BigFloat> {
    CONSTANTS.with_borrow_mut(|constants| constants.as_mut().map(compute))
}

fn around(function: Function, number: Number, precision: Precision) -> Option<Enclosure> {
    let big = |part: i128| BigFloat::from_i128(part, WORKING_BITS);
    let argument = big(number.numerator()).div(&big(number.denominator()), WORKING_BITS, NEAREST);
    let value = match function {
        Function::SquareRoot => argument.sqrt(WORKING_BITS, NEAREST),
        Function::NaturalLogarithm => with_constants(|constants| argument.ln(WORKING_BITS, NEAREST, constants))?,
        Function::Exponential => with_constants(|constants| argument.exp(WORKING_BITS, NEAREST, constants))?,
    };
    let exponent = value.exponent()?;
    let mut margin = value.abs();
    margin.set_exponent(exponent.checked_sub(MARGIN_BITS)?);
    let below = value.sub(&margin, WORKING_BITS, NEAREST);
    let above = value.add(&margin, WORKING_BITS, NEAREST);

    let whole_digits = ((exponent - 1) * 30_103).div_euclid(100_000) + 1;
    let places = (precision.digits() - whole_digits).clamp(0, precision.most_places());
    let scale = 10_i128.pow(places.unsigned_abs());
    let scaled = |end: BigFloat| end.mul(&big(scale), WORKING_BITS, NEAREST);
    let end = |whole: &BigFloat| Number::fraction(whole_number(whole)?, scale).ok();
    Some(Enclosure {
        below: Bound::Open(end(&scaled(below).floor())?),
        above: Bound::Open(end(&scaled(above).ceil())?),
    })
}

/// A whole number of less than 127 bits, out of the words of its mantissa.
fn whole_number(number: &BigFloat) -> Option<i128> {
    if number.is_zero() {
        return Some(0);
    }
    let (words, _, sign, exponent, _) = number.as_raw_parts()?;
    let exponent = u32::try_from(exponent).ok().filter(|bits| (1..127).contains(bits))?;
    let leading = words.iter().rev().chain(iter::repeat(&0)).take(128 / WORD_BIT_SIZE);
    // The mantissa is a fraction whose first bit is set; the exponent says how many of its bits are whole.
    let mantissa = leading.fold(0_u128, |bits, word| (bits << WORD_BIT_SIZE) | u128::from(*word));
    let magnitude = i128::try_from(mantissa >> (128 - exponent)).ok()?;
    Some(if sign == Sign::Neg { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Enclosure, Function, Precision, enclose};
    use crate::value::{Bound, Number};

    const FUNCTIONS: [Function; 3] = [Function::SquareRoot, Function::NaturalLogarithm, Function::Exponential];

    fn width(enclosure: Enclosure) -> Option<Number> {
        enclosure.above.number()?.minus(enclosure.below.number()?).ok()
    }

    fn shown(function: Function, text: &str, precision: Precision) -> [String; 2] {
        let number = text.parse().unwrap_or(Number::ZERO);
        let enclosure = enclose(function, number, precision);
        [enclosure.below, enclosure.above].map(|end| end.number().map_or("-".to_owned(), |end| end.to_string()))
    }

    /// Against published digits.
    #[test]
    fn known_values() {
        let (usual, high) = (Precision::Usual, Precision::High);
        assert_eq!(shown(Function::SquareRoot, "2", usual), ["1.414213562373", "1.4142135623731"]);
        assert_eq!(shown(Function::SquareRoot, "2", high), ["1.41421356237309504880168", "1.41421356237309504880169"]);
        assert_eq!(
            shown(Function::NaturalLogarithm, "2", high),
            ["0.693147180559945309417232", "0.693147180559945309417233"]
        );
        assert_eq!(shown(Function::NaturalLogarithm, "0.5", usual), ["-0.69314718055995", "-0.69314718055994"]);
        assert_eq!(shown(Function::Exponential, "1", high), ["2.71828182845904523536028", "2.71828182845904523536029"]);
        assert_eq!(shown(Function::Exponential, "-50", usual), ["0", "0.0000000000000001"]);
        assert_eq!(shown(Function::Exponential, "-5000", usual), ["0", "0.0000000000000001"]);
        assert_eq!(shown(Function::Exponential, "5000", usual), ["100000000000000000000000000000", "-"]);
        assert_eq!(shown(Function::SquareRoot, "2.25", usual), ["1.5", "1.5"]);
    }

    proptest! {
        /// The value lies inside, as far as binary floats can say; squares say it of roots exactly.
        #[test]
        fn values_are_enclosed(numerator in 1_i64..100_000_000, denominator in 1_i64..3_000_000) {
            let number = Number::whole(numerator).over(Number::whole(denominator))?;
            for function in FUNCTIONS {
                let usual = enclose(function, number, Precision::Usual);
                let high = enclose(function, number, Precision::High);
                if let (Some(low), Some(high), Some(below), Some(above)) =
                    (usual.below.number(), usual.above.number(), high.below.number(), high.above.number())
                {
                    prop_assert!(low <= below && above <= high, "{function:?} of {number}");
                }
            }
            let root = enclose(Function::SquareRoot, number, Precision::Usual);
            if let (Some(below), Some(above)) = (root.below.number(), root.above.number()) {
                prop_assert!(below.times(below)? <= number && number <= above.times(above)?);
            }
        }

        /// Relative to the value, or to 1 when it is smaller, an enclosure is as narrow as its digits say.
        #[test]
        fn enclosures_are_narrow(thousandths in 1_i64..60_000) {
            let number = Number::whole(thousandths).over(Number::whole(1000))?;
            for function in FUNCTIONS {
                let enclosure = enclose(function, number, Precision::Usual);
                let (Some(width), Bound::Open(end) | Bound::Closed(end)) = (width(enclosure), enclosure.above) else {
                    prop_assert!(false, "no ends");
                    continue;
                };
                let size = end.max(end.negated()).max(Number::ONE);
                let limit = size.over(Number::whole(1_000_000_000_000))?;
                prop_assert!(width < limit, "{function:?} of {number}: {enclosure:?}");
            }
        }

        /// Near 1, where a logarithm loses the most digits, and for the longest fractions.
        #[test]
        fn long_fractions(numerator in i128::MAX / 2..i128::MAX, apart in 1_i128..1000) {
            let number = Number::fraction(numerator, numerator - apart)?;
            let logarithm = enclose(Function::NaturalLogarithm, number, Precision::High);
            prop_assert_eq!(logarithm.below, Bound::Open(Number::ZERO));
            let root = enclose(Function::SquareRoot, number, Precision::High);
            prop_assert_eq!(root.below, Bound::Open(Number::ONE));
        }
    }
}
