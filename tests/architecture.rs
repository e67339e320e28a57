//! The house rules that a compiler does not check: one direction between the rooms, files that stay readable,
//! libraries that stay in their room.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, lowest first: each may use those before it.
const ROOMS: &[&str] = &[
    "threads",
    "source",
    "diagnostics",
    "value",
    "yaml",
    "library",
    "catalog",
    "syntax",
    "release",
    "model",
    "plan",
    "record",
    "eval",
    "explore",
    "analysis",
    "explain",
    "render",
    "engine",
    "ask",
    "why",
    "cohort",
    "cases",
    "coverage",
    "mutate",
    "cli",
];

/// What may be named only in some rooms, with those rooms.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("pest::", &["syntax"]),
    ("pest_derive", &["syntax"]),
    ("serde_saphyr", &["yaml"]),
    ("include_dir", &["library"]),
    ("annotate_snippets", &["diagnostics"]),
    ("astro_float", &["value"]),
    ("jiff::", &["value"]),
    ("clap", &["cli"]),
    ("println!", &["cli"]),
];

/// The most lines of a file.
const LINES: usize = 700;

struct Source {
    room: String,
    path: PathBuf,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.map(|entry| entry.map(|entry| entry.path())) {
        let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let folder = root().join("src");
    let mut files = Vec::new();
    rust_files(&folder, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&folder).unwrap_or(&path);
            let first = inside.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
            let room = first.unwrap_or_default().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Source { room, path, text }
        })
        .collect()
}

/// The rooms that a text names as `crate::ROOM`, outside its tests.
fn used(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect())
        .collect()
}

/// The uses that go upward, each as a sentence.
fn upward(room: &str, uses: &BTreeSet<String>) -> Vec<String> {
    let Some(own) = ROOMS.iter().position(|name| *name == room) else {
        return vec![format!("the room `{room}` is not in the list of rooms")];
    };
    let above = ROOMS.get(own + 1..).unwrap_or_default();
    above.iter().filter(|name| uses.contains(**name)).map(|name| format!("`{room}` uses `{name}`, above it")).collect()
}

#[test]
fn rooms_use_only_what_lies_below_them() {
    let mut mistakes = Vec::new();
    for source in sources().iter().filter(|source| !matches!(source.room.as_str(), "lib" | "main")) {
        for mistake in upward(&source.room, &used(&source.text)) {
            mistakes.push(format!("{}: {mistake}", source.path.display()));
        }
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn an_upward_use_is_seen() {
    let uses = used("use crate::engine::Engine;\n// crate::cli is named in a comment only\n");
    assert_eq!(upward("value", &uses), ["`value` uses `engine`, above it"]);
    assert!(upward("engine", &used("use crate::value::Number;")).is_empty());
    assert_eq!(upward("attic", &uses).len(), 1);
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = sources()
        .iter()
        .map(|source| (source.text.lines().count(), source))
        .filter(|(lines, _)| *lines > LINES)
        .map(|(lines, source)| format!("{} has {lines} lines", source.path.display()))
        .collect();
    assert!(long.is_empty(), "split these at a seam:\n{}", long.join("\n"));
}

#[test]
fn libraries_stay_in_their_room() {
    let mut mistakes = Vec::new();
    for source in sources() {
        for (name, rooms) in KEPT_IN {
            let inside = rooms.contains(&source.room.as_str()) || (*name == "clap" && source.room == "main");
            let code = source.text.lines().filter(|line| !line.trim_start().starts_with("//"));
            if !inside && code.into_iter().any(|line| names(line, name)) {
                mistakes.push(format!("{} names `{name}`", source.path.display()));
            }
        }
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

/// The line uses the name as a word of its own.
fn names(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at + name.len()..).and_then(|after| after.chars().next());
        let joins = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        !joins(before) && (name.ends_with(':') || !joins(after))
    })
}

#[test]
fn every_room_is_on_the_map() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap_or_default();
    let missing: Vec<&&str> = ROOMS.iter().filter(|room| !map.contains(&format!("`{room}`"))).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name {missing:?}");
    assert!(map.lines().count() <= 250, "ARCHITECTURE.md is longer than 250 lines");
    let rooms: BTreeSet<String> = sources().into_iter().map(|source| source.room).collect();
    let listed: BTreeSet<String> = ROOMS.iter().map(|room| (*room).to_owned()).collect();
    let unlisted: Vec<_> = rooms.difference(&listed).filter(|room| !matches!(room.as_str(), "lib" | "main")).collect();
    assert!(unlisted.is_empty(), "rooms that are not in the list: {unlisted:?}");
}

/// Every dependency earns its place in a sentence.
#[test]
fn every_dependency_is_explained() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap_or_default();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
    let section = manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim());
    let missing: Vec<&str> =
        names.filter(|name| !name.starts_with('#') && !map.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not say why these are here: {missing:?}");
}
