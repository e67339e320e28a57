//! The trees of a guideline's files into its meaning: names looked up, values and units checked, blocks in order.
//!
//! Blocks are resolved when they are first read, so each comes after those it reads, and a cycle is met where it
//! closes. A block with a mistake is left out and what reads it says nothing further: one message for one cause.

mod advice;
mod algorithm_checks;
mod algorithms;
mod amounts;
mod bands;
mod blocks;
mod checks;
mod citations;
mod codes;
mod conditions;
mod courses;
mod cover;
mod ladders;
mod measures;
mod names;
mod order;
mod ranges;
mod readings;
mod scores;
mod statuses;
mod tables;
mod therapies;
mod treatment_checks;
mod units;

pub use codes::CODES;

use std::collections::{BTreeSet, HashMap};

use crate::catalog::{Catalog, FactId, GuidelineInfo};
use crate::diagnostics::Diagnostic;
use crate::source::{SourceMap, Span};
use crate::syntax::Module;
use crate::syntax::tree;

use super::{Block, BlockId, Guideline, NodeId, StatusAsked, Therapy, TherapyId};
use courses::Scope;

/// Resolves the modules of one guideline. What could be resolved comes with every mistake found; a guideline with
/// an error among its mistakes must not be evaluated. `told` is where the modules could not be read: what has been
/// told of a place is not told again.
pub fn resolve(
    sources: &SourceMap,
    modules: &[Module],
    told: &[Span],
    info: &GuidelineInfo,
    catalog: &Catalog,
) -> (Guideline, Vec<Diagnostic>) {
    let blocks: Vec<&tree::Block> = modules.iter().flat_map(|module| &module.blocks).collect();
    let mut resolver = Resolver::new(sources, catalog, info, blocks);
    resolver.told = told.to_vec();
    resolver.index_names();
    for at in resolver.order() {
        resolver.block_at(at);
    }
    resolver.look_at_duplicates();
    resolver.bind_names();
    resolver.finish()
}

/// How far a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    /// Being resolved: reading it now closes a cycle.
    Open,
    Done(Option<BlockId>),
}

/// A mistake was reported; there is nothing to go on with.
struct Told;

struct Resolver<'a> {
    sources: &'a SourceMap,
    catalog: &'a Catalog,
    info: &'a GuidelineInfo,
    trees: Vec<&'a tree::Block>,
    by_name: HashMap<&'a str, usize>,
    /// The conclusions of algorithms: the block, and the place in it.
    conclusions: HashMap<&'a str, (usize, u8)>,
    states: Vec<State>,
    blocks: Vec<Block>,
    /// Blocks whose name another has.
    duplicates: Vec<usize>,
    judgements: Vec<String>,
    locals_used: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    /// The kinds and places of what was reported.
    reported: BTreeSet<(&'static str, Span)>,
    /// Where the files could not be read.
    told: Vec<Span>,
    /// Brackets whose source is not known.
    lost_sources: Vec<Span>,
    /// Facts of which it was said that no better end is known.
    without_direction: BTreeSet<FactId>,
    next_node: u32,
    /// The blocks being resolved, each read by the one before.
    open: Vec<usize>,
    /// How many amounts are being resolved, one inside the other.
    nesting: u32,
    /// The block being resolved reads what was recorded.
    as_recorded: bool,
    /// The block being resolved is about a course.
    scope: Option<Scope>,
    therapies: Vec<Therapy>,
    statuses: Vec<StatusAsked>,
    /// Therapies of which it was said that nothing says what a fair trial is.
    without_trial: BTreeSet<TherapyId>,
}

impl<'a> Resolver<'a> {
    fn new(sources: &'a SourceMap, catalog: &'a Catalog, info: &'a GuidelineInfo, trees: Vec<&'a tree::Block>) -> Self {
        Resolver {
            sources,
            catalog,
            info,
            states: vec![State::Unseen; trees.len()],
            trees,
            by_name: HashMap::new(),
            conclusions: HashMap::new(),
            blocks: Vec::new(),
            duplicates: Vec::new(),
            judgements: Vec::new(),
            locals_used: Vec::new(),
            diagnostics: Vec::new(),
            reported: BTreeSet::new(),
            told: Vec::new(),
            lost_sources: Vec::new(),
            without_direction: BTreeSet::new(),
            next_node: 0,
            open: Vec::new(),
            nesting: 0,
            as_recorded: false,
            scope: None,
            therapies: Vec::new(),
            statuses: Vec::new(),
            without_trial: BTreeSet::new(),
        }
    }

    fn node(&mut self) -> NodeId {
        self.next_node += 1;
        NodeId(self.next_node - 1)
    }

    /// Takes a mistake in, once for each place: a heading is read again by every row, a table by every block that
    /// takes it over. Where the text could not be read, that is the mistake.
    fn report(&mut self, diagnostic: Diagnostic) {
        let Some(span) = diagnostic.span() else { return };
        let covered = |told: &Span| told.file == span.file && told.start < span.end && span.start < told.end;
        if !self.told.iter().any(covered) && self.reported.insert((diagnostic.code.id, span)) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Some line of a stretch could not be read.
    fn is_told_within(&self, stretch: Span) -> bool {
        self.told.iter().any(|told| told.file == stretch.file && told.start < stretch.end && stretch.start <= told.end)
    }

    fn text(&self, span: Span) -> &'a str {
        self.sources.slice(span)
    }

    fn resolved(&self, id: BlockId) -> Option<&Block> {
        self.blocks.get(id.0 as usize)
    }
}
