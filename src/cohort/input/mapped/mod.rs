//! Rows of a registry's export, with a mapping, as records.
//!
//! The reading thread cuts the main file into stretches of whole rows and puts beside each row those of other files that
//! belong to it; a worker takes the rows apart and hands each to the record's own reader.

mod assemble;
mod header;
mod join;
mod rows;
mod sort;
mod table;
mod value;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Counted, Input, InputError, Meter, Refusal, STANDARD_INPUT, Source, Taken};
use crate::cohort::mapping::codes::RowMistake;
use crate::cohort::mapping::{Dialect, Duplicates, FileMapping, Mapping, codes};
use crate::diagnostics::{Diagnostic, Severity};
use crate::engine::Engine;
use crate::record::Document;
use crate::source::FileId;
use crate::yaml::{Node, Tree};
use assemble::{Placed, Wrong};
use join::{Opened, Prepared};
use rows::{Header, Row, Stretch, Stretches};
use table::Loaded;

pub use join::{FileCount, Unmatched};
pub(in crate::cohort) use sort::{Pair, Sorter, TemporaryFolder};

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
    mapping: Mapping,
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
    /// The place of the next row of the main file.
    place: u64,
    records: u64,
    /// The bytes of the main file that were handed out.
    bytes: u64,
    counts: Vec<FileCount>,
    notices: Vec<Diagnostic>,
    /// What counts and hashes the files beside the main one, and the tables.
    meters: Vec<Arc<Meter>>,
    /// Standard input, where it must be read twice.
    _spooled: Option<Arc<TemporaryFolder>>,
}

/// Rows of the main file, with those that belong to them.
#[derive(Debug)]
pub struct MappedBlock {
    stretch: Stretch,
    /// The rows that are no records of their own.
    dropped: Vec<usize>,
    joined: Vec<JoinedRow>,
}

/// A row of some file that belongs to a row of the main file.
#[derive(Debug)]
struct JoinedRow {
    row: usize,
    file: usize,
    line: u64,
    bytes: Vec<u8>,
}

impl MappedBlock {
    /// A row of the main file by itself.
    pub fn of_row(bytes: Vec<u8>) -> Self {
        Self::of_line(bytes, 1)
    }

    fn of_line(bytes: Vec<u8>, line: u64) -> Self {
        let rows = vec![rows::RowPlace { bytes: 0..bytes.len(), line }];
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
            Some(row) => Self::of_line(self.stretch.row(row).to_vec(), row.line),
            None => Self::of_line(Vec::new(), 0),
        }
    }
}

/// Takes blocks apart.
#[derive(Debug)]
pub struct MappedReader {
    shared: Arc<Shared>,
}

