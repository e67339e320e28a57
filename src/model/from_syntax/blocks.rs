use crate::catalog::{AbsentMeans, FactId};
use crate::diagnostics::Diagnostic;
use crate::model::{
    Amount, AmountKind, AsRecorded, BandRow, BandedRow, Bands, Block, BlockKind, Cited, Column, Condition, Formula,
    Instead, Instrument, ItemRow, Measure, Range, Rule, Score, ScoreTable, Test, Type, Unless,
};
use crate::source::Span;
use crate::syntax::tree::{self, Body, InstrumentChoice, Line, Points};
use crate::value::{Number, Unit};

use super::amounts::number_kind;
use super::codes;
use super::names::Meaning;
use super::{Resolver, Told};

impl<'a> Resolver<'a> {
    /// A block; `None` where a mistake leaves it without meaning.
    pub(super) fn resolve_block(&mut self, tree: &'a tree::Block) -> Option<Block> {
        let citations = self.cited(&tree.citations);
        let as_recorded = match &tree.as_recorded {
            Some(recorded) => Some(self.as_recorded(recorded)?),
            None => None,
        };
        let (gives, kind) = match &tree.body {
            Body::Finding(rule) => (Type::YesNo, BlockKind::Finding(self.rule(rule, tree.head)?)),
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
        };
        let title = tree.title.as_ref().map_or_else(|| tree.name.value.clone(), |title| title.value.clone());
        Some(Block { name: tree.name.clone(), title, head: tree.head, citations, as_recorded, gives, kind })
    }

    fn as_recorded(&mut self, tree: &tree::AsRecorded) -> Option<AsRecorded> {
        let mut assumptions = Vec::new();
        for line in &tree.assumptions {
            let assumed = &line.value;
            let Some(Meaning::Fact(fact)) = self.meaning(&assumed.fact) else { return None };
            let known = self.catalog.fact(fact)?;
            let reading =
                tree::Reading { span: assumed.fact.span, name: assumed.fact.clone(), when: tree::When::Unstated };
            let reading = self.fact_reading(fact, known, &reading)?;
            let values = self.values_of_fact(known, &[tree::Value::Named(assumed.value.clone())])?;
            assumptions.push((reading, values));
        }
        Some(AsRecorded { unknown_counts_as: tree.unknown_counts_as.map(|counts| counts.value), assumptions })
    }

    fn rule(&mut self, tree: &tree::Rule, head: Span) -> Option<Rule> {
        let test = match &tree.test {
            tree::Test::One(line) => {
                let citations = self.cited(&line.citations);
                Test::One(self.condition(&line.value)?, citations)
            }
            tree::Test::List { how, items } => {
                self.expect_reachable(how.value, items.len(), how.span);
                Test::List(how.value, self.condition_lines(items)?)
            }
        };
        let mut unless = Vec::new();
        for line in &tree.unless {
            let citations = self.cited(&line.citations);
            unless.push(Unless { condition: self.condition(&line.value)?, citations });
        }
        let _ = head;
        Some(Rule { test, unless })
    }

