//! With which values: facts of a change are narrowed until the answer is the wanted value.

use std::collections::BTreeSet;

use super::super::Patient;
use super::super::reach::Reach;
use super::super::said::Said;
use super::super::words::{self, Told};
use super::course::{self, Edit};
use super::setting::{self, Setting, To, applied};
use super::{Asker, Change, Changed, Kind, kind};
use crate::catalog::FactId;
use crate::eval::{Answer, Baseline, Held};
use crate::model::Time;
use crate::plan::{SlotId, SlotSource};
use crate::record::Record;
use crate::value::{Date, Truth};

/// How many facts that are not recorded are filled in at most.
const FILLED: usize = 8;

/// The change of these facts that gives the value, where there is one: evaluated as an ordinary record.
pub(super) fn change(asker: &mut Asker<'_>, reach: &Reach, open: &BTreeSet<Said>) -> Option<Change> {
    let patient = asker.patient;
    let settings: Option<Vec<Setting>> = open.iter().map(|said| opened(&patient, reach, *said)).collect();
    let mut settled = narrowed(asker, settings?, 0)?;
    // What was filled in and is not needed is left unknown.
    let mut at = 0;
    while at < settled.len() {
        let mut fewer = settled.clone();
        let one = fewer.remove(at);
        if one.said.is_none() && is_it(asker, &fewer) {
            settled = fewer;
        } else {
            at += 1;
        }
    }
    for at in 0..settled.len() {
        lessen(asker, &mut settled, at);
    }
    let record = applied(patient.record, patient.subject.catalog, &settled);
    let (changed, filled): (Vec<&Setting>, Vec<&Setting>) = settled.iter().partition(|setting| setting.said.is_some());
    let told = |settings: Vec<&Setting>| settings.into_iter().map(|setting| changed_to(&patient, setting)).collect();
    Some(Change { changed: told(changed), filled: told(filled), record })
}

/// Takes a number as near to what is recorded as it may be, as far as a number between comes out like those beyond it.
fn lessen(asker: &mut Asker<'_>, settled: &mut [Setting], at: usize) {
    let Patient { subject, record, .. } = asker.patient;
    let between = settled.get(at).map(|setting| setting.between(record, subject.catalog)).unwrap_or_default();
    let mut try_with = |setting: &Setting| {
        let mut other = settled.to_vec();
        other.iter_mut().skip(at).take(1).for_each(|place| *place = setting.clone());
        is_it(asker, &other)
    };
    // So many from the first on come out.
    let (mut can, mut cannot) = (0, between.len() + 1);
    while cannot - can > 1 {
        let half = usize::midpoint(can, cannot);
        if between.get(half - 1).is_some_and(&mut try_with) {
            can = half;
        } else {
            cannot = half;
        }
    }
    if let (Some(best), Some(place)) = (can.checked_sub(1).and_then(|last| between.get(last)), settled.get_mut(at)) {
        *place = best.clone();
    }
}

/// Something that is recorded, with every value it could have.
fn opened(patient: &Patient<'_>, reach: &Reach, said: Said) -> Option<Setting> {
    let catalog = patient.subject.catalog;
    let to = match said {
        Said::Undated(_) | Said::AtVisit(..) | Said::NotDone(_) | Said::NotMeasured(..) => {
            let fact = said.fact(patient.record)?;
            let visit =
                if let Said::AtVisit(visit, _) | Said::NotMeasured(visit, _) = said { Some(visit) } else { None };
            let scale = said.entry(patient.record).and_then(|entry| entry.scale);
            To::Fact { fact, visit, held: setting::everything(catalog.fact(fact)?, scale)? }
        }
        Said::Judgement(at) => {
            let (name, _) = patient.record.judgements.get(at)?;
            To::Judgement { name: name.value.clone(), truth: Truth::EITHER }
        }
        Said::Therapy(_) | Said::Declined(_) | Said::NothingElseTaken | Said::NothingElseDeclined => {
            To::Treatment(course::edits(patient, reach, said))
        }
        Said::Born => return None,
    };
    Some(Setting::new(Some(said), to))
}

