use std::sync::Arc;

use super::Shared;
use super::assemble::{self, Placed, Wrong};
use super::block::MappedBlock;
use super::rows::{self, Row};
use crate::cohort::input::records::shortened;
use crate::cohort::input::{Refusal, Taken};
use crate::diagnostics::Diagnostic;
use crate::engine::Engine;
use crate::record::Document;
use crate::source::FileId;
use crate::yaml::Node;

/// Stands between several values of one cell.
const BETWEEN: &str = "|";

/// Takes blocks apart.
#[derive(Debug)]
pub struct MappedReader {
    pub(super) shared: Arc<Shared>,
}

/// Is told the place of a row, the row, and those that belong to it with their files.
type EachRecord<'e> = dyn FnMut(usize, &Row, &[(usize, Row)]) + 'e;

/// A row that belongs to a record, with its text among the engine's.
struct Taking<'r> {
    rows: Vec<Placed<'r>>,
}

impl MappedReader {
    pub(super) fn take_block(
        &self,
        engine: &mut Engine,
        block: &MappedBlock,
        each: &mut dyn FnMut(&mut Engine, Taken),
    ) {
        self.each_row(block, &mut |_, main, joined| {
            let texts = engine.texts();
            let taking = self.place(engine, main, joined);
            let tree = self.tree(engine, &taking);
            let record = tree.and_then(|tree| {
                let document = Document::of_node(tree);
                engine.record_of(&document).map_err(|mistakes| self.refusals(engine, &taking, &mistakes))
            });
            let mapping = &self.shared.mapping.main;
            let id = main.get(mapping.id);
            let taken = Taken {
                line: main.line,
                id: (!id.is_empty()).then(|| id.to_owned()),
                record,
                carried: self.carried(main, joined),
            };
            each(engine, taken);
            engine.forget_texts(texts);
        });
    }

    /// The trees of the rows of a block.
    pub(super) fn each_tree(
        &self,
        engine: &mut Engine,
        block: &MappedBlock,
        each: &mut dyn FnMut(usize, Result<Node, Vec<Refusal>>),
    ) {
        self.each_row(block, &mut |at, main, joined| {
            let texts = engine.texts();
            let taking = self.place(engine, main, joined);
            let tree = self.tree(engine, &taking);
            let tree = tree.and_then(|tree| {
                let document = Document::of_node(tree.clone());
                match engine.record_of(&document) {
                    Ok(_) => Ok(tree),
                    Err(mistakes) => Err(self.refusals(engine, &taking, &mistakes)),
                }
            });
            each(at, tree);
            engine.forget_texts(texts);
        });
    }

    /// The rows of a block taken apart, each with those that belong to it.
    fn each_row(&self, block: &MappedBlock, each: &mut EachRecord<'_>) {
        let shared = &self.shared;
        let mapping = &shared.mapping;
        let Some(header) = shared.headers.first() else { return };
        let lines = block.stretch.rows.iter().map(|row| (row.line, row.broken));
        let main = rows::rows(&block.stretch.bytes, lines, &mapping.main.dialect, header);
        let mut joined = block.joined.iter().peekable();
        let mut rows_of: Vec<_> =
            (0..shared.headers.len()).map(|file| self.joined_rows(block, file).into_iter()).collect();
        for (at, row) in main.iter().enumerate() {
            let mut own = Vec::new();
            while let Some(next) = joined.next_if(|next| next.row == at) {
                let row = rows_of.get_mut(next.file).and_then(Iterator::next);
                own.extend(row.map(|row| (next.file, row)));
            }
            if !block.dropped.contains(&at) {
                each(at, row, &own);
            }
        }
    }

    /// What is carried through; of several rows each value once.
    fn carried(&self, main: &Row, joined: &[(usize, Row)]) -> Vec<(String, String)> {
        let mut carried = Vec::new();
        for (number, file) in self.shared.mapping.every_file().enumerate() {
            let rows = || joined.iter().filter(|(of, _)| *of == number).map(|(_, row)| row);
            for one in &file.carry {
                let mut values: Vec<&str> = Vec::new();
                for value in (number == 0).then_some(main).into_iter().chain(rows()).map(|row| row.get(one.slot)) {
                    if !value.is_empty() && !values.contains(&value) {
                        values.push(value);
                    }
                }
                carried.push((one.name.value.clone(), values.join(BETWEEN)));
            }
        }
        carried
    }

