//! One block: its head, its own sources, and what its kind makes of its lines.

use super::as_recorded::{self, ONLY_AS_RECORDED};
use super::condition::read_condition;
use super::grammar::{Fragment, Node, Refusal, Rule};
use super::layout::WrittenLine;
use super::opening::{Opened, keyword};
use super::reader::{NAME, Reader, UNEXPECTED, refused};
use super::reading::read_reading;
use super::tree::{Block, Body, Citation, Condition, Construct, Line, Name, Reading};
use super::{bands, decision_table, finding, formula, hints, measure, score};
use crate::diagnostics::{Code, Diagnostic, suggest};
use crate::source::Spanned;

/// A block without lines.
pub(super) const EMPTY: Code = Code {
    id: "S022",
    title: "something is missing under the head",
    explanation: "\
A block says what it is on the indented lines under its head; a list has items, a table has a heading row and rows.

    finding weak \"Weakness\"         wrong: when does it hold?

    finding weak \"Weakness\"
      latest mmt8 is below 142",
};

/// A condition in the head of a block that has lines.
pub(super) const HEAD_CONDITION: Code = Code {
    id: "S023",
    title: "the condition stands on the next line",
    explanation: "\
A finding has its head, and its condition on the indented lines under it. `when` stands in heads without a body:
`covers patients when …`, `impossible name \"text\" when …`.

    finding weak \"Weakness\" when latest mmt8 is below 142         wrong

    finding weak \"Weakness\"
      latest mmt8 is below 142",
};

/// A line that the block does not have.
pub(super) const UNKNOWN_LINE: Code = Code {
    id: "S024",
    title: "the block has no such line",
    explanation: "\
Each kind of block has lines of its own. The message names them; a misspelt first word gets a suggestion.

    score total \"Total\"
      colum adult when adult        wrong
      column adult when adult",
};

/// What a head says after its keyword.
#[derive(Debug, Default)]
struct Head {
    name: Option<Name>,
    title: Option<Spanned<String>>,
    condition: Option<Condition>,
    of: Option<Reading>,
}

/// A block as it stands in the tree; `None` where it has no name.
pub(super) fn read_block(opened: Opened<'_>, reader: &mut Reader) -> Option<Block> {
    reader.as_recorded = opened.as_recorded.is_some();
    let Opened { construct, as_recorded, keyword: at, rest, chunk } = opened;
    let mut citations = chunk.head.citations.clone();
    let head = read_head(construct, rest, chunk.head.refused, at, reader);
    let last = chunk.body.last().map_or(chunk.head.span, |line| line.span);
    let incomplete = chunk.body.iter().any(|line| line.refused);
    let mut lines: Vec<WrittenLine<'_>> = chunk.body.into_iter().filter(|line| !line.refused).collect();
    own_sources(&mut lines, &mut citations, reader);
    if let Some(at) = as_recorded {
        refuse_as_recorded(construct, at, reader);
    }
    let as_recorded = as_recorded::take(as_recorded, &mut lines, reader);
    let place = Place { name: head.name.as_ref(), head: chunk.head.span, lost: incomplete };
    let body = read_body(construct, &head, &place, &lines, reader);
    let name = head.name?;
    let span = chunk.head.span.to(last);
    Some(Block { span, head: chunk.head.span, name, title: head.title, citations, as_recorded, body })
}

/// What the lines of a block are read beside.
pub(super) struct Place<'h> {
    /// The name of the block.
    pub(super) name: Option<&'h Name>,
    /// The head.
    pub(super) head: crate::source::Span,
    /// A line of the block was too large, so what is missing may stand there.
    pub(super) lost: bool,
}

impl Place<'_> {
    /// Says that something is missing under the head, unless a line is lost.
    pub(super) fn missing(&self, message: &str, help: &str, reader: &mut Reader) {
        if !self.lost {
            reader.report(Diagnostic::error(EMPTY, self.head, message).note(help));
        }
    }
}

fn read_head(
    construct: Construct,
    rest: Fragment<'_>,
    is_refused: bool,
    keyword_at: crate::source::Span,
    reader: &mut Reader,
) -> Head {
    let rule = match construct {
        Construct::Course
        | Construct::Ladder
        | Construct::Contraindicated
        | Construct::Avoid
        | Construct::Caution
        | Construct::Stop
        | Construct::Prefer
        | Construct::Monitor
        | Construct::Regimen
        | Construct::Suspect
        | Construct::Advice
        | Construct::Precedence
        | Construct::Algorithm
        | Construct::Promise
        | Construct::Source => unimplemented!(),
        Construct::Finding | Construct::Number | Construct::Measure | Construct::Score | Construct::Table => {
            Rule::entry_head_titled
        }
        Construct::Bands => Rule::entry_head_bands,
        Construct::Covers => Rule::entry_head_covers,
        Construct::Impossible => Rule::entry_head_impossible,
        Construct::Judgement => Rule::entry_head_judgement,
    };
    let mut head = Head::default();
    match rest.parse(rule) {
        Ok(node) if !is_refused => fill_head(construct, &node, &mut head, reader),
        outcome => {
            if let (Err(refusal), false) = (outcome, is_refused) {
                let untitled = (construct != Construct::Covers).then(|| untitled(rest, &refusal)).flatten();
                reader.report(untitled.unwrap_or_else(|| refused(rest, &refusal)));
            }
            let name = rest.parse(Rule::entry_head_name).ok().and_then(|node| node.child(Rule::name));
            head.name = name.map(|name| reader.name(&name));
        }
    }
    if construct == Construct::Covers {
        head.name = Some(Spanned::new(keyword(construct).to_owned(), keyword_at));
    }
    head
}

