use std::num::NonZeroU32;

use super::super::{Bound, Interval, Number};
use super::{Form, Long, NumberSet};

/// How many ticks a sum may span to be worked out tick by tick.
const SPAN: usize = 16_384;
const WORD: usize = u64::BITS as usize;

impl NumberSet {
    /// Every sum of one member of each set. Of sets of a few numbers each, such as the points of the items of a score, the
    /// sums are reached tick by tick, each addend shifting what was reached: no pair is looked at twice.
    ///
    /// ```text
    /// {0, 1.3} + {0, 0.7} + {0, 2}   ─►   {0, 0.7, 1.3, 2, 2.7, 3.3, 4}
    /// ```
    #[must_use]
    pub fn sum_of<'a>(addends: impl Iterator<Item = &'a NumberSet> + Clone) -> NumberSet {
        if let Some(sum) = Ticks::of(addends.clone()).and_then(|ticks| ticks.sum(addends.clone())) {
            return sum;
        }
        let mut addends = addends;
        let Some(first) = addends.next() else { return NumberSet::point(Number::ZERO) };
        addends.fold(first.clone(), |sum, addend| sum.plus(addend))
    }

    /// The numbers of a set of single numbers, in order.
    fn points(&self) -> Option<impl Iterator<Item = Number>> {
        let is_point = |piece: &Interval| matches!((piece.low, piece.high), (Bound::Closed(low), Bound::Closed(high)) if low == high);
        let pieces = self.intervals();
        (!self.is_approximate() && !pieces.is_empty() && pieces.iter().all(is_point))
            .then(|| pieces.into_iter().filter_map(|piece| piece.low.number()))
    }
}

/// The ticks that sums are counted in.
struct Ticks {
    /// Of one.
    per: i64,
    /// The least sum.
    least: i64,
    /// From there to the greatest.
    span: usize,
}

impl Ticks {
    /// `None` where the sets are not of single numbers, or too far apart, or hardly any has several: then adding is as quick.
    fn of<'a>(addends: impl Iterator<Item = &'a NumberSet> + Clone) -> Option<Self> {
        addends.clone().filter(|addend| matches!(addend.0, Form::Long(_))).nth(1)?;
        let mut per = 1_i64;
        for addend in addends.clone() {
            for point in addend.points()? {
                let own = i64::try_from(point.denominator()).ok()?;
                per = per.checked_mul(own / common_divisor(per, own))?;
            }
        }
        let (mut least, mut span) = (0_i64, 0_usize);
        for addend in addends {
            let hull = addend.hull()?;
            let (low, high) = (ticks(hull.low.number()?, per)?, ticks(hull.high.number()?, per)?);
            least = least.checked_add(low)?;
            span = span.checked_add(usize::try_from(high.checked_sub(low)?).ok()?)?;
        }
        (span < SPAN).then_some(Ticks { per, least, span })
    }

    fn sum<'a>(&self, addends: impl Iterator<Item = &'a NumberSet>) -> Option<NumberSet> {
        let words = self.span / WORD + 1;
        let mut reached = vec![0_u64; words];
        *reached.first_mut()? = 1;
        let mut next = vec![0_u64; words];
        for addend in addends {
            let low = ticks(addend.hull()?.low.number()?, self.per)?;
            next.fill(0);
            for point in addend.points()? {
                let by = usize::try_from(ticks(point, self.per)?.checked_sub(low)?).ok()?;
                shift_into(&reached, by, &mut next);
            }
            std::mem::swap(&mut reached, &mut next);
        }
        let ticks =
            (0..=self.span).filter(|at| reached.get(at / WORD).is_some_and(|word| word >> (at % WORD) & 1 == 1));
        // Over one denominator, not in lowest terms: so they are quickly held against one another.
        let per = u32::try_from(self.per).ok().and_then(NonZeroU32::new)?;
        let number = |at: usize| {
            let at = self.least.checked_add(i64::try_from(at).ok()?)?;
            Some(Interval::point(Number::over_short(at, per)))
        };
        let pieces: Vec<Interval> = ticks.map(number).collect::<Option<_>>()?;
        if pieces.len() > NumberSet::PIECES || pieces.len() < 2 {
            return Some(NumberSet::from_pieces(pieces, false));
        }
        Some(NumberSet(Form::Long(Box::new(Long { pieces: pieces.into(), approximate: false }))))
    }
}

/// Puts in what is reached, so many ticks further.
fn shift_into(reached: &[u64], by: usize, into: &mut [u64]) {
    let (words, bits) = (by / WORD, by % WORD);
    let mut carried = 0;
    for (word, place) in reached.iter().zip(into.iter_mut().skip(words)) {
        *place |= word << bits | carried;
        carried = if bits == 0 { 0 } else { word >> (WORD - bits) };
    }
}

fn ticks(number: Number, per: i64) -> Option<i64> {
    let [numerator, denominator] = number.parts();
    i64::try_from(numerator).ok()?.checked_mul(per / i64::try_from(denominator).ok()?)
}

fn common_divisor(mut left: i64, mut right: i64) -> i64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}
