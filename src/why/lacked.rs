//! What the tests on the way to a value lacked: read off the trace of the record as it is.

use std::collections::BTreeSet;

use super::{Target, Value};
use crate::explain::{Explanation, Possible, Statement};
use crate::model::Type;
use crate::render;

/// How many tests are told.
const MOST: usize = 8;
/// How many findings deep is looked.
const DEEP: usize = 2;

/// A test that did not come out as the value needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacked {
    /// Stable: the block's name and the line's place in it.
    pub id: String,
    /// The test, in words.
    pub test: String,
    /// It held, and must not.
    pub held: bool,
    /// It may still come out so.
    pub open: bool,
    /// What it found.
    pub found: Option<String>,
    /// Where in the rules.
    pub place: String,
}

/// What the tests on the way to a value lacked.
pub fn lacked(explanation: &Explanation, target: &Target, value: &Value) -> Vec<Lacked> {
    let mut search = Search { trace: &explanation.trace, seen: BTreeSet::new(), found: Vec::new() };
    let Some(statement) = search.find(&target.name) else { return Vec::new() };
    let word = value.written.replace(' ', "_");
    match statement.kind {
        "table" => {
            let rows = statement.parts.iter().filter(|row| row.title == word);
            rows.for_each(|row| search.test(row, true, 0));
        }
        "bands" => {
            let own = |part: &&Statement| part.title.split(": ").next() == Some(word.as_str());
            for band in statement.parts.iter().filter(own) {
                let found = statement.operands.iter().map(|operand| {
                    let value = render::words::possible(&operand.possible, operand.unit.as_deref());
                    format!("{}: {value}", operand.label)
                });
                let found = found.collect::<Vec<_>>().join(", ");
                search.tell(band, true, Some(found).filter(|found| !found.is_empty()));
            }
        }
        "algorithm" => search.branches(statement, &word),
        "conclusion" => {
            let algorithm = target.name.split('.').next().unwrap_or_default().to_owned();
            let own = target.name.rsplit('.').next().unwrap_or_default().to_owned();
            if let Some(algorithm) = search.find(&algorithm).filter(|_| value.written == "yes") {
                search.branches(algorithm, &own);
            }
        }
        "option" => {
            // What stands before it in the order of the verdicts must not hold.
            let own = format!("{}.{word}", target.name);
            for part in &statement.parts {
                if part.id == own {
                    search.test(part, true, 0);
                    break;
                }
                if part.outcome != NO {
                    search.test(part, false, 0);
                }
            }
        }
        _ if matches!(target.gives, Type::YesNo) => search.finding(statement, value.written != "no", 0),
        _ => {}
    }
    search.found.truncate(MOST);
    search.found
}

const NO: Possible = Possible::YesNo { yes: false, no: true };
const YES: Possible = Possible::YesNo { yes: true, no: false };

struct Search<'a> {
    trace: &'a [Statement],
    seen: BTreeSet<&'a str>,
    found: Vec<Lacked>,
}

impl<'a> Search<'a> {
    fn find(&self, id: &str) -> Option<&'a Statement> {
        let parts = self.trace.iter().flat_map(|statement| &statement.parts);
        let inner = self.trace.iter().flat_map(|statement| &statement.parts).flat_map(|part| &part.parts);
        self.trace.iter().chain(parts).chain(inner).find(|statement| statement.id == id)
    }

    /// The lines of a finding that are not as wanted.
    fn finding(&mut self, statement: &'a Statement, wanted: bool, depth: usize) {
        if !self.seen.insert(&statement.id) {
            return;
        }
        for part in &statement.parts {
            self.test(part, wanted == (part.kind != "unless"), depth);
        }
    }

    /// A test that is not as wanted; in the place of one that is only another finding, the lines of that.
    fn test(&mut self, part: &'a Statement, wanted: bool, depth: usize) {
        let as_wanted = if wanted { YES } else { NO };
        if part.outcome == as_wanted {
            return;
        }
        let name = part.title.trim_start_matches("not ");
        let inner = self.trace.iter().find(|block| block.id == name && block.kind == "finding");
        match inner.filter(|_| depth < DEEP) {
            Some(block) => self.finding(block, wanted != part.title.starts_with("not "), depth + 1),
            None => self.tell(part, wanted, part.why.clone().or_else(|| looked_at(part))),
        }
    }

    /// The branches of an algorithm that lead to a conclusion and are not taken.
    fn branches(&mut self, algorithm: &'a Statement, conclusion: &str) {
        let leads = |title: &str| {
            let wanted = format!("conclude {conclusion}");
            title.split(['\n', ';']).any(|part| {
                part.split(&wanted)
                    .skip(1)
                    .any(|rest| rest.chars().next().is_none_or(|next| !(next.is_alphanumeric() || next == '_')))
            })
        };
        for step in &algorithm.parts {
            for branch in step.parts.iter().filter(|branch| leads(&branch.title) && branch.outcome != YES) {
                if step.outcome == YES {
                    self.tell(branch, true, branch.why.clone().or_else(|| looked_at(branch)));
                } else {
                    let found = format!("the patient does not come to “{}”", step.title);
                    self.tell(branch, true, Some(found));
                }
            }
        }
    }

    fn tell(&mut self, part: &Statement, wanted: bool, found: Option<String>) {
        let open = part.outcome == (Possible::YesNo { yes: true, no: true });
        self.found.push(Lacked {
            id: part.id.clone(),
            test: render::in_words(part),
            held: !wanted,
            open,
            found,
            place: part.place.clone(),
        });
    }
}

/// What a test that is said to lack nothing looked at.
fn looked_at(part: &Statement) -> Option<String> {
    let told = part.operands.iter().map(|operand| {
        let value = match &operand.written {
            Some(written) if !written.is_empty() => written.clone(),
            _ => render::words::possible(&operand.possible, operand.unit.as_deref()),
        };
        format!("{}: {value}", operand.label)
    });
    let told = told.collect::<Vec<_>>().join(", ");
    Some(told).filter(|told| !told.is_empty())
}
