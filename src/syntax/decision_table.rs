//! `table`: a decision table.

use std::collections::HashMap;

use super::amount::read_amount;
use super::block::{Place, unknown_line};
use super::condition::value_text;
use super::grammar::{Fragment, Node, Refusal, Rule};
use super::layout::WrittenLine;
use super::number::read_signed;
use super::range::read_range;
use super::reader::{Reader, refused};
use super::rows::{HEADING, Row, read_grids};
use super::score::{CELL, is_empty, number_alone, several_words};
use super::test::read_value;
use super::tree::{Amount, Cell, CellKind, Construct, Name, Output, Policy, Table, TableRow, Value};
use crate::diagnostics::Diagnostic;
use crate::source::{Span, Spanned};

/// First words of the lines of a decision table.
const KNOWN: [&str; 4] = ["exactly", "first", "every", "sum"];

/// The lines of a decision table.
pub(super) fn read_table(place: &Place<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Table> {
    let mut policy: Option<Spanned<Policy>> = None;
    let mut rows: Vec<&WrittenLine<'_>> = Vec::new();
    for line in lines {
        if line.cells.is_some() {
            rows.push(line);
        } else if !KNOWN.contains(&line.first_word()) {
            unknown_line(line, Construct::Table, &KNOWN, reader);
        } else if let Some(read) = read_policy(line, reader) {
            if let Some(before) = &policy {
                let diagnostic = Diagnostic::error(HEADING, read.span, "how rows are chosen is said twice");
                reader.report(diagnostic.also(before.span, "here first").note("leave one of the lines out"));
            }
            policy.get_or_insert(read);
        }
    }
    let mut grids = read_grids(&rows, reader).into_iter();
    let Some(grid) = grids.next() else {
        place.missing("the table has no rows", "it begins with a heading: `| enzymes_raised | -> activity |`", reader);
        return None;
    };
    if let Some(second) = grids.next() {
        let diagnostic = Diagnostic::error(HEADING, second.heading.span, "a decision table is one table");
        reader.report(
            diagnostic.note("leave out the empty line, or give the second a `table` block and a name of its own"),
        );
    }
    if grid.heading.cells.iter().any(|cell| matches!(cell.text, "yes" | "no" | "any")) {
        let diagnostic = Diagnostic::error(HEADING, grid.heading.span, "the heading row is missing");
        reader.report(
            diagnostic
                .note("put a heading above it: the facts that are looked at, then `-> ` and the name of the table"),
        );
        return None;
    }
    let (last, inputs) = grid.heading.cells.split_last()?;
    let output = read_output_heading(*last, place, reader);
    let inputs: Vec<Option<Amount>> = inputs.iter().map(|cell| read_input(*cell, reader)).collect();
    let inputs: Option<Vec<Amount>> = inputs.into_iter().collect();
    let mut known = Known::new();
    let rows = grid.rows.iter().filter_map(|row| read_row(row, &mut known, reader)).collect();
    Some(Table { policy, inputs: inputs?, output: output?, rows })
}

fn read_policy(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Spanned<Policy>> {
    let node = reader.read(line.words, Rule::entry_policy)?;
    let policy = node.first()?;
    #[expect(clippy::wildcard_enum_match_arm, reason = "a policy has no other rule")]
    let value = match policy.rule() {
        Rule::policy_first => Policy::First,
        Rule::policy_every => Policy::Every,
        Rule::policy_sum => Policy::Sum,
        _ => Policy::ExactlyOne,
    };
    Some(Spanned::new(value, policy.span()))
}

fn read_input(cell: Fragment<'_>, reader: &mut Reader) -> Option<Amount> {
    if is_empty(cell, "what the column looks at", reader) {
        return None;
    }
    let node = reader.read(cell, Rule::entry_amount)?;
    read_amount(&node.child(Rule::amount)?, reader)
}

/// `-> activity`
fn read_output_heading(cell: Fragment<'_>, place: &Place<'_>, reader: &mut Reader) -> Option<Name> {
    if is_empty(cell, "`->` and the name of the table", reader) {
        return None;
    }
    let node = reader.read(cell, Rule::entry_output_heading)?;
    let name = reader.name(&node.child(Rule::name)?);
    if !node.has(Rule::arrow) {
        let message = format!(
            "the last heading is the answer: `-> {}`",
            place.name.map_or(name.value.as_str(), |name| &name.value)
        );
        let at = cell.between(0, 0).whole();
        let diagnostic = Diagnostic::error(HEADING, cell.whole(), message);
        let same = place.name.is_some_and(|table| *table == name);
        reader.report(if same {
            diagnostic.fix("write the arrow", at, "-> ")
        } else {
            diagnostic.note("the cells under it say what the table gives")
        });
    } else if let Some(table) = place.name
        && *table != name
    {
        let message = format!("the answer of the table `{}` has the name of the table", table.value);
        let diagnostic = Diagnostic::error(HEADING, name.span, message).also(table.span, "its name");
        reader.report(diagnostic.fix(format!("write `{}`", table.value), name.span, table.value.as_str()));
    }
    Some(name)
}

fn read_row<'a>(row: &Row<'a>, known: &mut Known<'a>, reader: &mut Reader) -> Option<TableRow> {
    let (last, tests) = row.cells.split_last()?;
    let cells: Vec<Option<Cell>> = tests.iter().map(|cell| read_cell(*cell, known, reader)).collect();
    let cells: Option<Vec<Cell>> = cells.into_iter().collect();
    let output = read_output(*last, reader)?;
    Some(TableRow { span: row.span, cells: cells?, output, citations: row.citations.clone() })
}

fn read_output(cell: Fragment<'_>, reader: &mut Reader) -> Option<Output> {
    if is_empty(cell, "what the row gives", reader) {
        return None;
    }
    if let Some(number) = number_alone(cell, reader) {
        return read_signed(&number, reader).map(Output::Points);
    }
    if let Some(name) = several_words(cell, "a value", reader) {
        return Some(Output::Value(name));
    }
    let node = reader.read(cell, Rule::entry_output)?;
    if let Some(number) = node.child(Rule::signed_number) {
        return read_signed(&number, reader).map(Output::Points);
    }
    let value = node.child(Rule::value)?;
    match read_value(&value.first()?, reader)? {
        Value::Named(name) => Some(Output::Value(name)),
        value @ (Value::NotDone(_) | Value::NotMeasured(_)) => {
            let message = format!("a row gives a category of its own; `{}` is for examinations", value_text(&value));
            reader.report(
                Diagnostic::error(CELL, cell.whole(), message).note("choose a word, for example `not_assessed`"),
            );
            None
        }
    }
}

/// The cells of a table that were parsed, by their text: most of them say `any`.
type Known<'a> = HashMap<&'a str, Node<'a>>;

fn parse_cell<'a>(cell: Fragment<'a>, known: &mut Known<'a>) -> Result<Node<'a>, Refusal> {
    if let Some(node) = known.get(cell.text) {
        return Ok(node.elsewhere(cell));
    }
    let node = cell.parse(Rule::entry_cell)?;
    known.insert(cell.text, node.clone());
    Ok(node)
}

fn read_cell<'a>(cell: Fragment<'a>, known: &mut Known<'a>, reader: &mut Reader) -> Option<Cell> {
    if is_empty(cell, "a value, a range or `any`", reader) {
        return None;
    }
    let part = match parse_cell(cell, known) {
        Ok(node) => node.first()?,
        Err(refusal) => {
            let Some(name) = several_words(cell, "a value", reader) else {
                reader.report(refused(cell, &refusal));
                return None;
            };
            return Some(Cell { span: cell.whole(), kind: CellKind::OneOf(vec![Value::Named(name)]) });
        }
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "a cell has no other rule")]
    let kind = match part.rule() {
        Rule::kw_any => CellKind::Any,
        Rule::dash => {
            let message = format!("`{}` alone says nothing: every value is written `any`", part.text());
            reader.report(Diagnostic::error(CELL, part.span(), message).fix("write `any`", part.span(), "any"));
            CellKind::Any
        }
        Rule::cell_values => CellKind::OneOf(read_values(&part, reader)?),
        Rule::cell_not => read_not(&part, reader)?,
        _ => CellKind::Within(read_range(&part, reader)?),
    };
    Some(Cell { span: cell.whole(), kind })
}

fn read_values(node: &Node<'_>, reader: &mut Reader) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    for part in node.children() {
        if part.rule() == Rule::comma {
            let diagnostic = Diagnostic::error(CELL, part.span(), "the values of a cell are joined by `or`");
            reader.report(diagnostic.fix("write `or`", part.span(), " or"));
        } else if part.rule() == Rule::value {
            values.push(read_value(&part.first()?, reader)?);
        }
    }
    Some(values)
}

/// `not IBM`, of one value.
fn read_not(node: &Node<'_>, reader: &mut Reader) -> Option<CellKind> {
    let mut values = node.children().filter(|part| part.rule() == Rule::value);
    let first = values.next()?;
    if let Some(second) = values.next() {
        let span = Span { end: node.span().end, ..second.span() };
        let message = format!("`{}`: does `not` reach the second value? in a cell it takes one", node.text());
        reader.report(
            Diagnostic::error(CELL, node.span(), message).also(span, "").note("list the other values: `A or B`"),
        );
        return None;
    }
    Some(CellKind::Not(read_value(&first.first()?, reader)?))
}
