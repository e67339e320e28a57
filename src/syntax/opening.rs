//! How a block begins, and what to make of a line in column 1 that begins none.

use super::grammar::{Fragment, Rule};
use super::layout::{Chunk, Layout, WrittenLine, first_word};
use super::limits::{BLOCKS, TOO_LARGE};
use super::reader::Reader;
use super::release::{self, ReleaseWord};
use super::tree::Construct;
use crate::diagnostics::{Code, Diagnostic, suggest};
use crate::source::{SourceMap, Span, Spanned};

/// A line in column 1 that begins no block.
pub(super) const UNKNOWN_BLOCK: Code = Code {
    id: "S019",
    title: "the line begins no block",
    explanation: "\
A line in column 1 begins a block with its keyword: `finding`, `number`, `measure`, `score`, `bands`, `table`, `covers`,
`impossible`, `judgement`, or `as recorded` and one of them; `course`, `ladder`, `regimen`, `contraindicated`, `avoid`,
`caution`, `stop`, `prefer`, `monitor`, `suspect`, `advice`, `precedence`, `algorithm`, `promise`, `source`. In a release
that builds on another `new`, `replaces` or `withdraws` stands before it. A misspelt
keyword is read as what was meant, so that the rest of the block is checked too.

    fniding weak \"Weakness\"        wrong
    finding weak \"Weakness\"",
};

/// A block or a line in the wrong column.
pub(super) const COLUMN: Code = Code {
    id: "S021",
    title: "column 1 begins a block",
    explanation: "\
A block begins in column 1, and what belongs to it is indented, by as much as you like.

    finding weak \"Weakness\"
    latest mmt8 is below 142        wrong: in column 1

    finding weak \"Weakness\"
      latest mmt8 is below 142",
};

const CONSTRUCTS: [(&str, Construct); 24] = [
    ("finding", Construct::Finding),
    ("number", Construct::Number),
    ("measure", Construct::Measure),
    ("score", Construct::Score),
    ("bands", Construct::Bands),
    ("table", Construct::Table),
    ("covers", Construct::Covers),
    ("impossible", Construct::Impossible),
    ("judgement", Construct::Judgement),
    ("course", Construct::Course),
    ("ladder", Construct::Ladder),
    ("contraindicated", Construct::Contraindicated),
    ("avoid", Construct::Avoid),
    ("caution", Construct::Caution),
    ("stop", Construct::Stop),
    ("prefer", Construct::Prefer),
    ("monitor", Construct::Monitor),
    ("regimen", Construct::Regimen),
    ("suspect", Construct::Suspect),
    ("advice", Construct::Advice),
    ("precedence", Construct::Precedence),
    ("algorithm", Construct::Algorithm),
    ("promise", Construct::Promise),
    ("source", Construct::Source),
];

/// Words that stand before the keyword in a release that builds on another.
const RELEASE_WORDS: [&str; 3] = ["new", "replaces", "withdraws"];

/// First words of lines that belong to a block.
const BODY_WORDS: [&str; 18] = [
    "unless", "column", "use", "all", "any", "none", "at", "exactly", "sum", "average", "highest", "lowest", "count",
    "latest", "first", "every", "assume", "unknown",
];

/// First words of lines that belong to one kind of block.
const OWN_WORDS: [(&str, Construct); 21] = [
    ("line", Construct::Ladder),
    ("option", Construct::Ladder),
    ("throughout", Construct::Ladder),
    ("optional", Construct::Ladder),
    ("alongside", Construct::Ladder),
    ("next", Construct::Ladder),
    ("for", Construct::Ladder),
    ("for", Construct::Regimen),
    ("give", Construct::Regimen),
    ("plus", Construct::Regimen),
    ("for", Construct::Suspect),
    ("against", Construct::Suspect),
    ("test", Construct::Suspect),
    ("strength", Construct::Advice),
    ("grade", Construct::Advice),
    ("conflicts", Construct::Advice),
    ("conclusion", Construct::Algorithm),
    ("step", Construct::Algorithm),
    ("when", Construct::Algorithm),
    ("otherwise", Construct::Algorithm),
    ("and", Construct::Algorithm),
];

/// A block whose keyword is known.
#[derive(Debug)]
pub(super) struct Opened<'a> {
    /// Its kind.
    pub(super) construct: Construct,
    /// `new`, `replaces` or `withdraws`.
    pub(super) release_word: Option<Spanned<ReleaseWord>>,
    /// The words `as recorded`.
    pub(super) as_recorded: Option<Span>,
    /// The keyword.
    pub(super) keyword: Span,
    /// The head after the keyword.
    pub(super) rest: Fragment<'a>,
    /// The lines.
    pub(super) chunk: Chunk<'a>,
}

/// The keyword of a kind of block.
pub(super) fn keyword(construct: Construct) -> &'static str {
    CONSTRUCTS.iter().find(|(_, candidate)| *candidate == construct).map_or("", |(word, _)| word)
}

/// The keyword with `a` or `an` before it.
pub(super) fn a_keyword(construct: Construct) -> String {
    let word = keyword(construct);
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} `{word}`")
}

