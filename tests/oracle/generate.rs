//! Patients on and next to every edge, and ways to forget what is known of them.

use super::half_empty::{Cell, Cells, HalfEmpty, Onset};
use super::patient::{Instrument, Measure};
use super::{Dice, Fraction, criteria};

const UNMEASURED: Cells =
    Cells { baseline: Cell::NotMeasured, later: Cell::Unknown(""), limit: Cell::Unknown(""), end: 0 };

/// A patient of whom everything is known that the criteria ask for.
pub(crate) fn complete(dice: &mut Dice) -> HalfEmpty {
    let mut cells = [UNMEASURED; 13];
    for instrument in Instrument::ALL {
        cells[instrument.at()].end = match instrument.other_end() {
            Some(other) if dice.once_in(5) => other,
            _ => instrument.usual_end(),
        };
    }
    for measure in Measure::ALL {
        let instruments = measure.instruments();
        let certain = dice.below(instruments.len());
        let one_in = if measure == Measure::Enzyme { 2 } else { 4 };
        let mut ratios = Vec::new();
        for (at, instrument) in instruments.iter().enumerate() {
            let end = cells[instrument.at()].end;
            if at == certain || dice.once_in(one_in) {
                cells[instrument.at()] = measured(*instrument, measure, end, &mut ratios, dice);
            } else if dice.once_in(5) {
                // Used at the later visit only: no candidate.
                let value = grid(*instrument, end, dice);
                cells[instrument.at()].later = Cell::Known(value);
            }
        }
    }
    let (subtype, onset) = onset(dice);
    let mut record = HalfEmpty { cells, subtype: Some(subtype), onset, before: Vec::new(), between: Vec::new() };
    if dice.once_in(4) {
        record.before = extra(&record, dice);
    }
    if dice.once_in(4) {
        record.between = extra(&record, dice);
        record.between.retain(|(instrument, _)| matches!(record.cells[instrument.at()].later, Cell::Known(_)));
    }
    record
}

/// Values of another visit.
fn extra(record: &HalfEmpty, dice: &mut Dice) -> Vec<(Instrument, Fraction)> {
    let some = Instrument::ALL.into_iter().filter(|_| dice.once_in(3)).collect::<Vec<_>>();
    some.into_iter().map(|instrument| (instrument, grid(instrument, record.of(instrument).end, dice))).collect()
}

/// Any value of an instrument, round as people write them.
fn grid(instrument: Instrument, end: i128, dice: &mut Dice) -> Fraction {
    match instrument {
        Instrument::Physician | Instrument::Patient if end == 4 => Fraction::whole(dice.between(0, 4)),
        Instrument::Physician | Instrument::Patient | Instrument::Extramuscular => {
            Fraction::new(dice.between(0, 100), 10)
        }
        Instrument::Mmt8 | Instrument::Mmt24 | Instrument::Cmas => Fraction::whole(dice.between(0, end)),
        Instrument::Haq | Instrument::Chaq => Fraction::new(dice.between(0, 24), 8),
        Instrument::Aldolase => Fraction::new(dice.between(0, 600), 10),
        Instrument::Ck => Fraction::whole(dice.between(0, 9000)),
        Instrument::Ldh | Instrument::Ast | Instrument::Alt => Fraction::whole(dice.between(0, 900)),
    }
}

fn limit(instrument: Instrument, dice: &mut Dice) -> Fraction {
    match instrument {
        Instrument::Aldolase => Fraction::new(dice.between(60, 90), 10),
        Instrument::Ck => Fraction::whole(dice.between(150, 400)),
        _ => Fraction::whole(dice.between(30, 250)),
    }
}

fn measured(instrument: Instrument, measure: Measure, end: i128, ratios: &mut Vec<Fraction>, dice: &mut Dice) -> Cells {
    let limit = limit(instrument, dice);
    let mut baseline = if dice.once_in(12) { Fraction::ZERO } else { grid(instrument, end, dice) };
    let mut length = Fraction::whole(end);
    if instrument.is_enzyme() {
        length = limit * Fraction::whole(instrument.multiple());
        if let Some(ratio) = ratios.first().filter(|_| dice.once_in(3)) {
            // As far above its limit as another one, or a hair more or less.
            baseline = *ratio * limit + Fraction::new(dice.between(-1, 1), 100);
            if baseline < Fraction::ZERO || baseline.decimal().is_none() {
                baseline = grid(instrument, end, dice);
            }
        }
        ratios.push(baseline / limit);
    }
    let later = later(instrument, measure, end, baseline, length, dice);
    let limit = if instrument.is_enzyme() { Cell::Known(limit) } else { Cell::Unknown("") };
    Cells { baseline: Cell::Known(baseline), later: Cell::Known(later), limit, end }
}

/// The follow-up on an edge of the bands or of the definitions, or next to it, or anywhere.
fn later(
    instrument: Instrument,
    measure: Measure,
    end: i128,
    baseline: Fraction,
    length: Fraction,
    dice: &mut Dice,
) -> Fraction {
    let hundred = Fraction::whole(100);
    let towards = |step: Fraction| if instrument.is_better_higher() { baseline + step } else { baseline - step };
    let exact = match dice.below(8) {
        0 => return grid(instrument, end, dice),
        1 | 2 => {
            let share = *dice.pick(&[20, -20, -25, -30]);
            towards(baseline * Fraction::whole(share) / hundred)
        }
        3 if !instrument.may_be_unmeasured() => baseline + Fraction::whole(2),
        4 if dice.once_in(3) => baseline,
        _ => towards(Fraction::whole(*dice.pick(&criteria::bands(measure).0)) * length / hundred),
    };
    let unit = if instrument.is_whole() { Fraction::whole(1) } else { Fraction::new(1, 100) };
    let next = exact + unit * Fraction::whole(dice.between(-1, 1));
    let next = if instrument.is_whole() { next.floor() } else { next };
    let top = Fraction::whole(if instrument.is_enzyme() { instrument.usual_end() } else { end });
    if next.decimal().is_none() { grid(instrument, end, dice) } else { next.max(Fraction::ZERO).min(top) }
}

