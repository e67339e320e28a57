//! Records as written, with what was read from them or what is wrong with them.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that fails says where")]

use std::fmt::Write as _;
use std::path::Path;

use myoguide::catalog::{Catalog, FactKind, TreatmentId};
use myoguide::diagnostics::Diagnostic;
use myoguide::record::{self, Entry, Given, Record};
use myoguide::source::{FileId, SourceMap, Span};
use myoguide::value::{Bound, Number, NumberSet};

const DICTIONARY: &str = include_str!("corpus/record/dictionary.yaml");
const FORMULARY: &str = include_str!("corpus/record/formulary.yaml");

fn library() -> myoguide::library::Library {
    myoguide::library::Library::of_texts([("dictionary/test.yaml", DICTIONARY), ("formulary/test.yaml", FORMULARY)])
}

/// A small dictionary and formulary of their own, so that the shipped ones can change.
fn dictionary(sources: &mut SourceMap) -> Catalog {
    let (mut catalog, mut mistakes) = Catalog::open(&library(), sources);
    mistakes.extend(catalog.load_all(sources));
    assert!(mistakes.is_empty(), "{}", mistakes.iter().map(|mistake| drawn(sources, mistake)).collect::<String>());
    catalog
}

fn read(path: &str, text: &str) -> (SourceMap, Catalog, FileId, Vec<Result<Record, Vec<Diagnostic>>>) {
    let mut sources = SourceMap::default();
    let file = sources.add(path, text);
    let (mut catalog, _) = Catalog::open(&library(), &mut sources);
    catalog.load_formulary(&sources);
    let documents = record::documents(&sources, file);
    catalog.load_facts(&sources, documents.iter().flat_map(record::Document::names));
    let records = documents.iter().map(|document| document.read(&sources, &catalog)).collect();
    (sources, catalog, file, records)
}

fn one(text: &str) -> (Record, Catalog) {
    let (sources, catalog, _, mut records) = read("record.yaml", text);
    assert_eq!(records.len(), 1, "{text}");
    match records.remove(0) {
        Ok(record) => (record, catalog),
        Err(mistakes) => panic!("{}", mistakes.iter().map(|mistake| drawn(&sources, mistake)).collect::<String>()),
    }
}

#[test]
fn corpus() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("corpus/record/good/*", |path| insta::assert_snapshot!("good", shown(path, true)));
        insta::glob!("corpus/record/bad/*", |path| insta::assert_snapshot!("bad", shown(path, false)));
    });
}

/// The source and, below it, what came of it.
fn shown(path: &Path, good: bool) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    let text = std::fs::read_to_string(path).unwrap();
    let (sources, catalog, _, records) = read(&name, &text);
    assert_eq!(records.iter().all(Result::is_ok), good, "{name} stands in the wrong folder");
    let visible = text.replace('\r', "␍").replace('\u{feff}', "\\u{feff}");
    let source = if visible.len() > 3000 { "(long)\n" } else { &visible };
    let mut shown = format!("{}\n──────\n", source.trim_end());
    for result in &records {
        match result {
            Ok(record) => shown.push_str(&summary(&sources, &catalog, record)),
            Err(mistakes) => mistakes.iter().for_each(|mistake| shown.push_str(&drawn(&sources, mistake))),
        }
    }
    shown
}

/// A mistake with the lines it speaks of.
fn drawn(sources: &SourceMap, mistake: &Diagnostic) -> String {
    let mut text = format!("{}: {}\n", mistake.code.id, mistake.message);
    for (at, label) in mistake.labels.iter().enumerate() {
        text.push_str(&excerpt(sources, label.span, if at == 0 { '^' } else { '-' }, &label.text));
    }
    for note in &mistake.notes {
        let _ = writeln!(text, "      = {note}");
    }
    if let Some(fix) = &mistake.fix {
        let edits = fix.edits.iter().map(|(span, new)| format!("`{}` -> `{new}`", sources.slice(*span)));
        let _ = writeln!(text, "      = {}: {}", fix.text, edits.collect::<Vec<_>>().join(", "));
    }
    text + "\n"
}

