//! A summary in steps tells no small count: each step holds the count that it stands for, no other number is shown, and a reader
//! who adds and subtracts everything that the summary is made of is left with each number of each step. What four patients
//! more or less would change is not seen at all.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::cohort::random;
use crate::cohort_summary::cases;
use crate::oracle::Dice;
use myoguide::cohort::input::{Counted, Input, Records, Source};
use myoguide::cohort::output::meta::Meta;
use myoguide::cohort::run::{Evaluating, Out, Shape, Tally, Task, Work};
use myoguide::cohort::summary::{self, Run, Summary};
use myoguide::engine::{Engine, Options};
use myoguide::library::Library;
use myoguide::model::Type;

/// How many cohorts each guideline is asked of.
const ROUNDS: u64 = 8;

/// The numbers of a step.
const STEP: u64 = 5;

/// Guidelines that are asked of many small cohorts.
struct Asking {
    engine: Engine,
    task: Arc<Task>,
    meta: Meta,
}

impl Asking {
    fn of(guidelines: &[&str], at_visits: bool) -> Self {
        let mut engine = Engine::open(&Library::embedded());
        let names: Vec<String> = guidelines.iter().map(|name| (*name).to_owned()).collect();
        let asked = engine.ask(&names).unwrap();
        let ready = engine.make_ready(&asked);
        let meta = Meta::of(&engine, &ready, vec!["myoguide".to_owned()], None);
        let task = Task {
            ready,
            named: true,
            options: Options::default(),
            at_visits,
            shape: Shape::Objects,
            trace: false,
            strict: false,
            summary: true,
            by: None,
            twins: false,
        };
        Asking { engine, task: Arc::new(task), meta }
    }

    /// What each record comes to by itself: counts of cohorts are sums of these.
    fn one_by_one(&self, lines: &[String]) -> Vec<Tally> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("in.ndjson");
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        let mut input = Records::new(Source::open(&path).unwrap(), 1, false);
        let mut worker = Evaluating::new(&self.engine, &input, &self.task);
        let mut tallies = Vec::new();
        while let Some(block) = input.next_block().unwrap() {
            let mut tally = Tally::default();
            worker.block(&block, &mut Out::default(), &mut tally);
            assert_eq!(tally.records, 1);
            tallies.push(tally);
        }
        assert_eq!(tallies.len(), lines.len());
        tallies
    }

    fn summary(&self, tally: &Tally, suppressed: bool) -> Summary {
        let (meta, visits) = (&self.meta, self.task.at_visits);
        let counted = Counted { empty_lines: tally.records / 5 * 5, ..Counted::default() };
        let run = Run { meta, meters: &[], counted, files: &[], tally, visits, by: None, twins: None, suppressed };
        Summary::of(&self.engine, &run)
    }

    fn json(&self, tally: &Tally, suppressed: bool) -> Value {
        serde_json::from_str(&summary::json(&self.summary(tally, suppressed))).unwrap()
    }

    /// The values that an answer of a release can have, where they are known from its rules and a patient has one of them.
    fn is_one_of_known(&self, section: &Value, part: &str, name: &str) -> bool {
        if part == "conclusions" || part == "options" {
            return true;
        }
        let is_it = |guideline: &myoguide::model::Guideline| {
            section["guideline"]["id"] == guideline.info.id.value
                && section["guideline"]["release"] == guideline.info.release.value.to_string()
        };
        let loaded = self.engine.guidelines().iter().find(|loaded| is_it(&loaded.guideline)).unwrap();
        let gives = loaded.guideline.find(name).map(|block| &block.gives);
        matches!(gives, Some(Type::YesNo | Type::Choice(_)))
    }
}

/// Records, and lines that are none.
fn pool(step: usize) -> Vec<String> {
    let bad = ["{\"id\": 7, \"visits\": 3}", "{\"id\": ", "7"].map(str::to_owned);
    [random(20), cases(step), bad.to_vec()].concat()
}

fn sum<'t>(tallies: impl IntoIterator<Item = &'t Tally>) -> Tally {
    tallies.into_iter().fold(Tally::default(), |mut sum, one| {
        sum.add(one);
        sum
    })
}

/// A cohort of some kinds of patients, some of them several times.
fn cohort(pool: &[Tally], count: u64, dice: &mut Dice) -> Tally {
    let kinds: Vec<&Tally> = (0..*dice.pick(&[1, 2, 6, 20, 60])).map(|_| dice.pick(pool)).collect();
    let mut tally = Tally::default();
    while tally.records < count {
        let one = dice.pick(&kinds);
        let copies = *dice.pick(&[1, 1, 2, 4, 4, 5, 9]);
        (0..copies.min(count - tally.records)).for_each(|_| tally.add(one));
    }
    tally
}

