use std::collections::BTreeSet;

use crate::catalog::{Catalog, FactId, FactKind, NumberKind};
use crate::eval::{Held, Subject};
use crate::explore::Patient;
use crate::model::{Block, BlockId, BlockKind, Condition, ConditionKind, Expression, Range, ScoreTable, Time};
use crate::plan::{NumberRegister, Part as Of, Register, SlotSource, Step, Writer};
use crate::source::Span;
use crate::value::{Bound, Interval, Number, NumberSet};

use super::part::{Part, Reach, Shows, Sort, Way, number, truth};
use super::seek::Seeker;

/// A number that the rules hold another against.
#[derive(Debug, Clone)]
pub(super) struct Threshold {
    pub(super) block: BlockId,
    pub(super) span: Span,
    /// What is held against it.
    pub(super) tested: NumberRegister,
    value: Number,
    /// What is so of a patient for whom the number is held against this one.
    pub(super) given: Way,
    /// What is held against it, in words.
    named: String,
    /// The next value of it that can be recorded; `None` where it is worked out.
    step: Option<Number>,
    /// The facts it is worked out from.
    pub(super) facts: BTreeSet<FactId>,
    /// Between two values of it lie only so many others, for so is all that it is worked out from.
    in_steps: bool,
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
const NEAR: [i64; 3] = [1, 10, 100];

/// How often a patient nearer to the threshold is looked for.
const NEARER: usize = 8;

impl Threshold {
    /// What is so of a patient for whom the number that is tested lies in a set.
    pub(super) fn way(&self, set: &NumberSet) -> Way {
        [vec![number(self.tested, set.clone())], self.given.clone()].concat()
    }

    /// The patient who lies nearest on a side, and where.
    pub(super) fn nearest(&self, side: Side, seeker: &Seeker<'_>) -> Option<(NumberSet, Patient)> {
        let found = |set: NumberSet| {
            let patient = seeker.found(&self.way(&set))?;
            match seeker.explorer.registers(&patient)?.held(Register::Number(self.tested)) {
                Held::Number(place) => Some((place, patient)),
                Held::Truth(_) | Held::Choices(_) => None,
            }
        };
        let mut nearest = self.places(side).into_iter().find_map(found)?;
        if side != Side::At && self.step.is_none() {
            for _ in 0..NEARER {
                let Some(nearer) = self.nearer(side, &nearest.0).and_then(found) else { break };
                nearest = nearer;
            }
        }
        Some(nearest)
    }

    /// Where a number on a side may lie, the nearest first.
    fn places(&self, side: Side) -> Vec<NumberSet> {
        let turned = |by: Number| if side == Side::Below { by.negated() } else { by };
        let beside = |by: Number| self.value.plus(turned(by)).ok();
        let point = |by: Number| beside(by).map(NumberSet::point);
        match (side, self.step) {
            (Side::At, _) => vec![NumberSet::point(self.value)],
            (Side::Below | Side::Above, Some(step)) => point(step).into_iter().collect(),
            (Side::Below | Side::Above, None) => {
                let stretches = NEAR.into_iter().filter_map(|by| Some(self.up_to(beside(Number::whole(by))?)));
                point(least_step(self.value)).into_iter().chain(stretches).collect()
            }
        }
    }

    /// What lies between a number and the threshold.
    fn up_to(&self, end: Number) -> NumberSet {
        let (low, high) = if end < self.value { (end, self.value) } else { (self.value, end) };
        NumberSet::from_interval(Interval { low: Bound::Open(low), high: Bound::Open(high) })
    }

    /// What lies nearer than a place; `None` where a number is near enough that may have any value.
    fn nearer(&self, side: Side, place: &NumberSet) -> Option<NumberSet> {
        let hull = place.hull()?;
        let end = if side == Side::Below { hull.high } else { hull.low }.number()?;
        let far = if side == Side::Below { self.value.minus(end) } else { end.minus(self.value) }.ok()?;
        (self.in_steps || far > least_step(self.value)).then(|| self.up_to(end))
    }

