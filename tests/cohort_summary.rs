//! What a cohort comes to is what its results say: counted once more here from the lines of the output, with one thread and with
//! many, interrupted or not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::cohort::random;
use crate::support::records_of_cases;
use myoguide::cohort::input::{Counted, Input, InputError, Lines, Reader, Records, Source, Taken};
use myoguide::cohort::output::{Partial, Sink, Streams};
use myoguide::cohort::run::{self, Evaluating, RunError, Shape, Tally, Task};
use myoguide::engine::{Engine, Options};
use myoguide::library::Library;

fn cohort(arguments: &[&str], place: &Path) -> (i32, String) {
    let program = env!("CARGO_BIN_EXE_myoguide");
    let arguments = [&["cohort", "--quiet"], arguments].concat();
    let output = Command::new(program).args(arguments).current_dir(place).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn read(place: &Path, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(place.join(name)).unwrap()).unwrap()
}

/// What a summary says of the records, without what differs from run to run.
fn results(place: &Path, name: &str) -> Value {
    let mut whole = read(place, name);
    let keys = whole.as_object_mut().unwrap();
    keys.remove("command");
    whole
}

pub(crate) fn cases(step: usize) -> Vec<String> {
    records_of_cases().into_iter().step_by(step).map(|case| case.record.to_string()).collect()
}

type Tallied = BTreeMap<String, u64>;

/// The little counter: a place in the summary and how often it was found.
#[derive(Default)]
struct Counter(Tallied);

impl Counter {
    fn add(&mut self, place: &str) {
        *self.0.entry(place.to_owned()).or_default() += 1;
    }

    fn words(value: &Value) -> Vec<String> {
        match value {
            Value::String(word) => vec![word.clone()],
            Value::Array(words) => words.iter().map(|word| word.as_str().unwrap().to_owned()).collect(),
            Value::Object(several) if several.contains_key("certain") => {
                [&several["certain"], &several["perhaps"]].into_iter().flat_map(Counter::words).collect()
            }
            _ => Vec::new(),
        }
    }

    fn answer(&mut self, at: &str, of: &Value, settling: bool, granted: &mut BTreeSet<String>) {
        let status = of["status"].as_str().unwrap();
        let presuming = of.get("presuming").filter(|presuming| !presuming.is_null());
        match (status, presuming) {
            ("decided", _) => {
                self.add(&format!("{at}.settled"));
                let values = Counter::words(&of["value"]);
                for value in &values {
                    self.add(&format!("{at}.values.{value}.settled"));
                    self.add(&format!("{at}.values.{value}.at_most"));
                }
            }
            ("open", presuming) => {
                for value in Counter::words(&of["possible"]) {
                    self.add(&format!("{at}.values.{value}.at_most"));
                }
                if let Some(presuming) = presuming {
                    self.add(&format!("{at}.granted"));
                    let values = Counter::words(&presuming["value"]);
                    for value in values {
                        self.add(&format!("{at}.values.{value}.granted"));
                    }
                    let facts = presuming["facts"].as_object().into_iter().flatten();
                    granted.extend(facts.map(|(fact, value)| format!("{fact}: {}", value.as_str().unwrap())));
                    return;
                }
                self.add(&format!("{at}.open"));
                let because: Vec<(String, String)> =
                    of["because"].as_array().into_iter().flatten().map(named).collect();
                if !settling {
                    return;
                }
                for (fact, why) in &because {
                    self.add(&format!("{at}.would_settle.{fact}.among"));
                    self.add(&format!("{at}.would_settle.{fact}.why.{why}"));
                }
                match because.as_slice() {
                    [(fact, _)] => self.add(&format!("{at}.would_settle.{fact}.alone")),
                    _ => self.add(&format!("{at}.several_facts")),
                }
            }
            ("fault", _) => self.add(&format!("{at}.fault")),
            _ => self.add(&format!("{at}.silent")),
        }
    }

