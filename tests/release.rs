//! Releases that build on one another: chains, the release in force, hashes, local sheets.

use std::fmt::Write as _;

use myoguide::diagnostics::draw::draw;
use myoguide::engine::{Answering, Engine, Options, Wanted};
use myoguide::explain::Explanation;
use myoguide::library::Library;
use myoguide::render::{html, json, text};
use myoguide::value::Date;

type Files = Vec<(String, String)>;

const EVIDENCE: &str = "\
key:\n  authors: Somebody\n  title: Made up\n  published: nowhere\n  kind: web page\n  readable: all of it\n  mark: verified\n\
other:\n  authors: Somebody else\n  title: Made up\n  published: nowhere\n  kind: web page\n  readable: all of it\n  mark: verified\n";

const DICTIONARY: &str = "\
strength:\n  label: strength\n  question: How strong?\n  type: number\n  range: 0 to 150\n  better: higher\n  recorded: visits\n  burden: history\n  source: made up\n\
pain:\n  label: pain\n  question: Does it hurt?\n  type: yes or no\n  recorded: facts\n  burden: history\n  source: made up\n";

const FORMULARY: &str =
    "class mild:\n  label: mild drugs\ndrug_a: {label: drug A, classes: [mild]}\ndrug_b: {label: drug B}\n";

const RULES: &str = "\
finding weak \"Weakness\"  [key table 1]\n  latest strength is below 142\n\n\
ladder treatment \"Treatment\" [key]\n  line first \"First line\"\n    option drug_a\n    option drug_b\n";

fn info(id: &str, release: &str, more: &str) -> (String, String) {
    let text =
        format!("id: {id}\nrelease: {release}\nlanguage: 1\ntitle: Small\nabout: An example.\nstatus: draft\n{more}");
    (format!("{id}/{release}/guideline.yaml"), text)
}