fn onset(dice: &mut Dice) -> (&'static str, Onset) {
    let subtype = *dice.pick(&["DM", "PM", "JDM", "ASyS", "overlap", "DM"]);
    let onset = match dice.below(6) {
        0 => Onset::Age(Fraction::whole(18)),
        1 => Onset::Age(Fraction::new(1799, 100)),
        2 => {
            // Around the eighteenth birthday.
            let born = (1980 + i32::try_from(dice.below(20)).unwrap_or(0), 3, 15);
            let day = (born.0 + 18, 3, 14 + u32::try_from(dice.below(3)).unwrap_or(0));
            let written = format!("{:04}-{:02}-{:02}", day.0, day.1, day.2);
            Onset::Dates { born, written, first: day, last: day }
        }
        3 => Onset::Age(Fraction::new(dice.between(0, 360), 10)),
        _ => Onset::Age(Fraction::whole(dice.between(19, 80))),
    };
    (subtype, onset)
}

const WORDS: [&str; 4] = ["", "unknown", "pending", "refused"];

/// Forgets some facts of a record; `often` is how many of a hundred.
pub(crate) fn forget(record: &HalfEmpty, often: usize, dice: &mut Dice) -> HalfEmpty {
    let mut record = record.clone();
    let whole_later_visit = dice.once_in(40) && record.between.is_empty();
    let whole_baseline = dice.once_in(60);
    for instrument in Instrument::ALL {
        let end = record.of(instrument).end;
        let is_between = record.between.iter().any(|(other, _)| *other == instrument);
        let usual = end == instrument.usual_end();
        if whole_baseline {
            let cells = record.of_mut(instrument);
            cells.baseline = if instrument.may_be_unmeasured() { Cell::NotMeasured } else { Cell::Unknown("") };
            if !usual && !instrument.may_be_unmeasured() {
                cells.end = instrument.usual_end();
                cells.later = Cell::Unknown("");
                record.between.retain(|(other, _)| *other != instrument);
                record.before.retain(|(other, _)| *other != instrument);
            }
            continue;
        }
        let was_measured = record.of(instrument).baseline != Cell::NotMeasured;
        if dice.below(100) < often && (was_measured || dice.once_in(8)) {
            let words = if instrument.may_be_unmeasured() || !usual { &WORDS[1..] } else { &WORDS[..] };
            let word = *dice.pick(words);
            let cell = forgotten(instrument, record.of(instrument).baseline, word, dice);
            let cells = record.of_mut(instrument);
            cells.baseline = cell;
            if !was_measured && instrument.is_enzyme() && dice.once_in(2) {
                cells.limit = Cell::Known(limit(instrument, dice));
            }
        }
        if whole_later_visit || (dice.below(100) < often && was_measured) {
            let word =
                if whole_later_visit { "" } else { *dice.pick(if is_between { &WORDS[1..] } else { &WORDS[..] }) };
            let cell = forgotten(instrument, record.of(instrument).later, word, dice);
            let cell = if whole_later_visit { Cell::Unknown("") } else { cell };
            record.of_mut(instrument).later = cell;
        }
        if instrument.is_enzyme() && was_measured && dice.below(100) < often {
            record.of_mut(instrument).limit = Cell::Unknown("");
        }
    }
    if dice.below(100) < often {
        record.subtype = None;
    }
    if dice.below(100) < often {
        record.onset = match dice.below(5) {
            0 => {
                let year = 1990 + i32::try_from(dice.below(8)).unwrap_or(0);
                let born = (year, 6, 15);
                let (written, first, last) = match dice.below(3) {
                    0 => (format!("{:04}-06", year + 18), (year + 18, 6, 1), (year + 18, 6, 30)),
                    1 => (format!("{:04}", year + 18), (year + 18, 1, 1), (year + 18, 12, 31)),
                    _ => (format!("{:04}-05", year + 18), (year + 18, 5, 1), (year + 18, 5, 31)),
                };
                Onset::Dates { born, written, first, last }
            }
            1 => Onset::Born(*dice.pick(&[(2010, 1, 1), (1980, 1, 1), (2006, 7, 10), (2006, 7, 11)])),
            2 => Onset::AgeToday(*dice.pick(&[12, 17, 18, 40])),
            3 => Onset::Unknown(""),
            _ => Onset::Unknown("unknown"),
        };
    }
    record
}

/// What is left of a value.
fn forgotten(instrument: Instrument, cell: Cell, word: &'static str, dice: &mut Dice) -> Cell {
    let Cell::Known(value) = cell else { return Cell::Unknown(word) };
    if instrument.is_enzyme() && dice.once_in(3) {
        // The true value stays possible.
        return if dice.once_in(2) && value.top() > 0 {
            Cell::Above((value * Fraction::new(1, 2)).floor())
        } else {
            Cell::Below(value + Fraction::whole(dice.between(1, 500)))
        };
    }
    if dice.once_in(8) {
        let other = grid(instrument, 3, dice);
        if other != value && other <= Fraction::whole(3) {
            return Cell::Either(value, other);
        }
    }
    Cell::Unknown(word)
}
