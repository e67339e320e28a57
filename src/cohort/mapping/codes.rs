use super::Absence;
use crate::catalog::{Catalog, Fact};
use crate::diagnostics::{Code, Diagnostic, Severity, suggest};
use crate::source::{Span, Spanned};

const FACT: Code = Code {
    id: "I001",
    title: "a column is mapped to what is no fact",
    explanation: "\
A column is a fact of the dictionary, `born`, or `{judgement: name}`. `myoguide facts` lists all facts. A drug, an
antibody in a list or a row that names its own fact stand under `courses`, `reports` and `finding`.

```yaml
columns:
  age: age
  pg0: {fact: physician_global, visit: baseline}
```",
};
const PLACE: Code = Code {
    id: "I002",
    title: "a fact that changes needs a visit, one that does not has none",
    explanation: "\
What changes from day to day stands in a visit, which has a date: one of `visits` where several stand in a row, or
that of the row itself, under `visit`. What holds until said otherwise has no visit; `known_since` says from when on it
was known.

```yaml
visits:
  baseline: {date: first_visit, role: baseline}
columns:
  pg0: {fact: physician_global, visit: baseline}
```",
};
const WORD: Code = Code {
    id: "I003",
    title: "not one of the words of a mapping",
    explanation: "\
Formats, encodings, forms of dates and reasons are fixed words; `docs/cohort.md` lists them. A code says `unknown`, `not
done`, `not measured`, `pending`, `refused`, `not applicable`, `left out`, or that it is `a value` in this column.",
};
const UNIT: Code = Code {
    id: "I004",
    title: "a unit, a scale or a limit that the fact does not have",
    explanation: "\
A unit is of the same kind as that of the dictionary, a scale one of those the dictionary names, and only what a
laboratory measures against a limit of its own has an upper limit. `myoguide facts NAME` prints all three.",
};
const NAME: Code = Code {
    id: "I005",
    title: "a name that the mapping does not explain",
    explanation: "\
A column stands in a visit that is described under `visits`, and looks into a table that is described under `tables`. A
judgement has the name by which a guideline asks for it; `myoguide facts WORD` finds those that speak of a word.",
};
const TWICE: Code = Code {
    id: "I006",
    title: "two columns for one thing",
    explanation: "\
A fact has one value at a visit. Where two columns hold it, one of them is carried (`carry`) or ignored (`ignore`), or it
belongs to another visit.",
};
const VALUE: Code = Code {
    id: "I007",
    title: "the mapping says what a record cannot say",
    explanation: "\
`words`, `results`, `fixed` and `values` say what a record says instead: one of the values of the fact, a drug of the
formulary, a full day, `yes` or `no`, or `unknown`, `pending`, `refused`. `myoguide facts NAME` prints the values of a fact.
What is missing is said by `codes`. A drug that the formulary does not know is no mistake, but no rule looks at it.",
};
const MISSING_COLUMN: Code = Code {
    id: "I008",
    title: "the file does not have the column",
    explanation: "\
Every column that the mapping reads must be in the file, spelt as there. A column that only some exports have belongs in
a mapping of its own: a column that is lost without a word would be a fact that nobody knows.",
};
const COLUMN_TWICE: Code = Code {
    id: "I009",
    title: "the file has a column twice",
    explanation: "Two columns of one name cannot be told apart. Rename one in the export.",
};
const UNNAMED: Code = Code {
    id: "I010",
    title: "columns that the mapping does not name",
    explanation: "\
They are left out, and this is said once. `carry` takes a column through to the output, `ignore` says that it is known and
not wanted.",
};
const CELL: Code = Code {
    id: "I011",
    title: "where a value comes from is not clear",
    explanation: "\
A value comes from a `column` of the row, a column of the `patient` in the main file, is `fixed` for all rows, or is looked
up: `by` a column among `values`, or in a `table`. Exactly one of these is said.

```yaml
upper_limit: {table: limits, value: ck_uln}
unit: {by: centre, values: {\"07\": ukat/L}, otherwise: U/L}
```",
};
const TABLE: Code = Code {
    id: "I012",
    title: "a lookup table that cannot be used",
    explanation: "\
A table is a CSV file with a header. `from` and `to` name its columns with the first and last day of a line, in the form
that `dates` says; an empty day is open.",
};
const UNREADABLE: Code = Code {
    id: "I013",
    title: "a column that holds what cannot be read",
    explanation: "\
A file of columns (Parquet) says what each holds. Text, numbers, yes and no, dates and local time are read. Lists and
groups, bytes, and moments of universal time are not: of the last nobody can tell the day on which the patient was seen.
Such columns may stand in the file, if the mapping does not read them.",
};
const CARRIED: Code = Code {
    id: "I014",
    title: "the output has a column of that name",
    explanation: "\
A column that is carried through stands beside those of the output (`id`, `line`, `visit`, `guideline`, `release`, `error`,
`error_column`, `error_message`, and five for each answer) and those carried from other files. It can be given another name:

```yaml
carry: [centre, {column: line, as: line_of_the_form}]
```",
};
const UNMAPPED: Code = Code {
    id: "I020",
    title: "a code that the mapping does not explain",
    explanation: "\
A negative number, or one of nines alone (99, 999, 9999), is nearly always a code for *not known*, and passes for a value:
999 U/L is a creatine kinase, 99 a strength. So the load stops, and nothing is answered with it. Say what the code means,
for all columns or for one; or that it is a value; or that a column has no codes.

```yaml
codes: {-9: unknown, -8: not applicable, -7: not done, 999: unknown}
columns:
  mmt8: {fact: mmt8, visit: baseline, codes: {99: a value}}
  be: {fact: some_difference, visit: baseline, values: as they are}
```",
};
const FIELDS: Code = Code {
    id: "I021",
    title: "the row has another number of fields than the header",
    explanation: "\
A delimiter inside a text without quotes, or a row that was cut off. What stands in which column cannot be told, so the
row is refused.",
};
const ENCODING: Code = Code {
    id: "I022",
    title: "the text is not in the encoding of the mapping",
    explanation: "\
Exports of older programs are often in `windows-1252` or `latin-1`. Say `encoding: windows-1252` in the mapping.",
};
const NO_ID: Code =
    Code { id: "I023", title: "the row names no patient", explanation: "The column under `id` is empty." };
const NUMBER: Code = Code {
    id: "I024",
    title: "a number is not written as the mapping says",
    explanation: "\
`decimal` names the decimal mark (`point` or `comma`), `thousands` the mark between thousands, where there is one (`point`,
`comma`, `blank`, `apostrophe`). Any other mark is refused: `1.234` is a thousand or a little more than one.",
};
const DATE: Code = Code {
    id: "I025",
    title: "a date is not written as the mapping says",
    explanation: "\
`dates` names the form: `yyyy-mm-dd`, `dd.mm.yyyy`, `dd/mm/yyyy`, `mm/dd/yyyy`, `yyyymmdd`, `excel` (a count of days) and
others. A month and a year are taken where the form has them in that order, and so is a year alone. A time of day after
it is left out.",
};
const TWO_VALUES: Code = Code {
    id: "I026",
    title: "two values of one thing",
    explanation: "\
Several rows of a patient say different things of a fact that has no visit, or of one course of treatment. One of them must
go; or the fact gets a date, the dose a day from which on it was taken (`doses`), the row a course of its own (`course`).",
};
const NO_LINE: Code = Code {
    id: "I027",
    title: "the unit or scale of the number is not said",
    explanation: "\
No line of the table, and no entry under `values`, fits the row, and `otherwise` is not said. Without its unit or scale a
number cannot be read.",
};
const NOT_FLAT: Code = Code {
    id: "I028",
    title: "the line is no flat JSON object",
    explanation: "\
Each line is one object, and each of its values a text, a number, `true`, `false` or `null`. Whole records, with visits
and drugs, need no mapping.",
};
const NO_DAY: Code = Code {
    id: "I029",
    title: "a visit has values and no date",
    explanation: "What was found on an unknown day cannot be put in order.",
};
const NO_FINDING: Code = Code {
    id: "I030",
    title: "the row names something that the mapping does not explain",
    explanation: "\
Under `finding` and `reports`, `words` says which fact each name of the file is. Names that are not wanted are `left out`;
`otherwise: left out` leaves out all others.",
};
const NO_DRUG: Code = Code {
    id: "I031",
    title: "a course names no drug",
    explanation: "The column of the drug is empty or a code, and other columns of the course are not.",
};

const NO_COURSE: Code = Code {
    id: "I032",
    title: "the row does not say to which course it belongs",
    explanation: "\
Under `courses`, `course` names the column that tells the courses of a drug apart. It is empty in this row. Where a drug has
only one course, `course` may name the column of the drug itself.",
};
const NO_DOSE: Code = Code {
    id: "I035",
    title: "a day of `doses` without a dose",
    explanation: "\
The row says from which day on another dose was taken, and not which. A record has no word for that, and without it the dose before
would seem to go on. Where such a row means nothing, its `dose` says so: `dose: {column: mg, codes: {empty: left out}}`.",
};
const QUOTE: Code = Code {
    id: "I033",
    title: "a quote is not closed",
    explanation: "\
A text in quotes may go over several lines, and so a quote that is not closed swallows the rows after it. Where the text does
not come to an end as it should (a delimiter or a line end after the second quote), its line is refused and the next one is
read as a row of its own. A quote inside a text is written twice: `\"of the \"\"late\"\" type\"`. In a file that is joined, in one
with several rows for a patient and in a lookup table it ends the run, for nobody can tell whose row it is.",
};
const TOO_LONG: Code = Code {
    id: "I034",
    title: "a row that is longer than 16 MiB",
    explanation: "\
It is passed over, so that one broken row can neither fill the memory nor end the run; most often a line end is missing. In a
file that is joined and in one with several rows for a patient it ends the run, for nobody can tell whose row it is.",
};

/// The mistakes of mappings and of the rows read by them, for `myoguide explain`.
pub const CODES: &[Code] = &[
    FACT,
    PLACE,
    WORD,
    UNIT,
    NAME,
    TWICE,
    VALUE,
    MISSING_COLUMN,
    COLUMN_TWICE,
    UNNAMED,
    CELL,
    TABLE,
    UNREADABLE,
    CARRIED,
    UNMAPPED,
    FIELDS,
    ENCODING,
    NO_ID,
    NUMBER,
    DATE,
    TWO_VALUES,
    NO_LINE,
    NOT_FLAT,
    NO_DAY,
    NO_FINDING,
    NO_DRUG,
    NO_COURSE,
    QUOTE,
    TOO_LONG,
    NO_DOSE,
];

/// What can be wrong with a row, before the record's own reader sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cohort) enum RowMistake {
    Unmapped,
    Fields,
    Encoding,
    NoId,
    Number,
    Date,
    TwoValues,
    NoLine,
    NotFlat,
    NoDay,
    NoFinding,
    NoDrug,
    NoCourse,
    NoDose,
    Quote,
    TooLong,
}

impl RowMistake {
    pub(in crate::cohort) fn code(self) -> Code {
        match self {
            RowMistake::Unmapped => UNMAPPED,
            RowMistake::Fields => FIELDS,
            RowMistake::Encoding => ENCODING,
            RowMistake::NoId => NO_ID,
            RowMistake::Number => NUMBER,
            RowMistake::Date => DATE,
            RowMistake::TwoValues => TWO_VALUES,
            RowMistake::NoLine => NO_LINE,
            RowMistake::NotFlat => NOT_FLAT,
            RowMistake::NoDay => NO_DAY,
            RowMistake::NoFinding => NO_FINDING,
            RowMistake::NoDrug => NO_DRUG,
            RowMistake::NoCourse => NO_COURSE,
            RowMistake::NoDose => NO_DOSE,
            RowMistake::Quote => QUOTE,
            RowMistake::TooLong => TOO_LONG,
        }
    }
}

/// A misspelt fact, with the one that was meant.
pub(super) fn no_fact(catalog: &Catalog, name: &str, span: Span) -> Diagnostic {
    if let Some(new) = catalog.renamed(name) {
        let new = catalog.name(new);
        return Diagnostic::error(FACT, span, format!("`{name}` is now called `{new}`")).fix(
            format!("write `{new}`"),
            span,
            new,
        );
    }
    if catalog.find_report(name).is_some() {
        return Diagnostic::error(FACT, span, format!("`{name}` is a report, not a fact"))
            .note(format!("it stands under `reports`: `reports: [{{report: {name}, found: column}}]`"));
    }
    let error = Diagnostic::error(FACT, span, format!("`{name}` is not a fact of the dictionary"));
    match called(catalog, name).as_slice() {
        [] => error.note("`myoguide facts` lists all facts"),
        [meant] => error.fix(format!("did you mean `{meant}`?"), span, *meant),
        several => error.note(format!("it may be {}", the_first(FEW, several))),
    }
}

/// The facts that are called nearly so: by their name, their label or a synonym.
fn called<'c>(catalog: &'c Catalog, name: &str) -> Vec<&'c str> {
    let names = |fact: &'c Fact| {
        let others = fact.synonyms.iter().map(String::as_str);
        [fact.id.value.as_str(), fact.label.as_str()].into_iter().chain(others)
    };
    let all = || catalog.facts().map(|(_, fact)| fact);
    let Some(meant) = suggest::nearest(name, all().flat_map(names).chain(["born"])) else { return Vec::new() };
    if meant == "born" {
        return vec![meant];
    }
    let of = all().filter(|fact| names(fact).any(|own| own.eq_ignore_ascii_case(meant)));
    let of: Vec<&str> = of.map(|fact| fact.id.value.as_str()).collect();
    let own = of.iter().copied().find(|id| id.eq_ignore_ascii_case(meant));
    own.map_or(of, |own| vec![own])
}

