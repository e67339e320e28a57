//! Some answers of many records, in the compact form of the domain: a truth is two bits, a choice a mask, a number the two
//! ends of an interval as scaled whole numbers.
//!
//! What differs between two records is only what stands in the slots. So the scale of each register is fixed beforehand, by
//! which no number can outgrow 64 bits, constants are worked out once, and every threshold is written in the scale of what is
//! held against it. The meaning is that of [`super::step`]; a record that does not fit the form (a set of several intervals, an
//! end between two steps of a scale) says so, and is evaluated in the ordinary way. A step runs over a column of many records
//! before the next one does ([`sheet`]).
//!
//! ```text
//! latest mmt8 is below 142     ─►   Within { of: 3, range: 0 … 1 419 999.5 ticks }      of a ten-thousandth each
//! change in mmt8 * 1.25        ─►   Scale { of: 3, by: 1, … }                           ticks of an eight-thousandth
//! ```

mod compile;
mod ends;
mod rows;
mod run;
mod sheet;

pub(crate) use compile::HIGHEST;
pub use ends::Ends;
pub use sheet::{LANES, Sheet};

use sheet::Truths;

use crate::plan::{ChoiceRegister, NumberRegister, Register, Relation, RowPolicy, SlotId, TruthRegister};
use crate::value::{Choices, Number, NumberSet, Truth};

use super::{Held, Subject};

/// The steps that some registers depend on, ready to be run often.
#[derive(Debug, Clone)]
pub struct Compact {
    /// The registers before the first record: the constants, and otherwise everything.
    start: Start,
    slots: Box<[SlotId]>,
    operations: Vec<Operation>,
    /// The registers of operations that read many.
    lists: Vec<u32>,
    /// Numbers that are added, each with what brings it to the scale of the sum.
    terms: Vec<(u32, i64)>,
    /// Conditions and what goes with them.
    pairs: Vec<(u32, u32)>,
    /// The rows of each table.
    rows: Vec<Box<[(TruthRegister, u8)]>>,
    ranges: Vec<Ends>,
    fractions: Vec<Fractions>,
    bands: Vec<Bands>,
    /// The scale of each number.
    scales: Vec<Scale>,
    /// Where each number stands: a product that is nothing but another scale stands where its factor does.
    places: Vec<u32>,
    /// Facts with few whole numbers, and counts, which are known one by one and only held against ranges.
    runs: Vec<u32>,
}

/// What stands in the registers before the first record.
#[derive(Debug, Clone)]
struct Start {
    truths: Vec<Truth>,
    choices: Vec<Choices>,
    numbers: Vec<Ends>,
    /// How many numbers are ratios.
    ratios: u32,
}

/// In which steps a number is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// Ticks of `1 / per`, at most so many.
    Ticks { per: i64, most: i64 },
    /// A ratio of whole numbers, the lower one that of the record: its place in [`Sheet::over`], and the most of both.
    Ratio { place: u32, most: i64 },
    /// Not worked out here.
    None,
}

/// A range whose ends are held against ratios.
#[derive(Debug, Clone, Copy)]
struct Fractions {
    low: End,
    high: End,
}

