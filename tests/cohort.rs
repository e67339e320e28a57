//! A registry gets the answers of `evaluate`, to the byte: with one thread and with many, traced or not, whole objects or
//! some answers; what cannot be read is a line that says where and keeps to itself what stands there; an interrupted run
//! goes on to the same bytes.
//!
//! `MYOGUIDE_COHORT=100000 cargo test --test main cohort` takes another number of random records, `MYOGUIDE_SEED` others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::oracle::written::Style;
use crate::oracle::{Dice, generate};
use crate::support::{self, records_of_cases};
use myoguide::cohort::input::{Counted, Input, InputError, LINE_LIMIT, Lines, Reader, Records, Source, Taken};
use myoguide::cohort::output::{Partial, Sink, SinkError, Streams};
use myoguide::cohort::run::{self, Ended, Evaluating, RunError, Shape, Task};
use myoguide::engine::{Engine, Options};
use myoguide::library::Library;
use myoguide::source::SourceMap;

/// How the program ended, what it printed and what it said.
struct Printed {
    code: i32,
    out: Vec<u8>,
    err: String,
}

fn program(arguments: &[&str], place: &Path) -> Printed {
    let output = Command::new(env!("CARGO_BIN_EXE_myoguide")).args(arguments).current_dir(place).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    Printed { code: output.status.code().unwrap(), out: output.stdout, err }
}

fn cohort(arguments: &[&str], place: &Path) -> Printed {
    program(&[&["cohort", "--quiet"], arguments].concat(), place)
}

fn written(place: &Path, name: &str, lines: &[String]) {
    fs::write(place.join(name), lines.join("\n") + "\n").unwrap();
}

