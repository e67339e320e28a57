//! A patient's record, from YAML or JSON, into facts with the reason each is not narrower.
//!
//! ```text
//! visits:                                   Visit { date: 2025-06-01, baseline: true, entries: [
//!   - date: 2025-06-01              ─►        Entry { fact: ck, given: Number {1450}, upper_limit: {170}, … },
//!     role: baseline                          … ] }
//!     ck: {value: 1450 U/L, upper_limit: 170 U/L}
//! ```
//!
//! A broken record is an error at a line, never a missing value. A well-formed record that contradicts itself
//! is kept, with a notice.

mod codes;
mod document;
mod draft;
mod from_yaml;
mod normal_form;
mod notice;
mod schema;
mod therapy;
mod until;

use std::collections::BTreeSet;

use crate::catalog::{Catalog, FactId, TreatmentId};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, SourceMap, Span, Spanned};
use crate::value::{Choices, Date, DateRange, Number, NumberSet, Reason, Truth};

pub use codes::CODES;
pub use document::{Document, documents};
pub use draft::Draft;
pub use notice::{Notice, NoticeKind};
pub use schema::schema;
pub use therapy::{Declined, Dose, Outcome, Stop, StopReason, Therapies, Therapy};
pub use until::{LeftOut, until};

/// The records of a file: one for each YAML document, JSON object or line of NDJSON. A broken one does not spoil
/// the others.
pub fn read(sources: &SourceMap, file: FileId, catalog: &Catalog) -> Vec<Result<Record, Vec<Diagnostic>>> {
    documents(sources, file).iter().map(|document| document.read(sources, catalog)).collect()
}

/// One patient, as recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The patient's name in the file: never a real one.
    pub id: String,
    /// The day the record speaks of: given, else the newest date in it.
    pub as_of: Date,
    /// `as_of` was given.
    pub as_of_given: bool,
    /// What it says of later days was left out, so what is dated by the month or not at all may be later too.
    pub is_cut_off: bool,
    /// Date of birth.
    pub born: Option<DateRange>,
    /// What holds until said otherwise, under `patient` and `facts`, by fact.
    pub undated: Vec<Entry>,
    /// The visits, by date; two on one day stay two.
    pub visits: Vec<Visit>,
    /// The drugs taken; `None` where the record does not speak of them.
    pub therapies: Option<Therapies>,
    /// What the patient declined: nothing, where the record does not speak of it; `None` where it says that this is
    /// unknown.
    pub declined: Option<Vec<Declined>>,
    /// The clinician's judgements that rules ask for, by name.
    pub judgements: Vec<(Spanned<String>, Truth)>,
    /// Where the clinic disagrees with an answer; shown beside it, never merged.
    pub overrides: Vec<Override>,
    /// What is taken for unknown although a list that is complete does not name it: nothing, of a record as read.
    pub forgotten: Forgotten,
    /// What looks wrong and was kept.
    pub notices: Vec<Notice>,
    /// The whole document.
    pub span: Span,
}

impl Record {
    /// SHA-256 of the record's normal form, in hexadecimal.
    pub fn hash(&self, catalog: &Catalog) -> String {
        normal_form::hash(self, catalog)
    }

    /// The days of its visits up to one, the earliest first; of a record without a visit that one, or its own.
    pub fn days(&self, last: Option<Date>) -> Vec<Date> {
        let mut days: Vec<Date> = self.visits.iter().map(|visit| visit.date).collect();
        days.retain(|day| last.is_none_or(|last| *day <= last));
        days.dedup();
        if days.is_empty() {
            days.push(last.unwrap_or(self.as_of));
        }
        days
    }
}

/// Treatments of which a list says less than it seems to: of these it is not complete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// They may have been taken in other ways than the list of therapies says.
    pub taken: BTreeSet<TreatmentId>,
    /// They may have been declined, alone or, several in one, together.
    pub declined: Vec<BTreeSet<TreatmentId>>,
    /// Anything may have been declined.
    pub any_declined: bool,
}

/// A dated visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The day.
    pub date: Date,
    /// `role: baseline`
    pub baseline: bool,
    /// What was found, in the order written.
    pub entries: Vec<Entry>,
    /// The visit in the file.
    pub span: Span,
}

/// One fact as recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The fact.
    pub fact: FactId,
    /// What was recorded.
    pub given: Given,
    /// Why that is not one value, or `Recorded`.
    pub reason: Reason,
    /// From when on it was known; evaluated at an earlier visit, it was not.
    pub known_since: Option<Date>,
    /// The laboratory's upper limit, in the unit of the fact; `None` where none is given.
    pub upper_limit: Option<NumberSet>,
    /// The end of the scale it was recorded on, for facts with several.
    pub scale: Option<Number>,
    /// The value as written: `1450 U/L`.
    pub written: String,
    /// The value in the file.
    pub span: Span,
}

/// What was recorded of a fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Values of a choice or a yes/no that are still possible.
    Choices(Choices),
    /// Numbers that are still possible, in the unit of the fact.
    Number(NumberSet),
    /// A date.
    Date(DateRange),
    /// `unknown`, `pending`, `refused`, `not measured`: every value is possible, for the entry's reason.
    Missing,
}

/// Where the clinic disagrees with an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// The answer, by its name.
    pub answer: Spanned<String>,
    /// What the clinic says instead.
    pub mine: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
}
