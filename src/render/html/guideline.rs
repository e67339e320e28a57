//! What one guideline says: the answers, the conclusions, what is to be done today, why.

use super::page::{Cell, Page, Tone, cell};
use super::treatment;
use crate::eval::Status;
use crate::explain::{AdviceShown, AdviceVerdict, ConclusionShown, Explanation, Possible, SuspicionShown};
use crate::render::graph::svg;
use crate::render::reasons::{Reason, reasons};
use crate::render::text::trace as told;
use crate::render::{text, words};

/// The section of one guideline.
pub(super) fn guideline(page: &mut Page, explanation: &Explanation) {
    let shown = &explanation.guideline;
    page.element("h2", "", &shown.title);
    page.paragraph("soft small", &format!("{} {}", shown.id, shown.release));
    page.element("h3", "", "Answer");
    page.open("ul", "answers");
    for (mark, sentence) in text::sentences(explanation) {
        page.marked(mark, tone(mark), &[sentence]);
    }
    page.close("ul");
    if !explanation.answers.is_empty() && explanation.answers.iter().all(|answer| answer.status == Status::Silent) {
        return;
    }
    conclusions(page, explanation);
    today(page, explanation);
    treatment::treatment(page, explanation);
    drawings(page, explanation);
    suspicions(page, explanation);
    why(page, explanation);
    treatment::courses(page, explanation);
    advice(page, explanation);
}

