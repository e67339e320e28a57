use super::{BlockId, TherapyId};

/// The verdict of an option; the first that holds, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Not for this disease, or not for this patient.
    NotForThisPatient,
    /// Contraindicated.
    Contraindicated,
    /// It was not tolerated.
    NotTolerated,
    /// The patient declined it.
    Declined,
    /// A fair trial failed.
    Failed,
    /// It is taken, and not yet judged.
    Running,
    /// Not yet a fair trial.
    InadequateTrial,
    /// To be avoided.
    Avoid,
    /// Of a later line.
    LaterLine,
    /// It worked before.
    WorkedBefore,
    /// An option now.
    OptionNow,
    /// An alternative.
    Alternative,
}

impl Verdict {
    /// All verdicts, the first that holds first; the place is the value in a mask.
    pub const ALL: [Verdict; 12] = [
        Verdict::NotForThisPatient,
        Verdict::Contraindicated,
        Verdict::NotTolerated,
        Verdict::Declined,
        Verdict::Failed,
        Verdict::Running,
        Verdict::InadequateTrial,
        Verdict::Avoid,
        Verdict::LaterLine,
        Verdict::WorkedBefore,
        Verdict::OptionNow,
        Verdict::Alternative,
    ];

    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::NotForThisPatient => "not_for_this_patient",
            Verdict::Contraindicated => "contraindicated",
            Verdict::NotTolerated => "not_tolerated",
            Verdict::Declined => "declined",
            Verdict::Failed => "failed",
            Verdict::Running => "running",
            Verdict::InadequateTrial => "inadequate_trial",
            Verdict::Avoid => "avoid",
            Verdict::LaterLine => "later_line",
            Verdict::WorkedBefore => "worked_before",
            Verdict::OptionNow => "option_now",
            Verdict::Alternative => "alternative",
        }
    }

    /// Its value in a mask.
    pub fn position(self) -> u8 {
        self as u8
    }
}

/// Where a line of a ladder stands; the order is the value in a mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineState {
    /// Its `next line` condition holds, or a later line is the current one.
    Passed,
    /// The line the patient is on.
    Current,
    /// A line before it is not passed.
    Later,
    /// The ladder is not for this patient.
    NotForThisPatient,
}

impl LineState {
    /// All states.
    pub const ALL: [LineState; 4] =
        [LineState::Passed, LineState::Current, LineState::Later, LineState::NotForThisPatient];

    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            LineState::Passed => "passed",
            LineState::Current => "current",
            LineState::Later => "later",
            LineState::NotForThisPatient => "not_for_this_patient",
        }
    }

    /// Its value in a mask.
    pub fn position(self) -> u8 {
        self as u8
    }
}

/// An option of a ladder or a regimen, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OptionPlace {
    /// Beside the lines of a ladder: `throughout`, `optional`, `alongside`.
    Beside(u32),
    /// On a line of a ladder: the line, then the option.
    Line(u32, u32),
    /// What a regimen always gives.
    Give(u32),
    /// On the list of a regimen.
    Of(u32),
}

/// A part of a guideline that has an answer of its own beside the answers that `guideline.yaml` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A yes/no: whether a block holds (contraindicated, avoid, caution, stop, prefer, monitor, suspect, advice,
    /// source covers), whether a ladder or a regimen is for the patient, whether a promise is broken.
    Holds(BlockId),
    /// A yes/no: a conclusion of an algorithm.
    Conclusion(BlockId, u8),
    /// A yes/no: a step of an algorithm is reached.
    Step(BlockId, u32),
    /// A yes/no: a branch of a step is taken.
    Branch(BlockId, u32, u32),
    /// One of [`LineState::ALL`].
    Line(BlockId, u32),
    /// One of [`Verdict::ALL`].
    Verdict(BlockId, OptionPlace),
    /// Which `plus` line of a regimen holds, by its place; the number of them where none does.
    Plus(BlockId),
    /// One of [`CourseState::ALL`]: what the record makes of a therapy.
    Course(TherapyId),
}
