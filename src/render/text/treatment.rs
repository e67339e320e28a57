//! What a page says of treatment: today, the options, advice, what else it may be, when to look again.

use super::page::Page;
use crate::explain::Explanation;
use crate::render::answer::Room;
use crate::render::options::{self, Group, Told};
use crate::render::{today, words};

/// How many lines of advice that may apply a page has.
const MAY_APPLY: usize = 2;

/// What cannot wait.
pub(super) fn urgent(page: &mut Page, explanation: &Explanation) {
    let lines = today::today(explanation);
    if lines.is_empty() {
        return;
    }
    page.empty();
    page.label("TODAY");
    for (at, line) in lines.iter().enumerate() {
        page.listed(&format!("{}  ", at + 1), line);
    }
}

/// Each drug once, under the heading of its line, then regimens.
pub(super) fn drugs(page: &mut Page, explanation: &Explanation) {
    let told = options::options(explanation, Room::Short);
    if !told.is_empty() {
        page.empty();
        page.label("OPTIONS");
        for line in options::standing(explanation) {
            page.line(&line);
        }
    }
    let mut sections: Vec<(&str, Vec<&Told>)> = Vec::new();
    for one in &told {
        match sections.last_mut() {
            Some((heading, drugs)) if *heading == one.heading => drugs.push(one),
            Some(_) | None => sections.push((&one.heading, vec![one])),
        }
    }
    for (heading, drugs) in sections {
        let label = drugs.first().and_then(|drug| label(drug));
        match label {
            Some(label) => page.label(label),
            None => page.further(heading),
        }
        if drugs.iter().all(|drug| drug.is_far) {
            page.hanging(INDENT, 2, &named(&drugs));
            continue;
        }
        for (words, whats) in options::alike(&drugs) {
            let text = format!("{}  {words}", whats.join(", "));
            match label {
                Some(_) => page.further(text.trim_end()),
                None => page.hanging(INDENT, 2, text.trim_end()),
            }
        }
    }
    let regimens = options::regimens(explanation);
    if !regimens.is_empty() {
        page.empty();
        page.label("TOGETHER");
        for line in regimens {
            page.further(&line);
        }
    }
}

/// Drugs of a far line by their names, with what is certain of them.
fn named(drugs: &[&Told]) -> String {
    let names: Vec<String> =
        drugs
            .iter()
            .map(|drug| {
                if drug.more.is_empty() {
                    drug.what.clone()
                } else {
                    format!("{} ({})", drug.what, drug.more.join("; "))
                }
            })
            .collect();
    let open = drugs.iter().any(|drug| !drug.words.is_empty());
    let more = if open { "; against them: `--format markdown`" } else { "" };
    format!("{}{more}", names.join("; "))
}

/// The label of drugs that are of no line.
fn label(drug: &Told) -> Option<&'static str> {
    match drug.group {
        Group::Now | Group::Later => drug.is_beside.then_some("  BESIDE"),
        Group::Earlier => Some("  TAKEN"),
        Group::Against => Some("  AGAINST"),
        Group::With => Some("  WITH"),
    }
}

/// Columns before a drug.
pub(super) const INDENT: usize = 12;

/// Advice that is not for today, and diseases that may be there instead.
pub(super) fn advice(page: &mut Page, explanation: &Explanation) {
    let advice = today::advice(explanation, true);
    if !advice.is_empty() {
        page.empty();
        page.label("ADVICE");
        let standing = advice.iter().take_while(|(mark, _)| *mark != "may apply").count();
        let told = standing + MAY_APPLY;
        for (mark, text) in advice.iter().take(told) {
            let colon = if mark.is_empty() { "" } else { ": " };
            page.further(&format!("{}{colon}{text}", words::capital(mark)));
        }
        let more = advice.len().saturating_sub(told);
        if more > 0 {
            page.line(&format!("and {more} more that may apply: `--format markdown` lists them all"));
        }
    }
    let suspicions = today::suspicions(explanation);
    if !suspicions.is_empty() {
        page.empty();
        page.label("OR IS IT");
        for (title, text) in suspicions {
            page.further(&format!("{title}  {text}"));
        }
    }
}

/// How many lines say when to look again.
const AGAIN: usize = 3;

/// When to look again.
pub(super) fn again(page: &mut Page, explanations: &[Explanation]) {
    let mut lines: Vec<String> = Vec::new();
    for line in explanations.iter().flat_map(today::again) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.is_empty() {
        return;
    }
    page.empty();
    page.label("AGAIN");
    let more = lines.len().saturating_sub(AGAIN);
    for line in lines.iter().take(AGAIN) {
        page.further(line);
    }
    if more > 0 {
        page.line(&format!("and {more} more; `--format json` lists them all"));
    }
}
