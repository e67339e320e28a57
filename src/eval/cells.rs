//! Sets of values taken apart, and where in them a search looks first.

use crate::plan::{FAULT, NumberFunction, NumberRegister, Step};
use crate::value::{Bound, Choices, Interval, Number, NumberSet, Precision, Truth};

use super::Held;
use super::linear;

/// The most values of a number that are tried one by one.
const FEW: usize = 8;

/// The number a step tests, and what of it would bring what is wanted.
pub(super) fn tested(step: &Step, wanted: &Held) -> Option<(NumberRegister, NumberSet)> {
    if let (Step::Within(of, set, _), Held::Truth(truth)) = (step, wanted) {
        Some((*of, if truth.can_be_yes() { set.clone() } else { set.complement() }))
    } else if let (Step::Points(of, bands, _), Held::Number(points)) = (step, wanted) {
        Some((*of, joined(bands.iter().filter(|(_, own)| points.contains(*own)).map(|(band, _)| band))))
    } else if let (Step::Classify(of, bands, _), Held::Choices(values)) = (step, wanted) {
        Some((*of, joined(bands.iter().filter(|(_, own)| values.contains(*own)).map(|(band, _)| band))))
    } else {
        None
    }
}

/// About where a function has some values: where to look first, not where they are.
pub(super) fn undone(function: NumberFunction, wanted: &NumberSet, precision: Precision) -> NumberSet {
    let positive = NumberSet::from_interval(Interval { low: Bound::Open(Number::ZERO), high: Bound::Unbounded });
    match function {
        NumberFunction::SquareRoot => wanted.times(wanted),
        NumberFunction::NaturalLogarithm => wanted.exponential(precision),
        NumberFunction::Exponential => wanted.intersection(&positive).natural_logarithm(precision),
    }
}

/// The end of a part that brings its sum nearer to what is wanted.
pub(super) fn towards(own: &NumberSet, others: &NumberSet, wanted: &NumberSet) -> NumberSet {
    let end = |set: &NumberSet, low: bool| {
        let hull = set.hull()?;
        if low { hull.low.number() } else { hull.high.number() }
    };
    let lowest = end(&own.plus(others), true);
    let too_low = match (lowest, end(wanted, true)) {
        (Some(lowest), Some(least)) => lowest < least,
        (None, _) => true,
        (Some(_), None) => false,
    };
    end(own, !too_low).map_or_else(NumberSet::everything, NumberSet::point)
}

/// The smallest stretch that holds a set.
pub(super) fn hull(set: &NumberSet) -> NumberSet {
    set.hull().map_or_else(NumberSet::empty, NumberSet::from_interval)
}

fn joined<'a>(sets: impl Iterator<Item = &'a NumberSet>) -> NumberSet {
    sets.fold(NumberSet::empty(), |all, set| all.union(set))
}

pub(super) fn without_fault(held: Held) -> Option<Held> {
    let left = match held {
        Held::Choices(choices) => Held::Choices(choices.without(Choices::only(FAULT))),
        Held::Truth(_) | Held::Number(_) => held,
    };
    (!left.is_empty()).then_some(left)
}

pub(super) fn without(held: &Held, other: &Held) -> Held {
    match (held, other) {
        (Held::Truth(held), Held::Truth(other)) => {
            let yes = held.can_be_yes() && !other.can_be_yes();
            Held::Truth(Truth::possible(yes, held.can_be_no() && !other.can_be_no()))
        }
        (Held::Choices(held), Held::Choices(other)) => Held::Choices(held.without(*other)),
        (Held::Number(held), Held::Number(other)) => Held::Number(held.intersection(&other.complement())),
        (held, _) => held.clone(),
    }
}

