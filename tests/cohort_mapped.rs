//! The export of a registry on the command line: a row gets the answers of the record it becomes, with one thread and with
//! many; what was interrupted goes on; the measuring load comes out as it was reckoned a second time.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn program(arguments: &[&str], place: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_myoguide")).args(arguments).current_dir(place).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_row_gets_the_answers_of_its_record() {
    let place = root().join("examples/cohort");
    let folder = tempfile::tempdir().unwrap();
    let asked = ["cohort", "--quiet", "--mapping", "registry.yaml"];
    for guideline in ["acr_eular_response", "refractory_iim"] {
        let answers = program(&[&asked[..], &["--guideline", guideline, "patients.csv"]].concat(), &place);
        assert!(answers.status.success(), "{}", text(&answers.stderr));
        let lines: Vec<&str> = text(&answers.stdout).lines().collect();
        assert_eq!(lines.len(), 3);
        for (line, row) in lines.into_iter().zip(["2", "3", "4"]) {
            let record = program(&[&asked[..], &["--show-record", row, "patients.csv"]].concat(), &place);
            let path = folder.path().join("record.yaml");
            fs::write(&path, record.stdout).unwrap();
            let path = path.display().to_string();
            let alone = program(&["evaluate", "--format", "json", "--guideline", guideline, &path], &place);
            let (before, after) = line.split_once("},").unwrap();
            assert!(before.starts_with("{\"carried\":{\"centre\":\""), "{before}");
            assert_eq!(format!("{{{after}"), text(&alone.stdout).trim_end(), "line {row}");
        }
    }
}

const MAPPING: &str = "\
id: id
as_of: 2026-01-01
codes: {-9: unknown}
visits:
  first: {date: 2025-01-01, role: baseline}
  second: {date: 2025-07-01}
columns:
  pga0: {fact: physician_global, visit: first, unit: mm}
  pga1: {fact: physician_global, visit: second, unit: mm}
carry: [remark]
files:
  visits:
    path: visits.csv
    visit: {date: day}
    columns: {mmt8: mmt8}
";

/// Patients in one order and their visits in another, some of nobody; more than is read at once.
fn export(last: &str) -> (String, String) {
    let (mut patients, mut visits) = ("id,pga0,pga1,remark\n".to_owned(), "id,day,mmt8\n".to_owned());
    for number in 0..9000_u32 {
        let (before, after) = (number % 97, number * 7 % 89);
        let _ = writeln!(patients, "patient-{number},{before},{after},\"of the centre, number {:>40}\"", number % 11);
        let other = number * 4001 % 9100;
        let _ = writeln!(visits, "patient-{other},2025-0{}-15,{}", number % 8 + 1, 60 + number % 39);
    }
    (patients + last, visits)
}

#[test]
fn an_export_comes_out_in_order_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (place, path) = (folder.path(), |name: &str| folder.path().join(name));
    let (patients, visits) = export("last,-9,3,\n");
    assert!(patients.len() > 600_000);
    fs::write(path("mapping.yaml"), MAPPING).unwrap();
    fs::write(path("patients.csv"), patients).unwrap();
    fs::write(path("visits.csv"), visits).unwrap();
    let command = |output: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_myoguide"));
        command.args(["cohort", "--quiet", "--mapping", "mapping.yaml", "--guideline", "acr_eular_response"]);
        command.args(["--select", "response,total_improvement_score", "--output", output, "patients.csv"]).args(more);
        command.current_dir(place);
        command
    };
    let asked = |output: &str, more: &[&str]| command(output, more).output().unwrap();

    // Killed as soon as it is written down how far the answers are whole.
    let mut killed = command("answers.ndjson", &[]).stderr(Stdio::null()).spawn().unwrap();
    while killed.try_wait().unwrap().is_none() && !path("answers.ndjson.partial.json").exists() {
        thread::sleep(Duration::from_millis(2));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    if path("answers.ndjson").exists() {
        println!("it was whole before it was killed");
    }
    let resumed = asked("answers.ndjson", &["--resume"]);
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    for jobs in ["1", "3"] {
        let fresh = asked(jobs, &["--jobs", jobs]);
        assert!(fresh.status.success(), "{}", text(&fresh.stderr));
        assert!(fs::read(path(jobs)).unwrap() == fs::read(path("answers.ndjson")).unwrap(), "{jobs} jobs");
    }
    let answers = fs::read_to_string(path("answers.ndjson")).unwrap();
    assert!(answers.lines().enumerate().all(|(at, line)| {
        line.starts_with(&if at < 9000 {
            format!("{{\"id\":\"patient-{at}\",\"carried\"")
        } else {
            "{\"id\":\"last\"".into()
        })
    }));
    let unmatched = fs::read_to_string(path("answers.ndjson.unmatched.csv")).unwrap();
    let meta = fs::read_to_string(path("answers.ndjson.meta.json")).unwrap();
    let without = unmatched.lines().count() - 1;
    assert!(without > 50 && meta.contains(&format!("\"without_patient\":{without},")), "{meta}");
    assert!(meta.contains("{\"file\":\"patients.csv\",\"rows\":9001,\"used\":9001,"), "{meta}");

    // A code that nobody explained ends the load; with another mapping it is another run.
    fs::write(path("patients.csv"), export("last,999,3,\n").0).unwrap();
    let broken = asked("other.ndjson", &[]);
    assert_eq!(broken.status.code(), Some(2));
    let said = text(&broken.stderr);
    assert!(said.contains("line 9002 of `patients.csv`, column `pga0`: a code that the mapping"), "{said}");
    assert!(!path("other.ndjson").exists() && path("other.ndjson.partial").exists());
    fs::write(path("mapping.yaml"), MAPPING.replace("-9: unknown", "-9: not done, 999: unknown")).unwrap();
    let other = asked("other.ndjson", &["--resume"]);
    assert!(text(&other.stderr).contains("(mapping differs)"), "{}", text(&other.stderr));
}

/// `benches/workload`: Python reckons the answers a second time.
#[test]
fn the_measuring_load_comes_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let compare = |arguments: &[&str]| {
        Command::new("python3").arg("benches/workload/compare.py").args(arguments).current_dir(root()).output()
    };
    let Ok(flat) = compare(&["generate", "1500", "7"]) else {
        println!("passed over: there is no python3");
        return;
    };
    fs::write(path("flat.ndjson"), flat.stdout).unwrap();
    let rules = ["cohort", "--quiet", "--rules", "benches/workload/rules", "--guideline", "workload"];
    let mapping = ["--mapping", "benches/workload/mapping.yaml", "--output", &path("answers.ndjson")];
    let selected = "pts_pg,pts_pt,pts_mmt,pts_haq,pts_ck,pts_em,tis,cat,doi,act,rung,tac_first,cyc_first,next";
    for select in [&["--select", selected][..], &[]] {
        let ran = program(&[&rules[..], &mapping, select, &[&path("flat.ndjson")]].concat(), root());
        assert!(ran.status.success(), "{}", text(&ran.stderr));
        let checked = compare(&["check", &path("flat.ndjson"), &path("answers.ndjson")]).unwrap();
        assert_eq!(text(&checked.stdout), "1500 records, all equal\n", "{}", text(&checked.stderr));
    }
}
