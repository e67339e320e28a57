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
    let Some(statement) = find(&explanation.trace, &target.name) else { return Vec::new() };
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
            if let Some(algorithm) = find(&explanation.trace, &algorithm).filter(|_| value.written == "yes") {
                search.branches(algorithm, &own);
            }
        }
        "option" => search.verdict(statement, &format!("{}.{word}", statement.id)),
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

    /// The tests of an option: what stands before the wanted verdict must not hold, and its own must.
    fn verdict(&mut self, option: &'a Statement, own: &str) {
        for part in &option.parts {
            let wanted = part.id == own;
            if wanted || part.outcome != NO {
                let rules = part.operands.iter().filter_map(|operand| find(self.trace, &operand.id));
                let rules: Vec<&Statement> = rules.filter(|rule| rule.kind != "course").collect();
                if rules.is_empty() {
                    self.test(part, wanted, DEEP);
                }
                for rule in rules {
                    self.finding(rule, wanted, 0);
                }
            }
            if wanted {
                break;
            }
        }
    }

    /// The branches of an algorithm that lead to a conclusion and are not taken.
    fn branches(&mut self, algorithm: &'a Statement, conclusion: &str) {
        let leads = |title: &str| {
            let words: Vec<&str> = title.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).collect();
            let bare = words.first() == Some(&conclusion) && !title.contains("->");
            bare || words.windows(2).any(|pair| pair == ["conclude", conclusion])
        };
        for step in &algorithm.parts {
            for branch in step.parts.iter().filter(|branch| leads(&branch.title) && branch.outcome != YES) {
                let taken = step.parts.iter().find(|other| other.outcome == YES);
                let found = match taken {
                    _ if step.outcome != YES => Some("the patient does not, or may not, come to this step".to_owned()),
                    Some(taken) => Some(format!("taken: {}", render::in_words(taken))),
                    None => branch.why.clone().or_else(|| looked_at(branch)),
                };
                self.tell(branch, true, found);
                let way = if branch.title.contains("->") { "" } else { "otherwise -> " };
                if let Some(told) = self.found.last_mut() {
                    told.test = format!("“{}” {way}{}", step.title, told.test);
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

/// A block of a trace, or a part of one that has a name of its own; an option of a ladder also without its line.
pub(super) fn find<'a>(trace: &'a [Statement], id: &str) -> Option<&'a Statement> {
    let parts = || trace.iter().flat_map(|statement| &statement.parts);
    let inner = || parts().flat_map(|part| &part.parts);
    let named = || trace.iter().chain(parts()).chain(inner());
    let of_line = |statement: &&Statement| {
        let ends = id.split_once('.').map(|(ladder, therapy)| (format!("{ladder}."), format!(".{therapy}")));
        let fits =
            |(ladder, therapy): (String, String)| statement.id.starts_with(&ladder) && statement.id.ends_with(&therapy);
        statement.kind == "option" && ends.is_some_and(fits)
    };
    named().find(|statement| statement.id == id).or_else(|| named().find(of_line))
}
