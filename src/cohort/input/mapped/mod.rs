//! Rows of a registry's export, with a mapping, as records.
//!
//! Whoever reads cuts the main file into stretches of whole rows and puts beside each row those of other files that
//! belong to it; a worker takes the rows apart and hands each to the record's own reader.

mod assemble;
mod block;
#[cfg(feature = "parquet")]
mod columnar;
#[cfg(not(feature = "parquet"))]
#[path = "without_parquet.rs"]
mod columnar;
mod header;
mod join;
mod lines;
mod open;
mod reader;
mod rows;
mod sort;
mod stretch;
mod table;
mod value;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::{Counted, Input, InputError, Meter, Refusal, Taken};
use crate::cohort::mapping::codes::RowMistake;
use crate::cohort::mapping::{Dialect, Mapping};
use crate::diagnostics::Diagnostic;
use crate::engine::Engine;
use crate::yaml::Tree;
use block::JoinedRow;
use join::Prepared;
use rows::Header;
use stretch::{Stretch, Stretches};
use table::Loaded;

pub use block::MappedBlock;
pub use join::{FileCount, Unmatched};
pub use reader::MappedReader;
pub(in crate::cohort) use sort::{Sorter, TemporaryFolder};

/// Where the files of a mapping stand.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// The file of the patients; `-` for standard input.
    pub main: PathBuf,
    /// Others, by their names in the mapping, where they do not stand where it says.
    pub others: BTreeMap<String, PathBuf>,
}

/// Why a mapping cannot be used with its files.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The mapping and the files do not fit; the places are in the mapping.
    #[error("the mapping does not fit the files")]
    Mistakes(Vec<Diagnostic>),
}

/// What every worker needs.
#[derive(Debug)]
struct Shared {
    mapping: Arc<Mapping>,
    /// By file, the main one first.
    headers: Vec<Header>,
    /// The paths as they are shown.
    paths: Vec<String>,
    tables: Vec<Loaded>,
    plain: Dialect,
    show_values: bool,
}

/// The records of the files of a mapping, in the order of the main file.
pub struct Mapped {
    shared: Arc<Shared>,
    main: Stretches,
    /// Rows that were read and are handed out next.
    read: VecDeque<Stretch>,
    /// How many rows are handed out at once.
    at_once: usize,
    prepared: Option<Prepared>,
    /// The hash of the main file, where it was read before.
    first_read: Option<String>,
    /// The place of the next row of the main file.
    place: u64,
    records: u64,
    /// The bytes of the rows of the main file that were handed out.
    bytes: u64,
    counts: Vec<FileCount>,
    notices: Vec<Diagnostic>,
    /// What counts and hashes the files beside the main one, and the tables.
    meters: Vec<Arc<Meter>>,
    /// What each file is, as far as that is known before the first record.
    was: Vec<Value>,
    /// The lines on which the first and the last row began that were handed out.
    lines: Option<(u64, u64)>,
    empty_lines: u64,
    /// Standard input, where it must be read twice.
    _spooled: Option<Arc<TemporaryFolder>>,
}

impl Mapped {
    /// At most so many rows are in a block.
    #[must_use]
    pub fn in_blocks_of(self, rows: usize) -> Self {
        Mapped { at_once: rows, ..self }
    }

    /// The mapping; how each file is written is as its name says, where the mapping does not.
    pub fn mapping(&self) -> &Arc<Mapping> {
        &self.shared.mapping
    }

    /// What is to be said once: columns that the mapping does not name.
    pub fn notices(&self) -> &[Diagnostic] {
        &self.notices
    }

    /// What counts and hashes the files: the main one first, then those joined to it, then the tables.
    pub fn meters(&self) -> Vec<Arc<Meter>> {
        std::iter::once(self.main.source().meter()).chain(self.meters.iter().cloned()).collect()
    }

    /// What each file is, as far as that is known before the first record.
    pub fn was(&self) -> &[Value] {
        &self.was
    }

    /// The lines on which the first and the last row begin of those that were handed out.
    pub fn lines(&self) -> Option<(u64, u64)> {
        self.lines
    }

    /// The next row of a joined file without a patient, in the order of files and lines.
    pub fn next_unmatched(&mut self) -> Result<Option<Unmatched>, InputError> {
        let Some(prepared) = &mut self.prepared else { return Ok(None) };
        let Some((key, id)) = prepared.unmatched.take().map_err(join::temporary)? else { return Ok(None) };
        let (file, rest) = join::number_and_rest(&key);
        let (line, _) = join::number_and_rest(rest);
        let file = usize::try_from(file).ok().and_then(|file| self.shared.paths.get(file)).cloned();
        Ok(Some(Unmatched { file: file.unwrap_or_default(), line, id: String::from_utf8_lossy(&id).into_owned() }))
    }

