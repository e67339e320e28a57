//! Which facts must change: the smallest sets that, left open, leave the wanted value possible.
//!
//! Recorded facts that together forbid the value are a *conflict*: each change must touch one of them. So only
//! sets that touch every conflict found so far are tried, small ones first (Reiter, *A theory of diagnosis from first
//! principles*, 1987). What is possible as far as the evaluator can tell, and comes out with no values that were tried,
//! may want any further fact.

use std::collections::BTreeSet;

use super::super::said::Said;
use super::super::smallest::smallest;
use super::{Asker, Change, Kind, MOST, kind, settle};

pub(super) struct Search {
    /// What can change.
    pub(super) can: Vec<Said>,
}

impl Search {
    /// The smallest changes that give the value: those of the clinic first, at most so many.
    pub(super) fn smallest_changes(&self, asker: &mut Asker<'_>, most: usize) -> Vec<Change> {
        let mut conflicts: Vec<Vec<Said>> = Vec::new();
        let mut level: BTreeSet<BTreeSet<Said>> = BTreeSet::from([BTreeSet::new()]);
        for size in 0..=MOST {
            let mut next: BTreeSet<BTreeSet<Said>> = BTreeSet::new();
            let mut fitting: Vec<BTreeSet<Said>> = Vec::new();
            for open in self.in_order(asker, &level) {
                let known = conflicts.iter().find(|conflict| conflict.iter().all(|said| !open.contains(said))).cloned();
                let Some(conflict) = known.or_else(|| self.conflict(asker, &open)) else {
                    fitting.push(open);
                    continue;
                };
                if size < MOST {
                    next.extend(conflict.iter().map(|said| open.iter().copied().chain([*said]).collect()));
                }
                if !conflicts.contains(&conflict) {
                    conflicts.push(conflict);
                }
                if asker.is_exhausted() {
                    break;
                }
            }
            let mut found: Vec<Change> = Vec::new();
            for open in &fitting {
                found.extend(settle::change(asker, open));
                if found.len() >= most || asker.is_exhausted() {
                    break;
                }
            }
            if !found.is_empty() || asker.is_exhausted() {
                return found;
            }
            if size < MOST {
                for open in fitting {
                    let others = self.can.iter().filter(|said| !open.contains(said));
                    next.extend(others.map(|said| open.iter().copied().chain([*said]).collect()));
                }
            }
            level = next;
        }
        Vec::new()
    }

    /// What the clinic can do first.
    fn in_order(&self, asker: &Asker<'_>, level: &BTreeSet<BTreeSet<Said>>) -> Vec<BTreeSet<Said>> {
        let cost = |set: &BTreeSet<Said>| {
            let mut kinds: Vec<Kind> = set.iter().filter_map(|said| kind(&asker.patient, *said)).collect();
            kinds.sort_unstable_by(|one, other| other.cmp(one));
            let places: Vec<usize> =
                set.iter().filter_map(|said| self.can.iter().position(|one| one == said)).collect();
            (kinds, places)
        };
        let mut sets: Vec<BTreeSet<Said>> = level.iter().cloned().collect();
        sets.sort_by_cached_key(cost);
        sets
    }

    /// What, left as it is recorded, forbids the value although some things are open; `None` where nothing does.
    fn conflict(&self, asker: &mut Asker<'_>, open: &BTreeSet<Said>) -> Option<Vec<Said>> {
        if asker.is_possible_without(open) {
            return None;
        }
        let others: Vec<Said> = self.can.iter().copied().filter(|said| !open.contains(said)).collect();
        Some(smallest(&others, |kept| {
            let forgotten = self.can.iter().filter(|said| !kept.contains(said));
            !asker.is_possible_without(&forgotten.copied().collect())
        }))
    }
}
