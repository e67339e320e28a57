//! One step of a plan over sets: the evaluator's one match, whose arms call out.

use crate::plan::{FAULT, NumberFunction, NumberRegister, Relation, RowPolicy, Step, TruthRegister};
use crate::value::{Choices, Number, NumberSet, Precision, Truth};

use super::Registers;

/// Runs a step: reads its registers, writes its one.
pub(super) fn run(step: &Step, registers: &mut Registers, precision: Precision) {
    match step {
        Step::All(of, to) => {
            let all = Truth::all(of.iter().map(|at| registers.truth(*at)));
            registers.set_truth(*to, all);
        }
        Step::Any(of, to) => {
            let any = Truth::any(of.iter().map(|at| registers.truth(*at)));
            registers.set_truth(*to, any);
        }
        Step::Not(of, to) => registers.set_truth(*to, !registers.truth(*of)),
        Step::CountWithin { low, high, of, to } => {
            let (least, most) = count(of, registers);
            let held = Truth::possible(most >= *low && least <= *high, least < *low || most > *high);
            registers.set_truth(*to, held);
        }
        Step::UnknownIsNo(of, to) => {
            registers.set_truth(*to, Truth::from(registers.truth(*of) == Truth::YES));
        }
        Step::Is(of, values, to) => registers.set_truth(*to, is(registers.choice(*of), *values)),
        Step::Within(of, set, to) => registers.set_truth(*to, registers.number(*of).is_within(set)),
        Step::Compare(left, relation, right, to) => {
            let held = compare(registers.number(*left), *relation, registers.number(*right));
            registers.set_truth(*to, held);
        }
        Step::Known(of, to) => {
            let known = registers.number(*of).single().is_some();
            registers.set_truth(*to, Truth::from(known));
        }
        Step::Rows { policy, rows, sound, to } => {
            let value = self::rows((*policy, *sound), rows, |at| registers.truth(at));
            registers.set_choice(*to, value);
        }
        Step::PickTruth(pairs, to) => {
            let picked = pick(pairs, registers).fold(Truth::NEITHER, |union, then| union.union(registers.truth(then)));
            registers.set_truth(*to, if picked == Truth::NEITHER { Truth::EITHER } else { picked });
        }
        Step::NotExactlyOne(of, to) => {
            let (least, most) = count(of, registers);
            registers.set_truth(*to, Truth::possible(least != 1 || most != 1, most >= 1 && least <= 1));
        }
        Step::Assume(of, values, to) => {
            let open = registers.choice(*of);
            registers.set_choice(*to, if open.settled().is_some() { open } else { *values });
        }
        Step::Value(value, to) => registers.set_choice(*to, Choices::only(*value)),
        Step::Classify(of, bands, to) => registers.set_choice(*to, classify(registers.number(*of), bands)),
        Step::PickChoice(pairs, to) => {
            let picked = pick(pairs, registers).fold(Choices::NONE, |union, then| union.union(registers.choice(then)));
            registers.set_choice(*to, if picked.is_empty() { Choices::all(Choices::LIMIT) } else { picked });
        }
        Step::Constant(value, to) => write(registers, *to, NumberSet::point(*value)),
        Step::Count(of, to) => write(registers, *to, counts(of, registers)),
        Step::Sum(of, to) => write(registers, *to, sum(of, registers)),
        Step::Highest(of, to) => write(registers, *to, fold(of, registers, NumberSet::greatest_of)),
        Step::Lowest(of, to) => write(registers, *to, fold(of, registers, NumberSet::least_of)),
        Step::Difference(left, right, to) => {
            write(registers, *to, registers.number(*left).minus(registers.number(*right)));
        }
        Step::Product(left, right, to) => {
            write(registers, *to, registers.number(*left).times(registers.number(*right)));
        }
        Step::Quotient(left, right, to) => {
            write(registers, *to, quotient(registers.number(*left), registers.number(*right)));
        }
        Step::Apply(function, of, to) => write(registers, *to, apply(*function, registers.number(*of), precision)),
        Step::Points(of, bands, to) => write(registers, *to, points(registers.number(*of), bands)),
        Step::PointsIf(when, points, to) => write(registers, *to, points_if(registers.truth(*when), *points)),
        Step::PickNumber(pairs, to) => write(registers, *to, pick_number(pairs, registers)),
        Step::NumberOf(of, numbers, to) => write(registers, *to, number_of(registers.choice(*of), numbers)),
        Step::UnknownIsZero(of, to) => {
            let known = registers.number(*of).single().unwrap_or(Number::ZERO);
            write(registers, *to, NumberSet::point(known));
        }
    }
}

