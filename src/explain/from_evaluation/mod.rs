//! Registers, inputs and the guideline's meaning into statements.

mod advice;
mod answers;
mod course_operands;
mod courses;
mod flowcharts;
mod ladders;
mod missing;
mod operands;
mod silence;
mod sources;
mod statements;
mod statuses;
mod treatment_statements;
mod treatments;
mod words;

pub use flowcharts::flowcharts;
pub use silence::{undated, why_not_covered};
pub(crate) use words::{day, days};

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Because, Explanation, GuidelineShown, Possible, PresumingShown, RecordShown, Silent};
use crate::catalog::{AbsentMeans, Burden, Derivation, FactId, FactKind, Moment, RecordedIn, TreatmentId};
use crate::eval::{self, Answer, CourseNeed, Evaluation, Held, Input, Status, Subject};
use crate::model::{Block, BlockId, BlockKind, Item, Score, TherapyId, Time};
use crate::plan::{SlotId, SlotSource};
use crate::record::{Given, Record, Visit};
use crate::source::SourceMap;
use crate::value::{Date, NumberSet, Reason, Truth};

/// The recorded diagnosis, by its fixed name: shown in the head line of an answer.
const DIAGNOSIS: &str = "subtype";

/// Puts an evaluation into words. The guideline's hash is left empty for whoever knows it.
pub fn explain(subject: Subject<'_>, record: &Record, evaluation: &Evaluation, sources: &SourceMap) -> Explanation {
    let teller = Teller::new(subject, record, evaluation, sources);
    let spoken = evaluation.covers != Truth::NO;
    let trace = teller.trace();
    let (used, local_choices) = teller.sources_used();
    let mut explanation = Explanation {
        guideline: GuidelineShown {
            id: subject.guideline.info.id.value.clone(),
            release: subject.guideline.info.release.value.to_string(),
            title: subject.guideline.info.title.clone(),
            hash: String::new(),
        },
        record: teller.record_shown(),
        answers: teller.answers(),
        conclusions: teller.conclusions(),
        flowcharts: teller.flowcharts(),
        ladders: if spoken { teller.ladders() } else { Vec::new() },
        regimens: if spoken { teller.regimens() } else { Vec::new() },
        advice: if spoken { teller.advice() } else { Vec::new() },
        suspicions: if spoken { teller.suspicions() } else { Vec::new() },
        courses: if spoken { teller.courses() } else { Vec::new() },
        missing: Vec::new(),
        silent: teller.silent(),
        notices: teller.notices(),
        assumed: teller.assumed(),
        trace,
        sources: used,
        local_choices,
        overrides: Vec::new(),
    };
    let beside = beside(&explanation);
    let names: Vec<String> = beside.iter().map(|(name, _, _)| name.clone()).collect();
    explanation.overrides = teller.overrides(&names);
    let open = beside.into_iter().filter(|(_, open, _)| *open).map(|(name, _, because)| (name, because));
    explanation.missing = teller.missing(&open.collect::<Vec<_>>());
    explanation
}

/// What an answer can be, and the unit of a number.
pub fn possible(block: &Block, answer: &Answer) -> (Possible, Option<String>) {
    let possible = match answer.status {
        Status::Silent => Possible::Nothing,
        Status::Decided | Status::Open | Status::Fault => words::of_block(&answer.held, &block.gives),
    };
    (possible, answers::unit(&block.gives))
}

/// What an answer is, taking some usual normals for granted.
pub fn presuming(subject: Subject<'_>, block: &Block, answer: &Answer) -> Option<PresumingShown> {
    let presuming = answer.presuming.as_ref()?;
    Some(PresumingShown {
        possible: words::of_block(&presuming.held, &block.gives),
        facts: presuming.slots.iter().filter_map(|slot| missing::presumed(subject, *slot)).collect(),
    })
}

/// What keeps each answer open, in the order of the answers.
pub fn because(
    subject: Subject<'_>,
    record: &Record,
    evaluation: &Evaluation,
    sources: &SourceMap,
) -> Vec<Vec<Because>> {
    if evaluation.answers.iter().all(|answer| answer.because.is_empty()) {
        return vec![Vec::new(); evaluation.answers.len()];
    }
    let teller = Teller::of_slots(subject, record, evaluation, sources);
    evaluation.answers.iter().map(|answer| teller.because(&answer.because)).collect()
}

