//! Scores, bands and decision tables.

use super::{Amount, Citation, Condition, Line, Name, Range, Reading, Share, Value};
use crate::source::{Span, Spanned};
use crate::value::Number;

/// Points added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// `0 to 100 points`
    pub points: Option<Spanned<(Number, Number)>>,
    /// `column "with biopsy" when biopsy_done is yes`
    pub columns: Vec<Column>,
    /// One or more tables, a blank line between them.
    pub tables: Vec<ScoreTable>,
    /// `points as in total_improvement_score`: the columns and tables of another score.
    pub as_in: Option<Name>,
}

/// `column adult when adult`: exactly one fits each patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The heading in the table.
    pub name: Name,
    /// For whom.
    pub when: Line<Condition>,
}

/// A table of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScoreTable {
    /// A heading row of ranges; points by the range a row's number lies in.
    Banded(BandedPoints),
    /// A row for each item; points if it is present.
    Items(ItemPoints),
}

/// `| improvement as % of range | at most 5 | above 5 |`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandedPoints {
    /// What of each row's subject is looked up.
    pub by: Spanned<BandedBy>,
    /// The ranges of the heading.
    pub bands: Vec<Range>,
    /// The rows.
    pub rows: Vec<BandedRow>,
}

/// What of a row's subject is looked up in the heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BandedBy {
    /// `improvement as % of range`, `improvement as % of baseline`
    Improvement(Share),
    /// `value`, `value in mg/dL`
    Value(Option<Name>),
}

/// `| physician_global | 0 | 7.5 |`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandedRow {
    /// A fact, a measure or a number.
    pub subject: Amount,
    /// Points for each range.
    pub points: Vec<Points>,
    /// The row's own sources.
    pub citations: Vec<Citation>,
}

/// Points in a cell: a number, or `none`.
pub type Points = Spanned<Option<Number>>;

/// `| if present | without biopsy | with biopsy |`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemPoints {
    /// The headings of the columns of points.
    pub headings: Vec<Name>,
    /// The rows.
    pub rows: Vec<ItemRow>,
}

/// `| heliotrope | 3.1 | 3.2 |`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// What must hold.
    pub condition: Condition,
    /// Points for each column.
    pub points: Vec<Points>,
    /// The row's own sources.
    pub citations: Vec<Citation>,
}

/// A number into categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bands {
    /// The number.
    pub of: Reading,
    /// `column adult when adult`
    pub columns: Vec<Column>,
    /// The first heading: the name of the answer.
    pub answer: Name,
    /// The other headings: the names of the columns, or of the number.
    pub headings: Vec<Name>,
    /// The rows.
    pub rows: Vec<BandRow>,
    /// `not_applicable when better_explanation is yes`: values for those to whom the bands do not apply; the first
    /// that holds wins.
    pub instead: Vec<Instead>,
    /// `ranges as in response`: the columns and rows of other bands.
    pub as_in: Option<Name>,
}

/// `not_applicable when better_explanation is yes`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instead {
    /// The value.
    pub value: Name,
    /// For whom.
    pub when: Line<Condition>,
}

/// `| minimal | 20 to below 40 | 30 to below 45 |`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandRow {
    /// The category.
    pub value: Name,
    /// Its range in each column.
    pub ranges: Vec<Range>,
    /// The row's own sources.
    pub citations: Vec<Citation>,
}

/// A decision table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// How rows are chosen; `exactly one row fits` where nothing is said.
    pub policy: Option<Spanned<Policy>>,
    /// The headings of the inputs.
    pub inputs: Vec<Amount>,
    /// The heading of the output, after `->`.
    pub output: Name,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// How the rows of a table are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// `exactly one row fits`
    ExactlyOne,
    /// `first row that fits`
    First,
    /// `every row that fits`
    Every,
    /// `sum of the rows that fit`
    Sum,
}

/// One row of a decision table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// The row, without its brackets.
    pub span: Span,
    /// A test for each input.
    pub cells: Vec<Cell>,
    /// What the row gives.
    pub output: Output,
    /// The row's own sources.
    pub citations: Vec<Citation>,
}

/// What a row of a decision table gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// A category.
    Value(Name),
    /// Points, in `sum of the rows that fit`.
    Points(Spanned<Number>),
}

/// A cell of a decision table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The cell's text.
    pub span: Span,
    /// The test.
    pub kind: CellKind,
}

/// The forms of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a tree is small, and a box would hide what it holds")]
pub enum CellKind {
    /// `any`: every value, *not done* included.
    Any,
    /// `yes`, `DM or PM`, `no or not done`
    OneOf(Vec<Value>),
    /// `not IBM`
    Not(Value),
    /// `above 5 to 15`, `at least 1.3 x upper limit`
    Within(Range),
}
