//! Bars, as SVG inside the page: solid for what is settled, hatched for what is taken for granted, dashed for what is still
//! possible. They tell apart without colours, and every number stands beside its bar.

use std::fmt::Write;

use crate::render::escaped;

/// How wide a drawing is.
const WIDTH: u64 = 480;
/// How many letters fit beside each other.
const LETTERS: usize = 66;
/// The height of a line of text, and of a bar.
const LINE: u64 = 17;
const BAR: u64 = 12;

/// A row of a drawing; lengths in thousandths of its width, and nothing where there is no whole.
#[derive(Debug, Default)]
pub(super) struct Bar {
    /// What it is of.
    pub(super) label: String,
    /// The numbers.
    pub(super) note: String,
    /// The solid part.
    pub(super) solid: Option<u64>,
    /// The hatched part after it.
    pub(super) hatched: Option<u64>,
    /// The end of the dashed part.
    pub(super) dashed: Option<u64>,
}

/// What is defined once on a page, before any drawing.
pub(super) const DEFINED: &str = "<svg class=\"defined\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><pattern \
     id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect \
     width=\"5\" height=\"5\" class=\"ground\"/><path d=\"M0 0V5\" class=\"stroke\"/></pattern></defs></svg>\n";

/// How the drawings look.
pub(super) const STYLE: &str = "\
:root{--bar:#1d4f80;--ground:#fff}
@media (prefers-color-scheme:dark){:root{--bar:#8ab8f5;--ground:#14171c}}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:.8rem;align-items:start}
figure.bars{background:var(--ground);text-align:left;margin:.4rem 0}
figure.bars figcaption{font-size:.88rem;color:var(--soft);margin-bottom:.3rem}
figure.bars svg{width:100%;max-width:34rem;display:block}
.bars text{font-size:13px;fill:var(--ink)}
.bars .soft{fill:var(--soft)}
.bars .solid{fill:var(--bar);stroke:var(--bar)}
.bars .hatched{fill:url(#hatch);stroke:var(--bar)}
.bars .dashed{fill:none;stroke:var(--ink);stroke-dasharray:4 3}
.bars .axis{stroke:var(--line)}
.defined{position:absolute}
.defined .ground{fill:var(--ground)}
.defined .stroke{stroke:var(--bar);stroke-width:3}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead th.n{white-space:normal}
th.in{padding-left:1.2rem;font-weight:400}
th.in2{padding-left:2.4rem;font-weight:400}
.key{font-size:.86rem;color:var(--soft)}
@media print{:root{--bar:#000;--ground:#fff}.pictures{grid-template-columns:1fr 1fr}figure.bars{break-inside:avoid}}
";

/// A drawing of some bars under a caption.
pub(super) fn bars(caption: &str, rows: &[Bar]) -> String {
    let mut inside = String::new();
    let mut top = 0;
    for row in rows {
        top = bar(row, top, &mut inside);
    }
    let mut text = String::new();
    let _ = write!(
        text,
        "<figure class=\"bars\"><figcaption>{caption}</figcaption><svg viewBox=\"0 0 {WIDTH} {top}\" role=\"img\" \
         aria-label=\"{caption}\">\n{inside}</svg></figure>\n",
        caption = escaped(caption)
    );
    text
}

fn bar(row: &Bar, top: u64, out: &mut String) -> u64 {
    let mut line = top + LINE - 4;
    let _ = writeln!(out, "<text x=\"0\" y=\"{line}\">{}</text>", escaped(&row.label));
    if row.label.chars().count() + row.note.chars().count() > LETTERS {
        line += LINE;
    }
    let _ = writeln!(
        out,
        "<text class=\"soft\" x=\"{WIDTH}\" y=\"{line}\" text-anchor=\"end\">{}</text>",
        escaped(&row.note)
    );
    let from = line + 5;
    let pixels = |thousandths: u64| thousandths.min(1000) * (WIDTH - 2) / 1000;
    let mut part = |class: &str, start: u64, end: u64| {
        if end > start {
            let wide = end - start;
            let left = start + 1;
            let _ =
                writeln!(out, "<rect class=\"{class}\" x=\"{left}\" y=\"{from}\" width=\"{wide}\" height=\"{BAR}\"/>");
        }
    };
    let solid = row.solid.map_or(0, pixels);
    let hatched = row.hatched.map_or(solid, |hatched| pixels(row.solid.unwrap_or(0) + hatched));
    if let Some(end) = row.dashed {
        part("dashed", hatched, pixels(end));
    }
    part("solid", 0, solid);
    part("hatched", solid, hatched);
    let axis = from + BAR + 1;
    let _ = writeln!(out, "<path class=\"axis\" d=\"M0 {axis}H{WIDTH}\"/>");
    axis + 5
}
