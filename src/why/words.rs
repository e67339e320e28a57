//! What is recorded, in words, and the lines of the rules that look at it.

use std::collections::BTreeSet;

use super::lacked;
use super::reasons::Line;
use super::said::Said;
use super::{Patient, Target};
use crate::catalog::{Fact, FactKind, TreatmentId};
use crate::explain::{self, Explanation, Operand, Possible, Statement};
use crate::model::Time;
use crate::plan::{SlotId, SlotSource};
use crate::record::{Entry, Given, Stop, Therapy};
use crate::render::{self, words};
use crate::value::{Choices, Date, Number, NumberSet, Reason as Provenance, Unit};

/// One thing that is recorded, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// `ck`, `born`, `therapies.drug_a`
    pub id: String,
    /// What a person reads.
    pub label: String,
    /// As it is recorded.
    pub value: String,
    /// The day it is of.
    pub date: Option<Date>,
    /// Where in the record: path and line.
    pub place: Option<String>,
    /// It follows from what the record leaves out.
    pub by_silence: bool,
    /// The report that says so, in words, where it does by leaving it out.
    pub report: Option<String>,
}

/// One thing that is recorded.
pub(super) fn told(patient: &Patient<'_>, said: Said) -> Told {
    let record = patient.record;
    let plain = |id: &str, label: &str, value: String| Told {
        id: id.to_owned(),
        label: label.to_owned(),
        value,
        date: None,
        place: said.span(record).map(|span| patient.sources.place(span)),
        by_silence: said.is_silence(),
        report: None,
    };
    let visit = |at: usize| record.visits.get(at).map(|visit| visit.date);
    let fact = said.fact(record).and_then(|id| patient.subject.catalog.fact(id));
    match said {
        Said::Born => plain("born", "born", record.born.map(explain::days).unwrap_or_default()),
        Said::Undated(_) | Said::AtVisit(..) => {
            let (Some(entry), Some(fact)) = (said.entry(record), fact) else { return plain("", "", String::new()) };
            let date = if let Said::AtVisit(at, _) = said { visit(at) } else { entry.known_since };
            let report = (entry.reason == Provenance::ByReport).then(|| words::spoken(&entry.written));
            Told { date, report, ..plain(&fact.id.value, &fact.label, value(entry, fact)) }
        }
        Said::NotDone(_) => fact.map_or_else(
            || plain("", "", String::new()),
            |fact| plain(&fact.id.value, &fact.label, "not done".to_owned()),
        ),
        Said::NotMeasured(at, _) => fact.map_or_else(
            || plain("", "", String::new()),
            |fact| Told { date: visit(at), ..plain(&fact.id.value, &fact.label, "not measured".to_owned()) },
        ),
        Said::Therapy(at) => {
            let course = record.therapies.as_ref().and_then(|therapies| therapies.courses.get(at));
            let name = course.map_or("", |course| course.drug.value.as_str());
            let label = course.map(|course| label(patient, name, &course.parts)).unwrap_or_default();
            plain(&format!("therapies.{name}"), &label, course.map(course_in_words).unwrap_or_default())
        }
        Said::Declined(at) => {
            let declined = record.declined.as_ref().and_then(|list| list.get(at));
            let name = declined.map_or("", |declined| declined.drug.value.as_str());
            let label = declined.map(|declined| label(patient, name, &declined.parts)).unwrap_or_default();
            let date = declined.and_then(|declined| declined.date);
            Told { date, ..plain(&format!("declined.{name}"), &label, "declined".to_owned()) }
        }
        Said::Judgement(at) => {
            let (name, truth) =
                record.judgements.get(at).map_or(("", None), |(name, truth)| (name.value.as_str(), truth.settled()));
            let title = patient.subject.guideline.find(name).map_or(name, |block| block.title.as_str());
            plain(name, title, if truth == Some(true) { "yes" } else { "no" }.to_owned())
        }
        Said::NothingElseTaken => {
            plain("therapies", "every other treatment", "never taken, as the list is complete".to_owned())
        }
        Said::NothingElseDeclined => plain("declined", "every other treatment", "not declined".to_owned()),
    }
}

