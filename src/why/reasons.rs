//! Why: a set of what is recorded that forces an answer, and from which nothing can be left out.

use std::collections::BTreeSet;

use super::reach::{self, Reach};
use super::said::{self, Said};
use super::smallest::smallest;
use super::words::{self, Told};
use super::{Patient, Target};
use crate::eval::{Answer, Held, Status};
use crate::explain::{CitationShown, Possible};

/// Why an answer is what it is.
#[derive(Debug, Clone)]
pub struct Why {
    /// What was asked.
    pub target: Target,
    /// What is known of the answer.
    pub status: Status,
    /// What it is, or can be.
    pub possible: Possible,
    /// Of a settled answer: what forces it.
    pub reasons: Vec<Reason>,
    /// Of a settled answer: how much else is recorded.
    pub further: usize,
    /// Of an open answer: what keeps it open.
    pub open: Vec<String>,
}

/// One thing that is recorded, and what it was held against.
#[derive(Debug, Clone)]
pub struct Reason {
    /// What.
    pub said: Said,
    /// The same in words.
    pub told: Told,
    /// The lines of the rules that look at it, on the way to the answer.
    pub lines: Vec<Line>,
}

/// A line of the rules, with what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Stable: the block's name and the line's place in it.
    pub id: String,
    /// In words.
    pub text: String,
    /// What came of it.
    pub outcome: Possible,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Where in the rules.
    pub place: String,
    /// Its sources.
    pub citations: Vec<CitationShown>,
}

/// Why an answer is what it is: everything that is recorded is forgotten, in the order of [`said::all`], but what the
/// answer would be open without. With nothing but the reasons known, the evaluator gives the same answer.
pub fn why(patient: &Patient<'_>, target: &Target) -> Why {
    let answer = patient.answer(target.asking);
    let possible = if answer.status == Status::Silent { Possible::Nothing } else { target.possible(&answer) };
    let mut why = Why {
        target: target.clone(),
        status: answer.status,
        possible,
        reasons: Vec::new(),
        further: 0,
        open: Vec::new(),
    };
    match answer.status {
        Status::Open => why.open = words::slots(patient, &answer.because),
        Status::Silent | Status::Fault => {}
        Status::Decided => {
            let all = reach::everything(patient);
            let kept = forcing(patient, target, &answer, &all);
            let recorded = |said: &&Said| !said.is_silence();
            why.further = all.iter().filter(recorded).filter(|said| !kept.contains(said)).count();
            why.reasons = told(patient, target, &all, kept);
        }
    }
    why
}

/// What of everything recorded forces the answer.
fn forcing(patient: &Patient<'_>, target: &Target, answer: &Answer, all: &[Said]) -> Vec<Said> {
    let same = |kept: &[Said]| {
        let forgotten: BTreeSet<Said> = all.iter().filter(|said| !kept.contains(said)).copied().collect();
        let record = said::without(patient.record, patient.subject.catalog, &forgotten);
        let now = patient.answer_of(&record, target.asking);
        now.status == Status::Decided && is_same(&now.held, &answer.held)
    };
    let reach = Reach::of(patient.subject, target.asking);
    let near: Vec<Said> = all.iter().copied().filter(|said| reach.concerns(*said, patient)).collect();
    let known = if same(&near) { near } else { all.to_vec() };
    smallest(&known, same)
}

/// The same value; of numbers that are known as far as digits go, what the first holds.
fn is_same(now: &[Held], then: &[Held]) -> bool {
    now.len() == then.len() && now.iter().zip(then).all(|(now, then)| now.is_within(then))
}

/// Reasons in words, as a person takes a history: who the patient is, the newest first.
fn told(patient: &Patient<'_>, target: &Target, all: &[Said], kept: Vec<Said>) -> Vec<Reason> {
    let forgotten: BTreeSet<Said> = all.iter().filter(|said| !kept.contains(said)).copied().collect();
    let record = said::without(patient.record, patient.subject.catalog, &forgotten);
    let explanation = patient.explained(&record);
    let reasons = kept.into_iter().rev().map(|said| {
        let told = words::told(patient, said);
        let lines = words::lines(&explanation, target, &told);
        Reason { said, told, lines }
    });
    reasons.collect()
}
