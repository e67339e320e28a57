use crate::source::Spanned;
use crate::value::{Number, Period};

/// A treatment, by its place in the formulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreatmentId(pub u32);

/// A treatment of the formulary: a drug, or what is no drug, as exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treatment {
    /// `drug_a`
    pub id: Spanned<String>,
    /// What a person reads: `drug_a`.
    pub label: String,
    /// The classes it belongs to, by name.
    pub classes: Vec<String>,
    /// Other names a record may use, each with how much of the treatment one unit of it is: 1 for another name, 1.25
    /// for a preparation of which 4 mg do what 5 mg do.
    pub preparations: Vec<Preparation>,
    /// How it is given: `by mouth`.
    pub route: Option<String>,
    /// The usual dose in words, with its units.
    pub usual_dose: Option<String>,
    /// After how long its effect is usually judged.
    pub judge_after: Option<Period>,
    /// What is looked at before and while it is taken.
    pub monitoring: Option<String>,
    /// Where this comes from, with its mark.
    pub source: Option<String>,
}

/// Another name of a treatment in records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preparation {
    /// The name.
    pub name: Spanned<String>,
    /// How much of the treatment one unit of it is.
    pub factor: Number,
}

/// A class of treatments: `immunosuppressant`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its name.
    pub id: Spanned<String>,
    /// What a person reads.
    pub label: String,
}
