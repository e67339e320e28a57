//! Counts into cells, and the sums they stand in.

use std::collections::BTreeMap;

use super::build::{Answer, Hindsight, Section, Settling, ValueRow};
use super::counts::{Counts, OfAnswer, OfGuideline, Tallied};
use super::observe::NONE;
use super::stretch;
use super::withheld::{Cell, Sheet};
use crate::engine::{Engine, Loaded};
use crate::model::{Type, Verdict};

/// What an answer gives.
#[derive(Debug, Default)]
struct Gives {
    /// Its values, in their order; none of a number.
    values: Vec<String>,
    several: bool,
    number: bool,
    /// Of a conclusion: its name, for its yes is often the value of its algorithm.
    conclusion: Option<String>,
}

/// Puts the cells of a summary on a sheet.
pub(super) struct Making {
    sheet: Sheet,
    /// Counts of a section that may mean the same patients, by what they are called.
    kinds: BTreeMap<(String, String), usize>,
}

impl Making {
    pub(super) fn new(least: Option<u64>) -> Self {
        Making { sheet: Sheet::new(least), kinds: BTreeMap::new() }
    }

    /// How often guidelines were asked, and what each release said.
    pub(super) fn sections(&mut self, engine: &Engine, counts: &Counts) -> (Cell, Vec<Section>) {
        let asked = self.sheet.known(counts.asked);
        let mut ordered: Vec<(&String, &OfGuideline)> = counts.guidelines.iter().collect();
        ordered.sort_by_key(|(name, of)| (of.place, *name));
        let mut places: BTreeMap<usize, Vec<Cell>> = BTreeMap::new();
        let mut sections = Vec::new();
        for (name, of) in ordered {
            let one = self.sheet.cell(of.covered + of.perhaps + of.silent.values().sum::<u64>());
            places.entry(of.place).or_default().push(one);
            sections.push(self.section(engine, name, of, one));
        }
        // The releases of a guideline share what was asked among them.
        for releases in places.into_values() {
            self.sheet.sum(asked, &releases);
        }
        (asked, sections)
    }

    fn section(&mut self, engine: &Engine, name: &str, of: &OfGuideline, asked: Cell) -> Section {
        let (id, release) = name.split_once('@').unwrap_or((name, ""));
        let is_it = |loaded: &&Loaded| {
            let info = &loaded.guideline.info;
            info.id.value == id && info.release.value.to_string() == release
        };
        let loaded = engine.guidelines().iter().find(is_it);
        let (covered, perhaps) = (self.sheet.cell(of.covered), self.sheet.cell(of.perhaps));
        let (silent, why) = self.tallied(&of.silent);
        let spoken = self.sheet.cell(of.covered + of.perhaps);
        self.sheet.sum(asked, &[spoken, silent]);
        self.sheet.sum(spoken, &[covered, perhaps]);
        self.sheet.sum(silent, &cells(&why));
        let gives = |id: &str| loaded.map_or_else(Gives::default, |loaded| gives(loaded, id));
        let answers = self.answers(name, &of.answers, spoken, gives);
        let conclusions = self.answers(name, &of.conclusions, spoken, |id| Gives {
            conclusion: id.rsplit_once('.').map(|(_, name)| name.to_owned()),
            ..Gives::yes_no()
        });
        let ladders = self.answers(name, &of.ladders, spoken, gives);
        let options = self.answers(name, &of.options, spoken, |_| Gives::verdicts());
        let (_, granted) = self.tallied(&of.granted);
        for (_, cell) in &granted {
            self.sheet.part(spoken, *cell);
        }
        let hindsight = (of.earlier > 0).then(|| self.hindsight(of, spoken));
        Section {
            id: id.to_owned(),
            release: release.to_owned(),
            title: loaded.map(|loaded| loaded.guideline.info.title.clone()).unwrap_or_default(),
            asked,
            covered,
            perhaps,
            silent,
            why,
            spoken,
            answers,
            conclusions,
            ladders,
            options,
            granted,
            hindsight,
        }
    }

    fn hindsight(&mut self, of: &OfGuideline, spoken: Cell) -> Hindsight {
        let (earlier, used) = (self.sheet.cell(of.earlier), self.sheet.cell(of.hindsight));
        let (_, facts) = self.tallied(&of.undated);
        self.sheet.part(spoken, earlier);
        self.sheet.part(earlier, used);
        for (_, cell) in &facts {
            self.sheet.part(used, *cell);
        }
        Hindsight { earlier, used, facts }
    }

