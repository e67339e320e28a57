//! The registers of many records side by side: a column for each register, a lane for each record.
//!
//! What a step costs besides its work is then paid once for all of them, and a truth of 64 records is two words.

use std::ops::{BitAnd, BitOr, Not};

use super::Ends;
use crate::plan::{ChoiceRegister, TruthRegister};
use crate::value::{Choices, Truth};

/// How many records stand side by side: as many as a word has bits.
pub const LANES: usize = 64;

/// A number of each record.
pub(super) type Numbers = [Ends; LANES];

/// The registers of as many records as there are lanes.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub(super) truths: Vec<Truths>,
    pub(super) choices: Vec<[Choices; LANES]>,
    pub(super) numbers: Vec<Numbers>,
    /// What each ratio is over.
    pub(super) over: Vec<[i64; LANES]>,
    /// The records that fit, a bit each.
    pub(super) fits: u64,
}

/// A truth of each record: for whom yes is possible, and for whom no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Truths {
    pub(super) yes: u64,
    pub(super) no: u64,
}

impl Sheet {
    /// Every set of a record fits the compact form. Asked after a run; once filled anew it starts over.
    #[inline]
    pub fn fits(&self, lane: usize) -> bool {
        self.fits & bit(lane) != 0
    }

    /// The next records begin.
    #[inline]
    pub fn begin(&mut self) {
        self.fits = u64::MAX;
    }

    /// A record does not fit.
    #[inline]
    pub(super) fn refuse(&mut self, lane: usize) {
        self.fits &= !bit(lane);
    }

    /// A truth of a record.
    #[inline]
    pub fn truth(&self, lane: usize, at: TruthRegister) -> Truth {
        self.truths.get(at.0 as usize).map_or(Truth::EITHER, |truths| truths.of(lane))
    }

    /// A choice of a record.
    #[inline]
    pub fn choice(&self, lane: usize, at: ChoiceRegister) -> Choices {
        let choices = self.choices.get(at.0 as usize).and_then(|choices| choices.get(lane));
        choices.copied().unwrap_or(Choices::all(Choices::LIMIT))
    }

    /// Writes a truth of a record.
    #[inline]
    pub fn put_truth(&mut self, lane: usize, at: TruthRegister, truth: Truth) {
        if let Some(truths) = self.truths.get_mut(at.0 as usize) {
            truths.put(lane, truth);
        }
    }

    /// Writes a choice of a record.
    #[inline]
    pub fn put_choice(&mut self, lane: usize, at: ChoiceRegister, choice: Choices) {
        if let Some(place) = self.choices.get_mut(at.0 as usize).and_then(|choices| choices.get_mut(lane)) {
            *place = choice;
        }
    }

    /// Writes a number of a record.
    #[inline]
    pub(super) fn put_number(&mut self, lane: usize, at: u32, ends: Ends) {
        if let Some(place) = self.numbers.get_mut(at as usize).and_then(|numbers| numbers.get_mut(lane)) {
            *place = ends;
        }
    }

    /// Writes a truth of every record.
    #[inline]
    pub(super) fn put_truths(&mut self, at: u32, truths: Truths) {
        if let Some(place) = self.truths.get_mut(at as usize) {
            *place = truths;
        }
    }

    /// Works a number of every record out of another.
    #[inline]
    pub(super) fn each_number(&mut self, of: u32, to: u32, made: impl Fn(Ends) -> Ends) {
        if let Ok([of, to]) = self.numbers.get_disjoint_mut([of as usize, to as usize]) {
            to.iter_mut().zip(of).for_each(|(to, of)| *to = made(*of));
        }
    }

    /// Joins to a number of every record another.
    #[inline]
    pub(super) fn join_number(&mut self, of: u32, to: u32, joined: impl Fn(Ends, Ends) -> Ends) {
        if let Ok([of, to]) = self.numbers.get_disjoint_mut([of as usize, to as usize]) {
            to.iter_mut().zip(of).for_each(|(to, of)| *to = joined(*to, *of));
        }
    }
}

impl Truths {
    pub(super) const YES: Truths = Truths { yes: u64::MAX, no: 0 };
    pub(super) const NO: Truths = Truths { yes: 0, no: u64::MAX };
    pub(super) const EITHER: Truths = Truths { yes: u64::MAX, no: u64::MAX };
    pub(super) const NEITHER: Truths = Truths { yes: 0, no: 0 };

    /// The same of every record.
    pub(super) fn everywhere(truth: Truth) -> Self {
        let word = |possible: bool| if possible { u64::MAX } else { 0 };
        Truths { yes: word(truth.can_be_yes()), no: word(truth.can_be_no()) }
    }

    /// Yes for some, no for all others.
    pub(super) fn certain_of(yes: u64) -> Self {
        Truths { yes, no: !yes }
    }

    /// One for each lane.
    #[inline]
    pub(super) fn collect(truths: impl DoubleEndedIterator<Item = Truth>) -> Self {
        truths.rev().fold(Truths::NEITHER, |all, truth| Truths {
            yes: all.yes << 1 | u64::from(truth.can_be_yes()),
            no: all.no << 1 | u64::from(truth.can_be_no()),
        })
    }

