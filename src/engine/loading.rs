use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::chain::Chained;
use super::uses::{self, BlockText};
use super::{Engine, codes, hash};
use crate::catalog::{Catalog, GuidelineInfo, TreatmentId, read_guideline_info};
use crate::diagnostics::{Diagnostic, Severity, suggest};
use crate::eval::course;
use crate::library::SheetFolder;
use crate::model::{self, Guideline};
use crate::plan::from_model::{self, Lowered};
use crate::release::{self, Lock, Withdrawn, begins_with};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{self, Module};
use crate::threads::side_by_side_with;

/// A guideline of which nothing is an error.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What it means.
    pub guideline: Guideline,
    /// The program.
    pub lowered: Lowered,
    /// SHA-256 of its normal form, in hexadecimal.
    pub hash: String,
    /// The paths of its cases in the library.
    pub cases: Vec<String>,
    /// Its blocks as they are written: its own, then those of the guidelines it uses.
    pub texts: Vec<BlockText>,
}

/// Which guidelines are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The newest release of each.
    Newest,
    /// Every release of each.
    Every,
    /// These: `acr_eular_response`, `acr_eular_response@2016.1`.
    Named(Vec<String>),
}

impl Wanted {
    /// One guideline by name.
    pub fn named(name: &str) -> Self {
        Wanted::Named(vec![name.to_owned()])
    }
}

/// Why a guideline that was asked for by name is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WantedError {
    /// No guideline has that name.
    #[error("there is no guideline `{name}`{}", .near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// It has no such release.
    #[error("`{name}` has no release `{release}`; it has {}", .releases.join(", "))]
    NoRelease {
        /// The guideline.
        name: String,
        /// What was asked for.
        release: String,
        /// What there is.
        releases: Vec<String>,
    },
}

/// The files of one release, as paths of the library.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) id: String,
    pub(super) release: String,
    pub(super) info: Option<String>,
    pub(super) rules: Vec<String>,
    cases: Vec<String>,
}

/// A release laid flat, before its names mean anything.
pub(super) struct Laid {
    pub(super) info: GuidelineInfo,
    pub(super) module: Module,
    /// Of each block of the module the guideline and the release it comes from.
    pub(super) from: Vec<String>,
    texts: Vec<BlockText>,
    /// The names of the blocks of sheets.
    of_sheets: BTreeSet<String>,
    withdrawn: Vec<Withdrawn>,
    /// Nothing of what the releases say of themselves is a mistake.
    whole: bool,
    files: Vec<FileId>,
}

impl Engine {
    /// Reads the guidelines that are wanted, and of the catalog what they reach. Mistakes are collected.
    pub fn load(&mut self, wanted: &Wanted) -> Result<(), WantedError> {
        for folder in self.folders(wanted)? {
            self.load_folder(&folder);
        }
        Ok(())
    }

    /// Reads everything there is: every release, every fact, every treatment, every source. Mistakes stand in the order of files and
    /// lines.
    pub fn load_everything(&mut self) {
        self.load_formulary();
        for folder in self.folders(&Wanted::Every).unwrap_or_default() {
            self.load_folder(&folder);
        }
        self.load_dictionary();
        self.check_lock();
        let strays: Vec<String> = self.library.strays().map(str::to_owned).collect();
        for path in strays {
            if let Some(file) = self.file(&path) {
                self.tell(codes::stray(&path, self.sources.span(file, 0, 0)));
            }
        }
        self.diagnostics.sort_by_key(Diagnostic::span);
    }

    /// Holds the releases that are loaded against the hashes that were written down, where there are any.
    fn check_lock(&mut self) {
        let Some(lock) = self.library.lock().filter(|_| self.library.sheets().is_empty()).map(Lock::read) else {
            return;
        };
        let moved =
            self.guidelines.iter().filter_map(|loaded| lock.check(&loaded.guideline.info, &loaded.hash)).collect();
        self.tell_all(moved);
    }

    /// `releases.lock` as it is to be: the hashes of the releases that are loaded.
    pub fn renewed_lock(&self) -> String {
        let lock = self.library.lock().map(Lock::read).unwrap_or_default();
        lock.renewed(self.guidelines.iter().map(|loaded| (&loaded.guideline.info, loaded.hash.as_str())))
    }

    /// Reads every fact, every treatment and every source.
    pub fn load_dictionary(&mut self) {
        let mistakes = Arc::make_mut(&mut self.catalog).load_all(&self.sources);
        self.diagnostics.extend(mistakes);
    }

    /// The treatment of a name that a record might use; else the name that was meant, where one is near.
    pub fn treatment(&mut self, name: &str) -> Result<TreatmentId, Option<String>> {
        self.load_formulary();
        let found = self.catalog.preparation(name).map(|(treatment, _)| treatment);
        found.ok_or_else(|| self.catalog.nearest_treatment(name).map(str::to_owned))
    }

