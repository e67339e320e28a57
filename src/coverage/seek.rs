use crate::eval::{self, Baseline, Evaluation, Subject};
use crate::explore::{self, Explorer, Patient};
use crate::plan::TruthRegister;
use crate::record::Record;

use super::part::{Part, Reach, Way, truth};
use super::parts::covers;
use super::reached::Met;

/// How a search for a patient who comes to a part ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sought {
    Patient(Patient),
    Nobody,
    NotFoundOut,
}

/// Looks for patients of one guideline.
pub(super) struct Seeker<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) explorer: Explorer<'a>,
    pub(super) covers: Option<TruthRegister>,
}

impl<'a> Seeker<'a> {
    pub(super) fn of(subject: Subject<'a>) -> Self {
        Seeker { subject, explorer: Explorer::of_those_who_may_decline(subject), covers: covers(subject) }
    }

    /// A patient who comes to a part; `all` are the parts of the guideline.
    pub(super) fn seek(&self, part: &Part, all: &[Part]) -> Sought {
        match &part.reach {
            Reach::Open(_) => self.half_empty(part, all).map_or(Sought::NotFoundOut, Sought::Patient),
            Reach::Any(ways) => self.one_of(part, ways),
            // That the ways lead nowhere does not say that nothing does.
            Reach::Decided(_, ways) | Reach::FairTrial(_, ways) => match self.one_of(part, ways) {
                Sought::Nobody => Sought::NotFoundOut,
                found @ (Sought::Patient(_) | Sought::NotFoundOut) => found,
            },
        }
    }

    fn one_of(&self, part: &Part, ways: &[Way]) -> Sought {
        let mut ended = Sought::Nobody;
        for way in ways {
            match self.explorer.find(way) {
                explore::Sought::Patient(patient) if self.comes_to(&patient, part) => return Sought::Patient(patient),
                explore::Sought::Patient(_) | explore::Sought::NotProved => ended = Sought::NotFoundOut,
                explore::Sought::Nobody => {}
            }
        }
        ended
    }

    /// A patient of whom so little is known that an answer is open: whom the guideline covers and no more, or who has a
    /// value of it but for one thing.
    fn half_empty(&self, part: &Part, all: &[Part]) -> Option<Patient> {
        let covered = self.covers.and_then(|covers| self.found(&[truth(covers, true)]));
        if let Some(covered) = covered.filter(|patient| self.comes_to(patient, part)) {
            return Some(covered);
        }
        let of_the_answer = all.iter().filter(|other| other.block == part.block).flat_map(Part::ways);
        for patient in of_the_answer.filter_map(|way| self.found(way)) {
            if let Some(without) = without_one(&patient).into_iter().find(|less| self.comes_to(less, part)) {
                return Some(without);
            }
        }
        None
    }

    /// A patient for whom everything of a way is so.
    pub(super) fn found(&self, way: &[explore::Wanted]) -> Option<Patient> {
        match self.explorer.find(way) {
            explore::Sought::Patient(patient) => Some(patient),
            explore::Sought::Nobody | explore::Sought::NotProved => None,
        }
    }

    pub(super) fn comes_to(&self, patient: &Patient, part: &Part) -> bool {
        self.evaluated(patient).is_some_and(|(_, evaluation)| Met::of(self.subject, &evaluation).reaches(part))
    }

    /// The record of a patient, and what comes of it.
    pub(super) fn evaluated(&self, patient: &Patient) -> Option<(Record, Evaluation)> {
        let record = explore::read(self.subject, patient)?;
        let evaluation = eval::evaluate(self.subject, &record, Baseline::default());
        Some((record, evaluation))
    }
}

/// One list of what is said of a patient.
type ListOf = fn(&mut Patient) -> &mut Vec<(String, String)>;

/// The patient with nothing known, then without one thing after the other.
fn without_one(patient: &Patient) -> Vec<Patient> {
    let nothing = Patient {
        person: Vec::new(),
        facts: Vec::new(),
        visits: Default::default(),
        judgements: Vec::new(),
        therapies: None,
        declined: Vec::new(),
        ..patient.clone()
    };
    let mut all = vec![nothing];
    let no_visits = Patient { visits: Default::default(), ..patient.clone() };
    let no_therapies = Patient { therapies: None, ..patient.clone() };
    all.extend([no_therapies, no_visits].into_iter().filter(|less| less != patient));
    let lists: [ListOf; 6] = [
        |one| &mut one.person,
        |one| &mut one.facts,
        |one| &mut one.judgements,
        |one| &mut one.visits[0],
        |one| &mut one.visits[1],
        |one| &mut one.visits[2],
    ];
    for list in lists {
        for at in 0..list(&mut patient.clone()).len() {
            let mut less = patient.clone();
            list(&mut less).remove(at);
            all.push(less);
        }
    }
    all
}
