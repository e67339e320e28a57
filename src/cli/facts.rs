mod treatments;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::value::RawValue;

use super::output::{self, Stop};
use super::{Ending, TextOrJson, library, refuse_mistakes};
use crate::catalog::{AbsentMeans, Burden, Catalog, Changeable, Fact, FactKind, NumberKind, RecordedIn};
use crate::diagnostics::suggest;
use crate::engine::{Engine, Wanted};
use crate::render::{json, words};

const EXAMPLES: &str = "\
Examples:
  myoguide facts
  myoguide facts strength
  myoguide facts --rules rules ck
  myoguide facts --format json antibody > antibodies.ndjson";

/// The dictionary as a codebook: what a record can hold, what is asked, in which units and values
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Facts {
    /// Only facts with this word in their name, label, question or synonyms; also treatments and classes called so
    #[arg(value_name = "WORD")]
    word: Option<String>,
    /// How they are printed
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
    /// Use the dictionary of this folder in the place of the one shipped
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

impl Facts {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut engine = Engine::open(&library(self.rules.as_ref())?);
        engine.load_dictionary();
        refuse_mistakes(&engine)?;
        let judgements = self.word.as_ref().map_or_else(Vec::new, |word| judgements(&mut engine, word));
        let catalog = engine.catalog();
        let treatments = self.word.as_ref().map_or_else(Vec::new, |word| treatments::spoken_of(catalog, &spoken(word)));
        let facts = spoken_of(catalog.facts().map(|(_, fact)| fact).collect(), self.word.as_deref());
        if let Some(word) =
            self.word.as_ref().filter(|_| facts.is_empty() && judgements.is_empty() && treatments.is_empty())
        {
            return Err(Stop::Refused(nothing(catalog, word)));
        }
        let text = match self.format {
            TextOrJson::Text => {
                let facts = facts.iter().map(|fact| entry(catalog, fact));
                facts.chain(treatments).chain(judgements).collect::<Vec<_>>().join("\n")
            }
            TextOrJson::Json => facts.iter().map(|fact| object(catalog, fact)).collect(),
        };
        output::result(&text)?;
        Ok(Ending::Well)
    }
}

/// The facts that speak of a word: those called so first, then those whose question has it as a word of its own; where
/// there is none, those in which it is a part of a word.
fn spoken_of<'a>(facts: Vec<&'a Fact>, word: Option<&str>) -> Vec<&'a Fact> {
    let Some(word) = word else { return facts };
    let word = spoken(word);
    let names = |fact: &'a Fact| {
        [&fact.id.value, &fact.label].into_iter().chain(&fact.synonyms).chain(&fact.formerly).map(|name| spoken(name))
    };
    let whole = |text: &String| format!(" {text} ").contains(&format!(" {word} "));
    let (called, others): (Vec<_>, Vec<_>) = facts.into_iter().partition(|fact| names(fact).any(|name| whole(&name)));
    let (asked, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|fact| whole(&spoken(&fact.question)));
    if !called.is_empty() || !asked.is_empty() {
        return called.into_iter().chain(asked).collect();
    }
    let part = |fact: &&'a Fact| names(fact).chain([spoken(&fact.question)]).any(|text| text.contains(&word));
    others.into_iter().filter(part).collect()
}

