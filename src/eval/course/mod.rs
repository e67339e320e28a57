//! What the exposure history makes of a therapy: its entries joined into courses, each course judged by the rules of
//! `course`, the courses together one state.
//!
//! ```text
//! entries        spell.rs    ─►  spells: an entry, or the time in which all parts of a combination overlap
//! spells         joined.rs   ─►  courses: joined over short gaps; every way to join them where a gap is not known
//! a course       stretch.rs  ─►  the days at or above a floor (dose.rs), certainly and possibly
//!                trial.rs    ─►  the rows of `course adequate`
//!                words.rs    ─►  the words of the course, the rules of `course` over them
//!                state.rs    ─►  its state, and what would settle it
//! ```
//!
//! What is not recorded is never taken for anything: a state holds for every completion of the record.

mod dose;
mod history;
mod joined;
mod spell;
mod state;
mod stretch;
mod told;
mod trial;
mod unknown;
mod words;

use super::{Inputs, Registers};
use std::collections::BTreeSet;

use crate::catalog::FactId;
use crate::model::TherapyId;
use crate::plan::CoursePart;
use crate::value::{Choices, Date, DateRange, NumberSet, Reason, Truth};

pub(super) use history::{History, too_many};
pub(crate) use unknown::unknown_courses;

/// The facts that doses by weight and by body surface read.
pub const BODY: [&str; 2] = [dose::WEIGHT, dose::HEIGHT];

/// What the record makes of a therapy.
#[derive(Debug, Clone, PartialEq)]
pub struct CourseFound {
    /// Which.
    pub therapy: TherapyId,
    /// The states still possible, by their places in [`crate::model::CourseState::ALL`].
    pub state: Choices,
    /// Some course of it was a fair trial.
    pub fair_trial: Truth,
    /// What would settle that.
    pub trial_needs: BTreeSet<CourseNeed>,
    /// It is taken, and its day of judgement is still to come.
    pub under_way: Truth,
    /// What would settle that.
    pub under_way_needs: BTreeSet<CourseNeed>,
    /// It is taken, and works.
    pub working: Truth,
    /// What would settle that.
    pub working_needs: BTreeSet<CourseNeed>,
    /// It is taken now.
    pub taking: Truth,
    /// The patient declined it.
    pub declined: Truth,
    /// When that was noted.
    pub declined_on: Option<Date>,
    /// Its entries record doses that contradict each other, and some rule holds them against a floor.
    pub doses_conflict: bool,
    /// Weeks since the last dose.
    pub since_last_dose: NumberSet,
    /// What is not known of when it was taken.
    pub time_needs: BTreeSet<CourseNeed>,
    /// Its courses, the earliest first.
    pub courses: Vec<CourseSeen>,
    /// When the course taken now is to be judged.
    pub judge_on: Option<DateRange>,
    /// Why the state is what it is: recorded, or not recorded where the record does not speak of therapies.
    pub reason: Reason,
    /// What would settle the state.
    pub needs: Vec<CourseNeed>,
}

impl CourseFound {
    /// What would settle what a condition asks of it.
    pub fn needs_of(&self, part: CoursePart) -> Vec<CourseNeed> {
        let of_time = |but: &[CourseNeed]| self.time_needs.iter().filter(|need| !but.contains(need)).copied().collect();
        match part {
            CoursePart::State => self.needs.clone(),
            CoursePart::FairTrial => self.trial_needs.iter().copied().collect(),
            CoursePart::UnderWay => self.under_way_needs.iter().copied().collect(),
            CoursePart::Working => self.working_needs.iter().copied().collect(),
            CoursePart::SinceLastDose => of_time(&[]),
            CoursePart::Taking => of_time(&[CourseNeed::Given]),
            CoursePart::BegunFor(_) => of_time(&[CourseNeed::Given, CourseNeed::Stop]),
            CoursePart::Declined => Vec::new(),
        }
    }
}

/// One course: entries of the record joined over short gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct CourseSeen {
    /// The entries, by their places in [`crate::record::Therapies::courses`].
    pub entries: Vec<usize>,
    /// First day, as far as it is known.
    pub from: Option<DateRange>,
    /// Last day; `None` where it still runs.
    pub until: Option<DateRange>,
    /// The states still possible.
    pub state: Choices,
    /// The rows of `course adequate` that are for this therapy.
    pub rows: Vec<RowSeen>,
    /// It was a fair trial.
    pub adequate: Truth,
    /// Its outcome, by places in [`crate::record::Outcome::WORDS`].
    pub outcome: Choices,
    /// The outcome was worked out from the visits of the course.
    pub outcome_worked_out: bool,
    /// When it is to be judged.
    pub judge_on: Option<DateRange>,
    /// What went into the rules of `course`, by slot of the course's plan.
    pub inputs: Inputs,
    /// What came of them.
    pub registers: Registers,
}

/// What a row of `course adequate` made of a course.
#[derive(Debug, Clone, PartialEq)]
pub struct RowSeen {
    /// The block and the row in it.
    pub block: crate::model::BlockId,
    /// The row, by its place.
    pub row: usize,
    /// The dose was high enough for long enough, or was the highest tolerated.
    pub dose: Truth,
    /// The longest stretch at or above the floor was long enough.
    pub length: Truth,
    /// Enough of it was taken.
    pub adherence: Truth,
    /// The level was high enough.
    pub level: Truth,
    /// The longest stretch at or above the floor: its first and its last day.
    pub stretch: Option<(DateRange, DateRange)>,
}

/// Something a record could say that would settle the state of a therapy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CourseNeed {
    /// Whether it was ever taken.
    Taken,
    /// When it began.
    Start,
    /// When it ended.
    Stop,
    /// The dose.
    Dose,
    /// How much of it was taken.
    Adherence,
    /// A level.
    Level,
    /// What came of it.
    Outcome,
    /// Why it was stopped.
    StoppedFor,
    /// Why the dose was not higher.
    DoseLimitedBy,
    /// On which days it was given.
    Given,
    /// Whether the patient declined it.
    Declined,
    /// A fact of the dictionary: weight, height, what the outcome is worked out from.
    Fact(FactId),
}
