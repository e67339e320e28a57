//! Each drug once over all ladders, with what a person is told of it: now, later, earlier, against, beside the rest.

use super::words;
use crate::explain::{AgainstShown, Because, Explanation, LadderShown, OptionShown, Possible};
use crate::model::Verdict;

/// Where a drug stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// It can be begun.
    Now,
    /// Of a later line.
    Later,
    /// It was or is taken.
    Earlier,
    /// It is not to be begun.
    Against,
    /// It goes with every line.
    With,
}

/// A drug in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) group: Group,
    /// `drug name, add: 10 mg daily`
    pub(super) what: String,
    /// `option now if not: pregnant`
    pub(super) words: String,
    /// When it is judged, cautions, what it requires, what is looked at.
    pub(super) more: Vec<String>,
}

/// How many facts a drug that depends on some names.
const NAMED: usize = 2;

/// A drug where one ladder has it.
#[derive(Clone, Copy)]
struct Place<'a> {
    ladder: &'a LadderShown,
    /// The title of its line; `None` beside the lines.
    line: Option<&'a str>,
    /// Part of every line.
    with: bool,
    option: &'a OptionShown,
    /// The mildest verdict that is possible.
    mildest: Verdict,
}

/// Every drug of every ladder that is, or may be, the patient's, each once, in the order of the page.
pub(super) fn options(explanation: &Explanation) -> Vec<Told> {
    let mut drugs: Vec<Vec<Place<'_>>> = Vec::new();
    for place in explanation.ladders.iter().filter(|ladder| is_for(ladder)).flat_map(places) {
        match drugs.iter_mut().find(|drug| drug.first().is_some_and(|known| known.option.id == place.option.id)) {
            Some(drug) => drug.push(place),
            None => drugs.push(vec![place]),
        }
    }
    let several = explanation.ladders.iter().filter(|ladder| is_for(ladder)).count() > 1;
    let mut told: Vec<Told> = drugs.iter_mut().filter_map(|drug| tell(explanation, drug, several)).collect();
    told.sort_by_key(|one| one.group);
    told
}

/// The drugs of which the same is told, together: the words, and the drugs.
pub(super) fn alike(drugs: &[&Told]) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for drug in drugs {
        let parts = std::iter::once(&drug.words).chain(&drug.more).map(String::as_str);
        let words = parts.collect::<Vec<_>>().join("; ");
        match groups.iter_mut().find(|(known, _)| *known == words) {
            Some((_, whats)) => whats.push(drug.what.clone()),
            None => groups.push((words, vec![drug.what.clone()])),
        }
    }
    groups
}

/// Where each ladder stands: `Title: second line`.
pub(super) fn standing(explanation: &Explanation) -> Vec<String> {
    let told = explanation.ladders.iter().filter(|ladder| is_for(ladder)).map(|ladder| {
        let title = |id: &String| match id.as_str() {
            "after_last" => "after the last line".to_owned(),
            "not_for_this_patient" => "not for this patient".to_owned(),
            id => {
                let line = ladder.lines.iter().find(|line| line.id == id);
                line.map_or_else(|| words::spoken(id), |line| first_small(&line.title))
            }
        };
        let current = match &ladder.current.possible {
            Possible::Choice(values) => words::any_of(&values.iter().map(title).collect::<Vec<_>>()),
            Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => {
                String::new()
            }
        };
        let on = depends(&ladder.current.because);
        if current.is_empty() { format!("{}.", ladder.title) } else { format!("{}: {current}{on}.", ladder.title) }
    });
    told.collect()
}

/// The ladder is, or may be, the patient's.
pub(super) fn is_for(ladder: &LadderShown) -> bool {
    !matches!(&ladder.patients.possible, Possible::YesNo { yes: false, .. })
}

fn places(ladder: &LadderShown) -> Vec<Place<'_>> {
    let place = |line, with| {
        move |option| {
            let mildest = possible(option).last().copied()?;
            Some(Place { ladder, line, with, option, mildest })
        }
    };
    let throughout = ladder.throughout.iter().chain(&ladder.alongside).filter_map(place(None, true));
    let optional = ladder.optional.iter().filter_map(place(None, false));
    let lines = ladder
        .lines
        .iter()
        .flat_map(|line| line.options.iter().filter_map(place(Some(line.title.as_str()), false)).collect::<Vec<_>>());
    throughout.chain(optional).chain(lines).collect()
}

