//! What a record says, piece by piece, and the record without some of it.
//!
//! To forget is to leave every value possible, and not to say that there is none: a value becomes `unknown` where it
//! stands, an examination that silence takes for *not done* may have been done, and a list of treatments is no longer
//! complete for the treatment of an entry that is forgotten.

use std::collections::BTreeSet;

use crate::catalog::{AbsentMeans, Burden, Catalog, FactId, RecordedIn, TreatmentId};
use crate::eval::Subject;
use crate::model::Time;
use crate::plan::{Slot, SlotSource};
use crate::record::{Entry, Given, Record};
use crate::source::Span;
use crate::value::{Reason, Truth};

/// One thing that a record says, in words or by silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// The date of birth.
    Born,
    /// An undated fact, by its place.
    Undated(usize),
    /// A fact of a visit: the visit, then the entry.
    AtVisit(usize, usize),
    /// An entry of the list of therapies.
    Therapy(usize),
    /// What was declined.
    Declined(usize),
    /// A judgement.
    Judgement(usize),
    /// By silence: an undated fact that is not named, which means *not done*.
    NotDone(FactId),
    /// By silence: a visit does not name a fact, which means *not measured*.
    NotMeasured(usize, FactId),
    /// By silence: nothing else was taken.
    NothingElseTaken,
    /// By silence: nothing else was declined.
    NothingElseDeclined,
}

impl Said {
    /// It is not written in the record: it follows from what the record leaves out.
    pub fn is_silence(self) -> bool {
        match self {
            Said::NotDone(_) | Said::NotMeasured(..) | Said::NothingElseTaken | Said::NothingElseDeclined => true,
            Said::Born
            | Said::Undated(_)
            | Said::AtVisit(..)
            | Said::Therapy(_)
            | Said::Declined(_)
            | Said::Judgement(_) => false,
        }
    }

    /// The fact it is about.
    pub fn fact(self, record: &Record) -> Option<FactId> {
        match self {
            Said::Undated(_) | Said::AtVisit(..) => self.entry(record).map(|entry| entry.fact),
            Said::NotDone(fact) | Said::NotMeasured(_, fact) => Some(fact),
            Said::Born
            | Said::Therapy(_)
            | Said::Declined(_)
            | Said::Judgement(_)
            | Said::NothingElseTaken
            | Said::NothingElseDeclined => None,
        }
    }

    /// The entry of the record, where it is one of a fact.
    pub fn entry(self, record: &Record) -> Option<&Entry> {
        match self {
            Said::Undated(at) => record.undated.get(at),
            Said::AtVisit(visit, at) => record.visits.get(visit)?.entries.get(at),
            Said::Born
            | Said::Therapy(_)
            | Said::Declined(_)
            | Said::Judgement(_)
            | Said::NotDone(_)
            | Said::NotMeasured(..)
            | Said::NothingElseTaken
            | Said::NothingElseDeclined => None,
        }
    }

    /// Where it is written.
    pub fn span(self, record: &Record) -> Option<Span> {
        match self {
            Said::Undated(_) | Said::AtVisit(..) => self.entry(record).map(|entry| entry.span),
            Said::Therapy(at) => record.therapies.as_ref()?.courses.get(at).map(|course| course.span),
            Said::Declined(at) => record.declined.as_ref()?.get(at).map(|declined| declined.drug.span),
            Said::Judgement(at) => record.judgements.get(at).map(|(name, _)| name.span),
            Said::Born
            | Said::NotDone(_)
            | Said::NotMeasured(..)
            | Said::NothingElseTaken
            | Said::NothingElseDeclined => None,
        }
    }

