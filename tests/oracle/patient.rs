//! A patient of whom everything is known.

use super::Fraction;

/// The instruments of the core set, in the order in which they stand in for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Instrument {
    Physician,
    Patient,
    Extramuscular,
    Mmt8,
    Mmt24,
    Cmas,
    Haq,
    Chaq,
    Ck,
    Aldolase,
    Ldh,
    Ast,
    Alt,
}

impl Instrument {
    pub(crate) const ALL: [Instrument; 13] = [
        Instrument::Physician,
        Instrument::Patient,
        Instrument::Extramuscular,
        Instrument::Mmt8,
        Instrument::Mmt24,
        Instrument::Cmas,
        Instrument::Haq,
        Instrument::Chaq,
        Instrument::Ck,
        Instrument::Aldolase,
        Instrument::Ldh,
        Instrument::Ast,
        Instrument::Alt,
    ];

    pub(crate) fn at(self) -> usize {
        self as usize
    }

    pub(crate) fn key(self) -> &'static str {
        match self {
            Instrument::Physician => "physician_global",
            Instrument::Patient => "patient_global",
            Instrument::Extramuscular => "extramuscular_global",
            Instrument::Mmt8 => "mmt8",
            Instrument::Mmt24 => "mmt24",
            Instrument::Cmas => "cmas",
            Instrument::Haq => "haq",
            Instrument::Chaq => "chaq",
            Instrument::Ck => "ck",
            Instrument::Aldolase => "aldolase",
            Instrument::Ldh => "ldh",
            Instrument::Ast => "ast",
            Instrument::Alt => "alt",
        }
    }

    pub(crate) fn is_enzyme(self) -> bool {
        self >= Instrument::Ck
    }

    /// Muscle tests are counted: whole points.
    pub(crate) fn is_whole(self) -> bool {
        matches!(self, Instrument::Mmt8 | Instrument::Mmt24 | Instrument::Cmas)
    }

    /// Stronger is better; everything else improves when it falls.
    pub(crate) fn is_better_higher(self) -> bool {
        self.is_whole()
    }

    /// Not named at baseline, it was not measured then.
    pub(crate) fn may_be_unmeasured(self) -> bool {
        self >= Instrument::Mmt8
    }

    /// The usual end of the scale, or the highest value a laboratory may report.
    pub(crate) fn usual_end(self) -> i128 {
        match self {
            Instrument::Physician | Instrument::Patient | Instrument::Extramuscular => 10,
            Instrument::Mmt8 => 150,
            Instrument::Mmt24 => 260,
            Instrument::Cmas => 52,
            Instrument::Haq | Instrument::Chaq => 3,
            Instrument::Ck | Instrument::Ldh | Instrument::Ast | Instrument::Alt => 1_000_000,
            Instrument::Aldolase => 100_000,
        }
    }

    /// The other scale it may be recorded on.
    pub(crate) fn other_end(self) -> Option<i128> {
        match self {
            Instrument::Physician | Instrument::Patient => Some(4),
            Instrument::Mmt8 => Some(80),
            _ => None,
        }
    }

    /// So many times the upper limit is the full range of an enzyme.
    pub(crate) fn multiple(self) -> i128 {
        match self {
            Instrument::Ck => 15,
            Instrument::Aldolase => 6,
            _ => 3,
        }
    }
}

/// One of the six core set measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Physician,
    Patient,
    Extramuscular,
    Strength,
    Function,
    Enzyme,
}

impl Measure {
    pub(crate) const ALL: [Measure; 6] = [
        Measure::Physician,
        Measure::Patient,
        Measure::Extramuscular,
        Measure::Strength,
        Measure::Function,
        Measure::Enzyme,
    ];

    /// The instruments that may stand for it.
    pub(crate) fn instruments(self) -> &'static [Instrument] {
        match self {
            Measure::Physician => &[Instrument::Physician],
            Measure::Patient => &[Instrument::Patient],
            Measure::Extramuscular => &[Instrument::Extramuscular],
            Measure::Strength => &[Instrument::Mmt8, Instrument::Mmt24, Instrument::Cmas],
            Measure::Function => &[Instrument::Haq, Instrument::Chaq],
            Measure::Enzyme => {
                &[Instrument::Ck, Instrument::Aldolase, Instrument::Ldh, Instrument::Ast, Instrument::Alt]
            }
        }
    }
}

/// What is known of one instrument at both visits. `None`: not measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) baseline: Option<Fraction>,
    pub(crate) later: Option<Fraction>,
    /// The laboratory's upper limit at baseline.
    pub(crate) limit: Option<Fraction>,
    /// The end of the scale.
    pub(crate) end: i128,
}

/// A patient, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Patient {
    /// The disease began in childhood.
    pub(crate) juvenile: bool,
    /// By the place of the instrument.
    pub(crate) values: [Values; 13],
}

impl Patient {
    pub(crate) fn of(&self, instrument: Instrument) -> Values {
        self.values[instrument.at()]
    }
}
