//! Rows of which always one fits, whoever the patient is: they are never at fault.
//!
//! Of rows that divide all patients among themselves, sets of possible values do not see that some row fits: each may fail. So
//! it is proved once for the plan. What the rows test is split, each test as if nothing tied it to the others, until a row
//! surely fits; where that is so of every part, no patient can fall between the rows. A truth that several steps read is first
//! taken as it is, and only looked into where the rows then leave a gap.

use std::collections::HashMap;

use super::{
    ChoiceRegister, FAULT, NumberRegister, Plan, Register, RowPolicy, SlotSource, Step, TruthRegister, Writer,
};
use crate::value::{Choices, NumberSet, Truth};

/// How many parts a proof may have.
const PARTS: u32 = 300;

/// Marks the rows that are never at fault. `values` says what a choice that is read from a record may be.
pub(super) fn mark(plan: &mut Plan, values: impl Fn(SlotSource) -> Option<Choices>) {
    let mut rooms: HashMap<ChoiceRegister, Choices> = HashMap::new();
    for slot in &plan.slots {
        if let Register::Choice(at) = slot.register {
            rooms.extend(values(slot.source).map(|room| (at, room)));
        }
    }
    for at in 0..plan.steps.len() {
        let Some(step) = plan.steps.get(at) else { continue };
        let mut proved = false;
        if let Step::Rows { policy, rows, .. } = step {
            proved = Proof::of(plan, &rooms).holds(*policy, rows);
        } else if let Step::PickChoice(pairs, _) = step {
            let rows: Vec<(TruthRegister, u8)> = pairs.iter().map(|(when, _)| (*when, 0)).collect();
            proved = Proof::of(plan, &rooms).holds(RowPolicy::First, &rows);
        }
        if let Some((to, room)) = room_of(step, proved, &rooms) {
            rooms.insert(to, room);
        }
        if let Some(Step::Rows { sound, .. }) = plan.steps.get_mut(at) {
            *sound = proved;
        }
    }
}

/// What a choice that a step writes may be, where it cannot be at fault.
fn room_of(step: &Step, proved: bool, rooms: &HashMap<ChoiceRegister, Choices>) -> Option<(ChoiceRegister, Choices)> {
    let of = |values: &mut dyn Iterator<Item = u8>| {
        let room = values.fold(Choices::NONE, |room, value| room.union(Choices::only(value)));
        (!room.contains(FAULT)).then_some(room)
    };
    if let Step::Rows { rows, to, .. } = step {
        Some((*to, of(&mut rows.iter().map(|(_, value)| *value)).filter(|_| proved)?))
    } else if let Step::Classify(_, bands, to) = step {
        Some((*to, of(&mut bands.iter().map(|(_, value)| *value))?))
    } else if let Step::Value(value, to) = step {
        Some((*to, of(&mut std::iter::once(*value))?))
    } else if let (Step::PickChoice(pairs, to), true) = (step, proved) {
        let room = pairs.iter().try_fold(Choices::NONE, |room, (_, then)| Some(room.union(*rooms.get(then)?)))?;
        Some((*to, room))
    } else if let Step::Assume(of, values, to) = step {
        Some((*to, rooms.get(of)?.union(*values)))
    } else {
        None
    }
}

/// A proof on its way.
struct Proof<'a> {
    plan: &'a Plan,
    rooms: &'a HashMap<ChoiceRegister, Choices>,
    /// What the part that is looked at takes for so, the newest last.
    taken: Vec<Taken>,
    left: u32,
}

enum Taken {
    Truth(TruthRegister, bool),
    Choices(ChoiceRegister, Choices),
    Number(NumberRegister, NumberSet),
}

/// What some rows come to.
enum Seen {
    /// One fits.
    Fits,
    /// None does, or two do.
    Gap,
    /// It hangs on this one.
    Open(TruthRegister),
}

/// What stands beneath the truths that were taken for so.
enum Beneath {
    /// One of them is not so: nobody is in this part.
    Contradiction,
    /// This one is worked out from what is not known yet.
    Open(TruthRegister),
    Nothing,
}

impl<'a> Proof<'a> {
    fn of(plan: &'a Plan, rooms: &'a HashMap<ChoiceRegister, Choices>) -> Self {
        Proof { plan, rooms, taken: Vec::new(), left: PARTS }
    }

