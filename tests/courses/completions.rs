//! Random histories with holes: what is said of them must hold for every completion, and of a completion what a plain
//! reading of the rules says, day by day.

use std::collections::BTreeSet;

use myoguide::model::CourseState;
use myoguide::record::{Dose, Outcome, Record, Stop, StopReason, Therapies, Therapy};
use myoguide::source::Spanned;
use myoguide::value::{Date, DateRange, Number, Period, PeriodUnit, Quantity};

use super::{ALPHA, Bench, FairTrialRow, at_least, dose, judged, nowhere, row, words};
use crate::oracle::Dice;

const FLOOR: i64 = 15;
const LENGTH: u32 = 5;
const JUDGED: u32 = 6;

/// An entry of which everything is known.
#[derive(Debug, Clone)]
struct Known {
    start: Date,
    stop: Option<Date>,
    doses: Vec<(Date, i64)>,
    adherence: i64,
    outcome: Outcome,
    stopped_for: StopReason,
    limited: &'static str,
}

/// An entry with holes: for each thing the values it may have.
#[derive(Debug, Clone)]
struct Holes {
    start: Vec<Date>,
    stop: Vec<Option<Date>>,
    /// `stop: unknown`
    stop_unknown: bool,
    first_dose: Vec<i64>,
    second_dose: Option<(Vec<Date>, i64)>,
    adherence: Vec<i64>,
    outcome: Vec<Outcome>,
    stopped_for: Vec<StopReason>,
    limited: Vec<&'static str>,
}

fn day(number: i64) -> Date {
    let first = Date::new(2025, 1, 1).unwrap_or_else(|error| panic!("{error}"));
    first.plus(days(u32::try_from(number).unwrap_or(0))).unwrap_or_else(|error| panic!("{error}"))
}

fn days(count: u32) -> Period {
    Period { count, unit: PeriodUnit::Day }
}

fn weeks(count: u32) -> Period {
    Period { count, unit: PeriodUnit::Week }
}

fn plus(date: Date, period: Period) -> Date {
    date.plus(period).unwrap_or_else(|error| panic!("{error}"))
}

/// Some days of the month of a day: the first, the last, and two between.
fn of_month(date: Date) -> Vec<Date> {
    let month = whole_month(date);
    let between = [9, 19].map(|count| plus(month.earliest, days(count)));
    [month.earliest, between[0], between[1], month.latest].to_vec()
}

