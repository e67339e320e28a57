//! Exposure histories: what a record makes of a therapy. The rules of `course` are written as a program by hand, so
//! that what is tried here is the history and nothing else.

use myoguide::catalog::{self, GuidelineInfo, Release};
use myoguide::engine::Engine;
use myoguide::eval::{self, Baseline, CourseFound, CourseNeed, Held, Inputs, Subject};
use myoguide::library::Library;
use myoguide::model::{
    Block, BlockKind, CourseRule, CourseState, CourseWord, FairTrialRow, Guideline, Therapy, TherapyId, Time, Type,
};
use myoguide::plan::from_model::{self, Lowered, LoweredCourse};
use myoguide::plan::{CoursePart, Part, PlanBuilder, SlotKind, SlotSource};
use myoguide::record::{Outcome, Record};
use myoguide::source::{SourceMap, Span, Spanned};
use myoguide::syntax::tree::{JudgedAfter, TrialLength};
use myoguide::value::{Choices, Date, Number, NumberSet, Period, PeriodUnit, Quantity, Truth};

mod baseline;
mod completions;
mod listed;

const DICTIONARY: &str = "\
weight: {label: weight, question: What?, type: number, unit: kg, range: 1 to 300, recorded: visits, source: definition}
height: {label: height, question: What?, type: number, unit: cm, range: 20 to 260, recorded: visits, source: definition}
strength: {label: strength, question: What?, type: number, range: 0 to 100, recorded: visits, source: definition}
";

const FORMULARY: &str = "\
alpha: {label: alpha, names: [first]}
beta: {label: beta, preparations: {strong_beta: 2}}
gamma: {label: gamma}
";

/// Rules and therapies, and the catalog that names them.
pub(crate) struct Bench {
    engine: Engine,
    guideline: Guideline,
    lowered: Lowered,
}

pub(crate) const ALPHA: TherapyId = TherapyId(0);
const BETA: TherapyId = TherapyId(1);
const BOTH: TherapyId = TherapyId(2);

/// A row that asks for nothing.
pub(crate) fn row(therapy: TherapyId) -> FairTrialRow {
    FairTrialRow {
        span: nowhere(),
        therapies: vec![therapy],
        written: String::new(),
        dose: None,
        length: None,
        adherence: None,
        level: None,
        judged: None,
        citations: Vec::new(),
    }
}

pub(crate) fn dose(text: &str, or_highest_tolerated: bool) -> Option<(Quantity, bool)> {
    let floor = Quantity::parse(text);
    assert!(floor.is_ok(), "{floor:?}");
    Some((floor.ok()?, or_highest_tolerated))
}

pub(crate) fn weeks(count: u32) -> Period {
    Period { count, unit: PeriodUnit::Week }
}

pub(crate) fn at_least(period: Period) -> TrialLength {
    TrialLength::Time(period)
}

pub(crate) fn judged(period: Period, from_last_dose: bool) -> JudgedAfter {
    JudgedAfter { period, from_last_dose }
}

fn nowhere() -> Span {
    let mut sources = SourceMap::default();
    let file = sources.add("nowhere", "");
    sources.span(file, 0, 0)
}

fn guideline(rows: Vec<FairTrialRow>, engine: &Engine) -> Guideline {
    let name = |text: &str| Spanned::new(text.to_owned(), nowhere());
    let treatment = |name: &str| engine.catalog().find_treatment(name).unwrap_or_else(|| panic!("no {name}"));
    let therapy = |names: &[&str]| Therapy { parts: names.iter().map(|name| treatment(name)).collect() };
    let block = Block {
        name: name("course_adequate"),
        title: String::new(),
        head: nowhere(),
        place: 0,
        citations: Vec::new(),
        as_recorded: None,
        gives: Type::Nothing,
        kind: BlockKind::Course(CourseRule::FairTrial(rows)),
    };
    Guideline {
        info: GuidelineInfo {
            id: name("small"),
            release: Spanned::new(Release(1, 0, 0), nowhere()),
            language: 1,
            title: String::new(),
            about: String::new(),
            status: catalog::Status::Draft,
            effective_from: None,
            builds_on: None,
            local_sheet: false,
            own_answers: None,
            silent_on: Vec::new(),
            authors: Vec::new(),
            changes: Vec::new(),
            local_choices: Vec::new(),
            says: Vec::new(),
            own_uses: None,
            span: nowhere(),
        },
        blocks: vec![block],
        covers: None,
        answers: Vec::new(),
        judgements: Vec::new(),
        therapies: vec![therapy(&["alpha"]), therapy(&["beta"]), therapy(&["alpha", "beta"])],
        statuses: Vec::new(),
        nodes: 0,
        local: std::collections::BTreeSet::new(),
    }
}

