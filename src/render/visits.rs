//! The course of the disease: a guideline's answers at each visit, one row a visit.

use std::fmt::Write;

use super::{VERSION, markdown, words};
use crate::eval::Status;
use crate::explain::{AnswerShown, Explanation, NOTICE, Possible};

/// How wide a page of text is.
const WIDTH: usize = 100;

/// How wide a column is at least.
const NARROW: usize = 12;

/// What stands between two columns.
const GAP: usize = 2;

/// How many answers stand beside one another on a page of text; the others follow in a table of their own.
const BESIDE: usize = (WIDTH - NARROW) / (NARROW + GAP);

/// How many possible values a page of text names.
const NAMED: usize = 4;

/// A page: one guideline after the other, each with its visits. The explanations of one guideline are those of one
/// patient, the earliest visit first.
pub fn text(guidelines: &[Vec<Explanation>]) -> String {
    let mut page = String::new();
    let Some(last) = guidelines.iter().find_map(|visits| visits.last()) else { return page };
    let about = [vec![last.record.id.clone()], last.record.about.clone()].concat().join(" | ");
    let _ = writeln!(page, "{about}\n{}", wrap(NOTICE, WIDTH).join("\n"));
    for visits in guidelines {
        let Some(table) = Table::of(visits, Some(NAMED)) else { continue };
        let _ = writeln!(page, "\n{}", table.title);
        for part in table.parts() {
            let widths = widths(&part);
            page.push('\n');
            for (at, row) in part.iter().enumerate() {
                page.push_str(&aligned(row, &widths));
                if at == 0 {
                    page.push_str(&aligned(
                        &widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>(),
                        &widths,
                    ));
                }
            }
        }
        for note in &table.notes {
            let _ = writeln!(page, "\n{}", wrap(note, WIDTH).join("\n"));
        }
    }
    page
}

/// The same as a document.
pub fn markdown(guidelines: &[Vec<Explanation>]) -> String {
    let mut page = String::new();
    let Some(last) = guidelines.iter().find_map(|visits| visits.last()) else { return page };
    let about = last.record.about.join(", ");
    let _ = writeln!(page, "# {}\n\n{about}\n\n> {NOTICE}", markdown::escaped(&last.record.id));
    for visits in guidelines {
        let Some(table) = Table::of(visits, None) else { continue };
        let _ = writeln!(page, "\n## {}\n", markdown::escaped(&table.title));
        let headings: Vec<&str> = table.headings.iter().map(String::as_str).collect();
        markdown::table(&mut page, &headings, &table.rows);
        for note in &table.notes {
            let _ = writeln!(page, "\n{note}");
        }
    }
    page
}

/// A guideline's answers by visit.
struct Table {
    title: String,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// Of an open answer with more than `named` possible values their number stands.
    fn of(visits: &[Explanation], named: Option<usize>) -> Option<Table> {
        let first = visits.first()?;
        let shown = &first.guideline;
        let title = format!("{}: {} {}, myoguide {VERSION}", shown.title, shown.id, shown.release);
        let answers = first.answers.iter().map(|answer| words::spoken(&answer.id));
        let headings = std::iter::once("visit".to_owned()).chain(answers).collect();
        let rows = visits.iter().map(|visit| row(visit, named)).collect();
        let undated: Vec<String> =
            visits.last().map(|last| last.record.undated.clone()).filter(|_| visits.len() > 1).unwrap_or_default();
        let notes = if undated.is_empty() {
            Vec::new()
        } else {
            vec![format!(
                "Recorded without a date, and used at every visit as if it had been known then: {}. `known_since` says \
                 from when on.",
                words::all_of(&undated)
            )]
        };
        Some(Table { title, headings, rows, notes })
    }

    /// The headings and the rows, a few answers at a time, each time with the day.
    fn parts(&self) -> Vec<Vec<Vec<String>>> {
        let starts = (1..self.headings.len().max(2)).step_by(BESIDE);
        let part = |start: usize| {
            let cells =
                |row: &Vec<String>| row.iter().take(1).chain(row.iter().skip(start).take(BESIDE)).cloned().collect();
            std::iter::once(&self.headings).chain(&self.rows).map(cells).collect()
        };
        starts.map(part).collect()
    }
}

/// Each column as wide as it needs, as far as the page allows.
fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let needed =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let longest = |row: &[String], at: usize| row.get(at)?.split(' ').map(|word| word.chars().count()).max();
    let columns = 0..rows.first().map_or(0, Vec::len);
    let least: Vec<usize> = columns
        .clone()
        .map(|at| rows.iter().filter_map(|row| longest(row, at)).max().unwrap_or(0).max(NARROW))
        .collect();
    let mut widths: Vec<usize> = columns.map(needed).collect();
    let room = WIDTH.saturating_sub(GAP * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let wide = widths.iter_mut().zip(&least).filter(|(width, least)| **width > **least);
        let Some((widest, _)) = wide.max_by_key(|(width, _)| **width) else { break };
        *widest -= 1;
    }
    widths
}

fn row(visit: &Explanation, named: Option<usize>) -> Vec<String> {
    let day = words::day(visit.record.as_of);
    std::iter::once(day).chain(visit.answers.iter().map(|answer| cell(answer, named))).collect()
}

fn cell(answer: &AnswerShown, named: Option<usize>) -> String {
    let possible = || words::brief(&answer.possible, answer.unit.as_deref());
    match answer.status {
        Status::Decided => possible(),
        Status::Silent => "-".to_owned(),
        Status::Fault => "the guideline is at fault".to_owned(),
        Status::Open => match &answer.presuming {
            Some(presuming) => {
                format!("{} (taking for granted)", words::brief(&presuming.possible, answer.unit.as_deref()))
            }
            None => match &answer.possible {
                Possible::Choice(values) if named.is_some_and(|named| values.len() > named) => {
                    format!("{} possible", values.len())
                }
                Possible::Choice(_)
                | Possible::YesNo { .. }
                | Possible::Several { .. }
                | Possible::Number(_)
                | Possible::Nothing => possible(),
            },
        },
    }
}

/// One row, its cells wrapped.
fn aligned(cells: &[String], widths: &[usize]) -> String {
    let wrapped: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    for at in 0..height {
        let mut line = String::new();
        for (lines, width) in wrapped.iter().zip(widths) {
            let part = lines.get(at).map_or("", String::as_str);
            let _ = write!(line, "{part:<width$}{:GAP$}", "", width = *width);
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
