use std::sync::atomic::{AtomicUsize, Ordering};

use super::change::{self, Change};
use super::codes::{NOTICED, STALE, UNNOTICED};
use super::reach::Reach;
use super::same::is_same;
use super::values::Values;
use crate::cases::{Case, Equivalent, Otherwise, compare, suites};
use crate::diagnostics::{Diagnostic, Fix};
use crate::engine::{Draft, Engine};
use crate::eval::{self, Baseline, Inputs, Registers, Subject};
use crate::explain;
use crate::model::BlockId;
use crate::plan::Register;
use crate::record::Record;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::tree::{Block, Body, Change as Kind};
use crate::threads::side_by_side;

/// What became of the changes of a release.
#[derive(Debug, Clone)]
pub struct Mutated {
    /// `acr_eular_response`
    pub guideline: String,
    /// `2016.1.0`
    pub release: String,
    /// How many changes were tried.
    pub tried: usize,
    /// How many of them some case notices.
    pub noticed: usize,
    /// How many no case notices, and an entry of `equivalent` says why.
    pub known: usize,
    /// The others, and entries that are no longer right, in the order of the files.
    pub mistakes: Vec<Diagnostic>,
}

impl Mutated {
    /// How many changes no case notices and no entry explains.
    pub fn unnoticed(&self) -> usize {
        self.tried - self.noticed - self.known
    }
}

/// Changes the rules of a loaded release, file by file where the path in the library is `wanted`, and asks its cases and
/// those of later releases that take a block over. All of them must come out as expected before. `progress` hears how
/// many blocks of how many are done.
pub fn run(
    engine: &mut Engine,
    at: usize,
    wanted: impl Fn(&str) -> bool,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Option<Mutated> {
    let (holders, equivalent) = holders(engine, at)?;
    let own = holders.first()?;
    let loaded = engine.guidelines().get(at)?;
    let values = Values { guideline: &loaded.guideline, catalog: engine.catalog() };
    let name = own.draft.name();
    let is_wanted = |file: FileId| engine.path_of(file).is_some_and(&wanted);
    let blocks = own.draft.blocks_from(&name).filter(|(_, block)| is_wanted(block.span.file));
    let tasks: Vec<Task<'_>> = blocks.map(|(_, block)| Task::of(block, engine.sources(), values)).collect();
    let outcomes = all_outcomes(engine, &holders, &tasks, progress);
    let mut mutated = Mutated {
        guideline: loaded.guideline.info.id.value.clone(),
        release: loaded.guideline.info.release.value.to_string(),
        tried: 0,
        noticed: 0,
        known: 0,
        mistakes: Vec::new(),
    };
    let mut listed: Vec<(&Equivalent, Option<Outcome>)> = equivalent.iter().map(|entry| (entry, None)).collect();
    for (task, outcomes) in tasks.iter().zip(outcomes) {
        for (change, outcome) in task.changes.iter().zip(outcomes).filter(|(_, outcome)| *outcome != Outcome::NoChange)
        {
            mutated.tried += 1;
            let entries = listed.iter_mut().filter(|(entry, _)| task.is_named(entry, change));
            let known = entries.fold(false, |_, (_, found)| {
                *found = Some(outcome);
                true
            });
            match outcome {
                Outcome::Noticed => mutated.noticed += 1,
                _ if known => mutated.known += 1,
                Outcome::Unnoticed | Outcome::NoChange => {
                    mutated.mistakes.push(task.unnoticed(change, engine.sources()));
                }
            }
        }
    }
    let is_tried = |entry: &Equivalent| {
        let block = own.draft.blocks_from(&name).find(|(_, block)| block.name.value == entry.block.value);
        block.is_none_or(|(_, block)| is_wanted(block.span.file))
    };
    mutated.mistakes.extend(listed.into_iter().filter(|(entry, _)| is_tried(entry)).filter_map(no_longer));
    mutated.mistakes.sort_by_key(Diagnostic::span);
    Some(mutated)
}

/// A release whose cases are asked.
struct Holder {
    draft: Draft,
    at: usize,
    patients: Vec<Patient>,
    /// The pairs of blocks that share a text.
    same_text: Vec<(String, String)>,
    /// What its registers can hold at all.
    widest: Registers,
}

/// A worked patient as the rules stand now.
struct Patient {
    case: Case,
    record: Record,
    inputs: Inputs,
    registers: Registers,
}

/// The release itself, then those of the same guideline that take blocks of it over; and the changes that are listed.
fn holders(engine: &mut Engine, at: usize) -> Option<(Vec<Holder>, Vec<Equivalent>)> {
    let id = engine.guidelines().get(at)?.guideline.info.id.value.clone();
    let others = (0..engine.guidelines().len()).filter(|other| *other != at);
    let same = |other: &usize| engine.guidelines().get(*other).is_some_and(|other| other.guideline.info.id.value == id);
    let all: Vec<usize> = std::iter::once(at).chain(others.filter(same)).collect();
    let name = engine.draft(at)?.name();
    let mut holders = Vec::new();
    let mut equivalent = Vec::new();
    for other in all {
        let Some(draft) = engine.draft(other) else { continue };
        if draft.blocks_from(&name).next().is_none() {
            continue;
        }
        let mut read = Vec::new();
        for suite in suites(engine, other, &|_| true) {
            if other == at {
                equivalent.extend(suite.equivalent);
            }
            for case in suite.cases.into_iter().filter(|case| case.whole && !case.proposed) {
                if let Ok(record) = engine.read_document(&case.record) {
                    read.push((case, record));
                }
            }
        }
        let Some(loaded) = engine.guidelines().get(other) else { continue };
        let subject = engine.subject(loaded);
        let patient = |(case, record)| {
            let inputs = eval::bind(subject, &record, Baseline::default());
            let registers = eval::registers(subject, &inputs);
            Patient { case, record, inputs, registers }
        };
        let patients = read.into_iter().map(patient).collect();
        let (widest, same_text) = (eval::widest(subject), draft.same_text());
        holders.push(Holder { draft, at: other, patients, same_text, widest });
    }
    Some((holders, equivalent))
}

/// A block and its changes.
struct Task<'a> {
    block: &'a Block,
    text: &'a str,
    /// Where its text begins in the file.
    start: usize,
    changes: Vec<Change>,
}

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It does not load, or is the same program.
    NoChange,
    Noticed,
    Unnoticed,
}

