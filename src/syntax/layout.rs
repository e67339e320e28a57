//! A text cut into blocks and lines by column 1. Never fails.

use std::ops::Range;

use super::citations::read_sources;
use super::grammar::{Fragment, Node, Rule};
use super::reader::{Reader, refused};
use super::tree::Citation;
use crate::source::{Span, Spanned};

/// A line with something on it.
#[derive(Debug, Clone)]
pub(super) struct WrittenLine<'a> {
    /// Its content, sources and comment included.
    pub(super) span: Span,
    /// What stands before the sources; empty where there are only sources.
    pub(super) words: Fragment<'a>,
    /// The cells, where the line begins with `|`; the text after the last bar is the last of them.
    pub(super) cells: Option<Vec<Fragment<'a>>>,
    /// Its sources.
    pub(super) citations: Vec<Citation>,
    /// How far it is indented.
    pub(super) indent: usize,
    /// A tab stands before it.
    pub(super) after_tab: bool,
    /// An empty line stands before it.
    pub(super) after_gap: bool,
    /// It was too large and is not to be read.
    pub(super) refused: bool,
}

impl<'a> WrittenLine<'a> {
    /// The first word of the line; empty where it begins with a sign.
    pub(super) fn first_word(&self) -> &'a str {
        first_word(self.words.text)
    }

    /// The line has sources and nothing else.
    pub(super) fn is_only_sources(&self) -> bool {
        self.words.text.is_empty() && self.cells.is_none()
    }

    /// The line begins with `-` and a blank: an item of a list.
    pub(super) fn item(&self) -> Option<Fragment<'a>> {
        let dash = self.words.text.strip_prefix(['-', '*', '•', '–'])?;
        let starts_item = dash.is_empty() || dash.starts_with(char::is_whitespace);
        starts_item.then(|| self.words.from(self.words.text.len() - dash.len()).trimmed())
    }
}

/// The first word of a text; empty where it begins with a sign.
pub(super) fn first_word(text: &str) -> &str {
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// A line in column 1 and the lines under it.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    /// The line in column 1.
    pub(super) head: WrittenLine<'a>,
    /// The indented lines.
    pub(super) body: Vec<WrittenLine<'a>>,
}

/// A file as blocks and lines.
#[derive(Debug, Default)]
pub(super) struct Layout<'a> {
    /// Indented lines before the first block.
    pub(super) orphans: Vec<WrittenLine<'a>>,
    /// The blocks.
    pub(super) chunks: Vec<Chunk<'a>>,
    /// The comments.
    pub(super) comments: Vec<Spanned<String>>,
}

/// Cuts a text into blocks and lines.
pub(super) fn lay_out<'a>(whole: Fragment<'a>, refused_lines: &[Range<usize>], reader: &mut Reader) -> Layout<'a> {
    let mut layout = Layout::default();
    let file = match whole.parse(Rule::file) {
        Ok(file) => file,
        Err(refusal) => {
            reader.report(refused(whole, &refusal));
            return layout;
        }
    };
    let mut lines = Lines { whole, refused: refused_lines, gap: false, end: 0 };
    for part in file.children() {
        if part.rule() != Rule::block {
            if let Some(line) = lines.next(&part, &mut layout.comments, reader) {
                layout.orphans.push(line);
            }
            continue;
        }
        let mut chunk: Option<Chunk<'a>> = None;
        for line in part.children() {
            let Some(line) = lines.next(&line, &mut layout.comments, reader) else { continue };
            match &mut chunk {
                Some(chunk) => chunk.body.push(line),
                None => chunk = Some(Chunk { head: line, body: Vec::new() }),
            }
        }
        layout.chunks.extend(chunk);
    }
    layout
}

struct Lines<'a, 'r> {
    whole: Fragment<'a>,
    refused: &'r [Range<usize>],
    gap: bool,
    end: usize,
}

impl<'a> Lines<'a, '_> {
    fn next(
        &mut self,
        node: &Node<'a>,
        comments: &mut Vec<Spanned<String>>,
        reader: &mut Reader,
    ) -> Option<WrittenLine<'a>> {
        let start = node.span().start as usize;
        let between = self.whole.text.get(self.end..start).unwrap_or("");
        // What precedes a comment ended its own line; a comment did not.
        let pieces = between.split('\n').count();
        self.gap |= between.contains('\n')
            && (pieces > 2 || self.whole.text.get(..self.end).is_some_and(|text| text.ends_with('\n')));
        self.end = start + node.fragment().text.len();
        if node.rule() == Rule::comment {
            comments.push(Spanned::new(node.text().to_owned(), node.span()));
            return None;
        }
        let line = self.line(node, comments, reader);
        self.gap = false;
        Some(line)
    }

    fn line(&self, node: &Node<'a>, comments: &mut Vec<Spanned<String>>, reader: &mut Reader) -> WrittenLine<'a> {
        let content = node.fragment().trimmed();
        let start = content.base as usize;
        let indent = start.saturating_sub(node.span().start as usize);
        let after = self.refused.partition_point(|line| line.end <= start);
        let refused = self.refused.get(after).is_some_and(|line| line.contains(&start));
        let mut line = WrittenLine {
            span: content.whole(),
            words: content.between(0, 0),
            cells: None,
            citations: Vec::new(),
            indent,
            after_tab: self.whole.text.get(start - indent..start).is_some_and(|blanks| blanks.contains('\t')),
            after_gap: self.gap,
            refused,
        };
        for part in node.children() {
            #[expect(clippy::wildcard_enum_match_arm, reason = "a line holds nothing else")]
            match part.rule() {
                Rule::words => line.words = part.fragment().trimmed(),
                Rule::row => {
                    line.words = part.fragment().trimmed();
                    line.cells = Some(part.children().map(|cell| cell.fragment().trimmed()).collect());
                }
                Rule::sources | Rule::open_sources if !refused => line.citations = read_sources(&part, reader),
                Rule::comment => comments.push(Spanned::new(part.text().to_owned(), part.span())),
                _ => {}
            }
        }
        line
    }
}
