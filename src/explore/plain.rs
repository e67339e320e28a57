//! The plainest number of a set, as a record writes it.

use crate::value::{Bound, Interval, Number, NumberSet};

/// How many digits after the point are tried.
const DIGITS: usize = 6;

/// The plainest number of a set: what is usual before what is not, whole before broken, few digits before many; `None`
/// where no decimal lies in it. Of a stretch within the whole range it is the number next to its inner end.
pub(super) fn plainest(set: &NumberSet, usual: Option<&NumberSet>, range: &NumberSet) -> Option<Number> {
    let common = usual.map(|usual| set.intersection(usual)).filter(|common| !common.is_empty());
    let least = range.hull().and_then(|hull| hull.low.number());
    let sets = [common.as_ref(), Some(set)].into_iter().flatten();
    sets.flat_map(NumberSet::intervals).find_map(|interval| within(interval, least))
}

fn within(interval: Interval, least: Option<Number>) -> Option<Number> {
    if let Some(single) = interval.single() {
        return single.exact_decimal().is_some().then_some(single);
    }
    let near = match (end(interval.low), end(interval.high)) {
        (Some(low), Some(high)) => {
            let half = high.minus(low).ok()?.over(Number::whole(2)).ok()?;
            let step = half.min(Number::ONE);
            if Some(low) == least { high.minus(step).ok()? } else { low.plus(step).ok()? }
        }
        (Some(low), None) => low.plus(Number::ONE).ok()?,
        (None, Some(high)) => high.minus(Number::ONE).ok()?,
        (None, None) => Number::ZERO,
    };
    let digits = (0..=DIGITS).filter_map(|digits| near.rounded(digits).parse::<Number>().ok());
    digits.into_iter().find(|number| interval.contains(*number)).or_else(|| {
        let ends = [interval.low, interval.high].map(Bound::number);
        ends.into_iter().flatten().find(|end| interval.contains(*end) && end.exact_decimal().is_some())
    })
}

fn end(bound: Bound) -> Option<Number> {
    bound.number()
}
