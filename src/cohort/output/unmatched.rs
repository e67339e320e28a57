//! The rows that belong to no patient, as a table.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::cells::Line;
use super::sink::{SinkError, give_name, new_name};
use crate::cohort::input::Mapped;
use crate::cohort::run::RunError;

/// Lists the rows of joined files whose id no patient has, by file and line; the id only where values may be shown.
pub fn write(path: &Path, mapped: &mut Mapped, show_values: bool) -> Result<(), RunError> {
    let new = new_name(path);
    let refused = |error: io::Error| SinkError::Write { name: path.display().to_string(), error };
    let mut file = BufWriter::new(File::create(&new).map_err(refused)?);
    let mut text = row(["file", "line", "id"], show_values);
    loop {
        file.write_all(&text).map_err(refused)?;
        let Some(one) = mapped.next_unmatched()? else { break };
        text = row([&one.file, &one.line.to_string(), &one.id], show_values);
    }
    file.flush().map_err(refused)?;
    give_name(&new, path).map_err(refused)?;
    Ok(())
}

fn row(cells: [&str; 3], show_values: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = Line::begin(&mut out);
    line.cells(cells.into_iter().take(if show_values { 3 } else { 2 }));
    line.end();
    out
}
