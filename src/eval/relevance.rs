//! Which slots an open answer still hangs on, and by how many ways.
//!
//! Walks a slice from its answer back to its slots. A register that is settled passes nothing on; a pick passes on
//! only through the branches that can hold. What reaches a slot twice is a fact *read twice*: set arithmetic is
//! exact for an answer without such a slot (Moore, *Interval Analysis*, 1966, on single-use expressions).

use std::collections::BTreeMap;

use crate::plan::{Plan, Register, RowPolicy, Slice, SlotId, Step, TruthRegister, Writer};

use crate::value::Truth;

use super::Registers;
use super::registers::Held;

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

/// The unsettled slots that open registers are worked out from.
pub(super) fn reached(plan: &Plan, slice: &Slice, roots: &[Register], registers: &Registers) -> Reached {
    Walk { plan, registers, ways: BTreeMap::new(), found: Reached::default(), sifts: false }.back_from(slice, roots)
}

/// The unsettled slots that can matter: without those of table rows that nobody who is possible comes to.
pub(super) fn that_matter(plan: &Plan, slice: &Slice, roots: &[Register], registers: &Registers) -> Vec<SlotId> {
    let walk = Walk { plan, registers, ways: BTreeMap::new(), found: Reached::default(), sifts: true };
    walk.back_from(slice, roots).slots.into_keys().collect()
}

struct Walk<'a> {
    plan: &'a Plan,
    registers: &'a Registers,
    ways: BTreeMap<Register, Ways>,
    found: Reached,
    /// Rows of tables that cannot come to be the first to fit are left out.
    sifts: bool,
}

impl Walk<'_> {
    fn back_from(mut self, slice: &Slice, roots: &[Register]) -> Reached {
        for root in roots {
            self.reach(*root, Ways { count: 1, blamed: false });
        }
        for at in slice.steps.iter().rev() {
            let Some(step) = self.plan.steps.get(*at as usize) else { continue };
            let Some(ways) = self.ways.get(&step.writes()).copied() else { continue };
            self.found.steps.push(*at);
            self.pass_on(step, ways);
        }
        self.found
    }

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
        } else if let (Step::Rows { policy: RowPolicy::First, rows, .. }, true) = (step, self.sifts && !ways.blamed) {
            for when in self.deciding(rows) {
                self.reach(Register::Truth(when), ways);
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

    /// The conditions of the rows that can still come to be the first to fit. Behind rows one of which surely fits
    /// nothing matters, nor which of the last rows it is where they have one value.
    fn deciding(&self, rows: &[(TruthRegister, u8)]) -> Vec<TruthRegister> {
        let mut taken: BTreeMap<Register, Held> = BTreeMap::new();
        let mut left: Vec<(TruthRegister, u8)> = Vec::new();
        let mut surely = false;
        for (when, value) in rows.iter().copied().filter(|(when, _)| self.registers.truth(*when).can_be_yes()) {
            left.push((when, value));
            surely = self.registers.truth(when) == Truth::YES || self.takes_the_rest(when, &mut taken);
            if surely {
                break;
            }
        }
        let last = left.last().map(|(_, value)| *value);
        while surely && left.last().map(|(_, value)| *value) == last && !left.is_empty() {
            left.pop();
        }
        left.into_iter().map(|(when, _)| when).collect()
    }

    /// Whether a row takes what the rows before it left of the one thing it tests.
    fn takes_the_rest(&self, when: TruthRegister, taken: &mut BTreeMap<Register, Held>) -> bool {
        let Some((of, range)) = self.single_test(when) else { return false };
        let all = taken.remove(&of).map_or_else(|| range.clone(), |before| before.union(&range));
        let rest = self.registers.held(of).is_within(&all);
        taken.insert(of, all);
        rest
    }

    /// The one open test that a condition consists of: what is looked at, and what it has to be.
    fn single_test(&self, when: TruthRegister) -> Option<(Register, Held)> {
        let Some(Writer::Step(at)) = self.plan.writer(Register::Truth(when)) else { return None };
        let step = self.plan.steps.get(at as usize)?;
        if let Step::Is(of, values, _) = step {
            return Some((Register::Choice(*of), Held::Choices(*values)));
        }
        if let Step::Within(of, range, _) = step {
            return Some((Register::Number(*of), Held::Number(range.clone())));
        }
        let Step::All(parts, _) = step else { return None };
        let mut open = parts.iter().filter(|part| self.registers.truth(**part) != Truth::YES);
        match (open.next(), open.next()) {
            (Some(only), None) => self.single_test(*only),
            (_, _) => None,
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
