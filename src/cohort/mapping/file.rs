use super::cells::{Bare, Scope};
use super::columns::Places;
use super::{Baseline, Carried, Dialect, EachRow, FileMapping, VisitMapping, codes, tables};
use crate::source::{Span, Spanned};
use crate::yaml::{Fields, expect_text};

impl Scope<'_> {
    /// What a file means; its slots are those of the scope.
    pub(super) fn file(
        &mut self,
        name: &str,
        place: Span,
        fields: &mut Fields<'_, '_>,
        dialect: Dialect,
        id: Option<Spanned<&str>>,
    ) -> FileMapping {
        let path = if self.joined.is_some() { fields.text("path").map(tables::owned) } else { None };
        let id = id.map_or(0, |id| self.slot(id.value.trim(), id.span));
        let (names, visits) = self.visits(fields);
        let each_row = self.each_row(fields, &dialect);
        let row_is_visit = matches!(each_row, Some(EachRow::Visit(_)));
        let columns = self.columns(fields, &Places { visits: &names, row_is_visit }, &dialect);
        let courses = self.courses(fields, &dialect);
        let reports = self.reports(fields, &dialect);
        let carry = self.carry(fields);
        let ignore: Vec<Spanned<String>> = fields.texts("ignore").into_iter().map(tables::owned).collect();
        let empty = columns.is_empty() && courses.is_empty() && reports.is_empty() && each_row.is_none();
        if empty && fields.mistakes().is_empty() {
            let error = codes::cell(place, format!("nothing of {name} is mapped"));
            let note = "say under `columns` which column is which fact, or `courses`, `reports` or `finding`";
            fields.mistakes().push(error.note(note));
        }
        let slots = self.joined.as_ref().unwrap_or(&self.main).clone();
        for column in &ignore {
            if let Some(read) = slots.iter().find(|slot| slot.value == column.value) {
                let message = format!("`{}` is read, and stands under `ignore`", column.value);
                fields.mistakes().push(codes::twice(column.span, read.span, message));
            }
        }
        FileMapping {
            name: name.to_owned(),
            path,
            dialect,
            slots,
            id,
            columns,
            visits,
            each_row,
            courses,
            reports,
            carry,
            ignore,
        }
    }

    /// `carry: [centre, {column: line, as: form}]`
    fn carry(&mut self, fields: &mut Fields<'_, '_>) -> Vec<Carried> {
        let mut carry = Vec::new();
        for node in fields.list("carry") {
            if node.text().is_some() {
                let name = expect_text(node, "each item of `carry`", fields.mistakes()).map(tables::owned);
                carry.extend(name.map(|name| Carried { slot: self.slot(&name.value, name.span), name }));
                continue;
            }
            let Some(mut item) = Fields::of(node, "an item of `carry`", fields.mistakes()) else { continue };
            let (column, name) = (item.text("column"), item.text("as").map(tables::owned));
            item.finish();
            let both = column.zip(name);
            carry
                .extend(both.map(|(column, name)| Carried { slot: self.slot(column.value.trim(), column.span), name }));
        }
        carry
    }

    /// The names of all visits, and the visits that are without a mistake.
    fn visits(&mut self, fields: &mut Fields<'_, '_>) -> (Vec<String>, Vec<VisitMapping>) {
        let (mut names, mut visits, mut baseline) = (Vec::new(), Vec::new(), None);
        let Some(mut group) = fields.group("visits") else { return (names, visits) };
        let rest: Vec<_> = group.rest().collect();
        for (name, node) in rest {
            names.push(name.value.trim().to_owned());
            let Some(fields) = Fields::of(node, format!("the visit `{}`", name.value), group.mistakes()) else {
                continue;
            };
            let mut fields = fields.told_at(name.span);
            let visit = self.visit(name.value.trim(), &mut fields);
            fields.finish();
            if visit.as_ref().is_some_and(|visit| visit.baseline == Baseline::Yes) {
                if let Some(first) = baseline {
                    let message = "a second visit is the baseline".to_owned();
                    group.mistakes().push(codes::twice(name.span, first, message));
                }
                baseline = baseline.or(Some(name.span));
            }
            visits.extend(visit);
        }
        (names, visits)
    }

    fn visit(&mut self, name: &str, fields: &mut Fields<'_, '_>) -> Option<VisitMapping> {
        let date = fields.required("date").map(|node| (node, self.cell(node, "date", Bare::Date, fields.mistakes())));
        let role = super::dialect::one_of(fields, "role", "the role of a visit", &[("baseline", ())]);
        let mut baseline = if role.is_some() { Baseline::Yes } else { Baseline::No };
        let place = fields.place_of("baseline");
        if let Some(mut group) = fields.group("baseline") {
            let slot = group.text("column").map(|column| self.slot(column.value.trim(), column.span));
            let is: Vec<String> = group.texts("is").iter().map(|value| value.value.trim().to_owned()).collect();
            group.finish();
            if is.is_empty() || role.is_some() {
                let message = "`baseline` names a column and what `is` in it, in the place of `role`".to_owned();
                let error = codes::cell(place, message);
                fields.mistakes().push(error.note("write for example `baseline: {column: visit_no, is: [0]}`"));
            }
            baseline = slot.map_or(baseline, |slot| Baseline::Where { slot, is });
        }
        Some(VisitMapping { name: name.to_owned(), date: date?.1?, baseline })
    }

    /// What each row is, where a patient has several.
    fn each_row(&mut self, fields: &mut Fields<'_, '_>, dialect: &Dialect) -> Option<EachRow> {
        let finding = self.finding(fields, dialect).map(EachRow::Finding);
        let place = fields.place_of("visit");
        let visit = fields.optional("visit").and_then(|node| {
            let mut group = Fields::of(node, "`visit`", fields.mistakes())?;
            let visit = self.visit("", &mut group);
            group.finish();
            visit.map(EachRow::Visit)
        });
        if visit.is_some() && finding.is_some() {
            let message = "a row is either a visit or a finding".to_owned();
            fields.mistakes().push(codes::cell(place, message));
        }
        visit.or(finding)
    }
}
