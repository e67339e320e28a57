//! What a block can move: the cases that look at nothing of it need not be asked.

use std::collections::BTreeSet;

use crate::cases::{Case, Part};
use crate::model::{BlockId, BlockKind, Guideline};

/// What of the answers, and of what stands beside them, hangs on a block.
#[derive(Debug, Default)]
pub(super) struct Reach {
    blocks: BTreeSet<String>,
    beside: BTreeSet<Beside>,
}

/// What can move beside the blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Beside {
    /// Whom the guideline covers, what is impossible, or how courses are read: all there is.
    Everything,
    Conclusions,
    Options,
    Advice,
}

impl Reach {
    /// Follows who reads the block, and who reads them; `same_text` are the pairs of blocks of which the second takes
    /// over what the first says.
    pub(super) fn of(guideline: &Guideline, name: &str, same_text: &[(String, String)]) -> Self {
        let mut reach = Reach::default();
        let mut open = vec![name.to_owned()];
        while let Some(name) = open.pop() {
            if !reach.blocks.insert(name.clone()) {
                continue;
            }
            open.extend(same_text.iter().filter(|(of, _)| *of == name).map(|(_, by)| by.clone()));
            let blocks = || (0..).map(BlockId).zip(&guideline.blocks);
            let Some((id, block)) = blocks().find(|(_, block)| block.name.value == name) else { continue };
            let reads = |kind: &dyn Fn(BlockId) -> bool| {
                let mut found = Vec::new();
                for (_, other) in blocks() {
                    let mut read = false;
                    other.each_block(&mut |of| read |= kind(of));
                    if read {
                        found.push(other.name.value.clone());
                    }
                }
                found
            };
            open.extend(reads(&|of| of == id));
            if reach.moves(&block.kind) {
                let ladders = blocks().filter(|(_, block)| !block.options().is_empty());
                open.extend(ladders.map(|(_, block)| block.name.value.clone()));
            }
        }
        reach
    }

    /// Notes what a kind of block moves beside itself; whether the options are among it.
    fn moves(&mut self, kind: &BlockKind) -> bool {
        match kind {
            BlockKind::Finding(_)
            | BlockKind::Number(_)
            | BlockKind::Measure(_)
            | BlockKind::Score(_)
            | BlockKind::Bands(_)
            | BlockKind::Table(_)
            | BlockKind::Judgement(_)
            | BlockKind::Suspect(_)
            | BlockKind::Monitor(_)
            | BlockKind::Promise(_) => return false,
            BlockKind::Covers(_) | BlockKind::Impossible(_) | BlockKind::SourceCovers(..) | BlockKind::Course(_) => {
                self.beside.insert(Beside::Everything);
            }
            BlockKind::Algorithm(_) => {
                self.beside.insert(Beside::Conclusions);
            }
            BlockKind::Advice(_) | BlockKind::Precedence(_) => {
                self.beside.insert(Beside::Advice);
            }
            BlockKind::Ladder(_) | BlockKind::Regimen(_) | BlockKind::Against(_) | BlockKind::Prefer(_) => {
                self.beside.extend([Beside::Options, Beside::Advice]);
                return true;
            }
        }
        false
    }

    /// The case expects something of what can move.
    pub(super) fn concerns(&self, case: &Case) -> bool {
        let answers = case.answers.iter().map(|(name, _)| name).chain(case.open_because.iter().map(|(name, _)| name));
        let mut names = answers.chain(case.steps.iter().map(|(name, _)| name));
        let part = |part: &Part| match part {
            Part::Conclusion(_) => self.beside.contains(&Beside::Conclusions),
            Part::Verdict(..) | Part::Line(..) | Part::Caution(_) => self.beside.contains(&Beside::Options),
            Part::Advice(_) => self.beside.contains(&Beside::Advice),
            Part::Course(_) => false,
            Part::Against(name) | Part::Path(name) => self.blocks.contains(name),
        };
        self.beside.contains(&Beside::Everything)
            || names.any(|name| self.blocks.contains(&name.value))
            || case.parts.iter().any(|(one, _)| part(&one.value))
    }
}
