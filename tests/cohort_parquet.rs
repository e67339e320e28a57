//! Parquet as an export: the rows get the answers of the same rows as NDJSON, what cannot be read is said before a row is,
//! and a program that was built without Parquet says so.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn program(arguments: &[&str], place: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_myoguide")).args(arguments).current_dir(place).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

const PLAIN: &str = "id: id\nas_of: 2026-01-01\ncolumns: {age: age}\n";

/// What is said of the file, on standard error.
fn said(mapping: &str, name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mapping.yaml"), mapping).unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    let ran = program(&["cohort", "--quiet", "--mapping", "mapping.yaml", name], folder.path());
    assert_eq!((ran.status.code(), text(&ran.stdout)), (Some(2), ""));
    text(&ran.stderr).to_owned()
}

#[test]
fn without_a_mapping_a_table_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let ran = program(&["cohort", "patients.parquet"], folder.path());
    assert!(text(&ran.stderr).contains("`patients.parquet` is a table; `--mapping` names the file"));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_program_without_parquet_says_so() {
    let way_out = "error: `patients.parquet` is a Parquet file, and this `myoguide` was built without Parquet; export it \
                   as CSV or NDJSON, or build with `cargo install --path . --features parquet`\n";
    let file = b"PAR1\x15\x04 and so on PAR1";
    assert_eq!(said(PLAIN, "patients.parquet", file), way_out);
    assert_eq!(said(&format!("format: parquet\n{PLAIN}"), "patients", file), way_out.replace(".parquet", ""));
    // Said to be CSV, or of another name, it is still known by how it begins.
    assert_eq!(said(&format!("format: csv\n{PLAIN}"), "patients.parquet", file), way_out);
    assert_eq!(said(PLAIN, "patients", file), way_out.replace(".parquet", ""));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_table_in_columns_needs_parquet() {
    let folder = tempfile::tempdir().unwrap();
    let ran = program(&["cohort", "--format", "parquet", "--output", "a.parquet", "records.ndjson"], folder.path());
    assert_eq!(
        text(&ran.stderr),
        "error: this `myoguide` was built without Parquet; `--format csv` writes the same table, or build with `cargo \
         install --path . --features parquet`\n"
    );
}

#[cfg(feature = "parquet")]
mod with_parquet;
