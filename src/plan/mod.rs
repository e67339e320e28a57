//! A guideline as a flat program over numbered slots: no names, no places, nothing to look up.
//!
//! Facts go into [`Slot`]s, one for each fact, time reading and part that some rule looks at. [`Step`]s run once,
//! in order, each writing one register of its kind: a [`Truth`](crate::value::Truth), a
//! [`Choices`](crate::value::Choices) or a [`NumberSet`]. What stands in the registers afterwards *is* the trace:
//! the model remembers which register belongs to which line.
//!
//! ```text
//! latest mmt8 is below 142        ─►   slot 0  → number 0
//! heliotrope                           slot 1  → choice 0
//! any of                               truth 0 = number 0 within (-∞, 142)
//!                                      truth 1 = choice 0 is {yes}
//!                                      truth 2 = any of truth 0, truth 1
//! ```

mod bits;
mod build;
pub mod from_model;
mod sound;

pub use bits::Bits;
pub use build::{PlanBuilder, SlotKind};

use crate::catalog::FactId;
use crate::model::{CourseWord, MOST_VALUES, TherapyId, Time};
use crate::value::{Choices, Number, NumberSet, Period};

/// Where a truth stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TruthRegister(pub u32);

/// Where the possible values of a choice stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChoiceRegister(pub u32);

/// Where a set of numbers stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumberRegister(pub u32);

/// A register of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Register {
    /// A truth.
    Truth(TruthRegister),
    /// A choice.
    Choice(ChoiceRegister),
    /// A number.
    Number(NumberRegister),
}

impl From<TruthRegister> for Register {
    fn from(register: TruthRegister) -> Self {
        Register::Truth(register)
    }
}

impl From<ChoiceRegister> for Register {
    fn from(register: ChoiceRegister) -> Self {
        Register::Choice(register)
    }
}

/// The position of the value a table has where no row, or more than one, fits; see [`Step::Rows`].
pub const FAULT: u8 = MOST_VALUES;

/// A guideline, ready to run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// What is read from a record, in order of first use.
    pub slots: Vec<Slot>,
    /// What is worked out, in order.
    pub steps: Vec<Step>,
    /// How many registers of each kind there are: truths, choices, numbers.
    pub registers: [u32; 3],
    /// The combinations no patient has: registers that are never *yes*.
    pub impossible: Vec<TruthRegister>,
    /// Pairs of slots of which the first is never above the second.
    pub ordered: Vec<(SlotId, SlotId)>,
    /// Each impossible combination with every slot of what it speaks of.
    tied: Vec<(TruthRegister, Box<[SlotId]>)>,
    /// What writes each register, by kind as in `registers`.
    writers: [Vec<Option<Writer>>; 3],
    /// The steps that read each register, by kind as in `registers`, in the order they run.
    readers: [Vec<Box<[u32]>>; 3],
}

/// What writes a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// A slot, filled from the record.
    Slot(SlotId),
    /// A step, by its place in [`Plan::steps`].
    Step(u32),
}

impl Plan {
    /// The number that a register always has; `None` of one that may have several.
    pub fn constant(&self, register: NumberRegister) -> Option<Number> {
        let Writer::Step(at) = self.writer(Register::Number(register))? else { return None };
        if let Step::Constant(number, _) = self.step(at)? { Some(*number) } else { None }
    }

    /// What writes a register; `None` for one that nothing writes, of which nothing is ever known.
    pub fn writer(&self, register: Register) -> Option<Writer> {
        let [truths, choices, numbers] = &self.writers;
        match register {
            Register::Truth(TruthRegister(at)) => truths.get(at as usize),
            Register::Choice(ChoiceRegister(at)) => choices.get(at as usize),
            Register::Number(NumberRegister(at)) => numbers.get(at as usize),
        }
        .copied()
        .flatten()
    }

    /// The steps that read a register, each once, in the order they run.
    pub fn readers(&self, register: Register) -> &[u32] {
        let [truths, choices, numbers] = &self.readers;
        match register {
            Register::Truth(TruthRegister(at)) => truths.get(at as usize),
            Register::Choice(ChoiceRegister(at)) => choices.get(at as usize),
            Register::Number(NumberRegister(at)) => numbers.get(at as usize),
        }
        .map_or(&[], |readers| readers)
    }

    /// A step.
    pub fn step(&self, at: u32) -> Option<&Step> {
        self.steps.get(at as usize)
    }