fn lines(bytes: &[u8]) -> Vec<&str> {
    std::str::from_utf8(bytes).unwrap().lines().collect()
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

/// The first line that differs.
fn demand_same(left: &[u8], right: &[u8], what: &str) {
    if left == right {
        return;
    }
    let (left, right) = (lines(left), lines(right));
    let at = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
    let shown = |lines: &[&str]| lines.get(at).map_or("(the end)", |line| line).to_owned();
    panic!("{what}, line {}:\n{}\n{}", at + 1, shown(&left), shown(&right));
}

/// The answer of a whole result as `--select` writes it.
fn brief(answer: &Value) -> Value {
    let status = answer["status"].as_str().unwrap();
    if status == "decided" {
        return answer["value"].clone();
    }
    let mut object = json!({ "status": status });
    if status == "open" {
        for key in ["possible", "exact", "presuming"] {
            if let Some(value) = answer.get(key).filter(|value| !value.is_null()) {
                object[key] = value.clone();
            }
        }
    }
    object
}

/// Holds every way of answering for a file against `evaluate`.
fn demand_equal(place: &Path, name: &str, guideline: &str, thorough: bool) {
    let expected = program(&["evaluate", "--format", "json", "--guideline", guideline, name], place);
    assert_eq!(expected.code, 0, "{name}: {}", expected.err);
    let asked = ["--guideline", guideline, name];
    let many = cohort(&[&["--jobs", "3", "--trace", "trace.csv"][..], &asked].concat(), place);
    demand_same(&expected.out, &many.out, &format!("{guideline}, many threads, traced"));
    if thorough {
        let one = cohort(&[&["--jobs", "1"][..], &asked].concat(), place);
        demand_same(&expected.out, &one.out, &format!("{guideline}, one thread"));
    }
    let whole: Vec<Value> = lines(&expected.out).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut names: Vec<String> = Vec::new();
    for name in whole.iter().flat_map(|result| result["answers"].as_object().unwrap().keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let selected = names.join(",");
    let some = cohort(&[&["--jobs", "2", "--select", &selected][..], &asked].concat(), place);
    let some = lines(&some.out);
    assert_eq!(some.len(), whole.len());
    for (line, result) in some.iter().zip(&whole) {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["id"], result["record"]["id"]);
        for name in &names {
            let expected = result["answers"].get(name).map_or_else(|| json!({ "status": "silent" }), brief);
            assert_eq!(line[name], expected, "{name} of {line}\n{result}");
        }
    }
    if thorough {
        demand_same_cells(place, &asked);
    }
}

/// A table of selected answers has the cells of a table of all.
fn demand_same_cells(place: &Path, asked: &[&str]) {
    let all = cohort(&[&["--format", "csv"][..], asked].concat(), place);
    let heading = lines(&all.out)[0];
    let selected: Vec<&str> = heading.split(',').filter_map(|name| name.strip_suffix("_status")).collect();
    let some = cohort(&[&["--format", "csv", "--select", &selected.join(",")][..], asked].concat(), place);
    demand_same(&all.out, &some.out, "a table of all answers, and of all that are selected");
}

/// Every shipped case, each with the release it is a case of.
#[test]
fn every_case_gets_the_answers_of_evaluate() {
    let place = tempfile::tempdir().unwrap();
    let mut releases: Vec<(String, Vec<String>)> = Vec::new();
    for case in records_of_cases() {
        let name = format!("{}@{}", case.guideline, case.release);
        match releases.iter_mut().find(|(known, _)| *known == name) {
            Some((_, records)) => records.push(case.record.to_string()),
            None => releases.push((name, vec![case.record.to_string()])),
        }
    }
    assert!(releases.len() > 10);
    for (at, (guideline, records)) in releases.iter().enumerate() {
        written(place.path(), "cases.ndjson", records);
        demand_equal(place.path(), "cases.ndjson", guideline, at % 6 == 0);
    }
}

/// Without a guideline, and with several, an object holds the lines of `evaluate`.
#[test]
fn results_are_the_lines_of_evaluate() {
    let place = tempfile::tempdir().unwrap();
    let records: Vec<String> = records_of_cases().into_iter().step_by(40).map(|case| case.record.to_string()).collect();
    for asked in [&[][..], &["--guideline", "acr_eular_response", "--guideline", "imacs_improvement"]] {
        written(place.path(), "all.ndjson", &records);
        let all = cohort(&[asked, &["all.ndjson"]].concat(), place.path());
        assert_eq!(all.code, 0, "{}", all.err);
        let expected = program(&[&["evaluate", "--format", "json"], asked, &["all.ndjson"]].concat(), place.path());
        let results: String = lines(&all.out)
            .iter()
            .map(|line| {
                let (_, results) = line.split_once(",\"results\":[").unwrap();
                let results = results.strip_suffix("]}").unwrap();
                results.replace("},{\"myoguide\":", "}\n{\"myoguide\":") + "\n"
            })
            .collect();
        demand_same(&expected.out, results.as_bytes(), "several guidelines");
        assert_eq!(lines(&all.out).len(), records.len());
    }
}

/// A line for each visit is what `evaluate` says of that visit.
#[test]
fn visits_are_those_of_evaluate() {
    let place = tempfile::tempdir().unwrap();
    let records: Vec<String> = records_of_cases()
        .into_iter()
        .filter(|case| case.guideline == "acr_eular_response")
        .step_by(6)
        .map(|case| case.record.to_string())
        .collect();
    written(place.path(), "visits.ndjson", &records);
    let asked = ["--guideline", "acr_eular_response", "--at", "visits", "visits.ndjson"];
    let expected = program(&[&["evaluate", "--format", "json"][..], &asked].concat(), place.path());
    let found = cohort(&asked, place.path());
    let without: String = lines(&found.out)
        .iter()
        .map(|line| {
            let (visit, rest) = line.strip_prefix("{\"visit\":\"").unwrap().split_at(10);
            let result = format!("{{{}", rest.strip_prefix("\",").unwrap());
            assert!(result.contains(&format!("\"as_of\":\"{visit}\"")), "{line}");
            result + "\n"
        })
        .collect();
    demand_same(&expected.out, without.as_bytes(), "visits");
    assert!(lines(&found.out).len() > records.len());
}

/// Random patients of the response criteria, complete and half-empty, some with a slip.
pub(crate) fn random(count: u64) -> Vec<String> {
    let mut dice = Dice::new(setting("MYOGUIDE_SEED", 20_260_301));
    let record = |round: u64| {
        let complete = generate::complete(&mut dice);
        let often = *dice.pick(&[4, 8, 15, 30, 60]);
        let record = if dice.once_in(3) { complete } else { generate::forget(&complete, often, &mut dice) };
        let yaml = record.yaml(&format!("random-{round}"), Style { shuffled: None, other_units: dice.once_in(2) });
        let mut sources = SourceMap::default();
        let file = sources.add("random.yaml", yaml);
        support::json(&myoguide::yaml::read(&sources, file).unwrap()[0]).to_string()
    };
    (0..count).map(record).collect()
}

#[test]
fn random_records_get_the_answers_of_evaluate() {
    let place = tempfile::tempdir().unwrap();
    let records = random(setting("MYOGUIDE_COHORT", 2_000));
    written(place.path(), "random.ndjson", &records);
    for guideline in ["acr_eular_response", "imacs_improvement"] {
        demand_equal(place.path(), "random.ndjson", guideline, true);
    }
}

/// What bounds the age at onset, the age of today, is worked out although nothing asks for it.
#[test]
fn who_has_a_date_of_birth_alone_gets_the_answers_of_evaluate() {
    let place = tempfile::tempdir().unwrap();
    let visits = json!([
        {"date": "2025-06-01", "role": "baseline", "physician_global": 7, "patient_global": 6,
         "extramuscular_global": 2, "mmt8": 120, "cmas": 40, "chaq": 1, "haq": 1},
        {"date": "2026-02-20", "physician_global": 6, "patient_global": 5,
         "extramuscular_global": 1.8, "mmt8": 124, "cmas": 42, "chaq": 0.9, "haq": 0.9},
    ]);
    let facts = json!({"subtype": "DM"});
    let record = json!({"id": "young", "as_of": "2026-03-01", "patient": {"born": "2010-06-15"}, "facts": facts, "visits": visits});
    written(place.path(), "born.ndjson", &[record.to_string()]);
    demand_equal(place.path(), "born.ndjson", "acr_eular_response", false);
    let alone = cohort(&["--guideline", "acr_eular_response", "--select", "response", "born.ndjson"], place.path());
    assert_eq!(lines(&alone.out), ["{\"id\":\"young\",\"response\":\"none\"}"]);
}

/// What ties other facts together narrows a number as little as what else is selected.
#[test]
fn a_number_is_the_same_whatever_else_is_selected() {
    let place = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = place.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let fact = |name: &str, most| {
        format!(
            "{name}: {{label: {name}, question: q, type: number, range: 0 to {most}, better: lower, recorded: visits}}\n"
        )
    };
    put("rules/dictionary/own.yaml", &format!("{}{}", fact("pain", 10), fact("weight", 100)));
    put(
        "rules/evidence/own.yaml",
        "own: {title: Own, authors: nobody, published: x.md, kind: web page, readable: all, mark: local default}\n",
    );
    put(
        "rules/low/1.0.0/guideline.yaml",
        "{id: low, release: 1.0.0, language: 1, title: Low, about: Low., status: draft, effective_from: 2020-01-01, \
         authors: [nobody], answers: [nothing, lighter]}\n",
    );
    put(
        "rules/low/1.0.0/low.rules",
        "number nothing \"Change of pain less itself\" [own]\n  change in pain - change in pain\n\n\
         finding lighter \"Lighter, and light\" [own]\n  weight falls by at least 10 and latest weight is below 50\n",
    );
    let visits = json!([{"date": "2026-01-01", "pain": 3, "weight": 70}, {"date": "2026-06-01", "weight": "unknown"}]);
    written(place.path(), "one.ndjson", &[json!({"id": "1", "as_of": "2026-07-01", "visits": visits}).to_string()]);
    for selected in ["nothing", "nothing,lighter"] {
        let found = cohort(&["--rules", "rules", "--select", selected, "one.ndjson"], place.path());
        let line: Value = serde_json::from_slice(&found.out).unwrap_or_else(|_| panic!("{}", found.err));
        assert_eq!(line["nothing"], 0, "{selected}: {line}");
    }
}

/// What cannot be read is a line of its own, in its place, and everything is counted.
#[test]
fn a_bad_record_is_a_line() {
    let place = tempfile::tempdir().unwrap();
    let good = random(2);
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    bytes.extend_from_slice(good[0].as_bytes());
    bytes.extend_from_slice(b"\r\n\n  \n{\"id\": \"caf\xe9\"}\n[1, 2]\n\"words\"\n{\"id\": \"a\", \"as_of\": \"2026-03-01\", \"visits\": 3}\n");
    bytes.extend_from_slice(b"{\"id\": null, \"as_of\": \"2026-03-01\"}\n");
    bytes.extend_from_slice(good[1].as_bytes());
    fs::write(place.path().join("odd.ndjson"), &bytes).unwrap();
    let found = cohort(
        &["--guideline", "imacs_improvement", "--select", "improved", "--meta", "meta.json", "odd.ndjson"],
        place.path(),
    );
    assert_eq!(found.code, 2);
    let read: Vec<Value> = lines(&found.out).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read.len(), 7, "{}", String::from_utf8_lossy(&found.out));
    assert_eq!(read[0]["id"], "random-0");
    assert_eq!(read[6]["id"], "random-1");
    let errors: Vec<(u64, &str)> = read[1..6]
        .iter()
        .map(|one| (one["record"]["line"].as_u64().unwrap(), one["error"]["code"].as_str().unwrap()))
        .collect();
    assert_eq!(errors, [(4, "R001"), (5, "D001"), (6, "D001"), (7, "D006"), (8, "D006")]);
    assert_eq!((&read[4]["record"]["id"], &read[5]["record"]["id"]), (&json!("a"), &Value::Null));
    assert_eq!(read[4]["error"]["column"], "visits");
    let meta: Value = serde_json::from_str(&fs::read_to_string(place.path().join("meta.json")).unwrap()).unwrap();
    assert_eq!(meta["records"], json!({ "read": 7, "answered": 2, "refused": 5, "empty_lines": 2 }));
    assert_eq!(meta["input"][0]["bytes"], bytes.len());
    let strict = cohort(&["--strict", "--guideline", "imacs_improvement", "odd.ndjson"], place.path());
    assert_eq!((strict.code, lines(&strict.out).len()), (2, 2));
    assert!(strict.err.contains("line 4"), "{}", strict.err);
}

