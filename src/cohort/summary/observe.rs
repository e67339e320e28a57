//! What a record adds to the counts.

use std::collections::BTreeSet;

use super::counts::{Counts, OfAnswer, OfGuideline, count, count_all};
use super::stretch;
use super::words::{SILENT, Word, Words};
use crate::cohort::run::Chosen;
use crate::engine::{Answering, Engine, Evaluated, Ready};
use crate::eval::{Evaluation, Status};
use crate::explain::{
    self, AnswerShown, Because, ConclusionShown, Explanation, OptionShown, Possible, PresumingShown, Standing,
};
use crate::model::{Block, BlockId};
use crate::record::Record;
use crate::value::Date;

/// A record as it is asked about: on its own day, or at a visit.
#[derive(Debug, Clone, Copy)]
pub(in crate::cohort) struct Seen<'a> {
    /// The guidelines that are asked.
    pub(in crate::cohort) ready: &'a [Ready],
    /// The record.
    pub(in crate::cohort) record: &'a Record,
    /// The day.
    pub(in crate::cohort) day: Date,
    /// Each visit is asked about, and this is not the newest of the patient's.
    pub(in crate::cohort) earlier: bool,
    /// What a column says of the record, where records are counted by it.
    pub(in crate::cohort) group: Option<&'a str>,
}

/// An answer, or what is one without being called so.
struct Stands<'a> {
    status: Status,
    possible: &'a Possible,
    presuming: Option<&'a PresumingShown>,
    because: &'a [Because],
}

impl<'a> Stands<'a> {
    fn of_answer(shown: &'a AnswerShown) -> Self {
        let AnswerShown { status, possible, because, presuming, .. } = shown;
        Stands { status: *status, possible, presuming: presuming.as_ref(), because }
    }

    fn of(standing: &'a Standing) -> Self {
        let Standing { status, possible, because, presuming, .. } = standing;
        Stands { status: *status, possible, presuming: presuming.as_ref(), because }
    }

    fn word(&self, answer: &str) -> Word {
        let (usable, words) = match (self.status, self.presuming) {
            (Status::Decided, _) => (true, certain(self.possible).join(", ")),
            (Status::Open, Some(presuming)) => (true, format!("{} (granted)", certain(&presuming.possible).join(", "))),
            (Status::Open, None) => (false, "depends".to_owned()),
            (Status::Fault, _) => (false, "fault".to_owned()),
            (Status::Silent, _) => (false, SILENT.to_owned()),
        };
        Word { answer: answer.to_owned(), usable, words }
    }
}

impl Counts {
    /// What every guideline that is asked tells of a record, also those that do not speak of it.
    pub(in crate::cohort) fn whole(&mut self, engine: &Engine, seen: Seen<'_>, told: &[Evaluated]) -> Words {
        self.asked += 1;
        let mut words = Words::new();
        for (place, (ready, one)) in seen.ready.iter().zip(told).enumerate() {
            let answering = ready.on(seen.day);
            let undated = || one.explanation.record.undated.clone();
            if let Some(of) = self.spoken(engine, place, seen, answering, &one.evaluation, undated) {
                of.explained(&one.explanation);
                let all = one.explanation.answers.iter();
                let all: Vec<Word> = all.map(|shown| Stands::of_answer(shown).word(&shown.id)).collect();
                of.of_group(seen.group, &all);
                words.insert(place, all);
            }
        }
        words
    }

    /// A record some answers are asked for; [`Counts::part`] is told of each guideline.
    pub(in crate::cohort) fn asked(&mut self) {
        self.asked += 1;
    }

