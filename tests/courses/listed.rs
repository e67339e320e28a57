//! Long lists of entries, and entries that overlap.

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

#[test]
fn which_of_two_that_overlap_counts() {
    let mut bench = bench();
    let mut notices = |first: &str, second: &str| {
        let list = format!("[{{drug: alpha, {first}}}, {{drug: alpha, {second}}}]");
        let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\ntherapies: {list}"));
        (words(bench.found(&record, ALPHA).state), bench.bind(&record).notices)
    };
    let first = "start: 2025-01-01, stop: 2025-06-01, stopped_for: other, outcome: no_response";
    for (second, state, notice) in [
        (
            "start: 2025-05-01, stop: 2025-12-01, stopped_for: other, outcome: response",
            "worked",
            "outcomes: the last to end counts: that from 2025-05-01 to 2025-12-01",
        ),
        (
            "start: 2025-05-01, stop: 2025-05-20, stopped_for: intolerance, outcome: response",
            "failed",
            "outcomes and reasons for stopping: the last to end counts: that from 2025-01-01 to 2025-06-01",
        ),
        (
            "start: 2025-05-01, stop: 2025-12-01, stopped_for: intolerance",
            "not_tolerated",
            "reasons for stopping: the last to end counts: that from 2025-05-01 to 2025-12-01",
        ),
        (
            "start: 2025-05-01, outcome: response",
            "running",
            "outcomes: the last to end counts: that from 2025-05-01 on",
        ),
        (
            "start: 2025-01-01, stop: 2025-06-01, stopped_for: other, outcome: response",
            "failed worked",
            "outcomes: the last to end counts, and that may be that from 2025-01-01 to 2025-06-01, or that from \
             2025-01-01 to 2025-06-01",
        ),
        // One follows the other; they agree; nothing is said of one.
        ("start: 2025-06-01, stop: 2025-12-01, stopped_for: other, outcome: response", "worked", ""),
        ("start: 2025-05-01, stop: 2025-12-01, stopped_for: other, outcome: no_response", "failed", ""),
        ("start: 2025-05-01, outcome: unknown", "running failed", ""),
    ] {
        let (found, told) = notices(first, second);
        assert_eq!(found, state, "{second}");
        let expected = format!("courses of alpha overlap and record different {notice}");
        let expected = if notice.is_empty() { Vec::new() } else { vec![expected] };
        assert_eq!(told, expected, "{second}");
    }
}
