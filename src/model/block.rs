use crate::catalog::FactId;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Aggregate, CountRule, InstrumentChoice, Policy, Share, UnknownCounts};
use crate::value::{Choices, Number, Unit};

use super::{Amount, Cited, Condition, FactReading, Range};

/// A block, by its place in [`super::Guideline::blocks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(pub u32);

/// A named part of a guideline.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The name.
    pub name: Spanned<String>,
    /// What a person reads: the title, else the name.
    pub title: String,
    /// The head line.
    pub head: Span,
    /// The block's sources.
    pub citations: Vec<Cited>,
    /// It reads what was recorded, and may look at that.
    pub as_recorded: Option<AsRecorded>,
    /// What it gives.
    pub gives: Type,
    /// What it says.
    pub kind: BlockKind,
}

/// What a reading of what was recorded takes unknowns for.
#[derive(Debug, Clone, PartialEq)]
pub struct AsRecorded {
    /// What an unknown line counts as.
    pub unknown_counts_as: Option<UnknownCounts>,
    /// Facts and the value each is taken to have where none was recorded.
    pub assumptions: Vec<(FactReading, Choices)>,
}

/// What a block gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Yes or no.
    YesNo,
    /// One of some values.
    Choice(Vec<String>),
    /// Any number of some values.
    Several(Vec<String>),
    /// A number, in a unit.
    Number(Option<Unit>),
    /// Points.
    Points,
    /// A measure, which only changes are asked of.
    Measure,
    /// Nothing that can be read.
    Nothing,
}

/// What a block says.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// A yes/no.
    Finding(Rule),
    /// A formula.
    Number(Formula),
    /// A core set measure by several instruments.
    Measure(Measure),
    /// Points added up.
    Score(Score),
    /// A number into categories.
    Bands(Bands),
    /// A decision table.
    Table(Table),
    /// Whom the guideline covers.
    Covers(Condition),
    /// What no patient has.
    Impossible(Condition),
    /// A judgement, by its place.
    Judgement(u32),
}

/// What makes a finding hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// One line or one list.
    pub test: Test,
    /// What stops it.
    pub unless: Vec<Unless>,
}

/// A line that stops a finding from holding.
#[derive(Debug, Clone, PartialEq)]
pub struct Unless {
    /// The line.
    pub condition: Condition,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// One line or one list.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// A line.
    One(Condition, Vec<Cited>),
    /// A list.
    List(CountRule, Vec<(Condition, Vec<Cited>)>),
}

/// What a number is worked out from.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// A formula.
    Amount(Amount, Vec<Cited>),
    /// A list joined to one number.
    Aggregate(Aggregate, Vec<(Amount, Vec<Cited>)>),
    /// How many hold.
    Count(Vec<(Condition, Vec<Cited>)>),
}

/// A core set measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// How the instrument is chosen.
    pub choice: InstrumentChoice,
    /// The instruments, in order.
    pub instruments: Vec<Instrument>,
}

/// One instrument of a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// The fact.
    pub fact: FactId,
    /// Its full range: so many times the upper limit.
    pub upper_limits: Option<Number>,
    /// Its full range as a number, where the dictionary gives none.
    pub length: Option<Number>,
    /// Its sources.
    pub citations: Vec<Cited>,
    /// The line.
    pub span: Span,
}

/// Points added up.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The least and the most points.
    pub points: Option<(Number, Number)>,
    /// The columns, of which one fits each patient; empty for one column for all.
    pub columns: Vec<Column>,
    /// The tables.
    pub tables: Vec<ScoreTable>,
}

/// A column and for whom it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The heading.
    pub name: String,
    /// For whom.
    pub when: Condition,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// A table of a score.
#[derive(Debug, Clone, PartialEq)]
pub enum ScoreTable {
    /// Points by the range a number lies in.
    Banded {
        /// The ranges of the heading.
        bands: Vec<Range>,
        /// Of what the heading's percents are a share; `None` where values are looked up as they are.
        share: Option<Share>,
        /// The rows.
        rows: Vec<BandedRow>,
    },
    /// Points if something holds.
    Items(Vec<ItemRow>),
}

