//! The ordinary way: each record evaluated as `evaluate` does it, and written in the form that is asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Chosen, Ended, Out, Tally, Work};
use crate::cohort::input::{Input, Refusal, Taken, stops_the_load};
use crate::cohort::output::lines::{self, Answered};
use crate::cohort::output::{Row, Table, Told, trace};
use crate::cohort::summary::{Seen, Words, persons};
use crate::engine::{self, Answering, Engine, Options, Ready};
use crate::eval::{Evaluation, Selection};
use crate::model::BlockId;
use crate::record::{self, Record};

/// What is asked of every record: the same for all workers.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub struct Task {
    /// The guidelines that are asked.
    pub ready: Vec<Ready>,
    /// They were named: each answers even if only to say that it does not speak of the patient.
    pub named: bool,
    /// As of which day, and from which baseline.
    pub options: Options,
    /// A line for each visit.
    pub at_visits: bool,
    /// What a line looks like.
    pub shape: Shape,
    /// How each answer was worked out goes into a table of its own.
    pub trace: bool,
    /// The first record that cannot be read ends the run.
    pub strict: bool,
    /// What the answers come to is counted.
    pub summary: bool,
    /// The column carried through that puts records into groups, of which it is counted as well.
    pub by: Option<String>,
    /// Records that are probably one patient are looked for.
    pub twins: bool,
}

/// What a line looks like.
#[derive(Debug)]
pub enum Shape {
    /// The object that `evaluate` prints; of several guidelines a list of them.
    Objects,
    /// Some answers, each as short as it can be.
    Brief(Vec<Chosen>),
    /// Columns.
    Table(Table),
}

impl Shape {
    /// How many records are to be handed out at once: a whole object may have a MiB, and the output of a block is in memory.
    pub fn at_once(&self) -> usize {
        match self {
            Shape::Objects => 16,
            Shape::Brief(_) | Shape::Table(_) => 512,
        }
    }
}

/// A worker.
pub struct Evaluating<I: Input> {
    engine: Engine,
    reader: I::Reader,
    task: Arc<Task>,
    selections: Selections,
}

/// What is selected of each release that may answer, by the place of its guideline among those asked.
type Selections = BTreeMap<(usize, usize), Selection>;

impl<I: Input> Evaluating<I> {
    /// A worker; in the engine all that may be needed is loaded, and it is shared.
    pub fn new(engine: &Engine, input: &I, task: &Arc<Task>) -> Self {
        let selections = task.selections(engine);
        Evaluating { engine: engine.clone(), reader: input.reader(engine), task: Arc::clone(task), selections }
    }

    /// Its engine.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Its task.
    pub(crate) fn task(&self) -> Arc<Task> {
        Arc::clone(&self.task)
    }

    /// Its engine, and what takes blocks apart.
    pub(crate) fn parts(&mut self) -> (&mut Engine, &mut I::Reader) {
        (&mut self.engine, &mut self.reader)
    }
}

impl<I: Input> Work<I::Block> for Evaluating<I> {
    fn block(&mut self, block: &I::Block, out: &mut Out, tally: &mut Tally) {
        let Evaluating { engine, reader, task, selections } = self;
        if task.summary {
            tally.summary.get_or_insert_default();
        }
        I::take(reader, engine, block, &mut |engine, taken| {
            if out.stopped.is_some() {
                return;
            }
            tally.records += 1;
            match &taken.record {
                Ok(record) => {
                    if let Some(counts) = &mut tally.summary {
                        let day = task.options.as_of.unwrap_or(record.as_of);
                        counts.read(record, engine.answers_idly(&task.ready, record, day));
                    }
                    if task.twins {
                        persons(engine.catalog(), record, taken.line, taken.id.as_deref(), &mut out.persons);
                    }
                    task.answer(engine, selections, &taken, record, out, tally);
                }
                Err(refusals) => {
                    tally.refused += 1;
                    if let (Some(counts), Some(first)) = (&mut tally.summary, refusals.first()) {
                        counts.refused(&first.code);
                    }
                    out.stopped = task.ends(refusals);
                    // Who counts the lines of a filter must see that it broke off, also at the last record.
                    if !matches!(out.stopped, Some(Ended::Unexplained(_))) {
                        task.refuse(&taken, refusals, out, tally);
                    }
                }
            }
        });
    }
}

/// The selected answers of one guideline for one record.
struct Part<'t> {
    /// Its place among those asked.
    guideline: usize,
    answering: Answering,
    chosen: Vec<&'t Chosen>,
    evaluation: Evaluation,
}

impl Task {
    /// Whether a record that cannot be read ends the run.
    pub fn ends(&self, refusals: &[Refusal]) -> Option<Ended> {
        let unexplained = refusals.iter().find(|refusal| stops_the_load(refusal));
        let unexplained = unexplained.map(|refusal| Ended::Unexplained(Box::new(refusal.clone())));
        let first = refusals.first().filter(|_| self.strict);
        unexplained.or_else(|| first.map(|refusal| Ended::Stopped(Box::new(refusal.clone()))))
    }

    /// The line of a record that cannot be read.
    pub fn refuse(&self, taken: &Taken, refusals: &[Refusal], out: &mut Out, tally: &mut Tally) {
        let row = Row::of(taken, None);
        match &self.shape {
            Shape::Objects | Shape::Brief(_) => lines::refused(&row, refusals, &mut out.lines),
            Shape::Table(table) => table.refused(&row, refusals, &mut out.lines),
        }
        tally.rows += 1;
    }

