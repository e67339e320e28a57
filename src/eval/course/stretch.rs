//! The days of a course, and on which of them the dose was high enough.
//!
//! The time from the first to the last possible day is cut where anything that is known of it changes. On each piece
//! three things may be possible: at or above the floor, below it, not on treatment (in a gap that was joined). What
//! *may* be one stretch is a run of pieces none of which is certainly below; what *certainly* is one, a run none of
//! which may be below. So the answers hold for every completion of imprecise dates and missing doses.

use crate::record::Therapy;
use crate::value::{Choices, Date, DateRange, Number, Period, PeriodUnit, Quantity, Truth};

use super::dose::{self, Body};
use super::spell::{INTOLERANCE, Spell};

/// The least dose of a fair trial, and whether the highest tolerated will do.
pub(super) type Floor = Option<(Quantity, bool)>;

/// Pieces of a course, in order, without a gap between them.
#[derive(Debug)]
pub(super) struct Timeline {
    pieces: Vec<Piece>,
    /// Some day was certainly at or above the floor, whichever day that was.
    once: bool,
    /// On some day two entries record a dose above and one below the floor.
    conflicts: bool,
    today: Date,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    from: Date,
    /// The first day after it.
    until: Date,
    /// It may be at or above the floor.
    reaches: bool,
    /// It may be below.
    below: bool,
    /// It may be a day without treatment.
    off: bool,
}

impl Piece {
    fn certainly_reaches(self) -> bool {
        self.reaches && !self.below && !self.off
    }
}

/// A spell, cut to the days on which it may run.
struct Run<'s, 'a> {
    spell: &'s Spell<'a>,
    /// It may run from here.
    widest: (Date, Date),
    /// It certainly runs from here, where the first lies before the second.
    narrowest: (Date, Date),
}

