//! Bytes into rows: where one ends, which fields it has, how its letters are read.

use encoding_rs::{ISO_8859_2, WINDOWS_1250, WINDOWS_1252};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;

use crate::cohort::input::{InputError, Source};
use crate::cohort::mapping::{Dialect, Encoding, Format};

/// How many bytes are read at a time.
const BLOCK: usize = 512 * 1024;
/// How many bytes one row may have.
pub(super) const ROW_LIMIT: usize = 16 * 1024 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where a row stands in a stretch, without its end of line.
#[derive(Debug, Clone)]
pub(super) struct RowPlace {
    pub(super) bytes: Range<usize>,
    /// Its first line, from 1.
    pub(super) line: u64,
}

/// Whole rows of a file.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    pub(super) bytes: Vec<u8>,
    pub(super) rows: Vec<RowPlace>,
}

impl Stretch {
    pub(super) fn row(&self, place: &RowPlace) -> &[u8] {
        self.bytes.get(place.bytes.clone()).unwrap_or_default()
    }

    /// The same in pieces of at most so many rows.
    pub(super) fn split(self, rows: usize) -> Vec<Stretch> {
        if self.rows.len() <= rows {
            return vec![self];
        }
        let mut pieces = Vec::new();
        let mut start = 0;
        for (at, piece) in self.rows.chunks(rows.max(1)).enumerate() {
            let next = self.rows.get((at + 1).saturating_mul(rows.max(1)));
            let end = next.map_or(self.bytes.len(), |next| next.bytes.start);
            let moved = |row: &RowPlace| RowPlace { bytes: row.bytes.start - start..row.bytes.end - start, ..*row };
            pieces.push(Stretch {
                bytes: self.bytes.get(start..end).unwrap_or_default().to_vec(),
                rows: piece.iter().map(moved).collect(),
            });
            start = end;
        }
        pieces
    }
}

/// A file as stretches of whole rows.
#[derive(Debug)]
pub(super) struct Stretches {
    source: Source,
    format: Format,
    delimiter: u8,
    rest: Vec<u8>,
    line: u64,
    started: bool,
    ended: bool,
}

/// Where a sign stands, for a file in which a line end may stand inside quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    FieldStart,
    Field,
    Quotes,
    /// After a quote inside quotes: their end, or the first half of a quote that belongs to the text.
    QuoteInQuotes,
}

impl Stretches {
    pub(super) fn new(source: Source, dialect: &Dialect) -> Self {
        Stretches {
            source,
            format: dialect.format,
            delimiter: dialect.delimiter,
            rest: Vec::new(),
            line: 1,
            started: false,
            ended: false,
        }
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// The next rows; `None` at the end. Empty lines are no rows.
    pub(super) fn next(&mut self) -> Result<Option<Stretch>, InputError> {
        loop {
            if !self.ended {
                self.ended = self.source.append(&mut self.rest, BLOCK)? < BLOCK;
            }
            if !self.started {
                self.started = true;
                self.begin()?;
            }
            let (rows, end, line) = self.scan();
            if rows.is_empty() && self.ended && end < self.rest.len() {
                return Err(InputError::QuoteNotClosed { name: self.source.name().to_owned(), line });
            }
            if rows.is_empty() && !self.ended {
                if self.rest.len() > ROW_LIMIT {
                    return Err(InputError::RowTooLong { name: self.source.name().to_owned(), line: self.line });
                }
                continue;
            }
            let after = self.rest.split_off(end);
            let bytes = std::mem::replace(&mut self.rest, after);
            self.line = line;
            return Ok((!rows.is_empty()).then_some(Stretch { bytes, rows }));
        }
    }

    /// Only the first row, for a header: the others stay.
    pub(super) fn first(&mut self) -> Result<Option<(Vec<u8>, u64)>, InputError> {
        let Some(mut stretch) = self.next()? else { return Ok(None) };
        let first = stretch.rows.remove(0);
        let row = stretch.row(&first).to_vec();
        let (end, line) = match stretch.rows.first() {
            Some(second) => (second.bytes.start, second.line),
            None => (stretch.bytes.len(), self.line),
        };
        let mut rest = stretch.bytes.split_off(end);
        rest.append(&mut self.rest);
        self.rest = rest;
        self.line = line;
        Ok(Some((row, first.line)))
    }

    /// Puts rows back that were taken last, to be taken again; `line` is the one they begin on.
    pub(super) fn put_back(&mut self, stretch: Stretch, line: u64) {
        let mut rest = stretch.bytes;
        rest.append(&mut self.rest);
        (self.rest, self.line) = (rest, line);
    }

    /// The line that comes next.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    fn begin(&mut self) -> Result<(), InputError> {
        if self.rest.starts_with(BYTE_ORDER_MARK) {
            self.rest.drain(..BYTE_ORDER_MARK.len());
        }
        if self.rest.starts_with(b"\xff\xfe") || self.rest.starts_with(b"\xfe\xff") {
            return Err(InputError::Utf16 { name: self.source.name().to_owned() });
        }
        Ok(())
    }

    /// The whole rows of what was read, where they end, and the line that comes next.
    fn scan(&self) -> (Vec<RowPlace>, usize, u64) {
        match self.format {
            Format::Csv => self.scan_csv(),
            Format::Ndjson => self.scan_lines(),
        }
    }

