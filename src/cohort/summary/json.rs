//! The summary for programs: `docs/cohort.md` says what each key holds.

use serde_json::{Map, Value, json};

use super::build::{Answer, Section, Settling, Summary, ValueRow};
use super::withheld::{Cell, Shown};
use crate::explain::NOTICE;
use crate::render::VERSION;

/// The summary as one JSON object, indented.
pub fn render(summary: &Summary) -> String {
    let guidelines = summary.guidelines.iter();
    let guidelines =
        guidelines.map(|[id, release, hash]| json!({ "id": id, "release": release, "hash": hash })).collect::<Vec<_>>();
    let inputs = summary.inputs.iter().map(|[file, hash]| json!({ "file": file, "hash": hash })).collect::<Vec<_>>();
    let mistakes = summary.mistakes.iter();
    let mistakes = mistakes
        .map(|(code, title, count)| json!({ "code": code, "title": title, "records": count }))
        .collect::<Vec<_>>();
    let files = summary.files.iter().map(|file| {
        json!({ "file": file.file, "rows": file.rows, "used": file.used, "duplicates": file.duplicates,
                "without_patient": file.without_patient, "same_id": file.same_id })
    });
    let whole = json!({
        "myoguide": VERSION,
        "notice": NOTICE,
        "command": summary.command,
        "guidelines": guidelines,
        "mapping": summary.mapping,
        "input": inputs,
        "suppressed_below": summary.least,
        "unit": summary.unit(),
        "rows": {
            "records": summary.records,
            "answered": summary.records - summary.refused,
            "refused": summary.refused,
            "mistakes": mistakes,
            "empty_lines": summary.empty_lines,
            "files": files.collect::<Vec<_>>(),
            "probable_duplicates": summary.twins.map(|twins| twins.pairs),
        },
        "asked": count(summary, summary.asked),
        "results": summary.sections.iter().map(|one| section(summary, one)).collect::<Vec<_>>(),
    });
    let mut text = format!("{whole:#}");
    text.push('\n');
    text
}

/// A number, `"<5"`, or `null` where it is withheld.
fn count(summary: &Summary, cell: Cell) -> Value {
    match summary.shown(cell) {
        Shown::Count(count) => count.into(),
        Shown::Below(least) => format!("<{least}").into(),
        Shown::Withheld => Value::Null,
    }
}

fn by_name(summary: &Summary, of: &[(String, Cell)]) -> Value {
    of.iter().map(|(name, cell)| (name.clone(), count(summary, *cell))).collect::<Map<_, _>>().into()
}

fn section(summary: &Summary, of: &Section) -> Value {
    let all = |of: &[Answer], whole: bool| {
        of.iter().map(|one| (one.id.clone(), answer(summary, one, whole))).collect::<Map<_, _>>()
    };
    let number = |cell| count(summary, cell);
    json!({
        "guideline": { "id": of.id, "release": of.release },
        "scope": {
            "asked": number(of.asked),
            "covered": number(of.covered),
            "open": number(of.perhaps),
            "silent": number(of.silent),
            "silent_because": by_name(summary, &of.why),
        },
        "spoken_of": number(of.spoken),
        "answers": all(&of.answers, true),
        "conclusions": all(&of.conclusions, true),
        "ladders": all(&of.ladders, true),
        "options": all(&of.options, false),
        "taken_for_granted": by_name(summary, &of.granted),
        "hindsight": of.hindsight.as_ref().map(|hindsight| json!({
            "earlier_visits": number(hindsight.earlier),
            "used_undated": number(hindsight.used),
            "facts": by_name(summary, &hindsight.facts),
        })),
    })
}

/// `whole`: with what would settle it.
fn answer(summary: &Summary, of: &Answer, whole: bool) -> Value {
    let number = |cell| count(summary, cell);
    let value = |row: &ValueRow| {
        let upper = row.upper.map(number);
        let counts = match upper {
            Some(upper) => json!({ "settled": number(row.settled), "granted": number(row.granted), "at_most": upper }),
            None => json!({ "settled": number(row.settled), "granted": number(row.granted) }),
        };
        (row.value.clone(), counts)
    };
    let mut object = Map::new();
    object.insert("title".to_owned(), of.title.clone().into());
    if let Some(unit) = &of.unit {
        object.insert("unit".to_owned(), unit.clone().into());
    }
    let counts = [
        ("settled", of.decided),
        ("granted", of.granted),
        ("settled_or_granted", of.usable),
        ("open", of.open),
        ("silent", of.silent),
        ("fault", of.fault),
    ];
    object.extend(counts.map(|(name, cell)| (name.to_owned(), number(cell))));
    object.insert("several_values".to_owned(), of.several.into());
    object.insert("values".to_owned(), of.values.iter().map(value).collect::<Map<_, _>>().into());
    if whole {
        let facts = of.settling.iter().map(|Settling { fact, alone, among, why }| {
            json!({ "fact": fact, "alone": number(*alone), "among": number(*among), "why": by_name(summary, why) })
        });
        object.insert("would_settle".to_owned(), facts.collect::<Vec<_>>().into());
        object.insert("several_facts".to_owned(), number(of.together));
    }
    object.into()
}
