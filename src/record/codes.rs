use crate::diagnostics::Code;

/// The file or document is not a record.
pub(super) const NOT_A_RECORD: Code = Code {
    id: "D001",
    title: "not a record",
    explanation: "\
A record is one set of `key: value` lines that begins with an `id`. A file may hold several records, each after a
line `---`; a file of JSON holds one object, or one object per line. A list of records is refused, because one
mistake in it would spoil all of them.

```yaml
id: demo-01
visits:
  - date: 2025-06-01
    mmt8: 118
```",
};

/// A key that no record has.
pub(super) const UNKNOWN_KEY: Code = Code {
    id: "D002",
    title: "a name that is not known",
    explanation: "\
Every name in a record is one of the fixed keys (`id`, `as_of`, `patient`, `facts`, `visits`, `therapies`, ...) or
a fact of the dictionary. A misspelt name is never passed over: what it says would be lost without a word.
`myoguide facts` lists all facts with their questions and units.",
};

/// A name a fact had in the past.
pub(super) const EARLIER_NAME: Code = Code {
    id: "D003",
    title: "an earlier name",
    explanation: "\
The fact was given another name. Its meaning may have become more exact with it, so the record must be changed by
somebody who reads the question of the new name: `myoguide facts NAME` prints it.",
};

/// A fact that stands where it cannot.
pub(super) const WRONG_PLACE: Code = Code {
    id: "D004",
    title: "a fact in the wrong place",
    explanation: "\
What changes from day to day stands in a visit, which has a date. What holds until said otherwise stands under
`facts`. What belongs to the person (sex, birth) stands under `patient`.

```yaml
patient: {born: 1981-05-02}
facts: {subtype: DM}
visits:
  - date: 2025-06-01
    mmt8: 118
```",
};

/// A key that must be there is not.
pub(super) const MISSING_KEY: Code = Code {
    id: "D005",
    title: "something that must be said is not",
    explanation: "\
A record needs an `id`, a visit its `date`, a course its `drug`, a value written in braces its `value`.",
};

/// A list where one value is expected, or the other way round.
pub(super) const SHAPE: Code = Code {
    id: "D006",
    title: "written in another form than expected",
    explanation: "\
One value stands after its key; several entries stand in a list, each after `-`; an entry with parts is written as
`key: value` lines or in braces.

```yaml
ck: {value: 1450 U/L, upper_limit: 170 U/L}
therapies:
  - drug: drug_name
    start: 2025-06-10
```",
};

/// A yes/no that is neither.
pub(super) const YES_NO: Code = Code {
    id: "D007",
    title: "a yes or no is expected",
    explanation: "\
A yes/no is `yes` or `no` (`true` and `false` are taken too). Where the answer is not known, `unknown`; where the
result is awaited, `pending`; where the patient did not want it, `refused`. Nothing else is taken: `0`, `n` or
`negative` mean different things in different registries.",
};

/// A value that a choice does not have.
pub(super) const CHOICE: Code = Code {
    id: "D008",
    title: "not one of the values",
    explanation: "\
The fact has a fixed list of values; `myoguide facts NAME` prints it. Where the value is not known, write
`unknown`.",
};

/// Not a number.
pub(super) const NUMBER: Code = Code {
    id: "D009",
    title: "a number is expected",
    explanation: "\
A number is written with a point as decimal mark, without marks between thousands, with at most 18 digits, then a
blank and a unit: `1450 U/L`. A bare number is in the unit of the dictionary. It has no exponent: what a
program writes as `1e+05` is 100000. Beyond the reach of an assay, write `above 8000 U/L` or `below 20 U/L`. Where the number
is not known, `unknown`; where nothing was measured, `not measured`.",
};

/// A comma in a number.
pub(super) const COMMA: Code = Code {
    id: "D010",
    title: "a comma in a number",
    explanation: "\
`1,3` is 1.3 in one country and a slip in another, and `1,300` is a thousand or a little more than one. The decimal
mark is a point, and thousands have no mark: `1.3`, `1300`.",
};

/// `>8000`
pub(super) const SIGN: Code = Code {
    id: "D011",
    title: "a sign in front of a number",
    explanation: "\
In YAML a `>` begins a block of text, so `ck: >8` would silently lose the number. Beyond the reach of an assay,
write words: `above 8000 U/L`, `below 20 U/L`.",
};

/// A unit that is not known or does not fit.
pub(super) const UNIT: Code = Code {
    id: "D012",
    title: "a unit that does not fit",
    explanation: "\
A value may be written in any unit of the same kind as that of the dictionary; it is converted exactly (1 ukat/L is
60 U/L). Between number and unit stands a blank. `myoguide facts NAME` prints the unit.",
};

/// Outside the range of the dictionary.
pub(super) const RANGE: Code = Code {
    id: "D013",
    title: "outside the range",
    explanation: "\
The dictionary gives the values that are possible at all: those of the scale, or of the assay. A value outside is a
slip of the pen, another unit, or another scale (`mmt8_max: 80`). What is merely unusual is kept, with a notice.",
};

/// A fraction of something counted.
pub(super) const WHOLE: Code = Code {
    id: "D014",
    title: "a whole number is expected",
    explanation: "The fact is counted, or is a sum of whole points: it has no fractions.",
};

