//! Linear conditions between facts that are not known, decided exactly.
//!
//! A number that is worked out from unknown slots by sums, differences and constant factors is a [`Form`]; a
//! quotient of two is a [`Ratio`]. A list of [`Constraint`]s over them has a solution or not: Fourier's and
//! Motzkin's elimination (Motzkin 1936) removes one slot after the other, and going back gives each a value.

use std::collections::BTreeMap;

use crate::plan::{NumberRegister, Plan, Register, SlotId, Step, Writer};
use crate::value::{Bound, Interval, Number, NumberError, NumberSet};

use super::Registers;

/// `constant + factor * slot + …`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Form {
    constant: Number,
    terms: BTreeMap<SlotId, Number>,
}

impl Form {
    pub(super) fn constant(value: Number) -> Self {
        Form { constant: value, terms: BTreeMap::new() }
    }

    pub(super) fn slot(slot: SlotId, factor: Number) -> Self {
        Form { constant: Number::ZERO, terms: BTreeMap::from([(slot, factor)]) }
    }

    /// The slots it depends on.
    pub(super) fn slots(&self) -> impl Iterator<Item = SlotId> + '_ {
        self.terms.keys().copied()
    }

    /// Bytes that only equal forms have in common.
    pub(super) fn write_bytes(&self, out: &mut Vec<u8>) {
        let mut number = |number: Number| {
            out.extend(number.numerator().to_le_bytes());
            out.extend(number.denominator().to_le_bytes());
        };
        number(self.constant);
        for (slot, factor) in &self.terms {
            number(Number::whole(slot.0.into()));
            number(*factor);
        }
        out.extend(self.terms.len().to_le_bytes());
    }

    pub(super) fn plus(&self, other: &Form) -> Result<Form, NumberError> {
        let mut sum = self.clone();
        sum.constant = sum.constant.plus(other.constant)?;
        for (slot, factor) in &other.terms {
            let together = sum.terms.get(slot).copied().unwrap_or(Number::ZERO).plus(*factor)?;
            if together.sign() == 0 {
                sum.terms.remove(slot);
            } else {
                sum.terms.insert(*slot, together);
            }
        }
        Ok(sum)
    }

    pub(super) fn scaled(&self, factor: Number) -> Result<Form, NumberError> {
        let mut scaled = Form::constant(self.constant.times(factor)?);
        if factor.sign() != 0 {
            for (slot, own) in &self.terms {
                scaled.terms.insert(*slot, own.times(factor)?);
            }
        }
        Ok(scaled)
    }

    fn minus(&self, other: &Form) -> Result<Form, NumberError> {
        self.plus(&other.scaled(Number::ONE.negated())?)
    }

    /// Its value where it depends on nothing.
    fn settled(&self) -> Option<Number> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// Where it depends on one slot: the slot, and the value of it for which the form is zero.
    pub(super) fn zero(&self) -> Option<(SlotId, Number)> {
        let mut terms = self.terms.iter();
        let (Some((slot, factor)), None) = (terms.next(), terms.next()) else { return None };
        Some((*slot, self.constant.negated().over(*factor).ok()?))
    }

    /// Every value it can have, its slots free of one another.
    pub(super) fn values(&self, of: impl Fn(SlotId) -> NumberSet) -> NumberSet {
        self.terms.iter().fold(NumberSet::point(self.constant), |sum, (slot, factor)| {
            sum.plus(&of(*slot).times(&NumberSet::point(*factor)))
        })
    }
}

/// `top / bottom`, the bottom never zero.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ratio {
    pub(super) top: Form,
    pub(super) bottom: Form,
}

/// A number register as a ratio of linear forms over the unsettled slots; `None` where it is none.
pub(super) fn ratio(plan: &Plan, registers: &Registers, register: Register) -> Option<Ratio> {
    Forms { plan, registers, known: BTreeMap::new() }.of(register, DEPTH)
}

/// The longest chain of steps that is followed.
const DEPTH: u32 = 200;

/// The ratios of registers that were looked at, each worked out once.
struct Forms<'a> {
    plan: &'a Plan,
    registers: &'a Registers,
    known: BTreeMap<Register, Option<Ratio>>,
}

