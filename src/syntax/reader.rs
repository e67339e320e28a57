//! What the walk carries along: the mistakes found, and how a piece of text is read or refused.

use super::expected;
use super::grammar::{Fragment, Node, Refusal, Rule};
use super::hints;
use super::tree::Name;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Spanned;

/// Something else was expected.
pub(super) const UNEXPECTED: Code = Code {
    id: "S002",
    title: "something else was expected",
    explanation: "\
The line could be read up to the marked place and not beyond it. The message says what may stand there.

    latest ck above_limit           wrong: after `latest ck` comes `is`, `and`, `or` or the end of the line
    latest ck is above 1.3 x upper limit",
};

/// A word that cannot be a name.
pub(super) const NAME: Code = Code {
    id: "S003",
    title: "not a name",
    explanation: "\
A name has the letters a to z, digits and `_`, and begins with a letter. A few words have a meaning of their own and
are never names: `and or not is of to at in as by x no now yes any when ever over within because end above below latest
between unless done measured`.

    finding anti-jo1 \"Anti-Jo-1\"     wrong: `-` is a minus
    finding fever \"Fever\"",
};

/// The state of one walk over one file.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The mistakes, in the order they were found.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The block at hand begins with `as recorded`.
    pub(super) as_recorded: bool,
}

impl Reader {
    /// Takes a mistake in. An author's word may be as long as a line: what is shown of it is not.
    pub(super) fn report(&mut self, mut diagnostic: Diagnostic) {
        clip(&mut diagnostic.message);
        diagnostic.notes.iter_mut().for_each(clip);
        if let Some(fix) = &mut diagnostic.fix {
            clip(&mut fix.text);
        }
        self.diagnostics.push(diagnostic);
    }

    /// Reads a piece by an entry rule, or says what was expected.
    pub(super) fn read<'a>(&mut self, fragment: Fragment<'a>, rule: Rule) -> Option<Node<'a>> {
        match fragment.parse(rule) {
            Ok(node) => Some(node),
            Err(refusal) => {
                self.report(refused(fragment, &refusal));
                None
            }
        }
    }

    /// A node as a name; letters outside a to z are refused.
    pub(super) fn name(&mut self, node: &Node<'_>) -> Name {
        let text = node.text();
        if !text.is_ascii() {
            let message = format!("`{text}` holds a letter that is not one of a to z");
            let help = "names are the same on every keyboard: letters a to z, digits and `_`; the text in quotes may hold anything";
            self.report(Diagnostic::error(NAME, node.span(), message).note(help));
        }
        Spanned::new(text.to_owned(), node.span())
    }
}

fn clip(text: &mut String) {
    const SHOWN: usize = 240;
    if let Some((at, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(at);
        text.push('…');
    }
}

/// The message for a piece that an entry rule does not take.
pub(super) fn refused(fragment: Fragment<'_>, refusal: &Refusal) -> Diagnostic {
    if let Some(hint) = hints::hint(fragment, refusal) {
        return hint;
    }
    let at = refusal.at.min(fragment.text.len());
    let found = hints::word_at(fragment.text, at);
    let span = fragment.span(at, at + found.len().max(1));
    let expected = expected::list(&refusal.expected);
    if found.is_empty() {
        let message = format!("the line ends too early: expected {expected}");
        return Diagnostic::error(UNEXPECTED, fragment.span(fragment.text.trim_end().len(), at), message);
    }
    Diagnostic::error(UNEXPECTED, span, format!("expected {expected}, found `{found}`"))
}
