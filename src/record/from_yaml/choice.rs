use super::entry::Value;
use super::number::UnitSpelled;
use super::{Reader, codes, shape, shortened};
use crate::catalog::{ChoiceValue, Fact, FactKind};
use crate::diagnostics::{Diagnostic, suggest};
use crate::record::Given;
use crate::value::{Choices, Reason};
use crate::yaml::Node;

/// The words a fact that is not known may have, and what they mean.
const MISSING: [(&str, Reason); 3] =
    [("unknown", Reason::NotRecorded), ("pending", Reason::Pending), ("refused", Reason::Refused)];

impl Reader<'_> {
    /// A value that is not known, in words every fact has or in words that only some have.
    pub(super) fn missing(&mut self, fact: &Fact, node: &Node) -> Missing {
        let Some(text) = node.text().map(str::trim) else { return Missing::No };
        if node.is_null() || text.is_empty() {
            return Missing::Because(Reason::NotRecorded);
        }
        if let Some((_, reason)) = MISSING.iter().find(|(word, _)| *word == text) {
            return Missing::Because(*reason);
        }
        let measured = matches!(fact.kind, FactKind::Number(_));
        let misfit = match text {
            "not measured" if measured => return Missing::Because(Reason::NotMeasured),
            "not measured" => "it is not a measurement",
            FactKind::NOT_DONE if fact.kind.position(text).is_some() => return Missing::No,
            FactKind::NOT_DONE if measured => "it is a measurement",
            FactKind::NOT_DONE => "the dictionary does not have it among its values",
            _ if fact.kind.position(text).is_none() && none_in_words(fact, text).is_some() => {
                "that may mean two things"
            }
            _ if fact.kind.position(text).is_none() && looks_missing(text) => {
                "a record has a word of its own for what is not known"
            }
            _ => return Missing::No,
        };
        let message = format!("`{}` cannot be `{text}`: {misfit}", fact.id.value);
        let error = Diagnostic::error(codes::MISSING_WORD, node.span, message);
        if let Some(help) = none_in_words(fact, text) {
            self.error(error.note(help));
            return Missing::Mistaken;
        }
        let word = if let Some((word, _)) = MISSING.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
            word
        } else if looks_missing(text) {
            "unknown"
        } else if measured {
            "not measured"
        } else if fact.kind.position(FactKind::NOT_DONE).is_some() {
            FactKind::NOT_DONE
        } else {
            "unknown"
        };
        self.error(self.rewrite(error, node, word));
        Missing::Mistaken
    }

    /// The value of a yes/no or a choice.
    pub(super) fn choice(&mut self, fact: &Fact, values: &[ChoiceValue], yes_no: bool, node: &Node) -> Option<Value> {
        let name = format!("`{}`", fact.id.value);
        let Some(text) = node.text().map(str::trim) else {
            self.one_value_expected(node, &name, values.first().map_or("", |value| &value.name));
            return None;
        };
        let position = match fact.kind.position(text) {
            Some(position) => position,
            None if yes_no => fact.kind.position(if self.yes_no(node, &name)? { "yes" } else { "no" })?,
            None => {
                self.error(self.not_a_value(fact, values, node, text));
                return None;
            }
        };
        let reason = if text == FactKind::NOT_DONE { Reason::NotDone } else { Reason::Recorded };
        Some(Value { given: Given::Choices(Choices::only(position)), reason, spelled: UnitSpelled::Not })
    }

    fn not_a_value(&self, fact: &Fact, values: &[ChoiceValue], node: &Node, text: &str) -> Diagnostic {
        let message = format!("`{}` is not a value of `{}`", shortened(text), fact.id.value);
        let error = Diagnostic::error(codes::CHOICE, node.span, message);
        let names = || values.iter().map(|value| value.name.as_str());
        let labelled =
            values.iter().find(|value| value.label.eq_ignore_ascii_case(text)).map(|value| value.name.as_str());
        match labelled.or_else(|| suggest::nearest(text, names())) {
            Some(meant) => self.rewrite(error, node, meant),
            None => error
                .note(format!("its values are {}; where it is not known, write `unknown`", shape::in_words(names()))),
        }
    }
}

/// What other programs write for a value that is not known, and the words of a record in other letters.
fn looks_missing(text: &str) -> bool {
    const OTHERS: [&str; 12] =
        ["null", "none", "n/a", "na", "n.a.", "nan", "nk", "unk", "missing", "?", "-", "not known"];
    let words = MISSING.iter().map(|(word, _)| *word).chain(OTHERS);
    words.into_iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// `none` and `-` may mean that it was looked for and is not there, or that nobody looked.
fn none_in_words(fact: &Fact, text: &str) -> Option<&'static str> {
    let open = text.eq_ignore_ascii_case("none") || text == "-";
    open.then_some(match fact.kind {
        FactKind::Choice { yes_no: true, .. } => "write `no` if it was looked for and is absent, `unknown` if not",
        FactKind::Number(_) => {
            "write `0` if it was counted and there was none, `not measured` if nobody measured it, else `unknown`"
        }
        FactKind::Choice { .. } => "write one of its values, or `unknown` where it is not known",
        FactKind::Date => "leave it out if there is no such day, write `unknown` if the day is not known",
    })
}

/// Whether a value says that it is not known.
pub(super) enum Missing {
    /// It is a value.
    No,
    /// It is not known, for a reason.
    Because(Reason),
    /// It says so in words that do not fit; reported.
    Mistaken,
}
