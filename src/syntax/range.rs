//! Ranges: `above 5 to 15`, `at least 142`, `18 to below 40`.

use super::amount::read_amount;
use super::grammar::{Node, Rule};
use super::reader::Reader;
use super::tree::{Amount, AmountKind, End, Operator, Range};
use crate::diagnostics::{Code, Diagnostic};

/// A range that is spelt otherwise.
pub(super) const RANGE: Code = Code {
    id: "S011",
    title: "a range is spelt otherwise",
    explanation: "\
One end is `at least A`, `at most A`, `above A` or `below A`; two ends are joined by `to`, each spelt where it matters:
`18 to below 40`, `above 5 to 15`, `above 5 to at most 10`. `A to B` has both ends and is for whole numbers.

    age_at_onset is between 17 and 25     wrong: is 25 in it?
    mmt8 is 80-120                        wrong: a subtraction
    age_at_onset is 17 to below 26",
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equal,
}

/// A `range` node, or `more than 30 %` behind `by`.
pub(super) fn read_range(node: &Node<'_>, reader: &mut Reader) -> Option<Range> {
    if node.rule() == Rule::more_or_less {
        let side = if node.has(Rule::kw_less) { Side::Below } else { Side::Above };
        return one_end(node, side, &read_amount(&node.child(Rule::amount)?, reader)?, reader);
    }
    if let Some(between) = node.child(Rule::between) {
        return read_between(&between, reader);
    }
    let mut sides: [Option<Side>; 2] = [None, None];
    let mut amounts: Vec<Amount> = Vec::new();
    let mut or_more = None;
    for part in node.children() {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the word `to` says nothing more")]
        match part.rule() {
            Rule::bound => {
                if let Some(side) = sides.get_mut(amounts.len()) {
                    *side = read_side(&part, reader);
                }
            }
            Rule::amount => amounts.push(read_amount(&part, reader)?),
            Rule::or_more => or_more = Some(part),
            _ => {}
        }
    }
    let [first, second] = sides;
    let mut amounts = amounts.into_iter();
    let low = amounts.next()?;
    match amounts.next() {
        Some(high) => two_ends(node, (first, low), (second, high), reader),
        None => match or_more {
            Some(words) => one_end(node, said_side(&words, &low, node, reader), &low, reader),
            None => one_end(node, first.unwrap_or(Side::Equal), &low, reader),
        },
    }
}

fn one_end(node: &Node<'_>, side: Side, amount: &Amount, reader: &mut Reader) -> Option<Range> {
    let span = node.span();
    if let AmountKind::Arithmetic { left, operator: Operator::Minus, right } = &amount.kind
        && let (AmountKind::Literal(_), AmountKind::Literal(_)) = (&left.kind, &right.kind)
    {
        let (low, high) = (node.source().slice(left.span), node.source().slice(right.span));
        let diagnostic = Diagnostic::error(RANGE, amount.span, "a range is written with `to`");
        reader.report(diagnostic.note(both_readings(low, high)));
        return None;
    }
    let end = |included| Some(End { amount: amount.clone(), included });
    let (low, high) = match side {
        Side::AtLeast => (end(true), None),
        Side::Above => (end(false), None),
        Side::AtMost => (None, end(true)),
        Side::Below => (None, end(false)),
        Side::Equal => (end(true), end(true)),
    };
    Some(Range { span, low, high, plain: false })
}

/// What `65-74` may mean.
fn both_readings(low: &str, high: &str) -> String {
    match (low.parse::<u32>(), high.parse::<u32>().ok().and_then(|high| high.checked_add(1))) {
        (Ok(_), Some(next)) => format!(
            "write `{low} to {high}` for whole numbers, `{low} to below {next}` for what has parts between them, such as an age"
        ),
        _ => format!("write `{low} to at most {high}` with the upper end, `{low} to below {high}` without it"),
    }
}

