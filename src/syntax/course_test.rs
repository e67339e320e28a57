//! What a condition asks of the courses of a therapy.

use super::condition::{ONE_OF, refuse_and, value_text};
use super::course::COURSE;
use super::grammar::{Node, Rule};
use super::number::read_count;
use super::reader::Reader;
use super::test::{read_value, read_values};
use super::therapy::read_therapy;
use super::tree::{Condition, ConditionKind, CountRule, CourseTest, Name, Value};
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::{Span, Spanned};

/// The states of a therapy, as conditions ask for them.
const STATES: [&str; 9] =
    ["never", "running", "failed", "worked", "inadequate", "not_tolerated", "adequate", "working", "under_way"];

/// A word that is a state of a course.
pub(super) fn is_state(word: &str) -> bool {
    STATES.contains(&word)
}

/// A `course_test` node.
pub(super) fn read_course_test(node: &Node<'_>, reader: &mut Reader) -> Option<Condition> {
    let part = node.first()?;
    #[expect(clippy::wildcard_enum_match_arm, reason = "a question about courses has no other rule")]
    let test = match part.rule() {
        Rule::course_count => read_many(&part, reader)?,
        Rule::course_state => read_state(&part, reader)?,
        _ => CourseTest::Taking(read_therapy(&part.child(Rule::therapy)?, reader)),
    };
    Some(Condition { span: node.span(), kind: ConditionKind::Course(test) })
}

/// `course of drug_name is one of failed, not_tolerated`
fn read_state(node: &Node<'_>, reader: &mut Reader) -> Option<CourseTest> {
    let therapy = read_therapy(&node.child(Rule::therapy)?, reader);
    let predicate = node.children().last()?;
    let negated = predicate.has(Rule::kw_not);
    if predicate.rule() == Rule::is_one_of {
        refuse_and(&predicate, reader);
    }
    let states = states(read_values(&predicate, negated, reader)?, reader)?;
    Some(CourseTest::State { therapy, states, negated })
}

/// `at least 2 courses of class_name other than drug_name are one of failed, not_tolerated`
fn read_many(node: &Node<'_>, reader: &mut Reader) -> Option<CourseTest> {
    let count = read_count(&node.child(Rule::count)?, reader)?;
    let how = match node.child(Rule::course_bound) {
        Some(bound) if bound.has(Rule::kw_exactly) => CountRule::Exactly(count),
        Some(bound) if bound.has(Rule::kw_most) => CountRule::AtMost(count),
        Some(_) | None => CountRule::AtLeast(count),
    };
    if let Some(not) = node.child(Rule::kw_not) {
        let message = "a count of courses has no `not`";
        let help = "list the states that count: `are one of failed, not_tolerated`; or put `not` before the whole";
        reader.report(Diagnostic::error(COURSE, not.span(), message).note(help));
        return None;
    }
    let class = reader.name(&node.child(Rule::name)?);
    let except = node.child(Rule::except).map(|except| read_except(&except, reader)).unwrap_or_default();
    let mut values = Vec::new();
    for value in node.children().filter(|part| part.rule() == Rule::value) {
        values.push(read_value(&value.first()?, reader)?);
    }
    if values.len() > 1 {
        check_one_of(node, &values, reader);
    }
    let states = states(values, reader)?;
    Some(CourseTest::Count { how, class, except, states })
}

/// Several states are `one of`, in a list with commas.
fn check_one_of(node: &Node<'_>, values: &[Value], reader: &mut Reader) {
    if node.has(Rule::kw_one) {
        refuse_and(node, reader);
        return;
    }
    let verb = node.children().find(|part| matches!(part.rule(), Rule::kw_are | Rule::kw_is));
    let Some(verb) = verb else { return };
    let told = values.iter().map(value_text).collect::<Vec<_>>().join(", ");
    let spelt = format!("{} one of {told}", verb.text());
    let at = Span { end: node.span().end, ..verb.span() };
    let message = format!("in a line, several states are `{spelt}`");
    reader.report(Diagnostic::error(ONE_OF, at, message).fix(format!("write `{spelt}`"), at, spelt));
}

/// `other than drug_name, other_drug`
fn read_except(node: &Node<'_>, reader: &mut Reader) -> Vec<Name> {
    refuse_and(node, reader);
    let names = node.children().filter(|part| part.rule() == Rule::name);
    names.map(|name| reader.name(&name)).collect()
}

/// Values as states: each is one of the closed list.
fn states(values: Vec<Value>, reader: &mut Reader) -> Option<Vec<Name>> {
    let mut names = Vec::new();
    for value in values {
        names.push(state(&value, reader)?);
    }
    Some(names)
}

fn state(value: &Value, reader: &mut Reader) -> Option<Name> {
    let (text, span) = match value {
        Value::Named(name) if is_state(&name.value) => return Some(name.clone()),
        Value::Named(name) => (name.value.as_str(), name.span),
        Value::NotDone(span) | Value::NotMeasured(span) => (value_text(value), *span),
    };
    let meant = match text {
        "fail" | "failure" | "no_response" => Some("failed"),
        "intolerance" | "intolerant" | "not_tolerable" => Some("not_tolerated"),
        "ongoing" | "current" | "taking" => Some("running"),
        "none" | "no" | "not_taken" | "naive" => Some("never"),
        "success" | "response" | "successful" => Some("worked"),
        "adequate" | "inadequate_trial" => None,
        other => suggest::nearest(other, STATES),
    };
    let message = format!("`{text}` is not a state of a course");
    let diagnostic = Diagnostic::error(COURSE, span, message);
    let listed: Vec<String> = STATES.iter().map(|state| format!("`{state}`")).collect();
    reader.report(match meant {
        Some(meant) => diagnostic.fix(format!("write `{meant}`"), span, meant),
        None => diagnostic.note(format!("there are {}", listed.join(", "))),
    });
    meant.map(|meant| Spanned::new(meant.to_owned(), span))
}

/// Takes the states that follow `is failed or` into that question, and says how it is written.
pub(super) fn merge_states(test: &mut CourseTest, stray: impl Iterator<Item = Value>, reader: &mut Reader) {
    let (CourseTest::State { states, .. } | CourseTest::Count { states, .. }) = test else { return };
    states.extend(stray.filter_map(|value| match value {
        Value::Named(name) => Some(name),
        Value::NotDone(_) | Value::NotMeasured(_) => None,
    }));
    tell_one_of("states", states, reader);
}

/// Several words after `is` are written as a list.
pub(super) fn tell_one_of(what: &str, words: &[Name], reader: &mut Reader) {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    let told = words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(", ");
    let at = first.span.to(last.span);
    let message = format!("in a line, several {what} are `one of {told}`");
    let spelt = format!("one of {told}");
    reader.report(Diagnostic::error(ONE_OF, at, message).fix(format!("write `{spelt}`"), at, spelt));
}
