/// The set of values of a choice that are still possible: one bit each, at most 64.
///
/// Bits are positions in the list of values that the dictionary or a table declares; a fact that may be
/// *not done* has that as a value of its own in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Choices(u64);

impl Choices {
    /// How many values a choice may have.
    pub const LIMIT: usize = 64;
    /// No value is possible. Only a contradiction yields it.
    pub const NONE: Choices = Choices(0);

    /// The value at a position, alone.
    #[inline]
    pub fn only(position: u8) -> Self {
        Choices(1_u64.checked_shl(u32::from(position)).unwrap_or(0))
    }

    /// The first `count` values.
    #[inline]
    pub fn all(count: usize) -> Self {
        match count {
            0 => Choices(0),
            1..Self::LIMIT => Choices((1 << count) - 1),
            _ => Choices(u64::MAX),
        }
    }

    /// The values as bits.
    #[inline]
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The value at a position is still possible.
    #[inline]
    pub fn contains(self, position: u8) -> bool {
        self.intersects(Choices::only(position))
    }

    /// Some value is in both.
    #[inline]
    pub fn intersects(self, other: Choices) -> bool {
        self.0 & other.0 != 0
    }

    /// Every value of `self` is in `other`.
    #[inline]
    pub fn within(self, other: Choices) -> bool {
        self.0 & !other.0 == 0
    }

    /// Either set's values.
    #[must_use]
    #[inline]
    pub fn union(self, other: Choices) -> Choices {
        Choices(self.0 | other.0)
    }

    /// The values in both sets.
    #[must_use]
    #[inline]
    pub fn intersection(self, other: Choices) -> Choices {
        Choices(self.0 & other.0)
    }

    /// The values of `self` that are not in `other`.
    #[must_use]
    #[inline]
    pub fn without(self, other: Choices) -> Choices {
        Choices(self.0 & !other.0)
    }

    /// No value is possible.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many values are possible.
    #[inline]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The one value left, if there is one.
    #[inline]
    pub fn settled(self) -> Option<u8> {
        (self.len() == 1).then(|| u8::try_from(self.0.trailing_zeros()).unwrap_or(u8::MAX))
    }

    /// The positions of the possible values, in order.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..64_u8).filter(move |position| self.contains(*position))
    }
}
