//! What only a block that begins with `as recorded` may say.

use super::grammar::Rule;
use super::layout::WrittenLine;
use super::reader::Reader;
use super::tree::{AsRecorded, Assumption, Line, UnknownCounts};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// Something that belongs in an `as recorded` block.
pub(super) const ONLY_AS_RECORDED: Code = Code {
    id: "S025",
    title: "for `as recorded` blocks only",
    explanation: "\
An answer may not change because something was written down or not. What asks exactly that begins with `as recorded`,
is marked in every result, and no advice may read it: published calculators, audits of what is on file.

    finding has_ck \"CK on file\"
      latest ck is recorded                         wrong

    as recorded finding has_ck \"CK on file\"
      latest ck is recorded",
};

/// Takes the lines out that say how unknown items count.
pub(super) fn take(at: Option<Span>, lines: &mut Vec<WrittenLine<'_>>, reader: &mut Reader) -> Option<AsRecorded> {
    let Some(span) = at else {
        lines.retain(|line| !refuse(line, reader));
        return None;
    };
    let mut found = AsRecorded { span, unknown_counts_as: None, assumptions: Vec::new() };
    lines.retain(|line| {
        let taken = is_such(line);
        if taken {
            read_line(line, &mut found, reader);
        }
        !taken
    });
    Some(found)
}

/// Says that such a line needs `as recorded`.
fn refuse(line: &WrittenLine<'_>, reader: &mut Reader) -> bool {
    let such = is_such(line);
    if such {
        let message = format!("`{}` stands in `as recorded` blocks only", line.words.text);
        let help =
            "elsewhere an unknown fact stays unknown; begin the block with `as recorded` to read what is on file";
        reader.report(Diagnostic::error(ONLY_AS_RECORDED, line.words.whole(), message).note(help));
    }
    such
}

fn is_such(line: &WrittenLine<'_>) -> bool {
    let text = line.words.text;
    let mut words = text.split_whitespace();
    match (words.next(), words.next()) {
        (Some("unknown"), Some("counts" | "count")) => true,
        (Some("assume"), Some(name)) => {
            name.starts_with(|letter: char| letter.is_alphabetic()) && !matches!(name, "is" | "and" | "or")
        }
        (_, _) => false,
    }
}

fn read_line(line: &WrittenLine<'_>, found: &mut AsRecorded, reader: &mut Reader) {
    if line.first_word() == "assume" {
        let Some(node) = reader.read(line.words, Rule::entry_assume) else { return };
        let mut parts = node.children().filter(|part| matches!(part.rule(), Rule::name | Rule::kw_yes | Rule::kw_no));
        let (Some(fact), Some(value)) = (parts.next(), parts.next()) else { return };
        let fact = reader.name(&fact);
        let value = Spanned::new(value.text().to_owned(), value.span());
        found.assumptions.push(Line { value: Assumption { fact, value }, citations: line.citations.clone() });
        return;
    }
    let Some(node) = reader.read(line.words, Rule::entry_unknown_counts) else { return };
    if found.unknown_counts_as.is_some() {
        let message = "how unknown items count is said twice";
        reader.report(
            Diagnostic::error(ONLY_AS_RECORDED, line.words.whole(), message).note("leave one of the lines out"),
        );
        return;
    }
    let Some(number) = node.child(Rule::number) else {
        found.unknown_counts_as = Some(Spanned::new(UnknownCounts::No, node.span()));
        return;
    };
    if number.text() != "0" {
        let message = format!("`{} points`: what is unknown counts as `0 points` or not at all", number.text());
        let diagnostic = Diagnostic::error(ONLY_AS_RECORDED, number.span(), message);
        reader.report(diagnostic.fix("write `0`", number.span(), "0"));
    }
    found.unknown_counts_as = Some(Spanned::new(UnknownCounts::NoPoints, node.span()));
}
