use crate::catalog::{AbsentMeans, Fact, FactId, FactKind};
use crate::model::Time;
use crate::plan::{Part, ScaleEnd};
use crate::record::Entry;
use crate::value::{Choices, Date, Number, NumberSet, Period, Reason, Truth};

use super::{Binder, Held, Input, absent, entry, everything, positive};

impl<'a> Binder<'a> {
    /// The entries of a fact on one day.
    fn on(&self, id: FactId, day: Date) -> Vec<&'a Entry> {
        let visits = self.seen.visits.iter().filter(|visit| visit.date == day);
        let mut entries: Vec<&Entry> =
            visits.flat_map(|visit| &visit.entries).filter(|entry| entry.fact == id).collect();
        // Beside a value of that day, *not measured* says nothing.
        if entries.iter().any(|entry| !entry::is_not_measured(entry)) {
            entries.retain(|entry| !entry::is_not_measured(entry));
        }
        entries
    }

    /// The days with an entry that says something, newest first; *not measured* says nothing.
    fn days(&self, id: FactId) -> Vec<Date> {
        let mut days: Vec<Date> = self
            .seen
            .visits
            .iter()
            .filter(|visit| visit.entries.iter().any(|entry| entry.fact == id && !entry::is_not_measured(entry)))
            .map(|visit| visit.date)
            .collect();
        days.sort_unstable();
        days.dedup();
        days.reverse();
        days
    }

    pub(super) fn at_baseline(&mut self, id: FactId, fact: &Fact, part: Part) -> Input {
        let Some(day) = self.baseline else { return self.part(&[], fact, part, None) };
        let entries = self.on(id, day);
        if entries.is_empty() && fact.absent_means == Some(AbsentMeans::NotMeasured) {
            let held = self.part(&[], fact, part, None).held;
            let held = if part == Part::Measured { Held::Truth(Truth::NO) } else { held };
            return Input { date: Some(day), ..Input::of(held, Reason::NotMeasured) };
        }
        let known = self.part(&entries, fact, part, Some(day));
        if entries.is_empty() { self.on_later_scale(id, fact, part, day, known) } else { known }
    }

    /// A baseline that nobody recorded stands on the scale that was used later.
    fn on_later_scale(&self, id: FactId, fact: &Fact, part: Part, day: Date, known: Input) -> Input {
        let later = self.days(id).into_iter().find(|later| *later > day).map_or_else(Vec::new, |day| self.on(id, day));
        let (FactKind::Number(kind), false) = (&fact.kind, later.is_empty()) else { return known };
        let held = match (part, entry::scale_ends(&later, fact).as_slice()) {
            (Part::Value, [end]) => Some(Held::Number(entry::on_scale(kind, *end))),
            (Part::ScaleLength, _) => entry::scale_lengths(&later, fact).map(Held::Number),
            _ => None,
        };
        held.map_or(known.clone(), |held| Input { held, ..known })
    }

    pub(super) fn latest(&mut self, id: FactId, fact: &Fact, part: Part, within: Option<Period>) -> Input {
        let today = self.seen.as_of;
        let fresh = |day: Date| {
            let after = |period: Option<Period>| period.and_then(|period| today.minus(period).ok());
            [within, fact.valid_for].into_iter().all(|period| after(period).is_none_or(|first| day >= first))
        };
        let newest = self.days(id).first().copied();
        if part == Part::Measured && !newest.is_some_and(fresh) && self.said_not_measured(id, fact, fresh) {
            return Input::of(Held::Truth(Truth::NO), Reason::NotMeasured);
        }
        let Some(day) = newest else { return self.part(&[], fact, part, None) };
        let entries = self.on(id, day);
        let input = self.part(&entries, fact, part, Some(day));
        let too_old = within.and_then(|period| today.minus(period).ok()).is_some_and(|first| day < first);
        if part == Part::Recorded && too_old {
            // Of the days that are asked for nothing is on file.
            return Input { held: Held::Truth(Truth::NO), ..input };
        }
        if fresh(day) { input } else { stale(input, fact, part) }
    }

    /// There is a visit of these days, and it says that the fact was not measured, in words or by not naming it.
    fn said_not_measured(&self, id: FactId, fact: &Fact, fresh: impl Fn(Date) -> bool) -> bool {
        let by_silence = fact.absent_means == Some(AbsentMeans::NotMeasured);
        let mut visits = self.seen.visits.iter().filter(|visit| fresh(visit.date));
        visits.any(|visit| by_silence || visit.entries.iter().any(|entry| entry.fact == id))
    }

    /// The newest value after the baseline, on the scale of the baseline.
    pub(super) fn since_baseline(&mut self, id: FactId, fact: &Fact, part: Part) -> Input {
        let Some(baseline) = self.baseline else { return self.part(&[], fact, part, None) };
        let before = self.on(id, baseline);
        let Some(day) = self.days(id).into_iter().find(|day| *day > baseline) else {
            let later = self.seen.visits.iter().any(|visit| visit.date > baseline);
            let reason = if later { Reason::NotRecorded } else { Reason::NoLaterVisit };
            let held = Self::held_since(&[], &before, fact, part);
            return Input::of(held, reason);
        };
        let entries = self.on(id, day);
        let mut input = entry::together(&entries, fact, Some(day)).unwrap_or_else(|| absent(fact));
        let scales = |entries: &[&Entry]| entry::scale_ends(entries, fact);
        let one_scale = scales(&before).len() <= 1 && scales(&before) == scales(&entries);
        if !before.is_empty() && !one_scale {
            // Nobody says what the one scale is on the other: of the change nothing is known.
            input.reason = Reason::DifferentScales;
            input.held = Held::Number(NumberSet::everything());
        } else {
            input.value = single(&input.held);
            input.held = Self::held_since(&entries, &before, fact, part);
            if let Part::OnScale(ScaleEnd(end)) = part
                && scales(&entries) != [Number::whole(i64::from(end))]
            {
                input.reason = Reason::OtherScale;
            }
        }
        if fact.valid_for.and_then(|period| self.seen.as_of.minus(period).ok()).is_some_and(|first| day < first) {
            return stale(input, fact, part);
        }
        input
    }

    /// What is possible of a value after the baseline: on the baseline's scale, or over the baseline's limit.
    fn held_since(entries: &[&Entry], before: &[&Entry], fact: &Fact, part: Part) -> Held {
        let scales = entry::scale_ends(if entries.is_empty() { before } else { entries }, fact);
        let value = match (entry::together(entries, fact, None), &fact.kind, scales.as_slice()) {
            (Some(input), _, _) => input.held,
            (None, FactKind::Number(kind), [end]) => Held::Number(entry::on_scale(kind, *end)),
            (None, _, _) => everything(fact),
        };
        match (part, &fact.kind) {
            (Part::Multiple, _) => entry::multiple(&value, entry::limits(before).as_ref()),
            // Nobody says what a value of another scale is on this one.
            (Part::OnScale(ScaleEnd(end)), FactKind::Number(kind)) => {
                let end = Number::whole(i64::from(end));
                if entries.is_empty() || scales != [end] { Held::Number(entry::on_scale(kind, end)) } else { value }
            }
            (
                Part::OnScale(_) | Part::Value | Part::UpperLimit | Part::ScaleLength | Part::Measured | Part::Recorded,
                _,
            ) => value,
        }
    }

    /// A part of the entries of one day.
    pub(super) fn part(&mut self, entries: &[&Entry], fact: &Fact, part: Part, day: Option<Date>) -> Input {
        let known = self.together(entries, fact, day);
        let with = |held: Held| Input { held, ..known.clone() };
        match part {
            Part::Value => known,
            Part::OnScale(ScaleEnd(end)) => on_scale(known, entries, fact, Number::whole(i64::from(end))),
            Part::UpperLimit | Part::Multiple => {
                let limit = entry::limits(entries);
                let open = limit.is_none() && known.reason == Reason::Recorded;
                let reason = if open { Reason::NotRecorded } else { known.reason };
                let held = if part == Part::Multiple {
                    entry::multiples(entries, fact).unwrap_or_else(|| entry::multiple(&known.held, None))
                } else {
                    Held::Number(limit.unwrap_or_else(positive))
                };
                Input { reason, value: single(&known.held), ..with(held) }
            }
            Part::ScaleLength => match entry::scale_lengths(entries, fact) {
                Some(lengths) => with(Held::Number(lengths)),
                None => Input::of(Held::Number(positive()), Reason::NotRecorded),
            },
            Part::Measured => with(Held::Truth(entry::measured(entries).unwrap_or(Truth::EITHER))),
            Part::Recorded => {
                let recorded = entries.iter().any(|entry| entry::is_known(entry));
                Input::of(Held::Truth(Truth::from(recorded)), Reason::Recorded)
            }
        }
    }

    /// Over all visits: every value seen, the highest, or the lowest. A visit without a value may have had any,
    /// unless the dictionary takes that for *not measured*.
    pub(super) fn over_time(&mut self, id: FactId, fact: &Fact, when: Time, part: Part) -> Input {
        let mut days: Vec<Date> = self.seen.visits.iter().map(|visit| visit.date).collect();
        days.dedup();
        let mut joined: Option<Input> = None;
        for day in days {
            let entries = self.on(id, day);
            let unmeasured = match entries.first() {
                Some(entry) => entry::is_not_measured(entry),
                None => fact.absent_means == Some(AbsentMeans::NotMeasured),
            };
            if unmeasured {
                continue;
            }
            let next = self.part(&entries, fact, part, Some(day));
            joined = Some(match joined {
                None => next,
                Some(before) => join(&before, &next, when, fact),
            });
        }
        joined.unwrap_or_else(|| self.part(&[], fact, part, None))
    }
}

