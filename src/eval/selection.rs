use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::model::BlockId;
use crate::plan::from_model::Lowered;
use crate::plan::{Bits, SlotId};
use crate::record::Record;
use crate::value::{Precision, Truth};

use super::answer::{Asked, Beside};
use super::bind::{Needed, bind_needed, unbound};
use super::memory::Memory;
use super::{Baseline, Evaluation, Inputs, Registers, Subject, run_steps};

/// Some answers of a guideline, to be asked of one record after another: only what they hang on is read and worked out.
#[derive(Debug)]
pub struct Selection {
    blocks: Vec<BlockId>,
    /// Whom the guideline covers; `None` where it covers everybody.
    covers: Option<Way>,
    /// The answers, and whom the guideline covers.
    answers: Way,
    memory: RefCell<Memory>,
}

/// The way from a record to some blocks.
#[derive(Debug)]
struct Way {
    needed: Needed,
    /// The steps, in order.
    steps: Vec<u32>,
}

impl Way {
    fn to(lowered: &Lowered, blocks: impl Iterator<Item = BlockId>) -> Self {
        let plan = &lowered.plan;
        let (mut steps, mut slots) = (Bits::none(plan.steps.len()), Bits::none(plan.slots.len()));
        for slice in blocks.flat_map(|block| [lowered.slice(block), lowered.fault_slice(block)]).flatten() {
            for at in &slice.steps {
                steps.insert(*at);
            }
            for SlotId(at) in &slice.slots {
                slots.insert(*at);
            }
        }
        let steps = (0..).zip(&plan.steps).map(|(at, _)| at).filter(|at| steps.contains(*at)).collect();
        Way { needed: Needed::of(plan, &slots), steps }
    }

    fn gone(&self, subject: Subject<'_>, record: &Record, baseline: Baseline) -> (Inputs, Registers) {
        let plan = &subject.lowered.plan;
        let inputs = bind_needed(subject, record, baseline, Some(&self.needed));
        let steps = self.steps.iter().filter_map(|at| plan.step(*at));
        let registers = run_steps(plan, steps, &inputs, Precision::Usual);
        (inputs, registers)
    }
}

impl Selection {
    /// Some answers of a guideline.
    pub fn of(subject: Subject<'_>, blocks: Vec<BlockId>) -> Self {
        let covers = subject.guideline.covers;
        let to = |blocks: &mut dyn Iterator<Item = BlockId>| Way::to(subject.lowered, blocks);
        let answers = to(&mut covers.into_iter().chain(blocks.iter().copied()));
        let covers = covers.map(|block| to(&mut std::iter::once(block)));
        Selection { blocks, covers, answers, memory: RefCell::default() }
    }

    /// The answers for one record, as [`super::evaluate`] gives them, and nothing of what stands beside them; `speaks` says
    /// that the guideline speaks of patients on that day at all.
    pub fn evaluate(&self, subject: Subject<'_>, record: &Record, baseline: Baseline, speaks: bool) -> Evaluation {
        if !speaks {
            let plan = &subject.lowered.plan;
            return self.answered(subject, (unbound(plan), Registers::of(plan)), Some((Truth::NO, Vec::new())));
        }
        let first = self.covers.as_ref().map(|way| {
            let (inputs, registers) = way.gone(subject, record, baseline);
            let covers = Asked::of(subject, &inputs, &registers, &Beside::default()).covers();
            ((inputs, registers), covers)
        });
        match first {
            Some((run, covers)) if covers.0 == Truth::NO => self.answered(subject, run, Some(covers)),
            first => {
                let run = self.answers.gone(subject, record, baseline);
                self.answered(subject, run, first.map(|(_, covers)| covers))
            }
        }
    }

    fn answered(
        &self,
        subject: Subject<'_>,
        (inputs, registers): (Inputs, Registers),
        known: Option<(Truth, Vec<SlotId>)>,
    ) -> Evaluation {
        let beside = Beside::remembering(&self.memory);
        let asked = Asked::of(subject, &inputs, &registers, &beside);
        let (covers, covers_because) = known.unwrap_or_else(|| asked.covers());
        let answers = self.blocks.iter().map(|block| asked.answer(*block, covers)).collect();
        let refined = beside.refined();
        let (items, impossible) = (BTreeMap::new(), Vec::new());
        Evaluation { inputs, registers, covers, covers_because, answers, items, impossible, refined }
    }
}