/// The answer is the value, and nothing of it is what no patient has.
fn is_it(asker: &mut Asker<'_>, settings: &[Setting]) -> bool {
    let record = applied(asker.patient.record, asker.patient.subject.catalog, settings);
    let answer = asker.answer(&record);
    asker.value.is_certain(&answer) && asker.may_be(&record)
}

/// Narrows facts until the answer is the value, going back from what makes it impossible; each has one value then.
fn narrowed(asker: &mut Asker<'_>, settings: Vec<Setting>, filled: usize) -> Option<Vec<Setting>> {
    let Patient { subject, record, .. } = asker.patient;
    if asker.is_exhausted() {
        return None;
    }
    let answer = asker.answer(&applied(record, subject.catalog, &settings));
    let left_open = settings.iter().any(|setting| matches!(setting.to, To::Treatment(_)) && !setting.is_settled());
    if asker.value.is_certain(&answer) && !left_open {
        let settled: Vec<Setting> = settings.iter().map(|setting| setting.settled(record, subject.catalog)).collect();
        if is_it(asker, &settled) {
            return Some(settled);
        }
    }
    if !asker.value.is_possible(&answer) {
        return None;
    }
    let plan = &subject.lowered.plan;
    for at in 0..settings.len() {
        let parts = settings.get(at).map(|setting| setting.parts(record, subject.catalog, plan)).unwrap_or_default();
        if !parts.is_empty() {
            return first(asker, &settings, at, parts, filled);
        }
    }
    if filled < FILLED
        && let Some(fill) = next_to_fill(&asker.patient, &answer, &settings)
    {
        return narrowed(asker, settings.into_iter().chain([fill]).collect(), filled + 1);
    }
    for at in 0..settings.len() {
        let ends = settings.get(at).map(|setting| setting.ends(record, subject.catalog)).unwrap_or_default();
        if !ends.is_empty() {
            let found = first(asker, &settings, at, ends, filled);
            if found.is_some() {
                return found;
            }
            break;
        }
    }
    for at in 0..settings.len() {
        let halves = settings.get(at).map(|setting| setting.halves(record, subject.catalog)).unwrap_or_default();
        if !halves.is_empty() {
            return first(asker, &settings, at, halves, filled);
        }
    }
    None
}

/// The first of the parts of a fact with which it comes out.
fn first(
    asker: &mut Asker<'_>,
    settings: &[Setting],
    at: usize,
    parts: Vec<Setting>,
    filled: usize,
) -> Option<Vec<Setting>> {
    for part in parts {
        let mut narrower = settings.to_vec();
        if let Some(place) = narrower.get_mut(at) {
            *place = part;
        }
        if let Some(found) = narrowed(asker, narrower, filled) {
            return Some(found);
        }
    }
    None
}

/// The next fact that is not recorded and keeps the answer open.
fn next_to_fill(patient: &Patient<'_>, answer: &Answer, settings: &[Setting]) -> Option<Setting> {
    answer.because.iter().find_map(|slot| to_fill(patient, *slot, settings))
}

fn to_fill(patient: &Patient<'_>, slot: SlotId, settings: &[Setting]) -> Option<Setting> {
    let Patient { subject, record, .. } = *patient;
    let to = match subject.lowered.plan.slot(slot)?.source {
        SlotSource::Fact { fact, when, .. } => {
            let last = record.visits.len().checked_sub(1);
            let visit = match when {
                Time::Undated => None,
                Time::Baseline => Some(baseline(patient)?),
                Time::Latest { .. } | Time::Since | Time::Ever | Time::Highest | Time::Lowest => Some(last?),
            };
            To::Fact { fact, visit, held: setting::everything(subject.catalog.fact(fact)?, None)? }
        }
        SlotSource::Judgement(at) => {
            let name = subject.guideline.judgements.get(at as usize)?.clone();
            To::Judgement { name, truth: Truth::EITHER }
        }
        SlotSource::Course { .. } | SlotSource::Status(_) | SlotSource::Word(_) => return None,
    };
    let is_known = |setting: &Setting| match (&setting.to, &to) {
        (To::Fact { fact, visit, .. }, To::Fact { fact: new, visit: at, .. }) => fact == new && visit == at,
        (To::Judgement { name, .. }, To::Judgement { name: new, .. }) => name == new,
        (To::Fact { .. } | To::Judgement { .. } | To::Treatment(_), _) => false,
    };
    (!settings.iter().any(is_known) && !is_recorded(record, &to)).then(|| Setting::new(None, to))
}

