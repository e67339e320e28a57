//! A mapping: what the columns of a registry's export mean, as plain data.
//!
//! ```text
//! id: pat_no                                          Mapping { main: FileMapping { id: 0, slots: [pat_no, pg0],
//! visits:                                        ─►     columns: [Column { slot: 1, means: Fact(…), visit: Some(0),
//!   baseline: {date: 2025-06-01, role: baseline}          unit: Some(Fixed("mm")), … }], visits: […], … }, … }
//! columns:
//!   pg0: {fact: physician_global, visit: baseline, unit: mm}
//! ```
//!
//! `docs/cohort.md` describes the file for those who write it. Reading is [`read`]; what a row becomes is worked out by
//! [`crate::cohort::input`].

mod absence;
mod cells;
mod check;
pub(super) mod codes;
mod columns;
pub(super) mod course;
mod dialect;
mod file;
mod finding;
mod normal_form;
mod read;
mod tables;

use crate::catalog::FactId;
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;

pub use absence::{Absence, Codes};
pub use codes::CODES;
pub(super) use columns::stands_in_visits;
pub use dialect::{DateForm, DateOrder, Decimal, Dialect, Encoding, Format};
pub use read::read;

/// What the files of an export mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The path of the mapping itself.
    pub path: String,
    /// What becomes of a row that stands twice in a file.
    pub duplicates: Duplicates,
    /// The day that each record speaks of; the newest date in it where none is said.
    pub as_of: Option<Cell>,
    /// `therapies_complete`: the courses of the files are all that were taken.
    pub therapies_complete: bool,
    /// `declined: unknown`: the files do not say what was declined.
    pub declined_unknown: bool,
    /// The file of the patients.
    pub main: FileMapping,
    /// The files that are joined to it.
    pub files: Vec<FileMapping>,
    /// Lookup tables in files of their own.
    pub tables: Vec<Table>,
    /// What is to be said of the mapping once, and is no mistake.
    pub notices: Vec<Diagnostic>,
    /// SHA-256 of the normal form.
    pub(super) hash: String,
}

/// What becomes of a row that stands twice, to the letter, in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// `once`: it is kept once, and counted. The file is read twice for that.
    Once,
    /// `each`: every row is a record.
    Each,
}

/// What the columns of one file mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileMapping {
    /// Its name in the mapping: `visits`; `the file of patients` for the main file.
    pub name: String,
    /// Where it stands, relative to the mapping; the command line names the main file.
    pub path: Option<Spanned<String>>,
    /// How it is written.
    pub dialect: Dialect,
    /// Every column that something is read from, each once, in the order of the mapping.
    pub slots: Vec<Spanned<String>>,
    /// The slot of the column that says which patient it is.
    pub id: usize,
    /// The columns that are facts.
    pub columns: Vec<Column>,
    /// Several visits in one row, by name.
    pub visits: Vec<VisitMapping>,
    /// What each row is, where it is not the patient.
    pub each_row: Option<EachRow>,
    /// Courses of treatment that stand in a row.
    pub courses: Vec<CourseMapping>,
    /// Reports that stand in a row, each with all that it found.
    pub reports: Vec<ReportMapping>,
    /// What is carried through to the output.
    pub carry: Vec<Carried>,
    /// Columns that are known, and left out.
    pub ignore: Vec<Spanned<String>>,
}

/// A column that is carried through to the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The slot it is read from.
    pub slot: usize,
    /// What the output calls it.
    pub name: Spanned<String>,
}

/// What a row is in a file with several rows for a patient.
#[expect(clippy::large_enum_variant, reason = "a mapping has a few files")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EachRow {
    /// `visit:`: a visit; the columns stand in it.
    Visit(VisitMapping),
    /// `finding:`: one value of a fact that the row names.
    Finding(FindingMapping),
}

/// A visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitMapping {
    /// Its name in the mapping; empty for a row that is a visit.
    pub name: String,
    /// Its day.
    pub date: Cell,
    /// Whether change is counted from it.
    pub baseline: Baseline,
}

/// Whether change is counted from a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    /// `role: baseline`
    Yes,
    /// Not said.
    No,
    /// `baseline: {column: visit_no, is: [0]}`: where the column has one of these values.
    Where {
        /// The slot.
        slot: usize,
        /// The values.
        is: Vec<String>,
    },
}

