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

/// A pipe that must be read twice is put aside first, as standard input is.
#[cfg(unix)]
#[test]
fn a_pipe_by_name_is_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mapping.yaml"), "id: id\nas_of: 2026-01-01\ncolumns: {age: age}\n").unwrap();
    fs::write(folder.path().join("patients.csv"), "id,age\n1,40\n1,40\n2,50\n").unwrap();
    let asked = "$0 cohort --mapping mapping.yaml --guideline acr_eular_response --select response /dev/fd/3 3< <(cat patients.csv)";
    let mut shell = Command::new("bash");
    let answers = shell.args(["-c", asked, env!("CARGO_BIN_EXE_myoguide")]).current_dir(&folder).output().unwrap();
    assert!(answers.status.success(), "{}", text(&answers.stderr));
    assert_eq!(text(&answers.stdout).lines().count(), 2);
    assert!(text(&answers.stderr).contains("1 row of `/dev/fd/3` repeats another"), "{}", text(&answers.stderr));
}

/// Who closes the output takes the first lines only; what else was asked for would be missed.
#[test]
fn a_closed_output_is_told_where_more_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in"), "{\"id\": \"p\", \"as_of\": \"2025-01-01\"}\n".repeat(400)).unwrap();
    for (more, code) in [(&[][..], 0), (&["--summary", "s.txt"], 2)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_myoguide"));
        command.args(["cohort", "--quiet", "--guideline", "bohan_peter"]).args(more).arg("in").current_dir(&folder);
        let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(running.stdout.take());
        let ended = running.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(code), "{}", text(&ended.stderr));
        assert_eq!(text(&ended.stderr).contains("what else was asked for is not written"), code == 2);
        assert!(!folder.path().join("s.txt").exists());
    }
}

/// Nothing is written over what is read, nor over anything else that is written, whatever it is called.
#[test]
fn nothing_is_written_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let record = "{\"id\": \"p\", \"as_of\": \"2025-01-01\"}\n";
    let asked = ["cohort", "--guideline", "acr_eular_response", "--output", "out"];
    for (more, input, said) in [
        (&["--trace", "out.partial"][..], "in", "named for two things"),
        (&["--trace", "out.meta.json"], "in", "named for two things"),
        (&["--format", "csv"], "out.codebook.csv", "named for two things"),
        (&[], "out.meta.json", "named for two things"),
        (&[], "out.partial.json", "named for two things"),
        (&["--summary", "./a.txt", "--meta", "a.txt"], "in", "named for two things"),
        (&["--trace", "./out"], "in", "named for two things"),
        (&["--duplicates", "list"], "list.keys.partial", "named for two things"),
        (&["--meta", "-"], "in", "needs a file"),
        (&["--trace", "-"], "in", "needs a file"),
        (&["--meta", "nowhere/meta"], "in", "there is no folder `nowhere`"),
        (&["--summary", "nowhere/page.html"], "in", "there is no folder `nowhere`"),
    ] {
        fs::write(folder.path().join(input), record).unwrap();
        let ended = program(&[&asked[..], more, &[input]].concat(), folder.path());
        assert_eq!(ended.status.code(), Some(2), "{more:?} {input}");
        assert!(text(&ended.stderr).contains(said), "{}", text(&ended.stderr));
        assert_eq!(fs::read_to_string(folder.path().join(input)).unwrap(), record);
        fs::remove_file(folder.path().join(input)).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{more:?} {input}");
    }
    // What comes as standard input has a name too.
    let path = folder.path().join("both");
    fs::write(&path, record).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_myoguide"));
    command.args(["cohort", "--output", "both"]).current_dir(&folder).stdin(fs::File::open(&path).unwrap());
    if Path::new("/dev/stdin").canonicalize().is_ok() {
        assert_eq!(command.output().unwrap().status.code(), Some(2));
        assert_eq!(fs::read_to_string(&path).unwrap(), record);
    }
}

