use std::collections::BTreeSet;

use super::expected::expected;
use super::part::{Part, Reach, Sort, Way};
use super::parts::parts;
use super::reached::Met;
use super::run::{all_met, own_blocks, records};
use super::seek::{Seeker, Sought};
use super::threshold::{Side, Threshold, thresholds};
use super::write;
use crate::catalog::{Catalog, FactId};
use crate::engine::{Engine, Loaded, Options};
use crate::eval::{Evaluation, Held, Status, Subject};
use crate::explore::Patient;
use crate::model::BlockId;
use crate::plan::Writer;
use crate::source::Span;
use crate::threads::side_by_side;
use crate::value::NumberSet;

/// Patients for an expert to accept or correct.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// `acr_eular_response`
    pub guideline: String,
    /// `2016.1.0`
    pub release: String,
    /// How many patients.
    pub cases: usize,
    /// The file of cases; empty where there is none to propose.
    pub text: String,
}

/// How many values of the answers are tried, so that a patient is one of whom the guideline has something to say.
const CONTEXTS: usize = 8;

/// Proposes patients for what of a loaded release no accepted case reaches, those blocks only whose file is `wanted` by its
/// path in the library; with `all`, also of the blocks it takes over, and for every end of a table, bands or an algorithm and
/// every threshold.
pub fn propose(engine: &mut Engine, at: usize, wanted: impl Fn(&str) -> bool, all: bool) -> Option<Proposed> {
    let own = own_blocks(engine, at)?;
    let records = records(engine, at);
    let loaded = engine.guidelines().get(at)?;
    let subject = engine.subject(loaded);
    let met = all_met(subject, &records);
    let known = parts(subject);
    let is_wanted = |block: BlockId, span: Span| {
        let name = subject.guideline.block(block).map(|block| &block.name.value);
        (all || name.is_some_and(|name| own.contains(name))) && engine.path_of(span.file).is_some_and(&wanted)
    };
    let is_met = |part: &Part| met.iter().any(|patient| patient.reaches(part));
    let mut tasks: Vec<Task<'_>> = known
        .iter()
        .filter(|part| is_wanted(part.block, part.span) && ((all && part.sort == Sort::Leaf) || !is_met(part)))
        .map(Task::Part)
        .collect();
    let tested = thresholds(subject);
    let met_at = if all { &[] } else { met.as_slice() };
    let tested = tested.iter().filter(|threshold| is_wanted(threshold.block, threshold.span));
    tasks.extend(tested.map(|threshold| Task::Threshold(threshold, met_at)));
    let patients = side_by_side(&tasks, || Seeker::of(subject), |seeker, task| task.patients(seeker, &known));
    let once = each_once(patients.into_iter().flatten());
    let release = loaded.guideline.info.full_name();
    let cases = cases(engine, loaded, &once);
    Some(Proposed {
        guideline: loaded.guideline.info.id.value.clone(),
        release: loaded.guideline.info.release.value.to_string(),
        cases: cases.len(),
        text: if cases.is_empty() { String::new() } else { write::file(&release, cases) },
    })
}

/// The same patient once, with all it is proposed for.
fn each_once(patients: impl Iterator<Item = (Part, Patient)>) -> Vec<(Vec<Part>, Patient)> {
    let mut once: Vec<(Vec<Part>, Patient)> = Vec::new();
    for (part, patient) in patients {
        match once.iter_mut().find(|(_, known)| *known == patient) {
            Some((parts, _)) => parts.push(part),
            None => once.push((vec![part], patient)),
        }
    }
    once
}

