//! What is said of treatment.

use super::{Because, CitationShown, Possible, PresumingShown};
use crate::catalog::{EventKind, Mark, TreatmentStatus};
use crate::eval::Status;
use crate::value::{Date, DateRange};

/// What is known of something that is no answer of `guideline.yaml`, and yet an answer: a conclusion, a verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Decided, open, silent, fault.
    pub status: Status,
    /// What it can be.
    pub possible: Possible,
    /// The possible values are exactly the truth; else they may be wider.
    pub exact: bool,
    /// What keeps it open.
    pub because: Vec<Because>,
    /// What it is, taking some usual normals for granted.
    pub presuming: Option<PresumingShown>,
}

/// A conclusion of an algorithm.
#[derive(Debug, Clone, PartialEq)]
pub struct ConclusionShown {
    /// The algorithm.
    pub algorithm: String,
    /// Its name.
    pub id: String,
    /// What a person reads.
    pub title: String,
    /// Yes, no, or open.
    pub standing: Standing,
    /// Its sources.
    pub citations: Vec<CitationShown>,
}

/// A ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct LadderShown {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where in the rules.
    pub place: String,
    /// Whether it is for this patient.
    pub patients: Standing,
    /// The current line by name, `after_last`, or `not_for_this_patient`.
    pub current: Standing,
    /// The lines.
    pub lines: Vec<LineShown>,
    /// `throughout`
    pub throughout: Vec<OptionShown>,
    /// `optional`
    pub optional: Vec<OptionShown>,
    /// `alongside`
    pub alongside: Vec<OptionShown>,
    /// Its sources.
    pub citations: Vec<CitationShown>,
}

impl LadderShown {
    /// Every option: beside the lines, then line by line.
    pub fn options(&self) -> impl Iterator<Item = &OptionShown> {
        let beside = self.throughout.iter().chain(&self.optional).chain(&self.alongside);
        beside.chain(self.lines.iter().flat_map(|line| &line.options))
    }
}

impl RegimenShown {
    /// Every option: what is always given, then the list.
    pub fn options(&self) -> impl Iterator<Item = &OptionShown> {
        self.give.iter().chain(&self.of)
    }
}

/// A line of a ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct LineShown {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `passed`, `current`, `later`, `not_for_this_patient`.
    pub state: Standing,
    /// Its options.
    pub options: Vec<OptionShown>,
}

/// An option, with its one verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionShown {
    /// `drug_a`, `drug_a + drug_b`
    pub id: String,
    /// What a person reads.
    pub label: String,
    /// A word about it: of the rules, else the formulary's usual dose.
    pub text: Option<String>,
    /// `add`, `replace`, `bridge`; `trial`: in a trial only.
    pub how: Option<&'static str>,
    /// `strong`, `conditional`.
    pub strength: Option<&'static str>,
    /// What it requires: `MDT discussion`.
    pub requires: Vec<String>,
    /// For whom alone it is an option, in the author's words, where this patient is not, or may not be, one of them.
    pub only_when: Option<String>,
    /// One of the twelve verdicts.
    pub verdict: Standing,
    /// The other verdicts that hold as well, by their words.
    pub also: Vec<&'static str>,
    /// What speaks against it and holds, or may hold: contraindications, what is to be avoided, preferences.
    pub against: Vec<AgainstShown>,
    /// Cautions that hold, or may hold.
    pub cautions: Vec<AgainstShown>,
    /// What to look at while it is taken.
    pub monitor: Vec<String>,
    /// It is taken now.
    pub taking: Possible,
    /// The day on which it is to be judged: of the course that runs, else where it would begin on the day of the
    /// record.
    pub judge_on: Option<Date>,
    /// After how long its effect is judged, in words: `16 weeks`.
    pub judge_after: Option<String>,
    /// What it counts as on the day of the record, in each indication and region; none for a combination.
    pub statuses: Vec<StatusShown>,
    /// Its sources.
    pub citations: Vec<CitationShown>,
}

impl OptionShown {
    /// It is offered in a trial only.
    pub fn in_trial_only(&self) -> bool {
        self.how == Some("trial")
    }
}

/// What a treatment counts as on a day, in an indication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusShown {
    /// The indication, by name.
    pub indication: String,
    /// What a person reads of it.
    pub label: String,
    /// In this region.
    pub region: Option<String>,
    /// In all regions but those that are shown beside it.
    pub elsewhere: bool,
    /// What it may count as; one where it is settled.
    pub possible: Vec<TreatmentStatus>,
    /// The events that gave it, the newest last.
    pub events: Vec<StatusEventShown>,
    /// What was claimed of it up to the day, and how its use was restricted.
    pub beside: Vec<StatusEventShown>,
}

/// Something that happened, or was said, on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEventShown {
    /// The day, as far as it is known.
    pub from: DateRange,
    /// The same in words: `11 Jan 2025`, `Dec 2020`.
    pub since: String,
    /// What it makes of the treatment.
    pub makes: EventKind,
    /// In words.
    pub text: String,
    /// Its source.
    pub source: String,
    /// Where in it.
    pub place: Option<String>,
    /// How far it was verified.
    pub mark: Mark,
}

