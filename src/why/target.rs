//! What is asked about: an answer by its name, a conclusion, a verdict on a ladder.

use crate::catalog::Catalog;
use crate::diagnostics::suggest;
use crate::eval::{Answer, Asking, Held, Status, Subject};
use crate::explain::Possible;
use crate::model::{BlockId, BlockKind, CourseState, Item, LineState, Type, Verdict};
use crate::plan::FAULT;
use crate::value::{Bound, Choices, Interval, Number, NumberSet, Truth};

/// Something of a guideline that has an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// What is asked of the evaluator.
    pub asking: Asking,
    /// `refractory`, `disposition.change_therapy`, `immunosuppression.drug_a`
    pub name: String,
    /// What a person reads.
    pub title: String,
    /// It is one of the answers that the guideline exists for.
    pub is_answer: bool,
    /// It reads what was recorded.
    pub as_recorded: bool,
    /// What it can be.
    pub gives: Type,
    /// In which order names that are alike are taken.
    rank: u8,
}

/// A value that an answer might have.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// As it was written.
    pub written: String,
    /// The values that count as it.
    pub held: Held,
    /// Which of the answer's sets it is about: of a table of which every row that fits counts, the value's own.
    at: usize,
}

impl Value {
    /// The answer may be it.
    pub fn is_possible(&self, answer: &Answer) -> bool {
        let open = matches!(answer.status, Status::Decided | Status::Open);
        let held = answer.held.get(self.at);
        open && held.is_some_and(|held| !held.intersection(&self.held).is_empty())
    }

    /// The answer is it.
    pub fn is_certain(&self, answer: &Answer) -> bool {
        let held = answer.held.get(self.at);
        answer.status == Status::Decided && held.is_some_and(|held| !held.is_empty() && held.is_within(&self.held))
    }
}

impl Target {
    /// What it is, or can be.
    pub fn possible(&self, answer: &Answer) -> Possible {
        if let Type::Several(names) = &self.gives {
            let of = |wanted: fn(Truth) -> bool| {
                let each = names.iter().zip(&answer.held);
                let holds = each.filter(|(_, held)| matches!(held, Held::Truth(truth) if wanted(*truth)));
                holds.map(|(name, _)| name.clone()).collect::<Vec<_>>()
            };
            return Possible::Several {
                certain: of(|truth| truth == Truth::YES),
                perhaps: of(|truth| truth == Truth::EITHER),
            };
        }
        match answer.held.first() {
            Some(Held::Truth(truth)) => Possible::YesNo { yes: truth.can_be_yes(), no: truth.can_be_no() },
            Some(Held::Number(number)) => Possible::Number(number.clone()),
            Some(Held::Choices(choices)) => {
                let named = (0..).zip(self.words()).filter(|(at, _)| choices.contains(*at));
                Possible::Choice(named.map(|(_, name)| name.clone()).collect())
            }
            None => Possible::Nothing,
        }
    }

    /// The unit of its number.
    pub fn unit(&self) -> Option<String> {
        match &self.gives {
            Type::Points => Some("points".to_owned()),
            Type::Number(unit) => unit.map(|unit| unit.symbol().to_owned()),
            Type::YesNo | Type::Choice(_) | Type::Several(_) | Type::Measure | Type::Nothing => None,
        }
    }

    /// The values it can have, where they are words.
    pub fn words(&self) -> &[String] {
        match &self.gives {
            Type::Choice(names) | Type::Several(names) => names,
            Type::YesNo | Type::Number(_) | Type::Points | Type::Measure | Type::Nothing => &[],
        }
    }

