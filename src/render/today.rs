//! What cannot wait: what is to be stopped, what keeps the highest-ranking conclusion from being settled, advice of
//! the highest level; and the advice that remains.

use super::answer::{self, Room};
use super::granted::{self, Sure};
use super::words;
use crate::explain::{
    AdviceShown, AdviceVerdict, Because, ConclusionShown, CourseShown, Explanation, LadderShown, Possible, RegimenShown,
};
use crate::value::Date;

/// How many facts a line names at most.
const NAMED: usize = 4;
/// How many letters a line has, that it may fill two lines of a page.
const LETTERS: usize = 165;

/// The lines of one guideline, the most urgent first.
pub(super) fn today(explanation: &Explanation, room: Room) -> Vec<String> {
    let mut urgent: Vec<&AdviceShown> = explanation.advice.iter().filter(|one| is_urgent(one)).collect();
    urgent.sort_by_key(|one| rank(one));
    let mut lines: Vec<String> = urgent.into_iter().map(|one| stands(explanation, one)).collect();
    lines.extend(conclusion(explanation, room));
    lines.extend(explanation.advice.iter().filter_map(|one| stop_if(explanation, one, room)));
    lines
}

/// The place of its level in the precedence; without a level it comes last.
fn rank(advice: &AdviceShown) -> u32 {
    advice.rank.map_or(u32::MAX, |(at, _)| at)
}

/// As many facts as a line has room for.
fn fitting(because: &[&Because], room: Room, line: impl Fn(&str) -> String) -> String {
    if room == Room::Full {
        return line(&granted::named(because, usize::MAX));
    }
    let lines = (1..=NAMED).rev().map(|most| line(&granted::named(because, most)));
    let mut lines = lines.skip_while(|text| text.chars().count() > LETTERS);
    lines.next().unwrap_or_else(|| line(&granted::named(because, 1)))
}

/// It stands, and says to stop something or is of the upper levels of the precedence.
fn is_urgent(advice: &AdviceShown) -> bool {
    let upper = advice.rank.is_some_and(|(at, levels)| 2 * at < levels) && advice.beaten_by.is_none();
    advice.is_given() && (advice.stop.is_some() || upper)
}

fn stands(explanation: &Explanation, advice: &AdviceShown) -> String {
    let mut text = format!("{}{}", advice.text.trim_end_matches('.'), strength(advice));
    if let Some(other) = advice.beaten_by.as_deref().and_then(|id| title(explanation, id)) {
        text = format!("{text}, unless it comes to this: {other}");
    }
    let own = words::clinic_says(explanation, &advice.id).map(|own| format!(" {own}")).unwrap_or_default();
    format!("{text}.{own}")
}

/// What is asked for today, and why.
pub(super) struct Asked<'a> {
    /// `Treat at once`, `Stop drug A`
    pub(super) title: String,
    pub(super) because: &'a [Because],
}

/// What is asked for today: the most urgent first.
pub(super) fn asked_for(explanation: &Explanation) -> Vec<Asked<'_>> {
    let first = highest(explanation).map(|one| (&one.title, &one.standing.because));
    let stops = explanation.advice.iter().filter(|one| to_be_stopped(explanation, one).is_some());
    let all = first.into_iter().chain(stops.map(|one| (&one.text, &one.because)));
    all.map(|(title, because)| Asked { title: title.split(": ").next().unwrap_or(title).to_owned(), because }).collect()
}

/// The therapy that is taken, and that advice which may hold says to stop.
fn to_be_stopped<'a>(explanation: &Explanation, advice: &'a AdviceShown) -> Option<&'a String> {
    let stop = advice.stop.as_ref().filter(|_| advice.verdict == AdviceVerdict::Open && !advice.is_given())?;
    let is_taken = |course: &CourseShown| course.id == *stop && course.taking == YES;
    let options = explanation.ladders.iter().flat_map(LadderShown::options);
    let mut options = options.chain(explanation.regimens.iter().flat_map(RegimenShown::options));
    let is_option = options.any(|option| option.id == *stop && option.taking == YES);
    (is_option || explanation.courses.iter().any(is_taken)).then_some(stop)
}

