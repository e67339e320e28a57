//! What the formats for people share: values, dates and sources in words.

use crate::catalog::Mark;
use crate::eval::Status;
pub(crate) use crate::explain::day;
use crate::explain::{Explanation, Possible};
use crate::value::{Bound, Interval, Number, NumberSet};

/// How many possible numbers a person reads one by one.
const LISTED: usize = 6;

/// The status as programs read it.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Decided => "decided",
        Status::Open => "open",
        Status::Silent => "silent",
        Status::Fault => "fault",
    }
}

/// The one number a set stands for: its only member, or what both ends of a small stretch that a function was enclosed
/// in are rounded to, which is then not exact.
pub(crate) fn one_number(set: &NumberSet) -> Option<(Number, bool)> {
    if let Some(only) = set.single() {
        return Some((only, !set.is_approximate()));
    }
    let hull = set.hull().filter(|_| set.is_approximate())?;
    let (low, high) = (hull.low.number()?, hull.high.number()?);
    let agreed = |places: usize| Some(low.rounded(places)).filter(|text| *text == high.rounded(places))?.parse().ok();
    [12, 9].into_iter().find_map(agreed).map(|number| (number, false))
}

/// A number for a person: exact where it is short, else two decimals, or four where it is a fraction of one.
pub(crate) fn number(number: Number) -> String {
    let short = |text: &String| text.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 3);
    let fraction = number.floor() == 0 || number.floor() == -1;
    number.exact_decimal().filter(short).unwrap_or_else(|| trimmed(&number.rounded(if fraction { 4 } else { 2 })))
}