fn bounds(step: &Value) -> Option<(u64, u64)> {
    let step = step.as_object().filter(|step| step.len() == 2)?;
    Some((step.get("from")?.as_u64()?, step.get("to")?.as_u64()?))
}

/// Parts of an entry of a list that may go only where few have it.
const TOLD_OF_ENTRIES: [&str; 8] =
    ["settled", "granted", "settled_or_granted", "open", "fault", "among", "records", "asked"];

/// An entry that is left out tells of few.
fn demand_few(at: &str, left_out: &Value) {
    match left_out {
        Value::Number(count) => assert!(count.as_u64().unwrap() < STEP, "{at} is left out"),
        Value::Object(parts) => {
            let told = parts.iter().filter(|(key, _)| TOLD_OF_ENTRIES.contains(&key.as_str()));
            told.for_each(|(_, part)| demand_few(at, part));
            parts.get("scope").iter().for_each(|scope| demand_few(at, scope));
        }
        _ => {}
    }
}

/// Every number of the one is in a step of the other, and the other holds no number beside; how many steps there are.
fn demand_steps(at: &str, exact: &Value, shown: &Value) -> usize {
    match (exact, shown) {
        (Value::Number(count), _) => {
            let (from, to) = bounds(shown).unwrap_or_else(|| panic!("{at}: {shown}"));
            let count = count.as_u64().unwrap();
            assert!((from..=to).contains(&count) && to - from + 1 >= STEP, "{at}: {count} in {shown}");
            1
        }
        (Value::Object(exact), Value::Object(shown)) => {
            assert!(shown.keys().all(|key| exact.contains_key(key)), "{at}: {shown:?}");
            let parts = exact.iter().filter(|(key, _)| !matches!(key.as_str(), "suppressed_below" | "at_most"));
            let one = |(key, exact): (&String, &Value)| {
                let at = format!("{at}.{key}");
                match (shown.get(key), exact) {
                    (Some(Value::Null), Value::Object(hindsight)) => {
                        demand_few(&at, &hindsight["used_undated"]);
                        0
                    }
                    (Some(shown), _) => demand_steps(&at, exact, shown),
                    (None, _) => {
                        if key != "none of them" {
                            demand_few(&at, exact);
                        }
                        0
                    }
                }
            };
            parts.map(one).sum()
        }
        (Value::Array(exact), Value::Array(shown)) => {
            let name = |of: &Value| ["fact", "code", "guideline", "id", "hash"].map(|key| of.get(key).cloned());
            let found = |of: &Value| shown.iter().find(|other| other.is_string() || name(other) == name(of)).cloned();
            let one = |exact: &Value| {
                if let Some(found) = found(exact) {
                    return demand_steps(&format!("{at}[{:?}]", name(exact)), exact, &found);
                }
                demand_few(at, exact);
                0
            };
            assert!(shown.len() <= exact.len());
            exact.iter().map(one).sum()
        }
        _ => {
            assert_eq!(exact, shown, "{at}");
            0
        }
    }
}

/// What a reader knows: each count as an interval, and what adds up.
#[derive(Default)]
struct Knowledge {
    names: Vec<String>,
    cells: Vec<(i64, i64)>,
    /// Counts with factors that together are 0, or at least 0.
    sums: Vec<(Vec<(usize, i64)>, bool)>,
}

const MANY: i64 = 1_000_000;

impl Knowledge {
    fn put(&mut self, name: String, shown: &Value) -> usize {
        let (from, to) = bounds(shown).unwrap_or_else(|| panic!("{name}: {shown}"));
        self.cells.push((from.cast_signed(), to.cast_signed()));
        self.names.push(name);
        self.cells.len() - 1
    }

    fn keys<const N: usize>(&mut self, at: &str, of: &Value, keys: [&str; N]) -> [usize; N] {
        keys.map(|key| self.put(format!("{at}.{key}"), &of[key]))
    }

    fn list(&mut self, at: &str, of: &Value) -> Vec<usize> {
        let counts = of.as_object().unwrap().iter();
        counts.map(|(name, count)| self.put(format!("{at}.{name}"), count)).collect()
    }

    /// The total is the sum of its parts, or of more that are not seen.
    fn sum(&mut self, total: usize, parts: &[usize], whole: bool) {
        let parts = parts.iter().map(|part| (*part, -1));
        self.sums.push((std::iter::once((total, 1)).chain(parts).collect(), whole));
    }