fn file(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

fn shelves() -> Files {
    vec![
        file("dictionary/own.yaml", DICTIONARY),
        file("evidence/own.yaml", EVIDENCE),
        file("formulary/own.yaml", FORMULARY),
    ]
}

/// A guideline of one release.
fn root() -> Files {
    let mut files = shelves();
    files.push(info("small", "1.0.0", "effective_from: 2018-03-29\nanswers: [weak]\n"));
    files.push(file("small/1.0.0/small.rules", RULES));
    files
}

fn loaded(files: &Files) -> Engine {
    let mut engine = Engine::open(&Library::of_texts(files.clone()));
    engine.load_everything();
    assert!(engine.diagnostics().is_empty(), "{}", draw(engine.sources(), engine.diagnostics(), false));
    engine
}

fn hash(files: &Files, name: &str) -> String {
    let engine = loaded(files);
    let found = engine.guidelines().iter().find(|loaded| loaded.guideline.info.full_name() == name);
    found.unwrap_or_else(|| panic!("no {name}")).hash.clone()
}

fn changed(files: &Files, path: &str, from: &str, to: &str) -> Files {
    let change = |(at, text): &(String, String)| {
        if at == path {
            assert!(text.contains(from), "{path} has no {from}");
            (at.clone(), text.replace(from, to))
        } else {
            (at.clone(), text.clone())
        }
    };
    files.iter().map(change).collect()
}

#[test]
fn where_and_how_a_block_is_written_does_not_move_the_hash() {
    let plain = hash(&root(), "small@1.0.0");
    let rules = "small/1.0.0/small.rules";
    let same = [
        ("finding weak", "# a comment\n\nfinding weak"),
        ("is below 142\n", "is   below 142   # a comment, [key]\n\n\n"),
        ("  [key table 1]\n", "\n  [key table 1]\n"),
        ("    option drug_a", "        option drug_a"),
        ("\"Weakness\"", "“Weakness”"),
    ];
    for (from, to) in same {
        assert_eq!(hash(&changed(&root(), rules, from, to), "small@1.0.0"), plain, "{to}");
    }
    let mut apart = changed(&root(), rules, RULES, &RULES[RULES.find("ladder").unwrap_or(0)..]);
    apart.push(file("small/1.0.0/a_second.rules", &RULES[..RULES.find("ladder").unwrap_or(0)]));
    assert_eq!(hash(&apart, "small@1.0.0"), plain, "in two files");
    let unread = changed(&root(), "small/1.0.0/guideline.yaml", "status: draft", "status: in use\nauthors: [somebody]");
    assert_eq!(hash(&unread, "small@1.0.0"), plain, "status and authors");
}

#[test]
fn a_block_taken_over_hashes_as_if_it_stood_there() {
    let mut chained = root();
    chained.push(info("small", "2.0.0", "effective_from: 2021-01-01\nbuilds_on: 1.0\n"));
    let change =
        "replaces finding weak \"Weakness\" because \"a new limit\" [key table 1]\n  latest strength is below 140\n";
    chained.push(file("small/2.0.0/changes.rules", change));
    let mut flat = shelves();
    flat.push(info("small", "2.0.0", "effective_from: 2021-01-01\nanswers: [weak]\n"));
    flat.push(file("small/2.0.0/small.rules", &RULES.replace("142", "140")));
    assert_eq!(hash(&chained, "small@2.0.0"), hash(&flat, "small@2.0.0"));
    assert_ne!(hash(&chained, "small@1.0.0"), hash(&chained, "small@2.0.0"));
    // A correction flows on.
    let corrected = changed(&chained, "small/1.0.0/small.rules", "option drug_b", "option drug_b when pain");
    assert_ne!(hash(&corrected, "small@2.0.0"), hash(&chained, "small@2.0.0"));
    // What is replaced does not.
    let corrected = changed(&chained, "small/1.0.0/small.rules", "142", "143");
    assert_eq!(hash(&corrected, "small@2.0.0"), hash(&chained, "small@2.0.0"));
}

#[test]
fn each_word_number_source_and_entry_moves_the_hash() {
    let plain = hash(&root(), "small@1.0.0");
    let rules = "small/1.0.0/small.rules";
    let moved = [
        (rules, "142", "141"),
        (rules, "Weakness", "Muscle weakness"),
        (rules, "table 1", "table 2"),
        (rules, "[key table 1]", "[other table 1]"),
        (rules, "option drug_b", "option drug_b when pain"),
        ("dictionary/own.yaml", "range: 0 to 150", "range: 0 to 160"),
        ("formulary/own.yaml", "label: drug A", "label: drug Alpha"),
        ("formulary/own.yaml", "mild drugs", "milder drugs"),
        ("evidence/own.yaml", "authors: Somebody\n", "authors: Nobody\n"),
        ("small/1.0.0/guideline.yaml", "title: Small", "title: Smaller"),
        ("small/1.0.0/guideline.yaml", "answers: [weak]", "answers: [weak]\nsays: {weak: {yes: Weak.}}"),
        ("small/1.0.0/guideline.yaml", "answers: [weak]", "answers: [weak]\nsilent_on: {other_answer: not asked}"),
    ];
    for (path, from, to) in moved {
        assert_ne!(hash(&changed(&root(), path, from, to), "small@1.0.0"), plain, "{to}");
    }
    let beside = changed(&root(), "dictionary/own.yaml", "Does it hurt?", "Is there pain?");
    assert_eq!(hash(&beside, "small@1.0.0"), plain, "a fact that no rule reaches");
    let of_no_answer = changed(&root(), "dictionary/own.yaml", "range: 0 to 150", "range: 0 to 150\n  changeable: yes");
    assert_eq!(hash(&of_no_answer, "small@1.0.0"), plain, "what the clinic can change");
}

#[test]
fn a_chain_of_fifty_releases_is_laid_flat_in_order() {
    let mut files = root();
    for at in 2..=50 {
        let before = at - 1;
        files.push(info(
            "small",
            &format!("{at}.0.0"),
            &format!("effective_from: {}-01-01\nbuilds_on: {before}.0.0\n", 2018 + at),
        ));
        let limit = 142 - at;
        let rules = format!(
            "replaces finding weak \"Weakness\" because \"step {at}\" [key]\n  latest strength is below {limit}\n\
             new finding step_{at} \"Step\" because \"one more\" [key]\n  latest strength is below {at}\n"
        );
        files.push(file(&format!("small/{at}.0.0/changes.rules"), &rules));
    }
    let engine = loaded(&files);
    let newest = engine.guidelines().last().expect("the last release");
    assert_eq!(newest.guideline.info.full_name(), "small@50.0.0");
    let names: Vec<(&str, &str)> =
        newest.texts.iter().map(|text| (text.name.value.as_str(), text.from.as_str())).collect();
    assert_eq!(names[..3], [("weak", "small@50.0.0"), ("treatment", "small@1.0.0"), ("step_2", "small@2.0.0")]);
    assert_eq!(names.len(), 2 + 49);
}

fn two() -> Files {
    let mut files = root();
    files.push(info("small", "2.1.0", "effective_from: 2021-01-01\nbuilds_on: 1.0.0\n"));
    files.push(file("small/2.1.0/changes.rules", "withdraws ladder treatment because \"an example\" [key]\n"));
    files.push(info("small", "2.1.1", "effective_from: 2022-01-01\nbuilds_on: 1.0.0\n"));
    files.push(file("small/2.1.1/changes.rules", "withdraws ladder treatment because \"an example\" [key]\n"));
    files
}

fn answering(files: &Files, name: &str, day: &str) -> String {
    let mut engine = Engine::open(&Library::of_texts(files.clone()));
    let asked = engine.ask(&[name.to_owned()]).unwrap_or_else(|error| panic!("{error}"));
    let day: Date = day.parse().expect("a day");
    let found = engine.answering(&asked[0], day).expect("rules without mistakes");
    let release = engine.guidelines()[found.release()].guideline.info.release.value;
    match found {
        Answering::Release(_) => release.to_string(),
        Answering::NotYet(_, first) => format!("{release} from {first}"),
    }
}

#[test]
fn the_release_in_force_answers_unless_one_is_named() {
    let files = two();
    for (day, wanted) in [
        ("2018-03-28", "1.0.0 from 2018-03-29"),
        ("2018-03-29", "1.0.0"),
        ("2020-12-31", "1.0.0"),
        ("2021-01-01", "2.1.0"),
        ("2026-01-01", "2.1.1"),
    ] {
        assert_eq!(answering(&files, "small", day), wanted, "{day}");
    }
    for (name, wanted) in
        [("small@1.0.0", "1.0.0"), ("small@2", "2.1.1"), ("small@2.1", "2.1.1"), ("small@2.1.0", "2.1.0")]
    {
        assert_eq!(answering(&files, name, "2000-01-01"), wanted, "{name}");
    }
    // Where one is in use, or was, drafts are passed over.
    let used = changed(&files, "small/1.0.0/guideline.yaml", "status: draft", "status: in use");
    assert_eq!(answering(&used, "small", "2026-01-01"), "1.0.0");
    let engine = Engine::open(&Library::of_texts(files));
    let error = engine.ask(&["small@3".to_owned()]).expect_err("there is none");
    assert_eq!(error.to_string(), "`small` has no release `3`; it has 1.0.0, 2.1.0, 2.1.1");
}

const SHEET: &str = "\
id: hospital\nrelease: 1.0.0\nlanguage: 1\ntitle: Our hospital\nabout: What is so here.\nstatus: in use\n\
local_sheet: yes\nbuilds_on: small@1.0\nlocal_choices:\n  formulary: our committee\n";

/// Loads a guideline with a hospital's sheet: its guideline.yaml and its rules.
fn with_sheet(info: &str, rules: &str) -> Engine {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("guideline.yaml"), info).expect("it can be written");
    std::fs::write(folder.path().join("own.rules"), rules).expect("it can be written");
    let mut library = Library::of_texts(root());
    library.add_sheet(folder.path()).expect("a sheet");
    let mut engine = Engine::open(&library);
    engine.load(&Wanted::named("small@1.0.0")).expect("it is there");
    engine
}