    fn result(&mut self, result: &Value) {
        let of = &result["guideline"];
        let at = format!("{}@{}", of["id"].as_str().unwrap(), of["release"].as_str().unwrap());
        self.add(&format!("{at}.scope.asked"));
        if result["silent"].as_array().unwrap().iter().any(|silent| silent["source"] == of["id"]) {
            self.add(&format!("{at}.scope.silent"));
            return;
        }
        self.add(&format!("{at}.spoken_of"));
        for notice in result["notices"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if let Some(title) = notice.strip_prefix("the record says what cannot be: ") {
                self.add(&format!("{at}.cannot_be.{title}"));
            }
        }
        let mut granted = BTreeSet::new();
        for (name, answer) in result["answers"].as_object().unwrap() {
            self.answer(&format!("{at}.answers.{name}"), answer, true, &mut granted);
        }
        for one in result["conclusions"].as_array().unwrap() {
            let (algorithm, id) = (one["algorithm"].as_str().unwrap(), one["id"].as_str().unwrap());
            self.answer(&format!("{at}.conclusions.{algorithm}.{id}"), one, true, &mut granted);
        }
        for ladder in result["ladders"].as_array().unwrap() {
            let id = ladder["id"].as_str().unwrap();
            self.answer(&format!("{at}.ladders.{id}"), &ladder["current"], true, &mut granted);
            let beside = ["throughout", "optional", "alongside"].map(|part| (part.to_owned(), &ladder[part]));
            let lines = ladder["lines"].as_array().unwrap().iter();
            let lines = lines.map(|line| (line["id"].as_str().unwrap().to_owned(), &line["options"]));
            for (line, options) in beside.into_iter().chain(lines) {
                for option in options.as_array().into_iter().flatten() {
                    let name = format!("{at}.options.{id}.{line}.{}", option["id"].as_str().unwrap());
                    self.answer(&name, &option["verdict"], false, &mut granted);
                }
            }
        }
        for regimen in result["regimens"].as_array().unwrap() {
            let id = regimen["id"].as_str().unwrap();
            for option in [&regimen["give"], &regimen["of"]].into_iter().flat_map(|part| part.as_array().unwrap()) {
                let name = format!("{at}.options.{id}.{}", option["id"].as_str().unwrap());
                self.answer(&name, &option["verdict"], false, &mut granted);
            }
        }
        for fact in granted {
            self.add(&format!("{at}.taken_for_granted.{fact}"));
        }
    }
}

fn named(because: &Value) -> (String, String) {
    let (fact, why) = (because["fact"].as_str().unwrap(), because["why"].as_str().unwrap());
    let when = because.get("when").and_then(Value::as_str).map(|when| format!(" {when}")).unwrap_or_default();
    (format!("{fact}{when}"), why.to_owned())
}

/// The counts of a summary by their places, without those that the little counter does not see.
fn flat(summary: &Value) -> Tallied {
    fn go(at: &str, value: &Value, found: &mut Tallied) {
        match value {
            Value::Number(number) => {
                found.insert(at.to_owned(), number.as_u64().unwrap());
            }
            Value::Object(keys) => keys.iter().for_each(|(key, value)| go(&format!("{at}.{key}"), value, found)),
            Value::Array(facts) => facts.iter().for_each(|fact| {
                let name = fact["fact"].as_str().unwrap();
                let rest: Map<String, Value> = fact
                    .as_object()
                    .unwrap()
                    .iter()
                    .filter(|(key, _)| *key != "fact")
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect();
                go(&format!("{at}.{name}"), &rest.into(), found);
            }),
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }
    let mut found = Tallied::new();
    for section in summary["results"].as_array().unwrap() {
        let of = &section["guideline"];
        let at = format!("{}@{}", of["id"].as_str().unwrap(), of["release"].as_str().unwrap());
        go(&at, section, &mut found);
    }
    found
}

fn demand_counted(place: &Path, asked: &[&str]) {
    let arguments = [&["--summary", "s.json", "--output", "o.ndjson"][..], asked, &["in.ndjson"]].concat();
    let (code, said) = cohort(&arguments, place);
    assert!(code == 0 || code == 2, "{said}");
    let mut counter = Counter::default();
    let (mut records, mut refused) = (0, Tallied::new());
    for line in fs::read_to_string(place.join("o.ndjson")).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        records += 1;
        match (line.get("results"), line.get("error")) {
            (_, Some(error)) => *refused.entry(error["code"].as_str().unwrap().to_owned()).or_default() += 1,
            (Some(results), None) => results.as_array().unwrap().iter().for_each(|one| counter.result(one)),
            (None, None) => counter.result(&line),
        }
    }
    let summary = read(place, "s.json");
    let found: Tallied = flat(&summary);
    for (name, count) in &counter.0 {
        assert_eq!(found.get(name), Some(count), "{name} of {asked:?}");
    }
    let skipped = ["scope.covered", "scope.open", "silent_because", "settled_or_granted", "values", "hindsight"];
    // A regimen that is not for the patient is silent, and not in a result.
    let is_silent_option = |name: &str| name.contains(".options.") && name.ends_with(".silent");
    let is_skipped = |name: &str| is_silent_option(name) || skipped.iter().any(|skip| name.contains(skip));
    for (name, count) in found.iter().filter(|(name, _)| !is_skipped(name)) {
        assert_eq!(counter.0.get(name).copied().unwrap_or_default(), *count, "{name} of {asked:?}");
    }
    let rows = &summary["rows"];
    let of_mistakes: u64 = refused.values().sum();
    assert_eq!(rows["refused"], of_mistakes);
    // Of visits there are as many lines as those.
    assert_eq!(summary["asked"], records - of_mistakes);
    if summary["unit"] == "records" {
        assert_eq!(rows["answered"], records - of_mistakes);
    }
    for mistake in rows["mistakes"].as_array().unwrap() {
        assert_eq!(mistake["records"], refused[mistake["code"].as_str().unwrap()]);
    }
}

