//! A record with facts forgotten: what each fact may still be, and patients it may be.

use std::collections::BTreeSet;

use super::criteria::{self, Answers, Outcome};
use super::patient::{Instrument, Measure, Patient, Values};
use super::{Dice, Fraction};

/// What the record says of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    Known(Fraction),
    /// Not named at baseline, which for most instruments means that they were not used.
    NotMeasured,
    /// In which word; an empty one: the key is not there at all.
    Unknown(&'static str),
    /// Beyond the reach of the assay.
    Above(Fraction),
    Below(Fraction),
    /// Two values on one day.
    Either(Fraction, Fraction),
}

/// What the record says of one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cells {
    pub(crate) baseline: Cell,
    pub(crate) later: Cell,
    pub(crate) limit: Cell,
    pub(crate) end: i128,
}

/// A day: year, month, day.
pub(crate) type Day = (i32, u32, u32);

/// When the disease began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Onset {
    /// The age at onset.
    Age(Fraction),
    /// The day of birth; onset as written, from its first day to its last.
    Dates { born: Day, written: String, first: Day, last: Day },
    /// Only the day of birth.
    Born(Day),
    /// Only the age of today.
    AgeToday(i128),
    /// In which word.
    Unknown(&'static str),
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HalfEmpty {
    pub(crate) cells: [Cells; 13],
    /// `None`: not recorded.
    pub(crate) subtype: Option<&'static str>,
    pub(crate) onset: Onset,
    /// Values of a visit before the baseline, and of one between the two: never read.
    pub(crate) before: Vec<(Instrument, Fraction)>,
    pub(crate) between: Vec<(Instrument, Fraction)>,
}

/// The day of the later visit.
pub(crate) const TODAY: Day = (2024, 7, 10);

impl HalfEmpty {
    pub(crate) fn of(&self, instrument: Instrument) -> Cells {
        self.cells[instrument.at()]
    }

    pub(crate) fn of_mut(&mut self, instrument: Instrument) -> &mut Cells {
        &mut self.cells[instrument.at()]
    }

    /// Whether the disease may have begun in childhood, and whether it may not.
    pub(crate) fn juvenile(&self) -> Vec<bool> {
        let child = |born: Day, day: Day| day < (born.0 + 18, born.1, born.2);
        let (mut yes, mut no) = match &self.onset {
            Onset::Age(age) => (*age < Fraction::whole(18), *age >= Fraction::whole(18)),
            Onset::Dates { born, first, last, .. } => (child(*born, *first), !child(*born, *last)),
            Onset::Born(born) => (true, !child(*born, TODAY)),
            Onset::AgeToday(age) => (true, *age >= 18),
            Onset::Unknown(_) => (true, true),
        };
        match self.subtype {
            Some("JDM") => (yes, no) = (true, false),
            Some(_) => {}
            None => yes = true,
        }
        [true, false].into_iter().filter(|value| if *value { yes } else { no }).collect()
    }

    /// Every fact that the criteria look at is known.
    pub(crate) fn is_known(&self, measure: Measure) -> bool {
        measure.instruments().iter().all(|instrument| {
            let cells = self.of(*instrument);
            match cells.baseline {
                Cell::NotMeasured => true,
                Cell::Known(_) => {
                    let known = |cell: Cell| matches!(cell, Cell::Known(_));
                    known(cells.later) && (!instrument.is_enzyme() || known(cells.limit))
                }
                _ => false,
            }
        })
    }

    /// One way to fill in what is unknown of a measure, at edges more often than chance would have it.
    fn fill(&self, measure: Measure, dice: &mut Dice, values: &mut [Values; 13]) {
        for instrument in measure.instruments() {
            let cells = self.of(*instrument);
            let ratios = self.ratios(measure, *instrument, values);
            values[instrument.at()] = fill(*instrument, measure, cells, &ratios, dice);
        }
    }

    /// How far above their limits the other enzymes are: those drawn already, and those that are known.
    fn ratios(&self, measure: Measure, instrument: Instrument, values: &[Values; 13]) -> Vec<Fraction> {
        let others = measure.instruments().iter().filter(|other| **other != instrument);
        let ratio = |other: &Instrument| {
            if *other < instrument {
                let other = values[other.at()];
                return Some(other.baseline? / other.limit?);
            }
            match (self.of(*other).baseline, self.of(*other).limit) {
                (Cell::Known(value), Cell::Known(limit)) => Some(value / limit),
                _ => None,
            }
        };
        others.filter_map(ratio).collect()
    }

    /// One patient that this record may be of.
    pub(crate) fn complete(&self, dice: &mut Dice) -> Patient {
        let mut values = [Values { baseline: None, later: None, limit: None, end: 0 }; 13];
        for measure in Measure::ALL {
            self.fill(measure, dice, &mut values);
        }
        Patient { juvenile: *dice.pick(&self.juvenile()), values }
    }

    /// The same record with the patient's values in it.
    pub(crate) fn filled_from(&self, patient: &Patient, dice: &mut Dice) -> HalfEmpty {
        let mut full = self.clone();
        for instrument in Instrument::ALL {
            let values = patient.of(instrument);
            let known = |value: Option<Fraction>| value.map_or(Cell::NotMeasured, Cell::Known);
            full.cells[instrument.at()] = Cells {
                baseline: known(values.baseline),
                later: known(values.later),
                limit: known(values.limit),
                end: values.end,
            };
        }
        if self.juvenile().len() > 1 || self.subtype.is_none() {
            full.subtype = Some(if patient.juvenile { "JDM" } else { "DM" }).filter(|_| self.subtype.is_none());
            full.subtype = full.subtype.or(self.subtype);
            let age = if patient.juvenile { dice.between(0, 179) } else { dice.between(180, 600) };
            full.onset = Onset::Age(Fraction::new(age, 10));
        }
        full
    }

    /// Everything a measure may contribute, found by trying.
    fn outcomes(&self, measure: Measure, juvenile: bool, dice: &mut Dice, tries: usize) -> BTreeSet<Outcome> {
        let mut found = BTreeSet::new();
        let mut values = [Values { baseline: None, later: None, limit: None, end: 0 }; 13];
        let tries = if self.is_known(measure) { 1 } else { tries };
        for _ in 0..tries {
            self.fill(measure, dice, &mut values);
            match criteria::outcome(measure, juvenile, |instrument| values[instrument.at()]) {
                Some(outcome) => {
                    found.insert(outcome);
                }
                None => found.extend(criteria::anything(measure)),
            }
        }
        found
    }

    /// Every answer that some completion has, found by trying.
    pub(crate) fn witnessed(&self, dice: &mut Dice, tries: usize) -> Answers {
        let mut ages = self.juvenile().into_iter().map(|juvenile| {
            let possible = Measure::ALL.map(|measure| self.outcomes(measure, juvenile, dice, tries));
            criteria::answers(&possible, juvenile)
        });
        let Some(first) = ages.next() else { panic!("a disease begins in childhood or later") };
        ages.fold(first, |mut all, more| {
            all.total.extend(more.total);
            all.response.extend(more.response);
            all.improved.extend(more.improved);
            all.worsened.extend(more.worsened);
            all
        })
    }
}

/// What a cell leaves possible: from, to, and whether the ends belong to it.
fn room(instrument: Instrument, cell: Cell, end: i128) -> (Fraction, Fraction, bool, bool) {
    let top = Fraction::whole(if instrument.is_enzyme() { instrument.usual_end() } else { end });
    match cell {
        Cell::Above(low) => (low, top, false, true),
        Cell::Below(high) => (Fraction::ZERO, high, true, false),
        _ => (Fraction::ZERO, top, true, true),
    }
}

/// Few enough digits to go on reckoning with.
fn is_short(value: Fraction) -> bool {
    value.bottom() < 1_000_000_000 && value.top() < 1_000_000_000_000_000
}

/// A value of a cell: near one of the hints, at an end, or anywhere.
fn draw(instrument: Instrument, cell: Cell, end: i128, hints: &[Fraction], dice: &mut Dice) -> Option<Fraction> {
    match cell {
        Cell::Known(value) => return Some(value),
        Cell::NotMeasured => return None,
        Cell::Either(one, other) => return Some(if dice.once_in(2) { one } else { other }),
        Cell::Unknown(_) | Cell::Above(_) | Cell::Below(_) => {}
    }
    let (low, high, low_in, high_in) = room(instrument, cell, end);
    let fits = |value: Fraction| {
        (value > low || (low_in && value == low))
            && (value < high || (high_in && value == high))
            && (!instrument.is_whole() || value.is_whole())
    };
    let step = *dice.pick(&[Fraction::whole(1), Fraction::new(1, 10), Fraction::new(1, 1000)]);
    for _ in 0..4 {
        let candidate = match dice.below(8) {
            0 => *dice.pick(&[low, high, low + step, high - step]),
            1 => low + (high - low) * Fraction::new(dice.between(0, 1000), 1000),
            2 => low + Fraction::new(dice.between(0, 4000), 4),
            _ if hints.is_empty() => low + (high - low) * Fraction::new(dice.between(0, 20), 20),
            _ => {
                let hint = *dice.pick(hints);
                let hint =
                    if instrument.is_whole() { hint.floor() + Fraction::whole(dice.between(0, 1)) } else { hint };
                *dice.pick(&[hint, hint, hint + step, hint - step])
            }
        };
        let candidate = if instrument.is_whole() { candidate.floor() } else { candidate };
        if is_short(candidate) && fits(candidate) {
            return Some(candidate);
        }
    }
    let middle = (low + high) * Fraction::new(1, 2);
    Some(if instrument.is_whole() { middle.floor() } else { middle })
}

const SHARES: [i128; 5] = [20, 25, 30, -20, -25];

fn fill(instrument: Instrument, measure: Measure, cells: Cells, ratios: &[Fraction], dice: &mut Dice) -> Values {
    let hundred = Fraction::whole(100);
    let edges: Vec<Fraction> = criteria::bands(measure).0.into_iter().map(Fraction::whole).collect();
    let length = match (instrument.is_enzyme(), cells.limit) {
        (true, Cell::Known(limit)) => limit * Fraction::whole(instrument.multiple()),
        (true, _) => Fraction::whole(600),
        (false, _) => Fraction::whole(cells.end),
    };
    let known = |cell: Cell| if let Cell::Known(value) = cell { Some(value) } else { None };
    let mut hints = Vec::new();
    if let Cell::Known(limit) = cells.limit {
        hints.extend(ratios.iter().map(|ratio| *ratio * limit));
        hints.push(limit * Fraction::new(dice.between(0, 400), 10));
    }
    if let Some(later) = known(cells.later) {
        for edge in &edges {
            let step = *edge * length / hundred;
            hints.push(if instrument.is_better_higher() { later - step } else { later + step });
        }
        hints.extend(SHARES.iter().chain(&[-30]).map(|share| later * hundred / Fraction::whole(100 + share)));
        hints.extend([later, later + Fraction::whole(2), later - Fraction::whole(2)]);
    }
    let may_be_unmeasured = instrument.may_be_unmeasured() && matches!(cells.baseline, Cell::Unknown(_));
    let baseline = if may_be_unmeasured && dice.once_in(4) {
        None
    } else {
        draw(instrument, cells.baseline, cells.end, &hints, dice)
    };
    let mut hints = Vec::new();
    if let Some(before) = baseline {
        for edge in &edges {
            let step = *edge * length / hundred;
            hints.push(if instrument.is_better_higher() { before + step } else { before - step });
        }
        hints.extend(SHARES.iter().chain(&[-30]).map(|share| before * Fraction::whole(100 + share) / hundred));
        hints.extend([before, before + Fraction::whole(2), before - Fraction::whole(2)]);
    }
    let later = draw(instrument, cells.later, cells.end, &hints, dice);
    let limit = match (instrument.is_enzyme(), cells.limit) {
        (false, _) => None,
        (true, Cell::Known(limit)) => Some(limit),
        (true, _) => Some(draw_limit(instrument, baseline, later, &edges, ratios, dice)),
    };
    Values { baseline, later, limit: limit.filter(|_| baseline.is_some()), end: cells.end }
}

/// An upper limit nobody wrote down: any number above zero.
fn draw_limit(
    instrument: Instrument,
    baseline: Option<Fraction>,
    later: Option<Fraction>,
    edges: &[Fraction],
    ratios: &[Fraction],
    dice: &mut Dice,
) -> Fraction {
    let mut hints: Vec<Fraction> = Vec::new();
    if let (Some(before), Some(after)) = (baseline, later) {
        let multiple = Fraction::whole(instrument.multiple());
        hints.extend(edges.iter().map(|edge| (before - after) * Fraction::whole(100) / (multiple * *edge)));
    }
    if let Some(before) = baseline {
        hints.extend(ratios.iter().filter(|ratio| ratio.top() > 0).map(|ratio| before / *ratio));
    }
    hints.retain(|hint| hint.top() > 0 && is_short(*hint));
    let factor = Fraction::new(dice.between(990, 1010), 1000);
    match dice.below(8) {
        0 => Fraction::new(1, dice.between(1, 1000)),
        1 => Fraction::whole(dice.between(1, 2_000_000)),
        2 => Fraction::new(dice.between(1, 4000), 10),
        _ if hints.is_empty() => Fraction::whole(dice.between(1, 400)),
        3 | 4 => *dice.pick(&hints) * factor,
        5 => *dice.pick(&hints) * Fraction::new(dice.between(1, 40), 10),
        _ => *dice.pick(&hints),
    }
}
