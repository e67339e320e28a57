//! What the shipped evidence says treatments count as: the questions of a committee, asked for days in the past and for
//! today, and the promise that no way a month or a year may turn out is left out.

use std::collections::BTreeSet;

use myoguide::catalog::{Catalog, EventKind, StatusEvent, StatusHistory, TreatmentStatus};
use myoguide::engine::Engine;
use myoguide::library::Library;
use myoguide::value::{Choices, Date};

fn shipped() -> Engine {
    let mut engine = Engine::open(&Library::embedded());
    engine.load_dictionary();
    assert!(!engine.has_errors());
    engine
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// What a treatment may count as, in words joined by `or`.
fn status(catalog: &Catalog, treatment: &str, indication: &str, region: Option<&str>, on: &str) -> String {
    let id = catalog.find_status(treatment, indication).unwrap_or_else(|| panic!("{treatment} in {indication}"));
    let possible = catalog.status(id).unwrap().on(Some(day(on)), region).possible;
    TreatmentStatus::among(possible).map(TreatmentStatus::word).collect::<Vec<_>>().join(" or ")
}

#[test]
fn what_a_report_called_pipeline_had_failed_or_was_labelled_already() {
    let engine = shipped();
    let catalog = engine.catalog();
    let on = "2021-12-02";
    for (treatment, indication) in [
        ("tocilizumab", "dermatomyositis"),
        ("lenabasum", "dermatomyositis"),
        ("arimoclomol", "inclusion_body_myositis"),
    ] {
        assert_eq!(status(catalog, treatment, indication, None, on), "negative", "{treatment}");
        let id = catalog.find_status(treatment, indication).unwrap();
        let claims: Vec<&StatusEvent> =
            catalog.status(id).unwrap().beside(Some(day(on))).filter(|event| event.makes == EventKind::Claim).collect();
        assert!(claims.iter().any(|claim| claim.source.value == "rheumatologist_2021_12"), "{treatment}");
    }
    assert_eq!(status(catalog, "ivig", "dermatomyositis", Some("US"), on), "approved");
    assert_eq!(status(catalog, "ivig", "dermatomyositis", Some("US"), "2021-07-14"), "unknown");
    // The same question, asked of another day.
    for (treatment, then, now) in [
        ("brepocitinib", "unknown", "approved"),
        ("dazukibart", "unknown", "investigational_active"),
        ("ravulizumab", "unknown", "terminated"),
        ("tofacitinib", "off_label", "off_label"),
    ] {
        assert_eq!(status(catalog, treatment, "dermatomyositis", Some("US"), on), then, "{treatment}");
        assert_eq!(status(catalog, treatment, "dermatomyositis", Some("US"), "2026-11-22"), now, "{treatment}");
    }
}

/// The treatments that are certainly approved in an indication.
fn approved(catalog: &Catalog, indication: &str, region: &str, on: &str) -> Vec<String> {
    let approved = Choices::only(TreatmentStatus::Approved.position());
    let of = |history: &&StatusHistory| history.indication == indication;
    let histories = catalog.statuses().map(|(_, history)| history).filter(of);
    let found = histories.filter(|history| history.on(Some(day(on)), Some(region)).possible == approved);
    found.map(|history| catalog.treatment_name(history.treatment).to_owned()).collect()
}

#[test]
fn nothing_is_approved_for_inclusion_body_myositis() {
    let engine = shipped();
    for on in ["2021-12-02", "2026-11-22"] {
        for region in ["US", "EU"] {
            assert!(approved(engine.catalog(), "inclusion_body_myositis", region, on).is_empty());
        }
    }
}

#[test]
fn two_agents_have_a_positive_phase_3_and_a_label_for_dermatomyositis() {
    let engine = shipped();
    let catalog = engine.catalog();
    let with_phase_3 = |on: &str| -> Vec<String> {
        let labelled = approved(catalog, "dermatomyositis", "US", on);
        labelled.into_iter().filter(|name| ["ivig", "brepocitinib"].contains(&name.as_str())).collect()
    };
    assert_eq!(with_phase_3("2026-08-26"), ["ivig"]);
    assert_eq!(with_phase_3("2026-08-27"), ["ivig", "brepocitinib"]);
    for key in ["proderm_2022", "valor_2025"] {
        let trial = catalog.evidence(key).unwrap().trial.clone().unwrap();
        assert!(trial.design.starts_with("phase 3, randomised") && trial.level == Some("1b+"), "{key}");
    }
    // The label of corticotropin is older than both, and rests on no such trial.
    assert_eq!(approved(catalog, "dermatomyositis", "US", "2021-01-01"), ["corticotropin"]);
    assert_eq!(catalog.evidence("rci_2018").unwrap().trial.clone().unwrap().level, Some("3"));
    // Nothing was found outside the United States.
    assert_eq!(status(catalog, "brepocitinib", "dermatomyositis", Some("EU"), "2026-11-22"), "investigational_active");
    assert_eq!(approved(catalog, "dermatomyositis", "EU", "2026-11-22"), ["ivig"]);
}

#[test]
fn no_trial_of_necrotising_myopathy_alone_is_positive() {
    let engine = shipped();
    let catalog = engine.catalog();
    let of = |history: &&StatusHistory| history.indication == "necrotising_myopathy";
    let histories: Vec<_> = catalog.statuses().map(|(_, history)| history).filter(of).collect();
    assert!(!histories.is_empty());
    for history in histories {
        let words: Vec<&str> = TreatmentStatus::among(history.on(Some(day("2026-11-22")), None).possible)
            .map(TreatmentStatus::word)
            .collect();
        assert_eq!(words, ["negative"], "{}", catalog.treatment_name(history.treatment));
    }
    assert!(catalog.find_status("efgartigimod", "necrotising_myopathy").is_none(), "its trial mixed several forms");
    assert_eq!(status(catalog, "efgartigimod", "myositis", None, "2026-11-22"), "investigational_active");
}

#[test]
fn a_positive_phase_2_is_a_trial_and_no_more() {
    let engine = shipped();
    for (_, history) in engine.catalog().statuses() {
        for event in history.events.iter().filter(|event| event.text.starts_with("phase 2 ")) {
            let trial_only = !matches!(
                event.makes,
                EventKind::Status(
                    TreatmentStatus::Approved | TreatmentStatus::GuidelineOption | TreatmentStatus::OffLabel
                )
            );
            assert!(trial_only, "{}", event.text);
        }
    }
}

/// The days that a date may turn out to be which matter for a day: the first, the last, that day and the next.
fn days_of(event: &StatusEvent, on: Date) -> BTreeSet<Date> {
    let mut days: BTreeSet<Date> = [event.from.earliest, event.from.latest].into();
    days.extend([on].into_iter().filter(|day| event.from.contains(*day)));
    days
}

/// What it counts as, for every way in which the days of its events may turn out.
fn every_way(events: &[(&StatusEvent, TreatmentStatus)], on: Date) -> Choices {
    let mut ways = vec![(None::<Date>, TreatmentStatus::Unknown)];
    for (event, status) in events {
        let mut further = Vec::new();
        for (last, before) in &ways {
            for happened in days_of(event, on).into_iter().filter(|day| last.is_none_or(|last| *day >= last)) {
                further.push((Some(happened), if happened <= on { *status } else { *before }));
            }
        }
        ways = further;
    }
    ways.iter().fold(Choices::NONE, |found, (_, status)| found.union(Choices::only(status.position())))
}

#[test]
fn no_way_a_month_may_turn_out_is_left_out() {
    let engine = shipped();
    for (_, history) in engine.catalog().statuses() {
        let bounds = history.events.iter().flat_map(|event| [event.from.earliest, event.from.latest]);
        let days: BTreeSet<Date> = bounds.chain([day("2000-01-01"), day("2026-11-22")]).collect();
        for region in [None, Some("US"), Some("EU")] {
            let here: Vec<(&StatusEvent, TreatmentStatus)> = history
                .events
                .iter()
                .filter(|event| event.region.is_none() || event.region.as_deref() == region)
                .filter_map(|event| match event.makes {
                    EventKind::Status(status) => Some((event, status)),
                    EventKind::Claim | EventKind::Constraint => None,
                })
                .collect();
            let ever = history.on(None, region).possible;
            for on in &days {
                let found = history.on(Some(*on), region).possible;
                assert_eq!(found, every_way(&here, *on), "{} on {on}", history.indication);
                assert!(found.within(ever), "what a day allows, no day allows too");
            }
        }
    }
}
