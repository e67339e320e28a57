//! What was taken, and what came of it.

use super::values::remark;
use super::{Reason, Row};
use crate::explain::{Explanation, Possible};
use crate::render::answer::Room;
use crate::render::words;

/// How many letters are told of a therapy before its reason is cut.
const LETTERS: usize = 150;
/// How many courses of a therapy are told, the last ones.
const COURSES: usize = 2;

const YES: Possible = Possible::YesNo { yes: true, no: false };

/// What was taken, and what came of it.
pub(super) fn treatment(explanation: &Explanation, room: Room) -> Option<Reason> {
    let mut rows = Vec::new();
    for course in explanation.courses.iter().filter(|course| !course.courses.is_empty()) {
        let why = course.why.first().map(|why| format!(" ({})", words::spoken(why))).unwrap_or_default();
        let letters = why.chars().count()
            + course.label.chars().count()
            + course.courses.last().map_or(0, |line| line.chars().count());
        let why = match why.split_once(", ") {
            Some((first, _)) if letters > room.most(LETTERS) => {
                format!("{} …)", first.split(" or ").next().unwrap_or(first))
            }
            Some(_) | None => why,
        };
        // What keeps it open is told with the drug.
        let is_open = matches!(&course.state, Possible::Choice(values) if values.len() > 1);
        let why = if is_open && room == Room::Short { String::new() } else { why };
        let more = course.courses.len().saturating_sub(room.most(COURSES));
        let mut courses: Vec<String> = course.courses.iter().rev().take(room.most(COURSES)).rev().cloned().collect();
        if more > 0 {
            courses.insert(0, format!("{more} before"));
        }
        let taking = course.taking == YES;
        let state = |word: &String| match word.as_str() {
            "failed" => "inadequate response".to_owned(),
            "running" if course.working == YES => "it works".to_owned(),
            "running" => "too early to judge".to_owned(),
            "worked" => "it worked".to_owned(),
            "inadequate" if taking => "not yet a fair trial".to_owned(),
            "inadequate" => "no fair trial".to_owned(),
            word => words::spoken(word),
        };
        let outcome = match &course.state {
            Possible::Choice(_) if is_open => String::new(),
            Possible::Choice(values) => words::any_of(&values.iter().map(state).collect::<Vec<_>>()),
            Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => {
                String::new()
            }
        };
        rows.push(Row {
            what: words::capital(&course.label),
            values: format!("{}{why}", courses.join("; ")),
            outcome,
            remark: if why.is_empty() && room == Room::Short { String::new() } else { remark(&course.citations) },
            ..Row::default()
        });
    }
    let heading = "Treatment so far".to_owned();
    (!rows.is_empty()).then(|| Reason { heading, in_sentences: true, rows, ..Reason::default() })
}
