//! `why` and `why-not` against all patients of small random guidelines: what is said to force an answer does, nothing
//! of it can be left out, and no smaller change gives another answer.

use std::fmt::Write as _;

use crate::model::small::Small;
use crate::oracle::Dice;
use crate::oracle::small::{self, FACTS, JUDGEMENT, Kind, Patient as Complete, VARIABLES, Value as Truth};
use myoguide::diagnostics::draw::draw;
use myoguide::engine::{Engine, Wanted};
use myoguide::eval::{Baseline, Status};
use myoguide::library::Library;
use myoguide::record::Record;
use myoguide::why::change::{self, Changed, Found};
use myoguide::why::reasons;
use myoguide::why::target::{self, Target};
use myoguide::why::words::Told;
use myoguide::why::{Patient, Value};

const SEED: u64 = 20_260_704;
/// How many patients are looked at one by one before they are drawn at random.
const ALL: usize = 40_000;

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn opened(guideline: &small::Guideline) -> Engine {
    let mut engine = Engine::open(&Library::of_texts(guideline.files()));
    engine.load(&Wanted::named("small")).unwrap_or_else(|error| panic!("{error}"));
    assert!(!engine.has_errors(), "{}\n{}", draw(engine.sources(), engine.diagnostics(), false), guideline.rules());
    engine
}

fn read(engine: &mut Engine, yaml: &str) -> Record {
    let file = engine.add_text("record.yaml", yaml.to_owned());
    let mut records = engine.read_records(file);
    match records.pop() {
        Some(Ok(record)) => record,
        Some(Err(mistakes)) => panic!("{}\n{yaml}", draw(engine.sources(), &mistakes, false)),
        None => panic!("there is no record in\n{yaml}"),
    }
}

/// The variable of the oracle that something recorded is.
fn variable(told: &Told) -> usize {
    let at_baseline = told.date.is_some_and(|date| date.month() == 1);
    let name = match told.date {
        Some(_) if at_baseline => format!("{} at baseline", told.id),
        Some(_) => format!("latest {}", told.id),
        None => told.id.clone(),
    };
    FACTS.iter().position(|(fact, _)| *fact == name).unwrap_or_else(|| {
        assert_eq!(told.id, "doubt_j", "an unknown fact is named");
        JUDGEMENT
    })
}

/// A value in words as the oracle's number.
fn side(variable: usize, word: &str) -> u8 {
    let words: &[&str] = match FACTS.get(variable).map(|fact| fact.1) {
        Some(Kind::YesNo | Kind::Exam) | None => &["yes", "no", "not done"],
        Some(Kind::Choice) => &["red", "green", "blue"],
        Some(Kind::Whole) => &["0", "1", "2", "3"],
    };
    let at = words.iter().position(|known| *known == word).unwrap_or_else(|| panic!("`{word}` is no value"));
    u8::try_from(at).unwrap_or(0)
}

fn everything(variable: usize) -> Vec<u8> {
    (0..small::sides(variable)).collect()
}

/// Patients with some values fixed: all of them where they are few, else so many at random. Says which.
fn with(fixed: &small::Record, dice: &mut Dice) -> (Vec<Complete>, bool) {
    let count = fixed.iter().map(Vec::len).product::<usize>();
    if count <= ALL {
        return (small::patients(fixed), true);
    }
    let one = |dice: &mut Dice| std::array::from_fn(|at| *dice.pick(&fixed[at]));
    ((0..4_000).map(|_| one(dice)).collect(), false)
}

/// What the oracle makes of a block, in the words of a target.
fn word_of(value: &Truth) -> Option<String> {
    match value {
        Truth::Truth(truth) => Some(if *truth { "yes" } else { "no" }.to_owned()),
        Truth::Word(word) => Some(word.clone()),
        Truth::Number(_) | Truth::Words(_) | Truth::Fault => None,
    }
}

