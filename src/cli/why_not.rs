use clap::Args;
use serde::Serialize;

use super::output::{self, Stop};
use super::why::{GuidelineObject, OfRecord, Question, RecordObject, VERSION, head, json_head, silence, value};
use super::wrap::wrapped;
use super::{Ending, TextOrJson};
use crate::eval::Status;
use crate::explain::{Explanation, NOTICE};
use crate::render::{json, words};
use crate::why::change::{self, Change, Changed, Found, Kind, WhyNot as Answered};
use crate::why::lacked::{Lacked, lacked};
use crate::why::words::Told;

const EXAMPLES: &str = "\
Examples:
  myoguide why-not examples/adult.yaml response=moderate
  myoguide why-not patient.yaml LADDER.DRUG=option_now --guideline refractory_iim
  myoguide why-not patient.yaml 'total_improvement_score=at least 60'";

/// What is said under every change.
const NO_ADVICE: &str = "This says what the answer hangs on. It is no reason to record anything but what was found, \
                         or to treat in order to get another answer.";

/// Why an answer is not another
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct WhyNot {
    #[command(flatten)]
    asked: OfRecord,
    /// An answer, a conclusion, a finding or a drug on a ladder, and the value it might have had; of a number also
    /// `at least 40`, `below 20`, `20 to 40`
    #[arg(value_name = "ANSWER=VALUE")]
    wanted: String,
}

impl WhyNot {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let Some((name, text)) = self.wanted.split_once('=').map(|(name, text)| (name.trim(), text.trim())) else {
            return Err(Stop::Refused(format!(
                "`{0}` names no value; write `{0}=yes`, or what else it might have been",
                self.wanted
            )));
        };
        let mut printed = false;
        self.asked.each(&[name], |question| {
            let mut found: Vec<(Answered, Vec<Lacked>)> = Vec::new();
            for target in &question.targets {
                let value = target.value(text).map_err(Stop::Refused)?;
                let tests = lacked(&question.explanation, target, &value);
                found.push((change::why_not(&question.patient, target, &value), tests));
            }
            let page = match self.asked.format {
                TextOrJson::Text => page(question, &found, printed),
                TextOrJson::Json => object(&question.explanation, &found),
            };
            printed = true;
            output::result(&page)
        })
    }
}

fn page(question: &Question<'_>, found: &[(Answered, Vec<Lacked>)], later: bool) -> String {
    let explanation = &question.explanation;
    let mut page = head(explanation, later);
    for (answered, tests) in found {
        page.push('\n');
        page.push_str(&is_now(explanation, answered));
        if !matches!(answered.found, Found::Already) {
            page.push_str(&lacks(tests));
            page.push_str(&changes(answered));
        }
    }
    page
}

/// `Response: moderate, not major.`
fn is_now(explanation: &Explanation, answered: &Answered) -> String {
    let title = &answered.target.title;
    let wanted = spoken(answered);
    let unit = answered.target.unit();
    let now = words::possible(&answered.possible, unit.as_deref());
    let text = match (answered.status, &answered.found) {
        (_, Found::Already) => format!("{title} is {now}: see `why`."),
        (Status::Decided, _) => format!("{title}: {now}, not {wanted}."),
        (Status::Open, _) => format!("{title}: not settled ({now}), and so not {wanted}."),
        (Status::Silent, _) => {
            format!("{title}: the guideline does not speak of this patient.{}", silence(explanation))
        }
        (Status::Fault, _) => format!("{title}: the guideline is at fault for this patient."),
    };
    wrapped("", "  ", &text)
}

fn spoken(answered: &Answered) -> String {
    words::with_unit(&words::spoken(&answered.value.written), answered.target.unit().as_deref().unwrap_or_default())
}

fn lacks(tests: &[Lacked]) -> String {
    if tests.is_empty() {
        return String::new();
    }
    let mut text = "  What was lacking:\n".to_owned();
    for test in tests {
        let how = match (test.held, test.open) {
            (true, false) => "this holds, and would have to be otherwise: ",
            (true, true) => "this may hold, and would have to be otherwise: ",
            (false, _) => "",
        };
        let found = test.found.as_ref().map(|found| format!(" ({})", words::spoken(found))).unwrap_or_default();
        text.push_str(&wrapped("  - ", "    ", &format!("{how}{}{found}", test.test)));
    }
    text
}

fn changes(answered: &Answered) -> String {
    let wanted = spoken(answered);
    let all = |count: usize| if count == 1 { "1 fact".to_owned() } else { format!("{count} facts") };
    match &answered.found {
        Found::Already => String::new(),
        Found::Changes(found) => {
            let size = found.first().map_or(0, |change| change.changed.len());
            let title = match size {
                0 => "  Nothing recorded speaks against it:\n".to_owned(),
                _ => format!("  The smallest change that would give it, of {}:\n", all(size)),
            };
            let mut text = title;
            for change in found {
                text.push_str(&wrapped("  - ", "    ", &sentence(change, &wanted)));
            }
            text.push_str(&wrapped("  ", "  ", NO_ADVICE));
            text
        }
        Found::Forbidden(by) if by.is_empty() => {
            wrapped("  ", "  ", &format!("No patient has “{wanted}” here on that day, whatever is recorded."))
        }
        Found::Forbidden(by) => {
            let by: Vec<String> = by.iter().map(|told| format!("{} {}", told.label, told.value)).collect();
            let rest = "It stays so whatever else were found, and that nobody can change.";
            wrapped("  ", "  ", &format!("It cannot be {wanted}: {}. {rest}", words::all_of(&by)))
        }
        Found::NotFound(true) => {
            let most = change::MOST;
            wrapped("  ", "  ", &format!("It could be {wanted}, but by no change of up to {most} recorded facts."))
        }
        Found::NotFound(false) => {
            let most = change::MOST;
            let text = format!("It could be {wanted}; no change of up to {most} recorded facts was found in the time.");
            wrapped("  ", "  ", &text)
        }
    }
}

