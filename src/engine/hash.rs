//! The hash of a guideline: SHA-256 over its normal form, so that layout, comments, and the file and the release in which a
//! block was written change nothing, and every word, number and citation does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::catalog::{Catalog, Derivation, FactId, GuidelineInfo, Moment, StatusId, TreatmentId};
use crate::model::{Cited, Guideline};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::Module;
use crate::syntax::tree::Block;

/// Hashes the normal form: what [`said`] gives, then what [`reached`] gives.
pub(super) fn of(said: &str, reached: &str) -> String {
    let digest = Sha256::new().chain_update(said).chain_update(reached).finalize();
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The language number, what the flat release says of itself and in its blocks without layout and comments. Its number,
/// its status and its days are not part of it.
pub(super) fn said(sources: &SourceMap, guideline: &Guideline, module: &Module) -> String {
    let mut text = format!("language {}\n", guideline.info.language);
    said_of_itself(&guideline.info, &mut text);
    let mut comments: BTreeMap<FileId, Vec<u32>> = BTreeMap::new();
    for comment in &module.comments {
        comments.entry(comment.span.file).or_default().push(comment.span.start);
    }
    for starts in comments.values_mut() {
        starts.sort_unstable();
    }
    let mut blocks: Vec<&Block> = module.blocks.iter().collect();
    blocks.sort_by(|one, other| one.name.value.cmp(&other.name.value));
    for block in blocks {
        let comments = comments.get(&block.span.file).map_or(&[][..], Vec::as_slice);
        lines(sources, block, comments, &mut text);
    }
    text
}

/// Each entry of the dictionary, the formulary and the evidence that the blocks reach.
pub(super) fn reached(catalog: &Catalog, guideline: &Guideline) -> String {
    let facts = with_their_own(catalog, guideline.facts());
    let facts = facts.into_iter().map(|fact| catalog.normal_form(fact));
    let sources = cited(guideline).into_iter().map(|key| catalog.evidence_normal_form(key));
    facts.chain(treated(catalog, guideline)).chain(sources).collect()
}

/// The facts, those that decide whether they apply, and those they are worked out from.
fn with_their_own(catalog: &Catalog, facts: BTreeSet<FactId>) -> BTreeSet<FactId> {
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
fn treated<'a>(catalog: &'a Catalog, guideline: &Guideline) -> Vec<&'a str> {
    let parts = guideline.therapies.iter().flat_map(|therapy| therapy.parts.iter().copied());
    let treatments: BTreeSet<TreatmentId> = parts.collect();
    let own = |id: &TreatmentId| catalog.treatment_normal_form(*id);
    let of = |id: &TreatmentId| catalog.treatment(*id).map(|treatment| treatment.classes.as_slice());
    let classes: BTreeSet<&String> = treatments.iter().filter_map(of).flatten().collect();
    let classes = classes.into_iter().map(|name| catalog.class_normal_form(name));
    let asked = guideline.statuses.iter().map(|asked| asked.history);
    let statuses = treatments.iter().flat_map(|id| catalog.statuses_of(*id)).map(|(id, _)| id).chain(asked);
    let statuses: BTreeSet<StatusId> = statuses.collect();
    let statuses = statuses.into_iter().map(|id| catalog.status_normal_form(id));
    treatments.iter().map(own).chain(classes).chain(statuses).collect()
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

/// What guideline.yaml says, and what is taken over of the releases that are built on, that an answer can show.
fn said_of_itself(info: &GuidelineInfo, text: &mut String) {
    let _ = writeln!(text, "{:?} {:?} {:?}", info.id.value, info.title, info.about);
    for answer in info.answers() {
        let _ = writeln!(text, "answer {}", answer.value);
    }
    let mut silent: Vec<_> = info.silent_on.iter().map(|(name, why)| (&name.value, why)).collect();
    silent.sort_unstable();
    let _ = writeln!(text, "{silent:?}");
    let mut says: Vec<_> = info.says.iter().collect();
    says.sort_by(|(one, _), (other, _)| one.value.cmp(&other.value));
    for (answer, sentences) in says {
        for (value, sentence) in sentences {
            let _ = writeln!(text, "{} {} {sentence:?}", answer.value, value.value);
        }
    }
    let mut choices: Vec<_> = info.local_choices.iter().map(|choice| (&choice.name.value, &choice.reason)).collect();
    choices.sort_unstable();
    let _ = writeln!(text, "{choices:?}");
}

/// The lines of a block: comments, `new` and `replaces` and the reason cut out, runs of blanks as one, rule rows of tables
/// left out, sources under the head put behind it.
fn lines(sources: &SourceMap, block: &Block, comments: &[u32], text: &mut String) {
    let span = block.span;
    let whole = sources.text(span.file);
    let change = block.change.as_ref().map(|change| change.span);
    let reason = block.reason.as_ref().map(|reason| reason.span);
    let end_of_block = whole.get(span.end as usize..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    let stretch = Span { end: span.end + u32::try_from(end_of_block).unwrap_or(0), ..span };
    let mut start = span.start as usize;
    let mut count = 0;
    for line in sources.slice(stretch).split_inclusive('\n') {
        let end = start + line.len();
        let next = comments.partition_point(|comment| (*comment as usize) < start);
        let cut = comments.get(next).map_or(end, |comment| (*comment as usize).min(end));
        let kept = without(whole, start..cut, [change, reason]);
        let is_rule = kept.contains('-') && kept.chars().all(|letter| "|-: \r\n\t".contains(letter));
        start = end;
        let kept = if kept.is_ascii() { kept } else { kept.replace(['“', '”'], "\"") };
        if is_rule || kept.trim().is_empty() {
            continue;
        }
        if count > 0 {
            let sources_of_head = count == 1 && kept.trim_start().starts_with('[');
            text.push(if sources_of_head { ' ' } else { '\n' });
        }
        count += 1;
        push_words(&kept, text);
    }
    text.push('\n');
}

/// The words of a line with one blank between them, and bars between cells without any.
fn push_words(line: &str, text: &mut String) {
    let bar = if line.trim_start().starts_with('|') { "|" } else { " | " };
    for (at, cell) in line.split('|').enumerate() {
        text.push_str(if at > 0 { bar } else { "" });
        for (at, word) in cell.split_whitespace().enumerate() {
            text.push_str(if at > 0 { " " } else { "" });
            text.push_str(word);
        }
    }
    text.truncate(text.trim_end().len());
}

/// A stretch of a text without some parts of it.
fn without(whole: &str, stretch: Range<usize>, cuts: [Option<Span>; 2]) -> String {
    let mut kept = String::new();
    let mut start = stretch.start;
    for cut in cuts.into_iter().flatten() {
        let (from, to) = (cut.start as usize, cut.end as usize);
        if stretch.contains(&from) {
            kept.push_str(whole.get(start..from).unwrap_or(""));
            start = to;
        }
    }
    kept.push_str(whole.get(start..stretch.end).unwrap_or(""));
    kept
}
