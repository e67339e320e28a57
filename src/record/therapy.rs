use crate::catalog::TreatmentId;
use crate::source::{Span, Spanned};
use crate::value::{Date, DateRange, Number, Quantity};

/// The drugs taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Therapies {
    /// The list is complete, unless `therapies_complete: no`.
    pub complete: bool,
    /// The courses, in the order written.
    pub courses: Vec<Therapy>,
}

/// One entry of the exposure history.
#[derive(Debug, Clone, PartialEq)]
pub struct Therapy {
    /// The drug as written, or a combination joined by `+`.
    pub drug: Spanned<String>,
    /// The treatments it names, each with how much of it one unit of what is written is, in the order of the
    /// formulary; empty where the formulary does not know one of them.
    pub parts: Vec<(TreatmentId, Number)>,
    /// First day.
    pub start: Option<DateRange>,
    /// Whether it ended, and when.
    pub stop: Stop,
    /// Doses from a day on, in order.
    pub doses: Vec<Dose>,
    /// Days of infusions or cycles.
    pub given: Vec<DateRange>,
    /// Share of the doses taken, 0 to 100 %.
    pub adherence: Option<Number>,
    /// A trough level.
    pub level: Option<Spanned<Quantity>>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// The day the outcome was judged.
    pub outcome_on: Option<DateRange>,
    /// One may have been judged by the day up to which the record is looked at: any is possible, and none is worked out.
    pub outcome_is_open: bool,
    /// Why the dose was not higher, one of [`Therapy::LIMITS`]: [`Therapy::NOTHING`] where the record does not name it, `None` where it says that
    /// this is unknown.
    pub dose_limited_by: Option<String>,
    /// Why it was stopped.
    pub stopped_for: Option<StopReason>,
    /// The entry in the file.
    pub span: Span,
}

/// Whether a course ended, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The record names no end: it still runs.
    Runs,
    /// Its last day.
    On(DateRange),
    /// The record says that this is not known: it may still run, or have ended on any day.
    Unknown,
}

impl Stop {
    /// The last day, where one is recorded.
    pub fn day(self) -> Option<DateRange> {
        match self {
            Stop::On(day) => Some(day),
            Stop::Runs | Stop::Unknown => None,
        }
    }
}

/// A dose from a day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Dose {
    /// The first day; `None` for the dose of the whole course.
    pub from: Option<DateRange>,
    /// `20 mg/week`
    pub dose: Spanned<Quantity>,
}

/// What came of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// `no_response`
    NoResponse,
    /// `partial`
    Partial,
    /// `response`
    Response,
    /// `relapse`
    Relapse,
    /// `worse`
    Worse,
    /// `not_assessed`
    NotAssessed,
}

/// Why a course was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// `inefficacy`
    Inefficacy,
    /// `intolerance`
    Intolerance,
    /// `remission`
    Remission,
    /// `pregnancy`
    Pregnancy,
    /// `other`
    Other,
}

/// A drug the patient declined.
#[derive(Debug, Clone, PartialEq)]
pub struct Declined {
    /// The drug as written.
    pub drug: Spanned<String>,
    /// The treatments it names, in the order of the formulary; empty where the formulary does not know one of them.
    pub parts: Vec<(TreatmentId, Number)>,
    /// When.
    pub date: Option<Date>,
}

impl Outcome {
    /// All outcomes with the words of a record.
    pub const WORDS: [(&'static str, Outcome); 6] = [
        ("no_response", Outcome::NoResponse),
        ("partial", Outcome::Partial),
        ("response", Outcome::Response),
        ("relapse", Outcome::Relapse),
        ("worse", Outcome::Worse),
        ("not_assessed", Outcome::NotAssessed),
    ];

    /// The word a record uses.
    pub fn word(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

impl StopReason {
    /// All reasons with the words of a record.
    pub const WORDS: [(&'static str, StopReason); 5] = [
        ("inefficacy", StopReason::Inefficacy),
        ("intolerance", StopReason::Intolerance),
        ("remission", StopReason::Remission),
        ("pregnancy", StopReason::Pregnancy),
        ("other", StopReason::Other),
    ];

    /// The word a record uses.
    pub fn word(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

fn word_of<T: PartialEq>(words: &[(&'static str, T)], wanted: &T) -> &'static str {
    words.iter().find(|(_, value)| value == wanted).map_or("", |(word, _)| word)
}

impl Therapy {
    /// `dose_limited_by` of a course whose dose nothing limited.
    pub const NOTHING: &str = "nothing";

    /// All words of `dose_limited_by`.
    pub const LIMITS: [&str; 3] = ["intolerance", "other", Therapy::NOTHING];

    /// The first possible day of the course: its start, else its first infusion or dose.
    pub fn begins(&self) -> Option<Date> {
        let doses = self.doses.iter().filter_map(|dose| dose.from.as_ref());
        let first = self.given.iter().chain(doses).map(|day| day.earliest).min();
        self.start.map(|start| start.earliest).or(first)
    }
}
