//! Mistakes in worked patients, and worked patients that come out otherwise.

use crate::diagnostics::Code;

/// The file is not a list of cases.
pub(super) const NO_CASES: Code = Code {
    id: "T001",
    title: "a file of cases without cases",
    explanation: "\
A file of worked patients holds one list, `cases`. Each has a name, a record and what is expected of it.

```yaml
cases:
  - case: strength not tested at the second visit
    record: {id: demo, visits: [...]}
    expect:
      answers: {response: {possible: [moderate, major]}}
```",
};

/// An answer or a block that the guideline does not have.
pub(super) const UNKNOWN_NAME: Code = Code {
    id: "T002",
    title: "a name the guideline does not have",
    explanation: "\
Under `answers` and `open_because` stand answers of the guideline, under `steps` any block of it, and in the lists of
`open_because` facts of the dictionary. A name that is none of them would never be compared with anything.",
};

/// A value the answer cannot have.
pub(super) const NOT_A_VALUE: Code = Code {
    id: "T003",
    title: "a value the answer cannot have",
    explanation: "\
What is expected is written as results print it: `yes` or `no`, one of the answer's own values, a number without a
unit, the instrument of a measure (`strength: mmt24`). Several possible values are `{possible: [a, b]}`, a stretch of
numbers `{min: 0, max: 10}`; `silent` and `fault` say that there is no value.",
};

/// The same name twice.
pub(super) const SAME_NAME: Code = Code {
    id: "T004",
    title: "two cases with one name",
    explanation: "A case is found again by its name, so within a file each has its own.",
};

/// An entry of `equivalent` that is not one change of one line.
pub(super) const NO_CHANGE: Code = Code {
    id: "T005",
    title: "an entry that says no change",
    explanation: "\
Under `equivalent` stand the changes of the rules that no patient can show, each with the reason. An entry names a block
and one of its lines as `myoguide test --mutate` shows it, without sources, and then one of three things: what the line
`becomes`, that it is `left_out`, or after which line it comes if they change places.

```yaml
equivalent:
  - block: weak_knee
    line: latest knee_extension is below 10
    becomes: latest knee_extension is at most 9
    because: the grades are whole numbers
```",
};

/// An answer or step that is not as expected.
pub(super) const OTHERWISE: Code = Code {
    id: "T010",
    title: "an answer that is not as the case expects",
    explanation: "\
The guideline, as it stands, says something else of this patient. Either the rules have changed, then see whether the
patient shows a mistake in them; or the case expects the wrong thing, then correct it and say why in its story.
`myoguide evaluate --trace` shows how the answer was worked out.",
};

/// An answer that is open for other reasons.
pub(super) const OTHER_REASONS: Code = Code {
    id: "T011",
    title: "an answer that is open because of other facts",
    explanation: "\
`open_because` names every fact that keeps the answer open, and no other. A fact too many is one the clinic would be
asked for in vain; a fact too few is one it would not be asked for.",
};

/// Every kind of mistake this room reports.
pub const CODES: &[Code] = &[NO_CASES, UNKNOWN_NAME, NOT_A_VALUE, SAME_NAME, NO_CHANGE, OTHERWISE, OTHER_REASONS];