impl Forms<'_> {
    fn of(&mut self, register: Register, depth: u32) -> Option<Ratio> {
        if let Some(known) = self.known.get(&register) {
            return known.clone();
        }
        let found = self.worked_out(register, depth);
        self.known.insert(register, found.clone());
        found
    }

    fn worked_out(&mut self, register: Register, depth: u32) -> Option<Ratio> {
        let Register::Number(number) = register else { return None };
        let whole = |top: Form| Ratio { top, bottom: Form::constant(Number::ONE) };
        if let Some(value) = self.registers.number(number).single() {
            return Some(whole(Form::constant(value)));
        }
        let step = match self.plan.writer(register)? {
            Writer::Slot(slot) => return Some(whole(Form::slot(slot, Number::ONE))),
            Writer::Step(at) => self.plan.steps.get(at as usize)?,
        };
        let depth = depth.checked_sub(1)?;
        let mut of = |at: NumberRegister| self.of(Register::Number(at), depth);
        if let Step::Sum(parts, _) = step {
            parts.iter().try_fold(whole(Form::constant(Number::ZERO)), |sum, part| add(&sum, &of(*part)?, Number::ONE))
        } else if let Step::Difference(left, right, _) = step {
            add(&of(*left)?, &of(*right)?, Number::ONE.negated())
        } else if let Step::Product(left, right, _) = step {
            multiply(&of(*left)?, &of(*right)?)
        } else if let Step::Quotient(left, right, _) = step {
            let right = of(*right)?;
            multiply(&of(*left)?, &Ratio { top: right.bottom, bottom: right.top })
        } else if let Step::PickNumber(pairs, _) = step {
            // Only where no other branch can hold beside it.
            let mut open = pairs.iter().filter(|(when, _)| self.registers.truth(*when).can_be_yes());
            let (Some((when, then)), None) = (open.next(), open.next()) else { return None };
            let certain = self.registers.truth(*when).settled() == Some(true);
            certain.then(|| self.of(Register::Number(*then), depth)).flatten()
        } else {
            None
        }
    }
}

fn add(left: &Ratio, right: &Ratio, sign: Number) -> Option<Ratio> {
    if left.bottom == right.bottom {
        let top = left.top.plus(&right.top.scaled(sign).ok()?).ok()?;
        return Some(Ratio { top, bottom: left.bottom.clone() });
    }
    let (low, high) = (left.bottom.settled()?, right.bottom.settled()?);
    let top = left.top.scaled(high).ok()?.plus(&right.top.scaled(low.times(sign).ok()?).ok()?).ok()?;
    Some(Ratio { top, bottom: Form::constant(low.times(high).ok()?) })
}

fn multiply(left: &Ratio, right: &Ratio) -> Option<Ratio> {
    let (top, bottom) = (times(&left.top, &right.top)?, times(&left.bottom, &right.bottom)?);
    let Some(divisor) = bottom.settled() else { return Some(Ratio { top, bottom }) };
    let top = top.scaled(Number::ONE.over(divisor).ok()?).ok()?;
    Some(Ratio { top, bottom: Form::constant(Number::ONE) })
}

/// The product of two forms where one is a constant.
fn times(left: &Form, right: &Form) -> Option<Form> {
    match (left.settled(), right.settled()) {
        (Some(factor), _) => right.scaled(factor).ok(),
        (_, Some(factor)) => left.scaled(factor).ok(),
        _ => None,
    }
}

/// `form <= 0`, or `form < 0`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Constraint {
    pub(super) form: Form,
    pub(super) strict: bool,
}

impl Constraint {
    /// The one slot it speaks of, and the values it leaves that slot.
    pub(super) fn of_one_slot(&self) -> Option<(SlotId, NumberSet)> {
        let (slot, limit) = self.form.zero()?;
        let factor = self.form.terms.get(&slot)?;
        Some((slot, NumberSet::from_interval(half_line(limit, *factor, self.strict))))
    }

    /// `left <= right`, or `left < right`.
    pub(super) fn at_most(left: &Form, right: &Form, strict: bool) -> Option<Self> {
        Some(Constraint { form: left.minus(right).ok()?, strict })
    }

