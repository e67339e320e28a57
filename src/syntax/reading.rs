//! A fact and when it is read: `latest ck within 3 months`.

use super::grammar::{Node, Rule};
use super::number::read_count;
use super::reader::Reader;
use super::tree::{Reading, When};
use crate::diagnostics::{Code, Diagnostic, suggest};
use crate::value::{Period, PeriodUnit};

/// When a fact is read is said in another way.
pub(super) const READING: Code = Code {
    id: "S007",
    title: "when a fact is read is said in another way",
    explanation: "\
When a dated fact is read goes with the fact: `latest ck`, `latest ck within 3 months`, `ck at baseline`,
`dysphagia ever`, `highest ck ever`, `lowest mmt8 ever`. Nothing is read `now`: what is known is the latest value.

    mmt8 is below 142 now           wrong
    highest ck is above 1000 U/L    wrong: over which time?
    latest mmt8 is below 142",
};

/// A `reading` node.
pub(super) fn read_reading(node: &Node<'_>, reader: &mut Reader) -> Option<Reading> {
    let mut prefix: Option<Node<'_>> = None;
    let mut name = None;
    let mut suffixes: Vec<Node<'_>> = Vec::new();
    for part in node.children() {
        #[expect(clippy::wildcard_enum_match_arm, reason = "every other part is a suffix")]
        match part.rule() {
            Rule::kw_latest | Rule::kw_highest | Rule::kw_lowest => prefix = Some(part),
            Rule::name => name = Some(reader.name(&part)),
            _ => suffixes.push(part),
        }
    }
    let name = name?;
    if let Some(second) = suffixes.get(1) {
        let message = format!("`{}` is read at two times", name.value);
        reader.report(Diagnostic::error(READING, second.span(), message).note("say once when it is read"));
    }
    let when = read_when(node, &name.value, prefix.as_ref(), suffixes.first(), reader);
    Some(Reading { span: node.span(), name, when })
}

fn read_when(
    node: &Node<'_>,
    name: &str,
    prefix: Option<&Node<'_>>,
    suffix: Option<&Node<'_>>,
    reader: &mut Reader,
) -> When {
    let replace = |reader: &mut Reader, message: String, text: String| {
        let diagnostic = Diagnostic::error(READING, node.span(), message);
        reader.report(diagnostic.fix(format!("write `{text}`"), node.span(), text));
    };
    let (before, after) = (prefix.map(Node::rule), suffix.map(Node::rule));
    match (before, after) {
        (None, None) => When::Unstated,
        (None, Some(Rule::at_baseline)) => When::Baseline,
        (None, Some(Rule::kw_ever)) => When::Ever,
        (Some(Rule::kw_latest), None) => When::Latest { within: None },
        (Some(Rule::kw_latest), Some(Rule::within)) => {
            When::Latest { within: suffix.and_then(|within| read_period(within, reader)) }
        }
        (Some(Rule::kw_highest), Some(Rule::kw_ever)) => When::Highest,
        (Some(Rule::kw_lowest), Some(Rule::kw_ever)) => When::Lowest,
        (None | Some(Rule::kw_latest), Some(Rule::kw_now)) => {
            replace(reader, format!("nothing is read `now`: say `latest {name}`"), format!("latest {name}"));
            When::Latest { within: None }
        }
        (None, Some(Rule::within)) => {
            let text = format!("latest {}", node.text());
            replace(reader, "`within` goes with `latest`: the latest value that is not older".to_owned(), text);
            When::Latest { within: suffix.and_then(|within| read_period(within, reader)) }
        }
        (Some(extreme @ (Rule::kw_highest | Rule::kw_lowest)), None) => {
            let text = format!("{} ever", node.text());
            replace(reader, format!("`{}` does not say over which time: say `{text}`", node.text()), text);
            if extreme == Rule::kw_highest { When::Highest } else { When::Lowest }
        }
        _ => {
            let message = format!("`{}` is read at two times", node.text());
            let help =
                "say once when it is read: `latest F`, `F at baseline`, `F ever`, `highest F ever` or `lowest F ever`";
            reader.report(Diagnostic::error(READING, node.span(), message).note(help));
            When::Unstated
        }
    }
}

/// A `number` and a `period_unit` child: `within 3 months`, `every 2 weeks`.
pub(super) fn read_period(node: &Node<'_>, reader: &mut Reader) -> Option<Period> {
    let count = read_count(&node.child(Rule::number)?, reader)?;
    read_period_unit(count, &node.child(Rule::period_unit)?, reader)
}

/// So many of what a word says: `3` and `months`.
pub(super) fn read_period_unit(count: u32, unit: &Node<'_>, reader: &mut Reader) -> Option<Period> {
    if let Some(parsed) = period_unit(unit.text()) {
        return Some(Period { count, unit: parsed });
    }
    let text = unit.text();
    let message = format!("`{text}` is not a period");
    let diagnostic = Diagnostic::error(READING, unit.span(), message);
    let nearest = || suggest::nearest(text, ["days", "weeks", "months", "years"]);
    reader.report(match short_period(text).or_else(nearest) {
        Some(meant) => diagnostic.fix(format!("write `{meant}`"), unit.span(), meant),
        None => diagnostic.note("a period is counted in `days`, `weeks`, `months` or `years`"),
    });
    None
}

/// How people shorten a period.
fn short_period(text: &str) -> Option<&'static str> {
    match text {
        "d" => Some("days"),
        "w" | "wk" | "wks" => Some("weeks"),
        "mo" | "mos" | "mth" | "mths" => Some("months"),
        "a" | "y" | "yr" | "yrs" => Some("years"),
        _ => None,
    }
}

fn period_unit(text: &str) -> Option<PeriodUnit> {
    match text {
        "day" | "days" => Some(PeriodUnit::Day),
        "week" | "weeks" => Some(PeriodUnit::Week),
        "month" | "months" => Some(PeriodUnit::Month),
        "year" | "years" => Some(PeriodUnit::Year),
        _ => None,
    }
}