fn prepared(records: &[String]) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let text = records.join("\n") + "\n{\"id\": 7, \"visits\": 3}\n\n{\"id\": \n";
    fs::write(place.path().join("in.ndjson"), text).unwrap();
    place
}

#[test]
fn a_summary_is_what_the_lines_say() {
    let place = prepared(&[random(300), cases(12)].concat());
    for guideline in ["acr_eular_response", "printo_response", "eular_acr_classification"] {
        demand_counted(place.path(), &["--guideline", guideline]);
    }
    let absent = r#"{"id": "absent", "as_of": "2026-01-10", "facts": {"interstitial_lung_disease": "no", "lung_disease_otherwise_explained": "yes"}}"#;
    let place = prepared(&[vec![absent.to_owned()], cases(40)].concat());
    demand_counted(place.path(), &["--guideline", "antisynthetase_criteria"]);
    let conflicts = &read(place.path(), "s.json")["results"][0]["cannot_be"];
    assert_eq!(*conflicts, json!({ "lung disease that is absent needs no explanation": 1 }));
    let place = prepared(&cases(15));
    demand_counted(place.path(), &["--guideline", "refractory_iim"]);
    demand_counted(place.path(), &["--guideline", "refractory_iim", "--at", "visits"]);
    demand_counted(place.path(), &["--guideline", "imacs_improvement", "--guideline", "ibm_criteria"]);
}

/// However many threads there are, and whatever is written, the counts are the same.
#[test]
fn a_summary_does_not_hang_on_how_it_was_made() {
    let place = prepared(&[random(700), cases(9)].concat());
    let place = place.path();
    let asked = ["--guideline", "acr_eular_response", "in.ndjson"];
    let made = |more: &[&str]| {
        let (code, said) = cohort(&[&["--summary", "s.json", "--output", "out"][..], more, &asked].concat(), place);
        assert_eq!(code, 2, "{said}");
        results(place, "s.json")
    };
    let one = made(&["--jobs", "1"]);
    assert_eq!(one, made(&["--jobs", "4"]));
    assert_eq!(one, made(&["--format", "csv"]));
    let answers = &one["results"][0]["answers"];
    let names: Vec<&str> = answers.as_object().unwrap().keys().map(String::as_str).collect();
    let mut some = made(&["--select", &names.join(",")]);
    assert_eq!(some["results"][0]["answers"], *answers);
    assert_eq!(some["results"][0]["scope"], one["results"][0]["scope"]);
    assert_eq!(some["results"][0]["conclusions"], json!({}));
    let visits = made(&["--at", "visits"]);
    some = made(&["--at", "visits", "--select", &names.join(",")]);
    assert_eq!(some["results"][0]["answers"], visits["results"][0]["answers"]);
    assert_eq!(some["results"][0]["hindsight"], visits["results"][0]["hindsight"]);
    assert!(visits["results"][0]["hindsight"]["used_undated"].as_u64().unwrap() > 0);
}

