//! Trees written as YAML and read back.

use myoguide::source::SourceMap;
use myoguide::yaml::{self, Tree, write};
use proptest::prelude::*;

fn read_back(text: &str) -> Vec<Tree> {
    let mut sources = SourceMap::default();
    let file = sources.add("written.yaml", text);
    match yaml::read(&sources, file) {
        Ok(documents) => documents.iter().map(Tree::from).collect(),
        Err(mistakes) => panic!("{text}\n{mistakes:#?}"),
    }
}

fn text(text: &str) -> Tree {
    Tree::text(text)
}

#[test]
fn a_text_is_quoted_only_where_it_must_be() {
    for plain in
        ["yes", "no", "010", "1450 U/L", "2026-03-01", "-5", "20 mg/week", "a:b", "above 8000 U/L", "95 %", "2 > 1"]
    {
        assert_eq!(write(&text(plain)), format!("{plain}\n"));
    }
    for quoted in
        ["", "~", "null", "- a", "-", "--- a", "a: b", "a:", "a #b", "[a", "a, b", " a", "a ", "*a", "&a", "!a", "%a"]
    {
        assert_eq!(write(&text(quoted)), format!("\"{quoted}\"\n"));
    }
    assert_eq!(write(&text("a\n\"b\"\\\t")), "\"a\\n\\\"b\\\"\\\\\\t\"\n");
}

#[test]
fn what_is_short_and_inside_stands_on_one_line() {
    let short = Tree::group([("value", text("1450 U/L")), ("upper_limit", text("170 U/L"))]);
    let visit = Tree::group([("date", text("2026-03-01")), ("ck", short.clone()), ("empty", Tree::List(Vec::new()))]);
    let given = Tree::List(vec![text("2025-09-01"), text("2025-10-01")]);
    let record = Tree::group([
        ("facts", short),
        ("visits", Tree::List(vec![visit, Tree::group([("mmt8", text("118"))])])),
        ("given", given),
        ("nothing", Tree::Nothing),
        ("none", Tree::group::<String>([])),
    ]);
    insta::assert_snapshot!(write(&record), @r"
    facts:
      value: 1450 U/L
      upper_limit: 170 U/L
    visits:
      - date: 2026-03-01
        ck: {value: 1450 U/L, upper_limit: 170 U/L}
        empty: []
      - {mmt8: 118}
    given: [2025-09-01, 2025-10-01]
    nothing: null
    none: {}
    ");
}

/// Words as they stand in records, and letters that mean something in YAML.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z_]{1,8}",
        3 => "[-+?:,\\[\\]{}#&*!|>'\"%@`=<~./ a0\\\\\n\t]{0,6}",
        1 => any::<String>().prop_map(|text| text.chars().take(12).collect()),
        1 => prop::sample::select(vec!["null", "~", "yes", "---", "...", "--- a", "... a", "<<", "-5", "- 5", "é: ü", "\u{2028}"]).prop_map(str::to_owned),
    ]
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![6 => words().prop_map(Tree::Text), 1 => Just(Tree::Nothing)];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let key = words().prop_filter("a key is never empty", |key| !key.is_empty());
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Tree::List),
            prop::collection::btree_map(key, inner, 0..5)
                .prop_map(|entries| Tree::Group(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(tree in trees()) {
        let written = write(&tree);
        prop_assert_eq!(read_back(&written), vec![tree], "{}", written);
    }
}