impl Mapped {
    /// Opens the files of a mapping and finds out what belongs together. Where something is wrong with a row, what stands
    /// there is kept only if it may be shown.
    pub fn open(mapping: &Mapping, files: &Files, show_values: bool) -> Result<Self, OpenError> {
        let mut mistakes = Vec::new();
        let (main_path, spooled) = spooled(mapping, &files.main)?;
        let paths = paths(mapping, &files.others);
        let (mut tables, mut table_meters) = (Vec::new(), Vec::new());
        for table in &mapping.tables {
            let path = beside(&mapping.path, &table.path.value);
            let source = Source::open(&path)?;
            table_meters.push(source.meter());
            tables.push(Loaded::read(table, source, &mut mistakes)?);
        }
        check_tables(mapping, &tables, &mut mistakes);
        let mut opened = Vec::new();
        let mut headers = Vec::new();
        for (file, path) in mapping.every_file().zip(std::iter::once(&main_path).chain(&paths)) {
            let mut stretches = Stretches::new(Source::open(path)?, &file.dialect);
            headers.push(header::read(&mut stretches, file, &mut mistakes)?);
            opened.push((stretches, file));
        }
        if mistakes.iter().any(|mistake| mistake.severity == Severity::Error) {
            mistakes.retain(|mistake| mistake.severity != Severity::Note);
            mistakes.sort_by_key(Diagnostic::span);
            return Err(OpenError::Mistakes(mistakes));
        }
        let of_files = opened.iter().skip(1).map(|(stretches, _)| stretches.source().meter());
        let meters = of_files.chain(table_meters).collect();
        let shown = |path: &PathBuf| path.display().to_string();
        let main_shown = if spooled.is_some() { STANDARD_INPUT.to_owned() } else { shown(&files.main) };
        let shown: Vec<String> = std::iter::once(main_shown).chain(paths.iter().map(shown)).collect();
        let mut counts: Vec<FileCount> =
            shown.iter().map(|path| FileCount { file: path.clone(), ..FileCount::default() }).collect();
        let (main, prepared) = if reads_twice(mapping) {
            let prepared = prepare(mapping, opened, &headers, &mut counts)?;
            let mut main = Stretches::new(Source::open(&main_path)?, &mapping.main.dialect);
            header::read(&mut main, &mapping.main, &mut Vec::new())?;
            (Some(main), Some(prepared))
        } else {
            (opened.into_iter().next().map(|(main, _)| main), None)
        };
        let Some(main) = main else { return Err(OpenError::Mistakes(mistakes)) };
        let shared =
            Shared { mapping: mapping.clone(), headers, paths: shown, tables, plain: Dialect::default(), show_values };
        Ok(Mapped {
            shared: Arc::new(shared),
            main,
            read: VecDeque::new(),
            at_once: usize::MAX,
            prepared,
            place: 0,
            records: 0,
            bytes: 0,
            counts,
            notices: mistakes,
            meters,
            _spooled: spooled,
        })
    }

    /// At most so many rows are in a block.
    #[must_use]
    pub fn in_blocks_of(self, rows: usize) -> Self {
        Mapped { at_once: rows, ..self }
    }

    /// What is to be said once: columns that the mapping does not name.
    pub fn notices(&self) -> &[Diagnostic] {
        &self.notices
    }

    /// What counts and hashes the files: the main one first, then those joined to it, then the tables.
    pub fn meters(&self) -> Vec<Arc<Meter>> {
        std::iter::once(self.main.source().meter()).chain(self.meters.iter().cloned()).collect()
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

    fn counted(&self) -> Option<Counted> {
        Some(Counted { records: self.records, empty_lines: 0, bytes: self.bytes })
    }

    /// The main file first, which is counted as it is read.
    fn files(&self) -> &[FileCount] {
        &self.counts
    }
}

/// Is told the place of a row, the row, and those that belong to it with their files.
type EachRecord<'e> = dyn FnMut(usize, &Row, &[(usize, Row)]) + 'e;

/// A row that belongs to a record, with its text among the engine's.
struct Taking<'r> {
    rows: Vec<Placed<'r>>,
}

impl MappedReader {
    fn take_block(&self, engine: &mut Engine, block: &MappedBlock, each: &mut dyn FnMut(&mut Engine, Taken)) {
        self.each_row(block, &mut |_, main, joined| {
            let texts = engine.texts();
            let taking = self.place(engine, main, joined);
            let tree = self.tree(engine, &taking);
            let record = tree.and_then(|tree| {
                let document = Document::of_node(tree);
                engine.record_of(&document).map_err(|mistakes| self.refusals(engine, &taking, &mistakes))
            });
            let mapping = &self.shared.mapping.main;
            let id = main.get(mapping.id);
            let carry = |slot: &usize| (mapping.column_name(*slot).to_owned(), main.get(*slot).to_owned());
            let taken = Taken {
                line: main.line,
                id: (!id.is_empty()).then(|| id.to_owned()),
                record,
                carried: mapping.carry.iter().map(carry).collect(),
            };
            each(engine, taken);
            engine.forget_texts(texts);
        });
    }

