use super::rows::Broken;
use super::stretch::{RowPlace, Stretch};

/// Rows of the main file, with those that belong to them.
#[derive(Debug)]
pub struct MappedBlock {
    pub(super) stretch: Stretch,
    /// The rows that are no records of their own.
    pub(super) dropped: Vec<usize>,
    pub(super) joined: Vec<JoinedRow>,
}

/// A row of some file that belongs to a row of the main file.
#[derive(Debug)]
pub(super) struct JoinedRow {
    pub(super) row: usize,
    pub(super) file: usize,
    pub(super) line: u64,
    pub(super) bytes: Vec<u8>,
}

impl MappedBlock {
    /// A row of the main file by itself.
    pub fn of_row(bytes: Vec<u8>) -> Self {
        Self::of_line(bytes, 1, None)
    }

    fn of_line(bytes: Vec<u8>, line: u64, broken: Option<Broken>) -> Self {
        let rows = vec![RowPlace { bytes: 0..bytes.len(), line, broken }];
        MappedBlock { stretch: Stretch { bytes, rows }, dropped: Vec::new(), joined: Vec::new() }
    }

    /// The rows that are records, each with its place; those that rows of other files belong to are not told apart.
    pub fn rows(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let rows = self.stretch.rows.iter().enumerate().filter(|(at, _)| !self.dropped.contains(at));
        rows.map(|(at, row)| (at, self.stretch.row(row)))
    }

    /// One of its rows, on the same line, without what is joined to it.
    #[must_use]
    pub fn only(&self, at: usize) -> Self {
        match self.stretch.rows.get(at) {
            Some(row) => Self::of_line(self.stretch.row(row).to_vec(), row.line, row.broken),
            None => Self::of_line(Vec::new(), 0, None),
        }
    }
}
