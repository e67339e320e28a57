use crate::catalog::FactId;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Aggregate, CountRule, InstrumentChoice, Policy, Share, UnknownCounts};
use crate::value::{Choices, Number, Unit};

use super::{
    Advice, Against, Algorithm, Amount, Cited, Condition, CourseRule, FactReading, Ladder, Monitor, Prefer, Promise,
    Range, Regimen, Suspect,
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
    /// Calls `each` with every condition and amount of its lines and rows, in order.
    pub fn each_expression<'a>(&'a self, each: &mut dyn FnMut(Expression<'a>)) {
        match &self.kind {
            BlockKind::Course(_)
            | BlockKind::Ladder(_)
            | BlockKind::Against(_)
            | BlockKind::Prefer(_)
            | BlockKind::Monitor(_)
            | BlockKind::Regimen(_)
            | BlockKind::Suspect(_)
            | BlockKind::Advice(_)
            | BlockKind::Precedence(_)
            | BlockKind::Algorithm(_)
            | BlockKind::Promise(_)
            | BlockKind::SourceCovers(..) => {
                self.each_therapy_condition(&mut |condition| each(Expression::Condition(condition)))
            }
            BlockKind::Finding(rule) => {
                match &rule.test {
                    Test::One(condition, _) => each(Expression::Condition(condition)),
                    Test::List(_, items) => {
                        for (item, _) in items {
                            each(Expression::Condition(item));
                        }
                    }
                }
                for unless in &rule.unless {
                    each(Expression::Condition(&unless.condition));
                }
            }
            BlockKind::Number(Formula::Amount(amount, _)) => each(Expression::Amount(amount)),
            BlockKind::Number(Formula::Aggregate(_, items)) => {
                for (item, _) in items {
                    each(Expression::Amount(item));
                }
            }
            BlockKind::Number(Formula::Count(items)) => {
                for (item, _) in items {
                    each(Expression::Condition(item));
                }
            }
            BlockKind::Score(score) => {
                for column in &score.columns {
                    each(Expression::Condition(&column.when));
                }
                for table in &score.tables {
                    match table {
                        ScoreTable::Banded { rows, .. } => {
                            for row in rows {
                                each(Expression::Amount(&row.amount));
                            }
                        }
                        ScoreTable::Items(rows) => {
                            for row in rows {
                                each(Expression::Condition(&row.condition));
                            }
                        }
                    }
                }
            }
            BlockKind::Bands(bands) => {
                each(Expression::Amount(&bands.of));
                for column in &bands.columns {
                    each(Expression::Condition(&column.when));
                }
                for instead in &bands.instead {
                    each(Expression::Condition(&instead.when));
                }
            }
            BlockKind::Table(table) => {
                table.rows.iter().flat_map(|row| &row.cells).for_each(|cell| each(Expression::Condition(cell)));
            }
            BlockKind::Covers(condition) | BlockKind::Impossible(condition) => each(Expression::Condition(condition)),
            BlockKind::Measure(measure) => {
                let conditions = measure.instruments.iter().filter_map(|instrument| instrument.when.as_ref());
                conditions.for_each(|condition| each(Expression::Condition(condition)));
            }
            BlockKind::Judgement(_) => {}
        }
    }

    /// Calls `each` with every fact the block itself reads.
    pub fn each_fact(&self, each: &mut dyn FnMut(FactId)) {
        self.each_expression(&mut |expression| match expression {
            Expression::Condition(condition) => condition.each_fact(each),
            Expression::Amount(amount) => amount.each_fact(each),
        });
        if let BlockKind::Measure(measure) = &self.kind {
            for instrument in &measure.instruments {
                each(instrument.fact);
            }
        }
    }

    /// Calls `each` with every block the block itself reads.
    pub fn each_block(&self, each: &mut dyn FnMut(BlockId)) {
        self.each_expression(&mut |expression| match expression {
            Expression::Condition(condition) => condition.each_block(each),
            Expression::Amount(amount) => amount.each_block(each),
        });
    }
}

