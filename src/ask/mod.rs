//! The interview: which open fact to ask for next, why, and what each reply would lead to.
//!
//! It is the evaluator asked with other records. What keeps the wanted answers open is what can be asked; each kind of
//! reply is put into the record in turn, and the question whose replies leave least open, for what it costs the
//! patient, comes first. It ends when no missing fact can change the answers. A reply is set down in the record's own
//! words and read by the record's own reader, so that its mistakes are told as everywhere.
//!
//! ```text
//! Interview::next ─► Question { text, because, prospects } ─► Interview::reply("8000 U/L") ─► next … ─► Next::Done
//! ```
//!
//! There is no terminal here, no clock and no chance: the same replies give the same questions.

mod choose;
mod course;
mod kinds;
mod prospect;
mod reply;
mod scene;
pub mod text;

use std::collections::BTreeSet;

use crate::catalog::{Burden, FactId};
use crate::diagnostics::{Diagnostic, suggest};
use crate::engine::{Answering, Asked, Engine, Loaded, Options};
use crate::eval::{self, Care, CourseNeed, Outlook, Status};
use crate::model::BlockId;
use crate::record::{Draft, Record};
use crate::value::{Date, Truth};

pub use choose::{Numbers, Order};
pub use prospect::Prospect;
use scene::Scene;

/// Something that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The day the record speaks of.
    AsOf,
    /// The day of the visit that changes are counted from.
    BaselineDay,
    /// The courses of treatment, one at a time, and that there was no other.
    Treatments,
    /// A part of a course on file, by the place of its entry.
    Course(usize, CourseNeed),
    /// A clinician's judgement, by its place in the guideline.
    Judgement(u32),
    /// An undated fact.
    Undated(FactId),
    /// A fact as found on a day.
    OnDay(FactId, Date),
    /// The upper limit of a value of that day.
    UpperLimit(FactId, Date),
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked for.
    pub target: Target,
    /// Its names in a file of replies, the usual one first: `mmt8 at baseline`, `mmt8 on 2025-06-01`.
    pub keys: Vec<String>,
    /// What one would ask the clinic.
    pub text: String,
    /// What it costs the patient to find out.
    pub burden: Burden,
    /// How a reply is written.
    pub how: String,
    /// The answers it may settle, each with what it could still be.
    pub because: Vec<(String, String)>,
    /// What the replies would lead to.
    pub prospects: Vec<Prospect>,
}

impl Question {
    /// Its usual name in a file of replies.
    pub fn key(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// A question.
    Ask(Question),
    /// Nothing more is asked.
    Done(Done),
}

/// Why nothing more is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// No missing fact can change the answers.
    Settled,
    /// The guideline does not speak of this patient.
    Silent,
    /// What keeps them open is not known, or cannot be asked for.
    NothingLeft,
    /// Whoever replied wanted to stop.
    Stopped,
}

/// What became of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was set down.
    Accepted,
    /// It is not known, and is not asked again.
    Unknown,
    /// The question before is asked again; `false` where there is none.
    Back(bool),
    /// The interview ends.
    Stopped,
    /// The question was asked back.
    Why,
    /// It cannot be so; what is wrong with it, and a way out.
    Mistake(String),
}

/// Why an interview cannot begin or go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The guideline has no such answer.
    #[error("the guideline has no answer `{name}` that could be settled; {}", .near.as_ref().map_or_else(|| format!("it has {}", .known.join(", ")), |near| format!("did you mean `{near}`?")))]
    NoAnswer {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        near: Option<String>,
        /// Its answers.
        known: Vec<String>,
    },
    /// The rules have mistakes.
    #[error("nothing is asked while the rules have mistakes")]
    Rules,
}

/// An interview about one record and one guideline.
#[derive(Debug)]
pub struct Interview {
    guideline: Asked,
    names: Vec<String>,
    options: Options,
    order: Order,
    /// The days of the visits that were on file when it began.
    visits: Vec<Date>,
    now: State,
    past: Vec<State>,
    question: Option<Question>,
    stopped: bool,
}

/// The record as far as it was written, and what was asked.
#[derive(Debug, Clone)]
struct State {
    draft: Draft,
    /// The draft as read; `None` while it has no day.
    record: Option<Record>,
    passed: BTreeSet<Target>,
}

