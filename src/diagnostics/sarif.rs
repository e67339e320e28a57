//! Diagnostics as SARIF 2.1.0 (OASIS 2020), which editors and code hosts read.

use serde_json::{Value, json};

use super::{Code, Diagnostic, Severity};
use crate::source::{SourceMap, Span};

/// All diagnostics as one document.
pub fn sarif(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let mut codes: Vec<Code> = diagnostics.iter().map(|one| one.code).collect();
    codes.sort_by_key(|code| code.id);
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(rule).collect();
    let results: Vec<Value> = diagnostics.iter().map(|one| result(sources, one)).collect();
    let driver = json!({ "name": "myoguide", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    let run = json!({ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results });
    format!(
        "{}\n",
        json!({ "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run] })
    )
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": code.title },
        "fullDescription": { "text": code.explanation },
    })
}

fn result(sources: &SourceMap, diagnostic: &Diagnostic) -> Value {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut sentences = vec![diagnostic.message.clone()];
    sentences.extend(diagnostic.notes.iter().cloned());
    let also: Vec<Value> = diagnostic
        .labels
        .iter()
        .skip(1)
        .map(|label| {
            let mut place = location(sources, label.span);
            if let Some(fields) = place.as_object_mut() {
                fields.insert("message".to_owned(), json!({ "text": label.text }));
            }
            place
        })
        .collect();
    json!({
        "ruleId": diagnostic.code.id,
        "level": level,
        "message": { "text": sentences.join("; ") },
        "locations": diagnostic.span().map(|span| location(sources, span)).into_iter().collect::<Vec<_>>(),
        "relatedLocations": also,
        "properties": { "patient": diagnostic.patient },
    })
}

fn location(sources: &SourceMap, span: Span) -> Value {
    let start = sources.position(span);
    let end = sources.position(Span { start: span.end, ..span });
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": sources.path(span.file) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    })
}
