/// The widest line of a page.
const WIDTH: usize = 100;

/// A text on lines that fit a screen, the first after `start`, the others after `further`.
pub(super) fn wrapped(start: &str, further: &str, text: &str) -> String {
    let mut lines = String::new();
    let mut line = start.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let gap = usize::from(!is_empty);
        if !is_empty && line.chars().count() + gap + word.chars().count() > WIDTH {
            lines.push_str(line.trim_end());
            lines.push('\n');
            line.clear();
            line.push_str(further);
        } else if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push_str(line.trim_end());
    lines.push('\n');
    lines
}