    /// A ratio lies between two bounds. `bottom` is every value its bottom can have: of one sign.
    pub(super) fn between(ratio: &Ratio, interval: &Interval, bottom: &NumberSet) -> Option<Vec<Self>> {
        let zero = NumberSet::point(Number::ZERO);
        let positive = if bottom.is_above(&zero).settled() == Some(true) {
            true
        } else if bottom.is_below(&zero).settled() == Some(true) {
            false
        } else {
            return None;
        };
        let mut constraints = Vec::new();
        for (bound, upper) in [(interval.low, false), (interval.high, true)] {
            let Some(number) = bound.number() else { continue };
            let limit = ratio.bottom.scaled(number).ok()?;
            let (low, high) = if upper == positive { (&ratio.top, &limit) } else { (&limit, &ratio.top) };
            constraints.push(Constraint::at_most(low, high, !bound.is_closed())?);
        }
        Some(constraints)
    }
}

/// Whether some values of the slots satisfy every constraint.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Solution {
    /// None do.
    None,
    /// These do.
    Some(BTreeMap<SlotId, Number>),
    /// Not found out: too many constraints, too many digits, or the values are not a single stretch.
    Unknown,
}

/// How many constraints elimination may hold at once.
const CONSTRAINTS: usize = 400;

/// Looks for values of the slots, each within its own set, as low as can be.
pub(super) fn solve(constraints: &[Constraint], sets: impl Fn(SlotId) -> NumberSet) -> Solution {
    solve_by(constraints, sets, |_, room| some_member(room).into_iter().collect())
}

/// The same, each value one of those that are proposed for a slot out of what is left of its set, the first that leaves
/// values for all others.
pub(super) fn solve_by(
    constraints: &[Constraint],
    sets: impl Fn(SlotId) -> NumberSet,
    propose: impl Fn(SlotId, &NumberSet) -> Vec<Number>,
) -> Solution {
    let mut slots: Vec<SlotId> = constraints.iter().flat_map(|constraint| constraint.form.slots()).collect();
    slots.sort_unstable();
    slots.dedup();
    let mut current = constraints.to_vec();
    for slot in &slots {
        let set = sets(*slot);
        let Some(hull) = set.hull() else { return Solution::None };
        let itself = Ratio { top: Form::slot(*slot, Number::ONE), bottom: Form::constant(Number::ONE) };
        match Constraint::between(&itself, &hull, &NumberSet::point(Number::ONE)) {
            Some(more) => current.extend(more),
            None => return Solution::Unknown,
        }
    }
    let mut stages = Vec::new();
    for slot in &slots {
        stages.push((*slot, current.clone()));
        current = match eliminate(*slot, &current) {
            Some(rest) if rest.len() <= CONSTRAINTS => rest,
            _ => return Solution::Unknown,
        };
        if current.iter().any(contradicts) {
            return Solution::None;
        }
    }
    if current.iter().any(contradicts) {
        return Solution::None;
    }
    let stages: Vec<(SlotId, NumberSet, Vec<Constraint>)> =
        stages.into_iter().map(|(slot, constraints)| (slot, sets(slot), constraints)).collect();
    let mut back = GoingBack { propose: &propose, values: BTreeMap::new(), tries: TRIES };
    if back.through(&stages) { Solution::Some(back.values) } else { Solution::Unknown }
}

fn contradicts(constraint: &Constraint) -> bool {
    constraint.form.settled().is_some_and(|value| value.sign() > 0 || (constraint.strict && value.sign() == 0))
}

