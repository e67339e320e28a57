//! Whether a register can come to a value at all, for some patient of those that are left.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::plan::Register;

use super::super::draft::Draft;
use super::super::refine::{Question, Search};
use super::super::tied::Ties;
use super::{Found, Held, Hunt, Wanted};

/// Looks for a kind of patient under which the root comes to what is wanted, with what stands in the registers that are
/// `taken` as it comes. Nobody is written down, so the kind that is found is not told.
pub(in super::super) fn meets(
    question: Question<'_>,
    wanted: Held,
    taken: &BTreeSet<Register>,
    draft: &mut Draft<'_>,
) -> Found {
    let wanted = Wanted { register: question.root, held: wanted };
    let mark = draft.mark();
    let hunt = Hunt {
        search: Search::new(question, draft),
        plan: question.plan,
        slice: question.slice,
        wanted: &[&wanted],
        taken,
        turn: 0,
        together: &[],
        ties: &Ties::default(),
        deep: 0,
        steps_back: Cell::default(),
        is_written_down: false,
        accepted: &mut |_| true,
    };
    let found = hunt.found();
    draft.set_back(mark);
    found
}