/// How many facts are named in a message.
const FEW: usize = 4;
/// How many columns are.
const MANY: usize = 40;

/// A judgement that no guideline asks for which is asked itself: misspelt, or another guideline's.
pub(super) fn no_judgement(name: &Spanned<String>, known: &[&str]) -> Diagnostic {
    let message = format!("no guideline that is asked asks for a judgement `{}`", name.value);
    match suggest::nearest(&name.value, known.iter().copied()) {
        Some(meant) => {
            Diagnostic::warning(NAME, name.span, message).fix(format!("did you mean `{meant}`?"), name.span, meant)
        }
        None => Diagnostic::remark(NAME, name.span, message).note("nothing comes of the column"),
    }
}

/// A text that is a value of none of these facts, with what is wrong with it for each of them: that of the one that was
/// most likely meant is told.
pub(super) fn of_no_fact(text: &str, facts: &[&str], each: Vec<Diagnostic>) -> Option<Diagnostic> {
    let meant = each.iter().position(|mistake| mistake.fix.is_some()).unwrap_or(0);
    let mistake = each.into_iter().nth(meant)?;
    if facts.len() < 2 {
        return Some(mistake);
    }
    let message = format!("`{text}` is a value of none of {}", the_first(FEW, facts));
    let mut told = Diagnostic { message, ..mistake.clone() };
    told.notes.insert(0, mistake.message);
    Some(told)
}

