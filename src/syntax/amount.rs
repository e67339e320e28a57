//! Formulas: numbers, readings and what is worked out from them.

use super::grammar::{Node, Rule};
use super::limits::{FORMULA_SIGNS, TOO_LARGE};
use super::number::read_number;
use super::reader::Reader;
use super::reading::read_reading;
use super::therapy::single;
use super::tree::{Amount, AmountKind, Function, Literal, Operator, Share};
use crate::diagnostics::{Code, Diagnostic, suggest};
use crate::source::Spanned;
use crate::value::{Number, Unit};

/// A function that is not there, or is written without parentheses.
pub(super) const FUNCTION: Code = Code {
    id: "S008",
    title: "not a function",
    explanation: "\
There are three functions, each of one bare number in parentheses: `sqrt( )` the square root, `ln( )` the natural
logarithm, `exp( )` its inverse.

    0.36 * ln latest crp in mg/L + 1          wrong: of what?
    0.36 * ln(latest crp in mg/L + 1)",
};

/// A sign without blanks, or a sign that is none.
pub(super) const SIGN: Code = Code {
    id: "S009",
    title: "a sign needs blanks around it",
    explanation: "\
`+`, `-`, `*` and `/` stand between blanks, because units and names hold signs too: `mg/L/10` is one unit.

    latest ck-ck at baseline        wrong
    latest ck - ck at baseline",
};

/// An upper limit that is spelt otherwise.
pub(super) const UPPER_LIMIT: Code = Code {
    id: "S010",
    title: "a multiple of the upper limit is spelt otherwise",
    explanation: "\
A multiple of the laboratory's own upper limit is `1.3 x upper limit`; `1.3 x ULN` and `1.3 times upper limit` are
accepted. Without the `x` it reads like a unit.

    latest ck is above 1.3 upper limit        wrong
    latest ck is above 1.3 x upper limit",
};

/// An `amount` node.
pub(super) fn read_amount(node: &Node<'_>, reader: &mut Reader) -> Option<Amount> {
    let mut terms: Vec<Amount> = Vec::new();
    let mut signs: Vec<Spanned<Operator>> = Vec::new();
    let mut minus: Option<Node<'_>> = None;
    for part in node.children() {
        #[expect(clippy::wildcard_enum_match_arm, reason = "every other part is a sign")]
        match part.rule() {
            Rule::negative => minus = Some(part),
            Rule::term => {
                let term = read_term(&part, reader)?;
                terms.push(match minus.take() {
                    Some(minus) => negated(&minus, term),
                    None => term,
                });
            }
            _ => signs.push(Spanned::new(read_sign(&part), part.span())),
        }
    }
    if signs.len() > FORMULA_SIGNS {
        let message = format!("this formula has {} signs; at most {FORMULA_SIGNS} are read", signs.len());
        let help = "give an inner part a `number` block and a name of its own";
        reader.report(Diagnostic::error(TOO_LARGE, node.span(), message).note(help));
        return None;
    }
    if !check_signs(node, &terms, &signs, reader) {
        return None;
    }
    fold(terms, &signs)
}

/// `*` and `/` first, then `+` and `-`, each from left to right.
fn fold(terms: Vec<Amount>, signs: &[Spanned<Operator>]) -> Option<Amount> {
    let mut terms = terms.into_iter();
    let mut sum: Option<(Amount, Operator)> = None;
    let mut product = terms.next()?;
    for (sign, term) in signs.iter().zip(terms) {
        match sign.value {
            Operator::Times | Operator::Over => product = joined(product, sign.value, term),
            Operator::Plus | Operator::Minus => {
                let left = match sum.take() {
                    Some((left, operator)) => joined(left, operator, product),
                    None => product,
                };
                sum = Some((left, sign.value));
                product = term;
            }
        }
    }
    Some(match sum {
        Some((left, operator)) => joined(left, operator, product),
        None => product,
    })
}

fn joined(left: Amount, operator: Operator, right: Amount) -> Amount {
    let span = left.span.to(right.span);
    Amount { span, kind: AmountKind::Arithmetic { left: Box::new(left), operator, right: Box::new(right) } }
}

