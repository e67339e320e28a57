//! The one door: rules in, guidelines ready, records in, explanations out.
//!
//! ```
//! use myoguide::engine::{Engine, Wanted};
//! use myoguide::library::Library;
//! let mut engine = Engine::open(&Library::embedded());
//! engine.load(&Wanted::named("acr_eular_response"));
//! assert!(engine.diagnostics().is_empty());
//! ```

mod chain;
mod codes;
mod draft;
mod hash;
mod in_force;
mod loading;
mod ready;
mod records;
mod uses;

pub use draft::{Changed, Draft};
pub use in_force::{Answering, Asked};
pub use loading::{Loaded, Wanted, WantedError};
pub use ready::Ready;
pub use records::{Evaluated, Options, ReadRecord, speaking};
pub use uses::BlockText;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::library::Library;
use crate::source::{FileId, SourceMap};

/// Everything one run holds: texts, catalog, guidelines, mistakes. A clone shares all that was read.
#[derive(Debug, Clone)]
pub struct Engine {
    sources: SourceMap,
    library: Arc<Library>,
    catalog: Arc<Catalog>,
    guidelines: Arc<Vec<Loaded>>,
    diagnostics: Vec<Diagnostic>,
    /// The files that were read, by their paths in the library: a guideline that several use is read once.
    files: BTreeMap<String, FileId>,
}

impl Engine {
    /// Opens a set of rules: every name is known, nothing else is read yet.
    pub fn open(library: &Library) -> Self {
        let mut sources = SourceMap::default();
        let (catalog, diagnostics) = Catalog::open(library, &mut sources);
        Engine {
            sources,
            library: Arc::new(library.clone()),
            catalog: Arc::new(catalog),
            guidelines: Arc::default(),
            diagnostics,
            files: BTreeMap::new(),
        }
    }

    /// The texts that were read.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// The dictionary, the evidence.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The guidelines that were loaded, in the order of their names and releases.
    pub fn guidelines(&self) -> &[Loaded] {
        &self.guidelines
    }

    /// Every mistake found so far, in the order of files and lines.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Some mistake is an error: nothing must be evaluated.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Takes a mistake in, once.
    fn tell(&mut self, mistake: Diagnostic) {
        if !self.diagnostics.contains(&mistake) {
            self.diagnostics.push(mistake);
        }
    }

    fn tell_all(&mut self, mistakes: Vec<Diagnostic>) {
        for mistake in mistakes {
            self.tell(mistake);
        }
    }

    /// A file of the library, read once.
    fn file(&mut self, path: &str) -> Option<FileId> {
        if let Some(known) = self.files.get(path) {
            return Some(*known);
        }
        let file = self.library.add_to(&mut self.sources, path)?;
        self.files.insert(path.to_owned(), file);
        Some(file)
    }

    /// Every kind of mistake that this room and those below it report, for `explain CODE`.
    pub fn codes() -> Vec<&'static Code> {
        [
            crate::yaml::CODES,
            crate::catalog::CODES,
            crate::syntax::CODES,
            crate::release::CODES,
            crate::model::from_syntax::CODES,
            crate::analysis::CODES,
            crate::record::CODES,
            codes::CODES,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
