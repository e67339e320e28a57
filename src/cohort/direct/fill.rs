//! What the cells of a row do to the slots: found out by asking the ordinary way.
//!
//! For each fact, rows are made up that have some of its columns and not others, three for each such pattern with other values.
//! What then stands in a slot is the value of a column, a value over its limit, or the same whatever the values. What is none of
//! these is left to the ordinary way, row by row, and so is what holds one value of several visits against another.

use std::iter;

use super::TICKS;
use super::pattern::Pattern;
use super::row::{Cells, Kind};
use crate::catalog::{Catalog, Derivation, Fact, FactId, Moment};
use crate::cohort::input::{Input, Mapped, MappedBlock};
use crate::cohort::mapping::{Cell, Mapping, Means};
use crate::cohort::run::Evaluating;
use crate::eval::{self, Compact, Ends, Held, Inputs, LANES, Sheet};
use crate::model::Time;
use crate::plan::{NumberRegister, Register, SlotId, SlotSource};
use crate::value::{Choices, Number, NumberSet};

/// How many rows are made up for each pattern.
const TRIES: usize = 6;
/// The most columns of one fact.
const MOST_COLUMNS: usize = 6;

/// How slots are filled.
#[derive(Debug, Clone)]
pub(super) struct Fills {
    /// For each visit the columns that stand in it: one of them at least must be there.
    visits: Vec<Vec<usize>>,
    /// What is the same for every row.
    same: Vec<(Register, Held)>,
    groups: Vec<Group>,
}

/// The slots of one fact.
#[derive(Debug, Clone)]
struct Group {
    columns: Vec<usize>,
    /// By which of the columns are there.
    patterns: Vec<Option<Filled>>,
}

/// How the slots of one fact are filled where some of its columns are there.
#[derive(Debug, Clone)]
struct Filled {
    fills: Vec<Fill>,
    /// Not where one of these columns is 0: nothing over a limit that nobody knows is nothing, and so 0 is not as other numbers.
    but_not_at_0: Vec<usize>,
}

/// How one slot is filled.
#[derive(Debug, Clone)]
enum Fill {
    Number {
        column: usize,
        by: i64,
        to: NumberRegister,
    },
    Choice {
        column: usize,
        to: Register,
    },
    /// A value over its limit.
    Ratio {
        value: usize,
        limit: usize,
        to: NumberRegister,
    },
    /// Any value over a limit, its ends in ticks.
    RatioOf {
        ends: (i64, Option<i64>),
        limit: usize,
        to: NumberRegister,
    },
    SameNumber {
        ends: Ends,
        over: i64,
        to: NumberRegister,
    },
    Same {
        to: Register,
        held: Held,
    },
}

impl Fills {
    /// Asks the ordinary way; also which words of a column are values.
    pub(super) fn find(
        ordinary: &mut Evaluating<Mapped>,
        release: usize,
        compact: &Compact,
        mapping: &Mapping,
        cells: &mut Cells,
    ) -> Option<Self> {
        let facts = facts(mapping, cells)?;
        let mut asker = Asker { ordinary, release, id: mapping.main.column_name(mapping.main.id).to_owned() };
        asker.find_words(mapping, cells, &facts);
        let slots: Vec<(SlotId, SlotSource, Register)> = {
            let plan = &asker.ordinary.engine().guidelines().get(release)?.lowered.plan;
            compact
                .slots()
                .iter()
                .filter_map(|id| plan.slot(*id).map(|slot| (*id, slot.source, slot.register)))
                .collect()
        };
        let catalog = asker.ordinary.engine().catalog();
        let hangs = |(_, source, _): &(SlotId, SlotSource, Register)| {
            matches!(source, SlotSource::Fact { fact, .. }
                if catalog.fact(*fact).is_some_and(|fact| hangs_on(catalog, fact, &facts)))
        };
        (!slots.iter().any(hangs)).then_some(())?;
        let visits = visits(mapping, cells)?;
        let mut fills = Fills { visits, same: Vec::new(), groups: Vec::new() };
        for (fact, columns) in &facts {
            let of_fact = || slots.iter().filter(|(_, source, _)| is_of(*source, *fact));
            let own: Vec<(SlotId, Register)> = of_fact().map(|(id, _, to)| (*id, *to)).collect();
            let compares = of_fact().any(|(_, source, _)| is_over_time(*source));
            if !own.is_empty() {
                fills.groups.push(asker.group(cells, &fills.visits, (columns, compares), &own, compact)?);
            }
        }
        let others = slots.iter().filter(|(_, source, _)| !facts.iter().any(|(fact, _)| is_of(*source, *fact)));
        let beside = Asker::beside(cells, &fills.visits, &[])?;
        let inputs = asker.inputs(&beside)?;
        for (id, _, to) in others {
            let held = inputs.get(*id)?.held.clone();
            if let (Register::Number(at), Held::Number(set)) = (*to, &held) {
                compact.ends(at, set)?;
            }
            fills.same.push((*to, held));
        }
        Some(fills)
    }

