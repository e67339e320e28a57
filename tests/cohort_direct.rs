//! The short way of flat rows beside the ordinary one: the same bytes, whatever stands in a row.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::oracle::Dice;
use myoguide::catalog::{FactId, FactKind, RecordedIn};
use myoguide::cohort::direct::Direct;
use myoguide::cohort::input::{Files, Input, Mapped};
use myoguide::cohort::mapping::{self, Mapping};
use myoguide::cohort::run::{Evaluating, Out, Shape, Tally, Task, Work, select};
use myoguide::diagnostics::draw::draw;
use myoguide::engine::{Engine, Options};
use myoguide::library::Library;
use myoguide::plan::{Slot, SlotSource};

/// What a registry asks.
struct Asked<'a> {
    library: Library,
    guideline: &'a str,
    select: &'a [&'a str],
    mapping: &'a Path,
}

/// Both ways over the same rows: the lines of each, and how many rows went the short way.
fn both(asked: &Asked<'_>, rows: &str) -> (Vec<u8>, Vec<u8>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let main = folder.path().join("rows.ndjson");
    fs::write(&main, rows).unwrap();
    let mut engine = Engine::open(&asked.library);
    let names = engine.ask(&[asked.guideline.to_owned()]).unwrap();
    let ready = engine.make_ready(&names);
    let text = fs::read_to_string(asked.mapping).unwrap();
    let mapping: Mapping = mapping::read(&mut engine, "mapping.yaml", text)
        .unwrap_or_else(|mistakes| panic!("{}", draw(engine.sources(), &mistakes, false)));
    let selected: Vec<String> = asked.select.iter().map(|name| (*name).to_owned()).collect();
    let chosen = select(&engine, &ready, &selected).unwrap();
    let task = Arc::new(Task {
        ready,
        named: true,
        options: Options::default(),
        at_visits: false,
        shape: Shape::Brief(chosen),
        trace: false,
        strict: false,
        summary: false,
        by: None,
        twins: false,
    });
    let open = || {
        let files = Files { main: main.clone(), others: BTreeMap::new() };
        Mapped::open(&mapping, &files, false).unwrap().in_blocks_of(1)
    };
    let (mut ordinary, mut short) = (Out::default(), Out::default());
    // A code that nobody explained ends a run. Here the next row goes on.
    let (mut of_ordinary, mut of_short_way) = (Vec::new(), Vec::new());
    let mut input = open();
    let mut worker = Evaluating::new(&engine, &input, &task);
    let mut tally = Tally::default();
    while let Some(block) = input.next_block().unwrap() {
        worker.block(&block, &mut ordinary, &mut tally);
        of_ordinary.extend(ordinary.stopped.take());
    }
    let mut input = open();
    let mapping = Arc::new(mapping.clone());
    let mut worker = Direct::new(Evaluating::new(&engine, &input, &task), &mapping, &Arc::default());
    let mut of_short = Tally::default();
    while let Some(block) = input.next_block().unwrap() {
        worker.block(&block, &mut short, &mut of_short);
        of_short_way.extend(short.stopped.take());
    }
    assert_eq!(of_ordinary, of_short_way);
    assert_eq!(tally, of_short);
    (ordinary.lines, short.lines, worker.short_rows())
}

fn demand_same(asked: &Asked<'_>, rows: &str, least: usize) -> usize {
    let (ordinary, short, count) = both(asked, rows);
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
    for (ordinary, short) in lines(&ordinary).iter().zip(lines(&short)) {
        assert_eq!(*ordinary, short);
    }
    assert_eq!(ordinary, short);
    assert!(count >= least, "only {count} rows went the short way");
    count
}

