use crate::eval::step;
use crate::plan::Relation;
use crate::value::{Choices, Truth};

use super::ends::MOST_OF_RATIO;
use super::{Bands, Compact, Ends, Gives, List, Operation, Scale, Sheet, TURNED, common};
use crate::plan::NumberRegister;

impl Compact {
    /// Runs the steps over registers whose slots are filled.
    pub fn run(&self, sheet: &mut Sheet) {
        for operation in &self.operations {
            self.operate(operation, sheet);
        }
    }

    #[inline]
    fn operate(&self, operation: &Operation, sheet: &mut Sheet) {
        match *operation {
            Operation::All { of, to } => {
                let all = self.list(of).iter().fold(Truth::YES, |all, at| all & truth(sheet, *at));
                sheet.put_truth(to, all);
            }
            Operation::Both { left, right, to } => sheet.put_truth(to, truth(sheet, left) & truth(sheet, right)),
            Operation::Either { left, right, to } => sheet.put_truth(to, truth(sheet, left) | truth(sheet, right)),
            Operation::Any { of, to } => {
                let any = self.list(of).iter().fold(Truth::NO, |any, at| any | truth(sheet, *at));
                sheet.put_truth(to, any);
            }
            Operation::Not { of, to } => sheet.put_truth(to, !truth(sheet, of)),
            Operation::CountWithin { of, low, high, to } => {
                let (least, most) = self.count(of, sheet);
                let (low, high) = (u32::from(low), u32::from(high));
                sheet.put_truth(to, Truth::possible(most >= low && least <= high, least < low || most > high));
            }
            Operation::NotExactlyOne { of, to } => {
                let (least, most) = self.count(of, sheet);
                sheet.put_truth(to, Truth::possible(least != 1 || most != 1, most >= 1 && least <= 1));
            }
            Operation::NoIfUnknown { of, to } => sheet.put_truth(to, Truth::from(truth(sheet, of) == Truth::YES)),
            Operation::Is { of, values, to } => sheet.put_truth(to, step::is(choice(sheet, of), values)),
            Operation::Within { of, range, to } => {
                let range = self.ranges.get(range as usize).copied().unwrap_or(Ends::EVERYTHING);
                sheet.put_truth(to, number(sheet, of).is_within(range));
            }
            Operation::RatioWithin { of, range, to } => {
                let Some(range) = self.fractions.get(range as usize) else { return };
                let (some, all) = range.holds(number(sheet, of), self.over(sheet, of));
                sheet.put_truth(to, Truth::possible(some, !all));
            }
            Operation::Compare { left, relation, right, to } => {
                sheet.put_truth(to, compare(number(sheet, left), relation, number(sheet, right)));
            }
            Operation::CompareScaled { left, relation, right, terms, to } => {
                let by = |at: u32| self.terms.get(at as usize).map_or(1, |(_, by)| *by);
                let (left, right) = (number(sheet, left).times(by(terms)), number(sheet, right).times(by(terms + 1)));
                sheet.put_truth(to, compare(left, relation, right));
            }
            Operation::Known { of, to } => {
                sheet.put_truth(to, Truth::from(number(sheet, of).point().is_some()));
            }
            Operation::Count { of, to } => {
                let (least, most) = self.count(of, sheet);
                sheet.fits &= least == most || self.holds_runs(NumberRegister(to));
                sheet.put_number(to, Ends::between(i64::from(least), Some(i64::from(most))));
            }
            Operation::Sum { of, to } => {
                let sum = self.scaled(of, sheet).fold(Ends::tick(0), Ends::plus);
                sheet.put_number(to, sum);
            }
            Operation::Highest { of, to } => {
                let highest = self.scaled(of, sheet).reduce(Ends::greatest_of);
                sheet.put_number(to, highest.unwrap_or(Ends::EVERYTHING));
            }
            Operation::Lowest { of, to } => {
                let lowest = self.scaled(of, sheet).reduce(Ends::least_of);
                sheet.put_number(to, lowest.unwrap_or(Ends::EVERYTHING));
            }
            Operation::ZeroIfUnknown { of, to } => {
                let known = Some(number(sheet, of)).filter(|ends| ends.point().is_some());
                sheet.put_number(to, known.unwrap_or(Ends::tick(0)));
            }
            Operation::Scale { of, by, to } => sheet.put_number(to, number(sheet, of).times(by)),
            Operation::RatioSum { of, to } => self.sum_of_ratios(sheet, of, to),
            Operation::RatioScale { of, by, per, to } => {
                let over = self.over(sheet, of);
                self.put_ratio(sheet, to, number(sheet, of).times(i64::from(by)), over * i64::from(per));
            }
            Operation::Quotient { terms, to } => self.quotient(sheet, terms, to),
            Operation::Bands { of, bands, to } => self.band(sheet, of, bands, to),
            Operation::PointsIf { of, ranges, to } => self.points_if(sheet, of, ranges, to),
            Operation::PickTruth { of, to } => {
                let picked = self.picked(of, sheet).fold(Truth::NEITHER, |union, at| union.union(truth(sheet, at)));
                sheet.put_truth(to, if picked == Truth::NEITHER { Truth::EITHER } else { picked });
            }
            Operation::PickChoice { of, to } => {
                let picked = self.picked(of, sheet).fold(Choices::NONE, |union, at| union.union(choice(sheet, at)));
                let picked = if picked.is_empty() { Choices::all(Choices::LIMIT) } else { picked };
                sheet.put_choice(to, picked);
            }
            Operation::PickNumber { of, to } => self.pick_number(sheet, of, to),
            Operation::Assume { of, values, to } => {
                let open = choice(sheet, of);
                sheet.put_choice(to, if open.settled().is_some() { open } else { values });
            }
            Operation::Rows { rows, policy, sound, to } => {
                let rows = self.rows.get(rows as usize).map_or(&[][..], |rows| rows);
                let value = step::rows((policy, sound), rows, |at| sheet.truth(at));
                sheet.put_choice(to, value);
            }
        }
    }

