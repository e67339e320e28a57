//! Entries of a record as spells of time on one therapy: recorded as such, or the time in which its parts overlap.

use std::collections::BTreeSet;

use crate::catalog::TreatmentId;
use crate::record::{Outcome, Record, Stop, StopReason, Therapy};
use crate::value::{Choices, Date, DateRange, Number, NumberSet, Truth};

/// The most ways that are followed in which entries may overlap, follow one another, or begin and end around the day of
/// the record, where that is not certain.
pub(super) const MOST_WAYS: usize = 64;

/// The most times in which the parts of a combination overlap.
const MOST_OVERLAPS: usize = 2048;

/// The value of `intolerance` among [`Therapy::LIMITS`].
pub(super) const INTOLERANCE: u8 = 0;

/// An entry of the record with what is known of its first and last day.
#[derive(Debug, Clone)]
pub(super) struct Taken<'a> {
    /// Its place in [`crate::record::Therapies::courses`].
    pub(super) at: usize,
    pub(super) entry: &'a Therapy,
    /// First day.
    pub(super) start: DateRange,
    /// Last day; `None` where it still runs.
    pub(super) last: Option<DateRange>,
    /// Why its dose was not higher, by places in [`Therapy::LIMITS`].
    pub(super) limited_by: Choices,
    /// The drugs taken with it under the same entry that are not of the therapy asked for.
    pub(super) beside: Vec<TreatmentId>,
    /// It may have begun only after the day of the record.
    may_be_later: bool,
    /// It may have ended only after the day of the record.
    may_still_run: bool,
}

/// Time on one therapy without a break: an entry, or the overlap of several.
#[derive(Debug, Clone)]
pub(super) struct Spell<'a> {
    /// The entries.
    pub(super) of: Vec<Taken<'a>>,
    /// What to multiply doses with; `None` where several drugs have one dose, or several.
    pub(super) factor: Option<Number>,
    /// First day.
    pub(super) start: DateRange,
    /// Last day; `None` where it still runs.
    pub(super) last: Option<DateRange>,
    /// Whether the entries overlap at all.
    pub(super) exists: Truth,
}

impl<'a> Taken<'a> {
    /// An entry as it stands on the day of the record; `None` where it began later.
    pub(super) fn of(at: usize, entry: &'a Therapy, record: &Record) -> Option<Taken<'a>> {
        let today = record.as_of;
        let start = start(entry, record);
        if start.earliest > today {
            return None;
        }
        let may_be_later = may_be_later(entry, start, record);
        let start = DateRange { latest: start.latest.min(today), ..start };
        let any_day = DateRange { earliest: start.earliest, latest: today };
        let (stop, may_still_run) = match entry.stop {
            Stop::Runs => (None, false),
            Stop::On(stop) => (Some(stop).filter(|stop| stop.earliest <= today), stop.latest > today),
            // Who says why it was stopped says that it has ended.
            Stop::Unknown => (Some(any_day), entry.stopped_for.is_none()),
        };
        let may_still_run = may_still_run && stop.is_some() && (record.is_cut_off || entry.stop == Stop::Unknown);
        // Nothing begins after it ended.
        let ends_by =
            stop.filter(|_| !may_still_run && !may_be_later).map_or(today, |stop| stop.latest.max(start.earliest));
        let start = DateRange { latest: start.latest.min(ends_by), ..start };
        let last = stop.map(|stop| DateRange {
            earliest: stop.earliest.max(start.earliest),
            latest: stop.latest.min(today).max(start.latest),
        });
        let beside = Vec::new();
        Some(Taken { at, entry, start, last, limited_by: limited_by(entry), beside, may_be_later, may_still_run })
    }

    /// Every way in which it may stand on the day of the record.
    fn ways(&self) -> Vec<Option<Taken<'a>>> {
        let settled = Taken { may_be_later: false, may_still_run: false, ..self.clone() };
        let mut ways = vec![Some(settled.clone())];
        if self.may_still_run {
            ways.push(Some(Taken { last: None, ..settled }));
        }
        if self.may_be_later {
            ways.push(None);
        }
        ways
    }

    /// The first and last day are known, or there is no last.
    pub(super) fn start_is_exact(&self) -> bool {
        self.start.is_exact() && !self.may_be_later
    }

    /// Its last day is known, or it certainly has none.
    pub(super) fn last_is_exact(&self) -> bool {
        self.last.is_none_or(DateRange::is_exact) && !self.may_still_run
    }

