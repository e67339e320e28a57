use crate::diagnostics::Diagnostic;
use crate::model::{Block, BlockId, BlockKind, Condition, ConditionKind, Expression};
use crate::plan::{Register, TruthRegister};

use super::codes::{ALWAYS, NEVER};
use super::{Among, Answer, Prover, only_result};

impl<A: Among> Prover<'_, A> {
    /// Some patient fulfils each line, and some does not.
    pub(super) fn lines(&mut self, id: BlockId, block: &Block) {
        // A combination nobody has is there to never hold, and so is what only such combinations read.
        if matches!(block.kind, BlockKind::Impossible(_)) || self.only_impossible(id) {
            return;
        }
        let mut conditions: Vec<&Condition> = Vec::new();
        block.each_expression(&mut |expression| {
            if let Expression::Condition(condition) = expression {
                conditions.push(condition);
            }
        });
        let mut told = false;
        for condition in &conditions {
            told |= self.line(condition);
        }
        let Some(Register::Truth(result)) = only_result(self.subject.lowered, id) else { return };
        if told || !matches!(block.kind, BlockKind::Finding(_) | BlockKind::Suspect(_) | BlockKind::Course(_)) {
            return;
        }
        let of_one_line = conditions.iter().any(|line| self.truth_of(line) == Some(result));
        if !of_one_line {
            let name = if let BlockKind::Course(rule) = &block.kind {
                format!("`course {}`", rule.word())
            } else {
                format!("`{}`", block.name.value)
            };
            self.constant(result, block.name.span, &name);
        }
    }

    /// It is there to say what no patient has.
    fn only_impossible(&self, id: BlockId) -> bool {
        let mut readers = self.subject.guideline.blocks.iter().filter(|block| {
            let mut reads = false;
            block.each_block(&mut |read| reads |= read == id);
            reads
        });
        let first = readers.next().is_some_and(|block| matches!(block.kind, BlockKind::Impossible(_)));
        first && readers.all(|block| matches!(block.kind, BlockKind::Impossible(_)))
    }

    /// Tells of a line that always or never holds, or of the part of it that does; whether something was told.
    fn line(&mut self, condition: &Condition) -> bool {
        let mut told = false;
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) | ConditionKind::Count { items: parts, .. } => {
                for part in parts {
                    told |= self.line(part);
                }
            }
            // Of one thing that is denied the whole is told: `not some` never holds.
            ConditionKind::Not(part) => match &part.kind {
                ConditionKind::All(_) | ConditionKind::Any(_) | ConditionKind::Count { .. } | ConditionKind::Not(_) => {
                    told |= self.line(part);
                }
                ConditionKind::Holds(_)
                | ConditionKind::Concludes(..)
                | ConditionKind::IsRecorded(_)
                | ConditionKind::FactIsRecorded(_) => return self.line(part),
                ConditionKind::Is { .. }
                | ConditionKind::Compares { .. }
                | ConditionKind::Changes(_)
                | ConditionKind::IsNotMeasured(_)
                | ConditionKind::Course(_)
                | ConditionKind::Status(..) => {}
            },
            // What they read is told where it stands.
            ConditionKind::Holds(_) | ConditionKind::Concludes(..) => return self.is_constant(condition),
            // They speak of the record.
            ConditionKind::IsRecorded(_) | ConditionKind::FactIsRecorded(_) => return false,
            ConditionKind::Is { .. }
            | ConditionKind::Compares { .. }
            | ConditionKind::Changes(_)
            | ConditionKind::IsNotMeasured(_)
            | ConditionKind::Course(_)
            | ConditionKind::Status(..) => {}
        }
        match self.truth_of(condition) {
            Some(at) if !told => self.constant(at, condition.span, "this"),
            Some(_) | None => told,
        }
    }

    /// A line always holds, or never; told elsewhere.
    pub(super) fn is_constant(&mut self, condition: &Condition) -> bool {
        let Some(at) = self.truth_of(condition) else { return false };
        !self.hangs_on_the_day(Register::Truth(at))
            && [true, false].into_iter().any(|truth| self.can_be(at, truth) == Answer::No)
    }

    pub(super) fn truth_of(&self, condition: &Condition) -> Option<TruthRegister> {
        match self.subject.lowered.node(condition.id)? {
            Register::Truth(at) => Some(at),
            Register::Choice(_) | Register::Number(_) => None,
        }
    }

    /// Tells of a truth that is never so; whether something was told.
    fn constant(&mut self, at: TruthRegister, span: crate::source::Span, what: &str) -> bool {
        if self.hangs_on_the_day(Register::Truth(at)) {
            return false;
        }
        for (truth, code, word, claim) in [
            (true, NEVER, "never", "some patient fulfils this"),
            (false, ALWAYS, "always", "some patient does not fulfil this"),
        ] {
            match self.can_be(at, truth) {
                Answer::Yes => {}
                Answer::No => {
                    let text = format!("{what} {word} holds, whatever is recorded");
                    self.tell(Diagnostic::warning(code, span, text));
                    return true;
                }
                Answer::NotFoundOut => self.not_proved(span, claim),
            }
        }
        false
    }
}
