//! What a librarian keeps, from YAML: the dictionary of facts, the formulary of treatments, the evidence, what each
//! guideline says of itself.
//!
//! ```text
//! mmt8:                                         Fact { id: mmt8, kind: Number { whole: true, … },
//!   label: MMT8                          ─►            recorded: Visits, better: Some(Higher), … }
//!   question: What is the sum of the manual muscle test of eight groups?
//!   type: whole number
//!   range: 0 to 150
//!   recorded: visits
//!   better: higher
//! ```
//!
//! Beside the sources the evidence holds, dated, what each treatment counts as in an indication.
//!
//! A [`Catalog`] knows every name at once, by a scan over lines; an entry is read when it is asked for, with what it
//! reaches; the formulary, whose entries have names of their own, is read whole. The numbers of the facts follow the paths of the files and the order inside them.

mod evidence;
mod fact;
mod from_yaml;
mod guideline;
mod load;
mod mistakes;
mod normal_form;
mod shelf;
mod status;
mod treatment;

pub use evidence::{Evidence, EvidencePart, Mark, Trial};
pub use fact::{
    AbsentMeans, AppliesWhen, Better, Burden, Changeable, ChoiceValue, Conversion, Derivation, Fact, FactId, FactKind,
    Grade, Moment, NumberKind, RecordedIn, Report, ReportId,
};
pub use from_yaml::{read_guideline_info, read_period};
pub use guideline::{GuidelineInfo, LocalChoice, Release, Sentences, Status};
pub use mistakes::CODES;
pub use status::{EventKind, StatusEvent, StatusHistory, StatusId, StatusOnDay, TreatmentStatus};
pub use treatment::{Class, Preparation, Treatment, TreatmentId};

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, suggest};
use crate::library::Library;
use crate::source::{SourceMap, Span};
use crate::value::Number;
use shelf::Shelf;

/// The dictionary, the formulary and the evidence of a library: all names, and the entries that were asked for.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    facts: Shelf<Fact>,
    reports: Shelf<Report>,
    evidence: Shelf<Evidence>,
    /// By `drug_a in disease_a`.
    statuses: Shelf<StatusHistory>,
    /// The labels of indications.
    indications: Shelf<String>,
    /// The labels of regions.
    regions: Shelf<String>,
    treatments: Shelf<Treatment>,
    classes: Shelf<Class>,
    /// Other names of treatments, as they are looked up.
    preparations: BTreeMap<String, Prepared>,
    /// The facts on the list of each report, by the report's name.
    listed: BTreeMap<String, Vec<FactId>>,
    /// Earlier names of facts.
    renamed: BTreeMap<String, FactId>,
}

/// What another name of a treatment stands for.
#[derive(Debug, Clone)]
struct Prepared {
    treatment: TreatmentId,
    factor: Number,
    /// Where the name is given.
    place: Span,
}

impl Catalog {
    /// Finds every name in the `dictionary`, `formulary` and `evidence` of a library, and hands their texts to the sources.
    pub fn open(library: &Library, sources: &mut SourceMap) -> (Catalog, Vec<Diagnostic>) {
        load::open(library, sources)
    }