    /// A slot.
    pub fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots.get(id.0 as usize)
    }

    /// There are combinations nobody has.
    pub fn has_impossible(&self) -> bool {
        !self.tied.is_empty()
    }

    /// The steps that some registers depend on, in the order they run, with the impossible combinations that speak
    /// of the same things.
    pub fn slice(&self, of: impl IntoIterator<Item = Register>) -> Slice {
        let mut gathered = self.gathered(of);
        let mut impossible: Vec<TruthRegister> = Vec::new();
        let mut left: Vec<&(TruthRegister, Box<[SlotId]>)> = self.tied.iter().collect();
        loop {
            let known = impossible.len();
            left.retain(|(register, slots)| {
                let is_far = !slots.iter().any(|slot| gathered.slots.contains(slot.0));
                if !is_far {
                    impossible.push(*register);
                }
                is_far
            });
            let near = impossible.get(known..).unwrap_or_default();
            if near.is_empty() {
                break;
            }
            self.gather(near.iter().copied().map(Register::Truth).collect(), &mut gathered);
        }
        Slice {
            steps: gathered.steps.places().collect(),
            slots: gathered.slots.places().map(SlotId).collect(),
            impossible: impossible.into(),
        }
    }

    /// The slots that some registers depend on.
    pub fn slots_below(&self, of: impl IntoIterator<Item = Register>) -> Vec<SlotId> {
        self.gathered(of).slots.places().map(SlotId).collect()
    }

    /// What some registers depend on.
    fn gathered(&self, of: impl IntoIterator<Item = Register>) -> Gathered {
        let mut gathered = Gathered { steps: Bits::none(self.steps.len()), slots: Bits::none(self.slots.len()) };
        self.gather(of.into_iter().collect(), &mut gathered);
        gathered
    }

    /// Marks what registers depend on.
    fn gather(&self, mut open: Vec<Register>, gathered: &mut Gathered) {
        while let Some(register) = open.pop() {
            match self.writer(register) {
                Some(Writer::Slot(SlotId(at))) => {
                    gathered.slots.insert(at);
                }
                Some(Writer::Step(at)) => {
                    if gathered.steps.insert(at)
                        && let Some(step) = self.steps.get(at as usize)
                    {
                        step.reads(|read| open.push(read));
                    }
                }
                None => {}
            }
        }
    }
}

/// The steps and slots that some registers depend on.
struct Gathered {
    steps: Bits,
    slots: Bits,
}

/// The part of a plan that one answer needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Places in [`Plan::steps`], in order.
    pub steps: Box<[u32]>,
    /// The slots it reads, in order.
    pub slots: Box<[SlotId]>,
    /// The impossible combinations that could narrow it: those that speak of what it reads, or are tied to it by others.
    pub impossible: Box<[TruthRegister]>,
}

impl Slice {
    /// Whether it reads a slot.
    pub fn reads(&self, slot: SlotId) -> bool {
        self.slots.binary_search(&slot).is_ok()
    }
}

/// A slot, by its place in [`Plan::slots`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub u32);

/// One thing read from a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// What.
    pub source: SlotSource,
    /// Where it goes.
    pub register: Register,
}

/// What a slot reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlotSource {
    /// A fact of the dictionary.
    Fact {
        /// Which.
        fact: FactId,
        /// When.
        when: Time,
        /// What of it.
        part: Part,
    },
    /// A judgement the record may answer, by its place in the guideline.
    Judgement(u32),
    /// What the exposure history makes of a therapy.
    Course {
        /// Which.
        therapy: TherapyId,
        /// What of it.
        part: CoursePart,
    },
    /// The status of a treatment on the day of the record, by its place in the guideline.
    Status(u32),
    /// A word of the course at hand, in the plan of the rules of `course` only.
    Word(CourseWord),
}

/// What a slot speaks of: the readings of one fact, and what is asked of one therapy, hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Thing {
    Fact(FactId),
    Judgement(u32),
    Therapy(TherapyId),
    Status(u32),
    /// All words of one course.
    Course,
}

impl SlotSource {
    fn thing(self) -> Thing {
        match self {
            SlotSource::Fact { fact, .. } => Thing::Fact(fact),
            SlotSource::Judgement(at) => Thing::Judgement(at),
            SlotSource::Course { therapy, .. } => Thing::Therapy(therapy),
            SlotSource::Status(at) => Thing::Status(at),
            SlotSource::Word(_) => Thing::Course,
        }
    }
}

/// What of a therapy's exposure history a slot reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CoursePart {
    /// A choice: one of [`crate::model::CourseState::ALL`].
    State,
    /// A truth: some course of it was a fair trial.
    FairTrial,
    /// A truth: it is taken, and works.
    Working,
    /// A truth: it is taken, and its day of judgement is still to come.
    UnderWay,
    /// A truth: it is taken now.
    Taking,
    /// A truth: the patient declined it.
    Declined,
    /// A number: weeks since the last dose.
    SinceLastDose,
    /// A truth: it was begun at least so long ago.
    BegunFor(Period),
}