/// How an answer of a line stands, in the words of a summary; nothing of a number.
fn words_of(answer: &Value) -> Option<String> {
    let value = |of: &Value| match of {
        Value::String(word) => Some(word.clone()),
        Value::Array(words) if words.is_empty() => Some("none of them".to_owned()),
        Value::Array(_) => Some(Counter::words(of).join(", ")),
        _ => None,
    };
    match (answer["status"].as_str().unwrap(), &answer["presuming"]) {
        ("decided", _) => value(&answer["value"]),
        ("open", Value::Object(presuming)) => Some(format!("{} (granted)", value(&presuming["value"])?)),
        ("open", _) => Some("depends".to_owned()),
        (word, _) => Some(word.to_owned()),
    }
}

/// The answers of a result by name; none where the guideline does not speak of the patient.
fn stand(result: &Value) -> Option<BTreeMap<String, String>> {
    let is_silent = result["silent"].as_array().unwrap().iter().any(|one| one["source"] == result["guideline"]["id"]);
    let answers = result["answers"].as_object().unwrap().iter();
    let words = answers.filter_map(|(name, answer)| Some((name.clone(), words_of(answer)?)));
    (!is_silent).then(|| words.collect())
}

type Moves = BTreeMap<(String, String, String), u64>;

/// Counts the answers that both releases have; whoever does not speak of the patient is silent.
fn add_moves(of: &mut Moves, before: Option<&BTreeMap<String, String>>, now: Option<&BTreeMap<String, String>>) {
    for answer in before.or(now).into_iter().flat_map(BTreeMap::keys) {
        let word = |of: Option<&BTreeMap<String, String>>| match of {
            Some(words) => words.get(answer).filter(|word| *word != "silent").cloned(),
            None => Some("silent".to_owned()),
        };
        if let Some((before, now)) = word(before).zip(word(now)) {
            *of.entry((answer.clone(), before, now)).or_default() += 1;
        }
    }
}

/// What a summary says of changes, of all but numbers; what is as before has no words.
fn moves_of(change: &Value) -> (Moves, BTreeMap<String, u64>) {
    let (mut moves, mut same) = (Moves::new(), BTreeMap::new());
    for (answer, of) in change["answers"].as_object().unwrap() {
        assert_eq!(of["told"], of["same"].as_u64().unwrap() + of["moved"].as_u64().unwrap());
        same.insert(answer.clone(), of["same"].as_u64().unwrap());
        for one in of["ways"].as_array().unwrap() {
            let word = |key: &str| one[key].as_str().unwrap().to_owned();
            moves.insert((answer.clone(), word("from"), word("to")), one["count"].as_u64().unwrap());
        }
    }
    (moves, same)
}

