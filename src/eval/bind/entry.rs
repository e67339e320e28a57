use crate::catalog::{Fact, FactKind, NumberKind};
use crate::record::{Entry, Given};
use crate::value::{Bound, Date, Interval, Number, NumberSet, Reason, Truth};

use super::{Held, Input, everything, positive};

/// The most values of a whole-number fact that are kept one by one.
const LISTED: i128 = 16;

/// Every number the dictionary allows; whole numbers one by one where they are few, so that what is worked out from
/// them is exact.
pub(super) fn allowed(kind: &NumberKind) -> NumberSet {
    if kind.whole { listed(&kind.range) } else { kind.range.clone() }
}

/// Whole numbers one by one, where they are few.
pub(super) fn listed(range: &NumberSet) -> NumberSet {
    let whole = range.whole_only();
    let ends = whole.hull().and_then(|hull| Some((hull.low.number()?.floor(), hull.high.number()?.floor())));
    match ends {
        Some((low, high)) if high - low < LISTED => NumberSet::from_intervals(
            (low..=high)
                .filter_map(|value| i64::try_from(value).ok())
                .map(Number::whole)
                .filter(|value| whole.contains(*value))
                .map(|value| Interval { low: Bound::Closed(value), high: Bound::Closed(value) }),
        ),
        _ => whole,
    }
}

/// Something other than `unknown` was recorded.
pub(super) fn is_known(entry: &Entry) -> bool {
    !matches!(entry.given, Given::Missing)
}

/// Nobody measured it, and says so.
pub(super) fn is_not_measured(entry: &Entry) -> bool {
    matches!(entry.given, Given::Missing) && entry.reason == Reason::NotMeasured
}

/// What one entry leaves possible of its value.
pub(super) fn value(entry: &Entry, fact: &Fact) -> Held {
    match &entry.given {
        Given::Choices(choices) => Held::Choices(*choices),
        Given::Number(set) => match &fact.kind {
            FactKind::Number(kind) if kind.whole => Held::Number(listed(set)),
            FactKind::Number(_) | FactKind::Choice { .. } | FactKind::Date => Held::Number(set.clone()),
        },
        Given::Date(range) => Held::Number(NumberSet::between(
            Number::whole(range.earliest.day_number()),
            Number::whole(range.latest.day_number()),
        )),
        Given::Missing => match (&fact.kind, scale_end(entry, fact)) {
            (FactKind::Number(kind), Some(end)) => Held::Number(on_scale(kind, end)),
            _ => everything(fact),
        },
    }
}

/// The values on the scale that ends at a number.
pub(super) fn on_scale(kind: &NumberKind, end: Number) -> NumberSet {
    let up_to = NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Closed(end) });
    allowed(kind).intersection(&up_to)
}

/// The end of the scale an entry was recorded on: its own, else the usual one; `None` for a fact with one scale.
pub(super) fn scale_end(entry: &Entry, fact: &Fact) -> Option<Number> {
    match &fact.kind {
        FactKind::Number(kind) => entry.scale.or_else(|| kind.scales.first().copied()),
        FactKind::Choice { .. } | FactKind::Date => None,
    }
}

/// The ends of the scales that the entries of one day were recorded on, each once; the usual one for none.
pub(super) fn scale_ends(entries: &[&Entry], fact: &Fact) -> Vec<Number> {
    let mut ends: Vec<Number> = Vec::new();
    for end in entries.iter().filter_map(|entry| scale_end(entry, fact)) {
        if !ends.contains(&end) {
            ends.push(end);
        }
    }
    if let (true, FactKind::Number(kind)) = (ends.is_empty(), &fact.kind) {
        ends.extend(kind.scales.first());
    }
    ends
}

/// The length of the scale: from the lowest value to the end.
pub(super) fn scale_lengths(entries: &[&Entry], fact: &Fact) -> Option<NumberSet> {
    let FactKind::Number(kind) = &fact.kind else { return None };
    let hull = kind.range.hull()?;
    let low = hull.low.number()?;
    let mut ends = scale_ends(entries, fact);
    if ends.is_empty() {
        ends.extend(hull.high.number());
    }
    let lengths = ends.iter().filter_map(|end| end.minus(low).ok()).map(NumberSet::point);
    lengths.reduce(|union, length| union.union(&length))
}

/// The upper limits that the entries of one day give; any for a value without one, `None` where none is given.
pub(super) fn limits(entries: &[&Entry]) -> Option<NumberSet> {
    let given = entries.iter().filter_map(|entry| entry.upper_limit.clone());
    let limits = given.reduce(|union, limit| union.union(&limit))?;
    let bare = entries.iter().any(|entry| entry.upper_limit.is_none() && is_known(entry));
    Some(if bare { limits.union(&positive()) } else { limits })
}

/// Every value of one day over its own upper limit.
pub(super) fn multiples(entries: &[&Entry], fact: &Fact) -> Option<Held> {
    let own = entries.iter().map(|entry| multiple(&value(entry, fact), entry.upper_limit.as_ref()));
    own.reduce(|union, next| union.union(&next))
}

/// The value over its upper limit.
pub(super) fn multiple(value: &Held, limit: Option<&NumberSet>) -> Held {
    let Held::Number(value) = value else { return value.clone() };
    let anything = positive();
    Held::Number(value.over(limit.unwrap_or(&anything)))
}

/// Several entries of one fact on one day: one value where they agree, else all of them, conflicting.
pub(super) fn together(entries: &[&Entry], fact: &Fact, date: Option<Date>) -> Option<Input> {
    let (first, rest) = entries.split_first()?;
    let mut input = Input::from_entry(value(first, fact), first, date);
    for entry in rest {
        let other = value(entry, fact);
        let limit = entry.upper_limit.is_some() && entry.upper_limit != first.upper_limit;
        if other != input.held || limit || scale_end(entry, fact) != scale_end(first, fact) {
            input.held = input.held.union(&other);
            input.reason = Reason::Conflicting;
            input.written = input.written.map(|written| format!("{written} and {}", entry.written));
            input.limit = input.limit.filter(|_| !limit);
        }
    }
    Some(input)
}

/// Whether it was measured, given the entries of a visit.
pub(super) fn measured(entries: &[&Entry]) -> Option<Truth> {
    let of = |entry: &&Entry| match entry.given {
        Given::Missing if entry.reason == Reason::NotMeasured => Truth::NO,
        Given::Missing => Truth::EITHER,
        Given::Choices(_) | Given::Number(_) | Given::Date(_) => Truth::YES,
    };
    entries.iter().map(of).reduce(|any, one| any | one)
}