    /// Registers in which stands what is the same for every row.
    pub(super) fn sheet(&self, compact: &Compact) -> Sheet {
        let mut sheet = compact.sheet();
        for (to, held) in &self.same {
            (0..LANES).for_each(|lane| compact.fill(&mut sheet, lane, *to, held));
        }
        sheet
    }

    /// Fills the slots of a row; false where the ordinary way must.
    #[inline]
    pub(super) fn fill(&self, cells: &Cells, compact: &Compact, sheet: &mut Sheet, lane: usize) -> bool {
        let is_there = |column: &usize| cells.present.get(*column) == Some(&1);
        if !self.visits.iter().all(|columns| columns.iter().any(is_there)) {
            return false;
        }
        for group in &self.groups {
            let pattern = group.pattern(&cells.present);
            let Some(Some(filled)) = group.patterns.get(pattern) else { return false };
            if filled.but_not_at_0.iter().any(|column| cells.values.get(*column) == Some(&0)) {
                return false;
            }
            for fill in &filled.fills {
                fill.run(cells, compact, sheet, lane);
            }
        }
        true
    }
}

impl Group {
    #[inline]
    fn pattern(&self, present: &[u8]) -> usize {
        let bits = self.columns.iter().enumerate();
        bits.fold(0, |pattern, (at, column)| pattern | usize::from(present.get(*column).copied().unwrap_or(0)) << at)
    }
}

impl Fill {
    #[inline]
    fn run(&self, cells: &Cells, compact: &Compact, sheet: &mut Sheet, lane: usize) {
        let ticks = |column: usize| cells.values.get(column).copied().unwrap_or(0);
        match self {
            Fill::Number { column, by, to } => compact.fill_number(sheet, lane, *to, Ends::tick(ticks(*column) * by)),
            Fill::Choice { column, to } => {
                let word = usize::try_from(ticks(*column)).unwrap_or(usize::MAX);
                let choices = match cells.columns.get(*column).map(|column| &column.kind) {
                    Some(Kind::Words(words)) => words.get(word).map_or(Choices::NONE, |(_, choices)| *choices),
                    Some(Kind::Number(_)) | None => Choices::NONE,
                };
                if let Register::Choice(to) = to {
                    sheet.put_choice(lane, *to, choices);
                }
            }
            Fill::Ratio { value, limit, to } => {
                compact.fill_ratio(sheet, lane, *to, Ends::tick(ticks(*value)), ticks(*limit));
            }
            Fill::RatioOf { ends: (low, high), limit, to } => {
                compact.fill_ratio(sheet, lane, *to, Ends::between(*low, *high), ticks(*limit));
            }
            Fill::SameNumber { ends, over, to } => compact.fill_ratio(sheet, lane, *to, *ends, *over),
            Fill::Same { to, held } => compact.fill(sheet, lane, *to, held),
        }
    }
}

fn is_of(source: SlotSource, asked: FactId) -> bool {
    matches!(source, SlotSource::Fact { fact, .. } if fact == asked)
}

/// Of several visits it holds the values against one another: rows made up do not show which of them it then is.
fn is_over_time(source: SlotSource) -> bool {
    matches!(source, SlotSource::Fact { when: Time::Ever | Time::Highest | Time::Lowest, .. })
}

