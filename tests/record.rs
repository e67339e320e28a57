//! Records as written, with what was read from them or what is wrong with them.

use std::fmt::Write as _;
use std::path::Path;

use myoguide::catalog::{Catalog, FactKind};
use myoguide::diagnostics::Diagnostic;
use myoguide::record::{self, Entry, Given, Record};
use myoguide::source::{FileId, SourceMap, Span};
use myoguide::value::{Bound, NumberSet};

const DICTIONARY: &str = include_str!("corpus/record/dictionary.yaml");

/// A small dictionary of its own, so that the shipped one can change.
fn dictionary(sources: &mut SourceMap) -> Catalog {
    let library = myoguide::library::Library::of_texts([("dictionary/test.yaml", DICTIONARY)]);
    let (mut catalog, mut mistakes) = Catalog::open(&library, sources);
    mistakes.extend(catalog.load_all(sources));
    assert!(mistakes.is_empty(), "{}", mistakes.iter().map(|mistake| drawn(sources, mistake)).collect::<String>());
    catalog
}

fn read(path: &str, text: &str) -> (SourceMap, Catalog, FileId, Vec<Result<Record, Vec<Diagnostic>>>) {
    let mut sources = SourceMap::default();
    let catalog = dictionary(&mut sources);
    let file = sources.add(path, text);
    let records = record::read(&sources, file, &catalog);
    (sources, catalog, file, records)
}

fn one(text: &str) -> (Record, Catalog) {
    let (sources, catalog, _, mut records) = read("record.yaml", text);
    assert_eq!(records.len(), 1, "{text}");
    match records.remove(0) {
        Ok(record) => (record, catalog),
        Err(mistakes) => panic!("{}", mistakes.iter().map(|mistake| drawn(&sources, mistake)).collect::<String>()),
    }
}

#[test]
fn corpus() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("corpus/record/good/*", |path| insta::assert_snapshot!("good", shown(path, true)));
        insta::glob!("corpus/record/bad/*", |path| insta::assert_snapshot!("bad", shown(path, false)));
    });
}

/// The source and, below it, what came of it.
fn shown(path: &Path, good: bool) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    let text = std::fs::read_to_string(path).unwrap();
    let (sources, catalog, _, records) = read(&name, &text);
    assert_eq!(records.iter().all(Result::is_ok), good, "{name} stands in the wrong folder");
    let visible = text.replace('\r', "␍").replace('\u{feff}', "\\u{feff}");
    let source = if visible.len() > 3000 { "(long)\n" } else { &visible };
    let mut shown = format!("{}\n──────\n", source.trim_end());
    for result in &records {
        match result {
            Ok(record) => shown.push_str(&summary(&sources, &catalog, record)),
            Err(mistakes) => mistakes.iter().for_each(|mistake| shown.push_str(&drawn(&sources, mistake))),
        }
    }
    shown
}

/// A mistake with the lines it speaks of.
fn drawn(sources: &SourceMap, mistake: &Diagnostic) -> String {
    let mut text = format!("{}: {}\n", mistake.code.id, mistake.message);
    for (at, label) in mistake.labels.iter().enumerate() {
        text.push_str(&excerpt(sources, label.span, if at == 0 { '^' } else { '-' }, &label.text));
    }
    for note in &mistake.notes {
        let _ = writeln!(text, "      = {note}");
    }
    if let Some(fix) = &mistake.fix {
        let edits = fix.edits.iter().map(|(span, new)| format!("`{}` -> `{new}`", sources.slice(*span)));
        let _ = writeln!(text, "      = {}: {}", fix.text, edits.collect::<Vec<_>>().join(", "));
    }
    text + "\n"
}

fn excerpt(sources: &SourceMap, span: Span, sign: char, label: &str) -> String {
    let place = sources.position(span);
    let line = sources.text(span.file).lines().nth(place.line as usize - 1).unwrap_or("");
    let line: String = line.chars().take(120).collect();
    let width = sources.slice(span).lines().next().unwrap_or("").chars().count().clamp(1, 100);
    let blank = " ".repeat(place.column as usize - 1);
    let signs = sign.to_string().repeat(width);
    format!("{:>4} | {line}\n     | {blank}{signs} {label}", place.line).trim_end().to_owned() + "\n"
}

