//! The unknown patient: of whom nothing is recorded, until a search narrows what it needs to.
//!
//! ```text
//! wanted: row 3 and row 5 of a table both fit   ─►   a record of a patient for whom they do,
//!                                                    or: there is none, or: not found out
//! ```
//!
//! Every patient that is found is written down as a record, read and evaluated in the ordinary way, and given out only
//! if what was wanted came of it.

mod courses;
mod entry;
mod history;
mod patient;
mod plain;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Fact, FactId, FactKind, RecordedIn};
use crate::eval::find::{Finder, Found, Kind};
use crate::eval::{Baseline, Held, Inputs, Registers, Subject, bind, registers};
use crate::model::{TherapyId, Time};
use crate::plan::{CoursePart, Part, SlotSource, TruthRegister};
use crate::record::{self, Record};
use crate::source::SourceMap;
use crate::value::{Date, Period, PeriodUnit, Truth};

pub use crate::eval::find::Wanted;
pub use courses::Courses;
pub use patient::Patient;

use entry::{Entry, Narrowed};
use history::Histories;
use patient::When;

/// How a search for a patient ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Sought {
    /// This one is as wanted.
    Patient(Patient),
    /// There is none.
    Nobody,
    /// Not found out within the bound.
    NotProved,
}

/// What a record writes for a value nobody knows, and for one nobody measured.
const UNKNOWN: &str = "unknown";
const NOT_MEASURED: &str = "not measured";

/// The most splits a search is worth.
pub const SPLITS: u32 = 4_000;

/// How many patients that came out otherwise than they should a search may meet.
const REFUSED: u32 = 80;

/// Looks for patients of one guideline.
#[derive(Debug)]
pub struct Explorer<'a> {
    subject: Subject<'a>,
    /// The day of every record.
    day: Date,
    /// Searches from the unknown patient.
    finder: RefCell<Finder<'a>>,
    /// Ways in which each therapy may have been taken, worked out when first asked for.
    histories: OnceCell<Histories>,
}

impl<'a> Explorer<'a> {
    /// Of a guideline without mistakes; of patients who declined nothing.
    pub fn of(subject: Subject<'a>) -> Self {
        Explorer::from(subject, false)
    }

    /// Of a guideline without mistakes; of patients who may have declined something as well.
    pub fn of_those_who_may_decline(subject: Subject<'a>) -> Self {
        Explorer::from(subject, true)
    }

    fn from(subject: Subject<'a>, may_decline: bool) -> Self {
        let day = day(subject);
        let record = read(subject, &unknown_patient(subject, day));
        let mut inputs =
            record.map_or_else(|| Inputs::of(Vec::new()), |record| bind(subject, &record, Baseline::Marked));
        for (slot, input) in subject.lowered.plan.slots.iter().zip(&mut inputs.inputs) {
            if may_decline && matches!(slot.source, SlotSource::Course { part: CoursePart::Declined, .. }) {
                input.held = Held::Truth(Truth::EITHER);
            }
        }
        let finder = RefCell::new(Finder::of(subject, inputs));
        let explorer = Explorer { subject, day, finder, histories: OnceCell::new() };
        if !subject.guideline.therapies.is_empty() {
            let together = explorer.histories().together(&subject.lowered.plan);
            explorer.finder.borrow_mut().keep_together(together);
        }
        explorer
    }

    /// Looks for a patient for whom registers hold what is wanted.
    pub fn find(&self, wanted: &[Wanted]) -> Sought {
        let mut wanted = wanted.to_vec();
        loop {
            let mut impossible = BTreeSet::new();
            let sought = self.find_written(&wanted, &mut impossible);
            if !matches!(sought, Sought::NotProved) || impossible.is_empty() {
                return sought;
            }
            // What a record leaves out says something too: what it must not say is written down.
            wanted.extend(impossible.into_iter().map(|at| Wanted::truth(at, false)));
        }
    }

