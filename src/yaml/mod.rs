//! YAML (and JSON, which is YAML) into a tree with places: every scalar as the text that stands there.
//!
//! Nothing is guessed: `no`, `010` and `1.20` stay the text they are, and whoever reads the tree says what it
//! should be. Anchors, aliases, merge keys, tags and duplicate keys are mistakes. [`Fields`] takes a mapping apart
//! and collects everything that is wrong with it; [`entries`] finds the keys of a long file without reading it.
//! [`write`] is the way back, from a [`Tree`] without places.
//!
//! ```
//! use myoguide::source::SourceMap;
//! use myoguide::yaml::{self, Fields};
//! let mut sources = SourceMap::default();
//! let file = sources.add("demo.yaml", "mmt8: 118\nedema: no\n");
//! let documents = yaml::read(&sources, file).unwrap();
//! let mut mistakes = Vec::new();
//! let mut fields = Fields::of(&documents[0], "a visit", &mut mistakes).unwrap();
//! assert_eq!(fields.text("mmt8").unwrap().value, "118");
//! assert_eq!(fields.optional_yes_no("oedema"), None);
//! fields.finish();
//! assert_eq!(mistakes[0].message, "`edema` is not a key of a visit");
//! ```

mod entries;
mod fields;
mod mistakes;
mod node;
mod read;
mod write;

pub use entries::{Entry, entries};
pub use fields::{Fields, expect_sequence, expect_text, expect_yes_no};
pub use mistakes::CODES;
pub use node::{Node, NodeKind, Style, YesNo};
pub use read::{DEPTH_LIMIT, NODE_LIMIT, SIZE_LIMIT, read, read_stretch};
pub use write::{Tree, write};