/// What is asked of a course of treatment: its key in a record, the question, what it costs the patient. Nothing for a
/// fact of the dictionary, which has a question of its own.
pub fn course_question(need: CourseNeed, therapy: &str) -> Option<(&'static str, String, Burden)> {
    let known = words::NEEDS.iter().find(|known| known.what == need)?;
    Some((known.key, known.question.replace("{}", therapy), known.burden))
}

/// What is an answer beside the answers: its name, whether it is open, and what keeps it open.
fn beside(explanation: &Explanation) -> Vec<(String, bool, Vec<Because>)> {
    let mut all = Vec::new();
    for conclusion in &explanation.conclusions {
        let open = conclusion.standing.status == Status::Open;
        all.push((conclusion.id.clone(), open, conclusion.standing.because.clone()));
    }
    let ladders = explanation.ladders.iter().map(|ladder| (&ladder.id, ladder.options().collect::<Vec<_>>()));
    let regimens = explanation.regimens.iter().map(|regimen| (&regimen.id, regimen.options().collect::<Vec<_>>()));
    for (above, options) in ladders.chain(regimens) {
        for option in options {
            let open = option.verdict.status == Status::Open;
            all.push((format!("{above}.{}", option.id), open, option.verdict.because.clone()));
        }
    }
    for advice in &explanation.advice {
        let open = advice.verdict == super::AdviceVerdict::Open;
        all.push((advice.id.clone(), open, advice.because.clone()));
    }
    all
}

/// Everything a statement is made from.
struct Teller<'a> {
    subject: Subject<'a>,
    record: &'a Record,
    evaluation: &'a Evaluation,
    sources: &'a SourceMap,
    slots: HashMap<SlotSource, SlotId>,
    /// The blocks that the answers are worked out from, answers first.
    blocks: Vec<BlockId>,
    /// What each of them can be, as narrow as an answer.
    narrowed: BTreeMap<BlockId, Vec<Held>>,
    /// The parts of each therapy, as written.
    written: BTreeMap<TherapyId, Vec<TreatmentId>>,
    /// The therapy whose course is at hand, within the rules of `course`.
    course_of: Option<String>,
}