/// The verdicts that are possible, the strictest first.
fn possible(option: &OptionShown) -> Vec<Verdict> {
    let Possible::Choice(values) = &option.verdict.possible else { return Vec::new() };
    Verdict::ALL.into_iter().filter(|verdict| values.iter().any(|value| value == verdict.word())).collect()
}

fn group(place: &Place<'_>) -> Group {
    match place.mildest {
        Verdict::NotForThisPatient | Verdict::Contraindicated | Verdict::Declined | Verdict::Avoid => Group::Against,
        Verdict::NotTolerated | Verdict::Failed | Verdict::Running | Verdict::InadequateTrial => Group::Earlier,
        Verdict::LaterLine => Group::Later,
        Verdict::WorkedBefore | Verdict::OptionNow | Verdict::Alternative => {
            if place.with {
                Group::With
            } else {
                Group::Now
            }
        }
    }
}

/// The strictest place first; what only one ladder does not have for this patient says nothing beside the others.
fn tell(explanation: &Explanation, drug: &mut Vec<Place<'_>>, several: bool) -> Option<Told> {
    if drug.iter().any(|place| place.mildest != Verdict::NotForThisPatient) {
        drug.retain(|place| place.mildest != Verdict::NotForThisPatient);
    }
    // On one ladder a drug that is an option of the current line is of no later one.
    let now = drug.iter().any(|place| place.mildest > Verdict::LaterLine);
    drug.sort_by_key(|place| (now && place.mildest == Verdict::LaterLine, place.mildest));
    let (first, others) = drug.split_first()?;
    let group = group(first);
    let mut words = spoken(explanation, first);
    let differ = others.iter().any(|other| other.ladder.id != first.ladder.id && other.mildest != first.mildest);
    let main = explanation.ladders.iter().find(|ladder| is_for(ladder)).map(|ladder| ladder.id.as_str());
    if several && group != Group::With && (differ || main != Some(first.ladder.id.as_str())) {
        words = format!("{words} ({})", first_small(&first.ladder.title));
    }
    let mut more = Vec::new();
    for other in others.iter().filter(|other| other.ladder.id != first.ladder.id && other.mildest != first.mildest) {
        let title = first_small(&other.ladder.title);
        let option = matches!(other.mildest, Verdict::OptionNow | Verdict::Alternative | Verdict::WorkedBefore);
        more.push(if option && group == Group::Against {
            format!("otherwise option for {title}")
        } else {
            format!("{} for {title}", spoken(explanation, other))
        });
    }
    more.extend(beside(explanation, first));
    let what = match group {
        Group::Now | Group::With => dosed(first.option),
        Group::Later | Group::Earlier | Group::Against => first.option.label.clone(),
    };
    if let Some(line) = first.line.filter(|_| group == Group::Later) {
        words = words.replace("later line", &first_small(line));
    }
    Some(Told { group, what, words, more })
}

/// `drug name, add: 10 mg daily`
fn dosed(option: &OptionShown) -> String {
    let how = option.how.map(|how| format!(", {how}")).unwrap_or_default();
    let text = option.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
    format!("{}{how}{text}", option.label)
}

/// What a person is told of the verdict.
fn spoken(explanation: &Explanation, place: &Place<'_>) -> String {
    let option = place.option;
    let all = possible(option);
    let barred =
        |verdict: &Verdict| matches!(verdict, Verdict::Contraindicated | Verdict::Avoid | Verdict::NotForThisPatient);
    let own: Vec<Verdict> = all.iter().filter(|verdict| !barred(verdict)).copied().collect();
    if own.is_empty() {
        return any_of(explanation, option, &all);
    }
    let mut text = any_of(explanation, option, &own);
    let open = |against: &&AgainstShown| {
        against.kind != "prefer" && against.standing.possible == (Possible::YesNo { yes: true, no: true })
    };
    let mut conditions: Vec<String> = Vec::new();
    for against in option.against.iter().filter(open) {
        let when = in_words(explanation, against);
        if !conditions.contains(&when) {
            conditions.push(when);
        }
    }
    if all.iter().any(barred) && !conditions.is_empty() {
        text = match group(place) {
            Group::Now | Group::With | Group::Later => {
                let and = if text.ends_with("if never taken") { " and" } else { "" };
                format!("{text}{and} if not: {}", conditions.join("; "))
            }
            Group::Earlier | Group::Against => {
                let kind = option.against.iter().find(open).map_or("contraindicated", |against| against.kind);
                format!("{text}; {kind} if: {}", conditions.join("; "))
            }
        };
    }
    if own.len() > 1 || (all.len() > 1 && conditions.is_empty()) {
        let other = option.verdict.because.iter().filter(|one| {
            let rules = option.against.iter().filter(open);
            !rules.flat_map(|against| &against.standing.because).any(|known| known == *one)
        });
        text.push_str(&depends(&other.cloned().collect::<Vec<_>>()));
    }
    text
}

