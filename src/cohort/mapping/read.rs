use super::cells::{Bare, Scope};
use super::dialect::one_of;
use super::{Dialect, Duplicates, FileMapping, Mapping, check, codes, dialect, normal_form, tables};
use crate::catalog::Catalog;
use crate::diagnostics::Diagnostic;
use crate::engine::Engine;
use crate::source::Spanned;
use crate::yaml::{self, Fields, Node, Tree};

/// Reads a mapping, with every fact it may name; or everything that is wrong with it. Its text is among the engine's.
pub fn read(engine: &mut Engine, path: &str, text: String) -> Result<Mapping, Vec<Diagnostic>> {
    engine.load_dictionary();
    let file = engine.add_text(path, text);
    let documents = yaml::read(engine.sources(), file)?;
    let start = engine.sources().span(file, 0, 0);
    let [document] = documents.as_slice() else {
        let message = if documents.is_empty() { "there is no mapping here" } else { "a file holds one mapping" };
        return Err(vec![
            codes::cell(start, message.to_owned()).note("a mapping begins with `id: ` and the column of the ids"),
        ]);
    };
    let mut mistakes = Vec::new();
    let mapping = mapping(engine.catalog(), path, document, &mut mistakes);
    mistakes.extend(mapping.iter().flat_map(|mapping| check::check(engine, mapping, start)));
    mistakes.sort_by_key(Diagnostic::span);
    match mapping {
        Some(mapping) if !mistakes.iter().any(codes::is_error) => Ok(Mapping { notices: mistakes, ..mapping }),
        Some(_) | None => Err(mistakes),
    }
}

fn mapping(catalog: &Catalog, path: &str, document: &Node, mistakes: &mut Vec<Diagnostic>) -> Option<Mapping> {
    let mut fields = Fields::of(document, "the mapping", mistakes)?;
    // What the mapping calls itself is for people.
    fields.optional_text("mapping");
    let duplicates = [("once", Duplicates::Once), ("each", Duplicates::Each)];
    let duplicates = one_of(&mut fields, "duplicates", "what becomes of duplicates", &duplicates);
    let therapies_complete = fields.optional_yes_no("therapies_complete").unwrap_or(false);
    let declined = one_of(&mut fields, "declined", "what was declined", &[("unknown", true), ("nothing", false)]);
    let dialect = dialect::read(&mut fields, &Dialect::default());
    let tables = tables::read(&mut fields, &dialect);
    let mut scope = Scope { catalog, tables, main: Vec::new(), joined: None };
    let id = fields.text("id");
    let place = document.span;
    let start = crate::source::Span { end: place.start, ..place };
    let mut main = scope.file("the file of patients", start, &mut fields, dialect, id);
    let as_of = scope.optional_cell(&mut fields, "as_of", Bare::Date).map(|cell| cell.value);
    let files = files(&mut scope, &mut fields, &main, id);
    fields.finish();
    main.slots = scope.main;
    check_carried(std::iter::once(&main).chain(&files), mistakes);
    let courses = || std::iter::once(&main).chain(&files).flat_map(|file| &file.courses);
    if let Some(place) =
        document.get("declined").filter(|_| declined == Some(true) && courses().any(|course| course.declined.is_some()))
    {
        let message = "what was declined is `unknown`, and courses say it".to_owned();
        mistakes.push(codes::cell(place.span, message).note("take one of the two out"));
    }
    if let Some(place) = document.get("therapies_complete").filter(|_| courses().next().is_none()) {
        let message = "`therapies_complete` speaks of courses, and no file has any".to_owned();
        mistakes.push(codes::cell(place.span, message).note("say under `courses` how a file writes what was taken"));
    }
    Some(Mapping {
        path: path.to_owned(),
        duplicates: duplicates.unwrap_or(Duplicates::Once),
        as_of,
        therapies_complete,
        declined_unknown: declined.unwrap_or(false),
        main,
        files,
        tables: scope.tables,
        notices: Vec::new(),
        hash: normal_form::hash(Tree::from(document)),
    })
}

/// Each column of the output has a name of its own.
fn check_carried<'f>(files: impl Iterator<Item = &'f FileMapping>, mistakes: &mut Vec<Diagnostic>) {
    let mut names: Vec<&Spanned<String>> = Vec::new();
    for name in files.flat_map(|file| &file.carry).map(|carried| &carried.name) {
        match names.iter().find(|earlier| earlier.value == name.value) {
            Some(earlier) => mistakes.push(codes::carried_twice(name, earlier.span)),
            None => names.push(name),
        }
    }
}

/// `files:`, those that are joined to the main one.
fn files(
    scope: &mut Scope<'_>,
    fields: &mut Fields<'_, '_>,
    main: &FileMapping,
    id: Option<Spanned<&str>>,
) -> Vec<FileMapping> {
    let mut files = Vec::new();
    let Some(mut group) = fields.group("files") else { return files };
    let rest: Vec<_> = group.rest().collect();
    for (name, node) in rest {
        let Some(fields) = Fields::of(node, format!("the file `{}`", name.value), group.mistakes()) else { continue };
        let mut fields = fields.told_at(name.span);
        scope.joined = Some(Vec::new());
        let dialect = dialect::read(&mut fields, &main.dialect);
        let own = fields.optional_text("id").or(id);
        let mut file = scope.file(&name.value, name.span, &mut fields, dialect, own);
        fields.finish();
        file.slots = scope.joined.take().unwrap_or_default();
        files.push(file);
    }
    files
}
