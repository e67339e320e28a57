use super::super::mistakes::{self, BAD_CODE, DOES_NOT_GO, NOT_YES_NO};
use super::super::{
    AbsentMeans, Better, Burden, Catalog, Changeable, Derivation, Fact, FactId, FactKind, Moment, RecordedIn, Report,
    ReportId,
};
use super::applies::{Applies, applies_draft, derivation};
use super::kind::kind;
use super::words::{one_of, owned, period, trimmed};
use crate::diagnostics::Diagnostic;
use crate::source::{Span, Spanned};
use crate::value::Choices;
use crate::yaml::{Fields, Node, NodeKind, expect_text};

/// A fact as far as it can be read without the others.
pub(in super::super) struct Draft {
    /// All of it but `applies_when`.
    pub(in super::super) fact: Fact,
    /// `applies_when` as written.
    pub(in super::super) applies: Option<Applies>,
    /// The dates it is worked out from, with the place that names each.
    pub(in super::super) moments: Vec<Spanned<FactId>>,
}

impl Draft {
    /// The facts that must be known to use it.
    pub(in super::super) fn reaches(&self) -> impl Iterator<Item = FactId> {
        let moments = self.moments.iter().map(|moment| moment.value);
        moments.chain(self.applies.as_ref().map(|applies| applies.fact))
    }
}

