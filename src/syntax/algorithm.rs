//! `algorithm`: conclusions, and steps whose branches lead to them.

use super::block::{EMPTY, Place, unknown_line};
use super::clauses::read_clause_condition;
use super::grammar::{Fragment, Node, Rule};
use super::ladder::{Names, read_named};
use super::layout::WrittenLine;
use super::limits::{FORMULA_CHARACTERS, TOO_LARGE};
use super::reader::Reader;
use super::tree::{Algorithm, AlgorithmBranch, AlgorithmStep, Conclusion, Construct, Line, Target};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// A branch of an algorithm that is said otherwise.
pub(super) const BRANCH: Code = Code {
    id: "S043",
    title: "a branch of an algorithm is said otherwise",
    explanation: "\
A step has branches, and the first that holds is taken: `when CONDITION -> step NAME` or `-> conclude NAME`, and both
where `and also` stands between them. `otherwise` is for everybody else and comes last. An algorithm ends where a branch
leads to conclusions only.

    when severe -> end                                      wrong: with which conclusion?
    when severe -> goto second_check                        wrong
    when severe -> conclude treat_at_once and also step second_check
    otherwise   -> step second_check",
};

/// First words of the lines of an algorithm.
const KNOWN: [&str; 5] = ["conclusion", "step", "when", "otherwise", "and"];

/// The steps as they are gathered.
#[derive(Default)]
struct Steps {
    all: Vec<AlgorithmStep>,
    heads: Vec<Span>,
    names: Names,
    conclusions: Names,
    /// Branch lines of the step at hand, readable or not.
    lines: usize,
    /// `otherwise` of the step at hand.
    otherwise: Option<Span>,
    /// The head of the step at hand could not be read.
    lost: bool,
    /// A branch before the first step was told.
    told: bool,
    /// What stands behind `otherwise` was told, for the step at hand.
    told_last: bool,
}

/// The lines of an algorithm.
pub(super) fn read_algorithm(place: &Place<'_>, lines: &[WrittenLine<'_>], reader: &mut Reader) -> Option<Algorithm> {
    let mut conclusions: Vec<Line<Conclusion>> = Vec::new();
    let mut found = Steps::default();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        let further = after.iter().take_while(|line| goes_on(line)).count();
        let (more, next) = after.split_at_checked(further).unwrap_or((&[], after));
        rest = next;
        let word = if line.cells.is_some() { "" } else { line.first_word() };
        match word {
            "conclusion" => {
                let Some((name, title)) = read_named(line, "conclusion", reader) else { continue };
                found.conclusions.take(BRANCH, "conclusion", &name, reader);
                conclusions.push(Line { value: Conclusion { name, title }, citations: line.citations.clone() });
            }
            "step" => open_step(line, &mut found, place, reader),
            "when" | "otherwise" => read_branch(line, more, &mut found, reader),
            _ if goes_on(line) => {
                let message = "this line goes on with a branch, and none stands above it";
                let help =
                    "a branch begins with `when` or `otherwise`; `->` and `and also` may begin its further lines";
                reader.report(Diagnostic::error(BRANCH, line.words.whole(), message).note(help));
            }
            _ => {
                found.lines += 1;
                other_line(line, word, reader);
            }
        }
        let branch = matches!(word, "when" | "otherwise");
        if let (false, false, Some(stray)) = (branch, goes_on(line), more.first()) {
            let message = "this line goes on with a branch, and none stands above it";
            let help = "a branch begins with `when` or `otherwise`; `->` and `and also` may begin its further lines";
            reader.report(Diagnostic::error(BRANCH, stray.words.whole(), message).note(help));
        }
    }
    close_step(&mut found, place, reader);
    if lines.is_empty() {
        let help = "it has `conclusion NAME` lines, then `step NAME` with its branches: `when … -> conclude NAME`";
        place.missing("the algorithm has no steps", help, reader);
    } else if found.all.is_empty() && !found.lost && !found.told {
        place.missing("the algorithm has no step", "for example `step first_check \"Is it severe?\"`", reader);
    }
    (!found.all.is_empty()).then_some(Algorithm { conclusions, steps: found.all })
}

/// `if`, `else`, `yes`: how other languages and flowcharts begin a branch.
fn other_line(line: &WrittenLine<'_>, word: &str, reader: &mut Reader) {
    let at = line.words.between(0, word.len()).whole();
    let meant = match word {
        "if" | "where" => "when",
        "else" | "default" => "otherwise",
        "yes" | "no" => {
            let message = format!("`{word}` alone is no branch: each says its condition");
            let help = "for example `when severe -> step NAME`, then `otherwise -> conclude NAME`";
            reader.report(Diagnostic::error(BRANCH, at, message).note(help));
            return;
        }
        _ => return unknown_line(line, Construct::Algorithm, &KNOWN, reader),
    };
    let message = format!("`{word}` is written `{meant}`");
    reader.report(Diagnostic::error(BRANCH, at, message).fix(format!("write `{meant}`"), at, meant));
}

