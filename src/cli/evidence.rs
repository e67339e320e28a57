mod cited;
mod objects;
mod statuses;

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use self::cited::{Choice, Citing, choices, citing};
use self::objects::{ChoiceObject, SourceObject};
use super::output::{self, Stop};
use super::{Ending, TextOrJson, library, refuse_mistakes, wrap};
use crate::catalog::{Catalog, Evidence as Source, Mark, Trial};
use crate::diagnostics::suggest;
use crate::engine::{Engine, Wanted};
use crate::render::json;
use crate::value::Date;

const EXAMPLES: &str = "\
Examples:
  myoguide evidence
  myoguide evidence aggarwal_2017
  myoguide evidence --guideline acr_eular_response
  myoguide evidence --mark unverified --mark secondary
  myoguide evidence --trials --as-of 2021-12-02
  myoguide evidence --format json > evidence.ndjson";

/// The sources: how far each was verified, what of it could be read, what rests on it; the weakest first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Evidence {
    /// Only these sources or local choices
    #[arg(value_name = "KEY")]
    keys: Vec<String>,
    /// Only what this guideline rests on, and which release of it if not the newest; may be repeated
    #[arg(long = "guideline", value_name = "ID[@RELEASE]")]
    guidelines: Vec<String>,
    /// Only what has this mark, or of which a place has it; may be repeated
    #[arg(long = "mark", value_name = "MARK", value_enum)]
    marks: Vec<MarkAsked>,
    /// What treatments count as in which indication, in the place of the sources; KEY is then a treatment or an indication
    #[arg(long, conflicts_with_all = ["guidelines", "marks"])]
    trials: bool,
    /// What treatments count as on this day
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// How they are printed; json is one object for each
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
    /// Use the rules of this folder in the place of those shipped
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// A mark as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MarkAsked {
    /// A choice of our own
    Local,
    /// Carried from memory
    Unverified,
    /// Read in another source that reports it
    Secondary,
    /// One of the meeting reports
    FoundingReport,
    /// Read in the source itself
    Verified,
}

impl MarkAsked {
    fn mark(self) -> Mark {
        match self {
            MarkAsked::Local => Mark::LocalDefault,
            MarkAsked::Unverified => Mark::Unverified,
            MarkAsked::Secondary => Mark::Secondary,
            MarkAsked::FoundingReport => Mark::FoundingReport,
            MarkAsked::Verified => Mark::Verified,
        }
    }
}

/// A source and what cites it.
struct Entry<'a> {
    source: &'a Source,
    citing: Vec<Citing>,
    /// The statuses of which it gives an event.
    statuses: Vec<String>,
}

impl Evidence {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut engine = Engine::open(&library(self.rules.as_ref())?);
        let wanted = if self.guidelines.is_empty() { Wanted::Newest } else { Wanted::Named(self.guidelines.clone()) };
        engine.load(&wanted).map_err(|error| Stop::Refused(error.to_string()))?;
        engine.load_dictionary();
        refuse_mistakes(&engine)?;
        let catalog = engine.catalog();
        if self.trials {
            let histories = statuses::wanted(catalog, &self.keys)?;
            output::result(&match self.format {
                TextOrJson::Text => statuses::page(catalog, &histories, self.as_of),
                TextOrJson::Json => statuses::lines(catalog, &histories, self.as_of),
            })?;
            return Ok(Ending::Well);
        }
        let mut choices = choices(&engine);
        let mut entries: Vec<Entry<'_>> = catalog
            .evidence_keys()
            .filter_map(|key| catalog.evidence(key))
            .map(|source| Entry {
                source,
                citing: citing(&engine, &source.key.value),
                statuses: statuses::resting_on(catalog, &source.key.value, self.as_of),
            })
            .collect();
        if !self.guidelines.is_empty() {
            entries.retain(|entry| !entry.citing.is_empty());
        }
        self.refuse_unknown(catalog, &choices)?;
        if !self.keys.is_empty() {
            let is_asked = |name: &str| self.keys.iter().any(|key| key == name);
            entries.retain(|entry| is_asked(&entry.source.key.value));
            choices.retain(|choice| is_asked(&choice.name));
        }
        if !self.marks.is_empty() {
            let is_asked = |mark: Mark| self.marks.iter().any(|asked| asked.mark() == mark);
            entries.retain(|entry| {
                is_asked(entry.source.mark) || entry.source.parts.iter().any(|part| is_asked(part.mark))
            });
            choices.retain(|_| is_asked(Mark::LocalDefault));
        }
        entries.sort_by_key(|entry| MARKS.iter().position(|mark| *mark == entry.source.mark));
        let text = match self.format {
            TextOrJson::Text => page(&choices, &entries),
            TextOrJson::Json => {
                let choices = choices.iter().map(|choice| json::line(&ChoiceObject::of(choice)));
                choices.chain(entries.iter().map(|entry| json::line(&SourceObject::of(entry)))).collect()
            }
        };
        output::result(&text)?;
        Ok(Ending::Well)
    }

    fn refuse_unknown(&self, catalog: &Catalog, choices: &[Choice]) -> Result<(), Stop> {
        let names = || catalog.evidence_keys().chain(choices.iter().map(|choice| choice.name.as_str()));
        let Some(unknown) = self.keys.iter().find(|key| names().all(|name| name != key.as_str())) else {
            return Ok(());
        };
        let near = suggest::nearest(unknown, names()).map(|near| format!("; did you mean `{near}`?"));
        Err(Stop::Refused(format!("no source and no local choice is called `{unknown}`{}", near.unwrap_or_default())))
    }
}

