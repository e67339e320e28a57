//! The half of the language that speaks of treatment: courses, ladders, algorithms, and what is said for or against
//! a therapy.

use super::{Condition, Line, Name, Rule};
use crate::source::{Span, Spanned};
use crate::value::{Number, Period};

/// A therapy as written: one of the formulary, or several joined by `+`: `drug_a + drug_b`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Therapy {
    /// The whole of it.
    pub span: Span,
    /// Its parts; one for a single therapy. A class stands here as its name too.
    pub parts: Vec<Name>,
}

/// `course …`: how the exposure history is read. The name says which of these it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a tree is small, and a box would hide what it holds")]
pub enum Course {
    /// `course adequate "A fair trial of a drug"` and a table: what a fair trial is.
    FairTrial(Vec<FairTrialRow>),
    /// `course outcome "Worked out from the visits"` and lines `no_response when …`: the outcome where none was
    /// recorded; the first that holds.
    Outcome(Vec<Line<(Name, Condition)>>),
    /// `course joined when gap is at most 4 weeks`, `course failed when …`, `course worked when …`,
    /// `course not_tolerated when …`, or the same with a list under it.
    State(Rule),
}

/// A row of `course adequate`: rows of one drug are alternatives, the cells of a row all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FairTrialRow {
    /// The row, without its brackets.
    pub span: Span,
    /// `drug_a`, `drug_a + drug_b`
    pub therapy: Therapy,
    /// `15 mg/week or highest tolerated`; `None` for `any`.
    pub dose: Option<DoseFloor>,
    /// `12 weeks`, `3 cycles`, `2 doses`; `None` for `any`.
    pub length: Option<TrialLength>,
    /// `80 %`; `None` for `any`.
    pub adherence: Option<Spanned<Number>>,
    /// `5 ng/mL`: a trough level; `None` for `any`, or where the table has no such column.
    pub level: Option<Spanned<crate::value::Quantity>>,
    /// `12 weeks`, `24 weeks after the last dose`; `None` for `any`.
    pub judged: Option<JudgedAfter>,
    /// The row's own sources.
    pub citations: Vec<super::Citation>,
}

/// `15 mg/week or highest tolerated`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseFloor {
    /// The dose.
    pub dose: Spanned<crate::value::Quantity>,
    /// A lower dose will do where intolerance kept it there.
    pub or_highest_tolerated: bool,
}

/// How long a fair trial lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialLength {
    /// `12 weeks`: without a break at or above the floor.
    Time(Period),
    /// `3 cycles`, `2 doses`: so many days on which it was given.
    Occasions(u32),
}

/// When a course may be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedAfter {
    /// How long.
    pub period: Period,
    /// `after the last dose`; else after the floor was reached.
    pub from_last_dose: bool,
}

/// `ladder immunosuppression "Immunosuppressive treatment"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// `for patients when subtype is one of DM, PM`
    pub patients: Option<Line<Condition>>,
    /// `throughout`, `optional` and `alongside`, in the order written.
    pub beside: Vec<(Beside, Line<LadderOption>)>,
    /// `next line when …`, for every line that has none of its own.
    pub next: Option<Line<NextLine>>,
    /// `line first "First line"`
    pub lines: Vec<LadderLine>,
}

/// What stands beside the lines of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Beside {
    /// `throughout drug_h`: part of every line.
    Throughout,
    /// `optional drug_d`: may be added on every line.
    Optional,
    /// `alongside exercise`: goes with every line, and is no drug.
    Alongside,
}

/// `line first "First line"` and its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderLine {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Spanned<String>>,
    /// Its own sources.
    pub citations: Vec<super::Citation>,
    /// The options, in order.
    pub options: Vec<Line<LadderOption>>,
    /// `next line when …` of its own.
    pub next: Option<Line<NextLine>>,
}

/// `option drug_e "5 mg twice daily" when subtype is DM requires "MDT discussion" how add strength conditional`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderOption {
    /// The therapy.
    pub therapy: Therapy,
    /// A word about it, in place of the formulary's usual dose.
    pub text: Option<Spanned<String>>,
    /// For whom.
    pub when: Option<Condition>,
    /// `requires "MDT discussion"`
    pub requires: Vec<Spanned<String>>,
    /// `how add`
    pub how: Option<Spanned<How>>,
    /// `strength strong`
    pub strength: Option<Spanned<Strength>>,
}

/// How an option joins what is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// `how add`
    Add,
    /// `how replace`
    Replace,
    /// `how bridge`
    Bridge,
    /// `how trial`: in a trial only.
    Trial,
}

/// How strongly the source recommends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// `strength strong`
    Strong,
    /// `strength conditional`
    Conditional,
}

/// `next line when one option of the line has failed, or none is left`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextLine {
    /// The whole of it.
    pub span: Span,
    /// `one option of the line has failed`
    pub one_failed: bool,
    /// `none is left`
    pub none_left: bool,
    /// Any other condition, and how long the patient must have been on the line: `not controlled after 6 months on
    /// the line`.
    pub when: Option<(Condition, Option<Period>)>,
}

/// `contraindicated NAME: THERAPY, THERAPY "text" on LADDER at LEVEL when …`, `avoid …`, `caution …`, `stop …`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// Which of the four.
    pub kind: AgainstKind,
    /// The therapies or classes.
    pub therapies: Vec<Therapy>,
    /// `"slow rate, hydrate"`
    pub text: Option<Spanned<String>>,
    /// `on ild_ladder`
    pub ladder: Option<Name>,
    /// `at safety`
    pub level: Option<Name>,
    /// When.
    pub when: Option<Rule>,
}

