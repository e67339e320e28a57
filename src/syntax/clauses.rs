//! Clauses behind a therapy: each stands once, and `when` comes last where nothing may follow it.

use super::block::Place;
use super::condition::read_condition;
use super::finding::read_finding;
use super::grammar::{Node, Rule};
use super::head::Head;
use super::layout::WrittenLine;
use super::reader::Reader;
use super::therapy::quoted_or_told;
use super::tree::{Condition, How, Line, Rule as When, Strength};
use crate::diagnostics::{Code, Diagnostic, suggest};
use crate::source::{Span, Spanned};

/// A clause that is missing, is there twice, or stands in the wrong place.
pub(super) const CLAUSE: Code = Code {
    id: "S034",
    title: "a clause is missing, doubled or misplaced",
    explanation: "\
Before `when` stands what is done, behind it the condition and nothing else; an option may go on with its other clauses.
Each clause stands once.

    avoid in_asthma: drug_name when asthma at safety            wrong: `at safety` belongs before `when`
    avoid in_asthma: drug_name at safety when asthma

    option drug_name for DM                                     wrong
    option drug_name when subtype is DM requires \"a second opinion\" how add strength conditional",
};

/// The clauses seen so far, to find a second one.
#[derive(Debug, Default)]
pub(super) struct Once {
    seen: Vec<(Rule, Span)>,
}

impl Once {
    /// Takes a clause in; false where it is there for the second time, which is told.
    pub(super) fn first(&mut self, clause: &Node<'_>, reader: &mut Reader) -> bool {
        let earlier = self.seen.iter().find(|(rule, _)| *rule == clause.rule());
        if let Some((_, earlier)) = earlier {
            let shown: String = clause.text().split_whitespace().take(1).collect();
            let what = if clause.rule() == Rule::text { "the text".to_owned() } else { format!("`{shown}`") };
            let message = format!("{what} stands twice");
            let diagnostic = Diagnostic::error(CLAUSE, clause.span(), message).also(*earlier, "here first");
            reader.report(diagnostic.note("leave one of them out"));
            return false;
        }
        self.seen.push((clause.rule(), clause.span()));
        true
    }
}

/// Refuses what stands behind `when`: it belongs before it.
pub(super) fn refuse_after_when(clauses: &[Node<'_>], reader: &mut Reader) {
    let Some(at) = clauses.iter().position(|clause| clause.rule() == Rule::condition_clause) else { return };
    let Some((when, clause)) = clauses.get(at).zip(clauses.get(at + 1)) else { return };
    if clause.rule() == Rule::condition_clause {
        return;
    }
    let text = clause.text();
    let message = format!("`{text}` stands before `when`: behind it stands the condition and nothing else");
    let before = Span { end: when.span().start, ..when.span() };
    let gone = Span { start: when.span().end, ..clause.span() };
    let mut diagnostic =
        Diagnostic::error(CLAUSE, clause.span(), message).fix("put it before", before, format!("{text} "));
    if let Some(fix) = &mut diagnostic.fix {
        fix.edits.push((gone, String::new()));
    }
    reader.report(diagnostic);
}

/// A clause whose word is one of a closed list.
pub(super) fn chosen<T: Copy>(
    clause: &Node<'_>,
    words: &[(&'static str, T)],
    reader: &mut Reader,
) -> Option<Spanned<T>> {
    let word = clause.child(Rule::any_word)?;
    if let Some((_, value)) = words.iter().find(|(candidate, _)| *candidate == word.text()) {
        return Some(Spanned::new(*value, clause.span()));
    }
    let keyword = clause.text().split_whitespace().next().unwrap_or("");
    let known: Vec<String> = words.iter().map(|(word, _)| format!("`{keyword} {word}`")).collect();
    let message = format!("`{}` is not known here", clause.text());
    let diagnostic = Diagnostic::error(CLAUSE, clause.span(), message);
    let meant = suggest::nearest(word.text(), words.iter().map(|(word, _)| *word));
    reader.report(match meant {
        Some(meant) => diagnostic.fix(format!("write `{meant}`"), word.span(), meant),
        None => diagnostic.note(format!("there are {}", known.join(", "))),
    });
    None
}

/// `how add`
pub(super) fn read_how(clause: &Node<'_>, reader: &mut Reader) -> Option<Spanned<How>> {
    let words = [("add", How::Add), ("replace", How::Replace), ("bridge", How::Bridge), ("trial", How::Trial)];
    chosen(clause, &words, reader)
}

/// `strength strong`
pub(super) fn read_strength(clause: &Node<'_>, reader: &mut Reader) -> Option<Spanned<Strength>> {
    chosen(clause, &[("strong", Strength::Strong), ("conditional", Strength::Conditional)], reader)
}

/// `requires "MDT discussion"`
pub(super) fn read_requires(clause: &Node<'_>, reader: &mut Reader) -> Option<Spanned<String>> {
    quoted_or_told(clause, reader)
}

/// `when pregnant`; the outer `None` where it could not be read.
pub(super) fn read_clause_condition(clause: &Node<'_>, reader: &mut Reader) -> Option<Condition> {
    read_condition(&clause.child(Rule::condition)?, reader)
}

/// What says when a rule holds could not be read: it must not be taken for a rule that always holds.
pub(super) struct Lost;

/// When a rule holds: the condition of its head, or the lines under it as in a finding. `None` where it says nothing and
/// so holds always.
pub(super) fn read_when(
    head: &Head<'_>,
    written: bool,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Result<Option<When>, Lost> {
    if !written && lines.is_empty() {
        return if place.lost { Err(Lost) } else { Ok(None) };
    }
    let beside = lines.iter().find(|line| line.first_word() != "unless");
    if let (true, Some(line)) = (written, beside) {
        let message = "the condition stands in the head, and more of it under the head";
        let help = "say all of it in one place: one condition after `when`, or a list on the indented lines; `unless` goes with both";
        reader.report(Diagnostic::error(CLAUSE, line.words.whole(), message).note(help));
    }
    let in_head = head.condition.clone().map(|value| Line { value, citations: Vec::new() });
    if written && in_head.is_none() {
        return Err(Lost);
    }
    let lines: Vec<WrittenLine<'_>> =
        lines.iter().filter(|line| !written || line.first_word() == "unless").cloned().collect();
    read_finding(in_head, place, &lines, reader).map(Some).ok_or(Lost)
}
