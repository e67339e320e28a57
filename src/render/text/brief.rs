//! What is missing and whose numbers these are, in the few lines that a page with treatment has for them.

use std::collections::BTreeSet;

use super::page::Page;
use super::tail::{self, Wanted};
use crate::catalog::{Burden, Mark};
use crate::explain::Explanation;
use crate::render::words;

/// How many lines of missing facts there are.
const MISSING: usize = 8;
/// How many of them ask for the same kind of thing.
const OF_A_KIND: usize = 4;
/// How many facts a line names.
const NAMED: usize = 3;
/// How many letters say what they would settle.
const LETTERS: usize = 45;
/// How many letters there are on a line.
const LINE: usize = 78;
/// How many sources are named.
const SOURCES: usize = 2;

/// Facts of one kind that would help to settle the same.
struct Group {
    burden: Burden,
    settles: String,
    labels: Vec<String>,
}

/// What is missing, the easiest to find out first: what is asked for the same reason together.
pub(super) fn missing(page: &mut Page, found: &[Wanted<'_>]) {
    let mut groups: Vec<Group> = Vec::new();
    for Wanted { missing, settles, .. } in found {
        let settles = settled(settles);
        let label = missing.label.strip_prefix("whether ").unwrap_or(&missing.label);
        let label =
            label.strip_suffix(" was taken").map_or_else(|| label.to_owned(), |drug| format!("{drug} ever taken"));
        let same = |group: &&mut Group| group.burden == missing.burden && group.settles == settles;
        match groups.iter_mut().find(same) {
            Some(group) if group.labels.contains(&label) => {}
            Some(group) => group.labels.push(label),
            None => groups.push(Group { burden: missing.burden, settles, labels: vec![label] }),
        }
    }
    let (shown, hidden) = chosen(groups);
    for group in &shown {
        let told = |most: usize| format!("{}  → {}", words::some(&group.labels, most), group.settles);
        let mut fits = (1..=NAMED).rev().map(told).skip_while(|text| text.chars().count() > LINE);
        let text = fits.next().unwrap_or_else(|| told(1));
        page.noted(tail::burden(group.burden), &text);
    }
    let more: usize = hidden.iter().map(|group| group.labels.len()).sum();
    if more > 0 {
        page.line(&format!("  and {more} more; `--format json` lists them all"));
    }
}

/// Some groups of each kind, until the lines are full.
fn chosen(groups: Vec<Group>) -> (Vec<Group>, Vec<Group>) {
    let of = |burden: Burden, upto: usize| groups.iter().take(upto).filter(|group| group.burden == burden).count();
    let first: Vec<bool> = groups.iter().enumerate().map(|(at, group)| of(group.burden, at) < OF_A_KIND).collect();
    let mut room = MISSING.saturating_sub(first.iter().filter(|is_first| **is_first).count());
    let mut lines = 0;
    let mut shown = Vec::new();
    let mut hidden = Vec::new();
    for (group, is_first) in groups.into_iter().zip(first) {
        let fits = is_first || room > 0;
        room -= usize::from(fits && !is_first);
        lines += usize::from(fits);
        if fits && lines <= MISSING { shown.push(group) } else { hidden.push(group) }
    }
    (shown, hidden)
}

/// What a fact would help to settle: the highest-ranking things, as many as there is room for.
fn settled(titles: &[String]) -> String {
    let mut told: Vec<String> = Vec::new();
    for title in titles {
        let title = title.split(": ").next().unwrap_or(title).to_owned();
        let letters: usize = told.iter().map(|known| known.chars().count() + 2).sum();
        if told.is_empty() || (letters + title.chars().count() <= LETTERS && told.len() < 2) {
            told.push(title);
        }
    }
    told.join(", ")
}

/// How many sources, and by name those that a reader must know.
pub(super) fn sources(page: &mut Page, explanations: &[Explanation]) {
    let names = |names: BTreeSet<&str>| names.into_iter().map(words::spoken).collect::<Vec<_>>();
    let locals = explanations.iter().flat_map(|explanation| &explanation.local_choices);
    let locals = names(locals.map(|local| local.name.as_str()).collect());
    let of = |mark: Mark| names(tail::cited(explanations, mark).into_keys().collect());
    let mut told: Vec<String> = Vec::new();
    let mut tell = |what: &str, names: &[String]| {
        if !names.is_empty() {
            told.push(format!("{what}: {}", words::some(names, SOURCES)));
        }
    };
    tell("NOT VERIFIED", &of(Mark::Unverified));
    tell("meeting report", &of(Mark::FoundingReport));
    tell("local", &locals);
    page.further(&told.join("; "));
    let count = |name: &str, mark: Mark| match of(mark).len() {
        0 => String::new(),
        count => format!("{name}: {count}; "),
    };
    let others = tail::not_of_the_patient(explanations).len();
    let others = if others > 0 { format!("other patients: {others}; ") } else { String::new() };
    page.further(&format!(
        "{}{}{others}names: `--format markdown`; steps: `--trace`",
        count("read", Mark::Verified),
        count("second-hand", Mark::Secondary)
    ));
}
