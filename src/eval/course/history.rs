use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::catalog::TreatmentId;
use crate::model::{CourseState, Therapy, TherapyId};
use crate::plan::from_model::LoweredCourse;
use crate::record::{Declined, Record};
use crate::value::{Choices, Date, DateRange, Number, NumberSet, Period, Reason, Truth};

use super::super::Subject;
use super::dose::Body;
use super::joined::{Joined, Partition};
use super::spell::{self, MOST_WAYS, Spell, Taken};
use super::state::{Weighed, first_day};
use super::stretch::weeks;
use super::trial::{self, TrialRow};
use super::{CourseFound, CourseNeed, CourseSeen, told};

/// Weeks since the last dose of what was never taken: more than the calendar has, so beyond any number that is asked.
const FAR: Number = Number::whole(20_000);

/// The states from the last to the first that counts for a therapy with several courses.
const RANKS: [CourseState; 6] = [
    CourseState::Never,
    CourseState::Inadequate,
    CourseState::Worked,
    CourseState::Running,
    CourseState::Failed,
    CourseState::NotTolerated,
];

/// The exposure history of one record, read by the rules of one guideline.
#[derive(Debug)]
pub(in crate::eval) struct History<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) record: &'a Record,
    /// The rules of `course`.
    pub(super) rules: Option<&'a LoweredCourse>,
    /// Once a dose is held against a floor.
    body: OnceCell<Body>,
    joined: Joined<'a>,
    /// Every way in which the entries may stand on the day of the record, by the treatments asked for; `None` where
    /// the record does not speak of therapies.
    taken: Option<Vec<Taken<'a>>>,
}

/// One way in which the courses of a therapy may have run.
struct Way<'a> {
    spells: Vec<Spell<'a>>,
    courses: Partition,
}

impl Way<'_> {
    fn course(&self, places: &[usize]) -> Vec<&Spell<'_>> {
        places.iter().filter_map(|at| self.spells.get(*at)).collect()
    }
}

impl CourseFound {
    /// A therapy of which nothing is known.
    fn unknown(therapy: TherapyId) -> Self {
        CourseFound {
            therapy,
            state: Choices::all(CourseState::ALL.len()),
            fair_trial: Truth::EITHER,
            trial_needs: BTreeSet::new(),
            under_way: Truth::EITHER,
            under_way_needs: BTreeSet::new(),
            working: Truth::EITHER,
            working_needs: BTreeSet::new(),
            taking: Truth::EITHER,
            declined: Truth::EITHER,
            declined_on: None,
            doses_conflict: false,
            since_last_dose: NumberSet::between(Number::ZERO, FAR),
            time_needs: BTreeSet::new(),
            courses: Vec::new(),
            judge_on: None,
            reason: Reason::NotRecorded,
            needs: vec![CourseNeed::Taken],
        }
    }
}

impl<'a> History<'a> {
    pub(in crate::eval) fn of(subject: Subject<'a>, record: &'a Record) -> Self {
        let rules = subject.lowered.course.as_deref();
        let taken = record.therapies.as_ref().map(|therapies| {
            let entries = therapies.courses.iter().enumerate();
            entries.filter_map(|(at, entry)| Taken::of(at, entry, record)).collect()
        });
        Self { subject, record, rules, body: OnceCell::new(), joined: Joined::of(rules), taken }
    }

    /// What the record makes of every therapy of the guideline that is needed, and what looked wrong on the way; of the
    /// others nothing is known then.
    pub(in crate::eval) fn found(
        &self,
        is_needed: impl Fn(TherapyId) -> bool,
        notices: &mut Vec<String>,
    ) -> Vec<CourseFound> {
        let therapies = (0..).map(TherapyId).zip(&self.subject.guideline.therapies);
        let of = |(id, therapy): (TherapyId, &Therapy)| {
            if is_needed(id) { self.therapy(id, &therapy.parts, notices) } else { CourseFound::unknown(id) }
        };
        therapies.map(of).collect()
    }

    /// What is known of weight and height.
    pub(super) fn body(&self) -> &Body {
        self.body.get_or_init(|| Body::of(self.subject, self.record))
    }

    /// What the record does not say of a therapy was not.
    fn is_complete(&self, parts: &[TreatmentId]) -> bool {
        let forgotten = parts.iter().any(|part| self.record.forgotten.taken.contains(part));
        !forgotten && self.record.therapies.as_ref().is_some_and(|therapies| therapies.complete)
    }

