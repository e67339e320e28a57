//! The generated parser, and a view of its results that knows its place in the file.

use std::num::NonZeroUsize;

use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::source::{FileId, Span};

/// What pest makes of `grammar/guideline.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/guideline.pest"]
struct Grammar;

/// Far above what the longest admitted file needs, far below what a person would wait for.
const CALLS: usize = 200_000_000;

/// A piece of a file that is read by one entry rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fragment<'a> {
    /// Its text.
    pub(super) text: &'a str,
    /// The file.
    pub(super) file: FileId,
    /// Where the text begins in the file.
    pub(super) base: u32,
}

impl<'a> Fragment<'a> {
    /// A stretch of the fragment, in bytes of its own text.
    pub(super) fn span(self, start: usize, end: usize) -> Span {
        let place = |at: usize| self.base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        Span { file: self.file, start: place(start), end: place(end) }
    }

    /// The whole of it.
    pub(super) fn whole(self) -> Span {
        self.span(0, self.text.len())
    }

    /// The fragment from one of its bytes on.
    pub(super) fn from(self, start: usize) -> Self {
        self.between(start, self.text.len())
    }

    /// The fragment between two of its bytes.
    pub(super) fn between(self, start: usize, end: usize) -> Self {
        let text = self.text.get(start..end).unwrap_or("");
        Fragment { text, base: self.span(start, end).start, ..self }
    }

    /// The text of a place in the file that lies within the fragment.
    pub(super) fn slice(self, span: Span) -> &'a str {
        let place = |at: u32| at.saturating_sub(self.base) as usize;
        self.text.get(place(span.start)..place(span.end)).unwrap_or("")
    }

    /// The fragment without blanks around it.
    pub(super) fn trimmed(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        self.between(start, (start + self.text.trim().len()).max(start))
    }

    /// Reads it by an entry rule.
    pub(super) fn parse(self, rule: Rule) -> Result<Node<'a>, Refusal> {
        pest::set_call_limit(NonZeroUsize::new(CALLS));
        match Grammar::parse(rule, self.text) {
            Ok(mut pairs) => match pairs.next() {
                Some(pair) => Ok(Node { pair, fragment: self }),
                None => Err(Refusal { at: 0, expected: Vec::new() }),
            },
            Err(error) => Err(Refusal::from_pest(&error)),
        }
    }
}

/// Where an entry rule could not go on, and what it would have taken.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The byte of the fragment.
    pub(super) at: usize,
    /// The rules tried there.
    pub(super) expected: Vec<Rule>,
}

impl Refusal {
    fn from_pest(error: &Error<Rule>) -> Self {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.clone(),
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        Refusal { at, expected }
    }
}

/// What one rule matched.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pair: Pair<'a, Rule>,
    fragment: Fragment<'a>,
}

impl<'a> Node<'a> {
    /// The rule.
    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// The text, without blanks that the rule took at its end.
    pub(super) fn text(&self) -> &'a str {
        self.pair.as_str().trim()
    }

    /// Where it stands in the file.
    pub(super) fn span(&self) -> Span {
        let span = self.pair.as_span();
        let end = span.start() + self.pair.as_str().trim_end().len();
        self.fragment.span(span.start(), end.max(span.start()))
    }

    /// The matched text as a piece that can be read again.
    pub(super) fn fragment(&self) -> Fragment<'a> {
        let span = self.pair.as_span();
        self.fragment.between(span.start(), span.end())
    }

    /// The same of another piece with the same text.
    pub(super) fn elsewhere(&self, fragment: Fragment<'a>) -> Self {
        Node { pair: self.pair.clone(), fragment }
    }

    /// The piece of the file this was read from.
    pub(super) fn source(&self) -> Fragment<'a> {
        self.fragment
    }

    /// What the rule holds, in order, without the end of the input.
    pub(super) fn children(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let fragment = self.fragment;
        let inner = self.pair.clone().into_inner();
        inner.filter(|pair| pair.as_rule() != Rule::EOI).map(move |pair| Node { pair, fragment })
    }

    /// The first child of a rule.
    pub(super) fn child(&self, rule: Rule) -> Option<Node<'a>> {
        self.children().find(|child| child.rule() == rule)
    }

    /// The first child.
    pub(super) fn first(&self) -> Option<Node<'a>> {
        self.children().next()
    }

    /// A child of that rule is there.
    pub(super) fn has(&self, rule: Rule) -> bool {
        self.child(rule).is_some()
    }
}