    /// The record that the row of the main file on that line becomes, in YAML; what is wrong with the row where it
    /// becomes none, and nothing where no row begins there.
    pub fn show(&mut self, engine: &mut Engine, line: u64) -> Result<Option<Result<String, Vec<Refusal>>>, InputError> {
        let reader = self.reader(engine);
        while let Some(block) = self.next_block()? {
            let Some(at) = block.stretch.rows.iter().position(|row| row.line == line) else { continue };
            let mut shown = None;
            reader.each_tree(engine, &block, &mut |row, tree| {
                if row == at {
                    shown = Some(tree.map(|tree| crate::yaml::write(&Tree::from(&tree))));
                }
            });
            return Ok(shown);
        }
        Ok(None)
    }

    fn block(&mut self, stretch: Stretch) -> Result<MappedBlock, InputError> {
        self.bytes += stretch.bytes.len() as u64;
        self.empty_lines += stretch.empty_lines();
        if let (Some(first), Some(last)) = (stretch.rows.first(), stretch.rows.last()) {
            self.lines = Some((self.lines.map_or(first.line, |(first, _)| first), last.line));
        }
        let mut block = MappedBlock { stretch, dropped: Vec::new(), joined: Vec::new() };
        for row in 0..block.stretch.rows.len() {
            let place = self.place.to_be_bytes();
            self.place += 1;
            if let Some(count) = self.counts.first_mut() {
                count.rows += 1;
            }
            let Some(prepared) = &mut self.prepared else {
                self.used();
                continue;
            };
            while let Some(joined) = prepared.joined.take_of(&place).map_err(join::temporary)? {
                let (file, rest) = join::number_and_rest(&joined);
                let (line, bytes) = join::number_and_rest(rest);
                let file = usize::try_from(file).unwrap_or(usize::MAX);
                block.joined.push(JoinedRow { row, file, line, bytes: bytes.to_vec() });
            }
            let dropped = prepared.dropped.take_of(&place).map_err(join::temporary)?;
            if dropped.is_some() {
                block.dropped.push(row);
            }
            if dropped.as_deref() == Some(&[join::FURTHER])
                && let Some(count) = self.counts.first_mut()
            {
                count.used += 1;
            }
            if dropped.is_none() {
                self.used();
            }
        }
        Ok(block)
    }

    /// At the end: what belongs to which row was found out from the same bytes.
    fn demand_the_same(&self) -> Result<(), InputError> {
        let meter = self.main.source().meter();
        match &self.first_read {
            Some(hash) if *hash != meter.digest() => Err(InputError::Changed { name: meter.name.clone() }),
            Some(_) | None => Ok(()),
        }
    }

    fn used(&mut self) {
        self.records += 1;
        if let Some(count) = self.counts.first_mut() {
            count.used += 1;
        }
    }
}

impl std::fmt::Debug for Mapped {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Mapped").field("main", &self.main).field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Input for Mapped {
    type Block = MappedBlock;
    type Reader = MappedReader;

    fn next_block(&mut self) -> Result<Option<MappedBlock>, InputError> {
        if self.read.is_empty() {
            self.read.extend(self.main.next()?.into_iter().flat_map(|stretch| stretch.split(self.at_once)));
        }
        if self.read.is_empty() {
            self.demand_the_same()?;
        }
        self.read.pop_front().map(|stretch| self.block(stretch)).transpose()
    }

    fn reader(&self, _: &Engine) -> MappedReader {
        MappedReader { shared: Arc::clone(&self.shared) }
    }

    fn take(
        reader: &mut MappedReader,
        engine: &mut Engine,
        block: &MappedBlock,
        each: &mut dyn FnMut(&mut Engine, Taken),
    ) {
        reader.take_block(engine, block, each);
    }

    fn counted(&self) -> Counted {
        let bytes = self.main.bytes_of(self.place, self.bytes);
        Counted { records: self.records, empty_lines: self.empty_lines, bytes }
    }

    /// The main file first, which is counted as it is read.
    fn files(&self) -> &[FileCount] {
        &self.counts
    }
}

/// A code that no line of the mapping explains ends the whole load: the same code in other columns and rows would pass for
/// a value.
pub fn stops_the_load(refusal: &Refusal) -> bool {
    refusal.code == RowMistake::Unmapped.code().id
}
