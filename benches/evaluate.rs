//! What a run costs: the rules, one patient, the whole program. `benches/README.md` says how to run it.

use std::hint::black_box;
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};
use myoguide::engine::{Engine, Options, Wanted};
use myoguide::eval::{self, Baseline, Subject};
use myoguide::library::Library;
use myoguide::record::Record;

const COMPLETE: &str = "\
id: complete
as_of: 2024-07-10
facts: {subtype: DM, age_at_onset: 46}
visits:
  - {date: 2024-01-10, role: baseline, physician_global: 7.0, patient_global: 7.0, mmt8: 90, haq: 2.0,
     ck: {value: 2000 U/L, upper_limit: 200 U/L}, ldh: {value: 700 U/L, upper_limit: 250 U/L}, extramuscular_global: 6.0}
  - {date: 2024-07-10, physician_global: 3.5, patient_global: 5.0, mmt8: 110, haq: 1.5, ck: 1400 U/L, ldh: 500 U/L,
     extramuscular_global: 4.0}
";

/// Two measures missing, one enzyme pending, the age at onset known to the month: most answers stay open.
const HALF_EMPTY: &str = "\
id: half-empty
as_of: 2024-07-10
patient: {born: 1990-03-14}
facts: {onset: 2008-03}
visits:
  - {date: 2024-01-10, role: baseline, physician_global: 7.0, patient_global: 7.0, mmt8: 90, haq: 2.0,
     ck: {value: 2000 U/L, upper_limit: 200 U/L}, ldh: {value: pending, upper_limit: 250 U/L}}
  - {date: 2024-07-10, physician_global: 3.5, mmt8: 110, ck: 1400 U/L, ldh: 500 U/L, extramuscular_global: 4.0}
";

/// A release of many algorithms, ladders and rules of treatment.
const LARGE: &str = "refractory_iim@2026.1.0";

const GUIDELINES: [&str; 2] = ["acr_eular_response", "imacs_improvement"];

fn loaded() -> Engine {
    loaded_with(&GUIDELINES)
}

fn loaded_with(guidelines: &[&str]) -> Engine {
    let mut engine = Engine::open(&Library::embedded());
    let wanted = Wanted::Named(guidelines.iter().map(|name| (*name).to_owned()).collect());
    assert!(engine.load(&wanted).is_ok(), "the shipped guidelines are there");
    assert!(!engine.has_errors(), "the shipped guidelines have no mistakes");
    engine
}

fn record(engine: &mut Engine, text: &str) -> Record {
    let file = engine.add_text("record.yaml", text.to_owned());
    let mut records = engine.read_records(file);
    assert_eq!(records.len(), 1, "one record");
    match records.remove(0) {
        Ok(record) => record,
        Err(mistakes) => unreachable!("the record is read: {mistakes:?}"),
    }
}

fn rules(criterion: &mut Criterion) {
    criterion.bench_function("load/two guidelines", |bench| bench.iter(|| black_box(loaded()).guidelines().len()));
    criterion.bench_function("load/everything shipped", |bench| {
        bench.iter(|| {
            let mut engine = Engine::open(&Library::embedded());
            let _ = engine.load(&Wanted::Newest);
            black_box(engine).guidelines().len()
        });
    });
}

fn one_patient(criterion: &mut Criterion) {
    let mut engine = loaded();
    let records = [("complete", record(&mut engine, COMPLETE)), ("half-empty", record(&mut engine, HALF_EMPTY))];
    criterion.bench_function("record/read", |bench| {
        bench.iter_batched(loaded, |mut engine| record(&mut engine, COMPLETE), criterion::BatchSize::LargeInput);
    });
    each_guideline(criterion, &engine, &records);
}

fn one_treated_patient(criterion: &mut Criterion) {
    let mut engine = loaded_with(&[LARGE]);
    let complete = record(&mut engine, include_str!("records/third_line.yaml"));
    let half_empty = record(&mut engine, include_str!("records/third_line_half_empty.yaml"));
    criterion.bench_function("load/refractory_iim", |bench| {
        bench.iter(|| black_box(loaded_with(&[LARGE])).guidelines().len());
    });
    each_guideline(criterion, &engine, &[("complete", complete), ("half-empty", half_empty)]);
}

fn each_guideline(criterion: &mut Criterion, engine: &Engine, records: &[(&str, Record)]) {
    for guideline in engine.guidelines() {
        let name = &guideline.guideline.info.id.value;
        let subject =
            Subject { guideline: &guideline.guideline, lowered: &guideline.lowered, catalog: engine.catalog() };
        for (kind, record) in records {
            criterion.bench_function(&format!("evaluate/{name}/{kind}/without explanation"), |bench| {
                bench.iter(|| eval::evaluate(black_box(subject), black_box(record), Baseline::default()));
            });
            criterion.bench_function(&format!("evaluate/{name}/{kind}/with explanation"), |bench| {
                bench.iter(|| engine.evaluate(guideline, black_box(record), Options::default()));
            });
        }
    }
}

fn whole_program(criterion: &mut Criterion) {
    let path = std::env::temp_dir().join(format!("myoguide-bench-{}.yaml", std::process::id()));
    assert!(std::fs::write(&path, HALF_EMPTY).is_ok(), "{} cannot be written", path.display());
    let run = |arguments: &[&str]| {
        let status = Command::new(env!("CARGO_BIN_EXE_myoguide"))
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.is_ok_and(|status| status.success()), "myoguide {arguments:?} does not run");
    };
    let file = path.to_string_lossy().into_owned();
    criterion.bench_function("process/version", |bench| bench.iter(|| run(&["--version"])));
    criterion.bench_function("process/one record", |bench| {
        bench.iter(|| run(&["evaluate", "--guideline", "acr_eular_response", &file]));
    });
    assert!(std::fs::remove_file(&path).is_ok(), "{} cannot be removed", path.display());
}

criterion_group!(benches, rules, one_patient, one_treated_patient, whole_program);
criterion_main!(benches);