fn excerpt(sources: &SourceMap, span: Span, sign: char, label: &str) -> String {
    let place = sources.position(span);
    let line = sources.text(span.file).lines().nth(place.line as usize - 1).unwrap_or("");
    let line: String = line.chars().take(120).collect();
    let width = sources.slice(span).lines().next().unwrap_or("").chars().count().clamp(1, 100);
    let blank = " ".repeat(place.column as usize - 1);
    let signs = sign.to_string().repeat(width);
    format!("{:>4} | {line}\n     | {blank}{signs} {label}", place.line).trim_end().to_owned() + "\n"
}

fn summary(sources: &SourceMap, catalog: &Catalog, record: &Record) -> String {
    let given = if record.as_of_given { "given" } else { "the newest date" };
    let mut text = format!("{} as of {} ({given})\n", record.id, record.as_of);
    if let Some(born) = record.born {
        let _ = writeln!(text, "born {born}");
    }
    for entry in &record.undated {
        let _ = writeln!(text, "{}", entry_line(catalog, entry));
    }
    for visit in &record.visits {
        let _ = writeln!(text, "visit {}{}", visit.date, if visit.baseline { ", baseline" } else { "" });
        for entry in &visit.entries {
            let _ = writeln!(text, "  {}", entry_line(catalog, entry));
        }
    }
    match &record.therapies {
        None => text.push_str("therapies: not spoken of\n"),
        Some(therapies) => {
            let _ = writeln!(text, "therapies, {}", if therapies.complete { "complete" } else { "perhaps more" });
            therapies.courses.iter().for_each(|course| text.push_str(&course_lines(catalog, course)));
        }
    }
    for declined in record.declined.iter().flatten() {
        let date = declined.date.map(|date| date.to_string());
        let _ = writeln!(text, "declined {} {date:?}", drug(catalog, &declined.drug.value, &declined.parts));
    }
    for (name, answer) in &record.judgements {
        let _ = writeln!(text, "judgement {} {:?}", name.value, answer.settled());
    }
    for entry in &record.overrides {
        let _ =
            writeln!(text, "override {} {} because {} ({})", entry.answer.value, entry.mine, entry.reason, entry.by);
    }
    for notice in &record.notices {
        let _ = writeln!(text, "notice at line {}: {}", sources.position(notice.span).line, notice.text);
    }
    text + "\n"
}

/// The drug as written, and what it is in the formulary where that is something else.
fn drug(catalog: &Catalog, written: &str, parts: &[(TreatmentId, Number)]) -> String {
    let part = |(treatment, factor): &(TreatmentId, Number)| {
        let name = catalog.treatment_name(*treatment);
        if *factor == Number::ONE { name.to_owned() } else { format!("{name} x {factor}") }
    };
    let known = parts.iter().map(part).collect::<Vec<_>>().join(" + ");
    match known.as_str() {
        "" => format!("{written} (not known)"),
        same if same == written => known,
        _ => format!("{written} ({known})"),
    }
}

fn course_lines(catalog: &Catalog, course: &record::Therapy) -> String {
    let day = |range: Option<myoguide::value::DateRange>| range.map_or("?".to_owned(), |range| range.to_string());
    let stop = match course.stop {
        myoguide::record::Stop::Runs => "?".to_owned(),
        myoguide::record::Stop::On(stop) => day(Some(stop)),
        myoguide::record::Stop::Unknown => "unknown".to_owned(),
    };
    let mut text =
        format!("  {} {} .. {}\n", drug(catalog, &course.drug.value, &course.parts), day(course.start), stop);
    for dose in &course.doses {
        let _ = writeln!(text, "    dose from {}: {}", day(dose.from), dose.dose.value);
    }
    if !course.given.is_empty() {
        let days: Vec<String> = course.given.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "    given {}", days.join(", "));
    }
    let parts = [
        course.adherence.map(|share| format!("adherence {share} %")),
        course.level.as_ref().map(|level| format!("level {}", level.value)),
        course.outcome.map(|outcome| format!("outcome {} on {}", outcome.word(), day(course.outcome_on))),
        course.dose_limited_by.as_ref().map(|why| format!("limited by {why}")),
        course.stopped_for.map(|why| format!("stopped for {}", why.word())),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if !parts.is_empty() {
        let _ = writeln!(text, "    {}", parts.join(", "));
    }
    text
}

