use super::cells::{Bare, Scope};
use super::dialect::{self, codes_of, one_of};
use super::{Cell, Codes, Column, Dialect, Means, Reading, codes};
use crate::catalog::{Derivation, Fact, FactId, FactKind, Moment, NumberKind, RecordedIn};
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::{Span, Spanned};
use crate::value::{Number, Unit};
use crate::yaml::{Fields, Node};

/// The words of a record for what is missing.
pub(super) const MISSING: [&str; 5] = ["unknown", "pending", "refused", "not measured", "not done"];

/// Where the columns of a file may stand.
pub(super) struct Places<'v> {
    /// The names of `visits`.
    pub(super) visits: &'v [String],
    /// Each row is a visit.
    pub(super) row_is_visit: bool,
}

impl Scope<'_> {
    /// `columns:`, each a fact.
    pub(super) fn columns(
        &mut self,
        fields: &mut Fields<'_, '_>,
        places: &Places<'_>,
        dialect: &Dialect,
    ) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        let mut seen: Vec<(Means, Option<usize>, Span)> = Vec::new();
        let Some(mut group) = fields.group("columns") else { return columns };
        let rest: Vec<_> = group.rest().collect();
        for (name, node) in rest {
            let Some(column) = self.column(name, node, places, dialect, group.mistakes()) else { continue };
            let earlier = seen.iter().find(|(means, visit, _)| *means == column.means && *visit == column.visit);
            if let Some((_, _, earlier)) = earlier {
                let message = format!("`{}` holds what an earlier column holds", name.value);
                group.mistakes().push(codes::twice(name.span, *earlier, message));
            }
            seen.push((column.means.clone(), column.visit, name.span));
            columns.push(column);
        }
        columns
    }

    fn column(
        &mut self,
        name: &Spanned<String>,
        node: &Node,
        places: &Places<'_>,
        dialect: &Dialect,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Option<Column> {
        let slot = self.slot(name.value.trim(), name.span);
        if let Some(word) = node.text().filter(|_| !node.is_null()) {
            let word = Spanned::new(word.trim(), node.span);
            let means = self.means(word, mistakes)?;
            self.check_place(&means, None, name.span, places, mistakes)?;
            let reading = self.plain_reading(&means, dialect);
            return Some(Column {
                slot,
                means,
                visit: None,
                unit: None,
                scale: None,
                upper_limit: None,
                known_since: None,
                reading,
            });
        }
        let mut fields = Fields::of(node, format!("the column `{}`", name.value), mistakes)?.told_at(name.span);
        let column = self.column_said(slot, name, &mut fields, places, dialect);
        fields.finish();
        column
    }

    fn column_said(
        &mut self,
        slot: usize,
        name: &Spanned<String>,
        fields: &mut Fields<'_, '_>,
        places: &Places<'_>,
        dialect: &Dialect,
    ) -> Option<Column> {
        let judgement = fields.optional_text("judgement");
        let judgement = judgement.map(|name| Means::Judgement(Spanned::new(name.value.trim().to_owned(), name.span)));
        let means = match judgement {
            Some(judgement) => Some(judgement),
            None => fields.text("fact").and_then(|word| self.means(word.map(str::trim), fields.mistakes())),
        };
        let visit = fields.optional_text("visit");
        let unit = self.optional_cell(fields, "unit", Bare::Fixed);
        let scale = self.optional_cell(fields, "scale", Bare::Number);
        let upper_limit = self.optional_cell(fields, "upper_limit", Bare::Number);
        let known_since = self.optional_cell(fields, "known_since", Bare::Date);
        let given = self.reading(fields, means.as_ref(), dialect);
        let means = means?;
        let visit = visit.map(|visit| visit.map(str::trim));
        let visit = self.check_place(&means, visit, name.span, places, fields.mistakes())?;
        if let Means::Fact(id) = means {
            self.check_amounts(id, [unit.as_ref(), scale.as_ref(), upper_limit.as_ref()], fields.mistakes());
        } else {
            let extra = [&unit, &scale, &upper_limit, &known_since].into_iter().flatten().next();
            if let Some(extra) = extra {
                let message = format!("`{}` has no unit, scale, limit or `known_since`", name.value);
                fields.mistakes().push(codes::unit(extra.span, message));
            }
        }
        let bare = |cell: Option<Spanned<Cell>>| cell.map(|cell| cell.value);
        Some(Column {
            slot,
            means,
            visit,
            unit: bare(unit),
            scale: bare(scale),
            upper_limit: bare(upper_limit),
            known_since: bare(known_since),
            reading: given,
        })
    }

    fn means(&self, word: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<Means> {
        if word.value == "born" {
            return Some(Means::Born);
        }
        self.fact(word.value, word.span, mistakes).map(Means::Fact)
    }

    /// A fact by name, or a mistake.
    pub(super) fn fact(&self, name: &str, span: Span, mistakes: &mut Vec<Diagnostic>) -> Option<FactId> {
        let found = self.catalog.find(name).filter(|id| self.catalog.fact(*id).is_some());
        if found.is_none() {
            mistakes.push(codes::no_fact(self.catalog, name, span));
        }
        found
    }

    /// The visit a column stands in, checked against what the dictionary says of the fact.
    #[expect(clippy::option_option, reason = "a mistake, no visit, a visit")]
    fn check_place(
        &self,
        means: &Means,
        visit: Option<Spanned<&str>>,
        column: Span,
        places: &Places<'_>,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Option<Option<usize>> {
        let fact = match means {
            Means::Fact(id) => self.catalog.fact(*id),
            Means::Born | Means::Judgement(_) => None,
        };
        let Some(visit) = visit else {
            let needs = fact.filter(|fact| fact.recorded == RecordedIn::Visits && !places.row_is_visit);
            if let Some(fact) = needs {
                let error = codes::place(
                    column,
                    format!("`{}` changes from visit to visit, and no visit is said", fact.id.value),
                );
                mistakes.push(error.note(
                    "write `{fact: …, visit: NAME}` and describe NAME under `visits`; where each row is a visit, say its date \
                     under `visit`",
                ));
                return None;
            }
            return Some(None);
        };
        let Some(at) = places.visits.iter().position(|known| *known == visit.value) else {
            let known = places.visits.iter().map(String::as_str);
            mistakes.push(codes::no_name("visit", visit.value, visit.span, known, "visits"));
            return None;
        };
        if fact.is_some_and(stands_in_visits) {
            return Some(Some(at));
        }
        let error = codes::place(visit.span, "what does not change from visit to visit has no visit".to_owned());
        mistakes.push(error.note("leave `visit` out; `known_since: …` says from when on it was known"));
        None
    }

    /// Unit, scale and upper limit against the dictionary.
    pub(super) fn check_amounts(&self, id: FactId, given: [Option<&Spanned<Cell>>; 3], mistakes: &mut Vec<Diagnostic>) {
        let Some(fact) = self.catalog.fact(id) else { return };
        let name = &fact.id.value;
        let [unit, scale, limit] = given;
        let FactKind::Number(kind) = &fact.kind else {
            if let Some(cell) = unit.or(scale).or(limit) {
                mistakes.push(codes::unit(cell.span, format!("`{name}` is no number: it has no unit, scale or limit")));
            }
            return;
        };
        if let Some(unit) = unit {
            mistakes.extend(unit.value.fixed().filter_map(|written| check_unit(name, kind, written)));
        }
        if let Some(scale) = scale {
            let ends = || kind.scales.iter().map(ToString::to_string).collect::<Vec<_>>();
            for Spanned { value: written, span } in scale.value.fixed() {
                if !written.parse::<Number>().is_ok_and(|end| kind.scales.contains(&end)) {
                    let error = codes::unit(*span, format!("`{name}` has no scale that ends at `{written}`"));
                    let ends = ends();
                    let known = codes::in_words(ends.iter().map(String::as_str));
                    mistakes.push(if ends.is_empty() {
                        error
                    } else {
                        error.note(format!("its scales end at {known}"))
                    });
                }
            }
        }
        if let Some(limit) = limit.filter(|_| !kind.upper_limit) {
            let error = codes::unit(limit.span, format!("`{name}` has no upper limit"));
            mistakes.push(error.note("only what a laboratory measures against a limit of its own has one"));
        }
    }

    fn plain_reading(&self, means: &Means, dialect: &Dialect) -> Reading {
        let words = if self.is_yes_no(means) { dialect.words.clone() } else { Vec::new() };
        Reading { codes: dialect.codes.clone(), words, guarded: true }
    }

    fn is_yes_no(&self, means: &Means) -> bool {
        match means {
            Means::Fact(id) => {
                self.catalog.fact(*id).is_some_and(|fact| matches!(fact.kind, FactKind::Choice { yes_no: true, .. }))
            }
            Means::Judgement(_) => true,
            Means::Born => false,
        }
    }

    /// `codes`, `words` and `values` of a column.
    fn reading(&mut self, fields: &mut Fields<'_, '_>, means: Option<&Means>, dialect: &Dialect) -> Reading {
        let (codes, guarded) = codes_and_guard(fields, dialect);
        let mut words = dialect::words(fields, "words");
        if means.is_some_and(|means| self.is_yes_no(means)) {
            words = dialect::and_those_of(words, &dialect.words);
        }
        Reading { codes, words, guarded }
    }
}

/// `codes:` and `values: as they are`.
pub(super) fn codes_and_guard(fields: &mut Fields<'_, '_>, dialect: &Dialect) -> (Codes, bool) {
    let codes = codes_of(fields, &dialect.codes);
    let taken = one_of(fields, "values", "what the values of a column are", &[("as they are", ())]);
    (codes, taken.is_none())
}

/// The fact may stand in a visit: what changes, and what is measured of the person.
pub(in crate::cohort) fn stands_in_visits(fact: &Fact) -> bool {
    let counts_on = matches!(fact.derived, Some(Derivation::AgeAt(Moment::AsOf)));
    let measured = matches!(fact.kind, FactKind::Number(_)) && !counts_on;
    match fact.recorded {
        RecordedIn::Visits => true,
        RecordedIn::Patient => measured,
        RecordedIn::Facts => false,
    }
}

fn check_unit(name: &str, kind: &NumberKind, written: &Spanned<String>) -> Option<Diagnostic> {
    let Spanned { value: written, span } = written;
    let span = *span;
    let Some(own) = kind.unit else { return Some(codes::unit(span, format!("`{name}` has no unit"))) };
    let usable =
        |unit: Unit| own.is_comparable(unit) || kind.conversions.iter().any(|other| other.from.is_comparable(unit));
    match Unit::parse(written) {
        Ok(unit) if usable(unit) => None,
        Ok(_) => {
            let error = codes::unit(span, format!("`{name}` cannot be converted from `{written}`"));
            Some(error.note(format!("`{name}` is recorded in {own}")))
        }
        Err(_) => {
            let error = codes::unit(span, format!("`{written}` is not a unit"));
            let spellings = Unit::spellings().filter(|known| Unit::parse(known).is_ok_and(usable));
            Some(match suggest::nearest(written, spellings) {
                Some(meant) => error.fix(format!("did you mean `{meant}`?"), span, meant),
                None => error.note(format!("`{name}` is recorded in {own}")),
            })
        }
    }
}
