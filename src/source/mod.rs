//! Files as text, and places in them.
//!
//! A [`SourceMap`] holds every text of one run; a [`Span`] names a stretch of one of them by bytes, is
//! `Copy`, and takes no part in equality. Lines and columns are worked out only when a person looks.
//!
//! ```
//! use myoguide::source::SourceMap;
//! let mut sources = SourceMap::default();
//! let file = sources.add("demo.rules", "finding weak\n  mmt8 is below 142\n");
//! let span = sources.span(file, 15, 19);
//! assert_eq!(sources.slice(span), "mmt8");
//! assert_eq!(sources.position(span).line, 2);
//! ```

mod spanned;

pub use spanned::Spanned;

use std::sync::Arc;

/// A file of one run, as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A stretch of one file, in bytes: `start` included, `end` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The smallest stretch that holds both; the file is that of `self`.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Where a place is for a person: both counted from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

#[derive(Debug, Clone)]
struct SourceFile {
    path: String,
    text: String,
    /// How many lines stand before the text where a person looks for it.
    lines_before: u32,
    line_starts: Vec<u32>,
}

/// Every text of one run, in the order it was read. A clone shares the texts.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<Arc<SourceFile>>,
}

impl SourceMap {
    /// Takes a text in. `path` is what a message shows. A text is at most 4 GiB.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.add_part(path, text, 1)
    }

    /// Takes a part of a text in that begins at a line of it: places are told as those of the whole.
    pub fn add_part(&mut self, path: impl Into<String>, text: impl Into<String>, line: u32) -> FileId {
        let text = text.into();
        let line_starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| offset(at + 1))).collect();
        let lines_before = line.saturating_sub(1);
        self.files.push(Arc::new(SourceFile { path: path.into(), text, lines_before, line_starts }));
        FileId(offset(self.files.len() - 1))
    }

    /// The path as it was given.
    pub fn path(&self, file: FileId) -> &str {
        self.file(file).map_or("", |file| &file.path)
    }

    /// The whole text.
    pub fn text(&self, file: FileId) -> &str {
        self.file(file).map_or("", |file| &file.text)
    }

    /// A stretch of a file, clipped to its text.
    pub fn span(&self, file: FileId, start: usize, end: usize) -> Span {
        let length = self.text(file).len();
        Span { file, start: offset(start.min(length)), end: offset(end.min(length)) }
    }

    /// The text of a stretch.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Line and column of the start of a stretch.
    pub fn position(&self, span: Span) -> Position {
        let Some(file) = self.file(span.file) else { return Position { line: 1, column: 1 } };
        let line = file.line_starts.partition_point(|start| *start <= span.start).max(1);
        let start = file.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = file.text.get(start as usize..span.start as usize).unwrap_or("");
        let line = offset(line).saturating_add(file.lines_before);
        Position { line, column: offset(before.chars().count() + 1) }
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// There is no text.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Takes the newest texts off again, until so many are left. What names a place in them must be gone.
    pub fn truncate(&mut self, len: usize) {
        self.files.truncate(len);
    }

    /// `path:line`, as a trace prints it.
    pub fn place(&self, span: Span) -> String {
        format!("{}:{}", self.path(span.file), self.position(span).line)
    }

    /// All files, in the order they were read.
    pub fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        (0..offset(self.files.len())).map(FileId)
    }

    fn file(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.0 as usize).map(Arc::as_ref)
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