    /// Points, where it is known whether they are given.
    #[inline]
    fn points_if(&self, sheet: &mut Sheet, of: u32, points: u32, to: u32) {
        match (truth(sheet, of).settled(), self.ranges.get(points as usize)) {
            (Some(true), Some(points)) => sheet.put_number(to, *points),
            (Some(false), _) => sheet.put_number(to, Ends::tick(0)),
            (None, _) | (_, None) => sheet.fits = false,
        }
    }

    /// Every quotient, where the divisor is one number above 0, or any number above 0.
    fn quotient(&self, sheet: &mut Sheet, terms: u32, to: u32) {
        let term = |at: u32| self.terms.get(at as usize).copied().unwrap_or((0, 1));
        let ((left, left_by), (right, right_by)) = (term(terms), term(terms + 1));
        let (upper, lower) = (number(sheet, left).times(left_by), number(sheet, right).times(right_by));
        let (ends, per) = match lower.point() {
            Some(lower) if lower > 0 => (upper, lower),
            None if lower.low == 1 && lower.high >= super::ends::MOST => (of_sign(upper), 1),
            _ if lower.low <= 0 && lower.high >= 0 => (Ends::EVERYTHING, 1),
            Some(_) | None => {
                sheet.fits = false;
                return;
            }
        };
        self.put_ratio(sheet, to, ends, per);
    }

    /// The sum of ratios over one number; an end at 0 is one over any.
    fn sum_of_ratios(&self, sheet: &mut Sheet, of: List, to: u32) {
        let terms = self.terms.get(of.from as usize..of.upto as usize).unwrap_or(&[]);
        let own = |at: u32| Some(self.over(sheet, at)).filter(|_| !number(sheet, at).are_at_zero());
        let over = terms.iter().filter_map(|(at, _)| own(*at)).try_fold(1, common).filter(|over| *over < MOST_OF_RATIO);
        let brought = |(at, by): &(u32, i64)| {
            let ends = number(sheet, *at).times(*by);
            own(*at).map_or(Some(ends), |own| ends.times_within(over? / own, MOST_OF_RATIO))
        };
        let sum = terms.iter().try_fold(Ends::tick(0), |sum, term| Some(sum.plus(brought(term)?)));
        let (Some(sum), Some(over)) = (sum, over) else {
            sheet.fits = false;
            return;
        };
        self.put_ratio(sheet, to, sum, over);
    }

