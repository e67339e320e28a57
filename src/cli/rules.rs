use std::path::{Path, PathBuf};

use super::output::Stop;
use crate::diagnostics::Diagnostic;
use crate::library::Library;
use crate::source::SourceMap;

/// The folder that every set of rules has.
const DICTIONARY: &str = "dictionary";

/// A set of rules, or a part of it, as named on the command line.
pub(super) struct Asked {
    /// The whole set: a part makes sense only with the dictionary.
    pub(super) library: Library,
    /// The part that was named, as a path of the library; empty for all of it.
    part: String,
    /// It is a folder, not the rules shipped in the program.
    is_folder: bool,
}

/// The sets named, by their path or as `--rules`; the one shipped where none is.
pub(super) fn asked(paths: &[PathBuf], rules: Option<&PathBuf>) -> Result<Vec<Asked>, Stop> {
    let mut named = rules.into_iter().chain(paths).peekable();
    if named.peek().is_none() {
        return Ok(vec![Asked { library: Library::embedded(), part: String::new(), is_folder: false }]);
    }
    named.map(|path| one(path)).collect()
}

fn one(path: &Path) -> Result<Asked, Stop> {
    let refused = |text: String| Stop::Refused(text);
    let name = path.display();
    if !path.exists() {
        return Err(refused(format!("`{name}` does not exist")));
    }
    let whole = path.canonicalize().map_err(|error| refused(format!("`{name}` cannot be read: {error}")))?;
    let home = [path, &whole].into_iter().find_map(|path| {
        let home =
            path.ancestors().find(|folder| !folder.as_os_str().is_empty() && folder.join(DICTIONARY).is_dir())?;
        Some((home, path.strip_prefix(home).ok()?))
    });
    let Some((home, part)) = home else {
        return Err(refused(format!(
            "`{name}` is no folder of rules, nor in one: such a folder holds `{DICTIONARY}`, `evidence` and a folder for \
             each guideline"
        )));
    };
    let library = Library::open(home).map_err(|error| refused(error.to_string()))?;
    Ok(Asked { library, part: part.to_string_lossy().replace('\\', "/"), is_folder: true })
}

impl Asked {
    /// A path of the library belongs to what was named.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.part.is_empty()
            || path.strip_prefix(&self.part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Nothing but a part of the set was named.
    pub(super) fn is_part(&self) -> bool {
        !self.part.is_empty()
    }

    /// It is a folder, and not the rules shipped in the program.
    pub(super) fn is_folder(&self) -> bool {
        self.is_folder
    }

    /// The diagnostics whose place belongs to what was named.
    pub(super) fn own(&self, sources: &SourceMap, diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
        let shown = self.library.shown(&self.part);
        let is_own = |path: &str| {
            !self.is_part() || path.strip_prefix(&shown).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.span().is_none_or(|span| is_own(sources.path(span.file))))
            .cloned()
            .collect()
    }
}
