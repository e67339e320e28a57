use std::path::Path;

use super::{Absence, Codes, codes};
use crate::diagnostics::Diagnostic;
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
    /// Words for yes and no, lower case, and what a record says instead.
    pub words: Vec<(String, String)>,
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
        let is_parquet = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
        let format = if is_parquet && !self.format_is_said { Format::Parquet } else { self.format };
        // Its letters are always written in one way.
        let encoding = if format == Format::Parquet { Encoding::Utf8 } else { self.encoding };
        Dialect { format, encoding, ..self }
    }
}

/// Reads how a file is written; what is not said is as in `base`.
pub(super) fn read(fields: &mut Fields<'_, '_>, base: &Dialect) -> Dialect {
    let said_format = one_of(fields, "format", "a format", &FORMATS);
    let (format, format_is_said) = (said_format.unwrap_or(base.format), said_format.is_some() || base.format_is_said);
    let delimiter = one_of(fields, "delimiter", "a delimiter", &DELIMITERS).unwrap_or(base.delimiter);
    let decimal = one_of(fields, "decimal", "a decimal mark", &DECIMALS).unwrap_or(base.decimal);
    let said = one_of(fields, "thousands", "a mark between thousands", &THOUSANDS);
    let thousands = said.unwrap_or(base.thousands);
    if said.flatten() == Some(decimal.mark()) {
        let place = fields.place_of("thousands");
        let message = "the decimal mark and the mark between thousands are the same".to_owned();
        fields.mistakes().push(codes::cell(place, message));
    }
    let encoding = one_of(fields, "encoding", "an encoding", &ENCODINGS).unwrap_or(base.encoding);
    let dates = one_of(fields, "dates", "a form of dates", &DATES).unwrap_or(base.dates);
    let mut words = pairs(fields, "words");
    let own = words.clone();
    words.extend(base.words.iter().filter(|(word, _)| own.iter().all(|(other, _)| other != word)).cloned());
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
pub(super) fn pairs(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<(String, String)> {
    let Some(node) = fields.optional(key) else { return Vec::new() };
    entries(node, key, fields.mistakes()).into_iter().map(|(word, value, _)| (word.to_lowercase(), value)).collect()
}

/// The texts of a group: key, value, and the value's node.
pub(super) fn entries<'n>(
    node: &'n Node,
    key: &str,
    mistakes: &mut Vec<Diagnostic>,
) -> Vec<(String, String, &'n Node)> {
    let Some(mut group) = Fields::of(node, format!("`{key}`"), mistakes) else { return Vec::new() };
    let rest: Vec<_> = group.rest().collect();
    let text = |(name, value): &'n (crate::source::Spanned<String>, Node), mistakes: &mut Vec<Diagnostic>| {
        let text = expect_text(value, &format!("`{}`", name.value), mistakes)?;
        Some((name.value.trim().to_owned(), text.value.trim().to_owned(), value))
    };
    rest.into_iter().filter_map(|entry| text(entry, mistakes)).collect()
}

/// `codes: {-9: unknown, empty: not done}`; those that are said here come before those of all columns.
pub(super) fn codes_of(fields: &mut Fields<'_, '_>, base: &Codes) -> Codes {
    let mut codes = base.clone();
    let Some(node) = fields.optional("codes") else { return codes };
    let mut own = Vec::new();
    for (code, said, value) in entries(node, "codes", fields.mistakes()) {
        let words = Absence::WORDS.iter().map(|(word, _)| *word);
        let Some((_, absence)) = Absence::WORDS.iter().find(|(word, _)| *word == said) else {
            fields.mistakes().push(codes::no_word("what a code says", &said, value.span, words));
            continue;
        };
        if code == "empty" {
            codes.empty = *absence;
        } else {
            let number = code.parse::<Number>().ok();
            own.push((code, number, *absence));
        }
    }
    own.append(&mut codes.codes);
    codes.codes = own;
    codes
}
