use super::{Dialect, Format, Table, cells, codes, dialect};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::yaml::Fields;

/// `tables:`, each a CSV file with columns that are held against a row.
pub(super) fn read(fields: &mut Fields<'_, '_>, base: &Dialect) -> Vec<Table> {
    let mut tables = Vec::new();
    let Some(mut group) = fields.group("tables") else { return tables };
    let base = Dialect { format: Format::Csv, ..base.clone() };
    let rest: Vec<_> = group.rest().collect();
    for (name, node) in rest {
        let owner = format!("the table `{}`", name.value);
        let Some(mut fields) = Fields::of(node, owner, group.mistakes()) else { continue };
        let mut fields = {
            fields = fields.told_at(name.span);
            fields
        };
        tables.extend(table(name, &mut fields, &base));
        fields.finish();
    }
    tables
}

fn table(name: &Spanned<String>, fields: &mut Fields<'_, '_>, base: &Dialect) -> Option<Table> {
    let path = fields.text("path").map(owned);
    let dialect = dialect::read(fields, base);
    if dialect.format != Format::Csv {
        let place = fields.place_of("format");
        fields.mistakes().push(codes::cell(place, "a table is a CSV file".to_owned()));
    }
    let mut matches = Vec::new();
    let held = fields.required("match");
    for (column, node) in held.and_then(|node| node.entries()).unwrap_or_default() {
        let reference = cells::reference(node, &column.value, fields.mistakes());
        matches.extend(reference.map(|reference| (column.clone(), reference)));
    }
    if let Some(node) = held.filter(|node| node.entries().is_none()) {
        let message = "`match` says which column of the table is which of the row".to_owned();
        let mistake: Diagnostic = codes::cell(node.span, message);
        fields.mistakes().push(mistake.note("write for example `match: {centre: centre, sex: {patient: sex}}`"));
    }
    let from = fields.optional_text("from").map(owned);
    let to = fields.optional_text("to").map(owned);
    Some(Table { name: name.clone(), path: path?, dialect, matches, from, to })
}

pub(super) fn owned(text: Spanned<&str>) -> Spanned<String> {
    text.map(|text| text.trim().to_owned())
}
