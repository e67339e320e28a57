//! What a guideline means: every name is an id, every unit canonical, every block after those it reads.
//!
//! ```text
//! finding weak                                  Block { name: weak, kind: Finding(Rule { test: One(
//!   latest mmt8 is below 142          ─►          Compares { subject: Fact(mmt8, Latest), range: below 142 }) }) }
//! ```

mod block;
mod course;
mod expression;
pub mod from_syntax;
mod therapy;
mod verdict;
mod walk;

pub use block::{
    AsRecorded, BandRow, BandedRow, Bands, Block, BlockId, BlockKind, Column, Expression, Formula, Instead, Instrument,
    ItemRow, Measure, Output, Row, Rule, Score, ScoreTable, Table, Test, Type, Unless,
};
pub use course::{CourseRule, CourseState, CourseTest, CourseWord, FairTrialRow};
pub use expression::{
    Amount, AmountKind, Change, Cited, Condition, ConditionKind, End, FactReading, NodeId, Range, Subject, Tested, Time,
};
pub use therapy::{
    Advice, Against, Algorithm, AlgorithmBranch, AlgorithmStep, Conclusion, Ladder, LadderLine, LadderOption, Monitor,
    NextLine, Plus, Prefer, Promise, Promised, Regimen, Suspect, Target, Therapy, TherapyId,
};
pub use verdict::{Item, LineState, OptionPlace, Verdict};
pub use walk::{Part, Read};

use crate::catalog::{Catalog, FactId, GuidelineInfo, StatusId};

/// How many values a block may have at most.
pub const MOST_VALUES: u8 = 63;

/// A guideline, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Guideline {
    /// What it says of itself.
    pub info: GuidelineInfo,
    /// Its blocks, each after those it reads.
    pub blocks: Vec<Block>,
    /// The block that says whom it covers.
    pub covers: Option<BlockId>,
    /// The answers it exists for, in the order they are shown.
    pub answers: Vec<BlockId>,
    /// The names of its judgements, by place.
    pub judgements: Vec<String>,
    /// The therapies its rules speak of, by place.
    pub therapies: Vec<Therapy>,
    /// What its rules ask of the status of treatments, by place.
    pub statuses: Vec<StatusAsked>,
    /// How many nodes its conditions and amounts have.
    pub nodes: u32,
    /// The names of the blocks that come from a hospital's own sheet.
    pub local: std::collections::BTreeSet<String>,
}

/// A question to the evidence: what a treatment counts as in an indication, and in which region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusAsked {
    /// The history.
    pub history: StatusId,
    /// The region; `None` where it is the same in all.
    pub region: Option<String>,
    /// `drug_a in disease_a in region_a`
    pub written: String,
}

impl Guideline {
    /// A block.
    pub fn block(&self, id: BlockId) -> Option<&Block> {
        self.blocks.get(id.0 as usize)
    }

    /// A block by name.
    pub fn find(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.name.value == name)
    }

    /// A therapy some rule speaks of.
    pub fn therapy(&self, id: TherapyId) -> Option<&Therapy> {
        self.therapies.get(id.0 as usize)
    }

    /// A therapy's name: its treatments joined by ` + `.
    pub fn therapy_name(&self, id: TherapyId, catalog: &Catalog) -> String {
        let parts = self.therapy(id).map_or(&[][..], |therapy| &therapy.parts);
        parts.iter().map(|part| catalog.treatment_name(*part)).collect::<Vec<_>>().join(" + ")
    }

    /// Every fact that some block reads.
    pub fn facts(&self) -> std::collections::BTreeSet<FactId> {
        let mut facts = std::collections::BTreeSet::new();
        for block in &self.blocks {
            block.each_fact(&mut |fact| {
                facts.insert(fact);
            });
        }
        facts
    }
}
