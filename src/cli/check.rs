use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::output::{self, Stop};
use super::rules::{self, Asked};
use super::{Ending, TextOrJson};
use crate::analysis::{self, Proof};
use crate::cases;
use crate::diagnostics::{Diagnostic, Severity, draw};
use crate::engine::Engine;
use crate::release;

const EXAMPLES: &str = "\
Examples:
  myoguide check
  myoguide check rules
  myoguide check --rules rules
  myoguide check --lock rules
  myoguide check --strict --format json rules/acr_eular_response";

/// Look for mistakes in a folder of rules: dictionary, evidence, every guideline and its cases, all in one run
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// Folders of rules, or folders or files inside one [default: the rules shipped]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A folder of rules, the same as its path
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Warnings fail too
    #[arg(long)]
    strict: bool,
    /// A hospital's own sheet, checked with the release it adds to; may be given several times
    #[arg(long, value_name = "DIR", conflicts_with = "lock")]
    local: Vec<PathBuf>,
    /// Write the hashes of the releases into `releases.lock` of the folder; a release in use keeps the hash it has there
    #[arg(long)]
    lock: bool,
    /// How what is found is printed: text on standard error, JSON (an object a line) on standard output
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
}

impl Check {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut ending = Ending::Well;
        for mut asked in rules::asked(&self.paths, self.rules.as_ref())? {
            for sheet in &self.local {
                asked.library.add_sheet(sheet).map_err(|error| Stop::Refused(error.to_string()))?;
            }
            let mut engine = Engine::open(&asked.library);
            engine.load_everything();
            if self.lock {
                engine = locked(&asked, &engine)?;
            }
            let of_cases = cases::check(&mut engine);
            let proof = proved(&engine);
            let mut found = [engine.diagnostics(), &of_cases, &proof.found].concat();
            found.sort_by_key(Diagnostic::span);
            let found = asked.own(engine.sources(), &found);
            match self.format {
                TextOrJson::Text => {
                    output::diagnostics(engine.sources(), &found);
                    output::result(&format!("checked {}: {}\n", what(&asked, &engine), counted(&found)))?;
                }
                TextOrJson::Json => output::result(&draw::draw_json(engine.sources(), &found))?,
            }
            if found.iter().any(|one| self.strict || one.severity == Severity::Error) {
                ending = Ending::Found;
            }
        }
        Ok(ending)
    }
}

/// What the proofs of all guidelines came to; of rules with mistakes nothing is proved.
fn proved(engine: &Engine) -> Proof {
    let mut all = Proof::default();
    if engine.has_errors() {
        return all;
    }
    for loaded in engine.guidelines() {
        let t = std::time::Instant::now();
        let proof = analysis::prove(engine.subject(loaded));
        if std::env::var("MYODEBUG").is_ok() {
            eprintln!(
                "{} {:?} claims {} found {} not proved {}",
                loaded.guideline.info.full_name(),
                t.elapsed(),
                proof.claims,
                proof.found.len(),
                proof.not_proved.len()
            );
            for one in &proof.not_proved {
                let p = engine.sources().position(one.span);
                eprintln!("   {}:{} {}", engine.sources().path(one.span.file), p.line, one.claim);
            }
        }
        all.found.extend(proof.found);
        all.not_proved.extend(proof.not_proved);
        all.claims += proof.claims;
    }
    all
}

/// Writes the lock of a folder of rules, and reads the rules again with it.
fn locked(asked: &Asked, engine: &Engine) -> Result<Engine, Stop> {
    if asked.is_part() || !asked.is_folder() {
        return Err(Stop::Refused("`--lock` is for a whole folder of rules; name it".to_owned()));
    }
    let is_other = |one: &&Diagnostic| one.severity == Severity::Error && !release::is_of_lock(one);
    if engine.diagnostics().iter().any(|one| is_other(&one)) {
        output::diagnostics(engine.sources(), engine.diagnostics());
        return Err(Stop::Refused("nothing is locked while the rules have mistakes".to_owned()));
    }
    let text = engine.renewed_lock();
    let path = asked.library.lock_path();
    fs::write(&path, &text)
        .map_err(|error| Stop::Refused(format!("`{}` cannot be written: {error}", path.display())))?;
    let mut engine = Engine::open(&asked.library.with_lock(text));
    engine.load_everything();
    Ok(engine)
}

fn what(asked: &Asked, engine: &Engine) -> String {
    let own = |path: &&str| asked.holds(path);
    let files = asked.library.files().map(|(path, _)| path).filter(own);
    let rules = files.filter(|path| path.strip_suffix(".rules").is_some()).count();
    let guidelines = asked.library.guidelines();
    let held = guidelines.iter().filter(|folder| folder.rules.iter().chain(&folder.info).any(own)).count();
    let mut parts = vec![plural(held, "guideline"), plural(rules, "rules file")];
    if !asked.is_part() {
        parts.push(plural(engine.catalog().names().count(), "fact"));
    }
    parts.join(", ")
}

fn counted(found: &[Diagnostic]) -> String {
    let count = |severity| found.iter().filter(|one| one.severity == severity).count();
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => "nothing found".to_owned(),
        (errors, 0) => plural(errors, "error"),
        (0, warnings) => plural(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", plural(errors, "error"), plural(warnings, "warning")),
    }
}

pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
