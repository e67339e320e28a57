//! A release of which one block is read in other words, the rest as it stands: nothing but that block is parsed again.

use super::Engine;
use crate::catalog::{Catalog, GuidelineInfo};
use crate::model::{self, Guideline};
use crate::plan::from_model::{self, Lowered};
use crate::source::{FileId, SourceMap};
use crate::syntax::tree::{Block, Body};
use crate::syntax::{self, Module};

use super::loading::is_error;

/// A loaded release, flat, whose blocks can be exchanged.
#[derive(Debug, Clone)]
pub struct Draft {
    info: GuidelineInfo,
    module: Module,
    /// Of each block the guideline and the release it comes from.
    from: Vec<String>,
}

/// A release with one block changed.
#[derive(Debug)]
pub struct Changed {
    /// What it means.
    pub guideline: Guideline,
    /// The program.
    pub lowered: Lowered,
}

impl Engine {
    /// A loaded release as a draft.
    pub fn draft(&mut self, at: usize) -> Option<Draft> {
        let info = &self.guidelines.get(at)?.guideline.info;
        let (id, release) = (info.id.value.clone(), info.release.value.to_string());
        let folder = self.all_folders().into_iter().find(|one| one.id == id && one.release == release)?;
        // It is loaded, so what there is to say of it has been told.
        let laid = self.lay_flat(&folder, &mut Vec::new())?;
        Some(Draft { info: laid.info, module: laid.module, from: laid.from })
    }

    /// The path of a file in the library.
    pub fn path_of(&self, file: FileId) -> Option<&str> {
        self.files.iter().find(|(_, known)| **known == file).map(|(path, _)| path.as_str())
    }
}

impl Draft {
    /// The guideline and the release: `acr_eular_response@2016.1.0`.
    pub fn name(&self) -> String {
        self.info.full_name()
    }

    /// The blocks that come from a release, each with its place.
    pub fn blocks_from<'a>(&'a self, release: &'a str) -> impl Iterator<Item = (usize, &'a Block)> {
        let all = self.module.blocks.iter().zip(&self.from).enumerate();
        all.filter(move |(_, (_, from))| *from == release).map(|(at, (block, _))| (at, block))
    }

    /// The pairs of blocks of which the second takes over the points or the ranges of the first.
    pub fn same_text(&self) -> Vec<(String, String)> {
        let of = |block: &Block| {
            let points = if let Body::Score(score) = &block.body { score.as_in.as_ref() } else { None };
            let ranges = if let Body::Bands(bands) = &block.body { bands.as_in.as_ref() } else { None };
            points.or(ranges).map(|of| (of.value.clone(), block.name.value.clone()))
        };
        self.module.blocks.iter().filter_map(of).collect()
    }

    /// The place of a block that comes from a release.
    pub fn place(&self, release: &str, name: &str) -> Option<usize> {
        self.blocks_from(release).find(|(_, block)| block.name.value == name).map(|(at, _)| at)
    }

    /// The release with another text for one of its blocks, or without it where the text is empty; nothing where that
    /// is not free of errors. The text is added to the sources.
    pub fn with(&mut self, at: usize, text: &str, sources: &mut SourceMap, catalog: &Catalog) -> Option<Changed> {
        let path = self.module.blocks.get(at).map(|block| sources.path(block.span.file).to_owned())?;
        if text.is_empty() {
            let block = self.module.blocks.remove(at);
            let changed = self.resolved(sources, catalog);
            self.module.blocks.insert(at, block);
            return changed;
        }
        let file = sources.add(path, text);
        let parsed = syntax::parse(sources, file);
        let mut blocks = parsed.module.blocks;
        let only = blocks.pop().filter(|_| blocks.is_empty() && !parsed.diagnostics.iter().any(is_error))?;
        let place = self.module.blocks.get_mut(at)?;
        let before = std::mem::replace(place, only);
        let changed = self.resolved(sources, catalog);
        if let Some(place) = self.module.blocks.get_mut(at) {
            *place = before;
        }
        changed
    }

    fn resolved(&self, sources: &SourceMap, catalog: &Catalog) -> Option<Changed> {
        let modules = std::slice::from_ref(&self.module);
        let (guideline, found) = model::from_syntax::resolve(sources, modules, &[], &self.info, catalog);
        if guideline.blocks.len() < self.module.blocks.len() || found.iter().any(is_error) {
            return None;
        }
        let lowered = from_model::lower(&guideline, catalog);
        Some(Changed { guideline, lowered })
    }
}