/// Writes a number. No number at all, as the logarithm of 0 or a share of a baseline of 0: nothing is known.
fn write(registers: &mut Registers, to: NumberRegister, value: NumberSet) {
    registers.set_number(to, if value.is_empty() { NumberSet::everything() } else { value });
}

/// What a reading of what was recorded gives hangs on how much is known: after its step anything that some record gives.
pub(super) fn widen(step: &Step, registers: &mut Registers) {
    match step {
        Step::UnknownIsNo(_, to) | Step::Known(_, to) => registers.set_truth(*to, Truth::EITHER),
        Step::UnknownIsZero(of, to) => {
            let all = registers.number(*of).union(&NumberSet::point(Number::ZERO));
            registers.set_number(*to, all);
        }
        Step::Assume(of, values, to) => registers.set_choice(*to, registers.choice(*of).union(*values)),
        Step::All(..)
        | Step::Any(..)
        | Step::Not(..)
        | Step::CountWithin { .. }
        | Step::Is(..)
        | Step::Within(..)
        | Step::Compare(..)
        | Step::Constant(..)
        | Step::Count(..)
        | Step::Sum(..)
        | Step::Difference(..)
        | Step::Product(..)
        | Step::Quotient(..)
        | Step::Highest(..)
        | Step::Lowest(..)
        | Step::Apply(..)
        | Step::Value(..)
        | Step::Classify(..)
        | Step::PickChoice(..)
        | Step::NumberOf(..)
        | Step::Points(..)
        | Step::PointsIf(..)
        | Step::PickNumber(..)
        | Step::PickTruth(..)
        | Step::Rows { .. }
        | Step::NotExactlyOne(..) => {}
    }
}

/// How many of them can hold, each number one by one.
fn counts(of: &[TruthRegister], registers: &Registers) -> NumberSet {
    let (least, most) = count(of, registers);
    let counts = (least..=most).map(|count| NumberSet::point(Number::whole(i64::from(count))));
    counts.fold(NumberSet::empty(), |union, count| union.union(&count))
}

/// How many certainly hold, and how many can.
fn count(of: &[TruthRegister], registers: &Registers) -> (u32, u32) {
    of.iter().fold((0, 0), |(least, most), at| {
        let truth = registers.truth(*at);
        (least + u32::from(truth == Truth::YES), most + u32::from(truth.can_be_yes()))
    })
}

/// Whether a choice is one of some values. Where its table may be at fault, that is not known.
#[inline]
pub(super) fn is(choice: Choices, values: Choices) -> Truth {
    if choice.contains(FAULT) {
        return Truth::EITHER;
    }
    Truth::possible(choice.intersects(values), !choice.within(values))
}

/// The values of every band the number may lie in.
fn classify(number: &NumberSet, bands: &[(NumberSet, u8)]) -> Choices {
    bands
        .iter()
        .filter(|(band, _)| number.is_within(band).can_be_yes())
        .fold(Choices::NONE, |union, (_, value)| union.union(Choices::only(*value)))
}

/// The numbers of every value that is possible.
fn number_of(choice: Choices, numbers: &[Number]) -> NumberSet {
    if choice.contains(FAULT) {
        return NumberSet::everything();
    }
    let possible = (0_u8..).zip(numbers).filter(|(at, _)| choice.contains(*at));
    possible.fold(NumberSet::empty(), |union, (_, number)| union.union(&NumberSet::point(*number)))
}

/// A relation between two sets of numbers.
pub(super) fn compare(left: &NumberSet, relation: Relation, right: &NumberSet) -> Truth {
    match relation {
        Relation::Below => left.is_below(right),
        Relation::AtMost => left.is_at_most(right),
        Relation::Equal => left.equals(right),
    }
}

fn sum(of: &[NumberRegister], registers: &Registers) -> NumberSet {
    NumberSet::sum_of(of.iter().map(|at| registers.number(*at)))
}

fn fold(of: &[NumberRegister], registers: &Registers, join: fn(&NumberSet, &NumberSet) -> NumberSet) -> NumberSet {
    let mut numbers = of.iter().map(|at| registers.number(*at));
    let Some(first) = numbers.next() else { return NumberSet::point(Number::ZERO) };
    numbers.fold(first.clone(), |joined, next| join(&joined, next))
}

/// Every quotient. A divisor that may be zero has none then, and nothing is known.
fn quotient(left: &NumberSet, right: &NumberSet) -> NumberSet {
    if right.contains(Number::ZERO) { NumberSet::everything() } else { left.over(right) }
}

