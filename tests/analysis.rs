//! What a proof finds: a corpus of planted faults, each with its patient, and random small guidelines of which every
//! patient is tried.
//!
//! `MYOGUIDE_SEED` takes another seed, `MYOGUIDE_GUIDELINES` another number of guidelines.

use std::fmt::Write as _;

use myoguide::analysis::{self, Proof};
use myoguide::diagnostics::Diagnostic;
use myoguide::diagnostics::draw::draw;
use myoguide::diagnostics::sarif::sarif;
use myoguide::engine::{Engine, Options};
use myoguide::eval::Status;
use myoguide::library::Library;

use crate::model::small::{Small, numbered};
use crate::oracle::{Dice, course_rules, grid, small};
use crate::support::run_corpus;

const SEED: u64 = 19_750_213;

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is `{text}`")))
}

/// What the proofs of all guidelines of an engine found.
fn proved(engine: &Engine) -> Proof {
    let mut all = Proof::default();
    for loaded in engine.guidelines() {
        let proof = analysis::prove(engine.subject(loaded), &[]);
        all.claims += proof.claims;
        all.found.extend(proof.found);
    }
    all
}

/// What is wrong with the patient of a finding, evaluated in the ordinary way; nothing where he shows it.
fn does_not_show(engine: &mut Engine, finding: &Diagnostic) -> Option<String> {
    let needed = matches!(finding.code.id, "P001" | "P002" | "P007" | "P008" | "P009" | "P010" | "P014");
    let Some(yaml) = &finding.patient else {
        return needed.then(|| "a finding without a patient".to_owned());
    };
    let line = finding.span().map(|span| engine.sources().slice(span).to_owned()).unwrap_or_default();
    let file = engine.add_text("patient.yaml", yaml.clone());
    let mut shown = false;
    let mut seen = String::new();
    for read in engine.read_records(file) {
        let record = match read {
            Ok(record) => record,
            Err(mistakes) => return Some(draw(engine.sources(), &mistakes, false)),
        };
        if !record.notices.is_empty() {
            return Some(format!("the record is read with notices: {:?}", record.notices));
        }
        for loaded in engine.guidelines() {
            let explanation = engine.evaluate(loaded, &record, Options::default()).explanation;
            for answer in &explanation.answers {
                let _ = writeln!(seen, "{}: {:?} {:?}", answer.id, answer.status, answer.possible);
                shown |= answer.status == Status::Fault;
                // Nothing is missing, and the points may be anything.
                shown |= finding.code.id == "P014" && answer.status == Status::Open;
            }
            for notice in &explanation.notices {
                let _ = writeln!(seen, "{notice}");
                shown |= finding.code.id == "P007" && notice.contains("promise");
                shown |= finding.code.id == "P010" && notice.contains("no branch holds");
            }
        }
    }
    (!shown).then(|| format!("{} at `{line}` is not shown by\n{yaml}{seen}", finding.code.id))
}

#[test]
fn planted_faults_are_found_each_with_a_patient() -> Result<(), String> {
    let count = run_corpus("analysis/bad", |name, text| {
        let mut engine = Small::new(name, text).load();
        if engine.has_errors() {
            return Err(draw(engine.sources(), engine.diagnostics(), false));
        }
        let proof = proved(&engine);
        if proof.found.is_empty() {
            return Err("nothing is found".to_owned());
        }
        let report = format!("{}\n{}", numbered(text), draw(engine.sources(), &proof.found, false));
        let wrong: Vec<String> = proof.found.iter().filter_map(|one| does_not_show(&mut engine, one)).collect();
        if wrong.is_empty() { Ok(report) } else { Err(wrong.join("\n")) }
    })?;
    assert!(count >= 13, "only {count} bad files");
    Ok(())
}

#[test]
fn what_is_nearly_bad_is_good() -> Result<(), String> {
    let count = run_corpus("analysis/good", |name, text| {
        let engine = Small::new(name, text).load();
        let proof = proved(&engine);
        let messages = [engine.diagnostics(), &proof.found].concat();
        if !messages.is_empty() {
            return Err(draw(engine.sources(), &messages, false));
        }
        Ok(format!("{}\nnothing found in {} claims\n", numbered(text), proof.claims))
    })?;
    assert!(count >= 5, "only {count} good files");
    Ok(())
}

