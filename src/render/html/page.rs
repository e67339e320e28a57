//! What a page is written with: every text is escaped where it goes in.

use std::fmt::Write;

use crate::render::escape::escaped;

/// A document, or a part of one.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
    /// The number of the drawing to come, so that identifiers differ.
    drawings: usize,
}

/// What a mark says, by its sign and its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Good,
    Open,
    Bad,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Plain => "mark plain",
            Tone::Good => "mark good",
            Tone::Open => "mark open",
            Tone::Bad => "mark bad",
        }
    }
}

/// A cell of a table: texts below each other, each with a class.
pub(super) type Cell = Vec<(&'static str, String)>;

/// A cell of one plain text.
pub(super) fn cell(text: impl Into<String>) -> Cell {
    let text = text.into();
    if text.is_empty() { Vec::new() } else { vec![("", text)] }
}

impl Page {
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Text that is a document already.
    pub(super) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn open(&mut self, tag: &str, class: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(self.text, "<{tag}{class}>");
    }

    pub(super) fn close(&mut self, tag: &str) {
        let _ = writeln!(self.text, "</{tag}>");
    }

    /// An element that holds a text.
    pub(super) fn element(&mut self, tag: &str, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(self.text, "<{tag}{class}>{}</{tag}>", escaped(text));
    }

    /// A paragraph, where there is something to say.
    pub(super) fn paragraph(&mut self, class: &str, text: &str) {
        if !text.is_empty() {
            self.element("p", class, text);
        }
    }

    /// A list, where there is something on it.
    pub(super) fn list<'a>(&mut self, class: &str, items: impl IntoIterator<Item = &'a str>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return;
        }
        self.open("ul", class);
        for item in items {
            self.element("li", "", item);
        }
        self.close("ul");
    }

    /// A row of answers: a mark, then sentences of which the first is said aloud.
    pub(super) fn marked(&mut self, mark: &str, tone: Tone, sentences: &[String]) {
        self.open("li", "");
        self.element("span", tone.class(), mark);
        self.open("div", "");
        for (at, sentence) in sentences.iter().enumerate() {
            self.paragraph(if at == 0 { "said" } else { "" }, sentence);
        }
        self.close("div");
        self.close("li");
    }

    /// The number of the next drawing.
    pub(super) fn drawing(&mut self) -> usize {
        self.drawings += 1;
        self.drawings
    }

    /// A table without the columns in which nothing stands; a row of one cell is a heading of those below it.
    pub(super) fn table(&mut self, caption: &str, headings: &[&str], rows: &[Vec<Cell>]) {
        let full = || rows.iter().filter(|row| row.len() > 1);
        if full().next().is_none() {
            return;
        }
        let used: Vec<usize> = (0..headings.len())
            .filter(|column| full().any(|row| row.get(*column).is_some_and(|cell| !cell.is_empty())))
            .collect();
        self.open("div", "table");
        self.open("table", "");
        self.element("caption", "", caption);
        self.text.push_str("<thead><tr>");
        for heading in used.iter().filter_map(|at| headings.get(*at)) {
            let _ = write!(self.text, "<th scope=\"col\">{}</th>", escaped(heading));
        }
        self.text.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.row(row, &used);
        }
        self.text.push_str("</tbody>\n");
        self.close("table");
        self.close("div");
    }

    fn row(&mut self, row: &[Cell], used: &[usize]) {
        self.text.push_str("<tr>");
        if let [only] = row {
            let _ = write!(self.text, "<th class=\"group\" colspan=\"{}\" scope=\"colgroup\">", used.len());
            self.cell(only);
            self.text.push_str("</th>");
        } else {
            for (place, cell) in used.iter().filter_map(|at| row.get(*at)).enumerate() {
                self.text.push_str(if place == 0 { "<th scope=\"row\">" } else { "<td>" });
                self.cell(cell);
                self.text.push_str(if place == 0 { "</th>" } else { "</td>" });
            }
        }
        self.text.push_str("</tr>\n");
    }

    fn cell(&mut self, cell: &Cell) {
        for (class, text) in cell {
            let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
            let _ = write!(self.text, "<p{class}>{}</p>", escaped(text));
        }
    }
}
