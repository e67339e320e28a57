use std::ops::{BitAnd, BitOr};

use crate::eval::step;
use crate::plan::Relation;
use crate::value::{Choices, Truth};

use super::ends::MOST_OF_RATIO;
use super::rows::rows;
use super::sheet::{Counts, LANES, Numbers, Truths, bit, lanes};
use super::{Bands, Compact, Ends, Gives, List, Operation, Scale, Sheet, TURNED, common};
use crate::plan::NumberRegister;

impl Compact {
    /// Runs the steps over registers whose slots are filled, each step for all records.
    pub fn run(&self, sheet: &mut Sheet) {
        for operation in &self.operations {
            self.operate(operation, sheet);
        }
    }

    fn operate(&self, operation: &Operation, sheet: &mut Sheet) {
        match *operation {
            Operation::All { of, to } => sheet.put_truths(to, self.truths(of, sheet).fold(Truths::YES, BitAnd::bitand)),
            Operation::Both { left, right, to } => sheet.put_truths(to, truths(sheet, left) & truths(sheet, right)),
            Operation::Either { left, right, to } => sheet.put_truths(to, truths(sheet, left) | truths(sheet, right)),
            Operation::Any { of, to } => sheet.put_truths(to, self.truths(of, sheet).fold(Truths::NO, BitOr::bitor)),
            Operation::Not { of, to } => sheet.put_truths(to, !truths(sheet, of)),
            Operation::CountWithin { of, low, high, to } => {
                let (least, most) = self.counts(of, sheet);
                let (low, above) = (u32::from(low), u32::from(high) + 1);
                let yes = most.at_least(low) & !least.at_least(above);
                sheet.put_truths(to, Truths { yes, no: !least.at_least(low) | most.at_least(above) });
            }
            Operation::NotExactlyOne { of, to } => {
                let (least, most) = self.counts(of, sheet);
                let is_one = |counts: &Counts| counts.at_least(1) & !counts.at_least(2);
                let no = most.at_least(1) & !least.at_least(2);
                sheet.put_truths(to, Truths { yes: !(is_one(&least) & is_one(&most)), no });
            }
            Operation::NoIfUnknown { of, to } => {
                sheet.put_truths(to, Truths::certain_of(truths(sheet, of).certain()));
            }
            Operation::Is { of, values, to } => {
                let is = choices(sheet, of).iter().map(|choice| step::is(*choice, values));
                sheet.put_truths(to, Truths::collect(is));
            }
            Operation::Within { of, range, to } => {
                let range = self.ranges.get(range as usize).copied().unwrap_or(Ends::EVERYTHING);
                let within = numbers(sheet, of).iter().map(|number| number.is_within(range));
                sheet.put_truths(to, Truths::collect(within));
            }
            Operation::RatioWithin { of, range, to } => {
                let Some(range) = self.fractions.get(range as usize) else { return };
                let within = numbers(sheet, of).iter().zip(self.over(sheet, of)).map(|(number, over)| {
                    let (some, all) = range.holds(*number, *over);
                    Truth::possible(some, !all)
                });
                sheet.put_truths(to, Truths::collect(within));
            }
            Operation::Compare { left, relation, right, to } => {
                let held = compared(relation, numbers(sheet, left), numbers(sheet, right));
                sheet.put_truths(to, held);
            }
            Operation::CompareScaled { left, relation, right, terms, to } => {
                let by = |at: u32| self.terms.get(at as usize).map_or(1, |(_, by)| *by);
                let (mut left_room, mut right_room) = (UNKNOWN, UNKNOWN);
                let left = times(numbers(sheet, left), by(terms), &mut left_room);
                let right = times(numbers(sheet, right), by(terms + 1), &mut right_room);
                let held = compared(relation, left, right);
                sheet.put_truths(to, held);
            }
            Operation::Known { of, to } => {
                let known = numbers(sheet, of).iter().map(|number| Truth::from(number.point().is_some()));
                sheet.put_truths(to, Truths::collect(known));
            }
            Operation::Count { of, to } => self.count(sheet, of, to),
            Operation::Sum { of, to } => self.joined(sheet, of, to, Ends::plus),
            Operation::Highest { of, to } => self.joined(sheet, of, to, Ends::greatest_of),
            Operation::Lowest { of, to } => self.joined(sheet, of, to, Ends::least_of),
            Operation::ZeroIfUnknown { of, to } => {
                sheet.each_number(of, to, |ends| if ends.point().is_some() { ends } else { Ends::tick(0) });
            }
            Operation::Scale { of, by, to } if by > 0 => sheet.each_number(of, to, |ends| ends.times_above_0(by)),
            Operation::Scale { of, by, to } => sheet.each_number(of, to, |ends| ends.times(by)),
            Operation::RatioSum { of, to } => self.put_ratios(sheet, to, |lane| self.sum_of_ratios(of, lane)),
            Operation::RatioScale { of, by, per, to } => self.put_ratios(sheet, to, |lane| {
                let (ends, over) = lane.ratio(self, of);
                Some((ends.times(i64::from(by)), over * i64::from(per)))
            }),
            Operation::Quotient { terms, to } => self.put_ratios(sheet, to, |lane| self.quotient(terms, lane)),
            Operation::Bands { of, bands, to } => self.band(sheet, of, bands, to),
            Operation::PointsIf { of, ranges, to } => self.points_if(sheet, of, ranges, to),
            Operation::PickTruth { of, to } => {
                let picked = self.pairs(of).iter().fold(Truths::NEITHER, |union, (when, then)| {
                    let (when, then) = (truths(sheet, *when), truths(sheet, *then));
                    Truths { yes: union.yes | when.yes & then.yes, no: union.no | when.yes & then.no }
                });
                let none = !(picked.yes | picked.no);
                sheet.put_truths(to, Truths { yes: picked.yes | none, no: picked.no | none });
            }
            Operation::PickChoice { of, to } => self.pick_choice(sheet, of, to),
            Operation::PickNumber { of, to } => self.put_ratios(sheet, to, |lane| self.pick_number(of, lane)),
            Operation::Assume { of, values, to } => {
                if let Ok([of, to]) = sheet.choices.get_disjoint_mut([of as usize, to as usize]) {
                    let assumed = |open: Choices| if open.settled().is_some() { open } else { values };
                    to.iter_mut().zip(of).for_each(|(to, of)| *to = assumed(*of));
                }
            }
            Operation::Rows { rows: at, policy, sound, to } => {
                let all = self.rows.get(at as usize).map_or(&[][..], |rows| rows);
                let values = rows((policy, sound), all, |at| truths(sheet, at.0));
                put_choices(sheet, to, &values);
            }
        }
    }