/// Where two lists differ, in words.
fn differences(found: &[small::claims::Finding], expected: &[small::claims::Finding]) -> String {
    let mut text = String::new();
    let mut left = expected.to_vec();
    for one in found {
        match left.iter().position(|other| other == one) {
            Some(at) => drop(left.remove(at)),
            None => drop(writeln!(text, "FALSE ALARM {} at line {}", one.0, one.1)),
        }
    }
    for (code, line) in left {
        let _ = writeln!(text, "MISSED {code} at line {line}");
    }
    text
}

/// A random guideline, with what all its patients say must be found.
struct Made {
    files: Vec<(String, String)>,
    rules: String,
    expected: Vec<small::claims::Finding>,
}

/// What is wrong with the proof of a guideline, and how much was found and not proved.
fn judged(made: &Made, block_at: &dyn Fn(usize) -> Option<String>) -> (String, usize, usize) {
    let mut engine = Engine::open(&Library::of_texts(made.files.clone()));
    engine.load_everything();
    if engine.has_errors() {
        return (format!("refused:\n{}", draw(engine.sources(), engine.diagnostics(), false)), 0, 0);
    }
    let proof = proved(&engine);
    let line = |one: &Diagnostic| one.span().map_or(0, |span| engine.sources().position(span).line as usize);
    let not_proved: Vec<Option<String>> =
        proof.found.iter().filter(|one| one.code.id == "P013").map(|one| block_at(line(one))).collect();
    let settled = |(_, line): &(String, usize)| !not_proved.contains(&block_at(*line));
    let found: Vec<(String, usize)> = proof.found.iter().map(|one| (one.code.id.to_owned(), line(one))).collect();
    let found: Vec<_> = found.into_iter().filter(settled).collect();
    let expected: Vec<_> = made.expected.iter().filter(|one| settled(one)).cloned().collect();
    let mut report = differences(&found, &expected);
    for one in &proof.found {
        report.extend(does_not_show(&mut engine, one));
    }
    if !report.is_empty() {
        let _ = write!(report, "{}\n{}", numbered(&made.rules), draw(engine.sources(), &proof.found, false));
    } else if !not_proved.is_empty() && std::env::var("MYOGUIDE_OPEN").is_ok() {
        println!("{}\n{}", numbered(&made.rules), draw(engine.sources(), &proof.found, false));
    }
    (report, expected.len(), not_proved.len())
}

fn demand_agreement(mut wrong: Vec<String>, rounds: u64, seed: u64) {
    if std::env::var("MYOGUIDE_KINDS").is_ok() {
        for report in &wrong {
            println!("{}", report.lines().next().unwrap_or_default());
        }
    }
    wrong.sort_by_key(String::len);
    let show = usize::try_from(setting("MYOGUIDE_SHOW", 3)).unwrap_or(3);
    let first = wrong.iter().take(show).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(wrong.is_empty(), "{} of {rounds} are wrong (seed {seed}):\n{first}", wrong.len());
}

#[test]
fn proofs_of_small_guidelines_agree_with_all_their_patients() {
    let seed = setting("MYOGUIDE_SEED", SEED);
    let mut dice = Dice::new(seed);
    let mut wrong = Vec::new();
    let (mut rounds, mut findings, mut open) = (0, 0, 0);
    while rounds < setting("MYOGUIDE_GUIDELINES", 150) {
        let blocks = 1 + dice.below(4);
        let guideline = small::of_blocks(blocks, &mut dice);
        let Some(patients) = guideline.everybody(5_000) else { continue };
        let Some(expected) = guideline.findings(&patients) else { continue };
        rounds += 1;
        let files = guideline.files().to_vec();
        let made = Made { files, rules: guideline.rules(), expected };
        let (report, found, not_proved) = judged(&made, &|line| guideline.block_at(line).map(str::to_owned));
        findings += found;
        open += not_proved;
        wrong.extend(Some(report).filter(|report| !report.is_empty()));
    }
    println!("{rounds} guidelines, {findings} findings, {open} not proved");
    assert!(findings as u64 > rounds / 4, "only {findings} findings");
    demand_agreement(wrong, rounds, seed);
}

