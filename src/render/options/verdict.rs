//! The verdict on an option, in words.

use super::{Group, NAMED, REASONS};
use super::{Place, dosed, first_small, group, possible};
use crate::explain::{AgainstShown, Because, Explanation, LineShown, OptionShown, Possible};
use crate::model::Verdict;
use crate::render::answer::Room;
use crate::render::granted::{self, Sure};
use crate::render::{today, words};
use crate::value::Date;

/// What is told of a drug that is offered in a trial only, in the place of `option now`.
const TRIAL: &str = "if a trial is open";

/// What a person is told of the verdict. What the heading of its line says is not said again.
pub(super) fn spoken(explanation: &Explanation, place: &Place<'_>) -> String {
    let option = place.option;
    let for_patient = granted::taken(&place.ladder.patients).0 == &(Possible::YesNo { yes: true, no: true });
    let line_open = place.line.is_some_and(|line| granted::taken(&line.state).1 == Sure::Depends);
    let mut all = possible(option);
    let is_later = place.mildest == Verdict::LaterLine;
    let begins = |verdict: &Verdict| matches!(verdict, Verdict::OptionNow | Verdict::Alternative);
    // A later line is the heading's to say, unless the drug is something else in it.
    let barring_or_later = |verdict: &Verdict| {
        matches!(verdict, Verdict::LaterLine | Verdict::Contraindicated | Verdict::Avoid | Verdict::NotForThisPatient)
    };
    let line_may_be = |state: &str| {
        let of = |line: &LineShown| matches!(granted::taken(&line.state).0, Possible::Choice(states) if states.iter().any(|one| one == state));
        place.line.is_some_and(of)
    };
    let heading_says = if is_later {
        line_may_be("later") && all.iter().all(barring_or_later)
    } else {
        line_open && all.iter().any(begins)
    };
    let told = |verdict: Verdict| {
        (for_patient && verdict == Verdict::NotForThisPatient) || (verdict == Verdict::LaterLine && heading_says)
    };
    let narrowed: Vec<Verdict> = all.iter().filter(|verdict| !told(**verdict)).copied().collect();
    if !narrowed.is_empty() || is_later {
        all = narrowed;
    }
    let barred =
        |verdict: &Verdict| matches!(verdict, Verdict::Contraindicated | Verdict::Avoid | Verdict::NotForThisPatient);
    let own: Vec<Verdict> = all.iter().filter(|verdict| !barred(verdict)).copied().collect();
    if own.is_empty() && !is_later {
        return any_of(explanation, option, &all);
    }
    // Where it is not known whether it was ever taken, what may have come of it is left out.
    let unknown = option.taking == (Possible::YesNo { yes: true, no: true }) && own.contains(&Verdict::Running);
    let beginning: Vec<Verdict> = own.iter().filter(|verdict| begins(verdict)).copied().collect();
    let own = if unknown && !beginning.is_empty() { beginning } else { own };
    let only_begins = !own.is_empty() && own.iter().all(begins) && (own.len() > 1 || line_open || unknown);
    let strong = option.strength == Some("strong");
    let conditions = conditions(explanation, option);
    let mut text = match (only_begins, strong) {
        (true, false) if own.as_slice() == [Verdict::Alternative] => any_of(explanation, option, &own),
        (true, false) if !conditions.is_empty() => String::new(),
        (true, false) if option.in_trial_only() => TRIAL.to_owned(),
        (true, false) => "option".to_owned(),
        (true, true) => "option (recommended)".to_owned(),
        (false, _) => any_of(explanation, option, &own),
    };
    if unknown && only_begins {
        let comma = if text.is_empty() { "" } else { ", " };
        text = format!("{text}{comma}if never taken");
    }
    let barring = all.iter().any(barred) && !conditions.is_empty();
    if (own.len() > 1 && !only_begins) || (all.len() > 1 && conditions.is_empty()) {
        text.push_str(&depends(&hangs_on(explanation, place, line_open), place.room));
    }
    if barring {
        let what = if place.is_dosed() { dosed(option) } else { option.label.clone() };
        let room = place.letters().saturating_sub(what.chars().count() + text.chars().count());
        let conditions = more_of(&conditions, room);
        text = match group(place) {
            Group::Now | Group::With | Group::Later => {
                let and = if text.ends_with("if never taken") { " and" } else { "" };
                format!("{text}{and} if not: {conditions}").trim_start().to_owned()
            }
            Group::Earlier | Group::Against => {
                let kind = option.against.iter().find(|one| is_open(one)).map_or("contraindicated", |one| one.kind);
                format!("{text}; {kind} if: {conditions}")
            }
        };
    }
    text
}

