//! `course adequate`: the table that says what a fair trial is.

use super::block::{Place, unknown_line};
use super::grammar::{Fragment, Node, Rule};
use super::layout::WrittenLine;
use super::number::{read_count, read_number};
use super::reader::Reader;
use super::reading::read_period_unit;
use super::rows::{HEADING, Row, read_grids};
use super::score::is_empty;
use super::therapy::{read_one_therapy, read_therapy};
use super::tree::{Construct, DoseFloor, FairTrialRow, JudgedAfter, Therapy, TrialLength};
use crate::diagnostics::{Code, Diagnostic, suggest};
use crate::source::{Span, Spanned};
use crate::value::{Number, Quantity};

/// A cell of the table of fair trials.
pub(super) const TRIAL: Code = Code {
    id: "S037",
    title: "a fair trial is said otherwise",
    explanation: "\
The table of `course adequate` begins with `drug`, then has any of the columns `dose at least`, `for at least`,
`adherence at least`, `level at least` and `judged after`. A dose has its unit, a length is a period or so many `cycles`
or `doses`, adherence is a percentage. What does not matter is `any`.

    | drug      | dose at least                   | for at least | adherence at least | judged after                 |
    |-----------|---------------------------------|--------------|--------------------|------------------------------|
    | drug_name | 15 mg/week or highest tolerated | 12 weeks     | 80                 | 12 weeks                     |
                                                                   wrong: 80 of what? write `80 %`",
};

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Dose,
    Length,
    Adherence,
    Level,
    Judged,
}

const COLUMNS: [(&str, Column); 5] = [
    ("dose at least", Column::Dose),
    ("for at least", Column::Length),
    ("adherence at least", Column::Adherence),
    ("level at least", Column::Level),
    ("judged after", Column::Judged),
];

