//! The head of a block: its name, its title and what else its kind has there.

use super::block::HEAD_CONDITION;
use super::condition::read_condition;
use super::grammar::{Fragment, Node, Refusal, Rule};
use super::hints;
use super::opening::{keyword, named_with_colon};
use super::reader::{NAME, Reader, UNEXPECTED, refused};
use super::reading::read_reading;
use super::tree::{Condition, Construct, Name, Reading};
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::{Span, Spanned};

/// What a head says after its keyword.
#[derive(Debug, Default)]
pub(super) struct Head<'a> {
    /// The name.
    pub(super) name: Option<Name>,
    /// The title.
    pub(super) title: Option<Spanned<String>>,
    /// The condition after `when`.
    pub(super) condition: Option<Condition>,
    /// What bands are bands of.
    pub(super) of: Option<Reading>,
    /// The whole of it; `None` where it could not be read.
    pub(super) node: Option<Node<'a>>,
}

/// The head of a block, after its keyword.
pub(super) fn read_head<'a>(
    construct: Construct,
    rest: Fragment<'a>,
    is_refused: bool,
    keyword_at: Span,
    reader: &mut Reader,
) -> Head<'a> {
    let mut head = Head::default();
    match rest.parse(rule(construct)) {
        Ok(node) if !is_refused => fill_head(construct, node, &mut head, reader),
        outcome => {
            if let (Err(refusal), false) = (outcome, is_refused) {
                let untitled = (construct != Construct::Covers).then(|| untitled(rest, &refusal)).flatten();
                reader.report(untitled.unwrap_or_else(|| refused(rest, &refusal)));
            }
            let name = rest.parse(Rule::entry_head_name).ok().and_then(|node| node.child(Rule::name));
            head.name = name.map(|name| reader.name(&name));
        }
    }
    head.name = block_name(construct, head.name, keyword_at);
    head
}

/// The name a block has in the tree: its own, or one made of its keyword where heads of its kind have none.
pub(super) fn block_name(construct: Construct, name: Option<Name>, keyword_at: Span) -> Option<Name> {
    if matches!(construct, Construct::Covers | Construct::Precedence) {
        Some(Spanned::new(keyword(construct).to_owned(), keyword_at))
    } else if matches!(construct, Construct::Course | Construct::Source) {
        name.map(|name| name.map(|name| format!("{}_{name}", keyword(construct))))
    } else {
        name
    }
}

/// The entry rule of a head.
fn rule(construct: Construct) -> Rule {
    match construct {
        Construct::Finding
        | Construct::Number
        | Construct::Measure
        | Construct::Score
        | Construct::Table
        | Construct::Ladder
        | Construct::Regimen
        | Construct::Suspect
        | Construct::Algorithm => Rule::entry_head_titled,
        Construct::Bands => Rule::entry_head_bands,
        Construct::Covers => Rule::entry_head_covers,
        Construct::Impossible => Rule::entry_head_impossible,
        Construct::Judgement => Rule::entry_head_judgement,
        Construct::Course => Rule::entry_head_course,
        Construct::Contraindicated | Construct::Avoid | Construct::Caution | Construct::Stop => {
            Rule::entry_head_against
        }
        Construct::Prefer => Rule::entry_head_prefer,
        Construct::Monitor => Rule::entry_head_monitor,
        Construct::Advice => Rule::entry_head_advice,
        Construct::Precedence => Rule::entry_head_precedence,
        Construct::Promise => Rule::entry_head_promise,
        Construct::Source => Rule::entry_head_source,
    }
}

/// A `title` or `text` node without its quotes.
pub(super) fn read_text(node: &Node<'_>) -> Spanned<String> {
    let text = node.text().trim_start_matches(['"', '“']).trim_end_matches(['"', '”']);
    Spanned::new(text.to_owned(), node.span())
}

/// `finding weak Muscle weakness`: a title without its quotes, or a name of two words before one.
pub(super) fn untitled(rest: Fragment<'_>, refusal: &Refusal) -> Option<Diagnostic> {
    let words = rest.from(refusal.at).trimmed();
    let wants_title = refusal.expected.iter().any(|rule| matches!(rule, Rule::title | Rule::quoted));
    if refusal.at == 0 || !wants_title || !words.text.starts_with(char::is_alphanumeric) {
        return None;
    }
    if let Some(quote) = words.text.find(['"', '“']) {
        let name = rest.between(0, refusal.at + quote).trimmed();
        let joined = hints::joined(name.text)?;
        let message = format!("`{}`: a name is one word, `{joined}`", name.text);
        let fix = format!("write `{joined}`");
        return Some(Diagnostic::error(NAME, name.whole(), message).fix(fix, name.whole(), joined));
    }
    let first = hints::word_at(words.text, 0);
    if ["when", "of", "if"].contains(&first) || suggest::nearest(first, ["when"]).is_some() {
        return None;
    }
    let joint = [" when ", " of "].iter().filter_map(|word| words.text.rfind(word)).min();
    let title = words.between(0, joint.unwrap_or(words.text.len())).trimmed();
    if joint.is_none() && title.text.contains(" is ") {
        return None;
    }
    let message = format!("`{}`: a title stands in quotes", title.text);
    let fix = format!("\"{}\"", title.text);
    Some(Diagnostic::error(UNEXPECTED, title.whole(), message).fix("put it in quotes", title.whole(), fix))
}

/// The name that a rule without one is told to have.
pub(super) fn unnamed(construct: Construct, therapies: &Node<'_>) -> Name {
    let first = therapies.text().split([' ', ',', '+']).next().unwrap_or("");
    Spanned::new(format!("{first}_{}", keyword(construct)), therapies.span())
}

fn fill_head<'a>(construct: Construct, node: Node<'a>, head: &mut Head<'a>, reader: &mut Reader) {
    let named = node.child(Rule::named);
    head.name = named.as_ref().unwrap_or(&node).child(Rule::name).map(|name| reader.name(&name));
    if head.name.is_none() && named_with_colon(construct) {
        head.name = node.child(Rule::therapies).map(|therapies| unnamed(construct, &therapies));
    }
    head.title = node.child(Rule::title).map(|title| read_text(&title));
    head.of = node.child(Rule::reading).and_then(|of| read_reading(&of, reader));
    head.condition = node.child(Rule::condition).and_then(|condition| read_condition(&condition, reader));
    if let Some(when) = node.child(Rule::misplaced_when) {
        let kind = keyword(construct);
        let article = if construct == Construct::Algorithm { "an" } else { "a" };
        let what = if construct == Construct::Finding { "condition" } else { "content" };
        let diagnostic =
            Diagnostic::error(HEAD_CONDITION, when.span(), format!("{article} {kind} has its {what} on the next line"));
        let at = when.span();
        reader.report(if construct == Construct::Finding {
            diagnostic.fix("begin a new line", at, "\n ")
        } else if matches!(construct, Construct::Ladder | Construct::Regimen) {
            diagnostic.fix("begin a new line", at, "\n  for patients when")
        } else if construct == Construct::Suspect {
            diagnostic.note("what points to it stands in a list under `for`")
        } else if construct == Construct::Algorithm {
            diagnostic.note("its conditions stand in the branches of its steps: `when … -> step NAME`")
        } else {
            let help = format!("for whom a {kind} is made stands in `covers`, in a `column` line or in a `finding`");
            diagnostic.note(help)
        });
    }
    head.node = Some(node);
}
