//! The lines between layers: down, sideways on a track, down. Lines that end in one box share a track, as do those
//! that leave one step; other lines that would lie on each other do not.

use super::layers::{Graph, Kind};
use super::{Part, Point, Wire};
use crate::render::graph::{at, count};

/// From a layer to the first track.
const LEAVE: i32 = 14;
/// From the last track to boxes with an arrow on them.
const ARRIVE: i32 = 24;
/// From the last track to the words of branches.
const ARRIVE_WORDS: i32 = 10;
/// Between tracks.
const TRACK: i32 = 12;
/// Uprights nearer than this look like one.
const NEAR: i32 = 8;

/// All lines, and where the layers begin.
#[derive(Debug)]
pub(super) struct Routes {
    /// The upper side of each layer.
    pub(super) tops: Vec<i32>,
    pub(super) wires: Vec<Wire>,
}

/// Lines between two layers that are drawn as one.
#[derive(Debug, Default)]
struct Net {
    links: Vec<(usize, usize)>,
    tops: Vec<i32>,
    bottoms: Vec<i32>,
    left: i32,
    right: i32,
    track: usize,
}

/// Draws all lines.
pub(super) fn route(graph: &Graph) -> Routes {
    let mut tops = Vec::new();
    let mut levels: Vec<((usize, usize), i32)> = Vec::new();
    let mut y = 0;
    for (place, layer) in graph.layers.iter().enumerate() {
        tops.push(y);
        y += layer.iter().filter_map(|node| graph.nodes.get(*node)).map(|node| node.height).max().unwrap_or(0);
        let mut nets = nets(graph, layer);
        let tracks = tracks(&mut nets);
        for net in &nets {
            let level = y + LEAVE + TRACK * count(net.track);
            levels.extend(net.links.iter().map(|link| (*link, level)));
        }
        let arrive = if place % 2 == 0 { ARRIVE_WORDS } else { ARRIVE };
        y += LEAVE + TRACK * count(tracks.saturating_sub(1)) + arrive;
    }
    levels.sort_unstable();
    let mut wires = Vec::new();
    for (step, label) in &graph.stubs {
        if let (Kind::Step(from), Kind::Label(_, branch)) = (graph.kind(*step), graph.kind(*label)) {
            let points = points(graph, &tops, &levels, &[*step, *label]);
            wires.push(Wire { from: Part::Step(from), to: Part::Branch(from, branch), branch: (from, branch), points });
        }
    }
    for chain in &graph.chains {
        let to = match chain.nodes.last().map(|node| graph.kind(*node)) {
            Some(Kind::Step(step)) => Part::Step(step),
            Some(Kind::End(end)) => Part::Conclusion(end),
            Some(Kind::Label(..) | Kind::Bend) | None => continue,
        };
        let points = points(graph, &tops, &levels, &chain.nodes);
        let (step, branch) = chain.branch;
        wires.push(Wire { from: Part::Branch(step, branch), to, branch: chain.branch, points });
    }
    Routes { tops, wires }
}

/// The lines that leave a layer downward.
fn nets(graph: &Graph, layer: &[usize]) -> Vec<Net> {
    let mut nets: Vec<((bool, usize), Net)> = Vec::new();
    for upper in layer {
        for lower in graph.down.get(*upper).into_iter().flatten() {
            let key = match (graph.kind(*upper), graph.kind(*lower)) {
                (Kind::Step(_), _) => (false, *upper),
                (Kind::Label(..) | Kind::End(_) | Kind::Bend, _) => (true, *lower),
            };
            let place = nets.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
                nets.push((key, Net { left: i32::MAX, right: i32::MIN, ..Net::default() }));
                nets.len() - 1
            });
            if let Some((_, net)) = nets.get_mut(place) {
                let (from, to) = (graph.x(*upper), graph.x(*lower));
                net.links.push((*upper, *lower));
                net.tops.push(from);
                net.bottoms.push(to);
                net.left = net.left.min(from).min(to);
                net.right = net.right.max(from).max(to);
            }
        }
    }
    nets.into_iter().map(|(_, net)| net).collect()
}

/// What it costs that one net lies above another: crossings, and worse, uprights on each other.
fn cost(above: &Net, below: &Net) -> usize {
    let inside = |net: &Net, x: i32| net.left < x && x < net.right;
    let crossings = above.bottoms.iter().filter(|x| inside(below, **x)).count()
        + below.tops.iter().filter(|x| inside(above, **x)).count();
    let over = |x: &&i32| below.tops.iter().any(|top| (**x - top).abs() < NEAR);
    crossings + 50 * above.bottoms.iter().filter(over).count()
}

/// Gives every net that goes sideways a track, few crossings first, then few tracks; says how many tracks.
fn tracks(nets: &mut [Net]) -> usize {
    let mut order: Vec<usize> =
        (0..nets.len()).filter(|net| nets.get(*net).is_some_and(|net| net.left < net.right)).collect();
    let costs = |above: usize, below: usize| match (nets.get(above), nets.get(below)) {
        (Some(above), Some(below)) => cost(above, below),
        (Some(_) | None, _) => 0,
    };
    for _ in 0..order.len() {
        let mut swapped = false;
        for place in 1..order.len() {
            let (above, below) = (at(&order, place - 1), at(&order, place));
            if costs(below, above) < costs(above, below) {
                order.swap(place - 1, place);
                swapped = true;
            }
        }
        if !swapped {
            break;
        }
    }
    let mut placed: Vec<(usize, i32, i32)> = Vec::new();
    for net in order {
        let Some(net) = nets.get_mut(net) else { continue };
        // On the first track below everything before it that it would touch.
        let touching = placed.iter().filter(|(_, left, right)| *left - NEAR < net.right && net.left < *right + NEAR);
        net.track = touching.map(|(track, ..)| track + 1).max().unwrap_or(0);
        placed.push((net.track, net.left, net.right));
    }
    placed.iter().map(|(track, ..)| track + 1).max().unwrap_or(0)
}

fn points(graph: &Graph, tops: &[i32], levels: &[((usize, usize), i32)], nodes: &[usize]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for (upper, lower) in nodes.iter().zip(nodes.iter().skip(1)) {
        let (from, to) = (graph.x(*upper), graph.x(*lower));
        if points.is_empty() {
            let node = graph.nodes.get(*upper);
            let bottom = node.map_or(0, |node| at(tops, node.layer) + node.height);
            points.push(Point { x: from, y: bottom });
        }
        let found = levels.binary_search_by_key(&(*upper, *lower), |(link, _)| *link).ok();
        if let Some((_, y)) = found.and_then(|found| levels.get(found)).filter(|_| from != to) {
            points.extend([Point { x: from, y: *y }, Point { x: to, y: *y }]);
        }
    }
    if let Some(last) = nodes.last().and_then(|node| graph.nodes.get(*node)) {
        points.push(Point { x: last.x, y: at(tops, last.layer) });
    }
    points
}
