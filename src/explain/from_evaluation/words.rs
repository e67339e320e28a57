use crate::catalog::{Fact, FactKind};
use crate::eval::Held;
use crate::explain::Possible;
use crate::model::Time;
use crate::model::Type;
use crate::plan::FAULT;
use crate::value::{Choices, Truth};

/// When a fact is read, in words; empty for an undated fact.
pub(super) fn time(when: Time) -> String {
    match when {
        Time::Undated => String::new(),
        Time::Baseline => String::from("at baseline"),
        Time::Latest { within: None } => String::from("latest"),
        Time::Latest { within: Some(period) } => format!("latest within {period}"),
        Time::Since => String::from("after the baseline"),
        Time::Ever => String::from("ever"),
        Time::Highest => String::from("highest ever"),
        Time::Lowest => String::from("lowest ever"),
    }
}

/// What a fact can be.
pub(super) fn of_fact(held: &Held, fact: &Fact) -> Possible {
    match (held, &fact.kind) {
        (Held::Truth(truth), _) => of_truth(*truth),
        (Held::Number(number), _) => Possible::Number(number.clone()),
        (Held::Choices(choices), FactKind::Choice { values, .. }) => {
            let names = values.iter().map(|value| value.name.clone());
            Possible::Choice(chosen(*choices, names))
        }
        (Held::Choices(_), FactKind::Number(_) | FactKind::Date) => Possible::Nothing,
    }
}

/// What a block's result can be.
pub(super) fn of_block(held: &[Held], gives: &Type) -> Possible {
    if let Type::Several(names) = gives {
        return several(held, names);
    }
    match (held.first(), gives) {
        (Some(Held::Truth(truth)), _) => of_truth(*truth),
        (Some(Held::Number(number)), _) => Possible::Number(number.clone()),
        (Some(Held::Choices(choices)), Type::Choice(names)) => {
            Possible::Choice(chosen(choices.without(Choices::only(FAULT)), names.iter().cloned()))
        }
        (Some(Held::Choices(_)) | None, _) => Possible::Nothing,
    }
}

pub(super) fn of_truth(truth: Truth) -> Possible {
    Possible::YesNo { yes: truth.can_be_yes(), no: truth.can_be_no() }
}

/// The names of the values of a set.
pub(super) fn chosen(choices: Choices, names: impl Iterator<Item = String>) -> Vec<String> {
    (0_u8..).zip(names).filter(|(at, _)| choices.contains(*at)).map(|(_, name)| name).collect()
}

fn several(held: &[Held], names: &[String]) -> Possible {
    let mut certain = Vec::new();
    let mut perhaps = Vec::new();
    for (held, name) in held.iter().zip(names) {
        match held {
            Held::Truth(truth) if *truth == Truth::YES => certain.push(name.clone()),
            Held::Truth(truth) if truth.can_be_yes() => perhaps.push(name.clone()),
            Held::Truth(_) | Held::Choices(_) | Held::Number(_) => {}
        }
    }
    Possible::Several { certain, perhaps }
}
