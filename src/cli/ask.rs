use std::collections::VecDeque;
use std::fs;
use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;

use super::baseline::{self, WRITTEN};
use super::evaluate::day;
use super::output::{self, Stop};
use super::{Ending, input, library, refuse_mistakes};
use crate::ask::{self, Done, Interview, Next, Question, Taken};
use crate::diagnostics::suggest;
use crate::engine::{Asked, Engine, Options};
use crate::record::{self, Draft, Record};
use crate::render::text;
use crate::value::Date;
use crate::yaml::{self, Tree};

const EXAMPLES: &str = "\
A reply is a value, with its unit where it has one (`8000 U/L`, `above 8000 U/L`, `yes`, `not done`), or
  unknown  it is not known; it is not asked again
  back     the question before once more
  why      what hangs on the question
  stop     no more questions

Without a terminal the replies are lines of standard input, in the order of the questions, or stand in a file with
`--answers`, by name: `subtype: DM`, `therapies: [\"DRUG, 20 mg/week, from 2025-06-10\", none]`. A name alone is the newest
value that is asked for; `mmt8 at baseline: 118` and `ck on 2025-12-01: 310 U/L` are those of other visits. A value that
names no day (`ck: 310 U/L on 2025-12-20` does) is of the newest visit on file, or of the day of the record.
What the file does not name is not known. The layout and the comments of a record are not kept.

Examples:
  myoguide ask --guideline eular_acr_classification --as-of 2026-03-01
  myoguide ask examples/half_empty.yaml --guideline acr_eular_response --answer response
  myoguide ask patient.yaml --guideline refractory_iim --answers replies.yaml --output completed.yaml";

/// Ask for what is missing, what settles most first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Ask {
    /// The record to complete, YAML or JSON [default: begin with an empty one]
    #[arg(value_name = "RECORD")]
    record: Option<PathBuf>,
    /// The guideline that asks, or one release of it
    #[arg(long, value_name = "ID[@RELEASE]")]
    guideline: String,
    /// Ask only until this answer is settled; may be given several times [default: all answers of the guideline]
    #[arg(long, value_name = "NAME")]
    answer: Vec<String>,
    /// Take the replies from a file: `name: reply` lines
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Write the completed record to a file; `-` prints it
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The day the record speaks of; of a later record what was known on it
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// The visit that changes are counted from: `first`, the first visit on or after a day, or the visit at
    /// which the newest course of a drug was begun [default: the visit with `role: baseline`, else the first]
    #[arg(long, value_name = WRITTEN, value_parser = baseline::read)]
    baseline: Option<baseline::Asked>,
    /// Use the rules of this folder in the place of those shipped
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// Where replies come from.
enum Replies {
    /// A person at a terminal.
    Terminal,
    /// Lines of standard input.
    Lines,
    /// A file.
    Named(Named),
}

/// The replies of a file.
struct Named {
    /// By name; several of one name in order.
    replies: Vec<(String, VecDeque<String>)>,
    /// The questions to which there was none, by their usual names.
    unanswered: Vec<String>,
}

