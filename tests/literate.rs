//! Examples in prose: rules, a patient and what comes out, as clinicians can write and read them.
//!
//! Every heading begins afresh. Below it ` ```yaml dictionary ` holds facts that the shipped dictionary lacks,
//! ` ```rules ` the rules, ` ```yaml record ` a patient and ` ```text answer ` a line for each answer: `name: value`,
//! `name: value or value` where it stays open, and if one likes `… because fact, fact`. A section with a
//! ` ```yaml guideline ` stands for itself: nothing but its own dictionary and evidence is looked up.

#![expect(clippy::panic, reason = "a test that fails says where")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use myoguide::diagnostics::draw::draw;
use myoguide::engine::{Engine, Options, Wanted};
use myoguide::eval::Status;
use myoguide::explain::{AnswerShown, Possible};
use myoguide::library::Library;
use myoguide::value::{Bound, Interval, NumberSet};

/// The fenced texts below one heading, by what they are.
#[derive(Debug, Default)]
struct Section {
    heading: String,
    line: usize,
    fences: BTreeMap<String, String>,
}

/// Cuts a page into sections. Text of one kind that stands twice below a heading is one text.
fn sections(page: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut fence: Option<String> = None;
    for (at, line) in page.lines().enumerate() {
        match (&fence, line.strip_prefix("```")) {
            (Some(_), Some("")) => fence = None,
            (Some(kind), _) => {
                if let Some(section) = sections.last_mut() {
                    let text = section.fences.entry(kind.clone()).or_default();
                    text.push_str(line);
                    text.push('\n');
                }
            }
            (None, Some(kind)) => {
                if let Some(section) = sections.last_mut() {
                    section.fences.entry(kind.trim().to_owned()).or_default();
                }
                fence = Some(kind.trim().to_owned());
            }
            (None, None) if line.starts_with('#') => {
                sections.push(Section { heading: line.to_owned(), line: at + 1, fences: BTreeMap::new() });
            }
            (None, None) => {}
        }
    }
    sections
}

/// Runs the examples of a page; how many had rules, and what is wrong.
fn run(page: &str) -> (usize, Vec<String>) {
    let mut count = 0;
    let mut wrong = Vec::new();
    for section in sections(page) {
        let has = |kind: &str| section.fences.contains_key(kind);
        if has("rules") {
            count += 1;
            if let Err(why) = example(&section) {
                wrong.push(format!("line {}, {}\n{why}", section.line, section.heading));
            }
        } else if has("yaml record") || has("text answer") {
            wrong.push(format!("line {}, {}\na record or an answer without rules", section.line, section.heading));
        }
    }
    (count, wrong)
}

fn example(section: &Section) -> Result<(), String> {
    let text = |kind: &str| section.fences.get(kind).map(String::as_str);
    let (id, library) = library(section);
    let mut engine = Engine::open(&library);
    engine.load(&Wanted::Named(vec![id])).map_err(|error| error.to_string())?;
    if engine.has_errors() {
        return Err(draw(engine.sources(), engine.diagnostics(), false));
    }
    let (record, expected) = match (text("yaml record"), text("text answer")) {
        (Some(record), Some(expected)) => (record, expected),
        (None, None) => return Ok(()),
        (Some(_), None) => return Err("a record, and no answer".to_owned()),
        (None, Some(_)) => return Err("an answer, and no record".to_owned()),
    };
    let file = engine.add_text("record.yaml", record.to_owned());
    let mut report = String::new();
    for read in engine.read_records(file) {
        let patient = read.map_err(|mistakes| draw(engine.sources(), &mistakes, false))?;
        for guideline in engine.guidelines() {
            let shown = engine.evaluate(guideline, &patient, Options::default()).explanation;
            report.push_str(&differences(expected, &shown.answers));
        }
    }
    if engine.has_errors() {
        return Err(draw(engine.sources(), engine.diagnostics(), false));
    }
    if report.is_empty() { Ok(()) } else { Err(report) }
}

