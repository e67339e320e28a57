//! `finding`: one line or one list, then lines that begin with `unless`.

use super::block::Place;
use super::condition::{read_condition, read_count_rule};
use super::grammar::{Node, Rule};
use super::layout::WrittenLine;
use super::list::{ITEM, Items};
use super::reader::Reader;
use super::tree::{Condition, CountRule, Line, Rule as FindingRule, Test};
use crate::diagnostics::{Code, Diagnostic, Fix};
use crate::source::{Span, Spanned};

/// Two lines that are no list.
pub(super) const TWO_LINES: Code = Code {
    id: "S027",
    title: "two lines ask for `all of` or `any of`",
    explanation: "\
A finding is one line or one list. Two lines alone leave open whether both must hold or one of them.

    finding suspected \"Suspected\"
      weak
      rash                          wrong

    finding suspected \"Suspected\"
      all of
      - weak
      - rash",
};

#[derive(Default)]
struct Parts<'a, 'l> {
    head: Option<(Spanned<CountRule>, &'l WrittenLine<'a>)>,
    items: Vec<Line<Condition>>,
    item_lines: usize,
    plain: Vec<(Option<Line<Condition>>, &'l WrittenLine<'a>)>,
    unless: Vec<Line<Condition>>,
    broken: bool,
    has_rows: bool,
}

/// The lines of a finding. `in_head` is a condition that stood in the head by mistake.
pub(super) fn read_finding(
    in_head: Option<Line<Condition>>,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Option<FindingRule> {
    let mut parts = Parts::default();
    let mut items = Items::default();
    for line in lines {
        match line.item() {
            Some(item) => {
                parts.item_lines += 1;
                let Some(item) = items.next(line, item, reader) else { continue };
                let Some(node) = reader.read(item, Rule::entry_condition) else { continue };
                parts.items.extend(condition_of(&node, reader).map(|value| cited(value, line)));
            }
            None => read_line(line, place, &mut parts, reader),
        }
    }
    let unless = std::mem::take(&mut parts.unless);
    let test = match in_head {
        Some(line) => Some(Test::One(line)),
        None => settle(parts, place, reader),
    };
    test.map(|test| FindingRule { test, unless })
}

fn cited(value: Condition, line: &WrittenLine<'_>) -> Line<Condition> {
    Line { value, citations: line.citations.clone() }
}

fn condition_of(node: &Node<'_>, reader: &mut Reader) -> Option<Condition> {
    read_condition(&node.child(Rule::condition)?, reader)
}

fn read_line<'a, 'l>(line: &'l WrittenLine<'a>, place: &Place<'_>, parts: &mut Parts<'a, 'l>, reader: &mut Reader) {
    if line.cells.is_some() {
        if !parts.has_rows {
            let message = format!("a {} has no table", place.kind());
            let diagnostic = Diagnostic::error(super::block::UNKNOWN_LINE, line.words.whole(), message);
            reader.report(diagnostic.note("use `table` or `score` for rows"));
        }
        parts.has_rows = true;
        parts.broken = true;
        return;
    }
    let Some(node) = reader.read(line.words, Rule::entry_finding_line) else {
        parts.broken = true;
        return;
    };
    if let Some(unless) = node.child(Rule::unless) {
        parts.unless.extend(condition_of(&unless, reader).map(|value| cited(value, line)));
        return;
    }
    let Some(rule) = node.child(Rule::count_rule) else {
        let condition = condition_of(&node, reader).map(|value| cited(value, line));
        parts.broken |= condition.is_none();
        parts.plain.push((condition, line));
        return;
    };
    match read_count_rule(&rule, reader) {
        Some(how) if parts.head.is_none() => parts.head = Some((how, line)),
        Some(_) => {
            let message = format!("a second list in one {}; give one of them a name", place.kind());
            let help = "write it as a `finding` of its own and name it as an item here";
            let diagnostic = Diagnostic::error(super::condition::NESTED_LIST, line.words.whole(), message);
            reader.report(diagnostic.note(help));
            parts.broken = true;
        }
        None => parts.broken = true,
    }
}

/// One line or one list, from what was found.
fn settle(mut parts: Parts<'_, '_>, place: &Place<'_>, reader: &mut Reader) -> Option<Test> {
    if let Some((_, second)) = parts.plain.get(1) {
        let diagnostic = Diagnostic::error(TWO_LINES, second.words.whole(), "two lines ask for `all of` or `any of`");
        reader.report(two_lines_fix(diagnostic, &parts));
        return None;
    }
    let plain = parts.plain.pop();
    match (parts.head, plain) {
        (Some((how, line)), None) => {
            if parts.item_lines == 0 && !parts.broken {
                place_missing_items(line, place, reader);
            }
            Some(Test::List { how, items: parts.items })
        }
        (Some((how, _)), Some((_, line))) => {
            let at = line.words.between(0, 0).whole();
            let diagnostic = Diagnostic::error(TWO_LINES, line.words.whole(), "this line stands beside the list");
            reader.report(diagnostic.fix("make it an item of the list", at, "- "));
            Some(Test::List { how, items: parts.items })
        }
        (None, Some((condition, line))) => {
            if parts.item_lines > 0 {
                let message = format!("a line and a list in one {}", place.kind());
                let help = "make the line an item of the list, and say above it how many must hold: `all of`, `any of`";
                reader.report(Diagnostic::error(TWO_LINES, line.words.whole(), message).note(help));
            }
            condition.map(Test::One)
        }
        (None, None) => {
            if parts.item_lines > 0 && !parts.broken {
                let message = "the list does not say how many of its items must hold";
                let help = "put `all of`, `any of`, `none of` or `at least 2 of` on the line above it";
                reader.report(Diagnostic::error(ITEM, place.head, message).note(help));
            } else if !parts.broken {
                let message = format!("the {} does not say when it holds", place.kind());
                place.missing(&message, "write a condition on an indented line: `latest mmt8 is below 142`", reader);
            }
            None
        }
    }
}

fn place_missing_items(line: &WrittenLine<'_>, place: &Place<'_>, reader: &mut Reader) {
    if !place.lost {
        let message = format!("no items stand under `{}`", line.words.text);
        let help = "put each item on a line of its own, with `-` before it";
        reader.report(Diagnostic::error(super::block::EMPTY, line.words.whole(), message).note(help));
    }
}

fn two_lines_fix(diagnostic: Diagnostic, parts: &Parts<'_, '_>) -> Diagnostic {
    let mut edits: Vec<(Span, String)> = Vec::new();
    for (index, (_, line)) in parts.plain.iter().enumerate() {
        let at = line.words.between(0, 0).whole();
        let before = if index == 0 && parts.head.is_none() {
            format!("all of\n{}- ", " ".repeat(line.indent))
        } else {
            "- ".to_owned()
        };
        edits.push((at, before));
    }
    let first = parts.plain.first().map(|(_, line)| line.words.whole());
    let mut diagnostic = match first {
        Some(first) => diagnostic.also(first, "the first line"),
        None => diagnostic,
    };
    diagnostic.fix = Some(Fix { text: "make them a list; `any of` if one is enough".to_owned(), edits });
    diagnostic
}
