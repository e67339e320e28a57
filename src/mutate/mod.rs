//! The rules with one thing changed, and whether some worked patient notices.
//!
//! ```text
//! - age is above 45            - age is at least 45       a case with 45 comes out otherwise: noticed
//!                        ─►    - age is above 46          no case with 46: told, with file and line
//!                              - age is above 44
//! ```
//!
//! A change is one of the text of a block, so that the ordinary loader reads it and a report can show the line. What
//! does not load is no change, nor what gives the same program. The cases of the release are asked, then those of later
//! releases that take the block over; one that comes out otherwise is enough.

mod change;
mod codes;
mod line;
mod reach;
mod run;
mod same;
mod values;

pub use change::Change;
pub use codes::CODES;
pub use run::{Mutated, run};
