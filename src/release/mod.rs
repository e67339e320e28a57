//! A release and those it builds on into one flat release: everything downstream sees only that.
//!
//! ```text
//! 2018.1.0  finding weak …                          ─►   finding weak …        (2018.1.0)
//!           ladder treatment …                           ladder treatment …    (2021.1.0), in the old one's place
//! 2021.1.0  replaces ladder treatment … because "…"      finding active …      (2021.1.0)
//!           new finding active … because "…"
//! ```
//!
//! A block is replaced whole, and each remembers the release it comes from. A hospital's own sheet is laid over a flat
//! release and may only add.

mod codes;
mod flatten;
mod info;
mod lock;
mod sheet;

pub use codes::{CODES, another_guideline, circle, is_of_lock, nothing_to_build_on, still_used, unknown_source};
pub use flatten::flatten;
pub use info::locals_named;
pub use lock::Lock;
pub use sheet::{check_sheet, is_sheet_for, misplaced_sheet};

use crate::catalog::{GuidelineInfo, Release};
use crate::source::Spanned;
use crate::syntax::Module;
use crate::syntax::tree::Block;

/// One release of a chain: what it says of itself, and its files.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Its guideline.yaml.
    pub info: GuidelineInfo,
    /// Its rules.
    pub modules: Vec<Module>,
}

/// A block of a flat release, and where it comes from.
#[derive(Debug, Clone)]
pub struct FlatBlock {
    /// The block.
    pub block: Block,
    /// The guideline and the release in which it was written: `refractory_iim@2018.1.0`.
    pub from: String,
}

/// A release with all that it takes over.
#[derive(Debug, Clone)]
pub struct Flat {
    /// What it says of itself, and what it takes over of that.
    pub info: GuidelineInfo,
    /// Its blocks, in order.
    pub blocks: Vec<FlatBlock>,
    /// The comments of all its files.
    pub comments: Vec<Spanned<String>>,
    /// What was withdrawn on the way.
    pub withdrawn: Vec<Withdrawn>,
}

/// A block that some release of the chain took out.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    /// Its name, and where it is withdrawn.
    pub name: Spanned<String>,
    /// The names that rules knew it and its conclusions by.
    pub names: Vec<String>,
}

/// The numbers of a release begin with those of `wanted`: `2021.1.0` with `2021.1`.
pub fn begins_with(release: &str, wanted: &str) -> bool {
    release.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The patch after a release: `2021.1.1` after `2021.1.0`.
pub fn next_patch(release: Release) -> Release {
    Release(release.0, release.1, release.2.saturating_add(1))
}
