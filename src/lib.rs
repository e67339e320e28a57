//! myoguide: executable, versioned guidelines for refractory myositis.
//!
//! One idea carries everything: a fact is the set of values it could still have. Rules are evaluated over those
//! sets, so an answer that is decided can never be overturned by a fact that is missing.

// The derived parser names it; pest stands here without `std`, which would probe the stack at every rule tried. How deep
// a text may nest is bounded before the grammar sees it (`syntax::limits`).
extern crate alloc;

pub mod analysis;
pub mod ask;
pub mod cases;
pub mod catalog;
pub mod cli;
pub mod cohort;
pub mod coverage;
pub mod diagnostics;
pub mod engine;
pub mod eval;
pub mod explain;
pub mod explore;
pub mod library;
pub mod model;
pub mod mutate;
pub mod plan;
pub mod record;
pub mod release;
pub mod render;
pub mod source;
pub mod syntax;
pub mod threads;
pub mod value;
pub mod why;
pub mod yaml;
