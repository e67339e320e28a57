//! The values a word may have, by the name that is asked for them.

use crate::catalog::{Catalog, FactKind, TreatmentStatus};
use crate::model::{CourseState, Guideline, Type};

/// What the names of a release can be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) guideline: &'a Guideline,
    pub(super) catalog: &'a Catalog,
}

impl Values<'_> {
    /// The values of a fact or a block; empty where it has none of its own.
    pub(super) fn of(self, name: &str) -> Vec<String> {
        if let Some(block) = self.guideline.find(name) {
            return match &block.gives {
                Type::Choice(values) | Type::Several(values) => values.clone(),
                Type::YesNo => vec!["yes".to_owned(), "no".to_owned()],
                Type::Number(_) | Type::Points | Type::Measure | Type::Nothing => Vec::new(),
            };
        }
        match self.catalog.find(name).and_then(|id| self.catalog.fact(id)).map(|fact| &fact.kind) {
            Some(FactKind::Choice { values, .. }) => {
                let names = values.iter().map(|value| value.name.clone());
                names.filter(|name| name != FactKind::NOT_DONE).collect()
            }
            Some(FactKind::Number(_) | FactKind::Date) | None => Vec::new(),
        }
    }

    /// The states of a course and what a treatment may count as.
    pub(super) fn of_treatment(word: &str) -> Vec<String> {
        match word {
            "course" | "courses" => CourseState::ALL.map(|state| state.word().to_owned()).to_vec(),
            "status" => TreatmentStatus::ALL.map(|status| status.word().to_owned()).to_vec(),
            _ => Vec::new(),
        }
    }
}

/// The value after one, round in a circle, that is none of those named.
pub(super) fn another(values: &[String], now: &str, named: &[&str]) -> Option<String> {
    let at = values.iter().position(|value| value == now)?;
    let (before, after) = values.split_at(at);
    after.iter().skip(1).chain(before).find(|value| !named.contains(&value.as_str())).cloned()
}
