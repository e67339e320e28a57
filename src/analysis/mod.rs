//! Proves a guideline on the unknown patient, or refutes it with one.
//!
//! ```text
//! | ck                | level  |
//! | below 200 U/L     | normal |   ─►   no row fits a patient with ck: 200
//! | above 200 U/L     | raised |
//! ```
//!
//! Every claim is a search ([`crate::explore`]): that no patient is without a row, with two, beyond a promise; that some
//! patient comes to each row, line, branch and conclusion; for the rules of `course`, some course. A finding of the first
//! kind carries the patient. One of the second is told only where the search has gone through every kind of patient. What
//! was not found out is listed.

mod bands;
mod codes;
mod conditions;
mod courses;
mod parts;
mod tables;

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::eval::{Baseline, Held, Registers, Subject, bind, only_result, registers};
use crate::explore::{Courses, Explorer, Patient, Sought, Wanted};
use crate::model::{Block, BlockId, BlockKind};
use crate::plan::from_model::BlockRegisters;
use crate::plan::{FAULT, Register, SlotSource, TruthRegister, Writer};
use crate::record::Record;
use crate::source::Span;
use crate::value::Choices;

pub use codes::CODES;
use codes::{ALWAYS, NOT_PROVED};

/// What a proof came to.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// What was found, each with the place, and what was not found out; what a patient shows has the patient.
    pub found: Vec<Diagnostic>,
    /// How many claims were looked at.
    pub claims: usize,
}

/// Proves a guideline that has no mistakes.
///
/// `patients` are some who are known already: that some patient comes to a row is shown by any of them.
pub fn prove(subject: Subject<'_>, patients: &[&Record]) -> Proof {
    let covers = subject.guideline.covers.and_then(|block| match only_result(subject.lowered, block) {
        Some(Register::Truth(at)) => Some(at),
        Some(Register::Choice(_) | Register::Number(_)) | None => None,
    });
    let mut prover = Prover { covers, patients, ..Prover::of(subject, Explorer::of(subject)) };
    if prover.nobody_is_left() {
        return prover.proof;
    }
    for (id, block) in (0..).map(BlockId).zip(&subject.guideline.blocks) {
        if block.as_recorded.is_none() && !matches!(block.kind, BlockKind::Course(_)) {
            prover.block(id, block);
        }
    }
    let Proof { mut found, mut claims } = prover.proof;
    if let Some((subject, courses)) = Courses::of(subject) {
        let of_courses = Prover::of(subject, courses).courses();
        found.extend(of_courses.found);
        claims += of_courses.claims;
    }
    Proof { found, claims }
}

/// Whether some patient is as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    NotFoundOut,
}

/// Somebody, or some course, of whom a claim speaks.
trait Among {
    /// Whether one is as wanted, and what came of that one where it can be evaluated.
    fn some(&self, wanted: &[Wanted]) -> (Answer, Option<Registers>);
}

impl Among for Explorer<'_> {
    fn some(&self, wanted: &[Wanted]) -> (Answer, Option<Registers>) {
        match self.find(wanted) {
            Sought::Patient(patient) => (Answer::Yes, self.registers(&patient)),
            Sought::Nobody => (Answer::No, None),
            Sought::NotProved => (Answer::NotFoundOut, None),
        }
    }
}

impl Among for Courses<'_> {
    fn some(&self, wanted: &[Wanted]) -> (Answer, Option<Registers>) {
        let answer = match self.find(wanted) {
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
            None => Answer::NotFoundOut,
        };
        (answer, None)
    }
}

struct Prover<'a, A = Explorer<'a>> {
    subject: Subject<'a>,
    explorer: A,
    /// Whether the guideline speaks of a patient.
    covers: Option<TruthRegister>,
    /// What came of the patients that were met so far.
    met: Vec<Registers>,
    /// Patients who are known already, not met yet.
    patients: &'a [&'a Record],
    /// Whether a truth can be so, once for each.
    known: BTreeMap<(TruthRegister, bool), Answer>,
    proof: Proof,
}

impl<'a, A: Among> Prover<'a, A> {
    fn of(subject: Subject<'a>, explorer: A) -> Self {
        Prover {
            subject,
            explorer,
            covers: None,
            met: Vec::new(),
            patients: &[],
            known: BTreeMap::new(),
            proof: Proof::default(),
        }
    }

    /// Whether some patient is as wanted.
    fn some_patient(&mut self, wanted: &[Wanted]) -> Answer {
        let is_so = |registers: &Registers| wanted.iter().all(|one| one.is_met(registers));
        self.proof.claims += 1;
        if self.met.iter().any(is_so) {
            return Answer::Yes;
        }
        let (answer, met) = self.explorer.some(wanted);
        self.met.extend(met);
        if answer == Answer::NotFoundOut && self.meets_the_others(&is_so) { Answer::Yes } else { answer }
    }

    /// Meets the patients who are known already; whether one of them is so.
    fn meets_the_others(&mut self, is_so: &dyn Fn(&Registers) -> bool) -> bool {
        let plan = &self.subject.lowered.plan;
        for record in std::mem::take(&mut self.patients) {
            let registers = registers(self.subject, &bind(self.subject, record, Baseline::Marked));
            if registers.impossible(plan).next().is_none() {
                self.met.push(registers);
            }
        }
        self.met.iter().any(is_so)
    }

    /// Whether a truth is ever so.
    fn can_be(&mut self, at: TruthRegister, truth: bool) -> Answer {
        if let Some(known) = self.known.get(&(at, truth)) {
            return *known;
        }
        let answer = self.some_patient(&[Wanted::truth(at, truth)]);
        self.known.insert((at, truth), answer);
        answer
    }

