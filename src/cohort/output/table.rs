//! A flat table of answers: a row for each record and guideline, five columns for each answer.

use super::Row;
use super::cells::{self, Line};
use crate::cohort::input::Refusal;
use crate::cohort::run::{Chosen, answers};
use crate::engine::{Answering, Engine, Ready};
use crate::eval::{Evaluation, Status};
use crate::explain::{self, Explanation, PresumingShown};
use crate::model::BlockId;
use crate::record::Record;
use crate::render::words;

/// Which columns there are.
#[derive(Debug)]
pub struct Table {
    /// Each visit has a row.
    pub at_visits: bool,
    /// The columns carried through.
    pub carried: Vec<String>,
    /// The answers, as they are named in the heading.
    pub answers: Vec<String>,
    /// The answers that are selected; nothing where all are shown.
    pub chosen: Option<Vec<Chosen>>,
}

/// The columns before and after those carried through; after the first two the visit, where each has a row.
const FIRST: [&str; 2] = ["id", "line"];
const LAST: [&str; 7] = ["guideline", "release", "error", "error_file", "error_line", "error_column", "error_message"];

/// What each answer has.
pub(super) const OF_ANSWER: [&str; 5] = ["status", "value", "granted", "possible", "needs"];

/// What one guideline says of one record.
pub struct Told {
    guideline: String,
    release: String,
    answers: Vec<AnswerCells>,
}

/// The cells of an answer.
struct AnswerCells {
    name: String,
    cells: [String; OF_ANSWER.len()],
}

impl Table {
    /// The table of all answers of the guidelines that are asked, or of those that are selected.
    pub fn new(
        engine: &Engine,
        ready: &[Ready],
        chosen: Option<Vec<Chosen>>,
        carried: Vec<String>,
        at_visits: bool,
    ) -> Self {
        let names = match &chosen {
            Some(chosen) => chosen.iter().map(|one| one.name.clone()).collect(),
            None => ready.iter().flat_map(|one| answers(engine, one)).collect::<Vec<String>>(),
        };
        let mut answers: Vec<String> = Vec::new();
        for name in names {
            if !answers.contains(&name) {
                answers.push(name);
            }
        }
        Table { at_visits, carried, answers, chosen }
    }

    /// The names of the columns before those of the answers.
    pub(super) fn head(&self) -> Vec<&str> {
        let visit = self.at_visits.then_some("visit");
        let carried = self.carried.iter().map(String::as_str);
        FIRST.into_iter().chain(visit).chain(carried).chain(LAST).collect()
    }

    /// The names of the columns of the answers.
    fn of_answers(&self) -> impl Iterator<Item = String> {
        self.answers.iter().flat_map(|name| OF_ANSWER.map(|of| format!("{name}_{of}")))
    }

    /// It has a column of that name, beside those carried through.
    pub fn has(&self, name: &str) -> bool {
        let visit = self.at_visits.then_some("visit");
        FIRST.into_iter().chain(visit).chain(LAST).any(|own| own == name) || self.of_answers().any(|own| own == name)
    }

    /// The heading.
    pub fn heading(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut line = Line::begin(&mut out);
        line.cells(self.head());
        self.of_answers().for_each(|name| line.cell(&name));
        line.end();
        out
    }

    /// The row of each guideline; how many there are.
    pub(crate) fn rows(&self, row: &Row<'_>, told: impl Iterator<Item = Told>, out: &mut Vec<u8>) -> u64 {
        let mut count = 0;
        for one in told {
            let mut line = Line::begin(out);
            self.begin(row, &mut line);
            line.cells([one.guideline.as_str(), &one.release, "", "", "", "", ""]);
            for name in &self.answers {
                match one.answers.iter().find(|answer| answer.name == *name) {
                    Some(answer) => line.cells(answer.cells.iter().map(String::as_str)),
                    None => line.cells([""; OF_ANSWER.len()]),
                }
            }
            line.end();
            count += 1;
        }
        count
    }

