use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::baseline::{self, WRITTEN};
use super::evaluate::day;
use super::output::{self, Stop};
use super::{Ending, input, library, refuse_mistakes};
use crate::diagnostics::suggest;
use crate::engine::{Asked, Engine, Options, Wanted};
use crate::explain::{self, Flowchart};
use crate::record::Record;
use crate::render::graph::{dot, mermaid, svg};
use crate::value::Date;

/// What stands for a record's name in the name of a file.
const ID: &str = "{id}";

const EXAMPLES: &str = "\
Examples:
  myoguide graph GUIDELINE > algorithm.svg
  myoguide graph GUIDELINE --algorithm NAME --format mermaid
  myoguide graph GUIDELINE --record patient.yaml --output path.svg
  myoguide graph GUIDELINE --record cohort.yaml --output 'path-{id}.svg'";

/// Draw an algorithm of a guideline, and a patient's path through it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Graph {
    /// The guideline, or one release of it [default: the newest, for a record the one in force on its day]
    #[arg(value_name = "GUIDELINE[@RELEASE]")]
    guideline: String,
    /// Which of its algorithms, where it has several; else the first among its answers
    #[arg(long, value_name = "NAME")]
    algorithm: Option<String>,
    /// A file of records, YAML or JSON: the patient's path is lit; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// How it is drawn
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// Where the drawing goes, in the place of standard output; with several records a name with `{id}` in it, for a
    /// drawing each
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The path as of this day: what the record says of later days is left out
    #[arg(long, value_name = "DATE", value_parser = day, requires = "record")]
    as_of: Option<Date>,
    /// The visit that changes are counted from: `first`, the first visit on or after a day, or the visit at
    /// which the newest course of a drug was begun: the newest on or before that day, else the first after it [default:
    /// the visit with `role: baseline`, else the first]
    #[arg(long, value_name = WRITTEN, value_parser = baseline::read, requires = "record")]
    baseline: Option<baseline::Asked>,
    /// Use the rules of this folder in the place of those shipped
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A drawing that needs no other program
    Svg,
    /// Text that wikis and repositories draw
    Mermaid,
    /// Text that Graphviz draws
    Dot,
}

