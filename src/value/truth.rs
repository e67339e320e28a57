use std::ops::{BitAnd, BitOr, Not};

/// The set of truth values that are still possible: Kleene logic in two bits.
///
/// `&`, `|` and `!` are those of Kleene (1938): the result is possible when some pair of possible operands
/// gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Truth(u8);

impl Truth {
    /// Neither: no patient fits. Only a contradiction yields it.
    pub const NEITHER: Truth = Truth(0);
    /// Certainly yes.
    pub const YES: Truth = Truth(1);
    /// Certainly no.
    pub const NO: Truth = Truth(2);
    /// Not settled.
    pub const EITHER: Truth = Truth(3);

    /// From what is still possible.
    #[inline]
    pub fn possible(yes: bool, no: bool) -> Self {
        Truth(u8::from(yes) | u8::from(no) << 1)
    }

    /// Yes is still possible.
    #[inline]
    pub fn can_be_yes(self) -> bool {
        self.0 & 1 != 0
    }

    /// No is still possible.
    #[inline]
    pub fn can_be_no(self) -> bool {
        self.0 & 2 != 0
    }

    /// The one value left, if there is one.
    #[inline]
    pub fn settled(self) -> Option<bool> {
        match self {
            Truth::YES => Some(true),
            Truth::NO => Some(false),
            _ => None,
        }
    }

    /// Either set's values.
    #[must_use]
    #[inline]
    pub fn union(self, other: Truth) -> Truth {
        Truth(self.0 | other.0)
    }

    /// `&` of all; yes of none.
    #[must_use]
    #[inline]
    pub fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
        truths.into_iter().fold(Truth::YES, |all, one| all & one)
    }

    /// `|` of all; no of none.
    #[must_use]
    #[inline]
    pub fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
        truths.into_iter().fold(Truth::NO, |any, one| any | one)
    }

    /// The values in both sets.
    #[must_use]
    #[inline]
    pub fn intersection(self, other: Truth) -> Truth {
        Truth(self.0 & other.0)
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::YES } else { Truth::NO }
    }
}

impl Not for Truth {
    type Output = Truth;

    #[inline]
    fn not(self) -> Truth {
        Truth::possible(self.can_be_no(), self.can_be_yes())
    }
}

impl BitAnd for Truth {
    type Output = Truth;

    #[inline]
    fn bitand(self, other: Truth) -> Truth {
        // Yes where both can be; no where one can be and the other is not impossible. Without a branch: this is run very often.
        let some = (self.0 | self.0 >> 1) & (other.0 | other.0 >> 1) & 1;
        Truth((self.0 & other.0 & 1) | ((self.0 | other.0) & some << 1))
    }
}

impl BitOr for Truth {
    type Output = Truth;

    #[inline]
    fn bitor(self, other: Truth) -> Truth {
        let some = (self.0 | self.0 >> 1) & (other.0 | other.0 >> 1) & 1;
        Truth((self.0 & other.0 & 2) | ((self.0 | other.0) & some))
    }
}

#[cfg(test)]
mod tests {
    use super::Truth;

    /// Every operation agrees with trying all pairs of possible values.
    #[test]
    fn truth_tables() {
        assert_eq!((Truth::all([]), Truth::any([])), (Truth::YES, Truth::NO));
        let sets = [Truth::NEITHER, Truth::YES, Truth::NO, Truth::EITHER];
        let members = |set: Truth| [true, false].into_iter().filter(move |value| set.union(Truth::from(*value)) == set);
        for left in sets {
            for right in sets {
                let mut both = Truth::NEITHER;
                let mut any = Truth::NEITHER;
                for a in members(left) {
                    for b in members(right) {
                        both = both.union(Truth::from(a && b));
                        any = any.union(Truth::from(a || b));
                    }
                }
                assert_eq!(left & right, both, "{left:?} and {right:?}");
                assert_eq!(left | right, any, "{left:?} or {right:?}");
            }
            assert_eq!(!!left, left);
        }
    }
}
