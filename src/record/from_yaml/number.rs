use super::entry::Value;
use super::number_text::{Side, Written};
use super::{Reader, codes, shortened};
use crate::catalog::{Fact, Grade, NumberKind};
use crate::diagnostics::{Diagnostic, suggest};
use crate::record::{Given, NoticeKind};
use crate::value::{Bound, Interval, Number, NumberSet, Reason, Unit};
use crate::yaml::Node;

/// A number in the unit of its fact.
struct InUnit {
    side: Side,
    number: Number,
    spelled: UnitSpelled,
}

/// Whether a number was written with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitSpelled {
    /// `1450`
    Not,
    /// In the dictionary's unit.
    Own,
    /// In another, and converted.
    Other,
}

impl Reader<'_> {
    /// The value of a fact that is a number.
    pub(super) fn number(
        &mut self,
        fact: &Fact,
        kind: &NumberKind,
        scale: Option<Number>,
        node: &Node,
    ) -> Option<Value> {
        let name = fact.id.value.as_str();
        let InUnit { side, number, spelled } = self.number_in_unit(name, kind, node)?;
        if kind.whole && !number.is_whole() {
            let message = format!("`{name}` is a whole number, not {number}");
            self.error(Diagnostic::error(codes::WHOLE, node.span, message));
            return None;
        }
        let allowed = scale.map_or_else(|| kind.range.clone(), |end| kind.range.intersection(&up_to(end)));
        let said = match side {
            Side::Exactly => NumberSet::point(number),
            Side::Above => above(number),
            Side::Below => below(number),
        };
        let possible = said.intersection(&allowed);
        if possible.is_empty() {
            self.error(outside_range(fact, kind, &allowed, node, scale));
            return None;
        }
        if let Some(usual) = kind.usual.as_ref().filter(|usual| possible.intersection(usual).is_empty()) {
            let text =
                format!("`{name}` {} is unusual: it is mostly {}", written(node), range_in_words(usual, kind.unit));
            self.notice(NoticeKind::Unusual, node.span, text);
        }
        let reason = if side == Side::Exactly { Reason::Recorded } else { Reason::OutsideAssay };
        let possible = if kind.whole { possible.whole_only() } else { possible };
        Some(Value { given: Given::Number(possible), reason, spelled })
    }

    /// The laboratory's upper limit, beside a value whose unit was `spelled` so.
    pub(super) fn upper_limit(
        &mut self,
        fact: &Fact,
        kind: &NumberKind,
        node: &Node,
        spelled: Option<UnitSpelled>,
    ) -> Option<NumberSet> {
        if node.is_null() || node.text() == Some("unknown") {
            return None;
        }
        let limit = self.number_in_unit("upper_limit", kind, node)?;
        let refuse = |message: String, note: &str| {
            Some(Diagnostic::error(codes::UPPER_LIMIT, node.span, message).note(note.to_owned()))
        };
        let mistake = if limit.side != Side::Exactly {
            refuse("the upper limit is one number".to_owned(), "write for example `upper_limit: 170 U/L`")
        } else if limit.number.sign() <= 0 {
            refuse(format!("an upper limit is above zero, not {}", limit.number), "without it, leave `upper_limit` out")
        } else if matches!(
            (spelled, limit.spelled),
            (Some(UnitSpelled::Not), UnitSpelled::Other) | (Some(UnitSpelled::Other), UnitSpelled::Not)
        ) {
            let unit = kind.unit.map_or("", Unit::symbol);
            let message = format!("only one of `{}` and its upper limit says its unit", fact.id.value);
            refuse(message, &format!("a bare number would be read in {unit}: write the unit of both"))
        } else {
            None
        };
        match mistake {
            Some(mistake) => {
                self.error(mistake);
                None
            }
            None => Some(NumberSet::point(limit.number)),
        }
    }

    /// A number for what no dictionary describes: the end of a scale.
    pub(super) fn bare_number(&mut self, name: &str, node: &Node) -> Option<Number> {
        let written = self.written_number(name, node)?;
        if written.side == Side::Exactly && written.unit.is_none() {
            return Some(written.number);
        }
        self.error(Diagnostic::error(codes::NUMBER, node.span, format!("`{name}` is one number without a unit")));
        None
    }

    /// A share in per cent, from 0 to 100.
    pub(super) fn percentage(&mut self, name: &str, node: &Node) -> Option<Number> {
        let percent = Unit::parse("%").ok()?;
        let range = NumberSet::between(Number::ZERO, Number::whole(100));
        let kind = NumberKind {
            unit: Some(percent),
            whole: false,
            range: range.clone(),
            usual: None,
            upper_limit: false,
            scales: Vec::new(),
            conversions: Vec::new(),
            grades: Vec::new(),
        };
        let share = self.number_in_unit(name, &kind, node)?;
        if share.side == Side::Exactly && range.contains(share.number) {
            return Some(share.number);
        }
        let message = format!("`{name}` is a share from 0 to 100 %, not `{}`", written(node));
        self.error(Diagnostic::error(codes::RANGE, node.span, message));
        None
    }

    fn number_in_unit(&mut self, name: &str, kind: &NumberKind, node: &Node) -> Option<InUnit> {
        if let Some(grade) = grade_of(kind, node) {
            return Some(InUnit { side: Side::Exactly, number: grade.number, spelled: UnitSpelled::Own });
        }
        let Written { side, number, unit } = self.written_number(name, node)?;
        let (number, spelled) = match unit {
            None => (number, UnitSpelled::Not),
            Some(unit) => self.converted(name, kind, node, number, unit)?,
        };
        Some(InUnit { side, number, spelled })
    }

    /// The number in the unit of the fact.
    fn converted(
        &mut self,
        name: &str,
        kind: &NumberKind,
        node: &Node,
        number: Number,
        unit: &str,
    ) -> Option<(Number, UnitSpelled)> {
        let refuse = |message: String| Diagnostic::error(codes::UNIT, node.span, message);
        let Some(own) = kind.unit else {
            if !kind.grades.is_empty() {
                let grades: Vec<String> = kind.grades.iter().map(|grade| format!("`{}`", grade.written)).collect();
                let error = refuse(format!("`{name}` has no grade `{}`", written(node)));
                self.error(error.note(format!("a number alone, or one of {}", grades.join(", "))));
                return None;
            }
            let error = refuse(format!("`{name}` has no unit"));
            self.error(self.rewrite(error, node, &number.to_string()));
            return None;
        };
        let usual = format!("`{name}` is recorded in {own}");
        let Ok(unit) = Unit::parse(unit) else {
            let error = refuse(format!("`{}` is not a unit", shortened(unit))).note(usual);
            let spelling = suggest::nearest(unit, Unit::spellings().filter(|known| is_usable(known, kind)));
            self.error(match spelling {
                Some(meant) => self.rewrite(error, node, &format!("{number} {meant}")),
                None => error,
            });
            return None;
        };
        let own_factor =
            kind.conversions.iter().find(|other| !unit.is_comparable(own) && other.from.is_comparable(unit));
        let result = match own_factor {
            Some(other) => Unit::convert(number, unit, other.from).map(|value| value.times(other.factor)),
            None => Unit::convert(number, unit, own).map(Ok),
        };
        let error = match result {
            Ok(Ok(number)) if unit == own => return Some((number, UnitSpelled::Own)),
            Ok(Ok(number)) => return Some((number, UnitSpelled::Other)),
            Ok(Err(_)) => refuse(format!("`{}` has too many digits to convert exactly", written(node))),
            Err(error) => refuse(error.to_string()).note(usual),
        };
        self.error(error);
        None
    }
}

