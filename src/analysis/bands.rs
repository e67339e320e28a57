use crate::diagnostics::Diagnostic;
use crate::eval::Held;
use crate::explore::Wanted;
use crate::model::{Bands, Block, Type};
use crate::plan::from_model::BlockRegisters;
use crate::plan::{FAULT, Register};
use crate::value::Choices;

use super::codes::{COLUMNS, DEAD_VALUE, NO_BAND};
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
