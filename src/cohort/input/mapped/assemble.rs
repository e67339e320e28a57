//! A row, with those joined to it, as the tree of a record, each value at its place in the text of its row.

use super::rows::{Broken, Row};
use super::table::Loaded;
use super::value::{self, Kind, Said};
use crate::catalog::{Catalog, Fact, FactId, FactKind, RecordedIn};
use crate::cohort::mapping::codes::RowMistake;
use crate::cohort::mapping::{
    Absence, Baseline, Cell, Column, CourseMapping, CoursePart, Dialect, EachRow, FileMapping, FindingMapping, Mapping,
    Means, PartKind, Reading, ReportMapping, VisitMapping, stands_in_visits,
};
use crate::source::{FileId, Span, Spanned};
use crate::value::Date;
use crate::yaml::{Node, NodeKind, Style, Tree};

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

type Entries = Vec<(Spanned<String>, Node)>;

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
    courses: Vec<Node>,
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
            Some(Broken::Encoding(slot)) => return self.wrong(RowMistake::Encoding, at, Some(slot)),
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
            for (key, node) in self.entry(at, file, column, day) {
                known |= !is_absent(&node);
                put(&mut entries, key, node);
            }
        }
        let Some(date) = date else {
            // A date that cannot be read was told.
            let told = self.wrong.len() > wrong || self.wrong.iter().any(|wrong| wrong.mistake == RowMistake::Date);
            if !told && (known || visit.name.is_empty()) {
                self.wrong(RowMistake::NoDay, at, slot_of(&visit.date));
            }
            return;
        };
        let baseline = match &visit.baseline {
            Baseline::Yes => Some(date.span),
            Baseline::Where { slot, is } => {
                let text = at.row.get(*slot);
                is.iter().any(|value| value == text).then(|| at.span(Some(*slot)))
            }
            Baseline::No => None,
        };
        self.visits.push(Visit { date, baseline, entries, span: at.span(None) });
    }

    /// A day, as a record writes it.
    fn day(&mut self, at: Placed<'a>, file: &'a FileMapping, cell: &'a Cell) -> Option<Spanned<String>> {
        let span = at.span(slot_of(cell));
        let (text, dialect) = self.look_up(at, file, cell, None)?;
        if matches!(cell, Cell::Fixed(_)) {
            return Some(Spanned::new(text.to_owned(), span));
        }
        let reading = Reading { codes: file.dialect.codes.clone(), words: Vec::new(), guarded: true };
        match value::read(text, Kind::Date, &reading, dialect) {
            Ok(Said::Text(text)) => Some(Spanned::new(text, span)),
            Ok(Said::Absent(_)) => None,
            Err(mistake) => {
                self.wrong(mistake, at, slot_of(cell));
                None
            }
        }
    }

    /// The text that a cell comes to, and how it is written; nothing where there is none.
    fn look_up(
        &self,
        at: Placed<'a>,
        file: &'a FileMapping,
        cell: &'a Cell,
        day: Option<Date>,
    ) -> Option<(&'a str, &'a Dialect)> {
        let found = match cell {
            Cell::Column(slot) => Some((at.row.get(*slot), &file.dialect)),
            Cell::Patient(slot) => Some((self.main.row.get(*slot), &self.mapping.main.dialect)),
            Cell::Fixed(text) => Some((text.as_str(), self.plain)),
            Cell::By { cell, values, otherwise } => {
                let (held, _) = self.look_up(at, file, cell, day).unwrap_or(("", self.plain));
                let found = values
                    .iter()
                    .find(|(value, _)| value == if held.is_empty() { EMPTY } else { held })
                    .map(|(_, text)| text);
                found.or(otherwise.as_ref()).map(|text| (text.as_str(), self.plain))
            }
            Cell::Table { table, value, by } => {
                let held: Vec<&str> =
                    by.iter().map(|cell| self.look_up(at, file, cell, day).map_or("", |(text, _)| text)).collect();
                let table = self.tables.get(*table)?;
                table.find(&held, day, &value.value).map(|text| (text, &table.dialect))
            }
        };
        found.filter(|(text, _)| !text.is_empty())
    }

    /// What a column says: a value, and the scale beside it.
    fn entry(&mut self, at: Placed<'a>, file: &'a FileMapping, column: &'a Column, day: Option<Date>) -> Entries {
        let (key, kind) = match &column.means {
            Means::Fact(id) => {
                let spoken = Spoken {
                    slot: column.slot,
                    reading: &column.reading,
                    unit: column.unit.as_ref(),
                    scale: column.scale.as_ref(),
                    upper_limit: column.upper_limit.as_ref(),
                    known_since: column.known_since.as_ref(),
                };
                return self.fact(at, file, *id, &spoken, day);
            }
            Means::Born => ("born", Kind::Date),
            Means::Judgement(name) => (name.as_str(), Kind::Word),
        };
        let value = self.value(at, file, column.slot, &column.reading, kind, None);
        value.map(|value| (Spanned::new(key.to_owned(), value.span), value.node())).into_iter().collect()
    }

    /// A cell as a record writes it; nothing where it is left out, or wrong.
    fn value(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        slot: usize,
        reading: &Reading,
        kind: Kind,
        fact: Option<&FactKind>,
    ) -> Option<Value> {
        let span = at.span(Some(slot));
        match value::read(at.row.get(slot), kind, reading, &file.dialect) {
            Ok(Said::Text(text)) => {
                let absent = is_absent_word(&text);
                Some(Value { text, absent, span })
            }
            Ok(Said::Absent(absence)) => {
                absence.in_record(fact).map(|word| Value { text: word.to_owned(), absent: true, span })
            }
            Err(mistake) => {
                self.wrong(mistake, at, Some(slot));
                None
            }
        }
    }

    /// A fact with its unit, its limit and the day from which on it was known, and the scale beside it.
    fn fact(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        id: FactId,
        spoken: &Spoken<'a>,
        day: Option<Date>,
    ) -> Entries {
        let catalog = self.catalog;
        let Some(fact) = catalog.fact(id) else { return Entries::new() };
        let kind = kind_of(fact);
        let value = self.value(at, file, spoken.slot, spoken.reading, kind, Some(&fact.kind));
        let Some(mut value) = value else { return Entries::new() };
        let key = |text: &str| Spanned::new(text.to_owned(), value.span);
        let name = key(&fact.id.value);
        let scale_key = key(&format!("{}_max", fact.id.value));
        if value.absent || kind != Kind::Number {
            let node = self.dated(at, file, value, None, spoken.known_since);
            return vec![(name, node)];
        }
        let unit = self.unit(at, file, spoken.unit, day, spoken.slot);
        append_unit(&mut value.text, unit);
        let limit = spoken.upper_limit.and_then(|cell| self.limit(at, file, cell, unit, spoken.reading, day));
        let scale = spoken.scale.and_then(|cell| self.scale(at, file, cell, spoken, day));
        let scale = scale.map(|scale| (scale_key, text_node(scale, value.span)));
        let node = self.dated(at, file, value, limit, spoken.known_since);
        std::iter::once((name, node)).chain(scale).collect()
    }

    /// A value, with its limit and the day from which on it was known where there are any.
    fn dated(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        value: Value,
        limit: Option<Spanned<String>>,
        known_since: Option<&'a Cell>,
    ) -> Node {
        let since = known_since.filter(|_| !value.absent).and_then(|cell| self.day(at, file, cell));
        if limit.is_none() && since.is_none() {
            return value.node();
        }
        let span = value.span;
        let part = |key: &str, text: Spanned<String>| {
            (Spanned::new(key.to_owned(), text.span), text_node(text.value, text.span))
        };
        let value = part("value", Spanned::new(value.text, span));
        let limit = limit.map(|limit| part("upper_limit", limit));
        let since = since.map(|since| part("known_since", since));
        group_node(std::iter::once(value).chain(limit).chain(since).collect(), span)
    }

    /// The unit of a bare number. Where the mapping says how to find it, it must be found.
    fn unit(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        cell: Option<&'a Cell>,
        day: Option<Date>,
        slot: usize,
    ) -> Option<&'a str> {
        let cell = cell?;
        let found = self.look_up(at, file, cell, day).map(|(text, _)| text);
        if found.is_none() {
            self.wrong(RowMistake::NoLine, at, Some(slot_of(cell).unwrap_or(slot)));
        }
        found
    }

    fn limit(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        cell: &'a Cell,
        unit: Option<&str>,
        reading: &Reading,
        day: Option<Date>,
    ) -> Option<Spanned<String>> {
        let (text, dialect) = self.look_up(at, file, cell, day)?;
        let plain = Reading { codes: reading.codes.clone(), words: Vec::new(), guarded: reading.guarded };
        match value::read(text, Kind::Number, &plain, dialect) {
            Ok(Said::Text(mut text)) => {
                append_unit(&mut text, unit);
                Some(Spanned::new(text, at.span(slot_of(cell))))
            }
            Ok(Said::Absent(_)) => None,
            Err(mistake) => {
                self.wrong(mistake, at, slot_of(cell));
                None
            }
        }
    }

    /// The end of the scale; an empty column stands for the usual one, a table without a line for none.
    fn scale(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        cell: &'a Cell,
        spoken: &Spoken<'a>,
        day: Option<Date>,
    ) -> Option<String> {
        let Some((text, dialect)) = self.look_up(at, file, cell, day) else {
            if matches!(cell, Cell::By { .. } | Cell::Table { .. }) {
                self.wrong(RowMistake::NoLine, at, Some(spoken.slot));
            }
            return None;
        };
        let plain = Reading { codes: spoken.reading.codes.clone(), words: Vec::new(), guarded: true };
        match value::read(text, Kind::Number, &plain, dialect) {
            Ok(Said::Text(text)) => Some(text),
            Ok(Said::Absent(_)) => None,
            Err(mistake) => {
                self.wrong(mistake, at, slot_of(cell));
                None
            }
        }
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
        let value = |node: &Node| Tree::from(node.get("value").unwrap_or(node));
        let since = |node: &Node| node.get("known_since").and_then(Node::text).map(str::to_owned);
        if value(earlier) != value(&node) {
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
        let name = at.row.get(finding.fact_slot).to_lowercase();
        let id = match finding.facts.iter().find(|(word, _)| *word == name) {
            Some((_, Some(id))) => *id,
            Some((_, None)) => return,
            None if finding.others_left_out => return,
            None => return self.wrong(RowMistake::NoFinding, at, Some(finding.fact_slot)),
        };
        let changes = self.catalog.fact(id).is_some_and(|fact| fact.recorded == RecordedIn::Visits);
        let date = finding.date.as_ref().filter(|_| changes).and_then(|cell| self.day(at, file, cell));
        let day = date.as_ref().and_then(|date| date.value.parse::<Date>().ok());
        let spoken = Spoken {
            slot: finding.value_slot,
            reading: &finding.reading,
            unit: finding.unit.as_ref(),
            scale: finding.scale.as_ref(),
            upper_limit: finding.upper_limit.as_ref(),
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
            let slot = finding.date.as_ref().and_then(slot_of);
            if !self.wrong.iter().any(|wrong| wrong.mistake == RowMistake::Date && wrong.line == at.row.line) {
                self.wrong(RowMistake::NoDay, at, slot);
            }
        }
    }

    /// Into a visit of that day which does not speak of the fact, or a further one.
    fn put_in_visit(&mut self, date: Spanned<String>, entries: Entries, span: Span) {
        let speaks = |visit: &Visit| {
            visit.entries.iter().any(|(key, _)| entries.iter().any(|(other, _)| other.value == key.value))
        };
        match self.visits.iter_mut().find(|visit| visit.date.value == date.value && !speaks(visit)) {
            Some(visit) => visit.entries.extend(entries),
            None => self.visits.push(Visit { date, baseline: None, entries, span }),
        }
    }

    /// A course of treatment; none where nothing of it stands in the row.
    fn course(&mut self, at: Placed<'a>, file: &'a FileMapping, course: &'a CourseMapping) {
        let parts: Vec<(&CoursePart, Option<Value>)> =
            course.parts.iter().map(|part| (part, self.part(at, file, part))).collect();
        let from_row = |part: &CoursePart| !matches!(part.cell, Cell::Fixed(_));
        let said = |(part, value): &(&CoursePart, Option<Value>)| {
            from_row(part) && value.as_ref().is_some_and(|value| !value.absent)
        };
        let drug = parts.iter().find(|(part, _)| part.key == "drug");
        if !parts.iter().any(said) {
            return;
        }
        if !drug.is_some_and(|(_, drug)| drug.as_ref().is_some_and(|drug| !drug.absent)) {
            let slot = drug.and_then(|(part, _)| slot_of(&part.cell));
            if !self.wrong.iter().any(|wrong| wrong.line == at.row.line && wrong.slot == slot) {
                self.wrong(RowMistake::NoDrug, at, slot);
            }
            return;
        }
        let mut entries = Entries::new();
        for (part, value) in parts {
            // Without these two a course still runs, and nothing limited its dose.
            let kept = matches!(part.key, "stop" | "dose_limited_by");
            if let Some(value) = value.filter(|value| kept || !value.absent) {
                entries.push((Spanned::new(part.key.to_owned(), value.span), value.node()));
            }
        }
        self.courses.push(group_node(entries, at.span(None)));
    }

    fn part(&mut self, at: Placed<'a>, file: &'a FileMapping, part: &'a CoursePart) -> Option<Value> {
        let slot = slot_of(&part.cell);
        let span = at.span(slot);
        let found = self.look_up(at, file, &part.cell, None);
        if let Cell::Fixed(text) = &part.cell {
            let absent = is_absent_word(text);
            return (text != Absence::LEFT_OUT).then(|| Value { text: text.clone(), absent, span });
        }
        let (text, dialect) = found.unwrap_or(("", self.plain));
        let kind = match part.kind {
            PartKind::Word => Kind::Word,
            PartKind::Date => Kind::Date,
            PartKind::Number => Kind::Number,
        };
        match value::read(text, kind, &part.reading, dialect) {
            Ok(Said::Text(mut text)) => {
                let unit = part.unit.as_ref();
                let unit = unit.and_then(|cell| self.unit(at, file, Some(cell), None, slot.unwrap_or_default()));
                if kind == Kind::Number {
                    append_unit(&mut text, unit);
                }
                let absent = is_absent_word(&text);
                Some(Value { text, absent, span })
            }
            Ok(Said::Absent(absence)) => {
                absence.in_record(None).map(|_| Value { text: "unknown".to_owned(), absent: true, span })
            }
            Err(mistake) => {
                self.wrong(mistake, at, slot);
                None
            }
        }
    }

    /// A report: all that it found stands in one cell.
    fn report(&mut self, at: Placed<'a>, file: &'a FileMapping, report: &'a ReportMapping) {
        let text = at.row.get(report.slot);
        let span = at.span(Some(report.slot));
        let names: Vec<String> = match &report.split {
            Some(mark) => text.split(mark.as_str()).map(|name| name.trim().to_lowercase()).collect(),
            None => vec![text.to_lowercase()],
        };
        let mut found = Vec::new();
        for name in names {
            match report.facts.iter().find(|(word, _)| *word == name) {
                Some((_, Some(id))) => found.push(text_node(self.catalog.name(*id).to_owned(), span)),
                Some((_, None)) => {}
                None => match value::read(text, Kind::Word, &report.reading, &file.dialect) {
                    Ok(Said::Absent(_)) => return,
                    Ok(Said::Text(_)) => return self.wrong(RowMistake::NoFinding, at, Some(report.slot)),
                    Err(mistake) => return self.wrong(mistake, at, Some(report.slot)),
                },
            }
        }
        let key = |key: &str, span: Span| Spanned::new(key.to_owned(), span);
        let mut entries = Entries::new();
        if let Some(date) = report.date.as_ref().and_then(|cell| self.day(at, file, cell)) {
            entries.push((key("date", date.span), text_node(date.value, date.span)));
        }
        entries.push((key(&report.list, span), Node { kind: NodeKind::Sequence(found), span }));
        let node = group_node(entries, span);
        let known = self.facts.iter().find(|(known, _)| known.value == report.report);
        match known.map(|(_, known)| Tree::from(known) == Tree::from(&node)) {
            None => self.facts.push((key(&report.report, span), node)),
            Some(true) => {}
            Some(false) => self.wrong(RowMistake::TwoValues, at, Some(report.slot)),
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
        let visits: Vec<Node> = std::mem::take(&mut self.visits).into_iter().map(visit_node).collect();
        if !visits.is_empty() {
            record.push((key("visits", whole), Node { kind: NodeKind::Sequence(visits), span: whole }));
        }
        if mapping.has_courses() {
            let courses = Node { kind: NodeKind::Sequence(std::mem::take(&mut self.courses)), span: whole };
            record.push((key("therapies", whole), courses));
            if !mapping.therapies_complete {
                record.push((key("therapies_complete", whole), text_node("no".to_owned(), whole)));
            }
        }
        if mapping.declined_unknown {
            record.push((key("declined", whole), text_node("unknown".to_owned(), whole)));
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

fn is_absent_word(text: &str) -> bool {
    matches!(text, "unknown" | "pending" | "refused" | "not measured" | FactKind::NOT_DONE)
}

fn kind_of(fact: &Fact) -> Kind {
    match fact.kind {
        FactKind::Number(_) => Kind::Number,
        FactKind::Date => Kind::Date,
        FactKind::Choice { .. } => Kind::Word,
    }
}

/// A bare number gets its unit.
fn append_unit(text: &mut String, unit: Option<&str>) {
    let number = text.strip_prefix("above ").or_else(|| text.strip_prefix("below ")).unwrap_or(text);
    if let Some(unit) = unit.filter(|_| number.parse::<crate::value::Number>().is_ok()) {
        text.push(' ');
        text.push_str(unit);
    }
}

/// The slot of the row that a cell is read from.
fn slot_of(cell: &Cell) -> Option<usize> {
    match cell {
        Cell::Column(slot) => Some(*slot),
        Cell::By { cell, .. } => slot_of(cell),
        Cell::Patient(_) | Cell::Fixed(_) | Cell::Table { .. } => None,
    }
}
