use std::collections::BTreeSet;

use super::Target;
use crate::catalog::{Burden, Fact, FactId, FactKind, RecordedIn};
use crate::eval::{Baseline, CourseNeed, Inputs, Subject};
use crate::explain::{self, day};
use crate::model::{BlockId, TherapyId, Time};
use crate::plan::{CoursePart, Part, SlotId, SlotSource};
use crate::record::{Entry, Given, Record};
use crate::value::{Date, Period, Reason};

/// The patient as far as he is known, and the guideline that asks.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) record: &'a Record,
    pub(super) baseline: Baseline,
    /// The day of the baseline visit, where that is known.
    pub(super) first: Option<Date>,
    /// The newest visit on file when the interview began: one that a reply opens by a day of its own is of that reply.
    pub(super) newest: Option<Date>,
    /// The answers that are wanted.
    pub(super) wanted: &'a [BlockId],
    /// What was asked already.
    pub(super) passed: &'a BTreeSet<Target>,
}

impl<'a> Scene<'a> {
    pub(super) fn fact(&self, id: FactId) -> Option<&'a Fact> {
        self.subject.catalog.fact(id)
    }

    /// What to ask so that a slot is no longer open; nothing where one question cannot ask for it.
    pub(super) fn targets(&self, slot: SlotId, inputs: &Inputs) -> Vec<Target> {
        let Some(slot) = self.subject.lowered.plan.slot(slot) else { return Vec::new() };
        match slot.source {
            SlotSource::Judgement(at) => vec![Target::Judgement(at)],
            SlotSource::Course { therapy, part } => self.of_course(therapy, part, inputs),
            SlotSource::Fact { fact, when, part } => {
                let controlling = self.fact(fact).and_then(|fact| fact.applies_when.as_ref()).map(|rule| rule.fact);
                let first = controlling.and_then(|fact| self.of_fact(fact, Time::Undated, Part::Value));
                let first = first.filter(|target| !self.passed.contains(target));
                first.or_else(|| self.of_fact(fact, when, part)).into_iter().collect()
            }
            // What a treatment counts as is dated in the evidence, and a word of a course is read from it.
            SlotSource::Status(_) | SlotSource::Word(_) => Vec::new(),
        }
    }

    fn of_fact(&self, id: FactId, when: Time, part: Part) -> Option<Target> {
        let fact = self.fact(id)?;
        if when == Time::Undated {
            let entries = self.record.undated.iter().filter(|entry| entry.fact == id);
            return (!is_answered(entries)).then_some(Target::Undated(id));
        }
        if self.wants_baseline_first() {
            return Some(Target::BaselineDay);
        }
        let lacks_limit = |day: &Date| {
            let mut valued = self.on(id, *day).filter(|entry| !matches!(entry.given, Given::Missing)).peekable();
            valued.peek().is_some() && valued.all(|entry| entry.upper_limit.is_none())
        };
        let limited = matches!(part, Part::Multiple | Part::UpperLimit);
        let lacking = |day: Date| {
            if !is_answered(self.on(id, day)) {
                return Some(Target::OnDay(id, day));
            }
            let days = [Some(day), self.first.filter(|_| when == Time::Since)];
            let day = days.into_iter().flatten().find(lacks_limit).filter(|_| limited)?;
            Some(Target::UpperLimit(id, day))
        };
        self.days(fact, when).into_iter().filter_map(lacking).find(|target| !self.passed.contains(target))
    }

    /// Changes are counted from a visit that the record does not have.
    fn wants_baseline_first(&self) -> bool {
        let counted =
            |source: &SlotSource| matches!(source, SlotSource::Fact { when: Time::Baseline | Time::Since, .. });
        let unknown = self.first.is_none() && self.record.visits.is_empty();
        unknown
            && !matches!(self.baseline, Baseline::Course(_))
            && !self.passed.contains(&Target::BaselineDay)
            && self.subject.lowered.plan.slots.iter().any(|slot| counted(&slot.source))
    }

    /// The days for which a fact is asked.
    fn days(&self, fact: &Fact, when: Time) -> Vec<Date> {
        let as_of = self.record.as_of;
        let newest = self.newest.unwrap_or(as_of);
        match when {
            Time::Undated => Vec::new(),
            Time::Baseline => self.first.into_iter().collect(),
            Time::Since => {
                let later = |first: Date| [newest, as_of].into_iter().find(|day| *day > first);
                self.first.and_then(later).into_iter().collect()
            }
            Time::Latest { within } => {
                let since = |period: Option<Period>| period.and_then(|period| as_of.minus(period).ok());
                let is_fresh =
                    [within, fact.valid_for].into_iter().all(|period| since(period).is_none_or(|at| newest >= at));
                vec![if is_fresh { newest } else { as_of }]
            }
            Time::Ever | Time::Highest | Time::Lowest => {
                let earlier = self.record.visits.iter().rev().map(|visit| visit.date).filter(|day| *day < newest);
                std::iter::once(newest).chain(earlier).collect()
            }
        }
    }

    /// When the guideline reads a fact.
    fn times(&self, id: FactId) -> impl Iterator<Item = Time> {
        let sources = self.subject.lowered.plan.slots.iter().map(|slot| slot.source);
        sources.filter_map(move |source| match source {
            SlotSource::Fact { fact, when, .. } => Some(when).filter(|_| fact == id),
            SlotSource::Judgement(_) | SlotSource::Course { .. } | SlotSource::Status(_) | SlotSource::Word(_) => None,
        })
    }

    /// A fact is asked as it was at the baseline visit.
    pub(super) fn is_at_baseline(&self, id: FactId, day: Date) -> bool {
        self.first == Some(day) && self.times(id).any(|when| when == Time::Baseline)
    }

    pub(super) fn on(&self, id: FactId, day: Date) -> impl Iterator<Item = &'a Entry> {
        let record: &'a Record = self.record;
        let visits = record.visits.iter().filter(move |visit| visit.date == day);
        visits.flat_map(|visit| &visit.entries).filter(move |entry| entry.fact == id)
    }

    fn of_course(&self, therapy: TherapyId, part: CoursePart, inputs: &Inputs) -> Vec<Target> {
        let Some(found) = inputs.courses.iter().find(|found| found.therapy == therapy) else { return Vec::new() };
        let needs = found.needs_of(part);
        let needs = if needs.is_empty() && part != CoursePart::Declined { vec![CourseNeed::Taken] } else { needs };
        needs.into_iter().filter_map(|need| self.of_need(therapy, need)).collect()
    }

    fn of_need(&self, therapy: TherapyId, need: CourseNeed) -> Option<Target> {
        match need {
            CourseNeed::Fact(fact) => {
                let recorded = self.fact(fact)?.recorded;
                let when = if recorded == RecordedIn::Visits { Time::Latest { within: None } } else { Time::Undated };
                self.of_fact(fact, when, Part::Value)
            }
            CourseNeed::Taken => {
                let complete = self.record.therapies.as_ref().is_some_and(|therapies| therapies.complete);
                (!complete).then_some(Target::Treatments)
            }
            CourseNeed::Declined => None,
            CourseNeed::Start
            | CourseNeed::Stop
            | CourseNeed::Dose
            | CourseNeed::Adherence
            | CourseNeed::Level
            | CourseNeed::Outcome
            | CourseNeed::StoppedFor
            | CourseNeed::DoseLimitedBy
            | CourseNeed::Given => Some(Target::Course(self.newest_entry(therapy, need)?, need)),
        }
    }

    /// The newest entry of a therapy, or of a part of it, that does not say what is needed.
    fn newest_entry(&self, therapy: TherapyId, need: CourseNeed) -> Option<usize> {
        let parts = &self.subject.guideline.therapy(therapy)?.parts;
        let courses = &self.record.therapies.as_ref()?.courses;
        let lacks = |entry: &crate::record::Therapy| match need {
            CourseNeed::Start => entry.start.is_none(),
            CourseNeed::Stop => entry.stop == crate::record::Stop::Unknown,
            CourseNeed::Dose => entry.doses.is_empty(),
            CourseNeed::Adherence => entry.adherence.is_none(),
            CourseNeed::Level => entry.level.is_none(),
            CourseNeed::Outcome => entry.outcome.is_none(),
            CourseNeed::StoppedFor => entry.stopped_for.is_none(),
            CourseNeed::DoseLimitedBy => entry.dose_limited_by.as_deref() != Some("intolerance"),
            CourseNeed::Given => entry.given.is_empty(),
            CourseNeed::Taken | CourseNeed::Declined | CourseNeed::Fact(_) => false,
        };
        let is_of = |entry: &crate::record::Therapy| entry.parts.iter().any(|(part, _)| parts.contains(part));
        courses.iter().rposition(|entry| is_of(entry) && lacks(entry))
    }

    /// The names by which a reply is given in a file, the usual one first.
    pub(super) fn keys(&self, target: Target) -> Vec<String> {
        let catalog = self.subject.catalog;
        let only = match target {
            Target::OnDay(id, day) => return self.keys_on(id, day, catalog.name(id)),
            Target::UpperLimit(id, day) => return self.keys_on(id, day, &format!("{} upper limit", catalog.name(id))),
            Target::AsOf => "as_of".to_owned(),
            Target::BaselineDay => "baseline".to_owned(),
            Target::Judgement(at) => self.judgement(at).to_owned(),
            Target::Undated(id) => catalog.name(id).to_owned(),
            Target::Treatments => "therapies".to_owned(),
            Target::Course(at, need) => {
                let key = explain::course_question(need, "").map_or("", |(key, _, _)| key);
                format!("{}.{key}", self.drug(at))
            }
        };
        vec![only]
    }

    /// A name alone is that of the newest day for which the guideline may ask for the fact.
    fn keys_on(&self, id: FactId, day: Date, name: &str) -> Vec<String> {
        let days = self.fact(id).into_iter().flat_map(|fact| self.times(id).flat_map(|when| self.days(fact, when)));
        let alone = days.max().is_none_or(|newest| day >= newest).then(|| name.to_owned());
        let at_baseline = (self.first == Some(day)).then(|| format!("{name} at baseline"));
        let pair = if self.is_at_baseline(id, day) { [at_baseline, alone] } else { [alone, at_baseline] };
        pair.into_iter().flatten().chain([format!("{name} on {day}")]).collect()
    }

    pub(super) fn judgement(&self, at: u32) -> &'a str {
        self.subject.guideline.judgements.get(at as usize).map_or("", String::as_str)
    }

    pub(super) fn drug(&self, at: usize) -> &'a str {
        let courses = self.record.therapies.as_ref().and_then(|therapies| therapies.courses.get(at));
        courses.map_or("", |entry| entry.drug.value.as_str())
    }

    /// The question in words.
    pub(super) fn question(&self, target: Target) -> String {
        let label = |id: FactId| self.fact(id).map_or_else(String::new, |fact| fact.label.clone());
        match target {
            Target::AsOf => "Of which day does the record speak?".to_owned(),
            Target::BaselineDay => "On which day was the visit from which changes are counted?".to_owned(),
            Target::Judgement(at) => {
                let name = self.judgement(at);
                self.subject.guideline.find(name).map_or_else(|| name.replace('_', " "), |block| block.title.clone())
            }
            Target::Undated(id) => self.fact(id).map_or_else(String::new, |fact| fact.question.clone()),
            Target::OnDay(id, day) => {
                let question = self.fact(id).map_or_else(String::new, |fact| fact.question.clone());
                format!("{question} ({})", self.when(id, day))
            }
            Target::UpperLimit(id, day) => {
                format!("What is the laboratory's upper limit of the {}? ({})", label(id), self.when(id, day))
            }
            Target::Treatments => match self.record.therapies.as_ref().map_or(0, |all| all.courses.len()) {
                0 => "Which treatments has the patient had for the disease? One at a time.".to_owned(),
                _ => "Which other treatment has the patient had?".to_owned(),
            },
            Target::Course(at, need) => {
                let drug = self.drug(at).replace('_', " ");
                explain::course_question(need, &drug).map_or_else(String::new, |(_, question, _)| question)
            }
        }
    }

    fn when(&self, id: FactId, date: Date) -> String {
        if self.is_at_baseline(id, date) {
            return format!("at the baseline visit of {}", day(date));
        }
        let visited = self.record.visits.iter().any(|visit| visit.date == date);
        if visited { format!("at the visit of {}", day(date)) } else { format!("on {}", day(date)) }
    }

    /// What it costs the patient to find out, and whether the dictionary says what is usual.
    pub(super) fn burden(&self, target: Target) -> (Burden, bool) {
        match target {
            Target::Undated(id) | Target::OnDay(id, _) | Target::UpperLimit(id, _) => {
                self.fact(id).map_or((Burden::History, false), |fact| (fact.burden, fact.presume.is_some()))
            }
            Target::Course(_, need) => {
                (explain::course_question(need, "").map_or(Burden::History, |(_, _, burden)| burden), false)
            }
            Target::AsOf | Target::BaselineDay | Target::Judgement(_) | Target::Treatments => (Burden::History, false),
        }
    }

    /// The facts that an empty visit would say were not measured, though nobody was asked: those of the plan for which
    /// the dictionary takes silence for that.
    pub(super) fn silent_facts(&self) -> BTreeSet<FactId> {
        let sources = self.subject.lowered.plan.slots.iter().map(|slot| slot.source);
        let facts = sources.filter_map(|source| match source {
            SlotSource::Fact { fact, .. } => Some(fact),
            SlotSource::Judgement(_) | SlotSource::Course { .. } | SlotSource::Status(_) | SlotSource::Word(_) => None,
        });
        let by_silence = |id: &FactId| {
            let means = self.fact(*id).and_then(|fact| fact.absent_means);
            means == Some(crate::catalog::AbsentMeans::NotMeasured)
        };
        facts.filter(by_silence).collect()
    }
}

/// A value was given, or it was said why there is none.
fn is_answered<'e>(entries: impl Iterator<Item = &'e Entry>) -> bool {
    let mut said = entries.filter(|entry| {
        !matches!(entry.given, Given::Missing) || matches!(entry.reason, Reason::Refused | Reason::NotMeasured)
    });
    said.next().is_some()
}

/// A fact can be answered with *not done*.
pub(super) fn may_be_not_done(fact: &Fact) -> bool {
    fact.kind.position(FactKind::NOT_DONE).is_some()
}
