//! The order of each layer, so that few lines cross. The branches of a step keep theirs: the first that holds is
//! taken, and they are read from the left.

use std::collections::{BTreeMap, VecDeque};

use super::layers::{Graph, Kind};
use crate::render::graph::at;

/// How often all layers are sorted, down and up.
const SWEEPS: usize = 16;

/// Orders the layers; the best order met is kept.
pub(super) fn order(graph: &mut Graph) {
    let mut best = (crossings(graph), graph.layers.clone());
    for sweep in 0..SWEEPS {
        let count = graph.layers.len();
        for step in 0..count {
            let downward = sweep % 2 == 0;
            let layer = if downward { step } else { count - 1 - step };
            sort(graph, layer, downward);
        }
        swap_neighbours(graph);
        let now = crossings(graph);
        if now < best.0 {
            best = (now, graph.layers.clone());
        }
    }
    graph.layers = best.1;
}

fn places(graph: &Graph) -> Vec<usize> {
    let mut places = vec![0; graph.nodes.len()];
    for layer in &graph.layers {
        for (place, node) in layer.iter().enumerate() {
            if let Some(known) = places.get_mut(*node) {
                *known = place;
            }
        }
    }
    places
}

/// Sorts a layer by the mean place of what its nodes are joined with, above or below.
fn sort(graph: &mut Graph, layer: usize, downward: bool) {
    let places = places(graph);
    let joined = if downward { &graph.up } else { &graph.down };
    let other = if downward { layer.checked_sub(1) } else { Some(layer + 1) };
    let width = |layer: usize| graph.layers.get(layer).map_or(1, |layer| layer.len().max(1));
    let (here, there) = (width(layer), other.map_or(1, width));
    let mean = |node: usize| {
        let others: &[usize] = joined.get(node).map_or(&[], Vec::as_slice);
        match others.len() {
            0 => (2 * at(&places, node) + 1) * 512 * there / here,
            count => others.iter().map(|other| 2 * at(&places, *other) + 1).sum::<usize>() * 512 / count,
        }
    };
    let Some(mut nodes) = graph.layers.get(layer).cloned() else { return };
    nodes.sort_by_key(|node| mean(*node));
    let nodes = in_branch_order(graph, &nodes);
    if let Some(layer) = graph.layers.get_mut(layer) {
        *layer = nodes;
    }
}

/// The words of one step's branches in their order, in the places that they have together.
fn in_branch_order(graph: &Graph, nodes: &[usize]) -> Vec<usize> {
    let mut groups: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for node in nodes {
        if let Kind::Label(step, branch) = graph.kind(*node) {
            groups.entry(step).or_default().push((branch, *node));
        }
    }
    let mut queues: BTreeMap<usize, VecDeque<usize>> = BTreeMap::new();
    for (step, mut group) in groups {
        group.sort_unstable();
        queues.insert(step, group.into_iter().map(|(_, node)| node).collect());
    }
    let next = |node: &usize| match graph.kind(*node) {
        Kind::Label(step, _) => queues.get_mut(&step).and_then(VecDeque::pop_front).unwrap_or(*node),
        Kind::Step(_) | Kind::End(_) | Kind::Bend => *node,
    };
    nodes.iter().map(next).collect()
}

/// Swaps neighbours where that takes crossings away.
fn swap_neighbours(graph: &mut Graph) {
    for _ in 0..4 {
        let mut swapped = false;
        for layer in 0..graph.layers.len() {
            let places = places(graph);
            let Some(mut nodes) = graph.layers.get(layer).cloned() else { continue };
            for place in 1..nodes.len() {
                let (left, right) = (at(&nodes, place - 1), at(&nodes, place));
                if same_step(graph, left, right) {
                    continue;
                }
                let between = |left: usize, right: usize| {
                    between(&graph.up, &places, left, right) + between(&graph.down, &places, left, right)
                };
                if between(right, left) < between(left, right) {
                    nodes.swap(place - 1, place);
                    swapped = true;
                }
            }
            if let Some(layer) = graph.layers.get_mut(layer) {
                *layer = nodes;
            }
        }
        if !swapped {
            return;
        }
    }
}

fn same_step(graph: &Graph, left: usize, right: usize) -> bool {
    match (graph.kind(left), graph.kind(right)) {
        (Kind::Label(left, _), Kind::Label(right, _)) => left == right,
        (Kind::Label(..) | Kind::Step(_) | Kind::End(_) | Kind::Bend, _) => false,
    }
}

/// How many lines of two nodes cross, the first of them at the left.
fn between(joined: &[Vec<usize>], places: &[usize], left: usize, right: usize) -> usize {
    let of = |node: usize| joined.get(node).map_or(&[][..], Vec::as_slice);
    let crossed = |other: &usize| of(right).iter().filter(|right| at(places, **right) < at(places, *other)).count();
    of(left).iter().map(crossed).sum()
}

fn crossings(graph: &Graph) -> usize {
    let places = places(graph);
    let mut found = 0;
    for layer in &graph.layers {
        let ends: Vec<usize> = layer
            .iter()
            .flat_map(|node| {
                let mut ends: Vec<usize> =
                    graph.down.get(*node).into_iter().flatten().map(|lower| at(&places, *lower)).collect();
                ends.sort_unstable();
                ends
            })
            .collect();
        for (place, end) in ends.iter().enumerate() {
            found += ends.iter().take(place).filter(|earlier| *earlier > end).count();
        }
    }
    found
}
