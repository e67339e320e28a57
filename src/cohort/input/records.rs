//! NDJSON of whole records, as `evaluate` reads them: an object a line.

use std::sync::Arc;

use super::source::{BYTE_ORDER_MARK, GZIP};
use super::{Counted, Input, InputError, Refusal, Source, Taken, codes, refused};
use crate::diagnostics::Code;
use crate::engine::Engine;
use crate::yaml::Node;

/// How many bytes are read at a time: enough to keep a worker busy.
const BLOCK: usize = 256 * 1024;
/// How many bytes a line may have; what is longer is passed over without being kept.
pub const LINE_LIMIT: usize = 16 * 1024 * 1024;
/// How much of a value is shown.
const SHOWN: usize = 200;

/// Lines of a source, in blocks.
#[derive(Debug)]
pub struct Records {
    source: Source,
    name: Arc<str>,
    /// What was read.
    read: Vec<u8>,
    /// How much of that was handed out.
    done: usize,
    /// The number of the line that is next.
    line: u64,
    /// How many lines are handed out at once.
    at_once: usize,
    ended: bool,
    counted: Counted,
    show_values: bool,
}

/// Whole lines, or one that is too long to be kept.
#[derive(Debug)]
pub struct Lines {
    /// The number of the first.
    first: u64,
    /// `None`: the line is too long.
    text: Option<Vec<u8>>,
}

/// What a worker needs: the name of the file, and whether values may be shown.
#[derive(Debug)]
pub struct Reader {
    name: Arc<str>,
    show_values: bool,
}

impl Records {
    /// The records of a source, at most so many in a block; where something is wrong, what stands there is kept only if it
    /// may be shown.
    pub fn new(source: Source, at_once: usize, show_values: bool) -> Self {
        let name = Arc::from(source.name());
        let counted = Counted::default();
        Records { source, name, read: Vec::new(), done: 0, line: 1, at_once, ended: false, counted, show_values }
    }

    /// What was read and not handed out.
    fn rest(&self) -> &[u8] {
        self.read.get(self.done..).unwrap_or_default()
    }

    /// Reads on; the first bytes of all may be a mark.
    fn read_on(&mut self) -> Result<(), InputError> {
        self.read.drain(..self.done);
        self.done = 0;
        let is_first = self.source.meter().bytes() == 0;
        self.ended = self.source.append(&mut self.read, BLOCK)? < BLOCK;
        if is_first && self.read.starts_with(GZIP) {
            return Err(InputError::Packed { name: self.source.name().to_owned() });
        }
        if is_first && self.read.starts_with(BYTE_ORDER_MARK) {
            self.done = BYTE_ORDER_MARK.len();
        }
        Ok(())
    }

    /// How many bytes the next lines have, if they are whole and as many as are handed out at once.
    fn whole_lines(&self) -> Option<usize> {
        let rest = self.rest();
        if let Some(end) = memchr::memchr_iter(b'\n', rest).nth(self.at_once.saturating_sub(1)) {
            return Some(end + 1);
        }
        let is_enough = rest.len() >= BLOCK || self.ended;
        let last = memchr::memrchr(b'\n', rest).filter(|_| is_enough);
        last.map(|at| at + 1)
    }

    /// Hands the next bytes out.
    fn lines(&mut self, bytes: usize) -> Lines {
        let text = self.rest().get(..bytes).unwrap_or_default().to_vec();
        self.done += bytes;
        self.counted.bytes += bytes as u64;
        let first = self.line;
        for line in lines(&text) {
            self.line += 1;
            let count = if is_empty(line) { &mut self.counted.empty_lines } else { &mut self.counted.records };
            *count += 1;
        }
        Lines { first, text: Some(text) }
    }

    /// Passes over a line that is too long.
    fn pass_over(&mut self) -> Result<Lines, InputError> {
        loop {
            let end = memchr::memchr(b'\n', self.rest()).map(|at| at + 1);
            let passed = end.unwrap_or(self.rest().len());
            self.done += passed;
            self.counted.bytes += passed as u64;
            if end.is_some() || self.ended {
                break;
            }
            self.read_on()?;
        }
        self.counted.records += 1;
        self.line += 1;
        Ok(Lines { first: self.line - 1, text: None })
    }
}

impl Input for Records {
    type Block = Lines;
    type Reader = Reader;

    fn next_block(&mut self) -> Result<Option<Lines>, InputError> {
        loop {
            if let Some(bytes) = self.whole_lines() {
                return Ok(Some(self.lines(bytes)));
            }
            if self.ended {
                let bytes = self.rest().len();
                return Ok((bytes > 0).then(|| self.lines(bytes)));
            }
            if self.rest().len() > LINE_LIMIT {
                return self.pass_over().map(Some);
            }
            self.read_on()?;
        }
    }

    fn reader(&self, _: &Engine) -> Reader {
        Reader { name: Arc::clone(&self.name), show_values: self.show_values }
    }

    fn take(reader: &mut Reader, engine: &mut Engine, block: &Lines, each: &mut dyn FnMut(&mut Engine, Taken)) {
        let Some(text) = &block.text else {
            each(engine, refused_line(block.first, codes::TOO_LONG, None));
            return;
        };
        for (line, bytes) in (block.first..).zip(lines(text)) {
            if is_empty(bytes) {
                continue;
            }
            let texts = engine.texts();
            let taken = if let Ok(text) = std::str::from_utf8(bytes) {
                reader.record(engine, line, text)
            } else {
                let shown = reader.show_values.then(|| shortened(&String::from_utf8_lossy(bytes)));
                refused_line(line, codes::NOT_TEXT, shown)
            };
            each(engine, taken);
            engine.forget_texts(texts);
        }
    }

    fn counted(&self) -> Counted {
        self.counted
    }
}

impl Reader {
    fn record(&self, engine: &mut Engine, line: u64, text: &str) -> Taken {
        let document = engine.read_line(&self.name, u32::try_from(line).unwrap_or(u32::MAX), text);
        let read = engine.record_of(&document);
        let id = match &read {
            Ok(record) => Some(record.id.clone()),
            Err(_) => document.tree().and_then(id_of),
        };
        let told = |mistakes: Vec<_>| refused::refusals(engine.sources(), &document, &mistakes, line, self.show_values);
        Taken { line, id: id.filter(|id| !id.is_empty()), record: read.map_err(told), carried: Vec::new() }
    }
}

/// What stands as the id of a record that cannot be read, where something does.
fn id_of(record: &Node) -> Option<String> {
    let id = record.get("id").filter(|id| !id.is_null())?;
    Some(id.text()?.trim().to_owned())
}

/// A line that is no text.
fn refused_line(line: u64, code: Code, value: Option<String>) -> Taken {
    let (code, message) = (code.id.to_owned(), code.title.to_owned());
    let refusal = Refusal { file: None, line, column: None, code, message, value };
    Taken { line, id: None, record: Err(vec![refusal]), carried: Vec::new() }
}

/// The lines of a text, without their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = text.strip_suffix(b"\n").unwrap_or(text);
    whole.split(|byte| *byte == b'\n').map(|line| {
        let end = line.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
        line.get(..end).unwrap_or(line)
    })
}

fn is_empty(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// A value as far as it is shown.
pub(super) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
