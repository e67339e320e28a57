//! One course: its words, the rules of `course` over them, and the state they give.

use std::collections::BTreeSet;

use crate::model::{CourseWord, TherapyId};
use crate::plan::from_model::LoweredCourse;
use crate::plan::{Register, SlotSource, TruthRegister};
use crate::record::{Outcome, StopReason};
use crate::value::{Choices, Date, DateRange, Number, NumberSet, Precision, Truth};

use super::super::draft::Draft;
use super::super::{Inputs, Registers, Subject, bind, relevance, run};
use super::spell::{INTOLERANCE, Spell, of_part};
use super::stretch::{day_after, weeks};
use super::trial::{self, Judged, Tried};
use super::words::{Ruled, TRIED, Words, narrowed, only};
use super::{CourseNeed, CourseSeen, History};

/// The value of `not_stopped` among the reasons of a stop.
const NOT_STOPPED: usize = StopReason::WORDS.len();

/// A course with what would settle its state.
#[derive(Debug)]
pub(super) struct Weighed {
    pub(super) seen: CourseSeen,
    /// What would settle that it was not tolerated; that it failed; the rest.
    pub(super) needs: [BTreeSet<CourseNeed>; 3],
    /// What would settle whether it was a fair trial.
    pub(super) trial_needs: BTreeSet<CourseNeed>,
    /// It runs, and its day of judgement is still to come.
    pub(super) under_way: Truth,
    /// What would settle that.
    pub(super) under_way_needs: BTreeSet<CourseNeed>,
    /// It runs, and works.
    pub(super) working: Truth,
    /// What would settle that.
    pub(super) working_needs: BTreeSet<CourseNeed>,
    pub(super) ongoing: bool,
    /// Its entries record doses that contradict each other.
    pub(super) doses_conflict: bool,
}

/// The spells with what limited the dose of one of them taken for intolerance, or for anything else.
fn limited<'a>(spells: &[Spell<'a>], at: usize, to: fn(Choices, Choices) -> Choices) -> Vec<Spell<'a>> {
    let mut spells = spells.to_vec();
    for taken in spells.get_mut(at).into_iter().flat_map(|spell| &mut spell.of) {
        taken.limited_by = to(taken.limited_by, Choices::only(INTOLERANCE));
    }
    spells
}