/// Each expected line that is not what came out.
fn differences(expected: &str, answers: &[AnswerShown]) -> String {
    let mut report = String::new();
    let mut compared = 0;
    for line in expected.lines().map(str::trim).filter(|line| !line.is_empty()) {
        compared += 1;
        let Some((name, wanted)) = line.split_once(": ") else {
            let _ = writeln!(report, "`{line}` is no line `name: value`");
            continue;
        };
        let Some(answer) = answers.iter().find(|answer| answer.id == name) else {
            let _ = writeln!(report, "there is no answer `{name}`");
            continue;
        };
        let (value, because) =
            wanted.split_once(" because ").map_or((wanted, None), |(value, facts)| (value, Some(facts)));
        let shown = value_of(answer);
        if shown != value {
            let _ = writeln!(report, "{name}: expected `{value}`, came out `{shown}`");
        }
        if let Some(because) = because {
            let wanted: BTreeSet<&str> = because.split(", ").collect();
            let facts: BTreeSet<&str> = answer.because.iter().map(|because| because.fact.as_str()).collect();
            if wanted != facts {
                let facts: Vec<&str> = facts.into_iter().collect();
                let _ = writeln!(report, "{name}: expected because of {because}, came out {}", facts.join(", "));
            }
        }
    }
    if compared == 0 {
        report.push_str("the answer says nothing\n");
    }
    report
}

fn value_of(answer: &AnswerShown) -> String {
    match (answer.status, &answer.possible) {
        (Status::Silent, _) => "silent".to_owned(),
        (Status::Fault, _) => "fault".to_owned(),
        (_, Possible::YesNo { yes, no }) => [("yes", *yes), ("no", *no)]
            .iter()
            .filter(|(_, can)| *can)
            .map(|(word, _)| *word)
            .collect::<Vec<_>>()
            .join(" or "),
        (_, Possible::Choice(words)) => words.join(" or "),
        (_, Possible::Several { certain, perhaps }) => {
            let mut parts = Vec::new();
            parts.extend((!certain.is_empty()).then(|| certain.join(" and ")));
            parts.extend((!perhaps.is_empty()).then(|| format!("perhaps {}", perhaps.join(" and "))));
            if parts.is_empty() { "none of them".to_owned() } else { parts.join(", ") }
        }
        (_, Possible::Number(numbers)) => number_words(numbers),
        (_, Possible::Nothing) => "nothing".to_owned(),
    }
}

/// `3 or 5`, `0 to 10`, `above 2 to below 4`
fn number_words(numbers: &NumberSet) -> String {
    let piece = |piece: &Interval| {
        if let Some(value) = piece.single() {
            return value.to_string();
        }
        let low = match piece.low {
            Bound::Closed(low) => low.to_string(),
            Bound::Open(low) => format!("above {low}"),
            Bound::Unbounded => "any".to_owned(),
        };
        let high = match piece.high {
            Bound::Closed(high) => format!("to {high}"),
            Bound::Open(high) => format!("to below {high}"),
            Bound::Unbounded => "or more".to_owned(),
        };
        if low == "any" && high == "or more" { "any number".to_owned() } else { format!("{low} {high}") }
    };
    numbers.intervals().iter().map(piece).collect::<Vec<_>>().join(" or ")
}

/// The folder of rules of an example, and the guideline's name in it.
fn library(section: &Section) -> (String, Library) {
    let text = |kind: &str| section.fences.get(kind).cloned().unwrap_or_default();
    let rules = text("rules");
    if section.fences.contains_key("yaml guideline") {
        let info = text("yaml guideline");
        let said = |key: &str| {
            let line = info.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
            line.trim().to_owned()
        };
        let (id, release) = (said("id:"), said("release:"));
        let files = [
            ("dictionary/own.yaml".to_owned(), text("yaml dictionary")),
            ("evidence/own.yaml".to_owned(), text("yaml evidence")),
            (format!("{id}/{release}/guideline.yaml"), info),
            (format!("{id}/{release}/example.rules"), rules),
        ];
        return (id, Library::of_texts(files));
    }
    let shipped = Library::embedded();
    let mut files: Vec<(String, String)> = shipped
        .files()
        .filter(|(path, _)| path.starts_with("dictionary/") || path.starts_with("evidence/"))
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    let (keys, locals) = cited(&rules);
    let known = |key: &str| files.iter().any(|(_, text)| text.lines().any(|line| line == format!("{key}:")));
    let mut evidence = String::new();
    for key in keys.iter().filter(|key| !known(key)) {
        let _ = writeln!(
            evidence,
            "{key}:\n  authors: Somebody\n  title: Made up for an example\n  published: nowhere\n  kind: web \
             page\n  readable: all of it\n  mark: verified"
        );
    }
    let mut info = String::from(
        "id: example\nrelease: 1.0.0\nlanguage: 1\ntitle: Example\nabout: An example.\nstatus: \
         draft\neffective_from: 2020-01-01\nauthors: [an example]\nchanges: [First release.]\n",
    );
    let _ = writeln!(info, "answers: [{}]", asked(&rules, &text("text answer")).join(", "));
    if !locals.is_empty() {
        info.push_str("local_choices:\n");
        for local in &locals {
            let _ = writeln!(info, "  {local}: Made up for an example.");
        }
    }
    files.push(("dictionary/zz_example.yaml".to_owned(), text("yaml dictionary")));
    files.push(("evidence/zz_example.yaml".to_owned(), evidence));
    files.push(("example/1.0.0/guideline.yaml".to_owned(), info));
    files.push(("example/1.0.0/example.rules".to_owned(), rules));
    files.retain(|(_, text)| !text.is_empty());
    ("example".to_owned(), Library::of_texts(files))
}

