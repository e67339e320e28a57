//! Why a value is not known, with what is known of it: `too old, value of 01 Mar 2026`, `known only as above 70`.

use super::words;
use crate::explain::{Operand, Possible, Statement};
use crate::value::{Bound, Interval, NumberSet, Reason};

/// The unit in which ages are told.
pub(super) const YEARS: &str = "years";

/// Why a fact keeps an answer open; `why` alone where no statement looked at the fact.
pub(super) fn why(trace: &[Statement], fact: &str, when: &str, why: &str) -> String {
    let wanted = |operand: &Operand| operand.id == fact && operand.when == when && operand.provenance == why;
    find(trace, &wanted).map_or_else(|| why.to_owned(), of_operand)
}

fn find<'a>(statements: &'a [Statement], wanted: &impl Fn(&Operand) -> bool) -> Option<&'a Operand> {
    statements.iter().find_map(|statement| {
        let own = statement.operands.iter().find(|operand| wanted(operand));
        own.or_else(|| find(&statement.parts, wanted))
    })
}

/// Why the value of an operand is not known.
pub(super) fn of_operand(operand: &Operand) -> String {
    let reason = operand.provenance.as_str();
    let told = if reason == Reason::OutsideAssay.words() || reason == Reason::Imprecise.words() {
        operand.written.as_ref().map(|written| format!("known only as {written}"))
    } else if reason == Reason::Conflicting.words() {
        operand.written.as_ref().map(|written| format!("conflicting: {written}"))
    } else if is_stale(operand) {
        operand.date.map(|date| format!("too old, value of {}", words::day(date)))
    } else if reason == Reason::Derived.words() {
        Some(in_part(operand))
    } else {
        None
    };
    told.unwrap_or_else(|| reason.to_owned())
}

/// There is a value, which no longer counts.
pub(super) fn is_stale(operand: &Operand) -> bool {
    operand.provenance == Reason::Stale.words()
}

fn in_part(operand: &Operand) -> String {
    let unit = operand.unit.as_deref();
    let known = match &operand.possible {
        Possible::Number(set) if unit == Some(YEARS) => completed_years(set),
        Possible::Number(_) | Possible::Choice(_) => Some(words::brief(&operand.possible, unit)),
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Nothing => None,
    };
    known.map_or_else(|| "not known from the record".to_owned(), |known| format!("known only in part: {known}"))
}

/// `74 or 75`: ages as people count them.
fn completed_years(set: &NumberSet) -> Option<String> {
    let Interval { low, high } = set.hull()?;
    let first = low.number()?.floor();
    let last = match high {
        Bound::Open(end) if end.is_whole() => end.floor() - 1,
        Bound::Open(end) | Bound::Closed(end) => end.floor(),
        Bound::Unbounded => return Some(format!("at least {first}")),
    };
    Some(match last - first {
        ..=0 => first.to_string(),
        1 => format!("{first} or {last}"),
        _ => format!("{first} to {last}"),
    })
}
