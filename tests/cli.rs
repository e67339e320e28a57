//! Transcripts of the real program, and its results against their schema.
//!
//! A transcript is Markdown. A fence ```` ```console ```` holds commands after `$ ` and what they print, standard error
//! included; `[exit 2]` ends one that fails. A fence ```` ```yaml demo.yaml ```` is a file for the commands below it.
//! `UPDATE_TRANSCRIPTS=1 cargo test --test main cli` writes what the commands print now.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with the examples and the rules in it, where commands run.
fn workplace() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for shared in ["examples", "rules"] {
        std::os::unix::fs::symlink(root().join(shared), place.path().join(shared)).unwrap();
    }
    place
}

fn shell(command: &str, place: &Path) -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_myoguide")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .arg("-c")
        .arg(format!("set -o pipefail\nexec 2>&1\n{command}"))
        .current_dir(place)
        .env("PATH", path)
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => writeln!(text, "[exit {code}]").unwrap(),
        None => text.push_str("[killed]\n"),
    }
    text
}

/// The transcript with what every command prints now.
fn replayed(transcript: &str) -> String {
    let place = workplace();
    let mut shown = String::new();
    let mut lines = transcript.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(shown, "{line}");
        let Some(fence) = line.strip_prefix("```") else { continue };
        let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match fence.split_once(' ') {
            Some((_, name)) => {
                let path = place.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, inside.join("\n") + "\n").unwrap();
                for line in &inside {
                    let _ = writeln!(shown, "{line}");
                }
            }
            None if fence == "console" => {
                for (at, command) in inside.iter().filter_map(|line| line.strip_prefix("$ ")).enumerate() {
                    let gap = if at > 0 { "\n" } else { "" };
                    let _ = write!(shown, "{gap}$ {command}\n{}", shell(command, place.path()));
                }
            }
            None => {
                for line in &inside {
                    let _ = writeln!(shown, "{line}");
                }
            }
        }
        shown.push_str("```\n");
    }
    shown
}

/// The first line that differs, with what is printed now.
fn difference(transcript: &str) -> Option<String> {
    let now = replayed(transcript);
    if now.trim_end() == transcript.trim_end() {
        return None;
    }
    let at = now.lines().zip(transcript.lines()).take_while(|(now, then)| now == then).count();
    let [expected, found] = [transcript, &now].map(|text| text.lines().nth(at).unwrap_or("(the end)").to_owned());
    Some(format!("line {}: expected\n  {expected}\nbut it is\n  {found}\n\nall of it now:\n{now}", at + 1))
}

fn judge(path: &Path) -> Option<String> {
    let transcript = fs::read_to_string(path).unwrap();
    if std::env::var_os("UPDATE_TRANSCRIPTS").is_some() {
        let now = replayed(&transcript);
        if now != transcript {
            fs::write(path, now).unwrap();
        }
        return None;
    }
    difference(&transcript).map(|difference| format!("{}, {difference}", path.display()))
}

#[test]
fn transcripts() {
    let mut files: Vec<PathBuf> =
        fs::read_dir(root().join("tests/corpus/cli")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 8, "the transcripts are gone");
    let wrong: Vec<String> = files.iter().filter_map(|file| judge(file)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn readme() {
    let wrong = judge(&root().join("README.md"));
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
}

/// A driver that cannot fail proves nothing.
#[test]
fn a_transcript_can_fail() {
    let good = "```console\n$ myoguide --version\nmyoguide 0.1.0\n```\n";
    assert_eq!(difference(good), None);
    let wrong = difference(&good.replace("0.1.0", "9.9.9")).unwrap();
    assert!(
        wrong.contains("line 3") && wrong.contains("myoguide 9.9.9") && wrong.contains("myoguide 0.1.0"),
        "{wrong}"
    );
    let silent = difference("```console\n$ myoguide evaluate\n```\n").unwrap();
    assert!(silent.contains("[exit 2]"), "{silent}");
}

#[test]
fn every_command_has_a_transcript() {
    let texts: String = fs::read_dir(root().join("tests/corpus/cli"))
        .unwrap()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for command in
        ["evaluate", "cohort", "facts", "show", "evidence", "check", "test", "schema", "explain", "completions", "man"]
    {
        assert!(texts.contains(&format!("myoguide {command}")), "no transcript runs `{command}`");
        assert!(texts.contains(&format!("myoguide {command} --help")), "no transcript shows the help of `{command}`");
    }
    for code in [1, 2] {
        assert!(texts.contains(&format!("[exit {code}]")), "no transcript ends with {code}");
    }
}

fn program(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_myoguide")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What is shipped has no mistake, and every worked patient comes out as expected.
#[test]
fn everything_shipped_holds() {
    assert_eq!(program(&["check", "--strict"]).lines().filter(|line| line.contains(": nothing found")).count(), 1);
    let tested = program(&["test"]);
    let kept = tested.lines().filter(|line| line.ends_with(", all as expected")).count();
    assert_eq!(kept, tested.lines().count(), "{tested}");
}

/// Hashes change with every word of the rules; what is snapshot here is everything else.
fn without_hashes(text: &str) -> String {
    let mut pieces = text.split("sha256:");
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        shown.push_str("sha256:…");
        shown.push_str(piece.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()));
    }
    shown
}

#[test]
fn examples_in_every_format() {
    for example in ["adult", "child", "half_empty"] {
        let path = format!("examples/{example}.yaml");
        for format in ["text", "json", "markdown"] {
            let page = without_hashes(&program(&["evaluate", "--format", format, &path]));
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("example_{example}_{format}"), page);
            });
        }
        let page = program(&["evaluate", "--trace", "--guideline", "acr_eular_response", &path]);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("example_{example}_trace"), page);
        });
    }
}

