use crate::source::Span;
use crate::syntax::tree::{CountRule, JudgedAfter, TrialLength};
use crate::value::{Choices, Number, Quantity, Unit};

use super::{Cited, Condition, Rule, TherapyId, Type};

/// What the exposure history makes of a therapy; the order is that of [`CourseState::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CourseState {
    /// It was never taken.
    Never,
    /// It is taken, and is neither judged nor known to fall short.
    Running,
    /// A fair trial failed.
    Failed,
    /// It was taken, and worked.
    Worked,
    /// It was, or is, taken without a fair trial.
    Inadequate,
    /// It was not tolerated.
    NotTolerated,
}

impl CourseState {
    /// All states, in the order of their values in a mask.
    pub const ALL: [CourseState; 6] = [
        CourseState::Never,
        CourseState::Running,
        CourseState::Failed,
        CourseState::Worked,
        CourseState::Inadequate,
        CourseState::NotTolerated,
    ];

    /// The word of rules and results.
    pub fn word(self) -> &'static str {
        match self {
            CourseState::Never => "never",
            CourseState::Running => "running",
            CourseState::Failed => "failed",
            CourseState::Worked => "worked",
            CourseState::Inadequate => "inadequate",
            CourseState::NotTolerated => "not_tolerated",
        }
    }

    /// What conditions may ask beside the states, with the value of each in a mask: `adequate`, some course of the
    /// therapy was a fair trial, whatever came of it; `working`, it is taken and works; `under_way`, it is taken and its
    /// day of judgement is still to come.
    pub const BESIDE: [(&str, u8); 3] = [("adequate", 6), ("working", 7), ("under_way", 8)];

    /// Its value in a mask.
    pub fn position(self) -> u8 {
        self as u8
    }

    /// The mask that holds it alone.
    pub fn only(self) -> Choices {
        Choices::only(self.position())
    }
}

/// What is asked of one course, within the rules of `course`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CourseWord {
    /// `adequate`: yes/no, by `course adequate`.
    Adequate,
    /// `ongoing`: yes/no, not stopped.
    Ongoing,
    /// `outcome`: one of [`CourseWord::values`], recorded or worked out.
    Outcome,
    /// `outcome_recorded`: the same, only as recorded.
    OutcomeRecorded,
    /// `stopped_for`: one of [`CourseWord::values`], of which the last is `not_stopped`.
    StoppedFor,
    /// `dose_limited_by`: `intolerance`, `other`, `nothing`.
    DoseLimitedBy,
    /// `adherence`: a share in %.
    Adherence,
    /// `duration`: in weeks.
    Duration,
    /// `cycles`: how many days it was given.
    Cycles,
    /// `gap`: the days between two courses, in weeks; in `course joined` only.
    Gap,
}

impl CourseWord {
    /// All words.
    pub const ALL: [CourseWord; 10] = [
        CourseWord::Adequate,
        CourseWord::Ongoing,
        CourseWord::Outcome,
        CourseWord::OutcomeRecorded,
        CourseWord::StoppedFor,
        CourseWord::DoseLimitedBy,
        CourseWord::Adherence,
        CourseWord::Duration,
        CourseWord::Cycles,
        CourseWord::Gap,
    ];

    /// The word of rules.
    pub fn word(self) -> &'static str {
        match self {
            CourseWord::Adequate => "adequate",
            CourseWord::Ongoing => "ongoing",
            CourseWord::Outcome => "outcome",
            CourseWord::OutcomeRecorded => "outcome_recorded",
            CourseWord::StoppedFor => "stopped_for",
            CourseWord::DoseLimitedBy => "dose_limited_by",
            CourseWord::Adherence => "adherence",
            CourseWord::Duration => "duration",
            CourseWord::Cycles => "cycles",
            CourseWord::Gap => "gap",
        }
    }

    /// The word of some letters.
    pub fn find(letters: &str) -> Option<CourseWord> {
        Self::ALL.into_iter().find(|word| word.word() == letters)
    }

    /// The values of a word that has some, in the order of their places in a mask; a yes/no and a number have none.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            CourseWord::Outcome | CourseWord::OutcomeRecorded => {
                &["no_response", "partial", "response", "relapse", "worse", "not_assessed"]
            }
            CourseWord::StoppedFor => &["inefficacy", "intolerance", "remission", "pregnancy", "other", "not_stopped"],
            CourseWord::DoseLimitedBy => &["intolerance", "other", "nothing"],
            CourseWord::Adequate
            | CourseWord::Ongoing
            | CourseWord::Adherence
            | CourseWord::Duration
            | CourseWord::Cycles
            | CourseWord::Gap => &[],
        }
    }

    /// What it gives.
    pub fn gives(self) -> Type {
        match self {
            CourseWord::Adequate | CourseWord::Ongoing => Type::YesNo,
            CourseWord::Outcome | CourseWord::OutcomeRecorded | CourseWord::StoppedFor | CourseWord::DoseLimitedBy => {
                Type::Choice(self.values().iter().map(|value| (*value).to_owned()).collect())
            }
            CourseWord::Adherence => Type::Number(Unit::parse("%").ok()),
            CourseWord::Duration | CourseWord::Gap => Type::Number(Unit::parse("weeks").ok()),
            CourseWord::Cycles => Type::Number(None),
        }
    }
}

/// A block that says how the exposure history is read.
#[derive(Debug, Clone, PartialEq)]
pub enum CourseRule {
    /// What a fair trial is.
    FairTrial(Vec<FairTrialRow>),
    /// The outcome where none was recorded: the first that holds, by its place in the values of [`CourseWord::Outcome`].
    Outcome(Vec<(u8, Condition, Vec<Cited>)>),
    /// When a gap joins two courses.
    Joined(Rule),
    /// When a course failed.
    Failed(Rule),
    /// When a course worked.
    Worked(Rule),
    /// When it was not tolerated.
    NotTolerated(Rule),
}

impl CourseRule {
    /// The word that follows `course`.
    pub fn word(&self) -> &'static str {
        match self {
            CourseRule::FairTrial(_) => "adequate",
            CourseRule::Outcome(_) => "outcome",
            CourseRule::Joined(_) => "joined",
            CourseRule::Failed(_) => "failed",
            CourseRule::Worked(_) => "worked",
            CourseRule::NotTolerated(_) => "not_tolerated",
        }
    }
}

/// A row of `course adequate`.
#[derive(Debug, Clone, PartialEq)]
pub struct FairTrialRow {
    /// The row.
    pub span: Span,
    /// For which therapies: one, or the members of a class.
    pub therapies: Vec<TherapyId>,
    /// The therapy as written.
    pub written: String,
    /// The least dose, as written.
    pub dose: Option<(Quantity, bool)>,
    /// How long.
    pub length: Option<TrialLength>,
    /// Adherence in %.
    pub adherence: Option<Number>,
    /// A trough level.
    pub level: Option<Quantity>,
    /// When it is judged.
    pub judged: Option<JudgedAfter>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// What is asked of the courses of therapies.
#[derive(Debug, Clone, PartialEq)]
pub enum CourseTest {
    /// The course of a therapy is in one of some states.
    State(TherapyId, Choices),
    /// So many of some therapies have a course in one of some states.
    Count {
        /// How many.
        how: CountRule,
        /// Of these.
        therapies: Vec<TherapyId>,
        /// The states.
        states: Choices,
    },
    /// A therapy is taken now.
    Taking(TherapyId),
    /// Within the rules of `course`: a yes/no of the course at hand.
    Word(CourseWord),
    /// Within the rules of `course`: one of some values of the course at hand.
    WordIs(CourseWord, Choices),
}
