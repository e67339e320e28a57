use std::path::PathBuf;

use clap::Args;

use super::check::plural;
use super::output::{self, Stop};
use super::{Ending, rules};
use crate::cases::{self, Tested};
use crate::engine::{Engine, Wanted};

const EXAMPLES: &str = "\
Examples:
  myoguide test
  myoguide test rules
  myoguide test rules/acr_eular_response/2016.1.0/cases/half_empty.yaml";

/// Run the worked patients: each must come out as its case expects
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Test {
    /// Folders of rules, or folders or files inside one [default: the rules shipped]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Test {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut ending = Ending::Well;
        for asked in rules::asked(&self.paths)? {
            let mut engine = Engine::open(&asked.library);
            engine.load(&Wanted::Every).map_err(|error| Stop::Refused(error.to_string()))?;
            super::refuse_mistakes(&engine)?;
            let mut some = false;
            for tested in cases::run(&mut engine, |path| asked.holds(path)) {
                if asked.is_part() && tested.cases == 0 && tested.mistakes.is_empty() {
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

fn summary(tested: &Tested) -> String {
    let how = match (tested.cases, tested.otherwise, tested.mistakes.len()) {
        (0, _, 0) => "no cases yet".to_owned(),
        (_, 0, 0) => format!("{}, all as expected", plural(tested.cases, "case")),
        (_, 0, mistakes) => format!("{}, {} in their files", plural(tested.cases, "case"), plural(mistakes, "mistake")),
        (_, otherwise, _) => format!("{}, {otherwise} not as expected", plural(tested.cases, "case")),
    };
    format!("{} {}: {how}\n", tested.guideline, tested.release)
}
