use super::in_force::{Answering, in_force};
use super::{Asked, Engine};
use crate::value::Date;

/// A guideline that is asked, with every release that may answer loaded: nothing is read any more.
#[derive(Debug, Clone)]
pub struct Ready {
    /// As it was asked for: `acr_eular_response`, or with a release `acr_eular_response@2016.1.0`.
    pub name: String,
    /// A release was named: it answers whatever the day.
    named: bool,
    /// The first day of each release that may answer and its place among those loaded, by their first days.
    releases: Vec<(Option<Date>, usize)>,
}

impl Ready {
    /// The guideline, of whichever release.
    pub fn id(&self) -> &str {
        self.name.split('@').next().unwrap_or_default()
    }

    /// What answers on a day.
    pub fn on(&self, day: Date) -> Answering {
        let days = || self.releases.iter().map(|(from, _)| *from);
        let found = if self.named { None } else { in_force(days(), day) };
        let first = self.releases.first().copied();
        let of_place = |at: usize| self.releases.get(at).map_or(0, |(_, release)| *release);
        match (found, first) {
            (Some(at), _) => Answering::Release(of_place(at)),
            (None, Some((Some(from), release))) if !self.named => Answering::NotYet(release, from),
            (None, _) => Answering::Release(of_place(self.releases.len().saturating_sub(1))),
        }
    }

    /// The places of the releases that may answer, among those loaded.
    pub fn releases(&self) -> impl Iterator<Item = usize> {
        self.releases.iter().map(|(_, release)| *release)
    }
}

impl Engine {
    /// Loads every release that may answer, every fact and the formulary, so that any record can be read and evaluated
    /// without loading anything more. What has mistakes is left out, and they are among [`Engine::diagnostics`].
    pub fn make_ready(&mut self, asked: &[Asked]) -> Vec<Ready> {
        let ready = asked.iter().filter_map(|one| self.ready(one)).collect();
        self.load_dictionary();
        ready
    }

    fn ready(&mut self, asked: &Asked) -> Option<Ready> {
        let last = asked.releases.last()?;
        if asked.named {
            let at = self.load_one(last)?;
            let name = format!("{}@{}", last.id, last.release);
            return Some(Ready { name, named: true, releases: vec![(None, at)] });
        }
        let mut releases = Vec::new();
        for dated in self.dated(&asked.releases) {
            releases.push((dated.from, self.load_one(&dated.folder)?));
        }
        (!releases.is_empty()).then(|| Ready { name: last.id.clone(), named: false, releases })
    }
}
