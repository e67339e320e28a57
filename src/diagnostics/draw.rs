//! Diagnostics as text for a terminal, and as JSON for programs.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet};
use serde_json::json;

use super::{Diagnostic, Fix, Label, Severity};
use crate::source::{FileId, SourceMap, Span};

/// Lines longer than this are shown around the mistake only.
const SHOWN_CHARACTERS: usize = 200;
/// What is shown before the mistake in such a line.
const SHOWN_BEFORE: usize = 60;
/// Labels further apart than this get an excerpt each.
const SHOWN_LINES: u32 = 20;

/// All diagnostics as a person reads them, an empty line between two.
pub fn draw(sources: &SourceMap, diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&renderer.render(&groups(sources, diagnostic)));
        text.push('\n');
    }
    text
}

/// All diagnostics for programs: one JSON object a line, lines and columns counted from one in characters.
pub fn draw_json(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&object(sources, diagnostic).to_string());
        text.push('\n');
    }
    text
}

fn object(sources: &SourceMap, diagnostic: &Diagnostic) -> serde_json::Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut object = json!({ "code": diagnostic.code.id, "severity": severity, "message": diagnostic.message });
    if let (Some(span), Some(fields)) = (diagnostic.span(), object.as_object_mut()) {
        fields.insert("file".to_owned(), json!(sources.path(span.file)));
        fields.extend(place(sources, span));
    }
    if let Some(fields) = object.as_object_mut() {
        fields.insert("notes".to_owned(), json!(diagnostic.notes));
        fields.insert("fix".to_owned(), diagnostic.fix.as_ref().map_or(json!(null), |fix| fix_object(sources, fix)));
        fields.insert("patient".to_owned(), json!(diagnostic.patient));
    }
    object
}

fn place(sources: &SourceMap, span: Span) -> serde_json::Map<String, serde_json::Value> {
    let start = sources.position(span);
    let end = sources.position(Span { start: span.end, ..span });
    let pairs = [("line", start.line), ("column", start.column), ("endLine", end.line), ("endColumn", end.column)];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect()
}

fn fix_object(sources: &SourceMap, fix: &Fix) -> serde_json::Value {
    let edits: Vec<serde_json::Value> = fix
        .edits
        .iter()
        .map(|(span, replacement)| {
            let mut edit = place(sources, *span);
            edit.insert("replacement".to_owned(), json!(replacement));
            serde_json::Value::Object(edit)
        })
        .collect();
    json!({ "text": fix.text, "edits": edits })
}

fn groups<'a>(sources: &'a SourceMap, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut elements: Vec<Element<'a>> = Vec::new();
    for labels in near(sources, &diagnostic.labels) {
        let spans: Vec<Span> = labels.iter().map(|(_, label)| label.span).collect();
        let Some(excerpt) = Excerpt::new(sources, &spans) else { continue };
        let annotations: Vec<_> = labels
            .iter()
            .map(|(index, label)| {
                let kind = if *index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
                kind.span(excerpt.place(label.span)).label(text)
            })
            .collect();
        elements.extend(excerpt.origin(sources).map(Element::from));
        elements.push(excerpt.snippet(sources).annotations(annotations).into());
    }
    elements.extend(diagnostic.notes.iter().map(|note| Level::NOTE.message(note.as_str()).into()));
    let shown = diagnostic.patient.as_ref().map(|record| format!("a patient that shows it:\n{}", record.trim_end()));
    elements.extend(shown.map(|record| Level::NOTE.message(record).into()));
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.id);
    let mut groups = vec![title.elements(elements)];
    groups.extend(diagnostic.fix.as_ref().map(|fix| fix_group(sources, fix)));
    groups
}

fn fix_group<'a>(sources: &'a SourceMap, fix: &'a Fix) -> Group<'a> {
    let title = Level::HELP.secondary_title(fix.text.as_str());
    let spans: Vec<Span> = fix.edits.iter().map(|(span, _)| *span).collect();
    match Excerpt::new(sources, &spans) {
        Some(excerpt) if !excerpt.cut => {
            let patches: Vec<Patch<'a>> =
                fix.edits.iter().map(|(span, text)| Patch::new(excerpt.place(*span), text.as_str())).collect();
            title.element(excerpt.snippet(sources).patches(patches))
        }
        _ => Group::with_title(title),
    }
}

