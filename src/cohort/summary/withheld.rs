//! Small counts are not shown, nor what would tell them.
//!
//! A count from 1 to below the least that may be shown is shown as `<5`. Counts stand in sums (settled and open are all; the
//! values are the settled), so a reader can subtract. What such a reader can know is worked out here: an interval for each
//! cell, narrowed by every sum until nothing moves. As long as a small count is left with one possibility, another cell of
//! one of its sums is withheld too. Differences that are shown nowhere are cells as well.

use std::collections::BTreeSet;

/// How often the intervals are narrowed: most come to rest after three or four rounds.
const ROUNDS: usize = 1000;

/// A count, by its place in a [`Sheet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell(usize);

/// A count as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// So many.
    Count(u64),
    /// At least one, and fewer than this.
    Below(u64),
    /// Withheld, so that a small count cannot be worked out.
    Withheld,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Public {
    /// Shown, and known from elsewhere anyway.
    Known,
    Shown,
    Below,
    Withheld,
    /// A difference of two that is shown nowhere.
    Nowhere,
}

/// Counts, the sums they stand in, and what of them may be shown.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    values: Vec<u64>,
    public: Vec<Public>,
    sums: Vec<(usize, Vec<usize>)>,
    /// By cell, the sums it stands in.
    of: Vec<Vec<usize>>,
    /// By cell, what it is one of: of those that are equal all are shown or none.
    kinds: Vec<Option<usize>>,
    least: Option<u64>,
}

impl Sheet {
    /// Without a least count everything is shown.
    pub(super) fn new(least: Option<u64>) -> Self {
        Sheet { least, ..Sheet::default() }
    }

    fn put(&mut self, value: u64, public: Public) -> Cell {
        self.values.push(value);
        self.public.push(public);
        self.of.push(Vec::new());
        self.kinds.push(None);
        Cell(self.values.len() - 1)
    }

    /// A count that is known from elsewhere: how many records there are.
    pub(super) fn known(&mut self, value: u64) -> Cell {
        self.put(value, Public::Known)
    }

    /// A count.
    pub(super) fn cell(&mut self, value: u64) -> Cell {
        let small = self.is_small(value);
        self.put(value, if small { Public::Below } else { Public::Shown })
    }

    /// A count of which equal ones of the same kind mean the same patients.
    pub(super) fn cell_of(&mut self, value: u64, kind: usize) -> Cell {
        let cell = self.cell(value);
        if let Some(of) = self.kinds.get_mut(cell.0) {
            *of = Some(kind);
        }
        cell
    }

    /// The total is the sum of its parts.
    pub(super) fn sum(&mut self, total: Cell, parts: &[Cell]) {
        debug_assert_eq!(self.value(total), parts.iter().map(|part| self.value(*part)).sum::<u64>());
        if self.least.is_none() {
            return;
        }
        let number = self.sums.len();
        for cell in parts.iter().chain([&total]) {
            self.of.get_mut(cell.0).into_iter().for_each(|sums| sums.push(number));
        }
        self.sums.push((total.0, parts.iter().map(|part| part.0).collect()));
    }

    /// Some of a whole: who is not among them is a count too.
    pub(super) fn part(&mut self, whole: Cell, part: Cell) {
        let rest = self.value(whole).saturating_sub(self.value(part));
        let rest = self.put(rest, Public::Nowhere);
        self.sum(whole, &[part, rest]);
    }

    /// The count itself.
    pub(super) fn value(&self, cell: Cell) -> u64 {
        self.values.get(cell.0).copied().unwrap_or_default()
    }

    /// What may be shown of it.
    pub(super) fn shown(&self, cell: Cell) -> Shown {
        match self.public.get(cell.0) {
            Some(Public::Known | Public::Shown) => Shown::Count(self.value(cell)),
            Some(Public::Below) => Shown::Below(self.least.unwrap_or_default()),
            Some(Public::Withheld | Public::Nowhere) | None => Shown::Withheld,
        }
    }

    /// The count, where it is shown.
    pub(super) fn count(&self, cell: Cell) -> Option<u64> {
        match self.shown(cell) {
            Shown::Count(count) => Some(count),
            Shown::Below(_) | Shown::Withheld => None,
        }
    }

    /// Small counts are withheld.
    pub(super) fn withholds(&self) -> bool {
        self.least.is_some()
    }

    /// It is one of the counts that are not shown.
    pub(super) fn is_small(&self, value: u64) -> bool {
        self.least.is_some_and(|least| value > 0 && value < least)
    }