/// No value that stands in a record is told without leave, wherever it stands and whatever is wrong with it.
#[test]
fn no_value_leaks() {
    const SECRET: &str = "Meier Anna 4711";
    let place = tempfile::tempdir().unwrap();
    let mut dice = Dice::new(setting("MYOGUIDE_SEED", 7));
    let mut records: Vec<String> = Vec::new();
    for case in records_of_cases().into_iter().step_by(9) {
        for _ in 0..3 {
            let mut record = case.record.clone();
            spoil(&mut record, SECRET, &mut dice);
            record["id"] = "known".into();
            records.push(record.to_string());
        }
    }
    records.push(format!("{{\"id\": \"known\", {SECRET}}}"));
    records.push(format!("{SECRET} {{\"id\": \"known\"}}"));
    written(place.path(), "secret.ndjson", &records);
    let asked = ["--guideline", "acr_eular_response", "secret.ndjson"];
    for format in [&["--select", "response"][..], &["--format", "csv"]] {
        let found = cohort(&[format, &asked].concat(), place.path());
        let refused: Vec<&str> =
            lines(&found.out).into_iter().filter(|line| line.contains("\"error\"") || line.contains("D0")).collect();
        assert!(refused.len() > records.len() / 3, "{} of {}", refused.len(), records.len());
        for part in SECRET.split(' ') {
            let leak = refused.iter().find(|line| line.contains(part));
            assert!(leak.is_none(), "{leak:?}");
        }
        assert!(!found.err.contains("Meier"), "{}", found.err);
    }
    let shown = cohort(&[&["--show-values", "--select", "response"][..], &asked].concat(), place.path());
    assert!(lines(&shown.out).iter().any(|line| line.contains("\"error\"") && line.contains(SECRET)));
}

