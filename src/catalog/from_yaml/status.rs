//! Dated statuses: `status drug_a in disease_a:` and a list of events.

use super::super::mistakes::{self, BAD_NAME, BAD_STATUS, BAD_TIME};
use super::super::{Catalog, EventKind, StatusEvent, StatusHistory, TreatmentStatus};
use super::evidence::MARKS;
use super::words::{one_of, trimmed};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::value::DateRange;
use crate::yaml::{Fields, Node, expect_sequence};

/// Reads the history of a treatment in an indication; the name is `drug_a in disease_a`.
pub(in super::super) fn history(
    name: &Spanned<String>,
    node: &Node,
    catalog: &Catalog,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<StatusHistory> {
    let (treatment, indication) = name.value.split_once(" in ")?;
    let before = mistakes.len();
    let place = |text: &str| Spanned::new(text.to_owned(), name.span);
    let known = catalog.find_treatment(treatment).filter(|id| catalog.treatment_name(*id) == treatment);
    if known.is_none() {
        mistakes.push(mistakes::status_of_nothing(&place(treatment), catalog.treatment_names()));
        return None;
    }
    if !catalog.is_indication(indication) {
        let names = catalog.indication_names();
        mistakes.push(mistakes::unknown_in_key("indication of the evidence", &place(indication), names));
    }
    let items = expect_sequence(node, &format!("the status of `{}`", name.value), mistakes)?;
    let events: Vec<StatusEvent> = items.iter().filter_map(|item| event(name, item, catalog, mistakes)).collect();
    if items.is_empty() {
        let message = format!("the status of `{}` has no event", name.value);
        let help =
            "each event is a line: `- {from: 2024-03-05, status: approved, event: \"…\", source: KEY, mark: verified}`";
        mistakes.push(Diagnostic::error(BAD_STATUS, name.span, message).note(help));
    }
    for pair in events.windows(2) {
        if let [earlier, later] = pair
            && later.from.earliest < earlier.from.earliest
        {
            let message = format!("the event of {} stands after that of {}", later.from, earlier.from);
            let mistake = Diagnostic::error(BAD_STATUS, later.source.span, message);
            mistakes.push(mistake.note("events stand in the order in which they happened"));
        }
    }
    let whole = mistakes.len() == before;
    Some(StatusHistory { treatment: known.filter(|_| whole)?, indication: indication.to_owned(), events })
}

const STATUSES: [(&str, TreatmentStatus); 7] = [
    ("approved", TreatmentStatus::Approved),
    ("guideline_option", TreatmentStatus::GuidelineOption),
    ("off_label", TreatmentStatus::OffLabel),
    ("investigational_active", TreatmentStatus::InvestigationalActive),
    ("negative", TreatmentStatus::Negative),
    ("terminated", TreatmentStatus::Terminated),
    ("unknown", TreatmentStatus::Unknown),
];

fn event(
    name: &Spanned<String>,
    node: &Node,
    catalog: &Catalog,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<StatusEvent> {
    let mut fields = Fields::of(node, format!("an event of `{}`", name.value), mistakes)?;
    let from = fields.text("from").and_then(|text| from(text, fields.mistakes()));
    let status = fields.optional_text("status").map(|text| one_of("status", text, &STATUSES, fields.mistakes()));
    let told = fields.optional_text("event");
    let claim = fields.optional_text("claim");
    let constraint = fields.optional_text("constraint");
    let region = fields.optional_text("region");
    let source = fields.text("source");
    let mark = fields.text("mark").and_then(|text| one_of("mark", text, &MARKS, fields.mistakes()));
    let span = fields.span();
    fields.finish();
    let (makes, text) = match (status, told, claim, constraint) {
        (Some(status), Some(text), None, None) => (EventKind::Status(status?), text),
        (None, None, Some(text), None) => (EventKind::Claim, text),
        (None, None, None, Some(text)) => (EventKind::Constraint, text),
        _ => {
            let message = "an event is a `status` with its `event`, a `claim` or a `constraint`, and one of them";
            let help =
                "a claim is what a report said on that day, a constraint restricts the use: neither changes the status";
            mistakes.push(Diagnostic::error(BAD_STATUS, span, message).note(help));
            return None;
        }
    };
    if let Some(region) = region.filter(|region| !catalog.is_region(region.value.trim())) {
        let region = region.map(|region| region.trim().to_owned());
        mistakes.push(mistakes::unknown_in_key("region of the evidence", &region, catalog.region_names()));
    }
    let source = source?;
    let (key, place) = match source.value.trim().split_once(' ') {
        Some((key, place)) => (key, Some(place.trim().to_owned())),
        None => (source.value.trim(), None),
    };
    let key = Spanned::new(key.to_owned(), source.span);
    if catalog.evidence_place(&key.value).is_none() {
        mistakes.push(mistakes::unknown_in_key("source of the evidence", &key, catalog.evidence_keys()));
    }
    Some(StatusEvent {
        from: from?,
        makes,
        text: trimmed(Some(text)),
        region: region.map(|region| region.value.trim().to_owned()),
        source: key,
        place,
        mark: mark?,
    })
}

fn from(text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<DateRange> {
    let read = text.value.trim().parse().ok();
    if read.is_none() {
        let message = format!("`from` must be a day, a month or a year, found `{}`", text.value);
        let help = "write `2024-03-05`; where only so much is known `2024-03` or `2024`";
        mistakes.push(Diagnostic::error(BAD_TIME, text.span, message).note(help));
    }
    read
}

/// Reads an indication or a region: its label.
pub(in super::super) fn label(
    what: &str,
    name: &Spanned<String>,
    node: &Node,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<String> {
    let mut fields = Fields::of(node, format!("the {what} `{}`", name.value), mistakes)?.told_at(name.span);
    let label = fields.text("label");
    fields.finish();
    Some(trimmed(Some(label?)))
}

/// A region is one word, as a value of a choice is: `US`.
pub(in super::super) fn check_region(name: &Spanned<String>, mistakes: &mut Vec<Diagnostic>) {
    let word = name.value.as_str();
    let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !plain || !word.starts_with(|first: char| first.is_ascii_alphabetic()) {
        let mistake = Diagnostic::error(BAD_NAME, name.span, format!("a region cannot be called `{word}`"));
        mistakes.push(mistake.note("write it as one word, and the full name as its `label`"));
    }
}
