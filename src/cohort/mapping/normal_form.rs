use sha2::{Digest, Sha256};
use std::fmt::Write as _;

use crate::yaml::{self, Tree};

/// SHA-256 of a mapping's normal form, in hexadecimal: its tree as YAML, the keys of each group sorted.
pub(super) fn hash(tree: Tree) -> String {
    let text = format!("myoguide mapping 1\n{}", yaml::write(&sorted(tree)));
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn sorted(tree: Tree) -> Tree {
    match tree {
        Tree::Group(mut entries) => {
            entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            Tree::Group(entries.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Tree::List(items) => Tree::List(items.into_iter().map(sorted).collect()),
        leaf @ (Tree::Text(_) | Tree::Nothing) => leaf,
    }
}
