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

mod split;

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::plan::{Bits, Plan, Register, Slice, SlotId};
use crate::value::{Number, NumberSet, Truth};

use super::draft::Draft;
use super::linear::{self, Constraint, Form, Ratio, Solution};
use super::relevance::Reached;
use super::{Held, Registers};

/// The most splits for one answer.
pub(super) const SPLITS: u32 = 4_000;
/// The most splits for what is only drawn, a step of an algorithm, a branch, and for what hangs on very many facts.
pub(super) const FEW_SPLITS: u32 = 200;
/// After how many splits what was not met yet is looked for value by value.
const LONG: u32 = 48;

/// What is possible of an answer, and whether that is exactly the truth.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refined {
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
    /// The results of blocks.
    pub(super) results: &'a BTreeSet<Register>,
    /// What is looked at beside it.
    pub(super) beside: &'a [Register],
    /// Linear laws between unknown slots: each form is zero.
    pub(super) laws: &'a [Form],
    /// Unknown slots that are one.
    pub(super) twins: &'a [(SlotId, SlotId)],
    /// Slots of which the first is never above the second.
    pub(super) ordered: &'a [(SlotId, SlotId)],
    /// How many splits it is worth.
    pub(super) splits: u32,
    /// Only whether one value is left is asked: where two are found, that is all.
    pub(super) is_decided: bool,
}

impl Question<'_> {
    /// What an answer is narrowed by: itself, and the combinations nobody has.
    fn roots(&self) -> impl Iterator<Item = Register> {
        std::iter::once(self.root)
            .chain(self.beside.iter().copied())
            .chain(self.slice.impossible.iter().copied().map(Register::Truth))
    }
}

/// Narrows what a run holds of the root to what some patient can have. The draft is left as it was.
pub(super) fn refine(question: Question<'_>, draft: &mut Draft<'_>) -> Refined {
    let mark = draft.mark();
    let mut search = Search::new(question, draft);
    search.visit(&Rc::default());
    let Search { seen, exact, outer, .. } = search;
    draft.set_back(mark);
    match seen {
        Some(held) => Refined { held, exact },
        // Every branch contradicts itself: so does the record, and nothing is known for certain.
        None => Refined { held: outer, exact: false },
    }
}

/// A kind of patient on the way to a leaf: what it has beyond the node it was split off.
#[derive(Default)]
pub(super) struct Node {
    /// `None` for all patients.
    parent: Option<Rc<Node>>,
    /// What slots are narrowed to.
    pub(super) narrowed: Vec<(SlotId, Held)>,
    /// A step whose tested number is confined to a set, or whose outcome is taken.
    pub(super) forced: Option<(u32, Forced)>,
    pub(super) constraints: Vec<Constraint>,
}

impl Node {
    /// The number a step tests is confined to a part of a set.
    pub(super) fn is_forced_within(&self, at: u32, set: &NumberSet) -> bool {
        matches!(&self.forced, Some((own, Forced::Cell(cell))) if *own == at && cell.is_subset_of(set))
    }

    /// The outcome of a step is taken to be so.
    pub(super) fn is_forced(&self, at: u32, outcome: &Held) -> bool {
        matches!(&self.forced, Some((own, Forced::Outcome(truth))) if *own == at && Held::Truth(*truth) == *outcome)
    }