    /// In this part of all patients, and so in all its parts, the rows are not at fault.
    fn holds(&mut self, policy: RowPolicy, rows: &[(TruthRegister, u8)]) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        let mut known: Known = vec![None; self.plan.registers.first().map_or(0, |count| *count as usize)];
        let beneath = match self.beneath(&mut known) {
            Beneath::Contradiction => return true,
            Beneath::Open(at) => Some(at),
            Beneath::Nothing => None,
        };
        let open = match self.look(policy, rows, &mut known) {
            Seen::Fits => return true,
            Seen::Open(open) => self.open_test(open, true, &mut known),
            Seen::Gap => beneath.and_then(|taken| self.open_test(taken, false, &mut known)),
        };
        let Some(parts) = open.map(|test| self.parts(test)) else { return false };
        parts.into_iter().all(|part| {
            self.taken.push(part);
            let holds = self.holds(policy, rows);
            self.taken.pop();
            holds
        })
    }

    fn look(&self, policy: RowPolicy, rows: &[(TruthRegister, u8)], known: &mut [Option<Truth>]) -> Seen {
        let (mut fitting, mut open) = (0, None);
        for (when, _) in rows {
            match self.truth(*when, known) {
                Truth::YES if policy == RowPolicy::First => return Seen::Fits,
                Truth::YES => fitting += 1,
                Truth::NO => {}
                _ => open = open.or(Some(*when)),
            }
        }
        match (fitting, open) {
            (0 | 1, Some(open)) => Seen::Open(open),
            (1, None) => Seen::Fits,
            (_, _) => Seen::Gap,
        }
    }

    fn beneath(&self, known: &mut [Option<Truth>]) -> Beneath {
        let mut open = None;
        for taken in &self.taken {
            let Taken::Truth(at, truth) = taken else { continue };
            let Some(step @ (Step::All(..) | Step::Any(..))) = self.step(Register::Truth(*at)) else { continue };
            match self.worked_out(step, known).settled() {
                Some(is) if is != *truth => return Beneath::Contradiction,
                Some(_) => {}
                None => open = open.or(Some(*at)),
            }
        }
        open.map_or(Beneath::Nothing, Beneath::Open)
    }

    /// A test that a truth hangs on: itself, where several steps read it and it may be taken as it is.
    fn open_test(&self, at: TruthRegister, outermost: bool, known: &mut [Option<Truth>]) -> Option<Test> {
        let mut at = at;
        let mut look_into = true;
        loop {
            let shared = self.plan.readers(Register::Truth(at)).len() > 1;
            let step = self.step(Register::Truth(at));
            let parts: &[TruthRegister] = match step {
                Some(Step::All(of, _) | Step::Any(of, _)) if look_into || !shared => of,
                Some(Step::Not(of, _)) => std::slice::from_ref(of),
                Some(Step::Is(of, values, _)) if self.rooms.contains_key(of) => {
                    return Some(Test::Choices(*of, *values));
                }
                Some(Step::Within(of, set, _)) => return Some(Test::Number(*of, set.clone())),
                // What was taken for so, and can be looked into no further, is as good as any.
                _ if look_into && !outermost => return None,
                _ => return Some(Test::Truth(at)),
            };
            at = parts.iter().copied().find(|part| self.truth(*part, known).settled().is_none())?;
            look_into = false;
        }
    }

    /// What a test divides the part into.
    fn parts(&self, test: Test) -> Vec<Taken> {
        match test {
            Test::Truth(at) => vec![Taken::Truth(at, true), Taken::Truth(at, false)],
            Test::Choices(at, values) => {
                let room = self.choices(at).unwrap_or(Choices::all(Choices::LIMIT));
                let parts = [room.intersection(values), room.without(values)];
                parts.into_iter().filter(|part| !part.is_empty()).map(|part| Taken::Choices(at, part)).collect()
            }
            Test::Number(at, set) => {
                let room = self.number(at);
                let parts = [room.intersection(&set), room.intersection(&set.complement())];
                parts.into_iter().filter(|part| !part.is_empty()).map(|part| Taken::Number(at, part)).collect()
            }
        }
    }

    fn step(&self, at: Register) -> Option<&Step> {
        match self.plan.writer(at) {
            Some(Writer::Step(at)) => self.plan.step(at),
            Some(Writer::Slot(_)) | None => None,
        }
    }

    fn truth(&self, at: TruthRegister, known: &mut [Option<Truth>]) -> Truth {
        if let Some(Some(truth)) = known.get(at.0 as usize) {
            return *truth;
        }
        let taken = self.taken.iter().find_map(|taken| match taken {
            Taken::Truth(own, truth) if *own == at => Some(Truth::from(*truth)),
            Taken::Truth(..) | Taken::Choices(..) | Taken::Number(..) => None,
        });
        let truth = taken.unwrap_or_else(|| {
            self.step(Register::Truth(at)).map_or(Truth::EITHER, |step| self.worked_out(step, known))
        });
        if let Some(place) = known.get_mut(at.0 as usize) {
            *place = Some(truth);
        }
        truth
    }

    fn worked_out(&self, step: &Step, known: &mut [Option<Truth>]) -> Truth {
        if let Step::All(of, _) = step {
            of.iter().fold(Truth::YES, |all, at| if all == Truth::NO { all } else { all & self.truth(*at, known) })
        } else if let Step::Any(of, _) = step {
            of.iter().fold(Truth::NO, |any, at| if any == Truth::YES { any } else { any | self.truth(*at, known) })
        } else if let Step::Not(of, _) = step {
            !self.truth(*of, known)
        } else if let Step::Is(of, values, _) = step {
            self.choices(*of)
                .map_or(Truth::EITHER, |room| Truth::possible(room.intersects(*values), !room.within(*values)))
        } else if let Step::Within(of, set, _) = step {
            self.number(*of).is_within(set)
        } else {
            Truth::EITHER
        }
    }

    /// What a choice may be here; `None` where it may be at fault.
    fn choices(&self, at: ChoiceRegister) -> Option<Choices> {
        let taken = self.taken.iter().rev().find_map(|taken| match taken {
            Taken::Choices(own, room) if *own == at => Some(*room),
            Taken::Truth(..) | Taken::Choices(..) | Taken::Number(..) => None,
        });
        taken.or_else(|| self.rooms.get(&at).copied())
    }

    fn number(&self, at: NumberRegister) -> NumberSet {
        let taken = self.taken.iter().rev().find_map(|taken| match taken {
            Taken::Number(own, room) if *own == at => Some(room.clone()),
            Taken::Truth(..) | Taken::Choices(..) | Taken::Number(..) => None,
        });
        taken.unwrap_or_else(NumberSet::everything)
    }
}