/// What the verdict hangs on, besides what speaks against the option, and what the heading of its line says.
fn hangs_on(explanation: &Explanation, place: &Place<'_>, line_open: bool) -> Vec<Because> {
    let option = place.option;
    let rules = || option.against.iter().filter(|one| is_open(one)).flat_map(|one| &one.standing.because);
    let line = || place.line.into_iter().flat_map(|line| &line.state.because).chain(&place.ladder.patients.because);
    let told = line_open && place.mildest > Verdict::LaterLine;
    let left = granted::left(explanation, &option.verdict.because);
    let other = left.into_iter().filter(|one| !rules().any(|known| known == *one));
    let of_patients = |one: &Because| place.ladder.patients.because.contains(one);
    let own = format!("{}.taken", option.id);
    other
        .filter(|one| one.fact != own && !of_patients(one) && (!told || !line().any(|known| known == *one)))
        .cloned()
        .collect()
}

/// It may hold, and speaks against the option by itself.
pub(super) fn is_open(against: &AgainstShown) -> bool {
    against.kind != "prefer" && against.standing.possible == (Possible::YesNo { yes: true, no: true })
}

/// What may speak against an option: what can be asked first, else in the author's order; alternatives one by one.
fn conditions(explanation: &Explanation, option: &OptionShown) -> Vec<String> {
    let burden = |against: &&AgainstShown| {
        let of = |one: &Because| explanation.missing.iter().find(|missing| missing.fact == one.fact);
        against.standing.because.iter().filter_map(of).map(|missing| missing.burden).max()
    };
    let mut rules: Vec<&AgainstShown> = option.against.iter().filter(|one| is_open(one)).collect();
    rules.sort_by_key(burden);
    let mut conditions: Vec<String> = Vec::new();
    for rule in rules {
        let whole = rule.when.contains(" and ");
        let parts: Vec<&str> =
            if rule.when.is_empty() || whole { vec![rule.when.as_str()] } else { rule.when.split(" or ").collect() };
        for one in parts {
            let one = in_words(explanation, &AgainstShown { when: one.to_owned(), ..rule.clone() });
            let one = one.as_str();
            let is_title = explanation.trace.iter().any(|block| block.title.starts_with(one));
            let one = if is_title { first_small(one.trim()) } else { one.trim().to_owned() };
            if !conditions.contains(&one) {
                conditions.push(one);
            }
        }
    }
    conditions
}

/// More letters than any line of a page has: all is told.
const PAGE: usize = 1000;

/// `A, B, C (+4)`: as many as there is room for.
pub(super) fn more_of(texts: &[String], room: usize) -> String {
    let told = |most: usize| {
        let named: Vec<&str> = texts.iter().take(most).map(String::as_str).collect();
        match texts.len().saturating_sub(most) {
            0 => named.join(", "),
            more => format!("{} (+{more})", named.join(", ")),
        }
    };
    let most = if room > PAGE { texts.len() } else { REASONS };
    let mut fits = (1..=most).rev().map(told).skip_while(|text| text.chars().count() > room);
    fits.next().unwrap_or_else(|| told(1))
}

/// `, depending on A, B and 3 more`
pub(super) fn depends(because: &[Because], room: Room) -> String {
    let labels: Vec<String> = because.iter().map(|one| one.label.clone()).collect();
    let mut once: Vec<String> = Vec::new();
    for label in labels {
        if !once.contains(&label) {
            once.push(label);
        }
    }
    let most = room.most(NAMED);
    let more = once.len().saturating_sub(most);
    once.truncate(most);
    match (once.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(", depending on {}", words::all_of(&once)),
        (false, more) => format!(", depending on {} and {more} more", once.join(", ")),
    }
}

