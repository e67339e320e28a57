//! What the rows of a table give, for all records at a time; the meaning is that of [`crate::eval::step`].

use super::sheet::{LANES, Truths, lanes};
use crate::plan::{FAULT, RowPolicy, TruthRegister};
use crate::value::Choices;

/// What the rows give; where they are never at fault, the fault alone is a contradiction in what they test.
pub(super) fn rows(
    (policy, sound): (RowPolicy, bool),
    rows: &[(TruthRegister, u8)],
    held: impl Fn(TruthRegister) -> Truths,
) -> [Choices; LANES] {
    let mut values = [Choices::NONE; LANES];
    match policy {
        RowPolicy::ExactlyOne => exactly_one_row(rows, held, &mut values),
        RowPolicy::First => first_row(rows, held, &mut values),
    }
    if sound {
        let fault = Choices::only(FAULT);
        for value in values.iter_mut().filter(|value| **value != fault) {
            *value = value.without(fault);
        }
    }
    values
}

/// The values of the rows that can be the only one; the fault, where none or two can fit.
fn exactly_one_row(
    rows: &[(TruthRegister, u8)],
    held: impl Fn(TruthRegister) -> Truths,
    values: &mut [Choices; LANES],
) {
    let (mut certain, mut two_certain, mut possible, mut two_possible) = (0, 0, 0, 0);
    for (when, _) in rows {
        let held = held(*when);
        two_certain |= certain & held.certain();
        certain |= held.certain();
        two_possible |= possible & held.yes;
        possible |= held.yes;
    }
    let at_fault = two_certain | !possible;
    for (when, value) in rows {
        let held = held(*when);
        give(values, !at_fault & (held.certain() | held.yes & !certain), *value);
    }
    give(values, at_fault | !certain | two_possible, FAULT);
}

/// The values of the rows up to the first that certainly fits; the fault, where none may.
fn first_row(rows: &[(TruthRegister, u8)], held: impl Fn(TruthRegister) -> Truths, values: &mut [Choices; LANES]) {
    let mut open = u64::MAX;
    for (when, value) in rows {
        let held = held(*when);
        give(values, open & held.yes, *value);
        open &= !held.certain();
        if open == 0 {
            return;
        }
    }
    give(values, open, FAULT);
}

/// Adds a value for some records.
#[inline]
fn give(values: &mut [Choices; LANES], whom: u64, value: u8) {
    let value = Choices::only(value);
    for lane in lanes(whom) {
        if let Some(values) = values.get_mut(lane) {
            *values = values.union(value);
        }
    }
}
