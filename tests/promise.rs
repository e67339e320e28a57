//! The promise: a decided answer cannot be overturned by any unknown fact, and what is said to be open is open.
//!
//! Random patients, on and next to every edge, are judged by the program and by an oracle written from the published
//! criteria alone. Every failure prints the seed and the record. `MYOGUIDE_SEED` takes another seed,
//! `MYOGUIDE_COMPLETIONS` another number of completions.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::oracle::criteria::{self, RESPONSES};
use crate::oracle::door::{self, Door, number};
use crate::oracle::half_empty::{Cell, Cells, HalfEmpty};
use crate::oracle::patient::Instrument;
use crate::oracle::written::Style;
use crate::oracle::{Dice, Fraction, generate, small};
use myoguide::engine::Wanted;
use myoguide::eval::Status;
use myoguide::explain::Possible;
use myoguide::library::Library;

const SEED: u64 = 20_160_101;

fn setting(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is `{text}`; a whole number is expected")),
        Err(_) => usual,
    }
}

fn seed() -> u64 {
    setting("MYOGUIDE_SEED", SEED)
}

fn shipped() -> Door {
    let wanted = Wanted::Named(vec!["acr_eular_response".to_owned(), "imacs_improvement".to_owned()]);
    match Door::open(Library::embedded(), wanted) {
        Ok(door) => door,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// What the oracle finds possible of one answer, in words.
fn words(answers: &criteria::Answers, name: &str) -> Vec<String> {
    let yes_no =
        |truths: &BTreeSet<bool>| truths.iter().map(|truth| if *truth { "yes" } else { "no" }.to_owned()).collect();
    match name {
        "total_improvement_score" => {
            answers.total.iter().map(|half| Fraction::new((*half).into(), 2).to_string()).collect()
        }
        "response" => {
            RESPONSES.iter().filter(|word| answers.response.contains(*word)).map(|word| (*word).to_owned()).collect()
        }
        "improved" => yes_no(&answers.improved),
        "worsened" => yes_no(&answers.worsened),
        other => panic!("the oracle has no answer `{other}`"),
    }
}

const NAMES: [&str; 4] = ["total_improvement_score", "response", "improved", "worsened"];

/// What the program finds possible of one answer, in words: a set without an end is no list of words.
fn seen_words(seen: &door::Seen) -> Option<BTreeSet<String>> {
    match seen.numbers() {
        Some(numbers) => Some(numbers.finite_values(1000)?.into_iter().map(|value| value.to_string()).collect()),
        None => Some(seen.words()?.into_iter().collect()),
    }
}

/// Whether the program holds a value of the oracle for possible.
fn allows(seen: &door::Seen, name: &str, word: &str, half: Option<i64>) -> bool {
    match (name, seen.numbers(), half) {
        ("total_improvement_score", Some(numbers), Some(half)) => {
            numbers.contains(number(Fraction::new(half.into(), 2)))
        }
        _ => seen_words(seen).is_some_and(|words| words.contains(word)),
    }
}

/// Every value of the oracle that the program holds for impossible.
fn too_narrow(seen: &door::Answers, truth: &criteria::Answers) -> String {
    let mut report = String::new();
    for name in NAMES {
        let Some(answer) = seen.get(name) else {
            let _ = writeln!(report, "{name}: the program has no such answer");
            continue;
        };
        let halves: Vec<Option<i64>> = match name {
            "total_improvement_score" => truth.total.iter().copied().map(Some).collect(),
            _ => vec![None; words(truth, name).len()],
        };
        for (word, half) in words(truth, name).iter().zip(halves) {
            if !allows(answer, name, word, half) {
                let _ = writeln!(report, "{name} can be {word}, but the program says {}", answer.line());
            }
        }
    }
    report
}

/// The smallest record that still fails: facts are put back one by one as long as it does.
fn smallest(record: &HalfEmpty, fails: &mut dyn FnMut(&HalfEmpty) -> bool) -> HalfEmpty {
    let mut small = record.clone();
    small.before.clear();
    if !fails(&small) {
        small.before.clone_from(&record.before);
    }
    let mut fewer = small.clone();
    fewer.between.clear();
    if fails(&fewer) {
        small = fewer;
    }
    for instrument in Instrument::ALL {
        let mut fewer = small.clone();
        let cells = fewer.of_mut(instrument);
        if instrument.may_be_unmeasured() && cells.baseline != Cell::NotMeasured {
            cells.baseline = Cell::NotMeasured;
            cells.later = Cell::Unknown("");
            if fails(&fewer) {
                small = fewer;
                continue;
            }
        }
        if matches!(instrument, Instrument::Mmt8 | Instrument::Haq) && cells_are_open(&small, instrument) {
            let mut fewer = small.clone();
            let one = Cell::Known(Fraction::whole(1));
            *fewer.of_mut(instrument) = Cells { baseline: one, later: one, limit: one, end: instrument.usual_end() };
            if fails(&fewer) {
                small = fewer;
                continue;
            }
        }
        for part in 0..3 {
            let mut fewer = small.clone();
            let end = Fraction::whole(fewer.of(instrument).end.min(3));
            let cells = fewer.of_mut(instrument);
            let cell = match part {
                0 => &mut cells.baseline,
                1 => &mut cells.later,
                _ => &mut cells.limit,
            };
            if matches!(cell, Cell::Known(_) | Cell::NotMeasured) || (part == 2 && !instrument.is_enzyme()) {
                continue;
            }
            *cell = Cell::Known(end);
            if fails(&fewer) {
                small = fewer;
            }
        }
    }
    small
}

fn cells_are_open(record: &HalfEmpty, instrument: Instrument) -> bool {
    let cells = record.of(instrument);
    !matches!((cells.baseline, cells.later), (Cell::Known(_), Cell::Known(_)))
}

fn answers(door: &mut Door, yaml: &str) -> door::Answers {
    match door.answers(yaml) {
        Ok(answers) => answers,
        Err(why) => panic!("the program refuses a record of the oracle (seed {}):\n{why}", seed()),
    }
}

/// Fails with the first few reports.
fn demand_nothing(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} failures (seed {}); the first:\n\n{}",
        wrong.len(),
        seed(),
        wrong
            .iter()
            .take(usize::try_from(setting("MYOGUIDE_SHOW", 3)).unwrap_or(3))
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn complete_records_get_the_answers_of_the_criteria() {
    let mut dice = Dice::new(seed());
    let mut door = shipped();
    let mut wrong = Vec::new();
    for round in 0..setting("MYOGUIDE_PATIENTS", 2500) {
        let record = generate::complete(&mut dice);
        let style = Style { shuffled: None, other_units: dice.once_in(2) };
        let patient = record.complete(&mut dice);
        let truth = criteria::of_patient(&patient);
        let yaml = record.yaml(&format!("patient-{round}"), style);
        let seen = answers(&mut door, &yaml);
        let mut report = too_narrow(&seen, &truth);
        for name in NAMES {
            let expected = words(&truth, name);
            if expected.len() == 1 && seen.get(name).is_none_or(|answer| !answer.is_decided()) {
                let said = seen.get(name).map(door::Seen::line).unwrap_or_default();
                let _ = writeln!(report, "{name} is {} and not decided: {said}", expected.join(", "));
            }
        }
        if !report.is_empty() {
            wrong.push(format!("{report}{yaml}"));
        }
    }
    demand_nothing(&wrong);
}

/// Half-empty records: some with a fact or two missing, some with nearly nothing left.
fn half_empty(dice: &mut Dice) -> HalfEmpty {
    let record = generate::complete(dice);
    let often = *dice.pick(&[4, 4, 8, 8, 15, 30, 60]);
    generate::forget(&record, often, dice)
}

#[test]
fn no_completion_overturns_an_answer() {
    let records = setting("MYOGUIDE_RECORDS", 500);
    let completions = setting("MYOGUIDE_COMPLETIONS", 120_000).div_ceil(records);
    let mut dice = Dice::new(seed() ^ 1);
    let mut door = shipped();
    let mut wrong = Vec::new();
    let mut tried = 0_u64;
    for round in 0..records {
        let record = half_empty(&mut dice);
        let yaml = record.yaml(&format!("half-empty-{round}"), Style::PLAIN);
        let seen = answers(&mut door, &yaml);
        for completion in 0..completions {
            tried += 1;
            let patient = record.complete(&mut dice);
            let truth = criteria::of_patient(&patient);
            let mut report = too_narrow(&seen, &truth);
            for name in NAMES {
                if let Some(answer) = seen.get(name).filter(|answer| answer.is_decided())
                    && words(&truth, name).len() != 1
                {
                    let _ = writeln!(report, "{name} is not settled, but the program says {}", answer.line());
                }
            }
            if !report.is_empty() {
                let full = record.filled_from(&patient, &mut dice).yaml("completed", Style::PLAIN);
                wrong.push(format!("{report}{yaml}completed, for example:\n{full}"));
                break;
            }
            if completion == 0 && round % 4 == 0 {
                let full = record.filled_from(&patient, &mut dice);
                let writable = full.cells.iter().all(|cells| {
                    [cells.baseline, cells.later, cells.limit].iter().all(|cell| match cell {
                        Cell::Known(value) => value.decimal().is_some(),
                        _ => true,
                    })
                });
                if writable {
                    let completed = answers(&mut door, &full.yaml("completed", Style::PLAIN));
                    for (name, answer) in &seen {
                        let same = completed.get(name);
                        let within = same.is_some_and(|later| answer.as_recorded || is_within(later, answer));
                        if !within {
                            let later = same.map(door::Seen::line).unwrap_or_default();
                            let full = full.yaml("completed", Style::PLAIN);
                            wrong.push(format!("{name}: {}, completed {later}\n{yaml}{full}", answer.line()));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.len() > 3 || tried >= completions * records, "only {tried} completions were tried");
    demand_nothing(&wrong);
}

/// The later answer says nothing that the earlier did not hold for possible.
fn is_within(later: &door::Seen, earlier: &door::Seen) -> bool {
    match (later.numbers(), earlier.numbers()) {
        (Some(later), Some(earlier)) => later.is_subset_of(earlier),
        _ => match (later.words(), earlier.words()) {
            (Some(later), Some(earlier)) => later.iter().all(|word| earlier.contains(word)),
            _ => false,
        },
    }
}

#[test]
fn what_is_open_is_truly_open() {
    let mut dice = Dice::new(seed() ^ 2);
    let mut door = shipped();
    let mut wrong = Vec::new();
    let (mut claimed, mut witnessed, mut inexact) = (0_u32, 0_u32, 0_u32);
    for round in 0..setting("MYOGUIDE_RECORDS", 250) {
        let record = half_empty(&mut dice);
        let yaml = record.yaml(&format!("open-{round}"), Style::PLAIN);
        let seen = answers(&mut door, &yaml);
        let mut truth = record.witnessed(&mut dice, 400);
        let mut reports = surplus(&seen, &truth);
        if !reports.is_empty() {
            truth = record.witnessed(&mut dice, 20_000);
            reports = surplus(&seen, &truth);
        }
        for name in NAMES {
            let Some(answer) = seen.get(name) else { continue };
            let values = seen_words(answer).unwrap_or_default();
            let true_values = words(&truth, name);
            claimed += u32::try_from(values.len()).unwrap_or(0);
            witnessed += u32::try_from(true_values.iter().filter(|word| values.contains(*word)).count()).unwrap_or(0);
            inexact += u32::from(!answer.exact);
        }
        let narrow = too_narrow(&seen, &truth);
        if !narrow.is_empty() {
            wrong.push(format!("{narrow}{yaml}"));
        }
        if reports.iter().any(|(exact, _)| *exact) {
            let mut fails = |smaller: &HalfEmpty| {
                let seen = answers(&mut door, &smaller.yaml("smaller", Style::PLAIN));
                let mut dice = Dice::new(seed());
                if surplus(&seen, &smaller.witnessed(&mut dice, 400)).iter().all(|(exact, _)| !exact) {
                    return false;
                }
                surplus(&seen, &smaller.witnessed(&mut dice, 10_000)).iter().any(|(exact, _)| *exact)
            };
            let small = if wrong.len() < 3 { smallest(&record, &mut fails) } else { record.clone() };
            let said = answers(&mut door, &small.yaml("smaller", Style::PLAIN));
            let truth = small.witnessed(&mut dice, 20_000);
            let lines: String = surplus(&said, &truth).into_iter().map(|(_, line)| line).collect();
            wrong.push(format!("{lines}{}", small.yaml(&format!("open-{round}"), Style::PLAIN)));
        }
    }
    println!("{witnessed} of {claimed} possible values were witnessed; {inexact} answers were not exact");
    assert!(claimed > 500, "only {claimed} values were looked at");
    demand_nothing(&wrong);
}

/// What the program holds for possible and no completion showed; whether it claims to be exact.
fn surplus(seen: &door::Answers, truth: &criteria::Answers) -> Vec<(bool, String)> {
    let mut reports = Vec::new();
    for name in NAMES {
        let Some(answer) = seen.get(name) else { continue };
        let true_values = words(truth, name);
        let Some(values) = seen_words(answer) else {
            reports.push((answer.exact, format!("{name} is no finite set: {}\n", answer.line())));
            continue;
        };
        let unseen: Vec<&String> = values.iter().filter(|value| !true_values.contains(value)).collect();
        if !unseen.is_empty() {
            reports.push((answer.exact, format!("{name}: no patient has {unseen:?}; {}\n", answer.line())));
        }
    }
    reports
}

#[test]
fn one_more_fact_never_widens_an_answer() {
    let mut dice = Dice::new(seed() ^ 3);
    let mut door = shipped();
    let mut wrong = Vec::new();
    for round in 0..setting("MYOGUIDE_RECORDS", 150) {
        let mut record = half_empty(&mut dice);
        let patient = record.complete(&mut dice);
        let full = record.filled_from(&patient, &mut dice);
        let mut seen = answers(&mut door, &record.yaml(&format!("step-{round}"), Style::PLAIN));
        for instrument in Instrument::ALL {
            for part in 0..3 {
                let mut next = record.clone();
                let target = full.of(instrument);
                let cells = next.of_mut(instrument);
                match part {
                    0 => cells.baseline = target.baseline,
                    1 => cells.later = target.later,
                    _ if instrument.is_enzyme() => cells.limit = target.limit,
                    _ => continue,
                }
                let writable = [cells.baseline, cells.later, cells.limit].iter().all(|cell| match cell {
                    Cell::Known(value) => value.decimal().is_some(),
                    _ => true,
                });
                if next == record || !writable || matches!(next.of(instrument).later, Cell::NotMeasured) {
                    continue;
                }
                let yaml = next.yaml(&format!("step-{round}"), Style::PLAIN);
                let now = answers(&mut door, &yaml);
                for (name, before) in &seen {
                    let Some(after) = now.get(name).filter(|_| before.exact && !before.as_recorded) else { continue };
                    if !is_within(after, before) {
                        let earlier = record.yaml("before", Style::PLAIN);
                        wrong.push(format!("{name}: {}, then {}\n{earlier}{yaml}", before.line(), after.line()));
                    }
                }
                record = next;
                seen = now;
            }
        }
    }
    demand_nothing(&wrong);
}

#[test]
fn order_and_units_change_nothing() {
    let mut dice = Dice::new(seed() ^ 4);
    let mut door = shipped();
    let mut wrong = Vec::new();
    for round in 0..setting("MYOGUIDE_RECORDS", 300) {
        let record = if dice.once_in(2) { generate::complete(&mut dice) } else { half_empty(&mut dice) };
        let id = format!("order-{round}");
        let plain = record.yaml(&id, Style::PLAIN);
        let seen = answers(&mut door, &plain);
        let shuffled = Style { shuffled: Some(Dice::new(dice.next())), other_units: false };
        for style in [shuffled, Style { shuffled: None, other_units: true }] {
            let other = record.yaml(&id, style);
            let now = answers(&mut door, &other);
            if now != seen {
                wrong.push(format!("{seen:?}\n{now:?}\n{plain}{other}"));
            }
        }
    }
    demand_nothing(&wrong);
}

/// What all patients of a record make of a block.
fn of_all(values: &[Vec<small::Value>], block: usize) -> Vec<&small::Value> {
    let mut found: Vec<&small::Value> = Vec::new();
    for patient in values {
        if let Some(value) = patient.get(block).filter(|value| !found.contains(value)) {
            found.push(value);
        }
    }
    found
}

/// What is wrong with what the program says of a block, if anything.
fn against_all(seen: &door::Seen, values: &[&small::Value]) -> Option<String> {
    let mut narrow = Vec::new();
    let mut wide = Vec::new();
    let fault = values.contains(&&small::Value::Fault);
    match values.first() {
        Some(small::Value::Truth(_)) => {
            for truth in [true, false] {
                let real = values.contains(&&small::Value::Truth(truth));
                let said = seen.truths().is_some_and(|truths| truths.contains(&truth));
                sort_out(real, said, &truth, &mut narrow, &mut wide);
            }
        }
        Some(small::Value::Number(_)) => {
            let Some(numbers) = seen.numbers() else { return Some(format!("no number: {}", seen.line())) };
            let real: Vec<_> = values
                .iter()
                .filter_map(|value| match value {
                    small::Value::Number(value) => Some(number(*value)),
                    _ => None,
                })
                .collect();
            narrow.extend(real.iter().filter(|value| !numbers.contains(**value)).map(ToString::to_string));
            match numbers.finite_values(512) {
                Some(said) => wide.extend(said.iter().filter(|value| !real.contains(value)).map(ToString::to_string)),
                None => wide.push("a whole stretch".to_owned()),
            }
        }
        Some(small::Value::Words(_)) => {
            let Possible::Several { certain, perhaps } = &seen.possible else {
                return Some(format!("not several: {}", seen.line()));
            };
            for word in ["one", "two", "three"] {
                let has = |value: &&small::Value| matches!(value, small::Value::Words(words) if words.contains(word));
                let (some, all) = (values.iter().any(has), values.iter().all(has));
                let said_all = certain.iter().any(|said| said == word);
                let said_some = said_all || perhaps.iter().any(|said| said == word);
                sort_out(some, said_some, &word, &mut narrow, &mut wide);
                sort_out(!all, !said_all, &word, &mut narrow, &mut wide);
            }
        }
        Some(small::Value::Word(_) | small::Value::Fault) => {
            let said = seen.words().unwrap_or_default();
            let real: BTreeSet<&str> = values
                .iter()
                .filter_map(|value| match value {
                    small::Value::Word(word) => Some(word.as_str()),
                    _ => None,
                })
                .collect();
            narrow.extend(
                real.iter().filter(|word| !said.iter().any(|other| other == *word)).map(|word| (*word).to_owned()),
            );
            wide.extend(said.iter().filter(|word| !real.contains(word.as_str())).cloned());
            let always = fault && real.is_empty();
            let said = seen.status == Status::Fault;
            if always != said && (said || seen.exact) {
                return Some(format!("at fault for every patient: {always}; the program: {}", seen.line()));
            }
        }
        None => return None,
    }
    if !narrow.is_empty() {
        return Some(format!("TOO NARROW, {} are possible: {}", narrow.join(", "), seen.line()));
    }
    if values.len() > 1 && seen.is_decided() {
        return Some(format!("DECIDED although open: {}", seen.line()));
    }
    if !wide.is_empty() && seen.exact {
        return Some(format!("too wide, no patient has {}: {}", wide.join(", "), seen.line()));
    }
    None
}

fn sort_out(real: bool, said: bool, value: &impl ToString, narrow: &mut Vec<String>, wide: &mut Vec<String>) {
    if real && !said {
        narrow.push(value.to_string());
    }
    if said && !real {
        wide.push(value.to_string());
    }
}

/// Random guidelines over facts with few values: all patients of a half-empty record together say what is possible.
#[test]
fn small_guidelines_agree_with_all_patients() {
    let mut dice = Dice::new(seed() ^ 5);
    let mut wrong = Vec::new();
    let (mut compared, mut inexact) = (0_u32, 0_u32);
    for round in 0..setting("MYOGUIDE_GUIDELINES", 250) {
        let guideline = small::guideline(&mut dice);
        let library = Library::of_texts(guideline.files());
        let mut door = match Door::open(library, Wanted::named("small")) {
            Ok(door) => door,
            Err(mistakes) => {
                wrong.push(format!("guideline {round} is refused:\n{mistakes}\n{}", guideline.rules()));
                continue;
            }
        };
        for _ in 0..4 {
            let record = small::record(1500, &mut dice);
            let values: Vec<_> = small::patients(&record).iter().filter_map(|patient| guideline.of(patient)).collect();
            if values.is_empty() {
                continue;
            }
            let yaml = small::yaml(&record);
            let seen = answers(&mut door, &yaml);
            for (at, name) in guideline.names().into_iter().enumerate() {
                let Some(answer) = seen.get(name) else {
                    wrong.push(format!("there is no answer {name}\n{}", guideline.rules()));
                    continue;
                };
                compared += 1;
                inexact += u32::from(!answer.exact);
                if let Some(why) = against_all(answer, &of_all(&values, at)) {
                    wrong.push(format!("guideline {round}, {name}: {why}\n{yaml}\n{}", guideline.rules()));
                }
            }
        }
    }
    println!("{compared} answers compared with all patients, {inexact} of them not exact");
    assert!(compared > 0, "nothing was compared");
    if std::env::var("MYOGUIDE_KINDS").is_ok() {
        for report in &wrong {
            println!("{}", report.lines().next().unwrap_or_default());
        }
    }
    wrong.sort_by_key(|report| (!report.contains("TOO NARROW") && !report.contains("DECIDED"), report.len()));
    demand_nothing(&wrong);
}
