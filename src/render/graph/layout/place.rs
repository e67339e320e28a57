//! How far from the left everything stands: each box near the middle of what it is joined with, long lines straight,
//! nothing on top of anything else.

use super::layers::{Graph, Kind};
use crate::render::graph::at;

/// How often all layers are placed, down and up.
const SWEEPS: usize = 80;
/// The sweeps that look to one side only, and so bring everything roughly to its place.
const ROUGH: usize = 6;
/// A line this little out of the straight is set straight.
const NEAR: i32 = 14;

/// Places all nodes.
pub(super) fn place(graph: &mut Graph) {
    for layer in 0..graph.layers.len() {
        settle(graph, layer, &|_, _| (0, 1));
    }
    let count = graph.layers.len();
    for sweep in 0..SWEEPS {
        for layer in 0..count {
            settle(graph, layer, &|graph, node| wanted(graph, node, true, sweep >= ROUGH));
        }
        for layer in (0..count).rev() {
            settle(graph, layer, &|graph, node| wanted(graph, node, sweep >= ROUGH, true));
        }
    }
    for _ in 0..3 {
        straighten(graph);
        align(graph);
    }
    let left = graph.nodes.iter().map(|node| node.x - node.width / 2).min().unwrap_or(0);
    graph.nodes.iter_mut().for_each(|node| node.x -= left);
}

/// The least distance of two neighbours' middles.
fn apart(graph: &Graph, left: usize, right: usize) -> i32 {
    let half = |node: usize| graph.nodes.get(node).map_or(0, |node| node.width / 2);
    let gap = match (graph.kind(left), graph.kind(right)) {
        (Kind::Bend, Kind::Bend) => 16,
        (Kind::Label(..), Kind::Label(..)) => 14,
        (Kind::Bend | Kind::Label(..), _) | (_, Kind::Bend | Kind::Label(..)) => 18,
        (Kind::Step(_) | Kind::End(_), Kind::Step(_) | Kind::End(_)) => 26,
    };
    half(left) + gap + half(right)
}

/// Where a node would stand best, and how much that matters.
fn wanted(graph: &Graph, node: usize, above: bool, below: bool) -> (i64, i64) {
    let mut sum = 0;
    let mut weights = 0;
    let mut pull = |upper: usize, lower: usize, other: usize| {
        let weight = weight(graph, upper, lower);
        sum += weight * i64::from(graph.x(other));
        weights += weight;
    };
    if above {
        graph.up.get(node).into_iter().flatten().for_each(|other| pull(*other, node, *other));
    }
    if below {
        graph.down.get(node).into_iter().flatten().for_each(|other| pull(node, *other, *other));
    }
    if weights == 0 { (i64::from(graph.x(node)), 1) } else { (sum / weights, weights) }
}

/// How much a line wants to be straight: long ones most, then those that lead to one box only, and those from step to
/// step, which are the trunk of the drawing.
fn weight(graph: &Graph, upper: usize, lower: usize) -> i64 {
    let alone = |joined: &[Vec<usize>], node: usize| joined.get(node).is_some_and(|joined| joined.len() == 1);
    match (graph.kind(upper), graph.kind(lower)) {
        (Kind::Bend, Kind::Bend) => 30,
        (Kind::Label(..), Kind::Step(_) | Kind::End(_)) if alone(&graph.down, upper) && alone(&graph.up, lower) => 16,
        (Kind::Label(..), Kind::Step(_)) => 12,
        (Kind::Step(_), _) if leads_on(graph, lower) => 8,
        (Kind::Step(_) | Kind::End(_), _) => 1,
        (Kind::Bend | Kind::Label(..), _) => 2,
    }
}

/// The words of a branch stand right above a step.
fn leads_on(graph: &Graph, label: usize) -> bool {
    graph.down.get(label).into_iter().flatten().any(|lower| matches!(graph.kind(*lower), Kind::Step(_)))
}

/// Nodes that stand as near to each other as they may.
struct Run {
    weights: i64,
    sum: i64,
    nodes: Vec<(usize, i64)>,
}

