use crate::catalog::Catalog;
use crate::eval::{Held, Registers, Subject, bind, step};
use crate::plan::{
    ChoiceRegister, NumberRegister, Part, Plan, Register, Relation, Slot, SlotSource, Step, TruthRegister, Writer,
};
use crate::value::{Choices, Number, NumberSet, Precision, Truth};

use super::ends::{MOST, MOST_OF_RATIO};
use super::{Bands, Compact, Ends, Fractions, Gives, List, Operation, Scale, Start, TURNED, common, divisor, fraction};

/// The ticks of a slot: ten-thousandths, or finer where a threshold asks for it.
const TICKS: i64 = 10_000;
/// The highest number of a slot, in whole units.
pub(crate) const HIGHEST: i64 = 1_000_000;

/// The steps that some registers depend on, as operations; `None` where one of them does not fit.
pub(super) fn compile(subject: Subject<'_>, roots: impl IntoIterator<Item = Register>) -> Option<Compact> {
    let plan = &subject.lowered.plan;
    let [truths, choices, numbers] = plan.registers.map(|count| count as usize);
    let start = Start {
        truths: vec![Truth::EITHER; truths],
        choices: vec![Choices::all(Choices::LIMIT); choices],
        numbers: vec![Ends::EVERYTHING; numbers],
        ratios: 0,
    };
    let roots: Vec<Register> = roots.into_iter().collect();
    let slice = plan.slice(roots.iter().copied());
    let mut compiler = Compiler {
        plan,
        roots,
        made: Compact {
            start,
            slots: slice.slots.clone(),
            operations: Vec::new(),
            lists: Vec::new(),
            terms: Vec::new(),
            pairs: Vec::new(),
            rows: Vec::new(),
            ranges: Vec::new(),
            fractions: Vec::new(),
            bands: Vec::new(),
            scales: vec![Scale::None; numbers],
            places: (0..plan.registers.last().copied().unwrap_or(0)).collect(),
            runs: Vec::new(),
        },
        constants: Registers::of(plan),
        is_constant: plan.registers.map(|count| vec![false; count as usize]),
    };
    for slot in slice.slots.iter().filter_map(|slot| plan.slot(*slot)) {
        compiler.slot(subject.catalog, slot);
    }
    for at in &slice.steps {
        compiler.step(plan.step(*at)?)?;
    }
    Some(compiler.made)
}

struct Compiler<'p> {
    plan: &'p Plan,
    roots: Vec<Register>,
    made: Compact,
    /// What is the same for every record.
    constants: Registers,
    /// The registers that are, by kind.
    is_constant: [Vec<bool>; 3],
}

