//! A row, with those joined to it, as the tree of a record, each value at its place in the text of its row.

mod courses;
mod reports;
mod values;

use std::collections::HashSet;

use super::rows::{Broken, Row};
use super::table::Loaded;
use super::value;
use crate::catalog::{Catalog, Fact, FactKind, RecordedIn};
use crate::cohort::mapping::codes::RowMistake;
use crate::cohort::mapping::{
    Baseline, Cell, Column, Dialect, EachRow, FileMapping, FindingMapping, Mapping, Means, Reading, TextKind,
    VisitMapping, stands_in_visits,
};
use crate::source::{FileId, Span, Spanned};
use crate::value::{Date, Number};
use crate::yaml::{Node, NodeKind, Style};
use courses::Course;

/// A row of some file, as a text of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'r> {
    /// The file, 0 is the main one.
    pub(super) file: usize,
    pub(super) row: &'r Row,
    pub(super) text: FileId,
}

impl Placed<'_> {
    fn span(&self, slot: Option<usize>) -> Span {
        let range = slot.and_then(|slot| self.row.slots.get(slot)).cloned().unwrap_or(0..self.row.text.len());
        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Span { file: self.text, start: at(range.start), end: at(range.end) }
    }
}

/// A mistake of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) mistake: RowMistake,
    pub(super) file: usize,
    pub(super) line: u64,
    pub(super) slot: Option<usize>,
}

/// What a mapping calls an empty cell.
const EMPTY: &str = "empty";

type Entry = (Spanned<String>, Node);
type Entries = Vec<Entry>;

/// A visit that is being put together.
struct Visit {
    date: Spanned<String>,
    baseline: Option<Span>,
    entries: Entries,
    span: Span,
}

/// A record that is being put together.
pub(super) struct Assembly<'a> {
    mapping: &'a Mapping,
    tables: &'a [Loaded],
    /// How the texts of the mapping itself are written.
    plain: &'a Dialect,
    catalog: &'a Catalog,
    main: Placed<'a>,
    patient: Entries,
    facts: Entries,
    judgements: Entries,
    visits: Vec<Visit>,
    courses: Vec<Course>,
    declined: Vec<Node>,
    wrong: Vec<Wrong>,
}

/// A value ready to stand in a record.
struct Value {
    text: String,
    /// It says why there is no value.
    absent: bool,
    span: Span,
}

/// The record of a row and those joined to it, or everything that is wrong before the record's own reader sees it.
pub(super) fn assemble<'a>(
    mapping: &'a Mapping,
    tables: &'a [Loaded],
    plain: &'a Dialect,
    catalog: &'a Catalog,
    main: Placed<'a>,
    joined: &[Placed<'a>],
) -> Result<Node, Vec<Wrong>> {
    let mut assembly = Assembly {
        mapping,
        tables,
        plain,
        catalog,
        main,
        patient: Vec::new(),
        facts: Vec::new(),
        judgements: Vec::new(),
        visits: Vec::new(),
        courses: Vec::new(),
        declined: Vec::new(),
        wrong: Vec::new(),
    };
    for at in std::iter::once(&main).chain(joined) {
        assembly.row(*at);
    }
    let record = assembly.record();
    if assembly.wrong.is_empty() { Ok(record) } else { Err(assembly.wrong) }
}

impl<'a> Assembly<'a> {
    fn row(&mut self, at: Placed<'a>) {
        let Some(file) = self.mapping.file(at.file) else { return };
        match at.row.broken {
            Some(Broken::Fields) => return self.wrong(RowMistake::Fields, at, None),
            Some(Broken::NotFlat) => return self.wrong(RowMistake::NotFlat, at, None),
            Some(Broken::Encoding(slot)) => return self.wrong(RowMistake::Encoding, at, slot),
            Some(Broken::Quote) => return self.wrong(RowMistake::Quote, at, None),
            Some(Broken::TooLong) => return self.wrong(RowMistake::TooLong, at, None),
            None => {}
        }
        if at.row.get(file.id).is_empty() {
            self.wrong(RowMistake::NoId, at, Some(file.id));
        }
        self.wide(at, file);
        match &file.each_row {
            Some(EachRow::Visit(visit)) => self.long_visit(at, file, visit),
            Some(EachRow::Finding(finding)) => self.finding(at, file, finding),
            None => {}
        }
        for course in &file.courses {
            self.course(at, file, course);
        }
        for report in &file.reports {
            self.report(at, file, report);
        }
    }

    fn wrong(&mut self, mistake: RowMistake, at: Placed<'_>, slot: Option<usize>) {
        let wrong = Wrong { mistake, file: at.file, line: at.row.line, slot };
        if !self.wrong.contains(&wrong) {
            self.wrong.push(wrong);
        }
    }

