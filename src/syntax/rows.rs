//! Tables as rows of cells: the heading, the rule under it, the count of the cells.

use super::grammar::Fragment;
use super::layout::WrittenLine;
use super::reader::Reader;
use super::tree::Citation;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// A row that has not the cells of its heading.
pub(super) const CELLS: Code = Code {
    id: "S029",
    title: "a row does not fit its heading",
    explanation: "\
Every row has a cell for each heading, and a `|` before, between and after them. Two tables of one block have an empty
line between them.

    | response | adult    | juvenile |
    |----------|----------|----------|
    | none     | below 20 |              wrong: the third cell is missing
    | none     | below 20 | below 30 |",
};

/// A table without its heading row.
pub(super) const HEADING: Code = Code {
    id: "S030",
    title: "the heading row is missing or says something else",
    explanation: "\
The first row of a table is its heading. A score begins with `if present`, `value`, `value in UNIT`,
`improvement as % of range` or `improvement as % of baseline`; a decision table ends with `-> name of the table`.

    | none    | below 20       |        wrong: this is a row

    | response | total_improvement_score |
    |----------|-------------------------|
    | none     | below 20                |",
};

/// A row of a table.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    /// From the first bar to the last.
    pub(super) span: Span,
    /// The cells.
    pub(super) cells: Vec<Fragment<'a>>,
    /// The row's own sources.
    pub(super) citations: Vec<Citation>,
}

/// A heading and the rows that fit it.
#[derive(Debug)]
pub(super) struct Grid<'a> {
    /// The first row.
    pub(super) heading: Row<'a>,
    /// The others.
    pub(super) rows: Vec<Row<'a>>,
}

/// The tables among the lines of a block, each line given by its place in the block.
pub(super) fn read_grids<'a>(lines: &[&WrittenLine<'a>], reader: &mut Reader) -> Vec<Grid<'a>> {
    let mut grids: Vec<Grid<'a>> = Vec::new();
    let mut under_heading = false;
    for line in lines {
        let Some(row) = read_row(line, reader) else { continue };
        let is_rule = is_rule(&row);
        match grids.last_mut() {
            Some(grid) if !line.after_gap => {
                if !is_rule {
                    grid.rows.push(row);
                } else if !under_heading {
                    let heading = grid.rows.pop();
                    split(heading, &mut grids, reader);
                }
            }
            _ if is_rule => {
                let message = "a rule without a heading row above it";
                reader.report(
                    Diagnostic::error(HEADING, row.span, message).note("the first row of a table names its columns"),
                );
                continue;
            }
            _ => grids.push(Grid { heading: row, rows: Vec::new() }),
        }
        under_heading = grids.last().is_some_and(|grid| grid.rows.is_empty());
    }
    for grid in &mut grids {
        check_counts(grid, reader);
    }
    grids
}

/// A rule in the middle: the row above it is the heading of a second table.
fn split<'a>(heading: Option<Row<'a>>, grids: &mut Vec<Grid<'a>>, reader: &mut Reader) {
    let Some(heading) = heading else { return };
    let at = Span { end: heading.span.start, ..heading.span };
    let diagnostic = Diagnostic::error(CELLS, heading.span, "an empty line stands between two tables");
    reader.report(diagnostic.fix("put an empty line before it", at, "\n  "));
    grids.push(Grid { heading, rows: Vec::new() });
}

fn read_row<'a>(line: &WrittenLine<'a>, reader: &mut Reader) -> Option<Row<'a>> {
    let mut cells = line.cells.clone()?;
    let span = line.words.whole();
    match cells.pop() {
        Some(rest) if !rest.text.is_empty() => {
            let end = line.words.from(line.words.text.len()).whole();
            let diagnostic = Diagnostic::error(CELLS, rest.whole(), "the row does not end with `|`");
            reader.report(diagnostic.fix("close the row", end, " |"));
            cells.push(rest);
        }
        _ => {}
    }
    Some(Row { span, cells, citations: line.citations.clone() })
}

/// `|---|:--|`
fn is_rule(row: &Row<'_>) -> bool {
    let dashes = |cell: &Fragment<'_>| {
        cell.text.contains('-') && cell.text.chars().all(|letter| matches!(letter, '-' | ':' | ' '))
    };
    // One dash alone is a cell of its own mistake.
    row.cells.iter().all(dashes) && row.cells.iter().any(|cell| cell.text.len() > 1 || row.cells.len() > 1)
}

fn check_counts(grid: &mut Grid<'_>, reader: &mut Reader) {
    let wanted = grid.heading.cells.len();
    let heading = grid.heading.span;
    grid.rows.retain(|row| {
        let count = row.cells.len();
        if count != wanted {
            let message = format!("this row has {}, the heading has {wanted}", cells(count));
            let diagnostic = Diagnostic::error(CELLS, row.span, message).also(heading, "the heading");
            let help = if count < wanted {
                "an empty cell is written `any` in a table and `none` in a score"
            } else {
                "is there a `|` too many?"
            };
            reader.report(diagnostic.note(help));
        }
        count == wanted
    });
}

fn cells(count: usize) -> String {
    if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") }
}
