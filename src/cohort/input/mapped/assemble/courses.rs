use super::value::{self, Kind, Said};
use super::{Assembly, Entries, Placed, Value, append_unit, group_node, is_absent_word, slot_of, text_node};
use crate::cohort::mapping::codes::RowMistake;
use crate::cohort::mapping::{Absence, Cell, CourseMapping, CoursePart, FileMapping, PartKind, ReportMapping};
use crate::source::{Span, Spanned};
use crate::yaml::{Node, NodeKind, Tree};

impl<'a> Assembly<'a> {
    /// A course of treatment; none where nothing of it stands in the row.
    pub(super) fn course(&mut self, at: Placed<'a>, file: &'a FileMapping, course: &'a CourseMapping) {
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
        if drug.is_none_or(|(_, drug)| drug.as_ref().is_none_or(|drug| drug.absent)) {
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
            let absent = is_absent_word(&text.value);
            return (text.value != Absence::LEFT_OUT).then(|| Value { text: text.value.clone(), absent, span });
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
    pub(super) fn report(&mut self, at: Placed<'a>, file: &'a FileMapping, report: &'a ReportMapping) {
        let text = at.row.get(report.slot);
        let span = at.span(Some(report.slot));
        let names: Vec<String> = match &report.split {
            Some(mark) => text.split(mark.as_str()).map(|name| name.trim().to_lowercase()).collect(),
            None => vec![text.to_lowercase()],
        };
        let mut found = Vec::new();
        for name in names {
            match report.facts.iter().find(|(word, _)| *word == name) {
                Some((_, Some(id))) => found.push(text_node(self.catalog.name(id.value).to_owned(), span)),
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
        let known = self.facts.iter().find(|(known, _)| known.value == report.report.value);
        match known.map(|(_, known)| Tree::from(known) == Tree::from(&node)) {
            None => self.facts.push((key(&report.report.value, span), node)),
            Some(true) => {}
            Some(false) => self.wrong(RowMistake::TwoValues, at, Some(report.slot)),
        }
    }
}