/// What is recorded of other facts narrows it: whether it applies to the patient, or an age before that of today. Rows made up
/// for it alone give every value that it could then have.
fn hangs_on(catalog: &Catalog, fact: &Fact, others: &[(FactId, Vec<usize>)]) -> bool {
    let is_there = |id: FactId| others.iter().any(|(other, _)| *other == id);
    let by = |fact: &Fact| fact.applies_when.as_ref().map(|rule| rule.fact);
    let mut deciders = iter::successors(by(fact), |id| by(catalog.fact(*id)?)).take(catalog.facts().count());
    let of_today = |(id, _): &(FactId, Vec<usize>)| {
        catalog.fact(*id).is_some_and(|other| other.derived == Some(Derivation::AgeAt(Moment::AsOf)))
    };
    deciders.any(is_there)
        || (matches!(fact.derived, Some(Derivation::AgeAt(Moment::Fact(_)))) && others.iter().any(of_today))
}

/// The facts of a mapping, each with its columns; `None` where one has very many.
fn facts(mapping: &Mapping, cells: &Cells) -> Option<Vec<(FactId, Vec<usize>)>> {
    let mut facts: Vec<(FactId, Vec<usize>)> = Vec::new();
    for column in &mapping.main.columns {
        let Means::Fact(fact) = column.means else { return None };
        let limit = match column.upper_limit {
            Some(Cell::Column(slot)) => Some(slot),
            _ => None,
        };
        let places = [Some(column.slot), limit].into_iter().flatten();
        let places = places.filter_map(|slot| cells.place(mapping.main.column_name(slot)));
        let at = facts.iter().position(|(known, _)| *known == fact).unwrap_or_else(|| {
            facts.push((fact, Vec::new()));
            facts.len() - 1
        });
        let (_, own) = facts.get_mut(at)?;
        for place in places {
            if !own.contains(&place) {
                own.push(place);
            }
        }
    }
    facts.iter().all(|(_, columns)| columns.len() <= MOST_COLUMNS).then_some(facts)
}

/// The columns of each visit.
fn visits(mapping: &Mapping, cells: &Cells) -> Option<Vec<Vec<usize>>> {
    let of = |visit: usize| {
        let own = mapping.main.columns.iter().filter(|column| column.visit == Some(visit));
        own.filter_map(|column| cells.place(mapping.main.column_name(column.slot))).collect()
    };
    let visits: Vec<Vec<usize>> = (0..mapping.main.visits.len()).map(of).collect();
    visits.iter().all(|columns| !columns.is_empty()).then_some(visits)
}

/// Asks the ordinary way what a row made up comes to.
struct Asker<'o> {
    ordinary: &'o mut Evaluating<Mapped>,
    release: usize,
    id: String,
}

/// A cell of a row made up: its column, and what stands there.
type Made = (usize, Sample);

/// A value made up.
#[derive(Debug, Clone, PartialEq)]
enum Sample {
    Ticks(i64),
    Word(usize),
}

