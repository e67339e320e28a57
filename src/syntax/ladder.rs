//! `ladder`: what stands for all its lines, then the lines with their options.

use std::collections::BTreeMap;

use super::block::{Place, unknown_line};
use super::clauses::CLAUSE;
use super::condition::read_condition;
use super::grammar::{Fragment, Node, Rule};
use super::head::read_text;
use super::layout::WrittenLine;
use super::next_line::read_next_line;
use super::option::read_option_line;
use super::reader::Reader;
use super::tree::{Beside, Condition, Construct, Ladder, LadderLine, Line, Name};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// A line of a ladder where it does not belong.
pub(super) const LADDER: Code = Code {
    id: "S038",
    title: "a line of a ladder in the wrong place",
    explanation: "\
What holds for a whole ladder stands before its first `line`: `for patients when …`, `throughout`, `optional`,
`alongside`, `next line when …`. Then each `line` has its `option` lines, and may have a `next line when …` of its own.

    ladder second_disease \"Treatment\"
      option drug_name                        wrong: of which line?
      line first \"First line\"

    ladder second_disease \"Treatment\"
      line first \"First line\"
        option drug_name",
};

/// First words of the lines of a ladder.
const KNOWN: [&str; 7] = ["for", "throughout", "optional", "alongside", "next", "line", "option"];

