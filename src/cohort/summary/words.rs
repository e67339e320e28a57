//! How the answers of one record stand, in words, and how often they change: from release to release, from visit to visit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::counts::{Counts, Tallied, count};
use crate::engine::Ready;

/// How an answer stands for a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cohort) struct Word {
    /// The answer.
    pub(super) answer: String,
    /// Settled, perhaps by taking for granted.
    pub(super) usable: bool,
    /// `yes`, `no (granted)`, `depends`, `silent`.
    pub(super) words: String,
}

/// How the answers of each guideline that speaks of a record stand, by its place among those asked.
pub(in crate::cohort) type Words = BTreeMap<usize, Vec<Word>>;

/// How often answers change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Changes {
    /// What answers first, as it was asked for.
    pub(super) from: String,
    /// What answers then; of visits the same.
    pub(super) to: String,
    /// Records, or pairs of visits, of which either says something.
    pub(super) compared: u64,
    /// The answers, by name.
    pub(super) answers: BTreeMap<String, OfChange>,
}

/// How often an answer changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OfChange {
    /// The place among the answers.
    pub(super) place: usize,
    /// How it stands first, and of these how often it stands how then.
    pub(super) moves: BTreeMap<String, Tallied>,
}

/// Where nothing is said.
pub(super) const SILENT: &str = "silent";

impl Counts {
    /// How a record is answered by one release of a guideline and by the next that is asked.
    pub(in crate::cohort) fn between_releases(&mut self, ready: &[Ready], words: &Words) {
        for (from, one) in ready.iter().enumerate() {
            let next = ready.iter().enumerate().skip(from + 1).find(|(_, other)| id(other) == id(one));
            if let Some((to, _)) = next {
                self.compare(ready, (from, words), (to, words));
            }
        }
    }

    /// How a patient was answered at a visit, and is at the next.
    pub(in crate::cohort) fn between_visits(&mut self, ready: &[Ready], before: &Words, now: &Words) {
        for place in 0..ready.len() {
            self.compare(ready, (place, before), (place, now));
        }
    }

    fn compare(&mut self, ready: &[Ready], (from, before): (usize, &Words), (to, now): (usize, &Words)) {
        let (before, now) = (before.get(&from), now.get(&to));
        if before.is_none() && now.is_none() {
            return;
        }
        let name = |place: usize| ready.get(place).map_or("", |ready| ready.name.as_str());
        let (from, to) = (name(from), name(to));
        let of = self.changes.entry(format!("{from} {to}")).or_insert_with(|| Changes {
            from: from.to_owned(),
            to: to.to_owned(),
            ..Changes::default()
        });
        of.compared += 1;
        let told = before.or(now).into_iter().flatten();
        for (place, Word { answer, .. }) in told.enumerate() {
            let stands = |words: Option<&Vec<Word>>| match words {
                Some(words) => words.iter().find(|own| own.answer == *answer).map(|own| own.words.clone()),
                None => Some(SILENT.to_owned()),
            };
            // What only one of the two has is no change of it.
            let Some((first, then)) = stands(before).zip(stands(now)) else { continue };
            if first == SILENT && then == SILENT {
                continue;
            }
            let new = || OfChange { place, ..OfChange::default() };
            let of = of.answers.entry(answer.clone()).or_insert_with(new);
            count(of.moves.entry(first).or_default(), &then);
        }
    }
}

/// The guideline, of whichever release.
fn id(ready: &Ready) -> Option<&str> {
    ready.name.split('@').next()
}

impl Changes {
    pub(super) fn add(&mut self, more: &Changes) {
        let Changes { from: _, to: _, compared, answers } = more;
        self.compared += compared;
        super::counts::merge(&mut self.answers, answers, |of, more| {
            super::counts::merge(&mut of.moves, &more.moves, super::counts::add_all);
        });
    }
}
