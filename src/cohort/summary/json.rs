//! The summary for programs: `docs/cohort.md` says what each key holds.

use serde_json::{Map, Value, json};

use super::build::{Answer, Change, EverAndLast, OverVisits, Section, Settling, Summary, ValueRow};
use super::steps::{Count, STEP, Showing};
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
        .map(|(code, title, count)| json!({ "code": code, "title": title, "records": number(*count) }))
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
        "suppressed_below": (summary.showing == Showing::Steps).then_some(STEP),
        "unit": summary.unit(),
        "rows": {
            "records": number(summary.records),
            "answered": number(summary.answered),
            "with_notice": number(summary.noticed),
            "notices": summary.notices.iter().map(|(word, _, count)| (word.clone(), number(*count))).collect::<Map<_, _>>(),
            "refused": number(summary.refused),
            "mistakes": mistakes,
            "empty_lines": number(summary.empty_lines),
            "files": files.collect::<Vec<_>>(),
            "probable_duplicates": summary.twins.map(|twins| twins.pairs),
        },
        "asked": number(summary.asked),
        "results": summary.sections.iter().map(|one| section(summary, one)).collect::<Vec<_>>(),
        "over_visits": summary.over_visits.iter().map(over_visits).collect::<Vec<_>>(),
        "changes": summary.changes.iter().map(|one| change(summary, one)).collect::<Vec<_>>(),
    });
    let mut text = format!("{whole:#}");
    text.push('\n');
    text
}

/// A number, or from where to where it lies.
fn number(count: Count) -> Value {
    match count {
        Count::Exact(count) => count.into(),
        Count::Between(from, to) => json!({ "from": from, "to": to }),
    }
}

fn by_name(of: &[(String, Count)]) -> Value {
    of.iter().map(|(name, count)| (name.clone(), number(*count))).collect::<Map<_, _>>().into()
}

fn change(summary: &Summary, of: &Change) -> Value {
    let answers = of.answers.iter().map(|one| {
        let ways = one.ways.iter().map(|(from, to, count)| json!({ "from": from, "to": to, "count": number(*count) }));
        let ways = ways.collect::<Vec<_>>();
        let [told, same, moved] = [one.told(), one.same, one.moved].map(number);
        (one.id.clone(), json!({ "told": told, "same": same, "moved": moved, "ways": ways }))
    });
    json!({
        "from": of.from,
        "to": of.to,
        "unit": of.unit(summary),
        "compared": number(of.compared),
        "answers": answers.collect::<Map<_, _>>(),
    })
}

fn over_visits(of: &OverVisits) -> Value {
    let answers = of.answers.iter().map(|(id, words)| {
        let counts = words.iter().map(|EverAndLast { words, ever, last }| {
            (words.clone(), json!({ "ever": number(*ever), "last": number(*last) }))
        });
        (id.clone(), counts.collect::<Map<_, _>>().into())
    });
    json!({ "guideline": of.name, "patients": number(of.patients), "answers": answers.collect::<Map<String, Value>>() })
}

/// How the groups stand that a column makes; `null` where it makes too many.
fn by_group(of: &Section, by: &str) -> Value {
    let groups = of.groups.iter().flatten().map(|group| {
        let usable = of.answers.iter().zip(&group.usable).map(|(answer, count)| (answer.id.clone(), number(*count)));
        let group_of =
            json!({ "spoken_of": number(group.spoken), "settled_or_granted": usable.collect::<Map<_, _>>() });
        (group.name.clone(), group_of)
    });
    let groups: Map<_, _> = groups.collect();
    json!({ "column": by, "groups": of.groups.is_some().then_some(groups) })
}

fn section(summary: &Summary, of: &Section) -> Value {
    let all =
        |of: &[Answer], whole: bool| of.iter().map(|one| (one.id.clone(), answer(one, whole))).collect::<Map<_, _>>();
    json!({
        "guideline": { "id": of.id, "release": of.release },
        "scope": {
            "asked": number(of.asked),
            "covered": number(of.covered),
            "open": number(of.perhaps),
            "silent": number(of.silent),
            "silent_because": by_name(&of.why),
        },
        "spoken_of": number(of.spoken),
        "answers": all(&of.answers, true),
        "conclusions": all(&of.conclusions, true),
        "ladders": all(&of.ladders, true),
        "options": all(&of.options, false),
        "taken_for_granted": by_name(&of.granted),
        "cannot_be": by_name(&of.conflicts),
        "hindsight": of.hindsight.as_ref().map(|hindsight| json!({
            "earlier_visits": number(hindsight.earlier),
            "used_undated": number(hindsight.used),
            "facts": by_name(&hindsight.facts),
        })),
        "by": summary.by.as_ref().map(|by| by_group(of, by)),
    })
}

/// `whole`: with what would settle it.
fn answer(of: &Answer, whole: bool) -> Value {
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
    object.extend(counts.map(|(name, count)| (name.to_owned(), number(count))));
    object.insert("several_values".to_owned(), of.several.into());
    object.insert("values".to_owned(), of.values.iter().map(value).collect::<Map<_, _>>().into());
    if whole {
        let facts = of.settling.iter().map(|Settling { fact, alone, among, why }| {
            json!({ "fact": fact, "alone": number(*alone), "among": number(*among), "why": by_name(why) })
        });
        object.insert("would_settle".to_owned(), facts.collect::<Vec<_>>().into());
        object.insert("several_facts".to_owned(), number(of.together));
    }
    object.into()
}
