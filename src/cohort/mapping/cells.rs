use super::dialect::entries;
use super::{Cell, Reference, Table, codes, tables};
use crate::catalog::Catalog;
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::value::DateRange;
use crate::yaml::{Fields, Node, expect_text};

/// What is known while a file of the mapping is read.
pub(super) struct Scope<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) tables: Vec<Table>,
    /// The columns of the main file that are read.
    pub(super) main: Vec<Spanned<String>>,
    /// Those of the file that is joined to it, while one is read.
    pub(super) joined: Option<Vec<Spanned<String>>>,
}

/// What a bare text means where a value may come from several places.
#[derive(Clone, Copy)]
pub(super) enum Bare {
    /// A column.
    Column,
    /// A date where it is one, else a column.
    Date,
    /// A number where it begins with a digit, else a column.
    Number,
    /// Itself.
    Fixed,
}

impl Bare {
    fn is_fixed(self, text: &str) -> bool {
        match self {
            Bare::Column => false,
            Bare::Date => text.parse::<DateRange>().is_ok(),
            Bare::Number => text.starts_with(|first: char| first.is_ascii_digit()),
            Bare::Fixed => true,
        }
    }
}

impl Scope<'_> {
    /// The slot of a column of the file that is read.
    pub(super) fn slot(&mut self, name: &str, span: crate::source::Span) -> usize {
        slot_in(self.joined.as_mut().unwrap_or(&mut self.main), name, span)
    }

    fn refer(&mut self, reference: &Reference) -> Cell {
        let Spanned { value: name, span } = &reference.column;
        if reference.patient && self.joined.is_some() {
            Cell::Patient(slot_in(&mut self.main, name, *span))
        } else {
            Cell::Column(self.slot(name, *span))
        }
    }

    /// Where a value comes from, of a key that may be missing.
    pub(super) fn optional_cell(
        &mut self,
        fields: &mut Fields<'_, '_>,
        key: &'static str,
        bare: Bare,
    ) -> Option<Spanned<Cell>> {
        let node = fields.optional(key)?;
        let cell = self.cell(node, key, bare, fields.mistakes())?;
        Some(Spanned::new(cell, node.span))
    }

    /// Where a value comes from: a bare text, or a group that says it.
    pub(super) fn cell(&mut self, node: &Node, key: &str, bare: Bare, mistakes: &mut Vec<Diagnostic>) -> Option<Cell> {
        if let Some(text) = node.text() {
            let text = text.trim();
            return Some(if bare.is_fixed(text) {
                Cell::Fixed(Spanned::new(text.to_owned(), node.span))
            } else {
                Cell::Column(self.slot(text, node.span))
            });
        }
        let mut fields = Fields::of(node, format!("`{key}`"), mistakes)?;
        let cell = self.said_in(&mut fields);
        fields.finish();
        cell
    }

    /// Where a value comes from, of a group that may say other things beside.
    pub(super) fn said_in(&mut self, fields: &mut Fields<'_, '_>) -> Option<Cell> {
        let span = fields.span();
        let column = fields.optional_text("column");
        let patient = fields.optional_text("patient");
        let fixed = fields.optional_text("fixed");
        let by = fields.optional("by");
        let table = fields.optional_text("table");
        let said = [column.is_some(), patient.is_some(), fixed.is_some(), by.is_some(), table.is_some()];
        if said.iter().filter(|said| **said).count() != 1 {
            let message = "exactly one of `column`, `patient`, `fixed`, `by` and `table` is said".to_owned();
            fields.mistakes().push(codes::cell(span, message));
            return None;
        }
        if let Some(column) = column {
            return Some(Cell::Column(self.slot(column.value.trim(), column.span)));
        }
        if let Some(patient) = patient {
            let column = patient.map(|name| name.trim().to_owned());
            return Some(self.refer(&Reference { patient: true, column }));
        }
        if let Some(fixed) = fixed {
            return Some(Cell::Fixed(tables::owned(fixed)));
        }
        if let Some(by) = by {
            return self.by(by, fields);
        }
        self.table(table?, fields)
    }

    fn by(&mut self, by: &Node, fields: &mut Fields<'_, '_>) -> Option<Cell> {
        let cell = self.cell(by, "by", Bare::Column, fields.mistakes())?;
        let values = fields.required("values")?;
        let values = entries(values, "values", fields.mistakes());
        let values = values.into_iter().map(|(held, value)| (held.value, value)).collect();
        let otherwise = fields.optional_text("otherwise").map(tables::owned);
        Some(Cell::By { cell: Box::new(cell), values, otherwise })
    }

    fn table(&mut self, named: Spanned<&str>, fields: &mut Fields<'_, '_>) -> Option<Cell> {
        let value = fields.text("value")?.map(|text| text.trim().to_owned());
        let name = named.value.trim();
        let Some(at) = self.tables.iter().position(|table| table.name.value == name) else {
            let known = self.tables.iter().map(|table| table.name.value.as_str());
            let mistake = codes::no_name("table", name, named.span, known, "tables");
            fields.mistakes().push(mistake);
            return None;
        };
        let references: Vec<Reference> = self
            .tables
            .get(at)
            .iter()
            .flat_map(|table| &table.matches)
            .map(|(_, reference)| reference.clone())
            .collect();
        let by = references.iter().map(|reference| self.refer(reference)).collect();
        Some(Cell::Table { table: at, value, by })
    }
}

/// A column of the row, or `{patient: sex}`.
pub(super) fn reference(node: &Node, key: &str, mistakes: &mut Vec<Diagnostic>) -> Option<Reference> {
    if node.entries().is_none() {
        let column = expect_text(node, &format!("`{key}`"), mistakes)?.map(|text| text.trim().to_owned());
        return Some(Reference { patient: false, column });
    }
    let mut fields = Fields::of(node, format!("`{key}`"), mistakes)?;
    let column = fields.text("patient").map(|text| text.map(|text| text.trim().to_owned()));
    fields.finish();
    column.map(|column| Reference { patient: true, column })
}

fn slot_in(slots: &mut Vec<Spanned<String>>, name: &str, span: crate::source::Span) -> usize {
    if let Some(known) = slots.iter().position(|slot| slot.value == name) {
        return known;
    }
    slots.push(Spanned::new(name.to_owned(), span));
    slots.len() - 1
}
