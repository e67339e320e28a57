//! One block: its head, its own sources, and what its kind makes of its lines.

use super::as_recorded::{self, ONLY_AS_RECORDED};
use super::head::{Head, read_head};
use super::layout::WrittenLine;
use super::opening::{Opened, a_keyword, keyword};
use super::reader::Reader;
use super::tree::{AgainstKind, Block, Body, Citation, Condition, Construct, Line, Name};
use super::{
    advice, against, algorithm, bands, course, decision_table, finding, formula, ladder, measure, promise, regimen,
    release, score, suspect,
};
use crate::diagnostics::{Code, Diagnostic};

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

/// A block as it stands in the tree; `None` where it has no name.
pub(super) fn read_block(opened: Opened<'_>, reader: &mut Reader) -> Option<Block> {
    reader.as_recorded = opened.as_recorded.is_some();
    let Opened { construct, release_word, as_recorded, keyword: at, rest, chunk } = opened;
    let mut citations = chunk.head.citations.clone();
    let (rest, reason, misplaced) = release::take_reason(rest, reader);
    let head = read_head(construct, rest, chunk.head.refused || misplaced, at, reader);
    let change = release_word.and_then(|word| release::change(&word));
    if !misplaced && !chunk.head.refused {
        release::check_reason(change.is_some(), reason.as_ref(), chunk.head.words, reader);
    }
    let last = chunk.body.last().map_or(chunk.head.span, |line| line.span);
    let incomplete = chunk.body.iter().any(|line| line.refused);
    let mut lines: Vec<WrittenLine<'_>> = chunk.body.into_iter().filter(|line| !line.refused).collect();
    own_sources(&mut lines, &mut citations, reader);
    if let Some(at) = as_recorded {
        refuse_as_recorded(construct, at, reader);
    }
    let as_recorded = as_recorded::take(as_recorded, &mut lines, reader);
    let place = Place { construct, name: head.name.as_ref(), head: chunk.head.span, lost: incomplete };
    let body = read_body(construct, &head, &place, &lines, reader);
    let name = head.name?;
    let span = chunk.head.span.to(last);
    Some(Block { span, head: chunk.head.span, name, title: head.title, citations, change, reason, as_recorded, body })
}

/// What the lines of a block are read beside.
pub(super) struct Place<'h> {
    /// Its kind.
    pub(super) construct: Construct,
    /// The name of the block.
    pub(super) name: Option<&'h Name>,
    /// The head.
    pub(super) head: crate::source::Span,
    /// A line of the block was too large, so what is missing may stand there.
    pub(super) lost: bool,
}

impl Place<'_> {
    /// What the block is called in a message: other kinds than a finding have the lines of one.
    pub(super) fn kind(&self) -> &'static str {
        if self.construct == Construct::Finding { "finding" } else { "rule" }
    }

    /// Says that something is missing under the head, unless a line is lost.
    pub(super) fn missing(&self, message: &str, help: &str, reader: &mut Reader) {
        if !self.lost {
            reader.report(Diagnostic::error(EMPTY, self.head, message).note(help));
        }
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
    let goes = matches!(
        construct,
        Construct::Finding | Construct::Number | Construct::Score | Construct::Bands | Construct::Table
    );
    if !goes {
        let message = format!("`as recorded` does not go with `{}`", keyword(construct));
        let help = "it goes with `finding`, `number`, `score`, `bands` and `table`";
        reader.report(Diagnostic::error(ONLY_AS_RECORDED, at, message).note(help));
    }
}

