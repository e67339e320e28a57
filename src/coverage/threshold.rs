use std::collections::BTreeSet;

use crate::catalog::{FactId, FactKind};
use crate::eval::Subject;
use crate::model::{Block, BlockId, BlockKind, Condition, ConditionKind, Expression, Range, ScoreTable, Time};
use crate::plan::{NumberRegister, Part as Of, Register, SlotSource, Step, TruthRegister, Writer};
use crate::source::Span;
use crate::value::{Bound, Interval, Number, NumberSet};

use super::part::{Part, Reach, Shows, Sort, number, truth};

/// A number that the rules hold another against.
#[derive(Debug, Clone)]
pub(super) struct Threshold {
    pub(super) block: BlockId,
    span: Span,
    /// What is held against it.
    pub(super) tested: NumberRegister,
    value: Number,
    /// What is held against it, in words.
    named: String,
    /// The next value of it that can be recorded; `None` where it is worked out.
    step: Option<Number>,
    /// The facts it is worked out from.
    pub(super) facts: BTreeSet<FactId>,
    /// It is worked out from courses.
    pub(super) of_courses: bool,
}

/// Where a patient lies beside a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Below,
    At,
    Above,
}

impl Side {
    pub(super) const ALL: [Side; 3] = [Side::Below, Side::At, Side::Above];
}

/// How far beside the threshold a number that is worked out may lie, the nearest first.
const NEAR: [i64; 3] = [1, 3, 10];

impl Threshold {
    /// Where a number on a side may lie, what is wanted most first.
    pub(super) fn places(&self, side: Side) -> Vec<NumberSet> {
        let point = |by: Number| self.value.plus(by).ok().map(NumberSet::point);
        let stretch = |by: Number| {
            let end = Bound::Open(self.value.plus(by).ok()?);
            let own = Bound::Open(self.value);
            let (low, high) = if by.sign() < 0 { (end, own) } else { (own, end) };
            Some(NumberSet::from_interval(Interval { low, high }))
        };
        let turned = |by: Number| if side == Side::Below { by.negated() } else { by };
        match (side, self.step) {
            (Side::At, _) => vec![NumberSet::point(self.value)],
            (Side::Below | Side::Above, Some(step)) => point(turned(step)).into_iter().collect(),
            (Side::Below | Side::Above, None) => {
                NEAR.into_iter().filter_map(|by| stretch(turned(Number::whole(by)))).collect()
            }
        }
    }

    /// A patient on a side of it, as a part that the guideline has.
    pub(super) fn part(&self, side: Side, subject: Subject<'_>, covers: Option<TruthRegister>) -> Part {
        let value = self.value.exact_decimal().unwrap_or_else(|| self.value.to_string());
        let word = match side {
            Side::Below => "just below",
            Side::At => "at",
            Side::Above => "just above",
        };
        let block = subject.guideline.block(self.block).map_or("", |block| block.name.value.as_str());
        let ways = self.places(side).into_iter().map(|set| {
            let mut way = vec![number(self.tested, set)];
            way.extend(covers.map(|covers| truth(covers, true)));
            way
        });
        Part {
            block: self.block,
            span: self.span,
            said: format!("has {} {word} {value}, as `{block}` tests it", self.named),
            reach: Reach::Any(ways.collect()),
            shows: Shows::Block,
            sort: Sort::Other,
        }
    }
}

/// Every number that the rules hold another against, once for each number that is tested.
pub(super) fn thresholds(subject: Subject<'_>) -> Vec<Threshold> {
    let mut list = List { subject, known: BTreeSet::new(), found: Vec::new() };
    for (id, block) in (0..).map(BlockId).zip(&subject.guideline.blocks) {
        if !matches!(block.kind, BlockKind::Course(_)) {
            list.block(id, block);
        }
    }
    list.found
}

struct List<'a> {
    subject: Subject<'a>,
    known: BTreeSet<(NumberRegister, Number)>,
    found: Vec<Threshold>,
}