fn whole_month(date: Date) -> DateRange {
    let text = format!("{:04}-{:02}", date.year(), date.month());
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn holes(dice: &mut Dice, open: usize) -> Holes {
    let start = day(i64::try_from(dice.below(330)).unwrap_or(0));
    let length = u32::try_from(dice.below(120)).unwrap_or(0);
    let stop = (!dice.once_in(3)).then(|| plus(start, days(length)));
    let exact = |dice: &mut Dice| !dice.once_in(open);
    let starts = if exact(dice) { vec![start] } else { of_month(start) };
    let stop_unknown = dice.once_in(open * 3);
    let stops = match stop {
        _ if stop_unknown => {
            let days_later = [0, 20, 60, 119].map(|count| plus(start, days(count))).map(Some);
            days_later.into_iter().chain([None]).collect()
        }
        Some(stop) if exact(dice) => vec![Some(stop)],
        Some(stop) => of_month(stop).into_iter().map(Some).collect(),
        None => vec![None],
    };
    let outcomes = Outcome::WORDS.map(|(_, outcome)| outcome);
    let reasons = StopReason::WORDS.map(|(_, reason)| reason);
    let raised = plus(start, days(u32::try_from(dice.below(100)).unwrap_or(0)));
    let second = *dice.pick(&[10, 20]);
    let second_dose = dice.once_in(3).then(|| (if exact(dice) { vec![raised] } else { of_month(raised) }, second));
    let first_dose = if exact(dice) || second_dose.is_some() { vec![*dice.pick(&[10, 20])] } else { vec![10, 20] };
    Holes {
        start: starts,
        stop: stops,
        stop_unknown,
        first_dose,
        second_dose,
        adherence: if exact(dice) { vec![*dice.pick(&[50, 100])] } else { vec![50, 100] },
        outcome: if exact(dice) { vec![*dice.pick(&outcomes)] } else { outcomes.to_vec() },
        stopped_for: if exact(dice) { vec![*dice.pick(&reasons)] } else { reasons.to_vec() },
        limited: if exact(dice) {
            vec![*dice.pick(&["intolerance", "other", "nothing", "nothing"])]
        } else {
            vec!["intolerance", "other", "nothing"]
        },
    }
}

impl Holes {
    /// As a record has it.
    fn entry(&self, parts: &[(myoguide::catalog::TreatmentId, Number)]) -> Therapy {
        let range = |days: &[Date]| match days {
            [only] => DateRange::exact(*only),
            several => whole_month(several[0]),
        };
        let stops: Vec<Date> = self.stop.iter().copied().flatten().collect();
        let stop = match stops.as_slice() {
            _ if self.stop_unknown => Stop::Unknown,
            [] => Stop::Runs,
            days => Stop::On(range(days)),
        };
        let quantity = |amount: i64| {
            let dose = Quantity::parse(&format!("{amount} mg/week")).unwrap_or_else(|error| panic!("{error}"));
            Spanned::new(dose, nowhere())
        };
        let mut doses = Vec::new();
        if let [known] = self.first_dose.as_slice() {
            doses.push(Dose { from: None, dose: quantity(*known) });
        }
        if let Some((from, amount)) = &self.second_dose {
            doses.push(Dose { from: Some(range(from)), dose: quantity(*amount) });
        }
        let only = |values: &[Outcome]| (values.len() == 1).then(|| values[0]);
        Therapy {
            drug: Spanned::new("alpha".to_owned(), nowhere()),
            parts: parts.to_vec(),
            start: Some(range(&self.start)),
            stop,
            doses,
            given: Vec::new(),
            adherence: (self.adherence.len() == 1).then(|| Number::whole(self.adherence[0])),
            level: None,
            outcome: only(&self.outcome),
            outcome_on: None,
            outcome_is_open: false,
            dose_limited_by: (self.limited.len() == 1).then(|| self.limited[0].to_owned()),
            stopped_for: (stop.day().is_some() && self.stopped_for.len() == 1).then(|| self.stopped_for[0]),
            span: nowhere(),
        }
    }

    /// One completion; `None` where it would contradict itself.
    fn completion(&self, dice: &mut Dice) -> Option<Known> {
        let start = *dice.pick(&self.start);
        let stop = *dice.pick(&self.stop);
        if stop.is_some_and(|stop| stop < start) {
            return None;
        }
        let mut doses = vec![(start, *dice.pick(&self.first_dose))];
        if let Some((from, amount)) = &self.second_dose {
            doses.push((*dice.pick(from), *amount));
        }
        Some(Known {
            start,
            stop,
            doses,
            adherence: *dice.pick(&self.adherence),
            outcome: *dice.pick(&self.outcome),
            stopped_for: *dice.pick(&self.stopped_for),
            limited: dice.pick::<&'static str>(&self.limited),
        })
    }
}

impl Known {
    fn as_holes(&self) -> Holes {
        Holes {
            start: vec![self.start],
            stop: vec![self.stop],
            stop_unknown: false,
            first_dose: vec![self.doses[0].1],
            second_dose: self.doses.get(1).map(|(from, amount)| (vec![*from], *amount)),
            adherence: vec![self.adherence],
            outcome: vec![self.outcome],
            stopped_for: vec![self.stopped_for],
            limited: vec![self.limited],
        }
    }

    fn end(&self, today: Date) -> Option<Date> {
        self.stop.filter(|stop| *stop <= today)
    }

    fn runs_on(&self, date: Date, today: Date) -> bool {
        self.start <= date && self.end(today).is_none_or(|end| date <= end)
    }

    fn is_high_on(&self, date: Date) -> bool {
        let dose = self.doses.iter().rev().find(|(from, _)| *from <= date).unwrap_or(&self.doses[0]);
        self.limited == "intolerance" || dose.1 >= FLOOR
    }
}

/// Which of two doses that two entries record for one day is taken for right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    Higher,
    Lower,
}

