use super::super::mistakes::BAD_SOURCE;
use super::super::{Evidence, EvidencePart, Mark};
use super::words::{one_of, trimmed};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::yaml::{Fields, Node, NodeKind};

const MARKS: [(&str, Mark); 5] = [
    ("verified", Mark::Verified),
    ("secondary", Mark::Secondary),
    ("founding report", Mark::FoundingReport),
    ("unverified", Mark::Unverified),
    ("local default", Mark::LocalDefault),
];

const KINDS: [(&str, &str); 9] = [
    ("criteria", "criteria"),
    ("guideline", "guideline"),
    ("trial", "trial"),
    ("study", "study"),
    ("review", "review"),
    ("label", "label"),
    ("meeting report", "meeting report"),
    ("form", "form"),
    ("web page", "web page"),
];

/// Reads a source.
pub(in super::super) fn evidence(
    key: &Spanned<String>,
    node: &Node,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<Evidence> {
    let mut fields = Fields::of(node, format!("the source `{}`", key.value), mistakes)?.told_at(key.span);
    let authors = fields.text("authors");
    let title = fields.text("title");
    let published = fields.text("published");
    let year = fields.optional_text("year").and_then(|text| year(text, fields.mistakes()));
    let doi = fields.optional_text("doi").and_then(|text| doi(text, fields.mistakes()));
    let kind = fields.text("kind").and_then(|text| one_of("kind", text, &KINDS, fields.mistakes()));
    let readable = fields.text("readable");
    let mark = fields.text("mark").and_then(|text| one_of("mark", text, &MARKS, fields.mistakes()));
    let parts = parts(&mut fields);
    fields.finish();
    Some(Evidence {
        key: key.clone(),
        authors: trimmed(Some(authors?)),
        title: trimmed(Some(title?)),
        published: trimmed(Some(published?)),
        year,
        doi,
        kind: kind?.to_owned(),
        readable: trimmed(Some(readable?)),
        mark: mark?,
        parts,
    })
}

fn year(text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<u16> {
    let year = text.value.parse().ok().filter(|year| (1900..=2200).contains(year));
    if year.is_none() {
        let mistake = Diagnostic::error(BAD_SOURCE, text.span, format!("`{}` is not a year", text.value));
        mistakes.push(mistake.note("write four digits, as in `2017`"));
    }
    year
}

fn doi(text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<String> {
    let value = text.value.trim();
    if value.starts_with("10.") && value.contains('/') && !value.contains(char::is_whitespace) {
        return Some(value.to_owned());
    }
    let message = format!("`{value}` is not a digital object identifier");
    let mistake = Diagnostic::error(BAD_SOURCE, text.span, message);
    mistakes.push(match value.find("10.").and_then(|at| value.get(at..)) {
        Some(bare) => mistake.fix(format!("write it without what stands before: `{bare}`"), text.span, bare),
        None => mistake.note("it begins with `10.`, as in `10.1136/annrheumdis-2017-211400`"),
    });
    None
}

fn parts(fields: &mut Fields<'_, '_>) -> Vec<EvidencePart> {
    let Some(mut group) = fields.group("parts") else { return Vec::new() };
    let entries: Vec<&(Spanned<String>, Node)> = group.rest().collect();
    let mistakes = group.mistakes();
    entries.into_iter().filter_map(|(place, node)| part(place, node, mistakes)).collect()
}

fn part(place: &Spanned<String>, value: &Node, mistakes: &mut Vec<Diagnostic>) -> Option<EvidencePart> {
    let (mark, note) = match &value.kind {
        NodeKind::Scalar { text, .. } => (Some(Spanned::new(text.as_str(), value.span)), None),
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => marked_part(place, value, mistakes)?,
    };
    let mark = one_of("mark", mark?, &MARKS, mistakes)?;
    Some(EvidencePart { place: place.value.clone(), mark, note })
}

type MarkAndNote<'a> = (Option<Spanned<&'a str>>, Option<String>);

fn marked_part<'a>(
    place: &Spanned<String>,
    value: &'a Node,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<MarkAndNote<'a>> {
    let mut fields = Fields::of(value, format!("the part `{}`", place.value), mistakes)?.told_at(place.span);
    let mark = fields.text("mark");
    let note = fields.optional_text("note").map(|text| text.value.trim().to_owned());
    fields.finish();
    Some((mark, note))
}