/// What is wrong for one of several facts, and so for these others.
pub(super) fn and_so_with(mistake: Diagnostic, others: &[&str]) -> Diagnostic {
    if others.is_empty() { mistake } else { mistake.note(format!("nor does it fit {}", the_first(FEW, others))) }
}

/// `a`, `b`, `c` and 4 others: never one other, which could be named as well.
fn the_first(few: usize, names: &[&str]) -> String {
    match names.len().checked_sub(few) {
        None | Some(0 | 1) => in_words(names.iter().copied()),
        Some(others) => {
            let first: Vec<String> = names.iter().take(few).map(|name| format!("`{name}`")).collect();
            format!("{} and {others} others", first.join(", "))
        }
    }
}

/// Something other than one of a few words; the nearest of them is the way out.
pub(super) fn no_word<'w>(
    what: &str,
    given: &str,
    span: Span,
    words: impl Iterator<Item = &'w str> + Clone,
) -> Diagnostic {
    let error = Diagnostic::error(WORD, span, format!("`{given}` is not a word for {what}"));
    match suggest::nearest(given, words.clone()) {
        Some(meant) => error.fix(format!("did you mean `{meant}`?"), span, meant),
        None => error.note(format!("it is one of {}", in_words(words))),
    }
}

pub(super) fn no_name<'w>(
    what: &str,
    given: &str,
    span: Span,
    names: impl Iterator<Item = &'w str> + Clone,
    section: &str,
) -> Diagnostic {
    let error = Diagnostic::error(NAME, span, format!("there is no {what} `{given}`"));
    match suggest::nearest(given, names.clone()) {
        Some(meant) => error.fix(format!("did you mean `{meant}`?"), span, meant),
        None if names.clone().next().is_none() => error.note(format!("describe it under `{section}`")),
        None => error.note(format!("under `{section}` stand {}", in_words(names))),
    }
}

