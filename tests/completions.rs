//! The promise for whole guidelines, ladders and algorithms included: whatever a half-empty record leaves possible for
//! an answer, a conclusion, a verdict, a line or a step holds what every completion of the record comes to; and each
//! option of a complete record has exactly one verdict.
//!
//! Patients are made from the dictionary alone: random values, and values on and next to every number the rules hold a
//! fact against. `MYOGUIDE_SEED` takes another seed, `MYOGUIDE_COMPLETIONS` another number of completions,
//! `MYOGUIDE_GUIDELINES` other guidelines, `MYOGUIDE_RULES` another folder of rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::oracle::Dice;
use myoguide::catalog::{FactId, FactKind, RecordedIn};
use myoguide::diagnostics::draw::draw;
use myoguide::engine::{Engine, Loaded, Options, Wanted};
use myoguide::eval::{Answer, Compact, Evaluation, Held, LANES, Sheet, Status};
use myoguide::explain::AdviceShown;
use myoguide::library::Library;
use myoguide::model::{BlockKind, CourseRule, Item, TherapyId, Verdict};
use myoguide::plan::{Part, Register, SlotId, SlotSource, Step, Writer};
use myoguide::record::Record;
use myoguide::syntax::tree::TrialLength;
use myoguide::value::{Number, Quantity, Reason, Unit};

const SEED: u64 = 20_210_801;

/// The days of the visits; a patient has the last few of them.
const DAYS: [&str; 3] = ["2025-01-10", "2025-07-10", "2026-01-10"];

/// What is written where a course still runs: nothing.
const STILL_RUNS: &str = "";

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Something a record can say.
#[derive(Debug, Clone)]
struct Cell {
    /// `mmt8`
    fact: String,
    /// What can be written behind it.
    values: Vec<String>,
    /// What is written.
    value: String,
    /// What stands in its place in a half-empty record: `None` leaves it out.
    unknown: Option<&'static str>,
    /// It is left out of the half-empty record.
    hidden: bool,
    /// It is left out of the completed record too.
    never_filled: bool,
    /// Only with one of these values of another fact does it mean anything.
    applies: Option<(String, Vec<String>)>,
    /// It means nothing for this patient.
    means_nothing: bool,
}

impl Cell {
    fn line(&self, complete: bool) -> Option<String> {
        if self.means_nothing {
            return None;
        }
        if (complete && !self.never_filled) || !self.hidden {
            if self.value == STILL_RUNS {
                return None;
            }
            return Some(format!("{}: {}", self.fact, self.value));
        }
        self.unknown.map(|word| format!("{}: {word}", self.fact))
    }
}

/// A random patient.
#[derive(Debug, Clone)]
struct Patient {
    person: Vec<Cell>,
    facts: Vec<Cell>,
    visits: Vec<(&'static str, Vec<Cell>)>,
    /// The drug, then what is said of it.
    courses: Vec<(String, Vec<Cell>)>,
    judgements: Vec<Cell>,
    /// The list of therapies is left out of the half-empty record.
    no_therapies: bool,
}

impl Patient {
    fn yaml(&self, complete: bool) -> String {
        let inline =
            |cells: &[Cell]| cells.iter().filter_map(|cell| cell.line(complete)).collect::<Vec<_>>().join(", ");
        let mut text = format!("id: random\nas_of: {}\n", DAYS[2]);
        let _ = writeln!(text, "patient: {{{}}}\nfacts:", inline(&self.person));
        for line in self.facts.iter().filter_map(|cell| cell.line(complete)) {
            let _ = writeln!(text, "  {line}");
        }
        if self.facts.iter().all(|cell| cell.line(complete).is_none()) {
            text = text.replace("facts:\n", "");
        }
        text.push_str("visits:\n");
        for (day, cells) in &self.visits {
            let _ = writeln!(text, "  - date: {day}");
            for line in cells.iter().filter_map(|cell| cell.line(complete)) {
                let _ = writeln!(text, "    {line}");
            }
        }
        let judged = inline(&self.judgements);
        if !judged.is_empty() {
            let _ = writeln!(text, "judgements: {{{judged}}}");
        }
        if complete || !self.no_therapies {
            text.push_str(if self.courses.is_empty() { "therapies: []\n" } else { "therapies:\n" });
            for (drug, cells) in &self.courses {
                let _ = writeln!(text, "  - {{drug: {drug}, {}}}", inline(cells));
            }
        }
        text
    }