    fn therapy(&self, id: TherapyId, parts: &[TreatmentId], notices: &mut Vec<String>) -> CourseFound {
        let declined = self.declined(parts);
        let mut found = CourseFound {
            declined: if self.may_have_declined(parts) { Truth::EITHER } else { declined.is_some().into() },
            declined_on: declined.and_then(|declined| declined.date),
            reason: if self.taken.is_some() { Reason::Recorded } else { Reason::NotRecorded },
            ..CourseFound::unknown(id)
        };
        let Some(taken) = &self.taken else { return found };
        let on_days = self.is_given_on_days(id);
        (found.taking, found.since_last_dose) = self.exposure(parts, taken, on_days);
        found.time_needs = self.time_needs(parts, taken, on_days);
        let Some(ways) = self.ways(parts, taken) else {
            found.needs = Self::dates(parts, taken).into_iter().collect();
            notices.push(too_many(&told::name(self.subject.catalog, parts)));
            return found;
        };
        let weighed: Vec<Vec<Weighed>> = ways.iter().map(|way| self.weighed(id, way)).collect();
        let each: Vec<(&[Spell<'_>], &Partition)> =
            ways.iter().map(|way| (way.spells.as_slice(), &way.courses)).collect();
        notices.extend(told::overlaps(&told::name(self.subject.catalog, parts), &each, self.record.as_of));
        let states = weighed.iter().map(|courses| together(courses));
        found.state = states.fold(Choices::NONE, Choices::union);
        found.fair_trial = in_some(&weighed, |course| course.seen.adequate);
        let mut needs = BTreeSet::new();
        found.doses_conflict = weighed.iter().flatten().any(|course| course.doses_conflict);
        found.working = in_some(&weighed, |course| course.working);
        found.under_way = in_some(&weighed, |course| course.under_way);
        if found.fair_trial.settled().is_none() {
            found.trial_needs = weighed.iter().flatten().flat_map(|course| course.trial_needs.clone()).collect();
        }
        if found.under_way.settled().is_none() {
            found.under_way_needs =
                weighed.iter().flatten().flat_map(|course| course.under_way_needs.clone()).collect();
        }
        if found.working.settled().is_none() {
            found.working_needs = weighed.iter().flatten().flat_map(|course| course.working_needs.clone()).collect();
        }
        if found.state.len() > 1 {
            needs.extend(weighed.iter().flat_map(|courses| mattering(courses)));
            if ways.len() > 1 {
                needs.extend(Self::dates(parts, taken));
            }
        }
        if !self.is_complete(parts) {
            found.state = upward(found.state);
            found.fair_trial = found.fair_trial | Truth::EITHER;
            found.under_way = found.under_way | Truth::EITHER;
            found.working = found.working | Truth::EITHER;
            if found.state.len() > 1 {
                needs.insert(CourseNeed::Taken);
            }
        }
        found.needs = needs.into_iter().collect();
        // In each way that of the newest course that runs.
        let newest = |courses: &Vec<Weighed>| {
            courses.iter().rev().filter(|course| course.ongoing).find_map(|course| course.seen.judge_on)
        };
        found.judge_on = weighed.iter().filter_map(newest).reduce(DateRange::hull);
        found.courses = shown(weighed);
        found
    }

    /// It was begun at least so long ago.
    pub(in crate::eval) fn begun_for(&self, therapy: TherapyId, period: Period) -> Truth {
        let parts = self.subject.guideline.therapy(therapy).map(|therapy| &therapy.parts);
        let (Some(taken), Some(parts)) = (&self.taken, parts) else { return Truth::EITHER };
        let serving = serving(parts, taken);
        let Some(ways) = spell::ways(&serving) else { return Truth::EITHER };
        let today = self.record.as_of;
        let long = |day: Date| day.plus(period).is_ok_and(|due| due <= today);
        let of =
            |spell: &Spell<'_>| Truth::possible(long(spell.start.earliest), !long(spell.start.latest)) & spell.exists;
        let each = ways.iter().map(|way| match spell::spells(parts, way) {
            Some(spells) => Truth::any(spells.iter().map(of)),
            None => Truth::EITHER,
        });
        let listed = each.fold(Truth::NEITHER, Truth::union);
        if self.is_complete(parts) { listed } else { listed | Truth::EITHER }
    }

    /// The first day of the newest course of a drug, in each way in which its courses may have run; `None` in a way
    /// without any, and where the record does not speak of therapies. Nothing at all where there are too many ways.
    pub(in crate::eval) fn newest_starts(&self, drug: TreatmentId) -> Option<Vec<Option<DateRange>>> {
        let Some(taken) = &self.taken else { return Some(vec![None]) };
        let having = having(drug, taken);
        let mut found: Vec<Option<DateRange>> = Vec::new();
        for way in spell::ways(&having)? {
            let spells = spell::spells(&[drug], &way)?;
            for courses in self.joined.partitions(&spells)? {
                let way = Way { spells: spells.clone(), courses };
                let starts: Vec<DateRange> =
                    way.courses.iter().filter_map(|course| first_day(&way.course(course))).collect();
                let earliest = starts.iter().map(|start| start.earliest).max();
                let latest = starts.iter().map(|start| start.latest).max();
                let newest = earliest.zip(latest).map(|(earliest, latest)| DateRange { earliest, latest });
                if !found.contains(&newest) {
                    found.push(newest);
                }
            }
        }
        Some(found)
    }

    /// It is given on days of its own: a trial of it counts them, or is judged after the last.
    fn is_given_on_days(&self, therapy: TherapyId) -> bool {
        trial::rows(self.subject.guideline, therapy).into_iter().any(TrialRow::is_on_days)
    }

    /// Whether it is taken now, and the weeks since the last dose. A combination that has the drug in it counts.
    fn exposure(&self, parts: &[TreatmentId], taken: &[Taken<'a>], on_days: bool) -> (Truth, NumberSet) {
        let unknown = || (Truth::EITHER, NumberSet::between(Number::ZERO, FAR));
        let serving = serving(parts, taken);
        let Some(ways) = spell::ways(&serving) else { return unknown() };
        let (mut taking, mut since) = (Truth::NEITHER, NumberSet::empty());
        for way in &ways {
            let Some(spells) = spell::spells(parts, way) else { return unknown() };
            taking = taking.union(Truth::from(spells.iter().any(|spell| spell.last.is_none())));
            let mut own = NumberSet::point(FAR);
            for spell in &spells {
                let nearer = NumberSet::least_of(&own, &self.since(spell, on_days));
                own = if spell.exists == Truth::YES { nearer } else { own.union(&nearer) };
            }
            since = since.union(&own);
        }
        if self.is_complete(parts) {
            return (taking, since);
        }
        (taking | Truth::EITHER, NumberSet::least_of(&since, &NumberSet::between(Number::ZERO, FAR)))
    }

    fn since(&self, spell: &Spell<'_>, on_days: bool) -> NumberSet {
        let day = if on_days { spell.last_dose_on_days(self.record) } else { spell.last_dose(self.record) };
        let ago = |day: Date| weeks(self.record.as_of.days_since(day).max(0));
        NumberSet::between(ago(day.latest), ago(day.earliest))
    }

    /// Every way in which the courses of a therapy may have run; `None` where there are too many.
    fn ways(&self, parts: &[TreatmentId], taken: &[Taken<'a>]) -> Option<Vec<Way<'a>>> {
        let serving = serving(parts, taken);
        let mut found = Vec::new();
        for way in spell::ways(&serving)? {
            for spells in existing(spell::spells(parts, &way)?)? {
                for courses in self.joined.partitions(&spells)? {
                    found.push(Way { spells: spells.clone(), courses });
                    if found.len() > MOST_WAYS {
                        return None;
                    }
                }
            }
        }
        Some(found)
    }

    /// The courses of one way, the earliest first.
    fn weighed(&self, therapy: TherapyId, way: &Way<'_>) -> Vec<Weighed> {
        let mut courses: Vec<Vec<&Spell<'_>>> = way.courses.iter().map(|course| way.course(course)).collect();
        courses.sort_by_key(|course| first_day(course).map(|day| (day.earliest, day.latest)));
        courses.iter().map(|course| self.weigh(therapy, course)).collect()
    }

    /// What is not known of when it was taken.
    fn time_needs(&self, parts: &[TreatmentId], taken: &[Taken<'a>], on_days: bool) -> BTreeSet<CourseNeed> {
        let mut needs = Self::dates(parts, taken);
        let uncounted = on_days && serving(parts, taken).iter().any(Taken::days_are_vague);
        needs.extend(uncounted.then_some(CourseNeed::Given));
        needs.extend((!self.is_complete(parts)).then_some(CourseNeed::Taken));
        needs
    }

    /// The days of the entries that are not known exactly.
    fn dates(parts: &[TreatmentId], taken: &[Taken<'a>]) -> BTreeSet<CourseNeed> {
        let serving = serving(parts, taken);
        let exact = |taken: &Taken<'_>| (taken.start_is_exact(), taken.last_is_exact());
        let start = serving.iter().any(|taken| !exact(taken).0).then_some(CourseNeed::Start);
        let stop = serving.iter().any(|taken| !exact(taken).1).then_some(CourseNeed::Stop);
        start.into_iter().chain(stop).collect()
    }

    /// Nobody says whether the patient declined it.
    fn may_have_declined(&self, parts: &[TreatmentId]) -> bool {
        let forgotten = &self.record.forgotten;
        let within = |together: &BTreeSet<TreatmentId>| together.iter().all(|part| parts.contains(part));
        let open = forgotten.any_declined || forgotten.declined.iter().any(within);
        self.record.declined.is_none() || (open && self.declined(parts).is_none())
    }

    /// The patient declined it, or a part of it.
    fn declined(&self, parts: &[TreatmentId]) -> Option<&Declined> {
        self.record
            .declined
            .iter()
            .flatten()
            .find(|declined| !declined.parts.is_empty() && declined.parts.iter().all(|(part, _)| parts.contains(part)))
    }
}

/// What is said where the days of the entries leave too many ways.
pub(in crate::eval) fn too_many(name: &str) -> String {
    format!(
        "the days of {name} leave more than {MOST_WAYS} ways in which its courses may have run, so nothing is said of \
         them: exact first and last days would settle it"
    )
}

/// The entries that have a part of a therapy, each as what it says of that.
fn serving<'a>(parts: &[TreatmentId], taken: &[Taken<'a>]) -> Vec<Taken<'a>> {
    let serves = |taken: &&Taken<'_>| taken.entry.parts.iter().any(|(part, _)| parts.contains(part));
    taken.iter().filter(serves).map(|taken| taken.serving(parts)).collect()
}

/// The entries that have a drug, alone or with others, as one and the same.
fn having<'a>(drug: TreatmentId, taken: &[Taken<'a>]) -> Vec<Taken<'a>> {
    taken.iter().filter(|taken| taken.entry.parts.iter().any(|(part, _)| *part == drug)).cloned().collect()
}

/// Each choice of the spells that may not have been.
fn existing<'a>(spells: Vec<Spell<'a>>) -> Option<Vec<Vec<Spell<'a>>>> {
    let mut ways: Vec<Vec<Spell<'a>>> = vec![Vec::new()];
    for spell in spells {
        let without = if spell.exists == Truth::YES { Vec::new() } else { ways.clone() };
        for way in &mut ways {
            way.push(spell.clone());
        }
        ways.extend(without);
        if ways.len() > MOST_WAYS {
            return None;
        }
    }
    Some(ways)
}

