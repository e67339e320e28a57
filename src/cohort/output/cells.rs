//! Cells of a table as text: commas between them, quotes around what needs them.

use crate::explain::{Because, Possible};
use crate::render::{json, words};
use crate::value::{Bound, NumberSet};

/// Stands between several things in one cell.
pub(super) const BETWEEN: &str = "|";
/// How many possible numbers are listed one by one.
const LISTED: usize = 64;

/// Writes cells as one line.
pub(super) struct Line<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
}

impl<'o> Line<'o> {
    pub(super) fn begin(out: &'o mut Vec<u8>) -> Self {
        Line { out, empty: true }
    }

    /// A cell; a text with a comma, a quote, a line end or blanks at an end stands in quotes.
    pub(super) fn cell(&mut self, text: &str) {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(b',');
        }
        let quoted = text.contains([',', '"', '\n', '\r']) || text.trim().len() < text.len();
        if quoted {
            let text = text.replace('"', "\"\"");
            self.out.extend_from_slice(format!("\"{text}\"").as_bytes());
        } else {
            self.out.extend_from_slice(text.as_bytes());
        }
    }

    pub(super) fn cells<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        for text in texts {
            self.cell(text);
        }
    }

    pub(super) fn end(self) {
        self.out.push(b'\n');
    }
}

/// The only value; nothing where several are possible.
pub(super) fn value(possible: &Possible) -> String {
    match possible {
        Possible::YesNo { yes: true, no: false } => "yes".to_owned(),
        Possible::YesNo { yes: false, no: true } => "no".to_owned(),
        Possible::Choice(values) => match values.as_slice() {
            [only] => only.clone(),
            _ => String::new(),
        },
        Possible::Several { certain, perhaps } if perhaps.is_empty() => certain.join(BETWEEN),
        Possible::Number(set) => {
            words::one_number(set).map(|(only, _)| json::number(only).get().to_owned()).unwrap_or_default()
        }
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Nothing => String::new(),
    }
}

/// Everything that is possible: values one by one, or a stretch of numbers in brackets, `(` where the end is not in it; what
/// is only perhaps among several that hold has a question mark.
pub(super) fn possible(possible: &Possible) -> String {
    match possible {
        Possible::YesNo { yes, no } => {
            let words = [(*yes, "yes"), (*no, "no")].into_iter().filter_map(|(can, word)| can.then_some(word));
            words.collect::<Vec<_>>().join(BETWEEN)
        }
        Possible::Choice(values) => values.join(BETWEEN),
        Possible::Several { certain, perhaps } => {
            let perhaps = perhaps.iter().map(|name| format!("{name}?"));
            certain.iter().cloned().chain(perhaps).collect::<Vec<_>>().join(BETWEEN)
        }
        Possible::Number(set) => numbers(set),
        Possible::Nothing => String::new(),
    }
}

fn numbers(set: &NumberSet) -> String {
    let text = |number| json::number(number).get().to_owned();
    if let Some(values) = set.finite_values(LISTED) {
        return values.into_iter().map(text).collect::<Vec<_>>().join(BETWEEN);
    }
    let Some(hull) = set.hull() else { return String::new() };
    let end = |bound: Bound, without: &str| bound.number().map_or_else(|| without.to_owned(), text);
    let closed = |bound: Bound| matches!(bound, Bound::Closed(_));
    let (before, after) = (if closed(hull.low) { '[' } else { '(' }, if closed(hull.high) { ']' } else { ')' });
    format!("{before}{}, {}{after}", end(hull.low, "-inf"), end(hull.high, "inf"))
}

/// A line of cells.
pub(in crate::cohort) fn row<'t>(cells: impl IntoIterator<Item = &'t str>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = Line::begin(&mut out);
    line.cells(cells);
    line.end();
    out
}

/// What keeps an answer open.
pub(super) fn needs(because: &[Because]) -> String {
    let one = |because: &Because| {
        let when = if because.when.is_empty() { String::new() } else { format!(" {}", because.when) };
        format!("{}{when} ({})", because.fact, because.why)
    };
    because.iter().map(one).collect::<Vec<_>>().join(BETWEEN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    #[test]
    fn what_would_end_a_cell_stands_in_quotes() {
        let mut out = Vec::new();
        let mut line = Line::begin(&mut out);
        line.cells(["", "plain", "a, b", "\"so\"", " blank", "two\nlines", "=1+1"]);
        line.end();
        assert_eq!(String::from_utf8_lossy(&out), ",plain,\"a, b\",\"\"\"so\"\"\",\" blank\",\"two\nlines\",=1+1\n");
    }

    #[test]
    fn what_is_possible_in_a_cell() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let several = Possible::Several { certain: names(&["a"]), perhaps: names(&["b"]) };
        assert_eq!((value(&several), possible(&several)), (String::new(), "a|b?".to_owned()));
        let stretch = Possible::Number(NumberSet::between(Number::whole(40), Number::whole(57)));
        assert_eq!((value(&stretch), possible(&stretch)), (String::new(), "[40, 57]".to_owned()));
        let one = Possible::Number(NumberSet::between(Number::whole(40), Number::whole(40)));
        assert_eq!((value(&one), possible(&one)), ("40".to_owned(), "40".to_owned()));
        assert_eq!(possible(&Possible::YesNo { yes: true, no: true }), "yes|no");
    }
}
