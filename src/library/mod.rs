//! The rules as a set of files: those shipped in the program, or a folder of the user's.
//!
//! Paths are relative to the folder of rules and use `/`: `dictionary/core_set.yaml`,
//! `acr_eular_response/2016.1.0/response.rules`. Only `.yaml` and `.rules` files
//! and `releases.lock` belong to it.
//!
//! ```
//! use myoguide::library::Library;
//! let library = Library::embedded();
//! assert!(library.get("dictionary/core_set.yaml").is_some());
//! ```

mod embedded;
mod folder;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::source::{FileId, SourceMap};

/// How many bytes one file may have.
pub const FILE_LIMIT: u64 = 16 * 1024 * 1024;
/// How many files a folder of rules may have.
pub const FILES_LIMIT: usize = 10_000;

/// Begins the paths of a hospital's own sheets.
const SHEET: char = '@';
/// The hashes of the releases, beside their folders.
const LOCK: &str = "releases.lock";

/// Folders that hold no guideline.
const SHELVES: [&str; 3] = ["dictionary", "formulary", "evidence"];

/// The files of a folder of rules, in the order of their paths.
#[derive(Debug, Clone)]
pub struct Library {
    /// What stands before each path where a person looks for the file.
    shown_under: PathBuf,
    files: BTreeMap<String, Cow<'static, str>>,
    /// The folders of a hospital's own sheets; the files of the first stand under `@0/`.
    sheets: Vec<PathBuf>,
}

/// The folder of one release of a guideline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuidelineFolder<'a> {
    /// The name of its folder: `acr_eular_response`.
    pub id: &'a str,
    /// The name of the folder inside it: `2016.1.0`.
    pub release: &'a str,
    /// The path of `guideline.yaml`, if it has one.
    pub info: Option<&'a str>,
    /// The paths of its `.rules`.
    pub rules: Vec<&'a str>,
    /// The paths of its worked patients.
    pub cases: Vec<&'a str>,
}

/// A hospital's own sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFolder<'a> {
    /// The path of `guideline.yaml`, if it has one.
    pub info: Option<&'a str>,
    /// The paths of its `.rules`.
    pub rules: Vec<&'a str>,
}

/// Why a folder of rules could not be read.
#[derive(Debug, Error)]
pub enum LibraryError {
    /// There is no such folder.
    #[error("`{}` does not exist", .path.display())]
    NotFound {
        /// The folder.
        path: PathBuf,
    },
    /// It is a file.
    #[error("`{}` is not a folder; give the folder that holds `dictionary` and the guidelines", .path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("`{}` cannot be read: {error}", .path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// A file that is not text.
    #[error("`{}` is not UTF-8 text: byte {offset} begins no character; save it as UTF-8", .path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// The first byte that is none of UTF-8, from 0.
        offset: usize,
    },
    /// A file above [`FILE_LIMIT`].
    #[error("`{}` has {size} bytes; a file of rules has at most {FILE_LIMIT}", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: u64,
    },
    /// More files than [`FILES_LIMIT`], or folders too deep.
    #[error("`{}` holds too much for a folder of rules: at most {FILES_LIMIT} files, folders at most 8 deep", .path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
    },
    /// A link to a place outside the folder.
    #[error("`{}` is a link that leads out of the folder of rules; put the file itself there", .path.display())]
    LinkLeadsOut {
        /// The link.
        path: PathBuf,
    },
    /// A file that was surely meant and would be passed over.
    #[error("`{}` ends in `.yml`; rename it to `.yaml`, the only ending that is read", .path.display())]
    OtherEnding {
        /// The file.
        path: PathBuf,
    },
    /// A name that is not text.
    #[error("the name of `{}` is not UTF-8 text; rename it", .path.display())]
    OddName {
        /// The file or folder.
        path: PathBuf,
    },
}

impl Library {
    /// The rules shipped in the program.
    pub fn embedded() -> Self {
        Library { shown_under: PathBuf::from("rules"), files: embedded::files(), sheets: Vec::new() }
    }

