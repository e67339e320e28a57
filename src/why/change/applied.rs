//! The record with the facts of a change.

use std::collections::BTreeSet;

use super::super::said::{self, Said};
use super::course::Edit;
use super::setting::{Setting, To};
use crate::catalog::{Catalog, FactId};
use crate::eval::Held;
use crate::record::{Entry, Given, Record, Visit};
use crate::source::{Span, Spanned};
use crate::value::Reason;

/// The record with the facts of a change; what is not settled yet is left open.
pub(super) fn applied(record: &Record, catalog: &Catalog, settings: &[Setting]) -> Record {
    let mut changed = record.clone();
    for setting in settings {
        match &setting.to {
            To::Fact { fact, visit, held } => put(&mut changed, record, setting.said, *fact, *visit, held),
            To::Limit { fact, visit, limit } => {
                let entries = entries_mut(&mut changed, record, *visit).into_iter().flatten();
                let bare = entries.filter(|entry| entry.fact == *fact && entry.upper_limit.is_none());
                bare.for_each(|entry| entry.upper_limit = Some(limit.clone()));
            }
            To::Judgement { name, truth } => {
                match changed.judgements.iter_mut().find(|(known, _)| known.value == *name) {
                    Some((_, answered)) => *answered = *truth,
                    None => changed.judgements.push((Spanned::new(name.clone(), nowhere(record)), *truth)),
                }
            }
            To::Treatment(_) => {}
        }
    }
    let open = settings.iter().filter(|setting| matches!(setting.to, To::Treatment(_)) && !setting.is_settled());
    let forgotten: BTreeSet<Said> = open.filter_map(|setting| setting.said).collect();
    let edits: Vec<&Edit> = settings
        .iter()
        .filter_map(|setting| match &setting.to {
            To::Treatment(edits) if edits.len() == 1 => edits.first(),
            To::Treatment(_) | To::Fact { .. } | To::Limit { .. } | To::Judgement { .. } => None,
        })
        .collect();
    // In the places of the record as it is; what goes, goes at the end.
    for edit in &edits {
        edit.put(&mut changed);
    }
    let mut gone: Vec<Said> = edits.iter().filter_map(|edit| edit.removes()).collect();
    let mut changed = said::without(&changed, catalog, &forgotten);
    gone.sort_unstable();
    for said in gone.into_iter().rev() {
        let before = forgotten.iter().filter(|other| **other < said && same_list(**other, said)).count();
        remove(&mut changed, said, before);
    }
    changed
}

fn same_list(one: Said, other: Said) -> bool {
    matches!((one, other), (Said::Therapy(_), Said::Therapy(_)) | (Said::Declined(_), Said::Declined(_)))
}

/// Takes an entry of a treatment out, of whose list so many before it are gone already.
fn remove(record: &mut Record, said: Said, before: usize) {
    if let (Said::Therapy(at), Some(therapies)) = (said, &mut record.therapies) {
        if at - before < therapies.courses.len() {
            therapies.courses.remove(at - before);
        }
    } else if let (Said::Declined(at), Some(declined)) = (said, &mut record.declined)
        && at - before < declined.len()
    {
        declined.remove(at - before);
    }
}

fn put(changed: &mut Record, record: &Record, said: Option<Said>, fact: FactId, visit: Option<usize>, held: &Held) {
    let given = match held {
        Held::Choices(choices) => Given::Choices(*choices),
        Held::Number(set) => Given::Number(set.clone()),
        Held::Truth(_) => return,
    };
    let entry = if let Some(Said::Undated(at)) = said {
        changed.undated.get_mut(at)
    } else if let Some(Said::AtVisit(visit, at)) = said {
        changed.visits.get_mut(visit).and_then(|visit| visit.entries.get_mut(at))
    } else {
        None
    };
    if let Some(entry) = entry {
        *entry = Entry { given, reason: Reason::Recorded, written: String::new(), ..entry.clone() };
        return;
    }
    let Some(entries) = entries_mut(changed, record, visit) else { return };
    let new = Entry {
        fact,
        given,
        reason: Reason::Recorded,
        known_since: None,
        upper_limit: newest(record, fact, |entry| entry.upper_limit.clone()),
        scale: newest(record, fact, |entry| entry.scale),
        written: String::new(),
        span: nowhere(record),
    };
    // What is there says that it is not known.
    match entries.iter_mut().find(|entry| entry.fact == fact) {
        Some(entry) => {
            *entry = Entry {
                upper_limit: entry.upper_limit.clone().or(new.upper_limit),
                given: new.given,
                reason: new.reason,
                ..entry.clone()
            }
        }
        None => entries.push(new),
    }
}

/// What stands under `facts`, or in a visit; the one after the last is of the day of the record.
fn entries_mut<'a>(changed: &'a mut Record, record: &Record, visit: Option<usize>) -> Option<&'a mut Vec<Entry>> {
    let Some(visit) = visit else { return Some(&mut changed.undated) };
    if visit == record.visits.len() && visit == changed.visits.len() {
        let (date, span) = (record.as_of, nowhere(record));
        changed.visits.push(Visit { date, baseline: false, entries: Vec::new(), span });
    }
    changed.visits.get_mut(visit).map(|visit| &mut visit.entries)
}

/// What the newest entry of a fact that says so says of it.
pub(super) fn newest<T>(record: &Record, fact: FactId, of: impl Fn(&Entry) -> Option<T>) -> Option<T> {
    let entries = record.visits.iter().rev().flat_map(|visit| &visit.entries).chain(&record.undated);
    entries.filter(|entry| entry.fact == fact).find_map(of)
}

/// The entry of a fact in a place of a record, where it has a value.
pub(super) fn known(record: &Record, fact: FactId, visit: Option<usize>) -> Option<&Entry> {
    let entries = match visit {
        None => Some(&record.undated),
        Some(visit) => record.visits.get(visit).map(|visit| &visit.entries),
    };
    entries.into_iter().flatten().find(|entry| entry.fact == fact && entry.given != Given::Missing)
}

fn nowhere(record: &Record) -> Span {
    Span { end: record.span.start, ..record.span }
}
