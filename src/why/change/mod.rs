//! Why not: the smallest change of what is recorded with which an answer would be another.
//!
//! Which facts must change is found before any value is tried: a set of them is left open, and the evaluator says
//! whether the wanted value is then possible at all (`search.rs`). With which values, a search narrows them to
//! (`settle.rs`). Every change that is told was evaluated as an ordinary record.

mod applied;
mod course;
mod numbers;
mod search;
mod setting;
mod settle;

use std::collections::BTreeSet;

use super::reach::{self, Reach};
use super::said::{self, Said};
use super::smallest::smallest;
use super::words::{self, Told};
use super::{Patient, Target, Value};
use crate::catalog::{Changeable, FactKind};
use crate::eval::{self, Answer, Status};
use crate::explain::Possible;
use crate::plan::TruthRegister;
use crate::record::{Given, Record};
use crate::value::{Choices, Truth};
use search::Search;

/// The most facts that a change may change.
pub const MOST: usize = 3;
/// How many changes of the least size are told.
const TOLD: usize = 3;
/// How many records are evaluated for one question at most.
const TRIES: u32 = 8_000;
/// How many for the values of one set of facts.
const SHARE: u32 = 400;

/// What would give another answer.
#[derive(Debug, Clone)]
pub struct WhyNot {
    /// What was asked.
    pub target: Target,
    /// The value it might have had.
    pub value: Value,
    /// What is known of the answer.
    pub status: Status,
    /// What it is, or can be.
    pub possible: Possible,
    /// What would make it that value.
    pub found: Found,
}

/// What was found.
#[derive(Debug, Clone)]
pub enum Found {
    /// It is that value.
    Already,
    /// These changes, of one size, each make it that value; no smaller one does.
    Changes(Vec<Change>),
    /// No change does: of what nobody can change, this forbids it. Empty where it is so of every patient.
    Forbidden(Vec<Told>),
    /// It would be possible, and no change of up to [`MOST`] facts was found; whether all were tried.
    NotFound(bool),
}

/// One change.
#[derive(Debug, Clone)]
pub struct Change {
    /// What is recorded otherwise.
    pub changed: Vec<Changed>,
    /// What is not recorded, and would have to turn out so.
    pub filled: Vec<Changed>,
    /// The record so changed.
    pub record: Record,
}

/// One fact of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// What it is now.
    pub told: Told,
    /// What it would be.
    pub to: String,
    /// Whose doing that would be.
    pub kind: Kind,
}

/// Whose doing a change would be, what is tried first first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The clinic's: an examination that is not done yet, a judgement, what the dictionary says it can change.
    Clinic,
    /// Nobody's: something that was observed, and may come out otherwise.
    Observed,
    /// Nobody's any more: it was so at an earlier visit, or of a course that was taken.
    Past,
}

/// What would make an answer that value.
pub fn why_not(patient: &Patient<'_>, target: &Target, value: &Value) -> WhyNot {
    let answer = patient.answer(target.asking);
    let possible = if answer.status == Status::Silent { Possible::Nothing } else { target.possible(&answer) };
    let found = if value.is_certain(&answer) { Found::Already } else { changes(patient, target, value) };
    WhyNot { target: target.clone(), value: value.clone(), status: answer.status, possible, found }
}

/// A question, and how many records were evaluated for it.
struct Asker<'a> {
    patient: Patient<'a>,
    target: &'a Target,
    value: &'a Value,
    reach: &'a Reach,
    tries: u32,
    /// So many are enough for what is looked at now.
    until: u32,
    /// Something was left before everything was tried.
    left_off: bool,
    /// Whether the guideline covers the patient.
    covers: Truth,
    /// Combinations that no patient has, and this one does.
    before: Vec<TruthRegister>,
}

impl Asker<'_> {
    /// The answer, and whether it is the value of a patient whom the guideline covers, as far as that is known of this
    /// one.
    fn answer(&mut self, record: &Record) -> (Answer, bool) {
        self.tries += 1;
        let Patient { subject, baseline, .. } = self.patient;
        let inputs = eval::bind(subject, record, baseline);
        let (covers, answer) = eval::covered_answer(subject, &inputs, self.target.asking);
        let is_covered = covers == Truth::YES || self.covers == Truth::EITHER;
        let is_it = is_covered && self.value.is_certain(&answer);
        (answer, is_it)
    }

    /// The value is possible once some things are forgotten.
    fn is_possible_without(&mut self, forgotten: &BTreeSet<Said>) -> bool {
        let record = said::without(self.patient.record, self.patient.subject.catalog, forgotten);
        let (answer, _) = self.answer(&record);
        self.value.is_possible(&answer)
    }

    /// It has no combination that no patient has, but for what the patient has already.
    fn may_be(&self, record: &Record) -> bool {
        impossible(&self.patient, record).iter().all(|at| self.before.contains(at))
    }

    fn is_exhausted(&self) -> bool {
        self.tries >= TRIES
    }

    /// It was tried often enough with the set of facts at hand.
    fn leaves_off(&mut self) -> bool {
        let leaves = self.tries >= self.until;
        self.left_off |= leaves;
        leaves
    }
}

