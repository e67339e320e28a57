//! With which values: facts of a change are narrowed until the answer is the wanted value.

use std::collections::BTreeSet;

use super::super::Patient;
use super::super::reach::Reach;
use super::super::said::Said;
use super::super::words::{self, Told};
use super::applied::{applied, known, newest};
use super::course::{self, Edit};
use super::setting::{self, Setting, To};
use super::{Asker, Change, Changed, Kind, SHARE, TRIES, kind};
use crate::catalog::{Fact, FactId};
use crate::eval::{Answer, Held};
use crate::model::Time;
use crate::plan::{CoursePart, Part, SlotId, SlotSource};
use crate::record::Record;
use crate::value::{Choices, Date, Number, NumberSet, Period, Truth};

/// The change of these facts that gives the value, where there is one: evaluated as an ordinary record.
pub(super) fn change(asker: &mut Asker<'_>, open: &BTreeSet<Said>) -> Option<Change> {
    let patient = asker.patient;
    let settings: Option<Vec<Setting>> = open.iter().map(|said| opened(&patient, asker.reach, *said)).collect();
    asker.until = TRIES.min(asker.tries + SHARE);
    let mut settled = narrowed(asker, settings?)?;
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
        fewer_choices(asker, &mut settled, at);
        lessen(asker, &mut settled, at);
    }
    let record = applied(patient.record, patient.subject.catalog, &settled);
    let (changed, filled): (Vec<&Setting>, Vec<&Setting>) = settled.iter().partition(|setting| setting.said.is_some());
    let told = |settings: Vec<&Setting>| settings.into_iter().map(|setting| changed_to(&patient, setting)).collect();
    Some(Change { changed: told(changed), filled: told(filled), record })
}

/// Of several values that are told together each gives it: of some, and another fact, there may be nobody.
fn fewer_choices(asker: &mut Asker<'_>, settled: &mut [Setting], at: usize) {
    let Some(setting) = settled.get(at).cloned() else { return };
    let To::Fact { fact, visit, held: Held::Choices(choices) } = setting.to else { return };
    if choices.len() < 2 {
        return;
    }
    let mut with = |held| {
        let to = To::Fact { fact, visit, held: Held::Choices(held) };
        settled.iter_mut().skip(at).take(1).for_each(|place| *place = Setting::new(setting.said, to.clone()));
        is_it(asker, settled)
    };
    let each = choices.iter().map(Choices::only).filter(|one| with(*one));
    let giving = each.fold(Choices::NONE, Choices::union);
    with(if giving.is_empty() { choices } else { giving });
}

/// Takes a number as near to what is recorded as it may be, as far as a number between comes out like those beyond it;
/// then rounds it, if that still comes out.
fn lessen(asker: &mut Asker<'_>, settled: &mut [Setting], at: usize) {
    let Patient { subject, record, .. } = asker.patient;
    let Some(setting) = settled.get(at).cloned() else { return };
    let between = setting.between(record, subject.catalog);
    let mut comes_out = |number: Number| {
        let with = setting.with_number(NumberSet::point(number));
        let mut other = settled.to_vec();
        other.iter_mut().skip(at).take(1).for_each(|place| *place = with.clone());
        is_it(asker, &other).then_some(with)
    };
    let mut best = setting.clone();
    // So many from the first on come out.
    let (mut can, mut cannot) = (0, between.len() + 1);
    while cannot - can > 1 {
        let half = usize::midpoint(can, cannot);
        if let Some(nearer) = between.get(half - 1).and_then(|number| comes_out(*number)) {
            (can, best) = (half, nearer);
        } else {
            cannot = half;
        }
    }
    if let Some(rounder) = best.rounder(record, subject.catalog).and_then(&mut comes_out) {
        best = rounder;
    }
    settled.iter_mut().skip(at).take(1).for_each(|place| *place = best.clone());
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
    asker.answer(&record).1 && asker.may_be(&record)
}

