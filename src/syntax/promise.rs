//! `promise`: what the authors claim of their own guideline.

use super::grammar::Rule;
use super::head::Head;
use super::reader::Reader;
use super::therapy::read_one_therapy;
use super::tree::{Promise, Promised};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// A promise that is said otherwise.
pub(super) const PROMISE: Code = Code {
    id: "S044",
    title: "a promise is said otherwise",
    explanation: "\
A promise has its name, in quotes what it says, a colon, then `always` or `never` and what is offered or concluded, and
`when`.

    promise safe \"never in pregnancy\" never offer drug_name when pregnant           wrong: the colon is missing
    promise safe \"never in pregnancy\": never offer drug_name when pregnant
    promise some \"active disease gets an offer\": always offer something when active
    promise told \"a threat is told\": always conclude treat_at_once when organ_threat",
};

/// The head of a promise.
pub(super) fn read_promise(head: &Head<'_>, reader: &mut Reader) -> Option<Promise> {
    let node = head.node.as_ref()?;
    let claim = node.children().find(|part| matches!(part.rule(), Rule::kw_always | Rule::kw_never))?;
    if !node.has(Rule::colon) {
        let before = node.children().take_while(|part| part.rule() != claim.rule()).last()?;
        let end = Span { start: before.span().end, ..before.span() };
        let message = format!("a colon is missing before `{}`", claim.text());
        reader.report(Diagnostic::error(PROMISE, claim.span(), message).fix("write the colon", end, ":"));
    }
    let promised = node.child(Rule::promised)?;
    let what = if promised.has(Rule::kw_something) {
        Promised::OfferSomething
    } else if let Some(therapies) = promised.child(Rule::therapies) {
        Promised::Offer(read_one_therapy(&therapies, reader)?)
    } else {
        Promised::Conclude(reader.name(&promised.child(Rule::name)?))
    };
    let Some(clause) = node.child(Rule::condition_clause) else {
        let message = "a promise says when it holds";
        let end = Span { start: node.span().end, ..node.span() };
        let diagnostic = Diagnostic::error(PROMISE, end, message);
        reader.report(diagnostic.note(format!("for example `{} {} when pregnant`", claim.text(), promised.text())));
        return None;
    };
    let when = super::clauses::read_clause_condition(&clause, reader)?;
    Some(Promise { always: claim.rule() == Rule::kw_always, what, when })
}