    /// Reads the formulary, once: rules and records that name no treatment do without.
    pub(super) fn load_formulary(&mut self) {
        let mistakes = Arc::make_mut(&mut self.catalog).load_formulary(&self.sources);
        self.diagnostics.extend(mistakes);
    }

    /// Every release of every guideline.
    pub(super) fn all_folders(&self) -> Vec<Folder> {
        let own = |path: &&str| (*path).to_owned();
        self.library
            .guidelines()
            .iter()
            .map(|folder| Folder {
                id: folder.id.to_owned(),
                release: folder.release.to_owned(),
                info: folder.info.map(str::to_owned),
                rules: folder.rules.iter().map(own).collect(),
                cases: folder.cases.iter().map(own).collect(),
            })
            .collect()
    }

    fn folders(&self, wanted: &Wanted) -> Result<Vec<Folder>, WantedError> {
        let all = self.all_folders();
        match wanted {
            Wanted::Every => Ok(all),
            Wanted::Newest => Ok(newest(all)),
            Wanted::Named(names) => {
                let mut chosen: Vec<Folder> = Vec::new();
                for name in names {
                    let folder = named(&all, name)?;
                    if chosen.iter().all(|other| (&other.id, &other.release) != (&folder.id, &folder.release)) {
                        chosen.push(folder);
                    }
                }
                Ok(chosen)
            }
        }
    }

    /// Loads a release, flat; one that is loaded is not loaded again.
    pub(super) fn load_folder(&mut self, folder: &Folder) {
        if self.loaded(folder).is_some() {
            return;
        }
        let mut mistakes = Vec::new();
        let Some(laid) = self.lay_flat(folder, &mut mistakes) else {
            // Every name of what is not there would be told to be unknown.
            self.tell_all(mistakes);
            return;
        };
        let Laid { info, module, texts, of_sheets, withdrawn, whole, files, .. } = laid;
        let told: Vec<Span> =
            mistakes.iter().filter(|mistake| is_error(mistake)).filter_map(Diagnostic::span).collect();
        let modules = std::slice::from_ref(&module);
        let (mut guideline, found) = model::from_syntax::resolve(&self.sources, modules, &told, &info, &self.catalog);
        guideline.local = of_sheets;
        let found = self.in_the_chain(found, &withdrawn, &module, &info, &files);
        mistakes.extend(found);
        // A block is left out without a word of its own where the dictionary is at fault.
        let broken = !whole || guideline.blocks.len() < module.blocks.len() || mistakes.iter().any(is_error);
        mistakes.sort_by_key(Diagnostic::span);
        self.tell_all(mistakes);
        if !broken {
            let (sources, catalog) = (&self.sources, &self.catalog);
            let hash = hash::of(&hash::said(sources, &guideline, &module), &hash::reached(catalog, &guideline));
            let lowered = from_model::lower(&guideline, catalog);
            let loaded = Loaded { guideline, lowered, hash, cases: folder.cases.clone(), texts };
            Arc::make_mut(&mut self.guidelines).push(loaded);
        }
    }

    /// The blocks of a release, with those it takes over, uses and is given by sheets; nothing where some of that is not
    /// there.
    pub(super) fn lay_flat(&mut self, folder: &Folder, mistakes: &mut Vec<Diagnostic>) -> Option<Laid> {
        let own = self.flat(folder, mistakes);
        let used = own.as_ref().and_then(|own| self.used_by(&own.flat.info, mistakes));
        let Chained { flat: own, whole, files } = own?;
        let used = used?;
        let mut info = own.info;
        for used in &used {
            mistakes.extend(uses::add_local_choices(&mut info.local_choices, used, &self.sources));
        }
        let (blocks, of_sheets) = self.with_sheets(&mut info, own.blocks, mistakes);
        let texts = blocks.iter().chain(used.iter().flat_map(|used| &used.blocks)).map(uses::text).collect();
        let comments = used.iter().flat_map(|used| &used.comments).chain(&own.comments).cloned().collect();
        let blocks = used.into_iter().flat_map(|used| used.blocks).chain(blocks);
        let (blocks, from) = blocks.map(|flat| (flat.block, flat.from)).unzip();
        let module = Module { blocks, comments, ..Module::default() };
        Some(Laid { info, module, from, texts, of_sheets, withdrawn: own.withdrawn, whole, files })
    }

    /// The place of a release that is loaded.
    pub(super) fn loaded(&self, folder: &Folder) -> Option<usize> {
        self.guidelines.iter().position(|loaded| {
            let info = &loaded.guideline.info;
            info.id.value == folder.id && info.release.value.to_string() == folder.release
        })
    }

