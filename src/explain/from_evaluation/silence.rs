//! Why a guideline does not speak of a patient, without anything that only this patient has.

use std::collections::BTreeSet;

use super::Teller;
use super::words;
use crate::catalog::FactKind;
use crate::eval::{Evaluation, Subject};
use crate::explain::Possible;
use crate::model::{BlockId, BlockKind, Condition, ConditionKind, Read, Time};
use crate::plan::{Part, SlotSource};
use crate::record::Record;
use crate::source::SourceMap;
use crate::value::Truth;

/// Why a guideline does not cover a patient: the part of its condition that fails, with the words the record has for what
/// that looks at, and no number or date of the patient's. `adult myositis: no (subtype: JDM)`
pub fn why_not_covered(
    subject: Subject<'_>,
    record: &Record,
    evaluation: &Evaluation,
    sources: &SourceMap,
) -> Option<String> {
    let block = subject.guideline.covers.and_then(|id| subject.guideline.block(id))?;
    let BlockKind::Covers(condition) = &block.kind else { return None };
    let teller = Teller::of_slots(subject, record, evaluation, sources);
    let failed = teller.failed(condition);
    let said = if let ConditionKind::Holds(id) = &failed.kind {
        subject.guideline.block(*id).map(|block| format!("{}: no", block.title))
    } else {
        None
    };
    let said = said.unwrap_or_else(|| format!("not so: {}", teller.text(failed.span)));
    let known = teller.words_of(failed);
    Some(if known.is_empty() { said } else { format!("{said} ({})", known.join(", ")) })
}

/// The facts without a date that some rule reads, by label: at an earlier visit they may not have been known.
pub fn undated(subject: Subject<'_>, record: &Record, evaluation: &Evaluation, sources: &SourceMap) -> Vec<String> {
    Teller::of_slots(subject, record, evaluation, sources).undated()
}

impl Teller<'_> {
    /// Of a conjunction the first part that fails.
    fn failed<'c>(&self, condition: &'c Condition) -> &'c Condition {
        let ConditionKind::All(items) = &condition.kind else { return condition };
        let failed = items.iter().find(|item| self.condition_truth(item) == Truth::NO);
        failed.map_or(condition, |item| self.failed(item))
    }

    /// The undated choices that a condition looks at, also through findings, where they are settled.
    fn words_of(&self, condition: &Condition) -> Vec<String> {
        let (mut facts, mut seen, mut open) = (Vec::new(), BTreeSet::new(), Vec::<BlockId>::new());
        let mut note = |read: Read, open: &mut Vec<BlockId>| match read {
            Read::Fact(fact) => facts.push(fact),
            Read::Block(block) => open.push(block),
            Read::Courses(_) | Read::Status(_) | Read::Word(_) => {}
        };
        condition.each_read(&mut |read| note(read, &mut open));
        while let Some(id) = open.pop() {
            if let Some(block) = self.subject.guideline.block(id).filter(|_| seen.insert(id)) {
                block.each_read(&mut |read| note(read, &mut open));
            }
        }
        let word = |fact| {
            let input = self.input(SlotSource::Fact { fact, when: Time::Undated, part: Part::Value })?;
            let fact = self.subject.catalog.fact(fact)?;
            let FactKind::Choice { .. } = fact.kind else { return None };
            let Possible::Choice(values) = words::of_fact(&input.held, fact) else { return None };
            (values.len() == 1).then(|| format!("{}: {}", fact.label, values.join("")))
        };
        let mut told: Vec<String> = Vec::new();
        for word in facts.into_iter().filter_map(word) {
            if !told.contains(&word) {
                told.push(word);
            }
        }
        told
    }
}
