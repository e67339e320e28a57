//! What holds for all guidelines together: what is missing, what was taken for granted, what looked wrong, whose
//! numbers these are.

use std::collections::BTreeSet;

use super::page::{Cell, Page, cell};
use crate::catalog::Burden;
use crate::explain::{Explanation, LocalShown, SourceShown};
use crate::render::answer::Room;
use crate::render::text::tail as told;
use crate::render::{VERSION, words};

/// What is missing, the easiest to find out first, with what each would settle.
pub(super) fn missing(page: &mut Page, explanations: &[Explanation]) {
    let found = told::merged(&explanations.iter().collect::<Vec<_>>(), Room::Full);
    if found.is_empty() {
        return;
    }
    page.element("h3", "", "Missing");
    // What would settle the same is told under one heading.
    let mut groups: Vec<(String, Vec<Vec<Cell>>)> = Vec::new();
    for told::Wanted { missing, why, settles } in &found {
        let joint = if settles.is_empty() { "" } else { ", for: " };
        let heading = format!("{}{joint}{}", burden(missing.burden), settles.join(", "));
        let what = format!("{} {}", missing.label, missing.when);
        let row = vec![cell(words::capital(what.trim())), cell(missing.question.as_str()), cell(why.as_str())];
        match groups.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((heading, vec![row])),
        }
    }
    let headed = |(heading, rows): (String, Vec<Vec<Cell>>)| std::iter::once(vec![cell(heading)]).chain(rows);
    let rows: Vec<Vec<Cell>> = groups.into_iter().flat_map(headed).collect();
    page.table("What would help to settle the answers, the easiest to find out first", &HEADINGS, &rows);
}

const HEADINGS: [&str; 3] = ["what", "ask", "why not known"];

fn burden(burden: Burden) -> &'static str {
    match burden {
        Burden::History => "Ask, look in the chart, examine",
        Burden::BloodTest => "Blood test",
        Burden::Imaging => "Imaging",
        Burden::Biopsy => "Biopsy",
    }
}

/// What the dictionary makes of what the record does not name.
pub(super) fn granted(page: &mut Page, explanations: &[Explanation]) {
    let granted = told::all_granted(explanations);
    if granted.is_empty() {
        return;
    }
    page.element("h3", "", "Taken for granted");
    page.paragraph("", &format!("{}.", words::capital(&granted.join("; "))));
    page.paragraph("soft small", "Where that is wrong, record the value, or `unknown`.");
}

/// What looked wrong and was kept.
pub(super) fn notices(page: &mut Page, explanations: &[Explanation]) {
    let mut said: Vec<String> = Vec::new();
    for notice in explanations.iter().flat_map(|explanation| &explanation.notices).map(|text| words::capital(text)) {
        if !said.contains(&notice) {
            said.push(notice);
        }
    }
    if !said.is_empty() {
        page.element("h3", "", "Notices");
        page.list("", said.iter().map(String::as_str));
    }
}

/// Guidelines and sources that do not speak of the patient.
pub(super) fn silent(page: &mut Page, explanations: &[Explanation]) {
    let said: BTreeSet<String> = explanations
        .iter()
        .flat_map(|explanation| &explanation.silent)
        .map(|silent| format!("{}: {}", silent.source, silent.because))
        .collect();
    if !said.is_empty() {
        page.element("h3", "", "Silent on this patient");
        page.list("", said.iter().map(String::as_str));
    }
}

/// Local choices first, then sources, the least verified first.
pub(super) fn sources(page: &mut Page, explanations: &[Explanation]) {
    let mut locals: Vec<&LocalShown> = Vec::new();
    for local in explanations.iter().flat_map(|explanation| &explanation.local_choices) {
        if !locals.contains(&local) {
            locals.push(local);
        }
    }
    let mut used: Vec<&SourceShown> = Vec::new();
    for source in explanations.iter().flat_map(|explanation| &explanation.sources) {
        match used.iter_mut().find(|known| known.key == source.key) {
            Some(known) if source.mark < known.mark => *known = source,
            Some(_) => {}
            None => used.push(source),
        }
    }
    used.sort_by(|left, right| (left.mark, &left.key).cmp(&(right.mark, &right.key)));
    if locals.is_empty() && used.is_empty() {
        return;
    }
    page.element("h3", "", "Sources");
    let rows: Vec<Vec<Cell>> =
        locals.iter().map(|local| vec![cell(words::spoken(&local.name)), cell(local.reason.as_str())]).collect();
    page.table("Local choices, which no source gives", &["choice", "reason"], &rows);
    let rows: Vec<Vec<Cell>> = used
        .iter()
        .map(|source| {
            let doi = source.doi.as_ref().map(|doi| format!("doi:{doi}")).unwrap_or_default();
            vec![cell(source.key.as_str()), cell(told::mark(source.mark)), cell(source.reference.as_str()), cell(doi)]
        })
        .collect();
    page.table(
        "How far each source was verified for what was used of it: the least first",
        &["source", "verified", "reference", "identifier"],
        &rows,
    );
}

/// Which record, which guidelines, which program.
pub(super) fn identity(page: &mut Page, explanations: &[Explanation]) {
    let Some(first) = explanations.first() else { return };
    page.element("h3", "", "What was evaluated");
    page.open("dl", "facts small");
    let mut entry = |name: &str, text: &str| {
        page.element("dt", "", name);
        page.element("dd", "", text);
    };
    entry("record", &format!("{}, {}", first.record.id, first.record.hash));
    if let Some((baseline, newest)) = first.record.visits {
        entry("visits", &format!("{} to {}", words::day(baseline), words::day(newest)));
    }
    for explanation in explanations {
        let shown = &explanation.guideline;
        entry("guideline", &format!("{} {}, {}", shown.id, shown.release, shown.hash));
    }
    entry("program", &format!("myoguide {VERSION}"));
    page.close("dl");
}
