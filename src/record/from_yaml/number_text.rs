use super::{Reader, codes, shortened};
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::{SourceMap, Span};
use crate::value::{Number, NumberError, Unit};
use crate::yaml::Node;

/// Which numbers a text speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// `1450 U/L`
    Exactly,
    /// `above 8000 U/L`
    Above,
    /// `below 20 U/L`
    Below,
}

/// Words and signs people write before a number, with `above` or `below` where that says the same; longer ones first.
const OTHER_WORDS: [(&str, Option<&str>); 18] = [
    (">=", None),
    ("=>", None),
    (">", Some("above")),
    ("≥", None),
    ("<=", None),
    ("=<", None),
    ("<", Some("below")),
    ("≤", None),
    ("at least ", None),
    ("more than ", Some("above")),
    ("greater than ", Some("above")),
    ("over ", Some("above")),
    ("at most ", None),
    ("less than ", Some("below")),
    ("lower than ", Some("below")),
    ("under ", Some("below")),
    ("up to ", None),
    ("from ", None),
];

const BEYOND_THE_ASSAY: &str = "`above` and `below` say that the value lies beyond the reach of the assay";
const ONE_VALUE: &str = "a record holds one value: write it, or `unknown` where it is not known; for what lies beyond \
                         the reach of the assay `above` or `below` and its end, as in `above 8000 U/L`";

const NO_RANGE: &str = "a range is not a recorded value: write the value, or `unknown`; two values of one day stand in \
                        two visits of that day";

/// A number with its unit, as written.
pub(super) struct Written<'t> {
    pub(super) side: Side,
    pub(super) number: Number,
    pub(super) unit: Option<&'t str>,
}

impl Reader<'_> {
    /// A number with what stands before and after it; what is no number is reported.
    pub(super) fn written_number<'n>(&mut self, name: &str, node: &'n Node) -> Option<Written<'n>> {
        let Some(text) = node.text() else {
            self.one_value_expected(node, &format!("`{name}`"), "118");
            return None;
        };
        let text = text.trim();
        if let Some((sign, word)) = OTHER_WORDS.iter().find(|(sign, _)| text.starts_with(sign)) {
            self.error(self.other_word(name, node, text, sign, *word));
            return None;
        }
        let (side, rest) = match (text.strip_prefix("above "), text.strip_prefix("below ")) {
            (Some(rest), _) => (Side::Above, rest.trim_start()),
            (_, Some(rest)) => (Side::Below, rest.trim_start()),
            (None, None) => (Side::Exactly, text),
        };
        let (digits, unit) = rest.split_once(' ').map_or((rest, None), |(digits, unit)| (digits, Some(unit.trim())));
        let unit = unit.filter(|unit| !unit.is_empty());
        let number = match digits.parse::<Number>() {
            Ok(number) if unit.is_none_or(|unit| !is_second_number(unit)) => number,
            Ok(_) => {
                self.error(self.not_one_number(name, node, text));
                return None;
            }
            Err(error) => {
                self.error(self.not_a_number(name, node, digits, rest, error));
                return None;
            }
        };
        Some(Written { side, number, unit })
    }

    fn other_word(&self, name: &str, node: &Node, text: &str, sign: &str, word: Option<&str>) -> Diagnostic {
        let rest = text.strip_prefix(sign).unwrap_or(text).trim();
        let code = if sign.ends_with(' ') { codes::NUMBER } else { codes::SIGN };
        let message = format!("`{name}` cannot be read from `{}`", shortened(text));
        let error = Diagnostic::error(code, node.span, message);
        match word {
            Some(word) => self.rewrite(error, node, &format!("{word} {rest}")).note(BEYOND_THE_ASSAY),
            None => error.note(ONE_VALUE),
        }
    }

    fn not_one_number(&self, name: &str, node: &Node, text: &str) -> Diagnostic {
        let error =
            Diagnostic::error(codes::NUMBER, node.span, format!("`{name}` is one number, not `{}`", shortened(text)));
        let groups: Vec<&str> = text.split(' ').collect();
        let thousands = groups.iter().skip(1).all(|group| group.len() == 3 && begins_with_digit(group));
        match groups.concat().parse::<Number>() {
            Ok(_) if thousands => {
                self.rewrite(error, node, &groups.concat()).note("thousands have no mark between them")
            }
            Ok(_) | Err(_) => error.note(NO_RANGE),
        }
    }

    fn not_a_number(&self, name: &str, node: &Node, digits: &str, text: &str, error: NumberError) -> Diagnostic {
        let at = |code, message: String| Diagnostic::error(code, node.span, message);
        let starts = digits.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit());
        if error == NumberError::TooManyDigits {
            return at(codes::NUMBER, format!("`{name}` has more than {} digits", Number::DIGITS));
        }
        if error == NumberError::Comma || (starts && digits.contains(',')) {
            let error = at(codes::COMMA, format!("`{name}` has a comma in its number: `{}`", shortened(text)));
            return error
                .note(format!("the decimal mark is a point, and thousands have no mark: {}", without_comma(digits)));
        }
        let end =
            digits.find(|part: char| !part.is_ascii_digit() && part != '.' && part != '-').unwrap_or(digits.len());
        let (number, unit) = digits.split_at(end);
        if number.parse::<Number>().is_ok() && Unit::parse(unit).is_ok() {
            let error = at(codes::UNIT, format!("a blank is missing between number and unit in `{}`", shortened(text)));
            return self.rewrite(error, node, &format!("{number} {unit}"));
        }
        let message = if text.is_empty() {
            format!("`{name}` has no number")
        } else {
            format!("`{name}` is a number, not `{}`", shortened(text))
        };
        let error = at(codes::NUMBER, message);
        if digits.get(1..).is_some_and(|rest| rest.contains(['-', '–'])) || text.contains(" to ") {
            return error.note(NO_RANGE);
        }
        let words = ["unknown", "pending", "refused", "not measured"];
        match suggest::nearest(text, words) {
            Some(meant) => self.rewrite(error, node, meant),
            None if text.contains(|part: char| part.is_ascii_digit()) => {
                error.note("write digits, with a point as decimal mark, then a blank and a unit: `0.5`, `1450 U/L`")
            }
            None => error.note("where it is not known, write `unknown`; where nothing was measured, `not measured`"),
        }
    }
}

