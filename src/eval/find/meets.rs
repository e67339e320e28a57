//! Whether a register can come to a value at all, for some patient of those that are left.

use std::collections::BTreeSet;

use crate::plan::Register;

use super::super::draft::Draft;
use super::super::refine::{Question, Search};
use super::super::tied::Ties;
use super::{Found, Held, Hunt, Kind, Wanted, Way};

/// Looks for a kind of patient under which the root comes to what is wanted, with what stands in other registers that are
/// `taken` as it comes. Nobody is written down, so the kind that is found is not told.
pub(in super::super) fn meets(
    question: Question<'_>,
    wanted: Held,
    taken: &BTreeSet<Register>,
    draft: &mut Draft<'_>,
) -> Found {
    let wanted = Wanted { register: question.root, held: wanted };
    let mark = draft.mark();
    let search = Search::new(question, draft);
    let way = Way { taken, turn: 0, together: false };
    let (wanted, ties, mut accepted) = ([&wanted], Ties::default(), |_: &Kind| true);
    let hunt = Hunt { is_written_down: false, ..Hunt::of(search, &wanted, way, &ties, &mut accepted) };
    let found = hunt.found();
    draft.set_back(mark);
    found
}