impl Asker<'_> {
    /// What a row puts into the slots; `None` where it is no record.
    fn inputs(&mut self, row: &[(String, String)]) -> Option<Inputs> {
        let cells = row.iter().map(|(name, value)| format!(",\"{name}\":{value}"));
        let text = format!("{{\"{}\":1{}}}", self.id, cells.collect::<String>());
        let block = MappedBlock::of_row(text.into_bytes());
        let (engine, reader) = self.ordinary.parts();
        let mut inputs = None;
        let release = self.release;
        Mapped::take(reader, engine, &block, &mut |engine, taken| {
            if let (Ok(record), Some(loaded)) = (&taken.record, engine.guidelines().get(release)) {
                inputs = Some(eval::bind(engine.subject(loaded), record, eval::Baseline::default()));
            }
        });
        inputs
    }

    /// Which words of the choices are values, and of which.
    fn find_words(&mut self, mapping: &Mapping, cells: &mut Cells, facts: &[(FactId, Vec<usize>)]) {
        for column in &mapping.main.columns {
            let Means::Fact(fact) = column.means else { continue };
            let Some(place) = cells.place(mapping.main.column_name(column.slot)) else { continue };
            let Some(known) = self.ordinary.engine().catalog().fact(fact) else { continue };
            // The first that fits is taken: what JSON has for yes and no comes first.
            let mut words = ["true", "false"].map(str::to_owned).to_vec();
            words.extend(known.kind.names().map(|name| format!("\"{name}\"")));
            words.extend(column.reading.words.iter().map(|(word, _)| format!("\"{word}\"")));
            let beside = facts.iter().find(|(_, columns)| columns.contains(&place));
            if beside.is_none() || !matches!(cells.columns.get(place).map(|own| &own.kind), Some(Kind::Words(_))) {
                continue;
            }
            let mut found: Vec<(Pattern, Choices)> = Vec::new();
            for word in words {
                let name = cells.columns.get(place).map(|own| own.name.clone()).unwrap_or_default();
                let plain = word.bytes().all(|byte| byte.is_ascii() && byte != b'\\');
                if let Some(choices) = self.choice(fact, &[(name, word.clone())]).filter(|_| plain) {
                    found.push((Pattern::of(word.as_bytes()), choices));
                }
            }
            if let Some(own) = cells.columns.get_mut(place) {
                own.kind = Kind::Words(found);
            }
        }
    }

    /// The one value of a fact that a row gives.
    fn choice(&mut self, fact: FactId, row: &[(String, String)]) -> Option<Choices> {
        let inputs = self.inputs(row)?;
        let loaded = self.ordinary.engine().guidelines().get(self.release)?;
        let slots = (0..).map(SlotId).zip(&loaded.lowered.plan.slots);
        let own = slots.filter(|(_, slot)| is_of(slot.source, fact));
        let held = own.filter_map(|(id, _)| match &inputs.get(id)?.held {
            Held::Choices(choices) => Some(*choices).filter(|choices| choices.settled().is_some()),
            Held::Truth(_) | Held::Number(_) => None,
        });
        held.last()
    }

    /// A cell for each visit, of columns that are none of those given.
    fn beside(cells: &Cells, visits: &[Vec<usize>], without: &[usize]) -> Option<Vec<(String, String)>> {
        let one = |columns: &Vec<usize>| {
            let place = columns.iter().copied().find(|place| !without.contains(place))?;
            Some((
                cells.columns.get(place)?.name.clone(),
                written(cells, place, &samples(cells, place).first()?.clone())?,
            ))
        };
        visits.iter().map(one).collect()
    }

    /// How the slots of one fact are filled, by which of its columns are there. Where one `compares` the visits, nothing is
    /// known of what is there at two of them.
    fn group(
        &mut self,
        cells: &Cells,
        visits: &[Vec<usize>],
        (columns, compares): (&[usize], bool),
        slots: &[(SlotId, Register)],
        compact: &Compact,
    ) -> Option<Group> {
        let beside = Asker::beside(cells, visits, columns)?;
        let mut patterns = Vec::new();
        for pattern in 0..1_usize << columns.len() {
            let there: Vec<usize> = columns
                .iter()
                .enumerate()
                .filter(|(at, _)| pattern >> at & 1 != 0)
                .map(|(_, column)| *column)
                .collect();
            let at_visits = visits.iter().filter(|own| own.iter().any(|column| there.contains(column))).count();
            let is_known = !compares || at_visits < 2;
            patterns.push(is_known.then(|| self.pattern(cells, &beside, &there, slots, compact)).flatten());
        }
        Some(Group { columns: columns.to_vec(), patterns })
    }

    /// How the slots are filled where just these columns are there.
    fn pattern(
        &mut self,
        cells: &Cells,
        beside: &[(String, String)],
        there: &[usize],
        slots: &[(SlotId, Register)],
        compact: &Compact,
    ) -> Option<Filled> {
        let mut tries: Vec<(Vec<Made>, Inputs)> = Vec::new();
        let zeros: Vec<usize> = there.iter().copied().filter(|column| is_plain(cells, *column, 0)).collect();
        let with_zeros = zeros.iter().map(|column| (0, Some(*column)));
        for (number, zero) in (0..TRIES).map(|number| (number, None)).chain(with_zeros) {
            let mut made = Vec::new();
            let mut row = beside.to_vec();
            for (at, column) in there.iter().enumerate() {
                let all = samples(cells, *column);
                let usual = all.get(mixed(at, number) % all.len().max(1))?.clone();
                let sample = if zero == Some(*column) { Sample::Ticks(0) } else { usual };
                row.push((cells.columns.get(*column)?.name.clone(), written(cells, *column, &sample)?));
                made.push((*column, sample));
            }
            match self.inputs(&row) {
                Some(inputs) => tries.push((made, inputs)),
                // As a limit 0 makes no record.
                None if zero.is_some() => {}
                None => return None,
            }
        }
        tell_apart(cells, tries.get(..TRIES)?).then_some(())?;
        let fills = |tries: &[(Vec<Made>, Inputs)]| -> Option<Vec<Fill>> {
            slots.iter().map(|(slot, to)| explained(*slot, *to, tries, cells, compact)).collect()
        };
        if let Some(fills) = fills(&tries) {
            return Some(Filled { fills, but_not_at_0: Vec::new() });
        }
        let fills = fills(tries.get(..TRIES)?)?;
        Some(Filled { fills, but_not_at_0: zeros })
    }
}

