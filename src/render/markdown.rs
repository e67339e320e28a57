//! x
use crate::explain::Explanation;
/// x
pub fn render(e: &[Explanation], t: bool) -> String { format!("{e:#?}{t}") }