/// Rows of a mapping: plain values mostly, some left out, some that are odd.
fn rows(columns: &[(&str, &[&str])], count: usize, seed: u64) -> String {
    const ODD: [&str; 16] = [
        "null",
        "\"\"",
        "-9",
        "99",
        "999",
        "\"unknown\"",
        "1e3",
        "0.12345678",
        "-0",
        "004",
        "00.5",
        "true",
        "\"maybe\"",
        "100000000",
        "[1]",
        "\"12\"",
    ];
    let mut dice = Dice::new(seed);
    let mut text = String::new();
    for number in 0..count {
        let mut cells = Vec::new();
        let holes = *dice.pick(&[2, 10, 50]);
        let odd = dice.once_in(8);
        // As many programs write JSON.
        let spaced = dice.once_in(3);
        let mut order: Vec<&(&str, &[&str])> = columns.iter().collect();
        if dice.once_in(20) {
            order.reverse();
        }
        for (name, values) in order {
            if dice.once_in(holes) {
                continue;
            }
            let value = if odd && dice.once_in(30) { *dice.pick(&ODD) } else { *dice.pick(values) };
            let blank = if spaced || (odd && dice.once_in(60)) { " " } else { "" };
            cells.push(format!("{blank}\"{name}\":{blank}{value}"));
        }
        if dice.once_in(100) {
            cells.push("\"nobody_knows\":1".to_owned());
        }
        // The name mostly comes first.
        let place = if dice.once_in(20) { cells.len() } else { 0 };
        let zeros = if dice.once_in(400) { "00" } else { "" };
        cells.insert(place, format!("\"id\":{zeros}{number}"));
        let _ = writeln!(text, "{{{}}}", cells.join(","));
    }
    text
}

const SCORE: &[&str] = &["0", "0.25", "1", "1.5", "2", "2.75", "4", "5", "6.25", "7", "8", "10"];
const STRENGTH: &[&str] = &["0", "20", "40", "58", "59", "60", "62", "70", "71", "72", "76", "80"];
const FUNCTION: &[&str] = &["0", "0.125", "0.5", "1", "1.375", "2", "2.5", "3"];
const ENZYME: &[&str] = &["20", "71", "145", "170", "300", "800", "850", "1450", "2000", "4200"];
const WEEKS: &[&str] = &["0", "5", "11", "12", "13", "40"];
const YES_NO: &[&str] = &["true", "false"];

/// The columns of the measuring load.
fn columns() -> Vec<(&'static str, &'static [&'static str])> {
    let mut columns: Vec<(&str, &[&str])> = vec![
        ("age", &["18", "60", "74", "75", "85"]),
        ("sex", &["\"F\"", "\"M\""]),
        ("subtype", &["\"dm\"", "\"pm\"", "\"imnm\"", "\"asys\"", "\"ibm\""]),
        ("autoab", &["\"none\"", "\"jo1\"", "\"mda5\"", "\"hmgcr\""]),
    ];
    for (names, values) in [
        (["pg0", "pg1"], SCORE),
        (["pt0", "pt1"], SCORE),
        (["mmt0", "mmt1"], STRENGTH),
        (["haq0", "haq1"], FUNCTION),
        (["ck0", "ck1"], ENZYME),
    ] {
        columns.extend(names.map(|name| (name, values)));
    }
    columns.push(("uln", &["145", "170", "200", "308"]));
    columns.extend([("em0", SCORE), ("em1", SCORE)]);
    for (weeks, adequate) in [
        ("w_mtx", "a_mtx"),
        ("w_aza", "a_aza"),
        ("w_mmf", "a_mmf"),
        ("w_tac", "a_tac"),
        ("w_csa", "a_csa"),
        ("w_mtxaza", "a_mtxaza"),
        ("w_rtx", "a_rtx"),
        ("w_cyc", "a_cyc"),
        ("w_rci", "a_rci"),
    ] {
        columns.extend([(weeks, WEEKS), (adequate, YES_NO)]);
    }
    columns.extend([
        ("preg", YES_NO),
        ("egfr", &["15", "29", "30", "44", "45", "59", "60", "120"]),
        ("infect", YES_NO),
        ("ild", YES_NO),
        ("tpmt", &["\"normal\"", "\"intermediate\"", "\"deficient\""]),
        ("hbv", YES_NO),
        ("malig", YES_NO),
        ("oed", YES_NO),
        ("fat", &["0", "1", "2", "3"]),
        ("biopsy", &["\"perifascicular\"", "\"rimmed_vacuoles\"", "\"normal\""]),
    ]);
    columns
}

const SELECTED: &[&str] = &[
    "pts_pg",
    "pts_pt",
    "pts_mmt",
    "pts_haq",
    "pts_ck",
    "pts_em",
    "tis",
    "cat",
    "doi",
    "act",
    "rung",
    "tac_first",
    "cyc_first",
    "next",
];

#[test]
fn the_measuring_load_has_the_lines_of_the_ordinary_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/workload");
    let asked = Asked {
        library: Library::open(root.join("rules")).unwrap(),
        guideline: "workload",
        select: SELECTED,
        mapping: &root.join("mapping.yaml"),
    };
    demand_same(&asked, &rows(&columns(), 4000, 7), 3000);
    let sets = Asked { guideline: "workload_sets", ..asked };
    demand_same(&sets, &rows(&columns(), 1000, 8), 100);
}