/// A column that says something of the patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The slot it is read from.
    pub slot: usize,
    /// What it is.
    pub means: Means,
    /// The visit among [`FileMapping::visits`] that it stands in; `None` for what is undated, and where each row is a
    /// visit.
    pub visit: Option<usize>,
    /// The unit of its numbers; that of the dictionary where none is said.
    pub unit: Option<Cell>,
    /// The end of the scale it was recorded on; the usual one where none is said.
    pub scale: Option<Cell>,
    /// The laboratory's upper limit.
    pub upper_limit: Option<Cell>,
    /// From when on it was known.
    pub known_since: Option<Cell>,
    /// How a value is read.
    pub reading: Reading,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A fact of the dictionary.
    Fact(FactId),
    /// The date of birth.
    Born,
    /// A judgement of the clinician's, by name.
    Judgement(Spanned<String>),
}

/// Words of a file, lower case, and what a record says instead.
pub type Words = Vec<(String, Spanned<String>)>;

/// What a file calls something, lower case, and the fact; `None` for what is left out.
pub type NamedFacts = Vec<(String, Option<Spanned<FactId>>)>;

/// How the text of a cell is read, before the record's own reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Codes for what is missing: those of the column first, then those of all columns.
    pub codes: Codes,
    /// Words of the file, and what a record says instead.
    pub words: Words,
    /// A negative number or one of nines alone that no code explains stops the load. `values: as they are` takes it.
    pub guarded: bool,
}

/// How one text of a cell is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct How<'m> {
    pub(super) kind: TextKind,
    pub(super) codes: &'m Codes,
    pub(super) words: &'m [(String, Spanned<String>)],
    pub(super) guard: Guard,
}

/// What of a text that no code explains is taken for a code, and stops the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// Nothing.
    No,
    /// A negative number: nines alone may be the name of a centre, a visit or a course.
    Negative,
    /// A negative number, or one of nines alone.
    Full,
}

/// A course of treatment that stands in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseMapping {
    /// Its parts, in the order of a record: `drug`, `start`, `stop`, …
    pub parts: Vec<CoursePart>,
    /// `course:`: rows with the same drug and the same text here are one course.
    pub course: Option<Cell>,
    /// `given:`: days of infusions or cycles.
    pub given: Vec<CoursePart>,
    /// `doses:`: from which day on, and the dose.
    pub doses: Vec<[CoursePart; 2]>,
    /// `declined:`: which rows say that the drug was declined.
    pub declined: Option<DeclinedMapping>,
}

/// Rows that say that the drug was declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclinedMapping {
    /// The slot.
    pub slot: usize,
    /// What it holds then.
    pub is: Vec<String>,
    /// The day on which it was declined.
    pub date: Option<Cell>,
}

/// A part of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoursePart {
    /// Its key in a record.
    pub key: &'static str,
    /// What kind of text it is.
    pub kind: TextKind,
    /// Where it is read from.
    pub cell: Cell,
    /// The unit of a bare number.
    pub unit: Option<Cell>,
    /// How a value is read.
    pub reading: Reading,
}

/// What kind of text a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// A name or one of a few words.
    Word,
    /// A date.
    Date,
    /// A number, with a unit.
    Number,
}

/// A row that names the fact it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingMapping {
    /// The slot that names the fact.
    pub fact_slot: usize,
    /// What the file calls it.
    pub facts: NamedFacts,
    /// `otherwise: left out`: rows with other names are left out.
    pub others_left_out: bool,
    /// The slot of the value.
    pub value_slot: usize,
    /// Its day.
    pub date: Option<Cell>,
    /// The unit of its numbers.
    pub unit: Option<Cell>,
    /// The end of its scale.
    pub scale: Option<Cell>,
    /// The laboratory's upper limit.
    pub upper_limit: Option<Cell>,
    /// How a value is read.
    pub reading: Reading,
}

/// A cell that names all that a report found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportMapping {
    /// The report's name in the dictionary.
    pub report: Spanned<String>,
    /// The key of its list of what was found.
    pub list: String,
    /// The day of the report.
    pub date: Option<Cell>,
    /// The slot that names what was found.
    pub slot: usize,
    /// What stands between two names in one cell.
    pub split: Option<String>,
    /// What the file calls them; none of them is nothing found.
    pub facts: NamedFacts,
    /// How the cell is read.
    pub reading: Reading,
}

