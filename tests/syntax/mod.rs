//! The language: what is read, and what an author is told.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that fails says where")]

use std::time::{Duration, Instant};

use myoguide::diagnostics::draw::{draw, draw_json};
use myoguide::syntax::CODES;
use proptest::prelude::*;

use crate::support::{parse, run_corpus, syntax_report};

#[test]
fn good_files_are_read_without_a_message() -> Result<(), String> {
    let count = run_corpus("syntax/good", |name, text| {
        let (_, parsed) = parse(&format!("{name}.rules"), text);
        let first = parsed.diagnostics.first().map(|diagnostic| diagnostic.message.clone());
        match first {
            Some(message) => Err(message),
            None => Ok(syntax_report(&format!("{name}.rules"), text)),
        }
    })?;
    assert!(count >= 15, "only {count} good files");
    Ok(())
}

#[test]
fn bad_files_have_their_messages() -> Result<(), String> {
    let count = run_corpus("syntax/bad", |name, text| {
        let (_, parsed) = parse(&format!("{name}.rules"), text);
        if parsed.diagnostics.is_empty() {
            return Err("no message".to_owned());
        }
        Ok(syntax_report(&format!("{name}.rules"), text))
    })?;
    assert!(count >= 40, "only {count} bad files");
    Ok(())
}

#[test]
fn the_corpus_driver_can_fail() {
    let refuse = run_corpus("syntax/good", |_, _| Err("refused".to_owned()));
    assert!(refuse.is_err_and(|why| why.contains("refused")));
    assert!(run_corpus("syntax/nowhere", |_, _| Ok(String::new())).is_err());
}

#[test]
fn every_code_is_explained_and_has_a_bad_file() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/syntax/bad");
    let mut seen = String::new();
    for entry in std::fs::read_dir(folder).expect("the corpus is there").flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "snap") {
            seen.push_str(&std::fs::read_to_string(entry.path()).expect("a snapshot is a text"));
        }
    }
    for (index, code) in CODES.iter().enumerate() {
        assert_eq!(code.id, format!("S{:03}", index + 1), "codes stand in order, none twice");
        assert!(code.explanation.lines().count() >= 3, "{} is not explained", code.id);
        assert!(seen.contains(&format!("[{}]", code.id)), "{} has no bad file", code.id);
    }
}

#[test]
fn messages_keep_the_style_of_the_house() -> Result<(), String> {
    run_corpus("syntax/bad", |name, text| {
        let (_, parsed) = parse(name, text);
        for diagnostic in &parsed.diagnostics {
            let message = &diagnostic.message;
            if message.ends_with('.') && !message.ends_with("...") {
                return Err(format!("full stop: {message}"));
            }
            if message.starts_with(char::is_uppercase) || message.contains("kw_") || message.contains("entry_") {
                return Err(format!("not in an author's words: {message}"));
            }
            if diagnostic.notes.is_empty() && diagnostic.fix.is_none() && !has_way_out(message) {
                return Err(format!("no way out: {message}"));
            }
        }
        Ok(syntax_report(&format!("{name}.rules"), text))
    })?;
    Ok(())
}

/// The message itself says what to write.
fn has_way_out(message: &str) -> bool {
    ["expected", "write", "is written", "say ", "stands", "stand ", "give ", "put ", "begins", "cannot be a name"]
        .iter()
        .any(|word| message.contains(word))
}

#[test]
fn messages_are_drawn_and_given_as_json() {
    let (sources, parsed) = parse("demo.rules", "finding weak \"Weakness\"\n  latest mmt8 is below 1,5\n");
    let drawn = draw(&sources, &parsed.diagnostics, false);
    assert!(drawn.contains("error[S006]: "), "{drawn}");
    assert!(drawn.contains("demo.rules:2:24"), "{drawn}");
    let json: serde_json::Value =
        serde_json::from_str(draw_json(&sources, &parsed.diagnostics).trim()).expect("one object");
    assert_eq!(json["code"], "S006");
    assert_eq!((&json["line"], &json["column"], &json["endColumn"]), (&2.into(), &24.into(), &27.into()));
    assert_eq!(json["fix"]["edits"][0]["replacement"], "1.5");
}

#[test]
fn a_long_line_is_drawn_short() {
    let text = format!("finding weak \"Weakness\"\n  {} latest mmt8 is below 1,5\n", "a and ".repeat(250));
    let (sources, parsed) = parse("demo.rules", &text);
    let drawn = draw(&sources, &parsed.diagnostics, false);
    assert!(drawn.lines().all(|line| line.chars().count() < 260), "{drawn}");
    assert!(drawn.contains("demo.rules:2:"), "{drawn}");
}

