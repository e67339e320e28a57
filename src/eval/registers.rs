use crate::plan::{ChoiceRegister, NumberRegister, Plan, Register, TruthRegister};
use crate::value::{Choices, NumberSet, Truth};

use super::Inputs;

/// What a slot or a register holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// A truth.
    Truth(Truth),
    /// The possible values of a choice.
    Choices(Choices),
    /// The possible numbers.
    Number(NumberSet),
}

impl Held {
    /// One value is left.
    pub fn is_settled(&self) -> bool {
        match self {
            Held::Truth(truth) => truth.settled().is_some(),
            Held::Choices(choices) => choices.settled().is_some(),
            Held::Number(number) => number.single().is_some(),
        }
    }

    /// How much memory it takes, more or less.
    pub(super) fn bytes(&self) -> usize {
        let of_pieces = match self {
            Held::Number(number) => size_of_val(&*number.intervals()),
            Held::Truth(_) | Held::Choices(_) => 0,
        };
        size_of::<Held>() + of_pieces
    }

    /// No value is left.
    pub fn is_empty(&self) -> bool {
        match self {
            Held::Truth(truth) => *truth == Truth::NEITHER,
            Held::Choices(choices) => choices.is_empty(),
            Held::Number(number) => number.is_empty(),
        }
    }

    /// The values of both; of one kind.
    #[must_use]
    pub fn union(&self, other: &Held) -> Held {
        match (self, other) {
            (Held::Truth(left), Held::Truth(right)) => Held::Truth(left.union(*right)),
            (Held::Choices(left), Held::Choices(right)) => Held::Choices(left.union(*right)),
            (Held::Number(left), Held::Number(right)) => Held::Number(left.union(right)),
            (left, _) => left.clone(),
        }
    }

    /// The values in both; of one kind.
    #[must_use]
    pub fn intersection(&self, other: &Held) -> Held {
        match (self, other) {
            (Held::Truth(left), Held::Truth(right)) => Held::Truth(left.intersection(*right)),
            (Held::Choices(left), Held::Choices(right)) => Held::Choices(left.intersection(*right)),
            (Held::Number(left), Held::Number(right)) => Held::Number(left.intersection(right)),
            (left, _) => left.clone(),
        }
    }

    /// Every value of `self` is in `other`.
    pub fn is_within(&self, other: &Held) -> bool {
        match (self, other) {
            (Held::Truth(left), Held::Truth(right)) => left.union(*right) == *right,
            (Held::Choices(left), Held::Choices(right)) => left.within(*right),
            (Held::Number(left), Held::Number(right)) => left.is_subset_of(right),
            _ => false,
        }
    }
}

/// The registers of one evaluation. After a run they are its trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Registers {
    truths: Vec<Truth>,
    choices: Vec<Choices>,
    numbers: Vec<NumberSet>,
}

impl Registers {
    /// Registers for a plan, everything still possible.
    pub fn of(plan: &Plan) -> Self {
        let [truths, choices, numbers] = plan.registers.map(|count| count as usize);
        Registers {
            truths: vec![Truth::EITHER; truths],
            choices: vec![Choices::all(Choices::LIMIT); choices],
            numbers: vec![NumberSet::everything(); numbers],
        }
    }

    /// Registers for a plan whose slots are filled.
    pub(super) fn filled(plan: &Plan, inputs: &Inputs) -> Self {
        let mut registers = Registers::of(plan);
        for (slot, input) in plan.slots.iter().zip(&inputs.inputs) {
            registers.set(slot.register, &input.held);
        }
        registers
    }

    /// A truth.
    pub fn truth(&self, at: TruthRegister) -> Truth {
        self.truths.get(at.0 as usize).copied().unwrap_or(Truth::EITHER)
    }

    /// A choice.
    pub fn choice(&self, at: ChoiceRegister) -> Choices {
        self.choices.get(at.0 as usize).copied().unwrap_or(Choices::all(Choices::LIMIT))
    }

    /// A number; a register that does not exist is a broken plan.
    pub fn number(&self, at: NumberRegister) -> &NumberSet {
        match self.numbers.get(at.0 as usize) {
            Some(number) => number,
            None => unreachable!("a plan names only number registers it counted"),
        }
    }