/// Advice that may hold says to stop what is taken.
pub(super) fn is_to_be_stopped(explanation: &Explanation, advice: &AdviceShown) -> bool {
    to_be_stopped(explanation, advice).is_some()
}

/// A therapy that is taken and must be stopped if something holds that is not known.
fn stop_if(explanation: &Explanation, advice: &AdviceShown, room: Room) -> Option<String> {
    let stop = to_be_stopped(explanation, advice)?;
    let label = label(explanation, stop);
    let missing =
        |one: &Because| explanation.missing.iter().find(|missing| missing.fact == one.fact && missing.when == one.when);
    // What one only has to ask comes first.
    let mut because: Vec<&Because> = advice.because.iter().collect();
    because.sort_by_key(|one| missing(one).map(|missing| (missing.burden, !is_yes_no(&missing.question))));
    let first = because.first()?;
    let asked = missing(first).map(|missing| missing.question.as_str()).filter(|question| is_yes_no(question));
    let Some(question) = asked else {
        return Some(fitting(&because, room, |facts| {
            format!("{} is taken: safe? That depends on {facts}.", words::capital(&label))
        }));
    };
    let others: Vec<&Because> = because.iter().skip(1).copied().collect();
    let why = words::capital(&first.why);
    let text = format!("{question} {why}, and {label} is taken: if so, stop it.");
    if others.is_empty() {
        return Some(text);
    }
    Some(fitting(&others, room, |facts| format!("{text} The same for: {facts}.")))
}

const YES: Possible = Possible::YesNo { yes: true, no: false };

/// A question that yes or no answers: it names no alternatives.
fn is_yes_no(question: &str) -> bool {
    let first = question.split(' ').next().unwrap_or_default();
    let asks = matches!(first, "What" | "Which" | "How" | "When" | "Where" | "Who" | "At" | "In");
    let names_some = question.contains(", ") && question.contains(" or ");
    !asks && !names_some
}

/// The highest-ranking conclusion of the leading algorithm that may hold, where it is not settled.
pub(super) fn highest(explanation: &Explanation) -> Option<&ConclusionShown> {
    let leading = answer::leading(explanation)?;
    let first = explanation.conclusions.iter().find(|one| one.algorithm == leading && can_be_yes(one))?;
    let (_, sure) = granted::taken(&first.standing);
    (sure == Sure::Depends && !first.standing.because.is_empty()).then_some(first)
}

/// What keeps the highest-ranking conclusion from being settled.
fn conclusion(explanation: &Explanation, room: Room) -> Option<String> {
    let first = highest(explanation)?;
    let left = granted::left(explanation, &first.standing.because);
    let title = first.title.trim_end_matches(['.', '?']);
    Some(fitting(&left, room, |facts| format!("{title}? That depends on {facts}.")))
}