fn rank(place: u8) -> usize {
    RANKS.iter().position(|state| state.position() == place).unwrap_or(0)
}

/// The state of a therapy with these courses: the first of theirs that counts.
fn together(courses: &[Weighed]) -> Choices {
    courses.iter().fold(CourseState::Never.only(), |known, course| {
        let pairs = known.iter().flat_map(|one| course.seen.state.iter().map(move |other| (one, other)));
        pairs.fold(Choices::NONE, |union, (one, other)| {
            union.union(Choices::only(if rank(one) >= rank(other) { one } else { other }))
        })
    })
}

/// The states that further courses may lift a state to.
fn upward(state: Choices) -> Choices {
    let Some(lowest) = state.iter().map(rank).min() else { return state };
    RANKS.iter().skip(lowest).fold(state, |union, state| union.union(state.only()))
}

/// Some course has it, in each way the courses may have run.
fn in_some(ways: &[Vec<Weighed>], has: impl Fn(&Weighed) -> Truth) -> Truth {
    let each = |courses: &Vec<Weighed>| Truth::any(courses.iter().map(&has));
    ways.iter().map(each).fold(Truth::NEITHER, Truth::union)
}

/// What would settle the courses on which the state hangs: those that no other certainly outranks.
fn mattering(courses: &[Weighed]) -> BTreeSet<CourseNeed> {
    let ranks = |course: &Weighed| course.seen.state.iter().map(rank).collect::<Vec<usize>>();
    let lowest = |course: &Weighed| ranks(course).into_iter().min().unwrap_or(0);
    let highest = |course: &Weighed| ranks(course).into_iter().max().unwrap_or(0);
    let mut needs = BTreeSet::new();
    for (at, course) in courses.iter().enumerate() {
        let others = courses.iter().enumerate().filter(|(other, _)| *other != at);
        let floor = others.map(|(_, other)| lowest(other)).max().unwrap_or(0);
        if highest(course) <= floor {
            continue;
        }
        let end = if course.ongoing { CourseState::Running } else { CourseState::Worked };
        let lifts = [CourseState::NotTolerated, CourseState::Failed, end];
        for (state, own) in lifts.iter().zip(&course.needs) {
            if rank(state.position()) > floor {
                needs.extend(own.iter().copied());
            }
        }
    }
    needs
}

/// The courses of the first way, each with all that it may be in the others.
fn shown(ways: Vec<Vec<Weighed>>) -> Vec<CourseSeen> {
    let mut ways = ways.into_iter();
    let mut shown: Vec<CourseSeen> = ways.next().into_iter().flatten().map(|course| course.seen).collect();
    for other in ways.flatten().map(|course| course.seen) {
        for course in shown.iter_mut().filter(|course| course.entries.iter().any(|at| other.entries.contains(at))) {
            course.state = course.state.union(other.state);
            course.adequate = course.adequate.union(other.adequate);
            course.outcome = course.outcome.union(other.outcome);
        }
    }
    shown
}
