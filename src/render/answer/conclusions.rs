//! Where an algorithm leads: what it comes to, or which facts decide between what.

use super::Room;
use crate::explain::{AnswerShown, Because, ConclusionShown, Explanation, Possible};
use crate::render::granted::{self, Sure};
use crate::render::options::first_small;
use crate::render::{today, words};

/// How many conclusions are named of a group, or of those that are ruled out.
const TITLES: usize = 3;
/// How many facts are named of the group that may come to most.
const FACTS: usize = 2;
/// How many letters of those that are ruled out are told, that they fill a line.
const LETTERS: usize = 70;

const YES: Possible = Possible::YesNo { yes: true, no: false };
const NO: Possible = Possible::YesNo { yes: false, no: true };
const EITHER: Possible = Possible::YesNo { yes: true, no: true };

/// What is said of the conclusions.
#[derive(Default)]
pub(super) struct Told<'a> {
    /// Those that hold, or do where something is taken for granted.
    pub(super) holding: Vec<(&'static str, String)>,
    /// `Not settled: fact A decides between “one thing” and “another”.`
    pub(super) open: Option<String>,
    /// The facts that keep them open.
    pub(super) named: Vec<&'a Because>,
    /// Those that are ruled out, where others are open.
    pub(super) out: Vec<(&'static str, String)>,
}

/// Conclusions that hang on the same facts.
struct Group<'a> {
    facts: Vec<&'a Because>,
    titles: Vec<String>,
}

/// The conclusions of an algorithm, the highest-ranking first.
pub(super) fn conclusions<'a>(explanation: &'a Explanation, algorithm: &str, room: Room) -> Told<'a> {
    let highest = today::highest(explanation).filter(|one| one.algorithm == algorithm);
    let mut told = Told { holding: Vec::new(), open: None, named: Vec::new(), out: Vec::new() };
    told.named.extend(highest.into_iter().flat_map(|one| granted::left(explanation, &one.standing.because)));
    let mut groups: Vec<Group<'_>> = Vec::new();
    let (mut out, mut granted_out): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for one in explanation.conclusions.iter().filter(|one| one.algorithm == algorithm) {
        let own = words::clinic_says(explanation, &one.id).map(|own| format!(" {own}")).unwrap_or_default();
        let (possible, sure) = granted::taken(&one.standing);
        if *possible == YES {
            if own.is_empty() && says(explanation, one) {
                continue;
            }
            let mark = if sure == Sure::Granted { "granted" } else { "settled" };
            told.holding.push((mark, format!("{}.{own}", one.title)));
        } else if *possible == EITHER && highest.is_none_or(|first| first.id != one.id) {
            let left = granted::left(explanation, &one.standing.because);
            let new = granted::new(&left, &told.named);
            let title = format!("“{}”{own}", first_small(&one.title));
            match groups.last_mut().filter(|_| new.is_empty()) {
                Some(group) => group.titles.push(title),
                None => groups.push(Group { facts: new.clone(), titles: vec![title] }),
            }
            told.named.extend(new);
        } else if *possible == NO {
            let list = if sure == Sure::Granted { &mut granted_out } else { &mut out };
            list.push(short(&one.title));
        }
    }
    told.open = open(explanation, highest, &groups, room);
    if told.open.is_some() {
        let not = |titles: &[String]| format!("Ruled out: {}.", listed(titles, room));
        told.out.extend((!granted_out.is_empty()).then(|| ("granted", not(&granted_out))));
        told.out.extend((!out.is_empty()).then(|| ("settled", not(&out))));
    }
    told
}

/// The algorithm of the conclusions that are told first: the first that is asked for.
pub(in crate::render) fn leading(explanation: &Explanation) -> Option<&str> {
    algorithms(explanation).into_iter().next()
}

/// Every algorithm that comes to conclusions: those asked for in the order of the answers, then the others.
pub(super) fn algorithms(explanation: &Explanation) -> Vec<&str> {
    let asked = explanation.answers.iter().map(|answer| answer.id.as_str());
    let concludes = |id: &&str| explanation.conclusions.iter().any(|one| one.algorithm == *id);
    let others = explanation.conclusions.iter().map(|one| one.algorithm.as_str());
    let mut found: Vec<&str> = Vec::new();
    for id in asked.filter(concludes).chain(others) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// The other algorithms on a page: of each that comes to something what it comes to, of those that are open in one
/// sentence, with other open answers, what they depend on.
pub(super) fn others(
    explanation: &Explanation,
    answers: &[&AnswerShown],
    named: &[&Because],
) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut left: Vec<&Because> = Vec::new();
    for answer in answers {
        open.push(if open.is_empty() { answer.title.clone() } else { first_small(&answer.title) });
        left.extend(granted::new(&granted::left(explanation, &answer.because), &left));
    }
    for algorithm in algorithms(explanation).into_iter().skip(1) {
        let told = conclusions(explanation, algorithm, Room::Short);
        let title = title(explanation, algorithm);
        for mark in ["settled", "granted"] {
            let holding: Vec<&str> =
                told.holding.iter().filter(|one| one.0 == mark).map(|one| one.1.as_str()).collect();
            if !holding.is_empty() {
                lines.push((mark, format!("{title}: {}", first_small(&holding.join(" ")))));
            }
        }
        if told.open.is_some() {
            open.push(if open.is_empty() { title } else { first_small(&title) });
            let new = granted::new(&told.named, &left);
            left.extend(new);
        }
    }
    if !open.is_empty() {
        let new = granted::new(&left, named);
        let titles = words::all_of(&open);
        lines.push((
            "depends",
            match new.as_slice() {
                [] => format!("{titles}: on the same."),
                new => {
                    let same = if new.len() < left.len() { "the same and " } else { "" };
                    let new = granted::weightiest(explanation, new);
                    let text = super::shortest(Room::Short, |most| {
                        format!("{titles}: on {same}{}.", granted::named(&new, most))
                    });
                    let long = text.chars().count() > 2 * super::LINE;
                    if long { format!("{titles}: on {same}{} more.", new.len()) } else { text }
                }
            },
        ));
    }
    lines
}

