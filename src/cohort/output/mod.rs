//! What becomes of a record: a line of JSON, rows of a table, rows of a trace; and the files they are written to.

mod cells;
pub mod codebook;
pub mod columnar;
pub mod lines;
pub mod meta;
mod sink;
mod table;
pub mod trace;
pub mod unmatched;

pub(in crate::cohort) use cells::row;
pub use sink::{Partial, Sink, SinkError, State, Streams};
pub(crate) use sink::{is_file, with_ending as beside, write_whole};
pub use table::{Table, Told};

use super::input::Taken;
use crate::value::Date;

/// What stands at the head of every line.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The line of the input, from 1.
    pub line: u64,
    /// The name of the record, where one could be read.
    pub id: Option<&'a str>,
    /// The visit that it is told of, where each visit has a line.
    pub visit: Option<Date>,
    /// Columns carried through.
    pub carried: &'a [(String, String)],
}

impl<'a> Row<'a> {
    /// The head of a record's line.
    pub fn of(taken: &'a Taken, visit: Option<Date>) -> Self {
        Row { line: taken.line, id: taken.id.as_deref(), visit, carried: &taken.carried }
    }
}