fn read_body(
    construct: Construct,
    head: &Head<'_>,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Body {
    let body = match construct {
        Construct::Finding => {
            let in_head = head.condition.clone().map(|value| Line { value, citations: Vec::new() });
            finding::read_finding(in_head, place, lines, reader).map(Body::Finding)
        }
        Construct::Number => formula::read_formula(place, lines, reader).map(Body::Number),
        Construct::Measure => measure::read_measure(place, lines, reader).map(Body::Measure),
        Construct::Score => Some(Body::Score(score::read_score(place, lines, reader))),
        Construct::Bands => bands::read_bands(head.of.clone(), place, lines, reader).map(Body::Bands),
        Construct::Table => decision_table::read_table(place, lines, reader).map(Body::Table),
        Construct::Covers => one_line(construct, lines, head, Body::Covers, reader),
        Construct::Impossible => one_line(construct, lines, head, Body::Impossible, reader),
        Construct::Source => one_line(construct, lines, head, Body::SourceCovers, reader),
        Construct::Judgement => {
            refuse_lines(construct, lines, reader);
            Some(Body::Judgement)
        }
        Construct::Promise => {
            refuse_lines(construct, lines, reader);
            promise::read_promise(head, reader).map(Body::Promise)
        }
        Construct::Course => course::read_course(head, place, lines, reader).map(Body::Course),
        Construct::Ladder => ladder::read_ladder(place, lines, reader).map(Body::Ladder),
        Construct::Contraindicated => read_against(AgainstKind::Contraindicated, head, place, lines, reader),
        Construct::Avoid => read_against(AgainstKind::Avoid, head, place, lines, reader),
        Construct::Caution => read_against(AgainstKind::Caution, head, place, lines, reader),
        Construct::Stop => read_against(AgainstKind::Stop, head, place, lines, reader),
        Construct::Prefer => against::read_prefer(head, place, lines, reader).map(Body::Prefer),
        Construct::Monitor => against::read_monitor(head, place, lines, reader).map(Body::Monitor),
        Construct::Regimen => regimen::read_regimen(place, lines, reader).map(Body::Regimen),
        Construct::Suspect => suspect::read_suspect(place, lines, reader).map(Body::Suspect),
        Construct::Advice => advice::read_advice(head, lines, reader).map(Body::Advice),
        Construct::Precedence => advice::read_precedence(place, lines, reader).map(Body::Precedence),
        Construct::Algorithm => algorithm::read_algorithm(place, lines, reader).map(Body::Algorithm),
    };
    body.unwrap_or(Body::Unreadable(construct))
}

fn one_line(
    construct: Construct,
    lines: &[WrittenLine<'_>],
    head: &Head<'_>,
    body: fn(Condition) -> Body,
    reader: &mut Reader,
) -> Option<Body> {
    refuse_lines(construct, lines, reader);
    head.condition.clone().map(body)
}

fn read_against(
    kind: AgainstKind,
    head: &Head<'_>,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Option<Body> {
    against::read_against(kind, head, place, lines, reader).map(Body::Against)
}

/// A block that is one line.
fn refuse_lines(construct: Construct, lines: &[WrittenLine<'_>], reader: &mut Reader) {
    if let Some(line) = lines.first() {
        let message = format!("nothing stands under `{}`: the block is one line", keyword(construct));
        let help = if construct == Construct::Judgement {
            "a judgement is a question to the clinician, and nothing else"
        } else {
            "give a long condition a `finding` and a name of its own"
        };
        reader.report(Diagnostic::error(UNKNOWN_LINE, line.span, message).note(help));
    }
}

/// A line that the block does not have: the nearest of its first words, or all of them.
pub(super) fn unknown_line(line: &WrittenLine<'_>, construct: Construct, known: &[&str], reader: &mut Reader) {
    let word = line.first_word();
    let kind = a_keyword(construct);
    let shown = if word.is_empty() { super::hints::word_at(line.words.text, 0) } else { word };
    let at = line.words.between(0, shown.len()).whole();
    if let Some(meant) = crate::diagnostics::suggest::nearest(word, known.iter().copied())
        && meant != word
    {
        let message = format!("`{word}` begins no line of {kind} block; did you mean `{meant}`?");
        reader.report(Diagnostic::error(UNKNOWN_LINE, at, message).fix(format!("write `{meant}`"), at, meant));
        return;
    }
    let help = match construct {
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
        Construct::Ladder => {
            "a ladder has `for patients when …`, `throughout`, `optional`, `alongside`, `next line when …`, then each `line NAME` with its `option` lines"
        }
        Construct::Regimen => {
            "a regimen has `for patients when …`, `give THERAPY`, `plus 2 of these when …` and a list, each item after `-`"
        }
        Construct::Suspect => "a suspicion has `for` and a list, `against` and a list, and `test` lines",
        Construct::Advice => {
            "under an advice stand `strength strong`, `grade 1B` and `conflicts with NAME`; its condition stands in the head, after `when`"
        }
        Construct::Precedence => "each level has a line of its own, the first wins: `1 safety`",
        Construct::Algorithm => {
            "an algorithm has `conclusion NAME` lines, then each `step NAME` with its branches: `when … -> step NAME`, `otherwise -> conclude NAME`"
        }
        Construct::Course => "an outcome has lines such as `no_response when …`; a fair trial has a table",
        Construct::Finding
        | Construct::Number
        | Construct::Covers
        | Construct::Impossible
        | Construct::Judgement
        | Construct::Contraindicated
        | Construct::Avoid
        | Construct::Caution
        | Construct::Stop
        | Construct::Prefer
        | Construct::Monitor
        | Construct::Promise
        | Construct::Source => "a list stands under its head, each item after `-`",
    };
    reader.report(Diagnostic::error(UNKNOWN_LINE, at, format!("`{shown}` begins no line of {kind} block")).note(help));
}