fn told(engine: &Engine) -> String {
    let drawn = draw(engine.sources(), engine.diagnostics(), false);
    let place = |line: &str| match line.split_once("--> ") {
        Some((before, path)) => format!("{before}--> {}", path.rsplit('/').next().unwrap_or(path)),
        None => line.to_owned(),
    };
    drawn.lines().map(place).fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{line}");
        all
    })
}

fn shown(engine: &mut Engine, record: &str) -> Explanation {
    let file = engine.add_text("record.yaml", record.to_owned());
    let record = engine.read_records(file).remove(0).expect("a record");
    let loaded = &engine.guidelines()[0];
    engine.evaluate(loaded, &record, Options::default()).explanation
}

#[test]
fn a_local_sheet_adds_and_says_so() {
    let rules = "caution not_here: drug_b \"not available here\" [local formulary]\n\
                 avoid weak_kidneys: drug_a when pain [local formulary]\n\
                 prefer cheaper: drug_b over drug_a when pain is no [local formulary]\n\
                 advice call \"Call the pharmacy\" when weak [local formulary]\n";
    let mut engine = with_sheet(SHEET, rules);
    assert!(engine.diagnostics().is_empty(), "{}", told(&engine));
    let record = "id: one\nfacts: {pain: yes}\ntherapies: []\nvisits: [{date: 2020-01-01, strength: 100}]\n";
    let explanation = shown(&mut engine, record);
    let object: serde_json::Value = serde_json::from_str(&json::render(&explanation, false)).expect("an object");
    assert_eq!(object["advice"][0]["local"], true);
    assert_eq!(object["advice"][0]["text"], "local: Call the pharmacy");
    let options = &object["ladders"][0]["lines"][0]["options"];
    assert_eq!(options[0]["verdict"]["value"], "avoid");
    assert_eq!(options[0]["against"][0]["local"], true);
    assert_eq!(options[1]["verdict"]["value"], "option_now", "what is not available stays what it is");
    assert_eq!(options[1]["cautions"][0]["text"], "local: not available here");
    let page = text::render(std::slice::from_ref(&explanation), text::Look::default());
    assert!(page.contains("local: Call the pharmacy") && page.contains("local: not available here"), "{page}");
    let page = html::render(&[std::slice::from_ref(&explanation)], false);
    assert!(page.contains("local: Call the pharmacy"), "{page}");
}

