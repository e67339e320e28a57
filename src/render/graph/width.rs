//! How wide a text is in a sans-serif font, and its lines in a box of some width.

/// Widths in thousandths of the size of the font, of the signs from blank to tilde.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// What other fonts than the one measured may need, in per cent.
const ALLOWANCE: i32 = 105;
/// The same for bold type.
const BOLD_ALLOWANCE: i32 = 113;

/// A font: its size in pixels, and whether it is bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Font {
    pub(super) size: i32,
    pub(super) bold: bool,
}

impl Font {
    pub(super) const fn plain(size: i32) -> Self {
        Font { size, bold: false }
    }

    pub(super) const fn bold(size: i32) -> Self {
        Font { size, bold: true }
    }

    /// The height of a line.
    pub(super) fn line(self) -> i32 {
        self.size + self.size / 4 + 1
    }

    /// The width of a text in pixels, rounded up.
    pub(super) fn width(self, text: &str) -> i32 {
        let thousandths: i32 = text.chars().map(sign).fold(0, i32::saturating_add);
        let allowance = if self.bold { BOLD_ALLOWANCE } else { ALLOWANCE };
        thousandths.saturating_mul(self.size) / 1000 * allowance / 100 + 1
    }

    /// The lines of a text, each at most as wide as said; words that are wider are broken, and what is more than some
    /// lines ends in an ellipsis.
    pub(super) fn lines(self, text: &str, width: i32, most: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = self.broken(word, width, &mut lines);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                while self.width(&format!("{last} …")) > width && last.pop().is_some() {}
                last.push_str(" …");
            }
        }
        lines
    }

    /// A word in pieces that fit; the last piece is left over.
    fn broken(self, word: &str, width: i32, lines: &mut Vec<String>) -> String {
        let mut piece = String::new();
        for letter in word.chars() {
            piece.push(letter);
            if self.width(&piece) > width && piece.chars().nth(1).is_some() {
                piece.pop();
                let at = piece.rfind(['_', '-', '/']).map_or(piece.len(), |at| at + 1);
                let rest = piece.split_off(at);
                lines.push(std::mem::replace(&mut piece, rest));
                piece.push(letter);
            }
        }
        piece
    }
}

fn sign(letter: char) -> i32 {
    let code = u32::from(letter);
    let ascii = code.checked_sub(32).and_then(|at| WIDTHS.get(usize::try_from(at).ok()?));
    match ascii {
        Some(width) => i32::from(*width),
        None if (0x300..0x370).contains(&code) => 0,
        None if code >= 0x1100 && !(0x2000..0x2100).contains(&code) => 1000,
        None if letter.is_uppercase() => 760,
        None if letter == '…' || letter == '—' => 1000,
        None => 600,
    }
}

#[cfg(test)]
mod tests {
    use super::Font;

    #[test]
    fn long_words_are_broken_and_long_texts_cut() {
        let font = Font::plain(13);
        let lines = font.lines("a_very_long_name_without_any_blank_in_it of an author", 100, 3);
        assert_eq!(lines, ["a_very_long_", "name_without_", "any_blank_in …"]);
        for line in &lines {
            assert!(font.width(line) <= 100, "{line}");
        }
        assert!(font.lines("", 100, 3).is_empty());
        assert_eq!(font.lines("ab", 1, 9), ["a", "b"], "a letter stands even where it does not fit");
    }
}
