//! A small guideline written as one text: its rules first, then further files, each under a line `# file PATH`.
//!
//! `guideline.yaml` and `record.yaml` belong to the guideline itself, and the first is given its head; any other path
//! is one of the folder of rules. The dictionary and the evidence are those of the corpus.

use std::fmt::Write as _;

use myoguide::catalog::{Catalog, read_guideline_info};
use myoguide::diagnostics::Diagnostic;
use myoguide::diagnostics::draw::draw;
use myoguide::engine::{Engine, Options};
use myoguide::eval::Status;
use myoguide::explain::{AnswerShown, Possible};
use myoguide::library::Library;
use myoguide::model::Guideline;
use myoguide::model::from_syntax::resolve;
use myoguide::source::SourceMap;
use myoguide::syntax;
use myoguide::value::{Bound, NumberSet};

const DICTIONARY: &str = include_str!("../corpus/model/dictionary.yaml");
const EVIDENCE: &str = include_str!("../corpus/model/evidence.yaml");
const FORMULARY: &str = include_str!("../corpus/model/formulary.yaml");

/// How a further file begins.
const FURTHER_FILE: &str = "# file ";

const HEAD: &str = "\
id: small
release: 1.0.0
language: 1
title: A small guideline
about: An example.
status: draft
";

/// What an empty record says.
const EMPTY: &str = "id: nobody\nas_of: 2026-03-01\n";

/// A guideline of the corpus, taken apart.
#[derive(Debug)]
pub(crate) struct Small {
    files: Vec<(String, String)>,
    record: Option<String>,
}

/// A guideline, resolved and no more.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) sources: SourceMap,
    pub(crate) catalog: Catalog,
    pub(crate) guideline: Guideline,
    pub(crate) messages: Vec<Diagnostic>,
}

impl Small {
    pub(crate) fn new(name: &str, text: &str) -> Small {
        let mut parts = vec![(format!("small/1.0.0/{name}.rules"), String::new())];
        for line in text.split_inclusive('\n') {
            if let Some(path) = line.strip_prefix(FURTHER_FILE) {
                parts.push((path.trim().to_owned(), String::new()));
            } else if let Some((_, text)) = parts.last_mut() {
                text.push_str(line);
            }
        }
        let mut files = Vec::new();
        let mut info = String::from("answers: []\n");
        let mut record = None;
        for (path, text) in parts {
            match path.as_str() {
                "guideline.yaml" => info = text,
                "record.yaml" => record = Some(text),
                _ => files.push((path, text)),
            }
        }
        if info.trim() != "none" {
            files.push((String::from("small/1.0.0/guideline.yaml"), format!("{HEAD}{info}")));
        }
        Small { files, record }
    }

    pub(crate) fn load(&self) -> Engine {
        let mut engine = Engine::open(&self.library());
        engine.load_everything();
        engine
    }

    fn library(&self) -> Library {
        let shelves = [
            ("dictionary/small.yaml", DICTIONARY),
            ("evidence/small.yaml", EVIDENCE),
            ("formulary/small.yaml", FORMULARY),
        ];
        let shelves = shelves.map(|(path, text)| (path.to_owned(), text.to_owned()));
        Library::of_texts(shelves.into_iter().chain(self.files.clone()))
    }

    /// What the rules mean, before they are made a program.
    pub(crate) fn resolved(&self) -> Resolved {
        let library = self.library();
        let mut sources = SourceMap::default();
        let (mut catalog, mut messages) = Catalog::open(&library, &mut sources);
        messages.extend(catalog.load_all(&sources));
        let mut modules = Vec::new();
        let mut info = None;
        for folder in library.guidelines() {
            for path in folder.rules.iter().copied().chain(folder.info) {
                let Some(file) = library.add_to(&mut sources, path) else { continue };
                if folder.info == Some(path) {
                    let (read, mistakes) = read_guideline_info(&sources, file);
                    messages.extend(mistakes);
                    info = read;
                } else {
                    let parsed = syntax::parse(&sources, file);
                    messages.extend(parsed.diagnostics);
                    modules.push(parsed.module);
                }
            }
        }
        let told: Vec<_> = messages.iter().filter_map(Diagnostic::span).collect();
        let info = info.expect("a guideline says what it is");
        let (guideline, found) = resolve(&sources, &modules, &told, &info, &catalog);
        messages.extend(found);
        Resolved { sources, catalog, guideline, messages }
    }