/// A treatment as the formulary calls it; as it is written, where that does not know it.
pub(super) fn label(patient: &Patient<'_>, written: &str, parts: &[(TreatmentId, Number)]) -> String {
    let label = |(part, _): &(TreatmentId, Number)| {
        patient.subject.catalog.treatment(*part).map(|treatment| treatment.label.clone())
    };
    let labels: Vec<String> = parts.iter().filter_map(label).collect();
    if labels.is_empty() { words::spoken(written) } else { labels.join(" with ") }
}

/// A value as a person writes it.
pub(super) fn value(entry: &Entry, fact: &Fact) -> String {
    match &entry.given {
        Given::Choices(choices) => chosen(*choices, fact),
        Given::Number(set) => number(set, entry, fact),
        Given::Date(range) => explain::days(*range),
        Given::Missing => entry.reason.words().to_owned(),
    }
}

/// The values of a choice by their labels.
pub(super) fn chosen(choices: Choices, fact: &Fact) -> String {
    let FactKind::Choice { values, .. } = &fact.kind else { return String::new() };
    let named = (0..).zip(values).filter(|(at, _)| choices.contains(*at)).map(|(_, value)| value.label.clone());
    words::any_of(&named.collect::<Vec<_>>())
}

fn number(set: &NumberSet, entry: &Entry, fact: &Fact) -> String {
    let value = match set.single() {
        // As it was written, in its own unit.
        Some(_) if !entry.written.is_empty() => entry.written.clone(),
        _ => new_number(set, fact),
    };
    with_limit(&on_scale(value, entry.scale, fact), entry.upper_limit.as_ref(), fact)
}

/// A number as it would be recorded, in the unit of its fact.
pub(super) fn new_number(set: &NumberSet, fact: &Fact) -> String {
    words::with_unit(&words::numbers(set), &unit(fact))
}

/// With the end of the scale it stands on.
pub(super) fn on_scale(value: String, scale: Option<Number>, fact: &Fact) -> String {
    let FactKind::Number(kind) = &fact.kind else { return value };
    let end = scale.or_else(|| kind.scales.first().copied()).filter(|_| kind.unit.is_none());
    end.map_or(value.clone(), |end| format!("{value} of {}", words::number(end)))
}

/// With its upper limit.
pub(super) fn with_limit(value: &str, limit: Option<&NumberSet>, fact: &Fact) -> String {
    let limit = limit.and_then(NumberSet::single);
    limit.map_or(value.to_owned(), |limit| {
        format!("{value} (upper limit {})", words::with_unit(&words::number(limit), &unit(fact)))
    })
}

fn unit(fact: &Fact) -> String {
    let FactKind::Number(kind) = &fact.kind else { return String::new() };
    kind.unit.map(Unit::plain).unwrap_or_default()
}

/// `20 mg/week, 10 Jun 2025 to now, no response`
pub(super) fn course_in_words(course: &Therapy) -> String {
    let mut told: Vec<String> = Vec::new();
    let dose = course.doses.last().map(|dose| dose.dose.value.to_string());
    told.extend(dose.map(|dose| if course.doses.len() > 1 { format!("last {dose}") } else { dose }));
    let start = course.start.or_else(|| course.given.first().copied());
    let end = match course.stop {
        Stop::Runs => "now".to_owned(),
        Stop::On(day) => explain::days(day),
        Stop::Unknown => "a day that is not known".to_owned(),
    };
    told.extend(start.map(|start| format!("{} to {end}", explain::days(start))));
    let percent = |share: Number| format!("{} % taken", words::number(share));
    told.extend(course.adherence.map(percent));
    told.extend(course.outcome.map(|outcome| words::spoken(outcome.word())));
    told.extend(course.stopped_for.map(|reason| format!("stopped for {}", words::spoken(reason.word()))));
    told.join(", ")
}

