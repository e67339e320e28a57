use std::collections::BTreeSet;

use crate::eval::{Held, Subject};
use crate::explore::Wanted;
use crate::model::{BlockId, OptionPlace};
use crate::plan::{ChoiceRegister, NumberRegister, Register, TruthRegister};
use crate::source::Span;
use crate::value::{Choices, NumberSet};

/// Something of a guideline that a patient may come to.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The block it belongs to.
    pub(super) block: BlockId,
    /// Where it is written.
    pub(super) span: Span,
    /// What a patient does who comes to it: "comes to row 3 of `risk`".
    pub(super) said: String,
    /// When that is so.
    pub(super) reach: Reach,
    /// What of the results shows it.
    pub(super) shows: Shows,
    /// What sort of part it is.
    pub(super) sort: Sort,
}

/// Sorts of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Where a table, bands or an algorithm end.
    Leaf,
    /// A value of an answer.
    Answer,
    /// Any other.
    Other,
}

/// When a part is reached.
#[derive(Debug, Clone)]
pub(super) enum Reach {
    /// One of these ways is so: everything of it.
    Any(Vec<Way>),
    /// The answer of a block is open.
    Open(BlockId),
    /// The answer of a block is decided; a search goes for it in one of these ways.
    Decided(BlockId, Vec<Way>),
    /// Some course is a fair trial by a row of `course adequate`; as a search goes for it, one of these ways is so.
    FairTrial(usize, Vec<Way>),
}

/// What must stand in some registers together.
pub(super) type Way = Vec<Wanted>;

/// What of the results shows that a part is reached, beside the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shows {
    /// The value of its block.
    Block,
    /// A conclusion, by name.
    Conclusion(String),
    /// The path through its algorithm.
    Path,
    /// A line of its ladder, by name.
    Line(String),
    /// The verdicts of some options.
    Verdicts(Vec<(BlockId, OptionPlace)>),
    /// What becomes of its advice.
    Advice,
}

pub(super) fn truth(at: TruthRegister, truth: bool) -> Wanted {
    Wanted::truth(at, truth)
}

pub(super) fn choice(at: ChoiceRegister, value: u8) -> Wanted {
    Wanted { register: Register::Choice(at), held: Held::Choices(Choices::only(value)) }
}

pub(super) fn number(at: NumberRegister, set: NumberSet) -> Wanted {
    Wanted { register: Register::Number(at), held: Held::Number(set) }
}

impl Part {
    /// Its block is one of those of some names.
    pub(super) fn is_of(&self, names: &BTreeSet<String>, subject: Subject<'_>) -> bool {
        subject.guideline.block(self.block).is_some_and(|block| names.contains(&block.name.value))
    }

    /// The ways in which a search may look for it.
    pub(super) fn ways(&self) -> &[Way] {
        match &self.reach {
            Reach::Any(ways) | Reach::Decided(_, ways) | Reach::FairTrial(_, ways) => ways,
            Reach::Open(_) => &[],
        }
    }
}