fn tone(mark: &str) -> Tone {
    match mark {
        "settled" => Tone::Good,
        "depends" => Tone::Open,
        "mistake" => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// Each conclusion that holds or may; those that are ruled out in one line.
fn conclusions(page: &mut Page, explanation: &Explanation) {
    let (out, left): (Vec<_>, Vec<_>) = explanation.conclusions.iter().partition(|one| is_out(one));
    if explanation.conclusions.is_empty() {
        return;
    }
    page.element("h3", "", "Conclusions, the highest-ranking first");
    page.open("ul", "answers");
    for one in left {
        let (mark, tone, more) = standing(explanation, one);
        let sources = told::sources(&one.citations);
        let sentences = [one.title.clone(), more, sources.trim().to_owned()];
        page.marked(mark, tone, &sentences);
    }
    if !out.is_empty() {
        let titles: Vec<String> = out.into_iter().map(|one| one.title.clone()).collect();
        page.marked("ruled out", Tone::Plain, &[String::new(), titles.join("; ")]);
    }
    page.close("ul");
}

fn is_out(one: &ConclusionShown) -> bool {
    matches!(one.standing.possible, Possible::YesNo { yes: false, .. } | Possible::Nothing)
        && one.standing.status != Status::Fault
}

/// The mark of a conclusion, and what it hangs on.
fn standing(explanation: &Explanation, one: &ConclusionShown) -> (&'static str, Tone, String) {
    let standing = &one.standing;
    match (standing.status, &standing.presuming) {
        (Status::Decided, _) => ("settled", Tone::Good, String::new()),
        (Status::Open, Some(presuming)) => {
            let facts: Vec<String> =
                presuming.facts.iter().map(|(fact, value)| format!("{} {value}", words::spoken(fact))).collect();
            let then = words::possible(&presuming.possible, None);
            ("granted", Tone::Good, format!("{}, taking for granted: {}", words::capital(&then), facts.join(", ")))
        }
        (Status::Open, None) => {
            let on = text::depends_on(explanation, &standing.because);
            ("depends", Tone::Open, format!("Depends on {on}"))
        }
        (Status::Silent, _) => ("silent", Tone::Plain, String::new()),
        (Status::Fault, _) => ("mistake", Tone::Bad, "No answer, by a mistake in the guideline".to_owned()),
    }
}

/// What cannot wait: what is to be stopped, and what has a level in the precedence.
fn today(page: &mut Page, explanation: &Explanation) {
    let urgent: Vec<&AdviceShown> = explanation.advice.iter().filter(|advice| is_for_today(advice)).collect();
    if urgent.is_empty() {
        return;
    }
    page.open("div", "today");
    page.element("h3", "", "Today");
    page.open("ol", "");
    for advice in urgent {
        page.open("li", "");
        page.element("span", "said", &advice.text);
        page.element("span", "soft", &became(explanation, advice));
        page.close("li");
    }
    page.close("ol");
    page.close("div");
}

fn is_for_today(advice: &AdviceShown) -> bool {
    (advice.stop.is_some() || advice.level.is_some()) && advice.verdict != AdviceVerdict::Beaten
}

/// What became of a piece of advice, and by what.
fn became(explanation: &Explanation, advice: &AdviceShown) -> String {
    let other = advice.beaten_by.as_ref().map(|id| {
        let beats = explanation.advice.iter().find(|other| other.id == *id);
        beats.map_or_else(|| words::spoken(id), |beats| format!("“{}”", beats.text))
    });
    let on = || text::depends_on(explanation, &advice.because);
    match (advice.verdict, other) {
        (AdviceVerdict::Stands, None) => String::new(),
        (AdviceVerdict::Stands, Some(other)) => format!("stands, unless {other} holds: that depends on {}", on()),
        (AdviceVerdict::Beaten, Some(other)) => format!("gives way to {other}"),
        (AdviceVerdict::Beaten, None) => "gives way to another".to_owned(),
        (AdviceVerdict::Unresolved, other) => {
            let other = other.map(|other| format!(" with {other}")).unwrap_or_default();
            format!("the sources disagree{other}: your decision")
        }
        (AdviceVerdict::Open, _) => format!("depends on {}", on()),
    }
}

fn advice(page: &mut Page, explanation: &Explanation) {
    let rows: Vec<Vec<Cell>> = explanation
        .advice
        .iter()
        .filter(|advice| !is_for_today(advice))
        .map(|advice| {
            let strength = advice.strength.map(str::to_owned);
            let grade = advice.grade.as_ref().map(|grade| format!("grade {grade}"));
            let weight: Vec<String> = strength.into_iter().chain(grade).collect();
            vec![
                cell(advice.text.as_str()),
                cell(words::capital(&became(explanation, advice))),
                cell(weight.join(", ")),
                cell(told::sources(&advice.citations).trim()),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.element("h3", "", "Advice");
        page.table("What stands first", &["advice", "what became of it", "strength", "source"], &rows);
    }
}

fn drawings(page: &mut Page, explanation: &Explanation) {
    for chart in &explanation.flowcharts {
        let scope = format!("drawing{}-", page.drawing());
        page.open("figure", "");
        page.raw(&svg::render(chart, &scope));
        page.close("figure");
    }
}

fn suspicions(page: &mut Page, explanation: &Explanation) {
    if explanation.suspicions.is_empty() {
        return;
    }
    page.element("h3", "", "Could it be something else?");
    page.open("ul", "answers");
    for suspicion in &explanation.suspicions {
        let (mark, tone) = match suspicion.standing.status {
            Status::Decided => ("think of", Tone::Bad),
            Status::Open => ("perhaps", Tone::Open),
            Status::Silent | Status::Fault => ("no answer", Tone::Plain),
        };
        page.marked(mark, tone, &pointers(suspicion));
    }
    page.close("ul");
}

fn pointers(suspicion: &SuspicionShown) -> Vec<String> {
    let some = |lines: &[(String, Possible)], wanted: fn(bool, bool) -> bool| -> Vec<String> {
        let holds = |possible: &Possible| matches!(possible, Possible::YesNo { yes, no } if wanted(*yes, *no));
        lines.iter().filter(|(_, possible)| holds(possible)).map(|(words, _)| words.clone()).collect()
    };
    let line = |what: &str, found: Vec<String>| {
        if found.is_empty() { String::new() } else { format!("{what}: {}", found.join("; ")) }
    };
    vec![
        suspicion.title.clone(),
        line("For it", some(&suspicion.pointing, |yes, no| yes && !no)),
        line("For it, if there", some(&suspicion.pointing, |yes, no| yes && no)),
        line("Against it", some(&suspicion.against, |yes, no| yes && !no)),
        line("Against it, if there", some(&suspicion.against, |yes, no| yes && no)),
        line("What would settle it", suspicion.tests.clone()),
        told::sources(&suspicion.citations).trim().to_owned(),
    ]
}

fn why(page: &mut Page, explanation: &Explanation) {
    let reasons = reasons(explanation);
    if reasons.is_empty() {
        return;
    }
    page.element("h3", "", "Why");
    for reason in &reasons {
        because(page, reason);
    }
}

fn because(page: &mut Page, reason: &Reason) {
    let days = reason.days.map(|(first, last)| format!(" ({} → {})", words::day(first), words::day(last)));
    let caption = format!("{}{}", reason.heading, days.unwrap_or_default());
    let share = reason.unit.as_deref().unwrap_or("share");
    let rows: Vec<Vec<Cell>> = reason
        .rows
        .iter()
        .map(|row| {
            [&row.what, &row.values, &row.share, &row.outcome, &row.remark].map(|text| cell(text.as_str())).into()
        })
        .collect();
    if rows.is_empty() {
        page.paragraph("", &caption);
    }
    page.table(&caption, &["what", "recorded", share, "outcome", "source"], &rows);
}