/// What of a fact a slot reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The value.
    Value,
    /// The value, known only where it stands on the scale that ends there.
    OnScale(ScaleEnd),
    /// The laboratory's upper limit.
    UpperLimit,
    /// The value as a multiple of its own upper limit.
    Multiple,
    /// The length of the scale it was recorded on.
    ScaleLength,
    /// Whether it was measured: *no* only where that is known.
    Measured,
    /// Whether something was recorded; for readings of what was recorded only.
    Recorded,
}

/// The end of a scale, in whole units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ScaleEnd(pub u32);

/// One operation. The register it writes comes last.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Every one holds.
    All(Box<[TruthRegister]>, TruthRegister),
    /// Some one holds.
    Any(Box<[TruthRegister]>, TruthRegister),
    /// It does not hold.
    Not(TruthRegister, TruthRegister),
    /// At least `low` and at most `high` of them hold.
    CountWithin {
        /// At least.
        low: u32,
        /// At most.
        high: u32,
        /// Of these.
        of: Box<[TruthRegister]>,
        /// Written.
        to: TruthRegister,
    },
    /// What is unknown counts as *no*: in readings of what was recorded only.
    UnknownIsNo(TruthRegister, TruthRegister),
    /// What is unknown counts as 0: in readings of what was recorded only.
    UnknownIsZero(NumberRegister, NumberRegister),
    /// The choice is one of the values.
    Is(ChoiceRegister, Choices, TruthRegister),
    /// The number lies in the set.
    Within(NumberRegister, NumberSet, TruthRegister),
    /// The first number stands in that relation to the second.
    Compare(NumberRegister, Relation, NumberRegister, TruthRegister),
    /// A constant.
    Constant(Number, NumberRegister),
    /// How many of them hold.
    Count(Box<[TruthRegister]>, NumberRegister),
    /// The sum.
    Sum(Box<[NumberRegister]>, NumberRegister),
    /// The first less the second.
    Difference(NumberRegister, NumberRegister, NumberRegister),
    /// The product.
    Product(NumberRegister, NumberRegister, NumberRegister),
    /// The first over the second.
    Quotient(NumberRegister, NumberRegister, NumberRegister),
    /// The highest.
    Highest(Box<[NumberRegister]>, NumberRegister),
    /// The lowest.
    Lowest(Box<[NumberRegister]>, NumberRegister),
    /// A function.
    Apply(NumberFunction, NumberRegister, NumberRegister),
    /// A number is known exactly: in readings of what was recorded only.
    Known(NumberRegister, TruthRegister),
    /// The choice, or where it is not settled the values it is then taken for: in readings of what was recorded only.
    Assume(ChoiceRegister, Choices, ChoiceRegister),
    /// One value, always.
    Value(u8, ChoiceRegister),
    /// The value of the band the number lies in. The bands leave nothing out and do not overlap; what an author left
    /// out, or gave twice, is a band of [`FAULT`].
    Classify(NumberRegister, Box<[(NumberSet, u8)]>, ChoiceRegister),
    /// The choice that goes with the one condition that holds; every value where none does.
    PickChoice(Box<[(TruthRegister, ChoiceRegister)]>, ChoiceRegister),
    /// The number that goes with the value of a choice, by its position; any number for [`FAULT`].
    NumberOf(ChoiceRegister, Box<[Number]>, NumberRegister),
    /// Points by the band the number lies in; a number outside every band has any points.
    Points(NumberRegister, Box<[(NumberSet, Number)]>, NumberRegister),
    /// The points if it holds, else 0.
    PointsIf(TruthRegister, Number, NumberRegister),
    /// The number that goes with the one condition that holds; any number where none does.
    PickNumber(Box<[(TruthRegister, NumberRegister)]>, NumberRegister),
    /// The truth that goes with the one condition that holds; either where none does.
    PickTruth(Box<[(TruthRegister, TruthRegister)]>, TruthRegister),
    /// The value that goes with the condition that holds, by a policy; [`FAULT`] where the policy is broken.
    Rows {
        /// How rows are chosen.
        policy: RowPolicy,
        /// Each row's condition and value.
        rows: Box<[(TruthRegister, u8)]>,
        /// It is proved that the policy is never broken, whoever the patient is.
        sound: bool,
        /// Written.
        to: ChoiceRegister,
    },
    /// It is not so that exactly one of them holds: columns that overlap or leave a patient out.
    NotExactlyOne(Box<[TruthRegister]>, TruthRegister),
}

