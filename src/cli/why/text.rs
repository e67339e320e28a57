use std::fmt::Write as _;

use crate::cli::wrap::wrapped;
use crate::eval::Status;
use crate::explain::{Explanation, NOTICE, Possible};
use crate::render::words;
use crate::why::reasons::{Line, Reason, Why};
use crate::why::words::Told;

/// How many lines of the rules are told of one reason.
const LINES: usize = 2;
/// How many things an open answer names that keep it open.
const OPEN: usize = 6;

/// Why the answers of one record and guideline are what they are.
pub(super) fn page(explanation: &Explanation, found: &[Why], later: bool) -> String {
    let mut page = head(explanation, later);
    if found.is_empty() {
        page.push_str("\nNo answer is settled. `evaluate` says what is missing.\n");
    }
    for why in found {
        page.push('\n');
        page.push_str(&one(explanation, why));
    }
    page
}

/// Who is spoken of, and by which guideline.
pub(in crate::cli) fn head(explanation: &Explanation, later: bool) -> String {
    let mut page = String::new();
    if later {
        page.push('\n');
    }
    let about: Vec<&str> = std::iter::once(explanation.record.id.as_str())
        .chain(explanation.record.about.iter().map(String::as_str))
        .collect();
    page.push_str(&wrapped(
        "",
        "  ",
        &format!("{}, as of {}", about.join(" | "), words::day(explanation.record.as_of)),
    ));
    let guideline = &explanation.guideline;
    page.push_str(&wrapped("", "  ", &format!("{}: {} {}", guideline.title, guideline.id, guideline.release)));
    if !later {
        page.push_str(&wrapped("", "", NOTICE));
    }
    page
}

fn one(explanation: &Explanation, why: &Why) -> String {
    let title = &why.target.title;
    let value = words::possible(&why.possible, why.target.unit().as_deref());
    match why.status {
        Status::Silent => wrapped(
            "",
            "  ",
            &format!("{title}: the guideline does not speak of this patient.{}", silence(explanation)),
        ),
        Status::Fault => wrapped(
            "",
            "  ",
            &format!(
                "{title}: the guideline is at fault, so there is no answer to give reasons for. {}",
                fault(explanation, why)
            ),
        ),
        Status::Open => {
            let mut text = wrapped("", "  ", &format!("{title}: not settled, it may be {value}."));
            text.push_str(&wrapped("  ", "    ", &format!("It depends on {}.", words::some(&why.open, OPEN))));
            text
        }
        Status::Decided => decided(explanation, why, &format!("{title}: {value}")),
    }
}

fn decided(explanation: &Explanation, why: &Why, said: &str) -> String {
    let own =
        explanation.answers.iter().find(|answer| answer.id == why.target.name).and_then(|answer| answer.says.as_ref());
    let says = own.map(|says| format!(" {says}")).unwrap_or_default();
    if why.reasons.is_empty() {
        return wrapped(
            "",
            "  ",
            &format!("{said}.{says} Nothing on record is needed for that: it is so of every patient."),
        );
    }
    let mut text = wrapped("", "  ", &format!("{said}.{says} Because of"));
    let (by_report, others): (Vec<&Reason>, Vec<&Reason>) =
        why.reasons.iter().partition(|reason| reason.told.report.is_some());
    let (silent, recorded): (Vec<&Reason>, Vec<&Reason>) =
        others.into_iter().partition(|reason| reason.told.by_silence);
    for readings in read_together(&recorded) {
        let Some(first) = readings.first() else { continue };
        let values: Vec<String> = readings.iter().rev().map(|reason| dated(&reason.told)).collect();
        text.push_str(&wrapped("  ", "      ", &format!("{} {}", first.told.label, values.join("; "))));
        lines(&mut text, &first.lines);
    }
    for (report, facts) in grouped(&by_report, |told| told.report.clone().unwrap_or_default()) {
        text.push_str(&wrapped("  ", "      ", &format!("no {}: by the {report}", words::any_of(&facts))));
    }
    let left_out = |told: &Told| match told.date {
        Some(day) => format!("{} on {}", told.value, words::day(day)),
        None => told.value.clone(),
    };
    for (what, facts) in grouped(&silent, left_out) {
        let text_of = format!("{}: {what} (by what the record leaves out)", words::all_of(&facts));
        text.push_str(&wrapped("  ", "      ", &text_of));
    }
    let further = match why.further {
        0 => "Everything on record is needed for this.".to_owned(),
        1 => "Nothing else on record matters for this: 1 further fact may be anything without changing it.".to_owned(),
        many => format!(
            "Nothing else on record matters for this: {many} further facts may be anything without changing it."
        ),
    };
    text.push_str(&wrapped("  ", "  ", &further));
    text
}

