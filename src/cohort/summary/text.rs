//! The summary for a terminal or a letter: aligned columns of plain text.

use std::fmt::Write;

use super::build::{Answer, Change, EverAndLast, OverVisits, Section, Settling, Summary};
use super::figures::{
    FACTS, NOTICED, OF_GROUPS, PATIENTS, about_change, about_visits, counted, depend, figure, group_name, grouped,
    in_a_line, in_hindsight, share, too_many,
};
use super::steps::{Count, Showing};
use crate::explain::NOTICE;
use crate::render::{VERSION, one_line};

/// How wide the words before the columns are at least.
const WORDS: usize = 30;

/// So many answers stand beside each other.
const BESIDE: usize = 5;

/// Rows under a heading.
struct Columns {
    rows: Vec<Vec<String>>,
    /// The last column is words.
    ends_in_words: bool,
}

impl Columns {
    fn of(heading: &[&str]) -> Self {
        let rows = vec![heading.iter().map(|text| (*text).to_owned()).collect()];
        Columns { rows, ends_in_words: false }
    }

    fn row(&mut self, indent: usize, words: &str, cells: impl IntoIterator<Item = String>) {
        let first = format!("{}{words}", " ".repeat(indent));
        self.rows.push(std::iter::once(first).chain(cells).collect());
    }

    /// A count, and its share of a whole.
    fn counted(&mut self, indent: usize, words: &str, count: Count, whole: Count) {
        self.row(indent, words, [figure(count), share(count, whole)]);
    }

    fn end(self, out: &mut String) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |at: usize| {
            let widest = self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
            if at == 0 { widest.unwrap_or(0).max(WORDS) } else { widest.unwrap_or(0) }
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut line = String::from(" ");
            for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let before = if at == 0 { "" } else { "  " };
                let is_words = at == 0 || self.ends_in_words && at + 1 == columns;
                let _ = if is_words {
                    write!(line, "{before}{cell:<width$}")
                } else {
                    write!(line, "{before}{cell:>width$}")
                };
            }
            let _ = writeln!(out, "{}", line.trim_end());
        }
        out.push('\n');
    }
}

