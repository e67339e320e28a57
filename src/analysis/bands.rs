use crate::diagnostics::Diagnostic;
use crate::eval::Held;
use crate::explore::Wanted;
use crate::model::{Bands, Block, Range, Score, ScoreTable, Type};
use crate::plan::from_model::BlockRegisters;
use crate::plan::{FAULT, Register};
use crate::value::{Choices, NumberSet};

use super::codes::{COLUMNS, DEAD_VALUE, NO_BAND, NO_RANGE};
use super::{Answer, Prover, one_column};

impl Prover<'_> {
    /// Every number lies in one band of one column, and somebody is in each band.
    pub(super) fn bands(&mut self, bands: &Bands, registers: &BlockRegisters, block: &Block) {
        self.columns(registers, block);
        let Some(Register::Choice(result)) = registers.results.first().copied() else { return };
        let register = Register::Choice(result);
        let is = |values: Choices| Wanted { register, held: Held::Choices(values) };
        let mut no_band = vec![is(Choices::only(FAULT))];
        no_band.extend(one_column(registers));
        let claim = || (block.name.span, "every number lies in one band".to_owned());
        if let Some(patient) = self.refutes(no_band, claim) {
            let text = "the number of some patients lies in no band, or in two";
            self.tell(Diagnostic::error(NO_BAND, block.name.span, text).patient(patient.yaml()));
        }
        let Type::Choice(values) = &block.gives else { return };
        for row in &bands.rows {
            let Some(at) = values.iter().position(|value| *value == row.value.value) else { continue };
            let Ok(at) = u8::try_from(at) else { continue };
            match self.some_patient(&[is(Choices::only(at))]) {
                Answer::Yes => {}
                Answer::No => {
                    let text = format!("no patient is `{}`", row.value.value);
                    self.tell(Diagnostic::warning(DEAD_VALUE, row.value.span, text));
                }
                Answer::NotFoundOut => self.not_proved(row.value.span, "some patient lies in this band"),
            }
        }
    }

    /// Every number that a score looks up lies in one range of its heading.
    pub(super) fn ranges(&mut self, score: &Score, registers: &BlockRegisters, block: &Block) {
        self.columns(registers, block);
        for table in &score.tables {
            let ScoreTable::Banded { bands, rows, .. } = table else { continue };
            let stray = in_none_or_two(bands.iter().filter_map(Range::constant));
            for row in rows.iter().filter(|_| !stray.is_empty()) {
                let Some(register) = self.subject.lowered.node(row.amount.id) else { continue };
                let wanted = vec![Wanted { register, held: Held::Number(stray.clone()) }];
                let claim = || (row.span, "every number lies in one range".to_owned());
                if let Some(patient) = self.refutes(wanted, claim) {
                    let text = "the number of some patients lies in no range of the heading, or in two";
                    self.tell(Diagnostic::error(NO_RANGE, row.span, text).patient(patient.yaml()));
                }
            }
        }
    }

    /// Exactly one column is each patient's.
    pub(super) fn columns(&mut self, registers: &BlockRegisters, block: &Block) {
        let Some(fault) = registers.fault else { return };
        let claim = || (block.name.span, "each patient has one column".to_owned());
        if let Some(patient) = self.refutes(vec![Wanted::truth(fault, true)], claim) {
            let text = "some patients have no column here, or two";
            self.tell(Diagnostic::error(COLUMNS, block.name.span, text).patient(patient.yaml()));
        }
    }
}

/// The numbers that lie in none of the ranges, or in more than one.
fn in_none_or_two(ranges: impl Iterator<Item = NumberSet>) -> NumberSet {
    let (mut once, mut twice) = (NumberSet::empty(), NumberSet::empty());
    for range in ranges {
        twice = twice.union(&once.intersection(&range));
        once = once.union(&range);
    }
    once.complement().union(&twice)
}
