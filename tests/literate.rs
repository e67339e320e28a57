//! Examples in prose: rules, a patient and what comes out, as clinicians can write and read them.
//!
//! Every heading begins afresh. Below it ` ```yaml dictionary ` holds facts beside, or in place of, those of the shipped one,
//! ` ```yaml formulary ` the drugs (where it stands, no other is known), ` ```rules ` the rules, ` ```yaml record ` a patient
//! and ` ```text answer ` a line for each answer: `name: value`, `name: value or value` where it stays open, and if one
//! likes `… because fact, fact`. Several patients may follow one another, each record with its answer. A section with a ` ```yaml guideline ` stands for itself: nothing but its own dictionary,
//! formulary and evidence is looked up.
//!
//! A release that builds on the one before it stands in ` ```rules 2.0.0 `, and what its guideline.yaml says beside its name in
//! ` ```yaml release 2.0.0 `; each patient is then answered by the release in force on the day, which `release` names.
//!
//! What a case file expects beside the answers is asked with a word before the name: `conclusion NAME`, `course THERAPY`,
//! `verdict THERAPY on LADDER`, `line NAME of LADDER`, `advice NAME`, `path ALGORITHM`; [`ITEMS`] lists the rest.

#![expect(clippy::panic, reason = "a test that fails says where")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use myoguide::diagnostics::draw::draw;
use myoguide::engine::{Engine, Options, Wanted};
use myoguide::eval::Status;
use myoguide::explain::{
    AdviceShown, AdviceVerdict, AnswerShown, Because, Explanation, LadderShown, Lit, OptionShown, Possible,
    RegimenShown,
};
use myoguide::library::Library;
use myoguide::value::{Bound, Interval, NumberSet};

/// The fenced texts below one heading, by what they are.
#[derive(Debug, Default)]
struct Section {
    heading: String,
    line: usize,
    fences: BTreeMap<String, String>,
    patients: Vec<Patient>,
}

/// A record with what is expected of it.
#[derive(Debug, Default)]
struct Patient {
    line: usize,
    record: Option<String>,
    answer: Option<String>,
}

impl Section {
    /// A fence begins.
    fn open(&mut self, kind: &str, line: usize) {
        match kind {
            RECORD => self.patients.push(Patient { line, record: Some(String::new()), answer: None }),
            ANSWER => {
                if self.patients.last().is_none_or(|patient| patient.answer.is_some()) {
                    self.patients.push(Patient { line, ..Patient::default() });
                }
                if let Some(patient) = self.patients.last_mut() {
                    patient.answer = Some(String::new());
                }
            }
            _ => {
                self.fences.entry(kind.to_owned()).or_default();
            }
        }
    }

    /// A line of the fence of some kind that was opened last. Texts of one kind below a heading are one text.
    fn push(&mut self, kind: &str, line: &str) {
        let patient = self.patients.last_mut();
        let text = match kind {
            RECORD => patient.and_then(|patient| patient.record.as_mut()),
            ANSWER => patient.and_then(|patient| patient.answer.as_mut()),
            _ => self.fences.get_mut(kind),
        };
        if let Some(text) = text {
            text.push_str(line);
            text.push('\n');
        }
    }

    /// The releases that build on the first.
    fn releases(&self) -> Vec<&str> {
        self.fences.keys().filter_map(|kind| kind.strip_prefix("rules ")).collect()
    }

    /// The files of the releases that build on the first, in the folder of a guideline.
    fn release_files(&self, id: &str, first: &str) -> Vec<(String, String)> {
        let mut before = first;
        let mut files = Vec::new();
        for release in self.releases() {
            let text = |kind: &str| self.fences.get(&format!("{kind} {release}")).cloned().unwrap_or_default();
            let info = format!(
                "id: {id}\nrelease: {release}\nlanguage: 1\ntitle: Example\nabout: An example.\nstatus: draft\nbuilds_on: {before}\n{}",
                text("yaml release")
            );
            files.push((format!("{id}/{release}/guideline.yaml"), info));
            files.push((format!("{id}/{release}/example.rules"), text("rules")));
            before = release;
        }
        files
    }

    /// Every line that is expected of some patient.
    fn expected(&self) -> String {
        self.patients.iter().filter_map(|patient| patient.answer.as_deref()).collect()
    }
}

const RECORD: &str = "yaml record";
const ANSWER: &str = "text answer";