pub(super) fn place(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(PLACE, span, message)
}

pub(super) fn unit(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(UNIT, span, message)
}

pub(super) fn twice(span: Span, earlier: Span, message: String) -> Diagnostic {
    Diagnostic::error(TWICE, span, message).also(earlier, "the first")
}

pub(super) fn value(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(VALUE, span, message)
}

/// What the record's own reader finds wrong with a text of the mapping.
pub(super) fn not_in_a_record(text: &Spanned<String>, mistake: Diagnostic) -> Diagnostic {
    let mistake = Diagnostic { code: VALUE, ..mistake };
    if is_missing(&text.value) { mistake.note(MISSING) } else { mistake }
}

const MISSING: &str = "what is missing is said by `codes`, as in `codes: {-9: left out}`";

/// A word for what a code says.
fn is_missing(text: &str) -> bool {
    Absence::WORDS.iter().any(|(word, _)| *word == text)
}

/// The same of a unit.
pub(super) fn of_unit(mistake: Diagnostic) -> Diagnostic {
    Diagnostic { code: UNIT, ..mistake }
}

/// What is no mistake of a record, and most likely not meant.
pub(super) fn to_look_at(text: &Spanned<String>, message: String) -> Diagnostic {
    if is_missing(&text.value) {
        return Diagnostic::error(VALUE, text.span, format!("`{}` is no drug", text.value)).note(MISSING);
    }
    Diagnostic::warning(VALUE, text.span, message)
}

