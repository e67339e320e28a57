//! Conditions: clauses joined by `and` or by `or`.

use super::course_test::{is_state, merge_states, read_course_test};
use super::grammar::{Node, Rule};
use super::hints::conditions_in_list;
use super::number::read_count;
use super::reader::Reader;
use super::status_test::{is_status, merge_statuses, read_status_test};
use super::test::{read_test, read_value};
use super::tree::{Condition, ConditionKind, CountRule, CourseTest, Value};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// `and` and `or` in one line.
pub(super) const MIXED: Code = Code {
    id: "S012",
    title: "`and` and `or` in one line",
    explanation: "\
A line has `and` or `or`, never both: people read such lines in two ways. Give one half a name of its own, or make it
a list under a head like `any of`.

    weak and rash or fever       wrong

    finding skin_or_antibody \"Rash or anti-Jo-1\"
      rash or fever
    finding suspected \"Suspected\"
      weak and skin_or_antibody",
};

/// A comma list that does not end its condition.
pub(super) const COMMA_LIST: Code = Code {
    id: "S013",
    title: "a comma list ends its condition",
    explanation: "\
A list with commas has commas only, and nothing follows it: after `A, B` an `and` or `or` could belong to the list or
to the line.

    any of a, b and c                           wrong
    subtype is one of DM, PM and pregnant       wrong
    any of a, b, c
    pregnant and subtype is one of DM, PM",
};

/// Several values without `one of`.
pub(super) const ONE_OF: Code = Code {
    id: "S014",
    title: "several values are `one of`",
    explanation: "\
In a line several values are `is one of A, B`. After `is A or` the next word is a fact of its own, and few readers see
it that way. In the cells of a table `A or B` is right, because a cell holds only values.

    subtype is DM or PM             wrong
    subtype is one of DM, PM",
};

/// A list within a list.
pub(super) const NESTED_LIST: Code = Code {
    id: "S015",
    title: "a list within a list",
    explanation: "\
A list never holds a list, and its items stand in one column. The inner list gets a name of its own.

    all of
    - weak
    - any of                        wrong
      - rash
      - fever

    finding skin_or_antibody \"Rash or anti-Jo-1\"
      any of rash, fever",
};

/// Something that does not hold or fail.
pub(super) const NO_CONDITION: Code = Code {
    id: "S016",
    title: "not a condition",
    explanation: "\
A condition holds or does not: a yes/no by its name, or something compared. A number or a value alone says neither.

    1.3 x upper limit               wrong
    not done                        wrong: what?
    latest ck is above 1.3 x upper limit
    muscle_mri is not done",
};

/// A `condition` node.
pub(super) fn read_condition(node: &Node<'_>, reader: &mut Reader) -> Option<Condition> {
    let mut clauses: Vec<Node<'_>> = Vec::new();
    let mut connectives: Vec<Node<'_>> = Vec::new();
    for part in node.children() {
        if part.rule() == Rule::clause { clauses.push(part) } else { connectives.push(part) }
    }
    let (first, others) = clauses.split_first()?;
    let any = connectives.first().is_some_and(is_or);
    let sound = check_connectives(&clauses, &connectives, reader);
    let mut parts = Vec::new();
    let mut complete = push_clause(first, reader, &mut parts);
    let mut stray: Vec<(Value, Span)> = Vec::new();
    for clause in others {
        if any
            && sound
            && let Some(value) = loose_value(clause, parts.last(), reader)
        {
            stray.push((value, clause.span()));
        } else {
            merge_values(&mut parts, &mut stray, node, reader);
            complete &= push_clause(clause, reader, &mut parts);
        }
    }
    merge_values(&mut parts, &mut stray, node, reader);
    if !complete || !sound {
        return None;
    }
    if parts.len() == 1 {
        return parts.pop();
    }
    let kind = if any { ConditionKind::Any(parts) } else { ConditionKind::All(parts) };
    Some(Condition { span: node.span(), kind })
}

fn is_or(connective: &Node<'_>) -> bool {
    connective.has(Rule::kw_or) || connective.has(Rule::symbol_or)
}

/// One kind of connective, in words, and none after a comma list.
fn check_connectives(clauses: &[Node<'_>], connectives: &[Node<'_>], reader: &mut Reader) -> bool {
    let Some(first) = connectives.first() else { return true };
    for (clause, connective) in clauses.iter().zip(connectives) {
        if ends_with_list(clause) {
            let word = connective.text();
            let message = format!("`{word}` after a comma list: write a comma here, or put the list last");
            let diagnostic = Diagnostic::error(COMMA_LIST, connective.span(), message);
            let word_is_or = is_or(connective);
            reader.report(if word_is_or || clause.has(Rule::listed) {
                let blank = connective.source().slice(clause.span().to(connective.span()));
                let gap = Span { start: connective.span().start - trailing_blank(blank, word), ..connective.span() };
                diagnostic.fix("write a comma here", gap, ",")
            } else {
                diagnostic.note("for example `pregnant and subtype is one of DM, PM`")
            });
            return false;
        }
        if is_or(connective) != is_or(first) {
            let (one, other) = if is_or(first) { ("or", "and") } else { ("and", "or") };
            let message = format!("`{other}` after `{one}` in one line: people read such lines in two ways");
            let diagnostic =
                Diagnostic::error(MIXED, connective.span(), message).also(first.span(), format!("`{one}` here"));
            reader.report(diagnostic.note("make one half a finding of its own, or a list under `all of` or `any of`"));
            return false;
        }
        check_spelling(connective, reader);
    }
    true
}

