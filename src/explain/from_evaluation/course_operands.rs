//! What a line looked at, where that is the exposure history or a conclusion.

use std::collections::BTreeSet;

use super::Teller;
use super::treatments::states;
use super::words;
use crate::eval::{CourseFound, Held, Status};
use crate::explain::{Because, Operand, Possible};
use crate::model::{BlockId, BlockKind, Condition, CourseTest, Item, Read, TherapyId};
use crate::plan::{CoursePart, SlotId, SlotSource};
use crate::value::Truth;

impl Teller<'_> {
    pub(super) fn collect_course(&self, test: &CourseTest, operands: &mut Vec<Operand>) {
        match test {
            CourseTest::State(therapy, _) => operands.extend(self.course_operand(*therapy)),
            CourseTest::Count { therapies, states: wanted, .. } => {
                let counted = therapies.iter().filter_map(|therapy| self.found(*therapy));
                let taken = |found: &&CourseFound| !found.courses.is_empty() || found.state.intersects(*wanted);
                operands.extend(counted.filter(taken).filter_map(|found| self.course_operand(found.therapy)));
            }
            CourseTest::Taking(therapy) => operands.extend(self.taking_operand(*therapy)),
            CourseTest::Word(word) | CourseTest::WordIs(word, _) => operands.extend(self.word_operand(*word)),
        }
    }

    /// What the record makes of a therapy.
    pub(super) fn course_operand(&self, therapy: TherapyId) -> Option<Operand> {
        let found = self.found(therapy)?;
        let state = states(found.state);
        let known = found.state.settled().is_some();
        Some(self.of_therapy(therapy, found, format!("course of {}", self.therapy_label(therapy)), state, known))
    }

    fn taking_operand(&self, therapy: TherapyId) -> Option<Operand> {
        let found = self.found(therapy)?;
        let label = format!("taking {}", self.therapy_label(therapy));
        let known = found.taking.settled().is_some();
        Some(self.of_therapy(therapy, found, label, words::of_truth(found.taking), known))
    }

    pub(super) fn last_dose_operand(&self, therapy: TherapyId) -> Option<Operand> {
        let found = self.found(therapy)?;
        let label = format!("time since last dose of {}", self.therapy_label(therapy));
        let since = match self.input(SlotSource::Course { therapy, part: CoursePart::SinceLastDose }) {
            Some(input) => match &input.held {
                Held::Number(number) => number.clone(),
                Held::Truth(_) | Held::Choices(_) => found.since_last_dose.clone(),
            },
            None => found.since_last_dose.clone(),
        };
        let known = since.single().is_some();
        let operand = self.of_therapy(therapy, found, label, Possible::Number(since), known);
        Some(Operand { unit: Some(String::from("weeks")), ..operand })
    }

    fn of_therapy(
        &self,
        therapy: TherapyId,
        found: &CourseFound,
        label: String,
        possible: Possible,
        known: bool,
    ) -> Operand {
        let provenance = if known {
            String::from("worked out")
        } else if found.courses.is_empty() {
            found.reason.words().to_owned()
        } else {
            let needs: Vec<String> = self
                .course_because(therapy, CoursePart::State, found.reason)
                .into_iter()
                .map(|one| one.label)
                .collect();
            format!("depends on {}", needs.join(", "))
        };
        Operand {
            id: format!("course.{}", self.therapy_name(therapy)),
            label,
            when: String::new(),
            possible,
            written: None,
            unit: None,
            date: None,
            provenance,
            upper_limit: None,
            scale: None,
            place: None,
        }
    }

    /// What keeps a condition open, by what it and the blocks it reads look at.
    pub(super) fn open_in(&self, condition: &Condition) -> Vec<Because> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut facts = BTreeSet::new();
        let mut therapies = BTreeSet::new();
        let mut statuses = BTreeSet::new();
        let mut open = Vec::new();
        let mut note = |read: Read, open: &mut Vec<BlockId>| match read {
            Read::Fact(fact) => {
                facts.insert(fact);
            }
            Read::Courses(therapy) => {
                therapies.insert(therapy);
            }
            Read::Status(asked) => {
                statuses.insert(asked);
            }
            Read::Block(block) => open.push(block),
            Read::Word(_) => {}
        };
        condition.each_read(&mut |read| note(read, &mut open));
        while let Some(id) = open.pop() {
            if !seen.insert(id) || self.narrowed(id).iter().all(Held::is_settled) {
                continue;
            }
            if let Some(answer) = self.evaluation.answers.iter().find(|answer| answer.block == id) {
                found.extend(self.because(&answer.because));
                continue;
            }
            let Some(block) = self.subject.guideline.block(id) else { continue };
            block.each_read(&mut |read| note(read, &mut open));
        }
        let slots = (0..).zip(&self.subject.lowered.plan.slots).filter(|(_, slot)| match slot.source {
            SlotSource::Fact { fact, .. } => facts.contains(&fact),
            SlotSource::Course { therapy, .. } => therapies.contains(&therapy),
            SlotSource::Status(asked) => statuses.contains(&asked),
            SlotSource::Judgement(_) => true,
            SlotSource::Word(_) => false,
        });
        let slots: Vec<SlotId> = slots.map(|(at, _)| SlotId(at)).collect();
        found.extend(self.because(&slots));
        found
    }

    pub(super) fn conclusion_operand(&self, block: BlockId, at: u8) -> Option<Operand> {
        let known = self.subject.guideline.block(block)?;
        let BlockKind::Algorithm(algorithm) = &known.kind else { return None };
        let end = algorithm.conclusions.get(usize::from(at))?;
        let truth = self.item_truth(Item::Conclusion(block, at));
        Some(self.worked_out(end.name.value.clone(), end.title.clone(), truth, self.sources.place(end.name.span)))
    }

    /// A rule that speaks of a therapy.
    pub(super) fn rule_operand(&self, block: BlockId) -> Option<Operand> {
        let known = self.subject.guideline.block(block)?;
        let standing = self.holds_standing(block);
        let truth = match (standing.status, &standing.possible) {
            (Status::Silent, _) => Truth::NO,
            (_, Possible::YesNo { yes, no }) => Truth::possible(*yes, *no),
            (_, Possible::Choice(_) | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing) => {
                Truth::EITHER
            }
        };
        let place = self.sources.place(known.head);
        Some(self.worked_out(known.name.value.clone(), super::ladders::titled(known), truth, place))
    }

    #[expect(clippy::unused_self, reason = "beside the other operands")]
    fn worked_out(&self, id: String, label: String, truth: Truth, place: String) -> Operand {
        Operand {
            id,
            label,
            when: String::new(),
            possible: words::of_truth(truth),
            written: None,
            unit: None,
            date: None,
            provenance: String::from("worked out"),
            upper_limit: None,
            scale: None,
            place: Some(place),
        }
    }
}
