use proptest::prelude::*;

use super::{Form, Long, NumberSet};
use crate::value::{Bound, Interval, Number, Precision, Truth};

/// Members are tried on this grid: halves from -6 to 6, so that between any two whole ends there are some.
fn grid() -> impl Iterator<Item = Number> {
    (-12..=12).map(|half| fraction(half, 2))
}

fn fraction(numerator: i128, denominator: i128) -> Number {
    Number::fraction(numerator, denominator).unwrap_or(Number::ZERO)
}

fn whole(value: i64) -> Number {
    Number::whole(value)
}

fn members(set: &NumberSet) -> Vec<Number> {
    grid().filter(|number| set.contains(*number)).collect()
}

fn bound(ends: std::ops::Range<i64>) -> impl Strategy<Value = Bound> {
    prop_oneof![
        4 => ends.clone().prop_map(|end| Bound::Closed(whole(end))),
        2 => ends.prop_map(|end| Bound::Open(whole(end))),
        1 => Just(Bound::Unbounded),
    ]
}

fn any_set() -> impl Strategy<Value = NumberSet> {
    let interval = (bound(-5..4), bound(-4..5)).prop_map(|(low, high)| Interval { low, high });
    let point = (-4_i64..=4).prop_map(|number| Interval::point(whole(number)));
    prop::collection::vec(prop_oneof![interval, point], 0..4).prop_map(NumberSet::from_intervals)
}

/// Sets of a few whole numbers.
fn points() -> impl Strategy<Value = NumberSet> {
    prop::collection::vec(-4_i64..=4, 0..4).prop_map(|numbers| set_of(numbers.into_iter().map(whole)))
}

fn set_of(numbers: impl IntoIterator<Item = Number>) -> NumberSet {
    NumberSet::from_intervals(numbers.into_iter().map(Interval::point))
}