    /// The line or lines of a record.
    fn answer(
        &self,
        engine: &Engine,
        selections: &Selections,
        taken: &Taken,
        record: &Record,
        out: &mut Out,
        tally: &mut Tally,
    ) {
        if !self.at_visits {
            self.answer_on((engine, selections), &Row::of(taken, None), record, self.options, out, tally);
            return;
        }
        let mut visits: Vec<Words> = Vec::new();
        for day in record.days(self.options.as_of) {
            let options = Options { as_of: Some(day), ..self.options };
            let row = Row::of(taken, Some(day));
            visits.push(self.answer_on((engine, selections), &row, record, options, out, tally));
        }
        if let Some(counts) = &mut tally.summary {
            counts.visits(&self.ready, &visits);
        }
    }

    /// The line or lines of a record on a day, and, where they are counted, how the answers stand.
    fn answer_on(
        &self,
        (engine, selections): (&Engine, &Selections),
        row: &Row<'_>,
        record: &Record,
        options: Options,
        out: &mut Out,
        tally: &mut Tally,
    ) -> Words {
        let whole = self.trace || self.chosen().is_none();
        let told = if whole { engine.evaluate_ready(&self.ready, record, options) } else { Vec::new() };
        let mut words = Words::new();
        if let (Some(counts), None) = (&mut tally.summary, self.chosen()) {
            words = counts.whole(engine, self.seen(row, record, options), &told);
            counts.between_releases(&self.ready, &words);
        }
        let told = engine::speaking(told, self.named);
        if self.trace {
            tally.trace_rows += trace::rows(row, &told, &mut out.trace);
        }
        let Some(chosen) = self.chosen() else {
            tally.rows += match &self.shape {
                Shape::Table(table) => {
                    table.rows(row, told.iter().map(|one| Told::of_whole(&one.explanation)), &mut out.lines)
                }
                Shape::Objects | Shape::Brief(_) => {
                    lines::objects(row, &told, self.named && self.ready.len() == 1, &mut out.lines);
                    1
                }
            };
            return words;
        };
        let earlier = options.as_of.map(|day| record::until(record, day, engine.catalog()).0);
        let (whole_record, record) = (record, earlier.as_ref().unwrap_or(record));
        let parts = self.parts(chosen, (engine, selections), record, options);
        if let Some(counts) = &mut tally.summary {
            counts.asked();
            let seen = Seen { record, ..self.seen(row, whole_record, options) };
            for part in &parts {
                let of = (part.guideline, part.answering);
                counts.part(engine, seen, of, &part.chosen, &part.evaluation, &mut words);
            }
            counts.between_releases(&self.ready, &words);
        }
        tally.rows += match &self.shape {
            Shape::Table(table) => table.rows(row, parts.iter().map(|part| part.told(engine, record)), &mut out.lines),
            Shape::Objects | Shape::Brief(_) => {
                let answers = chosen.iter().map(|one| {
                    let part = parts.iter().find(|part| part.guideline == one.guideline);
                    (one.name.as_str(), part.and_then(|part| part.answered(engine, one)))
                });
                lines::brief(row, answers, &mut out.lines);
                1
            }
        };
        words
    }

    /// A record as it is asked about, for a summary.
    fn seen<'a>(&'a self, row: &Row<'a>, record: &'a Record, options: Options) -> Seen<'a> {
        let newest = row.visit.and_then(|_| record.days(self.options.as_of).last().copied());
        let earlier = row.visit.zip(newest).is_some_and(|(visit, newest)| visit < newest);
        let of_column = |name: &String| row.carried.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value);
        let group = self.by.as_ref().map(of_column);
        Seen { ready: &self.ready, record, day: options.as_of.unwrap_or(record.as_of), earlier, group }
    }

    /// The answers that are selected; nothing where all are wanted.
    fn chosen(&self) -> Option<&[Chosen]> {
        match &self.shape {
            Shape::Objects => None,
            Shape::Brief(chosen) => Some(chosen),
            Shape::Table(table) => table.chosen.as_deref(),
        }
    }

    /// What is selected of each release that may answer.
    fn selections(&self, engine: &Engine) -> Selections {
        let mut blocks: BTreeMap<(usize, usize), Vec<BlockId>> = BTreeMap::new();
        for one in self.chosen().unwrap_or_default() {
            for (release, block) in &one.blocks {
                blocks.entry((one.guideline, *release)).or_default().extend(block);
            }
        }
        let selection = |(at, blocks): ((usize, usize), _)| Some((at, engine.selection(at.1, blocks)?));
        blocks.into_iter().filter_map(selection).collect()
    }

    /// The selected answers of a record as it was known on the day, worked out for each guideline at once.
    fn parts<'t>(
        &self,
        chosen: &'t [Chosen],
        (engine, selections): (&Engine, &Selections),
        record: &Record,
        options: Options,
    ) -> Vec<Part<'t>> {
        let day = options.as_of.unwrap_or(record.as_of);
        let mut parts: Vec<Part<'t>> = Vec::new();
        for (guideline, ready) in self.ready.iter().enumerate() {
            let own: Vec<&Chosen> = chosen.iter().filter(|one| one.guideline == guideline).collect();
            if own.is_empty() {
                continue;
            }
            let answering = ready.on(day);
            let selection = selections.get(&(guideline, answering.release()));
            let evaluation = selection.and_then(|own| engine.answers_of(answering, record, options.baseline, own));
            parts.extend(evaluation.map(|evaluation| Part { guideline, answering, chosen: own, evaluation }));
        }
        parts
    }
}

impl Part<'_> {
    fn told(&self, engine: &Engine, record: &Record) -> Told {
        Told::of_part(engine, record, self.answering, &self.chosen, &self.evaluation)
    }

    fn answered(&self, engine: &Engine, chosen: &Chosen) -> Option<Answered> {
        Answered::of(engine, self.answering, chosen, &self.evaluation)
    }
}
