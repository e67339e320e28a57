//! One course: its words, the rules of `course` over them, and the state they give.

use std::collections::BTreeSet;

use crate::model::{CourseState, CourseWord, TherapyId};
use crate::plan::from_model::LoweredCourse;
use crate::plan::{Register, Slot, SlotSource, TruthRegister};
use crate::record::{Outcome, StopReason};
use crate::value::{Choices, Date, DateRange, Number, NumberSet, Precision, Reason, Truth};

use super::super::refine::{self, Question, SPLITS};
use super::super::{Held, Input, Inputs, Registers, Subject, bind, relevance, run};
use super::spell::{INTOLERANCE, Spell};
use super::stretch::{day_after, weeks};
use super::trial::{self, Judged, Tried};
use super::{CourseNeed, CourseSeen, History};

/// The most combinations of open words that the rules are tried with, one by one.
const TRIED: usize = 32;

/// The value of `not_stopped` among the reasons of a stop.
const NOT_STOPPED: usize = StopReason::WORDS.len();

/// A course with what would settle its state.
#[derive(Debug)]
pub(super) struct Weighed {
    pub(super) seen: CourseSeen,
    /// What would settle that it was not tolerated; that it failed; the rest.
    pub(super) needs: [BTreeSet<CourseNeed>; 3],
    pub(super) ongoing: bool,
}

/// What the words of a course stand for.
#[derive(Debug, Clone)]
struct Words {
    adequate: Truth,
    ongoing: bool,
    outcome: Choices,
    recorded: Choices,
    stopped_for: Choices,
    limited_by: Choices,
    adherence: NumberSet,
    duration: NumberSet,
    cycles: NumberSet,
}

/// What the rules of `course` make of the words.
#[derive(Debug, Clone, Copy)]
struct Ruled {
    not_tolerated: Truth,
    failed: Truth,
    worked: Truth,
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
fn final_spells<'s, 'a>(spells: &[&'s Spell<'a>], today: Date) -> Vec<&'s Spell<'a>> {
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
        let today = self.record.as_of;
        let rows = trial::rows(self.subject.guideline, therapy);
        let tried: Vec<Tried> = rows.into_iter().map(|row| row.of(spells, &self.body, self.record)).collect();
        let adequate = match tried.as_slice() {
            [] => Truth::YES,
            _ => tried.iter().fold(Truth::NO, |any, row| any | row.holds),
        };
        let (from, until) = (first_day(spells), last_day(spells));
        let last = final_spells(spells, today);
        let recorded = last.iter().fold(Choices::NONE, |union, spell| union.union(spell.outcome()));
        let is_recorded = last.iter().all(|spell| spell.outcome_is_recorded());
        let stopped_for = || last.iter().fold(Choices::NONE, |union, spell| union.union(spell.stopped_for()));
        let mut words = Words {
            adequate,
            ongoing: until.is_none(),
            outcome: recorded,
            recorded,
            stopped_for: if until.is_none() { only(NOT_STOPPED) } else { stopped_for() },
            limited_by: last.iter().fold(Choices::NONE, |union, spell| union.union(spell.limited_by())),
            adherence: trial::adherence(spells),
            duration: duration(from, until, today),
            cycles: self.cycles(spells),
        };
        let before = to_come(&tried);
        let mut course = CourseSeen {
            entries: entries(spells),
            from,
            until,
            state: Choices::NONE,
            adequate,
            outcome: recorded,
            outcome_worked_out: false,
            judge_on: judge_on(&tried),
            rows: Vec::new(),
            inputs: Inputs::empty(),
            registers: Registers::of(&crate::plan::Plan::default()),
        };
        let Some(rules) = self.rules else {
            let ruled = Ruled { not_tolerated: Truth::NO, failed: Truth::NO, worked: Truth::NO };
            course.state = ruled.state(&words, before);
            let rest = if course.state.len() > 1 { open_needs(&tried, adequate, before) } else { BTreeSet::new() };
            let needs = [BTreeSet::new(), BTreeSet::new(), rest];
            course.rows = tried.into_iter().map(|row| row.seen).collect();
            return Weighed { seen: course, needs, ongoing: words.ongoing };
        };
        let subject = Subject { lowered: &rules.lowered, ..self.subject };
        let mut inputs = bind::bind_course(subject, self.record, from.zip(Some(until)));
        let mut lines_open = Vec::new();
        if !is_recorded && !rules.outcome.is_empty() {
            words.outcome = Choices::all(Outcome::WORDS.len());
            words.fill(rules, &mut inputs);
            let registers = run(subject, &inputs, Precision::Usual);
            let (worked_out, open) = worked_out(subject, rules, &inputs, &registers);
            words.outcome = worked_out;
            lines_open = open;
            course.outcome_worked_out = true;
            course.outcome = worked_out;
        }
        words.fill(rules, &mut inputs);
        let registers = run(subject, &inputs, Precision::Usual);
        course.state = state(subject, rules, &words, (&inputs, &registers), before);
        let mut needs = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
        if course.state.len() > 1 {
            let last = rules.worked.filter(|_| !words.ongoing);
            for (rule, needs) in [rules.not_tolerated, rules.failed, last].into_iter().zip(&mut needs) {
                let Some(root) = rule.filter(|at| registers.truth(*at).settled().is_none()) else { continue };
                let reached = sources(rules, &[Register::Truth(root)], &registers);
                *needs = needs_of(&reached, spells, &tried, adequate);
                if reached.contains(&SlotSource::Word(CourseWord::Outcome)) {
                    needs.extend(lines_open.iter().copied().filter_map(fact_need));
                }
            }
            if words.ongoing {
                let [_, _, rest] = &mut needs;
                rest.extend(open_needs(&tried, adequate, before));
            }
        }
        let ongoing = words.ongoing;
        course.rows = tried.into_iter().map(|row| row.seen).collect();
        course.inputs = inputs;
        course.registers = registers;
        Weighed { seen: course, needs, ongoing }
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
    let mut inputs = inputs.clone();
    let each = words.cells().into_iter().map(|cell| {
        cell.fill(rules, &mut inputs);
        let registers = run(subject, &inputs, Precision::Usual);
        Ruled::read(subject, rules, &inputs, &registers, false).state(&cell, before)
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
            SlotSource::Word(CourseWord::Ongoing | CourseWord::Gap) | SlotSource::Course { .. } => {}
            SlotSource::Fact { .. } | SlotSource::Judgement(_) => needs.extend(fact_need(*source)),
        }
    }
    needs
}

impl Words {
    /// Writes the words into their slots.
    fn fill(&self, rules: &LoweredCourse, inputs: &mut Inputs) {
        for (slot, input) in rules.lowered.plan.slots.iter().zip(&mut inputs.inputs) {
            if let SlotSource::Word(word) = slot.source {
                *input = self.input(word, slot);
            }
        }
    }

