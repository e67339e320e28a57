use std::collections::HashMap;

use serde_saphyr::granit_parser::{self, Event, Parser, ScalarStyle, ScanError};

use super::mistakes;
use super::{Node, NodeKind, Style};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, SourceMap, Span, Spanned};

/// How many bytes one text may have.
pub const SIZE_LIMIT: usize = 16 * 1024 * 1024;
/// How deep lists and mappings may stand inside each other.
pub const DEPTH_LIMIT: usize = 64;
/// How many values one text may have.
pub const NODE_LIMIT: usize = 500_000;

/// How many mistakes of one text are told.
const MISTAKE_LIMIT: usize = 100;

/// Mappings up to this size are searched for a duplicate key one by one.
const SMALL_MAPPING: usize = 12;

/// Reads a file: its documents in order, none for a file without content.
pub fn read(sources: &SourceMap, file: FileId) -> Result<Vec<Node>, Vec<Diagnostic>> {
    read_stretch(sources, sources.span(file, 0, usize::MAX))
}

/// Reads a stretch of a file that is YAML by itself: an entry of a mapping in column 1, a line of NDJSON.
pub fn read_stretch(sources: &SourceMap, stretch: Span) -> Result<Vec<Node>, Vec<Diagnostic>> {
    let text = sources.slice(stretch);
    let mut builder = Builder::new(stretch, text);
    if text.len() > SIZE_LIMIT {
        return Err(vec![mistakes::too_large(builder.start_of_text(), text.len())]);
    }
    if let Some(at) = first_control_character(text) {
        return Err(vec![mistakes::control_character(builder.character_at(at), text.get(at..).unwrap_or(""))]);
    }
    let mut options = granit_parser::Options::default();
    options.disallow_directives = true;
    options.emit_unresolved_aliases = true;
    options.emit_anchor_events = true;
    options.flow_nesting_limit = DEPTH_LIMIT;
    options.block_nesting_limit = DEPTH_LIMIT;
    options.set_emit_comments(false);
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((event, span)) => builder.take(event, &span),
            Err(error) => builder.stop(builder.broken(&error)),
        }
        if builder.stopped || builder.mistakes.len() >= MISTAKE_LIMIT {
            break;
        }
    }
    if builder.mistakes.is_empty() { Ok(builder.documents) } else { Err(builder.mistakes) }
}

/// The first byte of a character that no text holds: a control character other than tab and line ends.
fn first_control_character(text: &str) -> Option<usize> {
    let suspicious = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f;
    text.bytes().position(suspicious)
}

/// A list or mapping whose end has not been seen.
struct Open {
    kind: OpenKind,
    start: usize,
    end: usize,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<(Spanned<String>, Node)>,
        key: Option<Spanned<String>>,
        /// Keys of a mapping too large to be searched one by one.
        index: HashMap<String, Span>,
    },
    /// A key that is itself a list or mapping: reported, read over.
    Ignored,
}

/// Puts events together to a tree, without recursion.
struct Builder<'a> {
    stretch: Span,
    text: &'a str,
    open: Vec<Open>,
    documents: Vec<Node>,
    mistakes: Vec<Diagnostic>,
    nodes: usize,
    /// Nothing more can be read.
    stopped: bool,
}

impl<'a> Builder<'a> {
    fn new(stretch: Span, text: &'a str) -> Self {
        let (open, documents, mistakes) = (Vec::new(), Vec::new(), Vec::new());
        Builder { stretch, text, open, documents, mistakes, nodes: 0, stopped: false }
    }

    fn stop(&mut self, mistake: Diagnostic) {
        self.mistakes.push(mistake);
        self.stopped = true;
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let place = |at: usize| self.stretch.start + u32::try_from(at.min(self.text.len())).unwrap_or(0);
        Span { file: self.stretch.file, start: place(start), end: place(end.max(start)) }
    }

    fn start_of_text(&self) -> Span {
        self.span(0, 0)
    }

    fn character_at(&self, at: usize) -> Span {
        let width = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.span(at, at + width)
    }

    /// The mistake that ended the reading.
    fn broken(&self, error: &ScanError) -> Diagnostic {
        let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        let span = |start: usize, end: usize| self.span(start, end);
        let innermost = self.open.last().map(|open| open.start).filter(|start| self.begins_flow(*start));
        if let Some(bracket) =
            innermost.filter(|bracket| self.text.get(*bracket..at).is_some_and(|text| text.contains('\n')))
            && let Some(mistake) = mistakes::bracket_not_closed(error.kind(), self.text, (bracket, at), span)
        {
            return mistake;
        }
        mistakes::broken(error.kind(), self.text, at, span)
    }

    fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) {
        let (start, end) = span.byte_range().map_or((0, 0), |range| (range.start, range.end));
        if let Some(tag) = span.tag_span().and_then(|tag| tag.byte_range()) {
            self.mistakes.push(mistakes::tag(self.span(tag.start, tag.end)));
        }
        match event {
            Event::Scalar(text, style, _, _) => self.scalar(&text, style, start, end),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.mistakes.push(mistakes::alias(self.span(start, end), self.text.get(start..end).unwrap_or("*")));
                self.scalar("", ScalarStyle::Plain, start, end);
            }
            Event::Anchor(..) => {
                self.mistakes.push(mistakes::anchor(self.span(start, end), self.text.get(start..end).unwrap_or("&")));
            }
            Event::SequenceStart(..) => self.begin(OpenKind::Sequence(Vec::new()), start, end),
            Event::MappingStart(..) => {
                let kind = OpenKind::Mapping { entries: Vec::new(), key: None, index: HashMap::new() };
                self.begin(kind, start, end);
            }
            Event::SequenceEnd | Event::MappingEnd => self.finish(end),
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd | _ => {}
        }
    }

    fn count(&mut self, start: usize) {
        self.nodes += 1;
        if self.nodes > NODE_LIMIT {
            self.stop(mistakes::too_many(self.span(start, start)));
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, start: usize, end: usize) {
        self.count(start);
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let (start, end) = if style == Style::Block { self.block_with_header(start, end) } else { (start, end) };
        // The parser writes `~` where nothing stands.
        let text = if style == Style::Plain && start == end { "" } else { text };
        if self.is_key_next() {
            self.key(text, style, start, end);
        } else {
            let kind = NodeKind::Scalar { text: text.to_owned(), style };
            self.put(Node { kind, span: self.span(start, end) }, end);
        }
    }

    /// The stretch of a block of text from its `|` or `>` on; the parser gives that of the lines below.
    fn block_with_header(&self, start: usize, end: usize) -> (usize, usize) {
        let before = self.text.get(..start).unwrap_or("");
        let end = start + self.text.get(start..end).unwrap_or("").trim_end().len();
        let line_start = before.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
        if before.get(line_start..).is_some_and(|indent| !indent.trim().is_empty()) {
            return (start, end);
        }
        let above = before.trim_end();
        let header_line = above.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
        let header = above.get(header_line..).unwrap_or("");
        let header = header.split(" #").next().unwrap_or(header);
        header.rfind(['|', '>']).map_or((start, end), |at| (header_line + at, end))
    }

    fn is_key_next(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: OpenKind::Mapping { key: None, .. }, .. }))
    }

    fn key(&mut self, text: &str, style: Style, start: usize, end: usize) {
        let span = self.span(start, end);
        if text.is_empty() {
            self.mistakes.push(mistakes::empty_key(span));
        } else if text == "<<" && style == Style::Plain {
            self.mistakes.push(mistakes::merge_key(span));
        }
        let Some(Open { kind: OpenKind::Mapping { entries, key, index }, .. }) = self.open.last_mut() else { return };
        let earlier = if entries.len() < SMALL_MAPPING {
            entries.iter().find(|(name, _)| name.value == text).map(|(name, _)| name.span)
        } else {
            if index.is_empty() {
                index.extend(entries.iter().map(|(name, _)| (name.value.clone(), name.span)));
            }
            let earlier = index.get(text).copied();
            index.entry(text.to_owned()).or_insert(span);
            earlier
        };
        *key = Some(Spanned::new(text.to_owned(), span));
        if let Some(earlier) = earlier.filter(|_| !text.is_empty()) {
            self.mistakes.push(mistakes::duplicate_key(span, text, earlier));
        }
    }

    fn begin(&mut self, kind: OpenKind, start: usize, end: usize) {
        self.count(start);
        if self.open.len() >= DEPTH_LIMIT {
            return self.stop(mistakes::too_deep(self.span(start, end)));
        }
        let kind = if self.is_key_next() {
            self.mistakes.push(mistakes::key_not_text(self.span(start, end)));
            if let Some(Open { kind: OpenKind::Mapping { key, .. }, .. }) = self.open.last_mut() {
                *key = Some(Spanned::new(String::new(), Span { ..self.stretch }));
            }
            OpenKind::Ignored
        } else if matches!(self.open.last(), Some(Open { kind: OpenKind::Ignored, .. })) {
            OpenKind::Ignored
        } else {
            kind
        };
        self.open.push(Open { kind, start, end });
    }

    fn finish(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        // A block has no closing sign: it ends with its last part. A bracket closes with one byte at `end`.
        let closed =
            end > 0 && matches!(self.text.as_bytes().get(end - 1), Some(b']' | b'}')) && self.begins_flow(open.start);
        let end = if closed { end.max(open.end) } else { open.end };
        let kind = match open.kind {
            OpenKind::Sequence(items) => NodeKind::Sequence(items),
            OpenKind::Mapping { entries, .. } => NodeKind::Mapping(entries),
            OpenKind::Ignored => return,
        };
        let span = self.span(open.start, end);
        self.put(Node { kind, span }, end);
    }

    fn begins_flow(&self, start: usize) -> bool {
        matches!(self.text.as_bytes().get(start), Some(b'[' | b'{'))
    }

    fn put(&mut self, node: Node, end: usize) {
        match self.open.last_mut() {
            None => self.documents.push(node),
            Some(open) => {
                open.end = open.end.max(end);
                match &mut open.kind {
                    OpenKind::Sequence(items) => items.push(node),
                    OpenKind::Mapping { entries, key, .. } => {
                        if let Some(key) = key.take() {
                            entries.push((key, node));
                        }
                    }
                    OpenKind::Ignored => {}
                }
            }
        }
    }
}