fn entry_line(catalog: &Catalog, entry: &Entry) -> String {
    let fact = catalog.fact(entry.fact).unwrap();
    let given = match &entry.given {
        Given::Choices(choices) => match &fact.kind {
            FactKind::Choice { values, .. } => {
                choices.iter().map(|at| values[usize::from(at)].name.as_str()).collect::<Vec<_>>().join(" or ")
            }
            FactKind::Number(_) | FactKind::Date => "?".to_owned(),
        },
        Given::Number(set) => numbers(set),
        Given::Date(range) => range.to_string(),
        Given::Missing => "any value".to_owned(),
    };
    let mut line = format!("{}: {given} · {} · `{}`", fact.id.value, entry.reason.words(), entry.written);
    if let Some(limit) = &entry.upper_limit {
        let _ = write!(line, " · upper limit {}", numbers(limit));
    }
    if let Some(scale) = entry.scale {
        let _ = write!(line, " · of {scale}");
    }
    if let Some(day) = entry.known_since {
        let _ = write!(line, " · known since {day}");
    }
    line
}

fn numbers(set: &NumberSet) -> String {
    let end = |bound: Bound| bound.number().map_or("∞".to_owned(), |number| number.to_string());
    let piece = |piece: &myoguide::value::Interval| match piece.single() {
        Some(number) => number.to_string(),
        None => format!(
            "{}{} to {}{}",
            if piece.low.is_closed() { "" } else { "above " },
            end(piece.low),
            if piece.high.is_closed() { "" } else { "below " },
            end(piece.high)
        ),
    };
    set.intervals().iter().map(piece).collect::<Vec<_>>().join(" or ")
}

const COMPLETE: &str = include_str!("corpus/record/good/demo.yaml");

fn day(text: &str) -> myoguide::value::Date {
    text.parse().unwrap()
}

fn hash(text: &str) -> String {
    let (record, catalog) = one(text);
    record.hash(&catalog)
}

#[test]
fn hash_is_of_what_is_said() {
    let said = hash(
        "id: a\nas_of: 2026-03-01\npatient: {sex: female, born: 1981-05-02}\nfacts: {anti_mi2: yes}\nvisits:\n  \
         - {date: 2025-06-01, mmt8: 118, ck: {value: 1440 U/L, upper_limit: 170}}\n  - {date: 2025-07-01, mmt8: 120}\n\
         therapies: [{drug: methotrexate, dose: 140 mg/week}]\n",
    );
    let otherwise = hash(
        "{\"therapies\": [{\"dose\": \"20 mg/day\", \"drug\": \"methotrexate\"}], \"visits\": [\n{\"mmt8\": \"120\", \
         \"date\": \"2025-07-01\"}, {\"ck\": {\"upper_limit\": \"170 U/L\", \"value\": \"24 ukat/L\"}, \
         \"mmt8\": 118.0, \"date\": \"2025-06-01\"}], \"facts\": {\"anti_mi2\": true},\n \"patient\": {\"born\": \
         \"1981-05-02\", \"sex\": \"female\"}, \"as_of\": \"2026-03-01\", \"id\": \"a\"}",
    );
    assert_eq!(said, otherwise);
    assert_eq!(said.len(), 64);
    let base = "id: a\nas_of: 2026-03-01\nfacts: {anti_mi2: yes}\n";
    for other in [
        "id: b\nas_of: 2026-03-01\nfacts: {anti_mi2: yes}\n",
        "id: a\nas_of: 2026-03-02\nfacts: {anti_mi2: yes}\n",
        "id: a\nas_of: 2026-03-01\nfacts: {anti_mi2: no}\n",
        "id: a\nas_of: 2026-03-01\nfacts: {anti_mi2: {value: yes, known_since: 2025-01-01}}\n",
        "id: a\nas_of: 2026-03-01\nfacts: {anti_mi2: yes}\ntherapies: []\n",
        "id: a\nas_of: 2026-03-01\nfacts: {anti_mi2: yes}\nvisits: [{date: 2025-01-01}]\n",
    ] {
        assert_ne!(hash(base), hash(other), "{other}");
    }
}

