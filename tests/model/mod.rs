//! Names, types, units, sources, cycles: what a guideline means, and what its author is told.

#![expect(clippy::expect_used, reason = "a test that fails says where")]

mod meaning;
pub(crate) mod small;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use myoguide::diagnostics::Diagnostic;
use myoguide::diagnostics::draw::draw;
use myoguide::engine::Engine;
use proptest::prelude::*;

use crate::support::run_corpus;
use small::{Small, messages, numbered};

#[test]
fn good_files_mean_what_they_say() -> Result<(), String> {
    let count = run_corpus("model/good", |name, text| {
        let small = Small::new(name, text);
        let mut engine = small.load();
        if !engine.diagnostics().is_empty() {
            return Err(draw(engine.sources(), engine.diagnostics(), false));
        }
        Ok(format!("{}\nno messages\n\n{}", numbered(text), small.answers(&mut engine)?))
    })?;
    assert!(count >= 20, "only {count} good files");
    Ok(())
}

#[test]
fn bad_files_have_their_messages() -> Result<(), String> {
    let count = run_corpus("model/bad", |name, text| {
        let (engine, messages) = messages(name, text);
        if messages.is_empty() {
            return Err("no message".to_owned());
        }
        let mut report = numbered(text);
        let _ = write!(report, "\n{}", draw(engine.sources(), &messages, false));
        Ok(report)
    })?;
    assert!(count >= 50, "only {count} bad files");
    Ok(())
}

#[test]
fn the_corpus_driver_can_fail() {
    let refuse = run_corpus("model/good", |_, _| Err("refused".to_owned()));
    assert!(refuse.is_err_and(|why| why.contains("refused")));
    let (_, messages) = messages("wrong", "finding weak \"Weak\"  [rider_2017]\n  latest mmt is below 142\n");
    assert_eq!(messages.len(), 1, "a mistake gives a message");
    let mute = Small::new("mute", "finding weak \"Weak\"  [rider_2017]\n  heliotrope\n");
    assert!(mute.answers(&mut mute.load()).is_err(), "a good file without a record is refused");
}

#[test]
fn ten_mistakes_give_ten_messages_each_on_its_line() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/model/bad/ten_mistakes.rules"))
            .expect("the corpus is there");
    let (engine, messages) = messages("ten_mistakes", &text);
    let marked: Vec<usize> = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| line.rsplit_once("# ").is_some_and(|(_, mark)| mark.trim().parse::<u32>().is_ok()))
        .map(|(_, number)| number)
        .collect();
    let said: Vec<usize> = messages
        .iter()
        .filter_map(Diagnostic::span)
        .map(|span| engine.sources().position(span).line as usize)
        .collect();
    assert_eq!(marked.len(), 10);
    assert_eq!(said, marked, "{}", draw(engine.sources(), &messages, false));
}

#[test]
fn messages_keep_the_style_of_the_house() -> Result<(), String> {
    for (name, text) in corpus("bad") {
        let (_, messages) = messages(&name, &text);
        for message in messages.iter().filter(|message| message.code.id.starts_with(['M', 'E'])) {
            let said =
                [&message.message].into_iter().chain(&message.notes).chain(message.fix.iter().map(|fix| &fix.text));
            for sentence in said {
                let begins_low = !sentence.starts_with(char::is_uppercase);
                let parsers = ["Some(", "None", "span", "token", "parse", "identifier", "::"];
                let foreign = parsers.iter().find(|word| sentence.contains(**word));
                if sentence.ends_with('.') || !begins_low || foreign.is_some() || sentence.matches('`').count() % 2 == 1
                {
                    return Err(format!("{name}: {sentence}"));
                }
            }
            if message.notes.is_empty() && message.fix.is_none() {
                return Err(format!("{name}: no way out: {}", message.message));
            }
        }
    }
    Ok(())
}

#[test]
fn fixes_mend_what_they_promise() -> Result<(), String> {
    for (name, text) in corpus("bad") {
        let (engine, before) = messages(&name, &text);
        let rules = format!("rules/small/1.0.0/{name}.rules");
        for message in before.iter().filter(|message| message.code.id.starts_with('M')) {
            let Some(fix) = &message.fix else { continue };
            if fix.edits.iter().any(|(span, _)| engine.sources().path(span.file) != rules) {
                continue;
            }
            let mut mended = text.clone();
            let mut edits = fix.edits.clone();
            edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
            for (span, replacement) in &edits {
                mended.replace_range(span.start as usize..span.end as usize, replacement);
            }
            let (_, after) = messages(&name, &mended);
            // What was quiet because of the mistake may speak now; the mistake itself must be gone.
            let count = |all: &[Diagnostic]| all.iter().filter(|other| other.message == message.message).count();
            if count(&after) >= count(&before) {
                return Err(format!("{name}: the fix of `{}` does not help:\n{mended}", message.message));
            }
        }
    }
    Ok(())
}