/// Narrows facts until the answer is the value, going back from what makes it impossible; each has one value then.
fn narrowed(asker: &mut Asker<'_>, settings: Vec<Setting>) -> Option<Vec<Setting>> {
    let Patient { subject, record, .. } = asker.patient;
    if asker.leaves_off() {
        return None;
    }
    let changed = applied(record, subject.catalog, &settings);
    let (answer, is_it_now) = asker.answer(&changed);
    let left_open = settings.iter().any(|setting| matches!(setting.to, To::Treatment(_)) && !setting.is_settled());
    if is_it_now && !left_open {
        let settled: Option<Vec<Setting>> =
            settings.iter().map(|setting| setting.settled(record, subject.catalog)).collect();
        if let Some(settled) = settled.filter(|settled| is_it(asker, settled)) {
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
            return first(asker, &settings, at, parts);
        }
    }
    if let Some(fill) = next_to_fill(asker, &changed, &answer) {
        return narrowed(asker, settings.into_iter().chain([fill]).collect());
    }
    for at in 0..settings.len() {
        let ends = settings.get(at).map(|setting| setting.ends(record, subject.catalog)).unwrap_or_default();
        if !ends.is_empty() {
            let found = first(asker, &settings, at, ends);
            if found.is_some() {
                return found;
            }
            break;
        }
    }
    for at in 0..settings.len() {
        let halves = settings.get(at).map(|setting| setting.halves(record, subject.catalog)).unwrap_or_default();
        if !halves.is_empty() {
            return first(asker, &settings, at, halves);
        }
    }
    None
}

/// The first of the parts of a fact with which it comes out.
fn first(asker: &mut Asker<'_>, settings: &[Setting], at: usize, parts: Vec<Setting>) -> Option<Vec<Setting>> {
    for part in parts {
        let mut narrower = settings.to_vec();
        if let Some(place) = narrower.get_mut(at) {
            *place = part;
        }
        if let Some(found) = narrowed(asker, narrower) {
            return Some(found);
        }
    }
    None
}

/// The next fact that is not recorded and keeps the answer open, in the record with what is changed already.
fn next_to_fill(asker: &Asker<'_>, changed: &Record, answer: &Answer) -> Option<Setting> {
    answer.because.iter().find_map(|slot| to_fill(asker, changed, *slot)).map(|to| Setting::new(None, to))
}

fn to_fill(asker: &Asker<'_>, changed: &Record, slot: SlotId) -> Option<To> {
    let patient = &asker.patient;
    let Patient { subject, record, .. } = *patient;
    match subject.lowered.plan.slot(slot)?.source {
        SlotSource::Fact { fact, when, part } => {
            let known_fact = subject.catalog.fact(fact)?;
            let visits = visits(patient, known_fact, when);
            let is_bare =
                |visit: &Option<usize>| known(changed, fact, *visit).is_some_and(|entry| entry.upper_limit.is_none());
            if matches!(part, Part::UpperLimit | Part::Multiple)
                && let Some(visit) = every_place(changed).find(is_bare)
            {
                return Some(To::Limit { fact, visit, limit: setting::every_limit(known_fact)? });
            }
            let visit = visits.into_iter().find(|visit| known(changed, fact, *visit).is_none())?;
            let scale = newest(record, fact, |entry| entry.scale);
            Some(To::Fact { fact, visit, held: setting::everything(known_fact, scale)? })
        }
        SlotSource::Judgement(at) => {
            let name = subject.guideline.judgements.get(at as usize)?.clone();
            let is_known = changed.judgements.iter().any(|(known, _)| known.value == name);
            (!is_known).then_some(To::Judgement { name, truth: Truth::EITHER })
        }
        SlotSource::Course { part, .. } => {
            let is_complete = changed.therapies.as_ref().is_some_and(|therapies| therapies.complete);
            let is_missing = part != CoursePart::Declined && !is_complete;
            is_missing.then(|| To::Treatment(course::missing(patient, asker.reach)))
        }
        SlotSource::Status(_) | SlotSource::Word(_) => None,
    }
}