/// The summary as text.
pub fn render(summary: &Summary) -> String {
    let mut out = String::new();
    head(summary, &mut out);
    rows(summary, &mut out);
    for section in &summary.sections {
        self::section(summary, section, &mut out);
    }
    for change in &summary.changes {
        self::change(summary, change, &mut out);
    }
    for over in &summary.over_visits {
        over_visits(over, &mut out);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn head(summary: &Summary, out: &mut String) {
    let _ = writeln!(out, "SUMMARY of {} of {}\n", counted(summary.records, "records"), summary.of_what());
    let mut line = |word: &str, text: &str| {
        let _ = writeln!(out, " {word:<12} {text}");
    };
    for [id, release, hash] in &summary.guidelines {
        line("guideline", &format!("{id} {release}  {hash}"));
    }
    if let Some(mapping) = &summary.mapping {
        line("mapping", &format!("{}  {}", mapping.file, mapping.hash));
    }
    for [file, hash] in &summary.inputs {
        line("input", &format!("{file}  {hash}"));
    }
    line("program", &format!("myoguide {VERSION}"));
    line("command", &one_line(&summary.command.join(" ")));
    let _ = writeln!(out, "\n {NOTICE}");
    for about in [summary.about_steps(), summary.about_releases()].into_iter().flatten() {
        let _ = writeln!(out, " {about}");
    }
    out.push('\n');
}

fn rows(summary: &Summary, out: &mut String) {
    let _ = writeln!(out, "ROWS");
    let mut table = Columns::of(&["", "records", "share"]);
    table.row(0, "records in", [figure(summary.records)]);
    table.counted(0, "answered", summary.answered, summary.records);
    if !summary.noticed.is_few() {
        table.counted(2, NOTICED, summary.noticed, summary.records);
        for (_, title, count) in &summary.notices {
            table.row(4, title, [figure(*count)]);
        }
    }
    table.counted(0, "cannot be read", summary.refused, summary.records);
    for (code, title, count) in &summary.mistakes {
        table.row(2, &format!("{code} {title}"), [figure(*count)]);
    }
    if summary.visits {
        table.row(0, "visits of those answered", [figure(summary.asked)]);
    }
    if !summary.empty_lines.is_few() {
        table.row(0, "empty lines beside these", [figure(summary.empty_lines)]);
    }
    if let Some(twins) = &summary.twins {
        table.row(0, "pairs that are probably one patient, none merged", [grouped(twins.pairs)]);
    }
    table.end(out);
    if summary.files.is_empty() {
        return;
    }
    let mut table = Columns::of(&["", "rows", "used", "twice", "no patient", "same id"]);
    for file in &summary.files {
        let counts = [file.rows, file.used, file.duplicates, file.without_patient, file.same_id];
        table.row(0, &file.file, counts.map(grouped));
    }
    table.end(out);
}

fn section(summary: &Summary, section: &Section, out: &mut String) {
    let _ = writeln!(out, "{} {}  {}\n", section.id.to_uppercase(), section.release, section.title);
    let _ = writeln!(out, "SCOPE");
    let mut table = Columns::of(&["", summary.unit(), "share"]);
    let asked = section.asked;
    table.counted(0, "covered", section.covered, asked);
    if !section.perhaps.is_few() {
        table.counted(0, "open whether covered", section.perhaps, asked);
    }
    if !section.silent.is_few() {
        table.counted(0, "silent", section.silent, asked);
    }
    for (why, cell) in &section.why {
        table.counted(2, why, *cell, asked);
    }
    table.end(out);
    if section.spoken.is_few() {
        return;
    }
    answers(summary, section, out);
    attrition(summary, section, out);
    settling(summary, section, out);
    in_lines("CONCLUSIONS", &section.conclusions, out);
    in_lines("LINES", &section.ladders, out);
    in_lines("OPTIONS", &section.options, out);
    of_facts(summary, "TAKEN FOR GRANTED", &section.granted, section.spoken, out);
    of_facts(summary, "WHAT CANNOT BE", &section.conflicts, section.spoken, out);
    if let Some(hindsight) = &section.hindsight {
        let _ = writeln!(out, "HINDSIGHT\n {}", in_hindsight(hindsight));
        of_facts(summary, "", &hindsight.facts, hindsight.earlier, out);
    }
    if let Some(by) = &summary.by {
        groups(summary, section, by, out);
    }
}

fn answers(summary: &Summary, section: &Section, out: &mut String) {
    let _ = writeln!(out, "ANSWERS, of {}", counted(section.spoken, summary.unit()));
    let heading: &[&str] = match summary.showing {
        Showing::Exact => &["", "settled", "taking for granted", "share", "at most", "share"],
        Showing::Steps => &["", "settled", "taking for granted", "share"],
    };
    let mut table = Columns::of(heading);
    for answer in &section.answers {
        let share = |count| share(count, section.spoken);
        let unit = answer.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
        let usable = share(answer.usable);
        table.row(0, &format!("{}{unit}", answer.id), [figure(answer.decided), figure(answer.granted), usable]);
        for row in &answer.values {
            let upper = row.upper.unwrap_or(row.settled);
            if [row.settled, row.granted, upper].into_iter().all(Count::is_nobody) {
                continue;
            }
            let both = share(row.settled.plus(row.granted));
            let upper = row.upper.map(|upper| [figure(upper), share(upper)]).unwrap_or_default();
            let cells = [figure(row.settled), figure(row.granted), both];
            table.row(2, &row.value, cells.into_iter().chain(upper));
        }
        let silent = if answer.lacking { "silent: this release does not answer it" } else { "silent" };
        for (words, cell) in [("depends", answer.open), (silent, answer.silent), ("fault of the rules", answer.fault)] {
            if !cell.is_few() {
                table.row(2, words, [figure(cell), String::new(), share(cell)]);
            }
        }
    }
    table.end(out);
}

fn attrition(summary: &Summary, section: &Section, out: &mut String) {
    let _ = writeln!(out, "ATTRITION");
    let visits = summary.visits;
    let heading =
        ["", if visits { "visits" } else { "records in" }, "asked", "spoken of", "settled or granted", "settled"];
    let mut table = Columns::of(&heading);
    for answer in &section.answers {
        let steps = [section.asked, section.spoken, answer.usable, answer.decided].map(figure);
        table.row(0, &answer.id, std::iter::once(figure(summary.all())).chain(steps));
    }
    table.end(out);
}

fn settling(summary: &Summary, section: &Section, out: &mut String) {
    let answers = section.answers.iter().chain(&section.conclusions).chain(section.other_ladders());
    let open: Vec<&Answer> = answers.filter(|answer| !answer.settling.is_empty()).collect();
    if open.is_empty() {
        return;
    }
    let unit = summary.unit();
    let _ = writeln!(out, "WHAT WOULD SETTLE");
    let _ =
        writeln!(out, " alone: {unit} whose answer hangs on this fact and no other: once it is known, it is settled");
    let _ = writeln!(out, " among: {unit} whose answer hangs on it, alone or with other facts: it may not be enough\n");
    for answer in open {
        let heading = format!("{}: {} {}", answer.id, figure(answer.open), depend(answer.open));
        let mut table = Columns::of(&[&heading, "alone", "among", "why it is not known"]);
        table.ends_in_words = true;
        for Settling { fact, alone, among, why } in answer.settling.iter().take(FACTS) {
            let why: Vec<String> = why.iter().map(|(why, cell)| format!("{why} {}", figure(*cell))).collect();
            table.row(2, fact, [figure(*alone), figure(*among), why.join(", ")]);
        }
        if let Some(more) = answer.settling.len().checked_sub(FACTS).filter(|more| *more > 0) {
            table.row(2, &format!("and {more} more"), []);
        }
        if !answer.together.is_few() {
            table.row(2, "several facts together", [figure(answer.together)]);
        }
        table.end(out);
    }
}

/// A row for each group, with some answers beside each other.
fn groups(summary: &Summary, section: &Section, by: &str, out: &mut String) {
    let _ = writeln!(out, "BY {}, {OF_GROUPS}", one_line(by).to_uppercase());
    let Some(groups) = &section.groups else {
        let _ = writeln!(out, " {}\n", too_many(by));
        return;
    };
    for (first, answers) in section.answers.chunks(BESIDE).enumerate() {
        let ids = answers.iter().map(|answer| answer.id.as_str());
        let mut table = Columns::of(&["", summary.unit()].into_iter().chain(ids).collect::<Vec<_>>());
        for group in groups {
            let usable = group.usable.iter().skip(first * BESIDE).take(answers.len());
            let cells = std::iter::once(figure(group.spoken)).chain(usable.map(|count| share(*count, group.spoken)));
            table.row(0, &group_name(group), cells);
        }
        table.end(out);
    }
}

fn change(summary: &Summary, change: &Change, out: &mut String) {
    let unit = change.unit(summary);
    let _ = writeln!(out, "{}, of {} {unit}", about_change(change).to_uppercase(), figure(change.compared));
    let mut table = Columns::of(&["", unit, "share"]);
    for answer in &change.answers {
        let told = answer.told();
        table.row(0, &answer.id, [figure(told)]);
        table.counted(2, "as before", answer.same, told);
        for (from, to, count) in &answer.ways {
            table.counted(2, &format!("{from} -> {to}"), *count, told);
        }
    }
    table.end(out);
}

fn over_visits(over: &OverVisits, out: &mut String) {
    let about = about_visits(over).to_uppercase();
    let _ = writeln!(out, "{about}, of {} {PATIENTS}", figure(over.patients));
    let mut table = Columns::of(&["", "ever", "share", "at the last visit", "share"]);
    for (id, words) in &over.answers {
        table.row(0, id, []);
        for EverAndLast { words, ever, last } in words {
            let counts = [ever, last].map(|count| [figure(*count), share(*count, over.patients)]);
            table.row(2, words, counts.into_iter().flatten());
        }
    }
    table.end(out);
}

fn in_lines(heading: &str, all: &[Answer], out: &mut String) {
    if all.is_empty() {
        return;
    }
    let _ = writeln!(out, "{heading}");
    for one in all {
        let _ = writeln!(out, " {}: {}", one.id, in_a_line(one));
    }
    out.push('\n');
}

fn of_facts(summary: &Summary, heading: &str, facts: &[(String, Count)], whole: Count, out: &mut String) {
    if facts.is_empty() {
        return;
    }
    if !heading.is_empty() {
        let _ = writeln!(out, "{heading}");
    }
    let mut table = Columns::of(&["", summary.unit(), "share"]);
    for (fact, cell) in facts {
        table.counted(0, fact, *cell, whole);
    }
    table.end(out);
}