/// Cuts a page into sections.
fn sections(page: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut fence: Option<String> = None;
    for (at, line) in page.lines().enumerate() {
        let Some(section) = sections.last_mut() else { continue };
        match (&fence, line.strip_prefix("```")) {
            (Some(_), Some("")) => fence = None,
            (Some(kind), _) => section.push(kind, line),
            (None, Some(kind)) => {
                section.open(kind.trim(), at + 1);
                fence = Some(kind.trim().to_owned());
            }
            (None, None) if line.starts_with('#') => {
                sections.push(Section { heading: line.to_owned(), line: at + 1, ..Section::default() });
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
        if section.fences.contains_key("rules") {
            count += 1;
            if let Err(why) = example(&section) {
                wrong.push(format!("line {}, {}\n{why}", section.line, section.heading));
            }
        } else if !section.patients.is_empty() {
            wrong.push(format!("line {}, {}\na record or an answer without rules", section.line, section.heading));
        }
    }
    (count, wrong)
}

fn example(section: &Section) -> Result<(), String> {
    let (id, library) = library(section);
    let mut engine = Engine::open(&library);
    let wanted = if section.releases().is_empty() { Wanted::Named(vec![id.clone()]) } else { Wanted::Every };
    engine.load(&wanted).map_err(|error| error.to_string())?;
    // A single release answers whatever the day.
    let only = engine.guidelines().first().map(|loaded| loaded.guideline.info.full_name());
    let name = if section.releases().is_empty() { only.unwrap_or(id) } else { id };
    // Only rules that are at fault for some patient may be warned of.
    let is_sound = !section.expected().contains(": fault");
    if engine.has_errors() || (is_sound && !engine.diagnostics().is_empty()) {
        return Err(draw(engine.sources(), engine.diagnostics(), false));
    }
    let mut report = String::new();
    for patient in &section.patients {
        if let Err(why) = judge(&mut engine, &name, patient) {
            let _ = write!(report, "the patient in line {}:\n{why}", patient.line);
        }
    }
    if report.is_empty() { Ok(()) } else { Err(report) }
}

fn judge(engine: &mut Engine, name: &str, patient: &Patient) -> Result<(), String> {
    let (record, expected) = match (&patient.record, &patient.answer) {
        (Some(record), Some(expected)) => (record, expected),
        (_, None) => return Err("a record, and no answer\n".to_owned()),
        (None, _) => return Err("an answer, and no record\n".to_owned()),
    };
    let file = engine.add_text("record.yaml", record.clone());
    let mut report = String::new();
    for read in engine.read_records(file) {
        let patient = read.map_err(|mistakes| draw(engine.sources(), &mistakes, false))?;
        let asked = engine.ask(&[name.to_owned()]).map_err(|error| error.to_string())?;
        for evaluated in engine.evaluate_asked(&asked, &patient, Options::default()) {
            report.push_str(&differences(expected, &evaluated.explanation));
        }
    }
    if engine.has_errors() {
        return Err(draw(engine.sources(), engine.diagnostics(), false));
    }
    if report.is_empty() { Ok(()) } else { Err(report) }
}

/// Each expected line that is not what came out.
fn differences(expected: &str, shown: &Explanation) -> String {
    let mut report = String::new();
    let mut compared = 0;
    for line in expected.lines().map(str::trim).filter(|line| !line.is_empty()) {
        compared += 1;
        let Some((name, wanted)) = line.split_once(": ") else {
            let _ = writeln!(report, "`{line}` is no line `name: value`");
            continue;
        };
        let Some((value, facts)) = found(name, shown) else {
            let _ = writeln!(report, "there is no answer `{name}`");
            continue;
        };
        let (wanted, because) =
            wanted.split_once(" because ").map_or((wanted, None), |(value, facts)| (value, Some(facts)));
        let is_as_wanted = if name == "notice" { value.contains(wanted) } else { value == wanted };
        if !is_as_wanted {
            let _ = writeln!(report, "{name}: expected `{wanted}`, came out `{value}`");
        }
        if let Some(because) = because {
            let wanted: BTreeSet<&str> = because.split(", ").collect();
            let facts: BTreeSet<&str> = facts.iter().map(|because| because.fact.as_str()).collect();
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

/// What a name of an expected line came to, and what keeps it open; `None` where there is no such thing.
type Found = Option<(String, Vec<Because>)>;
/// Looks a name up in what is shown.
type Find = fn(&str, &Explanation) -> Found;

/// What is asked for by a word before the name, beside the answers.
const ITEMS: &[(&str, Find)] = &[
    ("conclusion", |name, shown| {
        let found = shown.conclusions.iter().find(|one| one.id == name)?;
        Some((words(&found.standing.possible), found.standing.because.clone()))
    }),
    ("silence", |name, shown| {
        let found = shown.answers.iter().find(|one| one.id == name)?;
        Some((found.silence.clone().unwrap_or_default(), Vec::new()))
    }),
    ("course", |name, shown| {
        let found = shown.courses.iter().find(|one| one.id == name)?;
        Some((words(&found.state), Vec::new()))
    }),
    ("taking", |name, shown| {
        let found = shown.courses.iter().find(|one| one.id == name)?;
        Some((words(&found.taking), Vec::new()))
    }),
    ("judged", |name, shown| {
        let found = shown.courses.iter().find(|one| one.id == name)?;
        let last = found.judge_on.map_or_else(|| "never".to_owned(), |day| day.to_string());
        Some((found.judge_from.map_or(last.clone(), |first| format!("{first} to {last}")), Vec::new()))
    }),
    ("verdict", |name, shown| {
        option(name, shown).map(|one| (words(&one.verdict.possible), one.verdict.because.clone()))
    }),
    ("status", |name, shown| {
        let one = |status: &myoguide::explain::StatusShown| {
            let words: Vec<&str> = status.possible.iter().map(|one| one.word()).collect();
            let region = status.region.as_deref().or(status.elsewhere.then_some("elsewhere"));
            let region = region.map(|region| format!(" in {region}")).unwrap_or_default();
            let since = status.events.first().map(|event| format!(" since {}", event.from)).unwrap_or_default();
            format!("{}{region} {}{since}", status.indication, words.join(" or "))
        };
        option(name, shown).map(|found| (found.statuses.iter().map(one).collect::<Vec<_>>().join("; "), Vec::new()))
    }),
    ("how", |name, shown| option(name, shown).map(|one| (one.how.unwrap_or("not said").to_owned(), Vec::new()))),
    ("also", |name, shown| option(name, shown).map(|one| (listed(one.also.iter().copied()), Vec::new()))),
    ("against", |name, shown| {
        option(name, shown).map(|one| (listed(one.against.iter().map(|rule| rule.id.as_str())), Vec::new()))
    }),
    ("cautions", |name, shown| {
        option(name, shown).map(|one| (listed(one.cautions.iter().map(|rule| rule.id.as_str())), Vec::new()))
    }),
    ("monitor", |name, shown| {
        option(name, shown).map(|one| (listed(one.monitor.iter().map(String::as_str)), Vec::new()))
    }),
    ("line", |name, shown| {
        let (line, ladder) = name.split_once(" of ")?;
        let ladder = shown.ladders.iter().find(|one| one.id == ladder)?;
        let line = ladder.lines.iter().find(|one| one.id == line)?;
        Some((words(&line.state.possible), line.state.because.clone()))
    }),
    // One that is not for the patient is not shown.
    ("regimen", |name, shown| {
        let regimen = shown.regimens.iter().find(|one| one.id == name);
        Some((regimen.map_or_else(|| "no".to_owned(), |one| words(&one.patients.possible)), Vec::new()))
    }),
    ("plus", |name, shown| {
        let regimen = shown.regimens.iter().find(|one| one.id == name)?;
        let plus = |(least, most): &(u32, u32)| {
            if least == most { least.to_string() } else { format!("{least} to {most}") }
        };
        Some((regimen.plus.iter().map(plus).collect::<Vec<_>>().join(" or "), Vec::new()))
    }),
    ("short", |name, shown| {
        let regimen = shown.regimens.iter().find(|one| one.id == name)?;
        Some((regimen.short.clone().unwrap_or_else(|| "no".to_owned()), Vec::new()))
    }),
    ("advice", |name, shown| {
        let found = shown.advice.iter().find(|one| one.id == name);
        Some(found.map_or_else(|| ("not_given".to_owned(), Vec::new()), advice))
    }),
    ("suspicion", |name, shown| {
        let found = shown.suspicions.iter().find(|one| one.id == name)?;
        Some((words(&found.standing.possible), found.standing.because.clone()))
    }),
    ("path", |name, shown| {
        let chart = shown.flowcharts.iter().find(|one| one.id == name)?;
        let steps = chart.steps.iter().filter_map(|step| match step.reached {
            Lit::Yes => Some(step.id.clone()),
            Lit::Perhaps => Some(format!("perhaps {}", step.id)),
            Lit::No => None,
        });
        Some((steps.collect::<Vec<_>>().join(", "), Vec::new()))
    }),
    ("waits", |name, shown| {
        let (step, chart) = name.split_once(" of ")?;
        let chart = shown.flowcharts.iter().find(|one| one.id == chart)?;
        let step = chart.steps.iter().find(|one| one.id == step)?;
        Some((listed(step.waits_for.iter().map(String::as_str)), Vec::new()))
    }),
];

fn found(name: &str, shown: &Explanation) -> Found {
    match name {
        "notice" => return Some((listed(shown.notices.iter().map(String::as_str)), Vec::new())),
        "release" => return Some((shown.guideline.release.clone(), Vec::new())),
        "silent because" => return Some((listed(shown.silent.iter().map(|one| one.because.as_str())), Vec::new())),
        "silent sources" => return Some((listed(shown.silent.iter().map(|one| one.source.as_str())), Vec::new())),
        _ => {}
    }
    if let Some((word, of)) = name.split_once(' ') {
        return ITEMS.iter().find(|(item, _)| *item == word).and_then(|(_, find)| find(of, shown));
    }
    let answer = shown.answers.iter().find(|answer| answer.id == name)?;
    Some((value_of(answer), answer.because.clone()))
}

/// `methotrexate on dmards`
fn option<'a>(name: &str, shown: &'a Explanation) -> Option<&'a OptionShown> {
    let (therapy, block) = name.split_once(" on ")?;
    let ladders = shown.ladders.iter().filter(|one| one.id == block).flat_map(LadderShown::options);
    let regimens = shown.regimens.iter().filter(|one| one.id == block).flat_map(RegimenShown::options);
    ladders.chain(regimens).find(|one| one.id == therapy)
}

/// `stands`, `stands unless other_advice`, `beaten by other_advice`
fn advice(shown: &AdviceShown) -> (String, Vec<Because>) {
    let word = shown.verdict.word();
    let joint = match shown.verdict {
        AdviceVerdict::Stands | AdviceVerdict::Open => "unless",
        AdviceVerdict::Beaten => "by",
        AdviceVerdict::Unresolved => "with",
    };
    let words = shown.beaten_by.as_ref().map_or_else(|| word.to_owned(), |by| format!("{word} {joint} {by}"));
    (words, shown.because.clone())
}

fn listed<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let items: Vec<&str> = items.collect();
    if items.is_empty() { "none".to_owned() } else { items.join("; ") }
}

fn value_of(answer: &AnswerShown) -> String {
    match answer.status {
        Status::Silent => "silent".to_owned(),
        Status::Fault => "fault".to_owned(),
        Status::Decided | Status::Open => words(&answer.possible),
    }
}

fn words(possible: &Possible) -> String {
    match possible {
        Possible::YesNo { yes, no } => [("yes", *yes), ("no", *no)]
            .iter()
            .filter(|(_, can)| *can)
            .map(|(word, _)| *word)
            .collect::<Vec<_>>()
            .join(" or "),
        Possible::Choice(words) => words.join(" or "),
        Possible::Several { certain, perhaps } => {
            let mut parts = Vec::new();
            parts.extend((!certain.is_empty()).then(|| certain.join(" and ")));
            parts.extend((!perhaps.is_empty()).then(|| format!("perhaps {}", perhaps.join(" and "))));
            if parts.is_empty() { "none of them".to_owned() } else { parts.join(", ") }
        }
        Possible::Number(numbers) => number_words(numbers),
        Possible::Nothing => "nothing".to_owned(),
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
            ("formulary/own.yaml".to_owned(), text("yaml formulary")),
            (format!("{id}/{release}/guideline.yaml"), info),
            (format!("{id}/{release}/example.rules"), rules),
        ];
        let files = files.into_iter().chain(section.release_files(&id, &release));
        return (id, Library::of_texts(files.filter(|(_, text)| !text.is_empty())));
    }
    let shipped = Library::embedded();
    let own_drugs = section.fences.contains_key("yaml formulary");
    let shelves: &[&str] =
        if own_drugs { &["dictionary/", "evidence/"] } else { &["dictionary/", "evidence/", "formulary/"] };
    let mut files: Vec<(String, String)> = shipped
        .files()
        .filter(|(path, _)| shelves.iter().any(|shelf| path.starts_with(shelf)))
        // What shipped drugs count as means nothing beside others.
        .filter(|(path, _)| !own_drugs || !path.starts_with("evidence/status"))
        .map(|(path, shipped)| (path.to_owned(), without(shipped, &text("yaml dictionary"))))
        .collect();
    let later = section.release_files("example", "1.0.0");
    let every: String = later
        .iter()
        .filter(|(path, _)| path.ends_with("/example.rules"))
        .map(|(_, text)| text.as_str())
        .chain([rules.as_str()])
        .collect();
    let (keys, locals) = cited(&every);
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
    let expected = section.expected();
    let _ = writeln!(info, "answers: [{}]", asked(&rules, if later.is_empty() { &expected } else { "" }).join(", "));
    if !locals.is_empty() {
        info.push_str("local_choices:\n");
        for local in &locals {
            let _ = writeln!(info, "  {local}: Made up for an example.");
        }
    }
    files.push(("dictionary/zz_example.yaml".to_owned(), text("yaml dictionary")));
    files.push(("formulary/zz_example.yaml".to_owned(), text("yaml formulary")));
    files.push(("evidence/zz_example.yaml".to_owned(), evidence));
    files.push(("example/1.0.0/guideline.yaml".to_owned(), info));
    files.push(("example/1.0.0/example.rules".to_owned(), rules));
    files.extend(later);
    files.retain(|(_, text)| !text.is_empty());
    ("example".to_owned(), Library::of_texts(files))
}

/// A shipped file without the entries that the example has itself.
fn without(shipped: &str, own: &str) -> String {
    let key = |line: &str| {
        let name = line.split(':').next().unwrap_or_default().to_owned();
        (!line.starts_with([' ', '#', '-']) && !name.is_empty()).then_some(name)
    };
    let own: BTreeSet<String> = own.lines().filter_map(key).collect();
    let mut left = String::new();
    let mut is_left = true;
    for line in shipped.lines() {
        is_left = key(line).map_or(is_left, |name| !own.contains(&name));
        if is_left {
            left.push_str(line);
            left.push('\n');
        }
    }
    left
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
    let answers: Vec<String> = spoken.into_iter().filter(|name| name != "notice" && !name.contains(' ')).collect();
    if !answers.is_empty() {
        return answers;
    }
    let mut names = Vec::new();
    for line in rules.lines() {
        let mut words = line.strip_prefix("as recorded ").unwrap_or(line).split_whitespace();
        if line.starts_with(|first: char| first.is_ascii_lowercase())
            && let (Some(keyword), Some(name)) = (words.next(), words.next())
            && GIVING.contains(&keyword)
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// The keywords of blocks that can be answers.
const GIVING: [&str; 8] = ["finding", "number", "score", "bands", "table", "ladder", "suspect", "algorithm"];

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
    demand(&Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/README.md"), 17);
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

const TREATED: &str = "\
# Two
```yaml formulary
aminol: {label: aminol}
belimol: {label: belimol}
```
```rules
course failed when outcome is no_response [local example]
ladder steps \"Steps\" [local example]
  line first \"First\"
    option aminol
    next line when one option of the line has failed
  line second \"Second\"
    option belimol
```
```yaml record
id: one
therapies: [{drug: aminol, start: 2025-01-01, stop: 2025-06-01, outcome: no_response}]
```
```text answer
course aminol: failed
steps: second
verdict aminol on steps: failed
```
```yaml record
id: two
as_of: 2026-01-01
```
```text answer
line first of steps: passed or current because aminol.taken
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
    assert_eq!(run(TREATED), (1, Vec::new()));
    for (from, to, complaint) in [
        ("course aminol: failed", "course aminol: worked", "expected `worked`, came out `failed`"),
        ("course aminol: failed", "course aminul: failed", "there is no answer `course aminul`"),
        ("steps: second", "steps: first", "came out `second`"),
        ("on steps: failed", "on steps: option_now", "came out `failed`"),
        ("on steps: failed", "on stairs: failed", "there is no answer"),
        ("because aminol.taken", "because aminol.outcome", "came out aminol.taken"),
        ("passed or current", "current", "line 24"),
        ("aminol: {label", "cuminol: {label", "aminol"),
    ] {
        let changed = TREATED.replace(from, to);
        assert_ne!(changed, TREATED, "`{from}` is not in the example");
        let (_, wrong) = run(&changed);
        assert!(wrong.concat().contains(complaint), "`{to}` gives {wrong:?} and not `{complaint}`");
    }
}