    /// What is forgotten first comes first: what only silence says, then what costs the patient most to find out; of
    /// equal burden what stands in visits, the oldest first, then the treatments, then what has no date, and who the
    /// patient is last.
    fn order(self, record: &Record, catalog: &Catalog) -> (u8, u8, u8, Said) {
        let fact = self.fact(record).and_then(|fact| catalog.fact(fact));
        let burden = match fact.map_or(Burden::History, |fact| fact.burden) {
            Burden::Biopsy => 0,
            Burden::Imaging => 1,
            Burden::BloodTest => 2,
            Burden::History => 3,
        };
        let place =
            match self {
                Said::NotMeasured(..) | Said::AtVisit(..) => 0,
                Said::NothingElseDeclined | Said::Declined(_) => 1,
                Said::NothingElseTaken | Said::Therapy(_) => 2,
                Said::Judgement(_) => 3,
                Said::NotDone(_) | Said::Undated(_) => {
                    if fact.is_some_and(|fact| fact.recorded == RecordedIn::Patient) { 5 } else { 4 }
                }
                Said::Born => 5,
            };
        (u8::from(!self.is_silence()), burden, place, self)
    }
}

/// Everything that a record says of some facts, of the treatments and the judgements, what is forgotten first first.
pub fn all(subject: Subject<'_>, record: &Record, facts: &BTreeSet<FactId>) -> Vec<Said> {
    let catalog = subject.catalog;
    let means = |fact: &FactId| catalog.fact(*fact).and_then(|fact| fact.absent_means);
    let mut said: Vec<Said> = record.born.map(|_| Said::Born).into_iter().collect();
    let undated = record.undated.iter().enumerate().filter(|(_, entry)| says(entry));
    said.extend(undated.map(|(at, _)| Said::Undated(at)));
    let named = |entries: &[Entry], fact: FactId| entries.iter().any(|entry| entry.fact == fact);
    let not_done = |fact: &&FactId| means(fact) == Some(AbsentMeans::NotDone) && !named(&record.undated, **fact);
    let undated_fact = |fact: &&FactId| {
        catalog.fact(**fact).is_some_and(|fact| matches!(fact.recorded, RecordedIn::Facts | RecordedIn::Patient))
    };
    said.extend(facts.iter().filter(undated_fact).filter(not_done).map(|fact| Said::NotDone(*fact)));
    let recent = must_be_recent(subject);
    for (at, visit) in record.visits.iter().enumerate() {
        let entries = visit.entries.iter().enumerate().filter(|(_, entry)| says(entry));
        said.extend(entries.map(|(entry, _)| Said::AtVisit(at, entry)));
        let silent = facts.iter().filter(|fact| means(fact).is_some() && !named(&visit.entries, **fact));
        // After a visit with a value, one without it says no more than that the value is still the latest; of what must be
        // recent it says that it was not measured.
        let before = record.visits.get(..at).unwrap_or_default();
        let first = |fact: &&FactId| {
            let is_first = visit.baseline || !before.iter().any(|visit| named(&visit.entries, **fact));
            is_first || recent.contains(fact)
        };
        let dated = silent.filter(|fact| !undated_fact(fact)).filter(first);
        said.extend(dated.map(|fact| Said::NotMeasured(at, *fact)));
    }
    if let Some(therapies) = &record.therapies {
        said.extend((0..therapies.courses.len()).map(Said::Therapy));
        said.extend(therapies.complete.then_some(Said::NothingElseTaken));
    }
    if let Some(declined) = &record.declined {
        said.extend((0..declined.len()).map(Said::Declined));
        said.push(Said::NothingElseDeclined);
    }
    let judged = record.judgements.iter().enumerate().filter(|(_, (_, truth))| truth.settled().is_some());
    said.extend(judged.map(|(at, _)| Said::Judgement(at)));
    said.sort_by_key(|one| one.order(record, catalog));
    said
}

