use serde_saphyr::granit_parser::ErrorKind;

use super::read::{DEPTH_LIMIT, NODE_LIMIT, SIZE_LIMIT};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

const NOT_YAML: Code = Code {
    id: "Y001",
    title: "the text is neither YAML nor JSON",
    explanation: "The file could not be read past this place. Nearly always a sign that means something in YAML \
                  stands in a text (`: `, ` #`, a bracket, a quote), or a line does not line up with its \
                  neighbours; of a line of JSON, that it breaks off. Write the text in quotes:\n\n```yaml\nlabel: \"Global activity: physician\"\n```",
};
const DUPLICATE_KEY: Code = Code {
    id: "Y002",
    title: "a key stands twice",
    explanation: "Each key may stand once in a group of `key: value` lines; otherwise one of the two values would \
                  silently be lost. Remove one of them.",
};
const NOT_TAKEN: Code = Code {
    id: "Y003",
    title: "a form of YAML that is not taken",
    explanation: "Anchors (`&name`), aliases (`*name`), merge keys (`<<`), tags (`!name`), directives (`%YAML`) and \
                  keys that are lists are refused: what a file says must stand where it is read. Write the lines out, \
                  or put a text that begins with such a sign in quotes.",
};
const TOO_LARGE: Code = Code {
    id: "Y004",
    title: "the text is too large",
    explanation: "A file may have 16 MiB, 500,000 values, and lists or groups 64 deep inside each other. For many \
                  records write one JSON object a line instead.",
};
const BAD_CHARACTER: Code = Code {
    id: "Y005",
    title: "a character that no text holds",
    explanation: "Control characters come from a file that is not text or was damaged, and tabs cannot indent a line \
                  in YAML, because editors show them at different widths. Use blanks.",
};
const WRONG_SHAPE: Code = Code {
    id: "Y006",
    title: "a text, a list or `key: value` lines where another is expected",
    explanation: "Each key takes a text, a list (`[a, b]`, or lines that begin with `-`), or indented `key: value` \
                  lines. A text with `: ` or `, ` in it belongs in quotes.",
};
const MISSING_KEY: Code = Code {
    id: "Y007",
    title: "a key is missing",
    explanation: "Some keys must be given. Add the line `key: value`, indented like its neighbours.",
};
const UNKNOWN_KEY: Code = Code {
    id: "Y008",
    title: "a key that is not known here",
    explanation: "Unknown keys are refused, since a misspelt one would otherwise be lost without a word.",
};
const NOT_YES_NO: Code = Code {
    id: "Y009",
    title: "neither yes nor no",
    explanation: "A yes/no is `yes` or `no` (`true` and `false` are taken too). `y`, `n`, `on`, `off`, `0`, `1`, \
                  `positive` and `negative` are refused: they are where records go wrong unseen.",
};

/// The kinds of mistakes found when YAML is read.
pub const CODES: &[Code] =
    &[NOT_YAML, DUPLICATE_KEY, NOT_TAKEN, TOO_LARGE, BAD_CHARACTER, WRONG_SHAPE, MISSING_KEY, UNKNOWN_KEY, NOT_YES_NO];

pub(super) fn too_large(span: Span, size: usize) -> Diagnostic {
    let message = format!("the text has {} MiB, at most {} are read", size.div_ceil(1 << 20), SIZE_LIMIT >> 20);
    Diagnostic::error(TOO_LARGE, span, message).note("split it into several files")
}

pub(super) fn too_many(span: Span) -> Diagnostic {
    let message = format!("more than {NODE_LIMIT} values in one text");
    Diagnostic::error(TOO_LARGE, span, message).note("split it into several files")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lists and groups stand more than {DEPTH_LIMIT} deep inside each other");
    Diagnostic::error(TOO_LARGE, span, message).note("is a bracket not closed?")
}

pub(super) fn control_character(span: Span, rest: &str) -> Diagnostic {
    let number = rest.chars().next().map_or(0, u32::from);
    let message = format!("a control character (number {number}) that no text holds");
    Diagnostic::error(BAD_CHARACTER, span, message).note("is this a text file? remove the character")
}

pub(super) fn tag(span: Span) -> Diagnostic {
    Diagnostic::error(NOT_TAKEN, span, "a word that begins with `!` is a tag, and tags are not taken")
        .note("put the text in quotes if the `!` belongs to it")
}

pub(super) fn anchor(span: Span, written: &str) -> Diagnostic {
    Diagnostic::error(NOT_TAKEN, span, format!("`{written}` is an anchor, and anchors are not taken"))
        .note("write the lines out where they are used, or put the text in quotes if the `&` belongs to it")
}

