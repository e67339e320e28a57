use std::path::{Path, PathBuf};

use clap::Args;

use super::super::output::{self, Stop};
use crate::cohort::output::{Sink, beside, write_whole};
use crate::cohort::summary::{self, Run, Summary};
use crate::diagnostics::suggest;
use crate::engine::Engine;

/// What is told of all records together, and where.
#[derive(Debug, Args)]
pub(super) struct Summing {
    /// What the answers come to: how many have each, what keeps the others open, what that rests on. The ending of the file
    /// says how: `.txt`, `.json`, or `.html`, a page with pictures; `-` prints text to standard error at the end; may be
    /// given several times
    #[arg(long, value_name = "SUMMARY", value_parser = wanted)]
    summary: Vec<Wanted>,
    /// In the summary every count is a step of five, 0 to 4 (`<5`), 5 to 9, so that no small one is told, and lists leave out
    /// what fewer than five have; the answers and what the run was are not touched by it
    #[arg(long, requires = "summary")]
    suppress: bool,
    /// In the summary also how each group of records stands, by what this column says: a centre, a country; the mapping carries
    /// it through
    #[arg(long, value_name = "COLUMN", requires = "summary", conflicts_with = "suppress")]
    by: Option<String>,
    /// List pairs of records that are probably one patient in this file (CSV): born on one day, of one sex, with one onset or
    /// first visit. None is merged
    #[arg(long, value_name = "LIST")]
    duplicates: Option<PathBuf>,
}

/// A summary that is asked for.
#[derive(Debug, Clone)]
enum Wanted {
    /// Text on standard error.
    Said,
    Written(PathBuf, fn(&Summary) -> String),
}

fn wanted(name: &str) -> Result<Wanted, String> {
    let path = PathBuf::from(name);
    let form: fn(&Summary) -> String = match path.extension().and_then(|ending| ending.to_str()) {
        _ if name == "-" => return Ok(Wanted::Said),
        Some("txt") => summary::text,
        Some("json") => summary::json,
        Some("html") => summary::html,
        Some(_) | None => return Err("its ending says what it is: `.txt`, `.json` or `.html`".to_owned()),
    };
    Ok(Wanted::Written(path, form))
}

impl Summing {
    /// Nothing is asked for that cannot go together.
    pub(super) fn well_asked(&self) -> Result<(), Stop> {
        if self.suppress && self.duplicates.is_some() {
            return Err(Stop::Refused(
                "`--duplicates` lists single patients, which `--suppress` is to keep out; ask for the list in a run of its own, \
                 without `--suppress`"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// The column that puts records into groups is one that the mapping carries through.
    pub(super) fn demand_carried(&self, carried: &[String]) -> Result<(), Stop> {
        let Some(by) = self.by.as_ref().filter(|by| !carried.contains(by)) else { return Ok(()) };
        let near = suggest::nearest(by, carried.iter().map(String::as_str));
        let way_out = match (near, carried) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => format!("a mapping says `carry: [{by}]`"),
            (None, carried) => format!("it carries {}", carried.join(", ")),
        };
        Err(Stop::Refused(format!("`--by {by}`: no column of that name is carried through; {way_out}")))
    }

    /// The column that puts records into groups.
    pub(super) fn by(&self) -> Option<&str> {
        self.by.as_deref()
    }

    /// Something is to be counted.
    pub(super) fn counts(&self) -> bool {
        !self.summary.is_empty()
    }

    /// Records that are one patient are looked for.
    pub(super) fn looks_for_twins(&self) -> bool {
        self.duplicates.is_some()
    }

    /// Where the keys of persons are kept until the end.
    pub(super) fn persons(&self) -> Option<PathBuf> {
        self.duplicates.as_deref().map(|path| beside(path, ".keys"))
    }

    /// The files that are written.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let summaries = self.summary.iter().filter_map(|one| match one {
            Wanted::Said => None,
            Wanted::Written(path, _) => Some(path.as_path()),
        });
        summaries.chain(self.duplicates.as_deref())
    }

    /// Writes what is asked for at the end of a run, and gives back what is to be said.
    pub(super) fn end(&self, engine: &Engine, mut run: Run<'_>, sink: &Sink) -> Result<String, Stop> {
        run.suppressed = self.suppress;
        if let (Some(list), Some(keys)) = (&self.duplicates, sink.persons()) {
            let found = summary::write_twins(keys, list);
            run.twins = Some(found.map_err(|error| Stop::Refused(format!("`{}`: {error}", list.display())))?);
        }
        let mut said = String::new();
        if self.summary.is_empty() {
            return Ok(said);
        }
        let whole = Summary::of(engine, &run);
        for one in &self.summary {
            match one {
                Wanted::Said => said = summary::text(&whole),
                Wanted::Written(path, form) => write_whole(path, &form(&whole))?,
            }
        }
        Ok(said)
    }

    /// Says what is asked for on standard error.
    pub(super) fn say(said: &str) {
        if !said.is_empty() {
            output::progress(said);
        }
    }
}
