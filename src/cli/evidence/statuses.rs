//! What treatments count as in indications: on a day, or as it came about.

use std::fmt::Write;

use serde::Serialize;

use super::super::output::Stop;
use super::super::wrap;
use crate::catalog::{Catalog, EventKind, Mark, StatusEvent, StatusHistory, TreatmentStatus};
use crate::diagnostics::suggest;
use crate::explain;
use crate::render::{json, words};
use crate::value::Date;

const INDENT: &str = "    ";

/// The histories of some treatments, of all where none is named; by indication, then as the evidence has them.
pub(super) fn wanted<'a>(catalog: &'a Catalog, names: &[String]) -> Result<Vec<&'a StatusHistory>, Stop> {
    for name in names {
        let known = catalog.find_treatment(name).is_some() || catalog.is_indication(name);
        if !known {
            let all = catalog.treatment_names().chain(catalog.indication_names());
            let near = suggest::nearest(name, all).map(|near| format!("; did you mean `{near}`?"));
            let message = format!("no treatment and no indication is called `{name}`{}", near.unwrap_or_default());
            return Err(Stop::Refused(message));
        }
    }
    let is_wanted = |history: &&StatusHistory| {
        let is_named =
            |name: &String| catalog.find_treatment(name) == Some(history.treatment) || *name == history.indication;
        names.is_empty() || names.iter().any(is_named)
    };
    let mut found: Vec<&StatusHistory> = catalog.statuses().map(|(_, history)| history).filter(is_wanted).collect();
    let order: Vec<&str> = catalog.indication_names().collect();
    found.sort_by_key(|history| order.iter().position(|name| *name == history.indication));
    Ok(found)
}

/// For people: below each indication its treatments, with the status on the day or everything that happened.
pub(super) fn page(catalog: &Catalog, histories: &[&StatusHistory], day: Option<Date>) -> String {
    let mut page = day.map(|day| format!("As of {}\n\n", explain::day(day))).unwrap_or_default();
    let mut indication = None;
    for history in histories {
        if indication != Some(&history.indication) {
            let gap = if indication.is_some() { "\n" } else { "" };
            let label = catalog.indication_label(&history.indication);
            let _ = write!(page, "{gap}In {label} ({})\n\n", history.indication);
            indication = Some(&history.indication);
        }
        let _ = writeln!(page, "{}", catalog.treatment_name(history.treatment));
        match day {
            Some(day) => on_day(catalog, history, day, &mut page),
            None => history.events.iter().for_each(|event| page.push_str(&line("", &event_line(catalog, event)))),
        }
    }
    page
}

fn line(before: &str, text: &str) -> String {
    wrap::wrapped(INDENT, "      ", &format!("{before}{text}"))
}

fn on_day(catalog: &Catalog, history: &StatusHistory, day: Date, page: &mut String) {
    for (region, title) in places(catalog, history, day) {
        let on = history.on(Some(day), region);
        let possible: Vec<String> =
            TreatmentStatus::among(on.possible).map(|status| status.words().to_owned()).collect();
        let status = words::any_of(&possible);
        let settled = possible.len() == 1;
        let told = |(at, event): (usize, &&StatusEvent)| match (settled, at) {
            (true, 0) => format!(" since {}: {}  {}", explain::days(event.from), event.text, cited(event)),
            (true, _) => format!("; {}: {}  {}", explain::days(event.from), event.text, cited(event)),
            (false, _) => format!("; {}  ", event_line(catalog, event)),
        };
        let events: String = on.by.iter().enumerate().map(told).collect();
        page.push_str(&line(&title, &format!("{status}{events}")));
    }
    for event in history.beside(Some(day)) {
        page.push_str(&line("", &event_line(catalog, event)));
    }
}

/// The regions in which the status may differ, with what stands before it; elsewhere where something happened there.
fn places<'a>(catalog: &Catalog, history: &'a StatusHistory, day: Date) -> Vec<(Option<&'a str>, String)> {
    let mut places: Vec<(Option<&str>, String)> = history
        .regions()
        .into_iter()
        .map(|region| (Some(region), format!("{} ({region}): ", catalog.region_label(region))))
        .collect();
    let elsewhere = !history.on(Some(day), None).by.is_empty();
    if places.is_empty() {
        places.push((None, String::new()));
    } else if elsewhere {
        places.push((None, "elsewhere: ".to_owned()));
    }
    places
}

