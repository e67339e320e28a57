//! Exact fractions, written for the oracle alone: nothing here is shared with the program that is judged.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A fraction in lowest terms, the lower part positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fraction {
    top: i128,
    bottom: i128,
}

fn divisor(mut left: i128, mut right: i128) -> i128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.abs().max(1)
}

impl Fraction {
    pub(crate) const ZERO: Fraction = Fraction { top: 0, bottom: 1 };

    pub(crate) fn whole(value: i128) -> Self {
        Fraction { top: value, bottom: 1 }
    }

    pub(crate) fn new(top: i128, bottom: i128) -> Self {
        assert_ne!(bottom, 0, "the oracle divided by zero");
        let common = divisor(top, bottom) * bottom.signum();
        Fraction { top: top / common, bottom: bottom / common }
    }

    pub(crate) fn top(self) -> i128 {
        self.top
    }

    pub(crate) fn bottom(self) -> i128 {
        self.bottom
    }

    pub(crate) fn is_whole(self) -> bool {
        self.bottom == 1
    }

    pub(crate) fn floor(self) -> Fraction {
        Fraction::whole(self.top.div_euclid(self.bottom))
    }

    /// Written as a decimal with at most 18 digits, if it can be.
    pub(crate) fn decimal(self) -> Option<String> {
        let mut scale: i128 = 1;
        let mut digits = 0_usize;
        while scale % self.bottom != 0 {
            scale *= 10;
            digits += 1;
            if digits > 12 {
                return None;
            }
        }
        let units = (self.top * (scale / self.bottom)).to_string();
        let (sign, units) = units.strip_prefix('-').map_or(("", units.as_str()), |rest| ("-", rest));
        let units = format!("{units:0>width$}", width = digits + 1);
        if units.len() > 18 {
            return None;
        }
        let (before, after) = units.split_at(units.len() - digits);
        Some(if after.is_empty() { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") })
    }
}

impl Add for Fraction {
    type Output = Fraction;
    fn add(self, other: Fraction) -> Fraction {
        Fraction::new(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)
    }
}

impl Sub for Fraction {
    type Output = Fraction;
    fn sub(self, other: Fraction) -> Fraction {
        self + -other
    }
}

impl Mul for Fraction {
    type Output = Fraction;
    fn mul(self, other: Fraction) -> Fraction {
        Fraction::new(self.top * other.top, self.bottom * other.bottom)
    }
}

impl Div for Fraction {
    type Output = Fraction;
    fn div(self, other: Fraction) -> Fraction {
        Fraction::new(self.top * other.bottom, self.bottom * other.top)
    }
}

impl Neg for Fraction {
    type Output = Fraction;
    fn neg(self) -> Fraction {
        Fraction { top: -self.top, bottom: self.bottom }
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Fraction) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Fraction) -> Ordering {
        (self.top * other.bottom).cmp(&(other.top * self.bottom))
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decimal() {
            Some(decimal) => formatter.write_str(&decimal),
            None => write!(formatter, "{}/{}", self.top, self.bottom),
        }
    }
}
