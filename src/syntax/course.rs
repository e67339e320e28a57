//! `course`: how the exposure history is read. Which names there are is a closed list.

use super::block::{EMPTY, HEAD_CONDITION, Place, unknown_line};
use super::clauses::read_when;
use super::condition::read_condition;
use super::grammar::{Node, Rule};
use super::head::Head;
use super::layout::WrittenLine;
use super::reader::Reader;
use super::tree::{Condition, Construct, Course, Line, Name};
use super::trial::read_trials;
use crate::diagnostics::{Code, Diagnostic, suggest};

/// A course rule, or a question about courses, that is said otherwise.
pub(super) const COURSE: Code = Code {
    id: "S036",
    title: "a course is spoken of otherwise",
    explanation: "\
Six blocks say how courses are read: `course joined`, `course adequate`, `course outcome`, `course failed`,
`course worked`, `course not_tolerated`. Conditions ask `course of drug_name is failed`,
`at least 2 courses of class_name are one of failed, not_tolerated`, `taking drug_name`. The states are `never`, `running`,
`failed`, `worked`, `inadequate` and `not_tolerated`.

    course fail when adequate                   wrong
    course failed when adequate and outcome is no_response",
};

/// The names of course blocks.
const NAMES: [&str; 6] = ["joined", "adequate", "outcome", "failed", "worked", "not_tolerated"];

/// The head and lines of a course block.
pub(super) fn read_course(
    head: &Head<'_>,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Option<Course> {
    let node = head.node.as_ref()?;
    let name = node.child(Rule::name)?;
    if let Some(colon) = node.child(Rule::colon) {
        let diagnostic = Diagnostic::error(COURSE, colon.span(), "no colon stands behind the name of a course rule");
        reader.report(diagnostic.fix("leave it out", colon.span(), ""));
    }
    let known = check_name(&name, reader)?;
    let when = node.child(Rule::condition_clause);
    if !matches!(known, "adequate" | "outcome") {
        let condition = when.as_ref().and_then(|when| super::clauses::read_clause_condition(when, reader));
        let inner = Head { condition, ..Head::default() };
        let rule = read_when(&inner, when.is_some(), place, lines, reader).ok()?;
        if rule.is_none() {
            let message = format!("`course {known}` does not say when it holds");
            let help = format!("for example `course {known} when …`, or a list on indented lines as in a finding");
            reader.report(Diagnostic::error(EMPTY, place.head, message).note(help));
        }
        return rule.map(Course::State);
    }
    if let Some(when) = when {
        let (what, help) = if known == "adequate" {
            ("its table", "what a fair trial is stands in a table with a row for each therapy")
        } else {
            ("its lines", "each outcome has a line of its own: `no_response when …`")
        };
        let message = format!("`course {known}` has {what} under the head");
        reader.report(Diagnostic::error(HEAD_CONDITION, when.span(), message).note(help));
        if lines.is_empty() {
            return None;
        }
    }
    if known == "adequate" {
        read_trials(place, lines, reader).map(Course::FairTrial)
    } else {
        read_outcome(place, lines, reader).map(Course::Outcome)
    }
}

/// The name as it stands in the closed list, or the one that was meant.
fn check_name(name: &Node<'_>, reader: &mut Reader) -> Option<&'static str> {
    let text = name.text();
    if let Some(known) = NAMES.into_iter().find(|known| *known == text) {
        return Some(known);
    }
    let meant = match text {
        "fail" | "failure" | "refractory" => Some("failed"),
        "success" | "successful" | "responded" => Some("worked"),
        "intolerance" | "intolerant" => Some("not_tolerated"),
        "fair_trial" | "trial" => Some("adequate"),
        "response" => Some("outcome"),
        "gap" | "join" => Some("joined"),
        other => suggest::nearest(other, NAMES),
    };
    let message = format!("`course {text}` is not one of the rules for courses");
    let diagnostic = Diagnostic::error(COURSE, name.span(), message);
    let listed: Vec<String> = NAMES.iter().map(|name| format!("`course {name}`")).collect();
    reader.report(match meant {
        Some(meant) => diagnostic.fix(format!("write `{meant}`"), name.span(), meant),
        None => diagnostic.note(format!("there are {}", listed.join(", "))),
    });
    meant
}

/// `no_response when improvement_points is below 20`
fn read_outcome(
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Option<Vec<Line<(Name, Condition)>>> {
    let mut outcomes = Vec::new();
    for line in lines {
        if line.cells.is_some() || line.item().is_some() {
            unknown_line(line, Construct::Course, &[], reader);
            continue;
        }
        let Some(node) = reader.read(line.words, Rule::entry_instead) else { continue };
        let (Some(name), Some(condition)) = (node.child(Rule::name), node.child(Rule::condition)) else { continue };
        let name = reader.name(&name);
        let Some(condition) = read_condition(&condition, reader) else { continue };
        outcomes.push(Line { value: (name, condition), citations: line.citations.clone() });
    }
    if lines.is_empty() {
        place.missing("no outcome stands under the head", "for example `no_response when …`, one line each", reader);
        return None;
    }
    (!outcomes.is_empty()).then_some(outcomes)
}
