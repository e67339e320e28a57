//! `examples/cohort/spark.py`, the program as a filter under Spark: `tests/spark.py` runs it in a cluster of two executors on
//! this machine and holds the answers against those of the program itself.
//!
//! It needs Java and a Python with `pyspark`, `pandas` and `pyarrow`; `MYOGUIDE_PYTHON` names another than `python3`. Where
//! they are missing it says so and passes.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn python(arguments: &[&str]) -> Option<Output> {
    let python = std::env::var("MYOGUIDE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    Command::new(python).args(arguments).current_dir(root()).output().ok()
}

/// What Spark needs and is not here.
fn missing() -> Option<&'static str> {
    let java = Command::new("java").arg("-version").output();
    if !java.is_ok_and(|ran| ran.status.success()) {
        return Some("Java");
    }
    let modules = python(&["-c", "import pyspark, pandas, pyarrow"]);
    (!modules.is_some_and(|ran| ran.status.success())).then_some("a Python with pyspark, pandas and pyarrow")
}

/// Writes what a script prints.
fn written(arguments: &[&str], path: &Path) {
    let printed = python(arguments).unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    fs::write(path, printed.stdout).unwrap();
}

#[test]
fn spark_gives_the_same_answers() {
    if let Some(missing) = missing() {
        println!("passed over: there is no {missing}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let flat = path("flat.ndjson");
    written(&["benches/workload/compare.py", "generate", "2000", "7"], &flat);
    written(&["benches/workload/compare.py", "records", &flat.display().to_string()], &path("records.ndjson"));
    let place = folder.path().display().to_string();
    let ran = python(&["tests/spark.py", env!("CARGO_BIN_EXE_myoguide"), &place]).unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    assert_eq!(said.matches(": as expected").count(), 10, "{said}");
}

/// What the chapter shows is what is run.
#[test]
fn the_chapter_shows_the_example() {
    let example = fs::read_to_string(root().join("examples/cohort/spark.py")).unwrap();
    let chapter = fs::read_to_string(root().join("docs/cohort.md")).unwrap();
    let shown: Vec<&str> = chapter.split("```python\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(shown.len(), 2);
    for shown in shown {
        assert!(example.contains(shown), "the example does not say\n{shown}");
    }
}
