mod coverage;

use std::path::PathBuf;

use clap::Args;

use super::Ending;
use super::check::plural;
use super::output::{self, Stop};
use super::rules::{self, Asked};
use crate::cases::{self, Tested};
use crate::engine::{Engine, Wanted};
use crate::mutate::{self, Mutated};

const EXAMPLES: &str = "\
Examples:
  myoguide test
  myoguide test rules
  myoguide test --rules rules
  myoguide test rules/acr_eular_response/2016.1.0/cases/half_empty.yaml
  myoguide test --coverage rules/ibm_criteria
  myoguide test --generate rules/ibm_criteria
  myoguide test --generate --all --output proposed rules/ibm_criteria
  myoguide test --mutate rules/ibm_criteria
  myoguide test --mutate rules/acr_eular_response/2016.1.0/response.rules";

/// Run the worked patients: each must come out as its case expects
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Test {
    /// Folders of rules, or folders or files inside one [default: the rules shipped]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A folder of rules, the same as its path
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Change the rules one thing at a time, each number, comparison, unit, value, order and line, and tell each change
    /// that no case notices; with files of rules as paths, only these
    #[arg(long)]
    mutate: bool,
    /// Tell each row, band, branch, line, verdict, contraindication, answer and open answer that no case reaches, with a
    /// patient who would; with files of rules as paths, only of these
    #[arg(long, group = "parts", conflicts_with = "mutate")]
    coverage: bool,
    /// Propose cases for what no accepted case reaches: a patient for each such part, and patients just below, at and just
    /// above each number that is tested; an expert accepts or corrects them
    #[arg(long, group = "parts", conflicts_with = "mutate")]
    generate: bool,
    /// Also of blocks that are taken over from another release or guideline; with `--generate` also for ends of tables, bands
    /// and algorithms, and for numbers, that accepted cases reach
    #[arg(long, requires = "parts")]
    all: bool,
    /// With `--generate`: write a file of cases for each release into this folder, as `GUIDELINE/RELEASE/cases/proposed.yaml`
    #[arg(long, value_name = "DIR", requires = "generate")]
    output: Option<PathBuf>,
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
            let asked_for_more = if self.mutate {
                Some(mutated(&asked, &mut engine)?)
            } else if self.coverage {
                Some(coverage::covered(&asked, &mut engine, self.all)?)
            } else if self.generate {
                Some(coverage::generated(&asked, &mut engine, self.all, self.output.as_deref())?)
            } else {
                None
            };
            if let Some(found) = asked_for_more {
                ending = if found == Ending::Found { found } else { ending };
                continue;
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

/// Changes the rules that were named, guideline by guideline. Where a case is not as expected nothing is changed yet.
fn mutated(asked: &Asked, engine: &mut Engine) -> Result<Ending, Stop> {
    let mut ending = Ending::Well;
    for (at, name) in chosen(asked, engine)? {
        if let Some(tested) = cases::run_one(engine, at).filter(|tested| tested.not_run || !tested.mistakes.is_empty())
        {
            output::diagnostics(engine.sources(), &tested.mistakes);
            output::result(&format!("{name}: nothing was changed, for its cases must first come out as expected\n"))?;
            ending = Ending::Found;
            continue;
        }
        let progress = output::Progress::new(name);
        let mutated = mutate::run(engine, at, |path| asked.holds(path), &|done, all| progress.tell(done, all));
        progress.end();
        let Some(mutated) = mutated else { continue };
        output::diagnostics(engine.sources(), &mutated.mistakes);
        output::result(&counted(&mutated))?;
        if !mutated.mistakes.is_empty() {
            ending = Ending::Found;
        }
    }
    Ok(ending)
}

/// The loaded releases of which a file of rules was named, each with its name.
fn chosen(asked: &Asked, engine: &Engine) -> Result<Vec<(usize, String)>, Stop> {
    let mut chosen = Vec::new();
    for (at, loaded) in engine.guidelines().iter().enumerate() {
        let info = &loaded.guideline.info;
        let release = info.release.value.to_string();
        let folders = asked.library.guidelines();
        let own = folders.iter().find(|folder| folder.id == info.id.value && folder.release == release);
        if own.is_some_and(|folder| folder.rules.iter().any(|path| asked.holds(path))) {
            chosen.push((at, format!("{} {release}", info.id.value)));
        }
    }
    if chosen.is_empty() {
        return Err(Stop::Refused("there are no rules here; name a guideline or a file of rules".to_owned()));
    }
    Ok(chosen)
}

fn counted(mutated: &Mutated) -> String {
    let mut parts = vec![format!("{} tried", plural(mutated.tried, "change")), format!("{} noticed", mutated.noticed)];
    if mutated.known > 0 {
        parts.push(format!("{} known to make no difference", mutated.known));
    }
    if mutated.unnoticed() > 0 {
        parts.push(format!("{} that no case notices", mutated.unnoticed()));
    }
    let wrong = mutated.mistakes.len() - mutated.unnoticed();
    if wrong > 0 {
        parts.push(format!("{wrong} listed wrongly"));
    }
    format!("{} {}: {}\n", mutated.guideline, mutated.release, parts.join(", "))
}

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
        (_, 0, 0) => format!("{}, all as expected", of_cases(tested)),
        (_, 0, mistakes) => format!("{}, {} in their files", of_cases(tested), plural(mistakes, "mistake")),
        (_, otherwise, _) => format!("{}, {otherwise} not as expected", of_cases(tested)),
    };
    format!("{} {}: {how}\n", tested.guideline, tested.release)
}

/// How many cases there are; those that nobody has accepted are counted apart.
fn of_cases(tested: &Tested) -> String {
    match tested.proposed {
        0 => plural(tested.cases, "case"),
        proposed => format!("{} and {proposed} proposed", plural(tested.cases - proposed, "case")),
    }
}
