use super::codes;
use super::info::Merging;
use super::{Flat, FlatBlock, Layer, Withdrawn};
use crate::catalog::GuidelineInfo;
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::{SourceMap, Spanned};
use crate::syntax::tree::{Block, Body, Change, Withdrawal};

/// Lays releases over one another, the oldest first. A chain has at least one; `None` where it has none.
pub fn flatten(sources: &SourceMap, layers: Vec<Layer>) -> (Option<Flat>, Vec<Diagnostic>) {
    let mut flattening = Flattening::default();
    for layer in layers {
        flattening.lay(layer);
    }
    flattening.finish(sources)
}

#[derive(Default)]
struct Flattening {
    blocks: Vec<FlatBlock>,
    comments: Vec<Spanned<String>>,
    withdrawn: Vec<Withdrawn>,
    info: Option<Merging>,
    mistakes: Vec<Diagnostic>,
}

impl Flattening {
    fn lay(&mut self, layer: Layer) {
        let Layer { info, modules } = layer;
        let from = info.full_name();
        let mut blocks = Vec::new();
        let mut withdrawals = Vec::new();
        for module in modules {
            blocks.extend(module.blocks);
            withdrawals.extend(module.withdrawals);
            self.comments.extend(module.comments);
        }
        match self.info.take() {
            None => {
                self.begin(blocks, &withdrawals, &info, &from);
                self.info = Some(Merging::of(info, &mut self.mistakes));
            }
            Some(earlier) => {
                for withdrawal in &withdrawals {
                    self.withdraw(withdrawal, &earlier.info);
                }
                for block in blocks {
                    self.change(block, &from, &earlier.info);
                }
                self.info = Some(earlier.overlaid(info, &mut self.mistakes));
            }
        }
    }

    /// The first release of a chain says what there is, not what changes.
    fn begin(&mut self, blocks: Vec<Block>, withdrawals: &[Withdrawal], info: &GuidelineInfo, from: &str) {
        for block in blocks {
            self.mistakes.extend(codes::builds_on_none(&block, info));
            self.blocks.push(FlatBlock { block, from: from.to_owned() });
        }
        self.mistakes.extend(withdrawals.iter().map(|withdrawal| codes::withdraws_from_none(withdrawal, info)));
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.blocks.iter().position(|flat| flat.block.name.value == name)
    }

    fn names(&self) -> Vec<&str> {
        self.blocks.iter().map(|flat| flat.block.name.value.as_str()).collect()
    }

    fn withdraw(&mut self, withdrawal: &Withdrawal, earlier: &GuidelineInfo) {
        let Some(at) = self.position(&withdrawal.name.value) else {
            let mistake = codes::withdraws_nothing(withdrawal, &self.names(), earlier);
            self.mistakes.push(mistake);
            return;
        };
        let found = self.blocks.remove(at);
        let construct = found.block.body.construct();
        if construct != withdrawal.construct {
            self.mistakes.push(codes::withdraws_another_kind(withdrawal, construct));
        }
        let mut names = vec![withdrawal.name.value.clone()];
        if let Body::Algorithm(algorithm) = &found.block.body {
            names.extend(algorithm.conclusions.iter().map(|line| line.value.name.value.clone()));
        }
        self.withdrawn.push(Withdrawn { name: withdrawal.name.clone(), names });
    }

    fn change(&mut self, block: Block, from: &str, earlier: &GuidelineInfo) {
        let at = self.position(&block.name.value);
        let found = at.and_then(|at| self.blocks.get_mut(at));
        let change = block.change.as_ref().map(|change| change.value);
        let own = found.as_ref().is_some_and(|found| found.from == from);
        let from = from.to_owned();
        match (change, found) {
            (None, found) => {
                self.mistakes.push(codes::says_no_change(&block, found.is_some(), earlier));
                match found.filter(|_| !own) {
                    Some(found) => *found = FlatBlock { block, from },
                    None => self.blocks.push(FlatBlock { block, from }),
                }
            }
            (Some(Change::New), Some(found)) if !own => {
                self.mistakes.push(codes::hides(&block, found));
            }
            // Twice in one release is told where names are looked up.
            (Some(Change::New), _) => self.blocks.push(FlatBlock { block, from }),
            (Some(Change::Replaces), Some(found)) if own => {
                self.mistakes.push(codes::changed_twice(&block, found));
            }
            (Some(Change::Replaces), Some(found)) => *found = FlatBlock { block, from },
            (Some(Change::Replaces), None) => {
                let mistake = codes::replaces_nothing(&block, &self.names(), earlier);
                self.mistakes.push(mistake);
                self.blocks.push(FlatBlock { block, from });
            }
        }
    }

    fn finish(mut self, sources: &SourceMap) -> (Option<Flat>, Vec<Diagnostic>) {
        let Some(merging) = self.info.take() else { return (None, self.mistakes) };
        let own = merging.info.full_name();
        let takes_over = self.blocks.iter().any(|flat| flat.from != own);
        let sound = self.mistakes.iter().all(|mistake| mistake.severity != Severity::Error);
        if let Some(name) = merging.info.builds_on.as_ref().filter(|_| !takes_over && sound) {
            self.mistakes.push(codes::takes_nothing_over(name));
        }
        let gone = |withdrawn: &Withdrawn| self.position(&withdrawn.name.value).is_none();
        let withdrawn = self.withdrawn.iter().filter(|withdrawn| gone(withdrawn)).cloned().collect();
        let info = merging.finish(sources, &self.blocks);
        (Some(Flat { info, blocks: self.blocks, comments: self.comments, withdrawn }), self.mistakes)
    }
}