/// The old value is shown, and every value allowed.
fn stale(input: Input, fact: &Fact, part: Part) -> Input {
    let held = match part {
        Part::Multiple => entry::multiple(&everything(fact), None),
        Part::UpperLimit => Held::Number(positive()),
        Part::Measured => Held::Truth(Truth::EITHER),
        Part::Recorded | Part::ScaleLength => return input,
        Part::Value | Part::OnScale(_) => everything(fact),
    };
    Input { held, reason: Reason::Stale, limit: None, value: None, ..input }
}

/// The value where it stands on that scale, else every value of the scale.
fn on_scale(known: Input, entries: &[&Entry], fact: &Fact, end: Number) -> Input {
    let FactKind::Number(kind) = &fact.kind else { return known };
    let same = entries.is_empty() || entry::scale_ends(entries, fact) == [end];
    let room = entry::on_scale(kind, end);
    match (&known.held, same) {
        (Held::Number(value), true) => Input { held: Held::Number(value.intersection(&room)), ..known },
        _ => Input { held: Held::Number(room), reason: Reason::OtherScale, ..known },
    }
}

fn single(held: &Held) -> Option<Number> {
    match held {
        Held::Number(number) => number.single(),
        Held::Truth(_) | Held::Choices(_) => None,
    }
}

