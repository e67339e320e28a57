use std::collections::BTreeMap;

use crate::catalog::FactId;
use crate::eval::linear::Form;
use crate::model::Time;
use crate::plan::{Part, Plan, SlotId, SlotSource};
use crate::value::{Number, Reason};

use super::{Held, Input};

/// What ties the readings of one laboratory value together: value and multiple by the upper limit where that is
/// known; the multiples before and after by the two values where only the limit is not.
pub(super) fn laws(plan: &Plan, inputs: &[Input], twins: &[(SlotId, SlotId)]) -> Vec<Form> {
    let find = |fact: FactId, when: Time, part: Part| {
        let source = SlotSource::Fact { fact, when, part };
        let at = plan.slots.iter().position(|slot| slot.source == source)?;
        let input = inputs.get(at)?;
        Some((SlotId(u32::try_from(at).ok()?), input))
    };
    let mut laws: Vec<Form> = twins
        .iter()
        .filter(|(first, _)| inputs.get(first.0 as usize).is_some_and(|input| matches!(input.held, Held::Number(_))))
        .filter_map(|(first, second)| tie(*first, Number::ONE, *second, Number::ONE))
        .collect();
    for (at, slot) in plan.slots.iter().enumerate() {
        if let SlotSource::Fact { fact, when, part: Part::OnScale(_) } = slot.source {
            laws.extend(one_scale(at, inputs, find(fact, when, Part::Value)));
        }
        let SlotSource::Fact { fact, when, part: Part::Multiple } = slot.source else { continue };
        let Some(input) = inputs.get(at).filter(|input| !input.held.is_settled()) else { continue };
        let Ok(multiple) = u32::try_from(at).map(SlotId) else { continue };
        // A later value is held against the limit at baseline.
        let of = if when == Time::Since { Time::Baseline } else { when };
        let limit = find(fact, of, Part::Multiple).and_then(|(_, input)| input.limit);
        if let (Some(limit), Some((value, known))) = (limit, find(fact, when, Part::Value))
            && !known.held.is_settled()
        {
            laws.extend(tie(value, Number::ONE, multiple, limit));
        }
        if when == Time::Baseline
            && let Some((later, later_input)) = find(fact, Time::Since, Part::Multiple)
            && !later_input.held.is_settled()
            && let (Some(before), Some(after)) = (input.value, later_input.value)
        {
            laws.extend(tie(later, before, multiple, after));
        }
    }
    laws
}

/// Unknown slots that are one entry of the record, read at two times: `latest` and `after the baseline` of one visit.
pub(super) fn twins(plan: &Plan, inputs: &[Input]) -> Vec<(SlotId, SlotId)> {
    let mut pairs = Vec::new();
    let mut seen: BTreeMap<FactId, Vec<(SlotId, &Input)>> = BTreeMap::new();
    for (at, (slot, input)) in (0..).map(SlotId).zip(plan.slots.iter().zip(inputs)) {
        // What counts no more is shown, and anything may stand in its place.
        let is_read = input.span.is_some() && input.reason != Reason::Stale && !input.held.is_settled();
        let Some(fact) = reads_value(slot.source).filter(|_| is_read) else { continue };
        let earlier = seen.entry(fact).or_default();
        // What is forgotten at two visits stands at one place: of the record as a whole.
        let same_entry =
            |other: &Input| input.span == other.span && input.date == other.date && input.held == other.held;
        pairs.extend(earlier.iter().filter(|(_, other)| same_entry(other)).map(|(first, _)| (*first, at)));
        earlier.push((at, input));
    }
    pairs.sort_unstable();
    pairs
}

/// Lowest, then a reading, then highest: where the reading is of a visit that the two look at.
pub(super) fn ordered(plan: &Plan, inputs: &[Input]) -> Vec<(SlotId, SlotId)> {
    let is_of_all = |source| matches!(source, SlotSource::Fact { when: Time::Ever | Time::Lowest | Time::Highest, .. });
    let is_seen =
        |input: &Input| input.span.is_some() && !matches!(input.reason, Reason::Stale | Reason::DifferentScales);
    let fits = |slot: &SlotId| {
        let of_all = plan.slot(*slot).is_some_and(|slot| is_of_all(slot.source));
        of_all || inputs.get(slot.0 as usize).is_some_and(is_seen)
    };
    plan.ordered.iter().filter(|(low, high)| fits(low) && fits(high)).copied().collect()
}

/// The fact of which a slot reads the value itself.
fn reads_value(source: SlotSource) -> Option<FactId> {
    match source {
        SlotSource::Fact { fact, when: Time::Baseline | Time::Since | Time::Latest { .. }, part: Part::Value } => {
            Some(fact)
        }
        SlotSource::Fact { .. }
        | SlotSource::Judgement(_)
        | SlotSource::Course { .. }
        | SlotSource::Status(_)
        | SlotSource::Word(_) => None,
    }
}

/// A value and the value on the usual scale are one, unless it was recorded on another.
fn one_scale(at: usize, inputs: &[Input], value: Option<(SlotId, &Input)>) -> Option<Form> {
    let own = inputs.get(at)?;
    let (value, known) = value?;
    let one = !own.held.is_settled() && own.held == known.held;
    one.then(|| tie(SlotId(u32::try_from(at).ok()?), Number::ONE, value, Number::ONE)).flatten()
}

/// `first * left = second * right`
fn tie(first: SlotId, left: Number, second: SlotId, right: Number) -> Option<Form> {
    Form::slot(first, left).plus(&Form::slot(second, right.negated())).ok()
}
