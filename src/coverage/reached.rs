use std::collections::{BTreeMap, BTreeSet};

use crate::eval::{Evaluation, Held, Registers, Status, Subject};
use crate::explore::Wanted;
use crate::model::BlockId;
use crate::plan::Register;
use crate::value::Truth;

use super::part::{Part, Reach};

/// What one patient comes to.
#[derive(Debug)]
pub(super) struct Met {
    registers: Registers,
    /// What answers and what stands beside them came to, where that is narrower.
    refined: BTreeMap<Register, Held>,
    answers: Vec<(BlockId, Status)>,
    /// The rows of `course adequate` by which some course was a fair trial.
    trials: BTreeSet<(BlockId, usize)>,
}

impl Met {
    pub(super) fn of(subject: Subject<'_>, evaluation: &Evaluation) -> Self {
        let mut refined = BTreeMap::new();
        for answer in &evaluation.answers {
            if let Some(registers) = subject.lowered.block(answer.block) {
                refined.extend(registers.results.iter().copied().zip(answer.held.iter().cloned()));
            }
        }
        for (item, answer) in &evaluation.items {
            if let (Some(lowered), [held]) = (subject.lowered.items.get(item), answer.held.as_slice()) {
                refined.insert(lowered.root, held.clone());
            }
        }
        let courses = evaluation.inputs.courses.iter().flat_map(|found| &found.courses);
        let rows = courses.flat_map(|course| &course.rows);
        let fair = rows.filter(|row| {
            [row.dose, row.length, row.adherence, row.level].into_iter().all(|truth| truth == Truth::YES)
        });
        Met {
            registers: evaluation.registers.clone(),
            refined,
            answers: evaluation.answers.iter().map(|answer| (answer.block, answer.status)).collect(),
            trials: fair.map(|row| (row.block, row.row)).collect(),
        }
    }

    /// The patient comes to a part.
    pub(super) fn reaches(&self, part: &Part) -> bool {
        match &part.reach {
            Reach::Any(ways) => ways.iter().any(|way| way.iter().all(|wanted| self.is_so(wanted))),
            Reach::Open(block) => self.answers.contains(&(*block, Status::Open)),
            Reach::Decided(block, _) => self.answers.contains(&(*block, Status::Decided)),
            Reach::FairTrial(row, _) => self.trials.contains(&(part.block, *row)),
        }
    }

    fn is_so(&self, wanted: &Wanted) -> bool {
        self.registers.held(wanted.register).is_within(&wanted.held)
            || self.refined.get(&wanted.register).is_some_and(|held| held.is_within(&wanted.held))
    }
}