    /// Some answers of one of the guidelines that are asked; how they stand goes into words.
    pub(in crate::cohort) fn part(
        &mut self,
        engine: &Engine,
        seen: Seen<'_>,
        (asked, answering): (usize, Answering),
        chosen: &[&Chosen],
        evaluation: &Evaluation,
        words: &mut Words,
    ) {
        let Some(loaded) = engine.guidelines().get(answering.release()) else { return };
        let subject = engine.subject(loaded);
        let undated = || explain::undated(subject, seen.record, evaluation, engine.sources());
        let Some(of) = self.spoken(engine, asked, seen, answering, evaluation, undated) else { return };
        let because = explain::because(subject, seen.record, evaluation, engine.sources());
        let mut granted = BTreeSet::new();
        let mut all = Vec::new();
        for (at, one) in chosen.iter().enumerate() {
            let entry = of.answers.entry(one.answer.clone()).or_default();
            let found = one.block(answering.release()).and_then(|id| answer_of(&loaded.guideline, evaluation, id));
            let Some((block, place)) = found else {
                entry.name(at, &one.answer.replace('_', " "), None);
                all.push(Word { answer: one.answer.clone(), usable: false, words: SILENT.to_owned() });
                continue;
            };
            let Some(answer) = evaluation.answers.get(place) else { continue };
            let (possible, unit) = explain::possible(block, answer);
            let presuming = explain::presuming(subject, block, answer);
            entry.name(at, &block.title, unit.as_deref());
            let because = because.get(place).map_or(&[][..], Vec::as_slice);
            let stands = Stands { status: answer.status, possible: &possible, presuming: presuming.as_ref(), because };
            entry.stands(&stands, true, &mut granted);
            all.push(stands.word(&one.answer));
        }
        count_all(&mut of.granted, &granted);
        of.of_group(seen.group, &all);
        words.insert(asked, all);
    }

    /// Counts whether a guideline speaks of the record; what it then says is for the caller.
    fn spoken(
        &mut self,
        engine: &Engine,
        place: usize,
        seen: Seen<'_>,
        answering: Answering,
        evaluation: &Evaluation,
        undated: impl FnOnce() -> Vec<String>,
    ) -> Option<&mut OfGuideline> {
        let loaded = engine.guidelines().get(answering.release())?;
        let asked = seen.ready.get(place).map_or("", |ready| ready.name.as_str());
        let of = self.guidelines.entry(format!("{asked}@{}", loaded.guideline.info.release.value)).or_default();
        of.place = place;
        let covers = evaluation.covers;
        if !covers.can_be_yes() {
            let why = match answering {
                Answering::NotYet(_, first) => format!("not in force before {first}"),
                Answering::Release(_) => {
                    let subject = engine.subject(loaded);
                    explain::why_not_covered(subject, seen.record, evaluation, engine.sources()).unwrap_or_default()
                }
            };
            count(&mut of.silent, &why);
            return None;
        }
        let open = if covers.can_be_no() { &mut of.perhaps } else { &mut of.covered };
        *open += 1;
        let conflicts = evaluation.impossible.iter().filter_map(|id| loaded.guideline.block(*id));
        count_all(&mut of.conflicts, conflicts.map(|block| &block.title));
        if seen.earlier {
            of.earlier += 1;
            let used = undated();
            of.hindsight += u64::from(!used.is_empty());
            count_all(&mut of.undated, &used);
        }
        Some(of)
    }
}

fn answer_of<'g>(
    guideline: &'g crate::model::Guideline,
    evaluation: &Evaluation,
    id: BlockId,
) -> Option<(&'g Block, usize)> {
    let at = evaluation.answers.iter().position(|answer| answer.block == id)?;
    Some((guideline.block(id)?, at))
}

impl OfGuideline {
    /// How the answers of one of the records stand that a column puts together.
    fn of_group(&mut self, name: Option<&str>, words: &[Word]) {
        let Some(group) = name.and_then(|name| self.group(name)) else { return };
        group.spoken += 1;
        count_all(&mut group.usable, words.iter().filter(|word| word.usable).map(|word| &word.answer));
    }

    /// Everything a guideline says.
    fn explained(&mut self, explanation: &Explanation) {
        let mut granted = BTreeSet::new();
        for (at, shown) in explanation.answers.iter().enumerate() {
            let entry = self.answers.entry(shown.id.clone()).or_default();
            entry.name(at, &shown.title, shown.unit.as_deref());
            entry.stands(&Stands::of_answer(shown), true, &mut granted);
        }
        for (at, ConclusionShown { algorithm, id, title, standing, .. }) in explanation.conclusions.iter().enumerate() {
            let entry = self.conclusions.entry(format!("{algorithm}.{id}")).or_default();
            entry.name(at, title, None);
            entry.stands(&Stands::of(standing), true, &mut granted);
        }
        let mut place = 0;
        for (at, ladder) in explanation.ladders.iter().enumerate() {
            let entry = self.ladders.entry(ladder.id.clone()).or_default();
            entry.name(at, &ladder.title, None);
            entry.stands(&Stands::of(&ladder.current), true, &mut granted);
            let beside =
                [("throughout", &ladder.throughout), ("optional", &ladder.optional), ("alongside", &ladder.alongside)];
            let lines = ladder.lines.iter().map(|line| (line.id.as_str(), &line.options));
            for (line, options) in beside.into_iter().chain(lines) {
                self.options(&format!("{}.{line}", ladder.id), options.iter(), &mut place, &mut granted);
            }
        }
        for regimen in &explanation.regimens {
            self.options(&regimen.id, regimen.options(), &mut place, &mut granted);
        }
        count_all(&mut self.granted, &granted);
    }

