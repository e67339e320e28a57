//! The releases that one builds on, and a hospital's own sheets laid over them.

use std::collections::BTreeSet;

use super::Engine;
use super::loading::{Folder, is_error, named};
use crate::catalog::GuidelineInfo;
use crate::diagnostics::Diagnostic;
use crate::release::{self, Flat, FlatBlock, Layer, Withdrawn, begins_with};
use crate::source::{FileId, Span};
use crate::syntax::Module;
use crate::syntax::tree::{Block, Citation, CitationKind};

/// What a release says of itself.
const INFO: &str = "guideline.yaml";

/// A release, flat.
pub(super) struct Chained {
    pub(super) flat: Flat,
    /// Nothing of what the releases say of themselves is a mistake.
    pub(super) whole: bool,
    /// The files of the newest release of the chain; empty where it builds on none.
    pub(super) files: Vec<FileId>,
}

impl Engine {
    /// A release with all that it builds on; nothing where one of them cannot be found.
    pub(super) fn flat(&mut self, folder: &Folder, mistakes: &mut Vec<Diagnostic>) -> Option<Chained> {
        let (chain, whole) = self.chain(folder)?;
        let builds = chain.len() > 1;
        let mut layers = Vec::new();
        let mut files = Vec::new();
        for (info, folder) in chain {
            let modules = self.read_rules(&folder, mistakes);
            let paths = folder.rules.iter().chain(&folder.info).filter(|_| builds);
            for withdrawal in modules.iter().flat_map(|module| &module.withdrawals) {
                mistakes.extend(self.unknown_sources(&withdrawal.citations));
            }
            files = paths.filter_map(|path| self.files.get(path).copied()).collect();
            layers.push(Layer { info, modules });
        }
        let (flat, found) = release::flatten(&self.sources, layers);
        mistakes.extend(found);
        Some(Chained { flat: flat?, whole, files })
    }

    /// The sources of a withdrawal that are not known.
    fn unknown_sources(&self, citations: &[Citation]) -> Vec<Diagnostic> {
        let unknown = |citation: &Citation| match &citation.kind {
            CitationKind::Source { key, .. } if self.catalog.evidence_place(&key.value).is_none() => {
                Some(release::unknown_source(key, self.catalog.evidence_keys()))
            }
            CitationKind::Source { .. } | CitationKind::Local(_) => None,
        };
        citations.iter().filter_map(unknown).collect()
    }

    /// What the releases of a chain say of themselves, the oldest first, and whether without a mistake.
    fn chain(&mut self, folder: &Folder) -> Option<(Vec<(GuidelineInfo, Folder)>, bool)> {
        let all = self.all_folders();
        let (info, mut whole) = self.read_info(folder)?;
        if info.local_sheet {
            return None;
        }
        let mut chain = vec![(info, folder.clone())];
        while let Some((newest, _)) = chain.last()
            && let Some(wanted) = newest.builds_on.clone()
        {
            let id = newest.id.value.clone();
            let own = newest.release.value.to_string();
            if wanted.value.contains('@') || (all.iter().any(|other| other.id == wanted.value) && wanted.value != id) {
                self.tell(release::another_guideline(&wanted, &id));
                return None;
            }
            let found = all.iter().rfind(|other| other.id == folder.id && begins_with(&other.release, &wanted.value));
            let Some(found) = found else {
                let others = all.iter().filter(|other| other.id == folder.id && other.release != own);
                let releases: Vec<&str> = others.map(|other| other.release.as_str()).collect();
                self.tell(release::nothing_to_build_on(&wanted, &id, &releases));
                return None;
            };
            if chain.iter().any(|(_, on_the_way)| on_the_way.release == found.release) {
                let way = chain.iter().map(|(_, on_the_way)| on_the_way.release.clone());
                let circle: Vec<String> = way.skip_while(|release| *release != found.release).collect();
                self.tell(release::circle(&wanted, &found.release, &circle));
                return None;
            }
            let (info, sound) = self.read_info(found)?;
            whole &= sound;
            chain.push((info, found.clone()));
        }
        chain.reverse();
        Some((chain, whole))
    }

    /// The mistakes of a flat release: what names a withdrawn block is told at the withdrawal, and of what stands in
    /// another release it is said where it is a mistake.
    pub(super) fn in_the_chain(
        &self,
        found: Vec<Diagnostic>,
        withdrawn: &[Withdrawn],
        module: &Module,
        info: &GuidelineInfo,
        own_files: &[FileId],
    ) -> Vec<Diagnostic> {
        let mut uses: Vec<Vec<(Span, String)>> = vec![Vec::new(); withdrawn.len()];
        let mut kept = Vec::new();
        for mistake in found {
            let of = mistake.span().filter(|_| is_error(&mistake)).and_then(|span| {
                let named = self.sources.slice(span);
                let at = withdrawn.iter().position(|gone| gone.names.iter().any(|name| name == named))?;
                Some((at, span))
            });
            if let Some((at, span)) = of {
                let holds = |block: &&Block| {
                    block.span.file == span.file && block.span.start <= span.start && span.end <= block.span.end
                };
                let found = module.blocks.iter().find(holds).map(|block| block.name.value.clone());
                if let Some(uses) = uses.get_mut(at) {
                    uses.push((span, found.unwrap_or_else(|| INFO.to_owned())));
                }
                continue;
            }
            let elsewhere = mistake.span().is_some_and(|span| !own_files.contains(&span.file));
            if own_files.is_empty() || !elsewhere || !is_error(&mistake) || self.diagnostics.contains(&mistake) {
                kept.push(mistake);
            } else {
                kept.push(
                    mistake.note(format!("it is a mistake in `{}`, which builds on this release", info.full_name())),
                );
            }
        }
        for uses in &mut uses {
            uses.sort_by_key(|(span, user)| (user == INFO, *span));
        }
        let told = withdrawn.iter().zip(&uses).filter(|(_, uses)| !uses.is_empty());
        kept.extend(told.map(|(gone, uses)| release::still_used(&gone.name, uses)));
        kept
    }

    /// The blocks of a release with those of the sheets that are made for it, and the names of these.
    pub(super) fn with_sheets(
        &mut self,
        info: &mut GuidelineInfo,
        mut blocks: Vec<FlatBlock>,
        mistakes: &mut Vec<Diagnostic>,
    ) -> (Vec<FlatBlock>, BTreeSet<String>) {
        let mut names = BTreeSet::new();
        for folder in self.sheet_folders() {
            let Some((sheet, true)) = self.read_info(&folder) else { continue };
            if let Some(wanted) = &sheet.builds_on
                && let Err(error) = named(&self.all_folders(), &wanted.value)
            {
                self.tell(super::codes::not_there(wanted, &error));
            }
            if !release::is_sheet_for(&sheet, info) {
                continue;
            }
            let modules = self.read_rules(&folder, mistakes);
            mistakes.extend(release::check_sheet(&sheet, &modules));
            let from = format!("{}, a local sheet", sheet.full_name());
            info.local_choices.extend(sheet.local_choices);
            for block in modules.into_iter().flat_map(|module| module.blocks) {
                names.insert(block.name.value.clone());
                blocks.push(FlatBlock { block, from: from.clone() });
            }
        }
        (blocks, names)
    }
}
