//! What is said for or against a therapy: `contraindicated`, `avoid`, `caution`, `stop`, `prefer`, `monitor`.

use super::block::Place;
use super::clauses::{CLAUSE, Once, read_when, refuse_after_when};
use super::grammar::{Node, Rule};
use super::head::{Head, read_text, unnamed};
use super::layout::WrittenLine;
use super::opening::keyword;
use super::reader::Reader;
use super::reading::read_period;
use super::therapy::{THERAPY, read_one_therapy, read_therapies};
use super::tree::{Against, AgainstKind, Monitor, Name, Prefer, Therapy};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::value::Period;

/// A rule without its name, or without the colon behind it.
pub(super) const NAMED: Code = Code {
    id: "S035",
    title: "a rule of one line has a name and a colon",
    explanation: "\
Every rule has a name, so that an answer can say which rule it rests on. In a rule of one line a colon ends the name.

    avoid drug_name when asthma                 wrong: which is the name?
    avoid in_asthma drug_name when asthma       wrong: the colon is missing
    avoid in_asthma: drug_name when asthma",
};

/// The clauses of a head, each once, `when` last.
struct Clauses {
    text: Option<Spanned<String>>,
    ladder: Option<Name>,
    level: Option<Name>,
    every: Option<Period>,
    during: Option<Period>,
    has_when: bool,
}

fn read_clauses(node: &Node<'_>, rule: Rule, reader: &mut Reader) -> Clauses {
    let mut found = Clauses { text: None, ladder: None, level: None, every: None, during: None, has_when: false };
    let clauses: Vec<Node<'_>> =
        node.children().filter(|part| part.rule() == rule).filter_map(|part| part.first()).collect();
    refuse_after_when(&clauses, reader);
    let mut once = Once::default();
    for clause in &clauses {
        if !once.first(clause, reader) {
            continue;
        }
        #[expect(clippy::wildcard_enum_match_arm, reason = "a head has no other clause")]
        match clause.rule() {
            Rule::text => found.text = Some(read_text(clause)),
            Rule::on_ladder => found.ladder = clause.child(Rule::name).map(|name| reader.name(&name)),
            Rule::at_level => found.level = clause.child(Rule::name).map(|name| reader.name(&name)),
            Rule::every => found.every = read_every(clause, reader),
            Rule::during => found.during = read_period(clause, reader),
            _ => found.has_when = true,
        }
    }
    found
}

/// `every 2 weeks`; `every week` is told its number.
fn read_every(clause: &Node<'_>, reader: &mut Reader) -> Option<Period> {
    if clause.has(Rule::number) {
        return read_period(clause, reader);
    }
    let unit = clause.child(Rule::period_unit)?;
    let message = format!("`{}`: how many is written in digits", clause.text());
    let at = Span { end: unit.span().start, ..unit.span() };
    reader.report(Diagnostic::error(CLAUSE, clause.span(), message).fix("write `1`", at, "1 "));
    None
}

/// The condition of the head is one of its clauses.
fn with_condition<'a>(head: &Head<'a>, rule: Rule, reader: &mut Reader) -> Head<'a> {
    let mut clause = head.node.iter().flat_map(Node::children).filter(|part| part.rule() == rule);
    let when = clause.find_map(|part| part.child(Rule::condition_clause));
    let condition = when.and_then(|when| super::clauses::read_clause_condition(&when, reader));
    Head { condition, name: head.name.clone(), ..Head::default() }
}

/// The name and its colon.
fn check_named(head: &Head<'_>, place: &Place<'_>, reader: &mut Reader) {
    let Some(node) = &head.node else { return };
    let word = keyword(place.construct);
    match node.child(Rule::named) {
        Some(named) if named.has(Rule::colon) => {}
        Some(named) => {
            let name = named.text();
            let message = format!("a colon is missing after the name `{name}`");
            let end = Span { start: named.span().end, ..named.span() };
            reader.report(Diagnostic::error(NAMED, named.span(), message).fix("write the colon", end, ":"));
        }
        None => {
            let Some(first) = node.child(Rule::therapies) else { return };
            let at = Span { end: first.span().start, ..first.span() };
            let name = unnamed(place.construct, &first).value;
            let message = format!("the rule has no name: `{word} NAME: {}`", first.text());
            let diagnostic = Diagnostic::error(NAMED, first.span(), message);
            reader.report(diagnostic.fix("give it one", at, format!("{name}: ")));
        }
    }
}

