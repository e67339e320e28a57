use super::Reader;
use crate::record::{Declined, Override};
use crate::yaml::Node;

impl Reader<'_> {
    /// What the patient declined; `None` where that is not known.
    pub(super) fn declined(&mut self, node: &Node) -> Option<Vec<Declined>> {
        const EXAMPLE: &str = "- {drug: drug_name, date: 2026-01-10}";
        if node.is_null() || matches!(node.text(), Some("unknown" | "pending" | "refused")) {
            return None;
        }
        let mut declined = Vec::new();
        for item in self.expect_items(node, "`declined`", EXAMPLE) {
            let lines = self.expect_parts(item, "an entry of `declined`", EXAMPLE);
            self.only_keys(lines, "an entry of `declined`", &["drug", "date"]);
            let drug = self.required(item, "drug", "the entry", EXAMPLE).and_then(|drug| self.drug(drug));
            let date = item.get("date").and_then(|day| self.day(day, "the day it was declined"));
            declined.extend(drug.map(|(drug, parts)| Declined { drug, parts, date }));
        }
        Some(declined)
    }

    /// Where the clinic disagrees with an answer.
    pub(super) fn overrides(&mut self, node: &Node) -> Vec<Override> {
        const EXAMPLE: &str = "- {answer: refractory, mine: no, reason: tablets not taken, by: Dr N.}";
        const KEYS: [&str; 4] = ["answer", "mine", "reason", "by"];
        let mut overrides = Vec::new();
        for item in self.expect_items(node, "`override`", EXAMPLE) {
            let lines = self.expect_parts(item, "an entry of `override`", EXAMPLE);
            self.only_keys(lines, "an entry of `override`", &KEYS);
            let [answer, mine, reason, by] = KEYS.map(|key| {
                let found = self.required(item, key, "the entry", EXAMPLE);
                found.and_then(|words| self.expect_words(words, &format!("`{key}`"), EXAMPLE))
            });
            if let (Some(answer), Some(mine), Some(reason), Some(by)) = (answer, mine, reason, by) {
                overrides.push(Override { answer, mine: mine.value, reason: reason.value, by: by.value });
            }
        }
        overrides
    }
}
