//! Text files into rows: where one ends.

use std::ops::Range;

use super::stretch::{ROW_LIMIT, RowPlace, Stretch, line_ends};
use crate::cohort::input::{InputError, Source};
use crate::cohort::mapping::{Dialect, Format};

/// How many bytes are read at a time: the blocks under way, with what is written of them, stay in a processor's cache.
const BLOCK: usize = 128 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// A Parquet file begins so: its mark, and the first field of what comes next.
const PARQUET: &[u8] = b"PAR1\x15";

/// A text file as stretches of whole rows.
#[derive(Debug)]
pub(super) struct Lines {
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

impl Lines {
    pub(super) fn new(source: Source, dialect: &Dialect) -> Self {
        Lines {
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
        let after = stretch.bytes.get(first.bytes.end..).unwrap_or_default();
        let end = first.bytes.end + if after.starts_with(b"\r\n") { 2 } else { after.len().min(1) };
        let line = first.line + line_ends(stretch.bytes.get(first.bytes.start..end).unwrap_or_default());
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
        if self.rest.starts_with(PARQUET) {
            let name = self.source.name().to_owned();
            let known = cfg!(feature = "parquet");
            return Err(if known { InputError::Parquet { name } } else { InputError::NoParquet { name } });
        }
        Ok(())
    }

    /// The whole rows of what was read, where they end, and the line that comes next.
    fn scan(&self) -> (Vec<RowPlace>, usize, u64) {
        match self.format {
            Format::Csv => self.scan_csv(),
            Format::Ndjson | Format::Parquet => self.scan_lines(),
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
            let is_end = self.is_line_end(at);
            add(start..at, line);
            (start, line) = (at + 1, line + u64::from(is_end));
            if is_end || self.ended {
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
            let ends_line = matches!(byte, b'\n' | b'\r') && self.is_line_end(at);
            here += u64::from(ends_line);
            if is_end {
                if at > start {
                    rows.push(RowPlace { bytes: start..at, line });
                }
                (start, line, inside) = (at + 1, here, Inside::FieldStart);
                if ends_line || self.ended {
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

    /// A line ends at this `\n` or `\r`: of both together at the second. Of a `\r` at the end nobody can tell yet.
    fn is_line_end(&self, at: usize) -> bool {
        self.rest.get(at) == Some(&b'\n') || self.rest.get(at + 1).is_some_and(|next| *next != b'\n')
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
