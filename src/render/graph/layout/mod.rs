//! Where everything of a drawing stands: boxes in layers from the top down, the words of a branch as a small box
//! between them, lines that meet boxes only where they begin and end.
//!
//! Four passes, each over whole pixels and in one order, so that the same chart gives the same drawing:
//! `layers` gives every box its layer and every long line a bend in each layer it passes, `order` turns crossings away,
//! `place` sets the boxes apart and the lines straight, `route` gives each sideways stretch a track of its own.

mod layers;
mod order;
mod place;
mod route;

use super::at;
use super::width::Font;
use crate::explain::{Flowchart, StepShown};
use layers::{Graph, Kind};

/// The font of a question.
pub(super) const QUESTION: Font = Font::bold(14);
/// The font of a conclusion.
pub(super) const END: Font = Font::bold(13);
/// The font of the words of a branch.
pub(super) const BRANCH: Font = Font::plain(12);
/// The font of what was seen.
pub(super) const SMALL: Font = Font::plain(11);

/// From the frame of a box to its words, at the sides.
pub(super) const PAD: i32 = 14;
/// From the frame of a box to its words, above and below.
pub(super) const PAD_Y: i32 = 10;
/// The same for the words of a branch.
pub(super) const PAD_BRANCH: i32 = 8;
/// Between the question and what is written under it.
pub(super) const UNDER: i32 = 6;
/// The widths that the words of a step may have: the first in which they take few lines.
const STEP_WIDTHS: [i32; 3] = [190, 250, 330];
const END_WIDTHS: [i32; 3] = [140, 190, 260];
const BRANCH_WIDTHS: [i32; 3] = [96, 130, 180];
/// How many lines are few.
const FEW: usize = 3;
/// How many lines a text has at most.
const MOST: usize = 12;

/// A point in pixels, from the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// What a box is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A step, by its place.
    Step(usize),
    /// A conclusion, by its place.
    Conclusion(usize),
    /// The words of a branch: the step, then the branch.
    Branch(usize, usize),
}

/// A box with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// What it is.
    pub part: Part,
    /// Its upper left corner.
    pub corner: Point,
    /// How wide.
    pub width: i32,
    /// How high.
    pub height: i32,
    /// Its words, in lines.
    pub lines: Vec<String>,
    /// The values that decided the branch, in lines.
    pub seen: Vec<String>,
    /// What it waits for, in lines.
    pub waits: Vec<String>,
}

impl Placed {
    /// The middle of its upper side.
    pub fn top(&self) -> Point {
        Point { x: self.corner.x + self.width / 2, y: self.corner.y }
    }

    /// The middle of its lower side.
    pub fn bottom(&self) -> Point {
        Point { x: self.corner.x + self.width / 2, y: self.corner.y + self.height }
    }
}

/// A line from a box to a box, by way of corners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// Where it begins.
    pub from: Part,
    /// Where it ends.
    pub to: Part,
    /// The branch it belongs to: the step, then the branch.
    pub branch: (usize, usize),
    /// Beginning, corners, end; each stretch is upright or level.
    pub points: Vec<Point>,
}

/// A whole drawing without title and legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// How wide.
    pub width: i32,
    /// How high.
    pub height: i32,
    /// The boxes.
    pub boxes: Vec<Placed>,
    /// The lines.
    pub wires: Vec<Wire>,
}

