//! `bands`: a number into categories.

use super::block::Place;
use super::grammar::{Fragment, Rule};
use super::layout::WrittenLine;
use super::reader::Reader;
use super::rows::{Grid, HEADING, Row, read_grids};
use super::score::{Parts, heading, range_cell, refuse_own_table, several_words, sort_lines};
use super::tree::{BandRow, Bands, Construct, Name, Range, Reading};
use crate::diagnostics::Diagnostic;
use crate::source::Span;

/// The lines of bands.
pub(super) fn read_bands(
    of: Option<Reading>,
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Option<Bands> {
    let parts = sort_lines(Construct::Bands, lines, reader);
    if let (Some(_), Some(name)) = (&parts.as_in, place.name) {
        refuse_own_table(Construct::Bands, &parts, reader);
        let Parts { columns, as_in, instead, .. } = parts;
        let (answer, headings, rows) = (name.clone(), Vec::new(), Vec::new());
        return Some(Bands { of: of?, columns, answer, headings, rows, instead, as_in });
    }
    if parts.takes_over {
        return None;
    }
    let mut grids = read_grids(&parts.rows, reader).into_iter();
    let Some(grid) = grids.next() else {
        let help = "it begins with a heading: `| response | total_improvement_score |`";
        place.missing("the bands have no table", help, reader);
        return None;
    };
    if let Some(second) = grids.next() {
        let diagnostic = Diagnostic::error(HEADING, second.heading.span, "bands have one table");
        reader.report(diagnostic.note("join the two, or give the second a `bands` block and a name of its own"));
    }
    if is_headless(&grid) {
        missing_heading(&grid, place, of.as_ref(), reader);
        return None;
    }
    let (first, others) = grid.heading.cells.split_first()?;
    let answer = read_answer(*first, "a name", reader);
    let wanted = parts.columns.len().max(1);
    if others.len() != wanted {
        let message = match parts.columns.len() {
            0 => format!("{} columns of ranges, and no `column NAME when …` line that says for whom", others.len()),
            count => format!("{} columns of ranges and {count} `column` lines", others.len()),
        };
        let help = "each column of ranges has its line above the table: `column adult when adult`";
        reader.report(Diagnostic::error(HEADING, grid.heading.span, message).note(help));
    }
    let rows = grid.rows.iter().filter_map(|row| read_row(row, reader)).collect();
    let headings = others.iter().map(|cell| heading(*cell)).collect();
    Some(Bands {
        of: of?,
        columns: parts.columns,
        answer: answer?,
        headings,
        rows,
        instead: parts.instead,
        as_in: None,
    })
}

/// The first row has a range where a heading should be.
fn is_headless(grid: &Grid<'_>) -> bool {
    let is_range = |cell: &Fragment<'_>| {
        cell.text.contains(|letter: char| letter.is_ascii_digit())
            && !cell.text.starts_with(['"', '“'])
            && cell.parse(Rule::entry_range).is_ok()
            && cell.parse(Rule::entry_name).is_err()
    };
    grid.heading.cells.iter().skip(1).any(is_range)
}

fn missing_heading(grid: &Grid<'_>, place: &Place<'_>, of: Option<&Reading>, reader: &mut Reader) {
    let row = &grid.heading;
    let diagnostic = Diagnostic::error(HEADING, row.span, "the heading row is missing");
    let (name, of) = (place.name.map_or("answer", |name| &name.value), of.map_or("number", |of| &of.name.value));
    let at = Span { end: row.span.start, ..row.span };
    let single = row.cells.len() == 2;
    reader.report(if single {
        let spelt = format!("| {name} | {of} |\n  |---|---|\n  ");
        diagnostic.fix("put a heading above it", at, spelt)
    } else {
        diagnostic.note(format!("put a heading above it: `| {name} | … |`, with the name of each column"))
    });
}

fn read_answer(cell: Fragment<'_>, what: &str, reader: &mut Reader) -> Option<Name> {
    if let Some(name) = several_words(cell, what, reader) {
        return Some(name);
    }
    let node = reader.read(cell, Rule::entry_name)?;
    Some(reader.name(&node.child(Rule::name)?))
}

fn read_row(row: &Row<'_>, reader: &mut Reader) -> Option<BandRow> {
    let value = read_answer(*row.cells.first()?, "a value", reader);
    let ranges: Vec<Option<Range>> = row.cells.iter().skip(1).map(|cell| range_cell(*cell, reader)).collect();
    let ranges: Option<Vec<Range>> = ranges.into_iter().collect();
    Some(BandRow { value: value?, ranges: ranges?, citations: row.citations.clone() })
}
