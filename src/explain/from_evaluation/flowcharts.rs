//! Algorithms as drawings: without a patient, and with the patient's path lit.

use super::Teller;
use super::ladders::titled;
use super::treatments::Shape;
use crate::catalog::{Catalog, FactKind};
use crate::explain::{
    Because, BranchShown, ConclusionShown, EndShown, Flowchart, Lit, Operand, Possible, StepShown, TargetShown,
};
use crate::model::{
    Algorithm, AlgorithmBranch, AlgorithmStep, Block, BlockId, BlockKind, Condition, ConditionKind, Guideline, Item,
    Target, Tested, Type,
};
use crate::source::SourceMap;
use crate::value::{Bound, Date, Interval, Truth};

/// How many values a step names.
const SEEN: usize = 4;

/// A guideline's algorithms without a patient.
pub fn flowcharts(guideline: &Guideline, catalog: &Catalog, sources: &SourceMap) -> Vec<Flowchart> {
    let mut blocks: Vec<&Block> = guideline.blocks.iter().collect();
    blocks.sort_by_key(|block| block.place);
    let drawn = blocks.into_iter().filter_map(|block| {
        let BlockKind::Algorithm(algorithm) = &block.kind else { return None };
        Some(chart(guideline, catalog, sources, block, algorithm))
    });
    drawn.collect()
}

/// One algorithm, unlit.
fn chart(
    guideline: &Guideline,
    catalog: &Catalog,
    sources: &SourceMap,
    block: &Block,
    algorithm: &Algorithm,
) -> Flowchart {
    let steps = algorithm.steps.iter().map(|step| StepShown {
        id: step.name.value.clone(),
        title: step.title.clone(),
        reached: Lit::No,
        branches: step
            .branches
            .iter()
            .map(|branch| BranchShown {
                label: label(guideline, catalog, sources, step, branch),
                taken: Lit::No,
                targets: branch.targets.iter().copied().map(target).collect(),
            })
            .collect(),
        waits_for: Vec::new(),
        seen: Vec::new(),
    });
    Flowchart {
        id: block.name.value.clone(),
        title: titled(block),
        place: sources.place(block.head),
        lit: false,
        steps: steps.collect(),
        conclusions: algorithm
            .conclusions
            .iter()
            .map(|end| EndShown { id: end.name.value.clone(), title: end.title.clone(), reached: Lit::No })
            .collect(),
    }
}

fn target(target: Target) -> TargetShown {
    match target {
        Target::Step(at) => TargetShown::Step(at as usize),
        Target::Conclusion(at) => TargetShown::Conclusion(usize::from(at)),
    }
}

/// A branch in a few words: the values of what the step looks at, else the condition.
fn label(
    guideline: &Guideline,
    catalog: &Catalog,
    sources: &SourceMap,
    step: &AlgorithmStep,
    branch: &AlgorithmBranch,
) -> String {
    let Some(when) = &branch.when else { return String::from("otherwise") };
    // A question that is answered yes, or otherwise.
    if step.branches.len() == 2
        && let ConditionKind::Holds(_) = when.kind
        && step.branches.iter().any(|other| other.when.is_none())
        && step.title.ends_with('?')
    {
        return String::from("yes");
    }
    let values = if let ConditionKind::Is { subject, values } = &when.kind {
        let names: Vec<String> = match subject {
            Tested::Block(block) => match guideline.block(*block).map(|block| &block.gives) {
                Some(Type::Choice(names)) => names.clone(),
                Some(_) | None => Vec::new(),
            },
            Tested::Fact(reading) => match catalog.fact(reading.fact).map(|fact| &fact.kind) {
                Some(FactKind::Choice { values, .. }) => values.iter().map(|value| value.name.clone()).collect(),
                Some(FactKind::Number(_) | FactKind::Date) | None => Vec::new(),
            },
        };
        let yes_no = names == ["yes", "no"] || names == ["no", "yes"];
        if yes_no { Vec::new() } else { super::words::chosen(*values, names.into_iter()) }
    } else {
        Vec::new()
    };
    let words = if values.is_empty() {
        sources.slice(when.span).split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        values.join(" or ")
    };
    words.replace('_', " ")
}