/// `, depending on A, B and 3 more`
fn depends(because: &[Because]) -> String {
    let labels: Vec<String> = because.iter().map(|one| one.label.clone()).collect();
    let mut once: Vec<String> = Vec::new();
    for label in labels {
        if !once.contains(&label) {
            once.push(label);
        }
    }
    let more = once.len().saturating_sub(NAMED);
    once.truncate(NAMED);
    match (once.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(", depending on {}", words::all_of(&once)),
        (false, more) => format!(", depending on {} and {more} more", once.join(", ")),
    }
}

/// Verdicts in words, the mildest first; that it is taken now is said once. Where it is not known whether it was ever
/// taken, what may have come of it is left out.
fn any_of(explanation: &Explanation, option: &OptionShown, verdicts: &[Verdict]) -> String {
    let of_course = |verdict: &Verdict| {
        matches!(
            verdict,
            Verdict::NotTolerated
                | Verdict::Failed
                | Verdict::Running
                | Verdict::InadequateTrial
                | Verdict::WorkedBefore
        )
    };
    let unknown = option.taking == (Possible::YesNo { yes: true, no: true }) && verdicts.contains(&Verdict::Running);
    let others: Vec<Verdict> = verdicts.iter().filter(|verdict| !of_course(verdict)).copied().collect();
    if unknown && !others.is_empty() {
        return format!("{}, if never taken", any_of(explanation, option, &others));
    }
    let words: Vec<String> = verdicts.iter().rev().map(|verdict| word(explanation, option, *verdict)).collect();
    let taking = option.taking == (Possible::YesNo { yes: true, no: false });
    let words = match words.as_slice() {
        [] if taking => return "taking now".to_owned(),
        words => words::any_of(&words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>()),
    };
    match (taking, words.is_empty()) {
        (true, true) => "taking now".to_owned(),
        (true, false) => format!("taking now, {words}"),
        (false, _) => words,
    }
}

fn word(explanation: &Explanation, option: &OptionShown, verdict: Verdict) -> String {
    match verdict {
        Verdict::NotForThisPatient => "not for this disease".to_owned(),
        Verdict::Contraindicated => said(explanation, option, "contraindicated"),
        Verdict::NotTolerated => "not tolerated".to_owned(),
        Verdict::Declined => "declined by the patient".to_owned(),
        Verdict::Failed => "inadequate response".to_owned(),
        Verdict::Running => match option.judge_on {
            Some(day) => format!("judge on {}", words::day(day)),
            None => String::new(),
        },
        Verdict::InadequateTrial => "not yet a fair trial: optimise first".to_owned(),
        Verdict::Avoid => said(explanation, option, "avoid"),
        Verdict::LaterLine => "later line".to_owned(),
        Verdict::WorkedBefore => "worked before: consider again".to_owned(),
        Verdict::OptionNow if option.strength == Some("strong") => "option now (recommended)".to_owned(),
        Verdict::OptionNow => "option now".to_owned(),
        Verdict::Alternative => {
            let first = option.against.iter().find(|against| against.kind == "prefer");
            first.map_or_else(|| "alternative".to_owned(), |first| format!("alternative ({})", first.text))
        }
    }
}

/// `contraindicated: pregnant`, with the reasons that hold.
fn said(explanation: &Explanation, option: &OptionShown, kind: &'static str) -> String {
    let holding = option.against.iter().filter(|against| {
        against.kind == kind && against.standing.possible == (Possible::YesNo { yes: true, no: false })
    });
    let reasons: Vec<String> = holding
        .map(|against| match (against.text.is_empty(), against.when.is_empty()) {
            (false, _) => against.text.clone(),
            (true, false) => in_words(explanation, against),
            (true, true) => words::spoken(&against.id),
        })
        .collect();
    if reasons.is_empty() { kind.to_owned() } else { format!("{kind}: {}", reasons.join("; ")) }
}