    /// What it hangs on changes with the day, or with the day only.
    fn hangs_on_the_day(&self, at: Register) -> bool {
        let plan = &self.subject.lowered.plan;
        let is_dated = |slot| plan.slot(slot).is_some_and(|slot| matches!(slot.source, SlotSource::Status(_)));
        plan.slots_below([at]).into_iter().any(is_dated)
    }

    /// Tells of a finding, once.
    fn tell(&mut self, finding: Diagnostic) {
        if !self.proof.found.contains(&finding) {
            self.proof.found.push(finding);
        }
    }

    fn not_proved(&mut self, span: Span, claim: &str) {
        self.tell(Diagnostic::remark(NOT_PROVED, span, format!("not proved: {claim}")));
    }
}

impl Prover<'_> {
    fn block(&mut self, id: BlockId, block: &Block) {
        let Some(registers) = self.subject.lowered.block(id) else { return };
        self.lines(id, block);
        match &block.kind {
            BlockKind::Table(table) => self.table(table, registers, block.name.span),
            BlockKind::Bands(bands) => self.bands(bands, registers, block),
            BlockKind::Score(score) => self.ranges(score, registers, block),
            BlockKind::Algorithm(algorithm) => self.algorithm(id, algorithm),
            BlockKind::Ladder(_) | BlockKind::Regimen(_) => self.options(id, block),
            BlockKind::Promise(_) => self.promise(registers, block),
            BlockKind::Finding(_)
            | BlockKind::Number(_)
            | BlockKind::Measure(_)
            | BlockKind::Covers(_)
            | BlockKind::Impossible(_)
            | BlockKind::Judgement(_)
            | BlockKind::Course(_)
            | BlockKind::Against(_)
            | BlockKind::Prefer(_)
            | BlockKind::Monitor(_)
            | BlockKind::Suspect(_)
            | BlockKind::Advice(_)
            | BlockKind::Precedence(_)
            | BlockKind::SourceCovers(..) => {}
        }
    }

    /// The combinations nobody has take everybody: then nothing else is worth telling.
    fn nobody_is_left(&mut self) -> bool {
        let guideline = self.subject.guideline;
        let impossible = (0..).map(BlockId).zip(&guideline.blocks);
        let impossible = impossible.filter(|(_, block)| matches!(block.kind, BlockKind::Impossible(_)));
        let mut last = None;
        let mut wanted = Vec::new();
        for (id, block) in impossible {
            if let Some(Register::Truth(at)) = only_result(self.subject.lowered, id) {
                wanted.push(Wanted::truth(at, false));
                last = Some(block.name.span);
            }
        }
        let Some(span) = last.filter(|_| self.some_patient(&wanted) == Answer::No) else { return false };
        let text = "every patient has a combination that nobody has: no one is left";
        self.tell(Diagnostic::error(ALWAYS, span, text));
        true
    }

    /// A patient whom the guideline covers, and who is as wanted. One for whom what the block reads is at fault already
    /// does not count: that is told where it stands.
    fn refutes(&mut self, mut wanted: Vec<Wanted>, claim: impl FnOnce() -> (Span, String)) -> Option<Patient> {
        let own = wanted.len();
        wanted.extend(self.covers.map(|covers| Wanted::truth(covers, true)));
        self.proof.claims += 1;
        let mut sought = self.explorer.find(&wanted);
        if let Sought::Patient(patient) = &sought {
            let faults = self.faults_before(wanted.get(..own).unwrap_or_default());
            let registers = self.explorer.registers(patient);
            if registers.is_some_and(|registers| faults.iter().any(|one| !one.is_met(&registers))) {
                wanted.extend(faults);
                sought = self.explorer.find(&wanted);
            }
        }
        match sought {
            Sought::Patient(patient) => Some(patient),
            Sought::Nobody => None,
            Sought::NotProved => {
                let (span, claim) = claim();
                self.not_proved(span, &claim);
                None
            }
        }
    }

    /// That no block is at fault on which what is wanted rests, each as something wanted.
    fn faults_before(&self, wanted: &[Wanted]) -> Vec<Wanted> {
        let plan = &self.subject.lowered.plan;
        let slice = plan.slice(wanted.iter().map(|one| one.register));
        let rests_on = |register: &Register| {
            let is_step = |at: u32| slice.steps.contains(&at);
            wanted.iter().all(|one| one.register != *register)
                && matches!(plan.writer(*register), Some(Writer::Step(at)) if is_step(at))
        };
        let mut faults = Vec::new();
        for registers in (0..).map_while(|at| self.subject.lowered.block(BlockId(at))) {
            let results = registers.results.iter().filter(|register| matches!(register, Register::Choice(_)));
            let no_fault = Held::Choices(Choices::all(Choices::LIMIT).without(Choices::only(FAULT)));
            faults.extend(results.map(|register| Wanted { register: *register, held: no_fault.clone() }));
            faults.extend(one_column(registers));
        }
        faults.retain(|one| rests_on(&one.register));
        faults
    }
}

/// The truths among some registers.
fn truths(registers: &[Register]) -> Vec<TruthRegister> {
    let truth = |register: &Register| match register {
        Register::Truth(at) => Some(*at),
        Register::Choice(_) | Register::Number(_) => None,
    };
    registers.iter().filter_map(truth).collect()
}

/// Of several truths one is the first that holds.
fn first_of(truths: &[TruthRegister], at: usize) -> Vec<Wanted> {
    let earlier = truths.iter().take(at).map(|earlier| Wanted::truth(*earlier, false));
    truths.get(at).map(|own| Wanted::truth(*own, true)).into_iter().chain(earlier).collect()
}

/// The columns are as they should be.
fn one_column(registers: &BlockRegisters) -> Option<Wanted> {
    registers.fault.map(|fault| Wanted::truth(fault, false))
}