/// Reads a fact.
pub(in super::super) fn fact(
    name: &Spanned<String>,
    node: &Node,
    catalog: &Catalog,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<Draft> {
    let mut fields = Fields::of(node, format!("the fact `{}`", name.value), mistakes)?.told_at(name.span);
    let label = fields.text("label");
    let question = fields.text("question");
    let kind = kind(&mut fields);
    let recorded = word(&mut fields, "recorded", &RECORDED, true);
    let better = word(&mut fields, "better", &BETTER, false);
    let valid_for = fields.optional_text("valid_for").and_then(|text| period("valid_for", text, fields.mistakes()));
    let absent_means = absent_means(&mut fields, kind.as_ref());
    let presume = presume(&mut fields, kind.as_ref());
    let report = report_of(&mut fields, kind.as_ref(), catalog);
    let (derived, moments) = derived(&mut fields, kind.as_ref(), catalog);
    let applies = applies_draft(&mut fields, catalog);
    let burden = word(&mut fields, "burden", &BURDEN, false).unwrap_or(Burden::History);
    let changeable = word(&mut fields, "changeable", &CHANGEABLE, false).unwrap_or({
        // A day that is past, and what is worked out from such days, nobody changes.
        let of_the_past = derived.is_some() || matches!(kind, Some(FactKind::Date));
        if of_the_past { Changeable::Never } else { Changeable::Observed }
    });
    let synonyms = owned(fields.texts("synonyms"));
    let formerly = owned(fields.texts("formerly"));
    let codes = codes(&mut fields);
    let source = fields.optional_text("source").map(|text| text.value.trim().to_owned());
    fields.finish();
    let fact = Fact {
        id: name.clone(),
        label: trimmed(Some(label?)),
        question: trimmed(Some(question?)),
        kind: kind?,
        recorded: recorded?,
        better,
        valid_for,
        absent_means,
        presume,
        report,
        applies_when: None,
        derived,
        burden,
        changeable,
        synonyms,
        formerly,
        codes,
        source,
    };
    Some(Draft { fact, applies, moments })
}

const RECORDED: [(&str, RecordedIn); 3] =
    [("visits", RecordedIn::Visits), ("facts", RecordedIn::Facts), ("patient", RecordedIn::Patient)];
const BETTER: [(&str, Better); 2] = [("higher", Better::Higher), ("lower", Better::Lower)];
const BURDEN: [(&str, Burden); 4] = [
    ("history", Burden::History),
    ("blood test", Burden::BloodTest),
    ("imaging", Burden::Imaging),
    ("biopsy", Burden::Biopsy),
];
const CHANGEABLE: [(&str, Changeable); 2] = [("yes", Changeable::Clinic), ("no", Changeable::Never)];
const ABSENT_MEANS: [(&str, AbsentMeans); 2] =
    [("not measured", AbsentMeans::NotMeasured), ("not done", AbsentMeans::NotDone)];

fn word<T: Copy>(fields: &mut Fields<'_, '_>, key: &'static str, words: &[(&str, T)], required: bool) -> Option<T> {
    let text = if required { fields.text(key) } else { fields.optional_text(key) }?;
    one_of(key, text, words, fields.mistakes())
}

fn absent_means(fields: &mut Fields<'_, '_>, kind: Option<&FactKind>) -> Option<AbsentMeans> {
    let absent = word(fields, "absent_means", &ABSENT_MEANS, false)?;
    let has_not_done = kind.is_none_or(|kind| kind.position(FactKind::NOT_DONE).is_some());
    if absent == AbsentMeans::NotDone && !has_not_done {
        let span = fields.place_of("absent_means");
        let mistake =
            Diagnostic::error(DOES_NOT_GO, span, "`absent_means: not done` for a fact that cannot be not done");
        fields.mistakes().push(mistake.note("add a line `may_be_not_done: yes`"));
    }
    Some(absent)
}

fn presume(fields: &mut Fields<'_, '_>, kind: Option<&FactKind>) -> Option<Choices> {
    // Whether it goes with the type at all has been said with the type.
    let Some(kind @ FactKind::Choice { .. }) = kind else {
        fields.given("presume");
        return None;
    };
    let node = fields.optional("presume")?;
    choices("presume", node, kind, fields.mistakes())
}

/// One value of a choice, or a list of them.
pub(super) fn choices(key: &str, node: &Node, kind: &FactKind, mistakes: &mut Vec<Diagnostic>) -> Option<Choices> {
    let FactKind::Choice { values, .. } = kind else { return None };
    let items = match &node.kind {
        NodeKind::Sequence(items) => items.as_slice(),
        NodeKind::Scalar { .. } | NodeKind::Mapping(_) => std::slice::from_ref(node),
    };
    let mut found = Choices::NONE;
    for item in items {
        let text = expect_text(item, &format!("`{key}`"), mistakes)?;
        let name = match text.value {
            "true" => "yes",
            "false" => "no",
            other => other,
        };
        let Some(position) = kind.position(name) else {
            let names: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
            mistakes.push(mistakes::unknown_word(key, text, &names));
            return None;
        };
        found = found.union(Choices::only(position));
    }
    (!found.is_empty()).then_some(found)
}

fn report_of(fields: &mut Fields<'_, '_>, kind: Option<&FactKind>, catalog: &Catalog) -> Option<ReportId> {
    let text = fields.optional_text("report")?;
    let report = catalog.find_report(text.value);
    if report.is_none() {
        fields.mistakes().push(mistakes::unknown_reference("report", text, catalog.report_names()));
    }
    if kind.is_some_and(|kind| !is_yes_no(kind)) {
        let mistake = Diagnostic::error(NOT_YES_NO, text.span, "only a yes/no can stand on the list of a report");
        fields.mistakes().push(mistake.note("write `type: yes or no`, or remove `report`"));
    }
    report
}

/// A yes/no, whether it can be *not done* or not.
pub(super) fn is_yes_no(kind: &FactKind) -> bool {
    matches!(kind, FactKind::Choice { yes_no: true, .. })
}

fn derived(
    fields: &mut Fields<'_, '_>,
    kind: Option<&FactKind>,
    catalog: &Catalog,
) -> (Option<Derivation>, Vec<Spanned<FactId>>) {
    let Some(text) = fields.optional_text("derived") else { return (None, Vec::new()) };
    if kind.is_some_and(|kind| !matches!(kind, FactKind::Number(_))) {
        let mistake = Diagnostic::error(DOES_NOT_GO, text.span, "only a number can be derived from dates");
        fields.mistakes().push(mistake.note("write `type: whole number`"));
    }
    let derivation = derivation(text, catalog, fields.mistakes());
    let moments = match derivation {
        None => Vec::new(),
        Some(Derivation::AgeAt(moment)) => vec![moment],
        Some(Derivation::YearsBetween(from, to) | Derivation::MonthsBetween(from, to)) => vec![from, to],
    };
    let facts = moments.into_iter().filter_map(|moment| match moment {
        Moment::AsOf => None,
        Moment::Fact(fact) => Some(Spanned::new(fact, text.span)),
    });
    (derivation, facts.collect())
}

fn codes(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let texts = fields.texts("codes");
    for text in &texts {
        let number = text.value.strip_prefix("LOINC ").or_else(|| text.value.strip_prefix("SNOMED CT "));
        let number = number.unwrap_or("").trim();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            let mistake = Diagnostic::error(BAD_CODE, text.span, format!("`{}` is not a code", text.value));
            fields.mistakes().push(mistake.note("write it as in `LOINC 2157-6` or `SNOMED CT 68962001`"));
        }
    }
    owned(texts)
}

/// Reads a kind of report.
pub(in super::super) fn report(
    name: &Spanned<String>,
    node: &Node,
    catalog: &Catalog,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<(Report, Vec<Span>)> {
    let mut fields = Fields::of(node, format!("the report `{}`", name.value), mistakes)?.told_at(name.span);
    let label = fields.text("label");
    let list = fields.text("list");
    let mut carries = Vec::new();
    let mut places = Vec::new();
    for text in fields.texts("carries") {
        match catalog.find(text.value) {
            Some(fact) => {
                carries.push(fact);
                places.push(text.span);
            }
            None => fields.mistakes().push(mistakes::unknown_reference("fact", text, catalog.names())),
        }
    }
    fields.finish();
    let report = Report { id: name.clone(), label: trimmed(Some(label?)), list: trimmed(Some(list?)), carries };
    Some((report, places))
}
