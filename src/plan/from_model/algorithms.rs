use std::collections::BTreeSet;

use crate::model::{Algorithm, AlgorithmStep, BlockId, Item, Target};
use crate::plan::{Register, RowPolicy, TruthRegister};

use super::{BlockRegisters, Lowering};

/// The branches that are lowered so far, and what every way from a step comes to.
struct Leading {
    /// The step a branch is of, where it leads, and whether it is taken.
    branches: Vec<(usize, Target, TruthRegister)>,
    /// By step: the steps and conclusions that every way from it comes to.
    certain: Vec<BTreeSet<Target>>,
}

impl Leading {
    fn is_certain(&self, from: usize, target: Target) -> bool {
        self.certain.get(from).is_some_and(|certain| certain.contains(&target))
    }

    /// What leads to a target, or to a step from which every way comes to it; `None` where it always does.
    ///
    /// Which of the ways from such a step is taken makes no difference, so what decides that is not asked.
    fn to(&self, target: Target) -> Option<Vec<TruthRegister>> {
        if target == Target::Step(0) || self.is_certain(0, target) {
            return None;
        }
        let leads = |to: Target| match to {
            Target::Step(step) => to == target || usize::try_from(step).is_ok_and(|step| self.is_certain(step, target)),
            Target::Conclusion(_) => to == target,
        };
        let from_outside = self.branches.iter().filter(|(from, to, _)| !self.is_certain(*from, target) && leads(*to));
        let mut taken: Vec<TruthRegister> = from_outside.map(|(_, _, taken)| *taken).collect();
        taken.dedup();
        Some(taken)
    }
}

/// By step: the steps and conclusions that every way from it comes to, whichever of its branches is taken. A step that
/// does not end in `otherwise` may lead nowhere.
fn certain(steps: &[AlgorithmStep], order: &[usize]) -> Vec<BTreeSet<Target>> {
    let mut certain: Vec<BTreeSet<Target>> = vec![BTreeSet::new(); steps.len()];
    for at in order.iter().rev().copied() {
        let Some(step) = steps.get(at) else { continue };
        let leads_on = step.branches.last().is_some_and(|branch| branch.when.is_none());
        let of_branch = |targets: &[Target]| {
            let further = targets.iter().filter_map(|target| match target {
                Target::Step(to) => certain.get(usize::try_from(*to).ok()?),
                Target::Conclusion(_) => None,
            });
            targets.iter().copied().chain(further.flatten().copied()).collect::<BTreeSet<Target>>()
        };
        let each = step.branches.iter().map(|branch| of_branch(&branch.targets));
        let all = each.reduce(|all, next| all.intersection(&next).copied().collect());
        if let (true, Some(all), Some(own)) = (leads_on, all, certain.get_mut(at)) {
            *own = all;
        }
    }
    certain
}

impl Lowering<'_> {
    /// A step is reached when some branch to it is taken; the value is the first conclusion that some branch leads to.
    pub(super) fn algorithm(&mut self, id: BlockId, algorithm: &Algorithm) -> BlockRegisters {
        let order = walk(&algorithm.steps);
        let mut leading = Leading { branches: Vec::new(), certain: certain(&algorithm.steps, &order) };
        for at in order {
            let Some(step) = algorithm.steps.get(at) else { continue };
            let target = u32::try_from(at).ok().map(Target::Step);
            let reached = self.reached(target.and_then(|target| leading.to(target)));
            self.step(id, at, step, reached, &mut leading);
        }
        let mut conclusions = Vec::new();
        for (at, _) in (0_u8..).zip(&algorithm.conclusions) {
            let held = self.reached(leading.to(Target::Conclusion(at)));
            self.note_item(Item::Conclusion(id, at), held);
            conclusions.push((held, at));
        }
        let rows = conclusions.iter().map(|(held, _)| Register::Truth(*held)).collect();
        let highest = self.builder.rows(RowPolicy::First, conclusions);
        BlockRegisters { results: vec![Register::Choice(highest)], rows, ..BlockRegisters::default() }
    }

    fn reached(&mut self, ways: Option<Vec<TruthRegister>>) -> TruthRegister {
        match ways {
            Some(ways) => self.builder.any(ways),
            None => self.builder.always(),
        }
    }

    /// The first branch that holds is taken, where the step is reached.
    fn step(&mut self, id: BlockId, at: usize, step: &AlgorithmStep, reached: TruthRegister, leading: &mut Leading) {
        let Ok(place) = u32::try_from(at) else { return };
        self.note_item(Item::Step(id, place), reached);
        // Where it begins, nothing is needed to come there.
        let mut needs = if at == 0 { Vec::new() } else { vec![reached] };
        for (number, branch) in (0..).zip(&step.branches) {
            let own = branch.when.as_ref().map(|when| self.condition(when));
            let taken = self.builder.all(needs.iter().copied().chain(own).collect());
            self.note_item(Item::Branch(id, place, number), taken);
            for target in &branch.targets {
                leading.branches.push((at, *target, taken));
            }
            needs.extend(own.map(|own| self.builder.not(own)));
            if own.is_none() {
                // After `otherwise` comes nothing.
                needs.push(self.builder.never());
            }
        }
    }

    /// Whether an algorithm comes to a conclusion.
    pub(super) fn conclusion(&mut self, block: BlockId, conclusion: u8) -> TruthRegister {
        match self.items.get(&Item::Conclusion(block, conclusion)) {
            Some(Register::Truth(held)) => *held,
            Some(Register::Choice(_) | Register::Number(_)) | None => self.builder.any_truth(),
        }
    }
}

/// The steps, each after all that lead to it; those on a circle last.
fn walk(steps: &[AlgorithmStep]) -> Vec<usize> {
    let targets = |at: usize| {
        let branches = steps.get(at).into_iter().flat_map(|step| &step.branches);
        branches.flat_map(|branch| &branch.targets).filter_map(|target| match target {
            Target::Step(to) => usize::try_from(*to).ok(),
            Target::Conclusion(_) => None,
        })
    };
    let mut waits = vec![0_usize; steps.len()];
    for to in (0..steps.len()).flat_map(targets) {
        if let Some(waits) = waits.get_mut(to) {
            *waits += 1;
        }
    }
    let mut order: Vec<usize> = (0..steps.len()).filter(|at| waits.get(*at) == Some(&0)).collect();
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        next += 1;
        for to in targets(at) {
            let Some(waits) = waits.get_mut(to) else { continue };
            *waits -= 1;
            if *waits == 0 {
                order.push(to);
            }
        }
    }
    let circle: Vec<usize> = (0..steps.len()).filter(|at| !order.contains(at)).collect();
    order.extend(circle);
    order
}
