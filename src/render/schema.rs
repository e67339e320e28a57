//! The JSON Schema of a result.

mod treatment;

use serde_json::{Value, json};

/// The JSON Schema (2020-12) of the object that `evaluate --format json` prints on each line.
pub fn result() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What one guideline says of one record",
        "description": crate::explain::NOTICE,
        "type": "object",
        "additionalProperties": false,
        "required": ["myoguide", "notice", "guideline", "record", "answers", "conclusions", "ladders", "advice", "regimens",
            "suspicions", "algorithms", "courses", "missing", "silent", "notices", "trace"],
        "properties": {
            "myoguide": {"description": "The version of the program", "type": "string"},
            "notice": {"type": "string"},
            "guideline": object(&["id", "release", "hash"], json!({
                "id": text(), "release": {"type": "string", "pattern": "^[0-9]+[.][0-9]+[.][0-9]+$"}, "hash": reference("hash"),
            })),
            "record": object(&["id", "as_of", "hash"], json!({
                "id": text(), "as_of": reference("day"), "hash": reference("hash"),
            })),
            "answers": {"type": "object", "additionalProperties": reference("answer")},
            "conclusions": {"description": "Of its algorithms, the highest-ranking first", "type": "array", "items": reference("conclusion")},
            "ladders": list(&reference("ladder")),
            "advice": {"description": "What holds or may hold; what stands at the highest level first", "type": "array", "items": reference("advice")},
            "regimens": {"description": "Those that are, or may be, for the patient", "type": "array", "items": reference("regimen")},
            "suspicions": {"description": "Diseases that may be there instead", "type": "array", "items": reference("suspicion")},
            "algorithms": {"description": "Steps and branches with the patient's path", "type": "array", "items": reference("algorithm")},
            "courses": {"description": "What the exposure history makes of each therapy", "type": "array", "items": reference("course")},
            "missing": list(&object(&["fact", "question", "why", "settles"], json!({
                "fact": text(), "question": text(), "when": text(), "why": text(),
                "settles": {"description": "The answers, conclusions, verdicts (`ladder.option`) and advice it keeps open", "type": "array", "items": text()},
            }))),
            "silent": list(&object(&["source", "because"], json!({"source": text(), "because": text()}))),
            "notices": list(&text()),
            "trace": {"description": "Empty unless asked for with --trace", "type": "array", "items": reference("statement")},
        },
        "$defs": definitions(),
    })
}

fn definitions() -> Value {
    json!({
        "day": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        "value": {
            "description": "The only value left; a yes/no is the word",
            "anyOf": [text(), {"type": "number"}, list(&text()), {"type": "null"}],
        },
        "possible": possible(),
        "because": object(&["fact", "why"], json!({"fact": text(), "when": text(), "why": text()})),
        "answer": answer(),
        "statement": statement(),
        "operand": operand(),
        "standing": standing(json!({})),
        "conclusion": treatment::conclusion(),
        "ladder": treatment::ladder(),
        "option": treatment::option(),
        "against": treatment::against(),
        "advice": treatment::advice(),
        "regimen": treatment::regimen(),
        "suspicion": treatment::suspicion(),
        "algorithm": treatment::algorithm(),
        "course": treatment::course(),
    })
}

/// What is known of something beside the answers, after `before`.
fn standing(before: Value) -> Value {
    let mut properties = before;
    let own = json!({
        "status": {"enum": ["decided", "open", "silent", "fault"]},
        "value": reference("value"),
        "approximate": {"const": true},
        "possible": reference("possible"),
        "exact": {"description": "The possible values may be wider than the truth", "const": false},
        "because": list(&reference("because")),
        "presuming": presuming(),
    });
    if let (Some(all), Value::Object(own)) = (properties.as_object_mut(), own) {
        all.extend(own);
    }
    let optional = ["approximate", "exact", "presuming", "override", "local"];
    let names: Vec<String> = properties.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
    let required: Vec<&str> = names.iter().map(String::as_str).filter(|name| !optional.contains(name)).collect();
    object(&required, properties)
}

