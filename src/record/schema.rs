use serde_json::{Map, Value, json};

use super::{Outcome, StopReason, Therapy};
use crate::catalog::{
    Catalog, ChoiceValue, Derivation, Fact, FactId, FactKind, Moment, NumberKind, RecordedIn, Report,
};
use crate::value::{Bound, NumberSet};

const MISSING: [&str; 3] = ["unknown", "pending", "refused"];

/// The JSON Schema (2020-12) of a record, built from the dictionary, for editors and for programs that write
/// records. What it accepts may still be refused when read: a schema cannot convert units or compare dates.
pub fn schema(catalog: &Catalog) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A patient's record for myoguide",
        "type": "object",
        "additionalProperties": false,
        "required": ["id"],
        "properties": {
            "id": {"description": "A pseudonym, never a real name", "type": ["string", "integer"]},
            "as_of": described("The day the record speaks of; without it, the newest date in it", reference("day")),
            "patient": part(catalog, RecordedIn::Patient),
            "facts": part(catalog, RecordedIn::Facts),
            "visits": list(&part(catalog, RecordedIn::Visits)),
            "therapies": {
                "description": "Absent or unknown: nothing is known; a list is complete unless therapies_complete is no",
                "anyOf": [list(&reference("course")), {"const": "unknown"}],
            },
            "therapies_complete": {
                "description": "no: other treatments may have been given",
                "anyOf": [reference("yes_no"), {"enum": ["unknown", null]}],
            },
            "declined": {
                "description": "Absent: nothing was declined; unknown: anything may have been",
                "anyOf": [list(&reference("declined")), {"enum": MISSING}],
            },
            "judgements": {
                "description": "Answers to the questions a guideline leaves to the clinician",
                "type": ["object", "null"],
                "additionalProperties": {"anyOf": [reference("yes_no"), {"enum": ["unknown", null]}]},
            },
            "override": list(&reference("override")),
        },
        "$defs": definitions(),
    })
}

fn definitions() -> Value {
    let words = |words: &[&str]| {
        let unknown = [json!("unknown"), Value::Null];
        json!({"enum": words.iter().map(|word| Value::from(*word)).chain(unknown).collect::<Vec<_>>()})
    };
    let text = json!({"type": "string", "minLength": 1});
    json!({
        "day": {"type": "string", "pattern": "^(19|2[01])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
        "date": {"anyOf": [
            {"type": "string", "pattern": "^(19|2[01])[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"},
            {"type": "integer", "minimum": 1900, "maximum": 2200},
            {"enum": ["unknown", null]},
        ]},
        "yes_no": {"enum": ["yes", "no", "true", "false", true, false]},
        "dose": {
            "type": ["string", "null"],
            "pattern": "^[0-9]+([.][0-9]+)? ?[^0-9. ]|^unknown$",
            "examples": ["20 mg/week", "2 g/kg per cycle"],
        },
        "level": {
            "type": ["string", "null"],
            "pattern": "^[0-9]+([.][0-9]+)? ?[^0-9. ]|^unknown$",
            "examples": ["6 ng/mL"],
        },
        "share": {"anyOf": [
            {"type": "number", "minimum": 0, "maximum": 100},
            {"type": "string", "pattern": "^[0-9]+([.][0-9]+)?( %)?$|^unknown$"},
            {"type": "null"},
        ]},
        "course": {
            "type": "object",
            "additionalProperties": false,
            "required": ["drug"],
            "properties": {
                "drug": text,
                "start": reference("date"),
                "stop": {
                    "description": "Absent: it still runs; unknown: it may still run, or have ended on any day",
                    "anyOf": [reference("date"), {"enum": MISSING}],
                },
                "dose": reference("dose"),
                "doses": list(&json!({
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["from", "dose"],
                    "properties": {"from": reference("date"), "dose": reference("dose")},
                })),
                "given": list(&reference("date")),
                "adherence": reference("share"),
                "level": described("A trough level", reference("level")),
                "outcome": words(&Outcome::WORDS.map(|(word, _)| word)),
                "outcome_on": reference("date"),
                "dose_limited_by": words(&Therapy::LIMITS),
                "stopped_for": words(&StopReason::WORDS.map(|(word, _)| word)),
            },
            "not": {"required": ["dose", "doses"]},
        },
        "declined": {
            "type": "object",
            "additionalProperties": false,
            "required": ["drug"],
            "properties": {"drug": text, "date": {"anyOf": [reference("day"), {"enum": ["unknown", null]}]}},
        },
        "override": {
            "type": "object",
            "additionalProperties": false,
            "required": ["answer", "mine", "reason", "by"],
            "properties": {"answer": text, "mine": {"type": ["string", "number", "boolean"]}, "reason": text, "by": text},
        },
    })
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn described(description: &str, mut schema: Value) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), description.into());
    }
    schema
}