impl<'a> Task<'a> {
    fn of(block: &'a Block, sources: &'a SourceMap, values: Values<'_>) -> Self {
        let whole = sources.text(block.span.file);
        let line_start = |at: u32| whole.get(..at as usize).and_then(|text| text.rfind('\n')).map_or(0, |end| end + 1);
        let end = whole.get(block.span.end as usize..).and_then(|rest| rest.find('\n'));
        let end = end.map_or(whole.len(), |end| block.span.end as usize + end + 1);
        let start = line_start(block.head.start.min(block.span.start));
        let text = whole.get(start..end).unwrap_or("");
        Task { block, text, start, changes: change::changes(block, text, values) }
    }

    fn is_named(&self, entry: &Equivalent, change: &Change) -> bool {
        entry.block.value == self.block.name.value
            && entry.line.value == change.line
            && entry.otherwise == change.otherwise
    }

    fn unnoticed(&self, change: &Change, sources: &SourceMap) -> Diagnostic {
        let file = self.block.span.file;
        let place = |stretch: &std::ops::Range<usize>| {
            let text = self.text.get(stretch.clone()).unwrap_or("");
            let (before, after) = (text.len() - text.trim_start().len(), text.len() - text.trim_end().len());
            let start = self.start + stretch.start + before;
            sources.span(file, start, (self.start + stretch.end - after).max(start))
        };
        let edits: Vec<(Span, String)> =
            change.edits.iter().map(|(stretch, words)| (place(stretch), words.trim().to_owned())).collect();
        let first = edits.first().map_or(self.block.head, |(span, _)| *span);
        let first = if change.line.is_empty() { self.block.head } else { first };
        let line = sources.position(first).line;
        let message = format!("no case notices if {} in line {line}", change.said);
        match &change.otherwise {
            Otherwise::Becomes(_) => {
                let mut told = Diagnostic::error(UNNOTICED, first, message).label(self.block.name.value.clone());
                told.fix = Some(Fix { text: "with this every case still comes out as expected".to_owned(), edits });
                told
            }
            Otherwise::LeftOut | Otherwise::After(_) => {
                let end = sources
                    .slice(first)
                    .find('\n')
                    .map_or(first.end, |end| first.start.saturating_add(u32::try_from(end).unwrap_or(u32::MAX)));
                Diagnostic::error(UNNOTICED, Span { end, ..first }, message).label(self.block.name.value.clone())
            }
        }
    }
}

