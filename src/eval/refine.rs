//! An answer in which an unknown fact is read twice, made as narrow as the truth.
//!
//! Set arithmetic takes two readings of one unknown fact for independent, and so allows too much. Here the unknown
//! is split until no open fact is read twice: a choice by value, a number at the thresholds it is held against, a sum
//! or a ratio of several by the condition itself, so that what remains are linear conditions, decided exactly. What a
//! leaf still allows is possible; a branch that could only repeat what is already known possible is left. Products of
//! unknowns, highest and lowest of several, roots and logarithms are not split: such a leaf is kept and said to be
//! inexact.
//!
//! This is the search of a solver for linear conditions under a Boolean skeleton (Nieuwenhuis, Oliveras and
//! Tinelli 2006), kept small: the bound counts splits, never time.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Plan, Register, Relation, Slice, Slot, SlotId, Step, Writer};
use crate::value::{Choices, Number, NumberSet, Precision, Truth};

use super::linear::{self, Constraint, Form, Ratio, Solution};
use super::relevance::{self, Reached};
use super::{Held, Registers, step};

/// The most splits for one answer.
pub(super) const SPLITS: u32 = 4_000;
/// The most splits for what is only drawn, a step of an algorithm, a branch, and for what hangs on very many facts.
pub(super) const FEW_SPLITS: u32 = 200;

/// What is possible of an answer, and whether that is exactly the truth.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refined {
    /// The possible values: never narrower than the truth.
    pub(super) held: Held,
    /// They are neither wider.
    pub(super) exact: bool,
}

/// What an answer is worked out from.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) plan: &'a Plan,
    /// The steps of the answer and of the impossible combinations that speak of the same things.
    pub(super) slice: &'a Slice,
    pub(super) root: Register,
    /// Linear laws between unknown slots: each form is zero.
    pub(super) laws: &'a [Form],
    /// Unknown slots that are one.
    pub(super) twins: &'a [(SlotId, SlotId)],
    pub(super) precision: Precision,
    /// How many splits it is worth.
    pub(super) splits: u32,
}

/// Narrows what `outer` holds of the root to what some patient can have.
pub(super) fn refine(question: Question<'_>, outer: &Registers) -> Refined {
    let open = still_open(&question, outer);
    let mut search = Search::of(Question { slice: &open, ..question }, outer);
    search.visit(&Node::default());
    match search.seen {
        Some(held) => Refined { held, exact: search.exact },
        // Every branch contradicts itself: so does the record, and nothing is known for certain.
        None => Refined { held: search.outer, exact: false },
    }
}

/// What of a slice can still change: a step or a slot that is settled stays so for every kind of patient.
fn still_open(question: &Question<'_>, outer: &Registers) -> Slice {
    let Question { plan, slice, .. } = *question;
    let mut steps = relevance::reached(plan, slice, &roots_of(question), outer).steps;
    steps.reverse();
    let is_open = |slot: &&SlotId| plan.slot(**slot).is_some_and(|slot| !outer.is_settled(slot.register));
    Slice {
        steps: steps.into(),
        slots: slice.slots.iter().filter(is_open).copied().collect(),
        impossible: slice.impossible.clone(),
    }
}

/// What an answer is narrowed by: itself, and the combinations nobody has.
fn roots_of(question: &Question<'_>) -> Vec<Register> {
    let impossible = question.slice.impossible.iter().copied().map(Register::Truth);
    std::iter::once(question.root).chain(impossible).collect()
}

/// A kind of patient on the way to a leaf.
#[derive(Clone, Default)]
pub(super) struct Node {
    /// What slots are narrowed to.
    pub(super) narrowed: BTreeMap<Register, Held>,
    /// Steps whose tested number is confined to a set, or whose outcome is taken.
    pub(super) forced: BTreeMap<u32, Forced>,
    pub(super) constraints: Vec<Constraint>,
}

impl Node {
    /// The number a step tests is confined to a part of a set.
    pub(super) fn is_forced_within(&self, at: u32, set: &NumberSet) -> bool {
        matches!(self.forced.get(&at), Some(Forced::Cell(cell)) if cell.is_subset_of(set))
    }

