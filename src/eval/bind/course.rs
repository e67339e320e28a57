use crate::eval::course::History;
use crate::eval::{CourseFound, Held, Subject};
use crate::model::TherapyId;
use crate::plan::{CoursePart, SlotSource};
use crate::record::Record;
use crate::value::{Choices, Date, DateRange, NumberSet, Reason, Truth};

use super::{Binder, Input, Inputs, Seen, baseline, laws, unbound};
use crate::model::CourseState;

/// The most pairs of a first and a last day with which the facts of a course are read.
const MOST_PAIRS: usize = 200;

/// What of a therapy's exposure history a slot reads.
pub(super) fn part(history: &History<'_>, found: &[CourseFound], therapy: TherapyId, part: CoursePart) -> Input {
    let found = found.get(therapy.0 as usize);
    let held = match part {
        CoursePart::State => Held::Choices(found.map_or(Choices::all(CourseState::ALL.len()), |found| found.state)),
        CoursePart::Working => Held::Truth(found.map_or(Truth::EITHER, |found| found.working)),
        CoursePart::UnderWay => Held::Truth(found.map_or(Truth::EITHER, |found| found.under_way)),
        CoursePart::FairTrial => Held::Truth(found.map_or(Truth::EITHER, |found| found.fair_trial)),
        CoursePart::Taking => Held::Truth(found.map_or(Truth::EITHER, |found| found.taking)),
        CoursePart::Declined => Held::Truth(found.map_or(Truth::EITHER, |found| found.declined)),
        CoursePart::SinceLastDose => {
            Held::Number(found.map_or_else(NumberSet::everything, |found| found.since_last_dose.clone()))
        }
        CoursePart::BegunFor(period) => Held::Truth(history.begun_for(therapy, period)),
    };
    let reason = if held.is_settled() { Reason::Recorded } else { Reason::NotRecorded };
    let declined = found.and_then(|found| found.declined_on).filter(|_| part == CoursePart::Declined);
    Input { date: declined, ..Input::of(held, reason) }
}

/// The slots of the rules of `course` for one course: the baseline is the newest visit on or before its start, else the
/// first after it, and nothing after its end is looked at. Where its first or last day is not known exactly, with every
/// day that they may be.
pub(in crate::eval) fn bind_course(
    subject: Subject<'_>,
    record: &Record,
    days: Option<(DateRange, Option<DateRange>)>,
) -> Inputs {
    let plan = &subject.lowered.plan;
    let reads = plan.slots.iter().any(|slot| matches!(slot.source, SlotSource::Fact { .. } | SlotSource::Judgement(_)));
    let Some((from, until)) = days.filter(|_| reads) else { return unbound(plan) };
    let Some(pairs) = pairs(record, from, until.unwrap_or(DateRange::exact(record.as_of))) else {
        return unbound(plan);
    };
    let each = pairs.iter().map(|(end, baseline)| {
        let before = record.visits.iter().take_while(|visit| visit.date <= *end).count();
        let seen = Seen { visits: record.visits.get(..before).unwrap_or_default(), as_of: *end };
        let mut binder = Binder::new(subject, record, seen, *baseline);
        plan.slots.iter().map(|slot| binder.slot(slot)).collect::<Vec<Input>>()
    });
    let Some(inputs) = each.reduce(joined) else { return unbound(plan) };
    if pairs.len() > 1 {
        return Inputs::of(inputs);
    }
    let twins = laws::twins(plan, &inputs);
    let laws = laws::laws(plan, &inputs, &twins);
    let ordered = laws::ordered(plan, &inputs);
    Inputs { laws, twins, ordered, ..Inputs::of(inputs) }
}

/// Every last day with every day the baseline visit may then be; `None` where there are too many.
fn pairs(record: &Record, from: DateRange, until: DateRange) -> Option<Vec<(Date, Option<Date>)>> {
    let one_day = crate::value::Period { count: 1, unit: crate::value::PeriodUnit::Day };
    let many = i64::try_from(MOST_PAIRS).unwrap_or(i64::MAX);
    if until.latest.days_since(until.earliest) >= many {
        return None;
    }
    let mut ends = vec![until.earliest];
    while let Some(day) = ends.last().filter(|day| **day < until.latest) {
        ends.push(day.plus(one_day).ok()?);
    }
    let mut pairs = Vec::new();
    for end in ends {
        let visits: Vec<Date> = record.visits.iter().map(|visit| visit.date).filter(|date| *date <= end).collect();
        let days = baseline::at_start(&visits, DateRange { latest: from.latest.min(end).max(from.earliest), ..from });
        pairs.extend(days.into_iter().map(|day| (end, day)));
        if pairs.len() > MOST_PAIRS {
            return None;
        }
    }
    Some(pairs)
}

/// What either leaves possible.
pub(super) fn joined(one: Vec<Input>, other: Vec<Input>) -> Vec<Input> {
    let join = |(one, other): (Input, Input)| {
        if one.held == other.held {
            return one;
        }
        let held = one.held.union(&other.held);
        let reason = if one.reason == other.reason { one.reason } else { Reason::Imprecise };
        Input { limit: None, value: None, held, reason, ..one }
    };
    one.into_iter().zip(other).map(join).collect()
}
