use crate::model::{
    Against, Bands, Block, BlockId, BlockKind, Column, Condition, Formula, ItemRow, Monitor, Output, Prefer, Rule,
    Score, ScoreTable, Table, Test, Type,
};
use crate::plan::{ChoiceRegister, FAULT, NumberRegister, Register, RowPolicy, TruthRegister};
use crate::syntax::tree::{Aggregate, Policy, UnknownCounts};
use crate::value::{Number, NumberSet};

use super::conditions::source;
use super::{BlockRegisters, Lowering, Recorded};

impl Lowering<'_> {
    /// A block, after those it reads.
    pub(super) fn block(&mut self, id: BlockId, block: &Block) -> BlockRegisters {
        self.recorded = self.recorded_reading(block);
        match &block.kind {
            BlockKind::Ladder(ladder) => self.ladder(id, ladder),
            BlockKind::Regimen(regimen) => self.regimen(id, regimen),
            BlockKind::Algorithm(algorithm) => self.algorithm(id, algorithm),
            BlockKind::Against(Against { when, .. })
            | BlockKind::Prefer(Prefer { when, .. })
            | BlockKind::Monitor(Monitor { when, .. }) => self.spoken(id, when.as_ref()),
            BlockKind::Suspect(suspect) => self.suspect(id, suspect),
            BlockKind::Advice(advice) => self.advice(id, advice, &block.citations),
            BlockKind::SourceCovers(_, condition) => {
                let held = self.condition(condition);
                self.noted(id, of_truth(held))
            }
            BlockKind::Promise(promise) => self.promise(id, promise),
            BlockKind::Course(rule) => self.course_rule(rule),
            BlockKind::Precedence(_) => BlockRegisters::default(),
            BlockKind::Finding(rule) => self.finding(rule),
            BlockKind::Number(formula) => self.number(formula),
            BlockKind::Measure(measure) => {
                let rows = self.chosen(measure).into_iter().map(Register::Truth).collect();
                BlockRegisters { rows, ..BlockRegisters::default() }
            }
            BlockKind::Score(score) => self.score(score),
            BlockKind::Bands(bands) => self.bands(bands, &block.gives),
            BlockKind::Table(table) => self.table(table, &block.gives),
            BlockKind::Covers(condition) => {
                let held = self.condition(condition);
                of_truth(held)
            }
            BlockKind::Impossible(condition) => {
                let held = self.condition(condition);
                self.builder.impossible(held);
                of_truth(held)
            }
            BlockKind::Judgement(place) => {
                let held = self.builder.truth_slot(crate::plan::SlotSource::Judgement(*place));
                of_truth(held)
            }
        }
    }

    fn recorded_reading(&mut self, block: &Block) -> Recorded {
        let Some(recorded) = &block.as_recorded else { return Recorded::default() };
        let mut assumed = Vec::new();
        for (reading, values) in &recorded.assumptions {
            let source = source(*reading, crate::plan::Part::Value);
            let open = self.builder.choice_slot(source);
            assumed.push((source, self.builder.assume(open, *values)));
        }
        Recorded { unknown_counts_as: recorded.unknown_counts_as, assumed }
    }

    pub(super) fn finding(&mut self, rule: &Rule) -> BlockRegisters {
        let (held, mut rows) = match &rule.test {
            Test::One(condition, _) => {
                let held = self.line(condition);
                (held, vec![Register::Truth(held)])
            }
            Test::List(how, items) => {
                let of: Vec<TruthRegister> = items.iter().map(|(item, _)| self.line(item)).collect();
                let rows = of.iter().copied().map(Register::Truth).collect();
                (self.count(*how, of), rows)
            }
        };
        let mut parts = vec![held];
        for unless in &rule.unless {
            let stops = self.line(&unless.condition);
            rows.push(Register::Truth(stops));
            parts.push(self.builder.not(stops));
        }
        let held = self.builder.all(parts);
        BlockRegisters { rows, ..of_truth(held) }
    }

    fn number(&mut self, formula: &Formula) -> BlockRegisters {
        match formula {
            Formula::Amount(amount, _) => {
                let number = self.amount(amount);
                of_number(number)
            }
            Formula::Count(items) => {
                let of: Vec<TruthRegister> = items.iter().map(|(item, _)| self.line(item)).collect();
                let rows = of.iter().copied().map(Register::Truth).collect();
                let number = self.builder.count(of);
                BlockRegisters { rows, ..of_number(number) }
            }
            Formula::Aggregate(how, items) => {
                let of: Vec<NumberRegister> = items.iter().map(|(item, _)| self.amount(item)).collect();
                let of: Vec<NumberRegister> = of.into_iter().map(|number| self.row_points(number)).collect();
                let rows = of.iter().copied().map(Register::Number).collect();
                let count = i64::try_from(of.len()).unwrap_or(i64::MAX);
                let number = match how {
                    Aggregate::Sum => self.builder.sum(of),
                    Aggregate::Average => {
                        let sum = self.builder.sum(of);
                        let count = self.builder.constant(Number::whole(count));
                        self.builder.quotient(sum, count)
                    }
                    Aggregate::Highest => self.builder.highest(of),
                    Aggregate::Lowest => self.builder.lowest(of),
                };
                BlockRegisters { rows, ..of_number(number) }
            }
        }
    }

    fn columns(&mut self, columns: &[Column]) -> (Vec<TruthRegister>, Option<TruthRegister>) {
        let registers: Vec<TruthRegister> = columns.iter().map(|column| self.line(&column.when)).collect();
        let fault = (!registers.is_empty()).then(|| self.builder.not_exactly_one(registers.clone()));
        (registers, fault)
    }

    /// Points that are unknown count as the block says.
    fn row_points(&mut self, points: NumberRegister) -> NumberRegister {
        match self.recorded.unknown_counts_as {
            Some(UnknownCounts::NoPoints) => self.builder.unknown_is_zero(points),
            Some(UnknownCounts::No) | None => points,
        }
    }

    fn score(&mut self, score: &Score) -> BlockRegisters {
        let (columns, fault) = self.columns(&score.columns);
        let mut points = Vec::new();
        for table in &score.tables {
            match table {
                ScoreTable::Banded { bands, rows, .. } => {
                    let sets: Vec<NumberSet> = bands.iter().filter_map(crate::model::Range::constant).collect();
                    for row in rows {
                        let number = self.amount(&row.amount);
                        let bands = sets.iter().cloned().zip(row.points.iter().copied()).collect();
                        let own = self.builder.points(number, bands);
                        points.push(self.row_points(own));
                    }
                }
                ScoreTable::Items(rows) => {
                    for row in rows {
                        let own = self.item(row, &columns);
                        points.push(self.row_points(own));
                    }
                }
            }
        }
        let rows = points.iter().copied().map(Register::Number).collect();
        let total = self.builder.sum(points);
        BlockRegisters { rows, columns, fault, ..of_number(total) }
    }

    /// Points if something holds, by the patient's column.
    fn item(&mut self, row: &ItemRow, columns: &[TruthRegister]) -> NumberRegister {
        let held = self.line(&row.condition);
        let first = row.points.first().copied().unwrap_or(Number::ZERO);
        if row.points.iter().all(|points| *points == first) {
            return self.builder.points_if(held, first);
        }
        let pairs = columns
            .iter()
            .zip(&row.points)
            .map(|(column, points)| (*column, self.builder.points_if(held, *points)))
            .collect();
        self.builder.pick_number(pairs)
    }

    fn bands(&mut self, bands: &Bands, gives: &Type) -> BlockRegisters {
        let number = self.amount(&bands.of);
        let (columns, fault) = self.columns(&bands.columns);
        let mut by_column: Vec<ChoiceRegister> = Vec::new();
        for column in 0..columns.len().max(1) {
            let ranges = Self::column_bands(bands, gives, column);
            by_column.push(match ranges {
                Some(ranges) => self.builder.classify(number, disjoint(&ranges)),
                None => self.bands_by_comparison(bands, gives, column),
            });
        }
        let classified = match (columns.as_slice(), by_column.as_slice()) {
            ([], [only]) => *only,
            _ => self.builder.pick_choice(columns.iter().copied().zip(by_column).collect()),
        };
        let result = self.unless_instead(bands, gives, classified);
        BlockRegisters { results: vec![Register::Choice(result)], rows: Vec::new(), columns, fault }
    }

    /// The bands of one column as sets; `None` where an end is not a number.
    fn column_bands(bands: &Bands, gives: &Type, column: usize) -> Option<Vec<(NumberSet, u8)>> {
        let row =
            |row: &crate::model::BandRow| Some((row.ranges.get(column)?.constant()?, value(gives, &row.value.value)?));
        bands.rows.iter().map(row).collect()
    }

    /// Bands whose ends are worked out: each range compared, exactly one to hold.
    fn bands_by_comparison(&mut self, bands: &Bands, gives: &Type, column: usize) -> ChoiceRegister {
        let mut rows = Vec::new();
        for row in &bands.rows {
            let (Some(range), Some(at)) = (row.ranges.get(column), value(gives, &row.value.value)) else { continue };
            rows.push((self.compares(&bands.of, range), at));
        }
        self.builder.rows(RowPolicy::ExactlyOne, rows)
    }

    /// The first value whose line holds, else the bands'.
    fn unless_instead(&mut self, bands: &Bands, gives: &Type, classified: ChoiceRegister) -> ChoiceRegister {
        if bands.instead.is_empty() {
            return classified;
        }
        let mut pairs = Vec::new();
        let mut earlier: Vec<TruthRegister> = Vec::new();
        for instead in &bands.instead {
            let Some(at) = value(gives, &instead.value.value) else { continue };
            let held = self.line(&instead.when);
            let mut needs = vec![held];
            needs.extend(earlier.iter().copied());
            let when = self.builder.all(needs);
            pairs.push((when, self.builder.value(at)));
            earlier.push(self.builder.not(held));
        }
        let none = self.builder.all(earlier);
        pairs.push((none, classified));
        self.builder.pick_choice(pairs)
    }

    fn table(&mut self, table: &Table, gives: &Type) -> BlockRegisters {
        let fits: Vec<TruthRegister> = table.rows.iter().map(|row| self.row_fits(&row.cells)).collect();
        let rows: Vec<Register> = fits.iter().copied().map(Register::Truth).collect();
        let policy = match table.policy {
            Policy::First => RowPolicy::First,
            Policy::ExactlyOne | Policy::Every | Policy::Sum => RowPolicy::ExactlyOne,
        };
        let results = match gives {
            Type::Several(values) => (0_u8..)
                .zip(values)
                .map(|(at, _)| {
                    let of = table.rows.iter().zip(&fits).filter(|(row, _)| row.output == Output::Value(at));
                    let of = of.map(|(_, fits)| *fits).collect();
                    Register::Truth(self.builder.any(of))
                })
                .collect(),
            Type::Points => vec![Register::Number(self.sum_of_rows(table, &fits))],
            Type::Number(_) => vec![Register::Number(self.number_of_row(table, &fits, policy))],
            Type::YesNo | Type::Choice(_) | Type::Measure | Type::Nothing => {
                let rows = table.rows.iter().zip(&fits).filter_map(|(row, fits)| match row.output {
                    Output::Value(at) => Some((*fits, at)),
                    Output::Number(_) => None,
                });
                let rows = rows.collect();
                vec![Register::Choice(self.builder.rows(policy, rows))]
            }
        };
        BlockRegisters { results, rows, ..BlockRegisters::default() }
    }

    fn row_fits(&mut self, cells: &[Condition]) -> TruthRegister {
        let of = cells.iter().map(|cell| self.line(cell)).collect();
        self.builder.all(of)
    }

    fn sum_of_rows(&mut self, table: &Table, fits: &[TruthRegister]) -> NumberRegister {
        let mut points = Vec::new();
        for (row, fits) in table.rows.iter().zip(fits) {
            if let Output::Number(number) = row.output {
                let own = self.builder.points_if(*fits, number);
                points.push(self.row_points(own));
            }
        }
        self.builder.sum(points)
    }

    fn number_of_row(&mut self, table: &Table, fits: &[TruthRegister], policy: RowPolicy) -> NumberRegister {
        let mut numbers: Vec<Number> = Vec::new();
        let mut rows = Vec::new();
        for (row, fits) in table.rows.iter().zip(fits) {
            let Output::Number(number) = row.output else { continue };
            let at = numbers.iter().position(|known| *known == number).unwrap_or_else(|| {
                numbers.push(number);
                numbers.len() - 1
            });
            rows.push((*fits, u8::try_from(at).unwrap_or(FAULT)));
        }
        let chosen = self.builder.rows(policy, rows);
        self.builder.number_of(chosen, numbers)
    }
}