#[test]
fn windows_line_ends_tabs_and_other_blanks_change_nothing() {
    let plain = "finding weak \"Weakness\" [a_1 p 1]\n  all of\n  - latest mmt8 is below 142 of 150\n  - b\n\nnumber n \"N\"\n  a\n  + b\n";
    let (_, expected) = parse("a.rules", plain);
    assert!(expected.diagnostics.is_empty());
    let variants = [
        plain.replace('\n', "\r\n"),
        format!("\u{FEFF}{plain}"),
        plain.replace("  ", "\t"),
        plain.replace("is below", "is\u{A0}below"),
        plain.trim_end().to_owned(),
        plain.replace(" [a_1", "     [a_1").replace("- b", "- b   # why"),
        plain.replace("\"Weakness\"", "“Weakness”"),
    ];
    for variant in variants {
        let (_, parsed) = parse("a.rules", &variant);
        assert!(parsed.diagnostics.is_empty(), "{variant:?}: {:?}", parsed.diagnostics);
        let blocks = |parsed: &myoguide::syntax::Parsed| {
            parsed.module.blocks.iter().map(|block| crate::support::compact(&format!("{block:?}"))).collect::<Vec<_>>()
        };
        assert_eq!(blocks(&parsed), blocks(&expected), "{variant:?}");
    }
}

#[test]
fn fixes_mend_what_they_promise() -> Result<(), String> {
    run_corpus("syntax/bad", |name, text| {
        let (sources, parsed) = parse(name, text);
        for diagnostic in &parsed.diagnostics {
            let Some(fix) = &diagnostic.fix else { continue };
            let mut mended = text.to_owned();
            let mut edits = fix.edits.clone();
            edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
            for (span, replacement) in &edits {
                mended.replace_range(span.start as usize..span.end as usize, replacement);
            }
            let line = sources.position(edits.last().expect("a fix has edits").0).line;
            let (_, after) = parse(name, &mended);
            let count = |parsed: &myoguide::syntax::Parsed| {
                parsed.diagnostics.iter().filter(|other| other.message == diagnostic.message).count()
            };
            if count(&after) >= count(&parsed) || after.diagnostics.len() > parsed.diagnostics.len() {
                return Err(format!("line {line}: the fix of `{}` does not help:\n{mended}", diagnostic.message));
            }
        }
        Ok(syntax_report(&format!("{name}.rules"), text))
    })?;
    Ok(())
}

#[test]
fn hostile_texts_end_quickly() {
    let texts = [
        format!("number n \"N\"\n  {}\n\nfinding ok \"OK\"\n  a\n", "(".repeat(100_000)),
        format!("number n \"N\"\n  {}\n\nfinding ok \"OK\"\n  a\n", "a + ".repeat(250_000)),
        format!("finding ok \"OK\"\n  a\n# {}\n", "[\"“ ".repeat(250_000)),
        "finding ok \"OK\"\n  a\n".repeat(20_000),
        format!("finding ok \"OK\"\n  a\n{}", "[ ".repeat(500_000)),
        format!("finding ok \"OK\"\n  a\n{}", format!("{}\n", "[ a ] “".repeat(200)).repeat(1_000)),
        format!("finding ok \"OK\"\n  a\n{}", "not a word\n".repeat(60_000)),
        format!("finding ok \"OK\"\n  a\nnumber n \"N\"\n  a\n{}", "  + (a - (b * c))\n".repeat(40_000)),
        format!("finding ok \"OK\"\n  a\nscore s \"S\"\n{}", "  | a | 1 |\n".repeat(40_000)),
        format!("finding ok \"OK\"\n  a\nscore s \"S\"\n  {}\n", "| a ".repeat(450)),
        format!("finding ok \"OK\"\n  a\nladder l \"L\"\n{}", numbered("  line a{}\n    option b when c\n", 2_000)),
        format!("finding ok \"OK\"\n  a\nladder l \"L\"\n  line a\n{}", "    option b when\n".repeat(8_000)),
        format!("finding ok \"OK\"\n  a\nalgorithm l \"L\"\n{}", numbered("  step a{}\n    when b -> end\n", 2_000)),
        format!(
            "finding ok \"OK\"\n  a\nalgorithm l \"L\"\n  step a\n    when b\n{}",
            "    -> step c\n".repeat(20_000)
        ),
        format!("finding ok \"OK\"\n  a\navoid l: {} when c\n", "a + ".repeat(480)),
        format!("finding ok \"OK\"\n  a\nsuspect l \"L\"\n{}", "  for\n  - a\n".repeat(2_000)),
        format!("finding ok \"OK\"\n  a\nregimen l \"L\"\n{}", "  plus 1 of these\n  - b\n".repeat(2_000)),
        format!("finding ok \"OK\"\n  a\nprecedence \"L\"\n{}", "  1 b\n".repeat(8_000)),
        format!("finding ok \"OK\"\n  a\ncourse adequate\n{}", "  | drug | for at least |\n".repeat(4_000)),
        format!("finding ok \"OK\"\n  a\n{}", "option a\n".repeat(20_000)),
    ];
    for text in texts {
        let start = Instant::now();
        let (sources, parsed) = parse("hostile.rules", &text);
        let beginning: String = text.chars().take(60).collect();
        assert!(
            !draw(&sources, &parsed.diagnostics[..parsed.diagnostics.len().min(50)], false).is_empty()
                || parsed.diagnostics.is_empty()
        );
        assert!(start.elapsed() < Duration::from_secs(20), "{beginning:?} took {:?}", start.elapsed());
        assert!(
            parsed.module.blocks.iter().any(|block| block.name.value == "ok"),
            "{beginning:?} lost the sound block"
        );
    }
}