pub(super) fn alias(span: Span, written: &str) -> Diagnostic {
    Diagnostic::error(NOT_TAKEN, span, format!("`{written}` is an alias, and aliases are not taken"))
        .note("write out what it stands for, or put the text in quotes if the `*` belongs to it")
}

pub(super) fn merge_key(span: Span) -> Diagnostic {
    Diagnostic::error(NOT_TAKEN, span, "`<<` is a merge key, and merge keys are not taken").note("write the lines out")
}

pub(super) fn key_not_text(span: Span) -> Diagnostic {
    Diagnostic::error(NOT_TAKEN, span, "a key must be a text, not a list or a group in brackets")
        .note("write `key: value`")
}

pub(super) fn empty_key(span: Span) -> Diagnostic {
    Diagnostic::error(NOT_YAML, span, "a name is missing before the `:`").note("write `key: value`")
}

pub(super) fn duplicate_key(span: Span, key: &str, earlier: Span) -> Diagnostic {
    Diagnostic::error(DUPLICATE_KEY, span, format!("`{key}` stands twice"))
        .label("here again")
        .also(earlier, "first here")
        .note("remove one of the two")
}

pub(super) fn wrong_shape(span: Span, subject: &str, expected: &str, found: &str) -> Diagnostic {
    Diagnostic::error(WRONG_SHAPE, span, format!("{subject} must be {expected}, found {found}"))
}

pub(super) fn missing_key(span: Span, owner: &str, key: &str) -> Diagnostic {
    Diagnostic::error(MISSING_KEY, span, format!("{owner} has no `{key}`")).note(format!("add a line `{key}: …`"))
}

pub(super) fn unknown_key(span: Span, owner: &str, key: &str) -> Diagnostic {
    Diagnostic::error(UNKNOWN_KEY, span, format!("`{key}` is not a key of {owner}"))
}

