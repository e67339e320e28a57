//! Conclusions, ladders, regimens, advice, suspicions, algorithms and courses for programs.

use serde::Serialize;

use super::{
    BecauseObject, OverrideObject, PossibleObject, Presuming, Value, because, is_false, possible, presuming, value,
};
use crate::eval::Status;
use crate::explain::{
    AdviceShown, AgainstShown, BranchShown, CitationShown, ConclusionShown, CourseShown, Explanation, Flowchart,
    LadderShown, LineShown, Lit, OptionShown, Possible, RegimenShown, Standing, StatusEventShown, StatusShown,
    StepShown, SuspicionShown, TargetShown,
};
use crate::render::words;

#[derive(Serialize)]
pub(super) struct StandingObject<'a> {
    status: &'static str,
    value: Value<'a>,
    #[serde(skip_serializing_if = "is_false")]
    approximate: bool,
    possible: PossibleObject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<bool>,
    because: Vec<BecauseObject<'a>>,
    #[serde(skip_serializing_if = "Presuming::is_left_out")]
    presuming: Presuming<'a>,
}

#[derive(Serialize)]
pub(super) struct ConclusionObject<'a> {
    id: &'a str,
    algorithm: &'a str,
    title: &'a str,
    #[serde(flatten)]
    standing: StandingObject<'a>,
    sources: Vec<&'a str>,
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    own: Option<OverrideObject<'a>>,
}

#[derive(Serialize)]
pub(super) struct LadderObject<'a> {
    id: &'a str,
    title: &'a str,
    patients: StandingObject<'a>,
    current: StandingObject<'a>,
    lines: Vec<LineObject<'a>>,
    throughout: Vec<OptionObject<'a>>,
    optional: Vec<OptionObject<'a>>,
    alongside: Vec<OptionObject<'a>>,
    sources: Vec<&'a str>,
}

#[derive(Serialize)]
struct LineObject<'a> {
    id: &'a str,
    title: &'a str,
    state: &'a str,
    possible: PossibleObject<'a>,
    because: Vec<BecauseObject<'a>>,
    options: Vec<OptionObject<'a>>,
}

#[derive(Serialize)]
struct OptionObject<'a> {
    id: &'a str,
    label: &'a str,
    text: Option<&'a str>,
    verdict: StandingObject<'a>,
    also: &'a [&'static str],
    against: Vec<AgainstObject<'a>>,
    cautions: Vec<AgainstObject<'a>>,
    monitor: &'a [String],
    taking: &'static str,
    judge_on: Option<String>,
    judge_after: Option<&'a str>,
    how: Option<&'static str>,
    strength: Option<&'static str>,
    requires: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    status_on_day: Vec<StatusObject<'a>>,
    sources: Vec<&'a str>,
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    own: Option<OverrideObject<'a>>,
}

#[derive(Serialize)]
struct StatusObject<'a> {
    indication: &'a str,
    region: Option<&'a str>,
    value: Option<&'static str>,
    possible: Vec<&'static str>,
    events: Vec<EventObject<'a>>,
    beside: Vec<EventObject<'a>>,
}

#[derive(Serialize)]
struct EventObject<'a> {
    from: String,
    makes: &'static str,
    text: &'a str,
    source: &'a str,
    place: Option<&'a str>,
    mark: &'static str,
}

fn status(shown: &StatusShown) -> StatusObject<'_> {
    fn event(event: &StatusEventShown) -> EventObject<'_> {
        EventObject {
            from: event.from.to_string(),
            makes: event.makes.word(),
            text: &event.text,
            source: &event.source,
            place: event.place.as_deref(),
            mark: event.mark.words(),
        }
    }
    let settled = match shown.possible.as_slice() {
        [one] => Some(one.word()),
        _ => None,
    };
    StatusObject {
        indication: &shown.indication,
        region: shown.region.as_deref().or(shown.elsewhere.then_some("elsewhere")),
        value: settled,
        possible: shown.possible.iter().map(|status| status.word()).collect(),
        events: shown.events.iter().map(event).collect(),
        beside: shown.beside.iter().map(event).collect(),
    }
}

#[derive(Serialize)]
struct AgainstObject<'a> {
    id: &'a str,
    kind: &'static str,
    text: &'a str,
    when: &'a str,
    #[serde(flatten)]
    standing: StandingObject<'a>,
    #[serde(skip_serializing_if = "super::is_false")]
    local: bool,
    sources: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct RegimenObject<'a> {
    id: &'a str,
    title: &'a str,
    patients: StandingObject<'a>,
    give: Vec<OptionObject<'a>>,
    plus: &'a [(u32, u32)],
    of: Vec<OptionObject<'a>>,
    short: Option<&'a str>,
    sources: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct AdviceObject<'a> {
    id: &'a str,
    verdict: &'static str,
    text: &'a str,
    level: Option<&'a str>,
    strength: Option<&'static str>,
    grade: Option<&'a str>,
    sources: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    possible: Option<&'a [&'static str]>,
    because: Vec<BecauseObject<'a>>,
    beaten_by: Option<&'a str>,
    stop: Option<&'a str>,
    #[serde(skip_serializing_if = "super::is_false")]
    local: bool,
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    own: Option<OverrideObject<'a>>,
}

