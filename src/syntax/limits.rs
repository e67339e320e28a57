//! What is too large to be read, refused before the grammar sees it. Offsets stay what they are: a refused line is
//! cut to its beginning and filled up with blanks.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostics::{Code, Diagnostic};
use crate::source::{FileId, SourceMap};

/// The most bytes of a file.
const FILE_BYTES: usize = 2 * 1024 * 1024;
/// The most lines of a file.
const LINES: usize = 50_000;
/// The most blocks of a file.
pub(super) const BLOCKS: usize = 5_000;
/// The most characters of a line.
const LINE_CHARACTERS: usize = 2_000;
/// The most opening parentheses of a line.
const PARENTHESES: usize = 16;
/// The most characters of a formula over all its lines.
pub(super) const FORMULA_CHARACTERS: usize = 8_000;
/// The most opening parentheses of a formula over all its lines.
pub(super) const FORMULA_PARENTHESES: usize = 64;
/// The most signs of a formula.
pub(super) const FORMULA_SIGNS: usize = 400;
/// What is kept of a refused line: enough for a keyword and a name.
const KEPT_BYTES: usize = 200;

/// Something is larger than is read.
pub(super) const TOO_LARGE: Code = Code {
    id: "S001",
    title: "larger than is read",
    explanation: "\
A file has at most 2 MiB, 50,000 lines and 5,000 blocks; a line at most 2,000 characters and 16 opening
parentheses; a formula at most 8,000 characters, 64 parentheses and 400 signs. Only what is too large is left out.

Way out: give a part of a long formula a name of its own, break a formula before a sign, or move blocks to another file:

    number total \"Total\"
      part_one
      + part_two",
};

/// A text as far as it is read.
pub(super) struct Admitted<'a> {
    /// The text, refused lines cut.
    pub(super) text: Cow<'a, str>,
    /// The refused lines, in order.
    pub(super) refused: Vec<Range<usize>>,
    /// What was refused, and why.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Leaves out what is too large.
pub(super) fn admit(sources: &SourceMap, file: FileId) -> Admitted<'_> {
    let whole = sources.text(file);
    let mut admitted = Admitted { text: Cow::Borrowed(whole), refused: Vec::new(), diagnostics: Vec::new() };
    let end = readable_end(whole);
    if end < whole.len() {
        let message = "the file is longer than 2 MiB or 50,000 lines: nothing from this line on is read";
        let at = sources.span(file, end, end);
        let help = "move some of its blocks to another file of the same folder";
        admitted.diagnostics.push(Diagnostic::error(TOO_LARGE, at, message).note(help));
        admitted.text = Cow::Borrowed(whole.get(..end).unwrap_or(""));
    }
    let mut start = 0;
    for line in admitted.text.split_inclusive('\n') {
        if let Some((message, help)) = complaint(line) {
            let shown = start..start + prefix(line, 40).len();
            let at = sources.span(file, shown.start, shown.end);
            admitted.diagnostics.push(Diagnostic::error(TOO_LARGE, at, message).note(help));
            admitted.refused.push(start..start + line.len());
        }
        start += line.len();
    }
    if !admitted.refused.is_empty() {
        admitted.text = Cow::Owned(without(&admitted.text, &admitted.refused));
    }
    admitted
}

/// Where reading ends: the end of the file, or the start of the line that is too many.
fn readable_end(text: &str) -> usize {
    let too_many = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').nth(LINES - 1);
    let end = too_many.map_or(text.len(), |(at, _)| at + 1);
    if end <= FILE_BYTES {
        return end;
    }
    let fits = prefix(text, FILE_BYTES);
    fits.rfind('\n').map_or(fits.len(), |at| at + 1)
}

fn complaint(line: &str) -> Option<(String, &'static str)> {
    if line.len() > LINE_CHARACTERS {
        let length = line.chars().count();
        if length > LINE_CHARACTERS {
            let message = format!("this line has {length} characters; at most 2,000 are read, so it is left out");
            return Some((
                message,
                "a formula goes on over lines that begin with their sign, a list over lines with `-`",
            ));
        }
    }
    let open = open_parentheses(line);
    (open > PARENTHESES).then(|| {
        let message = format!("this line has {open} opening parentheses; at most 16 are read, so it is left out");
        (message, "give an inner part a `number` block and a name of its own")
    })
}

/// Opening parentheses outside quotes and comments.
pub(super) fn open_parentheses(line: &str) -> usize {
    let mut quoted = false;
    let mut open = 0;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            '#' if !quoted => break,
            '(' if !quoted => open += 1,
            _ => {}
        }
    }
    open
}

/// The text with every byte of the refused lines after their beginning turned into a blank.
fn without(text: &str, refused: &[Range<usize>]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for line in refused {
        let whole = text.get(line.clone()).unwrap_or("");
        let kept = prefix(whole, KEPT_BYTES);
        let body = whole.trim_end_matches('\n');
        result.push_str(text.get(done..line.start).unwrap_or(""));
        result.push_str(prefix(kept, body.len()));
        result.extend(std::iter::repeat_n(' ', body.len().saturating_sub(kept.len())));
        result.push_str(whole.get(body.len()..).unwrap_or(""));
        done = line.end;
    }
    result.push_str(text.get(done..).unwrap_or(""));
    result
}

/// At most so many bytes of a text, cut between two characters.
fn prefix(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}
