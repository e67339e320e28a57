//! Asks of each value that a long search has not met whether anybody comes to it.
//!
//! A search in order may stay very long among patients of one kind, where a value seems possible and is not, while patients
//! of another kind have it at once. So, once it takes long, each value is looked for on its own, from the value back to the
//! facts (`find`). Nearly all are found at once. What is not is looked for once more with what other blocks come to taken as
//! it comes: who is not among those is nowhere. What no look shows is left to the search.

use std::collections::BTreeSet;

use crate::plan::Register;
use crate::value::{Choices, Truth};

use super::Held;
use super::cells::without;
use super::find::{Found, meets};
use super::refine::{Question, Search};

/// How many splits the search for one value is worth; at first, for nearly all are found at once.
const AT_FIRST: u32 = 150;
/// The same with what other blocks come to taken as it comes.
const FROM_AFAR: u32 = 300;
/// The same at last.
const AT_LAST: u32 = 1_000;

impl Search<'_, '_> {
    /// Looks for what was not met yet, value by value.
    pub(super) fn look_for_each(&mut self) {
        self.go_back(0);
        let nothing = BTreeSet::new();
        self.look_for(&nothing, AT_FIRST);
        if !self.is_enough() {
            self.look_for(self.question.results, FROM_AFAR);
            self.look_for(&nothing, AT_LAST.min(self.question.splits));
        }
    }

    fn look_for(&mut self, taken: &BTreeSet<Register>, splits: u32) {
        for wanted in apart(&self.left) {
            if self.is_enough() {
                return;
            }
            if self.seen.as_ref().is_some_and(|seen| wanted.is_within(seen)) {
                continue;
            }
            let question = Question { splits, ..self.question };
            match meets(question, wanted.clone(), taken, self.draft) {
                // Who is found from afar there need not be.
                Found::Kind(_) if taken.is_empty() => self.allow(wanted),
                Found::Nobody => self.left = without(&self.left, &wanted),
                Found::Kind(_) | Found::NotProved => {}
            }
        }
    }
}

/// The values of a truth or a choice; those of a number are not looked for.
fn apart(held: &Held) -> Vec<Held> {
    match held {
        Held::Truth(_) => vec![Held::Truth(Truth::YES), Held::Truth(Truth::NO)],
        Held::Choices(choices) => choices.iter().map(|value| Held::Choices(Choices::only(value))).collect(),
        Held::Number(_) => Vec::new(),
    }
}
