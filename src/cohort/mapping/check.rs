use std::collections::HashSet;

use super::{
    Cell, Column, CourseMapping, EachRow, FileMapping, FindingMapping, Mapping, Means, Reading, ReportMapping, codes,
    columns,
};
use crate::catalog::{Fact, FactId, FactKind, RecordedIn};
use crate::diagnostics::Diagnostic;
use crate::engine::Engine;
use crate::record::Document;
use crate::source::{Span, Spanned};
use crate::value::{Number, Unit};
use crate::yaml::{Node, NodeKind, Style};

/// A day on which anything may have been.
const SOME_DAY: &str = "1970-01-01";
/// The day of a record of which the mapping does not say it: no day that can be read is later.
const LAST_DAY: &str = "2200-12-31";

/// What is declined or taken, where that does not matter.
const A_DRUG: &str = "the drug";

/// Every text of a mapping that becomes a value of a record, held against the record's own reader: what every row would be
/// refused for is told once, where it stands. A drug that the formulary does not know is only a warning.
pub(super) fn check(engine: &Engine, mapping: &Mapping, start: Span) -> Vec<Diagnostic> {
    let mut check = Check { engine, mapping, start, found: Vec::new() };
    for day in mapping.as_of.iter().flat_map(Cell::fixed) {
        check.hold(day, |node, _| Entries::from([("as_of", node)]));
    }
    for file in mapping.every_file() {
        check.file(file);
    }
    check.found
}

/// What stands beside the id in a record.
type Entries = Vec<(&'static str, Node)>;

struct Check<'a> {
    engine: &'a Engine,
    mapping: &'a Mapping,
    /// The start of the mapping: the place of what is only there so that the rest can be read.
    start: Span,
    found: Vec<Diagnostic>,
}

/// Builds what stands around a text.
#[derive(Clone, Copy)]
struct Around(Span);

impl Around {
    fn text(self, text: &str) -> Node {
        text_node(text, self.0)
    }

    fn group<'k>(self, entries: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
        let key = |(key, node): (&str, Node)| (Spanned::new(key.to_owned(), self.0), node);
        Node { kind: NodeKind::Mapping(entries.into_iter().map(key).collect()), span: self.0 }
    }

    fn list(self, item: Node) -> Node {
        Node { kind: NodeKind::Sequence(vec![item]), span: self.0 }
    }
}

fn text_node(text: &str, span: Span) -> Node {
    Node { kind: NodeKind::Scalar { text: text.to_owned(), style: Style::Quoted }, span }
}