/// The combinations nobody has that a record of the patient has.
fn impossible(patient: &Patient<'_>, record: &Record) -> Vec<TruthRegister> {
    let Patient { subject, baseline, .. } = *patient;
    let registers = eval::registers(subject, &eval::bind(subject, record, baseline));
    registers.impossible(&subject.lowered.plan).collect()
}

fn changes(patient: &Patient<'_>, target: &Target, value: &Value) -> Found {
    let before = impossible(patient, patient.record);
    let reach = Reach::of(patient.subject, target.asking);
    let inputs = eval::bind(patient.subject, patient.record, patient.baseline);
    let (covers, _) = eval::covered_answer(patient.subject, &inputs, target.asking);
    let mut asker = Asker {
        patient: *patient,
        target,
        value,
        reach: &reach,
        tries: 0,
        until: TRIES,
        left_off: false,
        covers,
        before,
    };
    let all = reach::everything(patient);
    let near: Vec<Said> = all.into_iter().filter(|said| reach.concerns(*said, patient)).collect();
    let (can, cannot): (Vec<Said>, Vec<Said>) = near.into_iter().partition(|said| kind(patient, *said).is_some());
    let open: BTreeSet<Said> = can.iter().copied().collect();
    if !asker.is_possible_without(&open) {
        return forbidden(&mut asker, &open, &cannot);
    }
    let search = Search { can };
    let found = search.smallest_changes(&mut asker, TOLD);
    let all = !asker.left_off && !asker.is_exhausted();
    if found.is_empty() { Found::NotFound(all) } else { Found::Changes(found) }
}

/// Which of the things that cannot change forbids the value, whatever else were recorded.
fn forbidden(asker: &mut Asker<'_>, open: &BTreeSet<Said>, cannot: &[Said]) -> Found {
    let kept = smallest(cannot, |kept| {
        let others = cannot.iter().filter(|said| !kept.contains(said));
        !asker.is_possible_without(&open.iter().chain(others).copied().collect())
    });
    Found::Forbidden(kept.into_iter().rev().map(|said| words::told(&asker.patient, said)).collect())
}

/// Whose doing it would be to change it; `None` for what nobody can change.
pub fn kind(patient: &Patient<'_>, said: Said) -> Option<Kind> {
    let record = patient.record;
    let is_newest = |visit: usize| record.visits.get(visit + 1..).is_none_or(<[_]>::is_empty);
    let fact = said.fact(record).and_then(|fact| patient.subject.catalog.fact(fact));
    match said {
        Said::Born => None,
        Said::Undated(_) | Said::AtVisit(..) => {
            let (fact, entry) = (fact?, said.entry(record)?);
            let not_done = fact.kind.position(FactKind::NOT_DONE).map(Choices::only);
            let is_not_done = matches!(entry.given, Given::Choices(now) if Some(now) == not_done);
            let earlier = matches!(said, Said::AtVisit(visit, _) if !is_newest(visit));
            match fact.changeable {
                _ if matches!(fact.kind, FactKind::Date) => None,
                Changeable::Never => None,
                _ if earlier => Some(Kind::Past),
                Changeable::Clinic => Some(Kind::Clinic),
                Changeable::Observed => Some(if is_not_done { Kind::Clinic } else { Kind::Observed }),
            }
        }
        Said::NotDone(_) => fact.filter(|fact| fact.changeable != Changeable::Never).map(|_| Kind::Clinic),
        Said::NotMeasured(visit, _) => {
            let fact = fact.filter(|fact| fact.changeable != Changeable::Never);
            fact.map(|_| if is_newest(visit) { Kind::Clinic } else { Kind::Past })
        }
        Said::Therapy(_) | Said::NothingElseTaken => Some(Kind::Past),
        Said::Judgement(_) => Some(Kind::Clinic),
        Said::Declined(_) | Said::NothingElseDeclined => Some(Kind::Observed),
    }
}