    /// A cell for the sum, and one for each word, the most frequent first.
    fn tallied(&mut self, of: &Tallied) -> (Cell, Vec<(String, Cell)>) {
        let mut ordered: Vec<(&String, u64)> = of.iter().map(|(word, count)| (word, *count)).collect();
        ordered.sort_by_key(|(word, count)| (u64::MAX - count, *word));
        let total = self.sheet.cell(of.values().sum());
        (total, ordered.into_iter().map(|(word, count)| (word.clone(), self.sheet.cell(count))).collect())
    }

    fn answers(
        &mut self,
        section: &str,
        all: &BTreeMap<String, OfAnswer>,
        spoken: Cell,
        gives: impl Fn(&str) -> Gives,
    ) -> Vec<Answer> {
        let mut ordered: Vec<(&String, &OfAnswer)> = all.iter().collect();
        ordered.sort_by_key(|(id, of)| (of.place, *id));
        ordered.into_iter().map(|(id, of)| self.answer(section, (id, of), spoken, &gives(id))).collect()
    }

    fn answer(&mut self, section: &str, (id, of): (&str, &OfAnswer), spoken: Cell, gives: &Gives) -> Answer {
        let silent = self.sheet.value(spoken).saturating_sub(of.decided + of.presumed + of.open + of.fault);
        let mut cell = |value, called: &str| self.cell_of(section, called, value);
        let (decided, granted) = (cell(of.decided, "settled"), cell(of.presumed, "granted"));
        let usable = cell(of.decided + of.presumed, "usable");
        let open = cell(of.open, "open");
        let (silent, fault) = (cell(silent, "silent"), cell(of.fault, "fault"));
        self.sheet.sum(usable, &[decided, granted]);
        self.sheet.sum(spoken, &[usable, open, silent, fault]);
        let mut values = Vec::new();
        for value in gives.ordered(of) {
            let count = |of: &Tallied| of.get(&value).copied().unwrap_or_default();
            let called = gives.conclusion.as_ref().filter(|_| value == "yes").unwrap_or(&value);
            let settled = self.cell_of(section, &format!("settled {called}"), count(&of.settled));
            let granted = self.cell_of(section, &format!("granted {called}"), count(&of.granted));
            let upper = (!gives.number).then(|| self.sheet.cell(count(&of.settled) + count(&of.possible)));
            values.push(ValueRow { value, settled, granted, upper });
        }
        if gives.several {
            for ValueRow { settled, granted: taken, .. } in &values {
                self.sheet.part(decided, *settled);
                self.sheet.part(granted, *taken);
            }
        } else {
            self.sheet.sum(decided, &values.iter().map(|row| row.settled).collect::<Vec<_>>());
            self.sheet.sum(granted, &values.iter().map(|row| row.granted).collect::<Vec<_>>());
        }
        let (settling, together) = self.settling(of, open);
        let (id, title, unit) = (id.to_owned(), of.title.clone(), of.unit.clone());
        let several = gives.several;
        Answer { id, title, unit, decided, granted, usable, open, silent, fault, several, values, settling, together }
    }

    fn cell_of(&mut self, section: &str, called: &str, value: u64) -> Cell {
        let next = self.kinds.len();
        let kind = *self.kinds.entry((section.to_owned(), called.to_owned())).or_insert(next);
        self.sheet.cell_of(value, kind)
    }

    fn settling(&mut self, of: &OfAnswer, open: Cell) -> (Vec<Settling>, Cell) {
        let mut facts: Vec<(&String, u64, u64)> = of
            .among
            .iter()
            .map(|(fact, why)| (fact, of.alone.get(fact).copied().unwrap_or_default(), why.values().sum()))
            .collect();
        facts.sort_by_key(|(fact, alone, among)| (u64::MAX - alone, u64::MAX - among, *fact));
        let mut settling = Vec::new();
        for (fact, alone, _) in facts {
            let alone = self.sheet.cell(alone);
            let (among, why) = self.tallied(of.among.get(fact).unwrap_or(&Tallied::new()));
            settling.push(Settling { fact: fact.clone(), alone, among, why });
        }
        let together = self.sheet.cell(of.open.saturating_sub(of.alone.values().sum()));
        let mut parts: Vec<Cell> = settling.iter().map(|one| one.alone).collect();
        parts.push(together);
        self.sheet.sum(open, &parts);
        (settling, together)
    }

