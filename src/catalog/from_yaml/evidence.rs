use super::super::mistakes::BAD_SOURCE;
use super::super::{Evidence, EvidencePart, Mark, Trial};
use super::words::{one_of, trimmed};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::yaml::{Fields, Node, NodeKind};

pub(super) const MARKS: [(&str, Mark); 5] = [
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
    let trial = fields.group("trial").and_then(trial);
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
        trial,
    })
}

/// The steps of the scale of evidence, the strongest first.
const LEVELS: [(&str, &str); 6] = [("1b+", "1b+"), ("1b-", "1b-"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")];

fn trial(mut fields: Fields<'_, '_>) -> Option<Trial> {
    let design = fields.text("design");
    let n = fields.optional_text("n").and_then(|text| patients(text, fields.mistakes()));
    let mut optional = |key| fields.optional_text(key).map(|text| text.value.trim().to_owned());
    let (population, comparison) = (optional("population"), optional("comparison"));
    let endpoint = fields.text("endpoint");
    let result = fields.text("result");
    let level = fields.optional_text("level").and_then(|text| one_of("level", text, &LEVELS, fields.mistakes()));
    let registry = fields.texts("registry");
    let registry = registry.into_iter().filter_map(|text| registry_id(text, fields.mistakes())).collect();
    fields.finish();
    Some(Trial {
        design: trimmed(Some(design?)),
        n,
        population,
        comparison,
        endpoint: trimmed(Some(endpoint?)),
        result: trimmed(Some(result?)),
        level,
        registry,
    })
}

fn patients(text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<u32> {
    let number = text.value.trim().parse().ok();
    if number.is_none() {
        let mistake =
            Diagnostic::error(BAD_SOURCE, text.span, format!("`n` must be a whole number, found `{}`", text.value));
        mistakes.push(mistake.note("how many were randomised or enrolled; other counts belong into `population`"));
    }
    number
}

/// `NCT00000000`, `ISRCTN00000000`, `2024-000000-00-00`
fn registry_id(text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<String> {
    let id = text.value.trim();
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    let spelt = id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    if digits >= 8 && spelt {
        return Some(id.to_owned());
    }
    let mistake = Diagnostic::error(BAD_SOURCE, text.span, format!("`{id}` is not the number of a register of trials"));
    mistakes.push(mistake.note("write it as the register does, as in `NCT00106184`"));
    None
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
