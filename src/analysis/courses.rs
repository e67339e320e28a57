//! The rules of `course`, over every course there can be.

use crate::diagnostics::Diagnostic;
use crate::explore::{Courses, Wanted};
use crate::model::{Block, BlockId, BlockKind, Condition, CourseRule, FairTrialRow};
use crate::plan::{Register, TruthRegister};
use crate::syntax::tree::TrialLength;
use crate::value::Quantity;

use super::codes::{DEAD_ROW, DEAD_TRIAL, NEVER};
use super::{Answer, Proof, Prover, first_of, only_result, truths};

impl Prover<'_, Courses<'_>> {
    /// Some course fulfils each line and some does not, each outcome is worked out for some, each row of fair trials takes
    /// courses that no other takes, and some course counts as failed.
    pub(super) fn courses(mut self) -> Proof {
        let guideline = self.subject.guideline;
        for (id, block) in (0..).map(BlockId).zip(&guideline.blocks) {
            let BlockKind::Course(rule) = &block.kind else { continue };
            let told = self.proof.found.len();
            self.lines(id, block);
            match rule {
                CourseRule::FairTrial(rows) => self.fair_trials(rows),
                CourseRule::Outcome(lines) => self.outcomes(id, lines.iter().map(|(_, when, _)| when)),
                CourseRule::Failed(_) if told == self.proof.found.len() => self.comes_first(id, block),
                CourseRule::Failed(_) | CourseRule::Joined(_) | CourseRule::Worked(_) | CourseRule::NotTolerated(_) => {
                }
            }
        }
        self.proof
    }

    /// Not every course that failed was not tolerated: that comes first.
    fn comes_first(&mut self, id: BlockId, block: &Block) {
        let own = only_result(self.subject.lowered, id);
        let (Some(Register::Truth(own)), Some(first)) = (own, self.not_tolerated()) else { return };
        match self.some_patient(&[Wanted::truth(own, true), Wanted::truth(first, false)]) {
            Answer::Yes => {}
            Answer::No => {
                let never =
                    "no course counts as failed: each for which this holds is `not_tolerated`, which comes first";
                self.tell(Diagnostic::warning(NEVER, block.name.span, never));
            }
            Answer::NotFoundOut => self.not_proved(block.name.span, "some course counts as failed"),
        }
    }

    fn not_tolerated(&self) -> Option<TruthRegister> {
        let mut blocks = (0..).map(BlockId).zip(&self.subject.guideline.blocks);
        let is_it = |block: &Block| matches!(block.kind, BlockKind::Course(CourseRule::NotTolerated(_)));
        let (id, _) = blocks.find(|(_, block)| is_it(block))?;
        truths(&self.subject.lowered.block(id)?.results).first().copied()
    }

    /// Each line of `course outcome` is the first that holds for some course.
    fn outcomes<'l>(&mut self, id: BlockId, lines: impl Iterator<Item = &'l Condition>) {
        let Some(registers) = self.subject.lowered.block(id) else { return };
        let holds = truths(&registers.rows);
        for (at, (line, own)) in lines.zip(&holds).enumerate() {
            if self.can_be(*own, true) != Answer::Yes {
                // The line itself is told.
                continue;
            }
            match self.some_patient(&first_of(&holds, at)) {
                Answer::Yes => {}
                Answer::No => {
                    let dead = Diagnostic::warning(DEAD_ROW, line.span, "no course comes to this line");
                    self.tell(dead.note("lines before it take every course it would hold for"));
                }
                Answer::NotFoundOut => self.not_proved(line.span, "some course comes to this line"),
            }
        }
    }

    /// Each row of `course adequate` takes a course that no other row takes.
    fn fair_trials(&mut self, rows: &[FairTrialRow]) {
        for (at, row) in rows.iter().enumerate() {
            self.proof.claims += 1;
            let mut others = rows.iter().enumerate().filter(|(other, _)| *other != at);
            // Of two that take the same the second says nothing.
            let wider =
                others.find(|(place, other)| other.takes_all_of(row) && (*place < at || !row.takes_all_of(other)));
            if let Some((_, wider)) = wider {
                let dead =
                    Diagnostic::warning(DEAD_TRIAL, row.span, "this row makes no trial fair that is not already");
                self.tell(dead.also(wider.span, "this one asks for no more, and either is enough"));
            }
        }
    }
}

impl FairTrialRow {
    /// Every course that is a fair trial by the other is one by this, and is judged on the same day.
    fn takes_all_of(&self, other: &FairTrialRow) -> bool {
        let length = match (&self.length, &other.length) {
            (None, _) => true,
            (Some(TrialLength::Time(own)), Some(TrialLength::Time(others))) => {
                own.unit == others.unit && own.count <= others.count
            }
            (Some(TrialLength::Occasions(own)), Some(TrialLength::Occasions(others))) => own <= others,
            (Some(_), None | Some(_)) => false,
        };
        other.therapies.iter().all(|therapy| self.therapies.contains(therapy))
            // From the day the dose was reached it may be judged.
            && self.dose == other.dose
            && self.judged == other.judged
            && length
            && self.adherence.is_none_or(|own| other.adherence.is_some_and(|others| own <= others))
            && self.level.is_none_or(|own| other.level.is_some_and(|others| is_at_most(own, others)))
    }
}

fn is_at_most(one: Quantity, other: Quantity) -> bool {
    one.unit == other.unit && one.value <= other.value
}
