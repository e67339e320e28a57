//! What some answers can be, without all that stands beside them; and, with no refinement at all, how much is open.

use std::collections::BTreeSet;

use crate::model::BlockId;
use crate::plan::{Plan, Register, SlotId};
use crate::record::Record;
use crate::value::{Date, Number, NumberSet, Precision, Truth};

use super::bind::{self, Baseline, Inputs};
use super::course::History;
use super::relevance::{self, Notes, Reached};
use super::{Answer, Held, Registers, Subject, answer, refine, run};

/// Some answers of a guideline for one record.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// What went in, by slot.
    pub inputs: Inputs,
    /// Whether the guideline covers the patient.
    pub covers: Truth,
    /// The slots that keep `covers` open.
    pub covers_because: Vec<SlotId>,
    /// The answers, in the order they were asked for.
    pub answers: Vec<Answer>,
}

/// How narrow the answers of an [`Outlook`] are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// As narrow as those of an evaluation.
    Full,
    /// What few splits tell: never narrower than the truth.
    Quick,
}

/// Some answers for one record.
pub fn outlook(subject: Subject<'_>, record: &Record, baseline: Baseline, wanted: &[BlockId], care: Care) -> Outlook {
    let inputs = bind::bind(subject, record, baseline);
    let registers = run(subject, &inputs, Precision::Usual);
    let splits = match care {
        Care::Full => refine::SPLITS,
        Care::Quick => refine::FEW_SPLITS,
    };
    let beside = answer::Beside::default();
    let asked = answer::Asked { splits, ..answer::Asked::of(subject, &inputs, &registers, &beside) };
    let (covers, covers_because) = asked.covers();
    let answers = wanted.iter().map(|block| asked.answer(*block, covers)).collect();
    Outlook { inputs, covers, covers_because, answers }
}

/// The day of the baseline visit; `None` where there is none, or where it may be one of several.
pub fn baseline_day(subject: Subject<'_>, record: &Record, baseline: Baseline) -> Option<Date> {
    let history = History::of(subject, record);
    match bind::baseline::days(subject, record, &history, baseline, &mut Vec::new()).as_slice() {
        [day] => *day,
        _ => None,
    }
}

/// What is open on the way to some answers, as set arithmetic alone sees it: cheap, and good enough to compare what
/// two replies would leave open.
#[derive(Debug)]
pub struct Openness<'a> {
    subject: Subject<'a>,
    baseline: Baseline,
    roots: Vec<Register>,
    /// What is open, with what it holds: the answers, and the steps that lead to them.
    before: Vec<(Register, Held)>,
    /// By how many ways each open slot is reached.
    ways: Vec<(SlotId, u32)>,
}

/// How open an answer is that is as open as it was.
const WHOLE: u64 = 1_000;

impl<'a> Openness<'a> {
    /// Measures what is open now.
    pub fn of(subject: Subject<'a>, record: &Record, baseline: Baseline, wanted: &[BlockId]) -> Self {
        let lowered = subject.lowered;
        let blocks = wanted.iter().chain(&subject.guideline.covers);
        let roots: Vec<Register> =
            blocks.filter_map(|block| lowered.block(*block)).flat_map(|block| block.results.iter().copied()).collect();
        let registers = run(subject, &bind::bind(subject, record, baseline), Precision::Usual);
        let reached = open_below(&lowered.plan, &roots, &registers);
        let steps = reached.steps.iter().filter_map(|at| lowered.plan.steps.get(*at as usize));
        let before = steps.map(|step| (step.writes(), registers.held(step.writes()))).collect();
        Openness { subject, baseline, roots, before, ways: reached.slots.into_iter().collect() }
    }

    /// The open slots, with the number of ways by which the answers hang on each.
    pub fn ways(&self) -> impl Iterator<Item = (SlotId, u32)> {
        self.ways.iter().copied()
    }

    /// How much of what was open another record of the patient leaves open: of the answers, of the steps that lead to
    /// them, of the slots they hang on, each in thousandths of what it was.
    pub fn left(&self, record: &Record) -> [u64; 3] {
        let registers = run(self.subject, &bind::bind(self.subject, record, self.baseline), Precision::Usual);
        let plan: &Plan = &self.subject.lowered.plan;
        let reached = open_below(plan, &self.roots, &registers);
        let still: BTreeSet<u32> = reached.steps.into_iter().collect();
        let mut answers = (0, 0);
        let mut steps = (0, 0);
        for (register, before) in &self.before {
            let left = fraction(before, &registers.held(*register));
            let of = if self.roots.contains(register) { &mut answers } else { &mut steps };
            let matters = match plan.writer(*register) {
                Some(crate::plan::Writer::Step(at)) => still.contains(&at),
                Some(crate::plan::Writer::Slot(_)) | None => true,
            };
            *of = (of.0 + if matters { left } else { 0 }, of.1 + WHOLE);
        }
        let share = |(left, all): (u64, u64)| (left * WHOLE).checked_div(all).unwrap_or(0);
        let count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
        [share(answers), share(steps), share((count(reached.slots.len()) * WHOLE, count(self.ways.len()) * WHOLE))]
    }
}

/// What open registers are worked out from, as far as it is open too.
fn open_below(plan: &Plan, roots: &[Register], registers: &Registers) -> Reached {
    relevance::reached(plan, roots.iter().copied(), registers, None, &mut Notes::of(plan))
}

/// How open a register is, beside what it was.
fn fraction(before: &Held, after: &Held) -> u64 {
    match (before, after) {
        (Held::Truth(_), Held::Truth(truth)) => u64::from(truth.settled().is_none()) * WHOLE,
        (Held::Choices(before), Held::Choices(after)) => {
            let count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX).saturating_sub(1);
            (count(after.len()) * WHOLE).checked_div(count(before.len())).unwrap_or(0).min(WHOLE)
        }
        (Held::Number(before), Held::Number(after)) => match (width(before), width(after)) {
            (_, Some(after)) if after == Number::ZERO => 0,
            (Some(before), Some(after)) => {
                let share = after.over(before).and_then(|share| share.times(Number::whole(1_000)));
                share.ok().and_then(|share| u64::try_from(share.floor()).ok()).unwrap_or(WHOLE).min(WHOLE)
            }
            (None, Some(_)) => WHOLE / 2,
            (_, None) => WHOLE,
        },
        _ => WHOLE,
    }
}

/// From the lowest to the highest possible number; `None` without an end.
fn width(set: &NumberSet) -> Option<Number> {
    let hull = set.hull()?;
    hull.high.number()?.minus(hull.low.number()?).ok()
}