pub(super) fn not_yes_no(span: Span, subject: &str, found: &str) -> Diagnostic {
    Diagnostic::error(NOT_YES_NO, span, format!("{subject} must be yes or no, found `{found}`"))
        .note("write `yes` or `no`")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the parser has some eighty errors; few need a place of their own")]
/// What the parser stumbled over, in our words: the message, and the way out.
pub(super) fn broken(kind: &ErrorKind, text: &str, at: usize, span: impl Fn(usize, usize) -> Span) -> Diagnostic {
    let (start, end) = place(text, at);
    let here = span(start, end);
    match kind {
        ErrorKind::RecursionLimitExceeded => return too_deep(here),
        ErrorKind::DirectiveDisallowed => {
            return Diagnostic::error(
                NOT_TAKEN,
                here,
                "a line that begins with `%` is a directive, and directives are not taken",
            )
            .note("remove the line, or put the text in quotes if the `%` belongs to it");
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar
        | ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::InvalidMappingValueWhitespace => {
            let (start, end) = tab_near(text, at).unwrap_or((start, end));
            return Diagnostic::error(BAD_CHARACTER, span(start, end), "a tab where only blanks can stand")
                .note("indent with blanks, two for each level");
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            let (start, end) = unknown_escape(text, at).unwrap_or((start, end));
            let (message, note) = wording(kind);
            return Diagnostic::error(NOT_YAML, span(start, end), message).note(note);
        }
        ErrorKind::MappingValueNotAllowed if is_first_key_of_lower_line(text, at) => {
            let (message, note) = wording(&ErrorKind::InvalidIndentation);
            return Diagnostic::error(NOT_YAML, here, message).note(note);
        }
        _ => {}
    }
    let (message, note) = wording(kind);
    Diagnostic::error(NOT_YAML, here, message).note(note)
}

/// A bracket that was opened on an earlier line and what follows it cannot belong into it.
pub(super) fn bracket_not_closed(
    kind: &ErrorKind,
    text: &str,
    (bracket, at): (usize, usize),
    span: impl Fn(usize, usize) -> Span,
) -> Option<Diagnostic> {
    let colon = matches!(
        kind,
        ErrorKind::MappingValueNotAllowed
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::BlockEntryInFlowCollection
    );
    let open = text.get(bracket..)?.chars().next().filter(|_| colon)?;
    let (message, note) = wording(&ErrorKind::UnclosedFlowCollection { open });
    let (start, end) = place(text, at);
    let mistake = Diagnostic::error(NOT_YAML, span(bracket, bracket + 1), message);
    Some(mistake.label("opened here").also(span(start, end), "this cannot belong into it").note(note))
}

/// The tab a complaint about `at` is about.
fn tab_near(text: &str, at: usize) -> Option<(usize, usize)> {
    let before = at.checked_sub(1).filter(|before| text.as_bytes().get(*before) == Some(&b'\t'));
    let tab = before.or_else(|| text.get(at..)?.find('\t').map(|further| at + further))?;
    Some((tab, tab + 1))
}

/// The first `\` with a letter that means nothing, in the quoted text that begins at `at`.
fn unknown_escape(text: &str, at: usize) -> Option<(usize, usize)> {
    let mut letters = text.get(at..)?.char_indices();
    while let Some((start, letter)) = letters.next() {
        if letter != '\\' {
            continue;
        }
        let (_, escaped) = letters.next()?;
        if !"0abtnvfre \"/\\N_LPxuU\t\n\r".contains(escaped) {
            return Some((at + start, at + start + 1 + escaped.len_utf8()));
        }
    }
    None
}

/// The `:` at `at` ends the first key of its line, and there are lines above: it is the line that stands wrong.
fn is_first_key_of_lower_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("");
    let Some(newline) = before.rfind('\n') else { return false };
    let (above, key) = before.split_at(newline);
    !above.trim().is_empty() && !key.contains(": ")
}

/// The place to show: the character at `at`, or the end of the last line with something in it.
fn place(text: &str, at: usize) -> (usize, usize) {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some(next) if !next.is_whitespace() => (at, at + next.len_utf8()),
        _ => {
            let end = text.get(..at).map_or(0, |before| before.trim_end().len());
            (end, end)
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's list of errors may grow; new ones get the general words"
)]
fn wording(kind: &ErrorKind) -> (String, &'static str) {
    match kind {
        ErrorKind::UnclosedFlowCollection { open } => {
            let note = if *open == '[' { "write `]` after its last value" } else { "write `}` after its last value" };
            (format!("the bracket `{open}` is not closed"), note)
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            (format!("the bracket `{open}` is closed by `{close}`"), "close each bracket with its own kind")
        }
        ErrorKind::UnexpectedCharacter { character: '`' } => {
            ("a text cannot begin with a backtick".to_owned(), "put the text in quotes")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            (format!("a text cannot begin with `{character}`"), "put the text in quotes")
        }
        _ => {
            let (message, note) = fixed_wording(kind);
            (message.to_owned(), note)
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's list of errors may grow; new ones get the general words"
)]
fn fixed_wording(kind: &ErrorKind) -> (&'static str, &'static str) {
    match kind {
        ErrorKind::UnexpectedEofFlowSequence | ErrorKind::ExpectedFlowSequenceSeparator => {
            ("expected `,` or `]` in a list in brackets", "separate the values with `,` and close the list with `]`")
        }
        ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator => {
            ("expected `,` or `}` in a group in brackets", "separate the entries with `,` and close the group with `}`")
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("a closing bracket without an opening one", "put the text in quotes if the sign belongs to it")
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidBlockScalarIndent => (
            "this line does not line up with the lines above it",
            "begin the line in the same column as its neighbours",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "expected `key: value`, found a line without `:`",
            "add the `:`, or indent the line if it goes on from the line above",
        ),
        ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::FlowMappingValueAdjacentCollection => (
            "a `:` where no key can stand",
            "put the text in quotes if the `:` belongs to it, or begin a new line before the key",
        ),
        ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            ("a `-` where no list can begin", "begin a new line before the `-`, or put the text in quotes")
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            ("a quote is not closed", "write the same quote at the end of the text")
        }
        ErrorKind::InvalidQuotedScalarIndent => (
            "the quote above is not closed, or its text goes on too far left",
            "write the same quote at the end of the text, or indent this line",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "text goes on after its closing quote",
            "put the whole text in quotes; a `'` in single quotes is written `''`",
        ),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => (
            "an escape that is not known: a `\\` in double quotes begins one",
            "write `\\\\` for a `\\`, or use single quotes",
        ),
        ErrorKind::CommentInterceptedScalar | ErrorKind::CommentNotSeparated => {
            ("a comment in the middle of a text", "put the text in quotes if the `#` belongs to it")
        }
        ErrorKind::ExpectedDocumentStart | ErrorKind::InvalidDocumentEnd => {
            ("the text ended above, and something follows", "begin each further record with a line `---`")
        }
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            ("a text cannot begin with `|` or `>`", "put it in quotes; for `above 5` write the word `above`")
        }
        ErrorKind::MissingAnchorOrAliasName => ("a text cannot begin with `&` or `*`", "put the text in quotes"),
        ErrorKind::BomInsideDocument => {
            ("a byte order mark in the middle of the text", "remove the invisible character")
        }
        _ => ("this is not YAML", "put the text in quotes, or see how its neighbours are written"),
    }
}