    /// What is undated, and the visits that stand side by side in a row.
    fn wide(&mut self, at: Placed<'a>, file: &'a FileMapping) {
        let row_is_visit = matches!(file.each_row, Some(EachRow::Visit(_)));
        for column in file.columns.iter().filter(|column| column.visit.is_none()) {
            if row_is_visit && self.is_of_visit(column) {
                continue;
            }
            for (key, node) in self.entry(at, file, column, None) {
                let place = self.undated_place(&column.means);
                self.put_undated(at, column.slot, place, key, node);
            }
        }
        for (number, visit) in file.visits.iter().enumerate() {
            let columns = file.columns.iter().filter(|column| column.visit == Some(number));
            self.visit(at, file, visit, columns);
        }
    }

    fn long_visit(&mut self, at: Placed<'a>, file: &'a FileMapping, visit: &'a VisitMapping) {
        let own = |column: &&Column| column.visit.is_none() && self.is_of_visit(column);
        let columns: Vec<&Column> = file.columns.iter().filter(own).collect();
        self.visit(at, file, visit, columns.into_iter());
    }

    fn is_of_visit(&self, column: &Column) -> bool {
        match &column.means {
            Means::Fact(id) => self.catalog.fact(*id).is_some_and(stands_in_visits),
            Means::Born | Means::Judgement(_) => false,
        }
    }

    fn visit(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        visit: &'a VisitMapping,
        columns: impl Iterator<Item = &'a Column>,
    ) {
        let date = self.day(at, file, &visit.date);
        let day = date.as_ref().and_then(|date| date.value.parse::<Date>().ok());
        let wrong = self.wrong.len();
        let mut entries = Entries::new();
        let mut known = false;
        for column in columns {
            let said = self.entry(at, file, column, day);
            // The value; behind it stands its scale.
            known |= said.first().is_some_and(|(_, node)| !is_absent(node));
            for (key, node) in said {
                put(&mut entries, key, node);
            }
        }
        let Some(date) = date else {
            // A date that cannot be read was told.
            let told = self.wrong.len() > wrong || self.wrong.iter().any(|wrong| wrong.mistake == RowMistake::Date);
            if !told && known {
                let (at, slot) = self.place(at, &visit.date);
                self.wrong(RowMistake::NoDay, at, slot);
            }
            return;
        };
        let baseline = match &visit.baseline {
            Baseline::Yes => Some(date.span),
            Baseline::Where { slot, is } => {
                let is_it = |text: &str| is.iter().any(|value| value == text);
                let text = self.name(at.row.get(*slot), &file.dialect, (at, Some(*slot)), is_it);
                is_it(text).then(|| at.span(Some(*slot)))
            }
            Baseline::No => None,
        };
        self.visits.push(Visit { date, baseline, entries, span: at.span(None) });
    }

    /// What has no visit stands once in a record: the same from several rows is one, another is a mistake.
    fn put_undated(&mut self, at: Placed<'_>, slot: usize, place: Undated, key: Spanned<String>, node: Node) {
        let entries = match place {
            Undated::Patient => &mut self.patient,
            Undated::Facts => &mut self.facts,
            Undated::Judgements => &mut self.judgements,
        };
        let Some((_, earlier)) = entries.iter_mut().find(|(known, _)| known.value == key.value) else {
            entries.push((key, node));
            return;
        };
        if is_absent(&node) {
            return;
        }
        if is_absent(earlier) {
            *earlier = node;
            return;
        }
        let since = |node: &Node| node.get("known_since").and_then(Node::text).map(str::to_owned);
        if !is_alike(value_of(earlier), value_of(&node)) {
            self.wrong(RowMistake::TwoValues, at, Some(slot));
        } else if let (Some(known), Some(new)) = (since(earlier), since(&node))
            && new < known
        {
            *earlier = node;
        }
    }

    fn undated_place(&self, means: &Means) -> Undated {
        match means {
            Means::Born => Undated::Patient,
            Means::Judgement(_) => Undated::Judgements,
            Means::Fact(id) => match self.catalog.fact(*id).map(|fact| fact.recorded) {
                Some(RecordedIn::Patient) => Undated::Patient,
                Some(RecordedIn::Facts | RecordedIn::Visits) | None => Undated::Facts,
            },
        }
    }

