//! Which release of a guideline answers: the one that was asked for, or the one in force on a day.

use super::Engine;
use super::loading::{Folder, WantedError, named};
use crate::catalog::{GuidelineInfo, Status};
use crate::value::Date;

/// A guideline that is asked, by name.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its releases, by their numbers.
    pub(super) releases: Vec<Folder>,
    /// One of them was named: its rules answer whatever the day.
    pub(super) named: bool,
}

/// What answers on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// A release, by its place among those loaded.
    Release(usize),
    /// None is in force yet: the first, and its first day.
    NotYet(usize, Date),
}

impl Answering {
    /// The release that answers, or that is first to.
    pub fn release(self) -> usize {
        match self {
            Answering::Release(at) | Answering::NotYet(at, _) => at,
        }
    }
}

/// A release and when it comes into force.
pub(super) struct Dated {
    pub(super) from: Option<Date>,
    pub(super) folder: Folder,
}

impl Engine {
    /// The guidelines of these names, `acr_eular_response` or `acr_eular_response@2016.1`; without a name all there are.
    pub fn ask(&self, names: &[String]) -> Result<Vec<Asked>, WantedError> {
        let all = self.all_folders();
        if names.is_empty() {
            let mut asked: Vec<Asked> = Vec::new();
            for folder in all {
                let last = asked.last_mut().filter(|last| last.releases.last().is_some_and(|one| one.id == folder.id));
                match last {
                    Some(last) => last.releases.push(folder),
                    None => asked.push(Asked { releases: vec![folder], named: false }),
                }
            }
            return Ok(asked);
        }
        let mut asked: Vec<Asked> = Vec::new();
        for name in names {
            let found = named(&all, name)?;
            let is_release = name.contains('@');
            let own = |folder: &&Folder| folder.id == found.id && (!is_release || folder.release == found.release);
            let releases: Vec<Folder> = all.iter().filter(own).cloned().collect();
            let key =
                |one: &Asked| one.releases.last().map(|folder| (folder.id.clone(), folder.release.clone(), one.named));
            let one = Asked { releases, named: is_release };
            if asked.iter().all(|other| key(other) != key(&one)) {
                asked.push(one);
            }
        }
        Ok(asked)
    }

    /// The release that answers on a day, loaded; nothing where its rules have mistakes.
    ///
    /// In force is the newest release whose first day is not later. Where a release is in use, or was, the drafts are
    /// passed over.
    pub fn answering(&mut self, asked: &Asked, day: Date) -> Option<Answering> {
        if asked.named {
            let folder = asked.releases.last()?;
            return self.load_one(folder).map(Answering::Release);
        }
        let dated = self.dated(&asked.releases);
        let found = in_force(dated.iter().map(|one| one.from), day).and_then(|at| dated.get(at));
        if let Some(one) = found {
            return self.load_one(&one.folder).map(Answering::Release);
        }
        let first = dated.first()?;
        let at = self.load_one(&first.folder)?;
        Some(Answering::NotYet(at, first.from?))
    }

    /// The releases that can come into force, by their first days.
    pub(super) fn dated(&mut self, releases: &[Folder]) -> Vec<Dated> {
        if let [only] = releases {
            let at = self.load_one(only);
            let from = at.and_then(|at| self.guidelines.get(at)).and_then(|loaded| first_day(&loaded.guideline.info));
            return vec![Dated { from, folder: only.clone() }];
        }
        let mut all: Vec<(GuidelineInfo, Folder)> = Vec::new();
        for folder in releases {
            all.extend(self.read_info(folder).map(|(info, _)| (info, folder.clone())));
        }
        let used = all.iter().any(|(info, _)| info.status != Status::Draft);
        all.retain(|(info, _)| !used || info.status != Status::Draft);
        all.sort_by_key(|(info, _)| (first_day(info), info.release.value));
        all.into_iter().map(|(info, folder)| Dated { from: first_day(&info), folder }).collect()
    }

    /// The place of a release among those loaded.
    pub(super) fn load_one(&mut self, folder: &Folder) -> Option<usize> {
        self.load_folder(folder);
        self.loaded(folder)
    }
}

/// Of releases by their first days, the place of the newest whose first day is not later than a day.
pub(super) fn in_force(
    first_days: impl DoubleEndedIterator<Item = Option<Date>> + ExactSizeIterator,
    day: Date,
) -> Option<usize> {
    let mut days = first_days;
    days.rposition(|from| from.is_none_or(|from| from <= day))
}

fn first_day(info: &GuidelineInfo) -> Option<Date> {
    info.effective_from.as_ref().map(|day| day.value)
}
