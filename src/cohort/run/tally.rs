use serde::{Deserialize, Serialize};

use crate::cohort::summary::Counts;

/// What is counted of a cohort: each worker counts its blocks, and the counts are added in the order of the blocks. It is kept
/// beside an unfinished output, so it must not grow with the number of records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Records, also those that could not be read.
    pub records: u64,
    /// Records that could not be read.
    pub refused: u64,
    /// Lines of the output, without a heading.
    pub rows: u64,
    /// Lines of the table of traces, without its heading.
    pub trace_rows: u64,
    /// What the answers came to, where that is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Box<Counts>>,
}

impl Tally {
    /// Adds what was counted of later blocks.
    pub fn add(&mut self, later: &Tally) {
        let Tally { records, refused, rows, trace_rows, summary } = later;
        self.records += records;
        self.refused += refused;
        self.rows += rows;
        self.trace_rows += trace_rows;
        if let Some(counts) = summary {
            self.summary.get_or_insert_default().add(counts);
        }
    }
}
