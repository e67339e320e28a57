//! In which order blocks are resolved where no name says so, and what is bound by name once all are.

use crate::diagnostics::{Diagnostic, suggest};
use crate::model::{BlockId, BlockKind};
use crate::syntax::tree::{Body, Construct, Name};

use super::codes;
use super::names::sorted;
use super::{Resolver, State};

impl Resolver<'_> {
    /// The blocks in the order in which they are resolved: those on which others rest without naming them come first.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.trees.len()).collect();
        order.sort_by_key(|at| self.trees.get(*at).map_or(0, |tree| phase(&tree.body)));
        order
    }

    /// The therapies that `on LADDER`, and the blocks that `conflicts with`, name. A ladder rests on what speaks against
    /// its options, so that the name is bound when both are there.
    pub(super) fn bind_names(&mut self) {
        for (at, tree) in self.trees.clone().into_iter().enumerate() {
            let Some(id) = self.done(at) else { continue };
            let (ladder, conflicts) = if let Body::Against(against) = &tree.body {
                (against.ladder.as_ref(), &[][..])
            } else if let Body::Prefer(prefer) = &tree.body {
                (prefer.ladder.as_ref(), &[][..])
            } else if let Body::Advice(advice) = &tree.body {
                (None, advice.conflicts.as_slice())
            } else {
                continue;
            };
            let ladder = ladder.and_then(|name| self.done_by_name(name));
            let conflicts: Vec<BlockId> = conflicts.iter().filter_map(|name| self.done_by_name(name)).collect();
            let Some(block) = self.blocks.get_mut(id.0 as usize) else { continue };
            if let BlockKind::Against(against) = &mut block.kind {
                against.ladder = ladder;
            } else if let BlockKind::Prefer(prefer) = &mut block.kind {
                prefer.ladder = ladder;
            } else if let BlockKind::Advice(advice) = &mut block.kind {
                advice.conflicts = conflicts;
            }
        }
    }

    fn done(&self, at: usize) -> Option<BlockId> {
        match self.states.get(at)? {
            State::Done(id) => *id,
            State::Unseen | State::Open => None,
        }
    }

    fn done_by_name(&self, name: &Name) -> Option<BlockId> {
        self.done(self.by_name.get(name.value.as_str()).copied()?)
    }

    /// `on LADDER` names a ladder or a regimen.
    pub(super) fn expect_ladder(&mut self, name: Option<&Name>) -> Option<()> {
        let Some(name) = name else { return Some(()) };
        if self.body_of(name).is_some_and(is_ladder) {
            return Some(());
        }
        let diagnostic = Diagnostic::error(
            codes::NO_LADDER,
            name.span,
            format!("`{}` is neither a ladder nor a regimen of this guideline", name.value),
        );
        let known = self.names_of(is_ladder);
        self.report(match suggest::nearest(&name.value, known) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
            None => diagnostic.note("leave `on` and the name out, and the rule holds everywhere"),
        });
        None
    }

    /// `conflicts with NAME` names advice, or what speaks against a therapy.
    pub(super) fn expect_advice(&mut self, name: &Name, own: &Name) -> Option<()> {
        let itself = name.value == own.value;
        if !itself && self.body_of(name).is_some_and(is_advice) {
            return Some(());
        }
        let message = if itself {
            String::from("advice does not conflict with itself")
        } else {
            format!("`{}` is neither advice nor what speaks against a therapy", name.value)
        };
        let diagnostic = Diagnostic::error(codes::NO_CONFLICT, name.span, message);
        let known: Vec<&str> = self.names_of(is_advice).into_iter().filter(|known| *known != own.value).collect();
        self.report(match suggest::nearest(&name.value, known).filter(|_| !itself) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
            None => diagnostic.note("name the advice, or the rule, that cannot be followed together with this one"),
        });
        None
    }

    fn body_of(&self, name: &Name) -> Option<&Body> {
        let at = self.by_name.get(name.value.as_str())?;
        self.trees.get(*at).map(|tree| &tree.body)
    }

    fn names_of(&self, wanted: fn(&Body) -> bool) -> Vec<&str> {
        sorted(self.trees.iter().filter(|tree| wanted(&tree.body)).map(|tree| tree.name.value.as_str()))
    }
}

fn is_ladder(body: &Body) -> bool {
    matches!(body, Body::Ladder(_) | Body::Regimen(_) | Body::Unreadable(Construct::Ladder | Construct::Regimen))
}

fn is_advice(body: &Body) -> bool {
    matches!(
        body,
        Body::Advice(_)
            | Body::Against(_)
            | Body::Unreadable(
                Construct::Advice
                    | Construct::Contraindicated
                    | Construct::Avoid
                    | Construct::Caution
                    | Construct::Stop
            )
    )
}

/// What others rest on comes first, what rests on all others last.
fn phase(body: &Body) -> u8 {
    match body {
        Body::Course(_) => 0,
        Body::SourceCovers(_) | Body::Precedence(_) => 1,
        Body::Against(_) | Body::Prefer(_) | Body::Monitor(_) => 2,
        Body::Finding(_)
        | Body::Number(_)
        | Body::Measure(_)
        | Body::Score(_)
        | Body::Bands(_)
        | Body::Table(_)
        | Body::Covers(_)
        | Body::Impossible(_)
        | Body::Judgement
        | Body::Ladder(_)
        | Body::Regimen(_)
        | Body::Suspect(_)
        | Body::Algorithm(_)
        | Body::Unreadable(_) => 3,
        Body::Advice(_) | Body::Promise(_) => 4,
    }
}
