//! What can be wrong with a line before it is a record.

use crate::diagnostics::Code;

/// A line of bytes that no text has.
pub(super) const NOT_TEXT: Code = Code {
    id: "R001",
    title: "a line that is not UTF-8 text",
    explanation: "\
Records are text in UTF-8. The line holds a byte that begins no character, most often because the file was saved in an
older encoding. The other lines are read; export the file as UTF-8.",
};

/// A line above the limit.
pub(super) const TOO_LONG: Code = Code {
    id: "R002",
    title: "a line that is too long",
    explanation: "\
A record stands on one line of at most 16 MiB. What is longer is passed over, so that one broken line can neither fill the
memory nor end the run; most often a line end is missing.",
};

/// The mistakes that a line of a cohort can have, for `myoguide explain`.
pub const CODES: &[Code] = &[NOT_TEXT, TOO_LONG];