/// Truths that were worked out for a part, by their registers.
type Known = Vec<Option<Truth>>;

/// What divides a part.
enum Test {
    Truth(TruthRegister),
    Choices(ChoiceRegister, Choices),
    Number(NumberRegister, NumberSet),
}

#[cfg(test)]
mod tests {
    use super::super::{CoursePart, PlanBuilder, Register, RowPolicy, SlotKind, SlotSource, Step, TruthRegister};
    use crate::model::TherapyId;
    use crate::value::{Choices, Interval, Number, NumberSet};

    /// Whether rows with these conditions are never at fault.
    fn is_sound(policy: RowPolicy, rows: impl Fn(&mut PlanBuilder) -> Vec<TruthRegister>) -> bool {
        let mut builder = PlanBuilder::default();
        let rows = (0_u8..).zip(rows(&mut builder)).map(|(at, when)| (when, at)).collect();
        builder.rows(policy, rows);
        let plan = builder.finish_knowing(|_| Some(Choices::all(3)));
        matches!(plan.steps.last(), Some(Step::Rows { sound: true, .. }))
    }

    fn finding(builder: &mut PlanBuilder, at: u32) -> TruthRegister {
        match builder.slot(SlotSource::Judgement(at), SlotKind::Truth) {
            Register::Truth(at) => at,
            Register::Choice(_) | Register::Number(_) => builder.never(),
        }
    }

    fn below(end: i64) -> NumberSet {
        let all = NumberSet::everything();
        all.intersection(&NumberSet::between(Number::whole(-1000), Number::whole(end)))
            .intersection(&NumberSet::from_intervals([Interval::point(Number::whole(end))]).complement())
    }

    #[test]
    fn ranges_of_a_number() {
        let rows = |first: NumberSet, second: NumberSet| {
            move |builder: &mut PlanBuilder| {
                let number = builder.number_slot(SlotSource::Judgement(0));
                vec![builder.within(number, first.clone()), builder.within(number, second.clone())]
            }
        };
        let (five, six) = (below(5), below(6));
        assert!(is_sound(RowPolicy::ExactlyOne, rows(five.clone(), five.complement())));
        assert!(!is_sound(RowPolicy::ExactlyOne, rows(six.clone(), five.complement())), "they overlap");
        assert!(is_sound(RowPolicy::First, rows(six.clone(), five.complement())), "the first of them counts");
        assert!(!is_sound(RowPolicy::First, rows(five, six.complement())), "a hole");
    }

    #[test]
    fn values_of_a_choice() {
        let rows = |values: &'static [u8]| {
            move |builder: &mut PlanBuilder| {
                let source = SlotSource::Course { therapy: TherapyId(0), part: CoursePart::State };
                let choice = builder.choice_slot(source);
                values.iter().map(|value| builder.is(choice, Choices::only(*value))).collect()
            }
        };
        assert!(is_sound(RowPolicy::ExactlyOne, rows(&[2, 0, 1])));
        assert!(!is_sound(RowPolicy::ExactlyOne, rows(&[0, 1])), "the third has no row");
        assert!(!is_sound(RowPolicy::ExactlyOne, rows(&[0, 1, 2, 1])), "one has two");
    }

    #[test]
    fn findings_made_of_findings() {
        let tree = |last: bool| {
            move |builder: &mut PlanBuilder| {
                let [one, two, three] = [0, 1, 2].map(|at| finding(builder, at));
                let both = builder.any(vec![one, two]);
                let (neither, not_three) = (builder.not(both), builder.not(three));
                let (yes, no) = (builder.all(vec![both, three]), builder.all(vec![both, not_three]));
                let not_one = builder.not(one);
                // Who has neither has not the first; of who has not the first some have the second.
                let rest = if last { neither } else { builder.all(vec![neither, not_one, not_three]) };
                vec![yes, no, rest]
            }
        };
        assert!(is_sound(RowPolicy::ExactlyOne, tree(true)));
        assert!(!is_sound(RowPolicy::ExactlyOne, tree(false)), "neither, and the third");
    }
}
