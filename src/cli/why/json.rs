use serde::Serialize;

use crate::explain::{CitationShown, Explanation, NOTICE, Possible};
use crate::render::json;
use crate::render::words;
use crate::why::reasons::{Line, Reason, Why};

#[derive(Serialize)]
struct Object<'a> {
    myoguide: &'static str,
    notice: &'static str,
    guideline: GuidelineObject<'a>,
    record: RecordObject<'a>,
    why: Vec<WhyObject<'a>>,
}

#[derive(Serialize)]
pub(in crate::cli) struct GuidelineObject<'a> {
    id: &'a str,
    release: &'a str,
    hash: &'a str,
}

#[derive(Serialize)]
pub(in crate::cli) struct RecordObject<'a> {
    id: &'a str,
    as_of: String,
    hash: &'a str,
}

#[derive(Serialize)]
struct WhyObject<'a> {
    answer: &'a str,
    title: &'a str,
    status: &'static str,
    value: String,
    reasons: Vec<ReasonObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    further: Option<usize>,
    because: &'a [String],
}

#[derive(Serialize)]
struct ReasonObject<'a> {
    fact: &'a str,
    label: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    by_silence: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a str>,
    held_against: Vec<LineObject<'a>>,
}

#[derive(Serialize)]
struct LineObject<'a> {
    id: &'a str,
    text: &'a str,
    outcome: String,
    place: &'a str,
    sources: Vec<SourceObject<'a>>,
}

#[derive(Serialize)]
struct SourceObject<'a> {
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<&'static str>,
}

/// The same for programs, on a line of its own.
pub(super) fn object(explanation: &Explanation, found: &[Why]) -> String {
    let (guideline, record) = head(explanation);
    let why = found.iter().map(one).collect();
    json::line(&Object { myoguide: VERSION, notice: NOTICE, guideline, record, why })
}

/// The version of the program.
pub(in crate::cli) const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(in crate::cli) fn head(explanation: &Explanation) -> (GuidelineObject<'_>, RecordObject<'_>) {
    let (guideline, record) = (&explanation.guideline, &explanation.record);
    (
        GuidelineObject { id: &guideline.id, release: &guideline.release, hash: &guideline.hash },
        RecordObject { id: &record.id, as_of: record.as_of.to_string(), hash: &record.hash },
    )
}

fn one(why: &Why) -> WhyObject<'_> {
    let decided = why.status == crate::eval::Status::Decided;
    WhyObject {
        answer: &why.target.name,
        title: &why.target.title,
        status: words::status(why.status),
        value: value(&why.possible, why.target.unit().as_deref()),
        reasons: why.reasons.iter().map(reason).collect(),
        further: decided.then_some(why.further),
        because: &why.open,
    }
}

/// What is possible as a word of programs where it is one, else in words.
pub(in crate::cli) fn value(possible: &Possible, unit: Option<&str>) -> String {
    if let Possible::Choice(values) = possible
        && let [only] = values.as_slice()
    {
        return only.clone();
    }
    words::possible(possible, unit)
}

fn reason(reason: &Reason) -> ReasonObject<'_> {
    let told = &reason.told;
    ReasonObject {
        fact: &told.id,
        label: &told.label,
        value: &told.value,
        date: told.date.map(|date| date.to_string()),
        place: told.place.as_deref(),
        by_silence: told.by_silence,
        report: told.report.as_deref(),
        held_against: reason.lines.iter().map(line).collect(),
    }
}

fn line(line: &Line) -> LineObject<'_> {
    let source = |citation: &'_ CitationShown| words::doubt(citation.mark);
    LineObject {
        id: &line.id,
        text: &line.text,
        outcome: value(&line.outcome, line.unit.as_deref()),
        place: &line.place,
        sources: line
            .citations
            .iter()
            .map(|citation| SourceObject {
                key: &citation.key,
                place: citation.place.as_deref(),
                doubt: source(citation),
            })
            .collect(),
    }
}
