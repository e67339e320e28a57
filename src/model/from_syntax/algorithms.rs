use crate::diagnostics::{Diagnostic, suggest};
use crate::model::{Algorithm, AlgorithmBranch, AlgorithmStep, BlockKind, Conclusion, Target, Type};
use crate::syntax::tree::{self, Line, Name};

use super::Resolver;
use super::amounts::listed;
use super::codes;

impl Resolver<'_> {
    /// `algorithm`: its value is the highest-ranking conclusion that holds.
    pub(super) fn algorithm(&mut self, tree: &tree::Algorithm, block: &tree::Block) -> Option<(Type, BlockKind)> {
        let conclusions: Vec<Conclusion> = tree.conclusions.iter().map(|line| self.conclusion(line)).collect();
        let mut steps = Vec::new();
        for step in &tree.steps {
            steps.push(self.step(step, tree));
        }
        let steps: Vec<AlgorithmStep> = steps.into_iter().collect::<Option<_>>()?;
        let values: Vec<String> = conclusions.iter().map(|conclusion| conclusion.name.value.clone()).collect();
        self.expect_few_values(&values, block.name.span)?;
        let algorithm = Algorithm { conclusions, steps };
        self.check_algorithm(&algorithm, block.span)?;
        Some((Type::Choice(values), BlockKind::Algorithm(algorithm)))
    }

    fn conclusion(&mut self, line: &Line<tree::Conclusion>) -> Conclusion {
        let conclusion = &line.value;
        Conclusion {
            name: conclusion.name.clone(),
            title: conclusion.title.as_ref().unwrap_or(&conclusion.name).value.clone(),
            citations: self.cited(&line.citations),
        }
    }

    fn step(&mut self, step: &tree::AlgorithmStep, tree: &tree::Algorithm) -> Option<AlgorithmStep> {
        let citations = self.cited(&step.citations);
        let branches: Vec<Option<AlgorithmBranch>> = step.branches.iter().map(|line| self.branch(line, tree)).collect();
        Some(AlgorithmStep {
            name: step.name.clone(),
            title: step.title.as_ref().unwrap_or(&step.name).value.clone(),
            citations,
            branches: branches.into_iter().collect::<Option<_>>()?,
        })
    }

    fn branch(&mut self, line: &Line<tree::AlgorithmBranch>, tree: &tree::Algorithm) -> Option<AlgorithmBranch> {
        let citations = self.cited(&line.citations);
        let branch = &line.value;
        let when = self.optional_condition(branch.when.as_ref());
        let targets: Vec<Option<Target>> = branch.targets.iter().map(|target| self.target(target, tree)).collect();
        let targets: Vec<Target> = targets.into_iter().collect::<Option<_>>()?;
        let names = branch.targets.iter().map(|target| match target {
            tree::Target::Step(name) | tree::Target::Conclude(name) => name.span,
        });
        let condition = branch.when.as_ref().map(|when| when.span);
        let span = condition.into_iter().chain(names).reduce(crate::source::Span::to)?;
        Some(AlgorithmBranch { when: when.ok()?, span, targets, citations })
    }

    fn target(&mut self, target: &tree::Target, tree: &tree::Algorithm) -> Option<Target> {
        let place = |names: &[&str], name: &Name| names.iter().position(|known| *known == name.value);
        let steps: Vec<&str> = tree.steps.iter().map(|step| step.name.value.as_str()).collect();
        let conclusions: Vec<&str> = tree.conclusions.iter().map(|line| line.value.name.value.as_str()).collect();
        let (name, found, (kind, own), (other_kind, others)) = match target {
            tree::Target::Step(name) => {
                let found = place(&steps, name).and_then(|at| u32::try_from(at).ok()).map(Target::Step);
                (name, found, ("step", steps), ("conclude", conclusions))
            }
            tree::Target::Conclude(name) => {
                let found = place(&conclusions, name).and_then(|at| u8::try_from(at).ok()).map(Target::Conclusion);
                (name, found, ("conclusion", conclusions), ("step", steps))
            }
        };
        if found.is_some() {
            return found;
        }
        let message = format!("this algorithm has no {kind} `{}`", name.value);
        let diagnostic = Diagnostic::error(codes::NO_TARGET, name.span, message);
        self.report(if others.contains(&name.value.as_str()) {
            diagnostic.note(format!("to lead there write `{other_kind} {}`", name.value))
        } else if let Some(near) = suggest::nearest(&name.value, own.iter().copied()) {
            diagnostic.fix(format!("did you mean `{near}`?"), name.span, near)
        } else if own.is_empty() {
            diagnostic.note(format!("declare it with a line `{kind} {} \"…\"`", name.value))
        } else {
            diagnostic.note(format!("it has {}", listed(&own)))
        });
        None
    }
}
