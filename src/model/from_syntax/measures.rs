use crate::catalog::{AbsentMeans, FactId, RecordedIn};
use crate::diagnostics::Diagnostic;
use crate::model::{Instrument, Measure};
use crate::source::Span;
use crate::syntax::tree::{self, InstrumentChoice, Line, Name};

use super::Resolver;
use super::amounts::number_kind;
use super::codes;
use super::names::Meaning;

impl Resolver<'_> {
    pub(super) fn measure(&mut self, tree: &tree::Measure) -> Option<Measure> {
        let by_limit = tree.choice.value == InstrumentChoice::MostAboveUpperLimit;
        let mut instruments = Vec::new();
        for line in &tree.instruments {
            instruments.push(self.instrument(line, by_limit));
        }
        Some(Measure { choice: tree.choice.value, instruments: instruments.into_iter().collect::<Option<_>>()? })
    }

    fn instrument(&mut self, line: &Line<tree::Instrument>, by_limit: bool) -> Option<Instrument> {
        let citations = self.cited(&line.citations);
        let name = &line.value.fact;
        let fact = self.instrument_fact(name)?;
        let kind = self.catalog.fact(fact).and_then(number_kind)?.clone();
        if by_limit && !kind.upper_limit {
            self.report(
                Diagnostic::error(
                    codes::LIMIT_ALONE,
                    name.span,
                    format!("`{}` has no upper limit of a laboratory", name.value),
                )
                .note("take it out, or begin with `use the first with a baseline value`"),
            );
            return None;
        }
        self.warn_absent(fact, name.span);
        let when = match &line.value.when {
            Some(condition) => Some(self.condition(condition)?),
            None => None,
        };
        let (upper_limits, length) = match line.value.range.as_ref().map(|range| (&range.kind, range.span)) {
            None => (None, None),
            Some((tree::AmountKind::UpperLimits(factor), _)) if kind.upper_limit => (Some(factor.value), None),
            Some((tree::AmountKind::Literal(literal), _)) => {
                (None, Some(self.constant_in(literal.number, literal.unit.as_ref(), kind.unit)?))
            }
            Some((tree::AmountKind::UpperLimits(_), span)) => {
                self.report(
                    Diagnostic::error(
                        codes::INSTRUMENT_RANGE,
                        span,
                        format!("`{}` has no upper limit of a laboratory", name.value),
                    )
                    .note("leave the range out where the dictionary gives it, or write a number"),
                );
                return None;
            }
            Some((_, span)) => {
                self.report(
                    Diagnostic::error(codes::INSTRUMENT_RANGE, span, "the full range of an instrument is a number")
                        .note("as in `- ck, range 15 x upper limit` or `- grip, range 80 kg`"),
                );
                return None;
            }
        };
        Some(Instrument { fact, upper_limits, when, length, citations, span: name.span })
    }

    /// The fact an instrument is: a number that is measured at visits.
    fn instrument_fact(&mut self, name: &Name) -> Option<FactId> {
        let message = match self.meaning(name)? {
            Meaning::Unusable => return None,
            Meaning::Block(_) | Meaning::Conclusion(..) | Meaning::Word(_) => {
                format!("`{}` is a block of this guideline", name.value)
            }
            Meaning::Fact(fact) => {
                let known = self.catalog.fact(fact)?;
                if number_kind(known).is_none() {
                    format!("`{}` is not a number", name.value)
                } else if known.recorded != RecordedIn::Visits {
                    format!("`{}` is recorded once, not at each visit", name.value)
                } else {
                    return Some(fact);
                }
            }
        };
        let note = "an instrument is a fact of the dictionary that is measured at visits, such as `mmt8`";
        self.report(Diagnostic::error(codes::NO_CHANGE, name.span, message).note(note));
        None
    }

    /// An instrument that stands in for another is one that may simply not have been used.
    fn warn_absent(&mut self, fact: FactId, span: Span) {
        let known = self.catalog.fact(fact);
        if known.is_some_and(|fact| fact.absent_means != Some(AbsentMeans::NotMeasured)) {
            let name = self.catalog.name(fact);
            self.report(
                Diagnostic::warning(
                    codes::INSTRUMENT_ABSENT,
                    span,
                    format!("a record that does not name `{name}` leaves the measure open"),
                )
                .note("where it was simply not used, say `absent_means: not measured` in the dictionary"),
            );
        }
    }
}