    fn answer(&mut self, at: &str, of: &Value, spoken: usize, one_of_known: bool) {
        let keys = ["settled", "granted", "settled_or_granted", "open", "silent", "fault"];
        let [settled, granted, usable, open, silent, fault] = self.keys(at, of, keys);
        self.sum(usable, &[settled, granted], true);
        self.sum(spoken, &[usable, open, silent, fault], true);
        let (mut of_settled, mut of_granted) = (Vec::new(), Vec::new());
        for (value, counts) in of["values"].as_object().unwrap() {
            let [one, other] = self.keys(&format!("{at}.values.{value}"), counts, ["settled", "granted"]);
            of_settled.push(one);
            of_granted.push(other);
        }
        for (total, parts) in [(settled, of_settled), (granted, of_granted)] {
            if of["several_values"] == true {
                for part in parts {
                    self.sum(total, &[part], false);
                }
            } else {
                self.sum(total, &parts, one_of_known && !parts.is_empty());
            }
        }
        let Some(facts) = of.get("would_settle") else { return };
        let mut parts = self.keys(at, of, ["several_facts"]).to_vec();
        for fact in facts.as_array().unwrap() {
            let name = format!("{at}.would_settle.{}", fact["fact"].as_str().unwrap());
            let [alone, among] = self.keys(&name, fact, ["alone", "among"]);
            let why = self.list(&format!("{name}.why"), &fact["why"]);
            self.sum(among, &why, false);
            self.sum(among, &[alone], false);
            self.sum(open, &[among], false);
            parts.push(alone);
        }
        self.sum(open, &parts, false);
    }

    fn section(&mut self, asking: &Asking, section: &Value, name: &str, answered: usize) -> usize {
        let at = |part: &str| format!("{name}.{part}");
        let scope = &section["scope"];
        let [asked, covered, perhaps, silent] = self.keys(&at("scope"), scope, ["asked", "covered", "open", "silent"]);
        let why = self.list(&at("because"), &scope["silent_because"]);
        let [spoken] = self.keys(name, section, ["spoken_of"]);
        self.sum(asked, &[spoken, silent], true);
        self.sum(spoken, &[covered, perhaps], true);
        self.sum(silent, &why, false);
        for part in ["answers", "conclusions", "ladders", "options"] {
            for (id, answer) in section[part].as_object().unwrap() {
                let known = asking.is_one_of_known(section, part, id);
                self.answer(&at(&format!("{part}.{id}")), answer, spoken, known);
            }
        }
        for granted in self.list(&at("granted"), &section["taken_for_granted"]) {
            self.sum(spoken, &[granted], false);
        }
        let hindsight = &section["hindsight"];
        if !hindsight.is_null() {
            let [earlier, used] = self.keys(name, hindsight, ["earlier_visits", "used_undated"]);
            self.sum(spoken, &[earlier], false);
            self.sum(earlier, &[used], false);
            // Each patient has one newest visit.
            self.sums.push((vec![(earlier, 1), (answered, 1), (spoken, -1)], false));
            for fact in self.list(&at("undated"), &hindsight["facts"]) {
                self.sum(used, &[fact], false);
            }
        }
        asked
    }

    fn of(asking: &Asking, summary: &Value) -> Self {
        let mut known = Knowledge::default();
        let rows = &summary["rows"];
        let [records, answered, refused] = known.keys("rows", rows, ["records", "answered", "refused"]);
        let [asked] = known.keys("", summary, ["asked"]);
        known.sum(records, &[answered, refused], true);
        if summary["unit"] == "records" {
            known.sum(asked, &[answered], true);
        }
        let mistakes = rows["mistakes"].as_array().unwrap().iter();
        let mistakes: Vec<usize> =
            mistakes.map(|one| known.put(format!("mistake {}", one["code"]), &one["records"])).collect();
        known.sum(refused, &mistakes, false);
        let mut of_guideline: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for one in summary["guidelines"].as_array().unwrap() {
            let name = format!("{}@{}", one["id"].as_str().unwrap(), one["release"].as_str().unwrap());
            let section = summary["results"].as_array().unwrap().iter().find(|section| {
                section["guideline"]["id"] == one["id"] && section["guideline"]["release"] == one["release"]
            });
            let cell = match section {
                Some(section) => known.section(asking, section, &name, answered),
                None => known.put(name, &json!({ "from": 0, "to": STEP - 1 })),
            };
            of_guideline.entry(one["id"].as_str().unwrap()).or_default().push(cell);
        }
        for releases in of_guideline.values() {
            known.sum(asked, releases, true);
        }
        known
    }

    /// Narrows every count by every sum until nothing moves.
    fn narrow(&mut self) {
        loop {
            let before = self.cells.clone();
            for (sum, whole) in &self.sums {
                let reach = |cells: &[(i64, i64)], (at, by): &(usize, i64)| {
                    let (low, high) = cells[*at];
                    if *by > 0 { (low, high) } else { (-high, -low) }
                };
                // The least and the most that all come to.
                let all = sum.iter().map(|one| reach(&self.cells, one));
                let (least, most) = all.fold((0, 0), |(least, most), (low, high)| (least + low, most + high));
                let narrowed: Vec<(usize, (i64, i64))> = sum
                    .iter()
                    .map(|one| {
                        let own = reach(&self.cells, one);
                        // Its own term is what is left of 0 by the others, or is at least that.
                        let (low, high) = (-(most - own.1), if *whole { -(least - own.0) } else { MANY });
                        (one.0, if one.1 > 0 { (low, high) } else { (-high, -low) })
                    })
                    .collect();
                for (at, (low, high)) in narrowed {
                    let cell = &mut self.cells[at];
                    *cell = (cell.0.max(low), cell.1.min(high));
                }
            }
            if before == self.cells {
                return;
            }
        }
    }
}