    /// The row of a record that cannot be read.
    pub(crate) fn refused(&self, row: &Row<'_>, refusals: &[Refusal], out: &mut Vec<u8>) {
        let joined = |of: &dyn Fn(&Refusal) -> String| refusals.iter().map(of).collect::<Vec<_>>().join(cells::BETWEEN);
        let mut line = Line::begin(out);
        self.begin(row, &mut line);
        line.cells(["", ""]);
        line.cell(&joined(&|one| one.code.clone()));
        line.cell(&joined(&|one| one.file.clone().unwrap_or_default()));
        line.cell(&joined(&|one| one.line.to_string()));
        line.cell(&joined(&|one| one.column.clone().unwrap_or_default()));
        line.cell(&joined(&|one| one.message.clone()));
        for _ in &self.answers {
            line.cells([""; OF_ANSWER.len()]);
        }
        line.end();
    }

    fn begin(&self, row: &Row<'_>, line: &mut Line<'_>) {
        line.cells([row.id.unwrap_or_default(), &row.line.to_string()]);
        if self.at_visits {
            line.cell(&row.visit.map(|day| day.to_string()).unwrap_or_default());
        }
        for name in &self.carried {
            let carried = row.carried.iter().find(|(known, _)| known == name);
            line.cell(carried.map_or("", |(_, text)| text));
        }
    }
}

impl Told {
    /// Everything a guideline says.
    pub(crate) fn of_whole(explanation: &Explanation) -> Self {
        let answers = explanation.answers.iter().map(|shown| AnswerCells {
            name: shown.id.clone(),
            cells: [
                words::status(shown.status).to_owned(),
                if shown.status == Status::Decided { cells::value(&shown.possible) } else { String::new() },
                granted(shown.presuming.as_ref()),
                cells::possible(&shown.possible),
                cells::needs(&shown.because),
            ],
        });
        let (guideline, release) = (explanation.guideline.id.clone(), explanation.guideline.release.clone());
        Told { guideline, release, answers: answers.collect() }
    }

    /// What it says of some answers.
    pub(crate) fn of_part(
        engine: &Engine,
        record: &Record,
        answering: Answering,
        chosen: &[&Chosen],
        evaluation: &Evaluation,
    ) -> Self {
        let loaded = engine.guidelines().get(answering.release());
        let info = loaded.map(|loaded| &loaded.guideline.info);
        let because = loaded
            .map(|loaded| explain::because(engine.subject(loaded), record, evaluation, engine.sources()))
            .unwrap_or_default();
        let cells = |id: BlockId| {
            let loaded = loaded?;
            let block = loaded.guideline.block(id)?;
            let at = evaluation.answers.iter().position(|answer| answer.block == id)?;
            let answer = evaluation.answers.get(at)?;
            let (possible, _) = explain::possible(block, answer);
            Some([
                words::status(answer.status).to_owned(),
                if answer.status == Status::Decided { cells::value(&possible) } else { String::new() },
                granted(explain::presuming(engine.subject(loaded), block, answer).as_ref()),
                cells::possible(&possible),
                cells::needs(because.get(at).map_or(&[], Vec::as_slice)),
            ])
        };
        let silent = || [words::status(Status::Silent), "", "", "", ""].map(str::to_owned);
        let answers = chosen.iter().map(|one| AnswerCells {
            name: one.name.clone(),
            cells: one.block(answering.release()).and_then(cells).unwrap_or_else(silent),
        });
        Told {
            guideline: info.map(|info| info.id.value.clone()).unwrap_or_default(),
            release: info.map(|info| info.release.value.to_string()).unwrap_or_default(),
            answers: answers.collect(),
        }
    }
}

/// The value of an answer once some usual normals are taken for granted.
fn granted(presuming: Option<&PresumingShown>) -> String {
    presuming.map(|presuming| cells::value(&presuming.possible)).unwrap_or_default()
}