const MAPPING: &str = "\
mapping: A small registry
format: ndjson
id: id
as_of: 2026-07-01
duplicates: each
codes: {-9: unknown, -7: not done}
visits:
  before: {date: 2026-01-01, role: baseline}
  after: {date: 2026-07-01}
columns:
  age: age
  md0: {fact: physician_global, visit: before}
  md1: {fact: physician_global, visit: after}
  pt0: {fact: patient_global, visit: before}
  pt1: {fact: patient_global, visit: after}
  mmt0: {fact: mmt8, visit: before}
  mmt1: {fact: mmt8, visit: after}
  haq0: {fact: haq, visit: before}
  haq1: {fact: haq, visit: after}
  ck0: {fact: ck, visit: before, upper_limit: uln}
  ck1: {fact: ck, visit: after, upper_limit: uln}
  ex0: {fact: extramuscular_global, visit: before}
  ex1: {fact: extramuscular_global, visit: after}
";

#[test]
fn a_shipped_guideline_has_the_lines_of_the_ordinary_way() {
    let folder = tempfile::tempdir().unwrap();
    let mapping = folder.path().join("mapping.yaml");
    fs::write(&mapping, MAPPING).unwrap();
    let columns: Vec<(&str, &[&str])> = vec![
        ("age", &["17", "18", "40", "70"]),
        ("md0", SCORE),
        ("md1", SCORE),
        ("pt0", SCORE),
        ("pt1", SCORE),
        ("mmt0", STRENGTH),
        ("mmt1", STRENGTH),
        ("haq0", FUNCTION),
        ("haq1", FUNCTION),
        ("ck0", ENZYME),
        ("ck1", ENZYME),
        ("uln", &["145", "170", "200"]),
        ("ex0", SCORE),
        ("ex1", SCORE),
    ];
    let asked = Asked {
        library: Library::embedded(),
        guideline: "acr_eular_response@2016.1",
        select: &["total_improvement_score", "response"],
        mapping: &mapping,
    };
    demand_same(&asked, &rows(&columns, 600, 9), 0);
}

/// A mapping of facts that a guideline reads, as many as there are dice for, and what may stand in its columns.
fn mapping_of(engine: &Engine, slots: &[Slot], dice: &mut Dice) -> (String, Vec<(String, Vec<String>)>) {
    let mut facts: Vec<FactId> = Vec::new();
    for slot in slots {
        if let SlotSource::Fact { fact, .. } = slot.source
            && !facts.contains(&fact)
        {
            facts.push(fact);
        }
    }
    dice.shuffle(&mut facts);
    let mut mapping = "format: ndjson\nid: id\nas_of: 2026-07-01\nduplicates: each\nvisits: \
                       {a: {date: 2026-01-01, role: baseline}, b: {date: 2026-06-20}}\ncolumns:\n"
        .to_owned();
    let mut columns = Vec::new();
    for fact in facts.into_iter().take(12).filter_map(|fact| engine.catalog().fact(fact)) {
        let name = &fact.id.value;
        let (values, limit) = match &fact.kind {
            FactKind::Choice { yes_no: true, .. } => (YES_NO.iter().map(|word| (*word).to_owned()).collect(), false),
            FactKind::Choice { .. } => (fact.kind.names().map(|word| format!("\"{word}\"")).collect(), false),
            FactKind::Number(kind) => {
                let fits = |number: &&&str| number.parse().is_ok_and(|number| kind.range.contains(number));
                let numbers = ["0", "1", "2", "3", "5", "10", "20", "45", "60", "80", "120", "180", "900", "4000"];
                (numbers.iter().filter(fits).map(|number| (*number).to_owned()).collect(), kind.upper_limit)
            }
            FactKind::Date => continue,
        };
        let values: Vec<String> = values;
        if values.is_empty() {
            continue;
        }
        let visits: &[&str] = if fact.recorded == RecordedIn::Visits { &["a", "b"] } else { &[""] };
        for visit in visits {
            let at = if visit.is_empty() { String::new() } else { format!(", visit: {visit}") };
            let over = if limit { format!(", upper_limit: {name}_limit_{visit}") } else { String::new() };
            let _ = writeln!(mapping, "  {name}_{visit}: {{fact: {name}{at}{over}}}");
            columns.push((format!("{name}_{visit}"), values.clone()));
            if limit {
                columns.push((format!("{name}_limit_{visit}"), ["40", "180", "200"].map(str::to_owned).to_vec()));
            }
        }
    }
    (mapping, columns)
}

