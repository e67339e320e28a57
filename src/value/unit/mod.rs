use std::fmt;

use thiserror::Error;

use super::{Number, NumberError};

mod kind;
mod quantity;
mod spelling;
mod table;
#[cfg(test)]
mod tests;

pub use kind::UnitKind;
pub use quantity::Quantity;
use table::{Row, TABLE};

/// A unit that rules and records may use; the list is closed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit(u8);

/// Why a unit, a quantity or a conversion is not possible.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UnitError {
    /// No unit is spelled so. [`Unit::spellings`] has what could have been meant.
    #[error("`{text}` is not a unit")]
    NotAUnit {
        /// The text as written.
        text: String,
    },
    /// The number of a quantity cannot be read.
    #[error("`{text}`: {error}")]
    NotANumber {
        /// The number as written.
        text: String,
        /// What is wrong with it.
        error: NumberError,
    },
    /// A number without a unit stands where one with a unit is needed.
    #[error("a number without a unit, where one in `{unit}` is needed")]
    NoUnit {
        /// The unit asked for.
        unit: Unit,
    },
    /// The units measure different things.
    #[error("`{from}` and `{to}` cannot be compared: {} and {}", from.kind().words(), to.kind().words())]
    NotComparable {
        /// The unit at hand.
        from: Unit,
        /// The unit asked for.
        to: Unit,
    },
    /// The converted number has more digits than are computed with.
    #[error("`{from}` in `{to}`: {error}")]
    Conversion {
        /// The unit at hand.
        from: Unit,
        /// The unit asked for.
        to: Unit,
        /// What is wrong with the number.
        error: NumberError,
    },
}

impl Unit {
    /// The unit that is spelled so. Blanks around it do not matter, nor does singular or plural; letters keep
    /// their case, but for litres. `µ` may be `u` or `mc`, `/` may be ` per `, and UCUM codes are read too.
    /// `IU/L` is read as `U/L`, because laboratories write enzymes so.
    pub fn parse(text: &str) -> Result<Unit, UnitError> {
        spelling::find(text).map(Unit).ok_or_else(|| UnitError::NotAUnit { text: text.to_owned() })
    }

    /// Every unit, in the order of the table.
    pub fn all() -> impl Iterator<Item = Unit> {
        TABLE.iter().zip(0..).map(|(_, position)| Unit(position))
    }

    /// The spellings to suggest from: each unit's symbol and its listed aliases.
    pub fn spellings() -> impl Iterator<Item = &'static str> {
        TABLE.iter().flat_map(|row| std::iter::once(row.symbol).chain(row.aliases.iter().copied()))
    }

    /// As rules and results write it: `mg/week`.
    pub fn symbol(self) -> &'static str {
        self.row().symbol
    }

    /// The same without braces, which a record in YAML may hold for something else: `mL/min/1.73 m2`.
    pub fn plain(self) -> String {
        self.symbol().replace(['{', '}'], "").replace('_', " ")
    }

    /// Its code in UCUM: `mg/wk`.
    pub fn ucum(self) -> &'static str {
        self.row().ucum
    }

    /// What it measures.
    pub fn kind(self) -> UnitKind {
        self.row().kind
    }

    /// The units measure the same thing, so that their numbers can be compared after conversion.
    pub fn is_comparable(self, other: Unit) -> bool {
        self.kind() == other.kind()
    }

    /// The number of `to` that equals `value` of `from`, exactly; an error when they measure different things or
    /// digits run out. Months and years are not converted to days.
    pub fn convert(value: Number, from: Unit, to: Unit) -> Result<Number, UnitError> {
        if from == to {
            return Ok(value);
        }
        if !from.is_comparable(to) {
            return Err(UnitError::NotComparable { from, to });
        }
        let (above, below) = (from.row(), to.row());
        let factor = Number::fraction(
            i128::from(above.factor) * i128::from(below.divisor),
            i128::from(above.divisor) * i128::from(below.factor),
        );
        factor.and_then(|factor| value.times(factor)).map(Number::reduced).map_err(|error| UnitError::Conversion {
            from,
            to,
            error,
        })
    }

    #[expect(clippy::indexing_slicing, reason = "a unit is only ever made from a position in the table")]
    fn row(self) -> &'static Row {
        &TABLE[usize::from(self.0)]
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.symbol())
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Unit({})", self.symbol())
    }
}
