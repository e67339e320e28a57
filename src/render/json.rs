//! The result for programs: one object a line for each record and guideline, numbers exact.
//!
//! ```text
//! {"myoguide":"0.1.0",…,"answers":{"response":{"status":"decided","value":"moderate","possible":["moderate"]}},…}
//! ```

mod treatment;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::VERSION;
use crate::eval::Status;
use crate::explain::{
    AnswerShown, Because, CitationShown, Explanation, Missing, NOTICE, Operand, Possible, PresumingShown, Silent,
    Statement,
};
use crate::value::{Bound, Number, NumberSet};

/// How many possible numbers are listed one by one.
const LISTED: usize = 64;
/// Decimals of a number that has no end.
const DECIMALS: usize = 12;

/// The object of one record and guideline, on a line of its own; `trace` says how each answer was worked out.
pub fn render(explanation: &Explanation, trace: bool) -> String {
    line(&whole(explanation, trace))
}

/// Anything of texts, lists and numbers as JSON on a line of its own.
pub(crate) fn line(object: &impl Serialize) -> String {
    #[expect(clippy::expect_used, reason = "texts, lists and numbers that were printed as numbers")]
    let mut line = serde_json::to_string(object).expect("there is nothing in it that JSON cannot say");
    line.push('\n');
    line
}

#[derive(Serialize)]
struct Whole<'a> {
    myoguide: &'static str,
    notice: &'static str,
    guideline: GuidelineObject<'a>,
    record: RecordObject<'a>,
    answers: ByName<'a, AnswerObject<'a>>,
    conclusions: Vec<treatment::ConclusionObject<'a>>,
    ladders: Vec<treatment::LadderObject<'a>>,
    advice: Vec<treatment::AdviceObject<'a>>,
    regimens: Vec<treatment::RegimenObject<'a>>,
    suspicions: Vec<treatment::SuspicionObject<'a>>,
    algorithms: Vec<treatment::AlgorithmObject<'a>>,
    courses: Vec<treatment::CourseObject<'a>>,
    missing: Vec<MissingObject<'a>>,
    silent: Vec<SilentObject<'a>>,
    notices: &'a [String],
    trace: Vec<StatementObject<'a>>,
}

#[derive(Serialize)]
struct GuidelineObject<'a> {
    id: &'a str,
    release: &'a str,
    hash: &'a str,
}

#[derive(Serialize)]
struct RecordObject<'a> {
    id: &'a str,
    as_of: String,
    hash: &'a str,
}

#[derive(Serialize)]
struct AnswerObject<'a> {
    status: &'static str,
    value: Value<'a>,
    #[serde(skip_serializing_if = "is_false")]
    approximate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    possible: PossibleObject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<Vec<BecauseObject<'a>>>,
    #[serde(skip_serializing_if = "Presuming::is_left_out")]
    presuming: Presuming<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    silence: Option<&'a str>,
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    own: Option<OverrideObject<'a>>,
}

/// What an answer would be, taking the usual for granted.
#[derive(Serialize)]
#[serde(untagged)]
enum Presuming<'a> {
    /// It is not open.
    LeftOut,
    /// It is open, and nothing usual would settle it: `null`.
    Nothing,
    Settled(PresumingObject<'a>),
}

impl Presuming<'_> {
    fn is_left_out(&self) -> bool {
        matches!(self, Presuming::LeftOut)
    }
}

#[derive(Serialize)]
struct OverrideObject<'a> {
    mine: &'a str,
    reason: &'a str,
    by: &'a str,
}

#[derive(Serialize)]
struct BecauseObject<'a> {
    fact: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    when: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct PresumingObject<'a> {
    value: Value<'a>,
    facts: ByName<'a, &'a str>,
}

#[derive(Serialize)]
struct MissingObject<'a> {
    fact: &'a str,
    question: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    when: &'a str,
    why: &'a str,
    settles: &'a [String],
}

#[derive(Serialize)]
struct SilentObject<'a> {
    source: &'a str,
    because: &'a str,
}

#[derive(Serialize)]
struct StatementObject<'a> {
    id: &'a str,
    kind: &'static str,
    title: &'a str,
    place: &'a str,
    citations: Vec<CitationObject<'a>>,
    operands: Vec<OperandObject<'a>>,
    outcome: OutcomeObject<'a>,
    why: Option<&'a str>,
    parts: Vec<StatementObject<'a>>,
}

#[derive(Serialize)]
struct CitationObject<'a> {
    key: &'a str,
    place: Option<&'a str>,
    mark: &'static str,
}

#[derive(Serialize)]
struct OutcomeObject<'a> {
    value: Value<'a>,
    #[serde(skip_serializing_if = "is_false")]
    approximate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    possible: PossibleObject<'a>,
}

#[derive(Serialize)]
struct OperandObject<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    when: &'a str,
    value: Value<'a>,
    #[serde(skip_serializing_if = "is_false")]
    approximate: bool,
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    possible: Option<PossibleObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upper_limit: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<Box<RawValue>>,
    date: Option<String>,
    provenance: &'a str,
    written: Option<&'a str>,
    place: Option<&'a str>,
}