/// What a mark means, over the sources that have it.
fn heading(mark: Mark) -> &'static str {
    match mark {
        Mark::LocalDefault => "Local choices: no source gives them",
        Mark::Unverified => "Unverified: carried from memory, no copy could be opened",
        Mark::FoundingReport => "Founding reports: the meeting reports the project started from",
        Mark::Secondary => "Secondary: read in another source that reports it",
        Mark::Verified => "Verified: read in a copy of the source itself",
    }
}

/// What a committee looks at first comes first.
const MARKS: [Mark; 5] = [Mark::LocalDefault, Mark::Unverified, Mark::Secondary, Mark::FoundingReport, Mark::Verified];

fn page(choices: &[Choice], entries: &[Entry<'_>]) -> String {
    let mut sections = Vec::new();
    for mark in MARKS {
        let mut texts = Vec::new();
        if mark == Mark::LocalDefault {
            texts.extend(choices.iter().map(choice_text));
        }
        texts.extend(entries.iter().filter(|entry| entry.source.mark == mark).map(source_text));
        if mark == Mark::Unverified {
            texts.extend(unverified_places(entries));
        }
        if !texts.is_empty() {
            sections.push(format!("{}\n\n{}", heading(mark), texts.join("\n")));
        }
    }
    sections.join("\n")
}

const INDENT: &str = "    ";

fn choice_text(choice: &Choice) -> String {
    let mut text = wrap::wrapped(&format!("{}  ", choice.name), INDENT, &choice.reason);
    for (guideline, blocks) in &choice.used {
        text.push_str(&wrap::wrapped(INDENT, "      ", &format!("in {guideline}: {}", blocks.join(", "))));
    }
    text
}

fn source_text(entry: &Entry<'_>) -> String {
    let source = entry.source;
    let year = source.year.map(|year| format!(" {year}")).unwrap_or_default();
    let full = [source.authors.as_str(), source.title.as_str(), source.published.as_str()];
    let full = full.map(|part| part.trim_end_matches('.')).join(". ");
    let mut text = wrap::wrapped(&format!("{}  ", source.key.value), INDENT, &full);
    let doi = source.doi.as_ref().map(|doi| format!("; doi:{doi}")).unwrap_or_default();
    let _ = writeln!(text, "{INDENT}{}{year}{doi}", source.kind);
    text.push_str(&wrap::wrapped(INDENT, "      ", &format!("read: {}", source.readable)));
    for part in &source.parts {
        let note = part.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
        text.push_str(&wrap::wrapped(INDENT, "      ", &format!("{}: {}{note}", part.place, part.mark.words())));
    }
    if let Some(trial) = &source.trial {
        text.push_str(&trial_text(trial));
    }
    for status in &entry.statuses {
        text.push_str(&wrap::wrapped(INDENT, "      ", status));
    }
    if entry.citing.is_empty() && entry.statuses.is_empty() {
        let _ = writeln!(text, "{INDENT}cited by nothing");
    }
    for (guideline, blocks) in by_guideline(&entry.citing) {
        text.push_str(&wrap::wrapped(INDENT, "      ", &format!("cited by {guideline}: {}", blocks.join(", "))));
    }
    text
}

/// `phase 2b, randomised; 36 patients; …`
fn trial_text(trial: &Trial) -> String {
    let mut what = vec![trial.design.clone()];
    what.extend(trial.n.map(|n| if n == 1 { "1 patient".to_owned() } else { format!("{n} patients") }));
    what.extend(trial.population.iter().chain(&trial.comparison).cloned());
    what.push(format!("endpoint: {}", trial.endpoint));
    let level = trial.level.map(|level| format!("; level {level}")).unwrap_or_default();
    let registry = if trial.registry.is_empty() { String::new() } else { format!("; {}", trial.registry.join(", ")) };
    let mut text = wrap::wrapped(INDENT, "      ", &format!("trial: {}", what.join("; ")));
    text.push_str(&wrap::wrapped(INDENT, "      ", &format!("result: {}{level}{registry}", trial.result)));
    text
}

/// Places that nobody could verify, in sources that as a whole have a better mark.
fn unverified_places(entries: &[Entry<'_>]) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in entries.iter().filter(|entry| entry.source.mark > Mark::Unverified) {
        for part in entry.source.parts.iter().filter(|part| part.mark <= Mark::Unverified) {
            let name = format!("{}, {}", entry.source.key.value, part.place);
            let note = part.note.as_deref().unwrap_or("a place in a source that is described below");
            let mut text = wrap::wrapped(&format!("{name}  "), INDENT, note);
            let citing: Vec<Citing> =
                entry.citing.iter().filter(|citing| citing.places.contains(&part.place)).cloned().collect();
            for (guideline, blocks) in by_guideline(&citing) {
                let line = format!("cited by {guideline}: {}", blocks.join(", "));
                text.push_str(&wrap::wrapped(INDENT, "      ", &line));
            }
            texts.push(text);
        }
    }
    texts
}

/// The blocks of each guideline, each with the places it cites.
fn by_guideline(citing: &[Citing]) -> Vec<(&str, Vec<String>)> {
    let mut found: Vec<(&str, Vec<String>)> = Vec::new();
    for one in citing {
        let places = if one.places.is_empty() { String::new() } else { format!(" ({})", one.places.join("; ")) };
        let block = format!("{}{places}", one.block);
        match found.last_mut().filter(|(guideline, _)| *guideline == one.guideline) {
            Some((_, blocks)) => blocks.push(block),
            None => found.push((&one.guideline, vec![block])),
        }
    }
    found
}