fn trimmed(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// What is possible, in a few words: `moderate`, `minimal or moderate`, `42.5 points`, `20 to 60 points`.
pub(crate) fn possible(possible: &Possible, unit: Option<&str>) -> String {
    match possible {
        Possible::YesNo { yes: true, no: false } => "yes".to_owned(),
        Possible::YesNo { yes: false, no: true } => "no".to_owned(),
        Possible::YesNo { yes: true, no: true } => "yes or no".to_owned(),
        Possible::YesNo { .. } | Possible::Nothing => "no answer".to_owned(),
        Possible::Choice(values) => any_of(&values.iter().map(|value| spoken(value)).collect::<Vec<_>>()),
        Possible::Several { certain, perhaps } => several(certain, perhaps),
        Possible::Number(set) => match unit {
            Some(unit) => with_unit(&numbers(set), unit),
            None => numbers(set),
        },
    }
}

fn several(certain: &[String], perhaps: &[String]) -> String {
    let certain = certain.iter().map(|value| spoken(value)).collect::<Vec<_>>().join(", ");
    let perhaps = any_of(&perhaps.iter().map(|value| spoken(value)).collect::<Vec<_>>());
    match (certain.is_empty(), perhaps.is_empty()) {
        (true, true) => "none".to_owned(),
        (false, true) => certain,
        (true, false) => format!("perhaps {perhaps}"),
        (false, false) => format!("{certain}; perhaps {perhaps}"),
    }
}

/// A unit after a number; a percent and the like stand beside it as any other.
pub(crate) fn with_unit(number: &str, unit: &str) -> String {
    let one = number == "1" || number.ends_with(" or 1");
    let unit = if unit == "points" && one { "point" } else { unit };
    if unit.is_empty() || unit == "1" { number.to_owned() } else { format!("{number} {unit}") }
}

/// The numbers of a set: `42.5`, `42.5, 47.5 or 50`, `20 to 60`.
pub(crate) fn numbers(set: &NumberSet) -> String {
    if let Some((only, exact)) = one_number(set) {
        let text = number(only);
        let rounded = only.exact_decimal().is_none_or(|decimal| decimal != text);
        return if exact && !rounded { text } else { format!("about {text}") };
    }
    if let Some(values) = set.finite_values(LISTED) {
        return any_of(&values.into_iter().map(number).collect::<Vec<_>>());
    }
    set.hull().map_or_else(|| "nothing".to_owned(), interval)
}

/// As [`possible`], for the row of a table: numbers to two decimals, several of them as a stretch.
pub(crate) fn brief(shown: &Possible, unit: Option<&str>) -> String {
    let Possible::Number(set) = shown else { return possible(shown, unit) };
    let text = match (one_number(set), set.finite_values(2), set.hull()) {
        (Some((only, _)), _, _) => number(only),
        (None, Some(values), _) => any_of(&values.into_iter().map(number).collect::<Vec<_>>()),
        (None, None, Some(hull)) => interval(hull),
        (None, None, None) => "nothing".to_owned(),
    };
    unit.map_or(text.clone(), |unit| with_unit(&text, unit))
}

fn interval(hull: Interval) -> String {
    match (hull.low, hull.high) {
        (Bound::Unbounded, Bound::Unbounded) => "any number".to_owned(),
        (Bound::Closed(low), Bound::Unbounded) => format!("at least {}", number(low)),
        (Bound::Open(low), Bound::Unbounded) => format!("above {}", number(low)),
        (Bound::Unbounded, Bound::Closed(high)) => format!("at most {}", number(high)),
        (Bound::Unbounded, Bound::Open(high)) => format!("below {}", number(high)),
        (Bound::Closed(low), Bound::Closed(high)) => format!("{} to {}", number(low), number(high)),
        (Bound::Closed(low), Bound::Open(high)) => format!("{} to below {}", number(low), number(high)),
        (Bound::Open(low), Bound::Closed(high)) => format!("above {} to {}", number(low), number(high)),
        (Bound::Open(low), Bound::Open(high)) => format!("above {} to below {}", number(low), number(high)),
    }
}

/// `a`, `a or b`, `a, b or c`
pub(crate) fn any_of(words: &[String]) -> String {
    joined(words, "or")
}

/// `a`, `a and b`, `a, b and c`
pub(crate) fn all_of(words: &[String]) -> String {
    joined(words, "and")
}

/// `a, b and 3 more`
pub(crate) fn some(words: &[String], most: usize) -> String {
    match words.len().saturating_sub(most) {
        // One more is as long as its name.
        0 | 1 => all_of(words),
        more => format!("{} and {more} more", words.iter().take(most).cloned().collect::<Vec<_>>().join(", ")),
    }
}

/// `a, b and 3 more`, also where only one is left out.
pub(crate) fn first(words: &[String], most: usize) -> String {
    match words.len().saturating_sub(most) {
        0 => all_of(words),
        more => format!("{} and {more} more", words.iter().take(most).cloned().collect::<Vec<_>>().join(", ")),
    }
}

/// A guideline that says something of treatment: its page is told in fewer words.
pub(crate) fn is_brief(explanation: &Explanation) -> bool {
    !explanation.ladders.is_empty() || !explanation.conclusions.is_empty()
}

fn joined(words: &[String], word: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// A name as a person says it: `not_applicable` is `not applicable`.
pub(crate) fn spoken(name: &str) -> String {
    name.replace('_', " ")
}

/// How far a source was verified, where a reader must know: nothing for what was read in the source itself.
pub(crate) fn doubt(mark: Mark) -> Option<&'static str> {
    match mark {
        Mark::LocalDefault => Some("local"),
        Mark::Unverified => Some("not verified"),
        Mark::FoundingReport => Some("meeting report"),
        Mark::Secondary => Some("second-hand"),
        Mark::Verified => None,
    }
}

/// The text with its first letter large, unless its first word has another large letter (`MMT8`, `anti-Mi-2`).
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    let word = text.split(' ').next().unwrap_or_default();
    if word.contains('_') || word.chars().any(|letter| letter.is_uppercase() || letter.is_ascii_digit()) {
        return text.to_owned();
    }
    format!("{}{}", first.to_uppercase(), letters.as_str())
}

/// `MMT8 and HAQ after the baseline (no later visit)`
pub(crate) fn how_missing(labels: &str, when: &str, why: &str) -> String {
    let blank = if when.is_empty() { "" } else { " " };
    format!("{labels}{blank}{when} ({why})")
}

/// A text with the labels of facts and the titles of blocks in the place of their names.
pub(crate) fn labelled(explanation: &Explanation, text: &str) -> String {
    let operands = || {
        let parts = explanation.trace.iter().flat_map(|statement| &statement.parts);
        explanation.trace.iter().chain(parts).flat_map(|statement| &statement.operands)
    };
    let label = |word: &str| {
        let name = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let fact = operands().find(|operand| operand.id == name).map(|operand| &operand.label);
        let block = || explanation.trace.iter().find(|statement| statement.id == name).map(|block| &block.title);
        fact.or_else(block).filter(|_| !name.is_empty()).map(|label| word.replace(name, label))
    };
    let words: Vec<String> = text.split(' ').map(|word| label(word).unwrap_or_else(|| spoken(word))).collect();
    words.join(" ")
}

/// Where the clinic disagrees with something: `The clinic says …`.
pub(crate) fn clinic_says(explanation: &Explanation, name: &str) -> Option<String> {
    let own = explanation.overrides.iter().find(|own| own.answer == name)?;
    Some(format!("The clinic says {}: {} ({}).", own.mine, own.reason, own.by))
}
