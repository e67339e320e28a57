//! The passes from YAML to the entries of a catalog.

mod applies;
mod evidence;
mod fact;
mod guideline;
mod kind;
mod status;
mod treatment;
mod words;

pub(super) use applies::{applies_when, check_carried, check_moment};
pub(super) use evidence::evidence;
pub(super) use fact::{Draft, fact, report};
pub use guideline::read_guideline_info;
pub(super) use status::{check_region, history, label};
pub(super) use treatment::{class, spoken, treatment};
pub(super) use words::check_name;
pub use words::read_period;
