//! What the blocks about treatment mean: therapies as numbers of the formulary, classes as their members, names bound.

use std::fmt::Write as _;

use myoguide::diagnostics::Severity;
use myoguide::diagnostics::draw::draw;
use myoguide::model::{BlockKind, CourseState, CourseWord, Guideline, Therapy, Type};
use myoguide::record::{Outcome, StopReason};

use proptest::prelude::*;

use super::small::{Resolved, Small, numbered};
use super::{corpus, exchange};
use crate::support::{compact, run_corpus};

#[test]
fn treatment_means_what_it_says() -> Result<(), String> {
    let count = run_corpus("model/meaning", |name, text| {
        let resolved = Small::new(name, text).resolved();
        if !resolved.messages.is_empty() {
            return Err(draw(&resolved.sources, &resolved.messages, false));
        }
        Ok(format!("{}\n{}", numbered(text), meaning(&resolved)))
    })?;
    assert!(count >= 4, "only {count} files");
    Ok(())
}

/// Every block in order, without places; then the therapies.
fn meaning(resolved: &Resolved) -> String {
    let Resolved { guideline, catalog, .. } = resolved;
    let mut report = String::new();
    for (at, block) in guideline.blocks.iter().enumerate() {
        let _ = writeln!(report, "{at} {}: {:?}", block.name.value, block.gives);
        let _ = writeln!(report, "    {}", without_nodes(&compact(&format!("{:?}", block.kind))));
    }
    report.push_str("\ntherapies\n");
    for (at, therapy) in guideline.therapies.iter().enumerate() {
        let names: Vec<&str> = therapy.parts.iter().map(|part| catalog.treatment_name(*part)).collect();
        let _ = writeln!(report, "{at} {}", names.join(" + "));
    }
    report
}

/// Without the numbers of nodes, which change with every line.
fn without_nodes(text: &str) -> String {
    let mut pieces = text.split("id: NodeId(");
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        shown.push_str(piece.split_once("), ").map_or(piece, |(_, rest)| rest));
    }
    shown
}

fn resolved(text: &str) -> Resolved {
    let resolved = Small::new("small", text).resolved();
    assert!(resolved.messages.is_empty(), "{}", draw(&resolved.sources, &resolved.messages, false));
    resolved
}

fn place(guideline: &Guideline, name: &str) -> usize {
    guideline.blocks.iter().position(|block| block.name.value == name).unwrap_or(usize::MAX)
}

#[test]
fn the_words_of_a_record_stand_in_the_order_of_their_values() {
    let outcomes: Vec<&str> = Outcome::WORDS.iter().map(|(word, _)| *word).collect();
    assert_eq!(CourseWord::Outcome.values(), outcomes);
    assert_eq!(CourseWord::OutcomeRecorded.values(), outcomes);
    let reasons: Vec<&str> = StopReason::WORDS.iter().map(|(word, _)| *word).chain(["not_stopped"]).collect();
    assert_eq!(CourseWord::StoppedFor.values(), reasons);
    for word in CourseWord::ALL {
        assert_eq!(CourseWord::find(word.word()), Some(word));
        assert_eq!(matches!(word.gives(), Type::Choice(_)), !word.values().is_empty());
    }
    for (at, state) in (0_u8..).zip(CourseState::ALL) {
        assert_eq!(state.position(), at);
    }
}

#[test]
fn a_ladder_comes_after_what_it_rests_on() {
    let text = "\
ladder lines \"Lines\" [rider_2017]
  line first \"First\"
    option methotrexate
    next line when none is left

promise safe \"Safe\": never offer methotrexate when heliotrope

caution late: methotrexate \"with care\" on lines when lines is first [rider_2017]

avoid with_a_rash: immunosuppressant when rash [rider_2017]

contraindicated elsewhere: methotrexate on others when heliotrope [rider_2017]

finding rash \"A rash\" [rider_2017]
  heliotrope

course failed when outcome is worse [rider_2017]

regimen others \"Others\" [rider_2017]
  give prednisone
";
    let Resolved { guideline, .. } = resolved(text);
    let lines = place(&guideline, "lines");
    for before in ["course_failed", "with_a_rash", "rash"] {
        assert!(place(&guideline, before) < lines, "{before}");
    }
    for after in ["late", "safe"] {
        assert!(place(&guideline, after) > lines, "{after}");
    }
    let ladder = guideline.find("late").map(|block| &block.kind);
    assert!(matches!(ladder, Some(BlockKind::Against(late)) if late.ladder.map(|id| id.0 as usize) == Some(lines)));
}

