use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::output::{self, Stop};
use super::super::{Ending, input};
use crate::cohort::input::{FileCount, Files, Input, Mapped, OpenError, Refusal};
use crate::cohort::mapping::{self, Mapping};
use crate::cohort::output::unmatched;
use crate::diagnostics::{Diagnostic, suggest};
use crate::engine::Engine;

/// What is read if the input is an export: rows whose columns a mapping explains.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// What the columns of the input mean, for CSV, flat NDJSON and Parquet: a file in YAML, described in docs/cohort.md
    #[arg(long, value_name = "MAPPING")]
    mapping: Option<PathBuf>,
    /// A file of the mapping stands elsewhere than the mapping says; may be given several times
    #[arg(id = "other", long = "file", value_name = "NAME=PATH", requires = "mapping", value_parser = named)]
    others: Vec<(String, PathBuf)>,
    /// Only print the record, in YAML, that the row on this line becomes; lines are counted as an editor shows them, and a
    /// header is line 1
    #[arg(long, value_name = "LINE")]
    pub(super) show_record: Option<u64>,
    /// List the rows of joined files that belong to no patient in this table (CSV) [default: `ANSWERS.unmatched.csv`, where
    /// there is an output file]
    #[arg(long, value_name = "TABLE", requires = "mapping")]
    unmatched: Option<PathBuf>,
}

fn named(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok((name.to_owned(), PathBuf::from(path))),
        Some(_) | None => {
            Err("write the name under `files` of the mapping, `=` and a path: `visits=visits.csv`".into())
        }
    }
}

impl Export {
    /// The mapping's own file.
    pub(super) fn path(&self) -> Option<&PathBuf> {
        self.mapping.as_ref()
    }

    /// Where the rows without a patient are listed; beside the output where nothing is said.
    pub(super) fn unmatched(&self, beside_output: Option<PathBuf>) -> Option<PathBuf> {
        self.path()?;
        self.unmatched.clone().or(beside_output)
    }

    /// The mapping, where there is one.
    pub(super) fn read(&self, engine: &mut Engine) -> Result<Option<Mapping>, Stop> {
        let Some(path) = &self.mapping else { return Ok(None) };
        let (name, text) = input::read(path).map_err(Stop::Refused)?;
        match mapping::read(engine, &name, text) {
            Ok(mapping) => Ok(Some(mapping)),
            Err(mistakes) => Err(refused(engine, &mistakes)),
        }
    }

    /// The rows of a mapping's files. What is to be said of the files once is said.
    pub(super) fn open(
        &self,
        engine: &Engine,
        mapping: &Mapping,
        main: &Path,
        show_values: bool,
    ) -> Result<Mapped, Stop> {
        let files = Files { main: main.to_owned(), others: self.elsewhere(mapping)? };
        let mapped = Mapped::open(mapping, &files, show_values).map_err(|error| match error {
            OpenError::Input(error) => Stop::from(error),
            OpenError::Mistakes(mistakes) => refused(engine, &mistakes),
        })?;
        output::diagnostics(engine.sources(), mapped.notices());
        Ok(mapped)
    }

    /// The files that the command line puts elsewhere.
    fn elsewhere(&self, mapping: &Mapping) -> Result<BTreeMap<String, PathBuf>, Stop> {
        let known = || mapping.files.iter().map(|file| file.name.as_str());
        let mut files = BTreeMap::new();
        for (name, path) in &self.others {
            if !known().any(|known| known == name) {
                let near = suggest::nearest(name, known()).map(|near| format!("; did you mean `{near}`?"));
                let list = || match known().collect::<Vec<_>>().join(", ") {
                    none if none.is_empty() => "; it has none: the file of the patients is named by itself".to_owned(),
                    list => format!("; there are {list}"),
                };
                let way_out = near.unwrap_or_else(list);
                return Err(Stop::Refused(format!("the mapping has no file `{name}`{way_out}")));
            }
            if files.insert(name.clone(), path.clone()).is_some() {
                return Err(Stop::Refused(format!("`--file {name}=` is given twice")));
            }
        }
        Ok(files)
    }

