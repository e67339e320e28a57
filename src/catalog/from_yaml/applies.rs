use super::super::mistakes::{self, BAD_APPLIES_WHEN, BAD_DERIVED, NOT_YES_NO};
use super::super::{AppliesWhen, Catalog, Derivation, FactId, FactKind, Moment};
use super::fact::{choices, is_yes_no};
use super::words::number;
use crate::diagnostics::Diagnostic;
use crate::source::{Span, Spanned};
use crate::yaml::{Fields, Node, expect_text};

/// `applies_when` as written; what its values mean is known when the other fact is.
pub(in super::super) struct Applies {
    /// The fact that decides.
    pub(in super::super) fact: FactId,
    name: Spanned<String>,
    is: Node,
    otherwise: Node,
}

pub(super) fn applies_draft(fields: &mut Fields<'_, '_>, catalog: &Catalog) -> Option<Applies> {
    let mut group = fields.group("applies_when")?;
    let name = group.text("fact");
    let is = group.required("is");
    let otherwise = group.required("otherwise");
    let fact = name.and_then(|name| {
        let found = catalog.find(name.value);
        if found.is_none() {
            group.mistakes().push(mistakes::unknown_reference("fact", name, catalog.names()));
        }
        found
    });
    group.finish();
    let name = name?.map(str::to_owned);
    Some(Applies { fact: fact?, name, is: is?.clone(), otherwise: otherwise?.clone() })
}

/// What `applies_when` says, now that both facts are known.
pub(in super::super) fn applies_when(
    catalog: &Catalog,
    owner: FactId,
    applies: &Applies,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<AppliesWhen> {
    let owner_kind = &catalog.fact(owner)?.kind;
    let decider = catalog.fact(applies.fact)?;
    if applies.fact == owner || decider_leads_back(catalog, owner, applies.fact) {
        let mistake = Diagnostic::error(BAD_APPLIES_WHEN, applies.name.span, "the fact would decide about itself");
        mistakes.push(mistake.note("name another fact"));
        return None;
    }
    if !matches!(decider.kind, FactKind::Choice { .. }) {
        let message = format!("`{}` is not a choice or a yes/no", applies.name.value);
        let mistake = Diagnostic::error(BAD_APPLIES_WHEN, applies.name.span, message);
        mistakes.push(mistake.note("name a fact with values of its own"));
        return None;
    }
    let is = choices("is", &applies.is, &decider.kind, mistakes)?;
    let (mut otherwise_choice, mut otherwise_number) = (None, None);
    match owner_kind {
        FactKind::Choice { .. } => {
            otherwise_choice = Some(choices("otherwise", &applies.otherwise, owner_kind, mistakes)?);
        }
        FactKind::Number(kind) => {
            let text = expect_text(&applies.otherwise, "`otherwise`", mistakes)?;
            let value = number("otherwise", text, mistakes)?;
            if !kind.range.contains(value) {
                let mistake = Diagnostic::error(BAD_APPLIES_WHEN, text.span, format!("{value} is outside the range"));
                mistakes.push(mistake.note("everybody else has this value: it must be possible"));
            }
            otherwise_number = Some(value);
        }
        FactKind::Date => {
            let message = "a date has no value for those it does not apply to";
            let mistake = Diagnostic::error(BAD_APPLIES_WHEN, applies.otherwise.span, message);
            mistakes.push(mistake.note("remove `applies_when`"));
            return None;
        }
    }
    Some(AppliesWhen { fact: applies.fact, is, otherwise_choice, otherwise_number })
}

/// Following `applies_when` from the decider, what was resolved so far leads back to the owner.
fn decider_leads_back(catalog: &Catalog, owner: FactId, decider: FactId) -> bool {
    let mut at = decider;
    while let Some(applies) = catalog.fact(at).and_then(|fact| fact.applies_when.as_ref()) {
        if applies.fact == owner {
            return true;
        }
        at = applies.fact;
    }
    false
}

/// `age at onset`, `years from onset to as_of`.
pub(super) fn derivation(text: Spanned<&str>, catalog: &Catalog, mistakes: &mut Vec<Diagnostic>) -> Option<Derivation> {
    let words: Vec<&str> = text.value.split_whitespace().collect();
    let mut moment = |name: &str| {
        if name == "as_of" {
            return Some(Moment::AsOf);
        }
        let found = catalog.find(name).map(Moment::Fact);
        if found.is_none() {
            let name = Spanned::new(name, text.span);
            mistakes.push(mistakes::unknown_reference("fact", name, catalog.names()));
        }
        found
    };
    match words.as_slice() {
        ["age", "at", at] => Some(Derivation::AgeAt(moment(at)?)),
        ["years", "from", from, "to", to] => Some(Derivation::YearsBetween(moment(from)?, moment(to)?)),
        ["months", "from", from, "to", to] => Some(Derivation::MonthsBetween(moment(from)?, moment(to)?)),
        _ => {
            let message = format!("`derived` cannot be `{}`", text.value);
            let mistake = Diagnostic::error(BAD_DERIVED, text.span, message);
            mistakes
                .push(mistake.note(
                    "write `age at onset`, `years from onset to diagnosis_date` or `months from onset to as_of`",
                ));
            None
        }
    }
}

/// A moment is a date.
pub(in super::super) fn check_moment(catalog: &Catalog, moment: &Spanned<FactId>, mistakes: &mut Vec<Diagnostic>) {
    if catalog.fact(moment.value).is_some_and(|fact| fact.kind != FactKind::Date) {
        let message = format!("`{}` is not a date", catalog.name(moment.value));
        let mistake = Diagnostic::error(BAD_DERIVED, moment.span, message);
        mistakes.push(mistake.note("years and months are counted between dates, or to `as_of`"));
    }
}

/// What a report carries beside its list is a yes/no.
pub(in super::super) fn check_carried(catalog: &Catalog, fact: FactId, place: Span, mistakes: &mut Vec<Diagnostic>) {
    if catalog.fact(fact).is_some_and(|fact| !is_yes_no(&fact.kind)) {
        let message = format!("`{}` is not a yes/no", catalog.name(fact));
        let mistake = Diagnostic::error(NOT_YES_NO, place, message);
        mistakes.push(mistake.note("record it beside the report"));
    }
}
