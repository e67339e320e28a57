//! From a register that is not yet as wanted back to what is worth splitting: a slot, or a test of a number.

use crate::plan::{NumberRegister, Register, RowPolicy, Step, TruthRegister, Writer};
use crate::value::{Choices, Number, NumberSet, Precision, Truth};

use super::super::cells::{hull, tested, towards, undone};
use super::super::{Held, linear};
use super::{Choice, Hunt};

/// The most steps that are followed on one way back.
const STEPS_BACK: u32 = 2_000;

impl Hunt<'_, '_> {
    /// Back from a register that may still be as wanted, and is not yet, to what is worth splitting.
    pub(super) fn way_back(&self, register: Register, wanted: &Held) -> Option<Choice> {
        self.steps_back.set(STEPS_BACK);
        self.back(register, wanted)
    }

    fn back(&self, register: Register, wanted: &Held) -> Option<Choice> {
        self.steps_back.set(self.steps_back.get().checked_sub(1)?);
        let is_wanted = || self.wanted.iter().any(|one| one.register == register);
        if self.taken.contains(&register) && !is_wanted() {
            return Some(Choice::Taken(register, wanted.clone()));
        }
        let at = match self.plan.writer(register)? {
            Writer::Slot(slot) => return Some(Choice::Slot(slot, wanted.clone())),
            Writer::Step(at) => at,
        };
        let step = self.plan.steps.get(at as usize)?;
        if let Some((of, first)) = tested(step, wanted) {
            if self.is_linear(of) {
                return Some(Choice::Test(at, wanted.clone()));
            }
            return self.back(Register::Number(of), &Held::Number(first));
        }
        if let Step::Compare(left, _, right, _) = step {
            let is_written =
                |of: NumberRegister| linear::ratio(self.plan, self.search.registers(), Register::Number(of)).is_some();
            if is_written(*left) && is_written(*right) {
                return Some(Choice::Test(at, wanted.clone()));
            }
            let open = [*left, *right].into_iter().find(|at| self.search.registers().number(*at).single().is_none())?;
            return self.back(Register::Number(open), &Held::Number(NumberSet::everything()));
        }
        if let (Step::Sum(of, _), Held::Number(wanted)) = (step, wanted) {
            return self.back_by_a_part(of, wanted);
        }
        let towards = match wanted {
            Held::Truth(truth) => self.towards_truth(step, *truth),
            Held::Choices(values) => self.towards_choice(step, *values),
            Held::Number(numbers) => self.towards_number(step, numbers),
        };
        match towards {
            Some((register, wanted)) if self.plan.writer(register).is_some() => self.back(register, &wanted),
            Some(_) | None => self.may_be_anything(step).then(|| Choice::Taken(register, wanted.clone())),
        }
    }

    /// Back from a sum by one of its parts, the easy ones first; one that no slot can change is passed over.
    fn back_by_a_part(&self, of: &[NumberRegister], wanted: &NumberSet) -> Option<Choice> {
        let is_open = |at: &&NumberRegister| self.search.registers().number(**at).single().is_none();
        let (easy, others): (Vec<NumberRegister>, Vec<NumberRegister>) =
            of.iter().filter(is_open).partition(|at| self.is_points_of_one_thing(**at));
        easy.into_iter().chain(others).find_map(|part| {
            let others = of.iter().filter(|at| **at != part).map(|at| self.search.registers().number(*at));
            let others = others.fold(NumberSet::point(Number::ZERO), |sum, other| hull(&sum.plus(other)));
            let own = self.search.registers().number(part);
            let room = hull(wanted).minus(&others);
            let room = if own.is_subset_of(&room) { towards(own, &others, wanted) } else { room };
            self.back(Register::Number(part), &Held::Number(room))
        })
    }

    /// A number of which nothing is known, whatever a record says: it is taken as it comes where nobody is written down.
    fn may_be_anything(&self, step: &Step) -> bool {
        let Step::PickNumber(pairs, _) = step else { return false };
        let nothing_known = |(when, then): &(TruthRegister, NumberRegister)| {
            self.truth(*when).can_be_yes() && self.plan.writer(Register::Number(*then)).is_none()
        };
        !self.is_written_down && pairs.iter().any(nothing_known)
    }

    /// A number worked out from several slots in a way that conditions can be written down for; not a slot itself.
    fn is_linear(&self, number: NumberRegister) -> bool {
        let register = Register::Number(number);
        let is_slot = matches!(self.plan.writer(register), Some(Writer::Slot(_)));
        !is_slot && linear::ratio(self.plan, self.search.registers(), register).is_some()
    }