    /// How many hold: a count between two is known to be each number between.
    fn count(&self, sheet: &mut Sheet, of: List, to: u32) {
        let (least, most) = self.counts(of, sheet);
        let holds_runs = self.holds_runs(NumberRegister(to));
        for lane in 0..LANES {
            let (least, most) = (least.in_lane(lane), most.in_lane(lane));
            if least != most && !holds_runs {
                sheet.refuse(lane);
            }
            sheet.put_number(lane, to, Ends::between(least, Some(most)));
        }
    }

    /// Numbers, brought to one scale and joined.
    #[inline]
    fn joined(&self, sheet: &mut Sheet, of: List, to: u32, join: impl Fn(Ends, Ends) -> Ends) {
        let [(first, by), rest @ ..] = self.terms(of) else { return };
        sheet.each_number(*first, to, |ends| ends.times(*by));
        for (at, by) in rest {
            // Nearly all are added or taken away as they are.
            match by {
                1 => sheet.join_number(*at, to, &join),
                -1 => sheet.join_number(*at, to, |sum, ends| join(sum, ends.turned())),
                _ => sheet.join_number(*at, to, |sum, ends| join(sum, ends.times(*by))),
            }
        }
    }

    /// Points, where it is known whether they are given.
    fn points_if(&self, sheet: &mut Sheet, of: u32, points: u32, to: u32) {
        let (given, Some(points)) = (truths(sheet, of), self.ranges.get(points as usize)) else {
            sheet.fits = 0;
            return;
        };
        sheet.fits &= given.yes ^ given.no;
        let Some(numbers) = sheet.numbers.get_mut(to as usize) else { return };
        for (lane, number) in numbers.iter_mut().enumerate() {
            *number = if given.yes & bit(lane) != 0 { *points } else { Ends::tick(0) };
        }
    }

