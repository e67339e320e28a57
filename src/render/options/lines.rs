//! Headings of the lines of ladders: where the patient stands, and what that depends on, said once.

use super::first_small;
use crate::explain::{Because, Explanation, LadderShown, LineShown, Possible};
use crate::render::answer::Room;
use crate::render::granted;

/// A line and what stands above its drugs.
pub(super) struct Heading<'a> {
    pub(super) ladder: &'a LadderShown,
    pub(super) line: &'a LineShown,
    pub(super) text: String,
    /// Another line that is not settled comes between it and the patient: its drugs are only named.
    pub(super) far: bool,
}

/// How many facts a heading names at most.
const NAMED: usize = 3;
/// How many letters a heading has, that it fits on a line of a page.
const LETTERS: usize = 88;
/// The headings of all lines of some ladders.
pub(super) fn headings<'a>(explanation: &Explanation, ladders: &[&'a LadderShown], room: Room) -> Vec<Heading<'a>> {
    let mut found = Vec::new();
    for ladder in ladders.iter().copied() {
        let mut named: Vec<&Because> = ladder.patients.because.iter().collect();
        let mut before: Option<&LineShown> = None;
        let mut far = false;
        for line in &ladder.lines {
            let left = granted::new(&granted::left(explanation, &line.state.because), &named);
            let text = |most: usize| {
                // What a far line hangs on, its name says well enough.
                let on = if far { String::new() } else { granted::named(&left, most) };
                let on = if on.is_empty() { String::new() } else { format!(": depends on {on}") };
                let title = if far { head(&line.title) } else { &line.title };
                format!("{}, {}{on}", title.to_uppercase(), reached(line, before))
            };
            let mut texts = (1..=NAMED).rev().map(text).skip_while(|text| text.chars().count() > LETTERS);
            let text = match room {
                Room::Full => text(usize::MAX),
                Room::Short => texts.next().unwrap_or_else(|| text(1)),
            };
            found.push(Heading { ladder, line, text, far });
            far |= room == Room::Short && may_be_reached(line);
            named.extend(left);
            before = Some(line);
        }
    }
    found
}

/// A title up to its explanation.
fn head(title: &str) -> &str {
    title.split(": ").next().unwrap_or(title)
}

/// It may be the line of now.
fn may_be_reached(line: &LineShown) -> bool {
    matches!(granted::taken(&line.state).0, Possible::Choice(states) if states.iter().any(|state| state == "current"))
}

/// Whether the patient stands there.
fn reached(line: &LineShown, before: Option<&LineShown>) -> String {
    let Possible::Choice(states) = granted::taken(&line.state).0 else { return "perhaps".to_owned() };
    let may_be = |word: &str| states.iter().any(|state| state == word);
    match (may_be("passed"), may_be("current"), may_be("later")) {
        (true, false, false) => "passed".to_owned(),
        (false, true, false) => "now".to_owned(),
        (false, false, true) => "later".to_owned(),
        (false, false, false) => "not for this patient".to_owned(),
        (_, _, false) => "unless it has failed".to_owned(),
        (_, _, true) => match before {
            Some(before) => format!("if the {} has failed", first_small(head(&before.title))),
            None => "perhaps".to_owned(),
        },
    }
}
