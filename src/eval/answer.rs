//! One answer: refined where a fact is read twice, its status, what keeps it open, what it would be taking the
//! usual normals for granted.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::FactKind;
use crate::model::{BlockId, BlockKind, Item};
use crate::plan::from_model::{BlockRegisters, Lowered, LoweredItem};
use crate::plan::{Bits, FAULT, Register, Slice, SlotId, SlotSource, Step, TruthRegister, Writer};
use crate::value::{Choices, Precision, Reason, Truth};

use super::draft::Draft;
use super::memory::{self, Memory};
use super::refine::{self, Question, Refined};
use super::{Asking, Held, Inputs, Registers, Subject, run};

/// What is known of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// One value is possible: no missing fact can change it.
    Decided,
    /// Several are.
    Open,
    /// The guideline does not speak of this patient.
    Silent,
    /// A table has no row, or two, for this patient: the guideline is at fault.
    Fault,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Which block; of an item, the block it is part of.
    pub block: BlockId,
    /// What is known of it.
    pub status: Status,
    /// What it can be: one set, or for a table of which every row that fits counts a truth for each value.
    pub held: Vec<Held>,
    /// The sets are exactly the truth; else they may be wider.
    pub exact: bool,
    /// For some of what is still possible the guideline is at fault.
    pub may_be_fault: bool,
    /// The slots that keep it open.
    pub because: Vec<SlotId>,
    /// What it is, taking the usual normals for granted.
    pub presuming: Option<Presuming>,
}

impl Answer {
    /// An answer of a block that holds something, without what keeps it open.
    pub fn standing(block: BlockId, status: Status, held: Vec<Held>) -> Self {
        Answer::settled(block, status, held, true)
    }

    /// How much memory it takes, more or less.
    pub(super) fn bytes(&self) -> usize {
        let Answer { held, because, presuming, .. } = self;
        let presumed = presuming.iter().flat_map(|presuming| &presuming.held);
        let of_numbers = held.iter().chain(presumed).map(Held::bytes).sum::<usize>();
        size_of::<Answer>() + of_numbers + because.len() * size_of::<SlotId>()
    }

    /// An answer that nothing keeps open.
    fn settled(block: BlockId, status: Status, held: Vec<Held>, exact: bool) -> Self {
        Answer { block, status, held, exact, may_be_fault: false, because: Vec::new(), presuming: None }
    }
}

/// An answer that is settled once some usual normals are taken for granted.
#[derive(Debug, Clone, PartialEq)]
pub struct Presuming {
    /// What it then is.
    pub held: Vec<Held>,
    /// The slots taken for granted.
    pub slots: Vec<SlotId>,
}

/// Of how many open slots an answer hangs at most that is worth many splits: of an empty record little can be told apart.
const OF_AN_ANSWER: usize = 64;

/// The same for a conclusion, a verdict, advice; what is only drawn is never worth many.
const OF_AN_ITEM: usize = 24;

/// The most facts that may be taken for granted for one answer.
const GRANTED: usize = 3;

/// What an answer is about.
#[derive(Clone, Copy)]
struct About<'a> {
    block: BlockId,
    roots: &'a [Register],
    slice: &'a Slice,
    /// Columns that overlap or leave the patient out.
    fault: Option<TruthRegister>,
    /// What it is, taking the usual normals for granted, is of interest.
    presumes: bool,
    /// Hanging on more open slots it is worth few splits.
    worth: usize,
}

/// A run that answers are read from.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) inputs: &'a Inputs,
    pub(super) registers: &'a Registers,
    /// What is worked out beside it.
    pub(super) beside: &'a Beside<'a>,
    /// How many splits an answer is worth.
    pub(super) splits: u32,
}

/// What is worked out beside a run, once it is needed.
#[derive(Default)]
pub(super) struct Beside<'a> {
    /// The registers of the run, to be narrowed.
    draft: RefCell<Option<Draft<'a>>>,
    known: RefCell<Refinements>,
    /// Answers of earlier patients.
    memory: Option<&'a RefCell<Memory>>,
    /// More digits were asked for: then an answer hangs on more than what is open.
    looked_closer: Cell<bool>,
}

/// What registers were refined to, by how many splits they were worth and by how much was looked at: a block with
/// several results is one question.
pub(crate) type Refinements = BTreeMap<(Register, u32, [usize; 2]), Refined>;