#[derive(Serialize)]
pub(super) struct SuspicionObject<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(flatten)]
    standing: StandingObject<'a>,
    #[serde(rename = "for")]
    pointing: Vec<PointerObject<'a>>,
    against: Vec<PointerObject<'a>>,
    tests: &'a [String],
    sources: Vec<&'a str>,
}

#[derive(Serialize)]
struct PointerObject<'a> {
    text: &'a str,
    possible: PossibleObject<'a>,
}

#[derive(Serialize)]
pub(super) struct AlgorithmObject<'a> {
    id: &'a str,
    title: &'a str,
    steps: Vec<StepObject<'a>>,
    conclusions: Vec<EndObject<'a>>,
}

#[derive(Serialize)]
struct StepObject<'a> {
    id: &'a str,
    title: &'a str,
    reached: &'static str,
    branches: Vec<BranchObject<'a>>,
    waits_for: &'a [String],
    seen: &'a [String],
}

#[derive(Serialize)]
struct BranchObject<'a> {
    label: &'a str,
    taken: &'static str,
    targets: Vec<String>,
}

#[derive(Serialize)]
struct EndObject<'a> {
    id: &'a str,
    title: &'a str,
    reached: &'static str,
}

#[derive(Serialize)]
pub(super) struct CourseObject<'a> {
    id: &'a str,
    label: &'a str,
    state: StateObject<'a>,
    taking: &'static str,
    courses: &'a [String],
    why: &'a [String],
    judge_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    judge_from: Option<String>,
    sources: Vec<&'a str>,
}

#[derive(Serialize)]
struct StateObject<'a> {
    value: Value<'a>,
    possible: PossibleObject<'a>,
}

fn standing(shown: &Standing) -> StandingObject<'_> {
    let open = shown.status == Status::Open;
    let (value, approximate) = match shown.status {
        Status::Decided => value(&shown.possible),
        Status::Open | Status::Silent | Status::Fault => (Value::Nothing, false),
    };
    StandingObject {
        status: words::status(shown.status),
        value,
        approximate,
        possible: possible(&shown.possible, shown.exact),
        exact: (!shown.exact).then_some(false),
        because: shown.because.iter().map(because).collect(),
        presuming: match &shown.presuming {
            Some(settled) if open => Presuming::Settled(presuming(settled)),
            None if open => Presuming::Nothing,
            Some(_) | None => Presuming::LeftOut,
        },
    }
}

/// Where the clinic disagrees with something beside the answers.
fn own<'a>(explanation: &'a Explanation, name: &str) -> Option<OverrideObject<'a>> {
    let own = explanation.overrides.iter().find(|own| own.answer == name)?;
    Some(OverrideObject { mine: &own.mine, reason: &own.reason, by: &own.by })
}

pub(super) fn conclusion<'a>(explanation: &'a Explanation, shown: &'a ConclusionShown) -> ConclusionObject<'a> {
    ConclusionObject {
        id: &shown.id,
        algorithm: &shown.algorithm,
        title: &shown.title,
        standing: standing(&shown.standing),
        sources: keys(&shown.citations),
        own: own(explanation, &shown.id),
    }
}

pub(super) fn ladder<'a>(explanation: &'a Explanation, shown: &'a LadderShown) -> LadderObject<'a> {
    let options = |all: &'a [OptionShown]| all.iter().map(|one| option(explanation, &shown.id, one)).collect();
    LadderObject {
        id: &shown.id,
        title: &shown.title,
        patients: standing(&shown.patients),
        current: standing(&shown.current),
        lines: shown.lines.iter().map(|one| line(explanation, &shown.id, one)).collect(),
        throughout: options(&shown.throughout),
        optional: options(&shown.optional),
        alongside: options(&shown.alongside),
        sources: keys(&shown.citations),
    }
}

fn line<'a>(explanation: &'a Explanation, ladder: &str, shown: &'a LineShown) -> LineObject<'a> {
    let state = match (&shown.state.possible, shown.state.status) {
        (Possible::Choice(values), Status::Decided) => values.first().map_or("open", String::as_str),
        _ => "open",
    };
    LineObject {
        id: &shown.id,
        title: &shown.title,
        state,
        possible: possible(&shown.state.possible, true),
        because: shown.state.because.iter().map(because).collect(),
        options: shown.options.iter().map(|one| option(explanation, ladder, one)).collect(),
    }
}

fn option<'a>(explanation: &'a Explanation, above: &str, shown: &'a OptionShown) -> OptionObject<'a> {
    OptionObject {
        id: &shown.id,
        label: &shown.label,
        text: shown.text.as_deref(),
        verdict: standing(&shown.verdict),
        also: &shown.also,
        against: shown.against.iter().map(against).collect(),
        cautions: shown.cautions.iter().map(against).collect(),
        monitor: &shown.monitor,
        taking: yes_no(&shown.taking),
        judge_on: shown.judge_on.map(|day| day.to_string()),
        judge_after: shown.judge_after.as_deref(),
        how: shown.how,
        strength: shown.strength,
        requires: &shown.requires,
        status_on_day: shown.statuses.iter().map(status).collect(),
        sources: keys(&shown.citations),
        own: own(explanation, &format!("{above}.{}", shown.id)),
    }
}

