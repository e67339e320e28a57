//! Which slots an open answer still hangs on, and by how many ways.
//!
//! Walks a slice from its answer back to its slots. A register that is settled passes nothing on; a pick passes on
//! only through the branches that can hold. What reaches a slot twice is a fact *read twice*: set arithmetic is
//! exact for an answer without such a slot (Moore, *Interval Analysis*, 1966, on single-use expressions).

use crate::plan::{Bits, Plan, Register, RowPolicy, SlotId, Step, TruthRegister, Writer};

use crate::value::Truth;

use super::Registers;
use super::registers::Held;

/// What an open register depends on.
#[derive(Debug, Default, Clone)]
pub(super) struct Reached {
    /// By how many ways each slot is reached, at most [`MANY`], in the order of the slots.
    pub(super) slots: Vec<(SlotId, u32)>,
    /// The steps whose result is open and reached, later ones first.
    pub(super) steps: Vec<u32>,
}

impl Reached {
    /// The slot is reached.
    pub(super) fn contains(&self, slot: SlotId) -> bool {
        self.slots.binary_search_by_key(&slot, |(slot, _)| *slot).is_ok()
    }

    /// The step is reached.
    pub(super) fn has_step(&self, at: u32) -> bool {
        self.steps.binary_search_by(|own| at.cmp(own)).is_ok()
    }
}

const MANY: u32 = 1_000;

/// By how many ways a register is reached, and whether it is to blame although it is settled.
#[derive(Debug, Default, Clone, Copy)]
struct Ways {
    count: u32,
    blamed: bool,
}

/// Where walks keep their notes, empty between them: one for each step, one for each slot.
#[derive(Debug, Clone)]
pub(super) struct Notes {
    steps: Vec<Ways>,
    open: Bits,
    slots: Vec<u32>,
    /// Found on an earlier walk and done with.
    old: Reached,
}

impl Notes {
    pub(super) fn of(plan: &Plan) -> Self {
        let (steps, slots) = (plan.steps.len(), plan.slots.len());
        Notes {
            steps: vec![Ways::default(); steps],
            open: Bits::none(steps),
            slots: vec![0; slots],
            old: Reached::default(),
        }
    }

    /// Takes back what a walk found, for the next to be written in the same place.
    pub(super) fn put_by(&mut self, mut reached: Reached) {
        reached.slots.clear();
        reached.steps.clear();
        self.old = reached;
    }
}

/// The unsettled slots that open registers are worked out from, as far as they are by some steps only.
pub(super) fn reached(
    plan: &Plan,
    roots: impl IntoIterator<Item = Register>,
    registers: &Registers,
    within: Option<&Bits>,
    notes: &mut Notes,
) -> Reached {
    let found = std::mem::take(&mut notes.old);
    Walk { plan, registers, within, notes, found, from: 0, sifts: false }.back_from(roots)
}

/// The unsettled slots that can matter: without those of table rows that nobody who is possible comes to.
pub(super) fn that_matter(plan: &Plan, roots: &[Register], registers: &Registers, notes: &mut Notes) -> Vec<SlotId> {
    let found = Reached::default();
    let walk = Walk { plan, registers, within: None, notes, found, from: 0, sifts: true };
    walk.back_from(roots.iter().copied()).slots.into_iter().map(|(slot, _)| slot).collect()
}

struct Walk<'a> {
    plan: &'a Plan,
    registers: &'a Registers,
    /// No other steps are looked at.
    within: Option<&'a Bits>,
    notes: &'a mut Notes,
    found: Reached,
    /// The last step that is reached and was not yet passed.
    from: u32,
    /// Rows of tables that cannot come to be the first to fit are left out.
    sifts: bool,
}

impl Walk<'_> {
    fn back_from(mut self, roots: impl IntoIterator<Item = Register>) -> Reached {
        for root in roots {
            self.reach(root, Ways { count: 1, blamed: false });
        }
        let plan = self.plan;
        // A step reads what earlier steps wrote.
        while let Some(at) = self.notes.open.take_highest(self.from) {
            self.from = at;
            let ways = self.notes.steps.get_mut(at as usize).map(std::mem::take);
            let (Some(ways), Some(step)) = (ways, plan.step(at)) else { continue };
            self.found.steps.push(at);
            self.pass_on(step, ways);
        }
        self.found.slots.sort_unstable();
        for (slot, ways) in &mut self.found.slots {
            *ways = self.notes.slots.get_mut(slot.0 as usize).map_or(0, std::mem::take);
        }
        self.found
    }

    fn reach(&mut self, register: Register, by: Ways) {
        if !by.blamed && self.registers.is_settled(register) {
            return;
        }
        match self.plan.writer(register) {
            Some(Writer::Slot(slot)) => {
                let Some(count) = self.notes.slots.get_mut(slot.0 as usize) else { return };
                if *count == 0 {
                    self.found.slots.push((slot, 0));
                }
                *count = (*count + by.count).min(MANY);
            }
            Some(Writer::Step(at)) => {
                if self.within.is_some_and(|within| !within.contains(at)) {
                    return;
                }
                let Some(ways) = self.notes.steps.get_mut(at as usize) else { return };
                ways.count = (ways.count + by.count).min(MANY);
                ways.blamed |= by.blamed;
                self.notes.open.insert(at);
                self.from = self.from.max(at);
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
        let mut taken: Vec<(Register, Held)> = Vec::new();
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
    fn takes_the_rest(&self, when: TruthRegister, taken: &mut Vec<(Register, Held)>) -> bool {
        let Some((of, range)) = self.single_test(when) else { return false };
        let whole = self.registers.held(of);
        if let Some((_, all)) = taken.iter_mut().find(|(other, _)| *other == of) {
            *all = all.union(&range);
            return whole.is_within(all);
        }
        let rest = whole.is_within(&range);
        taken.push((of, range));
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