    /// The entry as one of a therapy of which it has a part, and perhaps others beside it: which of the drugs was not
    /// tolerated, or kept the dose down, is then not said.
    pub(super) fn serving(&self, wanted: &[TreatmentId]) -> Taken<'a> {
        let others = self.entry.parts.iter().map(|(part, _)| *part).filter(|part| !wanted.contains(part));
        let mut own = Taken { beside: others.collect(), ..self.clone() };
        if own.is_shared() && own.limited_by.contains(INTOLERANCE) {
            own.limited_by = Choices::all(Therapy::LIMITS.len());
        }
        own
    }

    /// Other drugs were taken with it under the same entry.
    pub(super) fn is_shared(&self) -> bool {
        !self.beside.is_empty()
    }

    /// What came of it.
    pub(super) fn outcome(&self) -> Choices {
        let outcome = place_of(&Outcome::WORDS, self.entry.outcome);
        if self.is_shared() { of_part(outcome) } else { outcome }
    }

    /// Why it was stopped.
    pub(super) fn stopped_for(&self) -> Choices {
        let intolerance = self.entry.stopped_for == Some(StopReason::Intolerance);
        if self.is_shared() && intolerance {
            return place_of(&StopReason::WORDS, None);
        }
        place_of(&StopReason::WORDS, self.entry.stopped_for)
    }

    /// How much of it was taken, in %.
    pub(super) fn adherence(&self) -> NumberSet {
        let any = || NumberSet::between(Number::ZERO, Number::whole(100));
        self.entry.adherence.map_or_else(any, NumberSet::point)
    }

    /// The days on which it was given are not recorded, or not exactly.
    pub(super) fn days_are_vague(&self) -> bool {
        let given = &self.entry.given;
        given.is_empty() || given.iter().any(|day| !day.is_exact())
    }

    /// The days on which it was given, up to the day of the record.
    pub(super) fn given(&self, record: &Record) -> impl Iterator<Item = (DateRange, Truth)> {
        let today = record.as_of;
        let uncertain = record.is_cut_off;
        let days = self.entry.given.iter().filter(move |day| day.earliest <= today);
        days.map(move |day| {
            let certain = !uncertain || day.latest <= today;
            (DateRange { latest: day.latest.min(today), ..*day }, Truth::possible(true, !certain))
        })
    }
}

fn limited_by(entry: &Therapy) -> Choices {
    let Some(word) = &entry.dose_limited_by else { return Choices::all(Therapy::LIMITS.len()) };
    let place = Therapy::LIMITS.iter().position(|limit| limit == word).unwrap_or(1);
    Choices::only(u8::try_from(place).unwrap_or(1))
}

/// What came of a drug, of what came of several taken together: what did not work together worked in none of them; to
/// which of them a response is due is not said.
pub(super) fn of_part(together: Choices) -> Choices {
    let same = [Outcome::NoResponse, Outcome::Worse, Outcome::NotAssessed];
    let same = same.iter().fold(Choices::NONE, |union, outcome| union.union(place_of(&Outcome::WORDS, Some(*outcome))));
    if together.within(same) { together } else { Choices::all(Outcome::WORDS.len()) }
}

/// The value of a word, or any of them.
fn place_of<T: PartialEq>(words: &[(&'static str, T)], recorded: Option<T>) -> Choices {
    let place = recorded.and_then(|recorded| words.iter().position(|(_, value)| *value == recorded));
    place.and_then(|place| u8::try_from(place).ok()).map_or(Choices::all(words.len()), Choices::only)
}

/// The first day: as recorded, else that of the first infusion or dose, else some day from birth to the last.
fn start(entry: &Therapy, record: &Record) -> DateRange {
    if let Some(start) = entry.start {
        return start;
    }
    let days = || entry.given.iter().chain(entry.doses.iter().filter_map(|dose| dose.from.as_ref()));
    let first = days().map(|day| day.earliest).min().zip(days().map(|day| day.latest).min());
    if let Some((earliest, latest)) = first {
        return DateRange { earliest, latest };
    }
    let latest = entry.stop.day().map_or(record.as_of, |stop| stop.latest.min(record.as_of));
    let first_day = Date::new(1850, 1, 1).unwrap_or(latest);
    let earliest = record.born.map_or(first_day, |born| born.earliest).min(latest);
    DateRange { earliest, latest }
}

/// It may have begun after the day of the record. A record holds nothing later than its own day.
fn may_be_later(entry: &Therapy, start: DateRange, record: &Record) -> bool {
    let latest = if entry.begins().is_some() { Some(start.latest) } else { entry.stop.day().map(|stop| stop.latest) };
    record.is_cut_off && latest.is_none_or(|latest| latest > record.as_of)
}

/// Every way in which entries may stand on the day of the record; `None` where there are too many.
pub(super) fn ways<'a>(taken: &[Taken<'a>]) -> Option<Vec<Vec<Taken<'a>>>> {
    let mut ways: Vec<Vec<Taken<'a>>> = vec![Vec::new()];
    for entry in taken {
        let own = entry.ways();
        if ways.len() * own.len() > MOST_WAYS {
            return None;
        }
        let with = |way: &Vec<Taken<'a>>| {
            let way = way.clone();
            own.iter().map(move |own| way.iter().cloned().chain(own.clone()).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        ways = ways.iter().flat_map(with).collect();
    }
    Some(ways)
}

