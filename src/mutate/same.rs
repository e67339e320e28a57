//! Whether two programs give the same for every patient, as far as their steps show it.

use crate::eval::Registers;
use crate::plan::Step;
use crate::plan::from_model::Lowered;
use crate::value::NumberSet;

/// The programs are the same, or differ only in numbers that nobody has: `2` and `at least 2` are the same of a count of
/// two. `widest` is what the registers can hold at all.
pub(super) fn is_same(own: &Lowered, changed: &Lowered, widest: &Registers) -> bool {
    if own == changed {
        return true;
    }
    let (steps, others) = (&own.plan.steps, &changed.plan.steps);
    let alike = steps.len() == others.len()
        && own.plan.slots == changed.plan.slots
        && steps.iter().zip(others).all(|(step, other)| step == other || same_step(step, other, widest));
    if !alike {
        return false;
    }
    let mut changed = changed.clone();
    changed.plan.steps.clone_from(steps);
    *own == changed
}

fn same_step(step: &Step, other: &Step, widest: &Registers) -> bool {
    let same = |of, set: &NumberSet, other: &NumberSet| {
        let all = widest.number(of);
        all.intersection(set) == all.intersection(other)
    };
    match (step, other) {
        (Step::Within(of, set, to), Step::Within(of_other, set_other, to_other)) => {
            of == of_other && to == to_other && same(*of, set, set_other)
        }
        (Step::Classify(of, bands, to), Step::Classify(of_other, bands_other, to_other)) => {
            let bands_same = |((set, value), (set_other, value_other)): (&(NumberSet, u8), &(NumberSet, u8))| {
                value == value_other && same(*of, set, set_other)
            };
            of == of_other
                && to == to_other
                && bands.len() == bands_other.len()
                && bands.iter().zip(bands_other).all(bands_same)
        }
        _ => false,
    }
}
