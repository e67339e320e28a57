//! Better words for mistakes that many people make, looked up where an entry rule stopped.

use super::amount::FUNCTION;
use super::citations::BRACKETS;
use super::condition::COMMA_LIST;
use super::expected;
use super::grammar::{Fragment, Refusal, Rule};
use super::number::NUMBER;
use super::range::RANGE;
use super::reader::{NAME, UNEXPECTED};
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::Span;

/// The word or sign that stands at a byte; empty at the end.
pub(super) fn word_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or("").trim_end();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let length =
        if rest.starts_with(is_word) { rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()) } else { first };
    rest.get(..length).unwrap_or("")
}

/// The word that ends before a byte.
fn word_before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or("").trim_end();
    let start = before
        .rfind(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .map_or(0, |found| found + before.get(found..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    before.get(start..).unwrap_or("")
}

/// Words of the author's own with blanks between, as one; `None` for one word, and where a word has a meaning.
pub(super) fn joined(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = |word: &&str| {
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !matches!(*word, "and" | "or" | "not" | "is" | "any" | "when" | "to" | "above" | "below" | "points")
    };
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
    (begins && words.len() > 1 && words.len() < 5 && words.iter().all(plain)).then(|| words.join("_"))
}

/// The message for a mistake that is known.
pub(super) fn hint(fragment: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let at = refusal.at.min(fragment.text.len());
    name_missing(fragment, refusal)
        .or_else(|| colon(fragment, at))
        .or_else(|| sign(fragment, at))
        .or_else(|| bracket(fragment, at))
        .or_else(|| hyphen(fragment, at))
        .or_else(|| spaced_number(fragment, at))
        .or_else(|| grouped(fragment, at))
        .or_else(|| function(fragment, at))
        .or_else(|| to_missing(fragment, refusal))
        .or_else(|| before(fragment, at))
        .or_else(|| listed_conditions(fragment, at))
        .or_else(|| before_when(fragment, refusal))
        .or_else(|| reserved(fragment, refusal))
        .or_else(|| for_whom(fragment, refusal))
        .or_else(|| misspelt(fragment, refusal))
        .or_else(|| of_missing(fragment, at))
        .or_else(|| when_missing(fragment, refusal))
        .or_else(|| value_of_words(fragment, at))
}

/// Signs of other languages, and signs that need not be there.
fn sign(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let rest = fragment.text.get(at..)?;
    let (written, message, fix) = if rest.starts_with("...") || rest.starts_with('…') {
        (
            if rest.starts_with('…') { "…" } else { "..." },
            "`...` is not part of the language: write everything out",
            None,
        )
    } else if rest.starts_with("==") {
        ("==", "`==` is written `is`", Some("is"))
    } else if rest.starts_with("!=") || rest.starts_with("<>") {
        (rest.get(..2)?, "different from is written `is not`", Some("is not"))
    } else if rest.starts_with(';') {
        (";", "a line ends without a sign", Some(""))
    } else if rest.trim_end() == "." || rest.trim_end() == "," {
        (rest.get(..1)?, "a line ends without a sign", Some(""))
    } else if rest.starts_with('"') || rest.starts_with('\'') || rest.starts_with('‘') {
        return quote(fragment, at);
    } else if rest.starts_with('(') {
        ("(", "parentheses stand in formulas only; give the inner part a name of its own: a `finding`", None)
    } else {
        return None;
    };
    let span = fragment.span(at, at + written.len());
    let diagnostic = Diagnostic::error(UNEXPECTED, span, message);
    Some(match fix {
        Some("") => diagnostic.fix("leave it out", span, ""),
        Some(word) => diagnostic.fix(format!("write `{word}`"), span, word),
        None => diagnostic,
    })
}

fn quote(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let rest = fragment.text.get(at..)?;
    let mut letters = rest.chars();
    let first = letters.next()?;
    let closed = letters.clone().any(|letter| letter == first || (first == '‘' && letter == '’'));
    let span = fragment.span(at, at + first.len_utf8());
    let message = if first != '"' {
        "a text stands in double quotes: \"…\""
    } else if !closed {
        "the closing `\"` is missing: put it where the text ends"
    } else {
        "a text in quotes does not belong here; names and values stand without quotes"
    };
    Some(Diagnostic::error(UNEXPECTED, span, message))
}

/// `[a] [b]`, `[a] is above 5`
fn bracket(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let rest = fragment.text.get(at..)?;
    if !rest.starts_with('[') {
        return None;
    }
    let span = fragment.span(at, fragment.text.trim_end().len());
    let message = if rest.trim_end().ends_with(']') {
        "a line has one pair of brackets, at its end, with the sources separated by `;`"
    } else {
        "brackets with sources stand at the end of the line, after everything else"
    };
    Some(
        Diagnostic::error(BRACKETS, span, message).note(
            "for example `latest mmt8 is below 142   [proderm_2022 p1; rim_2013]`; in a table after the last `|`",
        ),
    )
}

/// `anti-jo1`
fn hyphen(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let rest = fragment.text.get(at..)?;
    let before = word_before(fragment.text, at);
    let after = word_at(fragment.text, at + 1);
    let glued = rest.starts_with('-')
        && fragment.text.get(..at)?.ends_with(before)
        && before.starts_with(char::is_alphabetic)
        && after.starts_with(char::is_alphanumeric);
    glued.then(|| {
        let span = fragment.span(at - before.len(), at + 1 + after.len());
        let message = format!("`{before}-{after}` is not a name: a name has `_` where other texts have `-`");
        Diagnostic::error(NAME, span, message).fix(
            format!("write `{before}_{after}`"),
            span,
            format!("{before}_{after}"),
        )
    })
}

/// `1 000`
fn spaced_number(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let digits = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let (before, after) = (word_before(fragment.text, at), word_at(fragment.text, at));
    if !digits(before) || !digits(after) {
        return None;
    }
    let start = fragment.text.get(..at)?.trim_end().len() - before.len();
    let span = fragment.span(start, at + after.len());
    if after.len() != 3 {
        let message = format!("`{before} {after}`: two numbers without a word between them");
        return Some(
            Diagnostic::error(NUMBER, span, message).note("units are written without digits and signs: `G/L`, `mg/L`"),
        );
    }
    let joined = format!("{before}{after}");
    let message = format!("a number has no blanks: `{joined}`");
    Some(Diagnostic::error(NUMBER, span, message).fix(format!("write `{joined}`"), span, joined))
}

/// `sqrt tender_joints`
fn function(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let before = word_before(fragment.text, at);
    let known = ["sqrt", "ln", "exp"].contains(&before);
    let argument = word_at(fragment.text, at);
    (known && !argument.is_empty()).then(|| {
        let message = format!("`{before}` takes what it works on in parentheses: write `{before}( )` around it");
        Diagnostic::error(FUNCTION, fragment.span(at, at + argument.len()), message)
    })
}

/// `(weak and rash)`, `max(a, b)`
fn grouped(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let word = word_at(fragment.text, at);
    let before = fragment.text.get(..at)?;
    let open = before.rfind('(').filter(|open| !before.get(*open..).is_some_and(|rest| rest.contains(')')))?;
    if matches!(word, "and" | "or" | "is") {
        let message = "parentheses stand in formulas only; give the inner part a name of its own: a `finding`";
        return Some(Diagnostic::error(UNEXPECTED, fragment.span(open, at + word.len()), message));
    }
    let function = word_before(fragment.text, open);
    (word == "," && !function.is_empty()).then(|| {
        let start = before.get(..open).map_or(open, |text| text.trim_end().len() - function.len());
        let message =
            format!("`{function}` of several numbers stands in a `number` block: `highest of`, `sum of` and a list");
        Diagnostic::error(FUNCTION, fragment.span(start, at + 1), message)
    })
}

/// `finding "Weakness"`
fn name_missing(fragment: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let quoted = fragment.text.get(refusal.at..)?.starts_with(['"', '“']);
    let first = fragment.text.chars().next().map_or(0, char::len_utf8);
    (refusal.at == 0 && quoted && !refusal.expected.contains(&Rule::title)).then(|| {
        let message = "the name is missing before the text in quotes";
        Diagnostic::error(NAME, fragment.span(0, first), message)
            .note("for example `weak \"Weakness\"`: other blocks use the name")
    })
}

/// `20 below 40`
fn to_missing(fragment: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let word = word_at(fragment.text, refusal.at);
    let after_number = fragment.text.get(..refusal.at)?.trim_end().ends_with(|letter: char| letter.is_ascii_digit());
    let bound = matches!(word, "below" | "above" | "at") && refusal.expected.contains(&Rule::kw_to);
    (bound && after_number).then(|| {
        let message = format!("`to` is missing before `{word}`: a range is written like `18 to below 40`");
        let at = fragment.span(refusal.at, refusal.at);
        Diagnostic::error(RANGE, fragment.span(refusal.at, refusal.at + word.len()), message).fix(
            "write `to`",
            at,
            "to ",
        )
    })
}

/// The word before the place is the mistake: `if heliotrope`, `is belov 142`.
fn before(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let word = word_before(fragment.text, at);
    let start = fragment.text.get(..at)?.trim_end().len() - word.len();
    let next = word_at(fragment.text, at);
    let span = fragment.span(start, start + word.len());
    if start == 0 && matches!(word, "if" | "where" | "that") && !next.is_empty() {
        let message = format!("a condition stands without `{word}`");
        return Some(Diagnostic::error(UNEXPECTED, span, message).fix("leave it out", fragment.span(0, at), ""));
    }
    let meant = suggest::nearest(word, ["above", "below"]).filter(|meant| *meant != word)?;
    next.starts_with(|letter: char| letter.is_ascii_digit()).then(|| {
        let message = format!("`{word}` is not known here; did you mean `{meant}`?");
        Diagnostic::error(UNEXPECTED, span, message).fix(format!("write `{meant}`"), span, meant)
    })
}

/// A word with a meaning of its own, where a name should stand.
fn reserved(fragment: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let word = word_at(fragment.text, refusal.at);
    let span = fragment.span(refusal.at, refusal.at + word.len());
    let whole = Fragment { text: word, ..fragment };
    let is_reserved = !word.is_empty() && whole.parse(Rule::reserved).is_ok();
    let wants_name = refusal.expected.iter().any(|rule| {
        matches!(
            rule,
            Rule::name
                | Rule::any_word
                | Rule::condition
                | Rule::clause
                | Rule::test
                | Rule::amount
                | Rule::term
                | Rule::reading
                | Rule::value
                | Rule::entry_condition
                | Rule::entry_finding_line
                | Rule::entry_amount
                | Rule::entry_name
        )
    });
    (is_reserved && wants_name).then(|| {
        let message = format!("`{word}` has a meaning of its own and cannot be a name");
        Diagnostic::error(NAME, span, message).note(format!("choose a longer name: `{word}_…`"))
    })
}

/// `avoid NAME "text": drug_name`, `caution NAME: "text"`
fn colon(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let (before, rest) = (fragment.text.get(..at)?.trim_end(), fragment.text.get(at..)?);
    if rest.starts_with(':') && before.ends_with(['"', '”']) {
        let message = "the colon stands right behind the name, and the text behind the therapy";
        return Some(Diagnostic::error(UNEXPECTED, fragment.span(at, at + 1), message));
    }
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '“'))?;
    before.ends_with(':').then(|| {
        let message = "a therapy stands before the text in quotes";
        Diagnostic::error(UNEXPECTED, fragment.span(at, at + quote.len_utf8()), message)
    })
}