    /// A patient on a side of it, as a part that the guideline has.
    pub(super) fn part(&self, side: Side, place: &NumberSet, seeker: &Seeker<'_>) -> Part {
        let value = self.value.exact_decimal().unwrap_or_else(|| self.value.to_string());
        let word = match side {
            Side::Below => "just below",
            Side::At => "at",
            Side::Above => "just above",
        };
        let block = seeker.subject.guideline.block(self.block).map_or("", |block| block.name.value.as_str());
        let mut way = self.way(place);
        way.extend(seeker.covers.map(|covers| truth(covers, true)));
        Part {
            block: self.block,
            span: self.span,
            said: format!("has {} {word} {value}, as `{block}` tests it", self.named),
            reach: Reach::Any(vec![way]),
            shows: Shows::Block,
            sort: Sort::Other,
        }
    }
}

/// Every number that the rules hold another against, once for each number that is tested.
pub(super) fn thresholds(subject: Subject<'_>) -> Vec<Threshold> {
    let mut list = List { subject, found: Vec::new() };
    for (id, block) in (0..).map(BlockId).zip(&subject.guideline.blocks) {
        if !matches!(block.kind, BlockKind::Course(_)) {
            list.block(id, block);
        }
    }
    list.found
}

struct List<'a> {
    subject: Subject<'a>,
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
            // As it is written: of whole numbers the program holds `below 30` as `at most 29`.
            ConditionKind::Compares { subject, range } => {
                if let (Some(Register::Number(tested)), Some(set)) =
                    (self.subject.lowered.node(subject.id), range.constant())
                {
                    self.ends(id, condition.span, tested, &set);
                }
            }
            ConditionKind::Changes(_) => {
                if let Some(changed) = self.subject.lowered.node(condition.id) {
                    self.change((id, condition.span), changed, &Way::new());
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

    /// What tells whether a measure moved so far: of each instrument that it may be.
    fn change(&mut self, place: (BlockId, Span), changed: Register, given: &Way) {
        let plan = &self.subject.lowered.plan;
        let Some(Writer::Step(step)) = plan.writer(changed) else { return };
        let step = plan.step(step);
        if let Some(Step::All(items, _)) = step {
            for item in items {
                self.change(place, Register::Truth(*item), given);
            }
        } else if let Some(Step::PickTruth(pairs, _)) = step {
            for (when, of) in pairs {
                let given = [given.clone(), vec![truth(*when, true)]].concat();
                self.change(place, Register::Truth(*of), &given);
            }
        } else if let Some(Step::Within(tested, set, _)) = step {
            for value in ends(set) {
                self.add(place, *tested, value, given.clone());
            }
        } else if let Some(Step::Compare(left, _, right, _)) = step {
            self.share(place, [(*left, *right), (*right, *left)], given);
        }
    }

    /// A number is held against a share of another: against that of a value, as high as can be, of which it is one that can
    /// be recorded.
    fn share(&mut self, place: (BlockId, Span), pair: [(NumberRegister, NumberRegister); 2], given: &Way) {
        let plan = &self.subject.lowered.plan;
        let share_of = |register: NumberRegister| {
            let Some(Writer::Step(step)) = plan.writer(Register::Number(register)) else { return None };
            let Some(Step::Product(of, factor, _)) = plan.step(step) else { return None };
            Some((*of, plan.constant(*factor)?))
        };
        let found = pair.into_iter().find_map(|(tested, limit)| Some((tested, share_of(limit)?)));
        let Some((tested, (before, share))) = found else { return };
        let Some(Writer::Slot(slot)) = plan.writer(Register::Number(before)) else { return };
        let Some(SlotSource::Fact { fact, when, .. }) = plan.slot(slot).map(|slot| slot.source) else { return };
        let kind = number_kind(self.subject.catalog, fact);
        let Some((whole, value)) = kind.and_then(|kind| highest_with_share(kind, share)) else { return };
        let given = [given.clone(), vec![number(before, NumberSet::point(whole))]].concat();
        let known = self.found.len();
        self.add(place, tested, value, given);
        if let Some(added) = self.found.get_mut(known) {
            added.named = format!("{} ({whole}{})", added.named, at_time(when));
        }
    }

    /// The ends of a set that a number is held against.
    fn ends(&mut self, block: BlockId, span: Span, tested: NumberRegister, set: &NumberSet) {
        for value in ends(set) {
            self.add((block, span), tested, value, Way::new());
        }
    }

    fn add(&mut self, (block, span): (BlockId, Span), tested: NumberRegister, value: Number, given: Way) {
        let is_it = |one: &Threshold| one.tested == tested && one.value == value && one.given == given;
        if self.found.iter().any(is_it) {
            return;
        }
        let (named, step) = self.named(block, tested, value);
        let mut facts = BTreeSet::new();
        let (mut of_courses, mut in_steps) = (false, true);
        for slot in self.subject.lowered.plan.slice([Register::Number(tested)]).slots {
            match self.subject.lowered.plan.slot(slot).map(|slot| slot.source) {
                Some(SlotSource::Fact { fact, part, .. }) => {
                    let kind = self.subject.catalog.fact(fact).map(|fact| &fact.kind);
                    in_steps &= match kind {
                        Some(FactKind::Number(kind)) => kind.whole && part != Of::Multiple,
                        Some(FactKind::Choice { .. }) => true,
                        Some(FactKind::Date) | None => false,
                    };
                    facts.insert(fact);
                }
                Some(SlotSource::Course { .. }) => of_courses = true,
                Some(SlotSource::Judgement(_) | SlotSource::Status(_) | SlotSource::Word(_)) | None => {}
            }
        }
        self.found.push(Threshold { block, span, tested, value, given, named, step, facts, in_steps, of_courses });
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
                let whole = part != Of::Multiple && number_kind(catalog, fact).is_some_and(|kind| kind.whole);
                let named = match part {
                    Of::Multiple => format!("`{name}` as a multiple of its upper limit"),
                    Of::ScaleLength => format!("the length of the scale of `{name}`"),
                    Of::UpperLimit => format!("the upper limit of `{name}`"),
                    Of::Value | Of::OnScale(_) | Of::Measured | Of::Recorded => format!("`{name}`"),
                };
                let step = if whole { Some(Number::ONE).filter(|_| value.is_whole()) } else { Some(least_step(value)) };
                (format!("{named}{}", at_time(when)), step)
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

/// The ends of a set.
fn ends(set: &NumberSet) -> Vec<Number> {
    set.intervals().into_iter().flat_map(|one| [one.low, one.high]).filter_map(Bound::number).collect()
}

fn number_kind(catalog: &Catalog, fact: FactId) -> Option<&NumberKind> {
    match &catalog.fact(fact)?.kind {
        FactKind::Number(kind) => Some(kind),
        FactKind::Choice { .. } | FactKind::Date => None,
    }
}

/// The highest value of a fact of which a share can be recorded too, and the share of it.
fn highest_with_share(kind: &NumberKind, share: Number) -> Option<(Number, Number)> {
    let high = |set: &NumberSet| set.hull().and_then(|hull| hull.high.number());
    let end = kind.scales.first().copied().or_else(|| high(&kind.range)).or_else(|| high(kind.usual.as_ref()?))?;
    let end = if share > Number::ONE { end.over(share).ok()? } else { end };
    let step = if kind.whole { Number::ONE } else { least_step(Number::ONE) };
    let grain = step.times(Number::fraction(share.reduced().denominator(), 1).ok()?).ok()?;
    let highest = Number::fraction(end.over(grain).ok()?.floor(), 1).ok()?.times(grain).ok()?;
    (highest.sign() > 0).then_some((highest, highest.times(share).ok()?))
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
