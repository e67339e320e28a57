//! Which parts a guideline has.

mod answers;
mod blocks;
mod treatment;

use crate::eval::{Registers, Subject, widest};
use crate::explore::Wanted;
use crate::model::{Block, BlockId, Item};
use crate::plan::from_model::BlockRegisters;
use crate::plan::{ChoiceRegister, Register, TruthRegister};
use crate::source::Span;

use super::part::{Part, Reach, Shows, Sort, Way, truth};

/// The parts of a guideline, in the order of its blocks, then the answers.
pub(super) fn parts(subject: Subject<'_>) -> Vec<Part> {
    let mut list = List { subject, covers: covers(subject), widest: widest(subject), parts: Vec::new() };
    for (id, block) in (0..).map(BlockId).zip(&subject.guideline.blocks) {
        if let Some(registers) = subject.lowered.block(id) {
            list.block(Of { id, block, registers });
        }
    }
    list.answers();
    list.parts
}

/// Whether the guideline speaks of a patient.
pub(super) fn covers(subject: Subject<'_>) -> Option<TruthRegister> {
    let block = subject.guideline.covers?;
    as_truth(subject.lowered.block(block)?.results.first().copied())
}

/// A block with what it has.
#[derive(Clone, Copy)]
struct Of<'a> {
    id: BlockId,
    block: &'a Block,
    registers: &'a BlockRegisters,
}

impl Of<'_> {
    fn name(&self) -> &str {
        &self.block.name.value
    }
}

struct List<'a> {
    subject: Subject<'a>,
    covers: Option<TruthRegister>,
    /// What every register can hold at all.
    widest: Registers,
    parts: Vec<Part>,
}

impl List<'_> {
    /// Adds a part that a patient comes to in one of some ways, whom the guideline covers.
    fn add(&mut self, of: Of<'_>, span: Span, said: String, mut ways: Vec<Way>) -> Option<&mut Part> {
        for way in &mut ways {
            way.extend(self.covers.map(|covers| truth(covers, true)));
        }
        self.push(of, span, said, Reach::Any(ways))
    }

    fn push(&mut self, of: Of<'_>, span: Span, said: String, reach: Reach) -> Option<&mut Part> {
        self.parts.push(Part { block: of.id, span, said, reach, shows: Shows::Block, sort: Sort::Other });
        self.parts.last_mut()
    }

    /// Adds that a truth holds and that it does not, each where it can be so at all.
    fn add_both(&mut self, of: Of<'_>, span: Span, at: TruthRegister, what: &str, shows: &Shows) {
        for (so, said) in [(true, format!("fulfils {what}")), (false, format!("leaves {what} unfulfilled"))] {
            if self.can_be(&truth(at, so))
                && let Some(part) = self.add(of, span, said, vec![vec![truth(at, so)]])
            {
                part.shows = shows.clone();
            }
        }
    }

    /// Some patient may be so, as far as a glance tells.
    fn can_be(&self, wanted: &Wanted) -> bool {
        !self.widest.held(wanted.register).intersection(&wanted.held).is_empty()
    }

    fn item(&self, item: Item) -> Option<Register> {
        self.subject.lowered.items.get(&item).map(|item| item.root)
    }

    fn item_truth(&self, item: Item) -> Option<TruthRegister> {
        as_truth(self.item(item))
    }
}

fn as_truth(register: Option<Register>) -> Option<TruthRegister> {
    match register? {
        Register::Truth(at) => Some(at),
        Register::Choice(_) | Register::Number(_) => None,
    }
}

fn as_choice(register: Option<Register>) -> Option<ChoiceRegister> {
    match register? {
        Register::Choice(at) => Some(at),
        Register::Truth(_) | Register::Number(_) => None,
    }
}
