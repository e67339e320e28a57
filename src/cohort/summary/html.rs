//! The summary as a page with pictures: one file that needs no other, on a screen and on paper.

use std::fmt::Write;

use super::build::{Answer, Change, EverAndLast, Group, OverVisits, Section, Summary, ValueRow};
use super::figures::{
    FACTS, NOTICED, OF_GROUPS, PATIENTS, about_change, about_visits, counted, depend, figure, group_name, grouped,
    in_hindsight, is_same, is_silent, share, thousandths, too_many,
};
use super::pictures::{self, Bar, bars};
use super::steps::{Count, Showing};
use crate::explain::NOTICE;
use crate::render::{PAGE_STYLE, VERSION, escaped};

/// The summary as a page.
pub fn render(summary: &Summary) -> String {
    let mut page = Page { summary, text: String::new() };
    let title = format!("Summary of {} of {}", counted(summary.records, "records"), summary.of_what());
    let style = pictures::STYLE;
    page.raw(&format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"myoguide {VERSION}\">\n\
         <title>{title}</title>\n<style>\n{PAGE_STYLE}{style}</style>\n</head>\n<body>\n",
        title = escaped(&title)
    ));
    page.raw(pictures::DEFINED);
    page.element("h1", "", &title);
    let releases: Vec<String> = summary.guidelines.iter().map(|[id, release, _]| format!("{id} {release}")).collect();
    page.element("p", "about", &format!("{} · myoguide {VERSION}", releases.join(", ")));
    page.element("p", "notice small", NOTICE);
    if let Some(about) = summary.about_steps() {
        page.element("p", "notice small", &format!("{about} Bars are as long as what they show is at least."));
    }
    if let Some(about) = summary.about_releases() {
        page.element("p", "notice small", &about);
    }
    page.rows();
    for section in &summary.sections {
        page.section(section);
    }
    for change in &summary.changes {
        page.change(change);
    }
    for over in &summary.over_visits {
        page.over_visits(over);
    }
    page.identity();
    page.raw("</body>\n</html>\n");
    page.text
}

/// A cell of a table: a class, and what stands in it.
type Text = (&'static str, String);

fn word(text: &str) -> Text {
    ("", text.to_owned())
}

fn indented(text: &str) -> Text {
    ("in", text.to_owned())
}

fn number(text: String) -> Text {
    ("n", text)
}

struct Page<'s> {
    summary: &'s Summary,
    text: String,
}