#[test]
fn every_code_is_explained_and_is_raised_somewhere_in_the_corpus() {
    let mut raised = String::new();
    for folder in [
        "tests/corpus/analysis",
        "tests/corpus/syntax",
        "tests/corpus/catalog",
        "tests/corpus/record",
        "tests/corpus/model",
        "tests/snapshots",
    ] {
        read_snapshots(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut raised);
    }
    let raised: BTreeSet<&str> = raised.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for code in Engine::codes() {
        if !seen.insert(code.id) {
            wrong.push(format!("{} stands for two kinds of mistakes", code.id));
        }
        if code.title.trim().is_empty() || code.explanation.trim().is_empty() {
            wrong.push(format!("{} is not explained", code.id));
        }
        if !raised.contains(code.id) {
            wrong.push(format!("{} ({}) is raised by no file of the corpus", code.id, code.title));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn read_snapshots(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).expect("the corpus is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_snapshots(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            into.push_str(&std::fs::read_to_string(&path).expect("a snapshot is a text"));
        }
    }
}

#[test]
fn the_longest_chain_of_the_deepest_formulas_fits_a_small_stack() {
    let mut text = String::new();
    for step in 0..60 {
        let (open, closed) = ("(1 + ".repeat(15), ")".repeat(15));
        let _ = writeln!(text, "number sum_{step} \"Sum\" [rider_2017]\n  1{}\n", "\n  + latest pain".repeat(180));
        let _ = writeln!(text, "number step_{step} \"Step\" [rider_2017]\n  {open}step_{}{closed}\n", step + 1);
    }
    let chain = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(move || messages("chain", &text).1);
    let messages = chain.map(std::thread::JoinHandle::join).expect("a thread begins").expect("and ends");
    let told: Vec<&str> = messages.iter().map(|message| message.code.id).collect();
    assert_eq!(told.first(), Some(&"M004"));
    assert_eq!(told.iter().filter(|code| **code == "M004").count(), 1, "once is enough");
}

/// The files of a folder of the corpus by name.
fn corpus(folder: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/model").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(path)
        .expect("the corpus is there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rules"))
        .collect();
    files.sort();
    let name = |path: &Path| path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).expect("a corpus file is a text"))).collect()
}

/// Nothing is lost without a word: every block that was written is in a guideline that is ready, or in several.
fn is_whole_or_told(name: &str, text: &str) {
    let (engine, messages) = messages(name, text);
    let drawn = draw(engine.sources(), &messages, false);
    assert_eq!(drawn.is_empty(), messages.is_empty());
    let stray = messages.iter().any(|message| message.code.id == "E003");
    if engine.has_errors() || stray {
        return;
    }
    let written: usize = engine
        .sources()
        .files()
        .filter(|file| Path::new(engine.sources().path(*file)).extension().is_some_and(|ending| ending == "rules"))
        .map(|file| myoguide::syntax::parse(engine.sources(), file).module.blocks.len())
        .sum();
    let blocks = engine.guidelines().iter().flat_map(|loaded| &loaded.guideline.blocks);
    let held: BTreeSet<_> = blocks.map(|block| block.head).collect();
    assert_eq!(held.len(), written, "a block is lost without a word:\n{text}\n{drawn}");
}

#[test]
fn no_block_is_lost_without_a_word() {
    for (name, text) in corpus("good").into_iter().chain(corpus("bad")) {
        is_whole_or_told(&name, &text);
    }
}

/// A word of one file in the place of a word of another: mostly nonsense that can be read.
fn exchange(text: &str, with: &str, changes: &[(usize, usize)]) -> String {
    let words: Vec<&str> = with.split_whitespace().filter(|word| !word.starts_with(['"', '#', '|'])).collect();
    let mut pieces: Vec<&str> = text.split_inclusive([' ', '\n', '|', ',']).collect();
    for (at, word) in changes {
        let length = pieces.len().max(1);
        let Some(word) = words.get(word % words.len().max(1)) else { continue };
        if let Some(piece) = pieces.get_mut(at % length).filter(|piece| piece.trim().len() > 1) {
            *piece = word;
        }
    }
    let mut mixed = String::with_capacity(text.len());
    for piece in pieces {
        mixed.push_str(piece);
        if !piece.ends_with([' ', '\n', '|', ',']) {
            mixed.push(' ');
        }
    }
    mixed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn mixed_up_guidelines_end_in_an_answer_or_a_message(
        file in 0_usize..1000,
        other in 0_usize..1000,
        changes in prop::collection::vec((0_usize..10_000, 0_usize..10_000), 1..6),
    ) {
        let files = corpus("good");
        let pick = |at: usize| files.get(at % files.len()).cloned().unwrap_or_default();
        let ((name, text), (_, with)) = (pick(file), pick(other));
        is_whole_or_told(&name, &exchange(&text, &with, &changes));
    }

    #[test]
    fn guidelines_with_lines_out_of_place_end_in_an_answer_or_a_message(
        file in 0_usize..1000,
        other in 0_usize..1000,
        order in prop::collection::vec(0_usize..10_000, 1..60),
    ) {
        let files = corpus("good");
        let pick = |at: usize| files.get(at % files.len()).map(|(_, text)| text.as_str()).unwrap_or_default();
        let lines: Vec<&str> = pick(file).lines().chain(pick(other).lines()).filter(|line| !line.starts_with("# file")).collect();
        let text: Vec<&str> = order.iter().filter_map(|at| lines.get(at % lines.len().max(1))).copied().collect();
        is_whole_or_told("mixed", &text.join("\n"));
    }
}
