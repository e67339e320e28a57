//! Options: a therapy and the clauses behind it, as in `option`, `throughout`, `give` and the list of a regimen.

use super::clauses::{Once, read_clause_condition, read_how, read_requires, read_strength};
use super::grammar::{Fragment, Node, Rule};
use super::head::read_text;
use super::layout::WrittenLine;
use super::reader::Reader;
use super::therapy::read_one_therapy;
use super::tree::{LadderOption, Line};

/// What stands behind the first word of a line, as an option.
pub(super) fn read_option_line(line: &WrittenLine<'_>, reader: &mut Reader) -> Option<Line<LadderOption>> {
    let rest = line.words.from(line.first_word().len()).trimmed();
    read_option(rest, line, reader)
}

/// A therapy and its clauses.
pub(super) fn read_option(
    rest: Fragment<'_>,
    line: &WrittenLine<'_>,
    reader: &mut Reader,
) -> Option<Line<LadderOption>> {
    let node = reader.read(rest, Rule::entry_option)?;
    let therapy = read_one_therapy(&node.child(Rule::therapies)?, reader);
    let mut option =
        LadderOption { therapy: therapy?, text: None, when: None, requires: Vec::new(), how: None, strength: None };
    let mut once = Once::default();
    let clauses: Vec<Node<'_>> =
        node.children().filter(|part| part.rule() == Rule::option_clause).filter_map(|part| part.first()).collect();
    for clause in clauses {
        if clause.rule() != Rule::requires && !once.first(&clause, reader) {
            continue;
        }
        #[expect(clippy::wildcard_enum_match_arm, reason = "an option has no other clause")]
        match clause.rule() {
            Rule::text => option.text = Some(read_text(&clause)),
            // An option whose condition is lost would be one for everybody.
            Rule::condition_clause => option.when = Some(read_clause_condition(&clause, reader)?),
            Rule::requires => option.requires.extend(read_requires(&clause, reader)),
            Rule::how_clause => option.how = read_how(&clause, reader),
            _ => option.strength = read_strength(&clause, reader),
        }
    }
    Some(Line { value: option, citations: line.citations.clone() })
}
