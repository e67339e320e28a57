//! Ladders, regimens, algorithms and what is said of treatment, as registers: random small guidelines, built by hand,
//! against a second reading of the language that knows one patient at a time.
//!
//! For every item and every possible patient the program must hold that patient's value for possible; where it says
//! that the possible values are exact, some patient must have each. `MYOGUIDE_SEED` takes another seed,
//! `MYOGUIDE_GUIDELINES` another number of guidelines.

mod by_hand;
mod generate;
mod large;
mod one_patient;

use std::collections::{BTreeMap, BTreeSet};

use myoguide::catalog::Catalog;
use myoguide::eval::{Answer, Held, Input, Inputs, Subject, evaluate_inputs};
use myoguide::model::{BlockKind, Guideline, Item};
use myoguide::plan::from_model::{Lowered, lower};
use myoguide::plan::{Plan, Slot};
use myoguide::value::{Choices, Reason, Truth};

use crate::oracle::Dice;
use one_patient::{OnePatient, Value};

const SEED: u64 = 20_260_301;

/// The most patients that are tried for one half-empty record.
const PATIENTS: usize = 250;

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Slots filled by hand.
fn inputs(held: &[Held]) -> Inputs {
    let fill = |held: &Held| Input {
        held: held.clone(),
        reason: if held.is_settled() { Reason::Recorded } else { Reason::NotRecorded },
        date: None,
        written: None,
        span: None,
        limit: None,
        value: None,
    };
    Inputs::of(held.iter().map(fill).collect())
}

/// Everything a slot could hold.
fn all_values(slot: &Slot) -> Vec<Value> {
    use myoguide::model::CourseState;
    use myoguide::plan::{CoursePart, SlotSource};
    match slot.source {
        SlotSource::Course { part: CoursePart::State, .. } => CourseState::ALL.into_iter().map(Value::State).collect(),
        SlotSource::Judgement(_) | SlotSource::Course { .. } => vec![Value::Truth(true), Value::Truth(false)],
        SlotSource::Fact { .. } | SlotSource::Status(_) | SlotSource::Word(_) => {
            panic!("a guideline built by hand reads no such thing")
        }
    }
}

fn held(values: &[Value]) -> Held {
    let mut truth = Truth::NEITHER;
    let mut choices = Choices::NONE;
    for value in values {
        match value {
            Value::Truth(value) => truth = truth.union(Truth::from(*value)),
            Value::State(state) => choices = choices.union(state.only()),
        }
    }
    if choices.is_empty() { Held::Truth(truth) } else { Held::Choices(choices) }
}

/// What is possible of each slot: mostly one value.
fn half_empty(plan: &Plan, dice: &mut Dice) -> Vec<Vec<Value>> {
    let mut patients = 1;
    let mut slots: Vec<Vec<Value>> = vec![Vec::new(); plan.slots.len()];
    let mut order: Vec<usize> = (0..slots.len()).collect();
    dice.shuffle(&mut order);
    for at in order {
        let mut values = all_values(&plan.slots[at]);
        dice.shuffle(&mut values);
        let most = values.len().min(PATIENTS / patients).max(1);
        values.truncate(if dice.once_in(3) { 1 } else { 1 + dice.below(most) });
        patients *= values.len();
        slots[at] = values;
    }
    slots
}

/// Every patient with one of the values for each slot.
fn patients(slots: &[Vec<Value>]) -> Vec<Vec<Value>> {
    slots.iter().fold(vec![Vec::new()], |patients, values| {
        let with = |patient: &Vec<Value>| {
            let patient = patient.clone();
            values.iter().map(move |value| patient.iter().copied().chain([*value]).collect()).collect::<Vec<_>>()
        };
        patients.iter().flat_map(with).collect()
    })
}

/// The values that are possible of an item or an answer, a truth as 1 and 0.
fn values_of(answer: &Answer) -> BTreeSet<u8> {
    match answer.held.as_slice() {
        [Held::Truth(truth)] => [(truth.can_be_yes(), 1), (truth.can_be_no(), 0)]
            .into_iter()
            .filter(|(can, _)| *can)
            .map(|(_, at)| at)
            .collect(),
        [Held::Choices(choices)] => choices.iter().collect(),
        other => panic!("an item is a truth or a choice, not {other:?}"),
    }
}

