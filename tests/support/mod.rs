//! What tests share: one file in, one snapshot out.

use std::fmt::Write as _;
use std::path::Path;

use myoguide::diagnostics::draw::draw;
use myoguide::source::SourceMap;
use myoguide::syntax::{self, Parsed};

/// A text as a file of its own, parsed.
pub(crate) fn parse(name: &str, text: &str) -> (SourceMap, Parsed) {
    let mut sources = SourceMap::default();
    let file = sources.add(name, text);
    let parsed = syntax::parse(&sources, file);
    (sources, parsed)
}

/// Source and messages together, then what could be read.
pub(crate) fn syntax_report(name: &str, text: &str) -> String {
    let (sources, parsed) = parse(name, text);
    let mut report = String::new();
    for (index, line) in text.lines().enumerate() {
        let _ = writeln!(
            report,
            "{:>3} {}",
            index + 1,
            line.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
        );
    }
    report.push('\n');
    if parsed.diagnostics.is_empty() {
        report.push_str("no messages\n");
    } else {
        report.push_str(&draw(&sources, &parsed.diagnostics, false));
    }
    report.push('\n');
    for block in &parsed.module.blocks {
        let _ = writeln!(report, "{}", compact(&format!("{block:?}")));
    }
    for withdrawal in &parsed.module.withdrawals {
        let _ = writeln!(report, "{}", compact(&format!("{withdrawal:?}")));
    }
    report
}

/// A debug text without places.
pub(crate) fn compact(debug: &str) -> String {
    let mut text = String::with_capacity(debug.len());
    let mut rest = debug;
    while let Some(at) = rest.find("Span { file: FileId(") {
        let before = &rest[..at];
        let after = &rest[at..];
        let end = after.find('}').map_or(after.len(), |end| end + 1);
        text.push_str(before);
        text.push('@');
        rest = &after[end..];
    }
    text.push_str(rest);
    let text = text
        .replace(", span: @", "")
        .replace("span: @, ", "")
        .replace("head: @, ", "")
        .replace("change: None, reason: None, ", "");
    numbers(&text).replace("Spanned { value: ", "{").replace("citations: [], ", "").replace(", citations: []", "")
}

/// `Number { numerator: 13, denominator: 10 }` as `13/10`.
fn numbers(text: &str) -> String {
    let mut result = String::new();
    for (index, piece) in text.split("Number { numerator: ").enumerate() {
        if index == 0 {
            result.push_str(piece);
            continue;
        }
        let (numerator, rest) = piece.split_once(", denominator: ").unwrap_or((piece, ""));
        let (denominator, rest) = rest.split_once(" }").unwrap_or((rest, ""));
        let over = if denominator == "1" { String::new() } else { format!("/{denominator}") };
        let _ = write!(result, "{numerator}{over}{rest}");
    }
    result
}

/// Runs every `.rules` file of a folder of the corpus: `judge` turns one into the snapshot, or says why it is wrong.
pub(crate) fn run_corpus(folder: &str, judge: impl Fn(&str, &str) -> Result<String, String>) -> Result<usize, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&path)
        .map_err(|error| format!("{}: {error}", path.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|file| file.extension().is_some_and(|extension| extension == "rules"))
        .collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in &files {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or("unnamed");
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        match judge(name, &text) {
            Ok(snapshot) => insta::with_settings!({
                snapshot_path => &path,
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, { insta::assert_snapshot!(name, snapshot) }),
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    if wrong.is_empty() { Ok(files.len()) } else { Err(wrong.join("\n")) }
}

/// A shipped case.
pub(crate) struct OfCase {
    pub(crate) guideline: String,
    pub(crate) release: String,
    pub(crate) path: String,
    pub(crate) case: String,
    pub(crate) record: serde_json::Value,
}

/// The record of every case of every guideline.
pub(crate) fn records_of_cases() -> Vec<OfCase> {
    let library = myoguide::library::Library::embedded();
    let mut found = Vec::new();
    for folder in library.guidelines() {
        for path in &folder.cases {
            let text = library.get(path).unwrap();
            let mut sources = SourceMap::default();
            let file = sources.add(*path, text);
            let document = myoguide::yaml::read(&sources, file).unwrap().remove(0);
            for case in document.get("cases").unwrap().items().unwrap() {
                found.push(OfCase {
                    guideline: folder.id.to_owned(),
                    release: folder.release.to_owned(),
                    path: (*path).to_owned(),
                    case: case.get("case").unwrap().text().unwrap().to_owned(),
                    record: json(case.get("record").unwrap()),
                });
            }
        }
    }
    found
}

/// YAML as the JSON that a program would write: bare words of YAML 1.2 as what they are there.
pub(crate) fn json(node: &myoguide::yaml::Node) -> serde_json::Value {
    use myoguide::yaml::{NodeKind, Style};
    match &node.kind {
        NodeKind::Mapping(entries) => entries.iter().map(|(key, value)| (key.value.clone(), json(value))).collect(),
        NodeKind::Sequence(items) => items.iter().map(json).collect(),
        NodeKind::Scalar { .. } if node.is_null() => serde_json::Value::Null,
        NodeKind::Scalar { text, style: Style::Plain } => {
            serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
        }
        NodeKind::Scalar { text, .. } => text.clone().into(),
    }
}
