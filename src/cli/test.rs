use std::path::PathBuf;

use clap::Args;

use super::Ending;
use super::check::plural;
use super::output::{self, Stop};
use super::rules::{self, Asked};
use crate::cases::{self, Tested};
use crate::engine::{Engine, Wanted};

const EXAMPLES: &str = "\
Examples:
  myoguide test
  myoguide test rules
  myoguide test --rules rules
  myoguide test rules/acr_eular_response/2016.1.0/cases/half_empty.yaml";

/// Run the worked patients: each must come out as its case expects
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Test {
    /// Folders of rules, or folders or files inside one [default: the rules shipped]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A folder of rules, the same as its path
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

impl Test {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut ending = Ending::Well;
        for asked in rules::asked(&self.paths, self.rules.as_ref())? {
            let mut engine = Engine::open(&asked.library);
            engine.load(&Wanted::Every).map_err(|error| Stop::Refused(error.to_string()))?;
            if engine.has_errors() {
                output::diagnostics(engine.sources(), engine.diagnostics());
                ending = Ending::Found;
            }
            let mut some = false;
            for line in broken(&asked, &engine) {
                some = true;
                output::result(&line)?;
            }
            for tested in cases::run(&mut engine, |path| asked.holds(path)) {
                if asked.is_part() && tested.cases == 0 && tested.mistakes.is_empty() && !tested.not_run {
                    continue;
                }
                some = true;
                output::diagnostics(engine.sources(), &tested.mistakes);
                output::result(&summary(&tested))?;
                if !tested.mistakes.is_empty() {
                    ending = Ending::Found;
                }
            }
            if !some {
                return Err(Stop::Refused("there is no case here; cases are in `GUIDELINE/RELEASE/cases/`".to_owned()));
            }
        }
        Ok(ending)
    }
}

const NOT_RUN: &str = "its cases were not run, for its rules or the dictionary have mistakes";

/// The guidelines with cases that could not be loaded.
fn broken(asked: &Asked, engine: &Engine) -> Vec<String> {
    let is_loaded = |id: &str, release: &str| {
        engine.guidelines().iter().any(|loaded| {
            let info = &loaded.guideline.info;
            info.id.value == id && info.release.value.to_string() == release
        })
    };
    let folders = asked.library.guidelines();
    let own = folders.iter().filter(|folder| folder.cases.iter().any(|path| asked.holds(path)));
    own.filter(|folder| !is_loaded(folder.id, folder.release))
        .map(|folder| format!("{} {}: {NOT_RUN}\n", folder.id, folder.release))
        .collect()
}

fn summary(tested: &Tested) -> String {
    if tested.not_run {
        return format!("{} {}: {NOT_RUN}\n", tested.guideline, tested.release);
    }
    let how = match (tested.cases, tested.otherwise, tested.mistakes.len()) {
        (0, _, 0) => "no cases yet".to_owned(),
        (_, 0, 0) => format!("{}, all as expected", plural(tested.cases, "case")),
        (_, 0, mistakes) => format!("{}, {} in their files", plural(tested.cases, "case"), plural(mistakes, "mistake")),
        (_, otherwise, _) => format!("{}, {otherwise} not as expected", plural(tested.cases, "case")),
    };
    format!("{} {}: {how}\n", tested.guideline, tested.release)
}