    /// What means nothing for this patient is not recorded, and what decides that is known where the other is.
    fn settle(&mut self) {
        let shown: Vec<(String, Vec<String>)> =
            self.cells().filter(|cell| !cell.hidden).filter_map(|cell| cell.applies.clone()).collect();
        for (control, _) in shown {
            self.cells().filter(|cell| cell.fact == control).for_each(|cell| cell.hidden = false);
        }
        self.leave_out();
    }

    fn leave_out(&mut self) {
        let values: BTreeMap<String, String> =
            self.cells().map(|cell| (cell.fact.clone(), cell.value.clone())).collect();
        for cell in self.cells() {
            let Some((control, allowed)) = &cell.applies else { continue };
            cell.means_nothing = values.get(control).is_some_and(|value| !allowed.contains(value));
        }
    }

    fn cells(&mut self) -> impl Iterator<Item = &mut Cell> {
        let visits = self.visits.iter_mut().flat_map(|(_, cells)| cells);
        let courses = self.courses.iter_mut().flat_map(|(_, cells)| cells);
        let judgements = &mut self.judgements;
        self.person.iter_mut().chain(&mut self.facts).chain(visits).chain(courses).chain(judgements)
    }

    fn fill(&mut self, dice: &mut Dice) {
        for cell in self.cells().filter(|cell| cell.hidden) {
            cell.value = dice.pick(&cell.values).clone();
        }
        self.leave_out();
    }
}

/// A fact that patients have.
struct Known {
    place: RecordedIn,
    name: String,
    /// What can be written behind it.
    values: Vec<String>,
    /// Its absence says something.
    absence_speaks: bool,
    applies: Option<(String, Vec<String>)>,
}

/// Makes patients for one guideline.
struct Maker {
    /// Facts by where they are recorded, each with what can be written behind it, and whether its absence says
    /// something.
    facts: Vec<Known>,
    judgements: Vec<String>,
    /// Treatments some rule speaks of.
    drugs: Vec<Drug>,
}

/// A treatment, and what is worth trying of it.
#[derive(Debug, Clone, Default)]
struct Drug {
    name: String,
    /// Doses below, at and above its floors.
    doses: Vec<String>,
    /// Levels, likewise.
    levels: Vec<String>,
    /// Its fair trial counts the days on which it is given.
    is_counted: bool,
    /// Its outcome is worked out from the visits where none is recorded; one that is filled in may contradict them.
    has_outcome_rule: bool,
}

impl Maker {
    fn of(engine: &Engine, loaded: &Loaded) -> Maker {
        let catalog = engine.catalog();
        let edges = edges(loaded);
        let read = loaded.guideline.facts();
        let mut facts = Vec::new();
        for (id, fact) in catalog.facts() {
            if !read.contains(&id) {
                continue;
            }
            let values: Vec<String> = match &fact.kind {
                FactKind::Choice { values, .. } => values.iter().map(|value| value.name.clone()).collect(),
                FactKind::Number(kind) => {
                    let near = edges.get(&id).into_iter().flatten().copied();
                    let mut values: BTreeSet<Number> = near.flat_map(around).collect();
                    let hull = kind.range.hull();
                    values.extend(hull.and_then(|hull| hull.low.number()));
                    values.extend(hull.and_then(|hull| hull.high.number()));
                    values.extend([1, 20, 45, 70].map(Number::whole));
                    let fits = |value: &Number| kind.range.contains(*value) && (!kind.whole || value.is_whole());
                    let written = values.into_iter().filter(fits).filter_map(Number::exact_decimal);
                    let limit = |value: String| {
                        let unit = kind.unit.map_or("", Unit::symbol);
                        if kind.upper_limit {
                            format!("{{value: {value} {unit}, upper_limit: 100 {unit}}}")
                        } else {
                            value
                        }
                    };
                    written.map(limit).collect()
                }
                FactKind::Date => continue,
            };
            // Older than at every onset: an age that contradicts another is no patient's.
            let is_age = fact.recorded == RecordedIn::Patient && fact.derived.is_some();
            let values = if is_age { vec!["99".to_owned()] } else { values };
            if !values.is_empty() {
                let applies = fact.applies_when.as_ref().and_then(|rule| {
                    let control = catalog.fact(rule.fact)?;
                    let FactKind::Choice { values, .. } = &control.kind else { return None };
                    let names = rule.is.iter().filter_map(|at| values.get(usize::from(at)));
                    Some((control.id.value.clone(), names.map(|value| value.name.clone()).collect()))
                });
                let absence_speaks = fact.absent_means.is_some();
                let name = fact.id.value.clone();
                facts.push(Known { place: fact.recorded, name, values, absence_speaks, applies });
            }
        }
        let parts = loaded.guideline.therapies.iter().flat_map(|therapy| therapy.parts.iter());
        let names: BTreeSet<&str> = parts.map(|part| catalog.treatment_name(*part)).collect();
        let drugs = names.into_iter().map(|name| drug(loaded, engine, name)).collect();
        Maker { facts, judgements: loaded.guideline.judgements.clone(), drugs }
    }