    /// Every quotient, where the divisor is one number above 0, or any number above 0.
    fn quotient(&self, terms: u32, lane: Lane<'_>) -> Option<(Ends, i64)> {
        let term = |at: u32| self.terms.get(at as usize).copied().unwrap_or((0, 1));
        let ((left, left_by), (right, right_by)) = (term(terms), term(terms + 1));
        let (upper, lower) = (lane.number(left).times(left_by), lane.number(right).times(right_by));
        match lower.point() {
            Some(lower) if lower > 0 => Some((upper, lower)),
            None if lower.low == 1 && lower.high >= super::ends::MOST => Some((of_sign(upper), 1)),
            _ if lower.low <= 0 && lower.high >= 0 => Some((Ends::EVERYTHING, 1)),
            Some(_) | None => None,
        }
    }

    /// The sum of ratios over one number; an end at 0 is one over any.
    fn sum_of_ratios(&self, of: List, lane: Lane<'_>) -> Option<(Ends, i64)> {
        let terms = self.terms(of);
        let own = |at: u32| Some(lane.ratio(self, at)).filter(|(ends, _)| !ends.are_at_zero()).map(|(_, over)| over);
        let over = terms.iter().filter_map(|(at, _)| own(*at)).try_fold(1, common).filter(|over| *over < MOST_OF_RATIO);
        let brought = |(at, by): &(u32, i64)| {
            let ends = lane.number(*at).times(*by);
            own(*at).map_or(Some(ends), |own| ends.times_within(over? / own, MOST_OF_RATIO))
        };
        let sum = terms.iter().try_fold(Ends::tick(0), |sum, term| Some(sum.plus(brought(term)?)))?;
        Some((sum, over?))
    }