pub(super) fn is_error(mistake: &Diagnostic) -> bool {
    mistake.severity == Severity::Error
}

/// A column that is carried through under a name that the output has already.
pub(super) fn taken_name(name: &Spanned<String>) -> Diagnostic {
    let message = format!("the table has a column `{}` of its own", name.value);
    Diagnostic::error(CARRIED, name.span, message).note(RENAMED)
}

pub(super) fn carried_twice(name: &Spanned<String>, earlier: Span) -> Diagnostic {
    let message = format!("two columns are carried as `{}`", name.value);
    Diagnostic::error(CARRIED, name.span, message).also(earlier, "the first").note(RENAMED)
}

const RENAMED: &str = "give it another name: `{column: …, as: another_name}`";

pub(super) fn cell(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(CELL, span, message)
}

/// A column that the file does not have.
pub(in crate::cohort) fn missing_column<'h>(
    name: &str,
    span: Span,
    file: &str,
    header: impl Iterator<Item = &'h str> + Clone,
) -> Diagnostic {
    let error = Diagnostic::error(MISSING_COLUMN, span, format!("`{file}` has no column `{name}`"));
    if header.clone().any(is_garbled) {
        return error.note("letters of its header cannot be read so: does `encoding` name how the file is written?");
    }
    if name.contains(['.', '/', '-']) && name.chars().all(|one| one.is_ascii_digit() || ".-/".contains(one)) {
        return error.note("a day that is meant for every row is written as 2025-06-01");
    }
    match suggest::nearest(name, header.clone()) {
        Some(meant) => error.fix(format!("did you mean `{meant}`?"), span, meant),
        None if header.clone().count() == 1 => {
            error.note("its header is one column only: does `delimiter` name the right mark?")
        }
        None => error.note(format!("its columns are {}", in_words(header.take(40)))),
    }
}

/// Letters of one encoding that were read in another.
fn is_garbled(name: &str) -> bool {
    let of_two_bytes =
        |pair: (char, char)| matches!(pair, ('Ã' | 'Â' | 'Å', '\u{80}'..='\u{bf}' | '‚'..='™' | 'Œ'..='ƒ'));
    name.contains('\u{fffd}') || name.chars().zip(name.chars().skip(1)).any(of_two_bytes)
}

