//! Numbers as people type them.

use super::grammar::{Node, Rule};
use super::reader::Reader;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Spanned;
use crate::value::{Number, NumberError};

/// A number that is spelt otherwise.
pub(super) const NUMBER: Code = Code {
    id: "S006",
    title: "a number is spelt otherwise",
    explanation: "\
A number has a decimal point, digits on both sides of it, no thousands marks, no blanks and at most 18 digits. How many
of a list is a number too, never a word.

    above 1,3 x upper limit         wrong: is it 1.3 or 13?
    at least two of                 wrong: `at least 2 of`
    above 1.3 x upper limit",
};

/// A `number` node. What is spelt otherwise is reported, and read as what was meant where that is plain.
pub(super) fn read_number(node: &Node<'_>, reader: &mut Reader) -> Spanned<Number> {
    let text = node.text();
    let error = match text.parse::<Number>() {
        Ok(number) => return Spanned::new(number, node.span()),
        Err(error) => error,
    };
    let meant = meant(text);
    let message = if error == NumberError::TooManyDigits {
        format!("`{text}` has more than 18 digits")
    } else if text.starts_with('.') {
        format!("`{text}` has no digit before the point")
    } else if !text.contains(',') {
        format!("`{text}` is not a number")
    } else if meant.is_none() {
        format!("`{text}` may be read in two ways: a number has a decimal point, and no mark between thousands")
    } else {
        format!("`{text}` has a comma: a number has a decimal point")
    };
    let diagnostic = Diagnostic::error(NUMBER, node.span(), message);
    reader.report(match &meant {
        Some(meant) => diagnostic.fix(format!("write `{meant}`"), node.span(), meant.as_str()),
        None if text.contains(',') => {
            diagnostic.note(format!("write `{}` or `{}`", text.replace(',', ""), text.replacen(',', ".", 1)))
        }
        None => diagnostic.note("a number looks like `7` or `7.5`"),
    });
    let number = meant.and_then(|meant| meant.parse().ok()).unwrap_or(Number::ZERO);
    Spanned::new(number, node.span())
}

/// The plain reading of a number that is spelt otherwise.
fn meant(text: &str) -> Option<String> {
    if text.starts_with('.') {
        return Some(format!("0{text}")).filter(|text| text.parse::<Number>().is_ok());
    }
    let (whole, part) = text.split_once(',')?;
    let thousands = part.len() == 3 && whole != "0";
    let spelt = format!("{whole}.{part}");
    (!thousands && spelt.parse::<Number>().is_ok()).then_some(spelt)
}

/// A `signed_number` node.
pub(super) fn read_signed(node: &Node<'_>, reader: &mut Reader) -> Option<Spanned<Number>> {
    let number = read_number(&node.child(Rule::number)?, reader);
    let value = if node.has(Rule::negative) { number.value.negated() } else { number.value };
    Some(Spanned::new(value, node.span()))
}

/// A whole number that is counted with: a `count` or a `number` node.
pub(super) fn read_count(node: &Node<'_>, reader: &mut Reader) -> Option<u32> {
    let text = node.text();
    if let Some(word) = node.child(Rule::number_word) {
        let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        let position = words.iter().position(|candidate| *candidate == word.text())?;
        let digits = position + 1;
        let message = format!("`{text}` is written in digits: `{digits}`");
        let diagnostic = Diagnostic::error(NUMBER, word.span(), message);
        reader.report(diagnostic.fix(format!("write `{digits}`"), word.span(), digits.to_string()));
        return u32::try_from(digits).ok();
    }
    let count = text.parse::<u32>().ok().filter(|count| *count <= 10_000);
    if count.is_none() {
        let diagnostic = Diagnostic::error(NUMBER, node.span(), format!("`{text}` is not a count"));
        reader.report(diagnostic.note("how many is a whole number from 0 to 10000"));
    }
    count
}