/// When a rule holds, with labels in the place of names.
fn in_words(explanation: &Explanation, against: &AgainstShown) -> String {
    if against.when.is_empty() {
        return against.text.clone();
    }
    words::labelled(explanation, &against.when).replace("latest ", "")
}

/// What goes with a drug that may be begun or is taken.
fn beside(explanation: &Explanation, place: &Place<'_>) -> Vec<String> {
    let option = place.option;
    let group = group(place);
    let mut more = Vec::new();
    let starts = matches!(group, Group::Now | Group::With);
    let begun = option.taking == (Possible::YesNo { yes: true, no: false });
    if starts && !begun {
        more.extend(match (&option.judge_after, option.judge_on) {
            (Some(after), Some(day)) => Some(format!("judge after {after} ({} if begun today)", words::day(day))),
            (Some(after), None) => Some(format!("judge after {after}")),
            (None, _) => None,
        });
    }
    if starts || begun {
        for caution in &option.cautions {
            let open = caution.standing.possible == (Possible::YesNo { yes: true, no: true });
            let when = in_words(explanation, caution);
            let perhaps = if open { "if " } else { "" };
            let when = if caution.when.is_empty() { String::new() } else { format!(" ({perhaps}{when})") };
            more.push(format!("caution{when}: {}", caution.text));
        }
    }
    if starts {
        more.extend(option.requires.iter().map(|requires| format!("requires {requires}")));
        more.extend((!option.monitor.is_empty()).then(|| format!("look at {}", option.monitor.join("; "))));
    }
    let id = format!("{}.{}", place.ladder.id, option.id);
    more.extend(words::clinic_says(explanation, &id));
    more
}

/// A title within a sentence.
pub(super) fn first_small(title: &str) -> String {
    let mut letters = title.chars();
    let (Some(first), Some(second)) = (letters.next(), letters.clone().next()) else { return title.to_owned() };
    if second.is_uppercase() || second.is_ascii_digit() {
        return title.to_owned();
    }
    format!("{}{}", first.to_lowercase(), letters.as_str())
}

/// A regimen in a sentence or two.
pub(super) fn regimens(explanation: &Explanation) -> Vec<String> {
    let told = explanation.regimens.iter().map(|regimen| {
        let perhaps = match regimen.patients.possible {
            Possible::YesNo { yes: true, no: true } => {
                format!(" (if for this patient{})", depends(&regimen.patients.because))
            }
            Possible::YesNo { .. }
            | Possible::Choice(_)
            | Possible::Several { .. }
            | Possible::Number(_)
            | Possible::Nothing => String::new(),
        };
        let list = |options: &[OptionShown]| -> Vec<String> {
            options.iter().map(|option| in_regimen(explanation, !perhaps.is_empty(), option)).collect()
        };
        let mut text = format!("{}{perhaps}: ", regimen.title);
        let count = |(least, most): &(u32, u32)| {
            if least == most { least.to_string() } else { format!("{least} to {most}") }
        };
        let plus: Vec<String> = regimen.plus.iter().map(count).collect();
        text.push_str(&list(&regimen.give).join(" and "));
        if !plus.is_empty() && !regimen.of.is_empty() {
            let joint = if regimen.give.is_empty() { "" } else { ", plus " };
            let _ = std::fmt::Write::write_fmt(
                &mut text,
                format_args!("{joint}{} of these: {}", words::any_of(&plus), list(&regimen.of).join("; ")),
            );
        }
        let short = regimen.short.as_ref().map(|short| format!(". {}", words::capital(short))).unwrap_or_default();
        format!("{text}{short}.")
    });
    told.collect()
}

/// What is told of an option of a regimen; `perhaps` the regimen itself is not for the patient.
fn in_regimen(explanation: &Explanation, perhaps: bool, option: &OptionShown) -> String {
    let mut all = possible(option);
    all.retain(|verdict| !perhaps || *verdict != Verdict::NotForThisPatient);
    if all.is_empty() || all == [Verdict::OptionNow] {
        return dosed(option);
    }
    format!("{} ({})", option.label, any_of(explanation, option, &all))
}