/// Lays an algorithm out.
pub fn layout(chart: &Flowchart) -> Layout {
    let mut graph = layers::graph(chart);
    for node in 0..graph.nodes.len() {
        let size = graph.nodes.get(node).and_then(|node| placed(chart, node.kind));
        if let (Some(size), Some(node)) = (size, graph.nodes.get_mut(node)) {
            (node.width, node.height) = (size.width, size.height);
        }
    }
    order::order(&mut graph);
    place::place(&mut graph);
    let routes = route::route(&graph);
    let boxes: Vec<Placed> = (0..graph.nodes.len()).filter_map(|node| boxed(chart, &graph, &routes, node)).collect();
    let wires = routes.wires;
    let corners = || wires.iter().flat_map(|wire| &wire.points);
    let right = boxes.iter().map(|one| one.corner.x + one.width).chain(corners().map(|point| point.x)).max();
    let bottom = boxes.iter().map(|one| one.corner.y + one.height).chain(corners().map(|point| point.y)).max();
    Layout { width: right.unwrap_or(0), height: bottom.unwrap_or(0), boxes, wires }
}

fn boxed(chart: &Flowchart, graph: &Graph, routes: &route::Routes, node: usize) -> Option<Placed> {
    let node = graph.nodes.get(node)?;
    let mut placed = placed(chart, node.kind)?;
    placed.corner = Point { x: node.x - placed.width / 2, y: at(&routes.tops, node.layer) };
    Some(placed)
}

/// A box with its words and its size, at no place yet.
fn placed(chart: &Flowchart, kind: Kind) -> Option<Placed> {
    match kind {
        Kind::Step(step) => Some(step_box(step, chart.steps.get(step)?)),
        Kind::End(end) => {
            let title = &chart.conclusions.get(end)?.title;
            Some(plain(Part::Conclusion(end), title, END, END_WIDTHS, (PAD + 4, PAD_Y)))
        }
        Kind::Label(step, branch) => {
            let label = &chart.steps.get(step)?.branches.get(branch)?.label;
            Some(plain(Part::Branch(step, branch), label, BRANCH, BRANCH_WIDTHS, (PAD_BRANCH, 4)))
        }
        Kind::Bend => None,
    }
}

fn plain(part: Part, text: &str, font: Font, widths: [i32; 3], pad: (i32, i32)) -> Placed {
    let (lines, inner) = wrapped(text, font, widths);
    let height = font.line() * super::count(lines.len().max(1)) + 2 * pad.1;
    let width = even(inner.max(font.size)) + 2 * pad.0;
    Placed { part, corner: Point::default(), width, height, lines, seen: Vec::new(), waits: Vec::new() }
}

fn step_box(place: usize, step: &StepShown) -> Placed {
    let mut placed = plain(Part::Step(place), &step.title, QUESTION, STEP_WIDTHS, (PAD, PAD_Y));
    placed.width = placed.width.max(120 + 2 * PAD);
    let inner = STEP_WIDTHS.first().copied().unwrap_or_default();
    let inner = if step.seen.is_empty() && step.waits_for.is_empty() { placed.width - 2 * PAD } else { inner };
    let inner = inner.max(placed.width - 2 * PAD);
    placed.width = inner + 2 * PAD;
    placed.seen = step.seen.iter().flat_map(|seen| SMALL.lines(seen, inner, MOST / 2)).take(MOST).collect();
    placed.waits = super::waits(step).map(|waits| SMALL.lines(&waits, inner, MOST / 2)).unwrap_or_default();
    for small in [&placed.seen, &placed.waits] {
        if !small.is_empty() {
            placed.height += SMALL.line() * super::count(small.len()) + UNDER;
        }
    }
    placed
}

/// The lines of a text in the narrowest of some widths that makes few of them, and how wide they are.
fn wrapped(text: &str, font: Font, widths: [i32; 3]) -> (Vec<String>, i32) {
    let in_lines = |width: i32| font.lines(text, width, MOST);
    let tried = widths.into_iter().map(in_lines).find(|lines| lines.len() <= FEW);
    let lines = tried.unwrap_or_else(|| in_lines(widths.into_iter().max().unwrap_or_default()));
    let inner = lines.iter().map(|line| font.width(line)).max().unwrap_or_default();
    (lines, inner)
}

/// The next even number, so that the middle of a box is a whole pixel.
fn even(width: i32) -> i32 {
    width + width % 2
}
