//! Courses of which nothing is known.

use crate::model::CourseWord;
use crate::plan::from_model::LoweredCourse;
use crate::record::{Outcome, StopReason};
use crate::value::{Choices, Number, NumberSet, Truth};

use super::super::Inputs;
use super::state::unknown_count;
use super::words::{Words, only};

/// What may go into the rules of `course` for a course of which nothing is known, of a patient of whom `inputs` says what
/// is: apart where one word says something of another, so that each kind of course is one of these.
pub(crate) fn unknown_courses(rules: &LoweredCourse, has_trials: bool, inputs: &Inputs) -> Vec<Inputs> {
    let not_stopped = only(StopReason::WORDS.len());
    let running = Words {
        adequate: if has_trials { Truth::EITHER } else { Truth::YES },
        ongoing: true,
        outcome: all(CourseWord::Outcome),
        recorded: all(CourseWord::OutcomeRecorded),
        stopped_for: not_stopped,
        limited_by: all(CourseWord::DoseLimitedBy),
        adherence: NumberSet::between(Number::ZERO, Number::whole(100)),
        duration: unknown_count(),
        cycles: unknown_count(),
    };
    let reasons = all(CourseWord::StoppedFor).without(not_stopped);
    let ended = Words { ongoing: false, stopped_for: reasons, ..running.clone() };
    let filled = |words: Words| {
        let mut inputs = inputs.clone();
        words.fill(rules, &mut inputs);
        inputs
    };
    [running, ended].iter().flat_map(|words| by_outcome(rules, words)).map(filled).collect()
}

/// Some courses by what was recorded of the outcome: what somebody judged is the outcome, the rest the visits may say.
fn by_outcome(rules: &LoweredCourse, words: &Words) -> Vec<Words> {
    let all = Outcome::WORDS.iter().zip(0..);
    let of_one = |((_, recorded), at): (&(&str, Outcome), u8)| {
        let recorded_only = Choices::only(at);
        let worked_out = *recorded == Outcome::NotAssessed && !rules.outcome.is_empty();
        let outcome = if worked_out { words.outcome } else { recorded_only };
        Words { outcome, recorded: recorded_only, ..words.clone() }
    };
    all.map(of_one).collect()
}

fn all(word: CourseWord) -> Choices {
    Choices::all(word.values().len())
}
