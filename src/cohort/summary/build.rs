//! Counts as the cells of a summary.

use std::sync::Arc;

use super::counts::Counts;
use super::making::Making;
use super::twins::Twins;
use super::withheld::{Cell, Sheet, Shown};
use crate::cohort::input::{self, Counted, FileCount, Meter};
use crate::cohort::mapping;
use crate::cohort::output::meta::{MappingUsed, Meta};
use crate::cohort::run::Tally;
use crate::engine::Engine;

/// A run that has ended.
#[derive(Debug)]
pub struct Run<'a> {
    /// Command, releases, mapping.
    pub meta: &'a Meta,
    /// The files that were read.
    pub meters: &'a [Arc<Meter>],
    /// What the reading thread counted.
    pub counted: Option<Counted>,
    /// How the rows of several files were used, the main one first.
    pub files: &'a [FileCount],
    /// What the workers counted.
    pub tally: &'a Tally,
    /// Each visit was asked about.
    pub visits: bool,
    /// Pairs of records that are probably one patient, where they were looked for.
    pub twins: Option<Twins>,
    /// The least count that may be shown.
    pub least: Option<u64>,
}

/// What a cohort came to, ready to be shown.
#[derive(Debug)]
pub struct Summary {
    /// The command, word by word.
    pub(super) command: Vec<String>,
    /// Name, release, hash.
    pub(super) guidelines: Vec<[String; 3]>,
    pub(super) mapping: Option<MappingUsed>,
    /// Name and hash.
    pub(super) inputs: Vec<[String; 2]>,
    pub(super) files: Vec<FileCount>,
    pub(super) records: u64,
    pub(super) refused: u64,
    pub(super) empty_lines: Option<u64>,
    /// Code, what it means, how many.
    pub(super) mistakes: Vec<(String, String, u64)>,
    pub(super) visits: bool,
    pub(super) twins: Option<Twins>,
    pub(super) least: Option<u64>,
    pub(super) asked: Cell,
    pub(super) sections: Vec<Section>,
    sheet: Sheet,
}

/// What a release said.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) release: String,
    pub(super) title: String,
    pub(super) asked: Cell,
    pub(super) covered: Cell,
    pub(super) perhaps: Cell,
    pub(super) silent: Cell,
    pub(super) why: Vec<(String, Cell)>,
    /// Covered, or perhaps.
    pub(super) spoken: Cell,
    pub(super) answers: Vec<Answer>,
    pub(super) conclusions: Vec<Answer>,
    pub(super) ladders: Vec<Answer>,
    pub(super) options: Vec<Answer>,
    pub(super) granted: Vec<(String, Cell)>,
    pub(super) hindsight: Option<Hindsight>,
}

impl Section {
    /// The ladders whose lines are no answers already.
    pub(super) fn other_ladders(&self) -> impl Iterator<Item = &Answer> {
        self.ladders.iter().filter(|ladder| self.answers.iter().all(|answer| answer.id != ladder.id))
    }

    /// Everything that has the form of an answer.
    pub(super) fn each(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter().chain(&self.conclusions).chain(&self.ladders).chain(&self.options)
    }
}

/// Facts without a date at visits before the newest.
#[derive(Debug)]
pub(super) struct Hindsight {
    pub(super) earlier: Cell,
    pub(super) used: Cell,
    pub(super) facts: Vec<(String, Cell)>,
}

/// How an answer stands in a cohort.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) unit: Option<String>,
    pub(super) decided: Cell,
    pub(super) granted: Cell,
    /// Both together.
    pub(super) usable: Cell,
    pub(super) open: Cell,
    pub(super) silent: Cell,
    pub(super) fault: Cell,
    /// Several values may hold of one patient.
    pub(super) several: bool,
    pub(super) values: Vec<ValueRow>,
    /// What keeps it open, what settles most alone first.
    pub(super) settling: Vec<Settling>,
    /// Open, and hanging on several facts.
    pub(super) together: Cell,
}

/// A value of an answer.
#[derive(Debug)]
pub(super) struct ValueRow {
    pub(super) value: String,
    pub(super) settled: Cell,
    pub(super) granted: Cell,
    /// Settled, or still possible; not counted of numbers.
    pub(super) upper: Option<Cell>,
}

/// A fact that keeps an answer open.
#[derive(Debug)]
pub(super) struct Settling {
    pub(super) fact: String,
    /// Where it is the only one.
    pub(super) alone: Cell,
    /// Alone, or with others.
    pub(super) among: Cell,
    pub(super) why: Vec<(String, Cell)>,
}

impl Summary {
    /// What the counts of a run come to.
    pub fn of(engine: &Engine, run: &Run<'_>) -> Self {
        let nothing = Counts::default();
        let counts = run.tally.summary.as_ref().unwrap_or(&nothing);
        let mut making = Making::new(run.least);
        let (asked, sections) = making.sections(engine, counts);
        let sheet = making.settled(&sections);
        let titles = || {
            let codes = Engine::codes();
            codes.into_iter().chain(input::CODES).chain(mapping::CODES)
        };
        let title = |id: &str| titles().find(|code| code.id == id).map(|code| code.title.to_owned());
        let mut mistakes: Vec<(String, String, u64)> = counts
            .mistakes
            .iter()
            .map(|(code, count)| (code.clone(), title(code).unwrap_or_default(), *count))
            .collect();
        mistakes.sort_by_key(|(.., count)| u64::MAX - count);
        Summary {
            command: run.meta.command.clone(),
            guidelines: run
                .meta
                .guidelines
                .iter()
                .map(|one| ["id", "release", "hash"].map(|key| text_of(one, key)))
                .collect(),
            mapping: run.meta.mapping.clone(),
            inputs: run.meters.iter().map(|one| [one.name.clone(), format!("sha256:{}", one.digest())]).collect(),
            files: run.files.to_vec(),
            records: run.tally.records,
            refused: run.tally.refused,
            empty_lines: run.counted.map(|counted| counted.empty_lines),
            mistakes,
            visits: run.visits,
            twins: run.twins,
            least: run.least,
            asked,
            sections,
            sheet,
        }
    }

    /// What may be shown of a cell.
    pub(super) fn shown(&self, cell: Cell) -> Shown {
        self.sheet.shown(cell)
    }

    /// The count, where it may be shown.
    pub(super) fn count(&self, cell: Cell) -> Option<u64> {
        self.sheet.count(cell)
    }

    /// Nobody is in it, and that may be shown.
    pub(super) fn is_nobody(&self, cell: Cell) -> bool {
        self.count(cell) == Some(0)
    }

    /// What is counted: `records`, `visits`.
    pub(super) fn unit(&self) -> &'static str {
        if self.visits { "visits" } else { "records" }
    }
}

fn text_of(of: &serde_json::Value, key: &str) -> String {
    of.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}
