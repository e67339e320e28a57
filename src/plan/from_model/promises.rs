use crate::model::{BlockId, Promise, Promised, Therapy, Verdict};
use crate::plan::TruthRegister;
use crate::value::Choices;

use super::blocks::of_truth;
use super::{BlockRegisters, Lowering};

impl Lowering<'_> {
    /// Whether a promise is broken: always, and yet not; never, and yet.
    pub(super) fn promise(&mut self, id: BlockId, promise: &Promise) -> BlockRegisters {
        let when = self.condition(&promise.when);
        let what = match &promise.what {
            Promised::Offer(treatments) => self.is_offered(|therapy| therapy.has_one_of(treatments)),
            Promised::OfferTogether(wanted) => {
                let wanted = self.guideline.therapy(*wanted).cloned();
                self.is_offered(|therapy| wanted.as_ref().is_some_and(|wanted| therapy.contains(wanted)))
            }
            Promised::OfferSomething => self.is_offered(|_| true),
            Promised::Conclude(block, conclusion) => self.conclusion(*block, *conclusion),
        };
        let broken = if promise.always { self.builder.not(what) } else { what };
        let broken = self.builder.all(vec![when, broken]);
        self.noted(id, of_truth(broken))
    }

    /// Some option of these therapies is an option now.
    fn is_offered(&mut self, wanted: impl Fn(&Therapy) -> bool) -> TruthRegister {
        let mut offered = Vec::new();
        for (therapy, verdict) in self.offers.clone() {
            if self.guideline.therapy(therapy).is_some_and(&wanted) {
                offered.push(self.builder.is(verdict, Choices::only(Verdict::OptionNow.position())));
            }
        }
        self.builder.any(offered)
    }
}
