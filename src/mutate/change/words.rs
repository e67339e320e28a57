//! How many of a list, `and` and `or`, and values.

use super::{Change, Subject};
use crate::mutate::line::{Kind, Line};
use crate::mutate::values::{Values, another};

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Change>) {
    for (at, line) in subject.statements() {
        how_many(subject, line, found);
        connectives(subject, line, found);
        if line.cells.is_empty() {
            values_of_conditions(subject, line, found);
        } else {
            values_of_cells(subject, at, line, found);
        }
    }
}

/// `all of` and `any of`, `highest of` and `lowest of`.
fn how_many(subject: &Subject<'_>, line: &Line<'_>, found: &mut Vec<Change>) {
    for at in 0..line.words.len() {
        let new = match line.word(at) {
            "all" | "none" => "any",
            "any" => "all",
            "highest" => "lowest",
            "lowest" => "highest",
            _ => continue,
        };
        if line.word(at + 1) == "of" {
            found.push(subject.replaced(line, at..at + 1, new));
        }
    }
}

/// Every `and` of a line becomes `or`, and the other way round: they cannot be mixed.
fn connectives(subject: &Subject<'_>, line: &Line<'_>, found: &mut Vec<Change>) {
    for (old, new) in [("and", "or"), ("or", "and")] {
        let joins = |at: &usize| line.word(*at) == old && line.word(at + 1) != "also";
        let places: Vec<usize> = (0..line.words.len()).filter(joins).collect();
        if !places.is_empty() && line.cells.is_empty() {
            let edits = places.iter().map(|at| (line.stretch(*at..at + 1), new.to_owned())).collect();
            found.push(subject.becomes(line, edits, format!("`{old}` becomes `{new}`")));
        }
    }
}

/// `subtype is one of DM, PM`: each value another that is not named yet. A line of `course outcome` begins with one.
fn values_of_conditions(subject: &Subject<'_>, line: &Line<'_>, found: &mut Vec<Change>) {
    for at in (0..line.words.len()).filter(|at| matches!(line.word(*at), "is" | "are")) {
        let before = (0..at).rev().map(|before| line.word(before)).take_while(|word| !matches!(*word, "and" | "or"));
        let values = before
            .map(|word| (subject.values.of(word), Values::of_treatment(word)))
            .flat_map(|(own, of_treatment)| [own, of_treatment])
            .find(|values| !values.is_empty());
        let Some(values) = values else { continue };
        let mut first = at + 1;
        while matches!(line.word(first), "not" | "one" | "of") {
            first += 1;
        }
        let is_value = |at: &usize| line.word(*at) == "," || values.iter().any(|value| value == line.word(*at));
        let places: Vec<usize> =
            (first..line.words.len()).take_while(is_value).filter(|at| line.word(*at) != ",").collect();
        let named: Vec<&str> = places.iter().map(|at| line.word(*at)).collect();
        for place in places {
            if let Some(new) = another(&values, line.word(place), &named) {
                found.push(subject.replaced(line, place..place + 1, &new));
            }
        }
    }
}

/// The values in the cells of a row, what it gives, and cells that become `any`.
fn values_of_cells(subject: &Subject<'_>, at: usize, line: &Line<'_>, found: &mut Vec<Change>) {
    let (Some(output), Some(heading)) = (subject.output(at), subject.heading(at).and_then(|at| subject.lines.get(at)))
    else {
        return;
    };
    for (place, cell) in line.cells.iter().enumerate() {
        let headed = heading.cells.get(place).map_or(0..0, Clone::clone);
        let values = headed.rev().map(|at| heading.word(at)).map(|word| subject.values.of(word));
        let values = values.into_iter().find(|values| !values.is_empty()).unwrap_or_default();
        let named: Vec<&str> = cell.clone().map(|at| line.word(at)).collect();
        for at in cell.clone().filter(|at| line.words.get(*at).is_some_and(|word| word.kind == Kind::Name)) {
            if let Some(new) = another(&values, line.word(at), &named) {
                found.push(subject.replaced(line, at..at + 1, &new));
            }
        }
        if place != output && named != ["any"] && !cell.is_empty() {
            found.push(subject.replaced(line, cell.clone(), "any"));
        }
    }
}