    /// What a step reads that would make its truth as wanted, or bring it nearer.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "tests of numbers are met before, and no other step writes a truth"
    )]
    fn towards_truth(&self, step: &Step, wanted: Truth) -> Option<(Register, Held)> {
        let yes = wanted.can_be_yes();
        let open = |of: &[TruthRegister]| {
            let open: Vec<TruthRegister> = of.iter().copied().filter(|at| self.truth(*at) == Truth::EITHER).collect();
            open.get((self.turn / 2).checked_rem(open.len())?).copied()
        };
        let so = |at: TruthRegister, truth: bool| (Register::Truth(at), Held::Truth(Truth::from(truth)));
        match step {
            Step::All(of, _) | Step::Any(of, _) => Some(so(open(of)?, yes)),
            Step::Not(of, _) => Some(so(*of, !yes)),
            Step::UnknownIsNo(of, _) => Some(so(*of, yes)),
            Step::CountWithin { low, of, .. } => {
                let certain = of.iter().filter(|at| self.truth(**at) == Truth::YES).count();
                let more = u32::try_from(certain).is_ok_and(|certain| certain < *low) == yes;
                Some(so(open(of)?, more))
            }
            Step::NotExactlyOne(of, _) => {
                let none = of.iter().all(|at| self.truth(*at) != Truth::YES);
                Some(so(open(of)?, none != yes))
            }
            Step::Is(of, values, _) => {
                let values = if yes { *values } else { Choices::all(Choices::LIMIT).without(*values) };
                Some((Register::Choice(*of), Held::Choices(values)))
            }
            Step::PickTruth(pairs, _) => self
                .towards_pick(pairs.iter().map(|(when, then)| (*when, Register::Truth(*then))), &Held::Truth(wanted)),
            Step::Known(of, _) => Some((Register::Number(*of), self.held(Register::Number(*of)))),
            _ => None,
        }
    }

    /// The same for a choice.
    #[expect(clippy::wildcard_enum_match_arm, reason = "of the steps that write a choice the others read nothing open")]
    fn towards_choice(&self, step: &Step, wanted: Choices) -> Option<(Register, Held)> {
        match step {
            Step::Rows { policy, rows, .. } => self.towards_rows(*policy, rows, wanted),
            Step::PickChoice(pairs, _) => self.towards_pick(
                pairs.iter().map(|(when, then)| (*when, Register::Choice(*then))),
                &Held::Choices(wanted),
            ),
            Step::Assume(of, _, _) => Some((Register::Choice(*of), Held::Choices(wanted))),
            _ => None,
        }
    }

    /// Towards the value of a row, or towards none or two that fit.
    fn towards_rows(
        &self,
        policy: RowPolicy,
        rows: &[(TruthRegister, u8)],
        wanted: Choices,
    ) -> Option<(Register, Held)> {
        let so = |(at, _): &(TruthRegister, u8), truth: bool| (Register::Truth(*at), Held::Truth(Truth::from(truth)));
        let is_open = |(at, _): &&(TruthRegister, u8)| self.truth(*at) == Truth::EITHER;
        let certain = rows.iter().position(|(at, _)| self.truth(*at) == Truth::YES);
        let behind = match policy {
            RowPolicy::First => certain.map_or(rows.len(), |certain| certain + 1),
            RowPolicy::ExactlyOne => rows.len(),
        };
        let mut good =
            rows.iter().take(behind).filter(|(at, value)| self.truth(*at).can_be_yes() && wanted.contains(*value));
        let sure = certain.and_then(|at| rows.get(at)).filter(|(_, value)| wanted.contains(*value));
        match (sure, good.next()) {
            // What stands in the way of the row that fits.
            (Some(sure), _) => {
                let others = rows.iter().take(behind).filter(|row| *row != sure);
                others
                    .filter(is_open)
                    .find(|(_, value)| policy == RowPolicy::ExactlyOne || !wanted.contains(*value))
                    .map(|row| so(row, false))
            }
            (None, Some(row)) => Some(so(row, true)),
            // Only a fault is left: two that fit, where one does already, else none.
            (None, None) => rows.iter().find(is_open).map(|row| so(row, certain.is_some())),
        }
    }

    fn towards_pick(
        &self,
        pairs: impl Iterator<Item = (TruthRegister, Register)>,
        wanted: &Held,
    ) -> Option<(Register, Held)> {
        let mut found = None;
        for (when, then) in pairs {
            let held = self.held(then);
            let fits = self.truth(when).can_be_yes() && !held.intersection(wanted).is_empty();
            if fits && self.truth(when) == Truth::YES && !held.is_settled() {
                return Some((then, wanted.clone()));
            }
            if self.truth(when) == Truth::EITHER && (fits || found.is_none()) {
                let towards = (Register::Truth(when), Held::Truth(Truth::from(fits)));
                if fits {
                    return Some(towards);
                }
                found = Some(towards);
            }
        }
        found
    }

    /// The same for a number: what it hangs on, one after the other.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what any other step reads is split as it comes")]
    fn towards_number(&self, step: &Step, wanted: &NumberSet) -> Option<(Register, Held)> {
        let truth = |at: TruthRegister, truth: bool| (Register::Truth(at), Held::Truth(Truth::from(truth)));
        match step {
            Step::PointsIf(when, points, _) => Some(truth(*when, wanted.contains(*points))),
            Step::Count(of, _) => {
                let open = of.iter().copied().find(|at| self.truth(*at) == Truth::EITHER)?;
                let certain = of.iter().filter(|at| self.truth(**at) == Truth::YES).count();
                let certain = i64::try_from(certain).map_or(Number::ZERO, Number::whole);
                Some(truth(open, !wanted.contains(certain)))
            }
            Step::PickNumber(pairs, _) => self.towards_pick(
                pairs.iter().map(|(when, then)| (*when, Register::Number(*then))),
                &Held::Number(wanted.clone()),
            ),
            Step::NumberOf(of, numbers, _) => {
                let values = (0_u8..).zip(numbers).filter(|(_, number)| wanted.contains(**number));
                let values = values.fold(Choices::NONE, |all, (at, _)| all.union(Choices::only(at)));
                Some((Register::Choice(*of), Held::Choices(values)))
            }
            Step::Difference(left, right, _) => {
                Some(self.towards_part(
                    *left,
                    *right,
                    |known, is_left| {
                        if is_left { wanted.plus(known) } else { known.minus(wanted) }
                    },
                ))
            }
            Step::Product(left, right, _) => Some(self.towards_part(*left, *right, |known, _| {
                if known.contains(Number::ZERO) { NumberSet::everything() } else { wanted.over(known) }
            })),
            Step::Quotient(left, right, _) => Some(self.towards_part(*left, *right, |known, is_left| {
                if is_left {
                    wanted.times(known)
                } else if wanted.contains(Number::ZERO) {
                    NumberSet::everything()
                } else {
                    known.over(wanted)
                }
            })),
            Step::Apply(function, of, _) => {
                Some((Register::Number(*of), Held::Number(undone(*function, wanted, Precision::Usual))))
            }
            Step::Highest(of, _) | Step::Lowest(of, _) => {
                let open = of.iter().find(|at| self.search.registers().number(**at).single().is_none())?;
                Some((Register::Number(*open), Held::Number(wanted.clone())))
            }
            _ => {
                let mut open = None;
                step.reads(|register| {
                    if open.is_none() && !self.search.registers().is_settled(register) {
                        open = Some(register);
                    }
                });
                Some((open?, Held::Number(NumberSet::everything())))
            }
        }
    }

    /// The part of two that is open, and what it should be: where the other is known, by that; else anything.
    fn towards_part(
        &self,
        left: NumberRegister,
        right: NumberRegister,
        by: impl Fn(&NumberSet, bool) -> NumberSet,
    ) -> (Register, Held) {
        let (first, second) = (self.search.registers().number(left), self.search.registers().number(right));
        match (first.single(), second.single()) {
            (None, Some(_)) => (Register::Number(left), Held::Number(by(second, true))),
            (Some(_), _) => (Register::Number(right), Held::Number(by(first, false))),
            (None, None) => (Register::Number(left), Held::Number(NumberSet::everything())),
        }
    }

    /// Points that hang on one condition, or on a number with which conditions can be written down.
    fn is_points_of_one_thing(&self, at: NumberRegister) -> bool {
        let Some(Writer::Step(at)) = self.plan.writer(Register::Number(at)) else { return true };
        match self.plan.steps.get(at as usize) {
            Some(Step::Points(of, _, _)) => {
                matches!(self.plan.writer(Register::Number(*of)), Some(Writer::Slot(_))) || self.is_linear(*of)
            }
            Some(Step::PointsIf(..)) => true,
            Some(_) | None => false,
        }
    }
}