impl<'a> Beside<'a> {
    /// What was refined already.
    pub(super) fn knowing(known: &Refinements) -> Self {
        Beside { known: RefCell::new(known.clone()), ..Beside::default() }
    }

    /// Answers of earlier patients.
    pub(super) fn remembering(memory: &'a RefCell<Memory>) -> Self {
        Beside { memory: Some(memory), ..Beside::default() }
    }

    /// What was refined.
    pub(super) fn refined(&self) -> Refinements {
        self.known.take()
    }
}

impl<'a> Asked<'a> {
    /// The answers of a run, each worth as many splits as any.
    pub(super) fn of(
        subject: Subject<'a>,
        inputs: &'a Inputs,
        registers: &'a Registers,
        beside: &'a Beside<'a>,
    ) -> Self {
        Asked { subject, inputs, registers, beside, splits: refine::SPLITS }
    }

    fn with_draft<T>(&self, work: impl FnOnce(&mut Draft<'a>) -> T) -> T {
        let mut draft = self.beside.draft.borrow_mut();
        let start = || Draft::of(&self.subject.lowered.plan, self.registers.clone(), Precision::Usual);
        work(draft.get_or_insert_with(start))
    }

    /// Whether the guideline covers the patient, and what keeps that open.
    pub(super) fn covers(&self) -> (Truth, Vec<SlotId>) {
        let found = self.subject.guideline.covers.and_then(|block| {
            Some((super::only_result(self.subject.lowered, block)?, self.subject.lowered.slice(block)?))
        });
        let Some((register, slice)) = found else { return (Truth::YES, Vec::new()) };
        match self.refined(register, slice).held {
            Held::Truth(truth) if truth.settled().is_some() => (truth, Vec::new()),
            Held::Truth(truth) => (truth, self.because(&[register])),
            Held::Choices(_) | Held::Number(_) => (Truth::EITHER, Vec::new()),
        }
    }

    /// The impossible combinations that the record has.
    pub(super) fn impossible(&self) -> Vec<BlockId> {
        let blocks = (0..).zip(&self.subject.guideline.blocks);
        blocks
            .filter(|(_, block)| matches!(block.kind, BlockKind::Impossible(_)))
            .map(|(at, _)| BlockId(at))
            .filter(|id| match super::only_result(self.subject.lowered, *id) {
                Some(Register::Truth(at)) => self.registers.truth(at) == Truth::YES,
                Some(Register::Choice(_) | Register::Number(_)) | None => false,
            })
            .collect()
    }

    pub(super) fn answer(&self, block: BlockId, covers: Truth) -> Answer {
        self.about_block(block).map_or_else(|| silent(block), |about| self.known(about, covers))
    }

    /// One answer, without what it would be taking the usual normals for granted.
    pub(super) fn alone(&self, asking: Asking, covers: Truth) -> Answer {
        let (block, about) = match asking {
            Asking::Block(block) => (block, self.about_block(block)),
            Asking::Item(item) => {
                let lowered = self.subject.lowered.items.get(&item);
                (self.block_of(item), lowered.map(|lowered| self.about_item(item, lowered)))
            }
        };
        about.map_or_else(|| silent(block), |about| self.known(About { presumes: false, ..about }, covers))
    }

    fn about_block(&self, block: BlockId) -> Option<About<'_>> {
        let lowered = self.subject.lowered;
        let (planned, slice) = (lowered.block(block)?, lowered.slice(block)?);
        let BlockRegisters { results: roots, fault, .. } = planned;
        Some(About { block, roots, slice, fault: *fault, presumes: true, worth: OF_AN_ANSWER })
    }

