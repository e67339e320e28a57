//! The response criteria once more, written from the published criteria alone and not from the rules: an oracle that
//! the program is held against.
//!
//! [`patient`] is a record with every fact known, [`half_empty`] one with facts forgotten, [`criteria`] what the
//! published text says of a patient.

pub(crate) mod course_rules;
pub(crate) mod criteria;
pub(crate) mod dice;
pub(crate) mod door;
pub(crate) mod fraction;
pub(crate) mod generate;
pub(crate) mod grid;
pub(crate) mod half_empty;
pub(crate) mod patient;
pub(crate) mod small;
pub(crate) mod written;

pub(crate) use dice::Dice;
pub(crate) use fraction::Fraction;