impl Compiler<'_> {
    /// The scale of a slot.
    fn slot(&mut self, catalog: &Catalog, slot: &Slot) {
        let Register::Number(at) = slot.register else { return };
        if let SlotSource::Fact { fact, part: Part::Value, .. } = slot.source
            && let Some(Held::Number(all)) = catalog.fact(fact).map(bind::everything)
            && all.intervals().len() > 1
            && self.is_held_against_ranges_only(at)
            && !self.roots.contains(&slot.register)
        {
            self.made.runs.push(at.0);
        }
        let ratio = matches!(slot.source, SlotSource::Fact { part: Part::Multiple, .. });
        let scale = if ratio { self.ratio(TICKS * HIGHEST) } else { ticks_of(self.plan, at) };
        self.set_scale(at, scale);
    }

    fn is_held_against_ranges_only(&self, at: NumberRegister) -> bool {
        let mut readers = self.plan.readers(Register::Number(at)).iter().filter_map(|step| self.plan.step(*step));
        readers.all(|step| matches!(step, Step::Within(..) | Step::Known(..)))
    }

    fn step(&mut self, step: &Step) -> Option<()> {
        let mut same = !matches!(step, Step::Apply(..));
        step.reads(|register| same &= self.is_constant(register));
        if same {
            return self.constant(step);
        }
        if let Step::Not(_, to) = step
            && self.is_never_read(*to)
        {
            return Some(());
        }
        let operation = self.operation(step)?;
        if let Operation::Scale { of, by: 1, to } = operation {
            // The same ticks, of another scale: whoever reads the one reads the other.
            *self.made.places.get_mut(to as usize)? = of;
            return Some(());
        }
        self.made.operations.push(operation);
        Some(())
    }

    /// Works out what is the same for every record.
    fn constant(&mut self, step: &Step) -> Option<()> {
        step::run(step, &mut self.constants, Precision::Usual);
        let to = step.writes();
        let [truths, choices, numbers] = &mut self.is_constant;
        let (place, at) = match to {
            Register::Truth(at) => (truths, at.0),
            Register::Choice(at) => (choices, at.0),
            Register::Number(at) => (numbers, at.0),
        };
        *place.get_mut(at as usize)? = true;
        match (to, self.constants.held(to)) {
            (Register::Truth(at), Held::Truth(truth)) => self.made.start.put_truth(at, truth),
            (Register::Choice(at), Held::Choices(choices)) => self.made.start.put_choice(at, choices),
            (Register::Number(at), Held::Number(number)) => {
                let (value, per) = fraction(number.single()?)?;
                let ends = value.abs().checked_mul(2).filter(|most| *most < MOST).map(|_| Ends::tick(value))?;
                self.made.start.put_number(at, ends);
                self.set_scale(at, Scale::Ticks { per, most: value.abs() });
            }
            _ => return None,
        }
        Some(())
    }

    fn is_constant(&self, register: Register) -> bool {
        let [truths, choices, numbers] = &self.is_constant;
        let (place, at) = match register {
            Register::Truth(at) => (truths, at.0),
            Register::Choice(at) => (choices, at.0),
            Register::Number(at) => (numbers, at.0),
        };
        place.get(at as usize).is_some_and(|constant| *constant)
    }

    fn operation(&mut self, step: &Step) -> Option<Operation> {
        Some(match step {
            Step::All(of, to) => match **of {
                [left, right] => Operation::Both { left: self.read(left), right: self.read(right), to: to.0 },
                _ => Operation::All { of: self.list(of), to: to.0 },
            },
            Step::Any(of, to) => match **of {
                [left, right] => Operation::Either { left: self.read(left), right: self.read(right), to: to.0 },
                _ => Operation::Any { of: self.list(of), to: to.0 },
            },
            Step::Not(TruthRegister(of), to) => Operation::Not { of: *of, to: to.0 },
            Step::CountWithin { low, high, of, to } => Operation::CountWithin {
                of: self.list(of),
                low: u16::try_from(*low).ok()?,
                high: u16::try_from(*high).unwrap_or(u16::MAX),
                to: to.0,
            },
            Step::NotExactlyOne(of, to) => Operation::NotExactlyOne { of: self.list(of), to: to.0 },
            Step::UnknownIsNo(TruthRegister(of), to) => Operation::NoIfUnknown { of: *of, to: to.0 },
            Step::Is(ChoiceRegister(of), values, to) => Operation::Is { of: *of, values: *values, to: to.0 },
            Step::Known(of, to) => Operation::Known { of: self.made.place(*of), to: to.0 },
            Step::Within(of, range, to) => self.within(*of, range, *to)?,
            Step::Compare(left, relation, right, to) => self.compare(*left, *relation, *right, *to)?,
            Step::Count(of, to) => {
                let of = self.list(of);
                self.set_scale(*to, Scale::Ticks { per: 1, most: (of.upto - of.from).into() });
                if !self.roots.contains(&Register::Number(*to)) && self.is_held_against_ranges_only(*to) {
                    self.made.runs.push(to.0);
                }
                Operation::Count { of, to: to.0 }
            }
            Step::Highest(of, to) => Operation::Highest { of: self.of_one_scale(of, *to)?, to: to.0 },
            Step::Lowest(of, to) => Operation::Lowest { of: self.of_one_scale(of, *to)?, to: to.0 },
            Step::UnknownIsZero(of, to) => {
                let (per, most) = self.ticks(*of)?;
                self.set_scale(*to, Scale::Ticks { per, most });
                Operation::ZeroIfUnknown { of: self.made.place(*of), to: to.0 }
            }
            Step::Sum(of, to) => self.sum(&of.iter().map(|at| (*at, 1)).collect::<Vec<_>>(), *to)?,
            Step::Difference(left, right, to) => self.sum(&[(*left, 1), (*right, -1)], *to)?,
            Step::Product(left, right, to) => self.product(*left, *right, *to)?,
            Step::Quotient(left, right, to) => self.quotient(*left, *right, *to)?,
            Step::Points(of, bands, to) => self.points(*of, bands, *to)?,
            Step::Classify(of, bands, to) => {
                let values = Gives::Values(bands.iter().map(|(_, value)| Choices::only(*value)).collect());
                let bands = self.bands(*of, &bands.iter().map(|(range, _)| range).collect::<Vec<_>>(), values)?;
                Operation::Bands { of: self.made.place(*of), bands, to: to.0 }
            }
            Step::PointsIf(when, points, to) => {
                let (value, per) = fraction(*points)?;
                self.set_scale(*to, Scale::Ticks { per, most: value.checked_abs().filter(|most| *most < MOST / 2)? });
                self.made.ranges.push(Ends::tick(value));
                Operation::PointsIf { of: when.0, ranges: last(&self.made.ranges), to: to.0 }
            }
            Step::PickTruth(pairs, to) => {
                let of = self.pairs(pairs.iter().map(|(when, then)| (when.0, then.0)));
                Operation::PickTruth { of, to: to.0 }
            }
            Step::PickChoice(pairs, to) => {
                let of = self.pairs(pairs.iter().map(|(when, then)| (when.0, then.0)));
                Operation::PickChoice { of, to: to.0 }
            }
            Step::PickNumber(pairs, to) => self.pick_number(pairs, *to)?,
            Step::Assume(of, values, to) => Operation::Assume { of: of.0, values: *values, to: to.0 },
            Step::Rows { policy, rows, sound, to } => {
                self.made.rows.push(rows.clone());
                Operation::Rows { rows: last(&self.made.rows), policy: *policy, sound: *sound, to: to.0 }
            }
            Step::Constant(..) | Step::Value(..) | Step::Apply(..) | Step::NumberOf(..) => return None,
        })
    }

    fn within(&mut self, of: NumberRegister, range: &NumberSet, to: TruthRegister) -> Option<Operation> {
        Some(match self.scale(of) {
            Scale::Ticks { per, .. } => {
                let range = Ends::of(range, per, MOST / 2)?;
                let range = if self.made.runs.contains(&of.0) { range.whole_only(per) } else { range };
                self.made.ranges.push(range);
                Operation::Within { of: self.made.place(of), range: last(&self.made.ranges), to: to.0 }
            }
            Scale::Ratio { most, .. } => {
                Self::can_be_held(most)?;
                self.made.fractions.push(Fractions::of(range)?);
                Operation::RatioWithin { of: self.made.place(of), range: last(&self.made.fractions), to: to.0 }
            }
            Scale::None => return None,
        })
    }

    fn compare(
        &mut self,
        left: NumberRegister,
        relation: Relation,
        right: NumberRegister,
        to: TruthRegister,
    ) -> Option<Operation> {
        let ((own, most), (other, other_most)) = (self.ticks(left)?, self.ticks(right)?);
        let per = common(own, other)?;
        let (left_by, right_by) = (per / own, per / other);
        within_bound(most, left_by)?;
        within_bound(other_most, right_by)?;
        let (left, right) = (self.made.place(left), self.made.place(right));
        if left_by == 1 && right_by == 1 {
            return Some(Operation::Compare { left, relation, right, to: to.0 });
        }
        let terms = len(&self.made.terms);
        self.made.terms.extend([(left, left_by), (right, right_by)]);
        Some(Operation::CompareScaled { left, relation, right, terms, to: to.0 })
    }

    /// Numbers, each once or taken away.
    fn sum(&mut self, of: &[(NumberRegister, i64)], to: NumberRegister) -> Option<Operation> {
        if of.iter().all(|(at, _)| matches!(self.scale(*at), Scale::Ratio { .. })) {
            return self.sum_of_ratios(of, to);
        }
        let most = |all: &[i64]| all.iter().try_fold(0_i64, |sum, own| sum.checked_add(*own));
        Some(Operation::Sum { of: self.brought_to_one_scale(of, &most, to)?, to: to.0 })
    }

    /// Numbers of which one is taken.
    fn of_one_scale(&mut self, of: &[NumberRegister], to: NumberRegister) -> Option<List> {
        let of: Vec<(NumberRegister, i64)> = of.iter().map(|at| (*at, 1)).collect();
        self.brought_to_one_scale(&of, &|all| all.iter().copied().max(), to)
    }

    /// Numbers, each once or taken away, in the scale of `to`; of how many ticks they have at most, `most` makes the bound of
    /// what comes of them.
    fn brought_to_one_scale(
        &mut self,
        of: &[(NumberRegister, i64)],
        most: &dyn Fn(&[i64]) -> Option<i64>,
        to: NumberRegister,
    ) -> Option<List> {
        let scales: Vec<(i64, i64)> = of.iter().map(|(at, _)| self.ticks(*at)).collect::<Option<_>>()?;
        let per = scales.iter().try_fold(1, |per, (own, _)| common(per, *own))?;
        let bounds: Vec<i64> =
            scales.iter().map(|(own, most)| within_bound(*most, per / own)).collect::<Option<_>>()?;
        let from = len(&self.made.terms);
        for ((at, sign), (own, _)) in of.iter().zip(&scales) {
            self.made.terms.push((self.made.place(*at), sign * (per / own)));
        }
        self.set_scale(to, Scale::Ticks { per, most: within_bound(most(&bounds)?, 1)? });
        Some(List { from, upto: len(&self.made.terms) })
    }

    /// Ratios, each once or taken away.
    fn sum_of_ratios(&mut self, of: &[(NumberRegister, i64)], to: NumberRegister) -> Option<Operation> {
        let mut sum: i64 = 0;
        let from = len(&self.made.terms);
        for (at, sign) in of {
            let Scale::Ratio { most, .. } = self.scale(*at) else { return None };
            sum = sum.checked_add(most)?;
            self.made.terms.push((self.made.place(*at), *sign));
        }
        let scale = self.ratio(sum.max(MOST_OF_RATIO >> 8));
        self.set_scale(to, scale);
        Some(Operation::RatioSum { of: List { from, upto: len(&self.made.terms) }, to: to.0 })
    }

    /// A product with what is the same for every record.
    fn product(&mut self, left: NumberRegister, right: NumberRegister, to: NumberRegister) -> Option<Operation> {
        let (of, (by, per)) = match (self.fraction(left), self.fraction(right)) {
            (Some(factor), _) => (right, factor),
            (None, Some(factor)) => (left, factor),
            (None, None) => return None,
        };
        self.scaled(of, by, per, to)
    }

    /// Times `by / per`: another scale, and whole numbers times what is left.
    fn scaled(&mut self, of: NumberRegister, by: i64, per: i64, to: NumberRegister) -> Option<Operation> {
        if by == 0 {
            return None;
        }
        match self.scale(of) {
            Scale::Ticks { per: own, most } => {
                let whole = own.checked_mul(per)?;
                let shared = divisor(by.checked_abs()?, whole);
                let (by, per) = (by / shared, whole / shared);
                let most = within_bound(most, by.abs())?;
                self.set_scale(to, Scale::Ticks { per, most });
                Some(Operation::Scale { of: self.made.place(of), by, to: to.0 })
            }
            Scale::Ratio { most, .. } => {
                let shared = divisor(by.checked_abs()?, per);
                let (by, per) = (by / shared, per / shared);
                let most = within_bound(most, by.abs())?.max(within_bound(most, per)?);
                let scale = self.ratio(most);
                self.set_scale(to, scale);
                let (by, per) = (i32::try_from(by).ok()?, i32::try_from(per).ok()?);
                Some(Operation::RatioScale { of: self.made.place(of), by, per, to: to.0 })
            }
            Scale::None => None,
        }
    }

    fn quotient(&mut self, left: NumberRegister, right: NumberRegister, to: NumberRegister) -> Option<Operation> {
        if let Some((by, per)) = self.fraction(right) {
            return self.scaled(left, by.signum().checked_mul(per)?, by.checked_abs().filter(|by| *by != 0)?, to);
        }
        let ((upper, most), (lower, lower_most)) = (self.ticks(left)?, self.ticks(right)?);
        // (a / upper) over (b / lower) is a * lower over b * upper.
        let shared = divisor(upper, lower);
        let (left_by, right_by) = (lower / shared, upper / shared);
        let most = within_bound(most, left_by)?.max(within_bound(lower_most, right_by)?);
        let terms = len(&self.made.terms);
        self.made.terms.extend([(self.made.place(left), left_by), (self.made.place(right), right_by)]);
        let scale = self.ratio(most);
        self.set_scale(to, scale);
        Some(Operation::Quotient { terms, to: to.0 })
    }

    fn points(&mut self, of: NumberRegister, bands: &[(NumberSet, Number)], to: NumberRegister) -> Option<Operation> {
        let points: Vec<(i64, i64)> = bands.iter().map(|(_, points)| fraction(*points)).collect::<Option<_>>()?;
        let per = points.iter().try_fold(1, |per, (_, own)| common(per, *own))?;
        let mut most = 0;
        let mut ticks = Vec::with_capacity(points.len());
        for (value, own) in points {
            let value = value.checked_mul(per / own)?;
            most = most.max(within_bound(value.checked_abs()?, 1)?);
            ticks.push(Ends::tick(value));
        }
        self.set_scale(to, Scale::Ticks { per, most });
        let bands = self.bands(of, &bands.iter().map(|(range, _)| range).collect::<Vec<_>>(), Gives::Points(ticks))?;
        Some(Operation::Bands { of: self.made.place(of), bands, to: to.0 })
    }

    /// Bands in rising order, each beginning where the one before ends.
    fn bands(&mut self, of: NumberRegister, ranges: &[&NumberSet], gives: Gives) -> Option<u32> {
        let touch = |pair: &[&NumberSet]| match pair {
            [below, above] => {
                let (below, above) = (below.hull()?, above.hull()?);
                let meets = below.high.number().is_some() && below.high.number() == above.low.number();
                (meets && below.high.is_closed() != above.low.is_closed()).then_some(())
            }
            _ => None,
        };
        ranges.windows(2).try_for_each(touch)?;
        u16::try_from(ranges.len()).ok()?;
        let mut bands = Bands { ranges: Vec::new(), fractions: Vec::new(), gives };
        match self.scale(of) {
            Scale::Ticks { per, .. } => {
                bands.ranges = ranges.iter().map(|range| Ends::of(range, per, MOST / 2)).collect::<Option<_>>()?;
            }
            Scale::Ratio { most, .. } => {
                Self::can_be_held(most)?;
                bands.fractions = ranges.iter().map(|range| Fractions::of(range)).collect::<Option<_>>()?;
            }
            Scale::None => return None,
        }
        self.made.bands.push(bands);
        Some(last(&self.made.bands))
    }

    fn pick_number(&mut self, pairs: &[(TruthRegister, NumberRegister)], to: NumberRegister) -> Option<Operation> {
        // A register that nothing writes holds every number, on any scale.
        let written: Vec<NumberRegister> = pairs
            .iter()
            .map(|(_, then)| *then)
            .filter(|then| self.scale(*then) != Scale::None || self.is_written(*then))
            .collect();
        let first = written.first()?;
        let scale = match self.scale(*first) {
            // Numbers of several scales are not brought to one.
            Scale::Ticks { per, mut most } => {
                for then in &written {
                    most = self.ticks(*then).filter(|(own, _)| *own == per)?.1.max(most);
                }
                Scale::Ticks { per, most }
            }
            Scale::Ratio { .. } => {
                let most = |at: NumberRegister| match self.scale(at) {
                    Scale::Ratio { most, .. } => Some(most),
                    Scale::Ticks { .. } | Scale::None => None,
                };
                let most = written.iter().map(|then| most(*then)).collect::<Option<Vec<_>>>()?;
                self.ratio(most.into_iter().max()?)
            }
            Scale::None => return None,
        };
        self.set_scale(to, scale);
        let places: Vec<(u32, u32)> = pairs.iter().map(|(when, then)| (when.0, self.made.place(*then))).collect();
        let of = self.pairs(places.into_iter());
        Some(Operation::PickNumber { of, to: to.0 })
    }

    /// What a truth turns round, where it does nothing else.
    fn turns(&self, at: TruthRegister) -> Option<TruthRegister> {
        let step = |at: TruthRegister| match self.plan.writer(Register::Truth(at))? {
            Writer::Step(step) => self.plan.step(step),
            Writer::Slot(_) => None,
        };
        match step(at) {
            Some(Step::Not(of, _)) if of.0 < TURNED && !matches!(step(*of), Some(Step::Not(..))) => Some(*of),
            Some(_) | None => None,
        }
    }

    /// How a truth is read: one that only turns another round is that one turned round.
    fn read(&self, at: TruthRegister) -> u32 {
        self.turns(at).map_or(at.0, |of| of.0 | TURNED)
    }

    /// Nobody looks at a truth but operations that read what it turns round.
    fn is_never_read(&self, at: TruthRegister) -> bool {
        let register = Register::Truth(at);
        let reads_turned = |step: &Step| {
            matches!(step, Step::All(..) | Step::Any(..) | Step::CountWithin { .. } | Step::NotExactlyOne(..))
        };
        let mut readers = self.plan.readers(register).iter().filter_map(|step| self.plan.step(*step));
        self.turns(at).is_some() && !self.roots.contains(&register) && readers.all(reads_turned)
    }

    fn is_written(&self, at: NumberRegister) -> bool {
        self.plan.writer(Register::Number(at)).is_some()
    }

    fn list(&mut self, registers: &[TruthRegister]) -> List {
        let from = len(&self.made.lists);
        let read: Vec<u32> = registers.iter().map(|at| self.read(*at)).collect();
        self.made.lists.extend(read);
        List { from, upto: len(&self.made.lists) }
    }

    fn pairs(&mut self, pairs: impl Iterator<Item = (u32, u32)>) -> List {
        let from = len(&self.made.pairs);
        self.made.pairs.extend(pairs);
        List { from, upto: len(&self.made.pairs) }
    }

    /// A number that is the same for every record, as a fraction.
    fn fraction(&self, at: NumberRegister) -> Option<(i64, i64)> {
        self.is_constant(Register::Number(at)).then(|| self.constants.number(at).single()).flatten().and_then(fraction)
    }

    /// A ratio of its own.
    fn ratio(&mut self, most: i64) -> Scale {
        let place = self.made.start.ratios;
        self.made.start.ratios += 1;
        Scale::Ratio { place, most }
    }

    /// A threshold can be held against a ratio of that size.
    fn can_be_held(most: i64) -> Option<()> {
        (most < MOST_OF_RATIO).then_some(())
    }

    fn scale(&self, at: NumberRegister) -> Scale {
        self.made.scale(at)
    }

    fn ticks(&self, at: NumberRegister) -> Option<(i64, i64)> {
        self.made.ticks(at)
    }

    fn set_scale(&mut self, at: NumberRegister, scale: Scale) {
        if let Some(place) = self.made.scales.get_mut(at.0 as usize) {
            *place = scale;
        }
    }
}

/// The ticks of a slot: fine enough for every threshold it is held against itself, and for those of the same fact.
fn ticks_of(plan: &Plan, at: NumberRegister) -> Scale {
    let mut per = TICKS;
    let mut refine = |set: &NumberSet| {
        let ends = set.intervals().into_iter().flat_map(|one| [one.low.number(), one.high.number()]).flatten();
        for (_, of) in ends.filter_map(fraction) {
            per = common(per, of).filter(|per| *per <= TICKS * TICKS).unwrap_or(per);
        }
    };
    for step in plan.readers(Register::Number(at)).iter().filter_map(|step| plan.step(*step)) {
        if let Some((_, sets)) = step.cells() {
            sets.for_each(&mut refine);
        }
    }
    Scale::Ticks { per, most: per.saturating_mul(HIGHEST) }
}

/// So many half ticks, times a whole number, where that is not too many.
fn within_bound(most: i64, by: i64) -> Option<i64> {
    most.checked_mul(by).filter(|most| *most < MOST / 2)
}

fn len<T>(of: &[T]) -> u32 {
    u32::try_from(of.len()).unwrap_or(u32::MAX)
}

fn last<T>(of: &[T]) -> u32 {
    len(of).saturating_sub(1)
}