fn against(shown: &AgainstShown) -> AgainstObject<'_> {
    AgainstObject {
        id: &shown.id,
        kind: shown.kind,
        text: &shown.text,
        when: &shown.when,
        local: shown.local,
        standing: standing(&shown.standing),
        sources: keys(&shown.citations),
    }
}

pub(super) fn regimen<'a>(explanation: &'a Explanation, shown: &'a RegimenShown) -> RegimenObject<'a> {
    let options = |all: &'a [OptionShown]| all.iter().map(|one| option(explanation, &shown.id, one)).collect();
    RegimenObject {
        id: &shown.id,
        title: &shown.title,
        patients: standing(&shown.patients),
        give: options(&shown.give),
        plus: &shown.plus,
        of: options(&shown.of),
        short: shown.short.as_deref(),
        sources: keys(&shown.citations),
    }
}

pub(super) fn advice<'a>(explanation: &'a Explanation, shown: &'a AdviceShown) -> AdviceObject<'a> {
    AdviceObject {
        id: &shown.id,
        verdict: shown.verdict.word(),
        text: &shown.text,
        level: shown.level.as_deref(),
        strength: shown.strength,
        grade: shown.grade.as_deref(),
        sources: keys(&shown.citations),
        possible: (shown.possible.len() > 1).then_some(shown.possible.as_slice()),
        because: shown.because.iter().map(because).collect(),
        beaten_by: shown.beaten_by.as_deref(),
        stop: shown.stop.as_deref(),
        local: shown.local,
        own: own(explanation, &shown.id),
    }
}

pub(super) fn suspicion(shown: &SuspicionShown) -> SuspicionObject<'_> {
    SuspicionObject {
        id: &shown.id,
        title: &shown.title,
        standing: standing(&shown.standing),
        pointing: shown.pointing.iter().map(pointer).collect(),
        against: shown.against.iter().map(pointer).collect(),
        tests: &shown.tests,
        sources: keys(&shown.citations),
    }
}

fn pointer((text, holds): &(String, Possible)) -> PointerObject<'_> {
    PointerObject { text, possible: possible(holds, true) }
}

pub(super) fn algorithm(shown: &Flowchart) -> AlgorithmObject<'_> {
    AlgorithmObject {
        id: &shown.id,
        title: &shown.title,
        steps: shown.steps.iter().map(|one| step(shown, one)).collect(),
        conclusions: shown
            .conclusions
            .iter()
            .map(|end| EndObject { id: &end.id, title: &end.title, reached: lit(end.reached) })
            .collect(),
    }
}

fn step<'a>(chart: &'a Flowchart, shown: &'a StepShown) -> StepObject<'a> {
    StepObject {
        id: &shown.id,
        title: &shown.title,
        reached: lit(shown.reached),
        branches: shown.branches.iter().map(|one| branch(chart, one)).collect(),
        waits_for: &shown.waits_for,
        seen: &shown.seen,
    }
}

fn branch<'a>(chart: &'a Flowchart, shown: &'a BranchShown) -> BranchObject<'a> {
    let targets = shown.targets.iter().filter_map(|target| match target {
        TargetShown::Step(at) => chart.steps.get(*at).map(|step| format!("step {}", step.id)),
        TargetShown::Conclusion(at) => chart.conclusions.get(*at).map(|end| format!("conclude {}", end.id)),
    });
    BranchObject { label: &shown.label, taken: lit(shown.taken), targets: targets.collect() }
}

fn lit(lit: Lit) -> &'static str {
    match lit {
        Lit::Yes => "yes",
        Lit::Perhaps => "perhaps",
        Lit::No => "no",
    }
}

pub(super) fn course(shown: &CourseShown) -> CourseObject<'_> {
    CourseObject {
        id: &shown.id,
        label: &shown.label,
        state: StateObject { value: value(&shown.state).0, possible: possible(&shown.state, true) },
        taking: yes_no(&shown.taking),
        courses: &shown.courses,
        why: &shown.why,
        judge_on: shown.judge_on.map(|day| day.to_string()),
        judge_from: shown.judge_from.map(|day| day.to_string()),
        sources: keys(&shown.citations),
    }
}

fn yes_no(possible: &Possible) -> &'static str {
    match possible {
        Possible::YesNo { yes: true, no: false } => "yes",
        Possible::YesNo { yes: false, no: true } => "no",
        Possible::YesNo { .. }
        | Possible::Choice(_)
        | Possible::Several { .. }
        | Possible::Number(_)
        | Possible::Nothing => "open",
    }
}

/// The keys of sources, each once.
fn keys(citations: &[CitationShown]) -> Vec<&str> {
    let mut keys: Vec<&str> = Vec::new();
    for citation in citations {
        if !keys.contains(&citation.key.as_str()) {
            keys.push(&citation.key);
        }
    }
    keys
}
