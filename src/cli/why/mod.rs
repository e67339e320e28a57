mod json;
mod text;

pub(super) use json::{GuidelineObject, RecordObject, VERSION, head as json_head, value};
pub(super) use text::{head, silence};

use std::path::PathBuf;

use clap::Args;

use super::baseline::{self, WRITTEN};
use super::evaluate::day;
use super::output::{self, Stop};
use super::{Ending, TextOrJson, input, library, refuse_mistakes};
use crate::engine::{Answering, Engine, Loaded, Options};
use crate::eval::{Asking, Baseline, Held, Status};
use crate::explain::Explanation;
use crate::model::{Item, Verdict};
use crate::record::{self, Record};
use crate::value::{Choices, Date};
use crate::why::Patient;
use crate::why::reasons::{self, Why as Reasons};
use crate::why::target::{self, Target};

const EXAMPLES: &str = "\
Examples:
  myoguide why examples/adult.yaml
  myoguide why examples/adult.yaml response --guideline acr_eular_response
  myoguide why --format json patient.yaml LADDER.DRUG CONCLUSION";

/// Why the answers are what they are
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Why {
    #[command(flatten)]
    asked: OfRecord,
    /// What is asked about: an answer, a conclusion, a finding, a drug on a ladder, by its name [default: every answer
    /// that is settled]
    #[arg(value_name = "ANSWER")]
    answers: Vec<String>,
}

/// What `why` and `why-not` are asked of.
#[derive(Debug, Args)]
pub(super) struct OfRecord {
    /// A file of records, YAML or JSON; `-` reads standard input
    #[arg(value_name = "RECORD")]
    record: PathBuf,
    /// A guideline, or one release of it, which then answers whatever the day; may be given several times [default: of
    /// every guideline that covers the patient, or may, the release in force on the day of the record]
    #[arg(long, value_name = "ID[@RELEASE]")]
    guideline: Vec<String>,
    /// As of this day: what the record says of later days is left out
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// The visit that changes are counted from, as for `evaluate`
    #[arg(long, value_name = WRITTEN, value_parser = baseline::read)]
    baseline: Option<baseline::Asked>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub(super) format: TextOrJson,
    /// Use the rules of this folder in the place of those shipped
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// A hospital's own sheet, which adds to a release and hides nothing; may be given several times
    #[arg(long, value_name = "DIR")]
    local: Vec<PathBuf>,
}

/// What one guideline is asked of one record.
pub(super) struct Question<'a> {
    pub(super) patient: Patient<'a>,
    /// What it says of the record in the ordinary way.
    pub(super) explanation: Explanation,
    /// What is asked about.
    pub(super) targets: Vec<Target>,
}

impl Why {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut printed = false;
        let names: Vec<&str> = self.answers.iter().map(String::as_str).collect();
        self.asked.each(&names, |question| {
            let asked: Vec<&Target> = if names.is_empty() {
                let settled = |target: &&Target| {
                    let own = question.explanation.answers.iter().find(|answer| answer.id == target.name);
                    target.is_answer && own.is_some_and(|answer| answer.status == Status::Decided)
                };
                question.targets.iter().filter(settled).filter(|target| !target.as_recorded).collect()
            } else {
                question.targets.iter().collect()
            };
            let asked = without_others(question, &asked);
            let found: Vec<Reasons> = asked.into_iter().map(|target| reasons::why(&question.patient, target)).collect();
            let page = match self.asked.format {
                TextOrJson::Text => text::page(&question.explanation, &found, printed),
                TextOrJson::Json => json::object(&question.explanation, &found),
            };
            printed = true;
            output::result(&page)
        })
    }
}

