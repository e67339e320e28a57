use crate::diagnostics::Diagnostic;
use crate::explore::{Patient, Wanted};
use crate::model::{Condition, Table};
use crate::plan::TruthRegister;
use crate::plan::from_model::BlockRegisters;
use crate::source::Span;
use crate::syntax::tree::Policy;
use crate::value::Truth;

use super::codes::{DEAD_ROW, GAP, OVERLAP};
use super::{Answer, Prover, first_of, truths};

/// The most rows of which each is marked.
const ROWS: usize = 12;

impl Prover<'_> {
    /// Some row fits every patient, only one where that is said, and somebody comes to each.
    pub(super) fn table(&mut self, table: &Table, registers: &BlockRegisters, name: Span) {
        let fits = truths(&registers.rows);
        if fits.len() != table.rows.len() {
            return;
        }
        match table.policy {
            Policy::ExactlyOne => {
                self.gap(table, &fits, name);
                self.overlaps(table, &fits);
                self.dead_rows(table, &fits, false);
            }
            Policy::First => {
                self.gap(table, &fits, name);
                self.dead_rows(table, &fits, true);
            }
            Policy::Every | Policy::Sum => self.dead_rows(table, &fits, false),
        }
    }

    fn gap(&mut self, table: &Table, fits: &[TruthRegister], name: Span) {
        let none = fits.iter().map(|row| Wanted::truth(*row, false)).collect();
        if let Some(patient) = self.refutes(none, || (name, "some row fits every patient".to_owned())) {
            let mut gap = Diagnostic::error(GAP, name, "no row of this table fits some patients");
            for cell in self.in_the_way(table, &patient) {
                gap = gap.also(cell, "does not fit this one");
            }
            self.tell(gap.patient(patient.yaml()));
        }
    }

    /// Of each row the first cell that keeps a patient out, where the rows are few enough to be shown.
    fn in_the_way(&self, table: &Table, patient: &Patient) -> Vec<Span> {
        let Some(registers) = self.explorer.registers(patient).filter(|_| table.rows.len() <= ROWS) else {
            return Vec::new();
        };
        let keeps_out = |cell: &&Condition| self.truth_of(cell).is_some_and(|at| registers.truth(at) == Truth::NO);
        table.rows.iter().filter_map(|row| row.cells.iter().find(keeps_out)).map(|cell| cell.span).collect()
    }

    fn overlaps(&mut self, table: &Table, fits: &[TruthRegister]) {
        for (second, (row, at)) in table.rows.iter().zip(fits).enumerate() {
            for (earlier, first) in table.rows.iter().zip(fits).take(second) {
                let both = vec![Wanted::truth(*first, true), Wanted::truth(*at, true)];
                let claim = || (row.span, "no patient fits this row and one before it".to_owned());
                if let Some(patient) = self.refutes(both, claim) {
                    let overlap = Diagnostic::error(OVERLAP, row.span, "two rows fit some patients")
                        .also(earlier.span, "this row fits them too");
                    self.tell(overlap.patient(patient.yaml()));
                }
            }
        }
    }

    fn dead_rows(&mut self, table: &Table, fits: &[TruthRegister], first: bool) {
        for (at, (row, own)) in table.rows.iter().zip(fits).enumerate() {
            let cells = row.cells.iter().any(|cell| self.is_constant(cell));
            if cells {
                // The cell itself is told.
                continue;
            }
            let wanted = if first { first_of(fits, at) } else { vec![Wanted::truth(*own, true)] };
            match self.some_patient(&wanted) {
                Answer::Yes => {}
                Answer::No => {
                    let why = if first && self.can_be(*own, true) == Answer::Yes {
                        "rows before it take every patient it would fit"
                    } else {
                        "its cells never hold together"
                    };
                    self.tell(Diagnostic::warning(DEAD_ROW, row.span, "no patient comes to this row").note(why));
                }
                Answer::NotFoundOut => self.not_proved(row.span, "some patient comes to this row"),
            }
        }
    }
}