#[test]
fn proofs_over_every_kind_of_fact_agree_with_a_fine_grid() {
    let seed = setting("MYOGUIDE_SEED", SEED);
    let mut dice = Dice::new(seed ^ 1);
    let mut wrong = Vec::new();
    let (mut rounds, mut findings, mut open) = (0, 0, 0);
    while rounds < setting("MYOGUIDE_GUIDELINES", 150) {
        let guideline = grid::guideline(&mut dice);
        let Some(expected) = guideline.findings(30_000) else { continue };
        rounds += 1;
        let made = Made { files: guideline.files().to_vec(), rules: guideline.rules.clone(), expected };
        let (report, found, not_proved) = judged(&made, &|line| guideline.block_at(line).map(str::to_owned));
        findings += found;
        open += not_proved;
        wrong.extend(Some(report).filter(|report| !report.is_empty()));
    }
    println!("{rounds} guidelines, {findings} findings, {open} not proved");
    assert!(findings as u64 > rounds / 4, "only {findings} findings");
    demand_agreement(wrong, rounds, seed);
}

#[test]
fn proofs_of_rules_of_courses_agree_with_every_course() {
    let seed = setting("MYOGUIDE_SEED", SEED);
    let mut dice = Dice::new(seed ^ 2);
    let rounds = setting("MYOGUIDE_GUIDELINES", 150);
    let (mut wrong, mut findings) = (Vec::new(), 0);
    for _ in 0..rounds {
        let made = course_rules::rules(&mut dice);
        let engine = Small::new("courses", &made.text).load();
        let proof = proved(&engine);
        let found = [engine.diagnostics(), &proof.found].concat();
        let place = |one: &Diagnostic| one.span().map_or(0, |span| engine.sources().position(span).line as usize);
        let told: Vec<(String, usize)> = found.iter().map(|one| (one.code.id.to_owned(), place(one))).collect();
        findings += made.expected.len();
        let report = differences(&told, &made.expected);
        wrong.extend((!report.is_empty()).then(|| format!("{report}{}", numbered(&made.text))));
    }
    assert!(findings as u64 > rounds / 10, "only {findings} findings");
    demand_agreement(wrong, rounds, seed);
}

/// What a SARIF 2.1.0 document must have to be read, of what is written here.
fn shape_of_sarif() -> serde_json::Value {
    let text = serde_json::json!({
        "type": "object", "required": ["text"], "properties": { "text": { "type": "string", "minLength": 1 } }
    });
    let place = serde_json::json!({
        "type": "object",
        "required": ["physicalLocation"],
        "properties": {
            "message": text,
            "physicalLocation": {
                "type": "object",
                "required": ["artifactLocation", "region"],
                "properties": {
                    "artifactLocation": { "type": "object", "required": ["uri"], "properties": { "uri": { "type": "string" } } },
                    "region": {
                        "type": "object",
                        "required": ["startLine", "startColumn", "endLine", "endColumn"],
                        "additionalProperties": { "type": "integer", "minimum": 1 },
                    },
                },
            },
        },
    });
    let result = serde_json::json!({
        "type": "object",
        "required": ["ruleId", "level", "message", "locations"],
        "additionalProperties": false,
        "properties": {
            "ruleId": { "type": "string" },
            "level": { "enum": ["none", "note", "warning", "error"] },
            "message": text,
            "locations": { "type": "array", "items": place },
            "relatedLocations": { "type": "array", "items": place },
            "properties": { "type": "object" },
        },
    });
    let rule = serde_json::json!({
        "type": "object",
        "required": ["id"],
        "properties": { "id": { "type": "string" }, "shortDescription": text, "fullDescription": text },
    });
    serde_json::json!({
        "type": "object",
        "required": ["version", "runs"],
        "properties": {
            "version": { "const": "2.1.0" },
            "runs": { "type": "array", "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": { "type": "object", "required": ["driver"], "properties": { "driver": {
                        "type": "object",
                        "required": ["name"],
                        "properties": { "rules": { "type": "array", "uniqueItems": true, "items": rule } },
                    } } },
                    "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
                    "results": { "type": "array", "items": result },
                },
            } },
        },
    })
}