    /// The same, of patients who as written down have no combination that nobody has; and which those had who were met.
    fn find_written(&self, wanted: &[Wanted], impossible: &mut BTreeSet<TruthRegister>) -> Sought {
        let plan = &self.subject.lowered.plan;
        let mut found: Option<Patient> = None;
        let mut refused = 0;
        let mut is_so = |patient: &Patient| {
            self.registers(patient).is_some_and(|registers| {
                if !wanted.iter().all(|one| one.is_met(&registers)) {
                    return false;
                }
                let had: Vec<TruthRegister> = registers.impossible(plan).collect();
                let is_nobody = !had.is_empty();
                impossible.extend(had);
                !is_nobody
            })
        };
        let mut accepted = |kind: &Kind| {
            if refused >= REFUSED {
                return false;
            }
            let mut patients = [false, true].into_iter().filter_map(|apart| self.patient(kind, apart));
            found = patients.find(&mut is_so);
            refused += u32::from(found.is_none());
            found.is_some()
        };
        let ending = self.finder.borrow_mut().find(wanted, SPLITS, &mut accepted);
        match (ending, found) {
            (Found::Kind(_), Some(patient)) => Sought::Patient(patient),
            (Found::Nobody, _) => Sought::Nobody,
            (Found::Kind(_) | Found::NotProved, _) => Sought::NotProved,
        }
    }

    /// What comes of a patient, read and evaluated in the ordinary way; `None` where the record is not a good one.
    pub fn registers(&self, patient: &Patient) -> Option<Registers> {
        let record = self.read(patient)?;
        Some(registers(self.subject, &bind(self.subject, &record, Baseline::Marked)))
    }

    fn read(&self, patient: &Patient) -> Option<Record> {
        read(self.subject, patient)
    }
}

/// Reads a record in which nothing looks wrong.
pub fn read(subject: Subject<'_>, patient: &Patient) -> Option<Record> {
    let mut sources = SourceMap::default();
    let file = sources.add("patient", patient.yaml());
    record::read(&sources, file, subject.catalog).pop()?.ok().filter(|record| record.notices.is_empty())
}

/// Everything that some rule reads is *unknown*: so much that it was looked at on the days it would be, and no more.
fn unknown_patient(subject: Subject<'_>, day: Date) -> Patient {
    let mut patient = Patient::on(day);
    for slot in &subject.lowered.plan.slots {
        let SlotSource::Fact { fact: id, when, .. } = slot.source else { continue };
        let Some(fact) = subject.catalog.fact(id) else { continue };
        let entry = (fact.id.value.clone(), UNKNOWN.to_owned());
        match (fact.recorded, when) {
            (RecordedIn::Visits, Time::Baseline) => patient.visit(When::Baseline).push(entry),
            (RecordedIn::Visits, Time::Ever | Time::Highest | Time::Lowest) => {
                patient.visit(When::Between).push(entry);
            }
            (RecordedIn::Visits, Time::Latest { .. } | Time::Since | Time::Undated) => {
                patient.visit(When::Newest).push(entry);
            }
            // What is absent may say something.
            (RecordedIn::Facts, _) if fact.absent_means.is_some() && !matches!(fact.kind, FactKind::Date) => {
                patient.facts.push(entry);
            }
            (RecordedIn::Facts | RecordedIn::Patient, _) => {}
        }
    }
    patient.each_once();
    patient
}

/// The day of the records: the first on which everything the guideline knows is known.
fn day(subject: Subject<'_>) -> Date {
    let info = &subject.guideline.info;
    let begins = info.effective_from.as_ref().map(|day| day.value);
    let asked = subject.guideline.statuses.iter().filter_map(|asked| subject.catalog.status(asked.history));
    let events = asked.flat_map(|history| &history.events).map(|event| event.from.latest);
    let day = begins.into_iter().chain(events).max();
    day.or_else(|| Date::new(2020, 1, 1).ok()).unwrap_or_else(|| unreachable!("the first of a year is a day"))
}

/// A day so many of a unit before another.
fn before(day: Date, count: u16, unit: PeriodUnit) -> Date {
    day.minus(Period { count: count.into(), unit }).unwrap_or(day)
}

/// What is asked of the visits: by fact, each visit's entry.
type Visits = BTreeMap<FactId, [Narrowed; 3]>;

/// What is asked of one fact over all visits.
type OverTime = BTreeMap<FactId, Vec<(Part, Held)>>;

/// What a kind of patient asks of the parts of a record.
#[derive(Default)]
struct Asked {
    undated: BTreeMap<FactId, Narrowed>,
    visits: Visits,
    over_time: OverTime,
    therapies: BTreeMap<TherapyId, Vec<(CoursePart, Held)>>,
}