impl Graph {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut engine = Engine::open(&library(self.rules.as_ref())?);
        engine.load(&Wanted::named(&self.guideline)).map_err(|error| Stop::Refused(error.to_string()))?;
        refuse_mistakes(&engine)?;
        let baseline = baseline::resolved(self.baseline.as_ref(), &mut engine)?;
        let options = Options { as_of: self.as_of, baseline };
        let records = self.record.as_ref().map(|path| records(&mut engine, path)).transpose()?;
        let asked =
            engine.ask(std::slice::from_ref(&self.guideline)).map_err(|error| Stop::Refused(error.to_string()))?;
        let Some(loaded) = engine.guidelines().first() else {
            return Err(Stop::Refused(format!("`{}` cannot be drawn", self.guideline)));
        };
        let charts = explain::flowcharts(&loaded.guideline, engine.catalog(), engine.sources());
        let answers: Vec<&str> = loaded.guideline.info.answers().iter().map(|name| name.value.as_str()).collect();
        let chosen = self.chosen(&charts, &answers).map_err(Stop::Refused)?;
        match records.as_deref() {
            None => self.put(input::written_to(self.output.as_deref()), chosen)?,
            Some([record]) => {
                self.put(
                    input::written_to(self.output.as_deref()),
                    &self.lit(&mut engine, &asked, record, options, &chosen.id)?,
                )?;
            }
            Some(records) => {
                for (path, record) in self.paths(records)? {
                    self.put(Some(&path), &self.lit(&mut engine, &asked, record, options, &chosen.id)?)?;
                }
            }
        }
        Ok(Ending::Well)
    }

    /// The algorithm that was asked for, else the one that leads: the first among the answers of the guideline.
    fn chosen<'a>(&self, charts: &'a [Flowchart], answers: &[&str]) -> Result<&'a Flowchart, String> {
        let names = || charts.iter().map(|chart| chart.id.as_str());
        let listed = names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let leading = answers.iter().find_map(|name| charts.iter().find(|chart| chart.id == *name));
        match (&self.algorithm, charts) {
            (_, []) => Err(format!("`{}` has no algorithm, so there is nothing to draw", self.guideline)),
            (None, [first, ..]) => Ok(leading.unwrap_or(first)),
            (Some(name), _) => charts.iter().find(|chart| chart.id == *name).ok_or_else(|| {
                let near = suggest::nearest(name, names()).map(|near| format!("did you mean `{near}`?"));
                let more = near.unwrap_or_else(|| format!("it has {listed}"));
                format!("`{}` has no algorithm `{name}`; {more}", self.guideline)
            }),
        }
    }

    /// The algorithm with one patient's path.
    fn lit(
        &self,
        engine: &mut Engine,
        asked: &[Asked],
        record: &Record,
        options: Options,
        name: &str,
    ) -> Result<Flowchart, Stop> {
        let evaluated = engine.evaluate_asked(asked, record, options);
        refuse_mistakes(engine)?;
        let mut charts = evaluated.into_iter().flat_map(|evaluated| evaluated.explanation.flowcharts);
        let chart = charts.find(|chart| chart.id == name && chart.lit);
        chart.ok_or_else(|| {
            Stop::Refused(format!(
                "`{}` does not speak of the patient `{}`, who has no path in it; without `--record` the algorithm is \
                 drawn alone",
                self.guideline, record.id
            ))
        })
    }

    /// A file for each record.
    fn paths<'a>(&self, records: &'a [Record]) -> Result<Vec<(PathBuf, &'a Record)>, Stop> {
        let pattern = self.output.as_ref().and_then(|path| path.to_str()).filter(|path| path.contains(ID));
        let Some(pattern) = pattern else {
            let count = records.len();
            return Err(Stop::Refused(format!(
                "the file holds {count} records, and a drawing shows one; for a drawing each, write `{ID}` where the \
                 record's name goes, as in `--output 'path-{ID}.svg'`"
            )));
        };
        let plain = |letter: char| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '_' };
        let mut taken = BTreeSet::new();
        let mut paths = Vec::new();
        for record in records {
            let path = pattern.replace(ID, &record.id.chars().map(plain).collect::<String>());
            if !taken.insert(path.clone()) {
                return Err(Stop::Refused(format!("two records would be drawn in `{path}`; give them other names")));
            }
            paths.push((PathBuf::from(path), record));
        }
        Ok(paths)
    }

    fn put(&self, path: Option<&Path>, chart: &Flowchart) -> Result<(), Stop> {
        let drawn = match self.format {
            Format::Svg => svg::render(chart, ""),
            Format::Mermaid => mermaid::render(chart),
            Format::Dot => dot::render(chart),
        };
        match path {
            None => output::result(&drawn),
            Some(path) => fs::write(path, drawn)
                .map_err(|error| Stop::Refused(format!("`{}` cannot be written: {error}", path.display()))),
        }
    }
}

/// The records of a file, all of them readable.
fn records(engine: &mut Engine, path: &Path) -> Result<Vec<Record>, Stop> {
    let (name, text) = input::read(path).map_err(Stop::Refused)?;
    let file = engine.add_text(&name, text);
    let read = engine.read_records(file);
    refuse_mistakes(engine)?;
    let mut records = Vec::new();
    let mut mistakes = Vec::new();
    for record in read {
        match record {
            Ok(record) => records.push(record),
            Err(found) => mistakes.extend(found),
        }
    }
    if mistakes.is_empty() {
        return Ok(records);
    }
    output::diagnostics(engine.sources(), &mistakes);
    Err(Stop::Refused(format!("nothing is drawn while `{name}` has mistakes")))
}