/// The labels in groups that fit one excerpt, each with its place among all of them.
fn near<'a>(sources: &SourceMap, labels: &'a [Label]) -> Vec<Vec<(usize, &'a Label)>> {
    let mut groups: Vec<Vec<(usize, &Label)>> = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        let line = sources.position(label.span).line;
        let home = groups.iter_mut().find(|group| {
            group.first().is_some_and(|(_, first)| {
                first.span.file == label.span.file && sources.position(first.span).line.abs_diff(line) <= SHOWN_LINES
            })
        });
        match home {
            Some(group) => group.push((index, label)),
            None => groups.push(vec![(index, label)]),
        }
    }
    groups
}

/// The lines that hold some places, long ones cut.
struct Excerpt {
    file: FileId,
    first: Span,
    text: String,
    /// For each line: what of the file is shown, and where it begins in `text`.
    shown: Vec<(Range<usize>, usize)>,
    /// A line was cut.
    cut: bool,
    /// A line was cut at its beginning, so that columns of the excerpt are not those of the file.
    shifted: bool,
}

impl Excerpt {
    fn new(sources: &SourceMap, spans: &[Span]) -> Option<Self> {
        let first = *spans.iter().min_by_key(|span| span.start)?;
        let file = first.file;
        let whole = sources.text(file);
        let last = spans.iter().map(|span| span.end as usize).max()?.max(first.start as usize);
        let start = whole.get(..first.start as usize)?.rfind('\n').map_or(0, |at| at + 1);
        let end = whole.get(last..)?.find('\n').map_or(whole.len(), |at| last + at);
        let mut excerpt = Excerpt { file, first, text: String::new(), shown: Vec::new(), cut: false, shifted: false };
        let mut line_start = start;
        for line in whole.get(start..end)?.split('\n') {
            let focus = spans
                .iter()
                .map(|span| span.start as usize)
                .find(|at| (line_start..=line_start + line.len()).contains(at));
            excerpt.push(line, line_start, focus.unwrap_or(line_start) - line_start);
            line_start += line.len() + 1;
        }
        Some(excerpt)
    }

    fn push(&mut self, line: &str, line_start: usize, focus: usize) {
        if !self.shown.is_empty() {
            self.text.push('\n');
        }
        if line.chars().nth(SHOWN_CHARACTERS).is_none() {
            self.shown.push((line_start..line_start + line.len(), self.text.len()));
            self.text.push_str(line);
            return;
        }
        self.cut = true;
        let before = line.get(..focus).unwrap_or("");
        let start = before.char_indices().rev().nth(SHOWN_BEFORE - 1).map_or(0, |(at, _)| at);
        let rest = line.get(start..).unwrap_or("");
        let end = start + rest.char_indices().nth(SHOWN_CHARACTERS - SHOWN_BEFORE).map_or(rest.len(), |(at, _)| at);
        if start > 0 {
            self.shifted = true;
            self.text.push('…');
        }
        self.shown.push((line_start + start..line_start + end, self.text.len()));
        self.text.push_str(line.get(start..end).unwrap_or(""));
        if end < line.len() {
            self.text.push('…');
        }
    }

    /// A place of the file as a place of the excerpt.
    fn place(&self, span: Span) -> Range<usize> {
        let start = self.offset(span.start as usize);
        start..self.offset(span.end as usize).max(start)
    }

    fn offset(&self, at: usize) -> usize {
        let line = self.shown.partition_point(|(shown, _)| shown.start <= at).saturating_sub(1);
        self.shown.get(line).map_or(0, |(shown, begins)| begins + at.clamp(shown.start, shown.end) - shown.start)
    }

    /// Where the excerpt comes from, where the snippet would count columns in a cut line.
    fn origin<'a>(&self, sources: &'a SourceMap) -> Option<Origin<'a>> {
        let place = sources.position(self.first);
        let origin =
            || Origin::path(sources.path(self.file)).line(place.line as usize).char_column(place.column as usize);
        self.shifted.then(origin)
    }

    fn snippet<'a, T: Clone>(&self, sources: &'a SourceMap) -> Snippet<'a, T> {
        let path = (!self.shifted).then(|| sources.path(self.file));
        Snippet::source(self.text.clone()).line_start(sources.position(self.first).line as usize).path(path)
    }
}
