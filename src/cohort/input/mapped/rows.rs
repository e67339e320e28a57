//! Rows into fields: which it has, and how its letters are read.

use encoding_rs::{ISO_8859_2, WINDOWS_1250, WINDOWS_1252};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;

use crate::cohort::mapping::{Dialect, Encoding, Format};

/// The columns of a file: of CSV those of its header, of NDJSON the keys that its first lines have.
#[derive(Debug, Clone, Default)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    /// For each slot of the mapping the place of its column.
    pub(super) places: Vec<Option<usize>>,
}

/// One row: the text of each slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) line: u64,
    /// The fields that are read, with a tab after each.
    pub(super) text: String,
    pub(super) slots: Vec<Range<usize>>,
    /// What is wrong with the row as a whole.
    pub(super) broken: Option<Broken>,
}

/// What can be wrong with a whole row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// Another number of fields than the header.
    Fields,
    /// The text of a slot, or of a line that cannot be taken apart, is not in the encoding.
    Encoding(Option<usize>),
    /// No flat JSON object.
    NotFlat,
    /// A quote that its line does not close.
    Quote,
    /// It is longer than a row may be.
    TooLong,
}

impl Row {
    /// The text of a slot, without blanks around it.
    pub(super) fn get(&self, slot: usize) -> &str {
        self.slots.get(slot).and_then(|range| self.text.get(range.clone())).unwrap_or("")
    }

    fn push(&mut self, field: &str) {
        let field = field.trim();
        let start = self.text.len();
        self.text.push_str(field);
        self.slots.push(start..self.text.len());
        self.text.push('\t');
    }
}

/// Takes rows apart, each given with its line, and why it cannot be taken apart.
pub(super) fn rows(
    bytes: &[u8],
    lines: impl Iterator<Item = (u64, Option<Broken>)>,
    dialect: &Dialect,
    header: &Header,
) -> Vec<Row> {
    let mut reader = match dialect.format {
        Format::Csv => Fields::of_csv(bytes, dialect.delimiter),
        Format::Ndjson | Format::Parquet => Fields::of_ndjson(bytes),
    };
    lines
        .map(|(line, broken)| {
            let mut row = Row { line, broken, ..Row::default() };
            if broken.is_some() {
                return row;
            }
            match reader.next() {
                Some(Raw::Csv(fields)) => csv_row(fields, dialect, header, &mut row),
                Some(Raw::Ndjson(bytes)) => ndjson_row(bytes, dialect, header, &mut row),
                None => row.broken = Some(Broken::Fields),
            }
            row
        })
        .collect()
}

/// The rows of a stretch one after the other.
pub(super) enum Fields<'b> {
    /// Of CSV, taken apart in fields.
    Csv(Box<csv::Reader<&'b [u8]>>, csv::ByteRecord),
    /// Of NDJSON: what is left.
    Ndjson(&'b [u8]),
}

/// One row before its letters are read.
pub(super) enum Raw<'r> {
    /// The fields.
    Csv(&'r csv::ByteRecord),
    /// The line.
    Ndjson(&'r [u8]),
}

impl<'b> Fields<'b> {
    pub(super) fn of_csv(bytes: &'b [u8], delimiter: u8) -> Self {
        let mut reader = csv::ReaderBuilder::new();
        reader.delimiter(delimiter).has_headers(false).flexible(true);
        Fields::Csv(Box::new(reader.from_reader(bytes)), csv::ByteRecord::new())
    }

    pub(super) fn of_ndjson(bytes: &'b [u8]) -> Self {
        Fields::Ndjson(bytes)
    }

    /// The next row that is not empty.
    pub(super) fn next(&mut self) -> Option<Raw<'_>> {
        match self {
            Fields::Csv(reader, fields) => {
                // Bytes in memory are read without an error, and a flexible reader takes any number of fields.
                let read = matches!(reader.read_byte_record(fields), Ok(true));
                read.then_some(Raw::Csv(fields))
            }
            Fields::Ndjson(rest) => {
                while !rest.is_empty() {
                    let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                    let line = rest.get(..end).unwrap_or_default();
                    *rest = rest.get(end + 1..).unwrap_or_default();
                    if !line.iter().all(u8::is_ascii_whitespace) {
                        return Some(Raw::Ndjson(line));
                    }
                }
                None
            }
        }
    }
}

fn csv_row(fields: &csv::ByteRecord, dialect: &Dialect, header: &Header, row: &mut Row) {
    if fields.len() != header.names.len() {
        row.broken = Some(Broken::Fields);
    }
    for (slot, place) in header.places.iter().enumerate() {
        let field = place.and_then(|at| fields.get(at)).unwrap_or_default();
        if let Some(text) = decoded(field, dialect.encoding) {
            row.push(&text);
        } else {
            row.broken = row.broken.or(Some(Broken::Encoding(Some(slot))));
            row.push(&String::from_utf8_lossy(field));
        }
    }
}

/// A text from bytes; `None` where they are not in the encoding.
pub(super) fn decoded(bytes: &[u8], encoding: Encoding) -> Option<std::borrow::Cow<'_, str>> {
    match encoding {
        Encoding::Utf8 => std::str::from_utf8(bytes).ok().map(Into::into),
        Encoding::Latin1 => Some(encoding_rs::mem::decode_latin1(bytes)),
        Encoding::Windows1252 => WINDOWS_1252.decode_without_bom_handling_and_without_replacement(bytes),
        Encoding::Latin2 => ISO_8859_2.decode_without_bom_handling_and_without_replacement(bytes),
        Encoding::Windows1250 => WINDOWS_1250.decode_without_bom_handling_and_without_replacement(bytes),
    }
}

