//! A record into the slots of a plan: what each could still be, and why it is not narrower.
//!
//! ```text
//! latest mmt8      ─►   Input { held: {118}, reason: Recorded, date: 2026-02-20 }
//! ck at baseline   ─►   Input { held: {1450}, … };  nothing there: every value · not measured
//! ```

pub(super) mod baseline;
mod course;
mod dated;
mod derived;
mod entry;
mod laws;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Derivation, Fact, FactId, FactKind, Moment, TreatmentId, TreatmentStatus};
use crate::model::{StatusAsked, TherapyId, Time};
use crate::plan::{Bits, Part, Plan, Register, Slot, SlotId, SlotSource};
use crate::record::{Entry, Record, Visit};
use crate::source::Span;
use crate::value::{Choices, Date, Number, NumberSet, Reason, Truth};

use super::course::History;
use super::linear::Form;
use super::{Held, Subject};

pub(super) use course::bind_course;

/// What a slot holds for one patient.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Every value still possible.
    pub held: Held,
    /// Why it is not narrower, or that it was recorded.
    pub reason: Reason,
    /// The day of the value, or of the report that settles it.
    pub date: Option<Date>,
    /// The value as written.
    pub written: Option<String>,
    /// Where it stands in the record.
    pub span: Option<Span>,
    /// The laboratory's upper limit in the unit of the fact, where the slot reads one entry that has one. The laws
    /// between readings of one laboratory value rest on it.
    pub limit: Option<Number>,
    /// The value itself in the unit of the fact, where the slot holds a multiple of it and one entry gives it.
    pub value: Option<Number>,
}

impl Input {
    pub(super) fn of(held: Held, reason: Reason) -> Self {
        Input { held, reason, date: None, written: None, span: None, limit: None, value: None }
    }

    /// The value as an entry gives it.
    fn from_entry(held: Held, entry: &Entry, date: Option<Date>) -> Self {
        Input {
            held,
            reason: entry.reason,
            date: date.or(entry.known_since),
            written: Some(entry.written.clone()),
            span: Some(entry.span),
            limit: entry.upper_limit.as_ref().and_then(NumberSet::single),
            value: None,
        }
    }
}

/// Which visit is the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Baseline {
    /// The visit with `role: baseline`, else the first.
    #[default]
    Marked,
    /// The first visit.
    First,
    /// The first visit on or after a day.
    On(Date),
    /// The newest visit on or before the start of the newest course of a drug, that at which it was prescribed, else
    /// the first after it; none where it has no course. Where the start is not known exactly, every visit that may be
    /// it.
    Course(TreatmentId),
}

/// Every slot of a plan, filled from a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// By slot.
    pub inputs: Vec<Input>,
    /// What looked wrong on the way: contradictions that were kept.
    pub notices: Vec<String>,
    /// What the exposure history makes of each therapy, by place in the guideline.
    pub courses: Vec<super::CourseFound>,
    /// Linear laws between unknown slots; each form is zero.
    pub(super) laws: Vec<Form>,
    /// Unknown slots that are one entry of the record.
    pub(super) twins: Vec<(SlotId, SlotId)>,
    /// Slots of which the first is never above the second.
    pub(super) ordered: Vec<(SlotId, SlotId)>,
}

impl Inputs {
    /// No slots at all.
    pub(super) fn empty() -> Self {
        Inputs::of(Vec::new())
    }

    /// Slots that nothing ties to one another.
    pub fn of(inputs: Vec<Input>) -> Self {
        let (laws, twins, ordered) = (Vec::new(), Vec::new(), Vec::new());
        Inputs { inputs, notices: Vec::new(), courses: Vec::new(), laws, twins, ordered }
    }

    /// The input of a slot.
    pub fn get(&self, slot: SlotId) -> Option<&Input> {
        self.inputs.get(slot.0 as usize)
    }
}

/// Slots that are asked for, with all that one of them may say of another.
#[derive(Debug)]
pub(super) struct Needed {
    slots: Bits,
    therapies: BTreeSet<TherapyId>,
}

