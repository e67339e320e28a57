use std::fmt::Write;

use anstyle::{AnsiColor, Effects, Style};

/// Columns of a page.
const WIDTH: usize = 100;
/// Columns of the label at the left.
const LABEL: usize = 10;
/// Columns of the mark before an answer.
const MARK: usize = 9;
/// Columns of the words before a list of sources.
const WIDE: usize = 16;

/// What a mark says by its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing.
    Plain,
    /// Settled.
    Settled,
    /// It depends.
    Depends,
    /// The guideline is at fault.
    Fault,
}

/// Lines with labels at the left, wrapped.
pub(super) struct Page {
    text: String,
    color: bool,
    /// The label that the next line begins with.
    label: Option<&'static str>,
}

impl Page {
    pub(super) fn new(color: bool) -> Self {
        Page { text: String::new(), color, label: None }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// An empty line.
    pub(super) fn empty(&mut self) {
        self.text.push('\n');
    }

    /// The next line begins with this label.
    pub(super) fn label(&mut self, label: &'static str) {
        self.label = Some(label);
    }

    /// A line with something at both ends; on two lines where they do not fit on one.
    pub(super) fn ends(&mut self, left: &str, right: &str) {
        let taken = width(left) + width(right);
        let bold = self.styled(left, Style::new().effects(Effects::BOLD));
        if taken + 2 > WIDTH {
            let _ = writeln!(self.text, "{bold}\n{right}");
        } else {
            let _ = writeln!(self.text, "{bold}{}{right}", " ".repeat(WIDTH - taken));
        }
    }

    /// A text beside the labels.
    pub(super) fn line(&mut self, text: &str) {
        let start = self.start();
        self.push_wrapped(&start, LABEL, LABEL, text);
    }

    /// A text beside the labels that goes on further in.
    pub(super) fn further(&mut self, text: &str) {
        let start = self.start();
        self.push_wrapped(&start, LABEL, LABEL + 2, text);
    }

    /// How many lines such a text takes.
    pub(super) fn lines_of(text: &str) -> usize {
        let mut page = Page::new(false);
        page.further(text);
        page.text.lines().count()
    }

    /// A text after its number in a list.
    pub(super) fn listed(&mut self, number: &str, text: &str) {
        let column = LABEL + width(number);
        let start = format!("{}{number}", self.start());
        self.push_wrapped(&start, column, column, text);
    }

    /// A text that begins in some column and goes on there.
    pub(super) fn wrapped(&mut self, column: usize, text: &str) {
        let start = " ".repeat(column);
        self.push_wrapped(&start, column, column, text);
    }

    /// A text that goes on further in.
    pub(super) fn hanging(&mut self, column: usize, further: usize, text: &str) {
        let start = " ".repeat(column);
        self.push_wrapped(&start, column, column + further, text);
    }

    /// A text after a mark of its own.
    pub(super) fn marked(&mut self, mark: &str, tone: Tone, text: &str) {
        let style = match tone {
            Tone::Plain => Style::new(),
            Tone::Settled => AnsiColor::Green.on_default(),
            Tone::Depends => AnsiColor::Yellow.on_default(),
            Tone::Fault => AnsiColor::Red.on_default(),
        };
        let start = self.start();
        let gap = " ".repeat(MARK.saturating_sub(width(mark)));
        let start = format!("{start}{}{gap}", self.styled(mark, style));
        self.push_wrapped(&start, LABEL + MARK, LABEL + MARK, text);
    }

    /// A text after a few words that say what it is a list of.
    pub(super) fn marked_wide(&mut self, mark: &str, text: &str) {
        let start = self.start();
        let gap = " ".repeat(WIDE.saturating_sub(width(mark)));
        self.push_wrapped(&format!("{start}{mark}{gap}"), LABEL + WIDE, LABEL + WIDE, text);
    }

    /// A text after what came of it.
    pub(super) fn noted(&mut self, outcome: &str, text: &str) {
        let start = self.start();
        let wide = MARK.max(width(outcome) + 2);
        let gap = " ".repeat(wide.saturating_sub(width(outcome)));
        self.push_wrapped(&format!("{start}  {outcome}{gap}"), LABEL + 2 + wide, LABEL + 2 + MARK, text);
    }

    /// Rows of cells beside the labels, in columns as wide as needed; empty columns are left out.
    pub(super) fn table<const CELLS: usize>(&mut self, rows: &[[&str; CELLS]]) {
        self.columns(2, rows);
    }

    /// The same, so many columns further in.
    pub(super) fn columns<const CELLS: usize>(&mut self, further: usize, rows: &[[&str; CELLS]]) {
        let widths = widths(rows);
        for row in rows {
            let mut line = String::new();
            for (cell, widest) in row.iter().zip(&widths) {
                if *widest > 0 || !cell.is_empty() {
                    line.push_str(cell);
                    line.push_str(&" ".repeat(widest.saturating_sub(width(cell)) + 2));
                }
            }
            let start = format!("{}{}", self.start(), " ".repeat(further));
            let cells = row.iter().filter(|cell| !cell.is_empty()).map(|cell| together(cell));
            let narrow = cells.collect::<Vec<_>>().join("  ");
            self.push_whole(&start, LABEL + further, line.trim_end(), &narrow);
        }
    }

    /// The label, or the blanks in its place.
    fn start(&mut self) -> String {
        match self.label.take() {
            Some(label) => {
                let gap = " ".repeat(LABEL.saturating_sub(width(label)));
                format!("{}{gap}", self.styled(label, Style::new().effects(Effects::BOLD)))
            }
            None => " ".repeat(LABEL),
        }
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// A line in columns where it fits; else without them, and wrapped where that does not fit either.
    fn push_whole(&mut self, start: &str, column: usize, text: &str, narrow: &str) {
        let fits = |text: &str| column + width(text) <= WIDTH;
        match [text, narrow].into_iter().find(|text| fits(text)) {
            Some(text) => {
                let _ = writeln!(self.text, "{start}{}", text.replace(NO_BREAK, " "));
            }
            None => self.push_wrapped(start, column, column + 4, narrow),
        }
    }

    fn push_wrapped(&mut self, start: &str, column: usize, next: usize, text: &str) {
        let mut line = start.to_owned();
        let mut at = column;
        let mut fresh = true;
        for word in pieces(text) {
            let blanks = word.len() - word.trim_start().len();
            let word = word.trim_start();
            if !fresh && at + blanks + width(word) > WIDTH {
                self.text.push_str(line.trim_end());
                self.text.push('\n');
                line = " ".repeat(next);
                at = next;
                fresh = true;
            }
            if !fresh {
                line.push_str(&" ".repeat(blanks));
                at += blanks;
            }
            line.push_str(&word.replace(NO_BREAK, " "));
            at += width(word);
            fresh = false;
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

/// The width of each column: as wide as its widest cell, where the row then fits; else what sticks out is let stick
/// out, the farthest first.
fn widths<const CELLS: usize>(rows: &[[&str; CELLS]]) -> Vec<usize> {
    let of = |column: usize| rows.iter().filter_map(move |row| row.get(column)).map(|cell| width(cell));
    let mut widths: Vec<usize> = (0..CELLS).map(|column| of(column).max().unwrap_or(0)).collect();
    loop {
        let used = widths.iter().filter(|width| **width > 0);
        let total = used.map(|width| width + 2).sum::<usize>();
        if LABEL + total <= WIDTH {
            return widths;
        }
        // What a column would be without its widest cells, and how much that saves.
        let next = |column: usize, widest: usize| of(column).filter(|width| *width < widest).max().unwrap_or(0);
        let cuts = widths.iter().enumerate().map(|(column, widest)| (widest - next(column, *widest), column));
        let Some((_, column)) = cuts.max_by_key(|(saved, column)| (*saved, CELLS - column)) else { return widths };
        match widths.get_mut(column) {
            Some(width) if *width > 0 => *width = next(column, *width),
            Some(_) | None => return widths,
        }
    }
}

/// A blank that no line is broken at.
const NO_BREAK: char = '\u{a0}';

/// A short cell, `0 or 1 point`, is not broken.
fn together(cell: &str) -> String {
    if width(cell) <= WIDE { cell.replace(' ', &NO_BREAK.to_string()) } else { cell.to_owned() }
}

/// The words of a text, each with the blanks before it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut in_word = false;
    for (at, letter) in text.char_indices() {
        if letter == ' ' && in_word {
            pieces.extend(text.get(start..at));
            start = at;
        }
        in_word = letter != ' ';
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.trim().is_empty()));
    pieces
}

/// Columns on a terminal, counted in characters.
fn width(text: &str) -> usize {
    text.chars().count()
}
