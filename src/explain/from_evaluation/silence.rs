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
use crate::value::{Reason, Truth};

/// Why a guideline does not cover a patient: the part of its condition that fails, with the words the record has for what
/// that looks at, and no number or date of the patient's: of these only that they count. `adult myositis: no (subtype: DM; also
/// by age at onset)`
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
    let (words, others) = teller.words_of(failed);
    let known = match (words.join(", "), others.join(", ")) {
        (words, others) if others.is_empty() => words,
        (words, others) if words.is_empty() => others,
        (words, others) => format!("{words}; also by {others}"),
    };
    Some(if known.is_empty() { said } else { format!("{said} ({known})") })
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

    /// The undated facts that a condition looks at, also through findings, where they are known: choices with their word, of
    /// others the name.
    fn words_of(&self, condition: &Condition) -> (Vec<String>, Vec<String>) {
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
        let (mut words, mut others) = (Vec::new(), Vec::new());
        for fact in facts {
            let input = self.input(SlotSource::Fact { fact, when: Time::Undated, part: Part::Value });
            let Some((input, fact)) = input.zip(self.subject.catalog.fact(fact)) else { continue };
            let (list, told) = match (&fact.kind, words::of_fact(&input.held, fact)) {
                (FactKind::Choice { .. }, Possible::Choice(values)) if values.len() == 1 => {
                    (&mut words, format!("{}: {}", fact.label, values.join("")))
                }
                (FactKind::Number(_) | FactKind::Date, _) if is_known(input.reason) => {
                    (&mut others, fact.label.clone())
                }
                _ => continue,
            };
            if !list.contains(&told) {
                list.push(told);
            }
        }
        (words, others)
    }
}

/// Something is recorded, or follows from what is.
fn is_known(reason: Reason) -> bool {
    matches!(reason, Reason::Recorded | Reason::Derived | Reason::Imprecise | Reason::OutsideAssay)
}