/// The clauses that may go on with `when`.
fn takes_when(refusal: &Refusal) -> bool {
    refusal.expected.iter().any(|rule| {
        matches!(
            rule,
            Rule::condition_clause
                | Rule::option_clause
                | Rule::against_clause
                | Rule::monitor_clause
                | Rule::advice_clause
        )
    })
}

/// `avoid NAME: drug_name, when pregnant`
fn before_when(fragment: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let found = word_at(fragment.text, refusal.at) == "when" && refusal.at > 0;
    (found && refusal.expected.contains(&Rule::name)).then(|| {
        let span = fragment.span(refusal.at, refusal.at + "when".len());
        Diagnostic::error(UNEXPECTED, span, "something is missing before `when`: expected a name")
    })
}

/// `option drug_name if severe`, `option drug_name for adults`
fn for_whom(fragment: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let word = word_at(fragment.text, refusal.at);
    let span = fragment.span(refusal.at, refusal.at + word.len());
    if !takes_when(refusal) {
        return None;
    }
    if matches!(word, "if" | "where") {
        let message = format!("`{word}` is written `when`");
        return Some(Diagnostic::error(UNEXPECTED, span, message).fix("write `when`", span, "when"));
    }
    if word == "each" && refusal.expected.contains(&Rule::monitor_clause) {
        let diagnostic = Diagnostic::error(UNEXPECTED, span, "`each` is written `every`");
        return Some(diagnostic.fix("write `every`", span, "every"));
    }
    matches!(word, "for" | "with").then(|| {
        let message = format!("`{word}` is not known here: for whom it is stands behind `when`");
        Diagnostic::error(UNEXPECTED, span, message).note("for example `when subtype is DM`, `when pregnant`")
    })
}

