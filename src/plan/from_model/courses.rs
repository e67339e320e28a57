use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::model::{BlockId, BlockKind, CourseRule, CourseState, CourseTest, Guideline, Item, TherapyId};
use crate::plan::{CoursePart, Register, SlotSource, TruthRegister};
use crate::value::Choices;

use super::against::blocks;
use super::{BlockRegisters, LoweredCourse, Lowering, order};

/// The rules of `course` and every block they read, as a program of their own.
pub(super) fn lower(guideline: &Guideline, catalog: &Catalog) -> LoweredCourse {
    let mut lowering = Lowering::new(guideline, catalog);
    let rules = || {
        blocks(guideline).filter_map(|(id, block)| {
            let BlockKind::Course(rule) = &block.kind else { return None };
            Some((id, rule))
        })
    };
    lowering.blocks_in_order(order::order(guideline, rules().map(|(id, _)| id)));
    let lowered = lowering.finish();
    let truth = |id: BlockId| match lowered.block(id).and_then(|block| block.results.first()) {
        Some(Register::Truth(held)) => Some(*held),
        Some(Register::Choice(_) | Register::Number(_)) | None => None,
    };
    let (mut joined, mut failed, mut worked, mut not_tolerated) = (None, None, None, None);
    let mut outcome = Vec::new();
    for (id, rule) in rules() {
        match rule {
            CourseRule::FairTrial(_) => {}
            CourseRule::Outcome(lines) => {
                let rows = lowered.block(id).into_iter().flat_map(|block| &block.rows);
                outcome.extend(lines.iter().zip(rows).filter_map(|((value, _, _), row)| match row {
                    Register::Truth(held) => Some((*value, *held)),
                    Register::Choice(_) | Register::Number(_) => None,
                }));
            }
            CourseRule::Joined(_) => joined = truth(id),
            CourseRule::Failed(_) => failed = truth(id),
            CourseRule::Worked(_) => worked = truth(id),
            CourseRule::NotTolerated(_) => not_tolerated = truth(id),
        }
    }
    LoweredCourse { lowered, joined, failed, worked, not_tolerated, outcome, slices: BTreeMap::new() }.sliced()
}

/// The slot of what is asked of a therapy.
pub(super) fn of_course(therapy: TherapyId, part: CoursePart) -> SlotSource {
    SlotSource::Course { therapy, part }
}

impl Lowering<'_> {
    /// A rule of `course`: its truth, or one for each line of the outcome.
    pub(super) fn course_rule(&mut self, rule: &CourseRule) -> BlockRegisters {
        match rule {
            CourseRule::FairTrial(_) => BlockRegisters::default(),
            CourseRule::Outcome(lines) => {
                let rows = lines.iter().map(|(_, when, _)| Register::Truth(self.condition(when))).collect();
                BlockRegisters { rows, ..BlockRegisters::default() }
            }
            CourseRule::Joined(rule)
            | CourseRule::Failed(rule)
            | CourseRule::Worked(rule)
            | CourseRule::NotTolerated(rule) => self.finding(rule),
        }
    }

    pub(super) fn course_test(&mut self, test: &CourseTest) -> TruthRegister {
        match test {
            CourseTest::State(therapy, states) => self.state_is(*therapy, *states),
            CourseTest::Count { how, therapies, states } => {
                let of = therapies.iter().map(|therapy| self.state_is(*therapy, *states)).collect();
                self.count(*how, of)
            }
            CourseTest::Taking(therapy) => self.builder.truth_slot(of_course(*therapy, CoursePart::Taking)),
            CourseTest::Word(word) => self.builder.truth_slot(SlotSource::Word(*word)),
            CourseTest::WordIs(word, values) => {
                let of = self.builder.choice_slot(SlotSource::Word(*word));
                self.builder.is(of, *values)
            }
        }
    }

    /// A therapy is in one of some states.
    pub(super) fn state_is(&mut self, therapy: TherapyId, states: Choices) -> TruthRegister {
        if let Some(known) = self.states.get(&(therapy, states)) {
            return *known;
        }
        let only_states = states.intersection(Choices::all(CourseState::ALL.len()));
        let mut any = Vec::new();
        if !only_states.is_empty() {
            let state = self.builder.choice_slot(of_course(therapy, CoursePart::State));
            any.push(self.builder.is(state, only_states));
        }
        let parts = [CoursePart::FairTrial, CoursePart::Working, CoursePart::UnderWay];
        for ((_, value), part) in CourseState::BESIDE.iter().zip(parts) {
            if states.contains(*value) {
                any.push(self.builder.truth_slot(of_course(therapy, part)));
            }
        }
        let held = self.builder.any(any);
        self.states.insert((therapy, states), held);
        held
    }

    /// An item for every therapy whose state some rule asks for.
    pub(super) fn courses_asked_for(&mut self) {
        for (therapy, register) in self.builder.states() {
            self.note_item(Item::Course(therapy), register);
        }
    }
}