/// A table needs its header; lines of JSON need none, so that an empty part of a registry has no answers.
#[test]
fn an_export_of_nothing_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let mapping =
        "id: id\nas_of: 2026-01-01\ncolumns:\n  a: {fact: mmt8, visit: first}\nvisits: {first: {date: day}}\n";
    let ended = |format: &str, nothing: &str| {
        fs::write(folder.path().join("mapping.yaml"), format!("format: {format}\n{mapping}")).unwrap();
        fs::write(folder.path().join("export"), nothing).unwrap();
        let ended = program(&["cohort", "--mapping", "mapping.yaml", "export"], folder.path());
        assert!(ended.stdout.is_empty());
        (ended.status.code(), text(&ended.stderr).to_owned())
    };
    let no_header = "error: `export` is empty: its first line is to name the columns\n";
    assert_eq!(ended("csv", ""), (Some(2), no_header.to_owned()));
    assert_eq!(ended("csv", "\n\n"), (Some(2), no_header.to_owned()));
    let (code, said) = ended("ndjson", "");
    assert!(code == Some(0) && said.starts_with("0 records"), "{said}");
}

/// A judgement that nobody asks for is told once, at its line; the records are answered.
#[test]
fn a_judgement_that_is_misspelt_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mapping = "id: id\nas_of: 2026-01-01\ncolumns:\n  a: {judgement: severe_necrotising_weaknes}\n  b: {judgement: another}\n";
    fs::write(folder.path().join("mapping.yaml"), mapping).unwrap();
    fs::write(folder.path().join("patients.csv"), "id,a,b\n1,yes,no\n2,no,yes\n").unwrap();
    let asked = ["cohort", "--mapping", "mapping.yaml", "--guideline", "refractory_iim", "patients.csv"];
    let answers = program(&asked, folder.path());
    assert!(answers.status.success());
    assert_eq!(text(&answers.stdout).lines().count(), 2);
    let said = text(&answers.stderr);
    assert_eq!(said.matches("asks for a judgement").count(), 2, "{said}");
    assert!(
        said.contains("mapping.yaml:4:18") && said.contains("did you mean `severe_necrotising_weakness`?"),
        "{said}"
    );
    assert!(said.contains("mapping.yaml:5:18") && said.contains("nothing comes of the column"), "{said}");
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

    // A code that nobody explained ends the load, and nothing is left of it: with another mapping it is another run.
    fs::write(path("patients.csv"), export("last,999,3,\n").0).unwrap();
    let broken = asked("other.ndjson", &[]);
    assert_eq!(broken.status.code(), Some(2));
    let said = text(&broken.stderr);
    assert!(said.contains("line 9002 of `patients.csv`, column `pga0`: a code that the mapping"), "{said}");
    assert!(!path("other.ndjson").exists() && !path("other.ndjson.partial").exists());
    fs::write(path("mapping.yaml"), MAPPING.replace("-9: unknown", "-9: not done, 999: unknown")).unwrap();
    assert_eq!(asked("other.ndjson", &[]).status.code(), Some(0));
}

/// As many lines as several blocks hold.
fn numbered(line: impl Fn(u32) -> String) -> String {
    (0..1200).map(line).collect::<Vec<_>>().concat()
}

