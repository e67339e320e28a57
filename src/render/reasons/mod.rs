//! Why an answer is what it is, in rows that text and Markdown print: the answer's own parts, then in a line each the
//! findings and numbers these look at. Of a guideline on treatment the findings alone, each with what it was held
//! against.

mod courses;
mod findings;
mod path;
mod values;

use std::collections::BTreeSet;

use super::answer::{self, Room};
use super::{table, words};
use crate::explain::{Explanation, Possible, Statement};
use crate::value::Date;
pub(crate) use values::in_words;
use values::{bands, came_to, change, common_days, fact, facts, holds, is_settled, is_yes_no};
use values::{looked_up, once, remark, share, subject};

/// The reasons of one block.
#[derive(Debug, Default)]
pub(super) struct Reason {
    /// `Total improvement score: 42.5 points`
    pub(super) heading: String,
    /// Its rows have values, shares and points to be read down the columns.
    pub(super) is_table: bool,
    /// The two days that its changes are between, unless a row says otherwise; where said before, nothing.
    pub(super) days: Option<(Date, Date)>,
    /// Its rows are findings: values, and what they were held against.
    pub(super) is_found: bool,
    /// Each row is a sentence.
    pub(super) in_sentences: bool,
    /// What the shares are shares of: `% of range`.
    pub(super) unit: Option<String>,
    /// Its rows.
    pub(super) rows: Vec<Row>,
}

/// A row: what, its values, what came of it, and a word on the source of a number where one is due.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) values: String,
    pub(super) share: String,
    pub(super) outcome: String,
    pub(super) remark: String,
    /// A row of a table that only may fit.
    pub(super) is_maybe: bool,
}

/// The reasons of all answers that do not read what was recorded, in order, each block once; then what was taken.
pub(super) fn reasons(explanation: &Explanation, room: Room) -> Vec<Reason> {
    grounds(explanation, room).into_iter().chain(courses::treatment(explanation, room)).collect()
}

/// The same, without what was taken.
pub(super) fn grounds(explanation: &Explanation, room: Room) -> Vec<Reason> {
    if words::is_brief(explanation) {
        let leading = answer::leading(explanation);
        let told = explanation.flowcharts.iter().filter(|chart| room == Room::Full || leading == Some(&chart.id));
        let ways =
            told.filter_map(|chart| path::path(chart, room)).filter(|way| room == Room::Full || way.rows.len() > 1);
        return findings::findings(explanation, room).into_iter().chain(ways).collect();
    }
    let days = common_days(&explanation.trace);
    let teller = Teller { trace: &explanation.trace, days };
    let mut told: Vec<Reason> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for answer in explanation.answers.iter().filter(|answer| !answer.as_recorded) {
        let Some(statement) = teller.block(&answer.id).filter(|statement| seen.insert(&statement.id)) else { continue };
        let mut reason = teller.reason(statement, &mut seen);
        reason.days = days.filter(|_| told.is_empty());
        told.push(reason);
    }
    told
}

struct Teller<'a> {
    trace: &'a [Statement],
    /// The two days that most changes are between.
    days: Option<(Date, Date)>,
}