fn lit(truth: Truth) -> Lit {
    match (truth.can_be_yes(), truth.can_be_no()) {
        (true, false) => Lit::Yes,
        (true, true) => Lit::Perhaps,
        (false, _) => Lit::No,
    }
}

impl Teller<'_> {
    pub(super) fn conclusions(&self) -> Vec<ConclusionShown> {
        let mut shown = Vec::new();
        for (id, block) in self.every_block() {
            let BlockKind::Algorithm(algorithm) = &block.kind else { continue };
            shown.extend((0_u8..).zip(&algorithm.conclusions).map(|(at, conclusion)| ConclusionShown {
                algorithm: block.name.value.clone(),
                id: conclusion.name.value.clone(),
                title: conclusion.title.clone(),
                standing: self.item(Item::Conclusion(id, at), Shape::YesNo),
                citations: Self::citations(&conclusion.citations),
            }));
        }
        shown
    }

    /// The algorithms, the patient's path lit.
    pub(super) fn flowcharts(&self) -> Vec<Flowchart> {
        let mut shown = Vec::new();
        for (id, block) in self.every_block() {
            let BlockKind::Algorithm(algorithm) = &block.kind else { continue };
            let mut drawn = chart(self.subject.guideline, self.subject.catalog, self.sources, block, algorithm);
            drawn.lit = self.evaluation.covers.can_be_yes();
            if drawn.lit {
                self.light(id, algorithm, &mut drawn);
            }
            shown.push(drawn);
        }
        shown
    }

    /// Steps of algorithms to which the patient comes and from which no branch leads on.
    pub(super) fn dead_ends(&self) -> Vec<String> {
        let mut ends = Vec::new();
        for (id, block) in self.every_block() {
            let BlockKind::Algorithm(algorithm) = &block.kind else { continue };
            for (at, step) in (0_u32..).zip(&algorithm.steps) {
                let mut branches = (0_u32..).zip(&step.branches);
                let is_end = self.item_truth(Item::Step(id, at)) == Truth::YES
                    && branches.all(|(number, _)| self.item_truth(Item::Branch(id, at, number)) == Truth::NO);
                if is_end {
                    let place = self.sources.place(step.name.span);
                    ends.push(format!(
                        "no branch holds at the step `{}`: the path ends there ({place})",
                        step.name.value
                    ));
                }
            }
        }
        ends
    }

    fn light(&self, id: BlockId, algorithm: &Algorithm, drawn: &mut Flowchart) {
        for (at, (step, shown)) in (0_u32..).zip(algorithm.steps.iter().zip(&mut drawn.steps)) {
            let reached = self.item_truth(Item::Step(id, at));
            shown.reached = lit(reached);
            for (branch, shown) in (0_u32..).zip(&mut shown.branches) {
                shown.taken = lit(self.item_truth(Item::Branch(id, at, branch)));
            }
            if reached.can_be_yes() {
                shown.waits_for = self.waits_for(id, at, step);
                shown.seen = self.seen(id, at, step);
            }
        }
        for (at, shown) in (0_u8..).zip(&mut drawn.conclusions) {
            shown.reached = lit(self.item_truth(Item::Conclusion(id, at)));
        }
    }

    /// What the branch depends on, beside what decides whether the patient comes here at all.
    fn waits_for(&self, id: BlockId, at: u32, step: &AlgorithmStep) -> Vec<String> {
        let is_open = |condition: &Condition| self.condition_truth(condition) == Truth::EITHER;
        if !step.branches.iter().filter_map(|branch| branch.when.as_ref()).any(is_open) {
            return Vec::new();
        }
        let because = |item: Item| {
            let answer = self.evaluation.items.get(&item);
            answer.map(|answer| self.because(&answer.because)).unwrap_or_default()
        };
        let before = because(Item::Step(id, at));
        let conditions = step.branches.iter().filter_map(|branch| branch.when.as_ref());
        let asked: Vec<Because> = conditions.flat_map(|condition| self.open_in(condition)).collect();
        let mut all: Vec<String> = Vec::new();
        let mut own: Vec<String> = Vec::new();
        for (branch, _) in (0..).zip(&step.branches) {
            for one in because(Item::Branch(id, at, branch)) {
                let when = if one.when.is_empty() { String::new() } else { format!(" {}", one.when) };
                let text = format!("{}{when} ({})", one.label, one.why);
                if !before.contains(&one) && asked.contains(&one) && !own.contains(&text) {
                    own.push(text.clone());
                }
                if !all.contains(&text) {
                    all.push(text);
                }
            }
        }
        if own.is_empty() { all } else { own }
    }

    /// The values that decided which branch is taken, each with its day.
    fn seen(&self, id: BlockId, at: u32, step: &AlgorithmStep) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        for (branch_at, branch) in (0_u32..).zip(&step.branches) {
            for operand in branch.when.iter().flat_map(|when| self.operands_of(when)) {
                self.seen_operand(&operand, &mut seen);
            }
            if self.item_truth(Item::Branch(id, at, branch_at)) == Truth::YES {
                break;
            }
        }
        seen.truncate(SEEN);
        seen
    }

    fn seen_operand(&self, operand: &Operand, seen: &mut Vec<String>) {
        let block = self.subject.guideline.find(&operand.id);
        let mut told: Vec<String> = known(operand).into_iter().collect();
        // What makes a finding hold.
        if let Some(BlockKind::Finding(rule)) = block.map(|block| &block.kind)
            && operand.possible == (Possible::YesNo { yes: true, no: false })
        {
            use crate::model::Test;
            let lines: Vec<&Condition> = match &rule.test {
                Test::One(condition, _) => vec![condition],
                Test::List(_, items) => items.iter().map(|(item, _)| item).collect(),
            };
            let holding = lines.into_iter().filter(|line| self.condition_truth(line) == Truth::YES);
            told.extend(holding.flat_map(|line| self.operands_of(line)).filter_map(|operand| known(&operand)));
        }
        for text in told {
            if !seen.contains(&text) {
                seen.push(text);
            }
        }
    }
}

