//! A document's tree into a [`Record`]: every mistake is collected, and only a document without one is a record.

mod checks;
mod choice;
mod course;
mod date;
mod entry;
mod lists;
mod number;
mod number_text;
mod place;
mod report;
mod shape;
mod therapy;
mod visit;

use super::{Forgotten, Notice, NoticeKind, Record, codes};
use crate::catalog::{Catalog, Fact, FactId};
use crate::diagnostics::Diagnostic;
use crate::source::{SourceMap, Span, Spanned};
use crate::value::{DateRange, Number, Truth};
use crate::yaml::{Node, NodeKind, YesNo};

use place::Place;

pub(super) use number_text::sign_before_number;
pub(super) use report::NOT_TESTED;

/// `mmt8_max: 80` says on which scale `mmt8` was recorded.
pub(super) const SCALE_SUFFIX: &str = "_max";

/// The keys of a record, in the order a person writes them.
pub(super) const KEYS: [&str; 10] = [
    "id",
    "as_of",
    "patient",
    "facts",
    "visits",
    "therapies",
    "therapies_complete",
    "declined",
    "judgements",
    "override",
];

/// The record of one document, or everything that is wrong with it, in the order of the text.
pub(super) fn record(sources: &SourceMap, tree: &Node, catalog: &Catalog) -> Result<Record, Vec<Diagnostic>> {
    let mut reader =
        Reader { sources, catalog, errors: Vec::new(), notices: Vec::new(), days: Vec::new(), scales: Vec::new() };
    let read = reader.document(tree);
    let Reader { mut errors, mut notices, .. } = reader;
    match read {
        Some(mut record) if errors.is_empty() => {
            notices.sort_by_key(|notice| notice.span);
            record.notices = notices;
            Ok(record)
        }
        Some(_) | None => {
            errors.sort_by_key(Diagnostic::span);
            Err(errors)
        }
    }
}

/// A date somewhere in the record.
struct Day {
    range: DateRange,
    span: Span,
    /// What it is the day of, for a message: `the visit`.
    what: String,
    /// The record is at least this new.
    places_record: bool,
}

/// The highest value of the scale that a fact was recorded on.
type Scales = Vec<(FactId, Number)>;

/// What reading collects beside the record itself.
struct Reader<'a> {
    sources: &'a SourceMap,
    catalog: &'a Catalog,
    errors: Vec<Diagnostic>,
    notices: Vec<Notice>,
    days: Vec<Day>,
    /// Scales said once for all visits.
    scales: Scales,
}