/// `option drug_name subtype is DM`
fn when_missing(fragment: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let rest = fragment.from(refusal.at).trimmed();
    let condition = rest.text.starts_with(char::is_alphabetic) && rest.parse(Rule::entry_condition).is_ok();
    (takes_when(refusal) && condition).then(|| {
        let word = word_at(rest.text, 0);
        let message = format!("`when` is missing before `{word}`");
        let span = rest.span(0, word.len());
        Diagnostic::error(UNEXPECTED, span, message).fix("write `when`", rest.span(0, 0), "when ")
    })
}

/// `course drug_name is failed`
fn of_missing(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let (before, word) = (word_before(fragment.text, at), word_at(fragment.text, at));
    let begins = word.starts_with(char::is_alphabetic);
    (matches!(before, "course" | "courses") && begins && !matches!(word, "of" | "is" | "are")).then(|| {
        let message = format!("`of` is missing after `{before}`: `course of drug_name is failed`");
        let span = fragment.span(at, at + word.len());
        Diagnostic::error(UNEXPECTED, span, message).fix("write `of`", fragment.span(at, at), "of ")
    })
}

/// A misspelt keyword.
fn misspelt(fragment: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let word = word_at(fragment.text, refusal.at);
    let keywords: Vec<String> = refusal.expected.iter().flat_map(|rule| expected::keywords(*rule)).collect();
    let meant = suggest::nearest(word, keywords.iter().map(String::as_str).filter(|keyword| keyword.len() > 1))?;
    let span = fragment.span(refusal.at, refusal.at + word.len());
    let message = format!("`{word}` is not known here; did you mean `{meant}`?");
    (word != meant).then(|| Diagnostic::error(UNEXPECTED, span, message).fix(format!("write `{meant}`"), span, meant))
}