/// The keys and the local names between brackets.
fn cited(rules: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut keys, mut locals) = (BTreeSet::new(), BTreeSet::new());
    for line in rules.lines() {
        let line = line.split('#').next().unwrap_or_default();
        for bracket in line.split('[').skip(1) {
            let inside = bracket.split(']').next().unwrap_or_default();
            for source in inside.split(';') {
                let mut words = source.split_whitespace();
                match (words.next(), words.next()) {
                    (Some("local"), Some(name)) => locals.insert(name.to_owned()),
                    (Some(key), _) => keys.insert(key.to_owned()),
                    _ => continue,
                };
            }
        }
    }
    (keys, locals)
}

/// The blocks that are answers: those the example speaks of, else all that give something.
fn asked(rules: &str, expected: &str) -> Vec<String> {
    let spoken: Vec<String> =
        expected.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name.trim().to_owned()).collect();
    if !spoken.is_empty() {
        return spoken;
    }
    let mut names = Vec::new();
    for line in rules.lines() {
        let mut words = line.strip_prefix("as recorded ").unwrap_or(line).split_whitespace();
        if line.starts_with(|first: char| first.is_ascii_lowercase())
            && let (Some("finding" | "number" | "score" | "bands" | "table"), Some(name)) = (words.next(), words.next())
        {
            names.push(name.to_owned());
        }
    }
    names
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn demand(path: &Path, least: usize) {
    let (count, wrong) = run(&read(path));
    assert!(wrong.is_empty(), "{}: {} wrong\n\n{}", path.display(), wrong.len(), wrong.join("\n\n"));
    assert!(count >= least, "{}: only {count} examples", path.display());
}

#[test]
fn the_language_page_runs() {
    demand(&Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/README.md"), 7);
}

#[test]
fn examples_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/eval");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut pages: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    pages.sort();
    assert!(pages.len() >= 5, "only {} pages in {}", pages.len(), folder.display());
    for page in pages {
        demand(&page, 1);
    }
}

const GOOD: &str = "\
# One
```rules
finding rash \"Rash\" [local example]
  heliotrope
```
```yaml record
id: one
as_of: 2026-01-01
facts: {}
```
```text answer
rash: yes or no because heliotrope
```
";

/// The driver sees what is wrong.
#[test]
fn the_driver_can_fail() {
    assert_eq!(run(GOOD), (1, Vec::new()));
    for (from, to, complaint) in [
        ("yes or no because", "yes because", "expected `yes`, came out `yes or no`"),
        ("because heliotrope", "because gottron_sign", "expected because of gottron_sign"),
        ("rash: yes", "rush: yes", "`rush`"),
        ("  heliotrope", "  heliotrop", "did you mean"),
        ("facts: {}", "facts: {heliotrope: perhaps}", "perhaps"),
        ("facts: {}", "facts: {heliotrope: yes}", "came out `yes`"),
        ("```text answer", "```text", "no answer"),
        ("rash: yes or no because heliotrope\n", "", "says nothing"),
        ("```rules", "```text", "without rules"),
    ] {
        let changed = GOOD.replace(from, to);
        assert_ne!(changed, GOOD, "`{from}` is not in the example");
        let (_, wrong) = run(&changed);
        assert!(wrong.concat().contains(complaint), "`{to}` gives {wrong:?} and not `{complaint}`");
    }
}
