use std::borrow::Cow;

use super::super::mistakes::{self, BAD_NAME, BAD_NUMBER, BAD_SOURCE};
use super::super::{Catalog, Class, Preparation, Treatment};
use super::words::{is_snake_case, number, owned, period, trimmed};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::value::Number;
use crate::yaml::{Fields, Node, expect_text};

/// Reads a treatment.
pub(in super::super) fn treatment(
    name: &Spanned<String>,
    node: &Node,
    catalog: &Catalog,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<Treatment> {
    let mut fields = Fields::of(node, format!("the treatment `{}`", name.value), mistakes)?.told_at(name.span);
    let label = fields.text("label");
    let classes = classes(&mut fields, catalog);
    let mut preparations = other_names(&mut fields);
    preparations.extend(with_factors(&mut fields));
    let route = optional(&mut fields, "route");
    let usual_dose = optional(&mut fields, "usual_dose");
    let judge_after =
        fields.optional_text("judge_after").and_then(|text| period("judge_after", text, fields.mistakes()));
    let monitoring = optional(&mut fields, "monitoring");
    let source = source(&mut fields);
    fields.finish();
    let label = trimmed(Some(label?));
    Some(Treatment {
        id: name.clone(),
        label,
        classes,
        preparations,
        route,
        usual_dose,
        judge_after,
        monitoring,
        source,
    })
}

/// Reads a class of treatments.
pub(in super::super) fn class(name: &Spanned<String>, node: &Node, mistakes: &mut Vec<Diagnostic>) -> Option<Class> {
    let mut fields = Fields::of(node, format!("the class `{}`", name.value), mistakes)?.told_at(name.span);
    let label = fields.text("label");
    fields.finish();
    Some(Class { id: name.clone(), label: trimmed(Some(label?)) })
}

/// A name as it is looked up: in small letters, blanks and hyphens as `_`.
pub(in super::super) fn spoken(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(name);
    }
    let plain = |letter: char| if letter == '-' || letter.is_whitespace() { '_' } else { letter };
    name.trim().chars().map(plain).flat_map(char::to_lowercase).collect()
}

fn optional(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<String> {
    fields.optional_text(key).map(|text| text.value.trim().to_owned())
}

fn classes(fields: &mut Fields<'_, '_>, catalog: &Catalog) -> Vec<String> {
    let texts = fields.texts("classes");
    for text in &texts {
        if !catalog.is_class(text.value.trim()) {
            fields.mistakes().push(mistakes::unknown_class(*text, catalog.class_names()));
        }
    }
    owned(texts)
}

/// Names that mean just the same.
fn other_names(fields: &mut Fields<'_, '_>) -> Vec<Preparation> {
    let mut names = Vec::new();
    for text in fields.texts("names") {
        let name = text.map(|name| name.trim().to_owned());
        if is_name(&name, fields.mistakes()) {
            names.push(Preparation { name, factor: Number::ONE });
        }
    }
    names
}

/// Preparations, each with how much of the treatment one unit of it is.
fn with_factors(fields: &mut Fields<'_, '_>) -> Vec<Preparation> {
    let Some(mut group) = fields.group("preparations") else { return Vec::new() };
    let entries: Vec<&(Spanned<String>, Node)> = group.rest().collect();
    let mistakes = group.mistakes();
    entries.into_iter().filter_map(|(name, node)| preparation(name, node, mistakes)).collect()
}

fn preparation(name: &Spanned<String>, node: &Node, mistakes: &mut Vec<Diagnostic>) -> Option<Preparation> {
    let text = expect_text(node, &format!("the factor of `{}`", name.value), mistakes)?;
    let factor = factor(&name.value, text, mistakes)?;
    if factor.sign() <= 0 {
        let message = format!("the factor of `{}` is above zero, not {factor}", name.value);
        let meant = "it is how much of the treatment one unit of the preparation is: 1.25 where 4 mg do what 5 mg do";
        mistakes.push(Diagnostic::error(BAD_NUMBER, text.span, message).note(meant));
        return None;
    }
    is_name(name, mistakes).then(|| Preparation { name: name.clone(), factor })
}

/// `1.25`, or a fraction that no decimal gives: `20/3`.
fn factor(name: &str, text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<Number> {
    let Some((over, under)) = text.value.split_once('/') else { return number(name, text, mistakes) };
    let part = |part: &'_ str| part.trim().parse::<Number>();
    match (part(over), part(under)) {
        (Ok(over), Ok(under)) if under.sign() > 0 => over.over(under).ok(),
        _ => number(name, text, mistakes),
    }
}

/// Records may write a name with capitals, blanks and hyphens, and `+` between two.
fn is_name(name: &Spanned<String>, mistakes: &mut Vec<Diagnostic>) -> bool {
    let fits = is_snake_case(&spoken(&name.value));
    if !fits {
        let message = format!("`{}` cannot be another name of a treatment", name.value);
        let note = "a name is letters, digits, blanks, `-` and `_`, beginning with a letter";
        mistakes.push(Diagnostic::error(BAD_NAME, name.span, message).note(note));
    }
    fits
}

const MARKS: [&str; 5] = ["verified", "secondary", "founding report", "unverified", "local default"];

/// Where it was read, with its mark first.
fn source(fields: &mut Fields<'_, '_>) -> Option<String> {
    let text = fields.optional_text("source")?;
    let marked = |mark: &str| text.value.trim().strip_prefix(mark).is_some_and(|rest| rest.starts_with(':'));
    if !MARKS.into_iter().any(marked) {
        let mistake = Diagnostic::error(BAD_SOURCE, text.span, "`source` does not begin with its mark");
        let marks = mistakes::listed(MARKS.into_iter());
        fields.mistakes().push(mistake.note(format!("begin with one of {marks}, then `: ` and where it was read")));
    }
    Some(text.value.trim().to_owned())
}
