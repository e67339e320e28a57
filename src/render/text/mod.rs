//! A page for people: the answer in a sentence, why, what is missing and what it would change, what was taken for
//! granted, whose numbers these are.

mod brief;
mod page;
pub(super) mod tail;
pub(super) mod trace;
mod treatment;

use super::reasons::{Reason, Row, reasons};
use super::{VERSION, granted, unknown, words};
use crate::eval::Status;
use crate::explain::{AnswerShown, Because, Explanation, NOTICE, Possible, RecordShown};
use page::{Page, Tone};

/// How a page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// How each answer was worked out, line by line, at the end.
    pub trace: bool,
    /// Colours for a terminal.
    pub color: bool,
}

/// How many facts an answer that depends on some names before it points to the list.
const NAMED: usize = 3;

/// The page of one record: what each guideline says of it, under one head.
pub fn render(explanations: &[Explanation], look: Look) -> String {
    let mut page = Page::new(look.color);
    let Some(first) = explanations.first() else { return String::new() };
    head(&mut page, &first.record);
    for explanation in explanations {
        guideline(&mut page, explanation);
    }
    tail::missing(&mut page, explanations);
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
    page.empty();
    if !explanation.answers.is_empty() && explanation.answers.iter().all(|answer| answer.status == Status::Silent) {
        let because = explanation.silent.first().map(|silent| silent.because.as_str()).unwrap_or_default();
        page.label("ANSWER");
        let because = words::labelled(explanation, because);
        page.marked("silent", Tone::Plain, &format!("The guideline does not speak of this patient: {because}."));
        return;
    }
    answers(page, explanation);
    treatment::conclusions(page, explanation);
    treatment::urgent(page, explanation);
    let why = reasons(explanation);
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
    for (answer, told) in in_order(explanation).into_iter().map(|answer| (answer, told(explanation, answer))) {
        let mark = mark(answer);
        for (at, sentence) in told.iter().enumerate() {
            page.marked(if at == 0 { mark } else { "" }, tone(mark), sentence);
        }
    }
}

/// Each answer's sentences after its mark, for other formats.
pub(super) fn sentences(explanation: &Explanation) -> Vec<(&'static str, String)> {
    in_order(explanation).into_iter().map(|answer| (mark(answer), told(explanation, answer).join(" "))).collect()
}

/// What is settled first, then the other answers, then what looks only at what is on file. Of an algorithm that is
/// not settled its conclusions are told, one by one; where the patient stands on a ladder, with its options.
fn in_order(explanation: &Explanation) -> Vec<&AnswerShown> {
    let told = |answer: &&AnswerShown| {
        let concludes = explanation.conclusions.iter().any(|one| one.algorithm == answer.id);
        let ladder = explanation.ladders.iter().any(|ladder| ladder.id == answer.id);
        !ladder && (!concludes || answer.status != Status::Open)
    };
    let (own, on_file): (Vec<_>, Vec<_>) =
        explanation.answers.iter().filter(told).partition(|answer| !answer.as_recorded);
    let (settled, others): (Vec<_>, Vec<_>) = own.into_iter().partition(|answer| answer.status == Status::Decided);
    settled.into_iter().chain(others).chain(on_file).collect()
}

/// The sentence of an answer, and where the clinic disagrees.
fn told(explanation: &Explanation, answer: &AnswerShown) -> Vec<String> {
    let mut told = vec![sentence(explanation, answer)];
    let own = explanation.overrides.iter().filter(|own| own.answer == answer.id);
    told.extend(own.map(|own| format!("The clinic says {}: {} ({}).", own.mine, own.reason, own.by)));
    told
}