fn outcomes(words: &[&str]) -> Choices {
    let place = |word: &&str| Outcome::WORDS.iter().position(|(known, _)| known == word);
    let places = words.iter().filter_map(place).filter_map(|place| u8::try_from(place).ok());
    places.map(Choices::only).fold(Choices::NONE, Choices::union)
}

/// `joined when gap is at most 4 weeks`, `failed when adequate and outcome is one of no_response, worse`,
/// `worked when adequate and outcome is one of response, relapse`, `not_tolerated when stopped_for is intolerance`,
/// and perhaps `outcome`: no response where latest strength is below 20, a response where it is 40 or more.
fn rules(empty: &Lowered, with_outcome: bool, strength: Option<SlotSource>) -> LoweredCourse {
    let mut plan = PlanBuilder::default();
    let adequate = plan.truth_slot(SlotSource::Word(CourseWord::Adequate));
    let outcome = plan.choice_slot(SlotSource::Word(CourseWord::Outcome));
    let stopped_for = plan.choice_slot(SlotSource::Word(CourseWord::StoppedFor));
    let gap = plan.number_slot(SlotSource::Word(CourseWord::Gap));
    let bad = plan.is(outcome, outcomes(&["no_response", "worse"]));
    let good = plan.is(outcome, outcomes(&["response", "relapse"]));
    let failed = plan.all(vec![adequate, bad]);
    let worked = plan.all(vec![adequate, good]);
    let not_tolerated = plan.is(stopped_for, Choices::only(1));
    let joined = plan.within(gap, NumberSet::between(Number::whole(0), Number::whole(4)));
    let mut lines = Vec::new();
    if let Some(source) = strength.filter(|_| with_outcome) {
        let strength = plan.number_slot(source);
        let low = plan.within(strength, NumberSet::between(Number::whole(0), Number::whole(19)));
        let high = plan.within(strength, NumberSet::between(Number::whole(40), Number::whole(100)));
        lines = vec![(0, low), (2, high)];
    }
    let mut lowered = empty.clone();
    lowered.plan = plan.finish();
    LoweredCourse {
        lowered,
        joined: Some(joined),
        failed: Some(failed),
        worked: Some(worked),
        not_tolerated: Some(not_tolerated),
        outcome: lines,
        slices: std::collections::BTreeMap::new(),
    }
    .sliced()
}

impl Bench {
    pub(crate) fn new(rows: Vec<FairTrialRow>) -> Bench {
        Bench::with(rows, false)
    }

    fn with(rows: Vec<FairTrialRow>, with_outcome: bool) -> Bench {
        let texts = [("dictionary/t.yaml", DICTIONARY), ("formulary/t.yaml", FORMULARY)];
        let mut engine = Engine::open(&Library::of_texts(texts));
        engine.load_everything();
        assert!(!engine.has_errors(), "{:?}", engine.diagnostics());
        let mut guideline = guideline(rows, &engine);
        let blocks = std::mem::take(&mut guideline.blocks);
        let empty = from_model::lower(&guideline, engine.catalog());
        guideline.blocks = blocks;
        let mut plan = PlanBuilder::default();
        for therapy in [ALPHA, BETA, BOTH] {
            let mut slot = |part, kind| plan.slot(SlotSource::Course { therapy, part }, kind);
            slot(CoursePart::State, SlotKind::Choice);
            slot(CoursePart::Taking, SlotKind::Truth);
            slot(CoursePart::Declined, SlotKind::Truth);
            slot(CoursePart::SinceLastDose, SlotKind::Number);
            slot(CoursePart::BegunFor(weeks(26)), SlotKind::Truth);
        }
        let strength = engine.catalog().find("strength").map(|fact| SlotSource::Fact {
            fact,
            when: Time::Latest { within: None },
            part: Part::Value,
        });
        let course = rules(&empty, with_outcome, strength);
        let mut lowered = empty;
        lowered.plan = plan.finish();
        lowered.course = Some(Box::new(course));
        Bench { engine, guideline, lowered }
    }