/// Answers that look at what was ever so, or at the highest of several visits, among them.
#[test]
fn every_shipped_guideline_has_the_lines_of_the_ordinary_way() {
    let mut dice = Dice::new(13);
    let library = Library::embedded();
    let mut engine = Engine::open(&library);
    engine.load_everything();
    let mut short = 0;
    for (at, loaded) in engine.guidelines().iter().cycle().take(3 * engine.guidelines().len()).enumerate() {
        let release = format!("{}@{}", loaded.guideline.info.id.value, loaded.guideline.info.release.value);
        let (text, columns) = mapping_of(&engine, &loaded.lowered.plan.slots, &mut dice);
        let folder = tempfile::tempdir().unwrap();
        let mapping = folder.path().join("mapping.yaml");
        fs::write(&mapping, text).unwrap();
        let answers = loaded.guideline.answers.iter().filter_map(|id| loaded.guideline.block(*id));
        let mut names: Vec<&str> = answers.map(|block| block.name.value.as_str()).collect();
        dice.shuffle(&mut names);
        names.truncate(2);
        let asked = Asked { library: library.clone(), guideline: &release, select: &names, mapping: &mapping };
        let values: Vec<Vec<&str>> =
            columns.iter().map(|(_, values)| values.iter().map(String::as_str).collect()).collect();
        let columns: Vec<(&str, &[&str])> =
            columns.iter().zip(&values).map(|((name, _), values)| (name.as_str(), values.as_slice())).collect();
        short += demand_same(&asked, &rows(&columns, 400, at as u64), 0);
    }
    assert!(short > 200, "only {short} rows went the short way");
}

/// A guideline `low` with a dictionary of its own, and what the columns of its rows mean.
fn of_its_own(folder: &Path, facts: &str, answers: &str, rules: &str, columns: &str) {
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let guideline = format!(
        "{{id: low, release: 1.0.0, language: 1, title: Low, about: Low., status: draft, effective_from: 2020-01-01, \
         authors: [nobody], answers: [{answers}]}}\n"
    );
    put("rules/dictionary/own.yaml", facts);
    put("rules/evidence/own.yaml", "own: {title: Own, status: our own default, about: for this test}\n");
    put("rules/low/1.0.0/guideline.yaml", &guideline);
    put("rules/low/1.0.0/low.rules", rules);
    put("mapping.yaml", &format!("format: ndjson\nid: id\nas_of: 2026-07-01\nduplicates: each\n{columns}"));
}