    /// The trees of the rows of a block.
    fn each_tree(
        &self,
        engine: &mut Engine,
        block: &MappedBlock,
        each: &mut dyn FnMut(usize, Result<Node, Vec<Refusal>>),
    ) {
        self.each_row(block, &mut |at, main, joined| {
            let texts = engine.texts();
            let taking = self.place(engine, main, joined);
            let tree = self.tree(engine, &taking);
            let tree = tree.and_then(|tree| {
                let document = Document::of_node(tree.clone());
                match engine.record_of(&document) {
                    Ok(_) => Ok(tree),
                    Err(mistakes) => Err(self.refusals(engine, &taking, &mistakes)),
                }
            });
            each(at, tree);
            engine.forget_texts(texts);
        });
    }

    /// The rows of a block taken apart, each with those that belong to it.
    fn each_row(&self, block: &MappedBlock, each: &mut EachRecord<'_>) {
        let shared = &self.shared;
        let mapping = &shared.mapping;
        let Some(header) = shared.headers.first() else { return };
        let lines = block.stretch.rows.iter().map(|row| row.line);
        let main = rows::rows(&block.stretch.bytes, lines, &mapping.main.dialect, header);
        let mut joined = block.joined.iter().peekable();
        let mut rows_of: Vec<_> =
            (0..shared.headers.len()).map(|file| self.joined_rows(block, file).into_iter()).collect();
        for (at, row) in main.iter().enumerate() {
            let mut own = Vec::new();
            while let Some(next) = joined.next_if(|next| next.row == at) {
                let row = rows_of.get_mut(next.file).and_then(Iterator::next);
                own.extend(row.map(|row| (next.file, row)));
            }
            if !block.dropped.contains(&at) {
                each(at, row, &own);
            }
        }
    }

    /// The rows of one file that belong to rows of a block, taken apart.
    fn joined_rows(&self, block: &MappedBlock, file: usize) -> Vec<Row> {
        let of_file = self.shared.mapping.file(file).zip(self.shared.headers.get(file));
        let Some((mapping, header)) = of_file else { return Vec::new() };
        let own = || block.joined.iter().filter(|row| row.file == file);
        let mut bytes = Vec::new();
        for row in own() {
            bytes.extend(&row.bytes);
            bytes.push(b'\n');
        }
        rows::rows(&bytes, own().map(|row| row.line), &mapping.dialect, header)
    }

    /// Puts the texts of the rows among the engine's.
    fn place<'r>(&self, engine: &mut Engine, main: &'r Row, joined: &'r [(usize, Row)]) -> Taking<'r> {
        let all = std::iter::once((0, main)).chain(joined.iter().map(|(file, row)| (*file, row)));
        let rows = all
            .map(|(file, row)| {
                let path = self.shared.paths.get(file).map_or("", String::as_str);
                let line = u32::try_from(row.line).unwrap_or(u32::MAX);
                Placed { file, row, text: engine.add_part(path, line, &row.text) }
            })
            .collect();
        Taking { rows }
    }

    fn tree(&self, engine: &Engine, taking: &Taking<'_>) -> Result<Node, Vec<Refusal>> {
        let shared = &self.shared;
        let Some((main, joined)) = taking.rows.split_first() else { return Err(Vec::new()) };
        let tree = assemble::assemble(&shared.mapping, &shared.tables, &shared.plain, engine.catalog(), *main, joined);
        tree.map_err(|wrong| wrong.iter().map(|wrong| self.refusal(taking, wrong)).collect())
    }

    fn refusal(&self, taking: &Taking<'_>, wrong: &Wrong) -> Refusal {
        let placed = taking.rows.iter().find(|placed| placed.file == wrong.file && placed.row.line == wrong.line);
        let value = wrong.slot.zip(placed).map(|(slot, placed)| placed.row.get(slot).to_owned());
        let code = wrong.mistake.code();
        Refusal {
            file: self.shared.paths.get(wrong.file).cloned(),
            line: wrong.line,
            column: wrong.slot.and_then(|slot| self.column(wrong.file, slot)),
            code: code.id.to_owned(),
            message: code.title.to_owned(),
            value: value.filter(|value| self.shared.show_values && !value.is_empty()),
        }
    }

