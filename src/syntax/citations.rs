//! Brackets with sources: `[aggarwal_2017 table 3; local weakness_cutoff]`.

use super::grammar::{Fragment, Node, Rule};
use super::reader::Reader;
use super::tree::{Citation, CitationKind};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Spanned;

/// Brackets that are not closed, or stand in the wrong place.
pub(super) const BRACKETS: Code = Code {
    id: "S004",
    title: "brackets in the wrong place or not closed",
    explanation: "\
Sources stand in one pair of square brackets at the end of a line, after the last `|` of a row, or alone on the first
indented line of a block, where they belong to the whole block.

    latest mmt8 is below 142 [proderm_2022          wrong: `]` is missing
    latest mmt8 [proderm_2022] is below 142         wrong: something follows
    latest mmt8 is below 142 [proderm_2022 p1]",
};

/// Sources that cannot be told apart.
pub(super) const SOURCES: Code = Code {
    id: "S005",
    title: "sources cannot be told apart",
    explanation: "\
Each source is its key in the evidence files, then where in it, in any words. Several are separated by `;`, because a
comma may be part of the place. A number that no source gives is a local choice with one name.

    [oddis_2018, rim_2013]                          wrong: the second would be lost
    [oddis_2018 table 3; rim_2013]
    [local weakness_cutoff]",
};

/// The entries of a pair of brackets.
pub(super) fn read_sources(node: &Node<'_>, reader: &mut Reader) -> Vec<Citation> {
    let inner = if node.rule() == Rule::open_sources {
        let whole = node.fragment().trimmed();
        let end = whole.span(whole.text.len(), whole.text.len());
        let diagnostic = Diagnostic::error(BRACKETS, whole.whole(), "`]` is missing");
        reader.report(diagnostic.fix("close the brackets", end, "]"));
        whole.from(1)
    } else {
        match node.child(Rule::sources_text) {
            Some(text) => text.fragment(),
            None => return Vec::new(),
        }
    };
    if inner.text.trim().is_empty() {
        let diagnostic = Diagnostic::error(SOURCES, node.span(), "the brackets hold no source");
        reader.report(
            diagnostic.note("name the source, `[oddis_2018 table 3]`, or a local choice, `[local weakness_cutoff]`"),
        );
        return Vec::new();
    }
    let mut citations = Vec::new();
    let mut start = 0;
    for part in inner.text.split(';') {
        read_entry(inner.between(start, start + part.len()).trimmed(), reader, &mut citations);
        start += part.len() + 1;
    }
    citations
}

fn read_entry(entry: Fragment<'_>, reader: &mut Reader, citations: &mut Vec<Citation>) {
    if entry.text.is_empty() {
        let diagnostic = Diagnostic::error(SOURCES, entry.whole(), "a source is missing beside a `;`");
        reader.report(diagnostic.note("name it, or leave the `;` out"));
        return;
    }
    let Ok(node) = entry.parse(Rule::entry_source) else {
        let message = format!("`{}` is not a source: a source is named by its key in the evidence files", entry.text);
        reader.report(Diagnostic::error(SOURCES, entry.whole(), message).note("for example `[oddis_2018 table 3]`"));
        return;
    };
    if let Some(name) = node.child(Rule::name) {
        let name = reader.name(&name);
        citations.push(Citation { span: entry.whole(), kind: CitationKind::Local(name) });
        return;
    }
    let Some(key) = node.child(Rule::key) else { return };
    let place = node.child(Rule::place);
    let place = match place {
        Some(place) if place.text().starts_with(',') => {
            let rest = place.fragment().from(1).trimmed();
            let comma = place.fragment().between(0, 1).whole();
            let message = format!("a comma after the source `{}`: sources are separated by `;`", key.text());
            reader.report(Diagnostic::error(SOURCES, comma, message).fix("write `;`", comma, ";"));
            if !rest.text.is_empty() {
                push(&key, None, reader, citations);
                read_entry(rest, reader, citations);
                return;
            }
            None
        }
        place => place,
    };
    check_key(&key, place.as_ref(), reader);
    push(&key, place.as_ref(), reader, citations);
}

fn push(key: &Node<'_>, place: Option<&Node<'_>>, reader: &mut Reader, citations: &mut Vec<Citation>) {
    let place = place.map(|place| Spanned::new(place.text().to_owned(), place.span()));
    let span = place.as_ref().map_or(key.span(), |place| key.span().to(place.span));
    citations.push(Citation { span, kind: CitationKind::Source { key: reader.name(key), place } });
}

/// `[local a b]`, `[Oddis 2018]`, `[https://…]`
fn check_key(key: &Node<'_>, place: Option<&Node<'_>>, reader: &mut Reader) {
    let Some(place) = place else {
        if key.text() == "local" {
            let diagnostic = Diagnostic::error(SOURCES, key.span(), "a local choice has a name");
            reader.report(diagnostic.note("for example `[local weakness_cutoff]`"));
        }
        return;
    };
    let (key_text, place_text) = (key.text(), place.text());
    let whole = key.span().to(place.span());
    if key_text == "local" {
        let message = format!("`local {place_text}`: a local choice has one name, without blanks");
        let fix = format!("local {}", place_text.split_whitespace().collect::<Vec<_>>().join("_"));
        reader.report(Diagnostic::error(SOURCES, whole, message).fix(format!("write `{fix}`"), whole, fix));
    } else if place_text.len() == 4 && place_text.bytes().all(|byte| byte.is_ascii_digit()) {
        let fix = format!("{}_{place_text}", key_text.to_lowercase());
        let message = format!("`{key_text} {place_text}` is not a key of the evidence files");
        reader.report(Diagnostic::error(SOURCES, whole, message).fix(format!("write `{fix}`"), whole, fix));
    } else if place.span().start == key.span().end {
        let message =
            format!("`{key_text}{place_text}` is not a source: a source is named by its key in the evidence files");
        reader.report(
            Diagnostic::error(SOURCES, whole, message)
                .note("addresses stand in the evidence file; here its key: `[oddis_2018 table 3]`"),
        );
    }
}