    /// Of NDJSON: each line end ends a row.
    fn scan_lines(&self) -> (Vec<RowPlace>, usize, u64) {
        let (mut rows, mut start, mut line) = (Vec::new(), 0, self.line);
        let (mut end, mut line_after) = (0, self.line);
        let mut add = |bytes: Range<usize>, line| {
            let blank = self.rest.get(bytes.clone()).is_none_or(|row| row.iter().all(u8::is_ascii_whitespace));
            if !blank {
                rows.push(RowPlace { bytes, line });
            }
        };
        for at in memchr::memchr2_iter(b'\n', b'\r', &self.rest) {
            let is_feed = self.rest.get(at) == Some(&b'\n');
            add(start..at, line);
            (start, line) = (at + 1, line + u64::from(is_feed));
            if is_feed || self.ended {
                (end, line_after) = (start, line);
            }
        }
        if self.ended {
            add(start..self.rest.len(), line);
            (end, line_after) = (self.rest.len(), line);
        }
        rows.retain(|row| row.bytes.end <= end);
        (rows, end, line_after)
    }

    /// Of CSV: a line end inside quotes ends none.
    fn scan_csv(&self) -> (Vec<RowPlace>, usize, u64) {
        let (mut rows, mut inside) = (Vec::new(), Inside::FieldStart);
        let (mut start, mut line, mut here, mut end, mut line_after) = (0, self.line, self.line, 0, self.line);
        for (at, byte) in self.rest.iter().enumerate() {
            let is_end = matches!(byte, b'\n' | b'\r') && inside != Inside::Quotes;
            here += u64::from(*byte == b'\n');
            if is_end {
                if at > start {
                    rows.push(RowPlace { bytes: start..at, line });
                }
                (start, line, inside) = (at + 1, here, Inside::FieldStart);
                if *byte == b'\n' || self.ended {
                    (end, line_after) = (at + 1, here);
                }
            } else {
                inside = self.after(inside, *byte);
            }
        }
        if self.ended && inside == Inside::Quotes {
            // The row, and all that it may have swallowed, stays.
            (end, line_after) = (start, line);
        } else if self.ended {
            if self.rest.len() > start {
                rows.push(RowPlace { bytes: start..self.rest.len(), line });
            }
            (end, line_after) = (self.rest.len(), here);
        }
        rows.retain(|row| row.bytes.end <= end);
        (rows, end, line_after)
    }

    fn after(&self, inside: Inside, byte: u8) -> Inside {
        match (inside, byte) {
            (Inside::Quotes, b'"') => Inside::QuoteInQuotes,
            (Inside::FieldStart | Inside::QuoteInQuotes, b'"') | (Inside::Quotes, _) => Inside::Quotes,
            (Inside::FieldStart | Inside::Field | Inside::QuoteInQuotes, byte) if byte == self.delimiter => {
                Inside::FieldStart
            }
            (Inside::FieldStart | Inside::Field | Inside::QuoteInQuotes, _) => Inside::Field,
        }
    }
}

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
    /// The text of a slot is not in the encoding.
    Encoding(usize),
    /// No flat JSON object.
    NotFlat,
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

/// Takes rows apart, each given with its line.
pub(super) fn rows(bytes: &[u8], lines: impl Iterator<Item = u64>, dialect: &Dialect, header: &Header) -> Vec<Row> {
    let mut reader = match dialect.format {
        Format::Csv => Fields::of_csv(bytes, dialect.delimiter),
        Format::Ndjson => Fields::of_ndjson(bytes),
    };
    lines
        .map(|line| {
            let mut row = Row { line, ..Row::default() };
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
            row.broken = row.broken.or(Some(Broken::Encoding(slot)));
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
    let fields = match object {
        Some(Some(Flat(fields))) => fields,
        Some(None) => {
            row.broken = Some(Broken::NotFlat);
            Vec::new()
        }
        None => {
            row.broken = Some(Broken::Encoding(0));
            Vec::new()
        }
    };
    for place in &header.places {
        let name = place.and_then(|at| header.names.get(at));
        let field = name.and_then(|name| fields.iter().find(|(key, _)| key == name));
        row.push(field.map_or("", |(_, value)| value));
    }
}

/// The keys of one line, where it is a flat object.
pub(super) fn ndjson_keys(bytes: &[u8], dialect: &Dialect) -> Vec<String> {
    let text = decoded(bytes, dialect.encoding);
    let object = text.and_then(|text| serde_json::from_str::<Flat>(&text).ok());
    object.map(|Flat(fields)| fields.into_iter().map(|(key, _)| key).collect()).unwrap_or_default()
}

/// A flat object, its numbers as they are written, each key once.
struct Flat(Vec<(String, String)>);

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
        let mut fields: Vec<(String, String)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
            let raw = value.get();
            let text = match raw.as_bytes().first() {
                Some(b'"') => serde_json::from_str::<String>(raw).map_err(A::Error::custom)?,
                Some(b'{' | b'[') => return Err(A::Error::custom("a value with parts")),
                _ if raw == "null" => String::new(),
                _ => raw.to_owned(),
            };
            if fields.iter().any(|(known, _)| *known == key) {
                return Err(A::Error::custom("a key stands twice"));
            }
            fields.push((key, text));
        }
        Ok(Flat(fields))
    }
}