/// Verdicts in words, the mildest first; that it is taken now is said once. Where it is not known whether it was ever
/// taken, what may have come of it is left out.
pub(super) fn any_of(explanation: &Explanation, option: &OptionShown, verdicts: &[Verdict]) -> String {
    let of_course = |verdict: &Verdict| {
        matches!(
            verdict,
            Verdict::NotTolerated
                | Verdict::Failed
                | Verdict::Running
                | Verdict::InadequateTrial
                | Verdict::WorkedBefore
        )
    };
    let unknown = option.taking == (Possible::YesNo { yes: true, no: true }) && verdicts.contains(&Verdict::Running);
    let others: Vec<Verdict> = verdicts.iter().filter(|verdict| !of_course(verdict)).copied().collect();
    if unknown && !others.is_empty() {
        return format!("{}, if never taken", any_of(explanation, option, &others));
    }
    let short = |text: String| match text.split_once(": ") {
        Some((first, _)) if verdicts.len() > 1 => first.to_owned(),
        Some(_) | None => text,
    };
    let words: Vec<String> = verdicts
        .iter()
        .rev()
        .map(|verdict| {
            let text = word(explanation, option, *verdict);
            // What to do about it can be said once it is settled.
            if *verdict == Verdict::InadequateTrial { short(text) } else { text }
        })
        .collect();
    let taking = option.taking == (Possible::YesNo { yes: true, no: false });
    let words = match words.as_slice() {
        [] if taking => return "taking now".to_owned(),
        words => words::any_of(&words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>()),
    };
    match (taking, words.is_empty()) {
        (true, true) => "taking now".to_owned(),
        (true, false) => format!("taking now, {words}"),
        (false, _) => words,
    }
}

/// The day on which what is taken is to be judged, where that is known.
fn judged_on(explanation: &Explanation, option: &OptionShown) -> Option<Date> {
    let only = matches!(&option.verdict.possible, Possible::Choice(values) if values.len() == 1);
    match explanation.courses.iter().find(|course| course.id == option.id) {
        Some(course) => today::judged_on(explanation, course),
        None => option.judge_on.filter(|_| only && option.taking == (Possible::YesNo { yes: true, no: false })),
    }
}

/// It is taken now, and works.
fn works(explanation: &Explanation, option: &OptionShown) -> bool {
    let course = explanation.courses.iter().find(|course| course.id == option.id);
    course.is_some_and(|course| course.working == Possible::YesNo { yes: true, no: false })
}

fn word(explanation: &Explanation, option: &OptionShown, verdict: Verdict) -> String {
    match verdict {
        Verdict::NotForThisPatient => match &option.only_when {
            Some(when) => format!("only when {}", words::labelled(explanation, when)),
            None => "not for this patient".to_owned(),
        },
        Verdict::Contraindicated => said(explanation, option, "contraindicated"),
        Verdict::NotTolerated => "not tolerated".to_owned(),
        Verdict::Declined => "declined by the patient".to_owned(),
        Verdict::Failed => "inadequate response".to_owned(),
        Verdict::Running if works(explanation, option) => "it works".to_owned(),
        Verdict::Running => match judged_on(explanation, option) {
            Some(day) => format!("judge on {}", words::day(day)),
            None => "too early to judge".to_owned(),
        },
        Verdict::InadequateTrial => "not yet a fair trial: optimise first".to_owned(),
        Verdict::Avoid => said(explanation, option, "avoid"),
        Verdict::LaterLine => "later line".to_owned(),
        Verdict::WorkedBefore => "worked before: consider again".to_owned(),
        Verdict::OptionNow if option.in_trial_only() => TRIAL.to_owned(),
        Verdict::OptionNow if option.strength == Some("strong") => "option now (recommended)".to_owned(),
        Verdict::OptionNow => "option now".to_owned(),
        Verdict::Alternative => {
            let first = option.against.iter().find(|against| against.kind == "prefer");
            first.map_or_else(|| "alternative".to_owned(), |first| format!("alternative ({})", first.text))
        }
    }
}

/// `contraindicated: pregnant`, with the reasons that hold.
fn said(explanation: &Explanation, option: &OptionShown, kind: &'static str) -> String {
    let holding = option.against.iter().filter(|against| {
        against.kind == kind && against.standing.possible == (Possible::YesNo { yes: true, no: false })
    });
    let reasons: Vec<String> = holding
        .map(|against| match (against.when.is_empty(), against.text.is_empty() || is_name(against)) {
            (_, false) => against.text.clone(),
            // A rule without a word of its own is told by its condition.
            (false, true) => first_small(&in_words(explanation, against)),
            (true, true) => words::spoken(&against.id),
        })
        .collect();
    if reasons.is_empty() { kind.to_owned() } else { format!("{kind}: {}", reasons.join("; ")) }
}

/// Its text is but its name.
fn is_name(against: &AgainstShown) -> bool {
    words::spoken(&against.id).eq_ignore_ascii_case(&against.text)
}

/// When a rule holds, with labels in the place of names.
pub(super) fn in_words(explanation: &Explanation, against: &AgainstShown) -> String {
    if against.when.is_empty() {
        return against.text.clone();
    }
    words::labelled(explanation, &against.when).replace("latest ", "")
}
