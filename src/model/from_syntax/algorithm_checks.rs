//! Whether the steps of an algorithm lead somewhere: no circle, nothing beside the way, no patient left without a branch.

use crate::catalog::{FactKind, TreatmentStatus};
use crate::diagnostics::Diagnostic;
use crate::model::{
    Algorithm, AlgorithmStep, Amount, AmountKind, BlockId, Condition, ConditionKind, CourseState, CourseTest,
    FactReading, Target, Tested, TherapyId, Time, Type,
};
use crate::source::Span;
use crate::value::{Choices, NumberSet};

use super::Resolver;
use super::codes;

/// Something with a few values that a branch asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Fact(FactReading),
    Block(BlockId),
    Conclusion(BlockId, u8),
    Course(TherapyId),
    Taking(TherapyId),
    /// By its place in the guideline.
    Status(u32),
}

/// The share of the possible answers to a question for which a branch is taken.
#[derive(Debug, Clone)]
enum Share {
    /// Of the values of a choice.
    Values(Asked, Choices),
    /// Of the numbers.
    Numbers(Amount, NumberSet),
}

impl Resolver<'_> {
    /// The mistakes of an algorithm as a whole; `None` where it cannot be followed.
    pub(super) fn check_algorithm(&mut self, algorithm: &Algorithm, whole: Span) -> Option<()> {
        self.check_step_circle(algorithm)?;
        let reached = self.check_reached(algorithm, whole);
        for step in &algorithm.steps {
            self.check_branches(step);
        }
        reached
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

    /// Some branch is taken, whatever is found.
    fn check_branches(&mut self, step: &AlgorithmStep) {
        let otherwise = step.branches.iter().any(|branch| branch.when.is_none());
        if otherwise || self.is_told_within(step.name.span) || self.branches_cover(step) {
            return;
        }
        let message = format!("a patient may find no branch at the step `{}`", step.name.value);
        self.report(Diagnostic::warning(codes::NO_BRANCH, step.name.span, message).note(
            "end it with `otherwise -> …`, or name every value of what is asked for, or both `yes` and `no` of it",
        ));
    }

    fn branches_cover(&self, step: &AlgorithmStep) -> bool {
        let shares: Vec<Share> = step.branches.iter().filter_map(|branch| self.share(branch.when.as_ref()?)).collect();
        shares.iter().any(|share| match share {
            Share::Values(asked, _) => {
                let mut union = Choices::NONE;
                for other in &shares {
                    if let Share::Values(same, values) = other
                        && same == asked
                    {
                        union = union.union(*values);
                    }
                }
                self.all_values(*asked).is_some_and(|all| all.within(union))
            }
            Share::Numbers(amount, _) => {
                let mut union = NumberSet::empty();
                for other in &shares {
                    if let Share::Numbers(same, numbers) = other
                        && same.kind == amount.kind
                    {
                        union = union.union(numbers);
                    }
                }
                let left = union.complement();
                let left = self.domain(amount).map_or_else(|| left.clone(), |domain| domain.intersection(&left));
                let left = if self.is_whole(amount) { left.whole_only() } else { left };
                left.is_empty()
            }
        })
    }

    /// For which answers to one question a condition holds; `None` where it asks more than one.
    fn share(&self, condition: &Condition) -> Option<Share> {
        let yes = |asked| Some(Share::Values(asked, Choices::only(0)));
        match &condition.kind {
            ConditionKind::Holds(block) => yes(Asked::Block(*block)),
            ConditionKind::Concludes(block, place) => yes(Asked::Conclusion(*block, *place)),
            ConditionKind::Is { subject: Tested::Block(block), values } => {
                Some(Share::Values(Asked::Block(*block), *values))
            }
            ConditionKind::Is { subject: Tested::Fact(reading), values } if reading.when != Time::Ever => {
                Some(Share::Values(Asked::Fact(*reading), *values))
            }
            ConditionKind::Course(CourseTest::State(therapy, states)) => {
                Some(Share::Values(Asked::Course(*therapy), *states))
            }
            ConditionKind::Status(asked, statuses) => Some(Share::Values(Asked::Status(*asked), *statuses)),
            ConditionKind::Course(CourseTest::Taking(therapy)) => yes(Asked::Taking(*therapy)),
            ConditionKind::Compares { subject, range } => {
                let plain = matches!(subject.kind, AmountKind::Fact(_) | AmountKind::Block(_));
                Some(Share::Numbers(subject.clone(), range.constant().filter(|_| plain)?))
            }
            ConditionKind::Not(inner) => Some(match self.share(inner)? {
                Share::Values(asked, values) => Share::Values(asked, self.all_values(asked)?.without(values)),
                Share::Numbers(amount, numbers) => Share::Numbers(amount, numbers.complement()),
            }),
            ConditionKind::Is { .. }
            | ConditionKind::All(_)
            | ConditionKind::Any(_)
            | ConditionKind::Count { .. }
            | ConditionKind::Changes(_)
            | ConditionKind::IsNotMeasured(_)
            | ConditionKind::IsRecorded(_)
            | ConditionKind::FactIsRecorded(_)
            | ConditionKind::Course(CourseTest::Count { .. } | CourseTest::Word(_) | CourseTest::WordIs(..)) => None,
        }
    }

    /// Every answer a question can have.
    fn all_values(&self, asked: Asked) -> Option<Choices> {
        Some(Choices::all(match asked {
            Asked::Conclusion(..) | Asked::Taking(_) => 2,
            Asked::Course(_) => CourseState::ALL.len(),
            Asked::Status(_) => TreatmentStatus::ALL.len(),
            Asked::Fact(reading) => match &self.catalog.fact(reading.fact)?.kind {
                FactKind::Choice { values, .. } => values.len(),
                FactKind::Number(_) | FactKind::Date => return None,
            },
            Asked::Block(block) => match &self.resolved(block)?.gives {
                Type::YesNo => 2,
                Type::Choice(values) => values.len(),
                Type::Several(_) | Type::Number(_) | Type::Points | Type::Measure | Type::Nothing => return None,
            },
        }))
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