/// A set as cells of which each is a single stretch, where it has few.
pub(super) fn pieces(held: Held) -> Vec<Held> {
    if held.is_empty() {
        return Vec::new();
    }
    match &held {
        Held::Number(number) if number.intervals().len() <= FEW => {
            number.intervals().iter().map(|interval| Held::Number(NumberSet::from_interval(*interval))).collect()
        }
        Held::Number(_) | Held::Truth(_) | Held::Choices(_) => vec![held],
    }
}

/// The values of a set one by one, and whether these are all; of a number that can have any, some.
pub(super) fn apart(held: &Held) -> (Vec<Held>, bool) {
    match held {
        Held::Truth(_) => (vec![Held::Truth(Truth::YES), Held::Truth(Truth::NO)], true),
        Held::Choices(choices) => (choices.iter().map(Choices::only).map(Held::Choices).collect(), true),
        Held::Number(number) => {
            let point = |value: Number| Held::Number(NumberSet::point(value));
            if let Some(values) = number.finite_values(NumberSet::PIECES) {
                return (values.into_iter().map(point).collect(), true);
            }
            (some_of(number).into_iter().map(point).collect(), false)
        }
    }
}

/// A few numbers of a set: one of each stretch, and its ends.
fn some_of(number: &NumberSet) -> Vec<Number> {
    let mut some = Vec::new();
    for interval in number.intervals().iter().take(FEW) {
        let within = NumberSet::from_interval(*interval);
        let ends = [interval.low, interval.high].map(|bound| bound.number().filter(|end| within.contains(*end)));
        some.extend(ends.into_iter().chain([linear::some_member(&within), middle(*interval)]).flatten());
    }
    some.sort_unstable();
    some.dedup();
    some
}

fn middle(interval: Interval) -> Option<Number> {
    interval.low.number()?.halfway(interval.high.number()?).ok()
}

/// Where the values begin that are proposed for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    Low,
    Middle,
}

/// How many whole numbers are proposed.
const PROPOSED: usize = 64;

/// Values of a set to try, from its lowest or from its middle on; of a whole number several, of any other one.
pub(super) fn proposed(set: &NumberSet, is_whole: bool, from: Start) -> Vec<Number> {
    let set = if is_whole { &set.whole_only() } else { set };
    let first = match from {
        Start::Low => linear::some_member(set),
        Start::Middle => linear::inner_member(set),
    };
    let Some(first) = first else { return Vec::new() };
    if !is_whole {
        return vec![first];
    }
    let further = NumberSet::from_interval(Interval { low: Bound::Closed(first), high: Bound::Unbounded });
    whole_numbers(&set.intersection(&further)).chain(whole_numbers(set)).take(PROPOSED).collect()
}

/// The whole numbers of a set, from its lowest on; of a stretch without a lowest none.
fn whole_numbers(set: &NumberSet) -> impl Iterator<Item = Number> {
    let of_stretch = |stretch: Interval| {
        let next = |number: &Number| number.plus(Number::ONE).ok();
        let within = NumberSet::from_interval(stretch);
        std::iter::successors(stretch.low.number(), next).take_while(move |number| within.contains(*number))
    };
    let stretches: Vec<Interval> = set.whole_only().intervals().into_iter().collect();
    stretches.into_iter().flat_map(of_stretch)
}

/// A set of single numbers, or of whole ones, in two halves; `None` where it is of one number, or of others.
pub(super) fn halves(set: &NumberSet, is_whole: bool) -> Option<[NumberSet; 2]> {
    if let Some(values) = set.finite_values(NumberSet::PIECES) {
        let (low, high) = values.split_at(values.len() / 2);
        let of =
            |half: &[Number]| half.iter().fold(NumberSet::empty(), |all, value| all.union(&NumberSet::point(*value)));
        return (!low.is_empty()).then(|| [of(low), of(high)]);
    }
    let whole = set.whole_only();
    let ends = whole.hull().filter(|_| is_whole)?;
    let middle = Number::whole(i64::try_from(middle(ends)?.floor()).ok()?);
    let below = NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Closed(middle) });
    Some([whole.intersection(&below), whole.intersection(&below.complement())])
}