fn summary(sources: &SourceMap, catalog: &Catalog, record: &Record) -> String {
    let given = if record.as_of_given { "given" } else { "the newest date" };
    let mut text = format!("{} as of {} ({given})\n", record.id, record.as_of);
    if let Some(born) = record.born {
        let _ = writeln!(text, "born {born}");
    }
    for entry in &record.undated {
        let _ = writeln!(text, "{}", entry_line(catalog, entry));
    }
    for visit in &record.visits {
        let _ = writeln!(text, "visit {}{}", visit.date, if visit.baseline { ", baseline" } else { "" });
        for entry in &visit.entries {
            let _ = writeln!(text, "  {}", entry_line(catalog, entry));
        }
    }
    match &record.therapies {
        None => text.push_str("therapies: not spoken of\n"),
        Some(therapies) => {
            let _ = writeln!(text, "therapies, {}", if therapies.complete { "complete" } else { "perhaps more" });
            therapies.courses.iter().for_each(|course| text.push_str(&course_lines(course)));
        }
    }
    for declined in &record.declined {
        let _ = writeln!(text, "declined {} {:?}", declined.drug.value, declined.date.map(|date| date.to_string()));
    }
    for (name, answer) in &record.judgements {
        let _ = writeln!(text, "judgement {} {:?}", name.value, answer.settled());
    }
    for entry in &record.overrides {
        let _ =
            writeln!(text, "override {} {} because {} ({})", entry.answer.value, entry.mine, entry.reason, entry.by);
    }
    for notice in &record.notices {
        let _ = writeln!(text, "notice at line {}: {}", sources.position(notice.span).line, notice.text);
    }
    text + "\n"
}

fn course_lines(course: &record::Therapy) -> String {
    let day = |range: Option<myoguide::value::DateRange>| range.map_or("?".to_owned(), |range| range.to_string());
    let mut text = format!("  {} {} .. {}\n", course.drug.value, day(course.start), day(course.stop));
    for dose in &course.doses {
        let _ = writeln!(text, "    dose from {}: {}", day(dose.from), dose.dose.value);
    }
    if !course.given.is_empty() {
        let days: Vec<String> = course.given.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "    given {}", days.join(", "));
    }
    let parts = [
        course.adherence.map(|share| format!("adherence {share} %")),
        course.outcome.map(|outcome| format!("outcome {} on {}", outcome.word(), day(course.outcome_on))),
        course.dose_limited_by.as_ref().map(|why| format!("limited by {why}")),
        course.stopped_for.map(|why| format!("stopped for {}", why.word())),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if !parts.is_empty() {
        let _ = writeln!(text, "    {}", parts.join(", "));
    }
    text
}

fn entry_line(catalog: &Catalog, entry: &Entry) -> String {
    let fact = catalog.fact(entry.fact).unwrap();
    let given = match &entry.given {
        Given::Choices(choices) => match &fact.kind {
            FactKind::Choice { values, .. } => {
                choices.iter().map(|at| values[usize::from(at)].name.as_str()).collect::<Vec<_>>().join(" or ")
            }
            FactKind::Number(_) | FactKind::Date => "?".to_owned(),
        },
        Given::Number(set) => numbers(set),
        Given::Date(range) => range.to_string(),
        Given::Missing => "any value".to_owned(),
    };
    let mut line = format!("{}: {given} · {} · `{}`", fact.id.value, entry.reason.words(), entry.written);
    if let Some(limit) = &entry.upper_limit {
        let _ = write!(line, " · upper limit {}", numbers(limit));
    }
    if let Some(scale) = entry.scale {
        let _ = write!(line, " · of {scale}");
    }
    if let Some(day) = entry.known_since {
        let _ = write!(line, " · known since {day}");
    }
    line
}

fn numbers(set: &NumberSet) -> String {
    let end = |bound: Bound| bound.number().map_or("∞".to_owned(), |number| number.to_string());
    let piece = |piece: &myoguide::value::Interval| match piece.single() {
        Some(number) => number.to_string(),
        None => format!(
            "{}{} to {}{}",
            if piece.low.is_closed() { "" } else { "above " },
            end(piece.low),
            if piece.high.is_closed() { "" } else { "below " },
            end(piece.high)
        ),
    };
    set.intervals().iter().map(piece).collect::<Vec<_>>().join(" or ")
}