#[test]
fn reasons_force_the_answer_and_none_can_be_left_out() {
    let mut dice = Dice::new(setting("MYOGUIDE_SEED", SEED));
    let (mut asked, mut proved, mut parted, mut kept_in_all) = (0_u32, 0_u32, 0_u32, 0_usize);
    let mut wrong: Vec<String> = Vec::new();
    for _ in 0..setting("MYOGUIDE_GUIDELINES", 60) {
        let guideline = small::guideline(&mut dice);
        let mut engine = opened(&guideline);
        let most = if dice.once_in(2) { 1 } else { 1500 };
        let record = small::record(most, &mut dice);
        let Some(truth) = small::patients(&record).iter().find_map(|patient| guideline.of(patient)) else { continue };
        let yaml = small::yaml(&record);
        let patient_record = read(&mut engine, &yaml);
        let loaded = engine.guidelines().first().unwrap();
        let patient = Patient::of(&engine, loaded, &patient_record, Baseline::default());
        for target in target::all(engine.subject(loaded)).iter().filter(|target| target.is_answer) {
            let Some(at) = guideline.names().iter().position(|name| *name == target.name) else { continue };
            let why = reasons::why(&patient, target);
            if why.status != Status::Decided {
                assert!(why.reasons.is_empty());
                continue;
            }
            asked += 1;
            kept_in_all += why.reasons.len();
            let kept: Vec<usize> = why.reasons.iter().map(|reason| variable(&reason.told)).collect();
            let fixed = |left_out: Option<usize>| -> small::Record {
                std::array::from_fn(|variable| {
                    let stays = kept.contains(&variable) && Some(variable) != left_out;
                    if stays { record[variable].clone() } else { everything(variable) }
                })
            };
            let report = |what: &str| format!("{}: {what}; kept {kept:?}\n{yaml}{}", target.name, guideline.rules());
            let (patients, all) = with(&fixed(None), &mut dice);
            proved += u32::from(all);
            let other = patients.iter().filter_map(|one| guideline.of(one)).find(|values| values[at] != truth[at]);
            if let Some(values) = other {
                wrong.push(report(&format!("{:?} is possible beside {:?}", values[at], truth[at])));
            }
            for variable in &kept {
                let (patients, all) = with(&fixed(Some(*variable)), &mut dice);
                let mut values = patients.iter().filter_map(|one| guideline.of(one));
                let parts = values.any(|values| values[at] != truth[at]);
                parted += u32::from(parts);
                // What the evaluator cannot tell exactly it keeps.
                let exact = || {
                    let open: small::Record = fixed(Some(*variable));
                    let yaml = small::yaml(&open);
                    (yaml, open)
                };
                if all && !parts && is_exact(&guideline, &exact().0, &target.name) {
                    wrong.push(report(&format!("variable {variable} is not needed")));
                }
            }
        }
    }
    println!(
        "{asked} answers, {kept_in_all} reasons, {proved} sets proved with all patients, {parted} shown to be needed"
    );
    assert!(asked > 100 && parted > 50, "too little was compared");
    assert!(wrong.is_empty(), "{} failures; the first:\n{}", wrong.len(), wrong.first().cloned().unwrap_or_default());
}

