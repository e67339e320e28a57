use super::cells::{Bare, Scope};
use super::columns::codes_and_guard;
use super::dialect::words;
use super::{Absence, Cell, CourseMapping, CoursePart, DeclinedMapping, Dialect, Reading, TextKind, codes};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::yaml::{Fields, Node};

/// The parts of a course that a mapping can fill, in the order of a record.
pub(in crate::cohort) const PARTS: [(&str, TextKind); 10] = [
    ("drug", TextKind::Word),
    ("start", TextKind::Date),
    ("stop", TextKind::Date),
    ("dose", TextKind::Number),
    ("adherence", TextKind::Number),
    ("level", TextKind::Number),
    ("outcome", TextKind::Word),
    ("outcome_on", TextKind::Date),
    ("dose_limited_by", TextKind::Word),
    ("stopped_for", TextKind::Word),
];

impl Scope<'_> {
    /// `courses:`, each read from a row.
    pub(super) fn courses(&mut self, fields: &mut Fields<'_, '_>, dialect: &Dialect) -> Vec<CourseMapping> {
        let mut courses = Vec::new();
        for node in fields.list("courses") {
            let Some(mut course) = Fields::of(node, "a course", fields.mistakes()) else { continue };
            let parts = self.parts(&mut course, dialect);
            let told_by = self.optional_cell(&mut course, "course", Bare::Column).map(|cell| cell.value);
            let given = self.given(&mut course, dialect);
            let doses = self.doses(&mut course, dialect);
            if !doses.is_empty() && parts.iter().any(|part| part.key == "dose") {
                let message = "a course has a `dose`, or `doses`, each from a day on".to_owned();
                let place = course.place_of("dose");
                course.mistakes().push(codes::cell(place, message));
            }
            let declined = self.declined(&mut course);
            course.finish();
            courses.push(CourseMapping { parts, course: told_by, given, doses, declined });
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
            let cell = Cell::Fixed(Spanned::new("unknown".to_owned(), course.span()));
            parts.push(CoursePart { key: "dose_limited_by", kind: TextKind::Word, cell, unit: None, reading });
        }
        parts
    }

    /// `given: day`, or a list of columns.
    fn given(&mut self, course: &mut Fields<'_, '_>, dialect: &Dialect) -> Vec<CoursePart> {
        let Some(node) = course.optional("given") else { return Vec::new() };
        let days = node.items().unwrap_or(std::slice::from_ref(node));
        days.iter().filter_map(|day| self.part("given", TextKind::Date, day, dialect, course.mistakes())).collect()
    }

    /// `doses: [{from: day, dose: {column: dose, unit: mg/day}}]`
    fn doses(&mut self, course: &mut Fields<'_, '_>, dialect: &Dialect) -> Vec<[CoursePart; 2]> {
        let mut doses = Vec::new();
        for node in course.list("doses") {
            let Some(mut step) = Fields::of(node, "an entry of `doses`", course.mistakes()) else { continue };
            let [from, dose] = [("from", TextKind::Date), ("dose", TextKind::Number)].map(|(key, kind)| {
                let node = step.required(key)?;
                self.part(key, kind, node, dialect, step.mistakes())
            });
            step.finish();
            doses.extend(from.zip(dose).map(|(from, dose)| [from, dose]));
        }
        doses
    }

    /// `declined: {column: status, is: [declined], date: day}`
    fn declined(&mut self, course: &mut Fields<'_, '_>) -> Option<DeclinedMapping> {
        let place = course.place_of("declined");
        let mut group = course.group("declined")?;
        let slot = group.text("column").map(|column| self.slot(column.value.trim(), column.span));
        let is: Vec<String> = group.texts("is").iter().map(|value| value.value.trim().to_owned()).collect();
        let date = self.optional_cell(&mut group, "date", Bare::Date).map(|cell| cell.value);
        if is.is_empty() {
            let error = codes::cell(place, "`declined` says what `is` in its column then".to_owned());
            group.mistakes().push(error.note("write for example `declined: {column: status, is: [declined]}`"));
        }
        group.finish();
        Some(DeclinedMapping { slot: slot?, is, date })
    }

    fn part(
        &mut self,
        key: &'static str,
        kind: TextKind,
        node: &Node,
        dialect: &Dialect,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Option<CoursePart> {
        let plain = Reading { codes: dialect.codes.clone(), words: Vec::new(), guarded: true };
        if let Some(text) = node.text().map(str::trim) {
            let fixed = match kind {
                TextKind::Date => text == Absence::LEFT_OUT || text.parse::<crate::value::DateRange>().is_ok(),
                TextKind::Word | TextKind::Number => false,
            };
            let fixed = fixed || matches!((key, text), (_, "unknown") | ("dose_limited_by", "nothing"));
            let cell = if fixed {
                Cell::Fixed(Spanned::new(text.to_owned(), node.span))
            } else {
                Cell::Column(self.slot(text, node.span))
            };
            return Some(CoursePart { key, kind, cell, unit: None, reading: plain });
        }
        let mut fields = Fields::of(node, format!("`{key}`"), mistakes)?;
        let cell = self.said_in(&mut fields);
        let unit = if kind == TextKind::Number { self.optional_cell(&mut fields, "unit", Bare::Fixed) } else { None };
        // `values` belongs to `by` where that is said.
        let (codes, guarded) = if matches!(cell, Some(Cell::By { .. })) {
            (super::dialect::codes_of(&mut fields, &dialect.codes), true)
        } else {
            codes_and_guard(&mut fields, dialect)
        };
        let words = words(&mut fields, "words");
        fields.finish();
        let reading = Reading { codes, words, guarded };
        Some(CoursePart { key, kind, cell: cell?, unit: unit.map(|unit| unit.value), reading })
    }
}