/// What is missing at a visit is missing on the scale of that visit; why a date of birth is missing no record says.
#[test]
fn what_is_missing_is_missing_on_its_scale() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let mapping = "id: id\nas_of: 2026-01-01\ncodes: {-8: refused}\n\
        visits: {a: {date: d0, role: baseline}, b: {date: d1}}\n\
        columns:\n  born: born\n  m0: {fact: mmt8, visit: a, scale: 80}\n  \
        m1: {fact: mmt8, visit: b, scale: {column: s1}}\n";
    fs::write(place.join("mapping.yaml"), mapping).unwrap();
    let rows = "a,-8,2025-01-10,74,2025-07-10,,80\n\
        b,,2025-01-10,74,2025-07-10,-8,0\n\
        c,,2025-01-10,74,,,80\n";
    fs::write(place.join("in.csv"), format!("id,born,d0,m0,d1,m1,s1\n{rows}")).unwrap();
    let shown = |line: &str| {
        let shown = program(&["cohort", "--mapping", "mapping.yaml", "--show-record", line, "in.csv"], place);
        text(&shown.stdout).to_owned() + text(&shown.stderr)
    };
    let first = shown("2");
    assert_eq!(first.matches("mmt8_max: 80").count(), 2, "{first}");
    assert!(first.contains("mmt8: unknown") && first.contains("born: unknown"), "{first}");
    // A scale that the fact does not have is no mistake where there is no value, nor is one without a visit.
    let others = shown("3") + &shown("4");
    assert_eq!(others.matches("mmt8_max: 80").count(), 2, "{others}");
    assert!(others.contains("mmt8: refused") && !others.contains("error"), "{others}");
}

/// What is packed is told as that, with and without a mapping.
#[test]
fn what_is_packed_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    fs::write(place.join("mapping.yaml"), "id: id\nas_of: 2026-01-01\ncolumns: {age: age}\n").unwrap();
    fs::write(place.join("in.csv.gz"), b"\x1f\x8b\x08\x00\x00\x00").unwrap();
    fs::write(place.join("in.ndjson.gz"), b"\x1f\x8b\x08\x00\x00\x00").unwrap();
    for asked in [&["cohort", "--mapping", "mapping.yaml", "in.csv.gz"][..], &["cohort", "in.ndjson.gz"]] {
        let refused = program(asked, place);
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains("is packed with gzip"), "{}", text(&refused.stderr));
    }
}

/// What an interrupted run has left is told before anything is written beside it.
#[test]
fn what_was_left_is_told_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    fs::write(place.join("mapping.yaml"), "id: id\nas_of: 2026-01-01\ncolumns: {age: age}\n").unwrap();
    fs::write(place.join("in.csv"), "id,age\na,40\n,41\n").unwrap();
    fs::write(place.join("out.ndjson.partial"), "half\n").unwrap();
    fs::write(place.join("list.csv"), "old\n").unwrap();
    let asked = [
        "cohort",
        "--quiet",
        "--mapping",
        "mapping.yaml",
        "--unmatched",
        "list.csv",
        "--output",
        "out.ndjson",
        "in.csv",
    ];
    let refused = program(&asked, place);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("`out.ndjson.partial`"), "{}", text(&refused.stderr));
    assert_eq!(fs::read_to_string(place.join("list.csv")).unwrap(), "old\n");
    fs::remove_file(place.join("out.ndjson.partial")).unwrap();
    program(&asked, place);
    assert_ne!(fs::read_to_string(place.join("list.csv")).unwrap(), "old\n");
}

