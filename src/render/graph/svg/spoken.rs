//! A drawing in sentences, for those who do not see it.

use crate::explain::{BranchShown, Flowchart, Lit, StepShown, TargetShown};
use crate::render::graph::{about, waits};
use crate::render::words;

/// All steps with their branches, and where the patient comes out.
pub(super) fn description(chart: &Flowchart) -> String {
    let mut told: Vec<String> = Vec::new();
    if chart.lit {
        told.push(reached(chart));
    }
    told.extend((1..).zip(&chart.steps).map(|(number, step)| told_step(chart, number, step)));
    told.join(" ")
}

fn reached(chart: &Flowchart) -> String {
    let ends = |lit: Lit| -> Vec<String> {
        chart.conclusions.iter().filter(|end| end.reached == lit).map(|end| end.title.clone()).collect()
    };
    let (certain, perhaps) = (ends(Lit::Yes), ends(Lit::Perhaps));
    match (certain.is_empty(), perhaps.is_empty()) {
        (true, true) => "The patient comes to no conclusion.".to_owned(),
        (false, true) => format!("The patient comes to: {}.", words::all_of(&certain)),
        (true, false) => format!("The patient may come to: {}.", words::any_of(&perhaps)),
        (false, false) => {
            format!("The patient comes to: {}; perhaps: {}.", words::all_of(&certain), words::any_of(&perhaps))
        }
    }
}

fn told_step(chart: &Flowchart, number: usize, step: &StepShown) -> String {
    let branches: Vec<String> = step.branches.iter().map(|branch| told_branch(chart, branch)).collect();
    let seen = if step.seen.is_empty() { String::new() } else { format!(" Seen: {}.", step.seen.join("; ")) };
    let waits = waits(step).map(|waits| format!(" It {waits}.")).unwrap_or_default();
    let full = if step.title.ends_with(['?', '.', '!']) { "" } else { "." };
    let about = about(chart, step.reached);
    format!("Step {number}: {}{full}{about} {}.{seen}{waits}", step.title, branches.join(". "))
}

fn told_branch(chart: &Flowchart, branch: &BranchShown) -> String {
    let targets: Vec<String> = branch
        .targets
        .iter()
        .map(|target| match *target {
            TargetShown::Step(step) => format!("go to step {}", step + 1),
            TargetShown::Conclusion(end) => {
                format!("conclude {}", chart.conclusions.get(end).map_or("", |end| &end.title))
            }
        })
        .collect();
    format!("{}: {}", words::capital(&branch.label), words::all_of(&targets))
}