/// `If MMT8 of 01 Mar 2026 were 142 of 150 instead of 122 of 150 (observed), it would be no.`
fn sentence(change: &Change, wanted: &str) -> String {
    let changed = change.changed.iter().map(otherwise);
    let filled = change.filled.iter().map(|one| {
        if one.told.id.starts_with("therapies") {
            return otherwise(one);
        }
        format!("{}, which is not recorded, were {}", named(&one.told), one.to)
    });
    let conditions: Vec<String> = changed.chain(filled).collect();
    format!("If {}, it would be {wanted}.", conditions.join(", and "))
}

/// `MMT8 of 01 Mar 2026 were 142 of 150 instead of 122 of 150`, `drug A had never been taken`
fn otherwise(one: &Changed) -> String {
    let (told, to) = (&one.told, &one.to);
    if told.id == "therapies" {
        return "no other treatment had been taken".to_owned();
    }
    if told.id.starts_with("therapies.") {
        return match (told.value.as_str(), to.as_str()) {
            (_, "never taken") => format!("{} had never been taken", told.label),
            ("never taken", _) => format!("{} had been taken ({to})", told.label),
            (before, _) => format!("the course of {} had been “{to}” instead of “{before}”", told.label),
        };
    }
    if told.id.starts_with("declined.") {
        let not = if to == "declined" { "" } else { "not " };
        return format!("{} had {not}been declined", told.label);
    }
    format!("{} were {to} instead of {}", named(told), before(one))
}

fn named(told: &Told) -> String {
    match told.date {
        Some(day) => format!("{} of {}", told.label, words::day(day)),
        None => told.label.clone(),
    }
}

fn before(one: &Changed) -> String {
    match one.kind {
        Kind::Clinic => format!("{} (which the clinic can change)", one.told.value),
        Kind::Observed | Kind::Past => one.told.value.clone(),
    }
}

#[derive(Serialize)]
struct Object<'a> {
    myoguide: &'static str,
    notice: &'static str,
    guideline: GuidelineObject<'a>,
    record: RecordObject<'a>,
    why_not: Vec<WhyNotObject<'a>>,
}

#[derive(Serialize)]
struct WhyNotObject<'a> {
    answer: &'a str,
    title: &'a str,
    wanted: &'a str,
    status: &'static str,
    value: String,
    lacked: Vec<LackedObject<'a>>,
    outcome: &'static str,
    changes: Vec<ChangeObject<'a>>,
    forbidden_by: Vec<FactObject<'a>>,
}

#[derive(Serialize)]
struct LackedObject<'a> {
    id: &'a str,
    test: &'a str,
    must_hold: bool,
    found: Option<&'a str>,
    place: &'a str,
}

#[derive(Serialize)]
struct ChangeObject<'a> {
    changed: Vec<FactObject<'a>>,
    filled: Vec<FactObject<'a>>,
}

#[derive(Serialize)]
struct FactObject<'a> {
    fact: &'a str,
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    from: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changeable: Option<&'static str>,
}

fn object(explanation: &Explanation, found: &[(Answered, Vec<Lacked>)]) -> String {
    let (guideline, record) = json_head(explanation);
    let why_not = found.iter().map(|(answered, tests)| one(answered, tests)).collect();
    json::line(&Object { myoguide: VERSION, notice: NOTICE, guideline, record, why_not })
}

fn one<'a>(answered: &'a Answered, tests: &'a [Lacked]) -> WhyNotObject<'a> {
    let (outcome, changes, forbidden): (_, &[Change], &[Told]) = match &answered.found {
        Found::Already => ("already", &[], &[]),
        Found::Changes(changes) => ("changes", changes, &[]),
        Found::Forbidden(by) => ("forbidden", &[], by),
        Found::NotFound(true) => ("none", &[], &[]),
        Found::NotFound(false) => ("not_found", &[], &[]),
    };
    WhyNotObject {
        answer: &answered.target.name,
        title: &answered.target.title,
        wanted: &answered.value.written,
        status: words::status(answered.status),
        value: value(&answered.possible, answered.target.unit().as_deref()),
        lacked: tests
            .iter()
            .map(|test| LackedObject {
                id: &test.id,
                test: &test.test,
                must_hold: !test.held,
                found: test.found.as_deref(),
                place: &test.place,
            })
            .collect(),
        outcome,
        changes: changes
            .iter()
            .map(|change| ChangeObject {
                changed: change.changed.iter().map(changed).collect(),
                filled: change.filled.iter().map(changed).collect(),
            })
            .collect(),
        forbidden_by: forbidden.iter().map(|told| fact(told, None, None)).collect(),
    }
}

fn changed(one: &Changed) -> FactObject<'_> {
    let kind = match one.kind {
        Kind::Clinic => "clinic",
        Kind::Observed => "observed",
        Kind::Past => "past",
    };
    fact(&one.told, Some(&one.to), Some(kind))
}

fn fact<'a>(told: &'a Told, to: Option<&'a str>, changeable: Option<&'static str>) -> FactObject<'a> {
    let date = told.date.map(|date| date.to_string());
    FactObject { fact: &told.id, label: &told.label, date, from: &told.value, to, changeable }
}