fn can_be_yes(conclusion: &ConclusionShown) -> bool {
    matches!(conclusion.standing.possible, Possible::YesNo { yes: true, .. })
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

/// The advice that is not for today: a mark and a sentence; on a page, which has little room, what only may apply is
/// told in a few words.
pub(super) fn advice(explanation: &Explanation, room: Room) -> Vec<(&'static str, String)> {
    let short = room == Room::Short;
    let mut told = Vec::new();
    let mut all: Vec<&AdviceShown> = explanation.advice.iter().filter(|one| !is_urgent(one)).collect();
    all.sort_by_key(|one| (one.verdict == AdviceVerdict::Open && !one.is_given(), rank(one)));
    let mut groups: Vec<(Vec<&Because>, Vec<String>)> = Vec::new();
    for one in all {
        let text = one.text.trim_end_matches('.');
        let rest = strength(one);
        match one.verdict {
            AdviceVerdict::Open if one.is_given() => told.push(("", stands(explanation, one))),
            AdviceVerdict::Stands => told.push(("", stands(explanation, one))),
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
            AdviceVerdict::Open => {
                let left = granted::left(explanation, &one.because);
                let text = if short { clause(text) } else { text.to_owned() };
                match groups.iter_mut().find(|(known, _)| *known == left) {
                    Some((_, texts)) => texts.push(text),
                    None => groups.push((left, vec![text])),
                }
            }
            AdviceVerdict::Beaten => {
                let other = one.beaten_by.as_deref().and_then(|id| title(explanation, id)).unwrap_or_default();
                told.push(("not now", format!("{text}; this comes first: {other}")));
            }
        }
    }
    let asked = asked_for(explanation);
    let is_asked = |one: &Because| asked.iter().any(|asked| asked.because.contains(one));
    groups.sort_by_key(|(left, _)| {
        let granted = left.iter().all(|one| granted::is_granted(explanation, one));
        (granted, short && left.iter().all(|one| is_asked(one)))
    });
    told.extend(groups.iter().map(|(left, texts)| {
        let advice = texts.iter().scan(0, |letters, text| {
            *letters += text.chars().count();
            Some((*letters, text.clone()))
        });
        let room = advice.take_while(|(letters, _)| !short || *letters < ADVICE).count().max(1);
        let more = texts.len().saturating_sub(room);
        let mut advice: Vec<String> = texts.iter().take(room).cloned().collect();
        advice.extend((more > 0).then(|| format!("and {more} more")));
        let most = if short { 1 } else { usize::MAX };
        let on = match left.as_slice() {
            [] => String::new(),
            left if short && left.iter().all(|one| is_asked(one)) => " (see today)".to_owned(),
            left => format!(" ({})", granted::named(left, most)),
        };
        ("may apply", format!("{}{on}", advice.join("; ")))
    }));
    told
}

/// How many letters of advice that may apply are told.
const ADVICE: usize = 60;

/// A text up to where its first clause ends, with a sign that it goes on.
pub(super) fn clause(text: &str) -> String {
    let ends = [";", ",", ":"];
    let whole = |end: &&str| if text.chars().count() > CLAUSE { text.find(*end) } else { None };
    let at = ends.iter().filter_map(whole).find(|at| *at > 0);
    at.and_then(|at| text.get(..at)).map_or_else(|| text.to_owned(), |text| format!("{text} …"))
}

/// How long advice may be before it is cut.
const CLAUSE: usize = 50;

fn strength(advice: &AdviceShown) -> String {
    let words: Vec<&str> = advice.strength.iter().copied().chain(advice.grade.as_deref()).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

/// When to look again: judging what runs, and what is looked at while it is taken.
pub(super) fn again(explanation: &Explanation) -> Vec<String> {
    let taking = |possible: &Possible| *possible == Possible::YesNo { yes: true, no: false };
    let mut lines: Vec<String> = Vec::new();
    for course in explanation.courses.iter().filter(|course| taking(&course.taking)) {
        lines.extend(
            judged_on(explanation, course).map(|day| format!("Judge {} on {}.", course.label, words::day(day))),
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

/// The day on which a course is to be judged, where it certainly still is.
pub(super) fn judged_on(explanation: &Explanation, course: &CourseShown) -> Option<Date> {
    let running = course.state == Possible::Choice(vec!["running".to_owned()]);
    let works = course.working == YES;
    course.judge_on.filter(|day| running && !works && *day > explanation.record.as_of)
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
            text = format!("{text}{}", format_args!("; test: {}", tests.join(", ")));
        }
        let sure = one.standing.possible == Possible::YesNo { yes: true, no: false };
        told.push((if sure { one.title.clone() } else { format!("{} (perhaps)", one.title) }, text));
    }
    told
}