/// `finding weak Muscle weakness`: a title without its quotes, or a name of two words before one.
fn untitled(rest: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let words = rest.from(refusal.at).trimmed();
    let wants_title = refusal.expected.iter().any(|rule| matches!(rule, Rule::title | Rule::quoted));
    if refusal.at == 0 || !wants_title || !words.text.starts_with(char::is_alphanumeric) {
        return None;
    }
    if let Some(quote) = words.text.find(['"', '“']) {
        let name = rest.between(0, refusal.at + quote).trimmed();
        let joined = hints::joined(name.text)?;
        let message = format!("`{}`: a name is one word, `{joined}`", name.text);
        let fix = format!("write `{joined}`");
        return Some(Diagnostic::error(NAME, name.whole(), message).fix(fix, name.whole(), joined));
    }
    let first = hints::word_at(words.text, 0);
    if ["when", "of", "if"].contains(&first) || suggest::nearest(first, ["when"]).is_some() {
        return None;
    }
    let joint = [" when ", " of "].iter().filter_map(|word| words.text.rfind(word)).min();
    let title = words.between(0, joint.unwrap_or(words.text.len())).trimmed();
    if joint.is_none() && title.text.contains(" is ") {
        return None;
    }
    let message = format!("`{}`: a title stands in quotes", title.text);
    let fix = format!("\"{}\"", title.text);
    Some(Diagnostic::error(UNEXPECTED, title.whole(), message).fix("put it in quotes", title.whole(), fix))
}

fn fill_head(construct: Construct, node: &Node<'_>, head: &mut Head, reader: &mut Reader) {
    head.name = node.child(Rule::name).map(|name| reader.name(&name));
    head.title = node.child(Rule::title).map(|title| {
        let text = title.text().trim_start_matches(['"', '“']).trim_end_matches(['"', '”']);
        Spanned::new(text.to_owned(), title.span())
    });
    head.of = node.child(Rule::reading).and_then(|of| read_reading(&of, reader));
    head.condition = node.child(Rule::condition).and_then(|condition| read_condition(&condition, reader));
    if let Some(when) = node.child(Rule::misplaced_when) {
        let kind = keyword(construct);
        let what = if construct == Construct::Finding { "condition" } else { "content" };
        let diagnostic =
            Diagnostic::error(HEAD_CONDITION, when.span(), format!("a {kind} has its {what} on the next line"));
        let is_finding = construct == Construct::Finding;
        reader.report(if is_finding {
            diagnostic.fix("begin a new line", when.span(), "\n ")
        } else {
            diagnostic
                .note(format!("for whom a {kind} is made stands in `covers`, in a `column` line or in a `finding`"))
        });
    }
}

/// Sources alone on the first indented line belong to the block.
fn own_sources(lines: &mut Vec<WrittenLine<'_>>, citations: &mut Vec<Citation>, reader: &mut Reader) {
    if lines.first().is_some_and(WrittenLine::is_only_sources) {
        citations.extend(lines.remove(0).citations);
    }
    lines.retain(|line| {
        let alone = line.is_only_sources();
        if alone {
            let message = "sources alone on a line stand on the first line under the head";
            let help = "put them at the end of the line they belong to";
            reader.report(Diagnostic::error(super::citations::BRACKETS, line.span, message).note(help));
        }
        !alone
    });
}

fn refuse_as_recorded(construct: Construct, at: crate::source::Span, reader: &mut Reader) {
    match construct {
        Construct::Course
        | Construct::Ladder
        | Construct::Contraindicated
        | Construct::Avoid
        | Construct::Caution
        | Construct::Stop
        | Construct::Prefer
        | Construct::Monitor
        | Construct::Regimen
        | Construct::Suspect
        | Construct::Advice
        | Construct::Precedence
        | Construct::Algorithm
        | Construct::Promise
        | Construct::Source => unimplemented!(),
        Construct::Finding | Construct::Number | Construct::Score | Construct::Bands | Construct::Table => {}
        Construct::Measure | Construct::Covers | Construct::Impossible | Construct::Judgement => {
            let message = format!("`as recorded` does not go with `{}`", keyword(construct));
            let help = "it goes with `finding`, `number`, `score`, `bands` and `table`";
            reader.report(Diagnostic::error(ONLY_AS_RECORDED, at, message).note(help));
        }
    }
}

