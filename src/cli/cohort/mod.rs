mod mapping;
mod progress;
mod summary;

use std::mem::ManuallyDrop;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::baseline::{self, WRITTEN};
use super::evaluate::day;
use super::input::written_to;
use super::output::Stop;
use super::{Ending, library, refuse_mistakes};
use crate::cohort::direct::Direct;
use crate::cohort::input::{Input, InputError, Mapped, Meter, Records, Source};
use crate::cohort::mapping::Mapping;
use crate::cohort::output::meta::{MappingUsed, Meta};
use crate::cohort::output::{Partial, Sink, SinkError, Streams, Table, beside, codebook, columnar, is_file, trace};
use crate::cohort::run::{self, Chosen, Ended, Evaluating, RunError, Shape, Task, Work};
use crate::cohort::summary::Run;
use crate::engine::{Engine, Options, Ready};
use crate::library::Library;
use crate::value::Date;
use mapping::Export;
use progress::Progress;
use summary::Summing;

const EXAMPLES: &str = "\
Examples:
  myoguide cohort --guideline acr_eular_response registry.ndjson > answers.ndjson
  myoguide cohort --guideline acr_eular_response --select response --output answers.ndjson registry.ndjson
  myoguide cohort --format csv --output answers.csv registry.ndjson
  zcat registry.ndjson.gz | myoguide cohort --at visits -
  myoguide cohort --mapping registry.yaml --show-record 2 patients.csv
  myoguide cohort --mapping registry.yaml --file labs=labs_2025.csv --output answers.ndjson patients.csv
  myoguide cohort --summary summary.html --suppress --output answers.ndjson registry.ndjson";

/// Answer for a whole registry: one line out for each record in, in their order
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
pub(super) struct Cohort {
    /// A file of records, a JSON object on each line; with `--mapping` an export, CSV, flat NDJSON or Parquet; `-` reads standard input
    #[arg(default_value = "-", value_name = "FILE", hide_default_value = true)]
    file: PathBuf,
    #[command(flatten)]
    export: Export,
    /// A guideline, or one release of it, which then answers whatever the day; may be given several times. Of exactly one
    /// each line is the object that `evaluate` prints, else a list of them [default: of every guideline that covers the
    /// patient, or may, the release in force on the day of the record]
    #[arg(long, value_name = "ID[@RELEASE]")]
    guideline: Vec<String>,
    /// Only these answers, on short lines: a settled one is its value; `GUIDELINE.ANSWER` where several guidelines have it
    #[arg(long, value_name = "ANSWER,...", value_delimiter = ',')]
    select: Vec<String>,
    /// Answer as of this day: what the record says of later days is left out, and the release in force on it answers
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// The visit that changes are counted from, as for `evaluate`
    #[arg(long, value_name = WRITTEN, value_parser = baseline::read)]
    baseline: Option<baseline::Asked>,
    /// A line for each visit of each record: the answers from what was known on that day
    #[arg(long, value_name = "visits")]
    at: Option<At>,
    /// How each answer was worked out, as a table (CSV) of its own
    #[arg(long, value_name = "TABLE")]
    trace: Option<PathBuf>,
    /// What is written
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
    /// Write to this file; beside it `.meta.json` says what the run was, and of a table `.codebook.csv` what its columns mean
    /// [default: standard output]
    #[arg(long, value_name = "ANSWERS")]
    output: Option<PathBuf>,
    /// Write what the run was to this file
    #[arg(long, value_name = "META")]
    meta: Option<PathBuf>,
    #[command(flatten)]
    summing: Summing,
    /// Go on with an output that an interrupted run of the same command left
    #[arg(long, requires = "output")]
    resume: bool,
    /// Stop at the first record that cannot be read
    #[arg(long)]
    strict: bool,
    /// Say of a record that cannot be read what stands there, which may name a patient
    #[arg(long)]
    show_values: bool,
    /// How many records are answered at a time [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Do not say how far it is
    #[arg(long)]
    quiet: bool,
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
    /// A JSON object a line
    Ndjson,
    /// A table: a row for each record and guideline, five columns for each answer
    Csv,
    /// The same table in columns, in a file; only of a program that was built with Parquet
    Parquet,
}