fn cases(engine: &Engine, loaded: &Loaded, patients: &[(Vec<Part>, Patient)]) -> Vec<crate::yaml::Tree> {
    let subject = engine.subject(loaded);
    let mut names = BTreeSet::new();
    let mut cases = Vec::new();
    for (parts, patient) in patients {
        let Some(record) = crate::explore::read(subject, patient) else { continue };
        let evaluated = engine.evaluate(loaded, &record, Options::default());
        let parts: Vec<&Part> = parts.iter().collect();
        let Some(expect) = expected(subject, &evaluated.evaluation, &evaluated.explanation, &parts) else { continue };
        let said: Vec<&str> = parts.iter().map(|part| part.said.as_str()).collect();
        let name = own_name(&said, &mut names);
        let id = format!("proposed-{}", cases.len() + 1);
        cases.extend(write::case(&name, &said, &id, patient, expect));
    }
    cases
}

/// A name that no other case of the file has.
fn own_name(said: &[&str], names: &mut BTreeSet<String>) -> String {
    let first = said.first().map(|said| said.replace('`', "")).unwrap_or_default();
    let others = (2..).map(|turn| format!("{first} ({turn})"));
    let mut free = std::iter::once(first.clone()).chain(others).filter(|name| !names.contains(name));
    let name = free.next().unwrap_or(first);
    names.insert(name.clone());
    name
}

enum Task<'a> {
    Part(&'a Part),
    /// Those on whose sides none of these patients lies.
    Threshold(&'a Threshold, &'a [Met]),
}

impl Task<'_> {
    fn patients(&self, seeker: &Seeker<'_>, known: &[Part]) -> Vec<(Part, Patient)> {
        match self {
            Task::Part(part) => {
                let fuller = part.ways().iter().find_map(|way| {
                    let contexts = contexts(seeker.subject, way, known);
                    let joined = contexts.into_iter().map(|context| [way.as_slice(), &context].concat());
                    joined.filter_map(|way| seeker.found(&way)).find(|patient| seeker.comes_to(patient, part))
                });
                let patient = fuller.or_else(|| match seeker.seek(part, known) {
                    Sought::Patient(patient) => Some(patient),
                    Sought::Nobody | Sought::NotFoundOut => None,
                });
                patient.map(|patient| ((*part).clone(), patient)).into_iter().collect()
            }
            Task::Threshold(threshold, met) => beside(seeker, threshold, met, known),
        }
    }
}

/// Values of the answers that what a way is about has a part in.
fn contexts(subject: Subject<'_>, way: &Way, known: &[Part]) -> Vec<Way> {
    let Some(register) = way.first().map(|wanted| wanted.register) else { return Vec::new() };
    let plan = &subject.lowered.plan;
    let hangs_on = |part: &&Part| {
        let slice = subject.lowered.slice(part.block).filter(|_| part.sort == Sort::Answer);
        slice.is_some_and(|slice| match plan.writer(register) {
            Some(Writer::Step(at)) => slice.steps.contains(&at),
            Some(Writer::Slot(slot)) => slice.reads(slot),
            None => false,
        })
    };
    let of_answers = known.iter().filter(hangs_on).filter_map(|part| match &part.reach {
        Reach::Any(ways) => ways.first().filter(|context| *context != way).cloned(),
        Reach::Open(_) | Reach::Decided(..) | Reach::FairTrial(..) => None,
    });
    of_answers.take(CONTEXTS).collect()
}

/// A patient on a side of a threshold.
struct Beside {
    side: Side,
    /// Where on it.
    place: NumberSet,
    patient: Patient,
}

