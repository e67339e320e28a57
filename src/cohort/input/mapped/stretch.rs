//! Whole rows of a file, whatever it is written in.

use std::ops::Range;
use std::path::Path;

use super::columnar::Columnar;
use super::lines::Lines;
use super::rows::Broken;
use crate::cohort::input::{InputError, Source};
use crate::cohort::mapping::{Dialect, Format};

/// How many bytes one row may have.
pub(super) const ROW_LIMIT: usize = 16 * 1024 * 1024;

/// Where a row stands in a stretch, without its end of line.
#[derive(Debug, Clone)]
pub(super) struct RowPlace {
    pub(super) bytes: Range<usize>,
    /// Its first line, from 1.
    pub(super) line: u64,
    /// Why its fields cannot be told apart: it is then a row that is refused, and its bytes are not there.
    pub(super) broken: Option<Broken>,
}

impl RowPlace {
    /// Where it stands without so many bytes before it.
    fn after(&self, bytes: usize) -> Self {
        let place = |at: usize| at.saturating_sub(bytes);
        RowPlace { bytes: place(self.bytes.start)..place(self.bytes.end), line: self.line, broken: self.broken }
    }

    /// Refuses a row that is broken, where it is not known whose it is, or what it would say of others.
    pub(super) fn demand_whole(&self, name: &str) -> Result<(), InputError> {
        self.broken.map_or(Ok(()), |broken| Err(self.not_told(broken, name)))
    }

    /// Nobody can tell whose it is.
    pub(super) fn not_told(&self, broken: Broken, name: &str) -> InputError {
        let (name, line) = (name.to_owned(), self.line);
        let why = match broken {
            Broken::TooLong => return InputError::RowTooLong { name, line },
            Broken::Quote => return InputError::QuoteNotClosed { name, line },
            Broken::Fields => "has another number of fields than the header",
            Broken::Encoding(_) => "is not in the encoding that the mapping names",
            Broken::NotFlat => "is no flat JSON object",
        };
        InputError::NotTold { name, line, why }
    }
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

    /// Refuses it if a row is broken: whose that is nobody can tell, so whoever it belongs to would be without it.
    pub(super) fn demand_whole(&self, name: &str) -> Result<(), InputError> {
        self.rows.iter().try_for_each(|row| row.demand_whole(name))
    }

    /// How many lines between its rows are empty.
    pub(super) fn empty_lines(&self) -> u64 {
        let ends = |bytes: Range<usize>| line_ends(self.bytes.get(bytes).unwrap_or_default());
        let (mut empty, mut end) = (0, None);
        for row in &self.rows {
            // One end is that of the row before.
            empty += ends(end.unwrap_or(0)..row.bytes.start) - u64::from(end.is_some());
            end = Some(row.bytes.end);
        }
        empty + end.map_or(0, |end| ends(end..self.bytes.len()).saturating_sub(1))
    }

    /// The same without so many bytes before its rows.
    pub(super) fn without_first(mut self, bytes: usize) -> Self {
        self.rows = self.rows.iter().map(|row| row.after(bytes)).collect();
        Stretch { bytes: self.bytes.split_off(bytes), rows: self.rows }
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
            pieces.push(Stretch {
                bytes: self.bytes.get(start..end).unwrap_or_default().to_vec(),
                rows: piece.iter().map(|row| row.after(start)).collect(),
            });
            start = end;
        }
        pieces
    }
}

/// How many lines end in these bytes.
pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    let is_end = |at: &usize| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n');
    memchr::memchr2_iter(b'\n', b'\r', bytes).filter(is_end).count() as u64
}

/// A file as stretches of whole rows.
#[derive(Debug)]
pub(super) enum Stretches {
    /// CSV or NDJSON.
    Text(Lines),
    /// Parquet, each row as a line of NDJSON.
    Columnar(Box<Columnar>),
}

impl Stretches {
    /// Opens a file that messages call by a name.
    pub(super) fn open(path: &Path, name: &str, dialect: &Dialect) -> Result<Self, InputError> {
        match dialect.format {
            Format::Csv | Format::Ndjson => Ok(Stretches::Text(Lines::new(Source::open_as(path, name)?, dialect))),
            Format::Parquet => Columnar::open(path, name, dialect).map(Box::new).map(Stretches::Columnar),
        }
    }

    pub(super) fn source(&self) -> &Source {
        match self {
            Stretches::Text(lines) => lines.source(),
            Stretches::Columnar(columnar) => columnar.source(),
        }
    }

    /// The next rows; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Stretch>, InputError> {
        match self {
            Stretches::Text(lines) => lines.next(),
            Stretches::Columnar(columnar) => columnar.next(),
        }
    }

    /// How many bytes of the file were handed out, with so many rows of so many bytes.
    pub(super) fn bytes_of(&self, rows: u64, bytes: u64) -> u64 {
        match self {
            Stretches::Text(_) => bytes,
            Stretches::Columnar(columnar) => columnar.bytes_of(rows),
        }
    }
}
