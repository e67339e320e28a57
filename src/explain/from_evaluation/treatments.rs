//! What the parts about treatment share: names of therapies, how things stand, what the record makes of a course.

use std::collections::BTreeMap;

use super::Teller;
use super::words;
use crate::catalog::{Catalog, TreatmentId};
use crate::eval::{Answer, CourseFound, CourseNeed, Held, Status};
use crate::explain::{Because, Possible, PresumingShown, Standing};
use crate::model::{BlockId, BlockKind, CourseState, Guideline, Item, LineState, TherapyId, Verdict};
use crate::plan::{CoursePart, Register};
use crate::source::SourceMap;
use crate::value::{Choices, Reason, Truth};

/// The parts of each therapy in the order in which an option names them, else in that of the formulary.
pub(super) fn written(
    guideline: &Guideline,
    catalog: &Catalog,
    sources: &SourceMap,
) -> BTreeMap<TherapyId, Vec<TreatmentId>> {
    let mut written = BTreeMap::new();
    for block in &guideline.blocks {
        for option in block.options() {
            let Some(therapy) = guideline.therapy(option.therapy) else { continue };
            let text = sources.slice(option.span);
            let place = |part: &TreatmentId| {
                let name = catalog.treatment_name(*part);
                let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
                words.position(|word| word == name).unwrap_or(usize::MAX)
            };
            let mut parts = therapy.parts.to_vec();
            parts.sort_by_key(place);
            written.entry(option.therapy).or_insert(parts);
        }
    }
    written
}

