//! DOT: text that Graphviz draws.

use std::fmt::Write;

use super::waits;
use crate::explain::{Flowchart, Lit, StepShown, TargetShown};

/// The algorithm as a directed graph.
pub fn render(chart: &Flowchart) -> String {
    let mut text = format!(
        "digraph {} {{\n  label={};\n  labelloc=t;\n  node [fontname=\"Helvetica\", shape=box];\n  edge \
         [fontname=\"Helvetica\", fontsize=11];\n",
        quoted(&chart.id),
        quoted(&chart.title)
    );
    for (place, step) in chart.steps.iter().enumerate() {
        let _ =
            writeln!(text, "  s{place} [label={}{}];", quoted(&words(step)), of_box(chart, step.reached, "rounded"));
    }
    for (place, end) in chart.conclusions.iter().enumerate() {
        let look = of_box(chart, end.reached, "rounded");
        let _ = writeln!(text, "  c{place} [label={}, peripheries=2{look}];", quoted(&end.title));
    }
    for (place, step) in chart.steps.iter().enumerate() {
        for branch in &step.branches {
            for target in &branch.targets {
                let target = match target {
                    TargetShown::Step(step) => format!("s{step}"),
                    TargetShown::Conclusion(end) => format!("c{end}"),
                };
                let look = of_line(chart, branch.taken);
                let _ = writeln!(text, "  s{place} -> {target} [label={}{look}];", quoted(&branch.label));
            }
        }
    }
    text.push_str("}\n");
    text
}

fn of_box(chart: &Flowchart, lit: Lit, shape: &str) -> String {
    match (chart.lit, lit) {
        (false, _) => format!(", style=\"{shape}\""),
        (true, Lit::Yes) => {
            format!(", style=\"{shape},filled\", color=\"#0b4f9e\", fillcolor=\"#e1edfa\", penwidth=3")
        }
        (true, Lit::Perhaps) => {
            format!(", style=\"{shape},filled,dashed\", color=\"#a85a00\", fillcolor=\"#fff7e6\", penwidth=2")
        }
        (true, Lit::No) => format!(", style=\"{shape}\", color=\"#a3aab4\", fontcolor=\"#5f6672\""),
    }
}

fn of_line(chart: &Flowchart, lit: Lit) -> &'static str {
    match (chart.lit, lit) {
        (false, _) => "",
        (true, Lit::Yes) => ", color=\"#0b4f9e\", penwidth=3",
        (true, Lit::Perhaps) => ", color=\"#a85a00\", style=dashed, penwidth=2",
        (true, Lit::No) => ", color=\"#a3aab4\", fontcolor=\"#5f6672\"",
    }
}

fn words(step: &StepShown) -> String {
    let lines: Vec<String> = std::iter::once(&step.title).chain(&step.seen).cloned().chain(waits(step)).collect();
    lines.join("\n")
}

/// A quoted text; a new line stays one.
fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                shown.push('\\');
                shown.push(letter);
            }
            '\n' => shown.push_str("\\n"),
            _ if letter.is_control() => shown.push(' '),
            _ => shown.push(letter),
        }
    }
    shown.push('"');
    shown
}
