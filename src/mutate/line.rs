//! The text of a block as lines and words, without sources and comments.

use std::ops::Range;

/// A line of a block with something on it.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// The whole line, its end included, by bytes of the block's text.
    pub(super) whole: Range<usize>,
    /// What stands there before sources and comment.
    pub(super) text: &'a str,
    /// How far it is indented.
    pub(super) indent: usize,
    /// Its words, of all cells where it is a row.
    pub(super) words: Vec<Word<'a>>,
    /// The cells of a row, as places in `words`; nothing where it is no row.
    pub(super) cells: Vec<Range<usize>>,
}

/// A word and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) at: usize,
    pub(super) text: &'a str,
    pub(super) kind: Kind,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `7.5`
    Number,
    /// `mg/L`, `%`: what follows a number without being a word of the language.
    Unit,
    /// `above`, `weak_knee`
    Name,
    /// `"any text"`
    Quoted,
    /// `->`, `,`, `+`
    Sign,
}

impl Word<'_> {
    pub(super) fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

impl Line<'_> {
    /// The word at a place; empty beyond either end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text)
    }

    /// The word before a place.
    pub(super) fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }

    /// The bytes from one word to another, both included.
    pub(super) fn stretch(&self, words: Range<usize>) -> Range<usize> {
        let start = self.words.get(words.start).map_or(0, |word| word.at);
        let end = words.end.checked_sub(1).and_then(|last| self.words.get(last)).map_or(start, Word::end);
        start..end.max(start)
    }

    /// The cell that holds a word.
    pub(super) fn cell_of(&self, word: usize) -> Option<usize> {
        self.cells.iter().position(|cell| cell.contains(&word))
    }

    /// `|---|---|`
    pub(super) fn is_rule(&self) -> bool {
        !self.cells.is_empty() && self.text.contains('-') && self.text.chars().all(|letter| "|-: ".contains(letter))
    }
}

/// The lines of a block's text, empty ones and those with nothing but sources or a comment left out.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    for written in text.split_inclusive('\n') {
        let whole = start..start + written.len();
        start = whole.end;
        let indent = written.len() - written.trim_start().len();
        let kept = &without_sources(written);
        let content = kept.get(indent..).unwrap_or("").trim_end();
        if content.is_empty() {
            continue;
        }
        let words = words(content, whole.start + indent);
        let cells = if content.starts_with('|') { cells(&words) } else { Vec::new() };
        found.push(Line { whole, text: content, indent, words, cells });
    }
    found
}

/// Up to the sources or the comment; within quotes neither begins.
fn without_sources(line: &str) -> &str {
    let mut quoted = false;
    for (at, letter) in line.char_indices() {
        match letter {
            '"' | '“' | '”' => quoted = !quoted,
            '[' | '#' if !quoted => return line.get(..at).unwrap_or(line),
            _ => {}
        }
    }
    line
}

fn words(text: &str, base: usize) -> Vec<Word<'_>> {
    let mut found: Vec<Word<'_>> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = base + text.len() - rest.len();
        let after_number = found.last().is_some_and(|word| word.kind == Kind::Number);
        let (length, kind) = match first {
            _ if first.is_whitespace() => {
                rest = rest.trim_start();
                continue;
            }
            '"' | '“' => {
                let inside = rest.get(first.len_utf8()..).unwrap_or("");
                let end = inside.find(['"', '”']).map_or(rest.len(), |end| {
                    let close = inside.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                    first.len_utf8() + end + close
                });
                (end, Kind::Quoted)
            }
            _ if first.is_ascii_digit() => number(rest),
            _ if after_number && is_unit(rest) => (unit_length(rest), Kind::Unit),
            _ if is_name(first) => (rest.find(|letter| !is_name(letter)).unwrap_or(rest.len()), Kind::Name),
            '-' if rest.starts_with("->") => (2, Kind::Sign),
            _ => (first.len_utf8(), Kind::Sign),
        };
        let Some((word, after)) = rest.split_at_checked(length) else { break };
        found.push(Word { at, text: word, kind });
        rest = after;
    }
    found
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn number(rest: &str) -> (usize, Kind) {
    let digits = |text: &str| text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let mut length = digits(rest);
    if let Some(decimals) = rest.get(length..).and_then(|rest| rest.strip_prefix('.')) {
        let more = digits(decimals);
        length += if more > 0 { more + 1 } else { 0 };
    }
    let goes_on = rest.get(length..).and_then(|rest| rest.chars().next()).is_some_and(is_name);
    if goes_on {
        return (rest.find(|letter| !is_name(letter)).unwrap_or(rest.len()), Kind::Name);
    }
    (length, Kind::Number)
}

/// Words of the language that may follow a number.
const NO_UNITS: [&str; 21] = [
    "to", "of", "x", "points", "and", "or", "on", "course", "courses", "plus", "within", "when", "unless", "in", "per",
    "is", "after", "cycles", "doses", "upper", "because",
];

fn is_unit(rest: &str) -> bool {
    let length = unit_length(rest);
    let word = rest.get(..length).unwrap_or("");
    !word.is_empty() && !NO_UNITS.contains(&word)
}

fn unit_length(rest: &str) -> usize {
    rest.find(|letter: char| !(is_name(letter) || "/%.^°{}".contains(letter))).unwrap_or(rest.len())
}

/// The words between the bars.
fn cells(words: &[Word<'_>]) -> Vec<Range<usize>> {
    let bars: Vec<usize> = (0..).zip(words).filter(|(_, word)| word.text == "|").map(|(at, _)| at).collect();
    bars.windows(2)
        .filter_map(|pair| match pair {
            [from, to] => Some(from + 1..*to),
            _ => None,
        })
        .collect()
}

/// Words with one blank between them, as a line is named.
pub(super) fn one_blank(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Kind, Line, lines};

    fn words<'a>(found: &[Line<'a>], kind: Option<Kind>) -> Vec<&'a str> {
        let all = found.iter().flat_map(|line| &line.words);
        all.filter(|word| kind.is_none_or(|kind| word.kind == kind)).map(|word| word.text).collect()
    }

    #[test]
    fn a_line_is_cut_before_its_sources() {
        let text = "finding old \"Aged [18] # or more\"   [source p1]\n  - age is above 45.5 years # why\n\n  [more]\n";
        let found = lines(text);
        assert_eq!(found.len(), 2);
        let all = ["finding", "old", "\"Aged [18] # or more\"", "-", "age", "is", "above", "45.5", "years"];
        assert_eq!(words(&found, None), all);
        assert_eq!(words(&found, Some(Kind::Unit)), ["years"]);
        let number = found.iter().flat_map(|line| &line.words).find(|word| word.kind == Kind::Number);
        assert_eq!(number.and_then(|word| text.get(word.at..word.end())), Some("45.5"));
    }

    #[test]
    fn names_with_digits_are_no_numbers() {
        let found = lines("  | mmt8 | 1.3 x upper limit | 5 mg/L |\n");
        assert_eq!(words(&found, Some(Kind::Number)), ["1.3", "5"]);
        assert_eq!(found.iter().map(|line| line.cells.len()).collect::<Vec<_>>(), [3]);
    }
}
