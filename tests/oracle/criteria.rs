//! The response criteria of 2016 and the IMACS definitions of improvement and worsening, from the published text.

use std::collections::BTreeSet;

use super::Fraction;
use super::patient::{Instrument, Measure, Patient, Values};

/// What one core set measure contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Outcome {
    /// Improvement points, in half points.
    pub(crate) half_points: i64,
    /// Improved by 20 % of baseline or more.
    pub(crate) improved: bool,
    /// Worse by 20, 25, 30 % of baseline or more.
    pub(crate) worse_20: bool,
    pub(crate) worse_25: bool,
    pub(crate) worse_30: bool,
    /// Up by 2 cm or more, for the globals; `None` on a scale that has no centimetres.
    pub(crate) up_2_cm: Option<bool>,
}

/// What the criteria say of a patient. Several values where a measure was never taken, or a step of 2 cm is asked of a
/// scale without centimetres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answers {
    /// Half points.
    pub(crate) total: BTreeSet<i64>,
    pub(crate) response: BTreeSet<&'static str>,
    pub(crate) improved: BTreeSet<bool>,
    pub(crate) worsened: BTreeSet<bool>,
}

pub(crate) const RESPONSES: [&str; 4] = ["none", "minimal", "moderate", "major"];

/// Upper edges of the bands in percent, and the half points of the bands.
pub(crate) fn bands(measure: Measure) -> ([i128; 4], [i64; 5]) {
    match measure {
        Measure::Physician => ([5, 15, 25, 40], [0, 15, 30, 35, 40]),
        Measure::Patient => ([5, 15, 25, 40], [0, 5, 10, 15, 20]),
        Measure::Function => ([5, 15, 25, 40], [0, 10, 15, 15, 20]),
        Measure::Enzyme => ([5, 15, 25, 40], [0, 5, 10, 15, 15]),
        Measure::Extramuscular => ([5, 15, 25, 40], [0, 15, 25, 30, 40]),
        Measure::Strength => ([2, 10, 20, 30], [0, 20, 40, 55, 65]),
    }
}

/// The instrument that stands for a measure: the first with a value at baseline, of the questionnaires the patient's
/// own before the other; of the enzymes the one highest above its upper limit then, of equals the first.
pub(crate) fn chosen(measure: Measure, juvenile: bool, of: impl Fn(Instrument) -> Values) -> Option<Instrument> {
    if measure == Measure::Function && juvenile && of(Instrument::Chaq).baseline.is_some() {
        return Some(Instrument::Chaq);
    }
    let measured = measure.instruments().iter().copied().filter(|instrument| of(*instrument).baseline.is_some());
    if measure != Measure::Enzyme {
        return measured.into_iter().next();
    }
    let mut best: Option<(Instrument, Fraction)> = None;
    for instrument in measured {
        let values = of(instrument);
        let (Some(value), Some(limit)) = (values.baseline, values.limit) else { continue };
        let ratio = value / limit;
        if best.is_none_or(|(_, highest)| ratio > highest) {
            best = Some((instrument, ratio));
        }
    }
    best.map(|(instrument, _)| instrument)
}

/// What a measure contributes; `None` where it was not taken at both visits.
pub(crate) fn outcome(measure: Measure, juvenile: bool, of: impl Fn(Instrument) -> Values) -> Option<Outcome> {
    let instrument = chosen(measure, juvenile, &of)?;
    let values = of(instrument);
    let (before, after) = (values.baseline?, values.later?);
    let gain = if instrument.is_better_higher() { after - before } else { before - after };
    let range = match values.limit.filter(|_| instrument.is_enzyme()) {
        Some(limit) => limit * Fraction::whole(instrument.multiple()),
        None => Fraction::whole(values.end),
    };
    let percent = gain * Fraction::whole(100) / range;
    let (edges, points) = bands(measure);
    let band = edges.iter().filter(|edge| percent > Fraction::whole(**edge)).count();
    let relative = |share: i128| gain.top() > 0 && reaches(gain, before, share);
    let worse = |share: i128| gain.top() < 0 && reaches(-gain, before, share);
    let is_global = matches!(measure, Measure::Physician | Measure::Extramuscular);
    let up_2_cm = match (is_global, values.end) {
        (false, _) => Some(false),
        (true, 10) => Some(after - before >= Fraction::whole(2)),
        (true, _) => (after <= before).then_some(false),
    };
    Some(Outcome {
        half_points: points[band],
        improved: relative(20),
        worse_20: worse(20),
        worse_25: worse(25),
        worse_30: worse(30),
        up_2_cm,
    })
}

