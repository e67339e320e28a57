//! The register for programs.

use serde::Serialize;

use super::Entry;
use super::cited::{Choice, Citing};
use crate::catalog::{EvidencePart, Mark, Trial};

#[derive(Serialize)]
pub(super) struct ChoiceObject<'a> {
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
    pub(super) fn of(choice: &'a Choice) -> Self {
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
pub(super) struct SourceObject<'a> {
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
    trial: Option<TrialObject<'a>>,
    statuses: &'a [String],
    cited_by: Vec<CitingObject<'a>>,
}

#[derive(Serialize)]
struct TrialObject<'a> {
    design: &'a str,
    n: Option<u32>,
    population: Option<&'a str>,
    comparison: Option<&'a str>,
    endpoint: &'a str,
    result: &'a str,
    level: Option<&'static str>,
    registry: &'a [String],
}

fn trial(trial: &Trial) -> TrialObject<'_> {
    TrialObject {
        design: &trial.design,
        n: trial.n,
        population: trial.population.as_deref(),
        comparison: trial.comparison.as_deref(),
        endpoint: &trial.endpoint,
        result: &trial.result,
        level: trial.level,
        registry: &trial.registry,
    }
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
    pub(super) fn of(entry: &'a Entry<'a>) -> Self {
        let source = entry.source;
        let part = |part: &'a EvidencePart| PartObject {
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
            trial: source.trial.as_ref().map(trial),
            statuses: &entry.statuses,
            cited_by: entry.citing.iter().map(citing).collect(),
        }
    }
}
