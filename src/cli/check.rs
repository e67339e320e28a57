use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::output::{self, Stop};
use super::rules::{self, Asked};
use super::{Ending, ListFormat};
use crate::analysis::{self, Proof};
use crate::cases;
use crate::diagnostics::sarif::sarif;
use crate::diagnostics::{Diagnostic, Severity, draw};
use crate::engine::{Engine, Loaded};
use crate::record::Record;
use crate::release;
use crate::threads::side_by_side;

const EXAMPLES: &str = "\
Examples:
  myoguide check
  myoguide check rules
  myoguide check --rules rules
  myoguide check --lock rules
  myoguide check --strict --format json rules/acr_eular_response";

/// Look for mistakes in a folder of rules: dictionary, evidence, every guideline and its cases, all in one run
///
/// Rules without mistakes are then proved on the unknown patient: that each table has a row for everybody and only one,
/// that some patient comes to each row, line and branch, that promises are kept. What a patient refutes is shown with the
/// patient, as a record that can be evaluated.
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
    /// Look for mistakes only, and prove nothing
    #[arg(long)]
    without_proofs: bool,
    /// How what is found is printed: text on standard error, JSON (an object a line) and SARIF on standard output
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    format: ListFormat,
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
            let proof =
                if self.without_proofs { Proof::default() } else { proved(&asked, &engine, &of_cases.patients) };
            let mut found = [engine.diagnostics(), &of_cases.mistakes, &proof.found].concat();
            found.sort_by_key(Diagnostic::span);
            let found = asked.own(engine.sources(), &found);
            match self.format {
                ListFormat::Text => {
                    output::diagnostics(engine.sources(), &found);
                    let came_to = format!("{}{}", counted(&found), in_words(&proof, &found));
                    output::result(&format!("checked {}: {came_to}\n", what(&asked, &engine)))?;
                }
                ListFormat::Json => output::result(&draw::draw_json(engine.sources(), &found))?,
                ListFormat::Sarif => output::result(&sarif(engine.sources(), &found))?,
            }
            let fails = |one: &Diagnostic| match one.severity {
                Severity::Error => true,
                Severity::Warning => self.strict,
                Severity::Note => false,
            };
            if found.iter().any(fails) {
                ending = Ending::Found;
            }
        }
        Ok(ending)
    }
}

/// What the proofs of the guidelines that are asked for came to, two at a time; of rules with mistakes nothing is proved.
fn proved(asked: &Asked, engine: &Engine, patients: &[Vec<Record>]) -> Proof {
    if engine.has_errors() {
        return Proof::default();
    }
    // The newest releases, which are the largest, first.
    let wanted: Vec<&Loaded> = engine.guidelines().iter().rev().filter(|loaded| is_asked(asked, loaded)).collect();
    let prove = |(): &mut (), loaded: &&Loaded| {
        analysis::prove(engine.subject(loaded), &of_guideline(engine, loaded, patients))
    };
    let mut proofs = side_by_side(&wanted, || (), prove);
    proofs.reverse();
    let mut all = Proof::default();
    for proof in proofs {
        all.claims += proof.claims;
        for finding in proof.found {
            // A block that several releases share is told of once.
            let known = |one: &Diagnostic| one.code == finding.code && one.span() == finding.span();
            if !all.found.iter().any(known) {
                all.found.push(finding);
            }
        }
    }
    all
}

/// The worked patients of all releases of a guideline.
fn of_guideline<'a>(engine: &Engine, loaded: &Loaded, patients: &'a [Vec<Record>]) -> Vec<&'a Record> {
    let own = |other: &Loaded| other.guideline.info.id.value == loaded.guideline.info.id.value;
    let of_release = engine.guidelines().iter().zip(patients).filter(|(other, _)| own(other));
    of_release.flat_map(|(_, patients)| patients).collect()
}

/// Some file of a release belongs to what was named.
fn is_asked(asked: &Asked, loaded: &Loaded) -> bool {
    let info = &loaded.guideline.info;
    let release = info.release.value.to_string();
    let folders = asked.library.guidelines();
    let own = folders.iter().filter(|folder| folder.id == info.id.value && folder.release == release);
    let holds = |path: &&str| asked.holds(path);
    own.into_iter().any(|folder| folder.rules.iter().chain(&folder.info).any(holds))
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

/// What was proved.
fn in_words(proof: &Proof, found: &[Diagnostic]) -> String {
    let open = found.iter().filter(|one| one.severity == Severity::Note).count();
    match (proof.claims, open) {
        (0, _) => String::new(),
        (claims, 0) => format!("; {} looked at", plural(claims, "claim")),
        (claims, open) => format!("; {} looked at, {open} not proved", plural(claims, "claim")),
    }
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