    /// Works out a ratio of every record; one for whom it does not fit is refused.
    #[inline]
    fn put_ratios(&self, sheet: &mut Sheet, to: u32, made: impl Fn(Lane<'_>) -> Option<(Ends, i64)>) {
        let (mut ends, mut over, mut fits) = ([Ends::EVERYTHING; LANES], [1; LANES], u64::MAX);
        for (lane, (ends, over)) in ends.iter_mut().zip(&mut over).enumerate() {
            match made(Lane { sheet, lane }) {
                Some(made) => (*ends, *over) = made,
                None => fits &= !bit(lane),
            }
        }
        sheet.fits &= fits;
        if let Scale::Ratio { place, .. } = self.scale(NumberRegister(to))
            && let Some(place) = sheet.over.get_mut(place as usize)
        {
            *place = over;
        }
        if let Some(place) = sheet.numbers.get_mut(to as usize) {
            *place = ends;
        }
    }

    /// What goes with the band that a number lies in.
    fn band(&self, sheet: &mut Sheet, of: u32, bands: u32, to: u32) {
        let Some(bands) = self.bands.get(bands as usize) else { return };
        let mut found = [Found::Beyond; LANES];
        match self.scales.get(of as usize) {
            Some(Scale::Ratio { .. }) => {
                let ratios = numbers(sheet, of).iter().zip(self.over(sheet, of));
                found
                    .iter_mut()
                    .zip(ratios)
                    .for_each(|(found, (ratio, over))| *found = bands.find_ratio(*ratio, *over));
            }
            Some(Scale::Ticks { .. } | Scale::None) | None => bands.find(numbers(sheet, of), &mut found),
        }
        let Sheet { numbers, choices, fits, .. } = sheet;
        match &bands.gives {
            Gives::Points(points) => {
                let Some(numbers) = numbers.get_mut(to as usize) else { return };
                for (lane, (number, found)) in numbers.iter_mut().zip(found).enumerate() {
                    match points_of(points, found) {
                        Some(points) => *number = points,
                        None => *fits &= !bit(lane),
                    }
                }
            }
            Gives::Values(values) => {
                let Some(choices) = choices.get_mut(to as usize) else { return };
                for (lane, (choice, found)) in choices.iter_mut().zip(found).enumerate() {
                    match found {
                        Found::Bands(from, upto) => {
                            let reached = values.get(from.into()..=upto.into()).unwrap_or(&[]);
                            *choice = reached.iter().fold(Choices::NONE, |union, one| union.union(*one));
                        }
                        Found::Beyond => *fits &= !bit(lane),
                    }
                }
            }
        }
    }

    fn pick_choice(&self, sheet: &mut Sheet, of: List, to: u32) {
        let mut picked = [Choices::NONE; LANES];
        for (when, then) in self.pairs(of) {
            let then = choices(sheet, *then);
            for lane in lanes(truths(sheet, *when).yes) {
                if let (Some(picked), Some(then)) = (picked.get_mut(lane), then.get(lane)) {
                    *picked = picked.union(*then);
                }
            }
        }
        for picked in picked.iter_mut().filter(|picked| picked.is_empty()) {
            *picked = Choices::all(Choices::LIMIT);
        }
        put_choices(sheet, to, &picked);
    }

    fn pick_number(&self, of: List, lane: Lane<'_>) -> Option<(Ends, i64)> {
        let everything = (Ends::EVERYTHING, 1);
        let mut union: Option<(Ends, i64)> = None;
        for (_, then) in self.pairs(of).iter().filter(|(when, _)| lane.can_be_yes(*when)) {
            let next = lane.ratio(self, *then);
            union = Some(match union {
                Some(one) if one == next => one,
                Some(one) if one.0 == everything.0 || next.0 == everything.0 => everything,
                Some(_) => return None,
                None => next,
            });
        }
        Some(union.unwrap_or(everything))
    }

    /// What a ratio is over; 1 of what is counted in ticks.
    #[inline]
    fn over<'s>(&self, sheet: &'s Sheet, of: u32) -> &'s [i64; LANES] {
        match self.scale(NumberRegister(of)) {
            Scale::Ratio { place, .. } => sheet.over.get(place as usize).unwrap_or(&OVER_ONE),
            Scale::Ticks { .. } | Scale::None => &OVER_ONE,
        }
    }

    #[inline]
    fn truths(&self, list: List, sheet: &Sheet) -> impl Iterator<Item = Truths> {
        self.list(list).iter().map(|at| truths(sheet, *at))
    }

    #[inline]
    fn list(&self, list: List) -> &[u32] {
        self.lists.get(list.from as usize..list.upto as usize).unwrap_or(&[])
    }

    #[inline]
    fn pairs(&self, list: List) -> &[(u32, u32)] {
        self.pairs.get(list.from as usize..list.upto as usize).unwrap_or(&[])
    }

    /// Numbers, each with what brings it to the scale of what is made of them.
    #[inline]
    fn terms(&self, list: List) -> &[(u32, i64)] {
        self.terms.get(list.from as usize..list.upto as usize).unwrap_or(&[])
    }

    /// How many certainly hold, and how many can.
    fn counts(&self, list: List, sheet: &Sheet) -> (Counts, Counts) {
        let most = self.list(list).len();
        let certain = self.truths(list, sheet).map(Truths::certain);
        (Counts::of(most, certain), Counts::of(most, self.truths(list, sheet).map(|held| held.yes)))
    }
}

/// One record of a sheet.
#[derive(Clone, Copy)]
struct Lane<'s> {
    sheet: &'s Sheet,
    lane: usize,
}

impl Lane<'_> {
    #[inline]
    fn number(self, at: u32) -> Ends {
        numbers(self.sheet, at).get(self.lane).copied().unwrap_or(Ends::EVERYTHING)
    }

    /// A number, and what it is over.
    #[inline]
    fn ratio(self, compact: &Compact, at: u32) -> (Ends, i64) {
        (self.number(at), compact.over(self.sheet, at).get(self.lane).copied().unwrap_or(1))
    }

    #[inline]
    fn can_be_yes(self, at: u32) -> bool {
        truths(self.sheet, at).yes & bit(self.lane) != 0
    }
}

/// Where a number lies.
#[derive(Debug, Clone, Copy)]
enum Found {
    /// In the bands from one to another, all of it in one of them.
    Bands(u16, u16),
    /// Outside, or partly.
    Beyond,
}

