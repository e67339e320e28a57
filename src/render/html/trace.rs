//! How each answer was worked out, folded away.

use super::page::Page;
use crate::explain::{Explanation, Statement};
use crate::render::text::trace as told;

/// The trace of one guideline.
pub(super) fn trace(page: &mut Page, explanation: &Explanation, open: bool) {
    if explanation.trace.is_empty() {
        return;
    }
    page.open(if open { "details open" } else { "details" }, "trace");
    let shown = &explanation.guideline;
    page.element("summary", "", &format!("How it was worked out: {} {}", shown.id, shown.release));
    page.open("ul", "");
    explanation.trace.iter().for_each(|statement| tree(page, statement, None));
    page.close("ul");
    page.close("details");
}

fn tree(page: &mut Page, statement: &Statement, fit: Option<&str>) {
    page.open("li", "");
    let outcome = told::outcome(statement, fit);
    page.element("span", "", &format!("{}: {outcome}", statement.title));
    let sources = told::sources(&statement.citations);
    page.element("span", "soft", &format!("{} {}{sources}", statement.kind, statement.place));
    let because = told::lacking(statement, fit).map(|why| format!("because {why}"));
    let operands: Vec<String> = statement.operands.iter().map(told::in_words).chain(because).collect();
    if !operands.is_empty() || !statement.parts.is_empty() {
        page.open("ul", "");
        for operand in &operands {
            page.element("li", "soft", operand);
        }
        for (at, part) in statement.parts.iter().enumerate() {
            tree(page, part, told::fit(statement, at));
        }
        page.close("ul");
    }
    page.close("li");
}
