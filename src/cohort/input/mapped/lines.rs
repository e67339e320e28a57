//! Text files into rows: where one ends.

use std::ops::Range;

use super::rows::Broken;
use super::stretch::{ROW_LIMIT, RowPlace, Stretch};
use crate::cohort::input::source::{BYTE_ORDER_MARK, GZIP};
use crate::cohort::input::{InputError, Source};
use crate::cohort::mapping::{Dialect, Format};

/// How many bytes are read at a time: the blocks under way, with what is written of them, stay in a processor's cache.
const BLOCK: usize = 128 * 1024;
/// A Parquet file begins so: its mark, and the first field of what comes next.
const PARQUET: &[u8] = b"PAR1\x15";

/// A text file as stretches of whole rows.
///
/// In CSV a line end inside quotes ends no row. A quote that is not closed would so swallow the rows after it, up to the
/// next quote, to the end of the file or beyond the limit. What was read of such a row is taken line by line instead: the
/// line with the quote is a row that cannot be read, and those after it are rows again.
#[derive(Debug)]
pub(super) struct Lines {
    source: Source,
    format: Format,
    delimiter: u8,
    rest: Vec<u8>,
    /// Rows that begin in so many bytes of the rest end with their line, whatever their quotes say.
    by_line: usize,
    /// Rows that were taken and put back.
    held: Vec<Stretch>,
    line: u64,
    started: bool,
    ended: bool,
}