#[test]
fn rules_reach_therapies_by_part_class_and_combination() {
    let text = "\
avoid class: biologic when heliotrope [rider_2017]

avoid both: methotrexate + azathioprine when heliotrope [rider_2017]

prefer first: mycophenolate over immunosuppressant when heliotrope [rider_2017]

ladder lines \"Lines\" [rider_2017]
  line one \"One\"
    option methotrexate
    option azathioprine + methotrexate
    option rituximab + methotrexate
    option mycophenolate
";
    let Resolved { guideline, catalog, .. } = resolved(text);
    let spoken = |rule: &str, therapy: &str| {
        let mut parts: Vec<_> = therapy.split(" + ").filter_map(|name| catalog.find_treatment(name)).collect();
        parts.sort_unstable();
        let therapy = Therapy { parts: parts.into() };
        let at = (0..).zip(&guideline.therapies).find(|(_, known)| **known == therapy).map(|(at, _)| at);
        let (Some(rule), Some(at)) = (guideline.find(rule), at) else { return None };
        let lines = myoguide::model::BlockId(u32::try_from(place(&guideline, "lines")).ok()?);
        Some(guideline.speaks_of(rule, lines, myoguide::model::TherapyId(at)))
    };
    assert_eq!(spoken("class", "rituximab + methotrexate"), Some(true));
    assert_eq!(spoken("class", "methotrexate"), Some(false));
    assert_eq!(spoken("both", "methotrexate"), Some(false));
    assert_eq!(spoken("both", "methotrexate + azathioprine"), Some(true));
    assert_eq!(spoken("first", "methotrexate"), Some(true));
    assert_eq!(spoken("first", "mycophenolate"), Some(false), "not over itself");
}

/// Nothing is lost without a word: without an error every block that was written is there.
fn is_whole_or_told(text: &str) {
    let Resolved { sources, guideline, messages, .. } = Small::new("mixed", text).resolved();
    if messages.iter().any(|message| message.severity == Severity::Error) {
        return;
    }
    let rules = sources.files().filter(|file| sources.path(*file).ends_with("mixed.rules"));
    let written: usize = rules.map(|file| myoguide::syntax::parse(&sources, file).module.blocks.len()).sum();
    assert_eq!(guideline.blocks.len(), written, "a block is lost without a word:\n{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn mixed_up_treatment_ends_in_a_meaning_or_a_message(
        file in 0_usize..1000,
        other in 0_usize..1000,
        changes in prop::collection::vec((0_usize..10_000, 0_usize..10_000), 1..6),
    ) {
        let files = corpus("meaning");
        let pick = |at: usize| files.get(at % files.len()).map(|(_, text)| text.as_str()).unwrap_or_default();
        is_whole_or_told(&exchange(pick(file), pick(other), &changes));
    }

    #[test]
    fn treatment_with_lines_out_of_place_ends_in_a_meaning_or_a_message(
        file in 0_usize..1000,
        other in 0_usize..1000,
        order in prop::collection::vec(0_usize..10_000, 1..60),
    ) {
        let files = corpus("meaning");
        let pick = |at: usize| files.get(at % files.len()).map(|(_, text)| text.as_str()).unwrap_or_default();
        let lines: Vec<&str> = pick(file).lines().chain(pick(other).lines()).collect();
        let text: Vec<&str> = order.iter().filter_map(|at| lines.get(at % lines.len().max(1))).copied().collect();
        is_whole_or_told(&text.join("\n"));
    }
}