#[test]
fn no_line_is_longer_than_a_screen() {
    for example in ["adult", "child", "half_empty"] {
        let page = program(&["evaluate", &format!("examples/{example}.yaml")]);
        let long: Vec<&str> = page.lines().filter(|line| line.chars().count() > 100).collect();
        assert!(long.is_empty(), "{long:?}");
    }
}

/// Words that programs read and people should not.
#[test]
fn a_page_has_no_words_of_programs() {
    for example in ["adult", "child", "half_empty"] {
        let page = program(&["evaluate", &format!("examples/{example}.yaml")]);
        for word in ["open", "decided", "verdict", "slot", "null", "fault"] {
            let found = page.split(|letter: char| !letter.is_alphanumeric()).any(|other| other == word);
            assert!(!found, "`{word}` stands in the page of {example}:\n{page}");
        }
    }
}

mod schemas {
    use super::program;

    fn validator(of: &str) -> jsonschema::Validator {
        let schema = serde_json::from_str(&program(&["schema", of])).unwrap();
        jsonschema::draft202012::new(&schema).unwrap()
    }

    /// Every record of every case of every guideline, as a record of its own.
    fn records() -> Vec<(String, String)> {
        let all = crate::support::records_of_cases().into_iter();
        all.map(|one| (format!("{}: {}", one.path, one.case), one.record.to_string())).collect()
    }

    #[test]
    fn results_keep_theirs() {
        let validator = validator("result");
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("records.ndjson");
        let lines: Vec<String> = records().into_iter().map(|(_, record)| record).collect();
        std::fs::write(&path, lines.join("\n")).unwrap();
        let path = path.to_str().unwrap();
        let scores = ["--guideline", "acr_eular_response", "--guideline", "imacs_improvement"];
        let mut results =
            program(&[&["evaluate", "--format", "json", "--trace", path, "examples/adult.yaml"][..], &scores].concat());
        assert!(results.lines().count() > 200);
        let (known, unknown) = ("examples/persistent_weakness.yaml", "examples/persistent_weakness_no_mri.yaml");
        results.push_str(&program(&["evaluate", "--format", "json", "--trace", known, unknown, "examples/child.yaml"]));
        for line in results.lines() {
            let result = serde_json::from_str(line).unwrap();
            let wrong: Vec<String> =
                validator.iter_errors(&result).map(|error| format!("{error} at {}", error.instance_path)).collect();
            assert!(wrong.is_empty(), "{wrong:?}\n{line}");
        }
    }

    #[test]
    fn records_keep_theirs() {
        let validator = validator("record");
        for (name, record) in records() {
            let record = serde_json::from_str(&record).unwrap();
            let wrong: Vec<String> =
                validator.iter_errors(&record).map(|error| format!("{error} at {}", error.instance_path)).collect();
            assert!(wrong.is_empty(), "{name}: {wrong:?}");
        }
    }

    #[test]
    fn a_result_with_a_further_key_is_refused() {
        let validator = validator("result");
        let results = program(&["evaluate", "--format", "json", "examples/adult.yaml"]);
        let mut result: serde_json::Value = serde_json::from_str(results.lines().next().unwrap()).unwrap();
        assert!(validator.is_valid(&result));
        result["answers"]["response"]["sure"] = true.into();
        assert!(!validator.is_valid(&result));
    }
}