/// Which value is tried in a column: of two columns not the same ones.
fn mixed(at: usize, number: usize) -> usize {
    let [at, number] = [at, number].map(|one| u32::try_from(one).unwrap_or(0));
    let seed = (at * 31 + number + 1).wrapping_mul(0x9E37_79B1);
    usize::try_from((seed ^ (seed >> 15)).wrapping_mul(0x85EB_CA77) >> 16).unwrap_or(0)
}

/// The rows that were tried show of each column that it changes, and that it is no other: what holds in all of them can then be
/// laid to one.
fn tell_apart(cells: &Cells, tries: &[(Vec<Made>, Inputs)]) -> bool {
    let columns = tries.first().map_or(0, |(made, _)| made.len());
    let meant = |(column, sample): &Made| match sample {
        Sample::Ticks(ticks) => (Some(*ticks), None),
        Sample::Word(word) => (None, word_of(cells, *column, *word)),
    };
    let values = |at: usize| tries.iter().map(move |(made, _)| made.get(at).map(meant));
    (0..columns).all(|at| {
        let changes = values(at).any(|value| Some(value) != values(at).next());
        changes && (0..at).all(|other| !values(at).eq(values(other)))
    })
}

/// What fills a slot in every row that was tried.
fn explained(
    slot: SlotId,
    to: Register,
    tries: &[(Vec<Made>, Inputs)],
    cells: &Cells,
    compact: &Compact,
) -> Option<Fill> {
    let (made, first) = tries.first()?;
    let held: Vec<&Held> =
        tries.iter().map(|(_, inputs)| inputs.get(slot).map(|input| &input.held)).collect::<Option<_>>()?;
    let is = |expected: &dyn Fn(&[Made]) -> Option<Held>| {
        tries.iter().zip(&held).all(|((made, _), held)| expected(made).is_some_and(|expected| expected == **held))
    };
    let ticks = |made: &[Made], at: usize| match made.get(at) {
        Some((_, Sample::Ticks(ticks))) => Some(*ticks),
        Some((_, Sample::Word(_))) | None => None,
    };
    let fraction = |upper: i64, lower: i64| Number::fraction(upper.into(), lower.into()).ok().map(NumberSet::point);
    for (at, (column, sample)) in made.iter().enumerate() {
        match (sample, to) {
            (Sample::Word(_), _) => {
                let of_word = |made: &[Made]| match made.get(at) {
                    Some((column, Sample::Word(word))) => word_of(cells, *column, *word).map(Held::Choices),
                    _ => None,
                };
                if is(&of_word) && matches!(to, Register::Choice(_)) {
                    return Some(Fill::Choice { column: *column, to });
                }
            }
            (Sample::Ticks(_), Register::Number(to)) => {
                let of_value = |made: &[Made]| Some(Held::Number(fraction(ticks(made, at)?, TICKS)?));
                if is(&of_value)
                    && let Some((per, _)) = compact.ticks(to).filter(|(per, _)| per % TICKS == 0)
                {
                    return Some(Fill::Number { column: *column, by: per / TICKS, to });
                }
                for other in (0..made.len()).filter(|other| *other != at) {
                    let of_both = |made: &[Made]| Some(Held::Number(fraction(ticks(made, at)?, ticks(made, other)?)?));
                    if is(&of_both) && compact.ticks(to).is_none() {
                        return Some(Fill::Ratio { value: *column, limit: made.get(other)?.0, to });
                    }
                }
                if let Some(ends) = over_limit(held.first()?, ticks(made, at)?) {
                    let of_limit = |made: &[Made]| {
                        let limit = fraction(ticks(made, at)?, TICKS)?;
                        Some(Held::Number(Ends::between(ends.0, ends.1).set(TICKS).over(&limit)))
                    };
                    if is(&of_limit) && compact.ticks(to).is_none() {
                        return Some(Fill::RatioOf { ends, limit: *column, to });
                    }
                }
            }
            (Sample::Ticks(_), Register::Truth(_) | Register::Choice(_)) => {}
        }
    }
    let same = first.get(slot)?.held.clone();
    held.iter().all(|held| **held == same).then_some(())?;
    match (to, &same) {
        (Register::Number(to), Held::Number(set)) => {
            let (ends, over) = compact.ends(to, set)?;
            Some(Fill::SameNumber { ends, over, to })
        }
        _ => Some(Fill::Same { to, held: same }),
    }
}