/// A head whose rule has no name is read under the name it is told.
fn therapies(head: &Head<'_>, reader: &mut Reader) -> Option<Vec<Therapy>> {
    let node = head.node.as_ref()?.child(Rule::therapies)?;
    Some(read_therapies(&node, reader))
}

/// `contraindicated NAME: THERAPY, THERAPY "text" on LADDER at LEVEL when …`
pub(super) fn read_against(
    kind: AgainstKind,
    head: &Head<'_>,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Option<Against> {
    let node = head.node.as_ref()?;
    check_named(head, place, reader);
    let therapies = therapies(head, reader)?;
    let clauses = read_clauses(node, Rule::against_clause, reader);
    if kind == AgainstKind::Caution && clauses.text.is_none() {
        let message = "a caution says in words what to do";
        let help = "put the words in quotes behind the therapy: `caution NAME: drug_name \"give it slowly\" when …`";
        reader.report(Diagnostic::error(CLAUSE, place.head, message).note(help));
    }
    let inner = with_condition(head, Rule::against_clause, reader);
    let when = read_when(&inner, clauses.has_when, place, lines, reader).ok()?;
    let Clauses { text, ladder, level, .. } = clauses;
    Some(Against { kind, therapies, text, ladder, level, when })
}

/// `prefer NAME: THERAPY over THERAPY, THERAPY on LADDER when …`
pub(super) fn read_prefer(
    head: &Head<'_>,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Option<Prefer> {
    let node = head.node.as_ref()?;
    check_named(head, place, reader);
    if let Some(to) = node.child(Rule::preferred_over).and_then(|over| over.child(Rule::kw_to)) {
        let diagnostic = Diagnostic::error(THERAPY, to.span(), "one therapy is preferred `over` another");
        reader.report(diagnostic.fix("write `over`", to.span(), "over"));
    }
    let mut sides = node.children().filter(|part| part.rule() == Rule::therapies);
    let preferred = read_one_therapy(&sides.next()?, reader);
    let over = read_therapies(&sides.next()?, reader);
    let clauses = read_clauses(node, Rule::against_clause, reader);
    for (what, at) in [
        ("text", clauses.text.as_ref().map(|text| text.span)),
        ("level", clauses.level.as_ref().map(|level| level.span)),
    ] {
        if let Some(at) = at {
            let diagnostic = Diagnostic::error(CLAUSE, at, format!("a preference has no {what}"));
            reader.report(diagnostic.note("it has `on LADDER` and `when …`, or lines as in a finding"));
        }
    }
    let inner = with_condition(head, Rule::against_clause, reader);
    let when = read_when(&inner, clauses.has_when, place, lines, reader).ok()?;
    Some(Prefer { preferred: preferred?, over, ladder: clauses.ladder, when })
}

/// `monitor NAME: THERAPY "what" every 2 weeks for 6 weeks when …`
pub(super) fn read_monitor(
    head: &Head<'_>,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Option<Monitor> {
    let node = head.node.as_ref()?;
    check_named(head, place, reader);
    let therapies = therapies(head, reader)?;
    let clauses = read_clauses(node, Rule::monitor_clause, reader);
    if clauses.text.is_none() {
        let message = "the rule does not say what is watched";
        let help =
            "put the words in quotes behind the therapy: `monitor NAME: drug_name \"full blood count\" every 2 weeks`";
        reader.report(Diagnostic::error(CLAUSE, place.head, message).note(help));
    }
    let inner = with_condition(head, Rule::monitor_clause, reader);
    let when = read_when(&inner, clauses.has_when, place, lines, reader).ok()?;
    let Clauses { text, every, during, .. } = clauses;
    Some(Monitor { therapies, text: text?, every, during, when })
}
