use std::fmt;

use super::super::Number;
use super::{Unit, UnitError};

/// A number, with its unit if it was written with one: `1450 U/L`, `1.3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// The number, in the unit.
    pub value: Number,
    /// The unit; `None` where none was written.
    pub unit: Option<Unit>,
}

impl Quantity {
    /// A number and, after a blank or at once, a unit: `20 mg/week`, `15mg`, `80 %`, `1.3`.
    pub fn parse(text: &str) -> Result<Quantity, UnitError> {
        let text = text.trim();
        let is_number = |character: char| character.is_ascii_digit() || ['.', ',', '-'].contains(&character);
        let (number, unit) = text.split_at(text.find(|character| !is_number(character)).unwrap_or(text.len()));
        let value = number.parse().map_err(|error| {
            let written = if number.is_empty() { text } else { number };
            UnitError::NotANumber { text: written.to_owned(), error }
        })?;
        let unit = Some(unit.trim()).filter(|unit| !unit.is_empty()).map(Unit::parse).transpose()?;
        Ok(Quantity { value, unit })
    }

    /// The same quantity in another unit, an error for a bare number and for a unit of another kind.
    pub fn in_unit(self, unit: Unit) -> Result<Quantity, UnitError> {
        let from = self.unit.ok_or(UnitError::NoUnit { unit })?;
        Ok(Quantity { value: Unit::convert(self.value, from, unit)?, unit: Some(unit) })
    }
}

impl fmt::Display for Quantity {
    /// As rules write it: `20 mg/week`, `1 week`. The unit `1` is left out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.value)?;
        let Some(symbol) = self.unit.map(Unit::symbol).filter(|symbol| *symbol != "1") else {
            return Ok(());
        };
        let word = symbol.strip_suffix('s').filter(|stem| stem.len() > 1 && self.value == Number::ONE);
        write!(formatter, " {}", word.unwrap_or(symbol))
    }
}
