use std::collections::HashMap;

use super::{
    ChoiceRegister, CoursePart, NumberFunction, NumberRegister, Part, Plan, Register, Relation, RowPolicy, Slot,
    SlotId, SlotSource, Step, TruthRegister, Writer, sound,
};
use crate::model::{CourseState, TherapyId, Time};
use crate::value::{Choices, Number, NumberSet};

/// Builds a [`Plan`], one step at a time. A source that is read again is the same slot.
#[derive(Debug, Default)]
pub struct PlanBuilder {
    plan: Plan,
    slots: HashMap<SlotSource, SlotId>,
}

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// A yes/no without further values.
    Truth,
    /// A choice.
    Choice,
    /// A number.
    Number,
}

impl PlanBuilder {
    /// A slot for a source, or the one it already has.
    pub fn slot(&mut self, source: SlotSource, kind: SlotKind) -> Register {
        if let Some(slot) = self.slots.get(&source).and_then(|id| self.plan.slots.get(id.0 as usize)) {
            return slot.register;
        }
        let register = match kind {
            SlotKind::Truth => Register::Truth(self.truth()),
            SlotKind::Choice => Register::Choice(self.choice()),
            SlotKind::Number => Register::Number(self.number()),
        };
        let id = SlotId(index(self.plan.slots.len()));
        self.plan.slots.push(Slot { source, register });
        self.slots.insert(source, id);
        register
    }

    /// A number slot.
    pub fn number_slot(&mut self, source: SlotSource) -> NumberRegister {
        match self.slot(source, SlotKind::Number) {
            Register::Number(register) => register,
            // A source has one kind; a second look at it under another would be our own mistake.
            Register::Truth(_) | Register::Choice(_) => self.number(),
        }
    }

    /// A choice slot.
    pub fn choice_slot(&mut self, source: SlotSource) -> ChoiceRegister {
        match self.slot(source, SlotKind::Choice) {
            Register::Choice(register) => register,
            Register::Truth(_) | Register::Number(_) => self.choice(),
        }
    }

    /// A truth slot.
    pub fn truth_slot(&mut self, source: SlotSource) -> TruthRegister {
        match self.slot(source, SlotKind::Truth) {
            Register::Truth(register) => register,
            Register::Choice(_) | Register::Number(_) => self.truth(),
        }
    }

    /// `all of`
    pub fn all(&mut self, of: Vec<TruthRegister>) -> TruthRegister {
        match of.as_slice() {
            [only] => *only,
            _ => self.truth_step(|to| Step::All(of.into(), to)),
        }
    }

    /// `any of`
    pub fn any(&mut self, of: Vec<TruthRegister>) -> TruthRegister {
        match of.as_slice() {
            [only] => *only,
            _ => self.truth_step(|to| Step::Any(of.into(), to)),
        }
    }

    /// Yes, always.
    pub fn always(&mut self) -> TruthRegister {
        self.all(Vec::new())
    }

    /// No, always.
    pub fn never(&mut self) -> TruthRegister {
        self.any(Vec::new())
    }

    /// `not`
    pub fn not(&mut self, of: TruthRegister) -> TruthRegister {
        self.truth_step(|to| Step::Not(of, to))
    }

    /// At least `low` and at most `high` of them.
    pub fn count_within(&mut self, low: u32, high: u32, of: Vec<TruthRegister>) -> TruthRegister {
        self.truth_step(|to| Step::CountWithin { low, high, of: of.into(), to })
    }

    /// Unknown counts as no.
    pub fn unknown_is_no(&mut self, of: TruthRegister) -> TruthRegister {
        self.truth_step(|to| Step::UnknownIsNo(of, to))
    }

    /// Unknown counts as 0.
    pub fn unknown_is_zero(&mut self, of: NumberRegister) -> NumberRegister {
        self.number_step(|to| Step::UnknownIsZero(of, to))
    }

    /// A choice is one of some values.
    pub fn is(&mut self, of: ChoiceRegister, values: Choices) -> TruthRegister {
        self.truth_step(|to| Step::Is(of, values, to))
    }

    /// A number lies in a set.
    pub fn within(&mut self, of: NumberRegister, set: NumberSet) -> TruthRegister {
        self.truth_step(|to| Step::Within(of, set, to))
    }

