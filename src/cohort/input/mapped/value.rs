//! Texts of a file as a record writes them: numbers with a point, dates from the year on.

use crate::cohort::mapping::codes::RowMistake;
use crate::cohort::mapping::{Absence, DateForm, DateOrder, Dialect, Guard, How, TextKind};
use crate::source::Spanned;
use crate::value::{Date, Number, Period, PeriodUnit};

/// A cell as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// A reason why there is no value.
    Absent(Absence),
    /// As a record writes it.
    Text(String),
}

/// Reads a cell: codes first, then words, then what the kind asks for.
pub(super) fn read(text: &str, how: How<'_>, dialect: &Dialect) -> Result<Said, RowMistake> {
    let amount = Amount::of(text, dialect);
    let amount_read = amount.as_ref().ok().and_then(Option::as_ref);
    // What is above or below a number is no code.
    let number = amount_read.filter(|amount| amount.is_bare() && amount.is_exact()).and_then(Amount::number);
    let code = how.codes.find(text, number);
    if let Some(absence) = code.filter(|absence| *absence != Absence::Value) {
        return Ok(Said::Absent(absence));
    }
    if let Some(word) = word(text, how.words) {
        return Ok(Said::Text(word.to_owned()));
    }
    if code.is_none() && looks_like_a_code(text, amount_read, how.guard) {
        return Err(RowMistake::Unmapped);
    }
    match how.kind {
        TextKind::Word => Ok(Said::Text(text.to_owned())),
        TextKind::Date => date(text, dialect).map(Said::Text),
        TextKind::Number => Ok(Said::Text(amount?.map_or_else(|| text.to_owned(), |amount| amount.written()))),
    }
}

/// What a record says for a word of the file.
pub(super) fn word<'w>(text: &str, words: &'w [(String, Spanned<String>)]) -> Option<&'w str> {
    if words.is_empty() {
        return None;
    }
    let lower = text.to_lowercase();
    words.iter().find(|(word, _)| *word == lower).map(|(_, said)| said.value.as_str())
}

/// A negative number, or one of nines alone, of two digits or more.
fn looks_like_a_code(text: &str, amount: Option<&Amount<'_>>, guard: Guard) -> bool {
    if guard == Guard::No {
        return false;
    }
    let number = match amount {
        Some(amount) => amount.number().filter(|_| amount.is_exact()),
        None => text.parse().ok(),
    };
    let of_nines = |number: Number| guard == Guard::Full && number.is_whole() && is_nines(number.floor());
    number.is_some_and(|number| number.sign() < 0 || of_nines(number))
}

fn is_nines(number: i128) -> bool {
    let mut rest = number;
    while rest > 0 && rest % 10 == 9 {
        rest /= 10;
    }
    rest == 0 && number > 9
}

/// A number as it stands in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Amount<'t> {
    /// `above ` or `below `, or nothing.
    side: &'static str,
    digits: String,
    /// A unit, with the blank before it.
    rest: &'t str,
}

impl<'t> Amount<'t> {
    const ABOVE: &'static str = "above ";
    const BELOW: &'static str = "below ";

    /// The number a text begins with; `None` where it begins with none, and is left to the record's own reader.
    pub(super) fn of(text: &'t str, dialect: &Dialect) -> Result<Option<Self>, RowMistake> {
        let sides = [('>', Amount::ABOVE), ('<', Amount::BELOW)];
        let found = sides.into_iter().find_map(|(sign, word)| {
            let rest = text.strip_prefix(sign).or_else(|| text.strip_prefix(word))?;
            Some((word, rest.trim_start()))
        });
        let (side, text) = found.unwrap_or(("", text));
        let end = number_end(text);
        let (number, rest) = text.split_at(end);
        if !number.contains(|letter: char| letter.is_ascii_digit()) || !(rest.is_empty() || rest.starts_with(' ')) {
            return Ok(None);
        }
        let digits = plain_number(number, dialect).ok_or(RowMistake::Number)?;
        Ok(Some(Amount { side, digits, rest }))
    }

    /// It says no unit.
    pub(super) fn is_bare(&self) -> bool {
        self.rest.is_empty()
    }

    /// Not only what it is above or below.
    fn is_exact(&self) -> bool {
        self.side.is_empty()
    }

    fn number(&self) -> Option<Number> {
        self.digits.parse().ok()
    }

    pub(super) fn written(&self) -> String {
        format!("{}{}{}", self.side, self.digits, self.rest)
    }
}

