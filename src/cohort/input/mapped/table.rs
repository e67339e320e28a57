//! Lookup tables, read whole: upper limits by centre, sex and date.

use super::assemble::{amount, is_absent_word};
use super::header;
use super::lines::Lines;
use super::rows::{Fields, Raw, decoded};
use super::value::{self, Said};
use crate::cohort::input::{InputError, Source};
use crate::cohort::mapping::codes::{self, RowMistake};
use crate::cohort::mapping::{Dialect, How, Table, TextKind};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::value::{Date, DateRange, Unit};

/// A table with its lines.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) dialect: Dialect,
    names: Vec<String>,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Where it begins, as an editor counts.
    number: u64,
    /// What is held against a row, in the order of the mapping; empty fits every row.
    held: Vec<String>,
    from: Option<Date>,
    to: Option<Date>,
    cells: Vec<String>,
}

impl Loaded {
    /// Reads a table; what is wrong with it is told at its place in the mapping.
    pub(super) fn read(table: &Table, source: Source, mistakes: &mut Vec<Diagnostic>) -> Result<Self, InputError> {
        let shown = source.name().to_owned();
        let mut stretches = Lines::new(source, &table.dialect);
        let names = header::of_csv(&mut stretches, &table.dialect)?;
        let mut place = |column: &Spanned<String>| only_column(&names, column, &shown, mistakes);
        let held: Vec<Option<usize>> = table.matches.iter().map(|(column, _)| place(column)).collect();
        let from = table.from.as_ref().map(&mut place);
        let to = table.to.as_ref().map(&mut place);
        let mut lines = Vec::new();
        let mut no_days: Vec<NoDay<'_>> = Vec::new();
        while let Some(stretch) = stretches.next()? {
            stretch.demand_whole(&shown)?;
            let mut fields = Fields::of_csv(&stretch.bytes, table.dialect.delimiter);
            for row in &stretch.rows {
                let Some(Raw::Csv(record)) = fields.next() else { break };
                let cells: Option<Vec<String>> = record
                    .iter()
                    .map(|field| decoded(field, table.dialect.encoding).map(|text| text.trim().to_owned()))
                    .collect();
                let Some(cells) = cells.filter(|cells| cells.len() == names.len()) else {
                    mistakes.push(codes::table_line(
                        table,
                        &shown,
                        row.line,
                        "has another number of fields, or letters that cannot be read",
                    ));
                    continue;
                };
                let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map_or("", String::as_str);
                let mut day = |at: Option<Option<usize>>, last: bool| {
                    let text = Some(cell(at.flatten())).filter(|text| !text.is_empty())?;
                    let what = match value::read(text, table.dialect.of_day(), &table.dialect) {
                        Ok(Said::Absent(_)) => return None,
                        Ok(Said::Text(text)) => match text.parse::<DateRange>() {
                            Ok(range) => return Some(if last { range.latest } else { range.earliest }),
                            Err(_) => "has a day that no calendar has, or one outside the years 1850 to 2200",
                        },
                        Err(_) => "has a date in another form than `dates` says",
                    };
                    let column = if last { table.to.as_ref()? } else { table.from.as_ref()? };
                    match no_days.iter_mut().find(|no_day| (no_day.column, no_day.what) == (column, what)) {
                        Some(no_day) => no_day.others += 1,
                        None => no_days.push(NoDay { column, what, line: row.line, others: 0 }),
                    }
                    None
                };
                let (from, to) = (day(from, false), day(to, true));
                let held = held.iter().map(|at| cell(*at).to_owned()).collect();
                lines.push(Line { number: row.line, held, from, to, cells });
            }
        }
        let told = |one: NoDay<'_>| codes::table_days(one.column, one.what, &shown, one.line, one.others);
        mistakes.extend(no_days.into_iter().map(told));
        Ok(Loaded { dialect: table.dialect.clone(), names, lines })
    }

    /// A column that the mapping reads from it: it is there, and every line can be read.
    pub(super) fn demand_column(
        &self,
        column: &Spanned<String>,
        how: Option<How<'_>>,
        shown: &str,
        mistakes: &mut Vec<Diagnostic>,
    ) {
        let Some((at, how)) = only_column(&self.names, column, shown, mistakes).zip(how) else { return };
        let wrong = self.lines.iter().filter_map(|line| {
            let text = line.cells.get(at).filter(|text| !text.is_empty())?;
            Some((line.number, unusable(text, how, &self.dialect)?))
        });
        let wrong: Vec<(u64, RowMistake)> = wrong.collect();
        let Some((line, first)) = wrong.first() else { return };
        let others = wrong.iter().skip(1).filter(|(_, mistake)| mistake == first).count();
        let mistake = codes::table_cells(column, *first, shown, *line, others);
        if !mistakes.contains(&mistake) {
            mistakes.push(mistake);
        }
    }

    /// A line names this text in a column that is held against a row.
    pub(super) fn names(&self, column: usize, text: &str) -> bool {
        self.lines.iter().any(|line| line.held.get(column).is_some_and(|own| own == text))
    }

    /// The text of the first line that fits.
    pub(super) fn find(&self, held: &[&str], day: Option<Date>, column: &str) -> Option<&str> {
        let at = self.names.iter().position(|name| name == column)?;
        let fits = |line: &&Line| {
            let dated = line.from.is_none_or(|from| day.is_some_and(|day| from <= day))
                && line.to.is_none_or(|to| day.is_some_and(|day| day <= to));
            dated && line.held.iter().zip(held).all(|(own, given)| own.is_empty() || own == given)
        };
        let found = self.lines.iter().find(fits)?.cells.get(at).map(String::as_str)?;
        Some(found).filter(|text| !text.is_empty())
    }
}

/// What is no day, in the first line that has it, and in how many others.
struct NoDay<'t> {
    column: &'t Spanned<String>,
    what: &'static str,
    line: u64,
    others: usize,
}

/// What is wrong with a cell for every row that comes to it.
fn unusable(text: &str, how: How<'_>, dialect: &Dialect) -> Option<RowMistake> {
    match value::read(text, how, dialect) {
        Ok(Said::Absent(_)) => None,
        Ok(Said::Text(said)) => match how.kind {
            TextKind::Date => said.parse::<DateRange>().is_err().then_some(RowMistake::Date),
            TextKind::Number => (!is_amount(&said) && !is_absent_word(&said)).then_some(RowMistake::Number),
            TextKind::Word => None,
        },
        Err(mistake) => Some(mistake),
    }
}

/// A number, bare or with a unit.
fn is_amount(text: &str) -> bool {
    amount(text).is_some_and(|(_, _, unit)| unit.is_empty() || Unit::parse(unit).is_ok())
}

/// The place of the only column of a name; where it is missing or stands twice, that is told once.
fn only_column(
    names: &[String],
    column: &Spanned<String>,
    shown: &str,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let mut found = (0..).zip(names).filter(|(_, name)| **name == column.value).map(|(at, _)| at);
    let mistake = match (found.next(), found.next()) {
        (Some(only), None) => return Some(only),
        (Some(_), Some(_)) => codes::column_twice(&column.value, column.span, shown),
        (None, _) => codes::missing_column(&column.value, column.span, shown, names.iter().map(String::as_str)),
    };
    if !mistakes.contains(&mistake) {
        mistakes.push(mistake);
    }
    None
}