/// A further line of a branch.
fn goes_on(line: &WrittenLine<'_>) -> bool {
    let text = line.words.text;
    let mut words = text.split_whitespace();
    line.cells.is_none()
        && (text.starts_with("->")
            || text.starts_with("=>")
            || text.starts_with('→')
            || matches!((words.next(), words.next()), (Some("and"), Some("also" | "step" | "conclude"))))
}

fn open_step(line: &WrittenLine<'_>, found: &mut Steps, place: &Place<'_>, reader: &mut Reader) {
    close_step(found, place, reader);
    let head = read_named(line, "step", reader);
    found.lost = head.is_none();
    (found.lines, found.otherwise, found.told_last) = (0, None, false);
    let Some((name, title)) = head else { return };
    found.names.take(BRANCH, "step", &name, reader);
    found.heads.push(line.words.whole());
    found.all.push(AlgorithmStep { name, title, citations: line.citations.clone(), branches: Vec::new() });
}

fn close_step(found: &mut Steps, place: &Place<'_>, reader: &mut Reader) {
    if found.lost || found.lines > 0 || place.lost {
        return;
    }
    if let (Some(step), Some(head)) = (found.all.last(), found.heads.last()) {
        let message = format!("the step `{}` leads nowhere", step.name.value);
        let help = "put its branches under it: `when … -> step NAME`, `otherwise -> conclude NAME`";
        reader.report(Diagnostic::error(EMPTY, *head, message).note(help));
    }
}

fn read_branch(line: &WrittenLine<'_>, more: &[WrittenLine<'_>], found: &mut Steps, reader: &mut Reader) {
    found.lines += 1;
    let text = joined(line, more);
    let whole = Fragment { text: &text, ..line.words };
    let branch = if text.len() > FORMULA_CHARACTERS {
        let message = "this branch is too long: at most 8,000 characters are read";
        let help = "give a long condition a `finding` and a name of its own";
        reader.report(Diagnostic::error(TOO_LARGE, line.words.whole(), message).note(help));
        None
    } else {
        reader.read(whole, Rule::entry_branch).and_then(|node| branch(&node, reader))
    };
    let citations = line.citations.iter().chain(more.iter().flat_map(|line| &line.citations)).cloned().collect();
    if found.all.is_empty() && !found.lost {
        if !std::mem::replace(&mut found.told, true) {
            let diagnostic = Diagnostic::error(BRANCH, line.words.whole(), "this branch belongs to no step");
            reader.report(diagnostic.note("put its step above it: `step first_check \"Is it severe?\"`"));
        }
        return;
    }
    if let Some(earlier) = found.otherwise
        && !std::mem::replace(&mut found.told_last, true)
    {
        let message = "this branch is never taken: `otherwise` stands above it";
        let help = "`otherwise` is for everybody else: it stands last in its step, and once";
        let diagnostic = Diagnostic::error(BRANCH, line.words.whole(), message).also(earlier, "here");
        reader.report(diagnostic.note(help));
    }
    if line.first_word() == "otherwise" {
        found.otherwise.get_or_insert(line.words.whole());
    }
    if found.lost {
        return;
    }
    if let (Some(step), Some(value)) = (found.all.last_mut(), branch) {
        step.branches.push(Line { value, citations });
    }
}

/// A branch and its further lines as one text: what stands between them is turned into blanks, so every place stays.
fn joined(line: &WrittenLine<'_>, more: &[WrittenLine<'_>]) -> String {
    let mut text = line.words.text.to_owned();
    for next in more {
        let at = next.words.base.saturating_sub(line.words.base) as usize;
        text.extend(std::iter::repeat_n(' ', at.saturating_sub(text.len())));
        text.push_str(next.words.text);
    }
    text
}

fn branch(node: &Node<'_>, reader: &mut Reader) -> Option<AlgorithmBranch> {
    let clause = node.child(Rule::condition_clause);
    let when = match &clause {
        Some(clause) => Some(read_clause_condition(clause, reader)?),
        None => None,
    };
    let mut targets = Vec::new();
    let marks: Vec<Node<'_>> = node.children().filter(|part| part.rule() == Rule::branch_mark).collect();
    let Some(first) = node.child(Rule::target) else {
        let message = "this branch leads nowhere";
        let help = "say where: `-> step NAME` or `-> conclude NAME`";
        reader.report(Diagnostic::error(BRANCH, node.span(), message).note(help));
        return None;
    };
    check_arrow(&marks, &first, reader);
    let mut complete = true;
    for part in node.children() {
        if part.rule() == Rule::target_joint {
            check_joint(&part, reader);
        } else if part.rule() == Rule::target {
            let target = read_target(&part, reader);
            complete &= target.is_some();
            targets.extend(target);
        }
    }
    complete.then_some(AlgorithmBranch { when, targets })
}