    pub(crate) fn record(&mut self, text: &str) -> Record {
        let file = self.engine.add_text("record.yaml", text.to_owned());
        match self.engine.read_records(file).remove(0) {
            Ok(record) => record,
            Err(mistakes) => panic!("{text}\n{mistakes:?}"),
        }
    }

    pub(crate) fn bind(&self, record: &Record) -> Inputs {
        let subject = Subject { guideline: &self.guideline, lowered: &self.lowered, catalog: self.engine.catalog() };
        eval::bind(subject, record, Baseline::Marked)
    }

    pub(crate) fn found(&self, record: &Record, therapy: TherapyId) -> CourseFound {
        let inputs = self.bind(record);
        inputs.courses.iter().find(|found| found.therapy == therapy).cloned().unwrap_or_else(|| panic!("{therapy:?}"))
    }

    fn slot(&self, record: &Record, therapy: TherapyId, part: CoursePart) -> Held {
        let inputs = self.bind(record);
        let source = SlotSource::Course { therapy, part };
        let at = self.lowered.plan.slots.iter().position(|slot| slot.source == source);
        at.map_or_else(|| panic!("{source:?}"), |at| inputs.inputs[at].held.clone())
    }
}

pub(crate) fn words(state: Choices) -> String {
    let words = CourseState::ALL.iter().filter(|word| state.contains(word.position())).map(|word| word.word());
    words.collect::<Vec<_>>().join(" ")
}

fn needs(found: &CourseFound) -> String {
    found.needs.iter().map(|need| format!("{need:?}")).collect::<Vec<_>>().join(" ")
}

/// `15 mg/week or highest tolerated` for 12 weeks, 80 %, judged after 12 weeks.
pub(crate) fn usual() -> FairTrialRow {
    FairTrialRow {
        dose: dose("15 mg/week", true),
        length: Some(at_least(weeks(12))),
        adherence: Some(Number::whole(80)),
        judged: Some(judged(weeks(12), false)),
        ..row(ALPHA)
    }
}

/// The state of a therapy and what would settle it, for therapies as a record lists them.
fn told(bench: &mut Bench, therapy: TherapyId, therapies: &str) -> String {
    let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{therapies}\n"));
    let found = bench.found(&record, therapy);
    let needs = needs(&found);
    if needs.is_empty() { words(found.state) } else { format!("{} ({needs})", words(found.state)) }
}

#[test]
fn one_course() {
    let mut bench = Bench::new(vec![usual()]);
    let whole = "start: 2025-06-10, dose: 20 mg/week, adherence: 95 %, dose_limited_by: nothing";
    for (entry, state) in [
        (format!("{whole}, outcome: no_response"), "failed"),
        (format!("{whole}, outcome: partial"), "running"),
        (format!("{whole}, outcome: response, stop: 2026-01-01, stopped_for: remission"), "worked"),
        (format!("{whole}, outcome: response, stop: 2026-01-01, stopped_for: intolerance"), "not_tolerated"),
        (format!("{whole}, outcome: response, stop: 2026-01-01"), "worked not_tolerated (StoppedFor)"),
        (format!("{whole}, outcome: no_response, stop: 2025-07-01, stopped_for: other"), "inadequate"),
        (whole.to_owned(), "running failed (Outcome)"),
        ("start: 2026-01-10, dose: 20 mg/week".to_owned(), "running"),
        // Judged already, and how much was taken is not known.
        (
            "start: 2025-06-10, dose: 20 mg/week, dose_limited_by: nothing, outcome: no_response".to_owned(),
            "failed inadequate (Adherence)",
        ),
        (
            "start: 2025-06-10, dose: 10 mg/week, adherence: 95 %, dose_limited_by: unknown, outcome: no_response"
                .to_owned(),
            "failed inadequate (DoseLimitedBy)",
        ),
        // What is not named did not limit the dose.
        ("start: 2025-06-10, dose: 10 mg/week, adherence: 95 %, outcome: no_response".to_owned(), "inadequate"),
        (
            "start: 2025-06-10, dose: 10 mg/week, adherence: 95 %, dose_limited_by: intolerance, outcome: worse"
                .to_owned(),
            "failed",
        ),
        (
            "start: 2025-06-10, adherence: 95 %, dose_limited_by: other, outcome: worse".to_owned(),
            "running failed inadequate (Dose)",
        ),
        // 3 mg/day are 21 mg/week.
        ("start: 2025-06-10, dose: 3 mg/day, adherence: 95 %, outcome: worse".to_owned(), "failed"),
        // 12 weeks from 9 December are over on 3 March.
        ("start: 2025-12-09, dose: 20 mg/week, adherence: 10 %, outcome: partial".to_owned(), "running"),
        ("start: 2025-12-07, dose: 20 mg/week, adherence: 10 %, outcome: partial".to_owned(), "inadequate"),
        // Some day of December: perhaps the 7th, perhaps the 9th.
        (
            "start: 2025-12, dose: 20 mg/week, adherence: 10 %, outcome: partial".to_owned(),
            "running inadequate (Start)",
        ),
    ] {
        let text = format!("therapies: [{{drug: alpha, {entry}}}]");
        assert_eq!(told(&mut bench, ALPHA, &text), state, "{entry}");
    }
}

