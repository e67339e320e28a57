use crate::catalog::TreatmentId;
use crate::diagnostics::{Diagnostic, suggest};
use crate::model::{Therapy, TherapyId};
use crate::source::Span;
use crate::syntax::tree::{self, Name};

use super::Resolver;
use super::amounts::listed;
use super::codes;
use super::names::sorted;

/// How many members of a class a message names.
const NAMED: usize = 6;

/// What a therapy as written stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Written {
    /// A treatment of the formulary.
    One(TreatmentId),
    /// The members of a class.
    Class(Vec<TreatmentId>),
    /// Several treatments joined by `+`.
    Together(TherapyId),
}

/// The therapies a rule speaks of.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// Treatments, alone or in a combination.
    pub(super) treatments: Vec<TreatmentId>,
    /// Combinations.
    pub(super) together: Vec<TherapyId>,
}

impl Reached {
    /// In the order of the formulary, each once.
    fn in_order(mut self) -> Reached {
        self.treatments.sort_unstable();
        self.treatments.dedup();
        self.together.sort_unstable();
        self.together.dedup();
        self
    }
}

impl Resolver<'_> {
    /// A therapy in the list of those the rules speak of.
    pub(super) fn intern(&mut self, mut parts: Vec<TreatmentId>) -> TherapyId {
        parts.sort_unstable();
        if parts.len() > 1 {
            // Who did not tolerate a part does not tolerate the combination.
            self.intern_each(&parts);
        }
        let therapy = Therapy { parts: parts.into() };
        let at = self.therapies.iter().position(|known| *known == therapy).unwrap_or_else(|| {
            self.therapies.push(therapy);
            self.therapies.len() - 1
        });
        TherapyId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// Each of some treatments by itself.
    pub(super) fn intern_each(&mut self, treatments: &[TreatmentId]) -> Vec<TherapyId> {
        treatments.iter().map(|treatment| self.intern(vec![*treatment])).collect()
    }

    /// What a therapy as written stands for.
    pub(super) fn written(&mut self, tree: &tree::Therapy) -> Option<Written> {
        if let [name] = tree.parts.as_slice() {
            return self.treatment_or_class(name);
        }
        let parts: Vec<Option<TreatmentId>> = tree.parts.iter().map(|part| self.part(part)).collect();
        let parts: Vec<TreatmentId> = parts.into_iter().collect::<Option<_>>()?;
        for (at, (part, name)) in parts.iter().zip(&tree.parts).enumerate() {
            if parts.iter().take(at).any(|earlier| earlier == part) {
                let message = format!("`{}` is named twice in one combination", name.value);
                self.report(
                    Diagnostic::error(codes::ONE_THERAPY, name.span, message)
                        .note("a combination is of different treatments; leave one of the two out"),
                );
                return None;
            }
        }
        Some(Written::Together(self.intern(parts)))
    }

    fn treatment_or_class(&mut self, name: &Name) -> Option<Written> {
        if let Some(treatment) = self.catalog.find_treatment(&name.value) {
            return self.own_treatment(treatment, name).map(Written::One);
        }
        if !self.catalog.class_names().any(|class| class == name.value) {
            self.report_unknown_therapy(name);
            return None;
        }
        let members = self.catalog.members(&name.value);
        if members.is_empty() {
            let message = format!("no treatment of the formulary belongs to the class `{}`", name.value);
            self.report(
                Diagnostic::error(codes::UNKNOWN_THERAPY, name.span, message)
                    .note("say under `classes` of a treatment that it belongs to it, or name a treatment"),
            );
            return None;
        }
        Some(Written::Class(members))
    }

    /// Rules name a treatment as the formulary does: a dose of a preparation would be another.
    fn own_treatment(&mut self, treatment: TreatmentId, name: &Name) -> Option<TreatmentId> {
        let own = self.catalog.treatment_name(treatment);
        if own == name.value {
            return Some(treatment);
        }
        let message = format!("`{}` is a name that records use", name.value);
        self.report(
            Diagnostic::error(codes::UNKNOWN_THERAPY, name.span, message)
                .note("rules name a treatment as the formulary does")
                .fix(format!("write `{own}`"), name.span, own),
        );
        None
    }

    fn report_unknown_therapy(&mut self, name: &Name) {
        let message = format!("`{}` is neither a treatment of the formulary nor a class of it", name.value);
        let diagnostic = Diagnostic::error(codes::UNKNOWN_THERAPY, name.span, message);
        let known = sorted(self.catalog.treatment_names().chain(self.catalog.class_names()));
        let diagnostic = match suggest::nearest(&name.value, known) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
            None => diagnostic.note("add the treatment to a file under `formulary`"),
        };
        self.report(diagnostic);
    }

    /// A part of a combination.
    fn part(&mut self, name: &Name) -> Option<TreatmentId> {
        match self.treatment_or_class(name)? {
            Written::One(treatment) => Some(treatment),
            Written::Class(members) => {
                self.report_class(name, &members, "a combination is made of treatments", "write one line for each");
                None
            }
            Written::Together(_) => None,
        }
    }

    fn report_class(&mut self, name: &Name, members: &[TreatmentId], why: &str, way_out: &str) {
        let names: Vec<&str> = members.iter().take(NAMED).map(|member| self.catalog.treatment_name(*member)).collect();
        let more = if members.len() > NAMED { ", …" } else { "" };
        let note = format!("{way_out}: {}{more}", listed(&names));
        let message = format!("`{}` is a class, and {why}", name.value);
        self.report(Diagnostic::error(codes::ONE_THERAPY, name.span, message).note(note));
    }

    /// A therapy that must be one, not a class.
    pub(super) fn one_therapy(&mut self, tree: &tree::Therapy, why: &str, way_out: &str) -> Option<TherapyId> {
        match self.written(tree)? {
            Written::One(treatment) => Some(self.intern(vec![treatment])),
            Written::Together(therapy) => Some(therapy),
            Written::Class(members) => {
                if let Some(name) = tree.parts.first() {
                    self.report_class(name, &members, why, way_out);
                }
                None
            }
        }
    }

    /// The therapies a rule speaks of, classes as their members.
    pub(super) fn reached(&mut self, therapies: &[tree::Therapy]) -> Option<Reached> {
        let written: Vec<Option<Written>> = therapies.iter().map(|therapy| self.written(therapy)).collect();
        let mut reached = Reached::default();
        for one in written {
            match one? {
                Written::One(treatment) => {
                    self.intern(vec![treatment]);
                    reached.treatments.push(treatment);
                }
                Written::Class(members) => reached.treatments.extend(members),
                Written::Together(therapy) => reached.together.push(therapy),
            }
        }
        Some(reached.in_order())
    }

    /// The treatments that some therapies name, unknown ones passed over.
    pub(super) fn treatments_named<'t>(
        &self,
        therapies: impl IntoIterator<Item = &'t tree::Therapy>,
    ) -> Vec<TreatmentId> {
        let mut treatments = Vec::new();
        for part in therapies.into_iter().flat_map(|therapy| &therapy.parts) {
            match self.catalog.find_treatment(&part.value) {
                Some(treatment) => treatments.push(treatment),
                None => treatments.extend(self.catalog.members(&part.value)),
            }
        }
        treatments
    }

    /// A therapy as a reader sees it.
    pub(super) fn therapy_name(&self, id: TherapyId) -> String {
        let Some(therapy) = self.therapies.get(id.0 as usize) else { return String::new() };
        let names: Vec<&str> = therapy.parts.iter().map(|part| self.catalog.treatment_name(*part)).collect();
        names.join(" + ")
    }

    /// The same therapy at two places of one list.
    pub(super) fn expect_listed_once(&mut self, listed: &[(TherapyId, Span)], of: &str) -> Option<()> {
        let mut once = Some(());
        for (at, (therapy, span)) in listed.iter().enumerate() {
            if let Some((_, first)) = listed.iter().take(at).find(|(earlier, _)| earlier == therapy) {
                let message = format!("`{}` is listed twice in {of}", self.therapy_name(*therapy));
                self.report(
                    Diagnostic::error(codes::LISTED_TWICE, *span, message)
                        .also(*first, "the first is here")
                        .note("leave one of the two out; for whom it is can be said in one `when`"),
                );
                once = None;
            }
        }
        once
    }
}

/// Therapies as written: `drug_name, class_name`.
pub(super) fn in_words(therapies: &[tree::Therapy]) -> String {
    let one =
        |therapy: &tree::Therapy| therapy.parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(" + ");
    therapies.iter().map(one).collect::<Vec<_>>().join(", ")
}