    fn about_item<'b>(&self, item: Item, lowered: &'b LoweredItem) -> About<'b> {
        let LoweredItem { root, slice } = lowered;
        let worth = if matches!(item, Item::Step(..) | Item::Branch(..)) { 0 } else { OF_AN_ITEM };
        let presumes = presumes(self.subject, item);
        About { block: self.block_of(item), roots: std::slice::from_ref(root), slice, fault: None, presumes, worth }
    }

    /// Conclusions, verdicts, advice and the like. What stands in one register is worked out once.
    pub(super) fn items(&self, covers: Truth) -> BTreeMap<Item, Answer> {
        let mut open: BTreeMap<(Register, bool), Answer> = BTreeMap::new();
        let items = self.subject.lowered.items.iter().map(|(item, lowered)| {
            let about = self.about_item(*item, lowered);
            let About { block, presumes, .. } = about;
            if covers == Truth::NO || self.registers.is_settled(lowered.root) {
                return (*item, self.known(about, covers));
            }
            let known = open.entry((lowered.root, presumes)).or_insert_with(|| self.known(about, covers));
            (*item, Answer { block, ..known.clone() })
        });
        items.collect()
    }

    /// The block an item is of; for a course the first rule of `course`.
    fn block_of(&self, item: Item) -> BlockId {
        match item {
            Item::Holds(block)
            | Item::Conclusion(block, _)
            | Item::Step(block, _)
            | Item::Branch(block, _, _)
            | Item::Line(block, _)
            | Item::Verdict(block, _)
            | Item::Plus(block) => block,
            Item::Course(_) => {
                let mut blocks = (0..).map(BlockId).zip(&self.subject.guideline.blocks);
                let rule = blocks.find(|(_, block)| matches!(block.kind, BlockKind::Course(_)));
                rule.map_or(BlockId(u32::MAX), |(id, _)| id)
            }
        }
    }

    fn known(&self, about: About<'_>, covers: Truth) -> Answer {
        if covers == Truth::NO {
            return silent(about.block);
        }
        let settled = about.roots.iter().all(|root| self.registers.is_settled(*root));
        let memory = self.beside.memory.filter(|_| !settled);
        let Some((memory, key)) = memory.and_then(|memory| Some((memory, self.key(about)?))) else {
            return self.worked_out(about, settled);
        };
        let known = memory.borrow_mut().get(&key);
        if let Some(answer) = known {
            return answer;
        }
        self.beside.looked_closer.set(false);
        let answer = self.worked_out(about, settled);
        if !self.beside.looked_closer.get() {
            memory.borrow_mut().put(key, &answer);
        }
        answer
    }

    /// All that an answer hangs on; `None` where that is not known.
    fn key(&self, about: About<'_>) -> Option<memory::Key> {
        let About { block, roots, slice, fault, .. } = about;
        let of_fault = fault.and_then(|_| self.subject.lowered.fault_slice(block));
        let impossible = [Some(slice), of_fault].into_iter().flatten().flat_map(|slice| &slice.impossible);
        let truths = fault.into_iter().chain(impossible.copied()).map(Register::Truth);
        let roots = roots.iter().copied().chain(truths);
        self.with_draft(|draft| {
            let reached = draft.reached(roots.clone(), None);
            let key = memory::key(block, roots, &reached, draft.plan(), self.registers, self.inputs);
            draft.put_by(reached);
            key
        })
    }

    fn worked_out(&self, about: About<'_>, settled: bool) -> Answer {
        let About { block, roots, slice, .. } = about;
        let mut because = if settled { Vec::new() } else { self.because(roots) };
        let splits = if because.len() > about.worth { refine::FEW_SPLITS } else { self.splits };
        let asked = Asked { splits, ..*self };
        let fault = about.fault.is_some_and(|fault| self.registers.truth(fault) == Truth::YES);
        let mut held = Vec::with_capacity(roots.len());
        let mut exact = true;
        for root in roots {
            let refined = asked.narrowed(*root, slice, block);
            exact &= refined.exact;
            held.push(refined.held);
        }
        let columns = about.fault.filter(|at| !fault && asked.may_be(*at, block));
        if columns.is_none() && held.iter().all(Held::is_settled) && status(fault, &held, true) == Status::Decided {
            return Answer::settled(block, Status::Decided, held, exact);
        }
        let mut status = status(fault, &held, because.is_empty());
        if let Some(columns) = columns {
            // One value is left, or a fault: that is not decided.
            let root = Register::Truth(columns);
            because.extend(self.because(&[root]));
            because.sort_unstable();
            because.dedup();
            status = if status == Status::Decided { Status::Open } else { status };
        }
        if status != Status::Open {
            return Answer::settled(block, status, held, exact);
        }
        let presuming = if about.presumes { asked.presuming(roots, slice, &because) } else { None };
        let fault = |held: &Held| matches!(held, Held::Choices(choices) if choices.contains(FAULT));
        let may_be_fault = exact && (columns.is_some() || held.iter().any(fault));
        Answer { block, status, held, exact, may_be_fault, because, presuming }
    }

    /// What a block can be.
    pub(super) fn narrowed_block(&self, block: BlockId) -> Vec<Held> {
        let lowered = self.subject.lowered;
        let (Some(planned), Some(slice)) = (lowered.block(block), lowered.slice(block)) else { return Vec::new() };
        planned.results.iter().map(|root| self.narrowed(*root, slice, block).held).collect()
    }

    /// Refined, unless it reads what was recorded; with more digits, where only digits keep it open.
    fn narrowed(&self, root: Register, slice: &Slice, block: BlockId) -> Refined {
        let recorded = self.subject.guideline.block(block).is_some_and(|block| block.as_recorded.is_some());
        if recorded || self.registers.is_settled(root) {
            return Refined { held: self.registers.held(root), exact: true };
        }
        let refined = self.refined(root, slice);
        if refined.held.is_settled() || !self.because(&[root]).is_empty() {
            return refined;
        }
        self.beside.looked_closer.set(true);
        let closer = run(self.subject, self.inputs, Precision::High);
        if closer.is_settled(root) {
            return Refined { held: closer.held(root), exact: true };
        }
        let mut draft = Draft::of(&self.subject.lowered.plan, closer, Precision::High);
        refine::refine(self.question(root, slice), &mut draft)
    }

    fn question<'q>(&'q self, root: Register, slice: &'q Slice) -> Question<'q> {
        let Inputs { laws, twins, ordered, .. } = self.inputs;
        let Lowered { plan, results, .. } = self.subject.lowered;
        let splits = self.splits;
        Question { plan, slice, root, results, laws, twins, ordered, beside: &[], splits, is_decided: false }
    }

    fn refined(&self, root: Register, slice: &Slice) -> Refined {
        if self.registers.is_settled(root) {
            return Refined { held: self.registers.held(root), exact: true };
        }
        let key = (root, self.splits, [slice.slots.len(), slice.impossible.len()]);
        if let Some(known) = self.beside.known.borrow().get(&key) {
            return known.clone();
        }
        let (source, steps) = self.source(root);
        let refined = self.with_draft(|draft| {
            let Refined { held, exact } = refine::refine(self.question(source, slice), draft);
            Refined { held: if steps.is_empty() { held } else { draft.followed(source, &held, &steps, root) }, exact }
        });
        self.beside.known.borrow_mut().insert(key, refined.clone());
        refined
    }

    /// Of a number that one other gives, alone: that other, with the steps from it. What is narrowed there is narrowed here.
    fn source(&self, root: Register) -> (Register, Vec<u32>) {
        let plan = &self.subject.lowered.plan;
        let (mut source, mut steps) = (root, Vec::new());
        while let Some(Writer::Step(at)) = plan.writer(source)
            && let Some(step) = plan.step(at)
            && let Step::Apply(..) | Step::Sum(..) | Step::Difference(..) | Step::Product(..) | Step::Quotient(..) =
                step
        {
            let mut open = Vec::new();
            step.reads(|read| open.extend((!self.registers.is_settled(read)).then_some(read)));
            let [only] = open.as_slice() else { break };
            source = *only;
            steps.push(at);
        }
        (source, steps)
    }

    /// Whether some patient that is still possible falls outside a block's columns, or into two.
    fn may_be(&self, fault: TruthRegister, block: BlockId) -> bool {
        let root = Register::Truth(fault);
        let recorded = self.subject.guideline.block(block).is_some_and(|block| block.as_recorded.is_some());
        if recorded || self.registers.is_settled(root) {
            return self.registers.truth(fault) == Truth::YES;
        }
        let Some(slice) = self.subject.lowered.fault_slice(block) else { return true };
        match self.refined(root, slice).held {
            Held::Truth(truth) => truth.can_be_yes(),
            Held::Choices(_) | Held::Number(_) => false,
        }
    }

    /// The open slots that an answer hangs on.
    fn because(&self, roots: &[Register]) -> Vec<SlotId> {
        self.with_draft(|draft| draft.that_matter(roots))
    }

    /// What the answer is when the facts the dictionary presumes are as presumed: only those it needs.
    fn presuming(&self, roots: &[Register], slice: &Slice, because: &[SlotId]) -> Option<Presuming> {
        let presumable: Vec<(SlotId, Held)> =
            because.iter().filter_map(|slot| Some((*slot, self.presumed(*slot)?))).collect();
        if presumable.is_empty() {
            return None;
        }
        self.with_draft(|draft| {
            let mark = draft.mark();
            let found = self.granted(roots, slice, &presumable, draft);
            draft.set_back(mark);
            found
        })
    }

    /// Takes all of them for granted, then one after the other back where the answer is the same without.
    fn granted(
        &self,
        roots: &[Register],
        slice: &Slice,
        presumable: &[(SlotId, Held)],
        draft: &mut Draft<'_>,
    ) -> Option<Presuming> {
        let mut steps = Bits::none(draft.plan().steps.len());
        slice.steps.iter().for_each(|at| {
            steps.insert(*at);
        });
        let plan = draft.plan();
        let register = |slot: SlotId| plan.slot(slot).map(|slot| slot.register);
        for (slot, held) in presumable {
            if let Some(register) = register(*slot) {
                draft.set(register, held);
            }
        }
        draft.run(Some(&steps), &[]);
        let mut found = self.settled_by(roots, slice, draft)?;
        let mut granted: BTreeSet<SlotId> = presumable.iter().map(|(slot, _)| *slot).collect();
        for (slot, _) in presumable {
            let (Some(register), Some(input)) = (register(*slot), self.inputs.get(*slot)) else { continue };
            let mark = draft.mark();
            draft.set(register, &input.held);
            draft.run(Some(&steps), &[]);
            match self.settled_by(roots, slice, draft) {
                Some(held) => {
                    found = held;
                    granted.remove(slot);
                }
                None => draft.set_back(mark),
            }
        }
        (granted.len() <= GRANTED).then(|| Presuming { held: found, slots: granted.into_iter().collect() })
    }

    /// The value the dictionary lets one take for granted.
    fn presumed(&self, slot: SlotId) -> Option<Held> {
        let source = self.subject.lowered.plan.slot(slot)?.source;
        let SlotSource::Fact { fact, .. } = source else { return None };
        let fact = self.subject.catalog.fact(fact)?;
        let unrecorded = self.inputs.get(slot).is_some_and(|input| input.reason == Reason::NotRecorded);
        let choice = matches!(fact.kind, FactKind::Choice { .. });
        fact.presume.filter(|_| unrecorded && choice).map(Held::Choices)
    }

    /// The values of an answer, where one is left of each.
    fn settled_by(&self, roots: &[Register], slice: &Slice, draft: &mut Draft<'_>) -> Option<Vec<Held>> {
        let mut settled = Vec::with_capacity(roots.len());
        for root in roots {
            let question = Question { is_decided: true, ..self.question(*root, slice) };
            let registers = draft.registers();
            let held =
                if registers.is_settled(*root) { registers.held(*root) } else { refine::refine(question, draft).held };
            if !held.is_settled() {
                return None;
            }
            settled.push(held);
        }
        (status(false, &settled, false) == Status::Decided).then_some(settled)
    }
}

