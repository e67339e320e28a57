//! Why an answer is what it is, and what would have to be otherwise for it to be another: the same evaluator, asked
//! with other records.
//!
//! ```text
//! why       forget what is recorded, the most burdensome first   ─►   what the answer cannot do without
//! why_not   leave what is recorded open, as little as possible   ─►   values with which the answer is the wanted one
//! ```

pub mod change;
pub mod lacked;
mod reach;
pub mod reasons;
pub mod said;
mod smallest;
pub mod target;
pub mod words;

pub use target::{Target, Value};

use crate::engine::{Engine, Loaded};
use crate::eval::{self, Answer, Asking, Baseline, Subject};
use crate::explain::{self, Explanation};
use crate::record::Record;
use crate::source::SourceMap;

/// A patient and the guideline that is asked.
#[derive(Debug, Clone, Copy)]
pub struct Patient<'a> {
    /// The guideline.
    pub subject: Subject<'a>,
    /// The record.
    pub record: &'a Record,
    /// Which visit is the baseline.
    pub baseline: Baseline,
    /// The texts, for places in them.
    pub sources: &'a SourceMap,
}

impl<'a> Patient<'a> {
    /// A record and a guideline that was loaded.
    pub fn of(engine: &'a Engine, loaded: &'a Loaded, record: &'a Record, baseline: Baseline) -> Self {
        Patient { subject: engine.subject(loaded), record, baseline, sources: engine.sources() }
    }

    /// One answer for this record.
    pub fn answer(&self, asking: Asking) -> Answer {
        self.answer_of(self.record, asking)
    }

    /// One answer for another record of the patient.
    fn answer_of(&self, record: &Record, asking: Asking) -> Answer {
        eval::answer_alone(self.subject, &eval::bind(self.subject, record, self.baseline), asking)
    }

    /// All that the guideline says of a record of the patient.
    fn explained(&self, record: &Record) -> Explanation {
        let evaluation = eval::evaluate(self.subject, record, self.baseline);
        explain::explain(self.subject, record, &evaluation, self.sources)
    }
}
