//! Every test of the crate in one binary.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::struct_excessive_bools,
    clippy::wildcard_enum_match_arm,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed and says where; what it does not look at, it does not name"
)]

mod analysis;
mod architecture;
mod ask;
mod catalog;
mod cli;
mod cohort;
mod cohort_courses;
mod cohort_direct;
mod cohort_input;
mod cohort_mapped;
mod cohort_parquet;
mod cohort_steps;
mod cohort_summary;
mod completions;
mod courses;
mod coverage;
mod draft;
mod drawing;
mod literate;
mod model;
mod oracle;
mod plan;
mod promise;
mod record;
mod release;
mod render;
mod rules;
mod spark;
mod statuses;
mod support;
mod syntax;
mod why;
mod why_shipped;
mod yaml;
