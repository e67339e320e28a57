//! Rows of registries' exports, with a mapping, as records.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use myoguide::cohort::input::{Files, Input, Mapped, MappedReader, OpenError, Taken, stops_the_load};
use myoguide::cohort::mapping::{self, Mapping};
use myoguide::diagnostics::draw::draw;
use myoguide::engine::Engine;
use myoguide::library::Library;

/// A folder with files of its own.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn engine() -> Engine {
    let mut engine = Engine::open(&Library::embedded());
    engine.load_dictionary();
    engine
}

fn mapping_at(engine: &mut Engine, path: &Path) -> Mapping {
    let text = fs::read_to_string(path).unwrap();
    mapping::read(engine, &path.display().to_string(), text)
        .unwrap_or_else(|mistakes| panic!("{}", draw(engine.sources(), &mistakes, false)))
}

fn opened(engine: &mut Engine, mapping: &Path, main: &Path) -> Mapped {
    let mapping = mapping_at(engine, mapping);
    let files = Files { main: main.to_path_buf(), others: BTreeMap::new() };
    match Mapped::open(&mapping, &files, true) {
        Ok(mapped) => mapped,
        Err(OpenError::Mistakes(mistakes)) => panic!("{}", draw(engine.sources(), &mistakes, false)),
        Err(error @ OpenError::Input(_)) => panic!("{error}"),
    }
}

fn taken(engine: &mut Engine, mapped: &mut Mapped) -> Vec<Taken> {
    let mut reader: MappedReader = mapped.reader(engine);
    let mut all = Vec::new();
    while let Some(block) = mapped.next_block().unwrap() {
        let texts = engine.texts();
        Mapped::take(&mut reader, engine, &block, &mut |_, taken| all.push(taken));
        assert_eq!(engine.texts(), texts, "a text of a record is left");
    }
    all
}

/// Rows by their records, or their mistakes.
fn run(folder: &Folder) -> Vec<Taken> {
    let mut engine = engine();
    let mut mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
    taken(&mut engine, &mut mapped)
}

fn mistakes(taken: &Taken) -> Vec<String> {
    let refusals = taken.record.as_ref().err().map(Vec::as_slice).unwrap_or_default();
    refusals
        .iter()
        .map(|refusal| {
            format!(
                "line {} {}: {} {} ({})",
                refusal.line,
                refusal.column.as_deref().unwrap_or("-"),
                refusal.code,
                refusal.message,
                refusal.value.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn four_files_become_records() {
    let mut engine = engine();
    let mapping = root("examples/cohort/registry.yaml");
    let mut shown = String::new();
    for line in 2..=4 {
        let mut mapped = opened(&mut engine, &mapping, &root("examples/cohort/patients.csv"));
        let record = mapped.show(&mut engine, line).unwrap().unwrap();
        let _ = writeln!(shown, "{}---", record.unwrap_or_else(|refusals| format!("{refusals:#?}\n")));
    }
    insta::assert_snapshot!(shown);
}
