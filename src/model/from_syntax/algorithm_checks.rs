//! Whether the steps of an algorithm lead somewhere: no circle, nothing beside the way.

use crate::diagnostics::Diagnostic;
use crate::model::{Algorithm, Target};
use crate::source::Span;

use super::Resolver;
use super::codes;

impl Resolver<'_> {
    /// The mistakes of an algorithm as a whole; `None` where it cannot be followed.
    pub(super) fn check_algorithm(&mut self, algorithm: &Algorithm, whole: Span) -> Option<()> {
        self.check_step_circle(algorithm)?;
        self.check_reached(algorithm, whole)
    }

    fn check_step_circle(&mut self, algorithm: &Algorithm) -> Option<()> {
        let mut done = vec![false; algorithm.steps.len()];
        for at in 0..algorithm.steps.len() {
            let mut way = Vec::new();
            let Some(circle) = circle_from(algorithm, at, &mut way, &mut done) else { continue };
            let names: Vec<&crate::source::Spanned<String>> =
                circle.iter().filter_map(|at| algorithm.steps.get(*at)).map(|step| &step.name).collect();
            let first = names.first()?;
            let next = names.iter().skip(1).chain([first]);
            let mut steps: Vec<String> = names
                .iter()
                .zip(next)
                .map(|(name, next)| format!("`{}` leads to `{}`", name.value, next.value))
                .collect();
            let last = steps.pop().unwrap_or_default();
            let message = if steps.is_empty() {
                format!("the step `{}` leads to itself", first.value)
            } else {
                format!("the steps lead in a circle: {}, and {last}", steps.join(", "))
            };
            let mut diagnostic = Diagnostic::error(codes::STEP_CIRCLE, first.span, message);
            for name in names.iter().skip(1) {
                diagnostic = diagnostic.also(name.span, "and this step");
            }
            self.report(diagnostic.note("let one of these branches end in a conclusion, or lead to a later step"));
            return None;
        }
        Some(())
    }

    /// Every step but the first is led to, and every conclusion is drawn.
    fn check_reached(&mut self, algorithm: &Algorithm, whole: Span) -> Option<()> {
        // A branch that could not be read may be the one that leads there.
        if self.is_told_within(whole) {
            return Some(());
        }
        let targets: Vec<Target> = algorithm
            .steps
            .iter()
            .flat_map(|step| &step.branches)
            .flat_map(|branch| branch.targets.iter().copied())
            .collect();
        let mut all = Some(());
        for (at, step) in (0..).zip(&algorithm.steps).skip(1) {
            if !targets.contains(&Target::Step(at)) {
                let message = format!("no branch leads to the step `{}`", step.name.value);
                self.report(
                    Diagnostic::error(codes::NEVER_REACHED, step.name.span, message)
                        .note(format!("write `-> step {}` where it comes, or take it out", step.name.value)),
                );
                all = None;
            }
        }
        for (at, conclusion) in (0..).zip(&algorithm.conclusions) {
            if !targets.contains(&Target::Conclusion(at)) {
                let message = format!("no branch concludes `{}`", conclusion.name.value);
                self.report(
                    Diagnostic::error(codes::NEVER_REACHED, conclusion.name.span, message)
                        .note(format!("write `-> conclude {}` where it holds, or take it out", conclusion.name.value)),
                );
                all = None;
            }
        }
        all
    }
}

/// The steps of a circle that can be reached from a step, in order.
fn circle_from(algorithm: &Algorithm, at: usize, way: &mut Vec<usize>, done: &mut [bool]) -> Option<Vec<usize>> {
    if let Some(begin) = way.iter().position(|step| *step == at) {
        return Some(way.split_off(begin));
    }
    if std::mem::replace(done.get_mut(at)?, true) {
        return None;
    }
    way.push(at);
    let branches = algorithm.steps.get(at).map_or(&[][..], |step| &step.branches);
    for target in branches.iter().flat_map(|branch| &branch.targets) {
        if let Target::Step(next) = target
            && let Some(circle) = circle_from(algorithm, usize::try_from(*next).ok()?, way, done)
        {
            return Some(circle);
        }
    }
    way.pop();
    None
}
