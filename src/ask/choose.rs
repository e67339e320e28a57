use std::collections::BTreeMap;

use super::Target;
use super::kinds::{self, Kind};
use super::scene::Scene;
use crate::catalog::Burden;
use crate::eval::{Openness, Outlook, Status};
use crate::plan::SlotId;

/// How many questions are compared: those by which the answers hang on most ways, for their burden.
const COMPARED: usize = 24;

/// What it counts for that the answers are settled, the steps that lead to them, and the slots they hang on.
const COUNTS: [u64; 3] = [3, 1, 1];

/// In which order questions come.
#[derive(Debug, Clone, Default)]
pub enum Order {
    /// The one that settles most for its burden first.
    #[default]
    Best,
    /// By lot, among those that still matter.
    Lot(Numbers),
    /// By lot, among all that the answers are worked out from, whether it still matters or not: a questionnaire.
    Questionnaire(Numbers),
}

/// A row of numbers, each worked out from the one before.
#[derive(Debug, Clone)]
pub struct Numbers(u64);

impl Numbers {
    /// The row that begins with a number.
    pub fn from(seed: u64) -> Self {
        Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1))
    }

    /// The next, below a bound.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from((self.0 >> 33) % bound).unwrap_or(0)
    }
}

/// What it counts for that finding out costs the patient something. Which is worse is the dictionary's; how much is not
/// medicine: a question is put off until it settles so many times more than the next best.
fn weight((burden, usual): (Burden, bool)) -> u64 {
    let weight = match burden {
        Burden::History => 1,
        Burden::BloodTest => 3,
        Burden::Imaging => 9,
        Burden::Biopsy => 27,
    };
    // The usual normal is most likely what it is.
    if usual { weight * 3 } else { weight }
}

/// What to ask next; nothing where nothing that is open can be asked for.
pub(super) fn choose(scene: &Scene<'_>, outlook: &Outlook, order: &mut Order) -> Option<Target> {
    let openness = Openness::of(scene.subject, scene.record, scene.baseline, scene.wanted);
    let ways: BTreeMap<_, _> = openness.ways().collect();
    let mut found: BTreeMap<Target, u64> = BTreeMap::new();
    let open = outlook.answers.iter().filter(|answer| answer.status == Status::Open);
    let mut slots: Vec<SlotId> =
        open.flat_map(|answer| &answer.because).chain(&outlook.covers_because).copied().collect();
    if matches!(order, Order::Questionnaire(_)) {
        let read = scene.wanted.iter().filter_map(|block| scene.subject.lowered.slice(*block));
        let is_open = |slot: &SlotId| outlook.inputs.get(*slot).is_some_and(|input| !input.held.is_settled());
        slots = read.flat_map(|slice| slice.slots.iter().copied()).filter(is_open).collect();
    }
    for slot in &slots {
        for target in scene.targets(*slot, &outlook.inputs) {
            if !scene.passed.contains(&target) {
                *found.entry(target).or_insert(0) += u64::from(ways.get(slot).copied().unwrap_or(1));
            }
        }
    }
    let mut candidates: Vec<(Target, u64)> = found.into_iter().collect();
    // What everything else waits for.
    if candidates.iter().any(|(target, _)| *target == Target::BaselineDay) {
        return Some(Target::BaselineDay);
    }
    if let Order::Lot(numbers) | Order::Questionnaire(numbers) = order {
        let at = numbers.below(candidates.len());
        return candidates.get(at).map(|(target, _)| *target);
    }
    let cost = |target: Target| weight(scene.burden(target));
    candidates.sort_by_key(|(target, ways)| (std::cmp::Reverse(ways * 1_000 / cost(*target)), *target));
    candidates.truncate(COMPARED);
    let gained = |(target, _): &(Target, u64)| gain(&openness, &kinds::kinds(scene, *target)) / cost(*target);
    let best = candidates.iter().map(|one| (gained(one), one.0));
    best.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, target)| target)
}

/// How much a question settles, over its replies: of the answers and, for less, of what leads to them.
fn gain(openness: &Openness<'_>, kinds: &[Kind]) -> u64 {
    /// Where a reply cannot be told beforehand, a little.
    const UNTOLD: u64 = 20_000;
    let Ok(count) = u64::try_from(kinds.len()) else { return 0 };
    let settled = |kind: &Kind| {
        let left = openness.left(&kind.record);
        left.iter().zip(COUNTS).map(|(left, counts)| 1_000_u64.saturating_sub(*left) * counts).sum::<u64>()
    };
    let all: u64 = kinds.iter().map(settled).sum();
    (all * 1_000).checked_div(count).unwrap_or(UNTOLD)
}
