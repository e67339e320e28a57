//! A Parquet file as stretches of whole rows: each is written as a line of flat NDJSON and read like one, so that there is
//! one way in which a cell is read.

mod cell;
mod column;
mod guard;
mod kind;

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use ::parquet::basic::CompressionCodec;
use ::parquet::file::metadata::RowGroupMetaData;
use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use ::parquet::schema::types::SchemaDescriptor;

use self::cell::Form;
use self::column::Column;
use self::guard::guarded;
use self::kind::{Kind, NESTED, Unreadable};
use super::rows::Broken;
use super::stretch::{ROW_LIMIT, RowPlace, Stretch};
use crate::cohort::input::{InputError, Source};
use crate::cohort::mapping::{Dialect, Duplicates, FileMapping, codes};
use crate::diagnostics::Diagnostic;

/// How many bytes of lines are handed out at once.
const STRETCH: usize = 512 * 1024;
/// How many rows of each column are held at once.
const HELD: usize = 1024;
/// What every such file begins and ends with.
const MARK: &[u8] = b"PAR1";
const ENCRYPTED: &[u8] = b"PARE";

/// The rows of a file of columns.
pub(super) struct Columnar {
    source: Source,
    reader: SerializedFileReader<File>,
    form: Form,
    /// Every column by its name, and what it holds.
    named: Vec<(String, Result<Kind, Unreadable>)>,
    /// Those that are read.
    columns: Vec<Column>,
    /// The group of rows that is next.
    group: usize,
    /// How many rows of the last one are not yet held.
    left: usize,
    /// How many rows are held.
    held: usize,
    /// How many rows were handed out.
    rows: u64,
}

