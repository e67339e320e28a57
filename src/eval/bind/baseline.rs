use crate::eval::Subject;
use crate::eval::course::{History, too_many};
use crate::record::Record;
use crate::value::{Date, DateRange};

use super::Baseline;

impl Baseline {
    /// The visit that changes are counted from, by its place; `None` where there is none, or a course says which.
    pub(crate) fn visit(self, record: &Record) -> Option<usize> {
        let visits = &record.visits;
        let first = (!visits.is_empty()).then_some(0);
        match self {
            Baseline::Marked => visits.iter().position(|visit| visit.baseline).or(first),
            Baseline::First => first,
            Baseline::On(day) => visits.iter().position(|visit| visit.date >= day),
            Baseline::Course(_) => None,
        }
    }
}

/// Every day that the baseline visit may be; `None` where there may be no such visit.
pub(in crate::eval) fn days(
    subject: Subject<'_>,
    record: &Record,
    history: &History<'_>,
    baseline: Baseline,
    notices: &mut Vec<String>,
) -> Vec<Option<Date>> {
    let visits: Vec<Date> = record.visits.iter().map(|visit| visit.date).collect();
    match baseline {
        Baseline::Marked | Baseline::First | Baseline::On(_) => {
            vec![baseline.visit(record).and_then(|at| visits.get(at).copied())]
        }
        Baseline::Course(drug) => {
            let name = subject.catalog.treatment_name(drug);
            let Some(starts) = history.newest_starts(drug) else {
                notices.push(too_many(name));
                return vec![None];
            };
            let known: Vec<DateRange> = starts.iter().copied().flatten().collect();
            let (Some(earliest), Some(latest)) =
                (known.iter().map(|start| start.earliest).min(), known.iter().map(|start| start.latest).max())
            else {
                notices.push(format!("the record has no course of {name}, so there is no baseline visit"));
                return vec![None];
            };
            let none = starts.contains(&None).then_some(None);
            let mut days: Vec<Option<Date>> = known.iter().flat_map(|start| at_start(&visits, *start)).collect();
            days.extend(none);
            days.sort_unstable();
            days.dedup();
            if days.len() > 1 {
                let visits: Vec<String> = days.iter().flatten().map(ToString::to_string).collect();
                notices.push(format!(
                    "the course of {name} began on some day from {earliest} to {latest}, so the baseline may be the \
                     visit of {}",
                    visits.join(" or ")
                ));
            }
            days
        }
    }
}

/// The baseline of a course: the newest visit on or before its start, at which it was prescribed, else the first after
/// it. Where the start is not known exactly, every visit that may be that; `None` without any visit.
pub(super) fn at_start(visits: &[Date], start: DateRange) -> Vec<Option<Date>> {
    let before = visits.iter().rev().find(|visit| **visit <= start.earliest);
    let within = visits.iter().filter(|visit| start.earliest < **visit && **visit <= start.latest);
    let mut days: Vec<Option<Date>> = before.into_iter().chain(within).copied().map(Some).collect();
    if before.is_none() {
        days.push(visits.iter().find(|visit| **visit > start.earliest).copied());
    }
    days.sort_unstable();
    days.dedup();
    days
}
