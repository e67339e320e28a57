use std::collections::BTreeMap;

use crate::model::{Against, BlockId, BlockKind, Guideline, Prefer, Promised};
use crate::syntax::tree::AgainstKind;

/// Some blocks and all they need, each after what it needs. Beside what a block reads, that is what speaks against
/// the options of a ladder, the sources that an advice may cite, the ladders that a promise speaks of.
pub(super) fn order(guideline: &Guideline, wanted: impl Iterator<Item = BlockId>) -> Vec<BlockId> {
    let mut found = Order { guideline, states: BTreeMap::new(), done: Vec::new() };
    for block in wanted {
        found.visit(block);
    }
    found.done
}

struct Order<'a> {
    guideline: &'a Guideline,
    /// Blocks that were begun, and whether they are done.
    states: BTreeMap<BlockId, bool>,
    done: Vec<BlockId>,
}

impl Order<'_> {
    /// A block after its needs; a stack of its own, for chains are as long as a file.
    fn visit(&mut self, first: BlockId) {
        let mut open = vec![first];
        while let Some(block) = open.last().copied() {
            match self.states.insert(block, true) {
                // Its needs are done, or it needs itself: then those after it have nothing from it.
                Some(false) => {
                    open.pop();
                    self.done.push(block);
                }
                Some(true) => {
                    open.pop();
                }
                None => {
                    self.states.insert(block, false);
                    let needs = self.needs(block).into_iter().rev();
                    open.extend(needs.filter(|need| !self.states.contains_key(need)));
                }
            }
        }
    }

    fn needs(&self, id: BlockId) -> Vec<BlockId> {
        let mut needs = Vec::new();
        let Some(block) = self.guideline.block(id) else { return needs };
        block.each_block(&mut |read| needs.push(read));
        match &block.kind {
            BlockKind::Ladder(_) | BlockKind::Regimen(_) => {
                needs.extend(self.all(|kind| speaks_on(kind, id)));
            }
            BlockKind::Advice(_) => needs.extend(self.all(|kind| matches!(kind, BlockKind::SourceCovers(..)))),
            BlockKind::Promise(promise) => match &promise.what {
                Promised::Offer(_) | Promised::OfferTogether(_) | Promised::OfferSomething => {
                    needs.extend(self.all(|kind| matches!(kind, BlockKind::Ladder(_) | BlockKind::Regimen(_))));
                }
                Promised::Conclude(algorithm, _) => needs.push(*algorithm),
            },
            BlockKind::Finding(_)
            | BlockKind::Number(_)
            | BlockKind::Measure(_)
            | BlockKind::Score(_)
            | BlockKind::Bands(_)
            | BlockKind::Table(_)
            | BlockKind::Covers(_)
            | BlockKind::Impossible(_)
            | BlockKind::Judgement(_)
            | BlockKind::Course(_)
            | BlockKind::Against(_)
            | BlockKind::Prefer(_)
            | BlockKind::Monitor(_)
            | BlockKind::Suspect(_)
            | BlockKind::Precedence(_)
            | BlockKind::Algorithm(_)
            | BlockKind::SourceCovers(..) => {}
        }
        needs
    }

    fn all(&self, fits: impl Fn(&BlockKind) -> bool) -> Vec<BlockId> {
        let blocks = (0..).map(BlockId).zip(&self.guideline.blocks);
        blocks.filter(|(_, block)| fits(&block.kind)).map(|(id, _)| id).collect()
    }
}

/// A block may change a verdict of a ladder or a regimen.
fn speaks_on(kind: &BlockKind, ladder: BlockId) -> bool {
    let on = |only: Option<BlockId>| only.is_none_or(|only| only == ladder);
    if let BlockKind::Against(Against { kind, ladder: only, .. }) = kind {
        return matches!(kind, AgainstKind::Contraindicated | AgainstKind::Avoid) && on(*only);
    }
    matches!(kind, BlockKind::Prefer(Prefer { ladder: only, .. }) if on(*only))
}
