use crate::model::{Advice, Block, BlockId, BlockKind, Cited, Guideline, Prefer, Rule, Suspect, TherapyId};
use crate::plan::{Register, TruthRegister};

use super::blocks::of_truth;
use super::{BlockRegisters, Lowering};

impl Lowering<'_> {
    /// What speaks for, against or of a therapy: its rule, or always.
    pub(super) fn spoken(&mut self, id: BlockId, when: Option<&Rule>) -> BlockRegisters {
        let registers = match when {
            Some(rule) => self.finding(rule),
            None => of_truth(self.builder.always()),
        };
        self.noted(id, registers)
    }

    /// Enough points to it; what speaks against it never decides.
    pub(super) fn suspect(&mut self, id: BlockId, suspect: &Suspect) -> BlockRegisters {
        let pointing: Vec<TruthRegister> = suspect.pointing.iter().map(|(when, _)| self.condition(when)).collect();
        let against = suspect.against.iter().map(|(when, _)| self.condition(when)).collect::<Vec<_>>();
        let rows = pointing.iter().chain(&against).copied().map(Register::Truth).collect();
        let all = u32::try_from(pointing.len()).unwrap_or(u32::MAX);
        let held = match suspect.least {
            0 | 1 => self.builder.any(pointing),
            least => self.builder.count_within(least, all, pointing),
        };
        self.noted(id, BlockRegisters { rows, ..of_truth(held) })
    }

    /// It holds when its condition does, and one at least of the sources at its head may speak of the patient.
    pub(super) fn advice(&mut self, id: BlockId, advice: &Advice, cited: &[Cited]) -> BlockRegisters {
        let mut needs: Vec<TruthRegister> = advice.when.iter().map(|when| self.condition(when)).collect();
        needs.extend(self.some_source_speaks(cited));
        let held = self.builder.all(needs);
        self.noted(id, of_truth(held))
    }

    /// Whether one of the sources covers the patient, where every one says whom it covers.
    fn some_source_speaks(&mut self, cited: &[Cited]) -> Option<TruthRegister> {
        let keys = cited.iter().filter_map(|cited| match cited {
            Cited::Source { key, .. } => Some(key),
            Cited::Local { .. } => None,
        });
        let covers: Vec<TruthRegister> = keys.map(|key| self.source_covers(key)).collect::<Option<_>>()?;
        (!covers.is_empty()).then(|| self.builder.any(covers))
    }

    fn source_covers(&self, wanted: &str) -> Option<TruthRegister> {
        let speaks = |block: &Block| matches!(&block.kind, BlockKind::SourceCovers(key, _) if key == wanted);
        let (id, _) = blocks(self.guideline).find(|(_, block)| speaks(block))?;
        self.held(id)
    }

    /// Where the truth of a block stands.
    pub(super) fn held(&self, block: BlockId) -> Option<TruthRegister> {
        match self.result(block)? {
            Register::Truth(held) => Some(held),
            Register::Choice(_) | Register::Number(_) => None,
        }
    }

    /// Notes that a block holds.
    pub(super) fn noted(&mut self, id: BlockId, registers: BlockRegisters) -> BlockRegisters {
        if let Some(held) = registers.results.first() {
            self.note_item(crate::model::Item::Holds(id), *held);
        }
        registers
    }

    /// The blocks that speak for, against or of an option of a ladder or a regimen.
    pub(super) fn spoken_of(&self, ladder: BlockId, therapy: TherapyId) -> Vec<BlockId> {
        let speaks = |block: &Block| {
            let preferred = |prefer: &Prefer| {
                prefer.ladder.is_none_or(|only| only == ladder) && self.guideline.is_preferred(prefer, therapy)
            };
            let prefers = matches!(&block.kind, BlockKind::Prefer(prefer) if preferred(prefer));
            prefers || self.guideline.speaks_of(block, ladder, therapy)
        };
        blocks(self.guideline).filter(|(_, block)| speaks(block)).map(|(id, _)| id).collect()
    }
}

/// The blocks with their places.
pub(super) fn blocks(guideline: &Guideline) -> impl Iterator<Item = (BlockId, &Block)> {
    (0..).map(BlockId).zip(&guideline.blocks)
}
