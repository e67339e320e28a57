//! What stands below the answers, for all guidelines together: what is missing, what was taken for granted, what
//! looked wrong, and whose numbers these are.

use std::collections::{BTreeMap, BTreeSet};

use super::brief;
use super::page::Page;
use crate::catalog::{Burden, Mark};
use crate::explain::{CitationShown, Explanation, LocalShown, Missing, Statement};
use crate::render::answer::Room;
use crate::render::{granted, unknown, words};

/// How many lines of missing facts a page has.
const MISSING: usize = 8;

/// What is missing, the easiest to find out first, each with what it would settle.
pub(super) fn missing(page: &mut Page, explanations: &[&Explanation]) {
    let found = merged(explanations, Room::Short);
    if found.is_empty() {
        return;
    }
    if explanations.iter().any(|one| words::is_brief(one)) {
        page.label("MISSING");
        return brief::missing(page, explanations);
    }
    page.empty();
    page.label("MISSING");
    let (taken, found): (Vec<Wanted<'_>>, Vec<Wanted<'_>>) = found
        .into_iter()
        .partition(|wanted| wanted.missing.fact.rsplit_once('.').is_some_and(|(_, part)| part == "taken"));
    let mut groups: Vec<Group<'_>> = Vec::new();
    ever_taken(&taken, &mut groups);
    for Wanted { missing, why, settles } in &found {
        let same = |group: &&mut Group<'_>| {
            let one = group.first;
            (one.burden, &one.when, group.why) == (missing.burden, &missing.when, why.as_str())
                && group.settles == *settles
        };
        if let Some(group) = groups.iter_mut().find(same) {
            group.labels.push(missing.label.clone());
            continue;
        }
        let labels = vec![missing.label.clone()];
        groups.push(Group { first: missing, why, settles: settles.clone(), labels });
    }
    for group in groups.iter().take(MISSING) {
        let one = group.first;
        let what = words::how_missing(&words::all_of(&group.labels), &one.when, group.why);
        page.noted(burden(one.burden), &format!("{what}  → {}", group.settles.join(", ")));
    }
    let more: usize = groups.iter().skip(MISSING).map(|group| group.labels.len()).sum();
    if more > 0 {
        page.line(&format!("  and {more} more: `--format markdown`"));
    }
}

/// Therapies of which it is not known whether they were taken, in one line.
fn ever_taken<'a>(taken: &'a [Wanted<'a>], groups: &mut Vec<Group<'a>>) {
    let Some(first) = taken.first() else { return };
    let name = |wanted: &Wanted<'_>| {
        let label = wanted.missing.label.strip_prefix("whether ").unwrap_or(&wanted.missing.label);
        label.strip_suffix(" was taken").unwrap_or(label).to_owned()
    };
    let mut names: Vec<String> = taken.iter().map(name).collect();
    let more = names.len().saturating_sub(TAKEN);
    names.truncate(TAKEN);
    let told = if more > 0 { format!("{} and {more} more", names.join(", ")) } else { words::all_of(&names) };
    let mut settles: Vec<String> = Vec::new();
    for title in taken.iter().flat_map(|wanted| &wanted.settles) {
        if !settles.contains(title) {
            settles.push(title.clone());
        }
    }
    let more = settles.len().saturating_sub(TAKEN);
    settles.truncate(TAKEN);
    settles.extend((more > 0).then(|| format!("{more} more")));
    let labels = vec![format!("whether taken: {told}")];
    groups.push(Group { first: first.missing, why: &first.why, settles, labels });
}

/// How many therapies a line names.
const TAKEN: usize = 4;

/// Facts that are missing in the same way, and would help to settle the same answers.
struct Group<'a> {
    first: &'a Missing,
    why: &'a str,
    settles: Vec<String>,
    labels: Vec<String>,
}

/// A fact that is missing, for all guidelines together.
pub(in crate::render) struct Wanted<'a> {
    pub(in crate::render) missing: &'a Missing,
    /// Why it is not known, with what is known of it.
    pub(in crate::render) why: String,
    /// The titles of the answers it keeps from being settled.
    pub(in crate::render) settles: Vec<String>,
}

/// How many options, or conclusions, a missing fact names.
const SETTLES: usize = 2;