/// `at / per`, or no end.
#[derive(Debug, Clone, Copy)]
struct End {
    at: i64,
    per: i64,
    kind: EndKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EndKind {
    Closed,
    Open,
    Unbounded,
}

/// Ranges in rising order, each beginning where the one before ends, and what a number in one of them gives.
#[derive(Debug, Clone)]
struct Bands {
    /// Of ticks; of a ratio none.
    ranges: Vec<Ends>,
    /// Of a ratio; of ticks none.
    fractions: Vec<Fractions>,
    gives: Gives,
}

#[derive(Debug, Clone)]
enum Gives {
    Points(Vec<Ends>),
    Values(Vec<Choices>),
}

/// A stretch of one of the lists.
#[derive(Debug, Clone, Copy)]
struct List {
    from: u32,
    upto: u32,
}

/// Marks a truth, among those that an operation reads, that is read turned round.
const TURNED: u32 = 1 << 31;

/// What is done to the registers of every record; each writes `to`.
#[derive(Debug, Clone, Copy)]
enum Operation {
    All { of: List, to: u32 },
    Both { left: u32, right: u32, to: u32 },
    Any { of: List, to: u32 },
    Either { left: u32, right: u32, to: u32 },
    Not { of: u32, to: u32 },
    CountWithin { of: List, low: u16, high: u16, to: u32 },
    NotExactlyOne { of: List, to: u32 },
    NoIfUnknown { of: u32, to: u32 },
    Is { of: u32, values: Choices, to: u32 },
    Within { of: u32, range: u32, to: u32 },
    RatioWithin { of: u32, range: u32, to: u32 },
    Compare { left: u32, relation: Relation, right: u32, to: u32 },
    CompareScaled { left: u32, relation: Relation, right: u32, terms: u32, to: u32 },
    Known { of: u32, to: u32 },
    Count { of: List, to: u32 },
    Sum { of: List, to: u32 },
    Highest { of: List, to: u32 },
    Lowest { of: List, to: u32 },
    ZeroIfUnknown { of: u32, to: u32 },
    Scale { of: u32, by: i64, to: u32 },
    RatioSum { of: List, to: u32 },
    RatioScale { of: u32, by: i32, per: i32, to: u32 },
    Quotient { terms: u32, to: u32 },
    Bands { of: u32, bands: u32, to: u32 },
    PointsIf { of: u32, ranges: u32, to: u32 },
    PickTruth { of: List, to: u32 },
    PickChoice { of: List, to: u32 },
    PickNumber { of: List, to: u32 },
    Assume { of: u32, values: Choices, to: u32 },
    Rows { rows: u32, policy: RowPolicy, sound: bool, to: u32 },
}

impl Compact {
    /// The steps that some registers depend on; `None` where one of them does not fit the compact form.
    pub fn of(subject: Subject<'_>, roots: impl IntoIterator<Item = Register>) -> Option<Self> {
        compile::compile(subject, roots)
    }

    /// The slots that are read.
    pub fn slots(&self) -> &[SlotId] {
        &self.slots
    }

    /// Registers for the first records; the next may go on with them, once their slots are filled.
    pub fn sheet(&self) -> Sheet {
        let Start { truths, choices, numbers, ratios } = &self.start;
        Sheet {
            truths: truths.iter().map(|truth| Truths::everywhere(*truth)).collect(),
            choices: choices.iter().map(|choice| [*choice; LANES]).collect(),
            numbers: numbers.iter().map(|ends| [*ends; LANES]).collect(),
            over: vec![[1; LANES]; *ratios as usize],
            fits: u64::MAX,
        }
    }

    /// Fills a slot of a record; of a set that does not fit the form the record is said not to fit.
    pub fn fill(&self, sheet: &mut Sheet, lane: usize, register: Register, held: &Held) {
        match (register, held) {
            (Register::Truth(at), Held::Truth(truth)) => sheet.put_truth(lane, at, *truth),
            (Register::Choice(at), Held::Choices(choices)) => sheet.put_choice(lane, at, *choices),
            (Register::Number(at), Held::Number(number)) => match self.ends(at, number) {
                Some((ends, over)) => self.fill_ratio(sheet, lane, at, ends, over),
                None => sheet.refuse(lane),
            },
            _ => sheet.refuse(lane),
        }
    }

    /// Fills a number.
    #[inline]
    pub fn fill_number(&self, sheet: &mut Sheet, lane: usize, at: NumberRegister, ends: Ends) {
        sheet.put_number(lane, at.0, ends);
    }

    /// Fills a multiple of an upper limit: ends, and what they are over; above 0.
    #[inline]
    pub fn fill_ratio(&self, sheet: &mut Sheet, lane: usize, at: NumberRegister, ends: Ends, over: i64) {
        if let Scale::Ratio { place, .. } = self.scale(at)
            && let Some(place) = sheet.over.get_mut(place as usize).and_then(|over| over.get_mut(lane))
        {
            *place = over;
        }
        sheet.put_number(lane, at.0, ends);
    }