/// Two entries that overlap record one dose above and one below the floor for a day. On the day on which one follows
/// the other they do not.
fn contradict(running: &[&&Known], date: Date, today: Date) -> bool {
    let follows = |one: &Known, next: &Known| one.end(today) == Some(date) && next.start == date;
    running.iter().any(|one| {
        let others = running.iter().filter(|next| !follows(one, next) && !follows(next, one));
        others.into_iter().any(|next| one.is_high_on(date) && !next.is_high_on(date))
    })
}

fn contradicts_itself(entries: &[Known], today: Date) -> bool {
    let begun: Vec<&Known> = entries.iter().filter(|entry| entry.start <= today).collect();
    let first = begun.iter().map(|entry| entry.start).min().unwrap_or(today);
    (0..=today.days_since(first)).any(|count| {
        let date = plus(first, days(u32::try_from(count).unwrap_or(0)));
        let running: Vec<&&Known> = begun.iter().filter(|entry| entry.runs_on(date, today)).collect();
        contradict(&running, date, today)
    })
}

/// The rules read aloud, for entries of which everything is known.
fn plainly(entries: &[Known], today: Date, right: Right) -> CourseState {
    let mut begun: Vec<&Known> = entries.iter().filter(|entry| entry.start <= today).collect();
    begun.sort_by_key(|entry| entry.start);
    let mut courses: Vec<Vec<&Known>> = Vec::new();
    for entry in begun {
        let near = courses.last().is_some_and(|course| {
            course.iter().any(|earlier| match earlier.end(today) {
                None => true,
                Some(end) => entry.start.days_since(end) - 1 <= 28,
            })
        });
        match courses.last_mut() {
            Some(course) if near => course.push(entry),
            _ => courses.push(vec![entry]),
        }
    }
    let states: Vec<CourseState> = courses.iter().map(|course| of_course(course, today, right)).collect();
    let order = [
        CourseState::NotTolerated,
        CourseState::Failed,
        CourseState::Running,
        CourseState::Worked,
        CourseState::Inadequate,
    ];
    order.into_iter().find(|state| states.contains(state)).unwrap_or(CourseState::Never)
}

fn of_course(course: &[&Known], today: Date, right: Right) -> CourseState {
    let first = course[0].start;
    let mut stretches: Vec<(Date, Date)> = Vec::new();
    let mut open: Option<(Date, Date)> = None;
    let mut date = first;
    while date <= today {
        let running: Vec<&&Known> = course.iter().filter(|entry| entry.runs_on(date, today)).collect();
        let lowered = right == Right::Lower && contradict(&running, date, today);
        if !lowered && running.iter().any(|entry| entry.is_high_on(date)) {
            open = Some((open.map_or(date, |(from, _)| from), date));
        } else if !running.is_empty() {
            stretches.extend(open.take());
        }
        date = plus(date, days(1));
    }
    stretches.extend(open);
    let long = |(from, last): &(Date, Date)| plus(*from, weeks(LENGTH)) <= plus(*last, days(1)).min(today);
    let adherence = course.iter().map(|entry| entry.adherence).min().unwrap_or(0);
    let adequate = stretches.iter().any(long) && adherence >= 80;
    let due = plus(stretches.last().map_or(first, |(from, _)| *from), weeks(JUDGED));
    let ongoing = course.iter().any(|entry| entry.end(today).is_none());
    let last = course
        .iter()
        .max_by_key(|entry| (entry.end(today).is_none(), entry.end(today), entry.start))
        .unwrap_or_else(|| panic!("a course has an entry"));
    if !ongoing && last.stopped_for == StopReason::Intolerance {
        CourseState::NotTolerated
    } else if adequate && matches!(last.outcome, Outcome::NoResponse | Outcome::Worse) {
        CourseState::Failed
    } else if ongoing {
        if today < due || adequate { CourseState::Running } else { CourseState::Inadequate }
    } else if adequate && matches!(last.outcome, Outcome::Response | Outcome::Relapse) {
        CourseState::Worked
    } else {
        CourseState::Inadequate
    }
}