    /// The outcome of a step is taken to be so.
    pub(super) fn is_forced(&self, at: u32, outcome: &Held) -> bool {
        matches!(self.forced.get(&at), Some(Forced::Outcome(truth)) if Held::Truth(*truth) == *outcome)
    }
}

#[derive(Clone)]
pub(super) enum Forced {
    Cell(NumberSet),
    Outcome(Truth),
}

/// What is so of every patient, of some slots.
pub(super) struct Law {
    slots: Vec<SlotId>,
    /// `None` where it cannot be written down.
    constraints: Option<Vec<Constraint>>,
}

/// What is zero is neither above nor below it, and the ordered readings are in order.
fn laws_of(question: &Question<'_>) -> Vec<Law> {
    let zero = Form::constant(Number::ZERO);
    let none_but_zero =
        |law: &Form| Some(vec![Constraint::at_most(law, &zero, false)?, Constraint::at_most(&zero, law, false)?]);
    let equal = question.laws.iter().map(|law| Law { slots: law.slots().collect(), constraints: none_but_zero(law) });
    let of = |slot: &SlotId| Form::slot(*slot, Number::ONE);
    let ordered = question.plan.ordered.iter().map(|(low, high)| Law {
        slots: vec![*low, *high],
        constraints: Constraint::at_most(&of(low), &of(high), false).map(|one| vec![one]),
    });
    equal.chain(ordered).collect()
}

pub(super) struct Search<'a> {
    pub(super) question: Question<'a>,
    laws: Vec<Law>,
    /// The slots as the record leaves them.
    start: &'a Registers,
    /// Those of the node that is visited.
    pub(super) registers: Registers,
    seen: Option<Held>,
    pub(super) exact: bool,
    pub(super) splits: u32,
    outer: Held,
}

impl<'a> Search<'a> {
    /// A search that has not begun.
    pub(super) fn of(question: Question<'a>, start: &'a Registers) -> Self {
        Search {
            question,
            laws: laws_of(&question),
            start,
            registers: start.clone(),
            seen: None,
            exact: true,
            splits: 0,
            outer: start.held(question.root),
        }
    }
}

