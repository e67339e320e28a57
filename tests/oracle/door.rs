//! The program as a user of the library meets it: text in, answers out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use myoguide::diagnostics::draw::draw;
use myoguide::engine::{Engine, Options, Wanted};
use myoguide::eval::Status;
use myoguide::explain::Possible;
use myoguide::library::Library;
use myoguide::value::{Number, NumberSet};

use super::Fraction;

/// What the program says of one answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    pub(crate) status: Status,
    pub(crate) possible: Possible,
    pub(crate) exact: bool,
    pub(crate) as_recorded: bool,
    pub(crate) because: Vec<String>,
    pub(crate) presuming: bool,
}

/// The program's answers, by name.
pub(crate) type Answers = BTreeMap<String, Seen>;

/// Rules that are loaded.
#[derive(Debug)]
pub(crate) struct Door {
    library: Library,
    wanted: Wanted,
    engine: Engine,
    read: u32,
}

impl Door {
    /// Loads guidelines; says what is wrong with them.
    pub(crate) fn open(library: Library, wanted: Wanted) -> Result<Door, String> {
        let engine = Self::fresh(&library, &wanted)?;
        Ok(Door { library, wanted, engine, read: 0 })
    }

    fn fresh(library: &Library, wanted: &Wanted) -> Result<Engine, String> {
        let mut engine = Engine::open(library);
        engine.load(wanted).map_err(|error| error.to_string())?;
        if engine.has_errors() {
            return Err(draw(engine.sources(), engine.diagnostics(), false));
        }
        Ok(engine)
    }

    /// Evaluates every loaded guideline for a record.
    pub(crate) fn answers(&mut self, record: &str) -> Result<Answers, String> {
        self.read += 1;
        if self.read.is_multiple_of(400) {
            self.engine = Self::fresh(&self.library, &self.wanted)?;
        }
        let file = self.engine.add_text("record.yaml", record.to_owned());
        let mut answers = Answers::new();
        let records = self.engine.read_records(file);
        if records.is_empty() {
            return Err(format!("there is no record in\n{record}"));
        }
        for read in records {
            let patient = read.map_err(|mistakes| draw(self.engine.sources(), &mistakes, false) + record)?;
            for guideline in self.engine.guidelines() {
                let evaluated = self.engine.evaluate(guideline, &patient, Options::default());
                for answer in evaluated.explanation.answers {
                    let seen = Seen {
                        status: answer.status,
                        possible: answer.possible,
                        exact: answer.exact,
                        as_recorded: answer.as_recorded,
                        because: answer.because.into_iter().map(|because| because.fact).collect(),
                        presuming: answer.presuming.is_some(),
                    };
                    answers.insert(answer.id, seen);
                }
            }
        }
        Ok(answers)
    }
}

impl Seen {
    pub(crate) fn is_decided(&self) -> bool {
        self.status == Status::Decided
    }

    /// The truths that are possible.
    pub(crate) fn truths(&self) -> Option<Vec<bool>> {
        match &self.possible {
            Possible::YesNo { yes, no } => {
                Some([(true, *yes), (false, *no)].iter().filter(|(_, can)| *can).map(|(value, _)| *value).collect())
            }
            _ => None,
        }
    }

    /// The words that are possible.
    pub(crate) fn words(&self) -> Option<Vec<String>> {
        match &self.possible {
            Possible::Choice(words) => Some(words.clone()),
            Possible::YesNo { .. } => {
                let word = |truth: bool| if truth { "yes" } else { "no" }.to_owned();
                Some(self.truths()?.into_iter().map(word).collect())
            }
            _ => None,
        }
    }

    pub(crate) fn numbers(&self) -> Option<&NumberSet> {
        match &self.possible {
            Possible::Number(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// In a line, for a person who reads why a test failed.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("{:?}{}: ", self.status, if self.exact { "" } else { ", not exact" });
        match &self.possible {
            Possible::Number(numbers) => match numbers.finite_values(64) {
                Some(values) => {
                    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                    line.push_str(&values.join(", "));
                }
                None => {
                    let _ = write!(line, "{:?}", numbers.intervals());
                }
            },
            other => {
                let _ = write!(line, "{other:?}");
            }
        }
        let _ = write!(line, " because {}", self.because.join(", "));
        line
    }
}

/// The oracle's fraction as the program's number.
pub(crate) fn number(fraction: Fraction) -> Number {
    match Number::fraction(fraction.top(), fraction.bottom()) {
        Ok(number) => number,
        Err(error) => unreachable!("{fraction} is no number: {error}"),
    }
}