/// Places a layer: of all places that keep the order and the distances, those nearest to what is wanted.
fn settle(graph: &mut Graph, layer: usize, wanted: &impl Fn(&Graph, usize) -> (i64, i64)) {
    let Some(nodes) = graph.layers.get(layer).cloned() else { return };
    let mut runs: Vec<Run> = Vec::new();
    let mut offset = 0;
    let mut before: Option<usize> = None;
    for node in nodes {
        offset += before.map_or(0, |before| i64::from(apart(graph, before, node)));
        before = Some(node);
        let (want, weight) = wanted(graph, node);
        let mut run = Run { weights: weight, sum: weight * (want - offset), nodes: vec![(node, offset)] };
        while let Some(last) = runs.pop_if(|last| last.sum * run.weights > run.sum * last.weights) {
            run.weights += last.weights;
            run.sum += last.sum;
            run.nodes.splice(0..0, last.nodes);
        }
        runs.push(run);
    }
    for run in runs {
        let mean = run.sum.div_euclid(run.weights.max(1));
        for (node, offset) in run.nodes {
            if let Some(node) = graph.nodes.get_mut(node) {
                node.x = i32::try_from(mean + offset).unwrap_or(0);
            }
        }
    }
}

/// How far to both sides a node may move while its neighbours stay.
fn room(graph: &Graph, node: usize) -> (i32, i32) {
    let layer = graph.nodes.get(node).and_then(|node| graph.layers.get(node.layer));
    let Some(layer) = layer else { return (0, 0) };
    let Some(place) = layer.iter().position(|other| *other == node) else { return (0, 0) };
    let left = place.checked_sub(1).and_then(|place| layer.get(place));
    let right = layer.get(place + 1);
    let least = left.map_or(i32::MIN / 4, |left| graph.x(*left) + apart(graph, *left, node));
    let most = right.map_or(i32::MAX / 4, |right| graph.x(*right) - apart(graph, node, *right));
    (least, most)
}

/// Long lines on one upright, where there is room for it.
fn straighten(graph: &mut Graph) {
    for chain in 0..graph.chains.len() {
        let Some(nodes) = graph.chains.get(chain).map(|chain| chain.nodes.clone()) else { continue };
        let bends: Vec<usize> = nodes.iter().copied().filter(|node| graph.kind(*node) == Kind::Bend).collect();
        if bends.is_empty() {
            continue;
        }
        let rooms: Vec<(i32, i32)> = bends.iter().map(|bend| room(graph, *bend)).collect();
        let least = rooms.iter().map(|room| room.0).max().unwrap_or(0);
        let most = rooms.iter().map(|room| room.1).min().unwrap_or(0);
        if least > most {
            continue;
        }
        let ends = [nodes.last(), nodes.first()].into_iter().flatten().map(|node| graph.x(*node));
        let middle = at(&bends, bends.len() / 2);
        let x = ends.clone().find(|x| (least..=most).contains(x)).unwrap_or_else(|| graph.x(middle).clamp(least, most));
        for bend in bends {
            if let Some(bend) = graph.nodes.get_mut(bend) {
                bend.x = x;
            }
        }
    }
}

/// What stands nearly above the one thing it leads to stands right above it.
fn align(graph: &mut Graph) {
    for node in 0..graph.nodes.len() {
        let below: &[usize] = graph.down.get(node).map_or(&[], Vec::as_slice);
        let &[only] = below else { continue };
        let (own, other) = (graph.x(node), graph.x(only));
        if own == other || (own - other).abs() > NEAR {
            continue;
        }
        let fits = |node: usize, x: i32| {
            let (least, most) = room(graph, node);
            (least..=most).contains(&x)
        };
        let moved = if fits(node, other) {
            Some((node, other))
        } else if fits(only, own) {
            Some((only, own))
        } else {
            None
        };
        if let Some((node, x)) = moved
            && let Some(node) = graph.nodes.get_mut(node)
        {
            node.x = x;
        }
    }
}
