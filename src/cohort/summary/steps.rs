//! A count as it is shown: itself, or, where small counts are not to be told, numbers of which it is one.
//!
//! A step is five numbers: 0 to 4, 5 to 9, 10 to 14. Steps of all the parts of a whole, beside a step of the whole, can still tell
//! one of them: if the whole is 20 to 24 and each of five parts 0 to 4, every part is 4. So the largest part of each whole is
//! not shown as its own step, but as what the steps of the whole and of the other parts leave for it: nobody is told more than
//! those steps tell.
//!
//! Why nothing can be worked out: put each count at the bottom of its step, and each largest part at what then remains. The
//! bottoms of parts never add up to more than the bottom of their whole, so all sums hold and the summary is the same. Raise any
//! count, and every whole it is in, by up to 4, and it is the same again: a count shown as a step may be each of the five.

/// How many numbers a step is.
pub(super) const STEP: u64 = 5;

/// A count as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// So many.
    Exact(u64),
    /// One of the numbers from one to the other.
    Between(u64, u64),
}

impl Count {
    /// At least so many.
    pub(super) fn low(self) -> u64 {
        match self {
            Count::Exact(count) | Count::Between(count, _) => count,
        }
    }

    /// At most so many.
    pub(super) fn high(self) -> u64 {
        match self {
            Count::Exact(count) | Count::Between(_, count) => count,
        }
    }

    /// It is shown that there is nobody.
    pub(super) fn is_nobody(self) -> bool {
        self == Count::Exact(0)
    }

    /// Nobody, or the lowest step: nothing is told of it.
    pub(super) fn is_few(self) -> bool {
        match self {
            Count::Exact(count) => count == 0,
            Count::Between(_, high) => high < STEP,
        }
    }

    /// Both together.
    pub(super) fn plus(self, other: Count) -> Count {
        match (self, other) {
            (Count::Exact(one), Count::Exact(two)) => Count::Exact(one + two),
            (one, two) => Count::Between(one.low() + two.low(), one.high() + two.high()),
        }
    }
}

/// How the counts of a summary are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Showing {
    /// As they are.
    Exact,
    /// In steps.
    Steps,
}

impl Showing {
    /// A count for itself.
    pub(super) fn count(self, count: u64) -> Count {
        match self {
            Showing::Exact => Count::Exact(count),
            Showing::Steps => Count::Between(count / STEP * STEP, count / STEP * STEP + STEP - 1),
        }
    }

    /// Everything that a whole is made of.
    pub(super) fn split<const N: usize>(self, whole: Count, parts: [u64; N]) -> [Count; N] {
        let mut shown = parts.map(|part| self.count(part));
        self.leave(whole, &mut shown);
        shown
    }

    /// Of everything that a whole is made of, each as [`Showing::count`] has it, the largest becomes what the others leave.
    pub(super) fn leave(self, whole: Count, parts: &mut [Count]) {
        if self == Showing::Exact {
            return;
        }
        let lows: u64 = parts.iter().map(|part| part.low()).sum();
        let highs: u64 = parts.iter().map(|part| part.high()).sum();
        let Some(largest) = parts.iter_mut().rev().max_by_key(|part| part.low()) else { return };
        let others = (lows - largest.low(), highs - largest.high());
        let low = whole.low().saturating_sub(others.1);
        *largest = Count::Between(low, whole.high().saturating_sub(others.0));
    }

    /// Whether a list names what so many have.
    pub(super) fn lists(self, count: Count) -> bool {
        self == Showing::Exact || !count.is_few()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Count, STEP, Showing};

    fn shown(parts: &[u64]) -> Vec<Count> {
        let steps = Showing::Steps;
        let whole = steps.count(parts.iter().sum());
        let mut shown: Vec<Count> = parts.iter().map(|part| steps.count(*part)).collect();
        steps.leave(whole, &mut shown);
        shown.into_iter().chain([whole]).collect()
    }

    /// Every row of counts, the first below one bound and the others below another, and what is shown of it: of all rows
    /// that are shown alike each count is each number of its step.
    #[test]
    fn each_count_of_a_whole_may_be_each_number_of_its_step() {
        for (number, first, others) in [(1, 40, 1), (2, 60, 20), (3, 60, 15), (4, 50, 10), (5, 40, 5), (6, 40, 5)] {
            let bounds: Vec<u64> = std::iter::once(first).chain(std::iter::repeat_n(others, number - 1)).collect();
            let row = |code: u64| -> Vec<u64> {
                let digits = bounds.iter().scan(code, |left, bound| {
                    let digit = *left % bound;
                    *left /= bound;
                    Some(digit)
                });
                digits.collect()
            };
            let mut alike: BTreeMap<Vec<(u64, u64)>, Vec<BTreeSet<u64>>> = BTreeMap::new();
            for row in (0..bounds.iter().product()).map(row) {
                let shown: Vec<(u64, u64)> = shown(&row).iter().map(|count| (count.low(), count.high())).collect();
                assert!(row.iter().zip(&shown).all(|(count, (low, high))| low <= count && count <= high), "{row:?}");
                let found = alike.entry(shown).or_insert_with(|| vec![BTreeSet::new(); number]);
                found.iter_mut().zip(row).for_each(|(found, count)| {
                    found.insert(count);
                });
            }
            // Of these all rows that are shown alike were seen.
            let is_whole = |shown: &[(u64, u64)]| shown.iter().zip(&bounds).all(|((_, high), bound)| high < bound);
            let whole: Vec<_> = alike.iter().filter(|(shown, _)| is_whole(shown)).collect();
            assert!(whole.len() > 5, "{number}");
            for (shown, found) in whole {
                for (found, (low, high)) in found.iter().zip(shown) {
                    let may_be = if high - low + 1 == STEP {
                        (*low..=*high).all(|one| found.contains(&one))
                    } else {
                        found.len() >= 5
                    };
                    assert!(may_be, "{shown:?} {found:?}");
                }
            }
        }
    }

    #[test]
    fn counts_stand_as_they_are_without_steps() {
        let whole = Count::Exact(7);
        assert_eq!(Showing::Exact.split(whole, [3, 4]), [Count::Exact(3), Count::Exact(4)]);
        assert_eq!(Showing::Steps.split(Count::Between(5, 9), [3, 4]), [Count::Between(1, 9), Count::Between(0, 4)]);
    }
}