    /// For whom it is certainly yes.
    #[inline]
    pub(super) fn certain(self) -> u64 {
        self.yes & !self.no
    }

    /// For whom anything is possible.
    #[inline]
    fn some(self) -> u64 {
        self.yes | self.no
    }

    #[inline]
    fn of(self, lane: usize) -> Truth {
        Truth::possible(self.yes & bit(lane) != 0, self.no & bit(lane) != 0)
    }

    #[inline]
    fn put(&mut self, lane: usize, truth: Truth) {
        let put = |word: u64, possible: bool| word & !bit(lane) | if possible { bit(lane) } else { 0 };
        *self = Truths { yes: put(self.yes, truth.can_be_yes()), no: put(self.no, truth.can_be_no()) };
    }
}

/// As of [`Truth`], one record like the other.
impl BitAnd for Truths {
    type Output = Truths;

    #[inline]
    fn bitand(self, other: Truths) -> Truths {
        Truths { yes: self.yes & other.yes, no: (self.no | other.no) & self.some() & other.some() }
    }
}

impl BitOr for Truths {
    type Output = Truths;

    #[inline]
    fn bitor(self, other: Truths) -> Truths {
        Truths { yes: (self.yes | other.yes) & self.some() & other.some(), no: self.no & other.no }
    }
}

impl Not for Truths {
    type Output = Truths;

    #[inline]
    fn not(self) -> Truths {
        Truths { yes: self.no, no: self.yes }
    }
}

/// How many of some conditions hold, of each record: the numbers digit by digit, the lowest first, a bit for each record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    digits: [u64; u32::BITS as usize],
    used: usize,
}

impl Counts {
    /// Of at most so many conditions, for whom each holds.
    pub(super) fn of(most: usize, holds: impl Iterator<Item = u64>) -> Self {
        let used = (usize::BITS - most.leading_zeros()).min(u32::BITS) as usize;
        let mut counts = Counts { digits: [0; u32::BITS as usize], used };
        for mut carried in holds {
            for digit in counts.digits.iter_mut().take(used) {
                (*digit, carried) = (*digit ^ carried, *digit & carried);
            }
        }
        counts
    }

    /// For whom it is at least so many.
    pub(super) fn at_least(&self, count: u32) -> u64 {
        let digits = self.digits.get(..self.used).unwrap_or_default();
        if u64::from(count) >> digits.len() != 0 {
            return 0;
        }
        let (mut above, mut equal) = (0, u64::MAX);
        for (at, digit) in digits.iter().enumerate().rev() {
            if count >> at & 1 == 0 {
                above |= equal & digit;
                equal &= !digit;
            } else {
                equal &= digit;
            }
        }
        above | equal
    }

    /// How many it is for one record.
    pub(super) fn in_lane(&self, lane: usize) -> i64 {
        let digits = self.digits.iter().take(self.used).enumerate();
        digits.fold(0, |count, (at, digit)| count | i64::from(digit & bit(lane) != 0) << at)
    }
}

/// The bit of a lane.
#[inline]
pub(super) fn bit(lane: usize) -> u64 {
    1 << (lane % LANES)
}

/// The lanes of some bits.
#[inline]
pub(super) fn lanes(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lane = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (lane < LANES).then_some(lane)
    })
}

#[cfg(test)]
mod tests {
    use super::{Counts, LANES, Truths};
    use crate::value::Truth;

    const ALL: [Truth; 4] = [Truth::NEITHER, Truth::YES, Truth::NO, Truth::EITHER];

    /// Each lane holds what the operation gives of one record.
    #[test]
    fn truths_of_many_records_are_those_of_each() {
        let left: Vec<Truth> = ALL.into_iter().cycle().take(LANES).collect();
        let right: Vec<Truth> = ALL.into_iter().flat_map(|truth| [truth; 4]).cycle().take(LANES).collect();
        let of = |truths: &[Truth]| Truths::collect(truths.iter().copied());
        let (lefts, rights) = (of(&left), of(&right));
        for (lane, (left, right)) in left.into_iter().zip(right).enumerate() {
            assert_eq!((lefts & rights).of(lane), left & right);
            assert_eq!((lefts | rights).of(lane), left | right);
            assert_eq!((!lefts).of(lane), !left);
            let mut put = lefts;
            put.put(lane, right);
            assert_eq!(put.of(lane), right);
            assert_eq!(Truths::everywhere(left).of(lane), left);
        }
    }

    #[test]
    fn counts_of_many_records_are_those_of_each() {
        // Of lane 5 five conditions hold, and so on.
        let holds = |at: usize| (0..LANES).fold(0, |word, lane| word | u64::from(lane > at) << lane);
        for most in [0, 1, 2, 7, 8, 63] {
            let counts = Counts::of(most, (0..most).map(holds));
            for lane in 0..LANES {
                let expected = lane.min(most);
                assert_eq!(usize::try_from(counts.in_lane(lane)), Ok(expected));
                for least in 0..70_u8 {
                    let is_so = counts.at_least(least.into()) >> lane & 1 == 1;
                    assert_eq!(is_so, expected >= least.into(), "{expected} of {most}, at least {least}");
                }
            }
        }
    }
}