    /// Tells of rows that are no record of their own, and lists those without a patient.
    pub(super) fn tell_of_rows(
        &self,
        mapped: &mut Mapped,
        listed: Option<PathBuf>,
        show_values: bool,
    ) -> Result<(), Stop> {
        let joined = mapped.files().len() > 1;
        let listed = listed.filter(|_| joined || self.unmatched.is_some());
        if let Some(path) = &listed {
            unmatched::write(path, mapped, show_values).map_err(|error| Stop::Refused(error.to_string()))?;
        }
        for count in mapped.files() {
            tell_of_file(count, listed.as_deref());
        }
        Ok(())
    }

    /// Prints the record that a row becomes.
    pub(super) fn show(
        &self,
        engine: &mut Engine,
        mapping: &Mapping,
        main: &Path,
        line: u64,
        show_values: bool,
    ) -> Result<Ending, Stop> {
        let mut mapped = self.open(engine, mapping, main, show_values)?;
        match mapped.show(engine, line)? {
            Some(Ok(record)) => {
                output::result(&record)?;
                Ok(Ending::Well)
            }
            Some(Err(refusals)) => {
                for refusal in &refusals {
                    output::message(&told(refusal));
                }
                Ok(Ending::Unreadable)
            }
            None => {
                let begin = match mapped.lines() {
                    Some((first, last)) => format!("the first begins in line {first}, the last in line {last}"),
                    None => "it has none".to_owned(),
                };
                Err(Stop::Refused(format!("no record begins in line {line} of `{}`: {begin}", main.display())))
            }
        }
    }
}

/// The mapping has none of these mistakes.
pub(super) fn demand_none(engine: &Engine, mistakes: &[Diagnostic]) -> Result<(), Stop> {
    if mistakes.is_empty() { Ok(()) } else { Err(refused(engine, mistakes)) }
}

/// Nothing is read with a mapping that has mistakes.
fn refused(engine: &Engine, mistakes: &[Diagnostic]) -> Stop {
    output::diagnostics(engine.sources(), mistakes);
    Stop::Refused("nothing is read while the mapping has mistakes".to_owned())
}

fn tell_of_file(count: &FileCount, listed: Option<&Path>) {
    let FileCount { file, rows: _, used: _, duplicates, without_patient, same_id } = count;
    let rows = |count: &u64, one: &str, many: &str| {
        if *count == 1 { format!("1 row of `{file}` {one}") } else { format!("{count} rows of `{file}` {many}") }
    };
    if *without_patient > 0 {
        let said = rows(without_patient, "belongs to no patient", "belong to no patient");
        let place = match listed {
            Some(path) => format!("listed in `{}`", path.display()),
            None => "`--unmatched TABLE` lists them".to_owned(),
        };
        output::warning(&format!("{said}; {place}"));
    }
    if *duplicates > 0 {
        let said = rows(
            duplicates,
            "repeats another to the letter, and is left out",
            "repeat others to the letter, and are left out",
        );
        output::warning(&format!("{said}; `duplicates: each` in the mapping reads every row"));
    }
    if *same_id > 0 {
        let said = rows(
            same_id,
            "has the id of an earlier one and says something else",
            "have the ids of earlier ones and say something else",
        );
        output::warning(&format!("{said}; each is a record of its own"));
    }
}

/// What ends the load, and the ways out.
pub(super) fn unexplained(refusal: &Refusal) -> String {
    let way_out =
        "say under `codes` in the mapping what it means, or with `values: as they are` that the column has no codes";
    format!("the load stops at {}; {way_out}", told(refusal))
}

/// `line 4 of labs.csv, column ck: a number is not written as the mapping says (I024)`
pub(super) fn told(refusal: &Refusal) -> String {
    let Refusal { file, line, column, code, message, value } = refusal;
    let file = file.as_ref().map(|file| format!(" of `{file}`")).unwrap_or_default();
    let column = column.as_ref().map(|column| format!(", column `{column}`")).unwrap_or_default();
    let value = value.as_ref().map(|value| format!(": `{value}`")).unwrap_or_default();
    format!("line {line}{file}{column}: {message} ({code}){value}")
}
