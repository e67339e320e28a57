//! The items of a list: lines that begin with `-`, in one column.

use super::condition::NESTED_LIST;
use super::grammar::{Fragment, Rule};
use super::layout::WrittenLine;
use super::opening::COLUMN;
use super::reader::Reader;
use crate::diagnostics::{Code, Diagnostic, Fix};
use crate::source::Span;

/// An item that begins with a number or a sign.
pub(super) const ITEM: Code = Code {
    id: "S026",
    title: "an item begins with a word",
    explanation: "\
An item of a list begins with a name, a function or `not`, never with a number or a sign: `- 0.56 * x` reads as minus
0.56. A list begins with a line that says how many must hold, or how the numbers are joined.

    sum of
    - 0.56 * sqrt(latest tender_joints)         wrong
    - sqrt(latest tender_joints) * 0.56",
};

/// Follows one list and says once what is wrong with its columns.
#[derive(Debug, Default)]
pub(super) struct Items {
    first: Option<(usize, bool)>,
    told: bool,
    told_tab: bool,
    /// The items after a tab, and what stands before them.
    tabbed: Vec<(Span, Span)>,
    /// How many blanks stand before the first item after blanks.
    blanks: Option<usize>,
}

impl Items {
    /// The content of the next item, if it is one of this list.
    pub(super) fn next<'a>(
        &mut self,
        line: &WrittenLine<'a>,
        item: Fragment<'a>,
        reader: &mut Reader,
    ) -> Option<Fragment<'a>> {
        let (column, after_tab) = *self.first.get_or_insert((line.indent, line.after_tab));
        self.tell_tab(line, reader);
        if line.after_tab == after_tab && line.indent != column {
            self.tell(line, "the items of a list stand in one column; a list never holds a list", reader);
            return None;
        }
        let heads_list = item.text.ends_with("of") && item.parse(Rule::entry_count_rule).is_ok();
        if heads_list {
            self.tell(line, "a list never holds a list; give the inner one a name", reader);
            return None;
        }
        if item.text.is_empty() {
            reader.report(Diagnostic::error(ITEM, line.words.whole(), "nothing stands after this `-`"));
            return None;
        }
        let sign_or_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '+' | '*' | '/' | '.');
        if item.text.starts_with(sign_or_number) && !counts_courses(item.text) {
            let message = "an item begins with a name, a function or `not`: `-` before a number reads as minus";
            let help = "put the name first: `sqrt(x) * 0.56`; a number added to the sum needs a formula without `of`";
            reader.report(Diagnostic::error(ITEM, item.whole(), message).note(help));
            return None;
        }
        Some(item)
    }

    /// A tab before one item and blanks before another: how far a tab reaches differs from screen to screen. Told once
    /// for all items of a list, at the first that has one.
    fn tell_tab(&mut self, line: &WrittenLine<'_>, reader: &mut Reader) {
        const MESSAGE: &str = "a tab stands before this item, and blanks before another";
        let indent = u32::try_from(line.indent).unwrap_or(0);
        let before = Span { start: line.span.start.saturating_sub(indent), end: line.span.start, ..line.span };
        if line.after_tab {
            self.tabbed.push((line.words.whole(), before));
        } else {
            self.blanks.get_or_insert(line.indent);
        }
        let (Some(column), Some((item, _))) = (self.blanks, self.tabbed.first()) else { return };
        let edit = |(_, tab): &(Span, Span)| (*tab, " ".repeat(column));
        if !std::mem::replace(&mut self.told_tab, true) {
            let edits = self.tabbed.iter().map(edit).collect();
            let mut diagnostic = Diagnostic::error(COLUMN, *item, MESSAGE);
            diagnostic.fix = Some(Fix { text: "write blanks".to_owned(), edits });
            reader.report(diagnostic);
        } else if line.after_tab {
            let told = reader.diagnostics.iter_mut().rfind(|told| told.message == MESSAGE);
            if let Some(fix) = told.and_then(|told| told.fix.as_mut()) {
                fix.edits.extend(self.tabbed.last().map(edit));
            }
        }
    }

    fn tell(&mut self, line: &WrittenLine<'_>, message: &str, reader: &mut Reader) {
        if !self.told {
            let help = "write the inner list as a `finding` of its own and name it here";
            reader.report(Diagnostic::error(NESTED_LIST, line.words.whole(), message).note(help));
        }
        self.told = true;
    }
}

/// `1 course of drug_name is failed`: the only condition that begins with a number.
fn counts_courses(text: &str) -> bool {
    let mut words = text.split_whitespace().skip(1);
    matches!((words.next(), words.next()), (Some("course" | "courses"), Some("of")))
}
