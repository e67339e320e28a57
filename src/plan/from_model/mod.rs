//! A guideline's meaning into a flat program, and which register each of its lines has.

mod against;
mod algorithms;
mod blocks;
mod conditions;
mod courses;
mod ladders;
mod measures;
mod options;
mod order;
mod promises;
mod regimens;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::catalog::{Catalog, FactKind};
use crate::model::{Block, BlockId, BlockKind, CourseState, Guideline, Item, NodeId, OptionPlace, TherapyId, Verdict};
use crate::syntax::tree::{Share, UnknownCounts};
use crate::value::Choices;

use super::{
    ChoiceRegister, CoursePart, NumberRegister, Part, Plan, PlanBuilder, Register, Slice, SlotSource, TruthRegister,
};

/// A plan with the way back from its registers to the guideline's lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Lowered {
    /// The program.
    pub plan: Plan,
    /// Where each condition's truth and each amount's number stands, by node.
    nodes: Vec<Option<Register>>,
    /// What each block has, by block.
    blocks: Vec<BlockRegisters>,
    /// The results of blocks that have one.
    pub results: BTreeSet<Register>,
    /// What each block's results, and the impossible combinations, depend on, by block.
    slices: Vec<Slice>,
    /// What each block's overlapping columns depend on, by block.
    fault_slices: Vec<Option<Slice>>,
    /// Conclusions, verdicts, advice and the like: where each stands, and what it depends on.
    pub items: BTreeMap<Item, LoweredItem>,
    /// Each option's tests.
    pub options: BTreeMap<(BlockId, OptionPlace), OptionRegisters>,
    /// The rules of `course`, a program of their own that is run for each course; `None` where there are none.
    pub course: Option<Box<LoweredCourse>>,
}

/// Where an item stands.
#[derive(Debug, Clone, PartialEq)]
pub struct LoweredItem {
    /// Its register.
    pub root: Register,
    /// What it, and the impossible combinations, depend on; the same for all items of the register.
    pub slice: Arc<Slice>,
}

/// What an option's verdict is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionRegisters {
    /// Whether each verdict's condition holds, in the order of [`Verdict::ALL`]; the first that does is the verdict.
    /// [`Verdict::OptionNow`] takes for granted that none before it holds, and [`Verdict::Alternative`] always holds.
    pub tests: Vec<(Verdict, TruthRegister)>,
    /// The blocks that speak for, against or of the option: `contraindicated`, `avoid`, `caution`, `stop`, `prefer`,
    /// `monitor`.
    pub spoken_of: Vec<BlockId>,
}

/// The rules of `course` as a program. Its facts are read with the start of the course as the baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct LoweredCourse {
    /// The program, with nodes, blocks and slices of its own.
    pub lowered: Lowered,
    /// When a gap joins two courses.
    pub joined: Option<TruthRegister>,
    /// When a course failed.
    pub failed: Option<TruthRegister>,
    /// When it worked.
    pub worked: Option<TruthRegister>,
    /// When it was not tolerated.
    pub not_tolerated: Option<TruthRegister>,
    /// The outcome where none was recorded: each line's place in the outcomes, and whether it holds.
    pub outcome: Vec<(u8, TruthRegister)>,
    /// What each rule and each line of the outcome depends on; see [`LoweredCourse::sliced`].
    pub slices: BTreeMap<TruthRegister, Slice>,
}

impl LoweredCourse {
    /// The same, with what each rule and each line of the outcome depends on.
    #[must_use]
    pub fn sliced(mut self) -> Self {
        let rules = [self.joined, self.failed, self.worked, self.not_tolerated].into_iter().flatten();
        let all = rules.chain(self.outcome.iter().map(|(_, line)| *line));
        let plan = &self.lowered.plan;
        self.slices = all.map(|at| (at, plan.slice([Register::Truth(at)]))).collect();
        self
    }
}

/// The registers of a block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockRegisters {
    /// Its result; several for a table of which every row that fits counts, none for a block without a value.
    pub results: Vec<Register>,
    /// Each row's or line's: points of a score, whether a row of a table fits, whether an instrument is chosen, what
    /// points to a suspicion and then what speaks against it, whether a line of a ladder is passed, the conclusions of
    /// an algorithm.
    pub rows: Vec<Register>,
    /// Whether each of its columns is the patient's.
    pub columns: Vec<TruthRegister>,
    /// Its columns overlap or leave the patient out.
    pub fault: Option<TruthRegister>,
}

impl Lowered {
    /// The other program fills the same slots and gives the same registers to blocks and items; what its steps do, and
    /// how many nodes its lines have, is not looked at.
    pub fn is_laid_out_like(&self, other: &Lowered) -> bool {
        let (plan, of_other) = (&self.plan, &other.plan);
        plan.slots == of_other.slots
            && plan.registers == of_other.registers
            && plan.impossible == of_other.impossible
            && plan.ordered == of_other.ordered
            && plan.tied == of_other.tied
            && plan.writers == of_other.writers
            && (&self.blocks, &self.slices) == (&other.blocks, &other.slices)
            && (&self.items, &self.options) == (&other.items, &other.options)
            && self.course == other.course
    }

    /// Where a condition's truth or an amount's number stands.
    pub fn node(&self, id: NodeId) -> Option<Register> {
        self.nodes.get(id.0 as usize).copied().flatten()
    }

    /// The registers of a block.
    pub fn block(&self, id: BlockId) -> Option<&BlockRegisters> {
        self.blocks.get(id.0 as usize)
    }

    /// What it depends on whether a block's columns overlap or leave the patient out.
    pub fn fault_slice(&self, id: BlockId) -> Option<&Slice> {
        self.fault_slices.get(id.0 as usize)?.as_ref()
    }

