//! What a drug counts as on the day, in few words.

use crate::catalog::{Mark, TreatmentStatus};
use crate::explain::{OptionShown, StatusEventShown, StatusShown};
use crate::render::answer::Room;
use crate::render::words;

/// Of a drug that is offered in a trial only what is known of it; of any other that trials found no benefit, that its
/// development was stopped, or that it is still investigated.
pub(super) fn told(option: &OptionShown, room: Room) -> Option<String> {
    let known = |status: &&StatusShown| option.in_trial_only() && !status.events.is_empty();
    let worth = |status: &&StatusShown| {
        known(status)
            || status.possible.iter().any(|one| match one {
                TreatmentStatus::InvestigationalActive | TreatmentStatus::Negative | TreatmentStatus::Terminated => {
                    true
                }
                TreatmentStatus::Approved
                | TreatmentStatus::GuidelineOption
                | TreatmentStatus::OffLabel
                | TreatmentStatus::Unknown => false,
            })
    };
    let told: Vec<String> = option.statuses.iter().filter(worth).map(|status| in_words(status, room)).collect();
    if told.is_empty() {
        return option.in_trial_only().then(|| "nothing dated is known of it by then".to_owned());
    }
    Some(told.join("; "))
}

/// `in disease a: investigational since 11 Jan 2025: phase 2 positive`
fn in_words(status: &StatusShown, room: Room) -> String {
    let region = match &status.region {
        Some(region) => format!(" ({region})"),
        None if status.elsewhere => " (elsewhere)".to_owned(),
        None => String::new(),
    };
    let place = format!("in {}{region}", status.label);
    match (status.possible.as_slice(), status.events.first()) {
        ([one], Some(event)) if room == Room::Short => format!("{place}: {} since {}", one.words(), event.since),
        ([one], Some(event)) => format!("{place}: {} since {}: {}", one.words(), event.since, event_text(event)),
        ([one], None) => format!("{place}: {}", one.words()),
        (several, _) => {
            let several: Vec<String> = several.iter().map(|status| status.words().to_owned()).collect();
            format!("{place}: {}, by the day", words::any_of(&several))
        }
    }
}

/// `phase 2 positive`, with its mark where it is not verified.
fn event_text(event: &StatusEventShown) -> String {
    let mark = if event.mark == Mark::Verified { String::new() } else { format!(" ({})", event.mark.words()) };
    format!("{}{mark}", event.text)
}
