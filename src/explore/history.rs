//! Ways in which a therapy may have been taken, and what the rules make of each: how a state of a therapy is turned back
//! into courses.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::eval::find::Together;
use crate::eval::{Baseline, Held, Subject, bind};
use crate::model::{BlockKind, CourseRule, FairTrialRow, Therapy, TherapyId};
use crate::plan::{CoursePart, Plan, SlotId, SlotSource};
use crate::syntax::tree::TrialLength;
use crate::value::{Date, Number, PeriodUnit, Quantity};

use super::patient::Patient;
use super::{Explorer, before};

/// For each therapy the ways to have taken it, each with what the rules make of it.
#[derive(Debug)]
pub(super) struct Histories {
    by_therapy: BTreeMap<TherapyId, Vec<History>>,
}

/// One way to have taken a therapy.
#[derive(Debug, Clone)]
struct History {
    /// How it was taken; `None` where it never was.
    told: Option<&'static Told>,
    /// What the rules make of it.
    parts: Vec<(CoursePart, Held)>,
}

/// How long ago a course began and ended, in weeks, and what is said of it.
#[derive(Debug, Clone, Copy)]
struct Told {
    began: u16,
    ended: Option<u16>,
    /// The dose is below the floor.
    low: bool,
    says: &'static str,
}

const fn told(began: u16, ended: Option<u16>, says: &'static str) -> Told {
    Told { began, ended, low: false, says }
}

/// What may be said of a course, the usual first.
static TOLD: [Told; 40] = [
    told(104, Some(12), "outcome: no_response, stopped_for: inefficacy"),
    told(104, Some(12), "outcome: response, stopped_for: remission"),
    told(104, None, "outcome: no_response"),
    told(104, None, "outcome: response"),
    told(104, None, "outcome: partial"),
    told(104, None, "outcome: worse"),
    told(104, None, "outcome: relapse"),
    told(104, None, "outcome: not_assessed"),
    told(104, None, ""),
    told(104, Some(12), "outcome: partial, stopped_for: inefficacy"),
    told(104, Some(12), "outcome: worse, stopped_for: inefficacy"),
    told(104, Some(12), "outcome: relapse, stopped_for: inefficacy"),
    told(104, Some(12), "outcome: not_assessed, stopped_for: other"),
    told(104, Some(12), "outcome: no_response, stopped_for: intolerance"),
    told(104, Some(12), "outcome: response, stopped_for: intolerance"),
    told(104, Some(12), "outcome: response, stopped_for: pregnancy"),
    told(104, Some(12), "outcome: response, stopped_for: other"),
    told(104, Some(1), "outcome: no_response, stopped_for: inefficacy"),
    told(104, Some(2), "outcome: no_response, stopped_for: inefficacy"),
    told(104, Some(4), "outcome: no_response, stopped_for: inefficacy"),
    told(104, Some(8), "outcome: no_response, stopped_for: inefficacy"),
    told(104, Some(24), "outcome: no_response, stopped_for: inefficacy"),
    told(156, Some(52), "outcome: no_response, stopped_for: inefficacy"),
    told(260, Some(156), "outcome: no_response, stopped_for: inefficacy"),
    told(260, Some(156), "outcome: response, stopped_for: remission"),
    told(1, None, ""),
    told(2, None, "outcome: not_assessed"),
    told(4, None, "outcome: no_response"),
    told(8, None, "outcome: not_assessed"),
    told(14, None, "outcome: not_assessed"),
    told(20, None, "outcome: not_assessed"),
    told(30, None, "outcome: not_assessed"),
    told(4, Some(1), "outcome: no_response, stopped_for: inefficacy"),
    told(4, Some(1), "outcome: not_assessed, stopped_for: intolerance"),
    told(54, Some(50), "outcome: not_assessed, stopped_for: other"),
    Told { began: 104, ended: None, low: true, says: "outcome: no_response" },
    Told { began: 104, ended: None, low: true, says: "outcome: response" },
    Told { began: 104, ended: None, low: true, says: "outcome: no_response, dose_limited_by: intolerance" },
    Told { began: 104, ended: Some(12), low: true, says: "outcome: no_response, stopped_for: inefficacy" },
    Told { began: 8, ended: None, low: true, says: "outcome: not_assessed" },
];

impl Histories {
    /// Every therapy of the guideline, taken in every way that is told.
    pub(super) fn of(explorer: &Explorer<'_>) -> Self {
        let guideline = explorer.subject.guideline;
        let therapies: Vec<(TherapyId, &Therapy)> = (0..).map(TherapyId).zip(&guideline.therapies).collect();
        let mut by_therapy = BTreeMap::new();
        // Therapies of several parts apart, for their entries are those of the parts.
        let (single, joint): (Vec<_>, Vec<_>) =
            therapies.into_iter().partition(|(_, therapy)| therapy.parts.len() == 1);
        let mut groups: Vec<Vec<(TherapyId, &Therapy)>> = vec![single];
        groups.extend(joint.into_iter().map(|one| vec![one]));
        for group in groups.iter().filter(|group| !group.is_empty()) {
            for told in std::iter::once(None).chain(TOLD.iter().map(Some)) {
                let entries: Vec<Vec<String>> =
                    group.iter().map(|(id, therapy)| entries(explorer, *id, therapy, told, 0)).collect();
                for (id, parts) in made_of(explorer, group, &entries) {
                    let known: &mut Vec<History> = by_therapy.entry(id).or_default();
                    if known.iter().all(|history| history.parts != parts) {
                        known.push(History { told, parts });
                    }
                }
            }
        }
        Histories { by_therapy }
    }

