//! Courses of which nothing is known.

use crate::model::CourseWord;
use crate::plan::from_model::LoweredCourse;
use crate::record::{Outcome, StopReason};
use crate::value::{Choices, Number, NumberSet, Truth};

use super::super::Inputs;
use super::super::find::Wanted;
use super::state::unknown_count;
use super::words::{Words, only};

/// A kind of course.
pub(crate) struct CourseKind {
    /// What goes into the rules of `course`.
    pub(crate) inputs: Inputs,
    /// What is so of each course of the kind.
    pub(crate) given: Vec<Wanted>,
}

/// The kinds of courses of which nothing is known, of a patient of whom `inputs` says what is: apart where one word says
/// something of another, so that each course is of one of them.
pub(crate) fn unknown_courses(rules: &LoweredCourse, has_trials: bool, inputs: &Inputs) -> Vec<CourseKind> {
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
    let mut kinds = Vec::new();
    for words in [running, ended] {
        for (outcome, recorded, given) in outcomes(rules) {
            let mut inputs = inputs.clone();
            Words { outcome, recorded, ..words.clone() }.fill(rules, &mut inputs);
            kinds.push(CourseKind { inputs, given });
        }
    }
    kinds
}

/// The outcome, what is recorded of it, and what is so then: what somebody judged is the outcome; of the rest the first line
/// of `course outcome` that holds says it, and where none holds it is as recorded.
fn outcomes(rules: &LoweredCourse) -> Vec<(Choices, Choices, Vec<Wanted>)> {
    let mut all = Vec::new();
    for ((_, recorded), at) in Outcome::WORDS.iter().zip(0..) {
        let recorded_only = Choices::only(at);
        let mut given: Vec<Wanted> = Vec::new();
        if *recorded == Outcome::NotAssessed {
            for (value, holds) in &rules.outcome {
                let first = given.iter().cloned().chain([Wanted::truth(*holds, true)]).collect();
                all.push((Choices::only(*value), recorded_only, first));
                given.push(Wanted::truth(*holds, false));
            }
        }
        all.push((recorded_only, recorded_only, given));
    }
    all
}

fn all(word: CourseWord) -> Choices {
    Choices::all(word.values().len())
}