fn negated(minus: &Node<'_>, amount: Amount) -> Amount {
    let span = minus.span().to(amount.span);
    let kind = match amount.kind {
        AmountKind::Literal(literal) => {
            AmountKind::Literal(Literal { number: literal.number.map(Number::negated), ..literal })
        }
        kind @ (AmountKind::OutOf { .. }
        | AmountKind::UpperLimits(_)
        | AmountKind::Read(_)
        | AmountKind::SinceLastDose(_)
        | AmountKind::InUnit(..)
        | AmountKind::ChangeIn(_)
        | AmountKind::Improvement { .. }
        | AmountKind::Negative(_)
        | AmountKind::Arithmetic { .. }
        | AmountKind::Call { .. }) => AmountKind::Negative(Box::new(Amount { span: amount.span, kind })),
    };
    Amount { span, kind }
}

fn read_sign(node: &Node<'_>) -> Operator {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a sign has no other rule")]
    match node.rule() {
        Rule::plus => Operator::Plus,
        Rule::times => Operator::Times,
        Rule::over => Operator::Over,
        _ => Operator::Minus,
    }
}

/// Signs stand between blanks. `17-25` is left to the range, which knows what was meant; after `anti-jo1` nothing more
/// is said about the line.
fn check_signs(node: &Node<'_>, terms: &[Amount], signs: &[Spanned<Operator>], reader: &mut Reader) -> bool {
    let source = node.source();
    for ((sign, left), right) in signs.iter().zip(terms).zip(terms.iter().skip(1)) {
        let place = |at: u32| at.saturating_sub(source.base) as usize;
        let (start, end) = (place(sign.span.start), place(sign.span.end));
        let blank_before = source.text.get(..start).is_some_and(|text| text.ends_with(char::is_whitespace));
        let blank_after = source.text.get(end..).is_some_and(|text| text.starts_with(char::is_whitespace));
        let text = source.text.get(start..end).unwrap_or("");
        let is_dash = matches!(text, "–" | "—");
        let numbers = matches!((&left.kind, &right.kind), (AmountKind::Literal(_), AmountKind::Literal(_)));
        if numbers || (blank_before && blank_after && !is_dash) {
            continue;
        }
        let names = matches!((&left.kind, &right.kind), (AmountKind::Read(_), AmountKind::Read(_)));
        if names && sign.value == Operator::Minus && !blank_before && !blank_after {
            let (first, second) = (source.slice(left.span).rsplit(' ').next().unwrap_or(""), source.slice(right.span));
            let message = format!(
                "`{first}{text}{second}`: write `{first}_{second}` for one name, `{first} - {second}` for a minus"
            );
            reader.report(Diagnostic::error(SIGN, left.span.to(right.span), message));
            return false;
        }
        let spelt = if is_dash { "-" } else { text };
        let message = if is_dash {
            format!("`{text}` is not a minus")
        } else {
            format!("the sign `{text}` stands between blanks")
        };
        let spelt = format!("{}{spelt}{}", if blank_before { "" } else { " " }, if blank_after { "" } else { " " });
        let diagnostic = Diagnostic::error(SIGN, sign.span, message);
        reader.report(diagnostic.fix(format!("write `{spelt}`"), sign.span, spelt));
        return true;
    }
    true
}

fn read_term(node: &Node<'_>, reader: &mut Reader) -> Option<Amount> {
    let mut children = node.children();
    let primary = children.next()?;
    let amount = read_primary(&primary, reader)?;
    let Some(in_unit) = children.next() else { return Some(amount) };
    let unit = in_unit.child(Rule::unit)?;
    let unit = Spanned::new(unit.text().to_owned(), unit.span());
    Some(Amount { span: node.span(), kind: AmountKind::InUnit(Box::new(amount), unit) })
}

