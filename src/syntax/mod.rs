//! The text of a rules file into a tree, never failing: a [`Parsed`] holds what could be read and every mistake.
//!
//! ```text
//! finding weak "Weakness"        [proderm_2022]        Block { name: weak, body: Finding(…), … }
//!   latest mmt8 is below 142 of 150              ─►      Compares { subject: latest mmt8, range: below 142 of 150 }
//! ```
//!
//! The grammar is `grammar/guideline.pest`, after Ford's parsing expression grammars (2004) as pest implements them.

mod advice;
mod against;
mod algorithm;
mod amount;
mod as_recorded;
mod bands;
mod block;
mod citations;
mod clauses;
mod condition;
mod course;
mod course_test;
mod decision_table;
mod expected;
mod finding;
mod formula;
mod grammar;
mod head;
mod hints;
mod ladder;
mod layout;
mod limits;
mod list;
mod measure;
mod next_line;
mod number;
mod opening;
mod option;
mod promise;
mod range;
mod reader;
mod reading;
mod regimen;
mod release;
mod rows;
mod score;
mod status_test;
mod suspect;
mod test;
mod therapy;
pub mod tree;
mod trial;

pub use tree::Module;

use crate::diagnostics::{Code, Diagnostic};
use crate::source::{FileId, SourceMap};
use grammar::Fragment;
use reader::Reader;

/// A rules file as far as it could be read, and its mistakes in the order of the text.
#[derive(Debug)]
pub struct Parsed {
    /// What could be read.
    pub module: Module,
    /// The mistakes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a rules file. Always ends, whatever the text; what could not be read is told in the diagnostics.
///
/// ```
/// use myoguide::{source::SourceMap, syntax};
/// let mut sources = SourceMap::default();
/// let file = sources.add("demo.rules", "finding weak \"Weakness\"\n  latest mmt8 is below 142\n");
/// let parsed = syntax::parse(&sources, file);
/// assert!(parsed.diagnostics.is_empty());
/// assert_eq!(parsed.module.blocks[0].name.value, "weak");
/// ```
pub fn parse(sources: &SourceMap, file: FileId) -> Parsed {
    let admitted = limits::admit(sources, file);
    let mut reader = Reader::default();
    admitted.diagnostics.into_iter().for_each(|diagnostic| reader.report(diagnostic));
    let whole = Fragment { text: &admitted.text, file, base: 0 };
    let mut layout = layout::lay_out(whole, &admitted.refused, &mut reader);
    let comments = std::mem::take(&mut layout.comments);
    let opened = opening::open_blocks(sources, layout, &mut reader);
    let mut blocks = Vec::new();
    let mut withdrawals = Vec::new();
    for opened in opened {
        if release::is_withdrawal(&opened) {
            withdrawals.extend(release::read_withdrawal(opened, &mut reader));
        } else {
            blocks.extend(block::read_block(opened, &mut reader));
        }
    }
    let mut diagnostics = reader.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span().map(|span| span.start));
    Parsed { module: Module { blocks, withdrawals, comments }, diagnostics }
}

/// Every kind of mistake of this room.
pub const CODES: &[Code] = &[
    limits::TOO_LARGE,
    reader::UNEXPECTED,
    reader::NAME,
    citations::BRACKETS,
    citations::SOURCES,
    number::NUMBER,
    reading::READING,
    amount::FUNCTION,
    amount::SIGN,
    amount::UPPER_LIMIT,
    range::RANGE,
    condition::MIXED,
    condition::COMMA_LIST,
    condition::ONE_OF,
    condition::NESTED_LIST,
    condition::NO_CONDITION,
    test::MISSING_IS,
    test::CHANGE,
    opening::UNKNOWN_BLOCK,
    release::REASON,
    opening::COLUMN,
    block::EMPTY,
    block::HEAD_CONDITION,
    block::UNKNOWN_LINE,
    as_recorded::ONLY_AS_RECORDED,
    list::ITEM,
    finding::TWO_LINES,
    measure::MEASURE,
    rows::CELLS,
    rows::HEADING,
    score::CELL,
    score::AS_IN,
    therapy::THERAPY,
    clauses::CLAUSE,
    against::NAMED,
    course::COURSE,
    trial::TRIAL,
    ladder::LADDER,
    next_line::NEXT_LINE,
    regimen::PLUS,
    suspect::SUSPECT,
    advice::LEVEL,
    algorithm::BRANCH,
    promise::PROMISE,
    release::WITHDRAWAL,
    status_test::STATUS,
];