/// The blocks of a file, with lines in the wrong column put where they belong.
pub(super) fn open_blocks<'a>(sources: &SourceMap, layout: Layout<'a>, reader: &mut Reader) -> Vec<Opened<'a>> {
    let mut chunks = indented_heads(layout, reader);
    if let Some(chunk) = chunks.get(BLOCKS) {
        let message = format!("more than {BLOCKS} blocks: nothing from this block on is read");
        let help = "move some of the blocks to another file of the same folder";
        reader.report(Diagnostic::error(TOO_LARGE, chunk.head.span, message).note(help));
        chunks.truncate(BLOCKS);
    }
    let mut blocks: Vec<Opened<'a>> = Vec::new();
    for chunk in chunks {
        match opening(&chunk.head) {
            Some((construct, words)) => {
                let FirstWords { release_word, as_recorded, at, rest, .. } = words;
                blocks.push(Opened { construct, release_word, as_recorded, keyword: at, rest, chunk });
            }
            None => recover(sources, chunk, &mut blocks, reader),
        }
    }
    blocks
}

/// The words a block begins with.
struct FirstWords<'a> {
    release_word: Option<Spanned<ReleaseWord>>,
    as_recorded: Option<Span>,
    word: &'a str,
    at: Span,
    rest: Fragment<'a>,
}

/// `finding …`, `as recorded score …`, `replaces ladder …`
fn opening<'a>(head: &WrittenLine<'a>) -> Option<(Construct, FirstWords<'a>)> {
    let words = first_words(head)?;
    let construct = CONSTRUCTS.iter().find(|(candidate, _)| *candidate == words.word)?.1;
    Some((construct, words))
}

fn first_words<'a>(head: &WrittenLine<'a>) -> Option<FirstWords<'a>> {
    let node = head.words.parse(Rule::entry_opening).ok()?;
    let word = node.child(Rule::any_word)?;
    let prefix = node.child(Rule::kw_as).zip(node.child(Rule::kw_recorded));
    let as_recorded = prefix.map(|(first, last)| first.span().to(last.span()));
    let after = (word.span().end - head.words.base) as usize;
    Some(FirstWords {
        release_word: node.child(Rule::release_word).and_then(|word| release::read_word(&word)),
        as_recorded,
        word: word.text(),
        at: word.span(),
        rest: head.words.from(after).trimmed(),
    })
}

/// Blocks that are indented, and indented lines before the first block.
fn indented_heads<'a>(layout: Layout<'a>, reader: &mut Reader) -> Vec<Chunk<'a>> {
    let mut chunks: Vec<Chunk<'a>> = Vec::new();
    let mut lost = false;
    for line in layout.orphans {
        place(line, &mut chunks, &mut lost, reader);
    }
    for chunk in layout.chunks {
        chunks.push(Chunk { head: chunk.head, body: Vec::new() });
        for line in chunk.body {
            place(line, &mut chunks, &mut lost, reader);
        }
    }
    chunks
}

fn place<'a>(line: WrittenLine<'a>, chunks: &mut Vec<Chunk<'a>>, lost: &mut bool, reader: &mut Reader) {
    if looks_like_head(&line) {
        let indent = u32::try_from(line.indent).unwrap_or(0);
        let blanks = Span { start: line.span.start.saturating_sub(indent), end: line.span.start, ..line.span };
        let diagnostic = Diagnostic::error(COLUMN, line.span, "a block begins in column 1");
        reader.report(diagnostic.fix("leave out the blanks", blanks, ""));
        chunks.push(Chunk { head: line, body: Vec::new() });
        return;
    }
    match chunks.last_mut() {
        Some(chunk) => chunk.body.push(line),
        None if *lost => {}
        None => {
            let message = "this line belongs to no block: a block begins in column 1 with its keyword";
            reader
                .report(Diagnostic::error(COLUMN, line.span, message).note("for example `finding weak \"Weakness\"`"));
            *lost = true;
        }
    }
}

/// `score total "Total"`: a keyword, a name and a text in quotes.
fn looks_like_head(line: &WrittenLine<'_>) -> bool {
    let is_name_ended = line.words.text.contains(['"', '“', ':']);
    if line.cells.is_some() || line.refused || !is_name_ended {
        return false;
    }
    let Some(FirstWords { word, rest, .. }) = first_words(line) else { return false };
    let name = first_word(rest.text);
    let after = rest.text.get(name.len()..).unwrap_or("").trim_start();
    let known = CONSTRUCTS.iter().find(|(candidate, _)| *candidate == word);
    let has_colon = known.is_some_and(|(_, construct)| named_with_colon(*construct));
    let ends_name = after.starts_with(['"', '“']) || (has_colon && after.starts_with(':'));
    known.is_some() && !name.is_empty() && ends_name
}

/// A rule of one line, whose name ends with a colon.
pub(super) fn named_with_colon(construct: Construct) -> bool {
    matches!(
        construct,
        Construct::Contraindicated
            | Construct::Avoid
            | Construct::Caution
            | Construct::Stop
            | Construct::Prefer
            | Construct::Monitor
    )
}