fn demand_moves(place: &Path, asked: &[&str], pairs: impl Fn(&[Value]) -> Vec<(Value, Value)>) {
    let arguments = [&["--summary", "s.json", "--output", "o.ndjson"][..], asked, &["in.ndjson"]].concat();
    let (_, said) = cohort(&arguments, place);
    let lines = fs::read_to_string(place.join("o.ndjson")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut counted = Moves::new();
    for (before, now) in pairs(&lines) {
        add_moves(&mut counted, stand(&before).as_ref(), stand(&now).as_ref());
    }
    let (same, moved): (Moves, Moves) = counted.into_iter().partition(|((_, from, to), _)| from == to);
    let summary = read(place, "s.json");
    let [change] = summary["changes"].as_array().unwrap().as_slice() else { panic!("{said}") };
    let (found, as_before) = moves_of(change);
    assert!(moved.len() > 3 && found == moved, "{found:?} {moved:?}");
    for (answer, count) in as_before {
        let counted: u64 = same.iter().filter(|((own, ..), _)| *own == answer).map(|(_, count)| count).sum();
        assert_eq!(counted, count, "{answer}");
    }
}

/// What patients have ever and at the last visit, of all but numbers, by the lines that are there already.
fn demand_over_visits(place: &Path) {
    let lines = fs::read_to_string(place.join("o.ndjson")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_one = |one: &Value, other: &Value| one["record"]["id"] == other["record"]["id"];
    let visits = lines.chunk_by(is_one).filter(|lines| lines[0].get("error").is_none());
    let visits = visits.map(|lines| lines.iter().map(stand).collect::<Vec<_>>());
    let patients: Vec<_> = visits.filter(|visits| visits.iter().any(Option::is_some)).collect();
    let (mut ever, mut last) = (Moves::new(), Moves::new());
    for visits in &patients {
        let mut met = BTreeSet::new();
        for (answer, word) in visits.iter().flatten().flatten() {
            met.insert((answer.clone(), word.clone(), String::new()));
            if visits.iter().any(Option::is_none) {
                met.insert((answer.clone(), "silent".to_owned(), String::new()));
            }
        }
        let own = |answer: &String| visits.last().and_then(|words| words.as_ref()?.get(answer).cloned());
        for answer in met.iter().map(|(answer, ..)| answer).collect::<BTreeSet<_>>() {
            let word = own(answer).unwrap_or_else(|| "silent".to_owned());
            *last.entry((answer.clone(), word, String::new())).or_default() += 1;
        }
        for one in met {
            *ever.entry(one).or_default() += 1;
        }
    }
    let summary = read(place, "s.json");
    let over = &summary["over_visits"][0];
    assert_eq!(over["patients"].as_u64(), Some(patients.len() as u64));
    let (mut shown_ever, mut shown_last) = (Moves::new(), Moves::new());
    for (answer, words) in over["answers"].as_object().unwrap() {
        for (word, counts) in words.as_object().unwrap() {
            let put = |of: &mut Moves, key: &str| {
                let count = counts[key].as_u64().filter(|count| *count > 0);
                of.extend(count.map(|count| ((answer.clone(), word.clone(), String::new()), count)));
            };
            put(&mut shown_ever, "ever");
            put(&mut shown_last, "last");
        }
    }
    assert!(ever.len() > 10 && ever == shown_ever, "{ever:?} {shown_ever:?}");
    assert_eq!(last, shown_last);
}

#[test]
fn changes_are_what_the_lines_say() {
    let place = prepared(&cases(70));
    let releases = ["--guideline", "refractory_iim@2018.1.0", "--guideline", "refractory_iim@2024.1.0"];
    demand_moves(place.path(), &releases, |lines| {
        let of_line = |line: &Value| Some((line["results"][0].clone(), line["results"][1].clone()));
        lines.iter().filter(|line| line.get("error").is_none()).filter_map(of_line).collect()
    });
    demand_moves(place.path(), &["--guideline", "refractory_iim", "--at", "visits"], |lines| {
        let is_one = |(one, other): &(&Value, &Value)| {
            one.get("error").is_none() && one["record"]["id"] == other["record"]["id"]
        };
        let pairs = lines.iter().zip(lines.iter().skip(1)).filter(is_one);
        pairs.map(|(one, other)| (one.clone(), other.clone())).collect()
    });
    demand_over_visits(place.path());
    // The same is said of an answer where only some are selected, also of releases that do not have it.
    let whole = read(place.path(), "s.json");
    let selected = ["--guideline", "refractory_iim", "--at", "visits", "--select", "activity,refractory"];
    let more = ["--summary", "part.json", "--output", "part.ndjson", "in.ndjson"];
    cohort(&[&selected[..], &more].concat(), place.path());
    let part = read(place.path(), "part.json");
    for answer in ["activity", "refractory"] {
        for of in ["changes", "over_visits"] {
            assert_eq!(part[of][0]["answers"][answer], whole[of][0]["answers"][answer], "{of} {answer}");
            assert!(part[of][0]["answers"][answer].is_object(), "{of} {answer}");
        }
    }
}

/// What a table holds of answers that are settled taking the usual for granted, and what a summary counts.
#[test]
fn a_table_says_what_is_taken_for_granted() {
    let place = prepared(&cases(20));
    let asked = ["--guideline", "refractory_iim@2026.1.0", "--as-of", "2026-10-01", "--select", "refractory,activity"];
    let more = ["--format", "csv", "--output", "o.csv", "--summary", "s.json", "in.ndjson"];
    cohort(&[&asked[..], &more].concat(), place.path());
    let summary = read(place.path(), "s.json");
    let mut table = csv::Reader::from_path(place.path().join("o.csv")).unwrap();
    let rows: Vec<BTreeMap<String, String>> = table.deserialize().map(Result::unwrap).collect();
    let mut all = 0;
    for answer in ["refractory", "activity"] {
        let counts = &summary["results"][0]["answers"][answer]["values"];
        for (value, counts) in counts.as_object().unwrap() {
            let granted = |row: &&BTreeMap<String, String>| row[&format!("{answer}_granted")] == *value;
            let count = rows.iter().filter(granted).count() as u64;
            assert_eq!(counts["granted"].as_u64(), Some(count), "{answer} {value}");
            all += count;
        }
        let is_open = |row: &BTreeMap<String, String>| row[&format!("{answer}_status")] == "open";
        assert!(rows.iter().all(|row| row[&format!("{answer}_granted")].is_empty() || is_open(row)));
    }
    assert!(all > 1, "{all}");
}

/// Of a patient of whom nothing is said at the last visit, that is one of the visits.
#[test]
fn who_is_silent_at_the_last_visit_is_silent_at_some() {
    let record = r#"{"id": "p", "as_of": "2020-06-01", "patient": {"sex": "female"},
        "facts": {"subtype": {"value": "IBM", "known_since": "2020-05-01"}, "age_at_onset": {"value": 60, "known_since": "2020-05-01"}},
        "visits": [{"date": "2020-01-01", "role": "baseline", "physician_global": 5}, {"date": "2020-06-01", "physician_global": 3}]}"#;
    let place = prepared(&[record.replace('\n', "")]);
    let asked = ["--guideline", "printo_response", "--at", "visits", "--summary", "s.json", "--output", "o.ndjson"];
    cohort(&[&asked[..], &["in.ndjson"]].concat(), place.path());
    let summary = read(place.path(), "s.json");
    let response = &summary["over_visits"][0]["answers"]["printo_response"];
    assert_eq!(response["silent"]["last"], 1, "{response}");
    assert_eq!(response["silent"]["ever"], 1, "{response}");
}

const CENTRES: &str = "\
mapping: Patients of some centres
format: csv
delimiter: \";\"
id: pat
as_of: 2026-02-15
visits: {now: {date: day}}
carry: [centre]
columns:
  better: better_explanation
  weak: symmetric_limb_girdle_weakness
  emg: emg_triad
  biopsy: {fact: biopsy_shows_myositis, codes: {empty: not done}}
  heliotrope: heliotrope
  papules: gottron_papules
  sign: gottron_sign
  ck: {fact: ck, visit: now, unit: U/L, upper_limit: uln}
";

#[test]
fn groups_are_what_the_lines_say() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    fs::write(place.join("m.yaml"), CENTRES).unwrap();
    let rows = (0..200).map(|at| {
        let centre = ["01", "02; north", "", "<b>"][at % 4];
        let biopsy = if at % 3 == 0 { "" } else { "no" };
        format!("p{at};\"{centre}\";2026-01-05;no;yes;yes;{biopsy};no;no;no;{};200\n", 100 + at)
    });
    let heading = "pat;centre;day;better;weak;emg;biopsy;heliotrope;papules;sign;ck;uln\n";
    fs::write(place.join("in.csv"), heading.to_owned() + &rows.collect::<String>()).unwrap();
    let asked = |by: &[&str]| {
        let files = ["--mapping", "m.yaml", "--summary", "s.json", "--summary", "s.html", "--summary", "s.txt"];
        let rest = ["--output", "o.ndjson", "--guideline", "bohan_peter", "in.csv"];
        cohort(&[&files[..], by, &rest].concat(), place)
    };
    let (code, said) = asked(&["--by", "centre"]);
    assert_eq!(code, 0, "{said}");
    let mut counted: BTreeMap<(String, String), u64> = BTreeMap::new();
    for line in fs::read_to_string(place.join("o.ndjson")).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let centre = line["carried"]["centre"].as_str().unwrap();
        for (answer, of) in line["answers"].as_object().unwrap() {
            let usable = of["status"] == "decided" || of["presuming"].is_object();
            *counted.entry((centre.to_owned(), answer.clone())).or_default() += u64::from(usable);
        }
    }
    let summary = read(place, "s.json");
    let by = &summary["results"][0]["by"];
    assert_eq!(by["column"], "centre");
    for ((centre, answer), count) in &counted {
        assert_eq!(by["groups"][centre]["settled_or_granted"][answer], *count, "{centre} {answer}");
        assert_eq!(by["groups"][centre]["spoken_of"], 50);
    }
    assert!(by["groups"].as_object().unwrap().len() == 4 && counted.values().any(|count| (1..50).contains(count)));
    let page = fs::read_to_string(place.join("s.html")).unwrap();
    assert!(page.contains("By centre") && page.contains("&lt;b&gt;") && !page.contains("<b>"));
    let text = fs::read_to_string(place.join("s.txt")).unwrap();
    assert!(text.contains("BY CENTRE") && text.contains(" (no value)  "), "{text}");
    // The release in force and the same one by name are two answers.
    let (code, said) = asked(&["--guideline", "bohan_peter@1975.1.0"]);
    assert_eq!(code, 0, "{said}");
    let twice = read(place, "s.json");
    assert_eq!(twice["results"].as_array().map(Vec::len), Some(2));
    assert!(twice["results"].as_array().unwrap().iter().all(|one| one["scope"]["asked"] == 200));
    assert_eq!(
        twice["changes"][0]["answers"]["bohan_peter"],
        json!({ "told": 200, "same": 200, "moved": 0, "ways": [] })
    );
    // What has a value for each patient makes no groups, and is not carried.
    let (code, said) = asked(&["--by", "pat"]);
    assert!(code != 0 && said.contains("it carries centre"), "{said}");
    let (code, said) = asked(&["--by", "centr"]);
    assert!(code != 0 && said.contains("did you mean `centre`?"), "{said}");
}

