//! What a page says of treatment: today, the options, advice, what else it may be, when to look again.

use super::page::{Page, Tone};
use crate::eval::Status;
use crate::explain::Explanation;
use crate::render::options::{self, Group, Told};
use crate::render::today;

/// How many lines of advice a page has.
const ADVICE: usize = 8;

/// Conclusions, below the answers.
pub(super) fn conclusions(page: &mut Page, explanation: &Explanation) {
    for (status, sentence) in today::conclusions(explanation) {
        let (mark, tone) = match status {
            Status::Decided | Status::Silent | Status::Fault => ("settled", Tone::Settled),
            Status::Open => ("depends", Tone::Depends),
        };
        page.marked(mark, tone, &sentence);
    }
}

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

/// Each drug once, then regimens.
pub(super) fn drugs(page: &mut Page, explanation: &Explanation) {
    let told = options::options(explanation);
    if !told.is_empty() {
        page.empty();
        page.label("OPTIONS");
        for line in options::standing(explanation) {
            page.line(&line);
        }
    }
    let of = |group: Group| told.iter().filter(move |one| one.group == group).collect::<Vec<&Told>>();
    group(page, "  NOW", &of(Group::Now));
    later(page, &of(Group::Later));
    group(page, "  EARLIER", &of(Group::Earlier));
    group(page, "  AGAINST", &of(Group::Against));
    group(page, "  WITH", &of(Group::With));
    let regimens = options::regimens(explanation);
    if !regimens.is_empty() {
        page.empty();
        page.label("TOGETHER");
        for line in regimens {
            page.line(&line);
        }
    }
}

fn group(page: &mut Page, label: &'static str, drugs: &[&Told]) {
    if drugs.is_empty() {
        return;
    }
    page.label(label);
    for (words, whats) in options::alike(drugs) {
        page.further(&format!("{}  {words}", whats.join(", ")));
    }
}

/// Later lines in a few words: the drugs of one line together.
fn later(page: &mut Page, drugs: &[&Told]) {
    group(page, "  LATER", drugs);
}

/// Advice that is not for today, and diseases that may be there instead.
pub(super) fn advice(page: &mut Page, explanation: &Explanation) {
    let advice = today::advice(explanation);
    if !advice.is_empty() {
        page.empty();
        page.label("ADVICE");
        for (mark, text) in advice.iter().take(ADVICE) {
            let colon = if mark.is_empty() { "" } else { ": " };
            page.further(&format!("{mark}{colon}{text}"));
        }
        let more = advice.len().saturating_sub(ADVICE);
        if more > 0 {
            page.line(&format!("and {more} more; `--format json` lists them all"));
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
    for line in lines {
        page.line(&line);
    }
}
