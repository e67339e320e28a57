//! The parts of a summary out of what was counted.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{
    Answer, AnswerChange, Change, EverAndLast, Group, Hindsight, OverVisits, Section, Settling, ValueRow,
};
use super::counts::{Counts, GROUPS, OfAnswer, OfGroup, OfGuideline, Tallied};
use super::observe::NONE;
use super::steps::{Count, Showing};
use super::stretch;
use super::words::{OfChange, OfVisits};
use crate::engine::{Engine, Loaded};
use crate::model::{Type, Verdict};

/// What an answer gives.
#[derive(Debug, Default)]
struct Gives {
    /// Its values, in their order; none of a number.
    values: Vec<String>,
    several: bool,
    number: bool,
    /// There is no such answer.
    lacking: bool,
}

/// Makes the parts of a summary out of what was counted.
pub(super) struct Making<'a> {
    pub(super) engine: &'a Engine,
    pub(super) showing: Showing,
    /// Name, release, hash of what may answer.
    pub(super) guidelines: &'a [[String; 3]],
}

impl Making<'_> {
    /// What each release said, of so many that were asked.
    pub(super) fn sections(&self, counts: &Counts, asked: Count) -> Vec<Section> {
        let mut ordered: Vec<(&String, &OfGuideline)> = counts.guidelines.iter().collect();
        ordered.sort_by_key(|(name, of)| (of.place, *name));
        let shares = self.shares(&ordered, asked);
        let sections = ordered.into_iter().zip(shares).filter(|(_, asked)| self.showing.lists(*asked));
        sections.map(|((name, of), asked)| self.section(name, of, asked)).collect()
    }

    /// How often each was asked: the releases of a guideline share what was asked among them, also those that nobody was of.
    fn shares(&self, ordered: &[(&String, &OfGuideline)], asked: Count) -> Vec<Count> {
        let mut shares = Vec::new();
        for releases in ordered.chunk_by(|(_, one), (_, other)| one.place == other.place) {
            let of = |(_, of): &(&String, &OfGuideline)| self.showing.count(of.covered + of.perhaps + sum(&of.silent));
            let mut parts: Vec<Count> = releases.iter().map(of).collect();
            let id = releases.first().map_or("", |(name, _)| id_of(name).0);
            let others = self.guidelines.iter().filter(|[other, ..]| other == id).count().saturating_sub(parts.len());
            parts.extend(std::iter::repeat_n(self.showing.count(0), others));
            self.showing.leave(asked, &mut parts);
            shares.extend(parts.into_iter().take(releases.len()));
        }
        shares
    }

    fn section(&self, name: &str, of: &OfGuideline, asked: Count) -> Section {
        let (id, release) = id_of(name);
        let is_it = |loaded: &&Loaded| {
            let info = &loaded.guideline.info;
            info.id.value == id && info.release.value.to_string() == release
        };
        let loaded = self.engine.guidelines().iter().find(is_it);
        let [spoken, silent] = self.showing.split(asked, [of.covered + of.perhaps, sum(&of.silent)]);
        let [covered, perhaps] = self.showing.split(spoken, [of.covered, of.perhaps]);
        let gives = |id: &str| loaded.map_or_else(Gives::default, |loaded| gives(loaded, id));
        let spoken = (of.covered + of.perhaps, spoken);
        let said = |all: Vec<Answer>| all.into_iter().filter(|one| self.says(one)).collect();
        Section {
            place: of.place,
            id: id.to_owned(),
            release: release.to_owned(),
            title: loaded.map(|loaded| loaded.guideline.info.title.clone()).unwrap_or_default(),
            asked,
            covered,
            perhaps,
            silent,
            why: self.tallied(&of.silent),
            spoken: spoken.1,
            answers: self.answers(&of.answers, spoken, gives),
            conclusions: said(self.answers(&of.conclusions, spoken, |_| Gives::yes_no())),
            ladders: said(self.answers(&of.ladders, spoken, gives)),
            options: said(self.answers(&of.options, spoken, |_| Gives::verdicts())),
            granted: self.tallied(&of.granted),
            conflicts: self.tallied(&of.conflicts),
            hindsight: self.hindsight(of, spoken.1),
            groups: (of.groups.len() <= GROUPS).then(|| self.groups(of)),
        }
    }

    /// How each group stands, by name.
    fn groups(&self, of: &OfGuideline) -> Vec<Group> {
        let usable = |group: &OfGroup, answer: &String| group.usable.get(answer).copied().unwrap_or_default();
        let answers = in_order(&of.answers, |of| of.place);
        let groups = of.groups.iter().map(|(name, group)| Group {
            name: name.clone(),
            spoken: self.showing.count(group.spoken),
            usable: answers.iter().map(|(id, _)| self.showing.count(usable(group, id))).collect(),
        });
        groups.collect()
    }

    /// How answers change. With steps that is not told: who moves stands in two answers at once.
    pub(super) fn changes(&self, counts: &Counts) -> Vec<Change> {
        if self.showing == Showing::Steps {
            return Vec::new();
        }
        let changes = counts.changes.values().map(|of| Change {
            from: of.from.clone(),
            to: of.to.clone(),
            compared: self.showing.count(of.compared),
            answers: in_order(&of.answers, |of| of.place).into_iter().map(|(id, of)| self.moved(id, of)).collect(),
        });
        changes.collect()
    }

    /// What patients have over their visits; not with steps, for the same reason.
    pub(super) fn over_visits(&self, counts: &Counts) -> Vec<OverVisits> {
        if self.showing == Showing::Steps {
            return Vec::new();
        }
        let over = counts.over_visits.iter().map(|(name, of)| OverVisits {
            name: name.clone(),
            patients: self.showing.count(of.patients),
            answers: in_order(&of.answers, |of| of.place)
                .into_iter()
                .map(|(id, of)| (id.clone(), self.over_time(of)))
                .collect(),
        });
        over.collect()
    }

    fn over_time(&self, of: &OfVisits) -> Vec<EverAndLast> {
        let words = of.ever.keys().chain(of.last.keys()).map(|word| (stretch::order(word), word));
        let count = |of: &Tallied, words: &String| self.showing.count(of.get(words).copied().unwrap_or_default());
        let row =
            |own: &String| EverAndLast { words: own.clone(), ever: count(&of.ever, own), last: count(&of.last, own) };
        words.collect::<BTreeSet<_>>().into_iter().map(|(_, word)| row(word)).collect()
    }

    fn moved(&self, id: &str, of: &OfChange) -> AnswerChange {
        let all = of.moves.iter().flat_map(|(from, to)| to.iter().map(move |(to, count)| (from, to, *count)));
        let (stays, mut goes): (Vec<_>, Vec<_>) = all.partition(|(from, to, _)| from == to);
        goes.sort_by_key(|(from, to, count)| (u64::MAX - count, *from, *to));
        let sum = |of: &[(&String, &String, u64)]| self.showing.count(of.iter().map(|(.., count)| count).sum());
        let (same, moved) = (sum(&stays), sum(&goes));
        let shown = |(from, to, count): (&String, &String, u64)| (from.clone(), to.clone(), self.showing.count(count));
        let ways = goes.into_iter().map(shown).collect();
        AnswerChange { id: id.to_owned(), same, moved, ways }
    }

    fn hindsight(&self, of: &OfGuideline, spoken: Count) -> Option<Hindsight> {
        let used = self.showing.count(of.hindsight);
        let earlier = match self.showing {
            Showing::Exact => Count::Exact(of.earlier),
            // With the newest visits, one of each patient, these are all: no step of them is shown.
            Showing::Steps => Count::Between(used.low(), spoken.high()),
        };
        let is_shown = of.earlier > 0 && self.showing.lists(used);
        is_shown.then(|| Hindsight { earlier, used, facts: self.tallied(&of.undated) })
    }

    /// The most frequent first.
    fn tallied(&self, of: &Tallied) -> Vec<(String, Count)> {
        let counts = of.iter().map(|(word, count)| (word.clone(), self.showing.count(*count)));
        let mut listed: Vec<(String, Count)> = counts.filter(|(_, count)| self.showing.lists(*count)).collect();
        listed.sort_by(|(word, count), (other, more)| more.low().cmp(&count.low()).then_with(|| word.cmp(other)));
        listed
    }

    fn answers(
        &self,
        all: &BTreeMap<String, OfAnswer>,
        spoken: (u64, Count),
        gives: impl Fn(&str) -> Gives,
    ) -> Vec<Answer> {
        in_order(all, |of| of.place).into_iter().map(|(id, of)| self.answer((id, of), spoken, &gives(id))).collect()
    }

    fn answer(&self, (id, of): (&str, &OfAnswer), (all, spoken): (u64, Count), gives: &Gives) -> Answer {
        let silent = all.saturating_sub(of.decided + of.presumed + of.open + of.fault);
        let parts = [of.decided + of.presumed, of.open, silent, of.fault];
        let [usable, open, silent, fault] = self.showing.split(spoken, parts);
        let [decided, granted] = self.showing.split(usable, [of.decided, of.presumed]);
        let (settling, together) = self.settling(of);
        Answer {
            id: id.to_owned(),
            title: of.title.clone(),
            unit: of.unit.clone(),
            decided,
            granted,
            usable,
            open,
            silent,
            fault,
            lacking: gives.lacking,
            several: gives.several,
            values: self.values(of, (decided, granted), gives),
            settling,
            together,
        }
    }

    fn values(&self, of: &OfAnswer, (decided, granted): (Count, Count), gives: &Gives) -> Vec<ValueRow> {
        if !self.showing.lists(decided) && !self.showing.lists(granted) {
            return Vec::new();
        }
        let mut values = gives.ordered(of);
        if self.showing == Showing::Steps && gives.several {
            // Those who have none are what remains: with them the parts would be a whole.
            values.retain(|value| value != NONE);
        }
        let count = |of: &Tallied, value: &String| of.get(value).copied().unwrap_or_default();
        let counts = |of: &Tallied, whole: Count| {
            let mut counts: Vec<Count> = values.iter().map(|value| self.showing.count(count(of, value))).collect();
            if !gives.values.is_empty() && !gives.several {
                self.showing.leave(whole, &mut counts);
            }
            counts
        };
        let rows = values.iter().zip(counts(&of.settled, decided)).zip(counts(&of.granted, granted));
        let rows = rows.map(|((value, settled), granted)| {
            let is_told = !gives.number && self.showing == Showing::Exact;
            let upper = is_told.then(|| Count::Exact(count(&of.settled, value) + count(&of.possible, value)));
            ValueRow { value: value.clone(), settled, granted, upper }
        });
        let is_listed = |row: &ValueRow| {
            !gives.values.is_empty() || self.showing.lists(row.settled) || self.showing.lists(row.granted)
        };
        rows.filter(is_listed).collect()
    }

    fn settling(&self, of: &OfAnswer) -> (Vec<Settling>, Count) {
        let settling = of.among.iter().map(|(fact, why)| Settling {
            fact: fact.clone(),
            alone: self.showing.count(of.alone.get(fact).copied().unwrap_or_default()),
            among: self.showing.count(sum(why)),
            why: self.tallied(why),
        });
        let mut settling: Vec<Settling> = settling.filter(|one| self.showing.lists(one.among)).collect();
        let rank = |one: &Settling| (u64::MAX - one.alone.low(), u64::MAX - one.among.low());
        settling.sort_by(|one, other| rank(one).cmp(&rank(other)).then_with(|| one.fact.cmp(&other.fact)));
        (settling, self.showing.count(of.open.saturating_sub(sum(&of.alone))))
    }

    /// The guideline says something of it.
    fn says(&self, of: &Answer) -> bool {
        [of.usable, of.open, of.fault].into_iter().any(|count| self.showing.lists(count))
    }
}

