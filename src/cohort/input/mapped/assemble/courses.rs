use super::value::{self, Said};
use super::{
    Assembly, Entries, Placed, Value, append_unit, group_node, is_absent_word, is_alike, is_same_text, text_node,
};
use crate::cohort::mapping::codes::RowMistake;
use crate::cohort::mapping::course::PARTS;
use crate::cohort::mapping::{Absence, Cell, CourseMapping, CoursePart, DeclinedMapping, FileMapping, TextKind};
use crate::source::{Span, Spanned};
use crate::yaml::{Node, NodeKind};

/// The key of the drug.
const DRUG: &str = "drug";

/// A course that is being put together.
pub(super) struct Course {
    /// The drug, and what tells its courses apart; nothing where the row is a course by itself.
    name: Option<(String, String)>,
    parts: Vec<Part>,
    given: Vec<Node>,
    /// Each with the slot of the dose.
    doses: Vec<(Node, Option<usize>)>,
    span: Span,
}

/// A part of it, and where it was read.
struct Part {
    key: &'static str,
    value: Value,
    slot: Option<usize>,
}

impl Course {
    pub(super) fn node(mut self) -> Node {
        // Rows that came later may have said what stands before.
        self.parts.sort_by_key(|part| PARTS.iter().position(|(key, _)| *key == part.key));
        let key = |key: &str, span: Span| Spanned::new(key.to_owned(), span);
        // Without these two a course still runs, and nothing limited its dose.
        let kept = |part: &Part| matches!(part.key, "stop" | "dose_limited_by") || !part.value.absent;
        let parts = self.parts.into_iter().filter(kept);
        let mut entries: Entries = parts.map(|part| (key(part.key, part.value.span), part.value.node())).collect();
        let doses = self.doses.into_iter().map(|(dose, _)| dose).collect();
        for (name, nodes) in [("given", self.given), ("doses", doses)] {
            if !nodes.is_empty() {
                entries.push((key(name, self.span), Node { kind: NodeKind::Sequence(nodes), span: self.span }));
            }
        }
        group_node(entries, self.span)
    }
}

impl<'a> Assembly<'a> {
    /// A course of treatment; none where nothing of it stands in the row.
    pub(super) fn course(&mut self, at: Placed<'a>, file: &'a FileMapping, course: &'a CourseMapping) {
        if let Some(declined) = course.declined.as_ref().filter(|declined| is_declined(at, declined)) {
            return self.decline(at, file, course, declined);
        }
        let (span, before) = (at.span(None), self.wrong.len());
        let mut parts = Vec::new();
        for part in &course.parts {
            let slot = self.place(at, &part.cell).1;
            parts.extend(self.part(at, file, part).map(|value| Part { key: part.key, value, slot }));
        }
        let days = course.given.iter().filter_map(|day| self.part(at, file, day).filter(|day| !day.absent));
        let given: Vec<Node> = days.map(Value::node).collect();
        let doses: Vec<_> = course.doses.iter().filter_map(|step| self.dose(at, file, step)).collect();
        let from_row =
            |key: &str| course.parts.iter().any(|part| part.key == key && !matches!(part.cell, Cell::Fixed(_)));
        let said = parts.iter().any(|part| !part.value.absent && from_row(part.key));
        if !said && given.is_empty() && doses.is_empty() {
            return;
        }
        let Some(drug) = parts.iter().find(|part| part.key == DRUG && !part.value.absent) else {
            return self.no_drug(at, course, before);
        };
        let drug_name = self.drug_name(&drug.value.text);
        let name = match &course.course {
            None => None,
            Some(cell) if course.parts.iter().any(|part| part.key == DRUG && part.cell == *cell) => {
                Some((drug_name, String::new()))
            }
            Some(cell) => match self.number_of_course(at, file, cell) {
                Some(number) => Some((drug_name, number.to_owned())),
                None => return,
            },
        };
        self.put_course(at, Course { name, parts, given, doses, span });
    }

    /// A dose from a day on; none where the row has no day, or says that it means nothing.
    fn dose(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        [from, step]: &'a [CoursePart; 2],
    ) -> Option<(Node, Option<usize>)> {
        let from = self.part(at, file, from).filter(|from| !from.absent);
        let dose = self.part(at, file, step)?;
        let (place, slot) = self.place(at, &step.cell);
        if dose.absent {
            if from.is_some() {
                self.wrong(RowMistake::NoDose, place, slot);
            }
            return None;
        }
        let entries = from.map(|from| ("from", from)).into_iter().chain([("dose", dose)]);
        let entries = entries.map(|(key, value)| (Spanned::new(key.to_owned(), value.span), value.node()));
        Some((group_node(entries.collect(), at.span(None)), slot))
    }

