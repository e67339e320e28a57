//! Long exports of what was taken, a row an infusion or a dose, against records written by hand: the answers are the same to
//! the byte.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn program(place: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_myoguide")).args(arguments).current_dir(place).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

const MAPPING: &str = "\
id: pat
as_of: 2026-01-15
columns: {sex: sex, born: born, kind: subtype}
carry: [centre]
files:
  infusions:
    path: infusions.csv
    courses:
      - drug: {column: drug, words: {RTX: rituximab, IVIG: ivig}}
        course: drug
        stop: left out
        given: day
        dose: {column: dose, unit: {column: unit}}
    carry: [{column: ward, as: wards}]
  tablets:
    path: tablets.csv
    codes: {empty: left out}
    courses:
      - drug: {column: drug, words: {MTX: methotrexate, AZA: azathioprine}}
        course: nr
        start: start
        stop: stop
        doses: [{from: day, dose: {column: mg, unit: mg/week}}]
        stopped_for: {column: why, words: {no effect: inefficacy, sick: intolerance}}
        outcome: {column: came, words: {none: no_response}}
        declined: {column: status, is: [declined, refused], date: day}
";

const PATIENTS: &str = "\
pat,sex,born,kind,centre
a,female,1960-05-02,DM,north
b,male,1971,IMNM,south
c,female,1980-01-01,ASyS,north
";

const INFUSIONS: &str = "\
pat,drug,day,dose,unit,ward
b,IVIG,2025-11-03,2,g/kg per cycle,3
a,RTX,2025-03-01,1,g per dose,1
b,IVIG,2025-10-06,2,g/kg per cycle,2
a,RTX,2025-03-15,1,g per dose,1
b,IVIG,2025-12-01,2.0,g/kg per cycle,3
";

const TABLETS: &str = "\
pat,drug,nr,status,start,stop,day,mg,why,came
a,MTX,1,taken,2024-01-10,,2024-01-10,7.5,,
a,MTX,1,taken,,2024-09,2024-03-01,20,no effect,none
a,MTX,1,taken,2024-01-10,,2024-01-10,7.50,,
a,MTX,2,taken,2025-01-10,,2025-01-10,10,,
a,AZA,3,declined,,,2024-10-01,,,
b,AZA,1,refused,,,,,,
c,MTX,1,taken,2025-06-01,2025-06-20,2025-06-01,10,sick,
";

/// What a person would write of the same patients.
const RECORDS: [&str; 3] = [
    "\
id: a
as_of: 2026-01-15
patient: {sex: female, born: 1960-05-02}
facts: {subtype: DM}
therapies:
  - drug: rituximab
    dose: 1 g per dose
    dose_limited_by: unknown
    given: [2025-03-01, 2025-03-15]
  - drug: methotrexate
    start: 2024-01-10
    stop: 2024-09
    doses: [{from: 2024-01-10, dose: 7.5 mg/week}, {from: 2024-03-01, dose: 20 mg/week}]
    dose_limited_by: unknown
    outcome: no_response
    stopped_for: inefficacy
  - drug: methotrexate
    start: 2025-01-10
    doses: [{from: 2025-01-10, dose: 10 mg/week}]
    dose_limited_by: unknown
therapies_complete: no
declined: [{drug: azathioprine, date: 2024-10-01}]
",
    "\
id: b
as_of: 2026-01-15
patient: {sex: male, born: 1971}
facts: {subtype: IMNM}
therapies:
  - drug: ivig
    dose: 2 g/kg per cycle
    dose_limited_by: unknown
    given: [2025-10-06, 2025-11-03, 2025-12-01]
therapies_complete: no
declined: [{drug: azathioprine}]
",
    "\
id: c
as_of: 2026-01-15
patient: {sex: female, born: 1980-01-01}
facts: {subtype: ASyS}
therapies:
  - drug: methotrexate
    start: 2025-06-01
    stop: 2025-06-20
    doses: [{from: 2025-06-01, dose: 10 mg/week}]
    dose_limited_by: unknown
    stopped_for: intolerance
therapies_complete: no
",
];

fn written(place: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(place.join(name), text).unwrap();
    }
}

#[test]
fn rows_of_infusions_doses_and_refusals_are_the_courses_that_a_person_would_write() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let files = [("mapping.yaml", MAPPING), ("patients.csv", PATIENTS), ("infusions.csv", INFUSIONS)];
    written(place, &[&files[..], &[("tablets.csv", TABLETS)]].concat());
    let mut different: Vec<String> = Vec::new();
    for guideline in ["refractory_iim", "acr_eular_response"] {
        let asked = ["cohort", "--quiet", "--mapping", "mapping.yaml", "--guideline", guideline, "patients.csv"];
        let answers = program(place, &asked);
        assert!(answers.status.success(), "{}", text(&answers.stderr));
        assert_eq!(text(&answers.stdout).lines().count(), 3);
        for (line, record) in text(&answers.stdout).lines().zip(RECORDS) {
            written(place, &[("record.yaml", record)]);
            let alone = program(place, &["evaluate", "--format", "json", "--guideline", guideline, "record.yaml"]);
            assert!(alone.status.success(), "{}", text(&alone.stderr));
            let (carried, answers) = line.split_once("},").unwrap();
            assert!(carried.starts_with("{\"carried\":{\"centre\":\""), "{carried}");
            assert!(format!("{{{answers}") == text(&alone.stdout).trim_end(), "{guideline}: {record}");
            different.push(answers.replace("\"id\":\"", ""));
        }
    }
    different.sort();
    different.dedup();
    assert!(different.len() >= 4, "the patients have answers of their own");
    let table = program(place, &["cohort", "--quiet", "--mapping", "mapping.yaml", "--format", "csv", "patients.csv"]);
    let head = text(&table.stdout).lines().next().unwrap();
    assert!(head.starts_with("id,line,centre,wards,guideline,"), "{head}");
    let carried = |id: &str| {
        let row = text(&table.stdout).lines().find(|row| row.starts_with(id)).unwrap();
        row.split(',').skip(2).take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(carried("a,"), ["north", "1"]);
    assert_eq!(carried("b,"), ["south", "3|2"]);
    assert_eq!(carried("c,"), ["north", ""]);
}

#[test]
fn rows_that_do_not_go_together_are_told_and_the_others_answered() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    written(place, &[("mapping.yaml", MAPPING), ("patients.csv", PATIENTS)]);
    written(place, &[("infusions.csv", &INFUSIONS.replace("2025-12-01,2", "2025-12-01,1"))]);
    let tablets = TABLETS.replace("a,AZA,3", "a,,3") + "c,MTX,1,taken,,,2025-06-01,15,,\n";
    written(place, &[("tablets.csv", &tablets)]);
    let told = program(place, &["cohort", "--quiet", "--mapping", "mapping.yaml", "patients.csv"]);
    assert_eq!(told.status.code(), Some(2), "{}", text(&told.stderr));
    let errors: Vec<&str> =
        text(&told.stdout).lines().map(|line| line.split_once("\"error\":").map_or("", |(_, error)| error)).collect();
    let told_of = |file: &str, line: u64, column: &str, code: &str| {
        format!("{{\"file\":\"{file}\",\"line\":{line},\"column\":\"{column}\",\"code\":\"{code}\"")
    };
    for (error, wanted) in errors.iter().zip([
        told_of("tablets.csv", 6, "drug", "I031"),
        told_of("infusions.csv", 6, "dose", "I026"),
        told_of("tablets.csv", 9, "mg", "I026"),
    ]) {
        assert!(error.starts_with(&wanted), "{error}\n{wanted}");
    }
}
