/// What a unit measures. Only units of one kind are compared and converted, even where the dimensions of UCUM
/// agree: `mg/kg/day` and `%/day` are both one over time, and are not the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitKind {
    /// Activity of an enzyme in a volume: `U/L`, `ukat/L`.
    EnzymeActivity,
    /// International units in a volume, of what is not an enzyme: `mIU/L`.
    InternationalUnitConcentration,
    /// Mass in a volume: `mg/L`.
    MassConcentration,
    /// Amount of substance in a volume: `umol/L`.
    AmountConcentration,
    /// Cells in a volume: `G/L`.
    CellCount,
    /// Sedimentation of blood: `mm/h`.
    Sedimentation,
    /// Length: `cm`.
    Length,
    /// Area of the body's surface: `m2`.
    Area,
    /// Mass, of a body or a drug: `mg`.
    Mass,
    /// Weight for height: `kg/m2`.
    BodyMassIndex,
    /// Volume: `mL`.
    Volume,
    /// Volume over time: `mL/min`.
    Flow,
    /// Volume over time for a body of 1.73 m²: `mL/min/{1.73_m2}`.
    FlowByBodySurface,
    /// Pressure: `mmHg`.
    Pressure,
    /// Events over time: `/min`.
    Frequency,
    /// Time of fixed length: `weeks`.
    Duration,
    /// Time by the calendar, which no number of days equals: `months`.
    CalendarTime,
    /// Temperature: `degC`.
    Temperature,
    /// A share or a ratio: `%`.
    Proportion,
    /// A share over time: `%/day`.
    ProportionOverTime,
    /// Points of a score: `points`.
    Points,
    /// Repetitions of a movement: `repetitions`.
    Repetitions,
    /// Cycles of a treatment: `cycles`.
    Cycles,
    /// Single doses: `doses`.
    Doses,
    /// Smoking: `pack-years`.
    PackYears,
    /// Drug over time: `mg/week`.
    Dose,
    /// Drug on one occasion: `g per dose`.
    DosePerOccasion,
    /// Drug in one cycle: `g per cycle`.
    DosePerCycle,
    /// Drug over the whole of a treatment: `g in all`.
    DoseInAll,
    /// Drug by weight: `g/kg`.
    DoseByWeight,
    /// Drug by weight over time: `mg/kg/day`.
    DoseByWeightOverTime,
    /// Drug by weight on one occasion: `mg/kg per dose`.
    DoseByWeightPerOccasion,
    /// Drug by weight in one cycle: `g/kg per cycle`.
    DoseByWeightPerCycle,
    /// Drug by body surface: `mg/m2`.
    DoseBySurface,
    /// Drug by body surface over time: `mg/m2/week`.
    DoseBySurfaceOverTime,
    /// Drug by body surface on one occasion: `mg/m2 per dose`.
    DoseBySurfacePerOccasion,
    /// Drug in international units: `IU`.
    InternationalUnits,
    /// Drug in international units over time: `IU/week`.
    InternationalUnitsOverTime,
    /// Drug in units of the pharmacopoeia over time: `U/week`.
    UnitsOverTime,
}

impl UnitKind {
    /// The words a person reads.
    pub fn words(self) -> &'static str {
        match self {
            UnitKind::EnzymeActivity => "an enzyme activity in a volume",
            UnitKind::InternationalUnitConcentration => "international units in a volume",
            UnitKind::MassConcentration => "a mass in a volume",
            UnitKind::AmountConcentration => "an amount of substance in a volume",
            UnitKind::CellCount => "a number of cells in a volume",
            UnitKind::Sedimentation => "a sedimentation rate",
            UnitKind::Length => "a length",
            UnitKind::Area => "an area",
            UnitKind::Mass => "a mass",
            UnitKind::BodyMassIndex => "a body mass index",
            UnitKind::Volume => "a volume",
            UnitKind::Flow => "a volume over time",
            UnitKind::FlowByBodySurface => "a volume over time for a body of 1.73 m2",
            UnitKind::Pressure => "a pressure",
            UnitKind::Frequency => "a frequency",
            UnitKind::Duration => "a time of fixed length",
            UnitKind::CalendarTime => "a time by the calendar",
            UnitKind::Temperature => "a temperature",
            UnitKind::Proportion => "a share",
            UnitKind::ProportionOverTime => "a share over time",
            UnitKind::Points => "points of a score",
            UnitKind::Repetitions => "repetitions of a movement",
            UnitKind::Cycles => "cycles of a treatment",
            UnitKind::Doses => "a number of doses",
            UnitKind::PackYears => "pack-years",
            UnitKind::Dose => "a dose over time",
            UnitKind::DosePerOccasion => "a dose on one occasion",
            UnitKind::DosePerCycle => "a dose in one cycle",
            UnitKind::DoseInAll => "a dose over the whole treatment",
            UnitKind::DoseByWeight => "a dose by weight",
            UnitKind::DoseByWeightOverTime => "a dose by weight over time",
            UnitKind::DoseByWeightPerOccasion => "a dose by weight on one occasion",
            UnitKind::DoseByWeightPerCycle => "a dose by weight in one cycle",
            UnitKind::DoseBySurface => "a dose by body surface",
            UnitKind::DoseBySurfaceOverTime => "a dose by body surface over time",
            UnitKind::DoseBySurfacePerOccasion => "a dose by body surface on one occasion",
            UnitKind::InternationalUnits => "a dose in international units",
            UnitKind::InternationalUnitsOverTime => "a dose in international units over time",
            UnitKind::UnitsOverTime => "a dose in units over time",
        }
    }
}
