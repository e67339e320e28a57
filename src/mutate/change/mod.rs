//! Every change of one block.

mod comparisons;
mod left_out;
mod numbers;
mod order;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;

use super::line::{Kind, Line, Word, lines, one_blank};
use super::values::Values;
use crate::cases::Otherwise;
use crate::syntax::tree::{Block, Body, Policy};

/// A block in other words.
#[derive(Debug, Clone)]
pub struct Change {
    /// What to put where, by bytes of the block's text; in order, without overlap.
    pub edits: Vec<(Range<usize>, String)>,
    /// The first line that changes, its words one blank apart, without sources.
    pub line: String,
    /// What becomes of it.
    pub otherwise: Otherwise,
    /// In plain words: `` `above 5` becomes `at least 5` ``.
    pub said: String,
}

impl Change {
    /// The text of the block with the change.
    pub fn of(&self, text: &str) -> String {
        let mut changed = String::new();
        let mut start = 0;
        for (stretch, words) in &self.edits {
            changed.push_str(text.get(start..stretch.start).unwrap_or(""));
            changed.push_str(words);
            start = stretch.end;
        }
        changed.push_str(text.get(start..).unwrap_or(""));
        changed
    }
}

/// A block whose changes are looked for.
pub(super) struct Subject<'a> {
    pub(super) block: &'a Block,
    pub(super) text: &'a str,
    pub(super) lines: Vec<Line<'a>>,
    pub(super) values: Values<'a>,
    /// The first line of the table each row belongs to: its heading.
    pub(super) headings: Vec<Option<usize>>,
}

impl Subject<'_> {
    /// The lines that are neither headings nor rules of tables, with their places.
    pub(super) fn statements(&self) -> impl Iterator<Item = (usize, &Line<'_>)> {
        self.lines.iter().enumerate().filter(|(at, line)| !line.is_rule() && self.heading(*at) != Some(*at))
    }

    /// The heading of the table a line belongs to.
    pub(super) fn heading(&self, line: usize) -> Option<usize> {
        self.headings.get(line).copied().flatten()
    }

    /// The place of the column that says what a row gives.
    pub(super) fn output(&self, line: usize) -> Option<usize> {
        let heading = self.lines.get(self.heading(line)?)?;
        let arrow = heading.words.iter().position(|word| word.text == "->")?;
        heading.cell_of(arrow)
    }

    /// The first row that fits counts.
    pub(super) fn first_row_counts(&self) -> bool {
        matches!(&self.block.body, Body::Table(table) if table.policy.as_ref().map(|policy| policy.value) == Some(Policy::First))
    }

    /// Words put in place of others of one line.
    pub(super) fn becomes(&self, line: &Line<'_>, edits: Vec<(Range<usize>, String)>, said: String) -> Change {
        let named = Change { edits, line: one_blank(line.text), otherwise: Otherwise::LeftOut, said };
        let changed = named.of(self.text);
        let new = lines(&changed).into_iter().find(|new| new.whole.start == line.whole.start);
        let new = new.map(|new| one_blank(new.text)).unwrap_or_default();
        Change { otherwise: Otherwise::Becomes(new), ..named }
    }

    /// Words put in place of a stretch of words of one line, shown with those around them that belong to them.
    pub(super) fn replaced(&self, line: &Line<'_>, words: Range<usize>, new: &str) -> Change {
        let shown = line.around(&words);
        let (stretch, around) = (line.stretch(words), line.stretch(shown));
        let slice = |range: Range<usize>| self.text.get(range).unwrap_or("");
        let before = one_blank(slice(around.clone()));
        let after =
            one_blank(&format!("{}{new}{}", slice(around.start..stretch.start), slice(stretch.end..around.end)));
        self.becomes(line, vec![(stretch, new.to_owned())], format!("`{before}` becomes `{after}`"))
    }

    /// Some words of a line are not there.
    pub(super) fn cut(&self, line: &Line<'_>, stretch: Range<usize>, what: &str) -> Change {
        self.becomes(line, vec![(stretch, String::new())], format!("`{}` is left out", one_blank(what)))
    }
}

/// Every change of a block, each text once. Many of them will not load.
pub(super) fn changes(block: &Block, text: &str, values: Values<'_>) -> Vec<Change> {
    let lines: Vec<Line<'_>> = lines(text).into_iter().filter(|line| !line.is_only_shown()).collect();
    let headings = headings(&lines);
    let subject = Subject { block, text, lines, values, headings };
    let mut found = Vec::new();
    if !is_only_shown(&block.body) {
        numbers::find(&subject, &mut found);
        comparisons::find(&subject, &mut found);
        words::find(&subject, &mut found);
        order::find(&subject, &mut found);
        left_out::find(&subject, &mut found);
    }
    let mut seen = BTreeSet::from([one_blank(text)]);
    found.retain(|change: &Change| seen.insert(one_blank(&change.of(text))));
    found
}

/// What such a block says stands beside the answers as it is written, or is asked of a person: no case can look at it.
fn is_only_shown(body: &Body) -> bool {
    matches!(body, Body::Monitor(_) | Body::Promise(_) | Body::Judgement | Body::Unreadable(_))
}

/// Rows in a run are one table; the first of them is its heading.
fn headings(lines: &[Line<'_>]) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let follows = lines.get(at + 1).is_some_and(Line::is_rule);
        let above = found.last().copied().flatten();
        found.push(if line.cells.is_empty() {
            None
        } else if follows {
            Some(at)
        } else {
            above.or(Some(at))
        });
    }
    found
}

/// Words that are read with what stands behind them.
const BEFORE: [&str; 13] =
    ["above", "below", "at", "least", "most", "exactly", "than", "more", "less", "to", "is", "not", "by"];

/// Words that are read with what stands before them.
const BEHIND: [&str; 11] = ["least", "most", "than", "not", "of", "above", "below", "at", "x", "upper", "limit"];

impl Line<'_> {
    /// How well advice is founded stands beside it as it is written.
    fn is_only_shown(&self) -> bool {
        self.word(0) == "grade"
    }

    /// Some words with those around them that a reader needs: the comparison before, the number and the unit behind; of a
    /// row the cell.
    fn around(&self, words: &Range<usize>) -> Range<usize> {
        if let Some(cell) = self.cell_of(words.start).and_then(|at| self.cells.get(at)) {
            return cell.start.min(words.start)..cell.end.max(words.end);
        }
        let (mut start, mut end) = (words.start, words.end);
        while words.start - start < 3 && BEFORE.contains(&self.before(start)) {
            start -= 1;
        }
        let belongs = |word: &Word<'_>| matches!(word.kind, Kind::Number | Kind::Unit) || BEHIND.contains(&word.text);
        while end - words.end < 4 && self.words.get(end).is_some_and(belongs) && !self.is_share(end) {
            end += 1;
        }
        if end - start == 1 && self.words.get(end).is_some_and(|word| word.kind == Kind::Name) {
            end += 1;
        }
        start..end
    }

    /// The `of` of `20 % of baseline`.
    fn is_share(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.words.get(before));
        self.word(at) == "of" && before.is_some_and(|word| word.kind == Kind::Unit)
    }
}
