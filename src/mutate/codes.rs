//! Changes that nobody notices, and entries of `equivalent` that are no longer right.

use crate::diagnostics::Code;

/// No case comes out otherwise.
pub(super) const UNNOTICED: Code = Code {
    id: "T012",
    title: "a change of the rules that no case notices",
    explanation: "\
`myoguide test --mutate` changes one thing at a time: a number, a comparison, a unit, `and` and `or`, a value, the order
of rows, lines and branches, or it leaves a line out. With this change every case still comes out as it expects, so a slip
of this kind would stay unseen. Mostly a patient is missing who lies just at the limit, or whom only this line concerns:
write the case, from the source. Where no patient at all can show the change, list it under `equivalent` in a file of
`cases/`, with the reason.",
};

/// An entry that names a change that is not tried.
pub(super) const STALE: Code = Code {
    id: "T013",
    title: "an equivalent change that there no longer is",
    explanation: "\
An entry of `equivalent` names a line of a block and what becomes of it, as `myoguide test --mutate` shows them. The line
has changed since, the change would not load, or it leaves the program as it is. Correct the entry or take it out.",
};

/// An entry whose change is noticed.
pub(super) const NOTICED: Code = Code {
    id: "T014",
    title: "an equivalent change that a case notices",
    explanation: "\
An entry of `equivalent` says that no patient can show this change of the rules, and a case comes out otherwise with it.
Take the entry out.",
};

/// Every kind of mistake this room reports.
pub const CODES: &[Code] = &[UNNOTICED, STALE, NOTICED];