/// A row of points by band.
#[derive(Debug, Clone, PartialEq)]
pub struct BandedRow {
    /// What a person reads.
    pub title: String,
    /// What is looked up.
    pub amount: Amount,
    /// Points for each band.
    pub points: Vec<Number>,
    /// Its sources.
    pub citations: Vec<Cited>,
    /// The row's first cell.
    pub span: Span,
}

/// A row of points if something holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemRow {
    /// What must hold.
    pub condition: Condition,
    /// Points for each column, or the one column.
    pub points: Vec<Number>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// A number into categories.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// The number.
    pub of: Amount,
    /// The columns, of which one fits each patient; empty for one column for all.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<BandRow>,
    /// Values for those to whom the bands do not apply.
    pub instead: Vec<Instead>,
}

/// A category and its range in each column.
#[derive(Debug, Clone, PartialEq)]
pub struct BandRow {
    /// The category.
    pub value: Spanned<String>,
    /// Its range in each column.
    pub ranges: Vec<Range>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// A value for those to whom bands do not apply.
#[derive(Debug, Clone, PartialEq)]
pub struct Instead {
    /// The value.
    pub value: Spanned<String>,
    /// For whom.
    pub when: Condition,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// A decision table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// How rows are chosen.
    pub policy: Policy,
    /// The headings of the inputs, as written.
    pub headings: Vec<Spanned<String>>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a decision table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its cells, those with `any` left out: every one must hold.
    pub cells: Vec<Condition>,
    /// What it gives.
    pub output: Output,
    /// Its sources.
    pub citations: Vec<Cited>,
    /// The row.
    pub span: Span,
}

/// What a row gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// A value, by its place among the table's.
    Value(u8),
    /// A number.
    Number(Number),
}

impl Block {
    /// Calls `each` with every fact the block itself reads.
    pub fn each_fact(&self, each: &mut dyn FnMut(FactId)) {
        match &self.kind {
            BlockKind::Finding(rule) => rule.each_fact(each),
            BlockKind::Number(formula) => formula.each_fact(each),
            BlockKind::Measure(measure) => measure.instruments.iter().for_each(|instrument| each(instrument.fact)),
            BlockKind::Score(score) => score.each_fact(each),
            BlockKind::Bands(bands) => bands.each_fact(each),
            BlockKind::Table(table) => {
                table.rows.iter().flat_map(|row| &row.cells).for_each(|cell| cell.each_fact(each));
            }
            BlockKind::Covers(condition) | BlockKind::Impossible(condition) => condition.each_fact(each),
            BlockKind::Judgement(_) => {}
        }
    }
}

impl Rule {
    fn each_fact(&self, each: &mut dyn FnMut(FactId)) {
        match &self.test {
            Test::One(condition, _) => condition.each_fact(each),
            Test::List(_, items) => items.iter().for_each(|(item, _)| item.each_fact(each)),
        }
        self.unless.iter().for_each(|unless| unless.condition.each_fact(each));
    }
}

impl Formula {
    fn each_fact(&self, each: &mut dyn FnMut(FactId)) {
        match self {
            Formula::Amount(amount, _) => amount.each_fact(each),
            Formula::Aggregate(_, items) => items.iter().for_each(|(item, _)| item.each_fact(each)),
            Formula::Count(items) => items.iter().for_each(|(item, _)| item.each_fact(each)),
        }
    }
}

impl Score {
    fn each_fact(&self, each: &mut dyn FnMut(FactId)) {
        self.columns.iter().for_each(|column| column.when.each_fact(each));
        for table in &self.tables {
            match table {
                ScoreTable::Banded { rows, .. } => rows.iter().for_each(|row| row.amount.each_fact(each)),
                ScoreTable::Items(rows) => rows.iter().for_each(|row| row.condition.each_fact(each)),
            }
        }
    }
}

impl Bands {
    fn each_fact(&self, each: &mut dyn FnMut(FactId)) {
        self.of.each_fact(each);
        self.columns.iter().for_each(|column| column.when.each_fact(each));
        self.instead.iter().for_each(|instead| instead.when.each_fact(each));
    }
}