    /// A row that names its fact.
    fn finding(&mut self, at: Placed<'a>, file: &'a FileMapping, finding: &'a FindingMapping) {
        let is_known = |text: &str| finding.facts.iter().any(|(word, _)| *word == text.to_lowercase());
        let place = (at, Some(finding.fact_slot));
        let name = self.name(at.row.get(finding.fact_slot), &file.dialect, place, is_known).to_lowercase();
        let id = match finding.facts.iter().find(|(word, _)| *word == name) {
            Some((_, Some(id))) => id.value,
            Some((_, None)) => return,
            None if finding.others_left_out => return,
            None => return self.wrong(RowMistake::NoFinding, at, Some(finding.fact_slot)),
        };
        let Some(fact) = self.catalog.fact(id) else { return };
        let changes = fact.recorded == RecordedIn::Visits;
        // A laboratory has limits for all that it measures, also for what a record knows none of.
        let (has_scales, has_limit) = match &fact.kind {
            FactKind::Number(kind) => (!kind.scales.is_empty(), kind.upper_limit),
            FactKind::Choice { .. } | FactKind::Date => (false, false),
        };
        let date = finding.date.as_ref().filter(|_| changes).and_then(|cell| self.day(at, file, cell));
        let day = date.as_ref().and_then(|date| date.value.parse::<Date>().ok());
        let spoken = Spoken {
            slot: finding.value_slot,
            reading: &finding.reading,
            unit: finding.unit.as_ref(),
            scale: finding.scale.as_ref().filter(|_| has_scales),
            upper_limit: finding.upper_limit.as_ref().filter(|_| has_limit),
            known_since: finding.date.as_ref().filter(|_| !changes),
        };
        let entries = self.fact(at, file, id, &spoken, day);
        if !changes {
            let place = self.undated_place(&Means::Fact(id));
            for (key, node) in entries {
                self.put_undated(at, finding.value_slot, place, key, node);
            }
        } else if let Some(date) = date {
            self.put_in_visit(date, entries, at.span(None));
        } else {
            let (place, slot) = finding.date.as_ref().map_or((at, None), |cell| self.place(at, cell));
            if !self.wrong.iter().any(|wrong| wrong.mistake == RowMistake::Date && wrong.line == at.row.line) {
                self.wrong(RowMistake::NoDay, place, slot);
            }
        }
    }

    /// Into a visit of that day which does not speak of the fact, or a further one.
    fn put_in_visit(&mut self, date: Spanned<String>, entries: Entries, span: Span) {
        if entries.is_empty() {
            return;
        }
        let speaks = |visit: &Visit| {
            visit.entries.iter().any(|(key, _)| entries.iter().any(|(other, _)| other.value == key.value))
        };
        match self.visits.iter_mut().find(|visit| visit.date.value == date.value && !speaks(visit)) {
            Some(visit) => visit.entries.extend(entries),
            None => self.visits.push(Visit { date, baseline: None, entries, span }),
        }
    }

    /// The tree of the record.
    fn record(&mut self) -> Node {
        let whole = self.main.span(None);
        let id_slot = self.mapping.main.id;
        let main = self.main;
        let key = |text: &str, span: Span| Spanned::new(text.to_owned(), span);
        let mut record = Entries::new();
        let id_span = main.span(Some(id_slot));
        record.push((key("id", id_span), text_node(main.row.get(id_slot).to_owned(), id_span)));
        let mapping = self.mapping;
        if let Some(day) = mapping.as_of.as_ref().and_then(|cell| self.day(main, &mapping.main, cell)) {
            record.push((key("as_of", day.span), text_node(day.value, day.span)));
        }
        for (name, entries) in
            [("patient", std::mem::take(&mut self.patient)), ("facts", std::mem::take(&mut self.facts))]
        {
            if !entries.is_empty() {
                record.push((key(name, whole), group_node(entries, whole)));
            }
        }
        self.visits.sort_by(|left, right| left.date.value.cmp(&right.date.value));
        for day in self.visits.chunk_by_mut(|one, other| one.date.value == other.date.value) {
            fill_in(day);
        }
        let visits: Vec<Node> = std::mem::take(&mut self.visits).into_iter().map(visit_node).collect();
        if !visits.is_empty() {
            record.push((key("visits", whole), Node { kind: NodeKind::Sequence(visits), span: whole }));
        }
        if mapping.has_courses() {
            let courses = std::mem::take(&mut self.courses).into_iter().map(Course::node).collect();
            let courses = Node { kind: NodeKind::Sequence(courses), span: whole };
            record.push((key("therapies", whole), courses));
            if !mapping.therapies_complete {
                record.push((key("therapies_complete", whole), text_node("no".to_owned(), whole)));
            }
        }
        if mapping.declined_unknown {
            record.push((key("declined", whole), text_node("unknown".to_owned(), whole)));
        } else if !self.declined.is_empty() {
            let declined = Node { kind: NodeKind::Sequence(std::mem::take(&mut self.declined)), span: whole };
            record.push((key("declined", whole), declined));
        }
        let judgements = std::mem::take(&mut self.judgements);
        if !judgements.is_empty() {
            record.push((key("judgements", whole), group_node(judgements, whole)));
        }
        group_node(record, whole)
    }
}

