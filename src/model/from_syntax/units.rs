use crate::diagnostics::{Diagnostic, suggest};
use crate::model::{Amount, AmountKind};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{self, Name, Operator};
use crate::value::{Number, Unit};

use super::Resolver;
use super::codes;

impl Resolver<'_> {
    /// A unit by its spelling; `wanted` is the one that would fit.
    pub(super) fn unit(&mut self, name: &Name, wanted: Option<Unit>) -> Option<Unit> {
        if let Ok(unit) = Unit::parse(&name.value) {
            return Some(unit);
        }
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_UNIT, name.span, format!("`{}` is not a unit", name.value));
        let is_name = self.is_own(&name.value) || self.catalog.find(&name.value).is_some();
        if is_name {
            diagnostic =
                diagnostic.note(format!("`{}` is a fact or a block; is an `and` missing before it?", name.value));
        } else if let Some(near) = nearest_unit(&name.value) {
            diagnostic = diagnostic.fix(format!("did you mean `{near}`?"), name.span, near);
        } else if let Some(wanted) = wanted {
            diagnostic = diagnostic.note(format!("write it in {}", quoted(Some(wanted))));
        } else {
            diagnostic = diagnostic.note("`myoguide facts NAME` prints the unit of a fact");
        }
        self.report(diagnostic);
        None
    }

    pub(super) fn in_unit(&mut self, inner: &tree::Amount, unit: &Name) -> Option<(AmountKind, Option<Unit>)> {
        let inner = self.amount(inner);
        let wanted = self.unit(unit, inner.as_ref().and_then(|inner| inner.unit));
        let (inner, wanted) = (inner?, wanted?);
        let Some(own) = inner.unit else {
            self.report(
                Diagnostic::error(codes::UNLIKE_UNITS, unit.span, "this is a bare number already")
                    .note("`in` turns a quantity with a unit into a bare number; leave it out"),
            );
            return None;
        };
        let Ok(factor) = Unit::convert(Number::ONE, own, wanted) else {
            self.report_unlike(unit.span, wanted, own);
            return None;
        };
        Some((AmountKind::InUnit(Box::new(inner), factor), None))
    }

    /// `written` stands where something in `own` is meant.
    pub(super) fn report_unlike(&mut self, span: Span, written: Unit, own: Unit) {
        let message = format!("{} and {} measure different things", quoted(Some(written)), quoted(Some(own)));
        self.report(
            Diagnostic::error(codes::UNLIKE_UNITS, span, message)
                .note(format!("write {}, or a unit of the same kind", quoted(Some(own)))),
        );
    }

    pub(super) fn arithmetic(
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
            (Operator::Plus | Operator::Minus | Operator::Times | Operator::Over, _, _) => {
                self.report_mixed(span, &left, &right);
                return None;
            }
        };
        Some((AmountKind::Arithmetic(Box::new(left), operator, Box::new(right)), unit))
    }

    fn report_mixed(&mut self, span: Span, left: &Amount, right: &Amount) {
        let words = |unit: Option<Unit>| match unit {
            Some(unit) => format!("in {}", unit.symbol()),
            None => String::from("a bare number"),
        };
        let mut diagnostic =
            Diagnostic::error(codes::UNLIKE_UNITS, span, "these two cannot be calculated with as they are")
                .also(left.span, words(left.unit))
                .also(right.span, words(right.unit));
        let bare: Vec<String> = [left, right].iter().filter_map(|amount| self.made_bare(amount)).collect();
        diagnostic = diagnostic.note(format!("make a bare number of a quantity: {}", bare.join(", ")));
        self.report(diagnostic);
    }

    /// "`latest crp in mg/L`": how a quantity becomes a bare number.
    fn made_bare(&self, amount: &Amount) -> Option<String> {
        let unit = amount.unit?;
        let text = self.text(amount.span);
        let is_single = !matches!(amount.kind, AmountKind::Arithmetic(..) | AmountKind::Negative(_));
        let text = if is_single { text.to_owned() } else { format!("({text})") };
        let constant = matches!(amount.kind, AmountKind::Constant(_));
        (!constant).then(|| format!("`{text} in {}`", unit.symbol()))
    }

    /// A function takes a bare number.
    pub(super) fn expect_bare(&mut self, amount: &Amount) -> Option<()> {
        let Some(unit) = amount.unit else { return Some(()) };
        let message = format!("a function takes a bare number, and this is in {}", quoted(Some(unit)));
        let mut diagnostic = Diagnostic::error(codes::UNLIKE_UNITS, amount.span, message);
        diagnostic = match self.made_bare(amount) {
            Some(bare) => diagnostic.fix("say in which unit", amount.span, bare.trim_matches('`')),
            None => diagnostic.note("leave the unit out"),
        };
        self.report(diagnostic);
        None
    }

    /// Two amounts that are compared have the same unit.
    pub(super) fn expect_like(&mut self, amount: &Amount, subject: &Amount) -> Option<()> {
        if amount.unit == subject.unit {
            return Some(());
        }
        let message = format!("{} is compared with {}", quoted(subject.unit), quoted(amount.unit));
        let bare: Vec<String> = [subject, amount].iter().filter_map(|amount| self.made_bare(amount)).collect();
        let note = if bare.is_empty() {
            String::from("both must be in the same unit")
        } else {
            format!("make a bare number of a quantity: {}", bare.join(", "))
        };
        self.report(Diagnostic::error(codes::UNLIKE_UNITS, amount.span, message).note(note));
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
        let own = self.unit(name, wanted)?;
        let Some(wanted) = wanted else {
            self.report(
                Diagnostic::error(
                    codes::UNLIKE_UNITS,
                    name.span,
                    format!("a bare number is expected here, without {}", quoted(Some(own))),
                )
                .fix("leave the unit out", number.span.to(name.span), self.text(number.span)),
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

/// "`mg/L`", "a bare number".
pub(super) fn quoted(unit: Option<Unit>) -> String {
    unit.map_or_else(|| String::from("a bare number"), |unit| format!("`{}`", unit.symbol()))
}

/// The unit that was meant: with the same letters, where only the strokes are forgotten, else the nearest.
fn nearest_unit(written: &str) -> Option<&'static str> {
    let letters = |text: &str| {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let wanted = letters(written);
    let same = Unit::spellings().find(|spelling| letters(spelling) == wanted);
    same.or_else(|| suggest::nearest(written, Unit::spellings()))
}
