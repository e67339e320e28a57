//! What is missing and whose numbers these are, in the few lines that a page with treatment has for them.

use std::collections::BTreeSet;

use super::page::Page;
use super::tail;
use crate::catalog::{Burden, Mark};
use crate::eval::Status;
use crate::explain::{Because, Explanation, LadderShown, Missing, OptionShown, RegimenShown};
use crate::render::options::first_small;
use crate::render::{answer, today, words};

/// How many facts a line names.
const NAMED: usize = 3;
/// How many letters say what they would change.
const LETTERS: usize = 48;
/// How many letters there are on a line.
const LINE: usize = 78;
/// How many lines ask for the same kind of thing, the first for what one asks the patient.
const OF_A_KIND: [(Burden, usize); 4] =
    [(Burden::History, 3), (Burden::BloodTest, 2), (Burden::Imaging, 2), (Burden::Biopsy, 1)];
/// How many sources are named.
const SOURCES: usize = 2;

/// How soon a fact is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    /// For what is asked for today.
    Today,
    /// For a conclusion of the algorithm that leads.
    Conclusion,
    /// For an answer.
    Answer,
    /// Before something is prescribed.
    Treatment,
    /// For what else could be said.
    CanWait,
}

/// Facts of one kind that would change the same.
struct Group {
    burden: Burden,
    wanted: Wanted,
    changes: String,
    labels: Vec<String>,
}

/// What is missing: what one asks first, then what takes a test; of each what settles today's questions first, and what
/// can wait last.
pub(super) fn missing(page: &mut Page, explanations: &[&Explanation]) {
    let mut groups = groups(explanations);
    groups.sort_by_key(|group| (group.wanted == Wanted::CanWait, group.burden, group.wanted));
    let mut hidden = 0;
    for (burden, most) in OF_A_KIND {
        let of = || groups.iter().filter(|group| group.burden == burden && group.wanted != Wanted::CanWait);
        of().take(most).for_each(|group| line(page, tail::burden(burden), group));
        hidden += of().skip(most).map(|group| group.labels.len()).sum::<usize>();
    }
    let waiting = groups.iter().filter(|group| group.wanted == Wanted::CanWait);
    hidden += waiting.map(|group| group.labels.len()).sum::<usize>();
    if hidden > 0 {
        page.line(&format!("  and {hidden} more: `--format markdown` lists them all"));
    }
}

/// A line of facts: as many by name as fit, the others by their number.
fn line(page: &mut Page, mark: &str, group: &Group) {
    let told = |most: usize| format!("{}  → {}", words::some(&group.labels, most), group.changes);
    let mut fits = (1..=NAMED).rev().map(told).skip_while(|text| text.chars().count() > LINE);
    let text = fits.next().unwrap_or_else(|| {
        let first = group.changes.split(", ").next().unwrap_or(&group.changes);
        let first = format!("{}  → {first}", words::some(&group.labels, 1));
        if group.labels.len() == 2 && first.chars().count() > LINE {
            format!("{} and 1 more  → {}", group.labels.first().map(String::as_str).unwrap_or_default(), group.changes)
        } else {
            first
        }
    });
    page.noted(mark, &text);
}

fn groups(explanations: &[&Explanation]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    let (treating, others): (Vec<&Explanation>, Vec<&Explanation>) =
        explanations.iter().copied().partition(|one| words::is_brief(one));
    for explanation in treating.into_iter().chain(others) {
        let asked = today::asked_for(explanation);
        // What is asked for today in the order in which it is asked.
        let place = |missing: &&Missing| {
            asked.iter().enumerate().find_map(|(at, asked)| Some((at, place_in(asked.because, missing)?)))
        };
        let mut sorted: Vec<&Missing> = explanation.missing.iter().collect();
        sorted.sort_by_key(|missing| place(missing).unwrap_or((usize::MAX, 0)));
        for missing in sorted {
            if !told.insert((&missing.fact, &missing.when)) {
                continue;
            }
            let wanted = wanted(explanation, missing);
            let changes = changes(explanation, missing);
            let label = label(missing);
            let same = |group: &&mut Group| {
                (group.burden, group.wanted) == (missing.burden, wanted) && group.changes == changes
            };
            match groups.iter_mut().find(same) {
                Some(group) if group.labels.contains(&label) => {}
                Some(group) => group.labels.push(label),
                None => groups.push(Group { burden: missing.burden, wanted, changes, labels: vec![label] }),
            }
        }
    }
    groups
}

fn label(missing: &Missing) -> String {
    let label = missing.label.strip_prefix("whether ").unwrap_or(&missing.label);
    label.strip_suffix(" was taken").map_or_else(|| label.to_owned(), |drug| format!("{drug} ever taken"))
}

fn is_in(because: &[Because], missing: &Missing) -> bool {
    place_in(because, missing).is_some()
}

fn place_in(because: &[Because], missing: &Missing) -> Option<usize> {
    because.iter().position(|one| one.fact == missing.fact && one.when == missing.when)
}

