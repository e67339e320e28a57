use crate::catalog::{Fact, FactKind, NumberKind};
use crate::diagnostics::Diagnostic;
use crate::model::{Amount, AmountKind, FactReading, Time};
use crate::syntax::tree::{self, Literal};
use crate::value::Unit;

use super::Resolver;
use super::codes;

/// How many amounts may stand one inside the other, through all blocks that read one another.
const NESTING: u32 = 200;

impl Resolver<'_> {
    /// An amount that is one number; its unit is what its parts give.
    pub(super) fn amount(&mut self, tree: &tree::Amount) -> Option<Amount> {
        let amount = self.amount_or_ever(tree)?;
        if let AmountKind::Fact(FactReading { fact, when: Time::Ever }) = amount.kind {
            let name = self.catalog.name(fact);
            self.report(
                Diagnostic::error(
                    codes::NOT_A_NUMBER,
                    amount.span,
                    format!("`{name} ever` is a value for each visit, and one number is needed here"),
                )
                .note(format!("write `highest {name} ever`, `lowest {name} ever` or `latest {name}`")),
            );
            return None;
        }
        Some(amount)
    }

    /// An amount, or `F ever`, of which only a comparison makes sense.
    pub(super) fn amount_or_ever(&mut self, tree: &tree::Amount) -> Option<Amount> {
        if self.nesting >= NESTING {
            self.report_too_deep(tree.span, "this formula, with the blocks it reads, is nested too deeply");
            return None;
        }
        self.nesting += 1;
        let amount = self.amount_of_its_kind(tree);
        self.nesting -= 1;
        amount
    }

    fn amount_of_its_kind(&mut self, tree: &tree::Amount) -> Option<Amount> {
        let (kind, unit) = match &tree.kind {
            tree::AmountKind::SinceLastDose(therapy) => self.since_last_dose(therapy)?,
            tree::AmountKind::Literal(literal) => self.literal(literal)?,
            tree::AmountKind::OutOf { .. } => {
                self.report(
                    Diagnostic::error(codes::SCALE_ALONE, tree.span, "a scale stands only in a comparison with a fact")
                        .note("as in `latest mmt8 is below 142 of 150`"),
                );
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
            Some(unit) => Some(self.unit(unit, None)?),
            None => None,
        };
        Some((AmountKind::Constant(literal.number.value), unit))
    }
}

/// The numbers a fact can be, if it is one.
pub(super) fn number_kind(fact: &Fact) -> Option<&NumberKind> {
    match &fact.kind {
        FactKind::Number(kind) => Some(kind),
        FactKind::Choice { .. } | FactKind::Date => None,
    }
}

/// How a number is compared.
pub(super) const COMPARE_NUMBERS: &str =
    "compare it with `is at least`, `is above`, `is at most`, `is below`, or a range";

/// What a fact can be asked: "compare it with `is`: its values are `DM`, `PM`".
pub(super) fn values_note(fact: &Fact) -> String {
    match &fact.kind {
        FactKind::Choice { values, .. } => {
            let names: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
            choice_note(&names)
        }
        FactKind::Number(_) => format!("it is a number: {COMPARE_NUMBERS}"),
        FactKind::Date => {
            String::from("it is a date, and dates are not compared; `age` and the like are worked out from one")
        }
    }
}

/// "compare it with `is`: its values are `mild`, `severe`".
pub(super) fn choice_note<S: AsRef<str>>(names: &[S]) -> String {
    format!("compare it with `is`: its values are {}", listed(names))
}

/// Names as a reader sees them: "`mild`, `severe`".
pub(super) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