    /// Two numbers compared.
    pub fn compare(&mut self, left: NumberRegister, relation: Relation, right: NumberRegister) -> TruthRegister {
        self.truth_step(|to| Step::Compare(left, relation, right, to))
    }

    /// A constant.
    pub fn constant(&mut self, value: Number) -> NumberRegister {
        self.number_step(|to| Step::Constant(value, to))
    }

    /// A number nothing is ever known of: no step writes it, so it stays the set of all numbers.
    pub fn any_number(&mut self) -> NumberRegister {
        self.number()
    }

    /// A truth nothing is ever known of.
    pub fn any_truth(&mut self) -> TruthRegister {
        self.truth()
    }

    /// How many hold.
    pub fn count(&mut self, of: Vec<TruthRegister>) -> NumberRegister {
        self.number_step(|to| Step::Count(of.into(), to))
    }

    /// A sum.
    pub fn sum(&mut self, of: Vec<NumberRegister>) -> NumberRegister {
        match of.as_slice() {
            [only] => *only,
            _ => self.number_step(|to| Step::Sum(of.into(), to)),
        }
    }

    /// A difference.
    pub fn difference(&mut self, left: NumberRegister, right: NumberRegister) -> NumberRegister {
        self.number_step(|to| Step::Difference(left, right, to))
    }

    /// A product.
    pub fn product(&mut self, left: NumberRegister, right: NumberRegister) -> NumberRegister {
        self.number_step(|to| Step::Product(left, right, to))
    }

    /// A quotient.
    pub fn quotient(&mut self, left: NumberRegister, right: NumberRegister) -> NumberRegister {
        self.number_step(|to| Step::Quotient(left, right, to))
    }

    /// The highest of some numbers.
    pub fn highest(&mut self, of: Vec<NumberRegister>) -> NumberRegister {
        self.number_step(|to| Step::Highest(of.into(), to))
    }

    /// The lowest of some numbers.
    pub fn lowest(&mut self, of: Vec<NumberRegister>) -> NumberRegister {
        self.number_step(|to| Step::Lowest(of.into(), to))
    }

    /// A function of a number.
    pub fn apply(&mut self, function: NumberFunction, of: NumberRegister) -> NumberRegister {
        self.number_step(|to| Step::Apply(function, of, to))
    }

    /// Points by band.
    pub fn points(&mut self, of: NumberRegister, bands: Vec<(NumberSet, Number)>) -> NumberRegister {
        self.number_step(|to| Step::Points(of, bands.into(), to))
    }

    /// The points if it holds, else 0.
    pub fn points_if(&mut self, when: TruthRegister, points: Number) -> NumberRegister {
        self.number_step(|to| Step::PointsIf(when, points, to))
    }

    /// The number of the one condition that holds.
    pub fn pick_number(&mut self, pairs: Vec<(TruthRegister, NumberRegister)>) -> NumberRegister {
        self.number_step(|to| Step::PickNumber(pairs.into(), to))
    }

    /// The truth of the one condition that holds.
    pub fn pick_truth(&mut self, pairs: Vec<(TruthRegister, TruthRegister)>) -> TruthRegister {
        self.truth_step(|to| Step::PickTruth(pairs.into(), to))
    }

    /// A number is known exactly.
    pub fn known(&mut self, of: NumberRegister) -> TruthRegister {
        self.truth_step(|to| Step::Known(of, to))
    }

    /// A choice, or what it is taken for where it is open.
    pub fn assume(&mut self, of: ChoiceRegister, values: Choices) -> ChoiceRegister {
        self.choice_step(|to| Step::Assume(of, values, to))
    }

    /// One value, always.
    pub fn value(&mut self, value: u8) -> ChoiceRegister {
        self.choice_step(|to| Step::Value(value, to))
    }

    /// The value of the band a number lies in.
    pub fn classify(&mut self, of: NumberRegister, bands: Vec<(NumberSet, u8)>) -> ChoiceRegister {
        self.choice_step(|to| Step::Classify(of, bands.into(), to))
    }