/// What is below 0 over a limit that nobody knows, a number that is an answer itself, and words that are numbers with a comma.
#[test]
fn what_rows_made_up_do_not_show_has_the_lines_of_the_ordinary_way() {
    let enzyme = "ck: {label: CK, question: q, type: number, range: -10 to 5000, recorded: visits, upper_limit: yes}\n\
         mmt: {label: MMT, question: q, type: number, range: 0 to 150, recorded: visits}\n";
    let grade = |kind: &str| format!("grade: {{label: Grade, question: q, type: {kind}, recorded: facts}}\n");
    let of_grade = "as recorded number low_now \"Grade\" [own]\n  grade\n";
    for (facts, rules, mapping, columns, least) in [
        (
            enzyme,
            "as recorded finding low_now \"Low now\" [own]\n  latest ck is below 1.3 x upper limit\n",
            "visits: {a: {date: 2026-06-20}}\ncolumns:\n  ck: {fact: ck, visit: a, values: as they are}\n  \
             mmt: {fact: mmt, visit: a}\n",
            vec![("ck", &["-5", "0", "7", "300"][..]), ("mmt", &["80"][..])],
            20,
        ),
        (
            &grade("whole number, range: 0 to 3"),
            of_grade,
            "columns: {grade: grade}\n",
            vec![("grade", &["1", "3"][..])],
            20,
        ),
        (
            &grade("number, range: 0 to 10"),
            of_grade,
            "decimal: comma\ncolumns: {grade: {fact: grade, words: {\"3,5\": 2, \"1,0\": 4}}}\n",
            vec![("grade", &["1", "1.0", "3.5", "7"][..])],
            20,
        ),
        (
            &grade("number, range: 0 to 10"),
            of_grade,
            "decimal: comma\ncolumns: {grade: {fact: grade, codes: {\"3,5\": unknown}}}\n",
            vec![("grade", &["1", "3.5", "7"][..])],
            20,
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        of_its_own(folder.path(), facts, "low_now", rules, mapping);
        let asked = Asked {
            library: Library::open(folder.path().join("rules")).unwrap(),
            guideline: "low",
            select: &["low_now"],
            mapping: &folder.path().join("mapping.yaml"),
        };
        demand_same(&asked, &rows(&columns, 200, 3), least);
    }
}

/// Nothing over a limit that nobody knows is nothing, and anything else may be anything.
#[test]
fn nothing_over_an_unknown_limit_has_the_lines_of_the_ordinary_way() {
    let folder = tempfile::tempdir().unwrap();
    of_its_own(
        folder.path(),
        "ck: {label: CK, question: What is the CK?, type: number, range: 0 to 5000, recorded: visits, upper_limit: yes}\n\
         mmt: {label: MMT, question: What is the MMT?, type: number, range: 0 to 150, recorded: visits}\n",
        "low_now, low_ever",
        "finding low_now \"Low now\" [own]\n  latest ck is below 1.3 x upper limit\n\n\
         finding low_ever \"Low once\" [own]\n  ck ever is below 1.3 x upper limit\n",
        "visits: {a: {date: 2026-01-01, role: baseline}, b: {date: 2026-06-20}}\n\
         columns:\n  ck_a: {fact: ck, visit: a}\n  ck_b: {fact: ck, visit: b, upper_limit: limit_b}\n  \
         m_a: {fact: mmt, visit: a}\n  m_b: {fact: mmt, visit: b}\n",
    );
    let columns: Vec<(&str, &[&str])> = vec![
        ("ck_a", &["0", "0", "1", "300"]),
        ("ck_b", &["0", "150", "300"]),
        ("limit_b", &["100", "200", "250"]),
        ("m_a", &["80"]),
        ("m_b", &["80"]),
    ];
    let asked = Asked {
        library: Library::open(folder.path().join("rules")).unwrap(),
        guideline: "low",
        select: &["low_now", "low_ever"],
        mapping: &folder.path().join("mapping.yaml"),
    };
    let many = rows(&columns, 300, 5);
    demand_same(&asked, &many, 0);
    let now = Asked { select: &["low_now"], ..asked };
    demand_same(&now, &many, 20);
}

const READ_IN_TWO_WAYS: &str = "\
format: ndjson
id: id
as_of: 2026-07-01
duplicates: each
visits: {a: {date: 2026-01-01, role: baseline}, b: {date: 2026-07-01}}
columns:
  h0: {fact: function, visit: a}
  h1: {fact: function, visit: b}
  ck0: {fact: ck, visit: a, upper_limit: uln}
  ck1: {fact: ck, visit: b, upper_limit: uln}
";

/// A mapping in which one column is read in two ways, a number stands for another, or the name of a row is a fact too.
#[test]
fn what_is_read_in_two_ways_has_the_lines_of_the_ordinary_way() {
    let columns: Vec<(&str, &[&str])> = vec![
        ("h0", FUNCTION),
        ("h1", FUNCTION),
        ("ck0", ENZYME),
        ("ck1", ENZYME),
        ("uln", &["145", "200", "200", "999"]),
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/workload");
    for (plain, other, least) in [
        ("as_of", "as_of", 100),
        ("a, upper_limit: uln}", "a, upper_limit: uln, codes: {200: unknown}}", 0),
        ("b, upper_limit: uln}", "b, upper_limit: uln, values: as they are, codes: {200: unknown}}", 0),
        ("h0: {fact: function, visit: a}", "h0: {fact: function, visit: a, words: {2.5: 1, 1: 3}}", 20),
        ("id: id", "ignore: [id]\nid: h0", 0),
    ] {
        assert!(READ_IN_TWO_WAYS.contains(plain), "{plain}");
        let folder = tempfile::tempdir().unwrap();
        let mapping = folder.path().join("mapping.yaml");
        fs::write(&mapping, READ_IN_TWO_WAYS.replacen(plain, other, 1)).unwrap();
        let asked = Asked {
            library: Library::open(root.join("rules")).unwrap(),
            guideline: "workload",
            select: &["pts_ck", "pts_haq"],
            mapping: &mapping,
        };
        demand_same(&asked, &rows(&columns, 1000, 11), least);
    }
}