fn no_longer((entry, outcome): (&Equivalent, Option<Outcome>)) -> Option<Diagnostic> {
    let name = &entry.block.value;
    match outcome {
        Some(Outcome::Unnoticed) => None,
        Some(Outcome::Noticed) => {
            let message = format!("a case notices this change of `{name}`");
            Some(Diagnostic::error(NOTICED, entry.line.span, message).note("take the entry out"))
        }
        Some(Outcome::NoChange) | None => {
            let message = format!("there is no such change of `{name}`");
            let note =
                "write the line as it stands now, without sources, and what becomes of it; or take the entry out";
            Some(Diagnostic::error(STALE, entry.line.span, message).note(note))
        }
    }
}

/// What comes of every change, by task: a task is done by one thread, so that the order in which cases are asked, and
/// with it everything else, does not depend on how threads run.
fn all_outcomes(
    engine: &Engine,
    holders: &[Holder],
    tasks: &[Task<'_>],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Vec<Outcome>> {
    let done = AtomicUsize::new(0);
    let outcomes = |asking: &mut Asking<'_>, task: &Task<'_>| {
        asking.begin(&task.block.name.value);
        let outcomes = task.changes.iter().map(|change| asking.outcome(task, change)).collect();
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, tasks.len());
        outcomes
    };
    side_by_side(tasks, || Asking::new(engine, holders), outcomes)
}

/// One thread's own copy of what changes.
struct Asking<'a> {
    engine: &'a Engine,
    holders: &'a [Holder],
    drafts: Vec<Draft>,
    sources: SourceMap,
    release: String,
    /// For each holder its patients in the order in which they are asked: who last noticed something comes first.
    order: Vec<Vec<usize>>,
}

impl<'a> Asking<'a> {
    fn new(engine: &'a Engine, holders: &'a [Holder]) -> Self {
        let drafts: Vec<Draft> = holders.iter().map(|holder| holder.draft.clone()).collect();
        let release = drafts.first().map(Draft::name).unwrap_or_default();
        Asking { engine, holders, drafts, sources: engine.sources().clone(), release, order: Vec::new() }
    }

    /// Another block: those who name it in what they expect are asked first.
    fn begin(&mut self, block: &str) {
        let order = |holder: &Holder| {
            let Some(loaded) = self.engine.guidelines().get(holder.at) else { return Vec::new() };
            let reach = Reach::of(&loaded.guideline, block, &holder.same_text);
            let concerned = holder.patients.iter().enumerate().filter(|(_, patient)| reach.concerns(&patient.case));
            let mut order: Vec<usize> = concerned.map(|(at, _)| at).collect();
            order.sort_by_key(|at| !holder.patients.get(*at).is_some_and(|patient| names(&patient.case, block)));
            order
        };
        self.order = self.holders.iter().map(order).collect();
    }

    fn outcome(&mut self, task: &Task<'_>, change: &Change) -> Outcome {
        let text = change.of(task.text);
        let replaces = task.block.change.as_ref().is_some_and(|change| change.value == Kind::Replaces);
        if text.is_empty() && replaces {
            // What it replaces would stand instead.
            return Outcome::NoChange;
        }
        let catalog = self.engine.catalog();
        for (at, holder) in self.holders.iter().enumerate() {
            let Some(draft) = self.drafts.get_mut(at) else { continue };
            let Some(place) = draft.place(&self.release, &task.block.name.value) else { continue };
            let Some(changed) = draft.with(place, &text, &mut self.sources, catalog) else { return Outcome::NoChange };
            let Some(loaded) = self.engine.guidelines().get(holder.at) else { continue };
            let own = self.engine.subject(loaded);
            let subject = Subject { guideline: &changed.guideline, lowered: &changed.lowered, catalog };
            let name = &task.block.name.value;
            let same = is_same(own.lowered, subject.lowered, &holder.widest) && has_same_values(own, subject, name);
            if same && is_whole_in_plan(&task.block.body) {
                if at == 0 {
                    return Outcome::NoChange;
                }
                continue;
            }
            let Some(order) = self.order.get_mut(at) else { continue };
            let shared = holder.same_text.iter().any(|(of, _)| of == name);
            let seen = !shared && is_seen_by_value(&task.block.body);
            let notices = |one: &usize| {
                let patient = holder.patients.get(*one);
                patient.is_some_and(|patient| {
                    !(seen && has_same_value(own, subject, name, patient)) && notices(patient, subject, &self.sources)
                })
            };
            if let Some(found) = order.iter().position(notices) {
                let patient = order.remove(found);
                order.insert(0, patient);
                return Outcome::Noticed;
            }
        }
        Outcome::Unnoticed
    }
}

