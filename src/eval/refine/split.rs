//! The kinds of patient a node falls into: by the values of a choice, by the outcome of a test, by where a number lies.

use std::rc::Rc;

use crate::plan::{Register, Relation, SlotId, Step, Writer};
use crate::value::{Bound, Choices, Interval, Number, NumberSet, Truth};

use super::super::Held;
use super::super::linear::{self, Constraint, Form, Ratio};
use super::super::relevance::Reached;
use super::{Forced, Node, Search};

impl Search<'_, '_> {
    /// The kinds of patient a node falls into; empty where nothing is left to split.
    pub(in crate::eval) fn split(&self, node: &Rc<Node>, reached: &Reached, twice: &[SlotId]) -> Vec<Node> {
        for slot in twice {
            let Some(register) = self.question.plan.slot(*slot).map(|slot| slot.register) else { continue };
            let cells = match register {
                Register::Truth(_) => vec![Held::Truth(Truth::YES), Held::Truth(Truth::NO)],
                Register::Choice(at) => self.groups(register, self.registers().choice(at)),
                Register::Number(_) => continue,
            };
            if cells.len() > 1 {
                let child = |cell: &Held| {
                    let mut child = Node::of(node);
                    self.narrow(&mut child, *slot, cell);
                    child
                };
                return cells.iter().map(child).collect();
            }
        }
        // Earlier steps first: what they settle, settles what follows.
        let mut atoms = reached.steps.iter().rev().filter(|at| self.forced.iter().all(|(forced, _)| forced != *at));
        atoms.find_map(|at| self.split_atom(node, *at, twice)).unwrap_or_default()
    }

    /// Narrows a slot of a node that is split off the one that was run last, and every slot that is one with it.
    pub(in crate::eval) fn narrow(&self, node: &mut Node, slot: SlotId, room: &Held) {
        let one_with = |pair: &(SlotId, SlotId)| match *pair {
            (one, other) | (other, one) if one == slot => Some(other),
            _ => None,
        };
        let others = self.question.twins.iter().filter_map(one_with);
        for slot in std::iter::once(slot).chain(others) {
            let Some(known) = self.question.plan.slot(slot) else { continue };
            match node.narrowed.iter_mut().find(|(own, _)| *own == slot) {
                Some((_, held)) => *held = held.intersection(room),
                None => node.narrowed.push((slot, self.registers().held(known.register).intersection(room))),
            }
        }
    }

    /// A node under further conditions: one on a single slot narrows that slot, the others are kept.
    pub(in crate::eval) fn under(&self, node: &Rc<Node>, constraints: Vec<Constraint>) -> Node {
        let mut child = Node::of(node);
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
        let is_open = |at: &u32| self.open.as_ref().is_some_and(|open| open.steps.contains(*at));
        for at in self.question.plan.readers(register).iter().copied().filter(is_open) {
            if let Some(Step::Is(_, values, _)) = self.question.plan.step(at) {
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
    fn split_atom(&self, node: &Rc<Node>, at: u32, twice: &[SlotId]) -> Option<Vec<Node>> {
        let step = self.question.plan.steps.get(at as usize)?;
        if let Some((of, sets)) = step.cells() {
            self.split_cells(node, at, Register::Number(of), sets, twice)
        } else if let Step::Compare(left, relation, right, _) = step {
            let left = linear::ratio(self.question.plan, self.registers(), Register::Number(*left))?;
            let right = linear::ratio(self.question.plan, self.registers(), Register::Number(*right))?;
            self.split_comparison(node, at, &left, *relation, &right, twice)
        } else {
            None
        }
    }

    /// By whether a comparison of two linear forms holds.
    pub(in crate::eval) fn split_comparison(
        &self,
        node: &Rc<Node>,
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
            child.forced = Some((at, Forced::Outcome(Truth::from(holds))));
            child
        };
        Some(outcomes(&left.top, relation, &right.top)?.into_iter().map(child).collect())
    }

    /// By the sets a number is held against, and what lies outside them all.
    pub(in crate::eval) fn split_cells<'s>(
        &self,
        node: &Rc<Node>,
        at: u32,
        tested: Register,
        sets: impl Iterator<Item = &'s NumberSet> + Clone,
        twice: &[SlotId],
    ) -> Option<Vec<Node>> {
        let slot = match self.question.plan.writer(tested) {
            _ if self.registers().is_settled(tested) => return None,
            Some(Writer::Slot(slot)) if !twice.contains(&slot) => return None,
            Some(Writer::Slot(slot)) => Some(slot),
            Some(Writer::Step(_)) | None => None,
        };
        let ratio = if slot.is_some() {
            None
        } else {
            let ratio = linear::ratio(self.question.plan, self.registers(), tested)?;
            Some(ratio).filter(|ratio| mentions(ratio, twice))
        };
        if slot.is_none() && ratio.is_none() {
            return None;
        }
        let inside = sets.clone().fold(NumberSet::empty(), |union, set| union.union(set));
        let outside = inside.complement();
        let mut children = Vec::new();
        for interval in sets.flat_map(|cell| cell.intervals()).chain(outside.intervals()) {
            let cell = NumberSet::from_interval(interval);
            let mut child = match (slot, &ratio) {
                (Some(slot), _) => {
                    let mut child = Node::of(node);
                    if interval.low.number().is_some() || interval.high.number().is_some() {
                        self.narrow(&mut child, slot, &Held::Number(cell.clone()));
                    }
                    child
                }
                (None, Some(ratio)) => {
                    let bottom = ratio.bottom.values(|slot| self.values(slot));
                    let Some(constraints) = Constraint::between(ratio, &interval, &bottom) else {
                        return self.split_at_zero(node, &ratio.bottom);
                    };
                    self.under(node, constraints)
                }
                (None, None) => return None,
            };
            child.forced = Some((at, Forced::Cell(cell)));
            children.push(child);
        }
        Some(children)
    }

    /// By whether a bottom of one slot is zero, below it or above, where it may be zero.
    fn split_at_zero(&self, node: &Rc<Node>, bottom: &Form) -> Option<Vec<Node>> {
        let (slot, zero) = bottom.zero()?;
        let values = self.values(slot);
        let room = |low: Bound, high: Bound| NumberSet::from_interval(Interval { low, high }).intersection(&values);
        let sides = [
            room(Bound::Closed(zero), Bound::Closed(zero)),
            room(Bound::Unbounded, Bound::Open(zero)),
            room(Bound::Open(zero), Bound::Unbounded),
        ];
        let child = |side: NumberSet| {
            let mut child = Node::of(node);
            self.narrow(&mut child, slot, &Held::Number(side));
            child
        };
        let sides: Vec<NumberSet> = sides.into_iter().filter(|side| !side.is_empty()).collect();
        (sides.len() > 1).then(|| sides.into_iter().map(child).collect())
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
