//! Random rules of `course` with what they mean for every course there can be, on a grid.

use std::fmt::Write as _;

use super::Dice;

const OUTCOMES: [&str; 6] = ["no_response", "partial", "response", "relapse", "worse", "not_assessed"];
const REASONS: [&str; 6] = ["inefficacy", "intolerance", "remission", "pregnancy", "other", "not_stopped"];
const LIMITS: [&str; 3] = ["intolerance", "other", "nothing"];

/// What the words of a course say: yes/no as 1 and 0, a value by its place, a number as it is.
#[derive(Debug, Clone, Copy)]
struct Course {
    adequate: usize,
    ongoing: usize,
    outcome: usize,
    recorded: usize,
    stopped_for: usize,
    limited_by: usize,
    adherence: usize,
    duration: usize,
    cycles: usize,
}

type Word = fn(&Course) -> usize;
type Values = Box<dyn Fn(usize) -> bool>;

/// A test of one word: how it is written, and for which of its values it holds.
struct Atom {
    text: String,
    word: Word,
    holds: Values,
}

/// Rules, and the codes and lines of what a proof must find in them.
pub(crate) struct Rules {
    pub(crate) text: String,
    pub(crate) expected: Vec<(String, usize)>,
}

/// Every course, on a grid. Without `course outcome` the outcome is as recorded.
fn courses() -> Vec<Course> {
    let mut all = Vec::new();
    for (adequate, stopped_for, recorded, limited_by) in
        (0..2 * 6 * 6 * 3).map(|at| (at % 2, at / 2 % 6, at / 12 % 6, at / 72))
    {
        for (adherence, duration, cycles) in (0..5 * 5 * 5).map(|at| (at % 5, at / 5 % 5, at / 25)) {
            let (adherence, duration) = ([0, 50, 60, 80, 100][adherence], [0, 12, 20, 26, 30][duration]);
            let ongoing = usize::from(stopped_for == 5);
            let outcome = recorded;
            all.push(Course {
                adequate,
                ongoing,
                outcome,
                recorded,
                stopped_for,
                limited_by,
                adherence,
                duration,
                cycles,
            });
        }
    }
    all
}

fn atom(dice: &mut Dice) -> Atom {
    let is_denied = dice.once_in(2);
    let some = |word: &str, values: &[&str], dice: &mut Dice| {
        let first = dice.below(values.len());
        let second = (first + 1 + dice.below(values.len() - 1)) % values.len();
        let text = format!("{word} is one of {}, {}", values[first], values[second]);
        (text, [first, second])
    };
    let (text, word, held): (String, Word, Values) = match dice.below(9) {
        0 => (String::from("adequate"), |course| course.adequate, Box::new(|value| value == 1)),
        1 => (String::from("ongoing"), |course| course.ongoing, Box::new(|value| value == 1)),
        2 => {
            let (text, values) = some("outcome", &OUTCOMES, dice);
            (text, |course| course.outcome, Box::new(move |value| values.contains(&value)))
        }
        3 => {
            let (text, values) = some("outcome_recorded", &OUTCOMES, dice);
            (text, |course| course.recorded, Box::new(move |value| values.contains(&value)))
        }
        4 | 5 => {
            let (text, values) = some("stopped_for", &REASONS, dice);
            (text, |course| course.stopped_for, Box::new(move |value| values.contains(&value)))
        }
        6 => {
            let (text, values) = some("dose_limited_by", &LIMITS, dice);
            (text, |course| course.limited_by, Box::new(move |value| values.contains(&value)))
        }
        7 => {
            let least = *dice.pick(&[50, 80]);
            (
                format!("adherence is at least {least} %"),
                |course| course.adherence,
                Box::new(move |value| value >= least),
            )
        }
        _ if dice.once_in(2) => {
            let least = *dice.pick(&[12, 26]);
            (format!("duration is above {least} weeks"), |course| course.duration, Box::new(move |value| value > least))
        }
        _ => {
            let most = 1 + dice.below(3);
            (format!("cycles is at most {most}"), |course| course.cycles, Box::new(move |value| value <= most))
        }
    };
    // A list has the last word of its condition.
    if is_denied && !text.contains(" one of ") {
        Atom { text: format!("not {text}"), word, holds: Box::new(move |value| !held(value)) }
    } else {
        Atom { text, word, holds: held }
    }
}

/// A line: all of up to three tests, of which one with a list stands last.
fn line(dice: &mut Dice) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    for _ in 0..=dice.below(3) {
        let next = atom(dice);
        let list = next.text.contains(" one of ");
        atoms.push(next);
        if list {
            break;
        }
    }
    atoms
}

fn holds(line: &[Atom], course: &Course) -> bool {
    line.iter().all(|atom| (atom.holds)((atom.word)(course)))
}

/// Three rules of two lines each.
pub(crate) fn rules(dice: &mut Dice) -> Rules {
    let all = courses();
    let mut text = String::from(
        "course adequate \"A fair trial\" [rider_2017]\n  | drug | for at least | judged after |\n  |---|---|---|\n  \
         | methotrexate | 12 weeks | 12 weeks |\n",
    );
    let mut expected = Vec::new();
    let mut not_tolerated: Vec<Vec<Atom>> = Vec::new();
    for rule in ["not_tolerated", "failed", "worked"] {
        let _ = writeln!(text, "course {rule} \"{rule}\" [rider_2017]\n  any of");
        let head = text.lines().count() - 1;
        let lines: Vec<Vec<Atom>> = (0..2).map(|_| line(dice)).collect();
        let mut told = false;
        for line in &lines {
            let words: Vec<&str> = line.iter().map(|atom| atom.text.as_str()).collect();
            let _ = writeln!(text, "  - {}", words.join(" and "));
            let never = !all.iter().any(|course| holds(line, course));
            if never || all.iter().all(|course| holds(line, course)) {
                expected.push((String::from(if never { "P004" } else { "P005" }), text.lines().count()));
                told = true;
            }
        }
        let counts = |course: &&Course| {
            let first = rule == "failed" && not_tolerated.iter().any(|line| holds(line, course));
            !first && lines.iter().any(|line| holds(line, course))
        };
        let always = all.iter().all(|course| lines.iter().any(|line| holds(line, course)));
        if !told && (always || !all.iter().any(|course| counts(&course))) {
            expected.push((String::from(if always { "P005" } else { "P004" }), head));
        }
        if rule == "not_tolerated" {
            not_tolerated = lines;
        }
    }
    Rules { text, expected }
}
