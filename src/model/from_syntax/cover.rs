//! Whether the bands of a number leave a hole or overlap. Decided exactly, for bands whose ends are numbers.

use crate::diagnostics::Diagnostic;
use crate::model::{Amount, AmountKind, BandRow, BlockKind};
use crate::source::Span;
use crate::value::{Bound, Interval, Number, NumberSet};

use super::Resolver;
use super::amounts::number_kind;
use super::codes;

impl Resolver<'_> {
    /// Every number between the lowest and the highest band lies in exactly one; and at the edges, where it is known
    /// how far the number goes.
    pub(super) fn check_cover(&mut self, rows: &[BandRow], of: &Amount, name: Span) {
        let columns = rows.first().map_or(0, |row| row.ranges.len());
        for column in 0..columns {
            let bands: Option<Vec<(NumberSet, Span)>> = rows
                .iter()
                .map(|row| row.ranges.get(column).and_then(|range| Some((range.constant()?, range.span))))
                .collect();
            let Some(bands) = bands else { continue };
            let whole = self.is_whole(of);
            let kept = |set: NumberSet| if whole { set.whole_only() } else { set };
            self.check_overlap(&bands, kept);
            let union = bands.iter().fold(NumberSet::empty(), |union, (band, _)| union.union(band));
            let reach = union.hull().map_or_else(NumberSet::empty, NumberSet::from_interval);
            let holes = kept(reach.intersection(&union.complement()));
            if let Some(hole) = holes.intervals().first() {
                let beside = bands.iter().find(|(band, _)| band.hull().is_some_and(|hull| touches(&hull, hole)));
                let at = beside.map_or(name, |(_, span)| *span);
                self.report(
                    Diagnostic::error(codes::HOLE, at, format!("no band holds {}", in_words(hole)))
                        .note("let one band begin where the other ends: `40 to below 60`, then `at least 60`"),
                );
            }
            let Some(domain) = self.domain(of) else { continue };
            if let Some(edge) = kept(domain.intersection(&reach.complement())).intervals().first() {
                self.report(
                    Diagnostic::warning(codes::HOLE, name, format!("no band holds {}", in_words(edge)))
                        .note("the number can lie there; a patient with such a value gets no answer"),
                );
            }
        }
    }

    fn check_overlap(&mut self, bands: &[(NumberSet, Span)], kept: impl Fn(NumberSet) -> NumberSet) {
        for (at, (band, span)) in bands.iter().enumerate() {
            for (earlier, first) in bands.iter().take(at) {
                let both = kept(band.intersection(earlier));
                if let Some(interval) = both.intervals().first() {
                    self.report(
                        Diagnostic::error(codes::OVERLAP, *span, format!("two bands hold {}", in_words(interval)))
                            .also(*first, "the other band")
                            .note("let one band end where the other begins: `40 to below 60`, then `at least 60`"),
                    );
                }
            }
        }
    }

    /// How far a number goes, where that is said: by the dictionary, or by a score of itself.
    pub(super) fn domain(&self, of: &Amount) -> Option<NumberSet> {
        if let AmountKind::Fact(reading) = &of.kind {
            return self.catalog.fact(reading.fact).and_then(number_kind).map(|kind| kind.range.clone());
        }
        let AmountKind::Block(block) = &of.kind else { return None };
        let BlockKind::Score(score) = &self.resolved(*block)?.kind else { return None };
        score.points.map(|(least, most)| NumberSet::between(least, most))
    }
}

/// The band ends where the hole begins.
fn touches(band: &Interval, hole: &Interval) -> bool {
    band.high.number().is_some() && band.high.number() == hole.low.number()
}

/// An interval as rules write it.
fn in_words(interval: &Interval) -> String {
    let number = |bound: Bound| bound.number().map(|number: Number| number.to_string());
    match (number(interval.low), number(interval.high)) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => {
            let above = if interval.low.is_closed() { "" } else { "above " };
            let upper = if interval.high.is_closed() { "at most" } else { "below" };
            format!("`{above}{low} to {upper} {high}`")
        }
        (Some(low), None) => format!("what is {} {low}", if interval.low.is_closed() { "at least" } else { "above" }),
        (None, Some(high)) => format!("what is {} {high}", if interval.high.is_closed() { "at most" } else { "below" }),
        (None, None) => String::from("any number"),
    }
}
