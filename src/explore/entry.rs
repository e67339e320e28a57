//! What a search narrowed of one fact at one visit, into one entry of a record.

use crate::catalog::{Fact, FactKind, NumberKind};
use crate::eval::Held;
use crate::plan::{Part, ScaleEnd};
use crate::value::{Choices, Number, NumberSet};

use super::plain::plainest;

/// What is asked of one fact at one visit.
#[derive(Debug, Clone, Default)]
pub(super) struct Narrowed {
    /// The value.
    value: Option<Held>,
    /// The value on a scale that ends there.
    on_scale: Vec<(ScaleEnd, NumberSet)>,
    /// The upper limit.
    limit: Option<NumberSet>,
    /// The value over the upper limit.
    multiple: Option<NumberSet>,
    /// The length of the scale.
    length: Option<NumberSet>,
    /// Whether it was measured.
    measured: Option<bool>,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// Nothing is asked.
    Nothing,
    /// Nobody measured it.
    NotMeasured,
    /// `120`, and the scale where it is not the usual one.
    Value(String, Option<String>),
}

/// The upper limits that are written where any would do, the first that does.
const LIMITS: [&str; 7] = ["100", "10", "1", "1000", "40", "0.1", "0.01"];

impl Narrowed {
    /// Takes in what a slot is narrowed to; `None` where it contradicts another.
    pub(super) fn take(&mut self, part: Part, held: &Held) -> Option<()> {
        match (part, held) {
            (Part::Value, held) => {
                let both = self.value.as_ref().map_or_else(|| held.clone(), |own| own.intersection(held));
                self.value = Some(both).filter(|both| !both.is_empty());
                self.value.as_ref().map(|_| ())
            }
            (Part::OnScale(end), Held::Number(number)) => {
                self.on_scale.push((end, number.clone()));
                Some(())
            }
            (Part::UpperLimit, Held::Number(number)) => narrow(&mut self.limit, number),
            (Part::Multiple, Held::Number(number)) => narrow(&mut self.multiple, number),
            (Part::ScaleLength, Held::Number(number)) => narrow(&mut self.length, number),
            (Part::Measured, Held::Truth(truth)) => {
                let asked = truth.settled()?;
                let agrees = self.measured.is_none_or(|own| own == asked);
                self.measured = Some(asked);
                agrees.then_some(())
            }
            (
                Part::Recorded
                | Part::OnScale(_)
                | Part::UpperLimit
                | Part::Multiple
                | Part::ScaleLength
                | Part::Measured,
                _,
            ) => None,
        }
    }

    /// The entry; `None` where no record says that.
    pub(super) fn entry(&self, fact: &Fact) -> Option<Entry> {
        if self.measured == Some(false) {
            // What its value would be does not matter.
            return Some(Entry::NotMeasured);
        }
        match &fact.kind {
            FactKind::Choice { values, .. } => {
                let allowed = match self.value {
                    Some(Held::Choices(choices)) => choices,
                    Some(Held::Truth(_) | Held::Number(_)) => return None,
                    None if self.measured.is_none() => return Some(Entry::Nothing),
                    None => Choices::all(values.len()),
                };
                // Of several the plainest is what is usual: for a yes/no, `no`.
                let at = allowed
                    .iter()
                    .filter(|at| usize::from(*at) < values.len())
                    .max_by_key(|at| values.get(usize::from(*at)).map(|value| value.name != FactKind::NOT_DONE))?;
                values.get(usize::from(at)).map(|value| Entry::Value(value.name.clone(), None))
            }
            FactKind::Number(kind) => self.number(kind),
            FactKind::Date => None,
        }
    }

    /// Something is asked of it.
    pub(super) fn is_asked(&self) -> bool {
        self.value.is_some()
            || self.measured.is_some()
            || self.limit.is_some()
            || self.multiple.is_some()
            || self.length.is_some()
            || !self.on_scale.is_empty()
    }

    fn number(&self, kind: &NumberKind) -> Option<Entry> {
        if !self.is_asked() {
            return Some(Entry::Nothing);
        }
        let (scale, room) = self.scale(kind)?;
        let value = match &self.value {
            Some(Held::Number(number)) => room.intersection(number),
            Some(Held::Truth(_) | Held::Choices(_)) => return None,
            None => room,
        };
        let value = if kind.whole { value.whole_only() } else { value };
        let usual = kind.usual.as_ref();
        if self.multiple.is_none() && self.limit.is_none() {
            return Some(Entry::Value(plainest(&value, usual, &kind.range)?.exact_decimal()?, scale));
        }
        let (value, limit) = self.with_limit(&value, kind)?;
        let (value, limit) = (value.exact_decimal()?, limit.exact_decimal()?);
        Some(Entry::Value(format!("{{value: {value}, upper_limit: {limit}}}"), scale))
    }

    /// A value and an upper limit with the multiple that is asked.
    fn with_limit(&self, values: &NumberSet, kind: &NumberKind) -> Option<(Number, Number)> {
        let usual = kind.usual.as_ref();
        let any = NumberSet::everything();
        let limits = self.limit.as_ref();
        let likely = LIMITS.into_iter().filter_map(|limit| limit.parse::<Number>().ok());
        let likely = likely.filter(|limit| limits.is_none_or(|limits| limits.contains(*limit)));
        let asked = limits.and_then(|limits| plainest(limits, None, &any));
        let by_limit = asked.into_iter().chain(likely).find_map(|limit| {
            let multiples = self.multiple.as_ref().unwrap_or(&any);
            let room = multiples.times(&NumberSet::point(limit)).intersection(values);
            Some((plainest(&room, usual, &kind.range)?, limit))
        });
        by_limit.or_else(|| {
            let value = plainest(values, usual, &kind.range)?;
            let room = NumberSet::point(value).over(self.multiple.as_ref()?).intersection(limits.unwrap_or(&any));
            let limit = plainest(&room, None, &any)?;
            self.multiple.as_ref()?.contains(value.over(limit).ok()?).then_some((value, limit))
        })
    }

    /// The scale, where it is not the usual one, and the values it has.
    fn scale(&self, kind: &NumberKind) -> Option<(Option<String>, NumberSet)> {
        let low = kind.range.hull().and_then(|hull| hull.low.number()).unwrap_or(Number::ZERO);
        let fits = |end: &Number| {
            let long = end.minus(low).is_ok_and(|long| self.length.as_ref().is_none_or(|length| length.contains(long)));
            long && self.on_scale.iter().all(|(own, _)| Number::whole(i64::from(own.0)) == *end)
        };
        let up_to = |end: Number| kind.range.intersection(&NumberSet::between(low, end));
        let on_scale = |room: NumberSet| self.on_scale.iter().fold(room, |room, (_, asked)| room.intersection(asked));
        if kind.scales.is_empty() {
            let end = kind.range.hull().and_then(|hull| hull.high.number());
            let fits = end.as_ref().map_or(self.length.is_none(), fits);
            return fits.then(|| (None, on_scale(kind.range.clone())));
        }
        let end = kind.scales.iter().copied().find(fits)?;
        let written = (kind.scales.first() != Some(&end)).then(|| end.exact_decimal()).flatten();
        Some((written, on_scale(up_to(end))))
    }
}

fn narrow(own: &mut Option<NumberSet>, other: &NumberSet) -> Option<()> {
    let both = own.as_ref().map_or_else(|| other.clone(), |own| own.intersection(other));
    let left = !both.is_empty();
    *own = Some(both);
    left.then_some(())
}
