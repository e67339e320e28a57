//! The plainest number of a set, as a record writes it.

use crate::value::{Bound, Interval, Number, NumberSet};

/// How many digits after the point are tried.
const DIGITS: usize = 6;

/// The plainest number of a set: what is usual before what is not, whole before broken, few digits before many; `None`
/// where no decimal lies in it.
pub(super) fn plainest(set: &NumberSet, usual: Option<&NumberSet>) -> Option<Number> {
    let common = usual.map(|usual| set.intersection(usual)).filter(|common| !common.is_empty());
    [common.as_ref(), Some(set)]
        .into_iter()
        .flatten()
        .find_map(|set| set.intervals().iter().find_map(|one| within(*one)))
}

/// The plainest number of an interval: near its middle where it has two ends, else next to the one it has.
fn within(interval: Interval) -> Option<Number> {
    if let Some(single) = interval.single() {
        return single.exact_decimal().is_some().then_some(single);
    }
    let ten = Number::whole(10);
    let near = match (end(interval.low), end(interval.high)) {
        (Some(low), Some(high)) => low.plus(high).ok()?.over(Number::whole(2)).ok()?,
        (Some(low), None) => low.plus(ten).ok()?,
        (None, Some(high)) => high.minus(ten).ok()?,
        (None, None) => Number::ZERO,
    };
    let digits = (0..=DIGITS).filter_map(|digits| near.rounded(digits).parse::<Number>().ok());
    digits.into_iter().find(|number| interval.contains(*number)).or_else(|| {
        let ends = [interval.low, interval.high].map(|bound| bound.number());
        ends.into_iter().flatten().find(|end| interval.contains(*end) && end.exact_decimal().is_some())
    })
}

fn end(bound: Bound) -> Option<Number> {
    bound.number()
}
