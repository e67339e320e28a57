use super::chain::Chained;
use super::loading::{Folder, named};
use super::{Engine, codes};
use crate::catalog::{GuidelineInfo, LocalChoice};
use crate::diagnostics::Diagnostic;
use crate::release::{FlatBlock, locals_named};
use crate::source::{SourceMap, Spanned};
use crate::syntax::tree::{Block, Body, Construct};

/// A release whose blocks become those of another guideline.
pub(super) struct Used {
    pub(super) info: GuidelineInfo,
    pub(super) blocks: Vec<FlatBlock>,
    pub(super) comments: Vec<Spanned<String>>,
    folder: Folder,
}

impl Engine {
    /// The releases that a guideline uses, and those that they use, each once and after those it uses itself; nothing
    /// where one of them cannot be used.
    pub(super) fn used_by(&mut self, info: &GuidelineInfo, mistakes: &mut Vec<Diagnostic>) -> Option<Vec<Used>> {
        if info.uses().is_empty() {
            return Some(Vec::new());
        }
        let all = self.all_folders();
        let mut found = Vec::new();
        self.follow(info, &all, &mut vec![info.id.value.clone()], &mut found, mistakes).then_some(found)
    }

    /// Finds what a guideline uses; `way` is the names from the one that is loaded to this one.
    fn follow(
        &mut self,
        info: &GuidelineInfo,
        all: &[Folder],
        way: &mut Vec<String>,
        found: &mut Vec<Used>,
        mistakes: &mut Vec<Diagnostic>,
    ) -> bool {
        let mut complete = true;
        for wanted in info.uses() {
            let folder = match named(all, &wanted.value) {
                Ok(folder) => folder,
                Err(error) => {
                    self.tell(codes::not_there(wanted, &error));
                    complete = false;
                    continue;
                }
            };
            if way.contains(&folder.id) {
                let circle: Vec<&str> = way.iter().map(String::as_str).skip_while(|name| *name != folder.id).collect();
                self.tell(codes::uses_itself(wanted, &folder.id, &circle));
                complete = false;
                continue;
            }
            if found.iter().any(|used| (&used.folder.id, &used.folder.release) == (&folder.id, &folder.release)) {
                continue;
            }
            // What is wrong with it is told of its own files.
            let Some(Chained { flat, whole: true, .. }) = self.flat(&folder, mistakes) else {
                complete = false;
                continue;
            };
            way.push(folder.id.clone());
            complete &= self.follow(&flat.info, all, way, found, mistakes);
            way.pop();
            let blocks = flat.blocks.into_iter().filter(|flat| is_usable(&flat.block)).collect();
            found.push(Used { info: flat.info, blocks, comments: flat.comments, folder });
        }
        complete
    }
}

/// The blocks that another guideline can use: all but those that say for whom this one is and what it promises.
fn is_usable(block: &Block) -> bool {
    !matches!(block.body, Body::Covers(_) | Body::Promise(_) | Body::Unreadable(Construct::Covers | Construct::Promise))
}

/// Adds the local choices that the blocks of a used guideline name. The same name with the same words is one choice.
pub(super) fn add_local_choices(own: &mut Vec<LocalChoice>, used: &Used, sources: &SourceMap) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    if used.info.local_choices.is_empty() {
        return mistakes;
    }
    let is_named = locals_named(used.blocks.iter().map(|flat| sources.slice(flat.block.span)));
    for choice in used.info.local_choices.iter().filter(|choice| is_named.contains(choice.name.value.as_str())) {
        match own.iter().find(|other| other.name.value == choice.name.value) {
            None => own.push(choice.clone()),
            Some(other) if same_words(&other.reason, &choice.reason) => {}
            Some(other) => mistakes.push(codes::two_reasons(&other.name, &choice.name)),
        }
    }
    mistakes
}

fn same_words(left: &str, right: &str) -> bool {
    left.split_whitespace().eq(right.split_whitespace())
}

/// A block as it is written, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockText {
    /// Its name.
    pub name: Spanned<String>,
    /// The title, where it has one.
    pub title: Option<String>,
    /// From its keyword to the end of its last line.
    pub span: crate::source::Span,
    /// The word `new` or `replaces` before its keyword.
    pub change: Option<crate::source::Span>,
    /// The guideline and the release it comes from.
    pub from: String,
}

/// A block as it is shown.
pub(super) fn text(flat: &FlatBlock) -> BlockText {
    let block = &flat.block;
    BlockText {
        name: block.name.clone(),
        title: block.title.as_ref().map(|title| title.value.clone()),
        span: block.span,
        change: block.change.as_ref().map(|change| change.span),
        from: flat.from.clone(),
    }
}