/// One value, or nothing.
#[derive(Serialize)]
#[serde(untagged)]
enum Value<'a> {
    Word(&'a str),
    Words(&'a [String]),
    Number(Box<RawValue>),
    Nothing,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PossibleObject<'a> {
    Words(Vec<&'a str>),
    Numbers(NumbersObject),
    Several { certain: &'a [String], perhaps: &'a [String] },
}

#[derive(Serialize)]
struct NumbersObject {
    min: Option<Box<RawValue>>,
    max: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<Box<RawValue>>>,
    #[serde(skip_serializing_if = "is_false")]
    min_open: bool,
    #[serde(skip_serializing_if = "is_false")]
    max_open: bool,
    #[serde(skip_serializing_if = "is_false")]
    approximate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<bool>,
}

/// An answer as short as it can be: a settled one is its value alone, another says how it stands, in the words of the whole
/// result.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Brief<'a> {
    Settled(BriefValue<'a>),
    Standing(StandingObject<'a>),
}

/// The value of a settled answer.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct BriefValue<'a>(Value<'a>);

/// How an answer stands that is not settled.
#[derive(Serialize)]
pub(crate) struct StandingObject<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    possible: Option<PossibleObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presuming: Option<PresumingObject<'a>>,
}

/// An answer in brief.
pub(crate) fn brief<'a>(
    status: Status,
    of: &'a Possible,
    exact: bool,
    presumed: Option<&'a PresumingShown>,
) -> Brief<'a> {
    let open = status == Status::Open;
    if status == Status::Decided {
        return Brief::Settled(BriefValue(value(of).0));
    }
    Brief::Standing(StandingObject {
        status: super::words::status(status),
        possible: open.then(|| possible(of, exact)),
        exact: (open && !exact).then_some(false),
        presuming: presumed.filter(|_| open).map(presuming),
    })
}

/// An object whose keys are names, in order.
struct ByName<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for ByName<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(value: &bool) -> bool {
    !*value
}

fn whole(explanation: &Explanation, trace: bool) -> Whole<'_> {
    let Explanation { guideline, record, .. } = explanation;
    let traced: &[Statement] = if trace { &explanation.trace } else { &[] };
    Whole {
        myoguide: VERSION,
        notice: NOTICE,
        guideline: GuidelineObject { id: &guideline.id, release: &guideline.release, hash: &guideline.hash },
        record: RecordObject { id: &record.id, as_of: record.as_of.to_string(), hash: &record.hash },
        answers: ByName(explanation.answers.iter().map(|each| (each.id.as_str(), answer(explanation, each))).collect()),
        conclusions: explanation.conclusions.iter().map(|one| treatment::conclusion(explanation, one)).collect(),
        ladders: explanation.ladders.iter().map(|one| treatment::ladder(explanation, one)).collect(),
        advice: explanation.advice.iter().map(|one| treatment::advice(explanation, one)).collect(),
        regimens: explanation.regimens.iter().map(|one| treatment::regimen(explanation, one)).collect(),
        suspicions: explanation.suspicions.iter().map(treatment::suspicion).collect(),
        algorithms: explanation.flowcharts.iter().map(treatment::algorithm).collect(),
        courses: explanation.courses.iter().map(treatment::course).collect(),
        missing: explanation.missing.iter().map(missing).collect(),
        silent: explanation.silent.iter().map(|Silent { source, because }| SilentObject { source, because }).collect(),
        notices: &explanation.notices,
        trace: traced.iter().map(statement).collect(),
    }
}

fn answer<'a>(explanation: &'a Explanation, shown: &'a AnswerShown) -> AnswerObject<'a> {
    let open = shown.status == Status::Open;
    let (value, approximate) = match shown.status {
        Status::Decided => value(&shown.possible),
        Status::Open | Status::Silent | Status::Fault => (Value::Nothing, false),
    };
    let own = explanation.overrides.iter().find(|own| own.answer == shown.id);
    AnswerObject {
        status: super::words::status(shown.status),
        value,
        approximate,
        unit: shown.unit.as_deref(),
        possible: possible(&shown.possible, shown.exact),
        exact: (!shown.exact).then_some(false),
        reading: shown.as_recorded.then_some("as_recorded"),
        because: open.then(|| shown.because.iter().map(because).collect()),
        presuming: match &shown.presuming {
            Some(settled) if open => Presuming::Settled(presuming(settled)),
            None if open => Presuming::Nothing,
            Some(_) | None => Presuming::LeftOut,
        },
        fault: shown.fault.as_deref(),
        silence: shown.silence.as_deref(),
        own: own.map(|own| OverrideObject { mine: &own.mine, reason: &own.reason, by: &own.by }),
    }
}

fn because(shown: &Because) -> BecauseObject<'_> {
    BecauseObject { fact: &shown.fact, when: &shown.when, why: &shown.why }
}