    /// A set in the form of a register, with what a ratio is over; `None` of one that does not fit.
    pub fn ends(&self, at: NumberRegister, set: &NumberSet) -> Option<(Ends, i64)> {
        match self.scale(at) {
            Scale::Ticks { per, most } => {
                let run = || Ends::of_run(set, per, most).filter(|_| self.holds_runs(at));
                Ends::of(set, per, most).or_else(run).map(|ends| (ends, 1))
            }
            Scale::Ratio { .. } => Ends::of_ratio(set),
            Scale::None => None,
        }
    }

    /// How many ticks make 1, and the most there may be; `None` of a ratio.
    pub fn ticks(&self, at: NumberRegister) -> Option<(i64, i64)> {
        match self.scale(at) {
            Scale::Ticks { per, most } => Some((per, most)),
            Scale::Ratio { .. } | Scale::None => None,
        }
    }

    /// What a register of a record holds.
    pub fn held(&self, sheet: &Sheet, lane: usize, at: Register) -> Held {
        match at {
            Register::Truth(at) => Held::Truth(sheet.truth(lane, at)),
            Register::Choice(at) => Held::Choices(sheet.choice(lane, at)),
            Register::Number(at) => Held::Number(match self.scale(at) {
                Scale::Ticks { per, .. } => self.number(sheet, lane, at).set(per),
                Scale::Ratio { place, .. } => {
                    let over = sheet.over.get(place as usize).and_then(|over| over.get(lane));
                    self.number(sheet, lane, at).set(over.copied().unwrap_or(1))
                }
                Scale::None => NumberSet::everything(),
            }),
        }
    }

    #[inline]
    fn number(&self, sheet: &Sheet, lane: usize, at: NumberRegister) -> Ends {
        let numbers = sheet.numbers.get(self.place(at) as usize).and_then(|numbers| numbers.get(lane));
        numbers.copied().unwrap_or(Ends::EVERYTHING)
    }

    /// Where a number stands.
    #[inline]
    fn place(&self, at: NumberRegister) -> u32 {
        self.places.get(at.0 as usize).copied().unwrap_or(at.0)
    }

    /// What is not known of it are whole numbers one after the other.
    fn holds_runs(&self, at: NumberRegister) -> bool {
        self.runs.contains(&at.0)
    }

    /// What a number holds, in one key, and whether that is one number; `None` of a ratio.
    #[inline]
    pub fn packed(&self, sheet: &Sheet, lane: usize, at: NumberRegister) -> Option<(u128, bool)> {
        matches!(self.scale(at), Scale::Ticks { .. }).then(|| {
            let ends = self.number(sheet, lane, at);
            (u128::from(ends.low.cast_unsigned()) | u128::from(ends.high.cast_unsigned()) << 64, ends.point().is_some())
        })
    }

    #[inline]
    fn scale(&self, at: NumberRegister) -> Scale {
        self.scales.get(at.0 as usize).copied().unwrap_or(Scale::None)
    }
}

impl Start {
    fn put_truth(&mut self, at: TruthRegister, truth: Truth) {
        if let Some(place) = self.truths.get_mut(at.0 as usize) {
            *place = truth;
        }
    }

    fn put_choice(&mut self, at: ChoiceRegister, choices: Choices) {
        if let Some(place) = self.choices.get_mut(at.0 as usize) {
            *place = choices;
        }
    }

    fn put_number(&mut self, at: NumberRegister, ends: Ends) {
        if let Some(place) = self.numbers.get_mut(at.0 as usize) {
            *place = ends;
        }
    }
}

/// The least number that both divide.
fn common(left: i64, right: i64) -> Option<i64> {
    left.checked_mul(right / divisor(left, right))
}

fn divisor(mut left: i64, mut right: i64) -> i64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

/// A number as a fraction of whole numbers of 64 bits.
fn fraction(number: Number) -> Option<(i64, i64)> {
    Some((i64::try_from(number.numerator()).ok()?, i64::try_from(number.denominator()).ok()?))
}
