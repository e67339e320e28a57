//! Which slots an open answer still hangs on, and by how many ways.
//!
//! Walks a slice from its answer back to its slots. A register that is settled passes nothing on; a pick passes on
//! only through the branches that can hold. What reaches a slot twice is a fact *read twice*: set arithmetic is
//! exact for an answer without such a slot (Moore, *Interval Analysis*, 1966, on single-use expressions).

use std::collections::BTreeMap;

use crate::plan::{Plan, Register, Slice, SlotId, Step, TruthRegister, Writer};

use crate::value::Truth;

use super::Registers;

/// What an open register depends on.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// By how many ways each unsettled slot is reached, at most [`MANY`].
    pub(super) slots: BTreeMap<SlotId, u32>,
    /// The steps whose result is open and reached, later ones first.
    pub(super) steps: Vec<u32>,
}

const MANY: u32 = 1_000;

/// By how many ways a register is reached, and whether it is to blame although it is settled.
#[derive(Debug, Default, Clone, Copy)]
struct Ways {
    count: u32,
    blamed: bool,
}

/// The unsettled slots that open registers depend on.
pub(super) fn reached(plan: &Plan, slice: &Slice, roots: &[Register], registers: &Registers) -> Reached {
    let mut walk = Walk { plan, registers, ways: BTreeMap::new(), found: Reached::default() };
    for root in roots {
        walk.reach(*root, Ways { count: 1, blamed: false });
    }
    for at in slice.steps.iter().rev() {
        let Some(step) = plan.steps.get(*at as usize) else { continue };
        let Some(ways) = walk.ways.get(&step.writes()).copied() else { continue };
        walk.found.steps.push(*at);
        walk.pass_on(step, ways);
    }
    walk.found
}

struct Walk<'a> {
    plan: &'a Plan,
    registers: &'a Registers,
    ways: BTreeMap<Register, Ways>,
    found: Reached,
}

impl Walk<'_> {
    fn reach(&mut self, register: Register, by: Ways) {
        if !by.blamed && self.registers.is_settled(register) {
            return;
        }
        match self.plan.writer(register) {
            Some(Writer::Slot(slot)) => {
                let count = self.found.slots.entry(slot).or_insert(0);
                *count = (*count + by.count).min(MANY);
            }
            Some(Writer::Step(_)) => {
                let ways = self.ways.entry(register).or_default();
                ways.count = (ways.count + by.count).min(MANY);
                ways.blamed |= by.blamed;
            }
            None => {}
        }
    }

    /// The registers a step's open result can come from.
    fn pass_on(&mut self, step: &Step, ways: Ways) {
        if let (Step::All(of, _), true) = (step, ways.blamed) {
            // What fails in two ways, neither alone would mend.
            let mut failing = of.iter().filter(|at| self.registers.truth(**at) == Truth::NO);
            match (failing.next().copied(), failing.next()) {
                (Some(only), None) => self.reach(Register::Truth(only), ways),
                (Some(_), Some(_)) => {}
                (None, _) => step.reads(|register| self.reach(register, ways)),
            }
        } else if let Step::PickNumber(pairs, _) = step {
            self.pass_on_pick(pairs.iter().map(|(when, then)| (*when, Register::Number(*then))), ways);
        } else if let Step::PickTruth(pairs, _) = step {
            self.pass_on_pick(pairs.iter().map(|(when, then)| (*when, Register::Truth(*then))), ways);
        } else if let Step::PickChoice(pairs, _) = step {
            self.pass_on_pick(pairs.iter().map(|(when, then)| (*when, Register::Choice(*then))), ways);
        } else {
            step.reads(|register| self.reach(register, ways));
        }
    }

    /// Through the branches that can hold. Where what holds leads to a number nothing is known of, its conditions
    /// are to blame although they are settled.
    fn pass_on_pick(&mut self, pairs: impl Iterator<Item = (TruthRegister, Register)>, ways: Ways) {
        for (when, then) in pairs {
            let held = self.registers.truth(when);
            if !held.can_be_yes() && !ways.blamed {
                continue;
            }
            let nothing_known = self.plan.writer(then).is_none();
            let blamed = ways.blamed || (nothing_known && held.settled().is_some());
            self.reach(Register::Truth(when), Ways { blamed, ..ways });
            self.reach(then, Ways { blamed: ways.blamed, ..ways });
        }
    }
}
