//! What a treatment counts as in an indication, dated: approved, in trials only, found not to work.

use crate::source::Spanned;
use crate::value::{Choices, Date, DateRange};

use super::{Catalog, Mark, TreatmentId};

/// The history of a treatment in one indication, by its place on the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusId(pub u32);

/// What a treatment counts as in an indication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TreatmentStatus {
    /// An authority approved it for the indication.
    Approved,
    /// A guideline names it as an option.
    GuidelineOption,
    /// Given for it without approval, on reports.
    OffLabel,
    /// Trials for it go on.
    InvestigationalActive,
    /// A trial found no benefit on its primary endpoint.
    Negative,
    /// Its development for the indication was stopped before there was a result.
    Terminated,
    /// Nothing dated is known of it.
    Unknown,
}

impl TreatmentStatus {
    /// Every status, in the order of the values of a condition.
    pub const ALL: [TreatmentStatus; 7] = [
        TreatmentStatus::Approved,
        TreatmentStatus::GuidelineOption,
        TreatmentStatus::OffLabel,
        TreatmentStatus::InvestigationalActive,
        TreatmentStatus::Negative,
        TreatmentStatus::Terminated,
        TreatmentStatus::Unknown,
    ];

    /// The word of rules and results.
    pub fn word(self) -> &'static str {
        match self {
            TreatmentStatus::Approved => "approved",
            TreatmentStatus::GuidelineOption => "guideline_option",
            TreatmentStatus::OffLabel => "off_label",
            TreatmentStatus::InvestigationalActive => "investigational_active",
            TreatmentStatus::Negative => "negative",
            TreatmentStatus::Terminated => "terminated",
            TreatmentStatus::Unknown => "unknown",
        }
    }

    /// The words a person reads.
    pub fn words(self) -> &'static str {
        match self {
            TreatmentStatus::Approved => "approved",
            TreatmentStatus::GuidelineOption => "an option of a guideline",
            TreatmentStatus::OffLabel => "off label",
            TreatmentStatus::InvestigationalActive => "investigational",
            TreatmentStatus::Negative => "negative",
            TreatmentStatus::Terminated => "terminated",
            TreatmentStatus::Unknown => "unknown",
        }
    }

    /// Its place among [`TreatmentStatus::ALL`].
    pub fn position(self) -> u8 {
        (0..).zip(TreatmentStatus::ALL).find(|(_, one)| *one == self).map_or(0, |(at, _)| at)
    }

    /// The status of a place, and of a set of them.
    pub fn among(possible: Choices) -> impl Iterator<Item = TreatmentStatus> {
        TreatmentStatus::ALL.into_iter().filter(move |status| possible.contains(status.position()))
    }
}

/// The history of a treatment in one indication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusHistory {
    /// The treatment.
    pub treatment: TreatmentId,
    /// The indication, by name.
    pub indication: String,
    /// What happened, the earliest first.
    pub events: Vec<StatusEvent>,
}

/// Something that happened, or was said, on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEvent {
    /// The day, or the month or year of which no more is known.
    pub from: DateRange,
    /// What it makes of the treatment.
    pub makes: EventKind,
    /// In words.
    pub text: String,
    /// In this region alone.
    pub region: Option<String>,
    /// The evidence entry that says so.
    pub source: Spanned<String>,
    /// Where in it.
    pub place: Option<String>,
    /// How far the day and the event were verified.
    pub mark: Mark,
}

/// What an event makes of a treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// From then on it has this status.
    Status(TreatmentStatus),
    /// A report said so on that day; the status stays what it is.
    Claim,
    /// A restriction of its use; the status stays what it is.
    Constraint,
}

impl EventKind {
    /// The word of results, for what changes no status.
    pub fn word(self) -> &'static str {
        match self {
            EventKind::Status(status) => status.word(),
            EventKind::Claim => "claim",
            EventKind::Constraint => "constraint",
        }
    }
}

/// A status on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusOnDay<'a> {
    /// The statuses it may have, as [`TreatmentStatus::ALL`] counts them.
    pub possible: Choices,
    /// The events that gave it, the newest last: where the status is settled, all since it has been that; none where
    /// nothing dated is known.
    pub by: Vec<&'a StatusEvent>,
}

