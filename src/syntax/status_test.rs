//! What a condition asks of the dated status of a treatment.

use super::condition::{refuse_and, value_text};
use super::course_test::tell_one_of;
use super::grammar::{Node, Rule};
use super::reader::Reader;
use super::test::read_values;
use super::tree::{Condition, ConditionKind, Name, StatusTest, Value};
use crate::diagnostics::{Code, Diagnostic, suggest};
use crate::source::{Span, Spanned};

/// A question about a status that is said otherwise.
pub(super) const STATUS: Code = Code {
    id: "S046",
    title: "a status is asked for otherwise",
    explanation: "\
What a treatment counts as in an indication on the day of the record is asked so:

    status of drug_name in disease_name is approved
    status of drug_name in disease_name in US is one of approved, guideline_option

The statuses are `approved`, `guideline_option`, `off_label`, `investigational_active`, `negative`, `terminated` and
`unknown`; the evidence says from when each holds. `in` names the indication, a second `in` the region.

    status of drug_name is approved                 wrong: in which indication?
    status of drug_name in disease_name is pending  wrong: no status",
};

/// The statuses, as conditions ask for them.
const STATUSES: [&str; 7] =
    ["approved", "guideline_option", "off_label", "investigational_active", "negative", "terminated", "unknown"];

/// A word that is a status.
pub(super) fn is_status(word: &str) -> bool {
    STATUSES.contains(&word)
}

/// A `status_test` node.
pub(super) fn read_status_test(node: &Node<'_>, reader: &mut Reader) -> Option<Condition> {
    let therapy = node.child(Rule::therapy)?;
    let treatment = reader.name(&therapy.first()?);
    if therapy.children().filter(|part| part.rule() == Rule::name).count() > 1 {
        let message = "a status is that of one treatment";
        let help = "ask for each by itself, joined by `and`";
        reader.report(Diagnostic::error(STATUS, therapy.span(), message).note(help));
        return None;
    }
    let mut places = Vec::new();
    for place in node.children().filter(|part| part.rule() == Rule::status_in) {
        if let Some(word) = place.child(Rule::kw_for) {
            let diagnostic = Diagnostic::error(STATUS, word.span(), "before an indication stands `in`");
            reader.report(diagnostic.fix("write `in`", word.span(), "in"));
        }
        places.push((reader.name(&place.child(Rule::name)?), place.span()));
    }
    let predicate = node.children().last()?;
    if predicate.rule() == Rule::is_one_of {
        refuse_and(&predicate, reader);
    }
    let negated = predicate.has(Rule::kw_not);
    let mut places = places.into_iter();
    let Some((indication, _)) = places.next() else {
        let message = format!("`status of {}` does not say in which indication", treatment.value);
        let help = format!("write `status of {} in …`: the evidence names the indications", treatment.value);
        reader.report(Diagnostic::error(STATUS, therapy.span(), message).note(help));
        return None;
    };
    let region = places.next().map(|(region, _)| region);
    if let Some((_, span)) = places.next() {
        let message = "a status is asked for in one indication, and in one region of it";
        reader.report(
            Diagnostic::error(STATUS, span, message).note("leave this out, or ask for it in a line of its own"),
        );
    }
    let mut statuses = Vec::new();
    for value in read_values(&predicate, negated, reader)? {
        statuses.push(status(&value, reader)?);
    }
    let test = StatusTest { treatment, indication, region, statuses, negated };
    Some(Condition { span: node.span(), kind: ConditionKind::Status(test) })
}

fn status(value: &Value, reader: &mut Reader) -> Option<Name> {
    let (text, span): (&str, Span) = match value {
        Value::Named(name) if is_status(&name.value) => return Some(name.clone()),
        Value::Named(name) => (name.value.as_str(), name.span),
        Value::NotDone(span) | Value::NotMeasured(span) => (value_text(value), *span),
    };
    let meant = match text {
        "licensed" | "authorised" | "authorized" | "labelled" | "labeled" => Some("approved"),
        "investigational" | "in_trial" | "trial" | "recruiting" => Some("investigational_active"),
        "failed" | "ineffective" => Some("negative"),
        "stopped" | "withdrawn" | "discontinued" => Some("terminated"),
        other => suggest::nearest(other, STATUSES),
    };
    let diagnostic = Diagnostic::error(STATUS, span, format!("`{text}` is not a status of a treatment"));
    let listed: Vec<String> = STATUSES.iter().map(|status| format!("`{status}`")).collect();
    reader.report(match meant {
        Some(meant) => diagnostic.fix(format!("write `{meant}`"), span, meant),
        None => diagnostic.note(format!("there are {}", listed.join(", "))),
    });
    meant.map(|meant| Spanned::new(meant.to_owned(), span))
}

/// Takes the statuses that follow `is approved or` into that question, and says how it is written.
pub(super) fn merge_statuses(test: &mut StatusTest, stray: impl Iterator<Item = Value>, reader: &mut Reader) {
    test.statuses.extend(stray.filter_map(|value| match value {
        Value::Named(name) => Some(name),
        Value::NotDone(_) | Value::NotMeasured(_) => None,
    }));
    tell_one_of("statuses", &test.statuses, reader);
}