/// Puts a text in the place of a value or a key.
fn spoil(value: &mut Value, with: &str, dice: &mut Dice) {
    match value {
        Value::Object(entries) if !entries.is_empty() && !dice.once_in(8) => {
            let at = dice.below(entries.len());
            if let Some((_, inner)) = entries.iter_mut().nth(at) {
                spoil(inner, with, dice);
            }
        }
        Value::Object(entries) => {
            entries.insert(with.to_owned(), 1.into());
        }
        Value::Array(items) if !items.is_empty() => {
            let at = dice.below(items.len());
            spoil(&mut items[at], with, dice);
        }
        other => *other = with.into(),
    }
}

fn engine() -> (Engine, Vec<myoguide::engine::Ready>) {
    let mut engine = Engine::open(&Library::embedded());
    let asked = engine.ask(&["imacs_improvement".to_owned()]).unwrap();
    let ready = engine.make_ready(&asked);
    assert!(!engine.has_errors());
    (engine, ready)
}

/// Line, name, code of the first mistake.
type Seen = (u64, Option<String>, Option<String>);

/// The records of some bytes.
fn taken(bytes: Vec<u8>, at_once: usize) -> (Vec<Seen>, Counted) {
    let (mut engine, _) = engine();
    let texts = engine.texts();
    let mut input = Records::new(Source::of("memory", None, std::io::Cursor::new(bytes)), at_once, false);
    let mut found = Vec::new();
    while let Some(block) = input.next_block().unwrap() {
        let mut reader = input.reader(&engine);
        Records::take(&mut reader, &mut engine, &block, &mut |_, taken: Taken| {
            let code = taken.record.err().map(|refusals| refusals[0].code.clone());
            found.push((taken.line, taken.id, code));
        });
        assert_eq!(engine.texts(), texts, "the texts of records are taken off again");
    }
    (found, input.counted())
}