impl Needed {
    /// What some slots need: every reading of their facts, for a law may tie one to another.
    pub(super) fn of(plan: &Plan, slots: &Bits) -> Self {
        let sources = || (0..).zip(plan.slots.iter().map(|slot| slot.source));
        let asked = || sources().filter(|(at, _)| slots.contains(*at)).map(|(_, source)| source);
        let fact = |source: SlotSource| if let SlotSource::Fact { fact, .. } = source { Some(fact) } else { None };
        let facts: BTreeSet<FactId> = asked().filter_map(fact).collect();
        let therapy =
            |source: SlotSource| if let SlotSource::Course { therapy, .. } = source { Some(therapy) } else { None };
        let mut needed = slots.clone();
        for (at, _) in sources().filter(|(_, source)| fact(*source).is_some_and(|fact| facts.contains(&fact))) {
            needed.insert(at);
        }
        Needed { slots: needed, therapies: asked().filter_map(therapy).collect() }
    }
}

/// Fills the slots of a guideline's plan from a record.
pub fn bind(subject: Subject<'_>, record: &Record, baseline: Baseline) -> Inputs {
    bind_needed(subject, record, baseline, None)
}

/// Every slot, with nothing known of any.
pub(super) fn unbound(plan: &Plan) -> Inputs {
    Inputs::of(plan.slots.iter().map(unknown).collect())
}

fn unknown(slot: &Slot) -> Input {
    Input::of(anything(slot.register), Reason::NotRecorded)
}

/// The same with some slots; of the others nothing is known then.
pub(super) fn bind_needed(
    subject: Subject<'_>,
    record: &Record,
    baseline: Baseline,
    needed: Option<&Needed>,
) -> Inputs {
    let plan = &subject.lowered.plan;
    let history = History::of(subject, record);
    let mut notices = Vec::new();
    let days = baseline::days(subject, record, &history, baseline, &mut notices);
    let courses = history.found(|therapy| needed.is_none_or(|own| own.therapies.contains(&therapy)), &mut notices);
    let visits = Seen { visits: &record.visits, as_of: record.as_of };
    let mut read = |day: Option<Date>| {
        let mut binder = Binder::new(subject, record, visits, day);
        let mut fill = |slot: &Slot| match slot.source {
            SlotSource::Course { therapy, part } => course::part(&history, &courses, therapy, part),
            SlotSource::Fact { .. } | SlotSource::Judgement(_) | SlotSource::Status(_) | SlotSource::Word(_) => {
                binder.slot(slot)
            }
        };
        let is_needed = |at: u32| needed.is_none_or(|own| own.slots.contains(at));
        let slots = (0..).zip(&plan.slots);
        let inputs: Vec<Input> =
            slots.map(|(at, slot)| if is_needed(at) { fill(slot) } else { unknown(slot) }).collect();
        for (slot, input) in plan.slots.iter().zip(&inputs) {
            binder.note_conflict(slot, input);
        }
        for notice in binder.notices {
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        }
        inputs
    };
    let inputs = days.iter().map(|day| read(*day)).reduce(course::joined).unwrap_or_else(|| read(None));
    if days.len() > 1 {
        return Inputs { notices, courses, ..Inputs::of(inputs) };
    }
    let twins = laws::twins(plan, &inputs);
    let laws = laws::laws(plan, &inputs, &twins);
    let ordered = laws::ordered(plan, &inputs);
    Inputs { inputs, notices, courses, laws, twins, ordered }
}

/// What of a record is looked at.
#[derive(Debug, Clone, Copy)]
struct Seen<'a> {
    /// The visits up to a day.
    visits: &'a [Visit],
    /// The day that is today.
    as_of: Date,
}

/// Reads one record for one plan.
struct Binder<'a> {
    record: &'a Record,
    seen: Seen<'a>,
    catalog: &'a Catalog,
    judgements: &'a [String],
    statuses: &'a [StatusAsked],
    baseline: Option<Date>,
    undated: BTreeMap<FactId, Input>,
    notices: Vec<String>,
}

impl<'a> Binder<'a> {
    fn new(subject: Subject<'a>, record: &'a Record, seen: Seen<'a>, baseline: Option<Date>) -> Self {
        let Subject { catalog, guideline, .. } = subject;
        let (judgements, statuses) = (&guideline.judgements, &guideline.statuses);
        let undated = BTreeMap::new();
        Binder { record, seen, catalog, judgements, statuses, baseline, undated, notices: Vec::new() }
    }