/// The lines of a ladder.
pub(super) fn read_ladder(place: &Place<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Ladder> {
    let mut ladder = Ladder { patients: None, beside: Vec::new(), next: None, lines: Vec::new() };
    let mut open = Open::default();
    for line in lines {
        read_line(line, &mut ladder, &mut open, reader);
    }
    tell_empty(&ladder, &open, place, reader);
    if ladder.lines.is_empty() && !open.lost_line && !open.orphan_told {
        let help = "each line has its name and its options: `line first \"First line\"`, under it `option drug_name`";
        place.missing("the ladder has no line", help, reader);
    }
    let nothing = ladder.lines.is_empty() && ladder.beside.is_empty();
    (!nothing && !open.lost_patients).then_some(ladder)
}

/// What is remembered from line to line.
#[derive(Default)]
struct Open {
    /// The head of a line could not be read: its options belong to nothing.
    lost_line: bool,
    /// An option before the first line was told.
    orphan_told: bool,
    /// For whom the ladder is could not be read: it would be for everybody.
    lost_patients: bool,
    /// The heads of the lines, and whether anything stands under them, readable or not.
    heads: Vec<(Span, bool)>,
    /// The names of the lines.
    names: Names,
}

impl Open {
    /// Something stands under the line at hand.
    fn fill(&mut self) {
        if let Some((_, filled)) = self.heads.last_mut() {
            *filled = true;
        }
    }
}

fn read_line(line: &WrittenLine<'_>, ladder: &mut Ladder, open: &mut Open, reader: &mut Reader) {
    let word = if line.cells.is_some() { "" } else { line.first_word() };
    match word {
        "for" => read_patients(line, ladder, open, reader),
        "throughout" => beside(Beside::Throughout, line, ladder, reader),
        "optional" => beside(Beside::Optional, line, ladder, reader),
        "alongside" => beside(Beside::Alongside, line, ladder, reader),
        "next" => next(line, ladder, open, reader),
        "line" => {
            let head = read_named(line, "line", reader);
            open.lost_line = head.is_none();
            let Some((name, title)) = head else { return };
            open.names.take(LADDER, "line", &name, reader);
            open.heads.push((line.span, false));
            ladder.lines.push(LadderLine {
                name,
                title,
                citations: line.citations.clone(),
                options: Vec::new(),
                next: None,
            });
        }
        "option" => option(line, ladder, open, reader),
        _ => {
            open.fill();
            unknown_line(line, Construct::Ladder, &KNOWN, reader);
        }
    }
}

/// The names of the lines or steps of one block, to find a second of one name.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, Span>);

impl Names {
    /// Takes a name in, and says where it stands for the second time.
    pub(super) fn take(&mut self, code: Code, what: &str, name: &Name, reader: &mut Reader) {
        if let Some(earlier) = self.0.get(&name.value) {
            let message = format!("a second {what} `{}`", name.value);
            let diagnostic = Diagnostic::error(code, name.span, message).also(*earlier, "here first");
            reader.report(diagnostic.note("give one of them another name"));
            return;
        }
        self.0.insert(name.value.clone(), name.span);
    }
}

fn read_patients(line: &WrittenLine<'_>, ladder: &mut Ladder, open: &mut Open, reader: &mut Reader) {
    let Some(condition) = read_for_patients(line, reader) else {
        open.lost_patients = true;
        return;
    };
    if let Some(earlier) = &ladder.patients {
        let diagnostic = Diagnostic::error(LADDER, line.span, "for whom the ladder is, is said twice");
        let help = "join them with `and` in one line, or give a long condition a `finding` of its own";
        reader.report(diagnostic.also(earlier.value.span, "here first").note(help));
        return;
    }
    if !ladder.lines.is_empty() {
        before_first_line(line, "for patients", reader);
    }
    ladder.patients = Some(condition);
}

/// `for patients when subtype is DM`
pub(super) fn read_for_patients(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Line<Condition>> {
    let node = reader.read(line.words, Rule::entry_for_patients)?;
    let opening = node.child(Rule::for_patients)?;
    let value = read_condition(&node.child(Rule::condition)?, reader)?;
    let spelt: Vec<&str> = opening.text().split_whitespace().collect();
    if spelt != ["for", "patients", "when"] {
        let message = format!("`{}` is written `for patients when`", opening.text());
        let diagnostic = Diagnostic::error(CLAUSE, opening.span(), message);
        reader.report(diagnostic.fix("write `for patients when`", opening.span(), "for patients when"));
    }
    Some(Line { value, citations: line.citations.clone() })
}

/// What holds for the whole ladder stands above its lines.
fn before_first_line(line: &WrittenLine<'_>, word: &str, reader: &mut Reader) {
    let message = format!("`{word}` holds for the whole ladder: it stands before the first `line`");
    let help = "move it up, under the head";
    reader.report(Diagnostic::error(LADDER, line.words.whole(), message).note(help));
}

fn beside(kind: Beside, line: &WrittenLine<'_>, ladder: &mut Ladder, reader: &mut Reader) {
    let Some(option) = read_option_line(line, reader) else { return };
    if !ladder.lines.is_empty() {
        before_first_line(line, line.first_word(), reader);
    }
    ladder.beside.push((kind, option));
}

fn next(line: &WrittenLine<'_>, ladder: &mut Ladder, open: &mut Open, reader: &mut Reader) {
    open.fill();
    let Some(next) = read_next_line(line, reader) else { return };
    if open.lost_line {
        return;
    }
    let slot = ladder.lines.last_mut().map_or(&mut ladder.next, |line| &mut line.next);
    if let Some(earlier) = slot {
        let diagnostic = Diagnostic::error(LADDER, line.span, "when the next line comes is said twice");
        let diagnostic = diagnostic.also(earlier.value.span, "here first");
        reader.report(diagnostic.note("join the two with `, or` in one line"));
        return;
    }
    *slot = Some(next);
}

fn option(line: &WrittenLine<'_>, ladder: &mut Ladder, open: &mut Open, reader: &mut Reader) {
    open.fill();
    let option = read_option_line(line, reader);
    if open.lost_line {
        return;
    }
    match ladder.lines.last_mut() {
        Some(last) => last.options.extend(option),
        None if std::mem::replace(&mut open.orphan_told, true) => {}
        None => {
            let message = "this option belongs to no line of the ladder";
            let diagnostic = Diagnostic::error(LADDER, line.words.whole(), message);
            reader.report(diagnostic.note("put its line above it: `line first \"First line\"`"));
        }
    }
}

fn tell_empty(ladder: &Ladder, open: &Open, place: &Place<'_>, reader: &mut Reader) {
    for (line, (head, filled)) in ladder.lines.iter().zip(&open.heads) {
        if line.options.is_empty() && !filled && !place.lost {
            let message = format!("the line `{}` has no option", line.name.value);
            let help = "put its options under it, each on a line of its own: `option drug_name`";
            reader.report(Diagnostic::error(super::block::EMPTY, *head, message).note(help));
        }
    }
}

/// The name and the title behind the first word of a line: `line first "First line"`, `step check "Is it?"`.
pub(super) fn read_named(
    line: &WrittenLine<'_>,
    what: &str,
    reader: &mut Reader,
) -> Option<(Name, Option<Spanned<String>>)> {
    let rest: Fragment<'_> = line.words.from(line.first_word().len()).trimmed();
    if rest.text.is_empty() || rest.text.starts_with(|letter: char| letter.is_ascii_digit() || letter == '"') {
        let message = format!("a {what} has a name of its own");
        let help = format!("for example `{what} first_check \"First check\"`: one word, then its title in quotes");
        let at = if rest.text.is_empty() { line.words.whole() } else { rest.whole() };
        reader.report(Diagnostic::error(super::reader::NAME, at, message).note(help));
        return None;
    }
    let node: Node<'_> = match rest.parse(Rule::entry_head_titled) {
        Ok(node) => node,
        Err(refusal) => {
            let told = super::head::untitled(rest, &refusal);
            reader.report(told.unwrap_or_else(|| super::reader::refused(rest, &refusal)));
            let node = rest.parse(Rule::entry_head_name).ok()?;
            return Some((reader.name(&node.child(Rule::name)?), None));
        }
    };
    if let Some(misplaced) = node.child(Rule::misplaced_when) {
        let message = format!("behind the name of a {what} stands its title and nothing else");
        let help = match what {
            "line" => "for whom an option is stands behind it: `option drug_name when …`",
            "step" => "its conditions stand in the branches under it: `when … -> step NAME`",
            _ => "when it is reached is said in the branches of the steps: `when … -> conclude NAME`",
        };
        reader.report(Diagnostic::error(super::block::HEAD_CONDITION, misplaced.span(), message).note(help));
    }
    let name = reader.name(&node.child(Rule::name)?);
    Some((name, node.child(Rule::title).map(|title| read_text(&title))))
}