/// Lines are cut where they end, whatever the size of what is read at a time; one that is too long is passed over.
#[test]
fn blocks_hold_whole_lines() {
    let line = |at: usize| {
        format!("{{\"id\": \"r{at}\", \"as_of\": \"2026-03-01\", \"facts\": {{}}}}{}", " ".repeat(at % 977))
    };
    let mut text: String = (0..2_000).map(|at| line(at) + "\n").collect();
    text.truncate(text.trim_end().len());
    for at_once in [1, 7, 100_000] {
        let (found, counted) = taken(text.clone().into_bytes(), at_once);
        assert_eq!(counted, Counted { records: 2_000, empty_lines: 0, bytes: text.len() as u64 });
        for (at, (number, id, code)) in found.iter().enumerate() {
            assert_eq!((*number, id.as_deref(), code), (at as u64 + 1, Some(format!("r{at}").as_str()), &None));
        }
    }
    let long = |bytes: usize| format!("{{\"id\": \"{}\"}}\n", "x".repeat(bytes));
    let text = [
        line(1),
        "\n".to_owned(),
        long(LINE_LIMIT + 3_000_000),
        line(2),
        "\n".to_owned(),
        long(LINE_LIMIT + 1_000),
        line(3),
    ];
    let (found, counted) = taken(text.concat().into_bytes(), 512);
    let codes: Vec<_> = found.iter().map(|(line, _, code)| (*line, code.as_deref())).collect();
    assert_eq!(codes[0], (1, None));
    assert_eq!(codes[1], (2, Some("R002")));
    assert_eq!(codes[2], (3, None));
    assert!(matches!(codes[3], (4, Some("R002" | "Y004"))));
    assert_eq!(codes[4], (5, None));
    assert_eq!((codes.len(), counted.records), (5, 5));
    assert_eq!(taken(Vec::new(), 1).0.len(), 0);
}

/// A line that is taken in alone has the places of the whole text, and leaves nothing behind.
#[test]
fn places_are_those_of_the_whole_text() {
    let mut sources = SourceMap::default();
    let rules = sources.add("demo.rules", "one\ntwo\n");
    let line = sources.add_part("registry.ndjson", "{\"id\": \"a\"}", 17);
    assert_eq!(sources.place(sources.span(line, 1, 5)), "registry.ndjson:17");
    assert_eq!(sources.place(sources.span(rules, 4, 5)), "demo.rules:2");
    sources.truncate(1);
    assert_eq!((sources.len(), sources.text(rules)), (1, "one\ntwo\n"));
}

/// Records that cannot be read on after some blocks.
struct Breaking {
    records: Records,
    left: usize,
}

impl Input for Breaking {
    type Block = Lines;
    type Reader = Reader;

    fn next_block(&mut self) -> Result<Option<Lines>, InputError> {
        if self.left == 0 {
            return Err(InputError::Missing { name: "the rest".to_owned() });
        }
        self.left -= 1;
        self.records.next_block()
    }