fn wanted(explanation: &Explanation, missing: &Missing) -> Wanted {
    let settles = |id: &str| missing.settles.iter().any(|settled| settled == id);
    let of_ladder = |id: &str| explanation.ladders.iter().any(|ladder| ladder.id == id);
    let leading = answer::leading(explanation);
    let leads = || {
        let mut own = explanation.conclusions.iter().filter(|one| leading == Some(&one.algorithm));
        own.any(|one| is_in(&one.standing.because, missing))
    };
    let answers = || explanation.answers.iter().filter(|answer| !of_ladder(&answer.id));
    if today::asked_for(explanation).iter().any(|asked| is_in(asked.because, missing)) {
        Wanted::Today
    } else if !words::is_brief(explanation) || missing.usual {
        Wanted::CanWait
    } else if leads() {
        Wanted::Conclusion
    } else if answers().any(|answer| settles(&answer.id)) {
        Wanted::Answer
    } else {
        Wanted::Treatment
    }
}

/// What a fact would change: what it is asked for today; else the answer or conclusion that hangs on the fewest
/// facts, and the treatments it may speak against.
fn changes(explanation: &Explanation, missing: &Missing) -> String {
    if let Some(today) = today::asked_for(explanation).iter().find(|asked| is_in(asked.because, missing)) {
        return first_small(&today.title);
    }
    let mut all: Vec<(usize, String)> = Vec::new();
    for answer in &explanation.answers {
        let told = explanation.ladders.iter().any(|ladder| ladder.id == answer.id)
            || explanation.conclusions.iter().any(|one| one.algorithm == answer.id);
        if !told && answer.status == Status::Open && is_in(&answer.because, missing) {
            all.push((answer.because.len(), first_small(&answer.title)));
        }
    }
    for one in explanation.conclusions.iter().filter(|one| is_in(&one.standing.because, missing)) {
        all.push((one.standing.because.len(), first_small(one.title.split(": ").next().unwrap_or(&one.title))));
    }
    all.sort_by_key(|(count, _)| *count);
    let mut told: Vec<String> = all.into_iter().take(1).map(|(_, title)| title).collect();
    let treatments = barred(explanation, missing);
    let treatments = if told.is_empty() && treatments.is_empty() { settled(explanation, missing) } else { treatments };
    for label in treatments {
        let letters: usize = told.iter().map(|known| known.chars().count() + 2).sum();
        if told.is_empty() || letters + label.chars().count() <= LETTERS {
            told.push(label);
        }
    }
    if told.is_empty() {
        let of_ladder = |ladder: &&LadderShown| missing.settles.contains(&ladder.id);
        told.extend(explanation.ladders.iter().find(of_ladder).map(|ladder| first_small(&ladder.title)));
    }
    if told.is_empty() {
        let advice = explanation.advice.iter().find(|one| is_in(&one.because, missing));
        told.push(advice.map_or_else(|| "treatment".to_owned(), |one| today::clause(&one.text)));
    }
    told.join(", ")
}

/// The treatments that a fact may speak against by itself; many by their number.
fn barred(explanation: &Explanation, missing: &Missing) -> Vec<String> {
    few(options(explanation).filter_map(|(_, option)| {
        let mut rules = option.against.iter().chain(&option.cautions);
        rules.any(|rule| is_in(&rule.standing.because, missing)).then_some(&option.label)
    }))
}

/// The treatments whose verdict it keeps open in any way.
fn settled(explanation: &Explanation, missing: &Missing) -> Vec<String> {
    few(options(explanation).filter_map(|(above, option)| {
        let own = format!("{above}.{}", option.id);
        missing.settles.contains(&own).then_some(&option.label)
    }))
}

/// Every option with the ladder or the regimen it stands in.
fn options(explanation: &Explanation) -> impl Iterator<Item = (&str, &OptionShown)> {
    let of_ladders = explanation
        .ladders
        .iter()
        .flat_map(|ladder: &LadderShown| ladder.options().map(|option| (ladder.id.as_str(), option)));
    let of_regimens = explanation
        .regimens
        .iter()
        .flat_map(|regimen: &RegimenShown| regimen.options().map(|option| (regimen.id.as_str(), option)));
    of_ladders.chain(of_regimens)
}

/// Labels, each once; many by their number.
fn few<'a>(labels: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for label in labels {
        if !once.contains(label) {
            once.push(label.clone());
        }
    }
    match once.len() {
        0..=NAMED => once,
        count => vec![format!("{count} treatments")],
    }
}

/// How many sources, and by name those that a reader must know: what nobody verified first.
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
    let counted = [
        ("meeting report", of(Mark::FoundingReport).len()),
        ("second-hand", of(Mark::Secondary).len()),
        ("read", of(Mark::Verified).len()),
        ("local choices", locals.len()),
        ("of other patients", tail::not_of_the_patient(explanations).len()),
    ];
    let counted = counted.iter().filter(|(_, count)| *count > 0);
    told.extend(counted.map(|(what, count)| format!("{what}: {count}")));
    page.further(&format!("{}; all: `--format markdown`", told.join("; ")));
}