impl StatusHistory {
    /// The regions in which something happened that did not happen everywhere.
    pub fn regions(&self) -> Vec<&str> {
        let mut regions: Vec<&str> = Vec::new();
        for region in self.changes().filter_map(|(event, _)| event.region.as_deref()) {
            if !regions.contains(&region) {
                regions.push(region);
            }
        }
        regions
    }

    fn changes(&self) -> impl DoubleEndedIterator<Item = (&StatusEvent, TreatmentStatus)> {
        self.events.iter().filter_map(|event| match event.makes {
            EventKind::Status(status) => Some((event, status)),
            EventKind::Claim | EventKind::Constraint => None,
        })
    }

    /// The status in a region on a day: that of the last event up to it, in the order written. An event of which only the
    /// month or the year is known may or may not have happened within it. Without a day, every status it ever had.
    pub fn on(&self, day: Option<Date>, region: Option<&str>) -> StatusOnDay<'_> {
        let mut possible = Choices::NONE;
        let mut by = Vec::new();
        let here =
            |event: &&(&StatusEvent, TreatmentStatus)| event.0.region.is_none() || event.0.region.as_deref() == region;
        let changes: Vec<_> = self.changes().collect();
        let mut earlier = changes.iter().rev().filter(here);
        while let Some((event, status)) = earlier.next() {
            if day.is_some_and(|day| event.from.earliest > day) {
                continue;
            }
            possible = possible.union(Choices::only(status.position()));
            by.insert(0, *event);
            if day.is_some_and(|day| event.from.latest <= day) {
                // It may have had the same status before.
                let same = earlier.take_while(|(_, before)| possible == Choices::only(before.position()));
                same.for_each(|(event, _)| by.insert(0, *event));
                return StatusOnDay { possible, by };
            }
        }
        StatusOnDay { possible: possible.union(Choices::only(TreatmentStatus::Unknown.position())), by }
    }

    /// What was claimed of it, and how its use was restricted, up to a day: whatever may have been.
    pub fn beside(&self, day: Option<Date>) -> impl Iterator<Item = &StatusEvent> {
        self.events.iter().filter(move |event| {
            !matches!(event.makes, EventKind::Status(_)) && day.is_none_or(|day| event.from.earliest <= day)
        })
    }
}

impl Catalog {
    /// The history of a treatment in an indication; it may not have been read.
    pub fn find_status(&self, treatment: &str, indication: &str) -> Option<StatusId> {
        self.statuses.find(&format!("{treatment} in {indication}")).map(StatusId)
    }

    /// A history that was read.
    pub fn status(&self, id: StatusId) -> Option<&StatusHistory> {
        self.statuses.get(id.0)
    }

    /// The entry of a history in its normal form.
    pub fn status_normal_form(&self, id: StatusId) -> &str {
        self.statuses.normal_form(id.0)
    }

    /// Every history that was read, in the order of the files.
    pub fn statuses(&self) -> impl Iterator<Item = (StatusId, &StatusHistory)> {
        self.statuses.read().map(|(at, history)| (StatusId(at), history))
    }

    /// The histories of a treatment, one for each indication.
    pub fn statuses_of(&self, treatment: TreatmentId) -> impl Iterator<Item = (StatusId, &StatusHistory)> {
        self.statuses().filter(move |(_, history)| history.treatment == treatment)
    }

    /// The name is that of an indication, read or not.
    pub fn is_indication(&self, name: &str) -> bool {
        self.indications.find(name).is_some()
    }

    /// The names of all indications.
    pub fn indication_names(&self) -> impl Iterator<Item = &str> {
        self.indications.names()
    }

    /// What a person reads of an indication; its name where it was not read.
    pub fn indication_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.indications.find(name).and_then(|at| self.indications.get(at)).map_or(name, String::as_str)
    }

    /// The name is that of a region, read or not.
    pub fn is_region(&self, name: &str) -> bool {
        self.regions.find(name).is_some()
    }

    /// The names of all regions.
    pub fn region_names(&self) -> impl Iterator<Item = &str> {
        self.regions.names()
    }

    /// What a person reads of a region; its name where it was not read.
    pub fn region_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.regions.find(name).and_then(|at| self.regions.get(at)).map_or(name, String::as_str)
    }
}