#[test]
fn what_the_list_says() {
    let mut bench = Bench::new(vec![usual()]);
    let failed = "{drug: alpha, start: 2025-01-10, stop: 2025-12-10, dose: 20 mg/week, adherence: 95 %, \
                  outcome: no_response, stopped_for: inefficacy}";
    for (text, state) in [
        (String::new(), "never running failed worked inadequate not_tolerated (Taken)"),
        ("therapies: []".to_owned(), "never"),
        (
            "therapies: []\ntherapies_complete: no".to_owned(),
            "never running failed worked inadequate not_tolerated (Taken)",
        ),
        (format!("therapies: [{failed}]"), "failed"),
        (format!("therapies: [{failed}]\ntherapies_complete: no"), "failed not_tolerated (Taken)"),
        ("therapies: [{drug: beta, start: 2025-01-10}]".to_owned(), "never"),
        // What a failed course leaves behind no other course takes away, whatever it was.
        (
            format!("therapies: [{failed}, {{drug: first, start: 2020-01, stop: 2020-03, stopped_for: other}}]"),
            "failed",
        ),
        (
            format!("therapies: [{failed}, {{drug: alpha, start: 2020-01, stop: 2020-03}}]"),
            "failed not_tolerated (StoppedFor)",
        ),
    ] {
        assert_eq!(told(&mut bench, ALPHA, &text), state, "{text}");
    }
}

#[test]
fn gaps() {
    let mut bench = Bench::new(vec![FairTrialRow { length: Some(at_least(weeks(12))), ..row(ALPHA) }]);
    let text = |stop: &str, start: &str| {
        format!(
            "therapies: [{{drug: alpha, start: 2025-06-01, stop: {stop}, stopped_for: other, outcome: no_response}}, \
             {{drug: alpha, start: {start}, stop: 2025-09-15, stopped_for: other, outcome: no_response}}]"
        )
    };
    // Joined over 28 days, they last 12 weeks.
    assert_eq!(told(&mut bench, ALPHA, &text("2025-07-10", "2025-08-08")), "failed");
    assert_eq!(told(&mut bench, ALPHA, &text("2025-07-10", "2025-08-09")), "inadequate");
    assert_eq!(told(&mut bench, ALPHA, &text("2025-07", "2025-08-09")), "failed inadequate (Stop)");
    assert_eq!(told(&mut bench, ALPHA, &text("2025-07", "2025-07-20")), "failed");
}

