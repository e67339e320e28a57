//! Headings of the lines of ladders: where the patient stands, and what that depends on, said once.

use super::{first_small, is_for};
use crate::explain::{Because, Explanation, LadderShown, LineShown, Possible};
use crate::render::granted;

/// A line and what stands above its drugs.
pub(super) struct Heading<'a> {
    pub(super) ladder: &'a LadderShown,
    pub(super) line: &'a LineShown,
    pub(super) text: String,
}

/// How many facts a heading names.
const NAMED: usize = 3;

/// The headings of all lines that are, or may be, for the patient.
pub(super) fn headings(explanation: &Explanation) -> Vec<Heading<'_>> {
    let mut found = Vec::new();
    for ladder in explanation.ladders.iter().filter(|ladder| is_for(ladder)) {
        let mut named: Vec<&Because> = ladder.patients.because.iter().collect();
        let mut before: Option<&LineShown> = None;
        for line in &ladder.lines {
            let left = granted::new(&granted::left(explanation, &line.state.because), &named);
            let on = granted::named(&left, NAMED);
            let on = if on.is_empty() { String::new() } else { format!(": depends on {on}") };
            let text = format!("{}, {}{on}", line.title.to_uppercase(), reached(line, before));
            found.push(Heading { ladder, line, text });
            named.extend(left);
            before = Some(line);
        }
    }
    found
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
            Some(before) => format!("if the {} has failed", first_small(&before.title)),
            None => "perhaps".to_owned(),
        },
    }
}
