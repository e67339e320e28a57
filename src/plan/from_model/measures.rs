use crate::catalog::{Better, FactId, FactKind};
use crate::model::Time;
use crate::model::{BlockId, BlockKind, Change, Instrument, Measure, Subject};
use crate::plan::{NumberRegister, Part, Register, Relation, ScaleEnd, SlotSource, TruthRegister};
use crate::syntax::tree::{Direction, InstrumentChoice, Share};
use crate::value::Number;

use super::Lowering;

impl Lowering<'_> {
    /// Whether each instrument is the chosen one; last, whether none is for this patient and was measured at baseline.
    pub(super) fn chosen(&mut self, measure: &Measure) -> Vec<TruthRegister> {
        let facts: Vec<FactId> = measure.instruments.iter().map(|instrument| instrument.fact).collect();
        let mut usable = Vec::new();
        for instrument in &measure.instruments {
            let measured = self.builder.truth_slot(at_baseline(instrument.fact, Part::Measured));
            let mut needs = vec![measured];
            if let Some(when) = &instrument.when {
                needs.push(self.condition(when));
            }
            usable.push(self.builder.all(needs));
        }
        let mut chosen = Vec::new();
        for (at, own) in usable.iter().enumerate() {
            let mut needs = vec![*own];
            for (other, theirs) in usable.iter().enumerate().filter(|(other, _)| *other != at) {
                let absent = self.builder.not(*theirs);
                match measure.choice {
                    InstrumentChoice::FirstWithBaseline if other < at => needs.push(absent),
                    InstrumentChoice::FirstWithBaseline => {}
                    InstrumentChoice::MostAboveUpperLimit => {
                        let beats = self.is_more_abnormal(&facts, at, other);
                        needs.push(self.builder.any(vec![absent, beats]));
                    }
                }
            }
            chosen.push(self.builder.all(needs));
        }
        let any = self.builder.any(usable);
        chosen.push(self.builder.not(any));
        chosen
    }

    /// One laboratory value is further above its limit than another; of equals the earlier in the list.
    fn is_more_abnormal(&mut self, facts: &[FactId], this: usize, other: usize) -> TruthRegister {
        let mut multiple = |at: usize| match facts.get(at) {
            Some(fact) => self.builder.number_slot(at_baseline(*fact, Part::Multiple)),
            None => self.builder.any_number(),
        };
        let (own, theirs) = (multiple(this), multiple(other));
        let relation = if this < other { Relation::AtMost } else { Relation::Below };
        self.builder.compare(theirs, relation, own)
    }

    /// Towards the better end, in percent of the range or of the baseline.
    pub(super) fn improvement(&mut self, subject: Subject, share: Share) -> NumberRegister {
        match subject {
            Subject::Fact(fact) => self.improvement_of(fact, None, share),
            Subject::Measure(block) => {
                let key = (block, Self::is_baseline(share));
                if let Some(known) = self.measures.get(&key) {
                    return *known;
                }
                let picked = self.pick_instrument(block, |lowering, instrument| {
                    lowering.improvement_of(instrument.fact, Some(instrument), share)
                });
                self.measures.insert(key, picked);
                picked
            }
        }
    }

    /// What the chosen instrument gives; any number where none was measured.
    fn pick_instrument(
        &mut self,
        block: BlockId,
        mut of: impl FnMut(&mut Self, &Instrument) -> NumberRegister,
    ) -> NumberRegister {
        let (instruments, chosen) = self.instruments(block);
        let mut pairs = Vec::new();
        for (instrument, when) in instruments.iter().zip(&chosen) {
            pairs.push((*when, of(self, instrument)));
        }
        let anything = self.builder.any_number();
        pairs.extend(chosen.last().map(|none| (*none, anything)));
        self.builder.pick_number(pairs)
    }

    fn instruments(&self, block: BlockId) -> (Vec<Instrument>, Vec<TruthRegister>) {
        let instruments = match self.guideline.block(block).map(|block| &block.kind) {
            Some(BlockKind::Measure(measure)) => measure.instruments.clone(),
            _ => Vec::new(),
        };
        let registers = self.registers(block);
        let chosen = registers.into_iter().flat_map(|block| &block.rows).filter_map(|register| match register {
            Register::Truth(truth) => Some(*truth),
            Register::Choice(_) | Register::Number(_) => None,
        });
        (instruments, chosen.collect())
    }

    fn improvement_of(&mut self, fact: FactId, instrument: Option<&Instrument>, share: Share) -> NumberRegister {
        let hundred = Number::whole(100);
        let limits = instrument.and_then(|instrument| instrument.upper_limits).filter(|_| share == Share::Range);
        if let Some(limits) = limits {
            // Both over the baseline's upper limit: so many times that limit is the full range.
            let gain = self.gain(fact, Part::Multiple);
            let factor = hundred.over(limits).unwrap_or(hundred);
            return self.times(gain, factor);
        }
        let gain = self.gain(fact, Part::Value);
        let percent = self.times(gain, hundred);
        let whole = match (share, instrument.and_then(|instrument| instrument.length)) {
            (Share::Baseline, _) => self.builder.number_slot(at_baseline(fact, Part::Value)),
            (Share::Range, Some(length)) => self.builder.constant(length),
            (Share::Range, None) => self.builder.number_slot(at_baseline(fact, Part::ScaleLength)),
        };
        self.builder.quotient(percent, whole)
    }

    /// How far a fact moved towards its better end.
    fn gain(&mut self, fact: FactId, part: Part) -> NumberRegister {
        let before = self.builder.number_slot(at_baseline(fact, part));
        let after = self.builder.number_slot(since(fact, part));
        if self.better(fact) == Better::Higher {
            self.builder.difference(after, before)
        } else {
            self.builder.difference(before, after)
        }
    }

    fn better(&self, fact: FactId) -> Better {
        self.catalog.fact(fact).and_then(|fact| fact.better).unwrap_or(Better::Lower)
    }

    /// Latest less baseline.
    pub(super) fn change_in(&mut self, subject: Subject) -> NumberRegister {
        match subject {
            Subject::Fact(fact) => {
                let before = self.builder.number_slot(at_baseline(fact, Part::Value));
                let after = self.builder.number_slot(since(fact, Part::Value));
                self.builder.difference(after, before)
            }
            Subject::Measure(block) => {
                self.pick_instrument(block, |lowering, instrument| lowering.change_in(Subject::Fact(instrument.fact)))
            }
        }
    }

    /// Whether a measure moved by so much.
    pub(super) fn change(&mut self, change: &Change) -> TruthRegister {
        match change.subject {
            Subject::Fact(fact) => self.change_of(fact, change),
            Subject::Measure(block) => {
                let (instruments, chosen) = self.instruments(block);
                let mut pairs = Vec::new();
                for (instrument, when) in instruments.iter().zip(&chosen) {
                    pairs.push((*when, self.change_of(instrument.fact, change)));
                }
                let anything = self.builder.any_truth();
                pairs.extend(chosen.last().map(|none| (*none, anything)));
                self.builder.pick_truth(pairs)
            }
        }
    }

    fn change_of(&mut self, fact: FactId, change: &Change) -> TruthRegister {
        let rises = match change.direction {
            Direction::Rises => true,
            Direction::Falls => false,
            Direction::Improves => self.better(fact) == Better::Higher,
            Direction::Worsens => self.better(fact) == Better::Lower,
        };
        if change.of_baseline { self.relative(fact, change, rises) } else { self.absolute(fact, change, rises) }
    }

    /// By a share of the baseline: `after <= (1 - share) * before`, and not where both are the same, so that from 0
    /// any rise is one and no change is none (criteria of 2004, zero baseline).
    fn relative(&mut self, fact: FactId, change: &Change, rises: bool) -> TruthRegister {
        let before = self.builder.number_slot(at_baseline(fact, Part::Value));
        let after = self.builder.number_slot(since(fact, Part::Value));
        let share = if rises { Number::ONE.plus(change.by) } else { Number::ONE.minus(change.by) };
        let limit = self.times(before, share.unwrap_or(Number::ONE));
        let relation = if change.included { Relation::AtMost } else { Relation::Below };
        let order = |low: NumberRegister, high: NumberRegister| if rises { (high, low) } else { (low, high) };
        let (low, high) = order(after, limit);
        let far = self.builder.compare(low, relation, high);
        let (low, high) = order(after, before);
        let moved = self.builder.compare(low, Relation::Below, high);
        self.builder.all(vec![far, moved])
    }

    /// By a step of the usual scale; recorded on another scale, nothing is known.
    fn absolute(&mut self, fact: FactId, change: &Change, rises: bool) -> TruthRegister {
        let part = self.usual_scale(fact);
        let before = self.builder.number_slot(at_baseline(fact, part));
        let after = self.builder.number_slot(since(fact, part));
        let (high, low) = if rises { (after, before) } else { (before, after) };
        let step = self.builder.difference(high, low);
        let far = self.at_least(step, change.by, change.included);
        if part == Part::Value {
            return far;
        }
        // On whatever scale it was recorded: what did not move that way, did not move so far.
        let before = self.builder.number_slot(at_baseline(fact, Part::Value));
        let after = self.builder.number_slot(since(fact, Part::Value));
        let (high, low) = if rises { (after, before) } else { (before, after) };
        let moved = self.builder.compare(low, Relation::Below, high);
        self.builder.all(vec![far, moved])
    }

    fn usual_scale(&self, fact: FactId) -> Part {
        let end = match self.catalog.fact(fact).map(|fact| &fact.kind) {
            Some(FactKind::Number(kind)) => kind.scales.first().and_then(|end| u32::try_from(end.floor()).ok()),
            Some(FactKind::Choice { .. } | FactKind::Date) | None => None,
        };
        end.map_or(Part::Value, |end| Part::OnScale(ScaleEnd(end)))
    }
}

fn at_baseline(fact: FactId, part: Part) -> SlotSource {
    SlotSource::Fact { fact, when: Time::Baseline, part }
}

fn since(fact: FactId, part: Part) -> SlotSource {
    SlotSource::Fact { fact, when: Time::Since, part }
}
