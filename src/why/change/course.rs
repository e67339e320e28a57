//! What a change can make of the treatments of a record.

use super::super::Patient;
use super::super::reach::Reach;
use super::super::said::Said;
use super::super::words;
use crate::catalog::TreatmentId;
use crate::model::{BlockKind, CourseRule, FairTrialRow};
use crate::record::{Declined, Dose, Outcome, Record, Stop, StopReason, Therapies, Therapy};
use crate::source::{Span, Spanned};
use crate::value::{DateRange, Number, Period, PeriodUnit};

/// So long ago begins a course that is long enough for every rule.
const LONG: Period = Period { count: 2, unit: PeriodUnit::Year };
/// So long ago begins one that cannot be judged yet.
const SHORT: Period = Period { count: 1, unit: PeriodUnit::Week };

/// One change of what is recorded of treatments.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    /// An entry is not there.
    Remove(Said),
    /// An entry of the list of therapies is another.
    Replace(usize, Box<Therapy>),
    /// There is one more, and no other that is not recorded.
    Add(Box<Therapy>),
    /// There is no other that is not recorded.
    NothingElse,
    /// One more treatment was declined.
    Decline(Declined),
}

impl Edit {
    /// Puts it in, but for what it takes out.
    pub(super) fn put(&self, record: &mut Record) {
        match self {
            Edit::Remove(_) => {}
            Edit::Replace(at, course) => {
                let courses = record.therapies.iter_mut().flat_map(|therapies| &mut therapies.courses);
                courses.skip(*at).take(1).for_each(|entry| *entry = (**course).clone());
            }
            Edit::Add(course) => complete(record).courses.push((**course).clone()),
            Edit::NothingElse => {
                complete(record);
            }
            Edit::Decline(declined) => record.declined.iter_mut().for_each(|list| list.push(declined.clone())),
        }
    }

    /// The entry that it takes out.
    pub(super) fn removes(&self) -> Option<Said> {
        match self {
            Edit::Remove(said) => Some(*said),
            Edit::Replace(..) | Edit::Add(_) | Edit::NothingElse | Edit::Decline(_) => None,
        }
    }

    /// In words: of which treatment that is not recorded, by name and label, and what it would be.
    pub(super) fn told(&self, patient: &Patient<'_>) -> (Option<(String, String)>, String) {
        let of = |drug: &Spanned<String>, parts: &[(TreatmentId, Number)]| {
            Some((drug.value.clone(), words::label(patient, &drug.value, parts)))
        };
        match self {
            Edit::Remove(Said::Declined(_)) => (None, "not declined".to_owned()),
            Edit::Remove(_) => (None, "never taken".to_owned()),
            Edit::Replace(_, course) => (None, words::course_in_words(course)),
            Edit::Add(course) => (of(&course.drug, &course.parts), words::course_in_words(course)),
            Edit::NothingElse => (None, "nothing else taken".to_owned()),
            Edit::Decline(declined) => (of(&declined.drug, &declined.parts), "declined".to_owned()),
        }
    }
}

/// The list of therapies, now that it is complete.
fn complete(record: &mut Record) -> &mut Therapies {
    let therapies = record.therapies.get_or_insert(Therapies { complete: true, courses: Vec::new() });
    therapies.complete = true;
    therapies
}

/// What may be filled in where the list of therapies is not complete.
pub(super) fn missing(patient: &Patient<'_>, reach: &Reach) -> Vec<Edit> {
    std::iter::once(Edit::NothingElse).chain(edits(patient, reach, Said::NothingElseTaken)).collect()
}

/// What may become of something that is recorded of treatments.
pub(super) fn edits(patient: &Patient<'_>, reach: &Reach, said: Said) -> Vec<Edit> {
    let record = patient.record;
    match said {
        Said::Therapy(at) => {
            let course = record.therapies.as_ref().and_then(|therapies| therapies.courses.get(at));
            course.map(|course| otherwise(patient, at, course)).unwrap_or_default()
        }
        Said::Declined(_) => vec![Edit::Remove(said)],
        Said::NothingElseTaken => new_drugs(patient, reach)
            .flat_map(|drug| courses_of(patient, drug))
            .map(|course| Edit::Add(Box::new(course)))
            .collect(),
        Said::NothingElseDeclined => reach
            .treatments()
            .map(|drug| {
                let drug_name = patient.subject.catalog.treatment_name(drug).to_owned();
                let drug_name = Spanned::new(drug_name, nowhere(record));
                Edit::Decline(Declined { drug: drug_name, parts: vec![(drug, Number::ONE)], date: Some(record.as_of) })
            })
            .collect(),
        Said::Born
        | Said::Undated(_)
        | Said::AtVisit(..)
        | Said::Judgement(_)
        | Said::NotDone(_)
        | Said::NotMeasured(..) => Vec::new(),
    }
}