/// What slots read, in words, each once.
pub(super) fn slots(patient: &Patient<'_>, slots: &[SlotId]) -> Vec<String> {
    let subject = patient.subject;
    let mut told: Vec<String> = Vec::new();
    for slot in slots.iter().filter_map(|slot| subject.lowered.plan.slot(*slot)) {
        let name = match slot.source {
            SlotSource::Fact { fact, when, .. } => subject.catalog.fact(fact).map(|fact| match when {
                Time::Baseline => format!("{} at baseline", fact.label),
                Time::Since => format!("{} after the baseline", fact.label),
                Time::Undated | Time::Latest { .. } | Time::Ever | Time::Highest | Time::Lowest => fact.label.clone(),
            }),
            SlotSource::Judgement(at) => {
                let name = subject.guideline.judgements.get(at as usize);
                name.map(|name| subject.guideline.find(name).map_or(name.clone(), |block| block.title.clone()))
            }
            SlotSource::Course { therapy, .. } => Some(format!(
                "the course of {}",
                words::spoken(&subject.guideline.therapy_name(therapy, subject.catalog))
            )),
            SlotSource::Status(at) => {
                subject.guideline.statuses.get(at as usize).map(|asked| format!("status of {}", asked.written))
            }
            SlotSource::Word(_) => None,
        };
        told.extend(name.filter(|name| !told.contains(name)));
    }
    told
}

/// The lines of the rules that look at something that is recorded, on the way to an answer, as far as they are settled.
pub(super) fn lines(explanation: &Explanation, target: &Target, told: &Told) -> Vec<Line> {
    let mut way = Way { trace: &explanation.trace, told, seen: BTreeSet::new(), found: Vec::new() };
    way.block(&target.name);
    if let Some(drug) = told.id.strip_prefix("therapies.") {
        let parts = |id: &str| id.split(" + ").any(|part| drug.split(" + ").any(|own| own == part));
        let courses = explanation.courses.iter().filter(|course| course.id == drug || parts(&course.id));
        way.found.extend(courses.take(1).map(|course| Line {
            id: format!("course.{}", course.id),
            text: course.why.first().map(|why| words::spoken(why)).unwrap_or_default(),
            outcome: course.state.clone(),
            unit: None,
            place: String::new(),
            citations: course.citations.clone(),
        }));
    }
    way.found
}

struct Way<'a> {
    trace: &'a [Statement],
    told: &'a Told,
    seen: BTreeSet<&'a str>,
    found: Vec<Line>,
}

impl<'a> Way<'a> {
    /// A block, or a part of one that has a name of its own.
    fn block(&mut self, id: &str) {
        let Some(statement) = lacked::find(self.trace, id) else { return };
        // A conclusion is reached through the steps of its algorithm.
        if let ("conclusion", Some((algorithm, _))) = (statement.kind, id.rsplit_once('.')) {
            let algorithm = algorithm.to_owned();
            return self.block(&algorithm);
        }
        if self.seen.insert(&statement.id) {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &'a Statement) {
        let is_line = !matches!(statement.kind, "table" | "ladder" | "algorithm") && is_settled(&statement.outcome);
        if is_line && statement.operands.iter().any(|operand| self.is_told(operand)) {
            let line = Line {
                id: statement.id.clone(),
                text: render::in_words(statement),
                outcome: statement.outcome.clone(),
                unit: statement.unit.clone(),
                place: statement.place.clone(),
                citations: statement.citations.clone(),
            };
            if !self.found.iter().any(|known| known.text == line.text) {
                self.found.push(line);
            }
        }
        for operand in &statement.operands {
            self.block(&operand.id);
        }
        for part in &statement.parts {
            self.statement(part);
        }
    }

    fn is_told(&self, operand: &Operand) -> bool {
        operand.id == self.told.id && (self.told.place.is_none() || operand.place == self.told.place)
    }
}

fn is_settled(possible: &Possible) -> bool {
    match possible {
        Possible::Number(set) => words::one_number(set).is_some(),
        Possible::Choice(values) => values.len() == 1,
        Possible::YesNo { yes, no } => yes != no,
        Possible::Several { perhaps, .. } => perhaps.is_empty(),
        Possible::Nothing => false,
    }
}
