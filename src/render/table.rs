//! The rows of a decision table that a reader needs: those that fit the patient, or may.

use crate::explain::{Possible, Statement};
use crate::value::Number;

/// What a row is to the answer, as far as statements tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It fits.
    Certain,
    /// It may fit.
    Perhaps,
    /// It fits, but counts only where no row above it does.
    Else,
}

impl Fit {
    /// The word before the row.
    pub(super) fn word(self) -> &'static str {
        match self {
            Fit::Certain => "yes",
            Fit::Perhaps => "perhaps",
            Fit::Else => "else",
        }
    }
}

/// The rows that fit or may; of a table that gives one answer, none below the first that certainly fits.
pub(super) fn fitting(table: &Statement) -> Vec<(Fit, &Statement)> {
    let mut fitting = Vec::new();
    let one = gives_one(table);
    for row in &table.parts {
        let Possible::YesNo { yes: true, no } = row.outcome else { continue };
        if !may_give(table, row) {
            continue;
        }
        let fit = match (no, one && !fitting.is_empty()) {
            (true, _) => Fit::Perhaps,
            (false, true) => Fit::Else,
            (false, false) => Fit::Certain,
        };
        fitting.push((fit, row));
        if one && !no {
            break;
        }
    }
    fitting
}

/// What came of a row, in words: a row that fits below another does not look taken.
pub(super) fn outcome(table: &Statement, at: usize) -> Option<&'static str> {
    let certain = |row: &Statement| row.outcome == Possible::YesNo { yes: true, no: false };
    let above = table.parts.iter().take(at).any(certain);
    match table.parts.get(at)?.outcome {
        Possible::YesNo { yes: true, no: false } if above && gives_one(table) => Some("fits, as a row above does"),
        Possible::YesNo { yes: true, no: false } => Some("fits"),
        Possible::YesNo { yes: true, no: true } => Some("may fit"),
        Possible::YesNo { .. } => Some("does not fit"),
        Possible::Choice(_) | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => None,
    }
}

/// One row gives the answer: not every row that fits does, nor is the table at fault.
fn gives_one(table: &Statement) -> bool {
    match &table.outcome {
        Possible::Several { .. } | Possible::Nothing => false,
        Possible::Choice(values) => !values.is_empty(),
        Possible::Number(set) => !set.is_empty(),
        Possible::YesNo { yes, no } => *yes || *no,
    }
}

/// The table can still come to what the row gives.
fn may_give(table: &Statement, row: &Statement) -> bool {
    match &table.outcome {
        Possible::Choice(values) => values.is_empty() || values.contains(&row.title),
        Possible::Number(set) => {
            set.is_empty() || row.title.parse::<Number>().map_or(true, |number| set.contains(number))
        }
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Nothing => true,
    }
}
