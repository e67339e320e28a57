use super::value::{self, Said};
use super::{
    Assembly, EMPTY, Entries, Placed, Spoken, Value, append_unit, group_node, is_absent_word, kind_of, text_node,
};
use crate::catalog::{Fact, FactId, FactKind};
use crate::cohort::mapping::codes::RowMistake;
use crate::cohort::mapping::{
    Absence, Cell, Column, Dialect, FileMapping, How, Means, Reading, TextKind, stands_in_visits,
};
use crate::source::Spanned;
use crate::value::{Date, Number};
use crate::yaml::Node;

impl<'a> Assembly<'a> {
    /// A day, as a record writes it.
    pub(super) fn day(&mut self, at: Placed<'a>, file: &'a FileMapping, cell: &'a Cell) -> Option<Spanned<String>> {
        let (text, dialect) = self.look_up(at, file, cell, None)?;
        let (at, slot) = self.place(at, cell);
        let span = at.span(slot);
        if matches!(cell, Cell::Fixed(_)) {
            return Some(Spanned::new(text.to_owned(), span));
        }
        match value::read(text, file.dialect.of_day(), dialect) {
            Ok(Said::Text(text)) => Some(Spanned::new(text, span)),
            Ok(Said::Absent(_)) => None,
            Err(mistake) => {
                self.wrong(mistake, at, slot);
                None
            }
        }
    }

    /// Where the text of a cell stands, as far as it stands in a row.
    pub(super) fn place(&self, at: Placed<'a>, cell: &Cell) -> (Placed<'a>, Option<usize>) {
        match cell {
            Cell::Column(slot) => (at, Some(*slot)),
            Cell::Patient(slot) => (self.main, Some(*slot)),
            Cell::By { cell, .. } => self.place(at, cell),
            Cell::Fixed(_) | Cell::Table { .. } => (at, None),
        }
    }