    /// The slots of each therapy, and how they may stand together.
    pub(super) fn together(&self, plan: &Plan) -> Vec<Together> {
        let of = |(id, histories): (&TherapyId, &Vec<History>)| {
            let slot = |wanted: CoursePart| {
                let mut slots = (0..).map(SlotId).zip(&plan.slots);
                let own = SlotSource::Course { therapy: *id, part: wanted };
                slots.find(|(_, slot)| slot.source == own).map(|(at, _)| at)
            };
            let parts = histories.first().map_or(&[][..], |history| &history.parts);
            let slots = parts.iter().filter_map(|(part, _)| slot(*part)).collect();
            let held = |history: &History| history.parts.iter().map(|(_, held)| held.clone()).collect();
            Together { slots, ways: histories.iter().map(held).collect() }
        };
        self.by_therapy.iter().map(of).collect()
    }

    /// The entries of the first way to have taken a therapy that has these parts, so many years earlier where it ended
    /// long ago; `None` where there is none.
    pub(super) fn entries(
        &self,
        explorer: &Explorer<'_>,
        id: TherapyId,
        asked: &[(CoursePart, Held)],
        earlier: u16,
    ) -> Option<Vec<String>> {
        let fits = |history: &&History| {
            asked.iter().all(|(part, held)| {
                let mut own = history.parts.iter().filter(|(own, _)| own == part);
                own.all(|(_, own)| own.is_within(held))
            })
        };
        let history = self.by_therapy.get(&id)?.iter().find(fits)?;
        let therapy = explorer.subject.guideline.therapy(id)?;
        Some(entries(explorer, id, therapy, history.told, earlier))
    }
}

/// What the rules make of a record in which every therapy of a group was taken so.
fn made_of(
    explorer: &Explorer<'_>,
    group: &[(TherapyId, &Therapy)],
    entries: &[Vec<String>],
) -> Vec<(TherapyId, Vec<(CoursePart, Held)>)> {
    let mut patient = Patient::on(explorer.day);
    patient.therapies = Some(entries.concat());
    let Some(record) = explorer.read(&patient) else { return Vec::new() };
    let inputs = bind(explorer.subject, &record, Baseline::Marked);
    let plan = &explorer.subject.lowered.plan;
    let parts = |id: TherapyId| {
        plan.slots.iter().zip(&inputs.inputs).filter_map(move |(slot, input)| match slot.source {
            SlotSource::Course { therapy, part } if therapy == id && part != CoursePart::Declined => {
                Some((part, input.held.clone()))
            }
            SlotSource::Course { .. }
            | SlotSource::Fact { .. }
            | SlotSource::Judgement(_)
            | SlotSource::Status(_)
            | SlotSource::Word(_) => None,
        })
    };
    group.iter().map(|(id, _)| (*id, parts(*id).collect())).collect()
}

/// The entries of one way to have taken a therapy, one for each of its treatments.
fn entries(
    explorer: &Explorer<'_>,
    id: TherapyId,
    therapy: &Therapy,
    told: Option<&Told>,
    earlier: u16,
) -> Vec<String> {
    let Some(told) = told else { return Vec::new() };
    let Subject { guideline, catalog, .. } = explorer.subject;
    let shift = if told.ended.is_some() { earlier * 105 } else { 0 };
    let start = before(explorer.day, told.began + shift, PeriodUnit::Week);
    let stop = told.ended.map(|ended| before(explorer.day, ended + shift, PeriodUnit::Week));
    let entry = |part: &crate::catalog::TreatmentId| {
        let name = catalog.treatment_name(*part);
        let own = |one: &TherapyId| guideline.therapy(*one).is_some_and(|other| *other.parts == [*part]);
        let rows = rows(explorer.subject).filter(|row| row.therapies.iter().any(|one| *one == id || own(one)));
        let rows: Vec<&FairTrialRow> = rows.collect();
        let mut text = format!("drug: {name}, start: {start}");
        if let Some(stop) = stop {
            let _ = write!(text, ", stop: {stop}");
        }
        let floors = rows.iter().filter_map(|row| row.dose.map(|(dose, _)| dose));
        if let Some(dose) = floors.max_by_key(|dose| dose.value).and_then(|dose| written(dose, told.low)) {
            let _ = write!(text, ", dose: {dose}");
        }
        if let Some(level) = rows.iter().find_map(|row| row.level).and_then(|level| written(level, told.low)) {
            let _ = write!(text, ", level: {level}");
        }
        if rows.iter().any(|row| matches!(row.length, Some(TrialLength::Occasions(_)))) {
            let days: Vec<String> = given(start, stop.unwrap_or(explorer.day)).iter().map(Date::to_string).collect();
            let _ = write!(text, ", given: [{}]", days.join(", "));
        }
        text.push_str(", adherence: 100 %");
        if told.says.is_empty() { text } else { format!("{text}, {}", told.says) }
    };
    therapy.parts.iter().map(entry).collect()
}

fn rows(subject: Subject<'_>) -> impl Iterator<Item = &FairTrialRow> {
    subject.guideline.blocks.iter().flat_map(|block| {
        let BlockKind::Course(CourseRule::FairTrial(rows)) = &block.kind else { return &[][..] };
        rows.as_slice()
    })
}

/// The dose of a floor, or half of it.
fn written(floor: Quantity, low: bool) -> Option<String> {
    let value = if low { floor.value.over(Number::whole(2)).ok()? } else { floor.value };
    let unit = floor.unit.map_or("", crate::value::Unit::symbol);
    Some(format!("{} {unit}", value.exact_decimal()?))
}

/// Days four weeks apart, from the first to the last.
fn given(first: Date, last: Date) -> Vec<Date> {
    let weeks = u16::try_from(last.days_since(first) / 7).unwrap_or(0);
    (0..=weeks / 4).rev().map(|turn| before(last, turn * 4, PeriodUnit::Week)).filter(|day| *day >= first).collect()
}