impl Block {
    /// Calls `each` with every source of the block: at its head, then on its lines and rows.
    pub fn each_citation<'a>(&'a self, each: &mut dyn FnMut(&'a Cited)) {
        let mut all = |cited: &'a [Cited]| cited.iter().for_each(&mut *each);
        all(&self.citations);
        match &self.kind {
            BlockKind::Course(_)
            | BlockKind::Ladder(_)
            | BlockKind::Against(_)
            | BlockKind::Prefer(_)
            | BlockKind::Monitor(_)
            | BlockKind::Regimen(_)
            | BlockKind::Suspect(_)
            | BlockKind::Advice(_)
            | BlockKind::Precedence(_)
            | BlockKind::Algorithm(_)
            | BlockKind::Promise(_)
            | BlockKind::SourceCovers(..) => unimplemented!(),
            BlockKind::Finding(rule) => {
                match &rule.test {
                    Test::One(_, cited) => all(cited),
                    Test::List(_, items) => {
                        for (_, cited) in items {
                            all(cited);
                        }
                    }
                }
                for unless in &rule.unless {
                    all(&unless.citations);
                }
            }
            BlockKind::Number(Formula::Amount(_, cited)) => all(cited),
            BlockKind::Number(Formula::Aggregate(_, items)) => {
                for (_, cited) in items {
                    all(cited);
                }
            }
            BlockKind::Number(Formula::Count(items)) => {
                for (_, cited) in items {
                    all(cited);
                }
            }
            BlockKind::Measure(measure) => {
                for one in &measure.instruments {
                    all(&one.citations);
                }
            }
            BlockKind::Score(score) => {
                for column in &score.columns {
                    all(&column.citations);
                }
                for table in &score.tables {
                    match table {
                        ScoreTable::Banded { rows, .. } => {
                            for row in rows {
                                all(&row.citations);
                            }
                        }
                        ScoreTable::Items(rows) => {
                            for row in rows {
                                all(&row.citations);
                            }
                        }
                    }
                }
            }
            BlockKind::Bands(bands) => {
                for column in &bands.columns {
                    all(&column.citations);
                }
                for row in &bands.rows {
                    all(&row.citations);
                }
                for instead in &bands.instead {
                    all(&instead.citations);
                }
            }
            BlockKind::Table(table) => {
                for row in &table.rows {
                    all(&row.citations);
                }
            }
            BlockKind::Covers(_) | BlockKind::Impossible(_) | BlockKind::Judgement(_) => {}
        }
    }
}

impl Rule {
    fn each_condition<'a>(&'a self, each: &mut dyn FnMut(&'a Condition)) {
        match &self.test {
            Test::One(condition, _) => each(condition),
            Test::List(_, items) => items.iter().for_each(|(item, _)| each(item)),
        }
        self.unless.iter().for_each(|unless| each(&unless.condition));
    }
}

impl Block {
    fn each_therapy_condition<'a>(&'a self, each: &mut dyn FnMut(&'a Condition)) {
        use super::CourseRule;
        let options = |of: &'a [super::LadderOption], each: &mut dyn FnMut(&'a Condition)| {
            of.iter().filter_map(|option| option.when.as_ref()).for_each(each);
        };
        match &self.kind {
            BlockKind::Course(rule) => match rule {
                CourseRule::FairTrial(_) => {}
                CourseRule::Outcome(lines) => lines.iter().for_each(|(_, when, _)| each(when)),
                CourseRule::Joined(rule)
                | CourseRule::Failed(rule)
                | CourseRule::Worked(rule)
                | CourseRule::NotTolerated(rule) => rule.each_condition(each),
            },
            BlockKind::Ladder(ladder) => {
                ladder.patients.iter().for_each(|(when, _)| each(when));
                ladder.beside.iter().filter_map(|(_, option)| option.when.as_ref()).for_each(&mut *each);
                for line in &ladder.lines {
                    options(&line.options, each);
                    line.next.iter().filter_map(|next| next.when.as_ref()).for_each(|(when, _)| each(when));
                }
            }
            BlockKind::Against(Against { when, .. })
            | BlockKind::Prefer(Prefer { when, .. })
            | BlockKind::Monitor(Monitor { when, .. }) => {
                when.iter().for_each(|rule| rule.each_condition(each));
            }
            BlockKind::Regimen(regimen) => {
                regimen.patients.iter().for_each(|(when, _)| each(when));
                options(&regimen.give, each);
                regimen.plus.iter().filter_map(|plus| plus.when.as_ref()).for_each(&mut *each);
                options(&regimen.of, each);
            }
            BlockKind::Suspect(suspect) => {
                suspect.pointing.iter().chain(&suspect.against).for_each(|(when, _)| each(when))
            }
            BlockKind::Advice(advice) => advice.when.iter().for_each(each),
            BlockKind::Algorithm(algorithm) => {
                algorithm
                    .steps
                    .iter()
                    .flat_map(|step| &step.branches)
                    .filter_map(|branch| branch.when.as_ref())
                    .for_each(each);
            }
            BlockKind::Promise(promise) => each(&promise.when),
            BlockKind::SourceCovers(_, when) => each(when),
            _ => {}
        }
    }
}
