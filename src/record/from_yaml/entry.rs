use super::choice::Missing;
use super::number::UnitSpelled;
use super::number_text::block_of_text;
use super::place::Place;
use super::{Reader, SCALE_SUFFIX, Scales, codes};
use crate::catalog::{Fact, FactId, FactKind};
use crate::diagnostics::Diagnostic;
use crate::record::{Entry, Given};
use crate::source::Spanned;
use crate::value::{DateRange, Number, Reason};
use crate::yaml::{Node, NodeKind, Style};

/// A value as read.
pub(super) struct Value {
    pub(super) given: Given,
    pub(super) reason: Reason,
    pub(super) spelled: UnitSpelled,
}

/// The keys of a value with parts.
const PARTS: [&str; 3] = ["value", "known_since", "upper_limit"];

impl Reader<'_> {
    /// The person: date of birth, and the facts that stand there.
    pub(super) fn patient(&mut self, node: &Node) -> (Option<DateRange>, Vec<Entry>) {
        let mut born = None;
        let mut entries = Vec::new();
        for (key, value) in self.expect_parts(node, "`patient`", "patient: {born: 1981-05-02, sex: female}") {
            if key.value == "born" {
                born = self.moment(value, "`born`");
            } else if let Some(id) = self.expect_fact(key, Place::Patient) {
                entries.extend(self.entry(id, value, &[]));
            }
        }
        (born, entries)
    }

    /// What holds until said otherwise, reports worked in.
    pub(super) fn facts(&mut self, node: &Node) -> Vec<Entry> {
        let lines = self.expect_parts(node, "`facts`", "facts: {subtype: DM}");
        self.entries(lines, Place::Facts, &[])
    }

    /// The facts and reports of one place.
    pub(super) fn entries(
        &mut self,
        lines: &[(Spanned<String>, Node)],
        place: Place,
        scales: &[(FactId, Number)],
    ) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut reports = Vec::new();
        for (key, value) in lines {
            if place.keys().contains(&key.value.as_str()) || self.scaled_fact(&key.value).is_some() {
                continue;
            }
            if self.report_place(&key.value) == Some(place) {
                reports.extend(self.report(key, value));
            } else if let Some(id) = self.expect_fact(key, place) {
                entries.extend(self.entry(id, value, scales));
            }
        }
        for report in reports {
            self.close_list(report, &mut entries);
        }
        entries
    }

    /// The ends of scales that a visit, or `facts` for all visits, names.
    pub(super) fn scales_of(&mut self, node: Option<&Node>) -> Scales {
        let mut scales = Vec::new();
        for (key, value) in node.and_then(Node::entries).unwrap_or_default() {
            let Some(id) = self.scaled_fact(&key.value) else { continue };
            let Some(end) = self.bare_number(&key.value, value) else { continue };
            let known = match self.definition(id).map(|fact| &fact.kind) {
                Some(FactKind::Number(kind)) => kind.scales.as_slice(),
                Some(FactKind::Choice { .. } | FactKind::Date) | None => &[],
            };
            if known.contains(&end) {
                scales.push((id, end));
            } else {
                let ends = known.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
                let message = format!("`{}` is {ends}, not {end}", key.value);
                self.error(Diagnostic::error(codes::SCALE, value.span, message));
            }
        }
        scales
    }

    /// The fact whose scale a key such as `mmt8_max` names.
    pub(super) fn scaled_fact(&self, key: &str) -> Option<FactId> {
        if self.catalog.find(key).is_some() {
            return None;
        }
        let id = self.catalog.find(key.strip_suffix(SCALE_SUFFIX)?)?;
        match &self.definition(id)?.kind {
            FactKind::Number(kind) if !kind.scales.is_empty() => Some(id),
            FactKind::Number(_) | FactKind::Choice { .. } | FactKind::Date => None,
        }
    }

    /// One fact: a value, or a value with parts.
    pub(super) fn entry(&mut self, id: FactId, node: &Node, scales: &[(FactId, Number)]) -> Option<Entry> {
        let fact = self.definition(id)?;
        let scale = scales.iter().chain(&self.scales).find(|(scaled, _)| *scaled == id).map(|(_, end)| *end);
        let scale = scale.or_else(|| usual_scale(fact));
        let Some(parts) = node.entries() else { return self.simple_entry(id, fact, node, scale) };
        let name = fact.id.value.as_str();
        let what = format!("`{name}`");
        self.only_keys(parts, &what, &PARTS);
        let value = self.required(node, "value", &what, "{value: yes, known_since: 2025-05-20}")?;
        let known_since = node.get("known_since").and_then(|day| self.day(day, "`known_since`"));
        let read = self.given(fact, value, scale);
        let spelled = read.as_ref().and_then(|(_, _, spelled)| *spelled);
        let upper_limit = match (&fact.kind, node.get("upper_limit")) {
            (_, None) => None,
            (FactKind::Number(kind), Some(limit)) if kind.upper_limit => self.upper_limit(fact, kind, limit, spelled),
            (FactKind::Number(_) | FactKind::Choice { .. } | FactKind::Date, Some(limit)) => {
                let error = Diagnostic::error(codes::UPPER_LIMIT, limit.span, format!("{what} has no upper limit"));
                self.error(error.note("only what a laboratory measures against a limit of its own has one"));
                None
            }
        };
        let written = value.text().unwrap_or_default().trim().to_owned();
        let (given, reason, _) = read?;
        Some(Entry { fact: id, given, reason, known_since, upper_limit, scale, written, span: value.span })
    }

    fn simple_entry(&mut self, id: FactId, fact: &Fact, node: &Node, scale: Option<Number>) -> Option<Entry> {
        let (given, reason, _) = self.given(fact, node, scale)?;
        let written = node.text().unwrap_or_default().trim().to_owned();
        Some(Entry { fact: id, given, reason, known_since: None, upper_limit: None, scale, written, span: node.span })
    }

    /// A value, or the reason why there is none.
    fn given(
        &mut self,
        fact: &Fact,
        node: &Node,
        scale: Option<Number>,
    ) -> Option<(Given, Reason, Option<UnitSpelled>)> {
        if matches!(node.kind, NodeKind::Scalar { style: Style::Block, .. }) {
            self.error(block_of_text(self.sources, &fact.id.value, node));
            return None;
        }
        match self.missing(fact, node) {
            Missing::Because(reason) => return Some((Given::Missing, reason, None)),
            Missing::Mistaken => return None,
            Missing::No => {}
        }
        let value = match &fact.kind {
            FactKind::Choice { values, yes_no } => self.choice(fact, values, *yes_no, node)?,
            FactKind::Number(kind) => self.number(fact, kind, scale, node)?,
            FactKind::Date => {
                let range = self.moment(node, &format!("`{}`", fact.id.value))?;
                let reason = if range.is_exact() { Reason::Recorded } else { Reason::Imprecise };
                Value { given: Given::Date(range), reason, spelled: UnitSpelled::Not }
            }
        };
        Some((value.given, value.reason, Some(value.spelled)))
    }
}

/// The scale of a fact with several, where the record names none.
fn usual_scale(fact: &Fact) -> Option<Number> {
    match &fact.kind {
        FactKind::Number(kind) => kind.scales.first().copied(),
        FactKind::Choice { .. } | FactKind::Date => None,
    }
}
