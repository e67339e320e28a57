//! How answers were worked out, as a long table: a row for each line, row or block that was looked at.

use super::Row;
use super::cells::{self, Line};
use crate::engine::Evaluated;
use crate::explain::{Explanation, Statement};

/// The columns of the table, each with what it means.
pub(super) const COLUMNS: [(&str, &str); 12] = [
    ("id", "the record"),
    ("line", "the line of the input that it begins on"),
    ("visit", "the day it is told of, where each visit is answered; else empty"),
    ("guideline", "the guideline"),
    ("release", "its release"),
    ("statement", "the block, or the place of a line or a row in it: `block.2`"),
    ("kind", "what it is: finding, score, row, line and so on"),
    ("title", "the same in words"),
    ("value", "what came of it; empty where several values are possible"),
    ("possible", "everything that could have come of it, by what is recorded"),
    ("unit", "the unit of a number"),
    ("place", "where it stands in the rules"),
];

/// The heading.
pub fn heading() -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = Line::begin(&mut out);
    line.cells(COLUMNS.map(|(name, _)| name));
    line.end();
    out
}

/// The rows of a record; how many there are.
pub(crate) fn rows(row: &Row<'_>, told: &[Evaluated], out: &mut Vec<u8>) -> u64 {
    let mut count = 0;
    for Evaluated { explanation, .. } in told {
        let mut open: Vec<&Statement> = explanation.trace.iter().rev().collect();
        while let Some(statement) = open.pop() {
            write(row, explanation, statement, out);
            count += 1;
            open.extend(statement.parts.iter().rev());
        }
    }
    count
}

fn write(row: &Row<'_>, explanation: &Explanation, statement: &Statement, out: &mut Vec<u8>) {
    let mut line = Line::begin(out);
    let visit = row.visit.map(|day| day.to_string()).unwrap_or_default();
    line.cells([row.id.unwrap_or_default(), &row.line.to_string(), &visit]);
    line.cells([explanation.guideline.id.as_str(), &explanation.guideline.release]);
    line.cells([statement.id.as_str(), statement.kind, &statement.title]);
    line.cells([cells::value(&statement.outcome).as_str(), &cells::possible(&statement.outcome)]);
    line.cells([statement.unit.as_deref().unwrap_or_default(), &statement.place]);
    line.end();
}
