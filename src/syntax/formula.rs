//! `number`: a formula over one or more lines, or a list under `sum of` and the like.

use super::amount::{SIGN, read_amount};
use super::block::Place;
use super::condition::read_condition;
use super::grammar::{Fragment, Rule};
use super::layout::WrittenLine;
use super::limits::{FORMULA_CHARACTERS, FORMULA_PARENTHESES, TOO_LARGE, open_parentheses};
use super::list::Items;
use super::reader::Reader;
use super::tree::{Aggregate, Amount, Formula, Line};
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::Spanned;

/// The lines of a number.
pub(super) fn read_formula(place: &Place<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Formula> {
    let Some(first) = lines.first() else {
        place.missing("the number does not say how it is worked out", "write a formula on an indented line", reader);
        return None;
    };
    if let Ok(node) = first.words.parse(Rule::entry_number_list) {
        let how = node.first()?;
        #[expect(clippy::wildcard_enum_match_arm, reason = "a list has no other head")]
        let aggregate = match how.rule() {
            Rule::sum_of => Aggregate::Sum,
            Rule::average_of => Aggregate::Average,
            Rule::highest_of => Aggregate::Highest,
            Rule::lowest_of => Aggregate::Lowest,
            _ => return Some(Formula::Count(read_count(lines, place, reader))),
        };
        let items = read_items(lines, Rule::entry_amount, place, reader, |fragment, reader| {
            let node = reader.read(fragment, Rule::entry_amount)?;
            read_amount(&node.child(Rule::amount)?, reader)
        });
        return Some(Formula::Aggregate { how: Spanned::new(aggregate, how.span()), items });
    }
    if place.lost || is_wrong_list(first, reader) {
        return None;
    }
    read_lines(lines, reader).map(Formula::Amount)
}

/// `sum of a, b`, `sun of`, `total of`: the head of a list, not quite.
fn is_wrong_list(line: &WrittenLine<'_>, reader: &mut Reader) -> bool {
    let heads = ["sum", "average", "highest", "lowest", "count"];
    let word = line.first_word();
    let mut words = line.words.text.split_whitespace();
    let of = words.nth(1) == Some("of") && word != "improvement";
    if !of {
        return false;
    }
    let at = line.words.between(0, word.len()).whole();
    reader.report(if heads.contains(&word) {
        let message = format!("`{word} of` stands alone on its line");
        let help = "put each item on a line of its own under it, with `-` before it";
        Diagnostic::error(super::list::ITEM, line.words.whole(), message).note(help)
    } else if let Some(meant) = suggest::nearest(word, heads) {
        let message = format!("`{word} of` is not known here; did you mean `{meant} of`?");
        Diagnostic::error(super::list::ITEM, at, message).fix(format!("write `{meant}`"), at, meant)
    } else {
        let help = "a list begins with `sum of`, `average of`, `highest of`, `lowest of` or `count of`";
        Diagnostic::error(super::list::ITEM, at, format!("`{word} of` is not known here")).note(help)
    });
    true
}

fn read_count(lines: &[WrittenLine<'_>], place: &Place<'_>, reader: &mut Reader) -> Vec<Line<super::tree::Condition>> {
    read_items(lines, Rule::entry_condition, place, reader, |fragment, reader| {
        let node = reader.read(fragment, Rule::entry_condition)?;
        read_condition(&node.child(Rule::condition)?, reader)
    })
}

fn read_items<T>(
    lines: &[WrittenLine<'_>],
    entry: Rule,
    place: &Place<'_>,
    reader: &mut Reader,
    read: impl Fn(Fragment<'_>, &mut Reader) -> Option<T>,
) -> Vec<Line<T>> {
    let mut items = Items::default();
    let mut values = Vec::new();
    for line in lines.iter().skip(1) {
        let Some(item) = line.item() else {
            let plain = line.words.parse(entry).is_ok();
            let at = line.words.between(0, 0).whole();
            let diagnostic =
                Diagnostic::error(super::list::ITEM, line.words.whole(), "this line stands beside the list");
            reader.report(if plain {
                diagnostic.fix("make it an item of the list", at, "- ")
            } else {
                diagnostic.note("an item begins with `-`; anything else about the sum needs a `number` of its own")
            });
            continue;
        };
        let Some(item) = items.next(line, item, reader) else { continue };
        values.extend(read(item, reader).map(|value| Line { value, citations: line.citations.clone() }));
    }
    if lines.len() < 2 {
        place.missing(
            "the list of the number has no items",
            "put each item on a line of its own, with `-` before it",
            reader,
        );
    }
    values
}

/// A formula that goes on over lines that begin with their sign. Sources and comments between the lines are turned
/// into blanks, so that one parse sees the whole formula and every offset stays.
fn read_lines(lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Line<Amount>> {
    let (first, last) = (lines.first()?, lines.last()?);
    let mut text = String::new();
    let base = first.words.base;
    for (index, line) in lines.iter().enumerate() {
        let continues = line.words.text.starts_with(['+', '-', '*', '/', '×', '−', '–', '—']) && line.cells.is_none();
        if index > 0 && !continues {
            let message = "a further line of a formula begins with its sign";
            let help = "begin it with `+`, `-`, `*` or `/`; a second number needs a `number` block of its own";
            reader.report(Diagnostic::error(SIGN, line.words.whole(), message).note(help));
            return None;
        }
        let gap = (line.words.base - base) as usize - text.len();
        text.extend(std::iter::repeat_n(' ', gap));
        text.push_str(line.words.text);
    }
    let open = open_parentheses(&text);
    if text.trim().len() > FORMULA_CHARACTERS || open > FORMULA_PARENTHESES {
        let message = "this formula is too long: at most 8,000 characters and 64 opening parentheses are read";
        let help = "give parts of it a `number` block and a name of their own";
        reader.report(Diagnostic::error(TOO_LARGE, first.words.whole(), message).note(help));
        return None;
    }
    let end = last.words;
    let whole = Fragment { text: &text, file: end.file, base };
    let node = reader.read(whole, Rule::entry_amount)?;
    let value = read_amount(&node.child(Rule::amount)?, reader)?;
    let citations = lines.iter().flat_map(|line| line.citations.iter().cloned()).collect();
    Some(Line { value, citations })
}