/// The whole rows of what was read, where they end, and the line that comes next.
struct Scanned {
    rows: Vec<RowPlace>,
    end: usize,
    line: u64,
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
            by_line: 0,
            held: Vec::new(),
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
        if let Some(held) = self.held.pop() {
            return Ok(Some(held));
        }
        let mut more = BLOCK;
        loop {
            if !self.ended {
                self.ended = self.source.append(&mut self.rest, more)? < more;
            }
            if !self.started {
                self.started = true;
                self.begin()?;
            }
            let Scanned { rows, end, line } = self.scan();
            if rows.is_empty() && !self.ended {
                if self.rest.len() <= ROW_LIMIT {
                    // What is looked at once more doubles, so that a long row takes no longer than as many short ones.
                    more = self.rest.len().min(ROW_LIMIT - self.rest.len()).max(BLOCK);
                } else if end > 0 {
                    // Nothing but empty lines.
                    self.rest.drain(..end);
                    self.line = line;
                } else if self.by_line == 0 && self.format == Format::Csv {
                    self.by_line = self.rest.len();
                } else {
                    return self.pass_over().map(Some);
                }
                continue;
            }
            let after = self.rest.split_off(end);
            let mut bytes = std::mem::replace(&mut self.rest, after);
            self.by_line = self.by_line.saturating_sub(end);
            self.line = line;
            for row in rows.iter().filter(|row| row.broken.is_some()) {
                // Whoever takes the rows apart finds an empty line.
                bytes.get_mut(row.bytes.clone()).unwrap_or_default().fill(b'\n');
            }
            return Ok((!rows.is_empty()).then_some(Stretch { bytes, rows }));
        }
    }

    /// Passes over a line that is too long to be kept.
    fn pass_over(&mut self) -> Result<Stretch, InputError> {
        let line = self.line;
        loop {
            let end = memchr::memchr2(b'\n', b'\r', &self.rest);
            self.rest.drain(..end.unwrap_or(self.rest.len()));
            self.by_line = 0;
            // Of a `\r` at the end nobody can tell yet whether a `\n` belongs to it.
            if self.ended || (end.is_some() && self.rest.len() > 1) {
                break;
            }
            self.ended = self.source.append(&mut self.rest, BLOCK)? < BLOCK;
        }
        let ends = if self.rest.starts_with(b"\r\n") { 2 } else { self.rest.len().min(1) };
        self.line += u64::from(ends > 0);
        let row = RowPlace { bytes: 0..0, line, broken: Some(Broken::TooLong) };
        Ok(Stretch { bytes: self.rest.drain(..ends).collect(), rows: vec![row] })
    }

    /// Only the first row, for a header: the others stay.
    pub(super) fn first(&mut self) -> Result<Option<Vec<u8>>, InputError> {
        let Some(mut stretch) = self.next()? else { return Ok(None) };
        let first = stretch.rows.remove(0);
        first.demand_whole(self.source.name())?;
        let row = stretch.row(&first).to_vec();
        let after = stretch.bytes.get(first.bytes.end..).unwrap_or_default();
        let end = first.bytes.end + if after.starts_with(b"\r\n") { 2 } else { after.len().min(1) };
        if !stretch.rows.is_empty() {
            self.put_back(stretch.without_first(end));
        }
        Ok(Some(row))
    }

    /// Puts rows back that were taken last, to be taken again; of several stretches the last first.
    pub(super) fn put_back(&mut self, stretch: Stretch) {
        self.held.push(stretch);
    }

    fn begin(&mut self) -> Result<(), InputError> {
        if self.rest.starts_with(BYTE_ORDER_MARK) {
            self.rest.drain(..BYTE_ORDER_MARK.len());
        }
        // Of two bytes a letter has, one of the first is nothing where there is no mark.
        let [first, second] = [0, 1].map(|at| self.rest.get(at).copied());
        let in_pairs = first.is_some() && second.is_some() && (first == Some(0)) != (second == Some(0));
        if in_pairs || self.rest.starts_with(b"\xff\xfe") || self.rest.starts_with(b"\xfe\xff") {
            return Err(InputError::Utf16 { name: self.source.name().to_owned() });
        }
        if self.rest.starts_with(GZIP) {
            return Err(InputError::Packed { name: self.source.name().to_owned() });
        }
        if self.rest.starts_with(PARQUET) {
            let name = self.source.name().to_owned();
            let known = cfg!(feature = "parquet");
            return Err(if known { InputError::Parquet { name } } else { InputError::NoParquet { name } });
        }
        Ok(())
    }

    /// The whole rows of what was read.
    fn scan(&mut self) -> Scanned {
        match self.format {
            Format::Csv => self.scan_csv(),
            Format::Ndjson | Format::Parquet => self.scan_lines(),
        }
    }

    /// Of NDJSON: each line end ends a row.
    fn scan_lines(&self) -> Scanned {
        let (mut rows, mut start, mut line) = (Vec::new(), 0, self.line);
        let (mut end, mut line_after) = (0, self.line);
        let mut add = |bytes: Range<usize>, line| {
            let blank = self.rest.get(bytes.clone()).is_none_or(|row| row.iter().all(u8::is_ascii_whitespace));
            if !blank {
                rows.push(RowPlace { bytes, line, broken: None });
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
        Scanned { rows, end, line: line_after }
    }

    /// Of CSV: a line end inside quotes ends none, unless they are not believed.
    fn scan_csv(&mut self) -> Scanned {
        let mut rows = Vec::new();
        // The row that is under way, and the line on which it begins.
        let (mut start, mut line, mut inside, mut stray) = (0, self.line, Inside::FieldStart, false);
        let (mut at, mut here, mut end, mut line_after) = (0, self.line, 0, self.line);
        loop {
            let byte = self.rest.get(at).copied();
            let quoted = inside == Inside::Quotes;
            let is_end = match byte {
                None if !self.ended => break,
                None => true,
                Some(b'\n' | b'\r') => !quoted || start < self.by_line,
                Some(_) => false,
            };
            let ends_line = matches!(byte, Some(b'\n' | b'\r')) && self.is_line_end(at);
            if is_end && start >= self.by_line && (quoted || (stray && here > line)) {
                // Over several lines quotes are believed only where they are as they should be.
                self.by_line = at.max(start + 1);
                (at, here, inside, stray) = (start, line, Inside::FieldStart, false);
                continue;
            }
            here += u64::from(ends_line);
            if is_end {
                if at > start {
                    rows.push(RowPlace { bytes: start..at, line, broken: quoted.then_some(Broken::Quote) });
                }
                (start, line, inside, stray) = (at + 1, here, Inside::FieldStart, false);
                if ends_line || self.ended {
                    (end, line_after) = (start.min(self.rest.len()), here);
                }
            } else if let Some(byte) = byte {
                let after = self.after(inside, byte);
                stray |= inside == Inside::QuoteInQuotes && after == Inside::Field;
                inside = after;
            }
            if byte.is_none() {
                break;
            }
            at += 1;
        }
        rows.retain(|row| row.bytes.end <= end);
        Scanned { rows, end, line: line_after }
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
