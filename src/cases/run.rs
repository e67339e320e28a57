use super::{Case, Suite, compare, from_yaml};
use crate::diagnostics::Diagnostic;
use crate::engine::{Engine, Options};

/// How the worked patients of a guideline came out.
#[derive(Debug, Clone)]
pub struct Tested {
    /// `acr_eular_response`
    pub guideline: String,
    /// `2016.1.0`
    pub release: String,
    /// How many cases there are.
    pub cases: usize,
    /// How many came out otherwise than expected, or could not be read.
    pub otherwise: usize,
    /// What is wrong, in the order of the files.
    pub mistakes: Vec<Diagnostic>,
}

/// Reads and evaluates the worked patients of every loaded guideline whose file is `wanted`, by its path in the
/// library.
pub fn run(engine: &mut Engine, wanted: impl Fn(&str) -> bool) -> Vec<Tested> {
    (0..engine.guidelines().len()).filter_map(|at| test_guideline(engine, at, &wanted)).collect()
}

/// Reads the worked patients of every loaded guideline without evaluating them: the mistakes in their files.
pub fn check(engine: &mut Engine) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for at in 0..engine.guidelines().len() {
        for suite in suites(engine, at, &|_| true) {
            found.extend(suite.mistakes);
            for case in suite.cases {
                found.extend(engine.read_document(&case.record).err().unwrap_or_default());
            }
        }
    }
    found
}

fn suites(engine: &mut Engine, at: usize, wanted: &impl Fn(&str) -> bool) -> Vec<Suite> {
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
        release: info.release.to_string(),
        cases: 0,
        otherwise: 0,
        mistakes: Vec::new(),
    };
    for Suite { cases, mistakes } in suites(engine, at, wanted) {
        tested.mistakes.extend(mistakes);
        for case in &cases {
            let mistakes = test_case(engine, at, case);
            tested.cases += 1;
            tested.otherwise += usize::from(!mistakes.is_empty());
            tested.mistakes.extend(mistakes);
        }
    }
    tested.mistakes.sort_by_key(Diagnostic::span);
    Some(tested)
}

fn test_case(engine: &mut Engine, at: usize, case: &Case) -> Vec<Diagnostic> {
    match engine.read_document(&case.record) {
        Err(mistakes) => mistakes,
        Ok(record) => engine.guidelines().get(at).map_or_else(Vec::new, |loaded| {
            let evaluated = engine.evaluate(loaded, &record, Options::default());
            compare(case, engine.subject(loaded), &evaluated.evaluation, &evaluated.explanation)
        }),
    }
}