/// What is recorded already is changed, and not filled in.
fn is_recorded(record: &Record, to: &To) -> bool {
    let To::Fact { fact, visit, .. } = to else { return false };
    let entries = match visit {
        None => Some(&record.undated),
        Some(visit) => record.visits.get(*visit).map(|visit| &visit.entries),
    };
    let known = |given: &crate::record::Given| *given != crate::record::Given::Missing;
    entries.into_iter().flatten().any(|entry| entry.fact == *fact && known(&entry.given))
}

/// The visit that changes are counted from.
fn baseline(patient: &Patient<'_>) -> Option<usize> {
    let visits = &patient.record.visits;
    match patient.baseline {
        Baseline::Marked => visits.iter().position(|visit| visit.baseline).or((!visits.is_empty()).then_some(0)),
        Baseline::First => (!visits.is_empty()).then_some(0),
        Baseline::On(day) => visits.iter().position(|visit| visit.date >= day),
        Baseline::Course(_) => None,
    }
}

/// One fact of the change, in words.
fn changed_to(patient: &Patient<'_>, setting: &Setting) -> Changed {
    let kind = setting.said.and_then(|said| kind(patient, said)).unwrap_or(Kind::Observed);
    let told = setting.said.map(|said| words::told(patient, said));
    match &setting.to {
        To::Fact { fact, visit, held } => {
            let day = visit.and_then(|visit| patient.record.visits.get(visit)).map(|visit| visit.date);
            let told = told.unwrap_or_else(|| not_recorded(patient, *fact, day));
            Changed { told, to: value(patient, setting.said, *fact, held), kind }
        }
        To::Judgement { name, truth } => {
            let title = patient.subject.guideline.find(name).map_or(name.as_str(), |block| block.title.as_str());
            let unknown = || plain(name, title, "not recorded");
            let to = if *truth == Truth::YES { "yes" } else { "no" };
            Changed { told: told.unwrap_or_else(unknown), to: to.to_owned(), kind: Kind::Clinic }
        }
        To::Treatment(edits) => {
            let (of, to) = edits.first().map(|edit| edit.told(patient)).unwrap_or_default();
            let told = told.unwrap_or_else(|| plain("", "", ""));
            let told = match (of, edits.first()) {
                (Some((name, label)), Some(Edit::Decline(_))) => {
                    plain(&format!("declined.{name}"), &label, "not declined")
                }
                (Some((name, label)), _) => plain(&format!("therapies.{name}"), &label, "never taken"),
                (None, _) => told,
            };
            Changed { told, to, kind }
        }
    }
}

fn plain(id: &str, label: &str, value: &str) -> Told {
    Told {
        id: id.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
        date: None,
        place: None,
        by_silence: false,
        report: None,
    }
}

fn not_recorded(patient: &Patient<'_>, fact: FactId, date: Option<Date>) -> Told {
    let known = patient.subject.catalog.fact(fact);
    let (id, label) = known.map_or(("", ""), |fact| (fact.id.value.as_str(), fact.label.as_str()));
    Told { date, ..plain(id, label, "not recorded") }
}

/// The new value, in the unit of the fact, with its upper limit or the end of its scale.
fn value(patient: &Patient<'_>, said: Option<Said>, fact: FactId, held: &Held) -> String {
    let Some(known) = patient.subject.catalog.fact(fact) else { return String::new() };
    match held {
        Held::Choices(choices) => words::chosen(*choices, known),
        Held::Number(set) => {
            let entry = said.and_then(|said| said.entry(patient.record));
            words::new_number(set, entry.and_then(|entry| entry.scale), known)
        }
        Held::Truth(_) => String::new(),
    }
}
