//! Counts and shares in words, the same in every format.

use super::build::{Answer, Summary};
use super::withheld::{Cell, Shown};

/// Stands for a count that is withheld.
pub(super) const WITHHELD: &str = "*";
/// What [`WITHHELD`] means.
pub(super) const OF_WITHHELD: &str = "* not shown, so that no count below the least can be worked out";

/// The facts that are listed for an answer in formats for people.
pub(super) const FACTS: usize = 8;

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

/// A share of a whole: `42 %`.
pub(super) fn percent(part: u64, whole: u64) -> String {
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
    /// `1,234`, `<5`, `*`
    pub(super) fn figure(&self, cell: Cell) -> String {
        match self.shown(cell) {
            Shown::Count(count) => grouped(count),
            Shown::Below(least) => format!("<{least}"),
            Shown::Withheld => WITHHELD.to_owned(),
        }
    }

    /// How many there are of what is counted: records in, or visits.
    pub(super) fn all(&self) -> u64 {
        if self.visits { self.count(self.asked).unwrap_or_default() } else { self.records }
    }

    /// A share, where both counts are shown.
    pub(super) fn share(&self, part: Cell, whole: Cell) -> String {
        self.count(part).zip(self.count(whole)).map(|(part, whole)| percent(part, whole)).unwrap_or_default()
    }

    /// The share of two together, where all are shown.
    pub(super) fn both(&self, one: Cell, other: Cell, whole: Cell) -> String {
        let all = self.count(one).zip(self.count(other)).zip(self.count(whole));
        all.map(|((one, other), whole)| percent(one + other, whole)).unwrap_or_default()
    }

    /// A share in thousandths, for drawings.
    pub(super) fn thousandths(&self, part: Cell, whole: Cell) -> Option<u64> {
        let (part, whole) = self.count(part).zip(self.count(whole))?;
        (part * 1000).checked_div(whole)
    }

    /// `registry.ndjson`, `5 files`
    pub(super) fn of_what(&self) -> String {
        match self.inputs.as_slice() {
            [[only, _]] => only.clone(),
            several => format!("{} files", several.len()),
        }
    }

    /// What the suppression means, in a sentence.
    pub(super) fn about_withheld(&self) -> Option<String> {
        let least = self.least?;
        Some(format!("Counts of 1 to {} are shown as <{least}; {OF_WITHHELD}.", least - 1))
    }

    /// The guideline never says anything of it.
    pub(super) fn is_silent(&self, of: &Answer) -> bool {
        [of.usable, of.open, of.fault].into_iter().all(|cell| self.is_nobody(cell))
    }

    /// Two counts are shown, and equal.
    pub(super) fn is_same(&self, one: Cell, other: Cell) -> bool {
        self.count(one).is_some_and(|count| self.count(other) == Some(count))
    }

    /// How a conclusion or an option stands, in a line: `failed 210, option now 33, depends 5`.
    pub(super) fn in_a_line(&self, of: &Answer) -> String {
        let values = of.values.iter().map(|row| (row.value.replace('_', " "), row.settled));
        let granted = of.values.iter().map(|row| (format!("{} (granted)", row.value.replace('_', " ")), row.granted));
        let others = [("depends", of.open), ("silent", of.silent), ("fault", of.fault)];
        let others = others.into_iter().map(|(word, cell)| (word.to_owned(), cell));
        let parts = values.chain(granted).chain(others).filter(|(_, cell)| !self.is_nobody(*cell));
        parts.map(|(word, cell)| format!("{word} {}", self.figure(cell))).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{grouped, percent};

    #[test]
    fn counts_and_shares_are_easy_to_read() {
        assert_eq!([grouped(0), grouped(999), grouped(1_234_567)], ["0", "999", "1,234,567"]);
        assert_eq!(percent(1, 1000), "<1 %");
        assert_eq!(percent(999, 1000), ">99 %");
        assert_eq!(percent(2, 3), "67 %");
        assert_eq!(percent(0, 0), "");
    }
}