impl Explorer<'_> {
    /// A record of some patient of a kind; `None` where no record that can be written here is of the kind. Courses that
    /// ended may be set `apart`, so that none overlap.
    fn patient(&self, kind: &Kind, apart: bool) -> Option<Patient> {
        let mut patient = Patient::on(self.day);
        let mut asked = Asked::default();
        for (slot, held) in &kind.slots {
            let slot = self.subject.lowered.plan.slot(*slot)?;
            match slot.source {
                SlotSource::Fact { fact, when, part } => asked.take(fact, when, part, held)?,
                SlotSource::Judgement(at) => {
                    let name = self.subject.guideline.judgements.get(at as usize)?;
                    let Held::Truth(truth) = held else { return None };
                    let word = if truth.settled()? { "yes" } else { "no" };
                    patient.judgements.push((name.clone(), word.to_owned()));
                }
                SlotSource::Course { therapy, part } => {
                    asked.therapies.entry(therapy).or_default().push((part, held.clone()));
                }
                SlotSource::Status(_) | SlotSource::Word(_) => return None,
            }
        }
        asked.spread(self);
        for (id, narrowed) in &asked.undated {
            let fact = self.subject.catalog.fact(*id)?;
            let list = if fact.recorded == RecordedIn::Patient { &mut patient.person } else { &mut patient.facts };
            write(list, fact, &narrowed.entry(fact)?);
        }
        for (id, visits) in &asked.visits {
            let fact = self.subject.catalog.fact(*id)?;
            for (when, narrowed) in When::ALL.into_iter().zip(visits) {
                write(patient.visit(when), fact, &narrowed.entry(fact)?);
            }
        }
        self.treat(&mut patient, &asked.therapies, apart)?;
        patient.each_once();
        Some(patient)
    }

    fn histories(&self) -> &Histories {
        self.histories.get_or_init(|| Histories::of(self))
    }

    /// The courses under which every therapy is as asked.
    fn treat(
        &self,
        patient: &mut Patient,
        asked: &BTreeMap<TherapyId, Vec<(CoursePart, Held)>>,
        apart: bool,
    ) -> Option<()> {
        let mut entries: Vec<String> = Vec::new();
        for ((therapy, parts), turn) in asked.iter().zip(0..) {
            let declined =
                |(part, held): &(CoursePart, Held)| *part == CoursePart::Declined && *held == Held::Truth(Truth::YES);
            if parts.iter().any(declined) {
                patient.declined.push(self.subject.guideline.therapy_name(*therapy, self.subject.catalog));
            }
            let earlier = if apart { turn } else { 0 };
            entries.extend(self.histories().entries(self, *therapy, parts, earlier)?);
        }
        if !asked.is_empty() {
            patient.therapies = Some(entries);
        }
        Some(())
    }
}

impl Asked {
    fn take(&mut self, fact: FactId, when: Time, part: Part, held: &Held) -> Option<()> {
        let visit = match when {
            Time::Undated => return self.undated.entry(fact).or_default().take(part, held),
            Time::Ever | Time::Highest | Time::Lowest => {
                self.over_time.entry(fact).or_default().push((part, held.clone()));
                return Some(());
            }
            Time::Baseline => 0,
            Time::Latest { .. } | Time::Since => 2,
        };
        self.visits.entry(fact).or_default().get_mut(visit)?.take(part, held)
    }

    /// What is asked over all visits is asked of a visit of its own, and of every other that asks nothing else.
    fn spread(&mut self, explorer: &Explorer<'_>) {
        for (fact, asked) in &self.over_time {
            let visits = self.visits.entry(*fact).or_default();
            let silent = explorer.subject.catalog.fact(*fact).is_some_and(|fact| fact.absent_means.is_some());
            for (at, visit) in visits.iter_mut().enumerate() {
                let is_own = at == 1;
                if is_own || (!silent && !visit.is_asked()) {
                    for (part, held) in asked {
                        // A contradiction shows when the record is read again.
                        let _ = visit.take(*part, held);
                    }
                }
            }
        }
    }
}

/// Writes an entry down.
fn write(list: &mut Vec<(String, String)>, fact: &Fact, entry: &Entry) {
    let name = &fact.id.value;
    match entry {
        Entry::Nothing => {}
        Entry::NotMeasured => list.push((name.clone(), NOT_MEASURED.to_owned())),
        Entry::Value(value, scale) => {
            list.push((name.clone(), value.clone()));
            list.extend(scale.iter().map(|end| (format!("{name}_max"), end.clone())));
        }
    }
}