/// `ck: >8000` and `ck: >= 5`, which YAML takes for the begin of a block of text, so that no tree comes of it:
/// what to say instead of the mistake at that place.
pub(in crate::record) fn sign_before_number(sources: &SourceMap, place: Span) -> Option<Diagnostic> {
    let text = sources.text(place.file);
    let start = text.get(..place.start as usize)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?.trim_end();
    let sign = line.find(": ").map(|colon| colon + 2)?;
    let value = line.get(sign..)?;
    let number = value.trim_start_matches(['>', '=', ' ']);
    if !value.trim_start().starts_with('>') || !begins_with_digit(number) {
        return None;
    }
    let from = start + line.len() - value.trim_start().len();
    Some(block_sign(sources.span(place.file, from, start + line.len()), value.trim_start(), number))
}

fn block_sign(span: Span, written: &str, number: &str) -> Diagnostic {
    let message = "a `>` begins a block of text in YAML, so the number after it would be lost";
    let error = Diagnostic::error(codes::SIGN, span, message);
    if written.starts_with(">=") {
        return error.note(ONE_VALUE);
    }
    error.fix(format!("write `above {number}`"), span, format!("above {number}"))
}

/// A value that stands as a block of text: almost always a `>` that was meant as a sign.
pub(super) fn block_of_text(sources: &SourceMap, name: &str, node: &Node) -> Diagnostic {
    let written = sources.slice(node.span);
    let line = written.lines().next().unwrap_or("").trim_end();
    let number = line.trim_start_matches(['>', '=', ' ']);
    if written.starts_with('>') && begins_with_digit(number) {
        let start = node.span.start as usize;
        return block_sign(sources.span(node.span.file, start, start + line.len()), line, number);
    }
    Diagnostic::error(codes::SHAPE, node.span, format!("`{name}` is one value, and a block of text stands here"))
        .note("a `>` or `|` begins a block of text; beyond the reach of an assay write `above 8000 U/L`")
}

/// What stands in the place of a unit is a further number: `1 450`, `2 to 3`, `2 - 3`.
/// It is another number, and no unit that begins with one, as `10^9/L` does.
fn is_second_number(text: &str) -> bool {
    let is_unit = || text.contains(char::is_alphabetic) && Unit::parse(text).is_ok();
    begins_with_digit(text.strip_prefix("to ").unwrap_or(text).trim_start_matches(['-', '–', ' '])) && !is_unit()
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// Both things a number with a comma may mean.
fn without_comma(digits: &str) -> String {
    let point = digits.replacen(',', ".", 1);
    let joined: String = digits.split(',').collect();
    let thousands = digits.rsplit(',').next().is_some_and(|last| last.len() == 3 || last.contains('.'));
    match (point.parse::<Number>().is_ok(), thousands) {
        (true, true) => format!("write `{point}` or `{joined}`"),
        (true, false) => format!("write `{point}`"),
        (false, _) => format!("write `{joined}`"),
    }
}