    /// Writes a ratio.
    #[inline]
    fn put_ratio(&self, sheet: &mut Sheet, to: u32, ends: Ends, over: i64) {
        self.fill_ratio(sheet, NumberRegister(to), ends, over);
    }

    /// What goes with the band that a number lies in.
    #[inline]
    fn band(&self, sheet: &mut Sheet, of: u32, bands: u32, to: u32) {
        let Some(bands) = self.bands.get(bands as usize) else { return };
        let at = match self.scales.get(of as usize) {
            Some(Scale::Ratio { .. }) => bands.find_ratio(number(sheet, of), self.over(sheet, of)),
            Some(Scale::Ticks { .. } | Scale::None) | None => bands.find(number(sheet, of)),
        };
        match (at, &bands.gives) {
            (Found::Band(at), Gives::Points(points)) => {
                sheet.put_number(to, points.get(at).copied().unwrap_or(Ends::EVERYTHING));
            }
            (Found::Band(at), Gives::Values(values)) => {
                sheet.put_choice(to, values.get(at).copied().unwrap_or(Choices::NONE));
            }
            (Found::Beyond, Gives::Points(_)) => sheet.put_number(to, Ends::EVERYTHING),
            (Found::Several(from, upto), Gives::Values(values)) => {
                let reached = values.get(from..=upto).unwrap_or(&[]);
                sheet.put_choice(to, reached.iter().fold(Choices::NONE, |union, one| union.union(*one)));
            }
            (Found::Several(from, upto), Gives::Points(points)) => {
                let reached = points.get(from..=upto).unwrap_or(&[]);
                match reached {
                    [first, rest @ ..] if rest.iter().all(|points| points == first) => sheet.put_number(to, *first),
                    _ => sheet.fits = false,
                }
            }
            (Found::Beyond, Gives::Values(_)) => sheet.fits = false,
        }
    }

    fn pick_number(&self, sheet: &mut Sheet, of: List, to: u32) {
        let everything = (Ends::EVERYTHING, 1);
        let of_register = |at: u32| (number(sheet, at), self.over(sheet, at));
        let union =
            self.picked(of, sheet).map(of_register).fold(None, |union: Option<(Ends, i64)>, next| match union {
                Some(one) if one != next => (one.0 == everything.0 || next.0 == everything.0).then_some(everything),
                Some(_) | None => Some(next),
            });
        let is_any_picked = self.picked(of, sheet).next().is_some();
        let Some(ends) = union.or((!is_any_picked).then_some(everything)) else {
            sheet.fits = false;
            return;
        };
        self.put_ratio(sheet, to, ends.0, ends.1);
    }

    /// What a ratio is over; 1 of what is counted in ticks.
    #[inline]
    fn over(&self, sheet: &Sheet, of: u32) -> i64 {
        match self.scale(NumberRegister(of)) {
            Scale::Ratio { place, .. } => sheet.over.get(place as usize).copied().unwrap_or(1),
            Scale::Ticks { .. } | Scale::None => 1,
        }
    }

    #[inline]
    fn list(&self, list: List) -> &[u32] {
        self.lists.get(list.from as usize..list.upto as usize).unwrap_or(&[])
    }

    fn pairs(&self, list: List) -> &[(u32, u32)] {
        self.pairs.get(list.from as usize..list.upto as usize).unwrap_or(&[])
    }