impl Check<'_> {
    /// Holds a text against the reader, which sees it as a part of a record.
    fn hold(&mut self, text: &Spanned<String>, record: impl FnOnce(Node, Around) -> Entries) {
        let found = self.read(text, record);
        self.tell(found);
    }

    fn tell(&mut self, found: Vec<Diagnostic>) {
        for mistake in found {
            if !self.found.contains(&mistake) {
                self.found.push(mistake);
            }
        }
    }

    fn read(&self, text: &Spanned<String>, record: impl FnOnce(Node, Around) -> Entries) -> Vec<Diagnostic> {
        let around = Around(self.start);
        let as_of = match &self.mapping.as_of {
            Some(Cell::Fixed(day)) => day.value.as_str(),
            _ => LAST_DAY,
        };
        let mut entries = record(text_node(&text.value, text.span), around);
        if entries.iter().all(|(key, _)| *key != "as_of") {
            entries.push(("as_of", around.text(as_of)));
        }
        entries.push(("id", around.text("check")));
        match self.engine.record_of(&Document::of_node(around.group(entries))) {
            Err(mistakes) => {
                let own = mistakes.into_iter().filter(|mistake| mistake.span() == Some(text.span));
                own.map(|mistake| codes::not_in_a_record(text, mistake)).collect()
            }
            Ok(record) => {
                let own = record.notices.into_iter().filter(|notice| notice.span == text.span);
                own.map(|notice| codes::to_look_at(text, notice.text)).collect()
            }
        }
    }

    fn file(&mut self, file: &FileMapping) {
        for (word, said) in &file.dialect.words {
            // Any fact may have a reason in the place of its value.
            if !columns::MISSING.contains(&said.value.as_str()) {
                self.hold(said, |node, around| vec![("judgements", around.group([(word.as_str(), node)]))]);
            }
        }
        let row_is_visit = matches!(file.each_row, Some(EachRow::Visit(_)));
        for column in &file.columns {
            self.column(file, column, row_is_visit);
        }
        let long = file.each_row.iter().filter_map(|each| match each {
            EachRow::Visit(visit) => Some(&visit.date),
            EachRow::Finding(finding) => finding.date.as_ref(),
        });
        for day in file.visits.iter().map(|visit| &visit.date).chain(long).flat_map(Cell::fixed) {
            self.hold(day, |node, around| vec![("visits", around.list(around.group([("date", node)])))]);
        }
        if let Some(EachRow::Finding(finding)) = &file.each_row {
            self.finding(file, finding);
        }
        for course in &file.courses {
            self.course(course);
        }
        for report in &file.reports {
            self.report(report);
        }
    }

    fn column(&mut self, file: &FileMapping, column: &Column, row_is_visit: bool) {
        let words = own_words(file, &column.reading);
        let id = match &column.means {
            Means::Fact(id) => *id,
            Means::Born => {
                return words.for_each(|said| {
                    self.hold(said, |node, around| vec![("patient", around.group([("born", node)]))]);
                });
            }
            Means::Judgement(name) => {
                return words.for_each(|said| {
                    self.hold(said, |node, around| vec![("judgements", around.group([(name.value.as_str(), node)]))]);
                });
            }
        };
        let Some(fact) = self.engine.catalog().fact(id) else { return };
        let in_visit = column.visit.is_some() || (row_is_visit && columns::stands_in_visits(fact));
        for said in words {
            let Some(said) = with_unit(said, column.unit.as_ref()) else { continue };
            let scale = column.scale.as_ref();
            self.hold(&said, |node, around| of_fact(fact, in_visit, scale, node, around));
        }
        let limit = column.upper_limit.as_ref().filter(|_| has_limit(fact));
        for (key, cell) in [("upper_limit", limit), ("known_since", column.known_since.as_ref())] {
            for text in cell.into_iter().flat_map(Cell::fixed) {
                self.hold(text, |node, around| {
                    of_fact(fact, in_visit, None, beside_nothing(key, node, around), around)
                });
            }
        }
    }

    /// What is no value of any of the facts.
    fn finding(&mut self, file: &FileMapping, finding: &FindingMapping) {
        let catalog = self.engine.catalog();
        let mut facts: Vec<&Fact> = ids(&finding.facts).filter_map(|id| catalog.fact(id.value)).collect();
        // Several names of the file may be one fact.
        let mut known = HashSet::new();
        facts.retain(|fact| known.insert(fact.id.value.as_str()));
        let names: Vec<&str> = facts.iter().map(|fact| fact.id.value.as_str()).collect();
        let mut found = Vec::new();
        for said in own_words(file, &finding.reading) {
            let Some(said) = with_unit(said, finding.unit.as_ref()) else { continue };
            let read = |fact: &&Fact| {
                let in_visit = fact.recorded == RecordedIn::Visits;
                self.read(&said, |node, around| of_fact(fact, in_visit, finding.scale.as_ref(), node, around))
            };
            let each: Option<Vec<Diagnostic>> = facts.iter().map(|fact| read(fact).into_iter().next()).collect();
            found.extend(each.and_then(|each| codes::of_no_fact(&said.value, &names, each)));
        }
        facts.retain(|fact| has_limit(fact));
        let names: Vec<&str> = facts.iter().map(|fact| fact.id.value.as_str()).collect();
        for limit in finding.upper_limit.iter().flat_map(Cell::fixed) {
            let Some(limit) = with_unit(limit, finding.unit.as_ref()) else { continue };
            let read = |fact: &&Fact| {
                let in_visit = fact.recorded == RecordedIn::Visits;
                self.read(&limit, |node, around| {
                    of_fact(fact, in_visit, None, beside_nothing("upper_limit", node, around), around)
                })
            };
            let each: Option<Vec<Diagnostic>> = facts.iter().map(|fact| read(fact).into_iter().next()).collect();
            found.extend(each.and_then(|each| codes::of_no_fact(&limit.value, &names, each)));
        }
        self.tell(found);
    }

    fn course(&mut self, course: &CourseMapping) {
        for part in course.every_part() {
            let words = part.reading.words.iter().map(|(_, said)| said);
            let is_left_out =
                |text: &&Spanned<String>| matches!(part.cell, Cell::Fixed(_)) && text.value == super::Absence::LEFT_OUT;
            let fixed = part.cell.fixed().filter(|text| !is_left_out(text) && !is_read_on(text, &part.reading));
            for text in words.chain(fixed) {
                let Some(text) = with_unit(text, part.unit.as_ref()) else { continue };
                let found = self.read(&text, |node, around| of_course(part.key, node, around));
                // Of a made-up course only what is wrong is worth telling, and a drug that nobody knows.
                let is_worth = |mistake: &Diagnostic| part.key == "drug" || codes::is_error(mistake);
                self.tell(found.into_iter().filter(is_worth).collect());
            }
            for unit in part.unit.iter().flat_map(Cell::fixed) {
                let one = Spanned::new(format!("1 {}", unit.value), unit.span);
                let found = self.read(&one, |node, around| of_course(part.key, node, around));
                self.tell(found.into_iter().filter(codes::is_error).map(codes::of_unit).collect());
            }
        }
        for day in course.declined.iter().filter_map(|declined| declined.date.as_ref()).flat_map(Cell::fixed) {
            self.hold(day, |node, around| {
                vec![("declined", around.list(around.group([("drug", around.text(A_DRUG)), ("date", node)])))]
            });
        }
    }

    fn report(&mut self, report: &ReportMapping) {
        let catalog = self.engine.catalog();
        let name = report.report.value.as_str();
        let placed = |around: Around, of_report: Node| vec![("facts", around.group([(name, of_report)]))];
        for fact in ids(&report.facts) {
            let text = Spanned::new(catalog.name(fact.value).to_owned(), fact.span);
            self.hold(&text, |node, around| placed(around, around.group([(report.list.as_str(), around.list(node))])));
        }
        for day in report.date.iter().flat_map(Cell::fixed) {
            let nothing = |around: Around| Node { kind: NodeKind::Sequence(Vec::new()), span: around.0 };
            self.hold(day, |node, around| {
                placed(around, around.group([("date", node), (report.list.as_str(), nothing(around))]))
            });
        }
    }
}