/// Where a text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A slot of the row.
    Column(usize),
    /// A slot of the patient's row in the main file.
    Patient(usize),
    /// It stands in the mapping.
    Fixed(Spanned<String>),
    /// `{by: centre, values: {"07": 80}, otherwise: 150}`
    By {
        /// What decides.
        cell: Box<Cell>,
        /// The values, by what the cell holds.
        values: Vec<(String, Spanned<String>)>,
        /// For everything else.
        otherwise: Option<Spanned<String>>,
    },
    /// `{table: limits, value: ck_uln}`
    Table {
        /// The table among [`Mapping::tables`].
        table: usize,
        /// The column of the table that holds the text.
        value: Spanned<String>,
        /// What is held against [`Table::matches`], in that order.
        by: Vec<Cell>,
    },
}

/// A lookup table in a CSV file: upper limits by centre, sex and date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name in the mapping.
    pub name: Spanned<String>,
    /// Where it stands, relative to the mapping.
    pub path: Spanned<String>,
    /// How it is written.
    pub dialect: Dialect,
    /// Its columns that are held against a row, with the column of the row.
    pub matches: Vec<(Spanned<String>, Reference)>,
    /// Its column with the first day on which a line holds.
    pub from: Option<Spanned<String>>,
    /// Its column with the last day on which a line holds.
    pub to: Option<Spanned<String>>,
}

/// A column of the row, or of the patient's row in the main file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// `{patient: sex}`
    pub patient: bool,
    /// The column.
    pub column: Spanned<String>,
}

impl Mapping {
    /// SHA-256 of the mapping, in hexadecimal: layout, comments and the order of keys do not move it.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// One file, each row a patient, nothing looked up: a record can be read from its row alone.
    pub fn is_flat(&self) -> bool {
        let looks_up = |cell: &Cell| matches!(cell, Cell::By { .. } | Cell::Table { .. });
        self.files.is_empty() && self.main.each_row.is_none() && !self.cells().any(|(cell, _)| looks_up(cell))
    }

    /// All files, the main one first: [`Mapping::file`] counts them so.
    pub fn every_file(&self) -> impl Iterator<Item = &FileMapping> {
        std::iter::once(&self.main).chain(&self.files)
    }

    /// A file by its place: 0 is the main one.
    pub fn file(&self, at: usize) -> Option<&FileMapping> {
        if at == 0 { Some(&self.main) } else { self.files.get(at - 1) }
    }

    /// Every cell that a value or what belongs to it is read from, but for the columns themselves; how it is read, where it
    /// is not only held against others.
    fn cells(&self) -> impl Iterator<Item = (&Cell, Option<How<'_>>)> {
        let as_of = self.as_of.iter().map(|cell| (cell, Some(self.main.dialect.of_day())));
        self.every_file().flat_map(FileMapping::cells).chain(as_of)
    }

    /// The columns of tables that are read, each with the place of its table, and how it is read.
    pub(super) fn table_columns(&self) -> impl Iterator<Item = (usize, &Spanned<String>, Option<How<'_>>)> {
        self.cells().filter_map(|(cell, how)| match cell {
            Cell::Table { table, value, .. } => Some((*table, value, how)),
            Cell::Column(_) | Cell::Patient(_) | Cell::Fixed(_) | Cell::By { .. } => None,
        })
    }

    /// What is carried through to the output, in its order.
    pub fn carried(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.every_file().flat_map(|file| file.carry.iter().map(|carried| &carried.name))
    }

    /// What is carried through under a name that the output has already.
    pub fn named_twice(&self, is_taken: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        self.carried().filter(|name| is_taken(&name.value)).map(codes::taken_name).collect()
    }

    /// Columns of judgements that none of those who are asked knows.
    pub fn unknown_judgements(&self, known: &[&str]) -> Vec<Diagnostic> {
        let names = self.every_file().flat_map(|file| &file.columns).filter_map(|column| match &column.means {
            Means::Judgement(name) => Some(name),
            Means::Fact(_) | Means::Born => None,
        });
        let unknown = names.filter(|name| !known.contains(&name.value.as_str()));
        unknown.map(|name| codes::no_judgement(name, known)).collect()
    }