/// A value in a few words, where there is one: `CK 1210 U/L, 01 Mar 2026`.
fn known(operand: &Operand) -> Option<String> {
    let value = match &operand.possible {
        Possible::YesNo { yes: true, no: false } => String::from("yes"),
        Possible::YesNo { yes: false, no: true } => String::from("no"),
        Possible::Choice(values) => match values.as_slice() {
            [only] => only.replace('_', " "),
            _ => return None,
        },
        Possible::Number(set) => {
            let unit = operand.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
            let of = operand.scale.map(|scale| format!(" of {scale}")).unwrap_or_default();
            match (set.single(), set.hull()) {
                (Some(value), _) => {
                    let text = value.exact_decimal().filter(|text| text.len() < 8);
                    format!("{}{unit}{of}", text.unwrap_or_else(|| value.rounded(2)))
                }
                (None, Some(Interval { low: Bound::Closed(low), high: Bound::Closed(high) }))
                    if operand.place.is_some() =>
                {
                    format!("{low} to {high}{unit}{of}")
                }
                (None, _) => return None,
            }
        }
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Nothing => return None,
    };
    let day = operand.date.map(|date: Date| format!(", {}", super::words::day(date))).unwrap_or_default();
    let colon = if operand.unit.is_none() && operand.date.is_none() { ":" } else { "" };
    Some(format!("{}{colon} {value}{day}", operand.label))
}