#[test]
fn names_of_a_document() {
    let mut sources = SourceMap::default();
    let text = "id: a\nfacts: {antibody_panel: {positive: [anti_mi2]}}\nvisits: [{mmt8_max: 80, ck: 5}]\n";
    let file = sources.add("a.yaml", text);
    let documents = record::documents(&sources, file);
    let names: Vec<&str> = documents[0].names().into_iter().collect();
    for name in ["antibody_panel", "anti_mi2", "mmt8", "ck"] {
        assert!(names.contains(&name), "{name} is missing in {names:?}");
    }
}

#[test]
fn as_known_on_a_day() {
    let (whole, catalog) = one(COMPLETE);
    let shown = |on: &str| {
        let (known, left_out) = record::until(&whole, day(on), &catalog);
        format!("left out: {}\n{}", left_out.in_words(), summary(&SourceMap::default(), &catalog, &known))
    };
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("until", [shown("2025-09-15"), shown("2024-10-01"), shown("2026-03-01")].join("\n"));
    });
}

/// What may have come after the day is not known on it.
#[test]
fn a_date_by_the_month_or_year_as_known_on_a_day() {
    for (onset, kept) in [("2025-08", true), ("2025-09", false), ("2025", false)] {
        let (whole, catalog) = one(&format!("id: a\nas_of: 2026-03-01\nfacts: {{onset: {onset}}}\n"));
        let (known, left_out) = record::until(&whole, day("2025-09-10"), &catalog);
        assert_eq!((known.undated.len(), left_out.facts), (usize::from(kept), usize::from(!kept)), "{onset}");
        assert_eq!(record::until(&whole, day("2026-03-01"), &catalog).0.undated.len(), 1);
    }
}

#[test]
fn an_age_becomes_a_year_of_birth() {
    let (whole, catalog) = one("id: a\nas_of: 2026-03-01\npatient: {age: 44}\n");
    let (same, _) = record::until(&whole, day("2026-03-01"), &catalog);
    assert_eq!(same.hash(&catalog), whole.hash(&catalog));
    let (known, left_out) = record::until(&whole, day("2020-03-01"), &catalog);
    assert!(left_out.is_nothing());
    assert!(known.undated.is_empty());
    let born = known.born.unwrap();
    assert_eq!((born.earliest, born.latest), (day("1981-03-02"), day("1982-03-01")));
}

/// YAML as the JSON that an editor would check: bare words of YAML 1.2 as what they are there.
fn json(node: &myoguide::yaml::Node) -> serde_json::Value {
    use myoguide::yaml::{NodeKind, Style};
    match &node.kind {
        NodeKind::Mapping(entries) => entries.iter().map(|(key, value)| (key.value.clone(), json(value))).collect(),
        NodeKind::Sequence(items) => items.iter().map(json).collect(),
        NodeKind::Scalar { .. } if node.is_null() => serde_json::Value::Null,
        NodeKind::Scalar { text, style: Style::Plain } => {
            serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
        }
        NodeKind::Scalar { text, .. } => text.clone().into(),
    }
}

/// Mistakes that a schema cannot see, because they lie between two values, in arithmetic, or in the names of drugs.
const BEYOND_SCHEMA: [&str; 4] = ["date_after.yaml", "drugs.yaml", "no_date.yaml", "range_scale.yaml"];