/// A text in small letters, its words with one blank between.
fn spoken(text: &str) -> String {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The judgements of the newest guidelines that speak of a word.
fn judgements(engine: &mut Engine, word: &str) -> Vec<String> {
    // Mistakes of a guideline are no matter here: its judgements are then not listed.
    if engine.load(&Wanted::Newest).is_err() {
        return Vec::new();
    }
    let word = spoken(word);
    let mut found = Vec::new();
    for loaded in engine.guidelines() {
        for name in &loaded.guideline.judgements {
            let title = loaded.guideline.find(name).map_or(name, |block| &block.title);
            let texts = format!(" {} {} ", spoken(name), spoken(title));
            if texts.contains(&format!(" {word} ")) {
                let whose = &loaded.guideline.info.id.value;
                found.push(format!(
                    "{name}  {title}\n    yes or no; a judgement of `{whose}`, recorded under `judgements`\n"
                ));
            }
        }
    }
    found
}

fn nothing(catalog: &Catalog, word: &str) -> String {
    let synonyms = || catalog.facts().flat_map(|(_, fact)| fact.synonyms.iter().map(String::as_str));
    let near = catalog
        .nearest(word)
        .or_else(|| catalog.nearest_treatment(word))
        .or_else(|| suggest::nearest(word, synonyms()));
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    format!("no fact speaks of `{word}`{near}")
}

fn entry(catalog: &Catalog, fact: &Fact) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}  {}", fact.id.value, fact.label);
    let _ = writeln!(text, "    {}", fact.question);
    let _ = writeln!(text, "    {}; {}", kind(&fact.kind), recorded(fact.recorded));
    let mut more = vec![burden(fact.burden).to_owned()];
    more.extend(changeable(fact.changeable).map(|(_, words)| words.to_owned()));
    more.extend(fact.absent_means.map(|means| format!("not named means {}", absent(means))));
    more.extend(fact.valid_for.map(|period| format!("counts for {period}")));
    more.extend(
        fact.report
            .map(|report| catalog.report(report).map_or("a report", |report| &report.label))
            .map(|label| format!("on the list of: {label}")),
    );
    if let (Some(presumed), FactKind::Choice { values, .. }) = (fact.presume, &fact.kind) {
        let names = presumed.iter().filter_map(|at| values.get(usize::from(at))).map(|value| value.name.clone());
        more.push(format!("may be taken for granted: {}", names.collect::<Vec<_>>().join(" or ")));
    }
    let _ = writeln!(text, "    {}", more.join("; "));
    if !fact.synonyms.is_empty() {
        let _ = writeln!(text, "    also: {}", fact.synonyms.join(", "));
    }
    text
}

fn kind(kind: &FactKind) -> String {
    match kind {
        FactKind::Date => "a date: 2026-03-01, or the month or the year where no more is known".to_owned(),
        FactKind::Choice { values, yes_no: true } => {
            words::any_of(&values.iter().map(|value| value.name.clone()).collect::<Vec<_>>())
        }
        FactKind::Choice { values, .. } => {
            let shown = values.iter().map(|value| {
                if value.label == value.name { value.name.clone() } else { format!("{} ({})", value.name, value.label) }
            });
            format!("one of {}", shown.collect::<Vec<_>>().join(", "))
        }
        FactKind::Number(kind) => number(kind),
    }
}

fn number(kind: &NumberKind) -> String {
    let mut text = if kind.whole { "whole number".to_owned() } else { "number".to_owned() };
    let range = words::numbers(&kind.range);
    if range != "any number" {
        let _ = write!(text, ", {}", kind.unit.map_or(range.clone(), |unit| words::with_unit(&range, unit.symbol())));
    } else if let Some(unit) = kind.unit {
        let _ = write!(text, " in {}", unit.symbol());
    }
    if let Some(usual) = &kind.usual {
        let _ = write!(text, " (usually {})", words::numbers(usual));
    }
    if kind.scales.len() > 1 {
        let ends: Vec<String> = kind.scales.iter().map(ToString::to_string).collect();
        let _ = write!(text, ", on a scale that ends at {}", words::any_of(&ends));
    }
    if kind.upper_limit {
        text.push_str(", with the laboratory's upper limit");
    }
    if !kind.grades.is_empty() {
        let grades: Vec<String> =
            kind.grades.iter().map(|grade| format!("`{}` for {}", grade.written, grade.number)).collect();
        let _ = write!(text, "; also written {}", grades.join(", "));
    }
    text
}

fn recorded(place: RecordedIn) -> &'static str {
    match place {
        RecordedIn::Patient => "under `patient`",
        RecordedIn::Facts => "under `facts`",
        RecordedIn::Visits => "in a visit",
    }
}

