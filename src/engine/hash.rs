//! The hash of a guideline: SHA-256 over its normal form, so that layout and comments change nothing and every word,
//! number and citation does.

use std::collections::BTreeSet;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::catalog::{Catalog, Derivation, FactId, Moment, StatusId, TreatmentId};
use crate::model::{Cited, Guideline};
use crate::source::{SourceMap, Span};
use crate::syntax::Module;
use crate::yaml::{self, Node, NodeKind};

/// Hashes the language number, the blocks without layout and comments, what guideline.yaml says, and each entry of
/// the dictionary, the formulary and the evidence that the blocks reach.
pub(super) fn guideline(sources: &SourceMap, catalog: &Catalog, guideline: &Guideline, modules: &[Module]) -> String {
    let mut text = format!("language {}\n", guideline.info.language);
    entry(sources, guideline.info.span, &mut text);
    let taken_over =
        guideline.info.local_choices.iter().filter(|choice| choice.name.span.file != guideline.info.span.file);
    for choice in taken_over {
        let _ = writeln!(text, "{:?}:{:?}", choice.name.value, choice.reason);
    }
    for module in modules {
        let comments: Vec<Span> = module.comments.iter().map(|comment| comment.span).collect();
        for block in &module.blocks {
            lines(sources, block.span, &comments, &mut text);
        }
    }
    for fact in reached(catalog, guideline.facts()) {
        if let Some(place) = catalog.entry(fact) {
            entry(sources, place, &mut text);
        }
    }
    for place in treated(catalog, guideline) {
        entry(sources, place, &mut text);
    }
    for key in cited(guideline) {
        if let Some(place) = catalog.evidence_entry(key) {
            entry(sources, place, &mut text);
        }
    }
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The facts, those that decide whether they apply, and those they are worked out from.
fn reached(catalog: &Catalog, facts: BTreeSet<FactId>) -> BTreeSet<FactId> {
    let mut open: Vec<FactId> = facts.into_iter().collect();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !found.insert(id) {
            continue;
        }
        let Some(fact) = catalog.fact(id) else { continue };
        open.extend(fact.applies_when.as_ref().map(|rule| rule.fact));
        let moments = match fact.derived {
            Some(Derivation::AgeAt(at)) => vec![at],
            Some(Derivation::YearsBetween(from, to) | Derivation::MonthsBetween(from, to)) => vec![from, to],
            None => Vec::new(),
        };
        open.extend(moments.into_iter().filter_map(|moment| match moment {
            Moment::Fact(fact) => Some(fact),
            Moment::AsOf => None,
        }));
    }
    found
}

/// The treatments of the therapies that rules speak of, and their classes: in which classes a treatment is decides which
/// rules reach it. What they count as in which indication stands beside options, and conditions ask for it.
fn treated(catalog: &Catalog, guideline: &Guideline) -> Vec<Span> {
    let parts = guideline.therapies.iter().flat_map(|therapy| therapy.parts.iter().copied());
    let treatments: BTreeSet<TreatmentId> = parts.collect();
    let own = |id: &TreatmentId| catalog.treatment_entry(*id);
    let of = |id: &TreatmentId| catalog.treatment(*id).map(|treatment| treatment.classes.as_slice());
    let classes: BTreeSet<&String> = treatments.iter().filter_map(of).flatten().collect();
    let classes = classes.into_iter().filter_map(|name| catalog.class_entry(name));
    let asked = guideline.statuses.iter().map(|asked| asked.history);
    let statuses = treatments.iter().flat_map(|id| catalog.statuses_of(*id)).map(|(id, _)| id).chain(asked);
    let statuses: BTreeSet<StatusId> = statuses.collect();
    let statuses = statuses.into_iter().filter_map(|id| catalog.status_entry(id));
    treatments.iter().filter_map(own).chain(classes).chain(statuses).collect()
}

/// The evidence keys at the heads of blocks and on their lines, each once, in order.
fn cited(guideline: &Guideline) -> BTreeSet<&str> {
    let mut keys = BTreeSet::new();
    for block in &guideline.blocks {
        block.each_citation(&mut |cited| {
            if let Cited::Source { key, .. } = cited {
                keys.insert(key.as_str());
            }
        });
    }
    keys
}

/// The lines of a block, comments cut out, runs of blanks as one, rule rows of tables left out.
fn lines(sources: &SourceMap, span: Span, comments: &[Span], text: &mut String) {
    let mut start = span.start as usize;
    let whole = sources.text(span.file);
    for line in sources.slice(span).split_inclusive('\n') {
        let end = start + line.len();
        let cut = comments
            .iter()
            .filter(|comment| comment.file == span.file)
            .map(|comment| comment.start as usize)
            .find(|comment| (start..end).contains(comment))
            .unwrap_or(end);
        let kept = whole.get(start..cut).unwrap_or("");
        let words: Vec<&str> = kept.split_whitespace().collect();
        let is_rule = kept.contains('-') && kept.chars().all(|letter| "|-: \r\n\t".contains(letter));
        if !words.is_empty() && !is_rule {
            text.push_str(&words.join(" "));
            text.push('\n');
        }
        start = end;
    }
}

/// A stretch of YAML without layout and comments.
fn entry(sources: &SourceMap, span: Span, text: &mut String) {
    for node in yaml::read_stretch(sources, span).unwrap_or_default() {
        print(&node, text);
        text.push('\n');
    }
}

fn print(node: &Node, text: &mut String) {
    match &node.kind {
        NodeKind::Scalar { text: scalar, .. } => {
            let _ = write!(text, "{scalar:?}");
        }
        NodeKind::Sequence(items) => {
            text.push('[');
            for item in items {
                print(item, text);
                text.push(',');
            }
            text.push(']');
        }
        NodeKind::Mapping(entries) => {
            text.push('{');
            for (key, value) in entries {
                let _ = write!(text, "{:?}:", key.value);
                print(value, text);
                text.push(',');
            }
            text.push('}');
        }
    }
}
