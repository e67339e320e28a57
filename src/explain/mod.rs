//! What an evaluation says, in statements that every rendering reads and nothing else.
//!
//! ```text
//! Evaluation { registers, answers }      ─►   Explanation { answers: [response: moderate], missing: [mmt8], trace: [
//!                                                Statement { title: "Total improvement score", outcome: 42.5 points,
//!                                                            parts: [physician global: 8 → 2, 60 % of range: 20 points] }] }
//! ```

mod flowchart;
mod from_evaluation;
mod therapy;

pub use flowchart::{BranchShown, EndShown, Flowchart, Lit, StepShown, TargetShown};
pub use from_evaluation::{
    because, course_question, explain, flowcharts, possible, presuming, undated, why_not_covered,
};
pub(crate) use from_evaluation::{day, days};
pub use therapy::{
    AdviceShown, AdviceVerdict, AgainstShown, ConclusionShown, CourseShown, LadderShown, LineShown, OptionShown,
    RegimenShown, Standing, StatusEventShown, StatusShown, SuspicionShown,
};

use crate::catalog::{Burden, Mark};
use crate::eval::Status;
use crate::value::{Date, Number, NumberSet};

/// Decision support for research and teaching; said in every rendering.
pub const NOTICE: &str = "Decision support for research and teaching, not a medical device. A settled answer cannot be \
                          changed by a missing result; it can be by a wrong or a new one.";

/// One guideline's answers for one record, with their reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Which guideline.
    pub guideline: GuidelineShown,
    /// Which record.
    pub record: RecordShown,
    /// The answers, in the guideline's order.
    pub answers: Vec<AnswerShown>,
    /// The conclusions of its algorithms, in their order of rank.
    pub conclusions: Vec<ConclusionShown>,
    /// Its algorithms, the patient's path lit.
    pub flowcharts: Vec<Flowchart>,
    /// Its ladders.
    pub ladders: Vec<LadderShown>,
    /// Its regimens that are, or may be, for the patient.
    pub regimens: Vec<RegimenShown>,
    /// Advice that holds, or may hold: what stands first.
    pub advice: Vec<AdviceShown>,
    /// Diseases that may be there instead.
    pub suspicions: Vec<SuspicionShown>,
    /// What the exposure history makes of the therapies that were taken.
    pub courses: Vec<CourseShown>,
    /// The facts that keep answers open, the easiest to find out first.
    pub missing: Vec<Missing>,
    /// Sources, or the guideline itself, that do not speak of this patient.
    pub silent: Vec<Silent>,
    /// What looked wrong and was kept.
    pub notices: Vec<String>,
    /// Assumptions that the dictionary makes of what the record does not name.
    pub assumed: Vec<String>,
    /// How each answer was worked out.
    pub trace: Vec<Statement>,
    /// The sources that were used, by key.
    pub sources: Vec<SourceShown>,
    /// The local choices that were used: a name and why.
    pub local_choices: Vec<LocalShown>,
    /// Where the clinic disagrees, beside the answers.
    pub overrides: Vec<OverrideShown>,
}

/// A guideline as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct GuidelineShown {
    /// `acr_eular_response`
    pub id: String,
    /// `2016.1.0`
    pub release: String,
    /// Its title.
    pub title: String,
    /// `sha256:…` of its normal form.
    pub hash: String,
}

/// A record as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordShown {
    /// The patient's name in the file.
    pub id: String,
    /// The day it speaks of.
    pub as_of: Date,
    /// That day was given, not taken from the newest date.
    pub as_of_given: bool,
    /// `sha256:…` of its normal form.
    pub hash: String,
    /// A few words about the patient: `woman, 44`, `dermatomyositis`.
    pub about: Vec<String>,
    /// Facts that were used and have no date, by label: at an earlier visit they may not have been known.
    pub undated: Vec<String>,
    /// The baseline visit and the newest visit.
    pub visits: Option<(Date, Date)>,
}

/// An answer as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerShown {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is known of it.
    pub status: Status,
    /// What it can be.
    pub possible: Possible,
    /// The unit of a number: `points`, `U/L`.
    pub unit: Option<String>,
    /// The possible values are exactly the truth; else they may be wider.
    pub exact: bool,
    /// It reads what was recorded, and may change when a missing fact is filled in.
    pub as_recorded: bool,
    /// What a colleague would say of its value, in the guideline's own words.
    pub says: Option<String>,
    /// What keeps it open.
    pub because: Vec<Because>,
    /// What it is, taking some usual normals for granted.
    pub presuming: Option<PresumingShown>,
    /// Why it is at fault, with the place in the rules.
    pub fault: Option<String>,
    /// What the release says of an answer it has no question for.
    pub silence: Option<String>,
}

