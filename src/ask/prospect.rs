//! What a question is asked for, how a reply is written, and what each would lead to, in words.

use std::fmt::Write as _;

use super::Target;
use super::course;
use super::kinds::{self, Kind};
use super::scene::{self, Scene};
use crate::catalog::{AbsentMeans, Fact, FactKind};
use crate::eval::{self, Answer, Care, CourseNeed, Outlook, Status};
use crate::explain::{self, Possible};
use crate::record::{Outcome, StopReason, Therapy};
use crate::render::words;
use crate::value::Truth;

/// What some replies would lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    /// The replies: `yes`, `below 20 U/L`.
    pub replies: Vec<String>,
    /// Each answer that would change, with what it could then be.
    pub answers: Vec<(String, String)>,
    /// Nothing more would have to be asked.
    pub settles: bool,
    /// The guideline would not speak of the patient.
    pub silent: bool,
}

/// The open answers that hang on a question, each with what it could still be.
pub(super) fn because(scene: &Scene<'_>, outlook: &Outlook, target: Target) -> Vec<(String, String)> {
    let hangs = |slots: &[crate::plan::SlotId]| {
        slots.iter().any(|slot| scene.targets(*slot, &outlook.inputs).contains(&target))
    };
    let open = outlook.answers.iter().filter(|answer| answer.status == Status::Open && hangs(&answer.because));
    let mut because: Vec<(String, String)> = open.filter_map(|answer| told(scene, answer)).collect();
    if hangs(&outlook.covers_because) {
        because.insert(0, ("whether the guideline speaks of the patient".to_owned(), "yes or no".to_owned()));
    }
    because
}

/// The most values that are named one by one.
const NAMED: usize = 4;

/// An answer's title, and what it can be.
fn told(scene: &Scene<'_>, answer: &Answer) -> Option<(String, String)> {
    let block = scene.subject.guideline.block(answer.block)?;
    let (possible, unit) = explain::possible(block, answer);
    let text = match &possible {
        Possible::Choice(values) if values.len() > NAMED + 1 => {
            let named: Vec<String> = values.iter().map(|value| words::spoken(value)).collect();
            format!("one of {}: {}", named.len(), words::first(&named, NAMED))
        }
        Possible::Choice(_)
        | Possible::YesNo { .. }
        | Possible::Several { .. }
        | Possible::Number(_)
        | Possible::Nothing => words::possible(&possible, unit.as_deref()),
    };
    Some((block.title.clone(), text))
}

/// An answer's title, and what it then is; where much is left, what it no longer is.
fn changed(scene: &Scene<'_>, before: &Answer, after: &Answer) -> Option<(String, String)> {
    let block = scene.subject.guideline.block(after.block)?;
    if let (Possible::Choice(were), Possible::Choice(are)) =
        (explain::possible(block, before).0, explain::possible(block, after).0)
        && are.len() > NAMED
    {
        let gone: Vec<String> = were.iter().filter(|was| !are.contains(was)).map(|was| words::spoken(was)).collect();
        return Some((block.title.clone(), format!("no longer {}", words::any_of(&gone))));
    }
    told(scene, after)
}

/// What the replies would lead to; those that lead to the same stand together.
pub(super) fn prospects(scene: &Scene<'_>, before: &Outlook, target: Target) -> Vec<Prospect> {
    let mut prospects: Vec<Prospect> = Vec::new();
    for mut kind in kinds::kinds(scene, target) {
        if kind.is_sample {
            kind.label = format!("for example {}", kind.label);
        }
        let next = prospect(scene, before, kind);
        let same = prospects
            .iter_mut()
            .find(|known| (&known.answers, known.settles, known.silent) == (&next.answers, next.settles, next.silent));
        match same {
            Some(known) => known.replies.extend(next.replies),
            None => prospects.push(next),
        }
    }
    prospects
}