impl Ask {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut engine = Engine::open(&library(self.rules.as_ref())?);
        let asked =
            engine.ask(std::slice::from_ref(&self.guideline)).map_err(|error| Stop::Refused(error.to_string()))?;
        let Some(guideline) = asked.into_iter().next() else {
            return Err(Stop::Refused(format!("there is no guideline `{}`", self.guideline)));
        };
        refuse_mistakes(&engine)?;
        let baseline = baseline::resolved(self.baseline.as_ref(), &mut engine)?;
        let (draft, record) = self.begun(&mut engine)?;
        let earlier = record.as_ref().is_some_and(|record| self.as_of.is_some_and(|day| day < record.as_of));
        let options = Options { as_of: self.as_of.filter(|_| earlier), baseline };
        let mut replies = self.replies(&engine)?;
        let mut interview = Interview::begin(guideline.clone(), &self.answer, draft, record, options);
        let done = Self::hold(&mut engine, &mut interview, &mut replies)?;
        if let Some(left) = replies.left() {
            output::result(&format!("\nNo question asked for these replies, and none is recorded: {left}.\n"))?;
        }
        self.finish(&mut engine, &interview, &guideline, options, done)
    }

    /// The record to begin with, as a draft and as read.
    fn begun(&self, engine: &mut Engine) -> Result<(Draft, Option<Record>), Stop> {
        let (mut draft, own_day) = match &self.record {
            None => (Draft::new("interview"), None),
            Some(path) => {
                let (name, text) = input::read(path).map_err(Stop::Refused)?;
                let file = engine.add_text(&name, text);
                let mut records = engine.read_records(file);
                refuse_mistakes(engine)?;
                if records.len() > 1 {
                    let count = records.len();
                    return Err(Stop::Refused(format!("`{name}` holds {count} records, and one can be completed")));
                }
                let documents = record::documents(engine.sources(), file);
                match (records.pop(), documents.first().and_then(Draft::of)) {
                    (Some(Ok(record)), Some(draft)) => (draft, Some(record.as_of)),
                    (Some(Err(mistakes)), _) => {
                        output::diagnostics(engine.sources(), &mistakes);
                        return Err(Stop::Refused(format!("nothing is asked while `{name}` has mistakes")));
                    }
                    (Some(Ok(_)) | None, _) => return Err(Stop::Refused(format!("`{name}` holds no record"))),
                }
            }
        };
        if let Some(day) = self.as_of.filter(|day| own_day.is_none_or(|own| own < *day)) {
            draft.set_as_of(day);
        } else if own_day.is_none() {
            return Ok((draft, None));
        }
        let file = engine.add_text("the record", draft.text());
        match engine.read_records(file).pop() {
            Some(Ok(record)) => Ok((draft, Some(record))),
            Some(Err(mistakes)) => {
                output::diagnostics(engine.sources(), &mistakes);
                Err(Stop::Refused("the record cannot be completed".to_owned()))
            }
            None => Err(Stop::Refused("the record cannot be completed".to_owned())),
        }
    }

    fn replies(&self, engine: &Engine) -> Result<Replies, Stop> {
        match &self.answers {
            Some(path) => named(path, engine).map(|replies| Replies::Named(Named { replies, unanswered: Vec::new() })),
            None if io::stdin().is_terminal() => Ok(Replies::Terminal),
            None => Ok(Replies::Lines),
        }
    }

    /// Question by question, until nothing more is asked.
    fn hold(engine: &mut Engine, interview: &mut Interview, replies: &mut Replies) -> Result<Done, Stop> {
        loop {
            let next = interview.next(engine);
            refuse_mistakes(engine)?;
            let question = match next.map_err(|error| Stop::Refused(error.to_string()))? {
                Next::Done(done) => return Ok(done),
                Next::Ask(question) => question,
            };
            let number = interview.asked() + 1;
            output::result(&ask::text::question(&question, number, output::results_coloured()))?;
            if !Self::put(engine, interview, &question, replies)? {
                return Ok(Done::Stopped);
            }
        }
    }

    /// Puts one question until it has a reply that can be taken; `false` where the replies have ended.
    fn put(
        engine: &mut Engine,
        interview: &mut Interview,
        question: &Question,
        replies: &mut Replies,
    ) -> Result<bool, Stop> {
        loop {
            let Some(reply) = replies.next(question)? else { return Ok(false) };
            match interview.reply(engine, &reply) {
                Taken::Back(_) if matches!(replies, Replies::Named(_)) => {
                    return Err(Stop::Refused(format!(
                        "the reply `{reply}` to `{}`: a file has no way back",
                        question.key()
                    )));
                }
                Taken::Accepted | Taken::Unknown | Taken::Back(true) | Taken::Stopped => return Ok(true),
                Taken::Back(false) => output::result("  this is the first question\n")?,
                Taken::Why => output::result(&ask::text::why(question))?,
                Taken::Mistake(mistake) => match replies {
                    Replies::Named(_) => {
                        return Err(Stop::Refused(format!("the reply `{reply}` to `{}`: {mistake}", question.key())));
                    }
                    Replies::Terminal | Replies::Lines => output::result(&ask::text::mistake(&mistake))?,
                },
            }
        }
    }

    /// The page of answers, why no more was asked, and the completed record.
    fn finish(
        &self,
        engine: &mut Engine,
        interview: &Interview,
        guideline: &Asked,
        options: Options,
        done: Done,
    ) -> Result<Ending, Stop> {
        let asked = interview.asked();
        output::result(&ask::text::done(done, asked))?;
        let Some(record) = interview.record().cloned() else { return Ok(Ending::Well) };
        let evaluated = engine.evaluate_asked(std::slice::from_ref(guideline), &record, options);
        let explanations: Vec<_> = evaluated.into_iter().map(|one| one.explanation).collect();
        let look = text::Look { trace: false, color: output::results_coloured() };
        output::result(&format!("\n{}", text::render(&explanations, look)))?;
        let written = interview.draft().text();
        match self.output.as_deref() {
            None if asked > 0 => output::result("\nThe record is not kept: `--output FILE` writes it.\n")?,
            None => {}
            Some(path) if path == Path::new(input::DASH) => output::result(&format!("\n{written}"))?,
            Some(path) => {
                fs::write(path, written)
                    .map_err(|error| Stop::Refused(format!("`{}` cannot be written: {error}", path.display())))?;
                output::result(&format!("\nThe completed record is in `{}`.\n", path.display()))?;
            }
        }
        Ok(Ending::Well)
    }
}

