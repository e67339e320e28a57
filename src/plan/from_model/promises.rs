use crate::catalog::TreatmentId;
use crate::model::{BlockId, Promise, Promised, Verdict};
use crate::plan::TruthRegister;
use crate::value::Choices;

use super::blocks::of_truth;
use super::{BlockRegisters, Lowering};

impl Lowering<'_> {
    /// Whether a promise is broken: always, and yet not; never, and yet.
    pub(super) fn promise(&mut self, id: BlockId, promise: &Promise) -> BlockRegisters {
        let when = self.condition(&promise.when);
        let what = match &promise.what {
            Promised::Offer(treatments) => self.is_offered(Some(treatments)),
            Promised::OfferSomething => self.is_offered(None),
            Promised::Conclude(block, conclusion) => self.conclusion(*block, *conclusion),
        };
        let broken = if promise.always { self.builder.not(what) } else { what };
        let broken = self.builder.all(vec![when, broken]);
        self.noted(id, of_truth(broken))
    }

    /// Some option, with one of these treatments where they are named, is an option now.
    fn is_offered(&mut self, wanted: Option<&[TreatmentId]>) -> TruthRegister {
        let mut offered = Vec::new();
        for (therapy, verdict) in self.offers.clone() {
            let fits = |wanted: &[TreatmentId]| self.parts(therapy).iter().any(|part| wanted.contains(part));
            if wanted.is_none_or(fits) {
                offered.push(self.builder.is(verdict, Choices::only(Verdict::OptionNow.position())));
            }
        }
        self.builder.any(offered)
    }
}
