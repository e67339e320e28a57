//! A page for people: the answer in a sentence, why, what is missing and what it would change, what was taken for
//! granted, whose numbers these are.

mod brief;
mod page;
pub(super) mod tail;
pub(super) mod trace;
mod treatment;

use super::reasons::{Reason, Row, reasons};
use super::{VERSION, answer, options, overview, words};
use crate::eval::Status;
use crate::explain::{Explanation, NOTICE, RecordShown};
use page::{Page, Tone};

/// How a page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// How each answer was worked out, line by line, at the end.
    pub trace: bool,
    /// Colours for a terminal.
    pub color: bool,
}

/// The page of one record: what each guideline says of it, under one head.
pub fn render(explanations: &[Explanation], look: Look) -> String {
    let mut page = Page::new(look.color);
    let Some(first) = explanations.first() else { return String::new() };
    head(&mut page, &first.record);
    let overview = overview::overview(explanations);
    for explanation in &overview.full {
        guideline(&mut page, explanation);
    }
    treatment::beside(&mut page, &overview);
    tail::missing(&mut page, &overview.asking());
    tail::granted(&mut page, explanations);
    treatment::again(&mut page, explanations);
    tail::notices(&mut page, explanations);
    tail::sources(&mut page, explanations);
    if !look.trace && !explanations.iter().any(words::is_brief) {
        page.line("Every step: `--trace`. Full references and reasons: `--format markdown`.");
    }
    if look.trace {
        for explanation in explanations {
            trace::append(&mut page, explanation);
        }
    }
    page.finish()
}

fn head(page: &mut Page, record: &RecordShown) {
    let mut parts = vec![record.id.clone()];
    if !record.about.is_empty() {
        parts.push(record.about.join(", "));
    }
    let newest = if record.as_of_given { "" } else { ", the newest date in the record" };
    page.ends(&parts.join(" | "), &format!("as of {}{newest}", words::day(record.as_of)));
    page.wrapped(0, NOTICE);
}

fn guideline(page: &mut Page, explanation: &Explanation) {
    let shown = &explanation.guideline;
    page.empty();
    page.ends(&shown.title, &format!("{} {}, myoguide {VERSION}", shown.id, shown.release));
    if !words::is_brief(explanation) {
        page.empty();
    }
    if !explanation.answers.is_empty() && explanation.answers.iter().all(|answer| answer.status == Status::Silent) {
        let because = explanation.silent.first().map(|silent| silent.because.as_str()).unwrap_or_default();
        page.label("ANSWER");
        let because = words::labelled(explanation, because);
        page.marked("silent", Tone::Plain, &format!("The guideline does not speak of this patient: {because}."));
        return;
    }
    answers(page, explanation);
    treatment::urgent(page, explanation);
    let why = reasons(explanation, answer::Room::Short);
    if !why.is_empty() {
        page.empty();
        page.label("WHY");
        for reason in &why {
            table(page, reason);
        }
    }
    treatment::drugs(page, explanation);
    treatment::advice(page, explanation);
}

fn answers(page: &mut Page, explanation: &Explanation) {
    page.label("ANSWER");
    for (mark, sentence) in answer::lines(explanation, answer::Room::Short) {
        match mark {
            "" => page.line(&sentence),
            mark => page.marked(mark, tone(mark), &sentence),
        }
    }
}

fn tone(mark: &str) -> Tone {
    match mark {
        "settled" | "granted" => Tone::Settled,
        "depends" => Tone::Depends,
        "mistake" => Tone::Fault,
        _ => Tone::Plain,
    }
}

fn table(page: &mut Page, reason: &Reason) {
    let days = reason.days.map(|(first, last)| format!("{} → {}", words::day(first), words::day(last)));
    let more: Vec<String> = days.into_iter().chain(reason.unit.clone()).collect();
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join("; ")) };
    // Sentences about treatment need no heading on a page.
    if !reason.heading.is_empty() && !reason.in_sentences {
        page.line(&format!("{}{more}", reason.heading));
    }
    if reason.is_found {
        let rows: Vec<[String; 2]> = reason.rows.iter().map(found).collect();
        let rows: Vec<[&str; 2]> = rows.iter().map(|row| row.each_ref().map(String::as_str)).collect();
        return page.columns(0, &rows);
    }
    if reason.is_table {
        let rows: Vec<[&str; 5]> = reason.rows.iter().map(cells).collect();
        return page.table(&rows);
    }
    if reason.in_sentences {
        if reason.rows.iter().all(|row| row.what.ends_with('?')) {
            let told = reason.rows.iter().map(|row| format!("{} {}.", row.what, words::capital(&row.values)));
            return page.further(&told.collect::<Vec<_>>().join(" "));
        }
        for row in &reason.rows {
            let outcome = if row.outcome.is_empty() { String::new() } else { format!(": {}", row.outcome) };
            let text = format!("{}{outcome}: {}  {}", row.what, row.values, row.remark);
            page.further(text.trim_end());
        }
        return;
    }
    for row in &reason.rows {
        let colon = match row.what.ends_with('?') {
            _ if row.values.is_empty() => "",
            true => " ",
            false => ": ",
        };
        page.noted(&row.outcome, format!("{}{colon}{}  {}", row.what, row.values, row.remark).trim_end());
    }
}

/// A finding: the values, then what they were held against.
fn found(row: &Row) -> [String; 2] {
    let what = options::first_small(&row.what);
    let colon = match what.ends_with('?') {
        _ if row.outcome.is_empty() => "",
        true => " ",
        false => ": ",
    };
    let held = format!("{what}{colon}{} {}", row.outcome, row.remark);
    [row.values.clone(), held.trim_end().to_owned()]
}

fn cells(row: &Row) -> [&str; 5] {
    [&row.what, &row.values, &row.share, &row.outcome, &row.remark]
}
