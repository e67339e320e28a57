use super::cells::{Bare, Scope};
use super::columns::codes_and_guard;
use super::dialect::{entries, pairs};
use super::{
    Absence, Cell, CourseMapping, CoursePart, Dialect, FindingMapping, PartKind, Reading, ReportMapping, codes,
};
use crate::catalog::FactId;
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::Spanned;
use crate::value::Unit;
use crate::yaml::{Fields, Node};

/// The parts of a course that a mapping can fill, in the order of a record.
const PARTS: [(&str, PartKind); 10] = [
    ("drug", PartKind::Word),
    ("start", PartKind::Date),
    ("stop", PartKind::Date),
    ("dose", PartKind::Number),
    ("adherence", PartKind::Number),
    ("level", PartKind::Number),
    ("outcome", PartKind::Word),
    ("outcome_on", PartKind::Date),
    ("dose_limited_by", PartKind::Word),
    ("stopped_for", PartKind::Word),
];

/// What a file calls something, lower case, and the fact; `None` for what is left out.
type Named = Vec<(String, Option<FactId>)>;

impl Scope<'_> {
    /// `courses:`, each read from a row.
    pub(super) fn courses(&mut self, fields: &mut Fields<'_, '_>, dialect: &Dialect) -> Vec<CourseMapping> {
        let mut courses = Vec::new();
        for node in fields.list("courses") {
            let Some(mut course) = Fields::of(node, "a course", fields.mistakes()) else { continue };
            let parts = self.parts(&mut course, dialect);
            course.finish();
            courses.push(CourseMapping { parts });
        }
        courses
    }

    fn parts(&mut self, course: &mut Fields<'_, '_>, dialect: &Dialect) -> Vec<CoursePart> {
        let mut parts = Vec::new();
        for (key, kind) in PARTS {
            let must = matches!(key, "drug" | "stop");
            let Some(node) = (if must { course.required(key) } else { course.optional(key) }) else { continue };
            parts.extend(self.part(key, kind, node, dialect, course.mistakes()));
        }
        if parts.iter().all(|part| part.key != "dose_limited_by") {
            let reading = Reading { codes: dialect.codes.clone(), words: Vec::new(), guarded: true };
            let cell = Cell::Fixed("unknown".to_owned());
            parts.push(CoursePart { key: "dose_limited_by", kind: PartKind::Word, cell, unit: None, reading });
        }
        parts
    }

    fn part(
        &mut self,
        key: &'static str,
        kind: PartKind,
        node: &Node,
        dialect: &Dialect,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Option<CoursePart> {
        let plain = Reading { codes: dialect.codes.clone(), words: Vec::new(), guarded: true };
        if let Some(text) = node.text().map(str::trim) {
            let fixed = match kind {
                PartKind::Date => text == Absence::LEFT_OUT || text.parse::<crate::value::DateRange>().is_ok(),
                PartKind::Word | PartKind::Number => false,
            };
            let fixed = fixed || matches!((key, text), (_, "unknown") | ("dose_limited_by", "nothing"));
            let cell = if fixed { Cell::Fixed(text.to_owned()) } else { Cell::Column(self.slot(text, node.span)) };
            return Some(CoursePart { key, kind, cell, unit: None, reading: plain });
        }
        let mut fields = Fields::of(node, format!("`{key}`"), mistakes)?;
        let cell = self.said_in(&mut fields);
        let unit = if kind == PartKind::Number { self.optional_cell(&mut fields, "unit", Bare::Fixed) } else { None };
        if let Some(Spanned { value: Cell::Fixed(written), span }) = &unit
            && Unit::parse(written).is_err()
        {
            let error = codes::unit(*span, format!("`{written}` is not a unit"));
            let error = match suggest::nearest(written, Unit::spellings()) {
                Some(meant) => error.fix(format!("did you mean `{meant}`?"), *span, meant),
                None => error.note("write for example `mg/week`"),
            };
            fields.mistakes().push(error);
        }
        // `values` belongs to `by` where that is said.
        let (codes, guarded) = if matches!(cell, Some(Cell::By { .. })) {
            (super::dialect::codes_of(&mut fields, &dialect.codes), true)
        } else {
            codes_and_guard(&mut fields, dialect)
        };
        let words = pairs(&mut fields, "words");
        fields.finish();
        let reading = Reading { codes, words, guarded };
        Some(CoursePart { key, kind, cell: cell?, unit: unit.map(|unit| unit.value), reading })
    }

    /// `reports:`, each read from a cell that names what was found.
    pub(super) fn reports(&mut self, fields: &mut Fields<'_, '_>, dialect: &Dialect) -> Vec<ReportMapping> {
        let mut reports = Vec::new();
        for node in fields.list("reports") {
            let Some(mut report) = Fields::of(node, "a report", fields.mistakes()) else { continue };
            reports.extend(self.report(&mut report, dialect));
            report.finish();
        }
        reports
    }

    fn report(&mut self, fields: &mut Fields<'_, '_>, dialect: &Dialect) -> Option<ReportMapping> {
        let named = fields.text("report");
        let found = fields.text("found");
        let date = self.optional_cell(fields, "date", Bare::Date).map(|date| date.value);
        let split = fields.optional_text("split").map(|mark| mark.value.to_owned());
        let facts = self.named_facts(fields);
        let (codes, guarded) = codes_and_guard(fields, dialect);
        let (named, found) = named.zip(found)?;
        let name = named.value.trim();
        let Some(report) = self.catalog.find_report(name).and_then(|id| self.catalog.report(id)) else {
            let known: Vec<&str> = self.catalog.report_names().collect();
            let mistake = codes::no_name("report", name, named.span, known.iter().copied(), "the dictionary");
            fields.mistakes().push(mistake);
            return None;
        };
        let slot = self.slot(found.value.trim(), found.span);
        let list = report.list.clone();
        let reading = Reading { codes, words: Vec::new(), guarded };
        Some(ReportMapping { report: name.to_owned(), list, date, slot, split, facts, reading })
    }

    /// `finding:`, a row that names its fact.
    pub(super) fn finding(&mut self, fields: &mut Fields<'_, '_>, dialect: &Dialect) -> Option<FindingMapping> {
        let mut group = fields.group("finding")?;
        let fact = group.text("fact").map(|name| self.slot(name.value.trim(), name.span));
        let value = group.text("value").map(|name| self.slot(name.value.trim(), name.span));
        let facts = self.named_facts(&mut group);
        let others =
            super::dialect::one_of(&mut group, "otherwise", "what becomes of other names", &[(Absence::LEFT_OUT, ())]);
        let date = self.optional_cell(&mut group, "date", Bare::Date);
        let unit = self.optional_cell(&mut group, "unit", Bare::Fixed);
        let scale = self.optional_cell(&mut group, "scale", Bare::Number);
        let upper_limit = self.optional_cell(&mut group, "upper_limit", Bare::Number);
        let (codes, guarded) = codes_and_guard(&mut group, dialect);
        let mut words = pairs(&mut group, "results");
        let own = words.clone();
        words.extend(dialect.words.iter().filter(|(word, _)| own.iter().all(|(other, _)| other != word)).cloned());
        group.finish();
        let cell = |cell: Option<Spanned<Cell>>| cell.map(|cell| cell.value);
        Some(FindingMapping {
            fact_slot: fact?,
            facts,
            others_left_out: others.is_some(),
            value_slot: value?,
            date: cell(date),
            unit: cell(unit),
            scale: cell(scale),
            upper_limit: cell(upper_limit),
            reading: Reading { codes, words, guarded },
        })
    }

    /// `words: {CK: ck, Na: left out}`, names of the file for facts.
    fn named_facts(&mut self, fields: &mut Fields<'_, '_>) -> Named {
        let Some(node) = fields.required("words") else { return Vec::new() };
        let mut named = Vec::new();
        for (word, fact, place) in entries(node, "words", fields.mistakes()) {
            let left_out = matches!(fact.as_str(), Absence::LEFT_OUT | "nothing");
            let found = if left_out { None } else { self.fact(&fact, place.span, fields.mistakes()) };
            if left_out || found.is_some() {
                named.push((word.to_lowercase(), found));
            }
        }
        named
    }
}