    fn reader(&self, engine: &Engine) -> Reader {
        self.records.reader(engine)
    }

    fn take(reader: &mut Reader, engine: &mut Engine, block: &Lines, each: &mut dyn FnMut(&mut Engine, Taken)) {
        Records::take(reader, engine, block, each);
    }

    fn counted(&self) -> Counted {
        self.records.counted()
    }
}

/// A run in this process, which breaks off after some blocks.
fn broken_run(input: &Path, output: PathBuf, blocks: usize, partial: Partial, of: &Value) -> Result<Ended, RunError> {
    let (engine, ready) = engine();
    let chosen = run::select(&engine, &ready, &["improved".to_owned(), "worsened".to_owned()]).unwrap();
    let task = Arc::new(Task {
        ready,
        named: true,
        options: Options::default(),
        at_visits: false,
        shape: Shape::Brief(chosen),
        trace: false,
        strict: false,
        summary: false,
        by: None,
        twins: false,
    });
    let source = Source::open(input)?;
    let meters = [source.meter()];
    let mut input = Breaking { records: Records::new(source, 100, false), left: blocks };
    let streams = Streams { output: Some(output), ..Streams::default() };
    let (mut sink, from) = Sink::open(&streams, of.clone(), partial)?;
    let workers = (0..2).map(|_| Evaluating::new(&engine, &input, &task)).collect();
    let (ended, tally) = run::run(&mut input, &meters, workers, &mut sink, from, &mut |_, _| {})?;
    assert_eq!(tally.records, 5_000);
    sink.demand_no_less()?;
    sink.finish()?;
    Ok(ended)
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_bytes() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    let records = random(500);
    let records: Vec<String> = records.iter().cycle().take(5_000).cloned().collect();
    written(place.path(), "in.ndjson", &records);
    let (input, of) = (path("in.ndjson"), json!({ "command": "one" }));
    assert_eq!(broken_run(&input, path("whole"), usize::MAX, Partial::Refuse, &of).unwrap(), Ended::Whole);
    assert!(broken_run(&input, path("out"), 9, Partial::Refuse, &of).is_err());
    assert!(!path("out").exists() && path("out.partial.json").exists());
    let mut partial = fs::read(path("out.partial")).unwrap();
    partial.extend_from_slice(b"{\"id\": \"half a li");
    let had = partial.len() as u64;
    fs::write(path("out.partial"), partial).unwrap();
    let refused = broken_run(&input, path("out"), usize::MAX, Partial::Refuse, &of).unwrap_err();
    assert!(matches!(refused, RunError::Sink(SinkError::Unfinished { .. })), "{refused}");
    let other = broken_run(&input, path("out"), usize::MAX, Partial::Resume, &json!({ "command": "two" })).unwrap_err();
    assert!(other.to_string().contains("command differs"), "{other}");
    written(place.path(), "changed.ndjson", &[&[String::new()][..], &records].concat());
    let changed = broken_run(&path("changed.ndjson"), path("out"), usize::MAX, Partial::Resume, &of).unwrap_err();
    assert!(matches!(changed, RunError::Changed { .. }), "{changed}");

    // How far it had come is remembered: of what cannot be read twice nobody else knows that it was longer.
    assert!(broken_run(&input, path("out"), 10, Partial::Resume, &of).is_err());
    let mut state: Value = serde_json::from_slice(&fs::read(path("out.partial.json")).unwrap()).unwrap();
    assert_eq!(state["reached"], had);
    let mut reached = |bytes: u64| {
        state["reached"] = json!(bytes);
        fs::write(path("out.partial.json"), state.to_string()).unwrap();
    };
    reached(u64::MAX);
    let shorter = broken_run(&input, path("out"), usize::MAX, Partial::Resume, &of).unwrap_err();
    assert!(matches!(shorter, RunError::Sink(SinkError::Shorter { .. })), "{shorter}");
    reached(had);
    assert_eq!(broken_run(&input, path("out"), usize::MAX, Partial::Resume, &of).unwrap(), Ended::Whole);
    demand_same(&fs::read(path("whole")).unwrap(), &fs::read(path("out")).unwrap(), "resumed");
    assert!(!path("out.partial").exists() && !path("out.partial.json").exists());
}