/// The end of the digits and marks that a text begins with. A blank belongs to them where three digits follow.
fn number_end(text: &str) -> usize {
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        let after = text.get(at + letter.len_utf8()..).unwrap_or_default();
        let three = after.len() >= 3
            && after.bytes().take(3).all(|byte| byte.is_ascii_digit())
            && !after.as_bytes().get(3).is_some_and(u8::is_ascii_digit);
        let belongs = letter.is_ascii_digit()
            || matches!(letter, '.' | ',' | '\'' | '’')
            || (at == 0 && matches!(letter, '-' | '+'))
            || (at > 0 && is_blank(letter) && three);
        if !belongs {
            break;
        }
        end = at + letter.len_utf8();
    }
    end
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// Nothing but digits, or nothing.
fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number with a point as decimal mark and nothing between thousands; `None` where it has other marks, or no digit.
fn plain_number(number: &str, dialect: &Dialect) -> Option<String> {
    let (sign, number) = match (number.strip_prefix('-'), number.strip_prefix('+')) {
        (Some(rest), _) => ("-", rest),
        (_, Some(rest)) => ("", rest),
        (None, None) => ("", number),
    };
    let (whole, part) = match number.split_once(dialect.decimal.mark()) {
        Some((whole, part)) => (whole, Some(part)),
        None => (number, None),
    };
    let mark = |letter: char| match dialect.thousands {
        Some(' ') => is_blank(letter),
        Some('\'') => matches!(letter, '\'' | '’'),
        Some(mark) => letter == mark,
        None => false,
    };
    if !number.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let groups: Vec<&str> = whole.split(mark).collect();
    let first = groups.first().copied().unwrap_or_default();
    // No program writes `0.850` for 850: the mark is then that of decimals.
    let begins = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let grouped = groups.len() == 1 || (begins && groups.iter().skip(1).all(|group| group.len() == 3));
    if !grouped || !groups.iter().all(|group| are_digits(group)) || !part.is_none_or(are_digits) {
        return None;
    }
    let whole = groups.concat();
    let whole = if whole.is_empty() { "0" } else { whole.as_str() };
    Some(match part.filter(|part| !part.is_empty()) {
        Some(part) => format!("{sign}{whole}.{part}"),
        None => format!("{sign}{whole}"),
    })
}

/// A date as a record writes it: a day, a month or a year.
pub(super) fn date(text: &str, dialect: &Dialect) -> Result<String, RowMistake> {
    let found = match dialect.dates {
        DateForm::Excel => excel(text, dialect, 1900),
        DateForm::Excel1904 => excel(text, dialect, 1904),
        DateForm::Written { order, separator } => written_date(text, order, separator),
    };
    found.ok_or(RowMistake::Date)
}

fn written_date(text: &str, order: DateOrder, separator: Option<char>) -> Option<String> {
    let (text, rest) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    if !is_time_of_day(rest.trim()) {
        return None;
    }
    let digits = |text: &str, widths: std::ops::RangeInclusive<usize>| widths.contains(&text.len()) && are_digits(text);
    let parts: Vec<&str> = match separator {
        Some(separator) => text.split(separator).collect(),
        None if text.len() == 8 && text.is_ascii() => match order {
            DateOrder::YearFirst => vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?],
            DateOrder::DayFirst | DateOrder::MonthFirst => vec![text.get(..2)?, text.get(2..4)?, text.get(4..)?],
        },
        None => vec![text],
    };
    let (year, month, day) = match (order, parts.as_slice()) {
        (_, [year]) => (*year, "00", "00"),
        (DateOrder::YearFirst, [year, month]) | (DateOrder::DayFirst | DateOrder::MonthFirst, [month, year]) => {
            (*year, *month, "00")
        }
        (DateOrder::YearFirst, [year, month, day])
        | (DateOrder::DayFirst, [day, month, year])
        | (DateOrder::MonthFirst, [month, day, year]) => (*year, *month, *day),
        _ => return None,
    };
    if !digits(year, 4..=4) || !digits(month, 1..=2) || !digits(day, 1..=2) {
        return None;
    }
    // A day or a month of zeros is one that is not known.
    let zero = |text: &str| text.bytes().all(|byte| byte == b'0');
    match (zero(month), zero(day)) {
        (true, true) => Some(year.to_owned()),
        (true, false) => None,
        (false, true) => Some(format!("{year}-{month:0>2}")),
        (false, false) => Some(format!("{year}-{month:0>2}-{day:0>2}")),
    }
}

/// Nothing, or `8:30`, `08:30:00.000`, `8:30 PM`, `08:30:00+01:00`: it is left out.
fn is_time_of_day(text: &str) -> bool {
    let end =
        text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, ':' | '.' | ',')).unwrap_or(text.len());
    let (clock, zone) = text.split_at(end);
    let zone = zone.trim();
    let is_number = |text: &str| !text.is_empty() && are_digits(text);
    let is_offset = |text: &str| text.split(':').all(is_number);
    let parts: Vec<&str> = clock.split(':').collect();
    let is_clock = match parts.as_slice() {
        [hour, minute] => is_number(hour) && is_number(minute),
        [hour, minute, second] => is_number(hour) && is_number(minute) && second.split(['.', ',']).all(is_number),
        _ => false,
    };
    let is_zone = zone.is_empty()
        || ["Z", "am", "pm"].iter().any(|one| one.eq_ignore_ascii_case(zone))
        || zone.strip_prefix(['+', '-']).is_some_and(is_offset);
    text.is_empty() || (is_clock && is_zone)
}

/// A count of days as spreadsheets keep it. Before 1 March 1900 the count is wrong, so those days are refused.
fn excel(text: &str, dialect: &Dialect, system: i16) -> Option<String> {
    let days = plain_number(text, dialect)?.parse::<Number>().ok()?.floor();
    let (first, base) =
        if system == 1904 { (0, Date::new(1904, 1, 1).ok()?) } else { (61, Date::new(1899, 12, 30).ok()?) };
    let count = u32::try_from(days).ok().filter(|_| days >= first)?;
    base.plus(Period { count, unit: PeriodUnit::Day }).ok().map(|day| day.to_string())
}
