//! A document with tables: the same content as the page, with the full references.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::answer::Room;
use super::options;
use super::reasons::{Reason, reasons};
use super::text::tail;
use super::{VERSION, answer, overview, text, today, words};
use crate::explain::{Explanation, LocalShown, NOTICE, SourceShown, Statement};

/// The document of one record: what each guideline says of it, under one head.
pub fn render(explanations: &[Explanation], trace: bool) -> String {
    let mut page = String::new();
    let Some(first) = explanations.first() else { return page };
    let record = &first.record;
    let about = if record.about.is_empty() { String::new() } else { format!("{}, ", record.about.join(", ")) };
    let _ = writeln!(page, "# {}\n\n{about}as of {}\n\n> {NOTICE}", escaped(&record.id), words::day(record.as_of));
    let overview = overview::overview(explanations);
    for explanation in &overview.full {
        guideline(&mut page, explanation);
    }
    let beside = overview.beside(Room::Full);
    if !beside.is_empty() {
        let _ = writeln!(page, "\n## Also\n\nOther guidelines; each in full: `--guideline NAME`\n");
        for line in beside {
            let _ = writeln!(page, "- {}", around_code(&line));
        }
    }
    missing(&mut page, explanations);
    granted(&mut page, explanations);
    again(&mut page, explanations);
    notices(&mut page, explanations);
    sources(&mut page, explanations);
    if trace {
        for explanation in explanations {
            let _ = writeln!(page, "\n## Trace of {}\n", explanation.guideline.id);
            explanation.trace.iter().for_each(|statement| tree(&mut page, statement, None, 0));
        }
    }
    page
}

fn guideline(page: &mut String, explanation: &Explanation) {
    let shown = &explanation.guideline;
    let _ = writeln!(page, "\n## {}\n\n`{}` {}, myoguide {VERSION}", escaped(&shown.title), shown.id, shown.release);
    let _ = writeln!(page, "\n### Answer\n");
    let rows: Vec<Vec<String>> = answer::lines(explanation, Room::Full)
        .into_iter()
        .map(|(mark, sentence)| vec![mark.to_owned(), sentence])
        .collect();
    table(page, &["", "answer"], &rows);
    list(page, "Today", &today::today(explanation, Room::Full), "1. ");
    let why = reasons(explanation, Room::Full);
    if !why.is_empty() {
        let _ = writeln!(page, "\n### Why");
        for reason in &why {
            because(page, reason);
        }
    }
    drugs(page, explanation);
    advice(page, explanation);
}

/// A list under a heading, where there is anything in it.
fn list(page: &mut String, heading: &str, lines: &[String], mark: &str) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n### {heading}\n");
    for line in lines {
        let _ = writeln!(page, "{mark}{}", escaped(line));
    }
}

fn drugs(page: &mut String, explanation: &Explanation) {
    let told = options::options(explanation, Room::Full);
    if !told.is_empty() {
        let _ = writeln!(page, "\n### Options\n");
        for line in options::standing(explanation, Room::Full) {
            let _ = writeln!(page, "- {}", escaped(&line));
        }
        page.push('\n');
        let rows: Vec<Vec<String>> = told
            .iter()
            .map(|one| vec![one.heading.clone(), one.what.clone(), one.words.clone(), one.more.join("; ")])
            .collect();
        table(page, &["", "treatment", "", "with it"], &rows);
    }
    list(page, "Together", &options::regimens(explanation, Room::Full), "- ");
}

fn advice(page: &mut String, explanation: &Explanation) {
    let told = today::advice(explanation, Room::Full).into_iter().map(|(mark, text)| vec![mark.to_owned(), text]);
    let rows: Vec<Vec<String>> = told.collect();
    if !rows.is_empty() {
        let _ = writeln!(page, "\n### Advice\n");
        table(page, &["", "advice"], &rows);
    }
    let suspicions = today::suspicions(explanation).into_iter().map(|(title, text)| format!("{title}: {text}"));
    list(page, "Or is it", &suspicions.collect::<Vec<_>>(), "- ");
}

fn again(page: &mut String, explanations: &[Explanation]) {
    let mut lines: Vec<String> = Vec::new();
    for line in explanations.iter().flat_map(today::again) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if !lines.is_empty() {
        let _ = writeln!(page, "\n## Again\n");
        for line in lines {
            let _ = writeln!(page, "- {}", escaped(&line));
        }
    }
}

fn because(page: &mut String, reason: &Reason) {
    let days = reason.days.map(|(first, last)| format!(" ({} → {})", words::day(first), words::day(last)));
    let heading = format!("{}{}", escaped(&reason.heading), days.unwrap_or_default());
    page.push('\n');
    if !heading.is_empty() {
        let _ = writeln!(page, "{heading}\n");
    }
    let share = reason.unit.as_deref().unwrap_or("share");
    let headings = ["", "recorded", share, "outcome", "source"];
    let rows: Vec<Vec<String>> = reason
        .rows
        .iter()
        .map(|row| [&row.what, &row.values, &row.share, &row.outcome, &row.remark].into_iter().cloned().collect())
        .collect();
    table(page, &headings, &rows);
}