/// A course with another end or outcome, then with a dose and a length that are enough, then none at all.
fn otherwise(patient: &Patient<'_>, at: usize, course: &Therapy) -> Vec<Edit> {
    let today = DateRange::exact(patient.record.as_of);
    let mut found: Vec<Therapy> = Vec::new();
    for (_, outcome) in Outcome::WORDS {
        found.push(Therapy { outcome: Some(outcome), outcome_on: None, ..course.clone() });
    }
    let ended = |reason| {
        let stop = if course.stop == Stop::Runs { Stop::On(today) } else { course.stop };
        Therapy { stop, stopped_for: Some(reason), ..course.clone() }
    };
    found.extend([StopReason::Intolerance, StopReason::Inefficacy, StopReason::Other].map(ended));
    found.push(Therapy { stop: Stop::Runs, stopped_for: None, ..course.clone() });
    if let [(drug, _)] = course.parts.as_slice() {
        found.extend(courses_of(patient, *drug).into_iter().map(|new| Therapy { drug: course.drug.clone(), ..new }));
    }
    found.retain(|new| new != course);
    let replaced = found.into_iter().map(|course| Edit::Replace(at, Box::new(course)));
    replaced.chain([Edit::Remove(Said::Therapy(at))]).collect()
}

/// The treatments that the answer looks at and that were never taken.
fn new_drugs<'a>(patient: &Patient<'a>, reach: &'a Reach) -> impl Iterator<Item = TreatmentId> + 'a {
    let record = patient.record;
    let taken = |drug: TreatmentId| {
        let courses = record.therapies.iter().flat_map(|therapies| &therapies.courses);
        courses.flat_map(|course| &course.parts).any(|(part, _)| *part == drug)
    };
    reach.treatments().filter(move |drug| !taken(*drug))
}

/// Courses of a drug that are as different as may be: a fair trial without an effect, one that worked, one that was not
/// tolerated, one that was just begun.
fn courses_of(patient: &Patient<'_>, drug: TreatmentId) -> Vec<Therapy> {
    let record = patient.record;
    let span = nowhere(record);
    let begun = |ago: Period| record.as_of.minus(ago).ok().map(DateRange::exact);
    let row = fair_trial(patient, drug);
    let floor = row.and_then(|row| row.dose).map(|(dose, _)| Dose { from: None, dose: Spanned::new(dose, span) });
    let name = patient.subject.catalog.treatment_name(drug).to_owned();
    let course = Therapy {
        drug: Spanned::new(name, span),
        parts: vec![(drug, Number::ONE)],
        start: begun(LONG),
        stop: Stop::Runs,
        doses: floor.into_iter().collect(),
        given: Vec::new(),
        adherence: Some(Number::whole(100)),
        level: row.and_then(|row| row.level).map(|level| Spanned::new(level, span)),
        outcome: None,
        outcome_on: None,
        outcome_is_open: false,
        dose_limited_by: Some(Therapy::NOTHING.to_owned()),
        stopped_for: None,
        span,
    };
    let with = |outcome| Therapy { outcome: Some(outcome), ..course.clone() };
    let not_tolerated = Therapy {
        stop: Stop::On(DateRange::exact(record.as_of)),
        stopped_for: Some(StopReason::Intolerance),
        ..course.clone()
    };
    let just_begun = Therapy { start: begun(SHORT), ..course.clone() };
    vec![with(Outcome::NoResponse), with(Outcome::Response), not_tolerated, just_begun]
}

/// The row of the rules that says what a fair trial of a drug is.
fn fair_trial<'a>(patient: &Patient<'a>, drug: TreatmentId) -> Option<&'a FairTrialRow> {
    let guideline = patient.subject.guideline;
    let rows = guideline.blocks.iter().filter_map(|block| {
        if let BlockKind::Course(CourseRule::FairTrial(rows)) = &block.kind { Some(rows) } else { None }
    });
    let alone = |row: &&FairTrialRow| {
        row.therapies.iter().any(|id| guideline.therapy(*id).is_some_and(|therapy| *therapy.parts == [drug]))
    };
    rows.flatten().find(alone)
}

fn nowhere(record: &Record) -> Span {
    Span { end: record.span.start, ..record.span }
}