    /// Decides what is withheld: first of all that adds up to the whole, then of what is known of the rest.
    pub(super) fn settled(mut self, sections: &[Section]) -> Sheet {
        self.sheet.settle();
        let answers: Vec<&Answer> = sections.iter().flat_map(Section::each).collect();
        for answer in &answers {
            for one in &answer.settling {
                if !self.may_show_among(answer, one) {
                    self.sheet.withhold(one.among);
                }
                self.sheet.sum(one.among, &cells(&one.why));
            }
        }
        self.sheet.settle();
        for answer in answers {
            let whole = self.is_whole(answer);
            for ValueRow { settled, upper, .. } in &answer.values {
                let Some(upper) = *upper else { continue };
                if !(whole && self.may_show_upper(answer, *settled, upper)) {
                    self.sheet.withhold(upper);
                }
            }
        }
        self.sheet
    }

    /// How many patients hang on a fact at all may be shown where nothing can be worked out from it and the others.
    fn may_show_among(&self, answer: &Answer, one: &Settling) -> bool {
        let sheet = &self.sheet;
        let shown = [answer.open, one.alone].into_iter().all(|cell| sheet.count(cell).is_some());
        let (among, alone, open) = (sheet.value(one.among), sheet.value(one.alone), sheet.value(answer.open));
        !sheet.withholds()
            || shown && [among, among - alone, open - among].into_iter().all(|count| !sheet.is_small(count))
    }

    fn may_show_upper(&self, answer: &Answer, settled: Cell, upper: Cell) -> bool {
        let sheet = &self.sheet;
        let possible = sheet.value(upper) - sheet.value(settled);
        let unsettled = sheet.value(answer.granted) + sheet.value(answer.open);
        [possible, unsettled.saturating_sub(possible), sheet.value(upper)]
            .into_iter()
            .all(|count| !sheet.is_small(count))
    }

    /// Everything that adds up to the answer is shown.
    fn is_whole(&self, answer: &Answer) -> bool {
        let Answer { decided, granted, usable, open, silent, fault, values, .. } = answer;
        let of_values = values.iter().flat_map(|row| [row.settled, row.granted]);
        let mut all = [*decided, *granted, *usable, *open, *silent, *fault].into_iter().chain(of_values);
        all.all(|cell| self.sheet.count(cell).is_some())
    }
}

fn cells(of: &[(String, Cell)]) -> Vec<Cell> {
    of.iter().map(|(_, cell)| *cell).collect()
}

/// What a block of a release gives.
fn gives(loaded: &Loaded, name: &str) -> Gives {
    let (values, several, number) = match loaded.guideline.find(name).map(|block| &block.gives) {
        Some(Type::YesNo) => return Gives::yes_no(),
        Some(Type::Choice(values)) => (values.clone(), false, false),
        Some(Type::Several(values)) => (values.clone(), true, false),
        Some(Type::Number(_) | Type::Points) => (Vec::new(), false, true),
        Some(Type::Measure | Type::Nothing) | None => return Gives::default(),
    };
    Gives { values, several, number, conclusion: None }
}

impl Gives {
    fn yes_no() -> Self {
        Gives { values: ["yes", "no"].map(str::to_owned).into(), ..Gives::default() }
    }

    fn verdicts() -> Self {
        Gives { values: Verdict::ALL.iter().map(|verdict| verdict.word().to_owned()).collect(), ..Gives::default() }
    }

    /// The values of an answer in their order: those it can have, and those it was found to have.
    fn ordered(&self, of: &OfAnswer) -> Vec<String> {
        let mut values = self.values.clone();
        let found = of.settled.keys().chain(of.granted.keys()).chain(of.possible.keys());
        let mut others: Vec<&String> = found.filter(|value| !self.values.contains(value)).collect();
        others.sort_by_key(|value| (*value == NONE, stretch::order(value), (*value).clone()));
        others.dedup();
        values.extend(others.into_iter().cloned());
        values
    }
}
