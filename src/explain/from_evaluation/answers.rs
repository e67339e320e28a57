use super::Teller;
use super::words;
use crate::eval::{Answer, Status};
use crate::explain::{AnswerShown, OverrideShown, Possible};
use crate::model::{Block, BlockKind, Type};
use crate::value::Truth;

/// An answer that the release has no question for.
fn silent(name: &str, sentence: &str) -> AnswerShown {
    AnswerShown {
        id: name.to_owned(),
        title: name.replace('_', " "),
        status: Status::Silent,
        possible: Possible::Nothing,
        unit: None,
        exact: true,
        as_recorded: false,
        says: None,
        because: Vec::new(),
        presuming: None,
        fault: None,
        silence: Some(sentence.to_owned()),
    }
}

impl Teller<'_> {
    pub(super) fn answers(&self) -> Vec<AnswerShown> {
        let mut answers: Vec<AnswerShown> =
            self.evaluation.answers.iter().filter_map(|answer| self.answer(answer)).collect();
        answers
            .extend(self.subject.guideline.info.silent_on.iter().map(|(name, sentence)| silent(&name.value, sentence)));
        answers
    }

    fn answer(&self, answer: &Answer) -> Option<AnswerShown> {
        let block = self.subject.guideline.block(answer.block)?;
        let possible = match answer.status {
            Status::Silent => Possible::Nothing,
            Status::Decided | Status::Open | Status::Fault => words::of_block(&answer.held, &block.gives),
        };
        let presuming = super::presuming(self.subject, block, answer);
        Some(AnswerShown {
            id: block.name.value.clone(),
            title: block.title.clone(),
            status: answer.status,
            unit: unit(&block.gives),
            exact: answer.exact,
            as_recorded: block.as_recorded.is_some(),
            says: self.says(block, &possible),
            because: self.because(&answer.because),
            presuming,
            fault: (answer.status == Status::Fault).then(|| self.fault(answer, block)),
            silence: None,
            possible,
        })
    }

    /// The guideline's own sentence for a value that is the only one.
    fn says(&self, block: &Block, possible: &Possible) -> Option<String> {
        let value = match possible {
            Possible::Choice(values) => match values.as_slice() {
                [only] => only.as_str(),
                _ => return None,
            },
            Possible::YesNo { yes: true, no: false } => "yes",
            Possible::YesNo { yes: false, no: true } => "no",
            Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => return None,
        };
        let sentences = self.subject.guideline.info.says.iter().find(|(answer, _)| answer.value == block.name.value);
        sentences.and_then(|(_, sentences)| {
            sentences.iter().find(|(known, _)| known.value == value).map(|(_, sentence)| sentence.clone())
        })
    }

    /// What is wrong with a table for this patient.
    fn fault(&self, answer: &Answer, block: &Block) -> String {
        let planned = self.subject.lowered.block(answer.block);
        let place = self.sources.place(block.head);
        let columns = planned.is_some_and(|planned| {
            planned.fault.is_some_and(|fault| self.evaluation.registers.truth(fault) == Truth::YES)
        });
        let name = &block.name.value;
        if columns {
            return format!("not exactly one of the columns of `{name}` is for this patient ({place})");
        }
        if matches!(block.kind, BlockKind::Bands(_)) {
            return format!("no band of `{name}` fits this patient, or two do ({place})");
        }
        if matches!(block.kind, BlockKind::Algorithm(_)) {
            return format!("no conclusion of `{name}` holds for this patient ({place})");
        }
        let fitting =
            planned.map_or(0, |planned| planned.rows.iter().filter(|row| self.truth(**row) == Truth::YES).count());
        match fitting {
            0 => format!("no row of `{name}` fits this patient ({place})"),
            count => format!("{count} rows of `{name}` fit this patient ({place})"),
        }
    }

    /// Where the clinic disagrees: with an answer, a conclusion, an option's verdict or a piece of advice.
    pub(super) fn overrides(&self, others: &[String]) -> Vec<OverrideShown> {
        let names: Vec<&str> = self.evaluation.answers.iter().filter_map(|answer| self.name(answer)).collect();
        let others: Vec<String> = others.iter().map(|name| unordered(name)).collect();
        self.record
            .overrides
            .iter()
            .filter(|one| {
                let name = one.answer.value.as_str();
                names.contains(&name) || others.contains(&unordered(name))
            })
            .map(|one| OverrideShown {
                answer: one.answer.value.clone(),
                mine: one.mine.clone(),
                reason: one.reason.clone(),
                by: one.by.clone(),
            })
            .collect()
    }

    fn name(&self, answer: &Answer) -> Option<&str> {
        self.subject.guideline.block(answer.block).map(|block| block.name.value.as_str())
    }
}

/// The unit of a block's number.
pub(super) fn unit(gives: &Type) -> Option<String> {
    match gives {
        Type::Points => Some(String::from("points")),
        Type::Number(unit) => unit.map(|unit| unit.symbol().to_owned()),
        Type::YesNo | Type::Choice(_) | Type::Several(_) | Type::Measure | Type::Nothing => None,
    }
}

/// A name in which the parts of a combination come in the order of letters: `ladder.a + b` is `ladder.b + a`.
fn unordered(name: &str) -> String {
    let (ladder, therapy) = name.split_once('.').unwrap_or(("", name));
    let mut parts: Vec<&str> = therapy.split('+').map(str::trim).collect();
    parts.sort_unstable();
    format!("{ladder}.{}", parts.join(" + "))
}
