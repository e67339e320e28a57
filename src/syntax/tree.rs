//! What a rules file says, before names mean anything. Each type shows its surface syntax.

mod tables;
mod therapy;

pub use tables::{
    BandRow, BandedBy, BandedPoints, BandedRow, Bands, Cell, CellKind, Column, Instead, ItemPoints, ItemRow, Output,
    Points, Policy, Score, ScoreTable, Table, TableRow,
};
pub use therapy::{
    Advice, Against, AgainstKind, Algorithm, AlgorithmBranch, AlgorithmStep, Beside, Conclusion, Course, CourseTest,
    DoseFloor, FairTrialRow, How, JudgedAfter, Ladder, LadderLine, LadderOption, Monitor, NextLine, Plus, Precedence,
    Prefer, Promise, Promised, Regimen, StatusTest, Strength, Suspect, Target, TestNamed, Therapy, TrialLength,
};

use crate::source::{Span, Spanned};
use crate::value::{Number, Period};

/// A word the author wrote: `physician_global`.
pub type Name = Spanned<String>;

/// One rules file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Module {
    /// The blocks, in the order of the file.
    pub blocks: Vec<Block>,
    /// What a release takes out of the one it builds on, in the order of the file.
    pub withdrawals: Vec<Withdrawal>,
    /// Every comment, `#` included.
    pub comments: Vec<Spanned<String>>,
}

/// A block: a head in column 1, and what is indented under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// From the keyword to the last line.
    pub span: Span,
    /// The head line.
    pub head: Span,
    /// The name; for `covers` the keyword itself.
    pub name: Name,
    /// `"Total improvement score"`, or the question of a judgement.
    pub title: Option<Spanned<String>>,
    /// `[aggarwal_2017 table 3; rider_2017]`
    pub citations: Vec<Citation>,
    /// `new`, `replaces`: what it is to the release that this one builds on.
    pub change: Option<Spanned<Change>>,
    /// `because "a new limit"`
    pub reason: Option<Spanned<String>>,
    /// `as recorded score …`, and what such a block alone may say.
    pub as_recorded: Option<AsRecorded>,
    /// What it says.
    pub body: Body,
}

/// What a block of a release is to the release that it builds on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// `new finding weak "Weakness" because "…"`
    New,
    /// `replaces finding weak "Weakness" because "…"`
    Replaces,
}

/// `withdraws table activity because "superseded" [bsr_2022]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The line.
    pub span: Span,
    /// What kind of block.
    pub construct: Construct,
    /// The keyword.
    pub keyword: Span,
    /// Its name, as the tree has it: `course_failed`.
    pub name: Name,
    /// Why.
    pub reason: Option<Spanned<String>>,
    /// `[bsr_2022]`
    pub citations: Vec<Citation>,
}

/// What a block says, by its keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a tree is small, and a box would hide what it holds")]
pub enum Body {
    /// `finding weak "Weakness"`: a yes/no.
    Finding(Rule),
    /// `number das28 "DAS28"`: a formula.
    Number(Formula),
    /// `measure strength "Strength"`: one core set measure by several instruments.
    Measure(Measure),
    /// `score total "Total"`: points added up.
    Score(Score),
    /// `bands response "Response" of total`: a number into categories.
    Bands(Bands),
    /// `table activity "Activity"`: a decision table.
    Table(Table),
    /// `covers patients when adult`
    Covers(Condition),
    /// `impossible late "onset cannot lie after today" when age_at_onset is above age`
    Impossible(Condition),
    /// `judgement overlap "Does it need treatment of its own?"`
    Judgement,
    /// `course failed when adequate and outcome is one of no_response, worse`
    Course(Course),
    /// `ladder immunosuppression "Immunosuppressive treatment"`
    Ladder(Ladder),
    /// `contraindicated …`, `avoid …`, `caution …`, `stop …`
    Against(Against),
    /// `prefer c_before_d: drug_d over drug_c when subtype is DM`
    Prefer(Prefer),
    /// `monitor blood_tests: drug_a "FBC, LFT" every 2 weeks`
    Monitor(Monitor),
    /// `regimen rp_ild "Upfront combination"`
    Regimen(Regimen),
    /// `suspect other_disease "Another disease"`
    Suspect(Suspect),
    /// `advice treat_at_once "…" at emergency when organ_threat`
    Advice(Advice),
    /// `precedence "Which advice wins"`
    Precedence(Precedence),
    /// `algorithm disposition "Weakness despite treatment"`
    Algorithm(Algorithm),
    /// `promise NAME "text": never offer drug_a when pregnant`
    Promise(Promise),
    /// `source bsr_2022 covers patients when …`; the name of the block is the key.
    SourceCovers(Condition),
    /// A part without which the block means nothing could not be read. Its message is given; name and kind stand.
    Unreadable(Construct),
}

