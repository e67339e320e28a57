//! What a line looked at, in words: values with their days, changes between two visits, shares, sources in doubt.

use super::Row;
use crate::explain::{CitationShown, Operand, Possible, Statement};
use crate::render::{unknown, words};
use crate::value::{Date, Number, Reason as Provenance};

pub(super) fn holds(part: &Statement) -> bool {
    part.outcome == Possible::YesNo { yes: true, no: false }
}

/// What came of a line, in a word or two.
pub(super) fn came_to(statement: &Statement) -> String {
    if statement.outcome == (Possible::YesNo { yes: true, no: true }) {
        return "perhaps".to_owned();
    }
    words::brief(&statement.outcome, statement.unit.as_deref())
}

pub(super) fn is_yes_no(part: &Statement) -> bool {
    matches!(part.outcome, Possible::YesNo { .. })
}

pub(super) fn is_settled(possible: &Possible) -> bool {
    match possible {
        Possible::Number(set) => words::one_number(set).is_some(),
        Possible::Choice(values) => values.len() == 1,
        Possible::YesNo { yes, no } => yes != no,
        Possible::Several { perhaps, .. } => perhaps.is_empty(),
        Possible::Nothing => false,
    }
}

/// The values a line looked at: a change, or facts; without a label that was `said`.
pub(super) fn looked_up(part: &Statement, days: Option<(Date, Date)>, said: &str) -> String {
    match change(part) {
        Some(change) => format!("{} {}", change.before.label, change.in_words(days)),
        None => facts(&part.operands, days, said),
    }
}

pub(super) fn once(texts: impl Iterator<Item = String>) -> String {
    let mut told: Vec<String> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told.join("; ")
}

/// Of bands only those that may fit, and for whom the column is.
pub(super) fn bands(statement: &Statement) -> Vec<Row> {
    let may_hold = |part: &&Statement| match part.outcome {
        Possible::YesNo { yes, .. } => yes,
        Possible::Choice(_) | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => false,
    };
    let column = |part: &Statement| part.title.split(": ").next().unwrap_or_default().to_owned();
    let columns: Vec<String> =
        statement.parts.iter().filter(|part| part.kind == "column").filter(may_hold).map(column).collect();
    let for_whom = words::any_of(&columns);
    let perhaps = if is_settled(&statement.outcome) { "" } else { "perhaps" };
    statement
        .parts
        .iter()
        .filter(|part| part.kind != "column")
        .filter(may_hold)
        .map(|part| {
            let (value, range) = part.title.split_once(": ").unwrap_or((&part.title, ""));
            Row {
                what: words::capital(&words::spoken(value)),
                values: if for_whom.is_empty() { range.to_owned() } else { format!("{range} ({for_whom})") },
                outcome: perhaps.to_owned(),
                remark: remark(&part.citations),
                ..Row::default()
            }
        })
        .collect()
}

/// What changed between two visits, where the lines looks at one fact only.
pub(super) struct Change<'a> {
    pub(super) before: &'a Operand,
    after: &'a Operand,
}

pub(super) const BASELINE: &str = "at baseline";
pub(super) const LATER: &str = "after the baseline";

pub(super) fn change(part: &Statement) -> Option<Change<'_>> {
    let mut facts = part.operands.iter().filter(|operand| !operand.when.is_empty());
    let change = Change { before: facts.next()?, after: facts.next()? };
    let one = change.before.id == change.after.id && change.before.when == BASELINE && change.after.when == LATER;
    (one && facts.next().is_none()).then_some(change)
}

impl Change<'_> {
    fn days(&self) -> Option<(Date, Date)> {
        self.before.date.zip(self.after.date)
    }

    pub(super) fn in_words(&self, common: Option<(Date, Date)>) -> String {
        let number = |operand: &Operand| value(operand, None);
        let unit = self.after.unit.as_deref().or(self.before.unit.as_deref());
        let after = words::with_unit(
            &number(self.after),
            unit.filter(|_| is_settled(&self.after.possible)).unwrap_or_default(),
        );
        let before = words::with_unit(
            &number(self.before),
            unit.filter(|_| is_settled(&self.before.possible) && !is_settled(&self.after.possible)).unwrap_or_default(),
        );
        let after =
            match self.after.scale.or(self.before.scale).filter(|_| unit.is_none() && is_settled(&self.after.possible))
            {
                Some(end) => format!("{after} of {}", words::number(end)),
                None => after,
            };
        if before == after && !is_settled(&self.before.possible) {
            return before;
        }
        match self.days() {
            Some(days) if Some(days) != common => {
                format!("{before} → {after} ({} → {})", words::day(days.0), words::day(days.1))
            }
            _ => format!("{before} → {after}"),
        }
    }
}

