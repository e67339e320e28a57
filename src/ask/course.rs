//! A course of treatment on one line.
//!
//! ```text
//! drug_name, 20 mg/week, from 2025-06-10 to 2025-12-01, adherence 95 %, outcome no_response
//!   ─►   {drug: drug_name, dose: 20 mg/week, start: 2025-06-10, stop: 2025-12-01, adherence: 95 %, outcome: no_response}
//! ```

use crate::diagnostics::suggest;
use crate::record::Draft;
use crate::yaml::Tree;

/// What begins a part of the line, and the key of a record it stands for.
const WORDS: [(&str, &str); 14] = [
    ("from", "start"),
    ("since", "start"),
    ("start", "start"),
    ("to", "stop"),
    ("until", "stop"),
    ("stopped for", "stopped_for"),
    ("stop", "stop"),
    ("dose limited by", "dose_limited_by"),
    ("limited by", "dose_limited_by"),
    ("dose", "dose"),
    ("given", "given"),
    ("adherence", "adherence"),
    ("level", "level"),
    ("outcome", "outcome"),
];

/// How a course is written on one line.
pub(super) const EXAMPLE: &str =
    "DRUG, 20 mg/week, from 2025-06-10 to 2025-12-01, adherence 95 %, outcome no_response, stopped for inefficacy";

/// There is nothing more to say of treatment.
pub(super) fn is_end(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "none" | "no other" | "no more" | "nothing" | "that is all")
}

/// Adds a course, or says that the list is complete.
pub(super) fn set_down(draft: &mut Draft, text: &str) -> Result<(), String> {
    if is_end(text) {
        draft.add_therapy(None);
        draft.set_therapies_complete(true);
        return Ok(());
    }
    let entry = entry(text)?;
    draft.add_therapy(Some(entry));
    draft.set_therapies_complete(false);
    Ok(())
}

/// A line as an entry of `therapies`.
fn entry(line: &str) -> Result<Tree, String> {
    let mut parts = line.split(',').map(str::trim).filter(|part| !part.is_empty());
    let drug = parts.next().unwrap_or_default();
    let mut entry = Tree::group([("drug", Tree::text(drug))]);
    for part in parts {
        set_part(&mut entry, part)?;
    }
    Ok(entry)
}

fn set_part(entry: &mut Tree, part: &str) -> Result<(), String> {
    if part.starts_with(|letter: char| letter.is_ascii_digit()) {
        entry.set("dose", Tree::text(part));
        return Ok(());
    }
    let known = WORDS.iter().find_map(|(word, key)| {
        let rest = part.strip_prefix(word)?;
        rest.starts_with([' ', ':']).then(|| (*key, rest.trim_start_matches([' ', ':']).trim()))
    });
    let Some((key, value)) = known else {
        let first = part.split(' ').next().unwrap_or(part);
        let near = suggest::nearest(first, WORDS.iter().map(|(word, _)| *word));
        let near = near.map_or_else(|| format!("write `{EXAMPLE}`"), |near| format!("did you mean `{near}`?"));
        return Err(format!("`{part}` is not understood in a course of treatment; {near}"));
    };
    let second = match key {
        "start" => {
            value.split_once(" to ").or_else(|| value.split_once(" until ")).map(|(from, to)| (from, "stop", to))
        }
        "outcome" => value.split_once(" on ").map(|(outcome, on)| (outcome, "outcome_on", on)),
        _ => None,
    };
    match second {
        Some((value, further, rest)) => {
            entry.set(key, value_of(key, value));
            entry.set(further, value_of(further, rest));
        }
        None => entry.set(key, value_of(key, value)),
    }
    Ok(())
}

/// What is replied of one part of a course; days of infusions are a list.
pub(super) fn value_of(key: &str, text: &str) -> Tree {
    let text = text.trim();
    match key {
        "given" => Tree::List(text.split([',', ' ']).filter(|day| !day.is_empty()).map(Tree::text).collect()),
        "outcome" | "stopped_for" | "dose_limited_by" => Tree::text(text.replace(' ', "_")),
        _ => Tree::text(text),
    }
}