/// By their places.
fn in_order<T>(all: &BTreeMap<String, T>, place: impl Fn(&T) -> usize) -> Vec<(&String, &T)> {
    let mut ordered: Vec<(&String, &T)> = all.iter().collect();
    ordered.sort_by_key(|(id, of)| (place(of), *id));
    ordered
}

fn sum(of: &Tallied) -> u64 {
    of.values().sum()
}

/// Guideline and release.
fn id_of(name: &str) -> (&str, &str) {
    (name.split('@').next().unwrap_or_default(), name.rsplit('@').next().unwrap_or_default())
}

/// What a block of a release gives.
fn gives(loaded: &Loaded, name: &str) -> Gives {
    let (values, several, number) = match loaded.guideline.find(name).map(|block| &block.gives) {
        Some(Type::YesNo) => return Gives::yes_no(),
        Some(Type::Choice(values)) => (values.clone(), false, false),
        Some(Type::Several(values)) => (values.clone(), true, false),
        Some(Type::Number(_) | Type::Points) => (Vec::new(), false, true),
        Some(Type::Measure | Type::Nothing) => return Gives::default(),
        None => return Gives { lacking: true, ..Gives::default() },
    };
    Gives { values, several, number, lacking: false }
}

impl Gives {
    fn yes_no() -> Self {
        Gives { values: ["yes", "no"].map(str::to_owned).into(), ..Gives::default() }
    }

    fn verdicts() -> Self {
        Gives { values: Verdict::ALL.iter().map(|verdict| verdict.word().to_owned()).collect(), ..Gives::default() }
    }

    /// The values of an answer in their order: those it can have, and those it was found to have.
    fn ordered(&self, of: &OfAnswer) -> Vec<String> {
        let mut values = self.values.clone();
        let found = of.settled.keys().chain(of.granted.keys()).chain(of.possible.keys());
        let mut others: Vec<&String> = found.filter(|value| !self.values.contains(value)).collect();
        others.sort_by_key(|value| (*value == NONE, stretch::order(value), (*value).clone()));
        others.dedup();
        values.extend(others.into_iter().cloned());
        values
    }
}
