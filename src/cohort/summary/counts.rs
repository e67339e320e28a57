//! What is counted while records are answered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::words::{Changes, OverVisits};
use crate::record::{NoticeKind, Record};

/// How often each of some words was found.
pub(super) type Tallied = BTreeMap<String, u64>;

/// What is counted of the answers of a cohort: whole numbers by name, so that counts of parts can be added in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// How often the guidelines were asked: the records that could be read, or their visits.
    pub(super) asked: u64,
    /// Records that could not be read, by the code of the first mistake.
    pub(super) mistakes: Tallied,
    /// Records that were read with a notice.
    #[serde(default)]
    pub(super) noticed: u64,
    /// Of what kinds, each once a record.
    #[serde(default)]
    pub(super) notices: Tallied,
    /// What each release said, by how it was asked for and which it is: `guideline@release`, `guideline@release@release`.
    pub(super) guidelines: BTreeMap<String, OfGuideline>,
    /// How answers change from release to release, or from visit to visit.
    #[serde(default)]
    pub(super) changes: BTreeMap<String, Changes>,
    /// How often patients have an answer ever, and at the last visit, by what was asked.
    #[serde(default)]
    pub(super) over_visits: BTreeMap<String, OverVisits>,
}

/// What is counted of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OfGuideline {
    /// The place among those asked.
    pub(super) place: usize,
    /// It covers the patient.
    pub(super) covered: u64,
    /// It may cover the patient.
    pub(super) perhaps: u64,
    /// It does not speak of the patient, by why.
    pub(super) silent: Tallied,
    /// The answers, by name.
    pub(super) answers: BTreeMap<String, OfAnswer>,
    /// The conclusions of algorithms, by name.
    pub(super) conclusions: BTreeMap<String, OfAnswer>,
    /// The current line of each ladder, by the ladder's name.
    pub(super) ladders: BTreeMap<String, OfAnswer>,
    /// The verdict of each option, as `ladder.line.option`.
    pub(super) options: BTreeMap<String, OfAnswer>,
    /// What was taken for granted for some answer, each once a patient: `fact: value`.
    pub(super) granted: Tallied,
    /// Of the records it speaks of: what they say that cannot be, by the title of the rule that says so.
    #[serde(default)]
    pub(super) conflicts: Tallied,
    /// Visits before a patient's newest one.
    pub(super) earlier: u64,
    /// Those of them at which some fact without a date was used.
    pub(super) hindsight: u64,
    /// Which, by label.
    pub(super) undated: Tallied,
    /// The records it speaks of by what a column says: [`GROUPS`] groups, and one more where there are too many.
    #[serde(default)]
    pub(super) groups: BTreeMap<String, OfGroup>,
}

/// More values of a column are no groups.
pub(super) const GROUPS: usize = 1000;

/// What is counted of a group of records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OfGroup {
    /// The guideline speaks of so many.
    pub(super) spoken: u64,
    /// How often each answer is settled, perhaps by taking for granted.
    pub(super) usable: Tallied,
}

/// What is counted of an answer, or of what is one without being called so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OfAnswer {
    /// The place among its like.
    pub(super) place: usize,
    /// What a person reads.
    pub(super) title: String,
    /// The unit of a number.
    pub(super) unit: Option<String>,
    /// Settled.
    pub(super) decided: u64,
    /// Settled once the usual is taken for granted.
    pub(super) presumed: u64,
    /// Open, whatever is taken for granted.
    pub(super) open: u64,
    /// The rules are at fault.
    pub(super) fault: u64,
    /// The values of those settled.
    pub(super) settled: Tallied,
    /// The values of those settled by taking for granted.
    pub(super) granted: Tallied,
    /// The values that are still possible of those not settled.
    pub(super) possible: Tallied,
    /// Of the open: hanging on one fact alone, by that fact.
    pub(super) alone: Tallied,
    /// Of the open: the facts they hang on, alone or with others, and why those are not known.
    pub(super) among: BTreeMap<String, Tallied>,
}

/// Adds one.
pub(super) fn count(of: &mut Tallied, word: &str) {
    add(of, word, 1);
}

