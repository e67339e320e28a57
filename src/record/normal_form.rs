//! The record as text that does not depend on how it was written, for its hash.
//!
//! One line for each statement, names in full, numbers as exact decimals or fractions in the unit of the dictionary,
//! dates as days. Facts stand in the order of their names, visits by day, courses and all else sorted as text, so
//! neither layout, nor the order of keys and entries, nor the spelling of a unit changes it. Places, notices and
//! the words as written take no part.
//!
//! ```text
//! myoguide record 1
//! id demo-01
//! as of 2026-03-01 given
//! fact subtype DM recorded
//! visit 2025-06-01 baseline; ck [1450, 1450] U/L recorded upper limit [170, 170]
//! ```

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

use super::{Entry, Given, Record, Stop, Therapy, Visit};
use crate::catalog::{Catalog, FactKind, TreatmentId};
use crate::value::{Bound, DateRange, Number, NumberSet, Quantity, Unit};

/// SHA-256 of the normal form, in hexadecimal.
pub(super) fn hash(record: &Record, catalog: &Catalog) -> String {
    let digest = Sha256::digest(text(record, catalog).as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The normal form.
fn text(record: &Record, catalog: &Catalog) -> String {
    let given = if record.as_of_given { " given" } else { "" };
    let mut lines = vec![
        "myoguide record 1".to_owned(),
        format!("id {}", quoted(&record.id)),
        format!("as of {}{given}", record.as_of),
    ];
    lines.extend(record.born.map(|born| format!("born {}", days(born))));
    lines.extend(sorted(record.undated.iter().map(|entry| format!("fact {}", fact_text(entry, catalog)))));
    lines.extend(sorted(record.visits.iter().map(|visit| visit_text(visit, catalog))));
    if let Some(therapies) = &record.therapies {
        lines.push(format!("therapies complete {}", therapies.complete));
        lines.extend(sorted(therapies.courses.iter().map(|course| course_text(course, catalog))));
    }
    lines.extend(record.declined.is_none().then(|| "declined unknown".to_owned()));
    lines.extend(sorted(record.declined.iter().flatten().map(|declined| {
        let date = declined.date.map(|date| format!(" {date}")).unwrap_or_default();
        format!("declined {}{date}", drug_text(&declined.drug.value, &declined.parts, catalog))
    })));
    lines.extend(sorted(record.judgements.iter().map(|(name, answer)| {
        format!("judgement {} {} {}", quoted(&name.value), answer.can_be_yes(), answer.can_be_no())
    })));
    lines.extend(sorted(record.overrides.iter().map(|entry| {
        let parts = [&entry.answer.value, &entry.mine, &entry.reason, &entry.by].map(|part| quoted(part));
        format!("override {}", parts.join(" "))
    })));
    lines.join("\n")
}

fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.collect();
    lines.sort_unstable();
    lines
}

/// A text that cannot be mistaken for two.
fn quoted(text: &str) -> String {
    format!("{text:?}")
}

fn visit_text(visit: &Visit, catalog: &Catalog) -> String {
    let baseline = if visit.baseline { " baseline" } else { "" };
    let entries = sorted(visit.entries.iter().map(|entry| fact_text(entry, catalog)));
    format!("visit {}{baseline}; {}", visit.date, entries.join("; "))
}

fn fact_text(entry: &Entry, catalog: &Catalog) -> String {
    let kind = catalog.fact(entry.fact).map(|fact| &fact.kind);
    let given = match &entry.given {
        Given::Choices(choices) => {
            choices.iter().map(|at| quoted(value_name(kind, at))).collect::<Vec<_>>().join(" or ")
        }
        Given::Number(set) => {
            format!("{}{}", set_text(set), unit_of(kind).map_or(String::new(), |unit| format!(" {unit}")))
        }
        Given::Date(range) => days(*range),
        Given::Missing => "missing".to_owned(),
    };
    let mut text = format!("{} {given} {}", catalog.name(entry.fact), entry.reason.words());
    if let Some(day) = entry.known_since {
        let _ = write!(text, " known since {day}");
    }
    if let Some(limit) = &entry.upper_limit {
        let _ = write!(text, " upper limit {}", set_text(limit));
    }
    if let Some(end) = entry.scale {
        let _ = write!(text, " scale {}", exact(end));
    }
    text
}

fn value_name(kind: Option<&FactKind>, position: u8) -> &str {
    match kind {
        Some(FactKind::Choice { values, .. }) => values.get(usize::from(position)).map_or("", |value| &value.name),
        Some(FactKind::Number(_) | FactKind::Date) | None => "",
    }
}

fn unit_of(kind: Option<&FactKind>) -> Option<Unit> {
    match kind {
        Some(FactKind::Number(kind)) => kind.unit,
        Some(FactKind::Choice { .. } | FactKind::Date) | None => None,
    }
}

/// The treatments by their own names, with the factor of what was written; a drug that is not known as written.
fn drug_text(written: &str, parts: &[(TreatmentId, Number)], catalog: &Catalog) -> String {
    if parts.is_empty() {
        return quoted(written);
    }
    let part = |(treatment, factor): &(TreatmentId, Number)| {
        let name = catalog.treatment_name(*treatment);
        if *factor == Number::ONE { name.to_owned() } else { format!("{name} x {}", exact(*factor)) }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(" + ")
}

fn course_text(course: &Therapy, catalog: &Catalog) -> String {
    let mut text = format!("course {}", drug_text(&course.drug.value, &course.parts, catalog));
    let range = |range: Option<DateRange>| range.map_or("none".to_owned(), days);
    let stop = match course.stop {
        Stop::Runs => "none".to_owned(),
        Stop::On(day) => days(day),
        Stop::Unknown => "unknown".to_owned(),
    };
    let _ = write!(text, "; start {}; stop {stop}; outcome on {}", range(course.start), range(course.outcome_on));
    for dose in &course.doses {
        let _ = write!(text, "; dose from {} {}", range(dose.from), dose_text(dose.dose.value));
    }
    for day in &course.given {
        let _ = write!(text, "; given {}", days(*day));
    }
    if let Some(level) = &course.level {
        let _ = write!(text, "; level {}", dose_text(level.value));
    }
    let adherence = course.adherence.map_or("none".to_owned(), exact);
    let outcome = course.outcome.map_or("none", super::Outcome::word);
    let stopped = course.stopped_for.map_or("none", super::StopReason::word);
    let limited = course.dose_limited_by.as_deref().map_or("none".to_owned(), quoted);
    let _ =
        write!(text, "; adherence {adherence}; outcome {outcome}; stopped for {stopped}; dose limited by {limited}");
    text
}

/// A dose or a level in the first unit of its kind that it can be converted to exactly.
fn dose_text(dose: Quantity) -> String {
    let Some(unit) = dose.unit else { return exact(dose.value) };
    let first = Unit::all().find(|first| first.is_comparable(unit));
    match first.and_then(|first| Some((Unit::convert(dose.value, unit, first).ok()?, first))) {
        Some((value, first)) => format!("{} {}", exact(value), first.ucum()),
        None => format!("{} {}", exact(dose.value), unit.ucum()),
    }
}

fn days(range: DateRange) -> String {
    format!("{}..{}", range.earliest, range.latest)
}

fn set_text(set: &NumberSet) -> String {
    let piece = |low: Bound, high: Bound| {
        let low = match low {
            Bound::Closed(number) => format!("[{}", exact(number)),
            Bound::Open(number) => format!("({}", exact(number)),
            Bound::Unbounded => "(-".to_owned(),
        };
        match high {
            Bound::Closed(number) => format!("{low}, {}]", exact(number)),
            Bound::Open(number) => format!("{low}, {})", exact(number)),
            Bound::Unbounded => format!("{low}, -)"),
        }
    };
    set.intervals().iter().map(|interval| piece(interval.low, interval.high)).collect::<Vec<_>>().join(" or ")
}

fn exact(number: Number) -> String {
    match number.denominator() {
        1 => number.numerator().to_string(),
        denominator => format!("{}/{denominator}", number.numerator()),
    }
}