/// What an answer, a step or a fact can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Possible {
    /// Yes, no, or both.
    YesNo {
        /// Yes is possible.
        yes: bool,
        /// No is possible.
        no: bool,
    },
    /// Some of the values of a choice, in the order of the guideline or the dictionary.
    Choice(Vec<String>),
    /// Every row that fits: those that certainly do, and those that may.
    Several {
        /// Certainly.
        certain: Vec<String>,
        /// Perhaps.
        perhaps: Vec<String>,
    },
    /// Numbers.
    Number(NumberSet),
    /// Nothing: the guideline is silent, or at fault.
    Nothing,
}

/// A fact that keeps an answer open, and why it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// The fact, or the judgement.
    pub fact: String,
    /// Its label.
    pub label: String,
    /// When: `at baseline`, `after the baseline`; empty for an undated fact.
    pub when: String,
    /// `not recorded`, `stale`, …
    pub why: String,
}

/// An answer that is settled once some facts are taken for granted.
#[derive(Debug, Clone, PartialEq)]
pub struct PresumingShown {
    /// What it then is.
    pub possible: Possible,
    /// The facts, each with the value taken for granted.
    pub facts: Vec<(String, String)>,
}

/// A fact that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The fact.
    pub fact: String,
    /// Its label.
    pub label: String,
    /// What one would ask.
    pub question: String,
    /// What it costs the patient to find out.
    pub burden: Burden,
    /// The dictionary says what is usual: it is asked last.
    pub usual: bool,
    /// When it is wanted: `at baseline`, `after the baseline`; empty for an undated fact.
    pub when: String,
    /// Why it is not known.
    pub why: String,
    /// The answers it keeps open.
    pub settles: Vec<String>,
}

/// A source that does not speak of this patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// The guideline or the source.
    pub source: String,
    /// Why.
    pub because: String,
}

/// A line, a row or a block, with what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Stable: the block's name, then the line's or row's place in it: `response`, `response.2`.
    pub id: String,
    /// What it is: `finding`, `score`, `row`, `line`, `instrument`, …
    pub kind: &'static str,
    /// In words.
    pub title: String,
    /// What came of it.
    pub outcome: Possible,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Why, where that is not plain: for what did not hold, what it lacked.
    pub why: Option<String>,
    /// Where in the rules: path and line.
    pub place: String,
    /// Its sources: key, where in it, mark; or a local choice.
    pub citations: Vec<CitationShown>,
    /// The facts and numbers it looked at.
    pub operands: Vec<Operand>,
    /// What it is made of.
    pub parts: Vec<Statement>,
}

/// A citation as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitationShown {
    /// `aggarwal_2017`, or the name of a local choice.
    pub key: String,
    /// `table 3`
    pub place: Option<String>,
    /// How far it was verified.
    pub mark: Mark,
}

/// A fact or a number that a statement looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    /// The fact or block.
    pub id: String,
    /// Its label.
    pub label: String,
    /// When it was read: `latest`, `at baseline`; empty for an undated fact or a block.
    pub when: String,
    /// What it can be.
    pub possible: Possible,
    /// The value as written in the record.
    pub written: Option<String>,
    /// The unit of a number.
    pub unit: Option<String>,
    /// The day it is of.
    pub date: Option<Date>,
    /// Where the value comes from: `recorded`, `by report`, `not recorded`, …
    pub provenance: String,
    /// The upper limit it was held against, where it is a multiple of it.
    pub upper_limit: Option<Number>,
    /// The end of the scale it was recorded on, for facts with several.
    pub scale: Option<Number>,
    /// Where in the record: path and line.
    pub place: Option<String>,
}

/// A source as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceShown {
    /// Its key.
    pub key: String,
    /// Authors, year, journal.
    pub reference: String,
    /// Its digital object identifier.
    pub doi: Option<String>,
    /// The least verified of what was used of it.
    pub mark: Mark,
}

/// A local choice as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalShown {
    /// Its name.
    pub name: String,
    /// Why it is what it is.
    pub reason: String,
}

/// A disagreement as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideShown {
    /// The answer.
    pub answer: String,
    /// What the clinic says.
    pub mine: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
}
