//! A drawing of our own: no script, no font, no file beside it; readable in black and white, and by a screen reader.

mod look;
mod spoken;

use std::fmt::Write;

use super::count;
use super::layout::{self, Layout, Part, Placed, Point, Wire};
use super::width::Font;
use crate::explain::{Flowchart, Lit};
use crate::render::escape::{escaped, identifier};
use look::{LEGEND, Look, NEUTRAL};

/// Around everything.
const MARGIN: i32 = 24;
/// The least width of a page.
const NARROWEST: i32 = 420;
/// Between title, drawing and legend.
const GAP: i32 = 20;
const TITLE: Font = Font::bold(19);
const WORDS: Font = Font::plain(12);
const FOOT: Font = Font::plain(10);
/// How round a line turns.
const TURN: i32 = 7;
/// The sample of a line in the legend.
const SAMPLE: i32 = 34;
const FONTS: &str = "Helvetica, Arial, 'Liberation Sans', sans-serif";

/// The drawing as a document of its own, which may also stand inside a page: `scope` begins its identifiers, so that
/// several drawings stand on one page.
pub fn render(chart: &Flowchart, scope: &str) -> String {
    let layout = layout::layout(chart);
    let legend = legend(chart, layout.width.max(NARROWEST));
    let inner = layout.width.max(NARROWEST).max(legend.width);
    let title = TITLE.lines(&chart.title, inner, 4);
    let top = MARGIN + TITLE.line() * count(title.len()) + GAP;
    let left = MARGIN + (inner - layout.width) / 2;
    let legend_top = top + layout.height + GAP;
    let foot = legend_top + legend.height + FOOT.line() + 10;
    let (width, height) = (inner + 2 * MARGIN, foot + MARGIN / 2);
    let name = identifier(&format!("{scope}{}", chart.id));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"{name}-title {name}-desc\" font-family=\"{FONTS}\">\n\
         <title id=\"{name}-title\">{}</title>\n<desc id=\"{name}-desc\">{}</desc>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        escaped(&chart.title),
        escaped(&spoken::description(chart)),
    );
    let corner = Point { x: MARGIN, y: MARGIN };
    text(&mut svg, &title, TITLE, corner, Anchor::Start, "#111418");
    let _ = writeln!(svg, "<g transform=\"translate({left} {top})\">");
    drawing(&mut svg, chart, &layout);
    svg.push_str("</g>\n");
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN} {legend_top})\">\n{}</g>", legend.svg);
    let place = FOOT.lines(&format!("{}, {}", chart.id, chart.place), inner, 1);
    text(&mut svg, &place, FOOT, Point { x: MARGIN, y: foot - FOOT.line() }, Anchor::Start, "#5f6672");
    svg.push_str("</svg>\n");
    svg
}

fn drawing(svg: &mut String, chart: &Flowchart, layout: &Layout) {
    for lit in [Lit::No, Lit::Perhaps, Lit::Yes] {
        for wire in &layout.wires {
            let taken = chart.steps.get(wire.branch.0).and_then(|step| step.branches.get(wire.branch.1));
            if taken.is_some_and(|branch| branch.taken == lit) {
                line(svg, Look::of(chart.lit, lit), wire);
            }
        }
    }
    for placed in &layout.boxes {
        match placed.part {
            Part::Step(step) => {
                let reached = chart.steps.get(step).map_or(Lit::No, |step| step.reached);
                step_box(svg, chart, Look::of(chart.lit, reached), placed);
            }
            Part::Conclusion(end) => {
                let shown = chart.conclusions.get(end);
                let look = Look::of(chart.lit, shown.map_or(Lit::No, |end| end.reached));
                end_box(svg, chart, look, placed, end);
            }
            Part::Branch(step, branch) => {
                let branch = chart.steps.get(step).and_then(|step| step.branches.get(branch));
                let look = Look::of(chart.lit, branch.map_or(Lit::No, |branch| branch.taken));
                branch_box(svg, look, placed);
            }
        }
    }
}

fn line(svg: &mut String, look: &Look, wire: &Wire) {
    let arrow = matches!(wire.to, Part::Step(_) | Part::Conclusion(_));
    let mut points = wire.points.clone();
    let end = points.last().copied().unwrap_or_default();
    if let Some(last) = points.last_mut().filter(|_| arrow) {
        last.y -= look.head - 2;
    }
    let _ = writeln!(
        svg,
        "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>",
        bent(&points),
        look.line,
        look.thick,
        look.dashes(),
    );
    if arrow {
        let (Point { x, y }, head) = (end, look.head);
        let half = head * 3 / 5;
        let _ = writeln!(svg, "<path d=\"M{x} {y}l-{half} -{head}h{}z\" fill=\"{}\"/>", 2 * half, look.line);
    }
}

/// A line through corners, each a little round.
fn bent(points: &[Point]) -> String {
    let mut path = String::new();
    let toward = |from: Point, to: Point, by: i32| Point {
        x: from.x + (to.x - from.x).signum() * by,
        y: from.y + (to.y - from.y).signum() * by,
    };
    let length = |from: Point, to: Point| (to.x - from.x).abs() + (to.y - from.y).abs();
    for (place, point) in points.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| points.get(place));
        match (before, points.get(place + 1)) {
            (None, _) => {
                let _ = write!(path, "M{} {}", point.x, point.y);
            }
            (Some(_), None) => {
                let _ = write!(path, "L{} {}", point.x, point.y);
            }
            (Some(before), Some(after)) => {
                let turn = TURN.min(length(*before, *point) / 2).min(length(*point, *after) / 2);
                let (from, to) = (toward(*point, *before, turn), toward(*point, *after, turn));
                let _ = write!(path, "L{} {}Q{} {} {} {}", from.x, from.y, point.x, point.y, to.x, to.y);
            }
        }
    }
    path
}

