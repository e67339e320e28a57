//! The text of a rules file into a tree, never failing: a [`Parsed`] holds what could be read and every mistake.
//!
//! ```text
//! finding weak "Weakness"        [proderm_2022]        Block { name: weak, body: Finding(…), … }
//!   latest mmt8 is below 142 of 150              ─►      Compares { subject: latest mmt8, range: below 142 of 150 }
//! ```
//!
//! The grammar is `grammar/guideline.pest`, after Ford's parsing expression grammars (2004) as pest implements them.

pub mod tree;

pub use tree::Module;

use crate::diagnostics::Diagnostic;

/// A rules file as far as it could be read, and its mistakes in the order of the text.
#[derive(Debug)]
pub struct Parsed {
    /// What could be read.
    pub module: Module,
    /// The mistakes.
    pub diagnostics: Vec<Diagnostic>,
}
