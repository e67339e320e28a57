//! Long lists of entries.

use std::fmt::Write as _;

use myoguide::model::CourseState;
use myoguide::value::Truth;

use super::{ALPHA, BOTH, Bench, FairTrialRow, at_least, row, told, weeks, words};

fn bench() -> Bench {
    let row = |therapy| FairTrialRow { length: Some(at_least(weeks(12))), ..row(therapy) };
    Bench::new(vec![row(ALPHA), row(BOTH)])
}

/// Entries of half a year each, the first of them with what is said of it, from 1930 on.
fn many(drug: &str, first: &str, count: usize) -> String {
    let mut text = String::new();
    for at in 0..count {
        let year = 1930 + at;
        let rest = if at == 0 { first } else { "stopped_for: other, outcome: partial" };
        let _ = write!(text, "{{drug: {drug}, start: {year}-01-01, stop: {year}-07-01, {rest}}}, ");
    }
    text
}

#[test]
fn every_certain_entry_is_read() {
    let mut bench = bench();
    for (first, state) in [
        ("stopped_for: other, outcome: no_response", "failed"),
        ("stopped_for: intolerance, outcome: partial", "not_tolerated"),
        ("stopped_for: other, outcome: partial", "inadequate"),
    ] {
        let alpha = many("alpha", first, 90);
        assert_eq!(told(&mut bench, ALPHA, &format!("therapies: [{alpha}]")), state);
        let both = format!("therapies: [{alpha}{}]", many("beta", first, 90));
        assert_eq!(told(&mut bench, BOTH, &both), state);
    }
}

#[test]
fn too_many_ways_are_told() {
    let mut bench = bench();
    // Each gap may be of four weeks, or longer.
    let mut list = String::new();
    for at in 0..9 {
        let year = 2000 + at;
        let _ = write!(list, "{{drug: alpha, start: {year}-02-10, stop: {year}-06-01, stopped_for: other}}, ");
        let _ = write!(list, "{{drug: alpha, start: {year}-06, stop: {year}-11, stopped_for: other}}, ");
        let _ = write!(list, "{{drug: alpha, start: {year}-12-15, stop: {year}-12-20, stopped_for: other}}, ");
    }
    let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\ntherapies: [{list}]"));
    let found = bench.found(&record, ALPHA);
    assert_eq!(found.state.len(), CourseState::ALL.len(), "{}", words(found.state));
    assert_eq!(found.taking, Truth::NO);
    assert_eq!(
        bench.bind(&record).notices,
        [
            "the days of alpha leave more than 64 ways in which its courses may have run, so nothing is said of them: exact \
          first and last days would settle it"
        ]
    );
}
