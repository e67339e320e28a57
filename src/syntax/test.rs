//! One test: something that is looked at, and what it must be.

use super::amount::{read_amount, read_share};
use super::as_recorded::ONLY_AS_RECORDED;
use super::condition::{NO_CONDITION, ONE_OF, refuse_and};
use super::grammar::{Node, Rule};
use super::range::read_range;
use super::reader::Reader;
use super::reading::READING;
use super::tree::{Amount, AmountKind, Condition, ConditionKind, Direction, Reading, Share, Value, When};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// A comparison without `is`.
pub(super) const MISSING_IS: Code = Code {
    id: "S017",
    title: "`is` is missing",
    explanation: "\
A comparison reads as a sentence: the fact, `is`, then the range. Only the signs `≥ ≤ > < >= <= =` stand without it.

    age_at_onset 18 to below 40             wrong
    age_at_onset is 18 to below 40
    age_at_onset >= 18",
};

/// A change that is said otherwise.
pub(super) const CHANGE: Code = Code {
    id: "S018",
    title: "a change is said otherwise",
    explanation: "\
A change is `F improves by`, `worsens by`, `rises by` or `falls by` and how much: in its own unit, or as a share of the
baseline value. `F` is a fact or a measure by its bare name; the latest value is compared with the baseline.

    latest mmt8 improves by 20 %                        wrong
    mmt8 improves by at least 20 % of range             wrong
    mmt8 improves by at least 20 % of baseline
    improvement of mmt8 as % of range is at least 20",
};

/// A `test` node.
pub(super) fn read_test(node: &Node<'_>, reader: &mut Reader) -> Option<Condition> {
    let mut children = node.children();
    let subject_node = children.next()?;
    let subject = read_amount(&subject_node, reader)?;
    if subject_node.text().starts_with('(') && matches!(subject.kind, AmountKind::Read(_)) {
        let message = "parentheses stand in formulas only: leave them out";
        reader.report(Diagnostic::error(NO_CONDITION, subject_node.span(), message));
        return None;
    }
    let Some(predicate) = children.next() else { return holds(node, subject, reader) };
    if predicate.rule() == Rule::misplaced_reading {
        return misplaced(&subject_node, &predicate, reader);
    }
    if let Some(reading) = children.next() {
        return misplaced(&subject_node, &reading, reader);
    }
    let kind = read_predicate(&subject_node, subject, &predicate, reader)?;
    Some(Condition { span: node.span(), kind })
}

fn holds(node: &Node<'_>, subject: Amount, reader: &mut Reader) -> Option<Condition> {
    let reading = as_reading(subject, node, reader)?;
    Some(Condition { span: node.span(), kind: ConditionKind::Holds(reading) })
}

/// Something that has values of its own: not a number that is worked out.
fn as_reading(subject: Amount, node: &Node<'_>, reader: &mut Reader) -> Option<Reading> {
    if let AmountKind::Read(reading) = subject.kind {
        return Some(reading);
    }
    let text = node.source().slice(subject.span);
    let message = format!("`{text}` is a number: say what it must be");
    let help = "for example `latest ck is above 1.3 x upper limit`";
    reader.report(Diagnostic::error(NO_CONDITION, subject.span, message).note(help));
    None
}

/// `mmt8 is below 142 now`
fn misplaced(subject: &Node<'_>, reading: &Node<'_>, reader: &mut Reader) -> Option<Condition> {
    let source = subject.source();
    let span = Span { end: reading.span().end, ..subject.span() };
    let rest = Span { start: subject.span().end, end: reading.span().start, ..span };
    let word = reading.text();
    let bare = subject.text().trim_start_matches("latest ");
    let fact = if reading.has(Rule::kw_now) { format!("latest {bare}") } else { format!("{bare} {word}") };
    let spelt = format!("{fact} {}", source.slice(rest).trim());
    let spelt = spelt.trim();
    let message = format!("`{word}` goes with the fact: `{spelt}`");
    let diagnostic = Diagnostic::error(READING, reading.span(), message);
    reader.report(diagnostic.fix(format!("write `{spelt}`"), span, spelt));
    None
}

fn read_predicate(
    subject_node: &Node<'_>,
    subject: Amount,
    node: &Node<'_>,
    reader: &mut Reader,
) -> Option<ConditionKind> {
    let negated = node.has(Rule::kw_not);
    #[expect(clippy::wildcard_enum_match_arm, reason = "a test has no other rule")]
    match node.rule() {
        Rule::is_recorded => {
            let recordable =
                matches!(subject.kind, AmountKind::Read(_) | AmountKind::ChangeIn(_) | AmountKind::Improvement { .. });
            if !recordable {
                as_reading(subject, subject_node, reader)?;
                return None;
            }
            Some(read_is_recorded(subject, node, negated, reader))
        }
        Rule::is_one_of | Rule::is_value => {
            let subject = as_reading(subject, subject_node, reader)?;
            if node.rule() == Rule::is_one_of {
                refuse_and(node, reader);
            }
            let values = read_values(node, negated, reader)?;
            Some(ConditionKind::Is { subject, values, negated })
        }
        Rule::changes => read_changes(subject_node, subject, node, reader),
        Rule::bare_range => {
            let range_node = node.child(Rule::range)?;
            if !range_node.text().starts_with(['≥', '≤', '>', '<', '=']) {
                let message = format!("`is` is missing after `{}`", subject_node.text());
                let at = Span { end: range_node.span().start, ..range_node.span() };
                let diagnostic = Diagnostic::error(MISSING_IS, range_node.span(), message);
                reader.report(diagnostic.fix("write `is`", at, "is "));
            }
            equals_or_compares(subject, &range_node, reader)
        }
        _ => {
            let range = read_range(&node.child(Rule::range)?, reader)?;
            Some(ConditionKind::Compares { subject, range, negated })
        }
    }
}

