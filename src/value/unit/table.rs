use super::UnitKind as Kind;

/// One unit that rules and records may use.
#[derive(Debug)]
pub(super) struct Row {
    /// As rules and results write it.
    pub(super) symbol: &'static str,
    /// Its code in UCUM.
    pub(super) ucum: &'static str,
    /// What it measures.
    pub(super) kind: Kind,
    /// How many of the kind's first unit one of it is: this many,
    pub(super) factor: i64,
    /// divided by this.
    pub(super) divisor: i64,
    /// Other spellings, beside those that `spelling` knows for parts of a unit.
    pub(super) aliases: &'static [&'static str],
}

const fn row(symbol: &'static str, ucum: &'static str, kind: Kind, factor: i64, divisor: i64) -> Row {
    Row { symbol, ucum, kind, factor, divisor, aliases: &[] }
}

impl Row {
    const fn or(self, aliases: &'static [&'static str]) -> Row {
        Row { aliases, ..self }
    }
}

/// All units. The first of each kind is the one that the factors of the kind count in.
#[rustfmt::skip]
pub(super) static TABLE: &[Row] = &[
    // Laboratories write enzymes in IU/L and mean the enzyme unit. For what is not an enzyme, IU stays apart.
    row("U/L", "U/L", Kind::EnzymeActivity, 1, 1).or(&["IU/L"]),
    row("kU/L", "kU/L", Kind::EnzymeActivity, 1000, 1),
    row("U/mL", "U/mL", Kind::EnzymeActivity, 1000, 1),
    row("ukat/L", "ukat/L", Kind::EnzymeActivity, 60, 1),
    row("nkat/L", "nkat/L", Kind::EnzymeActivity, 3, 50),
    row("mIU/L", "m[IU]/L", Kind::InternationalUnitConcentration, 1, 1).or(&["uIU/mL"]),
    row("kIU/L", "k[IU]/L", Kind::InternationalUnitConcentration, 1_000_000, 1),
    row("IU/mL", "[IU]/mL", Kind::InternationalUnitConcentration, 1_000_000, 1),

    row("mg/L", "mg/L", Kind::MassConcentration, 1, 1),
    row("g/L", "g/L", Kind::MassConcentration, 1000, 1),
    row("g/dL", "g/dL", Kind::MassConcentration, 10_000, 1),
    row("mg/dL", "mg/dL", Kind::MassConcentration, 10, 1),
    row("mg/mL", "mg/mL", Kind::MassConcentration, 1000, 1),
    row("ug/mL", "ug/mL", Kind::MassConcentration, 1, 1),
    row("ug/dL", "ug/dL", Kind::MassConcentration, 1, 100),
    row("ug/L", "ug/L", Kind::MassConcentration, 1, 1000),
    row("ng/mL", "ng/mL", Kind::MassConcentration, 1, 1000),
    row("ng/dL", "ng/dL", Kind::MassConcentration, 1, 100_000),
    row("ng/L", "ng/L", Kind::MassConcentration, 1, 1_000_000),
    row("pg/mL", "pg/mL", Kind::MassConcentration, 1, 1_000_000),
    row("umol/L", "umol/L", Kind::AmountConcentration, 1, 1),
    row("mmol/L", "mmol/L", Kind::AmountConcentration, 1000, 1),
    row("nmol/L", "nmol/L", Kind::AmountConcentration, 1, 1000),
    row("pmol/L", "pmol/L", Kind::AmountConcentration, 1, 1_000_000),
    row("G/L", "10*9/L", Kind::CellCount, 1, 1).or(&["10*3/mm3"]),
    row("T/L", "10*12/L", Kind::CellCount, 1000, 1).or(&["10*6/uL", "10*6/mm3"]),
    row("10*3/uL", "10*3/uL", Kind::CellCount, 1, 1),
    row("/uL", "/uL", Kind::CellCount, 1, 1000).or(&["/mm3", "cells/uL"]),
    row("mm/h", "mm/h", Kind::Sedimentation, 1, 1),

    row("cm", "cm", Kind::Length, 1, 1),
    row("mm", "mm", Kind::Length, 1, 10),
    row("m", "m", Kind::Length, 100, 1),
    row("m2", "m2", Kind::Area, 1, 1),
    row("mg", "mg", Kind::Mass, 1, 1),
    row("kg", "kg", Kind::Mass, 1_000_000, 1),
    row("g", "g", Kind::Mass, 1000, 1),
    row("ug", "ug", Kind::Mass, 1, 1000),
    row("kg/m2", "kg/m2", Kind::BodyMassIndex, 1, 1),
    row("mL", "mL", Kind::Volume, 1, 1),
    row("L", "L", Kind::Volume, 1000, 1),
    row("mL/min", "mL/min", Kind::Flow, 1, 1),
    row("L/min", "L/min", Kind::Flow, 1000, 1),
    row("mL/min/{1.73_m2}", "mL/min/{1.73_m2}", Kind::FlowByBodySurface, 1, 1),
    row("kPa", "kPa", Kind::Pressure, 1, 1),
    row("mmHg", "mm[Hg]", Kind::Pressure, 133_322, 1_000_000).or(&["mm Hg"]),
    row("cmH2O", "cm[H2O]", Kind::Pressure, 980_665, 10_000_000).or(&["cm H2O"]),
    row("/min", "/min", Kind::Frequency, 1, 1).or(&["beats/min", "breaths/min", "1/min"]),
    row("degC", "Cel", Kind::Temperature, 1, 1).or(&["°C"]),

    row("s", "s", Kind::Duration, 1, 1),
    row("ms", "ms", Kind::Duration, 1, 1000),
    row("minutes", "min", Kind::Duration, 60, 1),
    row("hours", "h", Kind::Duration, 3600, 1),
    row("days", "d", Kind::Duration, 86_400, 1),
    row("weeks", "wk", Kind::Duration, 604_800, 1),
    row("months", "mo", Kind::CalendarTime, 1, 1),
    row("years", "a", Kind::CalendarTime, 12, 1),

    row("1", "1", Kind::Proportion, 1, 1),
    row("%", "%", Kind::Proportion, 1, 100).or(&["percent"]),
    row("%/day", "%/d", Kind::ProportionOverTime, 1, 1),
    row("points", "{points}", Kind::Points, 1, 1).or(&["point"]),
    row("repetitions", "{repetitions}", Kind::Repetitions, 1, 1).or(&["repetition"]),
    row("cycles", "{cycles}", Kind::Cycles, 1, 1),
    row("doses", "{doses}", Kind::Doses, 1, 1),
    row("pack-years", "{PackYears}", Kind::PackYears, 1, 1).or(&["pack-year", "pack years", "pack year"]),

    row("mg/day", "mg/d", Kind::Dose, 1, 1),
    row("ug/day", "ug/d", Kind::Dose, 1, 1000),
    row("g/day", "g/d", Kind::Dose, 1000, 1),
    row("mg/week", "mg/wk", Kind::Dose, 1, 7),
    row("g/week", "g/wk", Kind::Dose, 1000, 7),
    row("mg per dose", "mg/{dose}", Kind::DosePerOccasion, 1, 1),
    row("g per dose", "g/{dose}", Kind::DosePerOccasion, 1000, 1),
    row("mg per cycle", "mg/{cycle}", Kind::DosePerCycle, 1, 1),
    row("g per cycle", "g/{cycle}", Kind::DosePerCycle, 1000, 1),
    row("mg in all", "mg{total}", Kind::DoseInAll, 1, 1),
    row("g in all", "g{total}", Kind::DoseInAll, 1000, 1),
    row("mg/kg", "mg/kg", Kind::DoseByWeight, 1, 1),
    row("g/kg", "g/kg", Kind::DoseByWeight, 1000, 1),
    row("mg/kg/day", "mg/kg/d", Kind::DoseByWeightOverTime, 1, 1),
    row("g/kg/day", "g/kg/d", Kind::DoseByWeightOverTime, 1000, 1),
    row("mg/kg/week", "mg/kg/wk", Kind::DoseByWeightOverTime, 1, 7),
    row("mg/kg per dose", "mg/kg/{dose}", Kind::DoseByWeightPerOccasion, 1, 1),
    row("g/kg per dose", "g/kg/{dose}", Kind::DoseByWeightPerOccasion, 1000, 1),
    row("mg/kg per cycle", "mg/kg/{cycle}", Kind::DoseByWeightPerCycle, 1, 1),
    row("g/kg per cycle", "g/kg/{cycle}", Kind::DoseByWeightPerCycle, 1000, 1),
    row("mg/m2", "mg/m2", Kind::DoseBySurface, 1, 1),
    row("g/m2", "g/m2", Kind::DoseBySurface, 1000, 1),
    row("mg/m2/day", "mg/m2/d", Kind::DoseBySurfaceOverTime, 1, 1),
    row("mg/m2/week", "mg/m2/wk", Kind::DoseBySurfaceOverTime, 1, 7),
    row("mg/m2 per dose", "mg/m2/{dose}", Kind::DoseBySurfacePerOccasion, 1, 1),
    row("g/m2 per dose", "g/m2/{dose}", Kind::DoseBySurfacePerOccasion, 1000, 1),
    row("IU", "[IU]", Kind::InternationalUnits, 1, 1),
    row("IU/day", "[IU]/d", Kind::InternationalUnitsOverTime, 1, 1),
    row("IU/week", "[IU]/wk", Kind::InternationalUnitsOverTime, 1, 7),
    // Not the enzyme unit: drugs are measured in the units of their pharmacopoeia.
    row("U/day", "[USP'U]/d", Kind::UnitsOverTime, 1, 1),
    row("U/week", "[USP'U]/wk", Kind::UnitsOverTime, 1, 7),
];