/// A run that broke off and went on, with another number of threads, leaves what one without a break leaves, to the byte.
#[test]
fn after_an_interruption_everything_is_as_without_one() {
    let records = numbered(|at| format!("{{\"id\": \"p{at}\", \"as_of\": \"2025-01-01\"}}\n"));
    let rows = numbered(|at| format!("p{at},{}\n\n", at % 90));
    let mapping = "id: id\nas_of: 2026-01-01\ncolumns: {age: age}\n";
    let whole = ["in.ndjson", "--guideline", "acr_eular_response", "--select", "response"];
    let mapped = [&whole[1..], &["--mapping", "mapping.yaml", "in.csv"]].concat();
    for (asked, bad) in [(&whole[..], "{\"id\": 1}\n"), (&mapped, "last,old\n")] {
        let folder = tempfile::tempdir().unwrap();
        let files = |place: &str, more: &str| {
            let place = folder.path().join(place);
            fs::create_dir_all(&place).unwrap();
            fs::write(place.join("mapping.yaml"), mapping).unwrap();
            fs::write(place.join("in.ndjson"), format!("{records}{more}")).unwrap();
            fs::write(place.join("in.csv"), format!("id,age\n{rows}{more}")).unwrap();
            place
        };
        let outputs = ["--output", "out.ndjson", "--summary", "sum.json"];
        let ran =
            |place: &Path, more: &[&str]| program(&[&["cohort", "--quiet"], asked, &outputs, more].concat(), place);
        let (once, twice) = (files("once", bad), files("twice", bad));
        assert_eq!(ran(&once, &["--jobs", "3"]).status.code(), Some(2));
        let stopped = ran(&twice, &["--jobs=1", "--strict"]);
        assert!(text(&stopped.stderr).contains("stopped at line"), "{}", text(&stopped.stderr));
        assert!(twice.join("out.ndjson.partial.json").exists());

        // What comes after is no longer what it was: refused, and nothing is touched.
        let before = fs::read(twice.join("out.ndjson.partial")).unwrap();
        files("twice", "another,1\n");
        let changed = ran(&twice, &["--resume"]);
        let name = if asked == whole { "in.ndjson" } else { "in.csv" };
        let said = format!("cannot be gone on with: `{name}` has changed since the run was interrupted");
        assert!(text(&changed.stderr).contains(&said), "{}", text(&changed.stderr));
        assert_eq!(fs::read(twice.join("out.ndjson.partial")).unwrap(), before);
        fs::remove_file(twice.join("out.ndjson.partial")).unwrap();

        files("twice", bad);
        assert!(ran(&twice, &["--jobs=1", "--strict"]).status.code() == Some(2));
        let resumed = ran(&twice, &["--resume"]);
        assert_eq!(resumed.status.code(), Some(2), "{}", text(&resumed.stderr));
        for name in ["out.ndjson", "out.ndjson.meta.json", "sum.json"] {
            let read = |place: &Path| fs::read_to_string(place.join(name)).unwrap();
            assert_eq!(read(&once), read(&twice), "{name}");
        }
        let empty = if asked == whole { 0 } else { 1200 };
        let meta = fs::read_to_string(once.join("out.ndjson.meta.json")).unwrap();
        assert!(
            meta.contains(&format!("\"read\":1201,\"answered\":1200,\"refused\":1,\"empty_lines\":{empty}")),
            "{meta}"
        );
    }
}

/// Standard input cannot be looked at twice: what was answered must come again, and what comes then is answered.
#[test]
fn standard_input_goes_on_where_it_begins_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let records = numbered(|at| format!("{{\"id\": \"p{at}\", \"as_of\": \"2025-01-01\"{:500}}}\n", ""));
    let ran = |input: String, more: &[&str]| {
        fs::write(folder.path().join("piped"), input).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_myoguide"));
        command.args([
            "cohort",
            "--quiet",
            "--guideline",
            "acr_eular_response",
            "--select",
            "response",
            "--output",
            "out",
        ]);
        command.args(more);
        // Read from a file, but by a pipe.
        let mut cat = Command::new("cat").arg("piped").current_dir(&folder).stdout(Stdio::piped()).spawn().unwrap();
        let ended = command.current_dir(&folder).stdin(cat.stdout.take().unwrap()).output().unwrap();
        // It holds the end that is read from, without which `cat` ends.
        drop(command);
        cat.wait().unwrap();
        ended
    };
    assert_eq!(ran(format!("{records}nothing\n"), &["--strict"]).status.code(), Some(2));
    let changed = ran(format!("\n{records}"), &["--resume"]);
    assert!(text(&changed.stderr).contains("`standard input` has changed since"), "{}", text(&changed.stderr));
    let more = ran(format!("{records}{records}"), &["--resume"]);
    assert!(more.status.success(), "{}", text(&more.stderr));
    assert_eq!(fs::read_to_string(folder.path().join("out")).unwrap().lines().count(), 2400);
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