    fn input(&self, word: CourseWord, slot: &Slot) -> Input {
        let held = match word {
            CourseWord::Adequate => yes_no(self.adequate, slot.register),
            CourseWord::Ongoing => yes_no(Truth::from(self.ongoing), slot.register),
            CourseWord::Outcome => Held::Choices(self.outcome),
            CourseWord::OutcomeRecorded => Held::Choices(self.recorded),
            CourseWord::StoppedFor => Held::Choices(self.stopped_for),
            CourseWord::DoseLimitedBy => Held::Choices(self.limited_by),
            CourseWord::Adherence => Held::Number(self.adherence.clone()),
            CourseWord::Duration => Held::Number(self.duration.clone()),
            CourseWord::Cycles => Held::Number(self.cycles.clone()),
            CourseWord::Gap => Held::Number(NumberSet::everything()),
        };
        let reason = if held.is_settled() { Reason::Recorded } else { Reason::NotRecorded };
        Input::of(held, reason)
    }

    /// The words with each open choice taken for one of its values; where that are too many, only some of them are.
    fn cells(&self) -> Vec<Words> {
        let mut cells = vec![self.clone()];
        if self.adequate == Truth::EITHER {
            let each = [Truth::YES, Truth::NO].map(|adequate| Words { adequate, ..self.clone() });
            cells = each.to_vec();
        }
        type Write = fn(&mut Words, Choices);
        let words: [(Choices, Write); 3] = [
            (self.outcome, |words, value| {
                // One entry says both, where both are as recorded.
                if words.recorded == words.outcome {
                    words.recorded = value;
                }
                words.outcome = value;
            }),
            (self.stopped_for, |words, value| words.stopped_for = value),
            (self.limited_by, |words, value| words.limited_by = value),
        ];
        for (values, write) in words {
            if values.len() > 1 && cells.len() * values.len() <= TRIED {
                let with = |cell: &Words| {
                    let cell = cell.clone();
                    let each = values.iter().map(move |value| {
                        let mut cell = cell.clone();
                        write(&mut cell, Choices::only(value));
                        cell
                    });
                    each.collect::<Vec<_>>()
                };
                cells = cells.iter().flat_map(with).collect();
            }
        }
        cells
    }
}

impl Ruled {
    fn read(
        subject: Subject<'_>,
        rules: &LoweredCourse,
        inputs: &Inputs,
        registers: &Registers,
        narrow: bool,
    ) -> Ruled {
        let held = |rule: Option<TruthRegister>| match rule {
            None => Truth::NO,
            Some(at) if narrow => narrowed(subject, at, inputs, registers),
            Some(at) => registers.truth(at),
        };
        Ruled { not_tolerated: held(rules.not_tolerated), failed: held(rules.failed), worked: held(rules.worked) }
    }

