use crate::catalog::TreatmentId;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{AgainstKind, Beside, CountRule, How, JudgedAfter, Strength, TrialLength};
use crate::value::{Choices, Number, Period, Quantity};

use super::{BlockId, Cited, Condition, Rule};

/// A therapy some rule speaks of, by its place in [`super::Guideline::therapies`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TherapyId(pub u32);

/// A treatment of the formulary, or several together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Therapy {
    /// The treatments, in the order of the formulary; one for a single therapy.
    pub parts: Box<[TreatmentId]>,
}

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
    /// `outcome`: one of [`crate::record::Outcome::WORDS`], recorded or worked out.
    Outcome,
    /// `outcome_recorded`: the same, only as recorded.
    OutcomeRecorded,
    /// `stopped_for`: one of [`crate::record::StopReason::WORDS`], or `not_stopped`.
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

/// A block that says how the exposure history is read.
#[derive(Debug, Clone, PartialEq)]
pub enum CourseRule {
    /// What a fair trial is.
    FairTrial(Vec<FairTrialRow>),
    /// The outcome where none was recorded: the first that holds, by its place in [`crate::record::Outcome::WORDS`].
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

/// A ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// For whom; `None` for everybody the guideline covers.
    pub patients: Option<(Condition, Vec<Cited>)>,
    /// What stands beside the lines.
    pub beside: Vec<(Beside, LadderOption)>,
    /// The lines, in order.
    pub lines: Vec<LadderLine>,
}

/// A line of a ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct LadderLine {
    /// Its name.
    pub name: Spanned<String>,
    /// What a person reads.
    pub title: String,
    /// Its sources.
    pub citations: Vec<Cited>,
    /// Its options.
    pub options: Vec<LadderOption>,
    /// When the next line comes; of the ladder, where the line has none of its own. `None`: never.
    pub next: Option<NextLine>,
}

/// An option of a ladder or a regimen.
#[derive(Debug, Clone, PartialEq)]
pub struct LadderOption {
    /// The therapy.
    pub therapy: TherapyId,
    /// The option.
    pub span: Span,
    /// A word about it, in place of the usual dose.
    pub text: Option<String>,
    /// For whom.
    pub when: Option<Condition>,
    /// What it requires.
    pub requires: Vec<String>,
    /// How it joins what is taken.
    pub how: Option<How>,
    /// How strongly it is recommended.
    pub strength: Option<Strength>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// When the next line of a ladder comes.
#[derive(Debug, Clone, PartialEq)]
pub struct NextLine {
    /// Where it is written.
    pub span: Span,
    /// One option of the line has failed.
    pub one_failed: bool,
    /// None is left.
    pub none_left: bool,
    /// Any other condition, and for how long the patient must have been on the line.
    pub when: Option<(Condition, Option<Period>)>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// What speaks against a therapy.
#[derive(Debug, Clone, PartialEq)]
pub struct Against {
    /// How.
    pub kind: AgainstKind,
    /// The treatments it reaches; a therapy is reached when one of its parts is, or when it is one of `together`.
    pub treatments: Vec<TreatmentId>,
    /// Combinations it names, of which the parts alone are not reached.
    pub together: Vec<TherapyId>,
    /// The therapies as written.
    pub written: String,
    /// A word of advice.
    pub text: Option<String>,
    /// On this ladder only.
    pub ladder: Option<BlockId>,
    /// Its level in the precedence, 0 the highest.
    pub level: Option<u32>,
    /// When; always where it is `None`.
    pub when: Option<Rule>,
}

/// One therapy before others.
#[derive(Debug, Clone, PartialEq)]
pub struct Prefer {
    /// The treatments preferred; a therapy is one of them when all its parts are among them.
    pub preferred: Vec<TreatmentId>,
    /// Over these.
    pub over: Vec<TreatmentId>,
    /// Both as written.
    pub written: (String, String),
    /// On this ladder only.
    pub ladder: Option<BlockId>,
    /// When; always where it is `None`.
    pub when: Option<Rule>,
}

/// What to look at while a therapy is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Monitor {
    /// The treatments it reaches.
    pub treatments: Vec<TreatmentId>,
    /// The therapies as written.
    pub written: String,
    /// What.
    pub text: String,
    /// How often.
    pub every: Option<Period>,
    /// For how long.
    pub during: Option<Period>,
    /// When; always where it is `None`.
    pub when: Option<Rule>,
}

/// Some of a list, together.
#[derive(Debug, Clone, PartialEq)]
pub struct Regimen {
    /// For whom.
    pub patients: Option<(Condition, Vec<Cited>)>,
    /// What is always given.
    pub give: Vec<LadderOption>,
    /// How many of the list: the first whose condition holds; the last may have none.
    pub plus: Vec<Plus>,
    /// The list.
    pub of: Vec<LadderOption>,
}

/// How many of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Plus {
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
    /// For whom; `None` for all others.
    pub when: Option<Condition>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// A disease that may be there instead: it holds when enough points to it, and never diagnoses.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// How many pointers.
    pub least: u32,
    /// What points to it.
    pub pointing: Vec<(Condition, Vec<Cited>)>,
    /// What speaks against it.
    pub against: Vec<(Condition, Vec<Cited>)>,
    /// What would settle it, in words.
    pub tests: Vec<String>,
}

/// A piece of advice.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// Its text.
    pub text: String,
    /// Its level in the precedence, 0 the highest.
    pub level: Option<u32>,
    /// When; always where it is `None`.
    pub when: Option<Condition>,
    /// How strongly.
    pub strength: Option<Strength>,
    /// The grade of its evidence, as the source has it.
    pub grade: Option<String>,
    /// The blocks, advice or what speaks against a therapy, with which it cannot be followed together.
    pub conflicts: Vec<BlockId>,
}

/// Steps that lead to conclusions.
#[derive(Debug, Clone, PartialEq)]
pub struct Algorithm {
    /// The conclusions, the highest-ranking first.
    pub conclusions: Vec<Conclusion>,
    /// The steps, in the order written: the first is where it begins, and each leads only to later ones in some order
    /// without a circle.
    pub steps: Vec<AlgorithmStep>,
}

/// An end of an algorithm.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// Its name.
    pub name: Spanned<String>,
    /// What a person reads.
    pub title: String,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// A step of an algorithm.
#[derive(Debug, Clone, PartialEq)]
pub struct AlgorithmStep {
    /// Its name.
    pub name: Spanned<String>,
    /// What a person reads.
    pub title: String,
    /// Its sources.
    pub citations: Vec<Cited>,
    /// Its branches: the first that holds is taken.
    pub branches: Vec<AlgorithmBranch>,
}

/// A branch of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct AlgorithmBranch {
    /// When; `None` for `otherwise`.
    pub when: Option<Condition>,
    /// The line.
    pub span: Span,
    /// Where it leads.
    pub targets: Vec<Target>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// Where a branch leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A step, by its place.
    Step(u32),
    /// A conclusion, by its place.
    Conclusion(u8),
}

/// What the authors claim of their own guideline.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// Always; else never.
    pub always: bool,
    /// What.
    pub what: Promised,
    /// When.
    pub when: Condition,
}

/// What a promise speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Promised {
    /// Some option with one of these treatments is an option now.
    Offer(Vec<TreatmentId>),
    /// Any option is.
    OfferSomething,
    /// A conclusion of an algorithm.
    Conclude(BlockId, u8),
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