impl Replies {
    /// The names of the replies of a file that no question asked for, with what was asked of the same fact.
    fn left(&self) -> Option<String> {
        let Replies::Named(Named { replies, unanswered }) = self else { return None };
        let of = |key: &str| key.split(' ').next().map(str::to_owned);
        let left = replies.iter().filter(|(_, left)| !left.is_empty()).map(|(name, _)| {
            let asked: Vec<String> =
                unanswered.iter().filter(|key| of(key) == of(name)).map(|key| format!("`{key}`")).collect();
            if asked.is_empty() { format!("`{name}`") } else { format!("`{name}` (asked was {})", asked.join(", ")) }
        });
        Some(left.collect::<Vec<_>>().join(", ")).filter(|names| !names.is_empty())
    }

    /// The next reply; `None` where there is no more.
    fn next(&mut self, question: &Question) -> Result<Option<String>, Stop> {
        match self {
            Replies::Terminal => {
                output::result("> ")?;
                line()
            }
            Replies::Lines => {
                let line = line()?;
                output::result(&format!("> {}\n", line.as_deref().unwrap_or("(no more replies)")))?;
                Ok(line)
            }
            Replies::Named(Named { replies, unanswered }) => {
                let mut of_name = |key: &String| replies.iter_mut().find(|(name, _)| name == key)?.1.pop_front();
                let reply = question.keys.iter().find_map(&mut of_name).unwrap_or_else(|| {
                    unanswered.push(question.key().to_owned());
                    "unknown".to_owned()
                });
                output::result(&format!("> {reply}\n"))?;
                Ok(Some(reply))
            }
        }
    }
}

/// A line of standard input; `None` at its end.
fn line() -> Result<Option<String>, Stop> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    match read {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(line.trim().to_owned())),
        Err(error) => Err(Stop::Refused(format!("the replies cannot be read: {error}"))),
    }
}

/// The replies of a file, by name; each name is one that may be asked for.
fn named(path: &Path, engine: &Engine) -> Result<Vec<(String, VecDeque<String>)>, Stop> {
    let (name, text) = input::read(path).map_err(Stop::Refused)?;
    let mut sources = crate::source::SourceMap::default();
    let file = sources.add(&name, text);
    let documents = yaml::read(&sources, file).map_err(|mistakes| {
        output::diagnostics(&sources, &mistakes);
        Stop::Refused(format!("nothing is asked while `{name}` has mistakes"))
    })?;
    let [document] = documents.as_slice() else {
        return Err(Stop::Refused(format!("`{name}` holds no `name: reply` lines")));
    };
    let Tree::Group(entries) = Tree::from(document) else {
        return Err(Stop::Refused(format!("`{name}` holds no `name: reply` lines")));
    };
    let mut replies = Vec::new();
    for (key, value) in entries {
        let fact = key.split([' ', '.']).next().unwrap_or(&key);
        let catalog = engine.catalog();
        let known = ["as_of", "baseline", "therapies"];
        let is_known = known.contains(&key.as_str())
            || key.contains('.')
            || catalog.find(fact).is_some()
            || engine.guidelines().iter().any(|loaded| loaded.guideline.judgements.iter().any(|name| name == fact));
        let near = suggest::nearest(fact, known.into_iter().chain(catalog.names()));
        if let (false, Some(near)) = (is_known, near) {
            return Err(Stop::Refused(format!("`{name}`: `{fact}` is not a fact; did you mean `{near}`?")));
        }
        let texts: VecDeque<String> = match value {
            Tree::Text(text) => [text].into(),
            Tree::Nothing => ["unknown".to_owned()].into(),
            Tree::List(items) => items.iter().filter_map(Tree::as_text).map(str::to_owned).collect(),
            Tree::Group(_) => {
                return Err(Stop::Refused(format!("`{name}`: the reply to `{key}` is one text, or a list of them")));
            }
        };
        replies.push((key, texts));
    }
    Ok(replies)
}
