//! The visit at which a course was begun.

use myoguide::eval::{self, Baseline, Held, Subject};
use myoguide::model::{Guideline, Time};
use myoguide::plan::from_model;
use myoguide::plan::{Part, PlanBuilder, SlotSource};
use myoguide::value::{Number, NumberSet};

use super::{ALPHA, Bench, row, rules, told};

/// What `strength` is at the start of the newest course of a drug, and the notices, for visits of strength 1, 2 and 3
/// on the first days of June, July and August.
fn at_start_of(drug: &str, therapies: &str) -> (Held, Vec<String>) {
    let mut bench = Bench::new(Vec::new());
    let visits = "visits: [{date: 2025-06-01, strength: 1}, {date: 2025-07-01, strength: 2}, {date: 2025-08-01, \
                  strength: 3}]";
    let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{visits}\ntherapies: {therapies}\n"));
    let fact = bench.engine.catalog().find("strength").unwrap_or_else(|| panic!("strength"));
    let mut plan = PlanBuilder::default();
    plan.number_slot(SlotSource::Fact { fact, when: Time::Baseline, part: Part::Value });
    let mut lowered = bench.lowered.clone();
    lowered.plan = plan.finish();
    let catalog = bench.engine.catalog();
    let subject = Subject { guideline: &bench.guideline, lowered: &lowered, catalog };
    let drug = catalog.find_treatment(drug).unwrap_or_else(|| panic!("{drug}"));
    let inputs = eval::bind(subject, &record, Baseline::Course(drug));
    (inputs.inputs[0].held.clone(), inputs.notices)
}

#[test]
fn the_baseline_at_the_start_of_a_course() {
    let strength = |values: &[i64]| {
        let points = values.iter().map(|value| NumberSet::point(Number::whole(*value)));
        Held::Number(points.reduce(|union, next| union.union(&next)).unwrap_or_else(NumberSet::empty))
    };
    for (start, values) in [
        // The clinic visit at which it was prescribed, or that of the day.
        ("2025-06-10", &[1][..]),
        ("2025-07-01", &[2]),
        ("2026-02-01", &[3]),
        // None before it: the first after it.
        ("2025-05-10", &[1]),
        // Of an imprecise start, every visit that may be it.
        ("2025-06", &[1]),
        ("2025-07", &[2]),
        ("2025", &[1, 2, 3]),
        ("2024", &[1]),
    ] {
        let (held, notices) = at_start_of("alpha", &format!("[{{drug: alpha, start: {start}}}]"));
        assert_eq!(held, strength(values), "{start}");
        assert_eq!(notices.len(), usize::from(values.len() > 1), "{start}: {notices:?}");
    }
    let (_, notices) = at_start_of("alpha", "[{drug: alpha, start: 2025}]");
    assert_eq!(
        notices,
        ["the course of alpha began on some day from 2025-01-01 to 2025-12-31, so the baseline may be the visit of \
          2025-06-01 or 2025-07-01 or 2025-08-01"]
    );
    // The newest course; perhaps it is that of the second entry alone, perhaps both are one.
    let two = "[{drug: alpha, start: 2025-05-01, stop: STOP, stopped_for: other}, {drug: alpha, start: 2025-07-20}]";
    assert_eq!(at_start_of("alpha", &two.replace("STOP", "2025-06-01")).0, strength(&[2]));
    assert_eq!(at_start_of("alpha", &two.replace("STOP", "2025-07-01")).0, strength(&[1]));
    assert_eq!(at_start_of("alpha", &two.replace("STOP", "2025-06")).0, strength(&[1, 2]));
    let (held, notices) = at_start_of("gamma", "[]");
    assert_eq!(held, Held::Number(NumberSet::between(Number::whole(0), Number::whole(100))));
    assert_eq!(notices, ["the record has no course of gamma, so there is no baseline visit"]);
}

/// The rules of a course read the visit at which it was prescribed.
#[test]
fn the_baseline_inside_a_course() {
    let mut bench = Bench::with(vec![row(ALPHA)], true);
    let fact = bench.engine.catalog().find("strength").unwrap_or_else(|| panic!("strength"));
    let baseline = SlotSource::Fact { fact, when: Time::Baseline, part: Part::Value };
    let empty = from_model::lower(&Guideline { blocks: Vec::new(), ..bench.guideline.clone() }, bench.engine.catalog());
    bench.lowered.course = Some(Box::new(rules(&empty, true, Some(baseline))));
    for (course, state) in [
        // At the visits: no response, nothing that is worked out, a response.
        ("start: 2025-06-10, stop: 2025-12-10", "failed"),
        ("start: 2025-08-01, stop: 2025-12-10", "worked"),
        ("start: 2025-05-10, stop: 2025-12-10", "failed"),
        ("start: 2025-06, stop: 2025-12-10", "failed"),
        ("start: 2025-08-10, stop: 2025-12-10", "worked"),
        // What comes after its end is not looked at.
        ("start: 2025-05-10, stop: 2025-05-20", "failed worked inadequate"),
        ("start: 2025-04, stop: 2025-05", "failed worked inadequate"),
    ] {
        let text = format!(
            "visits: [{{date: 2025-06-01, strength: 10}}, {{date: 2025-07-01, strength: 30}}, {{date: 2025-08-01, \
             strength: 50}}]\ntherapies: [{{drug: alpha, {course}, stopped_for: other}}]"
        );
        let told = told(&mut bench, ALPHA, &text);
        assert_eq!(told.split(" (").next(), Some(state), "{course}");
    }
}