fn read_body(
    construct: Construct,
    head: &Head,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Body {
    if matches!(construct, Construct::Covers | Construct::Impossible | Construct::Judgement) {
        refuse_lines(construct, lines, reader);
    }
    let body = match construct {
        Construct::Course
        | Construct::Ladder
        | Construct::Contraindicated
        | Construct::Avoid
        | Construct::Caution
        | Construct::Stop
        | Construct::Prefer
        | Construct::Monitor
        | Construct::Regimen
        | Construct::Suspect
        | Construct::Advice
        | Construct::Precedence
        | Construct::Algorithm
        | Construct::Promise
        | Construct::Source => unimplemented!(),
        Construct::Finding => {
            let in_head = head.condition.clone().map(|value| Line { value, citations: Vec::new() });
            finding::read_finding(in_head, place, lines, reader).map(Body::Finding)
        }
        Construct::Number => formula::read_formula(place, lines, reader).map(Body::Number),
        Construct::Measure => measure::read_measure(place, lines, reader).map(Body::Measure),
        Construct::Score => Some(Body::Score(score::read_score(place, lines, reader))),
        Construct::Bands => bands::read_bands(head.of.clone(), place, lines, reader).map(Body::Bands),
        Construct::Table => decision_table::read_table(place, lines, reader).map(Body::Table),
        Construct::Covers => head.condition.clone().map(Body::Covers),
        Construct::Impossible => head.condition.clone().map(Body::Impossible),
        Construct::Judgement => Some(Body::Judgement),
    };
    body.unwrap_or(Body::Unreadable(construct))
}

/// A block that is one line.
fn refuse_lines(construct: Construct, lines: &[WrittenLine<'_>], reader: &mut Reader) {
    if let Some(line) = lines.first() {
        let message = format!("nothing stands under `{}`: the block is one line", keyword(construct));
        let help = match construct {
            Construct::Course
            | Construct::Ladder
            | Construct::Contraindicated
            | Construct::Avoid
            | Construct::Caution
            | Construct::Stop
            | Construct::Prefer
            | Construct::Monitor
            | Construct::Regimen
            | Construct::Suspect
            | Construct::Advice
            | Construct::Precedence
            | Construct::Algorithm
            | Construct::Promise
            | Construct::Source => unimplemented!(),
            Construct::Judgement => "a judgement is a question to the clinician, and nothing else",
            Construct::Covers | Construct::Impossible => "give a long condition a `finding` and a name of its own",
            Construct::Finding
            | Construct::Number
            | Construct::Measure
            | Construct::Score
            | Construct::Bands
            | Construct::Table => "indent what belongs to it",
        };
        reader.report(Diagnostic::error(UNKNOWN_LINE, line.span, message).note(help));
    }
}

/// A line that the block does not have: the nearest of its first words, or all of them.
pub(super) fn unknown_line(line: &WrittenLine<'_>, construct: Construct, known: &[&str], reader: &mut Reader) {
    let word = line.first_word();
    let kind = keyword(construct);
    let shown = if word.is_empty() { super::hints::word_at(line.words.text, 0) } else { word };
    let at = line.words.between(0, shown.len()).whole();
    if let Some(meant) = crate::diagnostics::suggest::nearest(word, known.iter().copied())
        && meant != word
    {
        let message = format!("`{word}` begins no line of a `{kind}` block; did you mean `{meant}`?");
        reader.report(Diagnostic::error(UNKNOWN_LINE, at, message).fix(format!("write `{meant}`"), at, meant));
        return;
    }
    let help = match construct {
        Construct::Course
        | Construct::Ladder
        | Construct::Contraindicated
        | Construct::Avoid
        | Construct::Caution
        | Construct::Stop
        | Construct::Prefer
        | Construct::Monitor
        | Construct::Regimen
        | Construct::Suspect
        | Construct::Advice
        | Construct::Precedence
        | Construct::Algorithm
        | Construct::Promise
        | Construct::Source => unimplemented!(),
        Construct::Score => {
            "a score has `0 to 100 points`, `column NAME when …` and its tables, or `points as in` another score"
        }
        Construct::Bands => {
            "bands have `column NAME when …`, `VALUE when …` and one table, or `ranges as in` other bands"
        }
        Construct::Table => {
            "a table has `exactly one row fits`, `first row that fits`, `every row that fits` or `sum of the rows that fit`, then its rows"
        }
        Construct::Measure => {
            "a measure has one line that begins with `use`, and a list under it where that line needs one"
        }
        Construct::Finding | Construct::Number | Construct::Covers | Construct::Impossible | Construct::Judgement => {
            "a list stands under its head, each item after `-`"
        }
    };
    reader.report(
        Diagnostic::error(UNKNOWN_LINE, at, format!("`{shown}` begins no line of a `{kind}` block")).note(help),
    );
}