/// Whatever is added and subtracted, each number of each step is left, and of what is wider five at least; how many are `<5`.
fn demand_untold(asking: &Asking, shown: &Value) -> usize {
    let mut known = Knowledge::of(asking, shown);
    let before = known.cells.clone();
    known.narrow();
    for ((name, (low, high)), left) in known.names.iter().zip(&before).zip(&known.cells) {
        let is_step = high - low + 1 == STEP.cast_signed() && low % STEP.cast_signed() == 0;
        assert!(!is_step || left == &(*low, *high), "{name}: {low} to {high} is narrowed to {left:?}");
        assert!(left.1 - left.0 + 1 >= STEP.cast_signed(), "{name}: {low} to {high} is narrowed to {left:?}");
    }
    before.iter().filter(|cell| **cell == (0, 4)).count()
}

const ASKED: [(&[&str], bool); 6] = [
    (&["acr_eular_response"], false),
    (&["printo_response", "eular_acr_classification"], false),
    (&["imacs_improvement", "ibm_criteria", "bohan_peter"], false),
    (&["refractory_iim"], false),
    (&["refractory_iim@2026.1.0", "acr_eular_response"], false),
    (&["refractory_iim"], true),
];

#[test]
fn a_summary_in_steps_tells_no_small_count() {
    let pool = pool(35);
    let mut dice = Dice::new(20_261_122);
    let (mut steps, mut few, mut releases) = (0, 0, 0);
    for (guidelines, at_visits) in ASKED {
        let asking = Asking::of(guidelines, at_visits);
        let pool = asking.one_by_one(&pool);
        for round in 0..ROUNDS {
            let count = if round == 0 { 500 } else { 3 + round * 57 / ROUNDS };
            let counts = cohort(&pool, count, &mut dice);
            let (exact, shown) = (asking.json(&counts, false), asking.json(&counts, true));
            steps += demand_steps("", &exact, &shown);
            few += demand_untold(&asking, &shown);
            releases = releases.max(shown["results"].as_array().unwrap().len());
        }
    }
    assert!(steps > 5_000 && few > 5_000 && releases > 2, "{steps} {few} {releases}");
}

/// The attack is one: of steps of all parts of a whole it works out what they are.
#[test]
fn steps_of_everything_would_tell_a_small_count() {
    let mut known = Knowledge::default();
    let parts: Vec<usize> = (0..5).map(|at| known.put(format!("part {at}"), &json!({ "from": 0, "to": 4 }))).collect();
    let whole = known.put("whole".to_owned(), &json!({ "from": 20, "to": 24 }));
    known.sum(whole, &parts, true);
    known.narrow();
    assert!(known.cells.iter().all(|(low, high)| low == high), "{:?}", known.cells);
}

/// Where every count is a multiple of five, four patients more, whoever they are, change no byte: nothing of them is told.
#[test]
fn four_patients_more_change_nothing() {
    let pool = pool(60);
    let mut dice = Dice::new(5);
    for (guidelines, at_visits) in ASKED.iter().filter(|(_, at_visits)| !at_visits) {
        let asking = Asking::of(guidelines, *at_visits);
        let pool = asking.one_by_one(&pool);
        let written = |tally: &Tally| {
            let of = asking.summary(tally, true);
            [summary::text(&of), summary::html(&of), summary::json(&of)]
        };
        for _ in 0..2 {
            let some: Vec<&Tally> = (0..*dice.pick(&[1, 3, 12])).map(|_| dice.pick(&pool)).collect();
            let mut tally = sum((0..5).flat_map(|_| some.clone()));
            let before = written(&tally);
            for _ in 0..4 {
                tally.add(dice.pick(&pool));
                assert!(before == written(&tally), "{guidelines:?}: {before:?}");
            }
        }
    }
}

/// Of fewer than five patients nothing is told.
#[test]
fn of_few_patients_nothing_is_told() {
    let asking = Asking::of(&["acr_eular_response"], false);
    let few = sum(&asking.one_by_one(&random(4)));
    let shown = asking.json(&few, true);
    assert_eq!(shown["results"], json!([]));
    assert_eq!(shown["asked"], json!({ "from": 0, "to": 4 }));
    assert_eq!(asking.json(&few, false)["results"][0]["scope"]["asked"], 4);
}