    /// The choice of the one condition that holds.
    pub fn pick_choice(&mut self, pairs: Vec<(TruthRegister, ChoiceRegister)>) -> ChoiceRegister {
        self.choice_step(|to| Step::PickChoice(pairs.into(), to))
    }

    /// The number that goes with a value.
    pub fn number_of(&mut self, of: ChoiceRegister, numbers: Vec<Number>) -> NumberRegister {
        self.number_step(|to| Step::NumberOf(of, numbers.into(), to))
    }

    /// The value of the row that fits.
    pub fn rows(&mut self, policy: RowPolicy, rows: Vec<(TruthRegister, u8)>) -> ChoiceRegister {
        self.choice_step(|to| Step::Rows { policy, rows: rows.into(), sound: false, to })
    }

    /// Not exactly one of them holds.
    pub fn not_exactly_one(&mut self, of: Vec<TruthRegister>) -> TruthRegister {
        self.truth_step(|to| Step::NotExactlyOne(of.into(), to))
    }

    /// Where the state of each therapy stands, of those some rule asks for.
    pub fn states(&self) -> Vec<(TherapyId, ChoiceRegister)> {
        let states = self.plan.slots.iter().filter_map(|slot| match (slot.source, slot.register) {
            (SlotSource::Course { therapy, part: CoursePart::State }, Register::Choice(state)) => {
                Some((therapy, state))
            }
            _ => None,
        });
        states.collect()
    }

    /// What is known between what is asked of one therapy: what was never taken is not taken now and was never begun,
    /// and what runs is taken.
    pub fn tie_courses(&mut self) {
        for (therapy, state) in self.states() {
            for other in self.plan.slots.clone() {
                let (SlotSource::Course { therapy: own, part }, Register::Truth(held)) = (other.source, other.register)
                else {
                    continue;
                };
                if own == therapy {
                    self.tie_course(state, part, held);
                }
            }
        }
    }

    fn tie_course(&mut self, state: ChoiceRegister, part: CoursePart, held: TruthRegister) {
        match part {
            CoursePart::Taking => {
                self.impossible_with(state, CourseState::Never, held);
                let not_taken = self.not(held);
                self.impossible_with(state, CourseState::Running, not_taken);
            }
            CoursePart::FairTrial | CoursePart::Working | CoursePart::UnderWay | CoursePart::BegunFor(_) => {
                self.impossible_with(state, CourseState::Never, held);
            }
            CoursePart::State | CoursePart::Declined | CoursePart::SinceLastDose => {}
        }
    }

    fn impossible_with(&mut self, state: ChoiceRegister, which: CourseState, held: TruthRegister) {
        let is = self.is(state, which.only());
        let both = self.all(vec![is, held]);
        self.impossible(both);
    }

    /// No patient has it.
    pub fn impossible(&mut self, what: TruthRegister) {
        self.plan.impossible.push(what);
    }

    /// The finished plan, with the laws that hold between the readings of one fact.
    pub fn finish(self) -> Plan {
        self.finish_knowing(|_| None)
    }

    /// The same where it is known what a choice that is read from a record may be.
    pub fn finish_knowing(mut self, values: impl Fn(SlotSource) -> Option<Choices>) -> Plan {
        self.plan.ordered = ordered(&self.plan.slots);
        self.plan.writers = writers(&self.plan);
        self.plan.readers = readers(&self.plan);
        self.plan.tied = self.plan.impossible.iter().map(|at| (*at, slots_of_things(&self.plan, *at))).collect();
        sound::mark(&mut self.plan, values);
        self.plan
    }

    fn truth_step(&mut self, step: impl FnOnce(TruthRegister) -> Step) -> TruthRegister {
        let to = self.truth();
        self.plan.steps.push(step(to));
        to
    }

    fn number_step(&mut self, step: impl FnOnce(NumberRegister) -> Step) -> NumberRegister {
        let to = self.number();
        self.plan.steps.push(step(to));
        to
    }

    fn choice_step(&mut self, step: impl FnOnce(ChoiceRegister) -> Step) -> ChoiceRegister {
        let to = self.choice();
        self.plan.steps.push(step(to));
        to
    }

    fn truth(&mut self) -> TruthRegister {
        let [truths, _, _] = &mut self.plan.registers;
        *truths += 1;
        TruthRegister(*truths - 1)
    }