fn presuming() -> Value {
    json!({"anyOf": [{"type": "null"}, object(&["value", "facts"], json!({
        "value": reference("value"),
        "facts": {"type": "object", "additionalProperties": text()},
    }))]})
}

fn disagreement() -> Value {
    object(&["mine", "reason", "by"], json!({"mine": text(), "reason": text(), "by": text()}))
}

fn possible() -> Value {
    let number = json!({"type": ["number", "null"]});
    let flag = json!({"const": true});
    json!({"anyOf": [
        {"description": "Values, in the guideline's order; none where the guideline is silent", "type": "array", "items": text()},
        object(&["min", "max"], json!({
            "min": number, "max": number,
            "values": {"description": "All of them, where there are at most 64", "type": "array", "maxItems": 64, "items": {"type": "number"}},
            "min_open": flag, "max_open": flag,
            "approximate": flag,
            "exact": {"description": "The set may be wider than the truth", "const": false},
        })),
        object(&["certain", "perhaps"], json!({"certain": list(&text()), "perhaps": list(&text())})),
    ]})
}

fn answer() -> Value {
    object(
        &["status", "value", "possible"],
        json!({
            "status": {"enum": ["decided", "open", "silent", "fault"]},
            "value": reference("value"),
            "approximate": {"description": "The value is printed to 12 decimals", "const": true},
            "unit": text(),
            "possible": reference("possible"),
            "exact": {"description": "The possible values may be wider than the truth", "const": false},
            "reading": {"description": "It looks at what was recorded, and may change when a missing fact is filled in", "const": "as_recorded"},
            "because": list(&reference("because")),
            "presuming": presuming(),
            "fault": text(),
            "silence": {"description": "What the release says of an answer it has no question for", "type": "string"},
            "override": disagreement(),
        }),
    )
}

fn statement() -> Value {
    let citation = object(
        &["key", "place", "mark"],
        json!({
            "key": text(),
            "place": {"type": ["string", "null"]},
            "mark": {"enum": ["verified", "secondary", "founding report", "unverified", "local default"]},
        }),
    );
    let required = ["id", "kind", "title", "place", "citations", "operands", "outcome", "why", "parts"];
    object(
        &required,
        json!({
            "id": {"description": "The block's name, then the place of the line in it", "type": "string"},
            "kind": text(),
            "title": text(),
            "place": {"description": "File and line", "type": "string"},
            "citations": list(&citation),
            "operands": list(&reference("operand")),
            "outcome": object(&["value", "possible"], json!({
                "value": reference("value"), "approximate": {"const": true}, "unit": text(), "possible": reference("possible"),
            })),
            "why": {"description": "For what does not hold, what it lacked", "type": ["string", "null"]},
            "parts": list(&reference("statement")),
        }),
    )
}

fn operand() -> Value {
    let perhaps = json!({"type": ["string", "null"]});
    object(
        &["id", "value", "unit", "date", "provenance", "written", "place"],
        json!({
            "id": text(),
            "when": text(),
            "value": reference("value"),
            "approximate": {"const": true},
            "unit": perhaps,
            "possible": reference("possible"),
            "upper_limit": {"type": "number"},
            "scale": {"description": "The end of the scale it was recorded on", "type": "number"},
            "date": {"anyOf": [reference("day"), {"type": "null"}]},
            "provenance": text(),
            "written": perhaps,
            "place": perhaps,
        }),
    )
}

fn object(required: &[&str], properties: Value) -> Value {
    let mut object = json!({"type": "object", "additionalProperties": false, "required": required});
    if let Some(fields) = object.as_object_mut() {
        fields.insert("properties".to_owned(), properties);
    }
    object
}

fn list(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn perhaps_text() -> Value {
    json!({"type": ["string", "null"]})
}

fn perhaps_day() -> Value {
    json!({"anyOf": [reference("day"), {"type": "null"}]})
}