fn presuming(shown: &PresumingShown) -> PresumingObject<'_> {
    let facts = shown.facts.iter().map(|(fact, value)| (fact.as_str(), value.as_str())).collect();
    PresumingObject { value: value(&shown.possible).0, facts: ByName(facts) }
}

fn missing(shown: &Missing) -> MissingObject<'_> {
    let Missing { fact, question, when, why, settles, .. } = shown;
    MissingObject { fact, question, when, why, settles }
}

fn statement(shown: &Statement) -> StatementObject<'_> {
    let (value, approximate) = value(&shown.outcome);
    StatementObject {
        id: &shown.id,
        kind: shown.kind,
        title: &shown.title,
        place: &shown.place,
        citations: shown.citations.iter().map(citation).collect(),
        operands: shown.operands.iter().map(operand).collect(),
        outcome: OutcomeObject {
            value,
            approximate,
            unit: shown.unit.as_deref(),
            possible: possible(&shown.outcome, true),
        },
        why: shown.why.as_deref(),
        parts: shown.parts.iter().map(statement).collect(),
    }
}

fn citation(shown: &CitationShown) -> CitationObject<'_> {
    CitationObject { key: &shown.key, place: shown.place.as_deref(), mark: shown.mark.words() }
}

fn operand(shown: &Operand) -> OperandObject<'_> {
    let (value, approximate) = value(&shown.possible);
    let open = matches!(value, Value::Nothing).then(|| possible(&shown.possible, true));
    OperandObject {
        id: &shown.id,
        when: &shown.when,
        value,
        approximate,
        unit: shown.unit.as_deref(),
        possible: open,
        upper_limit: shown.upper_limit.map(number),
        scale: shown.scale.map(number),
        date: shown.date.map(|date| date.to_string()),
        provenance: &shown.provenance,
        written: shown.written.as_deref(),
        place: shown.place.as_deref(),
    }
}

/// The only value left, and whether it is printed to some decimals only.
fn value(possible: &Possible) -> (Value<'_>, bool) {
    match possible {
        Possible::YesNo { yes: true, no: false } => (Value::Word("yes"), false),
        Possible::YesNo { yes: false, no: true } => (Value::Word("no"), false),
        Possible::Choice(values) => match values.as_slice() {
            [only] => (Value::Word(only), false),
            _ => (Value::Nothing, false),
        },
        Possible::Several { certain, perhaps } if perhaps.is_empty() => (Value::Words(certain), false),
        Possible::Number(set) => match super::words::one_number(set) {
            Some((only, exact)) => {
                let (text, ends) = shown(only);
                (Value::Number(text), !(exact && ends))
            }
            None => (Value::Nothing, false),
        },
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Nothing => (Value::Nothing, false),
    }
}

fn possible(possible: &Possible, exact: bool) -> PossibleObject<'_> {
    match possible {
        Possible::YesNo { yes, no } => PossibleObject::Words(
            [(*yes, "yes"), (*no, "no")].into_iter().filter_map(|(can, word)| can.then_some(word)).collect(),
        ),
        Possible::Choice(values) => PossibleObject::Words(values.iter().map(String::as_str).collect()),
        Possible::Several { certain, perhaps } => PossibleObject::Several { certain, perhaps },
        Possible::Number(set) => PossibleObject::Numbers(numbers(set, exact)),
        Possible::Nothing => PossibleObject::Words(Vec::new()),
    }
}

fn numbers(set: &NumberSet, exact: bool) -> NumbersObject {
    let hull = set.hull();
    let end = |bound: Option<Bound>| bound.and_then(Bound::number).map(shown);
    let (low, high) = (end(hull.map(|hull| hull.low)), end(hull.map(|hull| hull.high)));
    let values = set.finite_values(LISTED).map(|values| values.into_iter().map(shown).collect::<Vec<_>>());
    let ends = low.iter().chain(&high).chain(values.iter().flatten()).all(|(_, ends)| *ends);
    let open = |bound: Option<Bound>| matches!(bound, Some(Bound::Open(_)));
    NumbersObject {
        min: low.map(|(text, _)| text),
        max: high.map(|(text, _)| text),
        values: values.map(|values| values.into_iter().map(|(text, _)| text).collect()),
        min_open: open(hull.map(|hull| hull.low)),
        max_open: open(hull.map(|hull| hull.high)),
        approximate: !ends,
        exact: (!exact).then_some(false),
    }
}

/// A number as JSON, and whether that is all of it.
fn shown(number: Number) -> (Box<RawValue>, bool) {
    let exact = number.exact_decimal();
    let ends = exact.is_some();
    let text = exact.unwrap_or_else(|| number.rounded(DECIMALS));
    #[expect(clippy::expect_used, reason = "digits with a point, as Number prints them")]
    let raw = RawValue::from_string(text).expect("a decimal is a JSON number");
    (raw, ends)
}

/// A number as JSON: every digit of a decimal that ends, else some.
pub(crate) fn number(number: Number) -> Box<RawValue> {
    shown(number).0
}
