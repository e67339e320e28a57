//! Sets of small numbers: steps and slots by their places.

/// A set of places below a limit that was fixed when it was made; a place beyond it is never in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits(Box<[u64]>);

const WIDTH: usize = u64::BITS as usize;

impl Bits {
    /// An empty set with room for places below `limit`.
    pub fn none(limit: usize) -> Self {
        Bits(vec![0; limit.div_ceil(WIDTH)].into())
    }

    /// Puts a place in; true where it was not there.
    pub fn insert(&mut self, place: u32) -> bool {
        let (word, bit) = at(place);
        let Some(word) = self.0.get_mut(word) else { return false };
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Whether a place is in it.
    pub fn contains(&self, place: u32) -> bool {
        let (word, bit) = at(place);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Takes the highest place out, of those not above the one asked for; nothing above it may be in the set.
    pub fn take_highest(&mut self, from: u32) -> Option<u32> {
        let (last, _) = at(from);
        let upto = self.0.get_mut(..=last)?;
        let (index, word) = upto.iter_mut().enumerate().rev().find(|(_, word)| **word != 0)?;
        let bit = u64::BITS - 1 - word.leading_zeros();
        *word &= !(1 << bit);
        u32::try_from(index * WIDTH).ok().map(|start| start + bit)
    }

    /// Takes the lowest place out, of those not below the one asked for; nothing below it may be in the set.
    pub fn take_lowest(&mut self, from: u32) -> Option<u32> {
        let (first, _) = at(from);
        let onward = self.0.get_mut(first..)?;
        let (index, word) = onward.iter_mut().enumerate().find(|(_, word)| **word != 0)?;
        let bit = word.trailing_zeros();
        *word &= !(1 << bit);
        u32::try_from((first + index) * WIDTH).ok().map(|start| start + bit)
    }

    /// What is in it, from the lowest place.
    pub fn places(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.0).flat_map(|(index, word)| {
            let left = |word: u64| (word != 0).then_some(word);
            let words = std::iter::successors(left(*word), move |word| left(word & (word - 1)));
            words.map(move |word| index * u64::BITS + word.trailing_zeros())
        })
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.0.fill(0);
    }
}

fn at(place: u32) -> (usize, u64) {
    (place as usize / WIDTH, 1 << (place as usize % WIDTH))
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn places_come_out_in_order() {
        let places = [0, 1, 63, 64, 65, 128, 199];
        let mut bits = Bits::none(200);
        assert!(places.iter().all(|place| bits.insert(*place)));
        assert!(!bits.insert(64) && bits.contains(64) && !bits.contains(2) && !bits.contains(1_000));
        assert_eq!(bits.places().collect::<Vec<_>>(), places);
        let mut down = bits.clone();
        let mut from = 199;
        let mut found = Vec::new();
        while let Some(place) = down.take_highest(from) {
            from = place;
            found.push(place);
        }
        found.reverse();
        assert_eq!(found, places);
        let (mut from, mut found) = (0, Vec::new());
        while let Some(place) = bits.take_lowest(from) {
            from = place;
            found.push(place);
        }
        assert_eq!((found.as_slice(), bits), (places.as_slice(), Bits::none(200)));
    }
}
