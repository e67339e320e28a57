//! Which rows of several files are one patient, in memory that does not grow: all files are sorted by the id, held
//! against each other, and what belongs to a row of the main file is sorted by its place there.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::rows::{Broken, Fields, Header, Raw, decoded};
use super::sort::{Pair, Sorted, Sorter, TemporaryFolder};
use super::stretch::{RowPlace, Stretch, Stretches};
use crate::cohort::input::InputError;
use crate::cohort::mapping::{Duplicates, FileMapping, Format, Mapping};

/// How the rows of a file were used. Rows in are rows used, duplicates, and rows without a patient.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct FileCount {
    /// The path, as it is shown.
    pub file: String,
    /// Rows that were read.
    pub rows: u64,
    /// Rows that are in a record, or in one that was refused.
    pub used: u64,
    /// Rows that stand there once more, to the letter.
    pub duplicates: u64,
    /// Rows of a joined file whose id no patient has.
    pub without_patient: u64,
    /// Rows of the main file whose id an earlier one has, and that say something else: records of their own.
    pub same_id: u64,
}

/// A row of a joined file whose id no patient has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The path, as it is shown.
    pub file: String,
    /// Its line.
    pub line: u64,
    /// The id: shown only where values may be.
    pub id: String,
}

/// What becomes of a row of the main file that is no record of its own.
pub(super) const DUPLICATE: u8 = 0;
/// It is a further row of a patient.
pub(super) const FURTHER: u8 = 1;

/// What belongs to the rows of the main file, by their places.
pub(super) struct Prepared {
    /// By place: the file, the line, the bytes of a row.
    pub(super) joined: Sorted,
    /// The places of rows that are no records, with what becomes of them.
    pub(super) dropped: Sorted,
    /// Rows without a patient.
    pub(super) unmatched: Sorted,
}

/// A file and what is known of its columns.
pub(super) struct Opened<'m> {
    pub(super) stretches: Stretches,
    pub(super) mapping: &'m FileMapping,
    pub(super) header: &'m Header,
}

struct Joiner<'c> {
    once: bool,
    counts: &'c mut [FileCount],
    joined: Sorter,
    dropped: Sorter,
    unmatched: Sorter,
}

/// The row of a place in the main file, its fingerprint and, where it may be joined itself, its text.
struct MainRow {
    place: [u8; 8],
    fingerprint: Vec<u8>,
    line_and_bytes: Vec<u8>,
}

const FINGERPRINT: usize = 16;

/// Reads all files once and finds out what belongs together. A file that holds several rows of a patient and is the main
/// one is joined to its own first rows.
pub(super) fn prepare(
    mapping: &Mapping,
    main: Opened<'_>,
    files: Vec<Opened<'_>>,
    counts: &mut [FileCount],
) -> Result<Prepared, InputError> {
    let folder = TemporaryFolder::new().map_err(temporary)?;
    let is_long = mapping.main.each_row.is_some();
    let mains = sorted_main(main, is_long, &folder)?;
    let mut others = Vec::new();
    for (at, file) in files.into_iter().enumerate() {
        others.push(sorted_rows(file, &folder, counts.get_mut(at + 1))?);
    }
    let mut joiner = Joiner {
        once: mapping.duplicates == Duplicates::Once,
        counts,
        joined: Sorter::new(&folder, "joined"),
        dropped: Sorter::new(&folder, "dropped"),
        unmatched: Sorter::new(&folder, "unmatched"),
    };
    joiner.join(mains, &mut others, is_long).map_err(temporary)?;
    let finish = |sorter: Sorter| sorter.finish().map_err(temporary);
    Ok(Prepared {
        joined: finish(joiner.joined)?,
        dropped: finish(joiner.dropped)?,
        unmatched: finish(joiner.unmatched)?,
    })
}

/// The system refused to write or read what is put aside.
pub(super) fn temporary(error: io::Error) -> InputError {
    InputError::NotPutAside { folder: std::env::temp_dir().display().to_string(), error }
}

fn sorted_main(mut main: Opened<'_>, is_long: bool, folder: &Arc<TemporaryFolder>) -> Result<Sorted, InputError> {
    let mut sorter = Sorter::new(folder, "main");
    let mut place: u64 = 0;
    while let Some(stretch) = main.stretches.next()? {
        if is_long {
            stretch.demand_whole(main.stretches.source().name())?;
        }
        let ids = ids(&stretch, main.mapping, main.header);
        for (row, id) in stretch.rows.iter().zip(ids) {
            let bytes = stretch.row(row);
            let id = match id {
                Err(broken) if is_long => return Err(row.not_told(broken, main.stretches.source().name())),
                id => id.unwrap_or_default(),
            };
            // A row that names no patient is refused by itself, and so are two of them.
            if !id.is_empty() {
                let mut value = place.to_be_bytes().to_vec();
                value.extend(Sha256::digest(bytes).iter().take(FINGERPRINT));
                if is_long {
                    value.extend(row.line.to_be_bytes());
                    value.extend(bytes);
                }
                sorter.push(id.as_bytes(), &value).map_err(temporary)?;
            }
            place += 1;
        }
    }
    sorter.finish().map_err(temporary)
}

fn sorted_rows(
    mut file: Opened<'_>,
    folder: &Arc<TemporaryFolder>,
    count: Option<&mut FileCount>,
) -> Result<Sorted, InputError> {
    let mut sorter = Sorter::new(folder, "rows");
    let mut rows = 0;
    while let Some(stretch) = file.stretches.next()? {
        stretch.demand_whole(file.stretches.source().name())?;
        let ids = ids(&stretch, file.mapping, file.header);
        for (row, id) in stretch.rows.iter().zip(ids) {
            let id = id.map_err(|broken| row.not_told(broken, file.stretches.source().name()))?;
            rows += 1;
            let mut value = row.line.to_be_bytes().to_vec();
            value.extend(stretch.row(row));
            sorter.push(id.as_bytes(), &value).map_err(temporary)?;
        }
    }
    if let Some(count) = count {
        count.rows = rows;
    }
    sorter.finish().map_err(temporary)
}

