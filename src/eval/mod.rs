//! A plan over a record: what each answer can still be, and what keeps it open.
//!
//! There is one evaluator and one domain. Every step works on sets of possible values; a recorded value is the set
//! of itself. An answer in which no open fact is read twice is exact as it falls out; the others are refined.
//!
//! ```text
//! physician_global 8 → 2, mmt8 not recorded   ─►   total_improvement_score: {20, 30, 40, 47.5, 52.5}
//! ```

pub mod answer;
pub mod bind;
mod cells;
mod compact;
pub mod course;
mod draft;
mod each;
pub mod find;
mod linear;
mod memory;
mod outlook;
mod refine;
mod registers;
mod relevance;
mod selection;
mod step;
mod tied;

pub(crate) use answer::Refinements;
pub use answer::{Answer, Presuming, Status};
pub use bind::{Baseline, Input, Inputs, bind};
pub(crate) use compact::HIGHEST;
pub use compact::{Compact, Ends, LANES, Sheet};
pub use course::{CourseFound, CourseNeed, CourseSeen, RowSeen};
pub use outlook::{Care, Openness, Outlook, baseline_day, outlook};
pub use registers::{Held, Registers};
pub use selection::Selection;

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::model::{BlockId, Guideline, Item};
use crate::plan::from_model::Lowered;
use crate::plan::{Plan, Register, Step};
use crate::record::Record;
use crate::value::{Precision, Truth};

/// A guideline ready to be evaluated.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What it means.
    pub guideline: &'a Guideline,
    /// The program.
    pub lowered: &'a Lowered,
    /// The dictionary.
    pub catalog: &'a Catalog,
}

/// What a guideline says of one patient.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// What went in, by slot.
    pub inputs: Inputs,
    /// Every register after the run: the trace.
    pub registers: Registers,
    /// Whether the guideline covers the patient.
    pub covers: Truth,
    /// The slots that keep `covers` open.
    pub covers_because: Vec<crate::plan::SlotId>,
    /// The answers, in the guideline's order.
    pub answers: Vec<Answer>,
    /// Conclusions, verdicts, advice and the like.
    pub items: BTreeMap<Item, Answer>,
    /// Combinations no patient has, and the record does.
    pub impossible: Vec<BlockId>,
    /// What open registers came to be narrowed to.
    pub(crate) refined: Refinements,
}

/// Evaluates a guideline for one record.
pub fn evaluate(subject: Subject<'_>, record: &Record, baseline: Baseline) -> Evaluation {
    let inputs = bind(subject, record, baseline);
    evaluate_inputs(subject, inputs)
}

/// Evaluates a guideline that does not speak of the patient on that day, whoever it covers: every answer is silent.
pub fn evaluate_unspoken(subject: Subject<'_>, record: &Record, baseline: Baseline) -> Evaluation {
    with_covers(subject, bind(subject, record, baseline), Some((Truth::NO, Vec::new())))
}

/// Evaluates a guideline for slots that are filled already.
pub fn evaluate_inputs(subject: Subject<'_>, inputs: Inputs) -> Evaluation {
    with_covers(subject, inputs, None)
}

/// Evaluates a guideline of which it may be known already whether it speaks of the patient.
fn with_covers(subject: Subject<'_>, inputs: Inputs, known: Option<(Truth, Vec<crate::plan::SlotId>)>) -> Evaluation {
    let registers = run(subject, &inputs, Precision::Usual);
    let beside = answer::Beside::default();
    let asked = answer::Asked::of(subject, &inputs, &registers, &beside);
    let (covers, covers_because) = known.unwrap_or_else(|| asked.covers());
    let answers = subject.guideline.answers.iter().map(|block| asked.answer(*block, covers)).collect();
    let items = asked.items(covers);
    let impossible = asked.impossible();
    let refined = asked.beside.refined();
    Evaluation { inputs, registers, covers, covers_because, answers, items, impossible, refined }
}

/// What blocks can be, as narrow as an answer: those on the way to one.
pub fn narrowed(
    subject: Subject<'_>,
    evaluation: &Evaluation,
    blocks: impl IntoIterator<Item = BlockId>,
) -> BTreeMap<BlockId, Vec<Held>> {
    let Evaluation { inputs, registers, refined, .. } = evaluation;
    let beside = answer::Beside::knowing(refined);
    let asked = answer::Asked::of(subject, inputs, registers, &beside);
    blocks.into_iter().map(|block| (block, asked.narrowed_block(block))).collect()
}

/// What stands in every register for one patient, as it falls out of one run: an open one may be wider than it need be.
pub fn registers(subject: Subject<'_>, inputs: &Inputs) -> Registers {
    run(subject, inputs, Precision::Usual)
}

/// What every register can hold at all, whoever the patient is.
pub fn widest(subject: Subject<'_>) -> Registers {
    let plan = &subject.lowered.plan;
    let mut registers = Registers::filled(plan, &bind::widest(subject));
    for step in &plan.steps {
        step::run(step, &mut registers, Precision::Usual);
        step::widen(step, &mut registers);
    }
    registers
}

/// One answer of a guideline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asking {
    /// What a block gives.
    Block(BlockId),
    /// A conclusion, a verdict, advice and the like.
    Item(Item),
}

/// One answer alone, as [`evaluate_inputs`] gives it, but for what it would be taking the usual normals for granted.
pub fn answer_alone(subject: Subject<'_>, inputs: &Inputs, asking: Asking) -> Answer {
    covered_answer(subject, inputs, asking).1
}

/// The same, after whether the guideline covers the patient.
pub fn covered_answer(subject: Subject<'_>, inputs: &Inputs, asking: Asking) -> (Truth, Answer) {
    let registers = run(subject, inputs, Precision::Usual);
    let beside = answer::Beside::default();
    let asked = answer::Asked::of(subject, inputs, &registers, &beside);
    let covers = asked.covers().0;
    (covers, asked.alone(asking, covers))
}

/// Fills the slots and runs every step.
fn run(subject: Subject<'_>, inputs: &Inputs, precision: Precision) -> Registers {
    let plan = &subject.lowered.plan;
    run_steps(plan, &plan.steps, inputs, precision)
}

/// Fills the slots and runs some steps, in their order.
fn run_steps<'a>(
    plan: &Plan,
    steps: impl IntoIterator<Item = &'a Step>,
    inputs: &Inputs,
    precision: Precision,
) -> Registers {
    let mut registers = Registers::filled(plan, inputs);
    for step in steps {
        step::run(step, &mut registers, precision);
    }
    registers
}

/// The register that holds a block's only result.
pub(crate) fn only_result(lowered: &Lowered, block: BlockId) -> Option<Register> {
    lowered.block(block).and_then(|block| block.results.first()).copied()
}
