//! The changes of the rules of which a person said why no patient can show them.

use super::codes::NO_CHANGE;
use super::from_yaml::Reader;
use crate::diagnostics::Diagnostic;
use crate::source::{Span, Spanned};
use crate::yaml::{Fields, Node};

/// A change that makes no difference to any patient, as a file of cases lists it.
#[derive(Debug, Clone)]
pub struct Equivalent {
    /// The whole entry.
    pub span: Span,
    /// The block that is changed.
    pub block: Spanned<String>,
    /// The line, its words one blank apart, without sources.
    pub line: Spanned<String>,
    /// What is done to it.
    pub otherwise: Otherwise,
}

/// What is done to a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Otherwise {
    /// `becomes: …`: these words stand there instead.
    Becomes(String),
    /// `left_out: yes`
    LeftOut,
    /// `after: …`: it changes places with this line, which stands below it.
    After(String),
}

impl Reader<'_> {
    /// An entry of `equivalent`; mistakes are collected.
    pub(super) fn equivalent(&mut self, node: &Node) -> Option<Equivalent> {
        let mut mistakes = Vec::new();
        let mut fields = Fields::of(node, "an entry of `equivalent`", &mut mistakes);
        let read = fields.as_mut().and_then(|fields| {
            let (block, line) = (fields.text("block"), fields.text("line"));
            fields.text("because");
            let becomes = fields.optional_text("becomes").map(|text| Otherwise::Becomes(one_blank(text.value)));
            let left_out = fields.optional_yes_no("left_out").filter(|yes| *yes).map(|_| Otherwise::LeftOut);
            let after = fields.optional_text("after").map(|text| Otherwise::After(one_blank(text.value)));
            let said: Vec<Otherwise> = [becomes, left_out, after].into_iter().flatten().collect();
            Some((block?.map(str::to_owned), line?.map(one_blank), said))
        });
        if let Some(fields) = fields {
            fields.finish();
        }
        self.mistakes.append(&mut mistakes);
        let (block, line, said) = read?;
        self.step(&block)?;
        let [otherwise] = said.as_slice() else {
            let message = "what is done to the line is not said in one way";
            let mistake = Diagnostic::error(NO_CHANGE, node.span, message);
            self.mistakes.push(mistake.note("write `becomes: …`, `left_out: yes` or `after: …`, one of them"));
            return None;
        };
        Some(Equivalent { span: node.span, block, line, otherwise: otherwise.clone() })
    }
}

fn one_blank(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
