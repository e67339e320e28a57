//! What is settled once some facts are taken for granted, and what something that is not then still hangs on.

use super::words;
use crate::eval::Status;
use crate::explain::{Because, Explanation, LadderShown, Possible, Standing};

/// How settled something is, for a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sure {
    /// Whatever else is found.
    Settled,
    /// Taking some facts for granted.
    Granted,
    /// It depends.
    Depends,
}

/// What something is, taking for granted what is usual; and how sure that is.
pub(super) fn taken(standing: &Standing) -> (&Possible, Sure) {
    match (&standing.presuming, standing.status) {
        (Some(presuming), Status::Open) => (&presuming.possible, Sure::Granted),
        (_, Status::Open) => (&standing.possible, Sure::Depends),
        (_, Status::Decided | Status::Silent | Status::Fault) => (&standing.possible, Sure::Settled),
    }
}

/// The facts that something told on the page takes for granted, each once with its value.
fn facts(explanation: &Explanation) -> Vec<&(String, String)> {
    let answers = explanation.answers.iter().filter(|answer| answer.status == Status::Open);
    let answers = answers.filter_map(|answer| answer.presuming.as_ref());
    let conclusions = explanation.conclusions.iter().map(|one| &one.standing);
    let standings = conclusions.chain(explanation.ladders.iter().map(|ladder: &LadderShown| &ladder.patients));
    let standings = standings.filter(|standing| standing.status == Status::Open);
    let mut found: Vec<&(String, String)> = Vec::new();
    for presuming in answers.chain(standings.filter_map(|standing| standing.presuming.as_ref())) {
        for fact in &presuming.facts {
            if !found.contains(&fact) {
                found.push(fact);
            }
        }
    }
    found
}

/// `no label of a fact`, `label of another: value`
pub(super) fn in_words(explanation: &Explanation) -> Vec<String> {
    facts(explanation)
        .into_iter()
        .map(|(fact, value)| match value.as_str() {
            "no" => format!("no {}", label(explanation, fact)),
            value => format!("{}: {}", label(explanation, fact), words::spoken(value)),
        })
        .collect()
}

/// What a fact is called.
fn label(explanation: &Explanation, fact: &str) -> String {
    let answers = explanation.answers.iter().flat_map(|answer| &answer.because);
    let because = answers.chain(explanation.conclusions.iter().flat_map(|one| &one.standing.because));
    let missing = explanation.missing.iter().find(|missing| missing.fact == fact).map(|missing| missing.label.clone());
    let known = || because.clone().find(|one| one.fact == fact).map(|one| one.label.clone());
    missing.or_else(known).unwrap_or_else(|| words::labelled(explanation, fact))
}

/// What keeps something open, without what is taken for granted, unless that is all.
pub(super) fn left<'a>(explanation: &Explanation, because: &'a [Because]) -> Vec<&'a Because> {
    let granted = facts(explanation);
    let left: Vec<&Because> = because.iter().filter(|one| !granted.iter().any(|(fact, _)| *fact == one.fact)).collect();
    if left.is_empty() { because.iter().collect() } else { left }
}

/// What would settle most first, and of that what is easiest to find out; what is usually so comes last.
pub(super) fn weightiest<'a>(explanation: &Explanation, because: &[&'a Because]) -> Vec<&'a Because> {
    let own = |id: &&String| explanation.answers.iter().any(|answer| answer.id == **id);
    let mut sorted = because.to_vec();
    sorted.sort_by_key(|one| {
        let missing = explanation.missing.iter().find(|other| other.fact == one.fact && other.when == one.when);
        missing.map(|missing| {
            let answers = missing.settles.iter().filter(own).count();
            (missing.usual, usize::MAX - answers, missing.burden, usize::MAX - missing.settles.len())
        })
    });
    sorted
}

/// It is taken for granted.
pub(super) fn is_granted(explanation: &Explanation, one: &Because) -> bool {
    facts(explanation).iter().any(|(fact, _)| *fact == one.fact)
}

/// Of some facts those that were not named before.
pub(super) fn new<'a>(because: &[&'a Because], named: &[&Because]) -> Vec<&'a Because> {
    let known = |one: &Because| named.iter().any(|known| (&known.fact, &known.when) == (&one.fact, &one.when));
    because.iter().filter(|one| !known(one)).copied().collect()
}

/// `A, B, C and 4 more`; why they are not known only where they were recorded in some way.
pub(super) fn named(because: &[&Because], most: usize) -> String {
    let mut labels: Vec<String> = Vec::new();
    let taken = because.iter().filter(|one| is_taken(one)).count();
    for one in because {
        let why = if PLAIN.contains(&one.why.as_str()) { String::new() } else { format!(" ({})", one.why) };
        let label = if taken > 1 && is_taken(one) { TAKEN.to_owned() } else { format!("{}{why}", one.label) };
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    words::some(&labels, most)
}

/// Whether a therapy was ever taken.
fn is_taken(one: &Because) -> bool {
    one.fact.rsplit_once('.').is_some_and(|(_, part)| part == "taken")
}

/// What several therapies that may have been taken are called together.
pub(super) const TAKEN: &str = "what was taken so far";

/// Reasons that go without saying.
const PLAIN: [&str; 2] = ["not recorded", "not measured"];
