//! What of a guideline its worked patients reach, and patients for what they do not.
//!
//! ```text
//! | ck            | level  |      parts.rs   ─►  comes to row 1, comes to row 2, answers `raised`, is left open, …
//! | below 200 U/L | normal |      reached.rs ─►  each case evaluated once: which parts its registers reach
//! | any           | raised |      run.rs     ─►  2 of 3 parts are reached; for the third a patient, or there is none
//! ```
//!
//! The list of parts is made from what the guideline means, so layout, names of files and the order of blocks do not move
//! the figure. What is not reached is looked for with [`crate::explore`]; a part that no patient comes to is not counted.
//! [`propose()`] writes patients as cases for an expert to accept or correct: one for each such part, and those just below,
//! at and just above every number that is tested.

mod codes;
mod expected;
mod part;
mod parts;
mod propose;
mod reached;
mod run;
mod seek;
mod threshold;
mod write;

pub use codes::CODES;
pub use propose::{Proposed, propose};
pub use run::{Count, Covered, run};