    /// What a cell comes to that is only held against others.
    fn held(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        cell: &'a Cell,
        day: Option<Date>,
        is_known: impl FnOnce(&str) -> bool,
    ) -> &'a str {
        let Some((text, dialect)) = self.look_up(at, file, cell, day) else { return "" };
        let place = self.place(at, cell);
        self.name(text, dialect, place, is_known)
    }

    /// A text that is only held against others: nothing where it is a code, explained or not, unless it is one of those.
    pub(super) fn name(
        &mut self,
        text: &'a str,
        dialect: &Dialect,
        (at, slot): (Placed<'a>, Option<usize>),
        is_known: impl FnOnce(&str) -> bool,
    ) -> &'a str {
        if is_known(text) {
            return text;
        }
        match value::read(text, dialect.of_name(), dialect) {
            Ok(Said::Text(_)) => text,
            Ok(Said::Absent(_)) => "",
            Err(mistake) => {
                self.wrong(mistake, at, slot);
                ""
            }
        }
    }

    /// The text that a cell comes to, and how it is written; nothing where there is none.
    pub(super) fn look_up(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        cell: &'a Cell,
        day: Option<Date>,
    ) -> Option<(&'a str, &'a Dialect)> {
        let found = match cell {
            Cell::Column(slot) => Some((at.row.get(*slot), &file.dialect)),
            Cell::Patient(slot) => Some((self.main.row.get(*slot), &self.mapping.main.dialect)),
            Cell::Fixed(text) => Some((text.value.as_str(), self.plain)),
            Cell::By { cell, values, otherwise } => {
                let held = self.held(at, file, cell, day, |text| values.iter().any(|(value, _)| value == text));
                let found = values
                    .iter()
                    .find(|(value, _)| value == if held.is_empty() { EMPTY } else { held })
                    .map(|(_, text)| text);
                found.or(otherwise.as_ref()).map(|text| (text.value.as_str(), self.plain))
            }
            Cell::Table { table, value, by } => {
                let table = self.tables.get(*table)?;
                let by = by.iter().enumerate();
                let held: Vec<&str> =
                    by.map(|(column, cell)| self.held(at, file, cell, day, |text| table.names(column, text))).collect();
                table.find(&held, day, &value.value).map(|text| (text, &table.dialect))
            }
        };
        found.filter(|(text, _)| !text.is_empty())
    }

    /// What a column says: a value, and the scale beside it.
    pub(super) fn entry(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        column: &'a Column,
        day: Option<Date>,
    ) -> Entries {
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
            Means::Born => ("born", TextKind::Date),
            Means::Judgement(name) => (name.value.as_str(), TextKind::Word),
        };
        let mut value = self.value(at, file, column.slot, column.reading.of_value(kind), None);
        // Why a date of birth is missing a record does not say.
        if let Some(value) = value.as_mut().filter(|value| value.absent && matches!(column.means, Means::Born)) {
            "unknown".clone_into(&mut value.text);
        }
        value.map(|value| (Spanned::new(key.to_owned(), value.span), value.node())).into_iter().collect()
    }

    /// A cell as a record writes it; nothing where it is left out, or wrong.
    pub(super) fn value(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        slot: usize,
        how: How<'_>,
        fact: Option<&FactKind>,
    ) -> Option<Value> {
        let span = at.span(Some(slot));
        match value::read(at.row.get(slot), how, &file.dialect) {
            Ok(Said::Text(text)) => {
                let text = fact.and_then(|fact| value_of(fact, &text)).unwrap_or(text);
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
    pub(super) fn fact(
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
        let value = self.value(at, file, spoken.slot, spoken.reading.of_value(kind), Some(&fact.kind));
        let Some(mut value) = value else { return Entries::new() };
        let key = |text: &str| Spanned::new(text.to_owned(), value.span);
        let name = key(&fact.id.value);
        let scale_key = key(&format!("{}_max", fact.id.value));
        if value.absent || kind != TextKind::Number {
            // What is missing at a visit is missing on the scale of that visit.
            let scale = self.beside_nothing(at, file, spoken, day);
            let scale = scale.filter(|scale| stands_in_visits(fact) && has_scale(fact, scale));
            let scale = scale.map(|scale| (scale_key, text_node(scale, value.span)));
            let node = self.dated(at, file, value, None, spoken.known_since);
            return std::iter::once((name, node)).chain(scale).collect();
        }
        let unit = self.unit(at, file, spoken.unit, spoken.reading, day, spoken.slot);
        append_unit(&mut value.text, unit);
        let limit = spoken.upper_limit.and_then(|cell| self.limit(at, file, cell, unit, spoken.reading, day));
        let scale = spoken.scale.and_then(|cell| self.scale(at, file, cell, spoken, day));
        let scale = scale.map(|scale| (scale_key, text_node(scale, value.span)));
        let node = self.dated(at, file, value, limit, spoken.known_since);
        std::iter::once((name, node)).chain(scale).collect()
    }

    /// What stands beside no value: the scale, where it is said. A code that is not explained stops the load also there.
    fn beside_nothing(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        spoken: &Spoken<'a>,
        day: Option<Date>,
    ) -> Option<String> {
        let mut text_of = |cell: Option<&'a Cell>, kind: TextKind| {
            let (text, dialect) = self.look_up(at, file, cell?, day)?;
            match value::read(text, spoken.reading.beside(kind), dialect) {
                Ok(Said::Text(text)) => return Some(text),
                Err(RowMistake::Unmapped) => {
                    let (at, slot) = self.place(at, cell?);
                    self.wrong(RowMistake::Unmapped, at, slot);
                }
                Ok(Said::Absent(_)) | Err(_) => {}
            }
            None
        };
        text_of(spoken.unit, TextKind::Word);
        text_of(spoken.upper_limit, TextKind::Word);
        text_of(spoken.scale, TextKind::Number)
    }

    /// A value, with its limit and the day from which on it was known where there are any.
    pub(super) fn dated(
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
    pub(super) fn unit(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        cell: Option<&'a Cell>,
        reading: &Reading,
        day: Option<Date>,
        slot: usize,
    ) -> Option<&'a str> {
        let cell = cell?;
        let found = self.look_up(at, file, cell, day);
        let read = found.map(|(text, dialect)| value::read(text, reading.beside(TextKind::Word), dialect));
        let mistake = match read {
            Some(Ok(Said::Text(_))) => return found.map(|(text, _)| text),
            Some(Ok(Said::Absent(_))) | None => RowMistake::NoLine,
            Some(Err(mistake)) => mistake,
        };
        let (place, own) = self.place(at, cell);
        self.wrong(mistake, place, own.or(Some(slot)));
        None
    }

    pub(super) fn limit(
        &mut self,
        at: Placed<'a>,
        file: &'a FileMapping,
        cell: &'a Cell,
        unit: Option<&str>,
        reading: &Reading,
        day: Option<Date>,
    ) -> Option<Spanned<String>> {
        let (text, dialect) = self.look_up(at, file, cell, day)?;
        let (at, slot) = self.place(at, cell);
        match value::read(text, reading.beside(TextKind::Number), dialect) {
            Ok(Said::Text(mut text)) => {
                append_unit(&mut text, unit);
                Some(Spanned::new(text, at.span(slot)))
            }
            Ok(Said::Absent(_)) => None,
            Err(mistake) => {
                self.wrong(mistake, at, slot);
                None
            }
        }
    }

    /// The end of the scale; an empty column stands for the usual one, a table without a line and a code for none.
    pub(super) fn scale(
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
        let mistake = match value::read(text, spoken.reading.beside(TextKind::Number), dialect) {
            Ok(Said::Text(text)) => return Some(text),
            Ok(Said::Absent(Absence::LeftOut)) => return None,
            Ok(Said::Absent(_)) => RowMistake::NoLine,
            Err(mistake) => mistake,
        };
        let (place, slot) = self.place(at, cell);
        self.wrong(mistake, place, slot.or(Some(spoken.slot)));
        None
    }
}

/// The value of a choice that a text is, whatever its capitals.
fn value_of(fact: &FactKind, text: &str) -> Option<String> {
    let FactKind::Choice { .. } = fact else { return None };
    let mut values = fact.names().chain(["true", "false"]);
    values.find(|value| value.eq_ignore_ascii_case(text)).map(str::to_owned)
}

/// The fact has a scale that ends there.
fn has_scale(fact: &Fact, end: &str) -> bool {
    match &fact.kind {
        FactKind::Number(kind) => end.parse().is_ok_and(|end: Number| kind.scales.contains(&end)),
        FactKind::Choice { .. } | FactKind::Date => false,
    }
}
