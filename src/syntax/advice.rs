//! `advice` and `precedence`: what is told, and which of two that conflict wins.

use super::block::{Place, unknown_line};
use super::clauses::{CLAUSE, Once, chosen, refuse_after_when};
use super::grammar::{Node, Rule};
use super::head::{Head, read_text};
use super::layout::WrittenLine;
use super::reader::Reader;
use super::tree::{Advice, Construct, Line, Precedence, Strength};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// A level of the precedence, or a line of an advice, that is said otherwise.
pub(super) const LEVEL: Code = Code {
    id: "S042",
    title: "an advice or a level is said otherwise",
    explanation: "\
An advice has its name, its text, then `at LEVEL` and `when …`; under it stand `strength`, `grade` and `conflicts with`,
each once. The levels stand in one block `precedence`, counted from 1, the first wins.

    precedence \"Which advice wins\"
      safety                            wrong: which place has it?
      emergency

    precedence \"Which advice wins\"
      1 safety
      2 emergency",
};

/// The head and lines of an advice.
pub(super) fn read_advice(head: &Head<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Advice> {
    let node = head.node.as_ref();
    let mut advice = Advice { level: None, when: None, strength: None, grade: None, conflicts: Vec::new() };
    let mut complete = node.is_some();
    if let Some(colon) = node.and_then(|node| node.child(Rule::colon)) {
        let diagnostic = Diagnostic::error(LEVEL, colon.span(), "no colon stands behind the name of an advice");
        reader.report(diagnostic.fix("leave it out", colon.span(), ""));
    }
    let clauses: Vec<Node<'_>> = node
        .iter()
        .flat_map(|node| node.children())
        .filter(|part| part.rule() == Rule::advice_clause)
        .filter_map(|part| part.first())
        .collect();
    refuse_after_when(&clauses, reader);
    let mut once = Once::default();
    for clause in &clauses {
        if !once.first(clause, reader) {
            continue;
        }
        if clause.rule() == Rule::at_level {
            advice.level = clause.child(Rule::name).map(|name| reader.name(&name));
        } else {
            advice.when = super::clauses::read_clause_condition(clause, reader);
            complete &= advice.when.is_some();
        }
    }
    let mut seen: Vec<(&str, Span)> = Vec::new();
    for line in lines {
        read_line(line, &mut advice, &mut seen, reader);
    }
    complete.then_some(advice)
}

fn read_line<'a>(line: &WrittenLine<'a>, advice: &mut Advice, seen: &mut Vec<(&'a str, Span)>, reader: &mut Reader) {
    let word = if line.cells.is_some() { "" } else { line.first_word() };
    if !["strength", "grade", "conflicts"].contains(&word) {
        unknown_line(line, Construct::Advice, &["strength", "grade", "conflicts"], reader);
        return;
    }
    if let Some((_, earlier)) = seen.iter().find(|(other, _)| *other == word)
        && word != "conflicts"
    {
        let diagnostic = Diagnostic::error(LEVEL, line.words.whole(), format!("`{word}` stands twice"));
        reader.report(diagnostic.also(*earlier, "here first").note("leave one of the lines out"));
        return;
    }
    seen.push((word, line.words.whole()));
    match word {
        "strength" => advice.strength = read_strength_line(line, reader),
        "grade" => advice.grade = read_grade(line, reader),
        _ => read_conflicts(line, advice, reader),
    }
}

fn read_strength_line(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Spanned<Strength>> {
    let node = reader.read(line.words, Rule::entry_strength)?.child(Rule::strength_clause)?;
    chosen(&node, &[("strong", Strength::Strong), ("conditional", Strength::Conditional)], reader)
}

/// `grade 1B`, in the words of its source.
fn read_grade(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Spanned<String>> {
    let node = reader.read(line.words, Rule::entry_grade)?;
    match node.child(Rule::text) {
        Some(text) => Some(read_text(&text)),
        None => node.child(Rule::grade).map(|grade| Spanned::new(grade.text().to_owned(), grade.span())),
    }
}

fn read_conflicts(line: &WrittenLine<'_>, advice: &mut Advice, reader: &mut Reader) {
    let Some(node) = reader.read(line.words, Rule::entry_conflicts) else { return };
    if !node.has(Rule::kw_with)
        && let Some(word) = node.child(Rule::kw_conflicts)
    {
        let end = Span { start: word.span().end, ..word.span() };
        let diagnostic = Diagnostic::error(CLAUSE, word.span(), "`conflicts` is followed by `with`");
        reader.report(diagnostic.fix("write `with`", end, " with"));
    }
    advice.conflicts.extend(node.children().filter(|part| part.rule() == Rule::name).map(|name| reader.name(&name)));
}

/// `1 safety`, one line for each level.
pub(super) fn read_precedence(place: &Place<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Precedence> {
    let mut levels: Precedence = Vec::new();
    let mut expected: u32 = 1;
    for line in lines {
        let numbered = line.words.text.starts_with(|letter: char| letter.is_ascii_digit());
        if line.cells.is_some() || !numbered {
            without_number(line, expected, &mut levels, reader);
            expected += 1;
            continue;
        }
        let read = reader.read(line.words, Rule::entry_level);
        let Some(node) = read else {
            expected += 1;
            continue;
        };
        let (Some(number), Some(name)) = (node.child(Rule::number), node.child(Rule::name)) else { continue };
        if let Some(mark) = node.child(Rule::level_mark) {
            let message = format!("no `{}` stands behind the number of a level", mark.text());
            reader.report(Diagnostic::error(LEVEL, mark.span(), message).fix("leave it out", mark.span(), ""));
        }
        if number.text().parse() != Ok(expected) {
            let message = format!("the levels are counted from 1 on: here stands `{expected}`");
            let diagnostic = Diagnostic::error(LEVEL, number.span(), message);
            reader.report(diagnostic.fix(format!("write `{expected}`"), number.span(), expected.to_string()));
        }
        expected += 1;
        levels.push(Line { value: reader.name(&name), citations: line.citations.clone() });
    }
    if lines.is_empty() {
        place.missing("no level stands under the head", "the first wins: `1 safety`, `2 emergency`", reader);
    }
    (!levels.is_empty()).then_some(levels)
}

/// `safety`, `- safety`
fn without_number(line: &WrittenLine<'_>, expected: u32, levels: &mut Precedence, reader: &mut Reader) {
    let name = line.item().unwrap_or(line.words).parse(Rule::entry_name).ok();
    let Some(name) = name.and_then(|node| node.child(Rule::name)).filter(|_| line.cells.is_none()) else {
        unknown_line(line, Construct::Precedence, &[], reader);
        return;
    };
    let message = format!("the level `{}` has no number", name.text());
    let before = Span { end: name.span().start, ..line.words.whole() };
    let diagnostic = Diagnostic::error(LEVEL, line.words.whole(), message);
    reader.report(diagnostic.fix(format!("write `{expected}`"), before, format!("{expected} ")));
    levels.push(Line { value: reader.name(&name), citations: line.citations.clone() });
}
