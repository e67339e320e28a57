use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::{self, Stop};
use super::{Ending, TextOrJson, library, refuse_mistakes, wrap};
use crate::catalog::{GuidelineInfo, Status};
use crate::diagnostics::suggest;
use crate::engine::{BlockText, Engine, Loaded, Wanted};
use crate::render::json;
use crate::source::SourceMap;

const EXAMPLES: &str = "\
Examples:
  myoguide show acr_eular_response
  myoguide show acr_eular_response@2016.1 response
  myoguide show --format json imacs_improvement > blocks.ndjson";

/// Print a guideline: what it says of itself, then its blocks as they are written, each with where it comes from
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Show {
    /// Which guideline, and which release of it if not the newest
    #[arg(value_name = "GUIDELINE[@RELEASE]")]
    guideline: String,
    /// Only this block
    #[arg(value_name = "BLOCK")]
    block: Option<String>,
    /// How it is printed; json is one object for each block
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
    /// Use the rules of this folder in the place of those shipped
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

impl Show {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut engine = Engine::open(&library(self.rules.as_ref())?);
        engine.load(&Wanted::named(&self.guideline)).map_err(|error| Stop::Refused(error.to_string()))?;
        refuse_mistakes(&engine)?;
        let Some(loaded) = engine.guidelines().first() else {
            return Err(Stop::Refused(format!("`{}` has no rules", self.guideline)));
        };
        let blocks = self.blocks(loaded)?;
        let sources = engine.sources();
        let text = match self.format {
            TextOrJson::Json => blocks.iter().map(|block| json::line(&object(sources, block))).collect(),
            TextOrJson::Text => page(sources, self.block.is_none().then(|| header(loaded)), &blocks),
        };
        output::result(&text)?;
        Ok(Ending::Well)
    }

    /// All blocks, or the one that was asked for.
    fn blocks<'a>(&self, loaded: &'a Loaded) -> Result<Vec<&'a BlockText>, Stop> {
        let Some(wanted) = &self.block else { return Ok(loaded.texts.iter().collect()) };
        let found: Vec<&BlockText> = loaded.texts.iter().filter(|block| block.name.value == *wanted).collect();
        if found.is_empty() {
            let near = suggest::nearest(wanted, loaded.texts.iter().map(|block| block.name.value.as_str()));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let whose = loaded.guideline.info.full_name();
            return Err(Stop::Refused(format!("`{whose}` has no block `{wanted}`{near}")));
        }
        Ok(found)
    }
}

/// What the guideline says of itself, as comments.
fn header(loaded: &Loaded) -> String {
    let info = &loaded.guideline.info;
    let mut lines = vec![
        ("", format!("{}: {}", info.full_name(), info.title)),
        ("", info.about.clone()),
        ("status", status(info)),
        ("hash", format!("sha256:{}", loaded.hash)),
    ];
    let list = |names: Vec<&str>| names.join(", ");
    lines.push(("answers", list(info.answers().iter().map(|answer| answer.value.as_str()).collect())));
    lines.extend(info.builds_on.iter().map(|name| ("builds on", name.value.clone())));
    lines.extend(info.silent_on.iter().map(|(name, why)| ("silent", format!("{}: {why}", name.value))));
    lines.push(("uses", list(info.uses().iter().map(|used| used.value.as_str()).collect())));
    lines.push(("authors", list(info.authors.iter().map(String::as_str).collect())));
    lines.extend(info.changes.iter().map(|change| ("changes", change.clone())));
    lines
        .extend(info.local_choices.iter().map(|choice| ("local", format!("{}: {}", choice.name.value, choice.reason))));
    let mut text = String::new();
    for (label, line) in lines.iter().filter(|(_, line)| !line.is_empty()) {
        let start = if label.is_empty() { "# ".to_owned() } else { format!("# {label}: ") };
        text.push_str(&wrap::wrapped(&start, "#   ", line));
    }
    text
}

fn status(info: &GuidelineInfo) -> String {
    let status = match info.status {
        Status::Draft => "draft",
        Status::InUse => "in use",
        Status::Retired => "retired",
    };
    let from = info.effective_from.as_ref().map(|day| format!(", from {}", day.value)).unwrap_or_default();
    format!("{status}{from}, language {}", info.language)
}

/// The blocks, under the name of the file and of the release where either changes.
fn page(sources: &SourceMap, head: Option<String>, blocks: &[&BlockText]) -> String {
    let mut pieces: Vec<String> = head.into_iter().collect();
    let mut file = None;
    for block in blocks {
        if file != Some(block.span.file) {
            pieces.push(format!("# {}, of {}\n", sources.path(block.span.file), block.from));
        }
        file = Some(block.span.file);
        pieces.push(format!("{}\n", written(sources, block)));
    }
    pieces.join("\n")
}

/// The text of a block, to the end of its last line.
fn written<'a>(sources: &'a SourceMap, block: &BlockText) -> &'a str {
    let whole = sources.text(block.span.file);
    let (start, end) = (block.span.start as usize, block.span.end as usize);
    let rest = whole.get(end..).unwrap_or("");
    let end = end + rest.lines().next().map_or(0, str::len);
    whole.get(start..end).unwrap_or("").trim_end()
}

#[derive(Serialize)]
struct BlockObject<'a> {
    id: &'a str,
    kind: &'a str,
    title: Option<&'a str>,
    file: &'a str,
    line: u32,
    release: &'a str,
    text: &'a str,
}

fn object<'a>(sources: &'a SourceMap, block: &'a BlockText) -> BlockObject<'a> {
    let text = written(sources, block);
    let head = block
        .change
        .map_or(text, |change| text.get((change.end - change.start) as usize..).unwrap_or(text))
        .trim_start();
    let head = head.strip_prefix("as recorded ").unwrap_or(head);
    BlockObject {
        id: &block.name.value,
        kind: head.split_whitespace().next().unwrap_or_default(),
        title: block.title.as_deref(),
        file: sources.path(block.span.file),
        line: sources.position(block.span).line,
        release: &block.from,
        text,
    }
}