fn frame(svg: &mut String, placed: &Placed, round: i32, fill: &str, look: &Look, thick: &str) {
    let Point { x, y } = placed.corner;
    let (width, height) = (placed.width, placed.height);
    let _ = writeln!(
        svg,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\" fill=\"{fill}\" \
         stroke=\"{}\" stroke-width=\"{thick}\"{}/>",
        look.line,
        look.dashes(),
    );
}

fn step_box(svg: &mut String, chart: &Flowchart, look: &Look, placed: &Placed) {
    let Part::Step(step) = placed.part else { return };
    group(svg, chart.steps.get(step).map_or("", |step| &step.title));
    frame(svg, placed, 7, look.fill, look, look.thick);
    let middle = placed.corner.x + placed.width / 2;
    let mut y = placed.corner.y + layout::PAD_Y;
    text(svg, &placed.lines, layout::QUESTION, Point { x: middle, y }, Anchor::Middle, look.words);
    y += layout::QUESTION.line() * count(placed.lines.len().max(1)) + layout::UNDER;
    let small = layout::SMALL;
    if !placed.seen.is_empty() {
        text(svg, &placed.seen, small, Point { x: middle, y }, Anchor::Middle, look.words);
        y += small.line() * count(placed.seen.len()) + layout::UNDER;
    }
    if !placed.waits.is_empty() {
        let (x, width) = (placed.corner.x + 6, placed.width - 12);
        let height = small.line() * count(placed.waits.len()) + 6;
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"{height}\" rx=\"4\" fill=\"#ffdf9e\"/>",
            y - 3
        );
        text(svg, &placed.waits, small, Point { x: middle, y }, Anchor::Middle, "#3d2700");
    }
    svg.push_str("</g>\n");
}

fn end_box(svg: &mut String, chart: &Flowchart, look: &Look, placed: &Placed, end: usize) {
    group(svg, chart.conclusions.get(end).map_or("", |end| &end.title));
    let round = (placed.height / 2).min(19);
    frame(svg, placed, round, look.end_fill, look, look.thick);
    let middle = placed.corner.x + placed.width / 2;
    let y = placed.corner.y + layout::PAD_Y;
    text(svg, &placed.lines, layout::END, Point { x: middle, y }, Anchor::Middle, look.end_words);
    svg.push_str("</g>\n");
}

fn branch_box(svg: &mut String, look: &Look, placed: &Placed) {
    frame(svg, placed, 10.min(placed.height / 2), "#ffffff", look, look.thin);
    let middle = placed.corner.x + placed.width / 2;
    let y = placed.corner.y + 4;
    text(svg, &placed.lines, layout::BRANCH, Point { x: middle, y }, Anchor::Middle, look.words);
}

/// Begins a group that shows the whole text where a pointer rests on it.
fn group(svg: &mut String, title: &str) {
    let _ = writeln!(svg, "<g><title>{}</title>", escaped(title));
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Start,
    Middle,
}

/// Lines of text, the first of which has its upper side at a place.
fn text(svg: &mut String, lines: &[String], font: Font, place: Point, anchor: Anchor, fill: &str) {
    let weight = if font.bold { " font-weight=\"bold\"" } else { "" };
    let anchor = match anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
    };
    for (line, words) in (0..).zip(lines) {
        let y = place.y + font.line() * line + font.size;
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{y}\" font-size=\"{}\"{weight}{anchor} fill=\"{fill}\">{}</text>",
            place.x,
            font.size,
            escaped(words)
        );
    }
}

/// A drawing with its size.
struct Drawn {
    svg: String,
    width: i32,
    height: i32,
}

fn legend(chart: &Flowchart, width: i32) -> Drawn {
    let entries: Vec<(&Look, &str)> =
        if chart.lit { LEGEND.to_vec() } else { vec![(&NEUTRAL, "if this holds; branches are read from the left")] };
    let mut drawn = Drawn { svg: String::new(), width: 0, height: WORDS.line() };
    let mut place = Point::default();
    let mut next = |drawn: &mut Drawn, wide: i32| {
        if place.x > 0 && place.x + wide > width {
            place = Point { x: 0, y: place.y + WORDS.line() + 6 };
        }
        let here = place;
        place.x += wide + GAP;
        drawn.width = drawn.width.max(here.x + wide);
        drawn.height = here.y + WORDS.line();
        here
    };
    for (look, words) in entries {
        let here = next(&mut drawn, SAMPLE + 8 + WORDS.width(words));
        let y = here.y + WORDS.line() / 2 + 1;
        let points = [Point { x: here.x, y }, Point { x: here.x + SAMPLE, y }];
        let _ = writeln!(
            drawn.svg,
            "<path d=\"{}\" stroke=\"{}\" stroke-width=\"{}\"{}/>",
            bent(&points),
            look.line,
            look.thick,
            look.dashes()
        );
        let corner = Point { x: here.x + SAMPLE + 8, y: here.y };
        text(&mut drawn.svg, &[words.to_owned()], WORDS, corner, Anchor::Start, "#2b3038");
    }
    for (round, words) in [(4, "step"), (9, "conclusion")] {
        let here = next(&mut drawn, SAMPLE + 8 + WORDS.width(words));
        let _ = writeln!(
            drawn.svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{SAMPLE}\" height=\"18\" rx=\"{round}\" fill=\"none\" stroke=\"#3b424d\" \
             stroke-width=\"1.5\"/>",
            here.x,
            here.y - 1
        );
        let corner = Point { x: here.x + SAMPLE + 8, y: here.y };
        text(&mut drawn.svg, &[words.to_owned()], WORDS, corner, Anchor::Start, "#2b3038");
    }
    drawn
}