/// Adds one to each.
pub(super) fn count_all<'w>(of: &mut Tallied, words: impl IntoIterator<Item = &'w String>) {
    for word in words {
        count(of, word);
    }
}

fn add(of: &mut Tallied, word: &str, number: u64) {
    match of.get_mut(word) {
        Some(known) => *known += number,
        None => {
            of.insert(word.to_owned(), number);
        }
    }
}

pub(super) fn add_all(of: &mut Tallied, more: &Tallied) {
    for (word, number) in more {
        add(of, word, *number);
    }
}

pub(super) fn merge<T: Clone>(of: &mut BTreeMap<String, T>, more: &BTreeMap<String, T>, join: impl Fn(&mut T, &T)) {
    for (name, part) in more {
        match of.get_mut(name) {
            Some(known) => join(known, part),
            None => {
                of.insert(name.clone(), part.clone());
            }
        }
    }
}

impl Counts {
    /// Adds what was counted of other records.
    pub fn add(&mut self, more: &Counts) {
        let Counts { asked, mistakes, noticed, notices, guidelines, changes, over_visits } = more;
        self.asked += asked;
        self.noticed += noticed;
        add_all(&mut self.mistakes, mistakes);
        add_all(&mut self.notices, notices);
        merge(&mut self.guidelines, guidelines, OfGuideline::add);
        merge(&mut self.changes, changes, Changes::add);
        merge(&mut self.over_visits, over_visits, OverVisits::add);
    }

    /// A record that was read, and whether it answers a judgement that nobody asks for.
    pub(in crate::cohort) fn read(&mut self, record: &Record, answers_idly: bool) {
        let idle = answers_idly.then_some(NoticeKind::UnknownJudgement);
        let kinds: BTreeSet<NoticeKind> = record.notices.iter().map(|notice| notice.kind).chain(idle).collect();
        self.noticed += u64::from(!kinds.is_empty());
        for kind in kinds {
            count(&mut self.notices, kind.word());
        }
    }

    /// A record that cannot be read.
    pub(in crate::cohort) fn refused(&mut self, code: &str) {
        count(&mut self.mistakes, code);
    }
}

impl OfGuideline {
    /// A group of records; nothing where there are too many already.
    pub(super) fn group(&mut self, name: &str) -> Option<&mut OfGroup> {
        if !self.groups.contains_key(name) {
            (self.groups.len() <= GROUPS).then(|| self.groups.insert(name.to_owned(), OfGroup::default()))?;
        }
        self.groups.get_mut(name)
    }

    fn add(&mut self, more: &OfGuideline) {
        let OfGuideline {
            place: _,
            covered,
            perhaps,
            silent,
            answers,
            conclusions,
            ladders,
            options,
            granted,
            conflicts,
            earlier,
            hindsight,
            undated,
            groups,
        } = more;
        self.covered += covered;
        self.perhaps += perhaps;
        self.earlier += earlier;
        self.hindsight += hindsight;
        add_all(&mut self.silent, silent);
        add_all(&mut self.granted, granted);
        add_all(&mut self.undated, undated);
        add_all(&mut self.conflicts, conflicts);
        for (name, more) in groups {
            if let Some(group) = self.group(name) {
                group.spoken += more.spoken;
                add_all(&mut group.usable, &more.usable);
            }
        }
        merge(&mut self.answers, answers, OfAnswer::add);
        merge(&mut self.conclusions, conclusions, OfAnswer::add);
        merge(&mut self.ladders, ladders, OfAnswer::add);
        merge(&mut self.options, options, OfAnswer::add);
    }
}

impl OfAnswer {
    fn add(&mut self, more: &OfAnswer) {
        let OfAnswer {
            place: _,
            title: _,
            unit: _,
            decided,
            presumed,
            open,
            fault,
            settled,
            granted,
            possible,
            alone,
            among,
        } = more;
        self.decided += decided;
        self.presumed += presumed;
        self.open += open;
        self.fault += fault;
        add_all(&mut self.settled, settled);
        add_all(&mut self.granted, granted);
        add_all(&mut self.possible, possible);
        add_all(&mut self.alone, alone);
        merge(&mut self.among, among, add_all);
    }
}