    /// A value as written: a word of it, a number, or what a number is to be (`at least 40`).
    pub fn value(&self, text: &str) -> Result<Value, String> {
        let value = |held, at| Value { written: text.to_owned(), held, at };
        match &self.gives {
            Type::YesNo => match text {
                "yes" | "true" => Ok(value(Held::Truth(Truth::YES), 0)),
                "no" | "false" => Ok(value(Held::Truth(Truth::NO), 0)),
                _ => Err(self.refused(text, ["yes", "no"].iter().copied())),
            },
            Type::Choice(names) | Type::Several(names) => {
                let wanted = text.replace(' ', "_");
                let Some(at) = names.iter().position(|name| *name == text || *name == wanted) else {
                    return Err(self.refused(text, names.iter().map(String::as_str)));
                };
                if matches!(self.gives, Type::Several(_)) {
                    return Ok(value(Held::Truth(Truth::YES), at));
                }
                let position = u8::try_from(at).unwrap_or(FAULT);
                Ok(value(Held::Choices(Choices::only(position)), 0))
            }
            Type::Number(_) | Type::Points => match range(text) {
                Some(set) => Ok(value(Held::Number(set), 0)),
                None => Err(format!(
                    "`{}` is a number, not `{text}`; write `{0}=40`, `{0}=at least 40` or `{0}=20 to below 40`",
                    self.name
                )),
            },
            Type::Measure | Type::Nothing => Err(format!("`{}` has no value", self.name)),
        }
    }

    fn refused<'n>(&self, text: &str, names: impl Iterator<Item = &'n str> + Clone) -> String {
        if let Some(near) = suggest::nearest(text, names.clone()) {
            return format!("`{}` is never `{text}`; did you mean `{near}`?", self.name);
        }
        let names = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        format!("`{}` is never `{text}`; it is one of {names}", self.name)
    }
}

/// Both ends of what is on one side of a number.
type End = fn(Number) -> (Bound, Bound);

/// A number, or what one is to be.
fn range(text: &str) -> Option<NumberSet> {
    let number = |text: &str| text.trim().trim_end_matches("points").trim().parse::<Number>().ok();
    let ends = |low, high| Some(NumberSet::from_interval(Interval { low, high }));
    let words: [(&[&str], End); 4] = [
        (&["at least ", ">="], |end| (Bound::Closed(end), Bound::Unbounded)),
        (&["at most ", "<="], |end| (Bound::Unbounded, Bound::Closed(end))),
        (&["above ", ">"], |end| (Bound::Open(end), Bound::Unbounded)),
        (&["below ", "<"], |end| (Bound::Unbounded, Bound::Open(end))),
    ];
    for (written, of) in words {
        if let Some(end) = written.iter().find_map(|word| text.strip_prefix(word)) {
            let (low, high) = of(number(end)?);
            return ends(low, high);
        }
    }
    match text.split_once(" to below ") {
        Some((low, high)) => return ends(Bound::Closed(number(low)?), Bound::Open(number(high)?)),
        None => {
            if let Some((low, high)) = text.split_once(" to ") {
                return ends(Bound::Closed(number(low)?), Bound::Closed(number(high)?));
            }
        }
    }
    number(text).map(NumberSet::point)
}

/// Everything of a guideline that has an answer: its answers first, then conclusions, verdicts, lines, further blocks.
pub fn all(subject: Subject<'_>) -> Vec<Target> {
    let Subject { guideline, lowered, catalog } = subject;
    let mut targets: Vec<Target> = Vec::new();
    for (id, block) in (0..).map(BlockId).zip(&guideline.blocks) {
        let is_answer = guideline.answers.contains(&id);
        let has_value = !matches!(block.gives, Type::Nothing | Type::Measure)
            && lowered.block(id).is_some_and(|planned| !planned.results.is_empty());
        if has_value && !matches!(block.kind, BlockKind::Judgement(_)) {
            targets.push(Target {
                asking: Asking::Block(id),
                name: block.name.value.clone(),
                title: block.title.clone(),
                is_answer,
                as_recorded: block.as_recorded.is_some(),
                gives: block.gives.clone(),
                rank: if is_answer { 0 } else { 4 },
            });
        }
    }
    targets.sort_by_key(|target| match target.asking {
        Asking::Block(id) => guideline.answers.iter().position(|answer| *answer == id).unwrap_or(usize::MAX),
        Asking::Item(_) => usize::MAX,
    });
    let items = lowered.items.keys().filter_map(|item| of_item(subject, catalog, *item));
    let known: Vec<Target> =
        items.filter(|item| item.rank != 5 || targets.iter().all(|target| target.name != item.name)).collect();
    targets.extend(known);
    targets
}

