//! Looks for a kind of patient: slots under which registers hold what is wanted of them.
//!
//! From a register that is not yet as wanted the search walks back to one open slot that could make it so, narrows the
//! slot, runs the plan, and goes on; what cannot come true any more is left at once. Every split is into all kinds of
//! patients, so a search that ends without one has shown that there is none.
//!
//! This is the walk of Goel's PODEM, which finds inputs of a circuit for a wanted output (*IEEE Transactions on
//! Computers* C-30, 1981), over sets instead of bits.

mod meets;
mod way_back;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::plan::{Plan, Register, Slice, SlotId, Step, TruthRegister, Writer};
use crate::value::{NumberSet, Precision, Truth};

use crate::model::BlockId;

use super::cells::{Start, apart, halves, pieces, proposed, tested, without, without_fault};
use super::draft::Draft;
use super::linear::{self, Constraint, Solution};
use super::refine::{Forced, Node, Question, Search};
use super::tied::Ties;
use super::{Held, Inputs, Registers, Subject};

pub(super) use meets::meets;

/// What is wanted of a register: every value it can have is one of these.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Which.
    pub register: Register,
    /// The values.
    pub held: Held,
}

impl Wanted {
    /// A truth that is settled so.
    pub fn truth(register: TruthRegister, truth: bool) -> Self {
        Wanted { register: Register::Truth(register), held: Held::Truth(Truth::from(truth)) }
    }

    /// It is so.
    pub fn is_met(&self, registers: &Registers) -> bool {
        registers.held(self.register).is_within(&self.held)
    }
}

/// A kind of patient: what some slots are narrowed to; the others may hold anything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kind {
    /// By slot.
    pub slots: BTreeMap<SlotId, Held>,
}

/// How a search ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// There is such a patient.
    Kind(Kind),
    /// There is none.
    Nobody,
    /// Not found out within the bound, or with conditions that are not linear.
    NotProved,
}

/// The splits after which a search is first looked at from further away.
const SOON: u32 = 300;

/// Slots that hang together, and ways in which they may stand: not all, but each can be written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// The slots.
    pub slots: Vec<SlotId>,
    /// For each way what every slot holds, in their order.
    pub ways: Vec<Vec<Held>>,
}

/// How a search goes.
#[derive(Clone, Copy)]
struct Way<'a> {
    /// These registers are taken as they come, but for what is wanted.
    taken: &'a BTreeSet<Register>,
    /// Which of several open conditions it begins with.
    turn: usize,
    /// It keeps to the ways of slots that hang together.
    together: bool,
}

/// With how many other beginnings a search is made again.
const TURNS: usize = 7;

/// Looks for kinds of one patient.
#[derive(Debug)]
pub struct Finder<'a> {
    subject: Subject<'a>,
    inputs: Inputs,
    draft: Draft<'a>,
    together: Vec<Together>,
    ties: Ties,
}

impl<'a> Finder<'a> {
    /// Of the patient of whom the slots say what is known.
    pub fn of(subject: Subject<'a>, inputs: Inputs) -> Self {
        let registers = super::registers(subject, &inputs);
        Finder {
            subject,
            inputs,
            draft: Draft::of(&subject.lowered.plan, registers, Precision::Usual),
            together: Vec::new(),
            ties: Ties::of(subject),
        }
    }

    /// Slots that hang together: a search keeps to their ways, as long as it finds somebody.
    pub fn keep_together(&mut self, together: Vec<Together>) {
        self.together = together;
    }

    /// Looks for a kind of patient under which every register holds what is wanted, and which is `accepted`; one that is
    /// not leaves the question open if no other is found.
    pub fn find(&mut self, wanted: &[Wanted], bound: u32, accepted: &mut dyn FnMut(&Kind) -> bool) -> Found {
        let nothing = BTreeSet::new();
        // Most are found, or shown not to be, at once.
        let soon = self.seek(wanted, bound.min(SOON), Way { taken: &nothing, turn: 0, together: true }, accepted);
        if soon != Found::NotProved || bound <= SOON {
            return soon;
        }
        // What does not come about however other blocks come out, does not come about.
        let results = results(self.subject, wanted);
        let taken = Way { taken: &results, turn: 0, together: false };
        if !results.is_empty() && self.seek(wanted, bound, taken, &mut |_| true) == Found::Nobody {
            return Found::Nobody;
        }
        // A search that began with a choice that leads nowhere seldom comes back to it: begin with others.
        for turn in 1..=TURNS {
            let found = self.seek(wanted, 2 * SOON, Way { taken: &nothing, turn, together: true }, accepted);
            if found != Found::NotProved {
                return found;
            }
        }
        self.seek(wanted, bound, Way { taken: &nothing, turn: 0, together: false }, accepted)
    }