/// Two entries that begin and end as one have no last: which outcome counts is then not said.
fn has_twins(entries: &[Known], today: Date) -> bool {
    let same = |one: &Known, other: &Known| one.end(today) == other.end(today) && one.start == other.start;
    entries.iter().enumerate().any(|(at, one)| entries.iter().skip(at + 1).any(|other| same(one, other)))
}

fn bench() -> Bench {
    let row = FairTrialRow {
        dose: dose("15 mg/week", true),
        length: Some(at_least(weeks(LENGTH))),
        adherence: Some(Number::whole(80)),
        judged: Some(judged(weeks(JUDGED), false)),
        ..row(ALPHA)
    };
    Bench::new(vec![row])
}

#[test]
fn states_hold_for_every_completion() {
    let mut bench = bench();
    // As it was known on that day: some of what is tried comes later.
    let base = Record { is_cut_off: true, ..bench.record("id: nobody\nas_of: 2025-11-15\n") };
    let parts = [(bench.guideline.therapies[0].parts[0], Number::ONE)];
    let with = |entries: &[Holes]| Record {
        therapies: Some(Therapies { complete: true, courses: entries.iter().map(|one| one.entry(&parts)).collect() }),
        ..base.clone()
    };
    // `MYOGUIDE_HISTORIES` takes another number of histories.
    let histories = std::env::var("MYOGUIDE_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(100_u64);
    let mut settled = 0;
    let mut widest = 0;
    let mut tight = 0;
    for seed in 0..histories {
        let mut dice = Dice::new(seed);
        let open = [2, 4, 8][dice.below(3)];
        let count = 1 + dice.below(3);
        let holes: Vec<Holes> = (0..count).map(|_| holes(&mut dice, open)).collect();
        let found = bench.found(&with(&holes), ALPHA);
        let mut seen = BTreeSet::new();
        for _ in 0..80 {
            let known: Option<Vec<Known>> = holes.iter().map(|entry| entry.completion(&mut dice)).collect();
            let Some(known) = known.filter(|known| !has_twins(known, base.as_of)) else { continue };
            let state = plainly(&known, base.as_of, Right::Higher);
            let lower = plainly(&known, base.as_of, Right::Lower);
            for state in [state, lower] {
                assert!(
                    found.state.contains(state.position()),
                    "seed {seed}: {} does not hold {}\n{holes:#?}\n{known:#?}",
                    words(found.state),
                    state.word()
                );
            }
            let contradicts = contradicts_itself(&known, base.as_of);
            if seen.insert(state.position()) || dice.once_in(10) {
                let entries: Vec<Holes> = known.iter().map(Known::as_holes).collect();
                let whole = bench.found(&with(&entries), ALPHA);
                let either = [state, lower].iter().all(|state| whole.state.contains(state.position()));
                let settled = words(whole.state) == state.word() && whole.needs.is_empty();
                assert!(
                    settled || (contradicts && either),
                    "seed {seed}: {}, {:?}\n{known:#?}",
                    words(whole.state),
                    whole.needs
                );
            }
        }
        settled += usize::from(found.state.len() == 1);
        widest += usize::from(found.state.len() >= 5);
        tight += usize::from(found.state.len() == seen.len());
        let open = found.state.len() > 1;
        assert!(!open || !found.needs.is_empty(), "seed {seed}: {}\n{holes:#?}", words(found.state));
    }
    // Sound is easy for one who says nothing: most of what is said is as narrow as what was tried.
    let all = usize::try_from(histories).unwrap_or(0);
    assert!(
        settled * 4 > all && widest * 5 < all && tight * 10 > all * 6,
        "{settled} settled, {widest} wide, {tight} tight"
    );
}
