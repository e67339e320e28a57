//! What a page says of treatment: today, the options, advice, what else it may be, when to look again.

use super::page::Page;
use crate::explain::Explanation;
use crate::render::answer::Room;
use crate::render::options::{self, Group, Told};
use crate::render::overview::Overview;
use crate::render::{today, words};

/// How many lines of advice a page has.
const ADVICE: usize = 5;
/// How many pieces that may apply are told.
const MAY_APPLY: usize = 1;
/// How many things are for today.
const TODAY: usize = 4;

/// Where all is told that a page only counts.
pub(super) const ALL: &str = "`--format markdown`";

/// What cannot wait.
pub(super) fn urgent(page: &mut Page, explanation: &Explanation) {
    let lines = today::today(explanation, Room::Short);
    if lines.is_empty() {
        return;
    }
    page.label("TODAY");
    for (at, line) in lines.iter().take(TODAY).enumerate() {
        page.listed(&format!("{}  ", at + 1), line);
    }
    let more = lines.len().saturating_sub(TODAY);
    if more > 0 {
        page.line(&format!("and {more} more: {ALL}"));
    }
}

/// Each drug once, under the heading of its line, then regimens.
pub(super) fn drugs(page: &mut Page, explanation: &Explanation) {
    let told = options::options(explanation, Room::Short);
    if !told.is_empty() {
        page.empty();
        page.label("OPTIONS");
        for line in options::standing(explanation, Room::Short) {
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
    let last_far = sections.iter().rposition(|(_, drugs)| is_far(drugs));
    for (at, (heading, drugs)) in sections.into_iter().enumerate() {
        if is_far(&drugs) {
            let more = if last_far == Some(at) { format!("; more on these: {ALL}") } else { String::new() };
            page.further(&format!("{heading}: {}{more}", named(&drugs)));
            continue;
        }
        let label = drugs.first().and_then(|drug| label(drug));
        match label {
            Some(label) => page.label(label),
            None => page.further(heading),
        }
        for (words, whats) in options::alike(&drugs) {
            let text = format!("{}  {words}", whats.join(", "));
            match label {
                Some(_) => page.further(text.trim_end()),
                None => page.hanging(INDENT, 2, text.trim_end()),
            }
        }
    }
    for (at, line) in options::perhaps(explanation, Room::Short).iter().enumerate() {
        if at == 0 {
            page.label("  PERHAPS");
        }
        page.further(line);
    }
    let regimens = options::regimens(explanation, Room::Short);
    if !regimens.is_empty() {
        page.label("TOGETHER");
        for line in regimens {
            page.further(&line);
        }
    }
}

/// A line of which the drugs are only named.
fn is_far(drugs: &[&Told]) -> bool {
    drugs.iter().all(|drug| drug.is_far)
}

/// Drugs of a far line by their names, with what must be said of them.
fn named(drugs: &[&Told]) -> String {
    let name = |drug: &&Told| match drug.more.as_slice() {
        [] => drug.what.clone(),
        more => format!("{} ({})", drug.what, more.join("; ")),
    };
    drugs.iter().map(name).collect::<Vec<_>>().join("; ")
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
    let advice = today::advice(explanation, Room::Short);
    if !advice.is_empty() {
        page.label("ADVICE");
        let told: Vec<String> = advice
            .iter()
            .map(|(mark, text)| {
                let colon = if mark.is_empty() { "" } else { ": " };
                format!("{}{colon}{text}", words::capital(mark))
            })
            .collect();
        let standing = advice.iter().take_while(|(mark, _)| *mark != "may apply").count();
        let may_apply = (told.len() - standing).min(MAY_APPLY);
        // What stands comes first, but leaves a line for each of the first that may apply, and one for how many more.
        let mut room = ADVICE.saturating_sub(may_apply + 1);
        let mut shown = 0;
        for text in told.iter().take(standing) {
            let lines = Page::lines_of(text);
            if lines <= room {
                page.further(text);
                room -= lines;
                shown += 1;
            }
        }
        room += may_apply;
        for text in told.iter().skip(standing).take(MAY_APPLY) {
            let lines = Page::lines_of(text);
            if lines <= room {
                page.further(text);
                room -= lines;
                shown += 1;
            }
        }
        let more = advice.len().saturating_sub(shown);
        if more > 0 {
            page.line(&format!("and {more} more, or that may apply: {ALL}"));
        }
    }
    let suspicions = today::suspicions(explanation);
    if !suspicions.is_empty() {
        page.label("OR IS IT");
        for (title, text) in suspicions {
            page.further(&format!("{title}  {text}"));
        }
    }
}

/// What the other guidelines say.
pub(super) fn beside(page: &mut Page, overview: &Overview<'_>) {
    let lines = overview.beside(Room::Short);
    if lines.is_empty() {
        return;
    }
    page.empty();
    page.label("ALSO");
    let last = lines.len().saturating_sub(1);
    for (at, line) in lines.iter().enumerate() {
        if at == last {
            page.further(&format!("{line} Each in full: `--guideline NAME`."));
        } else {
            page.further(line);
        }
    }
}

/// How many lines say when to look again.
const AGAIN: usize = 2;

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
    page.label("AGAIN");
    let more = lines.len().saturating_sub(AGAIN);
    let told: Vec<String> = lines.iter().take(AGAIN).map(|line| first_part(line)).collect();
    for line in &told {
        page.further(line);
    }
    let is_cut = told.iter().any(|line| line.ends_with('…'));
    match more {
        0 if is_cut => page.line(&format!("in full: {ALL}")),
        0 => {}
        more => page.line(&format!("and {more} more: {ALL}")),
    }
}

/// A line that is longer than one of the page only up to its semicolon.
fn first_part(line: &str) -> String {
    match line.split_once("; ") {
        Some((first, _)) if line.chars().count() > LINE => format!("{first}\u{a0}…"),
        Some(_) | None => line.to_owned(),
    }
}

/// How many letters a line of the page has.
const LINE: usize = 88;