    /// What tells the courses of a drug apart. Any text is a name, also one that is a code elsewhere, but no negative number.
    fn number_of_course(&mut self, at: Placed<'a>, file: &'a FileMapping, cell: &'a Cell) -> Option<&'a str> {
        let found = self.look_up(at, file, cell, None);
        let place = self.place(at, cell);
        let before = self.wrong.len();
        let name = found.map(|(text, dialect)| self.name(text, dialect, place, |text| !text.starts_with('-')));
        let name = name.filter(|name| !name.is_empty());
        if name.is_none() && self.wrong.len() == before {
            self.wrong(RowMistake::NoCourse, place.0, place.1);
        }
        name
    }

    /// What the formulary calls a drug: rows may call it by several of its names.
    fn drug_name(&self, text: &str) -> String {
        let known = self.catalog.find_treatment(text.trim());
        known.map_or_else(|| text.to_lowercase(), |id| self.catalog.treatment_name(id).to_owned())
    }

    fn no_drug(&mut self, at: Placed<'a>, course: &'a CourseMapping, before: usize) {
        if self.wrong.len() == before {
            let drug = course.parts.iter().find(|part| part.key == DRUG);
            let (place, slot) = drug.map_or((at, None), |part| self.place(at, &part.cell));
            self.wrong(RowMistake::NoDrug, place, slot);
        }
    }

    /// A row of a course that other rows have begun says the same of it, or more.
    fn put_course(&mut self, at: Placed<'a>, row: Course) {
        let is_same = |course: &&mut Course| course.name.is_some() && course.name == row.name;
        let Some(course) = self.courses.iter_mut().find(is_same) else { return self.courses.push(row) };
        course.given.extend(row.given);
        let mut other = Vec::new();
        for (dose, slot) in row.doses {
            let from = |dose: &Node| dose.get("from").and_then(Node::text).map(str::to_owned);
            match course.doses.iter().find(|(known, _)| from(known) == from(&dose)) {
                None => course.doses.push((dose, slot)),
                Some((known, _)) if is_alike(known, &dose) => {}
                Some(_) => other.push(slot),
            }
        }
        for part in row.parts {
            match course.parts.iter_mut().find(|known| known.key == part.key) {
                None => course.parts.push(part),
                Some(known) if known.value.absent => *known = part,
                // It is the same drug, or it would be another course.
                Some(_) if part.key == DRUG => {}
                Some(known) if part.value.absent || is_same_text(&known.value.text, &part.value.text) => {}
                Some(_) => other.push(part.slot),
            }
        }
        for slot in other {
            self.wrong(RowMistake::TwoValues, at, slot);
        }
    }

    /// A drug that the patient declined: nothing else is read of the row.
    fn decline(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        course: &'a CourseMapping,
        declined: &'a DeclinedMapping,
    ) {
        let before = self.wrong.len();
        let drug = course.parts.iter().find(|part| part.key == DRUG);
        let drug = drug.and_then(|part| self.part(at, file, part)).filter(|drug| !drug.absent);
        let Some(drug) = drug else { return self.no_drug(at, course, before) };
        let date = declined.date.as_ref().and_then(|cell| self.day(at, file, cell));
        let drug = (DRUG, Spanned::new(drug.text, drug.span));
        let entries = [drug].into_iter().chain(date.map(|date| ("date", date)));
        let entries =
            entries.map(|(key, text)| (Spanned::new(key.to_owned(), text.span), text_node(text.value, text.span)));
        self.declined.push(group_node(entries.collect(), at.span(None)));
    }

    fn part(&mut self, at: Placed<'a>, file: &'a FileMapping, part: &'a CoursePart) -> Option<Value> {
        let (place, slot) = self.place(at, &part.cell);
        let span = place.span(slot);
        let found = self.look_up(at, file, &part.cell, None);
        if let Cell::Fixed(text) = &part.cell {
            let absent = is_absent_word(&text.value);
            return (text.value != Absence::LEFT_OUT).then(|| Value { text: text.value.clone(), absent, span });
        }
        let (text, dialect) = found.unwrap_or(("", self.plain));
        match value::read(text, part.reading.of_value(part.kind), dialect) {
            Ok(Said::Text(mut text)) => {
                let unit = part.unit.as_ref();
                let unit = unit
                    .and_then(|cell| self.unit(at, file, Some(cell), &part.reading, None, slot.unwrap_or_default()));
                if part.kind == TextKind::Number {
                    append_unit(&mut text, unit);
                }
                let absent = is_absent_word(&text);
                Some(Value { text, absent, span })
            }
            Ok(Said::Absent(absence)) => {
                absence.in_record(None).map(|_| Value { text: "unknown".to_owned(), absent: true, span })
            }
            Err(mistake) => {
                self.wrong(mistake, place, slot);
                None
            }
        }
    }
}

/// The row says that the drug was declined.
fn is_declined(at: Placed<'_>, declined: &DeclinedMapping) -> bool {
    let text = at.row.get(declined.slot);
    declined.is.iter().any(|value| value == text)
}
