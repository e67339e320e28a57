use crate::cases::{Part as Item, came_to};
use crate::eval::{Evaluation, Status, Subject};
use crate::explain::{AnswerShown, Explanation, Possible};
use crate::model::{Block, BlockId, BlockKind, OptionPlace, Type};
use crate::render::words::one_number;
use crate::value::{Bound, NumberSet};
use crate::yaml::Tree;

use super::part::{Part, Shows};

/// How many numbers are listed one by one.
const LISTED: usize = 20;

/// The decimals of a number that is known to no more.
const DECIMALS: usize = 4;

/// What the program says of a patient, as a case expects it: the answers, and what shows that some parts are reached.
pub(super) fn expected(
    subject: Subject<'_>,
    evaluation: &Evaluation,
    explanation: &Explanation,
    parts: &[&Part],
) -> Option<Tree> {
    let mut expect = Tree::Group(Vec::new());
    for answer in &explanation.answers {
        if let Some(value) = of_answer(answer) {
            put(&mut expect, &["answers", &answer.id], value);
        }
    }
    for part in parts {
        let Some(block) = subject.guideline.block(part.block) else { continue };
        for (key, item) in items(subject, block, &part.shows) {
            let Some(found) = item.found(explanation) else { continue };
            let value = if matches!(item, Item::Path(_)) { listed(&found) } else { of_item(&found) };
            if let Some(value) = value {
                put(&mut expect, &key.iter().map(String::as_str).collect::<Vec<_>>(), value);
            }
        }
        if part.shows == Shows::Block {
            of_block(subject, evaluation, part.block, block, &mut expect);
        }
    }
    (!expect.entries().is_empty()).then_some(expect)
}

/// The value of a block on the way.
fn of_block(subject: Subject<'_>, evaluation: &Evaluation, id: BlockId, block: &Block, expect: &mut Tree) {
    let has_value = match &block.gives {
        Type::YesNo | Type::Choice(_) | Type::Several(_) | Type::Number(_) | Type::Points | Type::Measure => true,
        Type::Nothing => false,
    };
    if !has_value || subject.guideline.answers.contains(&id) || matches!(block.kind, BlockKind::Covers(_)) {
        return;
    }
    if let Some(value) = of_item(&came_to(subject, evaluation, &block.name.value)) {
        put(expect, &["steps", &block.name.value], value);
    }
}

/// What of a case's expectations shows it, with the keys under which it stands.
fn items(subject: Subject<'_>, block: &Block, shows: &Shows) -> Vec<(Vec<String>, Item)> {
    let name = block.name.value.clone();
    let verdict = |(id, place): &(BlockId, OptionPlace)| {
        let ladder = subject.guideline.block(*id)?;
        let option = subject.guideline.therapy_name(ladder.option(*place)?.therapy, subject.catalog);
        let ladder = ladder.name.value.clone();
        Some((vec!["verdicts".to_owned(), ladder.clone(), option.clone()], Item::Verdict(ladder, option)))
    };
    match shows {
        Shows::Block => Vec::new(),
        Shows::Conclusion(conclusion) => {
            vec![(vec!["conclusions".to_owned(), conclusion.clone()], Item::Conclusion(conclusion.clone()))]
        }
        Shows::Path => vec![(vec!["path".to_owned(), name.clone()], Item::Path(name))],
        Shows::Line(line) => {
            vec![(vec!["lines".to_owned(), name.clone(), line.clone()], Item::Line(name, line.clone()))]
        }
        Shows::Verdicts(places) => places.iter().filter_map(verdict).collect(),
        Shows::Advice => vec![(vec!["advice".to_owned(), name.clone()], Item::Advice(name))],
    }
}

fn of_answer(answer: &AnswerShown) -> Option<Tree> {
    match answer.status {
        Status::Silent => Some(Tree::text("silent")),
        Status::Fault => Some(Tree::text("fault")),
        Status::Decided => of_item(&answer.possible),
        Status::Open => several(&answer.possible),
    }
}

/// One value alone, several as a list or a stretch.
fn of_item(possible: &Possible) -> Option<Tree> {
    if let Possible::Number(set) = possible {
        if let Some((only, exact)) = one_number(set) {
            let text = if exact { only.exact_decimal()? } else { only.rounded(DECIMALS) };
            return Some(Tree::text(text));
        }
        return several(possible);
    }
    match words(possible)?.as_slice() {
        [only] => Some(Tree::text(only)),
        _ => several(possible),
    }
}

/// Every value that is possible.
fn several(possible: &Possible) -> Option<Tree> {
    let of = |list: Vec<Tree>| Tree::group([("possible", Tree::List(list))]);
    match possible {
        Possible::Number(set) => {
            let values = set.finite_values(LISTED).filter(|_| !set.is_approximate());
            let texts =
                values.and_then(|values| values.iter().map(|one| one.exact_decimal()).collect::<Option<Vec<_>>>());
            texts.map(|texts| of(texts.into_iter().map(Tree::text).collect())).or_else(|| stretch(set))
        }
        Possible::YesNo { .. } | Possible::Choice(_) | Possible::Several { .. } | Possible::Nothing => {
            let words = words(possible)?;
            (!words.is_empty()).then(|| of(words.into_iter().map(Tree::text).collect()))
        }
    }
}

fn listed(possible: &Possible) -> Option<Tree> {
    let words = words(possible)?;
    (!words.is_empty()).then(|| Tree::List(words.into_iter().map(Tree::text).collect()))
}

/// The least and the greatest number, as far as they can be written.
fn stretch(set: &NumberSet) -> Option<Tree> {
    let hull = set.hull()?;
    let end = |bound: Bound| {
        let number = bound.number()?;
        if set.is_approximate() { Some(number.rounded(DECIMALS)) } else { number.exact_decimal() }
    };
    let ends = [("min", end(hull.low)), ("max", end(hull.high))];
    let ends: Vec<(String, Tree)> =
        ends.into_iter().filter_map(|(key, end)| Some((key.to_owned(), Tree::text(end?)))).collect();
    (!ends.is_empty()).then_some(Tree::Group(ends))
}

fn words(possible: &Possible) -> Option<Vec<String>> {
    match possible {
        Possible::YesNo { yes, no } => {
            let words = [(*yes, "yes"), (*no, "no")].into_iter().filter(|(can, _)| *can);
            Some(words.map(|(_, word)| word.to_owned()).collect())
        }
        Possible::Choice(values) => Some(values.clone()),
        Possible::Several { certain, perhaps } => Some(certain.iter().chain(perhaps).cloned().collect()),
        Possible::Number(_) | Possible::Nothing => None,
    }
}

/// Sets what stands under some keys, each within the one before.
fn put(tree: &mut Tree, keys: &[&str], value: Tree) {
    match keys {
        [] => *tree = value,
        [key, rest @ ..] => {
            let mut inner = tree.get(key).cloned().unwrap_or(Tree::Group(Vec::new()));
            put(&mut inner, rest, value);
            tree.set(key, inner);
        }
    }
}