impl<'a> Teller<'a> {
    fn new(subject: Subject<'a>, record: &'a Record, evaluation: &'a Evaluation, sources: &'a SourceMap) -> Self {
        let slots = (0..).zip(&subject.lowered.plan.slots).map(|(at, slot)| (slot.source, SlotId(at))).collect();
        let mut blocks = Vec::new();
        let mut open: Vec<BlockId> = subject.guideline.answers.iter().rev().copied().collect();
        open.extend(subject.guideline.covers);
        let items = reached_by_items(subject, evaluation);
        open.splice(0..0, items.into_iter().rev());
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            blocks.push(id);
            if let Some(block) = subject.guideline.block(id)
                && !matches!(block.kind, BlockKind::Course(_))
            {
                let mut read = Vec::new();
                block.each_block(&mut |other| read.push(other));
                open.extend(read.into_iter().rev());
            }
        }
        // The answers are narrowed already.
        let answers = evaluation.answers.iter().filter(|answer| !answer.held.is_empty());
        let mut narrowed: BTreeMap<BlockId, Vec<Held>> =
            answers.map(|answer| (answer.block, answer.held.clone())).collect();
        for (item, answer) in &evaluation.items {
            if let Item::Holds(id) = item
                && !answer.held.is_empty()
                && !subject.guideline.block(*id).is_some_and(|block| matches!(block.kind, BlockKind::Ladder(_)))
            {
                narrowed.insert(*id, answer.held.clone());
            }
        }
        let others: Vec<BlockId> = blocks.iter().copied().filter(|id| !narrowed.contains_key(id)).collect();
        narrowed.extend(eval::narrowed(subject, evaluation, others));
        let written = treatments::written(subject.guideline, subject.catalog, sources);
        Teller { subject, record, evaluation, sources, slots, blocks, narrowed, written, course_of: None }
    }

    /// For what can be told by the slots alone.
    fn of_slots(subject: Subject<'a>, record: &'a Record, evaluation: &'a Evaluation, sources: &'a SourceMap) -> Self {
        let slots = (0..).zip(&subject.lowered.plan.slots).map(|(at, slot)| (slot.source, SlotId(at))).collect();
        let written = treatments::written(subject.guideline, subject.catalog, sources);
        let (blocks, narrowed) = (Vec::new(), BTreeMap::new());
        Teller { subject, record, evaluation, sources, slots, blocks, narrowed, written, course_of: None }
    }

    /// For the rules of `course`, which are a program of their own.
    fn of_course(
        subject: Subject<'a>,
        record: &'a Record,
        evaluation: &'a Evaluation,
        sources: &'a SourceMap,
        therapy: String,
    ) -> Self {
        let slots = (0..).zip(&subject.lowered.plan.slots).map(|(at, slot)| (slot.source, SlotId(at))).collect();
        let mut blocks = Vec::new();
        let mut open: Vec<BlockId> = courses::course_blocks(&subject.guideline.blocks).collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            let Some(block) = subject.guideline.block(id).filter(|_| seen.insert(id)) else { continue };
            block.each_block(&mut |other| open.push(other));
            blocks.push(id);
        }
        let narrowed = eval::narrowed(subject, evaluation, blocks);
        let written = BTreeMap::new();
        let course_of = Some(therapy);
        Teller { subject, record, evaluation, sources, slots, blocks: Vec::new(), narrowed, written, course_of }
    }

    /// What a block can be.
    fn narrowed(&self, id: BlockId) -> &[Held] {
        self.narrowed.get(&id).map_or(&[], Vec::as_slice)
    }

    fn input(&self, source: SlotSource) -> Option<&'a Input> {
        self.slots.get(&source).and_then(|slot| self.evaluation.inputs.get(*slot))
    }

    fn record_shown(&self) -> RecordShown {
        let first = self.record.visits.first().map(|visit| visit.date);
        let last = self.record.visits.last().map(|visit| visit.date);
        RecordShown {
            id: self.record.id.clone(),
            as_of: self.record.as_of,
            as_of_given: self.record.as_of_given,
            hash: format!("sha256:{}", self.record.hash(self.subject.catalog)),
            about: self.about(),
            undated: self.undated(),
            visits: first.zip(last),
        }
    }

    /// The facts that some rule reads and that were recorded without a date.
    fn undated(&self) -> Vec<String> {
        let mut labels = BTreeSet::new();
        for (slot, input) in self.subject.lowered.plan.slots.iter().zip(&self.evaluation.inputs.inputs) {
            let SlotSource::Fact { fact, when: Time::Undated, .. } = slot.source else { continue };
            let Some(fact) = self.subject.catalog.fact(fact) else { continue };
            if input.reason == Reason::Recorded && input.date.is_none() && fact.recorded != RecordedIn::Patient {
                labels.insert(fact.label.clone());
            }
        }
        labels.into_iter().collect()
    }

    /// Who the patient is: sex and age, then the recorded diagnosis.
    fn about(&self) -> Vec<String> {
        let (mut words, mut diagnosis, mut aged) = (Vec::new(), Vec::new(), false);
        for entry in &self.record.undated {
            let Some(fact) = self.subject.catalog.fact(entry.fact) else { continue };
            let told = if fact.id.value == DIAGNOSIS { &mut diagnosis } else { &mut words };
            if fact.recorded != RecordedIn::Patient && fact.id.value != DIAGNOSIS {
                continue;
            }
            aged |= matches!(fact.derived, Some(Derivation::AgeAt(Moment::AsOf)));
            let settled = if let Given::Choices(choices) = &entry.given { choices.settled() } else { None };
            match (&fact.kind, settled) {
                (FactKind::Choice { values, .. }, Some(at)) => {
                    told.extend(values.get(usize::from(at)).map(|value| value.label.clone()));
                }
                (FactKind::Number(_), _) => told.push(format!("{} {}", fact.label, entry.written)),
                (FactKind::Choice { .. } | FactKind::Date, _) => {}
            }
        }
        let years = |born: Date| self.record.as_of.completed_years_since(born);
        let born = self.record.born.filter(|born| !aged && years(born.earliest) == years(born.latest));
        words.extend(born.map(|born| format!("age {}", years(born.earliest))));
        words.extend(diagnosis);
        words
    }

    /// The guideline itself, where it does not speak of the patient; else sources of it that do not.
    fn silent(&self) -> Vec<Silent> {
        let because = |condition: &crate::model::Condition| {
            let lacks = self.why(condition).unwrap_or_else(|| String::from("as recorded"));
            let whom = self.text(condition.span);
            format!("it covers patients when {whom}, and this patient is not one of them ({lacks})")
        };
        if self.evaluation.covers != Truth::NO {
            let silent = self.every_block().into_iter().filter_map(|(id, block)| {
                let BlockKind::SourceCovers(source, condition) = &block.kind else { return None };
                let is_silent = self.holds(id) == Truth::NO;
                is_silent.then(|| Silent { source: source.clone(), because: because(condition) })
            });
            return silent.collect();
        }
        let because = self.subject.guideline.covers.and_then(|id| self.subject.guideline.block(id)).map(|block| {
            let BlockKind::Covers(condition) = &block.kind else { return String::new() };
            because(condition)
        });
        let source = self.subject.guideline.info.id.value.clone();
        vec![Silent { source, because: because.unwrap_or_default() }]
    }

    fn notices(&self) -> Vec<String> {
        let mut notices: Vec<String> = self.record.notices.iter().map(|notice| notice.text.clone()).collect();
        notices.extend(self.evaluation.inputs.notices.iter().cloned());
        for id in &self.evaluation.impossible {
            if let Some(block) = self.subject.guideline.block(*id) {
                notices.push(format!("the record says what cannot be: {}", block.title));
            }
        }
        if self.evaluation.covers == Truth::EITHER {
            let facts = self.because(&self.evaluation.covers_because);
            let facts: Vec<String> = facts.iter().map(|one| format!("{} ({})", one.label, one.why)).collect();
            notices.push(format!("whether this guideline covers the patient depends on {}", facts.join(", ")));
        }
        notices.extend(self.limits_that_differ());
        notices.extend(self.points_outside());
        notices.extend(self.possible_faults());
        notices.extend(self.dead_ends());
        notices.extend(self.broken_promises());
        notices
    }

    /// A score whose points lie outside what it says of itself.
    fn points_outside(&self) -> Vec<String> {
        let outside = |id: &BlockId| {
            let block = self.subject.guideline.block(*id)?;
            let BlockKind::Score(Score { points: Some((least, most)), .. }) = &block.kind else { return None };
            let [Held::Number(points)] = self.narrowed(*id) else { return None };
            let said = NumberSet::between(*least, *most);
            let points = points.single().filter(|points| !said.contains(*points))?;
            let place = self.sources.place(block.head);
            Some(format!("{} is {points} points, and says of itself {least} to {most} ({place})", block.title))
        };
        self.blocks.iter().filter_map(outside).collect()
    }

    /// Open answers for which some patient that is still possible finds no row, or two.
    fn possible_faults(&self) -> Vec<String> {
        let faulty = self.evaluation.answers.iter().filter(|answer| answer.may_be_fault);
        let blocks = faulty.filter_map(|answer| self.subject.guideline.block(answer.block));
        let told = |block: &Block| {
            let place = self.sources.place(block.head);
            format!("for some of what is still possible `{}` gives no answer, or two ({place})", block.name.value)
        };
        blocks.map(told).collect()
    }

    /// What the authors claim of their own guideline, and is not so for this patient.
    fn broken_promises(&self) -> Vec<String> {
        let told = |(id, block): (BlockId, &Block)| {
            let broken = matches!(block.kind, BlockKind::Promise(_)) && self.item_truth(Item::Holds(id)) == Truth::YES;
            let place = self.sources.place(block.head);
            broken.then(|| {
                format!("the guideline breaks its own promise for this patient: {} ({place})", ladders::titled(block))
            })
        };
        self.every_block().into_iter().filter_map(told).collect()
    }

    /// A change is worked out from two values of which each laboratory has another upper limit.
    fn limits_that_differ(&self) -> Vec<String> {
        let mut notices = Vec::new();
        let mut facts = BTreeSet::new();
        for slot in &self.subject.lowered.plan.slots {
            if let SlotSource::Fact { fact, when: Time::Since, .. } = slot.source {
                facts.insert(fact);
            }
        }
        for fact in facts {
            use crate::plan::Part;
            let input = |when| self.input(SlotSource::Fact { fact, when, part: Part::Value });
            let (Some(before), Some(after)) = (input(Time::Baseline), input(Time::Since)) else { continue };
            let (Some(one), Some(other)) = (before.limit, after.limit) else { continue };
            if one != other {
                let label = self.subject.catalog.fact(fact).map_or("", |fact| fact.label.as_str());
                notices.push(format!(
                    "{label} has an upper limit of {one} at baseline and of {other} later; the change is worked out from \
                     the values as measured, over the limit at baseline"
                ));
            }
        }
        notices
    }

    /// What the dictionary makes of what the record does not name.
    fn assumed(&self) -> Vec<String> {
        let mut assumed = BTreeSet::new();
        for (slot, input) in self.subject.lowered.plan.slots.iter().zip(&self.evaluation.inputs.inputs) {
            let SlotSource::Fact { fact: id, when, .. } = slot.source else { continue };
            let Some(fact) = self.subject.catalog.fact(id) else { continue };
            let over_time = matches!(when, Time::Ever | Time::Highest | Time::Lowest);
            if over_time && fact.absent_means == Some(AbsentMeans::NotMeasured) && self.only_some_visits_name(id) {
                assumed.insert(format!("{} not measured at visits that do not name it", fact.label));
            }
            match input.reason {
                Reason::NotMeasured if input.span.is_none() => {
                    assumed.insert(format!("{} not measured {}", fact.label, words::time(when)).trim_end().to_owned());
                }
                Reason::NotDone if input.span.is_none() => {
                    assumed.insert(format!("{} not done", fact.label));
                }
                Reason::ByReport
                | Reason::Recorded
                | Reason::NotRecorded
                | Reason::NotMeasured
                | Reason::NotDone
                | Reason::OutsideAssay
                | Reason::Imprecise
                | Reason::Conflicting
                | Reason::Stale
                | Reason::NotApplicable
                | Reason::Pending
                | Reason::Refused
                | Reason::DifferentScales
                | Reason::OtherScale
                | Reason::NoLaterVisit
                | Reason::Judgement
                | Reason::Derived
                | Reason::TooClose => {}
            }
        }
        assumed.into_iter().collect()
    }

    fn only_some_visits_name(&self, id: FactId) -> bool {
        let names_it = |visit: &Visit| visit.entries.iter().any(|entry| entry.fact == id);
        let visits = &self.record.visits;
        visits.iter().any(names_it) && !visits.iter().all(names_it)
    }

    fn text(&self, span: crate::source::Span) -> String {
        self.sources.slice(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The blocks that conclusions, verdicts, advice and the like are worked out from, in the order of the rules.
fn reached_by_items(subject: Subject<'_>, evaluation: &Evaluation) -> Vec<BlockId> {
    let mut blocks: BTreeSet<BlockId> = BTreeSet::new();
    for item in evaluation.items.keys() {
        match item {
            Item::Holds(block)
            | Item::Conclusion(block, _)
            | Item::Step(block, _)
            | Item::Branch(block, ..)
            | Item::Line(block, _)
            | Item::Verdict(block, _)
            | Item::Plus(block) => {
                blocks.insert(*block);
            }
            Item::Course(_) => {}
        }
    }
    blocks.extend(subject.lowered.options.values().flat_map(|option| &option.spoken_of));
    if !evaluation.inputs.courses.iter().all(|found| found.courses.is_empty()) {
        blocks.extend(courses::course_blocks(&subject.guideline.blocks));
    }
    let mut blocks: Vec<BlockId> = blocks.into_iter().collect();
    blocks.sort_by_key(|id| subject.guideline.block(*id).map(|block| block.place));
    blocks
}