impl Body {
    /// The kind of block it is.
    pub fn construct(&self) -> Construct {
        match self {
            Body::Finding(_) => Construct::Finding,
            Body::Number(_) => Construct::Number,
            Body::Measure(_) => Construct::Measure,
            Body::Score(_) => Construct::Score,
            Body::Bands(_) => Construct::Bands,
            Body::Table(_) => Construct::Table,
            Body::Covers(_) => Construct::Covers,
            Body::Impossible(_) => Construct::Impossible,
            Body::Judgement => Construct::Judgement,
            Body::Course(_) => Construct::Course,
            Body::Ladder(_) => Construct::Ladder,
            Body::Against(against) => match against.kind {
                AgainstKind::Contraindicated => Construct::Contraindicated,
                AgainstKind::Avoid => Construct::Avoid,
                AgainstKind::Caution => Construct::Caution,
                AgainstKind::Stop => Construct::Stop,
            },
            Body::Prefer(_) => Construct::Prefer,
            Body::Monitor(_) => Construct::Monitor,
            Body::Regimen(_) => Construct::Regimen,
            Body::Suspect(_) => Construct::Suspect,
            Body::Advice(_) => Construct::Advice,
            Body::Precedence(_) => Construct::Precedence,
            Body::Algorithm(_) => Construct::Algorithm,
            Body::Promise(_) => Construct::Promise,
            Body::SourceCovers(_) => Construct::Source,
            Body::Unreadable(construct) => *construct,
        }
    }
}

/// The kinds of blocks, by their keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Construct {
    /// `finding`
    Finding,
    /// `number`
    Number,
    /// `measure`
    Measure,
    /// `score`
    Score,
    /// `bands`
    Bands,
    /// `table`
    Table,
    /// `covers`
    Covers,
    /// `impossible`
    Impossible,
    /// `judgement`
    Judgement,
    /// `course`
    Course,
    /// `ladder`
    Ladder,
    /// `contraindicated`
    Contraindicated,
    /// `avoid`
    Avoid,
    /// `caution`
    Caution,
    /// `stop`
    Stop,
    /// `prefer`
    Prefer,
    /// `monitor`
    Monitor,
    /// `regimen`
    Regimen,
    /// `suspect`
    Suspect,
    /// `advice`
    Advice,
    /// `precedence`
    Precedence,
    /// `algorithm`
    Algorithm,
    /// `promise`
    Promise,
    /// `source`
    Source,
}

impl Construct {
    /// The keyword with which such a block begins.
    pub fn keyword(self) -> &'static str {
        super::opening::keyword(self)
    }
}

/// What only a block that begins with `as recorded` may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsRecorded {
    /// The words `as recorded`.
    pub span: Span,
    /// `unknown counts as no`, `unknown counts as 0 points`
    pub unknown_counts_as: Option<Spanned<UnknownCounts>>,
    /// `assume biopsy_done is no`
    pub assumptions: Vec<Line<Assumption>>,
}

/// What an unknown line counts as in a reading of what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownCounts {
    /// `unknown counts as no`
    No,
    /// `unknown counts as 0 points`
    NoPoints,
}

/// `assume biopsy_done is no`: the value of a fact where none was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// The fact.
    pub fact: Name,
    /// The value.
    pub value: Name,
}

/// A line and the brackets at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<T> {
    /// What the line says.
    pub value: T,
    /// Its own sources.
    pub citations: Vec<Citation>,
}

