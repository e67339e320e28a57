use super::super::Truth;
use super::{NumberSet, overlaps};

/// Each comparison is possible when some member of one set and some member of the other fulfil it.
impl NumberSet {
    /// `a < b`.
    #[inline]
    pub fn is_below(&self, other: &NumberSet) -> Truth {
        if let Some((left, right)) = self.both_filled(other) {
            return left.is_below(right);
        }
        self.is_long_below(other)
    }

    #[cold]
    fn is_long_below(&self, other: &NumberSet) -> Truth {
        Truth::possible(self.can_be_below(other), other.can_be_at_most(self))
    }

    /// `a <= b`.
    pub fn is_at_most(&self, other: &NumberSet) -> Truth {
        !other.is_below(self)
    }

    /// `a > b`.
    pub fn is_above(&self, other: &NumberSet) -> Truth {
        other.is_below(self)
    }

    /// `a >= b`.
    pub fn is_at_least(&self, other: &NumberSet) -> Truth {
        !self.is_below(other)
    }

    /// `a = b`.
    pub fn equals(&self, other: &NumberSet) -> Truth {
        if let Some((left, right)) = self.both_filled(other) {
            return left.equals(right);
        }
        let some = !self.is_empty() && !other.is_empty();
        let same_number = self.single().is_some() && self.single() == other.single();
        Truth::possible(self.intersects(other), some && !same_number)
    }

    /// `a` is one of the numbers of `range`, which is a range in a rule and not what is known of a fact.
    #[inline]
    pub fn is_within(&self, range: &NumberSet) -> Truth {
        if let Some((own, of_rule)) = self.both_filled(range) {
            return own.is_within(of_rule);
        }
        self.is_long_within(range)
    }

    #[cold]
    fn is_long_within(&self, range: &NumberSet) -> Truth {
        // A range that may be wider than meant cannot say for certain that a number is in it.
        let all = self.is_subset_of(range) && (self.is_empty() || !range.is_approximate());
        Truth::possible(self.intersects(range), !all)
    }

    fn intersects(&self, other: &NumberSet) -> bool {
        overlaps(&self.intervals(), &other.intervals()).next().is_some()
    }

    fn can_be_at_most(&self, other: &NumberSet) -> bool {
        match (self.intervals().first(), other.intervals().last()) {
            (Some(lowest), Some(highest)) => lowest.low_cut() < highest.high_cut(),
            _ => false,
        }
    }

    fn can_be_below(&self, other: &NumberSet) -> bool {
        let (Some(own), Some(others)) = (self.hull(), other.hull()) else { return false };
        match (own.low.number(), others.high.number()) {
            (Some(low), Some(high)) => low < high,
            _ => true,
        }
    }
}
