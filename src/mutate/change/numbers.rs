//! Numbers one step up and down, and their units.

use super::{Change, Subject};
use crate::mutate::line::{Kind, Line};

/// Every number by the smallest step it is written with, every unit by its neighbours; a limit that two ranges share in
/// both.
pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Change>) {
    for line in subject.lines.iter().filter(|line| !line.is_rule()) {
        for (at, word) in line.words.iter().enumerate() {
            match word.kind {
                Kind::Number => {
                    let steps = [false, true].into_iter().filter_map(|up| stepped(word.text, up));
                    found.extend(steps.map(|new| subject.replaced(line, at..at + 1, &new)));
                }
                Kind::Unit => {
                    found.extend(units(word.text).iter().map(|new| subject.replaced(line, at..at + 1, new)));
                }
                Kind::Name | Kind::Quoted | Kind::Sign => {}
            }
        }
    }
    shared_limits(subject, found);
}

/// A number one step up or down in its last digit; nothing below zero.
fn stepped(number: &str, up: bool) -> Option<String> {
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let whole: u64 = number.replace('.', "").parse().ok()?;
    let new = if up { whole.checked_add(1)? } else { whole.checked_sub(1)? };
    let digits = format!("{new:0>width$}", width = decimals + 1);
    let (before, after) = digits.split_at_checked(digits.len() - decimals)?;
    Some(if decimals == 0 { before.to_owned() } else { format!("{before}.{after}") })
}

/// Units beside one another in size, those of a rate and of a time too.
const NEIGHBOURS: [&[&str]; 8] = [
    &["days", "weeks", "months", "years"],
    &["day", "week", "month", "year"],
    &["ng", "ug", "mg", "g", "kg"],
    &["pmol", "nmol", "umol", "mmol", "mol"],
    &["uL", "mL", "dL", "L"],
    &["mm", "cm", "m"],
    &["s", "min", "h", "d"],
    &["U", "kU"],
];

/// The units like this one with one part a size smaller or larger.
fn units(unit: &str) -> Vec<String> {
    let parts: Vec<&str> = unit.split('/').collect();
    let mut found = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        for sizes in NEIGHBOURS {
            let Some(place) = sizes.iter().position(|size| size == part) else { continue };
            let others = [place.checked_sub(1), place.checked_add(1)].into_iter().flatten();
            for other in others.filter_map(|place| sizes.get(place)) {
                let mut new = parts.clone();
                if let Some(part) = new.get_mut(at) {
                    *part = other;
                }
                found.push(new.join("/"));
            }
        }
    }
    found
}

/// Which end of a range a number is, and whether it belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Low { included: bool },
    High { included: bool },
}

/// Where the end of a range stands.
struct Limit<'a> {
    /// The line, the cell, the words from the comparison to the number.
    line: usize,
    cell: usize,
    words: std::ops::Range<usize>,
    number: &'a str,
    end: End,
}

/// In a table of ranges the limit between two of them stands twice. Alone neither number can change without a gap, so both
/// change together: one step down, one step up, and to the other range.
fn shared_limits(subject: &Subject<'_>, found: &mut Vec<Change>) {
    let mut limits = Vec::new();
    for (at, line) in subject.lines.iter().enumerate() {
        let cells = line.cells.iter().enumerate();
        limits.extend(cells.flat_map(|(cell, words)| ends(line, at, cell, words.clone())));
    }
    let in_heading = |limit: &Limit<'_>| subject.heading(limit.line) == Some(limit.line);
    let together = |one: &Limit<'_>, other: &Limit<'_>| {
        let same_table = subject.heading(one.line) == subject.heading(other.line);
        let same_place = if in_heading(one) { one.line == other.line } else { one.cell == other.cell };
        one.number == other.number && same_table && same_place && in_heading(one) == in_heading(other)
    };
    for (at, first) in limits.iter().enumerate() {
        if limits.iter().take(at).any(|earlier| together(earlier, first)) {
            continue;
        }
        let all: Vec<&Limit<'_>> = limits.iter().filter(|limit| together(first, limit)).collect();
        let has = |low: bool| all.iter().any(|limit| matches!(limit.end, End::Low { .. }) == low);
        if has(true) && has(false) {
            let ways = [stepped(first.number, false), stepped(first.number, true)];
            found.extend(ways.into_iter().flatten().map(|number| moved(subject, &all, &number, false)));
            found.push(moved(subject, &all, first.number, true));
        }
    }
}