/// One entry of a pair of brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The entry, brackets not included.
    pub span: Span,
    /// What it names.
    pub kind: CitationKind,
}

/// What an entry of a pair of brackets names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CitationKind {
    /// `aggarwal_2017 table 3`: an evidence entry, and where in it.
    Source {
        /// The evidence entry.
        key: Name,
        /// Where in it.
        place: Option<Spanned<String>>,
    },
    /// `local weakness_cutoff`: the number on this line is a local choice of that name.
    Local(Name),
}

/// What makes a finding hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// One line or one list.
    pub test: Test,
    /// `unless liver_disease`: lines that stop it from holding.
    pub unless: Vec<Line<Condition>>,
}

/// One line or one list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a tree is small, and a box would hide what it holds")]
pub enum Test {
    /// A single line.
    One(Line<Condition>),
    /// `at least 2 of`, then a line beginning with `-` for each item.
    List {
        /// How many must hold.
        how: Spanned<CountRule>,
        /// The items.
        items: Vec<Line<Condition>>,
    },
}

/// How many items of a list must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountRule {
    /// `all of`
    All,
    /// `any of`
    Any,
    /// `none of`
    None,
    /// `at least 2 of`
    AtLeast(u32),
    /// `exactly 2 of`
    Exactly(u32),
    /// `at most 2 of`
    AtMost(u32),
}

/// Something that holds or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The whole of it.
    pub span: Span,
    /// What it says.
    pub kind: ConditionKind,
}

/// The forms of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionKind {
    /// `a and b and c`
    All(Vec<Condition>),
    /// `a or b or c`
    Any(Vec<Condition>),
    /// `not heliotrope`
    Not(Box<Condition>),
    /// `any of a, b`, `at least 2 of a, b, c`: a list on one line.
    Count {
        /// How many must hold.
        how: CountRule,
        /// The items.
        items: Vec<Condition>,
    },
    /// `heliotrope`, `latest dysphagia`, `adult`
    Holds(Reading),
    /// `subtype is DM`, `subtype is not IBM`, `subtype is one of DM, PM`, `mri is not done`
    Is {
        /// What is looked at.
        subject: Reading,
        /// The values, any of which will do.
        values: Vec<Value>,
        /// `is not`, `is not one of`
        negated: bool,
    },
    /// `latest ck is above 1.3 x upper limit`, `age_at_onset is 18 to below 40`
    Compares {
        /// What is compared.
        subject: Amount,
        /// Where it must lie.
        range: Range,
        /// `is not above …`
        negated: bool,
    },
    /// `mmt8 improves by at least 20 % of baseline`, `physician_global worsens by at least 2 cm`
    Changes {
        /// A fact or a measure.
        subject: Name,
        /// Which way.
        direction: Direction,
        /// By how much.
        by: Range,
        /// `of baseline` follows: the amount is a share of the baseline value.
        of_baseline: bool,
    },
    /// `latest ck is recorded`, `change in strength is recorded`; in `as recorded` blocks only.
    IsRecorded(Amount),
    /// `course of drug_a is failed`, `taking drug_a`
    Course(CourseTest),
    /// `status of drug_a in disease_a is approved`
    Status(StatusTest),
}

/// Which way a measure moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `improves`: towards the better end that the dictionary names.
    Improves,
    /// `worsens`
    Worsens,
    /// `rises`
    Rises,
    /// `falls`
    Falls,
}

/// A value of a choice, in a condition or a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `DM`, `yes`, `no`
    Named(Name),
    /// `not done`
    NotDone(Span),
    /// `not measured`
    NotMeasured(Span),
}

/// Where a number must lie: `above 5 to 15`, `at most 5`, `18 to below 40`, `142`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The whole of it.
    pub span: Span,
    /// The lower end.
    pub low: Option<End>,
    /// The upper end.
    pub high: Option<End>,
    /// Written `A to B` with neither end spelt: allowed for whole numbers only.
    pub plain: bool,
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The number there.
    pub amount: Amount,
    /// The number itself belongs to the range.
    pub included: bool,
}