impl Timeline {
    /// The days of a course up to today, against a floor.
    pub(super) fn of(spells: &[&Spell<'_>], floor: Floor, body: &Body, today: Date) -> Timeline {
        let runs: Vec<Run<'_, '_>> = spells.iter().map(|spell| run(spell, today)).collect();
        let mut cuts: Vec<Date> = Vec::new();
        for run in &runs {
            cuts.extend([run.widest.0, run.widest.1, run.narrowest.0, run.narrowest.1]);
            let doses = run.spell.of.iter().flat_map(|taken| &taken.entry.doses);
            cuts.extend(doses.filter_map(|dose| dose.from).flat_map(|from| [from.earliest, from.latest]));
        }
        if floor.is_some() {
            cuts.extend(body.days());
        }
        let first = runs.iter().map(|run| run.widest.0).min().unwrap_or(today);
        let end = runs.iter().map(|run| run.widest.1).max().unwrap_or(today);
        cuts.retain(|cut| first <= *cut && *cut <= end);
        cuts.sort_unstable();
        cuts.dedup();
        let mut never_below = vec![true; runs.len()];
        let pairs = cuts.iter().zip(cuts.iter().skip(1));
        let pieces = pairs.map(|(from, until)| piece(&runs, floor, body, (*from, *until), &mut never_below));
        let (pieces, conflicts): (Vec<Piece>, Vec<bool>) = pieces.unzip();
        let conflicts = conflicts.contains(&true);
        Timeline { pieces, once: never_below.contains(&true), conflicts, today }
    }

    /// On some day two entries record doses of which one reaches the floor and the other may not.
    pub(super) fn conflicts(&self) -> bool {
        self.conflicts
    }

    /// Some day was at or above the floor.
    pub(super) fn reached(&self) -> Truth {
        let once = self.once || self.pieces.iter().any(|piece| piece.certainly_reaches());
        Truth::possible(self.pieces.iter().any(|piece| piece.reaches), !once)
    }

    /// One stretch at or above the floor was at least so long.
    pub(super) fn lasts(&self, period: Period) -> Truth {
        let long = |run: &(Date, Date)| {
            run.0.plus(period).is_ok_and(|full| full <= run.1.min(self.today).max(run.0)) || period.count == 0
        };
        let certain = self.certain_runs().iter().any(long);
        Truth::possible(certain || self.possible_runs().iter().any(long), !certain)
    }

    /// The longest stretch: its first and its last day.
    pub(super) fn longest(&self) -> Option<(DateRange, DateRange)> {
        let days = |run: &(Date, Date)| run.1.days_since(run.0);
        let longest = |runs: Vec<(Date, Date)>| {
            runs.into_iter().reduce(|best, next| if days(&next) > days(&best) { next } else { best })
        };
        let (from, until) = longest(self.possible_runs())?;
        let inside = self.certain_runs().into_iter().filter(|run| from <= run.0 && run.1 <= until).collect();
        let (first, end) = longest(inside).unwrap_or((day_before(until), day_after(from)));
        let (first, last) = (first.max(from), day_before(end).min(day_before(until)));
        Some((
            DateRange { earliest: from, latest: first.max(from) },
            DateRange { earliest: last.max(from).min(day_before(until)), latest: day_before(until) },
        ))
    }

    /// The days on which the last stretch may have begun, from the first to the last.
    pub(super) fn last_began(&self) -> Option<DateRange> {
        let mut found: Option<DateRange> = None;
        let mut after_break = true;
        for (at, piece) in self.pieces.iter().enumerate() {
            let inside = piece.below;
            if piece.reaches && (after_break || inside) && !self.is_over(at) {
                // Later days of a piece begin a stretch only where the day before may belong to none.
                let last = if inside || (after_break && piece.off) { day_before(piece.until) } else { piece.from };
                let first = if after_break { piece.from } else { day_after(piece.from).min(last) };
                found = Some(match found {
                    None => DateRange { earliest: first, latest: last },
                    Some(range) => DateRange { earliest: range.earliest.min(first), latest: range.latest.max(last) },
                });
            }
            after_break = piece.below || (piece.off && after_break);
        }
        found
    }

    /// After a piece comes one that is certainly below, and then one that certainly reaches the floor.
    fn is_over(&self, at: usize) -> bool {
        let mut later = self.pieces.iter().skip(at + 1).skip_while(|piece| piece.reaches || piece.off);
        later.any(|piece| piece.certainly_reaches())
    }

    fn possible_runs(&self) -> Vec<(Date, Date)> {
        self.runs(|piece| piece.reaches || piece.off, |piece| piece.reaches)
    }

    fn certain_runs(&self) -> Vec<(Date, Date)> {
        self.runs(|piece| !piece.below, Piece::certainly_reaches)
    }

    /// Runs of pieces that `may` belong to one, each from the first to the last that `is` at the floor.
    fn runs(&self, may: fn(Piece) -> bool, is: fn(Piece) -> bool) -> Vec<(Date, Date)> {
        let mut runs = Vec::new();
        let mut open: Option<(Date, Date)> = None;
        for piece in &self.pieces {
            if !may(*piece) {
                runs.extend(open.take());
            } else if is(*piece) {
                open = Some((open.map_or(piece.from, |(from, _)| from), piece.until));
            }
        }
        runs.extend(open);
        runs
    }
}

fn run<'s, 'a>(spell: &'s Spell<'a>, today: Date) -> Run<'s, 'a> {
    let DateRange { earliest, latest } = spell.last.unwrap_or(DateRange::exact(today));
    Run {
        spell,
        widest: (spell.start.earliest, day_after(latest)),
        narrowest: (spell.start.latest, day_after(earliest).max(spell.start.latest)),
    }
}

/// What may be on the days of a piece, and whether two entries contradict each other there.
fn piece(
    runs: &[Run<'_, '_>],
    floor: Floor,
    body: &Body,
    (from, until): (Date, Date),
    never_below: &mut [bool],
) -> (Piece, bool) {
    let mut piece = Piece { from, until, reaches: false, below: false, off: true };
    let mut conflicts = false;
    let here = runs.iter().zip(never_below).filter(|(run, _)| run.widest.0 <= from && until <= run.widest.1);
    let mut here: Vec<(&Run<'_, '_>, Truth, &mut bool)> =
        here.map(|(run, never)| (run, at_floor(run.spell, floor, body, from), never)).collect();
    let certainly = |run: &Run<'_, '_>| run.narrowest.0 <= from && until <= run.narrowest.1;
    let mut disputed = vec![false; here.len()];
    for (run, held, _) in &here {
        piece.reaches |= held.can_be_yes();
        piece.off &= !certainly(run);
        let mut is_outdone = false;
        for ((other, above, _), disputed) in here.iter().zip(&mut disputed) {
            let contradicts = held.can_be_no() && above.can_be_yes() && run.contradicts(other, from);
            is_outdone |= *above == Truth::YES && certainly(other) && !contradicts;
            *disputed |= contradicts;
            conflicts |= contradicts && *held == Truth::NO && *above == Truth::YES;
        }
        piece.below |= held.can_be_no() && !is_outdone;
    }
    for ((_, held, never), disputed) in here.iter_mut().zip(disputed) {
        **never &= *held == Truth::YES && !disputed;
    }
    (piece, conflicts)
}

impl Run<'_, '_> {
    /// Two entries of one preparation that overlap record two doses for one day, and either may be right. On the day on
    /// which one follows the other they do not.
    fn contradicts(&self, other: &Run<'_, '_>, day: Date) -> bool {
        let follows = |one: &Spell<'_>, next: &Spell<'_>| {
            one.last == Some(DateRange::exact(day)) && next.start == DateRange::exact(day)
        };
        let (own, others) = (self.spell, other.spell);
        let same = own.factor.is_some() && own.factor == others.factor && own.of.iter().all(|one| !one.is_shared());
        let two = !own.entries().eq(others.entries());
        same && two && !follows(own, others) && !follows(others, own)
    }
}

/// Whether a spell is at or above a floor on a day on which it runs.
pub(super) fn at_floor(spell: &Spell<'_>, floor: Floor, body: &Body, day: Date) -> Truth {
    let Some((floor, or_highest_tolerated)) = floor else { return Truth::YES };
    let held = match (spell.of.as_slice(), spell.factor) {
        ([taken], Some(factor)) => {
            let doses = doses_on(taken.entry, day).into_iter().map(|dose| match dose {
                Some(dose) => dose::reaches(dose, factor, floor, body, day),
                None => Truth::EITHER,
            });
            doses.fold(Truth::NEITHER, Truth::union)
        }
        _ => Truth::EITHER,
    };
    let limited = spell.limited_by();
    let intolerance = Choices::only(INTOLERANCE);
    match or_highest_tolerated && limited.intersects(intolerance) {
        true if limited == intolerance => Truth::YES,
        true => held.union(Truth::YES),
        false => held,
    }
}

/// The doses that may be taken on a day, if it is taken; `None` for one that is not recorded.
pub(super) fn doses_on(entry: &Therapy, day: Date) -> Vec<Option<Quantity>> {
    let begun = |from: Option<DateRange>| from.is_none_or(|from| from.earliest <= day);
    let surely = |from: Option<DateRange>| from.is_none_or(|from| from.latest <= day);
    let mut possible: Vec<Option<Quantity>> = Vec::new();
    for step in entry.doses.iter().filter(|step| begun(step.from)) {
        let follows = |later: &&crate::record::Dose| match (step.from, later.from) {
            (None, Some(later)) => later.latest <= day,
            (Some(own), Some(later)) => later.latest <= day && own.latest < later.earliest,
            (_, None) => false,
        };
        if !entry.doses.iter().any(|later| follows(&later)) {
            possible.push(Some(step.dose.value));
        }
    }
    if !entry.doses.iter().any(|step| surely(step.from)) {
        possible.push(None);
    }
    possible
}

const ONE_DAY: Period = Period { count: 1, unit: PeriodUnit::Day };

/// The day after; beyond the calendar the same day.
pub(super) fn day_after(day: Date) -> Date {
    day.plus(ONE_DAY).unwrap_or(day)
}

fn day_before(day: Date) -> Date {
    day.minus(ONE_DAY).unwrap_or(day)
}

/// Days in weeks.
pub(super) fn weeks(days: i64) -> Number {
    Number::fraction(days.into(), 7).unwrap_or(Number::ZERO)
}
