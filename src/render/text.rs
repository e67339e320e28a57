//! x
use crate::explain::Explanation;
/// x
#[derive(Debug, Clone, Copy)]
pub struct Look { /// t
 pub trace: bool, /// c
 pub color: bool }
/// x
pub fn render(e: &[Explanation], look: Look) -> String { format!("{e:#?}{look:?}") }