impl Interview {
    /// Begins with a record that was read, or with nothing: then without a day the first question is for that.
    ///
    /// The answers wanted are those of the guideline, or those named.
    pub fn begin(
        guideline: Asked,
        names: &[String],
        draft: Draft,
        record: Option<Record>,
        options: Options,
    ) -> Interview {
        let visits = record.iter().flat_map(|record| &record.visits).map(|visit| visit.date).collect();
        let now = State { draft, record, passed: BTreeSet::new() };
        let (names, past, order) = (names.to_vec(), Vec::new(), Order::default());
        Interview { guideline, names, options, order, visits, now, past, question: None, stopped: false }
    }

    /// Asks in another order: for comparison.
    #[must_use]
    pub fn in_order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// The record as far as it was written.
    pub fn draft(&self) -> &Draft {
        &self.now.draft
    }

    /// The record as far as it was read; `None` while it has no day.
    pub fn record(&self) -> Option<&Record> {
        self.now.record.as_ref()
    }

    /// How many questions were replied to.
    pub fn asked(&self) -> usize {
        self.past.len()
    }

    /// The next question, or why there is none.
    pub fn next(&mut self, engine: &mut Engine) -> Result<Next, AskError> {
        if self.stopped {
            return Ok(Next::Done(Done::Stopped));
        }
        if self.now.record.is_none() {
            let question = Question {
                target: Target::AsOf,
                keys: vec!["as_of".to_owned()],
                text: "Of which day does the record speak?".to_owned(),
                burden: Burden::History,
                how: "a day, as 2026-03-01".to_owned(),
                because: Vec::new(),
                prospects: Vec::new(),
            };
            self.question = Some(question.clone());
            return Ok(Next::Ask(question));
        }
        let next = self.chosen(engine)?;
        self.question = match &next {
            Next::Ask(question) => Some(question.clone()),
            Next::Done(_) => None,
        };
        Ok(next)
    }

    fn chosen(&mut self, engine: &mut Engine) -> Result<Next, AskError> {
        let Some(record) = self.now.record.as_ref() else { return Ok(Next::Done(Done::Stopped)) };
        let day = self.options.as_of.unwrap_or(record.as_of);
        let Some(answering) = engine.answering(&self.guideline, day) else { return Err(AskError::Rules) };
        let Answering::Release(at) = answering else { return Ok(Next::Done(Done::Silent)) };
        let Some(loaded) = engine.guidelines().get(at) else { return Err(AskError::Rules) };
        let wanted = wanted(loaded, &self.names)?;
        let record = self.seen(record, engine);
        let mut order = self.order.clone();
        let scene = self.scene(engine, loaded, &record, &wanted);
        let outlook = eval::outlook(scene.subject, &record, self.options.baseline, &wanted, Care::Full);
        if outlook.covers == Truth::NO {
            return Ok(Next::Done(Done::Silent));
        }
        if outlook.covers_because.is_empty() && outlook.answers.iter().all(|answer| answer.status != Status::Open) {
            return Ok(Next::Done(Done::Settled));
        }
        let next = match choose::choose(&scene, &outlook, &mut order) {
            Some(target) => Next::Ask(question(&scene, &outlook, target)),
            None => Next::Done(Done::NothingLeft),
        };
        self.order = order;
        Ok(next)
    }

    /// The record up to the day that was asked for.
    fn seen(&self, record: &Record, engine: &Engine) -> Record {
        match self.options.as_of {
            Some(day) => crate::record::until(record, day, engine.catalog()).0,
            None => record.clone(),
        }
    }

