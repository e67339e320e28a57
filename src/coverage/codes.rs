//! Parts of a guideline that no worked patient reaches.

use crate::diagnostics::Code;

/// Some patient would, no case does.
pub(super) const UNREACHED: Code = Code {
    id: "T015",
    title: "a part of the rules that no case reaches",
    explanation: "\
`myoguide test --coverage` evaluates every accepted case and looks at what is decided by the way: which row gives the value
of a table, which lines hold and which do not, into which bands numbers fall, which branches are taken, which options are
offered, what speaks against them, which values the answers have, and whether they are ever open. Of what no case reaches
nobody has said what is right. The patient shown would reach it: work out from the source what the guideline must say of
such a patient, and write the case. `myoguide test --generate` writes it as a proposal.",
};

/// It is not known whether some patient would.
pub(super) const NOT_FOUND_OUT: Code = Code {
    id: "T016",
    title: "a part that no case reaches, nor any patient that was found",
    explanation: "\
No case reaches this part of the rules, and the search for a patient who would ended at its bound. Write a case for it by
hand, from the source.",
};

/// No patient would.
pub(super) const NOBODY: Code = Code {
    id: "T017",
    title: "a part that no patient reaches",
    explanation: "\
No case reaches this part of the rules, and no patient would, whatever is recorded. It is not counted. Where the part is not
there on purpose, to say what never happens, `myoguide check` tells what is wrong with it.",
};

/// Every kind of finding of this room.
pub const CODES: &[Code] = &[UNREACHED, NOT_FOUND_OUT, NOBODY];
