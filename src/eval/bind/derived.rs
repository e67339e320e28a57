use crate::catalog::{Derivation, Fact, FactKind, Moment};
use crate::record::Given;
use crate::value::{Bound, DateRange, Interval, Number, NumberSet, Reason};

use super::{Binder, Held, Input, entry};

impl Binder<'_> {
    /// What is worked out from other facts: taken where nothing is recorded, held against what is.
    pub(super) fn with_derivation(&mut self, fact: &Fact, input: Input) -> Input {
        let Held::Number(recorded) = &input.held else { return input };
        let worked_out = fact.derived.and_then(|derivation| self.derive(derivation));
        if input.reason == Reason::Recorded {
            // More than a year apart: both are kept, and the record's own notice tells it.
            let age = matches!(fact.derived, Some(Derivation::AgeAt(_)));
            return match worked_out.filter(|derived| age && is_far_from(recorded, derived)) {
                Some(derived) => {
                    let held = Held::Number(recorded.union(&derived));
                    Input { held, reason: Reason::Conflicting, ..input }
                }
                None => input,
            };
        }
        let narrower = worked_out.map(|derived| recorded.intersection(&listed(fact, &derived)));
        if let Some(narrower) = narrower.filter(|narrower| !narrower.is_empty()) {
            return Input::of(Held::Number(narrower), Reason::Derived);
        }
        match self.not_after_today(fact, recorded) {
            Some(narrower) => Input { held: Held::Number(narrower), ..input },
            None => input,
        }
    }

    /// An age at a past moment is not above the age of today.
    fn not_after_today(&mut self, fact: &Fact, recorded: &NumberSet) -> Option<NumberSet> {
        let Some(Derivation::AgeAt(Moment::Fact(_))) = fact.derived.filter(|_| self.is_today()) else { return None };
        let up_to = NumberSet::from_interval(Interval { low: Bound::Unbounded, high: self.oldest_today()? });
        Some(recorded.intersection(&up_to)).filter(|room| !room.is_empty())
    }

    /// How old the patient can be today: by the date of birth, or by an age, which is told in whole years and goes on to the
    /// next birthday.
    fn oldest_today(&mut self) -> Option<Bound> {
        let age = self
            .catalog
            .facts()
            .find(|(_, fact)| fact.derived == Some(Derivation::AgeAt(Moment::AsOf)))
            .map(|(id, _)| id)?;
        let fact = self.catalog.fact(age)?;
        let input = self.undated(age, fact);
        let Held::Number(age) = &input.held else { return None };
        let high = age.hull()?.high;
        match high.number().filter(|_| input.reason != Reason::Derived) {
            Some(years) => Some(Bound::Open(Number::whole(i64::try_from(years.floor()).ok()?).plus(Number::ONE).ok()?)),
            None => Some(high),
        }
    }

    fn derive(&mut self, derivation: Derivation) -> Option<NumberSet> {
        match derivation {
            Derivation::AgeAt(moment) => {
                let born = self.record.born?;
                let then = self.moment(moment)?;
                Some(between(then.earliest.years_since(born.latest), then.latest.years_since(born.earliest)))
            }
            Derivation::YearsBetween(from, to) => {
                let (from, to) = (self.moment(from)?, self.moment(to)?);
                Some(between(to.earliest.years_since(from.latest), to.latest.years_since(from.earliest)))
            }
            Derivation::MonthsBetween(from, to) => {
                let (from, to) = (self.moment(from)?, self.moment(to)?);
                Some(between(to.earliest.months_since(from.latest), to.latest.months_since(from.earliest)))
            }
        }
    }

    fn moment(&self, moment: Moment) -> Option<DateRange> {
        match moment {
            Moment::AsOf => Some(DateRange { earliest: self.seen.as_of, latest: self.seen.as_of }),
            Moment::Fact(id) => {
                self.record.undated.iter().find(|entry| entry.fact == id).and_then(|entry| match entry.given {
                    Given::Date(range) => Some(range),
                    Given::Choices(_) | Given::Number(_) | Given::Missing => None,
                })
            }
        }
    }
}

/// From the least to the greatest; time before the first moment counts as none.
fn between(low: Number, high: Number) -> NumberSet {
    NumberSet::between(low.max(Number::ZERO), high.max(Number::ZERO))
}

fn listed(fact: &Fact, derived: &NumberSet) -> NumberSet {
    match &fact.kind {
        FactKind::Number(kind) if kind.whole => entry::listed(derived),
        FactKind::Number(_) | FactKind::Choice { .. } | FactKind::Date => derived.clone(),
    }
}

/// More than a year apart, an age in whole years being that of any day of the year.
fn is_far_from(recorded: &NumberSet, derived: &NumberSet) -> bool {
    let near = Interval { low: Bound::Open(Number::whole(-2)), high: Bound::Closed(Number::ONE) };
    !recorded.minus(derived).is_within(&NumberSet::from_interval(near)).can_be_yes()
}
