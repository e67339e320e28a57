//! Whether two programs give the same for every patient, as far as their steps show it.

use crate::eval::Registers;
use crate::plan::Step;
use crate::plan::from_model::Lowered;
use crate::value::NumberSet;

/// The programs are the same, or differ only in numbers that nobody has: `2` and `at least 2` are the same of a count of
/// two. `widest` is what the registers can hold at all.
pub(super) fn is_same(own: &Lowered, changed: &Lowered, widest: &Registers) -> bool {
    let (steps, others) = (&own.plan.steps, &changed.plan.steps);
    let mut pairs = steps.iter().zip(others);
    steps.len() == others.len()
        && own.is_laid_out_like(changed)
        && pairs.all(|(step, other)| step == other || same_step(step, other, widest))
}

fn same_step(step: &Step, other: &Step, widest: &Registers) -> bool {
    match (step, other) {
        (Step::Within(of, set, to), Step::Within(of_other, set_other, to_other)) => {
            let all = widest.number(*of);
            of == of_other && to == to_other && all.intersection(set) == all.intersection(set_other)
        }
        (Step::Classify(of, bands, to), Step::Classify(of_other, bands_other, to_other)) => {
            of == of_other && to == to_other && same_bands(bands, bands_other, widest.number(*of))
        }
        (Step::Points(of, bands, to), Step::Points(of_other, bands_other, to_other)) => {
            of == of_other && to == to_other && same_bands(bands, bands_other, widest.number(*of))
        }
        (
            Step::CountWithin { low, high, of, to },
            Step::CountWithin { low: low_other, high: high_other, of: of_other, to: to_other },
        ) => {
            let most = u32::try_from(of.len()).unwrap_or(u32::MAX);
            of == of_other && to == to_other && low == low_other && *high.min(&most) == *high_other.min(&most)
        }
        _ => false,
    }
}

/// Each value has the same numbers, of those that there are.
fn same_bands<V: PartialEq>(bands: &[(NumberSet, V)], others: &[(NumberSet, V)], all: &NumberSet) -> bool {
    let numbers_of = |bands: &[(NumberSet, V)], value: &V| {
        let own = bands.iter().filter(|(_, of)| of == value);
        own.fold(NumberSet::empty(), |union, (set, _)| union.union(&all.intersection(set)))
    };
    let agree = |(_, value): &(NumberSet, V)| numbers_of(bands, value) == numbers_of(others, value);
    bands.iter().all(agree) && others.iter().all(agree)
}