/// A table without the columns in which nothing stands.
pub(super) fn table(page: &mut String, headings: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let used: Vec<usize> = (0..headings.len())
        .filter(|column| rows.iter().any(|row| row.get(*column).is_some_and(|cell| !cell.is_empty())))
        .collect();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    page.push_str(&line(used.iter().filter_map(|at| headings.get(*at)).map(|heading| (*heading).to_owned()).collect()));
    page.push_str(&line(used.iter().map(|_| "---".to_owned()).collect()));
    for row in rows {
        page.push_str(&line(
            used.iter().map(|at| row.get(*at).map(|cell| escaped(cell)).unwrap_or_default()).collect(),
        ));
    }
}

fn missing(page: &mut String, explanations: &[Explanation]) {
    let rows: Vec<Vec<String>> = tail::merged(&explanations.iter().collect::<Vec<_>>(), Room::Full)
        .into_iter()
        .map(|tail::Wanted { missing, why, settles }| {
            let when = format!("{} {}", missing.label, missing.when);
            vec![
                tail::burden(missing.burden).to_owned(),
                when.trim().to_owned(),
                why,
                missing.question.clone(),
                settles.join(", "),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let _ = writeln!(page, "\n## Missing\n");
        table(page, &["how", "what", "why", "question", "for"], &rows);
    }
}

fn granted(page: &mut String, explanations: &[Explanation]) {
    let granted = tail::all_granted(explanations);
    if !granted.is_empty() {
        let _ = writeln!(page, "\n## Taken for granted\n\n{}.", escaped(&granted.join("; ")));
    }
}

fn notices(page: &mut String, explanations: &[Explanation]) {
    let told: BTreeSet<&str> =
        explanations.iter().flat_map(|explanation| &explanation.notices).map(String::as_str).collect();
    if !told.is_empty() {
        let _ = writeln!(page, "\n## Notices\n");
        for notice in told {
            let _ = writeln!(page, "- {}", escaped(&words::capital(notice)));
        }
    }
}

fn sources(page: &mut String, explanations: &[Explanation]) {
    let _ = writeln!(page, "\n## Sources");
    let mut locals: Vec<&LocalShown> = Vec::new();
    for local in explanations.iter().flat_map(|explanation| &explanation.local_choices) {
        if !locals.contains(&local) {
            locals.push(local);
        }
    }
    if !locals.is_empty() {
        let _ = writeln!(page, "\nLocal choices, which no source gives:\n");
        let rows: Vec<Vec<String>> =
            locals.iter().map(|local| vec![format!("`{}`", local.name), local.reason.clone()]).collect();
        table(page, &["name", "reason"], &rows);
    }
    let mut used: Vec<&SourceShown> = Vec::new();
    for source in explanations.iter().flat_map(|explanation| &explanation.sources) {
        match used.iter_mut().find(|known| known.key == source.key) {
            Some(known) if source.mark < known.mark => *known = source,
            Some(_) => {}
            None => used.push(source),
        }
    }
    used.sort_by(|left, right| (left.mark, &left.key).cmp(&(right.mark, &right.key)));
    let rows: Vec<Vec<String>> = used
        .iter()
        .map(|source| {
            let doi = source.doi.as_ref().map(|doi| format!("doi:{doi}")).unwrap_or_default();
            vec![tail::mark(source.mark).to_owned(), format!("`{}`", source.key), source.reference.clone(), doi]
        })
        .collect();
    if !rows.is_empty() {
        page.push('\n');
        table(page, &["", "key", "reference", "doi"], &rows);
    }
}

fn tree(page: &mut String, statement: &Statement, fit: Option<&str>, depth: usize) {
    let indent = "  ".repeat(depth);
    let outcome = text::trace::outcome(statement, fit);
    let sources = text::trace::sources(&statement.citations);
    let place = &statement.place;
    let _ = writeln!(page, "{indent}- {}: {outcome} (`{place}`){}", escaped(&statement.title), escaped(&sources));
    for operand in &statement.operands {
        let _ = writeln!(page, "{indent}  - {}", escaped(&text::trace::in_words(operand)));
    }
    if let Some(why) = text::trace::lacking(statement, fit) {
        let _ = writeln!(page, "{indent}  - because {}", escaped(why));
    }
    for (at, part) in statement.parts.iter().enumerate() {
        tree(page, part, text::trace::fit(statement, at), depth + 1);
    }
}

/// The same, without what stands between backticks.
fn around_code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { escaped(part) } else { format!("`{part}`") }).collect()
}

/// A text whose signs stand for themselves, on one line.
pub(super) fn escaped(text: &str) -> String {
    if text.starts_with('`') && text.ends_with('`') {
        return text.replace('|', "\\|");
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '*' | '_' | '<' | '[' | ']' | '\\' | '#' => {
                shown.push('\\');
                shown.push(letter);
            }
            '\n' | '\r' => shown.push(' '),
            _ => shown.push(letter),
        }
    }
    shown
}
