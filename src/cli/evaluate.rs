use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::baseline::{self, WRITTEN};
use super::output::{self, Stop};
use super::{Ending, input, library, refuse_mistakes};
use crate::engine::{self, Asked, Engine, Options};
use crate::explain::Explanation;
use crate::record::Record;
use crate::render::{html, json, markdown, text, visits};
use crate::value::Date;

const EXAMPLES: &str = "\
Examples:
  myoguide evaluate examples/adult.yaml
  myoguide evaluate --guideline acr_eular_response@2016.1 --trace examples/child.yaml
  cat cohort.ndjson | myoguide evaluate --format json - > answers.ndjson";

/// Answer for one or more records
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Evaluate {
    /// Files of records, YAML or JSON; `-` reads standard input
    #[arg(required = true, value_name = "RECORD")]
    records: Vec<PathBuf>,
    /// A guideline, or one release of it, which then answers whatever the day; may be given several times [default: of
    /// every guideline that covers the patient, or may, the release in force on the day of the record]
    #[arg(long, value_name = "ID[@RELEASE]")]
    guideline: Vec<String>,
    /// Answer as of this day: what the record says of later days is left out, and the release in force on it answers
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// The visit that changes are counted from: `first`, the first visit on or after a day, or the visit at
    /// which the newest course of a drug was begun: the newest on or before that day, else the first after it [default:
    /// the visit with `role: baseline`, else the first]
    #[arg(long, value_name = WRITTEN, value_parser = baseline::read)]
    baseline: Option<baseline::Asked>,
    /// The course of the disease: the answers as they were at each visit, from what was known on that day
    #[arg(long, value_name = "visits")]
    at: Option<At>,
    /// Show how each answer was worked out, line by line
    #[arg(long)]
    trace: bool,
    /// How the answers are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Use the rules of this folder in the place of those shipped
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// A hospital's own sheet, which adds to a release and hides nothing; may be given several times
    #[arg(long, value_name = "DIR")]
    local: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum At {
    /// At each visit
    Visits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A page for people
    Text,
    /// An object a line for each record and guideline
    Json,
    /// A document with tables
    Markdown,
    /// A page for a browser and for paper, all records in one
    Html,
}

pub(super) fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a day as 2026-03-01".to_owned())
}

impl Evaluate {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut library = library(self.rules.as_ref())?;
        for sheet in &self.local {
            library.add_sheet(sheet).map_err(|error| Stop::Refused(error.to_string()))?;
        }
        let mut engine = Engine::open(&library);
        let asked = engine.ask(&self.guideline).map_err(|error| Stop::Refused(error.to_string()))?;
        refuse_mistakes(&engine)?;
        let baseline = baseline::resolved(self.baseline.as_ref(), &mut engine)?;
        let options = Options { as_of: self.as_of, baseline };
        let mut ending = Ending::Well;
        let mut printed = false;
        let mut pages = Vec::new();
        for path in &self.records {
            let (name, text) = match input::read(path) {
                Ok(read) => read,
                Err(refusal) => {
                    output::message(&refusal);
                    ending = Ending::Unreadable;
                    continue;
                }
            };
            let file = engine.add_text(&name, text);
            let records = engine.read_records(file);
            refuse_mistakes(&engine)?;
            for record in records {
                match record {
                    Ok(record) => {
                        if self.format == Format::Html {
                            pages.extend(self.pages(&mut engine, &asked, &record, options)?);
                            continue;
                        }
                        let page = match self.at {
                            Some(At::Visits) => {
                                self.render_visits(&self.at_visits(&mut engine, &asked, &record, options)?, printed)
                            }
                            None => self.render(&self.explanations(&mut engine, &asked, &record, options)?, printed),
                        };
                        output::result(&page)?;
                        printed = true;
                    }
                    Err(mistakes) => {
                        output::diagnostics(engine.sources(), &mistakes);
                        ending = Ending::Unreadable;
                    }
                }
            }
        }
        if !pages.is_empty() {
            output::result(&html::render(&pages, self.trace))?;
        }
        Ok(ending)
    }

    /// What each guideline says: one asked for by name answers even if only to say that it does not speak of the
    /// patient, and so do all of them where none covers the patient.
    fn explanations(
        &self,
        engine: &mut Engine,
        asked: &[Asked],
        record: &Record,
        options: Options,
    ) -> Result<Vec<Explanation>, Stop> {
        let all = engine.evaluate_asked(asked, record, options);
        refuse_mistakes(engine)?;
        let spoken = engine::speaking(all, !self.guideline.is_empty());
        Ok(spoken.into_iter().map(|evaluated| evaluated.explanation).collect())
    }

    /// The articles of a page: one for a record, or one for each of its visits.
    fn pages(
        &self,
        engine: &mut Engine,
        asked: &[Asked],
        record: &Record,
        options: Options,
    ) -> Result<Vec<Vec<Explanation>>, Stop> {
        let days = match self.at {
            Some(At::Visits) => record.days(self.as_of).into_iter().map(Some).collect(),
            None => vec![self.as_of],
        };
        let on = |as_of| self.explanations(engine, asked, record, Options { as_of, ..options });
        days.into_iter().map(on).collect()
    }

    /// The same at each visit, the earliest first: for each guideline, its answers of each day.
    fn at_visits(
        &self,
        engine: &mut Engine,
        asked: &[Asked],
        record: &Record,
        options: Options,
    ) -> Result<Vec<Vec<Explanation>>, Stop> {
        let mut guidelines: Vec<Vec<Explanation>> = Vec::new();
        for day in record.days(self.as_of) {
            for explanation in self.explanations(engine, asked, record, Options { as_of: Some(day), ..options })? {
                let own = |visits: &&mut Vec<Explanation>| {
                    visits.first().is_some_and(|first| first.guideline == explanation.guideline)
                };
                match guidelines.iter_mut().find(own) {
                    Some(visits) => visits.push(explanation),
                    None => guidelines.push(vec![explanation]),
                }
            }
        }
        Ok(guidelines)
    }

    fn render_visits(&self, guidelines: &[Vec<Explanation>], later: bool) -> String {
        let page = match self.format {
            Format::Json => {
                return guidelines.iter().flatten().map(|one| json::render(one, self.trace)).collect();
            }
            Format::Text => visits::text(guidelines),
            Format::Markdown => visits::markdown(guidelines),
            Format::Html => return html::render(guidelines, self.trace),
        };
        if later { format!("\n{page}") } else { page }
    }

    fn render(&self, explanations: &[Explanation], later: bool) -> String {
        let page = match self.format {
            Format::Json => return explanations.iter().map(|one| json::render(one, self.trace)).collect(),
            Format::Text => {
                text::render(explanations, text::Look { trace: self.trace, color: output::results_coloured() })
            }
            Format::Markdown => markdown::render(explanations, self.trace),
            Format::Html => return html::render(&[explanations], self.trace),
        };
        if later { format!("\n{page}") } else { page }
    }
}