/// A line in column 1 that begins no known block.
fn recover<'a>(sources: &SourceMap, chunk: Chunk<'a>, blocks: &mut Vec<Opened<'a>>, reader: &mut Reader) {
    let word = chunk.head.first_word();
    if RELEASE_WORDS.contains(&word) {
        unknown(chunk, blocks, reader);
        return;
    }
    if let Some(block) = blocks.last_mut()
        && belongs(&chunk.head, block.construct)
    {
        tell_outdented(sources, &chunk.head, block, reader);
        let indent = block.chunk.body.last().map_or(2, |line| line.indent);
        block.chunk.body.push(WrittenLine { indent, ..chunk.head });
        block.chunk.body.extend(chunk.body);
        return;
    }
    if let Some((_, construct)) = OWN_WORDS.iter().find(|(own, _)| *own == word) {
        let kind = keyword(*construct);
        let message =
            format!("`{word}` begins a line of {} block, and no such block stands above it", a_keyword(*construct));
        let help =
            format!("begin the block in column 1 with `{kind}`, its name and its title; indent what belongs to it");
        reader.report(Diagnostic::error(COLUMN, chunk.head.span, message).note(help));
        return;
    }
    unknown(chunk, blocks, reader);
}

/// One message for all lines of a block that are not indented.
fn tell_outdented(sources: &SourceMap, line: &WrittenLine<'_>, block: &Opened<'_>, reader: &mut Reader) {
    let at = Span { end: line.span.start, ..line.span };
    let first = sources.position(block.chunk.head.span).line;
    let message = format!("this line belongs to the block of line {first}: indent it");
    let told = reader.diagnostics.last_mut().filter(|told| told.code == COLUMN && told.message == message);
    match told.and_then(|told| told.fix.as_mut()) {
        Some(fix) => fix.edits.push((at, "  ".to_owned())),
        None => reader.report(Diagnostic::error(COLUMN, line.span, message).fix("indent it", at, "  ")),
    }
}

fn belongs(line: &WrittenLine<'_>, construct: Construct) -> bool {
    if line.is_only_sources()
        || line.cells.is_some()
        || line.words.text.starts_with(['-', '+', '*', '/', '•', '–', '→'])
    {
        return true;
    }
    let word = line.first_word();
    if OWN_WORDS.iter().any(|(own, of)| *own == word && *of == construct) {
        return true;
    }
    let is_head = looks_like_name_and_title(line);
    !is_head
        && (BODY_WORDS.contains(&word)
            || (construct == Construct::Finding && line.words.parse(Rule::entry_condition).is_ok())
            || (construct == Construct::Precedence && line.words.parse(Rule::entry_level).is_ok())
            || (construct == Construct::Number && line.words.parse(Rule::entry_amount).is_ok()))
}

fn looks_like_name_and_title(line: &WrittenLine<'_>) -> bool {
    line.words.text.contains(['"', '“'])
}

fn unknown<'a>(chunk: Chunk<'a>, blocks: &mut Vec<Opened<'a>>, reader: &mut Reader) {
    let line = chunk.head.words;
    let Some(FirstWords { release_word, as_recorded, word, at, rest }) = first_words(&chunk.head) else {
        let message = "a line in column 1 begins a block with its keyword";
        reader.report(Diagnostic::error(UNKNOWN_BLOCK, chunk.head.span, message).note(keywords()));
        return;
    };
    if RELEASE_WORDS.contains(&word) {
        let message = format!("after `{word}` stands what kind of block it is");
        let help = format!("for example `{word} finding NAME …`");
        reader.report(Diagnostic::error(UNKNOWN_BLOCK, at, message).note(help));
        return;
    }
    let known = CONSTRUCTS.iter().map(|(candidate, _)| *candidate).chain(RELEASE_WORDS);
    let Some(meant) = suggest::nearest(word, known) else {
        let diagnostic = Diagnostic::error(UNKNOWN_BLOCK, at, format!("`{word}` does not begin a block"));
        let recorded = word == "recorded" || line.text.starts_with("as ");
        let help =
            if recorded { "an answer about what is on file begins with `as recorded`".to_owned() } else { keywords() };
        reader.report(diagnostic.note(help));
        return;
    };
    let message = format!("`{word}` does not begin a block; did you mean `{meant}`?");
    let diagnostic = Diagnostic::error(UNKNOWN_BLOCK, at, message).fix(format!("write `{meant}`"), at, meant);
    match CONSTRUCTS.iter().find(|(candidate, _)| *candidate == meant) {
        Some((_, construct)) => {
            reader.report(diagnostic);
            blocks.push(Opened { construct: *construct, release_word, as_recorded, keyword: at, rest, chunk });
        }
        None => reader.report(diagnostic),
    }
}

fn keywords() -> String {
    let words: Vec<String> = CONSTRUCTS.iter().map(|(word, _)| format!("`{word}`")).collect();
    format!("a block begins with {}", words.join(", "))
}
