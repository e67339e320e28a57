//! What a summary is made of.

use std::sync::Arc;

use super::counts::Counts;
use super::making::Making;
use super::steps::{Count, Showing};
use super::twins::Twins;
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
    /// What was counted while reading.
    pub counted: Option<Counted>,
    /// How the rows of several files were used, the main one first.
    pub files: &'a [FileCount],
    /// What the workers counted.
    pub tally: &'a Tally,
    /// Each visit was asked about.
    pub visits: bool,
    /// Pairs of records that are probably one patient, where they were looked for.
    pub twins: Option<Twins>,
    /// Counts are shown in steps, and lists name nothing that few have.
    pub suppressed: bool,
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
    pub(super) records: Count,
    pub(super) answered: Count,
    pub(super) refused: Count,
    /// Of those answered, where something in them cannot all be true, or is read by no rule.
    pub(super) noticed: Count,
    pub(super) empty_lines: Option<Count>,
    /// Code, what it means, how many.
    pub(super) mistakes: Vec<(String, String, Count)>,
    pub(super) visits: bool,
    pub(super) twins: Option<Twins>,
    pub(super) showing: Showing,
    pub(super) asked: Count,
    pub(super) sections: Vec<Section>,
}

/// What a release said.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) release: String,
    pub(super) title: String,
    pub(super) asked: Count,
    pub(super) covered: Count,
    pub(super) perhaps: Count,
    pub(super) silent: Count,
    pub(super) why: Vec<(String, Count)>,
    /// Covered, or perhaps.
    pub(super) spoken: Count,
    pub(super) answers: Vec<Answer>,
    pub(super) conclusions: Vec<Answer>,
    pub(super) ladders: Vec<Answer>,
    pub(super) options: Vec<Answer>,
    pub(super) granted: Vec<(String, Count)>,
    pub(super) hindsight: Option<Hindsight>,
}

impl Section {
    /// The ladders whose lines are no answers already.
    pub(super) fn other_ladders(&self) -> impl Iterator<Item = &Answer> {
        self.ladders.iter().filter(|ladder| self.answers.iter().all(|answer| answer.id != ladder.id))
    }
}

/// Facts without a date at visits before the newest.
#[derive(Debug)]
pub(super) struct Hindsight {
    pub(super) earlier: Count,
    pub(super) used: Count,
    pub(super) facts: Vec<(String, Count)>,
}

/// How an answer stands in a cohort.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) unit: Option<String>,
    pub(super) decided: Count,
    pub(super) granted: Count,
    /// Both together.
    pub(super) usable: Count,
    pub(super) open: Count,
    pub(super) silent: Count,
    pub(super) fault: Count,
    /// The release gives no such answer.
    pub(super) lacking: bool,
    /// Several values may hold of one patient.
    pub(super) several: bool,
    pub(super) values: Vec<ValueRow>,
    /// What keeps it open, what settles most alone first.
    pub(super) settling: Vec<Settling>,
    /// Open, and hanging on several facts.
    pub(super) together: Count,
}

/// A value of an answer.
#[derive(Debug)]
pub(super) struct ValueRow {
    pub(super) value: String,
    pub(super) settled: Count,
    pub(super) granted: Count,
    /// Settled, or still possible; not counted of numbers, nor in steps.
    pub(super) upper: Option<Count>,
}

/// A fact that keeps an answer open.
#[derive(Debug)]
pub(super) struct Settling {
    pub(super) fact: String,
    /// Where it is the only one.
    pub(super) alone: Count,
    /// Alone, or with others.
    pub(super) among: Count,
    pub(super) why: Vec<(String, Count)>,
}

impl Summary {
    /// What the counts of a run come to.
    pub fn of(engine: &Engine, run: &Run<'_>) -> Self {
        let nothing = Counts::default();
        let counts = run.tally.summary.as_ref().unwrap_or(&nothing);
        let showing = if run.suppressed { Showing::Steps } else { Showing::Exact };
        let guidelines: Vec<[String; 3]> =
            run.meta.guidelines.iter().map(|one| ["id", "release", "hash"].map(|key| text_of(one, key))).collect();
        let asked = showing.count(counts.asked);
        let sections = Making { engine, showing, guidelines: &guidelines }.sections(counts, asked);
        let (refused, answered) = (run.tally.refused, run.tally.records - run.tally.refused);
        let (refused, answered) = (showing.count(refused), showing.count(answered));
        Summary {
            command: run.meta.command.clone(),
            guidelines,
            mapping: run.meta.mapping.clone(),
            inputs: run.meters.iter().map(|one| [one.name.clone(), one.digest()]).collect(),
            files: if run.suppressed { Vec::new() } else { run.files.to_vec() },
            records: answered.plus(refused),
            answered,
            refused,
            noticed: showing.count(counts.noticed),
            empty_lines: run.counted.map(|counted| showing.count(counted.empty_lines)),
            mistakes: mistakes(counts, showing),
            visits: run.visits,
            twins: run.twins,
            showing,
            asked,
            sections,
        }
    }

    /// What is counted: `records`, `visits`.
    pub(super) fn unit(&self) -> &'static str {
        if self.visits { "visits" } else { "records" }
    }
}

/// By code, with what it means; the most frequent first.
fn mistakes(counts: &Counts, showing: Showing) -> Vec<(String, String, Count)> {
    let titles = || Engine::codes().into_iter().chain(input::CODES).chain(mapping::CODES);
    let title = |id: &str| titles().find(|code| code.id == id).map(|code| code.title.to_owned());
    let of = |(code, count): (&String, &u64)| (code.clone(), title(code).unwrap_or_default(), showing.count(*count));
    let mut mistakes: Vec<_> = counts.mistakes.iter().map(of).collect();
    mistakes.retain(|(.., count)| showing.lists(*count));
    mistakes.sort_by_key(|(.., count)| u64::MAX - count.low());
    mistakes
}

fn text_of(of: &serde_json::Value, key: &str) -> String {
    of.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}