/// Something that is a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// The whole of it.
    pub span: Span,
    /// What it says.
    pub kind: AmountKind,
}

/// The forms of an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountKind {
    /// `142`, `20 %`, `5 mg/L`
    Literal(Literal),
    /// `142 of 150`: a number on the scale that ends at the second.
    OutOf {
        /// The number.
        value: Spanned<Number>,
        /// The end of its scale.
        scale: Spanned<Number>,
    },
    /// `1.3 x upper limit`; `upper limit` alone is 1.
    UpperLimits(Spanned<Number>),
    /// `latest ck`, `age`, `total_improvement_score`
    Read(Reading),
    /// `time since last dose of drug_c`: in weeks.
    SinceLastDose(Therapy),
    /// `latest crp in mg/L`: the bare number in that unit.
    InUnit(Box<Amount>, Name),
    /// `change in mmt8`: latest minus baseline.
    ChangeIn(Name),
    /// `improvement of mmt8 as % of range`, `improvement of mmt8 as % of baseline`
    Improvement {
        /// A fact or a measure.
        subject: Name,
        /// Of what it is a share.
        share: Share,
    },
    /// `-x`
    Negative(Box<Amount>),
    /// `a + b`
    Arithmetic {
        /// Left of the sign.
        left: Box<Amount>,
        /// The sign.
        operator: Operator,
        /// Right of the sign.
        right: Box<Amount>,
    },
    /// `sqrt(x)`
    Call {
        /// Which function.
        function: Function,
        /// Of what.
        of: Box<Amount>,
    },
}

/// A number as written, with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The number.
    pub number: Spanned<Number>,
    /// The unit, not looked up yet.
    pub unit: Option<Name>,
}

/// Of what an improvement is a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// `as % of range`: of the full range of the instrument.
    Range,
    /// `as % of baseline`
    Baseline,
}

/// A sign between two amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

/// A function of one bare number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `sqrt( )`
    SquareRoot,
    /// `ln( )`
    NaturalLogarithm,
    /// `exp( )`
    Exponential,
}

/// A fact or another block, and when: `latest ck within 3 months`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The whole of it.
    pub span: Span,
    /// The fact or block.
    pub name: Name,
    /// When.
    pub when: When,
}

/// When a dated fact is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// `subtype`: an undated fact, or a block.
    Unstated,
    /// `ck at baseline`
    Baseline,
    /// `latest ck`, `latest ck within 3 months`
    Latest {
        /// How old it may be.
        within: Option<Period>,
    },
    /// `dysphagia ever`
    Ever,
    /// `highest ck ever`
    Highest,
    /// `lowest mmt8 ever`
    Lowest,
}

/// What a number is worked out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// A formula over one or more lines.
    Amount(Line<Amount>),
    /// `sum of`, then a line beginning with `-` for each.
    Aggregate {
        /// How they are joined.
        how: Spanned<Aggregate>,
        /// The items.
        items: Vec<Line<Amount>>,
    },
    /// `count of`, then a line beginning with `-` for each.
    Count(Vec<Line<Condition>>),
}

/// How the items of a list become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// `sum of`
    Sum,
    /// `average of`
    Average,
    /// `highest of`
    Highest,
    /// `lowest of`
    Lowest,
}

/// One core set measure by several instruments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// How the instrument is chosen.
    pub choice: Spanned<InstrumentChoice>,
    /// The instruments, in order.
    pub instruments: Vec<Line<Instrument>>,
}

/// How the instrument of a measure is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstrumentChoice {
    /// `use mmt8, or cmas where mmt8 has no baseline`; or `use the first with a baseline value` and a list.
    FirstWithBaseline,
    /// `use the one most above its upper limit at baseline` and a list; of equals the first.
    MostAboveUpperLimit,
}

/// `- ck, range 15 x upper limit`, `- chaq when juvenile`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    /// The fact.
    pub fact: Name,
    /// Its full range, where the dictionary gives none.
    pub range: Option<Amount>,
    /// For whom it is; `None` for everybody.
    pub when: Option<Condition>,
}