impl<'a> Reader<'a> {
    /// A fact the dictionary has and could read.
    fn definition(&self, id: FactId) -> Option<&'a Fact> {
        self.catalog.fact(id)
    }

    fn error(&mut self, error: Diagnostic) {
        self.errors.push(error);
    }

    fn notice(&mut self, kind: NoticeKind, span: Span, text: impl Into<String>) {
        self.notices.push(Notice { kind, text: text.into(), span });
    }

    fn document(&mut self, tree: &Node) -> Option<Record> {
        let entries = self.expect_record(tree)?;
        for (key, _) in entries {
            if !KEYS.contains(&key.value.as_str()) {
                self.unknown_name(key, Place::Record);
            }
        }
        let facts = tree.get("facts");
        self.scales = self.scales_of(facts);
        let id = self.id(tree);
        let as_of = tree.get("as_of").filter(|node| !node.is_null()).and_then(|node| self.as_of(node));
        let (born, mut undated) = tree.get("patient").map(|node| self.patient(node)).unwrap_or_default();
        if let Some(facts) = facts {
            undated.extend(self.facts(facts));
        }
        undated.sort_by_key(|entry| entry.fact);
        let mut visits = tree.get("visits").map(|node| self.visits(node)).unwrap_or_default();
        visits.sort_by_key(|visit| visit.date);
        let therapies = self.therapies(tree.get("therapies"), tree.get("therapies_complete"));
        let declined = tree.get("declined").map_or(Some(Vec::new()), |node| self.declined(node));
        let judgements = tree.get("judgements").map(|node| self.judgements(node)).unwrap_or_default();
        let overrides = tree.get("override").map(|node| self.overrides(node)).unwrap_or_default();
        let mut record = Record {
            id,
            as_of: self.place_in_time(tree, as_of)?,
            as_of_given: as_of.is_some(),
            is_cut_off: false,
            born,
            undated,
            visits,
            therapies,
            declined,
            judgements,
            overrides,
            forgotten: Forgotten::default(),
            notices: Vec::new(),
            span: tree.span,
        };
        self.contradictions(&mut record);
        Some(record)
    }

    fn expect_record<'n>(&mut self, tree: &'n Node) -> Option<&'n [(Spanned<String>, Node)]> {
        let (found, note) = match &tree.kind {
            NodeKind::Mapping(entries) => return Some(entries),
            NodeKind::Sequence(_) => (
                "a list of records stands here",
                "write each record as a document of its own, after a line `---`, or as a JSON object on a line of its own",
            ),
            NodeKind::Scalar { .. } => {
                ("no record stands here", "a record begins with `id: `, then says what is known of the patient")
            }
        };
        let start = Span { end: tree.span.end.min(tree.span.start.saturating_add(1)), ..tree.span };
        self.error(Diagnostic::error(codes::NOT_A_RECORD, start, found).note(note));
        None
    }

    fn id(&mut self, tree: &Node) -> String {
        let Some(node) = tree.get("id") else {
            let start = Span { end: tree.span.start, ..tree.span };
            let missing = Diagnostic::error(codes::MISSING_KEY, start, "the record has no `id`");
            self.error(missing.note("`id` names the patient in all answers: a pseudonym, never a real name"));
            return String::new();
        };
        self.expect_words(node, "`id`", "id: demo-01").map(|id| id.value).unwrap_or_default()
    }

    fn judgements(&mut self, node: &Node) -> Vec<(Spanned<String>, Truth)> {
        let entries = self.expect_parts(node, "`judgements`", "judgements: {overlap_disease: no}");
        let mut judgements = Vec::new();
        for (name, value) in entries {
            if value.is_null() || value.text() == Some("unknown") {
                judgements.push((name.clone(), Truth::EITHER));
            } else if let Some(answer) = self.yes_no(value, &format!("`{}`", name.value)) {
                judgements.push((name.clone(), Truth::from(answer)));
            }
        }
        judgements
    }

    /// A yes or no; what is refused is reported.
    fn yes_no(&mut self, node: &Node, what: &str) -> Option<bool> {
        let Some(text) = node.text() else {
            self.one_value_expected(node, what, "yes");
            return None;
        };
        match YesNo::read(text.trim()) {
            YesNo::Yes => Some(true),
            YesNo::No => Some(false),
            YesNo::Meant(word) => {
                let message = format!("{what} is `yes` or `no`, not `{text}`");
                let error = Diagnostic::error(codes::YES_NO, node.span, message);
                self.error(self.rewrite(error, node, word));
                None
            }
            YesNo::Other => {
                let message = format!("{what} is `yes` or `no`, not `{}`", shortened(text));
                let error = Diagnostic::error(codes::YES_NO, node.span, message);
                self.error(error.note("where it is not known, write `unknown`"));
                None
            }
        }
    }

    /// Adds the way out: other words in the same quotes.
    fn rewrite(&self, error: Diagnostic, node: &Node, words: &str) -> Diagnostic {
        let quote = self.sources.slice(node.span).chars().next().filter(|first| matches!(first, '"' | '\''));
        let quote = quote.map(String::from).unwrap_or_default();
        error.fix(format!("write `{words}`"), node.span, format!("{quote}{words}{quote}"))
    }
}

/// A text as long as a message can bear.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    line.chars().take(LONGEST).chain(['…']).collect()
}
