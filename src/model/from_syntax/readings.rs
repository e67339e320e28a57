use crate::catalog::{Fact, FactId, FactKind, RecordedIn};
use crate::diagnostics::Diagnostic;
use crate::model::{AmountKind, BlockId, BlockKind, FactReading, Instrument, Subject, Time, Type};
use crate::source::Span;
use crate::syntax::tree::{Name, Reading, Share, When};
use crate::value::Unit;

use super::amounts::{number_kind, values_note};
use super::codes;
use super::names::Meaning;
use super::{Resolver, Told};

impl Resolver<'_> {
    pub(super) fn read(&mut self, reading: &Reading) -> Option<(AmountKind, Option<Unit>)> {
        match self.meaning(&reading.name)? {
            Meaning::Unusable => None,
            Meaning::Fact(fact) => {
                let known = self.catalog.fact(fact)?;
                let FactKind::Number(kind) = &known.kind else {
                    self.report(
                        Diagnostic::error(
                            codes::NOT_A_NUMBER,
                            reading.name.span,
                            format!("`{}` is not a number", known.id.value),
                        )
                        .note(values_note(known)),
                    );
                    return None;
                };
                let reading = self.fact_reading(fact, known, reading)?;
                Some((AmountKind::Fact(reading), kind.unit))
            }
            Meaning::Block(block) => {
                let unit = self.block_number(block, &reading.name).ok()?;
                self.expect_no_time(reading)?;
                Some((AmountKind::Block(block), unit))
            }
            Meaning::Word(word) => {
                let unit = self.number_of(&word.gives(), &reading.name).ok()?;
                self.expect_no_time(reading)?;
                Some((AmountKind::CourseWord(word), unit))
            }
            Meaning::Conclusion(..) => {
                // It is told that it is none.
                self.number_of(&Type::YesNo, &reading.name).err().and(None)
            }
        }
    }

    /// The unit of a block that is a number; any other is a mistake.
    fn block_number(&mut self, block: BlockId, name: &Name) -> Result<Option<Unit>, Told> {
        self.expect_readable(block, name.span).ok_or(Told)?;
        let gives = self.resolved(block).map(|known| known.gives.clone()).ok_or(Told)?;
        self.number_of(&gives, name)
    }

    /// The unit of a name that is a number; any other is a mistake.
    fn number_of(&mut self, gives: &Type, name: &Name) -> Result<Option<Unit>, Told> {
        let note = match gives {
            Type::Number(unit) => return Ok(*unit),
            Type::Points => return Ok(None),
            Type::Measure => "of a measure only its change can be read: `change in`, `improvement of`, `improves by`",
            Type::YesNo => "it is a yes/no; `count of` counts those that hold",
            Type::Choice(_) | Type::Several(_) => "it is a category: compare it with `is`",
            Type::Nothing => "it cannot be read by other blocks",
        };
        let message = format!("`{}` is not a number", name.value);
        self.report(Diagnostic::error(codes::NOT_A_NUMBER, name.span, message).note(note));
        Err(Told)
    }

    /// Only readings of what was recorded may read one another.
    pub(super) fn expect_readable(&mut self, block: BlockId, span: Span) -> Option<()> {
        let recorded = self.resolved(block)?.as_recorded.is_some();
        if recorded && !self.as_recorded {
            let name = self.resolved(block).map(|block| block.name.value.clone()).unwrap_or_default();
            self.report_cage(&name, span);
            return None;
        }
        Some(())
    }

    pub(super) fn report_cage(&mut self, name: &str, span: Span) {
        let message = format!("`{name}` reads what was recorded, and may be used only by blocks that do");
        self.report(Diagnostic::error(codes::CAGE, span, message).note(
            "an answer that asks what is on file can be overturned by a missing fact; write `as recorded` before \
             this block too, or read something else",
        ));
    }

    /// The time reading of a fact: a dated fact has one, an undated one has none.
    pub(super) fn fact_reading(&mut self, fact: FactId, known: &Fact, reading: &Reading) -> Option<FactReading> {
        let name = &known.id.value;
        let dated = known.recorded == RecordedIn::Visits;
        let when = match (reading.when, dated) {
            (When::Unstated, false) => Time::Undated,
            (When::Unstated, true) => {
                self.report(
                    Diagnostic::error(
                        codes::NO_TIME,
                        reading.span,
                        format!("`{name}` changes from visit to visit: say which value is meant"),
                    )
                    .note(if matches!(known.kind, FactKind::Number(_)) {
                        format!("or another value: `{name} at baseline`, `highest {name} ever`")
                    } else {
                        format!("or another value: `{name} at baseline`, `{name} ever`")
                    })
                    .fix(format!("write `latest {name}`"), reading.span, format!("latest {name}")),
                );
                return None;
            }
            (When::Baseline | When::Latest { .. } | When::Ever | When::Highest | When::Lowest, false) => {
                self.report(
                    Diagnostic::error(
                        codes::NEEDLESS_TIME,
                        reading.span,
                        format!("`{name}` is recorded once, not at each visit"),
                    )
                    .fix("leave the time out", reading.span, name.clone()),
                );
                return None;
            }
            (When::Highest | When::Lowest, true) if number_kind(known).is_none() => {
                self.report(
                    Diagnostic::error(
                        codes::NOT_A_NUMBER,
                        reading.span,
                        format!("`{name}` is not a number, so it has no highest and no lowest value"),
                    )
                    .fix("ask for any visit", reading.span, format!("{name} ever")),
                );
                return None;
            }
            (When::Baseline, true) => Time::Baseline,
            (When::Latest { within }, true) => Time::Latest { within },
            (When::Ever, true) => Time::Ever,
            (When::Highest, true) => Time::Highest,
            (When::Lowest, true) => Time::Lowest,
        };
        Some(FactReading { fact, when })
    }

    /// A block has no time of its own.
    pub(super) fn expect_no_time(&mut self, reading: &Reading) -> Option<()> {
        if reading.when == When::Unstated {
            return Some(());
        }
        let name = &reading.name.value;
        let (what, note) = if self.by_name.contains_key(name.as_str()) {
            ("a block of this guideline", "the facts it reads say when they are read")
        } else if self.conclusions.contains_key(name.as_str()) {
            ("a conclusion of an algorithm", "the facts its steps read say when they are read")
        } else {
            ("said of the whole course", "it is what is known of the course up to its end")
        };
        self.report(
            Diagnostic::error(
                codes::NEEDLESS_TIME,
                reading.span,
                format!("`{name}` is {what} and has no time of its own"),
            )
            .note(note)
            .fix("leave the time out", reading.span, name.clone()),
        );
        None
    }

    /// A fact or a measure whose change is asked for.
    pub(super) fn subject(&mut self, name: &Name) -> Option<Subject> {
        match self.meaning(name)? {
            Meaning::Unusable => None,
            Meaning::Fact(fact) => {
                let known = self.catalog.fact(fact)?;
                let message = if number_kind(known).is_none() {
                    format!("`{}` is not a number, so it has no change", name.value)
                } else if known.recorded == RecordedIn::Visits {
                    return Some(Subject::Fact(fact));
                } else {
                    format!("`{}` is recorded once, so it has no change", name.value)
                };
                self.report(
                    Diagnostic::error(codes::NO_CHANGE, name.span, message)
                        .note("a change is worked out from the baseline visit and a later one, of a number"),
                );
                None
            }
            Meaning::Block(block) => {
                if self.resolved(block).is_some_and(|block| block.gives == Type::Measure) {
                    return Some(Subject::Measure(block));
                }
                self.report(
                    Diagnostic::error(
                        codes::NO_CHANGE,
                        name.span,
                        format!("`{}` is neither a fact nor a measure, so it has no change", name.value),
                    )
                    .note("a `measure` block names the instrument whose change is meant"),
                );
                None
            }
            Meaning::Conclusion(..) | Meaning::Word(_) => {
                let message = format!("`{}` is neither a fact nor a measure, so it has no change", name.value);
                self.report(
                    Diagnostic::error(codes::NO_CHANGE, name.span, message)
                        .note("a change is asked of a fact that is measured at visits, or of a measure"),
                );
                None
            }
        }
    }

    /// The dictionary says which way is better, and where a share of the full range is asked for, what that is.
    pub(super) fn expect_improvable(&mut self, subject: Subject, share: Share, span: Span) -> Option<()> {
        let facts = match subject {
            Subject::Fact(fact) => vec![(fact, false)],
            Subject::Measure(block) => {
                let known = self.resolved(block).map(|block| &block.kind);
                let Some(BlockKind::Measure(measure)) = known else { return None };
                let ranged = |one: &Instrument| one.upper_limits.is_some() || one.length.is_some();
                measure.instruments.iter().map(|one| (one.fact, ranged(one))).collect()
            }
        };
        for (fact, ranged) in facts {
            let known = self.catalog.fact(fact)?;
            let name = known.id.value.clone();
            if known.better.is_none() {
                // One line of the dictionary mends every use.
                if !self.without_direction.insert(fact) {
                    return None;
                }
                self.report(
                    Diagnostic::error(codes::NO_DIRECTION, span, format!("which way is better for `{name}`?"))
                        .note("say `better: higher` or `better: lower` in the dictionary, or ask whether it `rises` or `falls`"),
                );
                return None;
            }
            let laboratory = number_kind(known).is_some_and(|kind| kind.upper_limit);
            if share == Share::Range && laboratory && !ranged {
                self.report(
                    Diagnostic::error(
                        codes::NO_FULL_RANGE,
                        span,
                        format!("a laboratory value such as `{name}` has no full range"),
                    )
                    .note("a `measure` gives it one: `- ck, range 15 x upper limit`"),
                );
                return None;
            }
        }
        Some(())
    }

    pub(super) fn subject_unit(&self, subject: Subject) -> Option<Unit> {
        match subject {
            Subject::Fact(fact) => number_kind(self.catalog.fact(fact)?)?.unit,
            Subject::Measure(_) => None,
        }
    }
}
