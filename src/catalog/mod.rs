//! What a librarian keeps, from YAML: the dictionary of facts, the evidence, what each guideline says of itself.
//!
//! ```text
//! mmt8:                                         Fact { id: mmt8, kind: Number { whole: true, … },
//!   label: MMT8                          ─►            recorded: Visits, better: Some(Higher), … }
//!   question: What is the sum of the manual muscle test of eight groups?
//!   type: whole number
//!   range: 0 to 150
//!   better: higher
//! ```

mod evidence;
mod fact;
mod guideline;

pub use evidence::{Evidence, EvidencePart, Mark};
pub use fact::{
    AbsentMeans, AppliesWhen, Better, Burden, ChoiceValue, Conversion, Derivation, Fact, FactId, FactKind, Moment,
    NumberKind, RecordedIn, Report, ReportId,
};
pub use guideline::{GuidelineInfo, LocalChoice, Release, Status};
