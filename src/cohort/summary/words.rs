//! How the answers of one record stand, in words, and how often they change: from release to release, from visit to visit; how
//! often a patient has one ever, and at the last visit.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::counts::{Counts, Tallied, add_all, count, merge};
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

/// How often patients have each answer at any of their visits, and at the last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OverVisits {
    /// Patients of whom something is said at some visit.
    pub(super) patients: u64,
    /// The answers, by name.
    pub(super) answers: BTreeMap<String, OfVisits>,
}

/// How often patients have an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OfVisits {
    /// The place among the answers.
    pub(super) place: usize,
    /// As it stands at some visit: a patient may be counted at several.
    pub(super) ever: Tallied,
    /// As it stands at the last visit.
    pub(super) last: Tallied,
}

/// Where nothing is said.
pub(super) const SILENT: &str = "silent";

impl Counts {
    /// How a record is answered by one release of a guideline and by the next that is asked.
    pub(in crate::cohort) fn between_releases(&mut self, ready: &[Ready], words: &Words) {
        for (from, one) in ready.iter().enumerate() {
            let next = ready.iter().enumerate().skip(from + 1).find(|(_, other)| other.id() == one.id());
            if let Some((to, _)) = next {
                self.compare(ready, (from, words), (to, words));
            }
        }
    }

    /// How a patient is answered at each visit.
    pub(in crate::cohort) fn visits(&mut self, ready: &[Ready], visits: &[Words]) {
        for (place, ready_here) in ready.iter().enumerate() {
            for (before, now) in visits.iter().zip(visits.iter().skip(1)) {
                self.compare(ready, (place, before), (place, now));
            }
            let told: Vec<Option<&Vec<Word>>> = visits.iter().map(|words| words.get(&place)).collect();
            if told.iter().any(Option::is_some) {
                self.over_visits.entry(ready_here.name.clone()).or_default().count(&told);
            }
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
            let stands = |words: Option<&Vec<Word>>| {
                let Some(words) = words else { return Some(SILENT.to_owned()) };
                let own = words.iter().find(|own| own.answer == *answer && own.words != SILENT)?;
                Some(own.words.clone())
            };
            // What only one of the two releases has is no change of it.
            let Some((first, then)) = stands(before).zip(stands(now)) else { continue };
            let new = || OfChange { place, ..OfChange::default() };
            let of = of.answers.entry(answer.clone()).or_insert_with(new);
            count(of.moves.entry(first).or_default(), &then);
        }
    }
}

impl OverVisits {
    /// A patient, by what is said at each visit, if anything is.
    fn count(&mut self, told: &[Option<&Vec<Word>>]) {
        self.patients += 1;
        let silent = told.iter().any(Option::is_none).then_some(SILENT);
        let mut ever: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for words in told.iter().flatten() {
            for (place, Word { answer, words, .. }) in words.iter().enumerate() {
                self.answers.entry(answer.clone()).or_insert_with(|| OfVisits { place, ..OfVisits::default() });
                ever.entry(answer).or_insert_with(|| silent.into_iter().collect()).insert(words);
            }
        }
        let last = told.last().copied().flatten();
        for (answer, ever) in ever {
            let Some(of) = self.answers.get_mut(answer) else { continue };
            for words in ever {
                count(&mut of.ever, words);
            }
            let own = last.into_iter().flatten().find(|word| word.answer == answer);
            count(&mut of.last, own.map_or(SILENT, |word| word.words.as_str()));
        }
    }

    pub(super) fn add(&mut self, more: &OverVisits) {
        self.patients += more.patients;
        merge(&mut self.answers, &more.answers, |of, more| {
            add_all(&mut of.ever, &more.ever);
            add_all(&mut of.last, &more.last);
        });
    }
}

impl Changes {
    pub(super) fn add(&mut self, more: &Changes) {
        let Changes { from: _, to: _, compared, answers } = more;
        self.compared += compared;
        merge(&mut self.answers, answers, |of, more| {
            merge(&mut of.moves, &more.moves, add_all);
        });
    }
}
