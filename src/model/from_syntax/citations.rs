use crate::diagnostics::{Diagnostic, suggest};
use crate::model::Cited;
use crate::syntax::tree::{Citation, CitationKind, Name};

use super::Resolver;
use super::codes;

impl Resolver<'_> {
    /// Looks up what brackets name.
    pub(super) fn cited(&mut self, citations: &[Citation]) -> Vec<Cited> {
        citations.iter().filter_map(|citation| self.cited_one(citation)).collect()
    }

    fn cited_one(&mut self, citation: &Citation) -> Option<Cited> {
        match &citation.kind {
            CitationKind::Source { key, place } => {
                let place = place.as_ref().map(|place| place.value.clone());
                let Some(evidence) = self.catalog.evidence(&key.value) else {
                    // A source whose entry is at fault has been told with the evidence.
                    if self.catalog.evidence_place(&key.value).is_none() {
                        self.report_unknown_source(key);
                    }
                    self.lost_sources.push(citation.span);
                    return None;
                };
                let mark = evidence.mark_of(place.as_deref());
                Some(Cited::Source { key: key.value.clone(), place, mark, span: citation.span })
            }
            CitationKind::Local(name) => {
                self.check_local(name);
                self.locals_used.push(name.value.clone());
                Some(Cited::Local { name: name.value.clone(), span: citation.span })
            }
        }
    }

    pub(super) fn report_unknown_source(&mut self, key: &Name) {
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_SOURCE, key.span, format!("there is no evidence entry `{}`", key.value));
        diagnostic = match suggest::nearest(&key.value, self.catalog.evidence_keys()) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), key.span, near),
            None => diagnostic
                .note("add the source to a file under `evidence`, or write `[local name]` for a choice of your own"),
        };
        self.report(diagnostic);
    }

    /// A local choice says in `guideline.yaml` why it is what it is.
    fn check_local(&mut self, name: &Name) {
        let known = self.info.local_choices.iter().any(|choice| choice.name.value == name.value);
        if known || self.locals_used.contains(&name.value) {
            return;
        }
        let names = self.info.local_choices.iter().map(|choice| choice.name.value.as_str());
        let mut diagnostic = Diagnostic::warning(
            codes::UNEXPLAINED_LOCAL,
            name.span,
            format!("the local choice `{}` is not explained", name.value),
        );
        diagnostic = match suggest::nearest(&name.value, names) {
            // The one that was meant is not idle.
            Some(near) => {
                self.locals_used.push(near.to_owned());
                diagnostic.fix(format!("did you mean `{near}`?"), name.span, near)
            }
            None => diagnostic.note(format!(
                "say why under `local_choices` of guideline.yaml: `{}: \"trials used 125 to 145\"`",
                name.value
            )),
        };
        self.report(diagnostic);
    }
}
