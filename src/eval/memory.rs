//! Answers of earlier patients who are the same in all that an answer hangs on.
//!
//! Of two patients for whom the same steps are open and read the same, an answer is the same, and so is what keeps it open.
//! Many patients of a registry lack the same facts, so an answer that must be refined was often refined before.

use std::collections::HashMap;

use crate::model::BlockId;
use crate::plan::{Plan, Register, SlotId, Step, Writer};
use crate::value::Reason;

use super::linear::Form;
use super::relevance::Reached;
use super::{Answer, Inputs, Registers};

/// How many bytes of answers are kept, in each of two generations.
const KEPT: usize = 1 << 17;

/// What an answer hangs on, by a hash of which nobody has found two that are alike.
pub(super) type Key = [u8; blake3::OUT_LEN];

/// Answers by what they hang on. When the newer ones fill their room they become the older ones, and those are forgotten that
/// nobody asked for meanwhile.
#[derive(Debug, Default)]
pub(super) struct Memory {
    newer: HashMap<Key, Answer>,
    older: HashMap<Key, Answer>,
    /// Of the newer ones.
    bytes: usize,
}

impl Memory {
    pub(super) fn get(&mut self, key: &Key) -> Option<Answer> {
        if let Some(answer) = self.newer.get(key) {
            return Some(answer.clone());
        }
        let answer = self.older.remove(key)?;
        self.put(*key, &answer);
        Some(answer)
    }

    pub(super) fn put(&mut self, key: Key, answer: &Answer) {
        let bytes = size_of::<Key>() + answer.bytes();
        if self.bytes + bytes > KEPT {
            self.older = std::mem::take(&mut self.newer);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.newer.insert(key, answer.clone());
    }
}

/// What an answer hangs on: what stands in its registers, which steps before it are open, what stands in the registers that
/// these read and none of them writes, and in every slot that something ties to an open one; and why the open slots are
/// open. `None` where a number may be left without any value: what is to blame for that hangs on settled steps too.
pub(super) fn key(
    block: BlockId,
    roots: impl Iterator<Item = Register>,
    reached: &Reached,
    plan: &Plan,
    registers: &Registers,
    inputs: &Inputs,
) -> Option<Key> {
    let mut key = block.0.to_le_bytes().to_vec();
    // What open steps write comes of what they read.
    let is_written = |read| matches!(plan.writer(read), Some(Writer::Step(at)) if reached.has_step(at));
    for root in roots {
        let (kind, at) = match root {
            Register::Truth(at) => (0, at.0),
            Register::Choice(at) => (1, at.0),
            Register::Number(at) => (2, at.0),
        };
        key.push(kind);
        key.extend(at.to_le_bytes());
        if !is_written(root) {
            registers.write_bytes(root, &mut key);
        }
    }
    key.extend(reached.steps.len().to_le_bytes());
    key.extend(reached.steps.iter().flat_map(|at| at.to_le_bytes()));
    for step in reached.steps.iter().filter_map(|at| plan.step(*at)) {
        if let Step::PickNumber(pairs, _) = step
            && pairs.iter().any(|(_, then)| plan.writer(Register::Number(*then)).is_none())
        {
            return None;
        }
        step.reads(|read| {
            if !is_written(read) {
                registers.write_bytes(read, &mut key);
            }
        });
    }
    let mut slots: Vec<SlotId> = reached.slots.iter().map(|(slot, _)| *slot).collect();
    for slot in &slots {
        key.push(u8::from(inputs.get(*slot).is_some_and(|input| input.reason == Reason::NotRecorded)));
    }
    let open = slots.len();
    key.push(u8::from(inputs.laws.is_empty()));
    tie(&mut slots, inputs, &mut key);
    for slot in slots.iter().skip(open).filter_map(|slot| plan.slot(*slot)) {
        registers.write_bytes(slot.register, &mut key);
    }
    Some(blake3::hash(&key).into())
}

/// Adds the slots that something ties to those given, and writes down what does.
fn tie(slots: &mut Vec<SlotId>, inputs: &Inputs, key: &mut Vec<u8>) {
    let mut laws: Vec<&Form> = inputs.laws.iter().collect();
    let mut pairs: Vec<&(SlotId, SlotId)> = inputs.ordered.iter().chain(&inputs.twins).collect();
    loop {
        let before = slots.len();
        laws.retain(|law| {
            let is_far = !law.slots().any(|slot| slots.contains(&slot));
            if !is_far {
                key.push(1);
                law.write_bytes(key);
                add(slots, law.slots());
            }
            is_far
        });
        pairs.retain(|pair| {
            let is_far = !slots.contains(&pair.0) && !slots.contains(&pair.1);
            if !is_far {
                key.push(2);
                key.extend([pair.0.0, pair.1.0].into_iter().flat_map(u32::to_le_bytes));
                add(slots, [pair.0, pair.1].into_iter());
            }
            is_far
        });
        if slots.len() == before {
            key.push(0);
            return;
        }
    }
}

fn add(slots: &mut Vec<SlotId>, more: impl Iterator<Item = SlotId>) {
    for slot in more {
        if !slots.contains(&slot) {
            slots.push(slot);
        }
    }
}
