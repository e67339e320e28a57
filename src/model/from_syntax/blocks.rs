use crate::catalog::{FactKind, RecordedIn};
use crate::diagnostics::Diagnostic;
use crate::model::{
    Amount, AsRecorded, Block, BlockKind, Cited, Condition, FactReading, Formula, Rule, Test, Type, Unless,
};
use crate::syntax::tree::{self, Body, Line};
use crate::value::{Choices, Unit};

use super::codes;
use super::names::Meaning;
use super::units::quoted;
use super::{Resolver, Told};

impl<'a> Resolver<'a> {
    /// A block; `None` where a mistake leaves it without meaning.
    pub(super) fn resolve_block(&mut self, tree: &'a tree::Block) -> Option<Block> {
        let citations = self.cited(&tree.citations);
        let as_recorded = tree.as_recorded.as_ref().map(|recorded| self.as_recorded(recorded));
        let (gives, kind) = self.body(tree)?;
        let as_recorded = match as_recorded {
            Some(recorded) => Some(recorded?),
            None => None,
        };
        let title = tree.title.as_ref().map_or_else(|| tree.name.value.clone(), |title| title.value.clone());
        Some(Block { name: tree.name.clone(), title, head: tree.head, place: 0, citations, as_recorded, gives, kind })
    }

    fn body(&mut self, tree: &'a tree::Block) -> Option<(Type, BlockKind)> {
        Some(match &tree.body {
            Body::Finding(rule) => (Type::YesNo, BlockKind::Finding(self.rule(rule)?)),
            Body::Number(formula) => self.number_block(formula)?,
            Body::Measure(measure) => (Type::Measure, BlockKind::Measure(self.measure(measure)?)),
            Body::Score(score) => (Type::Points, BlockKind::Score(self.score(score, tree)?)),
            Body::Bands(bands) => self.bands(bands, tree)?,
            Body::Table(table) => self.table(table, tree)?,
            Body::Covers(condition) => (Type::Nothing, BlockKind::Covers(self.condition(condition)?)),
            Body::Impossible(condition) => (Type::Nothing, BlockKind::Impossible(self.condition(condition)?)),
            // Its mistake has been told.
            Body::Unreadable(_) => return None,
            Body::Judgement => {
                self.judgements.push(tree.name.value.clone());
                let place = u32::try_from(self.judgements.len() - 1).ok()?;
                (Type::YesNo, BlockKind::Judgement(place))
            }
            Body::Course(_)
            | Body::Ladder(_)
            | Body::Against(_)
            | Body::Prefer(_)
            | Body::Monitor(_)
            | Body::Regimen(_)
            | Body::Suspect(_)
            | Body::Advice(_)
            | Body::Precedence(_)
            | Body::Algorithm(_)
            | Body::Promise(_)
            | Body::SourceCovers(_) => return self.treatment(tree),
        })
    }

    /// A block about treatment; apart from the others, so that a chain of those needs a small stack.
    fn treatment(&mut self, tree: &'a tree::Block) -> Option<(Type, BlockKind)> {
        Some(match &tree.body {
            Body::Course(course) => (Type::Nothing, BlockKind::Course(self.course(course, tree)?)),
            Body::Ladder(ladder) => self.ladder(ladder, tree)?,
            Body::Against(against) => (Type::Nothing, BlockKind::Against(self.against(against)?)),
            Body::Prefer(prefer) => (Type::Nothing, BlockKind::Prefer(self.prefer(prefer)?)),
            Body::Monitor(monitor) => (Type::Nothing, BlockKind::Monitor(self.monitor(monitor)?)),
            Body::Regimen(regimen) => (Type::Nothing, BlockKind::Regimen(self.regimen(regimen, tree)?)),
            Body::Suspect(suspect) => (Type::YesNo, BlockKind::Suspect(self.suspect(suspect)?)),
            Body::Advice(advice) => (Type::Nothing, BlockKind::Advice(self.advice(advice, tree)?)),
            Body::Precedence(levels) => (Type::Nothing, BlockKind::Precedence(self.precedence(levels)?)),
            Body::Algorithm(algorithm) => self.algorithm(algorithm, tree)?,
            Body::Promise(promise) => (Type::Nothing, BlockKind::Promise(self.promise(promise)?)),
            Body::SourceCovers(condition) => (Type::Nothing, self.source_covers(condition, &tree.name)?),
            Body::Finding(_)
            | Body::Number(_)
            | Body::Measure(_)
            | Body::Score(_)
            | Body::Bands(_)
            | Body::Table(_)
            | Body::Covers(_)
            | Body::Impossible(_)
            | Body::Judgement
            | Body::Unreadable(_) => return None,
        })
    }

    fn as_recorded(&mut self, tree: &tree::AsRecorded) -> Option<AsRecorded> {
        let assumptions: Vec<Option<(FactReading, Choices)>> =
            tree.assumptions.iter().map(|line| self.assumption(&line.value)).collect();
        let assumptions = assumptions.into_iter().collect::<Option<_>>()?;
        Some(AsRecorded { unknown_counts_as: tree.unknown_counts_as.map(|counts| counts.value), assumptions })
    }