/// One `->` before the first target.
fn check_arrow(marks: &[Node<'_>], first: &Node<'_>, reader: &mut Reader) {
    let sound = match marks {
        [mark] => mark.text() == "->" || mark.text() == "→",
        _ => false,
    };
    if sound {
        return;
    }
    let diagnostic = if let (Some(mark), Some(last)) = (marks.first(), marks.last()) {
        let at = mark.span().to(last.span());
        let message = format!("before the target of a branch stands `->`, not `{}`", mark.source().slice(at));
        Diagnostic::error(BRANCH, at, message).fix("write `->`", at, "->")
    } else {
        let at = Span { end: first.span().start, ..first.span() };
        let message = format!("`->` is missing before `{}`", first.text());
        Diagnostic::error(BRANCH, first.span(), message).fix("write `->`", at, "-> ")
    };
    reader.report(diagnostic);
}

fn check_joint(joint: &Node<'_>, reader: &mut Reader) {
    let words: Vec<&str> = joint.text().split_whitespace().collect();
    if words != ["and", "also"] {
        let message = format!("between two targets stands `and also`, not `{}`", joint.text());
        let diagnostic = Diagnostic::error(BRANCH, joint.span(), message);
        let spelt = if joint.text().starts_with(',') { " and also" } else { "and also" };
        reader.report(diagnostic.fix("write `and also`", joint.span(), spelt));
    }
}

fn read_target(node: &Node<'_>, reader: &mut Reader) -> Option<Target> {
    if node.has(Rule::target_end) {
        let message = "an algorithm ends with a conclusion: say which";
        let help = "`-> conclude NAME`, with a line `conclusion NAME \"…\"` above the steps";
        reader.report(Diagnostic::error(BRANCH, node.span(), message).note(help));
        return None;
    }
    let Some(name) = node.child(Rule::name) else {
        let message = format!("`{}` without a name: say which", node.text());
        let help = format!("for example `{} NAME`", node.text());
        reader.report(Diagnostic::error(BRANCH, node.span(), message).note(help));
        return None;
    };
    let name = reader.name(&name);
    if let Some(go) = node.child(Rule::target_go) {
        let spelt = if node.has(Rule::kw_step) || node.has(Rule::kw_conclude) { "" } else { "step" };
        let message = format!("`{}`: a branch leads to `step {}`, or to `conclude NAME`", node.text(), name.value);
        let diagnostic = Diagnostic::error(BRANCH, node.span(), message);
        let at = if spelt.is_empty() { Span { end: go.span().end + 1, ..go.span() } } else { go.span() };
        reader.report(diagnostic.fix(format!("write `step {}`", name.value), at, spelt));
        return Some(if node.has(Rule::kw_conclude) { Target::Conclude(name) } else { Target::Step(name) });
    }
    if let Some(said) = node.child(Rule::conclusion_said) {
        let diagnostic =
            Diagnostic::error(BRANCH, said.span(), format!("`{}` is written `conclude` here", said.text()));
        reader.report(diagnostic.fix("write `conclude`", said.span(), "conclude"));
        return Some(Target::Conclude(name));
    }
    if node.has(Rule::kw_conclude) {
        return Some(Target::Conclude(name));
    }
    if !node.has(Rule::kw_step) {
        let message = format!("is `{}` a step or a conclusion?", name.value);
        let help = format!("write `step {0}` to go on there, `conclude {0}` to end with it", name.value);
        reader.report(Diagnostic::error(BRANCH, name.span, message).note(help));
        return None;
    }
    Some(Target::Step(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_lines_keep_their_places() {
        let text = "when a -> step b   # why\n      and also conclude c";
        let mut sources = crate::source::SourceMap::default();
        let file = sources.add("demo.rules", text);
        let whole = Fragment { text, file, base: 0 };
        let line = |start: usize, end: usize| WrittenLine {
            span: whole.span(start, end),
            words: whole.between(start, end),
            cells: None,
            citations: Vec::new(),
            indent: 0,
            after_tab: false,
            after_gap: false,
            refused: false,
        };
        let joined = joined(&line(0, 16), &[line(31, text.len())]);
        assert_eq!(joined.len(), text.len());
        assert_eq!(joined.get(31..), Some("and also conclude c"));
        assert_eq!(joined.get(16..31).map(str::trim), Some(""));
    }
}