#[test]
fn combinations() {
    let mut bench = Bench::new(vec![FairTrialRow { length: Some(at_least(weeks(12))), ..row(BOTH) }]);
    let overlap = "therapies: [{drug: alpha, start: 2025-01-01, stop: 2025-08-01, outcome: no_response, stopped_for: \
                   other}, {drug: strong_beta, start: 2025-05-01, stop: 2025-12-01, outcome: worse, stopped_for: \
                   other}]";
    assert_eq!(told(&mut bench, BOTH, overlap), "failed");
    // The outcome of the time together is that of either.
    let either = overlap.replace("outcome: worse", "outcome: response");
    assert_eq!(told(&mut bench, BOTH, &either), "failed worked (Outcome)");
    let short = overlap.replace("2025-05-01", "2025-07-01");
    assert_eq!(told(&mut bench, BOTH, &short), "inadequate");
    let apart = overlap.replace("2025-05-01", "2025-08-02");
    assert_eq!(told(&mut bench, BOTH, &apart), "never");
    let perhaps = overlap.replace("2025-05-01", "2025-08");
    assert_eq!(told(&mut bench, BOTH, &perhaps), "never inadequate (Start)");
    let written = "therapies: [{drug: beta + alpha, start: 2025-01-01, outcome: no_response}]";
    assert_eq!(told(&mut bench, BOTH, written), "failed");
    // It is a course of each of them. That it was not tolerated is not said of either.
    assert_eq!(told(&mut bench, ALPHA, written), "failed");
    let ended = "therapies: [{drug: beta + alpha, start: 2025-01-01, stop: 2025-12-01, outcome: no_response, \
                 stopped_for: intolerance}]";
    assert_eq!(told(&mut bench, BOTH, ended), "not_tolerated");
    assert_eq!(told(&mut bench, ALPHA, ended), "failed not_tolerated (StoppedFor)");
    let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{written}"));
    assert_eq!(bench.slot(&record, ALPHA, CoursePart::Taking), Held::Truth(Truth::YES));
    let once = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{overlap}\ndeclined: [{{drug: beta}}]"));
    assert_eq!(bench.slot(&once, BOTH, CoursePart::Declined), Held::Truth(Truth::YES));
    assert_eq!(bench.slot(&once, ALPHA, CoursePart::Declined), Held::Truth(Truth::NO));
    assert_eq!(bench.slot(&once, BOTH, CoursePart::BegunFor(weeks(26))), Held::Truth(Truth::YES));
}

#[test]
fn infusions() {
    let infusion = FairTrialRow {
        dose: dose("2 g/kg per cycle", false),
        length: Some(TrialLength::Occasions(3)),
        judged: Some(judged(weeks(16), true)),
        ..row(ALPHA)
    };
    let mut bench = Bench::new(vec![infusion]);
    let course = |given: &str, rest: &str| format!("therapies: [{{drug: alpha, given: [{given}], {rest}}}]");
    let three = "2025-08-01, 2025-09-01, 2025-10-01";
    let two = "2025-08-01, 2025-09-01";
    assert_eq!(told(&mut bench, ALPHA, &course(three, "dose: 2 g/kg per cycle, outcome: no_response")), "failed");
    assert_eq!(told(&mut bench, ALPHA, &course(two, "dose: 2 g/kg per cycle, outcome: no_response")), "inadequate");
    assert_eq!(told(&mut bench, ALPHA, &course(three, "dose: 1 g/kg per cycle, outcome: no_response")), "inadequate");
    // 16 weeks after the last have not passed.
    let late = "2025-08-01, 2025-09-01, 2026-01-01";
    assert_eq!(told(&mut bench, ALPHA, &course(late, "dose: 1 g/kg per cycle")), "running");
    // 120 g are 2 g for each kg of 60; the weight nearest before the day counts.
    let grams = course(three, "dose: 120 g per cycle, outcome: no_response");
    let weight = |kg: u32| format!("{grams}\nvisits: [{{date: 2025-07-01, weight: {kg}}}]");
    let weight_need = |bench: &Bench| format!("{:?}", bench.engine.catalog().find("weight").map(CourseNeed::Fact));
    let open = told(&mut bench, ALPHA, &grams);
    let need = weight_need(&bench).replace("Some(", "");
    assert_eq!(open, format!("failed inadequate ({need}"));
    assert_eq!(told(&mut bench, ALPHA, &weight(60)), "failed");
    assert_eq!(told(&mut bench, ALPHA, &weight(61)), "inadequate");
    let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{grams}"));
    assert_eq!(bench.slot(&record, ALPHA, CoursePart::Taking), Held::Truth(Truth::YES));
    let since = NumberSet::point(Number::fraction(151, 7).unwrap_or(Number::ZERO));
    assert_eq!(bench.slot(&record, ALPHA, CoursePart::SinceLastDose), Held::Number(since));
}