    /// A node that is split off another, to be narrowed.
    pub(super) fn of(parent: &Rc<Node>) -> Self {
        Node { parent: Some(Rc::clone(parent)), ..Node::default() }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Forced {
    /// The number it tests lies in a set.
    Cell(NumberSet),
    /// It comes out so.
    Outcome(Truth),
    /// What it comes to is one of these.
    Room(Held),
}

/// What is so of every patient, of some slots.
#[derive(Debug)]
pub(super) struct Law {
    pub(super) slots: Vec<SlotId>,
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
    let ordered = question.ordered.iter().map(|(low, high)| Law {
        slots: vec![*low, *high],
        constraints: Constraint::at_most(&of(low), &of(high), false).map(|one| vec![one]),
    });
    equal.chain(ordered).collect()
}

/// What of a slice can still change: a step or a slot that is settled stays so for every kind of patient.
struct Open {
    steps: Bits,
    slots: Bits,
}

impl Open {
    fn of(question: &Question<'_>, outer: &Registers, reached: &Reached) -> Self {
        let Question { plan, slice, .. } = *question;
        let (mut steps, mut slots) = (Bits::none(plan.steps.len()), Bits::none(plan.slots.len()));
        for at in &reached.steps {
            steps.insert(*at);
        }
        let is_open = |slot: &&SlotId| plan.slot(**slot).is_some_and(|slot| !outer.is_settled(slot.register));
        for slot in slice.slots.iter().filter(is_open) {
            slots.insert(slot.0);
        }
        Open { steps, slots }
    }
}

pub(super) struct Search<'a, 'p> {
    pub(super) question: Question<'a>,
    /// The registers of the node that is visited.
    pub(super) draft: &'a mut Draft<'p>,
    /// `None` before the first split.
    open: Option<Open>,
    /// The nodes on the way to the one that is visited, which is the last.
    way: Vec<Entered>,
    /// The slots that are narrowed on this way, each as often as it is.
    pub(super) narrowed: Vec<SlotId>,
    /// The steps that are forced on this way.
    pub(super) forced: Vec<(u32, Forced)>,
    /// The conditions on this way.
    constraints: Vec<Constraint>,
    pub(super) seen: Option<Held>,
    pub(super) exact: bool,
    pub(super) splits: u32,
    /// It took long, and each value was looked for.
    has_looked: bool,
    outer: Held,
    /// What was not shown to be out of the question.
    pub(super) left: Held,
}

/// A node that was gone into, and where things stood before.
struct Entered {
    node: Rc<Node>,
    mark: usize,
    narrowed: usize,
    forced: usize,
    constraints: usize,
}

impl<'a, 'p> Search<'a, 'p> {
    pub(super) fn new(question: Question<'a>, draft: &'a mut Draft<'p>) -> Self {
        let outer = draft.registers().held(question.root);
        Search {
            question,
            draft,
            open: None,
            way: Vec::new(),
            narrowed: Vec::new(),
            forced: Vec::new(),
            constraints: Vec::new(),
            seen: None,
            exact: true,
            splits: 0,
            has_looked: false,
            left: outer.clone(),
            outer,
        }
    }

    /// The registers of the node that was run last.
    pub(super) fn registers(&self) -> &Registers {
        self.draft.registers()
    }

    fn visit(&mut self, node: &Rc<Node>) {
        if !self.run(node) || !self.is_possible(node) {
            return;
        }
        let mut held = self.registers().held(self.question.root);
        if self.has_looked {
            held = held.intersection(&self.left);
        }
        if held.is_empty() || self.seen.as_ref().is_some_and(|seen| held.is_within(seen)) {
            return;
        }
        if self.is_settled() {
            return self.allow(held);
        }
        let reached = self.reached();
        let twice = self.read_twice(&reached);
        if twice.is_empty() {
            self.draft.put_by(reached);
            return self.allow(held);
        }
        if self.splits >= self.question.splits {
            self.exact = false;
            return self.allow(held);
        }
        let children = self.split(node, &reached, &twice);
        self.draft.put_by(reached);
        if children.is_empty() {
            return self.leaf(held);
        }
        if self.splits >= LONG && !self.has_looked {
            self.has_looked = true;
            self.look_for_each();
            if self.is_enough() {
                return;
            }
        }
        for child in children {
            self.splits += 1;
            self.visit(&Rc::new(child));
            if self.is_enough() {
                return;
            }
        }
    }

    /// Nothing hangs on any slot: neither the root nor an impossible combination.
    pub(super) fn is_settled(&self) -> bool {
        self.question.roots().all(|root| self.registers().is_settled(root))
    }

    /// No further value can be found, or none is asked for.
    pub(super) fn is_enough(&self) -> bool {
        let enough = |seen: &Held| self.left.is_within(seen) || (self.question.is_decided && !seen.is_settled());
        self.seen.as_ref().is_some_and(enough)
    }

    /// What the root and the impossible combinations hang on in the node that was run last.
    pub(super) fn reached(&mut self) -> Reached {
        let within = self.open.as_ref().map(|open| &open.steps);
        let reached = self.draft.reached(self.question.roots(), within);
        if self.open.is_none() {
            self.open = Some(Open::of(&self.question, self.draft.registers(), &reached));
        }
        reached
    }

    pub(super) fn allow(&mut self, held: Held) {
        self.seen = Some(match self.seen.take() {
            Some(seen) => seen.union(&held),
            None => held,
        });
    }

    /// Makes the registers those of a node; false where a slot or a forced cell is empty. From the node that it was
    /// split off, or one on the way to that, only what is new is worked out.
    pub(super) fn run(&mut self, node: &Rc<Node>) -> bool {
        if node.narrowed.iter().any(|(_, held)| held.is_empty()) {
            return false;
        }
        match &node.parent {
            None => self.go_back(0),
            Some(parent) => match self.way.iter().rposition(|entered| Rc::ptr_eq(&entered.node, parent)) {
                Some(at) => self.go_back(at + 1),
                None if !self.run(parent) => return false,
                None => {}
            },
        }
        if node.narrowed.is_empty() && node.forced.is_none() && node.constraints.is_empty() {
            return true;
        }
        if self.open.is_none() {
            let reached = self.reached();
            self.draft.put_by(reached);
        }
        self.enter(node)
    }

    /// Takes in what a node has beyond the one that was run last.
    fn enter(&mut self, node: &Rc<Node>) -> bool {
        self.way.push(Entered {
            node: Rc::clone(node),
            mark: self.draft.mark(),
            narrowed: self.narrowed.len(),
            forced: self.forced.len(),
            constraints: self.constraints.len(),
        });
        let Some(open) = &self.open else { return true };
        for (slot, held) in &node.narrowed {
            self.narrowed.push(*slot);
            let slot = self.question.plan.slot(*slot).filter(|_| open.slots.contains(slot.0));
            if let Some(slot) = slot {
                self.draft.set(slot.register, held);
            }
        }
        if let Some((at, forced)) = &node.forced {
            self.forced.push((*at, forced.clone()));
            self.draft.is_due(*at);
        }
        self.constraints.extend_from_slice(&node.constraints);
        let is_possible = self.draft.run(Some(&open.steps), &self.forced);
        if !is_possible {
            self.go_back(self.way.len() - 1);
        }
        is_possible
    }

    /// Sets everything back to the node that so many were gone into before.
    pub(super) fn go_back(&mut self, to: usize) {
        while self.way.len() > to {
            let Some(entered) = self.way.pop() else { return };
            self.draft.set_back(entered.mark);
            self.narrowed.truncate(entered.narrowed);
            self.forced.truncate(entered.forced);
            self.constraints.truncate(entered.constraints);
        }
    }

    /// Some patient may be of a node that was run.
    pub(super) fn is_possible(&mut self, node: &Rc<Node>) -> bool {
        let Question { slice, .. } = self.question;
        if slice.impossible.iter().any(|at| self.registers().truth(*at) == Truth::YES) {
            return false;
        }
        if !self.is_bound(node) {
            // Its conditions are those of the node it was split off, of the same sets.
            return true;
        }
        // What nothing ties to what is new is as it was in the node before, and some patient was of that.
        let of_conditions = node.constraints.iter().flat_map(|one| one.form.slots());
        let new = node.narrowed.iter().map(|(slot, _)| *slot).chain(of_conditions).collect();
        let Some(constraints) = self.tied_to(new) else {
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

    /// What is new in a node is a condition, or a slot that a condition or a law speaks of.
    fn is_bound(&mut self, node: &Rc<Node>) -> bool {
        if !node.constraints.is_empty() {
            return true;
        }
        if node.narrowed.is_empty() {
            return false;
        }
        let laws = self.laws();
        let speaks = |slot: SlotId| {
            laws.iter().any(|law| law.slots.contains(&slot))
                || self.constraints.iter().any(|one| one.form.slots().any(|own| own == slot))
        };
        node.narrowed.iter().any(|(slot, _)| speaks(*slot))
    }

    /// What is so of every patient.
    fn laws(&mut self) -> Rc<[Law]> {
        let question = &self.question;
        Rc::clone(self.draft.laws.get_or_insert_with(|| laws_of(question).into()))
    }

    /// The conditions of a node, and of the laws those that speak of what it narrowed or of each other: what no split
    /// has touched contradicts nothing. `None` where a law is too long to be written down.
    pub(super) fn constraints(&mut self) -> Option<Vec<Constraint>> {
        let of_constraints = self.constraints.iter().flat_map(|one| one.form.slots());
        let touched = self.narrowed.iter().copied().chain(of_constraints).collect();
        self.tied_to(touched)
    }

    /// The conditions and laws that tie some slots to one another and to further ones.
    fn tied_to(&mut self, mut touched: Vec<SlotId>) -> Option<Vec<Constraint>> {
        let laws = self.laws();
        let mut conditions: Vec<&Constraint> = self.constraints.iter().collect();
        let mut laws: Vec<&Law> = laws.iter().collect();
        let mut found = Vec::new();
        loop {
            let before = touched.len();
            conditions.retain(|one| {
                // What speaks of no slot holds or contradicts itself, wherever it stands.
                let mut slots = one.form.slots().peekable();
                let is_near = slots.peek().is_none() || slots.any(|slot| touched.contains(&slot));
                if is_near {
                    found.push((*one).clone());
                    touched.extend(one.form.slots());
                }
                !is_near
            });
            let mut writable = true;
            laws.retain(|law| {
                let is_near = law.slots.iter().any(|slot| touched.contains(slot));
                if is_near {
                    writable &= law.constraints.is_some();
                    found.extend(law.constraints.iter().flatten().cloned());
                    touched.extend(law.slots.iter().copied());
                }
                !is_near
            });
            writable.then_some(())?;
            if touched.len() == before {
                return Some(found);
            }
        }
    }

    pub(super) fn values(&self, slot: SlotId) -> NumberSet {
        match self.question.plan.slot(slot).map(|slot| self.registers().held(slot.register)) {
            Some(Held::Number(number)) => number,
            Some(Held::Truth(_) | Held::Choices(_)) | None => NumberSet::everything(),
        }
    }

    /// The open slots that set arithmetic would take for several: reached by two ways, or tied by a law or a condition
    /// to another that is reached or was narrowed.
    pub(super) fn read_twice(&self, reached: &Reached) -> Vec<SlotId> {
        let open =
            |slot: SlotId| self.question.plan.slot(slot).filter(|slot| !self.registers().is_settled(slot.register));
        let matters = |slot: SlotId| {
            let bound = || self.constraints.iter().any(|one| one.form.slots().any(|own| own == slot));
            open(slot).is_some() && (reached.contains(slot) || self.narrowed.contains(&slot) || bound())
        };
        let together = |slot: SlotId, form: &Form| {
            form.slots().any(|own| own == slot) && form.slots().any(|other| other != slot && matters(other))
        };
        let tied = |slot: SlotId| {
            let mut ordered = self.question.ordered.iter();
            let twins = &mut self.question.twins.iter();
            twins.any(|(one, other)| (*one == slot && matters(*other)) || (*other == slot && matters(*one)))
                || ordered.any(|(low, high)| (*low == slot && matters(*high)) || (*high == slot && matters(*low)))
                || self.question.laws.iter().any(|law| together(slot, law))
                || self.constraints.iter().any(|constraint| together(slot, &constraint.form))
        };
        let twice = |(slot, ways): &&(SlotId, u32)| open(*slot).is_some() && (*ways > 1 || tied(*slot));
        // What is read most, first: it settles most.
        let mut found: Vec<(SlotId, u32)> = reached.slots.iter().filter(twice).copied().collect();
        found.sort_by_key(|(slot, ways)| (std::cmp::Reverse(*ways), *slot));
        found.into_iter().map(|(slot, _)| slot).collect()
    }

    /// Nothing ties the slots of a number to one another or to others.
    fn is_free(&self, ratio: &Ratio) -> bool {
        let Question { slice, laws, ordered, .. } = self.question;
        let is_own = |slot: SlotId| ratio.top.slots().chain(ratio.bottom.slots()).any(|own| own == slot);
        let forms = self.constraints.iter().map(|one| &one.form).chain(laws);
        let tied = forms.flat_map(Form::slots).chain(ordered.iter().flat_map(|(low, high)| [*low, *high]));
        slice.impossible.is_empty() && !tied.into_iter().any(is_own)
    }

    /// Nothing is left to split: a number that is linear in its slots is exact once they are gathered.
    fn leaf(&mut self, held: Held) {
        let ratio = linear::ratio(self.question.plan, self.registers(), self.question.root);
        let bottom = ratio.as_ref().map(|ratio| ratio.bottom.values(|slot| self.values(slot)));
        // Of what is divided by nothing nothing is known.
        let bottom = bottom.filter(|bottom| !bottom.contains(Number::ZERO));
        match (held, ratio, bottom) {
            (Held::Number(number), Some(ratio), Some(bottom)) if self.is_free(&ratio) => {
                let gathered = ratio.top.values(|slot| self.values(slot));
                self.exact &= bottom.single().is_some();
                self.allow(Held::Number(gathered.over(&bottom).intersection(&number)));
            }
            (held, _, _) => {
                let mut impossible = self.question.slice.impossible.iter();
                let undecided = impossible.any(|at| self.registers().truth(*at) == Truth::EITHER);
                self.exact &= held.is_settled() && !undecided;
                self.allow(held);
            }
        }
    }
}