fn mark(answer: &AnswerShown) -> &'static str {
    match answer.status {
        Status::Decided | Status::Open if answer.as_recorded => "on file",
        Status::Decided => "settled",
        Status::Open if answer.presuming.is_some() => "granted",
        Status::Open => "depends",
        Status::Silent => "silent",
        Status::Fault => "mistake",
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

fn sentence(explanation: &Explanation, answer: &AnswerShown) -> String {
    let value = words::possible(&answer.possible, answer.unit.as_deref());
    match answer.status {
        Status::Decided => answer.says.clone().unwrap_or_else(|| titled(&answer.title, &value)),
        Status::Open => {
            if let Some(presuming) = &answer.presuming {
                return titled(&answer.title, &words::possible(&presuming.possible, answer.unit.as_deref()));
            }
            if words::is_brief(explanation) && answer.because.is_empty() {
                return titled(&answer.title, &format!("{value}; no fact by itself would settle it"));
            }
            if words::is_brief(explanation) {
                return briefly(explanation, answer, &value);
            }
            let wider = if answer.exact { "" } else { " (perhaps fewer)" };
            let on = depends_on(explanation, &answer.because);
            let mut text = titled(&answer.title, &value);
            text.pop();
            format!("{text}{wider}, depending on {on}.")
        }
        Status::Silent => {
            let silence = answer.silence.as_deref().unwrap_or("the guideline does not speak of this patient");
            titled(&words::capital(&answer.title), silence.trim_end_matches('.'))
        }
        Status::Fault => {
            let fault = answer.fault.as_deref().unwrap_or("a table of the guideline is wrong for this patient");
            titled(&answer.title, &format!("no answer, by a mistake in the guideline: {fault}"))
        }
    }
}

/// What may come out, and three facts it hangs on; where nearly everything may, only these.
fn briefly(explanation: &Explanation, answer: &AnswerShown, value: &str) -> String {
    let on = granted::named(&granted::left(explanation, &answer.because), NAMED);
    let only_facts = match &answer.possible {
        Possible::YesNo { yes: true, no: true } => true,
        Possible::Choice(values) => values.len() > VALUES,
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => false,
    };
    let told = if only_facts { format!("on {on}") } else { format!("{value}, on {on}") };
    titled(&answer.title, &told)
}

/// How many values an answer that depends on something may have before they are not told.
const VALUES: usize = 4;

/// A title and a value; a title that asks is answered.
fn titled(title: &str, value: &str) -> String {
    if title.ends_with('?') { format!("{title} {}.", words::capital(value)) } else { format!("{title}: {value}.") }
}

/// The facts an answer hangs on, those that are missing in the same way together.
pub(super) fn depends_on(explanation: &Explanation, because: &[Because]) -> String {
    if because.is_empty() {
        return "more digits than were computed".to_owned();
    }
    let mut groups: Vec<(&str, String, Vec<String>)> = Vec::new();
    for one in because.iter().take(NAMED) {
        let why = unknown::why(&explanation.trace, &one.fact, &one.when, &one.why);
        match groups.iter_mut().find(|(when, known, _)| *when == one.when && *known == why) {
            Some((_, _, labels)) => labels.push(one.label.clone()),
            None => groups.push((&one.when, why, vec![one.label.clone()])),
        }
    }
    let named: Vec<String> =
        groups.iter().map(|(when, why, labels)| words::how_missing(&words::all_of(labels), when, why)).collect();
    match because.len().saturating_sub(NAMED) {
        0 => words::all_of(&named),
        more => format!("{}; and on {more} more, see below", named.join(", ")),
    }
}

fn table(page: &mut Page, reason: &Reason) {
    let days = reason.days.map(|(first, last)| format!("{} → {}", words::day(first), words::day(last)));
    let more: Vec<String> = days.into_iter().chain(reason.unit.clone()).collect();
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join("; ")) };
    page.line(&format!("{}{more}", reason.heading));
    if reason.is_table {
        let rows: Vec<[&str; 5]> = reason.rows.iter().map(cells).collect();
        return page.table(&rows);
    }
    if reason.in_sentences {
        for row in &reason.rows {
            let outcome = if row.outcome.is_empty() { String::new() } else { format!(": {}", row.outcome) };
            let text = format!("{}{outcome}: {}  {}", row.what, row.values, row.remark);
            page.hanging(treatment::INDENT, 2, text.trim_end());
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

fn cells(row: &Row) -> [&str; 5] {
    [&row.what, &row.values, &row.share, &row.outcome, &row.remark]
}