    /// The rows of one file that belong to rows of a block, taken apart.
    fn joined_rows(&self, block: &MappedBlock, file: usize) -> Vec<Row> {
        let of_file = self.shared.mapping.file(file).zip(self.shared.headers.get(file));
        let Some((mapping, header)) = of_file else { return Vec::new() };
        let own = || block.joined.iter().filter(|row| row.file == file);
        let mut bytes = Vec::new();
        for row in own() {
            bytes.extend(&row.bytes);
            bytes.push(b'\n');
        }
        rows::rows(&bytes, own().map(|row| (row.line, None)), &mapping.dialect, header)
    }

    /// Puts the texts of the rows among the engine's.
    fn place<'r>(&self, engine: &mut Engine, main: &'r Row, joined: &'r [(usize, Row)]) -> Taking<'r> {
        let all = std::iter::once((0, main)).chain(joined.iter().map(|(file, row)| (*file, row)));
        let rows = all
            .map(|(file, row)| {
                let path = self.shared.paths.get(file).map_or("", String::as_str);
                let line = u32::try_from(row.line).unwrap_or(u32::MAX);
                Placed { file, row, text: engine.add_part(path, line, &row.text) }
            })
            .collect();
        Taking { rows }
    }

    fn tree(&self, engine: &Engine, taking: &Taking<'_>) -> Result<Node, Vec<Refusal>> {
        let shared = &self.shared;
        let Some((main, joined)) = taking.rows.split_first() else { return Err(Vec::new()) };
        let tree = assemble::assemble(&shared.mapping, &shared.tables, &shared.plain, engine.catalog(), *main, joined);
        tree.map_err(|wrong| wrong.iter().map(|wrong| self.refusal(taking, wrong)).collect())
    }

    fn refusal(&self, taking: &Taking<'_>, wrong: &Wrong) -> Refusal {
        let placed = taking.rows.iter().find(|placed| placed.file == wrong.file && placed.row.line == wrong.line);
        let value = wrong.slot.zip(placed).map(|(slot, placed)| placed.row.get(slot).to_owned());
        let code = wrong.mistake.code();
        Refusal {
            file: self.shared.paths.get(wrong.file).cloned(),
            line: wrong.line,
            column: wrong.slot.and_then(|slot| self.column(wrong.file, slot)),
            code: code.id.to_owned(),
            message: code.title.to_owned(),
            value: value.filter(|value| self.shared.show_values && !value.is_empty()).map(|value| shortened(&value)),
        }
    }

    /// The mistakes of the record's own reader at their places in the rows.
    fn refusals(&self, engine: &Engine, taking: &Taking<'_>, mistakes: &[Diagnostic]) -> Vec<Refusal> {
        let mut refusals: Vec<Refusal> = Vec::new();
        for mistake in mistakes {
            let span = mistake.span();
            let of_text = |text: FileId| taking.rows.iter().find(|placed| placed.text == text);
            let placed = span.and_then(|span| of_text(span.file)).or(taking.rows.first());
            let Some(placed) = placed else { continue };
            let slot = span.and_then(|span| {
                let is = |range: &&std::ops::Range<usize>| {
                    range.start == span.start as usize && range.end == span.end as usize && !range.is_empty()
                };
                placed.row.slots.iter().position(|range| is(&range))
            });
            let value = slot.map(|slot| placed.row.get(slot).to_owned());
            let refusal = Refusal {
                file: Some(engine.sources().path(placed.text).to_owned()),
                line: placed.row.line,
                column: slot.and_then(|slot| self.column(placed.file, slot)),
                code: mistake.code.id.to_owned(),
                message: mistake.code.title.to_owned(),
                value: value.filter(|_| self.shared.show_values).map(|value| shortened(&value)),
            };
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
        }
        refusals
    }

    fn column(&self, file: usize, slot: usize) -> Option<String> {
        self.shared.mapping.file(file).map(|file| file.column_name(slot).to_owned())
    }
}
