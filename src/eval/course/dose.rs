//! Doses against a floor: of one kind of unit at once, by weight or body surface where these are known.

use crate::catalog::{FactId, FactKind};
use crate::record::{Entry, Given, Record, Visit};
use crate::value::{Bound, Date, Interval, Number, NumberSet, Quantity, Reason, Truth, Unit, UnitKind};

use super::super::Subject;

/// The facts of the dictionary that doses by weight and by body surface are worked out with.
pub(super) const WEIGHT: &str = "weight";
pub(super) const HEIGHT: &str = "height";

/// Body surface by Mosteller: the root of height in cm times weight in kg over this.
const MOSTELLER: Number = Number::whole(3600);

/// What a dose is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// `mg`
    Plain,
    /// `mg/kg`
    Weight,
    /// `mg/m2`
    Surface,
}

/// On what occasion a dose is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Timing {
    /// `/day`
    OverTime,
    /// `per dose`
    Occasion,
    /// `per cycle`
    Cycle,
    /// Not said.
    Bare,
}

/// Weight and height on the days of a record.
#[derive(Debug)]
pub(super) struct Body {
    weight: Measured,
    height: Measured,
}

/// One measurement of the body: the values by day, the earliest first.
#[derive(Debug)]
struct Measured {
    fact: Option<FactId>,
    /// What holds on days that no visit speaks of.
    undated: NumberSet,
    dated: Vec<(Date, NumberSet)>,
}

/// What a floor must be compared through.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Through {
    /// The weight.
    pub(super) weight: bool,
    /// The height.
    pub(super) height: bool,
}

impl Body {
    pub(super) fn of(subject: Subject<'_>, record: &Record) -> Body {
        Body {
            weight: Measured::of(subject, record, WEIGHT, "kg"),
            height: Measured::of(subject, record, HEIGHT, "cm"),
        }
    }

    /// The days on which what is known of the body changes.
    pub(super) fn days(&self) -> impl Iterator<Item = Date> {
        self.weight.dated.iter().chain(&self.height.dated).map(|(day, _)| *day)
    }

    /// The facts that a comparison lacks on a day.
    pub(super) fn lacks(&self, through: Through, day: Date) -> impl Iterator<Item = FactId> {
        let weight = Some(&self.weight).filter(|_| through.weight);
        let height = Some(&self.height).filter(|_| through.height);
        weight
            .into_iter()
            .chain(height)
            .filter(move |measured| measured.on(day).single().is_none())
            .filter_map(|measured| measured.fact)
    }
}

impl Measured {
    fn of(subject: Subject<'_>, record: &Record, name: &str, unit: &str) -> Measured {
        let fact = subject.catalog.find(name);
        let known = fact.and_then(|id| subject.catalog.fact(id));
        let kind = known.and_then(|fact| match &fact.kind {
            FactKind::Number(kind) => Some(kind),
            FactKind::Choice { .. } | FactKind::Date => None,
        });
        let own = kind.and_then(|kind| kind.unit);
        let factor = own.zip(Unit::parse(unit).ok()).and_then(|(own, unit)| Unit::convert(Number::ONE, own, unit).ok());
        let factor = NumberSet::point(factor.unwrap_or(Number::ONE));
        let allowed = kind.map_or_else(positive, |kind| kind.range.clone()).intersection(&positive());
        let in_unit = |entry: &Entry| match &entry.given {
            Given::Number(set) => set.intersection(&positive()).times(&factor),
            Given::Choices(_) | Given::Date(_) | Given::Missing => allowed.times(&factor),
        };
        let speaks = |entry: &&Entry| {
            Some(entry.fact) == fact && !(entry.given == Given::Missing && entry.reason == Reason::NotMeasured)
        };
        let together = |entries: &[Entry]| {
            let values = entries.iter().filter(speaks).map(in_unit);
            values.reduce(|union, next| union.union(&next))
        };
        let undated = together(&record.undated).unwrap_or_else(|| allowed.times(&factor));
        let on_visit = |visit: &Visit| together(&visit.entries).map(|value| (visit.date, value));
        let mut dated: Vec<(Date, NumberSet)> = Vec::new();
        for (day, value) in record.visits.iter().filter_map(on_visit) {
            match dated.last_mut() {
                Some((last, known)) if *last == day => *known = known.union(&value),
                _ => dated.push((day, value)),
            }
        }
        Measured { fact, undated, dated }
    }

    /// The nearest before the day, else the nearest after it.
    fn on(&self, day: Date) -> &NumberSet {
        let before = self.dated.iter().rev().find(|(at, _)| *at <= day);
        before.or(self.dated.first()).map_or(&self.undated, |(_, value)| value)
    }
}

