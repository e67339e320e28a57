//! Mermaid: text that many wikis and repositories draw.

use std::fmt::Write;

use super::waits;
use crate::explain::{Flowchart, Lit, StepShown, TargetShown};
use crate::render::one_line;

/// The styles of a patient's path: class, boxes, lines.
const STYLES: [(&str, &str, &str); 3] = [
    ("taken", "fill:#e1edfa,stroke:#0b4f9e,stroke-width:3px,color:#111418", "stroke:#0b4f9e,stroke-width:4px"),
    (
        "perhaps",
        "fill:#fff7e6,stroke:#a85a00,stroke-width:2px,stroke-dasharray:7 4,color:#111418",
        "stroke:#a85a00,stroke-width:2px,stroke-dasharray:7 4",
    ),
    ("not", "fill:#ffffff,stroke:#a3aab4,color:#5f6672", "stroke:#a3aab4"),
];

/// The algorithm as a Mermaid flowchart.
pub fn render(chart: &Flowchart) -> String {
    let mut text = format!("---\ntitle: {}\n---\nflowchart TD\n", yaml(&chart.title));
    for (place, step) in chart.steps.iter().enumerate() {
        let _ = writeln!(text, "  s{place}[\"{}\"]", words(step));
    }
    for (place, end) in chart.conclusions.iter().enumerate() {
        let _ = writeln!(text, "  c{place}([\"{}\"])", escaped(&end.title));
    }
    let mut lines: [Vec<String>; 3] = Default::default();
    let mut count = 0_usize;
    for (place, step) in chart.steps.iter().enumerate() {
        for branch in &step.branches {
            for target in &branch.targets {
                let target = match target {
                    TargetShown::Step(step) => format!("s{step}"),
                    TargetShown::Conclusion(end) => format!("c{end}"),
                };
                let _ = writeln!(text, "  s{place} -->|\"{}\"| {target}", escaped(&branch.label));
                if let Some(lines) = lines.get_mut(style(branch.taken)) {
                    lines.push(count.to_string());
                }
                count += 1;
            }
        }
    }
    if chart.lit {
        lit(&mut text, chart, &lines);
    }
    text
}

fn style(lit: Lit) -> usize {
    match lit {
        Lit::Yes => 0,
        Lit::Perhaps => 1,
        Lit::No => 2,
    }
}

fn lit(text: &mut String, chart: &Flowchart, lines: &[Vec<String>; 3]) {
    let steps = chart.steps.iter().enumerate().map(|(place, step)| (format!("s{place}"), step.reached));
    let ends = chart.conclusions.iter().enumerate().map(|(place, end)| (format!("c{place}"), end.reached));
    let mut nodes: [Vec<String>; 3] = Default::default();
    for (node, reached) in steps.chain(ends) {
        if let Some(nodes) = nodes.get_mut(style(reached)) {
            nodes.push(node);
        }
    }
    for ((class, of_boxes, of_lines), (nodes, lines)) in STYLES.into_iter().zip(nodes.iter().zip(lines)) {
        if !nodes.is_empty() {
            let _ = writeln!(text, "  classDef {class} {of_boxes}\n  class {} {class}", nodes.join(","));
        }
        if !lines.is_empty() {
            let _ = writeln!(text, "  linkStyle {} {of_lines}", lines.join(","));
        }
    }
}

fn words(step: &StepShown) -> String {
    let lines: Vec<String> =
        std::iter::once(&step.title).chain(&step.seen).cloned().chain(waits(step)).map(|line| escaped(&line)).collect();
    lines.join("<br/>")
}

/// The text with every sign that Mermaid reads as its own written as a number.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' | '#' | '<' | '>' | '&' | '`' | '|' | '\\' | ';' | '[' | ']' | '{' | '}' => {
                let _ = write!(shown, "#{};", u32::from(letter));
            }
            _ if letter.is_control() => shown.push(' '),
            _ => shown.push(letter),
        }
    }
    shown
}

fn yaml(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_ends_a_text() {
        assert_eq!(escaped("a \"b\" | c\n<d>"), "a #34;b#34; #124; c #60;d#62;");
    }
}