/// The table under `course adequate`.
pub(super) fn read_trials(
    place: &Place<'_>,
    lines: &[WrittenLine<'_>],
    reader: &mut Reader,
) -> Option<Vec<FairTrialRow>> {
    let mut rows: Vec<&WrittenLine<'_>> = Vec::new();
    for line in lines {
        if line.cells.is_some() {
            rows.push(line);
        } else {
            unknown_line(line, Construct::Course, &[], reader);
        }
    }
    let mut grids = read_grids(&rows, reader).into_iter();
    let Some(grid) = grids.next() else {
        let help = "it begins with a heading: `| drug | dose at least | for at least | judged after |`";
        place.missing("what a fair trial is stands in a table", help, reader);
        return None;
    };
    if let Some(second) = grids.next() {
        let diagnostic = Diagnostic::error(HEADING, second.heading.span, "`course adequate` is one table");
        reader.report(diagnostic.note("leave out the empty line above it; a missing column is `any` in all rows"));
    }
    let columns = read_headings(&grid.heading, reader)?;
    let rows: Vec<FairTrialRow> = grid.rows.iter().filter_map(|row| read_row(row, &columns, reader)).collect();
    Some(rows)
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The columns after `drug`; `None` for one that is not known, which is told.
fn read_headings(heading: &Row<'_>, reader: &mut Reader) -> Option<Vec<Option<Column>>> {
    let (first, others) = heading.cells.split_first()?;
    if plain(first.text) != "drug" {
        let message = format!("`{}`: the first heading of a table of fair trials is `drug`", first.text);
        let diagnostic = Diagnostic::error(HEADING, first.whole(), message);
        if matches!(plain(first.text).to_lowercase().as_str(), "drugs" | "treatment" | "therapy" | "medicine" | "drug")
        {
            reader.report(diagnostic.fix("write `drug`", first.whole(), "drug"));
        } else {
            let help = "the first row is the heading: `| drug | dose at least | for at least | judged after |`";
            reader.report(diagnostic.note(help));
            return None;
        }
    }
    let mut columns: Vec<Option<Column>> = Vec::new();
    for cell in others {
        let column = read_heading(*cell, reader);
        if column.is_some() && columns.contains(&column) {
            let diagnostic =
                Diagnostic::error(HEADING, cell.whole(), format!("the column `{}` stands twice", cell.text));
            reader.report(diagnostic.note("a row that has two forms of a trial is two rows: they are alternatives"));
            columns.push(None);
        } else {
            columns.push(column);
        }
    }
    Some(columns)
}

fn read_heading(cell: Fragment<'_>, reader: &mut Reader) -> Option<Column> {
    let text = plain(cell.text);
    if let Some((_, column)) = COLUMNS.iter().find(|(words, _)| *words == text) {
        return Some(*column);
    }
    let short = match text.to_lowercase().as_str() {
        "dose" | "minimum dose" => Some("dose at least"),
        "duration" | "for" | "length" | "duration at least" => Some("for at least"),
        "adherence" => Some("adherence at least"),
        "level" | "trough" | "trough level" => Some("level at least"),
        "judge after" | "judged" | "assessed after" => Some("judged after"),
        _ => None,
    };
    let meant = short.or_else(|| suggest::nearest(&text, COLUMNS.iter().map(|(words, _)| *words)));
    let message = format!("`{}` is not a column of a table of fair trials", cell.text);
    let diagnostic = Diagnostic::error(HEADING, cell.whole(), message);
    let listed: Vec<String> = COLUMNS.iter().map(|(words, _)| format!("`{words}`")).collect();
    reader.report(match meant {
        Some(meant) => diagnostic.fix(format!("write `{meant}`"), cell.whole(), meant),
        None => diagnostic.note(format!("there are {}", listed.join(", "))),
    });
    meant.and_then(|meant| COLUMNS.iter().find(|(words, _)| *words == meant)).map(|(_, column)| *column)
}

/// A row; `None` where a cell could not be read, because a trial without its floor would be met too easily.
fn read_row(row: &Row<'_>, columns: &[Option<Column>], reader: &mut Reader) -> Option<FairTrialRow> {
    let (first, others) = row.cells.split_first()?;
    let therapy = read_drug(*first, reader);
    let mut found = FairTrialRow {
        span: row.span,
        therapy: Therapy { span: row.span, parts: Vec::new() },
        dose: None,
        length: None,
        adherence: None,
        level: None,
        judged: None,
        citations: row.citations.clone(),
    };
    let mut complete = true;
    for (cell, column) in others.iter().zip(columns) {
        let Some(column) = *column else { continue };
        complete &= read_cell(*cell, column, &mut found, reader).is_some();
    }
    found.therapy = therapy?;
    complete.then_some(found)
}

fn read_drug(cell: Fragment<'_>, reader: &mut Reader) -> Option<Therapy> {
    if is_empty(cell, "the therapy", reader) {
        return None;
    }
    let node = reader.read(cell, Rule::entry_therapies)?.child(Rule::therapies)?;
    match node.children().count() {
        1 => Some(read_therapy(&node.first()?, reader)),
        _ => read_one_therapy(&node, reader),
    }
}

fn read_cell(cell: Fragment<'_>, column: Column, found: &mut FairTrialRow, reader: &mut Reader) -> Option<()> {
    if is_empty(cell, "what is asked for, or `any`", reader) {
        return None;
    }
    let rule = match column {
        Column::Dose | Column::Level => Rule::entry_dose_floor,
        Column::Length => Rule::entry_trial_length,
        Column::Adherence => Rule::entry_adherence,
        Column::Judged => Rule::entry_judged,
    };
    let node = reader.read(cell, rule)?;
    if let Some(dash) = node.child(Rule::dash) {
        let message = format!("`{}` alone says nothing: what does not matter is `any`", dash.text());
        reader.report(Diagnostic::error(TRIAL, dash.span(), message).fix("write `any`", dash.span(), "any"));
        return Some(());
    }
    if node.has(Rule::kw_any) {
        return Some(());
    }
    match column {
        Column::Dose => {
            let tolerated = node.child(Rule::highest_tolerated);
            let or_highest_tolerated = tolerated.is_some();
            if let Some(words) = tolerated.filter(|words| plain(words.text()) != "or highest tolerated") {
                let message = format!("`{}` is written `or highest tolerated`", words.text());
                let diagnostic = Diagnostic::error(TRIAL, words.span(), message);
                reader.report(diagnostic.fix("write it so", words.span(), "or highest tolerated"));
            }
            let dose = read_quantity(&node.child(Rule::dose)?, "a dose has its unit: `15 mg/week`", reader)?;
            found.dose = Some(DoseFloor { dose, or_highest_tolerated });
        }
        Column::Level => {
            if let Some(words) = node.child(Rule::highest_tolerated) {
                let diagnostic = Diagnostic::error(TRIAL, words.span(), "only a dose may be the highest tolerated");
                reader.report(diagnostic.fix("leave it out", words.span(), ""));
            }
            found.level = Some(read_quantity(&node.child(Rule::dose)?, "a level has its unit: `5 ng/mL`", reader)?);
        }
        Column::Length => found.length = Some(read_length(&node, reader)?),
        Column::Adherence => found.adherence = Some(read_adherence(&node, reader)?),
        Column::Judged => {
            let count = read_count(&node.child(Rule::number)?, reader)?;
            let Some(unit) = node.child(Rule::any_word) else {
                return of_what(&node, "`12 weeks`, or `24 weeks after the last dose`", reader);
            };
            let period = read_period_unit(count, &unit, reader)?;
            found.judged = Some(JudgedAfter { period, from_last_dose: node.has(Rule::after_last_dose) });
        }
    }
    Some(())
}

/// A number with its unit.
fn read_quantity(node: &Node<'_>, help: &str, reader: &mut Reader) -> Option<Spanned<Quantity>> {
    let number = read_number(&node.child(Rule::number)?, reader);
    let unit = node.text().get((number.span.end - node.span().start) as usize..).unwrap_or("").trim();
    if unit.is_empty() {
        let diagnostic = Diagnostic::error(TRIAL, node.span(), format!("`{}` has no unit", node.text()));
        reader.report(diagnostic.note(help));
        return None;
    }
    // The number is read above, with its own messages: a comma in it says nothing about the unit.
    match Quantity::parse(&format!("1 {unit}")) {
        Ok(one) => Some(Spanned::new(Quantity { value: number.value, unit: one.unit }, node.span())),
        Err(error) => {
            let at = Span { start: node.span().end - u32::try_from(unit.len()).unwrap_or(0), ..node.span() };
            reader.report(Diagnostic::error(TRIAL, at, error.to_string()).note(help));
            None
        }
    }
}

/// `12 weeks`, `3 cycles`, `2 doses`
fn read_length(node: &Node<'_>, reader: &mut Reader) -> Option<TrialLength> {
    let count = read_count(&node.child(Rule::number)?, reader)?;
    let Some(word) = node.child(Rule::any_word) else {
        return of_what(node, "`12 weeks`, `3 cycles` or `2 doses`", reader);
    };
    match word.text() {
        "cycle" | "cycles" | "dose" | "doses" => Some(TrialLength::Occasions(count)),
        "infusion" | "infusions" | "injection" | "injections" | "courses" | "times" => {
            let message = format!("`{}` is not a length", word.text());
            let diagnostic = Diagnostic::error(TRIAL, word.span(), message);
            reader.report(diagnostic.fix("write `doses`", word.span(), "doses"));
            Some(TrialLength::Occasions(count))
        }
        _ => read_period_unit(count, &word, reader).map(TrialLength::Time),
    }
}

/// A number alone, where a period stands.
fn of_what<T>(node: &Node<'_>, help: &str, reader: &mut Reader) -> Option<T> {
    let message = format!("`{}` of what?", node.text());
    reader.report(Diagnostic::error(TRIAL, node.span(), message).note(format!("for example {help}")));
    None
}

/// `80 %`
fn read_adherence(node: &Node<'_>, reader: &mut Reader) -> Option<Spanned<Number>> {
    let number = read_number(&node.child(Rule::number)?, reader);
    if !node.has(Rule::percent) {
        let message = format!("`{}`: adherence is a percentage", node.text());
        let end = Span { start: number.span.end, ..number.span };
        reader.report(Diagnostic::error(TRIAL, node.span(), message).fix("write `%`", end, " %"));
    } else if number.value > Number::whole(100) {
        let diagnostic = Diagnostic::error(TRIAL, node.span(), "nobody takes more than 100 % of a drug");
        reader.report(diagnostic.note("adherence is a percentage from 0 to 100"));
        return None;
    }
    Some(number)
}