/// A course with one of its parts: a day on which it was given, or a dose began, is read as that on which it began.
fn of_course(key: &'static str, node: Node, around: Around) -> Entries {
    let key = if matches!(key, "given" | "from") { "start" } else { key };
    let beside = [("drug", around.text(A_DRUG)), ("stop", around.text("unknown"))];
    let parts = beside.into_iter().filter(|(other, _)| *other != key).chain([(key, node)]);
    vec![("therapies", around.list(around.group(parts)))]
}

/// A laboratory has limits for it.
fn has_limit(fact: &Fact) -> bool {
    matches!(&fact.kind, FactKind::Number(kind) if kind.upper_limit)
}

/// What stands beside a value, beside an unknown one.
fn beside_nothing(key: &str, node: Node, around: Around) -> Node {
    around.group([("value", around.text("unknown")), (key, node)])
}

/// A fact where a record has it.
fn of_fact(fact: &Fact, in_visit: bool, scale: Option<&Cell>, node: Node, around: Around) -> Entries {
    let name = fact.id.value.as_str();
    let end = format!("{name}_max");
    let scale = match (scale, &fact.kind) {
        (Some(Cell::Fixed(end)), _) => Some(end.value.clone()),
        // The longest may be meant.
        (Some(_), FactKind::Number(kind)) => kind.scales.iter().max().map(ToString::to_string),
        _ => None,
    };
    let scale = scale.map(|scale| (end.as_str(), around.text(&scale)));
    let entries = scale.into_iter().chain([(name, node)]);
    if in_visit {
        let visit = [("date", around.text(SOME_DAY))].into_iter().chain(entries);
        return vec![("visits", around.list(around.group(visit)))];
    }
    let place = if fact.recorded == RecordedIn::Patient { "patient" } else { "facts" };
    vec![(place, around.group(entries))]
}

/// Words of a column itself; those of all columns are looked at once.
fn own_words<'m>(file: &'m FileMapping, reading: &'m Reading) -> impl Iterator<Item = &'m Spanned<String>> {
    let of_all = |said: &Spanned<String>| file.dialect.words.iter().any(|(_, other)| other.span == said.span);
    reading.words.iter().map(|(_, said)| said).filter(move |said| !of_all(said))
}

fn ids(facts: &super::NamedFacts) -> impl Iterator<Item = &Spanned<FactId>> {
    facts.iter().filter_map(|(_, fact)| fact.as_ref())
}

/// A bare number with its unit; nothing where that is found only in the row.
fn with_unit(text: &Spanned<String>, unit: Option<&Cell>) -> Option<Spanned<String>> {
    match unit {
        Some(unit) if text.value.parse::<Number>().is_ok() => match unit {
            // One that is none is told where it stands.
            Cell::Fixed(unit) => Unit::parse(&unit.value)
                .is_ok()
                .then(|| Spanned::new(format!("{} {}", text.value, unit.value), text.span)),
            Cell::Column(_) | Cell::Patient(_) | Cell::By { .. } | Cell::Table { .. } => None,
        },
        _ => Some(text.clone()),
    }
}

/// A text that is looked up is read on, as one of the file would be.
fn is_read_on(text: &Spanned<String>, reading: &Reading) -> bool {
    let lower = text.value.to_lowercase();
    reading.words.iter().any(|(word, _)| *word == lower) || reading.codes.find(&text.value, None).is_some()
}
