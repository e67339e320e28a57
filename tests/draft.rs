//! Records amended and written.

use myoguide::engine::Engine;
use myoguide::library::Library;
use myoguide::record::{Draft, documents};
use myoguide::source::SourceMap;
use myoguide::value::Date;
use myoguide::yaml::Tree;

fn draft(text: &str) -> Draft {
    let mut sources = SourceMap::default();
    let file = sources.add("record.yaml", text);
    Draft::of(&documents(&sources, file)[0]).expect("the record is YAML")
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn what_is_set_is_added_and_what_stood_there_stays() {
    let mut record = draft(
        "# a comment\nid: demo\nfacts: {subtype: DM, anti_mi2: {value: unknown, known_since: 2025-05-20}}\nvisits:\n  \
         - {date: 2025-06-01, mmt8: 118, ck: 1450 U/L}\n  - date: 2026-02-20\n    physician_global: 6.2\n",
    );
    record.set_fact("anti_mi2", "yes".into());
    record.set_fact("dysphagia", "no".into());
    record.set_patient("sex", "female".into());
    record.set_at(day("2025-06-01"), "ck", Tree::group([("upper_limit", "170 U/L".into())]));
    record.set_at(day("2025-12-01"), "mmt8", "130".into());
    record.set_at(day("2026-02-20"), "mmt8", "136".into());
    record.set_baseline(day("2026-02-20"));
    record.set_baseline(day("2025-06-01"));
    record.set_judgement("overlap_disease", "no".into());
    let at = record.add_therapy(Some(Tree::group([("drug", "methotrexate".into())])));
    record.set_therapy(at, "dose", "20 mg/week".into());
    record.set_therapies_complete(true);
    record.add_declined(None);
    record.set_as_of(day("2026-03-01"));
    insta::assert_snapshot!(record.text(), @r"
    id: demo
    as_of: 2026-03-01
    patient:
      sex: female
    facts:
      subtype: DM
      anti_mi2: {value: yes, known_since: 2025-05-20}
      dysphagia: no
    visits:
      - date: 2025-06-01
        role: baseline
        mmt8: 118
        ck: {value: 1450 U/L, upper_limit: 170 U/L}
      - {date: 2025-12-01, mmt8: 130}
      - {date: 2026-02-20, physician_global: 6.2, mmt8: 136}
    therapies:
      - {drug: methotrexate, dose: 20 mg/week}
    therapies_complete: yes
    declined: []
    judgements:
      overlap_disease: no
    ");
}

/// Every record that is shipped as an example or a worked patient is the same record when it is written anew.
#[test]
fn a_record_written_anew_is_the_same_record() {
    let mut engine = Engine::open(&Library::embedded());
    for example in ["adult", "child", "half_empty", "persistent_weakness", "persistent_weakness_no_mri"] {
        let path = format!("{}/examples/{example}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap();
        let written = draft(&text).text();
        let mut read = |text: String| {
            let file = engine.add_text(&path, text);
            engine.read_records(file).remove(0).unwrap().hash(engine.catalog())
        };
        assert_eq!(read(text), read(written), "{example}");
    }
}
