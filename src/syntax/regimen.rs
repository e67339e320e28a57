//! `regimen`: what is given together, and how many of a list are added.

use super::block::{Place, unknown_line};
use super::clauses::read_clause_condition;
use super::grammar::{Node, Rule};
use super::ladder::read_for_patients;
use super::layout::WrittenLine;
use super::list::Items;
use super::number::read_count;
use super::option::{read_option, read_option_line};
use super::reader::Reader;
use super::tree::{Construct, Line, Plus, Regimen};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// How many of a list are added is said otherwise.
pub(super) const PLUS: Code = Code {
    id: "S040",
    title: "how many of a list are added is said otherwise",
    explanation: "\
`plus` says how many of the list under it are added, and for whom. The first that holds counts; `otherwise` comes last,
and once.

    plus 2 when severe                      wrong: two of what?
    plus 2 of these when severe
    plus 1 to 2 of these otherwise
    - drug_name
    - other_drug when subtype is DM",
};

/// First words of the lines of a regimen.
const KNOWN: [&str; 3] = ["for", "give", "plus"];

/// The lines of a regimen.
pub(super) fn read_regimen(place: &Place<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Regimen> {
    let mut regimen = Regimen { patients: None, give: Vec::new(), plus: Vec::new(), of: Vec::new() };
    let mut items = Items::default();
    let (mut lost_patients, mut lost_plus) = (false, false);
    let (mut item_lines, mut last_open): (usize, Option<Span>) = (0, None);
    for line in lines {
        if let Some(item) = line.item() {
            item_lines += 1;
            let Some(item) = items.next(line, item, reader) else { continue };
            regimen.of.extend(read_option(item, line, reader));
            continue;
        }
        match if line.cells.is_some() { "" } else { line.first_word() } {
            "for" => match (read_for_patients(line, reader), &regimen.patients) {
                (Some(_), Some(earlier)) => {
                    let diagnostic = Diagnostic::error(PLUS, line.span, "for whom the regimen is, is said twice");
                    let diagnostic = diagnostic.also(earlier.value.span, "here first");
                    reader.report(diagnostic.note("join them with `and` in one line"));
                }
                (Some(patients), None) => regimen.patients = Some(patients),
                (None, _) => lost_patients = true,
            },
            "give" => regimen.give.extend(read_option_line(line, reader)),
            "plus" => match read_plus(line, &mut last_open, reader) {
                Some(plus) => regimen.plus.push(plus),
                None => lost_plus = true,
            },
            _ => unknown_line(line, Construct::Regimen, &KNOWN, reader),
        }
    }
    check(&regimen, lost_plus, item_lines, place, reader);
    let nothing = regimen.give.is_empty() && regimen.of.is_empty();
    (!nothing && !lost_patients).then_some(regimen)
}

/// A list without `plus`, `plus` without a list, or nothing at all.
fn check(regimen: &Regimen, lost_plus: bool, item_lines: usize, place: &Place<'_>, reader: &mut Reader) {
    let plus = !regimen.plus.is_empty() || lost_plus;
    if !plus && item_lines > 0 {
        let help = "put `plus 1 of these` above it, or `plus 1 to 2 of these when …`";
        place.missing("the list does not say how many of it are added", help, reader);
    } else if plus && item_lines == 0 {
        let help = "put each choice on a line of its own under it, after `-`";
        place.missing("no list stands under `plus`", help, reader);
    } else if !plus && regimen.give.is_empty() {
        let help = "for example `give drug_name`, then `plus 1 of these` and a list";
        place.missing("the regimen has nothing in it", help, reader);
    }
}

/// `plus 1 to 2 of these when severe`
fn read_plus(line: &WrittenLine<'_>, last_open: &mut Option<Span>, reader: &mut Reader) -> Option<Line<Plus>> {
    let node = reader.read(line.words, Rule::entry_plus)?;
    let counts: Vec<Node<'_>> = node.children().filter(|part| part.rule() == Rule::count).collect();
    let least_node = counts.first()?;
    let last_count = counts.last()?;
    check_words(&node, last_count, reader);
    let least = read_count(least_node, reader)?;
    let most = if counts.len() > 1 { read_count(last_count, reader)? } else { least };
    if least > most || most == 0 {
        let message = format!("`{}`: the smaller number stands first, and the larger is at least 1", node.text());
        let at = least_node.span().to(last_count.span());
        reader.report(Diagnostic::error(PLUS, at, message).note("for example `plus 1 to 2 of these`"));
        return None;
    }
    if let Some(earlier) = *last_open {
        let message = "a line for everybody else stands above: nobody is left for this one";
        let help = "`plus … otherwise` comes last, and once; the lines above it say for whom they are: `when …`";
        let diagnostic = Diagnostic::error(PLUS, line.words.whole(), message).also(earlier, "for everybody else");
        reader.report(diagnostic.note(help));
        return None;
    }
    let when = if let Some(clause) = node.child(Rule::condition_clause) {
        Some(read_clause_condition(&clause, reader)?)
    } else {
        *last_open = Some(line.words.whole());
        None
    };
    Some(Line { value: Plus { least, most, when }, citations: line.citations.clone() })
}

/// `1 or 2`, and a missing `of these`.
fn check_words(node: &Node<'_>, last_count: &Node<'_>, reader: &mut Reader) {
    if let Some(joint) = node.child(Rule::plus_joint).filter(|joint| !joint.has(Rule::kw_to)) {
        let message = format!("`{}` between two numbers is written `to`", joint.text());
        reader.report(Diagnostic::error(PLUS, joint.span(), message).fix("write `to`", joint.span(), " to "));
    }
    match node.child(Rule::of_these) {
        Some(of) if of.has(Rule::kw_these) => {}
        Some(of) => {
            let diagnostic = Diagnostic::error(PLUS, of.span(), "`of` is followed by `these`: the list under it");
            reader.report(diagnostic.fix("write `of these`", of.span(), "of these"));
        }
        None => {
            let end = Span { start: last_count.span().end, ..last_count.span() };
            let message = "`of these` is missing after the number: the list under it is meant";
            reader.report(Diagnostic::error(PLUS, last_count.span(), message).fix(
                "write `of these`",
                end,
                " of these",
            ));
        }
    }
}