/// The ends of the range in a cell.
fn ends<'a>(line: &Line<'a>, at: usize, cell: usize, words: std::ops::Range<usize>) -> Vec<Limit<'a>> {
    let numbers = words.clone().filter(|at| line.words.get(*at).is_some_and(|word| word.kind == Kind::Number));
    let read = |number: usize| {
        let back = |count: usize| number.checked_sub(count).filter(|from| *from >= words.start);
        let is = |count: usize, text: &str| back(count).is_some_and(|from| line.word(from) == text);
        let (from, end) = if is(1, "above") {
            (1, End::Low { included: false })
        } else if is(2, "at") && is(1, "least") {
            (2, End::Low { included: true })
        } else if is(1, "below") {
            (1, End::High { included: false })
        } else if is(2, "at") && is(1, "most") {
            (2, End::High { included: true })
        } else if is(1, "to") {
            (0, End::High { included: true })
        } else if line.word(number + 1) == "to" {
            (0, End::Low { included: true })
        } else {
            return None;
        };
        let number_text = line.words.get(number)?.text;
        Some(Limit { line: at, cell, words: number - from..number + 1, number: number_text, end })
    };
    numbers.filter_map(read).collect()
}

/// All these ends with another number, or belonging to the other range.
fn moved(subject: &Subject<'_>, limits: &[&Limit<'_>], number: &str, flipped: bool) -> Change {
    let mut edits = Vec::new();
    let mut said = Vec::new();
    for limit in limits {
        let Some(line) = subject.lines.get(limit.line) else { continue };
        let after_to = line.before(limit.words.start) == "to";
        let before_to = line.word(limit.words.end) == "to";
        let words = match limit.end {
            End::Low { included } if included == flipped => format!("above {number}"),
            End::Low { .. } if before_to => number.to_owned(),
            End::Low { .. } => format!("at least {number}"),
            End::High { included } if included == flipped => format!("below {number}"),
            End::High { .. } if after_to => number.to_owned(),
            End::High { .. } => format!("at most {number}"),
        };
        let stretch = line.stretch(limit.words.clone());
        let before = subject.text.get(stretch.clone()).unwrap_or("");
        said.push(format!("`{before}` becomes `{words}`"));
        edits.push((stretch, words));
    }
    said.dedup();
    let first = limits.first().and_then(|limit| subject.lines.get(limit.line));
    let change =
        Change { edits, line: String::new(), otherwise: crate::cases::Otherwise::LeftOut, said: said.join(" and ") };
    match first {
        Some(line) => subject.becomes(line, change.edits, change.said),
        None => change,
    }
}

#[cfg(test)]
mod tests {
    use super::{stepped, units};

    #[test]
    fn a_step_is_one_of_the_last_digit() {
        assert_eq!(stepped("5", true).as_deref(), Some("6"));
        assert_eq!(stepped("7.5", false).as_deref(), Some("7.4"));
        assert_eq!(stepped("0.05", false).as_deref(), Some("0.04"));
        assert_eq!(stepped("9.9", true).as_deref(), Some("10.0"));
        assert_eq!(stepped("0", false), None);
    }

    #[test]
    fn a_unit_has_neighbours_in_each_part() {
        assert_eq!(units("weeks"), ["days", "months"]);
        assert_eq!(units("mg/day"), ["ug/day", "g/day", "mg/week"]);
        assert!(units("%").is_empty());
    }
}