    /// The states still possible: of the rules the first that holds.
    fn state(self, words: &Words, before: Truth) -> Choices {
        let end = if words.ongoing {
            vec![(before | words.adequate, CourseState::Running)]
        } else {
            vec![(self.worked, CourseState::Worked)]
        };
        let first = [(self.not_tolerated, CourseState::NotTolerated), (self.failed, CourseState::Failed)];
        let mut possible = Choices::NONE;
        for (held, state) in first.into_iter().chain(end).chain([(Truth::YES, CourseState::Inadequate)]) {
            if held.can_be_yes() {
                possible = possible.union(state.only());
            }
            if held == Truth::YES {
                break;
            }
        }
        possible
    }
}

/// A rule's truth, refined where a fact is read twice.
fn narrowed(subject: Subject<'_>, at: TruthRegister, inputs: &Inputs, registers: &Registers) -> Truth {
    let held = registers.truth(at);
    if held.settled().is_some() {
        return held;
    }
    let plan = &subject.lowered.plan;
    let root = Register::Truth(at);
    let slice = plan.slice([root].into_iter().chain(plan.impossible.iter().copied().map(Register::Truth)));
    let Inputs { laws, twins, .. } = inputs;
    let question = Question { plan, slice: &slice, root, laws, twins, precision: Precision::Usual, splits: SPLITS };
    match refine::refine(question, registers).held {
        Held::Truth(truth) if truth != Truth::NEITHER => truth,
        Held::Truth(_) | Held::Choices(_) | Held::Number(_) => held,
    }
}

/// The outcome by the first line that holds, any where none does, and the facts of the lines that are open.
fn worked_out(
    subject: Subject<'_>,
    rules: &LoweredCourse,
    inputs: &Inputs,
    registers: &Registers,
) -> (Choices, Vec<SlotSource>) {
    let mut possible = Choices::NONE;
    let mut open = Vec::new();
    for (outcome, line) in &rules.outcome {
        let held = narrowed(subject, *line, inputs, registers);
        if held.can_be_yes() {
            possible = possible.union(Choices::only(*outcome));
        }
        if held == Truth::YES {
            return (possible, open);
        }
        if held == Truth::EITHER {
            open.extend(sources(rules, &[Register::Truth(*line)], registers));
        }
    }
    (Choices::all(Outcome::WORDS.len()), open)
}

fn sources(rules: &LoweredCourse, roots: &[Register], registers: &Registers) -> Vec<SlotSource> {
    let plan = &rules.lowered.plan;
    let slice = plan.slice(roots.iter().copied());
    let reached = relevance::reached(plan, &slice, roots, registers);
    reached.slots.keys().filter_map(|slot| plan.slot(*slot)).map(|slot| slot.source).collect()
}

fn fact_need(source: SlotSource) -> Option<CourseNeed> {
    match source {
        SlotSource::Fact { fact, .. } => Some(CourseNeed::Fact(fact)),
        SlotSource::Word(_) | SlotSource::Course { .. } | SlotSource::Judgement(_) => None,
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
    let judged = tried.iter().flat_map(|row| row.judged_needs.iter().copied());
    judged.chain(adequate_needs(tried, adequate)).collect()
}

/// Some row's day of judgement is still to come: until then it is not known to fall short.
fn to_come(tried: &[Tried]) -> Truth {
    tried.iter().filter_map(|row| row.judged).fold(Truth::NO, |any, judged| any | judged.to_come)
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

fn unknown_count() -> NumberSet {
    use crate::value::{Bound, Interval};
    NumberSet::from_interval(Interval { low: Bound::Closed(Number::ZERO), high: Bound::Unbounded })
}

fn entries(spells: &[&Spell<'_>]) -> Vec<usize> {
    let mut entries: Vec<usize> = spells.iter().flat_map(|spell| spell.entries()).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}

fn only(place: usize) -> Choices {
    u8::try_from(place).map_or(Choices::NONE, Choices::only)
}

/// A yes/no for a slot that holds it as a truth, or as a choice of which *yes* stands first.
fn yes_no(held: Truth, register: Register) -> Held {
    match register {
        Register::Truth(_) | Register::Number(_) => Held::Truth(held),
        Register::Choice(_) => {
            let yes = if held.can_be_yes() { only(0) } else { Choices::NONE };
            Held::Choices(if held.can_be_no() { yes.union(only(1)) } else { yes })
        }
    }
}
