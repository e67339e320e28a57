//! `why-not` of what is shipped: no other worked patient shows a smaller change, and a number that is told can be
//! written in a record as it is told.
//!
//! The difference of two worked patients is a change that may give the other's answer. What of it is not needed is left
//! out again, piece by piece: what remains is a change of so many facts, and `why-not` may not need more.

use std::collections::{BTreeMap, BTreeSet};

use crate::oracle::Dice;
use myoguide::catalog::{Catalog, Changeable, FactId, FactKind};
use myoguide::engine::{Engine, Wanted};
use myoguide::eval::{self, Asking, Baseline, Status};
use myoguide::library::Library;
use myoguide::model::{Item, Type};
use myoguide::record::{Entry, Given, Record};
use myoguide::value::{NumberSet, Reason};
use myoguide::why::change::{self, Change, Found};
use myoguide::why::said::{self, Said};
use myoguide::why::target::{self, Target};
use myoguide::why::{Patient, Value, reasons};

const SEED: u64 = 20_261_123;
/// How many answers of treated patients are looked at in each release; half of them hang on a treatment.
const REASONED: usize = 4;

/// One piece of a difference: an entry of the other patient in a visit, or under `facts`; or only its upper limit.
#[derive(Clone)]
struct Piece {
    place: Option<usize>,
    entry: Entry,
    /// It is of something that is recorded.
    changes: bool,
}

fn list(record: &Record, place: Option<usize>) -> &[Entry] {
    place.map_or(&record.undated, |at| &record.visits[at].entries)
}

fn with(record: &Record, pieces: &[Piece]) -> Record {
    let mut with = record.clone();
    for Piece { place, entry, .. } in pieces {
        let list = place.map_or(&mut with.undated, |at| &mut with.visits[at].entries);
        list.retain(|known| known.fact != entry.fact);
        list.push(entry.clone());
    }
    with
}

/// What is different of another patient, but for who that is.
fn difference(catalog: &Catalog, from: &Record, to: &Record) -> Vec<Piece> {
    let mut places = vec![(None, None)];
    if let (Some(last), Some(of)) = (from.visits.len().checked_sub(1), to.visits.len().checked_sub(1)) {
        places.push((Some(last), Some(of)));
        if last > 0 && of > 0 {
            places.push((Some(0), Some(0)));
        }
    }
    let mut pieces = Vec::new();
    for (place, of) in places {
        for entry in list(to, of).iter().filter(|entry| entry.given != Given::Missing) {
            let Some(fact) = catalog.fact(entry.fact) else { continue };
            let named = list(from, place).iter().find(|known| known.fact == entry.fact);
            let known = named.filter(|known| known.given != Given::Missing);
            if let Some(known) = known.filter(|known| known.upper_limit.is_none() && entry.upper_limit.is_some()) {
                let limited = Entry { upper_limit: entry.upper_limit.clone(), ..known.clone() };
                pieces.push(Piece { place, entry: limited, changes: false });
                continue;
            }
            let silent = named.is_none() && fact.absent_means.is_some();
            let denied = named.is_some_and(|known| matches!(known.reason, Reason::NotMeasured | Reason::NotDone));
            let changes = known.is_some() || silent || denied;
            let may = fact.changeable != Changeable::Never || !changes;
            let same = known.is_some_and(|known| known.given == entry.given || known.scale != entry.scale);
            if may && !same && !matches!(fact.kind, FactKind::Date) {
                let upper_limit = known.map_or(entry.upper_limit.clone(), |known| known.upper_limit.clone());
                pieces.push(Piece { place, entry: Entry { upper_limit, ..entry.clone() }, changes });
            }
        }
    }
    pieces
}

/// How many recorded facts a difference needs to give the value, once nothing more can be left out.
fn needed(patient: &Patient<'_>, target: &Target, value: &Value, pieces: &[Piece]) -> Option<usize> {
    let gives = |pieces: &[Piece]| {
        let record = with(patient.record, pieces);
        let other = Patient { record: &record, ..*patient };
        value.is_certain(&other.answer(target.asking)) && is_somebody(&other)
    };
    let mut left = pieces.to_vec();
    left.sort_by_key(|piece| !piece.changes);
    if !gives(&left) {
        return None;
    }
    let mut at = 0;
    while at < left.len() {
        let mut fewer = left.clone();
        fewer.remove(at);
        if gives(&fewer) {
            left = fewer;
        } else {
            at += 1;
        }
    }
    Some(left.iter().filter(|piece| piece.changes).count())
}