type Operation = (&'static str, fn(&NumberSet, &NumberSet) -> NumberSet, fn(Number, Number) -> Option<Number>);

const OPERATIONS: [Operation; 6] = [
    ("plus", NumberSet::plus, |a, b| a.plus(b).ok()),
    ("minus", NumberSet::minus, |a, b| a.minus(b).ok()),
    ("times", NumberSet::times, |a, b| a.times(b).ok()),
    ("over", NumberSet::over, |a, b| a.over(b).ok()),
    ("least", NumberSet::least_of, |a, b| Some(a.min(b))),
    ("greatest", NumberSet::greatest_of, |a, b| Some(a.max(b))),
];

type Comparison = (&'static str, fn(&NumberSet, &NumberSet) -> Truth, fn(&Number, &Number) -> bool);

const COMPARISONS: [Comparison; 5] = [
    ("below", NumberSet::is_below, Number::lt),
    ("at most", NumberSet::is_at_most, Number::le),
    ("above", NumberSet::is_above, Number::gt),
    ("at least", NumberSet::is_at_least, Number::ge),
    ("equals", NumberSet::equals, Number::eq),
];

/// Ends with different denominators, short ones and such as need long fractions.
fn uneven() -> impl Strategy<Value = NumberSet> {
    let number = (-40_i128..40, 1_i128..8, prop_oneof![6 => Just(1_i128), 1 => Just(i128::from(i64::MAX))])
        .prop_map(|(numerator, denominator, scale)| fraction(numerator * scale, denominator));
    let end = (number, 0..4).prop_map(|(number, kind)| match kind {
        0 => Bound::Open(number),
        1 => Bound::Unbounded,
        _ => Bound::Closed(number),
    });
    let interval = (end.clone(), end).prop_map(|(low, high)| Interval { low, high });
    let point = (-40_i128..40, 1_i128..8).prop_map(|(at, per)| Interval::point(fraction(at, per)));
    let set = prop::collection::vec(prop_oneof![interval, point], 0..3).prop_map(NumberSet::from_intervals);
    (set, any::<bool>()).prop_map(|(set, approximate)| set.marked_if(approximate))
}

/// The same set in its long form.
fn long(set: &NumberSet) -> NumberSet {
    let pieces: Box<[Interval]> = set.intervals().into_iter().collect();
    if pieces.is_empty() {
        return set.clone();
    }
    NumberSet(Form::Long(Box::new(Long { pieces, approximate: set.is_approximate() })))
}

/// The pieces are in order, with gaps between them.
fn is_normal(set: &NumberSet) -> bool {
    set.intervals().windows(2).all(|pair| matches!(pair, [left, right] if left.high_cut() < right.low_cut()))
        && set.intervals().iter().all(|piece| piece.low_cut() < piece.high_cut())
}

/// What brute force says of two intervals, by ends that come as near as a thousandth: a number near each end of
/// each, with 1000 in the place of no end.
fn near_the_ends(set: &NumberSet) -> Vec<Number> {
    let near = fraction(1, 1000);
    let inward = |end: Bound, step: Number, far: i64| match end {
        Bound::Closed(number) => number,
        Bound::Open(number) => number.plus(step).unwrap_or(number),
        Bound::Unbounded => whole(far),
    };
    let of = |piece: &Interval| [inward(piece.low, near, -1000), inward(piece.high, near.negated(), 1000)];
    set.intervals().iter().flat_map(of).filter(|number| set.contains(*number)).collect()
}

proptest! {
    /// Nothing that some pair gives is missing.
    #[test]
    fn every_result_is_in_the_set(left in any_set(), right in any_set()) {
        for (name, of_sets, of_numbers) in OPERATIONS {
            let set = of_sets(&left, &right);
            prop_assert!(is_normal(&set), "{name}: {set:?}");
            prop_assert!(!set.is_approximate(), "{name}");
            for a in members(&left) {
                for b in members(&right) {
                    if let Some(result) = of_numbers(a, b) {
                        prop_assert!(set.contains(result), "{name} of {a} and {b} is {result}, not in {set:?}");
                    }
                }
            }
        }
    }

    /// Whether a set is kept in its short or its long form is seen by nobody.
    #[test]
    fn short_and_long_forms_agree(left in uneven(), right in uneven()) {
        let (long_left, long_right) = (long(&left), long(&right));
        let mut results: Vec<(&str, NumberSet, NumberSet)> = OPERATIONS
            .iter()
            .map(|(name, of_sets, _)| (*name, of_sets(&left, &right), of_sets(&long_left, &long_right)))
            .collect();
        results.push(("union", left.union(&right), long_left.union(&long_right)));
        results.push(("intersection", left.intersection(&right), long_left.intersection(&long_right)));
        results.push(("negated", left.negated(), long_left.negated()));
        results.push(("mixed", left.plus(&long_right), long_left.plus(&right)));
        for (name, short, long) in results {
            prop_assert_eq!(&short, &long, "{} of {:?} and {:?}", name, left, right);
            prop_assert_eq!(short.is_approximate(), long.is_approximate(), "{} of {:?} and {:?}", name, left, right);
            prop_assert_eq!(short.single(), long.single());
        }
        for (name, of_sets, _) in COMPARISONS {
            prop_assert_eq!(of_sets(&left, &right), of_sets(&long_left, &long_right), "{}", name);
        }
        prop_assert_eq!(left.is_within(&right), long_left.is_within(&long_right));
        prop_assert_eq!(left.is_subset_of(&right), long_left.is_subset_of(&long_right));
        prop_assert_eq!(&left, &long_left);
    }

    /// Sets of a few numbers give the results of the pairs and nothing else.
    #[test]
    fn results_of_points_are_exact(left in points(), right in points()) {
        for (name, of_sets, of_numbers) in OPERATIONS {
            let pairs = members(&left).into_iter().flat_map(|a| members(&right).into_iter().map(move |b| (a, b)));
            let expected = set_of(pairs.filter_map(|(a, b)| of_numbers(a, b)));
            prop_assert_eq!(of_sets(&left, &right), expected, "{}", name);
        }
    }

    /// Sums, differences, least and greatest: a claimed number is given by a pair. With ends on whole numbers,
    /// what two sets give at a half, pairs of quarters give.
    #[test]
    fn claimed_numbers_are_given(left in any_set(), right in any_set()) {
        let quarters = |set: &NumberSet| -> Vec<Number> {
            (-48..=48).map(|quarter| fraction(quarter, 4)).filter(|number| set.contains(*number)).collect()
        };
        for (name, of_sets, of_numbers) in OPERATIONS.into_iter().filter(|(name, ..)| !["times", "over"].contains(name)) {
            let mut given: Vec<Number> = Vec::new();
            for a in quarters(&left) {
                given.extend(quarters(&right).into_iter().filter_map(|b| of_numbers(a, b)));
            }
            given.sort();
            for claimed in members(&of_sets(&left, &right)) {
                prop_assert!(given.binary_search(&claimed).is_ok(), "{name}: {claimed}");
            }
        }
    }

    /// Products and quotients: their ends are those that members near the ends come near.
    #[test]
    fn ends_of_products(left in any_set(), right in any_set()) {
        for (set, other) in [(left.times(&right), right.clone()), (left.over(&right), right.reciprocal())] {
            let near: Vec<Number> = near_the_ends(&left)
                .into_iter()
                .flat_map(|a| near_the_ends(&other).into_iter().filter_map(move |b| a.times(b).ok()))
                .collect();
            let Some(hull) = set.hull() else {
                prop_assert!(left.is_empty() || other.is_empty());
                continue;
            };
            let reached = |number: Number, end: Bound, direction: Number| match end {
                Bound::Closed(end) => number == end,
                Bound::Open(end) => {
                    let apart = number.minus(end).unwrap_or(whole(1));
                    apart.sign() != 0 && apart.max(apart.negated()) < fraction(1, 50)
                }
                Bound::Unbounded => number.times(direction).unwrap_or(number) > whole(100),
            };
            for (end, direction) in [(hull.low, whole(-1)), (hull.high, whole(1))] {
                prop_assert!(near.iter().any(|number| reached(*number, end, direction)), "{end:?} of {left:?} and {other:?}");
            }
        }
    }

    /// A comparison can be yes, or no, exactly when some pair says so.
    #[test]
    fn comparisons_are_those_of_pairs(left in any_set(), right in any_set()) {
        // Thirds, because between two open ends a whole apart there must be one number below another.
        let members = |set: &NumberSet| -> Vec<Number> {
            (-18..=18).map(|third| fraction(third, 3)).filter(|number| set.contains(*number)).collect()
        };
        for (name, of_sets, of_numbers) in COMPARISONS {
            let mut expected = Truth::NEITHER;
            for a in members(&left) {
                for b in members(&right) {
                    expected = expected.union(Truth::from(of_numbers(&a, &b)));
                }
            }
            prop_assert_eq!(of_sets(&left, &right), expected, "{} of {:?} and {:?}", name, left, right);
        }
        let within = members(&left).into_iter().map(|a| Truth::from(right.contains(a)));
        prop_assert_eq!(left.is_within(&right), within.fold(Truth::NEITHER, Truth::union));
    }

    /// Union, intersection, subset and whole numbers agree with membership.
    #[test]
    fn sets_agree_with_membership(left in any_set(), right in any_set()) {
        let (either, both) = (left.union(&right), left.intersection(&right));
        let whole_only = left.whole_only();
        prop_assert!(is_normal(&either) && is_normal(&both) && is_normal(&whole_only));
        for number in grid() {
            let (in_left, in_right) = (left.contains(number), right.contains(number));
            prop_assert_eq!(either.contains(number), in_left || in_right);
            prop_assert_eq!(both.contains(number), in_left && in_right);
            prop_assert!(!number.is_whole() || whole_only.contains(number) == in_left);
        }
        prop_assert_eq!(left.is_subset_of(&right), members(&left).into_iter().all(|number| right.contains(number)));
        prop_assert!(both.is_subset_of(&left) && left.is_subset_of(&either) && whole_only.is_subset_of(&left));
        prop_assert_eq!(left.negated().negated(), left.clone());
        prop_assert_eq!(NumberSet::point(Number::ZERO).minus(&left), left.negated());
    }

    /// A function of a set contains the function of each member, as binary floats see it.
    #[test]
    fn functions_contain_their_values(set in any_set()) {
        for precision in [Precision::Usual, Precision::High] {
            let (roots, logarithms) = (set.square_root(precision), set.natural_logarithm(precision));
            let powers = set.exponential(precision);
            for (number, float) in members(&set).into_iter().zip(members(&set).iter().map(float)) {
                prop_assert!(powers.is_possible(float.exp()));
                prop_assert!(number.sign() < 0 || roots.is_possible(float.sqrt()));
                prop_assert!(number.sign() <= 0 || logarithms.is_possible(float.ln()));
            }
            let domain = NumberSet::from_interval(Interval { low: Bound::Closed(Number::ZERO), high: Bound::Unbounded });
            prop_assert_eq!(roots.is_empty(), set.intersection(&domain).is_empty());
        }
    }
}

fn float(number: &Number) -> f64 {
    number.to_string().parse().unwrap_or(f64::NAN)
}

impl NumberSet {
    /// The set has a number within a float's error of this one.
    fn is_possible(&self, value: f64) -> bool {
        let error = 1e-9;
        let close = |text: f64| format!("{text:.12}").parse().unwrap_or(Number::ZERO);
        let around = NumberSet::between(close(value - error), close(value + error));
        !self.intersection(&around).is_empty()
    }
}

#[test]
fn ends_open_and_missing() {
    let set = |low, high| NumberSet::from_interval(Interval { low, high });
    let (closed, open) = (|value| Bound::Closed(whole(value)), |value| Bound::Open(whole(value)));
    let one_to_two = NumberSet::between(whole(1), whole(2));
    let quotient = one_to_two.over(&NumberSet::between(whole(0), whole(4)));
    assert_eq!(quotient, set(Bound::Closed(fraction(1, 4)), Bound::Unbounded));
    assert!(one_to_two.over(&NumberSet::point(whole(0))).is_empty());
    assert_eq!(set(open(0), open(1)).times(&set(open(1), Bound::Unbounded)), set(open(0), Bound::Unbounded));
    assert_eq!(set(closed(0), open(1)).times(&set(open(1), Bound::Unbounded)), set(closed(0), Bound::Unbounded));
    assert_eq!(set(open(8000), Bound::Unbounded).is_above(&NumberSet::point(whole(8000))), Truth::YES);
    assert!(set(open(141), open(142)).whole_only().is_empty());
    assert_eq!(set(open(1), open(5)).whole_only(), NumberSet::between(whole(2), whole(4)));
    assert_eq!(set(open(1), closed(1)), NumberSet::empty());
    let joined = NumberSet::from_intervals(
        [one_to_two.clone(), set(open(2), closed(3))].iter().flat_map(|set| set.intervals().to_vec()),
    );
    assert_eq!(joined, NumberSet::between(whole(1), whole(3)));
    assert_eq!(joined.finite_values(9), None);
    let few = set_of([3, 1, 2, 1].map(whole));
    assert_eq!(few.finite_values(3), Some(vec![whole(1), whole(2), whole(3)]));
    assert_eq!(few.finite_values(2), None);
    assert_eq!(few.hull().and_then(Interval::single), None);
    assert_eq!(NumberSet::empty().finite_values(0), Some(Vec::new()));
    let range = one_to_two.clone().marked_approximate();
    assert_eq!(one_to_two.is_within(&one_to_two), Truth::YES);
    assert_eq!(one_to_two.is_within(&range), Truth::EITHER);
}

/// Too many pieces, or digits, make a set wider and never narrower.
#[test]
fn beyond_the_limits_sets_grow() {
    let many = set_of((0..600).map(|number: i64| whole(number * number)));
    assert!(many.is_approximate() && many.intervals().len() == NumberSet::PIECES);
    assert!((0..600).all(|number| many.contains(whole(number * number))));
    assert!(!many.contains(whole(599 * 599 - 1)), "the widest gap stays");
    assert!(many.negated().is_approximate() && many.plus(&NumberSet::point(whole(1))).is_approximate());

    let greatest = NumberSet::point(fraction(i128::MAX, 1));
    let above = greatest.plus(&NumberSet::between(whole(-1), whole(1)));
    assert!(above.is_approximate());
    let expected = Interval { low: Bound::Closed(fraction(i128::MAX - 1, 1)), high: Bound::Unbounded };
    assert_eq!(above, NumberSet::from_interval(expected));
    let square = greatest.times(&greatest);
    let positive = Interval { low: Bound::Open(Number::ZERO), high: Bound::Unbounded };
    assert!(square.is_approximate());
    assert_eq!(square, NumberSet::from_interval(positive));
    assert_eq!(greatest.negated().times(&greatest), NumberSet::from_interval(positive).negated());
}

#[test]
fn functions_are_exact_where_they_can_be() {
    for precision in [Precision::Usual, Precision::High] {
        let root = NumberSet::between(whole(-3), whole(4)).square_root(precision);
        assert_eq!((root.is_approximate(), root), (false, NumberSet::between(whole(0), whole(2))));
        let zero = NumberSet::point(whole(1)).natural_logarithm(precision);
        assert_eq!((zero.is_approximate(), zero.single()), (false, Some(whole(0))));
        let one = NumberSet::point(whole(0)).exponential(precision);
        assert_eq!((one.is_approximate(), one.single()), (false, Some(whole(1))));
        let inexact = NumberSet::point(whole(2)).square_root(precision);
        assert!(inexact.is_approximate() && inexact.single().is_none());
        assert_eq!(NumberSet::everything().natural_logarithm(precision), NumberSet::everything());
        assert_eq!(NumberSet::everything().exponential(precision).is_above(&NumberSet::point(whole(0))), Truth::YES);
        assert!(NumberSet::point(whole(-1)).square_root(precision).is_empty());
        assert!(NumberSet::point(whole(0)).natural_logarithm(precision).is_empty());
    }
}

proptest! {
    /// Tick by tick the same sums are reached as by adding one after the other.
    #[test]
    fn sums_of_points_are_those_of_adding(
        addends in prop::collection::vec(prop::collection::vec((-40_i64..40, 1_i64..5), 1..4), 0..7),
    ) {
        let addends: Vec<NumberSet> = addends
            .iter()
            .map(|points| set_of(points.iter().map(|(upper, lower)| fraction((*upper).into(), (*lower).into()))))
            .collect();
        let one_by_one = addends.iter().fold(NumberSet::point(Number::ZERO), |sum, addend| sum.plus(addend));
        let sum = NumberSet::sum_of(addends.iter());
        if one_by_one.is_approximate() {
            prop_assert!(sum.is_subset_of(&one_by_one));
        } else {
            prop_assert_eq!(&sum, &one_by_one);
            prop_assert!(!sum.is_approximate());
        }
    }
}
