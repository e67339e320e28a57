//! What one guideline says: the answers, the conclusions, what is to be done today, why.

use super::page::{Cell, Page, Tone, cell};
use super::treatment;
use crate::eval::Status;
use crate::explain::{Explanation, Possible, SuspicionShown};
use crate::render::graph::svg;
use crate::render::reasons::{Reason, grounds};
use crate::render::text::trace as told;
use crate::render::{answer, today, words};

/// The section of one guideline.
pub(super) fn guideline(page: &mut Page, explanation: &Explanation) {
    let shown = &explanation.guideline;
    page.element("h2", "", &shown.title);
    page.paragraph("soft small", &format!("{} {}", shown.id, shown.release));
    page.element("h3", "", "Answer");
    let (leading, lines): (Vec<_>, Vec<_>) =
        answer::lines(explanation, answer::Room::Full).into_iter().partition(|(mark, _)| mark.is_empty());
    for (_, sentence) in leading {
        page.paragraph("said", &sentence);
    }
    page.open("ul", "answers");
    for (mark, sentence) in lines {
        page.marked(mark, tone(mark), &[sentence]);
    }
    page.close("ul");
    if !explanation.answers.is_empty() && explanation.answers.iter().all(|answer| answer.status == Status::Silent) {
        return;
    }
    urgent(page, explanation);
    why(page, explanation);
    treatment::courses(page, explanation);
    treatment::treatment(page, explanation);
    drawings(page, explanation);
    suspicions(page, explanation);
    advice(page, explanation);
    treatment::again(page, explanation);
}

fn tone(mark: &str) -> Tone {
    match mark {
        "settled" | "granted" => Tone::Good,
        "depends" => Tone::Open,
        "mistake" => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// What cannot wait.
fn urgent(page: &mut Page, explanation: &Explanation) {
    let lines = today::today(explanation, answer::Room::Full);
    if lines.is_empty() {
        return;
    }
    page.open("div", "today");
    page.element("h3", "", "Today");
    page.open("ol", "");
    for line in &lines {
        page.element("li", "said", &words::capital(line));
    }
    page.close("ol");
    page.close("div");
}

fn advice(page: &mut Page, explanation: &Explanation) {
    let lines = today::advice(explanation, answer::Room::Full);
    if lines.is_empty() {
        return;
    }
    page.element("h3", "", "Advice");
    page.open("ul", "answers");
    for (mark, text) in lines {
        let (mark, tone) = match mark {
            "" => ("stands", Tone::Good),
            "depends" | "may apply" | "your decision" => (mark, Tone::Open),
            _ => (mark, Tone::Plain),
        };
        page.marked(mark, tone, &[text]);
    }
    page.close("ul");
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
    let certain = |(_, possible): &(String, Possible)| *possible == Possible::YesNo { yes: true, no: false };
    let pointed: Vec<_> = explanation.suspicions.iter().filter(|one| one.pointing.iter().any(certain)).collect();
    if pointed.is_empty() {
        return;
    }
    page.element("h3", "", "Could it be something else?");
    page.open("ul", "answers");
    for suspicion in pointed {
        let (mark, tone) = match suspicion.standing.status {
            Status::Decided => ("think of", Tone::Bad),
            Status::Open => ("perhaps", Tone::Open),
            Status::Silent | Status::Fault => ("no answer", Tone::Plain),
        };
        page.marked(mark, tone, &pointers(explanation, suspicion));
    }
    page.close("ul");
}

fn pointers(explanation: &Explanation, suspicion: &SuspicionShown) -> Vec<String> {
    let some = |lines: &[(String, Possible)], wanted: fn(bool, bool) -> bool| -> Vec<String> {
        let holds = |possible: &Possible| matches!(possible, Possible::YesNo { yes, no } if wanted(*yes, *no));
        lines
            .iter()
            .filter(|(_, possible)| holds(possible))
            .map(|(text, _)| words::labelled(explanation, text))
            .collect()
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
        line("What would settle it", suspicion.tests.iter().map(|test| words::labelled(explanation, test)).collect()),
        told::sources(&suspicion.citations).trim().to_owned(),
    ]
}

fn why(page: &mut Page, explanation: &Explanation) {
    // What was taken stands with the treatment.
    let reasons = grounds(explanation, answer::Room::Full);
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
