use super::{Case, Suite, compare, from_yaml};
use crate::diagnostics::{Diagnostic, Severity};
use crate::engine::{Engine, Options, ReadRecord};
use crate::record::Record;
use crate::threads::side_by_side;

/// How the worked patients of a guideline came out.
#[derive(Debug, Clone)]
pub struct Tested {
    /// `acr_eular_response`
    pub guideline: String,
    /// `2016.1.0`
    pub release: String,
    /// How many cases there are.
    pub cases: usize,
    /// How many of them are proposed, and not yet accepted.
    pub proposed: usize,
    /// How many came out otherwise than expected, or could not be read.
    pub otherwise: usize,
    /// The cases were not run, for the guideline or the dictionary has mistakes.
    pub not_run: bool,
    /// What is wrong, in the order of the files.
    pub mistakes: Vec<Diagnostic>,
}

/// Reads and evaluates the worked patients of every loaded guideline whose file is `wanted`, by its path in the
/// library.
pub fn run(engine: &mut Engine, wanted: impl Fn(&str) -> bool) -> Vec<Tested> {
    (0..engine.guidelines().len()).filter_map(|at| test_guideline(engine, at, &wanted)).collect()
}

/// Reads and evaluates all worked patients of one loaded guideline.
pub fn run_one(engine: &mut Engine, at: usize) -> Option<Tested> {
    test_guideline(engine, at, &|_| true)
}

/// Reads the worked patients of every loaded guideline without evaluating them: the mistakes in their files. Those of a
/// guideline with mistakes are not read, for what is wrong in them may be only its mistakes again.
pub fn check(engine: &mut Engine) -> Checked {
    let mut checked = Checked::default();
    for at in 0..engine.guidelines().len() {
        let mut patients = Vec::new();
        if is_sound(engine, at) {
            for suite in suites(engine, at, &|_| true) {
                checked.mistakes.extend(suite.mistakes);
                for case in suite.cases {
                    match engine.read_document(&case.record) {
                        Ok(record) => patients.push(record),
                        Err(mistakes) => checked.mistakes.extend(mistakes),
                    }
                }
            }
        }
        checked.patients.push(patients);
    }
    checked
}

/// The worked patients of every loaded guideline, read.
#[derive(Debug, Default)]
pub struct Checked {
    /// What is wrong in their files.
    pub mistakes: Vec<Diagnostic>,
    /// Their records, by the place of the guideline among those loaded.
    pub patients: Vec<Vec<Record>>,
}

/// Neither the files of a guideline nor the dictionary, which its cases are written with, have errors.
fn is_sound(engine: &Engine, at: usize) -> bool {
    let Some(loaded) = engine.guidelines().get(at) else { return false };
    let info = engine.sources().path(loaded.guideline.info.span.file);
    let mut folders = info.rsplitn(4, '/').skip(1);
    let (release, id, root) = (folders.next(), folders.next(), folders.next().map(|root| format!("{root}/")));
    let root = root.unwrap_or_default();
    let own = format!("{root}{}/{}/", id.unwrap_or_default(), release.unwrap_or_default());
    let dictionary = format!("{root}dictionary/");
    engine.diagnostics().iter().filter(|one| one.severity == Severity::Error).all(|one| {
        let path = one.span().map(|span| engine.sources().path(span.file)).unwrap_or_default();
        !path.starts_with(&own) && !path.starts_with(&dictionary)
    })
}

/// Reads the files of worked patients of a loaded guideline that are `wanted`, by their paths in the library.
pub fn suites(engine: &mut Engine, at: usize, wanted: &impl Fn(&str) -> bool) -> Vec<Suite> {
    let paths = engine.guidelines().get(at).map_or_else(Vec::new, |loaded| loaded.cases.clone());
    let mut suites = Vec::new();
    for path in paths.iter().filter(|path| wanted(path)) {
        let Some(file) = engine.add_file(path) else { continue };
        let Some(loaded) = engine.guidelines().get(at) else { continue };
        suites.push(from_yaml::read(engine.sources(), file, &loaded.guideline, engine.catalog()));
    }
    suites
}

fn test_guideline(engine: &mut Engine, at: usize, wanted: &impl Fn(&str) -> bool) -> Option<Tested> {
    let info = &engine.guidelines().get(at)?.guideline.info;
    let mut tested = Tested {
        guideline: info.id.value.clone(),
        release: info.release.value.to_string(),
        cases: 0,
        proposed: 0,
        otherwise: 0,
        not_run: false,
        mistakes: Vec::new(),
    };
    let is_asked = engine.guidelines().get(at).is_some_and(|loaded| loaded.cases.iter().any(|path| wanted(path)));
    if is_asked && !is_sound(engine, at) {
        return Some(Tested { not_run: true, ..tested });
    }
    for Suite { cases, unread, mistakes, .. } in suites(engine, at, wanted) {
        tested.mistakes.extend(mistakes);
        tested.cases += unread;
        tested.otherwise += unread;
        for (case, mistakes) in cases.iter().zip(test_cases(engine, at, &cases)) {
            tested.cases += 1;
            tested.proposed += usize::from(case.proposed);
            tested.otherwise += usize::from(!mistakes.is_empty() || !case.whole);
            tested.mistakes.extend(mistakes);
        }
    }
    tested.mistakes.sort_by_key(Diagnostic::span);
    Some(tested)
}

/// What of each case is not as expected.
fn test_cases(engine: &mut Engine, at: usize, cases: &[Case]) -> Vec<Vec<Diagnostic>> {
    let records: Vec<_> = cases.iter().map(|case| (case, engine.read_document(&case.record))).collect();
    let Some(loaded) = engine.guidelines().get(at) else { return Vec::new() };
    let test = |(): &mut (), (case, record): &(&Case, ReadRecord)| match record {
        Err(mistakes) => mistakes.clone(),
        Ok(record) => {
            let evaluated = engine.evaluate(loaded, record, Options::default());
            compare(case, engine.subject(loaded), &evaluated.evaluation, &evaluated.explanation)
        }
    };
    side_by_side(&records, || (), test)
}
