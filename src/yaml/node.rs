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

impl Node {
    /// The text of a scalar, however it was written.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            NodeKind::Sequence(_) | NodeKind::Mapping(_) => None,
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Sequence(items) => Some(items),
            NodeKind::Scalar { .. } | NodeKind::Mapping(_) => None,
        }
    }

    /// The entries of a mapping.
    pub fn entries(&self) -> Option<&[(Spanned<String>, Node)]> {
        match &self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) => None,
        }
    }

    /// The entries of a mapping, for keeps.
    pub fn into_entries(self) -> Option<Vec<(Spanned<String>, Node)>> {
        match self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) => None,
        }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// Nothing stands there, or a bare `null` or `~`.
    pub fn is_null(&self) -> bool {
        match &self.kind {
            NodeKind::Scalar { text, style: Style::Plain } => matches!(text.as_str(), "" | "~" | "null"),
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) | NodeKind::Mapping(_) => false,
        }
    }

    /// What it is, in words for a message: `a list`.
    pub fn shape(&self) -> &'static str {
        match &self.kind {
            NodeKind::Scalar { style: Style::Block, .. } => "a block of text",
            NodeKind::Scalar { .. } if self.is_null() => "nothing",
            NodeKind::Scalar { .. } => "a text",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Mapping(_) => "`key: value` lines",
        }
    }
}

/// A text read as yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YesNo {
    /// `yes`, `true`
    Yes,
    /// `no`, `false`
    No,
    /// Refused, and what was probably meant: `y` is `yes`.
    Meant(&'static str),
    /// Something else.
    Other,
}

impl YesNo {
    /// Reads a text. Only `yes`, `no`, `true` and `false` are taken.
    pub fn read(text: &str) -> YesNo {
        match text {
            "yes" | "true" => return YesNo::Yes,
            "no" | "false" => return YesNo::No,
            _ => {}
        }
        match text.to_lowercase().as_str() {
            "yes" | "true" | "y" | "on" | "1" | "+" | "pos" | "positive" | "present" => YesNo::Meant("yes"),
            "no" | "false" | "n" | "off" | "0" | "-" | "neg" | "negative" | "absent" => YesNo::Meant("no"),
            _ => YesNo::Other,
        }
    }
}