fn trailing_blank(text: &str, word: &str) -> u32 {
    let before = text.strip_suffix(word).unwrap_or(text);
    u32::try_from(before.len() - before.trim_end().len()).unwrap_or(0)
}

fn check_spelling(connective: &Node<'_>, reader: &mut Reader) {
    let word = if is_or(connective) { "or" } else { "and" };
    if connective.text() != word {
        let message = format!("`{}` is written `{word}`", connective.text());
        let span = connective.span();
        let spelt = if connective.has(Rule::comma) { format!(" {word}") } else { word.to_owned() };
        reader.report(Diagnostic::error(COMMA_LIST, span, message).fix(format!("write `{word}`"), span, spelt));
    }
}

fn ends_with_list(clause: &Node<'_>) -> bool {
    let within = clause.child(Rule::negation);
    let holder = within.as_ref().unwrap_or(clause);
    if holder.child(Rule::listed).is_some() {
        return true;
    }
    let one_of = holder.child(Rule::test).and_then(|test| test.child(Rule::is_one_of));
    let course = holder.child(Rule::course_test).and_then(|course| course.first());
    let status = holder.child(Rule::status_test).is_some_and(|status| status.has(Rule::is_one_of));
    let of_states = status || course.is_some_and(|course| course.has(Rule::is_one_of) || course.has(Rule::kw_one));
    one_of.is_some() || of_states
}

/// A value where a condition should be: `is DM or PM`, `is no or not done`.
fn loose_value(clause: &Node<'_>, before: Option<&Condition>, reader: &mut Reader) -> Option<Value> {
    let before = before?;
    if let ConditionKind::Course(CourseTest::State { .. } | CourseTest::Count { .. }) = &before.kind {
        let name = clause.child(Rule::test).filter(|test| test.children().count() == 1)?.text();
        return is_state(name).then(|| Value::Named(Spanned::new(name.to_owned(), clause.span())));
    }
    if matches!(before.kind, ConditionKind::Status(_)) {
        let name = clause.child(Rule::test).filter(|test| test.children().count() == 1)?.text();
        return is_status(name).then(|| Value::Named(Spanned::new(name.to_owned(), clause.span())));
    }
    let ConditionKind::Is { values, .. } = &before.kind else { return None };
    if clause.has(Rule::not_done) || clause.has(Rule::not_measured) {
        return read_value(&clause.first()?, reader);
    }
    // After `yes` and `no` a name cannot be a value of the same fact.
    let choice = values.iter().any(|value| match value {
        Value::Named(name) => !matches!(name.value.as_str(), "yes" | "no"),
        Value::NotDone(_) | Value::NotMeasured(_) => true,
    });
    let name = clause.child(Rule::test).filter(|test| test.children().count() == 1)?.text();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (choice && plain).then(|| Value::Named(Spanned::new(name.to_owned(), clause.span())))
}

/// Takes the values that follow `is A or` into that condition, and says how it is written.
fn merge_values(parts: &mut [Condition], stray: &mut Vec<(Value, Span)>, line: &Node<'_>, reader: &mut Reader) {
    let Some((_, last)) = stray.last() else { return };
    if let Some(Condition { span, kind: ConditionKind::Course(test) }) = parts.last_mut() {
        *span = Span { end: last.end, ..*span };
        merge_states(test, stray.drain(..).map(|(value, _)| value), reader);
        return;
    }
    if let Some(Condition { span, kind: ConditionKind::Status(test) }) = parts.last_mut() {
        *span = Span { end: last.end, ..*span };
        merge_statuses(test, stray.drain(..).map(|(value, _)| value), reader);
        return;
    }
    let Some(Condition { span, kind: ConditionKind::Is { subject, values, negated } }) = parts.last_mut() else {
        return;
    };
    let source = line.source();
    let told = values.iter().chain(stray.iter().map(|(value, _)| value)).map(value_text).collect::<Vec<_>>().join(", ");
    let spelt = format!("is{} one of {told}", if *negated { " not" } else { "" });
    let whole = Span { start: subject.span.end, end: last.end, ..*span };
    let written = source.slice(whole).trim_start();
    let at = Span { start: whole.end - u32::try_from(written.len()).unwrap_or(0), ..whole };
    let message = format!("`{written}`: in a line, several values are `{spelt}`");
    let diagnostic = Diagnostic::error(ONE_OF, at, message).fix(format!("write `{spelt}`"), at, spelt);
    let fact = stray.iter().find_map(|(value, _)| match value {
        Value::Named(name) => Some(&name.value),
        Value::NotDone(_) | Value::NotMeasured(_) => None,
    });
    reader.report(match fact {
        Some(fact) => diagnostic.note(format!(
            "if `{fact}` is a fact of its own, put it first, `{fact} or {} …`, or give each half a finding",
            subject.name.value
        )),
        None => diagnostic,
    });
    *span = Span { end: last.end, ..*span };
    values.extend(stray.drain(..).map(|(value, _)| value));
}