    fn patient(&self, dice: &mut Dice) -> Patient {
        let often = *dice.pick(&[3, 5, 8, 15, 40]);
        let visits = 1 + dice.below(DAYS.len());
        let mut patient = Patient {
            person: Vec::new(),
            facts: Vec::new(),
            visits: DAYS[DAYS.len() - visits..].iter().map(|day| (*day, Vec::new())).collect(),
            courses: Vec::new(),
            judgements: Vec::new(),
            no_therapies: dice.once_in(12),
        };
        for Known { place, name, values, absence_speaks, applies } in &self.facts {
            let cell = |dice: &mut Dice, earlier: bool| Cell {
                fact: name.clone(),
                value: dice.pick(values).clone(),
                values: values.clone(),
                // An absent key leaves an earlier value the latest; only `unknown` may be filled in later.
                unknown: (earlier || *absence_speaks || dice.once_in(2)).then_some("unknown"),
                hidden: dice.once_in(often),
                never_filled: false,
                applies: applies.clone(),
                means_nothing: false,
            };
            match place {
                RecordedIn::Patient => {
                    let cell = cell(dice, false);
                    patient.person.push(cell);
                }
                RecordedIn::Facts => {
                    let cell = cell(dice, false);
                    patient.facts.push(cell);
                }
                RecordedIn::Visits => {
                    for (at, (_, cells)) in patient.visits.iter_mut().enumerate() {
                        cells.push(cell(dice, at > 0));
                    }
                }
            }
        }
        for name in &self.judgements {
            let values = vec!["yes".to_owned(), "no".to_owned()];
            let value = dice.pick(&values).clone();
            let cell = Cell {
                fact: name.clone(),
                values,
                value,
                unknown: None,
                hidden: dice.once_in(often),
                never_filled: false,
                applies: None,
                means_nothing: false,
            };
            patient.judgements.push(cell);
        }
        for drug in &self.drugs {
            for _ in 0..usize::from(dice.once_in(2)) + usize::from(dice.once_in(6)) {
                patient.courses.push((drug.name.clone(), course(drug, often, dice)));
            }
        }
        patient.settle();
        patient
    }
}

/// One thing said of a course.
fn cell(fact: &str, values: &[&str], hidden: bool, dice: &mut Dice) -> Cell {
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    let value = dice.pick(&values).clone();
    Cell {
        fact: fact.to_owned(),
        value,
        values,
        unknown: None,
        hidden,
        never_filled: false,
        applies: None,
        means_nothing: false,
    }
}

/// What is said of a course. Its days are known, or known to the month.
fn course(drug: &Drug, often: usize, dice: &mut Dice) -> Vec<Cell> {
    let mut cells = Vec::new();
    let starts = ["2024-06-01", "2024-06", "2025-03-01", "2025-08-15", "2025-10-10", "2025-12-20"];
    cells.push(cell("start", &starts, false, dice));
    if dice.once_in(8) {
        // Of what is completed some still runs.
        cells.push(cell("stop", &["2025-12-21", "2025-12-30", "2026-01-05", STILL_RUNS], true, dice));
    } else if dice.once_in(2) {
        cells.push(cell("stop", &["2025-12-28", "2025-12-30", "2026-01-05"], false, dice));
        let why = ["inefficacy", "intolerance", "remission", "other"];
        let hidden = dice.once_in(often);
        cells.push(cell("stopped_for", &why, hidden, dice));
    }
    let outcomes = ["no_response", "partial", "response", "relapse", "worse", "not_assessed"];
    let hidden = dice.once_in(often);
    cells.push(cell("outcome", &outcomes, hidden, dice));
    let hidden = dice.once_in(often);
    cells.push(cell("adherence", &["40 %", "79 %", "80 %", "100 %"], hidden, dice));
    for (key, values) in [("dose", &drug.doses), ("level", &drug.levels)] {
        if !values.is_empty() {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let hidden = dice.once_in(often);
            cells.push(cell(key, &values, hidden, dice));
        }
    }
    cells.iter_mut().filter(|cell| cell.fact == "stop").for_each(|cell| cell.unknown = Some("unknown"));
    if drug.has_outcome_rule {
        cells.iter_mut().filter(|cell| cell.fact == "outcome").for_each(|cell| cell.never_filled = true);
    }
    if drug.is_counted {
        let days = ["[2025-12-20]", "[2025-12-20, 2025-12-24]", "[2025-12-20, 2025-12-22, 2025-12-24, 2025-12-26]"];
        let hidden = dice.once_in(often);
        cells.push(cell("given", &days, hidden, dice));
    }
    cells
}

/// A treatment, with what the rows of `course adequate` say of it.
fn drug(loaded: &Loaded, engine: &Engine, name: &str) -> Drug {
    let mut drug = Drug { name: name.to_owned(), ..Drug::default() };
    for block in &loaded.guideline.blocks {
        drug.has_outcome_rule |= matches!(&block.kind, BlockKind::Course(CourseRule::Outcome(_)));
        let BlockKind::Course(CourseRule::FairTrial(rows)) = &block.kind else { continue };
        let own = |id: &TherapyId| loaded.guideline.therapy_name(*id, engine.catalog()) == name;
        for row in rows.iter().filter(|row| row.therapies.iter().any(own)) {
            drug.doses.extend(row.dose.iter().flat_map(|(dose, _)| near(*dose)));
            drug.levels.extend(row.level.iter().flat_map(|level| near(*level)));
            drug.is_counted |= matches!(row.length, Some(TrialLength::Occasions(_)));
        }
    }
    drug
}

/// Quantities at and around another.
fn near(quantity: Quantity) -> Vec<String> {
    let unit = quantity.unit.map_or("", Unit::symbol);
    let values = around(quantity.value).into_iter().filter_map(Number::exact_decimal);
    values.map(|value| format!("{value} {unit}")).collect()
}

/// A number, and one below and above it.
fn around(number: Number) -> Vec<Number> {
    let tenth = Number::fraction(1, 10).unwrap_or(Number::ONE);
    let near =
        [number.minus(Number::ONE), number.minus(tenth), Ok(number), number.plus(tenth), number.plus(Number::ONE)];
    near.into_iter().flatten().filter(|number| number.sign() >= 0).collect()
}

/// The numbers that the rules hold each fact against, in the fact's unit.
fn edges(loaded: &Loaded) -> BTreeMap<FactId, BTreeSet<Number>> {
    let mut edges: BTreeMap<FactId, BTreeSet<Number>> = BTreeMap::new();
    let plans = [Some(&loaded.lowered), loaded.lowered.course.as_ref().map(|course| &course.lowered)];
    for plan in plans.into_iter().flatten().map(|lowered| &lowered.plan) {
        for step in &plan.steps {
            let Step::Within(number, set, _) = step else { continue };
            let Some(Writer::Slot(slot)) = plan.writer(myoguide::plan::Register::Number(*number)) else { continue };
            let Some(SlotSource::Fact { fact, part, .. }) = plan.slot(slot).map(|slot| slot.source) else { continue };
            let of = if part == Part::Multiple { Number::whole(100) } else { Number::ONE };
            let ends = set.intervals().into_iter().flat_map(|one| [one.low.number(), one.high.number()]).flatten();
            edges.entry(fact).or_default().extend(ends.filter_map(|end| end.times(of).ok()));
        }
    }
    edges
}

fn guidelines() -> Vec<String> {
    if let Ok(names) = std::env::var("MYOGUIDE_GUIDELINES") {
        return names.split(',').map(str::to_owned).collect();
    }
    let library = library();
    let newest: BTreeMap<&str, &str> = library.guidelines().iter().map(|folder| (folder.id, folder.release)).collect();
    newest.into_iter().map(|(id, release)| format!("{id}@{release}")).collect()
}

/// The shipped rules, or those of `MYOGUIDE_RULES`.
fn library() -> Library {
    match std::env::var("MYOGUIDE_RULES") {
        Ok(folder) => match Library::open(std::path::Path::new(&folder)) {
            Ok(library) => library,
            Err(error) => panic!("{error}"),
        },
        Err(_) => Library::embedded(),
    }
}

fn engine(name: &str) -> Engine {
    let mut engine = Engine::open(&library());
    if let Err(error) = engine.load(&Wanted::named(name)) {
        panic!("{error}");
    }
    assert!(!engine.has_errors(), "{}", draw(engine.sources(), engine.diagnostics(), false));
    engine
}

fn first(engine: &Engine) -> &Loaded {
    engine.guidelines().first().unwrap_or_else(|| panic!("nothing is loaded"))
}

fn read(engine: &mut Engine, yaml: &str) -> Record {
    let file = engine.add_text("random.yaml", yaml.to_owned());
    match engine.read_records(file).pop() {
        Some(Ok(record)) => record,
        Some(Err(mistakes)) => panic!("{}\n{yaml}", draw(engine.sources(), &mistakes, false)),
        None => panic!("there is no record in\n{yaml}"),
    }
}

/// Without the advice, which takes as long as all else.
fn evaluate_quickly(engine: &mut Engine, yaml: &str) -> Evaluation {
    let record = read(engine, yaml);
    myoguide::eval::evaluate(engine.subject(first(engine)), &record, Options::default().baseline)
}

/// What comes of a record, and what each advice may come to; none of them where it is not given.
fn evaluate(engine: &mut Engine, yaml: &str) -> (Evaluation, Advised) {
    let record = read(engine, yaml);

    let evaluated = engine.evaluate(first(engine), &record, Options::default());
    let advice = evaluated.explanation.advice.into_iter();
    let advised = advice.map(|one| (one.id, (one.possible, one.because.iter().map(|why| why.fact.clone()).collect())));
    (evaluated.evaluation, advised.collect())
}

/// By the name of an advice what it may come to, and the facts that decide.
type Advised = BTreeMap<String, (Vec<&'static str>, Vec<String>)>;

/// Advice that comes to something a half-empty record does not leave possible.
fn overruled(half: &Advised, complete: &Advised) -> Vec<String> {
    let of = |advised: &Advised, name: &String| {
        advised.get(name).map_or_else(|| vec![AdviceShown::NOT_GIVEN], |(possible, _)| possible.clone())
    };
    // What may be taken, and may have to be stopped, is not told of.
    let told = |name: &&String| half.contains_key(*name) || !name.starts_with("stop_");
    let names: BTreeSet<&String> = half.keys().chain(complete.keys()).filter(told).collect();
    let told = names.into_iter().map(|name| (name, of(half, name), of(complete, name)));
    let wrong = told.filter(|(_, before, after)| after.iter().any(|word| !before.contains(word)));
    wrong.map(|(name, before, after)| format!("advice {name}: {before:?}, completed {after:?}")).collect()
}

#[test]
fn no_completion_overrules_an_advice() {
    let levels = ["", "at high ", "at low "];
    let completions = setting("MYOGUIDE_COMPLETIONS", 200);
    for seed in 0..completions / 5 {
        let mut dice = Dice::new(setting("MYOGUIDE_SEED", SEED) ^ seed);
        let facts: Vec<String> = (0..5).map(|at| format!("sign_{at}")).collect();
        let mut dictionary = String::new();
        for fact in &facts {
            let _ = writeln!(
                dictionary,
                "{fact}: {{label: {fact}, question: What?, type: yes or no, recorded: facts, burden: history, source: \
                 definition}}"
            );
        }
        let mut rules = String::from("precedence \"Which wins\"\n  1 high\n  2 low\n");
        for at in 0..6 {
            let fact = dice.pick(&facts).clone();
            let level = *dice.pick(&levels);
            let _ = writeln!(rules, "advice do_{at} \"Do {at}\" {level}when {fact}");
            let others: Vec<String> =
                (0..6).filter(|other| *other != at && dice.once_in(4)).map(|other| format!("do_{other}")).collect();
            if !others.is_empty() {
                let _ = writeln!(rules, "  conflicts with {}", others.join(", "));
            }
        }
        let guideline = "id: g\nrelease: 1.0.0\nlanguage: 1\ntitle: t\nabout: a\nstatus: draft\n\
                         effective_from: 2020-01-01\nauthors: [a]\nanswers: []\nchanges: [First.]\n";
        let texts = [
            ("dictionary/t.yaml", dictionary.as_str()),
            ("g/1.0.0/guideline.yaml", guideline),
            ("g/1.0.0/g.rules", rules.as_str()),
        ];
        let mut engine = Engine::open(&Library::of_texts(texts));
        assert!(engine.load(&Wanted::named("g")).is_ok(), "{rules}");
        let written: Vec<Option<bool>> =
            facts.iter().map(|_| *dice.pick(&[Some(true), Some(false), None, None])).collect();
        let yaml = |values: &[Option<bool>]| {
            let each = facts.iter().zip(values).map(|(fact, value)| match value {
                Some(true) => format!("{fact}: yes"),
                Some(false) => format!("{fact}: no"),
                None => format!("{fact}: unknown"),
            });
            format!("id: random\nas_of: 2026-01-01\nfacts: {{{}}}\n", each.collect::<Vec<_>>().join(", "))
        };
        let half = evaluate(&mut engine, &yaml(&written)).1;
        for (possible, because) in half.values() {
            assert_eq!(possible.len() > 1, !because.is_empty(), "{rules}\n{}", yaml(&written));
        }
        for _ in 0..8 {
            let filled: Vec<Option<bool>> =
                written.iter().map(|value| value.or_else(|| Some(dice.once_in(2)))).collect();
            let complete = evaluate(&mut engine, &yaml(&filled)).1;
            let wrong = overruled(&half, &complete);
            assert!(wrong.is_empty(), "{}\n{rules}\n{}\n{}", wrong.join("\n"), yaml(&written), yaml(&filled));
            assert!(complete.values().all(|(possible, _)| possible.len() == 1), "{rules}\n{}", yaml(&filled));
        }
    }
}

/// Everything that has an answer, by a name for the report.
fn all<'a>(loaded: &Loaded, evaluation: &'a Evaluation) -> Vec<(String, &'a Answer)> {
    // What was recorded may change when a fact is filled in.
    let may_change =
        |answer: &Answer| loaded.guideline.block(answer.block).is_some_and(|one| one.as_recorded.is_some());
    let name = |answer: &Answer| loaded.guideline.block(answer.block).map_or("", |block| &block.name.value).to_owned();
    let answers = evaluation.answers.iter().filter(|answer| !may_change(answer)).map(|answer| (name(answer), answer));
    let items = evaluation.items.iter().map(|(item, answer)| (format!("{} {item:?}", name(answer)), answer));
    answers.chain(items).collect()
}

/// What a completion comes to that the half-empty record does not leave possible.
fn overturned(loaded: &Loaded, half: &Evaluation, complete: &Evaluation) -> Vec<String> {
    if !half.covers.union(complete.covers).eq(&half.covers) {
        return vec![format!("covers: {:?}, completed {:?}", half.covers, complete.covers)];
    }
    let mut wrong = Vec::new();
    for ((name, before), (_, after)) in all(loaded, half).into_iter().zip(all(loaded, complete)) {
        if before.status == Status::Silent || after.status == Status::Silent {
            let may = half.covers.can_be_no() && after.status == Status::Silent;
            if !may && before.status != after.status {
                wrong.push(format!("{name}: {:?}, completed {:?}", before.status, after.status));
            }
            continue;
        }
        let within = |(after, before): (&Held, &Held)| after.is_within(before);
        if !after.held.iter().zip(&before.held).all(within) {
            wrong.push(format!("{name}: {:?}, completed {:?}", before.held, after.held));
        }
    }
    wrong
}

#[test]
fn no_completion_overturns_a_guideline() {
    let seed = setting("MYOGUIDE_SEED", SEED);
    let completions = setting("MYOGUIDE_COMPLETIONS", 200);
    for name in guidelines() {
        let mut dice = Dice::new(seed);
        let mut program = engine(&name);
        let maker = Maker::of(&program, first(&program));
        let (mut tried, mut open) = (0, 0);
        while tried < completions {
            if tried % 200 == 0 {
                program = engine(&name);
            }
            let mut patient = maker.patient(&mut dice);
            let (half, half_advised) = evaluate(&mut program, &patient.yaml(false));
            open += all(first(&program), &half).iter().filter(|(_, answer)| answer.status == Status::Open).count();
            for round in 0..4 {
                tried += 1;
                patient.fill(&mut dice);
                let yaml = patient.yaml(true);
                let (complete, advised) = match round {
                    0 => evaluate(&mut program, &yaml),
                    _ => (evaluate_quickly(&mut program, &yaml), Advised::new()),
                };
                if !complete.impossible.is_empty() {
                    continue;
                }
                let mut wrong = overturned(first(&program), &half, &complete);
                let spoken = half.covers.settled() == Some(true) && complete.covers.settled() == Some(true);
                if spoken && round == 0 {
                    wrong.extend(overruled(&half_advised, &advised));
                }
                assert!(
                    wrong.is_empty(),
                    "{name}, seed {seed}:\n{}\n\n{}\ncompleted:\n{}",
                    wrong.join("\n"),
                    patient.yaml(false),
                    patient.yaml(true)
                );
            }
        }
        let least = usize::try_from(completions / 40).unwrap_or(usize::MAX);
        assert!(open > least, "{name}: only {open} answers were open");
    }
}

/// What is run for many records leaves in the registers what the steps leave there, one after the other, wherever the record
/// fits the compact form.
#[test]
fn the_compact_form_leaves_what_the_steps_leave() {
    let seed = setting("MYOGUIDE_SEED", SEED) ^ 2;
    let (mut answers, mut compact, mut tried, mut fitted) = (0, 0, 0, 0);
    for name in guidelines() {
        let mut dice = Dice::new(seed);
        let mut engine = engine(&name);
        let maker = Maker::of(&engine, first(&engine));
        let lowered = first(&engine).lowered.clone();
        let plan = &lowered.plan;
        let blocks = first(&engine).guideline.answers.clone();
        let roots = blocks.iter().filter_map(|block| lowered.block(*block)).map(|block| block.results.clone());
        let subject = engine.subject(first(&engine));
        let ready: Vec<(Compact, Vec<Register>)> =
            roots.filter_map(|roots| Some((Compact::of(subject, roots.iter().copied())?, roots))).collect();
        answers += blocks.len();
        compact += ready.len();
        let mut sheets: Vec<_> = ready.iter().map(|(compact, _)| compact.sheet()).collect();
        let rounds: Vec<u64> = (0..setting("MYOGUIDE_PATIENTS", 100)).collect();
        for rounds in rounds.chunks(LANES) {
            let mut filled = Vec::new();
            sheets.iter_mut().for_each(Sheet::begin);
            for (lane, round) in rounds.iter().enumerate() {
                let yaml = maker.patient(&mut dice).yaml(round % 2 == 0);
                let record = read(&mut engine, &yaml);
                let subject = engine.subject(first(&engine));
                let inputs = myoguide::eval::bind(subject, &record, Options::default().baseline);
                for ((compact, _), sheet) in ready.iter().zip(&mut sheets) {
                    for slot in compact.slots() {
                        let (slot, input) = (&plan.slots[slot.0 as usize], inputs.get(*slot).unwrap());
                        compact.fill(sheet, lane, slot.register, &input.held);
                    }
                }
                filled.push((yaml, myoguide::eval::registers(subject, &inputs)));
            }
            for ((compact, roots), sheet) in ready.iter().zip(&mut sheets) {
                compact.run(sheet);
                tried += filled.len();
                for (lane, (yaml, stepwise)) in filled.iter().enumerate().filter(|(lane, _)| sheet.fits(*lane)) {
                    fitted += 1;
                    for root in roots {
                        let found = compact.held(sheet, lane, *root);
                        assert_eq!(found, stepwise.held(*root), "{name}, seed {seed}: {root:?} of\n{yaml}");
                    }
                }
            }
        }
    }
    println!("{compact} of {answers} answers, {fitted} of {tried} records");
    assert!(compact * 2 > answers, "only {compact} of {answers} answers have a compact form");
    assert!(fitted * 2 > tried, "only {fitted} of {tried} records fit it");
}

#[test]
fn a_complete_record_gives_every_option_one_verdict() {
    let seed = setting("MYOGUIDE_SEED", SEED) ^ 1;
    for name in guidelines() {
        let mut dice = Dice::new(seed);
        let mut program = engine(&name);
        let maker = Maker::of(&program, first(&program));
        let mut met: BTreeSet<u8> = BTreeSet::new();
        for round in 0..setting("MYOGUIDE_PATIENTS", 120) {
            if round % 200 == 199 {
                program = engine(&name);
            }
            let patient = maker.patient(&mut dice);
            let yaml = exact(&patient, &program).yaml(true);
            let evaluation = evaluate_quickly(&mut program, &yaml);
            if !evaluation.impossible.is_empty() || evaluation.covers.settled() != Some(true) {
                continue;
            }
            for (item, answer) in &evaluation.items {
                // What compares two visits waits for a second one.
                let waits = |slot: &SlotId| {
                    evaluation.inputs.get(*slot).is_some_and(|input| input.reason == Reason::NoLaterVisit)
                };
                if !answer.because.is_empty() && answer.because.iter().all(waits) {
                    continue;
                }
                assert_eq!(
                    answer.status,
                    Status::Decided,
                    "{name}, seed {seed}: {item:?} is {:?}\n{yaml}",
                    answer.held
                );
                if let (Item::Verdict(..), [Held::Choices(verdict)]) = (item, answer.held.as_slice()) {
                    met.extend(verdict.settled());
                }
            }
        }
        let has_options = first(&program).lowered.items.keys().any(|item| matches!(item, Item::Verdict(..)));
        let most = Verdict::ALL.len() - 2;
        assert!(!has_options || met.len() >= most, "{name}: only the verdicts {met:?} were met");
    }
}

/// The same patient with every day known, no drug taken twice at a time, and no two that the rules know as a combination:
/// what came of the two together is then not recorded.
fn exact(patient: &Patient, program: &Engine) -> Patient {
    let mut exact = patient.clone();
    for therapy in &first(program).guideline.therapies {
        let parts = therapy.parts.iter().skip(1).map(|part| program.catalog().treatment_name(*part));
        for part in parts {
            exact.courses.retain(|(drug, _)| drug != part);
        }
    }
    exact.courses.dedup_by(|next, before| next.0 == before.0);
    exact.cells().for_each(|cell| cell.never_filled = false);
    // Why a course was stopped whose end is not known is not known either: here it still runs.
    let ends = exact.cells().filter(|cell| cell.fact == "stop" && cell.hidden);
    ends.for_each(|cell| STILL_RUNS.clone_into(&mut cell.value));
    // Where nobody judged, the visits do: what they say may be open.
    let is_rule = |kind: &BlockKind| matches!(kind, BlockKind::Course(CourseRule::Outcome(_)));
    if first(program).guideline.blocks.iter().any(|block| is_rule(&block.kind)) {
        let outcomes = exact.cells().filter(|cell| cell.fact == "outcome" && cell.value == "not_assessed");
        outcomes.for_each(|cell| "partial".clone_into(&mut cell.value));
    }
    for cell in exact.cells().filter(|cell| cell.fact == "start" && cell.value.len() == "2024-06".len()) {
        cell.value.push_str("-15");
    }
    exact
}