/// What a missing fact would settle, in words: answers by their titles, of conclusions and options a few or their
/// number.
fn titles(explanation: &Explanation, settles: &[String], room: Room) -> Vec<String> {
    let (mut told, mut conclusions, mut options, mut advice) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for id in settles {
        let answer = explanation.answers.iter().find(|answer| answer.id == *id);
        let conclusion = explanation.conclusions.iter().find(|one| one.id == *id);
        let option = explanation.ladders.iter().find_map(|ladder| {
            let name = id.strip_prefix(ladder.id.as_str())?.strip_prefix('.')?;
            ladder.options().find(|option| option.id == name)
        });
        let regimen = explanation.regimens.iter().find_map(|regimen| {
            let name = id.strip_prefix(regimen.id.as_str())?.strip_prefix('.')?;
            regimen.options().find(|option| option.id == name)
        });
        let own = explanation.advice.iter().find(|one| one.id == *id);
        let (list, title) = match (answer, conclusion, option.or(regimen), own) {
            (Some(answer), ..) => (&mut told, answer.title.clone()),
            (None, Some(conclusion), ..) => (&mut conclusions, conclusion.title.clone()),
            (None, None, Some(option), _) => (&mut options, option.label.clone()),
            (None, None, None, Some(own)) => (&mut advice, own.text.trim_end_matches('.').to_owned()),
            (None, None, None, None) => (&mut told, id.clone()),
        };
        if !list.contains(&title) {
            list.push(title);
        }
    }
    if room == Room::Full {
        return [conclusions, advice, options, told].concat();
    }
    // What must be stopped, before what may be begun; conclusions before the answers they rank in.
    advice.retain(|text: &String| text.starts_with("Stop "));
    advice.truncate(SETTLES);
    let more = conclusions.len().saturating_sub(1);
    let mut all = match conclusions.as_slice() {
        [first, _, _, ..] => vec![format!("{first} and {more} more")],
        _ => conclusions,
    };
    all.extend(advice);
    all.extend(few(options, "options"));
    all.extend(told);
    all
}

/// A few by name, else their number.
fn few(list: Vec<String>, name: &str) -> Vec<String> {
    match list.len() {
        0..=SETTLES => list,
        count => vec![format!("{count} {name}")],
    }
}

/// Each fact once.
pub(in crate::render) fn merged<'a>(explanations: &[&'a Explanation], room: Room) -> Vec<Wanted<'a>> {
    let mut found: Vec<Wanted<'a>> = Vec::new();
    for explanation in explanations {
        for missing in &explanation.missing {
            let titles = titles(explanation, &missing.settles, room);
            let same = |one: &&mut Wanted<'a>| (&one.missing.fact, &one.missing.when) == (&missing.fact, &missing.when);
            if let Some(known) = found.iter_mut().find(same) {
                for title in titles {
                    if !known.settles.contains(&title) {
                        known.settles.push(title);
                    }
                }
                continue;
            }
            let why = unknown::why(&explanation.trace, &missing.fact, &missing.when, &missing.why);
            found.push(Wanted { missing, why, settles: titles });
        }
    }
    found.sort_by_key(|wanted| wanted.missing.burden);
    found
}

pub(in crate::render) fn burden(burden: Burden) -> &'static str {
    match burden {
        Burden::History => "ask",
        Burden::BloodTest => "blood",
        Burden::Imaging => "imaging",
        Burden::Biopsy => "biopsy",
    }
}

/// What the dictionary makes of what the record does not name, and what answers take for granted.
pub(super) fn granted(page: &mut Page, explanations: &[Explanation]) {
    let told = all_granted(explanations);
    if told.is_empty() {
        return;
    }
    let brief = explanations.iter().any(words::is_brief);
    if !brief {
        page.empty();
    }
    page.label("TAKEN FOR");
    let text = format!("{}.", told.join("; "));
    page.line(&if brief && text.chars().count() > LINE { shortened(explanations) } else { text });
    page.label("GRANTED");
    page.line("Where that is wrong, record the value, or `unknown`.");
}

/// Letters that fill a line.
const LINE: usize = 90;
/// How many facts are named that answers take for granted.
const GRANTED: usize = 2;

/// What answers take for granted, then the dictionary's assumptions, all of a kind together.
pub(in crate::render) fn all_granted(explanations: &[Explanation]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let assumed = assumed(explanations);
    for text in explanations.iter().flat_map(granted::in_words) {
        if !told.contains(&text) && !assumed.contains(text.replacen(": ", " ", 1).as_str()) {
            told.push(text);
        }
    }
    told.extend((!assumed.is_empty()).then(|| grouped(&assumed)));
    told
}

/// The same in a line: what answers take for granted, and how much else is.
fn shortened(explanations: &[Explanation]) -> String {
    let assumed = assumed(explanations);
    let mut own: Vec<String> = all_granted(explanations);
    own.pop_if(|_| !assumed.is_empty());
    let own = words::some(&own, GRANTED);
    match (own.is_empty(), assumed.len()) {
        (_, 0) => format!("{own}: `--format markdown`."),
        (true, count) => format!("{count} things not measured or not done: `--format markdown`."),
        (false, count) => format!("{own}; and {count} things not measured or not done: `--format markdown`."),
    }
}