    /// The part of the program that a block's results, and the impossible combinations, depend on.
    pub fn slice(&self, id: BlockId) -> Option<&Slice> {
        self.slices.get(id.0 as usize)
    }
}

/// Lowers a guideline that resolved without an error.
pub fn lower(guideline: &Guideline, catalog: &Catalog) -> Lowered {
    let mut lowering = Lowering::new(guideline, catalog);
    let of_courses = |block: &&Block| matches!(block.kind, BlockKind::Course(_));
    let all = (0..).map(BlockId).zip(&guideline.blocks).filter(|(_, block)| !of_courses(block));
    lowering.blocks_in_order(order::order(guideline, all.map(|(id, _)| id)));
    lowering.courses_asked_for();
    let course = guideline.blocks.iter().any(|block| of_courses(&block)).then(|| courses::lower(guideline, catalog));
    Lowered { course: course.map(Box::new), ..lowering.finish() }
}

struct Lowering<'a> {
    guideline: &'a Guideline,
    catalog: &'a Catalog,
    builder: PlanBuilder,
    nodes: Vec<Option<Register>>,
    /// By block; `None` for one that was not lowered, or not yet.
    blocks: Vec<Option<BlockRegisters>>,
    items: BTreeMap<Item, Register>,
    options: BTreeMap<(BlockId, OptionPlace), OptionRegisters>,
    /// The improvement of a measure, once for each share.
    measures: BTreeMap<(BlockId, bool), NumberRegister>,
    /// Every option of the ladders and regimens, and where its verdict stands.
    offers: Vec<(TherapyId, ChoiceRegister)>,
    /// Whether a therapy is in one of some states, once for each.
    states: HashMap<(TherapyId, Choices), TruthRegister>,
    recorded: Recorded,
}

/// What the block being lowered takes unknowns for.
#[derive(Default)]
struct Recorded {
    unknown_counts_as: Option<UnknownCounts>,
    assumed: Vec<(SlotSource, ChoiceRegister)>,
}

impl<'a> Lowering<'a> {
    fn new(guideline: &'a Guideline, catalog: &'a Catalog) -> Self {
        Lowering {
            guideline,
            catalog,
            builder: PlanBuilder::default(),
            nodes: vec![None; guideline.nodes as usize],
            blocks: vec![None; guideline.blocks.len()],
            items: BTreeMap::new(),
            options: BTreeMap::new(),
            measures: BTreeMap::new(),
            offers: Vec::new(),
            states: HashMap::new(),
            recorded: Recorded::default(),
        }
    }

    /// Blocks, each after those it needs.
    fn blocks_in_order(&mut self, order: impl IntoIterator<Item = BlockId>) {
        for id in order {
            let Some(block) = self.guideline.block(id) else { continue };
            let registers = self.block(id, block);
            if let Some(place) = self.blocks.get_mut(id.0 as usize) {
                *place = Some(registers);
            }
        }
    }

    /// The plan, and what each block and each item depends on.
    fn finish(mut self) -> Lowered {
        self.builder.tie_courses();
        let Lowering { builder, nodes, blocks, items, options, .. } = self;
        let plan = builder.finish_knowing(|source| values_of(source, self.catalog));
        let blocks: Vec<BlockRegisters> = blocks.into_iter().map(Option::unwrap_or_default).collect();
        let results = blocks.iter().filter_map(|block| <[Register; 1]>::try_from(block.results.as_slice()).ok());
        let results = results.flatten().collect();
        let fault_slices = blocks.iter().map(|block| Some(plan.slice([Register::Truth(block.fault?)]))).collect();
        let slices = blocks.iter().map(|block| plan.slice(block.results.iter().copied())).collect();
        let mut known: BTreeMap<Register, Arc<Slice>> = BTreeMap::new();
        let mut slice_of = |root| Arc::clone(known.entry(root).or_insert_with(|| Arc::new(plan.slice([root]))));
        let items = items.into_iter().map(|(item, root)| (item, LoweredItem { root, slice: slice_of(root) })).collect();
        Lowered { plan, nodes, blocks, results, slices, fault_slices, items, options, course: None }
    }

    fn note(&mut self, id: NodeId, register: Register) {
        if let Some(place) = self.nodes.get_mut(id.0 as usize) {
            *place = Some(register);
        }
    }

    /// Notes where an item stands.
    fn note_item(&mut self, item: Item, register: impl Into<Register>) {
        self.items.insert(item, register.into());
    }

    fn registers(&self, block: BlockId) -> Option<&BlockRegisters> {
        self.blocks.get(block.0 as usize).and_then(Option::as_ref)
    }

    fn result(&self, block: BlockId) -> Option<Register> {
        self.registers(block).and_then(|block| block.results.first()).copied()
    }

    fn is_baseline(share: Share) -> bool {
        share == Share::Baseline
    }
}

/// What a choice may be that is read from a record.
fn values_of(source: SlotSource, catalog: &Catalog) -> Option<Choices> {
    match source {
        SlotSource::Fact { fact, part: Part::Value, .. } => match &catalog.fact(fact)?.kind {
            FactKind::Choice { values, .. } => Some(Choices::all(values.len())),
            FactKind::Number(_) | FactKind::Date => None,
        },
        SlotSource::Course { part: CoursePart::State, .. } => Some(Choices::all(CourseState::ALL.len())),
        SlotSource::Fact { .. }
        | SlotSource::Course { .. }
        | SlotSource::Judgement(_)
        | SlotSource::Status(_)
        | SlotSource::Word(_) => None,
    }
}