/// A text again and again, each with a number of its own.
fn numbered(text: &str, count: usize) -> String {
    (0..count).map(|number| text.replace("{}", &number.to_string())).collect()
}

const PIECES: &[&str] = &[
    "finding ",
    "number ",
    "measure ",
    "score ",
    "bands ",
    "table ",
    "covers patients when ",
    "impossible ",
    "judgement ",
    "as recorded ",
    "ladder ",
    "weak ",
    "ck ",
    "\"Title\" ",
    "“Title” ",
    "\"",
    "[a_1 p 2; local b]",
    "[",
    "]",
    "; ",
    "# comment",
    "\n",
    "\n  ",
    "\n  - ",
    "\n\t| ",
    " | ",
    "|---|\n",
    "-> ",
    "→ ",
    "is ",
    "not ",
    "one of ",
    "any of ",
    "all of ",
    "at least ",
    "at most ",
    "above ",
    "below ",
    "to ",
    "of ",
    "and ",
    "or ",
    ", ",
    "latest ",
    "within 3 months ",
    "at baseline ",
    "ever ",
    "now ",
    "1.3 ",
    "1,3 ",
    "x upper limit ",
    "ULN ",
    "mg/L ",
    "20 % ",
    "of baseline ",
    "of range ",
    "improves by ",
    "improvement of ",
    "as % of ",
    "( ",
    ") ",
    "sqrt(",
    "+ ",
    "- ",
    "* ",
    "/ ",
    "unless ",
    "use ",
    "where ",
    "has no baseline ",
    "column ",
    "when ",
    "if present ",
    "value ",
    "0 to 100 points ",
    "exactly one row fits ",
    "unknown counts as no ",
    "assume a is no ",
    "not done ",
    "any ",
    "none ",
    "é",
    "\u{A0}",
    "\r",
    "\u{FEFF}",
    "=",
    "≥ ",
    "–",
    "…",
    "between ",
    "or more ",
    "course ",
    "course adequate\n  | drug | dose at least | for at least | judged after |\n",
    "course of ",
    "courses of ",
    "other than ",
    "taking ",
    "time since last dose of ",
    "failed ",
    "ladder l \"L\"",
    "\n  for patients when ",
    "\n  line ",
    "\n  option ",
    "\n  next line when ",
    "one option of the line has failed ",
    "none is left ",
    "after 6 months on the line ",
    "requires ",
    "how add ",
    "strength strong ",
    "avoid a: ",
    "prefer ",
    "over ",
    "monitor ",
    "every 2 weeks ",
    "for 6 weeks ",
    "on l ",
    "at safety ",
    "regimen r \"R\"",
    "\n  plus 1 to 2 of these ",
    "otherwise ",
    "\n  give ",
    "suspect s \"S\"\n  for\n  - ",
    "\n  against",
    "\n  test ",
    "advice d \"D\" ",
    "\n  conflicts with ",
    "precedence \"P\"\n  1 ",
    "algorithm a \"A\"\n  step ",
    "\n  when ",
    "\n  otherwise -> ",
    "conclude ",
    "step ",
    "and also ",
    "goto ",
    "promise p \"P\": never offer ",
    "source k covers patients when ",
    "15 mg/week or highest tolerated ",
    "12 weeks ",
];

fn corpus() -> Vec<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/syntax");
    let mut files: Vec<_> = ["good", "bad"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(format!("{root}/{folder}")).expect("the corpus is there").flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rules"))
        .collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).expect("a corpus file is a text")).collect()
}

fn never_panics(text: &str) {
    let (sources, parsed) = parse("random.rules", text);
    let drawn = draw(&sources, &parsed.diagnostics, false);
    assert_eq!(drawn.is_empty(), parsed.diagnostics.is_empty());
    assert_eq!(draw_json(&sources, &parsed.diagnostics).lines().count(), parsed.diagnostics.len());
    for diagnostic in &parsed.diagnostics {
        for span in diagnostic
            .labels
            .iter()
            .map(|label| label.span)
            .chain(diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span)))
        {
            let (start, end) = (span.start as usize, span.end as usize);
            assert!(
                start <= end && text.get(start.min(text.len())..end.min(text.len())).is_some(),
                "{span:?} of {text:?}: {diagnostic:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fragments_of_the_language_never_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        never_panics(&pieces.concat());
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,200}") {
        never_panics(&format!("finding a \"b\"\n  {text}"));
    }

    #[test]
    fn changed_corpus_files_never_panic(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        cut in 0..40_usize,
        piece in prop::sample::select(PIECES),
    ) {
        let files = corpus();
        let text = &files[which.index(files.len())];
        let letters: Vec<char> = text.chars().collect();
        let start = at.index(letters.len() + 1);
        let end = (start + cut).min(letters.len());
        let changed: String = letters[..start].iter().copied().chain(piece.chars()).chain(letters[end..].iter().copied()).collect();
        never_panics(&changed);
    }
}