/// Every lower bound of a slot below every upper bound of it, and what does not speak of it.
fn eliminate(slot: SlotId, constraints: &[Constraint]) -> Option<Vec<Constraint>> {
    let factor = |constraint: &Constraint| constraint.form.terms.get(&slot).copied();
    let mut rest: Vec<Constraint> = constraints.iter().filter(|one| factor(one).is_none()).cloned().collect();
    for upper in constraints {
        let Some(above) = factor(upper).filter(|factor| factor.sign() > 0) else { continue };
        for lower in constraints {
            let Some(below) = factor(lower).filter(|factor| factor.sign() < 0) else { continue };
            let form = upper.form.scaled(below.negated()).ok()?.plus(&lower.form.scaled(above).ok()?).ok()?;
            let joined = Constraint { form, strict: upper.strict || lower.strict };
            let needed = joined.form.settled().is_none() || contradicts(&joined);
            if needed && !rest.contains(&joined) {
                rest.push(joined);
            }
            if rest.len() > CONSTRAINTS {
                return None;
            }
        }
    }
    Some(rest)
}

/// How many values a solution is tried with.
const TRIES: u32 = 2_000;

/// Values for the slots, last eliminated first.
struct GoingBack<'a> {
    propose: &'a dyn Fn(SlotId, &NumberSet) -> Vec<Number>,
    values: BTreeMap<SlotId, Number>,
    tries: u32,
}

impl GoingBack<'_> {
    /// Every slot of the stages has a value, the last of them first.
    fn through(&mut self, stages: &[(SlotId, NumberSet, Vec<Constraint>)]) -> bool {
        let Some(((slot, set, constraints), before)) = stages.split_last() else { return true };
        let Some(room) = self.room(*slot, set, constraints) else { return false };
        for value in (self.propose)(*slot, &room) {
            let Some(left) = self.tries.checked_sub(1) else { return false };
            self.tries = left;
            self.values.insert(*slot, value);
            if self.through(before) {
                return true;
            }
        }
        false
    }

    /// What the values so far leave of a slot.
    fn room(&self, slot: SlotId, set: &NumberSet, constraints: &[Constraint]) -> Option<NumberSet> {
        constraints.iter().try_fold(set.clone(), |room, constraint| {
            let Some(factor) = constraint.form.terms.get(&slot).copied() else { return Some(room) };
            let rest = value_without(slot, &constraint.form, &self.values)?;
            let limit = rest.negated().over(factor).ok()?;
            Some(room.intersection(&NumberSet::from_interval(half_line(limit, factor, constraint.strict))))
        })
    }
}

/// What `factor * x <= factor * limit` leaves of x.
fn half_line(limit: Number, factor: Number, strict: bool) -> Interval {
    let bound = if strict { Bound::Open(limit) } else { Bound::Closed(limit) };
    if factor.sign() > 0 {
        Interval { low: Bound::Unbounded, high: bound }
    } else {
        Interval { low: bound, high: Bound::Unbounded }
    }
}

fn value_without(slot: SlotId, form: &Form, values: &BTreeMap<SlotId, Number>) -> Option<Number> {
    form.terms.iter().filter(|(other, _)| **other != slot).try_fold(form.constant, |sum, (other, factor)| {
        values.get(other).and_then(|value| sum.plus(factor.times(*value).ok()?).ok())
    })
}

/// A number of the set off its ends, where it has one.
pub(super) fn inner_member(set: &NumberSet) -> Option<Number> {
    let is_wide = |interval: &Interval| interval.low.number() != interval.high.number();
    let Some(Interval { low, high }) = set.intervals().into_iter().find(is_wide) else { return some_member(set) };
    match (low.number(), high.number()) {
        (Some(low), Some(high)) => low.halfway(high).ok(),
        (Some(low), None) => low.plus(Number::ONE).ok(),
        (None, Some(high)) => high.minus(Number::ONE).ok(),
        (None, None) => Some(Number::ZERO),
    }
}

/// A number of the set, as plain as can be.
pub(super) fn some_member(set: &NumberSet) -> Option<Number> {
    let interval = set.intervals().into_iter().next()?;
    match (interval.low, interval.high) {
        (Bound::Closed(low), _) => Some(low),
        (_, Bound::Closed(high)) => Some(high),
        (Bound::Open(low), Bound::Open(high)) => low.halfway(high).ok(),
        (Bound::Open(low), Bound::Unbounded) => low.plus(Number::ONE).ok(),
        (Bound::Unbounded, Bound::Open(high)) => high.minus(Number::ONE).ok(),
        (Bound::Unbounded, Bound::Unbounded) => Some(Number::ZERO),
    }
}
