use crate::model::{BlockId, Item, OptionPlace, Regimen};
use crate::plan::RowPolicy;

use super::blocks::of_truth;
use super::{BlockRegisters, Lowering};

impl Lowering<'_> {
    /// A verdict for each of its parts, and which of its numbers is the patient's.
    pub(super) fn regimen(&mut self, id: BlockId, regimen: &Regimen) -> BlockRegisters {
        let patients = regimen.patients.as_ref().map(|(when, _)| self.condition(when));
        self.for_patients(id, patients);
        let mut options = Vec::new();
        for (place, option) in (0..).map(OptionPlace::Give).zip(&regimen.give) {
            options.push(self.option_alone(id, patients, place, option));
        }
        for (place, option) in (0..).map(OptionPlace::Of).zip(&regimen.of) {
            options.push(self.option_alone(id, patients, place, option));
        }
        for option in &options {
            self.verdict(id, &options, option);
        }
        self.plus(id, regimen);
        let held = patients.unwrap_or_else(|| self.builder.always());
        of_truth(held)
    }

    /// The first number whose condition holds; none of them last.
    fn plus(&mut self, id: BlockId, regimen: &Regimen) {
        let mut rows = Vec::new();
        for (at, plus) in (0..).zip(&regimen.plus) {
            let held = match &plus.when {
                Some(when) => self.condition(when),
                None => self.builder.always(),
            };
            rows.push((held, at));
        }
        let none = u8::try_from(regimen.plus.len()).unwrap_or(u8::MAX);
        rows.push((self.builder.always(), none));
        let plus = self.builder.rows(RowPolicy::First, rows);
        self.note_item(Item::Plus(id), plus);
    }
}