/// Of the verdicts of one drug on several ladders, those of ladders that are for the patient, where there are any.
fn without_others<'a>(question: &Question<'_>, asked: &[&'a Target]) -> Vec<&'a Target> {
    let is_verdict = |target: &Target| matches!(target.asking, Asking::Item(Item::Verdict(..)));
    let drug = |target: &Target| target.name.split_once('.').map(|(_, drug)| drug.to_owned());
    let other = |target: &Target| {
        let answer = question.patient.answer(target.asking);
        answer.held.first() == Some(&Held::Choices(Choices::only(Verdict::NotForThisPatient.position())))
    };
    let kept: Vec<bool> = asked.iter().map(|target| !is_verdict(target) || !other(target)).collect();
    let has_other = |target: &Target| {
        let mut all = asked.iter().zip(&kept);
        all.any(|(one, kept)| *kept && is_verdict(one) && drug(one) == drug(target))
    };
    asked.iter().zip(&kept).filter(|(target, kept)| **kept || !has_other(target)).map(|(target, _)| *target).collect()
}

impl OfRecord {
    /// Asks each guideline of each record that has what is asked about.
    pub(super) fn each(
        &self,
        names: &[&str],
        mut tell: impl FnMut(&Question<'_>) -> Result<(), Stop>,
    ) -> Result<Ending, Stop> {
        let mut library = library(self.rules.as_ref())?;
        for sheet in &self.local {
            library.add_sheet(sheet).map_err(|error| Stop::Refused(error.to_string()))?;
        }
        let mut engine = Engine::open(&library);
        let asked = engine.ask(&self.guideline).map_err(|error| Stop::Refused(error.to_string()))?;
        refuse_mistakes(&engine)?;
        let baseline = baseline::resolved(self.baseline.as_ref(), &mut engine)?;
        let (name, text) = input::read(&self.record).map_err(Stop::Refused)?;
        let file = engine.add_text(&name, text);
        let records = engine.read_records(file);
        refuse_mistakes(&engine)?;
        let mut ending = Ending::Well;
        for record in records {
            let record = match record {
                Ok(record) => record,
                Err(mistakes) => {
                    output::diagnostics(engine.sources(), &mistakes);
                    ending = Ending::Unreadable;
                    continue;
                }
            };
            let day = self.as_of.unwrap_or(record.as_of);
            let answering: Vec<Answering> = asked.iter().filter_map(|one| engine.answering(one, day)).collect();
            refuse_mistakes(&engine)?;
            self.of_record(&engine, &answering, &record, baseline, names, &mut tell)?;
        }
        Ok(ending)
    }

    fn of_record(
        &self,
        engine: &Engine,
        answering: &[Answering],
        record: &Record,
        baseline: Baseline,
        names: &[&str],
        tell: &mut impl FnMut(&Question<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let record = match self.as_of {
            Some(day) => record::until(record, day, engine.catalog()).0,
            None => record.clone(),
        };
        let in_force = answering.iter().filter_map(|one| match one {
            Answering::Release(at) => engine.guidelines().get(*at),
            Answering::NotYet(..) => None,
        });
        let loaded: Vec<&Loaded> = in_force.collect();
        if loaded.is_empty() {
            return Err(Stop::Refused(not_yet(engine, answering)));
        }
        let of_each: Vec<(&Loaded, Vec<Target>, Option<String>)> =
            loaded.into_iter().map(|loaded| named(engine, loaded, names)).collect();
        // Where several guidelines are asked, one that has no such answer has nothing to say.
        let known: Vec<_> = of_each.iter().filter(|(_, _, mistake)| mistake.is_none()).collect();
        if known.is_empty() {
            let mistake = of_each.iter().find_map(|(_, _, mistake)| mistake.clone());
            return Err(Stop::Refused(mistake.unwrap_or_default()));
        }
        // Nor where it is only a step on the way, and the answer of another.
        let is_answer = |targets: &[Target]| targets.iter().any(|target| target.is_answer);
        let answered = self.guideline.is_empty() && known.iter().any(|(_, targets, _)| is_answer(targets));
        let known = known.into_iter().filter(|(_, targets, _)| !answered || is_answer(targets));
        let evaluated = known.map(|(loaded, targets, _)| {
            let options = Options { as_of: None, baseline };
            (*loaded, targets, engine.evaluate(loaded, &record, options))
        });
        let all: Vec<_> = evaluated.collect();
        let covered = all.iter().any(|(_, _, evaluated)| evaluated.evaluation.covers.can_be_yes());
        let every = !self.guideline.is_empty() || !covered;
        for (loaded, targets, evaluated) in all {
            if every || evaluated.evaluation.covers.can_be_yes() {
                let patient = Patient::of(engine, loaded, &record, baseline);
                tell(&Question { patient, explanation: evaluated.explanation, targets: targets.clone() })?;
            }
        }
        Ok(())
    }
}

/// What is asked about in one guideline: everything where no name is given; else a sentence where a name is unknown.
fn named<'a>(engine: &Engine, loaded: &'a Loaded, names: &[&str]) -> (&'a Loaded, Vec<Target>, Option<String>) {
    let all = target::all(engine.subject(loaded));
    if names.is_empty() {
        return (loaded, all, None);
    }
    let mut found = Vec::new();
    for name in names {
        match target::find(&all, name) {
            Ok(targets) => found.extend(targets),
            Err(way_out) => {
                let id = &loaded.guideline.info.id.value;
                return (loaded, Vec::new(), Some(format!("`{id}` has no answer `{name}`; {way_out}")));
            }
        }
    }
    (loaded, found, None)
}

fn not_yet(engine: &Engine, answering: &[Answering]) -> String {
    let first = answering.iter().find_map(|one| match one {
        Answering::NotYet(at, first) => Some((engine.guidelines().get(*at)?, *first)),
        Answering::Release(_) => None,
    });
    first.map_or_else(
        || "no guideline answers".to_owned(),
        |(loaded, first)| format!("`{}` is first in force on {first}", loaded.guideline.info.id.value),
    )
}