/// A function of every number. Where a number may lie outside its domain, nothing is known.
fn apply(function: NumberFunction, of: &NumberSet, precision: Precision) -> NumberSet {
    let zero = NumberSet::point(Number::ZERO);
    let (inside, result) = match function {
        NumberFunction::SquareRoot => (of.is_at_least(&zero), of.square_root(precision)),
        NumberFunction::NaturalLogarithm => (of.is_above(&zero), of.natural_logarithm(precision)),
        NumberFunction::Exponential => (Truth::YES, of.exponential(precision)),
    };
    if inside == Truth::YES { result } else { NumberSet::everything() }
}

/// The points of every band the number may lie in; where it may lie in none, any points at all.
fn points(number: &NumberSet, bands: &[(NumberSet, Number)]) -> NumberSet {
    let mut outside = !number.is_empty();
    let mut reached = NumberSet::empty();
    for (band, points) in bands {
        let held = number.is_within(band);
        if held.can_be_yes() {
            reached = reached.union(&NumberSet::point(*points));
        }
        outside &= held.can_be_no();
    }
    if outside && !covered(number, bands) { NumberSet::everything() } else { reached }
}

fn covered(number: &NumberSet, bands: &[(NumberSet, Number)]) -> bool {
    let all = bands.iter().fold(NumberSet::empty(), |union, (band, _)| union.union(band));
    number.is_subset_of(&all)
}

fn points_if(when: Truth, points: Number) -> NumberSet {
    let yes = if when.can_be_yes() { NumberSet::point(points) } else { NumberSet::empty() };
    let no = if when.can_be_no() { NumberSet::point(Number::ZERO) } else { NumberSet::empty() };
    yes.union(&no)
}

/// What goes with the conditions that can hold.
fn pick<'a, T: Copy>(pairs: &'a [(TruthRegister, T)], registers: &'a Registers) -> impl Iterator<Item = T> + 'a {
    pairs.iter().filter(|(when, _)| registers.truth(*when).can_be_yes()).map(|(_, then)| *then)
}

fn pick_number(pairs: &[(TruthRegister, NumberRegister)], registers: &Registers) -> NumberSet {
    let picked = pick(pairs, registers).map(|then| registers.number(then));
    let union = picked.fold(None, |union: Option<NumberSet>, then| {
        Some(union.map_or_else(|| then.clone(), |union| union.union(then)))
    });
    union.unwrap_or_else(NumberSet::everything)
}

/// What the rows of a table give; where they are never at fault, the fault alone is a contradiction in what they test.
pub(super) fn rows(
    (policy, sound): (RowPolicy, bool),
    rows: &[(TruthRegister, u8)],
    held: impl Fn(TruthRegister) -> Truth,
) -> Choices {
    let values = match policy {
        RowPolicy::ExactlyOne => exactly_one_row(rows, held),
        RowPolicy::First => first_row(rows, held),
    };
    let fault = Choices::only(FAULT);
    if sound && values != fault { values.without(fault) } else { values }
}

/// The values of the rows that can be the only one; the fault, where none or two can fit.
fn exactly_one_row(rows: &[(TruthRegister, u8)], held: impl Fn(TruthRegister) -> Truth) -> Choices {
    let certain = rows.iter().filter(|(when, _)| held(*when) == Truth::YES).count();
    let possible = rows.iter().filter(|(when, _)| held(*when).can_be_yes()).count();
    let fault = Choices::only(FAULT);
    if certain > 1 || possible == 0 {
        return fault;
    }
    let values = rows
        .iter()
        .filter(|(when, _)| match certain {
            0 => held(*when).can_be_yes(),
            _ => held(*when) == Truth::YES,
        })
        .fold(Choices::NONE, |union, (_, value)| union.union(Choices::only(*value)));
    // Kleene logic does not see that rows exclude one another; refinement does, and drops the fault.
    if possible == 1 && certain == 1 { values } else { values.union(fault) }
}

/// The values of the rows up to the first that certainly fits; the fault, where none may.
fn first_row(rows: &[(TruthRegister, u8)], held: impl Fn(TruthRegister) -> Truth) -> Choices {
    let mut values = Choices::NONE;
    for (when, value) in rows {
        let held = held(*when);
        if held.can_be_yes() {
            values = values.union(Choices::only(*value));
        }
        if held == Truth::YES {
            return values;
        }
    }
    values.union(Choices::only(FAULT))
}