/// Something that speaks against an option.
#[derive(Debug, Clone, PartialEq)]
pub struct AgainstShown {
    /// The name of the rule.
    pub id: String,
    /// `contraindicated`, `avoid`, `caution`, `prefer`.
    pub kind: &'static str,
    /// A word of advice, or the rule's title.
    pub text: String,
    /// When it holds, in the author's words.
    pub when: String,
    /// Yes or perhaps.
    pub standing: Standing,
    /// It comes from a hospital's own sheet.
    pub local: bool,
    /// Its sources.
    pub citations: Vec<CitationShown>,
}

/// A regimen.
#[derive(Debug, Clone, PartialEq)]
pub struct RegimenShown {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where in the rules.
    pub place: String,
    /// Whether it is for this patient.
    pub patients: Standing,
    /// What is always given.
    pub give: Vec<OptionShown>,
    /// How many of the list: the least and the most, for each case that is still possible.
    pub plus: Vec<(u32, u32)>,
    /// The list.
    pub of: Vec<OptionShown>,
    /// Fewer are left than are wanted, in words.
    pub short: Option<String>,
    /// Its sources.
    pub citations: Vec<CitationShown>,
}

/// What became of a piece of advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdviceVerdict {
    /// It stands.
    Stands,
    /// Another wins over it.
    Beaten,
    /// Another conflicts with it, and neither wins: the clinician decides.
    Unresolved,
    /// Whether it holds is open.
    Open,
}

impl AdviceVerdict {
    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            AdviceVerdict::Stands => "stands",
            AdviceVerdict::Beaten => "beaten",
            AdviceVerdict::Unresolved => "unresolved",
            AdviceVerdict::Open => "open",
        }
    }
}

/// A piece of advice that holds, or may hold.
#[derive(Debug, Clone, PartialEq)]
pub struct AdviceShown {
    /// Its name.
    pub id: String,
    /// What became of it.
    pub verdict: AdviceVerdict,
    /// Its text.
    pub text: String,
    /// The level in the precedence, by name.
    pub level: Option<String>,
    /// The place of its level, 0 the highest, and how many levels there are.
    pub rank: Option<(u32, u32)>,
    /// `strong`, `conditional`.
    pub strength: Option<&'static str>,
    /// As the source has it.
    pub grade: Option<String>,
    /// What it can be: the words of its verdict, and [`AdviceShown::NOT_GIVEN`].
    pub possible: Vec<&'static str>,
    /// What keeps it open.
    pub because: Vec<Because>,
    /// The rule that won over it, or conflicts with it; of what is open, one that may still do so.
    pub beaten_by: Option<String>,
    /// The therapy it says to stop, where it does.
    pub stop: Option<String>,
    /// It comes from a hospital's own sheet.
    pub local: bool,
    /// Its sources.
    pub citations: Vec<CitationShown>,
}

impl AdviceShown {
    /// Of what is possible: it is not given.
    pub const NOT_GIVEN: &'static str = "not_given";

    /// It is given, and stands unless another that is open turns out to hold.
    pub fn is_given(&self) -> bool {
        let may = |word: &str| self.possible.contains(&word);
        match self.verdict {
            AdviceVerdict::Stands => true,
            AdviceVerdict::Open => may(AdviceVerdict::Stands.word()) && !may(Self::NOT_GIVEN),
            AdviceVerdict::Beaten | AdviceVerdict::Unresolved => false,
        }
    }
}

/// A disease that may be there instead.
#[derive(Debug, Clone, PartialEq)]
pub struct SuspicionShown {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Enough points to it.
    pub standing: Standing,
    /// What points to it: in words, and whether it is there.
    pub pointing: Vec<(String, Possible)>,
    /// What speaks against it.
    pub against: Vec<(String, Possible)>,
    /// What would settle it.
    pub tests: Vec<String>,
    /// Its sources.
    pub citations: Vec<CitationShown>,
}

/// What the exposure history makes of a therapy.
#[derive(Debug, Clone, PartialEq)]
pub struct CourseShown {
    /// `drug_a`
    pub id: String,
    /// What a person reads.
    pub label: String,
    /// Its state.
    pub state: Possible,
    /// It is taken now.
    pub taking: Possible,
    /// It is taken now, and works.
    pub working: Possible,
    /// Its courses, in a line each: `10 Jun 2025 to now, 20 mg/week, 37 weeks`.
    pub courses: Vec<String>,
    /// Why it counts as it does: `fair trial: at least 15 mg/week for 12 weeks`.
    pub why: Vec<String>,
    /// When it is to be judged: the last day that may be.
    pub judge_on: Option<Date>,
    /// The first day that may be, where that is another.
    pub judge_from: Option<Date>,
    /// Sources of the lines that decided it.
    pub citations: Vec<CitationShown>,
}
