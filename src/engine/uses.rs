use super::loading::{Folder, named};
use super::{Engine, codes};
use crate::catalog::{GuidelineInfo, LocalChoice};
use crate::diagnostics::Diagnostic;
use crate::source::{SourceMap, Spanned};
use crate::syntax::Module;
use crate::syntax::tree::{Block, Body, Construct};

/// A release whose blocks become those of another guideline.
pub(super) struct Used {
    pub(super) info: GuidelineInfo,
    pub(super) folder: Folder,
}

impl Engine {
    /// The releases that a guideline uses, and those that they use, each once and after those it uses itself; nothing
    /// where one of them cannot be used.
    pub(super) fn used_by(&mut self, info: &GuidelineInfo) -> Option<Vec<Used>> {
        if info.uses.is_empty() {
            return Some(Vec::new());
        }
        let all = self.all_folders();
        let mut found = Vec::new();
        self.follow(info, &all, &mut vec![info.id.value.clone()], &mut found).then_some(found)
    }

    /// Finds what a guideline uses; `way` is the names from the one that is loaded to this one.
    fn follow(&mut self, info: &GuidelineInfo, all: &[Folder], way: &mut Vec<String>, found: &mut Vec<Used>) -> bool {
        let mut complete = true;
        for wanted in &info.uses {
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
            let Some((info, true)) = self.read_info(&folder) else {
                complete = false;
                continue;
            };
            way.push(folder.id.clone());
            complete &= self.follow(&info, all, way, found);
            way.pop();
            found.push(Used { info, folder });
        }
        complete
    }
}

/// The blocks that another guideline can use: all but those that say for whom this one is and what it promises.
pub(super) fn usable(module: Module) -> Module {
    Module { blocks: module.blocks.into_iter().filter(is_usable).collect(), ..module }
}

fn is_usable(block: &Block) -> bool {
    !matches!(block.body, Body::Covers(_) | Body::Promise(_) | Body::Unreadable(Construct::Covers | Construct::Promise))
}

/// Adds the local choices that the blocks of a used guideline name. The same name with the same words is one choice.
pub(super) fn add_local_choices(
    own: &mut Vec<LocalChoice>,
    used: &GuidelineInfo,
    modules: &[Module],
    sources: &SourceMap,
) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    for choice in &used.local_choices {
        let is_named = |block: &Block| names_local(sources.slice(block.span), &choice.name.value);
        if !modules.iter().flat_map(|module| &module.blocks).any(is_named) {
            continue;
        }
        match own.iter().find(|other| other.name.value == choice.name.value) {
            None => own.push(choice.clone()),
            Some(other) if same_words(&other.reason, &choice.reason) => {}
            Some(other) => mistakes.push(codes::two_reasons(&other.name, &choice.name)),
        }
    }
    mistakes
}

/// The text has `local NAME` in it.
fn names_local(text: &str, name: &str) -> bool {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| pair == ["local", name])
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
    /// The guideline and the release it comes from.
    pub from: String,
}

/// The blocks of some modules, in the order of the files.
pub(super) fn texts<'a>(modules: &'a [Module], from: &'a str) -> impl Iterator<Item = BlockText> + 'a {
    modules.iter().flat_map(|module| &module.blocks).map(|block| BlockText {
        name: block.name.clone(),
        title: block.title.as_ref().map(|title| title.value.clone()),
        span: block.span,
        from: from.to_owned(),
    })
}