    /// Courses of treatment stand in some file.
    pub fn has_courses(&self) -> bool {
        self.every_file().any(|file| !file.courses.is_empty())
    }
}

impl Cell {
    /// The texts of it that stand in the mapping.
    fn fixed(&self) -> impl Iterator<Item = &Spanned<String>> {
        let (one, values, otherwise) = match self {
            Cell::Fixed(text) => (Some(text), [].as_slice(), None),
            Cell::By { values, otherwise, .. } => (None, values.as_slice(), otherwise.as_ref()),
            Cell::Column(_) | Cell::Patient(_) | Cell::Table { .. } => (None, [].as_slice(), None),
        };
        one.into_iter().chain(values.iter().map(|(_, value)| value)).chain(otherwise)
    }
}

impl Reading {
    /// The cell itself.
    pub(super) fn of_value(&self, kind: TextKind) -> How<'_> {
        let guard = if self.guarded { Guard::Full } else { Guard::No };
        How { kind, codes: &self.codes, words: &self.words, guard }
    }

    /// What stands beside it, a unit, a scale or a limit: it has the same codes and no words.
    pub(super) fn beside(&self, kind: TextKind) -> How<'_> {
        How { words: &[], ..self.of_value(kind) }
    }

    /// The unit, the scale and the limit of a number, as far as they are said.
    fn of_amounts<'m>(
        &'m self,
        unit: Option<&'m Cell>,
        scale: Option<&'m Cell>,
        limit: Option<&'m Cell>,
    ) -> Vec<(&'m Cell, How<'m>)> {
        let all = [(unit, TextKind::Word), (scale, TextKind::Number), (limit, TextKind::Number)];
        all.into_iter().filter_map(|(cell, kind)| Some((cell?, self.beside(kind)))).collect()
    }
}

impl CourseMapping {
    /// Everything that is read of it.
    fn every_part(&self) -> impl Iterator<Item = &CoursePart> {
        self.parts.iter().chain(&self.given).chain(self.doses.iter().flatten())
    }
}

impl FileMapping {
    fn cells(&self) -> impl Iterator<Item = (&Cell, Option<How<'_>>)> {
        let day = self.dialect.of_day();
        let columns = self.columns.iter().flat_map(move |one| {
            let beside = one.reading.of_amounts(one.unit.as_ref(), one.scale.as_ref(), one.upper_limit.as_ref());
            beside.into_iter().chain(one.known_since.as_ref().map(|cell| (cell, day)))
        });
        let courses = self.courses.iter();
        let declined = courses.clone().filter_map(|course| course.declined.as_ref()?.date.as_ref());
        let parts = courses.clone().flat_map(CourseMapping::every_part).flat_map(|part| {
            let unit = part.unit.as_ref().map(|cell| (cell, part.reading.beside(TextKind::Word)));
            std::iter::once((&part.cell, part.reading.of_value(part.kind))).chain(unit)
        });
        let (visit, finding) = match &self.each_row {
            Some(EachRow::Visit(visit)) => (Some(visit), None),
            Some(EachRow::Finding(finding)) => (None, Some(finding)),
            None => (None, None),
        };
        let of_finding = finding
            .into_iter()
            .flat_map(|one| one.reading.of_amounts(one.unit.as_ref(), one.scale.as_ref(), one.upper_limit.as_ref()));
        let days = self.visits.iter().chain(visit).map(|visit| &visit.date);
        let days = days
            .chain(self.reports.iter().filter_map(|report| report.date.as_ref()))
            .chain(finding.and_then(|finding| finding.date.as_ref()))
            .chain(declined);
        let read = columns.chain(parts).chain(of_finding).chain(days.map(move |cell| (cell, day)));
        let held = courses.filter_map(|course| course.course.as_ref());
        read.map(|(cell, how)| (cell, Some(how))).chain(held.map(|cell| (cell, None)))
    }

    /// The column that a slot is read from.
    pub fn column_name(&self, slot: usize) -> &str {
        self.slots.get(slot).map_or("", |name| &name.value)
    }
}
