//! Explanations as text, JSON, Markdown and HTML: one file for each format, and each reads [`Explanation`] and nothing else.
//!
//! ```text
//! Explanation { answers: [response: moderate], … }   ─►   ANSWER   A moderate response to treatment.
//!                                                         {"answers":{"response":{"status":"decided",…
//! ```
//!
//! [`Explanation`]: crate::explain::Explanation

mod answer;
mod escape;
mod granted;
pub mod graph;
pub mod html;
pub mod json;
pub mod markdown;
mod options;
mod overview;
mod reasons;
pub mod schema;
mod table;
pub mod text;
mod today;
mod unknown;
pub mod visits;
pub(crate) mod words;

pub(crate) use escape::{escaped, one_line};
pub(crate) use html::STYLE as PAGE_STYLE;
pub(crate) use reasons::in_words;

/// The version of the program that worked the answers out.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
