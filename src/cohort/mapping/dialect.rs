use std::ffi::OsStr;
use std::path::Path;

use super::{Absence, Codes, Guard, How, TextKind, Words, codes, tables};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::value::Number;
use crate::yaml::{Fields, Node, expect_text};

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// CSV, a JSON object a line, or columns.
    pub format: Format,
    /// The mapping says so; else the name of a file may.
    pub format_is_said: bool,
    /// What stands between two fields of a row.
    pub delimiter: u8,
    /// The decimal mark.
    pub decimal: Decimal,
    /// The mark between thousands, where there is one.
    pub thousands: Option<char>,
    /// How letters are written as bytes.
    pub encoding: Encoding,
    /// How dates are written.
    pub dates: DateForm,
    /// Words for yes and no, and what a record says instead.
    pub words: Words,
    /// Codes of all columns for what is missing.
    pub codes: Codes,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `csv`: a header, then a row a line.
    Csv,
    /// `ndjson`: a flat JSON object a line.
    Ndjson,
    /// `parquet`: columns, each of which says what it holds.
    Parquet,
}

/// The decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decimal {
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

impl Decimal {
    /// The mark itself.
    pub fn mark(self) -> char {
        match self {
            Decimal::Point => '.',
            Decimal::Comma => ',',
        }
    }
}

/// How letters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `utf-8`
    Utf8,
    /// `latin-1`, ISO 8859-1.
    Latin1,
    /// `windows-1252`, of Western Europe.
    Windows1252,
    /// `latin-2`, ISO 8859-2.
    Latin2,
    /// `windows-1250`, of Central Europe.
    Windows1250,
}

/// How dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateForm {
    /// `dd.mm.yyyy`
    Written {
        /// Which number comes first.
        order: DateOrder,
        /// What stands between two numbers.
        separator: Option<char>,
    },
    /// `excel`: days, of which 61 is 1 March 1900.
    Excel,
    /// `excel 1904`: days since 1 January 1904.
    Excel1904,
}

/// The order of year, month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// Year, month, day.
    YearFirst,
    /// Day, month, year.
    DayFirst,
    /// Month, day, year.
    MonthFirst,
}

const FORMATS: [(&str, Format); 3] = [("csv", Format::Csv), ("ndjson", Format::Ndjson), ("parquet", Format::Parquet)];
const DECIMALS: [(&str, Decimal); 2] = [("point", Decimal::Point), ("comma", Decimal::Comma)];
const THOUSANDS: [(&str, Option<char>); 5] =
    [("nothing", None), ("point", Some('.')), ("comma", Some(',')), ("blank", Some(' ')), ("apostrophe", Some('\''))];
const ENCODINGS: [(&str, Encoding); 5] = [
    ("utf-8", Encoding::Utf8),
    ("latin-1", Encoding::Latin1),
    ("windows-1252", Encoding::Windows1252),
    ("latin-2", Encoding::Latin2),
    ("windows-1250", Encoding::Windows1250),
];
const DELIMITERS: [(&str, u8); 8] = [
    (",", b','),
    (";", b';'),
    ("|", b'|'),
    ("\t", b'\t'),
    ("comma", b','),
    ("semicolon", b';'),
    ("bar", b'|'),
    ("tab", b'\t'),
];
const DATES: [(&str, DateForm); 12] = {
    use DateOrder::{DayFirst, MonthFirst, YearFirst};
    const fn form(order: DateOrder, separator: Option<char>) -> DateForm {
        DateForm::Written { order, separator }
    }
    [
        ("yyyy-mm-dd", form(YearFirst, Some('-'))),
        ("yyyy/mm/dd", form(YearFirst, Some('/'))),
        ("yyyy.mm.dd", form(YearFirst, Some('.'))),
        ("yyyymmdd", form(YearFirst, None)),
        ("dd.mm.yyyy", form(DayFirst, Some('.'))),
        ("dd/mm/yyyy", form(DayFirst, Some('/'))),
        ("dd-mm-yyyy", form(DayFirst, Some('-'))),
        ("ddmmyyyy", form(DayFirst, None)),
        ("mm/dd/yyyy", form(MonthFirst, Some('/'))),
        ("mm-dd-yyyy", form(MonthFirst, Some('-'))),
        ("excel", DateForm::Excel),
        ("excel 1904", DateForm::Excel1904),
    ]
};

impl Default for Dialect {
    fn default() -> Self {
        Dialect {
            format: Format::Csv,
            format_is_said: false,
            delimiter: b',',
            decimal: Decimal::Point,
            thousands: None,
            encoding: Encoding::Utf8,
            dates: DateForm::Written { order: DateOrder::YearFirst, separator: Some('-') },
            words: Vec::new(),
            codes: Codes::default(),
        }
    }
}

impl Dialect {
    /// That of a file by its name, where the mapping does not say what it is.
    #[must_use]
    pub(in crate::cohort) fn of_file(self, path: &Path) -> Self {
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
        let format = match ending.as_str() {
            _ if self.format_is_said => self.format,
            "parquet" => Format::Parquet,
            "ndjson" | "jsonl" => Format::Ndjson,
            _ => self.format,
        };
        // Its letters are always written in one way.
        let encoding = if format == Format::Parquet { Encoding::Utf8 } else { self.encoding };
        Dialect { format, encoding, ..self }
    }

    /// How the day of something is read.
    pub(in crate::cohort) fn of_day(&self) -> How<'_> {
        How { kind: TextKind::Date, codes: &self.codes, words: &[], guard: Guard::Full }
    }

    /// How a text is read that is only held against others.
    pub(in crate::cohort) fn of_name(&self) -> How<'_> {
        How { kind: TextKind::Word, guard: Guard::Negative, ..self.of_day() }
    }
}

