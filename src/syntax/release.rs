//! `new`, `replaces`, `withdraws` and `because`: what a release says of the one it builds on.

use super::grammar::{Fragment, Node, Rule};
use super::head::{block_name, read_text};
use super::opening::{Opened, keyword};
use super::reader::Reader;
use super::tree::{Change, Citation, Construct, Withdrawal};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// A change of a release without its reason, or with the reason elsewhere.
pub(super) const REASON: Code = Code {
    id: "S020",
    title: "a change of a release says why",
    explanation: "\
A release that builds on another says of each block what it does to that release, and why. The reason stands in quotes at
the end of the head, before the sources, and nowhere else.

    replaces finding weak \"Weakness\" [key]                                  wrong: why?
    new advice rest \"Rest\" because \"new evidence\" at safety when weak      wrong: the reason stands last
    replaces finding weak \"Weakness\" because \"a new limit\" [key]
    new advice rest \"Rest\" at safety when weak because \"new evidence\" [key]",
};

/// A withdrawal that says more than which block is withdrawn, or not which.
pub(super) const WITHDRAWAL: Code = Code {
    id: "S045",
    title: "a withdrawal is one line",
    explanation: "\
A withdrawal names the block by its keyword and its name, and says why. A block without a name of its own is named by its
keyword, as in `covers` and `precedence`.

    withdraws table activity \"Disease activity\" because \"superseded\"         wrong: the title
    withdraws table activity because \"superseded\" [key]
    withdraws course failed because \"counted otherwise now\" [key]",
};

/// `new`, `replaces`, `withdraws`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReleaseWord {
    New,
    Replaces,
    Withdraws,
}

/// The word before the keyword of a block.
pub(super) fn read_word(node: &Node<'_>) -> Option<Spanned<ReleaseWord>> {
    let first = node.first()?;
    let words = [
        (Rule::kw_new, ReleaseWord::New),
        (Rule::kw_replaces, ReleaseWord::Replaces),
        (Rule::kw_withdraws, ReleaseWord::Withdraws),
    ];
    let (_, word) = words.into_iter().find(|(rule, _)| *rule == first.rule())?;
    Some(Spanned::new(word, first.span()))
}

/// What the word says of a block that stands in the release.
pub(super) fn change(word: &Spanned<ReleaseWord>) -> Option<Spanned<Change>> {
    match word.value {
        ReleaseWord::New => Some(Spanned::new(Change::New, word.span)),
        ReleaseWord::Replaces => Some(Spanned::new(Change::Replaces, word.span)),
        ReleaseWord::Withdraws => None,
    }
}

/// The block is taken out.
pub(super) fn is_withdrawal(opened: &Opened<'_>) -> bool {
    opened.release_word.as_ref().is_some_and(|word| word.value == ReleaseWord::Withdraws)
}

/// The head without `because "…"` at its end, and the reason; whether it is told that the reason stands elsewhere.
pub(super) fn take_reason<'a>(
    rest: Fragment<'a>,
    reader: &mut Reader,
) -> (Fragment<'a>, Option<Spanned<String>>, bool) {
    if !rest.text.contains("because") {
        return (rest, None, false);
    }
    let Ok(node) = rest.parse(Rule::entry_reasoned) else { return (rest, None, false) };
    let Some(word) = node.child(Rule::kw_because) else { return (rest, None, false) };
    let before = rest.between(0, (word.span().start - rest.base) as usize).trimmed();
    let text = node.child(Rule::text);
    let after = node.child(Rule::after_because).map(|after| after.fragment().trimmed());
    match (text, after) {
        (Some(text), None) => {
            let reason = Spanned::new(read_text(&text).value, word.span().to(text.span()));
            if reason.value.trim().is_empty() {
                reader.report(empty_reason(text.span()));
            }
            (before, Some(reason), false)
        }
        (Some(text), Some(after)) => {
            let message = "the reason ends the head, before the sources";
            let whole = word.span().to(after.whole());
            let moved = format!("{} because {}", after.text, text.text());
            reader.report(Diagnostic::error(REASON, text.span(), message).fix("put it last", whole, moved));
            (before, None, true)
        }
        (None, Some(after)) => {
            let message = "a reason stands in quotes";
            let quoted = format!("\"{}\"", after.text.trim_matches(['"', '“', '”']));
            let fix = Diagnostic::error(REASON, after.whole(), message).fix("put it in quotes", after.whole(), quoted);
            reader.report(fix);
            (before, None, true)
        }
        (None, None) => {
            reader.report(empty_reason(word.span()));
            (before, None, true)
        }
    }
}

fn empty_reason(at: Span) -> Diagnostic {
    Diagnostic::error(REASON, at, "no reason stands behind `because`")
        .note("say in quotes why, as in `because \"a new limit\"`")
}

/// A change says why.
pub(super) fn check_reason(is_change: bool, reason: Option<&Spanned<String>>, head: Fragment<'_>, reader: &mut Reader) {
    if is_change && reason.is_none() {
        let message = "a change of a release says why";
        let help = "end the head with `because \"…\"`, before the sources";
        reader.report(Diagnostic::error(REASON, head.whole(), message).note(help));
    }
}

/// `withdraws table activity because "superseded" [bsr_2022]`
pub(super) fn read_withdrawal(opened: Opened<'_>, reader: &mut Reader) -> Option<Withdrawal> {
    let Opened { construct, keyword: at, rest, chunk, .. } = opened;
    if chunk.head.refused {
        return None;
    }
    let (rest, reason, misplaced) = take_reason(rest, reader);
    if !misplaced {
        check_reason(true, reason.as_ref(), chunk.head.words, reader);
    }
    let mut citations: Vec<Citation> = chunk.head.citations.clone();
    for line in &chunk.body {
        if line.is_only_sources() {
            citations.extend(line.citations.iter().cloned());
        } else {
            let message = "nothing stands under a withdrawal: it is one line";
            let help = "leave the lines out; for a block in the place of the old one write `replaces`";
            reader.report(Diagnostic::error(WITHDRAWAL, line.span, message).note(help));
            break;
        }
    }
    let node = reader.read(rest, Rule::entry_head_withdrawn)?;
    for extra in [node.child(Rule::title), node.child(Rule::colon)].into_iter().flatten() {
        let message = format!("a withdrawal names the block, without `{}`", extra.text());
        reader.report(Diagnostic::error(WITHDRAWAL, extra.span(), message).fix("leave it out", extra.span(), ""));
    }
    let name = node.child(Rule::name).map(|name| reader.name(&name));
    let unnamed = matches!(construct, Construct::Covers | Construct::Precedence);
    let Some(name) = block_name(construct, name, at) else {
        let word = keyword(construct);
        let message = format!("which `{word}` is withdrawn?");
        reader.report(Diagnostic::error(WITHDRAWAL, at, message).note(format!("name it: `withdraws {word} NAME`")));
        return None;
    };
    if let Some(given) = node.child(Rule::name).filter(|_| unnamed) {
        let message = format!("`{}` has no name", keyword(construct));
        reader.report(Diagnostic::error(WITHDRAWAL, given.span(), message).fix("leave it out", given.span(), ""));
    }
    Some(Withdrawal { span: chunk.head.span, construct, keyword: at, name, reason, citations })
}
