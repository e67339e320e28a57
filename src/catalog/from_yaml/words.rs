use super::super::mistakes::{self, BAD_NAME, BAD_NUMBER, BAD_TIME};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::value::{Number, NumberError, Period, PeriodUnit};

/// Words of the rules language that no name can be.
const WORDS_OF_RULES: [&str; 29] = [
    "measured", "because", "between", "within", "unless", "latest", "below", "above", "ever", "never", "when", "over",
    "done", "yes", "not", "any", "now", "end", "and", "no", "at", "to", "or", "of", "by", "in", "is", "as", "x",
];

/// Keys of a record, and words in the place of a value.
const WORDS_OF_RECORDS: [&str; 23] = [
    "id",
    "as_of",
    "patient",
    "facts",
    "visits",
    "therapies",
    "therapies_complete",
    "declined",
    "override",
    "date",
    "role",
    "born",
    "value",
    "values",
    "unit",
    "upper_limit",
    "known_since",
    "method",
    "not_tested",
    "unknown",
    "pending",
    "refused",
    "baseline",
];

/// A name is in `snake_case`, and no word of the rules language or of a record.
pub(in super::super) fn check_name(name: &Spanned<String>, owner: &str, mistakes: &mut Vec<Diagnostic>) {
    let text = name.value.as_str();
    let reserved = if WORDS_OF_RULES.contains(&text) {
        Some("a word of the rules language")
    } else if WORDS_OF_RECORDS.contains(&text) {
        Some("a word of every record")
    } else {
        None
    };
    if let Some(why) = reserved {
        let message = format!("{owner} cannot be called `{text}`, {why}");
        mistakes.push(Diagnostic::error(BAD_NAME, name.span, message).note("say more, as in `date_of_biopsy`"));
    } else if text.ends_with("_max") {
        let message = format!("{owner} cannot be called `{text}`: a record names the scale of a fact so");
        mistakes.push(Diagnostic::error(BAD_NAME, name.span, message).note("begin the name with `highest_`"));
    } else if !is_snake_case(text) {
        let message = format!("{owner} cannot be called `{text}`");
        let mistake = Diagnostic::error(BAD_NAME, name.span, message);
        let better = snake_case(text);
        mistakes.push(if is_snake_case(&better) {
            mistake.fix(format!("write `{better}`"), name.span, better)
        } else {
            mistake.note("a name is small letters, digits and `_`, beginning with a letter")
        });
    }
}

pub(super) fn is_snake_case(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !text.ends_with('_')
        && !text.contains("__")
}

fn snake_case(text: &str) -> String {
    let letters: String = text.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect();
    let parts: Vec<&str> = letters.split('_').filter(|part| !part.is_empty()).collect();
    parts.join("_").to_lowercase()
}

/// One of a few words, by its text.
pub(super) fn one_of<T: Copy>(
    key: &str,
    word: Spanned<&str>,
    words: &[(&str, T)],
    mistakes: &mut Vec<Diagnostic>,
) -> Option<T> {
    let found = words.iter().find(|(text, _)| *text == word.value).map(|(_, meaning)| *meaning);
    if found.is_none() {
        let texts: Vec<&str> = words.iter().map(|(text, _)| *text).collect();
        mistakes.push(mistakes::unknown_word(key, word, &texts));
    }
    found
}

/// A number, or a mistake.
pub(super) fn number(key: &str, text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<Number> {
    match text.value.trim().parse() {
        Ok(number) => Some(number),
        Err(error) => {
            mistakes.push(bad_number(key, text, error));
            None
        }
    }
}

fn bad_number(key: &str, text: Spanned<&str>, error: NumberError) -> Diagnostic {
    let message = format!("`{key}` must be a number, found `{}`", text.value);
    let mistake = Diagnostic::error(BAD_NUMBER, text.span, message);
    if error == NumberError::NotANumber {
        return mistake.note("a number is digits with a point as decimal mark: `0.5`");
    }
    mistake.note(error.to_string())
}

/// The two ends of `0 to 150`, or a mistake.
pub(super) fn range(key: &str, text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<(Number, Number)> {
    let Some((low, high)) = text.value.split_once(" to ") else {
        let message = format!("`{key}` must be two numbers with `to` between them, found `{}`", text.value);
        mistakes.push(Diagnostic::error(BAD_NUMBER, text.span, message).note("write it as in `0 to 150`"));
        return None;
    };
    let end = |end: &'_ str| end.trim().parse::<Number>();
    match (end(low), end(high)) {
        (Ok(low), Ok(high)) if low <= high => Some((low, high)),
        (Ok(lower), Ok(higher)) => {
            let message = format!("`{key}` runs from {lower} down to {higher}");
            let turned = format!("{higher} to {lower}");
            let mistake = Diagnostic::error(BAD_NUMBER, text.span, message);
            mistakes.push(mistake.fix(format!("write the lower end first: `{turned}`"), text.span, turned));
            None
        }
        (Err(error), _) | (_, Err(error)) => {
            let mistake = bad_number(key, text, error);
            mistakes.push(mistake.note("write a range as in `0 to 150`; a unit stands under `unit`"));
            None
        }
    }
}

/// A length of time such as `3 months` or `1 year`.
pub fn read_period(text: &str) -> Option<Period> {
    let (count, word) = text.trim().split_once(' ')?;
    let count = count.parse().ok().filter(|count| *count > 0)?;
    let unit = match word.trim() {
        "day" | "days" => PeriodUnit::Day,
        "week" | "weeks" => PeriodUnit::Week,
        "month" | "months" => PeriodUnit::Month,
        "year" | "years" => PeriodUnit::Year,
        _ => return None,
    };
    Some(Period { count, unit })
}

/// A length of time, or a mistake.
pub(super) fn period(key: &str, text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<Period> {
    let period = read_period(text.value);
    if period.is_none() {
        let message = format!("`{key}` must be a length of time, found `{}`", text.value);
        mistakes.push(Diagnostic::error(BAD_TIME, text.span, message).note("write it as in `3 months` or `1 year`"));
    }
    period
}

/// Texts without the line end of a block.
pub(super) fn owned(texts: Vec<Spanned<&str>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value.trim().to_owned()).collect()
}

/// A text without the line end of a block; the empty text where it is missing.
pub(super) fn trimmed(text: Option<Spanned<&str>>) -> String {
    text.map_or(String::new(), |text| text.value.trim().to_owned())
}
