use std::collections::BTreeSet;

use super::codes::{OTHER_REASONS, OTHERWISE};
use super::{Case, Expected, Member};
use crate::catalog::Catalog;
use crate::diagnostics::Diagnostic;
use crate::eval::{Evaluation, Held, Status, Subject};
use crate::explain::{AnswerShown, Because, Explanation, Possible};
use crate::model::{Block, BlockId, BlockKind, Type};
use crate::plan::Register;
use crate::render::words;
use crate::source::Spanned;
use crate::value::{Bound, Number, NumberSet, Truth};

/// How many numbers a case may list.
const LISTED: usize = NumberSet::PIECES;

/// What of a case is not as expected: one diagnostic each, at the line that expects it.
pub fn compare(
    case: &Case,
    subject: Subject<'_>,
    evaluation: &Evaluation,
    explanation: &Explanation,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, expected) in &case.answers {
        let Some(answer) = explanation.answers.iter().find(|answer| answer.id == name.value) else { continue };
        if !answer_fits(&expected.value, answer) {
            found.push(otherwise(case, name, expected, &answer_in_words(answer)));
        }
    }
    for (name, facts) in &case.open_because {
        let Some(answer) = explanation.answers.iter().find(|answer| answer.id == name.value) else { continue };
        found.extend(other_reasons(case, answer, facts));
    }
    for (name, expected) in &case.steps {
        let got = step(subject, evaluation, &name.value);
        if !fits(&expected.value, &got) {
            found.push(otherwise(case, name, expected, &words::possible(&got, None)));
        }
    }
    for (part, expected) in &case.parts {
        let got = part.value.found(explanation).unwrap_or(Possible::Nothing);
        if !fits(&expected.value, &got) {
            found.push(otherwise_named(case, &part.value.name(), expected, &words::possible(&got, None)));
        }
    }
    found
}

fn otherwise(case: &Case, name: &Spanned<String>, expected: &Spanned<Expected>, got: &str) -> Diagnostic {
    otherwise_named(case, &name.value, expected, got)
}

fn otherwise_named(case: &Case, name: &str, expected: &Spanned<Expected>, got: &str) -> Diagnostic {
    let message = format!("case `{}`: `{name}` is {got}", case.name.value);
    Diagnostic::error(OTHERWISE, expected.span, message).label(format!("expected {}", in_words(&expected.value)))
}

fn other_reasons(case: &Case, answer: &AnswerShown, facts: &Spanned<Vec<String>>) -> Option<Diagnostic> {
    let wanted: BTreeSet<&str> = facts.value.iter().map(String::as_str).collect();
    let got: BTreeSet<&str> = answer.because.iter().map(|because| because.fact.as_str()).collect();
    if wanted == got {
        return None;
    }
    let message = match answer.status {
        Status::Open => {
            format!("case `{}`: `{}` is open {}", case.name.value, answer.id, because_in_words(&answer.because))
        }
        Status::Decided | Status::Silent | Status::Fault => {
            format!("case `{}`: `{}` is not open, it is {}", case.name.value, answer.id, answer_in_words(answer))
        }
    };
    let label = match facts.value.as_slice() {
        [] => "expected to be open because of no fact".to_owned(),
        facts => format!("expected to be open because of {}", words::all_of(facts)),
    };
    Some(Diagnostic::error(OTHER_REASONS, facts.span, message).label(label))
}

fn answer_fits(expected: &Expected, answer: &AnswerShown) -> bool {
    match (expected, answer.status) {
        (Expected::Silent, status) => status == Status::Silent,
        (Expected::Fault, status) => status == Status::Fault,
        (_, Status::Silent | Status::Fault) | (Expected::Value(_), Status::Open) => false,
        (Expected::Value(_) | Expected::Possible(_) | Expected::Range { .. }, _) => fits(expected, &answer.possible),
    }
}

fn fits(expected: &Expected, possible: &Possible) -> bool {
    let several = |wanted: &[Member]| match possible {
        Possible::Number(set) => numbers_fit(wanted, set),
        Possible::YesNo { .. } | Possible::Choice(_) | Possible::Several { .. } | Possible::Nothing => {
            words_of(possible) == wanted.iter().filter_map(word).collect()
        }
    };
    match expected {
        Expected::Value(member) => several(std::slice::from_ref(member)),
        Expected::Possible(members) => several(members),
        Expected::Range { min, max } => match possible {
            Possible::Number(set) => range_fits(min.as_ref(), max.as_ref(), set),
            Possible::YesNo { .. } | Possible::Choice(_) | Possible::Several { .. } | Possible::Nothing => false,
        },
        Expected::Silent | Expected::Fault => false,
    }
}

fn word(member: &Member) -> Option<&str> {
    match member {
        Member::Word(word) => Some(word),
        Member::Number(..) => None,
    }
}

fn words_of(possible: &Possible) -> BTreeSet<&str> {
    match possible {
        Possible::YesNo { yes, no } => {
            [(*yes, "yes"), (*no, "no")].into_iter().filter_map(|(can, word)| can.then_some(word)).collect()
        }
        Possible::Choice(values) => values.iter().map(String::as_str).collect(),
        Possible::Several { certain, perhaps } => certain.iter().chain(perhaps).map(String::as_str).collect(),
        Possible::Number(_) | Possible::Nothing => BTreeSet::new(),
    }
}

