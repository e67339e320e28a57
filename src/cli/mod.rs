//! The command line: one file for each command. Results go to standard output, diagnostics to standard error.

mod ask;
mod baseline;
mod check;
mod cohort;
mod completions;
mod evaluate;
mod evidence;
mod explain;
mod facts;
mod graph;
mod input;
mod man;
mod output;
mod rules;
mod schema;
mod show;
mod test;
mod why;
mod why_not;
mod wrap;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::engine::Engine;
use crate::library::Library;
use output::{Stop, stopped};

const LONG_ABOUT: &str = "\
Executable, versioned guidelines for myositis. A fact that was not recorded is the set of values it could still have; \
an answer that is settled cannot be changed by a missing result.

Decision support for research and teaching, not a medical device.";

const EXIT_CODES: &str = "\
Exit codes:
  0  every record got its answers, also where they depend on what is missing; nothing was found
  1  a check or a case found something
  2  wrong usage or unreadable input; readable records are still answered";

/// What was asked for.
#[derive(Debug, Parser)]
#[command(name = "myoguide", version, about = "Executable, versioned guidelines for myositis", long_about = LONG_ABOUT)]
#[command(after_help = EXIT_CODES, subcommand_required = true, arg_required_else_help = true, max_term_width = 100)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer for one or more records, with reasons and what is missing
    Evaluate(evaluate::Evaluate),
    /// Answer for a whole registry: one line out for each record in, in their order
    ///
    /// The answers are those of `evaluate`. A record that cannot be read becomes a line that says where and why; the others
    /// are answered. An output file has its name only once it is whole: until then it ends in `.partial`, and `--resume`
    /// goes on with it. Cells of a table stand as they are; a spreadsheet takes one that begins with `=` for a formula.
    Cohort(Box<cohort::Cohort>),
    /// Ask for what is missing, what settles most first
    Ask(ask::Ask),
    /// Why an answer is what it is: the few facts that force it
    Why(why::Why),
    /// Why an answer is not another: what was lacking, and the smallest change that would give it
    WhyNot(why_not::WhyNot),
    /// Draw an algorithm of a guideline, and a patient's path through it
    Graph(graph::Graph),
    /// The facts a record can hold, with questions, units and values
    Facts(facts::Facts),
    /// A guideline as it is written, block by block
    Show(show::Show),
    /// The sources, how far each was verified, and what rests on it
    Evidence(evidence::Evidence),
    /// Look for mistakes in a folder of rules
    Check(check::Check),
    /// Run the worked patients of the guidelines
    Test(test::Test),
    /// Print the JSON Schema of a record or of a result
    Schema(schema::Schema),
    /// Explain the code of a message
    Explain(explain::Explain),
    /// Print a completion script for a shell
    Completions(completions::Completions),
    /// Print the manual page
    Man(man::Man),
}

/// What a command prints in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TextOrJson {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What a list of mistakes is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For people
    Text,
    /// For programs: an object a line
    Json,
    /// For editors and code hosts: SARIF 2.1.0
    Sarif,
}

/// How a command ended, when nothing stopped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Nothing to complain of.
    Well,
    /// A check or a case found something.
    Found,
    /// Some input could not be read; the rest was answered.
    Unreadable,
}

/// Runs the command line of the process.
pub fn run() -> ExitCode {
    let asked = match CommandLine::try_parse() {
        Ok(asked) => asked,
        Err(error) => {
            let failed = error.use_stderr();
            // A closed pipe ends the program quietly here as elsewhere.
            let _ = error.print();
            return if failed { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let ended = match &asked.command {
        Command::Evaluate(command) => command.run(),
        Command::Cohort(command) => command.run(),
        Command::Ask(command) => command.run(),
        Command::Why(command) => command.run(),
        Command::WhyNot(command) => command.run(),
        Command::Graph(command) => command.run(),
        Command::Facts(command) => command.run(),
        Command::Show(command) => command.run(),
        Command::Evidence(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Test(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match ended {
        Ok(Ending::Well) => ExitCode::SUCCESS,
        Ok(Ending::Found) => ExitCode::from(1),
        Ok(Ending::Unreadable) => ExitCode::from(2),
        Err(stop) => stopped(&stop),
    }
}

/// The rules of a folder, or those shipped.
fn library(rules: Option<&PathBuf>) -> Result<Library, Stop> {
    match rules {
        None => Ok(Library::embedded()),
        Some(folder) => Library::open(folder).map_err(|error| Stop::Refused(error.to_string())),
    }
}

/// The mistakes of rules that must be whole before anything is evaluated.
fn refuse_mistakes(engine: &Engine) -> Result<(), Stop> {
    if !engine.has_errors() {
        return Ok(());
    }
    output::diagnostics(engine.sources(), engine.diagnostics());
    Err(Stop::Refused("nothing is evaluated while the rules have mistakes".to_owned()))
}
