use std::ops::Range;

/// An entry of the outermost mapping of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key, quotes undone.
    pub key: String,
    /// The bytes of the key.
    pub key_range: Range<usize>,
    /// The bytes from the key to the line before the next key.
    pub range: Range<usize>,
}

/// The keys that begin in column 1, by a scan over the lines that reads nothing else.
///
/// `None` where a line in column 1 is not `key:`, a comment or a first `---`; the text must then be read whole.
pub fn entries(text: &str) -> Option<Vec<Entry>> {
    let mut found: Vec<Entry> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if line.starts_with([' ', '\t', '#', '\n', '\r']) {
            start = end;
            continue;
        }
        let begins = line.trim_end();
        if begins == "---" && found.is_empty() {
            start = end;
            continue;
        }
        let (key, width) = key_of(begins)?;
        if let Some(last) = found.last_mut() {
            last.range.end = start;
        }
        found.push(Entry { key: key.to_owned(), key_range: start..start + width, range: start..text.len() });
        start = end;
    }
    Some(found)
}

/// The key a line begins with, and how many bytes it takes with its quotes.
fn key_of(line: &str) -> Option<(&str, usize)> {
    let quote = line.chars().next().filter(|first| matches!(first, '"' | '\''));
    let (key, width) = if let Some(quote) = quote {
        let inner = line.get(1..)?;
        let key = inner.get(..inner.find(quote)?)?;
        (key, key.len() + 2)
    } else {
        let end = line.find(": ").or_else(|| line.find(":\t")).or_else(|| line.strip_suffix(':').map(str::len))?;
        let key = line.get(..end)?.trim_end();
        let plain = !key.starts_with(['-', '?', '[', ']', '{', '}', '&', '*', '!', '|', '>', '%', '@', '`', ',', '<']);
        if !plain || key.contains(" #") {
            return None;
        }
        (key, key.len())
    };
    let simple = !key.is_empty() && !key.contains('\\');
    (simple && line.get(width..)?.trim_start().starts_with(':')).then_some((key, width))
}