fn prospect(scene: &Scene<'_>, before: &Outlook, kind: Kind) -> Prospect {
    let after = eval::outlook(scene.subject, &kind.record, scene.baseline, scene.wanted, Care::Quick);
    let changes = before.answers.iter().zip(&after.answers).filter(|(before, after)| {
        before.status == Status::Open && (after.status != Status::Open || narrower(after, before))
    });
    let answers = changes.filter_map(|(before, after)| changed(scene, before, after)).collect();
    let settled = after.covers_because.is_empty() && after.answers.iter().all(|one| one.status != Status::Open);
    Prospect { replies: vec![kind.label], answers, settles: settled, silent: after.covers == Truth::NO }
}

/// Something is no longer possible.
fn narrower(after: &Answer, before: &Answer) -> bool {
    after.held.iter().zip(&before.held).any(|(after, before)| !before.is_within(after))
}

/// How a reply is written.
pub(super) fn how(scene: &Scene<'_>, target: Target) -> String {
    match target {
        Target::AsOf | Target::BaselineDay => "a day, as 2026-03-01".to_owned(),
        Target::Judgement(_) => "yes or no".to_owned(),
        Target::Treatments => format!("`none` where there was no (other) treatment, else `{}`", course::EXAMPLE),
        Target::UpperLimit(id, _) => {
            let unit = scene.fact(id).and_then(|fact| match &fact.kind {
                FactKind::Number(kind) => kind.unit,
                FactKind::Choice { .. } | FactKind::Date => None,
            });
            unit.map_or_else(|| "a number".to_owned(), |unit| format!("a number in {}", unit.symbol()))
        }
        Target::Course(_, need) => of_course(need),
        Target::Undated(id) => scene.fact(id).map_or_else(String::new, |fact| of_fact(fact, false)),
        Target::OnDay(id, day) => {
            let mut how = scene.fact(id).map_or_else(String::new, |fact| of_fact(fact, true));
            if !scene.is_at_baseline(id, day) {
                how.push_str("; of another day: `… on 2026-03-01`");
            }
            how
        }
    }
}

fn of_course(need: CourseNeed) -> String {
    let any = |words: Vec<&str>| words::any_of(&words.into_iter().map(str::to_owned).collect::<Vec<_>>());
    match need {
        CourseNeed::Outcome => any(Outcome::WORDS.iter().map(|(word, _)| *word).collect()),
        CourseNeed::StoppedFor => any(StopReason::WORDS.iter().map(|(word, _)| *word).collect()),
        CourseNeed::DoseLimitedBy => any(Therapy::LIMITS.to_vec()),
        CourseNeed::Adherence => "a share, as 95 %".to_owned(),
        CourseNeed::Dose => "a dose, as 20 mg/week".to_owned(),
        CourseNeed::Level => "a number with its unit".to_owned(),
        CourseNeed::Given => "days, as 2026-01-10 2026-02-10".to_owned(),
        CourseNeed::Taken | CourseNeed::Start | CourseNeed::Stop | CourseNeed::Declined | CourseNeed::Fact(_) => {
            "a day, as 2026-03-01, or a month, as 2026-03".to_owned()
        }
    }
}

fn of_fact(fact: &Fact, dated: bool) -> String {
    match &fact.kind {
        FactKind::Choice { values, .. } => {
            let mut how = words::any_of(&values.iter().map(|value| value.name.clone()).collect::<Vec<_>>());
            if fact.absent_means == Some(AbsentMeans::NotDone) && !scene::may_be_not_done(fact) {
                how.push_str(", or not done");
            }
            how
        }
        FactKind::Date => "a day, as 2026-03-01, or a month, as 2026-03".to_owned(),
        FactKind::Number(kind) => {
            let unit = kind.unit.map_or("", crate::value::Unit::symbol);
            let range = words::numbers(&kind.range);
            let mut how = if range == "any number" { unit.to_owned() } else { words::with_unit(&range, unit) };
            if kind.upper_limit && dated {
                how.push_str(", with the laboratory's own limit: `… , upper limit …`");
            }
            if let [_, others @ ..] = kind.scales.as_slice()
                && !others.is_empty()
                && dated
            {
                let others: Vec<String> = others.iter().map(|end| format!("`… of {end}`")).collect();
                let _ = write!(how, "; on another scale: {}", words::any_of(&others));
            }
            if dated {
                how.push_str("; or not measured");
            }
            how
        }
    }
}