/// Where what has no visit stands.
#[derive(Debug, Clone, Copy)]
enum Undated {
    Patient,
    Facts,
    Judgements,
}

/// How a fact is read from a row.
struct Spoken<'a> {
    slot: usize,
    reading: &'a Reading,
    unit: Option<&'a Cell>,
    scale: Option<&'a Cell>,
    upper_limit: Option<&'a Cell>,
    known_since: Option<&'a Cell>,
}

impl Value {
    fn node(self) -> Node {
        text_node(self.text, self.span)
    }
}

/// What one row of a day lacks, and another says, is not missing on that day.
fn fill_in(day: &mut [Visit]) {
    if day.len() < 2 {
        return;
    }
    let entries = day.iter().flat_map(|visit| &visit.entries);
    let said: HashSet<String> =
        entries.filter(|(_, node)| !is_absent(node)).map(|(key, _)| key.value.clone()).collect();
    for visit in day {
        let is_filled = |(key, node): &&Entry| is_absent(node) && said.contains(&key.value);
        let filled: Vec<String> = visit.entries.iter().filter(is_filled).map(|(key, _)| key.value.clone()).collect();
        // Its scale, which stands beside it, goes with it.
        let goes = |key: &str| filled.iter().any(|name| key.strip_prefix(name.as_str()).is_some_and(is_of_scale));
        visit.entries.retain(|(key, _)| !goes(&key.value));
    }
}

/// What stands behind the name of a fact: nothing, or what makes it that of its scale.
fn is_of_scale(rest: &str) -> bool {
    matches!(rest, "" | "_max")
}

fn visit_node(visit: Visit) -> Node {
    let key = |text: &str, span: Span| Spanned::new(text.to_owned(), span);
    let mut entries = vec![(key("date", visit.date.span), text_node(visit.date.value, visit.date.span))];
    entries.extend(visit.baseline.map(|span| (key("role", span), text_node("baseline".to_owned(), span))));
    entries.extend(visit.entries);
    group_node(entries, visit.span)
}

fn text_node(text: String, span: Span) -> Node {
    Node { kind: NodeKind::Scalar { text, style: Style::Quoted }, span }
}

fn group_node(entries: Entries, span: Span) -> Node {
    Node { kind: NodeKind::Mapping(entries), span }
}

fn put(entries: &mut Entries, key: Spanned<String>, node: Node) {
    if !entries.iter().any(|(known, _)| known.value == key.value) {
        entries.push((key, node));
    }
}

fn is_absent(node: &Node) -> bool {
    node.text().is_some_and(is_absent_word)
}

pub(super) fn is_absent_word(text: &str) -> bool {
    matches!(text, "unknown" | "pending" | "refused" | "not measured" | FactKind::NOT_DONE)
}

fn kind_of(fact: &Fact) -> TextKind {
    match fact.kind {
        FactKind::Number(_) => TextKind::Number,
        FactKind::Date => TextKind::Date,
        FactKind::Choice { .. } => TextKind::Word,
    }
}

/// A bare number gets its unit.
fn append_unit(text: &mut String, unit: Option<&str>) {
    let (_, number) = beyond(text);
    if let Some(unit) = unit.filter(|_| number.parse::<Number>().is_ok()) {
        text.push(' ');
        text.push_str(unit);
    }
}

/// `above ` or `below `, where a text begins so, and the rest.
fn beyond(text: &str) -> (&str, &str) {
    let side = ["above ", "below "].into_iter().find(|side| text.starts_with(side)).unwrap_or_default();
    text.split_at(side.len())
}

/// What an entry says, without the day from which on it was known.
fn value_of(entry: &Node) -> &Node {
    entry.get("value").unwrap_or(entry)
}

/// Two rows say the same of one thing.
fn is_alike(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Scalar { text: one, .. }, NodeKind::Scalar { text: other, .. }) => is_same_text(one, other),
        (NodeKind::Sequence(one), NodeKind::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_alike(one, other))
        }
        (NodeKind::Mapping(one), NodeKind::Mapping(other)) => {
            let is_same = |((key, one), (other_key, other)): (&Entry, &Entry)| {
                key.value == other_key.value && is_alike(one, other)
            };
            one.len() == other.len() && one.iter().zip(other).all(is_same)
        }
        _ => false,
    }
}

/// Two texts are one, or one number with one unit, however many zeros it is written with.
fn is_same_text(one: &str, other: &str) -> bool {
    one == other || amount(one).is_some_and(|one| amount(other) == Some(one))
}

/// What stands before a number, the number, and its unit.
pub(super) fn amount(text: &str) -> Option<(&str, Number, &str)> {
    let (side, text) = beyond(text);
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    Some((side, number.parse().ok()?, unit))
}