    fn choice(&mut self) -> ChoiceRegister {
        let [_, choices, _] = &mut self.plan.registers;
        *choices += 1;
        ChoiceRegister(*choices - 1)
    }

    fn number(&mut self) -> NumberRegister {
        let [_, _, numbers] = &mut self.plan.registers;
        *numbers += 1;
        NumberRegister(*numbers - 1)
    }
}

/// Every slot of the things that a register speaks of.
fn slots_of_things(plan: &Plan, at: TruthRegister) -> Box<[SlotId]> {
    let read: Vec<super::Thing> = plan
        .slots_below([Register::Truth(at)])
        .into_iter()
        .filter_map(|slot| plan.slot(slot))
        .map(|slot| slot.source.thing())
        .collect();
    let all = (0..).map(SlotId).zip(&plan.slots);
    all.filter(|(_, slot)| read.contains(&slot.source.thing())).map(|(id, _)| id).collect()
}

/// What writes each register.
fn writers(plan: &Plan) -> [Vec<Option<Writer>>; 3] {
    let mut writers: [Vec<Option<Writer>>; 3] = plan.registers.map(|count| vec![None; count as usize]);
    let mut note = |register: Register, writer: Writer| {
        let [truths, choices, numbers] = &mut writers;
        let place = match register {
            Register::Truth(TruthRegister(at)) => truths.get_mut(at as usize),
            Register::Choice(ChoiceRegister(at)) => choices.get_mut(at as usize),
            Register::Number(NumberRegister(at)) => numbers.get_mut(at as usize),
        };
        if let Some(place) = place {
            *place = Some(writer);
        }
    };
    for (at, slot) in plan.slots.iter().enumerate() {
        note(slot.register, Writer::Slot(SlotId(index(at))));
    }
    for (at, step) in plan.steps.iter().enumerate() {
        note(step.writes(), Writer::Step(index(at)));
    }
    writers
}

/// The steps that read each register.
fn readers(plan: &Plan) -> [Vec<Box<[u32]>>; 3] {
    let mut readers: [Vec<Vec<u32>>; 3] = plan.registers.map(|count| vec![Vec::new(); count as usize]);
    for (at, step) in (0_u32..).zip(&plan.steps) {
        step.reads(|register| {
            let [truths, choices, numbers] = &mut readers;
            let place = match register {
                Register::Truth(TruthRegister(at)) => truths.get_mut(at as usize),
                Register::Choice(ChoiceRegister(at)) => choices.get_mut(at as usize),
                Register::Number(NumberRegister(at)) => numbers.get_mut(at as usize),
            };
            if let Some(steps) = place.filter(|steps| steps.last() != Some(&at)) {
                steps.push(at);
            }
        });
    }
    readers.map(|kind| kind.into_iter().map(Vec::into_boxed_slice).collect())
}

/// Lowest, then any one reading, then highest: for every pair of slots of one fact's value.
fn ordered(slots: &[Slot]) -> Vec<(SlotId, SlotId)> {
    let mut pairs = Vec::new();
    for (low, first) in slots.iter().enumerate() {
        for (high, second) in slots.iter().enumerate() {
            if low != high && never_above(first.source, second.source) {
                pairs.push((SlotId(index(low)), SlotId(index(high))));
            }
        }
    }
    pairs
}

fn never_above(first: SlotSource, second: SlotSource) -> bool {
    let (
        SlotSource::Fact { fact: first_fact, when: first_time, part: first_part },
        SlotSource::Fact { fact: second_fact, when: second_time, part: second_part },
    ) = (first, second)
    else {
        return false;
    };
    // What came after the baseline is a multiple of the limit at baseline, the others of the limit of their day.
    let is_comparable = match first_part {
        Part::Value => true,
        Part::Multiple => first_time != Time::Since && second_time != Time::Since,
        Part::UpperLimit | Part::OnScale(_) | Part::ScaleLength | Part::Measured | Part::Recorded => false,
    };
    let same = first_fact == second_fact && first_part == second_part && is_comparable;
    same && first_time != second_time && (first_time == Time::Lowest || second_time == Time::Highest)
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
