//! A table in columns (Parquet). It grows as CSV, with which an interrupted run goes on, and is turned at its end.

use std::path::Path;

use super::sink::SinkError;

/// The column that holds numbers; all others hold text.
pub(super) const NUMBERED: &str = "line";

/// The program was built with Parquet.
pub const KNOWN: bool = cfg!(feature = "parquet");

/// Writes a table (CSV) in columns, so many bytes of rows at a time.
#[cfg(feature = "parquet")]
pub(super) fn write(table: &Path, path: &Path) -> Result<(), SinkError> {
    turned::write(table, path)
        .map_err(|error| SinkError::Write { name: path.display().to_string(), error: std::io::Error::other(error) })
}

/// Nothing is asked for in columns where the program knows none.
#[cfg(not(feature = "parquet"))]
pub(super) fn write(_: &Path, path: &Path) -> Result<(), SinkError> {
    let error = std::io::ErrorKind::Unsupported.into();
    Err(SinkError::Write { name: path.display().to_string(), error })
}

#[cfg(feature = "parquet")]
mod turned {
    use std::error::Error;
    use std::fs::File;
    use std::path::Path;
    use std::sync::Arc;

    use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
    use ::parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use ::parquet::file::properties::WriterProperties;
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::types::Type;

    use super::NUMBERED;

    type Mistake = Box<dyn Error + Send + Sync>;

    /// How many bytes of cells are a group of rows, and how many rows at most.
    const BYTES: usize = 16 * 1024 * 1024;
    const ROWS: usize = 100_000;

    pub(super) fn write(table: &Path, path: &Path) -> Result<(), Mistake> {
        let mut rows = csv::Reader::from_path(table)?;
        let names: Vec<String> = rows.headers()?.iter().map(str::to_owned).collect();
        let fields: Result<Vec<_>, _> = names.iter().map(|name| field(name).map(Arc::new)).collect();
        let schema = Arc::new(Type::group_type_builder("answers").with_fields(fields?).build()?);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut file = SerializedFileWriter::new(File::create(path)?, schema, Arc::new(properties))?;
        let mut columns: Vec<Vec<Vec<u8>>> = vec![Vec::new(); names.len()];
        let (mut bytes, mut held) = (0, 0);
        let mut row = csv::ByteRecord::new();
        loop {
            let more = rows.read_byte_record(&mut row)?;
            if held > 0 && (!more || bytes >= BYTES || held >= ROWS) {
                write_group(&mut file, &names, &mut columns)?;
                (bytes, held) = (0, 0);
            }
            if !more {
                break;
            }
            held += 1;
            for (column, cell) in columns.iter_mut().zip(&row) {
                bytes += cell.len() + size_of::<Vec<u8>>();
                column.push(cell.to_vec());
            }
        }
        file.finish()?;
        file.inner().sync_data()?;
        Ok(())
    }

    fn field(name: &str) -> Result<Type, Mistake> {
        let (physical, logical) = match name {
            NUMBERED => (Physical::INT64, None),
            _ => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(name, physical).with_logical_type(logical);
        Ok(field.with_repetition(Repetition::OPTIONAL).build()?)
    }

    /// Writes what is held of each column; an empty cell is nothing.
    fn write_group(
        file: &mut SerializedFileWriter<File>,
        names: &[String],
        columns: &mut [Vec<Vec<u8>>],
    ) -> Result<(), Mistake> {
        let mut group = file.next_row_group()?;
        for (name, held) in names.iter().zip(columns) {
            let Some(mut column) = group.next_column()? else { break };
            let cells = std::mem::take(held);
            let levels: Vec<i16> = cells.iter().map(|cell| i16::from(!cell.is_empty())).collect();
            let said = cells.into_iter().filter(|cell| !cell.is_empty());
            if name == NUMBERED {
                let numbers: Result<Vec<i64>, Mistake> =
                    said.map(|cell| Ok(std::str::from_utf8(&cell)?.parse()?)).collect();
                column.typed::<Int64Type>().write_batch(&numbers?, Some(&levels), None)?;
            } else {
                let texts: Vec<ByteArray> = said.map(ByteArray::from).collect();
                column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)?;
            }
            column.close()?;
        }
        group.close()?;
        Ok(())
    }
}
