//! Everything that is shipped: no mistake, no warning, every worked patient as expected, and every trace as it was.

use std::fmt::Write as _;

use myoguide::cases;
use myoguide::diagnostics::draw::draw;
use myoguide::engine::{Engine, Options};
use myoguide::library::Library;
use myoguide::render::text::Look;
use myoguide::render::{json, text};

fn shipped() -> Engine {
    let mut engine = Engine::open(&Library::embedded());
    engine.load_everything();
    engine
}

#[test]
fn shipped_rules_have_no_mistake() {
    let mut engine = shipped();
    let mut found = engine.diagnostics().to_vec();
    found.extend(cases::check(&mut engine).mistakes);
    assert!(found.is_empty(), "{}", draw(engine.sources(), &found, false));
    assert!(!engine.guidelines().is_empty());
}

#[test]
fn shipped_cases_come_out_as_expected() {
    let mut engine = shipped();
    for tested in cases::run(&mut engine, |_| true) {
        assert!(tested.mistakes.is_empty(), "{}", draw(engine.sources(), &tested.mistakes, false));
        assert!(tested.cases > 0, "{} has no worked patient", tested.guideline);
    }
}

/// A hash says that something changed, and the rest of the line says what.
fn without_hashes(line: &str) -> String {
    let mut parts = line.split("sha256:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts
        .fold(first, |kept, part| format!("{kept}sha256:…{}", part.trim_start_matches(|c: char| c.is_ascii_hexdigit())))
}

/// A snapshot for each file of worked patients: the pages of the first two. The first patient of a file, or of the
/// guideline where that has ladders, comes with the whole trace, and as JSON too. More would not be read; what is
/// expected of the others stands in the file.
#[test]
fn traces_of_the_first_cases() {
    const PAGES: usize = 2;
    let mut engine = shipped();
    for at in 0..engine.guidelines().len() {
        for (number, path) in engine.guidelines()[at].cases.clone().into_iter().enumerate() {
            let file = engine.add_file(&path).unwrap_or_else(|| panic!("{path} is there"));
            let suite = cases::read(engine.sources(), file, &engine.guidelines()[at].guideline, engine.catalog());
            let (mut pages, mut lines) = (String::new(), String::new());
            for (place, case) in suite.cases.iter().take(PAGES).enumerate() {
                let record = engine.read_document(&case.record).unwrap_or_else(|_| panic!("{} reads", case.name.value));
                let evaluated = engine.evaluate(&engine.guidelines()[at], &record, Options::default());
                let treats = !evaluated.explanation.ladders.is_empty();
                let trace = place == 0 && (number == 0 || !treats);
                let page = text::render(std::slice::from_ref(&evaluated.explanation), Look { color: false, trace });
                let _ = write!(pages, "##### {}\n\n{page}\n", case.name.value);
                if trace {
                    let _ = writeln!(lines, "{}", without_hashes(&json::render(&evaluated.explanation, true)));
                }
            }
            let name = path.replace(".yaml", "").replace('/', "__");
            insta::with_settings!({
                snapshot_path => "corpus/traces",
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!(format!("{name}.text"), pages);
                if !lines.is_empty() {
                    insta::assert_snapshot!(format!("{name}.json"), lines);
                }
            });
        }
    }
}