impl Page<'_> {
    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn element(&mut self, tag: &str, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(self.text, "<{tag}{class}>{}</{tag}>", escaped(text));
    }

    fn table(&mut self, headings: &[&str], rows: &[Vec<Text>]) {
        if rows.is_empty() {
            return;
        }
        self.raw("<div class=\"table\"><table><thead><tr>");
        for (at, heading) in headings.iter().enumerate() {
            let class = if at == 0 { "" } else { " class=\"n\"" };
            let _ = write!(self.text, "<th scope=\"col\"{class}>{}</th>", escaped(heading));
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.raw("<tr>");
            for (at, (class, text)) in row.iter().enumerate() {
                let tag = if at == 0 { "th" } else { "td" };
                let scope = if at == 0 { " scope=\"row\"" } else { "" };
                let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
                let _ = write!(self.text, "<{tag}{scope}{class}>{}</{tag}>", escaped(text));
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody></table></div>\n");
    }

    fn rows(&mut self) {
        let summary = self.summary;
        self.element("h2", "", "Rows");
        let counted = |label: Text, count| vec![label, number(figure(count)), number(share(count, summary.records))];
        let mut rows = vec![vec![word("records in"), number(figure(summary.records)), number(String::new())]];
        rows.push(counted(word("answered"), summary.answered));
        if !summary.noticed.is_few() {
            rows.push(counted(indented(NOTICED), summary.noticed));
            rows.extend(summary.notices.iter().map(|(_, title, count)| counted(("in2", title.clone()), *count)));
        }
        rows.push(counted(word("cannot be read"), summary.refused));
        for (code, title, count) in &summary.mistakes {
            rows.push(counted(indented(&format!("{code} {title}")), *count));
        }
        let plain = |label: &str, count: String| vec![word(label), number(count), number(String::new())];
        if summary.visits {
            rows.push(plain("visits of those answered", figure(summary.asked)));
        }
        if !summary.empty_lines.is_few() {
            rows.push(plain("empty lines beside these", figure(summary.empty_lines)));
        }
        if let Some(twins) = &summary.twins {
            rows.push(plain("pairs that are probably one patient, none merged", grouped(twins.pairs)));
        }
        self.table(&["", "records", "share"], &rows);
        let files: Vec<Vec<Text>> = summary
            .files
            .iter()
            .map(|file| {
                let counts = [file.rows, file.used, file.duplicates, file.without_patient, file.same_id];
                std::iter::once(word(&file.file)).chain(counts.map(|count| number(grouped(count)))).collect()
            })
            .collect();
        self.table(&["file", "rows", "used", "twice", "no patient", "same id"], &files);
    }

    fn section(&mut self, section: &Section) {
        let title = if section.title.is_empty() { &section.id } else { &section.title };
        self.raw("<section>\n");
        self.element("h2", "", title);
        self.element("p", "soft small", &format!("{} {}", section.id, section.release));
        self.scope(section);
        if !section.spoken.is_few() {
            self.element("p", "key", KEY);
            let all = || section.answers.iter().chain(section.other_ladders());
            for answer in all().filter(|answer| !is_silent(answer)) {
                self.answer(section, answer);
            }
            let (lacking, silent): (Vec<&Answer>, Vec<&Answer>) =
                all().filter(|answer| is_silent(answer)).partition(|answer| answer.lacking);
            let said = match self.summary.showing {
                Showing::Exact => "Silent for everybody",
                Showing::Steps => "Not settled for 5 or more, nor open",
            };
            for (said, answers) in [("Not answered by this release", lacking), (said, silent)] {
                let names: Vec<&str> = answers.iter().map(|answer| answer.id.as_str()).collect();
                if !names.is_empty() {
                    self.element("p", "", &format!("{said}: {}.", names.join(", ")));
                }
            }
            self.matrix("Conclusions", "conclusion", &section.conclusions);
            self.matrix("Options", "option", &section.options);
            self.facts("Taken for granted", "fact", &section.granted, section.spoken);
            self.facts("What cannot be", "conflict", &section.conflicts, section.spoken);
            self.hindsight(section);
            self.groups(section);
        }
        self.raw("</section>\n");
    }

    fn groups(&mut self, section: &Section) {
        let Some(by) = &self.summary.by else { return };
        self.element("h3", "", &format!("By {by}"));
        let Some(groups) = &section.groups else { return self.element("p", "", &too_many(by)) };
        self.element("p", "soft small", &format!("The {OF_GROUPS}."));
        let row = |group: &Group| {
            let shares = group.usable.iter().map(|count| number(share(*count, group.spoken)));
            [word(&group_name(group)), number(figure(group.spoken))].into_iter().chain(shares).collect()
        };
        let ids = section.answers.iter().map(|answer| answer.id.as_str());
        let headings: Vec<&str> = [by.as_str(), self.summary.unit()].into_iter().chain(ids).collect();
        self.table(&headings, &groups.iter().map(row).collect::<Vec<_>>());
    }

    fn over_visits(&mut self, of: &OverVisits) {
        self.raw("<section>\n");
        self.element("h2", "", &about_visits(of));
        self.element("p", "soft small", &format!("of {} {PATIENTS}", figure(of.patients)));
        for (id, words) in &of.answers {
            self.element("h3", "", id);
            let row = |EverAndLast { words, ever, last }: &EverAndLast| {
                let counts = [ever, last].map(|count| [figure(*count), share(*count, of.patients)].map(number));
                std::iter::once(word(words)).chain(counts.into_iter().flatten()).collect()
            };
            let rows: Vec<Vec<Text>> = words.iter().map(row).collect();
            self.table(&["", "ever", "share", "at the last visit", "share"], &rows);
        }
        self.raw("</section>\n");
    }

    fn change(&mut self, of: &Change) {
        let unit = of.unit(self.summary);
        self.raw("<section>\n");
        self.element("h2", "", &about_change(of));
        self.element("p", "soft small", &format!("of {} {unit}", figure(of.compared)));
        for answer in &of.answers {
            self.element("h3", "", &answer.id);
            let row = |label: Text, count| vec![label, number(figure(count)), number(share(count, answer.told()))];
            let mut rows = vec![row(word("as before"), answer.same)];
            rows.extend(answer.ways.iter().map(|(from, to, count)| row(word(&format!("{from} → {to}")), *count)));
            self.table(&["", unit, "share"], &rows);
        }
        self.raw("</section>\n");
    }

    fn scope(&mut self, section: &Section) {
        let summary = self.summary;
        let row = |label: Text, cell| vec![label, number(figure(cell)), number(share(cell, section.asked))];
        let mut rows = vec![row(word("covered"), section.covered)];
        for (label, cell) in [("open whether covered", section.perhaps), ("silent", section.silent)] {
            if !cell.is_few() {
                rows.push(row(word(label), cell));
            }
        }
        rows.extend(section.why.iter().map(|(why, cell)| row(indented(why), *cell)));
        self.element("h3", "", "Scope");
        self.table(&["", summary.unit(), "share"], &rows);
    }

    fn answer(&mut self, section: &Section, answer: &Answer) {
        let summary = self.summary;
        self.element("h3", "", &answer.title);
        self.element("p", "soft small", &answer.id);
        self.raw("<div class=\"pictures\">\n");
        let unit = answer.unit.as_ref().map(|unit| format!(", in {unit}")).unwrap_or_default();
        let caption = format!("Answers of {}{unit}", counted(section.spoken, summary.unit()));
        let values = values(section, answer);
        self.raw(&bars(&caption, &values));
        let caption = format!("From all {} to settled answers", summary.unit());
        self.raw(&bars(&caption, &funnel(summary, section, answer)));
        let facts = facts(answer);
        if !facts.is_empty() {
            let caption = format!("What would settle the {} that {}", figure(answer.open), depend(answer.open));
            self.raw(&bars(&caption, &facts));
        }
        self.raw("</div>\n");
        let why: Vec<Vec<Text>> = answer
            .settling
            .iter()
            .take(FACTS)
            .map(|one| {
                let why: Vec<String> = one.why.iter().map(|(why, cell)| format!("{why} {}", figure(*cell))).collect();
                let counts = [one.alone, one.among].map(|cell| number(figure(cell)));
                std::iter::once(word(&one.fact)).chain(counts).chain([word(&why.join(", "))]).collect()
            })
            .collect();
        let more = answer.settling.len().saturating_sub(FACTS);
        let more = (more > 0).then(|| vec![word(&format!("and {more} more")), word(""), word(""), word("")]);
        let together = [word("several facts together"), number(figure(answer.together)), word(""), word("")];
        let together = (!answer.together.is_few()).then(|| together.to_vec());
        let rows: Vec<Vec<Text>> = why.into_iter().chain(more).chain(together).collect();
        self.table(&["fact", "alone", "among", "why it is not known"], &rows);
    }

    /// Conclusions or options, with how often each stands how.
    fn matrix(&mut self, heading: &str, what: &str, all: &[Answer]) {
        let mut values: Vec<&str> = Vec::new();
        for row in all.iter().flat_map(|one| &one.values) {
            let shown = !row.settled.is_few() || !row.granted.is_few();
            if shown && !values.contains(&row.value.as_str()) {
                values.push(&row.value);
            }
        }
        if all.is_empty() {
            return;
        }
        // The order is that of the first that lists them all.
        let place = |value: &str| all.first().and_then(|one| one.values.iter().position(|row| row.value == value));
        values.sort_by_key(|value| place(value));
        let spoken: Vec<String> = values.iter().map(|value| value.replace('_', " ")).collect();
        let headings: Vec<&str> =
            [what].into_iter().chain(spoken.iter().map(String::as_str)).chain(["depends", "silent"]).collect();
        let cell = |row: &ValueRow| {
            let granted =
                if row.granted.is_few() { String::new() } else { format!(" +{} granted", figure(row.granted)) };
            number(format!("{}{granted}", figure(row.settled)))
        };
        let rows: Vec<Vec<Text>> = all
            .iter()
            .map(|one| {
                let of =
                    |value: &&str| one.values.iter().find(|row| row.value == **value).map_or_else(|| word(""), cell);
                let others = [one.open, one.silent].map(|cell| number(figure(cell)));
                std::iter::once(word(&one.id)).chain(values.iter().map(of)).chain(others).collect()
            })
            .collect();
        self.element("h3", "", heading);
        self.table(&headings, &rows);
    }

    fn facts(&mut self, heading: &str, what: &str, facts: &[(String, Count)], whole: Count) {
        if facts.is_empty() {
            return;
        }
        let summary = self.summary;
        let row = |(fact, cell): &(String, Count)| vec![word(fact), number(figure(*cell)), number(share(*cell, whole))];
        let rows: Vec<Vec<Text>> = facts.iter().map(row).collect();
        if !heading.is_empty() {
            self.element("h3", "", heading);
        }
        self.table(&[what, summary.unit(), "share"], &rows);
    }

    fn hindsight(&mut self, section: &Section) {
        let Some(hindsight) = &section.hindsight else { return };
        self.element("h3", "", "Hindsight");
        self.element("p", "", &in_hindsight(hindsight));
        self.facts("", "fact", &hindsight.facts, hindsight.earlier);
    }

    fn identity(&mut self) {
        let summary = self.summary;
        self.element("h2", "", "What this is of");
        self.raw("<dl class=\"facts\">\n");
        let mut line = |word: &str, text: &str| {
            self.element("dt", "", word);
            self.element("dd", "", text);
        };
        for [id, release, hash] in &summary.guidelines {
            line("guideline", &format!("{id} {release}, {hash}"));
        }
        if let Some(mapping) = &summary.mapping {
            line("mapping", &format!("{}, {}", mapping.file, mapping.hash));
        }
        for [file, hash] in &summary.inputs {
            line("input", &format!("{file}, {hash}"));
        }
        line("program", &format!("myoguide {VERSION}"));
        line("command", &summary.command.join(" "));
        self.raw("</dl>\n");
    }
}

/// What the parts of a bar mean.
const KEY: &str = "Bars: solid is settled, hatched is settled once the usual is taken for granted, dashed is what is still \
                   possible beyond that. Of a fact: solid is where it alone would settle the answer, dashed where it is one \
                   of several that are needed.";

fn values(section: &Section, answer: &Answer) -> Vec<Bar> {
    let whole = section.spoken;
    let part = |cell| thousandths(cell, whole);
    let mut rows = Vec::new();
    for row in &answer.values {
        let upper = row.upper.filter(|upper| !upper.is_few());
        if upper.is_none() && row.settled.is_nobody() && row.granted.is_nobody() {
            continue;
        }
        let mut note = format!("{} {}", figure(row.settled), bracketed(&share(row.settled, whole)));
        if !row.granted.is_few() {
            let _ = write!(note, " + {} granted", figure(row.granted));
        }
        if let Some(upper) = upper.filter(|upper| !is_same(*upper, row.settled)) {
            let _ = write!(note, ", at most {}", figure(upper));
        }
        rows.push(Bar {
            label: row.value.replace('_', " "),
            note: note.replace("  ", " ").replace(" ,", ","),
            solid: part(row.settled),
            hatched: part(row.granted),
            dashed: upper.and_then(part),
        });
    }
    for (label, cell) in [("depends", answer.open), ("silent", answer.silent), ("fault of the rules", answer.fault)] {
        if !cell.is_few() {
            let note = format!("{} {}", figure(cell), bracketed(&share(cell, whole)));
            rows.push(Bar { label: label.to_owned(), note, dashed: part(cell), ..Bar::default() });
        }
    }
    rows
}

fn bracketed(share: &str) -> String {
    if share.is_empty() { String::new() } else { format!("({share})") }
}

fn funnel(summary: &Summary, section: &Section, answer: &Answer) -> Vec<Bar> {
    let all = summary.all();
    let first = Bar {
        label: if summary.visits { "visits" } else { "records in" }.to_owned(),
        note: figure(all),
        solid: thousandths(all, all),
        ..Bar::default()
    };
    let steps = [
        ("asked of this release", section.asked),
        ("covered, or perhaps", section.spoken),
        ("settled, or settled taking for granted", answer.usable),
        ("settled", answer.decided),
    ];
    let step = |(label, cell): (&str, Count)| {
        let note = format!("{} {}", figure(cell), bracketed(&share(cell, all)));
        Bar { label: label.to_owned(), note, solid: thousandths(cell, all), ..Bar::default() }
    };
    std::iter::once(first).chain(steps.into_iter().map(step)).collect()
}

fn facts(answer: &Answer) -> Vec<Bar> {
    let shown = answer.settling.iter().take(FACTS);
    shown
        .map(|one| Bar {
            label: one.fact.replace('_', " "),
            note: format!("alone {}, among {}", figure(one.alone), figure(one.among)),
            solid: thousandths(one.alone, answer.open),
            hatched: None,
            dashed: thousandths(one.among, answer.open),
        })
        .collect()
}
