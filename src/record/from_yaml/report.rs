use super::place::Place;
use super::{Reader, codes, shape};
use crate::catalog::{FactId, FactKind, Report, ReportId};
use crate::diagnostics::{Diagnostic, suggest};
use crate::record::{Entry, Given, NoticeKind};
use crate::source::{Span, Spanned};
use crate::value::{Choices, Date, Reason};
use crate::yaml::{Node, NodeKind};

/// The key of a report for what it did not look for.
pub(in crate::record) const NOT_TESTED: &str = "not_tested";

/// A report as written, before it meets what else is recorded.
pub(super) struct ReportRead {
    id: ReportId,
    name: Spanned<String>,
    date: Option<Date>,
    found: Vec<(FactId, Span)>,
    /// What of its list the report did not look for.
    not_tested: Vec<(FactId, Span)>,
    carried: Vec<Entry>,
}

impl Reader<'_> {
    /// Where a report of that name stands: where the facts on its list do.
    pub(super) fn report_place(&self, name: &str) -> Option<Place> {
        let first = *self.catalog.facts_of_report(self.catalog.find_report(name)?).first()?;
        Some(Place::of(self.definition(first)?.recorded))
    }

    /// A report that closes its own list: `{date: 2025-05-20, positive: [antibody_a]}`.
    pub(super) fn report(&mut self, name: &Spanned<String>, node: &Node) -> Option<ReportRead> {
        let id = self.catalog.find_report(&name.value)?;
        if node.is_null() || node.text() == Some("unknown") {
            return None;
        }
        let catalog = self.catalog;
        let report = catalog.report(id)?;
        let list = report.list.as_str();
        let example = format!("{}: {{date: 2025-05-20, {list}: []}}", name.value);
        let what = format!("`{}`", name.value);
        if matches!(node.kind, NodeKind::Sequence(_)) {
            let message = format!("{what} is one report, and a list stands here");
            let error = Diagnostic::error(codes::SHAPE, node.span, message);
            self.error(error.note(format!("write what was found under `{list}`, as in `{example}`")));
            return None;
        }
        let lines = self.expect_parts(node, &what, &example);
        if lines.is_empty() {
            return None;
        }
        let carried_names = report.carries.iter().map(|fact| self.catalog.name(*fact));
        let known: Vec<&str> = ["date", "method", list, NOT_TESTED].into_iter().chain(carried_names).collect();
        self.only_keys(lines, &what, &known);
        let date = node.get("date").and_then(|day| self.day(day, &what));
        let found = node.get(list).map(|items| self.found(report, id, list, items));
        let not_tested = node.get(NOT_TESTED).map(|items| self.found(report, id, NOT_TESTED, items));
        let not_tested = not_tested.unwrap_or_default();
        self.both_named(list, found.as_deref().unwrap_or_default(), &not_tested);
        if found.is_none() {
            let error = Diagnostic::error(codes::REPORT, name.span, format!("{what} has no `{list}`"));
            self.error(error.note(format!("when nothing was found, write `{list}: []`: all of its list is then *no*")));
        }
        let mut carried = Vec::new();
        for fact in &report.carries {
            let Some(value) = node.get(self.catalog.name(*fact)) else { continue };
            carried.extend(
                self.entry(*fact, value, &[]).map(|entry| Entry { known_since: entry.known_since.or(date), ..entry }),
            );
        }
        Some(ReportRead { id, name: name.clone(), date, found: found?, not_tested, carried })
    }

    /// What was found was looked for.
    fn both_named(&mut self, list: &str, found: &[(FactId, Span)], not_tested: &[(FactId, Span)]) {
        for (fact, span) in not_tested {
            let Some((_, other)) = found.iter().find(|(named, _)| named == fact) else { continue };
            let message = format!("`{}` stands under `{NOT_TESTED}` and under `{list}`", self.catalog.name(*fact));
            let error = Diagnostic::error(codes::REPORT, *span, message).also(*other, "here it was found");
            self.error(error.note("what was found was looked for: take one of the two out"));
        }
    }

    fn found(&mut self, report: &Report, id: ReportId, list: &str, items: &Node) -> Vec<(FactId, Span)> {
        let listed = self.catalog.facts_of_report(id).to_vec();
        let mut found = Vec::new();
        let first = listed.first().map_or("", |fact| self.catalog.name(*fact));
        let example = format!("{list}: [{first}]");
        for item in self.expect_items(items, &format!("`{list}`"), &example) {
            let Some(word) = self.expect_words(item, "what a report names", first) else { continue };
            match self.catalog.find(&word.value).filter(|fact| listed.contains(fact)) {
                Some(fact) => found.push((fact, item.span)),
                None => self.not_listed(report, &listed, item, &word.value),
            }
        }
        found
    }

    fn not_listed(&mut self, report: &Report, listed: &[FactId], item: &Node, word: &str) {
        let message = format!("`{}` is not on the list of `{}`", super::shortened(word), report.id.value);
        let error = Diagnostic::error(codes::REPORT, item.span, message);
        let names = || listed.iter().map(|fact| self.catalog.name(*fact));
        let error = if let Some(new) = self.catalog.renamed(word) {
            self.rewrite(error, item, self.catalog.name(new))
        } else if let Some(meant) = suggest::nearest(word, names()) {
            self.rewrite(error, item, meant)
        } else {
            error.note(format!("its list is {}", shape::in_words(names())))
        };
        self.error(error);
    }

    /// Works a report into what else is recorded: what it names is *yes*, the rest of its list *no*, but for what it did
    /// not look for.
    pub(super) fn close_list(&mut self, report: ReportRead, entries: &mut Vec<Entry>) {
        let ReportRead { id, name, date, found, not_tested, carried } = report;
        let written = date.map_or_else(|| name.value.clone(), |date| format!("{} of {date}", name.value));
        let listed = self.catalog.facts_of_report(id).to_vec();
        let mut told = carried;
        for fact in listed.into_iter().filter(|fact| not_tested.iter().all(|(named, _)| named != fact)) {
            let place = found.iter().find(|(named, _)| *named == fact).map(|(_, span)| *span);
            let (word, reason) = if place.is_some() { ("yes", Reason::Recorded) } else { ("no", Reason::ByReport) };
            let Some(position) = self.definition(fact).and_then(|fact| fact.kind.position(word)) else { continue };
            told.push(Entry {
                fact,
                given: Given::Choices(Choices::only(position)),
                reason,
                known_since: date,
                upper_limit: None,
                scale: None,
                written: written.clone(),
                span: place.unwrap_or(name.span),
            });
        }
        for entry in told {
            match entries.iter_mut().find(|other| other.fact == entry.fact) {
                Some(other) => self.meet(other, entry, &name.value),
                None => entries.push(entry),
            }
        }
    }

    /// Two statements about one fact. What says *not known* gives way to what a report names, and holds against
    /// what a report merely leaves out.
    fn meet(&mut self, explicit: &mut Entry, reported: Entry, report: &str) {
        match (&explicit.given, &reported.given) {
            (Given::Missing, _) if reported.reason != Reason::ByReport => *explicit = reported,
            (Given::Choices(said), Given::Choices(told)) if said != told => {
                let name = self.catalog.name(explicit.fact);
                let word = |choices: Choices| self.value_names(explicit.fact, choices);
                let how = if reported.reason == Reason::ByReport { "by leaving it out" } else { "by naming it" };
                let text = format!(
                    "`{name}` is recorded as {}, and `{report}` says {} {how}: both are kept as possible",
                    word(*said),
                    word(*told)
                );
                let both = said.union(*told);
                let span = explicit.span;
                explicit.given = Given::Choices(both);
                explicit.reason = Reason::Conflicting;
                self.notice(NoticeKind::TwoValues, span, text);
            }
            (Given::Missing | Given::Choices(_) | Given::Number(_) | Given::Date(_), _) => {}
        }
    }

    /// The values of a choice by name: `yes` or `not done`.
    pub(super) fn value_names(&self, fact: FactId, choices: Choices) -> String {
        let Some(FactKind::Choice { values, .. }) = self.definition(fact).map(|fact| &fact.kind) else {
            return String::new();
        };
        let named = values.iter().zip(0..).filter(|(_, position)| choices.contains(*position));
        named.map(|(value, _)| format!("`{}`", value.name)).collect::<Vec<_>>().join(" or ")
    }
}
