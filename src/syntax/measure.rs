//! `measure`: one core set measure by several instruments.

use super::amount::read_amount;
use super::block::{Place, unknown_line};
use super::condition::read_condition;
use super::grammar::{Node, Rule};
use super::layout::WrittenLine;
use super::list::Items;
use super::reader::Reader;
use super::tree::{Construct, Instrument, InstrumentChoice, Line, Measure};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Spanned;

/// A choice of instruments that is said otherwise.
pub(super) const MEASURE: Code = Code {
    id: "S028",
    title: "the choice of instruments is said otherwise",
    explanation: "\
A measure says on one line which instrument is used at both visits. Each alternative names the one before it.

    measure strength \"Muscle strength\"
      use mmt8, or cmas where mmt8 has no baseline

    measure enzyme \"Muscle enzyme\"
      use the one most above its upper limit at baseline
      - ck, range 15 x upper limit
      - aldolase, range 6 x upper limit

    measure function \"Function\"
      use the first with a baseline value
      - haq when adult
      - chaq when juvenile",
};

/// The lines of a measure.
pub(super) fn read_measure(place: &Place<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Measure> {
    let Some((first, others)) = lines.split_first() else {
        let help = "for example `use mmt8, or cmas where mmt8 has no baseline`";
        place.missing("the measure does not say which instrument is used", help, reader);
        return None;
    };
    if first.first_word() != "use" {
        unknown_line(first, Construct::Measure, &["use"], reader);
        return None;
    }
    let node = reader.read(first.words, Rule::entry_use)?;
    let choice = node.children().nth(1)?;
    if choice.rule() == Rule::alternatives {
        let instruments = read_alternatives(&choice, first, reader)?;
        for line in others {
            unknown_line(line, Construct::Measure, &[], reader);
        }
        return Some(Measure { choice: Spanned::new(InstrumentChoice::FirstWithBaseline, choice.span()), instruments });
    }
    let most_above = choice.rule() == Rule::most_above_limit;
    let how = if most_above { InstrumentChoice::MostAboveUpperLimit } else { InstrumentChoice::FirstWithBaseline };
    let instruments = read_list(others, reader);
    if others.is_empty() {
        place.missing(
            "the measure names no instruments",
            "put each on a line of its own: `- ck, range 15 x upper limit`",
            reader,
        );
    }
    Some(Measure { choice: Spanned::new(how, choice.span()), instruments })
}

fn read_alternatives(node: &Node<'_>, line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Vec<Line<Instrument>>> {
    let mut instruments: Vec<Line<Instrument>> = Vec::new();
    let mut before = reader.name(&node.child(Rule::name)?);
    for part in node.children().filter(|part| part.rule() == Rule::alternative) {
        let mut names = part.children().filter(|name| name.rule() == Rule::name);
        let (fact, missing) = (names.next()?, names.next()?);
        if missing.text() != before.value {
            let message = format!(
                "`{}` stands after `{}`: say `where {} has no baseline`",
                fact.text(),
                before.value,
                before.value
            );
            let diagnostic = Diagnostic::error(MEASURE, missing.span(), message);
            reader.report(diagnostic.fix(format!("write `{}`", before.value), missing.span(), before.value.as_str()));
        }
        let fact = reader.name(&fact);
        let instrument = Instrument { fact: std::mem::replace(&mut before, fact), range: None, when: None };
        instruments.push(Line { value: instrument, citations: line.citations.clone() });
    }
    instruments
        .push(Line { value: Instrument { fact: before, range: None, when: None }, citations: line.citations.clone() });
    Some(instruments)
}

fn read_list(lines: &[WrittenLine<'_>], reader: &mut Reader) -> Vec<Line<Instrument>> {
    let mut items = Items::default();
    let mut instruments = Vec::new();
    for line in lines {
        let Some(item) = line.item() else {
            unknown_line(line, Construct::Measure, &[], reader);
            continue;
        };
        let Some(item) = items.next(line, item, reader) else { continue };
        let Some(node) = reader.read(item, Rule::entry_instrument) else { continue };
        let Some(fact) = node.child(Rule::name) else { continue };
        let fact = reader.name(&fact);
        let range = node.child(Rule::amount).and_then(|range| read_amount(&range, reader));
        let when = match node.child(Rule::condition) {
            Some(condition) => match read_condition(&condition, reader) {
                Some(condition) => Some(condition),
                None => continue,
            },
            None => None,
        };
        instruments.push(Line { value: Instrument { fact, range, when }, citations: line.citations.clone() });
    }
    instruments
}