    fn options<'o>(
        &mut self,
        above: &str,
        options: impl Iterator<Item = &'o OptionShown>,
        place: &mut usize,
        granted: &mut BTreeSet<String>,
    ) {
        for option in options {
            let entry = self.options.entry(format!("{above}.{}", option.id)).or_default();
            entry.name(*place, &option.label, None);
            entry.stands(&Stands::of(&option.verdict), false, granted);
            *place += 1;
        }
    }
}

impl OfAnswer {
    fn name(&mut self, place: usize, title: &str, unit: Option<&str>) {
        if self.title.is_empty() {
            *self = OfAnswer { place, title: title.to_owned(), unit: unit.map(str::to_owned), ..OfAnswer::default() };
        }
    }

    /// `settling`: what would settle it is counted as well.
    fn stands(&mut self, stands: &Stands<'_>, settling: bool, granted: &mut BTreeSet<String>) {
        match (stands.status, stands.presuming) {
            (Status::Decided, _) => {
                self.decided += 1;
                count_all(&mut self.settled, &certain(stands.possible));
            }
            (Status::Open, presuming) => {
                count_all(&mut self.possible, &possible(stands.possible));
                if let Some(PresumingShown { possible, facts }) = presuming {
                    self.presumed += 1;
                    count_all(&mut self.granted, &certain(possible));
                    granted.extend(facts.iter().map(|(fact, value)| format!("{fact}: {value}")));
                } else {
                    self.open += 1;
                    if settling {
                        self.hangs_on(stands.because);
                    }
                }
            }
            (Status::Fault, _) => self.fault += 1,
            // How often a guideline says nothing is what remains.
            (Status::Silent, _) => {}
        }
    }

    fn hangs_on(&mut self, because: &[Because]) {
        let mut known = BTreeSet::new();
        for Because { fact, when, why, .. } in because {
            let name = if when.is_empty() { fact.clone() } else { format!("{fact} {when}") };
            if known.insert(name.clone()) {
                count(self.among.entry(name).or_default(), why);
            }
        }
        if let (Some(only), 1) = (known.first(), known.len()) {
            count(&mut self.alone, only);
        }
    }
}

/// The values that something settled has: several of a table in which every row that fits counts.
fn certain(of: &Possible) -> Vec<String> {
    match of {
        Possible::YesNo { yes: true, .. } => vec!["yes".to_owned()],
        Possible::YesNo { .. } => vec!["no".to_owned()],
        Possible::Choice(values) => values.first().cloned().into_iter().collect(),
        Possible::Several { certain, .. } if certain.is_empty() => vec![NONE.to_owned()],
        Possible::Several { certain, .. } => certain.clone(),
        Possible::Number(set) => vec![stretch::of_set(set)],
        Possible::Nothing => Vec::new(),
    }
}

/// Of a table in which every row that fits counts: none does.
pub(super) const NONE: &str = "none of them";

/// The values that are still possible; of numbers that is not counted.
fn possible(of: &Possible) -> Vec<String> {
    match of {
        Possible::YesNo { yes, no } => {
            [(*yes, "yes"), (*no, "no")].into_iter().filter(|(may, _)| *may).map(|(_, word)| word.to_owned()).collect()
        }
        Possible::Choice(values) => values.clone(),
        Possible::Several { certain, perhaps } => certain.iter().chain(perhaps).cloned().collect(),
        Possible::Number(_) | Possible::Nothing => Vec::new(),
    }
}
