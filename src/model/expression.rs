use crate::catalog::{FactId, Mark};
use crate::source::Span;
use crate::syntax::tree::{CountRule, Direction, Function, Operator, Share};
use crate::value::{Choices, Number, Period, Unit};

use super::{BlockId, CourseTest, CourseWord, TherapyId};

/// A condition or an amount, by its place in the order of resolution; the plan says which register it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A source, or a local choice, as cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cited {
    /// An evidence entry and where in it.
    Source {
        /// The key.
        key: String,
        /// Where in it.
        place: Option<String>,
        /// How far it was verified.
        mark: Mark,
        /// The citation in the rules.
        span: Span,
    },
    /// A number that no source gives.
    Local {
        /// Its name.
        name: String,
        /// The citation in the rules.
        span: Span,
    },
}

/// Something that holds or does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Its place.
    pub id: NodeId,
    /// Where it was written.
    pub span: Span,
    /// What it says.
    pub kind: ConditionKind,
}

/// The forms of a condition.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "comparisons are the most frequent condition")]
pub enum ConditionKind {
    /// All hold.
    All(Vec<Condition>),
    /// One holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// So many hold.
    Count {
        /// How many.
        how: CountRule,
        /// Of these.
        items: Vec<Condition>,
    },
    /// A finding or a judgement holds.
    Holds(BlockId),
    /// A fact, or a block, has one of some values.
    Is {
        /// Which.
        subject: Tested,
        /// The values.
        values: Choices,
    },
    /// A number lies in a range.
    Compares {
        /// Which.
        subject: Amount,
        /// Where.
        range: Range,
    },
    /// A measure moved.
    Changes(Change),
    /// Nobody measured it.
    IsNotMeasured(FactReading),
    /// Something was recorded.
    IsRecorded(Amount),
    /// A yes/no or choice was recorded.
    FactIsRecorded(FactReading),
    /// What the courses of therapies are.
    Course(CourseTest),
    /// A treatment counts, on the day of the record, as one of these: a question to the evidence, by its place in
    /// [`super::Guideline::statuses`].
    Status(u32, Choices),
    /// An algorithm comes to a conclusion, by its place.
    Concludes(BlockId, u8),
}

/// What has one of some values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tested {
    /// A fact.
    Fact(FactReading),
    /// Bands or a table.
    Block(BlockId),
}

/// A fact and when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactReading {
    /// The fact.
    pub fact: FactId,
    /// When.
    pub when: Time,
}

/// When a fact is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Time {
    /// An undated fact.
    Undated,
    /// At the baseline visit.
    Baseline,
    /// The newest value.
    Latest {
        /// No older than this on the day of evaluation.
        within: Option<Period>,
    },
    /// The newest value after the baseline, on the baseline's scale: the other half of a change.
    Since,
    /// Any visit has it (yes/no and choices), as the set of all values seen.
    Ever,
    /// The highest value of all visits.
    Highest,
    /// The lowest value of all visits.
    Lowest,
}

/// A fact or a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A fact.
    Fact(FactId),
    /// A measure.
    Measure(BlockId),
}

/// A measure moved by some amount.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What moved.
    pub subject: Subject,
    /// Which way.
    pub direction: Direction,
    /// By at least, or more than, this: a share of the baseline (0.2 for 20 %), else in the unit of the fact.
    pub by: Number,
    /// The amount itself counts.
    pub included: bool,
    /// It is a share of the baseline.
    pub of_baseline: bool,
}

/// Where a number must lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// Where it was written.
    pub span: Span,
    /// The lower end.
    pub low: Option<End>,
    /// The upper end.
    pub high: Option<End>,
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// The number there, in the unit of what is compared.
    pub amount: Amount,
    /// It belongs to the range.
    pub included: bool,
}

/// Something that is a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// Its place.
    pub id: NodeId,
    /// Where it was written.
    pub span: Span,
    /// Its unit; `None` for a bare number.
    pub unit: Option<Unit>,
    /// What it says.
    pub kind: AmountKind,
}

/// The forms of an amount.
#[derive(Debug, Clone, PartialEq)]
pub enum AmountKind {
    /// A number, in the unit of the amount.
    Constant(Number),
    /// A fact's value.
    Fact(FactReading),
    /// A fact's value, known only on the scale that ends at a number.
    OnScale(FactReading, u32),
    /// A fact's value as a multiple of its own upper limit.
    Multiple(FactReading),
    /// A number or a score.
    Block(BlockId),
    /// The time since the last dose of a therapy, in weeks; longer than any time that is asked for where it was never
    /// taken.
    SinceLastDose(TherapyId),
    /// Within the rules of `course`: a number of the course at hand.
    CourseWord(CourseWord),
    /// A quantity's number in another unit: times a factor.
    InUnit(Box<Amount>, Number),
    /// Latest less baseline.
    ChangeIn(Subject),
    /// Towards the better end, in percent.
    Improvement(Subject, Share),
    /// The other sign.
    Negative(Box<Amount>),
    /// Two amounts and a sign.
    Arithmetic(Box<Amount>, Operator, Box<Amount>),
    /// A function.
    Call(Function, Box<Amount>),
}

impl AmountKind {
    /// The fact it is, as it is or in another measure of the same value.
    pub fn reading(&self) -> Option<FactReading> {
        match self {
            AmountKind::Fact(reading) | AmountKind::OnScale(reading, _) | AmountKind::Multiple(reading) => {
                Some(*reading)
            }
            AmountKind::Constant(_)
            | AmountKind::Block(_)
            | AmountKind::SinceLastDose(_)
            | AmountKind::CourseWord(_)
            | AmountKind::InUnit(..)
            | AmountKind::ChangeIn(_)
            | AmountKind::Improvement(..)
            | AmountKind::Negative(_)
            | AmountKind::Arithmetic(..)
            | AmountKind::Call(..) => None,
        }
    }

    /// The same value, read at another time.
    #[must_use]
    pub fn read_when(self, when: Time) -> AmountKind {
        match self {
            AmountKind::Fact(reading) => AmountKind::Fact(FactReading { when, ..reading }),
            AmountKind::OnScale(reading, end) => AmountKind::OnScale(FactReading { when, ..reading }, end),
            AmountKind::Multiple(reading) => AmountKind::Multiple(FactReading { when, ..reading }),
            other @ (AmountKind::Constant(_)
            | AmountKind::Block(_)
            | AmountKind::SinceLastDose(_)
            | AmountKind::CourseWord(_)
            | AmountKind::InUnit(..)
            | AmountKind::ChangeIn(_)
            | AmountKind::Improvement(..)
            | AmountKind::Negative(_)
            | AmountKind::Arithmetic(..)
            | AmountKind::Call(..)) => other,
        }
    }
}