/// Every place of a record, the newest first.
fn every_place(record: &Record) -> impl Iterator<Item = Option<usize>> {
    (0..record.visits.len()).rev().map(Some).chain([None])
}

/// Where a value of a time may be filled in: in a visit of which it counts, else on the day of the record.
fn visits(patient: &Patient<'_>, fact: &Fact, when: Time) -> Vec<Option<usize>> {
    let (visits, today) = (&patient.record.visits, patient.record.as_of);
    let baseline = patient.baseline.visit(patient.record);
    let counts = |at: usize, within: Option<Period>| {
        let first = |period: Period| today.minus(period).ok();
        let date = visits.get(at).map(|visit| visit.date);
        [within, fact.valid_for].into_iter().flatten().filter_map(first).all(|first| date >= Some(first))
    };
    let last = visits.len().checked_sub(1);
    let place = match when {
        Time::Undated => return vec![None],
        Time::Ever | Time::Highest | Time::Lowest if last.is_some() => {
            return (0..visits.len()).rev().map(Some).collect();
        }
        Time::Ever | Time::Highest | Time::Lowest => None,
        Time::Baseline => baseline,
        Time::Latest { within } => last.filter(|at| counts(*at, within)),
        Time::Since => last.filter(|at| baseline.is_some_and(|baseline| *at > baseline) && counts(*at, None)),
    };
    let is_over = visits.last().is_none_or(|visit| visit.date < today);
    place.or_else(|| is_over.then_some(visits.len())).map(Some).into_iter().collect()
}

/// One fact of the change, in words.
fn changed_to(patient: &Patient<'_>, setting: &Setting) -> Changed {
    let kind = setting.said.and_then(|said| kind(patient, said)).unwrap_or(Kind::Observed);
    let told = setting.said.map(|said| words::told(patient, said));
    let day = |visit: Option<usize>| {
        visit.map(|visit| patient.record.visits.get(visit).map_or(patient.record.as_of, |visit| visit.date))
    };
    match &setting.to {
        To::Fact { fact, visit, held } => {
            let told = told.unwrap_or_else(|| not_recorded(patient, *fact, day(*visit)));
            Changed { told, to: value(patient, setting, *fact, held), kind }
        }
        To::Limit { fact, visit, limit } => {
            let told = not_recorded(patient, *fact, day(*visit));
            let label = format!("the upper limit of {}", told.label);
            let to = patient.subject.catalog.fact(*fact).map(|fact| words::new_number(limit, fact));
            Changed { told: Told { label, ..told }, to: to.unwrap_or_default(), kind }
        }
        To::Judgement { name, truth } => {
            let title = patient.subject.guideline.find(name).map_or(name.as_str(), |block| block.title.as_str());
            let unknown = || plain(name, title, "not recorded");
            let to = if *truth == Truth::YES { "yes" } else { "no" };
            Changed { told: told.unwrap_or_else(unknown), to: to.to_owned(), kind: Kind::Clinic }
        }
        To::Treatment(edits) => {
            let (of, to) = edits.first().map(|edit| edit.told(patient)).unwrap_or_default();
            let told = told.unwrap_or_else(|| plain("therapies", "every other treatment", "not recorded"));
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

/// The new value, in the unit of the fact, with the end of its scale, and the upper limit where it takes over that of
/// another entry.
fn value(patient: &Patient<'_>, setting: &Setting, fact: FactId, held: &Held) -> String {
    let Some(known) = patient.subject.catalog.fact(fact) else { return String::new() };
    match held {
        Held::Choices(choices) => words::chosen(*choices, known),
        Held::Number(set) => {
            let number = words::on_scale(words::new_number(set, known), setting.scale(patient.record), known);
            let own = setting.said.and_then(|said| said.entry(patient.record)).is_some();
            let limit = setting.limit(patient.record, fact).filter(|_| !own);
            words::with_limit(&number, limit.as_ref(), known)
        }
        Held::Truth(_) => String::new(),
    }
}
