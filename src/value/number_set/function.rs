use super::super::enclosure::{Enclosure, Function, enclose};
use super::super::{Bound, Interval, Number, Precision};
use super::NumberSet;

impl NumberSet {
    /// Every square root of an `a` that is not below zero.
    #[must_use]
    pub fn square_root(&self, precision: Precision) -> NumberSet {
        let domain = Interval { low: Bound::Closed(Number::ZERO), high: Bound::Unbounded };
        self.apply(Function::SquareRoot, domain, precision)
    }

    /// Every natural logarithm of an `a` above zero.
    #[must_use]
    pub fn natural_logarithm(&self, precision: Precision) -> NumberSet {
        let domain = Interval { low: Bound::Open(Number::ZERO), high: Bound::Unbounded };
        self.apply(Function::NaturalLogarithm, domain, precision)
    }

    /// Every power of Euler's number with an exponent `a`.
    #[must_use]
    pub fn exponential(&self, precision: Precision) -> NumberSet {
        let domain = Interval { low: Bound::Unbounded, high: Bound::Unbounded };
        self.apply(Function::Exponential, domain, precision)
    }

    /// All three functions rise, so the ends of a piece give the ends of its values.
    fn apply(&self, function: Function, domain: Interval, precision: Precision) -> NumberSet {
        let defined = self.intersection(&NumberSet::one(domain));
        let mut approximate = self.is_approximate();
        let mut around = |bound: Bound| {
            let number = bound.number().filter(|number| !function.is_endless_at(*number))?;
            let enclosure = enclose(function, number, precision);
            approximate |= enclosure.exact().is_none();
            Some(enclosure)
        };
        let end = |bound: Bound, around: Option<Enclosure>, missing: Bound, side: fn(Enclosure) -> Bound| {
            let Some(enclosure) = around else { return missing };
            match enclosure.exact() {
                Some(value) if bound.is_closed() => Bound::Closed(value),
                Some(value) => Bound::Open(value),
                None => side(enclosure),
            }
        };
        let lowest = function.lowest();
        let values = |piece: &Interval| {
            let below = around(piece.low);
            let above = if piece.single().is_some() { below } else { around(piece.high) };
            Interval {
                low: end(piece.low, below, lowest, |enclosure| enclosure.below),
                high: end(piece.high, above, Bound::Unbounded, |enclosure| enclosure.above),
            }
        };
        let pieces = defined.intervals().iter().map(values).collect();
        NumberSet::from_pieces(pieces, approximate)
    }
}