/// Whether a dose, multiplied with the factor of its preparation, reaches a floor on a day.
pub(super) fn reaches(dose: Quantity, factor: Number, floor: Quantity, body: &Body, day: Date) -> Truth {
    let compared = || {
        let (dose_basis, timing) = measured_by(dose)?;
        let (floor_basis, floor_timing) = measured_by(floor)?;
        let value = NumberSet::point(in_first_unit(dose)?.times(factor).ok()?);
        let least = NumberSet::point(in_first_unit(floor)?);
        if timing != floor_timing {
            return None;
        }
        let weight = body.weight.on(day);
        // Square of the body surface, times the number of Mosteller.
        let surface = || body.height.on(day).times(weight);
        let squared = |number: &NumberSet| number.times(number);
        let scaled = |number: &NumberSet| squared(number).times(&NumberSet::point(MOSTELLER));
        Some(match (dose_basis, floor_basis) {
            (Basis::Plain, Basis::Plain) | (Basis::Weight, Basis::Weight) | (Basis::Surface, Basis::Surface) => {
                value.is_at_least(&least)
            }
            (Basis::Plain, Basis::Weight) => value.is_at_least(&least.times(weight)),
            (Basis::Weight, Basis::Plain) => value.times(weight).is_at_least(&least),
            (Basis::Plain, Basis::Surface) => scaled(&value).is_at_least(&squared(&least).times(&surface())),
            (Basis::Surface, Basis::Plain) => squared(&value).times(&surface()).is_at_least(&scaled(&least)),
            (Basis::Weight, Basis::Surface) => {
                scaled(&value).times(weight).is_at_least(&squared(&least).times(body.height.on(day)))
            }
            (Basis::Surface, Basis::Weight) => {
                squared(&value).times(body.height.on(day)).is_at_least(&scaled(&least).times(weight))
            }
        })
    };
    let same_unit_kind = || {
        let (from, to) = (dose.unit?, floor.unit?);
        let value = Unit::convert(dose.value, from, to).ok()?.times(factor).ok()?;
        Some(Truth::from(value >= floor.value))
    };
    same_unit_kind().or_else(compared).unwrap_or(Truth::EITHER)
}

/// Through which measurements of the body a dose and a floor are compared.
pub(super) fn through(dose: Quantity, floor: Quantity) -> Through {
    match (measured_by(dose), measured_by(floor)) {
        (Some((dose, _)), Some((floor, _))) if dose != floor => {
            Through { weight: true, height: dose == Basis::Surface || floor == Basis::Surface }
        }
        _ => Through::default(),
    }
}

fn measured_by(quantity: Quantity) -> Option<(Basis, Timing)> {
    Some(match quantity.unit?.kind() {
        UnitKind::Mass => (Basis::Plain, Timing::Bare),
        UnitKind::Dose => (Basis::Plain, Timing::OverTime),
        UnitKind::DosePerOccasion => (Basis::Plain, Timing::Occasion),
        UnitKind::DosePerCycle => (Basis::Plain, Timing::Cycle),
        UnitKind::DoseByWeight => (Basis::Weight, Timing::Bare),
        UnitKind::DoseByWeightOverTime => (Basis::Weight, Timing::OverTime),
        UnitKind::DoseByWeightPerOccasion => (Basis::Weight, Timing::Occasion),
        UnitKind::DoseByWeightPerCycle => (Basis::Weight, Timing::Cycle),
        UnitKind::DoseBySurface => (Basis::Surface, Timing::Bare),
        UnitKind::DoseBySurfaceOverTime => (Basis::Surface, Timing::OverTime),
        UnitKind::DoseBySurfacePerOccasion => (Basis::Surface, Timing::Occasion),
        UnitKind::EnzymeActivity
        | UnitKind::InternationalUnitConcentration
        | UnitKind::MassConcentration
        | UnitKind::AmountConcentration
        | UnitKind::CellCount
        | UnitKind::Sedimentation
        | UnitKind::Length
        | UnitKind::Area
        | UnitKind::BodyMassIndex
        | UnitKind::Volume
        | UnitKind::Flow
        | UnitKind::FlowByBodySurface
        | UnitKind::Pressure
        | UnitKind::Frequency
        | UnitKind::Duration
        | UnitKind::CalendarTime
        | UnitKind::Temperature
        | UnitKind::Proportion
        | UnitKind::ProportionOverTime
        | UnitKind::Points
        | UnitKind::Repetitions
        | UnitKind::Cycles
        | UnitKind::Doses
        | UnitKind::PackYears
        | UnitKind::DoseInAll
        | UnitKind::InternationalUnits
        | UnitKind::InternationalUnitsOverTime
        | UnitKind::UnitsOverTime => return None,
    })
}

/// The number in the first unit of its kind: of mg, and of a day.
fn in_first_unit(quantity: Quantity) -> Option<Number> {
    let unit = quantity.unit?;
    let first = Unit::all().find(|other| other.is_comparable(unit))?;
    Unit::convert(quantity.value, unit, first).ok()
}

/// All numbers above zero.
fn positive() -> NumberSet {
    NumberSet::from_interval(Interval { low: Bound::Open(Number::ZERO), high: Bound::Unbounded })
}
