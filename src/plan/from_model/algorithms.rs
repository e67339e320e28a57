use crate::model::{Algorithm, AlgorithmStep, BlockId, Item, Target};
use crate::plan::{Register, RowPolicy, TruthRegister};

use super::{BlockRegisters, Lowering};

/// What leads to each step and to each conclusion.
struct Leading {
    steps: Vec<Vec<TruthRegister>>,
    conclusions: Vec<Vec<TruthRegister>>,
}

impl Leading {
    fn lead(&mut self, target: Target, taken: TruthRegister) {
        let into = match target {
            Target::Step(at) => self.steps.get_mut(at as usize),
            Target::Conclusion(at) => self.conclusions.get_mut(at as usize),
        };
        if let Some(into) = into {
            into.push(taken);
        }
    }
}

impl Lowering<'_> {
    /// A step is reached when some branch to it is taken; the value is the first conclusion that some branch leads to.
    pub(super) fn algorithm(&mut self, id: BlockId, algorithm: &Algorithm) -> BlockRegisters {
        let mut leading = Leading {
            steps: vec![Vec::new(); algorithm.steps.len()],
            conclusions: vec![Vec::new(); algorithm.conclusions.len()],
        };
        for at in walk(&algorithm.steps) {
            let Some(step) = algorithm.steps.get(at) else { continue };
            let reached = match leading.steps.get_mut(at) {
                Some(into) if at > 0 => self.builder.any(std::mem::take(into)),
                Some(_) | None => self.builder.always(),
            };
            self.step(id, at, step, reached, &mut leading);
        }
        let mut conclusions = Vec::new();
        for (at, into) in (0_u8..).zip(leading.conclusions) {
            let held = self.builder.any(into);
            self.note_item(Item::Conclusion(id, at), held);
            conclusions.push((held, at));
        }
        let rows = conclusions.iter().map(|(held, _)| Register::Truth(*held)).collect();
        let highest = self.builder.rows(RowPolicy::First, conclusions);
        BlockRegisters { results: vec![Register::Choice(highest)], rows, ..BlockRegisters::default() }
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
                leading.lead(*target, taken);
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