fn ndjson_row(bytes: &[u8], dialect: &Dialect, header: &Header, row: &mut Row) {
    let text = decoded(bytes, dialect.encoding);
    let object = text.as_deref().map(|text| serde_json::from_str::<Flat>(text).ok());
    let mut fields = match object {
        Some(Some(Flat(fields))) => fields,
        Some(None) => {
            row.broken = Some(Broken::NotFlat);
            Vec::new()
        }
        None => {
            row.broken = Some(Broken::Encoding(None));
            Vec::new()
        }
    };
    fields.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    for place in &header.places {
        let name = place.and_then(|at| header.names.get(at));
        let at = name.and_then(|name| fields.binary_search_by(|field| field.key.cmp(name)).ok());
        match at.and_then(|at| fields.get(at)) {
            // A number of JSON has a point, whatever the texts of the file have.
            Some(Field { text, is_number: true, .. }) if text.contains('.') => {
                row.push(&text.replace('.', dialect.decimal.mark().encode_utf8(&mut [0; 4])));
            }
            Some(field) => row.push(&field.text),
            None => row.push(""),
        }
    }
}

/// The keys of one line, where it is a flat object.
pub(super) fn ndjson_keys(bytes: &[u8], dialect: &Dialect) -> Vec<String> {
    let text = decoded(bytes, dialect.encoding);
    let object = text.and_then(|text| serde_json::from_str::<Flat>(&text).ok());
    object.map(|Flat(fields)| fields.into_iter().map(|field| field.key).collect()).unwrap_or_default()
}

/// A flat object, its numbers as they are written, each key once.
struct Flat(Vec<Field>);

struct Field {
    key: String,
    text: String,
    is_number: bool,
}

impl<'de> Deserialize<'de> for Flat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FlatVisitor)
    }
}

struct FlatVisitor;

impl<'de> Visitor<'de> for FlatVisitor {
    type Value = Flat;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a flat object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Flat, A::Error> {
        use serde::de::Error as _;
        let mut fields: Vec<Field> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
            let raw = value.get();
            let text = match raw.as_bytes().first() {
                Some(b'"') => serde_json::from_str::<String>(raw).map_err(A::Error::custom)?,
                Some(b'{' | b'[') => return Err(A::Error::custom("a value with parts")),
                _ if raw == "null" => String::new(),
                _ => raw.to_owned(),
            };
            let is_number = raw.starts_with(|first: char| first == '-' || first.is_ascii_digit());
            fields.push(Field { key, text, is_number });
        }
        let mut keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
        keys.sort_unstable();
        if keys.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
            return Err(A::Error::custom("a key stands twice"));
        }
        Ok(Flat(fields))
    }
}