/// `all of a, kind is green, size is above 1`
fn listed_conditions(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let word = word_at(fragment.text, at);
    let before = fragment.text.get(..at)?;
    let comma = before.find(',')?;
    let list = ["all of ", "any of ", "none of "].iter().find_map(|head| before.get(..comma)?.rfind(head));
    let counted =
        || before.get(..comma)?.rfind(" of ").filter(|_| before.contains("at least ") || before.contains("at most "));
    let start = list.or_else(counted)?;
    matches!(word, "is" | "improves" | "worsens" | "rises" | "falls")
        .then(|| conditions_in_list(fragment.span(start, at + word.len())))
}

/// A condition in a list that stands on one line.
pub(super) fn conditions_in_list(at: Span) -> Diagnostic {
    let message = "a list with commas holds names only";
    let help = "a list of conditions stands one on a line, each after `-`, with `all of` or `any of` on the line above";
    Diagnostic::error(COMMA_LIST, at, message).note(help)
}

/// `severity is very high`
fn value_of_words(fragment: Fragment<'_>, at: usize) -> Option<Diagnostic> {
    let (first, second) = (word_before(fragment.text, at), word_at(fragment.text, at));
    let start = fragment.text.get(..at)?.trim_end().len().checked_sub(first.len())?;
    let said = fragment.text.get(..start)?.trim_end();
    let value = [" is", " is not", " one of", ","].iter().any(|end| said.ends_with(end)) && said.contains(" is");
    let spelt = joined(&format!("{first} {second}")).filter(|_| value)?;
    let span = fragment.span(start, at + second.len());
    let message = format!("`{first} {second}`: a value is one word, `{spelt}`");
    Some(Diagnostic::error(NAME, span, message).fix(format!("write `{spelt}`"), span, spelt))
}
