//! Where records come from: blocks of bytes, read one after the other, taken apart by many threads.

mod codes;
mod mapped;
mod records;
mod refused;
mod source;

pub use codes::CODES;
pub use mapped::{FileCount, Files, Mapped, MappedBlock, MappedReader, OpenError, Unmatched, stops_the_load};
pub(in crate::cohort) use mapped::{Sorter, TemporaryFolder};
pub use records::{LINE_LIMIT, Lines, Reader, Records};
pub use source::{Meter, STANDARD_INPUT, Source};

use serde::Serialize;

use crate::engine::Engine;
use crate::record::Record;

/// One record of a cohort as it came in.
#[derive(Debug)]
pub struct Taken {
    /// The line it begins on, from 1, in the first file.
    pub line: u64,
    /// Its name, where one could be read.
    pub id: Option<String>,
    /// The record, or everything that is wrong with it.
    pub record: Result<Record, Vec<Refusal>>,
    /// Columns carried through to the output, by name: never read by rules.
    pub carried: Vec<(String, String)>,
}

/// Why a record was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The file, of an export that a mapping explains.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    pub line: u64,
    /// The column, or the place in the record: `visits[0].ck`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Its kind, explained by `myoguide explain`.
    pub code: String,
    /// What is wrong, which never holds the value.
    pub message: String,
    /// What stands there: read and shown only where that is wished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// How much was handed out, as counted while reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Records, also those that cannot be read.
    pub records: u64,
    /// Empty lines, which are passed over.
    pub empty_lines: u64,
    /// The bytes of both.
    pub bytes: u64,
}

/// Records in blocks: read one after the other, taken apart by many threads.
pub trait Input {
    /// A stretch of the input that holds whole records.
    type Block: Send;
    /// Turns the texts of a block into records; one per worker thread.
    type Reader: Send;
    /// The next block, some hundred KiB or one long record; `None` at the end.
    fn next_block(&mut self) -> Result<Option<Self::Block>, InputError>;
    /// What one worker needs to take blocks apart.
    fn reader(&self, engine: &Engine) -> Self::Reader;
    /// Every record of a block, in order.
    fn take(
        reader: &mut Self::Reader,
        engine: &mut Engine,
        block: &Self::Block,
        each: &mut dyn FnMut(&mut Engine, Taken),
    );
    /// How much was handed out so far.
    fn counted(&self) -> Counted;
    /// How the rows of each file were used so far, where rows are put together.
    fn files(&self) -> &[FileCount] {
        &[]
    }
}

/// Of a row that is refused in a header, a table, or a file that is joined by the row's id.
const WHOSE: &str = "what it says, and of whom";

/// Why the input cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// There is no such file.
    #[error("`{name}` does not exist")]
    Missing {
        /// The file.
        name: String,
    },
    /// It is a folder.
    #[error("`{name}` is a folder; name the file in it")]
    Folder {
        /// The folder.
        name: String,
    },
    /// The system refused.
    #[error("`{name}` cannot be read: {error}")]
    Unreadable {
        /// The file.
        name: String,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// The system refused to put rows aside.
    #[error("rows cannot be put aside in `{folder}`: {error}; `TMPDIR` names another folder")]
    NotPutAside {
        /// The folder.
        folder: String,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// A row that is not kept, where nobody can tell whose it is.
    #[error("the row of `{name}` that begins in line {line} is longer than 16 MiB, so nobody can tell {WHOSE}")]
    RowTooLong {
        /// The file.
        name: String,
        /// The line.
        line: u64,
    },
    /// A row that cannot be taken apart, where nobody can tell whose it is.
    #[error("a quote in line {line} of `{name}` is not closed, so nobody can tell {WHOSE}")]
    QuoteNotClosed {
        /// The file.
        name: String,
        /// The line.
        line: u64,
    },
    /// A row that may be anybody's.
    #[error("line {line} of `{name}` {why}, so nobody can tell {WHOSE}")]
    NotTold {
        /// The file.
        name: String,
        /// The line.
        line: u64,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A table without a header.
    #[error("`{name}` is empty: its first line is to name the columns")]
    NoHeader {
        /// The file.
        name: String,
    },
    /// It is not what it was when it was read first.
    #[error("`{name}` was written to while it was read; begin anew when it is whole")]
    Changed {
        /// The file.
        name: String,
    },
    /// Two bytes a letter.
    #[error("`{name}` is in UTF-16; export it as UTF-8, or in another encoding that a mapping can name")]
    Utf16 {
        /// The file.
        name: String,
    },
    /// It is packed.
    #[error("`{name}` is packed with gzip; unpack it, as `zcat FILE | myoguide cohort -` does")]
    Packed {
        /// The file.
        name: String,
    },
    /// Parquet, of which this program was built to know nothing.
    #[error(
        "`{name}` is a Parquet file, and this `myoguide` was built without Parquet; export it as CSV or NDJSON, or build \
         with `cargo install --path . --features parquet`"
    )]
    NoParquet {
        /// The file.
        name: String,
    },
    /// Parquet that the mapping calls text.
    #[error(
        "`{name}` is a Parquet file and is read as text; say `format: parquet` for it (a lookup table must be CSV)"
    )]
    Parquet {
        /// The file.
        name: String,
    },
    /// Something else that is called Parquet.
    #[error("`{name}` is no Parquet file, though it is called one; `format` in the mapping says what it is")]
    NotParquet {
        /// The file.
        name: String,
    },
    /// Parquet is read from its end.
    #[error("`{name}` is a pipe, and Parquet is read from its end; name a file, or give it as standard input")]
    ParquetPipe {
        /// What it is called.
        name: String,
    },
    /// The end of a file of columns is missing.
    #[error("`{name}` is cut off: its end is missing, which says what its columns are; copy or export it once more")]
    Cut {
        /// The file.
        name: String,
    },
    /// A file of columns with a key.
    #[error("`{name}` is encrypted; write it without a key")]
    Encrypted {
        /// The file.
        name: String,
    },
    /// A file of columns that is compressed in a way that is not read.
    #[error("`{name}` is compressed with `{how}`, which is not read; write it with `snappy`, `gzip` or `zstd`")]
    Compressed {
        /// The file.
        name: String,
        /// How.
        how: String,
    },
    /// A file of columns that does not hold what it says it does.
    #[error("`{name}` is damaged: no row can be read after the first {rows}; copy or export it once more")]
    Damaged {
        /// The file.
        name: String,
        /// How many rows were read before.
        rows: u64,
    },
}