fn list(items: &Value) -> Value {
    json!({"type": ["array", "null"], "items": items})
}

/// The facts and reports of one place of the record.
fn part(catalog: &Catalog, place: RecordedIn) -> Value {
    let mut properties = Map::new();
    let own = match place {
        RecordedIn::Patient => vec![("born", reference("date"))],
        RecordedIn::Facts => Vec::new(),
        RecordedIn::Visits => {
            vec![("date", reference("day")), ("role", json!({"enum": ["baseline", "unknown", null]}))]
        }
    };
    properties.extend(own.into_iter().map(|(key, schema)| (key.to_owned(), schema)));
    for (_, fact) in catalog.facts() {
        if stands_in(fact, place) {
            properties.insert(fact.id.value.clone(), fact_schema(fact));
        }
        let scales = scales(fact);
        if !scales.is_empty() && place != RecordedIn::Patient {
            properties.insert(format!("{}{}", fact.id.value, super::from_yaml::SCALE_SUFFIX), json!({"enum": scales}));
        }
    }
    let reports = catalog.report_names().filter_map(|name| catalog.find_report(name));
    for (id, report) in reports.filter_map(|id| Some((id, catalog.report(id)?))) {
        let listed = catalog.facts_of_report(id);
        if listed.first().and_then(|first| catalog.fact(*first)).is_some_and(|first| first.recorded == place) {
            properties.insert(report.id.value.clone(), report_schema(catalog, report, listed));
        }
    }
    let required: &[&str] = if place == RecordedIn::Visits { &["date"] } else { &[] };
    let kinds = if place == RecordedIn::Visits { json!("object") } else { json!(["object", "null"]) };
    json!({"type": kinds, "additionalProperties": false, "required": required, "properties": properties})
}

/// As in reading: what is measured of the person may also be dated in a visit.
fn stands_in(fact: &Fact, place: RecordedIn) -> bool {
    let dated = fact.recorded == RecordedIn::Patient
        && place == RecordedIn::Visits
        && matches!(fact.kind, FactKind::Number(_))
        && !matches!(fact.derived, Some(Derivation::AgeAt(Moment::AsOf)));
    fact.recorded == place || dated
}

fn scales(fact: &Fact) -> Vec<Value> {
    match &fact.kind {
        FactKind::Number(kind) => kind.scales.iter().filter_map(|end| json_number(&end.to_string())).collect(),
        FactKind::Choice { .. } | FactKind::Date => Vec::new(),
    }
}

fn fact_schema(fact: &Fact) -> Value {
    let value = match &fact.kind {
        FactKind::Choice { values, yes_no } => choice_schema(values, *yes_no),
        FactKind::Number(kind) => number_schema(kind),
        FactKind::Date => reference("date"),
    };
    let mut parts = Map::from_iter([("value".to_owned(), value.clone()), ("known_since".to_owned(), reference("day"))]);
    if let FactKind::Number(kind) = &fact.kind
        && kind.upper_limit
    {
        parts.insert("upper_limit".to_owned(), limit_schema(kind));
    }
    let with_parts =
        json!({"type": "object", "additionalProperties": false, "required": ["value"], "properties": parts});
    described(&fact.question, json!({"title": fact.label, "anyOf": [value, with_parts]}))
}