impl Search<'_> {
    fn visit(&mut self, node: &Node) {
        if !self.run(node) || !self.is_possible(node) {
            return;
        }
        let held = self.registers.held(self.question.root);
        if self.seen.as_ref().is_some_and(|seen| held.is_within(seen)) {
            return;
        }
        let Question { plan, slice, .. } = self.question;
        let reached = relevance::reached(plan, slice, &roots_of(&self.question), &self.registers);
        let twice = self.read_twice(&reached, node);
        if twice.is_empty() {
            return self.allow(held);
        }
        if self.splits >= self.question.splits {
            self.exact = false;
            return self.allow(held);
        }
        let children = self.split(node, &reached, &twice);
        if children.is_empty() {
            return self.leaf(node, held);
        }
        for child in children {
            self.splits += 1;
            self.visit(&child);
            if self.seen.as_ref().is_some_and(|seen| self.outer.is_within(seen)) {
                return;
            }
        }
    }

    fn allow(&mut self, held: Held) {
        self.seen = Some(match self.seen.take() {
            Some(seen) => seen.union(&held),
            None => held,
        });
    }

    /// Fills the slots as the node has them and runs the slice; false where a forced cell is empty.
    pub(super) fn run(&mut self, node: &Node) -> bool {
        let Question { plan, slice, precision, .. } = self.question;
        for slot in slice.slots.iter().filter_map(|slot| plan.slot(*slot)) {
            let held = node.narrowed.get(&slot.register).cloned();
            self.registers.set(slot.register, &held.unwrap_or_else(|| self.start.held(slot.register)));
        }
        for at in &slice.steps {
            let Some(step) = plan.steps.get(*at as usize) else { continue };
            match (node.forced.get(at), step) {
                (Some(Forced::Outcome(truth)), Step::Compare(_, _, _, to)) => self.registers.set_truth(*to, *truth),
                (
                    Some(Forced::Cell(cell)),
                    Step::Within(of, _, _) | Step::Points(of, _, _) | Step::Classify(of, _, _),
                ) => {
                    let whole = self.registers.number(*of).clone();
                    let confined = whole.intersection(cell);
                    if confined.is_empty() {
                        return false;
                    }
                    self.registers.set_number(*of, confined);
                    step::run(step, &mut self.registers, precision);
                    self.registers.set_number(*of, whole);
                }
                _ => step::run(step, &mut self.registers, precision),
            }
            if !self.is_within_narrowed(node, step.writes()) {
                return false;
            }
        }
        true
    }

    /// What a step came to, narrowed where the node narrows it; false where nothing is left.
    fn is_within_narrowed(&mut self, node: &Node, register: Register) -> bool {
        let Some(room) = node.narrowed.get(&register) else { return true };
        let left = self.registers.held(register).intersection(room);
        self.registers.set(register, &left);
        !left.is_empty()
    }

    pub(super) fn is_possible(&mut self, node: &Node) -> bool {
        let Question { slice, .. } = self.question;
        let empty = node.narrowed.values().any(Held::is_empty);
        if empty || slice.impossible.iter().any(|at| self.registers.truth(*at) == Truth::YES) {
            return false;
        }
        let Some(constraints) = self.constraints(node) else {
            self.exact = false;
            return true;
        };
        if constraints.is_empty() {
            return true;
        }
        match linear::solve(&constraints, |slot| self.values(slot)) {
            Solution::None => false,
            Solution::Some(_) => true,
            Solution::Unknown => {
                self.exact = false;
                true
            }
        }
    }

    /// The conditions of a node, and of the laws those that speak of what it narrowed or of each other: what no split
    /// has touched contradicts nothing. `None` where a law is too long to be written down.
    pub(super) fn constraints(&self, node: &Node) -> Option<Vec<Constraint>> {
        let mut constraints = node.constraints.clone();
        let mut touched: BTreeSet<SlotId> = node.narrowed.keys().filter_map(|at| self.slot_of(*at)).collect();
        touched.extend(node.constraints.iter().flat_map(|one| one.form.slots()));
        let mut left = self.laws.iter().collect::<Vec<_>>();
        loop {
            let is_touched = |law: &&Law| law.slots.iter().any(|slot| touched.contains(slot));
            let (near, far): (Vec<&Law>, Vec<&Law>) = left.into_iter().partition(is_touched);
            if near.is_empty() {
                return Some(constraints);
            }
            for law in near {
                constraints.extend(law.constraints.clone()?);
                touched.extend(law.slots.iter().copied());
            }
            left = far;
        }
    }

    fn slot_of(&self, register: Register) -> Option<SlotId> {
        match self.question.plan.writer(register) {
            Some(Writer::Slot(slot)) => Some(slot),
            Some(Writer::Step(_)) | None => None,
        }
    }

    pub(super) fn values(&self, slot: SlotId) -> NumberSet {
        match self.question.plan.slot(slot).map(|slot| self.registers.held(slot.register)) {
            Some(Held::Number(number)) => number,
            Some(Held::Truth(_) | Held::Choices(_)) | None => NumberSet::everything(),
        }
    }

    /// The open slots that set arithmetic would take for several: reached by two ways, or tied by a law or a condition
    /// to another that is reached or was narrowed.
    fn read_twice(&self, reached: &Reached, node: &Node) -> Vec<SlotId> {
        let open =
            |slot: SlotId| self.question.plan.slot(slot).filter(|slot| !self.registers.is_settled(slot.register));
        let matters = |slot: SlotId| {
            let narrowed = |slot: &Slot| node.narrowed.contains_key(&slot.register);
            let bound = || node.constraints.iter().any(|one| one.form.slots().any(|own| own == slot));
            open(slot).is_some_and(|known| reached.slots.contains_key(&slot) || narrowed(known) || bound())
        };
        let together = |slot: SlotId, form: &Form| {
            form.slots().any(|own| own == slot) && form.slots().any(|other| other != slot && matters(other))
        };
        let tied = |slot: SlotId| {
            let mut ordered = self.question.plan.ordered.iter();
            let twins = &mut self.question.twins.iter();
            twins.any(|(one, other)| (*one == slot && matters(*other)) || (*other == slot && matters(*one)))
                || ordered.any(|(low, high)| (*low == slot && matters(*high)) || (*high == slot && matters(*low)))
                || self.question.laws.iter().any(|law| together(slot, law))
                || node.constraints.iter().any(|constraint| together(slot, &constraint.form))
        };
        let twice = |(slot, ways): &(&SlotId, &u32)| open(**slot).is_some() && (**ways > 1 || tied(**slot));
        // What is read most, first: it settles most.
        let mut found: Vec<(SlotId, u32)> =
            reached.slots.iter().filter(twice).map(|(slot, ways)| (*slot, *ways)).collect();
        found.sort_by_key(|(slot, ways)| (std::cmp::Reverse(*ways), *slot));
        found.into_iter().map(|(slot, _)| slot).collect()
    }

    /// The kinds of patient a node falls into; empty where nothing is left to split.
    fn split(&self, node: &Node, reached: &Reached, twice: &[SlotId]) -> Vec<Node> {
        for slot in twice {
            let Some(register) = self.question.plan.slot(*slot).map(|slot| slot.register) else { continue };
            let cells = match self.registers.held(register) {
                Held::Truth(_) => vec![Held::Truth(Truth::YES), Held::Truth(Truth::NO)],
                Held::Choices(choices) => self.groups(register, choices),
                Held::Number(_) => continue,
            };
            if cells.len() > 1 {
                let child = |cell: &Held| {
                    let mut child = node.clone();
                    self.narrow(&mut child, *slot, cell);
                    child
                };
                return cells.iter().map(child).collect();
            }
        }
        // Earlier steps first: what they settle, settles what follows.
        let mut atoms = reached.steps.iter().rev().filter(|at| !node.forced.contains_key(at));
        atoms.find_map(|at| self.split_atom(node, *at, twice)).unwrap_or_default()
    }

    /// Narrows a slot of a node, and every slot that is one with it.
    pub(super) fn narrow(&self, node: &mut Node, slot: SlotId, room: &Held) {
        let one_with = |pair: &(SlotId, SlotId)| match *pair {
            (one, other) | (other, one) if one == slot => Some(other),
            _ => None,
        };
        let others = self.question.twins.iter().filter_map(one_with);
        for known in std::iter::once(slot).chain(others).filter_map(|slot| self.question.plan.slot(slot)) {
            let now = node.narrowed.remove(&known.register).unwrap_or_else(|| self.registers.held(known.register));
            node.narrowed.insert(known.register, now.intersection(room));
        }
    }

    /// A node under further conditions: one on a single slot narrows that slot, the others are kept.
    fn under(&self, node: &Node, constraints: Vec<Constraint>) -> Node {
        let mut child = node.clone();
        for constraint in constraints {
            match constraint.of_one_slot() {
                Some((slot, room)) => self.narrow(&mut child, slot, &Held::Number(room)),
                None => child.constraints.push(constraint),
            }
        }
        child
    }

    /// Values of a choice that no step tells apart stay together.
    fn groups(&self, register: Register, choices: Choices) -> Vec<Held> {
        let mut groups = vec![choices];
        for at in &self.question.slice.steps {
            if let Some(Step::Is(of, values, _)) = self.question.plan.steps.get(*at as usize)
                && Register::Choice(*of) == register
            {
                groups = groups
                    .iter()
                    .flat_map(|group| [group.intersection(*values), group.without(*values)])
                    .filter(|group| !group.is_empty())
                    .collect();
            }
        }
        if groups.len() == 1 {
            groups = choices.iter().map(Choices::only).collect();
        }
        groups.into_iter().map(Held::Choices).collect()
    }

    /// By the outcomes of a step that tests a number, if that number hangs on a slot that is read twice.
    fn split_atom(&self, node: &Node, at: u32, twice: &[SlotId]) -> Option<Vec<Node>> {
        let step = self.question.plan.steps.get(at as usize)?;
        if let Step::Within(of, set, _) = step {
            self.split_cells(node, at, Register::Number(*of), std::slice::from_ref(set), twice)
        } else if let Step::Points(of, bands, _) = step {
            let bands: Vec<NumberSet> = bands.iter().map(|(band, _)| band.clone()).collect();
            self.split_cells(node, at, Register::Number(*of), &bands, twice)
        } else if let Step::Classify(of, bands, _) = step {
            let bands: Vec<NumberSet> = bands.iter().map(|(band, _)| band.clone()).collect();
            self.split_cells(node, at, Register::Number(*of), &bands, twice)
        } else if let Step::Compare(left, relation, right, _) = step {
            let left = linear::ratio(self.question.plan, &self.registers, Register::Number(*left))?;
            let right = linear::ratio(self.question.plan, &self.registers, Register::Number(*right))?;
            self.split_comparison(node, at, &left, *relation, &right, twice)
        } else {
            None
        }
    }

    /// By whether a comparison of two linear forms holds.
    pub(super) fn split_comparison(
        &self,
        node: &Node,
        at: u32,
        left: &Ratio,
        relation: Relation,
        right: &Ratio,
        twice: &[SlotId],
    ) -> Option<Vec<Node>> {
        let one = Form::constant(Number::ONE);
        let linear = left.bottom == one && right.bottom == one;
        if !linear || (!mentions(left, twice) && !mentions(right, twice)) {
            return None;
        }
        let child = |(holds, constraints)| {
            let mut child = self.under(node, constraints);
            child.forced.insert(at, Forced::Outcome(Truth::from(holds)));
            child
        };
        Some(outcomes(&left.top, relation, &right.top)?.into_iter().map(child).collect())
    }

    /// By the sets a number is held against, and what lies outside them all.
    pub(super) fn split_cells(
        &self,
        node: &Node,
        at: u32,
        tested: Register,
        sets: &[NumberSet],
        twice: &[SlotId],
    ) -> Option<Vec<Node>> {
        let ratio = linear::ratio(self.question.plan, &self.registers, tested)?;
        if !mentions(&ratio, twice) {
            return None;
        }
        let inside = sets.iter().fold(NumberSet::empty(), |union, set| union.union(set));
        let cells = sets.iter().cloned().chain([inside.complement()]);
        let mut children = Vec::new();
        for interval in cells.flat_map(|cell| cell.intervals().to_vec()) {
            let cell = NumberSet::from_interval(interval);
            let mut child = node.clone();
            child.forced.insert(at, Forced::Cell(cell.clone()));
            let bottom = ratio.bottom.values(|slot| self.values(slot));
            child = self.under(&child, Constraint::between(&ratio, &interval, &bottom)?);
            children.push(child);
        }
        Some(children)
    }

    /// Nothing ties the open slots to one another.
    fn is_free(&self, node: &Node) -> bool {
        let Question { plan, slice, laws, .. } = self.question;
        node.constraints.is_empty() && laws.is_empty() && plan.ordered.is_empty() && slice.impossible.is_empty()
    }

    /// Nothing is left to split: a number that is linear in its slots is exact once they are gathered.
    fn leaf(&mut self, node: &Node, held: Held) {
        let ratio = linear::ratio(self.question.plan, &self.registers, self.question.root);
        match (held, ratio) {
            (Held::Number(number), Some(ratio)) if self.is_free(node) => {
                let gathered = ratio.top.values(|slot| self.values(slot));
                let bottom = ratio.bottom.values(|slot| self.values(slot));
                self.exact &= bottom.single().is_some();
                self.allow(Held::Number(gathered.over(&bottom).intersection(&number)));
            }
            (held, _) => {
                let mut impossible = self.question.slice.impossible.iter();
                let undecided = impossible.any(|at| self.registers.truth(*at) == Truth::EITHER);
                self.exact &= held.is_settled() && !undecided;
                self.allow(held);
            }
        }
    }
}

fn mentions(ratio: &Ratio, twice: &[SlotId]) -> bool {
    ratio.top.slots().chain(ratio.bottom.slots()).any(|slot| twice.contains(&slot))
}

/// By whether a comparison of two linear forms holds: what each outcome asks of them.
fn outcomes(left: &Form, relation: Relation, right: &Form) -> Option<Vec<(bool, Vec<Constraint>)>> {
    let below = |strict| Constraint::at_most(left, right, strict);
    let above = |strict| Constraint::at_most(right, left, strict);
    Some(match relation {
        Relation::Below => vec![(true, vec![below(true)?]), (false, vec![above(false)?])],
        Relation::AtMost => vec![(true, vec![below(false)?]), (false, vec![above(true)?])],
        Relation::Equal => {
            vec![(false, vec![below(true)?]), (true, vec![below(false)?, above(false)?]), (false, vec![above(true)?])]
        }
    })
}
