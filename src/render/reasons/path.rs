//! The way through an algorithm as far as it is settled.

use super::{Reason, Row};
use crate::explain::{BranchShown, Flowchart, Lit, StepShown};
use crate::render::answer::Room;
use crate::render::words;

/// How many values a step names.
const SEEN: usize = 2;
/// How the branch is called that is taken where no other is.
const OTHERWISE: &str = "otherwise";

/// Each step that the patient certainly comes to and leaves by a branch that is certain: the answer to its question,
/// and what was seen. What is not settled, the answer says.
pub(super) fn path(chart: &Flowchart, room: Room) -> Option<Reason> {
    let reached = chart.steps.iter().filter(|step| step.reached == Lit::Yes);
    let rows: Vec<Row> = reached.filter_map(|step| row(step, room)).collect();
    // A single step needs no title of its own.
    let heading = if rows.len() > 1 { chart.title.clone() } else { String::new() };
    (!rows.is_empty()).then(|| Reason { heading, in_sentences: true, rows, ..Reason::default() })
}

fn row(step: &StepShown, room: Room) -> Option<Row> {
    let taken: Vec<String> =
        step.branches.iter().filter(|branch| branch.taken == Lit::Yes).map(|branch| answered(step, branch)).collect();
    if taken.is_empty() {
        return None;
    }
    // That a finding holds, the answer says; what another question came to, that question.
    let says = |seen: &&String| !(seen.ends_with(": yes") || seen.ends_with(": no") || seen.contains('?'));
    let seen: Vec<String> =
        step.seen.iter().filter(says).take(room.most(SEEN)).map(|seen| seen.replacen(": ", " ", 1)).collect();
    let seen = if seen.is_empty() { String::new() } else { format!(": {}", seen.join("; ")) };
    let values = format!("{}{seen}", words::all_of(&taken));
    Some(Row { what: step.title.clone(), values, ..Row::default() })
}

/// The answer to the question of a step: of two branches the other one is `no`.
fn answered(step: &StepShown, branch: &BranchShown) -> String {
    if branch.label != OTHERWISE {
        return branch.label.clone();
    }
    let others: Vec<String> =
        step.branches.iter().filter(|other| other.label != OTHERWISE).map(|other| other.label.clone()).collect();
    match others.as_slice() {
        [] => OTHERWISE.to_owned(),
        [only] if only == "yes" || is_yes_no(&step.title) => "no".to_owned(),
        [only] => format!("not {only}"),
        others => format!("none of these: {}", others.join(", ")),
    }
}

/// A question that yes or no answers: it begins with a verb, and names no alternative.
fn is_yes_no(question: &str) -> bool {
    let verbs = ["Is", "Are", "Was", "Were", "Does", "Do", "Did", "Has", "Have", "Can", "Could", "Will"];
    let first = question.split(' ').next().unwrap_or_default();
    question.ends_with('?') && verbs.contains(&first) && !question.contains(" or ")
}
