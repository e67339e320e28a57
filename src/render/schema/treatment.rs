//! The schema of what is said of treatment.

use serde_json::{Value, json};

use super::{disagreement, list, object, perhaps_day, perhaps_text, reference, standing, text};
use crate::catalog::TreatmentStatus;
use crate::model::{CourseState, LineState, Verdict};

pub(super) fn conclusion() -> Value {
    standing(json!({
        "id": text(), "algorithm": text(), "title": text(), "sources": list(&text()), "override": disagreement(),
    }))
}

pub(super) fn ladder() -> Value {
    let states: Vec<&str> = LineState::ALL.iter().map(|state| state.word()).chain(std::iter::once("open")).collect();
    let line = all(json!({
        "id": text(),
        "title": text(),
        "state": {"enum": states},
        "possible": reference("possible"),
        "because": list(&reference("because")),
        "options": list(&reference("option")),
    }));
    all(json!({
        "id": text(),
        "title": text(),
        "patients": reference("standing"),
        "current": reference("standing"),
        "lines": list(&line),
        "throughout": list(&reference("option")),
        "optional": list(&reference("option")),
        "alongside": list(&reference("option")),
        "sources": list(&text()),
    }))
}

pub(super) fn option() -> Value {
    let verdicts: Vec<&str> = Verdict::ALL.iter().map(|verdict| verdict.word()).collect();
    all(json!({
        "id": text(),
        "label": text(),
        "text": perhaps_text(),
        "verdict": {"description": format!("One of {}", verdicts.join(", ")), "$ref": "#/$defs/standing"},
        "also": {"description": "Other verdicts that hold as well", "type": "array", "items": {"enum": verdicts}},
        "against": list(&reference("against")),
        "cautions": list(&reference("against")),
        "monitor": list(&text()),
        "taking": {"enum": ["yes", "no", "open"]},
        "judge_on": perhaps_day(),
        "judge_after": perhaps_text(),
        "how": {"description": "`trial`: in a trial only", "enum": ["add", "replace", "bridge", "trial", null]},
        "strength": {"enum": ["strong", "conditional", null]},
        "requires": list(&text()),
        "status_on_day": {"description": "What it counts as on the day of the record, by indication and region; left out where the evidence has no status of it", "type": "array", "items": status()},
        "sources": list(&text()),
        "override": disagreement(),
    }))
}

fn status() -> Value {
    let event = list(&all(json!({
        "from": {"description": "A day, or the month or year of which no more is known", "type": "string"},
        "makes": {"description": "A status, `claim` or `constraint`", "type": "string"},
        "text": text(),
        "source": text(),
        "place": perhaps_text(),
        "mark": text(),
    })));
    let statuses: Vec<&str> = TreatmentStatus::ALL.iter().map(|status| status.word()).collect();
    let settled: Vec<Value> = statuses.iter().copied().map(Value::from).chain([Value::Null]).collect();
    all(json!({
        "indication": text(),
        "region": {"description": "`elsewhere`: in all regions but those beside it; null where it is the same in all", "type": ["string", "null"]},
        "value": {"enum": settled},
        "possible": list(&json!({"enum": statuses})),
        "events": event,
        "beside": event,
    }))
}

pub(super) fn against() -> Value {
    standing(json!({
        "id": text(),
        "kind": {"enum": ["contraindicated", "avoid", "caution", "prefer"]},
        "text": text(),
        "when": {"description": "In the author's words; empty for always", "type": "string"},
        "local": local(),
        "sources": list(&text()),
    }))
}

pub(super) fn advice() -> Value {
    let mut advice = all(json!({
        "id": text(),
        "verdict": {"enum": ["stands", "beaten", "unresolved", "open"]},
        "text": text(),
        "level": perhaps_text(),
        "strength": {"enum": ["strong", "conditional", null]},
        "grade": perhaps_text(),
        "sources": list(&text()),
        "possible": {
            "description": "What it may come to; only of what is open",
            "type": "array",
            "items": {"enum": ["stands", "beaten", "unresolved", "not_given"]},
        },
        "because": list(&reference("because")),
        "beaten_by": {"description": "What won over it or conflicts with it; of what is open, what may still do so", "type": ["string", "null"]},
        "stop": {"description": "The therapy it says to stop", "type": ["string", "null"]},
        "local": local(),
        "override": disagreement(),
    }));
    may_lack(&mut advice, "possible");
    advice
}

pub(super) fn regimen() -> Value {
    all(json!({
        "id": text(),
        "title": text(),
        "patients": reference("standing"),
        "give": list(&reference("option")),
        "plus": {
            "description": "How many of the list, at least and at most, for each case that is possible",
            "type": "array",
            "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        },
        "of": list(&reference("option")),
        "short": {"description": "Fewer are left than are wanted", "type": ["string", "null"]},
        "sources": list(&text()),
    }))
}

pub(super) fn suspicion() -> Value {
    let pointers = list(&all(json!({"text": text(), "possible": reference("possible")})));
    standing(json!({
        "id": text(),
        "title": text(),
        "for": pointers,
        "against": pointers,
        "tests": list(&text()),
        "sources": list(&text()),
    }))
}

pub(super) fn algorithm() -> Value {
    let lit = json!({"enum": ["yes", "no", "perhaps"]});
    let branch = all(json!({
        "label": text(),
        "taken": lit,
        "targets": {"description": "`step NAME` or `conclude NAME`", "type": "array", "items": text()},
    }));
    let step = all(json!({
        "id": text(),
        "title": text(),
        "reached": lit,
        "branches": list(&branch),
        "waits_for": list(&text()),
        "seen": list(&text()),
    }));
    all(json!({
        "id": text(),
        "title": text(),
        "steps": list(&step),
        "conclusions": list(&all(json!({"id": text(), "title": text(), "reached": lit}))),
    }))
}

pub(super) fn course() -> Value {
    let states: Vec<&str> = CourseState::ALL.iter().map(|state| state.word()).collect();
    let mut course = all(json!({
        "id": text(),
        "label": text(),
        "state": all(json!({"value": {"enum": states.iter().copied().map(Value::from).chain([Value::Null]).collect::<Vec<_>>()}, "possible": list(&json!({"enum": states}))})),
        "taking": {"enum": ["yes", "no", "open"]},
        "courses": {"description": "Each in a line", "type": "array", "items": text()},
        "why": list(&text()),
        "judge_on": perhaps_day(),
        "judge_from": {"description": "The first day it may be, where `judge_on` is only the last", "type": "string"},
        "sources": list(&text()),
    }));
    may_lack(&mut course, "judge_from");
    course
}

/// A key that does not always stand there.
fn may_lack(schema: &mut Value, key: &str) {
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name != key);
    }
}

/// Keys that are left out where there is nothing to say.
const LEFT_OUT: [&str; 3] = ["override", "local", "status_on_day"];

/// An object that always has all of its keys, except for those.
fn all(properties: Value) -> Value {
    let names: Vec<String> = properties.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
    let required: Vec<&str> = names.iter().map(String::as_str).filter(|name| !LEFT_OUT.contains(name)).collect();
    object(&required, properties)
}

fn local() -> Value {
    json!({"description": "It comes from a hospital's own sheet", "const": true})
}