impl From<InputError> for Stop {
    fn from(error: InputError) -> Self {
        Stop::Refused(error.to_string())
    }
}

impl From<SinkError> for Stop {
    fn from(error: SinkError) -> Self {
        match error {
            SinkError::Closed => Stop::Closed,
            SinkError::Write { .. }
            | SinkError::Unfinished { .. }
            | SinkError::OfAnother { .. }
            | SinkError::Shorter { .. } => Stop::Refused(error.to_string()),
        }
    }
}

/// Everything that is asked, ready to be asked of each record.
struct Prepared {
    engine: Engine,
    mapping: Option<Mapping>,
    task: Arc<Task>,
    meta: Meta,
}

impl Cohort {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let is_more_asked = self.summing.counts() || self.summing.looks_for_twins();
        match self.ran() {
            // Who takes the first lines only, as `head` does, has what is wanted; a summary would be missed.
            Err(Stop::Closed) if is_more_asked || self.trace.is_some() || self.meta.is_some() => Err(Stop::Refused(
                "the output was closed before its end; what else was asked for is not written".to_owned(),
            )),
            ended => ended,
        }
    }

    fn ran(&self) -> Result<Ending, Stop> {
        if let Some(line) = self.export.show_record {
            return self.show_record(line);
        }
        self.summing.well_asked()?;
        self.check_columns()?;
        if self.resume && self.output().is_none() {
            return Err(Stop::Refused("`--resume` goes on with a file; name it with `--output`".to_owned()));
        }
        self.distinct(std::iter::once(&self.file).chain(self.export.path()))?;
        self.demand_files()?;
        if let Some(output) = self.output().filter(|_| !self.resume) {
            Sink::demand_none_left(output)?;
        }
        // Goes with the process: to take it apart piece by piece takes longer than a row.
        let prepared = ManuallyDrop::new(self.prepared()?);
        let Prepared { engine, mapping, task, .. } = &*prepared;
        if let Some(mapping) = mapping {
            let input = self.mapped(engine, mapping)?.in_blocks_of(task.shape.at_once());
            let (meters, was) = (input.meters(), input.was().to_vec());
            let way = Arc::default();
            let worker = |input: &Mapped| Direct::new(Evaluating::new(engine, input, task), input.mapping(), &way);
            return self.answer(input, &meters, &was, &prepared, worker);
        }
        let source = self.source()?;
        let meter = source.meter();
        let was = meter.was();
        let input = Records::new(source, task.shape.at_once(), self.show_values);
        self.answer(input, &[meter], &[was], &prepared, |input| Evaluating::new(engine, input, task))
    }

    /// Records that lie on lines.
    fn source(&self) -> Result<Source, Stop> {
        let ending = self.file.extension().and_then(|ending| ending.to_str());
        let name = self.file.display();
        if matches!(ending, Some("yaml" | "yml")) {
            return Err(Stop::Refused(format!(
                "`{name}` is YAML; `cohort` reads a JSON object on each line, `myoguide evaluate {name}` reads YAML"
            )));
        }
        if matches!(ending, Some("csv" | "tsv" | "parquet")) {
            return Err(Stop::Refused(format!(
                "`{name}` is a table; `--mapping` names the file that says what its columns mean"
            )));
        }
        Ok(Source::open(&self.file)?)
    }

    /// Rows of an export.
    fn mapped(&self, engine: &Engine, mapping: &Mapping) -> Result<Mapped, Stop> {
        let mut input = self.export.open(engine, mapping, &self.file, self.show_values)?;
        // The first is the file that was named.
        let others: Vec<PathBuf> = input.meters().iter().skip(1).map(|meter| PathBuf::from(&meter.name)).collect();
        if !others.is_empty() {
            self.distinct(&others)?;
        }
        self.export.tell_of_rows(&mut input, self.unmatched(), self.show_values)?;
        Ok(input)
    }

    /// Only the record that a row becomes: no guideline is asked.
    fn show_record(&self, line: u64) -> Result<Ending, Stop> {
        let mut engine = Engine::open(&self.library()?);
        let mapping = self.export.read(&mut engine)?;
        refuse_mistakes(&engine)?;
        let Some(mapping) = mapping else {
            return Err(Stop::Refused("`--show-record` needs a mapping; name it with `--mapping`".to_owned()));
        };
        self.export.show(&mut engine, &mapping, &self.file, line, self.show_values)
    }

    /// A table in columns is whole only at its end, and so needs a file.
    fn check_columns(&self) -> Result<(), Stop> {
        if self.format != Format::Parquet {
            return Ok(());
        }
        if !columnar::KNOWN {
            return Err(Stop::Refused(
                "this `myoguide` was built without Parquet; `--format csv` writes the same table, or build with `cargo \
                 install --path . --features parquet`"
                    .to_owned(),
            ));
        }
        match self.beside("") {
            Some(_) => Ok(()),
            None => Err(Stop::Refused("`--format parquet` writes a file; name it with `--output`".to_owned())),
        }
    }

    /// Nothing is written over what is read, nor two things over each other.
    fn distinct<'a>(&'a self, read: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), Stop> {
        // What is read from standard input may be a file too.
        let of_input =
            |path: &Path| if path.as_os_str() == "-" { PathBuf::from("/dev/stdin") } else { path.to_owned() };
        // What is not there yet has a folder that is.
        let new = |path: &Path| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(folder.canonicalize().ok()?.join(path.file_name()?))
        };
        let resolved =
            |path: &Path| of_input(path).canonicalize().ok().or_else(|| new(path)).unwrap_or_else(|| path.to_owned());
        let written = self.written();
        let places = written.iter().map(|path| resolved(path)).chain(read.into_iter().map(|path| resolved(path)));
        let places: Vec<PathBuf> = places.collect();
        for (at, (path, place)) in written.iter().zip(&places).enumerate() {
            let twice = places.iter().skip(at + 1).any(|other| other == place);
            // A pipe or a terminal may take several things.
            if twice && is_file(path) {
                let name = path.display();
                return Err(Stop::Refused(format!(
                    "`{name}` is named for two things; nothing is written over another"
                )));
            }
        }
        Ok(())
    }

    /// Every file that is written, also what stands beside others and what is there only until the end.
    fn written(&self) -> Vec<PathBuf> {
        let asked = [self.output().map(Path::to_owned), self.trace.clone()].into_iter().flatten();
        let growing = [self.beside(".partial"), self.beside(".partial.json"), self.meta()];
        let growing = growing.into_iter().chain([self.codebook(), self.unmatched()]).flatten();
        let persons = self.summing.persons();
        let partial = self.trace.iter().chain(&persons).map(|path| beside(path, ".partial"));
        let files = self.summing.files().map(Path::to_owned);
        asked.chain(growing).chain(partial).chain(persons.clone()).chain(files).collect()
    }

    /// Where it is said what the run was.
    fn meta(&self) -> Option<PathBuf> {
        self.meta.clone().or_else(|| self.beside(".meta.json"))
    }

    /// Where it is said what the columns of a table mean.
    fn codebook(&self) -> Option<PathBuf> {
        self.beside(".codebook.csv").filter(|_| self.format != Format::Ndjson)
    }

    /// Whatever is written is a file, the answers and the summary aside, and has a folder: else the last of it would be missed
    /// after hours.
    fn demand_files(&self) -> Result<(), Stop> {
        let written = self.written();
        if written.iter().any(|path| path.as_os_str() == "-") {
            return Err(Stop::Refused(
                "`-` is standard output for `--output`, and standard error for `--summary`; whatever else is written needs a \
                 file"
                    .to_owned(),
            ));
        }
        for path in written {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                let (path, folder) = (path.display(), folder.display());
                return Err(Stop::Refused(format!("`{path}` cannot be written: there is no folder `{folder}`")));
            }
        }
        Ok(())
    }

    fn library(&self) -> Result<Library, Stop> {
        let mut library = library(self.rules.as_ref())?;
        for sheet in &self.local {
            library.add_sheet(sheet).map_err(|error| Stop::Refused(error.to_string()))?;
        }
        Ok(library)
    }

    fn prepared(&self) -> Result<Prepared, Stop> {
        let mut engine = Engine::open(&self.library()?);
        let asked = engine.ask(&self.guideline).map_err(|error| Stop::Refused(error.to_string()))?;
        let ready = engine.make_ready(&asked);
        refuse_mistakes(&engine)?;
        let mut mapping = self.export.read(&mut engine)?;
        if let Some(mapping) = &mut mapping {
            let judgements = mapping.unknown_judgements(&judgements(&engine, &ready));
            mapping.notices.extend(judgements);
        }
        let baseline = baseline::resolved(self.baseline.as_ref(), &mut engine)?;
        let used =
            |mapping: &Mapping| MappingUsed { file: mapping.path.clone(), hash: format!("sha256:{}", mapping.hash()) };
        let meta = Meta::of(&engine, &ready, command(), mapping.as_ref().map(used));
        let carried: Vec<String> = mapping.iter().flat_map(Mapping::carried).map(|name| name.value.clone()).collect();
        self.summing.demand_carried(&carried)?;
        let shape = self.shape(&engine, &ready, carried)?;
        if let (Shape::Table(table), Some(mapping)) = (&shape, &mapping) {
            mapping::demand_none(&engine, &mapping.named_twice(|name| table.has(name)))?;
        }
        let task = Task {
            shape,
            ready,
            named: !self.guideline.is_empty(),
            options: Options { as_of: self.as_of, baseline },
            at_visits: self.at.is_some(),
            trace: self.trace.is_some(),
            strict: self.strict,
            summary: self.summing.counts(),
            by: self.summing.by().map(str::to_owned),
            twins: self.summing.looks_for_twins(),
        };
        Ok(Prepared { engine, mapping, task: Arc::new(task), meta })
    }

    fn shape(&self, engine: &Engine, ready: &[Ready], carried: Vec<String>) -> Result<Shape, Stop> {
        let chosen: Option<Vec<Chosen>> = if self.select.is_empty() {
            None
        } else {
            let chosen = run::select(engine, ready, &self.select);
            Some(chosen.map_err(|error| Stop::Refused(error.to_string()))?)
        };
        Ok(match (self.format, chosen) {
            (Format::Ndjson, None) => Shape::Objects,
            (Format::Ndjson, Some(chosen)) => Shape::Brief(chosen),
            (Format::Csv | Format::Parquet, chosen) => {
                Shape::Table(Table::new(engine, ready, chosen, carried, self.at.is_some()))
            }
        })
    }

    /// Answers for every record of an input, whatever it is made of, with workers of whatever kind. `was` says what its files
    /// are, as far as that is known before the first record.
    fn answer<I: Input + Send, W: Work<I::Block>>(
        &self,
        mut input: I,
        meters: &[Arc<Meter>],
        was: &[Value],
        prepared: &Prepared,
        worker: impl Fn(&I) -> W,
    ) -> Result<Ending, Stop> {
        let Prepared { engine, task, meta, .. } = prepared;
        let partial = if self.resume { Partial::Resume } else { Partial::Refuse };
        let (mut sink, from) = Sink::open(&self.streams(task), meta.run(was), partial)?;
        let jobs = self.jobs.map_or_else(cores, usize::from);
        let before = from.as_ref().map_or(0, |state| state.tally.records);
        let workers = (0..jobs).map(|_| worker(&input)).collect();
        // The first file is the one whose records are counted; others were read before.
        let mut progress = Progress::begin(self.quiet, meters.get(..1).unwrap_or_default(), before);
        let ran = run::run(&mut input, meters, workers, &mut sink, from, &mut |tally, counted| {
            progress.tell(tally, counted);
        });
        progress.clear();
        let (ended, tally) = ran.map_err(|error| stopped(&error, &sink))?;
        match ended {
            Ended::Whole => {}
            Ended::Stopped(refusal) => {
                let left = left(&sink);
                let why = mapping::told(&refusal);
                return refused(format!("stopped at {why}, the first that cannot be read{left}"));
            }
            Ended::Unexplained(refusal) => {
                // With another mapping it could not go on, and with this one it would end here again.
                sink.remove();
                return refused(mapping::unexplained(&refusal));
            }
        }
        sink.demand_no_less()?;
        if let (Shape::Table(table), Some(path)) = (&task.shape, self.codebook()) {
            codebook::write(&path, table, self.format == Format::Parquet, engine, &task.ready)?;
        }
        if let Some(path) = self.meta() {
            meta.write(&path, meters, input.counted(), input.files(), &tally)?;
        }
        let (counted, visits, files) = (input.counted(), task.at_visits, input.files());
        let by = task.by.as_deref();
        let run = Run { meta, meters, counted, files, tally: &tally, visits, by, twins: None, suppressed: false };
        let said = self.summing.end(engine, run, &sink)?;
        sink.finish()?;
        progress.end(&tally);
        Summing::say(&said);
        Ok(if tally.refused > 0 { Ending::Unreadable } else { Ending::Well })
    }

    /// The file that the lines go to; `None` for standard output.
    fn output(&self) -> Option<&Path> {
        written_to(self.output.as_deref())
    }

    /// A file beside the output, where that is a file and no device or pipe.
    fn beside(&self, ending: &str) -> Option<PathBuf> {
        let output = self.output().filter(|path| is_file(path));
        output.map(|path| beside(path, ending))
    }

    /// Where the rows without a patient are listed.
    fn unmatched(&self) -> Option<PathBuf> {
        self.export.unmatched(self.beside(".unmatched.csv"))
    }

    fn streams(&self, task: &Task) -> Streams {
        Streams {
            output: self.output().map(Path::to_owned),
            heading: match &task.shape {
                Shape::Table(table) => table.heading(),
                Shape::Objects | Shape::Brief(_) => Vec::new(),
            },
            columnar: self.format == Format::Parquet,
            trace: self.trace.clone(),
            trace_heading: trace::heading(),
            persons: self.summing.persons(),
        }
    }
}