    /// Numbers, brought to one scale.
    #[inline]
    fn scaled(&self, list: List, sheet: &Sheet) -> impl Iterator<Item = Ends> {
        let terms = self.terms.get(list.from as usize..list.upto as usize).unwrap_or(&[]);
        terms.iter().map(|(at, by)| number(sheet, *at).times(*by))
    }

    /// What goes with the conditions that can hold.
    fn picked(&self, list: List, sheet: &Sheet) -> impl Iterator<Item = u32> {
        self.pairs(list).iter().filter(|(when, _)| truth(sheet, *when).can_be_yes()).map(|(_, then)| *then)
    }

    /// How many certainly hold, and how many can.
    fn count(&self, list: List, sheet: &Sheet) -> (u32, u32) {
        self.list(list).iter().fold((0, 0), |(least, most), at| {
            let held = truth(sheet, *at);
            (least + u32::from(held == Truth::YES), most + u32::from(held.can_be_yes()))
        })
    }
}

/// Where a number lies.
enum Found {
    /// In one band.
    Band(usize),
    /// In several, all of it in one of them.
    Several(usize, usize),
    /// Outside, or partly.
    Beyond,
}

impl Bands {
    #[inline]
    fn find(&self, number: Ends) -> Found {
        let ends = self.ranges.iter().position(|range| number.high <= range.high);
        if let Some(at) = ends
            && self.ranges.get(at).is_some_and(|range| number.low >= range.low)
        {
            return Found::Band(at);
        }
        let begins = self.ranges.iter().position(|range| number.low <= range.high);
        let first = self.ranges.first().is_some_and(|first| number.low >= first.low);
        found(begins, ends, first)
    }

    fn find_ratio(&self, ratio: Ends, over: i64) -> Found {
        let mut met = self.fractions.iter().map(|range| range.holds(ratio, over));
        if let Some(at) = met.clone().position(|(_, all)| all) {
            return Found::Band(at);
        }
        let begins = met.position(|(some, _)| some);
        let last = self.fractions.iter().rposition(|range| range.holds(ratio, over).0);
        let (Some(first), Some(lowest), Some(highest)) = (begins, self.fractions.first(), self.fractions.last()) else {
            return Found::Beyond;
        };
        let hull = super::Fractions { low: lowest.low, high: highest.high };
        found(Some(first), last.filter(|_| hull.holds(ratio, over).1), true)
    }
}

#[inline]
fn found(begins: Option<usize>, ends: Option<usize>, is_above_lowest: bool) -> Found {
    match (begins, ends) {
        (Some(begins), Some(ends)) if is_above_lowest => {
            if begins == ends {
                Found::Band(ends)
            } else {
                Found::Several(begins, ends)
            }
        }
        (Some(_) | None, _) => Found::Beyond,
    }
}

#[inline]
fn truth(sheet: &Sheet, at: u32) -> Truth {
    let held = sheet.truths.get((at & !TURNED) as usize).copied().unwrap_or(Truth::EITHER);
    if at < TURNED { held } else { !held }
}

#[inline]
fn choice(sheet: &Sheet, at: u32) -> Choices {
    sheet.choices.get(at as usize).copied().unwrap_or(Choices::NONE)
}

#[inline]
fn number(sheet: &Sheet, at: u32) -> Ends {
    sheet.numbers.get(at as usize).copied().unwrap_or(Ends::EVERYTHING)
}

#[inline]
fn compare(left: Ends, relation: Relation, right: Ends) -> Truth {
    match relation {
        Relation::Below => left.is_below(right),
        Relation::AtMost => !right.is_below(left),
        Relation::Equal => left.equals(right),
    }
}

/// A number over any number above 0: of it the sign is known.
fn of_sign(upper: Ends) -> Ends {
    let far = Ends::EVERYTHING;
    let end = |at: i64, beyond: i64| if at == 0 { 0 } else { beyond };
    Ends {
        low: if upper.low > 0 { 1 } else { end(upper.low, far.low) },
        high: if upper.high < 0 { -1 } else { end(upper.high, far.high) },
    }
}
