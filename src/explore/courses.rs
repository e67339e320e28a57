use std::cell::RefCell;

use crate::eval::course::unknown_courses;
use crate::eval::find::{Finder, Found};
use crate::eval::{Baseline, Subject, bind};
use crate::model::{BlockKind, CourseRule};

use super::{SPLITS, Wanted, day, read, unknown_patient};

/// Looks for courses of one guideline: of a patient of whom nothing is known, and as its rules of `course` see them.
#[derive(Debug)]
pub struct Courses<'a> {
    /// For each kind of course, with what is so of all of the kind.
    finders: RefCell<Vec<(Finder<'a>, Vec<Wanted>)>>,
}

impl<'a> Courses<'a> {
    /// Of a guideline without mistakes; `None` where it has no rules of `course`.
    pub fn of(subject: Subject<'a>) -> Option<(Subject<'a>, Self)> {
        let rules = subject.lowered.course.as_deref()?;
        let of_rules = Subject { lowered: &rules.lowered, ..subject };
        let record = read(of_rules, &unknown_patient(of_rules, day(subject)))?;
        let inputs = bind(of_rules, &record, Baseline::Marked);
        let mut blocks = subject.guideline.blocks.iter();
        let has_trials = blocks.any(|block| matches!(block.kind, BlockKind::Course(CourseRule::FairTrial(_))));
        let kinds = unknown_courses(rules, has_trials, &inputs);
        let finders = kinds.into_iter().map(|kind| (Finder::of(of_rules, kind.inputs), kind.given)).collect();
        Some((of_rules, Courses { finders: RefCell::new(finders) }))
    }

    /// Whether there is a course for which registers hold what is wanted; `None` where that is not found out.
    pub fn find(&self, wanted: &[Wanted]) -> Option<bool> {
        let mut some = Some(false);
        for (finder, given) in self.finders.borrow_mut().iter_mut() {
            match finder.find(&[wanted, given].concat(), SPLITS, &mut |_| true) {
                Found::Kind(_) => return Some(true),
                Found::Nobody => {}
                Found::NotProved => some = None,
            }
        }
        some
    }
}
