use std::collections::HashSet;

use super::cells::{Bare, Scope};
use super::columns::codes_and_guard;
use super::dialect::{and_those_of, check_capitals, entries, one_of, words};
use super::{Absence, Cell, Dialect, FindingMapping, NamedFacts, Reading, ReportMapping, codes, tables};
use crate::catalog::{FactId, FactKind, RecordedIn};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::yaml::Fields;

impl Scope<'_> {
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
        let split = fields.optional_text("split");
        let facts = self.named_facts(fields);
        if let Some(mark) = split
            && (mark.value.is_empty() || facts.iter().any(|(word, _)| word.contains(mark.value)))
        {
            let message = "`split` stands between two names, and in none of them".to_owned();
            fields.mistakes().push(codes::cell(mark.span, message));
        }
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
        Some(ReportMapping {
            report: tables::owned(named),
            list,
            date,
            slot,
            split: split.map(|mark| mark.value.to_owned()),
            facts,
            reading,
        })
    }

    /// `finding:`, a row that names its fact.
    pub(super) fn finding(&mut self, fields: &mut Fields<'_, '_>, dialect: &Dialect) -> Option<FindingMapping> {
        let mut group = fields.group("finding")?;
        let fact = group.text("fact").map(|name| self.slot(name.value.trim(), name.span));
        let value = group.text("value").map(|name| self.slot(name.value.trim(), name.span));
        let facts = self.named_facts(&mut group);
        let others = one_of(&mut group, "otherwise", "what becomes of other names", &[(Absence::LEFT_OUT, ())]);
        let date = self.optional_cell(&mut group, "date", Bare::Date);
        let unit = self.optional_cell(&mut group, "unit", Bare::Fixed);
        let scale = self.optional_cell(&mut group, "scale", Bare::Number);
        let upper_limit = self.optional_cell(&mut group, "upper_limit", Bare::Number);
        let (codes, guarded) = codes_and_guard(&mut group, dialect);
        let words = and_those_of(words(&mut group, "results"), &dialect.words);
        if date.is_none() {
            self.check_dated(&facts, group.mistakes());
        }
        self.check_amounts_of_some(&facts, [unit.as_ref(), scale.as_ref(), upper_limit.as_ref()], group.mistakes());
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
    fn named_facts(&mut self, fields: &mut Fields<'_, '_>) -> NamedFacts {
        let Some(node) = fields.required("words") else { return Vec::new() };
        let words = entries(node, "words", fields.mistakes());
        check_capitals(&words, fields.mistakes());
        let mut named = Vec::new();
        for (word, fact) in words {
            let word = word.value.to_lowercase();
            if matches!(fact.value.as_str(), Absence::LEFT_OUT | "nothing") {
                named.push((word, None));
            } else if let Some(found) = self.fact(&fact.value, fact.span, fields.mistakes()) {
                named.push((word, Some(Spanned::new(found, fact.span))));
            }
        }
        named
    }

    /// What changes from day to day needs a date.
    fn check_dated(&self, facts: &NamedFacts, mistakes: &mut Vec<Diagnostic>) {
        for Spanned { value: id, span } in facts.iter().filter_map(|(_, fact)| fact.as_ref()) {
            if let Some(fact) = self.catalog.fact(*id).filter(|fact| fact.recorded == RecordedIn::Visits) {
                let message = format!("`{}` changes from day to day, and no `date` is said", fact.id.value);
                let error = codes::place(*span, message);
                mistakes.push(error.note("write under `finding` for example `date: day`, the column of the day"));
            }
        }
    }

    /// A unit, a scale, a limit: some of the facts must have it, and all that are numbers have the one unit of all rows.
    fn check_amounts_of_some(
        &self,
        facts: &NamedFacts,
        given: [Option<&Spanned<Cell>>; 3],
        mistakes: &mut Vec<Diagnostic>,
    ) {
        let mut known = HashSet::new();
        let ids = facts.iter().filter_map(|(_, fact)| fact.as_ref().map(|fact| fact.value));
        let ids = ids.filter(|id| known.insert(self.catalog.name(*id)));
        let (numbers, others): (Vec<_>, Vec<_>) =
            ids.partition(|id| self.catalog.fact(*id).is_some_and(|fact| matches!(fact.kind, FactKind::Number(_))));
        let of_fact = |id: &FactId| {
            let mut own = Vec::new();
            self.check_amounts(*id, given, &mut own);
            own
        };
        let ids = if numbers.is_empty() { others } else { numbers };
        let each: Vec<Vec<Diagnostic>> = ids.iter().map(of_fact).collect();
        let names: Vec<&str> = ids.iter().map(|id| self.catalog.name(*id)).collect();
        let unit_of_all = given[0].filter(|unit| matches!(unit.value, Cell::Fixed(_))).map(|unit| unit.span);
        let mut told = Vec::new();
        for mistake in each.iter().flatten() {
            let has_it = |own: &&Vec<Diagnostic>| own.iter().any(|other| other.span() == mistake.span());
            let with: Vec<&str> =
                each.iter().zip(&names).filter(|(own, _)| has_it(own)).map(|(_, name)| *name).collect();
            if (with.len() == each.len() || mistake.span() == unit_of_all) && !told.contains(&mistake.span()) {
                told.push(mistake.span());
                let others = with.get(1..).unwrap_or_default();
                mistakes.push(codes::and_so_with(mistake.clone(), others));
            }
        }
    }
}