    /// One search. What stands in the registers that are `taken` as they come is not followed further back: they may hold
    /// anything they could, but no fault.
    fn seek(&mut self, wanted: &[Wanted], bound: u32, way: Way<'_>, accepted: &mut dyn FnMut(&Kind) -> bool) -> Found {
        let plan = &self.subject.lowered.plan;
        let mut wanted: Vec<&Wanted> = wanted.iter().collect();
        if way.turn % 2 == 1 {
            wanted.reverse();
        }
        let registers: Vec<Register> = wanted.iter().map(|one| one.register).collect();
        let Some(root) = registers.first().copied() else { return Found::Nobody };
        let slice = self.ties.slice(plan, &registers);
        let (Inputs { laws, twins, .. }, ordered) = (&self.inputs, &plan.ordered);
        let results = &self.subject.lowered.results;
        let beside = &registers;
        let question = Question {
            plan,
            slice: &slice,
            root,
            results,
            beside,
            laws,
            twins,
            ordered,
            splits: bound,
            is_decided: false,
        };
        let mark = self.draft.mark();
        let search = Search::new(question, &mut self.draft);
        let together = if way.together { self.together.as_slice() } else { &[] };
        let hunt = Hunt { together, ..Hunt::of(search, &wanted, way, &self.ties, accepted) };
        let found = hunt.found();
        self.draft.set_back(mark);
        found
    }
}

/// The results of blocks that what is wanted rests on, its own left out.
fn results(subject: Subject<'_>, wanted: &[Wanted]) -> BTreeSet<Register> {
    let plan = &subject.lowered.plan;
    let slice = plan.slice(wanted.iter().map(|one| one.register));
    let written: BTreeSet<Register> = slice.steps.iter().filter_map(|at| plan.step(*at)).map(Step::writes).collect();
    let blocks = (0..).map(BlockId).zip(&subject.guideline.blocks);
    let all = blocks.filter_map(|(id, _)| super::only_result(subject.lowered, id));
    all.filter(|at| written.contains(at) && wanted.iter().all(|one| one.register != *at)).collect()
}

/// What a split is made by.
enum Choice {
    /// A slot, and what of it is wanted first.
    Slot(SlotId, Held),
    /// A register that is taken as it comes, and what of it is wanted first.
    Taken(Register, Held),
    /// A step that tests a number worked out from several, and what of it is wanted first.
    Test(u32, Held),
}

/// The most kinds of patients within one another that are looked at: the program's own stack has an end.
const DEEPEST: u32 = 500;

struct Hunt<'a, 'p> {
    search: Search<'a, 'p>,
    plan: &'a Plan,
    slice: &'a Slice,
    wanted: &'a [&'a Wanted],
    taken: &'a BTreeSet<Register>,
    turn: usize,
    together: &'a [Together],
    ties: &'a Ties,
    /// How many kinds of patients it is within.
    deep: u32,
    /// How many steps are left of the way back that is followed.
    steps_back: Cell<u32>,
    /// Who is found is written down as a record.
    is_written_down: bool,
    accepted: &'a mut dyn FnMut(&Kind) -> bool,
}

