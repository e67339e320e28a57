//! What is left out: the whole block, lines, rows, and members of a list on one line.

use super::{Change, Subject};
use crate::cases::Otherwise;
use crate::mutate::line::{Kind, Line, one_blank};
use crate::syntax::tree::{Body, Construct};

/// Words that begin a line which can be left out.
const LINES: [&str; 11] =
    ["-", "unless", "option", "throughout", "optional", "alongside", "give", "when", "line", "next", "conflicts"];

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Change>) {
    whole_block(subject, found);
    for (at, line) in subject.statements().filter(|(_, line)| line.indent > 0) {
        let is_line = LINES.contains(&line.word(0)) || !line.cells.is_empty() || line.word(1) == "when";
        if is_line {
            let end = end_of_section(subject, at);
            let said = format!("`{}` is left out", one_blank(line.text));
            let edits = vec![(line.whole.start..end, String::new())];
            found.push(Change { edits, line: one_blank(line.text), otherwise: Otherwise::LeftOut, said });
        }
    }
    for line in subject.lines.iter().filter(|line| line.cells.is_empty()) {
        members(subject, line, found);
    }
}

/// The end of what is indented below a line.
fn end_of_section(subject: &Subject<'_>, from: usize) -> usize {
    let Some(line) = subject.lines.get(from) else { return 0 };
    let below = subject.lines.iter().skip(from + 1).take_while(|below| below.indent > line.indent);
    below.last().unwrap_or(line).whole.end
}

/// A block that speaks for itself. Others are read by some block, which would not load without them.
fn whole_block(subject: &Subject<'_>, found: &mut Vec<Change>) {
    let Some(head) = subject.lines.first() else { return };
    let speaks = match subject.block.body.construct() {
        Construct::Covers
        | Construct::Impossible
        | Construct::Course
        | Construct::Contraindicated
        | Construct::Avoid
        | Construct::Stop
        | Construct::Prefer
        | Construct::Advice
        | Construct::Precedence
        | Construct::Source => true,
        // A caution is shown and decides nothing.
        Construct::Caution
        | Construct::Finding
        | Construct::Number
        | Construct::Measure
        | Construct::Score
        | Construct::Bands
        | Construct::Table
        | Construct::Judgement
        | Construct::Ladder
        | Construct::Monitor
        | Construct::Regimen
        | Construct::Suspect
        | Construct::Algorithm
        | Construct::Promise => false,
    };
    if speaks {
        let edits = vec![(0..subject.text.len(), String::new())];
        let said = format!("the whole of `{}` is left out", subject.block.name.value);
        found.push(Change { edits, line: one_blank(head.text), otherwise: Otherwise::LeftOut, said });
    }
}

/// Words that end a list of names, or stand before one.
const ENDS: [&str; 19] = [
    "of", "over", "when", "on", "at", "than", "is", "are", "and", "or", "because", "unless", "not", ":", "requires",
    "how", "strength", "every", "with",
];

/// `any of a, b, c` without one of them; `drug_a, drug_b` without one.
fn members(subject: &Subject<'_>, line: &Line<'_>, found: &mut Vec<Change>) {
    let is_shown = matches!(&subject.block.body, Body::Measure(_));
    let ends =
        |at: usize| ENDS.contains(&line.word(at)) || line.words.get(at).is_none_or(|word| word.kind == Kind::Quoted);
    let commas: Vec<usize> = (0..line.words.len()).filter(|at| line.word(*at) == ",").collect();
    for comma in commas.iter().filter(|_| !is_shown) {
        let mut end = comma + 1;
        while line.word(end) == "not" || (!ends(end) && line.word(end) != ",") {
            end += 1;
        }
        if end > comma + 1 {
            found.push(subject.cut(line, line.stretch(*comma..end), &words(subject, line, comma + 1..end)));
        }
        let mut start = *comma;
        while start > 0 && (line.before(start) == "not" || !ends(start - 1)) && line.before(start) != "," {
            start -= 1;
        }
        let is_first = line.before(start) != ",";
        if is_first && start < *comma {
            let stretch = line.stretch(start..comma + 1);
            let next = line.words.get(comma + 1).map_or(stretch.end, |word| word.at);
            found.push(subject.cut(line, stretch.start..next, &words(subject, line, start..*comma)));
        }
    }
}

fn words(subject: &Subject<'_>, line: &Line<'_>, words: std::ops::Range<usize>) -> String {
    subject.text.get(line.stretch(words)).unwrap_or("").to_owned()
}
