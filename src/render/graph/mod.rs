//! An algorithm as a drawing: Mermaid and DOT for those who have such tools, and an SVG of our own that needs none.
//!
//! ```text
//! Flowchart { steps: [Is it active? ─ yes ─► treat], … }   ─►   flowchart TD        digraph { … }        <svg …
//!                                                                 s0["Is it active?"] -->|"yes"| c0
//! ```

pub mod dot;
pub mod layout;
pub mod mermaid;
pub mod svg;
mod width;

use crate::explain::{Flowchart, Lit, StepShown};

/// The text that a step shows under its question while its branch is open: `waits for: troponin`.
fn waits(step: &StepShown) -> Option<String> {
    let labels = step.waits_for.join(", ");
    (!labels.is_empty()).then(|| format!("waits for: {labels}"))
}

/// The line of a name for a screen reader, and for notes beside a drawing.
fn about(chart: &Flowchart, lit: Lit) -> &'static str {
    match (chart.lit, lit) {
        (false, _) => "",
        (true, Lit::Yes) => " (the patient comes here)",
        (true, Lit::Perhaps) => " (the patient may come here)",
        (true, Lit::No) => " (not for this patient)",
    }
}

/// A count as a coordinate.
fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// An element of a list, or nothing's default.
fn at<T: Copy + Default>(list: &[T], place: usize) -> T {
    list.get(place).copied().unwrap_or_default()
}