/// What an item would be, taking the usual normals for granted, is told of conclusions, verdicts and suspicions.
fn presumes(subject: Subject<'_>, item: Item) -> bool {
    match item {
        Item::Conclusion(..) | Item::Verdict(..) => true,
        Item::Holds(block) => {
            matches!(subject.guideline.block(block).map(|block| &block.kind), Some(BlockKind::Suspect(_)))
        }
        Item::Step(..) | Item::Branch(..) | Item::Line(..) | Item::Plus(_) | Item::Course(_) => false,
    }
}

fn silent(block: BlockId) -> Answer {
    Answer::settled(block, Status::Silent, Vec::new(), true)
}

/// A set that is known as far as digits go, though every fact is: decided, and shown as approximate.
fn is_approximately_settled(held: &Held) -> bool {
    match held {
        Held::Number(number) => {
            number.is_approximate()
                && number.hull().is_some_and(|hull| hull.low.number().is_some() && hull.high.number().is_some())
        }
        Held::Truth(_) | Held::Choices(_) => false,
    }
}

fn status(fault: bool, held: &[Held], nothing_open: bool) -> Status {
    let at_fault = |held: &Held| *held == Held::Choices(Choices::only(FAULT));
    if fault || held.iter().any(at_fault) {
        Status::Fault
    } else if held.iter().all(|held| held.is_settled() || (nothing_open && is_approximately_settled(held))) {
        Status::Decided
    } else {
        Status::Open
    }
}
