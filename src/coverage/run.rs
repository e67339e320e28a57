use std::collections::BTreeSet;

use super::codes::{NOBODY, NOT_FOUND_OUT, UNREACHED};
use super::part::Part;
use super::parts::parts;
use super::reached::Met;
use super::seek::{Seeker, Sought};
use crate::cases::suites;
use crate::diagnostics::{Diagnostic, Severity};
use crate::engine::Engine;
use crate::eval::{self, Baseline, Subject};
use crate::record::Record;
use crate::threads::side_by_side;

/// What of a release its cases reach.
#[derive(Debug, Clone)]
pub struct Covered {
    /// `acr_eular_response`
    pub guideline: String,
    /// `2016.1.0`
    pub release: String,
    /// Of the blocks that are written in it.
    pub own: Count,
    /// Of the blocks that are taken over from another release or guideline.
    pub taken_over: Count,
    /// What no case reaches, in the order of the files, with a patient who would; and what no patient does.
    pub found: Vec<Diagnostic>,
}

/// How many parts are reached, of those that some patient reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// By some case.
    pub reached: usize,
    /// All.
    pub all: usize,
}

impl Covered {
    /// Every part that was looked at and that some patient reaches is reached by some case.
    pub fn is_complete(&self) -> bool {
        self.found.iter().all(|found| found.severity != Severity::Error)
    }
}

/// Looks what the accepted cases of a loaded release reach of its blocks, those only whose file is `wanted` by its path in
/// the library. Blocks that are taken over are proved by the cases of where they are written: what is not reached of them is
/// counted, and told with `all` only.
pub fn run(engine: &mut Engine, at: usize, wanted: impl Fn(&str) -> bool, all: bool) -> Option<Covered> {
    let own = own_blocks(engine, at)?;
    let records = records(engine, at);
    let loaded = engine.guidelines().get(at)?;
    let subject = engine.subject(loaded);
    let met = all_met(subject, &records);
    let is_wanted = |part: &&Part| engine.path_of(part.span.file).is_some_and(&wanted);
    let is_told = |part: &Part| all || part.is_of(&own, subject);
    let known = parts(subject);
    let mut covered = Covered {
        guideline: loaded.guideline.info.id.value.clone(),
        release: loaded.guideline.info.release.value.to_string(),
        own: Count::default(),
        taken_over: Count::default(),
        found: Vec::new(),
    };
    let mut unreached: Vec<&Part> = Vec::new();
    for part in known.iter().filter(is_wanted) {
        let reached = met.iter().any(|patient| patient.reaches(part));
        let count = if part.is_of(&own, subject) { &mut covered.own } else { &mut covered.taken_over };
        count.all += 1;
        count.reached += usize::from(reached);
        if !reached && is_told(part) {
            unreached.push(part);
        }
    }
    for (part, sought) in unreached.iter().zip(all_sought(subject, &known, &unreached)) {
        let count = if part.is_of(&own, subject) { &mut covered.own } else { &mut covered.taken_over };
        count.all -= usize::from(sought == Sought::Nobody);
        covered.found.push(told(part, sought));
    }
    covered.found.sort_by_key(Diagnostic::span);
    Some(covered)
}

fn told(part: &Part, sought: Sought) -> Diagnostic {
    let said = &part.said;
    match sought {
        Sought::Patient(patient) => {
            Diagnostic::error(UNREACHED, part.span, format!("no case {said}")).patient(patient.yaml())
        }
        Sought::NotFoundOut => {
            let message = format!("no case {said}, nor any patient that was found");
            Diagnostic::error(NOT_FOUND_OUT, part.span, message)
        }
        Sought::Nobody => Diagnostic::remark(NOBODY, part.span, format!("no patient {said}")),
    }
}

/// The names of the blocks that are written in a release.
pub(super) fn own_blocks(engine: &mut Engine, at: usize) -> Option<BTreeSet<String>> {
    let draft = engine.draft(at)?;
    let name = draft.name();
    Some(draft.blocks_from(&name).map(|(_, block)| block.name.value.clone()).collect())
}

/// The patients of the accepted cases of a release.
pub(super) fn records(engine: &mut Engine, at: usize) -> Vec<Record> {
    let suites = suites(engine, at, &|_| true);
    let cases = suites.into_iter().flat_map(|suite| suite.cases).filter(|case| !case.proposed);
    cases.filter_map(|case| engine.read_document(&case.record).ok()).collect()
}

/// What every patient comes to.
pub(super) fn all_met(subject: Subject<'_>, records: &[Record]) -> Vec<Met> {
    let met = |(): &mut (), record: &Record| Met::of(subject, &eval::evaluate(subject, record, Baseline::default()));
    side_by_side(records, || (), met)
}

/// A patient for each part, where there is one.
fn all_sought(subject: Subject<'_>, all: &[Part], wanted: &[&Part]) -> Vec<Sought> {
    side_by_side(wanted, || Seeker::of(subject), |seeker, part| seeker.seek(part, all))
}