/// The grade a record writes in place of a number.
fn grade_of<'kind>(kind: &'kind NumberKind, node: &Node) -> Option<&'kind Grade> {
    let written = node.text()?.trim();
    kind.grades.iter().find(|grade| grade.written == written)
}

fn outside_range(
    fact: &Fact,
    kind: &NumberKind,
    allowed: &NumberSet,
    node: &Node,
    scale: Option<Number>,
) -> Diagnostic {
    let name = &fact.id.value;
    let range = range_in_words(allowed, kind.unit);
    let message = format!("`{name}` is {range}, not `{}`", written(node));
    let error = Diagnostic::error(codes::RANGE, node.span, message);
    match (scale, kind.unit) {
        (Some(end), _) => {
            error.note(format!("this is its scale to {end}; `{name}{}` names another", super::SCALE_SUFFIX))
        }
        (None, Some(unit)) if !written(node).contains(' ') => error.note(format!("a bare number is in {unit}")),
        (None, _) => error,
    }
}

/// `0 to 150`, `0 to 10 cm`, `at least 0 U/L`
pub(super) fn range_in_words(range: &NumberSet, unit: Option<Unit>) -> String {
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    let words = |interval: &Interval| match (interval.low, interval.high) {
        (Bound::Unbounded, Bound::Unbounded) => "any number".to_owned(),
        (Bound::Closed(low), Bound::Unbounded) => format!("at least {low}{unit}"),
        (Bound::Open(low), Bound::Unbounded) => format!("above {low}{unit}"),
        (Bound::Unbounded, Bound::Closed(high)) => format!("at most {high}{unit}"),
        (Bound::Unbounded, Bound::Open(high)) => format!("below {high}{unit}"),
        (Bound::Closed(low), Bound::Closed(high)) => format!("{low} to {high}{unit}"),
        (Bound::Closed(low), Bound::Open(high)) => format!("{low} to below {high}{unit}"),
        (Bound::Open(low), Bound::Closed(high)) => format!("above {low} to {high}{unit}"),
        (Bound::Open(low), Bound::Open(high)) => format!("above {low} to below {high}{unit}"),
    };
    range.intervals().iter().map(words).collect::<Vec<_>>().join(" or ")
}

/// Units of a kind that the fact can be converted from.
fn is_usable(spelling: &str, kind: &NumberKind) -> bool {
    let Ok(unit) = Unit::parse(spelling) else { return false };
    kind.unit.is_some_and(|own| own.is_comparable(unit))
        || kind.conversions.iter().any(|other| other.from.is_comparable(unit))
}

fn written(node: &Node) -> String {
    shortened(node.text().unwrap_or_default().trim())
}

fn up_to(end: Number) -> NumberSet {
    NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Closed(end) })
}

fn above(number: Number) -> NumberSet {
    NumberSet::from_interval(Interval { low: Bound::Open(number), high: Bound::Unbounded })
}

fn below(number: Number) -> NumberSet {
    NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Open(number) })
}
