//! What of a record an answer can look at.

use std::collections::BTreeSet;

use super::Patient;
use super::said::{self, Said};
use crate::catalog::{Catalog, Derivation, FactId, Moment, TreatmentId};
use crate::eval::{Asking, Baseline, Subject};
use crate::plan::{CoursePart, Plan, SlotId, SlotSource};
use crate::record::Record;
use crate::value::Number;

/// Doses by weight and by body surface are worked out with these facts of the dictionary.
const OF_THE_BODY: [&str; 2] = ["weight", "height"];

/// What of a record an answer can look at: found in the plan, so nothing is tried for it.
#[derive(Debug, Default)]
pub(super) struct Reach {
    facts: BTreeSet<FactId>,
    treatments: BTreeSet<TreatmentId>,
    judgements: BTreeSet<u32>,
    declined: bool,
}

impl Reach {
    /// Of one answer, and of whom the guideline covers.
    pub(super) fn of(subject: Subject<'_>, asking: Asking) -> Reach {
        let lowered = subject.lowered;
        let own = match asking {
            Asking::Block(block) => lowered.slice(block),
            Asking::Item(item) => lowered.items.get(&item).map(|item| item.slice.as_ref()),
        };
        let covers = subject.guideline.covers.and_then(|block| lowered.slice(block));
        let mut reach = Reach::default();
        for slice in own.into_iter().chain(covers) {
            slice.slots.iter().for_each(|slot| reach.slot(subject, &lowered.plan, *slot));
        }
        reach.close(subject.catalog);
        reach
    }

    fn slot(&mut self, subject: Subject<'_>, plan: &Plan, slot: SlotId) {
        match plan.slot(slot).map(|slot| slot.source) {
            Some(SlotSource::Fact { fact, .. }) => {
                self.facts.insert(fact);
            }
            Some(SlotSource::Judgement(at)) => {
                self.judgements.insert(at);
            }
            Some(SlotSource::Course { therapy, part }) => {
                self.declined |= part == CoursePart::Declined;
                let parts = subject.guideline.therapy(therapy).map(|therapy| &therapy.parts);
                self.treatments.extend(parts.into_iter().flatten().copied());
                self.courses(subject);
            }
            Some(SlotSource::Status(_) | SlotSource::Word(_)) | None => {}
        }
    }

    /// What the rules of `course` look at.
    fn courses(&mut self, subject: Subject<'_>) {
        if let Some(course) = subject.lowered.course.as_deref() {
            let facts = course.lowered.plan.slots.iter().filter_map(|slot| match slot.source {
                SlotSource::Fact { fact, .. } => Some(fact),
                SlotSource::Judgement(_) | SlotSource::Course { .. } | SlotSource::Status(_) | SlotSource::Word(_) => {
                    None
                }
            });
            self.facts.extend(facts);
            self.facts.extend(OF_THE_BODY.iter().filter_map(|name| subject.catalog.find(name)));
        }
    }

    /// The facts that decide whether these apply, and those they are worked out from.
    fn close(&mut self, catalog: &Catalog) {
        let mut open: Vec<FactId> = std::mem::take(&mut self.facts).into_iter().collect();
        while let Some(id) = open.pop() {
            let Some(fact) = catalog.fact(id).filter(|_| self.facts.insert(id)) else { continue };
            open.extend(fact.applies_when.as_ref().map(|rule| rule.fact));
            let moments = match fact.derived {
                Some(Derivation::AgeAt(at)) => {
                    // An age at a past moment is not above that of today.
                    open.extend(age_today(catalog));
                    vec![at]
                }
                Some(Derivation::YearsBetween(from, to) | Derivation::MonthsBetween(from, to)) => vec![from, to],
                None => Vec::new(),
            };
            open.extend(moments.into_iter().filter_map(|moment| match moment {
                Moment::Fact(fact) => Some(fact),
                Moment::AsOf => None,
            }));
        }
    }

    /// The treatments that the answer can look at.
    pub(super) fn treatments(&self) -> impl Iterator<Item = TreatmentId> {
        self.treatments.iter().copied()
    }

    /// The answer can look at it.
    pub(super) fn concerns(&self, said: Said, patient: &Patient<'_>) -> bool {
        let record = patient.record;
        let has_one = |parts: &[(TreatmentId, Number)]| parts.iter().any(|(part, _)| self.treatments.contains(part));
        match said {
            Said::Born => true,
            Said::Undated(_) | Said::AtVisit(..) | Said::NotDone(_) | Said::NotMeasured(..) => {
                said.fact(record).is_some_and(|fact| self.facts.contains(&fact))
            }
            Said::Therapy(at) => {
                let course = record.therapies.as_ref().and_then(|therapies| therapies.courses.get(at));
                course.is_some_and(|course| has_one(&course.parts))
            }
            Said::Declined(at) => {
                let declined = record.declined.as_ref().and_then(|declined| declined.get(at));
                self.declined && declined.is_some_and(|declined| has_one(&declined.parts))
            }
            Said::Judgement(at) => record.judgements.get(at).is_some_and(|(name, _)| {
                let place = patient.subject.guideline.judgements.iter().position(|known| *known == name.value);
                place.and_then(|at| u32::try_from(at).ok()).is_some_and(|at| self.judgements.contains(&at))
            }),
            Said::NothingElseTaken => !self.treatments.is_empty(),
            Said::NothingElseDeclined => self.declined,
        }
    }
}

fn age_today(catalog: &Catalog) -> Option<FactId> {
    catalog.facts().find(|(_, fact)| fact.derived == Some(Derivation::AgeAt(Moment::AsOf))).map(|(id, _)| id)
}

/// Everything that a record says, what is forgotten first first. The course that makes a visit the baseline stays: to
/// forget it would be to ask another question.
pub(super) fn everything(patient: &Patient<'_>) -> Vec<Said> {
    let Patient { subject, record, baseline, .. } = *patient;
    let facts: BTreeSet<FactId> = {
        let named = record.undated.iter().chain(record.visits.iter().flat_map(|visit| &visit.entries));
        let mut reach = Reach { facts: subject.guideline.facts(), ..Reach::default() };
        reach.courses(subject);
        reach.close(subject.catalog);
        named.map(|entry| entry.fact).chain(reach.facts).collect()
    };
    let mut all = said::all(subject, record, &facts);
    if let Baseline::Course(drug) = baseline {
        all.retain(|one| !is_of(record, *one, drug));
    }
    all
}

fn is_of(record: &Record, said: Said, drug: TreatmentId) -> bool {
    let Said::Therapy(at) = said else { return false };
    let course = record.therapies.as_ref().and_then(|therapies| therapies.courses.get(at));
    course.is_some_and(|course| course.parts.iter().any(|(part, _)| *part == drug))
}
