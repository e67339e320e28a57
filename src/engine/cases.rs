use super::{Engine, Options};
use crate::cases::{self, Case, Suite};
use crate::diagnostics::Diagnostic;

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

impl Engine {
    /// Reads and evaluates the worked patients of every loaded guideline whose file is `wanted`, by its path in the
    /// library.
    pub fn test(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<Tested> {
        (0..self.guidelines.len()).filter_map(|at| self.test_guideline(at, &wanted)).collect()
    }

    fn test_guideline(&mut self, at: usize, wanted: &impl Fn(&str) -> bool) -> Option<Tested> {
        let loaded = self.guidelines.get(at)?;
        let info = &loaded.guideline.info;
        let mut tested = Tested {
            guideline: info.id.value.clone(),
            release: info.release.to_string(),
            cases: 0,
            otherwise: 0,
            mistakes: Vec::new(),
        };
        let paths: Vec<String> = loaded.cases.iter().filter(|path| wanted(path)).cloned().collect();
        for path in paths {
            let Some(file) = self.library.add_to(&mut self.sources, &path) else { continue };
            let loaded = self.guidelines.get(at)?;
            let Suite { cases, mistakes } = cases::read(&self.sources, file, &loaded.guideline, &self.catalog);
            tested.mistakes.extend(mistakes);
            for case in &cases {
                let mistakes = self.test_case(at, case);
                tested.cases += 1;
                tested.otherwise += usize::from(!mistakes.is_empty());
                tested.mistakes.extend(mistakes);
            }
        }
        Some(tested)
    }

    fn test_case(&mut self, at: usize, case: &Case) -> Vec<Diagnostic> {
        let mut mistakes = self.catalog.load_facts(&self.sources, case.record.names());
        let Some(loaded) = self.guidelines.get(at) else { return mistakes };
        match case.record.read(&self.sources, &self.catalog) {
            Err(wrong) => mistakes.extend(wrong),
            Ok(record) => {
                let evaluated = self.evaluate(loaded, &record, Options::default());
                let subject = self.subject(loaded);
                mistakes.extend(cases::compare(case, subject, &evaluated.evaluation, &evaluated.explanation));
            }
        }
        mistakes
    }

    /// Reads the worked patients of every loaded guideline without evaluating them: their mistakes join the others.
    pub(super) fn check_cases(&mut self) {
        for at in 0..self.guidelines.len() {
            let paths = self.guidelines.get(at).map_or_else(Vec::new, |loaded| loaded.cases.clone());
            for path in paths {
                let Some(file) = self.library.add_to(&mut self.sources, &path) else { continue };
                let Some(loaded) = self.guidelines.get(at) else { continue };
                let Suite { cases, mistakes } = cases::read(&self.sources, file, &loaded.guideline, &self.catalog);
                self.diagnostics.extend(mistakes);
                for case in cases {
                    let mistakes = self.catalog.load_facts(&self.sources, case.record.names());
                    self.diagnostics.extend(mistakes);
                    self.diagnostics.extend(case.record.read(&self.sources, &self.catalog).err().unwrap_or_default());
                }
            }
        }
    }
}
