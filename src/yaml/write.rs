use super::{Node, NodeKind};

/// How wide a line with brackets or braces may become.
const WIDTH: usize = 100;

/// A tree without places, to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// A text: it comes back as it stands, whatever it looks like.
    Text(String),
    /// Nothing: `null`.
    Nothing,
    /// A list.
    List(Vec<Tree>),
    /// `key: value`, in order; each key once.
    Group(Vec<(String, Tree)>),
}

impl Tree {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Tree::Text(text.into())
    }

    /// A group of `key: value`.
    pub fn group<K: Into<String>>(entries: impl IntoIterator<Item = (K, Tree)>) -> Self {
        Tree::Group(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The value of a key of a group.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        match self {
            Tree::Group(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            Tree::Text(_) | Tree::Nothing | Tree::List(_) => None,
        }
    }

    /// The text of a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Tree::Text(text) => Some(text),
            Tree::Nothing | Tree::List(_) | Tree::Group(_) => None,
        }
    }

    /// Sets a key of a group where it stands, else at its end; anything else becomes a group of it.
    pub fn set(&mut self, key: &str, value: Tree) {
        let entries = self.entries();
        match entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, place)) => *place = value,
            None => entries.push((key.to_owned(), value)),
        }
    }

    /// The entries of a group; anything else becomes an empty one.
    pub fn entries(&mut self) -> &mut Vec<(String, Tree)> {
        if !matches!(self, Tree::Group(_)) {
            *self = Tree::Group(Vec::new());
        }
        match self {
            Tree::Group(entries) => entries,
            Tree::Text(_) | Tree::Nothing | Tree::List(_) => unreachable!("it has just become a group"),
        }
    }

    /// The items of a list; anything else becomes an empty one.
    pub fn items(&mut self) -> &mut Vec<Tree> {
        if !matches!(self, Tree::List(_)) {
            *self = Tree::List(Vec::new());
        }
        match self {
            Tree::List(items) => items,
            Tree::Text(_) | Tree::Nothing | Tree::Group(_) => unreachable!("it has just become a list"),
        }
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Tree::text(text)
    }
}

impl From<&Node> for Tree {
    fn from(node: &Node) -> Self {
        match &node.kind {
            NodeKind::Scalar { .. } if node.is_null() => Tree::Nothing,
            NodeKind::Scalar { text, .. } => Tree::Text(text.clone()),
            NodeKind::Sequence(items) => Tree::List(items.iter().map(Tree::from).collect()),
            NodeKind::Mapping(entries) => {
                Tree::Group(entries.iter().map(|(key, value)| (key.value.clone(), Tree::from(value))).collect())
            }
        }
    }
}

/// A document in YAML, one line or more, which reads back as the same tree.
///
/// Lines for what stands outermost; further inside, a list or a group that holds only texts stands on one line where
/// it fits. A text is quoted where it would not come back as it is, and only there.
///
/// ```
/// use myoguide::yaml::{Tree, write};
/// let limit = Tree::group([("value", "1450 U/L".into()), ("upper_limit", "170 U/L".into())]);
/// let visit = Tree::group([("ck", limit), ("note", Tree::text("weak: yes"))]);
/// let text = write(&Tree::group([("visits", Tree::List(vec![visit]))]));
/// assert_eq!(text, "visits:\n  - ck: {value: 1450 U/L, upper_limit: 170 U/L}\n    note: \"weak: yes\"\n");
/// ```
pub fn write(tree: &Tree) -> String {
    let mut text = String::new();
    match tree {
        Tree::Group(entries) if !entries.is_empty() => group(entries, 0, true, &mut text),
        Tree::List(items) if !items.is_empty() => list(items, 0, &mut text),
        Tree::Text(_) | Tree::Nothing | Tree::List(_) | Tree::Group(_) => {
            text.push_str(&line(tree));
            text.push('\n');
        }
    }
    text
}

/// The entries of a group, the first of them where the writing stands.
fn group(entries: &[(String, Tree)], indent: usize, outermost: bool, text: &mut String) {
    for (at, (key, value)) in entries.iter().enumerate() {
        if at > 0 {
            text.push_str(&" ".repeat(indent));
        }
        let key = scalar(key);
        text.push_str(&key);
        text.push(':');
        match value {
            Tree::Group(inner) if !inner.is_empty() && (outermost || !fits(value, indent + key.len() + 2)) => {
                text.push('\n');
                text.push_str(&" ".repeat(indent + 2));
                group(inner, indent + 2, false, text);
            }
            Tree::List(items) if !items.is_empty() && !fits(value, indent + key.len() + 2) => {
                text.push('\n');
                text.push_str(&" ".repeat(indent + 2));
                list(items, indent + 2, text);
            }
            Tree::Text(_) | Tree::Nothing | Tree::List(_) | Tree::Group(_) => {
                text.push(' ');
                text.push_str(&line(value));
                text.push('\n');
            }
        }
    }
}

/// The items of a list, the first of them where the writing stands.
fn list(items: &[Tree], indent: usize, text: &mut String) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(&" ".repeat(indent));
        }
        text.push_str("- ");
        match item {
            Tree::Group(inner) if !inner.is_empty() && !fits(item, indent + 2) => {
                group(inner, indent + 2, false, text);
            }
            Tree::List(inner) if !inner.is_empty() && !fits(item, indent + 2) => list(inner, indent + 2, text),
            Tree::Text(_) | Tree::Nothing | Tree::List(_) | Tree::Group(_) => {
                text.push_str(&line(item));
                text.push('\n');
            }
        }
    }
}

/// It holds only texts, and has room on one line.
fn fits(tree: &Tree, column: usize) -> bool {
    let is_leaf = |tree: &Tree| match tree {
        Tree::Text(text) => !text.contains('\n'),
        Tree::Nothing => true,
        Tree::List(items) => items.is_empty(),
        Tree::Group(entries) => entries.is_empty(),
    };
    let flat = match tree {
        Tree::Text(_) | Tree::Nothing => true,
        Tree::List(items) => items.iter().all(is_leaf),
        Tree::Group(entries) => entries.iter().all(|(_, value)| is_leaf(value)),
    };
    flat && column + line(tree).chars().count() <= WIDTH
}

/// A tree on one line.
fn line(tree: &Tree) -> String {
    match tree {
        Tree::Text(text) => scalar(text),
        Tree::Nothing => String::from("null"),
        Tree::List(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        Tree::Group(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", scalar(key), line(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text as it is written, in quotes where it must be.
fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            letter if is_unprintable(letter) => quoted.push_str(&escape(letter)),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn escape(letter: char) -> String {
    let number = u32::from(letter);
    if number > 0xffff { format!("\\U{number:08x}") } else { format!("\\u{number:04x}") }
}

/// Control characters, marks of byte order, separators that some programs take for the end of a line.
fn is_unprintable(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// It comes back as it is without quotes, within brackets too.
fn is_plain(text: &str) -> bool {
    const SIGNS: &str = "?:,[]{}#&*!|>'\"%@`=<~";
    let Some(first) = text.chars().next() else { return false };
    let dash = |text: &str| {
        text.strip_prefix('-')
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '.'))
    };
    !(text == "null"
        || SIGNS.contains(first)
        || dash(text)
        || text.starts_with("...")
        || text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace)
        || text.ends_with(':')
        || text.contains(": ")
        || text.contains(" #")
        || text.contains([',', '[', ']', '{', '}'])
        || text.chars().any(is_unprintable))
}
