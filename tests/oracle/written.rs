//! A record as the YAML that the program reads, in many ways of writing the same.

use super::half_empty::{Cell, Day, HalfEmpty, Onset};
use super::patient::Instrument;
use super::{Dice, Fraction};

/// How a record is written; the same facts all the same.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// Visits, keys and enzymes in any order.
    pub(crate) shuffled: Option<Dice>,
    /// Enzymes in ukat/L, globals in mm, where that can be written.
    pub(crate) other_units: bool,
}

impl Style {
    pub(crate) const PLAIN: Style = Style { shuffled: None, other_units: false };
}

impl HalfEmpty {
    /// The record as YAML.
    pub(crate) fn yaml(&self, id: &str, mut style: Style) -> String {
        let mut parts = vec![format!("id: {id}\n"), format!("as_of: {}\n", day((2024, 7, 10)))];
        let mut patient = Vec::new();
        let mut facts = Vec::new();
        match self.subtype {
            Some(subtype) => facts.push(format!("subtype: {subtype}")),
            None => facts.push("subtype: unknown".to_owned()),
        }
        match &self.onset {
            Onset::Age(age) => facts.push(format!("age_at_onset: {age}")),
            Onset::Dates { born, written, .. } => {
                patient.push(format!("born: {}", day(*born)));
                facts.push(format!("onset: {written}"));
            }
            Onset::Born(born) => patient.push(format!("born: {}", day(*born))),
            Onset::AgeToday(age) => patient.push(format!("age: {age}")),
            Onset::Unknown("") => {}
            Onset::Unknown(word) => facts.push(format!("age_at_onset: {word}")),
        }
        if !patient.is_empty() {
            parts.push(format!("patient: {}\n", braces(patient, &mut style)));
        }
        parts.push(format!("facts: {}\n", braces(facts, &mut style)));
        let mut visits = Vec::new();
        if !self.before.is_empty() {
            visits.push(visit("2023-05-02", "", self.extra(&self.before), &mut style));
        }
        let (first, second): (Vec<_>, Vec<_>) =
            Instrument::ALL.into_iter().map(|instrument| self.entries(instrument, true, &style)).unzip();
        visits.push(visit("2024-01-10", "role: baseline", first.into_iter().flatten().collect(), &mut style));
        let conflicting: Vec<String> = second.into_iter().flatten().collect();
        if !conflicting.is_empty() {
            visits.push(visit("2024-01-10", "", conflicting, &mut style));
        }
        if !self.between.is_empty() {
            visits.push(visit("2024-04-01", "", self.extra(&self.between), &mut style));
        }
        let (first, second): (Vec<_>, Vec<_>) =
            Instrument::ALL.into_iter().map(|instrument| self.entries(instrument, false, &style)).unzip();
        let (first, second): (Vec<String>, Vec<String>) =
            (first.into_iter().flatten().collect(), second.into_iter().flatten().collect());
        for entries in [first, second] {
            if !entries.is_empty() {
                visits.push(visit("2024-07-10", "", entries, &mut style));
            }
        }
        if let Some(dice) = &mut style.shuffled {
            dice.shuffle(&mut visits);
        }
        parts.push(format!("visits:\n{}", visits.concat()));
        if let Some(dice) = &mut style.shuffled {
            dice.shuffle(&mut parts);
        }
        parts.concat()
    }

    fn extra(&self, values: &[(Instrument, Fraction)]) -> Vec<String> {
        let written = |(instrument, value): &(Instrument, Fraction)| {
            let scale = scale(*instrument, self.of(*instrument).end);
            std::iter::once(format!("{}: {value}", instrument.key())).chain(scale)
        };
        values.iter().flat_map(written).collect()
    }

    /// The entries of an instrument at a visit, and those of a second visit on the same day.
    fn entries(&self, instrument: Instrument, at_baseline: bool, style: &Style) -> (Vec<String>, Vec<String>) {
        let cells = self.of(instrument);
        let cell = if at_baseline { cells.baseline } else { cells.later };
        let key = instrument.key();
        let value = |value: Fraction| amount(instrument, value, cells.end, style);
        let with_limit = |text: String| match (at_baseline && instrument.is_enzyme(), cells.limit) {
            (true, Cell::Known(limit)) => format!("{key}: {{value: {text}, upper_limit: {}}}", value(limit)),
            _ => format!("{key}: {text}"),
        };
        let mut second = Vec::new();
        let text = match cell {
            Cell::Known(known) => value(known),
            Cell::NotMeasured | Cell::Unknown("") => return (Vec::new(), Vec::new()),
            Cell::Unknown(word) => word.to_owned(),
            Cell::Above(low) => format!("above {}", value(low)),
            Cell::Below(high) => format!("below {}", value(high)),
            Cell::Either(one, other) => {
                second.push(with_limit(value(other)));
                second.extend(scale(instrument, cells.end));
                value(one)
            }
        };
        let mut first = vec![with_limit(text)];
        first.extend(scale(instrument, cells.end));
        (first, second)
    }
}

/// `mmt8_max: 80`
fn scale(instrument: Instrument, end: i128) -> Option<String> {
    (instrument.other_end() == Some(end)).then(|| format!("{}_max: {end}", instrument.key()))
}

fn amount(instrument: Instrument, value: Fraction, end: i128, style: &Style) -> String {
    if style.other_units
        && instrument.is_enzyme()
        && let Some(decimal) = (value / Fraction::whole(60)).decimal()
    {
        return format!("{decimal} ukat/L");
    }
    if instrument.is_enzyme() {
        return format!("{value} U/L");
    }
    let is_line = matches!(instrument, Instrument::Physician | Instrument::Patient | Instrument::Extramuscular);
    if style.other_units && is_line && end == 10 {
        return format!("{} mm", value * Fraction::whole(10));
    }
    value.to_string()
}

fn visit(date: &str, role: &str, entries: Vec<String>, style: &mut Style) -> String {
    let mut keys = vec![format!("date: {date}")];
    keys.extend((!role.is_empty()).then(|| role.to_owned()));
    keys.extend(entries);
    format!("  - {}\n", braces(keys, style))
}

fn braces(mut keys: Vec<String>, style: &mut Style) -> String {
    if let Some(dice) = &mut style.shuffled {
        dice.shuffle(&mut keys);
    }
    format!("{{{}}}", keys.join(", "))
}

fn day((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}