/// What one item can be, according to all patients and to the program.
struct Compared {
    exact: u32,
    inexact: u32,
    open: u32,
}

fn compare(guideline: &Guideline, lowered: &Lowered, dice: &mut Dice, told: &mut Compared) {
    let catalog = Catalog::default();
    let subject = Subject { guideline, lowered, catalog: &catalog };
    let slots = half_empty(&lowered.plan, dice);
    let inputs = inputs(&slots.iter().map(|values| held(values)).collect::<Vec<_>>());
    let evaluation = evaluate_inputs(subject, inputs);
    let mut truths: BTreeMap<Item, BTreeSet<u8>> = BTreeMap::new();
    let mut answers: Vec<BTreeSet<u8>> = vec![BTreeSet::new(); guideline.answers.len()];
    for values in patients(&slots) {
        let sources = lowered.plan.slots.iter().map(|slot| slot.source).zip(values);
        let patient = OnePatient { guideline, slots: sources.collect() };
        if !patient.is_possible() {
            continue;
        }
        for item in lowered.items.keys() {
            truths.entry(*item).or_default().insert(patient.item(*item));
        }
        for (answer, values) in guideline.answers.iter().zip(&mut answers) {
            values.insert(patient.answer(*answer));
        }
    }
    if truths.is_empty() {
        return;
    }
    for (item, truth) in &truths {
        check(&format!("{item:?}"), &evaluation.items[item], truth, guideline, &slots, told);
    }
    for (answer, truth) in evaluation.answers.iter().zip(&answers) {
        check(
            guideline.block(answer.block).map_or("", |block| &block.name.value),
            answer,
            truth,
            guideline,
            &slots,
            told,
        );
    }
}

fn check(
    name: &str,
    answer: &Answer,
    truth: &BTreeSet<u8>,
    guideline: &Guideline,
    slots: &[Vec<Value>],
    told: &mut Compared,
) {
    let seen = values_of(answer);
    let about = || format!("{name}: {truth:?} is possible, the program says {seen:?} of {slots:?} in {guideline:#?}");
    assert!(seen.is_superset(truth), "too narrow: {}", about());
    if answer.exact {
        assert!(seen == *truth, "exact, and yet too wide: {}", about());
        told.exact += 1;
    } else {
        told.inexact += 1;
    }
    told.open += u32::from(seen.len() > 1);
}

#[test]
fn every_possible_patient_is_allowed_for() {
    let seed = setting("MYOGUIDE_SEED", SEED);
    let count = setting("MYOGUIDE_GUIDELINES", 120);
    let mut told = Compared { exact: 0, inexact: 0, open: 0 };
    for number in 0..count {
        let mut dice = Dice::new(seed.wrapping_add(number));
        let guideline = generate::guideline(&mut dice);
        let lowered = lower(&guideline, &Catalog::default());
        println!("guideline {number} of seed {seed}: {} items", lowered.items.len());
        for _ in 0..3 {
            compare(&guideline, &lowered, &mut dice, &mut told);
        }
    }
    println!("{} exact, {} inexact, {} open", told.exact, told.inexact, told.open);
    assert!(told.exact > 50 * told.inexact, "{} exact, {} not", told.exact, told.inexact);
    assert!(told.open * 5 > told.exact, "only {} of {} were open", told.open, told.exact);
}

#[test]
fn every_part_has_its_item() {
    let guideline = generate::guideline(&mut Dice::new(SEED));
    let lowered = lower(&guideline, &Catalog::default());
    for (block, kind) in guideline.blocks.iter().map(|block| (&block.name.value, &block.kind)) {
        let says = match kind {
            BlockKind::Ladder(ladder) => ladder.lines.len(),
            BlockKind::Algorithm(algorithm) => algorithm.conclusions.len(),
            BlockKind::Against(_) | BlockKind::Advice(_) | BlockKind::Promise(_) | BlockKind::Suspect(_) => 1,
            _ => 0,
        };
        let at = guideline.blocks.iter().position(|other| other.name.value == *block).expect("it is there");
        let items = lowered.items.keys().filter(|item| generate::block_of(**item) == u32::try_from(at).ok());
        assert!(items.count() >= says, "{block} has too few items");
    }
}