#[test]
fn schema_agrees_with_reading() {
    let mut sources = SourceMap::default();
    let catalog = dictionary(&mut sources);
    let schema = record::schema(&catalog);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/record");
    let mut wrong = Vec::new();
    for kind in ["good", "bad"] {
        let mut files: Vec<_> =
            std::fs::read_dir(folder.join(kind)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for path in files {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let file = sources.add(&name, text.trim_start_matches('\u{feff}'));
            if name.ends_with(".ndjson") {
                continue;
            }
            let Ok(trees) = myoguide::yaml::read(&sources, file) else { continue };
            let mistakes: Vec<String> = trees
                .iter()
                .flat_map(|tree| validator.iter_errors(&json(tree)).map(|e| e.to_string()).collect::<Vec<_>>())
                .collect();
            let expected = kind == "good" || BEYOND_SCHEMA.contains(&name.as_str());
            if mistakes.is_empty() != expected && !trees.is_empty() {
                wrong.push(format!("{kind}/{name}: {mistakes:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The record of the tour, with the dictionary that is shipped.
#[test]
fn shipped_dictionary_reads_the_tour() {
    let library = myoguide::library::Library::embedded();
    let mut sources = SourceMap::default();
    let (mut catalog, _) = Catalog::open(&library, &mut sources);
    let mistakes = catalog.load_all(&sources);
    assert!(mistakes.is_empty());
    let file = sources.add("demo.yaml", COMPLETE.replace(", weight: 62.5", ""));
    let records = record::read(&sources, file, &catalog);
    let mistakes = records.iter().filter_map(|record| record.as_ref().err()).flatten();
    assert_eq!(mistakes.map(|mistake| drawn(&sources, mistake)).collect::<String>(), "");
    let schema = record::schema(&catalog);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for tree in myoguide::yaml::read(&sources, file).unwrap() {
        let mistakes: Vec<String> = validator.iter_errors(&json(&tree)).map(|mistake| mistake.to_string()).collect();
        assert!(mistakes.is_empty(), "{mistakes:?}");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Texts that are almost records.
    fn mutated() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "",
            "\n",
            "  ",
            "- ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            ",",
            "|",
            ">",
            "#",
            "&",
            "*",
            "!",
            "\t",
            "\r",
            "é",
            "unknown",
            "above ",
            "-",
            "2025-13-45",
            "9999999999999999999",
            "1e400",
            "null",
            "---\n",
            "mmt8_max: 80",
            "\u{0}",
            "antibody_panel: {positive: []}",
            "0",
            ".",
            " U/L",
            " mg/L",
            "{value: ",
            "upper_limit: ",
            "\u{feff}",
        ]);
        let cut = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), piece);
        let texts = vec![
            COMPLETE,
            include_str!("corpus/record/good/units.yaml"),
            include_str!("corpus/record/good/report_conflicts.yaml"),
            include_str!("corpus/record/good/contradictions.yaml"),
            include_str!("corpus/record/good/demo.json"),
            include_str!("corpus/record/good/lines.ndjson"),
        ];
        (prop::sample::select(texts), prop::collection::vec(cut, 1..6)).prop_map(|(text, cuts)| {
            let mut letters: Vec<char> = text.chars().collect();
            for (at, length, piece) in cuts {
                let start = at.index(letters.len() + 1);
                let end = (start + length.index(6)).min(letters.len());
                letters.splice(start..end, piece.chars());
            }
            letters.into_iter().collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        #[test]
        fn reading_never_panics(text in mutated()) {
            let (sources, catalog, _, records) = read("record.yaml", &text);
            for record in records {
                match record {
                    Ok(record) => {
                        prop_assert!(record.visits.iter().all(|visit| visit.date <= record.as_of));
                        let (known, left_out) = record::until(&record, record.as_of, &catalog);
                        prop_assert!(left_out.is_nothing(), "{left_out:?}");
                        prop_assert_eq!(&known.visits, &record.visits);
                        record::until(&record, day("2025-06-15"), &catalog);
                    }
                    Err(mistakes) => {
                        prop_assert!(!mistakes.is_empty());
                        prop_assert!(mistakes.iter().all(|mistake| drawn(&sources, mistake).len() < 100_000));
                    }
                }
            }
        }

        #[test]
        fn order_and_units_do_not_matter(
            keys in Just(vec![
                "  sex: female", "  weight: 61.5", "  age: 44",
            ]).prop_shuffle(),
            visits in Just(vec![0_usize, 1, 2]).prop_shuffle(),
            ck in 1_u32..8000,
            upper in 1_u32..500,
            global in 0_u32..=100,
        ) {
            let usual = [
                format!("  - {{date: 2025-06-01, ck: {{value: {} U/L, upper_limit: {} U/L}}}}", ck * 60, upper * 60),
                format!("  - {{date: 2025-07-01, physician_global: {}.{}}}", global / 10, global % 10),
                "  - {date: 2025-08-01, mmt8: 118}".to_owned(),
            ];
            let other = [
                format!("  - {{ck: {{upper_limit: {upper} ukat/L, value: {ck} ukat/L}}, date: 2025-06-01}}"),
                format!("  - {{physician_global: {global} mm, date: 2025-07-01}}"),
                "  - {mmt8: '118', date: '2025-08-01'}".to_owned(),
            ];
            let head = "id: a\nas_of: 2026-03-01\n";
            let first = format!("{head}patient:\n  age: 44\n  sex: female\n  weight: 61.5\nvisits:\n{}\n", usual.join("\n"));
            let shuffled: Vec<&str> = visits.iter().map(|at| other[*at].as_str()).collect();
            let second = format!("visits:\n{}\npatient:\n{}\n{head}", shuffled.join("\n"), keys.join("\n"));
            let (first, catalog) = one(&first);
            let (second, _) = one(&second);
            prop_assert_eq!(first.hash(&catalog), second.hash(&catalog));
            for (left, right) in first.visits.iter().zip(&second.visits) {
                for entry in &left.entries {
                    let twin = right.entries.iter().find(|other| other.fact == entry.fact).unwrap();
                    prop_assert_eq!(&entry.given, &twin.given);
                    prop_assert_eq!(&entry.upper_limit, &twin.upper_limit);
                }
            }
        }
    }
}

#[test]
fn every_code_has_a_corpus_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let snapshots: String = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("bad@"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for code in record::CODES {
        assert!(snapshots.contains(&format!("{}: ", code.id)), "no bad record shows {}, {}", code.id, code.title);
    }
}

#[test]
fn a_drug_by_another_name_is_the_same_drug() {
    let with =
        |drug: &str| hash(&format!("id: a\nas_of: 2026-03-01\ntherapies: [{{drug: {drug}, start: 2025-01-01}}]\n"));
    assert_eq!(with("methotrexate"), with("MTX"));
    assert_eq!(with("mtx + azathioprine"), with("Azathioprine + methotrexate"));
    assert_ne!(with("prednisone"), with("methylprednisolone"));
    assert_ne!(with("methotrexate"), with("methotrexate, level: 6 ng/mL"));
    assert_eq!(with("tacrolimus, level: 6 ng/mL"), with("tacrolimus, level: 6 ug/L"));
}

/// A course as it was known on a day: still running, not yet judged, at the dose of the day.
#[test]
fn a_course_as_known_on_a_day() {
    let text = "id: a\nas_of: 2026-03-01\ntherapies:\n  \
        - drug: methotrexate\n    start: 2024-01-01\n    stop: 2025-06-01\n    stopped_for: inefficacy\n    \
          doses: [{from: 2024-01-01, dose: 10 mg/week}, {from: 2024-03-01, dose: 20 mg/week}]\n    \
          outcome: no_response\n    outcome_on: 2025-05-01\n  \
        - {drug: ivig, given: [2024-01-10, 2024-02-10, 2024-06], dose: 2 g/kg per cycle, outcome: partial}\n  \
        - {drug: azathioprine, start: 2023, stop: 2024, stopped_for: intolerance, outcome: worse, outcome_on: 2024}\n  \
        - {drug: bee venom, doses: [{from: 2025-01-01, dose: 1 mg/day}]}\n\
        declined: [{drug: bee sting, date: 2025-01-01}]\n";
    let (sources, catalog, _, records) = read("record.yaml", text);
    let whole = records[0].clone().unwrap();
    let shown = |on: &str| {
        let (known, left_out) = record::until(&whole, day(on), &catalog);
        format!("left out: {}\n{}", left_out.in_words(), summary(&sources, &catalog, &known))
    };
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("course_until", [shown("2024-02-15"), shown("2025-05-15"), shown("2026-03-01")].join("\n"));
    });
}
