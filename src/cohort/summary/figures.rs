//! Counts and shares in words, the same in every format.

use super::build::{Answer, Change, Group, Hindsight, OverVisits, Section, Summary};
use super::counts::GROUPS;
use super::steps::{Count, STEP, Showing};
use crate::render::one_line;

/// The facts that are listed for an answer in formats for people.
pub(super) const FACTS: usize = 8;

/// What stands beside the records that were read with a notice.
pub(super) const NOTICED: &str = "with a notice: what cannot all be true, or no rule reads";

/// What the shares of groups are.
pub(super) const OF_GROUPS: &str = "share of answers that are settled, or settled taking for granted";

/// Why there are no groups, in a sentence.
pub(super) fn too_many(by: &str) -> String {
    format!("`{by}` has more than {} values: they are no groups, and are not shown.", grouped(GROUPS as u64))
}

/// What a column says of a group, on one line.
pub(super) fn group_name(of: &Group) -> String {
    if of.name.is_empty() { "(no value)".to_owned() } else { one_line(&of.name) }
}

/// `Change of refractory_iim@2021.1.0 to refractory_iim@2026.1.0`, `Change of refractory_iim from visit to visit`
pub(super) fn about_change(of: &Change) -> String {
    if of.from == of.to {
        format!("Change of {} from visit to visit", of.from)
    } else {
        format!("Change of {} to {}", of.from, of.to)
    }
}

/// `Over the visits of refractory_iim`
pub(super) fn about_visits(of: &OverVisits) -> String {
    format!("Over the visits of {}", of.name)
}

/// Of whom it is told what they have over their visits.
pub(super) const PATIENTS: &str = "patients it speaks of at some visit";