/// What those who are asked ask the clinician.
fn judgements<'e>(engine: &'e Engine, ready: &[Ready]) -> Vec<&'e str> {
    let releases = ready.iter().flat_map(Ready::releases).filter_map(|at| engine.guidelines().get(at));
    releases.flat_map(|loaded| loaded.guideline.judgements.iter().map(String::as_str)).collect()
}

fn refused(text: String) -> Result<Ending, Stop> {
    Err(Stop::Refused(text))
}

/// How a run that broke off ends the program, and what it leaves.
fn stopped(error: &RunError, sink: &Sink) -> Stop {
    match error {
        RunError::Sink(SinkError::Closed) => Stop::Closed,
        RunError::Sink(_) | RunError::Input(_) | RunError::Changed { .. } | RunError::Lost { .. } => {
            Stop::Refused(format!("{error}{}", left(sink)))
        }
    }
}

fn left(sink: &Sink) -> String {
    sink.unfinished().map(|name| format!("; what came before is in `{name}`")).unwrap_or_default()
}

/// The command without the words that change no byte of what is written: with one thread and with many, at once and after
/// an interruption, a run leaves the same.
fn command() -> Vec<String> {
    let mut words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let program = words.next().unwrap_or_default();
    let name = Path::new(&program).file_name().map(|name| name.to_string_lossy().into_owned());
    let mut command: Vec<String> = name.into_iter().collect();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--resume" | "--quiet" | "--strict" => {}
            "--jobs" => drop(words.next()),
            jobs if jobs.starts_with("--jobs=") => {}
            _ => command.push(word),
        }
    }
    command
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