/// `11 Jan 2025, investigational: phase 2 positive  [author_2025]`
fn event_line(catalog: &Catalog, event: &StatusEvent) -> String {
    let what = match event.makes {
        EventKind::Status(status) => status.words(),
        EventKind::Claim | EventKind::Constraint => event.makes.word(),
    };
    let region = event.region.as_deref().map(|region| format!(" ({})", catalog.region_label(region)));
    let region = region.unwrap_or_default();
    format!("{}, {what}{region}: {}  {}", explain::days(event.from), event.text, cited(event))
}

fn cited(event: &StatusEvent) -> String {
    let place = event.place.as_ref().map(|place| format!(" {place}")).unwrap_or_default();
    let mark = if event.mark == Mark::Verified { String::new() } else { format!(", {}", event.mark.words()) };
    format!("[{}{place}{mark}]", event.source.value)
}

/// What rests on a source: the statuses of which it gives an event, with that on the day.
pub(super) fn resting_on(catalog: &Catalog, key: &str, day: Option<Date>) -> Vec<String> {
    let mut lines = Vec::new();
    for (_, history) in catalog.statuses() {
        let events: Vec<&StatusEvent> = history.events.iter().filter(|event| event.source.value == key).collect();
        if events.is_empty() {
            continue;
        }
        let of = format!("status of {} in {}", catalog.treatment_name(history.treatment), history.indication);
        let told: Vec<String> = match day {
            None => events.iter().map(|event| short(catalog, event)).collect(),
            Some(day) => places(catalog, history, day)
                .into_iter()
                .map(|(region, title)| {
                    let on = history.on(Some(day), region).possible;
                    let words: Vec<String> =
                        TreatmentStatus::among(on).map(|status| status.words().to_owned()).collect();
                    format!("{title}{}", words::any_of(&words))
                })
                .collect(),
        };
        let on = day.map(|day| format!(" on {}", explain::day(day))).unwrap_or_default();
        lines.push(format!("{of}{on}: {}", told.join("; ")));
    }
    lines
}

/// `negative from 24 Jun 2021`
fn short(catalog: &Catalog, event: &StatusEvent) -> String {
    let from = explain::days(event.from);
    let region = event.region.as_deref().map(|region| format!(" ({})", catalog.region_label(region)));
    match event.makes {
        EventKind::Status(status) => format!("{}{} from {from}", status.words(), region.unwrap_or_default()),
        EventKind::Claim | EventKind::Constraint => format!("{} of {from}", event.makes.word()),
    }
}

#[derive(Serialize)]
struct HistoryObject<'a> {
    treatment: &'a str,
    indication: &'a str,
    as_of: Option<String>,
    status_on_day: Vec<OnDayObject<'a>>,
    events: Vec<EventObject<'a>>,
}

#[derive(Serialize)]
struct OnDayObject<'a> {
    region: Option<&'a str>,
    value: Option<&'static str>,
    possible: Vec<&'static str>,
    events: Vec<EventObject<'a>>,
}

#[derive(Serialize)]
struct EventObject<'a> {
    from: String,
    makes: &'static str,
    region: Option<&'a str>,
    text: &'a str,
    source: &'a str,
    place: Option<&'a str>,
    mark: &'static str,
}

fn event_object(event: &StatusEvent) -> EventObject<'_> {
    EventObject {
        from: event.from.to_string(),
        makes: event.makes.word(),
        region: event.region.as_deref(),
        text: &event.text,
        source: &event.source.value,
        place: event.place.as_deref(),
        mark: event.mark.words(),
    }
}

/// For programs: a line for each history.
pub(super) fn lines(catalog: &Catalog, histories: &[&StatusHistory], day: Option<Date>) -> String {
    let object = |history: &&StatusHistory| {
        let places = day.map(|day| places(catalog, history, day)).unwrap_or_default();
        let has_regions = !history.regions().is_empty();
        let on_day = places.into_iter().map(|(region, _)| {
            let on = history.on(day, region);
            let possible: Vec<&'static str> = TreatmentStatus::among(on.possible).map(TreatmentStatus::word).collect();
            OnDayObject {
                region: region.or(has_regions.then_some("elsewhere")).filter(|_| has_regions),
                value: if possible.len() == 1 { possible.first().copied() } else { None },
                possible,
                events: on.by.into_iter().map(event_object).collect(),
            }
        });
        json::line(&HistoryObject {
            treatment: catalog.treatment_name(history.treatment),
            indication: &history.indication,
            as_of: day.map(|day| day.to_string()),
            status_on_day: on_day.collect(),
            events: history.events.iter().map(event_object).collect(),
        })
    };
    histories.iter().map(object).collect()
}
