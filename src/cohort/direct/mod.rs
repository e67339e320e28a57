//! Selected answers of flat rows, from the bytes of a row to those of a line without a record in between.
//!
//! What a row puts into a slot hangs on nothing but the cells of its own fact, and on which of them are there. So the ordinary
//! way is asked beforehand, with rows made up for it, what every such pattern does to the slots ([`fill`]). A row is then read
//! into cells ([`row`]), the slots are filled, the steps run in their compact form ([`Compact`]) over many rows at a time, and
//! texts that were written once are put together ([`words`]). Whatever is not plain (a code, a word nobody knows, a value out of its range, an answer
//! that must be refined) goes the ordinary way, row by row: the lines are the same.

mod fill;
mod pattern;
mod row;
mod words;

use std::sync::{Arc, OnceLock};

use super::input::{Mapped, MappedBlock};
use super::mapping::{Cell, Format, Mapping, Means};
use super::run::{Evaluating, Out, Shape, Tally, Task, Work};
use crate::engine::{Answering, Engine};
use crate::eval::{Baseline, Compact, LANES, Sheet};
use crate::plan::Register;
use fill::Fills;
use row::Cells;
use words::Words;

/// How many rows there must be for it to be worth while to look for the short way: looking takes as long as some 200 rows
/// in the ordinary way.
const PATIENCE: usize = 128;

/// The short way, found by the first worker that looks for it; nothing where there is none.
#[derive(Debug, Default)]
pub struct Way(OnceLock<Option<Short>>);

/// What the short way needs.
#[derive(Debug, Clone)]
struct Short {
    cells: Cells,
    fills: Fills,
    compact: Compact,
    sheet: Sheet,
    words: Words,
}

/// A worker that knows the short way.
pub struct Direct {
    ordinary: Evaluating<Mapped>,
    mapping: Arc<Mapping>,
    way: Arc<Way>,
    short: Option<Short>,
    /// Rows that were met, and those of them answered in the short way.
    rows: usize,
    short_rows: usize,
}

impl Direct {
    /// A worker that goes the ordinary way until it has found a shorter one.
    pub fn new(ordinary: Evaluating<Mapped>, mapping: &Arc<Mapping>, way: &Arc<Way>) -> Self {
        let (mapping, way) = (Arc::clone(mapping), Arc::clone(way));
        Direct { ordinary, mapping, way, short: None, rows: 0, short_rows: 0 }
    }

    /// How many rows were answered in the short way.
    pub fn short_rows(&self) -> usize {
        self.short_rows
    }

    /// The short way, looked for once there are many rows.
    fn find(&mut self, rows: usize) {
        if self.rows < PATIENCE && self.rows + rows >= PATIENCE {
            let Direct { ordinary, mapping, way, .. } = self;
            self.short.clone_from(way.0.get_or_init(|| short(ordinary, mapping)));
        }
        self.rows += rows;
    }
}

impl Short {
    /// Works out the answers of rows, as many as there are lanes; those that go the ordinary way have no name.
    fn take<'r>(&mut self, rows: &[(usize, &'r [u8])]) -> [Option<&'r [u8]>; LANES] {
        let Short { cells, fills, compact, sheet, .. } = self;
        let mut names = [None; LANES];
        sheet.begin();
        for (lane, ((_, row), name)) in rows.iter().zip(&mut names).enumerate() {
            *name = cells.read(row).filter(|_| fills.fill(cells, compact, sheet, lane));
        }
        if names.iter().any(Option::is_some) {
            compact.run(sheet);
        }
        names
    }

    /// Writes the line of one of these rows; false where it is to go the ordinary way.
    #[inline]
    fn write(&mut self, lane: usize, name: &[u8], engine: &Engine, out: &mut Vec<u8>) -> bool {
        let Short { compact, sheet, words, .. } = self;
        sheet.fits(lane) && words.write(compact, (sheet, lane), engine, name, out)
    }
}

impl Work<MappedBlock> for Direct {
    fn block(&mut self, block: &MappedBlock, out: &mut Out, tally: &mut Tally) {
        let rows: Vec<(usize, &[u8])> = block.rows().collect();
        self.find(rows.len());
        let Some(short) = &mut self.short else { return self.ordinary.block(block, out, tally) };
        for rows in rows.chunks(LANES) {
            let names = short.take(rows);
            for (lane, ((at, _), name)) in rows.iter().zip(names).enumerate() {
                if out.stopped.is_some() {
                    return;
                }
                let length = out.lines.len();
                if name.is_some_and(|name| short.write(lane, name, self.ordinary.engine(), &mut out.lines)) {
                    self.short_rows += 1;
                    tally.records += 1;
                    tally.rows += 1;
                } else {
                    out.lines.truncate(length);
                    self.ordinary.block(&block.only(*at), out, tally);
                }
            }
        }
    }
}

/// The short way; `None` where the task, the mapping or the rules ask for more.
fn short(ordinary: &mut Evaluating<Mapped>, mapping: &Mapping) -> Option<Short> {
    is_plain(mapping).then_some(())?;
    let task = ordinary.task();
    let release = only_release(&task, mapping)?;
    let engine = ordinary.engine();
    let loaded = engine.guidelines().get(release)?;
    let words = Words::of(engine, release, &task)?;
    let covers = loaded.guideline.covers.and_then(|block| loaded.lowered.block(block)).into_iter();
    let roots: Vec<Register> = covers.flat_map(|block| block.results.clone()).chain(words.registers()).collect();
    let compact = Compact::of(engine.subject(loaded), roots)?;
    let mut cells = Cells::of(engine, mapping)?;
    let fills = Fills::find(ordinary, release, &compact, mapping, &mut cells)?;
    Some(Short { cells, sheet: fills.sheet(&compact), fills, compact, words })
}

/// The one release that answers every row, as each is of one day that stands in the mapping.
fn only_release(task: &Task, mapping: &Mapping) -> Option<usize> {
    let [ready] = task.ready.as_slice() else { return None };
    let day = match &mapping.as_of {
        Some(Cell::Fixed(day)) => day.value.parse().ok()?,
        _ => return None,
    };
    let usual = task.options.as_of.is_none() && task.options.baseline == Baseline::default();
    let counts = task.summary || task.twins;
    (usual && !counts && !task.at_visits && !task.trace && matches!(task.shape, Shape::Brief(_))).then_some(())?;
    match ready.on(day) {
        Answering::Release(release) => Some(release),
        Answering::NotYet(..) => None,
    }
}

/// Each row says all of its patient, with nothing looked up, on days that stand in the mapping.
fn is_plain(mapping: &Mapping) -> bool {
    let main = &mapping.main;
    let is_fixed = |cell: &Cell| matches!(cell, Cell::Fixed(_));
    let of_column = |column: &super::mapping::Column| {
        let limit = column.upper_limit.as_ref().is_none_or(|cell| matches!(cell, Cell::Column(_)));
        let bare = column.unit.is_none() && column.scale.is_none() && column.known_since.is_none();
        limit && bare && matches!(column.means, Means::Fact(_))
    };
    let nothing_else = main.courses.is_empty() && main.reports.is_empty() && main.carry.is_empty();
    mapping.is_flat()
        && nothing_else
        && main.dialect.format == Format::Ndjson
        && main.visits.iter().all(|visit| is_fixed(&visit.date))
        && main.columns.iter().all(of_column)
}

/// Ticks of a cell, a ten-thousandth each.
const TICKS: i64 = 10_000;