    /// What comes of the record beside the rules, and of one that says nothing.
    pub(crate) fn answers(&self, engine: &mut Engine) -> Result<String, String> {
        let record = self.record.as_deref().ok_or("a good file has a `# file record.yaml`")?;
        let mut report = String::new();
        for (name, text) in [("the record", record), ("an empty record", EMPTY)] {
            let _ = writeln!(report, "{name}:");
            let file = engine.add_text("record.yaml", text.to_owned());
            for read in engine.read_records(file) {
                let record = read.map_err(|mistakes| draw(engine.sources(), &mistakes, false))?;
                for guideline in engine.guidelines() {
                    let explanation = engine.evaluate(guideline, &record, Options::default()).explanation;
                    for answer in &explanation.answers {
                        let _ = writeln!(report, "  {}", line(answer));
                    }
                }
            }
        }
        Ok(report)
    }
}

/// The parts as written, their lines numbered as the messages number them.
pub(crate) fn numbered(text: &str) -> String {
    let mut shown = String::new();
    let mut number = 0;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix(FURTHER_FILE) {
            number = if path.trim() == "guideline.yaml" { HEAD.lines().count() } else { 0 };
            let _ = writeln!(shown, "\n    {path}");
        } else {
            number += 1;
            let _ = writeln!(shown, "{number:>3} {line}");
        }
    }
    shown
}

/// `weak: yes`, `step: some or large (open: mmt8 at baseline)`
fn line(answer: &AnswerShown) -> String {
    let mut line = format!("{}: ", answer.id);
    match (answer.status, &answer.fault) {
        (Status::Silent, _) => line.push_str("silent"),
        (_, Some(fault)) => line.push_str(fault),
        _ => line.push_str(&possible(&answer.possible)),
    }
    if let Some(unit) = answer.unit.as_deref().filter(|_| matches!(answer.possible, Possible::Number(_))) {
        let _ = write!(line, " {unit}");
    }
    if !answer.because.is_empty() {
        let facts: Vec<String> = answer
            .because
            .iter()
            .map(|because| format!("{} {}", because.fact, because.when).trim().to_owned())
            .collect();
        let _ = write!(line, " (open: {})", facts.join(", "));
    }
    line
}

fn possible(possible: &Possible) -> String {
    match possible {
        Possible::YesNo { yes, no } => match (yes, no) {
            (true, true) => "yes or no".to_owned(),
            (true, false) => "yes".to_owned(),
            (false, _) => "no".to_owned(),
        },
        Possible::Choice(values) => values.join(" or "),
        Possible::Several { certain, perhaps } => format!("{certain:?}, perhaps {perhaps:?}").replace('"', ""),
        Possible::Number(set) => numbers(set),
        Possible::Nothing => "nothing".to_owned(),
    }
}

fn numbers(set: &NumberSet) -> String {
    if let Some(values) = set.finite_values(8) {
        return values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    }
    let end = |bound: Bound| bound.number().map_or("any".to_owned(), |number| number.rounded(3));
    set.hull().map_or_else(|| "nothing".to_owned(), |hull| format!("{} to {}", end(hull.low), end(hull.high)))
}

/// The messages of a file.
pub(crate) fn messages(name: &str, text: &str) -> (Engine, Vec<Diagnostic>) {
    let engine = Small::new(name, text).load();
    let messages = engine.diagnostics().to_vec();
    (engine, messages)
}
