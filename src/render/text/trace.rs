//! How each answer was worked out: an indented tree with file and line, sources, values, and why not.

use super::page::Page;
use crate::explain::{CitationShown, Explanation, Operand, Statement};
use crate::render::{table, words};

/// Columns further in for each part.
const STEP: usize = 2;

/// Adds the trace of one guideline.
pub(super) fn append(page: &mut Page, explanation: &Explanation) {
    page.empty();
    page.ends("TRACE", &format!("{} {}", explanation.guideline.id, explanation.guideline.release));
    for statement in &explanation.trace {
        page.empty();
        tree(page, statement, None, 0);
    }
}

fn tree(page: &mut Page, statement: &Statement, fit: Option<&str>, column: usize) {
    let outcome = outcome(statement, fit);
    let sources = sources(&statement.citations);
    let place = format!("{} {}", statement.kind, statement.place);
    page.hanging(column, 2 * STEP, &format!("{}: {outcome}  {place}{sources}", statement.title));
    for operand in &statement.operands {
        page.hanging(column + STEP, 2 * STEP, &format!("= {}", in_words(operand)));
    }
    if let Some(why) = lacking(statement, fit) {
        page.hanging(column + STEP, 2 * STEP, &format!("because {why}"));
    }
    for (at, part) in statement.parts.iter().enumerate() {
        tree(page, part, self::fit(statement, at), column + STEP);
    }
}

/// Whether a row of a decision table fits.
pub(in crate::render) fn fit(statement: &Statement, at: usize) -> Option<&'static str> {
    if statement.kind == "table" { table::outcome(statement, at) } else { None }
}

pub(in crate::render) fn outcome(statement: &Statement, fit: Option<&str>) -> String {
    fit.map_or_else(|| words::possible(&statement.outcome, statement.unit.as_deref()), str::to_owned)
}

/// What a statement lacked, where its operands do not say it.
pub(in crate::render) fn lacking<'a>(statement: &'a Statement, fit: Option<&str>) -> Option<&'a str> {
    statement.why.as_deref().filter(|_| fit.is_some() || statement.operands.is_empty())
}

pub(in crate::render) fn sources(citations: &[CitationShown]) -> String {
    let shown: Vec<String> = citations
        .iter()
        .map(|citation| {
            let place = citation.place.as_ref().map(|place| format!(" {place}")).unwrap_or_default();
            let doubt = words::doubt(citation.mark).map(|doubt| format!(" ({doubt})")).unwrap_or_default();
            format!("{}{place}{doubt}", citation.key)
        })
        .collect();
    if shown.is_empty() { String::new() } else { format!("  [{}]", shown.join("; ")) }
}

pub(in crate::render) fn in_words(operand: &Operand) -> String {
    let when = if operand.when.is_empty() { String::new() } else { format!(" {}", operand.when) };
    let value = words::possible(&operand.possible, operand.unit.as_deref());
    let value = match operand.scale.filter(|_| operand.unit.is_none()) {
        Some(end) => format!("{value} of {}", words::number(end)),
        None => value,
    };
    let written = operand.written.as_ref().filter(|written| **written != value && !value.starts_with(written.as_str()));
    let mut more: Vec<String> = Vec::new();
    more.extend(operand.date.map(words::day));
    more.extend(written.map(|written| format!("written `{written}`")));
    more.extend(operand.upper_limit.map(|limit| format!("upper limit {}", words::number(limit))));
    more.extend(
        (operand.provenance != "recorded" && operand.provenance != "worked out").then(|| operand.provenance.clone()),
    );
    more.extend(operand.place.clone());
    let more = if more.is_empty() { String::new() } else { format!("  ({})", more.join(", ")) };
    format!("{}{when}: {value}{more}", operand.label)
}
