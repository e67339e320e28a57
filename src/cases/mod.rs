//! Worked patients: what a guideline must say of them, from YAML, and whether it does.
//!
//! ```text
//! - case: strength not tested later          Case { name, record,
//!   record: {id: demo, visits: […]}    ─►      answers: [response: Possible [moderate, major]],
//!   expect:                                    open_because: [response: [mmt8]] }
//!     answers: {response: {possible: [moderate, major]}}
//!     open_because: {response: [mmt8]}
//! ```
//!
//! What is not as expected is a [`Diagnostic`] at the line of the case that expects it.

mod codes;
mod compare;
mod equivalent;
mod from_yaml;
mod item;
mod run;

pub use codes::CODES;
pub use compare::compare;
pub(crate) use compare::step as came_to;
pub use equivalent::{Equivalent, Otherwise};
pub(crate) use from_yaml::PROPOSED;
pub use from_yaml::read;
pub use item::Part;
pub use run::{Tested, check, run, run_one, suites};

use crate::diagnostics::Diagnostic;
use crate::record::Document;
use crate::source::Spanned;
use crate::value::Number;

/// The worked patients of a file, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    /// Those that could be read.
    pub cases: Vec<Case>,
    /// The changes of the rules of which somebody said why no patient can show them.
    pub equivalent: Vec<Equivalent>,
    /// How many could not be read.
    pub unread: usize,
    /// Mistakes of the file; those inside a record are told when it is read.
    pub mistakes: Vec<Diagnostic>,
}

/// A worked patient.
#[derive(Debug, Clone)]
pub struct Case {
    /// A few words.
    pub name: Spanned<String>,
    /// The record, as written.
    pub record: Document,
    /// What each answer must be.
    pub answers: Vec<(Spanned<String>, Spanned<Expected>)>,
    /// The facts that must keep an answer open, no other: each with the name of the answer.
    pub open_because: Vec<(Spanned<String>, Spanned<Vec<String>>)>,
    /// What a block on the way must be.
    pub steps: Vec<(Spanned<String>, Spanned<Expected>)>,
    /// What a conclusion, a verdict, a line, a piece of advice, a course or a path must be.
    pub parts: Vec<(Spanned<Part>, Spanned<Expected>)>,
    /// `status: proposed`: no expert has accepted yet what is expected.
    pub proposed: bool,
    /// All of what is expected could be read.
    pub whole: bool,
}

/// What an answer or a step must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// `moderate`: this value and no other.
    Value(Member),
    /// `{possible: [minimal, moderate]}`: each of these and no other.
    Possible(Vec<Member>),
    /// `{min: 20, max: 60}`: numbers, the least and the greatest of them.
    Range {
        /// The least; `None` where the case does not say.
        min: Option<Member>,
        /// The greatest.
        max: Option<Member>,
    },
    /// `silent`: the guideline does not speak of this patient.
    Silent,
    /// `fault`: a table of the guideline is at fault.
    Fault,
}

/// One value, as a case writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    /// `yes`, `moderate`, `ck`.
    Word(String),
    /// `42.5`, and to how many decimals it was written: a root or a logarithm is held to no more.
    Number(Number, usize),
}