/// Records that cannot be read on after some blocks.
struct Breaking(Records, usize);

impl Input for Breaking {
    type Block = Lines;
    type Reader = Reader;

    fn next_block(&mut self) -> Result<Option<Lines>, InputError> {
        if self.1 == 0 {
            return Err(InputError::Missing { name: "the rest".to_owned() });
        }
        self.1 -= 1;
        self.0.next_block()
    }

    fn reader(&self, engine: &Engine) -> Reader {
        self.0.reader(engine)
    }

    fn take(reader: &mut Reader, engine: &mut Engine, block: &Lines, each: &mut dyn FnMut(&mut Engine, Taken)) {
        Records::take(reader, engine, block, each);
    }

    fn counted(&self) -> Counted {
        self.0.counted()
    }
}

/// A run that breaks off after some blocks; what was counted, and the keys of persons.
fn ran(place: &Path, name: &str, blocks: usize, partial: Partial) -> Result<(Tally, Vec<u8>), RunError> {
    let mut engine = Engine::open(&Library::embedded());
    let asked = engine.ask(&["acr_eular_response".to_owned()]).unwrap();
    let ready = engine.make_ready(&asked);
    let task = Arc::new(Task {
        ready,
        named: true,
        options: Options::default(),
        at_visits: false,
        shape: Shape::Objects,
        trace: false,
        strict: false,
        summary: true,
        by: None,
        twins: true,
    });
    let source = Source::open(&place.join("in.ndjson"))?;
    let meters = [source.meter()];
    let mut input = Breaking(Records::new(source, 10, false), blocks);
    let (output, persons) = (Some(place.join(name)), Some(place.join(format!("{name}.keys"))));
    let streams = Streams { output, persons, ..Streams::default() };
    let (mut sink, from) = Sink::open(&streams, json!({}), partial)?;
    let workers = (0..2).map(|_| Evaluating::new(&engine, &input, &task)).collect();
    let (_, tally) = run::run(&mut input, &meters, workers, &mut sink, from, &mut |_, _| {})?;
    let keys = fs::read(sink.persons().unwrap()).unwrap();
    sink.finish()?;
    Ok((tally, keys))
}