/// The same patient on those sides of a threshold on which none that is known lies, by choice one for whom it decides an
/// answer.
fn beside(seeker: &Seeker<'_>, threshold: &Threshold, met: &[Met], known: &[Part]) -> Vec<(Part, Patient)> {
    let nearest = |side: Side| {
        let (place, patient) = threshold.nearest(side, seeker)?;
        Some(Beside { side, place, patient })
    };
    let alone: Vec<Beside> = Side::ALL.into_iter().filter_map(nearest).collect();
    let part = |one: &Beside| threshold.part(one.side, &one.place, seeker);
    let sides: Vec<(Side, Part)> = alone.iter().map(|one| (one.side, part(one))).collect();
    let sides: Vec<(Side, Part)> =
        sides.into_iter().filter(|(_, part)| !met.iter().any(|one| one.reaches(part))).collect();
    let middle = alone.iter().find(|one| one.side == Side::At).or(alone.first());
    let Some(middle) = middle.filter(|_| !sides.is_empty()) else { return Vec::new() };
    let way = threshold.way(&middle.place);
    let mut fallback: Option<(bool, Vec<(Side, Patient)>)> = None;
    let mut contexts = contexts(seeker.subject, &way, known);
    contexts.push(seeker.covers.map(|covers| super::part::truth(covers, true)).into_iter().collect());
    for context in contexts {
        let Some(base) = seeker.found(&[way.as_slice(), &context].concat()) else { continue };
        let all = all_sides(seeker, threshold, &base, &alone);
        let results: Vec<_> =
            all.iter().filter_map(|(_, one)| seeker.evaluated(one).map(|(_, found)| answers(&found))).collect();
        let pairs = || results.windows(2).flat_map(|pair| pair.iter().zip(pair.iter().skip(1)));
        let is_decided = |(status, _): &(Status, Vec<Held>)| *status == Status::Decided;
        let turns = |(one, other): (&Found, &Found)| {
            one.iter().zip(other).any(|(one, other)| one != other && is_decided(one) && is_decided(other))
        };
        if pairs().any(turns) {
            return chosen(all, &sides);
        }
        let moves = pairs().any(|(one, other)| one != other);
        if fallback.as_ref().is_none_or(|(known, _)| moves && !known) {
            fallback = Some((moves, all));
        }
    }
    let alone = || alone.into_iter().map(|one| (one.side, one.patient)).collect();
    chosen(fallback.map_or_else(alone, |(_, all)| all), &sides)
}

/// A patient with what is tested as others have it, who lie on the sides.
fn all_sides(seeker: &Seeker<'_>, threshold: &Threshold, base: &Patient, alone: &[Beside]) -> Vec<(Side, Patient)> {
    let mixed = alone.iter().filter_map(|one| {
        let mixed = mix(base, &one.patient, threshold, seeker.subject.catalog);
        let registers = seeker.explorer.registers(&mixed)?;
        threshold.way(&one.place).iter().all(|wanted| wanted.is_met(&registers)).then_some((one.side, mixed))
    });
    mixed.collect()
}

/// A patient with the facts that are tested taken from another.
fn mix(base: &Patient, from: &Patient, threshold: &Threshold, catalog: &Catalog) -> Patient {
    let mut mixed = base.clone();
    let is_tested = |name: &str| {
        let is = |fact: &FactId| {
            name.strip_prefix(catalog.name(*fact)).is_some_and(|rest| rest.is_empty() || rest == "_max")
        };
        threshold.facts.iter().any(is)
    };
    let take = |own: &mut Vec<(String, String)>, theirs: &[(String, String)]| {
        own.retain(|(name, _)| !is_tested(name));
        own.extend(theirs.iter().filter(|(name, _)| is_tested(name)).cloned());
        own.sort();
    };
    take(&mut mixed.person, &from.person);
    take(&mut mixed.facts, &from.facts);
    for (own, theirs) in mixed.visits.iter_mut().zip(&from.visits) {
        take(own, theirs);
    }
    if threshold.of_courses {
        mixed.therapies.clone_from(&from.therapies);
    }
    mixed
}

/// What is known of each answer, and what it can be.
type Found = Vec<(Status, Vec<Held>)>;

fn answers(evaluation: &Evaluation) -> Found {
    evaluation.answers.iter().map(|answer| (answer.status, answer.held.clone())).collect()
}

fn chosen(all: Vec<(Side, Patient)>, sides: &[(Side, Part)]) -> Vec<(Part, Patient)> {
    let part = |side: Side| sides.iter().find(|(own, _)| *own == side).map(|(_, part)| part.clone());
    all.into_iter().filter_map(|(side, patient)| Some((part(side)?, patient))).collect()
}