/// The facts of which an old value is none, by the dictionary or by `within`.
fn must_be_recent(subject: Subject<'_>) -> BTreeSet<FactId> {
    let of_course = subject.lowered.course.as_deref().map(|course| &course.lowered.plan);
    let slots = std::iter::once(&subject.lowered.plan).chain(of_course).flat_map(|plan| &plan.slots);
    let grows_old = |slot: &Slot| match slot.source {
        SlotSource::Fact { fact, when: Time::Latest { within }, .. } => {
            let valid_for = subject.catalog.fact(fact).and_then(|fact| fact.valid_for);
            within.or(valid_for).map(|_| fact)
        }
        SlotSource::Fact { .. }
        | SlotSource::Judgement(_)
        | SlotSource::Course { .. }
        | SlotSource::Status(_)
        | SlotSource::Word(_) => None,
    };
    slots.filter_map(grows_old).collect()
}

/// An entry that says something of its fact.
fn says(entry: &Entry) -> bool {
    entry.given != Given::Missing || matches!(entry.reason, Reason::NotMeasured | Reason::NotDone)
}

/// The record of which some things are not known.
pub fn without(record: &Record, catalog: &Catalog, forgotten: &BTreeSet<Said>) -> Record {
    let mut left = record.clone();
    for one in forgotten {
        match *one {
            Said::Born => left.born = None,
            Said::Undated(at) => left.undated.get_mut(at).into_iter().for_each(forget),
            Said::AtVisit(visit, at) => {
                left.visits.get_mut(visit).and_then(|visit| visit.entries.get_mut(at)).into_iter().for_each(forget);
            }
            Said::Judgement(at) => {
                left.judgements.get_mut(at).into_iter().for_each(|(_, truth)| *truth = Truth::EITHER);
            }
            Said::NotDone(fact) => left.undated.push(unknown(fact, record)),
            Said::NotMeasured(visit, fact) => {
                if let Some(visit) = left.visits.get_mut(visit) {
                    visit.entries.push(unknown(fact, record));
                }
            }
            Said::NothingElseTaken => {
                left.therapies.iter_mut().for_each(|therapies| therapies.complete = false);
            }
            Said::NothingElseDeclined => left.forgotten.any_declined = true,
            Said::Therapy(_) | Said::Declined(_) => {}
        }
    }
    // What has no value and stands in no visit is as if it were not there: another fact may say that it has none.
    let plain = |fact: FactId| catalog.fact(fact).is_some_and(|fact| fact.absent_means.is_none());
    let gone = |at: usize| forgotten.contains(&Said::Undated(at));
    let mut at = 0;
    left.undated.retain(|entry| {
        at += 1;
        !(gone(at - 1) && plain(entry.fact))
    });
    forget_treatments(&mut left, forgotten);
    left
}

/// Takes the entries of treatments out that are forgotten, and with them that their lists are complete.
fn forget_treatments(left: &mut Record, forgotten: &BTreeSet<Said>) {
    let together =
        |parts: &[(TreatmentId, crate::value::Number)]| parts.iter().map(|(part, _)| *part).collect::<BTreeSet<_>>();
    if let Some(therapies) = &mut left.therapies {
        let courses = std::mem::take(&mut therapies.courses);
        for (at, course) in courses.into_iter().enumerate() {
            if forgotten.contains(&Said::Therapy(at)) {
                left.forgotten.taken.extend(together(&course.parts));
            } else {
                therapies.courses.push(course);
            }
        }
    }
    if let Some(list) = &mut left.declined {
        let declined = std::mem::take(list);
        for (at, one) in declined.into_iter().enumerate() {
            if forgotten.contains(&Said::Declined(at)) {
                left.forgotten.declined.push(together(&one.parts));
            } else {
                list.push(one);
            }
        }
    }
}

fn forget(entry: &mut Entry) {
    *entry = Entry { known_since: entry.known_since, span: entry.span, ..missing(entry.fact, entry.span) };
}

/// A fact that is not named is named as unknown.
fn unknown(fact: FactId, record: &Record) -> Entry {
    missing(fact, Span { end: record.span.start, ..record.span })
}

fn missing(fact: FactId, span: Span) -> Entry {
    Entry {
        fact,
        given: Given::Missing,
        reason: Reason::NotRecorded,
        known_since: None,
        upper_limit: None,
        scale: None,
        written: "unknown".to_owned(),
        span,
    }
}