fn of_item(subject: Subject<'_>, catalog: &Catalog, item: Item) -> Option<Target> {
    let guideline = subject.guideline;
    let words = |words: Vec<&str>| Type::Choice(words.into_iter().map(str::to_owned).collect());
    let (name, title, gives, rank) = match item {
        Item::Conclusion(id, at) => {
            let block = guideline.block(id)?;
            let BlockKind::Algorithm(algorithm) = &block.kind else { return None };
            let own = algorithm.conclusions.get(usize::from(at))?;
            (format!("{}.{}", block.name.value, own.name.value), own.title.clone(), Type::YesNo, 1)
        }
        Item::Verdict(id, place) => {
            let block = guideline.block(id)?;
            let option = block.option(place)?;
            let therapy = guideline.therapy_name(option.therapy, catalog);
            let label = label(subject, option.therapy);
            let gives = words(Verdict::ALL.iter().map(|verdict| verdict.word()).collect());
            (format!("{}.{therapy}", block.name.value), format!("{}: {label}", block.title), gives, 2)
        }
        Item::Line(id, at) => {
            let block = guideline.block(id)?;
            let BlockKind::Ladder(ladder) = &block.kind else { return None };
            let line = ladder.lines.get(at as usize)?;
            let gives = words(LineState::ALL.iter().map(|state| state.word()).collect());
            (format!("{}.{}", block.name.value, line.name.value), format!("{}: {}", block.title, line.title), gives, 3)
        }
        Item::Holds(id) => {
            let block = guideline.block(id)?;
            (block.name.value.clone(), block.title.clone(), Type::YesNo, 5)
        }
        Item::Course(therapy) => {
            let gives = words(CourseState::ALL.iter().map(|state| state.word()).collect());
            (guideline.therapy_name(therapy, catalog), format!("Course of {}", label(subject, therapy)), gives, 6)
        }
        Item::Step(..) | Item::Branch(..) | Item::Plus(_) => return None,
    };
    Some(Target { asking: Asking::Item(item), name, title, is_answer: false, as_recorded: false, gives, rank })
}

fn label(subject: Subject<'_>, therapy: crate::model::TherapyId) -> String {
    let parts = subject.guideline.therapy(therapy).map_or(&[][..], |therapy| &therapy.parts);
    let label = |part: &crate::catalog::TreatmentId| {
        let known = subject.catalog.treatment(*part).map(|treatment| treatment.label.clone());
        known.unwrap_or_else(|| subject.catalog.treatment_name(*part).to_owned())
    };
    parts.iter().map(label).collect::<Vec<_>>().join(" with ")
}

/// What a name means: in full, or the last part of it; of one kind, the answers of the guideline first. A drug that
/// stands on several ladders has a verdict on each.
pub fn find(targets: &[Target], name: &str) -> Result<Vec<Target>, String> {
    let wanted = spaced(name);
    let short = |target: &Target| target.name.split_once('.').map(|(_, last)| spaced(last));
    let exact = |target: &&Target| spaced(&target.name) == wanted;
    let last = |target: &&Target| short(target).as_ref() == Some(&wanted);
    let mut found: Vec<&Target> = targets.iter().filter(exact).collect();
    if found.iter().all(|target| target.rank == 6) {
        found.extend(targets.iter().filter(last));
    }
    let Some(rank) = found.iter().map(|target| target.rank).min() else {
        let names = targets.iter().flat_map(|target| {
            let short = target.name.split_once('.').map(|(_, last)| last);
            [Some(target.name.as_str()), short].into_iter().flatten()
        });
        let near = suggest::nearest(name, names).map(|near| format!("did you mean `{near}`?"));
        let answers = targets.iter().filter(|target| target.is_answer).map(|target| format!("`{}`", target.name));
        let listed = || format!("it answers {}", answers.collect::<Vec<_>>().join(", "));
        return Err(near.unwrap_or_else(listed));
    };
    Ok(found.into_iter().filter(|target| target.rank == rank).cloned().collect())
}

/// A name in which it does not matter how a combination is written.
fn spaced(name: &str) -> String {
    let mut parts: Vec<&str> = name.split('+').map(str::trim).collect();
    if let [_, _, ..] = parts.as_slice() {
        parts.sort_unstable();
    }
    parts.join(" + ")
}