fn two_ends(
    node: &Node<'_>,
    (first, low): (Option<Side>, Amount),
    (second, high): (Option<Side>, Amount),
    reader: &mut Reader,
) -> Option<Range> {
    let low_included = match first {
        None | Some(Side::AtLeast | Side::Equal) => true,
        Some(Side::Above) => false,
        Some(Side::AtMost | Side::Below) => return wrong_side(node, "begins", "`at least` or `above`", reader),
    };
    let high_included = match second {
        None | Some(Side::AtMost | Side::Equal) => true,
        Some(Side::Below) => false,
        Some(Side::AtLeast | Side::Above) => return wrong_side(node, "ends", "`at most` or `below`", reader),
    };
    let plain = first.is_none() && second.is_none();
    let low = Some(End { amount: low, included: low_included });
    let high = Some(End { amount: high, included: high_included });
    Some(Range { span: node.span(), low, high, plain })
}

fn wrong_side(node: &Node<'_>, where_from: &str, spelt: &str, reader: &mut Reader) -> Option<Range> {
    let message = format!("the range `{}` {where_from} with {spelt}, or with the number alone", node.text());
    reader.report(Diagnostic::error(RANGE, node.span(), message).note("for example `18 to below 40`, `above 5 to 15`"));
    None
}

fn read_between(node: &Node<'_>, reader: &mut Reader) -> Option<Range> {
    let mut ends = node.children().filter(|part| part.rule() == Rule::amount);
    let (first, second) = (ends.next()?, ends.next()?);
    let spelt = format!("{} to {}", first.text(), second.text());
    let message = format!("`between` leaves open whether the ends belong to it: write `{spelt}`");
    let diagnostic = Diagnostic::error(RANGE, node.span(), message).fix(format!("write `{spelt}`"), node.span(), spelt);
    reader.report(diagnostic.note(format!("without the upper end: `{} to below {}`", first.text(), second.text())));
    let low = Some(End { amount: read_amount(&first, reader)?, included: true });
    let high = Some(End { amount: read_amount(&second, reader)?, included: true });
    Some(Range { span: node.span(), low, high, plain: true })
}

/// `2 or more`
fn said_side(words: &Node<'_>, amount: &Amount, range: &Node<'_>, reader: &mut Reader) -> Side {
    let less = words.has(Rule::kw_less) || words.has(Rule::kw_lower) || words.has(Rule::kw_below);
    let (side, word) = if less { (Side::AtMost, "at most") } else { (Side::AtLeast, "at least") };
    let spelt = format!("{word} {}", range.source().slice(amount.span));
    let message = format!("`{}` is written `{spelt}`", range.text());
    let diagnostic = Diagnostic::error(RANGE, range.span(), message);
    reader.report(diagnostic.fix(format!("write `{spelt}`"), range.span(), spelt));
    side
}

fn read_side(node: &Node<'_>, reader: &mut Reader) -> Option<Side> {
    let word = node.first()?;
    #[expect(clippy::wildcard_enum_match_arm, reason = "a bound has no other rule")]
    let (side, spelt) = match word.rule() {
        Rule::at_least => (Side::AtLeast, None),
        Rule::at_most => (Side::AtMost, None),
        Rule::above => (Side::Above, None),
        Rule::below => (Side::Below, None),
        Rule::equal => (Side::Equal, None),
        Rule::at_least_said => (Side::AtLeast, Some("at least")),
        Rule::at_most_said => (Side::AtMost, Some("at most")),
        Rule::above_said => (Side::Above, Some("above")),
        Rule::below_said => (Side::Below, Some("below")),
        _ => return None,
    };
    if let Some(spelt) = spelt {
        let message = format!("`{}` is written `{spelt}`", word.text());
        let diagnostic = Diagnostic::error(RANGE, word.span(), message);
        reader.report(diagnostic.fix(format!("write `{spelt}`"), word.span(), spelt));
    }
    Some(side)
}
