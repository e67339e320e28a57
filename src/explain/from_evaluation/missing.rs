use std::collections::BTreeMap;

use super::Teller;
use super::words;
use crate::catalog::{Burden, FactId};
use crate::eval::{Held, Input, Status, Subject};
use crate::explain::{Because, Missing, Possible};
use crate::model::Time;
use crate::plan::{Part, SlotId, SlotSource};
use crate::value::Reason;

impl Teller<'_> {
    /// The facts behind some slots, each once for each time it is read.
    pub(super) fn because(&self, slots: &[SlotId]) -> Vec<Because> {
        let mut found: Vec<Because> = Vec::new();
        for because in slots.iter().flat_map(|slot| self.because_of(*slot)) {
            let known = found.iter_mut().find(|one| one.fact == because.fact && one.when == because.when);
            match known {
                // The value itself says more than its limit or its scale.
                Some(one) if one.why == Reason::NotRecorded.words() => *one = because,
                Some(_) => {}
                None => found.push(because),
            }
        }
        found
    }

    fn because_of(&self, slot: SlotId) -> Vec<Because> {
        let input = self.evaluation.inputs.get(slot);
        let source = self.subject.lowered.plan.slot(slot).map(|slot| slot.source);
        match (source, input) {
            (Some(SlotSource::Course { therapy, part }), Some(input)) => {
                self.course_because(therapy, part, input.reason)
            }
            (Some(source), Some(input)) => self.because_of_fact(source, input).into_iter().collect(),
            (None, _) | (_, None) => Vec::new(),
        }
    }

    fn because_of_fact(&self, source: SlotSource, input: &Input) -> Option<Because> {
        match source {
            SlotSource::Course { .. } | SlotSource::Word(_) => None,
            SlotSource::Status(at) => self.status_because(at, input.reason),
            SlotSource::Judgement(at) => {
                let name = self.subject.guideline.judgements.get(at as usize)?;
                let title = self.subject.guideline.find(name).map_or(name, |block| &block.title);
                Some(Because {
                    fact: name.clone(),
                    label: title.clone(),
                    when: String::new(),
                    why: input.reason.words().to_owned(),
                })
            }
            SlotSource::Fact { fact, when, part } => {
                let known = self.subject.catalog.fact(fact)?;
                // A later value over the baseline's limit: what is missing is of the baseline.
                let of_baseline = part == Part::Multiple && when == Time::Since && input.reason == Reason::Recorded;
                let (when, reason) = if of_baseline {
                    let before = self.input(SlotSource::Fact { fact, when: Time::Baseline, part });
                    (Time::Baseline, before.map_or(Reason::NotRecorded, |before| before.reason))
                } else {
                    (when, input.reason)
                };
                Some(Because {
                    fact: known.id.value.clone(),
                    label: known.label.clone(),
                    when: words::time(when),
                    why: self.why_open(fact, when, part, reason),
                })
            }
        }
    }

    /// Why a fact is not known: where its value is, its upper limit is what is missing.
    fn why_open(&self, fact: FactId, when: Time, part: Part, reason: Reason) -> String {
        if matches!(part, Part::Multiple | Part::UpperLimit) {
            let own = self.input(SlotSource::Fact { fact, when, part });
            let valued = own.is_some_and(|own| own.value.is_some());
            let over_time = matches!(when, Time::Ever | Time::Highest | Time::Lowest);
            if valued || (over_time && reason == Reason::NotRecorded && self.has_value(fact)) {
                return String::from("upper limit not recorded");
            }
        }
        reason.words().to_owned()
    }

    pub(super) fn has_value(&self, fact: FactId) -> bool {
        let mut entries = self.record.visits.iter().flat_map(|visit| &visit.entries);
        entries.any(|entry| entry.fact == fact && entry.upper_limit.is_none() && entry.reason == Reason::Recorded)
    }

    /// The facts that keep answers open, or whether the guideline covers the patient at all: the easiest to find out
    /// first, then those that settle most.
    pub(super) fn missing(&self, open: &[(String, Vec<Because>)]) -> Vec<Missing> {
        let mut found: BTreeMap<(String, String), Missing> = BTreeMap::new();
        let mut note = |because: &Because, settles: &str, first: bool| {
            let missing =
                found.entry((because.fact.clone(), because.when.clone())).or_insert_with(|| self.missing_fact(because));
            if missing.settles.iter().any(|known| known == settles) {
                return;
            }
            let at = if first { 0 } else { missing.settles.len() };
            missing.settles.insert(at, settles.to_owned());
        };
        for answer in self.evaluation.answers.iter().filter(|answer| answer.status == Status::Open) {
            let Some(block) = self.subject.guideline.block(answer.block) else { continue };
            self.because(&answer.because).iter().for_each(|because| note(because, &block.name.value, false));
        }
        for (settles, because) in open {
            for because in because {
                note(because, settles, false);
            }
        }
        for because in self.because(&self.evaluation.covers_because) {
            note(&because, &self.subject.guideline.info.id.value, true);
        }
        let mut missing: Vec<Missing> = found.into_values().collect();
        missing.sort_by_key(|one| (one.burden, usize::MAX - one.settles.len()));
        missing
    }

    fn missing_fact(&self, because: &Because) -> Missing {
        let fact = self.subject.catalog.find(&because.fact).and_then(|fact| self.subject.catalog.fact(fact));
        let need = because.fact.rsplit_once('.').and_then(|(_, key)| words::NEEDS.iter().find(|need| need.key == key));
        let (question, burden) = match (fact, need) {
            (Some(fact), _) => (fact.question.clone(), fact.burden),
            (None, Some(need)) => {
                let (before, after) = need.label.split_once("{}").unwrap_or((need.label, ""));
                let therapy = because.label.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
                (need.question.replace("{}", therapy.unwrap_or(&because.label)), need.burden)
            }
            (None, None) => (because.label.clone(), Burden::History),
        };
        Missing {
            fact: because.fact.clone(),
            label: because.label.clone(),
            question,
            burden,
            usual: fact.is_some_and(|fact| fact.presume.is_some()),
            when: because.when.clone(),
            why: because.why.clone(),
            settles: Vec::new(),
        }
    }
}

/// What a slot is taken to be, for an answer that presumes it: the fact and its value.
pub(super) fn presumed(subject: Subject<'_>, slot: SlotId) -> Option<(String, String)> {
    let SlotSource::Fact { fact, .. } = subject.lowered.plan.slot(slot)?.source else { return None };
    let fact = subject.catalog.fact(fact)?;
    let held = Held::Choices(fact.presume?);
    let Possible::Choice(values) = words::of_fact(&held, fact) else { return None };
    Some((fact.id.value.clone(), values.join(" or ")))
}
