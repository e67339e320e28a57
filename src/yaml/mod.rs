//! YAML (and JSON, which is YAML) into a tree with places: every scalar as the text that stands there.
//!
//! Nothing is guessed: `no`, `010` and `1.20` stay the text they are, and whoever reads the tree says what it
//! should be. Anchors, aliases, merge keys, tags and duplicate keys are mistakes.
//!
//! ```text
//! mmt8: 118        ─►   Mapping [(mmt8, Scalar { text: "118", style: Plain })]
//! ```

use crate::source::{Span, Spanned};

/// A document or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands.
    pub span: Span,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// `118`, `"yes"`; an empty place is the empty plain scalar.
    Scalar {
        /// The text, quotes and escapes undone.
        text: String,
        /// How it was written.
        style: Style,
    },
    /// `[a, b]`, or lines beginning with `-`.
    Sequence(Vec<Node>),
    /// `key: value`, in the order written; keys are unique.
    Mapping(Vec<(Spanned<String>, Node)>),
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Bare: `118`, `no`, `null`.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// A block: `|` or `>`.
    Block,
}