/// An upper limit that cannot be.
pub(super) const UPPER_LIMIT: Code = Code {
    id: "D015",
    title: "an upper limit that cannot be used",
    explanation: "\
The upper limit is that of the laboratory that measured the value: one number above zero, in the same kind of unit.
Where the value has a unit of its own, the limit says its unit too, since a bare number would be read in the unit of
the dictionary.

```yaml
ck: {value: 24 ukat/L, upper_limit: 2.8 ukat/L}
```",
};

/// A scale the instrument does not have.
pub(super) const SCALE: Code = Code {
    id: "D016",
    title: "a scale that is not known",
    explanation: "\
Some instruments exist on scales of different length. `mmt8_max: 80` in a visit, or under `facts` for all visits,
says which one was used. Only the scales of the dictionary are taken, since a change can be worked out only on one
and the same scale.",
};

/// A date that cannot be read.
pub(super) const DATE: Code = Code {
    id: "D017",
    title: "a date that cannot be read",
    explanation: "\
A date is year, month and day: `2025-06-01`. Where only the month or the year is known, `2025-06` or `2025` is
taken for what may be imprecise (onset, start and end of a treatment). Days that no calendar has are refused, and
so are years before 1850 and after 2200.",
};

/// A month or a year where the day matters.
pub(super) const FULL_DAY: Code = Code {
    id: "D018",
    title: "a full day is expected",
    explanation: "\
Visits, reports, `known_since` and `as_of` need the day, since the order of what is recorded decides which value is
the latest. Where it was not noted, write the day you would defend.",
};

/// Later than the record's own `as_of`.
pub(super) const AFTER_AS_OF: Code = Code {
    id: "D019",
    title: "later than the record itself",
    explanation: "\
`as_of` is the day the record speaks of. What is dated later cannot be known on that day: one of the two dates is
wrong. To see a record as it was known on an earlier day, leave it as it is and evaluate it with `--as-of`.",
};

/// No date at all.
pub(super) const NO_AS_OF: Code = Code {
    id: "D020",
    title: "the record has no date",
    explanation: "\
Without `as_of`, the record speaks of the newest date in it (of a visit, a treatment, a report). A record without
any date cannot be placed in time: no age, no duration, no release of a guideline.

```yaml
as_of: 2026-03-01
```",
};

/// Two visits are the baseline.
pub(super) const TWO_BASELINES: Code = Code {
    id: "D021",
    title: "two baselines",
    explanation: "\
Change is counted from one visit: the one with `role: baseline`, else the first. To count from another day, leave
the role and evaluate with `--baseline`.",
};

/// A name that is not on the list of a report.
pub(super) const REPORT: Code = Code {
    id: "D022",
    title: "not on the list of the report",
    explanation: "\
A report closes its own list: what the dictionary puts on that list and the report does not name is taken as *no*.
So its list must be there, even when nothing was found, and may name only facts of that list.

```yaml
antibody_panel: {date: 2025-05-20, positive: [antibody_a]}
```",
};

/// A course that cannot be read.
pub(super) const COURSE: Code = Code {
    id: "D023",
    title: "a course of treatment that cannot be read",
    explanation: "\
A course has a drug, and either one `dose` or several `doses`, each with `from`. A course that was stopped says when
(a month or a year is enough): without `stop` it is taken as still running.

```yaml
- drug: other_drug
  start: 2024-08
  stop: 2025-01-15
  doses: [{from: 2024-08, dose: 50 mg/day}, {from: 2024-09-01, dose: 150 mg/day}]
  outcome: no_response
```",
};

/// A fixed word that is not one.
pub(super) const WORD: Code = Code {
    id: "D024",
    title: "not one of the words",
    explanation: "\
Outcomes, reasons for stopping, what limited a dose (`intolerance`, `other`, `nothing`) and the role of a visit are
fixed words, so that rules can read them. What the patient could not bear is `intolerance`; where it is not known,
`unknown`.",
};

/// A word for a missing value that does not fit.
pub(super) const MISSING_WORD: Code = Code {
    id: "D025",
    title: "a word that does not fit the fact",
    explanation: "\
`unknown`, `pending` and `refused` fit every fact. `not done` fits examinations that have it as a value, `not
measured` fits numbers.",
};

/// A drug that the formulary does not know and that is near to one it knows.
pub(super) const DRUG: Code = Code {
    id: "D026",
    title: "a drug that the formulary does not know",
    explanation: "\
Courses and what was declined name treatments of the formulary: by their own name, by another one that is in use, or by
a preparation, whose doses are converted. Several given together are joined by `+`. A misspelt name would be lost
without a word, so it is refused; a drug that resembles none is kept, with a notice that no rule looks at it. A class is
no drug: say which one was taken.",
};

/// The mistakes a record can have, for `myoguide explain`.
pub const CODES: &[Code] = &[
    NOT_A_RECORD,
    UNKNOWN_KEY,
    EARLIER_NAME,
    WRONG_PLACE,
    MISSING_KEY,
    SHAPE,
    YES_NO,
    CHOICE,
    NUMBER,
    COMMA,
    SIGN,
    UNIT,
    RANGE,
    WHOLE,
    UPPER_LIMIT,
    SCALE,
    DATE,
    FULL_DAY,
    AFTER_AS_OF,
    NO_AS_OF,
    TWO_BASELINES,
    REPORT,
    COURSE,
    WORD,
    MISSING_WORD,
    DRUG,
];
