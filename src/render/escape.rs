//! Texts from records and rules inside XML and HTML, or on a line: they stand for themselves, whatever is in them.

/// The text with every sign that would end or begin something else written out; signs that no document may hold are
/// replaced.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            '\n' | '\r' | '\t' => shown.push(' '),
            '\u{fffe}' | '\u{ffff}' => shown.push('\u{fffd}'),
            _ if letter.is_control() => shown.push('\u{fffd}'),
            _ => shown.push(letter),
        }
    }
    shown
}

/// The text on one line: a blank for every sign that is not shown.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// A name as part of an identifier inside a document.
pub(super) fn identifier(text: &str) -> String {
    text.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' }).collect()
}