/// The place of a value among those of a type.
fn value(gives: &Type, name: &str) -> Option<u8> {
    match gives {
        Type::Choice(names) | Type::Several(names) => {
            names.iter().position(|value| value == name).and_then(|at| u8::try_from(at).ok())
        }
        Type::YesNo | Type::Number(_) | Type::Points | Type::Measure | Type::Nothing => None,
    }
}

/// Bands that leave nothing out and do not overlap: what they left out, or gave to two values, is a fault.
fn disjoint(bands: &[(NumberSet, u8)]) -> Vec<(NumberSet, u8)> {
    let mut covered = NumberSet::empty();
    let mut twice = NumberSet::empty();
    for (band, _) in bands {
        twice = twice.union(&covered.intersection(band));
        covered = covered.union(band);
    }
    let once = twice.complement();
    let mut parts: Vec<(NumberSet, u8)> =
        bands.iter().map(|(band, value)| (band.intersection(&once), *value)).collect();
    let fault = covered.complement().union(&twice);
    if !fault.is_empty() {
        parts.push((fault, FAULT));
    }
    parts
}

pub(super) fn of_truth(held: TruthRegister) -> BlockRegisters {
    BlockRegisters { results: vec![Register::Truth(held)], ..BlockRegisters::default() }
}

fn of_number(number: NumberRegister) -> BlockRegisters {
    BlockRegisters { results: vec![Register::Number(number)], ..BlockRegisters::default() }
}