/// `1,234,567`
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1,234`; of several that it may be `85 to 89`, `<5`.
pub(super) fn figure(count: Count) -> String {
    match count {
        Count::Exact(count) => grouped(count),
        Count::Between(0, high) => format!("<{}", grouped(high + 1)),
        Count::Between(low, high) => format!("{} to {}", grouped(low), grouped(high)),
    }
}

/// `1 record`, `1,034 records`; the word is that of several.
pub(super) fn counted(count: Count, of: &str) -> String {
    let word = if count == Count::Exact(1) { of.trim_end_matches('s') } else { of };
    format!("{} {word}", figure(count))
}

/// One depends, several depend.
pub(super) fn depend(count: Count) -> &'static str {
    if count == Count::Exact(1) { "depends" } else { "depend" }
}

/// A share of a whole: `42 %`; of several that it may be `42 to 45 %`.
pub(super) fn share(part: Count, whole: Count) -> String {
    match (part, whole) {
        (Count::Exact(part), Count::Exact(whole)) => percent(part, whole),
        (part, whole) => {
            let hundredfold = |count: u64| u128::from(count) * 100;
            let low = hundredfold(part.low()).checked_div(u128::from(whole.high()));
            let whole = u128::from(whole.low());
            let high = (whole > 0).then(|| hundredfold(part.high()).div_ceil(whole).min(100));
            match low.zip(high) {
                None | Some((0, 100)) => String::new(),
                Some((low, high)) if low == high => format!("{low} %"),
                Some((low, high)) => format!("{low} to {high} %"),
            }
        }
    }
}

/// A share in thousandths, for drawings: as long as it is at least.
pub(super) fn thousandths(part: Count, whole: Count) -> Option<u64> {
    (part.low() * 1000).checked_div(whole.high())
}

/// Two counts are known to be equal.
pub(super) fn is_same(one: Count, other: Count) -> bool {
    matches!((one, other), (Count::Exact(one), Count::Exact(other)) if one == other)
}

fn percent(part: u64, whole: u64) -> String {
    let hundredfold = u128::from(part) * 100;
    let whole = u128::from(whole);
    if whole == 0 {
        return String::new();
    }
    let rounded = (hundredfold + whole / 2) / whole;
    match rounded {
        0 if part > 0 => "<1 %".to_owned(),
        100 if u128::from(part) < whole => ">99 %".to_owned(),
        _ => format!("{rounded} %"),
    }
}

impl Summary {
    /// How many there are of what is counted: records in, or visits.
    pub(super) fn all(&self) -> Count {
        if self.visits { self.asked } else { self.records }
    }

    /// `registry.ndjson`, `5 files`
    pub(super) fn of_what(&self) -> String {
        match self.inputs.as_slice() {
            [[only, _]] => only.clone(),
            several => format!("{} files", several.len()),
        }
    }

    /// What the steps mean, in a few sentences.
    pub(super) fn about_steps(&self) -> Option<String> {
        (self.showing == Showing::Steps).then(|| {
            format!(
                "Counts are shown in steps of {STEP}: <{STEP} is nobody or fewer than {STEP}. The largest part of a whole is what \
                 the steps of the other parts leave of it. What fewer than {STEP} have is not listed.{}",
                if self.visits { " They count visits: several may be of one patient." } else { "" }
            )
        })
    }
}

impl Summary {
    /// Why one guideline has several parts, and how it gets one, in a sentence.
    pub(super) fn about_releases(&self) -> Option<String> {
        let same = |pair: &&[Section]| matches!(pair, [one, other] if one.place == other.place);
        let Section { id, .. } = self.sections.windows(2).find(same)?.first()?;
        let newest = self.sections.iter().rfind(|section| section.id == *id)?;
        Some(format!(
            "Records are of different days, so several releases answer, each with a part of its own; `--guideline \
             {id}@{}` asks one release of all.",
            newest.release
        ))
    }
}

/// The guideline says nothing of it, or of few.
pub(super) fn is_silent(of: &Answer) -> bool {
    [of.usable, of.open, of.fault].into_iter().all(Count::is_few)
}

/// How a conclusion or an option stands, in a line: `failed 210, option now 33, depends 5`.
pub(super) fn in_a_line(of: &Answer) -> String {
    let values = of.values.iter().map(|row| (row.value.replace('_', " "), row.settled));
    let granted = of.values.iter().map(|row| (format!("{} (granted)", row.value.replace('_', " ")), row.granted));
    let others = [("depends", of.open), ("silent", of.silent), ("fault", of.fault)];
    let others = others.into_iter().map(|(word, count)| (word.to_owned(), count));
    let parts = values.chain(granted).chain(others).filter(|(_, count)| !count.is_few());
    parts.map(|(word, count)| format!("{word} {}", figure(count))).collect::<Vec<_>>().join(", ")
}

/// How often hindsight may be in it, in a sentence.
pub(super) fn in_hindsight(of: &Hindsight) -> String {
    let (earlier, used) = (figure(of.earlier), figure(of.used));
    format!(
        "Of {earlier} visits before a patient's newest one {used} used a fact without a date, which may have been found later."
    )
}

#[cfg(test)]
mod tests {
    use super::{figure, grouped, percent, share};
    use crate::cohort::summary::steps::Count;

    #[test]
    fn counts_and_shares_are_easy_to_read() {
        assert_eq!([grouped(0), grouped(999), grouped(1_234_567)], ["0", "999", "1,234,567"]);
        assert_eq!(percent(1, 1000), "<1 %");
        assert_eq!(percent(999, 1000), ">99 %");
        assert_eq!(percent(2, 3), "67 %");
        assert_eq!(percent(0, 0), "");
    }

    #[test]
    fn steps_are_easy_to_read() {
        let (few, some, whole) = (Count::Between(0, 4), Count::Between(85, 89), Count::Between(1030, 1034));
        assert_eq!([few, some, whole].map(figure), ["<5", "85 to 89", "1,030 to 1,034"]);
        assert_eq!([few, some, whole].map(|part| share(part, whole)), ["0 to 1 %", "8 to 9 %", "99 to 100 %"]);
        assert_eq!([few, some].map(|part| share(part, few)), ["", ""]);
    }
}