    /// The rules of a folder.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, LibraryError> {
        let folder = folder.as_ref();
        Ok(Library { shown_under: folder.to_owned(), files: folder::read(folder)?, sheets: Vec::new() })
    }

    /// Adds a hospital's own sheet: a folder with `guideline.yaml` and rules, which builds on a release.
    pub fn add_sheet(&mut self, folder: impl AsRef<Path>) -> Result<(), LibraryError> {
        let folder = folder.as_ref();
        let at = self.sheets.len();
        let files = folder::read(folder)?;
        self.files.extend(files.into_iter().map(|(path, text)| (format!("{SHEET}{at}/{path}"), text)));
        self.sheets.push(folder.to_owned());
        Ok(())
    }

    /// The files of the hospital's own sheets, in the order in which they were added.
    pub fn sheets(&self) -> Vec<SheetFolder<'_>> {
        let sheet = |at| {
            let folder = format!("{SHEET}{at}");
            let rules = self.paths_under(&folder).filter(|path| has_ending(path, "rules")).collect();
            let info = self.paths_under(&folder).find(|path| path.ends_with("/guideline.yaml"));
            SheetFolder { info, rules }
        };
        (0..self.sheets.len()).map(sheet).collect()
    }

    /// A library of texts at hand, for tests and editors.
    pub fn of_texts<P: Into<String>, T: Into<String>>(texts: impl IntoIterator<Item = (P, T)>) -> Self {
        let files = texts.into_iter().map(|(path, text)| (path.into(), without_mark(text.into().into()))).collect();
        Library { shown_under: PathBuf::from("rules"), files, sheets: Vec::new() }
    }

    /// Every path with its text, in the order of the paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_ref()))
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(AsRef::as_ref)
    }

    /// The hashes of the releases, as they were written down.
    pub fn lock(&self) -> Option<&str> {
        self.get(LOCK)
    }

    /// The same with these hashes of the releases.
    #[must_use]
    pub fn with_lock(&self, text: String) -> Self {
        let mut library = self.clone();
        library.files.insert(LOCK.to_owned(), text.into());
        library
    }

    /// Where the hashes of the releases are written down; nowhere for rules shipped in the program.
    pub fn lock_path(&self) -> PathBuf {
        self.shown_under.join(LOCK)
    }

    /// The paths of the files in a folder and the folders in it.
    pub fn paths_under<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let prefix = format!("{folder}/");
        let from = self.files.range(prefix.clone()..);
        from.map(|(path, _)| path.as_str()).take_while(move |path| path.starts_with(&prefix))
    }

    /// The paths of the `.yaml` files in a folder and the folders in it.
    pub fn yaml_under<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.paths_under(folder).filter(|path| has_ending(path, "yaml"))
    }

    /// The path a person opens.
    pub fn shown(&self, path: &str) -> String {
        let sheet = path.strip_prefix(SHEET).and_then(|rest| rest.split_once('/'));
        let sheet = sheet.and_then(|(at, rest)| Some(self.sheets.get(at.parse::<usize>().ok()?)?.join(rest)));
        sheet.unwrap_or_else(|| self.shown_under.join(path)).display().to_string()
    }

    /// Hands the text of a file to the sources of a run.
    pub fn add_to(&self, sources: &mut SourceMap, path: &str) -> Option<FileId> {
        let text = self.get(path)?;
        Some(sources.add(self.shown(path), text))
    }

    /// The files that belong to no shelf and to no release of a guideline, and so are not read.
    pub fn strays(&self) -> impl Iterator<Item = &str> {
        let known = |path: &&str| {
            let mut parts = path.splitn(3, '/');
            let (first, _, inside) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
            match inside {
                _ if SHELVES.contains(&first) => has_ending(path, "yaml"),
                Some(inside) => inside == "guideline.yaml" || has_ending(path, "rules") || inside.starts_with("cases/"),
                None => false,
            }
        };
        let own = self.files.keys().map(String::as_str).filter(|path| !path.starts_with(SHEET) && *path != LOCK);
        own.filter(move |path| !known(path))
    }

    /// The releases of all guidelines, by name, then by the numbers of the release.
    pub fn guidelines(&self) -> Vec<GuidelineFolder<'_>> {
        let mut found: Vec<GuidelineFolder<'_>> = Vec::new();
        for path in self.files.keys() {
            let mut parts = path.splitn(3, '/');
            let (Some(id), Some(release), Some(inside)) = (parts.next(), parts.next(), parts.next()) else { continue };
            if SHELVES.contains(&id) || id.starts_with(SHEET) {
                continue;
            }
            if found.last().is_none_or(|last| (last.id, last.release) != (id, release)) {
                found.push(GuidelineFolder { id, release, info: None, rules: Vec::new(), cases: Vec::new() });
            }
            let Some(folder) = found.last_mut() else { continue };
            if inside == "guideline.yaml" {
                folder.info = Some(path);
            } else if has_ending(path, "rules") {
                folder.rules.push(path);
            } else if inside.starts_with("cases/") {
                folder.cases.push(path);
            }
        }
        found.sort_by_key(|folder| (folder.id, numbers(folder.release)));
        found
    }
}

/// The numbers of a release, for its place in the order; a name that has none comes first.
fn numbers(release: &str) -> Vec<u32> {
    release.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

/// The text without the byte order mark that some editors put first.
fn without_mark(text: Cow<'static, str>) -> Cow<'static, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
    }
}