#[test]
fn an_interrupted_run_counts_everything_once() {
    let place = prepared(&random(400));
    let whole = ran(place.path(), "whole", usize::MAX, Partial::Refuse).unwrap();
    assert!(ran(place.path(), "out", 12, Partial::Refuse).is_err());
    let resumed = ran(place.path(), "out", usize::MAX, Partial::Resume).unwrap();
    assert_eq!(whole, resumed);
    assert!(whole.0.summary.is_some());
    let left: Vec<_> = fs::read_dir(place.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn hostile_names_stand_for_themselves() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let record = |id: &str, born: &str, sex: &str, day: &str| {
        json!({ "id": id, "as_of": "2026-03-01", "patient": { "born": born, "sex": sex }, "facts": { "onset": "2020-05" },
                "visits": [{ "date": day, "mmt8": 120 }] })
        .to_string()
    };
    let records = [
        record("<script>alert(1)</script>,\"a\"\n", "1960-05-17", "female", "2025-06-01"),
        record("b", "1960-05-17", "female", "2025-06-01"),
        record("c", "1960-05", "female", "2025-07-01"),
        record("d", "1960-05-18", "female", "2025-06-01"),
        record("e", "1960-05-17", "male", "2025-06-01"),
        record("f", "1970", "female", "2025-06-01"),
    ];
    let name = "<script>x&.ndjson";
    fs::write(place.join(name), records.join("\n")).unwrap();
    let asked =
        ["--guideline", "acr_eular_response", "--summary", "s.html", "--duplicates", "d.csv", "--output", "o", name];
    let (code, said) = cohort(&asked, place);
    assert_eq!(code, 0, "{said}");
    let page = fs::read_to_string(place.join("s.html")).unwrap();
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;x&amp;.ndjson"));
    assert!(!page.contains("http") && !page.contains("@import"));
    let mut pairs = csv::Reader::from_path(place.join("d.csv")).unwrap();
    let pairs: Vec<Vec<String>> = pairs.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let found: Vec<(&str, &str, &str, &str)> =
        pairs.iter().map(|row| (row[0].as_str(), row[1].trim(), row[2].as_str(), row[4].as_str())).collect();
    assert_eq!(
        found,
        [("2", "b", "1", "born|first visit|onset"), ("3", "c", "1", "born|onset"), ("4", "d", "3", "born|onset")]
    );
    assert_eq!(pairs[0][3].trim(), "<script>alert(1)</script>,\"a\"");
    assert!(!place.join("d.csv.keys.partial").exists());
}

/// Of a whole object the notices say it; the counts are the same whatever is written.
#[test]
fn a_judgement_that_nobody_asks_for_is_counted_as_the_objects_tell_it() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let records = [
        json!({ "id": "a", "as_of": "2026-03-01", "judgements": { "nobody_asks": true } }),
        json!({ "id": "b", "as_of": "2026-03-01", "therapies": [{ "drug": "nobody_knows", "start": "2025-01-01" }] }),
        json!({ "id": "c", "as_of": "2026-03-01" }),
    ];
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    fs::write(place.join("in.ndjson"), lines.join("\n")).unwrap();
    let asked = ["--guideline", "acr_eular_response", "--summary"];
    let whole = [&asked[..], &["whole.json", "--output", "whole.ndjson", "in.ndjson"]].concat();
    let brief = [&asked[..], &["brief.json", "--select", "response", "--output", "brief.ndjson", "in.ndjson"]].concat();
    let page = [&asked[..], &["page.html", "--select", "response", "--output", "page.ndjson", "in.ndjson"]].concat();
    for arguments in [whole, brief, page] {
        assert_eq!(cohort(&arguments, place).0, 0);
    }
    let objects = fs::read_to_string(place.join("whole.ndjson")).unwrap();
    let noticed = objects.lines().filter(|line| {
        let object: Value = serde_json::from_str(line).unwrap();
        object["notices"].as_array().is_some_and(|notices| !notices.is_empty())
    });
    assert_eq!(noticed.count(), 2);
    assert!(objects.contains("no guideline that is asked asks for the judgement `nobody_asks`"), "{objects}");
    for name in ["whole.json", "brief.json"] {
        let rows = &read(place, name)["rows"];
        assert_eq!(rows["with_notice"], json!(2), "{name}");
        assert_eq!(rows["notices"], json!({ "unknown_drug": 1, "unknown_judgement": 1 }), "{name}");
    }
    let page = fs::read_to_string(place.join("page.html")).unwrap();
    let together = page.split("several facts together").nth(1).unwrap();
    assert!(together.contains('3'), "{together}");
}