/// The values in ticks that, over a limit, have these ends.
fn over_limit(held: &Held, limit: i64) -> Option<(i64, Option<i64>)> {
    let Held::Number(set) = held else { return None };
    let hull = set.hull()?;
    let ticks = |number: Number| {
        let value = number.times(Number::whole(limit)).ok()?;
        value.is_whole().then(|| i64::try_from(value.floor()).ok()).flatten()
    };
    let low = hull.low.number().filter(|_| hull.low.is_closed()).and_then(ticks)?;
    match hull.high.number() {
        None => Some((low, None)),
        Some(high) => Some((low, Some(ticks(high).filter(|_| hull.high.is_closed())?))),
    }
}

fn word_of(cells: &Cells, column: usize, word: usize) -> Option<Choices> {
    match &cells.columns.get(column)?.kind {
        Kind::Words(words) => words.get(word).map(|(_, choices)| *choices),
        Kind::Number(_) => None,
    }
}

/// The column is one of numbers, and that is one of them.
fn is_plain(cells: &Cells, column: usize, ticks: i64) -> bool {
    match cells.columns.get(column).map(|column| &column.kind) {
        Some(Kind::Number(numbers)) => numbers.is_plain(ticks),
        Some(Kind::Words(_)) | None => false,
    }
}

/// Values to try in a column.
fn samples(cells: &Cells, column: usize) -> Vec<Sample> {
    match cells.columns.get(column).map(|column| &column.kind) {
        Some(Kind::Words(words)) => (0..words.len()).map(Sample::Word).collect(),
        Some(Kind::Number(numbers)) => {
            let whole = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 17, 20, 22, 30, 35, 40, 60, 80, 120, 150, 180]
                .map(|one| one * TICKS);
            whole.into_iter().filter(|ticks| numbers.is_plain(*ticks)).map(Sample::Ticks).collect()
        }
        None => Vec::new(),
    }
}

/// A value as JSON.
fn written(cells: &Cells, column: usize, sample: &Sample) -> Option<String> {
    match sample {
        Sample::Ticks(ticks) => Some((ticks / TICKS).to_string()),
        Sample::Word(word) => match &cells.columns.get(column)?.kind {
            Kind::Words(words) => words.get(*word).map(|(pattern, _)| pattern.text()),
            Kind::Number(_) => None,
        },
    }
}
