//! The words of a course, and the rules of `course` over them.

use crate::model::{CourseState, CourseWord};
use crate::plan::from_model::{Lowered, LoweredCourse};
use crate::plan::{Register, Slot, SlotSource, TruthRegister};
use crate::value::{Choices, NumberSet, Precision, Reason, Truth};

use super::super::draft::Draft;
use super::super::refine::{self, Question};
use super::super::{Held, Input, Inputs, Registers, Subject};
use super::state::unknown_count;

/// The most combinations of open words that the rules are tried with, one by one.
pub(super) const TRIED: usize = 32;

/// Writes what a word stands for.
type Write = fn(&mut Words, Choices);

/// What the words of a course stand for.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) adequate: Truth,
    pub(super) ongoing: bool,
    pub(super) outcome: Choices,
    pub(super) recorded: Choices,
    pub(super) stopped_for: Choices,
    pub(super) limited_by: Choices,
    pub(super) adherence: NumberSet,
    pub(super) duration: NumberSet,
    pub(super) cycles: NumberSet,
}

/// What the rules of `course` make of the words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ruled {
    pub(super) not_tolerated: Truth,
    pub(super) failed: Truth,
    pub(super) worked: Truth,
}

impl Words {
    /// Writes the words into their slots.
    pub(super) fn fill(&self, rules: &LoweredCourse, inputs: &mut Inputs) {
        for (slot, input) in rules.lowered.plan.slots.iter().zip(&mut inputs.inputs) {
            if let SlotSource::Word(word) = slot.source {
                *input = self.input(word, slot);
            }
        }
    }

    /// Writes the words into their slots of a run, and works out again what hangs on them. Where rows that always fit leave
    /// none, the rest stays as it was: wider than it need be, never narrower.
    pub(super) fn fill_draft(&self, rules: &LoweredCourse, draft: &mut Draft<'_>) {
        for slot in &rules.lowered.plan.slots {
            if let SlotSource::Word(word) = slot.source {
                draft.set(slot.register, &self.input(word, slot).held);
            }
        }
        draft.run(None, &[]);
    }

    fn input(&self, word: CourseWord, slot: &Slot) -> Input {
        let held = match word {
            CourseWord::Adequate => yes_no(self.adequate, slot.register),
            CourseWord::Ongoing => yes_no(Truth::from(self.ongoing), slot.register),
            CourseWord::Outcome => Held::Choices(self.outcome),
            CourseWord::OutcomeRecorded => Held::Choices(self.recorded),
            CourseWord::StoppedFor => Held::Choices(self.stopped_for),
            CourseWord::DoseLimitedBy => Held::Choices(self.limited_by),
            CourseWord::Adherence => Held::Number(self.adherence.clone()),
            CourseWord::Duration => Held::Number(self.duration.clone()),
            CourseWord::Cycles => Held::Number(self.cycles.clone()),
            CourseWord::Gap => Held::Number(unknown_count()),
        };
        let reason = if held.is_settled() { Reason::Recorded } else { Reason::NotRecorded };
        Input::of(held, reason)
    }

    /// The words with each open choice taken for one of its values; where that are too many, only some of them are.
    pub(super) fn cells(&self) -> Vec<Words> {
        let mut cells = vec![self.clone()];
        if self.adequate == Truth::EITHER {
            let each = [Truth::YES, Truth::NO].map(|adequate| Words { adequate, ..self.clone() });
            cells = each.to_vec();
        }
        let words: [(Choices, Write); 3] = [
            (self.outcome, |words, value| {
                // One entry says both, where both are as recorded.
                if words.recorded == words.outcome {
                    words.recorded = value;
                }
                words.outcome = value;
            }),
            (self.stopped_for, |words, value| words.stopped_for = value),
            (self.limited_by, |words, value| words.limited_by = value),
        ];
        for (values, write) in words {
            if values.len() > 1 && cells.len() * values.len() <= TRIED {
                let with = |cell: &Words| {
                    let cell = cell.clone();
                    let each = values.iter().map(move |value| {
                        let mut cell = cell.clone();
                        write(&mut cell, Choices::only(value));
                        cell
                    });
                    each.collect::<Vec<_>>()
                };
                cells = cells.iter().flat_map(with).collect();
            }
        }
        cells
    }
}

impl Ruled {
    pub(super) fn read(
        subject: Subject<'_>,
        rules: &LoweredCourse,
        inputs: &Inputs,
        registers: &Registers,
        narrow: bool,
    ) -> Ruled {
        let held = |rule: Option<TruthRegister>| match rule {
            None => Truth::NO,
            Some(at) if narrow => narrowed(subject, rules, at, inputs, registers),
            Some(at) => registers.truth(at),
        };
        Ruled { not_tolerated: held(rules.not_tolerated), failed: held(rules.failed), worked: held(rules.worked) }
    }

    /// The states still possible: of the rules the first that holds.
    pub(super) fn state(self, words: &Words, before: Truth) -> Choices {
        let end = if words.ongoing {
            vec![(before | words.adequate, CourseState::Running)]
        } else {
            vec![(self.worked, CourseState::Worked)]
        };
        let first = [(self.not_tolerated, CourseState::NotTolerated), (self.failed, CourseState::Failed)];
        let mut possible = Choices::NONE;
        for (held, state) in first.into_iter().chain(end).chain([(Truth::YES, CourseState::Inadequate)]) {
            if held.can_be_yes() {
                possible = possible.union(state.only());
            }
            if held == Truth::YES {
                break;
            }
        }
        possible
    }
}

/// A rule's truth, refined where a fact is read twice.
pub(super) fn narrowed(
    subject: Subject<'_>,
    rules: &LoweredCourse,
    at: TruthRegister,
    inputs: &Inputs,
    registers: &Registers,
) -> Truth {
    let held = registers.truth(at);
    let Some(slice) = rules.slices.get(&at).filter(|_| held.settled().is_none()) else { return held };
    let Lowered { plan, results, .. } = subject.lowered;
    let root = Register::Truth(at);
    let Inputs { laws, twins, ordered, .. } = inputs;
    let (splits, is_decided) = (refine::SPLITS, false);
    let question = Question { plan, slice, root, results, laws, twins, ordered, beside: &[], splits, is_decided };
    match refine::refine(question, &mut Draft::of(plan, registers.clone(), Precision::Usual)).held {
        Held::Truth(truth) if truth != Truth::NEITHER => truth,
        Held::Truth(_) | Held::Choices(_) | Held::Number(_) => held,
    }
}

/// A yes/no for a slot that holds it as a truth, or as a choice of which *yes* stands first.
fn yes_no(held: Truth, register: Register) -> Held {
    match register {
        Register::Truth(_) | Register::Number(_) => Held::Truth(held),
        Register::Choice(_) => {
            let yes = if held.can_be_yes() { only(0) } else { Choices::NONE };
            Held::Choices(if held.can_be_no() { yes.union(only(1)) } else { yes })
        }
    }
}

pub(super) fn only(place: usize) -> Choices {
    u8::try_from(place).map_or(Choices::NONE, Choices::only)
}
