//! The author's mistakes as plain data.
//!
//! A pass that reads what a person wrote collects [`Diagnostic`]s and never stops at the first. The texts
//! stand beside the pass that raises them; drawing is one file at the edge ([`draw`]).

mod code;
pub mod draw;
pub mod sarif;
pub mod suggest;

pub use code::Code;

use crate::source::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The text cannot be used as it is.
    Error,
    /// It can be used, and is likely not what was meant.
    Warning,
    /// Nothing is wrong; something was not found out.
    Note,
}

/// A place with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there; may be empty.
    pub text: String,
}

/// A change of the text that would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, in words: "write a comma here".
    pub text: String,
    /// What to put where.
    pub edits: Vec<(Span, String)>,
}

/// One mistake, told once: what, where, why, and a way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind, explained by `myoguide explain`.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One line, lower case, no full stop, the author's words in backticks.
    pub message: String,
    /// The place of the mistake first, then others that matter.
    pub labels: Vec<Label>,
    /// Further sentences; the way out, where no [`Fix`] says it.
    pub notes: Vec<String>,
    /// A mechanical way out.
    pub fix: Option<Fix>,
    /// A record of a patient that shows it.
    pub patient: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        let labels = vec![Label { span, text: String::new() }];
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels,
            notes: Vec::new(),
            fix: None,
            patient: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// A remark at a place.
    pub fn remark(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Note, ..Diagnostic::error(code, span, message) }
    }

    /// Words for the place of the mistake.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Another place that matters.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// A further sentence, most often the way out.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// The way out as one replacement.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { text: text.into(), edits: vec![(span, replacement.into())] });
        self
    }

    /// A patient that shows it, as a record.
    #[must_use]
    pub fn patient(mut self, record: impl Into<String>) -> Self {
        self.patient = Some(record.into());
        self
    }

    /// Where the mistake is.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}
