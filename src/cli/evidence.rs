mod cited;

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use self::cited::{Choice, Citing, choices, citing};
use super::output::{self, Stop};
use super::{Ending, TextOrJson, library, refuse_mistakes, wrap};
use crate::catalog::{Catalog, Evidence as Source, Mark};
use crate::diagnostics::suggest;
use crate::engine::{Engine, Wanted};
use crate::render::json;

const EXAMPLES: &str = "\
Examples:
  myoguide evidence
  myoguide evidence aggarwal_2017
  myoguide evidence --guideline acr_eular_response
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
    /// How they are printed; json is one object for each
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
    /// Use the rules of this folder in the place of those shipped
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// A source and what cites it.
struct Entry<'a> {
    source: &'a Source,
    citing: Vec<Citing>,
}

impl Evidence {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut engine = Engine::open(&library(self.rules.as_ref())?);
        let wanted = if self.guidelines.is_empty() { Wanted::Newest } else { Wanted::Named(self.guidelines.clone()) };
        engine.load(&wanted).map_err(|error| Stop::Refused(error.to_string()))?;
        engine.load_dictionary();
        refuse_mistakes(&engine)?;
        let catalog = engine.catalog();
        let mut choices = choices(&engine);
        let mut entries: Vec<Entry<'_>> = catalog
            .evidence_keys()
            .filter_map(|key| catalog.evidence(key))
            .map(|source| Entry { source, citing: citing(&engine, &source.key.value) })
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
        entries.sort_by_key(|entry| entry.source.mark);
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

const MARKS: [Mark; 5] = [Mark::LocalDefault, Mark::Unverified, Mark::FoundingReport, Mark::Secondary, Mark::Verified];

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
    if entry.citing.is_empty() {
        let _ = writeln!(text, "{INDENT}cited by nothing");
    }
    for (guideline, blocks) in by_guideline(&entry.citing) {
        text.push_str(&wrap::wrapped(INDENT, "      ", &format!("cited by {guideline}: {}", blocks.join(", "))));
    }
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

#[derive(Serialize)]
struct ChoiceObject<'a> {
    local_choice: &'a str,
    mark: &'static str,
    reason: &'a str,
    used_by: Vec<UsedObject<'a>>,
}

#[derive(Serialize)]
struct UsedObject<'a> {
    guideline: &'a str,
    blocks: &'a [String],
}

impl<'a> ChoiceObject<'a> {
    fn of(choice: &'a Choice) -> Self {
        let used = choice.used.iter().map(|(guideline, blocks)| UsedObject { guideline, blocks });
        ChoiceObject {
            local_choice: &choice.name,
            mark: Mark::LocalDefault.words(),
            reason: &choice.reason,
            used_by: used.collect(),
        }
    }
}

#[derive(Serialize)]
struct SourceObject<'a> {
    key: &'a str,
    mark: &'static str,
    authors: &'a str,
    title: &'a str,
    published: &'a str,
    year: Option<u16>,
    doi: Option<&'a str>,
    kind: &'a str,
    readable: &'a str,
    parts: Vec<PartObject<'a>>,
    cited_by: Vec<CitingObject<'a>>,
}

#[derive(Serialize)]
struct PartObject<'a> {
    place: &'a str,
    mark: &'static str,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct CitingObject<'a> {
    guideline: &'a str,
    block: &'a str,
    places: &'a [String],
}

impl<'a> SourceObject<'a> {
    fn of(entry: &'a Entry<'a>) -> Self {
        let source = entry.source;
        let part = |part: &'a crate::catalog::EvidencePart| PartObject {
            place: &part.place,
            mark: part.mark.words(),
            note: part.note.as_deref(),
        };
        let citing = |citing: &'a Citing| CitingObject {
            guideline: &citing.guideline,
            block: &citing.block,
            places: &citing.places,
        };
        SourceObject {
            key: &source.key.value,
            mark: source.mark.words(),
            authors: &source.authors,
            title: &source.title,
            published: &source.published,
            year: source.year,
            doi: source.doi.as_deref(),
            kind: &source.kind,
            readable: &source.readable,
            parts: source.parts.iter().map(part).collect(),
            cited_by: entry.citing.iter().map(citing).collect(),
        }
    }
}