fn numbers_fit(wanted: &[Member], set: &NumberSet) -> bool {
    if let ([Member::Number(number, decimals)], Some((only, exact))) = (wanted, words::one_number(set)) {
        return if exact { *number == only } else { same_to(*number, only, *decimals) };
    }
    let Some(values) = set.finite_values(LISTED) else { return false };
    let mut wanted: Vec<Number> = wanted
        .iter()
        .filter_map(|member| match member {
            Member::Number(number, _) => Some(*number),
            Member::Word(_) => None,
        })
        .collect();
    wanted.sort();
    wanted.dedup();
    wanted == values
}

fn range_fits(min: Option<&Member>, max: Option<&Member>, set: &NumberSet) -> bool {
    let Some(hull) = set.hull() else { return false };
    let fits = |member: Option<&Member>, end: Bound| match member {
        None => true,
        Some(Member::Word(_)) => false,
        Some(Member::Number(number, decimals)) => match end.number() {
            Some(end) if set.is_approximate() => same_to(*number, end, *decimals),
            Some(end) => *number == end,
            None => false,
        },
    };
    fits(min, hull.low) && fits(max, hull.high)
}

fn same_to(left: Number, right: Number, decimals: usize) -> bool {
    left.rounded(decimals) == right.rounded(decimals)
}

/// What a block on the way came to.
pub(crate) fn step(subject: Subject<'_>, evaluation: &Evaluation, name: &str) -> Possible {
    let mut blocks = (0..).map(BlockId).zip(&subject.guideline.blocks);
    let found = blocks.find(|(_, block)| block.name.value == name);
    let Some((block, planned)) = found.and_then(|(id, block)| Some((block, subject.lowered.block(id)?))) else {
        return Possible::Nothing;
    };
    if block.gives == Type::Measure {
        return Possible::Choice(chosen(block, &planned.rows, subject.catalog, evaluation));
    }
    let mut held = planned.results.iter().map(|register| evaluation.registers.held(*register));
    let values: &[String] = match &block.gives {
        Type::Choice(values) | Type::Several(values) => values,
        Type::YesNo | Type::Number(_) | Type::Points | Type::Measure | Type::Nothing => &[],
    };
    match (&block.gives, held.next()) {
        (Type::Several(_), Some(first)) => several(values, std::iter::once(first).chain(held)),
        (_, Some(Held::Truth(truth))) => Possible::YesNo { yes: truth.can_be_yes(), no: truth.can_be_no() },
        (_, Some(Held::Number(set))) => Possible::Number(set),
        (_, Some(Held::Choices(choices))) => {
            Possible::Choice(choices.iter().filter_map(|at| values.get(usize::from(at)).cloned()).collect())
        }
        (_, None) => Possible::Nothing,
    }
}

fn several(values: &[String], held: impl Iterator<Item = Held>) -> Possible {
    let (mut certain, mut perhaps) = (Vec::new(), Vec::new());
    for (value, held) in values.iter().zip(held) {
        match held {
            Held::Truth(Truth::YES) => certain.push(value.clone()),
            Held::Truth(truth) if truth.can_be_yes() => perhaps.push(value.clone()),
            Held::Truth(_) | Held::Choices(_) | Held::Number(_) => {}
        }
    }
    Possible::Several { certain, perhaps }
}

/// The instruments of a measure that are, or may be, the chosen one.
fn chosen(block: &Block, rows: &[Register], catalog: &Catalog, evaluation: &Evaluation) -> Vec<String> {
    let BlockKind::Measure(measure) = &block.kind else { return Vec::new() };
    let may_be = |register: &Register| match register {
        Register::Truth(at) => evaluation.registers.truth(*at).can_be_yes(),
        Register::Choice(_) | Register::Number(_) => false,
    };
    let instruments = measure.instruments.iter().zip(rows);
    instruments.filter(|(_, row)| may_be(row)).map(|(one, _)| catalog.name(one.fact).to_owned()).collect()
}

fn answer_in_words(answer: &AnswerShown) -> String {
    match answer.status {
        Status::Decided => words::possible(&answer.possible, None),
        Status::Open => {
            format!("{}, {}", words::possible(&answer.possible, None), because_in_words(&answer.because))
        }
        Status::Silent => "silent: the guideline does not cover this patient".to_owned(),
        Status::Fault => {
            let fault = answer.fault.as_deref().unwrap_or("a table is wrong for this patient");
            format!("at fault: {fault}")
        }
    }
}

fn because_in_words(because: &[Because]) -> String {
    if because.is_empty() {
        return "and no fact keeps it so".to_owned();
    }
    let facts: Vec<String> = because
        .iter()
        .map(|one| format!("`{}`{}{} ({})", one.fact, if one.when.is_empty() { "" } else { " " }, one.when, one.why))
        .collect();
    format!("because of {}", words::all_of(&facts))
}

fn in_words(expected: &Expected) -> String {
    let member = |member: &Member| match member {
        Member::Word(word) => words::spoken(word),
        Member::Number(number, _) => number.to_string(),
    };
    match expected {
        Expected::Value(value) => member(value),
        Expected::Possible(values) if values.is_empty() => "none".to_owned(),
        Expected::Possible(values) => words::any_of(&values.iter().map(member).collect::<Vec<_>>()),
        Expected::Range { min: Some(min), max: Some(max) } => format!("{} to {}", member(min), member(max)),
        Expected::Range { min: Some(min), max: None } => format!("at least {}", member(min)),
        Expected::Range { min: None, max } => format!("at most {}", max.as_ref().map(member).unwrap_or_default()),
        Expected::Silent => "silent".to_owned(),
        Expected::Fault => "a fault".to_owned(),
    }
}
