//! Every box in a layer, lines only from one layer to the next.

use crate::explain::{Flowchart, TargetShown};
use crate::render::graph::at;

/// How many steps and conclusions stand side by side, where conclusions can stand lower instead.
const ACROSS: usize = 8;

/// What stands in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A step.
    Step(usize),
    /// A conclusion.
    End(usize),
    /// The words of a branch, right under its step.
    Label(usize, usize),
    /// Where a long line passes.
    Bend,
}

/// Something in a layer.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) layer: usize,
    pub(super) width: i32,
    pub(super) height: i32,
    /// Its middle.
    pub(super) x: i32,
}

/// A line from the words of a branch to a target: the nodes it passes, in each layer one.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) branch: (usize, usize),
    pub(super) nodes: Vec<usize>,
}

/// Layers, and lines from each to the next.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// The nodes of each layer, from the left.
    pub(super) layers: Vec<Vec<usize>>,
    /// Step and words of each of its branches.
    pub(super) stubs: Vec<(usize, usize)>,
    pub(super) chains: Vec<Chain>,
    /// Of each node those it is joined with in the layer above.
    pub(super) up: Vec<Vec<usize>>,
    /// Of each node those it is joined with in the layer below.
    pub(super) down: Vec<Vec<usize>>,
}

impl Graph {
    pub(super) fn kind(&self, node: usize) -> Kind {
        self.nodes.get(node).map_or(Kind::Bend, |node| node.kind)
    }

    pub(super) fn x(&self, node: usize) -> i32 {
        self.nodes.get(node).map_or(0, |node| node.x)
    }

    fn add(&mut self, kind: Kind, layer: usize) -> usize {
        let id = self.nodes.len();
        self.nodes.push(Node { kind, layer, width: 0, height: 0, x: 0 });
        self.up.push(Vec::new());
        self.down.push(Vec::new());
        id
    }

    /// Puts a node at the right end of its layer.
    fn stand(&mut self, node: usize) {
        let Some(layer) = self.nodes.get(node).map(|node| node.layer) else { return };
        while self.layers.len() <= layer {
            self.layers.push(Vec::new());
        }
        if let Some(layer) = self.layers.get_mut(layer) {
            layer.push(node);
        }
    }

    fn join(&mut self, upper: usize, lower: usize) {
        if let (Some(down), Some(up)) = (self.down.get_mut(upper), self.up.get_mut(lower)) {
            down.push(lower);
            up.push(upper);
        }
    }

    fn bend(&mut self, layer: usize) -> usize {
        let bend = self.add(Kind::Bend, layer);
        self.stand(bend);
        bend
    }
}

/// The graph of an algorithm: steps and conclusions in even layers, the words of branches in odd ones. What is first
/// met stands furthest left.
pub(super) fn graph(chart: &Flowchart) -> Graph {
    let steps = steps(chart);
    let ends = ends(chart, &steps);
    let mut graph = Graph::default();
    for (step, layer) in steps.iter().enumerate() {
        graph.add(Kind::Step(step), 2 * layer);
    }
    for (end, layer) in ends.iter().enumerate() {
        graph.add(Kind::End(end), 2 * layer);
    }
    let mut standing = vec![false; graph.nodes.len()];
    for first in 0..graph.nodes.len() {
        let mut open = vec![first];
        while let Some(node) = open.pop() {
            let Some(stands) = standing.get_mut(node).filter(|stands| !**stands) else { continue };
            *stands = true;
            graph.stand(node);
            if let Kind::Step(step) = graph.kind(node) {
                let mut next = branches(chart, &mut graph, step);
                next.reverse();
                open.extend(next);
            }
        }
    }
    graph
}

/// Adds the branches of a step, whose node has the same number, and gives the nodes they lead to.
fn branches(chart: &Flowchart, graph: &mut Graph, step: usize) -> Vec<usize> {
    let layer = graph.nodes.get(step).map_or(0, |node| node.layer);
    let mut next = Vec::new();
    for (place, branch) in chart.steps.get(step).into_iter().flat_map(|step| &step.branches).enumerate() {
        let label = graph.add(Kind::Label(step, place), layer + 1);
        graph.stand(label);
        graph.join(step, label);
        graph.stubs.push((step, label));
        for target in &branch.targets {
            let node = match *target {
                TargetShown::Step(step) => Some(step).filter(|step| *step < chart.steps.len()),
                TargetShown::Conclusion(end) => {
                    Some(end).filter(|end| *end < chart.conclusions.len()).map(|end| chart.steps.len() + end)
                }
            };
            let Some((node, below)) = node.and_then(|node| Some((node, graph.nodes.get(node)?.layer))) else {
                continue;
            };
            // A line upward: there is none in an algorithm without a circle.
            if below <= layer {
                continue;
            }
            let mut nodes = vec![label];
            nodes.extend((layer + 2..below).map(|layer| graph.bend(layer)));
            nodes.push(node);
            for (upper, lower) in nodes.iter().zip(nodes.iter().skip(1)) {
                graph.join(*upper, *lower);
            }
            graph.chains.push(Chain { branch: (step, place), nodes });
            next.push(node);
        }
    }
    next
}

/// The layer of each step: below every step that leads to it.
fn steps(chart: &Flowchart) -> Vec<usize> {
    let mut layers = vec![0; chart.steps.len()];
    for _ in 0..chart.steps.len() {
        let mut moved = false;
        for (from, to) in leads(chart) {
            let below = at(&layers, from) + 1;
            if let Some(layer) = layers.get_mut(to).filter(|layer| **layer < below && from != to) {
                *layer = below;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    layers
}

fn leads(chart: &Flowchart) -> impl Iterator<Item = (usize, usize)> + '_ {
    chart.steps.iter().enumerate().flat_map(|(from, step)| {
        let targets = step.branches.iter().flat_map(|branch| &branch.targets);
        targets.filter_map(move |target| match target {
            TargetShown::Step(to) => Some((from, *to)),
            TargetShown::Conclusion(_) => None,
        })
    })
}

/// The layer of each conclusion: right below the last step that leads to it, lower where that layer is full.
fn ends(chart: &Flowchart, steps: &[usize]) -> Vec<usize> {
    let mut layers: Vec<Option<usize>> = vec![None; chart.conclusions.len()];
    let mut met: Vec<usize> = Vec::new();
    for (from, step) in chart.steps.iter().enumerate() {
        for target in step.branches.iter().flat_map(|branch| &branch.targets) {
            let TargetShown::Conclusion(to) = *target else { continue };
            let below = at(steps, from) + 1;
            if let Some(layer) = layers.get_mut(to) {
                *layer = Some(layer.map_or(below, |layer| layer.max(below)));
                if !met.contains(&to) {
                    met.push(to);
                }
            }
        }
    }
    let last = steps.iter().map(|layer| layer + 1).max().unwrap_or(0);
    met.extend((0..layers.len()).filter(|end| at(&layers, *end).is_none()));
    let mut layers: Vec<usize> = layers.into_iter().map(|layer| layer.unwrap_or(last)).collect();
    let mut full: Vec<usize> = Vec::new();
    let taken = |layer: usize, room: &mut Vec<usize>| {
        while room.len() <= layer {
            room.push(0);
        }
        room.get_mut(layer).map_or(0, |here| {
            *here += 1;
            *here
        })
    };
    for layer in steps {
        taken(*layer, &mut full);
    }
    for end in met {
        let Some(layer) = layers.get_mut(end) else { continue };
        while full.get(*layer).copied().unwrap_or(0) >= ACROSS {
            *layer += 1;
        }
        taken(*layer, &mut full);
    }
    layers
}