    /// Withholds a cell on request.
    pub(super) fn withhold(&mut self, cell: Cell) {
        if let Some(public) = self.public.get_mut(cell.0).filter(|public| **public != Public::Known) {
            *public = Public::Withheld;
        }
    }

    /// Decides what is withheld.
    pub(super) fn settle(&mut self) {
        if self.least.is_none() {
            return;
        }
        loop {
            self.withhold_equals();
            let known = self.known_to_a_reader();
            let is_told = |at: &usize| {
                let told = known.get(*at).is_some_and(|(low, high)| low == high);
                told && self.values.get(*at).is_some_and(|value| self.is_small(*value))
            };
            let mut told = (0..self.values.len()).filter(is_told);
            let other = told.find_map(|at| {
                let near = self.to_withhold(at, |other| known.get(other).is_some_and(|(low, high)| low == high));
                near.or_else(|| self.to_withhold(at, |_| true))
            });
            match other {
                Some(other) => self.withhold(Cell(other)),
                None => return,
            }
        }
    }

    /// Where one of several that mean the same patients is withheld, all are.
    fn withhold_equals(&mut self) {
        let withheld: BTreeSet<(usize, u64)> = (0..self.values.len())
            .filter(|at| self.public.get(*at) == Some(&Public::Withheld))
            .filter_map(|at| Some(((*self.kinds.get(at)?)?, *self.values.get(at)?)))
            .filter(|(_, value)| *value > 0)
            .collect();
        for at in 0..self.values.len() {
            let kind = self.kinds.get(at).copied().flatten();
            let value = self.value(Cell(at));
            if self.public.get(at) == Some(&Public::Shown) && kind.is_some_and(|kind| withheld.contains(&(kind, value)))
            {
                self.withhold(Cell(at));
            }
        }
    }

    /// What is best withheld so that a small count is not told: of the sums it stands in the smallest other part that is shown
    /// and not 0, then the total, then a 0, then a small count itself. Of other parts that are not shown the sums count as well,
    /// where these are to be gone through.
    fn to_withhold(&self, at: usize, through: impl Fn(usize) -> bool) -> Option<usize> {
        let rank = |other: usize, is_total: bool| {
            let value = self.value(Cell(other));
            match self.public.get(other) {
                Some(Public::Shown) if value > 0 => Some((usize::from(is_total), value)),
                Some(Public::Shown) => Some((2, value)),
                Some(Public::Below) => Some((3, value)),
                Some(Public::Known | Public::Withheld | Public::Nowhere) | None => None,
            }
        };
        let is_unseen = |other: usize| !matches!(self.public.get(other), Some(Public::Known | Public::Shown) | None);
        let (mut best, mut seen, mut open) = (None, BTreeSet::from([at]), vec![(at, 0)]);
        while let Some((from, depth)) = open.pop() {
            let sums = self.of.get(from).into_iter().flatten().filter_map(|sum| self.sums.get(*sum));
            for (other, is_total) in
                sums.flat_map(|(total, parts)| parts.iter().map(|part| (*part, false)).chain([(*total, true)]))
            {
                // The count itself as `withheld` says less than as `<5`, and is the last resort.
                let ranked = rank(other, is_total).map(|(rank, value)| (rank, other == at, depth, value, other));
                best = best.into_iter().chain(ranked).min();
                if is_unseen(other) && through(other) && seen.insert(other) {
                    open.push((other, depth + 1));
                }
            }
        }
        best.map(|(.., other)| other)
    }

    /// The interval that a reader can work out for each cell.
    fn known_to_a_reader(&self) -> Vec<(u64, u64)> {
        let least = self.least.unwrap_or(1);
        let of = |(value, public): (&u64, &Public)| match public {
            Public::Known | Public::Shown => (*value, *value),
            Public::Below => (1, least - 1),
            Public::Withheld | Public::Nowhere => (0, u64::MAX / 4),
        };
        let mut known: Vec<(u64, u64)> = self.values.iter().zip(&self.public).map(of).collect();
        let mut moved: Vec<usize> = (0..self.sums.len()).collect();
        for _ in 0..ROUNDS {
            if moved.is_empty() {
                break;
            }
            let mut next = BTreeSet::new();
            for number in moved {
                for cell in self.narrow(number, &mut known) {
                    next.extend(self.of.get(cell).into_iter().flatten().copied());
                }
            }
            moved = next.into_iter().collect();
        }
        known
    }

