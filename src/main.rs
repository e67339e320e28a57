//! myoguide.
fn main() {}