    fn condition_lines(&mut self, lines: &[Line<tree::Condition>]) -> Option<Vec<(Condition, Vec<Cited>)>> {
        let resolved: Vec<Option<(Condition, Vec<Cited>)>> = lines
            .iter()
            .map(|line| {
                let citations = self.cited(&line.citations);
                Some((self.condition(&line.value)?, citations))
            })
            .collect();
        resolved.into_iter().collect()
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
                let words = |unit: Option<Unit>| unit.map_or("a bare number", Unit::symbol);
                self.report(
                    Diagnostic::error(codes::UNLIKE_UNITS, amount.span, "the items of one list have one unit")
                        .label(words(amount.unit))
                        .also(first.span, words(first.unit))
                        .note("`in UNIT` after a quantity makes a bare number of it"),
                );
                return Err(Told);
            }
        }
        Ok(first.unit)
    }

    fn measure(&mut self, tree: &tree::Measure) -> Option<Measure> {
        let by_limit = tree.choice.value == InstrumentChoice::MostAboveUpperLimit;
        let mut instruments = Vec::new();
        for line in &tree.instruments {
            instruments.push(self.instrument(line, by_limit));
        }
        Some(Measure { choice: tree.choice.value, instruments: instruments.into_iter().collect::<Option<_>>()? })
    }

    fn instrument(&mut self, line: &Line<tree::Instrument>, by_limit: bool) -> Option<Instrument> {
        let citations = self.cited(&line.citations);
        let name = &line.value.fact;
        let crate::model::Subject::Fact(fact) = self.subject(name)? else {
            self.report(
                Diagnostic::error(codes::NO_CHANGE, name.span, format!("`{}` is a measure itself", name.value))
                    .note("an instrument is a fact of the dictionary"),
            );
            return None;
        };
        let kind = self.catalog.fact(fact).and_then(number_kind)?.clone();
        if by_limit && !kind.upper_limit {
            self.report(Diagnostic::error(
                codes::LIMIT_ALONE,
                name.span,
                format!("`{}` has no upper limit of a laboratory", name.value),
            ));
            return None;
        }
        self.warn_absent(fact, name.span);
        let (upper_limits, length) = match line.value.range.as_ref().map(|range| (&range.kind, range.span)) {
            None => (None, None),
            Some((tree::AmountKind::UpperLimits(factor), _)) if kind.upper_limit => (Some(factor.value), None),
            Some((tree::AmountKind::Literal(literal), _)) => {
                (None, Some(self.constant_in(literal.number, literal.unit.as_ref(), kind.unit)?))
            }
            Some((_, span)) => {
                self.report(
                    Diagnostic::error(
                        codes::INSTRUMENT_RANGE,
                        span,
                        "a full range is a number, or so many times the upper limit of a laboratory value",
                    )
                    .note("as in `- ck, range 15 x upper limit`"),
                );
                return None;
            }
        };
        Some(Instrument { fact, upper_limits, length, citations, span: name.span })
    }

    /// An instrument that stands in for another is one that may simply not have been used.
    fn warn_absent(&mut self, fact: FactId, span: Span) {
        let known = self.catalog.fact(fact);
        if known.is_some_and(|fact| fact.absent_means != Some(AbsentMeans::NotMeasured)) {
            self.report(
                Diagnostic::warning(
                    codes::INSTRUMENT_ABSENT,
                    span,
                    "a record that does not name this instrument leaves the measure open",
                )
                .note("where it was simply not used, say `absent_means: not measured` in the dictionary"),
            );
        }
    }

    fn score(&mut self, tree: &'a tree::Score, block: &tree::Block) -> Option<Score> {
        let source = match &tree.as_in {
            Some(name) => self.score_tree(name)?,
            None => tree,
        };
        let columns = self.columns(&source.columns)?;
        let mut tables = Vec::new();
        for table in &source.tables {
            tables.push(self.score_table(table, &columns));
        }
        let points = tree.points.as_ref().or(source.points.as_ref()).map(|points| points.value);
        if source.tables.is_empty() {
            self.report(Diagnostic::error(codes::NO_ROWS, block.head, "this score has no table"));
            return None;
        }
        Some(Score { points, columns, tables: tables.into_iter().collect::<Option<_>>()? })
    }

    /// The tree of a score whose points another takes over.
    fn score_tree(&mut self, name: &tree::Name) -> Option<&'a tree::Score> {
        let found = self.by_name.get(name.value.as_str()).and_then(|at| self.trees.get(*at)).copied();
        match found.map(|block| &block.body) {
            Some(Body::Score(score)) if score.as_in.is_none() => Some(score),
            Some(_) => {
                self.report(Diagnostic::error(
                    codes::NOT_SHARED,
                    name.span,
                    format!("`{}` is not a score with a table of its own", name.value),
                ));
                None
            }
            None => {
                self.meaning(name);
                None
            }
        }
    }

    fn bands_tree(&mut self, name: &tree::Name) -> Option<&'a tree::Bands> {
        let found = self.by_name.get(name.value.as_str()).and_then(|at| self.trees.get(*at)).copied();
        match found.map(|block| &block.body) {
            Some(Body::Bands(bands)) if bands.as_in.is_none() => Some(bands),
            Some(_) => {
                self.report(Diagnostic::error(
                    codes::NOT_SHARED,
                    name.span,
                    format!("`{}` does not have bands of its own", name.value),
                ));
                None
            }
            None => {
                self.meaning(name);
                None
            }
        }
    }

    pub(super) fn columns(&mut self, trees: &[tree::Column]) -> Option<Vec<Column>> {
        let mut columns = Vec::new();
        for tree in trees {
            let citations = self.cited(&tree.when.citations);
            let when = self.condition(&tree.when.value);
            columns.push(when.map(|when| Column { name: tree.name.value.clone(), when, citations }));
        }
        columns.into_iter().collect()
    }

    fn score_table(&mut self, table: &tree::ScoreTable, columns: &[Column]) -> Option<ScoreTable> {
        match table {
            tree::ScoreTable::Banded(banded) => self.banded(banded),
            tree::ScoreTable::Items(items) => self.items(items, columns),
        }
    }

    fn banded(&mut self, banded: &tree::BandedPoints) -> Option<ScoreTable> {
        let mut bands: Vec<Option<Range>> = Vec::new();
        for band in &banded.bands {
            bands.push(self.percent_range(band, banded.by.span));
        }
        let mut rows = Vec::new();
        for row in &banded.rows {
            rows.push(self.banded_row(row, &banded.by.value));
        }
        let bands: Vec<Range> = bands.into_iter().collect::<Option<_>>()?;
        let share = match banded.by.value {
            tree::BandedBy::Improvement(share) => Some(share),
            tree::BandedBy::Value(_) => None,
        };
        Some(ScoreTable::Banded { bands, share, rows: rows.into_iter().collect::<Option<_>>()? })
    }

    fn banded_row(&mut self, row: &tree::BandedRow, by: &tree::BandedBy) -> Option<BandedRow> {
        let citations = self.cited(&row.citations);
        let span = row.subject.span;
        let amount = match by {
            tree::BandedBy::Improvement(share) => {
                let tree::AmountKind::Read(tree::Reading { name, when: tree::When::Unstated, .. }) = &row.subject.kind
                else {
                    self.report(Diagnostic::error(
                        codes::ROW_SUBJECT,
                        span,
                        "a row of improvements begins with the name of a fact or a measure",
                    ));
                    return None;
                };
                let subject = self.subject(name)?;
                self.expect_improvable(subject, *share, name.span)?;
                Amount { id: self.node(), span, unit: None, kind: AmountKind::Improvement(subject, *share) }
            }
            tree::BandedBy::Value(None) => self.amount(&row.subject)?,
            tree::BandedBy::Value(Some(unit)) => {
                let kind = tree::AmountKind::InUnit(Box::new(row.subject.clone()), unit.clone());
                self.amount(&tree::Amount { span, kind })?
            }
        };
        let points = row.points.iter().map(points_of).collect();
        Some(BandedRow { title: self.text(span).to_owned(), amount, points, citations, span })
    }

    fn items(&mut self, items: &tree::ItemPoints, columns: &[Column]) -> Option<ScoreTable> {
        let order = self.column_order(&items.headings, columns)?;
        let mut rows = Vec::new();
        for row in &items.rows {
            let citations = self.cited(&row.citations);
            let points = order.iter().filter_map(|at| row.points.get(*at)).map(points_of).collect();
            rows.push(self.condition(&row.condition).map(|condition| ItemRow { condition, points, citations }));
        }
        Some(ScoreTable::Items(rows.into_iter().collect::<Option<_>>()?))
    }

    /// For each column, which heading is its.
    fn column_order(&mut self, headings: &[tree::Name], columns: &[Column]) -> Option<Vec<usize>> {
        if columns.is_empty() {
            if let [_, second, ..] = headings {
                self.report(
                    Diagnostic::error(
                        codes::COLUMN_NAMES,
                        second.span,
                        "a second column, and no line that says for whom it is",
                    )
                    .note(format!(
                        "write `column \"{}\" when …` above the table, one line for each column",
                        second.value
                    )),
                );
                return None;
            }
            return Some(vec![0]);
        }
        let mut order = Vec::new();
        for column in columns {
            let Some(at) = headings.iter().position(|heading| heading.value == column.name) else {
                self.report(
                    Diagnostic::error(
                        codes::COLUMN_NAMES,
                        column.when.span,
                        format!("no heading of the table is `{}`", column.name),
                    )
                    .note(format!("the headings are {}", listed(headings))),
                );
                return None;
            };
            order.push(at);
        }
        if let Some(extra) = headings.iter().find(|heading| columns.iter().all(|column| column.name != heading.value)) {
            self.report(
                Diagnostic::error(
                    codes::COLUMN_NAMES,
                    extra.span,
                    format!("no line says for whom the column `{}` is", extra.value),
                )
                .note(format!("write `column \"{}\" when …` above the table", extra.value)),
            );
            return None;
        }
        Some(order)
    }

    fn bands(&mut self, tree: &'a tree::Bands, block: &tree::Block) -> Option<(Type, BlockKind)> {
        let source = match &tree.as_in {
            Some(name) => self.bands_tree(name)?,
            None => tree,
        };
        let read = tree::Amount { span: tree.of.span, kind: tree::AmountKind::Read(tree.of.clone()) };
        let of = self.amount(&read);
        let columns = self.columns(&source.columns);
        let mut instead = Vec::new();
        for line in &source.instead {
            let citations = self.cited(&line.when.citations);
            let when = self.condition(&line.when.value);
            instead.push(when.map(|when| Instead { value: line.value.clone(), when, citations }));
        }
        let (of, columns) = (of?, columns?);
        let order = self.column_order(&source.headings, &columns)?;
        let rows = self.band_rows(&source.rows, &order, &of)?;
        let instead: Vec<Instead> = instead.into_iter().collect::<Option<_>>()?;
        if tree.as_in.is_none() && source.answer.value != block.name.value {
            self.report(
                Diagnostic::error(
                    codes::HEADING_NAME,
                    source.answer.span,
                    format!("the first heading is the name of the answer, `{}`", block.name.value),
                )
                .fix("write its name", source.answer.span, block.name.value.clone()),
            );
        }
        let mut values: Vec<String> = Vec::new();
        for value in rows.iter().map(|row| &row.value).chain(instead.iter().map(|line| &line.value)) {
            if !values.contains(&value.value) {
                values.push(value.value.clone());
            }
        }
        self.expect_few_values(&values, block.head)?;
        Some((Type::Choice(values), BlockKind::Bands(Bands { of, columns, rows, instead })))
    }

    fn band_rows(&mut self, rows: &[tree::BandRow], order: &[usize], of: &Amount) -> Option<Vec<BandRow>> {
        let mut resolved = Vec::new();
        for row in rows {
            let citations = self.cited(&row.citations);
            let mut ranges = Vec::new();
            for at in order {
                ranges.push(row.ranges.get(*at).and_then(|range| self.range(range, of)));
            }
            let ranges: Option<Vec<Range>> = ranges.into_iter().collect();
            resolved.push(ranges.map(|ranges| BandRow { value: row.value.clone(), ranges, citations }));
        }
        resolved.into_iter().collect()
    }
}

fn points_of(points: &Points) -> Number {
    points.value.unwrap_or(Number::ZERO)
}

fn listed(names: &[tree::Name]) -> String {
    names.iter().map(|name| format!("`{}`", name.value)).collect::<Vec<_>>().join(", ")
}
