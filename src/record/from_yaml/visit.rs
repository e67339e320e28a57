use super::place::Place;
use super::{Reader, codes};
use crate::diagnostics::Diagnostic;
use crate::record::Visit;
use crate::value::Date;
use crate::yaml::Node;

const EXAMPLE: &str = "- {date: 2025-06-01, mmt8: 118}";

impl Reader<'_> {
    /// The visits, in the order written.
    pub(super) fn visits(&mut self, node: &Node) -> Vec<Visit> {
        let mut visits: Vec<Visit> = Vec::new();
        // Two visits of one day may both say so.
        let mut baseline: Option<(&Node, Option<&str>)> = None;
        for item in self.expect_items(node, "`visits`", EXAMPLE) {
            let role = item.get("role").filter(|role| is_baseline(role));
            let day = item.get("date").and_then(Node::text);
            if let (Some(role), Some((earlier, _))) = (role, baseline.filter(|(_, first)| day != *first)) {
                let error = Diagnostic::error(codes::TWO_BASELINES, role.span, "a second visit is the baseline");
                let error = error.also(earlier.span, "the first");
                self.error(error.note("change is counted from one visit: leave the other `role` out"));
            }
            baseline = baseline.or(role.map(|role| (role, day)));
            visits.extend(self.visit(item));
        }
        visits
    }

    fn visit(&mut self, node: &Node) -> Option<Visit> {
        let lines = self.expect_parts(node, "a visit", EXAMPLE);
        let date = self.required(node, "date", "the visit", "date: 2025-06-01").and_then(|date| self.visit_date(date));
        let role = node.get("role").and_then(|role| self.word(role, "the role of a visit", &[("baseline", ())]));
        let scales = self.scales_of(Some(node));
        let entries = self.entries(lines, Place::Visit, &scales);
        Some(Visit { date: date?, baseline: role.is_some(), entries, span: node.span })
    }

    fn visit_date(&mut self, node: &Node) -> Option<Date> {
        if node.is_null() || node.text() == Some("unknown") {
            let error = Diagnostic::error(codes::MISSING_KEY, node.span, "the visit has no `date`");
            self.error(error.note("what was found on an unknown day cannot be put in order"));
            return None;
        }
        self.day(node, "the visit")
    }
}

fn is_baseline(role: &Node) -> bool {
    role.text() == Some("baseline")
}
