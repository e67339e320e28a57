use crate::source::Spanned;
use crate::value::{Choices, Number, NumberSet, Period, Unit};

/// A fact of the dictionary, as a number: its place in the order of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u32);

/// Something a record can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `mmt8`
    pub id: Spanned<String>,
    /// A few words: `MMT8`.
    pub label: String,
    /// What one would ask the clinic: `What is the patient global activity?`
    pub question: String,
    /// Its values.
    pub kind: FactKind,
    /// Where in a record it stands.
    pub recorded: RecordedIn,
    /// Which way is better, for a measure of disease.
    pub better: Option<Better>,
    /// How long a value counts as the latest.
    pub valid_for: Option<Period>,
    /// What a visit, or a record, that does not name it says.
    pub absent_means: Option<AbsentMeans>,
    /// The usual normal that nobody charts: what may be taken for granted, and is then said.
    pub presume: Option<Choices>,
    /// The report whose list it is on.
    pub report: Option<ReportId>,
    /// For whom it means anything.
    pub applies_when: Option<AppliesWhen>,
    /// How it is worked out where it is not recorded.
    pub derived: Option<Derivation>,
    /// What it costs the patient to find out.
    pub burden: Burden,
    /// Whether it can come to be another.
    pub changeable: Changeable,
    /// Other words people search for.
    pub synonyms: Vec<String>,
    /// Earlier names; a record that uses one is told the new one.
    pub formerly: Vec<String>,
    /// `LOINC 2157-6`, `SNOMED CT 68962001`
    pub codes: Vec<String>,
    /// `verified`, `unverified`, … of the definition and range, with where it was read.
    pub source: Option<String>,
}

/// The values of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    /// `type: yes or no`, `type: choice`: at most 64 values. Of a yes/no `yes` stands first, then `no`; a fact that
    /// may be *not done* has `not done` as its last value.
    Choice {
        /// The values in order.
        values: Vec<ChoiceValue>,
        /// It is a yes/no.
        yes_no: bool,
    },
    /// `type: number`, `type: whole number`
    Number(NumberKind),
    /// `type: date`
    Date,
}

impl FactKind {
    /// The name of the value an examination has when it was not done.
    pub const NOT_DONE: &'static str = "not done";

    /// The names of the values of a choice, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let values = match self {
            FactKind::Choice { values, .. } => values.as_slice(),
            FactKind::Number(_) | FactKind::Date => &[],
        };
        values.iter().map(|value| value.name.as_str())
    }

    /// The position of a value of a choice.
    pub fn position(&self, name: &str) -> Option<u8> {
        match self {
            FactKind::Choice { values, .. } => {
                values.iter().position(|value| value.name == name).and_then(|at| u8::try_from(at).ok())
            }
            FactKind::Number(_) | FactKind::Date => None,
        }
    }
}

/// One value of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceValue {
    /// As records and rules write it: `DM`.
    pub name: String,
    /// As a person reads it: `dermatomyositis`.
    pub label: String,
}

/// What numbers a fact can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberKind {
    /// The unit of a bare number; values in another unit of the same kind are converted.
    pub unit: Option<Unit>,
    /// Whole numbers only.
    pub whole: bool,
    /// Outside: an error.
    pub range: NumberSet,
    /// Outside: a notice.
    pub usual: Option<NumberSet>,
    /// A laboratory value: each comes with the laboratory's own upper limit.
    pub upper_limit: bool,
    /// The highest values of the scales it can be recorded on, the usual one first (`mmt8`: 150, 80); a record
    /// names another with `mmt8_max: 80`. Empty where there is one scale.
    pub scales: Vec<Number>,
    /// Units of another kind, by a factor of this analyte's own (creatinine: mg/dL x 88.4).
    pub conversions: Vec<Conversion>,
    /// Grades and other words a record may write for a number (`4- MRC` for 7 on a scale of 10).
    pub grades: Vec<Grade>,
}

/// A word that stands for a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    /// As a record writes it.
    pub written: String,
    /// What it counts as.
    pub number: Number,
}

/// A unit of another kind: a value in it times `factor` is in the fact's own unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The other unit.
    pub from: Unit,
    /// What to multiply by.
    pub factor: Number,
}

/// Where in a record a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordedIn {
    /// `recorded: patient`: under `patient`, undated (sex).
    Patient,
    /// `recorded: facts`: under `facts`, undated.
    Facts,
    /// `recorded: visits`: in a dated visit. A rule must say when it reads it.
    Visits,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// `better: higher`
    Higher,
    /// `better: lower`
    Lower,
}

/// What it means that a visit, or the facts, do not name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbsentMeans {
    /// `absent_means: not measured`: at that visit nobody measured it.
    NotMeasured,
    /// `absent_means: not done`: the examination was not done.
    NotDone,
}

/// For whom a fact means anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliesWhen {
    /// The fact that decides.
    pub fact: FactId,
    /// The values of it for which this fact applies.
    pub is: Choices,
    /// What this fact is for everybody else: a value of a choice…
    pub otherwise_choice: Option<Choices>,
    /// …or a number.
    pub otherwise_number: Option<Number>,
}

/// How a fact is worked out where it is not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// `derived: age at onset`: completed years from birth to that moment.
    AgeAt(Moment),
    /// `derived: years from onset to diagnosis`: completed years.
    YearsBetween(Moment, Moment),
    /// `derived: months from onset to as_of`: completed months.
    MonthsBetween(Moment, Moment),
}

/// A moment in a patient's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The date of the evaluation.
    AsOf,
    /// A fact that is a date.
    Fact(FactId),
}

/// What it costs the patient to find out; `why` and `ask` go from low to high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Burden {
    /// `burden: history`: asking, looking at the chart, examining.
    History,
    /// `burden: blood test`
    BloodTest,
    /// `burden: imaging`
    Imaging,
    /// `burden: biopsy`
    Biopsy,
}

/// Whether a fact can come to be another; `why-not` tries what the clinic can change first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changeable {
    /// `changeable: yes`: by what the clinic does, as an examination that is not done yet.
    Clinic,
    /// Not said: an observation, which may come out otherwise.
    Observed,
    /// `changeable: no`, and of itself each date and what is worked out from dates: neither the clinic nor time changes it.
    Never,
}

/// A kind of report, as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId(pub u32);

/// A report that closes its own list: `antibody_panel: {date: 2025-05-20, positive: [antibody_a]}`. What the
/// dictionary puts on its list and the report does not name is *no*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// `antibody_panel`
    pub id: Spanned<String>,
    /// A few words.
    pub label: String,
    /// The key of the list of what was found: `positive`, `seen`.
    pub list: String,
    /// Yes/no facts that the report itself carries as further keys (`before_treatment`).
    pub carries: Vec<FactId>,
}
