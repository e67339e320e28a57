//! A ladder of fifteen drugs and an algorithm over it, of a patient of whom little is known.

use std::fmt::Write as _;
use std::time::Instant;

use myoguide::diagnostics::draw::draw;
use myoguide::engine::Engine;
use myoguide::eval::{Baseline, Subject, evaluate};
use myoguide::library::Library;
use myoguide::model::Item;

/// Its files: facts, drugs, rules.
fn files() -> [String; 3] {
    let mut facts = String::new();
    for at in 0..12 {
        let kind = "type: yes or no, recorded: facts, source: definition";
        let _ = writeln!(facts, "fact_{at}: {{label: Fact {at}, question: Is it so?, {kind}}}");
    }
    let mut drugs = String::new();
    for at in 0..15 {
        let _ = writeln!(drugs, "drug_{at}: {{label: drug {at}}}");
    }
    let mut rules = String::from(HEAD);
    for line in 0..3 {
        let _ = writeln!(rules, "  line line_{line}");
        for option in 0..4 {
            let _ = writeln!(rules, "    option drug_{}", line * 4 + option);
        }
        let _ = writeln!(rules, "    option drug_{} + drug_{}", line * 4, line * 4 + 1);
    }
    for at in 0..12 {
        let word = ["contraindicated", "avoid"][at % 2];
        let other = (at * 5 + 1) % 15;
        let _ = writeln!(rules, "{word} rule_{at}: drug_{at}, drug_{other} when fact_{at}  [local example]");
    }
    rules.push_str(ALGORITHM);
    for step in 0..10 {
        let (a, b) = (["a", "b", "c"][step % 3], ["c", "a", "b"][step % 3]);
        let to = |at: usize| if at < 10 { format!("step step_{at}") } else { "conclude b".to_owned() };
        let _ = writeln!(rules, "  step step_{step}");
        let both = format!("all of fact_{step}, fact_{}", (step + 3) % 12);
        let _ = writeln!(rules, "    when {both} -> {} and also conclude {a}", to(step + 1));
        let _ = writeln!(rules, "    when big is line_{} -> conclude {b}", step % 3);
        let _ = writeln!(rules, "    otherwise -> {}", to(step + 2));
    }
    [facts, drugs, rules]
}

const HEAD: &str = "\
prefer one: drug_3 over drug_4 when fact_0  [local example]
prefer two: drug_8 over drug_9, drug_7 when fact_1  [local example]
ladder big \"Big\"  [local example]
  for patients when fact_2
  optional drug_14
  next line when one option of the line has failed, or none is left
";

const ALGORITHM: &str = "\
algorithm path \"Path\"  [local example]
  conclusion a
  conclusion b
  conclusion c
";

const INFO: &str = "\
id: small
release: 1.0.0
language: 1
title: A large ladder
about: An example.
status: draft
answers: [big, path]
local_choices: {example: An example.}
";

#[test]
fn a_large_ladder_is_answered_exactly() {
    let [facts, drugs, rules] = files();
    let texts = [
        ("dictionary/t.yaml", facts.as_str()),
        ("formulary/t.yaml", &drugs),
        ("small/1.0.0/t.rules", &rules),
        ("small/1.0.0/guideline.yaml", INFO),
    ];
    let mut engine = Engine::open(&Library::of_texts(texts));
    engine.load_everything();
    assert!(!engine.has_errors(), "{}", draw(engine.sources(), engine.diagnostics(), false));
    let one = "therapies: [{drug: drug_0, start: 2025-01-01}]\nfacts: {fact_2: yes}";
    for record in ["", "therapies: []", one, &format!("therapies_complete: no\n{one}")] {
        let file = engine.add_text("record.yaml", format!("id: nobody\nas_of: 2026-03-01\n{record}\n"));
        let read = engine.read_records(file).remove(0).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        for guideline in engine.guidelines() {
            let begun = Instant::now();
            let subject =
                Subject { guideline: &guideline.guideline, lowered: &guideline.lowered, catalog: engine.catalog() };
            let evaluation = evaluate(subject, &read, Baseline::Marked);
            println!("{:?} for {record:?}", begun.elapsed());
            assert_eq!(evaluation.items.len(), guideline.lowered.items.len());
            for (item, answer) in &evaluation.items {
                // Of what is only drawn, or hangs on very many facts, little is told apart.
                let few = matches!(item, Item::Step(..) | Item::Branch(..)) || answer.because.len() > 24;
                assert!(answer.exact || few, "{item:?} is {:?} of {record:?}, and not exact", answer.held);
            }
        }
    }
}