/// The assumptions of the guidelines that speak of the patient.
fn assumed(explanations: &[Explanation]) -> BTreeSet<&str> {
    let is_spoken =
        |explanation: &&Explanation| explanation.silent.iter().all(|silent| silent.source != explanation.guideline.id);
    explanations.iter().filter(is_spoken).flat_map(|explanation| &explanation.assumed).map(String::as_str).collect()
}

/// `not measured at baseline: CHAQ, CMAS`
fn grouped(assumed: &BTreeSet<&str>) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for text in assumed {
        let at = text.find(" not ").unwrap_or(text.len());
        let (label, what) = (text.get(..at).unwrap_or(text).to_owned(), text.get(at..).unwrap_or("").trim().to_owned());
        match groups.iter_mut().find(|(known, _)| *known == what) {
            Some((_, labels)) => labels.push(label),
            None => groups.push((what, vec![label])),
        }
    }
    let kind = |(what, labels): &(String, Vec<String>)| format!("{what}: {}", labels.join(", "));
    groups.iter().map(kind).collect::<Vec<_>>().join("; ")
}

/// What looked wrong and was kept.
pub(super) fn notices(page: &mut Page, explanations: &[Explanation]) {
    let mut told: Vec<&str> = Vec::new();
    for notice in explanations.iter().flat_map(|explanation| &explanation.notices) {
        if !told.contains(&notice.as_str()) {
            told.push(notice);
        }
    }
    if told.is_empty() {
        return;
    }
    page.empty();
    page.label("NOTICES");
    for notice in told {
        page.line(&words::capital(notice));
    }
}

/// Local choices and sources nobody verified first, then those that were read.
pub(super) fn sources(page: &mut Page, explanations: &[Explanation]) {
    if explanations.iter().any(words::is_brief) {
        page.label("SOURCES");
        return brief::sources(page, explanations);
    }
    page.empty();
    page.label("SOURCES");
    let locals: Vec<&LocalShown> = explanations.iter().flat_map(|explanation| &explanation.local_choices).collect();
    if !locals.is_empty() {
        let names: BTreeSet<&str> = locals.iter().map(|local| local.name.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        page.marked_wide("local choices", &names.join(", "));
    }
    for (mark, words) in MARKS {
        let keys: Vec<String> = cited(explanations, mark)
            .into_iter()
            .map(
                |(key, places)| {
                    if places.is_empty() { key.to_owned() } else { format!("{key} ({})", places.join(", ")) }
                },
            )
            .collect();
        if !keys.is_empty() {
            page.marked_wide(words, &keys.join(", "));
        }
    }
    let others = not_of_the_patient(explanations);
    if !others.is_empty() {
        page.marked_wide("other patients", &others.join(", "));
    }
}

/// Sources that do not speak of the patient.
pub(super) fn not_of_the_patient(explanations: &[Explanation]) -> Vec<&str> {
    let mut sources: Vec<&str> = Vec::new();
    for explanation in explanations {
        let own = |source: &str| source == explanation.guideline.id;
        for silent in explanation.silent.iter().filter(|silent| !own(&silent.source)) {
            if !sources.contains(&silent.source.as_str()) {
                sources.push(&silent.source);
            }
        }
    }
    sources
}

/// The sources with a mark, by key; with the places cited, where other places of that source have another mark.
pub(super) fn cited(explanations: &[Explanation], mark: Mark) -> BTreeMap<&str, Vec<&str>> {
    let mut citations = Vec::new();
    let statements = explanations.iter().flat_map(|explanation| &explanation.trace);
    statements.for_each(|statement| collect(statement, &mut citations));
    let mut cited: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for citation in citations.iter().filter(|citation| citation.mark == mark) {
        let places = cited.entry(&citation.key).or_default();
        let mixed = citations.iter().any(|other| other.key == citation.key && other.mark != mark);
        if let Some(place) = citation.place.as_deref().filter(|place| mixed && !places.contains(place)) {
            places.push(place);
        }
    }
    cited
}

fn collect<'a>(statement: &'a Statement, citations: &mut Vec<&'a CitationShown>) {
    citations.extend(&statement.citations);
    statement.parts.iter().for_each(|part| collect(part, citations));
}

/// How far sources were verified, the least first.
const MARKS: [(Mark, &str); 4] = [
    (Mark::Unverified, "NOT VERIFIED"),
    (Mark::FoundingReport, "meeting report"),
    (Mark::Secondary, "second-hand"),
    (Mark::Verified, "read"),
];

/// How far a source was verified, in the words of the list.
pub(in crate::render) fn mark(mark: Mark) -> &'static str {
    MARKS.iter().find(|(known, _)| *known == mark).map_or("local choice", |(_, words)| words)
}