/// Where nobody says on which days it was given, the last dose was on any of them: what those days would settle is open.
#[test]
fn infusions_that_nobody_counted() {
    let infusion =
        FairTrialRow { length: Some(TrialLength::Occasions(2)), judged: Some(judged(weeks(24), true)), ..row(ALPHA) };
    let mut bench = Bench::new(vec![infusion]);
    let course = |rest: &str| format!("therapies: [{{drug: alpha, start: 2024-01-01, {rest}}}]");
    let gave = "given: [2024-01-01, 2024-01-15]";
    for dose in ["dose: 1 g per dose, ", "dose: 1 g, ", ""] {
        let with = |rest: &str| course(&format!("{dose}{rest}"));
        assert_eq!(told(&mut bench, ALPHA, &with("outcome: no_response")), "running failed inadequate (Given)");
        assert_eq!(told(&mut bench, ALPHA, &with(&format!("outcome: no_response, {gave}"))), "failed");
        assert_eq!(told(&mut bench, ALPHA, &with("outcome: no_response, given: [2024-01-01]")), "inadequate");
    }
    let since = |bench: &mut Bench, rest: &str| {
        let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{}", course(rest)));
        bench.slot(&record, ALPHA, CoursePart::SinceLastDose)
    };
    let week = |days| Number::fraction(days, 7).unwrap_or(Number::ZERO);
    assert_eq!(since(&mut bench, gave), Held::Number(NumberSet::point(week(776))));
    assert_eq!(since(&mut bench, "outcome: response"), Held::Number(NumberSet::between(week(0), week(790))));
    assert_eq!(since(&mut bench, "stop: 2026-02-01"), Held::Number(NumberSet::between(week(28), week(790))));
    // Over 24 weeks ago it ended, whenever the last dose was.
    let ended = "stop: 2024-06-01, outcome: no_response, stopped_for: inefficacy";
    assert_eq!(told(&mut bench, ALPHA, &course(ended)), "failed inadequate (Given)");
}

#[test]
fn doses_of_every_kind() {
    for (floor, written, body, state) in [
        ("1 mg/kg/day", "70 mg/day", "weight: 70", "failed"),
        ("1 mg/kg/day", "70 mg/day", "weight: 71", "inadequate"),
        ("1 mg/kg/day", "1 mg/kg/day", "strength: 3", "failed"),
        ("60 mg/day", "1 mg/kg/day", "weight: 60", "failed"),
        ("60 mg/day", "1 mg/kg/day", "weight: 59", "inadequate"),
        // A body of 180 cm and 80 kg has 2 m2 of surface.
        ("10 mg/m2/week", "20 mg/week", "{weight: 80, height: 180", "failed"),
        ("10 mg/m2/week", "19.99 mg/week", "{weight: 80, height: 180", "inadequate"),
        ("20 mg/week", "10 mg/m2/week", "{weight: 80, height: 180", "failed"),
        ("20.01 mg/week", "10 mg/m2/week", "{weight: 80, height: 180", "inadequate"),
        ("1 mg/kg/week", "40 mg/m2/week", "{weight: 80, height: 180", "failed"),
        ("1.01 mg/kg/week", "40 mg/m2/week", "{weight: 80, height: 180", "inadequate"),
        ("40 mg/m2/week", "1 mg/kg/week", "{weight: 80, height: 180", "failed"),
        ("40.01 mg/m2/week", "1 mg/kg/week", "{weight: 80, height: 180", "inadequate"),
        ("10 mg/m2/week", "20 mg/week", "weight: 80", "failed inadequate"),
        ("1 g per dose", "10 mg/day", "weight: 80", "failed inadequate"),
    ] {
        let mut bench = Bench::new(vec![FairTrialRow { dose: dose(floor, false), ..row(ALPHA) }]);
        let body = body.trim_start_matches('{');
        let text = format!(
            "visits: [{{date: 2025-02-01, {body}}}]\ntherapies: [{{drug: alpha, start: 2025-01-01, dose: {written}, \
             outcome: no_response}}]"
        );
        let told = told(&mut bench, ALPHA, &text);
        assert_eq!(told.split(" (").next(), Some(state), "{written} against {floor}, {body}");
    }
    // One unit of the strong preparation is two of the drug.
    let mut bench = Bench::new(vec![FairTrialRow { dose: dose("20 mg/day", false), ..row(BETA) }]);
    let text =
        |drug: &str| format!("therapies: [{{drug: {drug}, start: 2025-01-01, dose: 10 mg/day, outcome: worse}}]");
    assert_eq!(told(&mut bench, BETA, &text("strong_beta")), "failed");
    assert_eq!(told(&mut bench, BETA, &text("beta")), "inadequate");
}

