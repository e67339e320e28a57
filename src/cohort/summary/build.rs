//! What a summary is made of.

use std::sync::Arc;

use super::counts::{Counts, Tallied};
use super::making::Making;
use super::steps::{Count, Showing};
use super::twins::Twins;
use crate::cohort::input::{self, Counted, FileCount, Meter};
use crate::cohort::mapping;
use crate::cohort::output::meta::{MappingUsed, Meta};
use crate::cohort::run::Tally;
use crate::engine::Engine;
use crate::record::NoticeKind;

/// A run that has ended.
#[derive(Debug)]
pub struct Run<'a> {
    /// Command, releases, mapping.
    pub meta: &'a Meta,
    /// The files that were read.
    pub meters: &'a [Arc<Meter>],
    /// What was counted while reading.
    pub counted: Counted,
    /// How the rows of several files were used, the main one first.
    pub files: &'a [FileCount],
    /// What the workers counted.
    pub tally: &'a Tally,
    /// Each visit was asked about.
    pub visits: bool,
    /// The column that puts records into groups.
    pub by: Option<&'a str>,
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
    /// Word, what it means, how many.
    pub(super) notices: Vec<(String, String, Count)>,
    pub(super) empty_lines: Count,
    /// Code, what it means, how many.
    pub(super) mistakes: Vec<(String, String, Count)>,
    pub(super) visits: bool,
    pub(super) twins: Option<Twins>,
    pub(super) showing: Showing,
    pub(super) asked: Count,
    /// The column that puts records into groups.
    pub(super) by: Option<String>,
    pub(super) sections: Vec<Section>,
    pub(super) changes: Vec<Change>,
    pub(super) over_visits: Vec<OverVisits>,
}

/// How often patients have each answer at any of their visits, and at the last.
#[derive(Debug)]
pub(super) struct OverVisits {
    /// What was asked.
    pub(super) name: String,
    pub(super) patients: Count,
    /// Each answer, and how it stands.
    pub(super) answers: Vec<(String, Vec<EverAndLast>)>,
}

impl AnswerChange {
    /// How often it is told at least once of the two.
    pub(super) fn told(&self) -> Count {
        self.same.plus(self.moved)
    }
}

/// How often an answer stands in a way.
#[derive(Debug)]
pub(super) struct EverAndLast {
    /// The way: `no`, `depends`.
    pub(super) words: String,
    /// At some visit.
    pub(super) ever: Count,
    /// At the last one.
    pub(super) last: Count,
}

/// How answers change from one release to the next, or from one visit to the next.
#[derive(Debug)]
pub(super) struct Change {
    /// What answers first, as it was asked for.
    pub(super) from: String,
    /// What answers then; the same from visit to visit.
    pub(super) to: String,
    /// Records, or pairs of visits.
    pub(super) compared: Count,
    pub(super) answers: Vec<AnswerChange>,
}

impl Change {
    /// What is compared: `records`, `pairs of visits`.
    pub(super) fn unit(&self, summary: &Summary) -> &'static str {
        if self.from == self.to { "pairs of visits" } else { summary.unit() }
    }
}

/// How often an answer changes.
#[derive(Debug)]
pub(super) struct AnswerChange {
    pub(super) id: String,
    pub(super) same: Count,
    pub(super) moved: Count,
    /// From, to, how often; the most frequent first.
    pub(super) ways: Vec<(String, String, Count)>,
}

/// What a release said.
#[derive(Debug)]
pub(super) struct Section {
    /// The place among what was asked: of several releases at one place each answered on its own days.
    pub(super) place: usize,
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
    /// What records say that cannot be.
    pub(super) conflicts: Vec<(String, Count)>,
    pub(super) hindsight: Option<Hindsight>,
    /// What a column says, and how those stand of whom it does; nothing where there are too many to be groups.
    pub(super) groups: Option<Vec<Group>>,
}

/// How the records of a group stand.
#[derive(Debug)]
pub(super) struct Group {
    /// What the column says.
    pub(super) name: String,
    pub(super) spoken: Count,
    /// Settled, perhaps by taking for granted: of each answer, in their order.
    pub(super) usable: Vec<Count>,
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
        let counts = run.tally.summary.as_deref().unwrap_or(&nothing);
        let showing = if run.suppressed { Showing::Steps } else { Showing::Exact };
        let guidelines: Vec<[String; 3]> =
            run.meta.guidelines.iter().map(|one| ["id", "release", "hash"].map(|key| text_of(one, key))).collect();
        let asked = showing.count(counts.asked);
        let making = Making { engine, showing, guidelines: &guidelines };
        let (sections, changes) = (making.sections(counts, asked), making.changes(counts));
        let over_visits = making.over_visits(counts);
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
            empty_lines: showing.count(run.counted.empty_lines),
            notices: kinds(&counts.notices, showing, |word| {
                NoticeKind::ALL.iter().find(|kind| kind.word() == word).map(|kind| kind.title().to_owned())
            }),
            mistakes: kinds(&counts.mistakes, showing, |id| {
                let mut codes = Engine::codes().into_iter().chain(input::CODES).chain(mapping::CODES);
                codes.find(|code| code.id == id).map(|code| code.title.to_owned())
            }),
            visits: run.visits,
            twins: run.twins,
            showing,
            asked,
            by: run.by.map(str::to_owned),
            sections,
            changes,
            over_visits,
        }
    }

    /// What is counted: `records`, `visits`.
    pub(super) fn unit(&self) -> &'static str {
        if self.visits { "visits" } else { "records" }
    }
}

/// Each with what it means; the most frequent first.
fn kinds(counts: &Tallied, showing: Showing, title: impl Fn(&str) -> Option<String>) -> Vec<(String, String, Count)> {
    let of = |(word, count): (&String, &u64)| (word.clone(), title(word).unwrap_or_default(), showing.count(*count));
    let mut kinds: Vec<_> = counts.iter().map(of).collect();
    kinds.retain(|(.., count)| showing.lists(*count));
    kinds.sort_by_key(|(.., count)| u64::MAX - count.low());
    kinds
}

fn text_of(of: &serde_json::Value, key: &str) -> String {
    of.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}