impl<'a> Teller<'a> {
    fn block(&self, id: &str) -> Option<&'a Statement> {
        self.trace.iter().find(|statement| statement.id == id)
    }

    fn reason(&self, statement: &'a Statement, seen: &mut BTreeSet<&'a str>) -> Reason {
        let mut heading =
            format!("{}: {}", statement.title, words::possible(&statement.outcome, statement.unit.as_deref()));
        let mut rows = Vec::new();
        if statement.kind == "bands" {
            rows = bands(statement);
            if let Some(only) = rows.pop_if(|_| is_settled(&statement.outcome)) {
                heading.push_str(format!(", {} {}", only.values, only.remark).trim_end());
            }
        } else if statement.kind == "table" {
            rows = table::fitting(statement).into_iter().map(|(fit, row)| self.table_row(fit, row)).collect();
        } else {
            for part in statement.parts.iter().filter(|part| part.kind != "column") {
                match self.referred(part) {
                    Some(block) if seen.insert(&block.id) => rows.push(self.summary(block, part)),
                    Some(_) | None => rows.push(self.part(part)),
                }
            }
        }
        self.looked_at(statement, seen, &mut rows);
        let unit = rows.iter().find_map(|row| row.share.split_once(" % ").map(|(_, of)| format!("% {of}")));
        for row in &mut rows {
            row.share = row.share.replace(" of range", "").replace(" of baseline", "");
        }
        Reason { heading, is_table: statement.kind == "score", unit, rows, ..Reason::default() }
    }

    /// The findings and numbers that a statement's lines look at, in a row each, depth first.
    fn looked_at(&self, statement: &'a Statement, seen: &mut BTreeSet<&'a str>, rows: &mut Vec<Row>) {
        let is_table = statement.kind == "table";
        let parts: Vec<&Statement> = if is_table {
            table::fitting(statement).into_iter().map(|(_, row)| row).collect()
        } else {
            statement.parts.iter().collect()
        };
        let operands = statement.operands.iter().chain(parts.into_iter().flat_map(|part| &part.operands));
        for operand in operands {
            let Some(read) = self.block(&operand.id) else { continue };
            // A judgement was told in the rows of its table.
            if matches!(read.kind, "measure" | "course")
                || (is_table && read.kind == "judgement")
                || !seen.insert(&read.id)
            {
                continue;
            }
            rows.push(self.summary(read, read));
            self.looked_at(read, seen, rows);
        }
    }

    /// The block that a line is only the name of.
    fn referred(&self, part: &Statement) -> Option<&'a Statement> {
        self.block(part.title.trim_start_matches("not "))
    }

    /// A block in one row: what it came to, and which of its lines hold. `cited` carries the sources of the line.
    fn summary(&self, statement: &Statement, cited: &Statement) -> Row {
        let parts = || statement.parts.iter();
        let holding: Vec<&Statement> = parts().filter(|part| holds(part)).collect();
        let values = if statement.kind == "number" && parts().all(is_yes_no) {
            holding.iter().map(|part| subject(part)).collect::<Vec<_>>().join(", ")
        } else if holding.is_empty() || !parts().all(is_yes_no) {
            let own = facts(&statement.operands, self.days, "");
            let of_parts = parts().map(|part| looked_up(part, self.days, ""));
            once(std::iter::once(own).chain(of_parts))
        } else {
            once(holding.iter().map(|part| looked_up(part, self.days, "")))
        };
        Row {
            what: statement.title.clone(),
            values,
            // The line's own points, where it is a row of a score.
            outcome: came_to(if matches!(cited.outcome, Possible::Number(_)) { cited } else { statement }),
            remark: remark(parts().flat_map(|part| &part.citations).chain(&cited.citations)),
            ..Row::default()
        }
    }

    fn part(&self, part: &Statement) -> Row {
        let chosen = self.instrument(part);
        let citations = part.citations.iter().chain(chosen.into_iter().flat_map(|chosen| &chosen.citations));
        let (what, values) = match change(part) {
            Some(change) if part.kind == "row" => (change.before.label.clone(), change.in_words(self.days)),
            _ => {
                let what = in_words(part);
                let values = looked_up(part, self.days, &what);
                (what, values)
            }
        };
        let unless = if part.kind == "unless" { "unless " } else { "" };
        Row {
            what: words::capital(&format!("{unless}{what}")),
            values,
            share: share(part),
            outcome: came_to(part),
            remark: remark(citations),
            is_maybe: false,
        }
    }

    /// A row of a decision table: what it gives, and what its cells looked at.
    fn table_row(&self, fit: table::Fit, row: &Statement) -> Row {
        let asked = row.why.as_ref().and_then(|why| why.split_once("; the row asks for "));
        let cells = row.operands.iter().map(|operand| {
            let told = fact(operand, self.days);
            match asked.filter(|(of, _)| of.starts_with(&operand.label)) {
                Some((_, asked)) => format!("{told} (asked for: {asked})"),
                None => told,
            }
        });
        Row {
            what: words::capital(&words::spoken(&row.title)),
            values: once(cells),
            outcome: fit.word().to_owned(),
            is_maybe: fit != table::Fit::Certain,
            remark: remark(&row.citations),
            ..Row::default()
        }
    }

    /// The instrument that a row about a measure was worked out from, where it is one.
    fn instrument(&self, row: &Statement) -> Option<&'a Statement> {
        let measure =
            self.trace.iter().find(|statement| statement.kind == "measure" && statement.title == row.title)?;
        let mut may_be = measure.parts.iter().filter(|part| holds(part));
        may_be.next().filter(|_| may_be.next().is_none())
    }
}
