use super::super::mistakes::{BAD_LANGUAGE, BAD_RELEASE, BAD_TIME};
use super::super::{GuidelineInfo, LocalChoice, Release, Sentences, Status};
use super::words::{check_name, one_of, owned, trimmed};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, SourceMap, Span, Spanned};
use crate::value::Date;
use crate::yaml::{self, Fields, Node, expect_text};

/// The versions of the rules language this program reads.
const LANGUAGE: u32 = 1;

const STATUS: [(&str, Status); 3] = [("draft", Status::Draft), ("in use", Status::InUse), ("retired", Status::Retired)];

/// Reads a `guideline.yaml`; nothing where something needed is missing or wrong.
pub fn read_guideline_info(sources: &SourceMap, file: FileId) -> (Option<GuidelineInfo>, Vec<Diagnostic>) {
    let mut mistakes = Vec::new();
    let whole = sources.span(file, 0, usize::MAX);
    let info = match yaml::read(sources, file) {
        Ok(documents) => match documents.as_slice() {
            [document] => guideline(document, whole, &mut mistakes),
            [_, second, ..] => {
                let message = "a second document in a `guideline.yaml`";
                let mistake = Diagnostic::error(BAD_RELEASE, second.span, message);
                mistakes.push(mistake.note("each release has a folder of its own"));
                None
            }
            [] => {
                let start = sources.span(file, 0, 0);
                let mistake = Diagnostic::error(BAD_RELEASE, start, "nothing stands in this file");
                mistakes.push(
                    mistake
                        .note("write at least `id`, `release`, `language`, `title`, `about`, `status` and `answers`"),
                );
                None
            }
        },
        Err(wrong) => {
            mistakes.extend(wrong);
            None
        }
    };
    mistakes.sort_by_key(Diagnostic::span);
    (info, mistakes)
}

fn guideline(document: &Node, whole: Span, mistakes: &mut Vec<Diagnostic>) -> Option<GuidelineInfo> {
    let mut fields = Fields::of(document, "a guideline", mistakes)?;
    let id = fields.text("id").map(|text| text.map(str::to_owned));
    if let Some(id) = &id {
        check_name(id, "a guideline", fields.mistakes());
    }
    let release = fields.text("release").and_then(|text| release(text, fields.mistakes()));
    let language = fields.text("language").and_then(|text| language(text, fields.mistakes()));
    let title = fields.text("title");
    let about = fields.text("about");
    let status = fields.text("status").and_then(|text| one_of("status", text, &STATUS, fields.mistakes()));
    let effective_from = fields.optional_text("effective_from").and_then(|text| date(text, fields.mistakes()));
    let is_first = fields.optional("builds_on").is_none();
    let builds_on = builds_on(&mut fields);
    let local_sheet = fields.optional_yes_no("local_sheet").unwrap_or(false);
    if is_first {
        fields.required("answers");
    }
    let own_answers = names(&mut fields, "answers");
    let silent_on = sentences(&mut fields, "silent_on");
    let authors = owned(fields.texts("authors"));
    let changes = owned(fields.texts("changes"));
    let own_uses = names(&mut fields, "uses");
    let local_choices = local_choices(&mut fields);
    let says = says(&mut fields);
    fields.finish();
    Some(GuidelineInfo {
        id: id?,
        release: release?,
        language: language?,
        title: trimmed(Some(title?)),
        about: trimmed(Some(about?)),
        status: status?,
        effective_from,
        builds_on,
        local_sheet,
        own_answers,
        silent_on,
        authors,
        changes,
        own_uses,
        local_choices,
        says,
        span: whole,
    })
}

/// A list of names, where it is given.
fn names(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Vec<Spanned<String>>> {
    fields.optional(key)?;
    Some(fields.texts(key).into_iter().map(|text| text.map(|name| name.trim().to_owned())).collect())
}

/// The release that is built on: one, not a list.
fn builds_on(fields: &mut Fields<'_, '_>) -> Option<Spanned<String>> {
    let node = fields.optional("builds_on")?;
    if node.items().is_some() {
        let message = "a release builds on one other, not on several";
        let help = "name the one, as in `builds_on: 2018.1.0`; the blocks of another guideline come with `uses`";
        fields.mistakes().push(Diagnostic::error(BAD_RELEASE, node.span, message).note(help));
        return None;
    }
    Some(fields.optional_text("builds_on")?.map(|name| name.trim().to_owned()))
}

/// A sentence for each of some names.
fn sentences(fields: &mut Fields<'_, '_>, key: &'static str) -> Sentences {
    let Some(mut group) = fields.group(key) else { return Vec::new() };
    let entries: Vec<&(Spanned<String>, Node)> = group.rest().collect();
    let mistakes = group.mistakes();
    let text = |(name, text): &(Spanned<String>, Node)| {
        let text = expect_text(text, "a sentence", mistakes)?;
        Some((name.clone(), text.value.trim().to_owned()))
    };
    entries.into_iter().filter_map(text).collect()
}

fn release(text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<Spanned<Release>> {
    let release = Release::read(text.value);
    if release.is_none() {
        let message = format!("`{}` is not a release", text.value);
        let mistake = Diagnostic::error(BAD_RELEASE, text.span, message);
        mistakes.push(mistake.note("write three numbers with points, as in `2016.1.0`"));
    }
    release.map(|release| Spanned::new(release, text.span))
}

fn language(text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<u32> {
    let language = text.value.parse().ok().filter(|language| *language == LANGUAGE);
    if language.is_none() {
        let message = format!("language `{}` is not known to this program", text.value);
        mistakes.push(
            Diagnostic::error(BAD_LANGUAGE, text.span, message).note("write `language: 1`, or use a newer program"),
        );
    }
    language
}

fn date(text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<Spanned<Date>> {
    match text.value.parse() {
        Ok(date) => Some(Spanned::new(date, text.span)),
        Err(error) => {
            let mistake = Diagnostic::error(BAD_TIME, text.span, format!("`effective_from`: {error}"));
            mistakes.push(mistake.note("write the first day the release holds, as in `2017-01-01`"));
            None
        }
    }
}

fn local_choices(fields: &mut Fields<'_, '_>) -> Vec<LocalChoice> {
    let Some(mut group) = fields.group("local_choices") else { return Vec::new() };
    let entries: Vec<&(Spanned<String>, Node)> = group.rest().collect();
    let mistakes = group.mistakes();
    let mut choices = Vec::new();
    for (name, reason) in entries {
        check_name(name, "a local choice", mistakes);
        let reason = expect_text(reason, &format!("the reason of `{}`", name.value), mistakes);
        choices.push(LocalChoice { name: name.clone(), reason: trimmed(reason) });
    }
    choices
}

fn says(fields: &mut Fields<'_, '_>) -> Vec<(Spanned<String>, Sentences)> {
    let Some(mut group) = fields.group("says") else { return Vec::new() };
    let entries: Vec<&(Spanned<String>, Node)> = group.rest().collect();
    let mistakes = group.mistakes();
    let mut all = Vec::new();
    for (answer, sentences) in entries {
        let owner = format!("what is said of `{}`", answer.value);
        let Some(mut fields) = Fields::of(sentences, owner, mistakes) else { continue };
        let values: Vec<&(Spanned<String>, Node)> = fields.rest().collect();
        let mut said = Vec::new();
        for (value, sentence) in values {
            let Some(text) = expect_text(sentence, "a sentence", fields.mistakes()) else { continue };
            said.push((value.clone(), text.value.trim().to_owned()));
        }
        all.push((answer.clone(), said));
    }
    all
}