fn join(before: &Input, next: &Input, when: Time, fact: &Fact) -> Input {
    let held = match (&before.held, &next.held) {
        (Held::Number(left), Held::Number(right)) => Held::Number(match when {
            Time::Lowest => NumberSet::least_of(left, right),
            Time::Highest | Time::Ever | Time::Undated | Time::Baseline | Time::Since | Time::Latest { .. } => {
                NumberSet::greatest_of(left, right)
            }
        }),
        (Held::Choices(left), Held::Choices(right)) => Held::Choices(ever(*left, *right, fact)),
        (Held::Truth(left), Held::Truth(right)) => Held::Truth(*left | *right),
        (left, right) => left.union(right),
    };
    // The visit that shows is the one that settles it, else the one that leaves it open.
    let shown =
        if next.held == held || (next.reason != Reason::Recorded && before.held != held) { next } else { before };
    // It is no longer one entry with one limit.
    Input { held, limit: None, value: None, ..shown.clone() }
}

/// A yes/no that was ever yes: yes wins over no, and no over *not done*.
fn ever(left: Choices, right: Choices, fact: &Fact) -> Choices {
    if !matches!(fact.kind, FactKind::Choice { yes_no: true, .. }) {
        return left.union(right);
    }
    let mut joined = Choices::NONE;
    for one in left.iter() {
        for other in right.iter() {
            joined = joined.union(Choices::only(one.min(other)));
        }
    }
    joined
}