    fn slot(&mut self, slot: &Slot) -> Input {
        match slot.source {
            // Of therapies the history speaks, of a course's words the course.
            SlotSource::Course { .. } | SlotSource::Word(_) => unknown(slot),
            SlotSource::Status(at) => self.status(at),
            SlotSource::Judgement(at) => self.judgement(self.judgements.get(at as usize)),
            SlotSource::Fact { fact, when, part } => {
                let Some(known) = self.catalog.fact(fact) else { return unknown(slot) };
                match when {
                    Time::Undated => self.undated_part(fact, known, part),
                    Time::Baseline => self.at_baseline(fact, known, part),
                    Time::Latest { within } => self.latest(fact, known, part, within),
                    Time::Since => self.since_baseline(fact, known, part),
                    Time::Ever | Time::Highest | Time::Lowest => self.over_time(fact, known, when, part),
                }
            }
        }
    }

    /// Two values on one day are kept, and told once.
    fn note_conflict(&mut self, slot: &Slot, input: &Input) {
        let SlotSource::Fact { fact, .. } = slot.source else { return };
        if let (Reason::Conflicting, Some(fact), Some(written)) =
            (input.reason, self.catalog.fact(fact), &input.written)
            && written.contains(" and ")
        {
            let day = input.date.map(|date| format!(" on {date}")).unwrap_or_default();
            let notice = format!("{} is recorded{day} as {written}: any of them is taken as possible", fact.label);
            if !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
    }

    fn judgement(&self, name: Option<&String>) -> Input {
        let answered = self.record.judgements.iter().find(|(answered, _)| Some(&answered.value) == name);
        match answered {
            Some((name, truth)) if truth.settled().is_some() => {
                Input { span: Some(name.span), ..Input::of(Held::Truth(*truth), Reason::Recorded) }
            }
            _ => Input::of(Held::Truth(Truth::EITHER), Reason::Judgement),
        }
    }

    /// What a treatment counts as on the day of the record. Where no day was given, the newest date in the record says
    /// nothing of when the question is asked.
    fn status(&self, at: u32) -> Input {
        let asked = self.statuses.get(at as usize);
        let known = asked.and_then(|asked| Some((self.catalog.status(asked.history)?, asked.region.as_deref())));
        let Some((history, region)) = known else {
            return Input::of(Held::Choices(Choices::all(TreatmentStatus::ALL.len())), Reason::NotRecorded);
        };
        let day = Some(self.record.as_of).filter(|_| self.record.as_of_given);
        let on = history.on(day, region);
        let reason = match (on.possible.settled(), day) {
            (Some(_), _) => Reason::Recorded,
            (None, Some(_)) => Reason::Imprecise,
            (None, None) => Reason::NotRecorded,
        };
        let since = on.by.first().filter(|event| event.from.is_exact()).map(|event| event.from.earliest);
        Input { date: since.filter(|_| reason == Reason::Recorded), ..Input::of(Held::Choices(on.possible), reason) }
    }

    fn undated_part(&mut self, id: FactId, fact: &Fact, part: Part) -> Input {
        match part {
            Part::Recorded => {
                let recorded = self.record.undated.iter().any(|entry| entry.fact == id && entry::is_known(entry));
                Input::of(Held::Truth(Truth::from(recorded)), Reason::Recorded)
            }
            Part::Value => self.undated(id, fact),
            Part::OnScale(_) | Part::UpperLimit | Part::Multiple | Part::ScaleLength | Part::Measured => {
                let record: &'a Record = self.record;
                let entries: Vec<&Entry> = record.undated.iter().filter(|entry| entry.fact == id).collect();
                self.part(&entries, fact, part, None)
            }
        }
    }

    /// The record is looked at as of its own day.
    fn is_today(&self) -> bool {
        self.seen.as_of == self.record.as_of
    }

    /// An undated fact: recorded, by report, worked out, not applicable, or open.
    fn undated(&mut self, id: FactId, fact: &Fact) -> Input {
        if let Some(known) = self.undated.get(&id) {
            return known.clone();
        }
        // A fact that is worked out from itself ends here, open.
        self.undated.insert(id, Input::of(everything(fact), Reason::NotRecorded));
        // An age that is recorded is that of the day of the record, and of no other.
        let is_of_today = fact.derived != Some(Derivation::AgeAt(Moment::AsOf)) || self.is_today();
        let record: &'a Record = self.record;
        let entries: Vec<&Entry> = record.undated.iter().filter(|entry| entry.fact == id && is_of_today).collect();
        let mut input = self.together(&entries, fact, None);
        if matches!(input.reason, Reason::Recorded) || entries.iter().all(|entry| !entry::is_known(entry)) {
            input = self.with_derivation(fact, input);
        }
        self.undated.insert(id, input.clone());
        input
    }

    /// What several entries of one day say. Why a value is missing says nothing of whom the fact does not concern.
    fn together(&mut self, entries: &[&Entry], fact: &Fact, day: Option<Date>) -> Input {
        match entry::together(entries, fact, day) {
            Some(input) if entries.iter().any(|entry| entry::is_known(entry)) => input,
            Some(input) => match self.not_applicable(fact) {
                Some(own) if own.reason == Reason::NotApplicable => own,
                Some(own) => Input { held: own.held, ..input },
                None => input,
            },
            None => self.unrecorded(fact),
        }
    }

    /// What a fact is that the record does not name.
    fn unrecorded(&mut self, fact: &Fact) -> Input {
        if let Some(input) = self.not_applicable(fact) {
            return input;
        }
        absent(fact)
    }

    fn not_applicable(&mut self, fact: &Fact) -> Option<Input> {
        let rule = fact.applies_when.as_ref()?;
        let controlling = self.catalog.fact(rule.fact)?;
        let Held::Choices(now) = self.undated(rule.fact, controlling).held else { return None };
        let otherwise = match (rule.otherwise_choice, rule.otherwise_number) {
            (Some(choice), _) => Held::Choices(choice),
            (None, Some(number)) => Held::Number(NumberSet::point(number)),
            (None, None) => return None,
        };
        if !now.intersects(rule.is) {
            return Some(Input::of(otherwise, Reason::NotApplicable));
        }
        let may_not_apply = !now.within(rule.is);
        may_not_apply.then(|| Input::of(everything(fact).union(&otherwise), Reason::NotRecorded))
    }
}

/// Every value the dictionary allows.
pub(super) fn everything(fact: &Fact) -> Held {
    match &fact.kind {
        FactKind::Choice { values, .. } => Held::Choices(Choices::all(values.len())),
        FactKind::Number(kind) => Held::Number(entry::allowed(kind)),
        FactKind::Date => Held::Number(NumberSet::everything()),
    }
}

/// Every slot with every value that some record may give it.
pub(super) fn widest(subject: Subject<'_>) -> Inputs {
    let of = |slot: &Slot| match slot.source {
        SlotSource::Fact { fact, part: Part::Value, .. } => {
            subject.catalog.fact(fact).map_or_else(|| anything(slot.register), of_anybody)
        }
        SlotSource::Fact { .. }
        | SlotSource::Judgement(_)
        | SlotSource::Course { .. }
        | SlotSource::Status(_)
        | SlotSource::Word(_) => anything(slot.register),
    };
    let slots = subject.lowered.plan.slots.iter();
    Inputs::of(slots.map(|slot| Input::of(of(slot), Reason::NotRecorded)).collect())
}

/// Every value the dictionary allows, and the one of those to whom the fact does not apply.
fn of_anybody(fact: &Fact) -> Held {
    let all = everything(fact);
    let Some(rule) = &fact.applies_when else { return all };
    match (rule.otherwise_choice, rule.otherwise_number) {
        (Some(choice), _) => all.union(&Held::Choices(choice)),
        (None, Some(number)) => all.union(&Held::Number(NumberSet::point(number))),
        (None, None) => all,
    }
}

/// What an absent value means.
fn absent(fact: &Fact) -> Input {
    use crate::catalog::AbsentMeans;
    match fact.absent_means {
        Some(AbsentMeans::NotDone) => match fact.kind.position(FactKind::NOT_DONE) {
            Some(position) => Input::of(Held::Choices(Choices::only(position)), Reason::NotDone),
            None => Input::of(everything(fact), Reason::NotRecorded),
        },
        Some(AbsentMeans::NotMeasured) | None => Input::of(everything(fact), Reason::NotRecorded),
    }
}

fn anything(register: Register) -> Held {
    match register {
        Register::Truth(_) => Held::Truth(Truth::EITHER),
        Register::Choice(_) => Held::Choices(Choices::all(Choices::LIMIT)),
        Register::Number(_) => Held::Number(NumberSet::everything()),
    }
}

/// All numbers above zero.
fn positive() -> NumberSet {
    use crate::value::{Bound, Interval};
    NumberSet::from_interval(Interval { low: Bound::Open(Number::ZERO), high: Bound::Unbounded })
}
