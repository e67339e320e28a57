//! `next line when`: the reasons to leave a line of a ladder.

use super::condition::read_condition;
use super::grammar::{Node, Rule};
use super::layout::WrittenLine;
use super::reader::Reader;
use super::reading::read_period;
use super::tree::{Line, NextLine};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// When the next line comes is said otherwise.
pub(super) const NEXT_LINE: Code = Code {
    id: "S039",
    title: "when the next line comes is said otherwise",
    explanation: "\
Up to three reasons lead from one line of a ladder to the next, joined by `, or`: `one option of the line has failed`,
`none is left`, and one condition, which may go on with `after 6 months on the line`.

    next line when an option fails                                      wrong
    next line when one option of the line has failed, or none is left
    next line when not controlled after 6 months on the line, or none is left",
};

/// `next line when …`
pub(super) fn read_next_line(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Line<NextLine>> {
    let node = reader.read(line.words, Rule::entry_next_line)?;
    if !node.has(Rule::kw_when)
        && let Some(word) = node.child(Rule::kw_line)
    {
        let end = Span { start: word.span().end, ..word.span() };
        let diagnostic = Diagnostic::error(NEXT_LINE, word.span(), "`when` is missing after `next line`");
        reader.report(diagnostic.fix("write `when`", end, " when"));
    }
    let mut next = NextLine { span: node.span(), one_failed: false, none_left: false, when: None };
    let mut complete = true;
    for part in node.children() {
        if part.rule() == Rule::next_or {
            check_joint(&part, reader);
        } else if part.rule() == Rule::next_part {
            complete &= read_part(&part, &mut next, reader).is_some();
        }
    }
    complete.then(|| Line { value: next, citations: line.citations.clone() })
}

fn check_joint(joint: &Node<'_>, reader: &mut Reader) {
    if !joint.has(Rule::kw_or) {
        let message = "the reasons for the next line are joined by `, or`: one of them is enough";
        let diagnostic = Diagnostic::error(NEXT_LINE, joint.span(), message);
        let spelt = if joint.has(Rule::kw_and) { "or" } else { ", or" };
        reader.report(diagnostic.fix(format!("write `{spelt}`"), joint.span(), spelt));
    }
}

fn read_part(part: &Node<'_>, next: &mut NextLine, reader: &mut Reader) -> Option<()> {
    let reason = part.first()?;
    if reason.rule() == Rule::one_failed {
        spelt(&reason, "one option of the line has failed", reader);
        next.one_failed = true;
        return Some(());
    }
    if reason.rule() == Rule::none_left {
        spelt(&reason, "none is left", reader);
        next.none_left = true;
        return Some(());
    }
    if reason.rule() == Rule::after_on_line {
        let message = format!("`{}` alone: time is no reason without a condition", reason.text());
        let help = "say what must hold then: `not controlled after 6 months on the line`";
        reader.report(Diagnostic::error(NEXT_LINE, reason.span(), message).note(help));
        return None;
    }
    let after = part.child(Rule::after_on_line);
    let condition = read_condition(&reason, reader)?;
    let period = match after {
        Some(after) => {
            let period = read_period(&after, reader)?;
            if !after.has(Rule::kw_on) {
                let end = Span { start: after.span().end, ..after.span() };
                let message = format!("`{}`: how long on the line", after.text());
                let diagnostic = Diagnostic::error(NEXT_LINE, after.span(), message);
                reader.report(diagnostic.fix("write `on the line`", end, " on the line"));
            }
            Some(period)
        }
        None => None,
    };
    if let Some((earlier, _)) = &next.when {
        let message = "a second condition for the next line";
        let help = "join the two in a `finding` of its own, with `any of`, and name it here";
        let diagnostic = Diagnostic::error(NEXT_LINE, reason.span(), message).also(earlier.span, "the first");
        reader.report(diagnostic.note(help));
        return Some(());
    }
    next.when = Some((condition, period));
    Some(())
}

/// A near spelling of a fixed reason.
fn spelt(reason: &Node<'_>, words: &str, reader: &mut Reader) {
    let written: Vec<&str> = reason.text().split_whitespace().collect();
    if written.join(" ") != words {
        let message = format!("`{}` is written `{words}`", reason.text());
        let diagnostic = Diagnostic::error(NEXT_LINE, reason.span(), message);
        reader.report(diagnostic.fix(format!("write `{words}`"), reason.span(), words));
    }
}