/// Asks of the only answer of a small guideline.
fn asked<T>(rules: &str, record: &str, ask: impl FnOnce(&Patient<'_>, &Target) -> T) -> T {
    let mut engine = Small::new("small", &format!("{rules}{FACTS_OF_THESE}")).load();
    assert!(!engine.has_errors(), "{}", draw(engine.sources(), engine.diagnostics(), false));
    let record = read(&mut engine, record);
    let loaded = engine.guidelines().first().unwrap();
    let targets = target::all(engine.subject(loaded));
    let target = targets.iter().find(|target| target.is_answer).unwrap();
    ask(&Patient::of(&engine, loaded, &record, Baseline::default()), target)
}

/// What forces it, in words.
fn reasons_of(rules: &str, record: &str) -> Vec<String> {
    let why = asked(rules, record, reasons::why);
    assert_eq!(why.status, Status::Decided);
    let day = |told: &Told| told.date.map(|day| format!(" {day}")).unwrap_or_default();
    let said = |told: &Told| format!("{} {}{}", told.id, told.value, day(told));
    why.reasons.iter().map(|reason| said(&reason.told)).collect()
}

const FACTS_OF_THESE: &str = "
# file dictionary/more.yaml
first_scale: {label: one, question: One?, type: number, range: 0 to 10, better: lower, recorded: visits, burden: history, absent_means: not measured}
second_scale: {label: two, question: Two?, type: number, range: 0 to 10, better: lower, recorded: visits, burden: history, absent_means: not measured}
of_the_second: {label: second, question: Second?, type: yes or no, recorded: facts, burden: history}
first_sum: {label: sum, question: Sum?, type: number, range: 0 to 10, recorded: facts, burden: history}
marker: {label: marker, question: Marker?, type: number, unit: U/L, range: 0 to 10000, upper_limit: yes, recorded: visits, burden: blood test}
one_sign: {label: one sign, question: One?, type: yes or no, recorded: facts, burden: history}
other_sign: {label: other sign, question: Other?, type: yes or no, recorded: facts, burden: history}
# file guideline.yaml
answers: [better]
";

/// Old values do not count: that the newest visit has none is why.
#[test]
fn what_a_late_visit_leaves_out_is_a_reason() {
    let rules = "finding better \"Better\" [aggarwal_2017]\n  latest first_scale within 3 months is above 3\n";
    let record =
        "id: a\nas_of: 2026-06-01\nvisits: [{date: 2026-01-01, first_scale: 5}, {date: 2026-06-01, second_scale: 1}]\n";
    assert_eq!(reasons_of(rules, record), ["first_scale not measured 2026-06-01"]);
}

/// What is forgotten at two visits may have been two values.
#[test]
fn what_is_forgotten_at_two_visits_is_not_one_value() {
    let rules = "\
measure function \"Function\" [aggarwal_2017]
  use the first with a baseline value
  - second_scale when of_the_second
  - first_scale
finding better \"Better\" [aggarwal_2017]
  function improves by at least 20 % of baseline
";
    let record = "id: a\nas_of: 2026-01-01\nfacts: {of_the_second: no}\nvisits: [{date: 2025-01-01, role: baseline, first_scale: 5}, {date: 2025-06-01, first_scale: 5}]\n";
    let reasons = reasons_of(rules, record);
    assert!(reasons.iter().any(|reason| reason == "of_the_second no"), "{reasons:?}");
}

/// What is recorded is no part of what it would have to be, also where nobody has it together with the other change.
#[test]
fn a_change_is_to_something_else() {
    let rules = "\
impossible alone \"one sign has the other with it\" when one_sign and not other_sign [aggarwal_2017]
finding better \"Better\" [aggarwal_2017]
  one_sign
";
    let record = "id: a\nas_of: 2026-01-01\nfacts: {one_sign: no, other_sign: no}\n";
    let found = asked(rules, record, |patient, target| {
        let (_, yes) = values(target).into_iter().find(|(word, _)| word == "yes").unwrap();
        change::why_not(patient, target, &yes).found
    });
    let Found::Changes(changes) = found else { panic!("{found:?}") };
    let told: Vec<(&str, &str)> =
        changes[0].changed.iter().map(|one| (one.told.id.as_str(), one.to.as_str())).collect();
    assert_eq!(told, [("one_sign", "yes"), ("other_sign", "yes")]);
}

/// Beside what nobody has there is a change, also of what is not recorded.
#[test]
fn a_change_goes_round_what_nobody_has() {
    let rules = |range: &str| {
        format!(
            "impossible gap \"nobody lies there\" when first_sum is {range} [aggarwal_2017]\n\
             finding better \"Better\" [aggarwal_2017]\n  first_sum is above 2\n"
        )
    };
    let first = |rules: &str, facts: &str, wanted: &str| {
        let record = format!("id: a\nas_of: 2026-01-01\nfacts: {facts}\n");
        let found = asked(rules, &record, |patient, target| {
            let (_, value) = values(target).into_iter().find(|(word, _)| word == wanted).unwrap();
            change::why_not(patient, target, &value).found
        });
        let Found::Changes(changes) = found else { panic!("{found:?}") };
        let to = |of: &[Changed]| of.iter().map(|one| one.to.clone()).collect::<Vec<_>>();
        (to(&changes[0].changed), to(&changes[0].filled))
    };
    assert_eq!(first(&rules("above 2 to 3"), "{first_sum: 1}", "yes"), (vec!["3.1".to_owned()], vec![]));
    let (changed, filled) = first(&rules("at most 1"), "{one_sign: yes}", "no");
    assert_eq!((changed.len(), filled.len()), (0, 1));
}

/// The first change that is told with which a condition comes out as wanted.
fn first_change(rules: &str, condition: &str, record: &str, wanted: &str) -> Vec<String> {
    let rules = format!("{rules}finding better \"Better\" [aggarwal_2017]\n  {condition}\n");
    let record = format!("id: a\nas_of: 2026-01-01\n{record}\n");
    let found = asked(&rules, &record, |patient, target| {
        let (_, value) = values(target).into_iter().find(|(word, _)| word == wanted).unwrap();
        change::why_not(patient, target, &value).found
    });
    let Found::Changes(changes) = found else { panic!("{found:?}") };
    let told = changes[0].changed.iter().chain(&changes[0].filled);
    told.map(|one| format!("{}: {} instead of {}", one.told.label, one.to, one.told.value)).collect()
}

/// Whom the guideline covers hangs on what the answer hangs on.
#[test]
fn a_change_may_need_a_fact_so_that_the_guideline_speaks_of_the_patient() {
    let rules = "covers patients when not one_sign or first_sum is above 1\n";
    let told = first_change(rules, "first_sum is above 1", "facts: {one_sign: yes, first_sum: 2}", "no");
    assert_eq!(told, ["sum: 1 instead of 2", "one sign: no instead of yes"]);
}

/// An upper limit, a visit.
#[test]
fn what_goes_with_a_value_is_filled_in() {
    let condition = "latest marker is above 2 x upper limit";
    let told = first_change("", condition, "visits: [{date: 2025-12-01, marker: 90 U/L}]", "yes");
    assert_eq!(told, ["the upper limit of marker: 44 U/L instead of not recorded"]);
    let told = first_change("", condition, "facts: {}", "yes");
    assert_eq!(told.len(), 2, "{told:?}");
    let stale = "latest first_scale within 3 months is above 3";
    let told = first_change("", stale, "visits: [{date: 2025-01-01, first_scale: 1}]", "yes");
    assert_eq!(told, ["one: 9.9 instead of not recorded"]);
}

/// As round as may be, and exactly as it was tried.
#[test]
fn numbers_are_told_as_a_person_writes_them() {
    let of = |range: &str| first_change("", &format!("first_sum is {range}"), "facts: {first_sum: 1}", "yes");
    assert_eq!(of("above 3.93 to below 3.95"), ["sum: 3.94 instead of 1"]);
    assert_eq!(of("above 3.93"), ["sum: 4 instead of 1"]);
    let told =
        first_change("", "latest marker is above 1716.5 U/L", "visits: [{date: 2025-12-01, marker: 90 U/L}]", "yes");
    assert_eq!(told, ["marker: 1800 U/L instead of 90 U/L"]);
}

/// The program decides the answer of a record, or knows exactly what is possible.
fn is_exact(guideline: &small::Guideline, yaml: &str, name: &str) -> bool {
    let mut engine = opened(guideline);
    let record = read(&mut engine, yaml);
    let loaded = engine.guidelines().first().unwrap();
    let patient = Patient::of(&engine, loaded, &record, Baseline::default());
    let targets = target::all(engine.subject(loaded));
    let target = targets.iter().find(|target| target.name == name).unwrap();
    patient.answer(target.asking).exact
}

/// Every patient who differs in at most so many variables, by how many.
fn near(from: &Complete, most: usize) -> Vec<(usize, Complete)> {
    let mut found = vec![(0, *from)];
    let mut level = vec![(0_usize, *from)];
    for distance in 1..=most {
        let mut next = Vec::new();
        for (first, patient) in &level {
            for variable in *first..VARIABLES {
                for value in everything(variable).into_iter().filter(|value| *value != from[variable]) {
                    let mut other = *patient;
                    other[variable] = value;
                    next.push((variable + 1, other));
                }
            }
        }
        found.extend(next.iter().map(|(_, patient)| (distance, *patient)));
        level = next;
    }
    found
}

/// The patient so changed: one for each value that is told.
fn changed(patient: &Complete, changes: &[Changed]) -> Vec<Complete> {
    let mut others = vec![*patient];
    for change in changes {
        let variable = variable(&change.told);
        let words: Vec<&str> = change.to.split(", ").flat_map(|words| words.split(" or ")).collect();
        let with = |mut other: Complete, word: &str| {
            other[variable] = side(variable, word);
            other
        };
        others = others.iter().flat_map(|other| words.iter().map(|word| with(*other, word))).collect();
    }
    others
}

/// What is wrong with a change, if anything.
fn against(guideline: &small::Guideline, patient: &Complete, at: usize, wanted: &str, found: &Found) -> Option<String> {
    let gives = |one: &Complete| {
        let word = guideline.of(one).and_then(|values| word_of(&values[at]));
        guideline.speaks_of(one) && word.as_deref() == Some(wanted)
    };
    let least_of =
        |most: usize| near(patient, most).into_iter().find(|(_, one)| gives(one)).map(|(distance, _)| distance);
    let least = || least_of(change::MOST);
    match found {
        Found::Already => (!gives(patient)).then(|| "it is not that value".to_owned()),
        Found::Changes(changes) => {
            let mut wrong = String::new();
            for change in changes {
                let size = change.changed.len();
                if !change.filled.is_empty() || !changed(patient, &change.changed).iter().all(gives) {
                    let _ = write!(wrong, "the change does not give it: {:?}; ", change.changed);
                }
                if let Some(least) = size.checked_sub(1).and_then(least_of) {
                    let _ = write!(wrong, "a change of {least} gives it, and this is told: {:?}; ", change.changed);
                }
            }
            (!wrong.is_empty()).then_some(wrong)
        }
        Found::Forbidden(_) => least().map(|_| "a change gives it, and it is said to be forbidden".to_owned()),
        Found::NotFound(all) => {
            least().filter(|_| *all).map(|least| format!("a change of {least} gives it, and none is told"))
        }
    }
}

#[test]
fn no_smaller_change_gives_the_value() {
    let mut dice = Dice::new(setting("MYOGUIDE_SEED", SEED) ^ 1);
    let (mut asked, mut told, mut none, mut bounded) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut sizes = [0_u32; change::MOST + 1];
    let mut wrong: Vec<String> = Vec::new();
    for _ in 0..setting("MYOGUIDE_GUIDELINES", 40) {
        let mut guideline = small::guideline(&mut dice);
        if dice.once_in(2) {
            guideline = guideline.of_some(&mut dice);
        }
        let mut engine = opened(&guideline);
        let record = small::record(1, &mut dice);
        let complete = small::patients(&record)[0];
        if guideline.of(&complete).is_none() {
            continue;
        }
        let yaml = small::yaml(&record);
        let patient_record = read(&mut engine, &yaml);
        let loaded = engine.guidelines().first().unwrap();
        let patient = Patient::of(&engine, loaded, &patient_record, Baseline::default());
        for target in target::all(engine.subject(loaded)).iter().filter(|target| target.is_answer) {
            let Some(at) = guideline.names().iter().position(|name| *name == target.name) else { continue };
            for (word, value) in values(target) {
                let found = change::why_not(&patient, target, &value).found;
                asked += 1;
                match &found {
                    Found::Changes(changes) => {
                        told += 1;
                        sizes[changes[0].changed.len()] += 1;
                    }
                    Found::Already => {}
                    Found::Forbidden(_) | Found::NotFound(true) => none += 1,
                    Found::NotFound(false) => bounded += 1,
                }
                if let Some(why) = against(&guideline, &complete, at, &word, &found) {
                    wrong.push(format!("{}={word}: {why}\n{yaml}{}", target.name, guideline.rules()));
                }
            }
        }
    }
    println!("{asked} values asked for: {told} changes, by size {sizes:?}; {none} without, {bounded} given up");
    assert!(told > 50 && sizes[1] > 20, "too little was compared");
    assert!(wrong.is_empty(), "{} failures; the first:\n{}", wrong.len(), wrong.first().cloned().unwrap_or_default());
}

/// Every value of a target that is a word.
fn values(target: &Target) -> Vec<(String, Value)> {
    let several = matches!(target.gives, myoguide::model::Type::Several(_));
    let words: Vec<String> = match target.words() {
        [] if matches!(target.gives, myoguide::model::Type::YesNo) => vec!["yes".to_owned(), "no".to_owned()],
        words if several => words.iter().take(0).cloned().collect(),
        words => words.to_vec(),
    };
    words.into_iter().filter_map(|word| target.value(&word).ok().map(|value| (word, value))).collect()
}