/// The readings of one fact that the same lines look at, as before and after.
fn read_together<'a>(recorded: &[&'a Reason]) -> Vec<Vec<&'a Reason>> {
    let mut groups: Vec<Vec<&Reason>> = Vec::new();
    for reason in recorded {
        let same = |group: &&mut Vec<&Reason>| {
            group.iter().all(|other| other.told.id == reason.told.id && other.lines == reason.lines)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(reason),
            None => groups.push(vec![reason]),
        }
    }
    groups
}

/// Labels under what is said of them.
fn grouped(reasons: &[&Reason], of: impl Fn(&Told) -> String) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for reason in reasons {
        let said = of(&reason.told);
        match groups.iter_mut().find(|(known, _)| *known == said) {
            Some((_, labels)) => labels.push(reason.told.label.clone()),
            None => groups.push((said, vec![reason.told.label.clone()])),
        }
    }
    groups
}

/// `122 of 150, 01 Mar 2026`
fn dated(told: &Told) -> String {
    let day = told.date.map(|day| format!(", {}", words::day(day))).unwrap_or_default();
    format!("{}{day}", told.value)
}

/// The lines of the rules that a reason was held against, each with what came of it and a word on its source.
fn lines(text: &mut String, lines: &[Line]) {
    for line in lines.iter().take(LINES) {
        let outcome = match &line.outcome {
            Possible::YesNo { yes: true, .. } | Possible::Nothing => String::new(),
            Possible::YesNo { .. } => ": no".to_owned(),
            Possible::Choice(_) | Possible::Several { .. } | Possible::Number(_) => {
                format!(": {}", words::brief(&line.outcome, line.unit.as_deref()))
            }
        };
        let doubt = line.citations.iter().map(|citation| citation.mark).min().and_then(words::doubt);
        let keys: Vec<&str> = line.citations.iter().map(|citation| citation.key.as_str()).collect();
        let source = match (keys.is_empty(), doubt) {
            (true, _) => String::new(),
            (false, None) => format!(" [{}]", keys.join("; ")),
            (false, Some(doubt)) => format!(" [{}: {doubt}]", keys.join("; ")),
        };
        text.push_str(&wrapped("      ", "        ", &format!("{}{outcome}{source}", line.text)));
    }
    if let Some(more) = lines.len().checked_sub(LINES).filter(|more| *more > 0) {
        let _ = writeln!(text, "      and {more} more: `evaluate --trace`");
    }
}

/// Why the guideline does not speak of the patient.
pub(in crate::cli) fn silence(explanation: &Explanation) -> String {
    let own = explanation.silent.iter().find(|silent| silent.source == explanation.guideline.id);
    own.map(|silent| format!(" Because: {}.", silent.because)).unwrap_or_default()
}

fn fault(explanation: &Explanation, why: &Why) -> String {
    let own = explanation.answers.iter().find(|answer| answer.id == why.target.name);
    own.and_then(|answer| answer.fault.clone()).map(|fault| format!("{}.", words::capital(&fault))).unwrap_or_default()
}