/// The same where there is room.
pub(super) fn others_in_full(explanation: &Explanation) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    for algorithm in algorithms(explanation).into_iter().skip(1) {
        let told = conclusions(explanation, algorithm, Room::Full);
        let title = title(explanation, algorithm);
        let titled = |(mark, text): (&'static str, String)| (mark, format!("{title}: {}", first_small(&text)));
        lines.extend(told.holding.into_iter().map(titled));
        lines.extend(told.open.map(|sentence| titled(("depends", sentence))));
        lines.extend(told.out.into_iter().map(titled));
    }
    lines
}

/// What an algorithm is called.
pub(super) fn title(explanation: &Explanation, algorithm: &str) -> String {
    let answer = explanation.answers.iter().find(|answer| answer.id == algorithm).map(|answer| &answer.title);
    let chart = || explanation.flowcharts.iter().find(|chart| chart.id == algorithm).map(|chart| &chart.title);
    answer.or_else(chart).map_or_else(|| words::capital(&words::spoken(algorithm)), String::clone)
}

/// The guideline has a sentence of its own for it.
fn says(explanation: &Explanation, one: &ConclusionShown) -> bool {
    let answer = explanation.answers.iter().find(|answer| answer.id == one.algorithm);
    answer.is_some_and(|answer| answer.says.is_some() && answer.possible == Possible::Choice(vec![one.id.clone()]))
}

/// Which facts decide between what: where most may come out first, then what is decided before or after that.
fn open(
    explanation: &Explanation,
    highest: Option<&ConclusionShown>,
    groups: &[Group<'_>],
    room: Room,
) -> Option<String> {
    let asked = || groups.iter().enumerate().filter(|(_, group)| !group.facts.is_empty());
    let main = asked().max_by_key(|(at, group)| (group.titles.len(), usize::MAX - at));
    let other = asked().find(|(at, _)| main.is_some_and(|(main, _)| main != *at));
    let mut sentences: Vec<String> = main.iter().map(|(_, group)| decides(explanation, group, room)).collect();
    if let (Some((main, _)), Some((other, group))) = (main, other) {
        let when = if other < main { "Before that" } else { "After that" };
        sentences.push(format!("{when}, {}", decides(explanation, group, room)));
    }
    let told = |at: usize| [main, other].into_iter().flatten().any(|(one, _)| one == at);
    let rest = groups.iter().enumerate().filter(|(at, _)| !told(*at));
    let rest: Vec<String> = rest.flat_map(|(_, group)| group.titles.clone()).collect();
    sentences.extend((!rest.is_empty()).then(|| format!("Possible as well: {}.", listed(&rest, room))));
    sentences.extend(highest.map(|first| {
        let own = words::clinic_says(explanation, &first.id).map(|own| format!(" {own}")).unwrap_or_default();
        let title = first_small(first.title.trim_end_matches(['.', '?']));
        let first = if sentences.is_empty() { "" } else { "First of all, " };
        format!("{first}“{title}”?{own}")
    }));
    (!sentences.is_empty()).then(|| format!("Not settled: {}", first_small(&sentences.join(" "))))
}

/// `Fact A and fact B decide between “one thing” and “another”.`
fn decides(explanation: &Explanation, group: &Group<'_>, room: Room) -> String {
    let facts = granted::named(&granted::weightiest(explanation, &group.facts), room.most(FACTS));
    let decide = if group.facts.len() == 1 { "decides" } else { "decide" };
    let most = room.most(TITLES);
    let between = match group.titles.as_slice() {
        [only] => format!("for or against {only}"),
        titles if titles.len().saturating_sub(most) > 1 => {
            let named = titles.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
            format!("between {named} and {} more", titles.len().saturating_sub(most))
        }
        titles => format!("between {}", words::all_of(titles)),
    };
    format!("{facts} {decide} {between}.")
}

/// `A; B; C; and 3 more`: titles have commas of their own.
fn listed(titles: &[String], room: Room) -> String {
    let most = room.most(TITLES);
    let text = |most: usize| match titles.len().saturating_sub(most) {
        0 => titles.join("; "),
        more => format!("{}; and {more} more", titles.iter().take(most).cloned().collect::<Vec<_>>().join("; ")),
    };
    let mut texts = (1..=most.min(titles.len())).rev().map(text).skip_while(|text| text.chars().count() > LETTERS);
    if room == Room::Full { titles.join("; ") } else { texts.next().unwrap_or_else(|| text(1)) }
}

/// A title up to its explanation.
fn short(title: &str) -> String {
    first_small(title.split(": ").next().unwrap_or(title))
}
