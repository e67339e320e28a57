//! What a cohort came to: how many patients have each answer, what keeps the others open, and what that rests on.
//!
//! ```text
//! answers of a record ─► Counts: whole numbers in ordered maps    worker by worker, added in any order
//! Counts, Engine      ─► Summary: each count as it is shown       itself, or a step where small ones are not to be told
//! Summary             ─► text, JSON, a page with pictures
//! ```
//!
//! The counts grow with the rules, not with the records: no value of a patient is kept in them. How a count is shown is decided
//! in [`steps`], for all formats at once: the writers know no other.

mod build;
mod counts;
mod figures;
mod html;
mod json;
mod making;
mod observe;
mod pictures;
mod steps;
mod stretch;
mod text;
mod twins;
mod words;

pub use build::{Run, Summary};
pub use counts::Counts;
pub(crate) use figures::grouped;
pub use html::render as html;
pub use json::render as json;
pub(in crate::cohort) use observe::Seen;
pub use text::render as text;
pub(in crate::cohort) use twins::persons;
pub use twins::{Twins, write as write_twins};
pub(in crate::cohort) use words::Words;
