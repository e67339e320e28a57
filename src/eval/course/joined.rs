//! Spells joined into courses over short gaps; where a gap is not known, every way to join them.

use crate::model::CourseWord;
use crate::plan::from_model::LoweredCourse;
use crate::plan::{Register, Slice, SlotSource};
use crate::value::{DateRange, Number, NumberSet, Precision, Truth};

use super::super::{Held, Registers, step};
use super::spell::{MOST_WAYS, Spell};

/// The rule of `course joined`.
#[derive(Debug)]
pub(super) struct Joined<'a> {
    rule: Option<(&'a LoweredCourse, crate::plan::TruthRegister, Slice)>,
}

/// Spells by their places, those of one course together.
pub(super) type Partition = Vec<Vec<usize>>;

impl<'a> Joined<'a> {
    pub(super) fn of(rules: Option<&'a LoweredCourse>) -> Self {
        let rule = rules.and_then(|rules| {
            let root = rules.joined?;
            Some((rules, root, rules.lowered.plan.slice([Register::Truth(root)])))
        });
        Joined { rule }
    }

    /// Whether a gap of so many days joins what lies before and after it. Without a gap they are always joined.
    fn joins(&self, days: (i64, i64)) -> Truth {
        let (least, most) = (days.0.max(0), days.1.max(0));
        if most == 0 {
            return Truth::YES;
        }
        let Some((rules, root, slice)) = &self.rule else { return Truth::possible(least == 0, true) };
        let plan = &rules.lowered.plan;
        let mut registers = Registers::of(plan);
        let weeks = |days: i64| Number::fraction(days.into(), 7).unwrap_or(Number::ZERO);
        for slot in &plan.slots {
            if slot.source == SlotSource::Word(CourseWord::Gap) {
                let gap = NumberSet::between(weeks(least.max(1)), weeks(most));
                registers.set(slot.register, &Held::Number(gap));
            }
        }
        for step in slice.steps.iter().filter_map(|at| plan.steps.get(*at as usize)) {
            step::run(step, &mut registers, Precision::Usual);
        }
        let over_gap = registers.truth(*root);
        if least == 0 { over_gap.union(Truth::YES) } else { over_gap }
    }

    /// Whether two spells are of one course.
    ///
    /// Alone and together with another drug are two courses: neither makes the other longer, nor undoes what came of it.
    fn link(&self, one: &Spell<'_>, other: &Spell<'_>) -> Truth {
        if one.beside() != other.beside() {
            return Truth::NO;
        }
        let (left, right) = (gap(one, other), gap(other, one));
        // One of the two is no gap: they overlap, or follow in the other order.
        let days = (left.0.max(right.0), left.1.max(right.1));
        self.joins(days)
    }

    /// Every way to join spells into courses, the one that joins most first; `None` where there are too many.
    pub(super) fn partitions(&self, spells: &[Spell<'_>]) -> Option<Vec<Partition>> {
        let mut groups: Vec<usize> = (0..spells.len()).collect();
        let mut perhaps: Vec<(usize, usize)> = Vec::new();
        for (one, first) in spells.iter().enumerate() {
            for (other, second) in spells.iter().enumerate().skip(one + 1) {
                match self.link(first, second) {
                    Truth::YES => unite(&mut groups, one, other),
                    Truth::NO => {}
                    _ => perhaps.push((one, other)),
                }
            }
        }
        let group = |groups: &[usize], at: usize| groups.get(at).copied().unwrap_or(at);
        let mut bridges: Vec<(usize, usize)> = perhaps
            .iter()
            .map(|(one, other)| (group(&groups, *one), group(&groups, *other)))
            .filter(|(one, other)| one != other)
            .map(|(one, other)| (one.min(other), one.max(other)))
            .collect();
        bridges.sort_unstable();
        bridges.dedup();
        let count = u32::try_from(bridges.len()).ok().and_then(|bits| 1_usize.checked_shl(bits));
        let count = count.filter(|count| *count <= MOST_WAYS)?;
        let mut ways: Vec<Partition> = Vec::new();
        for bits in (0..count).rev() {
            let mut joined = groups.clone();
            for (at, (one, other)) in bridges.iter().enumerate() {
                if bits >> at & 1 == 1 {
                    unite(&mut joined, *one, *other);
                }
            }
            let way = partition(&joined);
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        Some(ways)
    }
}

/// The fewest and the most days between the end of one spell and the start of another.
fn gap(before: &Spell<'_>, after: &Spell<'_>) -> (i64, i64) {
    let Some(DateRange { earliest, latest }) = before.last else { return (0, 0) };
    let days = |start: crate::value::Date, end: crate::value::Date| (start.days_since(end) - 1).max(0);
    (days(after.start.earliest, latest), days(after.start.latest, earliest))
}

fn unite(groups: &mut [usize], one: usize, other: usize) {
    let find = |groups: &[usize], at: usize| groups.get(at).copied().unwrap_or(at);
    let (one, other) = (find(groups, one), find(groups, other));
    let (keep, gone) = (one.min(other), one.max(other));
    for group in groups {
        if *group == gone {
            *group = keep;
        }
    }
}

fn partition(groups: &[usize]) -> Partition {
    let mut names: Vec<usize> = groups.to_vec();
    names.sort_unstable();
    names.dedup();
    let members = |name: usize| groups.iter().enumerate().filter(move |(_, group)| **group == name).map(|(at, _)| at);
    names.into_iter().map(|name| members(name).collect()).collect()
}