/// The patient comes out otherwise than expected.
fn notices(patient: &Patient, subject: Subject<'_>, sources: &SourceMap) -> bool {
    let evaluation = eval::evaluate(subject, &patient.record, Baseline::default());
    let explanation = explain::explain(subject, &patient.record, &evaluation, sources);
    !compare(&patient.case, subject, &evaluation, &explanation).is_empty()
}

/// Before and after the change the block has one value for this patient, and the same. Nothing that reads it can then
/// come out otherwise, and none of its own facts keeps anything open.
fn has_same_value(own: Subject<'_>, changed: Subject<'_>, block: &str, patient: &Patient) -> bool {
    if own.lowered.plan.slots != changed.lowered.plan.slots || !has_same_values(own, changed, block) {
        return false;
    }
    let (Some(before), Some(after)) = (results(own, block), results(changed, block)) else { return false };
    if before.len() != after.len() || before.iter().any(|at| !patient.registers.is_settled(*at)) {
        return false;
    }
    let registers = eval::registers(changed, &patient.inputs);
    let mut pairs = before.iter().zip(after);
    pairs.all(|(before, after)| registers.held(*after) == patient.registers.held(*before))
}

/// The block can have the same values, in the same order: registers hold their places.
fn has_same_values(own: Subject<'_>, changed: Subject<'_>, block: &str) -> bool {
    let gives = |subject: Subject<'_>| subject.guideline.find(block).map(|block| block.gives.clone());
    gives(own) == gives(changed)
}

/// Where the value of a block stands; nothing where it has none.
fn results<'a>(subject: Subject<'a>, block: &str) -> Option<&'a [Register]> {
    let at = subject.guideline.blocks.iter().position(|one| one.name.value == block)?;
    let found = subject.lowered.block(BlockId(u32::try_from(at).ok()?))?;
    (!found.results.is_empty()).then_some(&found.results)
}

/// What others see of such a block is its value and nothing else.
fn is_seen_by_value(body: &Body) -> bool {
    match body {
        Body::Finding(_) | Body::Number(_) | Body::Score(_) | Body::Bands(_) | Body::Table(_) => true,
        Body::Measure(_)
        | Body::Covers(_)
        | Body::Impossible(_)
        | Body::Judgement
        | Body::Course(_)
        | Body::Ladder(_)
        | Body::Against(_)
        | Body::Prefer(_)
        | Body::Monitor(_)
        | Body::Regimen(_)
        | Body::Suspect(_)
        | Body::Advice(_)
        | Body::Precedence(_)
        | Body::Algorithm(_)
        | Body::Promise(_)
        | Body::SourceCovers(_)
        | Body::Unreadable(_) => false,
    }
}

/// The case expects something of a block.
fn names(case: &Case, block: &str) -> bool {
    let answers = case.answers.iter().map(|(name, _)| name).chain(case.steps.iter().map(|(name, _)| name));
    answers.into_iter().any(|name| name.value == block) || case.parts.iter().any(|(part, _)| part.value.is_of(block))
}

/// All that such a block decides is worked out by the plan: with the same plan every patient comes out the same.
fn is_whole_in_plan(body: &Body) -> bool {
    match body {
        Body::Finding(_)
        | Body::Number(_)
        | Body::Measure(_)
        | Body::Score(_)
        | Body::Bands(_)
        | Body::Table(_)
        | Body::Covers(_)
        | Body::Impossible(_)
        | Body::Ladder(_)
        | Body::Regimen(_)
        | Body::Suspect(_)
        | Body::Algorithm(_)
        | Body::SourceCovers(_) => true,
        Body::Judgement
        | Body::Course(_)
        | Body::Against(_)
        | Body::Prefer(_)
        | Body::Monitor(_)
        | Body::Advice(_)
        | Body::Precedence(_)
        | Body::Promise(_)
        | Body::Unreadable(_) => false,
    }
}