/// Keys that no line at the beginning of an NDJSON file has. They may come later, unless the file has another, which the
/// mapping does not name, and which is nearly the same.
pub(in crate::cohort) fn missing_keys(late: &[&Spanned<String>], file: &str, unnamed: &[&str]) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    let mut seldom: Vec<&Spanned<String>> = Vec::new();
    for key in late {
        let Some(meant) = suggest::nearest(&key.value, unnamed.iter().copied()) else {
            seldom.push(key);
            continue;
        };
        let error = Diagnostic::error(MISSING_COLUMN, key.span, format!("`{file}` has no key `{}`", key.value));
        let error = error.fix(format!("did you mean `{meant}`?"), key.span, meant);
        mistakes.push(error.note(format!("if `{meant}` is another thing, name it under `ignore`")));
    }
    if let Some(first) = seldom.first() {
        let names = in_words(seldom.iter().map(|key| key.value.as_str()));
        let message = format!("no line at the beginning of `{file}` has {names}");
        mistakes.push(Diagnostic::warning(MISSING_COLUMN, first.span, message));
    }
    mistakes
}

pub(in crate::cohort) fn column_twice(name: &str, span: Span, file: &str) -> Diagnostic {
    Diagnostic::error(COLUMN_TWICE, span, format!("`{file}` has two columns `{name}`")).note("rename one of them")
}

/// A column of a file of columns that holds what cannot be read.
#[cfg(feature = "parquet")]
pub(in crate::cohort) fn unreadable_column(
    name: &str,
    span: Span,
    file: &str,
    holds: &str,
    way_out: &str,
) -> Diagnostic {
    Diagnostic::error(UNREADABLE, span, format!("the column `{name}` of `{file}` holds {holds}"))
        .note(way_out.to_owned())
}

/// A column that is not read, and without which nobody can tell whether two rows are the same.
#[cfg(feature = "parquet")]
pub(in crate::cohort) fn untold_twice(name: &str, span: Span, file: &str, holds: &str) -> Diagnostic {
    let message = format!("which rows of `{file}` stand twice cannot be told: its column `{name}` holds {holds}");
    Diagnostic::error(UNREADABLE, span, message)
        .note("write the file without that column, or say `duplicates: each`, where no row stands twice")
}

/// A line of a lookup table that cannot be used.
pub(in crate::cohort) fn table_line(table: &super::Table, file: &str, line: u64, what: &str) -> Diagnostic {
    Diagnostic::error(TABLE, table.path.span, format!("line {line} of `{file}` {what}"))
}

/// A day in a lookup table that cannot be read, in this line and in others.
pub(in crate::cohort) fn table_days(
    column: &Spanned<String>,
    what: &str,
    file: &str,
    line: u64,
    others: usize,
) -> Diagnostic {
    let message = format!("line {line} of `{file}`, column `{}`, {what}", column.value);
    let way_out = "where it stands for no day at all, say so as the file writes it: `codes: {31.12.9999: left out}`";
    in_further_lines(Diagnostic::error(TABLE, column.span, message), others).note(way_out)
}

/// A column of a lookup table that holds, in this line and in others, what cannot be used.
pub(in crate::cohort) fn table_cells(
    column: &Spanned<String>,
    mistake: RowMistake,
    file: &str,
    line: u64,
    others: usize,
) -> Diagnostic {
    let code = mistake.code();
    let message = format!("line {line} of `{file}`, column `{}`: {}", column.value, code.title);
    in_further_lines(Diagnostic::error(code, column.span, message), others)
}

fn in_further_lines(error: Diagnostic, others: usize) -> Diagnostic {
    match others {
        0 => error,
        1 => error.note("so it is in one further line"),
        _ => error.note(format!("so it is in {others} further lines")),
    }
}

/// What a file has and the mapping does not name.
pub(in crate::cohort) fn unnamed<'h>(span: Span, file: &str, columns: impl Iterator<Item = &'h str>) -> Diagnostic {
    let columns: Vec<&str> = columns.collect();
    let message = format!("of `{file}` the mapping does not name {}", the_first(MANY, &columns));
    Diagnostic::remark(UNNAMED, span, message).note("`carry` takes a column through, `ignore` says that it is known")
}

/// `a`, `b` and `c`, each in backticks.
pub(in crate::cohort) fn in_words<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "nothing".to_owned(),
    }
}
