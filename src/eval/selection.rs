use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::model::BlockId;
use crate::plan::{Bits, Slice};
use crate::record::Record;
use crate::value::{Precision, Truth};

use super::memory::Memory;
use super::{Baseline, Evaluation, Subject, answer, bind, refine, run_steps};

/// Some answers of a guideline, to be asked of one record after another: only the steps on the way to them are run.
#[derive(Debug)]
pub struct Selection {
    blocks: Vec<BlockId>,
    /// The steps of the answers and of whom the guideline covers, in order.
    steps: Vec<u32>,
    memory: RefCell<Memory>,
}

impl Selection {
    /// Some answers of a guideline.
    pub fn of(subject: Subject<'_>, blocks: Vec<BlockId>) -> Self {
        let lowered = subject.lowered;
        let mut needed = Bits::none(lowered.plan.steps.len());
        let asked = subject.guideline.covers.iter().chain(&blocks);
        let slices = asked.flat_map(|block| [lowered.slice(*block), lowered.fault_slice(*block)]).flatten();
        for at in slices.flat_map(|slice: &Slice| &slice.steps) {
            needed.insert(*at);
        }
        let steps = (0..).zip(&lowered.plan.steps).map(|(at, _)| at).filter(|at| needed.contains(*at)).collect();
        Selection { blocks, steps, memory: RefCell::default() }
    }

    /// The answers for one record, as [`super::evaluate`] gives them, and nothing of what stands beside them; `speaks` says
    /// that the guideline speaks of patients on that day at all.
    pub fn evaluate(&self, subject: Subject<'_>, record: &Record, baseline: Baseline, speaks: bool) -> Evaluation {
        let inputs = bind(subject, record, baseline);
        let plan = &subject.lowered.plan;
        let steps = self.steps.iter().filter_map(|at| plan.step(*at));
        let registers = run_steps(plan, steps, &inputs, Precision::Usual);
        let beside = answer::Beside::remembering(&self.memory);
        let asked =
            answer::Asked { subject, inputs: &inputs, registers: &registers, beside: &beside, splits: refine::SPLITS };
        let (covers, covers_because) = if speaks { asked.covers() } else { (Truth::NO, Vec::new()) };
        let answers = self.blocks.iter().map(|block| asked.answer(*block, covers)).collect();
        let refined = asked.beside.refined();
        let (items, impossible) = (BTreeMap::new(), Vec::new());
        Evaluation { inputs, registers, covers, covers_because, answers, items, impossible, refined }
    }
}
