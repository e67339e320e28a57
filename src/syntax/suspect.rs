//! `suspect`: what points to another diagnosis, what speaks against it, and the test that would tell.

use super::block::{Place, unknown_line};
use super::condition::{read_condition, read_count_rule};
use super::grammar::Rule;
use super::head::read_text;
use super::layout::WrittenLine;
use super::list::Items;
use super::reader::Reader;
use super::tree::{Construct, CountRule, Line, Suspect, TestNamed};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// A suspicion that is said otherwise.
pub(super) const SUSPECT: Code = Code {
    id: "S041",
    title: "a suspicion is said otherwise",
    explanation: "\
A suspicion has `for` and a list of what points to it, `against` and a list of what speaks against it, and `test` lines.
It is raised by one of the first list, or by as many as `for at least 2 of` says.

    suspect other_disease \"Another disease\"
      - age_at_onset is below 26            wrong: for it, or against it?

    suspect other_disease \"Another disease\"
      for at least 2 of
      - age_at_onset is below 26
      - calf_atrophy
      against
      - dysphagia
      test muscle_stain",
};

/// First words of the lines of a suspicion.
const KNOWN: [&str; 3] = ["for", "against", "test"];

/// Which list the items at hand belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Nowhere,
    For,
    Against,
}

/// The lines of a suspicion.
pub(super) fn read_suspect(place: &Place<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Suspect> {
    let mut suspect = Suspect { least: None, pointing: Vec::new(), against: Vec::new(), tests: Vec::new() };
    let mut items = Items::default();
    let (mut side, mut pointing_lines, mut told) = (Side::Nowhere, 0_usize, false);
    let mut heads: Vec<(Side, Span)> = Vec::new();
    for line in lines {
        if let Some(item) = line.item() {
            if side == Side::Nowhere && !std::mem::replace(&mut told, true) {
                let message = "this list does not say whether it speaks for the suspicion or against it";
                reader.report(
                    Diagnostic::error(SUSPECT, line.words.whole(), message).note("put `for` or `against` above it"),
                );
            }
            pointing_lines += usize::from(side == Side::For);
            let Some(item) = items.next(line, item, reader) else { continue };
            let Some(node) = reader.read(item, Rule::entry_condition) else { continue };
            let Some(condition) = node.child(Rule::condition) else { continue };
            let Some(value) = read_condition(&condition, reader) else { continue };
            let item = Line { value, citations: line.citations.clone() };
            match side {
                Side::For => suspect.pointing.push(item),
                Side::Against => suspect.against.push(item),
                Side::Nowhere => {}
            }
            continue;
        }
        items = Items::default();
        match if line.cells.is_some() { "" } else { line.first_word() } {
            "for" => {
                side = opened(Side::For, line, &mut heads, reader);
                suspect.least = read_for(line, reader);
            }
            "against" => {
                side = opened(Side::Against, line, &mut heads, reader);
                reader.read(line.words, Rule::entry_suspect_against);
            }
            "test" => suspect.tests.extend(read_test(line, reader)),
            _ => unknown_line(line, Construct::Suspect, &KNOWN, reader),
        }
    }
    if pointing_lines == 0 && !told {
        let help = "put `for` on a line, and under it what points to it, each on a line of its own after `-`";
        place.missing("nothing points to the suspicion", help, reader);
    }
    (!suspect.pointing.is_empty()).then_some(suspect)
}

fn opened(side: Side, line: &WrittenLine<'_>, heads: &mut Vec<(Side, Span)>, reader: &mut Reader) -> Side {
    if let Some((_, earlier)) = heads.iter().find(|(other, _)| *other == side) {
        let message = format!("`{}` stands twice", line.first_word());
        let diagnostic = Diagnostic::error(SUSPECT, line.words.whole(), message).also(*earlier, "here first");
        reader.report(diagnostic.note("put its items into the first list"));
    }
    heads.push((side, line.words.whole()));
    side
}

/// `for`, `for at least 2 of`
fn read_for(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Spanned<u32>> {
    let node = reader.read(line.words, Rule::entry_suspect_for)?;
    let how = read_count_rule(&node.child(Rule::count_rule)?, reader)?;
    match how.value {
        CountRule::AtLeast(least) if least > 0 => Some(Spanned::new(least, how.span)),
        CountRule::Any => Some(Spanned::new(1, how.span)),
        CountRule::AtLeast(_) | CountRule::All | CountRule::None | CountRule::Exactly(_) | CountRule::AtMost(_) => {
            let message = format!("`{}`: pointers are counted with `for at least 2 of`", line.words.text);
            let help = "say from how many on the suspicion is raised; a stricter rule is a `finding` named in the list";
            reader.report(Diagnostic::error(SUSPECT, how.span, message).note(help));
            None
        }
    }
}

/// `test muscle_stain`, `test "gene panel"`
fn read_test(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Line<TestNamed>> {
    let rest = line.words.from(line.first_word().len()).trimmed();
    if rest.parse(Rule::entry_head_name).is_ok()
        && line.words.parse(Rule::entry_suspect_test).is_err()
        && !rest.text.contains(['"', '“'])
    {
        let message = format!("`{}`: a test is a fact by its name, or words in quotes", rest.text);
        let fix = format!("\"{}\"", rest.text);
        reader.report(Diagnostic::error(SUSPECT, rest.whole(), message).fix("put it in quotes", rest.whole(), fix));
        return None;
    }
    let node = reader.read(line.words, Rule::entry_suspect_test)?;
    let value = match node.child(Rule::text) {
        Some(text) => TestNamed::Text(read_text(&text)),
        None => TestNamed::Fact(reader.name(&node.child(Rule::name)?)),
    };
    Some(Line { value, citations: line.citations.clone() })
}