#[test]
fn steps_and_stretches() {
    let mut bench = Bench::new(vec![FairTrialRow { dose: dose("15 mg/week", false), ..usual() }]);
    let text = |doses: &str| {
        format!(
            "therapies: [{{drug: alpha, start: 2025-06-01, adherence: 90 %, outcome: no_response, doses: [{doses}]}}]"
        )
    };
    let step = |from: &str, dose: u32| format!("{{from: {from}, dose: {dose} mg/week}}");
    let steps = |steps: &[(&str, u32)]| {
        text(&steps.iter().map(|(from, dose)| step(from, *dose)).collect::<Vec<_>>().join(", "))
    };
    // Raised four weeks ago: not yet to be judged.
    assert_eq!(told(&mut bench, ALPHA, &steps(&[("2025-06-01", 10), ("2026-02-01", 20)])), "running");
    // Twelve weeks to the day, then lowered.
    assert_eq!(told(&mut bench, ALPHA, &steps(&[("2025-06-01", 15), ("2025-08-24", 10)])), "failed");
    assert_eq!(told(&mut bench, ALPHA, &steps(&[("2025-06-01", 15), ("2025-08-23", 10)])), "inadequate");
    assert_eq!(told(&mut bench, ALPHA, &steps(&[("2025-06-01", 15), ("2025-08", 10)])), "failed inadequate (Dose)");
    // A step before the start holds from the start on; before the first step nothing is known.
    assert_eq!(told(&mut bench, ALPHA, &steps(&[("2025-01-01", 15), ("2025-08-24", 10)])), "failed");
    assert_eq!(told(&mut bench, ALPHA, &steps(&[("2025-07-01", 15), ("2025-08-30", 10)])), "failed inadequate (Dose)");
}

#[test]
fn worked_out_from_visits() {
    let mut bench = Bench::with(vec![usual()], true);
    let course = "therapies: [{drug: alpha, start: 2025-06-10, stop: 2025-12-10, stopped_for: other, dose: 20 mg/week, \
                  adherence: 95 %, dose_limited_by: nothing}]";
    let with = |visits: &str| format!("{course}\nvisits: [{visits}]");
    assert_eq!(told(&mut bench, ALPHA, &with("{date: 2025-12-01, strength: 10}")), "failed");
    assert_eq!(told(&mut bench, ALPHA, &with("{date: 2025-12-01, strength: 50}")), "worked");
    // After its end: not looked at.
    let later = told(&mut bench, ALPHA, &with("{date: 2025-12-11, strength: 10}"));
    assert!(later.starts_with("failed worked inadequate (Outcome Fact("), "{later}");
    let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{}", with("{date: 2025-12-01, strength: 50}")));
    let found = bench.found(&record, ALPHA);
    assert!(found.courses[0].outcome_worked_out);
    assert_eq!(found.courses[0].outcome, outcomes(&["response"]));
}

#[test]
fn around_the_day_of_the_record() {
    let mut bench = Bench::new(vec![usual()]);
    let found = |bench: &mut Bench, as_of: &str, dates: &str, until: Option<Date>| {
        let text = format!("therapies: [{{drug: alpha, {dates}, dose: 20 mg/week, outcome: partial}}]");
        let record = bench.record(&format!("id: nobody\n{as_of}\n{text}"));
        let known = until.map(|day| myoguide::record::until(&record, day, bench.engine.catalog()).0);
        let found = bench.found(&known.unwrap_or(record), ALPHA);
        (words(found.state), found.taking)
    };
    let (newest, march, april) = ("", "as_of: 2026-03-10", "as_of: 2026-04-10");
    let running = ("running".to_owned(), Truth::YES);
    let perhaps = ("never running".to_owned(), Truth::EITHER);
    let tenth = Date::new(2026, 3, 10).ok();
    // A record says nothing of later days: what it says began in its month has begun.
    for as_of in [newest, march] {
        assert_eq!(found(&mut bench, as_of, "start: 2026-03", None), running, "{as_of}");
    }
    assert_eq!(found(&mut bench, march, "start: unknown", None), ("running inadequate".to_owned(), Truth::YES));
    assert_eq!(found(&mut bench, march, "start: 2025-03-01, stop: 2026-03", None).1, Truth::NO);
    // As known on an earlier day: perhaps not yet.
    assert_eq!(found(&mut bench, april, "start: 2026-03", tenth), perhaps);
    for dates in ["start: unknown", "start: unknown, stop: 2026-03"] {
        let (state, taking) = found(&mut bench, april, dates, tenth);
        assert!(state.starts_with("never running") && taking == Truth::EITHER, "{dates}: {state}");
    }
    assert_eq!(found(&mut bench, april, "start: 2026-02", tenth), running);
    assert_eq!(found(&mut bench, april, "start: unknown, stop: 2026-02", tenth).1, Truth::NO);
    for (stop, taking) in [("2026-03", Truth::EITHER), ("2026-02", Truth::NO), ("2026-04", Truth::YES)] {
        let dates = format!("start: 2025-03-01, stop: {stop}");
        assert_eq!(found(&mut bench, april, &dates, tenth).1, taking, "{stop}");
    }
}