    fn scene<'a>(
        &'a self,
        engine: &'a Engine,
        loaded: &'a Loaded,
        record: &'a Record,
        wanted: &'a [BlockId],
    ) -> Scene<'a> {
        let subject = engine.subject(loaded);
        let baseline = self.options.baseline;
        let first = eval::baseline_day(subject, record, baseline);
        let newest = self.visits.iter().copied().filter(|day| *day <= record.as_of).max();
        Scene { subject, record, baseline, first, newest, wanted, passed: &self.now.passed }
    }

    /// Takes a reply to the question that was asked last.
    pub fn reply(&mut self, engine: &mut Engine, text: &str) -> Taken {
        let text = text.trim();
        match text.to_lowercase().as_str() {
            "stop" | "quit" => {
                self.stopped = true;
                return Taken::Stopped;
            }
            "why" | "why?" | "?" => return Taken::Why,
            "back" => {
                let before = self.past.pop();
                let is_some = before.is_some();
                self.now = before.unwrap_or_else(|| self.now.clone());
                return Taken::Back(is_some);
            }
            _ => {}
        }
        let Some(question) = self.question.clone() else {
            return Taken::Mistake("nothing was asked".to_owned());
        };
        if text.is_empty() {
            return Taken::Mistake("write a reply, or `unknown`".to_owned());
        }
        let mut next = self.now.clone();
        let is_unknown = text == "unknown" && question.target != Target::AsOf;
        if !is_unknown && let Err(mistake) = self.set_down(engine, &mut next, question.target, text) {
            return Taken::Mistake(mistake);
        }
        let again = question.target == Target::Treatments && !is_unknown && !course::is_end(text);
        if !again {
            next.passed.insert(question.target);
        }
        self.past.push(std::mem::replace(&mut self.now, next));
        if is_unknown { Taken::Unknown } else { Taken::Accepted }
    }

    /// Writes a reply into the record and reads that anew.
    fn set_down(&self, engine: &mut Engine, next: &mut State, target: Target, text: &str) -> Result<(), String> {
        match &self.now.record {
            None => next.draft.set_as_of(reply::day(text)?),
            Some(record) => {
                let day = self.options.as_of.unwrap_or(record.as_of);
                let at = engine.answering(&self.guideline, day).map(Answering::release);
                let Some(loaded) = at.and_then(|at| engine.guidelines().get(at)) else { return Ok(()) };
                let seen = self.seen(record, engine);
                let scene = self.scene(engine, loaded, &seen, &[]);
                reply::set_down(&scene, &mut next.draft, target, text)?;
            }
        }
        let file = engine.add_text("the record", next.draft.text());
        match engine.read_records(file).into_iter().next() {
            Some(Ok(record)) => {
                next.record = Some(record);
                Ok(())
            }
            Some(Err(mistakes)) => Err(in_words(&mistakes)),
            None => Err("the record can no longer be read".to_owned()),
        }
    }
}

/// The answers that are wanted: those of the guideline that can be settled, or those named.
fn wanted(loaded: &Loaded, names: &[String]) -> Result<Vec<BlockId>, AskError> {
    let guideline = &loaded.guideline;
    let settled = |id: &&BlockId| guideline.block(**id).is_some_and(|block| block.as_recorded.is_none());
    let all: Vec<BlockId> = guideline.answers.iter().filter(settled).copied().collect();
    if names.is_empty() {
        return Ok(all);
    }
    let name_of = |id: &BlockId| guideline.block(*id).map_or("", |block| block.name.value.as_str());
    let mut chosen = Vec::new();
    for name in names {
        let Some(id) = all.iter().find(|id| name_of(id) == name) else {
            let near = suggest::nearest(name, all.iter().map(name_of)).map(str::to_owned);
            let known = all.iter().map(|id| format!("`{}`", name_of(id))).collect();
            return Err(AskError::NoAnswer { name: name.clone(), near, known });
        };
        chosen.push(*id);
    }
    Ok(chosen)
}

fn question(scene: &Scene<'_>, outlook: &Outlook, target: Target) -> Question {
    Question {
        target,
        keys: scene.keys(target),
        text: scene.question(target),
        burden: scene.burden(target).0,
        how: prospect::how(scene, target),
        because: prospect::because(scene, outlook, target),
        prospects: prospect::prospects(scene, outlook, target),
    }
}

/// What is wrong with a reply, and the ways out, as the reader of records says it.
fn in_words(mistakes: &[Diagnostic]) -> String {
    let told = mistakes.iter().map(|mistake| {
        let fix = mistake.fix.as_ref().map(|fix| fix.text.clone());
        let parts = std::iter::once(mistake.message.clone()).chain(fix).chain(mistake.notes.iter().cloned());
        parts.collect::<Vec<_>>().join("; ")
    });
    told.collect::<Vec<_>>().join("\n")
}