    /// `assume biopsy_done is no`: of a fact that is recorded once and has values.
    fn assumption(&mut self, assumed: &tree::Assumption) -> Option<(FactReading, Choices)> {
        let name = &assumed.fact;
        let Meaning::Fact(fact) = self.meaning_or_block(name)? else {
            self.report(
                Diagnostic::error(codes::CAGE, name.span, format!("`{}` is a block, and is worked out", name.value))
                    .note("`assume` takes a fact: say what to assume of those that the block reads"),
            );
            return None;
        };
        let known = self.catalog.fact(fact)?;
        if known.recorded == RecordedIn::Visits {
            let message = format!(
                "`{}` changes from visit to visit, and `assume` takes a fact that is recorded once",
                name.value
            );
            self.report(
                Diagnostic::error(codes::NO_TIME, name.span, message)
                    .note("leave the line out; `unknown counts as no` is about every line of the block"),
            );
            return None;
        }
        if !matches!(known.kind, FactKind::Choice { .. }) {
            let message = format!("`{}` is not a fact with a few values, and only such a one is assumed", name.value);
            self.report(
                Diagnostic::error(codes::NO_SUCH_VALUE, name.span, message)
                    .note("leave the line out, or assume the yes/no or the choice that the block asks for"),
            );
            return None;
        }
        let reading = tree::Reading { span: name.span, name: name.clone(), when: tree::When::Unstated };
        let reading = self.fact_reading(fact, known, &reading)?;
        let values = self.values_of_fact(known, &[tree::Value::Named(assumed.value.clone())])?;
        Some((reading, values))
    }

    /// What a name stands for; `None` where its mistake has been told.
    fn meaning_or_block(&mut self, name: &tree::Name) -> Option<Meaning> {
        self.meaning(name).filter(|meaning| *meaning != Meaning::Unusable)
    }

    pub(super) fn rule(&mut self, tree: &tree::Rule) -> Option<Rule> {
        let test = match &tree.test {
            tree::Test::One(line) => {
                let citations = self.cited(&line.citations);
                self.condition(&line.value).map(|condition| Test::One(condition, citations))
            }
            tree::Test::List { how, items } => {
                self.expect_reachable(how.value, items.len(), how.span);
                self.condition_lines(items).map(|items| Test::List(how.value, items))
            }
        };
        let unless = self.condition_lines(&tree.unless);
        let unless = unless?.into_iter().map(|(condition, citations)| Unless { condition, citations }).collect();
        Some(Rule { test: test?, unless })
    }

    pub(super) fn condition_lines(&mut self, lines: &[Line<tree::Condition>]) -> Option<Vec<(Condition, Vec<Cited>)>> {
        let resolved: Vec<Option<(Condition, Vec<Cited>)>> = lines
            .iter()
            .map(|line| {
                let citations = self.cited(&line.citations);
                Some((self.condition(&line.value)?, citations))
            })
            .collect();
        resolved.into_iter().collect()
    }

    /// A condition that may be missing.
    pub(super) fn optional_condition(&mut self, tree: Option<&tree::Condition>) -> Result<Option<Condition>, Told> {
        tree.map(|tree| self.condition(tree).ok_or(Told)).transpose()
    }

    /// A rule that may be missing.
    pub(super) fn optional_rule(&mut self, tree: Option<&tree::Rule>) -> Result<Option<Rule>, Told> {
        tree.map(|tree| self.rule(tree).ok_or(Told)).transpose()
    }

    fn number_block(&mut self, formula: &tree::Formula) -> Option<(Type, BlockKind)> {
        let (unit, formula) = match formula {
            tree::Formula::Amount(line) => {
                let citations = self.cited(&line.citations);
                let amount = self.amount(&line.value)?;
                (amount.unit, Formula::Amount(amount, citations))
            }
            tree::Formula::Aggregate { how, items } => {
                let mut resolved = Vec::new();
                for line in items {
                    let citations = self.cited(&line.citations);
                    resolved.push(self.amount(&line.value).map(|amount| (amount, citations)));
                }
                let items: Vec<(Amount, Vec<Cited>)> = resolved.into_iter().collect::<Option<_>>()?;
                let unit = self.common_unit(&items).ok()?;
                (unit, Formula::Aggregate(how.value, items))
            }
            tree::Formula::Count(items) => (None, Formula::Count(self.condition_lines(items)?)),
        };
        Some((Type::Number(unit), BlockKind::Number(formula)))
    }

    fn common_unit(&mut self, items: &[(Amount, Vec<Cited>)]) -> Result<Option<Unit>, Told> {
        let (first, _) = items.first().ok_or(Told)?;
        for (amount, _) in items {
            if amount.unit != first.unit {
                let name = |unit: Option<Unit>| unit.map_or("a bare number", Unit::symbol);
                let with_unit = amount.unit.or(first.unit);
                self.report(
                    Diagnostic::error(codes::UNLIKE_UNITS, amount.span, "the items of one list have one unit")
                        .label(name(amount.unit))
                        .also(first.span, name(first.unit))
                        .note(format!(
                            "`in` and a unit after a quantity, here {}, make a bare number of it",
                            quoted(with_unit)
                        )),
                );
                return Err(Told);
            }
        }
        Ok(first.unit)
    }
}
