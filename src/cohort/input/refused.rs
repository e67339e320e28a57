//! The reader's mistakes as refusals that say where and why, and not what stands there.

use super::Refusal;
use super::records::shortened;
use crate::diagnostics::Diagnostic;
use crate::record::Document;
use crate::source::{SourceMap, Span};
use crate::yaml::{Node, NodeKind};

/// The longest name of a key that is shown.
const LONGEST_KEY: usize = 64;

/// What is wrong with a record. The reader's own messages quote the text, so without leave to show values the title of the
/// mistake stands for them.
pub(super) fn refusals(
    sources: &SourceMap,
    document: &Document,
    mistakes: &[Diagnostic],
    line: u64,
    show_values: bool,
) -> Vec<Refusal> {
    let told = |mistake: &Diagnostic| {
        let place = mistake.span();
        let path = document.tree().zip(place).map(|(tree, place)| path(tree, place));
        let column = path.filter(|path| !path.is_empty()).or_else(|| {
            let broken = place.filter(|_| document.tree().is_none());
            broken.map(|place| format!("character {}", sources.position(place).column))
        });
        let value = place.map(|place| sources.slice(place)).filter(|text| show_values && !text.is_empty());
        Refusal {
            file: None,
            line,
            column,
            code: mistake.code.id.to_owned(),
            message: if show_values { mistake.message.clone() } else { mistake.code.title.to_owned() },
            value: value.map(shortened),
        }
    };
    mistakes.iter().map(told).collect()
}

/// Where a place is in a record: `visits[0].ck.upper_limit`.
fn path(tree: &Node, place: Span) -> String {
    let holds = |span: Span| span.start <= place.start && place.end <= span.end;
    let mut path = String::new();
    let mut node = tree;
    'deeper: loop {
        match &node.kind {
            NodeKind::Scalar { .. } => return path,
            NodeKind::Sequence(items) => {
                for (at, item) in items.iter().enumerate() {
                    if holds(item.span) {
                        path.push_str(&format!("[{at}]"));
                        node = item;
                        continue 'deeper;
                    }
                }
                return path;
            }
            NodeKind::Mapping(entries) => {
                for (key, value) in entries {
                    if holds(key.span) || holds(value.span) {
                        if !path.is_empty() {
                            path.push('.');
                        }
                        path.push_str(if is_name(&key.value) { &key.value } else { "?" });
                        if holds(key.span) {
                            return path;
                        }
                        node = value;
                        continue 'deeper;
                    }
                }
                return path;
            }
        }
    }
}

/// A key looks like a name of the dictionary; another one may be a person's.
fn is_name(key: &str) -> bool {
    let is_sign = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    key.len() <= LONGEST_KEY && key.chars().all(is_sign) && key.starts_with(|first: char| first.is_ascii_lowercase())
}
