use crate::catalog::FactId;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Aggregate, CountRule, InstrumentChoice, Policy, Share, UnknownCounts};
use crate::value::{Choices, Number, Unit};

use super::{
    Advice, Against, Algorithm, Amount, Cited, Condition, CourseRule, FactReading, Ladder, LadderOption, Monitor,
    OptionPlace, Prefer, Promise, Range, Regimen, Suspect,
};

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
    /// Its place among the blocks of the guideline, in the order of the rules.
    pub place: u32,
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
    /// How the exposure history is read.
    Course(CourseRule),
    /// Lines of treatment.
    Ladder(Ladder),
    /// What speaks against a therapy.
    Against(Against),
    /// One therapy before others.
    Prefer(Prefer),
    /// What to look at while a therapy is taken.
    Monitor(Monitor),
    /// Some of a list, together.
    Regimen(Regimen),
    /// A disease that may be there instead.
    Suspect(Suspect),
    /// A piece of advice.
    Advice(Advice),
    /// Which advice wins: the names of the levels, the highest first.
    Precedence(Vec<(Spanned<String>, Vec<Cited>)>),
    /// Steps that lead to conclusions.
    Algorithm(Algorithm),
    /// What the authors claim of their own guideline.
    Promise(Promise),
    /// Whom one source covers, by its key.
    SourceCovers(String, Condition),
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
#[expect(clippy::large_enum_variant, reason = "most findings are one line")]
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
    /// For whom it is; `None` for everybody.
    pub when: Option<Condition>,
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

/// A condition or an amount of a block.
#[derive(Debug, Clone, Copy)]
pub enum Expression<'a> {
    /// A condition.
    Condition(&'a Condition),
    /// An amount.
    Amount(&'a Amount),
}

impl Block {
    /// The options of a ladder, beside its lines and on them, or of a regimen, each with its place; of another block
    /// none.
    pub fn placed_options(&self) -> Vec<(OptionPlace, &LadderOption)> {
        if let BlockKind::Regimen(regimen) = &self.kind {
            let give = (0..).map(OptionPlace::Give).zip(&regimen.give);
            return give.chain((0..).map(OptionPlace::Of).zip(&regimen.of)).collect();
        }
        let BlockKind::Ladder(ladder) = &self.kind else { return Vec::new() };
        let beside = (0..).map(OptionPlace::Beside).zip(ladder.beside.iter().map(|(_, option)| option));
        let lines = (0..)
            .zip(&ladder.lines)
            .flat_map(|(line, known)| (0..).map(move |at| OptionPlace::Line(line, at)).zip(&known.options));
        beside.chain(lines).collect()
    }

    /// The options without their places.
    pub fn options(&self) -> Vec<&LadderOption> {
        self.placed_options().into_iter().map(|(_, option)| option).collect()
    }

    /// The option at a place.
    pub fn option(&self, place: OptionPlace) -> Option<&LadderOption> {
        self.placed_options().into_iter().find(|(own, _)| *own == place).map(|(_, option)| option)
    }
}
