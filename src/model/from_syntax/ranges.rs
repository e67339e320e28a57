use crate::diagnostics::Diagnostic;
use crate::model::Time;
use crate::model::{Amount, AmountKind, ConditionKind, CourseWord, End, FactReading, Range};
use crate::source::Span;
use crate::syntax::tree;
use crate::value::{Bound, Interval, Number, NumberSet};

use super::Resolver;
use super::amounts::number_kind;
use super::codes;

impl Resolver<'_> {
    /// A number held against a range, the units, the upper limit and the scale seen to.
    pub(super) fn compares(&mut self, subject: Amount, range: &tree::Range) -> Option<ConditionKind> {
        let ends = [&range.low, &range.high];
        let has =
            |wanted: fn(&tree::AmountKind) -> bool| ends.into_iter().flatten().any(|end| wanted(&end.amount.kind));
        let limits = has(|kind| matches!(kind, tree::AmountKind::UpperLimits(_)));
        let scale = has(|kind| matches!(kind, tree::AmountKind::OutOf { .. }));
        let subject = if limits {
            self.expect_limits_only(range)?;
            self.as_multiple(&subject)?
        } else if scale {
            self.on_scale(&subject, range)?
        } else {
            subject
        };
        let subject = self.at_some_visit(subject, range)?;
        let range = self.range(range, &subject)?;
        Some(ConditionKind::Compares { subject, range })
    }

    /// `x upper limit` turns the value it stands beside into a multiple of its own limit.
    fn as_multiple(&mut self, subject: &Amount) -> Option<Amount> {
        let reading = if let AmountKind::Fact(reading) = subject.kind { Some(reading) } else { None };
        let Some(reading) = reading.filter(|reading| self.has_upper_limit(*reading)) else {
            self.report(
                Diagnostic::error(codes::LIMIT_ALONE, subject.span, "this has no upper limit of a laboratory")
                    .note("`x upper limit` stands after a laboratory value: `latest ck is above 1.3 x upper limit`"),
            );
            return None;
        };
        if matches!(reading.when, Time::Highest | Time::Lowest) {
            let name = self.catalog.fact(reading.fact).map_or("", |fact| fact.id.value.as_str());
            self.report(
                Diagnostic::error(
                    codes::WHICH_LIMIT,
                    subject.span,
                    "each value has an upper limit of its own, and the highest value may not be the most abnormal",
                )
                .fix("compare every value with its own limit", subject.span, format!("{name} ever")),
            );
            return None;
        }
        Some(Amount { unit: None, kind: AmountKind::Multiple(reading), ..subject.clone() })
    }

    /// One end in upper limits and the other in a unit would be two questions.
    fn expect_limits_only(&mut self, range: &tree::Range) -> Option<()> {
        let in_unit = |end: &&tree::End| {
            matches!(&end.amount.kind, tree::AmountKind::Literal(literal) if literal.unit.is_some())
                || matches!(&end.amount.kind, tree::AmountKind::OutOf { .. })
        };
        let Some(end) = [&range.low, &range.high].into_iter().flatten().find(in_unit) else { return Some(()) };
        let message = "one end of the range is in a unit, and the other counts upper limits";
        self.report(
            Diagnostic::error(codes::LIMIT_ALONE, end.amount.span, message)
                .note("ask for each by itself: two comparisons joined with `and`"),
        );
        None
    }

    fn has_upper_limit(&self, reading: FactReading) -> bool {
        self.catalog.fact(reading.fact).and_then(number_kind).is_some_and(|kind| kind.upper_limit)
    }

    /// `142 of 150` is about the scale that ends at 150.
    fn on_scale(&mut self, subject: &Amount, range: &tree::Range) -> Option<Amount> {
        let scales: Vec<_> = [&range.low, &range.high]
            .into_iter()
            .flatten()
            .filter_map(
                |end| if let tree::AmountKind::OutOf { scale, .. } = &end.amount.kind { Some(*scale) } else { None },
            )
            .collect();
        let scale = *scales.first()?;
        let AmountKind::Fact(reading) = subject.kind else {
            self.report(
                Diagnostic::error(codes::SCALE_ALONE, scale.span, "only a fact is recorded on a scale")
                    .note("as in `latest mmt8 is below 142 of 150`; elsewhere leave `of` and the scale out"),
            );
            return None;
        };
        if let Some(other) = scales.iter().find(|other| other.value != scale.value) {
            let message = format!("a range on two scales, {} and {}", scale.value, other.value);
            self.report(
                Diagnostic::error(codes::UNKNOWN_SCALE, other.span, message)
                    .also(scale.span, "the other is here")
                    .note("write both ends on one scale, or two comparisons"),
            );
            return None;
        }
        let known = self.catalog.fact(reading.fact).and_then(number_kind)?;
        let ends: Vec<Number> = match known.scales.as_slice() {
            [] => known.range.hull().and_then(|hull| hull.high.number()).into_iter().collect(),
            scales => scales.to_vec(),
        };
        if !ends.contains(&scale.value) {
            let list: Vec<String> = ends.iter().map(Number::to_string).collect();
            let name = self.catalog.name(reading.fact);
            let note = if list.is_empty() {
                format!("the dictionary names no scale of `{name}`; leave `of` and the number after it out")
            } else {
                format!("the dictionary lets `{name}` end at {}", list.join(" or "))
            };
            let message = format!("`{name}` has no scale that ends at {}", scale.value);
            self.report(Diagnostic::error(codes::UNKNOWN_SCALE, scale.span, message).note(note));
            return None;
        }
        let end = u32::try_from(scale.value.floor()).ok()?;
        Some(Amount { kind: AmountKind::OnScale(reading, end), ..subject.clone() })
    }

    /// `F ever is above …`: the highest value decides, or the lowest, by which end the range has.
    fn at_some_visit(&mut self, subject: Amount, range: &tree::Range) -> Option<Amount> {
        if subject.kind.reading().is_none_or(|reading| reading.when != Time::Ever) {
            return Some(subject);
        }
        let when = match (&range.low, &range.high) {
            (Some(_), None) => Time::Highest,
            (None, Some(_)) => Time::Lowest,
            _ => Time::Ever,
        };
        if when == Time::Ever {
            self.report(
                Diagnostic::error(
                    codes::EVER_BETWEEN,
                    range.span,
                    "`ever` takes one end: `above`, `at least`, `below` or `at most`",
                )
                .note("for both ends write two comparisons, or ask of `highest F ever` or `lowest F ever`"),
            );
            return None;
        }
        Some(Amount { kind: subject.kind.read_when(when), ..subject })
    }

    /// A range in the unit of what is compared.
    pub(super) fn range(&mut self, range: &tree::Range, subject: &Amount) -> Option<Range> {
        if range.plain && !self.is_whole(subject) {
            self.report_plain_range(range);
            return None;
        }
        let (mut low, mut high) = (None, None);
        for (tree, other, end) in [(&range.low, &range.high, &mut low), (&range.high, &range.low, &mut high)] {
            if let Some(tree) = tree {
                *end = Some(self.end(tree, other.as_ref(), subject)?);
            }
        }
        let resolved = Range { span: range.span, low, high };
        if resolved.constant().is_some_and(|set| set.is_empty()) {
            self.report(
                Diagnostic::error(codes::EMPTY_RANGE, range.span, "no number lies in this range")
                    .note("the lower end stands first, and something must lie between the ends"),
            );
            return None;
        }
        Some(resolved)
    }

    /// One end. A unit on either end serves both.
    fn end(&mut self, end: &tree::End, other: Option<&tree::End>, subject: &Amount) -> Option<End> {
        let unit = subject.unit;
        let unit_of = |end: &tree::End| {
            if let tree::AmountKind::Literal(literal) = &end.amount.kind { literal.unit.clone() } else { None }
        };
        let value = if let tree::AmountKind::Literal(literal) = &end.amount.kind {
            let written = literal.unit.clone().or_else(|| other.and_then(unit_of));
            self.constant_in(literal.number, written.as_ref(), unit)?
        } else if let tree::AmountKind::OutOf { value, .. } | tree::AmountKind::UpperLimits(value) = &end.amount.kind {
            value.value
        } else {
            let amount = self.amount(&end.amount)?;
            self.expect_like(&amount, subject)?;
            return Some(End { amount, included: end.included });
        };
        let amount = Amount { id: self.node(), span: end.amount.span, unit, kind: AmountKind::Constant(value) };
        Some(End { amount, included: end.included })
    }

    /// It can only be whole numbers, so `A to B` leaves nothing between.
    pub(super) fn is_whole(&self, subject: &Amount) -> bool {
        match &subject.kind {
            AmountKind::CourseWord(word) => *word == CourseWord::Cycles,
            AmountKind::Fact(reading) | AmountKind::OnScale(reading, _) => {
                self.catalog.fact(reading.fact).and_then(number_kind).is_some_and(|kind| kind.whole)
            }
            AmountKind::Block(block) => self.resolved(*block).is_some_and(|block| {
                matches!(&block.kind, crate::model::BlockKind::Number(crate::model::Formula::Count(_)))
                    || block.has_whole_points()
            }),
            AmountKind::Constant(_)
            | AmountKind::SinceLastDose(_)
            | AmountKind::Multiple(_)
            | AmountKind::InUnit(..)
            | AmountKind::ChangeIn(_)
            | AmountKind::Improvement(..)
            | AmountKind::Negative(_)
            | AmountKind::Arithmetic(..)
            | AmountKind::Call(..) => false,
        }
    }

    fn report_plain_range(&mut self, range: &tree::Range) {
        let text = |end: Option<&tree::End>| end.map_or("", |end| self.text(end.amount.span));
        let (low, high) = (text(range.low.as_ref()), text(range.high.as_ref()));
        let diagnostic = Diagnostic::error(
            codes::PLAIN_RANGE,
            range.span,
            format!("does `{low} to {high}` include what lies just above {high}?"),
        )
        .note(format!("this can lie between whole numbers: write `{low} to below …` or `{low} to at most {high}`"))
        .fix("include the upper end", range.span, format!("{low} to at most {high}"));
        self.report(diagnostic);
    }

    /// A range whose ends are numbers, as a set, for headings of tables of points.
    pub(super) fn percent_range(&mut self, range: &tree::Range, span: Span) -> Option<Range> {
        let subject = Amount { id: self.node(), span, unit: None, kind: AmountKind::Constant(Number::ZERO) };
        let mut bare = range.clone();
        for end in [&mut bare.low, &mut bare.high].into_iter().flatten() {
            if let tree::AmountKind::Literal(literal) = &mut end.amount.kind
                && literal.unit.as_ref().is_some_and(|unit| unit.value == "%")
            {
                literal.unit = None;
            }
        }
        self.range(&bare, &subject)
    }
}

impl Range {
    /// The set it stands for, where both ends are numbers.
    pub fn constant(&self) -> Option<NumberSet> {
        let bound = |end: &Option<End>| match end {
            None => Some(Bound::Unbounded),
            Some(End { amount: Amount { kind: AmountKind::Constant(value), .. }, included }) => {
                Some(if *included { Bound::Closed(*value) } else { Bound::Open(*value) })
            }
            Some(_) => None,
        };
        let (low, high) = (bound(&self.low)?, bound(&self.high)?);
        let upward = NumberSet::from_interval(Interval { low, high: Bound::Unbounded });
        let downward = NumberSet::from_interval(Interval { low: Bound::Unbounded, high });
        Some(upward.intersection(&downward))
    }
}