/// How two numbers are compared; the other relations are these turned round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
}

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFunction {
    /// Square root.
    SquareRoot,
    /// Natural logarithm.
    NaturalLogarithm,
    /// Exponential.
    Exponential,
}

/// How rows of a table give its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowPolicy {
    /// Exactly one fits.
    ExactlyOne,
    /// The first that fits.
    First,
}

impl Step {
    /// The register it writes.
    pub fn writes(&self) -> Register {
        match self {
            Step::All(_, to)
            | Step::Any(_, to)
            | Step::Not(_, to)
            | Step::CountWithin { to, .. }
            | Step::UnknownIsNo(_, to)
            | Step::Is(_, _, to)
            | Step::Within(_, _, to)
            | Step::Compare(_, _, _, to)
            | Step::Known(_, to)
            | Step::PickTruth(_, to)
            | Step::NotExactlyOne(_, to) => Register::Truth(*to),
            Step::UnknownIsZero(_, to)
            | Step::Constant(_, to)
            | Step::Count(_, to)
            | Step::Sum(_, to)
            | Step::Difference(_, _, to)
            | Step::Product(_, _, to)
            | Step::Quotient(_, _, to)
            | Step::Highest(_, to)
            | Step::Lowest(_, to)
            | Step::Apply(_, _, to)
            | Step::Points(_, _, to)
            | Step::PointsIf(_, _, to)
            | Step::NumberOf(_, _, to)
            | Step::PickNumber(_, to) => Register::Number(*to),
            Step::Rows { to, .. }
            | Step::Assume(_, _, to)
            | Step::Value(_, to)
            | Step::Classify(_, _, to)
            | Step::PickChoice(_, to) => Register::Choice(*to),
        }
    }

    /// The number that it holds against sets, and those; `None` of a step that does nothing of the kind.
    pub fn cells(&self) -> Option<(NumberRegister, impl Iterator<Item = &NumberSet> + Clone)> {
        let (mut only, mut points, mut values) = (None, &[][..], &[][..]);
        let of = if let Step::Within(of, set, _) = self {
            only = Some(set);
            of
        } else if let Step::Points(of, bands, _) = self {
            points = bands;
            of
        } else if let Step::Classify(of, bands, _) = self {
            values = bands;
            of
        } else {
            return None;
        };
        let bands = points.iter().map(|(band, _)| band).chain(values.iter().map(|(band, _)| band));
        Some((*of, only.into_iter().chain(bands)))
    }

    /// Calls `each` with every register it reads; one read twice is named twice.
    pub fn reads(&self, mut each: impl FnMut(Register)) {
        let truth = Register::Truth;
        let number = Register::Number;
        match self {
            Step::All(of, _)
            | Step::Any(of, _)
            | Step::CountWithin { of, .. }
            | Step::Count(of, _)
            | Step::NotExactlyOne(of, _) => of.iter().for_each(|read| each(truth(*read))),
            Step::Not(of, _) | Step::UnknownIsNo(of, _) | Step::PointsIf(of, _, _) => each(truth(*of)),
            Step::Is(of, _, _) | Step::Assume(of, _, _) | Step::NumberOf(of, _, _) => each(Register::Choice(*of)),
            Step::Within(of, _, _)
            | Step::Known(of, _)
            | Step::Classify(of, _, _)
            | Step::UnknownIsZero(of, _)
            | Step::Apply(_, of, _)
            | Step::Points(of, _, _) => each(number(*of)),
            Step::Constant(_, _) | Step::Value(_, _) => {}
            Step::Sum(of, _) | Step::Highest(of, _) | Step::Lowest(of, _) => {
                of.iter().for_each(|read| each(number(*read)));
            }
            Step::Difference(left, right, _)
            | Step::Product(left, right, _)
            | Step::Quotient(left, right, _)
            | Step::Compare(left, _, right, _) => {
                each(number(*left));
                each(number(*right));
            }
            Step::PickNumber(pairs, _) => pairs.iter().for_each(|(when, then)| {
                each(truth(*when));
                each(number(*then));
            }),
            Step::PickTruth(pairs, _) => pairs.iter().for_each(|(when, then)| {
                each(truth(*when));
                each(truth(*then));
            }),
            Step::PickChoice(pairs, _) => pairs.iter().for_each(|(when, then)| {
                each(truth(*when));
                each(Register::Choice(*then));
            }),
            Step::Rows { rows, .. } => rows.iter().for_each(|(when, _)| each(truth(*when))),
        }
    }
}