/// A value as it is written.
pub(super) fn value_text(value: &Value) -> &str {
    match value {
        Value::Named(name) => &name.value,
        Value::NotDone(_) => "not done",
        Value::NotMeasured(_) => "not measured",
    }
}

fn push_clause(clause: &Node<'_>, reader: &mut Reader, parts: &mut Vec<Condition>) -> bool {
    let read = clause.first().and_then(|part| read_part(&part, reader));
    let complete = read.is_some();
    parts.extend(read);
    complete
}

/// A `negation`, `listed` or `test` node.
fn read_part(node: &Node<'_>, reader: &mut Reader) -> Option<Condition> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a clause has no other rule")]
    match node.rule() {
        Rule::negation => {
            let inner = node.children().nth(1)?;
            let inner = read_part(&inner, reader)?;
            Some(Condition { span: node.span(), kind: ConditionKind::Not(Box::new(inner)) })
        }
        Rule::listed => read_listed(node, reader),
        Rule::course_test => read_course_test(node, reader),
        Rule::status_test => read_status_test(node, reader),
        Rule::test => read_test(node, reader),
        Rule::not_done | Rule::not_measured => {
            let message = format!("`{}` is a value; it needs its fact before it", node.text());
            let help = format!("for example `muscle_mri is {}`", node.text());
            reader.report(Diagnostic::error(NO_CONDITION, node.span(), message).note(help));
            None
        }
        _ => None,
    }
}

/// `any of a, b`
fn read_listed(node: &Node<'_>, reader: &mut Reader) -> Option<Condition> {
    let how = read_count_rule(&node.child(Rule::count_rule)?, reader)?.value;
    refuse_and(node, reader);
    let mut items = Vec::new();
    let mut complete = true;
    for item in node.children().filter(|part| part.rule() == Rule::list_item) {
        if let Some(list) = item.child(Rule::test).and_then(|test| test.child(Rule::is_one_of)) {
            let message = "a comma list within a comma list";
            let help = "put each item on a line of its own, with `-` before it";
            reader.report(Diagnostic::error(NESTED_LIST, list.span(), message).note(help));
            return None;
        }
        let value = item.child(Rule::test).and_then(|test| test.child(Rule::is_value));
        if value.is_some_and(|value| value.has(Rule::comma)) {
            reader.report(conditions_in_list(node.span()));
            return None;
        }
        let read = item.first().and_then(|part| read_part(&part, reader));
        complete &= read.is_some();
        items.extend(read);
    }
    complete.then_some(Condition { span: node.span(), kind: ConditionKind::Count { how, items } })
}

/// `a, b, or c`
pub(super) fn refuse_and(node: &Node<'_>, reader: &mut Reader) {
    let word = node.children().find(|part| matches!(part.rule(), Rule::kw_and | Rule::kw_or));
    if let Some(word) = word {
        let message = format!("a list with commas has commas only: leave out `{}`", word.text());
        let source = word.source();
        let after = source.slice(Span { start: word.span().end, end: node.span().end, ..word.span() });
        let blanks = u32::try_from(after.len() - after.trim_start().len()).unwrap_or(0);
        let span = Span { end: word.span().end + blanks, ..word.span() };
        reader.report(Diagnostic::error(COMMA_LIST, word.span(), message).fix("leave it out", span, ""));
    }
}

/// A `count_rule` node.
pub(super) fn read_count_rule(node: &Node<'_>, reader: &mut Reader) -> Option<Spanned<CountRule>> {
    let rule = node.first()?;
    let count = |reader: &mut Reader| read_count(&rule.child(Rule::count)?, reader);
    #[expect(clippy::wildcard_enum_match_arm, reason = "a count has no other rule")]
    let how = match rule.rule() {
        Rule::all_of => CountRule::All,
        Rule::any_of => CountRule::Any,
        Rule::none_of => CountRule::None,
        Rule::at_least_of => CountRule::AtLeast(count(reader)?),
        Rule::exactly_of => CountRule::Exactly(count(reader)?),
        Rule::at_most_of => CountRule::AtMost(count(reader)?),
        _ => return None,
    };
    Some(Spanned::new(how, rule.span()))
}