    /// The mistakes of the record's own reader at their places in the rows.
    fn refusals(&self, engine: &Engine, taking: &Taking<'_>, mistakes: &[Diagnostic]) -> Vec<Refusal> {
        let mut refusals: Vec<Refusal> = Vec::new();
        for mistake in mistakes {
            let span = mistake.span();
            let of_text = |text: FileId| taking.rows.iter().find(|placed| placed.text == text);
            let placed = span.and_then(|span| of_text(span.file)).or(taking.rows.first());
            let Some(placed) = placed else { continue };
            let slot = span.and_then(|span| {
                let is = |range: &&std::ops::Range<usize>| {
                    range.start == span.start as usize && range.end == span.end as usize && !range.is_empty()
                };
                placed.row.slots.iter().position(|range| is(&range))
            });
            let value = slot.map(|slot| placed.row.get(slot).to_owned());
            let refusal = Refusal {
                file: Some(engine.sources().path(placed.text).to_owned()),
                line: placed.row.line,
                column: slot.and_then(|slot| self.column(placed.file, slot)),
                code: mistake.code.id.to_owned(),
                message: mistake.code.title.to_owned(),
                value: value.filter(|_| self.shared.show_values),
            };
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
        }
        refusals
    }

    fn column(&self, file: usize, slot: usize) -> Option<String> {
        self.shared.mapping.file(file).map(|file| file.column_name(slot).to_owned())
    }
}

/// A code that no line of the mapping explains ends the whole load: the same code in other columns and rows would pass for
/// a value.
pub fn stops_the_load(refusal: &Refusal) -> bool {
    refusal.code == RowMistake::Unmapped.code().id
}

/// What belongs together is found out before the first record.
fn reads_twice(mapping: &Mapping) -> bool {
    !mapping.files.is_empty() || mapping.main.each_row.is_some() || mapping.duplicates == Duplicates::Once
}

fn prepare(
    mapping: &Mapping,
    opened: Vec<(Stretches, &FileMapping)>,
    headers: &[Header],
    counts: &mut [FileCount],
) -> Result<Prepared, InputError> {
    let with = |((stretches, file), header)| Opened { stretches, mapping: file, header };
    let mut opened = opened.into_iter().zip(headers).map(with);
    match opened.next() {
        Some(main) => join::prepare(mapping, main, opened.collect(), counts),
        None => unreachable!("a mapping has a main file"),
    }
}

/// Standard input as a file, where it must be read twice.
fn spooled(mapping: &Mapping, main: &Path) -> Result<(PathBuf, Option<Arc<TemporaryFolder>>), InputError> {
    if main.as_os_str() != "-" || !reads_twice(mapping) {
        return Ok((main.to_path_buf(), None));
    }
    let folder = TemporaryFolder::new().map_err(join::temporary)?;
    let path = folder.path().join("input");
    let copy = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&path)?;
        std::io::copy(&mut std::io::stdin().lock(), &mut file)?;
        Ok(())
    };
    copy().map_err(|error| InputError::Unreadable { name: STANDARD_INPUT.to_owned(), error })?;
    Ok((path, Some(folder)))
}

/// The joined files: where the command line says, else where the mapping does.
fn paths(mapping: &Mapping, given: &BTreeMap<String, PathBuf>) -> Vec<PathBuf> {
    let of = |file: &FileMapping| {
        let said = file.path.as_ref().map_or("", |path| path.value.as_str());
        given.get(&file.name).cloned().unwrap_or_else(|| beside(&mapping.path, said))
    };
    mapping.files.iter().map(of).collect()
}

/// A path relative to the mapping.
fn beside(mapping: &str, path: &str) -> PathBuf {
    Path::new(mapping).parent().map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
}

/// The columns of tables that the mapping reads.
fn check_tables(mapping: &Mapping, tables: &[Loaded], mistakes: &mut Vec<Diagnostic>) {
    for (table, column) in mapping.table_columns() {
        let Some((loaded, said)) = tables.get(table).zip(mapping.tables.get(table)) else { continue };
        if !loaded.has(&column.value) {
            let mistake = codes::missing_column(&column.value, column.span, &said.path.value, loaded.names());
            if !mistakes.contains(&mistake) {
                mistakes.push(mistake);
            }
        }
    }
}
