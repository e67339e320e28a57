//! The findings that the answers of a guideline on treatment rest on: what was found, when, and what it was held
//! against.

use std::collections::BTreeSet;

use super::values::{dated, is_settled, once, remark, value};
use super::{Reason, Row};
use crate::eval::Status;
use crate::explain::{AnswerShown, CitationShown, Explanation, Operand, Possible, Statement};
use crate::render::answer::Room;
use crate::render::{table, unknown, words};
use crate::value::Reason as Provenance;

/// How many findings are told.
const ROWS: usize = 4;
/// How many values of a finding are told.
const VALUES: usize = 3;
/// How many values of a row of a decision table are told.
const CELLS: usize = 4;

/// The findings: numbers that were held against a threshold first, then what else holds, then the row of a table that
/// gives an answer.
pub(super) fn findings(explanation: &Explanation, room: Room) -> Option<Reason> {
    let mut read = Read { trace: &explanation.trace, seen: BTreeSet::new(), found: Vec::new() };
    for answer in explanation.answers.iter().filter(|answer| !answer.as_recorded) {
        read.block(&answer.id);
    }
    let mut rows: Vec<(Rank, Row)> = Vec::new();
    for statement in read.found {
        let answer = explanation.answers.iter().find(|answer| answer.id == statement.id);
        let row = match (statement.kind, answer) {
            ("finding", _) => finding(statement, room),
            ("table", Some(answer)) => decided(statement, answer, room),
            ("table", None) => looked_at(statement, room),
            ("score", _) => counted(statement),
            _ => None,
        };
        let Some((rank, row)) = row else { continue };
        let same = |(_, known): &(Rank, Row)| known.values == row.values && known.outcome == row.outcome;
        if !rows.iter().any(same) {
            rows.push((rank, row));
        }
    }
    rows.sort_by_key(|(rank, _)| *rank);
    let more = rows.len().saturating_sub(room.most(ROWS));
    let mut rows: Vec<Row> = rows.into_iter().take(room.most(ROWS)).map(|(_, row)| row).collect();
    if more > 0 {
        rows.push(Row { values: format!("and {more} more: `--format markdown`"), ..Row::default() });
    }
    (!rows.is_empty()).then(|| Reason { is_found: true, rows, ..Reason::default() })
}

/// What is told first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Threshold,
    Table,
    Answer,
    Counted,
    Holds,
    NotReached,
}

/// The blocks that the answers are worked out from, as far as the patient comes to them.
struct Read<'a> {
    trace: &'a [Statement],
    seen: BTreeSet<&'a str>,
    found: Vec<&'a Statement>,
}

impl<'a> Read<'a> {
    fn block(&mut self, id: &str) {
        let Some(statement) = self.trace.iter().find(|statement| statement.id == id) else { return };
        if matches!(statement.kind, "ladder" | "course" | "measure") || !self.seen.insert(&statement.id) {
            return;
        }
        self.found.push(statement);
        self.parts(statement, statement.kind == "algorithm");
    }

    /// What a statement and its parts look at; of an algorithm only the steps that the patient may come to.
    fn parts(&mut self, statement: &'a Statement, only_reached: bool) {
        for operand in statement.operands.iter().filter(|operand| operand.provenance == WORKED_OUT) {
            self.block(&operand.id);
        }
        for part in &statement.parts {
            let out = part.outcome == (Possible::YesNo { yes: false, no: true });
            if !(only_reached && out && part.kind == "step") {
                self.parts(part, only_reached);
            }
        }
    }
}

/// What a block came to.
const WORKED_OUT: &str = "worked out";
const YES: Possible = Possible::YesNo { yes: true, no: false };
const NO: Possible = Possible::YesNo { yes: false, no: true };

/// A finding that is settled by something the record tells.
fn finding(statement: &Statement, room: Room) -> Option<(Rank, Row)> {
    if statement.outcome != YES && statement.outcome != NO {
        return None;
    }
    let lines = || statement.parts.iter().filter(|part| part.kind == "line" && part.outcome == statement.outcome);
    let numbers: Vec<&Statement> = lines().filter(|line| line.operands.iter().any(is_number)).collect();
    if numbers.is_empty() && statement.outcome == NO {
        return None;
    }
    let told: Vec<&Statement> = if numbers.is_empty() { lines().collect() } else { numbers.clone() };
    let known: Vec<&Operand> = told.iter().flat_map(|line| &line.operands).filter(|one| is_known(one)).collect();
    // Of several signs those that are there.
    let there = known.iter().filter(|one| value(one, None) == "yes").copied().collect::<Vec<_>>();
    let known = if there.is_empty() || !numbers.is_empty() { known } else { there };
    let values = once(known.into_iter().take(room.most(VALUES)).map(fact));
    if values.is_empty() {
        return None;
    }
    let thresholds: Vec<String> = numbers.iter().filter_map(|line| threshold(line)).collect();
    let outcome = match (thresholds.is_empty(), statement.outcome == YES) {
        (true, _) => "yes".to_owned(),
        (false, true) => words::all_of(&thresholds),
        (false, false) => format!("no, not {}", words::any_of(&thresholds)),
    };
    let cited = told.iter().flat_map(|line| &line.citations);
    let remark = if numbers.is_empty() { remark(cited.chain(&statement.citations)) } else { source(cited, statement) };
    let rank = match (numbers.is_empty(), statement.outcome == YES) {
        (true, _) => Rank::Holds,
        (false, true) => Rank::Threshold,
        (false, false) => Rank::NotReached,
    };
    Some((rank, Row { what: statement.title.clone(), values, outcome, remark, ..Row::default() }))
}

