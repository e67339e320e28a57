//! Looks for values that a long search has not met, each on one way down.
//!
//! A search in order may stay very long among patients of one kind, where a value seems possible and is not, while patients of
//! another kind have it at once. So, once it takes long, some ways are gone down from the top without turning back, each time
//! to the kind of patient of whom most of what is possible was not met yet (Harvey and Ginsberg 1995: on later ways now and
//! then the second choice is taken). What is met is possible; what is not met is left to the search.

use std::rc::Rc;

use super::Held;
use super::refine::{Node, Search};

/// How many ways may end without anything new.
const IN_VAIN: u32 = 12;

impl Search<'_, '_> {
    /// Goes down until all is met, or too many ways ended in vain.
    pub(super) fn probe(&mut self) {
        let exact = self.exact;
        let mut in_vain = 0;
        while in_vain < IN_VAIN && !self.is_enough() {
            if !self.go_down(in_vain) {
                in_vain += 1;
            }
            self.exact = exact;
        }
    }

    /// One way down; true where it ended at something new that some patient surely has.
    fn go_down(&mut self, turn: u32) -> bool {
        let mut node: Rc<Node> = Rc::default();
        self.exact = true;
        for depth in 0.. {
            if !self.run(&node) {
                return false;
            }
            let held = self.registers().held(self.question.root);
            if self.is_settled() {
                self.allow(held);
                return true;
            }
            let reached = self.reached();
            let twice = self.read_twice(&reached);
            if twice.is_empty() {
                self.draft.put_by(reached);
                self.allow(held);
                return true;
            }
            let children = self.split(&node, &reached, &twice);
            self.draft.put_by(reached);
            let mut promising: Vec<(Promise, Rc<Node>)> = Vec::new();
            for child in children.into_iter().map(Rc::new) {
                if self.run(&child)
                    && self.is_possible(&child)
                    && let Some(promise) = self.promise()
                {
                    promising.push((promise, child));
                }
            }
            if !self.exact {
                return false;
            }
            promising.sort_by_key(|(promise, _)| *promise);
            let second = turns_aside(turn, depth) && promising.len() > 1;
            match promising.into_iter().nth(usize::from(second)) {
                Some((_, child)) => node = child,
                None => return false,
            }
        }
        false
    }

    /// How much that was not met the node that was run last seems to have; `None` where it has nothing new.
    fn promise(&self) -> Option<Promise> {
        let held = self.registers().held(self.question.root);
        let (all, new) = match (&held, &self.seen) {
            (Held::Choices(all), Some(Held::Choices(seen))) => (all.bits(), all.without(*seen).bits()),
            (Held::Choices(all), _) => (all.bits(), all.bits()),
            (Held::Truth(_) | Held::Number(_), Some(seen)) if held.is_within(seen) => return None,
            (Held::Truth(_) | Held::Number(_), _) => (1, 1),
        };
        let (all, new) = (all.count_ones(), new.count_ones());
        (new > 0).then(|| Promise { old_share: (all - new) * 64 / all.max(1), all })
    }
}

/// The smaller the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Promise {
    /// How much of what seems possible was met already, in 64ths.
    old_share: u32,
    /// How much seems possible.
    all: u32,
}

/// On the first way the best child is taken throughout; on later ones now and then the second, each time elsewhere.
fn turns_aside(turn: u32, depth: u32) -> bool {
    turn > 0 && (turn.wrapping_mul(0x9E37_79B9) ^ depth.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35) >> 30 == 0
}
