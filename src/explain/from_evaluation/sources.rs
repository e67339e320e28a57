use std::collections::BTreeMap;

use super::Teller;
use crate::catalog::Mark;
use crate::explain::{CitationShown, LocalShown, SourceShown};
use crate::model::Cited;

impl Teller<'_> {
    /// Sources as cited, with their marks.
    pub(super) fn citations(cited: &[Cited]) -> Vec<CitationShown> {
        cited
            .iter()
            .map(|cited| match cited {
                Cited::Source { key, place, mark, .. } => {
                    CitationShown { key: key.clone(), place: place.clone(), mark: *mark }
                }
                Cited::Local { name, .. } => CitationShown { key: name.clone(), place: None, mark: Mark::LocalDefault },
            })
            .collect()
    }

    /// Every source of the blocks that were used, with the least verified of its marks, those first; and the local
    /// choices.
    pub(super) fn sources_used(&self) -> (Vec<SourceShown>, Vec<LocalShown>) {
        let mut marks: BTreeMap<String, Mark> = BTreeMap::new();
        let mut locals: Vec<String> = Vec::new();
        for block in self.blocks.iter().filter_map(|id| self.subject.guideline.block(*id)) {
            block.each_citation(&mut |cited| match cited {
                Cited::Source { key, mark, .. } => {
                    let least = marks.entry(key.clone()).or_insert(*mark);
                    *least = (*least).min(*mark);
                }
                Cited::Local { name, .. } => {
                    if !locals.contains(name) {
                        locals.push(name.clone());
                    }
                }
            });
        }
        let mut sources: Vec<SourceShown> =
            marks.into_iter().filter_map(|(key, mark)| self.source_shown(&key, mark)).collect();
        sources.sort_by_key(|source| source.mark);
        let local_choices = locals.iter().map(|name| self.local_shown(name)).collect();
        (sources, local_choices)
    }

    fn source_shown(&self, key: &str, mark: Mark) -> Option<SourceShown> {
        let evidence = self.subject.catalog.evidence(key)?;
        let reference = format!("{} {}. {}", evidence.authors, evidence.title, evidence.published);
        Some(SourceShown { key: key.to_owned(), reference, doi: evidence.doi.clone(), mark })
    }

    fn local_shown(&self, name: &str) -> LocalShown {
        let choices = &self.subject.guideline.info.local_choices;
        let reason = choices.iter().find(|choice| choice.name.value == name).map(|choice| choice.reason.clone());
        LocalShown { name: name.to_owned(), reason: reason.unwrap_or_default() }
    }
}