    /// Reads the facts and reports of these names and what they reach; unknown names are passed over, and what was
    /// read before is not read again.
    pub fn load_facts<'a>(&mut self, sources: &SourceMap, names: impl IntoIterator<Item = &'a str>) -> Vec<Diagnostic> {
        let mut facts = Vec::new();
        let mut reports = Vec::new();
        for name in names {
            facts.extend(self.find(name));
            reports.extend(self.find_report(name));
        }
        load::facts(self, sources, facts, reports)
    }

    /// Reads the formulary, and what its treatments count as in which indication: any record may name any treatment,
    /// and by any of its names. What was read before is not read again.
    pub fn load_formulary(&mut self, sources: &SourceMap) -> Vec<Diagnostic> {
        let mut mistakes = load::formulary(self, sources);
        mistakes.extend(load::statuses(self, sources));
        mistakes
    }

    /// Reads the evidence of these keys.
    pub fn load_evidence<'a>(
        &mut self,
        sources: &SourceMap,
        keys: impl IntoIterator<Item = &'a str>,
    ) -> Vec<Diagnostic> {
        let wanted = keys.into_iter().filter_map(|key| self.evidence.find(key)).collect();
        load::evidence(self, sources, wanted)
    }

    /// Reads everything.
    pub fn load_all(&mut self, sources: &SourceMap) -> Vec<Diagnostic> {
        let facts = self.facts.positions().map(FactId).collect();
        let reports = self.reports.positions().map(ReportId).collect();
        let mut mistakes = load::facts(self, sources, facts, reports);
        mistakes.extend(self.load_formulary(sources));
        mistakes.extend(load::evidence(self, sources, self.evidence.positions().collect()));
        mistakes
    }

    /// The fact of a name; it may not have been read.
    pub fn find(&self, name: &str) -> Option<FactId> {
        self.facts.find(name).map(FactId)
    }

    /// A fact that was read.
    pub fn fact(&self, id: FactId) -> Option<&Fact> {
        self.facts.get(id.0)
    }

    /// The name of a fact, read or not; empty for a number of another catalog.
    pub fn name(&self, id: FactId) -> &str {
        self.facts.name(id.0)
    }

    /// Where a fact is defined.
    pub fn place(&self, id: FactId) -> Option<Span> {
        self.facts.place(id.0)
    }

    /// The entry of a fact with its name in its normal form: without layout, comments and what no answer depends on.
    /// Empty while it was not read, as those of the others.
    pub fn normal_form(&self, id: FactId) -> &str {
        self.facts.normal_form(id.0)
    }

    /// The names of all facts, in the order of their numbers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.facts.names()
    }

    /// All facts that were read, in the order of their numbers.
    pub fn facts(&self) -> impl Iterator<Item = (FactId, &Fact)> {
        self.facts.read().map(|(position, fact)| (FactId(position), fact))
    }

    /// The fact that once had this name.
    pub fn renamed(&self, former: &str) -> Option<FactId> {
        self.renamed.get(former).copied()
    }

    /// The name, of a fact or a report, nearest to a misspelt one.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        if let Some(fact) = self.renamed(name) {
            return Some(self.name(fact));
        }
        suggest::nearest(name, self.facts.names().chain(self.reports.names()))
    }

    /// The kind of report of a name; it may not have been read.
    pub fn find_report(&self, name: &str) -> Option<ReportId> {
        self.reports.find(name).map(ReportId)
    }

    /// A kind of report that was read.
    pub fn report(&self, id: ReportId) -> Option<&Report> {
        self.reports.get(id.0)
    }

    /// The names of all kinds of report.
    pub fn report_names(&self) -> impl Iterator<Item = &str> {
        self.reports.names()
    }

    /// The facts on the list of a report, read or not, in the order of their numbers.
    pub fn facts_of_report(&self, id: ReportId) -> &[FactId] {
        self.listed.get(self.reports.name(id.0)).map_or(&[], Vec::as_slice)
    }

    /// The treatment that a record or a rule calls by this name: its own, another of its names, or a preparation of it.
    pub fn find_treatment(&self, name: &str) -> Option<TreatmentId> {
        self.preparation(name).map(|(treatment, _)| treatment)
    }

    /// The treatment a name stands for, and how much of it one unit of what is named so is. Capitals, blanks and
    /// hyphens do not matter.
    pub fn preparation(&self, name: &str) -> Option<(TreatmentId, Number)> {
        let own = |name: &str| self.treatments.find(name).map(|position| (TreatmentId(position), Number::ONE));
        own(name).or_else(|| {
            let spoken = from_yaml::spoken(name);
            own(&spoken).or_else(|| self.preparations.get(spoken.as_ref()).map(|known| (known.treatment, known.factor)))
        })
    }

    /// A treatment that was read.
    pub fn treatment(&self, id: TreatmentId) -> Option<&Treatment> {
        self.treatments.get(id.0)
    }

    /// The name of a treatment, read or not; empty for a number of another catalog.
    pub fn treatment_name(&self, id: TreatmentId) -> &str {
        self.treatments.name(id.0)
    }

    /// Where a treatment is described, read or not.
    pub fn treatment_place(&self, name: &str) -> Option<Span> {
        self.treatments.place(self.treatments.find(name)?)
    }

    /// The entry of a treatment in its normal form.
    pub fn treatment_normal_form(&self, id: TreatmentId) -> &str {
        self.treatments.normal_form(id.0)
    }

    /// The names of all treatments, in the order of their numbers.
    pub fn treatment_names(&self) -> impl Iterator<Item = &str> {
        self.treatments.names()
    }

    /// The name of a treatment nearest to a misspelt one, or another name that records use.
    pub fn nearest_treatment(&self, name: &str) -> Option<&str> {
        let others = self.preparations.keys().map(String::as_str);
        suggest::nearest(&from_yaml::spoken(name), self.treatments.names().chain(others))
    }

    /// The name of a class nearest to one that may be misspelt.
    pub fn nearest_class(&self, name: &str) -> Option<&str> {
        suggest::nearest(&from_yaml::spoken(name), self.classes.names())
    }

    /// A class of treatments, by name.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.get(self.classes.find(name)?)
    }

    /// The name is that of a class, read or not.
    pub fn is_class(&self, name: &str) -> bool {
        self.classes.find(name).is_some()
    }

    /// Where a class is described, read or not.
    pub fn class_place(&self, name: &str) -> Option<Span> {
        self.classes.place(self.classes.find(name)?)
    }

    /// The entry of a class in its normal form.
    pub fn class_normal_form(&self, name: &str) -> &str {
        self.classes.find(name).map_or("", |at| self.classes.normal_form(at))
    }

    /// The names of all classes.
    pub fn class_names(&self) -> impl Iterator<Item = &str> {
        self.classes.names()
    }

    /// The treatments of a class, in the order of the formulary.
    pub fn members(&self, class: &str) -> Vec<TreatmentId> {
        let of = |treatment: &Treatment| treatment.classes.iter().any(|name| name == class);
        self.treatments.read().filter(|(_, treatment)| of(treatment)).map(|(at, _)| TreatmentId(at)).collect()
    }

    /// A source that was read.
    pub fn evidence(&self, key: &str) -> Option<&Evidence> {
        self.evidence.get(self.evidence.find(key)?)
    }

    /// Where a source is described, read or not; `None` for a key that is not known.
    pub fn evidence_place(&self, key: &str) -> Option<Span> {
        self.evidence.place(self.evidence.find(key)?)
    }

    /// The description of a source in its normal form.
    pub fn evidence_normal_form(&self, key: &str) -> &str {
        self.evidence.find(key).map_or("", |at| self.evidence.normal_form(at))
    }

    /// The keys of all sources.
    pub fn evidence_keys(&self) -> impl Iterator<Item = &str> {
        self.evidence.names()
    }
}
