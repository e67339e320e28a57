//! Ladders and regimens that are only perhaps for the patient: a line each.

use super::{Group, first_small, group, is_for, named, places};
use crate::explain::{Because, Explanation, LadderShown, OptionShown, Possible, RegimenShown, Standing};
use crate::model::Verdict;
use crate::render::answer::Room;
use crate::render::{granted, words};

/// How many letters such a line has, that it may fill two lines of a page.
const LETTERS: usize = 165;
/// How many facts it names.
const NAMED: usize = 2;

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
            let drugs = if drugs.is_empty() { "nothing to begin".to_owned() } else { words::some(&drugs, most) };
            format!("{}{}: {drugs}.", ladder.title, on(explanation, &ladder.patients.because, room))
        };
        let mut texts = (1..=drugs.len().max(1)).rev().map(text).skip_while(|text| text.chars().count() > LETTERS);
        texts.next().unwrap_or_else(|| text(1))
    });
    told.collect()
}

/// A regimen that is only perhaps for the patient.
pub(super) fn regimen(explanation: &Explanation, regimen: &RegimenShown) -> String {
    let label = |option: &OptionShown| {
        if is_barred(option) { format!("{} (not to be given)", option.label) } else { option.label.clone() }
    };
    let give: Vec<String> = regimen.give.iter().map(label).collect();
    let left = regimen.of.iter().filter(|option| !is_barred(option)).count();
    let count = |(least, most): &(u32, u32)| {
        if least == most { least.to_string() } else { format!("{least} to {most}") }
    };
    let plus: Vec<String> = regimen.plus.iter().map(count).collect();
    let plus = if plus.is_empty() || regimen.of.is_empty() {
        String::new()
    } else {
        let joint = if give.is_empty() { "" } else { " plus " };
        format!("{joint}{} of {}", words::any_of(&plus), left)
    };
    let on = on(explanation, &regimen.patients.because, Room::Short);
    let short = regimen.short.as_ref().map(|short| format!(". {}", words::capital(short))).unwrap_or_default();
    format!("{}{on}: {}{plus}{short}.", regimen.title, words::all_of(&give))
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

/// ` (on fact A and fact B)`
fn on(explanation: &Explanation, because: &[Because], room: Room) -> String {
    let left = granted::left(explanation, because);
    let on = granted::named(&granted::weightiest(explanation, &left), room.most(NAMED));
    if on.is_empty() { " (perhaps)".to_owned() } else { format!(" (depends on {})", first_small(&on)) }
}