/// The ids of the rows of a stretch, or why nobody can tell whose one is. In a row with another number of fields than the
/// header only the first is where it should be.
fn ids(stretch: &Stretch, mapping: &FileMapping, header: &Header) -> Vec<Result<String, Broken>> {
    if mapping.dialect.format != Format::Csv {
        let only =
            Header { names: header.names.clone(), places: vec![header.places.get(mapping.id).copied().flatten()] };
        let lines = stretch.rows.iter().map(|row| (row.line, row.broken));
        let rows = super::rows::rows(&stretch.bytes, lines, &mapping.dialect, &only);
        return rows.iter().map(|row| row.broken.map_or_else(|| Ok(row.get(0).to_owned()), Err)).collect();
    }
    let mut fields = Fields::of_csv(&stretch.bytes, mapping.dialect.delimiter);
    let place = header.places.get(mapping.id).copied().flatten();
    let mut id = |row: &RowPlace| {
        if let Some(broken) = row.broken {
            return Err(broken);
        }
        let Some(Raw::Csv(record)) = fields.next() else { return Err(Broken::Fields) };
        if place != Some(0) && record.len() != header.names.len() {
            return Err(Broken::Fields);
        }
        let field = place.and_then(|at| record.get(at)).unwrap_or_default();
        let text = decoded(field, mapping.dialect.encoding).ok_or(Broken::Encoding(Some(mapping.id)))?;
        Ok(text.trim().to_owned())
    };
    stretch.rows.iter().map(&mut id).collect()
}

impl Joiner<'_> {
    fn join(&mut self, mut mains: Sorted, others: &mut [Sorted], is_long: bool) -> io::Result<()> {
        while let Some((id, first)) = mains.take()? {
            let mut group = vec![first];
            while let Some(further) = mains.take_of(&id)? {
                group.push(further);
            }
            let places = self.main_rows(&group, is_long)?;
            for (at, other) in others.iter_mut().enumerate() {
                while other.key().is_some_and(|key| key < id.as_slice()) {
                    self.unmatched(at + 1, other.take()?)?;
                }
                let mut seen: HashSet<Vec<u8>> = HashSet::new();
                while let Some(row) = other.take_of(&id)? {
                    let text = row.get(8..).unwrap_or_default();
                    if self.once && !seen.insert(text.to_vec()) {
                        self.count(at + 1, |count| &mut count.duplicates);
                        continue;
                    }
                    self.count(at + 1, |count| &mut count.used);
                    for place in &places {
                        self.add(*place, at + 1, &row)?;
                    }
                }
            }
        }
        for (at, other) in others.iter_mut().enumerate() {
            while let Some(pair) = other.take()? {
                self.unmatched(at + 1, Some(pair))?;
            }
        }
        Ok(())
    }

    /// The places of the rows of one id that are records.
    fn main_rows(&mut self, group: &[Vec<u8>], is_long: bool) -> io::Result<Vec<[u8; 8]>> {
        let mut seen: HashSet<Vec<u8>> = HashSet::new();
        let mut places: Vec<[u8; 8]> = Vec::new();
        for row in group.iter().filter_map(|bytes| main_row(bytes)) {
            if self.once && !seen.insert(row.fingerprint) {
                self.dropped.push(&row.place, &[DUPLICATE])?;
                self.count(0, |count| &mut count.duplicates);
                continue;
            }
            if let Some(first) = places.first().copied().filter(|_| is_long) {
                self.dropped.push(&row.place, &[FURTHER])?;
                self.add(first, 0, &row.line_and_bytes)?;
            } else {
                if !places.is_empty() {
                    self.count(0, |count| &mut count.same_id);
                }
                places.push(row.place);
            }
        }
        Ok(places)
    }

    fn add(&mut self, place: [u8; 8], file: usize, row: &[u8]) -> io::Result<()> {
        let mut value = (file as u64).to_be_bytes().to_vec();
        value.extend(row);
        self.joined.push(&place, &value)
    }

    fn unmatched(&mut self, file: usize, pair: Option<Pair>) -> io::Result<()> {
        let Some((id, row)) = pair else { return Ok(()) };
        self.count(file, |count| &mut count.without_patient);
        let mut key = (file as u64).to_be_bytes().to_vec();
        key.extend(row.get(..8).unwrap_or_default());
        self.unmatched.push(&key, &id)
    }

    fn count(&mut self, file: usize, which: impl Fn(&mut FileCount) -> &mut u64) {
        if let Some(count) = self.counts.get_mut(file) {
            *which(count) += 1;
        }
    }
}

fn main_row(bytes: &[u8]) -> Option<MainRow> {
    let (place, rest) = bytes.split_first_chunk::<8>()?;
    let (fingerprint, rest) = rest.split_at_checked(FINGERPRINT)?;
    Some(MainRow { place: *place, fingerprint: fingerprint.to_vec(), line_and_bytes: rest.to_vec() })
}

/// A number and what stands after it.
pub(super) fn number_and_rest(bytes: &[u8]) -> (u64, &[u8]) {
    match bytes.split_first_chunk::<8>() {
        Some((number, rest)) => (u64::from_be_bytes(*number), rest),
        None => (0, &[]),
    }
}
