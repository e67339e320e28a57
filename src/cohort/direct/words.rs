//! Answers as they stand on a line, each text written once.

use crate::cohort::output::lines;
use crate::cohort::run::{Shape, Task};
use crate::engine::Engine;
use crate::eval::{Answer, Compact, Held, Sheet, Status};
use crate::model::BlockId;
use crate::plan::{FAULT, Register, TruthRegister};
use crate::value::Truth;

/// How many texts of each answer are kept.
const KEPT: usize = 512;

/// The selected answers.
#[derive(Debug, Clone)]
pub(super) struct Words {
    release: usize,
    covers: Option<TruthRegister>,
    answers: Vec<Selected>,
}

/// A selected answer.
#[derive(Debug, Clone)]
struct Selected {
    block: BlockId,
    /// `,"NAME":`
    key: Vec<u8>,
    roots: Vec<Register>,
    fault: Option<TruthRegister>,
    /// It looks at what was recorded: open is what it is, and nothing narrows it.
    is_recorded: bool,
    texts: Vec<Option<Text>>,
}

/// What an answer holds, and how it is written, its key included.
#[derive(Debug, Clone)]
struct Text {
    held: u128,
    written: Vec<u8>,
}

impl Words {
    /// `None` where an answer is taken for granted, or given by another release.
    pub(super) fn of(engine: &Engine, release: usize, task: &Task) -> Option<Self> {
        let Shape::Brief(chosen) = &task.shape else { return None };
        let loaded = engine.guidelines().get(release)?;
        let (guideline, lowered) = (&loaded.guideline, &loaded.lowered);
        let covers = match guideline.covers.map(|block| lowered.block(block)?.results.first().copied()) {
            None => None,
            Some(Some(Register::Truth(at))) => Some(at),
            Some(_) => return None,
        };
        let mut answers = Vec::new();
        for one in chosen {
            let block = one.block(release)?;
            let planned = lowered.block(block)?;
            let is_recorded = guideline.block(block)?.as_recorded.is_some();
            let few = planned.results.len() == 1
                || (planned.results.len() <= 64 && planned.results.iter().all(|at| matches!(at, Register::Truth(_))));
            (few && !(is_recorded && presumes(engine, release, block))).then_some(())?;
            answers.push(Selected {
                block,
                key: lines::brief_key(&one.name),
                roots: planned.results.clone(),
                fault: planned.fault,
                is_recorded,
                texts: (0..KEPT).map(|_| None).collect(),
            });
        }
        Some(Words { release, covers, answers })
    }

    /// Every register that is looked at.
    pub(super) fn registers(&self) -> impl Iterator<Item = Register> {
        let faults = self.answers.iter().filter_map(|one| one.fault).map(Register::Truth);
        self.answers.iter().flat_map(|one| one.roots.iter().copied()).chain(faults)
    }

    /// Writes the line of a row; false where an answer must be worked out in the ordinary way.
    #[inline]
    pub(super) fn write(
        &mut self,
        compact: &Compact,
        (sheet, lane): (&Sheet, usize),
        engine: &Engine,
        id: &[u8],
        out: &mut Vec<u8>,
    ) -> bool {
        if self.covers.is_some_and(|at| sheet.truth(lane, at) != Truth::YES) {
            return false;
        }
        lines::brief_start(id, out);
        for answer in &mut self.answers {
            let Some((held, status)) = answer.standing(compact, sheet, lane) else { return false };
            if !answer.put(held, out) && !answer.learn(held, status, self.release, compact, (sheet, lane), engine, out)
            {
                return false;
            }
        }
        lines::brief_end(out);
        true
    }
}

impl Selected {
    /// What it holds in one number, and whether that settles it; `None` where it is at fault or must be refined.
    #[inline]
    fn standing(&self, compact: &Compact, sheet: &Sheet, lane: usize) -> Option<(u128, Status)> {
        if self.fault.is_some_and(|at| sheet.truth(lane, at) != Truth::NO) {
            return None;
        }
        let (mut held, mut settled) = (0, true);
        for root in &self.roots {
            let (own, one) = match root {
                Register::Truth(at) => {
                    let truth = sheet.truth(lane, *at);
                    (truth != Truth::NEITHER).then_some(())?;
                    (u128::from(truth.can_be_yes()) | u128::from(truth.can_be_no()) << 1, truth != Truth::EITHER)
                }
                Register::Choice(at) => {
                    let choices = sheet.choice(lane, *at);
                    (!choices.contains(FAULT) && !choices.is_empty()).then_some(())?;
                    (u128::from(choices.bits()), choices.settled().is_some())
                }
                Register::Number(at) => compact.packed(sheet, lane, *at)?,
            };
            held = if self.roots.len() == 1 { own } else { held << 2 | own };
            settled &= one;
        }
        match (settled, self.is_recorded) {
            (true, _) => Some((held, Status::Decided)),
            (false, true) => Some((held, Status::Open)),
            (false, false) => None,
        }
    }

    /// Writes a text that is known.
    #[inline]
    fn put(&self, held: u128, out: &mut Vec<u8>) -> bool {
        match self.texts.get(place(held)) {
            Some(Some(text)) if text.held == held => {
                out.extend_from_slice(&text.written);
                true
            }
            _ => false,
        }
    }

    /// Writes a text as the ordinary way writes it, and keeps it.
    #[cold]
    #[expect(clippy::too_many_arguments, reason = "what the ordinary way works on")]
    fn learn(
        &mut self,
        held: u128,
        status: Status,
        release: usize,
        compact: &Compact,
        (sheet, lane): (&Sheet, usize),
        engine: &Engine,
        out: &mut Vec<u8>,
    ) -> bool {
        let of_roots: Vec<Held> = self.roots.iter().map(|root| compact.held(sheet, lane, *root)).collect();
        let answer = Answer::standing(self.block, status, of_roots);
        let Some(value) = lines::brief_value(engine, release, &answer) else { return false };
        let written = [self.key.as_slice(), &value].concat();
        out.extend_from_slice(&written);
        if let Some(text) = self.texts.get_mut(place(held)) {
            *text = Some(Text { held, written });
        }
        true
    }
}

/// Where a text is kept.
#[inline]
fn place(held: u128) -> usize {
    let low = |held: u128| u64::try_from(held & u128::from(u64::MAX)).unwrap_or(0);
    let mixed = (low(held) ^ low(held >> 64).rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(mixed >> 55).unwrap_or(0) % KEPT
}

/// Some fact that the answer reads may be taken for granted.
fn presumes(engine: &Engine, release: usize, block: BlockId) -> bool {
    let Some(loaded) = engine.guidelines().get(release) else { return true };
    let slots = loaded.lowered.slice(block).map(|slice| slice.slots.clone()).unwrap_or_default();
    let mut facts = slots.iter().filter_map(|slot| match loaded.lowered.plan.slot(*slot)?.source {
        crate::plan::SlotSource::Fact { fact, .. } => engine.catalog().fact(fact),
        crate::plan::SlotSource::Judgement(_)
        | crate::plan::SlotSource::Course { .. }
        | crate::plan::SlotSource::Status(_)
        | crate::plan::SlotSource::Word(_) => None,
    });
    facts.any(|fact| fact.presume.is_some())
}
