//! The answers that are selected, by name.

use thiserror::Error;

use crate::diagnostics::suggest;
use crate::engine::{Engine, Loaded, Ready};
use crate::model::BlockId;

/// An answer that is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// As it was asked for: `response`, `acr_eular_response.response`.
    pub name: String,
    /// The name of the answer.
    pub answer: String,
    /// The place of the guideline among those asked.
    pub guideline: usize,
    /// Which block it is in each release that may answer, by the place of the release among those loaded; a release that
    /// has no such answer is silent on it.
    pub blocks: Vec<(usize, Option<BlockId>)>,
}

impl Chosen {
    /// The block of a release.
    pub fn block(&self, release: usize) -> Option<BlockId> {
        self.blocks.iter().find(|(at, _)| *at == release).and_then(|(_, block)| *block)
    }
}

/// Why an answer cannot be selected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SelectError {
    /// No guideline that is asked has it.
    #[error("no guideline that is asked has an answer `{name}`{}", way_out(.near.as_ref(), .known))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        near: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// Several have it.
    #[error("several guidelines have an answer `{name}`; write {}", .names.join(" or "))]
    Several {
        /// What was asked for.
        name: String,
        /// The ways to say which.
        names: Vec<String>,
    },
    /// It is named twice.
    #[error("`{name}` is selected twice")]
    Twice {
        /// What was asked for.
        name: String,
    },
}

fn way_out(near: Option<&String>, known: &[String]) -> String {
    match near {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; its answers are {}", known.join(", ")),
    }
}

/// The answers of these names, of the guidelines that are asked.
pub fn select(engine: &Engine, ready: &[Ready], names: &[String]) -> Result<Vec<Chosen>, SelectError> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for name in names {
        let one = one(engine, ready, name)?;
        if chosen.iter().any(|other| (other.guideline, &other.answer) == (one.guideline, &one.answer)) {
            return Err(SelectError::Twice { name: name.clone() });
        }
        chosen.push(one);
    }
    Ok(chosen)
}

fn one(engine: &Engine, ready: &[Ready], name: &str) -> Result<Chosen, SelectError> {
    let mut found = Vec::new();
    for (at, guideline) in ready.iter().enumerate() {
        let after = |prefix: &str| name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.'));
        let own = after(&guideline.name).or_else(|| after(guideline.id()));
        let answer = [Some(name), own].into_iter().flatten().find(|answer| has(engine, guideline, answer));
        found.extend(answer.map(|answer| (at, guideline, answer.to_owned())));
    }
    match found.as_slice() {
        [(at, guideline, answer)] => {
            let block = |release| (release, block_of(engine, release, answer));
            let blocks = guideline.releases().map(block).collect();
            Ok(Chosen { name: name.to_owned(), answer: answer.clone(), guideline: *at, blocks })
        }
        [] => {
            let known: Vec<String> = ready.iter().flat_map(|one| answers(engine, one)).collect();
            let bare = name.rsplit_once('.').map_or(name, |(_, answer)| answer);
            let near = suggest::nearest(bare, known.iter().map(String::as_str)).map(str::to_owned);
            Err(SelectError::Unknown { name: name.to_owned(), near, known })
        }
        several => {
            let names = several.iter().map(|(_, guideline, answer)| format!("`{}.{answer}`", guideline.name)).collect();
            Err(SelectError::Several { name: name.to_owned(), names })
        }
    }
}

/// The names of the answers of every release that may answer, each once.
pub(crate) fn answers(engine: &Engine, ready: &Ready) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for loaded in ready.releases().filter_map(|at| engine.guidelines().get(at)) {
        for name in answers_of(loaded) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

/// The answers of a release, also those on which it is silent.
fn answers_of(loaded: &Loaded) -> impl Iterator<Item = &str> {
    let blocks = loaded.guideline.answers.iter().filter_map(|id| loaded.guideline.block(*id));
    let silent = loaded.guideline.info.silent_on.iter().map(|(name, _)| name.value.as_str());
    blocks.map(|block| block.name.value.as_str()).chain(silent)
}

fn has(engine: &Engine, ready: &Ready, answer: &str) -> bool {
    let mut releases = ready.releases().filter_map(|at| engine.guidelines().get(at));
    releases.any(|loaded| answers_of(loaded).any(|name| name == answer))
}

fn block_of(engine: &Engine, release: usize, answer: &str) -> Option<BlockId> {
    let guideline = &engine.guidelines().get(release)?.guideline;
    let is_it = |id: &&BlockId| guideline.block(**id).is_some_and(|block| block.name.value == answer);
    guideline.answers.iter().find(is_it).copied()
}