fn read_primary(node: &Node<'_>, reader: &mut Reader) -> Option<Amount> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a part of a formula has no other rule")]
    let kind = match node.rule() {
        Rule::group => return read_amount(&node.child(Rule::amount)?, reader),
        Rule::call => read_call(node, reader)?,
        Rule::improvement => {
            let subject = reader.name(&node.child(Rule::name)?);
            AmountKind::Improvement { subject, share: read_share(&node.child(Rule::share)?) }
        }
        Rule::change => {
            if let Some(of) = node.child(Rule::kw_of) {
                let diagnostic =
                    Diagnostic::error(super::reader::UNEXPECTED, of.span(), "`change of` is written `change in`");
                reader.report(diagnostic.fix("write `in`", of.span(), "in"));
            }
            AmountKind::ChangeIn(reader.name(&node.child(Rule::name)?))
        }
        Rule::since_last_dose => AmountKind::SinceLastDose(single(reader.name(&node.child(Rule::name)?))),
        Rule::quantity => read_quantity(node, reader)?,
        Rule::upper_limit => AmountKind::UpperLimits(Spanned::new(Number::ONE, node.span())),
        Rule::reading => AmountKind::Read(read_reading(node, reader)?),
        _ => return None,
    };
    Some(Amount { span: node.span(), kind })
}

fn read_call(node: &Node<'_>, reader: &mut Reader) -> Option<AmountKind> {
    let name = node.child(Rule::function)?;
    let of = Box::new(read_amount(&node.child(Rule::amount)?, reader)?);
    let function = match name.text() {
        "sqrt" => Function::SquareRoot,
        "ln" => Function::NaturalLogarithm,
        "exp" => Function::Exponential,
        other => {
            let message = format!("`{other}` is not a function; there are `sqrt( )`, `ln( )` and `exp( )`");
            let diagnostic = Diagnostic::error(FUNCTION, name.span(), message);
            let meant = if matches!(other, "log" | "log10") { None } else { suggest::nearest(other, ["sqrt", "exp"]) };
            reader.report(match meant {
                Some(meant) => diagnostic.fix(format!("write `{meant}`"), name.span(), meant),
                None if other == "log" => diagnostic.note("the natural logarithm is `ln( )`"),
                None => {
                    diagnostic.note("the highest, lowest, sum or average of several is a `number` block with a list")
                }
            });
            return None;
        }
    };
    Some(AmountKind::Call { function, of })
}

/// A `share` node.
pub(super) fn read_share(node: &Node<'_>) -> Share {
    if node.has(Rule::kw_baseline) { Share::Baseline } else { Share::Range }
}

fn read_quantity(node: &Node<'_>, reader: &mut Reader) -> Option<AmountKind> {
    let mut children = node.children();
    let number = read_number(&children.next()?, reader);
    let Some(suffix) = children.next() else { return Some(AmountKind::Literal(Literal { number, unit: None })) };
    #[expect(clippy::wildcard_enum_match_arm, reason = "nothing else follows a number")]
    Some(match suffix.rule() {
        Rule::times_limit => AmountKind::UpperLimits(number),
        Rule::limit_without_x => {
            let message = format!("`{}`: write `x upper limit` after the number", node.text());
            let at = suffix.span();
            reader.report(Diagnostic::error(UPPER_LIMIT, node.span(), message).fix("add the `x`", at, "x upper limit"));
            AmountKind::UpperLimits(number)
        }
        Rule::scale => AmountKind::OutOf { value: number, scale: read_number(&suffix.child(Rule::number)?, reader) },
        _ => {
            let unit = Spanned::new(suffix.text().to_owned(), suffix.span());
            if let Some(divisor) = unit.value.strip_prefix('/').filter(|_| Unit::parse(&unit.value).is_err()) {
                let message = "the sign `/` stands between blanks";
                let fix = format!("{} / {divisor}", node.text().strip_suffix(suffix.text()).unwrap_or("").trim());
                let diagnostic = Diagnostic::error(SIGN, suffix.span(), message);
                reader.report(diagnostic.fix("put blanks around it", node.span(), fix));
                return None;
            }
            AmountKind::Literal(Literal { number, unit: Some(unit) })
        }
    })
}
