//! What the dictionary ties together, for a search: numbers that are whole, and facts that mean something only for
//! some patients and are what the dictionary says for all others.

use std::collections::BTreeSet;

use crate::catalog::{FactId, FactKind};
use crate::model::{CourseWord, Time};
use crate::plan::{Part, Plan, Register, Slice, SlotId, SlotSource};
use crate::value::{Choices, NumberSet};

use super::bind::everything;
use super::{Held, Subject};

/// The ties between the slots of a guideline.
#[derive(Debug, Default)]
pub(super) struct Ties {
    whole: BTreeSet<SlotId>,
    applies: Vec<Applies>,
}

/// A fact applies to some patients.
#[derive(Debug)]
struct Applies {
    decider: SlotId,
    /// The values of the decider for which it applies.
    is: Choices,
    fact: SlotId,
    /// What it may be for those.
    any: Held,
    /// What it is for all others.
    otherwise: Held,
}

impl Ties {
    pub(super) fn of(subject: Subject<'_>) -> Self {
        let Subject { catalog, lowered, .. } = subject;
        let slots = || (0..).map(SlotId).zip(&lowered.plan.slots);
        let undated = |id: FactId| {
            let source = SlotSource::Fact { fact: id, when: Time::Undated, part: Part::Value };
            slots().find(|(_, slot)| slot.source == source).map(|(at, _)| at)
        };
        let (mut whole, mut applies) = (BTreeSet::new(), Vec::new());
        for (at, slot) in slots() {
            if slot.source == SlotSource::Word(CourseWord::Cycles) {
                whole.insert(at);
            }
            let SlotSource::Fact { fact: id, when, part } = slot.source else { continue };
            let Some(fact) = catalog.fact(id) else { continue };
            let is_value = matches!(part, Part::Value | Part::OnScale(_));
            if is_value && matches!(&fact.kind, FactKind::Number(kind) if kind.whole) {
                whole.insert(at);
            }
            let Some(rule) = fact.applies_when.as_ref().filter(|_| when == Time::Undated && part == Part::Value) else {
                continue;
            };
            let choice = rule.otherwise_choice.map(Held::Choices);
            let number = rule.otherwise_number.map(|number| Held::Number(NumberSet::point(number)));
            if let (Some(decider), Some(otherwise)) = (undated(rule.fact), choice.or(number)) {
                applies.push(Applies { decider, is: rule.is, fact: at, any: everything(fact), otherwise });
            }
        }
        Ties { whole, applies }
    }

    /// What some registers depend on, with what is tied to it.
    pub(super) fn slice(&self, plan: &Plan, of: &[Register]) -> Slice {
        let mut roots = of.to_vec();
        loop {
            let slice = plan.slice(roots.iter().copied());
            let has = |slot: SlotId| slice.reads(slot);
            // The decider of what is read; and what it decides, where that may be part of what nobody has.
            let missing = |one: &Applies| match (has(one.decider), has(one.fact)) {
                (false, true) => Some(one.decider),
                (true, false) if plan.has_impossible() => Some(one.fact),
                (true, _) | (false, false) => None,
            };
            let missing = self.applies.iter().filter_map(missing);
            let more: Vec<Register> = missing.filter_map(|slot| Some(plan.slot(slot)?.register)).collect();
            if more.is_empty() {
                return slice;
            }
            roots.extend(more);
        }
    }

    /// A slot holds whole numbers only.
    pub(super) fn is_whole(&self, slot: SlotId) -> bool {
        self.whole.contains(&slot)
    }

    /// The values of a slot among those: of a whole number the whole ones.
    pub(super) fn among(&self, slot: SlotId, held: Held) -> Held {
        match held {
            Held::Number(number) if self.whole.contains(&slot) => Held::Number(number.whole_only()),
            Held::Number(_) | Held::Truth(_) | Held::Choices(_) => held,
        }
    }

    /// What slots must lie in, by what others hold.
    pub(super) fn closer(&self, held: impl Fn(SlotId) -> Option<Held>) -> Vec<(SlotId, Held)> {
        let of = |one: &Applies| {
            let (Some(Held::Choices(decider)), Some(fact)) = (held(one.decider), held(one.fact)) else { return None };
            let within = |room: &Held| (!fact.is_within(room)).then(|| (one.fact, room.clone()));
            if !decider.intersects(one.is) {
                within(&one.otherwise)
            } else if decider.within(one.is) {
                within(&one.any)
            } else if fact.intersection(&one.otherwise).is_empty() {
                Some((one.decider, Held::Choices(one.is)))
            } else if fact.intersection(&one.any).is_empty() {
                Some((one.decider, Held::Choices(decider.without(one.is))))
            } else {
                None
            }
        };
        self.applies.iter().filter_map(of).collect()
    }

    /// A slot is what its decider says: a record need not name it.
    pub(super) fn is_implied(&self, slot: SlotId, held: impl Fn(SlotId) -> Option<Held>) -> bool {
        self.applies.iter().any(|one| {
            one.fact == slot && matches!(held(one.decider), Some(Held::Choices(decider)) if !decider.intersects(one.is))
        })
    }
}