/// A value in words; where it is not known, why.
pub(super) fn value(operand: &Operand, unit: Option<&str>) -> String {
    let is_age = operand.provenance == Provenance::Derived.words() && unit == Some(unknown::YEARS);
    if let Possible::Number(set) = &operand.possible
        && is_age
    {
        let known = set.single().map(|age| words::with_unit(&tenths(age), unknown::YEARS));
        return known.unwrap_or_else(|| unknown::of_operand(operand));
    }
    if is_settled(&operand.possible) || operand.provenance == WORKED_OUT {
        return words::brief(&operand.possible, unit);
    }
    unknown::of_operand(operand)
}

/// What a block came to.
pub(super) const WORKED_OUT: &str = "worked out";

/// At most one decimal, cut and not rounded: nobody is 75 the day before.
pub(super) fn tenths(number: Number) -> String {
    let ten = Number::whole(10);
    let cut = number.times(ten).and_then(|tenths| Number::fraction(tenths.floor(), 10));
    cut.map_or_else(|_| words::number(number), words::number)
}

/// The two days that most changes are between.
pub(super) fn common_days(trace: &[Statement]) -> Option<(Date, Date)> {
    let changes = trace.iter().flat_map(|statement| &statement.parts);
    let days: Vec<(Date, Date)> = changes.filter_map(|part| change(part)?.days()).collect();
    let count = |wanted: &(Date, Date)| days.iter().filter(|days| *days == wanted).count();
    days.iter().copied().max_by_key(|days| (count(days), *days))
}

pub(super) fn share(part: &Statement) -> String {
    let improvement = part.operands.iter().find(|operand| operand.id == "improvement");
    let Some(improvement) = improvement else { return String::new() };
    let unit = improvement.unit.as_deref().unwrap_or_default();
    let Possible::Number(set) = &improvement.possible else { return String::new() };
    let hull = set.hull().map(|hull| (hull.low.number(), hull.high.number()));
    match hull {
        // Worse without bound: how much worse is of no use.
        Some((low, Some(high))) if low.is_none_or(|low| low < Number::whole(-100)) => {
            words::with_unit(&format!("at most {}", words::number(high)), unit)
        }
        Some(_) | None => words::brief(&improvement.possible, Some(unit)),
    }
}

/// Facts with their values, each once: `age at onset 45`, `CK 1450 U/L, 01 Jun 2025`; a label that was `said` is not
/// said again where it is the only one.
pub(super) fn facts(operands: &[Operand], days: Option<(Date, Date)>, said: &str) -> String {
    let told: Vec<&Operand> = operands.iter().filter(|operand| operand.provenance != WORKED_OUT).collect();
    let heard = |label: &str| format!(" {} ", said.to_lowercase()).contains(&format!(" {} ", label.to_lowercase()));
    match told.as_slice() {
        [only] if heard(&only.label) => dated(only, days),
        told => once(told.iter().map(|operand| fact(operand, days))),
    }
}

pub(super) fn fact(operand: &Operand, days: Option<(Date, Date)>) -> String {
    format!("{} {}", operand.label, dated(operand, days))
}

/// A value with its day, unless that was said.
pub(super) fn dated(operand: &Operand, days: Option<(Date, Date)>) -> String {
    let of_change = |day: &Date| days.is_some_and(|days| *day == days.0 || *day == days.1);
    let day = operand.date.filter(|day| !of_change(day) && !unknown::is_stale(operand));
    let day = day.map(|day| format!(", {}", words::day(day))).unwrap_or_default();
    format!("{}{day}", value(operand, operand.unit.as_deref()))
}

/// What a line is about, where that is one fact; else the line.
pub(super) fn subject(part: &Statement) -> String {
    change(part).map_or_else(|| in_words(part), |change| change.before.label.clone())
}

/// A line of the rules with the labels of facts and the titles of blocks in the place of their names.
pub(crate) fn in_words(part: &Statement) -> String {
    let label = |word: &str| {
        part.operands.iter().find(|operand| operand.id == word).map(|operand| match operand.provenance.as_str() {
            WORKED_OUT => format!("“{}”", operand.label),
            _ => operand.label.clone(),
        })
    };
    let words: Vec<String> =
        part.title.split(' ').map(|word| label(word).unwrap_or_else(|| words::spoken(word))).collect();
    words.join(" ")
}

/// The least verified of some sources, where a reader must know.
pub(super) fn remark<'a>(citations: impl IntoIterator<Item = &'a CitationShown>) -> String {
    let least = citations.into_iter().map(|citation| citation.mark).min();
    least.and_then(words::doubt).map(|doubt| format!("[{doubt}]")).unwrap_or_default()
}