/// The spells of a therapy: each choice of one entry for each of its parts, and the time they overlap; `None` where
/// several parts overlap too often.
pub(super) fn spells<'a>(wanted: &[TreatmentId], taken: &[Taken<'a>]) -> Option<Vec<Spell<'a>>> {
    let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
    for part in wanted {
        let has = |entry: &Taken<'_>| entry.entry.parts.iter().any(|(own, _)| own == part);
        let serving: Vec<usize> = (0..taken.len()).filter(|at| taken.get(*at).is_some_and(has)).collect();
        let with = |chosen: &Vec<usize>| {
            let chosen = chosen.clone();
            serving.iter().map(move |at| chosen.iter().copied().chain([*at]).collect()).collect::<Vec<Vec<usize>>>()
        };
        choices = choices.iter().flat_map(with).filter(|chosen| may_overlap(taken, chosen)).collect();
        if wanted.len() > 1 && choices.len() > MOST_OVERLAPS {
            return None;
        }
    }
    for chosen in &mut choices {
        chosen.sort_unstable();
        chosen.dedup();
    }
    choices.sort();
    choices.dedup();
    let entries = |chosen: &Vec<usize>| chosen.iter().filter_map(|at| taken.get(*at).cloned()).collect::<Vec<_>>();
    let spells = choices.iter().filter_map(|chosen| Spell::of(entries(chosen)));
    Some(spells.filter(|spell| spell.exists.can_be_yes()).collect())
}

/// Entries of which none certainly ends before another begins.
fn may_overlap(taken: &[Taken<'_>], chosen: &[usize]) -> bool {
    let of = || chosen.iter().filter_map(|at| taken.get(*at));
    let start = of().map(|entry| entry.start.earliest).max();
    let end = of().filter_map(|entry| entry.last).map(|last| last.latest).min();
    chosen.len() == 1 || start.zip(end).is_none_or(|(start, end)| start <= end)
}

impl<'a> Spell<'a> {
    fn of(of: Vec<Taken<'a>>) -> Option<Spell<'a>> {
        let start = DateRange {
            earliest: of.iter().map(|entry| entry.start.earliest).max()?,
            latest: of.iter().map(|entry| entry.start.latest).max()?,
        };
        let ends = || of.iter().filter_map(|entry| entry.last);
        let last = ends().map(|last| last.earliest).min().zip(ends().map(|last| last.latest).min());
        let exists = match (last, of.len()) {
            (None, _) | (_, 1) => Truth::YES,
            (Some((earliest, latest)), _) => Truth::possible(start.earliest <= latest, start.latest > earliest),
        };
        let last = last.map(|(earliest, latest)| DateRange {
            earliest: earliest.max(start.earliest),
            latest: latest.max(start.earliest),
        });
        let start = DateRange { latest: last.map_or(start.latest, |last| start.latest.min(last.latest)), ..start };
        let factor = match of.as_slice() {
            [only] => match only.entry.parts.as_slice() {
                [(_, factor)] => Some(*factor),
                _ => None,
            },
            _ => None,
        };
        Some(Spell { of, factor, start, last, exists })
    }

    /// The places of its entries in the record.
    pub(super) fn entries(&self) -> impl Iterator<Item = usize> {
        self.of.iter().map(|entry| entry.at)
    }

    /// What came of it: any of what came of its parts.
    pub(super) fn outcome(&self) -> Choices {
        self.of.iter().fold(Choices::NONE, |union, entry| union.union(entry.outcome()))
    }

    /// Of every part somebody judged what came of it, or may have.
    pub(super) fn outcome_is_judged(&self) -> bool {
        let is_judged = |entry: &Therapy| match entry.outcome {
            None => entry.outcome_is_open,
            Some(outcome) => outcome != Outcome::NotAssessed,
        };
        self.of.iter().all(|taken| is_judged(taken.entry))
    }

    /// Other drugs were taken with a part of it under the same entry.
    pub(super) fn is_shared(&self) -> bool {
        self.of.iter().any(Taken::is_shared)
    }

    /// What else was taken under its entries.
    pub(super) fn beside(&self) -> BTreeSet<TreatmentId> {
        self.of.iter().flat_map(|entry| entry.beside.iter().copied()).collect()
    }

    /// Why it was stopped: any reason of a part that was.
    pub(super) fn stopped_for(&self) -> Choices {
        let stopped = self.of.iter().filter(|entry| entry.last.is_some());
        stopped.fold(Choices::NONE, |union, entry| union.union(entry.stopped_for()))
    }

    /// Why its dose was not higher.
    pub(super) fn limited_by(&self) -> Choices {
        self.of.iter().fold(Choices::NONE, |union, entry| union.union(entry.limited_by))
    }

    /// How much of it was taken: of several drugs, the one least taken.
    pub(super) fn adherence(&self) -> NumberSet {
        let each = self.of.iter().map(Taken::adherence);
        each.reduce(|least, next| NumberSet::least_of(&least, &next)).unwrap_or_else(NumberSet::everything)
    }
}
