//! The trees of a guideline's files into its meaning: names looked up, values and units checked, blocks in order.
//!
//! Blocks are resolved when they are first read, so each comes after those it reads, and a cycle is met where it
//! closes. A block with a mistake is left out and what reads it says nothing further: one message for one cause.

mod amounts;
mod blocks;
mod checks;
mod citations;
mod codes;
mod conditions;
mod names;
mod ranges;
mod tables;

pub use codes::CODES;

use std::collections::HashMap;

use crate::catalog::{Catalog, GuidelineInfo};
use crate::diagnostics::Diagnostic;
use crate::source::{SourceMap, Span};
use crate::syntax::Module;
use crate::syntax::tree;

use super::{Block, BlockId, Guideline, NodeId};

/// Resolves the modules of one guideline. What could be resolved comes with every mistake found; a guideline with
/// an error among its mistakes must not be evaluated.
pub fn resolve(
    sources: &SourceMap,
    modules: &[Module],
    info: &GuidelineInfo,
    catalog: &Catalog,
) -> (Guideline, Vec<Diagnostic>) {
    let blocks: Vec<&tree::Block> = modules.iter().flat_map(|module| &module.blocks).collect();
    let mut resolver = Resolver::new(sources, catalog, info, blocks);
    resolver.index_names();
    for at in 0..resolver.trees.len() {
        resolver.block_at(at);
    }
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
    states: Vec<State>,
    blocks: Vec<Block>,
    judgements: Vec<String>,
    locals_used: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    next_node: u32,
    depth: u32,
    /// The block being resolved reads what was recorded.
    as_recorded: bool,
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
            blocks: Vec::new(),
            judgements: Vec::new(),
            locals_used: Vec::new(),
            diagnostics: Vec::new(),
            next_node: 0,
            depth: 0,
            as_recorded: false,
        }
    }

    fn node(&mut self) -> NodeId {
        self.next_node += 1;
        NodeId(self.next_node - 1)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn text(&self, span: Span) -> &'a str {
        self.sources.slice(span)
    }

    fn resolved(&self, id: BlockId) -> Option<&Block> {
        self.blocks.get(id.0 as usize)
    }
}