impl Teller<'_> {
    /// The treatments of a therapy, as written.
    pub(super) fn parts(&self, therapy: TherapyId) -> Vec<TreatmentId> {
        let of = || self.subject.guideline.therapy(therapy).map(|therapy| therapy.parts.to_vec());
        self.written.get(&therapy).cloned().or_else(of).unwrap_or_default()
    }

    /// `drug_name`, `drug_name + other_name`
    pub(super) fn therapy_name(&self, therapy: TherapyId) -> String {
        self.subject.guideline.therapy_name(therapy, self.subject.catalog)
    }

    /// The same for people, in the order in which an option names them.
    pub(super) fn therapy_label(&self, therapy: TherapyId) -> String {
        let labels = self.parts(therapy).into_iter().map(|part| self.treatment_label(part));
        labels.collect::<Vec<_>>().join(" + ")
    }

    pub(super) fn treatment_label(&self, treatment: TreatmentId) -> String {
        let known = self.subject.catalog.treatment(treatment).map(|treatment| treatment.label.clone());
        known.unwrap_or_else(|| self.subject.catalog.treatment_name(treatment).replace('_', " "))
    }

    /// What the record makes of a therapy.
    pub(super) fn found(&self, therapy: TherapyId) -> Option<&CourseFound> {
        let courses = &self.evaluation.inputs.courses;
        let at = courses.get(therapy.0 as usize).filter(|found| found.therapy == therapy);
        at.or_else(|| courses.iter().find(|found| found.therapy == therapy))
    }

    /// How something that is worked out beside the answers stands.
    pub(super) fn standing(&self, answer: &Answer, shape: Shape) -> Standing {
        let possible = match answer.status {
            Status::Silent => Possible::Nothing,
            Status::Decided | Status::Open | Status::Fault => shaped(shape, &answer.held),
        };
        Standing {
            status: answer.status,
            possible,
            exact: answer.exact,
            because: self.because(&answer.because),
            presuming: answer.presuming.as_ref().map(|presuming| PresumingShown {
                possible: shaped(shape, &presuming.held),
                facts: presuming
                    .slots
                    .iter()
                    .filter_map(|slot| super::missing::presumed(self.subject, *slot))
                    .collect(),
            }),
        }
    }

    /// How an item stands; silent where nothing is known of it.
    pub(super) fn item(&self, item: Item, shape: Shape) -> Standing {
        match self.evaluation.items.get(&item) {
            Some(answer) => self.standing(answer, shape),
            None => settled(Possible::Nothing, Status::Silent),
        }
    }

    /// Whether a yes/no item holds.
    pub(super) fn item_truth(&self, item: Item) -> Truth {
        match self.evaluation.items.get(&item) {
            Some(answer) => match answer.held.first() {
                Some(Held::Truth(truth)) => *truth,
                Some(Held::Choices(_) | Held::Number(_)) | None => Truth::NO,
            },
            None => Truth::NO,
        }
    }

    /// The values an item of several can have; empty where nothing is known of it.
    pub(super) fn item_choices(&self, item: Item) -> Choices {
        match self.evaluation.items.get(&item).and_then(|answer| answer.held.first()) {
            Some(Held::Choices(choices)) => *choices,
            Some(Held::Truth(_) | Held::Number(_)) | None => Choices::NONE,
        }
    }

    /// Whether a block that speaks of a therapy holds; one without a condition always does.
    pub(super) fn holds(&self, block: BlockId) -> Truth {
        if self.evaluation.items.contains_key(&Item::Holds(block)) {
            return self.item_truth(Item::Holds(block));
        }
        match self.subject.lowered.block(block).and_then(|planned| planned.results.first()) {
            Some(Register::Truth(at)) => self.evaluation.registers.truth(*at),
            Some(Register::Choice(_) | Register::Number(_)) | None => {
                if self.is_always(block) {
                    Truth::YES
                } else {
                    Truth::EITHER
                }
            }
        }
    }

    fn is_always(&self, block: BlockId) -> bool {
        match self.subject.guideline.block(block).map(|block| &block.kind) {
            Some(BlockKind::Against(against)) => against.when.is_none(),
            Some(BlockKind::Prefer(prefer)) => prefer.when.is_none(),
            Some(BlockKind::Monitor(monitor)) => monitor.when.is_none(),
            Some(BlockKind::Advice(advice)) => advice.when.is_none(),
            Some(_) | None => false,
        }
    }

    /// How such a block stands.
    pub(super) fn holds_standing(&self, block: BlockId) -> Standing {
        if let Some(answer) = self.evaluation.items.get(&Item::Holds(block)) {
            return self.standing(answer, Shape::YesNo);
        }
        let truth = self.holds(block);
        let status = if truth.settled().is_some() { Status::Decided } else { Status::Open };
        settled(words::of_truth(truth), status)
    }

    /// What would settle what is asked of a therapy's courses.
    pub(super) fn course_because(&self, therapy: TherapyId, part: CoursePart, reason: Reason) -> Vec<Because> {
        let needs = self.found(therapy).map_or_else(Vec::new, |found| found.needs_of(part));
        let least = if part == CoursePart::Declined { CourseNeed::Declined } else { CourseNeed::Taken };
        let needs = if needs.is_empty() { vec![least] } else { needs };
        needs.into_iter().filter_map(|need| self.course_need(therapy, need, reason)).collect()
    }

    fn course_need(&self, therapy: TherapyId, need: CourseNeed, reason: Reason) -> Option<Because> {
        let label = self.therapy_label(therapy);
        if let CourseNeed::Fact(id) = need {
            let fact = self.subject.catalog.fact(id)?;
            let known = self.has_value(id);
            return Some(Because {
                fact: fact.id.value.clone(),
                label: fact.label.clone(),
                when: if known { format!("during {label}") } else { String::new() },
                why: Reason::NotRecorded.words().to_owned(),
            });
        }
        let part = words::NEEDS.iter().find(|known| known.what == need)?;
        let dated = matches!(need, CourseNeed::Start | CourseNeed::Stop) && reason == Reason::Imprecise;
        let conflicts = need == CourseNeed::Dose && self.found(therapy).is_some_and(|found| found.doses_conflict);
        let why = match (dated, conflicts) {
            (true, _) => Reason::Imprecise,
            (false, true) => Reason::Conflicting,
            (false, false) => Reason::NotRecorded,
        };
        Some(Because {
            fact: format!("{}.{}", self.therapy_name(therapy), part.key),
            label: part.label.replace("{}", &label),
            when: String::new(),
            why: why.words().to_owned(),
        })
    }
}

/// What an item's values are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Yes, no.
    YesNo,
    /// The twelve verdicts.
    Verdict,
    /// Where a line stands.
    Line,
}

fn shaped(shape: Shape, held: &[Held]) -> Possible {
    match (held.first(), shape) {
        (Some(Held::Truth(truth)), _) => words::of_truth(*truth),
        (Some(Held::Choices(choices)), Shape::Verdict) => verdicts(*choices),
        (Some(Held::Choices(choices)), Shape::Line) => {
            Possible::Choice(words::chosen(*choices, LineState::ALL.iter().map(|state| state.word().to_owned())))
        }
        (Some(Held::Choices(_) | Held::Number(_)) | None, _) => Possible::Nothing,
    }
}

pub(super) fn verdicts(choices: Choices) -> Possible {
    Possible::Choice(words::chosen(choices, Verdict::ALL.iter().map(|verdict| verdict.word().to_owned())))
}

pub(super) fn states(choices: Choices) -> Possible {
    Possible::Choice(words::chosen(choices, CourseState::ALL.iter().map(|state| state.word().to_owned())))
}

pub(super) fn settled(possible: Possible, status: Status) -> Standing {
    Standing { status, possible, exact: true, because: Vec::new(), presuming: None }
}