/// A step above zero is at least so many percent of the baseline; from a baseline of zero any step is.
fn reaches(step: Fraction, baseline: Fraction, percent: i128) -> bool {
    step * Fraction::whole(100) >= baseline * Fraction::whole(percent)
}

/// Everything a measure that was not taken could contribute.
pub(crate) fn anything(measure: Measure) -> BTreeSet<Outcome> {
    let points = bands(measure).1;
    let mut all = BTreeSet::new();
    for half_points in points {
        for (improved, worse) in [(true, 0), (false, 0), (false, 20), (false, 25), (false, 30)] {
            let up: &[bool] = match measure {
                Measure::Physician | Measure::Extramuscular if worse > 0 => &[true, false],
                _ => &[false],
            };
            for up in up {
                all.insert(Outcome {
                    half_points,
                    improved,
                    worse_20: worse >= 20,
                    worse_25: worse >= 25,
                    worse_30: worse >= 30,
                    up_2_cm: Some(*up),
                });
            }
        }
    }
    all
}

/// The category of a total.
pub(crate) fn category(half_points: i64, juvenile: bool) -> &'static str {
    let edges = if juvenile { [60, 90, 140] } else { [40, 80, 120] };
    RESPONSES[edges.iter().filter(|edge| half_points >= **edge).count()]
}

/// Counts over the six measures, as far as the definitions look at them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Counts {
    improved: u8,
    worse_25: u8,
    worse_30: u8,
    strength_worse_25: bool,
    strength_worse_20: bool,
    physician_up: bool,
    extramuscular_up: bool,
}

impl Counts {
    fn with(mut self, measure: Measure, outcome: Outcome, up_2_cm: bool) -> Counts {
        self.improved += u8::from(outcome.improved);
        self.worse_25 += u8::from(outcome.worse_25);
        self.worse_30 += u8::from(outcome.worse_30);
        match measure {
            Measure::Strength => {
                self.strength_worse_25 = outcome.worse_25;
                self.strength_worse_20 = outcome.worse_20;
            }
            Measure::Physician => self.physician_up = up_2_cm,
            Measure::Extramuscular => self.extramuscular_up = up_2_cm,
            Measure::Patient | Measure::Function | Measure::Enzyme => {}
        }
        self
    }

    fn is_improved(self) -> bool {
        self.improved >= 3 && self.worse_25 <= 2 && !self.strength_worse_25
    }

    fn is_worsened(self) -> bool {
        (self.physician_up && self.strength_worse_20) || self.extramuscular_up || self.worse_30 >= 3
    }
}

/// The answers, given everything each measure may contribute (independently of the others) and whether the disease
/// began in childhood.
pub(crate) fn answers(possible: &[BTreeSet<Outcome>; 6], juvenile: bool) -> Answers {
    let mut totals = BTreeSet::from([0]);
    let mut counts = BTreeSet::from([Counts::default()]);
    for (measure, outcomes) in Measure::ALL.into_iter().zip(possible) {
        let points: BTreeSet<i64> = outcomes.iter().map(|outcome| outcome.half_points).collect();
        totals = totals.iter().flat_map(|total| points.iter().map(move |more| total + more)).collect();
        let mut next = BTreeSet::new();
        for outcome in outcomes {
            let ups: &[bool] = match outcome.up_2_cm {
                Some(true) => &[true],
                Some(false) => &[false],
                None => &[true, false],
            };
            for before in &counts {
                next.extend(ups.iter().map(|up| before.with(measure, *outcome, *up)));
            }
        }
        counts = next;
    }
    Answers {
        response: totals.iter().map(|total| category(*total, juvenile)).collect(),
        total: totals,
        improved: counts.iter().map(|counts| counts.is_improved()).collect(),
        worsened: counts.iter().map(|counts| counts.is_worsened()).collect(),
    }
}

/// What the criteria say of a patient.
pub(crate) fn of_patient(patient: &Patient) -> Answers {
    let possible =
        Measure::ALL.map(|measure| match outcome(measure, patient.juvenile, |instrument| patient.of(instrument)) {
            Some(outcome) => BTreeSet::from([outcome]),
            None => anything(measure),
        });
    answers(&possible, patient.juvenile)
}
