use super::Teller;
use super::{answers, words};
use crate::catalog::{Fact, FactId, FactKind};
use crate::explain::{Operand, Possible};
use crate::model::Time;
use crate::model::{Amount, AmountKind, BlockId, BlockKind, Condition, ConditionKind, FactReading, Subject, Tested};
use crate::plan::{Part, Register, ScaleEnd, SlotSource};
use crate::source::Span;
use crate::value::{Number, Reason, Truth};

impl Teller<'_> {
    /// The facts and numbers that a condition looked at, each once.
    pub(super) fn operands_of(&self, condition: &Condition) -> Vec<Operand> {
        let mut operands = Vec::new();
        self.collect(condition, &mut operands);
        once(operands)
    }

    fn collect(&self, condition: &Condition, operands: &mut Vec<Operand>) {
        match &condition.kind {
            ConditionKind::Course(test) => self.collect_course(test, operands),
            ConditionKind::Status(asked, _) => operands.extend(self.status_operand(*asked)),
            ConditionKind::Concludes(block, at) => operands.extend(self.conclusion_operand(*block, *at)),
            ConditionKind::All(items) | ConditionKind::Any(items) | ConditionKind::Count { items, .. } => {
                for item in items {
                    self.collect(item, operands);
                }
            }
            ConditionKind::Not(inner) => self.collect(inner, operands),
            ConditionKind::Holds(block) | ConditionKind::Is { subject: Tested::Block(block), .. } => {
                operands.extend(self.block_operand(*block));
            }
            ConditionKind::Is { subject: Tested::Fact(reading), .. } => {
                operands.extend(self.fact_operand(*reading, Part::Value));
            }
            ConditionKind::Compares { subject, range } => {
                self.collect_amount(subject, operands);
                for end in [&range.low, &range.high].into_iter().flatten() {
                    self.collect_amount(&end.amount, operands);
                }
            }
            ConditionKind::Changes(change) => self.collect_change(change.subject, operands),
            ConditionKind::IsNotMeasured(reading) => operands.extend(self.fact_operand(*reading, Part::Measured)),
            ConditionKind::FactIsRecorded(reading) => operands.extend(self.fact_operand(*reading, Part::Recorded)),
            ConditionKind::IsRecorded(amount) => self.collect_amount(amount, operands),
        }
    }

    /// The facts and numbers that an amount is worked out from, each once.
    pub(super) fn operands_of_amount(&self, amount: &Amount) -> Vec<Operand> {
        let mut operands = Vec::new();
        self.collect_amount(amount, &mut operands);
        once(operands)
    }

    fn collect_amount(&self, amount: &Amount, operands: &mut Vec<Operand>) {
        match &amount.kind {
            AmountKind::SinceLastDose(therapy) => operands.extend(self.last_dose_operand(*therapy)),
            AmountKind::CourseWord(word) => operands.extend(self.word_operand(*word)),
            AmountKind::Constant(_) => {}
            AmountKind::Fact(reading) => operands.extend(self.fact_operand(*reading, Part::Value)),
            AmountKind::OnScale(reading, end) => {
                operands.extend(self.fact_operand(*reading, Part::OnScale(ScaleEnd(*end))));
            }
            AmountKind::Multiple(reading) => operands.extend(self.fact_operand(*reading, Part::Multiple)),
            AmountKind::Block(block) => operands.extend(self.block_operand(*block)),
            AmountKind::InUnit(inner, _) | AmountKind::Negative(inner) | AmountKind::Call(_, inner) => {
                self.collect_amount(inner, operands);
            }
            AmountKind::ChangeIn(subject) => self.collect_change(*subject, operands),
            AmountKind::Improvement(subject, _) => {
                self.collect_change(*subject, operands);
                operands.extend(self.improvement(amount));
            }
            AmountKind::Arithmetic(left, _, right) => {
                self.collect_amount(left, operands);
                self.collect_amount(right, operands);
            }
        }
    }

    /// The values before and after; of a measure those of its instrument.
    fn collect_change(&self, subject: Subject, operands: &mut Vec<Operand>) {
        let facts = match subject {
            Subject::Fact(fact) => vec![fact],
            Subject::Measure(block) => self.instruments_used(block),
        };
        for fact in facts {
            let before = self.change_operand(fact, Time::Baseline);
            // Of what was not measured at baseline, what came later tells nothing.
            let measured = before.as_ref().is_none_or(|known| known.provenance != Reason::NotMeasured.words());
            operands.extend(before);
            if measured {
                operands.extend(self.change_operand(fact, Time::Since));
            }
        }
    }

    /// A value of a change: as measured, or where only the multiple is looked at, that.
    fn change_operand(&self, fact: FactId, when: Time) -> Option<Operand> {
        let reading = FactReading { fact, when };
        [Part::Value, Part::Multiple]
            .into_iter()
            .chain(self.usual_scale(fact))
            .find_map(|part| self.fact_operand(reading, part))
    }

    fn usual_scale(&self, fact: FactId) -> Option<Part> {
        match &self.subject.catalog.fact(fact)?.kind {
            FactKind::Number(kind) => {
                let end = kind.scales.first()?.floor();
                u32::try_from(end).ok().map(|end| Part::OnScale(ScaleEnd(end)))
            }
            FactKind::Choice { .. } | FactKind::Date => None,
        }
    }

    /// The instruments of a measure that may be the chosen one; all of them where none was measured.
    pub(super) fn instruments_used(&self, block: BlockId) -> Vec<FactId> {
        let Some(BlockKind::Measure(measure)) = self.subject.guideline.block(block).map(|block| &block.kind) else {
            return Vec::new();
        };
        let chosen: Vec<Truth> = self
            .subject
            .lowered
            .block(block)
            .map_or_else(Vec::new, |planned| planned.rows.iter().map(|row| self.truth(*row)).collect());
        let mut facts: Vec<FactId> = Vec::new();
        let mut used: Vec<FactId> = Vec::new();
        for (at, instrument) in measure.instruments.iter().enumerate() {
            if !facts.contains(&instrument.fact) {
                facts.push(instrument.fact);
            }
            let possible = chosen.get(at).is_some_and(|chosen| chosen.can_be_yes());
            if possible && !used.contains(&instrument.fact) {
                used.push(instrument.fact);
            }
        }
        if used.is_empty() { facts } else { used }
    }

    pub(super) fn truth(&self, register: Register) -> Truth {
        match register {
            Register::Truth(at) => self.evaluation.registers.truth(at),
            Register::Choice(_) | Register::Number(_) => Truth::EITHER,
        }
    }

    fn improvement(&self, amount: &Amount) -> Option<Operand> {
        let AmountKind::Improvement(_, share) = &amount.kind else { return None };
        let register = self.subject.lowered.node(amount.id)?;
        let Register::Number(at) = register else { return None };
        let unit = match share {
            crate::syntax::tree::Share::Range => "% of range",
            crate::syntax::tree::Share::Baseline => "% of baseline",
        };
        Some(Operand {
            id: String::from("improvement"),
            label: String::from("improvement"),
            when: String::new(),
            possible: Possible::Number(self.evaluation.registers.number(at).clone()),
            written: None,
            unit: Some(unit.to_owned()),
            date: None,
            provenance: String::from("worked out"),
            upper_limit: None,
            scale: None,
            place: None,
        })
    }

    pub(super) fn block_operand(&self, id: BlockId) -> Option<Operand> {
        let block = self.subject.guideline.block(id)?;
        Some(Operand {
            id: block.name.value.clone(),
            label: block.title.clone(),
            when: String::new(),
            possible: words::of_block(self.narrowed(id), &block.gives),
            written: None,
            unit: answers::unit(&block.gives),
            date: None,
            provenance: String::from("worked out"),
            upper_limit: None,
            scale: None,
            place: Some(self.sources.place(block.head)),
        })
    }

    fn fact_operand(&self, reading: FactReading, part: Part) -> Option<Operand> {
        let FactReading { fact: id, when } = reading;
        let input = self.input(SlotSource::Fact { fact: id, when, part })?;
        let fact = self.subject.catalog.fact(id)?;
        let unit = match (&fact.kind, part) {
            (FactKind::Number(_), Part::Multiple) => Some(String::from("x upper limit")),
            (FactKind::Number(kind), _) => kind.unit.map(|unit| unit.symbol().to_owned()),
            (FactKind::Choice { .. } | FactKind::Date, _) => None,
        };
        Some(Operand {
            id: fact.id.value.clone(),
            label: fact.label.clone(),
            when: words::time(when),
            possible: words::of_fact(&input.held, fact),
            written: input.written.clone(),
            unit,
            date: input.date,
            provenance: input.reason.words().to_owned(),
            upper_limit: input.limit,
            scale: input.span.and_then(|span| self.scale(fact, span)),
            place: input.span.map(|span| self.sources.place(span)),
        })
    }
}

impl Teller<'_> {
    /// The end of the scale of a recorded value, where the fact has several.
    fn scale(&self, fact: &Fact, span: Span) -> Option<Number> {
        let FactKind::Number(kind) = &fact.kind else { return None };
        let usual = kind.scales.first().filter(|_| kind.scales.len() > 1)?;
        let mut entries = self.record.visits.iter().flat_map(|visit| &visit.entries);
        let entry = entries.find(|entry| entry.span.start == span.start)?;
        Some(entry.scale.unwrap_or(*usual))
    }
}

fn once(operands: Vec<Operand>) -> Vec<Operand> {
    let mut kept: Vec<Operand> = Vec::new();
    for operand in operands {
        if !kept.contains(&operand) {
            kept.push(operand);
        }
    }
    kept
}