impl<'a, 'p> Hunt<'a, 'p> {
    /// A hunt that keeps to no ways of slots that hang together, and whose finds are written down.
    fn of(
        search: Search<'a, 'p>,
        wanted: &'a [&'a Wanted],
        way: Way<'a>,
        ties: &'a Ties,
        accepted: &'a mut dyn FnMut(&Kind) -> bool,
    ) -> Self {
        let Question { plan, slice, .. } = search.question;
        let Way { taken, turn, .. } = way;
        let (deep, steps_back, is_written_down) = (0, Cell::default(), true);
        Hunt {
            search,
            plan,
            slice,
            wanted,
            taken,
            turn,
            together: &[],
            ties,
            deep,
            steps_back,
            is_written_down,
            accepted,
        }
    }

    fn found(mut self) -> Found {
        match self.visit(&Rc::default()) {
            Some(kind) => Found::Kind(kind),
            None if self.search.exact => Found::Nobody,
            None => Found::NotProved,
        }
    }

    fn visit(&mut self, node: &Rc<Node>) -> Option<Kind> {
        if self.deep >= DEEPEST {
            self.search.exact = false;
            return None;
        }
        self.deep += 1;
        let found = self.look(node);
        self.deep -= 1;
        found
    }

    fn look(&mut self, node: &Rc<Node>) -> Option<Kind> {
        if !self.search.run(node) || !self.may_be(node) {
            return None;
        }
        let node = &self.kept_together(node)?;
        let node = &self.tied(node)?;
        let lacking = self.wanted.iter().find(|one| !self.held(one.register).is_within(&one.held));
        if self.wanted.iter().any(|one| self.held(one.register).intersection(&one.held).is_empty()) {
            return None;
        }
        let choice = match lacking {
            Some(one) => self.way_back(one.register, &one.held),
            None => match self.undecided_combination() {
                Some(combination) => self.way_back(Register::Truth(combination), &Held::Truth(Truth::NO)),
                None => return self.leaf(node),
            },
        };
        let children = choice.map_or_else(Vec::new, |choice| self.children(node, &choice));
        if children.is_empty() || self.search.splits >= self.search.question.splits {
            self.search.exact = false;
            return None;
        }
        for child in children {
            self.search.splits += 1;
            if let Some(kind) = self.visit(&Rc::new(child)) {
                return Some(kind);
            }
        }
        None
    }

    /// The node with the slots that hang together narrowed to the ways that are left; `None` where none is.
    fn kept_together(&mut self, node: &Rc<Node>) -> Option<Rc<Node>> {
        let mut closer = Node::of(node);
        for together in self.together {
            if !together.slots.iter().any(|slot| self.search.narrowed.contains(slot)) {
                continue;
            }
            let now: Option<Vec<Held>> =
                together.slots.iter().map(|slot| Some(self.held(self.plan.slot(*slot)?.register))).collect();
            let now = now?;
            let fits = |way: &&Vec<Held>| way.iter().zip(&now).all(|(way, now)| !way.intersection(now).is_empty());
            let left = together.ways.iter().filter(fits).cloned();
            let joined = left.reduce(|all, way| all.iter().zip(&way).map(|(all, way)| all.union(way)).collect());
            let Some(joined) = joined else {
                self.search.exact = false;
                return None;
            };
            for ((slot, now), room) in together.slots.iter().zip(&now).zip(&joined) {
                if !now.is_within(room) {
                    self.search.exact = false;
                    self.search.narrow(&mut closer, *slot, room);
                }
            }
        }
        if closer.narrowed.is_empty() {
            return Some(Rc::clone(node));
        }
        let closer = Rc::new(closer);
        (self.search.run(&closer) && self.may_be(&closer)).then_some(closer)
    }

    /// The node with what the dictionary ties to what was narrowed; `None` where nobody is left.
    fn tied(&mut self, node: &Rc<Node>) -> Option<Rc<Node>> {
        let found = self.ties.closer(|slot| self.slot(slot));
        if found.is_empty() {
            return Some(Rc::clone(node));
        }
        let mut closer = Node::of(node);
        for (slot, room) in found {
            self.search.narrow(&mut closer, slot, &room);
        }
        let closer = Rc::new(closer);
        (self.search.run(&closer) && self.may_be(&closer)).then_some(closer)
    }

    /// What a slot that matters holds.
    fn slot(&self, slot: SlotId) -> Option<Held> {
        self.slice.reads(slot).then(|| self.plan.slot(slot).map(|slot| self.held(slot.register))).flatten()
    }

    /// Some patient may be of a node that was run. Whether that is found out, the leaf says.
    fn may_be(&mut self, node: &Rc<Node>) -> bool {
        let exact = self.search.exact;
        let may_be = self.search.is_possible(node);
        self.search.exact = exact;
        may_be
    }

    fn is_forced(&self, at: u32) -> bool {
        self.search.forced.iter().any(|(forced, _)| *forced == at)
    }

    fn held(&self, register: Register) -> Held {
        self.search.registers().held(register)
    }

    fn truth(&self, at: TruthRegister) -> Truth {
        self.search.registers().truth(at)
    }

    /// A combination nobody has, of which it is open whether this kind of patient has it.
    fn undecided_combination(&self) -> Option<TruthRegister> {
        self.slice.impossible.iter().copied().find(|at| self.truth(*at).can_be_yes())
    }

    /// Every register is as wanted. What conditions tie together gets values, and is tried with them; where no values are
    /// found, by halves of the first number that is tied.
    fn leaf(&mut self, node: &Rc<Node>) -> Option<Kind> {
        if !self.taken.is_empty() {
            return Some(Kind::default());
        }
        let Some(constraints) = self.search.constraints() else {
            self.search.exact = false;
            return None;
        };
        if constraints.is_empty() {
            let found = self.written(Node::of(node));
            self.search.exact &= found.is_some();
            return found;
        }
        // Who cannot be written down with the lowest values may be with others.
        for from in [Start::Low, Start::Middle] {
            if from == Start::Middle && !self.search.run(node) {
                break;
            }
            let ties = self.ties;
            let propose = |slot: SlotId, room: &NumberSet| proposed(room, ties.is_whole(slot), from);
            let Solution::Some(values) = linear::solve_by(&constraints, |slot| self.search.values(slot), propose)
            else {
                return self.by_halves(node, &constraints);
            };
            if !self.is_written_down {
                return Some(Kind::default());
            }
            let mut solved = Node::of(node);
            for (slot, value) in values {
                self.search.narrow(&mut solved, slot, &Held::Number(NumberSet::point(value)));
            }
            let found = self.written(solved);
            if found.is_some() {
                return found;
            }
        }
        self.search.exact = false;
        None
    }

    /// The kind of patient of a node in which everything that is wanted has its values, if it is accepted.
    fn written(&mut self, solved: Node) -> Option<Kind> {
        let solved = Rc::new(solved);
        let holds = self.search.run(&solved)
            && self.search.is_possible(&solved)
            && self.wanted.iter().all(|one| self.held(one.register).is_within(&one.held));
        // What nothing wanted hangs on may hold anything.
        let narrowed = self.search.narrowed.iter().filter(|slot| self.slice.reads(**slot));
        let told = narrowed.filter(|slot| !self.ties.is_implied(**slot, |slot| self.slot(slot)));
        let slots = told.filter_map(|slot| Some((*slot, self.held(self.plan.slot(*slot)?.register))));
        let kind = Kind { slots: slots.collect() };
        (holds && (self.accepted)(&kind)).then_some(kind)
    }

    /// A node under conditions that no values were found for: by halves of a number with few values that they tie.
    fn by_halves(&mut self, node: &Rc<Node>, constraints: &[Constraint]) -> Option<Kind> {
        let mut tied: Vec<SlotId> = constraints.iter().flat_map(|one| one.form.slots()).collect();
        tied.sort_unstable();
        let mut own = tied.iter().filter(|slot| self.slice.reads(**slot));
        let in_two = |slot: &SlotId| Some((*slot, halves(&self.search.values(*slot), self.ties.is_whole(*slot))?));
        let open = own.find_map(in_two);
        let Some((slot, halves)) = open.filter(|_| self.search.splits < self.search.question.splits) else {
            self.search.exact = false;
            return None;
        };
        // Both before either is looked at: a look changes what the slots hold.
        let halves = halves.map(|half| {
            let mut child = Node::of(node);
            self.search.narrow(&mut child, slot, &Held::Number(half));
            child
        });
        for child in halves {
            self.search.splits += 1;
            if let Some(kind) = self.visit(&Rc::new(child)) {
                return Some(kind);
            }
        }
        None
    }

    /// The kinds of patients a node falls into by a choice, those that are wanted first; empty where it falls into one.
    fn children(&mut self, node: &Rc<Node>, choice: &Choice) -> Vec<Node> {
        match choice {
            Choice::Slot(slot, wanted) => self.by_slot(node, *slot, wanted),
            Choice::Taken(register, wanted) => {
                let cells = self.cells(*register, wanted);
                let at = match self.plan.writer(*register) {
                    Some(Writer::Step(at)) => Some(at),
                    Some(Writer::Slot(_)) | None => None,
                };
                let child = |held: Held| {
                    let mut child = Node::of(node);
                    child.forced = at.map(|at| (at, Forced::Room(held)));
                    child
                };
                let allowed = |cell: Held| if self.is_written_down { without_fault(cell) } else { Some(cell) };
                cells.into_iter().filter_map(allowed).map(child).collect()
            }
            Choice::Test(at, wanted) => self.by_test(node, *at, wanted),
        }
    }

    fn by_slot(&mut self, node: &Rc<Node>, slot: SlotId, wanted: &Held) -> Vec<Node> {
        let Some(register) = self.plan.slot(slot).map(|slot| slot.register) else { return Vec::new() };
        let cells = self.cells(register, wanted);
        let child = |cell: &Held| {
            let mut child = Node::of(node);
            self.search.narrow(&mut child, slot, &self.ties.among(slot, cell.clone()));
            child
        };
        cells.iter().map(child).collect()
    }

    /// What a register may hold, apart: what is wanted of it first; empty where it is in one piece.
    fn cells(&mut self, register: Register, wanted: &Held) -> Vec<Held> {
        let now = self.held(register);
        let (inside, outside) = (now.intersection(wanted), without(&now, wanted));
        let mut cells = pieces(inside);
        cells.extend(pieces(outside));
        if cells.len() < 2 {
            let (values, all) = apart(&now);
            self.search.exact &= all;
            cells = values;
        }
        if cells.len() < 2 { Vec::new() } else { cells }
    }

    /// By the outcomes of a step that tests a number; where that number is not linear in its slots, by one of them.
    fn by_test(&mut self, node: &Rc<Node>, at: u32, wanted: &Held) -> Vec<Node> {
        let Some(step) = self.plan.steps.get(at as usize) else { return Vec::new() };
        let open: Vec<SlotId> = self.open_slots(step);
        let split = if self.is_forced(at) { None } else { self.outcomes(node, at, step, wanted, &open) };
        match (split, open.first()) {
            (Some(children), _) if children.len() > 1 => children,
            (_, Some(slot)) => {
                let all = self.plan.slot(*slot).map(|slot| self.held(slot.register));
                all.map_or_else(Vec::new, |all| self.by_slot(node, *slot, &all))
            }
            (_, None) => Vec::new(),
        }
    }

    fn outcomes(&self, node: &Rc<Node>, at: u32, step: &Step, wanted: &Held, open: &[SlotId]) -> Option<Vec<Node>> {
        if let Step::Compare(left, relation, right, _) = step {
            let left = linear::ratio(self.plan, self.search.registers(), Register::Number(*left))?;
            let right = linear::ratio(self.plan, self.search.registers(), Register::Number(*right))?;
            let mut outcomes = self.search.split_comparison(node, at, &left, *relation, &right, open)?;
            outcomes.sort_by_key(|outcome| !outcome.is_forced(at, wanted));
            return Some(outcomes);
        }
        let (of, first) = tested(step, wanted)?;
        let (_, sets) = step.cells()?;
        let mut cells = self.search.split_cells(node, at, Register::Number(of), sets, open)?;
        cells.sort_by_key(|cell| !cell.is_forced_within(at, &first));
        Some(cells)
    }

    /// The open slots that a step's result hangs on.
    fn open_slots(&self, step: &Step) -> Vec<SlotId> {
        let mut open = Vec::new();
        step.reads(|register| open.push(register));
        let is_open = |slot: &SlotId| {
            self.plan.slot(*slot).is_some_and(|slot| !self.search.registers().is_settled(slot.register))
        };
        self.plan.slots_below(open).into_iter().filter(is_open).collect()
    }
}