fn is_somebody(patient: &Patient<'_>) -> bool {
    let inputs = eval::bind(patient.subject, patient.record, patient.baseline);
    eval::registers(patient.subject, &inputs).impossible(&patient.subject.lowered.plan).next().is_none()
}

/// Every value of a target that is a word.
fn values(target: &Target) -> Vec<(String, Value)> {
    let yes_no = ["yes".to_owned(), "no".to_owned()];
    let words = if target.gives == Type::YesNo { &yes_no } else { target.words() };
    words.iter().filter_map(|word| Some((word.clone(), target.value(word).ok()?))).collect()
}

/// A worked patient of whom less is recorded: no upper limits, a part of the facts, or no visit.
fn less(record: &Record, dice: &mut Dice) -> Record {
    let mut less = record.clone();
    match dice.below(8) {
        0 | 1 => less.visits.iter_mut().flat_map(|visit| &mut visit.entries).for_each(|one| one.upper_limit = None),
        2 | 3 => {
            let lists = less.visits.iter_mut().map(|visit| &mut visit.entries).chain([&mut less.undated]);
            lists.for_each(|list| list.retain(|_| !dice.once_in(4)));
        }
        4 => less.visits.clear(),
        5 => less.therapies = None,
        _ => {}
    }
    less
}

/// The numbers of a change as they are told, with what they are in the record that was evaluated.
fn numbers(catalog: &Catalog, change: &Change) -> Vec<(FactId, String, Vec<NumberSet>)> {
    let every = change.record.visits.iter().flat_map(|visit| &visit.entries).chain(&change.record.undated);
    let every: Vec<&Entry> = every.collect();
    let told = change.changed.iter().chain(&change.filled).filter_map(|one| {
        let fact = catalog
            .find(&one.told.id)
            .filter(|id| catalog.fact(*id).is_some_and(|fact| matches!(fact.kind, FactKind::Number(_))))?;
        let is_limit = one.told.label.starts_with("the upper limit of");
        let of = |entry: &&&Entry| entry.fact == fact;
        let number = |entry: &&Entry| match &entry.given {
            _ if is_limit => entry.upper_limit.clone(),
            Given::Number(set) => Some(set.clone()),
            _ => None,
        };
        Some((fact, one.to.clone(), every.iter().filter(of).filter_map(number).collect()))
    });
    told.collect()
}

/// What a number is that stands in a record as it was told.
fn read(engine: &mut Engine, fact: FactId, told: &str) -> Option<NumberSet> {
    let name = engine.catalog().name(fact).to_owned();
    let bare = told.split(" (upper limit").next()?;
    let (value, scale) = bare.split_once(" of ").map_or((bare, None), |(value, end)| (value, Some(end)));
    let scale = scale.map(|end| format!(", {name}_max: {end}")).unwrap_or_default();
    for part in ["visits: [{date: 2026-01-01, ", "facts: {", "patient: {"] {
        let end = if part.starts_with("visits") { "}]" } else { "}" };
        let file =
            engine.add_text("told.yaml", format!("id: a\nas_of: 2026-01-01\n{part}{name}: {value}{scale}{end}\n"));
        let Some(Ok(record)) = engine.read_records(file).pop() else { continue };
        let entries = record.visits.iter().flat_map(|visit| &visit.entries).chain(&record.undated);
        if let Some(Given::Number(set)) = entries.map(|entry| &entry.given).next() {
            return Some(set.clone());
        }
    }
    None
}

