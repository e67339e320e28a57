//! Rows, lines and branches that change places with the next.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Change, Subject};
use crate::cases::Otherwise;
use crate::mutate::line::{Line, one_blank};
use crate::syntax::tree::{
    Algorithm, AmountKind, Body, Cell, CellKind, Construct, Range as Numbers, TableRow, Target, Value,
};
use crate::value::Number;

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Change>) {
    if subject.first_row_counts() {
        rows(subject, found);
    }
    let always = |_: &Line<'_>, _: &Line<'_>| true;
    for word in ["when", "line"] {
        sections(subject, &|line| line.word(0) == word, &always, found);
    }
    if let Body::Algorithm(algorithm) = &subject.block.body {
        let may_meet = |line: &Line<'_>, other: &Line<'_>| may_both_hold(algorithm, [line.word(1), other.word(1)]);
        sections(subject, &|line| line.word(0) == "conclusion", &may_meet, found);
    }
    let construct = subject.block.body.construct();
    if construct == Construct::Measure {
        sections(subject, &|line| line.word(0) == "-", &always, found);
    }
    // `no_response when …`, `not_applicable when …`: the first that holds.
    if matches!(construct, Construct::Course | Construct::Bands) {
        sections(subject, &|line| line.word(1) == "when", &always, found);
    }
}

/// The order of two conclusions decides something: a branch leads to both, over several targets. Where each branch leads to
/// one, nobody comes to both.
fn may_both_hold(algorithm: &Algorithm, of: [&str; 2]) -> bool {
    let branches = algorithm.steps.iter().flat_map(|step| &step.branches);
    branches.map(|branch| &branch.value.targets).any(|targets| {
        let reached: Vec<BTreeSet<&str>> = targets.iter().map(|target| conclusions_of(algorithm, target)).collect();
        let [mut one, other] = of.map(|name| (0..).zip(&reached).filter(move |(_, own)| own.contains(name)));
        one.any(|(left, _): (usize, _)| other.clone().any(|(right, _)| left != right))
    })
}

/// Every conclusion that a target leads to.
fn conclusions_of<'a>(algorithm: &'a Algorithm, target: &'a Target) -> BTreeSet<&'a str> {
    let (mut found, mut met, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![target]);
    while let Some(target) = open.pop() {
        match target {
            Target::Conclude(name) => {
                found.insert(name.value.as_str());
            }
            Target::Step(name) if met.insert(name.value.as_str()) => {
                let steps = algorithm.steps.iter().filter(|step| step.name.value == name.value);
                open.extend(steps.flat_map(|step| &step.branches).flat_map(|branch| &branch.value.targets));
            }
            Target::Step(_) => {}
        }
    }
    found
}

/// Two neighbours of the same indent, whose order decides something, change places, each with what is indented below it.
fn sections(
    subject: &Subject<'_>,
    begins: &dyn Fn(&Line<'_>) -> bool,
    matters: &dyn Fn(&Line<'_>, &Line<'_>) -> bool,
    found: &mut Vec<Change>,
) {
    let lines = &subject.lines;
    let end_of = |from: usize| {
        let indent = lines.get(from).map_or(0, |line| line.indent);
        let below = lines.iter().enumerate().skip(from + 1).find(|(_, line)| line.indent <= indent);
        below.map_or(lines.len(), |(at, _)| at)
    };
    for (at, line) in lines.iter().enumerate().skip(1).filter(|(_, line)| begins(line)) {
        let next = end_of(at);
        let Some(other) =
            lines.get(next).filter(|other| begins(other) && other.indent == line.indent && matters(line, other))
        else {
            continue;
        };
        found.push(swapped(subject, (at..next, line), (next..end_of(next), other)));
    }
}

fn swapped(
    subject: &Subject<'_>,
    (first, line): (Range<usize>, &Line<'_>),
    (second, other): (Range<usize>, &Line<'_>),
) -> Change {
    let stretch = |lines: Range<usize>| {
        let end = lines.end.checked_sub(1).and_then(|last| subject.lines.get(last)).map_or(0, |line| line.whole.end);
        subject.lines.get(lines.start).map_or(0, |line| line.whole.start)..end
    };
    let with_end = |range: Range<usize>| {
        let text = subject.text.get(range).unwrap_or("");
        if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
    };
    let (first, second) = (stretch(first), stretch(second));
    let edits = vec![(first.clone(), with_end(second.clone())), (second, with_end(first))];
    let (line, other) = (one_blank(line.text), one_blank(other.text));
    let said = format!("`{line}` and `{other}` change places");
    Change { edits, line, otherwise: Otherwise::After(other), said }
}

/// Two neighbouring rows of a table of which the first that fits counts, where both can fit and give something else.
fn rows(subject: &Subject<'_>, found: &mut Vec<Change>) {
    let Body::Table(table) = &subject.block.body else { return };
    let rows: Vec<(usize, &Line<'_>)> = subject.statements().filter(|(_, line)| !line.cells.is_empty()).collect();
    for (lines, trees) in rows.windows(2).zip(table.rows.windows(2)) {
        let ([(at, line), (next, other)], [row, below]) = (lines, trees) else { continue };
        if row.output != below.output && !apart(row, below) {
            found.push(swapped(subject, (*at..*at + 1, line), (*next..*next + 1, other)));
        }
    }
}

/// No patient fits both rows, for the cells of some column have nothing in common.
fn apart(row: &TableRow, other: &TableRow) -> bool {
    row.cells.iter().zip(&other.cells).any(|(one, other)| cells_apart(one, other))
}

fn cells_apart(one: &Cell, other: &Cell) -> bool {
    match (&one.kind, &other.kind) {
        (CellKind::OneOf(values), CellKind::OneOf(others)) => {
            !values.iter().any(|value| others.iter().any(|other| same(value, other)))
        }
        (CellKind::Not(out), CellKind::OneOf(values)) | (CellKind::OneOf(values), CellKind::Not(out)) => {
            values.iter().all(|value| same(value, out))
        }
        (CellKind::Within(range), CellKind::Within(other)) => lies_below(range, other) || lies_below(other, range),
        (
            CellKind::Any | CellKind::OneOf(_) | CellKind::Not(_) | CellKind::Within(_),
            CellKind::Any | CellKind::OneOf(_) | CellKind::Not(_) | CellKind::Within(_),
        ) => false,
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Named(one), Value::Named(other)) => one == other,
        (Value::NotDone(_), Value::NotDone(_)) | (Value::NotMeasured(_), Value::NotMeasured(_)) => true,
        (Value::Named(_) | Value::NotDone(_) | Value::NotMeasured(_), _) => false,
    }
}

/// The first range ends before the second begins, as far as both are bare numbers.
fn lies_below(range: &Numbers, other: &Numbers) -> bool {
    let (Some((high, high_included)), Some((low, low_included))) =
        (bare(range.high.as_ref()), bare(other.low.as_ref()))
    else {
        return false;
    };
    high < low || (high == low && !(high_included && low_included))
}

fn bare(end: Option<&crate::syntax::tree::End>) -> Option<(Number, bool)> {
    let end = end?;
    let AmountKind::Literal(literal) = &end.amount.kind else { return None };
    literal.unit.is_none().then_some((literal.number.value, end.included))
}