fn burden(burden: Burden) -> &'static str {
    match burden {
        Burden::History => "found out by asking, examining or looking it up",
        Burden::BloodTest => "found out by a blood test",
        Burden::Imaging => "found out by imaging",
        Burden::Biopsy => "found out by a biopsy",
    }
}

/// As the dictionary writes it, and in words; nothing of an observation.
fn changeable(changeable: Changeable) -> Option<(bool, &'static str)> {
    match changeable {
        Changeable::Clinic => Some((true, "the clinic can change it")),
        Changeable::Observed => None,
        Changeable::Never => Some((false, "nobody can change it")),
    }
}

fn absent(means: AbsentMeans) -> &'static str {
    match means {
        AbsentMeans::NotMeasured => "not measured",
        AbsentMeans::NotDone => "not done",
    }
}

#[derive(Serialize)]
struct FactObject<'a> {
    name: &'a str,
    label: &'a str,
    question: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Ends>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usual: Option<Ends>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scales: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    grades: BTreeMap<&'a str, Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upper_limit: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<ValueObject<'a>>,
    recorded: &'static str,
    burden: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    changeable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent_means: Option<&'static str>,
    synonyms: &'a [String],
    codes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a str>,
}

#[derive(Serialize)]
struct ValueObject<'a> {
    name: &'a str,
    label: &'a str,
}

#[derive(Serialize)]
struct Ends {
    min: Option<Box<RawValue>>,
    max: Option<Box<RawValue>>,
}

fn object(catalog: &Catalog, fact: &Fact) -> String {
    let (kind, number, values) = match &fact.kind {
        FactKind::Date => ("date", None, &[][..]),
        FactKind::Choice { values, yes_no: true } => ("yes or no", None, values.as_slice()),
        FactKind::Choice { values, .. } => ("choice", None, values.as_slice()),
        FactKind::Number(kind) if kind.whole => ("whole number", Some(kind), &[][..]),
        FactKind::Number(kind) => ("number", Some(kind), &[][..]),
    };
    let ends = |set: &crate::value::NumberSet| {
        let hull = set.hull();
        let end = |bound: Option<crate::value::Bound>| bound.and_then(crate::value::Bound::number).map(json::number);
        Ends { min: end(hull.map(|hull| hull.low)), max: end(hull.map(|hull| hull.high)) }
    };
    let object = FactObject {
        name: &fact.id.value,
        label: &fact.label,
        question: &fact.question,
        r#type: kind,
        unit: number.and_then(|kind| kind.unit).map(crate::value::Unit::symbol),
        range: number.map(|kind| ends(&kind.range)),
        usual: number.and_then(|kind| kind.usual.as_ref()).map(ends),
        scales: number.map_or_else(Vec::new, |kind| kind.scales.iter().copied().map(json::number).collect()),
        grades: number.map_or_else(BTreeMap::new, |kind| {
            kind.grades.iter().map(|grade| (grade.written.as_str(), json::number(grade.number))).collect()
        }),
        upper_limit: number.filter(|kind| kind.upper_limit).map(|_| true),
        values: values.iter().map(|value| ValueObject { name: &value.name, label: &value.label }).collect(),
        recorded: match fact.recorded {
            RecordedIn::Patient => "patient",
            RecordedIn::Facts => "facts",
            RecordedIn::Visits => "visits",
        },
        burden: match fact.burden {
            Burden::History => "history",
            Burden::BloodTest => "blood test",
            Burden::Imaging => "imaging",
            Burden::Biopsy => "biopsy",
        },
        changeable: changeable(fact.changeable).map(|(can, _)| can),
        absent_means: fact.absent_means.map(absent),
        synonyms: &fact.synonyms,
        codes: &fact.codes,
        report: fact.report.and_then(|report| catalog.report(report)).map(|report| report.id.value.as_str()),
    };
    json::line(&object)
}