    /// Any register.
    pub fn held(&self, at: Register) -> Held {
        match at {
            Register::Truth(at) => Held::Truth(self.truth(at)),
            Register::Choice(at) => Held::Choices(self.choice(at)),
            Register::Number(at) => Held::Number(self.number(at).clone()),
        }
    }

    /// One value is left in it.
    pub fn is_settled(&self, at: Register) -> bool {
        match at {
            Register::Truth(at) => self.truth(at).settled().is_some(),
            Register::Choice(at) => self.choice(at).settled().is_some(),
            Register::Number(at) => self.number(at).single().is_some(),
        }
    }

    /// The combinations nobody has that certainly hold.
    pub fn impossible<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = TruthRegister> + 'a {
        plan.impossible.iter().copied().filter(|at| self.truth(*at) == Truth::YES)
    }

    /// Bytes that only the same contents have in common, numbers with the same digits and as exactly.
    pub(super) fn write_bytes(&self, at: Register, out: &mut Vec<u8>) {
        match at {
            Register::Truth(at) => {
                let truth = self.truth(at);
                out.push(u8::from(truth.can_be_yes()) << 1 | u8::from(truth.can_be_no()));
            }
            Register::Choice(at) => out.extend(self.choice(at).bits().to_le_bytes()),
            Register::Number(at) => self.number(at).write_bytes(out),
        }
    }

    /// Writes a truth.
    pub fn set_truth(&mut self, at: TruthRegister, value: Truth) {
        if let Some(place) = self.truths.get_mut(at.0 as usize) {
            *place = value;
        }
    }

    /// Writes a choice.
    pub fn set_choice(&mut self, at: ChoiceRegister, value: Choices) {
        if let Some(place) = self.choices.get_mut(at.0 as usize) {
            *place = value;
        }
    }

    /// Writes a number.
    pub fn set_number(&mut self, at: NumberRegister, value: NumberSet) {
        if let Some(place) = self.numbers.get_mut(at.0 as usize) {
            *place = value;
        }
    }

    /// Writes any register; of the wrong kind it stays as it was.
    pub fn set(&mut self, at: Register, value: &Held) {
        match (at, value) {
            (Register::Truth(at), Held::Truth(value)) => self.set_truth(at, *value),
            (Register::Choice(at), Held::Choices(value)) => self.set_choice(at, *value),
            (Register::Number(at), Held::Number(value)) => self.set_number(at, value.clone()),
            _ => {}
        }
    }

    /// Writes any register; of the wrong kind it stays as it was.
    pub(super) fn put(&mut self, at: Register, value: Held) {
        match (at, value) {
            (Register::Truth(at), Held::Truth(value)) => self.set_truth(at, value),
            (Register::Choice(at), Held::Choices(value)) => self.set_choice(at, value),
            (Register::Number(at), Held::Number(value)) => self.set_number(at, value),
            _ => {}
        }
    }

    /// Writes any register and gives what it held.
    pub(super) fn swap(&mut self, at: Register, value: Held) -> Held {
        let before = self.take(at);
        self.put(at, value);
        before
    }

    /// What a register holds, to be written anew: a number is left empty.
    pub(super) fn take(&mut self, at: Register) -> Held {
        match at {
            Register::Truth(at) => Held::Truth(self.truth(at)),
            Register::Choice(at) => Held::Choices(self.choice(at)),
            Register::Number(at) => {
                let place = self.numbers.get_mut(at.0 as usize);
                Held::Number(
                    place.map_or_else(NumberSet::everything, |place| std::mem::replace(place, NumberSet::empty())),
                )
            }
        }
    }

    /// It holds just that, numbers with the same digits and as exactly.
    pub(super) fn is_same(&self, at: Register, value: &Held) -> bool {
        match (at, value) {
            (Register::Truth(at), Held::Truth(value)) => self.truth(at) == *value,
            (Register::Choice(at), Held::Choices(value)) => self.choice(at) == *value,
            (Register::Number(at), Held::Number(value)) => self.number(at).is_identical(value),
            _ => false,
        }
    }
}
