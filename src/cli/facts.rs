use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::value::RawValue;

use super::output::{self, Stop};
use super::{Ending, TextOrJson, library, refuse_mistakes};
use crate::catalog::{AbsentMeans, Burden, Catalog, Fact, FactKind, NumberKind, RecordedIn};
use crate::diagnostics::suggest;
use crate::engine::Engine;
use crate::render::{json, words};

const EXAMPLES: &str = "\
Examples:
  myoguide facts
  myoguide facts strength
  myoguide facts --format json antibody > antibodies.ndjson";

/// The dictionary as a codebook: what a record can hold, what is asked, in which units and values
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Facts {
    /// Only facts with this word in their name, label, question or synonyms
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
        let catalog = engine.catalog();
        let facts: Vec<&Fact> = catalog
            .facts()
            .map(|(_, fact)| fact)
            .filter(|fact| self.word.as_ref().is_none_or(|word| speaks_of(fact, &word.to_lowercase())))
            .collect();
        if let Some(word) = self.word.as_ref().filter(|_| facts.is_empty()) {
            return Err(Stop::Refused(nothing(catalog, word)));
        }
        let text = match self.format {
            TextOrJson::Text => facts.iter().map(|fact| entry(catalog, fact)).collect::<Vec<_>>().join("\n"),
            TextOrJson::Json => facts.iter().map(|fact| object(catalog, fact)).collect(),
        };
        output::result(&text)?;
        Ok(Ending::Well)
    }
}

fn speaks_of(fact: &Fact, word: &str) -> bool {
    let texts = [&fact.id.value, &fact.label, &fact.question].into_iter().chain(&fact.synonyms).chain(&fact.formerly);
    let spoken = word.replace('_', " ");
    texts.into_iter().map(|text| text.to_lowercase()).any(|text| text.contains(word) || text.contains(&spoken))
}

fn nothing(catalog: &Catalog, word: &str) -> String {
    let synonyms = || catalog.facts().flat_map(|(_, fact)| fact.synonyms.iter().map(String::as_str));
    let near = catalog.nearest(word).or_else(|| suggest::nearest(word, synonyms()));
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    format!("no fact speaks of `{word}`{near}")
}

fn entry(catalog: &Catalog, fact: &Fact) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}  {}", fact.id.value, fact.label);
    let _ = writeln!(text, "    {}", fact.question);
    let _ = writeln!(text, "    {}; {}", kind(&fact.kind), recorded(fact.recorded));
    let mut more = vec![burden(fact.burden).to_owned()];
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
    #[serde(skip_serializing_if = "Option::is_none")]
    upper_limit: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<ValueObject<'a>>,
    recorded: &'static str,
    burden: &'static str,
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
        absent_means: fact.absent_means.map(absent),
        synonyms: &fact.synonyms,
        codes: &fact.codes,
        report: fact.report.and_then(|report| catalog.report(report)).map(|report| report.id.value.as_str()),
    };
    json::line(&object)
}
