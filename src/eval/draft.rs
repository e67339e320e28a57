//! Registers that are narrowed and set back: only what a change comes to is worked out again.

use std::rc::Rc;

use crate::plan::{Bits, FAULT, Plan, Register, Step};
use crate::value::{Choices, Precision};

use super::refine::{Forced, Law};
use super::relevance::{self, Notes, Reached};
use super::{Held, Registers, step};

/// The registers of one run, to be changed and set back.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    plan: &'a Plan,
    precision: Precision,
    registers: Registers,
    /// What was overwritten, the oldest first.
    before: Vec<(Register, Held)>,
    /// The steps to run again.
    due: Bits,
    /// The first of them, if there is any.
    first: u32,
    notes: Notes,
    /// What is so of every patient, once it was asked for.
    pub(super) laws: Option<Rc<[Law]>>,
}

impl<'a> Draft<'a> {
    pub(super) fn of(plan: &'a Plan, registers: Registers, precision: Precision) -> Self {
        let due = Bits::none(plan.steps.len());
        Draft {
            plan,
            precision,
            registers,
            before: Vec::new(),
            due,
            first: u32::MAX,
            notes: Notes::of(plan),
            laws: None,
        }
    }

    pub(super) fn plan(&self) -> &'a Plan {
        self.plan
    }

    pub(super) fn registers(&self) -> &Registers {
        &self.registers
    }

    /// The slots that registers are worked out from, as they stand now.
    pub(super) fn reached(&mut self, roots: impl IntoIterator<Item = Register>, within: Option<&Bits>) -> Reached {
        relevance::reached(self.plan, roots, &self.registers, within, &mut self.notes)
    }

    /// Gives back what a walk found, for the next to be written in the same place.
    pub(super) fn put_by(&mut self, reached: Reached) {
        self.notes.put_by(reached);
    }

    /// The same without what cannot matter.
    pub(super) fn that_matter(&mut self, roots: &[Register]) -> Vec<crate::plan::SlotId> {
        relevance::that_matter(self.plan, roots, &self.registers, &mut self.notes)
    }

    /// Where it stands, to be set back to.
    pub(super) fn mark(&self) -> usize {
        self.before.len()
    }

    /// Sets back what was changed since.
    pub(super) fn set_back(&mut self, mark: usize) {
        while self.before.len() > mark {
            let Some((register, held)) = self.before.pop() else { return };
            self.registers.put(register, held);
        }
    }

    /// Changes a register; what reads it is due.
    pub(super) fn set(&mut self, register: Register, held: &Held) {
        if self.registers.is_same(register, held) {
            return;
        }
        let before = self.registers.swap(register, held.clone());
        self.changed(register, before);
    }

    /// A step is to be run again.
    pub(super) fn is_due(&mut self, at: u32) {
        self.due.insert(at);
        self.first = self.first.min(at);
    }

    fn changed(&mut self, register: Register, before: Held) {
        self.before.push((register, before));
        for at in self.plan.readers(register) {
            self.due.insert(*at);
            self.first = self.first.min(*at);
        }
    }

    /// Runs what is due, of some steps only where they are given; false where a forced cell is empty, or rows of which one
    /// always fits leave none.
    pub(super) fn run(&mut self, within: Option<&Bits>, forced: &[(u32, Forced)]) -> bool {
        let plan = self.plan;
        while let Some(at) = self.due.take_lowest(self.first) {
            self.first = at;
            let Some(step) = plan.step(at).filter(|_| within.is_none_or(|within| within.contains(at))) else {
                continue;
            };
            // What was forced last is the narrowest.
            let forced = forced.iter().rfind(|(forced, _)| *forced == at).map(|(_, forced)| forced);
            if !self.run_step(step, forced) {
                self.due.clear();
                self.first = u32::MAX;
                return false;
            }
        }
        self.first = u32::MAX;
        true
    }

    /// What some steps make of a register once it holds this.
    pub(super) fn followed(&mut self, from: Register, held: &Held, steps: &[u32], to: Register) -> Held {
        let mark = self.mark();
        let mut within = Bits::none(self.plan.steps.len());
        for at in steps {
            within.insert(*at);
        }
        self.set(from, held);
        self.run(Some(&within), &[]);
        let followed = self.registers.held(to);
        self.set_back(mark);
        followed
    }

    fn run_step(&mut self, step: &Step, forced: Option<&Forced>) -> bool {
        let to = step.writes();
        let before = self.registers.take(to);
        match (forced, step) {
            (Some(Forced::Outcome(truth)), Step::Compare(_, _, _, to)) => self.registers.set_truth(*to, *truth),
            (Some(Forced::Cell(cell)), Step::Within(of, _, _) | Step::Points(of, _, _) | Step::Classify(of, _, _)) => {
                let confined = self.registers.number(*of).intersection(cell);
                if confined.is_empty() {
                    self.registers.put(to, before);
                    return false;
                }
                let whole = self.registers.swap(Register::Number(*of), Held::Number(confined));
                step::run(step, &mut self.registers, self.precision);
                self.registers.put(Register::Number(*of), whole);
            }
            (Some(Forced::Room(room)), _) => {
                step::run(step, &mut self.registers, self.precision);
                let left = self.registers.held(to).intersection(room);
                if left.is_empty() {
                    self.registers.put(to, before);
                    return false;
                }
                self.registers.put(to, left);
            }
            _ => step::run(step, &mut self.registers, self.precision),
        }
        if let Step::Rows { sound: true, to: rows, .. } = step
            && self.registers.choice(*rows) == Choices::only(FAULT)
        {
            self.registers.put(to, before);
            return false;
        }
        if self.registers.is_same(to, &before) {
            self.registers.put(to, before);
        } else {
            self.changed(to, before);
        }
        true
    }
}
