//! An entry without its layout and its comments, as the hash of a guideline takes it in.

use std::fmt::Write;

use crate::yaml::{Node, NodeKind};

/// A key of the dictionary that no answer depends on: it orders what `why-not` tries.
const OF_NO_ANSWER: &str = "changeable";

/// The normal form of an entry with its key, as a line.
pub(super) fn of(document: &Node) -> String {
    let mut text = String::new();
    print(document, &mut text);
    text.push('\n');
    text
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
            for (key, value) in entries.iter().filter(|(key, _)| key.value != OF_NO_ANSWER) {
                let _ = write!(text, "{:?}:", key.value);
                print(value, text);
                text.push(',');
            }
            text.push('}');
        }
    }
}
