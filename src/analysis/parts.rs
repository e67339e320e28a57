//! Parts of algorithms, options, promises.

use crate::diagnostics::Diagnostic;
use crate::eval::Held;
use crate::explore::Wanted;
use crate::model::{Algorithm, AlgorithmStep, Block, BlockId, BlockKind, Item, OptionPlace, Verdict};
use crate::plan::from_model::BlockRegisters;
use crate::plan::{Register, TruthRegister};
use crate::source::Span;
use crate::syntax::tree::AgainstKind;
use crate::value::Choices;

use super::codes::{BROKEN_PROMISE, NO_BRANCH, NO_OPTION, UNREACHED};
use super::{Answer, Prover, only_result, truths};

impl Prover<'_> {
    /// Each patient who comes to a step finds a branch there, and somebody comes to each step, branch and conclusion.
    pub(super) fn algorithm(&mut self, id: BlockId, algorithm: &Algorithm) {
        for (step, at) in algorithm.steps.iter().zip(0..) {
            if !self.is_reached(Item::Step(id, at), step.name.span, "step") {
                continue;
            }
            self.dead_end(id, at, step);
            for (branch, number) in step.branches.iter().zip(0..) {
                let constant = branch.when.as_ref().is_some_and(|when| self.is_constant(when));
                if !constant {
                    self.is_reached(Item::Branch(id, at, number), branch.span, "branch");
                }
            }
        }
        for (conclusion, at) in algorithm.conclusions.iter().zip(0..) {
            self.is_reached(Item::Conclusion(id, at), conclusion.name.span, "conclusion");
        }
    }

    /// Some branch holds for every patient who comes to a step.
    fn dead_end(&mut self, id: BlockId, at: u32, step: &AlgorithmStep) {
        if step.branches.iter().any(|branch| branch.when.is_none()) {
            return;
        }
        let branches = (0..).zip(&step.branches).filter_map(|(number, _)| self.item(Item::Branch(id, at, number)));
        let mut no_branch: Vec<Wanted> = branches.map(|branch| Wanted::truth(branch, false)).collect();
        no_branch.extend(self.item(Item::Step(id, at)).map(|reached| Wanted::truth(reached, true)));
        let span = step.name.span;
        if let Some(patient) = self.refutes(no_branch, || (span, "some branch holds for every patient".to_owned())) {
            let text = "no branch holds at this step for some patients";
            self.tell(Diagnostic::error(NO_BRANCH, span, text).patient(patient.yaml()));
        }
    }

    fn is_reached(&mut self, item: Item, span: Span, what: &str) -> bool {
        let Some(at) = self.item(item) else { return true };
        if self.hangs_on_the_day(Register::Truth(at)) {
            return true;
        }
        match self.can_be(at, true) {
            Answer::Yes => true,
            Answer::No => {
                self.tell(Diagnostic::warning(UNREACHED, span, format!("no patient comes to this {what}")));
                false
            }
            Answer::NotFoundOut => {
                self.not_proved(span, &format!("some patient comes to this {what}"));
                true
            }
        }
    }

    fn item(&self, item: Item) -> Option<TruthRegister> {
        match self.subject.lowered.items.get(&item)?.root {
            Register::Truth(at) => Some(at),
            Register::Choice(_) | Register::Number(_) => None,
        }
    }

    /// Each option is offered to somebody.
    pub(super) fn options(&mut self, id: BlockId, block: &Block) {
        for (place, option) in block.placed_options() {
            let Some(register) = self.subject.lowered.items.get(&Item::Verdict(id, place)).map(|item| item.root) else {
                continue;
            };
            let constant = option.when.as_ref().is_some_and(|when| self.is_constant(when));
            if constant || self.is_ruled_out(id, place) || self.hangs_on_the_day(register) {
                continue;
            }
            let offered = [Verdict::OptionNow, Verdict::Alternative].map(|verdict| Choices::only(verdict.position()));
            let is = |held: Choices| vec![Wanted { register, held: Held::Choices(held) }];
            let answers = offered.map(is).map(|wanted| self.some_patient(&wanted));
            if answers.contains(&Answer::Yes) {
                continue;
            }
            if answers.contains(&Answer::NotFoundOut) {
                self.not_proved(option.span, "some patient is offered this");
            } else {
                self.tell(Diagnostic::warning(NO_OPTION, option.span, "no patient is ever offered this"));
            }
        }
    }

    /// A rule speaks against the option whatever the patient has: it stands there so that this is said, or is told where
    /// it stands.
    fn is_ruled_out(&mut self, id: BlockId, place: OptionPlace) -> bool {
        let Some(option) = self.subject.lowered.options.get(&(id, place)) else { return false };
        let speaks = option.spoken_of.clone();
        speaks.into_iter().any(|id| {
            let block = self.subject.guideline.block(id);
            let Some(BlockKind::Against(against)) = block.map(|block| &block.kind) else { return false };
            matches!(against.kind, AgainstKind::Contraindicated | AgainstKind::Avoid)
                && (against.when.is_none() || self.always_holds(id))
        })
    }

    fn always_holds(&mut self, id: BlockId) -> bool {
        let Some(Register::Truth(at)) = only_result(self.subject.lowered, id) else { return false };
        self.can_be(at, false) == Answer::No
    }

    /// No patient breaks a promise.
    pub(super) fn promise(&mut self, registers: &BlockRegisters, block: &Block) {
        let Some(broken) = truths(&registers.results).first().copied() else { return };
        let claim = || (block.name.span, "the promise holds for every patient".to_owned());
        if let Some(patient) = self.refutes(vec![Wanted::truth(broken, true)], claim) {
            let text = format!("the promise `{}` is broken for some patients", block.name.value);
            self.tell(Diagnostic::error(BROKEN_PROMISE, block.name.span, text).patient(patient.yaml()));
        }
    }
}
