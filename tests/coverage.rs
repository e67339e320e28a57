//! What the worked patients reach, and the patients that are proposed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use myoguide::cases;
use myoguide::coverage::{self, Count};
use myoguide::engine::{Engine, Wanted};
use myoguide::library::Library;

/// A folder with the shipped dictionary, evidence, formulary and one guideline.
fn copied(guideline: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for folder in ["dictionary", "evidence", "formulary", guideline] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(folder);
        copy(&from, &place.path().join(folder));
    }
    place
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn opened(place: &Path) -> Engine {
    let mut engine = Engine::open(&Library::open(place).unwrap());
    engine.load(&Wanted::Every).unwrap();
    assert!(!engine.has_errors(), "{:?}", engine.diagnostics());
    engine
}

fn counted(place: &Path) -> Count {
    coverage::run(&mut opened(place), 0, |_| true, false).unwrap().own
}

#[test]
fn layout_does_not_move_the_figure() {
    let place = copied("ibm_criteria");
    let before = counted(place.path());
    assert_eq!(before.reached, before.all);
    let release = place.path().join("ibm_criteria/2014.1.0");
    let rules = fs::read_dir(&release).unwrap().map(|entry| entry.unwrap().path());
    let rules: Vec<_> = rules.filter(|path| path.extension().is_some_and(|ending| ending == "rules")).collect();
    for (turn, path) in rules.iter().enumerate() {
        // A comment above every block, and names in another order.
        let text = fs::read_to_string(path).unwrap().replace("\n\n", "\n\n\n# Between two blocks.\n\n");
        fs::remove_file(path).unwrap();
        fs::write(release.join(format!("{}.rules", 9 - turn)), text).unwrap();
    }
    assert_eq!(counted(place.path()), before);
}

#[test]
fn a_case_that_is_missing_is_missed() {
    let place = copied("bohan_peter");
    let before = counted(place.path());
    for entry in fs::read_dir(place.path().join("bohan_peter/1975.1.0/cases")).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let after = counted(place.path());
    assert_eq!((after.reached, after.all), (0, before.all));
}

#[test]
fn what_is_proposed_comes_out_as_it_says_and_covers_nothing() {
    for guideline in ["bohan_peter", "ibm_criteria"] {
        let place = copied(guideline);
        let before = counted(place.path());
        let proposed = coverage::propose(&mut opened(place.path()), 0, |_| true, true).unwrap();
        assert!(proposed.cases > 10, "{guideline}: {}", proposed.cases);
        let cases = place.path().join(&proposed.guideline).join(&proposed.release).join("cases");
        fs::write(cases.join("proposed.yaml"), &proposed.text).unwrap();
        let mut engine = opened(place.path());
        let tested = cases::run_one(&mut engine, 0).unwrap();
        assert_eq!(tested.proposed, proposed.cases);
        assert!(tested.mistakes.is_empty(), "{guideline}: {:#?}", tested.mistakes);
        assert_eq!(counted(place.path()), before);
    }
}

#[test]
fn proposals_reach_what_was_not_reached() {
    let place = copied("bohan_peter");
    for entry in fs::read_dir(place.path().join("bohan_peter/1975.1.0/cases")).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let proposed = coverage::propose(&mut opened(place.path()), 0, |_| true, false).unwrap();
    let cases = place.path().join("bohan_peter/1975.1.0/cases/accepted.yaml");
    fs::write(cases, proposed.text.replace("    status: proposed\n", "")).unwrap();
    let after = counted(place.path());
    assert_eq!(after.reached, after.all);
}

#[test]
fn what_nobody_reaches_and_what_was_not_found_out_are_told_apart() {
    let place = copied("bohan_peter");
    let before = counted(place.path());
    let rules = place.path().join("bohan_peter/1975.1.0/class.rules");
    let more = r#"
finding nobody "All four items, and yet not the first"                      [bohan_peter_1975 items]
  muscle_items is 4 and not symmetric_limb_girdle_weakness

number product "A product of unknown numbers"                               [bohan_peter_1975 items]
  latest haq * latest haq * latest mmt8

finding hidden "In a narrow place"                                          [bohan_peter_1975 items]
  product is above 99 and product is below 99.001
"#;
    fs::write(&rules, fs::read_to_string(&rules).unwrap() + more).unwrap();
    let covered = coverage::run(&mut opened(place.path()), 0, |_| true, false).unwrap();
    let found: Vec<(&str, &str, bool)> =
        covered.found.iter().map(|one| (one.code.id, one.message.as_str(), one.patient.is_some())).collect();
    assert_eq!(
        found,
        [
            ("T017", "no patient fulfils `nobody`", false),
            ("T016", "no case fulfils `hidden`, nor any patient that was found", false),
            ("T015", "no case leaves `hidden` unfulfilled", true),
        ]
    );
    // What no patient reaches is not counted.
    assert_eq!((covered.own.reached, covered.own.all), (before.reached + 1, before.all + 3));
}
