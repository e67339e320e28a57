//! Several guidelines on one page: those with an algorithm or a ladder in full, of the others the answers.

use super::answer::{self, Gist, Room};
use super::options::first_small;
use super::{granted, today, words};
use crate::explain::{AdviceVerdict, Explanation};

/// How many letters the settled answers of a guideline have, with its title.
const LETTERS: usize = 178;
/// How many answers that depend on something are named.
const TITLES: usize = 2;
/// How many letters of advice are told.
const ADVICE: usize = 80;

/// The guidelines of a page, by what is told of them.
pub(super) struct Overview<'a> {
    /// In full.
    pub(super) full: Vec<&'a Explanation>,
    /// Their answers.
    pub(super) gist: Vec<(&'a Explanation, Gist<'a>)>,
    /// Nothing is settled: only their names.
    waiting: Vec<&'a Explanation>,
    /// They do not speak of the patient: only their names.
    silent: Vec<&'a Explanation>,
}

/// One guideline is told in full; of several those with an algorithm or a ladder.
pub(super) fn overview(all: &[Explanation]) -> Overview<'_> {
    let mut overview = Overview { full: Vec::new(), gist: Vec::new(), waiting: Vec::new(), silent: Vec::new() };
    for one in all {
        let gist = answer::gist(one);
        if all.len() == 1 || (words::is_brief(one) && !gist.is_silent) {
            overview.full.push(one);
        } else if gist.is_silent {
            overview.silent.push(one);
        } else if gist.said.is_empty() && advice(one, &[]).is_empty() {
            overview.waiting.push(one);
        } else {
            overview.gist.push((one, gist));
        }
    }
    overview
}

impl Overview<'_> {
    /// The guidelines that facts are asked for: those in full; all where none is.
    pub(super) fn asking(&self) -> Vec<&Explanation> {
        if !self.full.is_empty() {
            return self.full.clone();
        }
        self.gist.iter().map(|(one, _)| *one).chain(self.waiting.iter().copied()).collect()
    }

    /// What is told of the others: in a paragraph each what says something of the patient, the rest by name.
    pub(super) fn beside(&self, room: Room) -> Vec<String> {
        let mut lines: Vec<String> = self.gist.iter().map(|(one, gist)| self.told(one, gist, room)).collect();
        lines.extend(named("Nothing settled yet", &self.waiting, room));
        lines.extend(named("Not about this patient", &self.silent, room));
        lines
    }

    /// `Title (name): what is settled; on a page by name only. Depends: A and B (on fact C +2).`
    fn told(&self, explanation: &Explanation, gist: &Gist<'_>, room: Room) -> String {
        let shown = &explanation.guideline;
        let mut text = match room {
            Room::Short => format!("`{}`", shown.id),
            Room::Full => format!("{} (`{}`):", shown.title, shown.id),
        };
        let depends = depends(gist, room);
        let mut more = gist.said.len();
        for sentence in &gist.said {
            let letters = text.chars().count() + sentence.chars().count() + depends.chars().count();
            if room == Room::Short && letters > LETTERS && more < gist.said.len() {
                break;
            }
            text = format!("{text} {sentence}");
            more -= 1;
        }
        if more > 0 {
            text = format!("{text} And {more} more settled.");
        }
        text.push_str(&depends);
        let mut advice = advice(explanation, &self.full);
        let all = advice.len();
        if room == Room::Short {
            let letters = |count: usize| advice.iter().take(count).map(|one| one.chars().count()).sum::<usize>();
            let fitting = (1..=all).rev().find(|count| letters(*count) <= ADVICE).unwrap_or(1);
            advice.truncate(fitting);
        }
        if !advice.is_empty() {
            let more = all - advice.len();
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            text = format!("{text} Advice: {}{more}.", advice.join("; "));
        }
        text
    }
}

/// ` Depends: A and B (on fact C +2).`
fn depends(gist: &Gist<'_>, room: Room) -> String {
    if gist.open.is_empty() {
        return String::new();
    }
    let titles: Vec<String> = gist.open.iter().map(|title| first_small(title)).collect();
    let titles = words::first(&titles, room.most(TITLES));
    let on = match (room, gist.on.as_slice()) {
        (_, []) => String::new(),
        (Room::Short, [first, rest @ ..]) if !rest.is_empty() => format!(" (on {} +{})", first.label, rest.len()),
        (_, all) => format!(" (on {})", granted::named(all, usize::MAX)),
    };
    format!(" Depends: {titles}{on}.")
}

/// Advice that stands, and that no guideline in full gives.
fn advice(explanation: &Explanation, full: &[&Explanation]) -> Vec<String> {
    let shown = |text: &str| full.iter().flat_map(|one| &one.advice).any(|other| other.text == text);
    let stands = explanation.advice.iter().filter(|one| {
        let given = one.is_given() || one.verdict == AdviceVerdict::Unresolved;
        (given || today::is_to_be_stopped(explanation, one)) && !shown(&one.text)
    });
    stands
        .map(|one| {
            let text = one.text.trim_end_matches('.');
            if one.is_given() { text.to_owned() } else { format!("{text} (perhaps)") }
        })
        .collect()
}

/// `Nothing settled yet: A, B`
fn named(what: &str, all: &[&Explanation], room: Room) -> Option<String> {
    let names: Vec<String> = all
        .iter()
        .map(|one| match room {
            Room::Short => format!("`{}`", one.guideline.id),
            Room::Full => format!("{} (`{}`)", one.guideline.title, one.guideline.id),
        })
        .collect();
    (!names.is_empty()).then(|| format!("{what}: {}.", names.join(", ")))
}