impl Bands {
    /// Where each number of a column lies.
    fn find(&self, numbers: &Numbers, found: &mut [Found; LANES]) {
        let Some(lowest) = self.ranges.first() else { return };
        // How many bands end below the upper end: without a branch, for it is another for every record.
        let mut below = [0_u16; LANES];
        for range in &self.ranges {
            below.iter_mut().zip(numbers).for_each(|(below, number)| *below += u16::from(number.high > range.high));
        }
        for ((found, upto), number) in found.iter_mut().zip(below).zip(numbers) {
            if number.low >= lowest.low && usize::from(upto) < self.ranges.len() {
                let is_point = number.low == number.high;
                *found = Found::Bands(if is_point { upto } else { self.below(number.low) }, upto);
            }
        }
    }

    /// How many bands end below an end.
    fn below(&self, end: i64) -> u16 {
        self.ranges.iter().fold(0, |below, range| below + u16::from(end > range.high))
    }

    fn find_ratio(&self, ratio: Ends, over: i64) -> Found {
        let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        let mut met = self.fractions.iter().map(|range| range.holds(ratio, over));
        if let Some(at) = met.clone().position(|(_, all)| all) {
            return Found::Bands(place(at), place(at));
        }
        let first = met.position(|(some, _)| some);
        let last = self.fractions.iter().rposition(|range| range.holds(ratio, over).0);
        let (Some(first), Some(last), Some(lowest), Some(highest)) =
            (first, last, self.fractions.first(), self.fractions.last())
        else {
            return Found::Beyond;
        };
        let hull = super::Fractions { low: lowest.low, high: highest.high };
        if hull.holds(ratio, over).1 { Found::Bands(place(first), place(last)) } else { Found::Beyond }
    }
}

/// The points of every band that is reached; `None` of several.
#[inline]
fn points_of(points: &[Ends], found: Found) -> Option<Ends> {
    let Found::Bands(from, upto) = found else { return Some(Ends::EVERYTHING) };
    match points.get(from.into()..=upto.into()) {
        Some([first, rest @ ..]) => rest.iter().all(|points| points == first).then_some(*first),
        Some([]) | None => None,
    }
}

/// What stands in a register that there is not.
const UNKNOWN: Numbers = [Ends::EVERYTHING; LANES];
static NO_CHOICE: [Choices; LANES] = [Choices::NONE; LANES];
static OVER_ONE: [i64; LANES] = [1; LANES];

#[inline]
fn truths(sheet: &Sheet, at: u32) -> Truths {
    let held = sheet.truths.get((at & !TURNED) as usize).copied().unwrap_or(Truths::EITHER);
    if at < TURNED { held } else { !held }
}

#[inline]
fn choices(sheet: &Sheet, at: u32) -> &[Choices; LANES] {
    sheet.choices.get(at as usize).unwrap_or(&NO_CHOICE)
}

#[inline]
fn numbers(sheet: &Sheet, at: u32) -> &Numbers {
    sheet.numbers.get(at as usize).unwrap_or(&UNKNOWN)
}

#[inline]
fn put_choices(sheet: &mut Sheet, at: u32, choices: &[Choices; LANES]) {
    if let Some(place) = sheet.choices.get_mut(at as usize) {
        *place = *choices;
    }
}

/// A relation between two numbers of every record.
#[inline]
fn compared(relation: Relation, left: &Numbers, right: &Numbers) -> Truths {
    let pairs = left.iter().zip(right);
    match relation {
        Relation::Below => Truths::collect(pairs.map(|(left, right)| left.is_below(*right))),
        Relation::AtMost => !Truths::collect(pairs.map(|(left, right)| right.is_below(*left))),
        Relation::Equal => Truths::collect(pairs.map(|(left, right)| left.equals(*right))),
    }
}

/// A number of every record times a whole number: what stands there, or what is written into the room.
#[inline]
fn times<'n>(numbers: &'n Numbers, by: i64, room: &'n mut Numbers) -> &'n Numbers {
    let made = room.iter_mut().zip(numbers);
    match by {
        1 => return numbers,
        2.. => made.for_each(|(made, number)| *made = number.times_above_0(by)),
        ..=0 => made.for_each(|(made, number)| *made = number.times(by)),
    }
    room
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
