//! The parts of a guideline that are the same for all that are built by hand.

use myoguide::catalog::{GuidelineInfo, Mark, Release, Status, TreatmentId};
use myoguide::model::{Block, BlockId, BlockKind, Cited, Condition, ConditionKind, Guideline, NodeId, Therapy, Type};
use myoguide::source::{SourceMap, Span, Spanned};

/// A place in no file.
pub(super) fn span() -> Span {
    let mut sources = SourceMap::default();
    let file = sources.add("by_hand.rules", "");
    sources.span(file, 0, 0)
}

pub(super) fn spanned(text: &str) -> Spanned<String> {
    Spanned::new(text.to_owned(), span())
}

/// Conditions, each with a node of its own.
#[derive(Default)]
pub(super) struct Nodes(u32);

impl Nodes {
    pub(super) fn of(&mut self, kind: ConditionKind) -> Condition {
        self.0 += 1;
        Condition { id: NodeId(self.0 - 1), span: span(), kind }
    }

    pub(super) fn count(&self) -> u32 {
        self.0
    }
}

pub(super) fn source(key: &str) -> Cited {
    Cited::Source { key: key.to_owned(), place: None, mark: Mark::Verified, span: span() }
}

pub(super) fn block(name: &str, gives: Type, kind: BlockKind) -> Block {
    let title = name.to_owned();
    Block { name: spanned(name), title, head: span(), place: 0, citations: Vec::new(), as_recorded: None, gives, kind }
}

pub(super) fn guideline(blocks: Vec<Block>, answers: Vec<BlockId>, therapies: &[&[u32]], nodes: &Nodes) -> Guideline {
    let info = GuidelineInfo {
        id: spanned("by_hand"),
        release: Spanned::new(Release(1, 0, 0), span()),
        language: 1,
        title: String::new(),
        about: String::new(),
        status: Status::Draft,
        effective_from: None,
        builds_on: None,
        local_sheet: false,
        own_answers: None,
        silent_on: Vec::new(),
        authors: Vec::new(),
        changes: Vec::new(),
        local_choices: Vec::new(),
        says: Vec::new(),
        own_uses: None,
        span: span(),
    };
    let judgements = blocks.iter().filter(|block| matches!(block.kind, BlockKind::Judgement(_)));
    let judgements = judgements.map(|block| block.name.value.clone()).collect();
    let therapies = therapies.iter().map(|parts| Therapy { parts: parts.iter().copied().map(TreatmentId).collect() });
    let therapies = therapies.collect();
    Guideline {
        info,
        blocks,
        covers: None,
        answers,
        judgements,
        therapies,
        statuses: Vec::new(),
        nodes: nodes.count(),
        local: std::collections::BTreeSet::new(),
    }
}
