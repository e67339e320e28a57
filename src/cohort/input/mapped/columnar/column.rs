use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::DataType;
use ::parquet::errors::ParquetError;

use super::cell::{self, Form, Value};
use super::kind::Kind;

/// A column that is read, with some of its values.
pub(super) struct Column {
    /// Its place among those of the file.
    pub(super) leaf: usize,
    kind: Kind,
    /// Its name as a line has it, with the colon.
    key: Vec<u8>,
    /// The values of the group of rows that is read.
    reader: Option<ColumnReader>,
    held: std::vec::IntoIter<Value>,
}

impl Column {
    pub(super) fn new(leaf: usize, name: &str, kind: Kind) -> Self {
        let mut key = Vec::new();
        cell::text(&mut key, name.as_bytes());
        key.push(b':');
        Column { leaf, kind, key, reader: None, held: Vec::new().into_iter() }
    }

    /// Goes on with the next group of rows.
    pub(super) fn begin(&mut self, reader: ColumnReader) {
        self.reader = Some(reader);
    }

    /// Reads so many values; fewer come only of a file that is damaged.
    pub(super) fn hold(&mut self, rows: usize) -> Result<usize, ParquetError> {
        let Some(reader) = &mut self.reader else { return Ok(0) };
        let values = match reader {
            ColumnReader::BoolColumnReader(reader) => values(reader, rows, Value::Boolean),
            ColumnReader::Int32ColumnReader(reader) => values(reader, rows, Value::Short),
            ColumnReader::Int64ColumnReader(reader) => values(reader, rows, Value::Whole),
            ColumnReader::Int96ColumnReader(reader) => values(reader, rows, |value| {
                let mut words = [0; 3];
                for (word, given) in words.iter_mut().zip(value.data()) {
                    *word = *given;
                }
                Value::Words(words)
            }),
            ColumnReader::FloatColumnReader(reader) => values(reader, rows, Value::Single),
            ColumnReader::DoubleColumnReader(reader) => values(reader, rows, Value::Double),
            ColumnReader::ByteArrayColumnReader(reader) => values(reader, rows, Value::Bytes),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                values(reader, rows, |value| Value::Bytes(value.into()))
            }
        }?;
        let read = values.len();
        self.held = values.into_iter();
        Ok(read)
    }

    /// Appends the next value with its name. An empty cell is left out.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, form: Form) {
        let Some(value) = self.held.next().filter(|value| !matches!(value, Value::Nothing)) else { return };
        if out.last() != Some(&b'{') {
            out.push(b',');
        }
        out.extend(&self.key);
        form.write(out, &value, self.kind);
    }
}

fn values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    value: impl Fn(T::T) -> Value,
) -> Result<Vec<Value>, ParquetError> {
    let (mut levels, mut found) = (Vec::new(), Vec::new());
    let (read, _, _) = reader.read_records(rows, Some(&mut levels), None, &mut found)?;
    let mut found = found.into_iter();
    if levels.is_empty() {
        return Ok(found.map(value).collect());
    }
    // A column of single values has one level: there is a value, or none.
    let one = |level: i16| if level > 0 { found.next().map(&value) } else { Some(Value::Nothing) };
    Ok(levels.into_iter().take(read).map_while(one).collect())
}