#[test]
fn findings_are_printed_as_sarif() {
    let text = include_str!("corpus/analysis/bad/p002_overlap_by_one_point.rules");
    let engine = Small::new("overlap", text).load();
    let found = proved(&engine).found;
    let written = sarif(engine.sources(), &found);
    let document: serde_json::Value = serde_json::from_str(&written).unwrap();
    let wrong: Vec<String> = jsonschema::draft202012::new(&shape_of_sarif())
        .unwrap()
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path))
        .collect();
    assert!(wrong.is_empty(), "{}\n{written}", wrong.join("\n"));
    let results = document["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), found.len());
    let overlap = results.iter().find(|result| result["ruleId"] == "P002").unwrap();
    assert_eq!(overlap["level"], "error");
    let patient = overlap["properties"]["patient"].as_str().unwrap();
    assert!(patient.contains("mmt8: 125"), "the patient goes with it: {patient}");
}

/// A table of so many rows that divide so many numbers, each row a box.
fn table_of(rows: usize, columns: usize, dice: &mut Dice) -> Vec<(String, String)> {
    let mut boxes = vec![vec![(0, 1024); columns]];
    while boxes.len() < rows {
        let at = dice.below(boxes.len());
        let column = dice.below(columns);
        let (low, high) = boxes[at][column];
        if high - low < 2 {
            continue;
        }
        let middle = i32::midpoint(low, high);
        let mut upper = boxes[at].clone();
        boxes[at][column] = (low, middle);
        upper[column] = (middle, high);
        boxes.push(upper);
    }
    let heads: Vec<String> = (0..columns).map(|column| format!("number_{column}")).collect();
    let mut rules = format!(
        "table state \"State\" [local example]\n  exactly one row fits\n  | {} | -> state |\n",
        heads.join(" | ")
    );
    let _ = writeln!(rules, "  |{}", "---|".repeat(columns + 1));
    for (row, cells) in boxes.iter().enumerate() {
        let cell = |(low, high): &(i32, i32)| match (low, high) {
            (0, 1024) => "any".to_owned(),
            (0, high) => format!("below {high}"),
            (low, 1024) => format!("at least {low}"),
            (low, high) => format!("{low} to below {high}"),
        };
        let cells: Vec<String> = cells.iter().map(cell).collect();
        let _ = writeln!(rules, "  | {} | {} |", cells.join(" | "), ["one", "two", "three"][row % 3]);
    }
    let fact = |name: &String| {
        format!(
            "{name}: {{label: {name}, question: How much?, type: number, range: 0 to 1024, recorded: facts, burden: history}}\n"
        )
    };
    let info = "id: grown\nrelease: 1.0.0\nlanguage: 1\ntitle: Grown\nabout: A guideline made up by a test.\nstatus: \
                draft\neffective_from: 2020-01-01\nauthors: [test]\nanswers: [state]\nchanges: [First \
                release.]\nlocal_choices:\n  example: Made up.\n";
    vec![
        ("dictionary/grown.yaml".to_owned(), heads.iter().map(fact).collect()),
        ("grown/1.0.0/guideline.yaml".to_owned(), info.to_owned()),
        ("grown/1.0.0/grown.rules".to_owned(), rules),
    ]
}

/// How the time of a proof grows with a table that divides everybody: `cargo test --test main growth -- --ignored --nocapture`.
#[test]
#[ignore = "measures, and is read by a person"]
fn growth_of_a_proof_with_rows_and_columns() {
    println!("| rows | columns | claims | not proved | milliseconds |\n|---|---|---|---|---|");
    for rows in [10, 20, 40, 80] {
        for columns in [2, 4, 6, 8] {
            let mut dice = Dice::new(SEED);
            let mut engine = Engine::open(&Library::of_texts(table_of(rows, columns, &mut dice)));
            engine.load_everything();
            assert!(!engine.has_errors(), "{}", draw(engine.sources(), engine.diagnostics(), false));
            let begin = std::time::Instant::now();
            let proof = proved(&engine);
            let took = begin.elapsed().as_millis();
            let open = proof.found.iter().filter(|one| one.code.id == "P013").count();
            assert_eq!(proof.found.len(), open, "{}", draw(engine.sources(), &proof.found, false));
            println!("| {rows} | {columns} | {} | {open} | {took} |", proof.claims);
        }
    }
}