    /// Narrows the cells of a sum by each other; which of them changed.
    fn narrow(&self, number: usize, known: &mut [(u64, u64)]) -> Vec<usize> {
        let Some((total, parts)) = self.sums.get(number) else { return Vec::new() };
        let get = |known: &[(u64, u64)], at: usize| known.get(at).copied().unwrap_or((0, u64::MAX / 4));
        let (low, high) = parts.iter().fold((0_u64, 0_u64), |(low, high), part| {
            let (least, most) = get(known, *part);
            (low.saturating_add(least), high.saturating_add(most))
        });
        let mut changed = Vec::new();
        let mut set = |known: &mut [(u64, u64)], at: usize, low: u64, high: u64| {
            if let Some(cell) = known.get_mut(at) {
                let narrowed = (cell.0.max(low), cell.1.min(high));
                if narrowed != *cell && narrowed.0 <= narrowed.1 {
                    *cell = narrowed;
                    changed.push(at);
                }
            }
        };
        set(known, *total, low, high);
        let (total_low, total_high) = get(known, *total);
        for part in parts {
            let (least, most) = get(known, *part);
            let (others_low, others_high) = (low.saturating_sub(least), high.saturating_sub(most));
            set(known, *part, total_low.saturating_sub(others_high), total_high.saturating_sub(others_low));
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Sheet, Shown};

    /// Every way to fill the withheld cells of one sum with a known total.
    fn possible(shown: &[Shown], total: u64, at: usize) -> Vec<u64> {
        fn go(shown: &[Shown], left: u64, chosen: &mut Vec<u64>, found: &mut Vec<Vec<u64>>) {
            let Some((first, rest)) = shown.split_first() else {
                if left == 0 {
                    found.push(chosen.clone());
                }
                return;
            };
            let (low, high) = match first {
                Shown::Count(count) => (*count, *count),
                Shown::Below(least) => (1, least - 1),
                Shown::Withheld => (0, left),
            };
            for value in (low..=high).filter(|value| *value <= left) {
                chosen.push(value);
                go(rest, left - value, chosen, found);
                chosen.pop();
            }
        }
        let mut found = Vec::new();
        go(shown, total, &mut Vec::new(), &mut found);
        let mut values: Vec<u64> = found.iter().filter_map(|way| way.get(at).copied()).collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    #[test]
    fn no_small_count_of_a_row_can_be_worked_out() {
        for code in 0..7_u64.pow(4) {
            let row: Vec<u64> =
                (0..4).map(|place| [0, 1, 2, 4, 5, 6, 11][(code / 7_u64.pow(place) % 7) as usize]).collect();
            let total: u64 = row.iter().sum();
            let mut sheet = Sheet::new(Some(5));
            let whole = sheet.known(total);
            let cells: Vec<Cell> = row.iter().map(|value| sheet.cell(*value)).collect();
            sheet.sum(whole, &cells);
            sheet.settle();
            let shown: Vec<Shown> = cells.iter().map(|cell| sheet.shown(*cell)).collect();
            for (at, value) in row.iter().enumerate().filter(|(_, value)| (1..5).contains(*value)) {
                assert!(possible(&shown, total, at).len() > 1, "{row:?}: {value} is told by {shown:?}");
            }
            if row.iter().all(|value| !(1..5).contains(value)) {
                assert!(shown.iter().all(|cell| matches!(cell, Shown::Count(_))));
            }
        }
    }

    #[test]
    fn a_small_count_is_not_told_through_another_sum() {
        let mut sheet = Sheet::new(Some(5));
        let all = sheet.known(100);
        let (settled, open) = (sheet.cell(97), sheet.cell(3));
        let (yes, no) = (sheet.cell(60), sheet.cell(37));
        sheet.sum(all, &[settled, open]);
        sheet.sum(settled, &[yes, no]);
        sheet.settle();
        assert_eq!(sheet.shown(open), Shown::Below(5));
        assert_eq!(sheet.shown(settled), Shown::Withheld);
        let shown = [yes, no].iter().filter(|cell| sheet.count(**cell).is_some()).count();
        assert!(shown < 2);
    }

    #[test]
    fn who_is_left_out_is_a_count_too() {
        let mut sheet = Sheet::new(Some(5));
        let all = sheet.known(100);
        let most = sheet.cell(98);
        sheet.part(all, most);
        sheet.settle();
        assert_eq!(sheet.shown(most), Shown::Withheld);
    }
}
