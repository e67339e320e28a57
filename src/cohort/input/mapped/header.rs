//! The columns of a file, held against the mapping.

use std::collections::HashSet;

use super::lines::Lines;
use super::rows::{Fields, Header, Raw, decoded, ndjson_keys};
use super::stretch::Stretches;
use crate::cohort::input::InputError;
use crate::cohort::mapping::{Dialect, Duplicates, FileMapping, Format, codes};
use crate::diagnostics::Diagnostic;
use crate::source::{Span, Spanned};

/// How many lines of NDJSON are looked at for their keys, and of how many bytes more or less where lines are long.
const LINES: usize = 1000;
const BYTES: usize = 1 << 22;

/// The header of a file, which is taken from it, and what the mapping says that is not so.
pub(super) fn read(
    stretches: &mut Stretches,
    file: &FileMapping,
    duplicates: Duplicates,
    mistakes: &mut Vec<Diagnostic>,
) -> Result<Header, InputError> {
    let names = names(stretches, file)?;
    // Of NDJSON a key may come later.
    let has_header = file.dialect.format != Format::Ndjson;
    let shown = stretches.source().name().to_owned();
    let mut header = Header { names, places: Vec::new() };
    let mut late: Vec<&Spanned<String>> = Vec::new();
    for slot in &file.slots {
        let mut places = header.names.iter().enumerate().filter(|(_, name)| **name == slot.value).map(|(at, _)| at);
        let place = places.next();
        if place.is_none() && has_header {
            let known = header.names.iter().map(String::as_str);
            mistakes.push(codes::missing_column(&slot.value, slot.span, &shown, known));
        } else if place.is_none() {
            late.push(slot);
        } else if places.next().is_some() {
            mistakes.push(codes::column_twice(&slot.value, slot.span, &shown));
        }
        header.places.push(place);
    }
    for column in &file.ignore {
        if has_header && !header.names.contains(&column.value) {
            let known = header.names.iter().map(String::as_str);
            mistakes.push(codes::missing_column(&column.value, column.span, &shown, known));
        }
    }
    let unnamed = unnamed(&header, file);
    if let Some(place) = file.slots.get(file.id).map(|slot| Span { end: slot.span.start, ..slot.span })
        && !unnamed.is_empty()
    {
        mistakes.push(codes::unnamed(place, &shown, unnamed.iter().copied()));
    }
    // Of nothing at all no key is missing.
    if !header.names.is_empty() {
        mistakes.extend(codes::missing_keys(&late, &shown, &unnamed));
    }
    if !has_header {
        add_missing_keys(&mut header, file);
    }
    choose(stretches, file, duplicates, mistakes);
    Ok(header)
}

fn names(stretches: &mut Stretches, file: &FileMapping) -> Result<Vec<String>, InputError> {
    match stretches {
        Stretches::Text(lines) if file.dialect.format == Format::Csv => of_csv(lines, &file.dialect),
        Stretches::Text(lines) => of_ndjson(lines, &file.dialect),
        Stretches::Columnar(columnar) => Ok(columnar.names()),
    }
}

/// Of a file of columns only some are read.
fn choose(stretches: &mut Stretches, file: &FileMapping, duplicates: Duplicates, mistakes: &mut Vec<Diagnostic>) {
    match stretches {
        Stretches::Text(_) => {}
        Stretches::Columnar(columnar) => columnar.choose(file, duplicates, mistakes),
    }
}

/// What the file has and the mapping does not name.
fn unnamed<'h>(header: &'h Header, file: &FileMapping) -> Vec<&'h str> {
    let is_known = |name: &str| file.slots.iter().chain(&file.ignore).any(|slot| slot.value == *name);
    let names = header.names.iter().map(String::as_str);
    names.filter(|name| !name.is_empty() && !is_known(name)).collect()
}

/// A key that the first lines do not have may come later.
fn add_missing_keys(header: &mut Header, file: &FileMapping) {
    for (slot, place) in file.slots.iter().zip(&mut header.places) {
        if place.is_none() {
            header.names.push(slot.value.clone());
            *place = Some(header.names.len() - 1);
        }
    }
}

/// The first row of a CSV file.
pub(super) fn of_csv(stretches: &mut Lines, dialect: &Dialect) -> Result<Vec<String>, InputError> {
    let header = stretches.first()?;
    let mut fields = Fields::of_csv(header.as_deref().unwrap_or_default(), dialect.delimiter);
    let Some(Raw::Csv(record)) = fields.next() else {
        return Err(InputError::NoHeader { name: stretches.source().name().to_owned() });
    };
    let name = |field: &[u8]| match decoded(field, dialect.encoding) {
        Some(text) => text.trim().to_owned(),
        None => String::from_utf8_lossy(field).trim().to_owned(),
    };
    Ok(record.iter().map(name).collect())
}

/// The keys of the first lines of an NDJSON file.
fn of_ndjson(stretches: &mut Lines, dialect: &Dialect) -> Result<Vec<String>, InputError> {
    let (mut names, mut known): (Vec<String>, HashSet<String>) = Default::default();
    let (mut looked_at, mut lines, mut bytes) = (Vec::new(), 0, 0);
    while lines < LINES && bytes < BYTES {
        let Some(stretch) = stretches.next()? else { break };
        for row in stretch.rows.iter().take(LINES - lines) {
            for key in ndjson_keys(stretch.row(row), dialect) {
                if known.insert(key.clone()) {
                    names.push(key);
                }
            }
        }
        lines += stretch.rows.len();
        bytes += stretch.bytes.len();
        looked_at.push(stretch);
    }
    looked_at.into_iter().rev().for_each(|stretch| stretches.put_back(stretch));
    Ok(names)
}
