//! What a treatment counts as on the day of the record.

use super::{Teller, words};
use crate::catalog::{EventKind, Mark, StatusEvent, StatusHistory, StatusOnDay, TreatmentStatus};
use crate::explain::{Because, Operand, Possible, StatusEventShown, StatusShown};
use crate::model::TherapyId;
use crate::plan::SlotSource;
use crate::value::{Choices, Date, Reason};

impl Teller<'_> {
    /// The day a status is asked for: none where the record does not give it.
    fn status_day(&self) -> Option<Date> {
        Some(self.record.as_of).filter(|_| self.record.as_of_given)
    }

    /// What a question to the evidence looked at, with the event that answers it.
    pub(super) fn status_operand(&self, at: u32) -> Option<Operand> {
        let asked = self.subject.guideline.statuses.get(at as usize)?;
        let history = self.subject.catalog.status(asked.history)?;
        let input = self.input(SlotSource::Status(at))?;
        let on = history.on(self.status_day(), asked.region.as_deref());
        let told: Vec<String> = on.by.iter().map(|event| told(event)).collect();
        let provenance = if input.reason != Reason::Recorded {
            format!("{}: {}", why_open(input.reason), told.join("; "))
        } else if told.is_empty() {
            String::from("nothing dated is known of it by then")
        } else {
            told.join("; ")
        };
        Some(Operand {
            id: format!("status of {}", asked.written),
            label: format!("status of {}", self.status_label(history, asked.region.as_deref())),
            when: String::new(),
            possible: possible(on.possible),
            written: None,
            unit: None,
            date: input.date,
            provenance,
            upper_limit: None,
            scale: None,
            place: None,
        })
    }

    /// `drug a in disease a (region a)`
    fn status_label(&self, history: &StatusHistory, region: Option<&str>) -> String {
        let catalog = self.subject.catalog;
        let name = catalog.treatment_name(history.treatment);
        let label = catalog.treatment(history.treatment).map_or(name, |treatment| treatment.label.as_str());
        let region = region.map(|region| format!(" ({})", catalog.region_label(region))).unwrap_or_default();
        format!("{label} in {}{region}", catalog.indication_label(&history.indication))
    }

    /// Why a status is open: the day is not given, or falls into a month or year of which no more is known.
    pub(super) fn status_because(&self, at: u32, reason: Reason) -> Option<Because> {
        let asked = self.subject.guideline.statuses.get(at as usize)?;
        if reason == Reason::Imprecise {
            let history = self.subject.catalog.status(asked.history)?;
            return Some(Because {
                fact: format!("status of {}", asked.written),
                label: format!("status of {}", self.status_label(history, asked.region.as_deref())),
                when: String::new(),
                why: reason.words().to_owned(),
            });
        }
        Some(Because {
            fact: String::from("as_of"),
            label: String::from("the day of the evaluation"),
            when: String::new(),
            why: reason.words().to_owned(),
        })
    }

    /// What a treatment counts as on the day, in each indication, and in each region where it differs.
    pub(super) fn statuses_on_day(&self, therapy: TherapyId) -> Vec<StatusShown> {
        let parts = self.parts(therapy);
        let [treatment] = parts.as_slice() else { return Vec::new() };
        let mut shown = Vec::new();
        for (_, history) in self.subject.catalog.statuses_of(*treatment) {
            let regions = history.regions();
            shown.extend(regions.iter().map(|region| self.status_shown(history, Some(region))));
            let elsewhere = self.status_shown(history, None);
            if regions.is_empty() || !elsewhere.events.is_empty() {
                shown.push(StatusShown { elsewhere: !regions.is_empty(), ..elsewhere });
            }
        }
        shown
    }

    fn status_shown(&self, history: &StatusHistory, region: Option<&str>) -> StatusShown {
        let day = self.status_day();
        let StatusOnDay { possible, by } = history.on(day, region);
        let here = |event: &&StatusEvent| event.region.is_none() || event.region.as_deref() == region;
        StatusShown {
            indication: history.indication.clone(),
            label: self.subject.catalog.indication_label(&history.indication).to_owned(),
            region: region.map(str::to_owned),
            elsewhere: false,
            possible: TreatmentStatus::among(possible).collect(),
            events: by.into_iter().map(event).collect(),
            beside: history.beside(day).filter(here).map(event).collect(),
        }
    }
}

fn why_open(reason: Reason) -> &'static str {
    if reason == Reason::Imprecise { reason.words() } else { "the day is not recorded" }
}

fn possible(statuses: Choices) -> Possible {
    Possible::Choice(TreatmentStatus::among(statuses).map(|status| status.word().to_owned()).collect())
}

fn event(event: &StatusEvent) -> StatusEventShown {
    StatusEventShown {
        from: event.from,
        since: words::days(event.from),
        makes: event.makes,
        text: event.text.clone(),
        source: event.source.value.clone(),
        place: event.place.clone(),
        mark: event.mark,
    }
}

/// `off label since Dec 2020: pilot trial published (author_2021)`
fn told(event: &StatusEvent) -> String {
    let status = match event.makes {
        EventKind::Status(status) => status.words(),
        EventKind::Claim | EventKind::Constraint => event.makes.word(),
    };
    let mark = if event.mark == Mark::Verified { String::new() } else { format!(", {}", event.mark.words()) };
    format!("{status} since {}: {} ({}{mark})", words::days(event.from), event.text, event.source.value)
}
