//! `score`: points added up, from one or more tables.

use super::amount::{read_amount, read_share};
use super::block::{Place, unknown_line};
use super::condition::read_condition;
use super::grammar::{Fragment, Node, Rule};
use super::hints;
use super::layout::WrittenLine;
use super::number::read_signed;
use super::opening::keyword;
use super::range::{RANGE, read_range};
use super::reader::{NAME, Reader};
use super::rows::{Grid, HEADING, Row, read_grids};
use super::tree::{
    BandedBy, BandedPoints, BandedRow, Column, Condition, Construct, Instead, ItemPoints, ItemRow, Line, Name, Points,
    Range, Score, ScoreTable,
};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Spanned;
use crate::value::Number;

/// A cell that says something else than its heading asks for.
pub(super) const CELL: Code = Code {
    id: "S031",
    title: "a cell says something else than its column",
    explanation: "\
A cell of a score is a number or `none`. A cell of a decision table is a value, `A or B`, `not A`, `any`, `not done`,
a comparison or a range. No cell is empty, and none is a lone dash.

    | heliotrope | -    |           wrong
    | heliotrope | none |",
};

/// A table of its own beside one that is taken over.
pub(super) const AS_IN: Code = Code {
    id: "S032",
    title: "one table, its own or another block's",
    explanation: "\
`points as in NAME` takes over the columns and tables of another score, `ranges as in NAME` those of other bands, so
that no number stands twice. Such a block has no table and no columns of its own.

    as recorded score on_file \"Points on file\"
      unknown counts as 0 points
      ranges as in total            wrong: a score has points
      points as in total",
};

/// What a score or bands have beside their tables.
pub(super) struct Parts<'a, 'l> {
    /// `column adult when adult`
    pub(super) columns: Vec<Column>,
    /// `0 to 100 points`
    pub(super) points: Option<Spanned<(Number, Number)>>,
    /// There is a line that takes over a table, readable or not.
    pub(super) takes_over: bool,
    /// `points as in total_improvement_score`
    pub(super) as_in: Option<Name>,
    /// `not_applicable when better_explanation is yes`
    pub(super) instead: Vec<Instead>,
    /// The lines of the tables.
    pub(super) rows: Vec<&'l WrittenLine<'a>>,
}

/// Sorts the lines of a score or of bands.
pub(super) fn sort_lines<'a, 'l>(
    construct: Construct,
    lines: &'l [WrittenLine<'a>],
    reader: &mut Reader,
) -> Parts<'a, 'l> {
    let mut parts = Parts {
        columns: Vec::new(),
        points: None,
        takes_over: false,
        as_in: None,
        instead: Vec::new(),
        rows: Vec::new(),
    };
    for line in lines {
        if line.cells.is_some() {
            parts.rows.push(line);
        } else if line.first_word() == "column" {
            parts.columns.extend(read_column(line, reader));
        } else if is_as_in(line) {
            parts.takes_over = true;
            parts.as_in = read_as_in(construct, line, reader).or(parts.as_in);
        } else if construct == Construct::Bands && line.words.text.split_whitespace().nth(1) == Some("when") {
            parts.instead.extend(read_instead(line, reader));
        } else if construct == Construct::Score && is_points(line) {
            if let Some(points) = read_points_line(line, reader) {
                parts.points = Some(points);
            }
        } else {
            unknown_line(line, construct, &["column"], reader);
        }
    }
    parts
}

/// `points as in …`, `ranges as in …`
fn is_as_in(line: &WrittenLine<'_>) -> bool {
    let mut words = line.words.text.split_whitespace();
    matches!(words.next(), Some("points" | "ranges" | "point" | "range")) && words.next() == Some("as")
}