/// What speaks against a therapy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgainstKind {
    /// `contraindicated`
    Contraindicated,
    /// `avoid`
    Avoid,
    /// `caution`: shown, and never changes a verdict.
    Caution,
    /// `stop`: advice to end it where it is taken.
    Stop,
}

/// `prefer c_before_d: drug_d over drug_c when subtype is DM`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefer {
    /// The one preferred.
    pub preferred: Therapy,
    /// Over these.
    pub over: Vec<Therapy>,
    /// `on ild_ladder`
    pub ladder: Option<Name>,
    /// When.
    pub when: Option<Rule>,
}

/// `monitor blood_tests: drug_a "FBC, LFT" every 2 weeks for 6 weeks when …`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monitor {
    /// The therapies or classes.
    pub therapies: Vec<Therapy>,
    /// What.
    pub text: Spanned<String>,
    /// `every 2 weeks`
    pub every: Option<Period>,
    /// `for 6 weeks`
    pub during: Option<Period>,
    /// When.
    pub when: Option<Rule>,
}

/// `regimen rp_ild "Upfront combination"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regimen {
    /// `for patients when …`
    pub patients: Option<Line<Condition>>,
    /// `give drug_i`
    pub give: Vec<Line<LadderOption>>,
    /// `plus 2 of these when …`; `when` is `None` for `otherwise`, which comes last.
    pub plus: Vec<Line<Plus>>,
    /// The list.
    pub of: Vec<Line<LadderOption>>,
}

/// `plus 1 to 2 of these when …`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plus {
    /// At least so many.
    pub least: u32,
    /// At most so many.
    pub most: u32,
    /// For whom; `None` for `otherwise`, and where nothing is said.
    pub when: Option<Condition>,
}

/// `suspect other_disease "Another disease"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// How many pointers make it worth looking for: `for at least 2 of`; 1 where nothing is said.
    pub least: Option<Spanned<u32>>,
    /// What points to it.
    pub pointing: Vec<Line<Condition>>,
    /// What speaks against it: counted and shown, never decides.
    pub against: Vec<Line<Condition>>,
    /// `test special_stain`, `test "gene panel"`
    pub tests: Vec<Line<TestNamed>>,
}

/// What would settle a suspicion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestNamed {
    /// A fact of the dictionary.
    Fact(Name),
    /// In words.
    Text(Spanned<String>),
}

/// `advice treat_at_once "Give it at once" at emergency when organ_threat`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// `at emergency`
    pub level: Option<Name>,
    /// When; `None` for always.
    pub when: Option<Condition>,
    /// `strength strong`
    pub strength: Option<Spanned<Strength>>,
    /// `grade 1B`
    pub grade: Option<Spanned<String>>,
    /// `conflicts with taper_now`: advice of which only one can be followed.
    pub conflicts: Vec<Name>,
}

/// `algorithm disposition "Weakness despite treatment"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Algorithm {
    /// `conclusion urgent_treatment "Treat at once"`, the highest-ranking first.
    pub conclusions: Vec<Line<Conclusion>>,
    /// The steps, in the order written; the first is where it begins.
    pub steps: Vec<AlgorithmStep>,
}

/// `conclusion urgent_treatment "Treat at once"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// Its name.
    pub name: Name,
    /// What a person reads.
    pub title: Option<Spanned<String>>,
}

/// `step activity_check "Active disease or damage?"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlgorithmStep {
    /// Its name: a noun or a question.
    pub name: Name,
    /// What a person reads.
    pub title: Option<Spanned<String>>,
    /// Its own sources.
    pub citations: Vec<super::Citation>,
    /// The branches, in order; the first that holds is taken.
    pub branches: Vec<Line<AlgorithmBranch>>,
}

/// `when activity is both -> step diagnosis_check and also conclude rehabilitate`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlgorithmBranch {
    /// When; `None` for `otherwise`.
    pub when: Option<Condition>,
    /// Where it leads.
    pub targets: Vec<Target>,
}

/// Where a branch leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `step treatment_check`
    Step(Name),
    /// `conclude rehabilitate`
    Conclude(Name),
}

/// `promise NAME "text": never offer drug_a when pregnant`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// `always`; else `never`.
    pub always: bool,
    /// What is promised.
    pub what: Promised,
    /// When.
    pub when: Condition,
}

/// What a promise speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promised {
    /// `offer drug_a`
    Offer(Therapy),
    /// `offer something`
    OfferSomething,
    /// `conclude change_therapy`
    Conclude(Name),
}

/// `1 safety`: a level of the precedence, the first wins.
pub type Precedence = Vec<Line<Name>>;

/// What is asked of the courses of a therapy, in a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CourseTest {
    /// `course of drug_a is one of failed, not_tolerated`
    State {
        /// The therapy.
        therapy: Therapy,
        /// The states, any of which will do.
        states: Vec<Name>,
        /// `is not`
        negated: bool,
    },
    /// `at least 2 courses of immunosuppressant other than drug_c are one of failed, not_tolerated`: how many
    /// therapies of a class.
    Count {
        /// At least, exactly, at most.
        how: super::CountRule,
        /// The class, or a therapy.
        class: Name,
        /// `other than drug_c, drug_d`
        except: Vec<Name>,
        /// The states.
        states: Vec<Name>,
    },
    /// `taking drug_a`
    Taking(Therapy),
}

/// `status of drug_a in disease_a in region_a is one of approved, guideline_option`: what a treatment counts as on the
/// day of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusTest {
    /// The treatment.
    pub treatment: Name,
    /// The indication.
    pub indication: Name,
    /// The region.
    pub region: Option<Name>,
    /// The statuses, any of which will do.
    pub statuses: Vec<Name>,
    /// `is not`
    pub negated: bool,
}