/// Reads how a file is written; what is not said is as in `base`.
pub(super) fn read(fields: &mut Fields<'_, '_>, base: &Dialect) -> Dialect {
    let said_format = one_of(fields, "format", "a format", &FORMATS);
    let (format, format_is_said) = (said_format.unwrap_or(base.format), said_format.is_some() || base.format_is_said);
    let delimiter = one_of(fields, "delimiter", "a delimiter", &DELIMITERS).unwrap_or(base.delimiter);
    let mistakes = fields.mistakes().len();
    let decimal = one_of(fields, "decimal", "a decimal mark", &DECIMALS).unwrap_or(base.decimal);
    let said = one_of(fields, "thousands", "a mark between thousands", &THOUSANDS);
    let thousands = said.unwrap_or(base.thousands);
    // Of a word that is none it is not known which mark was meant.
    let known = fields.mistakes().len() == mistakes;
    if known && thousands == Some(decimal.mark()) && (thousands, decimal) != (base.thousands, base.decimal) {
        let place = fields.place_of(if said.is_some() { "thousands" } else { "decimal" });
        let message = "the decimal mark and the mark between thousands are the same".to_owned();
        fields.mistakes().push(codes::cell(place, message));
    }
    let encoding = one_of(fields, "encoding", "an encoding", &ENCODINGS).unwrap_or(base.encoding);
    let dates = one_of(fields, "dates", "a form of dates", &DATES).unwrap_or(base.dates);
    let words = and_those_of(words(fields, "words"), &base.words);
    let codes = codes_of(fields, &base.codes);
    Dialect { format, format_is_said, delimiter, decimal, thousands, encoding, dates, words, codes }
}

/// One of a few words, where the key is given.
pub(super) fn one_of<T: Copy>(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    what: &str,
    words: &[(&'static str, T)],
) -> Option<T> {
    let given = fields.optional_text(key)?;
    // A tab or a blank is a word here, and no layout.
    let found = words.iter().find(|(word, _)| *word == given.value);
    if found.is_none() {
        let words = words.iter().map(|(word, _)| *word).filter(|word| *word != "\t");
        fields.mistakes().push(codes::no_word(what, given.value, given.span, words));
    }
    found.map(|(_, value)| *value)
}

/// `words: {ja: yes, nein: no}`, the words in lower case.
pub(super) fn words(fields: &mut Fields<'_, '_>, key: &'static str) -> Words {
    let Some(node) = fields.optional(key) else { return Vec::new() };
    let words = entries(node, key, fields.mistakes());
    check_capitals(&words, fields.mistakes());
    words.into_iter().map(|(word, said)| (word.value.to_lowercase(), said)).collect()
}

/// Words, and those others that they do not speak of.
pub(super) fn and_those_of(mut words: Words, others: &Words) -> Words {
    let own = words.len();
    for other in others {
        if words.iter().take(own).all(|(word, _)| *word != other.0) {
            words.push(other.clone());
        }
    }
    words
}

/// Capitals of words do not matter, so two that differ in them alone are one.
pub(super) fn check_capitals(words: &[(Spanned<String>, Spanned<String>)], mistakes: &mut Vec<Diagnostic>) {
    for (at, (word, said)) in words.iter().enumerate() {
        let lower = word.value.to_lowercase();
        let earlier = words.iter().take(at).find(|(earlier, _)| earlier.value.to_lowercase() == lower);
        if let Some((earlier, _)) = earlier.filter(|(_, other)| other != said) {
            let message = format!("`{}` and `{}` are one word: capitals do not matter", earlier.value, word.value);
            mistakes.push(codes::twice(word.span, earlier.span, message));
        }
    }
}

/// The texts of a group, by their keys.
pub(super) fn entries(
    node: &Node,
    key: &str,
    mistakes: &mut Vec<Diagnostic>,
) -> Vec<(Spanned<String>, Spanned<String>)> {
    let Some(mut group) = Fields::of(node, format!("`{key}`"), mistakes) else { return Vec::new() };
    let rest: Vec<_> = group.rest().collect();
    let text = |(name, value): &(Spanned<String>, Node)| {
        let text = expect_text(value, &format!("`{}`", name.value), group.mistakes())?;
        Some((name.clone().map(|name| name.trim().to_owned()), tables::owned(text)))
    };
    rest.into_iter().filter_map(text).collect()
}

/// `codes: {-9: unknown, empty: not done}`; those that are said here come before those of all columns.
pub(super) fn codes_of(fields: &mut Fields<'_, '_>, base: &Codes) -> Codes {
    let mut codes = base.clone();
    let Some(node) = fields.optional("codes") else { return codes };
    let mut own = Vec::new();
    for (code, said) in entries(node, "codes", fields.mistakes()) {
        let words = Absence::WORDS.iter().map(|(word, _)| *word);
        let Some((_, absence)) = Absence::WORDS.iter().find(|(word, _)| *word == said.value) else {
            fields.mistakes().push(codes::no_word("what a code says", &said.value, said.span, words));
            continue;
        };
        if code.value != "empty" {
            let number = code.value.parse::<Number>().ok();
            own.push((code.value, number, *absence));
        } else if *absence == Absence::Value {
            fields.mistakes().push(codes::value(said.span, "an empty cell is no value".to_owned()));
        } else {
            codes.empty = *absence;
        }
    }
    own.append(&mut codes.codes);
    codes.codes = own;
    codes
}