fn choice_schema(values: &[ChoiceValue], yes_no: bool) -> Value {
    let names = values.iter().map(|value| Value::from(value.name.as_str()));
    let bools = if yes_no { vec![json!("true"), json!("false"), json!(true), json!(false)] } else { Vec::new() };
    let missing = MISSING.map(Value::from).into_iter().chain([Value::Null]);
    json!({"enum": names.chain(bools).chain(missing).collect::<Vec<_>>()})
}

fn number_schema(kind: &NumberKind) -> Value {
    let mut bare = bounds(&kind.range);
    bare.insert("type".to_owned(), if kind.whole { "integer" } else { "number" }.into());
    if let Some(unit) = kind.unit {
        bare.insert("description".to_owned(), format!("in {unit}").into());
    }
    let unit = if kind.unit.is_some() { "( [^ ].*)?" } else { "" };
    let pattern = format!("^(above |below )?-?[0-9]+([.][0-9]+)?{unit}$");
    let mut text = json!({"type": "string", "pattern": pattern});
    if let Some(unit) = kind.unit {
        text = described(&format!("a number, then a unit that can be converted to {unit}"), text);
    }
    let mut words: Vec<Value> = kind.grades.iter().map(|grade| grade.written.as_str().into()).collect();
    words.extend(["unknown", "pending", "refused", "not measured"].map(Value::from));
    words.push(Value::Null);
    json!({"anyOf": [bare, text, {"enum": words}]})
}

fn limit_schema(kind: &NumberKind) -> Value {
    let unit = kind.unit.map_or_else(String::new, |unit| format!(" in {unit}, or with a unit"));
    let schema = json!({"anyOf": [
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "string", "pattern": "^[0-9]+([.][0-9]+)?( [^ ].*)?$|^unknown$"},
        {"type": "null"},
    ]});
    described(&format!("the laboratory's upper limit{unit}"), schema)
}

fn bounds(range: &NumberSet) -> Map<String, Value> {
    let mut bounds = Map::new();
    let Some(hull) = range.hull() else { return bounds };
    for (end, closed, open) in [(hull.low, "minimum", "exclusiveMinimum"), (hull.high, "maximum", "exclusiveMaximum")] {
        let (key, number) = match end {
            Bound::Closed(number) => (closed, number),
            Bound::Open(number) => (open, number),
            Bound::Unbounded => continue,
        };
        if let Some(number) = number.exact_decimal().as_deref().and_then(json_number) {
            bounds.insert(key.to_owned(), number);
        }
    }
    bounds
}

fn json_number(decimal: &str) -> Option<Value> {
    serde_json::from_str(decimal).ok()
}

fn report_schema(catalog: &Catalog, report: &Report, listed: &[FactId]) -> Value {
    let names: Vec<&str> = listed.iter().map(|fact| catalog.name(*fact)).collect();
    let mut properties = Map::new();
    properties.insert("date".to_owned(), json!({"anyOf": [reference("day"), {"enum": ["unknown", null]}]}));
    properties.insert("method".to_owned(), json!({"type": ["string", "null"]}));
    let found = list(&json!({"enum": names}));
    properties.insert(report.list.clone(), described("what was found; the rest of the list is then no", found.clone()));
    let left_out = described("what of the list was not looked for, and so stays unknown", found);
    properties.insert(super::from_yaml::NOT_TESTED.to_owned(), left_out);
    for fact in report.carries.iter().filter_map(|fact| catalog.fact(*fact)) {
        properties.insert(fact.id.value.clone(), fact_schema(fact));
    }
    let whole =
        json!({"type": "object", "additionalProperties": false, "required": [report.list], "properties": properties});
    described(&report.label, json!({"anyOf": [whole, {"enum": ["unknown", null]}]}))
}
