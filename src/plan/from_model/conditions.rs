use crate::catalog::{AbsentMeans, FactKind};
use crate::model::{Amount, AmountKind, BlockId, Condition, ConditionKind, FactReading, Range, Tested, Time};
use crate::plan::{
    ChoiceRegister, CoursePart, NumberFunction, NumberRegister, Part, Register, Relation, ScaleEnd, SlotSource,
    TruthRegister,
};
use crate::syntax::tree::{CountRule, Function, Operator, UnknownCounts};
use crate::value::{Choices, Number, NumberSet};

use super::Lowering;
use super::courses::of_course;

impl Lowering<'_> {
    /// A line: a condition, its unknown counted as the block says.
    pub(super) fn line(&mut self, condition: &Condition) -> TruthRegister {
        let held = self.condition(condition);
        match self.recorded.unknown_counts_as {
            Some(UnknownCounts::No) => self.builder.unknown_is_no(held),
            Some(UnknownCounts::NoPoints) | None => held,
        }
    }

    pub(super) fn condition(&mut self, condition: &Condition) -> TruthRegister {
        let register = match &condition.kind {
            ConditionKind::Course(test) => self.course_test(test),
            ConditionKind::Status(asked, statuses) => {
                let status = self.builder.choice_slot(SlotSource::Status(*asked));
                self.builder.is(status, *statuses)
            }
            ConditionKind::Concludes(block, conclusion) => self.conclusion(*block, *conclusion),
            ConditionKind::All(items) => {
                let of = self.conditions(items);
                self.builder.all(of)
            }
            ConditionKind::Any(items) => {
                let of = self.conditions(items);
                self.builder.any(of)
            }
            ConditionKind::Not(inner) => {
                let inner = self.condition(inner);
                self.builder.not(inner)
            }
            ConditionKind::Count { how, items } => {
                let of = self.conditions(items);
                self.count(*how, of)
            }
            ConditionKind::Holds(block) => self.block_truth(*block),
            ConditionKind::Is { subject: Tested::Fact(reading), values } => {
                let choice = self.choice_fact(*reading);
                self.builder.is(choice, *values)
            }
            ConditionKind::Is { subject: Tested::Block(block), values } => self.block_is(*block, *values),
            ConditionKind::Compares { subject, range } => self.compares(subject, range),
            ConditionKind::Changes(change) => self.change(change),
            ConditionKind::IsNotMeasured(reading) => {
                let measured = self.builder.truth_slot(source(*reading, Part::Measured));
                self.builder.not(measured)
            }
            ConditionKind::IsRecorded(amount) => {
                let amount = self.amount(amount);
                self.builder.known(amount)
            }
            ConditionKind::FactIsRecorded(reading) => self.builder.truth_slot(source(*reading, Part::Recorded)),
        };
        self.note(condition.id, Register::Truth(register));
        register
    }

    /// A condition that stands once in the rules, and counts for several lines.
    pub(super) fn condition_once(&mut self, condition: &Condition) -> TruthRegister {
        match self.nodes.get(condition.id.0 as usize) {
            Some(Some(Register::Truth(known))) => *known,
            _ => self.condition(condition),
        }
    }

    fn conditions(&mut self, items: &[Condition]) -> Vec<TruthRegister> {
        items.iter().map(|item| self.condition(item)).collect()
    }

    pub(super) fn count(&mut self, how: CountRule, of: Vec<TruthRegister>) -> TruthRegister {
        let all = u32::try_from(of.len()).unwrap_or(u32::MAX);
        match how {
            CountRule::All => self.builder.all(of),
            CountRule::Any => self.builder.any(of),
            CountRule::None => {
                let any = self.builder.any(of);
                self.builder.not(any)
            }
            CountRule::AtLeast(count) => self.builder.count_within(count, all, of),
            CountRule::Exactly(count) => self.builder.count_within(count, count, of),
            CountRule::AtMost(count) => self.builder.count_within(0, count, of),
        }
    }

    pub(super) fn block_truth(&mut self, block: BlockId) -> TruthRegister {
        match self.result(block) {
            Some(Register::Truth(register)) => register,
            Some(Register::Choice(_) | Register::Number(_)) | None => self.builder.any_truth(),
        }
    }

    fn block_is(&mut self, block: BlockId, values: Choices) -> TruthRegister {
        if let Some(Register::Choice(choice)) = self.result(block) {
            return self.builder.is(choice, values);
        }
        // Every row that fits: one truth for each value.
        let Some(results) = self.registers(block).map(|block| block.results.clone()) else {
            return self.builder.any_truth();
        };
        let wanted = (0_u8..).zip(results).filter(|(at, _)| values.contains(*at));
        let of = wanted.filter_map(|(_, register)| match register {
            Register::Truth(truth) => Some(truth),
            Register::Choice(_) | Register::Number(_) => None,
        });
        let of = of.collect();
        self.builder.any(of)
    }

    fn choice_fact(&mut self, reading: FactReading) -> ChoiceRegister {
        let source = source(reading, Part::Value);
        let assumed = self.recorded.assumed.iter().find(|(assumed, _)| *assumed == source);
        match assumed {
            Some((_, register)) => *register,
            None => self.builder.choice_slot(source),
        }
    }

    /// A number within a range; a value that was not measured is in none.
    pub(super) fn compares(&mut self, subject: &Amount, range: &Range) -> TruthRegister {
        let held = self.lies_within(subject, range);
        let ends = [&range.low, &range.high].into_iter().flatten().map(|end| &end.amount);
        let measured: Vec<TruthRegister> =
            [subject].into_iter().chain(ends).filter_map(|amount| self.was_measured(amount)).collect();
        if measured.is_empty() { held } else { self.builder.all([vec![held], measured].concat()) }
    }

    /// Whether a value was measured, where the dictionary takes its absence for *not measured*.
    fn was_measured(&mut self, amount: &Amount) -> Option<TruthRegister> {
        let reading = amount.kind.reading()?;
        let fact = self.catalog.fact(reading.fact)?;
        let dated = matches!(reading.when, Time::Baseline | Time::Latest { .. });
        let may_be_absent = dated && fact.absent_means == Some(AbsentMeans::NotMeasured);
        may_be_absent.then(|| self.builder.truth_slot(source(reading, Part::Measured)))
    }

    fn lies_within(&mut self, subject: &Amount, range: &Range) -> TruthRegister {
        let number = self.amount(subject);
        if let Some(set) = range.constant() {
            let set = if self.is_whole_fact(subject) { set.whole_only() } else { set };
            return self.builder.within(number, set);
        }
        let mut parts = Vec::new();
        for (end, low) in [(&range.low, true), (&range.high, false)] {
            let Some(end) = end else { continue };
            let limit = self.amount(&end.amount);
            let relation = if end.included { Relation::AtMost } else { Relation::Below };
            let (left, right) = if low { (limit, number) } else { (number, limit) };
            parts.push(self.builder.compare(left, relation, right));
        }
        self.builder.all(parts)
    }

    fn is_whole_fact(&self, amount: &Amount) -> bool {
        let (AmountKind::Fact(reading) | AmountKind::OnScale(reading, _)) = &amount.kind else { return false };
        let fact = self.catalog.fact(reading.fact);
        fact.is_some_and(|fact| matches!(&fact.kind, FactKind::Number(kind) if kind.whole))
    }

    pub(super) fn amount(&mut self, amount: &Amount) -> NumberRegister {
        let register = match &amount.kind {
            AmountKind::SinceLastDose(therapy) => {
                self.builder.number_slot(of_course(*therapy, CoursePart::SinceLastDose))
            }
            AmountKind::CourseWord(word) => self.builder.number_slot(SlotSource::Word(*word)),
            AmountKind::Constant(value) => self.builder.constant(*value),
            AmountKind::Fact(reading) => self.builder.number_slot(source(*reading, Part::Value)),
            AmountKind::OnScale(reading, end) => {
                self.builder.number_slot(source(*reading, Part::OnScale(ScaleEnd(*end))))
            }
            AmountKind::Multiple(reading) => self.builder.number_slot(source(*reading, Part::Multiple)),
            AmountKind::Block(block) => match self.result(*block) {
                Some(Register::Number(register)) => register,
                Some(Register::Truth(_) | Register::Choice(_)) | None => self.builder.any_number(),
            },
            AmountKind::InUnit(inner, factor) => {
                let inner = self.amount(inner);
                self.times(inner, *factor)
            }
            AmountKind::ChangeIn(subject) => self.change_in(*subject),
            AmountKind::Improvement(subject, share) => self.improvement(*subject, *share),
            AmountKind::Negative(inner) => {
                let inner = self.amount(inner);
                self.times(inner, Number::ONE.negated())
            }
            AmountKind::Arithmetic(left, operator, right) => {
                let (left, right) = (self.amount(left), self.amount(right));
                match operator {
                    Operator::Plus => self.builder.sum(vec![left, right]),
                    Operator::Minus => self.builder.difference(left, right),
                    Operator::Times => self.builder.product(left, right),
                    Operator::Over => self.builder.quotient(left, right),
                }
            }
            AmountKind::Call(function, of) => {
                let of = self.amount(of);
                self.builder.apply(
                    match function {
                        Function::SquareRoot => NumberFunction::SquareRoot,
                        Function::NaturalLogarithm => NumberFunction::NaturalLogarithm,
                        Function::Exponential => NumberFunction::Exponential,
                    },
                    of,
                )
            }
        };
        self.note(amount.id, Register::Number(register));
        register
    }

    pub(super) fn times(&mut self, number: NumberRegister, factor: Number) -> NumberRegister {
        if factor == Number::ONE {
            return number;
        }
        let factor = self.builder.constant(factor);
        self.builder.product(number, factor)
    }

    /// A number within a set, where no range of the author's says so.
    pub(super) fn at_least(&mut self, number: NumberRegister, limit: Number, included: bool) -> TruthRegister {
        use crate::value::{Bound, Interval};
        let low = if included { Bound::Closed(limit) } else { Bound::Open(limit) };
        self.builder.within(number, NumberSet::from_interval(Interval { low, high: Bound::Unbounded }))
    }
}

/// The slot of a reading.
pub(super) fn source(reading: FactReading, part: Part) -> SlotSource {
    SlotSource::Fact { fact: reading.fact, when: reading.when, part }
}