/// `subtype = DM` is a value, `age = 18` a number.
fn equals_or_compares(subject: Amount, node: &Node<'_>, reader: &mut Reader) -> Option<ConditionKind> {
    let range = read_range(node, reader)?;
    let sign_is_equal = node.text().starts_with('=');
    if let (true, AmountKind::Read(subject), Some(low)) = (sign_is_equal, &subject.kind, &range.low)
        && let AmountKind::Read(Reading { name, when: When::Unstated, .. }) = &low.amount.kind
    {
        let values = vec![Value::Named(name.clone())];
        return Some(ConditionKind::Is { subject: subject.clone(), values, negated: false });
    }
    Some(ConditionKind::Compares { subject, range, negated: false })
}

fn read_is_recorded(subject: Amount, node: &Node<'_>, negated: bool, reader: &mut Reader) -> ConditionKind {
    if !reader.as_recorded {
        let message = format!("`{}` stands in `as recorded` blocks only", node.text());
        let help = "an answer may not change because a fact was written down; to count what is on file, begin the block with `as recorded`";
        reader.report(Diagnostic::error(ONLY_AS_RECORDED, node.span(), message).note(help));
    }
    let span = subject.span.to(node.span());
    let recorded = ConditionKind::IsRecorded(subject);
    if negated { ConditionKind::Not(Box::new(Condition { span, kind: recorded })) } else { recorded }
}

/// The values of `is DM`, `is one of DM, PM`.
pub(super) fn read_values(node: &Node<'_>, negated: bool, reader: &mut Reader) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    for value in node.children().filter(|part| part.rule() == Rule::value) {
        values.push(read_value(&value.first()?, reader)?);
    }
    if node.rule() == Rule::is_value && values.len() > 1 {
        let told = values.iter().map(super::condition::value_text).collect::<Vec<_>>().join(", ");
        let spelt = format!("is{} one of {told}", if negated { " not" } else { "" });
        let message = format!("`{}`: in a line, several values are `{spelt}`", node.text());
        reader.report(Diagnostic::error(ONE_OF, node.span(), message).fix(
            format!("write `{spelt}`"),
            node.span(),
            spelt,
        ));
    }
    Some(values)
}

/// What a `value` node holds.
pub(super) fn read_value(node: &Node<'_>, reader: &mut Reader) -> Option<Value> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a value has no other rule")]
    match node.rule() {
        Rule::not_done => Some(Value::NotDone(node.span())),
        Rule::not_measured => Some(Value::NotMeasured(node.span())),
        Rule::kw_yes | Rule::kw_no => Some(Value::Named(Spanned::new(node.text().to_owned(), node.span()))),
        Rule::name => Some(Value::Named(reader.name(node))),
        _ => None,
    }
}

/// `mmt8 improves by at least 20 % of baseline`
fn read_changes(
    subject_node: &Node<'_>,
    subject: Amount,
    node: &Node<'_>,
    reader: &mut Reader,
) -> Option<ConditionKind> {
    let verb = node.first()?;
    let AmountKind::Read(reading) = subject.kind else {
        let message = format!("only a fact or a measure {} by something", verb.text());
        reader.report(
            Diagnostic::error(CHANGE, subject_node.span(), message).note("compare a number instead: `… is above 5`"),
        );
        return None;
    };
    if reading.when != When::Unstated {
        let name = &reading.name.value;
        let message = format!(
            "`{}` always compares the latest value with the baseline: say `{name} {}`",
            verb.text(),
            verb.text()
        );
        let diagnostic = Diagnostic::error(CHANGE, reading.span, message);
        reader.report(diagnostic.fix(format!("write `{name}`"), reading.span, name.as_str()));
    }
    let range_node = node.child(Rule::more_or_less).or_else(|| node.child(Rule::range))?;
    let by = read_range(&range_node, reader)?;
    let share = node.child(Rule::share).map(|share| read_share(&share));
    if share == Some(Share::Range) {
        let spelt = format!(
            "improvement of {} as % of range is {}",
            reading.name.value,
            range_node.text().replace(" %", "").replace('%', "")
        );
        let whole = subject_node.span().to(node.span());
        let message = format!("a share of the range is a number of its own: `{spelt}`");
        let diagnostic = Diagnostic::error(CHANGE, node.span(), message);
        let improves = verb.rule() == Rule::kw_improves;
        reader.report(if improves { diagnostic.fix(format!("write `{spelt}`"), whole, spelt) } else { diagnostic });
        return None;
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "a change has no other verb")]
    let direction = match verb.rule() {
        Rule::kw_improves => Direction::Improves,
        Rule::kw_worsens => Direction::Worsens,
        Rule::kw_rises => Direction::Rises,
        _ => Direction::Falls,
    };
    Some(ConditionKind::Changes { subject: reading.name, direction, by, of_baseline: share.is_some() })
}
