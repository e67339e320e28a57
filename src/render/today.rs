//! What cannot wait: what is to be stopped, what keeps the highest-ranking conclusion from being settled, advice of
//! the highest level; and the advice that remains.

use super::words;
use crate::eval::Status;
use crate::explain::{
    AdviceShown, AdviceVerdict, Because, ConclusionShown, Explanation, LadderShown, Possible, RegimenShown,
};

/// How many facts a line names.
const NAMED: usize = 4;
/// How many lines there are.
const LINES: usize = 6;

/// The lines of one guideline, the most urgent first.
pub(super) fn today(explanation: &Explanation) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(
        explanation.advice.iter().filter(|one| is_urgent(explanation, one)).map(|one| stands(explanation, one)),
    );
    lines.extend(explanation.advice.iter().filter_map(|one| stop_if(explanation, one)));
    lines.extend(conclusion(explanation));
    lines.truncate(LINES);
    lines
}

/// It stands, and says to stop something or is of the upper levels of the precedence.
fn is_urgent(explanation: &Explanation, advice: &AdviceShown) -> bool {
    let precedence = explanation.trace.iter().find(|statement| statement.kind == "precedence");
    let levels = precedence.map_or(&[][..], |statement| statement.parts.as_slice());
    let upper = |level: &str| match levels.iter().position(|part| part.title == level) {
        Some(at) => 2 * at < levels.len(),
        None => levels.is_empty(),
    };
    let upper = advice.level.as_deref().is_some_and(upper) && advice.beaten_by.is_none();
    advice.verdict == AdviceVerdict::Stands && (advice.stop.is_some() || upper)
}

fn stands(explanation: &Explanation, advice: &AdviceShown) -> String {
    let mut text = advice.text.trim_end_matches('.').to_owned();
    if let Some(other) = advice.beaten_by.as_deref().and_then(|id| title(explanation, id)) {
        text = format!("{text}, unless it comes to this: {other}");
    }
    let own = words::clinic_says(explanation, &advice.id).map(|own| format!(" {own}")).unwrap_or_default();
    format!("{text}.{own}")
}

/// A therapy that is taken and must be stopped if something holds that is not known.
fn stop_if(explanation: &Explanation, advice: &AdviceShown) -> Option<String> {
    let stop = advice.stop.as_ref().filter(|_| advice.verdict == AdviceVerdict::Open)?;
    let first = advice.because.first()?;
    let asked = explanation.missing.iter().find(|missing| missing.fact == first.fact && missing.when == first.when);
    let question = asked.map_or_else(|| format!("{}?", first.label), |missing| missing.question.clone());
    let more = match advice.because.len() {
        0 | 1 => String::new(),
        _ => format!(" Also: {}.", named(advice.because.get(1..).unwrap_or_default())),
    };
    let label = label(explanation, stop);
    let why = words::capital(&first.why);
    let reason = advice.text.split_once(": ").map(|(_, reason)| format!(" ({reason})")).unwrap_or_default();
    Some(format!("{question} {why}, and {label} is taken or may be. If so, stop {label}{reason}.{more}"))
}

/// What keeps the highest-ranking conclusion from being settled.
fn conclusion(explanation: &Explanation) -> Option<String> {
    let first = explanation.conclusions.iter().find(|one| can_be_yes(one))?;
    if first.standing.status != Status::Open || first.standing.because.is_empty() {
        return None;
    }
    let facts = named(&first.standing.because);
    let title = first.title.trim_end_matches(['.', '?']);
    Some(format!("{title}? That depends on {facts}."))
}

fn lower(title: &str) -> String {
    super::options::first_small(title)
}

fn can_be_yes(conclusion: &ConclusionShown) -> bool {
    matches!(conclusion.standing.possible, Possible::YesNo { yes: true, .. })
}

