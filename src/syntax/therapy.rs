//! Therapies as they are named in options, rules and conditions: `drug_name`, `drug_name + other_drug`.

use super::grammar::{Node, Rule};
use super::reader::Reader;
use super::tree::{Name, Therapy};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// A therapy that is named otherwise.
pub(super) const THERAPY: Code = Code {
    id: "S033",
    title: "a therapy is named otherwise",
    explanation: "\
A therapy is one word of the formulary, a treatment or a class. What is taken together is joined by `+`; several that
are meant each by itself are separated by commas. Each option of a ladder has a line of its own.

    option drug_name and other_drug             wrong: together, or either?
    option drug_name + other_drug
    avoid in_asthma: drug_name, other_drug when asthma",
};

/// A `therapy` node.
pub(super) fn read_therapy(node: &Node<'_>, reader: &mut Reader) -> Therapy {
    let names = node.children().filter(|part| part.rule() == Rule::name);
    let parts: Vec<Name> = names.map(|name| reader.name(&name)).collect();
    Therapy { span: node.span(), parts }
}

/// A `therapies` node: a list with commas.
pub(super) fn read_therapies(node: &Node<'_>, reader: &mut Reader) -> Vec<Therapy> {
    let mut therapies: Vec<Therapy> = Vec::new();
    for part in node.children() {
        if part.rule() == Rule::therapy {
            therapies.push(read_therapy(&part, reader));
        } else if part.text() != ","
            && let Some(before) = therapies.last()
        {
            let message = "therapies are separated by commas; what is taken together is joined by `+`";
            let at = Span { start: before.span.end, end: part.span().end, ..part.span() };
            reader.report(Diagnostic::error(THERAPY, part.span(), message).fix("write a comma", at, ","));
        }
    }
    therapies
}

/// A `therapies` node where one therapy stands: an option.
pub(super) fn read_one_therapy(node: &Node<'_>, reader: &mut Reader) -> Option<Therapy> {
    let joints: Vec<Node<'_>> = node.children().filter(|part| part.rule() == Rule::therapy_joint).collect();
    let mut therapies = node.children().filter(|part| part.rule() == Rule::therapy);
    let first = read_therapy(&therapies.next()?, reader);
    let Some(joint) = joints.first() else { return Some(first) };
    if joints.iter().all(|joint| joint.text() == "and") {
        let mut edits = joints.iter().map(|joint| (joint.span(), "+".to_owned()));
        let message = "what is taken together is joined by `+`";
        let mut diagnostic = Diagnostic::error(THERAPY, joint.span(), message);
        if let Some((at, sign)) = edits.next() {
            diagnostic = diagnostic.fix("write `+`", at, sign);
        }
        if let Some(fix) = &mut diagnostic.fix {
            fix.edits.extend(edits);
        }
        reader.report(diagnostic);
        let others = therapies.flat_map(|therapy| read_therapy(&therapy, reader).parts);
        let parts = first.parts.into_iter().chain(others).collect();
        return Some(Therapy { span: node.span(), parts });
    }
    let message = "one therapy stands here";
    let help = "each option has a line of its own; what is taken together is joined by `+`";
    reader.report(Diagnostic::error(THERAPY, node.span(), message).note(help));
    None
}

/// The name alone, as a therapy of one part.
pub(super) fn single(name: Name) -> Therapy {
    Therapy { span: name.span, parts: vec![name] }
}

/// A `text` child, or what stands there without its quotes.
pub(super) fn quoted_or_told(node: &Node<'_>, reader: &mut Reader) -> Option<Spanned<String>> {
    if let Some(text) = node.child(Rule::text) {
        return Some(super::head::read_text(&text));
    }
    let words = node.child(Rule::unquoted)?;
    let message = format!("`{}`: a text stands in quotes", words.text());
    let fix = format!("\"{}\"", words.text());
    let diagnostic = Diagnostic::error(super::reader::UNEXPECTED, words.span(), message);
    reader.report(diagnostic.fix("put it in quotes", words.span(), fix));
    Some(Spanned::new(words.text().to_owned(), words.span()))
}
