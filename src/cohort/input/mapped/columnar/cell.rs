//! One value as a line of flat NDJSON writes it, in the marks and the form of dates that the mapping names: of a column that
//! says what it holds, no mark has to be guessed.

use std::fmt::Write as _;
use std::io::Write as _;

use ::parquet::data_type::ByteArray;

use super::kind::Kind;
use crate::cohort::mapping::{DateForm, DateOrder, Decimal, Dialect};

/// What stands in a cell.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Nothing,
    Boolean(bool),
    Whole(i64),
    /// With the bits of an unsigned one of 32.
    Short(i32),
    Single(f32),
    Double(f64),
    Bytes(ByteArray),
    /// Three words of an old form of moments.
    Words([u32; 3]),
}

/// How values are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    decimal: Decimal,
    dates: DateForm,
}

/// A day that spreadsheets count from, in days before 1970.
const EXCEL: i64 = 25_569;
const EXCEL_1904: i64 = 24_107;
const SECONDS: i64 = 24 * 60 * 60;

impl Form {
    pub(super) fn of(dialect: &Dialect) -> Self {
        Form { decimal: dialect.decimal, dates: dialect.dates }
    }

    /// Appends a value; an empty cell is left out by the caller.
    pub(super) fn write(self, out: &mut Vec<u8>, value: &Value, kind: Kind) {
        match (value, kind) {
            (Value::Nothing, _) => out.extend(b"null"),
            (Value::Boolean(value), _) => out.extend(if *value { &b"true"[..] } else { b"false" }),
            (Value::Whole(days), Kind::Day) => self.moment(out, *days, 0, 1),
            (Value::Short(days), Kind::Day) => self.moment(out, i64::from(*days), 0, 1),
            (Value::Whole(count), Kind::Moment(per_second)) => {
                let per_day = SECONDS * per_second;
                self.moment(out, count.div_euclid(per_day), count.rem_euclid(per_day), per_second);
            }
            (Value::Whole(number), Kind::Decimal(scale)) => self.decimal(out, i128::from(*number), scale),
            (Value::Short(number), Kind::Decimal(scale)) => self.decimal(out, i128::from(*number), scale),
            (Value::Bytes(bytes), Kind::Decimal(scale)) => match unscaled(bytes.data()) {
                Some(number) => self.decimal(out, number, scale),
                None => hexadecimal(out, bytes.data()),
            },
            (Value::Whole(number), Kind::Unsigned) => number_text(out, &number.cast_unsigned().to_string()),
            (Value::Short(number), Kind::Unsigned) => number_text(out, &number.cast_unsigned().to_string()),
            (Value::Whole(number), _) => number_text(out, &number.to_string()),
            (Value::Short(number), _) => number_text(out, &number.to_string()),
            (Value::Single(number), _) => self.fraction(out, number.is_finite(), &number.to_string()),
            (Value::Double(number), _) => self.fraction(out, number.is_finite(), &number.to_string()),
            (Value::Bytes(bytes), Kind::Text) => text(out, bytes.data()),
            (Value::Bytes(bytes), Kind::Uuid) => uuid(out, bytes.data()),
            (Value::Bytes(bytes), _) => hexadecimal(out, bytes.data()),
            (Value::Words([first, second, third]), _) => quoted(out, &format!("{first:08x}{second:08x}{third:08x}")),
        }
    }

    /// A number that may have a part; `NaN` is a word, which a code may explain.
    fn fraction(self, out: &mut Vec<u8>, is_finite: bool, written: &str) {
        match (is_finite, self.decimal) {
            (false, _) => quoted(out, written),
            (true, Decimal::Comma) if written.contains('.') => quoted(out, &written.replace('.', ",")),
            (true, Decimal::Comma | Decimal::Point) => number_text(out, written),
        }
    }

    /// Zeros at its end say nothing and are left out, as of any other number.
    fn decimal(self, out: &mut Vec<u8>, number: i128, scale: u32) {
        let (sign, digits) = (if number < 0 { "-" } else { "" }, number.unsigned_abs().to_string());
        let scale = scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        let part = part.trim_end_matches('0');
        let written = if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") };
        self.fraction(out, true, &written);
    }

    /// A day, and how much of it has gone by, so many to a second.
    fn moment(self, out: &mut Vec<u8>, days: i64, gone: i64, per_second: i64) {
        let base = match self.dates {
            DateForm::Excel => EXCEL,
            DateForm::Excel1904 => EXCEL_1904,
            DateForm::Written { order, separator } => {
                let mut written = day(days, order, separator);
                if gone > 0 {
                    let (seconds, part) = (gone / per_second, gone % per_second);
                    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
                    let _ = write!(written, "T{hours:02}:{minutes:02}:{:02}", seconds % 60);
                    if part > 0 {
                        let _ = write!(written, ".{:09}", part * (1_000_000_000 / per_second));
                    }
                }
                return quoted(out, &written);
            }
        };
        // The fifteenth digit tells any two moments apart.
        let part = i128::from(gone) * 10_i128.pow(15) / i128::from(SECONDS * per_second);
        self.decimal(out, i128::from(days.saturating_add(base)) * 10_i128.pow(15) + part, 15);
    }
}

/// A day of the calendar, counted from 1970; one beyond year 9999 as the count.
fn day(days: i64, order: DateOrder, separator: Option<char>) -> String {
    // Years are counted from March on, so that a leap day is the last of its year.
    let shifted = days.saturating_add(719_468);
    let (era, in_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * in_year + 2) / 153;
    let day = in_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    if !(0..=9999).contains(&year) {
        return format!("day {days}");
    }
    let (year, month, day) = (format!("{year:04}"), format!("{month:02}"), format!("{day:02}"));
    let parts = match order {
        DateOrder::YearFirst => [year, month, day],
        DateOrder::DayFirst => [day, month, year],
        DateOrder::MonthFirst => [month, day, year],
    };
    parts.join(separator.map(String::from).unwrap_or_default().as_str())
}

/// A number in bytes, the highest first; `None` where it has too many.
fn unscaled(bytes: &[u8]) -> Option<i128> {
    let first = *bytes.first()?;
    let mut held = [if first >= 0x80 { 0xff } else { 0 }; 16];
    let start = held.len().checked_sub(bytes.len())?;
    held.get_mut(start..)?.copy_from_slice(bytes);
    Some(i128::from_be_bytes(held))
}

fn number_text(out: &mut Vec<u8>, written: &str) {
    out.extend(written.as_bytes());
}

fn quoted(out: &mut Vec<u8>, plain: &str) {
    out.push(b'"');
    out.extend(plain.as_bytes());
    out.push(b'"');
}

/// A text of any letters. Bytes that are none stay as they are, and the row is refused for them.
pub(super) fn text(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '"' | '\\' => out.extend([b'\\', letter as u8]),
                '\0'..' ' => {
                    let _ = write!(out, "\\u{:04x}", u32::from(letter));
                }
                _ => out.extend(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        out.extend(chunk.invalid());
    }
    out.push(b'"');
}

fn hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out.push(b'"');
}

fn uuid(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    for (at, byte) in bytes.iter().enumerate() {
        let mark = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
        let _ = write!(out, "{mark}{byte:02x}");
    }
    out.push(b'"');
}
