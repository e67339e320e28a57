//! A reply as typed, set down in the record that is being written.

use super::Target;
use super::course;
use super::scene::Scene;
use crate::catalog::{Fact, FactId, FactKind, RecordedIn};
use crate::explain;
use crate::record::Draft;
use crate::value::Date;
use crate::yaml::Tree;

/// What stands before the upper limit in a reply.
const UPPER_LIMIT: &str = "upper limit";

/// Sets down what was replied, as written: whether it is right is for the reader of records to say.
pub(super) fn set_down(scene: &Scene<'_>, draft: &mut Draft, target: Target, text: &str) -> Result<(), String> {
    match target {
        Target::AsOf => draft.set_as_of(day(text)?),
        Target::BaselineDay => {
            let first = day(text)?;
            if first > scene.record.as_of {
                return Err(format!(
                    "the record speaks of {}, and {first} is later: write a day before it",
                    scene.record.as_of
                ));
            }
            add_visit(scene, draft, first);
            draft.set_baseline(first);
        }
        Target::Judgement(at) => draft.set_judgement(scene.judgement(at), Tree::text(text)),
        Target::Undated(id) => {
            let Some(fact) = scene.fact(id) else { return Ok(()) };
            let value = Tree::text(text);
            match fact.recorded {
                RecordedIn::Patient => draft.set_patient(&fact.id.value, value),
                RecordedIn::Facts | RecordedIn::Visits => draft.set_fact(&fact.id.value, value),
            }
        }
        Target::OnDay(id, on) => on_day(scene, draft, id, on, text)?,
        Target::UpperLimit(id, on) => {
            let limit = text.strip_prefix(UPPER_LIMIT).unwrap_or(text).trim();
            let name = scene.subject.catalog.name(id);
            draft.set_at(on, name, Tree::group([("upper_limit", Tree::text(limit))]));
        }
        Target::Treatments => course::set_down(draft, text)?,
        Target::Course(at, need) => {
            let Some((key, _, _)) = explain::course_question(need, "") else { return Ok(()) };
            draft.set_therapy(at, key, course::value_of(key, text));
        }
    }
    Ok(())
}

fn on_day(scene: &Scene<'_>, draft: &mut Draft, id: FactId, on: Date, text: &str) -> Result<(), String> {
    let Some(fact) = scene.fact(id) else { return Ok(()) };
    let name = fact.id.value.as_str();
    let (text, own) = match text.rsplit_once(" on ") {
        Some((value, date)) if date.trim().parse::<Date>().is_ok() => (value, Some(day(date)?)),
        _ => (text, None),
    };
    if let (Some(own), true) = (own, scene.is_at_baseline(id, on)) {
        return Err(format!("the value at the baseline visit is asked, which was on {on}, not on {own}"));
    }
    // The newest value is of an earlier day: since then it was not measured.
    if own.is_some_and(|own| own < on) && scene.silent_facts().contains(&id) && has_visit(scene, on) {
        draft.set_at(on, name, Tree::text("not measured"));
    }
    let on = own.unwrap_or(on);
    let (text, limit) = with_limit(text);
    let (text, scale) = with_scale(fact, text);
    add_visit(scene, draft, on);
    let value = match limit {
        Some(limit) => Tree::group([("value", Tree::text(text)), ("upper_limit", Tree::text(limit))]),
        None => Tree::text(text),
    };
    draft.set_at(on, name, value);
    if let Some(end) = scale {
        draft.set_at(on, &format!("{name}_max"), Tree::text(end));
    }
    Ok(())
}

/// `1450 U/L, upper limit 170 U/L` or `1450 U/L (upper limit 170 U/L)`: the value, and the limit.
fn with_limit(text: &str) -> (&str, Option<&str>) {
    match text.split_once(UPPER_LIMIT) {
        Some((value, limit)) => {
            let value = value.trim_end_matches(['(', ',', ';', ' ']);
            (value.trim(), Some(limit.trim_end_matches(')').trim()))
        }
        None => (text.trim(), None),
    }
}

/// `70 of 80`: the value, and the end of the scale it stands on.
fn with_scale<'t>(fact: &Fact, text: &'t str) -> (&'t str, Option<&'t str>) {
    let scaled = match &fact.kind {
        FactKind::Number(kind) => !kind.scales.is_empty(),
        FactKind::Choice { .. } | FactKind::Date => false,
    };
    match text.split_once(" of ").filter(|_| scaled) {
        Some((value, end)) => (value.trim(), Some(end.trim())),
        None => (text, None),
    }
}

/// A visit that the interview itself adds does not say that what it does not name was not measured.
fn add_visit(scene: &Scene<'_>, draft: &mut Draft, on: Date) {
    if has_visit(scene, on) {
        return;
    }
    for fact in scene.silent_facts() {
        draft.set_at(on, scene.subject.catalog.name(fact), Tree::text("unknown"));
    }
}

fn has_visit(scene: &Scene<'_>, on: Date) -> bool {
    scene.record.visits.iter().any(|visit| visit.date == on)
}

/// A day, or what to write.
pub(super) fn day(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| format!("`{}` is not a day: write it as 2026-03-01", text.trim()))
}
