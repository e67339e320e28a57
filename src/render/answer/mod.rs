//! The answer: first a sentence, then what is settled, what is taken for granted and what depends on what.

mod conclusions;

use super::options::first_small;
use super::{granted, unknown, words};
use crate::eval::Status;
use crate::explain::{AnswerShown, Because, Explanation, Possible};

/// How many facts an answer that depends on some names before it points to the list.
const NAMED: usize = 3;
/// How many values an answer that depends on something may have before they are not told.
const VALUES: usize = 4;

/// How many letters a line beside its mark has.
const LINE: usize = 81;

/// How much is named of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// A few, and how many more there are.
    Short,
    /// All.
    Full,
}

impl Room {
    /// As many as are named, `short` where there is little room.
    pub(super) fn most(self, short: usize) -> usize {
        match self {
            Room::Short => short,
            Room::Full => usize::MAX,
        }
    }
}

pub(super) use conclusions::leading;

/// Each sentence after its mark; the sentence that says it all has none.
pub(super) fn lines(explanation: &Explanation, room: Room) -> Vec<(&'static str, String)> {
    let algorithms = conclusions::algorithms(explanation);
    let mut told = match algorithms.first() {
        Some(first) => conclusions::conclusions(explanation, first, room),
        None => conclusions::Told::default(),
    };
    let mut first: Vec<(&'static str, String)> = Vec::new();
    let mut same: Vec<&AnswerShown> = Vec::new();
    let mut open: Vec<&AnswerShown> = Vec::new();
    let several = room == Room::Short && algorithms.len() > 1;
    let mut others: Vec<(&'static str, String)> = Vec::new();
    for answer in in_order(explanation) {
        let leads = algorithms.first() == Some(&answer.id.as_str());
        let own = words::clinic_says(explanation, &answer.id).map(|own| format!(" {own}")).unwrap_or_default();
        let hangs = mark(answer) == "depends" && own.is_empty();
        if hangs && !told.named.is_empty() && is_known(explanation, answer, &told.named) {
            same.push(answer);
        } else if hangs && several {
            open.push(answer);
        } else {
            let list = if leads { &mut first } else { &mut others };
            list.push((mark(answer), format!("{}{own}", sentence(explanation, answer, &told.named, room))));
        }
    }
    if !same.is_empty() {
        let with_values: Vec<String> = same.iter().map(|answer| with_values(answer, room)).collect();
        let titles: Vec<String> = same.iter().map(|answer| first_small(&answer.title)).collect();
        let texts = [with_values, titles].map(|same| format!("On the same: {}.", same.join("; ")));
        let [long, short] = texts;
        let fits = room == Room::Full || long.chars().count() <= LINE;
        others.insert(first_open(&others), ("depends", if fits { long } else { short }));
    }
    let mut beside: Vec<(&'static str, String)> = Vec::new();
    match room {
        Room::Short => beside.extend(conclusions::others(explanation, &open, &told.named)),
        Room::Full => beside.extend(conclusions::others_in_full(explanation)),
    }
    let open = told.open.take().into_iter().map(|sentence| ("", sentence));
    first.into_iter().chain(told.holding).chain(open).chain(others).chain(told.out).chain(beside).collect()
}

/// Where what is settled, or taken for granted, ends.
fn first_open(lines: &[(&'static str, String)]) -> usize {
    lines.iter().position(|(mark, _)| !matches!(*mark, "settled" | "granted")).unwrap_or(lines.len())
}

/// All that it hangs on was named.
fn is_known(explanation: &Explanation, answer: &AnswerShown, named: &[&Because]) -> bool {
    !answer.because.is_empty() && granted::new(&granted::left(explanation, &answer.because), named).is_empty()
}

/// `Title (one value, or another)`
fn with_values(answer: &AnswerShown, room: Room) -> String {
    let title = first_small(&answer.title);
    match &answer.possible {
        Possible::Choice(values) if room == Room::Full || values.len() <= VALUES => {
            format!("{title} ({})", words::possible(&answer.possible, None))
        }
        Possible::Choice(_)
        | Possible::YesNo { .. }
        | Possible::Several { .. }
        | Possible::Number(_)
        | Possible::Nothing => title,
    }
}

/// What is settled first, then the other answers, then what looks only at what is on file. Of an algorithm that is
/// not settled its conclusions are told; where the patient stands on a ladder, with its options.
fn in_order(explanation: &Explanation) -> Vec<&AnswerShown> {
    let told = |answer: &&AnswerShown| {
        let concludes = explanation.conclusions.iter().any(|one| one.algorithm == answer.id);
        let ladder = explanation.ladders.iter().any(|ladder| ladder.id == answer.id);
        let instead = concludes && matches!(answer.status, Status::Open | Status::Decided) && answer.says.is_none();
        !ladder && !instead
    };
    let (own, on_file): (Vec<_>, Vec<_>) =
        explanation.answers.iter().filter(told).partition(|answer| !answer.as_recorded);
    let (settled, others): (Vec<_>, Vec<_>) = own.into_iter().partition(|answer| answer.status == Status::Decided);
    let (granted, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|answer| mark(answer) == "granted");
    settled.into_iter().chain(granted).chain(others).chain(on_file).collect()
}

fn mark(answer: &AnswerShown) -> &'static str {
    match answer.status {
        Status::Decided | Status::Open if answer.as_recorded => "on file",
        Status::Decided => "settled",
        Status::Open if answer.presuming.is_some() => "granted",
        Status::Open => "depends",
        Status::Silent => "silent",
        Status::Fault => "mistake",
    }
}

/// The sentence of an answer; what it hangs on without what was `named` before.
fn sentence(explanation: &Explanation, answer: &AnswerShown, named: &[&Because], room: Room) -> String {
    let value = words::possible(&answer.possible, answer.unit.as_deref());
    match answer.status {
        Status::Decided => answer.says.clone().unwrap_or_else(|| titled(&answer.title, &value)),
        Status::Open => {
            if let Some(presuming) = &answer.presuming {
                return titled(&answer.title, &words::possible(&presuming.possible, answer.unit.as_deref()));
            }
            if words::is_brief(explanation) && answer.because.is_empty() {
                return titled(&answer.title, &format!("{value}; no fact by itself would settle it"));
            }
            if words::is_brief(explanation) {
                return briefly(explanation, answer, &value, named, room);
            }
            let wider = if answer.exact { "" } else { " (perhaps fewer)" };
            let on = depends_on(explanation, &answer.because, room);
            let mut text = titled(&answer.title, &value);
            text.pop();
            format!("{text}{wider}, depending on {on}.")
        }
        Status::Silent => {
            let silence = answer.silence.as_deref().unwrap_or("the guideline does not speak of this patient");
            titled(&words::capital(&answer.title), silence.trim_end_matches('.'))
        }
        Status::Fault => {
            let fault = answer.fault.as_deref().unwrap_or("a table of the guideline is wrong for this patient");
            titled(&answer.title, &format!("no answer, by a mistake in the guideline: {fault}"))
        }
    }
}

/// What may come out, and three facts it hangs on; where nearly everything may, only these.
fn briefly(explanation: &Explanation, answer: &AnswerShown, value: &str, named: &[&Because], room: Room) -> String {
    let left = granted::left(explanation, &answer.because);
    let new = granted::new(&left, named);
    let same = if new.len() < left.len() { "the same and " } else { "" };
    let only_facts = match &answer.possible {
        Possible::YesNo { yes: true, no: true } => true,
        Possible::Choice(values) => room == Room::Short && values.len() > VALUES,
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => false,
    };
    let all = granted::weightiest(explanation, &new);
    let value = if only_facts { String::new() } else { format!("{value}, ") };
    let text = |most: usize| titled(&answer.title, &format!("{value}on {same}{}", granted::named(&all, most)));
    shortest(room, text)
}

/// A text with as many facts as a line of a page has room for.
fn shortest(room: Room, text: impl Fn(usize) -> String) -> String {
    if room == Room::Full {
        return text(usize::MAX);
    }
    let mut texts = (1..=NAMED).rev().map(&text).skip_while(|text| text.chars().count() > LINE);
    texts.next().unwrap_or_else(|| text(1))
}

/// A title and a value; a title that asks is answered.
fn titled(title: &str, value: &str) -> String {
    if title.ends_with('?') { format!("{title} {}.", words::capital(value)) } else { format!("{title}: {value}.") }
}

/// The facts an answer hangs on, those that are missing in the same way together.
fn depends_on(explanation: &Explanation, because: &[Because], room: Room) -> String {
    if because.is_empty() {
        return "what cannot be worked out: a share of 0, or more digits than were computed".to_owned();
    }
    let most = room.most(NAMED);
    let mut groups: Vec<(&str, String, Vec<String>)> = Vec::new();
    for one in because.iter().take(most) {
        let why = unknown::why(&explanation.trace, &one.fact, &one.when, &one.why);
        match groups.iter_mut().find(|(when, known, _)| *when == one.when && *known == why) {
            Some((_, _, labels)) => labels.push(one.label.clone()),
            None => groups.push((&one.when, why, vec![one.label.clone()])),
        }
    }
    let named: Vec<String> =
        groups.iter().map(|(when, why, labels)| words::how_missing(&words::all_of(labels), when, why)).collect();
    match because.len().saturating_sub(most) {
        0 => words::all_of(&named),
        more => format!("{}; and on {more} more, see below", named.join(", ")),
    }
}

/// What a guideline says in two lines.
pub(super) struct Gist<'a> {
    /// What is settled, or is where something is taken for granted, in sentences.
    pub(super) said: Vec<String>,
    /// The titles of what depends on something.
    pub(super) open: Vec<&'a str>,
    /// What that depends on, the weightiest first.
    pub(super) on: Vec<&'a Because>,
    /// The guideline does not speak of the patient.
    pub(super) is_silent: bool,
}

/// The gist of a guideline, without what looks only at what is on file.
pub(super) fn gist(explanation: &Explanation) -> Gist<'_> {
    let answers = || explanation.answers.iter().filter(|answer| !answer.as_recorded);
    let mut gist = Gist { said: Vec::new(), open: Vec::new(), on: Vec::new(), is_silent: false };
    let mut because: Vec<&Because> = Vec::new();
    for answer in answers() {
        let own = words::clinic_says(explanation, &answer.id).map(|own| format!(" {own}")).unwrap_or_default();
        let said = || format!("{}{own}", sentence(explanation, answer, &[], Room::Short));
        match mark(answer) {
            "depends" => {
                gist.open.push(&answer.title);
                because.extend(granted::new(&answer.because.iter().collect::<Vec<_>>(), &because));
                gist.said.extend((!own.is_empty()).then(|| format!("{}:{own}", answer.title)));
            }
            "granted" => {
                let text = said();
                gist.said.push(format!("{}, taking for granted what is usual.", text.trim_end_matches('.')));
            }
            "silent" => {}
            _ => gist.said.push(said()),
        }
    }
    gist.on = granted::weightiest(explanation, &because);
    gist.is_silent = answers().next().is_some() && answers().all(|answer| answer.status == Status::Silent);
    gist
}
