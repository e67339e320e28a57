//! Ladders and regimens that are only perhaps for the patient: a line each.

use super::{Group, first_small, group, is_for, named, places};
use crate::explain::{Because, Explanation, LadderShown, OptionShown, Possible, RegimenShown, Standing};
use crate::model::Verdict;
use crate::render::answer::Room;
use crate::render::{granted, words};

/// How many letters such a line has, that it may fill two lines of a page.
const LETTERS: usize = 165;
/// How many letters fill one.
const LINE: usize = 90;

const EITHER: Possible = Possible::YesNo { yes: true, no: true };

/// The ladders that are told in full: those that surely are for the patient, else the first that may be; where there is
/// room, all that may be.
pub(super) fn in_full(explanation: &Explanation, room: Room) -> Vec<&LadderShown> {
    let may_be: Vec<&LadderShown> = explanation.ladders.iter().filter(|ladder| is_for(ladder)).collect();
    if room == Room::Full {
        return may_be;
    }
    let sure: Vec<&LadderShown> = may_be.iter().filter(|one| !is_perhaps(&one.patients)).copied().collect();
    if sure.is_empty() { may_be.into_iter().take(1).collect() } else { sure }
}

/// It may be for the patient, or not.
pub(super) fn is_perhaps(patients: &Standing) -> bool {
    granted::taken(patients).0 == &EITHER
}

/// The other ladders in a line each: what it hangs on whether they are for the patient, and what one could then begin.
pub(in crate::render) fn perhaps(explanation: &Explanation, room: Room) -> Vec<String> {
    let full = in_full(explanation, room);
    let others = explanation.ladders.iter().filter(|one| is_for(one) && full.iter().all(|known| known.id != one.id));
    let told = others.map(|ladder| {
        let mut drugs: Vec<String> = Vec::new();
        for place in places(ladder, room).iter().filter(|place| group(place) == Group::Now) {
            let drug = named(place.option);
            if !drugs.contains(&drug) {
                drugs.push(drug);
            }
        }
        let text = |most: usize| {
            let drugs = if drugs.is_empty() { "nothing to begin".to_owned() } else { words::first(&drugs, most) };
            format!("{}{}: {drugs}.", ladder.title, on(explanation, &ladder.title, &ladder.patients.because))
        };
        let within = |letters: usize| {
            let mut texts = (1..=drugs.len().max(1)).rev().map(text);
            texts.find(|text| text.chars().count() <= letters)
        };
        within(LINE).or_else(|| within(LETTERS)).unwrap_or_else(|| text(1))
    });
    told.collect()
}

/// Regimens that are only perhaps for the patient: those that hang on the same together, by their titles.
pub(super) fn regimens(explanation: &Explanation, regimens: &[&RegimenShown]) -> Vec<String> {
    let mut groups: Vec<Vec<&RegimenShown>> = Vec::new();
    for regimen in regimens {
        let same = |group: &&mut Vec<&RegimenShown>| {
            group.first().is_some_and(|first| first.patients.because == regimen.patients.because)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(regimen),
            None => groups.push(vec![regimen]),
        }
    }
    let told = groups.iter().map(|group| match group.as_slice() {
        [only] => regimen(explanation, only),
        several => {
            let titles: Vec<String> = several
                .iter()
                .enumerate()
                .map(|(at, one)| if at == 0 { one.title.clone() } else { first_small(&one.title) })
                .collect();
            let because = several.first().map_or(&[][..], |one| one.patients.because.as_slice());
            format!("{}{}.", titles.join("; or "), on(explanation, "", because))
        }
    });
    told.collect()
}

/// A regimen that is only perhaps for the patient.
fn regimen(explanation: &Explanation, regimen: &RegimenShown) -> String {
    let label = |option: &OptionShown| {
        if is_barred(option) { format!("{} (not to be given)", option.label) } else { option.label.clone() }
    };
    let give: Vec<String> = regimen.give.iter().map(label).collect();
    let left = regimen.of.iter().filter(|option| !is_barred(option)).count();
    let least = regimen.plus.iter().map(|(least, _)| *least).min();
    let most = regimen.plus.iter().map(|(_, most)| *most).max();
    let plus = match (least, most) {
        (Some(least), Some(most)) if !regimen.of.is_empty() => {
            let joint = if give.is_empty() { "" } else { ", plus " };
            let count = if least == most { least.to_string() } else { format!("{least} to {most}") };
            format!("{joint}{count} of {left}")
        }
        _ => String::new(),
    };
    let on = on(explanation, &regimen.title, &regimen.patients.because);
    let short = regimen.short.as_ref().map(|short| format!(". {}", words::capital(short))).unwrap_or_default();
    let text = |give: &str| format!("{}{on}: {give}{plus}{short}.", head(&regimen.title));
    let whole = text(&words::all_of(&give));
    let barred = regimen.give.iter().any(is_barred);
    if whole.chars().count() <= LINE || barred || give.len() < 2 {
        return whole;
    }
    let some = text(&words::first(&give, 1));
    if some.chars().count() <= LINE { some } else { whole }
}

/// It surely is not to be given.
fn is_barred(option: &OptionShown) -> bool {
    matches!(
        super::possible(option).last(),
        Some(
            Verdict::NotForThisPatient
                | Verdict::Contraindicated
                | Verdict::NotTolerated
                | Verdict::Declined
                | Verdict::Avoid
        )
    )
}

/// ` (on fact A +2)`; nothing where that is but the title.
fn on(explanation: &Explanation, title: &str, because: &[Because]) -> String {
    let left = granted::left(explanation, because);
    let sorted = granted::weightiest(explanation, &left);
    let Some(first) = sorted.first() else { return " (perhaps)".to_owned() };
    match sorted.len() - 1 {
        0 if first.label.eq_ignore_ascii_case(head(title)) => " (perhaps)".to_owned(),
        0 => format!(" (on {})", first.label),
        more => format!(" (on {} +{more})", first.label),
    }
}

/// A title up to its explanation.
fn head(title: &str) -> &str {
    title.split(": ").next().unwrap_or(title)
}
