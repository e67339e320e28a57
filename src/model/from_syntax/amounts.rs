use crate::catalog::{Fact, FactId, FactKind, NumberKind, RecordedIn};
use crate::diagnostics::{Diagnostic, suggest};
use crate::model::Time;
use crate::model::{Amount, AmountKind, BlockId, BlockKind, FactReading, Instrument, Subject, Type};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{self, Literal, Name, Operator, Reading, Share, When};
use crate::value::{Number, Unit};

use super::codes;
use super::names::Meaning;
use super::{Resolver, Told};

impl Resolver<'_> {
    /// An amount; its unit is what its parts give.
    pub(super) fn amount(&mut self, tree: &tree::Amount) -> Option<Amount> {
        let (kind, unit) = match &tree.kind {
            tree::AmountKind::Literal(literal) => self.literal(literal)?,
            tree::AmountKind::OutOf { value, .. } => {
                self.report(
                    Diagnostic::error(codes::SCALE_ALONE, tree.span, "a scale stands only in a comparison with a fact")
                        .note("as in `latest mmt8 is below 142 of 150`"),
                );
                let _ = value;
                return None;
            }
            tree::AmountKind::UpperLimits(_) => {
                self.report(
                    Diagnostic::error(
                        codes::LIMIT_ALONE,
                        tree.span,
                        "`x upper limit` stands only after the laboratory value it belongs to",
                    )
                    .note("as in `latest ck is above 1.3 x upper limit`"),
                );
                return None;
            }
            tree::AmountKind::Read(reading) => self.read(reading)?,
            tree::AmountKind::InUnit(inner, unit) => self.in_unit(inner, unit)?,
            tree::AmountKind::ChangeIn(name) => {
                let subject = self.subject(name)?;
                (AmountKind::ChangeIn(subject), self.subject_unit(subject))
            }
            tree::AmountKind::Improvement { subject: name, share } => {
                let subject = self.subject(name)?;
                self.expect_improvable(subject, *share, name.span)?;
                (AmountKind::Improvement(subject, *share), None)
            }
            tree::AmountKind::Negative(inner) => {
                let inner = self.amount(inner)?;
                let unit = inner.unit;
                (AmountKind::Negative(Box::new(inner)), unit)
            }
            tree::AmountKind::Arithmetic { left, operator, right } => {
                let (left, right) = (self.amount(left), self.amount(right));
                self.arithmetic(left?, *operator, right?, tree.span)?
            }
            tree::AmountKind::Call { function, of } => {
                let of = self.amount(of)?;
                self.expect_bare(&of)?;
                (AmountKind::Call(*function, Box::new(of)), None)
            }
        };
        Some(Amount { id: self.node(), span: tree.span, unit, kind })
    }

    fn literal(&mut self, literal: &Literal) -> Option<(AmountKind, Option<Unit>)> {
        let unit = match &literal.unit {
            Some(unit) => Some(self.unit(unit)?),
            None => None,
        };
        Some((AmountKind::Constant(literal.number.value), unit))
    }

    /// A unit by its spelling.
    pub(super) fn unit(&mut self, name: &Name) -> Option<Unit> {
        if let Ok(unit) = Unit::parse(&name.value) {
            return Some(unit);
        }
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_UNIT, name.span, format!("`{}` is not a unit", name.value));
        let is_name = self.by_name.contains_key(name.value.as_str()) || self.catalog.find(&name.value).is_some();
        if is_name {
            diagnostic =
                diagnostic.note(format!("`{}` is a fact or a block; is an `and` missing before it?", name.value));
        } else if let Some(near) = suggest::nearest(&name.value, Unit::spellings()) {
            diagnostic = diagnostic.fix(format!("did you mean `{near}`?"), name.span, near);
        }
        self.report(diagnostic);
        None
    }

    fn read(&mut self, reading: &Reading) -> Option<(AmountKind, Option<Unit>)> {
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
                self.expect_no_time(reading)?;
                let unit = self.block_number(block, reading.name.span).ok()?;
                Some((AmountKind::Block(block), unit))
            }
        }
    }

    /// The unit of a block that is a number; any other is a mistake.
    fn block_number(&mut self, block: BlockId, span: Span) -> Result<Option<Unit>, Told> {
        self.expect_readable(block, span).ok_or(Told)?;
        let known = self.resolved(block).ok_or(Told)?;
        let name = known.name.value.clone();
        let note = match &known.gives {
            Type::Number(unit) => return Ok(*unit),
            Type::Points => return Ok(None),
            Type::Measure => "of a measure only its change can be read: `change in`, `improvement of`, `improves by`",
            Type::YesNo => "it is a yes/no; `count of` counts those that hold",
            Type::Choice(_) | Type::Several(_) => "it is a category; compare it with `is`",
            Type::Nothing => "it cannot be read by other blocks",
        };
        self.report(Diagnostic::error(codes::NOT_A_NUMBER, span, format!("`{name}` is not a number")).note(note));
        Err(Told)
    }

    /// Only readings of what was recorded may read one another.
    pub(super) fn expect_readable(&mut self, block: BlockId, span: Span) -> Option<()> {
        let recorded = self.resolved(block)?.as_recorded.is_some();
        if recorded && !self.as_recorded {
            let name = self.resolved(block).map(|block| block.name.value.clone()).unwrap_or_default();
            self.report(
                Diagnostic::error(codes::CAGE, span, format!("`{name}` reads what was recorded, and may be used only by blocks that do"))
                    .note("an answer that asks what is on file can be overturned by a missing fact; write `as recorded` before this block too, or read something else"),
            );
            return None;
        }
        Some(())
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
                    .note(format!("`{name} at baseline`, `highest {name} ever`"))
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
        self.report(
            Diagnostic::error(
                codes::NEEDLESS_TIME,
                reading.span,
                format!("`{name}` is a block of this guideline and has no time of its own"),
            )
            .note("the facts it reads say when they are read")
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
                if matches!(known.kind, FactKind::Number(_)) && known.recorded == RecordedIn::Visits {
                    return Some(Subject::Fact(fact));
                }
                self.report(
                    Diagnostic::error(
                        codes::NO_CHANGE,
                        name.span,
                        format!("`{}` is not measured at visits, so it has no change", name.value),
                    )
                    .note("a change is worked out from the baseline visit and a later one"),
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

    fn subject_unit(&self, subject: Subject) -> Option<Unit> {
        match subject {
            Subject::Fact(fact) => number_kind(self.catalog.fact(fact)?)?.unit,
            Subject::Measure(_) => None,
        }
    }

    fn in_unit(&mut self, inner: &tree::Amount, unit: &Name) -> Option<(AmountKind, Option<Unit>)> {
        let wanted = self.unit(unit);
        let inner = self.amount(inner)?;
        let wanted = wanted?;
        let Some(own) = inner.unit else {
            self.report(
                Diagnostic::error(codes::UNLIKE_UNITS, unit.span, "this is a bare number already")
                    .note("`in` turns a quantity with a unit into a bare number"),
            );
            return None;
        };
        let Ok(factor) = Unit::convert(Number::ONE, own, wanted) else {
            self.report_unlike(unit.span, own, wanted);
            return None;
        };
        Some((AmountKind::InUnit(Box::new(inner), factor), None))
    }

    pub(super) fn report_unlike(&mut self, span: Span, own: Unit, other: Unit) {
        self.report(Diagnostic::error(
            codes::UNLIKE_UNITS,
            span,
            format!("`{}` and `{}` measure different things", own.symbol(), other.symbol()),
        ));
    }

    fn arithmetic(
        &mut self,
        left: Amount,
        operator: Operator,
        right: Amount,
        span: Span,
    ) -> Option<(AmountKind, Option<Unit>)> {
        let unit = match (operator, left.unit, right.unit) {
            (_, None, None) => None,
            (Operator::Plus | Operator::Minus, Some(one), Some(other)) if one == other => Some(one),
            (Operator::Over, Some(one), Some(other)) if one == other => None,
            (Operator::Times | Operator::Over, Some(unit), None) | (Operator::Times, None, Some(unit)) => Some(unit),
            (Operator::Plus | Operator::Minus | Operator::Times | Operator::Over, one, other) => {
                self.report_mixed(span, &left, one, &right, other);
                return None;
            }
        };
        Some((AmountKind::Arithmetic(Box::new(left), operator, Box::new(right)), unit))
    }

    fn report_mixed(&mut self, span: Span, left: &Amount, one: Option<Unit>, right: &Amount, other: Option<Unit>) {
        let words = |unit: Option<Unit>| {
            unit.map_or_else(|| String::from("a bare number"), |unit| format!("in {}", unit.symbol()))
        };
        let with_unit = if one.is_some() { left } else { right };
        let symbol = one.or(other).map_or("", Unit::symbol);
        self.report(
            Diagnostic::error(codes::UNLIKE_UNITS, span, "these two cannot be calculated with as they are")
                .also(left.span, words(one))
                .also(right.span, words(other))
                .note(format!("say in which unit the number is meant: `{} in {symbol}`", self.text(with_unit.span))),
        );
    }

    /// A function takes a bare number.
    fn expect_bare(&mut self, amount: &Amount) -> Option<()> {
        let Some(unit) = amount.unit else { return Some(()) };
        let text = self.text(amount.span);
        self.report(
            Diagnostic::error(
                codes::UNLIKE_UNITS,
                amount.span,
                format!("a function takes a bare number, and this is in {}", unit.symbol()),
            )
            .fix("say in which unit", amount.span, format!("{text} in {}", unit.symbol())),
        );
        None
    }

    /// A constant in the unit of what it is compared with.
    pub(super) fn constant_in(
        &mut self,
        number: Spanned<Number>,
        unit: Option<&Name>,
        wanted: Option<Unit>,
    ) -> Option<Number> {
        let Some(name) = unit else { return Some(number.value) };
        let own = self.unit(name)?;
        let Some(wanted) = wanted else {
            self.report(
                Diagnostic::error(
                    codes::UNLIKE_UNITS,
                    name.span,
                    format!("this is compared with a bare number, not with `{}`", own.symbol()),
                )
                .fix("leave the unit out", number.span.to(name.span), number.value.to_string()),
            );
            return None;
        };
        if let Ok(number) = Unit::convert(number.value, own, wanted) {
            return Some(number);
        }
        self.report_unlike(name.span, own, wanted);
        None
    }
}

/// The numbers a fact can be, if it is one.
pub(super) fn number_kind(fact: &Fact) -> Option<&NumberKind> {
    match &fact.kind {
        FactKind::Number(kind) => Some(kind),
        FactKind::Choice { .. } | FactKind::Date => None,
    }
}

/// "its values are `DM`, `PM`".
pub(super) fn values_note(fact: &Fact) -> String {
    match &fact.kind {
        FactKind::Choice { values, .. } => {
            let names: Vec<String> = values.iter().map(|value| format!("`{}`", value.name)).collect();
            format!("its values are {}", names.join(", "))
        }
        FactKind::Number(_) => String::from("it is a number"),
        FactKind::Date => String::from("it is a date"),
    }
}