#[test]
fn no_worked_patient_shows_a_smaller_change() {
    let usual = "imnm_criteria:40 eular_acr_classification:40 acr_eular_response:40 refractory_iim:15";
    let names = std::env::var("MYOGUIDE_AUDITED").unwrap_or_else(|_| usual.to_owned());
    let mut wrong: Vec<String> = Vec::new();
    for one in names.split(' ') {
        let (name, count) = one.split_once(':').unwrap();
        let count: u32 = count.parse().unwrap();
        let mut dice =
            Dice::new(std::env::var("MYOGUIDE_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(SEED));
        let mut engine = Engine::open(&Library::embedded());
        engine.load(&Wanted::named(name)).unwrap();
        let records: Vec<Record> = myoguide::cases::check(&mut engine)
            .patients
            .into_iter()
            .flatten()
            .filter(|one| !one.id.is_empty())
            .collect();
        let mut told = Vec::new();
        let loaded = engine.guidelines().last().unwrap();
        let targets = target::all(engine.subject(loaded));
        let targets: Vec<&Target> = targets.iter().filter(|target| target.is_answer && !target.as_recorded).collect();
        let mut others: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
        for (at, record) in records.iter().enumerate() {
            for target in &targets {
                let answer = Patient::of(&engine, loaded, record, Baseline::default()).answer(target.asking);
                let is = values(target).into_iter().filter(|(_, value)| value.is_certain(&answer));
                is.for_each(|(word, _)| others.entry((&target.name, word)).or_default().push(at));
            }
        }
        let (mut asked, mut compared) = (0_u32, 0_u32);
        let mut outcomes: BTreeMap<String, u32> = BTreeMap::new();
        while asked < count {
            let record = less(dice.pick(&records), &mut dice);
            let patient = Patient::of(&engine, loaded, &record, Baseline::default());
            let target = *dice.pick(&targets);
            let all = values(target);
            if all.is_empty() || !is_somebody(&patient) {
                continue;
            }
            let (word, value) = dice.pick(&all);
            if value.is_certain(&patient.answer(target.asking)) {
                continue;
            }
            asked += 1;
            let found = change::why_not(&patient, target, value).found;
            let (outcome, size) = match &found {
                Found::Changes(changes) => {
                    told.extend(changes.iter().flat_map(|change| numbers(engine.catalog(), change)));
                    (format!("a change of {}", changes[0].changed.len()), Some(changes[0].changed.len()))
                }
                Found::Already => ("already".to_owned(), Some(0)),
                Found::Forbidden(_) => ("forbidden".to_owned(), None),
                Found::NotFound(all) => (format!("none, all tried: {all}"), None),
            };
            *outcomes.entry(outcome.clone()).or_default() += 1;
            let known = others.get(&(target.name.as_str(), word.clone())).cloned().unwrap_or_default();
            let some: BTreeSet<usize> = (0..4).filter(|_| !known.is_empty()).map(|_| *dice.pick(&known)).collect();
            let sizes = some.iter().filter_map(|at| {
                needed(&patient, target, value, &difference(engine.catalog(), &record, &records[*at]))
            });
            if let Some(least) = sizes.min() {
                compared += 1;
                if size.is_none_or(|size| least < size) && least <= change::MOST {
                    wrong.push(format!(
                        "{name}, {}, {}={word}: {outcome}, and one of {least} is enough",
                        record.id, target.name
                    ));
                }
            }
        }
        println!("{name}: {asked} asked, {compared} compared, {} numbers; {outcomes:?}", told.len());
        for (fact, told, are) in told {
            let number = read(&mut engine, fact, &told);
            if !number.as_ref().is_some_and(|number| are.contains(number)) {
                wrong.push(format!("{name}, {}: `{told}` is read as {number:?}", engine.catalog().name(fact)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} failures:\n{}", wrong.len(), wrong.join("\n"));
}

/// Patients of whom little is recorded: dozens of facts have to be filled in before an answer is settled.
#[test]
fn a_change_is_found_where_dozens_of_facts_are_not_recorded() {
    let mut engine = Engine::open(&Library::embedded());
    engine.load(&Wanted::named("refractory_iim@2026.1.0")).unwrap();
    let records: Vec<Record> = myoguide::cases::check(&mut engine).patients.into_iter().flatten().collect();
    let loaded = engine.guidelines().last().unwrap();
    let targets = target::all(engine.subject(loaded));
    for (id, name, word, least) in [
        ("bird-17", "disposition", "complete_trial", 0),
        ("failed-overlap", "leading_treatment", "form_of_myositis", 1),
    ] {
        let known = records.iter().find(|record| record.id == id).unwrap();
        let record = Record { therapies: None, ..known.clone() };
        let patient = Patient::of(&engine, loaded, &record, Baseline::default());
        let target = target::find(&targets, name).unwrap().remove(0);
        let found = change::why_not(&patient, &target, &target.value(word).unwrap()).found;
        let Found::Changes(changes) = found else { panic!("{id}, {name}={word}: {found:?}") };
        assert_eq!(changes[0].changed.len(), least, "{id}, {name}={word}");
    }
}

/// Everything that a record says of the facts of the dictionary, but for what is kept, is not known.
fn forces(patient: &Patient<'_>, target: &Target, all: &[Said], kept: &[Said]) -> bool {
    let answer = patient.answer(target.asking);
    let forgotten: BTreeSet<Said> = all.iter().filter(|said| !kept.contains(said)).copied().collect();
    let record = said::without(patient.record, patient.subject.catalog, &forgotten);
    let now = Patient { record: &record, ..*patient }.answer(target.asking);
    let is_same = now.held.iter().zip(&answer.held).all(|(now, then)| now.is_within(then));
    now.status == Status::Decided && is_same
}

#[test]
fn what_is_told_of_the_treated_forces_the_answer_and_none_of_it_can_be_left_out() {
    let mut dice = Dice::new(SEED);
    let mut wrong: Vec<String> = Vec::new();
    let (mut asked, mut of_therapies) = (0, 0);
    for release in ["2018.1.0", "2021.1.0", "2022.1.0", "2024.1.0", "2026.1.0"] {
        let mut engine = Engine::open(&Library::embedded());
        engine.load(&Wanted::named(&format!("refractory_iim@{release}"))).unwrap();
        let records: Vec<Record> = myoguide::cases::check(&mut engine).patients.into_iter().flatten().collect();
        let treated = |record: &Record| record.therapies.as_ref().is_some_and(|list| !list.courses.is_empty());
        let records: Vec<Record> = records.into_iter().filter(|record| treated(record)).collect();
        let loaded = engine.guidelines().last().unwrap();
        let of_courses = |target: &Target| {
            let places = matches!(target.asking, Asking::Item(Item::Verdict(..) | Item::Line(..) | Item::Course(_)));
            places || target.is_answer
        };
        let targets: Vec<Target> = target::all(engine.subject(loaded)).into_iter().filter(of_courses).collect();
        let facts: BTreeSet<FactId> = engine.catalog().facts().map(|(id, _)| id).collect();
        let mut left = REASONED;
        while left > 0 {
            let (record, target) = (dice.pick(&records), dice.pick(&targets));
            let patient = Patient::of(&engine, loaded, record, Baseline::default());
            let why = reasons::why(&patient, target);
            let kept: Vec<Said> = why.reasons.iter().map(|reason| reason.said).collect();
            let hangs_on_one = kept.iter().any(|said| matches!(said, Said::Therapy(_)));
            if kept.is_empty() || (left.is_multiple_of(2) && !hangs_on_one) {
                continue;
            }
            left -= 1;
            asked += 1;
            of_therapies += u32::from(hangs_on_one);
            let all = said::all(patient.subject, record, &facts);
            if !forces(&patient, target, &all, &kept) {
                wrong.push(format!("{release}, {}, {}: {kept:?} do not force it", record.id, target.name));
            }
            for one in &kept {
                let others: Vec<Said> = kept.iter().filter(|other| *other != one).copied().collect();
                if forces(&patient, target, &all, &others) {
                    wrong
                        .push(format!("{release}, {}, {}: {one:?} of {kept:?} is for nothing", record.id, target.name));
                }
            }
        }
    }
    println!("{asked} asked, {of_therapies} with therapies");
    assert!(wrong.is_empty(), "{} failures:\n{}", wrong.len(), wrong.join("\n"));
}