impl List<'_> {
    fn block(&mut self, id: BlockId, block: &Block) {
        let mut conditions: Vec<&Condition> = Vec::new();
        block.each_expression(&mut |expression| {
            if let Expression::Condition(condition) = expression {
                conditions.push(condition);
            }
        });
        for condition in conditions {
            self.condition(id, condition);
        }
        if let BlockKind::Bands(bands) = &block.kind
            && let Some(Register::Number(tested)) = self.subject.lowered.node(bands.of.id)
        {
            for row in &bands.rows {
                for set in row.ranges.iter().filter_map(Range::constant) {
                    self.ends(id, row.value.span, tested, &set);
                }
            }
        }
        if let BlockKind::Score(score) = &block.kind {
            for table in &score.tables {
                let ScoreTable::Banded { bands, rows, .. } = table else { continue };
                let sets: Vec<NumberSet> = bands.iter().filter_map(Range::constant).collect();
                for row in rows {
                    let Some(Register::Number(tested)) = self.subject.lowered.node(row.amount.id) else { continue };
                    for set in &sets {
                        self.ends(id, row.span, tested, set);
                    }
                }
            }
        }
    }

    fn condition(&mut self, id: BlockId, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(items) | ConditionKind::Any(items) | ConditionKind::Count { items, .. } => {
                for item in items {
                    self.condition(id, item);
                }
            }
            ConditionKind::Not(inner) => self.condition(id, inner),
            ConditionKind::Compares { .. } | ConditionKind::Changes(_) => {
                let plan = &self.subject.lowered.plan;
                let step = self.subject.lowered.node(condition.id).and_then(|at| plan.writer(at));
                let Some(Writer::Step(step)) = step else { return };
                let written =
                    if let ConditionKind::Compares { range, .. } = &condition.kind { range.constant() } else { None };
                if let Some(Step::Within(tested, set, _)) = plan.step(step) {
                    // Of whole numbers the program holds `below 30` as `at most 29`.
                    self.ends(id, condition.span, *tested, written.as_ref().unwrap_or(set));
                }
            }
            ConditionKind::Holds(_)
            | ConditionKind::Is { .. }
            | ConditionKind::IsNotMeasured(_)
            | ConditionKind::IsRecorded(_)
            | ConditionKind::FactIsRecorded(_)
            | ConditionKind::Course(_)
            | ConditionKind::Status(..)
            | ConditionKind::Concludes(..) => {}
        }
    }

    /// The ends of a set that a number is held against.
    fn ends(&mut self, block: BlockId, span: Span, tested: NumberRegister, set: &NumberSet) {
        let ends = set.intervals().into_iter().flat_map(|one| [one.low, one.high]).filter_map(Bound::number);
        for value in ends.collect::<Vec<_>>() {
            if !self.known.insert((tested, value)) {
                continue;
            }
            let (named, step) = self.named(block, tested, value);
            let mut facts = BTreeSet::new();
            let mut of_courses = false;
            for slot in self.subject.lowered.plan.slice([Register::Number(tested)]).slots {
                match self.subject.lowered.plan.slot(slot).map(|slot| slot.source) {
                    Some(SlotSource::Fact { fact, .. }) => {
                        facts.insert(fact);
                    }
                    Some(SlotSource::Course { .. }) => of_courses = true,
                    Some(SlotSource::Judgement(_) | SlotSource::Status(_) | SlotSource::Word(_)) | None => {}
                }
            }
            self.found.push(Threshold { block, span, tested, value, named, step, facts, of_courses });
        }
    }

    /// What is tested, in words, and how far the next value of it lies.
    fn named(&self, block: BlockId, tested: NumberRegister, value: Number) -> (String, Option<Number>) {
        let Subject { guideline, lowered, catalog } = self.subject;
        let slot = match lowered.plan.writer(Register::Number(tested)) {
            Some(Writer::Slot(slot)) => lowered.plan.slot(slot).map(|slot| slot.source),
            Some(Writer::Step(_)) | None => None,
        };
        match slot {
            Some(SlotSource::Fact { fact, when, part }) => {
                let name = catalog.name(fact);
                let whole = match catalog.fact(fact).map(|fact| &fact.kind) {
                    Some(FactKind::Number(kind)) => kind.whole && part != Of::Multiple,
                    Some(FactKind::Choice { .. } | FactKind::Date) | None => false,
                };
                let named = match part {
                    Of::Multiple => format!("`{name}` as a multiple of its upper limit"),
                    Of::ScaleLength => format!("the length of the scale of `{name}`"),
                    Of::UpperLimit => format!("the upper limit of `{name}`"),
                    Of::Value | Of::OnScale(_) | Of::Measured | Of::Recorded => format!("`{name}`"),
                };
                (format!("{named}{}", at_time(when)), Some(if whole { Number::ONE } else { least_step(value) }))
            }
            Some(SlotSource::Course { therapy, .. }) => {
                let name = guideline.therapy_name(therapy, catalog);
                (format!("the weeks since the last dose of `{name}`"), Some(Number::ONE))
            }
            Some(SlotSource::Judgement(_) | SlotSource::Status(_) | SlotSource::Word(_)) | None => {
                let is_result = |id: BlockId| {
                    lowered.block(id).is_some_and(|one| one.results.first() == Some(&Register::Number(tested)))
                };
                let mut blocks = (0..).map(BlockId).zip(&guideline.blocks);
                let own = blocks.find(|(id, _)| is_result(*id)).map(|(_, block)| block.name.value.as_str());
                let own = own.map(|name| format!("`{name}`"));
                let tests = || guideline.block(block).map_or("", |block| block.name.value.as_str());
                (own.unwrap_or_else(|| format!("a number that `{}` works out", tests())), None)
            }
        }
    }
}

fn at_time(when: Time) -> &'static str {
    match when {
        Time::Undated | Time::Latest { .. } => "",
        Time::Baseline => " at baseline",
        Time::Since => " after the baseline",
        Time::Ever => " at any visit",
        Time::Highest => " at its highest",
        Time::Lowest => " at its lowest",
    }
}

/// A tenth, or the last decimal of the number where it has more.
fn least_step(value: Number) -> Number {
    let decimals = value.exact_decimal().and_then(|text| text.split_once('.').map(|(_, after)| after.len()));
    let power = u32::try_from(decimals.unwrap_or(1).clamp(1, 6)).unwrap_or(1);
    Number::fraction(1, 10_i128.pow(power)).unwrap_or(Number::ONE)
}
