//! A whole registry: records in, one line out for each, in their order, on all cores, in memory that does not grow.
//!
//! ```text
//! bytes ─► blocks of whole records ─► record ─► evaluate ─► output bytes + tally ─► lines in order
//!          input: by turns            run: one engine each  output                  sink: by turns
//! ```
//!
//! There is no evaluator here: a worker has an [`Engine`] with everything loaded and asks it as `evaluate` does. What cannot
//! be read is a line too, with the place and the reason. [`run::run`] joins the three: an [`input::Input`], a
//! [`run::Work`] for each worker, an [`output::Sink`].
//!
//! [`Engine`]: crate::engine::Engine

pub mod direct;
pub mod input;
pub mod mapping;
pub mod output;
pub mod run;
pub mod summary;