/// What may have come after the day is open, and what surely did is left out.
#[test]
fn as_known_on_an_earlier_day() {
    let mut bench = Bench::new(vec![usual()]);
    let tenth = Date::new(2025, 9, 10).unwrap();
    let known = |bench: &mut Bench, text: &str| {
        let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{text}"));
        myoguide::record::until(&record, tenth, bench.engine.catalog()).0
    };
    let course = |rest: &str| format!("therapies: [{{drug: alpha, start: 2025-01-01, dose: 20 mg/week, {rest}}}]");
    for (rest, outcome, is_open) in [
        ("stop: 2025-06-01, outcome: partial", Some(Outcome::Partial), false),
        ("stop: 2025, outcome: partial", None, true),
        ("stop: unknown, outcome: partial", None, true),
        ("stop: 2025-12-01, outcome: partial", None, false),
        ("outcome: partial", None, false),
        ("outcome: partial, outcome_on: 2025", None, true),
        ("outcome: partial, outcome_on: 2025-10", None, false),
        ("outcome: partial, outcome_on: 2025-08", Some(Outcome::Partial), false),
    ] {
        let record = known(&mut bench, &course(rest));
        let entry = &record.therapies.as_ref().unwrap().courses[0];
        assert_eq!((entry.outcome, entry.outcome_is_open), (outcome, is_open), "{rest}");
    }
    for (date, declined) in [("2025-08-01", Truth::YES), ("2025-10-01", Truth::NO), ("unknown", Truth::EITHER)] {
        let record = known(&mut bench, &format!("therapies: []\ndeclined: [{{drug: alpha, date: {date}}}]"));
        assert_eq!(bench.found(&record, ALPHA).declined, declined, "{date}");
    }
}

/// Nothing begins after it ended, also where it began some day of that year.
#[test]
fn a_start_in_the_year_of_its_own_stop() {
    let mut bench = Bench::new(vec![usual()]);
    for start in ["", "start: 2025, "] {
        let text = format!("therapies: [{{drug: alpha, {start}stop: 2025-06-01, stopped_for: other}}]");
        let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{text}"));
        let from = bench.found(&record, ALPHA).courses[0].from.unwrap();
        assert_eq!(from.latest, Date::new(2025, 6, 1).unwrap(), "{start}");
    }
}

#[test]
fn weeks_since_the_last_dose() {
    let mut bench = Bench::new(Vec::new());
    let since = |bench: &mut Bench, text: &str| {
        let record = bench.record(&format!("id: nobody\nas_of: 2026-03-01\n{text}"));
        bench.slot(&record, ALPHA, CoursePart::SinceLastDose)
    };
    let between = |low: i128, high: i128| {
        let week = |days| Number::fraction(days, 7).unwrap_or(Number::ZERO);
        Held::Number(NumberSet::between(week(low), week(high)))
    };
    assert_eq!(since(&mut bench, "therapies: [{drug: alpha, start: 2026-01-01}]"), between(0, 0));
    assert_eq!(since(&mut bench, "therapies: [{drug: alpha, start: 2025-01-01, stop: 2026-02-15}]"), between(14, 14));
    assert_eq!(since(&mut bench, "therapies: [{drug: alpha, start: 2025-01-01, stop: 2026-01}]"), between(29, 59));
    assert_eq!(since(&mut bench, "therapies: []"), between(140_000, 140_000));
    assert_eq!(since(&mut bench, ""), between(0, 140_000));
}

#[test]
fn rules_that_are_missing_never_hold() {
    let mut bench = Bench::new(vec![usual()]);
    bench.lowered.course = None;
    let text = "therapies: [{drug: alpha, start: 2025-01-01, stop: 2025-12-01, dose: 20 mg/week, outcome: worse}]";
    assert_eq!(told(&mut bench, ALPHA, text), "inadequate");
    // A therapy without a row: every course counts.
    assert_eq!(told(&mut bench, BETA, "therapies: [{drug: beta, start: 2025-01-01}]"), "running");
}
