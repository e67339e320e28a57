use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::join::{self, FileCount, Opened, Prepared};
use super::rows::Header;
use super::sort::TemporaryFolder;
use super::stretch::Stretches;
use super::table::Loaded;
use super::{Files, Mapped, OpenError, Shared, header};
use crate::cohort::input::{InputError, Meter, STANDARD_INPUT, Source};
use crate::cohort::mapping::{Dialect, Duplicates, FileMapping, Format, Mapping};
use crate::diagnostics::{Diagnostic, Severity};

impl Mapped {
    /// Opens the files of a mapping and finds out what belongs together. Where something is wrong with a row, what stands
    /// there is kept only if it may be shown.
    pub fn open(mapping: &Mapping, files: &Files, show_values: bool) -> Result<Self, OpenError> {
        let mut mistakes = mapping.notices.clone();
        let paths = paths(mapping, &files.others);
        let mapping = &Arc::new(with_formats(mapping, &files.main, &paths));
        let (main_path, spooled) = spooled(mapping, &files.main)?;
        let every = std::iter::once(&files.main).chain(&paths);
        // Only what is put aside has another name than it is opened by.
        let shown: Vec<String> = every.map(|path| shown(path)).collect();
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
        for ((file, path), name) in mapping.every_file().zip(std::iter::once(&main_path).chain(&paths)).zip(&shown) {
            let mut stretches = Stretches::open(path, name, &file.dialect)?;
            headers.push(header::read(&mut stretches, file, mapping.duplicates, &mut mistakes)?);
            opened.push((stretches, file));
        }
        if mistakes.iter().any(|mistake| mistake.severity == Severity::Error) {
            mistakes.retain(|mistake| mistake.severity != Severity::Note);
            mistakes.sort_by_key(Diagnostic::span);
            return Err(OpenError::Mistakes(mistakes));
        }
        let main_meter = opened.first().map(|(stretches, _)| stretches.source().meter());
        let of_files = opened.iter().skip(1).map(|(stretches, _)| stretches.source().meter());
        let meters: Vec<Arc<Meter>> = of_files.chain(table_meters).collect();
        let mut counts: Vec<FileCount> =
            shown.iter().map(|path| FileCount { file: path.clone(), ..FileCount::default() }).collect();
        let (main, prepared) = if reads_twice(mapping) {
            let prepared = prepare(mapping, opened, &headers, &mut counts)?;
            let name = shown.first().map_or("", String::as_str);
            let mut main = Stretches::open(&main_path, name, &mapping.main.dialect)?;
            header::read(&mut main, &mapping.main, mapping.duplicates, &mut Vec::new())?;
            (Some(main), Some(prepared))
        } else {
            (opened.into_iter().next().map(|(main, _)| main), None)
        };
        // What belongs together is known: every file but a main one that is read once was read to its end.
        let first_read = main_meter.as_ref().filter(|_| prepared.is_some()).map(|meter| meter.digest());
        let was = main_meter.iter().chain(&meters).map(|meter| meter.was()).collect();
        let Some(main) = main else { return Err(OpenError::Mistakes(mistakes)) };
        let shared = Shared {
            mapping: Arc::clone(mapping),
            headers,
            paths: shown,
            tables,
            plain: Dialect::default(),
            show_values,
        };
        Ok(Mapped {
            shared: Arc::new(shared),
            main,
            read: VecDeque::new(),
            at_once: usize::MAX,
            prepared,
            first_read,
            place: 0,
            records: 0,
            bytes: 0,
            counts,
            notices: mistakes,
            meters,
            was,
            lines: None,
            empty_lines: 0,
            _spooled: spooled,
        })
    }
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

/// The mapping with how each file is written, where only its name says so.
fn with_formats(mapping: &Mapping, main: &Path, paths: &[PathBuf]) -> Mapping {
    let mut mapping = mapping.clone();
    let files = std::iter::once(&mut mapping.main).chain(&mut mapping.files);
    for (file, path) in files.zip(std::iter::once(main).chain(paths.iter().map(PathBuf::as_path))) {
        file.dialect = file.dialect.clone().of_file(path);
    }
    mapping
}

/// What can be read only once, standard input or a pipe, as a file, where it must be read twice, or from its end.
fn spooled(mapping: &Mapping, main: &Path) -> Result<(PathBuf, Option<Arc<TemporaryFolder>>), InputError> {
    let is_input = main.as_os_str() == "-";
    let once = is_input || fs::metadata(main).is_ok_and(|about| !about.is_file() && !about.is_dir());
    let from_its_end = mapping.main.dialect.format == Format::Parquet;
    if !(once && (reads_twice(mapping) || from_its_end)) {
        return Ok((main.to_path_buf(), None));
    }
    let folder = TemporaryFolder::new().map_err(join::temporary)?;
    let path = folder.path().join("input");
    let copy = || -> io::Result<()> {
        let mut from: Box<dyn Read> = if is_input { Box::new(io::stdin().lock()) } else { Box::new(File::open(main)?) };
        io::copy(&mut from, &mut File::create(&path)?)?;
        Ok(())
    };
    copy().map_err(|error| {
        if error.kind() == ErrorKind::StorageFull {
            join::temporary(error)
        } else {
            InputError::Unreadable { name: shown(main), error }
        }
    })?;
    Ok((path, Some(folder)))
}

/// What messages call a path.
fn shown(path: &Path) -> String {
    if path.as_os_str() == "-" { STANDARD_INPUT.to_owned() } else { path.display().to_string() }
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
    for (table, column, how) in mapping.table_columns() {
        let Some((loaded, said)) = tables.get(table).zip(mapping.tables.get(table)) else { continue };
        loaded.demand_column(column, how, &said.path.value, mistakes);
    }
}