fn read_as_in(construct: Construct, line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Name> {
    let node = reader.read(line.words, Rule::entry_as_in)?;
    let word = node.first()?;
    let wanted = if construct == Construct::Score { "points" } else { "ranges" };
    if word.text() != wanted {
        let message = format!("`{} as in`: here it is `{wanted} as in`", word.text());
        let diagnostic = Diagnostic::error(AS_IN, word.span(), message);
        reader.report(diagnostic.fix(format!("write `{wanted}`"), word.span(), wanted));
    }
    Some(reader.name(&node.child(Rule::name)?))
}

/// Says that a block cannot both take over a table and have one.
pub(super) fn refuse_own_table(construct: Construct, parts: &Parts<'_, '_>, reader: &mut Reader) {
    let row = parts.rows.first().map(|row| row.words.whole());
    let own = row.or(parts.columns.first().map(|column| column.name.span));
    if let (Some(own), Some(other)) = (own, &parts.as_in) {
        let kind = keyword(construct);
        let message = format!("the columns and the table are those of `{}`: leave this one out", other.value);
        let note = format!("or leave out the line that takes over the table, and give this `{kind}` block its own");
        reader.report(Diagnostic::error(AS_IN, own, message).also(other.span, "taken over here").note(note));
    }
}

fn read_instead(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Instead> {
    let node = reader.read(line.words, Rule::entry_instead)?;
    let value = reader.name(&node.child(Rule::name)?);
    let condition = read_condition(&node.child(Rule::condition)?, reader)?;
    Some(Instead { value, when: Line { value: condition, citations: line.citations.clone() } })
}

fn is_points(line: &WrittenLine<'_>) -> bool {
    line.words.text.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-')
}

/// `0 to 100 points`
fn read_points_line(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Spanned<(Number, Number)>> {
    let node = reader.read(line.words, Rule::entry_points_line)?;
    let mut ends = node.children().filter(|part| part.rule() == Rule::signed_number);
    let low = read_signed(&ends.next()?, reader)?;
    let high = read_signed(&ends.next()?, reader)?;
    if low.value > high.value {
        let message = format!("the points run from {} down to {}", low.value, high.value);
        let spelt = format!("{} to {} points", high.value, low.value);
        reader.report(Diagnostic::error(RANGE, node.span(), message).fix(
            format!("write `{spelt}`"),
            node.span(),
            spelt,
        ));
    }
    Some(Spanned::new((low.value, high.value), node.span()))
}

fn read_column(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Column> {
    let node = reader.read(line.words, Rule::entry_column)?;
    let name = match node.child(Rule::title) {
        Some(title) => Spanned::new(unquoted(title.text()).to_owned(), title.span()),
        None => reader.name(&node.child(Rule::name)?),
    };
    let condition = read_condition(&node.child(Rule::condition)?, reader)?;
    Some(Column { name, when: Line { value: condition, citations: line.citations.clone() } })
}

/// A text without the quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    text.trim_start_matches(['"', '“']).trim_end_matches(['"', '”'])
}

/// The lines of a score.
pub(super) fn read_score(place: &Place<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Score {
    let parts = sort_lines(Construct::Score, lines, reader);
    let grids = read_grids(&parts.rows, reader);
    if parts.takes_over {
        refuse_own_table(Construct::Score, &parts, reader);
    } else if grids.is_empty() {
        let help = "a table begins with a heading: `| if present | points |` or `| improvement as % of range | at most 5 | above 5 |`";
        place.missing("the score has no table of points", help, reader);
    }
    let tables = grids.iter().filter_map(|grid| read_table(grid, reader)).collect();
    Score { points: parts.points, columns: parts.columns, tables, as_in: parts.as_in }
}

fn read_table(grid: &Grid<'_>, reader: &mut Reader) -> Option<ScoreTable> {
    let (first, others) = grid.heading.cells.split_first()?;
    let Ok(node) = first.parse(Rule::entry_points_heading) else {
        unknown_heading(*first, others, &grid.heading, reader);
        return None;
    };
    if others.is_empty() {
        let diagnostic = Diagnostic::error(HEADING, grid.heading.span, "the heading has no column of points");
        reader.report(diagnostic.note("for example `| if present | points |`"));
        return None;
    }
    if node.has(Rule::present_heading) {
        let headings = others.iter().map(|cell| heading(*cell)).collect();
        let rows = grid.rows.iter().filter_map(|row| read_item_row(row, reader)).collect();
        return Some(ScoreTable::Items(ItemPoints { headings, rows }));
    }
    let by = read_by(&node, reader)?;
    let bands: Option<Vec<Range>> = others.iter().map(|cell| range_cell(*cell, reader)).collect();
    let rows = grid.rows.iter().filter_map(|row| read_banded_row(row, reader)).collect();
    Some(ScoreTable::Banded(BandedPoints { by, bands: bands?, rows }))
}

/// A heading in any words, without quotes.
pub(super) fn heading(cell: Fragment<'_>) -> Name {
    Spanned::new(unquoted(cell.text).to_owned(), cell.whole())
}

/// A cell that holds a range.
pub(super) fn range_cell(cell: Fragment<'_>, reader: &mut Reader) -> Option<Range> {
    if is_empty(cell, "a range", reader) {
        return None;
    }
    let node = reader.read(cell, Rule::entry_range)?;
    read_range(&node.child(Rule::range)?, reader)
}

/// Says that a cell is empty.
pub(super) fn is_empty(cell: Fragment<'_>, wanted: &str, reader: &mut Reader) -> bool {
    let empty = cell.text.is_empty();
    if empty {
        reader.report(Diagnostic::error(CELL, cell.whole(), format!("an empty cell: expected {wanted}")));
    }
    empty
}

fn read_by(node: &Node<'_>, reader: &mut Reader) -> Option<Spanned<BandedBy>> {
    if let Some(value) = node.child(Rule::value_heading) {
        let unit = value.child(Rule::in_unit).and_then(|part| part.child(Rule::unit));
        let unit = unit.map(|unit| Spanned::new(unit.text().to_owned(), unit.span()));
        return Some(Spanned::new(BandedBy::Value(unit), node.span()));
    }
    let improvement = node.child(Rule::improvement_heading)?;
    let share = improvement.child(Rule::share)?;
    let spelt = format!("improvement as % of {}", share.text());
    let written: Vec<&str> = improvement.text().split_whitespace().collect();
    if written.join(" ").replace("%of", "% of") != spelt {
        let message = format!("this heading is written `{spelt}`");
        let diagnostic = Diagnostic::error(HEADING, improvement.span(), message);
        reader.report(diagnostic.fix(format!("write `{spelt}`"), improvement.span(), spelt));
    }
    Some(Spanned::new(BandedBy::Improvement(read_share(&share)), node.span()))
}

fn unknown_heading(first: Fragment<'_>, others: &[Fragment<'_>], row: &Row<'_>, reader: &mut Reader) {
    let numbers = others.iter().all(|cell| cell.parse(Rule::entry_points).is_ok());
    let diagnostic = if numbers && !others.is_empty() {
        let at = crate::source::Span { end: row.span.start, ..row.span };
        let columns = others.iter().map(|_| " points |").collect::<String>();
        Diagnostic::error(HEADING, row.span, "the heading row is missing").fix(
            "put a heading above it",
            at,
            format!("| if present |{columns}\n  "),
        )
    } else {
        let message = format!("`{}` does not begin a table of points", first.text);
        let diagnostic = Diagnostic::error(HEADING, first.whole(), message);
        if matches!(first.text.to_lowercase().as_str(), "item" | "items" | "sign" | "criterion" | "finding" | "present")
        {
            diagnostic.fix("write `if present`", first.whole(), "if present")
        } else {
            diagnostic.note(
                "the first heading is `if present`, `value`, `value in UNIT`, `improvement as % of range` or `improvement as % of baseline`",
            )
        }
    };
    reader.report(diagnostic);
}

fn read_points(cell: Fragment<'_>, reader: &mut Reader) -> Option<Points> {
    if is_empty(cell, "points, or `none`", reader) {
        return None;
    }
    if let Some(number) = number_alone(cell, reader) {
        return read_signed(&number, reader).map(|number| number.map(Some));
    }
    let node = reader.read(cell, Rule::entry_points)?;
    if let Some(number) = node.child(Rule::signed_number) {
        return read_signed(&number, reader).map(|number| number.map(Some));
    }
    if let Some(dash) = node.child(Rule::dash) {
        let message = format!("`{}` alone says nothing: no points are written `none`", dash.text());
        reader.report(Diagnostic::error(CELL, dash.span(), message).fix("write `none`", dash.span(), "none"));
    }
    Some(Spanned::new(None, node.span()))
}

/// `1 point`: the number, which the cell should hold alone.
pub(super) fn number_alone<'a>(cell: Fragment<'a>, reader: &mut Reader) -> Option<Node<'a>> {
    let word = ["points", "point", "pts", "pt"].into_iter().find(|word| cell.text.ends_with(word))?;
    let number = cell.between(0, cell.text.len() - word.len()).trimmed();
    let node = number.parse(Rule::entry_points).ok()?.child(Rule::signed_number)?;
    let message = format!("`{}`: the points are a number alone", cell.text);
    let fix = format!("write `{}`", number.text);
    reader.report(Diagnostic::error(CELL, cell.whole(), message).fix(fix, cell.whole(), number.text));
    Some(node)
}

/// `very high`: words that should be one; told, and read as that one word.
pub(super) fn several_words(cell: Fragment<'_>, what: &str, reader: &mut Reader) -> Option<Name> {
    let joined = hints::joined(cell.text)?;
    let message = format!("`{}`: {what} is one word, `{joined}`", cell.text);
    let fix = format!("write `{joined}`");
    reader.report(Diagnostic::error(NAME, cell.whole(), message).fix(fix, cell.whole(), joined.as_str()));
    Some(Spanned::new(joined, cell.whole()))
}

fn row_points(row: &Row<'_>, reader: &mut Reader) -> Option<Vec<Points>> {
    let cells: Vec<Option<Points>> = row.cells.iter().skip(1).map(|cell| read_points(*cell, reader)).collect();
    cells.into_iter().collect()
}

fn read_item_row(row: &Row<'_>, reader: &mut Reader) -> Option<ItemRow> {
    let condition = item_condition(*row.cells.first()?, reader);
    let points = row_points(row, reader)?;
    Some(ItemRow { condition: condition?, points, citations: row.citations.clone() })
}

fn item_condition(cell: Fragment<'_>, reader: &mut Reader) -> Option<Condition> {
    if is_empty(cell, "a condition", reader) {
        return None;
    }
    let node = reader.read(cell, Rule::entry_condition)?;
    read_condition(&node.child(Rule::condition)?, reader)
}

fn read_banded_row(row: &Row<'_>, reader: &mut Reader) -> Option<BandedRow> {
    let cell = *row.cells.first()?;
    if is_empty(cell, "a fact or a measure", reader) {
        return None;
    }
    let subject =
        reader.read(cell, Rule::entry_amount).and_then(|node| read_amount(&node.child(Rule::amount)?, reader));
    let points = row_points(row, reader)?;
    Some(BandedRow { subject: subject?, points, citations: row.citations.clone() })
}