#[test]
fn a_local_sheet_hides_nothing() {
    let rules = "contraindicated never: drug_a when pain [local formulary]\n\
                 withdraws finding weak because \"we do not ask\"\n\
                 replaces caution slow: drug_b \"slowly\" because \"an example\" [local formulary]\n\
                 advice rest \"Rest\" when pain [local formulary]\n  conflicts with weak\n\
                 finding weak \"Weakness\" [local formulary]\n  latest strength is below 100\n";
    let info = format!("{SHEET}answers: [weak]\nsilent_on: {{weak: not here}}\nuses: [other@1]\n");
    insta::assert_snapshot!("local_sheet_hides_nothing", told(&with_sheet(&info, rules)));
}

#[test]
fn a_local_sheet_is_for_a_release() {
    let rules = "caution slow: drug_b \"slowly\" [local formulary]\n";
    let other = with_sheet(&SHEET.replace("small@1.0", "small@1.1"), rules);
    insta::assert_snapshot!("local_sheet_of_no_release", told(&other));
    let nameless = with_sheet(&SHEET.replace("small@1.0", "1.0.0"), rules);
    insta::assert_snapshot!("local_sheet_of_no_guideline", told(&nameless));
    let release = with_sheet(&SHEET.replace("local_sheet: yes", "local_sheet: no"), rules);
    insta::assert_snapshot!("local_sheet_is_none", told(&release));
}