/// The first day of a course.
pub(super) fn first_day(spells: &[&Spell<'_>]) -> Option<DateRange> {
    Some(DateRange {
        earliest: spells.iter().map(|spell| spell.start.earliest).min()?,
        latest: spells.iter().map(|spell| spell.start.latest).min()?,
    })
}

/// The last day of a course; `None` where it runs.
fn last_day(spells: &[&Spell<'_>]) -> Option<DateRange> {
    let ends: Option<Vec<DateRange>> = spells.iter().map(|spell| spell.last).collect();
    let ends = ends?;
    Some(DateRange {
        earliest: ends.iter().map(|last| last.earliest).max()?,
        latest: ends.iter().map(|last| last.latest).max()?,
    })
}

/// The spells that may be the last of a course: what they end with, the course ends with.
pub(super) fn final_spells<'s, 'a>(spells: &[&'s Spell<'a>], today: Date) -> Vec<&'s Spell<'a>> {
    let end = |spell: &Spell<'_>| spell.last.unwrap_or(DateRange::exact(day_after(today)));
    let after = |one: &Spell<'_>, other: &Spell<'_>| {
        let (own, others) = (end(one), end(other));
        own.earliest > others.latest || (own.is_exact() && own == others && one.start.earliest > other.start.latest)
    };
    spells.iter().copied().filter(|spell| !spells.iter().any(|other| after(other, spell))).collect()
}

impl History<'_> {
    /// The state of a course, and all that went into it.
    ///
    /// What limited the dose of an entry counts on all its days alike, so an open state is tried with either.
    pub(super) fn weigh(&self, therapy: TherapyId, spells: &[&Spell<'_>]) -> Weighed {
        let mut whole = self.weigh_once(therapy, spells);
        let asks = trial::rows(self.subject.guideline, therapy).iter().any(|row| row.asks_for_tolerance());
        if whole.seen.state.len() <= 1 || !asks {
            return whole;
        }
        let intolerance = Choices::only(INTOLERANCE);
        let open = |spell: &&Spell<'_>| {
            let limited = spell.limited_by();
            spell.of.len() == 1 && limited.intersects(intolerance) && limited.len() > 1
        };
        let mut ways: Vec<Vec<Spell<'_>>> = vec![spells.iter().map(|spell| (*spell).clone()).collect()];
        for at in spells.iter().enumerate().filter(|(_, spell)| open(spell)).map(|(at, _)| at) {
            if ways.len() * 2 > TRIED {
                return whole;
            }
            ways = ways
                .iter()
                .flat_map(|way| [limited(way, at, Choices::intersection), limited(way, at, Choices::without)])
                .collect();
        }
        if ways.len() > 1 {
            let state = |way: &Vec<Spell<'_>>| self.weigh_once(therapy, &way.iter().collect::<Vec<_>>()).seen.state;
            let states = ways.iter().map(state).fold(Choices::NONE, Choices::union);
            whole.seen.state = whole.seen.state.intersection(states);
        }
        whole
    }

    fn weigh_once(&self, therapy: TherapyId, spells: &[&Spell<'_>]) -> Weighed {
        let rows = trial::rows(self.subject.guideline, therapy);
        let tried: Vec<Tried> = rows.into_iter().map(|row| row.of(spells, self.body(), self.record)).collect();
        let adequate = match tried.as_slice() {
            [] => Truth::YES,
            _ => Truth::any(tried.iter().map(|row| row.holds)),
        };
        let (from, until) = (first_day(spells), last_day(spells));
        let (words, judged) = self.words(spells, adequate);
        let before = to_come(&tried);
        let under_way = if words.ongoing { before } else { Truth::NO };
        let under_way_needs = if under_way == Truth::EITHER { judged_needs(&tried, adequate) } else { BTreeSet::new() };
        let course = CourseSeen {
            entries: entries(spells),
            from,
            until,
            state: Choices::NONE,
            adequate,
            outcome: words.outcome,
            outcome_worked_out: false,
            judge_on: judge_on(&tried),
            rows: Vec::new(),
            inputs: Inputs::empty(),
            registers: Registers::of(&crate::plan::Plan::default()),
        };
        let mut weighed = Weighed {
            seen: course,
            needs: [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()],
            trial_needs: adequate_needs(&tried, adequate),
            under_way,
            under_way_needs,
            working: Truth::NO,
            working_needs: BTreeSet::new(),
            ongoing: words.ongoing,
            doses_conflict: tried.iter().any(|row| row.doses_conflict),
        };
        if let Some(rules) = self.rules {
            self.rule(rules, &mut weighed, (words, &judged), spells, &tried);
        } else {
            let ruled = Ruled { not_tolerated: Truth::NO, failed: Truth::NO, worked: Truth::NO };
            weighed.seen.state = ruled.state(&words, before);
        }
        // Where there are rules, days of judgement matter while it runs only.
        let of_days = weighed.seen.state.len() > 1 && (self.rules.is_none() || weighed.ongoing);
        if let (true, [_, _, rest]) = (of_days, &mut weighed.needs) {
            rest.extend(open_needs(&tried, adequate, before));
        }
        weighed.seen.rows = tried.into_iter().map(|row| row.seen).collect();
        weighed
    }

    /// What the rules of `course` say of one course.
    fn rule(
        &self,
        rules: &LoweredCourse,
        weighed: &mut Weighed,
        (mut words, judged): (Words, &Recorded),
        spells: &[&Spell<'_>],
        tried: &[Tried],
    ) {
        let (adequate, before) = (weighed.seen.adequate, to_come(tried));
        let (from, until) = (weighed.seen.from, weighed.seen.until);
        let subject = Subject { lowered: &rules.lowered, ..self.subject };
        let mut inputs = bind::bind_course(subject, self.record, from.zip(Some(until)));
        let mut lines_open = Vec::new();
        if !judged.is_every && !rules.outcome.is_empty() {
            words.outcome = Choices::all(Outcome::WORDS.len());
            words.fill(rules, &mut inputs);
            let registers = run(subject, &inputs, Precision::Usual);
            let found = worked_out(subject, rules, &inputs, &registers);
            words.outcome = judged.with(&found);
            weighed.seen.outcome_worked_out = found.possible != Choices::NONE;
            weighed.seen.outcome = words.outcome;
            lines_open = found.open;
        }
        words.fill(rules, &mut inputs);
        let registers = run(subject, &inputs, Precision::Usual);
        weighed.seen.state = state(subject, rules, &words, (&inputs, &registers), before);
        let needs_of_rule = |rule: Option<TruthRegister>| {
            let Some(root) = rule.filter(|at| registers.truth(*at).settled().is_none()) else {
                return BTreeSet::new();
            };
            let mut reached = sources(rules, &[Register::Truth(root)], &registers);
            if reached.contains(&SlotSource::Word(CourseWord::Outcome)) {
                reached.extend(&lines_open);
            }
            needs_of(&reached, spells, tried, adequate)
        };
        if weighed.seen.state.len() > 1 {
            let last = rules.worked.filter(|_| !words.ongoing);
            weighed.needs = [rules.not_tolerated, rules.failed, last].map(needs_of_rule);
        }
        let came = Ruled::read(subject, rules, &inputs, &registers, true);
        // Who records that it failed has judged it.
        weighed.under_way = weighed.under_way & !came.failed;
        if words.ongoing {
            weighed.working = came.worked;
            weighed.working_needs = needs_of_rule(rules.worked);
        }
        weighed.seen.inputs = inputs;
        weighed.seen.registers = registers;
    }

    /// What the words of a course stand for, and what is recorded of its outcome.
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the methods are those of one lifetime")]
    fn words(&self, spells: &[&Spell<'_>], adequate: Truth) -> (Words, Recorded) {
        let today = self.record.as_of;
        let (from, until) = (first_day(spells), last_day(spells));
        let last = final_spells(spells, today);
        let of_last =
            |word: fn(&Spell<'_>) -> Choices| last.iter().fold(Choices::NONE, |union, spell| union.union(word(spell)));
        let recorded = of_last(|spell| spell.outcome());
        let words = Words {
            adequate,
            ongoing: until.is_none(),
            outcome: recorded,
            recorded,
            stopped_for: if until.is_none() { only(NOT_STOPPED) } else { of_last(|spell| spell.stopped_for()) },
            limited_by: of_last(|spell| spell.limited_by()),
            adherence: trial::adherence(spells),
            duration: duration(from, until, today),
            cycles: self.cycles(spells),
        };
        let (of_judged, others): (Vec<&Spell<'_>>, Vec<&Spell<'_>>) =
            last.iter().copied().partition(|spell| spell.outcome_is_judged());
        let outcomes =
            |spells: &[&Spell<'_>]| spells.iter().fold(Choices::NONE, |union, spell| union.union(spell.outcome()));
        let judged = Recorded {
            is_every: others.is_empty(),
            outcome: outcomes(&of_judged),
            otherwise: outcomes(&others),
            shared: others.iter().any(|spell| spell.is_shared()),
        };
        (words, judged)
    }

    /// How many days it was given on.
    fn cycles(&self, spells: &[&Spell<'_>]) -> NumberSet {
        let mut seen = BTreeSet::new();
        let mut total = NumberSet::point(Number::ZERO);
        for spell in spells {
            let [taken] = spell.of.as_slice() else { return unknown_count() };
            if taken.entry.given.is_empty() {
                return unknown_count();
            }
            if seen.insert(taken.at) {
                for (_, came) in taken.given(self.record) {
                    let one = NumberSet::point(Number::ONE);
                    let count = if came == Truth::YES { one } else { one.union(&NumberSet::point(Number::ZERO)) };
                    total = total.plus(&count);
                }
            }
        }
        total
    }
}

/// The states that some values of the open words give.
fn state(
    subject: Subject<'_>,
    rules: &LoweredCourse,
    words: &Words,
    (inputs, registers): (&Inputs, &Registers),
    before: Truth,
) -> Choices {
    let whole = Ruled::read(subject, rules, inputs, registers, true).state(words, before);
    if whole.len() <= 1 {
        return whole;
    }
    let mut draft = Draft::of(&subject.lowered.plan, registers.clone(), Precision::Usual);
    let mark = draft.mark();
    let each = words.cells().into_iter().map(|cell| {
        cell.fill_draft(rules, &mut draft);
        let possible = Ruled::read(subject, rules, inputs, draft.registers(), false).state(&cell, before);
        draft.set_back(mark);
        possible
    });
    each.fold(Choices::NONE, Choices::union).intersection(whole)
}

/// What the record lacks of what the rules hang on.
fn needs_of(reached: &[SlotSource], spells: &[&Spell<'_>], tried: &[Tried], adequate: Truth) -> BTreeSet<CourseNeed> {
    let mut needs = BTreeSet::new();
    for source in reached {
        match source {
            SlotSource::Word(CourseWord::Adequate) => needs.extend(adequate_needs(tried, adequate)),
            SlotSource::Word(CourseWord::Outcome | CourseWord::OutcomeRecorded) => needs.extend([CourseNeed::Outcome]),
            SlotSource::Word(CourseWord::StoppedFor) => needs.extend([CourseNeed::StoppedFor]),
            SlotSource::Word(CourseWord::DoseLimitedBy) => needs.extend([CourseNeed::DoseLimitedBy]),
            SlotSource::Word(CourseWord::Adherence) => needs.extend([CourseNeed::Adherence]),
            SlotSource::Word(CourseWord::Cycles) => needs.extend([CourseNeed::Given]),
            SlotSource::Word(CourseWord::Duration) => needs.extend(trial::date_needs(spells)),
            SlotSource::Word(CourseWord::Ongoing | CourseWord::Gap)
            | SlotSource::Course { .. }
            | SlotSource::Status(_) => {}
            SlotSource::Fact { .. } | SlotSource::Judgement(_) => needs.extend(fact_need(*source)),
        }
    }
    needs
}

/// What is recorded of the outcome of a course, by the entries that may be its last.
#[derive(Debug)]
struct Recorded {
    /// In each of them somebody judged what came of it.
    is_every: bool,
    /// What came of those that somebody judged.
    outcome: Choices,
    /// What holds of the others where no line of `course outcome` does.
    otherwise: Choices,
    /// Some of the others are of other drugs as well.
    shared: bool,
}

impl Recorded {
    /// The outcome, of what is recorded and what the visits say.
    fn with(&self, found: &WorkedOut) -> Choices {
        let own = if self.shared { of_part(found.possible) } else { found.possible };
        let otherwise = if found.is_certain { Choices::NONE } else { self.otherwise };
        self.outcome.union(own).union(otherwise)
    }
}

/// The outcome by the lines of `course outcome`.
struct WorkedOut {
    /// Those of the lines that may be the first to hold.
    possible: Choices,
    /// Some line certainly holds.
    is_certain: bool,
    /// What the lines that are open look at.
    open: Vec<SlotSource>,
}

fn worked_out(subject: Subject<'_>, rules: &LoweredCourse, inputs: &Inputs, registers: &Registers) -> WorkedOut {
    let mut found = WorkedOut { possible: Choices::NONE, is_certain: false, open: Vec::new() };
    for (outcome, line) in &rules.outcome {
        let held = narrowed(subject, rules, *line, inputs, registers);
        if held.can_be_yes() {
            found.possible = found.possible.union(Choices::only(*outcome));
        }
        if held == Truth::YES {
            found.is_certain = true;
            return found;
        }
        if held == Truth::EITHER {
            found.open.extend(sources(rules, &[Register::Truth(*line)], registers));
        }
    }
    found
}

fn sources(rules: &LoweredCourse, roots: &[Register], registers: &Registers) -> Vec<SlotSource> {
    let plan = &rules.lowered.plan;
    let reached = relevance::reached(plan, roots.iter().copied(), registers, None, &mut relevance::Notes::of(plan));
    reached.slots.iter().filter_map(|(slot, _)| plan.slot(*slot)).map(|slot| slot.source).collect()
}

fn fact_need(source: SlotSource) -> Option<CourseNeed> {
    match source {
        SlotSource::Fact { fact, .. } => Some(CourseNeed::Fact(fact)),
        SlotSource::Word(_) | SlotSource::Course { .. } | SlotSource::Status(_) | SlotSource::Judgement(_) => None,
    }
}

fn adequate_needs(tried: &[Tried], adequate: Truth) -> BTreeSet<CourseNeed> {
    if adequate.settled().is_some() {
        return BTreeSet::new();
    }
    tried.iter().flat_map(|row| row.needs.iter().copied()).collect()
}

/// What would settle whether a course that runs falls short.
fn open_needs(tried: &[Tried], adequate: Truth, before: Truth) -> BTreeSet<CourseNeed> {
    if (before | adequate).settled().is_some() {
        return BTreeSet::new();
    }
    judged_needs(tried, adequate)
}

/// What would settle when it is judged.
fn judged_needs(tried: &[Tried], adequate: Truth) -> BTreeSet<CourseNeed> {
    let judged = tried.iter().flat_map(|row| row.judged_needs.iter().copied());
    judged.chain(adequate_needs(tried, adequate)).collect()
}

/// Some row's day of judgement is still to come: until then it is not known to fall short.
fn to_come(tried: &[Tried]) -> Truth {
    Truth::any(tried.iter().filter_map(|row| row.judged).map(|judged| judged.to_come))
}

/// The day from which on every row has been judged.
fn judge_on(tried: &[Tried]) -> Option<DateRange> {
    let days: Vec<Judged> = tried.iter().filter_map(|row| row.judged).collect();
    let days: Option<Vec<DateRange>> = days.iter().map(|judged| judged.on).collect();
    let days = days?;
    Some(DateRange {
        earliest: days.iter().map(|day| day.earliest).max()?,
        latest: days.iter().map(|day| day.latest).max()?,
    })
}

/// From the first day to the end of the last, or to today, in weeks.
fn duration(from: Option<DateRange>, until: Option<DateRange>, today: Date) -> NumberSet {
    let Some(from) = from else { return NumberSet::everything() };
    let end = until.map_or(DateRange::exact(today), |last| DateRange {
        earliest: day_after(last.earliest).min(today),
        latest: day_after(last.latest).min(today),
    });
    let least = end.earliest.days_since(from.latest).max(0);
    let most = end.latest.days_since(from.earliest).max(0);
    NumberSet::between(weeks(least), weeks(most))
}

/// A number of which nothing is known but that it is none below zero.
pub(super) fn unknown_count() -> NumberSet {
    use crate::value::{Bound, Interval};
    NumberSet::from_interval(Interval { low: Bound::Closed(Number::ZERO), high: Bound::Unbounded })
}

fn entries(spells: &[&Spell<'_>]) -> Vec<usize> {
    let mut entries: Vec<usize> = spells.iter().flat_map(|spell| spell.entries()).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}
