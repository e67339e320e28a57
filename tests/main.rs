//! Every test of the crate in one binary.

mod model;
mod support;
mod syntax;
