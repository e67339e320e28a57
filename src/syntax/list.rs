//! The items of a list: lines that begin with `-`, in one column.

use super::condition::NESTED_LIST;
use super::grammar::{Fragment, Rule};
use super::layout::WrittenLine;
use super::reader::Reader;
use crate::diagnostics::{Code, Diagnostic};

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
    indent: Option<usize>,
    told: bool,
}

impl Items {
    /// The content of the next item, if it is one of this list.
    pub(super) fn next<'a>(
        &mut self,
        line: &WrittenLine<'a>,
        item: Fragment<'a>,
        reader: &mut Reader,
    ) -> Option<Fragment<'a>> {
        let column = *self.indent.get_or_insert(line.indent);
        if line.indent != column {
            self.tell(line, "the items of a list stand in one column; a list never holds a list", reader);
            return None;
        }
        let heads_list = item.parse(Rule::entry_count_rule).is_ok();
        if heads_list {
            self.tell(line, "a list never holds a list; give the inner one a name", reader);
            return None;
        }
        if item.text.is_empty() {
            reader.report(Diagnostic::error(ITEM, line.words.whole(), "nothing stands after this `-`"));
            return None;
        }
        if item
            .text
            .starts_with(|letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '+' | '*' | '/' | '.'))
        {
            let message = "an item begins with a name, a function or `not`: `-` before a number reads as minus";
            let help = "put the name first: `sqrt(x) * 0.56`; a number added to the sum needs a formula without `of`";
            reader.report(Diagnostic::error(ITEM, item.whole(), message).note(help));
            return None;
        }
        Some(item)
    }

    fn tell(&mut self, line: &WrittenLine<'_>, message: &str, reader: &mut Reader) {
        if !self.told {
            let help = "write the inner list as a `finding` of its own and name it here";
            reader.report(Diagnostic::error(NESTED_LIST, line.words.whole(), message).note(help));
        }
        self.told = true;
    }
}