/// `A, B and C not recorded`
fn named(because: &[Because]) -> String {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for one in because.iter().take(NAMED) {
        let when = if one.when.is_empty() { String::new() } else { format!(" {}", one.when) };
        let label = format!("{}{when}", one.label);
        match groups.iter_mut().find(|(why, _)| *why == one.why) {
            Some((_, labels)) => labels.push(label),
            None => groups.push((&one.why, vec![label])),
        }
    }
    let told: Vec<String> = groups.iter().map(|(why, labels)| format!("{} ({why})", words::all_of(labels))).collect();
    match because.len().saturating_sub(NAMED) {
        0 => words::all_of(&told),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

/// What a rule that won is called.
fn title(explanation: &Explanation, id: &str) -> Option<String> {
    let advice = explanation.advice.iter().find(|one| one.id == id).map(|one| one.text.clone());
    advice.or_else(|| explanation.trace.iter().find(|one| one.id == id).map(|one| one.title.clone()))
}

fn label(explanation: &Explanation, therapy: &str) -> String {
    let options = explanation.ladders.iter().flat_map(LadderShown::options);
    let option = options.chain(explanation.regimens.iter().flat_map(RegimenShown::options));
    let known = option.filter(|option| option.id == therapy).map(|option| option.label.clone()).next();
    let course = || explanation.courses.iter().find(|course| course.id == therapy).map(|course| course.label.clone());
    known.or_else(course).unwrap_or_else(|| words::spoken(therapy))
}

/// The advice that is not for today: a mark and a sentence.
pub(super) fn advice(explanation: &Explanation) -> Vec<(&'static str, String)> {
    let mut told = Vec::new();
    for one in explanation.advice.iter().filter(|one| !is_urgent(explanation, one)) {
        let text = one.text.trim_end_matches('.');
        let rest = strength(one);
        match one.verdict {
            AdviceVerdict::Stands => told.push(("", format!("{}{rest}", stands(explanation, one)))),
            AdviceVerdict::Unresolved => {
                let told_of = |id: &str| explanation.advice.iter().position(|other| other.id == id);
                let by = one.beaten_by.as_deref();
                let twin = explanation.advice.iter().find(|other| Some(other.id.as_str()) == by);
                let is_second = twin.is_some_and(|twin| {
                    twin.beaten_by.as_deref() == Some(one.id.as_str()) && told_of(&twin.id) < told_of(&one.id)
                });
                if is_second {
                    continue;
                }
                let other = by.and_then(|id| title(explanation, id)).unwrap_or_default();
                told.push(("your decision", format!("{text}{rest}; sources disagree: {other}")));
            }
            AdviceVerdict::Open if one.stop.is_some() => {}
            AdviceVerdict::Open => told.push(("depends", format!("{text}{rest}; on {}.", named(&one.because)))),
            AdviceVerdict::Beaten => {
                let other = one.beaten_by.as_deref().and_then(|id| title(explanation, id)).unwrap_or_default();
                told.push(("not now", format!("{text}; this comes first: {other}")));
            }
        }
    }
    told
}

fn strength(advice: &AdviceShown) -> String {
    let words: Vec<&str> = advice.strength.iter().copied().chain(advice.grade.as_deref()).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

/// Conclusions beside the algorithm's own answer, in marks and sentences: settled, depending, ruled out.
pub(super) fn conclusions(explanation: &Explanation) -> Vec<(Status, String)> {
    let mut told: Vec<(Status, String)> = Vec::new();
    let mut open: Vec<(&ConclusionShown, Vec<String>)> = Vec::new();
    let mut ruled_out: Vec<String> = Vec::new();
    for one in &explanation.conclusions {
        let answer = explanation.answers.iter().find(|answer| answer.id == one.algorithm);
        let said = answer.is_some_and(|answer| {
            answer.status == Status::Decided && answer.possible == Possible::Choice(vec![one.id.clone()])
        });
        let own = words::clinic_says(explanation, &one.id).map(|own| format!(" {own}")).unwrap_or_default();
        match (&one.standing.possible, one.standing.status) {
            (Possible::YesNo { yes: true, no: false }, _) if !said || !own.is_empty() => {
                told.push((Status::Decided, format!("{}.{own}", one.title)));
            }
            (Possible::YesNo { yes: true, no: true }, _) => {
                let same = open.iter_mut().find(|(known, _)| known.standing.because == one.standing.because);
                match same.filter(|_| one.standing.presuming.is_none()) {
                    Some((_, titles)) => titles.push(one.title.clone()),
                    None => open.push((one, vec![one.title.clone()])),
                }
            }
            (Possible::YesNo { yes: false, no: true }, _) => ruled_out.push(lower(&one.title)),
            _ => {}
        }
    }
    for (one, titles) in open {
        let mut text = format!("{}: depending on {}.", words::any_of(&titles), named(&one.standing.because));
        if let Some(presuming) = &one.standing.presuming {
            let facts: Vec<String> =
                presuming.facts.iter().map(|(fact, value)| format!("{} {value}", words::spoken(fact))).collect();
            let then = words::possible(&presuming.possible, None);
            text = format!("{text}{}", format_args!(" Settled, taking for granted: {then} ({}).", facts.join(", ")));
        }
        told.push((Status::Open, text));
    }
    let undecided = told.iter().any(|(status, _)| *status == Status::Open);
    if undecided && !ruled_out.is_empty() {
        told.push((Status::Decided, format!("Ruled out: {}.", ruled_out.join("; "))));
    }
    told
}

/// When to look again: judging what runs, and what is looked at while it is taken.
pub(super) fn again(explanation: &Explanation) -> Vec<String> {
    let taking = |possible: &Possible| *possible == Possible::YesNo { yes: true, no: false };
    let mut lines: Vec<String> = Vec::new();
    for course in explanation.courses.iter().filter(|course| taking(&course.taking)) {
        let today = explanation.record.as_of;
        lines.extend(
            course
                .judge_on
                .filter(|day| *day > today)
                .map(|day| format!("Judge {} on {}.", course.label, words::day(day))),
        );
    }
    for option in explanation.ladders.iter().flat_map(LadderShown::options).filter(|one| taking(&one.taking)) {
        for monitor in &option.monitor {
            let line = format!("While on {}: {monitor}.", option.label);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}

/// Diseases that something certain points to: the title, and what speaks for and against.
pub(super) fn suspicions(explanation: &Explanation) -> Vec<(String, String)> {
    let certain = |(_, possible): &&(String, Possible)| *possible == Possible::YesNo { yes: true, no: false };
    let mut told = Vec::new();
    for one in &explanation.suspicions {
        let said = |texts: &[(String, Possible)]| -> Vec<String> {
            texts
                .iter()
                .filter(certain)
                .map(|(text, _)| words::labelled(explanation, text).replace("latest ", ""))
                .collect()
        };
        let pointing = said(&one.pointing);
        if pointing.is_empty() {
            continue;
        }
        let mut text = format!("for it: {}", pointing.join(", "));
        let against = said(&one.against);
        if !against.is_empty() {
            text = format!("{text}{}", format_args!("; against it: {}", against.join(", ")));
        }
        if !one.tests.is_empty() {
            let tests: Vec<String> = one.tests.iter().map(|test| words::labelled(explanation, test)).collect();
            text = format!("{text}{}", format_args!("; would tell: {}", tests.join(", ")));
        }
        let sure = one.standing.possible == Possible::YesNo { yes: true, no: false };
        told.push((if sure { one.title.clone() } else { format!("{} (perhaps)", one.title) }, text));
    }
    told
}