/// A line from its comparison on: `below …`.
fn threshold(line: &Statement) -> Option<String> {
    let (_, range) = line.title.split_once(" is ")?;
    // The unit of a multiple was said with the value.
    Some(range.strip_suffix(" upper limit").unwrap_or(range).to_owned())
}

/// Where a threshold comes from: `[local]`, or its source, with a word where nobody read that.
fn source<'a>(cited: impl Iterator<Item = &'a CitationShown>, statement: &'a Statement) -> String {
    let mut cited: Vec<&CitationShown> = cited.collect();
    if cited.is_empty() {
        cited.extend(&statement.citations);
    }
    let Some(least) = cited.iter().min_by_key(|citation| citation.mark) else { return String::new() };
    match words::doubt(least.mark) {
        Some("local") => "[local]".to_owned(),
        Some(doubt) => format!("[{}, {doubt}]", words::spoken(&least.key)),
        None => format!("[{}]", words::spoken(&least.key)),
    }
}

/// A table that looks at facts of the record: those that are known, and what it gives.
fn looked_at(table: &Statement, room: Room) -> Option<(Rank, Row)> {
    let rows = table::fitting(table);
    let operands = rows.iter().flat_map(|(_, row)| &row.operands).filter(|one| is_known(one));
    let values = once(operands.take(room.most(VALUES)).map(fact));
    let told = matches!(&table.outcome, Possible::Choice(values) if values.len() <= 2);
    let outcome = words::brief(&table.outcome, table.unit.as_deref());
    let remark = remark(&table.citations);
    (told && !values.is_empty())
        .then(|| (Rank::Table, Row { what: table.title.clone(), values, outcome, remark, ..Row::default() }))
}

/// The row of a table that gives an answer.
fn decided(table: &Statement, answer: &AnswerShown, room: Room) -> Option<(Rank, Row)> {
    let possible = match (&answer.presuming, answer.status) {
        (_, Status::Decided) => &answer.possible,
        (Some(presuming), Status::Open) => &presuming.possible,
        (None, Status::Open) | (_, Status::Silent | Status::Fault) => return None,
    };
    let given = |row: &&Statement| matches!(possible, Possible::Choice(values) if values.contains(&row.title));
    let row = table::fitting(table).into_iter().map(|(_, row)| row).find(given)?;
    let cells = row.operands.iter().filter(|one| is_settled(&one.possible)).take(room.most(CELLS));
    let values = once(cells.map(|one| format!("{} {}", short(&one.label), value(one, one.unit.as_deref()))));
    let granted = if answer.status == Status::Open { ", taken for granted" } else { "" };
    let outcome = format!("{}{granted}", words::possible(possible, answer.unit.as_deref()));
    let remark = remark(row.citations.iter().chain(&table.citations));
    (!values.is_empty())
        .then(|| (Rank::Answer, Row { what: table.title.clone(), values, outcome, remark, ..Row::default() }))
}

/// A title of a block within a sentence.
fn short(label: &str) -> String {
    crate::render::options::first_small(label)
}

/// A score of which something is known.
fn counted(statement: &Statement) -> Option<(Rank, Row)> {
    let Possible::Number(set) = &statement.outcome else { return None };
    let hull = set.hull()?;
    let (low, high) = (hull.low.number()?, hull.high.number()?);
    let known = statement.parts.iter().filter(|part| part.kind == "row" && is_settled(&part.outcome)).count();
    let rows = statement.parts.iter().filter(|part| part.kind == "row").count();
    if low != high && known == 0 {
        return None;
    }
    let values = words::brief(&statement.outcome, statement.unit.as_deref());
    let outcome = if known < rows { format!("{known} of {rows} parts known") } else { String::new() };
    Some((Rank::Counted, Row { what: statement.title.clone(), values, outcome, ..Row::default() }))
}

/// A fact of the record that has a value.
fn is_known(operand: &Operand) -> bool {
    let told = operand.provenance != WORKED_OUT && operand.provenance != Provenance::NotMeasured.words();
    told && is_settled(&operand.possible) && (operand.place.is_some() || operand.date.is_some())
}

fn is_number(operand: &Operand) -> bool {
    is_known(operand) && matches!(operand.possible, Possible::Number(_))
}

/// `MMT8 122 of 150, 01 Mar 2026`, `CK 1210 U/L = 7.12 x upper limit, 01 Mar 2026`
fn fact(operand: &Operand) -> String {
    let told = dated(operand, None);
    if let Some(end) = operand.scale.filter(|_| operand.unit.is_none()) {
        let own = value(operand, None);
        return format!("{} {}", operand.label, told.replacen(&own, &format!("{own} of {}", words::number(end)), 1));
    }
    let years = operand.unit.as_deref() == Some(unknown::YEARS);
    match operand.written.as_ref().filter(|_| operand.upper_limit.is_some() && !years) {
        Some(written) => format!("{} {written} = {told}", operand.label),
        None => format!("{} {told}", operand.label),
    }
}
