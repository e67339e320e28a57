//! Regimens in a sentence or two.

use super::verdict::{any_of, depends};
use super::{dosed, perhaps, possible};
use crate::explain::{Explanation, OptionShown, Possible, RegimenShown};
use crate::model::Verdict;
use crate::render::answer::Room;
use crate::render::words;

/// Regimens in a sentence or two each; on a page those that surely are for the patient first, the others in a few words.
pub(in crate::render) fn regimens(explanation: &Explanation, room: Room) -> Vec<String> {
    let (perhaps, sure): (Vec<&RegimenShown>, Vec<&RegimenShown>) =
        explanation.regimens.iter().partition(|one| perhaps::is_perhaps(&one.patients));
    let in_short = if room == Room::Short { perhaps::regimens(explanation, &perhaps) } else { Vec::new() };
    let in_full = perhaps.into_iter().filter(|_| room == Room::Full);
    let told = sure.into_iter().chain(in_full).map(|regimen| {
        let perhaps = match regimen.patients.possible {
            Possible::YesNo { yes: true, no: true } => {
                format!(" (if for this patient{})", depends(&regimen.patients.because, room))
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
    told.chain(in_short).collect()
}

/// What is told of an option of a regimen; `perhaps` the regimen itself is not for the patient.
fn in_regimen(explanation: &Explanation, perhaps: bool, option: &OptionShown) -> String {
    let mut all = possible(option);
    all.retain(|verdict| !perhaps || *verdict != Verdict::NotForThisPatient);
    if all.is_empty() || all == [Verdict::OptionNow] {
        return dosed(option);
    }
    format!("{} ({})", super::named(option), any_of(explanation, option, &all))
}
