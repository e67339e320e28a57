use crate::catalog::{StatusHistory, StatusId, TreatmentStatus};
use crate::diagnostics::{Diagnostic, suggest};
use crate::model::{ConditionKind, StatusAsked};
use crate::syntax::tree::{self, Name};
use crate::value::Choices;

use super::amounts::listed;
use super::codes;
use super::therapies::Written;
use super::{Resolver, Told};

impl Resolver<'_> {
    /// `status of drug_a in disease_a in region_a is approved`
    pub(super) fn status_test(&mut self, test: &tree::StatusTest) -> Option<ConditionKind> {
        let history = self.history_asked(test)?;
        let region = self.region_asked(test, history);
        let region = region.ok()?.map(|region| region.value.clone());
        let place = region.as_ref().map(|region| format!(" in {region}")).unwrap_or_default();
        let written = format!("{} in {}{place}", test.treatment.value, test.indication.value);
        let asked = StatusAsked { history, region, written };
        let at = self.statuses.iter().position(|known| *known == asked).unwrap_or_else(|| {
            self.statuses.push(asked);
            self.statuses.len() - 1
        });
        let positions = test
            .statuses
            .iter()
            .filter_map(|name| TreatmentStatus::ALL.into_iter().find(|status| status.word() == name.value));
        let statuses = positions.fold(Choices::NONE, |mask, status| mask.union(Choices::only(status.position())));
        Some(ConditionKind::Status(u32::try_from(at).unwrap_or(u32::MAX), statuses))
    }

    fn history_asked(&mut self, test: &tree::StatusTest) -> Option<StatusId> {
        let whole = tree::Therapy { span: test.treatment.span, parts: vec![test.treatment.clone()] };
        match self.written(&whole)? {
            Written::One(_) => {}
            Written::Class(_) | Written::Together(_) => {
                let message = format!("`{}` is a class, and a status is that of one treatment", test.treatment.value);
                let diagnostic = Diagnostic::error(codes::ONE_THERAPY, test.treatment.span, message);
                self.report(diagnostic.note("ask for each treatment in a line of its own"));
                return None;
            }
        }
        let (treatment, indication) = (test.treatment.value.as_str(), test.indication.value.as_str());
        if !self.catalog.is_indication(indication) {
            let known: Vec<&str> = self.catalog.indication_names().collect();
            self.report_unknown("indication", &test.indication, &known);
            return None;
        }
        let history = self.catalog.find_status(treatment, indication);
        if history.is_none() {
            let others: Vec<&str> = self.indications_of(treatment);
            let message = format!("the evidence has no status of `{treatment}` in `{indication}`");
            let diagnostic = Diagnostic::error(codes::NO_STATUS, test.indication.span, message);
            self.report(if others.is_empty() {
                diagnostic.note(format!("add `status {treatment} in {indication}:` to a file under `evidence`"))
            } else {
                diagnostic.note(format!("it has one in {}", listed(&others)))
            });
        }
        history
    }

    fn indications_of(&self, treatment: &str) -> Vec<&str> {
        let Some(treatment) = self.catalog.find_treatment(treatment) else { return Vec::new() };
        self.catalog.statuses_of(treatment).map(|(_, history)| history.indication.as_str()).collect()
    }

    /// The region that is asked for; told where it is unknown, or must be said and is not.
    fn region_asked<'t>(&mut self, test: &'t tree::StatusTest, history: StatusId) -> Result<Option<&'t Name>, Told> {
        if let Some(region) = &test.region {
            if !self.catalog.is_region(&region.value) {
                let known: Vec<&str> = self.catalog.region_names().collect();
                self.report_unknown("region", region, &known);
                return Err(Told);
            }
            return Ok(Some(region));
        }
        let regions = self.catalog.status(history).map(StatusHistory::regions).unwrap_or_default();
        let Some(first) = regions.first() else { return Ok(None) };
        let (treatment, indication) = (&test.treatment.value, &test.indication.value);
        let message = format!("the status of `{treatment}` in `{indication}` is not the same in every region");
        let note = format!("say in which: `status of {treatment} in {indication} in {first} …`");
        self.report(Diagnostic::error(codes::NO_STATUS, test.indication.span, message).note(note));
        Err(Told)
    }

    fn report_unknown(&mut self, what: &str, name: &Name, known: &[&str]) {
        let message = format!("the evidence knows no {what} `{}`", name.value);
        let diagnostic = Diagnostic::error(codes::NO_STATUS, name.span, message);
        let near = suggest::nearest(&name.value, known.iter().copied());
        let diagnostic = match near {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
            None if known.is_empty() => diagnostic.note(format!("add it as `{what} {}:` with a `label`", name.value)),
            None => diagnostic.note(format!("there are {}", listed(known))),
        };
        self.report(diagnostic);
    }
}