    /// Parses the rules of a release, and reads what their words reach of the catalog.
    pub(super) fn read_rules(&mut self, folder: &Folder, mistakes: &mut Vec<Diagnostic>) -> Vec<Module> {
        let files: Vec<FileId> = folder.rules.iter().filter_map(|path| self.file(path)).collect();
        let Engine { sources, catalog, .. } = self;
        let catalog = Arc::make_mut(catalog);
        // The longest first, so that no thread waits long for another.
        let mut pieces: Vec<(usize, FileId)> = files.iter().copied().enumerate().collect();
        pieces.sort_by_key(|(_, file)| Reverse(sources.text(*file).len()));
        let parse = |(at, file): &(usize, FileId)| (*at, syntax::parse(sources, *file));
        let (found, mut parsed) = side_by_side_with(|| load_named(catalog, sources, &files), &pieces, parse);
        parsed.sort_by_key(|(at, _)| *at);
        self.diagnostics.extend(found);
        let told = parsed.into_iter().map(|(_, parsed)| {
            mistakes.extend(parsed.diagnostics);
            parsed.module
        });
        told.collect()
    }

    /// The folders of a hospital's own sheets.
    pub(super) fn sheet_folders(&self) -> Vec<Folder> {
        let own = |path: &str| path.to_owned();
        let sheets = self.library.sheets();
        let sheet = |sheet: &SheetFolder<'_>| Folder {
            id: String::new(),
            release: String::new(),
            info: sheet.info.map(own),
            rules: sheet.rules.iter().copied().map(own).collect(),
            cases: Vec::new(),
        };
        sheets.iter().map(sheet).collect()
    }

    /// What a release says of itself, and whether it does so without a mistake.
    pub(super) fn read_info(&mut self, folder: &Folder) -> Option<(GuidelineInfo, bool)> {
        let Some(path) = &folder.info else {
            let first = folder.rules.first().or(folder.cases.first()).cloned()?;
            let file = self.file(&first)?;
            let span = self.sources.span(file, 0, 0);
            self.tell(codes::no_info(&folder.id, &folder.release, span));
            return None;
        };
        let file = self.file(path)?;
        let (info, mut mistakes) = read_guideline_info(&self.sources, file);
        let elsewhere =
            |info: &&GuidelineInfo| info.id.value != folder.id || info.release.value.to_string() != folder.release;
        let is_sheet = folder.id.is_empty();
        let elsewhere = info.as_ref().filter(|_| !is_sheet).filter(elsewhere);
        mistakes.extend(elsewhere.map(|info| codes::other_folder(info, &folder.id, &folder.release)));
        mistakes.extend(info.as_ref().and_then(|info| release::misplaced_sheet(info, is_sheet)));
        let whole = !mistakes.iter().any(is_error);
        self.tell_all(mistakes);
        info.map(|info| (info, whole))
    }
}

pub(super) fn is_error(mistake: &Diagnostic) -> bool {
    mistake.severity == Severity::Error
}

fn newest(folders: Vec<Folder>) -> Vec<Folder> {
    let mut chosen: Vec<Folder> = Vec::new();
    for folder in folders {
        match chosen.last_mut().filter(|last| last.id == folder.id) {
            Some(last) => *last = folder,
            None => chosen.push(folder),
        }
    }
    chosen
}

/// The newest release of a name, or the newest that begins with the numbers after `@`.
pub(super) fn named(all: &[Folder], wanted: &str) -> Result<Folder, WantedError> {
    let (name, release) = wanted.split_once('@').map_or((wanted, None), |(name, release)| (name, Some(release)));
    let own: Vec<&Folder> = all.iter().filter(|folder| folder.id == name).collect();
    if own.is_empty() {
        let near = suggest::nearest(name, all.iter().map(|folder| folder.id.as_str())).map(str::to_owned);
        return Err(WantedError::Unknown { name: name.to_owned(), near });
    }
    let fits = |folder: &&&Folder| release.is_none_or(|release| begins_with(&folder.release, release));
    let found = own.iter().rfind(fits).ok_or_else(|| WantedError::NoRelease {
        name: name.to_owned(),
        release: release.unwrap_or_default().to_owned(),
        releases: own.iter().map(|folder| folder.release.clone()).collect(),
    })?;
    Ok((*found).clone())
}

/// Reads what the words of some files reach of the catalog.
fn load_named(catalog: &mut Catalog, sources: &SourceMap, files: &[FileId]) -> Vec<Diagnostic> {
    let words = words(files.iter().map(|file| sources.text(*file)));
    let mut found = Vec::new();
    if words.iter().any(|word| catalog.find_treatment(word).is_some() || catalog.is_class(word)) {
        found.extend(catalog.load_formulary(sources));
        // Doses by weight and by body surface read them.
        found.extend(catalog.load_facts(sources, course::BODY));
    }
    found.extend(catalog.load_facts(sources, words.iter().copied()));
    found.extend(catalog.load_evidence(sources, words.iter().copied()));
    found
}

/// Every word of some texts that could be a name, each once and in order.
fn words<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let words = texts.flat_map(|text| text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_'));
    let names: HashSet<&str> =
        words.filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic())).collect();
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names
}
