use std::borrow::Cow;
use std::collections::BTreeMap;

use include_dir::{Dir, DirEntry, include_dir};

use super::{LOCK, has_ending, without_mark};

static RULES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The `.yaml` and `.rules` files that were in `rules/` when the program was built.
pub(super) fn files() -> BTreeMap<String, Cow<'static, str>> {
    let mut files = BTreeMap::new();
    collect(&RULES, &mut files);
    files
}

fn collect(folder: &Dir<'static>, files: &mut BTreeMap<String, Cow<'static, str>>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => collect(folder, files),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                if !(has_ending(&path, "yaml") || has_ending(&path, "rules") || path == LOCK) {
                    continue;
                }
                if let Some(text) = file.contents_utf8() {
                    files.insert(path, without_mark(Cow::Borrowed(text)));
                }
            }
        }
    }
}
