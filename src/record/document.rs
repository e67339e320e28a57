use std::collections::BTreeSet;

use super::{Record, codes, from_yaml};
use crate::catalog::Catalog;
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, SourceMap, Span};
use crate::yaml::{self, Node, NodeKind};

/// One record as written, before the dictionary is asked.
#[derive(Debug, Clone)]
pub struct Document {
    tree: Result<Node, Vec<Diagnostic>>,
}

/// The documents of a file: YAML documents, one JSON object, or an object on each line.
pub fn documents(sources: &SourceMap, file: FileId) -> Vec<Document> {
    let stretches = stretches(sources.text(file));
    let stretches = stretches.into_iter().map(|(start, end)| sources.span(file, start, end));
    let mut documents: Vec<Document> = stretches.flat_map(|stretch| parse(sources, stretch)).collect();
    if documents.is_empty() {
        let nothing = Diagnostic::error(codes::NOT_A_RECORD, sources.span(file, 0, 0), "there is no record here")
            .note("a record begins with `id: `, then says what is known of the patient");
        documents.push(Document { tree: Err(vec![nothing]) });
    }
    documents
}

impl Document {
    /// A text that is one record by itself: a line of NDJSON.
    pub fn of_line(sources: &SourceMap, file: FileId) -> Self {
        let whole = sources.span(file, 0, usize::MAX);
        let mut documents = parse(sources, whole);
        match (documents.pop(), documents.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                let found =
                    if last.is_some() { "several records stand on one line" } else { "there is no record here" };
                let mistake = Diagnostic::error(codes::NOT_A_RECORD, sources.span(file, 0, 0), found);
                Document { tree: Err(vec![mistake.note("write each record as a JSON object on a line of its own")]) }
            }
        }
    }

    /// A record that stands inside another document, as in a worked patient.
    pub fn of_node(tree: Node) -> Self {
        Document { tree: Ok(tree) }
    }

    /// What is written, as a tree; `None` where it cannot be read at all.
    pub fn tree(&self) -> Option<&Node> {
        self.tree.as_ref().ok()
    }

    /// Every name that may be a fact or a report, so that only these entries of the dictionary need be loaded.
    /// The end of a scale, `mmt8_max`, names its fact.
    pub fn names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        if let Ok(tree) = &self.tree {
            collect_names(tree, &mut names);
        }
        names
    }

    /// The record, or everything that is wrong with it.
    pub fn read(&self, sources: &SourceMap, catalog: &Catalog) -> Result<Record, Vec<Diagnostic>> {
        match &self.tree {
            Ok(tree) => from_yaml::record(sources, tree, catalog),
            Err(mistakes) => Err(mistakes.clone()),
        }
    }
}

fn parse(sources: &SourceMap, stretch: Span) -> Vec<Document> {
    match yaml::read_stretch(sources, stretch) {
        Ok(trees) => trees.into_iter().map(|tree| Document { tree: Ok(tree) }).collect(),
        Err(mistakes) => {
            let sign = mistakes.first().and_then(Diagnostic::span);
            let sign = sign.and_then(|place| from_yaml::sign_before_number(sources, place));
            vec![Document { tree: Err(sign.map_or(mistakes, |sign| vec![sign])) }]
        }
    }
}

/// A document without an end of its own ends where the next begins, at a line `---`.
fn stretches(text: &str) -> Vec<(usize, usize)> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    if is_object_per_line(text.get(start..).unwrap_or("")) {
        return lines(text, start).filter(|(from, to)| !text.get(*from..*to).unwrap_or("").trim().is_empty()).collect();
    }
    let mut starts = vec![start];
    let is_marker =
        |line: &str| line.strip_prefix("---").is_some_and(|rest| rest.trim_end().is_empty() || rest.starts_with(' '));
    starts.extend(
        lines(text, start).filter(|(from, to)| is_marker(text.get(*from..*to).unwrap_or(""))).map(|(from, _)| from),
    );
    let ends = starts.iter().skip(1).copied().chain([text.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).filter(|(from, to)| has_content(text.get(*from..*to).unwrap_or(""))).collect()
}

/// Something other than blanks, comments and the sign that begins a document.
fn has_content(text: &str) -> bool {
    let text = text.strip_prefix("---").unwrap_or(text);
    text.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#') && line.trim() != "...")
}

/// The first line is an object by itself; or a later one begins where inside an object none could.
fn is_object_per_line(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let Some(first) = lines.first().filter(|line| line.starts_with('{')) else { return false };
    let begins_anew = |pair: &[&str]| match pair {
        [above, line] => line.starts_with('{') && !above.ends_with([',', '[', '{', ':']),
        _ => false,
    };
    is_closed(first) || lines.windows(2).any(begins_anew)
}

/// Every bracket outside quotes is closed.
fn is_closed(line: &str) -> bool {
    let (mut open, mut quoted, mut escaped) = (0_i64, false, false);
    for letter in line.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => open += 1,
            '}' | ']' if !quoted => open -= 1,
            _ => {}
        }
    }
    open == 0 && !quoted
}

fn lines(text: &str, start: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut at = start;
    text.get(start..).unwrap_or("").split_inclusive('\n').map(move |line| {
        let from = at;
        at += line.len();
        (from, from + line.trim_end_matches(['\n', '\r']).len())
    })
}

fn collect_names<'a>(node: &'a Node, names: &mut BTreeSet<&'a str>) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for (key, value) in entries {
                names.insert(&key.value);
                names.extend(key.value.strip_suffix(from_yaml::SCALE_SUFFIX));
                collect_names(value, names);
            }
        }
        NodeKind::Sequence(items) => {
            for item in items {
                names.extend(item.text());
                collect_names(item, names);
            }
        }
        NodeKind::Scalar { .. } => {}
    }
}