impl Columnar {
    /// Opens a file, which is read to its end once for its hash.
    pub(super) fn open(path: &Path, name: &str, dialect: &Dialect) -> Result<Self, InputError> {
        let mut source = Source::open_as(path, name)?;
        let named = || name.to_owned();
        if source.meter().size.is_none() {
            return Err(InputError::ParquetPipe { name: named() });
        }
        let refused = |error| InputError::Unreadable { name: named(), error };
        let mut file = File::open(path).map_err(refused)?;
        check_ends(&mut file, name)?;
        source.pass()?;
        let reader = guarded(|| SerializedFileReader::new(file).ok());
        let reader = reader.ok_or_else(|| InputError::Damaged { name: named(), rows: 0 })?;
        let about = reader.metadata();
        let columns = about.row_groups().iter().flat_map(RowGroupMetaData::columns);
        for column in columns {
            let codec = column.compression_codec();
            let known = [
                CompressionCodec::UNCOMPRESSED,
                CompressionCodec::SNAPPY,
                CompressionCodec::GZIP,
                CompressionCodec::ZSTD,
            ];
            if !known.contains(&codec) {
                return Err(InputError::Compressed { name: named(), how: codec.to_string().to_lowercase() });
            }
        }
        let named = named_columns(about.file_metadata().schema_descr());
        let (columns, form) = (Vec::new(), Form::of(dialect));
        Ok(Columnar { source, reader, form, named, columns, group: 0, left: 0, held: 0, rows: 0 })
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// The names of all columns.
    pub(super) fn names(&self) -> Vec<String> {
        self.named.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Settles which columns are read: those that the mapping names, and, where rows that stand twice are told apart, all.
    pub(super) fn choose(&mut self, file: &FileMapping, duplicates: Duplicates, mistakes: &mut Vec<Diagnostic>) {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let (mut columns, shown) = (Vec::new(), self.source.name());
        for (at, (name, kind)) in self.named.iter().enumerate() {
            let slot = file.slots.iter().find(|slot| slot.value == *name);
            let kind = match (kind, slot, duplicates) {
                (Ok(kind), _, Duplicates::Once) | (Ok(kind), Some(_), Duplicates::Each) => *kind,
                (Err(why), Some(slot), _) => {
                    mistakes.push(codes::unreadable_column(name, slot.span, shown, why.holds, why.way_out));
                    continue;
                }
                (Err(why), None, Duplicates::Once) if *why == NESTED => {
                    let place = file.slots.get(file.id).map(|slot| slot.span);
                    mistakes.extend(place.map(|place| codes::untold_twice(name, place, shown, why.holds)));
                    continue;
                }
                (Err(_), None, Duplicates::Once) => Kind::Raw,
                (_, None, Duplicates::Each) => continue,
            };
            let leaf = (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == at);
            // What nobody reads is named by its place: two such columns may have one name.
            let name = slot.map_or_else(|| format!("\0{at}"), |slot| slot.value.clone());
            columns.extend(leaf.map(|leaf| Column::new(leaf, &name, kind)));
        }
        self.columns = columns;
    }

    /// How many bytes of the file so many rows stand for.
    pub(super) fn bytes_of(&self, rows: u64) -> u64 {
        let (size, all) = (self.source.meter().size.unwrap_or(0), self.reader.metadata().file_metadata().num_rows());
        let all = u128::try_from(all).unwrap_or(0).max(1);
        u64::try_from(u128::from(size) * u128::from(rows) / all).unwrap_or(size)
    }

    /// The next rows; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Stretch>, InputError> {
        let mut stretch = Stretch::default();
        while stretch.bytes.len() < STRETCH {
            if self.held == 0 && !self.hold()? {
                break;
            }
            self.held -= 1;
            self.rows += 1;
            let start = stretch.bytes.len();
            stretch.bytes.push(b'{');
            for column in &mut self.columns {
                column.write(&mut stretch.bytes, self.form);
            }
            stretch.bytes.push(b'}');
            let broken = (stretch.bytes.len() - start > ROW_LIMIT).then_some(Broken::TooLong);
            if broken.is_some() {
                stretch.bytes.truncate(start);
            }
            stretch.rows.push(RowPlace { bytes: start..stretch.bytes.len(), line: self.rows, broken });
            stretch.bytes.push(b'\n');
        }
        Ok((!stretch.rows.is_empty()).then_some(stretch))
    }

    /// Holds the next rows of each column; whether there are any.
    fn hold(&mut self) -> Result<bool, InputError> {
        let held = guarded(|| {
            self.begin()?;
            let rows = self.left.min(HELD);
            let whole = |column: &mut Column| column.hold(rows).ok() == Some(rows);
            self.columns.iter_mut().all(whole).then_some(rows)
        });
        let Some(rows) = held else {
            return Err(InputError::Damaged { name: self.source.name().to_owned(), rows: self.rows });
        };
        self.left -= rows;
        self.held = rows;
        Ok(rows > 0)
    }

    /// Goes on with the next group that has rows, where all of the last are held; nothing where that cannot be read.
    fn begin(&mut self) -> Option<()> {
        while self.left == 0 && self.group < self.reader.num_row_groups() {
            let group = self.reader.get_row_group(self.group).ok()?;
            self.left = usize::try_from(group.metadata().num_rows()).ok()?;
            for column in &mut self.columns {
                column.begin(group.get_column_reader(column.leaf).ok()?);
            }
            self.group += 1;
        }
        Some(())
    }
}

impl std::fmt::Debug for Columnar {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Columnar")
            .field("source", &self.source)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// Every column, and what it holds.
fn named_columns(schema: &SchemaDescriptor) -> Vec<(String, Result<Kind, Unreadable>)> {
    let fields = schema.root_schema().get_fields().iter().enumerate();
    let kind = |at: usize| {
        let leaf = (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == at);
        let column = leaf.map(|leaf| schema.column(leaf));
        match column.filter(|column| column.path().parts().len() == 1 && column.max_rep_level() == 0) {
            Some(column) => Kind::of(&column),
            None => Err(NESTED),
        }
    };
    fields.map(|(at, field)| (field.name().to_owned(), kind(at))).collect()
}

/// A whole file begins and ends with its mark.
fn check_ends(file: &mut File, name: &str) -> Result<(), InputError> {
    let mut ends = || -> std::io::Result<[Vec<u8>; 2]> {
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        file.by_ref().take(MARK.len() as u64).read_to_end(&mut head)?;
        let size = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(size.saturating_sub(MARK.len() as u64)))?;
        file.read_to_end(&mut tail)?;
        Ok([head, tail])
    };
    let [head, tail] = ends().map_err(|error| InputError::Unreadable { name: name.to_owned(), error })?;
    let name = name.to_owned();
    if tail == ENCRYPTED {
        return Err(InputError::Encrypted { name });
    }
    match (head == MARK, tail == MARK) {
        (true, true) => Ok(()),
        (true, false) => Err(InputError::Cut { name }),
        (false, _) => Err(InputError::NotParquet { name }),
    }
}
