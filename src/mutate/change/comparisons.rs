//! `above` and `at least`, `below` and `at most`, `A to B` with and without its ends, `is` and `is not`.

use super::{Change, Subject};
use crate::mutate::line::{Kind, Line};

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Change>) {
    for line in subject.lines.iter().filter(|line| !line.is_rule()) {
        for at in 0..line.words.len() {
            for (count, new) in others(line, at) {
                found.push(subject.replaced(line, at..at + count, &new));
            }
        }
    }
    bare_cells(subject, found);
}

/// How many words from a place can become which others.
fn others(line: &Line<'_>, at: usize) -> Vec<(usize, String)> {
    let word = line.word(at);
    let is_number = |at: usize| line.words.get(at).is_some_and(|word| word.kind == Kind::Number);
    let some = |count: usize, new: &str| vec![(count, new.to_owned())];
    match word {
        "above" => some(1, "at least"),
        "below" if line.before(at) == "to" => vec![],
        "below" => some(1, "at most"),
        "to" if line.word(at + 1) == "below" => some(2, "to"),
        "to" if is_number(at + 1) => some(1, "to below"),
        "at" if line.word(at + 1) == "least" && line.before(at) == "by" => some(2, "more than"),
        "at" if line.word(at + 1) == "most" && line.before(at) == "by" => some(2, "less than"),
        "at" if line.word(at + 1) == "least" => vec![(2, "above".to_owned()), (2, "exactly".to_owned())],
        "at" if line.word(at + 1) == "most" => vec![(2, "below".to_owned()), (2, "exactly".to_owned())],
        "exactly" if is_number(at + 1) => some(1, "at least"),
        "more" | "less" if line.word(at + 1) == "than" => some(2, if word == "more" { "at least" } else { "at most" }),
        "is" | "are" if line.word(at + 1) == "not" => some(2, word),
        "is" | "are" => some(1, &format!("{word} not")),
        "not" if !matches!(line.before(at), "is" | "are") && line.words.len() > at + 1 => some(2, line.word(at + 1)),
        _ if is_number(at) && line.word(at + 1) == "to" && !matches!(line.before(at), "above" | "least") => {
            some(1, &format!("above {word}"))
        }
        _ => vec![],
    }
}

/// A cell of a decision table that holds a number and nothing else.
fn bare_cells(subject: &Subject<'_>, found: &mut Vec<Change>) {
    for (at, line) in subject.statements() {
        let Some(output) = subject.output(at) else { continue };
        for (place, cell) in line.cells.iter().enumerate() {
            let number = line.words.get(cell.start).filter(|word| word.kind == Kind::Number && cell.len() == 1);
            if let Some(number) = number.filter(|_| place != output) {
                let ways = ["at least", "at most"].map(|bound| format!("{bound} {}", number.text));
                found.extend(ways.iter().map(|new| subject.replaced(line, cell.clone(), new)));
            }
        }
    }
}
