use std::fmt::Write as _;

use crate::value::{Date, PeriodUnit};

use super::before;

/// A patient as a record says it, each value as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Patient {
    /// The day of the record, which is that of the newest visit.
    pub day: Date,
    /// `age: 44`, `sex: female`
    pub person: Vec<(String, String)>,
    /// What is not dated.
    pub facts: Vec<(String, String)>,
    /// What was found at the baseline, at a visit after it, at the newest.
    pub visits: [Vec<(String, String)>; 3],
    /// The clinician's judgements.
    pub judgements: Vec<(String, String)>,
    /// Each course as its entry; `None` where the record does not speak of therapies.
    pub therapies: Option<Vec<String>>,
    /// What was declined.
    pub declined: Vec<String>,
}

/// One of the visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// The baseline, half a year before the newest.
    Baseline,
    /// A quarter of a year before the newest.
    Between,
    /// The newest.
    Newest,
}

impl When {
    pub(super) const ALL: [When; 3] = [When::Baseline, When::Between, When::Newest];

    fn day(self, today: Date) -> Date {
        match self {
            When::Baseline => before(today, 6, PeriodUnit::Month),
            When::Between => before(today, 3, PeriodUnit::Month),
            When::Newest => today,
        }
    }
}

impl Patient {
    /// Nothing is known on that day.
    pub(super) fn on(day: Date) -> Self {
        Patient {
            day,
            person: Vec::new(),
            facts: Vec::new(),
            visits: Default::default(),
            judgements: Vec::new(),
            therapies: None,
            declined: Vec::new(),
        }
    }

    /// What was found at a visit.
    pub(super) fn visit(&mut self, when: When) -> &mut Vec<(String, String)> {
        let [baseline, between, newest] = &mut self.visits;
        match when {
            When::Baseline => baseline,
            When::Between => between,
            When::Newest => newest,
        }
    }

    /// In the order of names, and each thing once.
    pub(super) fn each_once(&mut self) {
        let lists = [&mut self.person, &mut self.facts, &mut self.judgements];
        for list in lists.into_iter().chain(&mut self.visits) {
            list.sort();
            list.dedup_by(|next, first| next.0 == first.0);
        }
    }

    /// The record.
    pub fn yaml(&self) -> String {
        let mut text = format!("id: patient\nas_of: {}\n", self.day);
        for (head, list) in [("patient", &self.person), ("facts", &self.facts), ("judgements", &self.judgements)] {
            if !list.is_empty() {
                let _ = writeln!(text, "{head}:");
                lines(&mut text, "  ", list);
            }
        }
        if self.visits.iter().any(|visit| !visit.is_empty()) {
            text.push_str("visits:\n");
        }
        for (when, visit) in When::ALL.into_iter().zip(&self.visits).filter(|(_, visit)| !visit.is_empty()) {
            let _ = writeln!(text, "  - date: {}", when.day(self.day));
            if when == When::Baseline {
                text.push_str("    role: baseline\n");
            }
            lines(&mut text, "    ", visit);
        }
        if let Some(therapies) = &self.therapies {
            text.push_str(if therapies.is_empty() { "therapies: []\n" } else { "therapies:\n" });
            for entry in therapies {
                let _ = writeln!(text, "  - {{{entry}}}");
            }
        }
        if !self.declined.is_empty() {
            text.push_str("declined:\n");
            for drug in &self.declined {
                let _ = writeln!(text, "  - {{drug: {drug}}}");
            }
        }
        text
    }
}

fn lines(text: &mut String, indent: &str, list: &[(String, String)]) {
    for (name, value) in list {
        let _ = writeln!(text, "{indent}{name}: {value}");
    }
}
