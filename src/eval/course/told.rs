//! What is told of entries that overlap and say different things.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, TreatmentId};
use crate::value::{Date, Quantity, Unit};

use super::joined::Partition;
use super::spell::{Spell, Taken};
use super::state::final_spells;
use super::stretch::doses_on;

/// Entries of one course that overlap, and say different things.
#[derive(Default)]
struct Told {
    entries: BTreeSet<usize>,
    outcomes: bool,
    reasons: bool,
    doses: bool,
    /// The entries that may be the last to end, in words.
    last: BTreeMap<usize, String>,
}

/// The name of a therapy.
pub(super) fn name(catalog: &Catalog, parts: &[TreatmentId]) -> String {
    parts.iter().map(|part| catalog.treatment_name(*part)).collect::<Vec<_>>().join(" + ")
}

/// Entries that overlap and record different outcomes, or different reasons for stopping: which of them counts, in all
/// ways in which the courses may have run.
pub(super) fn overlaps(name: &str, ways: &[(&[Spell<'_>], &Partition)], today: Date) -> Vec<String> {
    let mut told: Vec<Told> = Vec::new();
    for (spells, courses) in ways {
        for course in *courses {
            let spells: Vec<&Spell<'_>> = course.iter().filter_map(|at| spells.get(*at)).collect();
            let mut found = differing(&spells);
            if found.entries.is_empty() {
                continue;
            }
            let last = final_spells(&spells, today);
            found.last = last.iter().flat_map(|spell| &spell.of).map(|taken| (taken.at, described(taken))).collect();
            match told.iter_mut().find(|known| !known.entries.is_disjoint(&found.entries)) {
                None => told.push(found),
                Some(known) => {
                    known.entries.extend(found.entries);
                    known.outcomes |= found.outcomes;
                    known.reasons |= found.reasons;
                    known.doses |= found.doses;
                    known.last.extend(found.last);
                }
            }
        }
    }
    told.into_iter().flat_map(|told| told.in_words(name)).collect()
}

impl Told {
    fn in_words(self, name: &str) -> Vec<String> {
        let doses = self.doses.then(|| {
            format!("courses of {name} overlap and record different doses: on the days of both either may be right")
        });
        let what = match (self.outcomes, self.reasons) {
            (true, true) => "outcomes and reasons for stopping",
            (true, false) => "outcomes",
            (false, true) => "reasons for stopping",
            (false, false) => return doses.into_iter().collect(),
        };
        let last: Vec<String> = self.last.into_values().collect();
        let which = match last.as_slice() {
            [only] => format!("the last to end counts: {only}"),
            _ => format!("the last to end counts, and that may be {}", last.join(", or ")),
        };
        let last = format!("courses of {name} overlap and record different {what}: {which}");
        doses.into_iter().chain([last]).collect()
    }
}

/// The entries of a course that certainly overlap and say different things.
fn differing(spells: &[&Spell<'_>]) -> Told {
    let entries: Vec<&Taken<'_>> = spells
        .iter()
        .filter_map(|spell| match spell.of.as_slice() {
            [only] => Some(only),
            _ => None,
        })
        .collect();
    let differ = |one: bool, other: bool, same: bool| one && other && !same;
    let mut told = Told::default();
    for (at, one) in entries.iter().enumerate() {
        for other in entries.iter().skip(at + 1).filter(|other| overlap(one, other)) {
            let (left, right) = (one.entry, other.entry);
            let outcomes = differ(left.outcome.is_some(), right.outcome.is_some(), left.outcome == right.outcome);
            let reasons =
                differ(left.stopped_for.is_some(), right.stopped_for.is_some(), left.stopped_for == right.stopped_for);
            let doses = doses_differ(one, other);
            if outcomes || reasons || doses {
                told.entries.extend([one.at, other.at]);
                told.outcomes |= outcomes;
                told.reasons |= reasons;
                told.doses |= doses;
            }
        }
    }
    told
}

/// On some day on which both certainly run each has one dose, and these are two. Of two preparations both are taken.
fn doses_differ(one: &Taken<'_>, other: &Taken<'_>) -> bool {
    let same = match (one.entry.parts.as_slice(), other.entry.parts.as_slice()) {
        ([own], [others]) => own == others,
        _ => false,
    };
    let first = one.start.latest.max(other.start.latest);
    let is_after = |taken: &Taken<'_>, day: Date| taken.last.is_some_and(|last| last.earliest < day);
    let steps = one.entry.doses.iter().chain(&other.entry.doses);
    let days = steps.filter_map(|step| step.from).map(|from| from.latest).filter(|day| *day > first);
    let amount = |dose: Quantity| dose.unit.map(|unit| (Unit::convert(dose.value, unit, first_unit(unit)).ok(), unit));
    let differ = |day: Date| match (doses_on(one.entry, day).as_slice(), doses_on(other.entry, day).as_slice()) {
        ([Some(own)], [Some(others)]) => match (amount(*own), amount(*others)) {
            (Some((own, unit)), Some((others, other_unit))) => !unit.is_comparable(other_unit) || own != others,
            _ => false,
        },
        _ => false,
    };
    let both = |day: &Date| !is_after(one, *day) && !is_after(other, *day);
    same && std::iter::once(first).chain(days).filter(both).any(differ)
}

/// The first unit that a unit can be converted to.
fn first_unit(unit: Unit) -> Unit {
    Unit::all().find(|first| first.is_comparable(unit)).unwrap_or(unit)
}

/// More than the day on which one follows the other.
fn overlap(one: &Taken<'_>, other: &Taken<'_>) -> bool {
    let before = |one: &Taken<'_>, other: &Taken<'_>| other.last.is_none_or(|last| one.start.latest < last.earliest);
    before(one, other) && before(other, one)
}

/// `that from 2025-01-01 to 2025-06-01`
fn described(taken: &Taken<'_>) -> String {
    match taken.last {
        None => format!("that from {} on", taken.start),
        Some(last) => format!("that from {} to {last}", taken.start),
    }
}
